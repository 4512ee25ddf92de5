// Unit tests of indexer/xapian: facets, collapsing, weights. Counts are compared with
// counts made by hand on the same documents.
#include "tests/unit/xapian_catalogue.h"

#include "tests/tap.h"

#include <math.h>

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
    struct xap_query *unique = term("unique"), *bonus = xap_query_scale(unique, 3, &err);
    struct xap_query *both =
        xap_query_or((const struct xap_query *[]){chemin, arbre, rue}, 3, &err);
    struct xap_query *scaled = xap_query_scale(both, 2, &err);
    struct xap_query *whole = xap_query_and_maybe(scaled, bonus, &err);
    MUST(whole, &err);

    // Document 43 alone says "unique".
    ok(weigh(unique, 43) > 0);
    ok(close_to(weigh(bonus, 43), 3 * weigh(unique, 43)));
    double weight = -1;
    ok(!xap_db_weigh(db, bonus, bm25, 6, &weight, &err));
    is_int(err.code, ERR_NOT_FOUND);
    ok(close_to(weigh(both, 41), weigh(chemin, 41) + weigh(arbre, 41) + weigh(rue, 41)));
    ok(close_to(weigh(scaled, 41), 2 * weigh(both, 41)));
    ok(close_to(weigh(whole, 43), 2 * weigh(both, 43) + 3 * weigh(unique, 43)));
    ok(close_to(weigh(whole, 6), 2 * weigh(both, 6)));

    // Weights are those that a search gives.
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
    xap_query_free(all);
    xap_query_free(whole);
    xap_query_free(scaled);
    xap_query_free(both);
    xap_query_free(bonus);
    xap_query_free(unique);
    xap_query_free(arbre);
    xap_query_free(rue);
    xap_query_free(chemin);
}

int main(void)
{
    fixture_begin();
    fill_index();
    test_facets();
    test_collapsing();
    test_weights();
    xap_db_close(db);
    return tap_done();
}
