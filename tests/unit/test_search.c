// indexer/search on a dozen records: words, filters, sorts, what was done to find something, snippets, explanations,
// and what is refused. (Paging and facets over many records: test_search_paging.c.)
#include "tests/unit/search_fixture.h"

#include <math.h>

// ---- The index -----------------------------------------------------------------------------------

static struct distribution file_of(const char *format, const char *family)
{
    return (struct distribution){.title = STR("Fichier"),
                                 .type = STR("main"),
                                 .format = str_of(format),
                                 .format_family = str_of(family),
                                 .byte_size = -1,
                                 .available = -1};
}

static void fill(void)
{
    const struct publisher regie = {.id = STR("org:1"),
                                    .name = STR("Régie des eaux"),
                                    .acronym = STR("RDE"),
                                    .former_names = list_of("Syndicat intercommunal"),
                                    .kind = STR("local-authority"),
                                    .certified = true};
    const struct publisher ministry = {
        .id = STR("org:2"), .name = STR("Ministère de la Ville"), .kind = STR("public-service")};
    const struct license open = {STR("etalab-2.0"), STR("Licence Ouverte 2.0"), true};
    const struct license odbl = {STR("ODbL-1.0"), STR("ODbL 1.0"), true};
    struct distribution csv = file_of("csv", "tabular"),
                        geojson = file_of("geojson", "geographical");
    struct column columns[] = {{STR("debit_horaire"), STR("Débit"), STR("number")}};

    begin_generation();
    struct record r = record_of("eau", KIND_DATASET, "Qualité de l'eau potable");
    r.acronym = STR("AEP");
    r.description = STR("Analyses du robinet. Débit < 3 & \"net\" > 1 : chlore, nitrates.");
    r.publisher = regie;
    r.license = open;
    r.access = ACCESS_OPEN;
    r.distributions = &csv;
    r.distribution_count = 1;
    r.fields = columns;
    r.field_count = 1;
    r.keywords = list_of("santé|eau");
    r.themes = list_of("environment");
    r.badges = list_of("hvd");
    r.conforms_to = list_of("etalab/eau");
    r.frequency = STR("MONTHLY");
    r.spatial.granularity = STR("fr:commune");
    r.spatial.zones = list_of("fr:commune:35238");
    r.spatial.labels = list_of("Rennes");
    r.popularity.views = 100;
    r.quality.score = 0.9;
    r.issued = day("2020-01-01");
    r.modified = day("2026-10-01");
    add(&r, STATUS_ACTIVE);

    r = record_of("velo", KIND_DATASET, "Pistes cyclables");
    r.description = STR("Les voies pour les vélos de la métropole, sans l'eau.");
    r.publisher = ministry;
    r.license = odbl;
    r.access = ACCESS_OPEN;
    r.distributions = &geojson;
    r.distribution_count = 1;
    r.keywords = list_of("vélo|transport");
    r.spatial.zones = list_of("fr:epci:243500139|fr:departement:2A");
    r.popularity.views = 5000;
    r.quality.score = 0.5;
    r.issued = day("2019-01-01");
    r.modified = day("2026-11-01");
    add(&r, STATUS_ACTIVE);

    r = record_of("vie", KIND_DATASET, "Vie-publique : l’École et ses élections");
    r.publisher = ministry;
    r.license = open;
    r.access = ACCESS_RESTRICTED;
    r.quality.score = 0.2;
    r.issued = day("2021-06-01");
    r.modified = day("0003-01-01");
    add(&r, STATUS_ACTIVE);

    r = record_of("ancien", KIND_DATASET, "Anciennes pistes de ski");
    r.license = open;
    r.access = ACCESS_OPEN;
    r.modified = day("2010-01-01");
    add(&r, STATUS_ARCHIVED);

    r = record_of("api", KIND_DATASERVICE, "API de l'eau");
    r.publisher = regie;
    r.access = ACCESS_OPEN_WITH_ACCOUNT;
    r.popularity.views = 7;
    r.modified = day("2026-05-01");
    add(&r, STATUS_ACTIVE);

    r = record_of("carte", KIND_REUSE, "Carte de la vie publique");
    r.themes = list_of("politics_and_public_life");
    add(&r, STATUS_MISSING);

    r = record_of("logiciel", KIND_SOFTWARE, "OpenDAMIR 2016");
    r.description = STR("Un outil.");
    add(&r, STATUS_ACTIVE);

    r = record_of("org:1", KIND_ORGANIZATION, "Régie des eaux");
    r.publisher = regie;
    add(&r, STATUS_ACTIVE);
    commit("8", true);
}

