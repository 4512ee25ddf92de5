// The pages: links, results, the search page, the home page.
#include "tests/unit/pages_fixture.h"

#define A (&arena)

// ---- Links and results --------------------------------------------------------------------------

static void test_links(void)
{
    is_text(url_of_record(A, STR("data.gouv.fr:5a0b")), "/r/data.gouv.fr:5a0b");
    is_text(url_of_record(A, STR("a:b/c é?#:%")), "/r/a:b%2Fc%20%C3%A9%3F%23:%25");
    is_text(url_of_record_json(A, STR("a:b/c"), "/history"), "/api/v1/records/a:b%2Fc/history");
    is_text(url_of_filter(A, FACET_KEYWORD, STR("vélo & tram")),
            "/?keyword=v%C3%A9lo%20%26%20tram");
    is_text(host_of(A, STR("https://www.data.gouv.fr/datasets/x")), "data.gouv.fr");
    is_text(host_of(A, STR("https://opendata.paris.fr")), "opendata.paris.fr");
    json_t *o = json_object();
    view_link(o, "a", STR("https://example.org/x"));
    view_link(o, "b", STR("javascript:alert(1)"));
    view_link(o, "c", STR("mailto:a@example.org"));
    view_link(o, "d", STR("ftp://example.org/x"));
    view_link(o, "e", STR_NONE);
    is_int(json_object_size(o), 1);
    is_text(look_text(o, "a"), "https://example.org/x");
    json_decref(o);
    is_text(label_of_value(A, FACET_TERRITORY, STR("fr:commune:35238")), "Commune 35238");
    is_text(label_of_value(A, FACET_TERRITORY, STR("35")), "Département 35");
    is_text(label_of_value(A, FACET_TERRITORY, STR("country:fr")), "France");
    is_text(label_of_value(A, FACET_TERRITORY, STR("country-subset:fr:metro")),
            "France métropolitaine");
    is_text(label_of_value(A, FACET_TERRITORY, STR("mars")), "mars");
    is_text(label_of_value(A, FACET_ACCESS, STR("restricted")), "Accès restreint");
}

#define MEMBERS                                                                                    \
    "{\"id\":\"s:1\",\"kind\":\"dataset\",\"title\":\"Arbres\",\"publisher\":{\"id\":\"s:o.1\","   \
    "\"name\":\"Rennes\",\"certified\":true},\"license\":{\"id\":\"etalab-2.0\",\"label\":"        \
    "\"Licence Ouverte\",\"open\":true},\"access\":\"open\",\"distributions\":[{\"format\":"       \
    "\"csv\"},{\"format\":\"csv\"},{\"format\":\"geojson\"},{\"format\":null}]"
#define FIGURES                                                                                    \
    "\"status\":\"active\",\"modified\":\"2026-01-15T23:30:00Z\",\"quality\":null,"                \
    "\"popularity\":{\"views\":1234,\"reuses\":2,\"followers\":9}"

static struct search_hit hit_of(const char *members, const char *figures)
{
    return (struct search_hit){.docid = 1,
                               .members = str_of(members),
                               .figures = str_of(figures),
                               .snippet = STR("Des <mark>arbres</mark>")};
}

