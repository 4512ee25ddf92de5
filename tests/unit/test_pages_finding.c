// The pages that help to find: territories as people type them, what a search tells of itself, series of variants, similar
// records, the values of a filter.
#include "tests/unit/pages_fixture.h"

#include "indexer/places/geography.h"

#define A (&arena)

static struct geography world;

static struct str zone_of(const char *typed)
{
    struct place_reading read;
    place_read(world.places, str_of(typed), A, &read);
    return read.zone;
}

static struct place_reading choices_of(const char *typed)
{
    struct place_reading read;
    place_read(world.places, str_of(typed), A, &read);
    ok(!read.zone.n);
    return read;
}

// ---- Territories --------------------------------------------------------------------------------

static void test_names(void)
{
    const struct places *p = world.places;
    is_text(place_name(p, STR("fr:commune:35238")), "Rennes");
    is_text(place_name(p, STR("fr:commune:00000")), "");
    is_text(place_name(NULL, STR("fr:commune:35238")), "");
    is_text(place_label(p, A, STR("fr:commune:35238")), "Rennes (commune)");
    is_text(place_label(p, A, STR("fr:epci:243500139")), "Rennes Métropole (intercommunalité)");
    is_text(place_label(p, A, STR("fr:departement:35")), "Ille-et-Vilaine (département)");
    is_text(place_label(p, A, STR("fr:region:53")), "Bretagne (région)");
    is_text(place_label(p, A, STR("country:fr")), "France");
    is_text(place_label(p, A, STR("mars")), "");
    is_text(place_words(p, A, STR("fr:commune:35238")), "Rennes (35238)");
    is_text(place_words(p, A, STR("mars:1")), "mars:1");
    is_text(place_words(NULL, A, STR("fr:commune:35238")), "fr:commune:35238");
    is_text(french_list(A, place_around(p, A, STR("fr:commune:35238")), 9),
            "Rennes Métropole, Ille-et-Vilaine, Bretagne, France");
    is_int(place_around(p, A, STR("mars")).n, 0);
}

static void test_reading(void)
{
    is_text(zone_of("Rennes"), "fr:commune:35238"); // and not its arrondissement
    is_text(zone_of(" rennes "), "fr:commune:35238");
    is_text(zone_of("35238"), "fr:commune:35238");
    is_text(zone_of("35000"), "fr:commune:35238");
    is_text(zone_of("35"), "fr:departement:35");
    is_text(zone_of("2A"), "fr:departement:2A");
    is_text(zone_of("243500139"), "fr:epci:243500139");
    is_text(zone_of("rennes metropole"), "fr:epci:243500139");
    is_text(zone_of("paris"), "fr:commune:75056"); // the département has the same people
    is_text(zone_of("France"), "country:fr");
    is_text(zone_of("Saint-Denis (93)"),
            "fr:commune:93066"); // not Seine-Saint-Denis, whose code it is
    is_text(zone_of("Saint-Denis 93"), "fr:commune:93066");
    is_text(zone_of("Seine-Saint-Denis (93)"), "fr:departement:93");
    is_text(zone_of("Rennes (35000)"), "fr:commune:35238");
    is_text(zone_of("Bretagne (53)"), "fr:region:53"); // 53 alone is the Mayenne
    is_text(zone_of("53"), "fr:departement:53");
    is_text(zone_of("rhennes (35238)"), "fr:commune:35238"); // by the code alone
    // Ids are what they are, also where nobody knows them.
    is_text(zone_of("fr:commune:35238"), "fr:commune:35238");
    is_text(zone_of("country-subset:fr:metro"), "country-subset:fr:metro");
    is_text(zone_of("mars:1"), "mars:1");
    struct place_reading read;
    place_read(NULL, STR("Rennes"), A, &read);
    is_text(read.zone, "Rennes");
}

// What the field shows is read back.
static void test_round_trip(void)
{
    static const char *const zones[] = {
        "fr:commune:35238",    "fr:commune:93066",   "fr:epci:243500139",      "fr:departement:53",
        "fr:departement:974",  "fr:region:53",       "country-subset:fr:drom", "country:fr",
        "country-group:world", "fr:commune:75113",   "fr:departement:75",      "fr:region:11",
        "fr:commune:53147",    "fr:collectivite:987"};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        struct str words = place_words(world.places, A, str_of(zones[i]));
        is_text(zone_of(words.p), zones[i]);
    }
}

