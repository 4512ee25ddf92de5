// Reading records, their changes and their history. See sqlite.h.
//
// Each call is one statement, so that it sees one state of the store, and ends before it returns, so that it
// never keeps the writer's log from being folded back into the file.
#include "store/sqlite.h"

#define COLUMNS                                                                                    \
    "r.rec, r.id, r.source, r.kind, r.seq, r.hash, r.first_seen, r.last_changed, r.removed_at, "   \
    "f.fseq, f.status, f.missed, f.missing_since, s.at"
enum {
    REC,
    ID,
    SOURCE,
    KIND,
    SEQ,
    HASH,
    FIRST_SEEN,
    LAST_CHANGED,
    REMOVED_AT,
    FSEQ,
    STATUS,
    MISSED,
    MISSING_SINCE,
    LAST_SEEN,
    DATA, // where a query reads them
    BODY,
};
#define TABLES                                                                                     \
    " FROM records r LEFT JOIN figures f ON f.rec = r.rec LEFT JOIN sightings s ON s.rec = r.rec "

static bool damaged(struct sqlite_store *s, int64_t rec, struct err *e)
{
    err_where(e, "%s, record %lld", s->path, (long long)rec);
    return err_hint(e, "restore the store, or move it away and harvest again");
}

// The row as a record. Strings are copied to the arena; without one they are borrowed from the row.
static bool read_stored(struct sqlite_store *s, sqlite3_stmt *q, struct arena *a,
                        struct stored *out, struct err *e)
{
    struct str id = sqlite_text(q, ID), source = sqlite_text(q, SOURCE),
               hash = sqlite_text(q, HASH);
    int kind = sqlite3_column_int(q, KIND), status = sqlite3_column_int(q, STATUS);
    *out = (struct stored){
        .rec = sqlite3_column_int64(q, REC),
        .id = a ? arena_str(a, id) : id,
        .source = a ? arena_str(a, source) : source,
        .seq = sqlite3_column_int64(q, SEQ),
        .fseq = sqlite3_column_int64(q, FSEQ),
        .removed = sqlite3_column_type(q, REMOVED_AT) != SQLITE_NULL,
        .first_seen = sqlite3_column_int64(q, FIRST_SEEN),
        .last_seen = sqlite3_column_int64(q, LAST_SEEN),
        .last_changed = sqlite3_column_int64(q, LAST_CHANGED),
        .removed_at = sqlite3_column_int64(q, REMOVED_AT),
        .missing_since = sqlite3_column_int64(q, MISSING_SINCE),
        .missed = sqlite3_column_int(q, MISSED),
    };
    if (kind < 0 || kind >= KIND_COUNT || status < 0 || status > STATUS_ARCHIVED ||
        (!out->removed && hash.n != SHA256_BYTES)) {
        err_set(e, ERR_CORRUPT, "a stored record is damaged: its columns make no sense");
        return damaged(s, out->rec, e);
    }
    out->kind = (enum record_kind)kind;
    out->status = (enum record_status)status;
    if (out->removed)
        return true;
    memcpy(out->hash, hash.p, SHA256_BYTES);
    int columns = sqlite3_column_count(q);
    if (columns > DATA)
        out->figures = arena_str(a, sqlite_text(q, DATA));
    return columns <= BODY || sqlite_unpack(s, sqlite_text(q, BODY), a, &out->body, e) ||
           damaged(s, out->rec, e);
}

bool sqlite_get(struct store *store, struct str id, struct arena *a, struct stored *out,
                struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q =
        sqlite_prepare(s, SQL_GET, "SELECT " COLUMNS ", f.data, r.body" TABLES "WHERE r.id = ?", e);
    if (!q)
        return false;
    sqlite_bind_str(q, 1, id);
    int row = sqlite_row(s, q, e);
    if (row < 0)
        return false;
    if (row == 0)
        return err_set(e, ERR_NOT_FOUND, "no record has the id %.*s", STR_ARG(id));
    bool good = read_stored(s, q, a, out, e);
    sqlite_end(q);
    return good && sqlite_join_read(s, a, out, e);
}

// All rows of a query that is bound, as an array in the arena.
static bool collect(struct sqlite_store *s, sqlite3_stmt *q, struct arena *a, struct stored **out,
                    size_t *n, struct err *e)
{
    *out = NULL;
    *n = 0;
    int row;
    while ((row = sqlite_row(s, q, e)) > 0) {
        *out = sqlite_grow(a, *out, *n, sizeof **out);
        if (!read_stored(s, q, a, &(*out)[*n], e)) {
            sqlite_end(q);
            return false;
        }
        ++*n;
    }
    return row == 0;
}

static void bind_page(sqlite3_stmt *q, int64_t after, size_t limit)
{
    sqlite3_bind_int64(q, 1, after);
    sqlite3_bind_int64(q, 2, limit > INT64_MAX ? INT64_MAX : (int64_t)limit);
}

bool sqlite_changes(struct store *store, int64_t seq, size_t limit, struct arena *a,
                    struct stored **out, size_t *n, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_CHANGES,
        "SELECT " COLUMNS ", f.data, r.body" TABLES "WHERE r.seq > ? ORDER BY r.seq LIMIT ?", e);
    if (!q)
        return false;
    bind_page(q, seq, limit);
    bool good = collect(s, q, a, out, n, e);
    for (size_t i = 0; i < *n && good; i++)
        good = sqlite_join_read(s, a, &(*out)[i], e);
    return good;
}

