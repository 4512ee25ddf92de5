// See query_log.h.
#include "store/query_log.h"

#include "base/log.h"
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    APPLICATION_ID = 0x476C6E51, // "GlnQ"
    VERSION = 1,
    BUSY_MILLISECONDS = 2000,
    DAY_SECONDS = 86400,
    FILE_MODE = 0640,
};

enum statement { ADD, FORGET, COUNT, TRIM, READ, READ_COUNT, STATEMENTS };

struct query_log {
    sqlite3 *db;
    char *path, *damaged_path;
    enum store_mode mode;
    sqlite3_stmt *statements[STATEMENTS];
};

static const char *const outcomes[QUERY_OUTCOMES] = {"nothing", "relaxed", "corrected"};

const char *query_outcome_name(enum query_outcome outcome)
{
    return outcomes[outcome];
}

bool query_outcome_find(struct str name, enum query_outcome *out)
{
    for (int i = 0; i < QUERY_OUTCOMES; i++)
        if (str_eq(name, str_of(outcomes[i]))) {
            *out = (enum query_outcome)i;
            return true;
        }
    return false;
}

// ---- SQLite --------------------------------------------------------------------------------------

static bool damaged(const struct query_log *log, const char *what, struct err *e)
{
    err_set(e, ERR_CORRUPT, "%s", what);
    err_where(e, "%s", log->path);
    return err_hint(e, "the daemon puts it aside and begins it anew when it starts");
}

static bool fail(const struct query_log *log, struct err *e)
{
    const char *what = log->db ? sqlite3_errmsg(log->db) : "memory is exhausted";
    switch (log->db ? sqlite3_errcode(log->db) : SQLITE_NOMEM) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return damaged(log, what, e);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        err_set(e, ERR_BUSY, "%s", what);
        break;
    case SQLITE_NOMEM:
        err_set(e, ERR_MEMORY, "%s", what);
        break;
    default:
        err_set(e, ERR_IO, "%s", what);
        err_hint(e, "look at the disk, and at who may read and write there");
    }
    return err_where(e, "%s", log->path);
}

