// Unit tests of indexer/xapian: queries, and the documents that they find, in order. Counts are
// compared with counts made by hand on the same documents.
#include "tests/unit/xapian_catalogue.h"

#include "tests/tap.h"

#include <math.h>

// How many documents match, exactly; frees the query.
static uint32_t count(struct xap_query *query)
{
    MUST(query, &err);
    struct xap_search what = xap_search_of(query);
    what.max_items = 0;
    what.check_at_least = UINT32_MAX;
    struct xap_matches *matches = search(&what);
    struct xap_totals totals = xap_matches_totals(matches);
    if (!totals.exact || totals.kept != totals.matches)
        totals.matches = UINT32_MAX;
    xap_matches_free(matches);
    xap_query_free(query);
    return totals.matches;
}

static struct xap_query *join(struct xap_query *(*how)(const struct xap_query *const *, size_t,
                                                       struct err *),
                              const char *a, const char *b)
{
    struct xap_query *left = term(a), *right = term(b);
    struct xap_query *both = how((const struct xap_query *[]){left, right}, 2, &err);
    xap_query_free(left);
    xap_query_free(right);
    return both;
}

static struct xap_query *pair(struct xap_query *(*how)(const struct xap_query *,
                                                       const struct xap_query *, struct err *),
                              const char *a, const char *b)
{
    struct xap_query *left = term(a), *right = term(b);
    struct xap_query *both = how(left, right, &err);
    xap_query_free(left);
    xap_query_free(right);
    return both;
}

// The notation of a query; frees it. Valid until the next call.
static const char *notation(struct xap_query *query)
{
    static struct buf text;
    MUST(query, &err);
    buf_clear(&text);
    MUST(xap_query_describe(query, &text, &err), &err);
    buf_addc(&text, '\0');
    xap_query_free(query);
    return text.p;
}

