// The same brick in several catalogues: records that share a key. See store.h for the rules, sqlite_keys.c for what is noted, sqlite.h for
// the rest.
//
// While a transaction writes records, those whose keys moved are noted, with all that held those keys. Before it is committed, the
// bricks of the noted records are made again from the keys alone, so that the order of harvests does not matter; what stands otherwise
// than before gets a new seq.
#include "store/sqlite_joins.h"

#include <stdio.h>

enum {
    MEMBERS_MAX = KEY_HOLDERS_MAX, // of a brick: more are a mistake of somebody's
    KEYS_MAX = 64,                 // of one record, that are looked at
};

bool sqlite_join_origin(struct sqlite_store *s, int64_t rec, int64_t *origin, struct err *e)
{
    sqlite3_stmt *q = sqlite_prepare(s, SQL_JOIN_OF, "SELECT origin FROM joins WHERE rec = ?", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    int row = sqlite_row(s, q, e);
    *origin = row > 0 ? sqlite3_column_int64(q, 0) : 0;
    if (row > 0)
        sqlite_end(q);
    return row >= 0;
}

// ---- Bricks ------------------------------------------------------------------------------------------

struct member {
    int64_t rec;
    char source[80];
    int refs; // holders of its own keys that name it
    int rank;
};

struct brick {
    struct member members[MEMBERS_MAX];
    size_t n;
    bool broken; // two of one source, or too many
};

static struct member *find_member(struct brick *b, int64_t rec)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->members[i].rec == rec)
            return &b->members[i];
    return NULL;
}

struct holder {
    struct member member;
    bool own;
};

// The holders of a key that may be one brick with a record of that kind. *n is 0 when the key is none: of one record only, two of one
// source, or hot.
static bool holders_of(struct sqlite_store *s, struct str key, int kind, struct holder *out,
                       size_t *n, struct err *e)
{
    int64_t all[KEY_HOLDERS_MAX + 1];
    size_t count;
    *n = 0;
    if (!sqlite_key_holders(s, key, KEY_HOLDERS_MAX + 1, all, &count, e))
        return false;
    if (count < 2 || count > KEY_HOLDERS_MAX)
        return true;
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_JOINED,
        "SELECT k.rec, r.source, k.own, g.rank FROM keys k JOIN records r USING (rec) "
        "JOIN keyrings g USING (rec) WHERE k.key = ?1 AND k.mention = 0 AND r.kind = ?2 "
        "AND NOT EXISTS (SELECT 1 FROM apart WHERE apart.rec = k.rec)",
        e);
    if (!q)
        return false;
    sqlite_bind_str(q, 1, key);
    sqlite3_bind_int(q, 2, kind);
    bool valid = true;
    int row;
    while ((row = sqlite_row(s, q, e)) > 0) {
        struct holder *h = &out[*n];
        *h = (struct holder){
            .member = {.rec = sqlite3_column_int64(q, 0), .rank = sqlite3_column_int(q, 3)},
            .own = sqlite3_column_int(q, 2)};
        snprintf(h->member.source, sizeof h->member.source, "%.*s", STR_ARG(sqlite_text(q, 1)));
        for (size_t i = 0; i < *n; i++)
            valid = valid && strcmp(out[i].member.source, h->member.source) != 0;
        ++*n;
    }
    *n = valid ? *n : 0;
    return row == 0;
}

static void join_holders(struct brick *b, const struct holder *holders, size_t n)
{
    int naming = 0;
    for (size_t i = 0; i < n; i++)
        naming += !holders[i].own;
    for (size_t i = 0; i < n; i++) {
        struct member *m = find_member(b, holders[i].member.rec);
        for (size_t j = 0; !m && j < b->n; j++)
            b->broken = b->broken || strcmp(b->members[j].source, holders[i].member.source) == 0;
        if (!m && b->n < MEMBERS_MAX) {
            m = &b->members[b->n++];
            *m = holders[i].member;
        }
        b->broken = b->broken || !m;
    }
    for (size_t i = 0; i < n; i++)
        if (holders[i].own && find_member(b, holders[i].member.rec))
            find_member(b, holders[i].member.rec)->refs += naming;
}

