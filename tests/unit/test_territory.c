// store/territory: a small table of our own, wrong tables, and the one that is shipped.
#include "store/territory.h"
#include "tests/tap.h"

#include <stdlib.h>

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

#define HEAD "level\tcode\tname\tparents\tpopulation\tpostcodes\tformer\tother names\n"

static const char small[] = "# a comment\n" HEAD "country-group\tworld\tMonde\n"
                            "country-group\tue\tUnion européenne\tcountry-group:world\n"
                            "country\tfr\tFrance\tcountry-group:ue\t60000000\n"
                            "country-subset\tfr:metro\tFrance métropolitaine\tcountry:fr\n"
                            "region\t53\tBretagne\tcountry-subset:fr:metro\t3400000\t\t\tBreizh\n"
                            "region\t84\tAuvergne-Rhône-Alpes\tcountry-subset:fr:metro\n"
                            "former-region\t82\tRhône-Alpes\tregion:84\n"
                            "departement\t35\tIlle-et-Vilaine\tregion:53\t1100000\n"
                            "departement\t22\tCôtes-d'Armor\tregion:53\t600000\n"
                            "departement\t69\tRhône\tformer-region:82\n"
                            "collectivite\t987\tPolynésie française\tcountry:fr\n"
                            "\n"
                            "arrondissement\t353\tRennes\t35\n"
                            "epci\t243500139\tRennes Métropole\t35\t470000\n"
                            "epci\t200000001\tCC à cheval\t35 22\n"
                            "commune\t35238\tRennes\t243500139 353\t230000\t35000 35200\t35999\n"
                            "\"\t35240\tLe Rheu\t\"\t9000\t35650\n"
                            "commune\t35001\tIci\t200000001\t100\t35000\n"
                            "commune\t2A004\tAjaccio\t\t76000\t20000\r\n"
                            "commune-deleguee\t35900\tAncienne\t35238\n"
                            "arrondissement-municipal\t69381\tLyon 1er\t69\t28000\n";

static struct territories *make(const char *text, struct err *e)
{
    memset(e, 0, sizeof *e);
    return territories_new(str_of(text), e);
}

// The codes of what is around a place, with a space between.
static const char *around(const struct territories *t, const struct territory *of)
{
    static char out[800];
    const struct territory *up[TERRITORY_ANCESTORS_MAX];
    size_t n = territory_ancestors(t, of, up), at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(out + at, sizeof out - at, "%s%.*s", i ? " " : "",
                               STR_ARG(up[i]->code));
    return out;
}

static const char *id(const struct territory *t)
{
    static char out[TERRITORY_ID_BYTES + 1];
    snprintf(out, sizeof out, "%.*s", t ? (int)t->id.n : 4, t ? t->id.p : "none");
    return out;
}

static void finding(const struct territories *t)
{
    is_int(territories_count(t), 20);
    const struct territory *rennes = territory_find(t, STR("fr:commune:35238"));
    is_text(rennes->name, "Rennes");
    is_text(rennes->code, "35238");
    is_int(rennes->level, TERRITORY_COMMUNE);
    is_int(rennes->population, 230000);
    is_text(rennes->postcodes, "35000 35200");
    ok(territories_at(t, rennes->index) == rennes);
    is_text(territory_find(t, STR("fr:region:53"))->other_names, "Breizh");
    is_str(id(territory_find(t, STR("fr:commune:35238@1943-01-01"))), "fr:commune:35238");
    is_str(id(territory_find(t, STR("fr:commune:35999"))), "fr:commune:35238"); // former
    is_str(id(territory_find(t, STR("fr:iris:352380101"))), "fr:commune:35238");
    is_str(id(territory_find(t, STR("fr:canton:3501"))), "fr:departement:35");
    is_str(id(territory_find(t, STR("fr:region:987"))), "fr:collectivite:987");
    is_str(id(territory_find(t, STR("fr:departement:987"))), "fr:collectivite:987");
    is_str(id(territory_find(t, STR("country-subset:fr:metro"))), "country-subset:fr:metro");
    static const char *const strangers[] = {"",
                                            "fr:commune:99999",
                                            "fr:iris:35238",
                                            "fr:iris:999990101",
                                            "fr:canton:3",
                                            "fr:canton:",
                                            "@",
                                            "35238",
                                            "country:de"};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        ok(!territory_find(t, str_of(strangers[i])));

    is_str(id(territory_find_code(t, STR("35238"))), "fr:commune:35238");
    is_str(id(territory_find_code(t, STR("2a004"))), "fr:commune:2A004");
    is_str(id(territory_find_code(t, STR("35"))), "fr:departement:35");
    is_str(id(territory_find_code(t, STR("987"))), "fr:collectivite:987");
    is_str(id(territory_find_code(t, STR("243500139"))), "fr:epci:243500139");
    is_str(id(territory_find_code(t, STR("country:fr"))), "country:fr");
    ok(!territory_find_code(t, STR("")));
    ok(!territory_find_code(t, STR("3523")));
    ok(!territory_find_code(t, STR("12345678901234567890")));

    const struct territory *found[4];
    is_int(territory_find_postcode(t, STR("35000"), found, 4), 2);
    is_str(id(found[0]), "fr:commune:35238");
    is_str(id(found[1]), "fr:commune:35001");
    is_int(territory_find_postcode(t, STR("35000"), found, 1), 2);
    is_int(territory_find_postcode(t, STR("20000"), found, 4), 1);
    is_int(territory_find_postcode(t, STR("00000"), found, 4), 0);
    is_int(territory_find_postcode(t, STR("99999"), found, 4), 0);
    is_int(territory_find_postcode(t, STR("3500"), found, 4), 0);
    is_int(territory_find_postcode(t, STR("3500x"), found, 4), 0);
}