bool sqlite_figures(struct store *store, int64_t fseq, size_t limit, struct arena *a,
                    struct stored **out, size_t *n, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q =
        sqlite_prepare(s, SQL_FIGURES,
                       "SELECT " COLUMNS ", f.data FROM figures f JOIN records r ON r.rec = f.rec "
                       "LEFT JOIN sightings s ON s.rec = f.rec "
                       "WHERE f.fseq > ? AND f.fseq > 0 ORDER BY f.fseq LIMIT ?",
                       e);
    if (!q)
        return false;
    bind_page(q, fseq, limit);
    return collect(s, q, a, out, n, e);
}

bool sqlite_heads(struct store *store, int64_t *seq, int64_t *fseq, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q = sqlite_prepare(s, SQL_HEADS, "SELECT seq, fseq FROM meta", e);
    if (!q)
        return false;
    int row = sqlite_row(s, q, e);
    if (row < 0)
        return false;
    if (row == 0)
        return err_set(e, ERR_CORRUPT, "the store has lost its sequences");
    *seq = sqlite3_column_int64(q, 0);
    *fseq = sqlite3_column_int64(q, 1);
    sqlite_end(q);
    return true;
}

bool sqlite_each(struct store *store, struct str source, unsigned kinds,
                 bool (*visit)(void *, const struct stored *), void *arg, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q;
    if (source.n)
        q = sqlite_prepare(s, SQL_EACH_OF_SOURCE,
                           "SELECT " COLUMNS TABLES
                           "WHERE ? & (1 << r.kind) AND r.removed_at IS NULL AND r.source = ?",
                           e);
    else
        q = sqlite_prepare(
            s, SQL_EACH,
            "SELECT " COLUMNS TABLES "WHERE ? & (1 << r.kind) AND r.removed_at IS NULL", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, kinds);
    if (source.n)
        sqlite_bind_str(q, 2, source);
    int row;
    while ((row = sqlite_row(s, q, e)) > 0) {
        struct stored r;
        bool good = read_stored(s, q, NULL, &r, e);
        if (!good || !visit(arg, &r)) {
            sqlite_end(q);
            return good;
        }
    }
    return row == 0;
}

bool sqlite_counts(struct store *store, struct arena *a, struct store_count **out, size_t *n,
                   struct err *e)
{
    // Two indexes give it without a look at the records: what is neither active nor removed is rare.
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_COUNTS,
        "WITH held AS (SELECT source, kind, count(*) AS held, count(removed_at) AS removed "
        "              FROM records GROUP BY source, kind), "
        "other AS (SELECT r.source, r.kind, sum(f.status = 1) AS missing, "
        "                 sum(f.status = 2) AS archived "
        "          FROM figures f JOIN records r ON r.rec = f.rec "
        "          WHERE f.status > 0 GROUP BY r.source, r.kind) "
        "SELECT h.source, h.kind, h.held, h.removed, o.missing, o.archived "
        "FROM held h LEFT JOIN other o ON o.source = h.source AND o.kind = h.kind "
        "ORDER BY h.source, h.kind",
        e);
    if (!q)
        return false;
    *out = NULL;
    *n = 0;
    int row;
    while ((row = sqlite_row(s, q, e)) > 0) {
        int kind = sqlite3_column_int(q, 1);
        if (kind < 0 || kind >= KIND_COUNT) {
            sqlite_end(q);
            return err_set(e, ERR_CORRUPT, "a stored record is damaged: no kind has number %d",
                           kind);
        }
        *out = sqlite_grow(a, *out, *n, sizeof **out);
        struct store_count *c = &(*out)[(*n)++];
        *c = (struct store_count){
            .source = arena_str(a, sqlite_text(q, 0)),
            .kind = (enum record_kind)kind,
            .removed = sqlite3_column_int64(q, 3),
            .missing = sqlite3_column_int64(q, 4),
            .archived = sqlite3_column_int64(q, 5),
        };
        c->active = sqlite3_column_int64(q, 2) - c->removed - c->missing - c->archived;
    }
    return row == 0;
}

bool sqlite_history(struct store *store, struct str id, struct arena *a, struct history_entry **out,
                    size_t *n, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q = sqlite_prepare(s, SQL_HISTORY,
                                     "SELECT h.at, h.seq, h.what, h.changes FROM records r "
                                     "JOIN history h ON h.rec = r.rec WHERE r.id = ? "
                                     "ORDER BY h.seq DESC LIMIT ?",
                                     e);
    if (!q)
        return false;
    *out = ARENA_ARRAY(a, struct history_entry, STORE_HISTORY_MAX);
    *n = 0;
    sqlite_bind_str(q, 1, id);
    sqlite3_bind_int(q, 2, STORE_HISTORY_MAX);
    int row;
    while ((row = sqlite_row(s, q, e)) > 0)
        (*out)[(*n)++] = (struct history_entry){
            .at = sqlite3_column_int64(q, 0),
            .seq = sqlite3_column_int64(q, 1),
            .what = arena_str(a, sqlite_text(q, 2)),
            .changes = arena_str(a, sqlite_text(q, 3)),
        };
    if (row == 0 && *n == 0) // whoever was ever stored has a first entry
        return err_set(e, ERR_NOT_FOUND, "no record has the id %.*s", STR_ARG(id));
    return row == 0;
}
