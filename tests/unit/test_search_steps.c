// How a search forgives, step by step: every word, words corrected, some of the words; what is enough, what is too little, what a
// missing word costs, what the answer says of it; and the same with filters, facets and sorts.
#include "tests/unit/search_fixture.h"

#include <math.h>

// Each record is called by what it holds.
static void add_record(const char *id, const char *description, const char *license)
{
    static int views;
    struct record r = record_of(id, KIND_DATASET, id);
    r.description = str_of(description);
    r.license.id = str_of(license);
    r.popularity.views = ++views;
    add(&r, STATUS_ACTIVE);
}

// Four words, each in four records: equally rare.
static void fill(void)
{
    begin_generation();
    add_record("abcd", "alpha beta gamma delta", "x");
    add_record("abc", "alpha beta gamma", "x");
    add_record("ab", "alpha beta", "y");
    add_record("cd", "gamma delta", "y");
    add_record("a", "alpha", "x");
    add_record("b", "beta", "y");
    add_record("c", "gamma", "x");
    add_record("d1", "delta", "y");
    add_record("d2", "delta", "z");
    add_record("plu", "PLU de Nantes", "z");
    add_record("plan", "un plan de quartier, plan local d'autre chose", "z");
    add_record("nantes", "ville de nantes", "z");
    add_record("velos", "bicyclettes partagees", "x");
    add_record("velos2", "bicyclettes communes", "x");
    commit("14", true);
}

static void matching(const char *text)
{
    use_rules("PLU, plan local d'urbanisme\n", TEST_GENERIC,
              arena_printf(&arena,
                           TEST_FIELDS TEST_TEXT TEST_TITLE TEST_USE TEST_STATUS "matching: {%s}\n",
                           text)
                  .p);
}

// ---- What is enough --------------------------------------------------------------------------------------

static void enough(void)
{
    matching("enough: 0, least_share: 0.5, missing: 1");
    is_text(ask("q=alpha beta gamma delta"), "abcd");
    ok(answer.relaxed.p == NULL);
    matching("enough: 1, least_share: 0.5, missing: 1");
    is_text(ask("q=alpha beta gamma delta"), "abcd"); // one is enough
    matching("enough: 2, least_share: 0.75, missing: 1");
    is_text(ask("q=alpha beta gamma delta"), "abcd abc");
    is_text(answer.relaxed, "some_words");
    ok(answer.corrected.p == NULL);
    is_int(answer.strict_total, 1);
    is_int(answer.total, 2);
    matching("enough: 10000, least_share: 1, missing: 1");
    is_text(ask("q=alpha beta gamma delta"), "abcd");
    ok(answer.relaxed.p == NULL); // nothing more was found
    // One word is all there is.
    is_text(ask("q=alpha&sort=views"), "a ab abc abcd");
    ok(answer.relaxed.p == NULL);
    is_int(answer.strict_total, 4);
}

// ---- What is too little ----------------------------------------------------------------------------------

static void least_share(void)
{
    matching("enough: 20, least_share: 0.5, missing: 1");
    is_int((ask("q=alpha beta gamma delta"), answer.total), 4);
    is_text(ask("q=alpha beta gamma delta&page_size=2"), "abcd abc");
    // Exactly the share is enough: ab and cd have two of four.
    ok(str_find(ask("q=alpha beta gamma delta"), STR("ab")) >= 0);
    matching("enough: 20, least_share: 0.51, missing: 1");
    is_text(ask("q=alpha beta gamma delta"), "abcd abc");
    matching("enough: 20, least_share: 0.26, missing: 1");
    is_int((ask("q=alpha beta gamma delta"), answer.total), 4);
    matching("enough: 20, least_share: 0.24, missing: 1");
    is_int((ask("q=alpha beta gamma delta"), answer.total), 9);
    matching("enough: 20, least_share: 0, missing: 1"); // any word
    is_int((ask("q=alpha beta gamma delta"), answer.total), 9);
    // Wishes are not counted.
    matching("enough: 20, least_share: 0.5, missing: 1");
    is_int((ask("q=données alpha beta gamma delta fichier csv"), answer.total), 4);
    is_int(answer.strict_total, 1);
}

static double score_of(const char *line, const char *id)
{
    ask(line);
    for (size_t i = 0; i < answer.hit_count; i++)
        if (str_eq(member_of(answer.hits[i].members, "id"), str_of(id)))
            return answer.hits[i].score;
    return -1;
}

static double missing_of(const char *id)
{
    double value = -1;
    for (size_t i = 0; i < answer.hit_count; i++)
        if (str_eq(member_of(answer.hits[i].members, "id"), str_of(id))) {
            json_t *o = json_loadb(answer.hits[i].explain.p, answer.hits[i].explain.n, 0, NULL);
            value = json_number_value(json_object_get(o, "missing"));
            json_decref(o);
        }
    return value;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-5 * (fabs(a) + fabs(b));
}