// ---- Words ---------------------------------------------------------------------------------------

static void words(void)
{
    is_text(ask("q=potable"), "eau");
    is_text(ask("q=eau potable"), "eau"); // every word
    is_text(ask("q=potable eau"), "eau");
    is_int(answer.total, 1);
    is_int(answer.strict_total, 1);
    ok(answer.relaxed.p == NULL && answer.corrected.p == NULL);
    // Anywhere in the record: title, acronym, publisher, its acronym and former names, keywords, zones, files, columns.
    is_text(ask("q=aep"), "eau");
    is_text(ask("q=rde potable"), "eau");
    is_text(ask("q=syndicat chlore"), "eau");
    is_text(ask("q=santé robinet"), "eau");
    is_text(ask("q=rennes nitrates"), "eau");
    is_text(ask("q=fichier cyclables"), "velo");
    is_text(ask("q=debit"), "eau");
    is_text(ask("q=debit_horaire"), "eau");
    // Accents, capitals, plurals, elisions with both apostrophes.
    is_text(ask("q=QUALITE DE L'EAU"), "eau");
    is_text(ask("q=qualités de l’eau"), "eau");
    is_text(ask("q=ecole"), "vie");
    is_text(ask("q=l'école"), "vie");
    is_text(ask("q=élection"), "vie");
    is_text(ask("q=ELECTIONS"), "vie");
    is_text(ask("q=velos"), "velo");
    // Joined forms, either way round.
    is_text(ask("q=vie publique&sort=title"), "carte vie");
    is_text(ask("q=vie-publique&sort=title"), "carte vie");
    is_text(ask("q=viepublique&sort=title"), "carte vie"); // however it is written
    is_text(ask("q=publique vie ecole"), "vie carte");     // the second has two of the three
    // Codes stay whole.
    is_text(ask("q=2016"), "logiciel");
    is_text(ask("q=201"), "");
    is_text(ask("q=opendamir 2016"), "logiciel");
}

static void stop_words_only(void)
{
    is_text(ask("q=de l'&sort=title"),
            "api velo eau vie"); // nothing else is left: nothing is dropped
    is_text(ask("q=xe l-a&sort=title"), "");
    is_text(ask("q=la&sort=title"), "carte velo vie"); // "Ministère de la Ville" publishes two
    is_text(ask("q=la eau potable"), "eau");           // dropped
    is_text(ask("q=pour les"), "velo");
}

static void nonsense(void)
{
    is_text(ask("q=xqzptl"), "");
    is_int(answer.total, 0);
    is_int(answer.strict_total, 0);
    is_text(ask("q=xqzptl wvbnrt"), "");
    ok(answer.relaxed.p == NULL);
    ok(answer.cursor.p == NULL);
    // A search for signs is a search, and finds nothing; no search at all finds everything.
    is_text(ask("q=!!!"), "");
    is_int(answer.total, 0);
    is_text(ask("q=\xF0\x9F\x8C\xBE"), "");
    is_text(ask("q=\"&facets=1"), "");
    is_text(facet_text(FACET_KIND), "");
    ask("q=");
    is_int(answer.total, 7);
    ask("q= \t");
    is_int(answer.total, 7);
}

static void relaxed(void)
{
    is_text(ask("q=cyclables potable&sort=title"), "velo eau");
    is_text(answer.relaxed, "some_words");
    is_int(answer.strict_total, 0);
    is_int(answer.total, 2);
    is_text(ask("q=cyclables xqzptl"), "velo");
    is_text(answer.relaxed, "some_words");
    is_text(ask("q=cyclables velo"), "velo"); // enough: nothing is relaxed
    ok(answer.relaxed.p == NULL);
    is_text(ask("q=cyclables potable&license=ODbL-1.0"), "velo"); // filters stay
    is_text(ask("q=cyclables potable&kind=reuse"), "");
    ok(answer.relaxed.p == NULL); // it found nothing
    is_text(ask("q=viepublique-xqzptl"), "");
    // The facets are those of what was found.
    ask("q=cyclables potable&facets=1");
    is_text(facet_text(FACET_FORMAT), "csv:1 geojson:1");
}

