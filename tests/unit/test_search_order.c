// The order of results, and the first of them, against qsort over everything.
#include "indexer/search/searcher.h"
#include "tests/tap.h"

#include <stdlib.h>

enum { MOST = 300, ROUNDS = 400 };

static uint64_t state = 88172645463325252u;

static uint32_t any(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

static enum order asked;

static int compare(const void *a, const void *b)
{
    bool before = ranked_before(a, b, asked), behind = ranked_before(b, a, asked);
    return before ? -1 : behind;
}

static bool same(const struct ranked *a, const struct ranked *b)
{
    return a->docid == b->docid && a->tier == b->tier && !(a->score < b->score) &&
           !(a->score > b->score) && str_eq(a->value, b->value);
}

// Many equal scores and values: what is left to docids shows.
static void against_qsort(void)
{
    static const char *const titles[] = {"", "a", "ab", "b", "ba", "bb", "\xC3\xA9"};
    struct ranked list[MOST], sorted[MOST];
    size_t wrong = 0, lost = 0;
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = any(MOST + 1), k = any(2) ? any(MOST + 50) : any(20);
        asked = (enum order)any(3);
        for (size_t i = 0; i < n; i++)
            list[i] = (struct ranked){.docid = (uint32_t)i * 7 + 1,
                                      .tier = any(3),
                                      .score = (float)any(20) / 4,
                                      .value = str_of(titles[any(7)])};
        for (size_t i = n; i > 1; i--) {
            size_t j = any((uint32_t)i);
            struct ranked t = list[i - 1];
            list[i - 1] = list[j];
            list[j] = t;
        }
        memcpy(sorted, list, n * sizeof *list);
        qsort(sorted, n, sizeof *sorted, compare);
        size_t got = ranked_first(list, n, k, asked);
        wrong += got != (k < n ? k : n);
        for (size_t i = 0; i < got; i++)
            wrong += !same(&list[i], &sorted[i]);
        // What is not among the first is behind them, and still there.
        qsort(list, n, sizeof *list, compare);
        for (size_t i = 0; i < n; i++)
            lost += !same(&list[i], &sorted[i]);
    }
    is_int(wrong, 0);
    is_int(lost, 0);
}

static bool before(struct ranked a, struct ranked b, enum order order)
{
    return ranked_before(&a, &b, order) && !ranked_before(&b, &a, order);
}

static void rules_of_the_order(void)
{
    struct ranked low = {.docid = 1, .tier = 0, .score = 1, .value = STR("a")},
                  high = {.docid = 2, .tier = 0, .score = 2, .value = STR("b")},
                  later = {.docid = 3, .tier = 1, .score = 9, .value = STR("")};
    ok(before(high, low, ORDER_SCORE));
    ok(before(low, high, ORDER_VALUE_UP));
    ok(before(high, low, ORDER_VALUE_DOWN));
    // Tiers come first, in any order.
    ok(before(low, later, ORDER_SCORE));
    ok(before(low, later, ORDER_VALUE_UP));
    ok(before(low, later, ORDER_VALUE_DOWN));
    // Equal ones: the lower docid. Scores do not count where a value does.
    struct ranked twin = low;
    twin.docid = 9;
    twin.score = 5;
    ok(before(low, twin, ORDER_VALUE_UP));
    ok(before(low, twin, ORDER_VALUE_DOWN));
    twin.score = low.score;
    twin.value = STR("z");
    ok(before(low, twin, ORDER_SCORE));
    ok(!ranked_before(&low, &low, ORDER_SCORE));
    // Without a value: first going up, last going down.
    struct ranked none = {.docid = 4};
    ok(before(none, low, ORDER_VALUE_UP));
    ok(before(low, none, ORDER_VALUE_DOWN));
}

static void bounds(void)
{
    struct ranked one = {.docid = 5}, list[3] = {{.docid = 3}, {.docid = 2}, {.docid = 1}};
    is_int(ranked_first(NULL, 0, 10, ORDER_SCORE), 0);
    is_int(ranked_first(&one, 1, 0, ORDER_SCORE), 0);
    is_int(ranked_first(&one, 1, 1, ORDER_SCORE), 1);
    is_int(ranked_first(&one, 1, SIZE_MAX, ORDER_SCORE), 1);
    is_int(one.docid, 5);
    is_int(ranked_first(list, 3, 2, ORDER_SCORE), 2);
    is_int(list[0].docid, 1);
    is_int(list[1].docid, 2);
    is_int(list[2].docid, 3);
}

int main(void)
{
    rules_of_the_order();
    bounds();
    against_qsort();
    return tap_done();
}
