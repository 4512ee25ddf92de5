// The store of record: what was harvested, kept for good. The index is made from it and can always be
// made again. One interface, one file per engine (SQLite now).
//
// Every call blocks: never from the loop's thread. A handle belongs to one thread. One process holds
// the only writer (a second one gets ERR_LOCKED); readers are as many as wanted and never wait for it.
//
// Two sequences order what changes. `seq` moves when a record is added, changes, is removed or comes back;
// `fseq` when its figures or its status move while the record stays as it is. Both grow by one for each write and become
// visible in order. 0 comes before everything. Who reads a record by its seq gets its figures with it, so a record that
// is added, changes or comes back keeps its fseq (0 at first): the figures are not read a second time.
#pragma once

#include "store/record.h"

struct store;

enum store_mode { STORE_READ, STORE_WRITE };

// Opens (STORE_WRITE: creates and migrates) the store of the folder `data`. The caller closes it.
struct store *store_open(const char *data, enum store_mode mode, struct err *e);
void store_close(struct store *s);

// ---- Records ----------------------------------------------------------------------------------

// A record as it is stored. Strings live in the arena given to the call.
struct stored {
    int64_t rec; // the store's own number of the record, stable, never reused
    struct str id, source;
    enum record_kind kind;
    enum record_status status;
    int64_t seq, fseq;
    bool removed;    // a tombstone: body and figures are empty
    struct str body; // canonical JSON (record_json.h)
    struct str figures;
    unsigned char hash[SHA256_BYTES];
    int64_t first_seen, last_seen, last_changed, removed_at; // seconds; 0 when it never was
    int64_t missing_since;
    int missed; // complete sweeps in a row that did not show it
    // The same brick in other catalogues, the origin first, by id; empty: in no other. store_get and store_changes tell.
    struct strs also_in;
    bool behind; // another of them is the origin, which stands for all
    // Records of other catalogues that it names by their own keys, by id: its relations.
    struct strs mentioned;
};

// false and ERR_NOT_FOUND when there is no such id. A removed one is found, with `removed` set.
bool store_get(struct store *s, struct str id, struct arena *a, struct stored *out, struct err *e);

// What changed after `seq`, oldest first, at most `limit`, tombstones included.
bool store_changes(struct store *s, int64_t seq, size_t limit, struct arena *a, struct stored **out,
                   size_t *n, struct err *e);
// What moved after `fseq`, oldest first, at most `limit`. Bodies are not read (empty).
bool store_figures(struct store *s, int64_t fseq, size_t limit, struct arena *a,
                   struct stored **out, size_t *n, struct err *e);
// The newest number of each sequence.
bool store_heads(struct store *s, int64_t *seq, int64_t *fseq, struct err *e);

// Every record of a source (all sources when `source` is empty) and of the kinds of the bit mask
// (1 << kind), tombstones left out, without bodies and figures. Stops when visit returns false. What visit gets is gone
// when it returns, and it may not use this handle.
bool store_each(struct store *s, struct str source, unsigned kinds,
                bool (*visit)(void *, const struct stored *), void *arg, struct err *e);

struct store_count {
    struct str source;
    enum record_kind kind;
    int64_t active, missing, archived, removed;
};
bool store_counts(struct store *s, struct arena *a, struct store_count **out, size_t *n,
                  struct err *e);

// ---- Everything, for those outside --------------------------------------------------------------

// What is taken: nothing, when it is zeroed.
enum { STORE_REMOVED = 1 << 3, STORE_ANY_KIND = (1 << KIND_COUNT) - 1 };
struct store_selection {
    struct strs sources; // all of them when empty; names hold no '|'
    unsigned kinds;      // 1 << kind
    unsigned statuses;   // 1 << status; STORE_REMOVED for tombstones, whatever their status was
};
// Ids behind `after` (empty: from the first), in the order of bytes, at most `limit`.
bool store_ids(struct store *s, const struct store_selection *selection, struct str after,
               size_t limit, struct arena *a, struct strs *out, struct err *e);
// From here to store_snapshot_end, what this handle reads is the store as it is now. The writer is not held up, but its log grows
// until the end. Of a reader's handle; ERR_ARGUMENT on a writer's.
bool store_snapshot_begin(struct store *s, struct err *e);
void store_snapshot_end(struct store *s); // also when it was not begun

