// The keys of records, by which they are the same brick as another catalogue's or are mentioned elsewhere: kept as they change, with a
// note of every record whose brick may change so. sqlite_joins.c makes the bricks. See store.h for the rules.
//
// What a record costs does not grow with the number of records that hold its keys: of a hot key nobody is noted, but when it becomes
// one or is one no longer.
#include "store/sqlite_joins.h"

#include "base/buf.h"
#include "base/log.h"

#include <stdlib.h>

enum {
    MENTIONS_MOST = 1000
}; // records that mention a key, which are shown again when its owner changes

// ---- Sets of records ---------------------------------------------------------------------------------

static size_t slot_of(const struct recs *set, int64_t rec)
{
    size_t mask = 2 * set->room - 1;
    size_t at = (size_t)(((uint64_t)rec * 0x9E3779B97F4A7C15u) >> 32) & mask;
    while (set->slots[at] && set->v[set->slots[at] - 1] != rec)
        at = (at + 1) & mask;
    return at;
}

bool recs_has(const struct recs *set, int64_t rec)
{
    return set->n && set->slots[slot_of(set, rec)];
}

static void grow(struct recs *set)
{
    set->room = set->room ? 2 * set->room : 64;
    set->v = xrealloc(set->v, set->room * sizeof *set->v);
    free(set->slots);
    set->slots = xcalloc(2 * set->room, sizeof *set->slots);
    for (size_t i = 0; i < set->n; i++)
        set->slots[slot_of(set, set->v[i])] = (uint32_t)i + 1;
}

void recs_add(struct recs *set, int64_t rec)
{
    if (!rec || recs_has(set, rec))
        return;
    if (set->n == set->room)
        grow(set);
    set->v[set->n++] = rec;
    set->slots[slot_of(set, rec)] = (uint32_t)set->n;
}

void recs_free(struct recs *set)
{
    free(set->v);
    free(set->slots);
    *set = (struct recs){0};
}

// ---- Noting ------------------------------------------------------------------------------------------

struct sqlite_joining *sqlite_joining(struct sqlite_store *s)
{
    if (!s->joining)
        s->joining = xcalloc(1, sizeof *s->joining);
    return s->joining;
}

void sqlite_join_forget(struct sqlite_store *s)
{
    if (!s->joining)
        return;
    recs_free(&s->joining->noted);
    recs_free(&s->joining->touched);
    free(s->joining);
    s->joining = NULL;
}

bool sqlite_join_run(struct sqlite_store *s, enum sqlite_statement which, const char *sql,
                     int64_t rec, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, which, sql, e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    return sqlite_run(s, q, e);
}

// What a statement gives, a record in each row, into the set.
static bool add_rows(struct sqlite_store *s, sqlite3_stmt *q, struct recs *out, struct err *e)
{
    int row;
    while ((row = sqlite_row(s, q, e)) > 0)
        recs_add(out, sqlite3_column_int64(q, 0));
    return row == 0;
}

bool sqlite_key_holders(struct sqlite_store *s, struct str key, size_t most, int64_t *out,
                        size_t *n, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_KEY_HOLDERS, "SELECT rec FROM keys WHERE key = ? AND mention = 0 LIMIT ?", e);
    if (!q)
        return false;
    sqlite_bind_str(q, 1, key);
    sqlite3_bind_int64(q, 2, (int64_t)most);
    *n = 0;
    int row;
    while ((row = sqlite_row(s, q, e)) > 0)
        out[(*n)++] = sqlite3_column_int64(q, 0);
    return row == 0;
}

// The records that mention a key are to be shown with its owner.
static bool touch_mentions(struct sqlite_store *s, struct str key, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_KEY_MENTIONS, "SELECT rec FROM keys WHERE key = ? AND mention = 1 LIMIT ?", e);
    if (!q)
        return false;
    sqlite_bind_str(q, 1, key);
    sqlite3_bind_int64(q, 2, MENTIONS_MOST);
    return add_rows(s, q, &sqlite_joining(s)->touched, e);
}

// With one holder more than the most, the key became hot just now or is to be none any longer.
enum { AT_THE_EDGE = KEY_HOLDERS_MAX + 1, HOT_BEFORE_AND_AFTER };

// `mentions`: the keys come or go, and with them what others mention. *n: who holds it, up to HOT_BEFORE_AND_AFTER.
static bool note_key(struct sqlite_store *s, struct str key, bool mentions, size_t *n,
                     struct err *e)
{
    int64_t holders[HOT_BEFORE_AND_AFTER];
    if (!sqlite_key_holders(s, key, HOT_BEFORE_AND_AFTER, holders, n, e))
        return false;
    if (*n == HOT_BEFORE_AND_AFTER)
        return true;
    for (size_t i = 0; i < *n; i++)
        recs_add(&sqlite_joining(s)->noted, holders[i]);
    return !mentions || touch_mentions(s, key, e);
}

