// Unit tests of indexer/xapian: queries, searching, facets, explanations. Counts are compared with counts
// made by hand on the same documents.
#include "tests/unit/xapian_fixture.h"

#include "indexer/xapian/xap.h"
#include "tests/tap.h"

#include <math.h>

static struct err err;
static struct xap_db *db;

enum { SLOT_KIND, SLOT_TAGS, SLOT_DATE, SLOT_PRIOR, SLOT_GROUP };
enum { DOCUMENTS = 300 };

static const char *const kinds[] = {"dataset", "dataservice", "reuse"};
static const char *const tags[] = {"eau", "sol", "air", "bruit avec un nom plus long"};

// Document i (docid i + 1): what its facets and values are, for the index and for the counts by hand.
static const char *kind_of(int i)
{
    return i % 10 == 9 ? NULL : kinds[i % 3];
}

static bool has_tag(int i, int tag)
{
    return (i >> tag) & 1;
}

static double date_of(int i)
{
    return 20000 + (i * 37) % 100; // shared by three documents each
}

static double prior_of(int i)
{
    return i % 2 ? 0 : (i % 50) / 10.0;
}

static void fill_index(void)
{
    struct xap_writer *writer = fixture_writer("search");
    struct xap_doc *doc = xap_doc_new(&err);
    for (int i = 0; i < DOCUMENTS; i++) {
        struct buf list = {0};
        for (int tag = 0; tag < 4; tag++)
            if (has_tag(i, tag))
                xap_list_add(&list, str_of(tags[tag]));
        MUST(xap_doc_set_value(doc, SLOT_TAGS, buf_str(&list), &err), &err);
        buf_free(&list);
        MUST(xap_doc_set_value(doc, SLOT_KIND, str_of(kind_of(i)), &err), &err);
        fixture_number(doc, SLOT_DATE, date_of(i));
        if (i % 2 == 0)
            fixture_number(doc, SLOT_PRIOR, prior_of(i));
        char group[16], unique[16], text[128];
        snprintf(group, sizeof group, "g%d", i % 30);
        if (i >= 100)
            MUST(xap_doc_set_value(doc, SLOT_GROUP, str_of(group), &err), &err);
        snprintf(unique, sizeof unique, "Q%d", i);
        snprintf(text, sizeof text, "tous %s%s qualit\xc3\xa9 de %s%s mot%d",
                 i % 7 == 0 ? "arbre " : "", i % 6 == 0 ? "arbre rue" : "rue arbre",
                 i % 5 ? "route " : "chemin ", i == 42 ? "unique" : "commun", i);
        fixture_add(writer, doc, unique, text);
    }
    MUST(xap_writer_commit(writer, &err), &err);
    xap_writer_close(writer);
    xap_doc_free(doc);
    db = fixture_reader("search");
}

static struct xap_query *term(const char *word)
{
    struct xap_query *query = xap_query_term(str_of(word), 1, 0, &err);
    MUST(query, &err);
    return query;
}

static struct xap_matches *search(const struct xap_search *what)
{
    struct xap_matches *matches = xap_db_search(db, what, &err);
    MUST(matches, &err);
    return matches;
}

static struct xap_item item(const struct xap_matches *matches, uint32_t i)
{
    struct xap_item one = {0};
    MUST(xap_matches_item(matches, i, &one, &err), &err);
    return one;
}

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

static struct xap_counts *new_counts(void)
{
    struct xap_counts *counts = xap_counts_new(&err);
    MUST(counts, &err);
    return counts;
}

static uint32_t counted(const struct xap_counts *counts, const char *value)
{
    uint32_t documents = 0;
    MUST(xap_counts_get(counts, str_of(value), &documents, &err), &err);
    return documents;
}

