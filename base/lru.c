// See lru.h. A table of chains by hash, and a list by use.
#include "base/lru.h"

#include "base/arena.h"

#include <stdlib.h>

void lru_init(struct lru *l, size_t chains, size_t most_bytes,
              bool (*same)(const struct lru_entry *entry, const void *key),
              void (*free_entry)(struct lru_entry *entry))
{
    *l = (struct lru){.most_bytes = most_bytes,
                      .chains = xcalloc(chains, sizeof(struct lru_entry *)),
                      .chain_count = chains,
                      .same = same,
                      .free = free_entry};
}

void lru_free(struct lru *l)
{
    lru_drop_all(l);
    free(l->chains);
}

static struct lru_entry **chain_of(const struct lru *l, uint64_t hash)
{
    return &l->chains[hash % l->chain_count];
}

static void unlist(struct lru *l, struct lru_entry *x)
{
    *(x->newer ? &x->newer->older : &l->newest) = x->older;
    *(x->older ? &x->older->newer : &l->oldest) = x->newer;
}

static void list_first(struct lru *l, struct lru_entry *x)
{
    x->newer = NULL;
    x->older = l->newest;
    *(l->newest ? &l->newest->newer : &l->oldest) = x;
    l->newest = x;
}

struct lru_entry *lru_find(const struct lru *l, uint64_t hash, const void *key)
{
    struct lru_entry *x = *chain_of(l, hash);
    while (x && (x->hash != hash || !l->same(x, key)))
        x = x->next;
    return x;
}

void lru_use(struct lru *l, struct lru_entry *x)
{
    unlist(l, x);
    list_first(l, x);
}

void lru_add(struct lru *l, struct lru_entry *x)
{
    struct lru_entry **chain = chain_of(l, x->hash);
    x->next = *chain;
    *chain = x;
    list_first(l, x);
    l->entries++;
    l->bytes += x->bytes;
    while (l->bytes > l->most_bytes)
        lru_drop(l, l->oldest);
}

void lru_drop(struct lru *l, struct lru_entry *x)
{
    if (!x)
        return;
    struct lru_entry **at = chain_of(l, x->hash);
    while (*at != x)
        at = &(*at)->next;
    *at = x->next;
    unlist(l, x);
    l->entries--;
    l->bytes -= x->bytes;
    l->free(x);
}

void lru_drop_all(struct lru *l)
{
    while (l->oldest)
        lru_drop(l, l->oldest);
}
