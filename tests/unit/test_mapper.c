// harvester/normalise/mapper: the rules that every driver shares, and their bounds, each at its edge.
#include "base/utf8.h"
#include "harvester/normalise/mapper.h"
#include "tests/unit/udata_fixture.h"

#include <math.h>

static struct mapper m;
static struct record r;

static void begin(void)
{
    m = (struct mapper){.source = &fixture_source, .arena = &arena};
    record_init(&r);
}

static struct str repeated(const char *unit, size_t times)
{
    struct buf b = {0};
    for (size_t i = 0; i < times; i++)
        buf_addz(&b, unit);
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static void test_ids(void)
{
    const size_t before = strlen("data.gouv.fr:");
    begin();
    is_text(map_id(&m, KIND_DATASET, STR(" a\tb ")), "data.gouv.fr:a b");
    is_text(map_id(&m, KIND_REUSE, STR("a")), "data.gouv.fr:reuse.a");
    is_text(map_id(&m, KIND_DATASET, STR(" \x01 ")), "");
    struct str whole = map_id(&m, KIND_DATASET, repeated("a", REMOTE_ID_MAX));
    is_int(whole.n, before + REMOTE_ID_MAX);
    ok(str_find_char(whole, '~') < 0);
    // One over: cut, with the hash of the whole at its end.
    struct str cut = map_id(&m, KIND_DATASET, repeated("a", REMOTE_ID_MAX + 1));
    is_int(cut.n, before + REMOTE_ID_MAX);
    is_int(str_find_char(cut, '~'), before + REMOTE_ID_MAX - 17);
    ok(!str_eq(cut, map_id(&m, KIND_DATASET, repeated("a", REMOTE_ID_MAX + 2))));
    struct str accents = map_id(&m, KIND_DATASET, repeated("é", REMOTE_ID_MAX));
    ok(accents.n <= before + REMOTE_ID_MAX && accents.n >= before + REMOTE_ID_MAX - 1);
    ok(utf8_valid(accents));
}

static void test_addresses(void)
{
    begin();
    is_text(map_web(&m, STR(" https://a.fr/x ")), "https://a.fr/x");
    is_text(map_web(&m, STR("mailto:a@b.fr")), "");
    is_text(map_web(&m, STR("MailTo:a@b.fr")), "");
    is_text(map_web(&m, STR("javascript:alert(1)")), "");
    struct str longest =
        arena_printf(&arena, "https://a.fr/%.*s", STR_ARG(repeated("x", URL_MAX - 13)));
    is_int(map_web(&m, longest).n, URL_MAX);
    is_int(map_web(&m, arena_printf(&arena, "%.*sx", STR_ARG(longest))).n, 0);
}

// The first text that the table knows; of none, the last that says something.
static void test_licences(void)
{
    begin();
    map_license(&m, &r, (struct str[]){STR("maison"), STR("lov2"), STR("cc-by")}, 3);
    is_text(r.license.id, "etalab-2.0");
    ok(r.license.open);
    begin();
    map_license(&m, &r, (struct str[]){STR("maison"), STR("Licence maison"), STR_NONE}, 3);
    is_text(r.license.id, "");
    is_text(r.license.label, "Licence maison");
}

static void test_words(void)
{
    json_t *list = json_array();
    struct strs words = {0};
    begin();
    for (int i = 0; i <= KEYWORDS_MAX; i++)
        json_array_append_new(list, json_sprintf("mot %d", i % KEYWORDS_MAX));
    map_add_words(&m, &words, list); // one of them twice
    is_int(words.n, KEYWORDS_MAX);
    is_int(m.counts.cut, 0);
    map_add_word(&m, &words, STR("mot 100"));
    is_int(words.n, KEYWORDS_MAX);
    is_int(m.counts.cut, 1);
    json_decref(list);

    json_t *text = json_string("eau ; air,, sol ;eau");
    words = (struct strs){0};
    map_add_words(&m, &words, text);
    is_int(words.n, 3);
    is_text(words.v[2], "sol");
    map_sort_words(&words);
    is_text(words.v[0], "air");
    json_decref(text);
}

static void test_languages(void)
{
    static const struct {
        const char *json, *text, *language;
    } cases[] = {
        {"{\"en\":\"Trees\",\"fr\":\"Arbres\"}", "Arbres", "fr"},
        {"{\"de\":\"Bäume\",\"fr\":\" \",\"en\":\"Trees\"}", "Trees", "en"},
        {"{\"it\":\"\",\"de\":\"Bäume\"}", "Bäume", "de"},
        {"{\"de\":7}", "", ""},
        {"\"Arbres\"", "Arbres", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str language = STR("");
        json_t *value = json_loads(cases[i].json, JSON_DECODE_ANY, NULL);
        is_text(map_localised(value, &language), cases[i].text);
        is_text(language, cases[i].language);
        json_decref(value);
    }
}

static void test_lists(void)
{
    begin();
    is_int(map_distributions(&m, &r, DISTRIBUTIONS_MAX), DISTRIBUTIONS_MAX);
    is_int(m.counts.cut, 0);
    is_int(map_distributions(&m, &r, DISTRIBUTIONS_MAX + 1), DISTRIBUTIONS_MAX);
    is_int(m.counts.cut, 1);
    ok(map_add_distribution(&r, 1) != NULL);
    is_int(r.distributions[0].byte_size, -1);
    is_int(r.distributions[0].available, -1);
    ok(map_add_distribution(&r, 1) == NULL);

    is_int(map_columns(&m, &r, COLUMNS_MAX + 1), COLUMNS_MAX);
    is_int(m.counts.cut, 2);
    map_add_column(&m, &r, 1, STR(" "), STR("Sans nom"), STR("string"));
    is_int(r.field_count, 0);
    map_add_column(&m, &r, 1, STR("a"), STR("a"), STR("string"));
    map_add_column(&m, &r, 1, STR("b"), STR("B"), STR("string"));
    is_int(r.field_count, 1);
    is_text(r.fields[0].label, ""); // the name says it

    for (int i = 0; i <= RELATIONS_MAX; i++)
        map_add_relation(&m, &r.relations.uses, arena_printf(&arena, "cat:%d", i));
    is_int(r.relations.uses.n, RELATIONS_MAX);
    is_int(m.counts.cut, 3);
    map_add_relation(&m, &r.relations.uses, STR("cat:0")); // there already
    map_add_relation(&m, &r.relations.uses, STR(""));
    is_int(m.counts.cut, 3);
}

static void test_places(void)
{
    begin();
    map_add_point(&r, 180.1, 0);
    map_add_point(&r, 0, -90.1);
    map_add_point(&r, (double)NAN, 0);
    ok(!r.spatial.has_bbox);
    map_add_point(&r, -180, 90);
    map_add_point(&r, 180, -90);
    ok(r.spatial.has_bbox && r.spatial.bbox[0] == -180 && r.spatial.bbox[1] == -90 &&
       r.spatial.bbox[2] == 180 && r.spatial.bbox[3] == 90);
    // Deeper than any geometry of GeoJSON.
    static const char *const nested[] = {"[[[[[[[[[2,48]]]]]]]]]", "[[[[[[[[[[2,48]]]]]]]]]]"};
    for (size_t i = 0; i < 2; i++) {
        json_t *coordinates = json_loads(nested[i], 0, NULL);
        begin();
        map_add_coordinates(&r, coordinates);
        is_int(r.spatial.has_bbox, i == 0);
        json_decref(coordinates);
    }
}

int main(void)
{
    fixture_begin();
    test_ids();
    test_addresses();
    test_licences();
    test_words();
    test_languages();
    test_lists();
    test_places();
    fixture_end();
    return tap_done();
}
