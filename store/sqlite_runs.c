// Runs of the harvester, and the lines of their reports. See sqlite.h.
#include "store/sqlite.h"

enum { LINE_BYTES = 2000 }; // of each text of an error line: what is longer is cut

#define COUNTS                                                                                     \
    "added, updated, unchanged, missing, removed, restored, skipped, errored, figures, pages, "    \
    "bytes"

static void bind_counts(sqlite3_stmt *q, int at, const struct run_counts *c)
{
    const int64_t v[] = {c->added,   c->updated, c->unchanged, c->missing, c->removed, c->restored,
                         c->skipped, c->errored, c->figures,   c->pages,   c->bytes};
    for (int i = 0; i < (int)(sizeof v / sizeof *v); i++)
        sqlite3_bind_int64(q, at + i, v[i]);
}

static struct run_counts read_counts(sqlite3_stmt *q, int at)
{
    int64_t v[11];
    for (int i = 0; i < (int)(sizeof v / sizeof *v); i++)
        v[i] = sqlite3_column_int64(q, at + i);
    return (struct run_counts){v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10]};
}

// What runs left that nobody will go on with.
static bool forget_older_gone(struct sqlite_store *s, struct str source, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_RUN_GONE_FORGET_OLD,
        "DELETE FROM run_gone WHERE run IN (SELECT run FROM runs WHERE source = ?)", e);
    if (!q)
        return false;
    sqlite_bind_str(q, 1, source);
    return sqlite_run(s, q, e);
}

bool sqlite_run_begin(struct store *store, struct run *run, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    if (!sqlite_begin(s, e))
        return false;
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_RUN_BEGIN,
        "INSERT INTO runs (source, state, \"trigger\", force, started, " COUNTS
        ", ended, cpu_seconds, last_seq, last_fseq, cursor, message, error_count) "
        "VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', '', 0)",
        e);
    bool good = q != NULL && forget_older_gone(s, run->source, e);
    if (good) {
        sqlite_bind_str(q, 1, run->source);
        sqlite_bind_str(q, 2, str_of(run_state_name(run->state)));
        sqlite_bind_str(q, 3, run->trigger);
        sqlite3_bind_int(q, 4, run->force);
        sqlite3_bind_int64(q, 5, run->started);
        good = sqlite_run(s, q, e);
    }
    int64_t number = sqlite3_last_insert_rowid(s->db);
    if (!sqlite_finish(s, good, e))
        return false;
    run->run = number;
    return true;
}

bool sqlite_run_write(struct sqlite_store *s, const struct run *run, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_RUN_SAVE,
        "UPDATE runs SET state = ?2, force = ?3, ended = ?4, cpu_seconds = ?5, last_seq = ?6, "
        "last_fseq = ?7, cursor = ?8, message = ?9, (" COUNTS
        ") = (?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20) WHERE run = ?1",
        e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, run->run);
    sqlite_bind_str(q, 2, str_of(run_state_name(run->state)));
    sqlite3_bind_int(q, 3, run->force);
    sqlite3_bind_int64(q, 4, run->ended);
    sqlite3_bind_double(q, 5, run->cpu_seconds);
    sqlite3_bind_int64(q, 6, run->last_seq);
    sqlite3_bind_int64(q, 7, run->last_fseq);
    sqlite_bind_str(q, 8, run->cursor);
    sqlite_bind_str(q, 9, run->message);
    bind_counts(q, 10, &run->counts);
    if (!sqlite_run(s, q, e))
        return false;
    return sqlite3_changes(s->db) == 1 ||
           err_set(e, ERR_NOT_FOUND, "there is no run %lld", (long long)run->run);
}

bool sqlite_run_save(struct store *store, const struct run *run, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    return sqlite_begin(s, e) && sqlite_finish(s, sqlite_run_write(s, run, e), e);
}

static void bind_line(sqlite3_stmt *q, int at, struct str text)
{
    sqlite_bind_str(q, at, str_cut_utf8(text, LINE_BYTES));
}

