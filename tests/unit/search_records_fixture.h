// For the tests of searching: random records of all kinds, with something in every field and facet, places and English among them. They
// are called r0, r1, ... and name one another.
#pragma once

#include "tests/unit/search_places_fixture.h"
#include "tests/unit/search_random_fixture.h"

enum { RECORDS = 320 };

// Singulars and plurals, codes, stop words, wishes, places, acronyms, two words that are written as one, English.
static const char *const words[] = {
    "velo",     "velos",       "piste",       "pistes",    "cyclable", "cyclables", "parking",
    "ville",    "villes",      "route",       "routes",    "budget",   "budgets",   "transport",
    "2016",     "2017",        "commune",     "communes",  "public",   "publiques", "taxi",
    "gare",     "gares",       "tarif",       "donnees",   "csv",      "liste",     "de",
    "la",       "pour",        "les",         "Rennes",    "Bretagne", "Caen",      "Saint-Malo",
    "Calvados", "PLU",         "plan",        "local",     "open",     "damir",     "opendamir",
    "35238",    "géoportail",  "portail",     "d'eau",     "l’école",  "eau",       "ecole",
    "logiciel", "application", "urbanisme",   "river",     "rivers",   "city",      "cities",
    "the",      "of",          "environment", "vie-privée"};
enum { WORDS = sizeof words / sizeof *words };
static const char *const english_words[] = {"river", "rivers", "city",        "cities", "the",
                                            "of",    "taxi",   "environment", "plan",   "public"};
enum { ENGLISH_WORDS = sizeof english_words / sizeof *english_words };
static const char *const rare_words[] = {"xylophone", "zircon", "quetsche", "yttrium",
                                         "wagonnet",  "kayak",  "jujube"};
enum { RARE_WORDS = sizeof rare_words / sizeof *rare_words };

static struct str one_of(const char *const *list, uint32_t n)
{
    return str_of(list[any(n)]);
}
#define ONE_OF(...)                                                                                \
    one_of((const char *const[]){__VA_ARGS__},                                                     \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static struct strs some(uint32_t most, struct str (*make)(void))
{
    struct strs list = {0};
    for (uint32_t n = any(most + 1); n; n--) {
        struct str s = make();
        bool twice = !s.n;
        for (size_t i = 0; i < list.n; i++)
            twice = twice || str_eq(list.v[i], s);
        if (!twice)
            arena_push(&arena, &list, s);
    }
    return list;
}

static struct str a_zone(void)
{
    return ONE_OF("fr:commune:35238", "fr:commune:35288", "fr:epci:243500139", "fr:departement:35",
                  "fr:region:53", "country:fr", "fr:commune:14118", "fr:commune:35901",
                  "fr:commune:99999");
}

static struct str a_keyword(void)
{
    return random_words(words, WORDS, 1, 2);
}

static struct str a_label(void)
{
    return ONE_OF("Rennes", "Saint-Malo", "Bretagne", "France", "Ailleurs");
}

static struct str a_theme(void)
{
    return ONE_OF("TRAN", "ENVI", "GOVE");
}

static struct str a_badge(void)
{
    return ONE_OF("hvd", "inspire", "spd");
}

static struct str a_schema(void)
{
    return ONE_OF("https://schema.example.org/velo", "https://schema.example.org/plu");
}

static struct str a_record(void)
{
    return arena_printf(&arena, "r%u", any(RECORDS));
}

static struct date a_day(void)
{
    return day(arena_printf(&arena, "20%02u-%02u-%02u", 10 + any(12), 1 + any(12), 1 + any(28)).p);
}

static struct str text_of(const struct record *r, uint32_t least, uint32_t most)
{
    if (most > 4 && any(30) == 0)
        return random_words(rare_words, RARE_WORDS, 1, 2);
    return str_eq(r->language, STR("en")) ? random_words(english_words, ENGLISH_WORDS, least, most)
                                          : random_words(words, WORDS, least, most);
}

static void say_who(struct record *r)
{
    r->publisher.id = ONE_OF("org:1", "org:2", "org:3", "");
    r->publisher.name = random_words(words, WORDS, 0, 3);
    r->publisher.acronym = ONE_OF("", "", "PLU", "VDR");
    r->publisher.kind = ONE_OF("public-service", "local-authority", "company", "");
    r->publisher.certified = any(2);
    r->license.id = ONE_OF("etalab-2.0", "ODbL-1.0", "");
    r->access = (enum record_access)any(4);
    r->provenance.source = ONE_OF("data.gouv.fr", "ville", "region");
    r->relations.uses = some(2, a_record);
    if (any(5) == 0)
        r->relations.used_by = some(1, a_record);
}

static void say_figures(struct record *r)
{
    r->featured = any(4) == 0;
    r->quality.score = any(5) ? any(5) / 4.0 : -1;
    if (any(3))
        r->popularity =
            (struct popularity){any(20000), any(2000), any(200), any(2000000), any(200)};
    if (any(4))
        r->modified = a_day();
    if (any(4))
        r->issued = a_day();
    r->modified_trusted = any(2);
    r->status = any(3) ? STATUS_ACTIVE : (enum record_status)any(3);
}

static void add_random(uint32_t number)
{
    struct record r = record_of(arena_printf(&arena, "r%u", number).p,
                                (enum record_kind)(any(3) ? any(2) : any(KIND_COUNT)), "");
    if (any(6) == 0)
        r.language = STR("en");
    bool in_series = any(4) == 0;
    r.title = in_series ? arena_printf(&arena, "Budget 20%02u", any(20)) : text_of(&r, 1, 4);
    r.acronym = random_words(words, WORDS, 0, any(4) == 0);
    r.description = text_of(&r, 0, 16);
    r.keywords = some(2, a_keyword);
    r.themes = some(2, a_theme);
    r.badges = some(1, a_badge);
    r.conforms_to = some(1, a_schema);
    r.spatial.zones = some(2, a_zone);
    r.spatial.labels = some(1, a_label);
    r.spatial.granularity = ONE_OF("", "fr:commune", "fr:epci");
    r.frequency = ONE_OF("", "ANNUAL", "DAILY");
    struct distribution files[2];
    for (size_t i = 0; i < 2; i++)
        files[i] = (struct distribution){.title = random_words(words, WORDS, 0, 2),
                                         .format = ONE_OF("csv", "json", "pdf"),
                                         .format_family = ONE_OF("tabular", "other"),
                                         .byte_size = -1,
                                         .available = -1};
    r.distributions = files;
    r.distribution_count = any(3);
    struct column columns[1] = {{.name = random_words(words, WORDS, 1, 2)}};
    r.fields = columns;
    r.field_count = any(2);
    say_who(&r);
    r.publisher.id = in_series ? STR("org:1") : r.publisher.id;
    say_figures(&r);
    add(&r, r.status);
}