static void test_choices(void)
{
    struct place_reading read = choices_of("mayenne");
    is_int(read.choice_count, 2);
    is_text(read.choices[0]->id, "fr:departement:53"); // the most people first
    is_text(read.choices[1]->id, "fr:commune:53147");
    ok(!read.more);
    is_int(choices_of("xqzzvw").choice_count, 0);
    is_int(choices_of("").choice_count, 0);
    is_int(choices_of("(").choice_count, 0);
    read = choices_of("chat");
    is_int(read.choice_count, PLACE_CHOICES);
    ok(read.more);
    char text[400];
    memset(text, 'a', sizeof text);
    place_read(world.places, str_slice(text, sizeof text), A, &read);
    is_int(read.choice_count, 0);
}

static void test_place_page(void)
{
    struct search_request r;
    search_request_init(&r);
    r.q = STR("vélo");
    arena_push(A, &r.filters[FACET_LICENSE], STR("etalab-2.0"));
    arena_push(A, &r.filters[FACET_TERRITORY], STR("country:fr"));
    arena_push(A, &r.filters[FACET_TERRITORY], STR("mayenne"));
    struct place_reading read = choices_of("mayenne");
    struct place_page page = {&r, 1, &read, world.places, 7};
    json_t *view = place_page_view(A, &page);
    is_text(look_text(view, "territory.typed"), "mayenne");
    is_int(look_count(view, "territory.choices.items"), 2);
    is_text(look_text(view, "territory.choices.items.1.name"), "Mayenne");
    is_text(look_text(view, "territory.choices.items.1.detail"),
            "Commune, Mayenne, 12\u202f883\u00a0habitants, code postal 53100");
    is_text(
        look_text(view, "territory.choices.items.1.url"),
        "/?q=v%C3%A9lo&license=etalab-2.0&territory=country%3Afr&territory=fr%3Acommune%3A53147");
    is_text(look_text(view, "territory.without_url"),
            "/?q=v%C3%A9lo&license=etalab-2.0&territory=country%3Afr");
    is_text(look_text(view, "territory.query"), "vélo");
    is_int(look_count(view, "territory.hidden"), 2);
    is_text(look_text(view, "territory.hidden.1.value"), "country:fr");
    is_text(r.filters[FACET_TERRITORY].v[1], "mayenne"); // the request is as it was
    ok(holds(rendered("territory", view), "Plusieurs territoires répondent"));
    json_decref(view);

    r.filters[FACET_TERRITORY].v[1] = r.q = str_of(hostile);
    read = choices_of(hostile);
    view = place_page_view(A, &page);
    ok(!look(view, "territory.choices"));
    struct str text = rendered("territory", view);
    ok(is_harmless(text));
    ok(holds(text, "Aucun territoire ne répond"));
    json_decref(view);
}

// ---- The search page ----------------------------------------------------------------------------

static struct search_request r;
static struct search_hit hits[2];
static struct search_answer answer;
static struct search_page page;

static void start(const char *q)
{
    search_request_init(&r);
    r.q = str_of(q);
    hits[0] = hits[1] = (struct search_hit){
        .members = STR("{\"id\":\"s:1\",\"kind\":\"dataset\",\"title\":\"Arbres\","
                       "\"spatial\":{\"zones\":[\"fr:region:53\",\"mars\",\"country:fr\"]}")};
    answer = (struct search_answer){.total = 2, .strict_total = 2, .hits = hits, .hit_count = 2};
    page = (struct search_page){.request = &r, .answer = &answer, .places = world.places};
}

static void test_territory_of_a_search(void)
{
    start("arbres");
    arena_push(A, &r.filters[FACET_TERRITORY], STR("fr:commune:35238"));
    json_t *view = search_page_view(A, &page);
    is_text(look_text(view, "search.filters.items.0.value"), "Rennes (commune)");
    is_text(look_text(view, "search.facets.place.value"), "Rennes (35238)");
    ok(!look(view, "form.hidden")); // the field has it
    is_text(look_text(view, "search.around.name"), "Rennes (commune)");
    is_text(look_text(view, "search.around.wider"),
            "Rennes Métropole, Ille-et-Vilaine, Bretagne, France");
    ok(json_is_true(look(view, "search.around.nearest_first")));
    is_text(look_text(view, "search.results.0.territory"), "Bretagne (région) et 1\u00a0autre");
    ok(holds(rendered("search", view), "Le plus proche vient d’abord."));
    json_decref(view);

    r.sort = SORT_TITLE;
    arena_push(A, &r.filters[FACET_TERRITORY], STR("fr:departement:29"));
    view = search_page_view(A, &page);
    ok(!look(view, "search.around")); // two of them
    is_text(look_text(view, "form.hidden.0.value"), "fr:departement:29");
    json_decref(view);

    answer.total = 0;
    answer.hit_count = 0;
    view = search_page_view(A, &page);
    is_int(look_count(view, "form.hidden"), 3); // both, and the order: there is no field now
    json_decref(view);
}