bool sqlite_run_errors_add(struct sqlite_store *s, int64_t run, const struct run_error *errors,
                           size_t n, int64_t *count, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, SQL_RUN_COUNT_ERRORS,
                                     "UPDATE runs SET error_count = error_count + ?2 "
                                     "WHERE run = ?1 RETURNING error_count",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, run);
    sqlite3_bind_int64(q, 2, (int64_t)n);
    int row = sqlite_row(s, q, e);
    if (row < 0)
        return false;
    if (row == 0)
        return err_set(e, ERR_NOT_FOUND, "there is no run %lld", (long long)run);
    *count = sqlite3_column_int64(q, 0);
    sqlite_end(q);

    int64_t before = *count - (int64_t)n;
    for (size_t i = 0; i < n && before + (int64_t)i < STORE_RUN_ERRORS_MAX; i++) {
        q = sqlite_prepare(s, SQL_RUN_ADD_ERROR,
                           "INSERT INTO run_errors (run, n, record, page, kind, message) "
                           "VALUES (?, ?, ?, ?, ?, ?)",
                           e);
        if (!q)
            return false;
        sqlite3_bind_int64(q, 1, run);
        sqlite3_bind_int64(q, 2, before + (int64_t)i);
        bind_line(q, 3, errors[i].record);
        bind_line(q, 4, errors[i].page);
        bind_line(q, 5, errors[i].kind);
        bind_line(q, 6, errors[i].message);
        if (!sqlite_run(s, q, e))
            return false;
    }
    return true;
}

bool sqlite_run_error(struct store *store, int64_t run, const struct run_error *error,
                      struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    int64_t count;
    return sqlite_begin(s, e) &&
           sqlite_finish(s, sqlite_run_errors_add(s, run, error, 1, &count, e), e);
}

#define RUN_COLUMNS                                                                                \
    "SELECT run, source, state, \"trigger\", force, started, ended, cpu_seconds, last_seq, "       \
    "last_fseq, cursor, message, error_count, " COUNTS " FROM runs "

static bool read_run(sqlite3_stmt *q, struct arena *a, struct run *out, struct err *e)
{
    *out = (struct run){
        .run = sqlite3_column_int64(q, 0),
        .source = arena_str(a, sqlite_text(q, 1)),
        .trigger = arena_str(a, sqlite_text(q, 3)),
        .force = sqlite3_column_int(q, 4) != 0,
        .started = sqlite3_column_int64(q, 5),
        .ended = sqlite3_column_int64(q, 6),
        .cpu_seconds = sqlite3_column_double(q, 7),
        .last_seq = sqlite3_column_int64(q, 8),
        .last_fseq = sqlite3_column_int64(q, 9),
        .cursor = arena_str(a, sqlite_text(q, 10)),
        .message = arena_str(a, sqlite_text(q, 11)),
        .error_count = sqlite3_column_int64(q, 12),
        .counts = read_counts(q, 13),
    };
    return run_state_find(sqlite_text(q, 2), &out->state) ||
           err_set(e, ERR_CORRUPT, "run %lld has a state that is not known", (long long)out->run);
}

static bool collect(struct sqlite_store *s, sqlite3_stmt *q, struct arena *a, struct run **out,
                    size_t *n, struct err *e)
{
    *out = NULL;
    *n = 0;
    int row;
    while ((row = sqlite_row(s, q, e)) > 0) {
        *out = sqlite_grow(a, *out, *n, sizeof **out);
        if (!read_run(q, a, &(*out)[(*n)++], e)) {
            sqlite_end(q);
            return false;
        }
    }
    return row == 0;
}

bool sqlite_run_get(struct store *store, int64_t run, struct arena *a, struct run *out,
                    struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q = sqlite_prepare(s, SQL_RUN_GET, RUN_COLUMNS "WHERE run = ?", e);
    if (!q)
        return false;
    struct run *found;
    size_t n;
    sqlite3_bind_int64(q, 1, run);
    if (!collect(s, q, a, &found, &n, e))
        return false;
    if (n == 0)
        return err_set(e, ERR_NOT_FOUND, "there is no run %lld", (long long)run);
    *out = *found;
    return true;
}

static int64_t bounded(size_t limit)
{
    return limit > INT64_MAX ? INT64_MAX : (int64_t)limit;
}

