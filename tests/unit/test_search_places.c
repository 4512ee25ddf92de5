// Searching with places: what the territory filter keeps and in which order, what a query that names a place finds and for which
// score, what the facet shows; over records that lie in their zones, their labels, their titles or their publishers.
#include "tests/unit/search_places_fixture.h"

#include <math.h>

static void add_zoned(const char *id, const char *zones, int64_t views)
{
    struct record r = record_of(id, KIND_DATASET, "Recharge");
    r.spatial.zones = list_of(zones);
    r.popularity.views = views;
    add(&r, STATUS_ACTIVE);
}

// The wider the zone, the more it is seen: by use alone the widest would be first.
static void fill(void)
{
    struct record r;
    begin_generation();
    add_zoned("quarter", "fr:commune:35901", 100);
    add_zoned("rennes", "fr:commune:35238", 200);
    add_zoned("metropole", "fr:epci:243500139", 400);
    add_zoned("malo", "fr:commune:35288", 300);
    add_zoned("d35", "fr:departement:35", 800);
    add_zoned("brieuc", "fr:commune:22278", 500);
    add_zoned("d22", "fr:departement:22", 700);
    add_zoned("bretagne", "fr:region:53", 1600);
    add_zoned("caen", "fr:commune:14118", 600);
    add_zoned("france", "country:fr", 3200);
    add_zoned("world", "country-group:world", 6400);
    add_zoned("allemagne", "country:de", 5000);
    add_zoned("nowhere", "", 9000);
    add_zoned("unknown", "fr:commune:99999", 50);
    r = record_of("label", KIND_REUSE, "Carte");
    r.spatial.labels = list_of("Saint-Malo|Quelque part");
    add(&r, STATUS_ACTIVE);
    r = record_of("title", KIND_REUSE, "Carte de la ville de Caen");
    add(&r, STATUS_ACTIVE);
    r = record_of("publisher", KIND_REUSE, "Carte");
    r.publisher = (struct publisher){
        .id = STR("org:1"), .name = STR("Mairie de Saint-Brieuc"), .kind = STR("local-authority")};
    add(&r, STATUS_ACTIVE);
    r = record_of("two", KIND_REUSE, "Carte");
    r.spatial.zones = list_of("fr:commune:14118|fr:commune:35288|fr:commune:14118");
    add(&r, STATUS_ACTIVE);
    commit("18", true);
}

// ---- The filter ----------------------------------------------------------------------------------------

static void filter(void)
{
    // The zone and what lies in it, by score; then each scale around, from the nearest on; neither neighbours nor what has no zone.
    is_text(ask("kind=dataset&territory=fr:commune:35238"),
            "rennes quarter metropole d35 bretagne france world");
    is_int(answer.total, 7);
    is_int(answer.strict_total, 7);
    is_text(ask("kind=dataset&territory=35238"),
            "rennes quarter metropole d35 bretagne france world");
    is_text(ask("kind=dataset&territory=fr:commune:35238@1970-01-01"),
            "rennes quarter metropole d35 bretagne france world");
    is_text(ask("kind=dataset&territory=243500139"),
            "metropole rennes quarter d35 bretagne france world");
    is_text(ask("kind=dataset&territory=35"),
            "d35 metropole malo rennes quarter bretagne france world");
    is_text(ask("kind=dataset&territory=fr:region:53"),
            "bretagne d35 d22 brieuc metropole malo rennes quarter france world");
    is_text(ask("kind=dataset&territory=country:fr"),
            "france bretagne d35 d22 caen brieuc metropole malo rennes quarter world");
    is_text(ask("kind=dataset&territory=country:de"), "allemagne world");
    is_text(ask("kind=dataset&territory=country-group:world"),
            "world allemagne france bretagne d35 d22 caen brieuc metropole malo rennes quarter");
    // What the table does not have is itself alone.
    is_text(ask("kind=dataset&territory=fr:commune:99999"), "unknown");
    is_text(ask("kind=dataset&territory=fr:commune:99998"), "");
    is_text(ask("kind=dataset&territory=nowhere"), "");
    is_text(ask("kind=dataset&territory=99"), "");

    // Several are alternatives: the scale nearest to any of them counts.
    is_text(ask("kind=dataset&territory=35238&territory=22"),
            "d22 brieuc rennes quarter bretagne metropole france d35 world");
    is_int(answer.total, 9);
    is_text(ask("kind=dataset&territory=35238&territory=fr:commune:99999"),
            "rennes quarter unknown metropole d35 bretagne france world");
    is_text(ask("kind=dataset&territory=fr:commune:99999&territory=35238"),
            "rennes quarter unknown metropole d35 bretagne france world");

    // Labels, titles, publishers; each of several zones.
    is_text(ask("kind=reuse&territory=35288"), "label two");
    is_text(ask("kind=reuse&territory=fr:commune:14118"), "title two");
    is_text(ask("kind=reuse&territory=14"), "title two");
    is_text(ask("kind=reuse&territory=22278"), "publisher");
    is_text(ask("kind=reuse&territory=fr:region:53"), "label publisher two");
}