static void test_facets(void)
{
    struct xap_counts *by_kind = new_counts(), *by_tag = new_counts(), *by_date = new_counts();
    const struct xap_facet facets[] = {
        {SLOT_KIND, false, by_kind}, {SLOT_TAGS, true, by_tag}, {SLOT_DATE, false, by_date}};
    struct xap_query *route = term("route");
    struct xap_search what = xap_search_of(route);
    what.check_at_least = UINT32_MAX;
    what.facets = facets;
    what.n_facets = 3;
    for (int weighed = 0; weighed < 2;
         weighed++) { // the second time, counts start again from nothing
        what.boolean_only = !weighed;
        what.max_items = weighed ? 5 : 0;
        xap_matches_free(search(&what));
        uint32_t of_kind[3] = {0}, of_tag[4] = {0};
        for (int i = 0; i < DOCUMENTS; i++) {
            if (i % 5 == 0) // it says "chemin"
                continue;
            of_kind[i % 3] += kind_of(i) != NULL;
            for (int tag = 0; tag < 4; tag++)
                of_tag[tag] += has_tag(i, tag);
        }
        is_int(xap_counts_size(by_kind), 3);
        is_int(xap_counts_size(by_tag), 4);
        is_int(xap_counts_size(by_date), 80);
        for (int i = 0; i < 3; i++)
            is_int(counted(by_kind, kinds[i]), of_kind[i]);
        for (int tag = 0; tag < 4; tag++)
            is_int(counted(by_tag, tags[tag]), of_tag[tag]);
    }
    is_int(counted(by_tag, "vent"), 0);
    is_int(counted(by_tag, ""), 0);

    // Most documents first, then in the order of bytes.
    struct xap_count top[100];
    is_int(xap_counts_top(by_tag, 100, top), 4);
    is_text(top[0].value, "eau");
    is_int(top[0].documents, 120);
    ok(top[0].documents >= top[1].documents && top[1].documents >= top[2].documents);
    struct xap_count best[3];
    is_int(xap_counts_top(by_tag, 3, best), 3);
    for (int i = 0; i < 3; i++)
        ok(str_eq(best[i].value, top[i].value) && best[i].documents == top[i].documents);
    is_int(xap_counts_top(by_date, 100, top), 80); // three documents for each date
    unsigned unordered = 0;
    for (int i = 1; i < 80; i++)
        unordered += top[i - 1].documents != 3 || str_cmp(top[i - 1].value, top[i].value) >= 0;
    is_int(unordered, 0);
    is_int(xap_counts_top(by_date, 2, best), 2);
    ok(str_eq(best[0].value, top[0].value) && str_eq(best[1].value, top[1].value));
    is_int(xap_counts_top(by_date, 0, NULL), 0);
    xap_counts_clear(by_kind);
    is_int(xap_counts_size(by_kind), 0);
    is_int(xap_counts_top(by_kind, 3, best), 0);

    const struct xap_facet wrong[] = {{XAP_NO_SLOT, false, by_kind}};
    what.facets = wrong;
    what.n_facets = 1;
    ok(!xap_db_search(db, &what, &err));
    is_int(err.code, ERR_ARGUMENT);

    // A value that is not a list, counted as one, ends where it stops making sense.
    const struct xap_facet as_list[] = {{SLOT_KIND, true, by_kind}};
    what.facets = as_list;
    xap_matches_free(search(&what));
    is_int(xap_counts_size(by_kind), 0);
    xap_query_free(route);
    xap_counts_free(by_kind);
    xap_counts_free(by_tag);
    xap_counts_free(by_date);
    xap_counts_free(NULL);
}

static void test_collapsing(void)
{
    struct xap_counts *by_kind = new_counts();
    const struct xap_facet facet = {SLOT_KIND, false, by_kind};
    struct xap_query *all = term("arbre");
    struct xap_search what = xap_search_of(all);
    what.collapse_slot = SLOT_GROUP; // the first 100 have none
    what.check_at_least = UINT32_MAX;
    what.max_items = 200;
    what.facets = &facet;
    what.n_facets = 1;
    struct xap_matches *matches = search(&what);
    struct xap_totals totals = xap_matches_totals(matches);
    ok(totals.exact);
    is_int(totals.matches, 300);
    is_int(totals.kept, 130);
    is_int(xap_matches_count(matches), 130);
    uint32_t collapsed = 0, groups = 0;
    for (uint32_t i = 0; i < 130; i++) {
        collapsed += item(matches, i).collapsed;
        groups += item(matches, i).docid > 100;
    }
    is_int(collapsed, 170);
    is_int(groups, 30);
    xap_matches_free(matches);
    is_int(counted(by_kind, "dataset") + counted(by_kind, "dataservice") +
               counted(by_kind, "reuse"),
           270); // of all 300: one in ten has no kind

    what.max_items = 5; // a page: the same totals
    matches = search(&what);
    is_int(xap_matches_totals(matches).matches, 300);
    is_int(xap_matches_totals(matches).kept, 130);
    xap_matches_free(matches);
    what.collapse_max = 2;
    matches = search(&what);
    is_int(xap_matches_totals(matches).kept, 160);
    xap_matches_free(matches);
    what.check_at_least = 0;
    matches = search(&what);
    ok(!xap_matches_totals(matches).exact);
    xap_matches_free(matches);
    what.collapse_max = 0;
    ok(!xap_db_search(db, &what, &err));
    is_int(err.code, ERR_ARGUMENT);
    xap_query_free(all);
    xap_counts_free(by_kind);
}

static const struct xap_bm25 bm25 = {1, 0, 1, 0.5, 0.5};

static double weigh(const struct xap_query *query, uint32_t docid)
{
    double weight = 0;
    MUST(xap_db_weigh(db, query, bm25, docid, &weight, &err), &err);
    return weight;
}

static bool close_to(double a, double b)
{
    return fabs(a - b) < 1e-9 * fmax(1, fmax(fabs(a), fabs(b)));
}