static void test_result(void)
{
    struct search_hit hit = hit_of(MEMBERS, FIGURES);
    json_t *o = view_result(A, &hit, NULL, paris);
    is_text(look_text(o, "url"), "/r/s:1");
    is_text(look_text(o, "title"), "Arbres");
    is_text(look_text(o, "kind_label"), "Jeu de données");
    is_text(look_text(o, "publisher"), "Rennes");
    ok(json_is_true(look(o, "certified")));
    is_text(look_text(o, "excerpt_html"), "Des <mark>arbres</mark>");
    is_text(look_text(o, "license"), "Licence Ouverte");
    is_text(look_text(o, "formats"), "CSV, GeoJSON");
    is_text(look_text(o, "modified"), "16\u00a0janvier\u00a02026");
    is_text(look_text(o, "modified_iso"), "2026-01-16");
    is_text(look_text(o, "popularity"), "1\u202f234\u00a0vues, 2\u00a0réutilisations");
    ok(!look(o, "access"));
    ok(!look(o, "status"));
    ok(!look(o, "also_in"));
    ok(!look(o, "source"));
    ok(!look(o, "badges"));
    json_decref(o);

    // Each catalogue once.
    hit = hit_of(MEMBERS ",\"also_in\":[\"code.gouv.fr:a/b\",\"sill:4\",\"sill:software.5\"]",
                 FIGURES);
    o = view_result(A, &hit, NULL, paris);
    is_text(look_text(o, "also_in"), "code.gouv.fr, sill");
    json_decref(o);

    // Of the commons the catalogue tells what it is.
    hit = hit_of("{\"id\":\"code.gouv.fr:a/b\",\"kind\":\"software\",\"title\":\"T\",\"source\":"
                 "\"code.gouv.fr\",\"badges\":[\"fork\",\"contributing\",\"nouveau\"]",
                 FIGURES);
    o = view_result(A, &hit, NULL, paris);
    is_text(look_text(o, "source"), "code.gouv.fr");
    is_text(look_text(o, "badges"),
            "Copie d’un autre dépôt (fork), Guide de contribution, nouveau");
    json_decref(o);

    hit = hit_of("{\"id\":\"s:2\",\"kind\":\"reuse\",\"title\":\"T\",\"publisher\":{\"name\":null},"
                 "\"license\":null,\"access\":\"restricted\",\"distributions\":[],"
                 "\"modified\":\"2021\"",
                 "\"status\":\"archived\"");
    o = view_result(A, &hit, NULL, NULL);
    ok(!look(o, "publisher"));
    ok(!look(o, "license"));
    ok(!look(o, "formats"));
    ok(!look(o, "popularity"));
    is_text(look_text(o, "access"), "Accès restreint");
    is_text(look_text(o, "status"), "Archivée");
    ok(!look(o, "modified")); // "Mis à jour le 2021" is not French
    json_decref(o);

    hit = hit_of("{\"id\":\"s:3\",\"license\":{\"id\":\"notspecified\",\"label\":\"Non précisée\"}",
                 "");
    o = view_result(A, &hit, NULL, NULL);
    is_text(look_text(o, "license"), "Licence non précisée");
    json_decref(o);

    hit = hit_of("{\"id\":", "");
    ok(!view_result(A, &hit, NULL, NULL));
}

// ---- The address of the search page -------------------------------------------------------------

static bool read_pairs(struct search_request *r, struct str *wrong, size_t n,
                       const struct http_pair *pairs)
{
    return search_page_read(r, (struct http_pairs){pairs, n}, A, wrong);
}
#define READ(...)                                                                                  \
    read_pairs(&r, &wrong, sizeof((struct http_pair[]){__VA_ARGS__}) / sizeof(struct http_pair),   \
               (struct http_pair[]){__VA_ARGS__})
#define PAIR(n, v)                                                                                 \
    {                                                                                              \
        STR(n), STR(v)                                                                             \
    }

