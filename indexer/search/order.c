// The order of results, and the first of them: a heap as large as what is asked for, over all that matches. See searcher.h.
#include "indexer/search/searcher.h"

bool ranked_before(const struct ranked *a, const struct ranked *b, enum order order)
{
    if (a->tier != b->tier)
        return a->tier < b->tier;
    if (order == ORDER_SCORE) {
        if (a->score > b->score || a->score < b->score)
            return a->score > b->score;
    } else {
        int c = str_cmp(a->value, b->value);
        if (c)
            return order == ORDER_VALUE_UP ? c < 0 : c > 0;
    }
    return a->docid < b->docid;
}

static void swap(struct ranked *a, struct ranked *b)
{
    struct ranked t = *a;
    *a = *b;
    *b = t;
}

// Moves the item at i down the heap of n items, the last in order being at its top.
static void sift(struct ranked *heap, size_t i, size_t n, enum order order)
{
    for (;;) {
        size_t last = i, left = 2 * i + 1, right = left + 1;
        if (left < n && ranked_before(&heap[last], &heap[left], order))
            last = left;
        if (right < n && ranked_before(&heap[last], &heap[right], order))
            last = right;
        if (last == i)
            return;
        swap(&heap[i], &heap[last]);
        i = last;
    }
}

size_t ranked_first(struct ranked *list, size_t n, size_t k, enum order order)
{
    k = k < n ? k : n;
    if (!k)
        return 0;
    for (size_t i = k / 2; i-- > 0;)
        sift(list, i, k, order);
    for (size_t i = k; i < n; i++)
        if (ranked_before(&list[i], &list[0], order)) {
            swap(&list[i], &list[0]);
            sift(list, 0, k, order);
        }
    for (size_t end = k; end-- > 1;) {
        swap(&list[0], &list[end]);
        sift(list, 0, end, order);
    }
    return k;
}
