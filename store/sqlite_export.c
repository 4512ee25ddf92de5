// Reading all of the store, or what changed in it, for those outside: ids in their order, a snapshot that holds while they are read
// one by one, and the list of changes. See sqlite.h.
#include "store/sqlite.h"

// "|one|two|", in the arena; empty for every source.
static struct str joined(struct arena *a, struct strs sources)
{
    struct str all = sources.n ? STR("|") : STR("");
    for (size_t i = 0; i < sources.n; i++)
        all = arena_printf(a, "%.*s%.*s|", STR_ARG(all), STR_ARG(sources.v[i]));
    return all;
}

bool sqlite_ids(struct store *store, const struct store_selection *selection, struct str after,
                size_t limit, struct arena *a, struct strs *out, struct err *e)
{
    _Static_assert(STORE_REMOVED == 1 << 3 && STATUS_ARCHIVED < 3, "3 is the bit of tombstones");
    struct sqlite_store *s = sqlite_of(store);
    // The index of ids gives the order: rows are met in it, and the first `limit` that fit are the answer.
    sqlite3_stmt *q =
        sqlite_prepare(s, SQL_IDS,
                       "SELECT r.id FROM records r LEFT JOIN figures f ON f.rec = r.rec "
                       "WHERE r.id > ?1 AND ?2 & (1 << r.kind) "
                       "AND ?3 & (1 << CASE WHEN r.removed_at IS NULL THEN f.status ELSE 3 END) "
                       "AND (?4 = '' OR instr(?4, '|' || r.source || '|')) "
                       "ORDER BY r.id LIMIT ?5",
                       e);
    if (!q)
        return false;
    *out = (struct strs){0};
    sqlite_bind_str(q, 1, after);
    sqlite3_bind_int64(q, 2, selection->kinds);
    sqlite3_bind_int64(q, 3, selection->statuses);
    sqlite_bind_str(q, 4, joined(a, selection->sources));
    sqlite3_bind_int64(q, 5, limit > INT64_MAX ? INT64_MAX : (int64_t)limit);
    int row;
    while ((row = sqlite_row(s, q, e)) > 0)
        arena_push(a, out, arena_str(a, sqlite_text(q, 0)));
    return row == 0;
}

bool sqlite_snapshot_begin(struct store *store, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    int64_t seq, fseq;
    if (s->mode != STORE_READ)
        return err_set(e, ERR_ARGUMENT, "a snapshot is for a reader of the store");
    sqlite3_stmt *q = sqlite_prepare(s, SQL_SNAPSHOT_BEGIN, "BEGIN", e);
    // A transaction of SQLite sees the store as its first read finds it.
    return q && sqlite_run(s, q, e) && sqlite_heads(store, &seq, &fseq, e);
}

void sqlite_snapshot_end(struct store *store)
{
    struct sqlite_store *s = sqlite_of(store);
    struct err ignored = {0};
    if (s->mode != STORE_READ || sqlite3_get_autocommit(s->db))
        return;
    sqlite3_stmt *q = sqlite_prepare(s, SQL_SNAPSHOT_END, "ROLLBACK", &ignored);
    if (q)
        sqlite_run(s, q, &ignored);
}

bool sqlite_change_list(struct store *store, int64_t seq, size_t limit, struct arena *a,
                        struct store_change **out, size_t *n, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_CHANGE_LIST,
        "SELECT r.seq, r.id, r.source, r.kind, r.removed_at IS NOT NULL, h.at, h.what "
        "FROM records r LEFT JOIN history h ON h.rec = r.rec AND h.seq = r.seq "
        "WHERE r.seq > ? ORDER BY r.seq LIMIT ?",
        e);
    if (!q)
        return false;
    *out = NULL;
    *n = 0;
    sqlite3_bind_int64(q, 1, seq);
    sqlite3_bind_int64(q, 2, limit > INT64_MAX ? INT64_MAX : (int64_t)limit);
    int row;
    while ((row = sqlite_row(s, q, e)) > 0) {
        int kind = sqlite3_column_int(q, 3);
        if (kind < 0 || kind >= KIND_COUNT) {
            sqlite_end(q);
            return err_set(e, ERR_CORRUPT, "a stored record is damaged: no kind has number %d",
                           kind);
        }
        *out = sqlite_grow(a, *out, *n, sizeof **out);
        (*out)[(*n)++] = (struct store_change){
            .seq = sqlite3_column_int64(q, 0),
            .id = arena_str(a, sqlite_text(q, 1)),
            .source = arena_str(a, sqlite_text(q, 2)),
            .kind = (enum record_kind)kind,
            .removed = sqlite3_column_int(q, 4) != 0,
            .at = sqlite3_column_int64(q, 5),
            .what = arena_str(a, sqlite_text(q, 6)),
        };
    }
    return row == 0;
}