static void test_address(void)
{
    struct search_request r;
    struct str wrong;
    ok(READ(PAIR("utm_source", "lettre"), PAIR("page_size", "7"), PAIR("explain", "x")));
    ok(search_page_is_home(&r));
    is_int(r.page_size, 20);
    ok(READ(PAIR("q", " vélo "), PAIR("kind", "reuse"), PAIR("kind", "reuse"), PAIR("kind", ""),
            PAIR("sort", "views"), PAIR("page", "3"), PAIR("facets", "theme")));
    ok(!search_page_is_home(&r));
    is_text(r.q, "vélo");
    is_int(r.filters[FACET_KIND].n, 1);
    is_int(r.sort, SORT_VIEWS);
    is_int(r.page, 3);
    is_int(r.facets, 0);
    is_text(search_page_url(A, &r, 3), "/?q=v%C3%A9lo&kind=reuse&sort=views&page=3");
    is_text(search_page_url(A, &r, 1), "/?q=v%C3%A9lo&kind=reuse&sort=views");
    ok(READ(PAIR("q", "  "), PAIR("page", "2")));
    ok(search_page_is_home(&r));
    ok(READ(PAIR("modified_since", "2025")));
    ok(!search_page_is_home(&r));
    ok(READ(PAIR("min_quality", "0")));
    ok(!search_page_is_home(&r));

    ok(!READ(PAIR("page", "zéro"), PAIR("q", "gardé")));
    is_text(wrong,
            "Dans l’adresse de cette page, «\u00a0page\u00a0» vaut «\u00a0zéro\u00a0»\u00a0: "
            "il faut un nombre, à partir de 1.");
    is_text(r.q, "gardé");
    ok(!READ(PAIR("sort", "beauté")));
    ok(holds(wrong, "relevance, modified, issued, views ou title"));
    ok(!READ(PAIR("modified_since", "hier")));
    ok(holds(wrong, "une date"));
    ok(!READ(PAIR("min_quality", "2")));
    ok(holds(wrong, "un nombre de 0 à 1"));
    ok(READ(PAIR("page", "500")));
    ok(!READ(PAIR("page", "501")));
    ok(holds(wrong, "jusqu’à la page 500"));

    char long_text[600];
    memset(long_text, 'a', sizeof long_text);
    struct http_pair query = {STR("q"), str_slice(long_text, 512)};
    ok(search_page_read(&r, (struct http_pairs){&query, 1}, A, &wrong));
    query.value.n = 513;
    ok(!search_page_read(&r, (struct http_pairs){&query, 1}, A, &wrong));
    ok(holds(wrong, "trop longue"));
    struct http_pair many[51];
    for (int i = 0; i < 51; i++)
        many[i] = (struct http_pair){STR("format"), arena_printf(A, "f%d", i)};
    ok(!search_page_read(&r, (struct http_pairs){many, 51}, A, &wrong));
    is_text(wrong, "Le filtre «\u00a0format\u00a0» a trop de valeurs\u00a0: 50 au plus.");

    is_int(search_page_count(0), 1);
    is_int(search_page_count(20), 1);
    is_int(search_page_count(21), 2);
    is_int(search_page_count(70575), 500);
    ok(search_page_facets(true) & 1u << FACET_SOURCE);
    ok(!(search_page_facets(false) & 1u << FACET_SOURCE));
}

// ---- The search page ----------------------------------------------------------------------------

static struct facet_value values[] = {
    {STR("s:o.1"), STR("Rennes"), 30}, {STR("s:o.2"), STR("Brest"), 20},
    {STR("s:o.3"), STR("Paris"), 9},   {STR("s:o.4"), STR("Lyon"), 8},
    {STR("s:o.5"), STR("Nantes"), 7},  {STR("s:o.6"), STR("Lille"), 6},
    {STR("s:o.7"), STR("Nice"), 5},    {STR("s:o.8"), STR("Dijon"), 4},
    {STR("s:o.9"), STR("Metz"), 3},
};

