// The lists that searches asked for last, of one process and data folder, in a bounded memory: those that nobody asked for longest go
// first. A list belongs to a committed state of the index; asked for in a later one, it is brought up: only what the batches between
// them touched (indexer/columns/touched.h) is read again. Any thread.
//
// What replaces Xapian's matcher in searches is made of these: see indexer/lists/README.md.
#pragma once

#include "indexer/lists/list.h"

enum { LISTS_BYTES = 128 * 1024 * 1024 };

struct lists;
struct lists *lists_new(size_t most_bytes);
void lists_free(struct lists *l); // NULL is taken; lists that are still held stay

// A committed state, open in `db`. Two of one revision are the same; batch 0: it does not tell what its batches touched.
struct list_state {
    struct xap_db *db;
    int64_t generation, batch;
    uint64_t revision;
};

// How a list is read from an index.
struct list_reading {
    void *arg;
    // Every document of the list, ascending, in the arena.
    bool (*documents)(void *arg, struct xap_db *db, struct arena *a, struct xap_docids *out,
                      struct err *e);
    // Keeps, of these documents, those that are on the list. Absent: a state of other contents reads the whole list.
    bool (*keep)(void *arg, struct xap_db *db, struct arena *a, struct xap_docids *documents,
                 struct err *e);
    // Their values. Absent: the list has none.
    bool (*values)(void *arg, struct xap_db *db, struct arena *a,
                   const struct xap_docids *documents, uint32_t *out, struct err *e);
};

// The list of that key (which tells all that the reading depends on) in that state: counted, list_release. NULL on an error. What is
// read on the way is in the arena.
struct list *lists_take(struct lists *l, const struct list_state *state, struct str key,
                        const struct list_reading *reading, struct arena *a, struct err *e);

struct lists_stats {
    size_t lists, bytes;
    uint64_t found, brought_up, read; // how often a list was there, was changed, was read
};
struct lists_stats lists_stats(struct lists *l);
