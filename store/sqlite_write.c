// Writing one record: the statements that a page, what is absent and what is held back have in common. Each is called
// inside a transaction. See sqlite.h.
#include "store/sqlite.h"

#include "store/history.h"

bool sqlite_find(struct sqlite_store *s, struct str id, struct str figures,
                 struct sqlite_found *found, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_FIND,
        "SELECT r.rec, r.removed_at IS NOT NULL, r.hash, f.status, f.missed, f.data = ?2 "
        "FROM records r LEFT JOIN figures f ON f.rec = r.rec WHERE r.id = ?1",
        e);
    if (!q)
        return false;
    sqlite_bind_str(q, 1, id);
    sqlite_bind_str(q, 2, figures);
    *found = (struct sqlite_found){0};
    int row = sqlite_row(s, q, e);
    if (row <= 0)
        return row == 0;
    found->rec = sqlite3_column_int64(q, 0);
    found->removed = sqlite3_column_int(q, 1) != 0;
    struct str hash = sqlite_text(q, 2);
    if (hash.n == SHA256_BYTES)
        memcpy(found->hash, hash.p, SHA256_BYTES);
    found->status = (enum record_status)sqlite3_column_int(q, 3);
    found->missed = sqlite3_column_int64(q, 4);
    found->same_figures = sqlite3_column_int(q, 5) != 0;
    sqlite_end(q);
    return true;
}

bool sqlite_seen(struct sqlite_store *s, int64_t rec, int64_t run, int64_t now, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, SQL_SEEN,
                                     "INSERT INTO sightings (rec, run, at) VALUES (?1, ?2, ?3) "
                                     "ON CONFLICT (rec) DO UPDATE SET run = ?2, at = ?3",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    sqlite3_bind_int64(q, 2, run);
    sqlite3_bind_int64(q, 3, now);
    return sqlite_run(s, q, e);
}

// An entry for the change that has the newest number.
static bool history_insert(struct sqlite_store *s, int64_t rec, int64_t now, struct str what,
                           struct str changes, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_HISTORY_INSERT,
        "INSERT INTO history (rec, seq, at, what, changes) VALUES (?, ?, ?, ?, ?)", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    sqlite3_bind_int64(q, 2, s->seq);
    sqlite3_bind_int64(q, 3, now);
    sqlite_bind_str(q, 4, what);
    sqlite_bind_str(q, 5, changes);
    return sqlite_run(s, q, e);
}

// The same, and lets go of the oldest.
static bool history_add(struct sqlite_store *s, int64_t rec, int64_t now, struct str what,
                        struct str changes, struct err *e)
{
    if (!history_insert(s, rec, now, what, changes, e))
        return false;
    sqlite3_stmt *q = sqlite_prepare(s, SQL_HISTORY_BOUND,
                                     "DELETE FROM history WHERE rec = ?1 AND seq <= "
                                     "(SELECT seq FROM history WHERE rec = ?1 "
                                     " ORDER BY seq DESC LIMIT 1 OFFSET ?2)",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    sqlite3_bind_int(q, 2, STORE_HISTORY_MAX);
    return sqlite_run(s, q, e);
}

static bool figures_add(struct sqlite_store *s, int64_t rec, const struct store_item *item,
                        struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_FIGURES_ADD,
        "INSERT INTO figures (rec, fseq, status, missed, data) VALUES (?, 0, ?, 0, ?)", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    sqlite3_bind_int(q, 2, (int)item->status);
    sqlite_bind_str(q, 3, item->figures);
    return sqlite_run(s, q, e);
}

bool sqlite_figures_update(struct sqlite_store *s, int64_t rec, const struct store_item *item,
                           int64_t fseq, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, SQL_FIGURES_UPDATE,
                                     "UPDATE figures SET fseq = coalesce(?2, fseq), status = ?3, "
                                     "missed = 0, missing_since = NULL, data = ?4 WHERE rec = ?1",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    sqlite_bind_instant(q, 2, fseq);
    sqlite3_bind_int(q, 3, (int)item->status);
    sqlite_bind_str(q, 4, item->figures);
    return sqlite_run(s, q, e);
}

bool sqlite_add(struct sqlite_store *s, struct str source, const struct store_item *item,
                int64_t now, int64_t *rec, struct err *e)
{
    struct str packed;
    if (!pack_body(&s->pack, item->body, &packed, e))
        return false;
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_ADD,
        "INSERT INTO records (id, source, kind, seq, first_seen, last_changed, hash, body) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)",
        e);
    if (!q)
        return false;
    sqlite_bind_str(q, 1, item->id);
    sqlite_bind_str(q, 2, source);
    sqlite3_bind_int(q, 3, (int)item->kind);
    sqlite3_bind_int64(q, 4, ++s->seq);
    sqlite3_bind_int64(q, 5, now);
    sqlite_bind_blob(q, 6, item->hash, sizeof item->hash);
    sqlite_bind_blob(q, 7, packed.p, packed.n);
    if (!sqlite_run(s, q, e))
        return false;
    *rec = sqlite3_last_insert_rowid(s->db);
    return figures_add(s, *rec, item, e) &&
           history_insert(s, *rec, now, STR("added"), STR("[]"), e);
}