static void test_search(void)
{
    struct search_request r;
    struct str wrong;
    struct facet_value kinds[] = {{STR("dataset"), STR_NONE, 1200}, {STR("reuse"), STR_NONE, 34}};
    struct facet_value formats[] = {{STR("csv"), STR_NONE, 1234}};
    struct facet_answer facets[] = {
        {FACET_KIND, kinds, 2}, {FACET_PUBLISHER, values, 9}, {FACET_FORMAT, formats, 1}};
    struct search_hit hits[] = {hit_of(MEMBERS, FIGURES)};
    struct search_answer answer = {.total = 1234,
                                   .listed = 1234,
                                   .strict_total = 12,
                                   .relaxed = STR("some_words"),
                                   .hits = hits,
                                   .hit_count = 1,
                                   .cursor = STR("c"),
                                   .facets = facets,
                                   .facet_count = 3};
    struct search_page page = {.request = &r, .answer = &answer, .documents = 70575};
    ok(READ(PAIR("q", "bornes"), PAIR("kind", "dataset"), PAIR("publisher", "s:o.8"),
            PAIR("license", "etalab-2.0"), PAIR("theme", "health"), PAIR("page", "2")));
    r.facets = search_page_facets(false);
    json_t *view = search_page_view(A, &page);
    is_text(look_text(view, "layout.title"), "bornes – 1\u202f234\u00a0résultats – page 2 sur 62");
    is_text(look_text(view, "layout.records"), "70\u202f575");
    is_text(look_text(view, "layout.json_url"),
            "/api/v1/search?q=bornes&kind=dataset&publisher=s%3Ao.8&license=etalab-2.0&"
            "theme=health&page=2");
    is_text(look_text(view, "search.csv.url"),
            "/api/v1/export.csv?q=bornes&kind=dataset&publisher=s%3Ao.8&license=etalab-2.0&"
            "theme=health");
    is_text(look_text(view, "search.csv.label"), "Télécharger cette liste (CSV)");
    ok(json_is_true(look(view, "layout.noindex")));
    ok(json_is_true(look(view, "layout.nav.search")));
    is_text(look_text(view, "search.total"), "1\u202f234\u00a0résultats, page\u00a02 sur\u00a062");
    is_text(look_text(view, "search.relaxed.some"), "12\u00a0résultats contiennent tous les mots");
    is_int(look_count(view, "search.results"), 1);

    // Kinds and publishers; one format alone is no choice; the licence asked for is one, though it
    // found nothing.
    is_int(look_count(view, "search.facets.items"), 3);
    is_text(look_text(view, "search.facets.items.0.name"), "kind");
    is_text(look_text(view, "search.facets.items.0.values.0.label"), "Jeu de données");
    is_text(look_text(view, "search.facets.items.0.values.0.count"), "1\u202f200");
    ok(json_is_true(look(view, "search.facets.items.0.values.0.checked")));
    ok(!look(view, "search.facets.items.0.values.1.checked"));
    ok(!look(view, "search.facets.items.0.more"));
    // Five publishers and the active one; three are folded away.
    is_int(look_count(view, "search.facets.items.1.values"), 6);
    is_text(look_text(view, "search.facets.items.1.values.5.label"), "Dijon");
    ok(json_is_true(look(view, "search.facets.items.1.values.5.checked")));
    is_text(look_text(view, "search.facets.items.1.more.label"), "3\u00a0autres producteurs");
    is_int(look_count(view, "search.facets.items.1.more.values"), 3);
    is_text(look_text(view, "search.facets.items.2.name"), "license");
    is_int(look_count(view, "search.facets.items.2.values"), 1);
    ok(json_is_true(look(view, "search.facets.items.2.values.0.checked")));
    ok(!look(view, "search.facets.items.2.values.0.count"));

    // What has no field on the page is kept by the form.
    is_int(look_count(view, "form.hidden"), 1);
    is_text(look_text(view, "form.hidden.0.name"), "theme");
    is_text(look_text(view, "form.hidden.0.value"), "health");

    is_int(look_count(view, "search.filters.items"), 4);
    is_text(look_text(view, "search.filters.items.1.label"), "Producteur");
    is_text(look_text(view, "search.filters.items.1.value"), "Dijon");
    is_text(look_text(view, "search.filters.items.1.remove_url"),
            "/?q=bornes&kind=dataset&license=etalab-2.0&theme=health");
    is_text(look_text(view, "search.filters.items.3.value"), "Santé");
    is_text(look_text(view, "search.filters.clear_url"), "/?q=bornes");
    is_int(look_count(view, "search.sorts.items"), 5);
    ok(json_is_true(look(view, "search.sorts.items.0.selected")));
    ok(!look(view, "search.empty"));
    ok(holds(rendered("search", view), "Résultats pour"));
    json_decref(view);
}