// Beside words, other filters and sorts; and the facets.
static void filter_beside(void)
{
    is_text(ask("q=recharge&territory=35238"),
            "rennes quarter metropole d35 bretagne france world");
    is_text(ask("q=recharge territory:35238"),
            "rennes quarter metropole d35 bretagne france world");
    is_text(ask("q=carte&territory=35238"), "");
    is_text(ask("q=recharge&territory=35238&sort=views"),
            "world france bretagne d35 metropole rennes quarter");
    is_text(ask("kind=dataset&territory=35238&sort=views&page_size=2&page=2"), "bretagne d35");
    is_text(ask("kind=dataset&territory=35238&page_size=3&page=2"), "d35 bretagne france");
    is_text(ask("kind=dataset&kind=reuse&territory=35288&facets=1"),
            "malo label two d35 bretagne france world");
    is_text(facet_text(FACET_KIND), "dataset:5 reuse:2");
    // Left out: the zone and what lies in it, not what contains it.
    is_text(ask("q=recharge -territory:35238&sort=views"),
            "nowhere world allemagne france bretagne d35 d22 caen brieuc metropole malo unknown");
}

// Tiers of a filter go through pages and cursors: each once, in order.
static void filter_pages(void)
{
    struct str whole = ask("kind=dataset&territory=fr:region:53&page_size=100");
    for (int size = 1; size <= 4; size++) {
        struct buf b = {0};
        struct str cursor = STR("");
        do {
            struct str ids = ask(arena_printf(&arena,
                                              "kind=dataset&territory=fr:region:53&page_size=%d"
                                              "&cursor=%.*s",
                                              size, STR_ARG(cursor))
                                     .p);
            buf_addf(&b, "%s%.*s", b.n ? " " : "", STR_ARG(ids));
            cursor = arena_str(&arena, answer.cursor);
        } while (answer.cursor.n);
        is_text(buf_str(&b), whole.p);
        buf_free(&b);
    }
}

static struct str label_of(const char *value)
{
    for (size_t i = 0; i < answer.facet_count; i++)
        for (size_t j = 0; answer.facets[i].facet == FACET_TERRITORY && j < answer.facets[i].n; j++)
            if (str_eq(answer.facets[i].values[j].value, str_of(value)))
                return answer.facets[i].values[j].label;
    return STR("none");
}

static void facet(void)
{
    ask("kind=reuse&facets=1");
    // What records say of themselves, not what is around it.
    is_text(facet_text(FACET_TERRITORY),
            "fr:commune:14118:2 fr:commune:35288:2 fr:commune:22278:1");
    is_text(label_of("fr:commune:14118"), "Caen");
    is_text(label_of("fr:commune:35288"), "Saint-Malo");
    is_text(label_of("fr:commune:22278"), "Saint-Brieuc");
    ask("kind=dataset&facets=1");
    is_text(label_of("country:fr"), "France");
    is_text(label_of("fr:commune:99999"), ""); // the table does not have it
    is_text(label_of("country:de"), "");
    // Counted without its own filter.
    ask("kind=reuse&territory=14118&facets=1");
    is_int(answer.total, 2);
    is_text(facet_text(FACET_TERRITORY),
            "fr:commune:14118:2 fr:commune:35288:2 fr:commune:22278:1");
}