static void test_series(void)
{
    start("budget");
    hits[1].variants = 12;
    hits[1].variant = STR("0123456789abcdef");
    json_t *view = search_page_view(A, &page);
    ok(!look(view, "search.results.0.variants"));
    is_text(look_text(view, "search.results.1.variants.label"), "12\u00a0autres");
    is_text(look_text(view, "search.results.1.variants.url"),
            "/?q=budget&variants=0123456789abcdef");
    ok(!look(view, "search.series"));
    ok(holds(rendered("search", view), "de la même série"));
    json_decref(view);

    r.variants = STR("0123456789abcdef");
    r.sort = SORT_TITLE;
    view = search_page_view(A, &page);
    is_text(look_text(view, "search.series.url"), "/?q=budget&sort=title");
    is_text(look_text(view, "form.hidden.0.name"), "variants");
    json_decref(view);
    r.q = STR_NONE;
    ok(!search_page_is_home(&r));

    struct http_pair pair = {STR("variants"), STR("non")};
    struct str wrong;
    ok(!search_page_read(&r, (struct http_pairs){&pair, 1}, A, &wrong));
    ok(holds(wrong, "la clé d’une série"));
    pair.value = STR("0123456789abcdef");
    ok(search_page_read(&r, (struct http_pairs){&pair, 1}, A, &wrong));
    is_text(r.variants, "0123456789abcdef");
}

static void test_corrected(void)
{
    start("vélau");
    answer.strict_total = 3;
    answer.corrected = STR("vélo");
    json_t *view = search_page_view(A, &page);
    is_text(look_text(view, "search.corrected.text"), "vélo");
    is_text(look_text(view, "search.corrected.url"), "/?q=v%C3%A9lo");
    is_text(look_text(view, "search.corrected.some"), "3\u00a0résultats exacts");
    ok(!look(view, "search.relaxed"));
    ok(holds(rendered("search", view), "voici aussi les résultats"));
    json_decref(view);
    answer.strict_total = 0;
    answer.relaxed = STR("some_words");
    view = search_page_view(A, &page);
    ok(json_is_true(look(view, "search.relaxed.partly")));
    ok(holds(rendered("search", view), "Aucun résultat exact"));
    json_decref(view);
}

static void test_nothing_found(void)
{
    start("xqzzvw foo");
    answer = (struct search_answer){.total = 0};
    json_t *view = search_page_view(A, &page);
    ok(json_is_true(look(view, "search.empty.several_words")));
    ok(!look(view, "search.empty.filtered"));
    json_decref(view);
    arena_push(A, &r.filters[FACET_FORMAT], STR("csv"));
    view = search_page_view(A, &page);
    is_text(look_text(view, "search.empty.filtered.items.0.value"), "CSV");
    is_text(look_text(view, "search.empty.filtered.items.0.remove_url"), "/?q=xqzzvw%20foo");
    ok(!look(view, "search.empty.filtered.clear_url")); // that is the same address
    json_decref(view);
}

// Pages are those of what is listed; the total counts the variants behind too.
static void test_last_page(void)
{
    start("budget");
    answer.total = 100;
    answer.listed = 60;
    r.page = 2;
    json_t *view = search_page_view(A, &page);
    is_text(look_text(view, "search.total"), "100\u00a0résultats, page\u00a02 sur\u00a03");
    is_text(look_text(view, "search.pages.next_url"), "/?q=budget&page=3");
    json_decref(view);
    answer.listed = 40;
    view = search_page_view(A, &page);
    is_text(look_text(view, "search.total"), "100\u00a0résultats, page\u00a02 sur\u00a02");
    ok(!look(view, "search.pages.next_url"));
    json_decref(view);
}

// ---- Values -------------------------------------------------------------------------------------

