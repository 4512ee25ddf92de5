// See columns.h.
#include "indexer/columns/column.h"

#include "indexer/columns/touched.h"
#include "indexer/index/usage.h"
#include "indexer/index/variants.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { COLUMNS = FACET_COUNT + FIXED_COLUMNS }; // facets first

struct columns {
    atomic_uint count;
    int64_t generation, batch;
    uint64_t revision;
    uint32_t last;
    pthread_mutex_t lock;                  // of loading
    _Atomic(struct column *) all[COLUMNS]; // NULL: not loaded
};

struct columns_holder {
    pthread_mutex_t lock;
    struct columns *newest;
};

// ---- What columns there are ------------------------------------------------------------------------

static void read_bytes(struct str value, unsigned char *out, size_t width)
{
    if (value.n == width)
        memcpy(out, value.p, width);
}

static void read_use(struct str value, unsigned char *out)
{
    read_bytes(value, out, USAGE_BYTES);
}

static void read_lengths(struct str value, unsigned char *out)
{
    read_bytes(value, out, LENGTHS_BYTES);
}

static void read_variant(struct str value, unsigned char *out)
{
    uint64_t key = variant_number(value);
    memcpy(out, &key, sizeof key);
}

static struct column_source source_of(size_t which)
{
    static const struct column_source fixed[FIXED_COLUMNS] = {
        [COLUMN_USE] = {SLOT_USE, false, USAGE_BYTES, read_use},
        [COLUMN_LENGTHS] = {SLOT_LENGTHS, false, LENGTHS_BYTES, read_lengths},
        [COLUMN_VARIANT] = {SLOT_VARIANT, false, sizeof(uint64_t), read_variant},
    };
    if (which >= FACET_COUNT)
        return fixed[which - FACET_COUNT];
    return (struct column_source){SLOT_FACETS + (uint32_t)which, facet_fields[which].list, 0, NULL};
}

// ---- Columns -------------------------------------------------------------------------------------

static struct columns *columns_new(int64_t generation, int64_t batch, const struct xap_stats *stats)
{
    struct columns *c = xcalloc(1, sizeof *c);
    atomic_init(&c->count, 1);
    pthread_mutex_init(&c->lock, NULL);
    c->generation = generation;
    c->batch = batch;
    c->revision = stats->revision;
    c->last = stats->last_docid;
    return c;
}

void columns_release(struct columns *c)
{
    if (!c || atomic_fetch_sub(&c->count, 1) > 1)
        return;
    for (size_t i = 0; i < COLUMNS; i++)
        column_free(atomic_load(&c->all[i]));
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static const struct column *get(struct columns *c, struct xap_db *db, size_t which, struct err *e)
{
    struct column *column = atomic_load(&c->all[which]);
    if (column)
        return column;
    struct column_source source = source_of(which);
    pthread_mutex_lock(&c->lock);
    column = atomic_load(&c->all[which]);
    if (!column) {
        column = column_load(db, &source, c->last, e);
        atomic_store(&c->all[which], column);
    }
    pthread_mutex_unlock(&c->lock);
    return column;
}

const struct column *columns_facet(struct columns *c, struct xap_db *db, enum facet facet,
                                   struct err *e)
{
    return get(c, db, facet, e);
}

const struct column *columns_fixed(struct columns *c, struct xap_db *db, enum fixed_column which,
                                   struct err *e)
{
    return get(c, db, FACET_COUNT + which, e);
}

// ---- The newest ones -------------------------------------------------------------------------------

struct columns_holder *columns_holder_new(void)
{
    struct columns_holder *h = xcalloc(1, sizeof *h);
    pthread_mutex_init(&h->lock, NULL);
    return h;
}

void columns_holder_free(struct columns_holder *h)
{
    if (!h)
        return;
    columns_release(h->newest);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

// Loads what the older ones have loaded: as they are, but for what was touched since.
static bool bring_up(struct columns *c, struct columns *old, struct xap_db *db, struct err *e)
{
    struct arena a = {0};
    struct xap_docids touched;
    bool known = false;
    bool good = old->batch == c->batch || // a commit that tells nothing
                touched_since(db, old->batch, c->batch, &a, &touched, &known, e);
    for (size_t i = 0; i < COLUMNS && good && known; i++) {
        struct column_source source = source_of(i);
        pthread_mutex_lock(&old->lock); // nobody adds to a dictionary that both have
        const struct column *before = atomic_load(&old->all[i]);
        struct column *column =
            before ? column_update(before, db, &source, c->last, &touched, e) : NULL;
        pthread_mutex_unlock(&old->lock);
        good = !before || column;
        atomic_store(&c->all[i], column);
    }
    arena_free(&a);
    return good;
}

struct columns *columns_take(struct columns_holder *h, struct xap_db *db, int64_t generation,
                             struct err *e)
{
    struct xap_stats stats;
    int64_t batch;
    if (!xap_db_stats(db, &stats, e) || !touched_batch(db, &batch, e))
        return NULL;
    struct columns *c = NULL;
    pthread_mutex_lock(&h->lock);
    struct columns *newest = h->newest;
    bool same = newest && newest->generation == generation;
    bool good = !same || newest->revision <= stats.revision;
    if (!good) {
        err_set(e, ERR_MODIFIED, "the index moved on");
    } else if (same && newest->revision == stats.revision) {
        c = newest;
    } else {
        c = columns_new(generation, batch, &stats);
        good = !same || bring_up(c, newest, db, e);
        if (good) {
            h->newest = c;
            columns_release(newest);
        } else {
            columns_release(c);
            c = NULL;
        }
    }
    if (c)
        atomic_fetch_add(&c->count, 1);
    pthread_mutex_unlock(&h->lock);
    return c;
}