static bool execute(struct query_log *log, const char *sql, struct err *e)
{
    return sqlite3_exec(log->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(log, e);
}

static sqlite3_stmt *prepare(struct query_log *log, enum statement which, const char *sql,
                             struct err *e)
{
    sqlite3_stmt **q = &log->statements[which];
    if (!*q &&
        sqlite3_prepare_v3(log->db, sql, -1, SQLITE_PREPARE_PERSISTENT, q, NULL) != SQLITE_OK)
        fail(log, e);
    return *q;
}

// Steps to the end; *number, which may be NULL, gets the first column of the last row.
static bool run(struct query_log *log, sqlite3_stmt *q, int64_t *number, struct err *e)
{
    int rc;
    while ((rc = sqlite3_step(q)) == SQLITE_ROW)
        if (number)
            *number = sqlite3_column_int64(q, 0);
    bool good = rc == SQLITE_DONE || fail(log, e);
    sqlite_end(q);
    return good;
}

static bool ask(struct query_log *log, const char *sql, int64_t *number, struct err *e)
{
    sqlite3_stmt *q;
    if (sqlite3_prepare_v2(log->db, sql, -1, &q, NULL) != SQLITE_OK)
        return fail(log, e);
    bool good = run(log, q, number, e);
    sqlite3_finalize(q);
    return good;
}

// ---- Opening -------------------------------------------------------------------------------------

static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE queries (" // in the order of their texts: not even the order of arrival is kept
    "  query TEXT PRIMARY KEY,"
    "  outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 2)," // enum query_outcome
    "  relaxed TEXT NOT NULL,"
    "  corrected TEXT NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  strict_total INTEGER NOT NULL,"
    "  total INTEGER NOT NULL,"
    "  first_seen INTEGER NOT NULL,"
    "  last_seen INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX queries_by_day ON queries (last_seen);"
    "PRAGMA application_id = 0x476C6E51;"
    "PRAGMA user_version = 1;"
    "COMMIT;";

_Static_assert(QUERY_NOTHING == 0 && QUERY_RELAXED == 1 && QUERY_CORRECTED == 2,
               "numbers of outcomes are stored: add new ones at the end");

// *empty: a file without anything in it yet. All of it is read in one transaction: somebody may be making it.
static bool check_owner(struct query_log *log, bool *empty, struct err *e)
{
    int64_t application = 0, version = 0, tables = 0;
    if (!execute(log, "BEGIN", e) || !ask(log, "PRAGMA application_id", &application, e) ||
        !ask(log, "PRAGMA user_version", &version, e) ||
        !ask(log, "SELECT count(*) FROM sqlite_schema", &tables, e) || !execute(log, "COMMIT", e))
        return false;
    *empty = !application && !version && !tables;
    if (*empty || (application == APPLICATION_ID && version == VERSION))
        return true;
    err_set(e, ERR_CONFLICT, "this is not a log of queries of this version of the program");
    err_where(e, "%s", log->path);
    return err_hint(e, "move it away");
}

static bool check_pages(struct query_log *log, struct err *e)
{
    sqlite3_stmt *q;
    if (sqlite3_prepare_v2(log->db, "PRAGMA quick_check(1)", -1, &q, NULL) != SQLITE_OK)
        return fail(log, e);
    int rc = sqlite3_step(q);
    bool good = rc == SQLITE_ROW && str_eq(sqlite_text(q, 0), STR("ok"));
    if (rc == SQLITE_ROW && !good)
        damaged(log, (const char *)sqlite3_column_text(q, 0), e);
    else if (!good)
        fail(log, e);
    sqlite3_finalize(q);
    return good;
}

static void close_file(struct query_log *log)
{
    for (int i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(log->statements[i]);
        log->statements[i] = NULL;
    }
    sqlite3_close(log->db);
    log->db = NULL;
}

// What is forgotten is overwritten too (secure_delete).
static const char writing[] = "PRAGMA journal_mode = WAL;"
                              "PRAGMA synchronous = NORMAL;"
                              "PRAGMA secure_delete = ON;"
                              "PRAGMA wal_autocheckpoint = 200;"
                              "PRAGMA journal_size_limit = 1048576;";

static bool open_file(struct query_log *log, struct err *e)
{
    bool empty;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY;
    if (log->mode == STORE_WRITE) {
        flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        // Only where there is none: closing any descriptor of a database drops the locks that the process has on it.
        int fd = open(log->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
        if (fd >= 0)
            close(fd);
    }
    if (sqlite3_open_v2(log->path, &log->db, flags, NULL) != SQLITE_OK)
        return fail(log, e);
    sqlite3_busy_timeout(log->db, BUSY_MILLISECONDS);
    if (!check_owner(log, &empty, e))
        return false;
    if (log->mode == STORE_WRITE)
        return execute(log, writing, e) && (empty ? execute(log, schema, e) : check_pages(log, e));
    if (!empty)
        return true;
    err_set(e, ERR_NOT_FOUND, "no query was logged yet");
    return err_where(e, "%s", log->path);
}

static void remove_beside(const struct query_log *log, const char *suffix)
{
    char path[4200];
    snprintf(path, sizeof path, "%s%s", log->path, suffix);
    unlink(path);
}

// Puts a damaged file aside, in the place of one that was put there before.
static bool begin_anew(struct query_log *log, const struct err *why, struct err *e)
{
    close_file(log);
    if (rename(log->path, log->damaged_path) != 0) {
        err_set(e, ERR_IO, "it is damaged, and cannot be put aside: %s", strerror(errno));
        return err_where(e, "%s", log->path);
    }
    remove_beside(log, "-wal");
    remove_beside(log, "-shm");
    log_event(LOG_WARNING, "the log of queries is damaged, it begins anew", F_Z("why", why->what),
              F_Z("aside", log->damaged_path));
    return open_file(log, e);
}

struct query_log *query_log_open(const char *data, enum store_mode mode, struct err *e)
{
    char path[4096];
    struct err why = {0};
    if ((size_t)snprintf(path, sizeof path, "%s/queries.sqlite", data) >= sizeof path - 16) {
        err_set(e, ERR_CONFIG, "the path of the data folder is too long");
        return NULL;
    }
    if (mode == STORE_READ && access(path, F_OK) != 0 && errno == ENOENT) {
        err_set(e, ERR_NOT_FOUND, "no query was logged yet");
        err_where(e, "%s", path);
        return NULL;
    }
    struct query_log *log = xcalloc(1, sizeof *log);
    log->mode = mode;
    log->path = xstrdup(path);
    memcpy(path + strlen(path), ".damaged", sizeof ".damaged");
    log->damaged_path = xstrdup(path);
    bool good = open_file(log, &why);
    if (!good && why.code == ERR_CORRUPT && mode == STORE_WRITE) {
        struct err first = why;
        good = begin_anew(log, &first, &why);
    }
    if (good)
        return log;
    if (e)
        *e = why;
    query_log_close(log);
    return NULL;
}

void query_log_close(struct query_log *log)
{
    if (!log)
        return;
    close_file(log);
    free(log->path);
    free(log->damaged_path);
    free(log);
}

// ---- Writing -------------------------------------------------------------------------------------

static bool add(struct query_log *log, const struct query_entry *entry, int64_t today,
                struct err *e)
{
    sqlite3_stmt *q =
        prepare(log, ADD,
                "INSERT INTO queries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) "
                "ON CONFLICT (query) DO UPDATE SET outcome = ?2, relaxed = ?3, corrected = ?4, "
                "count = count + ?5, strict_total = ?6, total = ?7, last_seen = max(last_seen, ?8)",
                e);
    if (!q)
        return false;
    sqlite_bind_str(q, 1, entry->query);
    sqlite3_bind_int(q, 2, (int)entry->outcome);
    sqlite_bind_str(q, 3, entry->relaxed);
    sqlite_bind_str(q, 4, entry->corrected);
    sqlite3_bind_int64(q, 5, entry->count);
    sqlite3_bind_int64(q, 6, entry->strict_total);
    sqlite3_bind_int64(q, 7, entry->total);
    sqlite3_bind_int64(q, 8, today);
    return run(log, q, NULL, e);
}

static bool forget(struct query_log *log, int64_t today, struct err *e)
{
    int64_t rows = 0;
    sqlite3_stmt *q = prepare(log, FORGET, "DELETE FROM queries WHERE last_seen < ?", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, today - QUERY_LOG_DAYS);
    if (!run(log, q, NULL, e) || !(q = prepare(log, COUNT, "SELECT count(*) FROM queries", e)) ||
        !run(log, q, &rows, e))
        return false;
    if (rows <= QUERY_LOG_ROWS)
        return true;
    q = prepare(log, TRIM,
                "DELETE FROM queries WHERE query IN "
                "(SELECT query FROM queries ORDER BY count, last_seen, query LIMIT ?)",
                e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rows - QUERY_LOG_KEPT);
    return run(log, q, NULL, e);
}

static bool write_batch(struct query_log *log, const struct query_entry *entries, size_t n,
                        int64_t today, struct err *e)
{
    if (!execute(log, "BEGIN IMMEDIATE", e))
        return false;
    bool good = true;
    for (size_t i = 0; good && i < n; i++)
        good = add(log, &entries[i], today, e);
    good = good && forget(log, today, e) && execute(log, "COMMIT", e);
    if (!good && !sqlite3_get_autocommit(log->db))
        sqlite3_exec(log->db, "ROLLBACK", NULL, NULL, NULL);
    return good;
}

// A damaged file that was put aside holds queries too.
static void forget_damaged(const struct query_log *log, int64_t today)
{
    struct stat st;
    if (stat(log->damaged_path, &st) == 0 &&
        (int64_t)st.st_mtime / DAY_SECONDS < today - QUERY_LOG_DAYS)
        unlink(log->damaged_path);
}

bool query_log_write(struct query_log *log, const struct query_entry *entries, size_t n,
                     int64_t today, struct err *e)
{
    struct err why = {0};
    if (!log->db) // it could not be begun anew the last time
        return err_set(e, ERR_IO, "the log of queries is not open");
    bool good = write_batch(log, entries, n, today, &why);
    if (!good && why.code == ERR_CORRUPT) {
        struct err first = why;
        good = begin_anew(log, &first, &why) && write_batch(log, entries, n, today, &why);
    }
    forget_damaged(log, today);
    if (!good && e)
        *e = why;
    return good;
}

// ---- Reading -------------------------------------------------------------------------------------

#define FILTERED "FROM queries WHERE (?1 < 0 OR outcome = ?1) AND last_seen >= ?2"

static void bind_filter(sqlite3_stmt *q, const struct query_filter *f)
{
    int64_t oldest = f->today - QUERY_LOG_DAYS;
    sqlite3_bind_int(q, 1, f->only ? (int)f->outcome : -1);
    sqlite3_bind_int64(q, 2, f->since > oldest ? f->since : oldest);
}

static bool read_rows(struct query_log *log, const struct query_filter *f, struct arena *a,
                      struct query_entry **out, size_t *n, struct err *e)
{
    sqlite3_stmt *q = prepare(log, READ,
                              "SELECT query, outcome, relaxed, corrected, count, strict_total, "
                              "total, first_seen, last_seen " FILTERED
                              " ORDER BY count DESC, last_seen DESC, query LIMIT ?3",
                              e);
    if (!q)
        return false;
    bind_filter(q, f);
    sqlite3_bind_int64(q, 3, (int64_t)f->limit);
    int rc;
    while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
        *out = sqlite_grow(a, *out, *n, sizeof **out);
        (*out)[(*n)++] = (struct query_entry){
            .query = arena_str(a, sqlite_text(q, 0)),
            .outcome = (enum query_outcome)sqlite3_column_int(q, 1),
            .relaxed = arena_str(a, sqlite_text(q, 2)),
            .corrected = arena_str(a, sqlite_text(q, 3)),
            .count = sqlite3_column_int64(q, 4),
            .strict_total = sqlite3_column_int64(q, 5),
            .total = sqlite3_column_int64(q, 6),
            .first_seen = sqlite3_column_int64(q, 7),
            .last_seen = sqlite3_column_int64(q, 8),
        };
    }
    bool good = rc == SQLITE_DONE || fail(log, e);
    sqlite_end(q);
    return good;
}

bool query_log_read(struct query_log *log, const struct query_filter *filter, struct arena *a,
                    struct query_entry **out, size_t *n, int64_t *total, struct err *e)
{
    *out = NULL;
    *n = 0;
    *total = 0;
    if (!read_rows(log, filter, a, out, n, e))
        return false;
    sqlite3_stmt *q = prepare(log, READ_COUNT, "SELECT count(*) " FILTERED, e);
    if (!q)
        return false;
    bind_filter(q, filter);
    return run(log, q, total, e);
}