static void test_queries(void)
{
    is_int(count(xap_query_match_all(&err)), DOCUMENTS);
    is_int(count(xap_query_match_nothing(&err)), 0);
    is_int(count(term("tous")), DOCUMENTS);
    is_int(count(term("unique")), 1);
    is_int(count(term("absent")), 0);
    is_int(count(term("chemin")), 60);
    is_int(count(join(xap_query_and, "chemin", "commun")), 60);
    is_int(count(join(xap_query_and, "chemin", "unique")), 0);
    is_int(count(join(xap_query_or, "chemin", "unique")), 61);
    is_int(count(join(xap_query_synonym, "chemin", "unique")), 61);
    is_int(count(join(xap_query_max, "chemin", "unique")), 61);
    is_int(count(pair(xap_query_and_not, "tous", "chemin")), 240);
    is_int(count(pair(xap_query_and_maybe, "chemin", "unique")), 60);
    is_int(count(pair(xap_query_filter, "tous", "chemin")), 60);
    is_int(count(xap_query_and(NULL, 0, &err)), 0);
    is_int(count(xap_query_or(NULL, 0, &err)), 0);

    struct xap_query *part = term("chemin");
    const struct xap_query *parts[] = {part, NULL};
    is_str(notation(xap_query_or(parts, 1, &err)), "Query(chemin)");
    ok(!xap_query_or(parts, 2, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_query_filter(part, NULL, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_query_and_not(NULL, part, &err));
    ok(!xap_query_scale(NULL, 2, &err));
    ok(!xap_query_scale(part, -1, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_query_scale(part, NAN, &err));
    ok(!xap_query_scale(part, INFINITY, &err));
    is_str(notation(xap_query_scale(part, 2.5, &err)), "Query(2.5 * chemin)");
    xap_query_free(part);
    xap_query_free(NULL);

    char longest[246];
    memset(longest, 'x', sizeof longest);
    ok(!xap_query_term(str_slice(longest, 246), 1, 0, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_query_term(STR(""), 1, 0, &err)); // Xapian would match everything
    is_int(err.code, ERR_ARGUMENT);
    is_int(count(xap_query_term(str_slice(longest, 245), 1, 0, &err)), 0);
    is_str(notation(xap_query_term(STR("eau"), 3, 2, &err)), "Query(eau#3@2)");
    is_str(notation(join(xap_query_and, "a", "b")), "Query((a AND b))");
    is_str(notation(join(xap_query_synonym, "a", "b")), "Query((a SYNONYM b))");
}

static void test_phrases(void)
{
    struct str rue_arbre[] = {STR("rue"), STR("arbre")};
    struct str far[] = {STR("tous"), STR("commun")};
    struct str long_one[] = {STR("rue"), STR("")};
    int in_order = 0;
    for (int i = 0; i < DOCUMENTS; i++)
        in_order += i % 6 != 0;
    is_int(count(xap_query_phrase(rue_arbre, 2, 0, &err)), in_order);
    is_int(count(xap_query_near(rue_arbre, 2, 0, &err)), DOCUMENTS);
    is_int(count(xap_query_phrase(far, 2, 0, &err)), 0);
    is_int(count(xap_query_phrase(far, 2, 20, &err)), DOCUMENTS - 1);
    is_int(count(xap_query_near(far, 2, 3, &err)), 0);
    is_int(count(xap_query_phrase(rue_arbre, 1, 0, &err)), DOCUMENTS);
    is_int(count(xap_query_phrase(NULL, 0, 0, &err)), 0);
    ok(!xap_query_phrase(long_one, 2, 0, &err));
    is_int(err.code, ERR_ARGUMENT);
}

static void test_wildcards(void)
{
    is_int(count(xap_query_wildcard(STR("mot1"), 1000, XAP_WILDCARD_EXACT, &err)), 111);
    is_int(count(xap_query_wildcard(STR("mot1"), 5, XAP_WILDCARD_FIRST, &err)), 5);
    // "route" has 240 documents, "rue" all of them.
    is_int(count(xap_query_wildcard(STR("r"), 1, XAP_WILDCARD_FIRST, &err)), 240);
    is_int(count(xap_query_wildcard(STR("r"), 1, XAP_WILDCARD_MOST_FREQUENT, &err)), 300);
    is_int(count(xap_query_wildcard(STR("zzz"), 5, XAP_WILDCARD_FIRST, &err)), 0);
    ok(!xap_query_wildcard(STR("mot"), 0, XAP_WILDCARD_FIRST, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_query_wildcard(STR(""), 5, XAP_WILDCARD_FIRST, &err));
    is_int(err.code, ERR_ARGUMENT);
    struct xap_query *wild = xap_query_wildcard(STR("mot1"), 10, XAP_WILDCARD_EXACT, &err);
    struct xap_search what = xap_search_of(wild);
    ok(!xap_db_search(db, &what, &err));
    is_int(err.code, ERR_QUERY);
    xap_query_free(wild);
}

static struct str sortable(double number, char bytes[XAP_SORTABLE_MAX])
{
    return str_slice(bytes, xap_sortable(number, bytes));
}

static void test_ranges(void)
{
    char low[XAP_SORTABLE_MAX], high[XAP_SORTABLE_MAX];
    int within = 0, above = 0, below = 0, with_prior = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
        within += date_of(i) >= 20010 && date_of(i) <= 20020;
        above += date_of(i) >= 20090;
        below += date_of(i) <= 20003;
        with_prior += i % 2 == 0 && prior_of(i) <= 1;
    }
    is_int(within, 33);
    is_int(
        count(xap_query_value_range(SLOT_DATE, sortable(20010, low), sortable(20020, high), &err)),
        within);
    is_int(
        count(xap_query_value_range(SLOT_DATE, sortable(20020, low), sortable(20010, high), &err)),
        0);
    is_int(count(xap_query_value_ge(SLOT_DATE, sortable(20090, low), &err)), above);
    is_int(count(xap_query_value_le(SLOT_DATE, sortable(20003, high), &err)), below);
    is_int(count(xap_query_value_ge(77, sortable(1, low), &err)), 0);
    // Half of the documents have no prior.
    is_int(count(xap_query_value_le(SLOT_PRIOR, sortable(1, high), &err)), with_prior);
    is_int(count(xap_query_value_range(SLOT_PRIOR, STR(""), sortable(1, high), &err)), with_prior);
    is_int(count(xap_query_value_ge(SLOT_PRIOR, STR(""), &err)), DOCUMENTS);
    ok(!xap_query_value_ge(XAP_NO_SLOT, STR("a"), &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_query_value_le(XAP_NO_SLOT, STR("a"), &err));
    ok(!xap_query_value_range(XAP_NO_SLOT, STR("a"), STR("b"), &err));
}

static void test_answers(void)
{
    struct xap_query *chemin = term("chemin");
    struct xap_search what = xap_search_of(chemin);
    what.check_at_least = UINT32_MAX;
    struct xap_matches *matches = search(&what);
    is_int(xap_matches_count(matches), 10);
    is_int(xap_matches_totals(matches).matches, 60);
    ok(item(matches, 0).weight > 0);
    ok(item(matches, 0).weight >= item(matches, 9).weight);
    is_int(item(matches, 0).collapsed, 0);

    struct str data, value, other;
    uint32_t docid = item(matches, 3).docid;
    char want[32];
    snprintf(want, sizeof want, "mot%u", docid - 1);
    ok(xap_matches_data(matches, 3, &data, &err));
    ok(str_ends(data, str_of(want)));
    ok(xap_matches_value(matches, 3, SLOT_DATE, &value, &err));
    ok(xap_unsortable(value) == date_of((int)docid - 1));
    ok(str_ends(data, str_of(want))); // still there
    ok(xap_matches_value(matches, 4, SLOT_DATE, &other, &err));
    ok(xap_unsortable(other) == date_of((int)item(matches, 4).docid - 1));
    ok(xap_matches_value(matches, 4, 99, &other, &err) && other.n == 0);
    struct xap_item none;
    ok(!xap_matches_item(matches, 10, &none, &err));
    is_int(err.code, ERR_ARGUMENT);
    is_str(err.what, "item 10 of 10");
    ok(!xap_matches_data(matches, 10, &data, &err));
    ok(!xap_matches_value(matches, 10, SLOT_DATE, &value, &err));
    ok(!xap_matches_value(matches, 0, XAP_NO_SLOT, &value, &err));
    is_int(err.code, ERR_ARGUMENT);
    xap_matches_free(matches);

    // Pages follow one another; the last is short, what is past the end is empty.
    unsigned seen[DOCUMENTS + 1] = {0}, twice = 0;
    for (what.first = 0; what.first < 60; what.first += 25) {
        what.max_items = 25;
        matches = search(&what);
        is_int(xap_matches_count(matches), what.first < 50 ? 25 : 10);
        for (uint32_t i = 0; i < xap_matches_count(matches); i++)
            twice += seen[item(matches, i).docid]++;
        xap_matches_free(matches);
    }
    is_int(twice, 0);
    what.first = 1000;
    matches = search(&what);
    is_int(xap_matches_count(matches), 0);
    is_int(xap_matches_totals(matches).matches, 60);
    xap_matches_free(matches);
    xap_matches_free(NULL);

    // Without weights: in the order of docids.
    what = xap_search_of(chemin);
    what.boolean_only = true;
    matches = search(&what);
    is_int(item(matches, 0).docid, 1);
    is_int(item(matches, 9).docid, 46);
    ok(item(matches, 0).weight == 0);
    xap_matches_free(matches);

    what = xap_search_of(NULL);
    ok(!xap_db_search(db, &what, &err));
    is_int(err.code, ERR_ARGUMENT);
    xap_query_free(chemin);
}

static void test_estimates(void)
{
    struct xap_query *words = join(xap_query_and, "chemin", "commun");
    struct xap_search what = xap_search_of(words);
    what.max_items = 1;
    struct xap_matches *matches = search(&what);
    struct xap_totals totals = xap_matches_totals(matches);
    ok(!totals.exact);
    ok(totals.matches >= 1 && totals.matches <= DOCUMENTS);
    xap_matches_free(matches);
    what.check_at_least = UINT32_MAX;
    matches = search(&what);
    totals = xap_matches_totals(matches);
    ok(totals.exact);
    is_int(totals.matches, 60);
    xap_matches_free(matches);
    xap_query_free(words);
}

static void test_sorting(void)
{
    struct xap_query *all = term("arbre"); // its weight differs from one document to another
    struct xap_search what = xap_search_of(all);
    what.sort_slot = SLOT_DATE;
    what.max_items = DOCUMENTS;
    for (int descending = 0; descending < 2; descending++) {
        what.sort_descending = descending;
        struct xap_matches *matches = search(&what);
        unsigned wrong = 0, by_weight = 0;
        for (uint32_t i = 1; i < xap_matches_count(matches); i++) {
            struct xap_item a = item(matches, i - 1), b = item(matches, i);
            double from = date_of((int)a.docid - 1), to = date_of((int)b.docid - 1);
            if (from == to) {
                wrong += a.weight < b.weight || (a.weight == b.weight && a.docid > b.docid);
                by_weight += a.weight > b.weight;
            } else {
                wrong += descending ? from < to : from > to;
            }
        }
        is_int(xap_matches_count(matches), DOCUMENTS);
        is_int(wrong, 0);
        ok(by_weight > 0);
        xap_matches_free(matches);
    }
    // Half of the documents have no prior: first when ascending, last when descending.
    what.sort_slot = SLOT_PRIOR;
    what.sort_descending = false;
    struct xap_matches *matches = search(&what);
    is_int(item(matches, 0).docid % 2, 0);
    is_int(item(matches, 149).docid % 2, 0);
    is_int(item(matches, 150).docid % 2, 1);
    xap_matches_free(matches);
    what.sort_descending = true;
    matches = search(&what);
    ok(prior_of((int)item(matches, 0).docid - 1) == 4.8);
    is_int(item(matches, 299).docid % 2, 0);
    xap_matches_free(matches);
    xap_query_free(all);
}

// An index without documents answers too.
static void test_empty(void)
{
    struct xap_writer *writer = fixture_writer("empty");
    MUST(xap_writer_commit(writer, &err), &err);
    xap_writer_close(writer);
    struct xap_db *full = db;
    db = fixture_reader("empty");
    is_int(count(xap_query_match_all(&err)), 0);
    is_int(count(term("eau")), 0);
    xap_db_close(db);
    db = full;
}

int main(void)
{
    fixture_begin();
    fill_index();
    test_queries();
    test_phrases();
    test_wildcards();
    test_ranges();
    test_answers();
    test_estimates();
    test_sorting();
    test_empty();
    xap_db_close(db);
    return tap_done();
}