// What the newest seq of a record stands for.
struct store_change {
    int64_t seq,
        at; // at: seconds; 0 when it was not kept (a record written again, or whose brick changed)
    struct str id, source;
    enum record_kind kind;
    bool removed;
    struct str what; // as in history_entry; empty where `at` is 0
};
// Those after `seq`, oldest first, at most `limit`: each record once, tombstones included, which are never let go.
bool store_change_list(struct store *s, int64_t seq, size_t limit, struct arena *a,
                       struct store_change **out, size_t *n, struct err *e);

// ---- History ------------------------------------------------------------------------------------

struct history_entry {
    int64_t at, seq;
    struct str what;    // added, changed, removed, restored
    struct str changes; // JSON: [{"field":..., "from":..., "to":...}], values over 300 bytes cut
};
enum { STORE_HISTORY_MAX = 20 }; // entries kept for a record
// Newest first. ERR_NOT_FOUND when there is no such id.
bool store_history(struct store *s, struct str id, struct arena *a, struct history_entry **out,
                   size_t *n, struct err *e);

// ---- The same brick in several catalogues ---------------------------------------------------------
//
// Records of one kind that share a key are one brick, across sources only: a key that two records of one source hold is none, and where
// a chain of keys would join two of one source, none of the chain is joined. The origin is the one whose own key the others name; else that
// of the lowest rank; else the oldest. Joins are made again from the keys whenever a record's keys change: nothing is merged. A record
// whose brick changes so gets a new seq, and counts nowhere.

// Sets a record apart: it is joined with nothing (or again, with `apart` false). ERR_NOT_FOUND when there is no such record.
bool store_set_apart(struct store *s, struct str id, bool apart, struct err *e);
// The keys that hold a record to others, and those others: for people who ask why. An array in the arena.
struct store_bond {
    struct str key, id;
};
bool store_bonds(struct store *s, struct str id, struct arena *a, struct store_bond **out,
                 size_t *n, struct err *e);
// How many bricks are joined, of how many records.
bool store_join_counts(struct store *s, int64_t *bricks, int64_t *records, struct err *e);

// ---- Runs -------------------------------------------------------------------------------------

enum run_state {
    RUN_QUEUED,
    RUN_RUNNING,
    RUN_DONE,
    RUN_DONE_WITH_ERRORS,
    RUN_HELD_BACK,
    RUN_FAILED,
    RUN_STOPPED,
    RUN_INTERRUPTED,
};
const char *run_state_name(enum run_state state);
bool run_state_find(struct str name, enum run_state *out);

struct run_counts { // records, but for pages and bytes (decoded)
    int64_t added, updated, unchanged, missing, removed, restored, skipped, errored, figures, pages,
        bytes;
};

struct run {
    int64_t run; // number of the run, over all sources
    struct str source;
    enum run_state state;
    struct str trigger; // schedule, command, api
    bool force;
    struct run_counts counts;
    int64_t started, ended; // seconds; 0 when not yet
    double cpu_seconds;
    int64_t last_seq, last_fseq; // what must be indexed for the run to be searchable
    struct str cursor;           // where to go on: the driver's own words, JSON
    struct str message;          // why it failed, was held back, stopped; empty otherwise
    int64_t error_count;         // lines of errors, also those beyond what is kept
};

struct run_error {
    struct str record, page; // id and URL, each may be empty
    struct str kind;         // err_name of the error, or a word of the run
    struct str message;
};
enum { STORE_RUN_ERRORS_MAX = 1000 }; // lines kept for a run; all are counted

// Makes run->run. run->source, trigger, force, state, started are written.
bool store_run_begin(struct store *s, struct run *run, struct err *e);
// Writes everything but source, trigger, started, and error_count, which only lines of errors move. ERR_NOT_FOUND when
// there is no such run.
bool store_run_save(struct store *s, const struct run *run, struct err *e);
// Adds a line, its texts cut to 2000 bytes each. A caller that holds the run counts it there too.
bool store_run_error(struct store *s, int64_t run, const struct run_error *error, struct err *e);
bool store_run_get(struct store *s, int64_t run, struct arena *a, struct run *out, struct err *e);
// Newest first; all sources when `source` is empty.
bool store_runs(struct store *s, struct str source, size_t limit, struct arena *a, struct run **out,
                size_t *n, struct err *e);
bool store_run_errors(struct store *s, int64_t run, size_t limit, struct arena *a,
                      struct run_error **out, size_t *n, struct err *e);
// At the start of the only writer: what an earlier process left queued or running becomes interrupted.
bool store_runs_orphaned(struct store *s, int64_t *count, struct err *e);
// The newest run of a source, when it is interrupted and can go on from its cursor; false and ERR_NOT_FOUND
// otherwise.
bool store_run_resumable(struct store *s, struct str source, struct arena *a, struct run *out,
                         struct err *e);