static void containing(const struct territories *t)
{
    const struct territory *rennes = territory_find_code(t, STR("35238"));
    const struct territory *here = territory_find_code(t, STR("35001"));
    const struct territory *part = territory_find_code(t, STR("35900"));
    const struct territory *epci = territory_find_code(t, STR("200000001"));
    const struct territory *ille = territory_find_code(t, STR("35"));
    const struct territory *armor = territory_find_code(t, STR("22"));
    is_str(around(t, rennes), "243500139 353 35 53 fr:metro fr ue world");
    is_str(around(t, territory_find_code(t, STR("35240"))),
           "243500139 353 35 53 fr:metro fr ue world");
    is_str(around(t, part), "35238 243500139 353 35 53 fr:metro fr ue world");
    is_str(around(t, territory_find_code(t, STR("69381"))), "69 82 84 fr:metro fr ue world");
    // An EPCI over two départements is inside both, its communes are not.
    is_str(around(t, epci), "35 22 53 fr:metro fr ue world");
    is_str(around(t, here), "200000001 35 53 fr:metro fr ue world");
    is_str(around(t, territory_find(t, STR("country-group:world"))), "");
    is_str(around(t, territory_find(t, STR("country-group:ue"))), "world");

    ok(territory_contains(t, ille, rennes));
    ok(territory_contains(t, rennes, rennes));
    ok(territory_contains(t, rennes, part));
    ok(!territory_contains(t, rennes, ille));
    ok(!territory_contains(t, armor, rennes));
    ok(territory_contains(t, armor, epci));
    ok(!territory_contains(t, armor, here));
    ok(territory_at_level(t, rennes, TERRITORY_DEPARTEMENT) == ille);
    ok(territory_at_level(t, rennes, TERRITORY_COMMUNE) == rennes);
    ok(!territory_at_level(t, rennes, TERRITORY_FORMER_REGION));
    is_int(rennes->parent_count, 3);
    ok(territory_parent(t, rennes, 2) == ille);

    enum territory_level level = TERRITORY_LEVELS;
    for (size_t i = 0; i < TERRITORY_LEVELS; i++) {
        struct str name = territory_level_name((enum territory_level)i);
        ok(territory_level_find(name, &level) && level == (enum territory_level)i);
    }
    ok(!territory_level_find(STR("planet"), &level));
}

static void wrong(const char *text, const char *where, const char *what)
{
    struct err e;
    struct territories *t = make(text, &e);
    ok(t == NULL);
    is_int(e.code, ERR_CONFIG);
    is_str(e.where, where);
    is_str(e.what, what);
    territories_free(t);
}

