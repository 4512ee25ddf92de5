// See columns.h.
#include "indexer/columns/column.h"

#include "indexer/columns/touched.h"
#include "indexer/index/usage.h"
#include "indexer/index/variants.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { COLUMNS = FACET_COUNT + FIXED_COLUMNS }; // facets first

// What ranking made of a state's columns (columns_prior, columns_keep): few, since rules change seldom.
struct made {
    struct made *next;
    uint64_t number;
    struct column *prior; // or
    void *kept;
};

struct columns {
    atomic_uint count;
    int64_t generation, batch;
    uint64_t revision;
    uint32_t last;
    pthread_mutex_t lock;                  // of loading
    _Atomic(struct column *) all[COLUMNS]; // NULL: not loaded
    _Atomic(struct made *) priors, kept[KEPT_KINDS];
    // Of the state before: what a prior may share.
    struct column *old_use, *old_prior;
    uint64_t old_number;
};

struct columns_holder {
    // Held while columns are made from others: they share dictionaries, which one thread at a time adds to.
    pthread_mutex_t bringing;
    pthread_mutex_t lock; // of `newest`, for moments
    struct columns *newest;
    struct lists *lists;
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

uint64_t column_order_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits = bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
    return bits ? bits : 1;
}

static void read_number(struct str value, unsigned char *out)
{
    uint64_t order = value.n ? column_order_of(xap_unsortable(value)) : 0;
    memcpy(out, &order, sizeof order);
}

static void read_text(struct str value, unsigned char *out)
{
    uint64_t order = 0;
    for (size_t i = 0; i < sizeof order; i++)
        order = order << 8 | (i < value.n ? (unsigned char)value.p[i] : 0);
    memcpy(out, &order, sizeof order);
}

