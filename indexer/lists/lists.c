// See lists.h. A table of entries by the hash of their keys, which are also in a ring, the last asked for first.
#include "indexer/lists/lists.h"

#include "base/hash.h"
#include "indexer/columns/touched.h"

#include <pthread.h>
#include <stdlib.h>

enum { BUCKETS = 4096 };

struct entry {
    struct entry *next;          // of its bucket
    struct entry *newer, *older; // of the ring
    uint64_t hash;
    struct str key; // its own
    int64_t generation, batch;
    uint64_t revision;
    struct list *list;
};

struct lists {
    pthread_mutex_t lock;
    struct entry *buckets[BUCKETS];
    struct entry ring; // older: the last asked for; newer: the one to go first
    size_t most_bytes;
    struct lists_stats stats;
};

struct lists *lists_new(size_t most_bytes)
{
    struct lists *l = xcalloc(1, sizeof *l);
    pthread_mutex_init(&l->lock, NULL);
    l->ring.newer = l->ring.older = &l->ring;
    l->most_bytes = most_bytes;
    return l;
}

static size_t bytes_of(const struct entry *x)
{
    return sizeof *x + x->key.n + list_bytes(x->list);
}

static void leave_ring(struct entry *x)
{
    x->newer->older = x->older;
    x->older->newer = x->newer;
}

static void enter_ring(struct lists *l, struct entry *x)
{
    x->newer = &l->ring;
    x->older = l->ring.older;
    x->older->newer = x;
    l->ring.older = x;
}

static void drop(struct lists *l, struct entry *x)
{
    struct entry **at = &l->buckets[x->hash % BUCKETS];
    while (*at != x)
        at = &(*at)->next;
    *at = x->next;
    leave_ring(x);
    l->stats.bytes -= bytes_of(x);
    l->stats.lists--;
    list_release(x->list);
    free((char *)x->key.p);
    free(x);
}

void lists_free(struct lists *l)
{
    if (!l)
        return;
    while (l->ring.newer != &l->ring)
        drop(l, l->ring.newer);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

static struct entry *find(struct lists *l, uint64_t hash, struct str key)
{
    struct entry *x = l->buckets[hash % BUCKETS];
    while (x && (x->hash != hash || !str_eq(x->key, key)))
        x = x->next;
    return x;
}

static void put(struct lists *l, uint64_t hash, struct str key, const struct list_state *state,
                struct list *list)
{
    struct entry *x = find(l, hash, key);
    if (x && x->generation == state->generation && x->revision > state->revision)
        return; // another search is ahead
    if (x)
        drop(l, x);
    if (sizeof *x + key.n + list_bytes(list) > l->most_bytes)
        return; // all others would go for it
    x = xcalloc(1, sizeof *x);
    char *own = xmalloc(key.n + 1);
    memcpy(own, key.p, key.n);
    *x = (struct entry){.next = l->buckets[hash % BUCKETS],
                        .hash = hash,
                        .key = str_slice(own, key.n),
                        .generation = state->generation,
                        .batch = state->batch,
                        .revision = state->revision,
                        .list = list_share(list)};
    l->buckets[hash % BUCKETS] = x;
    enter_ring(l, x);
    l->stats.lists++;
    l->stats.bytes += bytes_of(x);
    while (l->stats.bytes > l->most_bytes)
        drop(l, l->ring.newer);
}

static bool read_values(const struct list_reading *r, struct xap_db *db, struct arena *a,
                        const struct xap_docids *documents, uint32_t **out, struct err *e)
{
    *out = NULL;
    if (!r->values)
        return true;
    *out = ARENA_ARRAY(a, uint32_t, documents->n + 1);
    return r->values(r->arg, db, a, documents, *out, e);
}

static struct list *read_list(const struct list_reading *r, struct xap_db *db, struct arena *a,
                              struct err *e)
{
    struct xap_docids documents;
    uint32_t *values;
    if (!r->documents(r->arg, db, a, &documents, e) ||
        !read_values(r, db, a, &documents, &values, e))
        return NULL;
    return list_new(&documents, values);
}

// *out is NULL where it is not told what was touched.
static bool bring_up(const struct list *old, int64_t from, const struct list_state *state,
                     const struct list_reading *r, struct arena *a, struct list **out,
                     struct err *e)
{
    struct xap_docids touched, documents;
    uint32_t *values;
    bool known;
    if (!touched_since(state->db, from, state->batch, a, &touched, &known, e))
        return false;
    if (!known)
        return true;
    documents = (struct xap_docids){ARENA_ARRAY(a, uint32_t, touched.n + 1), touched.n};
    if (touched.n)
        memcpy(documents.v, touched.v, touched.n * sizeof *touched.v);
    if (!r->keep(r->arg, state->db, a, &documents, e) ||
        !read_values(r, state->db, a, &documents, &values, e))
        return false;
    *out = list_changed(old, &touched, &documents, values);
    return true;
}

struct list *lists_take(struct lists *l, const struct list_state *state, struct str key,
                        const struct list_reading *reading, struct arena *a, struct err *e)
{
    uint64_t hash = hash64(key);
    struct list *list = NULL, *old = NULL;
    int64_t from = 0;
    pthread_mutex_lock(&l->lock);
    struct entry *x = find(l, hash, key);
    if (x && x->generation == state->generation) {
        leave_ring(x);
        enter_ring(l, x);
        if (x->revision == state->revision) {
            list = list_share(x->list);
            l->stats.found++;
        } else if (reading->keep && x->batch && x->batch < state->batch) {
            old = list_share(x->list);
            from = x->batch;
        }
    }
    pthread_mutex_unlock(&l->lock);
    if (list)
        return list;
    bool good = !old || bring_up(old, from, state, reading, a, &list, e), brought_up = list;
    list_release(old);
    if (good && !list)
        list = read_list(reading, state->db, a, e);
    if (!list)
        return NULL;
    pthread_mutex_lock(&l->lock);
    l->stats.brought_up += brought_up;
    l->stats.read += !brought_up;
    put(l, hash, key, state, list);
    pthread_mutex_unlock(&l->lock);
    return list;
}

struct lists_stats lists_stats(struct lists *l)
{
    pthread_mutex_lock(&l->lock);
    struct lists_stats s = l->stats;
    pthread_mutex_unlock(&l->lock);
    return s;
}
