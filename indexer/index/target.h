// One index that is being written: its database, how far it is, and, while much is brought into it at once, the parts on their way into it
// (parts.h). Readers see what was committed: a batch of changes, or all parts up to a merge, which makes a new generation. On the index thread.
#pragma once

#include "indexer/columns/touched.h"
#include "indexer/index/parts.h"

struct target {
    bool open;
    struct xap_writer *writer; // NULL while all there is is in parts
    struct parts *parts;       // NULL: changes are written into the index itself
    int64_t generation;
    int64_t seq, fseq;            // of the store: taken in, up to there
    int64_t shown;                // and committed, up to that seq
    bool complete;                // it held all of the store at least once
    struct touched touched;       // by the batch at hand
    double merged_at, merge_took; // seconds of date_stopwatch
};

// The next generation, with nothing in it yet.
bool target_create(struct target *t, const char *data, struct err *e);
// The index in use. False with ERR_NOT_FOUND when there is none, ERR_CORRUPT when it cannot be used.
bool target_open(struct target *t, const char *data, struct err *e);
void target_close(struct target *t);
uint32_t target_documents(const struct target *t); // in the index itself

// From here on, new documents go into parts.
bool target_fill(struct target *t, const char *data, struct err *e);
// All is in: what comes is written into the index itself again. Nothing must be left in parts.
void target_filled(struct target *t);
// The document of a record: in the place of the one it has, or a new one. One that is in a part must have been merged.
bool target_put(struct target *t, int64_t rec, struct str unique, struct xap_doc *doc,
                struct err *e);
// Whether the batch at hand changed it.
bool target_touched(const struct target *t, uint32_t docid);
bool target_delete(struct target *t, struct str unique, struct err *e);
// A reader of the values that were there at the last commit; the caller's.
struct xap_values *target_values(const struct target *t, const char *data, struct err *e);
bool target_commit(struct target *t, struct err *e);
// Merges the parts into a new generation, which the caller publishes, and which is the target's from there on. `filled`: that was all.
// *before is the generation that it stands for, 0 when there was none on the disk.
bool target_merge(struct target *t, const char *data, bool filled, int64_t *before, struct err *e);