static struct column_source source_of(size_t which)
{
    static const struct column_source fixed[FIXED_COLUMNS] = {
        [COLUMN_USE] = {SLOT_USE, false, USAGE_BYTES, read_use},
        [COLUMN_LENGTHS] = {SLOT_LENGTHS, false, LENGTHS_BYTES, read_lengths},
        [COLUMN_VARIANT] = {SLOT_VARIANT, false, sizeof(uint64_t), read_variant},
        [COLUMN_MODIFIED] = {SLOT_MODIFIED, false, sizeof(uint64_t), read_number},
        [COLUMN_ISSUED] = {SLOT_ISSUED, false, sizeof(uint64_t), read_number},
        [COLUMN_VIEWS] = {SLOT_VIEWS, false, sizeof(uint64_t), read_number},
        [COLUMN_QUALITY] = {SLOT_QUALITY, false, sizeof(uint64_t), read_number},
        [COLUMN_TITLE] = {SLOT_TITLE, false, sizeof(uint64_t), read_text},
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

static void free_made(struct made *list)
{
    for (struct made *next; list; list = next) {
        next = list->next;
        column_free(list->prior);
        free(list->kept);
        free(list);
    }
}

void columns_release(struct columns *c)
{
    if (!c || atomic_fetch_sub(&c->count, 1) > 1)
        return;
    free_made(atomic_load(&c->priors));
    for (int i = 0; i < KEPT_KINDS; i++)
        free_made(atomic_load(&c->kept[i]));
    column_free(c->old_use);
    column_free(c->old_prior);
    for (size_t i = 0; i < COLUMNS; i++)
        column_free(atomic_load(&c->all[i]));
    pthread_mutex_destroy(&c->lock);
    free(c);
}

struct columns_state columns_state(const struct columns *c)
{
    return (struct columns_state){c->generation, c->batch, c->revision};
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

uint32_t columns_last(const struct columns *c)
{
    return c->last;
}

// ---- What is made from them ------------------------------------------------------------------------

static struct made *find_made(struct made *list, uint64_t number)
{
    while (list && list->number != number)
        list = list->next;
    return list;
}

static struct made *add_made(_Atomic(struct made *) *list, uint64_t number)
{
    struct made *m = xcalloc(1, sizeof *m);
    *m = (struct made){.next = atomic_load(list), .number = number};
    return m;
}

const struct column *columns_prior(struct columns *c, struct xap_db *db,
                                   const struct column_maker *maker, struct err *e)
{
    struct made *m = find_made(atomic_load(&c->priors), maker->number);
    const struct column *use = m ? NULL : columns_fixed(c, db, COLUMN_USE, e);
    if (m || !use)
        return m ? m->prior : NULL;
    pthread_mutex_lock(&c->lock);
    m = find_made(atomic_load(&c->priors), maker->number);
    if (!m) {
        bool same = c->old_prior && c->old_number == maker->number;
        m = add_made(&c->priors, maker->number);
        m->prior = column_derive(use, same ? c->old_use : NULL, same ? c->old_prior : NULL, maker);
        atomic_store(&c->priors, m);
    }
    pthread_mutex_unlock(&c->lock);
    return m->prior;
}

void *columns_keep(struct columns *c, enum columns_kept what, uint64_t number,
                   void *(*make)(void *arg, struct err *e), void *arg, struct err *e)
{
    struct made *m = find_made(atomic_load(&c->kept[what]), number);
    void *made = m ? NULL : make(arg, e);
    if (m || !made)
        return m ? m->kept : NULL;
    pthread_mutex_lock(&c->lock);
    m = find_made(atomic_load(&c->kept[what]), number); // two threads may have made it
    if (m) {
        free(made);
    } else {
        m = add_made(&c->kept[what], number);
        m->kept = made;
        atomic_store(&c->kept[what], m);
    }
    pthread_mutex_unlock(&c->lock);
    return m->kept;
}

// ---- The newest ones -------------------------------------------------------------------------------

struct columns_holder *columns_holder_new(void)
{
    struct columns_holder *h = xcalloc(1, sizeof *h);
    pthread_mutex_init(&h->bringing, NULL);
    pthread_mutex_init(&h->lock, NULL);
    h->lists = lists_new(LISTS_BYTES);
    return h;
}

struct lists *columns_lists(struct columns_holder *h)
{
    return h->lists;
}

void columns_holder_free(struct columns_holder *h)
{
    if (!h)
        return;
    columns_release(h->newest);
    lists_free(h->lists);
    pthread_mutex_destroy(&h->bringing);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

// What was made last of the older ones' use: most of it stays true.
static void keep_prior(struct columns *c, const struct columns *old)
{
    struct made *m = atomic_load(&old->priors);
    const struct column *use = m ? atomic_load(&old->all[FACET_COUNT + COLUMN_USE]) : old->old_use,
                        *prior = m ? m->prior : old->old_prior;
    if (!prior)
        return;
    c->old_use = column_copy(use);
    c->old_prior = column_copy(prior);
    c->old_number = m ? m->number : old->old_number;
}

// Whether figures alone may move its values.
static bool is_of_figures(size_t which)
{
    return which == FACET_COUNT + COLUMN_USE || which == FACET_COUNT + COLUMN_MODIFIED ||
           which == FACET_COUNT + COLUMN_VIEWS || which == FACET_COUNT + COLUMN_QUALITY;
}

// Loads what the older ones have loaded: as they are, but for what was touched since.
static bool bring_up(struct columns *c, struct columns *old, struct xap_db *db, struct err *e)
{
    struct arena a = {0};
    struct xap_docids all, content;
    bool known = false, known_too = false;
    bool good = old->batch == c->batch || // a commit that tells nothing
                (touched_since(db, old->batch, c->batch, &a, &all, &known, e) &&
                 touched_content_since(db, old->batch, c->batch, &a, &content, &known_too, e));
    for (size_t i = 0; i < COLUMNS && good && known; i++) {
        struct column_source source = source_of(i);
        const struct xap_docids touched = is_of_figures(i) ? all : content;
        pthread_mutex_lock(&old->lock); // nobody adds to a dictionary that both have
        const struct column *before = atomic_load(&old->all[i]);
        struct column *column =
            before ? column_update(before, db, &source, c->last, &touched, e) : NULL;
        pthread_mutex_unlock(&old->lock);
        good = !before || column;
        atomic_store(&c->all[i], column);
    }
    if (good && known)
        keep_prior(c, old);
    arena_free(&a);
    return good;
}

static struct columns *share_newest(struct columns_holder *h)
{
    pthread_mutex_lock(&h->lock);
    struct columns *newest = h->newest;
    if (newest)
        atomic_fetch_add(&newest->count, 1);
    pthread_mutex_unlock(&h->lock);
    return newest;
}

struct columns *columns_newest(struct columns_holder *h, const struct columns *have)
{
    pthread_mutex_lock(&h->lock);
    struct columns *newest = h->newest;
    if (newest == have)
        newest = NULL;
    if (newest)
        atomic_fetch_add(&newest->count, 1);
    pthread_mutex_unlock(&h->lock);
    return newest;
}

bool columns_publish(struct columns_holder *h, struct columns *c)
{
    pthread_mutex_lock(&h->lock);
    struct columns *old = h->newest;
    bool newer = !old || old->generation != c->generation || old->revision < c->revision;
    if (newer) {
        atomic_fetch_add(&c->count, 1);
        h->newest = c;
    }
    pthread_mutex_unlock(&h->lock);
    columns_release(newer ? old : NULL);
    return newer;
}

// With h->bringing held.
static struct columns *bring(struct columns_holder *h, struct xap_db *db, int64_t generation,
                             struct err *e)
{
    struct xap_stats stats;
    int64_t batch;
    if (!xap_db_stats(db, &stats, e) || !touched_batch(db, &batch, e))
        return NULL;
    struct columns *c, *newest = share_newest(h);
    bool same = newest && newest->generation == generation;
    if (same && newest->revision == stats.revision)
        return newest;
    if (same && newest->revision > stats.revision) {
        columns_release(newest);
        err_set(e, ERR_MODIFIED, "the index moved on");
        return NULL;
    }
    c = columns_new(generation, batch, &stats);
    if (same && !bring_up(c, newest, db, e)) {
        columns_release(c);
        c = NULL;
    }
    columns_release(newest);
    return c;
}

struct columns *columns_bring(struct columns_holder *h, struct xap_db *db, int64_t generation,
                              struct err *e)
{
    pthread_mutex_lock(&h->bringing);
    struct columns *c = bring(h, db, generation, e), *newest = share_newest(h);
    if (c && !newest)
        columns_publish(h, c);
    columns_release(newest);
    pthread_mutex_unlock(&h->bringing);
    return c;
}

struct columns *columns_take(struct columns_holder *h, struct xap_db *db, int64_t generation,
                             struct err *e)
{
    pthread_mutex_lock(&h->bringing);
    struct columns *c = bring(h, db, generation, e);
    if (c)
        columns_publish(h, c);
    pthread_mutex_unlock(&h->bringing);
    return c;
}