// Nothing that is typed does any harm.
static void odd_queries(void)
{
    static const char *const queries[] = {"d-es",
                                          "u-ne",
                                          "l-a",
                                          "l-a-vie",
                                          "d-es-u-ne",
                                          "qu'",
                                          "'",
                                          "-",
                                          "a-t-il",
                                          "S.N.C.F.",
                                          "R&D x",
                                          "a-b-c-d-e-f-g",
                                          "les-des d-es la-le",
                                          "1,5 1.5 2014/24/UE",
                                          "\x80\xFF",
                                          "NOT eau",
                                          "eau AND",
                                          "title:eau",
                                          "*",
                                          "ea*",
                                          "\"eau potable\"",
                                          "(((((",
                                          "130 025 265 00013",
                                          "aujourd'hui",
                                          "\xEF\xBF\xBD",
                                          "\xE2\x80\x8B",
                                          "XKIND:dataset Zeau"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        search_request_init(&request);
        request.q = str_of(queries[i]);
        request.facets = 1;
        ask_request();
        if (e.code != ERR_NONE)
            printf("# %s: %s\n", queries[i], e.what);
        ok(e.code == ERR_NONE);
    }
    is_text(ask("q=XKIND:dataset"), ""); // no way to the terms of filters
    is_text(ask("q=\"eau potable\""), "eau");
}

// ---- Filters -------------------------------------------------------------------------------------

static void filters(void)
{
    static const struct {
        const char *line, *found;
    } cases[] = {
        {"kind=dataservice", "api"},
        {"kind=organization", "org:1"},
        {"kind=software", "logiciel"},
        {"source=data.gouv.fr", "ancien api carte logiciel velo eau vie"},
        {"source=autre", ""},
        {"publisher=org:2", "velo vie"},
        {"publisher_kind=local-authority", "api eau"},
        {"license=ODbL-1.0", "velo"},
        {"format=csv", "eau"},
        {"format_family=geographical", "velo"},
        {"access=restricted", "vie"},
        {"access=open_with_account", "api"},
        {"theme=environment", "eau"},
        {"keyword=vélo", "velo"},
        {"keyword=velo", ""}, // as it is
        {"territory=fr:commune:35238", "eau"},
        {"territory=35238", "eau"},
        {"territory=243500139", "velo"},
        {"territory=2a", "velo"},
        {"territory=35", ""},
        {"schema=etalab/eau", "eau"},
        {"badge=hvd", "eau"},
        {"granularity=fr:commune", "eau"},
        {"frequency=MONTHLY", "eau"},
        {"status=archived", "ancien"},
        {"status=missing", "carte"},
        // Values of one filter are alternatives; filters add up.
        {"kind=dataservice&kind=reuse", "api carte"},
        {"kind=dataset&license=etalab-2.0", "ancien eau vie"},
        {"kind=dataset&license=etalab-2.0&license=ODbL-1.0&access=open", "ancien velo eau"},
        {"kind=dataset&status=active&publisher=org:2&access=restricted", "vie"},
        {"kind=reuse&license=etalab-2.0", ""},
        {"kind=dataset&kind=organization&publisher=org:1", "eau org:1"},
        {"kind=xyz", ""},
        {"modified_since=2026-05-01", "api velo eau"},
        {"modified_since=2026-05-02", "velo eau"},
        {"modified_since=2027", ""},
        {"min_quality=0.5", "velo eau"},
        {"min_quality=0.9", "eau"},
        {"min_quality=1", ""},
        {"min_quality=0", "velo eau vie"}, // it is known
        {"q=eau&kind=dataservice", "api"},
        {"q=eau&territory=35238", "eau"},
        {"q=regie", "api eau"},                 // organizations are left out,
        {"q=regie&kind=organization", "org:1"}, // unless they are asked for
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str found = ask(arena_printf(&arena, "%s&sort=title", cases[i].line).p);
        is_text(found, cases[i].found);
        if (!str_eq(found, str_of(cases[i].found)))
            printf("# %s\n", cases[i].line);
    }
    // No value breaks anything: they match nothing.
    char longest[400];
    memset(longest, 'k', sizeof longest);
    search_request_init(&request);
    arena_push(&arena, &request.filters[FACET_KEYWORD], str_slice(longest, 400));
    is_text(ask_request(), "");
    memset(longest, 0, sizeof longest);
    search_request_init(&request);
    arena_push(&arena, &request.filters[FACET_KEYWORD], str_slice(longest, 200));
    is_text(ask_request(), "");
    search_request_init(&request);
    arena_push(&arena, &request.filters[FACET_KEYWORD], STR("\xFF"));
    is_text(ask_request(), "");
}

