// See lists.h.
#include "indexer/lists/lists.h"

#include "base/hash.h"
#include "base/lru.h"
#include "indexer/columns/touched.h"

#include <pthread.h>
#include <stdlib.h>

enum { CHAINS = 4096 };

struct entry {
    struct lru_entry lru; // first
    int64_t generation, batch;
    uint64_t revision;
    struct list *list;
    struct str key;
    char text[]; // of the key
};

struct lists {
    pthread_mutex_t lock; // of everything
    struct lru kept;
    struct lists_stats stats; // what is there, `kept` tells
};

static bool has_key(const struct lru_entry *x, const void *key)
{
    return str_eq(((const struct entry *)x)->key, *(const struct str *)key);
}

static void free_entry(struct lru_entry *x)
{
    list_release(((struct entry *)x)->list);
    free(x);
}

struct lists *lists_new(size_t most_bytes)
{
    struct lists *l = xcalloc(1, sizeof *l);
    pthread_mutex_init(&l->lock, NULL);
    lru_init(&l->kept, CHAINS, most_bytes, has_key, free_entry);
    return l;
}

void lists_free(struct lists *l)
{
    if (!l)
        return;
    lru_free(&l->kept);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

static void put(struct lists *l, uint64_t hash, struct str key, const struct list_state *state,
                struct list *list)
{
    struct lru_entry *old = lru_find(&l->kept, hash, &key);
    struct entry *x = (struct entry *)old;
    if (x && x->generation == state->generation && x->revision > state->revision)
        return; // another search is ahead
    lru_drop(&l->kept, old);
    size_t bytes = sizeof *x + key.n + list_bytes(list);
    if (bytes > l->kept.most_bytes)
        return; // all others would go for it
    x = xmalloc(sizeof *x + key.n);
    *x = (struct entry){.lru = {.hash = hash, .bytes = bytes},
                        .generation = state->generation,
                        .batch = state->batch,
                        .revision = state->revision,
                        .list = list_share(list),
                        .key = str_slice(x->text, key.n)};
    memcpy(x->text, key.p, key.n);
    lru_add(&l->kept, &x->lru);
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

// *out is NULL where it is not told what was touched, or a list that something was touched since is to be read whole.
static bool bring_up(struct list *old, int64_t from, const struct list_state *state,
                     const struct list_reading *r, struct arena *a, struct list **out,
                     struct err *e)
{
    struct xap_docids touched, documents;
    uint32_t *values;
    bool known;
    if (!touched_content_since(state->db, from, state->batch, a, &touched, &known, e))
        return false;
    if (!known)
        return true;
    if (!touched.n) {
        *out = list_share(old);
        return true;
    }
    if (!r->keep)
        return true;
    documents = (struct xap_docids){ARENA_ARRAY(a, uint32_t, touched.n + 1), touched.n};
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
    struct entry *x = (struct entry *)lru_find(&l->kept, hash, &key);
    if (x && x->generation == state->generation) {
        lru_use(&l->kept, &x->lru);
        if (x->revision == state->revision) {
            list = list_share(x->list);
            l->stats.found++;
        } else if (x->batch && x->batch < state->batch) {
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
    s.lists = l->kept.entries;
    s.bytes = l->kept.bytes;
    pthread_mutex_unlock(&l->lock);
    return s;
}
