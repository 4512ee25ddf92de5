// The writer of the index: a thread of its own that tails the store and brings the index up to it, in batches that commit
// their positions with them. It reads the store through its own handle, and is the only one who writes the index.
//
// The index is disposable: when it is missing, damaged, or of another layout, it is built again from the store, aside, and swapped
// in; so it is on request. Meanwhile the old one, if it can be read, goes on being brought up to date and searched.
#pragma once

#include "base/err.h"
#include "indexer/places/places.h"

#include <uv.h>

struct indexer;

struct indexer_settings {
    const char *data;            // the folder of store and index
    struct str stop_words;       // text of the list; borrowed until the indexer is stopped
    const struct places *places; // borrowed; may be NULL
    // On the loop, whenever a batch was committed or a rebuild ended. May be NULL.
    void (*moved)(void *arg);
    void *arg;
};

// Where the index stands. Numbers are of the store's two sequences.
struct indexer_state {
    int64_t seq, fseq; // committed
    bool complete;     // it held all of the store at least once
    bool rebuilding;
    int64_t rebuild_seq; // of the index that is being built
    int64_t generation;
    int64_t documents;                           // in the index
    uint64_t indexed, removed, figures, commits; // since the start
    double cpu_seconds;                          // of the thread, since the start
    struct err error;                            // why it stands still; ERR_NONE when it does not
};

// Starts the thread. The store must exist.
struct indexer *indexer_start(uv_loop_t *loop, const struct indexer_settings *settings,
                              struct err *e);
// Something was written into the store. Any thread.
void indexer_notify(struct indexer *x);
// Starts a rebuild; false when there is one already. Any thread.
bool indexer_rebuild(struct indexer *x);
// Any thread.
void indexer_read_state(struct indexer *x, struct indexer_state *out);
// Ends the batch at hand, joins the thread. From the loop; the handle is closed in its next turn.
void indexer_stop(struct indexer *x);