// The numbers of the pages, as "1 2 [3] 4 … 62".
static struct str page_numbers(int64_t page, int64_t total)
{
    struct search_request r;
    search_request_init(&r);
    r.q = STR("a");
    r.page = page;
    struct search_answer answer = {.total = total, .listed = total};
    struct search_page p = {.request = &r, .answer = &answer};
    json_t *view = search_page_view(A, &p);
    const json_t *items = look(view, "search.pages.items"), *item;
    struct buf b = {0};
    size_t i;
    json_array_foreach(items, i, item)
    {
        struct str number = jget(item, "number");
        const char *form = jget_true(item, "gap")       ? "…%.*s "
                           : jget_true(item, "current") ? "[%.*s] "
                                                        : "%.*s ";
        if (jget_true(item, "gap"))
            buf_addz(&b, "… ");
        else
            buf_addf(&b, form, STR_ARG(number));
    }
    if (look(view, "search.pages.previous_url"))
        buf_addz(&b, "< ");
    if (look(view, "search.pages.next_url"))
        buf_addz(&b, "> ");
    struct str text = arena_str(A, str_trim(buf_str(&b)));
    buf_free(&b);
    json_decref(view);
    return text;
}

static void test_paging(void)
{
    is_text(page_numbers(1, 20), "");
    is_text(page_numbers(1, 40), "[1] 2 >");
    is_text(page_numbers(2, 40), "1 [2] <");
    is_text(page_numbers(1, 1240), "[1] 2 3 … 62 >");
    is_text(page_numbers(4, 1240), "1 2 3 [4] 5 6 … 62 < >");
    is_text(page_numbers(5, 1240), "1 2 3 4 [5] 6 7 … 62 < >");
    is_text(page_numbers(6, 1240), "1 … 4 5 [6] 7 8 … 62 < >");
    is_text(page_numbers(58, 1240), "1 … 56 57 [58] 59 60 61 62 < >");
    is_text(page_numbers(62, 1240), "1 … 60 61 [62] <");
    is_text(page_numbers(500, 70575), "1 … 498 499 [500] <");
}

