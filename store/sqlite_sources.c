// What is kept of a source between its harvests. See sqlite.h.
#include "store/sqlite.h"

bool sqlite_source_get(struct store *store, struct str source, struct arena *a,
                       struct source_state *out, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    *out = (struct source_state){0};
    sqlite3_stmt *q = sqlite_prepare(s, SQL_SOURCE_GET,
                                     "SELECT settings, full_at, read_at, etag, last_modified "
                                     "FROM sources WHERE source = ?",
                                     e);
    if (!q)
        return false;
    sqlite_bind_str(q, 1, source);
    int row = sqlite_row(s, q, e);
    if (row > 0) {
        out->settings = arena_str(a, sqlite_text(q, 0));
        out->full_at = sqlite3_column_int64(q, 1);
        out->read_at = sqlite3_column_int64(q, 2);
        out->etag = arena_str(a, sqlite_text(q, 3));
        out->last_modified = arena_str(a, sqlite_text(q, 4));
        sqlite_end(q);
    }
    return row >= 0;
}

bool sqlite_source_put(struct store *store, struct str source, const struct source_state *state,
                       struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    if (!sqlite_begin(s, e))
        return false;
    sqlite3_stmt *q =
        sqlite_prepare(s, SQL_SOURCE_PUT,
                       "INSERT INTO sources (source, settings, full_at, read_at, etag, "
                       "last_modified) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (source) DO "
                       "UPDATE SET (settings, full_at, read_at, etag, last_modified) = (?2, ?3, "
                       "?4, ?5, ?6)",
                       e);
    if (!q)
        return sqlite_finish(s, false, e);
    sqlite_bind_str(q, 1, source);
    sqlite_bind_str(q, 2, state->settings);
    sqlite3_bind_int64(q, 3, state->full_at);
    sqlite3_bind_int64(q, 4, state->read_at);
    sqlite_bind_str(q, 5, state->etag);
    sqlite_bind_str(q, 6, state->last_modified);
    return sqlite_finish(s, sqlite_run(s, q, e), e);
}

bool sqlite_source_seen(struct store *store, struct str source, int64_t run, int64_t now,
                        struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    if (!sqlite_begin(s, e))
        return false;
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_SOURCE_SEEN,
        "UPDATE sightings SET run = ?2, at = ?3 WHERE rec IN (SELECT rec FROM records JOIN figures "
        "USING (rec) WHERE source = ?1 AND removed_at IS NULL AND status = 0)",
        e);
    if (!q)
        return sqlite_finish(s, false, e);
    sqlite_bind_str(q, 1, source);
    sqlite3_bind_int64(q, 2, run);
    sqlite3_bind_int64(q, 3, now);
    return sqlite_finish(s, sqlite_run(s, q, e), e);
}
