// The pages: the history of a record.
#include "tests/unit/pages_fixture.h"

#define A (&arena)

static void test_history(void)
{
    struct history_entry entries[] = {
        {instant("2026-01-15T23:30:00Z"), 5, STR("changed"),
         STR("[{\"field\":\"title\",\"from\":\"Bornes\",\"to\":\"Bornes de recharge\"},"
             "{\"field\":\"license.id\",\"from\":null,\"to\":\"etalab-2.0\"},"
             "{\"field\":\"license.label\",\"from\":null,\"to\":\"Licence Ouverte\"},"
             "{\"field\":\"featured\",\"from\":false,\"to\":true},"
             "{\"field\":\"issued\",\"from\":\"2020-01-02\",\"to\":\"2020\"},"
             "{\"field\":\"keywords\",\"from\":[\"a\",\"b\"],\"to\":[]},"
             "{\"field\":\"distributions\",\"from\":[{\"title\":\"T\",\"url\":\"u\"},{\"url\":"
             "\"v\"}],\"to\":3},"
             "{\"field\":\"inconnu\",\"from\":{\"x\":1},\"to\":\"y\"}]")},
        {instant("2026-01-10"), 4, STR("restored"), STR("[]")},
        {instant("2026-01-09"), 3, STR("removed"), STR_NONE},
        {instant("2026-01-08"), 1, STR("added"), STR("[]")},
    };
    json_t *items = history_items(A, entries, 4, paris);
    is_int(json_array_size(items), 4);
    is_text(look_text(items, "0.date"), "16\u00a0janvier\u00a02026");
    is_text(look_text(items, "0.iso"), "2026-01-16");
    is_text(look_text(items, "0.fields"),
            "titre, licence, mise en avant, date de publication, mots-clés, fichiers et "
            "1\u00a0autre");
    is_int(look_count(items, "0.changes"), 7); // the licence's id goes without saying
    is_text(look_text(items, "0.changes.0.before"), "Bornes");
    is_text(look_text(items, "0.changes.0.after"), "Bornes de recharge");
    is_text(look_text(items, "0.changes.1.field"), "licence");
    ok(!look(items, "0.changes.1.before"));
    is_text(look_text(items, "0.changes.1.after"), "Licence Ouverte");
    is_text(look_text(items, "0.changes.2.before"), "non");
    is_text(look_text(items, "0.changes.2.after"), "oui");
    is_text(look_text(items, "0.changes.3.before"), "2\u00a0janvier\u00a02020");
    is_text(look_text(items, "0.changes.3.after"), "2020");
    is_text(look_text(items, "0.changes.4.before"), "a, b");
    ok(!look(items, "0.changes.4.after"));
    is_text(look_text(items, "0.changes.5.before"), "T, v");
    is_text(look_text(items, "0.changes.5.after"), "3");
    is_text(look_text(items, "0.changes.6.field"), "inconnu");
    is_text(look_text(items, "1.fields"), "retour dans le catalogue");
    is_text(look_text(items, "2.fields"), "retrait du catalogue");
    is_text(look_text(items, "3.fields"), "entrée dans Glaneur");
    json_decref(items);
    items = history_items(A, &entries[3], 1, paris);
    is_int(json_array_size(items), 0);
    json_decref(items);
    entries[0].changes = STR("not JSON");
    items = history_items(A, entries, 1, paris);
    is_int(json_array_size(items), 1);
    ok(!look(items, "0.changes"));
    json_decref(items);
}

// What changed is told in words as well.
static void test_history_words(void)
{
    struct history_entry entries[] = {
        {instant("2026-01-15"), 5, STR("changed"),
         STR("[{\"field\":\"development_status\",\"from\":\"beta\",\"to\":\"stable\"},"
             "{\"field\":\"badges\",\"from\":[],\"to\":[\"hvd\",\"x\"]},"
             "{\"field\":\"access\",\"from\":\"open\",\"to\":\"restricted\"},"
             "{\"field\":\"frequency\",\"from\":\"DAILY\",\"to\":null},"
             "{\"field\":\"type\",\"from\":\"visualization\",\"to\":\"Dashboard\"},"
             "{\"field\":\"title\",\"from\":\"open\",\"to\":\"fork\"}]")},
        {instant("2026-01-08"), 1, STR("added"), STR("[]")},
    };
    json_t *items = history_items(A, entries, 2, paris);
    is_text(look_text(items, "0.changes.0.before"), "En test (bêta)");
    is_text(look_text(items, "0.changes.0.after"), "En service");
    is_text(look_text(items, "0.changes.1.after"), "Données de forte valeur (HVD), x");
    is_text(look_text(items, "0.changes.2.after"), "Accès restreint");
    is_text(look_text(items, "0.changes.3.before"), "Quotidienne");
    is_text(look_text(items, "0.changes.4.before"), "Visualisation");
    is_text(look_text(items, "0.changes.4.after"), "Tableau de bord");
    is_text(look_text(items, "0.changes.5.after"), "fork"); // a title is no code
    json_decref(items);
}

int main(void)
{
    if (!ok(pages_set_up()))
        return tap_done();
    test_history();
    test_history_words();
    pages_tear_down();
    return tap_done();
}
