// The SQLite engine, inside: its handle, and the small layer over sqlite3 that its files share. One connection for each
// handle, on one thread. Files: sqlite.c (statements, errors, transactions), sqlite_open.c, sqlite_schema.c,
// sqlite_dictionary.c, sqlite_records.c, sqlite_export.c, sqlite_runs.c, sqlite_write.c, sqlite_harvest.c, sqlite_held.c,
// sqlite_keys.c, sqlite_joins.c.
#pragma once

#include "store/engine.h"
#include "store/pack.h"

#include <sqlite3.h>

// Prepared statements: each has one text, beside its only use, and is prepared at the first.
enum sqlite_statement {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_HEADS,
    SQL_SET_HEADS,
    // sqlite_records.c
    SQL_GET,
    SQL_CHANGES,
    SQL_FIGURES,
    SQL_EACH,
    SQL_EACH_OF_SOURCE,
    SQL_COUNTS,
    SQL_HISTORY,
    // sqlite_export.c
    SQL_IDS,
    SQL_SNAPSHOT_BEGIN,
    SQL_SNAPSHOT_END,
    SQL_CHANGE_LIST,
    // sqlite_runs.c
    SQL_RUN_BEGIN,
    SQL_RUN_SAVE,
    SQL_RUN_COUNT_ERRORS,
    SQL_RUN_ADD_ERROR,
    SQL_RUN_GET,
    SQL_RUNS,
    SQL_RUNS_OF_SOURCE,
    SQL_RUN_ERRORS,
    SQL_RUNS_ORPHANED,
    SQL_RUN_SEEN,
    SQL_RUN_GONE,
    SQL_RUN_GONE_ADD,
    SQL_RUN_GONE_FORGET,
    SQL_RUN_GONE_FORGET_OLD,
    // sqlite_write.c
    SQL_FIND,
    SQL_SEEN,
    SQL_HISTORY_INSERT,
    SQL_HISTORY_BOUND,
    SQL_FIGURES_ADD,
    SQL_FIGURES_UPDATE,
    SQL_FIGURES_REMOVE,
    SQL_ADD,
    SQL_BODY,
    SQL_BODY_UPDATE,
    SQL_REMOVE,
    SQL_PRESENCE,
    // sqlite_dictionary.c
    SQL_DICTIONARIES,
    SQL_DICTIONARY_ADD,
    SQL_SAMPLES,
    // sqlite_keys.c, sqlite_joins.c
    SQL_KEYS_NOTED,
    SQL_KEYRING,
    SQL_KEYRING_SET,
    SQL_KEYRING_DROP,
    SQL_KEYS_OF,
    SQL_KEYS_DROP,
    SQL_KEY_ADD,
    SQL_KEY_HOLDERS,
    SQL_KEY_MENTIONS,
    SQL_MENTIONED,
    SQL_JOINED,
    SQL_JOIN_OF,
    SQL_JOIN_SET,
    SQL_JOIN_DROP,
    SQL_JOIN_MEMBERS,
    SQL_JOIN_COUNTS,
    SQL_TOUCH,
    SQL_BRICK,
    SQL_APART_ADD,
    SQL_APART_DROP,
    SQL_BONDS,
    // sqlite_sources.c
    SQL_SOURCE_GET,
    SQL_SOURCE_PUT,
    SQL_SOURCE_SEEN,
    // sqlite_held.c
    SQL_HOLD,
    SQL_HELD,
    SQL_HELD_PENDING,
    SQL_HELD_FORGET,
    SQL_STATEMENTS
};

struct sqlite_store {
    struct store base;
    enum store_mode mode;
    sqlite3 *db;
    char *path; // of the file
    int lock;   // of the only writer; -1 for a reader
    sqlite3_stmt *statements[SQL_STATEMENTS];
    struct pack pack;
    int64_t trained_at; // the seq at which the newest dictionary was made; 0 when there is none
    int64_t seq, fseq;  // in a transaction that writes: the newest numbers, its own included
    int64_t seq_before, fseq_before; // as it found them
    struct sqlite_joining
        *joining; // in a transaction that writes: the records whose joins are to be made again
};

static inline struct sqlite_store *sqlite_of(struct store *s)
{
    return (struct sqlite_store *)(void *)s;
}

// ---- sqlite.c: statements. A function that fails leaves the statement reset, and fills *e.

// The statement, ready to be bound; NULL when it cannot be prepared.
sqlite3_stmt *sqlite_prepare(struct sqlite_store *s, enum sqlite_statement which, const char *sql,
                             struct err *e);
void sqlite_bind_str(sqlite3_stmt *q, int at,
                     struct str text); // must outlive the steps; never NULL
