// The order of results, and the first of them, against qsort over everything.
#include "indexer/search/searcher.h"
#include "tests/tap.h"

#include <stdlib.h>

enum { MOST = 300, ROUNDS = 600 };

static struct arena arena;
static uint64_t state = 88172645463325252u;

static uint32_t any(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

static int compare(const void *a, const void *b)
{
    bool before = ranked_before(a, b), behind = ranked_before(b, a);
    return before ? -1 : behind;
}

// Many equal scores and orders: what is left to docids shows.
static void against_qsort(bool by_score)
{
    uint32_t docids[MOST];
    uint64_t orders[MOST];
    float score[MOST];
    struct ranked sorted[MOST], *first;
    size_t wrong = 0;
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = any(MOST + 1), k = any(2) ? any(MOST + 50) : any(20);
        for (size_t i = 0; i < n; i++) {
            docids[i] = (uint32_t)i * 7 + 1;
            score[i] = (float)any(any(2) ? 20 : 20000) / 4;
            orders[i] = by_score ? order_of_score(score[i], 0) : any(30) * (uint64_t)1e12;
            sorted[i] = (struct ranked){.order = orders[i], .docid = docids[i]};
        }
        struct to_rank all = {
            .docids = docids, .n = n, .orders = by_score ? NULL : orders, .score = score};
        qsort(sorted, n, sizeof *sorted, compare);
        size_t got = ranked_first(&all, k, &arena, &first);
        wrong += got != (k < n ? k : n);
        for (size_t i = 0; i < got; i++)
            wrong += first[i].docid != sorted[i].docid || first[i].order != sorted[i].order ||
                     first[i].variants || first[i].variant;
        arena_reset(&arena);
    }
    is_int(wrong, 0);
}

// The worst order to come in: each is better than all before.
static void rising(void)
{
    uint32_t docids[MOST];
    float score[MOST];
    struct ranked *first;
    for (uint32_t i = 0; i < MOST; i++) {
        docids[i] = i + 1;
        score[i] = (float)i;
    }
    struct to_rank all = {.docids = docids, .n = MOST, .score = score};
    is_int(ranked_first(&all, 3, &arena, &first), 3);
    is_int(first[0].docid, MOST);
    is_int(first[2].docid, MOST - 2);
}

static void rules_of_the_order(void)
{
    struct ranked low = {.docid = 1, .order = 5}, high = {.docid = 2, .order = 9},
                  twin = {.docid = 9, .order = 5};
    ok(ranked_before(&high, &low));
    ok(!ranked_before(&low, &high));
    ok(ranked_before(&low, &twin)); // equal ones: the lower docid
    ok(!ranked_before(&twin, &low));
    ok(!ranked_before(&low, &low));
    // Scores are in their order, and a tier is before any score of the next.
    ok(order_of_score(0.25F, 0) > order_of_score(0.2499F, 0));
    ok(order_of_score(0, 0) > order_of_score(1e30F, 1));
    ok(order_of_score(1, 3) > order_of_score(1, 4));
    ok(order_of_score(1, ORDER_TIERS) == order_of_score(1, UINT32_MAX));
    ok(order_of_score(1, ORDER_TIERS - 1) > order_of_score(1, ORDER_TIERS));
    is_int((int)(score_of_order(order_of_score(7.5F, 9)) * 2), 15);
}

static void bounds(void)
{
    uint32_t docids[] = {3, 5};
    float score[] = {0, 0};
    struct ranked *first;
    struct to_rank all = {.docids = docids, .n = 2, .score = score};
    is_int(ranked_first(&(struct to_rank){0}, 10, &arena, &first), 0);
    is_int(ranked_first(&all, 0, &arena, &first), 0);
    is_int(ranked_first(&all, 1, &arena, &first), 1);
    is_int(first[0].docid, 3);
    is_int(ranked_first(&all, SIZE_MAX, &arena, &first), 2); // scores of 0 are results too
    is_int(first[1].docid, 5);
}

int main(void)
{
    against_qsort(true);
    against_qsort(false);
    rising();
    rules_of_the_order();
    bounds();
    arena_free(&arena);
    return tap_done();
}
