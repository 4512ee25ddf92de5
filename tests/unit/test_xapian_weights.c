// Unit tests of indexer/xapian: collapsing, weights. Counts are compared with
// counts made by hand on the same documents.
#include "tests/unit/xapian_catalogue.h"

#include "tests/tap.h"

#include <math.h>

static void test_collapsing(void)
{
    struct xap_query *all = term("arbre");
    struct xap_search what = xap_search_of(all);
    what.collapse_slot = SLOT_GROUP; // the first 100 have none
    what.check_at_least = UINT32_MAX;
    what.max_items = 200;
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
    test_collapsing();
    test_weights();
    xap_db_close(db);
    return tap_done();
}