static void missing_words(void)
{
    const char *line = "q=alpha beta gamma delta&explain=1";
    matching("enough: 20, least_share: 0.5, missing: 0");
    double half = score_of(line, "ab"), most = score_of(line, "abc"), all = score_of(line, "abcd");
    ok(half > 0 && most > half && all > most);
    ok(near(missing_of("ab"), 1) && near(missing_of("abcd"), 1));
    matching("enough: 20, least_share: 0.5, missing: 1");
    ok(near(score_of(line, "ab"), half / 2));
    ok(near(missing_of("ab"), 0.5) && near(missing_of("abc"), 0.75));
    matching("enough: 20, least_share: 0.5, missing: 2");
    ok(near(score_of(line, "ab"), half / 4));
    ok(near(missing_of("ab"), 0.25));
    ok(near(score_of(line, "abc"), most * 9 / 16));
    ok(near(score_of(line, "abcd"), all)); // nothing is missing
    ok(near(missing_of("abcd"), 1));
}

// ---- What matches every word, in another form --------------------------------------------------------------

static void every_group(void)
{
    // "plan local ... nantes" is written; plu has its synonym, and all of it then, though parts of the name weigh more elsewhere.
    matching("enough: 20, least_share: 0.99, missing: 3");
    is_text(ask("q=plan local urbanisme nantes"), "plu");
    is_int(answer.strict_total, 1);
    ok(answer.relaxed.p == NULL);
    matching("enough: 20, least_share: 0.2, missing: 0");
    is_text(ask("q=plan local urbanisme nantes&page_size=1"), "plu");
    is_int(answer.strict_total, 1);
    ok(answer.total > 1);
    is_text(answer.relaxed, "some_words");
    // So has a record where a part of what is written weighs more than the synonym, which is all of it.
    add_record("local", "PLU, Nantes", "z");
    commit("15", true);
    use_rules("PLU, plan local d'urbanisme\n", TEST_GENERIC,
              TEST_FIELDS TEST_TITLE TEST_USE TEST_STATUS
              "text: {synonym: 0.1}\nmatching: {enough: 20, least_share: 0.99, missing: 3}\n");
    ask("q=plan local urbanisme nantes&explain=1&license=z&facets=1");
    is_int(answer.total, 2);
    is_int(answer.strict_total, 2);
    ok(answer.relaxed.p == NULL);
    is_text(facet_text(FACET_LICENSE), "z:2");
    ok(near(missing_of("local"), 1) && near(missing_of("plu"), 1));
    take_away("local");
    commit("16", true);
    // A phrase is demanded always, and the words of it that stand apart are not the phrase.
    matching("enough: 20, least_share: 0.3, missing: 1");
    is_text(ask("q=\"plan local\" quartier"), "plan");
    is_int(answer.strict_total, 1);
    is_text(ask("q=\"chose plan\" quartier"), "");
    is_int(answer.strict_total, 0);
    is_text(ask("q=\"plan local\" absent1 quartier"), "plan");
    is_int(answer.strict_total, 0);
    is_text(answer.relaxed, "some_words");
    is_text(ask("q=title:plan absent1"), "");
    is_text(ask("q=absent1 OR absent2"), "");
}

// ---- Nothing -----------------------------------------------------------------------------------------------

static void nonsense(void)
{
    matching("enough: 20, least_share: 0.5, missing: 1");
    is_text(ask("q=xqzptl"), "");
    is_text(ask("q=xqzptl wvbnrt"), "");
    ok(answer.relaxed.p == NULL && answer.corrected.p == NULL);
    is_int(answer.strict_total, 0);
    // A word that is unknown counts as the known ones do: beside one it is half, beside two others it is not.
    is_text(ask("q=alpha xqzptl&sort=views"), "a ab abc abcd");
    is_text(answer.relaxed, "some_words");
    is_int(answer.strict_total, 0);
    is_text(ask("q=alpha xqzptl wvbnrt"), "");
    ok(answer.relaxed.p == NULL);
    is_int((ask("q=alpha beta xqzptl"), answer.total), 3);
    is_text(ask("q=alpha -alpha"), "");
}

// ---- Corrected ---------------------------------------------------------------------------------------------