// ---- Sorts ---------------------------------------------------------------------------------------

static void sorts(void)
{
    is_text(ask("sort=title"), "ancien api carte logiciel velo eau vie");
    is_text(ask("sort=modified&page_size=5"), "velo eau api ancien vie"); // without a date: last
    is_text(ask("sort=issued&page_size=3"), "vie eau velo");
    is_text(ask("sort=views&page_size=3"), "velo eau api");
    is_text(ask("q=eau&sort=views"), "velo eau api");
    is_text(ask("q=eau&sort=title"), "api velo eau");
    // Without words: what is used most.
    is_text(ask("page_size=2"), "velo eau");
    enum search_sort sort;
    ok(!search_sort_find(STR("date"), &sort));
    ok(!search_sort_find(STR(""), &sort));
}

// The word in the title before the word in the description; of two that say the same, the one that is used more.
static void relevance(void)
{
    static const struct {
        const char *id, *title, *description;
        int64_t views;
        enum record_status status;
    } lines[] = {
        {"t1", "Lignes", "Le tramway et ses arrêts.", 10, STATUS_ACTIVE},
        {"t2", "Tramway", "Les lignes et leurs arrêts.", 10, STATUS_ACTIVE},
        {"t3", "Tramway", "Les lignes et leurs arrêts.", 1000, STATUS_ACTIVE},
        {"t4", "Tramway", "Les lignes et leurs arrêts.", 1000, STATUS_ARCHIVED},
        {"t5", "Tramway", "Les lignes et leurs arrêts.", 1000, STATUS_MISSING},
    };
    enum { LINES = sizeof lines / sizeof *lines };
    for (size_t i = 0; i < LINES; i++) {
        struct record r = record_of(lines[i].id, KIND_DATASET, lines[i].title);
        r.description = str_of(lines[i].description);
        r.popularity.views = lines[i].views;
        add(&r, lines[i].status);
    }
    commit("9", true);
    is_text(ask("q=tramway&status=active"), "t3 t2 t1");
    ok(answer.hits[0].score > answer.hits[1].score && answer.hits[1].score > answer.hits[2].score);
    is_text(ask("q=tramway&status=active&status=missing"), "t3 t5 t2 t1");
    is_text(ask("q=tramway&status=archived&status=missing"), "t5 t4");
    for (size_t i = 0; i < LINES; i++)
        take_away(lines[i].id);
    commit("10", true);
}

static void hits(void)
{
    ask("q=potable");
    is_int(answer.page, 1);
    is_int(answer.page_size, 20);
    is_text(member_of(answer.hits[0].members, "title"), "Qualité de l'eau potable");
    ok(str_starts(answer.hits[0].figures,
                  STR("\"status\":\"active\",\"modified\":\"2026-10-01\"")));
    ok(answer.hits[0].explain.p == NULL);
    ok(answer.hits[0].docid > 0);
    ok(answer.revision > 0);
    is_int(answer.facet_count, 0);
}

// ---- Snippets ------------------------------------------------------------------------------------

static struct str snippet(const char *line)
{
    ask(line);
    return answer.hit_count ? answer.hits[0].snippet : STR("nothing found");
}