// A new number, body and hash. `changed` is 0 when its content is what it was.
static bool body_update(struct sqlite_store *s, int64_t rec, const struct store_item *item,
                        int64_t changed, struct err *e)
{
    struct str packed;
    if (!pack_body(&s->pack, item->body, &packed, e))
        return false;
    sqlite3_stmt *q = sqlite_prepare(s, SQL_BODY_UPDATE,
                                     "UPDATE records SET kind = ?2, seq = ?3, "
                                     "last_changed = coalesce(?4, last_changed), "
                                     "removed_at = NULL, hash = ?5, body = ?6 WHERE rec = ?1",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    sqlite3_bind_int(q, 2, (int)item->kind);
    sqlite3_bind_int64(q, 3, ++s->seq);
    sqlite_bind_instant(q, 4, changed);
    sqlite_bind_blob(q, 5, item->hash, sizeof item->hash);
    sqlite_bind_blob(q, 6, packed.p, packed.n);
    return sqlite_run(s, q, e);
}

static bool read_body(struct sqlite_store *s, int64_t rec, struct arena *a, struct str *out,
                      struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, SQL_BODY, "SELECT body FROM records WHERE rec = ?", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    if (sqlite_row(s, q, e) <= 0)
        return false;
    bool good = sqlite_unpack(s, sqlite_text(q, 0), a, out, e);
    sqlite_end(q);
    return good;
}

bool sqlite_change(struct sqlite_store *s, int64_t rec, const struct store_item *item, int64_t now,
                   struct err *e)
{
    struct arena a = {0};
    struct buf changes = {0};
    struct str before;
    // What is damaged in the store is mended by the new body: only the history cannot tell.
    if (!read_body(s, rec, &a, &before, NULL) ||
        !history_changes(&changes, before, item->body, NULL))
        buf_addz(&changes, "[]");
    bool good = body_update(s, rec, item, now, e) &&
                history_add(s, rec, now, STR("changed"), buf_str(&changes), e);
    buf_free(&changes);
    arena_free(&a);
    return good;
}

bool sqlite_rewrite(struct sqlite_store *s, int64_t rec, const struct store_item *item,
                    struct err *e)
{
    return body_update(s, rec, item, 0, e);
}

bool sqlite_restore(struct sqlite_store *s, int64_t rec, const struct store_item *item, int64_t now,
                    struct err *e)
{
    return body_update(s, rec, item, now, e) && figures_add(s, rec, item, e) &&
           history_add(s, rec, now, STR("restored"), STR("[]"), e);
}

bool sqlite_remove(struct sqlite_store *s, int64_t rec, int64_t now, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, SQL_REMOVE,
                                     "UPDATE records SET seq = ?, removed_at = ?, hash = NULL, "
                                     "body = NULL WHERE rec = ?",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, ++s->seq);
    sqlite3_bind_int64(q, 2, now);
    sqlite3_bind_int64(q, 3, rec);
    if (!sqlite_run(s, q, e))
        return false;
    q = sqlite_prepare(s, SQL_FIGURES_REMOVE, "DELETE FROM figures WHERE rec = ?", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    return sqlite_run(s, q, e) && sqlite_join_note(s, rec, NULL, true, e) &&
           history_add(s, rec, now, STR("removed"), STR("[]"), e);
}

bool sqlite_presence(struct sqlite_store *s, const struct sqlite_found *found,
                     enum record_status status, int64_t missed, int64_t now, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_PRESENCE,
        "UPDATE figures SET fseq = coalesce(?2, fseq), status = ?3, missed = ?4, "
        "missing_since = CASE WHEN ?4 > 0 THEN coalesce(missing_since, ?5) END WHERE rec = ?1",
        e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, found->rec);
    sqlite_bind_instant(q, 2, status != found->status ? ++s->fseq : 0);
    sqlite3_bind_int(q, 3, (int)status);
    sqlite3_bind_int64(q, 4, missed);
    sqlite3_bind_int64(q, 5, now);
    return sqlite_run(s, q, e);
}
