// Removals that wait for an operator: the list of a run that was held back, and what is decided of it.
// See store.h, sqlite.h.
#include "store/sqlite.h"

static bool hold(struct sqlite_store *s, int64_t run, struct str id, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, SQL_HOLD,
                                     "INSERT OR IGNORE INTO run_held (run, rec) "
                                     "SELECT ?, rec FROM records WHERE id = ?",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, run);
    sqlite_bind_str(q, 2, id);
    return sqlite_run(s, q, e);
}

bool sqlite_held_write(struct store *store, struct run *run, const struct str *ids, size_t n,
                       struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    if (!sqlite_begin(s, e))
        return false;
    bool good = sqlite_run_write(s, run, e);
    for (size_t i = 0; i < n && good; i++)
        good = hold(s, run->run, ids[i], e);
    return sqlite_finish(s, good, e);
}

bool sqlite_held_read(struct store *store, int64_t run, struct arena *a, struct strs *ids,
                      struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q = sqlite_prepare(s, SQL_HELD,
                                     "SELECT r.id FROM run_held h JOIN records r ON r.rec = h.rec "
                                     "WHERE h.run = ? ORDER BY h.rec",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, run);
    *ids = (struct strs){0};
    int row;
    while ((row = sqlite_row(s, q, e)) > 0)
        arena_push(a, ids, arena_str(a, sqlite_text(q, 0)));
    return row == 0;
}

// What still stands of the list: neither removed nor seen by a later run.
static bool pending(struct sqlite_store *s, int64_t run, struct arena *a, struct sqlite_found **out,
                    size_t *n, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, SQL_HELD_PENDING,
                                     "SELECT h.rec, f.status, f.missed FROM run_held h "
                                     "JOIN figures f ON f.rec = h.rec "
                                     "JOIN sightings s ON s.rec = h.rec "
                                     "WHERE h.run = ?1 AND s.run <= ?1 ORDER BY h.rec",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, run);
    *out = NULL;
    *n = 0;
    int row;
    while ((row = sqlite_row(s, q, e)) > 0) {
        *out = sqlite_grow(a, *out, *n, sizeof **out);
        (*out)[(*n)++] = (struct sqlite_found){
            .rec = sqlite3_column_int64(q, 0),
            .status = (enum record_status)sqlite3_column_int(q, 1),
            .missed = sqlite3_column_int64(q, 2),
        };
    }
    return row == 0;
}

static bool forget(struct sqlite_store *s, int64_t run, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, SQL_HELD_FORGET, "DELETE FROM run_held WHERE run = ?", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, run);
    return sqlite_run(s, q, e);
}

// Applies the list (`accept`) or lets go of it, in a transaction.
static bool decide(struct sqlite_store *s, int64_t number, bool accept, int64_t now,
                   struct arena *a, struct err *e)
{
    struct run run;
    struct sqlite_found *found;
    size_t n;
    if (!sqlite_run_get(&s->base, number, a, &run, e))
        return false;
    if (run.state != RUN_HELD_BACK)
        return err_set(e, ERR_CONFLICT, "run %lld is not held back: it is %s", (long long)number,
                       run_state_name(run.state));
    if (!pending(s, number, a, &found, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        enum record_status status =
            found[i].status == STATUS_MISSING ? STATUS_ACTIVE : found[i].status;
        if (accept ? !sqlite_remove(s, found[i].rec, now, e)
                   : !sqlite_presence(s, &found[i], status, 0, now, e))
            return false;
        run.counts.removed += accept;
        run.counts.missing -= accept && run.counts.missing > 0;
    }
    run.state = run.error_count ? RUN_DONE_WITH_ERRORS : RUN_DONE;
    run.message = STR_NONE;
    return forget(s, number, e) && sqlite_run_settle(s, &run, e);
}

static bool decided(struct sqlite_store *s, int64_t run, bool accept, int64_t now, struct err *e)
{
    struct arena a = {0};
    bool good = sqlite_begin(s, e) && sqlite_finish(s, decide(s, run, accept, now, &a, e), e);
    arena_free(&a);
    return good;
}

bool sqlite_held_accept(struct store *store, int64_t run, int64_t now, struct err *e)
{
    return decided(sqlite_of(store), run, true, now, e);
}

bool sqlite_held_refuse(struct store *store, int64_t run, int64_t now, struct err *e)
{
    return decided(sqlite_of(store), run, false, now, e);
}