static void wrong_tables(void)
{
    wrong("", "line 1", "no territories");
    wrong("# nothing\n", "line 2", "no territories");
    wrong(HEAD, "line 2", "no territories");
    wrong("code\tname\n", "line 1", "other column names than expected");
    wrong(HEAD "planet\tmars\tMars\n", "line 2", "there is no level planet");
    wrong(HEAD "\"\t35\tX\n", "line 2", "there is no level ");
    wrong(HEAD "region\t\tX\n", "line 2", " is no code");
    wrong(HEAD "region\t5/3\tX\n", "line 2", "5/3 is no code");
    wrong(HEAD "region\t123456789012345678901\tX\n", "line 2", "123456789012345678901 is no code");
    wrong(HEAD "region\t53\n", "line 2", "a territory without a name");
    wrong(HEAD "region\t53\tX\t\t-1\n", "line 2", "-1 is no population");
    wrong(HEAD "region\t53\tX\t\tmany\n", "line 2", "many is no population");
    wrong(HEAD "region\t53\tX\t\t1\t3500\n", "line 2", "3500 is no postcode");
    wrong(HEAD "region\t53\tX\t\t1\t35000\t5-3\n", "line 2", "5-3 is no code");
    wrong(HEAD "region\t53\tX\n\nregion\t53\tY\n", "line 4", "fr:region:53 is there already");
    wrong(HEAD "region\t53\tX\t\t\t\t53\n", "line 2", "fr:region:53 is there already");
    wrong(HEAD "departement\t35\tX\tregion:53\n", "line 2",
          "there is no parent region:53 above this line");
    wrong(HEAD "departement\t35\tX\tplanet:53\n", "line 2",
          "there is no parent planet:53 above this line");
    wrong(HEAD "departement\t35\tX\nregion\t53\tY\t35\n", "line 3",
          "the parent fr:departement:35 is not of a wider level");
    wrong(HEAD "departement\t35\tX\ndepartement\t36\tY\t35\n", "line 3",
          "the parent fr:departement:35 is not of a wider level");
    wrong(HEAD "region\t53\tX\t\t\t\t\t\tmore\n", "line 2", "more than 8 cells");
    wrong(HEAD "region\t53\tX\1\n", "line 2", "a control character");
    wrong(HEAD "region\t53\tX\xff\n", "line 2", "bytes that are not UTF-8");
    char many[4000] = HEAD;
    for (int i = 10; i < 24; i++)
        snprintf(many + strlen(many), 100, "departement\t%d\tX\n", i);
    strcat(many, "epci\t200000001\tY\t10 11 12 13 14 15 16 17 18 19 20 21\n"); // as many as may be
    struct err e;
    struct territories *t = make(many, &e);
    ok(t != NULL);
    territories_free(t);
    many[strlen(many) - 1] = '\0';
    strcat(many, " 22\n");
    wrong(many, "line 16", "more than 12 parents");
    territories_free(NULL);
}

static void shipped(void)
{
    static char bytes[4 << 20];
    FILE *f = fopen(SOURCE_DIR "/config/territories.tsv", "rb");
    if (!f)
        abort();
    struct err e = {0};
    struct territories *t = territories_new(str_slice(bytes, fread(bytes, 1, sizeof bytes, f)), &e);
    fclose(f);
    ok(t != NULL);
    is_str(e.what, "");
    if (!t)
        return;
    size_t counts[TERRITORY_LEVELS] = {0};
    for (size_t i = 0; i < territories_count(t); i++)
        counts[territories_at(t, i)->level]++;
    is_int(counts[TERRITORY_DISTRICT], 45);
    is_int(counts[TERRITORY_DEPARTEMENT], 101);
    is_int(counts[TERRITORY_REGION], 18);
    is_int(counts[TERRITORY_FORMER_REGION], 16);
    is_int(counts[TERRITORY_COLLECTIVITE], 8);
    is_int(counts[TERRITORY_EPCI], 1255);
    ok(counts[TERRITORY_COMMUNE] > 34000);

    const struct territory *place = territory_find_code(t, STR("35238"));
    is_text(place->name, "Rennes");
    is_str(around(t, place), "243500139 353 35 53 fr:metro fr ue world");
    is_str(around(t, territory_find_code(t, STR("75112"))),
           "75056 200054781 751 75 11 fr:metro fr ue world");
    is_str(around(t, territory_find_code(t, STR("93048"))),
           "200057875 200054781 931 93 11 fr:metro fr ue world");
    is_str(around(t, territory_find_code(t, STR("2A004"))),
           "242010056 2A1 2A 94 fr:metro fr ue world");
    is_str(around(t, territory_find_code(t, STR("97411"))),
           "249740119 9741 974 04 fr:drom fr:dromcom fr ue world");
    is_str(around(t, territory_find_code(t, STR("97502"))), "975 fr:dromcom fr ue world");
    is_str(id(territory_find_code(t, STR("975"))), "fr:collectivite:975");
    is_text(territory_find_code(t, STR("975"))->name, "Saint-Pierre-et-Miquelon");
    is_str(id(territory_find(t, STR("fr:commune:69232"))), "fr:commune:69123");
    is_str(around(t, territory_find_code(t, STR("67482"))),
           "246700488 678 67 42 44 fr:metro fr ue world");
    territories_free(t);
}

int main(void)
{
    struct err e;
    struct territories *t = make(small, &e);
    ok(t != NULL);
    if (!t) {
        printf("# %s: %s\n", e.where, e.what);
        return tap_done();
    }
    finding(t);
    containing(t);
    territories_free(t);
    wrong_tables();
    shipped();
    return tap_done();
}