void sqlite_bind_blob(sqlite3_stmt *q, int at, const void *bytes, size_t n); // the same
void sqlite_bind_instant(sqlite3_stmt *q, int at, int64_t seconds);          // NULL for 0
// 1 with a row (call sqlite_end once done with it), 0 at the end, -1 on failure.
int sqlite_row(struct sqlite_store *s, sqlite3_stmt *q, struct err *e);
void sqlite_end(sqlite3_stmt *q);
// Steps to the end, for what gives no rows.
bool sqlite_run(struct sqlite_store *s, sqlite3_stmt *q, struct err *e);
// A column, borrowed until the next step.
struct str sqlite_text(sqlite3_stmt *q, int column);
// Room for one more element behind n: the array doubles in the arena when n is a power of two.
void *sqlite_grow(struct arena *a, void *array, size_t n, size_t size);
// Fills *e from the connection's last error, returns false.
bool sqlite_fail(struct sqlite_store *s, struct err *e);

// A transaction that writes; ERR_ARGUMENT on a reader's handle. Everything begun must be finished: with `good`,
// it is committed with the sequences, else rolled back. False when it was not committed; *e keeps an earlier error.
bool sqlite_begin(struct sqlite_store *s, struct err *e);
bool sqlite_finish(struct sqlite_store *s, bool good, struct err *e);

// ---- sqlite_schema.c

enum { SQLITE_STORE_VERSION = 3 };
// Brings the database to the newest version; each step in a transaction of its own.
bool sqlite_migrate(struct sqlite_store *s, const char *const *steps, int count, struct err *e);
extern const char *const sqlite_migrations[SQLITE_STORE_VERSION];
// ERR_CONFLICT when it is somebody else's database, or of a newer version; *version is 0 for an empty one.
bool sqlite_check_version(struct sqlite_store *s, int *version, struct err *e);

// ---- sqlite_dictionary.c

// Those of the store that are not known yet; a writer uses the newest.
bool sqlite_dictionaries_load(struct sqlite_store *s, struct err *e);
bool sqlite_unpack(struct sqlite_store *s, struct str packed, struct arena *a, struct str *out,
                   struct err *e);
// After a transaction: makes one when it is time. That it cannot is no error: bodies only take more room.
void sqlite_dictionary_make(struct sqlite_store *s);

// ---- sqlite_records.c

bool sqlite_get(struct store *s, struct str id, struct arena *a, struct stored *out, struct err *e);
bool sqlite_changes(struct store *s, int64_t seq, size_t limit, struct arena *a,
                    struct stored **out, size_t *n, struct err *e);
bool sqlite_figures(struct store *s, int64_t fseq, size_t limit, struct arena *a,
                    struct stored **out, size_t *n, struct err *e);
bool sqlite_heads(struct store *s, int64_t *seq, int64_t *fseq, struct err *e);
bool sqlite_each(struct store *s, struct str source, unsigned kinds,
                 bool (*visit)(void *, const struct stored *), void *arg, struct err *e);
bool sqlite_counts(struct store *s, struct arena *a, struct store_count **out, size_t *n,
                   struct err *e);
bool sqlite_history(struct store *s, struct str id, struct arena *a, struct history_entry **out,
                    size_t *n, struct err *e);

// ---- sqlite_export.c

bool sqlite_ids(struct store *s, const struct store_selection *selection, struct str after,
                size_t limit, struct arena *a, struct strs *out, struct err *e);
bool sqlite_snapshot_begin(struct store *s, struct err *e);
void sqlite_snapshot_end(struct store *s);
bool sqlite_change_list(struct store *s, int64_t seq, size_t limit, struct arena *a,
                        struct store_change **out, size_t *n, struct err *e);

// ---- sqlite_runs.c

bool sqlite_run_begin(struct store *s, struct run *run, struct err *e);
bool sqlite_run_save(struct store *s, const struct run *run, struct err *e);
bool sqlite_run_error(struct store *s, int64_t run, const struct run_error *error, struct err *e);
bool sqlite_run_get(struct store *s, int64_t run, struct arena *a, struct run *out, struct err *e);
bool sqlite_runs(struct store *s, struct str source, size_t limit, struct arena *a,
                 struct run **out, size_t *n, struct err *e);
bool sqlite_run_errors(struct store *s, int64_t run, size_t limit, struct arena *a,
                       struct run_error **out, size_t *n, struct err *e);
bool sqlite_runs_orphaned(struct store *s, int64_t *count, struct err *e);
bool sqlite_run_seen(struct store *s, int64_t run, bool (*visit)(void *, struct str id), void *arg,
                     struct err *e);
bool sqlite_run_gone(struct store *s, int64_t run, bool (*visit)(void *, struct str id), void *arg,
                     struct err *e);