static void snippets(void)
{
    is_text(snippet("q=nitrate"), "Analyses du robinet. Débit &lt; 3 &amp; &quot;net&quot; &gt; 1 "
                                  ": chlore, <mark>nitrates</mark>.");
    is_text(snippet("q=robinet chlore"), "Analyses du <mark>robinet</mark>. Débit &lt; 3 &amp; "
                                         "&quot;net&quot; &gt; 1 : <mark>chlore</mark>, nitrates.");
    is_text(snippet("q=debit"), "Analyses du robinet. <mark>Débit</mark> &lt; 3 &amp; "
                                "&quot;net&quot; &gt; 1 : chlore, nitrates.");
    is_text(snippet("q=opendamir"), "Un outil.");
    is_text(snippet("q=ecole"), ""); // no description
    is_text(snippet("q=les vélos pistes"),
            "Les voies pour les <mark>vélos</mark> de la métropole, sans l'eau.");
}

static void long_snippets(void)
{
    struct buf b = {0};
    for (int i = 0; i < 14; i++)
        buf_addz(&b, "Été après été, ça passe. ");
    buf_addz(&b, "Le mot <caché> est là.");
    struct record r = record_of("long", KIND_DATASET, "Long");
    r.description = buf_str(&b);
    add(&r, STATUS_ACTIVE);
    commit("9", true);
    struct str s = snippet("q=cache");
    ok(str_starts(s, STR("…")));
    ok(str_find(s, STR("&lt;<mark>caché</mark>&gt;")) > 0);
    ok(str_ends(s, STR("est là.")));
    ok(utf8_valid(s));
    s = snippet("q=long"); // its beginning
    ok(str_starts(s, STR("Été après été")));
    ok(str_ends(s, STR("…")));
    ok(utf8_valid(s));
    ok(s.n < 260);
    // Lines, and more finds than are marked.
    buf_clear(&b);
    buf_addz(&b, "Deux\n\nlignes & plus. ");
    for (int i = 0; i < 100; i++)
        buf_addz(&b, "mot ");
    r.description = buf_str(&b);
    add(&r, STATUS_ACTIVE);
    commit("10", true);
    s = snippet("q=ligne");
    ok(str_starts(s, STR("Deux  <mark>lignes</mark> &amp; plus. mot mot")));
    s = snippet("q=mot");
    ok(str_starts(s, STR("Deux  lignes &amp; plus. <mark>mot</mark> <mark>mot</mark>")));
    buf_free(&b);
    take_away("long");
    commit("10", true);
}

// ---- Explanations --------------------------------------------------------------------------------

static double member(const json_t *o, const char *key)
{
    return json_number_value(json_object_get(o, key));
}

// The parts of a score multiply up to it, as config/ranking.yaml says.
static void explained(const char *line)
{
    ask(arena_printf(&arena, "%s&explain=1", line).p);
    ok(answer.hit_count > 0);
    for (size_t i = 0; i < answer.hit_count; i++) {
        json_t *o = json_loadb(answer.hits[i].explain.p, answer.hits[i].explain.n, 0, NULL);
        double title = member(o, "title_exact") + member(o, "title_coverage") +
                       member(o, "title_pairs") + member(o, "title_share") + member(o, "format") +
                       member(o, "kind");
        double whole = member(o, "text") * (1 + title) *
                       (1 + member(o, "use_strength") * member(o, "use")) * member(o, "status") *
                       member(o, "missing");
        ok(fabs(whole - answer.hits[i].score) <= 1e-6 * (1 + whole));
        ok(member(o, "text") > 0 && member(o, "status") > 0);
        ok((json_array_size(json_object_get(o, "words")) > 0) == (request.q.n > 0));
        json_decref(o);
    }
}

static void explanations(void)
{
    explained("q=eau");
    explained("q=eau potable qualité");
    explained("q=vie-publique");
    explained("q=cyclables potable"); // relaxed
    explained("q=données eau csv");
    explained("kind=dataset");
    explained("q=eau&sort=title");
    ask("q=potable&explain=1");
    ok(str_starts(answer.hits[0].explain,
                  STR("{\"words\":[{\"word\":\"potable\",\"documents\":1,\"rarity\":")));
    struct str explained_ids = ask("q=eau&explain=1");
    is_text(ask("q=eau"), explained_ids.p); // explaining changes nothing
    ok(answer.hits[0].explain.p == NULL);
}

