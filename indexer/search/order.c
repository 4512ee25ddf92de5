// The order of results, and the first of them. See searcher.h.
#include "indexer/search/searcher.h"

#include <stdlib.h>

bool ranked_before(const struct ranked *a, const struct ranked *b)
{
    return a->order != b->order ? a->order > b->order : a->docid < b->docid;
}

static int compare(const void *a, const void *b)
{
    return ranked_before(a, b) ? -1 : ranked_before(b, a);
}

uint64_t order_of_score(float score, unsigned tier)
{
    uint32_t bits;
    memcpy(&bits, &score,
           sizeof bits); // of numbers that are not below 0 the bits are in their order
    return (uint64_t)(ORDER_TIERS - (tier < ORDER_TIERS ? tier : ORDER_TIERS)) << 32 | bits;
}

float score_of_order(uint64_t order)
{
    uint32_t bits = (uint32_t)order;
    float score;
    memcpy(&score, &bits, sizeof score);
    return score;
}

void firsts_init(struct firsts *f, size_t k, struct arena *a)
{
    *f = (struct firsts){.k = k, .least_score = -1, .v = ARENA_ROOM(a, struct ranked, 2 * k + 1)};
}

static void cut(struct firsts *f)
{
    qsort(f->v, f->n, sizeof *f->v, compare);
    if (f->n < f->k)
        return;
    f->n = f->k;
    f->least = f->v[f->k - 1].order;
    f->least_score = score_of_order(f->least);
    f->full = true;
}

static void add(struct firsts *f, uint64_t order, uint32_t docid)
{
    f->v[f->n++] = (struct ranked){.order = order, .docid = docid};
    if (f->n == 2 * f->k)
        cut(f);
}

void firsts_add(struct firsts *f, float score, uint32_t docid)
{
    if (score > f->least_score)
        add(f, order_of_score(score, 0), docid);
}

size_t firsts_end(struct firsts *f)
{
    cut(f);
    return f->n;
}

// A chunk of the column at a time. Nothing is noted of the many that are not among the first.
static void add_numbers(struct firsts *f, const struct to_rank *r)
{
    const uint64_t flip = r->ascending ? UINT64_MAX : 0;
    for (size_t i = 0, run; i < r->n; i += run) {
        const unsigned char *chunk = column_chunk(r->column, r->docids[i]);
        run = column_run(r->docids + i, r->n - i);
        for (size_t j = i; j < i + run; j++) {
            uint64_t order = 0;
            if (chunk)
                memcpy(&order, chunk + r->docids[j] % COLUMN_CHUNK * sizeof order, sizeof order);
            order ^= flip;
            if (!f->full || order > f->least)
                add(f, order, r->docids[j]);
        }
    }
}

size_t ranked_first(const struct to_rank *r, size_t k, struct arena *a, struct ranked **out)
{
    struct firsts f;
    firsts_init(&f, k < r->n ? k : r->n, a);
    *out = f.v;
    if (!f.k)
        return 0;
    if (r->column)
        add_numbers(&f, r);
    for (size_t i = 0; i < r->n && !r->column; i++)
        if (!r->orders)
            firsts_add(&f, r->score[i], r->docids[i]);
        else if (!f.full || r->orders[i] > f.least)
            add(&f, r->orders[i], r->docids[i]);
    return firsts_end(&f);
}