// The keys of a record, and its kind; *kind is -1 when it is removed.
static bool keys_of(struct sqlite_store *s, int64_t rec, struct arena *a, struct strs *keys,
                    int *kind, struct err *e)
{
    sqlite3_stmt *q =
        sqlite_prepare(s, SQL_KEYS_OF,
                       "SELECT r.kind, k.key FROM records r LEFT JOIN keys k ON k.rec = r.rec AND "
                       "k.mention = 0 WHERE r.rec = ?1 AND r.removed_at IS NULL LIMIT ?2",
                       e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    sqlite3_bind_int(q, 2, KEYS_MAX);
    *keys = (struct strs){0};
    *kind = -1;
    int row;
    while ((row = sqlite_row(s, q, e)) > 0) {
        struct str key = sqlite_text(q, 1);
        *kind = sqlite3_column_int(q, 0);
        if (key.n)
            arena_push(a, keys, arena_str(a, key));
    }
    return row == 0;
}

// Everything that keys lead to from a record.
static bool gather(struct sqlite_store *s, int64_t rec, struct brick *b, struct arena *a,
                   struct err *e)
{
    struct recs open = {0};
    struct strs looked = {0};
    bool good = true;
    recs_add(&open, rec);
    for (size_t i = 0; i < open.n && good && !b->broken; i++) {
        struct strs keys;
        int kind;
        good = keys_of(s, open.v[i], a, &keys, &kind, e);
        for (size_t k = 0; k < keys.n && good && !b->broken; k++) {
            struct holder holders[KEY_HOLDERS_MAX];
            size_t n;
            bool seen = false;
            for (size_t j = 0; j < looked.n; j++)
                seen = seen || str_eq(looked.v[j], keys.v[k]);
            if (seen)
                continue;
            arena_push(a, &looked, keys.v[k]);
            good = holders_of(s, keys.v[k], kind, holders, &n, e);
            if (!good || n < 2)
                continue;
            join_holders(b, holders, n);
            for (size_t j = 0; j < n; j++)
                recs_add(&open, holders[j].member.rec);
        }
    }
    recs_free(&open);
    return good;
}

static int64_t origin_in(const struct brick *b)
{
    const struct member *best = &b->members[0];
    for (size_t i = 1; i < b->n; i++) {
        const struct member *m = &b->members[i];
        if (m->refs != best->refs   ? m->refs > best->refs
            : m->rank != best->rank ? m->rank < best->rank
                                    : m->rec < best->rec)
            best = m;
    }
    return best->rec;
}

// The record stands in the brick of `origin`; 0: alone.
static bool place(struct sqlite_store *s, int64_t rec, int64_t origin, struct err *e)
{
    int64_t before;
    if (!sqlite_join_origin(s, rec, &before, e))
        return false;
    if (before == origin)
        return true;
    recs_add(&s->joining->touched, rec);
    recs_add(&s->joining->touched, before);
    recs_add(&s->joining->touched, origin);
    if (!origin)
        return sqlite_join_run(s, SQL_JOIN_DROP, "DELETE FROM joins WHERE rec = ?", rec, e);
    sqlite3_stmt *q = sqlite_prepare(s, SQL_JOIN_SET,
                                     "INSERT INTO joins (rec, origin) VALUES (?1, ?2) ON CONFLICT "
                                     "(rec) DO UPDATE SET origin = ?2",
                                     e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    sqlite3_bind_int64(q, 2, origin);
    return sqlite_run(s, q, e);
}

static bool settle_one(struct sqlite_store *s, int64_t rec, struct recs *done, struct arena *a,
                       struct err *e)
{
    struct brick b = {0};
    bool good = gather(s, rec, &b, a, e), joined = !b.broken && b.n > 1;
    int64_t origin = joined ? origin_in(&b) : 0;
    if (!joined || !find_member(&b, rec)) {
        good = good && place(s, rec, 0, e);
        recs_add(done, rec);
    }
    for (size_t i = 0; i < b.n && good; i++) {
        good = place(s, b.members[i].rec, origin, e);
        recs_add(done, b.members[i].rec);
    }
    return good;
}

static bool touch(struct sqlite_store *s, int64_t rec, struct err *e)
{
    // One that the transaction wrote has a new seq already.
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_TOUCH,
        "UPDATE records SET seq = ?2 WHERE rec = ?1 AND seq <= ?3 AND removed_at IS NULL", e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, rec);
    sqlite3_bind_int64(q, 2, s->seq + 1);
    sqlite3_bind_int64(q, 3, s->seq_before);
    if (!sqlite_run(s, q, e))
        return false;
    s->seq += sqlite3_changes(s->db) > 0;
    return true;
}

bool sqlite_join_settle(struct sqlite_store *s, struct err *e)
{
    if (!s->joining)
        return true;
    struct recs done = {0};
    struct arena one = {0}; // what is looked at for one record
    bool good = true;
    for (size_t i = 0; i < s->joining->noted.n && good; i++) {
        arena_reset(&one);
        if (!recs_has(&done, s->joining->noted.v[i]))
            good = settle_one(s, s->joining->noted.v[i], &done, &one, e);
    }
    for (size_t i = 0; i < s->joining->touched.n && good; i++)
        good = touch(s, s->joining->touched.v[i], e);
    arena_free(&one);
    recs_free(&done);
    recs_free(&s->joining->noted);
    recs_free(&s->joining->touched);
    return good;
}

// ---- Reading -----------------------------------------------------------------------------------------

// The ids that a statement gives.
static bool list_ids(struct sqlite_store *s, sqlite3_stmt *q, struct arena *a, struct strs *out,
                     struct err *e)
{
    int row;
    *out = (struct strs){0};
    while ((row = sqlite_row(s, q, e)) > 0)
        arena_push(a, out, arena_str(a, sqlite_text(q, 0)));
    return row == 0;
}

bool sqlite_join_read(struct sqlite_store *s, struct arena *a, struct stored *r, struct err *e)
{
    int64_t origin;
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_MENTIONED,
        "SELECT DISTINCT r.id FROM keys mine JOIN keys theirs ON theirs.key = mine.key AND "
        "(theirs.own = 1 OR theirs.key GLOB 'repository *') AND theirs.mention = 0 JOIN records r "
        "ON r.rec = theirs.rec WHERE mine.rec = ?1 AND mine.mention = 1 AND theirs.rec != ?1 "
        "AND NOT EXISTS (SELECT 1 FROM keys held WHERE held.key = mine.key AND held.mention = 0 "
        "LIMIT 1 OFFSET ?2) ORDER BY r.id LIMIT 1000",
        e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, r->rec);
    sqlite3_bind_int(q, 2, KEY_HOLDERS_MAX);
    if (!list_ids(s, q, a, &r->mentioned, e) || !sqlite_join_origin(s, r->rec, &origin, e))
        return false;
    r->also_in = (struct strs){0};
    r->behind = origin && origin != r->rec;
    if (!origin)
        return true;
    q = sqlite_prepare(s, SQL_BRICK, // its other members
                       "SELECT r.id FROM joins j JOIN records r USING (rec) WHERE j.origin = ?1 "
                       "AND j.rec != ?2 ORDER BY j.rec != ?1, r.id",
                       e);
    if (!q)
        return false;
    sqlite3_bind_int64(q, 1, origin);
    sqlite3_bind_int64(q, 2, r->rec);
    return list_ids(s, q, a, &r->also_in, e);
}

