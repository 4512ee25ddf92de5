// What matches: alternatives, what is left out, phrases, words of one field, filters written in the query, words as one or cut in
// two, initials, plurals, English. Every word is asked for here: nothing is forgiven.
#include "tests/unit/search_fixture.h"

static void fill(void)
{
    static struct distribution csv = {
        .title = STR("Exemple annuel"), .format = STR("csv"), .byte_size = -1, .available = -1};
    static struct column columns[] = {{STR("code_insee"), STR("Population"), STR("string")}};
    begin_generation();
    struct record r = record_of("plan", KIND_DATASET, "Plan local d'urbanisme");
    r.description = STR("Un plan de la ville, et le plan du quartier.");
    r.acronym = STR("PLU");
    r.license.id = STR("etalab-2.0");
    r.keywords = list_of("zonage|règlement local");
    r.publisher.id = STR("org:1");
    r.publisher.name = STR("Ville de Rennes");
    r.publisher.acronym = STR("VDR");
    r.spatial.labels = list_of("Bretagne");
    r.distributions = &csv;
    r.distribution_count = 1;
    r.fields = columns;
    r.field_count = 1;
    add(&r, STATUS_ACTIVE);

    r = record_of("local", KIND_DATASET, "Local à vélos");
    r.description = STR("Le plan est affiché. Zonage bretagne exemple population Rennes.");
    r.license.id = STR("ODbL-1.0");
    add(&r, STATUS_ACTIVE);

    r = record_of("reuse", KIND_REUSE, "Open Damir");
    r.description = STR("Carte du géoportail.");
    r.license.id = STR("etalab-2.0");
    add(&r, STATUS_ARCHIVED);

    r = record_of("cities", KIND_DATASERVICE, "Cities of the river");
    r.description = STR("The cities that are on the river and by the sea.");
    r.language = STR("en");
    add(&r, STATUS_ACTIVE);

    r = record_of("cnd", KIND_DATASET, "Commission nationale du débat");
    r.description = STR("Avis des élus sur les taxis.");
    add(&r, STATUS_ACTIVE);
    commit("5", true);
}

struct question {
    const char *q, *found; // by title
};

static void ask_all(const struct question *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        search_request_init(&request);
        request.q = str_of(list[i].q);
        request.sort = SORT_TITLE;
        struct str found = ask_request();
        is_text(found, list[i].found);
        if (!str_eq(found, str_of(list[i].found)))
            printf("# %s\n", list[i].q);
    }
}
#define ASK(list) ask_all(list, sizeof list / sizeof *list)

static void alternatives(void)
{
    static const struct question list[] = {
        {"damir OR urbanisme", "reuse plan"},
        {"damir OU urbanisme", "reuse plan"},
        {"damir or urbanisme", ""}, // in capitals only
        {"vélos OR damir OR urbanisme", "local reuse plan"},
        {"plan vélos OR damir", "local reuse"},
        {"\"plan local\" OR \"open damir\"", "reuse plan"},
        {"xqzptl OR damir", "reuse"},
        {"xqzptl OR wvbnrt", ""},
        {"title:plan OR damir", "reuse plan"},
        {"kind:reuse OR kind:dataservice", "cities reuse"},
        {"kind:reuse OR damir", "reuse"},
    };
    ASK(list);
}

static void left_out(void)
{
    static const struct question list[] = {
        {"plan", "local plan"},
        {"plan -vélos", "plan"},
        {"plan -vélo", "plan"}, // in any form
        {"plan -\"plan local\"", "local"},
        {"plan -\"local plan\"", "local plan"},
        {"plan -vélos -urbanisme", ""},
        {"plan -xqzptl", "local plan"},
        {"plan -title:plan", "local"},
        {"plan -license:ODbL-1.0", "plan"},
        {"plan -kind:reuse", "local plan"},
        {"kind:dataset -plan", "cnd"},
        {"-plan", "local plan"}, // asks for nothing else: it is a word
        {"plan - vélos", "local"},
    };
    ASK(list);
}