static void test_weights(void)
{
    struct xap_query *chemin = term("chemin"), *rue = term("rue"), *arbre = term("arbre");
    struct xap_query *prior = xap_query_value_weight(SLOT_PRIOR, 3, &err);
    struct xap_query *both =
        xap_query_or((const struct xap_query *[]){chemin, arbre, rue}, 3, &err);
    struct xap_query *scaled = xap_query_scale(both, 2, &err);
    struct xap_query *whole = xap_query_and_maybe(scaled, prior, &err);
    MUST(whole, &err);

    // Document 41 has a prior of 4, held at 3; document 11 has 1; document 6 has none.
    ok(weigh(prior, 41) == 3);
    ok(weigh(prior, 11) == 1);
    double weight = -1;
    ok(!xap_db_weigh(db, prior, bm25, 6, &weight, &err));
    is_int(err.code, ERR_NOT_FOUND);
    ok(close_to(weigh(both, 41), weigh(chemin, 41) + weigh(arbre, 41) + weigh(rue, 41)));
    ok(close_to(weigh(scaled, 41), 2 * weigh(both, 41)));
    ok(close_to(weigh(whole, 41), 2 * weigh(both, 41) + 3));
    ok(close_to(weigh(whole, 6), 2 * weigh(both, 6)));

    // Explanations give what a search gives.
    struct xap_search what = xap_search_of(whole);
    what.max_items = DOCUMENTS;
    struct xap_matches *matches = search(&what);
    is_int(xap_matches_count(matches), DOCUMENTS);
    unsigned different = 0, unordered = 0;
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        different += !close_to(item(matches, i).weight, weigh(whole, item(matches, i).docid));
        unordered += i > 0 && item(matches, i - 1).weight < item(matches, i).weight;
    }
    is_int(different, 0);
    is_int(unordered, 0);
    double best = item(matches, 0).weight;
    xap_matches_free(matches);
    what.max_items = 1; // stopping early finds the same best one
    matches = search(&what);
    ok(item(matches, 0).weight == best);
    xap_matches_free(matches);

    struct xap_bm25 flat = {0, 0, 0, 0, 0.5}; // k1 = 0: occurrences do not count, only rarity
    double one = 0, two = 0;
    ok(xap_db_weigh(db, chemin, flat, 41, &one, &err));
    ok(xap_db_weigh(db, chemin, flat, 51, &two, &err));
    ok(one == two && one > 0);

    ok(!xap_db_weigh(db, chemin, bm25, 2, &weight, &err)); // it says "route"
    is_int(err.code, ERR_NOT_FOUND);
    struct xap_query *all = xap_query_match_all(&err);
    ok(weigh(all, 2) == 0);
    ok(!xap_db_weigh(db, all, bm25, 5000, &weight, &err));
    is_int(err.code, ERR_NOT_FOUND);
    ok(!xap_db_weigh(db, all, bm25, 0, &weight, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_query_value_weight(SLOT_PRIOR, 0, &err));
    is_int(err.code, ERR_ARGUMENT);
    ok(!xap_query_value_weight(SLOT_PRIOR, INFINITY, &err));
    ok(!xap_query_value_weight(XAP_NO_SLOT, 1, &err));
    is_str(notation(xap_query_value_weight(7, 1.5, &err)),
           "Query(PostingSource(value_weight(7, 1.500000)))");
    is_int(count(xap_query_value_weight(99, 1, &err)), 0);
    xap_query_free(all);
    xap_query_free(whole);
    xap_query_free(scaled);
    xap_query_free(both);
    xap_query_free(prior);
    xap_query_free(arbre);
    xap_query_free(rue);
    xap_query_free(chemin);
}

struct parts {
    char terms[128];
    uint32_t documents;
    double weight;
    int left;
};

static bool note_part(void *user, const struct xap_term_weight *part)
{
    struct parts *parts = user;
    snprintf(parts->terms + strlen(parts->terms), sizeof parts->terms - strlen(parts->terms),
             "%.*s ", STR_ARG(part->term));
    parts->documents += part->documents;
    parts->weight += part->weight;
    return --parts->left > 0;
}

static void test_explanations(void)
{
    static const char *const asked[] = {"unique", "absent", "rue", "chemin"};
    struct xap_query *words[4];
    for (uint32_t i = 0; i < 4; i++)
        words[i] = xap_query_term(str_of(asked[i]), 1, i + 1, &err);
    struct xap_query *any = xap_query_or((const struct xap_query *const *)words, 4, &err);
    struct parts parts = {.left = 10};
    double weight = 0;
    ok(xap_db_explain(db, any, bm25, 43, &weight, note_part, &parts, &err));
    is_str(parts.terms, "unique rue ");
    is_int(parts.documents, 301);
    ok(weight > 0 && close_to(weight, parts.weight));
    ok(close_to(weight, weigh(any, 43)));
    parts = (struct parts){.left = 1};
    ok(xap_db_explain(db, any, bm25, 43, &weight, note_part, &parts, &err));
    is_str(parts.terms, "unique ");
    ok(!xap_db_explain(db, words[1], bm25, 43, &weight, note_part, &parts, &err));
    is_int(err.code, ERR_NOT_FOUND);
    xap_query_free(any);
    for (int i = 0; i < 4; i++)
        xap_query_free(words[i]);
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
    is_int(count(xap_query_value_weight(1, 1, &err)), 0);
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
    test_facets();
    test_collapsing();
    test_weights();
    test_explanations();
    test_empty();
    xap_db_close(db);
    return tap_done();
}