bool sqlite_runs(struct store *store, struct str source, size_t limit, struct arena *a,
                 struct run **out, size_t *n, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q;
    if (source.n)
        q = sqlite_prepare(s, SQL_RUNS_OF_SOURCE,
                           RUN_COLUMNS "WHERE source = ?2 ORDER BY run DESC LIMIT ?1", e);
    else
        q = sqlite_prepare(s, SQL_RUNS, RUN_COLUMNS "ORDER BY run DESC LIMIT ?1", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, bounded(limit));
    if (source.n)
        sqlite_bind_str(q, 2, source);
    return collect(s, q, a, out, n, e);
}

bool sqlite_run_errors(struct store *store, int64_t run, size_t limit, struct arena *a,
                       struct run_error **out, size_t *n, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q = sqlite_prepare(s, SQL_RUN_ERRORS,
                                     "SELECT record, page, kind, message FROM run_errors "
                                     "WHERE run = ? ORDER BY n LIMIT ?",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, run);
    sqlite3_bind_int64(q, 2, bounded(limit));
    *out = NULL;
    *n = 0;
    int row;
    while ((row = sqlite_row(s, q, e)) > 0) {
        *out = sqlite_grow(a, *out, *n, sizeof **out);
        (*out)[(*n)++] = (struct run_error){
            .record = arena_str(a, sqlite_text(q, 0)),
            .page = arena_str(a, sqlite_text(q, 1)),
            .kind = arena_str(a, sqlite_text(q, 2)),
            .message = arena_str(a, sqlite_text(q, 3)),
        };
    }
    return row == 0;
}

bool sqlite_runs_orphaned(struct store *store, int64_t *count, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    if (!sqlite_begin(s, e))
        return false;
    sqlite3_stmt *q = sqlite_prepare(s, SQL_RUNS_ORPHANED,
                                     "UPDATE runs SET state = 'interrupted' "
                                     "WHERE state IN ('queued', 'running')",
                                     e);
    bool good = q && sqlite_run(s, q, e);
    int64_t changed = sqlite3_changes64(s->db);
    if (!sqlite_finish(s, good, e))
        return false;
    *count = changed;
    return true;
}

// Shows the ids that a statement gives, until visit has enough.
static bool visit_ids(struct sqlite_store *s, sqlite3_stmt *q, bool (*visit)(void *, struct str id),
                      void *arg, struct err *e)
{
    int row;
    while ((row = sqlite_row(s, q, e)) > 0)
        if (!visit(arg, sqlite_text(q, 0))) {
            sqlite_end(q);
            return true;
        }
    return row == 0;
}

bool sqlite_run_seen(struct store *store, int64_t run, bool (*visit)(void *, struct str id),
                     void *arg, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q = sqlite_prepare(s, SQL_RUN_SEEN,
                                     "SELECT r.id FROM sightings s JOIN records r ON r.rec = s.rec "
                                     "WHERE s.run = ?",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, run);
    return visit_ids(s, q, visit, arg, e);
}

bool sqlite_run_gone(struct store *store, int64_t run, bool (*visit)(void *, struct str id),
                     void *arg, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_RUN_GONE,
        "SELECT r.id FROM run_gone g JOIN records r ON r.rec = g.rec WHERE g.run = ?", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, run);
    return visit_ids(s, q, visit, arg, e);
}

bool sqlite_run_gone_add(struct sqlite_store *s, int64_t run, const struct str *ids, size_t n,
                         struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        sqlite3_stmt *q = sqlite_prepare(s, SQL_RUN_GONE_ADD,
                                         "INSERT OR IGNORE INTO run_gone (run, rec) SELECT ?, rec "
                                         "FROM records WHERE id = ? AND removed_at IS NULL",
                                         e);
        if (!q)
            return false;
        sqlite3_bind_int64(q, 1, run);
        sqlite_bind_str(q, 2, ids[i]);
        if (!sqlite_run(s, q, e))
            return false;
    }
    return true;
}

bool sqlite_run_gone_forget(struct sqlite_store *s, int64_t run, struct err *e)
{
    sqlite3_stmt *q =
        sqlite_prepare(s, SQL_RUN_GONE_FORGET, "DELETE FROM run_gone WHERE run = ?", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, run);
    return sqlite_run(s, q, e);
}