static bool note_keys(struct sqlite_store *s, int64_t rec, bool mentions, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, SQL_KEYS_NOTED,
                                     "SELECT key, own FROM keys WHERE rec = ? AND mention = 0", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    int row;
    size_t n;
    while ((row = sqlite_row(s, q, e)) > 0)
        if (!note_key(s, sqlite_text(q, 0), mentions && sqlite3_column_int(q, 1), &n, e)) {
            sqlite_end(q);
            return false;
        }
    return row == 0;
}

static bool note(struct sqlite_store *s, int64_t rec, bool mentions, struct err *e)
{
    recs_add(&sqlite_joining(s)->noted, rec);
    if (!note_keys(s, rec, mentions, e))
        return false;
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_JOIN_MEMBERS,
        "SELECT member.rec FROM joins mine JOIN joins member USING (origin) WHERE mine.rec = ?", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    return add_rows(s, q, &sqlite_joining(s)->noted, e);
}

bool sqlite_join_note_around(struct sqlite_store *s, int64_t rec, struct err *e)
{
    return note(s, rec, false, e);
}

// ---- Keys that change --------------------------------------------------------------------------------

static int64_t digest_of(const struct store_item *item)
{
    struct buf b = {0};
    buf_addf(&b, "%d\n", item->rank);
    for (size_t i = 0; i < item->key_count; i++)
        buf_addf(&b, "%d%.*s\n", item->keys[i].own, STR_ARG(item->keys[i].text));
    for (size_t i = 0; i < item->mention_count; i++)
        buf_addf(&b, "m%.*s\n", STR_ARG(item->mentions[i]));
    int64_t digest = (int64_t)hash64(buf_str(&b));
    buf_free(&b);
    return digest;
}

// *any: the record has keys already, or had some.
static bool same_keys(struct sqlite_store *s, int64_t rec, int64_t digest, bool *any, bool *same,
                      struct err *e)
{
    sqlite3_stmt *q =
        sqlite_prepare(s, SQL_KEYRING, "SELECT digest = ?2 FROM keyrings WHERE rec = ?1", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    sqlite3_bind_int64(q, 2, digest);
    int row = sqlite_row(s, q, e);
    *any = row > 0;
    *same = *any && sqlite3_column_int(q, 0);
    if (row > 0)
        sqlite_end(q);
    return row >= 0;
}

static bool add_key(struct sqlite_store *s, int64_t rec, struct str key, bool own, bool mention,
                    struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_KEY_ADD, "INSERT OR IGNORE INTO keys (key, rec, own, mention) VALUES (?, ?, ?, ?)",
        e);
    if (!q)
        return false;
    sqlite_bind_str(q, 1, key);
    sqlite3_bind_int64(q, 2, rec);
    sqlite3_bind_int(q, 3, own);
    sqlite3_bind_int(q, 4, mention);
    return sqlite_run(s, q, e);
}

static bool drop_keys(struct sqlite_store *s, int64_t rec, struct err *e)
{
    return note(s, rec, true, e) &&
           sqlite_join_run(s, SQL_KEYS_DROP, "DELETE FROM keys WHERE rec = ?", rec, e);
}

// Of a record that has none, or none any longer.
static bool set_keys(struct sqlite_store *s, int64_t rec, const struct store_item *item,
                     int64_t digest, struct err *e)
{
    recs_add(&sqlite_joining(s)->noted, rec);
    for (size_t i = 0; i < item->key_count; i++) {
        const struct store_key *key = &item->keys[i];
        size_t n;
        if (!add_key(s, rec, key->text, key->own, false, e) ||
            !note_key(s, key->text, key->own, &n, e))
            return false;
        if (n == AT_THE_EDGE) // said once
            log_event(LOG_INFO, "a key that too many records hold joins nothing",
                      F_STR("key", key->text), F_STR("record", item->id), F_INT("holders", n));
    }
    for (size_t i = 0; i < item->mention_count; i++)
        if (!add_key(s, rec, item->mentions[i], false, true, e))
            return false;
    sqlite3_stmt *q = sqlite_prepare(s, SQL_KEYRING_SET,
                                     "INSERT INTO keyrings (rec, digest, rank) VALUES (?1, ?2, ?3) "
                                     "ON CONFLICT (rec) DO UPDATE SET digest = ?2, rank = ?3",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    sqlite3_bind_int64(q, 2, digest);
    sqlite3_bind_int(q, 3, item->rank);
    return sqlite_run(s, q, e);
}

bool sqlite_join_note(struct sqlite_store *s, int64_t rec, const struct store_item *item,
                      bool content_moved, struct err *e)
{
    int64_t origin;
    bool any = false, same = false;
    if (!item)
        return drop_keys(s, rec, e) &&
               sqlite_join_run(s, SQL_KEYRING_DROP, "DELETE FROM keyrings WHERE rec = ?", rec, e);
    int64_t digest = digest_of(item);
    if (!same_keys(s, rec, digest, &any, &same, e))
        return false;
    if (!same)
        return (!any || drop_keys(s, rec, e)) && set_keys(s, rec, item, digest, e);
    if (!content_moved)
        return true;
    // The origin is found by the words of all.
    if (!sqlite_join_origin(s, rec, &origin, e))
        return false;
    if (origin != rec)
        recs_add(&sqlite_joining(s)->touched, origin);
    return true;
}