bool sqlite_bonds(struct store *store, struct str id, struct arena *a, struct store_bond **out,
                  size_t *n, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q = sqlite_prepare(
        s, SQL_BONDS,
        "SELECT mine.key, other.id FROM records r JOIN joins j ON j.rec = r.rec "
        "JOIN keys mine ON mine.rec = r.rec AND mine.mention = 0 "
        "JOIN keys theirs ON theirs.key = mine.key AND theirs.rec != r.rec AND theirs.mention = 0 "
        "JOIN joins k ON k.rec = theirs.rec AND k.origin = j.origin "
        "JOIN records other ON other.rec = theirs.rec WHERE r.id = ? ORDER BY 2, 1",
        e);
    if (!q)
        return false;
    sqlite_bind_str(q, 1, id);
    *out = NULL;
    *n = 0;
    int row;
    while ((row = sqlite_row(s, q, e)) > 0) {
        *out = sqlite_grow(a, *out, *n, sizeof **out);
        (*out)[(*n)++] =
            (struct store_bond){arena_str(a, sqlite_text(q, 0)), arena_str(a, sqlite_text(q, 1))};
    }
    return row == 0;
}

bool sqlite_join_counts(struct store *store, int64_t *bricks, int64_t *records, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    sqlite3_stmt *q =
        sqlite_prepare(s, SQL_JOIN_COUNTS, "SELECT count(DISTINCT origin), count(*) FROM joins", e);
    if (!q || sqlite_row(s, q, e) <= 0)
        return false;
    *bricks = sqlite3_column_int64(q, 0);
    *records = sqlite3_column_int64(q, 1);
    sqlite_end(q);
    return true;
}

static bool set_apart(struct sqlite_store *s, int64_t rec, bool apart, struct err *e)
{
    recs_add(&sqlite_joining(s)->noted, rec);
    return sqlite_join_note_around(s, rec, e) &&
           (apart
                ? sqlite_join_run(s, SQL_APART_ADD, "INSERT OR IGNORE INTO apart (rec) VALUES (?)",
                                  rec, e)
                : sqlite_join_run(s, SQL_APART_DROP, "DELETE FROM apart WHERE rec = ?", rec, e)) &&
           sqlite_join_settle(s, e);
}

bool sqlite_set_apart(struct store *store, struct str id, bool apart, struct err *e)
{
    struct sqlite_store *s = sqlite_of(store);
    struct sqlite_found found;
    if (!sqlite_begin(s, e))
        return false;
    bool good = sqlite_find(s, id, STR_NONE, &found, e);
    if (good && (!found.rec || found.removed))
        good = err_set(e, ERR_NOT_FOUND, "no record has the id %.*s", STR_ARG(id));
    return sqlite_finish(s, good && set_apart(s, found.rec, apart, e), e);
}