// ---- Refusals, and the index itself --------------------------------------------------------------

static void refused(void)
{
    char longest[600];
    memset(longest, 'a', sizeof longest);
    search_request_init(&request);
    request.q = str_slice(longest, 512);
    is_text(ask_request(), "");
    request.q = str_slice(longest, 513);
    is_text(ask_request(), "query");
    is_str(e.what, "q is longer than 512 bytes");
    struct buf b = {0};
    for (int i = 0; i < 32; i++)
        buf_addf(&b, "mot%d ", i);
    search_request_init(&request);
    request.q = buf_str(&b);
    is_text(ask_request(), "");
    buf_addz(&b, "encore");
    request.q = buf_str(&b);
    is_text(ask_request(), "query");
    is_str(e.what, "a search takes at most 32 words");
    buf_clear(&b);
    for (int i = 0; i < 100; i++) // stop words do not count beside others
        buf_addz(&b, "de ");
    buf_addz(&b, "potable");
    request.q = buf_str(&b);
    is_text(ask_request(), "eau");
    buf_free(&b);
    is_text(ask("q=eau&page=100&page_size=100"), "");
    is_int(answer.total, 3);
}

static bool count_id(void *arg, struct str term)
{
    buf_add(arg, term);
    buf_addc(arg, ' ');
    return true;
}

static bool stop_at_once(void *arg, struct str term)
{
    ++*(int *)arg;
    return !term.n;
}

static void state_of_the_index(void)
{
    int64_t seq, fseq, documents;
    uint64_t revision = 0, later = 0;
    ok(searcher_positions(searcher, &seq, &fseq, &documents, &e));
    is_int(seq, 10);
    is_int(fseq, 0);
    is_int(documents, 8);
    struct buf b = {0};
    ok(searcher_each_id(searcher, count_id, &b, &e));
    is_text(buf_str(&b), "Qancien Qapi Qcarte Qeau Qlogiciel Qorg:1 Qvelo Qvie ");
    buf_free(&b);
    int calls = 0;
    ok(searcher_each_id(searcher, stop_at_once, &calls, &e));
    is_int(calls, 1);
    ok(searcher_ready(searcher, &revision, &e));
    ask("q=eau");
    ok(answer.revision == revision);
    commit("11", true);
    ok(searcher_ready(searcher, &later, &e));
    ok(later != revision); // an answer may have changed
    commit("12", false);
    ok(!searcher_ready(searcher, &later, &e));
    is_int(e.code, ERR_BUSY);
    is_text(ask("q=potable"), "eau"); // what is there is found all the same

    // Another generation is taken up; nothing of the old one is asked for.
    struct record r = record_of("neuf", KIND_DATASET, "Neuf");
    begin_generation();
    add(&r, STATUS_ACTIVE);
    commit("1", true);
    MUST(generation_clean(data_folder, &e), &e);
    is_text(ask(""), "neuf");
    ok(searcher_ready(searcher, &later, &e));
    ok(later != revision);
}

static void no_index(void)
{
    uint64_t revision;
    int64_t seq, fseq, documents;
    is_text(ask("q=eau"), "not_found");
    is_str(e.what, "there is no index yet");
    ok(e.hint[0] != '\0');
    ok(!searcher_ready(searcher, &revision, &e));
    ok(!searcher_positions(searcher, &seq, &fseq, &documents, &e));
    ok(searcher_new(data_folder, STR("deux-mots"), rules, &e) == NULL);
    is_int(e.code, ERR_CONFIG);
    searcher_free(NULL);
}

int main(void)
{
    search_begin();
    no_index();
    fill();
    words();
    stop_words_only();
    nonsense();
    relaxed();
    odd_queries();
    filters();
    sorts();
    relevance();
    hits();
    snippets();
    long_snippets();
    explanations();
    refused();
    state_of_the_index();
    search_end();
    return tap_done();
}