// Rules without places: a zone is a word like others.
static void no_places(void)
{
    use_rules("", TEST_GENERIC, TEST_RANKING);
    is_text(ask("territory=35238"), "rennes");
    is_text(ask("territory=35"), "d35");
    is_text(ask("territory=fr:region:53"), "bretagne");
    is_text(ask("q=bretagne"), "bretagne");
    use_places("", TEST_RANKING);
}

// ---- Places in a query ---------------------------------------------------------------------------------

#define PLAIN TEST_FIELDS TEST_TEXT "title: {exact: 0, coverage: 0, pairs: 0, share: 0}\n"
#define NO_USE "use: {strength: 0}\nvariants: 0\nmatching: {enough: 0}\n"

static double score_of(const char *id)
{
    for (size_t i = 0; i < answer.hit_count; i++)
        if (str_eq(member_of(answer.hits[i].members, "id"), str_of(id)))
            return answer.hits[i].score;
    return -1;
}

#define is_score(id, want) is_near(score_of(id), (want), id, __LINE__)

static void is_near(double got, double want, const char *id, int line)
{
    if (!tap_result(fabs(got - want) < 1e-5, __FILE__, line, id))
        printf("#   got %.7g, wanted %.7g\n", got, want);
}

static double rarity(double with)
{
    return log(1 + (18 - with + 0.5) / (with + 0.5));
}

static void named(void)
{
    // One occurrence in a zone of weight 1 and no length: 1 / (1 + 1.2).
    const double once = 1 / 2.2;
    use_places("", PLAIN NO_USE "place: {around: 0.5, step: 0.8, inside: 0.25}\n");

    // "Rennes" is the name of two zones, and a word of a third.
    ask("q=rennes&kind=dataset");
    is_int(answer.total, 7);
    is_int(answer.strict_total, 7);
    double r = rarity(3);
    is_score("rennes", r * once);
    is_score("metropole", r * once);
    is_score("quarter", r * once);
    is_score("d35", r * once * 0.5 * 0.8);
    is_score("bretagne", r * once * 0.5 * 0.8 * 0.8);
    is_score("france", r * once * 0.5 * 0.8 * 0.8 * 0.8);
    is_score("world", r * once * 0.5 * 0.8 * 0.8 * 0.8 * 0.8);
    is_score("malo", -1);
    is_score("nowhere", -1);

    // A place in others, and others in it. By another name too, which stands for the zone as a synonym does.
    ask("q=bretagne");
    is_int(answer.total, 13);
    r = rarity(1);
    is_score("bretagne", r * once);
    is_score("france", r * once * 0.5);
    is_score("world", r * once * 0.5 * 0.8);
    is_score("d22", r * once * 0.25);
    is_score("quarter", r * once * 0.25);
    is_score("publisher", r * once * 0.25);
    is_score("two", r * once * 0.25);
    is_score("caen", -1);
    ask("q=breizh");
    is_int(answer.total, 13);
    is_score("bretagne", r * once * 0.85);
    is_score("france", r * once * 0.5);
    is_score("d22", r * once * 0.25);

    // Weights of 0: found all the same, last.
    use_places("", PLAIN NO_USE "place: {around: 0, step: 0, inside: 0}\n");
    ask("q=bretagne");
    is_int(answer.total, 13);
    is_score("bretagne", r * once);
    is_score("france", 0);
    is_score("quarter", 0);
    is_text(member_of(answer.hits[0].members, "id"), "bretagne");

    // A step of 0: the next territory around counts, no other.
    use_places("", PLAIN NO_USE "place: {around: 0.5, step: 0, inside: 0.25}\n");
    ask("q=bretagne");
    is_score("france", r * once * 0.5);
    is_score("world", 0);
}