static void test_search_edges(void)
{
    struct search_request r;
    struct str wrong;
    struct search_answer answer = {.total = 0, .listed = 0};
    struct record_title titles[] = {{STR("s:o.8"), STR("Ville de Dijon"), STR_NONE},
                                    {STR("s:o.9"), STR_NONE, STR_NONE}};
    struct search_page page = {
        .request = &r, .answer = &answer, .titles = titles, .title_count = 2};
    ok(READ(PAIR("publisher", "s:o.8"), PAIR("publisher", "s:o.9"), PAIR("sort", "title"),
            PAIR("modified_since", "2026-01-03"), PAIR("min_quality", "0.5")));
    r.facets = search_page_facets(true);
    json_t *view = search_page_view(A, &page);
    is_text(look_text(view, "layout.title"), "Ville de Dijon, s:o.9 – Aucun résultat");
    is_text(look_text(view, "search.total"), "Aucun résultat");
    ok(!look(view, "search.facets"));
    ok(!look(view, "search.sorts"));
    ok(!look(view, "search.pages"));
    ok(!look(view, "search.results"));
    is_int(look_count(view, "search.empty.filtered.items"), 4);
    is_text(look_text(view, "search.empty.filtered.items.3.remove_url"),
            "/?publisher=s%3Ao.8&publisher=s%3Ao.9&modified_since=2026-01-03&sort=title");
    is_text(look_text(view, "search.empty.filtered.clear_url"), "/");
    ok(!look(view, "search.empty.several_words"));
    is_int(look_count(view, "form.hidden"), 5); // two publishers, a date, a quality, the order
    is_text(look_text(view, "form.hidden.2.value"), "2026-01-03");
    is_text(look_text(view, "form.hidden.3.value"), "0.5");
    is_text(look_text(view, "form.hidden.4.value"), "title");
    is_text(look_text(view, "search.filters.items.0.value"), "Ville de Dijon");
    is_text(look_text(view, "search.filters.items.2.value"), "3\u00a0janvier\u00a02026");
    is_text(look_text(view, "search.filters.items.2.remove_url"),
            "/?publisher=s%3Ao.8&publisher=s%3Ao.9&min_quality=0.5&sort=title");
    is_text(look_text(view, "search.filters.items.3.value"), "au moins 50\u00a0%");
    json_decref(view);

    // Relations, by the titles of their records where these are known.
    ok(READ(PAIR("uses", "s:1"), PAIR("used_by", "s:2"), PAIR("kind", "reuse")));
    ok(!search_page_is_home(&r));
    page.uses_title = STR("Arbres");
    view = search_page_view(A, &page);
    is_text(look_text(view, "layout.title"), "Réutilisation, Arbres, s:2 – Aucun résultat");
    is_text(look_text(view, "search.filters.items.1.label"), "Utilise");
    is_text(look_text(view, "search.filters.items.1.value"), "Arbres");
    is_text(look_text(view, "search.filters.items.1.remove_url"), "/?kind=reuse&used_by=s%3A2");
    is_text(look_text(view, "search.filters.items.2.label"), "Utilisé par");
    is_text(look_text(view, "search.filters.items.2.value"), "s:2");
    is_text(look_text(view, "search.filters.items.2.remove_url"), "/?kind=reuse&uses=s%3A1");
    is_text(look_text(view, "form.hidden.1.name"), "uses");
    is_text(look_text(view, "form.hidden.2.value"), "s:2");
    json_decref(view);
    ok(READ(PAIR("uses", "s:1")));
    ok(!search_page_is_home(&r));
    view = search_page_view(A, &page);
    is_text(look_text(view, "search.filters.items.0.remove_url"), "/");
    json_decref(view);
    page.uses_title = STR_NONE;

    // The only filter leads home; the publisher's name is that of the result.
    struct search_hit hits[] = {hit_of(MEMBERS, FIGURES)};
    answer = (struct search_answer){.total = 1,
                                    .listed = 1,
                                    .strict_total = 0,
                                    .relaxed = STR("some_words"),
                                    .corrected = STR("arbre"),
                                    .hits = hits,
                                    .hit_count = 1};
    ok(READ(PAIR("publisher", "s:o.1")));
    view = search_page_view(A, &page);
    is_text(look_text(view, "layout.title"), "Rennes – 1\u00a0résultat");
    is_text(look_text(view, "search.filters.items.0.remove_url"), "/");
    is_text(look_text(view, "search.filters.clear_url"), "/");
    is_text(look_text(view, "search.corrected.text"), "arbre");
    is_text(look_text(view, "search.corrected.url"), "/?q=arbre&publisher=s%3Ao.1");
    ok(!look(view, "search.corrected.some"));
    ok(json_is_true(look(view, "search.relaxed.partly")));
    ok(!look(view, "search.empty"));
    json_decref(view);

    ok(!READ(PAIR("page", "x"), PAIR("q", "vélo")));
    page = (struct search_page){.request = &r, .wrong = wrong};
    view = search_page_view(A, &page);
    is_text(look_text(view, "form.query"), "vélo");
    is_text(look_text(view, "search.error.message").n ? STR("said") : STR(""), "said");
    ok(holds(rendered("search", view), "Cette recherche ne peut pas être faite"));
    json_decref(view);
}