// The ids that a run has seen so far, for one that resumes. As with store_each, an id is gone when visit returns.
bool store_run_seen(struct store *s, int64_t run, bool (*visit)(void *, struct str id), void *arg,
                    struct err *e);
// The same for the ids that its pages called gone; known until the run has written what was absent, or another one of its source begins.
bool store_run_gone(struct store *s, int64_t run, bool (*visit)(void *, struct str id), void *arg,
                    struct err *e);

// ---- Sources ------------------------------------------------------------------------------------

// What a harvest must know of those before it.
struct source_state {
    struct str settings; // a fingerprint: under others, nothing of this counts
    int64_t full_at,
        read_at; // when the newest complete sweep of everything began, and the newest of any kind; 0: never
    struct str etag,
        last_modified; // of the one document that the newest complete sweep read, without an error
};
// A zeroed state when there is none.
bool store_source_get(struct store *s, struct str source, struct arena *a, struct source_state *out,
                      struct err *e);
bool store_source_put(struct store *s, struct str source, const struct source_state *state,
                      struct err *e);
// The catalogue says that nothing changed: what is neither missing nor removed counts as seen by the run.
bool store_source_seen(struct store *s, struct str source, int64_t run, int64_t now, struct err *e);

// ---- Writing a harvest ------------------------------------------------------------------------

enum item_outcome { ITEM_ADDED, ITEM_UPDATED, ITEM_UNCHANGED, ITEM_RESTORED };

struct store_key { // harvester/normalise/keys.h
    struct str text;
    bool own;
};

struct store_item { // one record of a page
    struct str id;
    enum record_kind kind;
    enum record_status status;
    struct str body, figures;         // record_json.h
    unsigned char hash[SHA256_BYTES]; // of the body
    const struct store_key *keys;     // by which it is the same brick as another catalogue's
    size_t key_count;
    const struct str
        *mentions; // keys of the records that its relations name by something else than their id
    size_t mention_count;
    int rank; // of two that are the same, the lower is the origin, where keys do not say
    enum item_outcome outcome; // set by the call
    bool figures_moved;        // set by the call, for one that is otherwise unchanged
};

struct store_page {
    struct run *run; // counts grow by the outcomes; saved in the same transaction, with its cursor
    struct store_item *items;
    size_t item_count;
    const struct str *
        unread; // ids of items that could not be read: seen by the run if they are stored, else nothing
    size_t unread_count;
    const struct str
        *gone; // ids that the catalogue says it removed: kept for store_run_gone, nothing more
    size_t gone_count;
    const struct run_error *errors;
    size_t error_count;
    int64_t now;  // seconds
    bool dry_run; // look, count, and write nothing
};
// One page, in one transaction: all of it or nothing, and then *run is as it was. A record that was missing and is seen
// again has its item's status (active, when it could not be read). With `force`, what is equal is written again and counts
// as updated, without a line of history. run->last_seq and last_fseq become the newest numbers that the page gave,
// run->error_count the number of the run's lines. A dry run works on a reader's handle too, and leaves error_count alone.
bool store_page_write(struct store *s, struct store_page *page, struct err *e);

enum absence { ABSENT_MISSING, ABSENT_REMOVED, ABSENT_ARCHIVED };
struct store_absent {
    struct str id;
    enum absence what;
};
// What a complete sweep did not show, in one transaction with the run. ABSENT_MISSING adds a missed sweep;
// ABSENT_REMOVED leaves a tombstone (body, figures dropped); ABSENT_ARCHIVED keeps the record, as archived,
// and as seen now; it counts in `figures` when it was not archived before. Ids that are unknown or removed already are
// passed over. On failure *run is as it was.
bool store_absences_write(struct store *s, struct run *run, const struct store_absent *absent,
                          size_t n, int64_t now, struct err *e);

// Removals that wait for an operator: written with the run that was held back, read by `accept`, `refuse`. The records
// are missing as long as they wait: they go to store_absences_write, too.
bool store_held_write(struct store *s, struct run *run, const struct str *ids, size_t n,
                      struct err *e);
bool store_held_read(struct store *s, int64_t run, struct arena *a, struct strs *ids,
                     struct err *e);
// Applies them (a record that was seen again since then stays), or forgets them and the missed sweeps of
// those records, which are active again. The run must be held back (else ERR_CONFLICT); it becomes done, or
// done_with_errors; in its counts, what is removed was missing.
bool store_held_accept(struct store *s, int64_t run, int64_t now, struct err *e);
bool store_held_refuse(struct store *s, int64_t run, int64_t now, struct err *e);