static void named_among_words(void)
{
    use_places("", TEST_FIELDS TEST_TEXT TEST_TITLE NO_USE);
    is_text(ask("q=recharge à Rennes&page_size=3"),
            "quarter rennes metropole"); // equals, as they came
    is_int(answer.total, 7);
    is_int(answer.strict_total, 7);
    is_int((ask("q=Rennes, recharge"), answer.total), 7);
    is_int((ask("q=recharge ville de rennes"), answer.strict_total), 0); // "ville" is a word, too
    is_int((ask("q=recharge saint malo"), answer.total), 5);
    is_text(ask("q=recharge st-malo&page_size=1"), "malo");
    is_text(ask("q=carte caen&page_size=2"), "title two");
    // Words that no document has: what is around the place is found all the same.
    is_text(ask("q=recharge Côtes-d'Armor&page_size=1"), "d22");
    is_int(answer.total, 5); // d22, brieuc, bretagne, france, world
    // A country says nothing, everything is in it: it is a word, that no text has.
    is_text(ask("q=recharge france"), "");
    is_int((ask("q=monde"), answer.total), 0);
    // Quoted, of a field, left out, an alternative: the word alone.
    is_int((ask("q=\"rennes\""), answer.total), 3);
    is_int((ask("q=title:caen"), answer.total), 1);
    is_int((ask("q=recharge -rennes"), answer.total), 11);
    is_int((ask("q=caen OR brieuc"), answer.total), 5);
    // Two places: each is a group.
    is_int((ask("q=rennes caen"), answer.total), 2); // what covers both
    is_text(ask("q=caen saint-malo&page_size=1"), "two");
    // Its name is a synonym of something else: both are found.
    use_places("rennes, roazhon\n", TEST_FIELDS TEST_TEXT TEST_TITLE NO_USE);
    is_int((ask("q=roazhon"), answer.total), 3);
    is_int((ask("q=rennes&kind=dataset"), answer.total), 7);
    use_places("", TEST_RANKING);
}

// A group that names a place is as rare as its name, whatever is around it.
static void rarity_of_a_place(void)
{
    ask("q=recharge rennes&explain=1");
    double with = score_of("rennes"), without = score_of("france");
    ok(with > 0 && without > 0 && with > without);
    const char *parts = answer.hits[0].explain.p;
    json_error_t error;
    json_t *o = json_loads(parts, 0, &error);
    const json_t *words = json_object_get(o, "words");
    // recharge; rennes; then its zone, around: EPCI, département, région, country, world; inside.
    static const char *const want[] = {
        "recharge",          "rennes",       "fr:commune:35238", "fr:epci:243500139",
        "fr:departement:35", "fr:region:53", "country:fr",       "country-group:world",
        "fr:commune:35238"};
    static const int documents[] = {14, 3, 1, 1, 1, 1, 1, 1, 1};
    is_int(json_array_size(words), sizeof want / sizeof *want);
    for (size_t i = 0; i < json_array_size(words) && i < sizeof want / sizeof *want; i++) {
        const json_t *word = json_array_get(words, i);
        is_str(json_string_value(json_object_get(word, "word")), want[i]);
        is_int(json_integer_value(json_object_get(word, "documents")), documents[i]);
    }
    json_decref(o);
}

// The snippet marks the word, not the place's other names.
static void snippet_of_a_place(void)
{
    struct record r = record_of("text", KIND_SOFTWARE, "Outil");
    r.description = STR("Rennes et la Bretagne.");
    r.spatial.zones = list_of("fr:commune:35288");
    add(&r, STATUS_ACTIVE);
    commit("19", true);
    ask("q=bretagne&kind=software");
    is_text(answer.hits[0].snippet, "Rennes et la <mark>Bretagne</mark>.");
    ask("q=breizh&kind=software");
    is_int(answer.total, 1);
    is_text(answer.hits[0].snippet, "Rennes et la Bretagne.");
    take_away("text");
    commit("20", true);
}

int main(void)
{
    places_begin();
    fill();
    filter();
    filter_beside();
    filter_pages();
    facet();
    no_places();
    named();
    named_among_words();
    rarity_of_a_place();
    snippet_of_a_place();
    places_end();
    return tap_done();
}
