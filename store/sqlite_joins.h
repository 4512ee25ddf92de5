// The inside of sqlite_keys.c and sqlite_joins.c: what a transaction noted on its way.
#pragma once

#include "store/sqlite.h"

// More records that hold one key, of whatever source and kind, are a mistake of somebody's (one page for a whole catalogue): the key is
// hot, and says nothing.
enum { KEY_HOLDERS_MAX = 32 };

// A set of records, in the order in which they came.
struct recs {
    int64_t *v;
    size_t n, room;
    uint32_t *slots; // of 2 * room: 1 + the place in v; 0: free
};
bool recs_has(const struct recs *set, int64_t rec);
void recs_add(struct recs *set, int64_t rec); // nothing for 0
void recs_free(struct recs *set);

struct sqlite_joining {
    struct recs noted;   // whose bricks are to be made again
    struct recs touched; // whose documents are: they get a new seq
};
// Of the transaction; made at its first need.
struct sqlite_joining *sqlite_joining(struct sqlite_store *s);

// A statement of one number, run to its end.
bool sqlite_join_run(struct sqlite_store *s, enum sqlite_statement which, const char *sql,
                     int64_t rec, struct err *e);
// The origin of its brick; 0: it stands alone.
bool sqlite_join_origin(struct sqlite_store *s, int64_t rec, int64_t *origin, struct err *e);

// The first holders of a key, at most `most`; *n tells how many.
bool sqlite_key_holders(struct sqlite_store *s, struct str key, size_t most, int64_t *out,
                        size_t *n, struct err *e);
// Notes a record, its brick as it stands, and all that share a key with it.
bool sqlite_join_note_around(struct sqlite_store *s, int64_t rec, struct err *e);