// In a transaction: ids that a page called gone, and an end of them.
bool sqlite_run_gone_add(struct sqlite_store *s, int64_t run, const struct str *ids, size_t n,
                         struct err *e);
bool sqlite_run_gone_forget(struct sqlite_store *s, int64_t run, struct err *e);
// In a transaction. The run as it is; its lines of errors, and then the number of all of them into *count.
bool sqlite_run_write(struct sqlite_store *s, const struct run *run, struct err *e);
bool sqlite_run_errors_add(struct sqlite_store *s, int64_t run, const struct run_error *errors,
                           size_t n, int64_t *count, struct err *e);

// ---- sqlite_keys.c, sqlite_joins.c: the same brick in several catalogues

// In a transaction, after a record was written or removed (item NULL): notes what its keys may join or part.
bool sqlite_join_note(struct sqlite_store *s, int64_t rec, const struct store_item *item,
                      bool content_moved, struct err *e);
// Before it is committed: makes the joins of what was noted again.
bool sqlite_join_settle(struct sqlite_store *s, struct err *e);
void sqlite_join_forget(struct sqlite_store *s); // after a transaction, however it ended
// What `stored` says of joins.
bool sqlite_join_read(struct sqlite_store *s, struct arena *a, struct stored *r, struct err *e);
bool sqlite_set_apart(struct store *s, struct str id, bool apart, struct err *e);
bool sqlite_bonds(struct store *s, struct str id, struct arena *a, struct store_bond **out,
                  size_t *n, struct err *e);
bool sqlite_join_counts(struct store *s, int64_t *bricks, int64_t *records, struct err *e);

// ---- sqlite_sources.c

bool sqlite_source_get(struct store *s, struct str source, struct arena *a,
                       struct source_state *out, struct err *e);
bool sqlite_source_put(struct store *s, struct str source, const struct source_state *state,
                       struct err *e);
bool sqlite_source_seen(struct store *s, struct str source, int64_t run, int64_t now,
                        struct err *e);

// ---- sqlite_write.c: one record, in a transaction. What changes a record gives it the next seq.

struct sqlite_found { // a record as it is before it is written to
    int64_t rec;      // 0 when there is none
    bool removed;
    enum record_status status;
    int64_t missed;
    unsigned char hash[SHA256_BYTES];
    bool same_figures; // as those that were asked about
};
bool sqlite_find(struct sqlite_store *s, struct str id, struct str figures,
                 struct sqlite_found *found, struct err *e);
bool sqlite_add(struct sqlite_store *s, struct str source, const struct store_item *item,
                int64_t now, int64_t *rec, struct err *e);
bool sqlite_change(struct sqlite_store *s, int64_t rec, const struct store_item *item, int64_t now,
                   struct err *e);
// The same content again, with a new seq: no history.
bool sqlite_rewrite(struct sqlite_store *s, int64_t rec, const struct store_item *item,
                    struct err *e);
bool sqlite_restore(struct sqlite_store *s, int64_t rec, const struct store_item *item, int64_t now,
                    struct err *e);
bool sqlite_remove(struct sqlite_store *s, int64_t rec, int64_t now, struct err *e);
bool sqlite_seen(struct sqlite_store *s, int64_t rec, int64_t run, int64_t now, struct err *e);
// Figures and status, of a record that is there. With fseq 0 their number stays: the record itself has a new one.
bool sqlite_figures_update(struct sqlite_store *s, int64_t rec, const struct store_item *item,
                           int64_t fseq, struct err *e);
// Status and missed sweeps: missing since `now`, if not before. fseq moves with the status, and only then.
bool sqlite_presence(struct sqlite_store *s, const struct sqlite_found *found,
                     enum record_status status, int64_t missed, int64_t now, struct err *e);

// ---- sqlite_harvest.c

bool sqlite_page_write(struct store *s, struct store_page *page, struct err *e);
bool sqlite_absences_write(struct store *s, struct run *run, const struct store_absent *absent,
                           size_t n, int64_t now, struct err *e);
// In a transaction, last: the run, with the numbers that it reached.
bool sqlite_run_settle(struct sqlite_store *s, struct run *run, struct err *e);

// ---- sqlite_held.c

bool sqlite_held_write(struct store *s, struct run *run, const struct str *ids, size_t n,
                       struct err *e);
bool sqlite_held_read(struct store *s, int64_t run, struct arena *a, struct strs *ids,
                      struct err *e);
bool sqlite_held_accept(struct store *s, int64_t run, int64_t now, struct err *e);
bool sqlite_held_refuse(struct store *s, int64_t run, int64_t now, struct err *e);