static void test_values(void)
{
    struct facet_value values[] = {{STR("s:o.1"), STR("Rennes"), 1234},
                                   {STR("s:o.2"), STR("Renault"), 1}};
    struct facet_found found = {.total = 120, .values = values, .n = 2};
    struct values_page p = {
        .facet = FACET_PUBLISHER, .request = &r, .found = &found, .letters = STR("re n")};
    start("eau");
    arena_push(A, &r.filters[FACET_PUBLISHER], STR("s:o.2"));
    r.page = 2;
    json_t *view = values_page_view(A, &p);
    is_text(look_text(view, "values.title"), "Producteurs");
    is_text(look_text(view, "values.facet"), "publisher");
    is_text(look_text(view, "values.total"), "120\u00a0valeurs");
    is_text(look_text(view, "values.back_url"), "/?q=eau&publisher=s%3Ao.2");
    is_text(look_text(view, "values.hidden.0.value"), "s:o.2");
    is_text(look_text(view, "values.values.items.0.label"), "Rennes");
    is_text(look_text(view, "values.values.items.0.count"), "1\u202f234\u00a0fiches");
    is_text(look_text(view, "values.values.items.0.url"),
            "/?q=eau&publisher=s%3Ao.2&publisher=s%3Ao.1");
    ok(!look(view, "values.values.items.0.chosen"));
    ok(json_is_true(look(view, "values.values.items.1.chosen")));
    is_text(look_text(view, "values.values.items.1.url"), "/?q=eau&publisher=s%3Ao.2");
    is_text(look_text(view, "values.previous_url"),
            "/valeurs/publisher?q=eau&publisher=s%3Ao.2&lettres=re%20n");
    is_text(look_text(view, "values.next_url"),
            "/valeurs/publisher?q=eau&publisher=s%3Ao.2&page=3&lettres=re%20n");
    json_decref(view);

    search_request_init(&r);
    p.letters = STR_NONE;
    p.facet = FACET_THEME;
    found = (struct facet_found){0};
    view = values_page_view(A, &p);
    is_text(look_text(view, "values.title"), "Thème");
    is_text(look_text(view, "values.total"), "Aucune valeur");
    is_text(look_text(view, "values.back_url"), "/");
    ok(!look(view, "values.values"));
    ok(!look(view, "values.previous_url"));
    ok(!look(view, "values.next_url"));
    json_decref(view);
    is_text(values_page_url(A, &r, FACET_KEYWORD), "/valeurs/keyword");

    values[0].label = values[0].value = p.letters = r.q = str_of(hostile);
    found = (struct facet_found){.total = 1, .values = values, .n = 1};
    p.facet = FACET_KEYWORD;
    view = values_page_view(A, &p);
    ok(is_harmless(rendered("values", view)));
    json_decref(view);
}

// The link to all values is there where a facet may have more than it shows.
static void test_link_to_values(void)
{
    struct facet_value values[SEARCH_FACET_VALUES];
    for (size_t i = 0; i < SEARCH_FACET_VALUES; i++)
        values[i] = (struct facet_value){arena_printf(A, "s:o.%zu", i), STR("Nom"), 1};
    struct facet_answer facets[] = {{FACET_PUBLISHER, values, SEARCH_FACET_VALUES},
                                    {FACET_FORMAT, values, SEARCH_FACET_VALUES - 1}};
    start("eau");
    answer.facets = facets;
    answer.facet_count = 2;
    r.facets = search_page_facets(false);
    ok(!(r.facets & 1u << FACET_TERRITORY)); // it has a field
    json_t *view = search_page_view(A, &page);
    is_text(look_text(view, "search.facets.items.0.all_url"), "/valeurs/publisher?q=eau");
    is_text(look_text(view, "search.facets.items.0.all_label"),
            "Chercher parmi tous les producteurs");
    ok(!look(view, "search.facets.items.1.all_url"));
    is_text(look_text(view, "search.facets.keywords_url"), "/valeurs/keyword?q=eau");
    json_decref(view);
}

// ---- Similar records ----------------------------------------------------------------------------

static void test_similar(void)
{
    struct record record;
    record_init(&record);
    record.id = STR("s:1");
    record.title = STR("Arbres");
    record.spatial.zones = (struct strs){(struct str[]){STR("fr:commune:35238")}, 1};
    struct stored stored = {.id = record.id, .source = STR("s")};
    struct shown_record shown = {.stored = &stored, .record = record};
    struct record_page p = {.shown = &shown, .places = world.places};
    json_t *view = record_page_view(A, &p);
    ok(!look(view, "record.similar")); // they could not be told
    is_text(look_text(view, "record.spatial"), "Rennes");
    json_decref(view);
    start("");
    p.similar = &answer;
    view = record_page_view(A, &p);
    is_int(look_count(view, "record.similar.items"), 2);
    is_text(look_text(view, "record.similar.items.0.url"), "/r/s:1");
    ok(holds(rendered("record", view), "Fiches proches"));
    json_decref(view);
}

int main(void)
{
    struct err e;
    if (!ok(pages_set_up()) || !ok(geography_load(STR_NONE, &world, &e)))
        return tap_done();
    test_names();
    test_reading();
    test_round_trip();
    test_choices();
    test_place_page();
    test_territory_of_a_search();
    test_series();
    test_corrected();
    test_nothing_found();
    test_last_page();
    test_values();
    test_link_to_values();
    test_similar();
    geography_free(&world);
    pages_tear_down();
    return tap_done();
}