static void phrases(void)
{
    static const struct question list[] = {
        {"\"plan local\"", "plan"},     {"« plan local »", "plan"},
        {"\"local plan\"", ""},         {"\"plan de la ville\"", "plan"},
        {"\"plan ville\"", ""},                                   // stop words are words there
        {"\"plans locaux\"", ""},                                 // and forms what they are
        {"\"PLAN LOCAL\"", "plan"},     {"\"local zonage\"", ""}, // from one text into the next
        {"\"urbanisme plu\"", ""},      {"\"plan local\" zonage", "plan"},
        {"\"plan local\" vélos", ""},   {"\"plan\"", "local plan"},
        {"\"plan local", "local plan"}, // never closed: words
        {"\"code insee\"", "plan"},
    };
    ASK(list);
}

static void fields(void)
{
    static const struct question list[] = {
        {"title:plan", "plan"},
        {"titre:plans", "plan"},
        {"title:\"plan local\"", "plan"},
        {"title:\"local plan\"", ""},
        {"title:ville", ""},
        {"title:plan ville", "plan"},
        {"publisher:ville", "plan"},
        {"zonage", "local plan"},
        {"inconnu:zonage", ""}, // no field: a word
        {"license:etalab-2.0", "reuse plan"},
        {"kind:reuse", "reuse"},
        {"kind:dataset local", "local plan"},
        {"status:archived", "reuse"},
        {"format:csv", "plan"},
        {"format:csv damir", ""},
        {"license:etalab-2.0 license:ODbL-1.0", "local reuse plan"},
        {"kind:organization", ""},
    };
    ASK(list);
}

// What is written adds to the request's own filters.
static void filters_written(void)
{
    is_text(ask("q=kind:reuse&kind=dataset&sort=title"), "cnd local reuse plan"); // alternatives
    is_text(ask("q=license:etalab-2.0&kind=dataset"), "plan");
    is_text(ask("q=plan -license:etalab-2.0&kind=dataset"), "local");
    // What is left out is left out of every facet, its own too.
    ask("q=plan -license:ODbL-1.0&facets=1");
    is_text(facet_text(FACET_LICENSE), "etalab-2.0:1");
    ask("q=plan license:etalab-2.0&facets=1"); // what filters is counted without itself
    is_text(facet_text(FACET_LICENSE), "ODbL-1.0:1 etalab-2.0:1");
    is_text(facet_text(FACET_KIND), "dataset:1");
}

static void forms(void)
{
    static const struct question list[] = {
        {"opendamir", "reuse"},
        {"open-damir", "reuse"},
        {"geo portail", "reuse"},
        {"géoportails", "reuse"},
        {"codeinsee", "plan"},
        {"planlocal", "plan"},
        {"cnd", "cnd"},
        {"CND débat", "cnd"},
        {"élu taxi", "cnd"},
        {"avis", "cnd"},
        {"vélo", "local"},
        {"city", "cities"},
        {"rivers city", "cities"},
        {"données plan csv", "local plan"}, // wishes
        {"plan exemple", "local plan"},
    };
    ASK(list);
}

// Broken, endless, hostile: nothing but words.
static void anything(void)
{
    static const char *const queries[] = {
        "\"",        "\"\"",         "-",       "--plan",   "OR",          "OR OR OR",
        "plan OR",   "title:",       ":plan",   "title:\"", "-\"",         "-title:",
        "-OR",       "kind:xyz",     "title:-", "\"-\"",    "\"OR\"",      "a:b:c:d",
        "kind:\"\"", "format:\"csv", "-kind:",  "« plan",   "“plan local", "title:title:title:plan",
        "OU OU",     "(plan",        "plan)",   "plan~2",   "pla*",        "\\\"plan\\\""};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        search_request_init(&request);
        request.q = str_of(queries[i]);
        request.facets = ~0u >> (32 - FACET_COUNT);
        request.explain = true;
        ask_request();
        tap_result(e.code == ERR_NONE, __FILE__, __LINE__, queries[i]);
    }
}

int main(void)
{
    search_begin();
    use_rules("", TEST_GENERIC,
              TEST_FIELDS TEST_TEXT TEST_TITLE TEST_USE TEST_STATUS "matching: {enough: 0}\n");
    fill();
    alternatives();
    left_out();
    phrases();
    fields();
    filters_written();
    forms();
    anything();
    search_end();
    return tap_done();
}
