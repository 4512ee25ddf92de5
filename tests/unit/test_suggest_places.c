// indexer/suggest: territories as places to be suggested, from a small table and from the one that is shipped.
#include "tests/unit/suggest_fixture.h"

#include "indexer/suggest/suggest_places.h"

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

#define HEAD "level\tcode\tname\tparents\tpopulation\tpostcodes\tformer\tother names\n"

static const char small[] = HEAD "country-group\tworld\tMonde\n"
                                 "country\tfr\tFrance\tcountry-group:world\t68000000\n"
                                 "region\t53\tBretagne\tcountry:fr\t3400000\t\t\tBreizh|BZH\n"
                                 "departement\t35\tIlle-et-Vilaine\tregion:53\t1100000\n"
                                 "collectivite\t987\tPolynésie française\tcountry:fr\n"
                                 "arrondissement\t353\tRennes\t35\n"
                                 "epci\t243500139\tRennes Métropole\t35\t470000\n"
                                 "commune\t35238\tRennes\t243500139\t230000\t35000 35200\n"
                                 "commune-deleguee\t35900\tAncienne\t35238\n";

static struct territories *make(struct str text)
{
    struct err e = {0};
    struct territories *t = territories_new(text, &e);
    if (!t) {
        printf("Bail out! %s %s\n", e.where, e.what);
        exit(1);
    }
    return t;
}

static void fill(const struct suggest_place *places, size_t n)
{
    begin();
    for (size_t i = 0; i < n; i++)
        suggest_builder_add(builder, &(struct suggest_entry){.kind = SUGGEST_TERRITORY,
                                                             .text = places[i].text,
                                                             .names = places[i].names,
                                                             .value = places[i].value,
                                                             .weight = places[i].weight});
    finish();
}

static void a_small_table(void)
{
    struct territories *t = make(str_of(small));
    size_t n;
    const struct suggest_place *p = suggest_places_make(t, &arena, &n);
    is_int(n, 6);
    is_text(p[0].text, "France");
    is_text(p[0].names, "France\nfr");
    ok(p[0].weight > 0.59 && p[0].weight < 0.6);
    is_text(p[1].text, "Bretagne (région)");
    is_text(p[1].names, "Bretagne\n53\nBreizh\nBZH");
    is_text(p[1].value, "fr:region:53");
    is_text(p[2].text, "Ille-et-Vilaine (département)");
    is_text(p[3].text, "Polynésie française");
    ok(p[3].weight == 0);
    is_text(p[4].text, "Rennes Métropole");
    is_text(p[4].value, "fr:epci:243500139");
    is_text(p[5].text, "Rennes (35)");
    is_text(p[5].names, "Rennes\n35238\n35000\n35200");
    is_text(p[5].value, "fr:commune:35238");
    ok(p[5].weight < p[4].weight && p[5].weight > 0);
    fill(p, n);
    is_text(ask("rennes"), "Rennes (35) | Rennes Métropole");
    is_text(ask("rennes 35"), "Rennes (35)");
    is_text(ask("35000"), "Rennes (35)");
    is_text(ask("3520"), "Rennes (35)");
    is_text(ask("breiz"), "Bretagne (région)");
    is_text(ask("35"), "Ille-et-Vilaine (département) | Rennes (35)");
    territories_free(t);
}

static void the_shipped_table(void)
{
    FILE *f = fopen(SOURCE_DIR "/config/territories.tsv", "rb");
    enum { MOST = 1 << 23 };
    if (!ok(f != NULL))
        return;
    char *bytes = arena_bytes(&arena, MOST);
    struct territories *t = make(str_slice(bytes, fread(bytes, 1, MOST, f)));
    fclose(f);
    size_t n;
    const struct suggest_place *p = suggest_places_make(t, &arena, &n);
    ok(n > 36000 && n < 37000);
    fill(p, n);
    is_int(suggester_entries(suggester), n);
    is_text(ask_str(STR("paris"), 0, 1), "Paris (75)");
    is_text(ask_str(STR("st etienn 42"), 0, 1), "Saint-Étienne (42)");
    is_text(ask_str(STR("st-malo"), 0, 1), "Saint-Malo (35)");
    is_text(ask_str(STR("ste adresse"), 0, 1), "Sainte-Adresse (76)");
    is_text(ask_str(STR("saint-etien 42"), 0, 1), "Saint-Étienne (42)");
    is_text(ask_str(STR("bretagn"), 0, 1), "Bretagne (région)");
    is_text(ask_str(STR("35238"), 0, 2), "Rennes (35)");
    is_text(ask_str(STR("marsille"), 0, 2),
            "Métropole d'Aix-Marseille-Provence | Marseille (13)"); // a typo
    territories_free(t);
}

int main(void)
{
    a_small_table();
    the_shipped_table();
    end();
    return tap_done();
}