static void corrected(void)
{
    matching("enough: 20, least_share: 0.5, missing: 1");
    is_text(ask("q=bicyclottes xqzptl partagees"), "velos");
    is_text(answer.corrected, "bicyclettes xqzptl partagees");
    is_int(answer.strict_total, 0);
    is_text(answer.relaxed, "some_words");
    is_text(ask("q=bicyclottes"), "velos velos2");
    is_text(answer.corrected, "bicyclettes");
    ok(answer.relaxed.p == NULL); // every word, once corrected
    is_int(answer.strict_total, 0);
    is_int(answer.total, 2);
    // Enough is found: nothing is corrected.
    matching("enough: 0, least_share: 0.5, missing: 1");
    is_text(ask("q=bicyclottes"), "");
    ok(answer.corrected.p == NULL);
    matching("enough: 2, least_share: 0.5, missing: 1");
    is_text(ask("q=bicyclottes communes"), "velos2 velos");
    // What a correction does not help is not said to be corrected.
    matching("enough: 20, least_share: 0.5, missing: 1");
    is_text(ask("q=bicyclottes xqzptl wvbnrt"), "");
    ok(answer.corrected.p == NULL);
    is_text(ask("q=bicyclottes&license=z"), "");
    ok(answer.corrected.p == NULL);
}

// ---- Sorted otherwise ----------------------------------------------------------------------------------------

static void sorted(void)
{
    matching("enough: 20, least_share: 0.5, missing: 1");
    // What has every word is not mixed with what has less.
    is_text(ask("q=alpha beta gamma&sort=views"), "abc abcd");
    ok(answer.relaxed.p == NULL);
    is_int(answer.total, 2);
    // With nothing of that kind, it is forgiven,
    is_text(ask("q=bicyclottes&sort=title"), "velos velos2");
    is_text(answer.corrected, "bicyclettes");
    // one step at a time.
    is_text(ask("q=bicyclottes communes&sort=title"), "velos2");
    ok(answer.relaxed.p == NULL);
    is_text(ask("q=partagees quartier&sort=title"), "plan velos");
    is_text(answer.relaxed, "some_words");
}

// ---- Facets ----------------------------------------------------------------------------------------------------

// A facet that filters is counted over what the same step finds without its filter.
static void facets(void)
{
    matching("enough: 20, least_share: 0.5, missing: 1");
    is_text(ask("q=alpha&license=x&sort=views&facets=1"), "a abc abcd"); // every word
    is_text(facet_text(FACET_LICENSE), "x:3 y:1");
    is_text(facet_text(FACET_KIND), "dataset:3");
    ask("q=alpha beta gamma delta&license=y&facets=1"); // some words
    is_int(answer.total, 2);
    is_text(facet_text(FACET_LICENSE), "x:2 y:2");
    is_text(facet_text(FACET_KIND), "dataset:2");
    ask("q=bicyclottes&license=x&facets=1"); // corrected
    is_text(answer.corrected, "bicyclettes");
    is_text(facet_text(FACET_LICENSE), "x:2");
    // A record that matches in another form counts too.
    matching("enough: 20, least_share: 0.99, missing: 1");
    ask("q=plan local urbanisme nantes&license=z&facets=1");
    is_text(facet_text(FACET_LICENSE), "z:1");
    // Where the filter leaves enough, or too little, the step is the filter's.
    matching("enough: 2, least_share: 0.5, missing: 1");
    ask("q=alpha beta&license=x&facets=1");
    ok(answer.relaxed.p == NULL);
    is_text(facet_text(FACET_LICENSE), "x:2 y:1");
}

// ---- Pages -------------------------------------------------------------------------------------------------------

static void append(struct buf *b, const char *line)
{
    struct str ids = ask(line);
    buf_addf(b, "%.*s ", STR_ARG(ids));
}

static void all_pages(const char *line, int size)
{
    enum { ENOUGH = 20 };
    struct buf pages = {0}, cursors = {0};
    struct str whole = ask(line);
    for (int page = 1; page < ENOUGH && (page == 1 || answer.hit_count == (size_t)size); page++)
        append(&pages, arena_printf(&arena, "%s&page_size=%d&page=%d", line, size, page).p);
    append(&cursors, arena_printf(&arena, "%s&page_size=%d", line, size).p);
    for (int page = 1; page < ENOUGH && answer.cursor.n; page++)
        append(&cursors, arena_printf(&arena, "%s&page_size=%d&cursor=%.*s", line, size,
                                      STR_ARG(answer.cursor))
                             .p);
    is_text(str_trim(buf_str(&pages)), whole.p);
    is_text(str_trim(buf_str(&cursors)), whole.p);
    buf_free(&pages);
    buf_free(&cursors);
}

// Pages and cursors give what was forgiven once, in the same order.
static void pages(void)
{
    matching("enough: 20, least_share: 0.2, missing: 1");
    for (int size = 1; size <= 5; size++) {
        all_pages("q=alpha beta gamma delta", size);
        all_pages("q=bicyclottes partagees", size);
        all_pages("q=plan local urbanisme nantes", size);
        all_pages("q=partagees quartier&sort=title", size);
    }
}

int main(void)
{
    search_begin();
    fill();
    enough();
    least_share();
    missing_words();
    every_group();
    nonsense();
    corrected();
    sorted();
    facets();
    pages();
    search_end();
    return tap_done();
}
