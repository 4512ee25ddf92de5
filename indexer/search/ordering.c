// Results in their order, as many as are asked for: variants of one record stand behind the best of them, and titles whose first bytes
// are equal are compared whole. See searcher.h.
#include "indexer/search/searcher.h"

#include <stdlib.h>

// Variants that more records share than may stay: a table by key, open, at most half full.
struct variant_count {
    uint64_t key; // 0: free
    uint32_t documents, kept;
};
struct fold {
    uint32_t most, last; // last: docid of the index
    const uint64_t *crowded;
    const struct column *variants;
    struct variant_count *counts;
    size_t mask;
};

// ---- Variants --------------------------------------------------------------------------------------

static bool is_crowded(const struct fold *f, uint32_t docid)
{
    return f->crowded[docid / 64] >> docid % 64 & 1;
}

static uint64_t variant_of(const struct fold *f, uint32_t docid)
{
    uint64_t key;
    memcpy(&key, column_bytes(f->variants, docid), sizeof key);
    return key;
}

static struct variant_count *count_of(const struct fold *f, uint64_t key)
{
    size_t at = (key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & f->mask;
    while (f->counts[at].key && f->counts[at].key != key)
        at = (at + 1) & f->mask;
    f->counts[at].key = key;
    return &f->counts[at];
}

// A bit for each docid: documents whose variant more than `most` documents may share, all that do and a few others, since variants are
// counted by the hash of their key. Most records are none of these, and nothing more is looked up for them.
static void *make_crowded(void *arg, struct err *e)
{
    const struct fold *f = arg;
    uint32_t last = f->last;
    unsigned hash_bits = 12;
    (void)e;
    while (hash_bits < 23 && 1u << hash_bits < 4 * (uint64_t)last)
        hash_bits++;
    uint64_t *bits = xcalloc((size_t)last / 64 + 1, sizeof *bits);
    uint16_t *counts = xcalloc((size_t)1 << hash_bits, sizeof *counts);
    for (int round = 0; round < 2; round++)
        for (uint32_t docid = 1; docid <= last; docid++) {
            uint64_t key = variant_of(f, docid);
            uint64_t at = key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - hash_bits);
            if (!round)
                counts[at] = (uint16_t)(counts[at] + (key && counts[at] < UINT16_MAX));
            else if (key && (counts[at] > f->most || counts[at] == UINT16_MAX))
                bits[docid / 64] |= UINT64_C(1) << docid % 64;
        }
    free(counts);
    return bits;
}

bool ordering_fold(struct ordering *o, uint32_t most, struct err *e)
{
    struct searcher *s = o->taken->s;
    struct arena *a = o->taken->arena;
    size_t n = o->rank.n, crowded = 0, room = 16;
    o->listed = (int64_t)n;
    if (!most || n <= most)
        return true;
    struct fold *f = ARENA_NEW(a, struct fold);
    f->most = most;
    f->variants = columns_fixed(s->columns, s->db, COLUMN_VARIANT, e);
    if (!f->variants)
        return false;
    f->last = columns_last(s->columns);
    f->crowded = columns_keep(s->columns, KEPT_CROWDED, most, make_crowded, f, e);
    for (size_t i = 0; i < n; i++)
        crowded += is_crowded(f, o->rank.docids[i]);
    if (crowded <= most)
        return true;
    while (room < 2 * crowded)
        room *= 2;
    f->mask = room - 1;
    f->counts = ARENA_ARRAY(a, struct variant_count, room);
    for (size_t i = 0; i < n; i++)
        if (is_crowded(f, o->rank.docids[i])) {
            uint64_t key = variant_of(f, o->rank.docids[i]);
            o->listed -= key && ++count_of(f, key)->documents > most;
        }
    o->fold = f;
    return true;
}

// Keeps, of the first ones, those that are not behind others. Returns how many.
static size_t keep_best(const struct fold *f, struct ranked *v, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i <= f->mask; i++)
        f->counts[i].kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct ranked r = v[i];
        uint64_t key = is_crowded(f, r.docid) ? variant_of(f, r.docid) : 0;
        struct variant_count *c = key ? count_of(f, key) : NULL;
        if (c && c->documents > f->most) {
            if (c->kept == f->most)
                continue;
            if (++c->kept == f->most) {
                r.variant = key;
                r.variants = c->documents - f->most;
            }
        }
        v[kept++] = r;
    }
    return kept;
}

// ---- Titles ----------------------------------------------------------------------------------------

struct titled {
    struct ranked ranked;
    struct str title;
};

struct reading_titles {
    struct titled *v;
    struct arena *arena;
};

static void take_title(void *user, size_t i, struct str value)
{
    struct reading_titles *r = user;
    r->v[i].title = arena_str(r->arena, value);
}

static int compare_titles(const void *a, const void *b)
{
    const struct titled *x = a, *y = b;
    int c = str_cmp(x->title, y->title);
    return c ? c : ranked_before(&x->ranked, &y->ranked) ? -1 : 1;
}

// Titles from a to z: by the column of their first bytes, the lowest first.
static uint64_t order_of_title(const struct to_rank *r, size_t i)
{
    uint64_t order;
    memcpy(&order, column_bytes(r->column, r->docids[i]), sizeof order);
    return ~order;
}

// Reads the titles of all that may be among the first k, and puts these in order.
static bool order_titles(struct ordering *o, struct ranked *first, size_t k, struct err *e)
{
    struct searcher *s = o->taken->s;
    struct arena *a = o->taken->arena;
    uint64_t last = first[k - 1].order;
    size_t n = 0, count = 0;
    for (size_t i = 0; i < o->rank.n; i++)
        n += order_of_title(&o->rank, i) >= last;
    struct titled *all = ARENA_ARRAY(a, struct titled, n + 1);
    uint32_t *docids = ARENA_ROOM(a, uint32_t, n + 1);
    for (size_t i = 0; i < o->rank.n; i++)
        if (order_of_title(&o->rank, i) >= last) {
            docids[count] = o->rank.docids[i];
            all[count++].ranked =
                (struct ranked){.order = order_of_title(&o->rank, i), .docid = o->rank.docids[i]};
        }
    struct reading_titles r = {all, a};
    if (!xap_db_values(s->db, SLOT_TITLE, docids, n, take_title, &r, e))
        return false;
    qsort(all, n, sizeof *all, compare_titles);
    for (size_t i = 0; i < k; i++)
        first[i] = all[i].ranked;
    return true;
}

// ---- The first ones --------------------------------------------------------------------------------

// The first k before variants are folded.
static bool first_of_all(struct ordering *o, size_t k, struct ranked **out, size_t *n,
                         struct err *e)
{
    const struct to_rank *r = &o->rank;
    if (!r->orders && !r->score && !r->column)
        return score_first(o->taken, o->query, r->docids, o->codes, r->n, k, out, n, e);
    *n = ranked_first(r, k, o->taken->arena, out);
    return true;
}

bool ordering_first(struct ordering *o, size_t k, struct ranked **out, size_t *n, struct err *e)
{
    for (size_t most = k, got;; most *= 4) {
        if (!first_of_all(o, most, out, &got, e))
            return false;
        if (got && o->by_title && !order_titles(o, *out, got, e))
            return false;
        *n = o->fold ? keep_best(o->fold, *out, got) : got;
        if (*n >= k || got < most || got == o->rank.n)
            break;
    }
    *n = *n < k ? *n : k;
    return true;
}