static void test_hostile_search(void)
{
    struct search_request r;
    struct str bad = str_of(hostile);
    struct facet_value bad_values[] = {{bad, bad, 1}, {STR("b"), bad, 2}};
    struct facet_answer facets[] = {{FACET_PUBLISHER, bad_values, 2}};
    json_t *record = json_pack("{s:s%,s:s,s:s%,s:{s:s%,s:s%},s:s%}", "id", bad.p, bad.n, "kind",
                               "dataset", "title", bad.p, bad.n, "publisher", "id", bad.p, bad.n,
                               "name", bad.p, bad.n, "access", bad.p, bad.n);
    char *text = json_dumps(record, JSON_COMPACT);
    struct search_hit hits[] = {
        {.members = str_slice(text, strlen(text) - 1), .snippet = STR("x")}};
    struct search_answer answer = {.total = 100,
                                   .listed = 100,
                                   .hits = hits,
                                   .hit_count = 1,
                                   .facets = facets,
                                   .facet_count = 1,
                                   .corrected = bad};
    struct search_page page = {.request = &r, .answer = &answer};
    search_request_init(&r);
    r.q = bad;
    for (size_t f = 0; f < FACET_COUNT; f++)
        arena_push(A, &r.filters[f], bad);
    r.facets = search_page_facets(true);
    json_t *view = search_page_view(A, &page);
    ok(is_harmless(rendered("search", view)));
    json_decref(view);
    page = (struct search_page){.request = &r, .wrong = bad};
    view = search_page_view(A, &page);
    ok(is_harmless(rendered("search", view)));
    json_decref(view);
    free(text);
    json_decref(record);
}

// ---- Home ---------------------------------------------------------------------------------------

static void test_home(void)
{
    struct search_request r;
    home_request(&r, A);
    is_int(r.sort, SORT_MODIFIED);
    is_int(r.facets, 1u << FACET_KIND);
    is_int(r.filters[FACET_KIND].n, 4); // no organization among the recent ones
    struct facet_value kinds[] = {{STR("organization"), STR_NONE, 4000},
                                  {STR("dataset"), STR_NONE, 62410},
                                  {STR("reuse"), STR_NONE, 1}};
    struct facet_answer facets[] = {{FACET_KIND, kinds, 3}};
    struct search_hit hits[] = {
        hit_of(MEMBERS, "\"modified\":\"2999-01-01\""),
        hit_of(MEMBERS, "\"modified\":\"2026-01-15\""),
        hit_of("{\"id\":", ""),
        hit_of(MEMBERS, "\"modified\":null"),
    };
    struct search_answer answer = {
        .total = 3, .listed = 3, .hits = hits, .hit_count = 4, .facets = facets, .facet_count = 1};
    json_t *view = home_view(A, &answer, 70575, NULL, instant("2026-01-16"), paris);
    is_int(look_count(view, "home.kinds.items"), 3);
    is_text(look_text(view, "home.kinds.items.0.label"), "jeux de données");
    is_text(look_text(view, "home.kinds.items.0.count"), "62\u202f410");
    is_text(look_text(view, "home.kinds.items.0.url"), "/?kind=dataset");
    is_text(look_text(view, "home.kinds.items.1.label"), "réutilisation");
    is_text(look_text(view, "home.kinds.items.2.kind"), "organization");
    is_int(look_count(view, "home.recent.items"), 1);
    is_text(look_text(view, "home.recent.items.0.modified_iso"), "2026-01-15");
    ok(look_count(view, "home.examples.items") >= 3);
    ok(holds(rendered("home", view), "62\u202f410"));
    json_decref(view);
}

static void test_waiting(void)
{
    struct harvester_source sources[] = {
        {.name = STR("data.gouv.fr"), .running = true, .announced = 70575, .met = 12300},
        {.name = STR("sill"), .running = true, .met = 1},
        {.name = STR("essai"), .waiting = true},
        {.name = STR("autre")},
    };
    struct str text = home_waiting(A, sources, 4);
    ok(holds(text, "data.gouv.fr\u00a0: 12\u202f300\u00a0fiches lues sur 70\u202f575"));
    ok(holds(text, "sill\u00a0: 1\u00a0fiche lue\u00a0; essai\u00a0: en attente."));
    ok(!holds(text, "autre"));
    ok(holds(home_waiting(A, &sources[3], 1), "Aucune fiche n’a encore été moissonnée"));
    ok(holds(home_waiting(A, NULL, 0), "Aucune source"));
}

int main(void)
{
    if (!ok(pages_set_up()))
        return tap_done();
    test_links();
    test_result();
    test_address();
    test_search();
    test_paging();
    test_search_edges();
    test_hostile_search();
    test_home();
    test_waiting();
    pages_tear_down();
    return tap_done();
}
