// See sqlite.h: statements, errors, transactions.
#include "store/sqlite.h"

sqlite3_stmt *sqlite_prepare(struct sqlite_store *s, enum sqlite_statement which, const char *sql,
                             struct err *e)
{
    sqlite3_stmt **q = &s->statements[which];
    if (!*q && sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, q, NULL) != SQLITE_OK)
        sqlite_fail(s, e);
    return *q;
}

void sqlite_bind_str(sqlite3_stmt *q, int at, struct str text)
{
    sqlite3_bind_text64(q, at, text.p ? text.p : "", text.n, SQLITE_STATIC, SQLITE_UTF8);
}

void sqlite_bind_blob(sqlite3_stmt *q, int at, const void *bytes, size_t n)
{
    sqlite3_bind_blob64(q, at, bytes, n, SQLITE_STATIC);
}

void sqlite_bind_instant(sqlite3_stmt *q, int at, int64_t seconds)
{
    if (seconds)
        sqlite3_bind_int64(q, at, seconds);
    else
        sqlite3_bind_null(q, at);
}

int sqlite_row(struct sqlite_store *s, sqlite3_stmt *q, struct err *e)
{
    int rc = sqlite3_step(q);
    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        sqlite_fail(s, e);
    sqlite_end(q);
    return rc == SQLITE_DONE ? 0 : -1;
}

void sqlite_end(sqlite3_stmt *q)
{
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
}

bool sqlite_run(struct sqlite_store *s, sqlite3_stmt *q, struct err *e)
{
    int row;
    do
        row = sqlite_row(s, q, e);
    while (row > 0);
    return row == 0;
}

struct str sqlite_text(sqlite3_stmt *q, int column)
{
    const void *p = sqlite3_column_blob(q, column);
    return str_slice(p, (size_t)sqlite3_column_bytes(q, column));
}

void *sqlite_grow(struct arena *a, void *array, size_t n, size_t size)
{
    if (n & (n - 1))
        return array;
    void *wider = arena_alloc(a, (n ? 2 * n : 1) * size);
    if (n)
        memcpy(wider, array, n * size);
    return wider;
}

bool sqlite_fail(struct sqlite_store *s, struct err *e)
{
    enum err_code code;
    const char *hint = "";
    switch (sqlite3_errcode(s->db)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        code = ERR_BUSY;
        hint = "another program holds the database: try again";
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        code = ERR_CORRUPT;
        hint = "the store is damaged: restore it, or move it away and harvest again";
        break;
    case SQLITE_FULL:
        code = ERR_IO;
        hint = "make room on the disk";
        break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        code = ERR_IO;
        hint = "look at the disk, and at who may write there";
        break;
    case SQLITE_NOMEM:
        code = ERR_MEMORY;
        break;
    default:
        code = ERR_INTERNAL;
    }
    err_set(e, code, "%s", sqlite3_errmsg(s->db));
    err_where(e, "%s", s->path);
    return err_hint(e, "%s", hint);
}

static bool simple(struct sqlite_store *s, enum sqlite_statement which, const char *sql,
                   struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, which, sql, e);
    return q && sqlite_run(s, q, e);
}

static bool set_heads(struct sqlite_store *s, struct err *e)
{
    if (s->seq == s->seq_before && s->fseq == s->fseq_before)
        return true;
    sqlite3_stmt *q = sqlite_prepare(s, SQL_SET_HEADS, "UPDATE meta SET seq = ?, fseq = ?", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, s->seq);
    sqlite3_bind_int64(q, 2, s->fseq);
    return sqlite_run(s, q, e);
}

bool sqlite_begin(struct sqlite_store *s, struct err *e)
{
    if (s->mode != STORE_WRITE)
        return err_set(e, ERR_ARGUMENT, "the store was opened for reading only");
    if (!simple(s, SQL_BEGIN, "BEGIN IMMEDIATE", e))
        return false;
    if (!sqlite_heads(&s->base, &s->seq, &s->fseq, e))
        return sqlite_finish(s, false, e);
    s->seq_before = s->seq;
    s->fseq_before = s->fseq;
    return true;
}

bool sqlite_finish(struct sqlite_store *s, bool good, struct err *e)
{
    sqlite_join_forget(s);
    if (good && set_heads(s, e) && simple(s, SQL_COMMIT, "COMMIT", e))
        return true;
    // Some failures (a full disk, no memory) have rolled back already.
    if (!sqlite3_get_autocommit(s->db))
        simple(s, SQL_ROLLBACK, "ROLLBACK", NULL);
    return false;
}
