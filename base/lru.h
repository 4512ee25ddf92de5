// A bounded memory of entries, each found by its key; those longest unused go first. What an entry is, its user tells: its struct
// begins with a struct lru_entry. One thread at a time: who shares one holds a lock of its own.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lru_entry {
    uint64_t hash; // of its key
    size_t bytes;  // of all that it holds; like the hash unchanged while it is there
    // The memory's own.
    struct lru_entry *next;          // of its chain
    struct lru_entry *newer, *older; // by use
};

struct lru {
    size_t entries, bytes; // there now
    size_t most_bytes;     // there is never more behind an lru_add
    // The rest is its own.
    struct lru_entry **chains;
    size_t chain_count;
    struct lru_entry *newest, *oldest;
    bool (*same)(const struct lru_entry *entry, const void *key);
    void (*free)(struct lru_entry *entry);
};

// Empty; lru_free. `chains`: about as many as there will be entries, at least 1. `same`: whether the entry, of the hash asked for, has
// that key. `free`: of an entry that goes, which is out of the memory already.
void lru_init(struct lru *l, size_t chains, size_t most_bytes,
              bool (*same)(const struct lru_entry *entry, const void *key),
              void (*free)(struct lru_entry *entry));
void lru_free(struct lru *l); // and every entry
// NULL: there is none. It stays the memory's, and is there until the next lru_add or drop. Looking is no use: lru_use is.
struct lru_entry *lru_find(const struct lru *l, uint64_t hash, const void *key);
void lru_use(struct lru *l, struct lru_entry *x); // it is now the last one to go
// Takes an entry of a key that is not there, with its hash and bytes set, as just used. Others go until all have room; one that is
// larger than all the room goes itself, behind all others.
void lru_add(struct lru *l, struct lru_entry *x);
void lru_drop(struct lru *l, struct lru_entry *x); // NULL is taken
void lru_drop_all(struct lru *l);                  // the longest unused first
