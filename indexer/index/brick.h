// A brick as it is searched and shown: the record of its origin, completed by what the other catalogues that show it tell
// (store/store.h, "The same brick in several catalogues"). Any thread, with a reader of the store of its own.
//
// What the origin tells stands. Each figure (views, stars, quality, ...) that it does not tell, and its territory, period, frequency,
// themes, schemas and columns where it has none, are those of the first member that tells them. Badges, users and relations add up.
// Its licence, access, files, publisher and status are its own alone.
#pragma once

#include "store/store.h"

struct brick {
    struct record
        record; // relations, also_in and figures included; where it stands behind another, it is its own alone
    struct record *others; // the other members, where it is the origin, in the order of also_in
    size_t other_count;
    bool use_is_unknown; // by what the origin tells
    struct strs
        uses; // ids of the records that it uses or serves, each once, its own members left out
    struct strs used_by; // ids of those that it says use it
};

enum { BRICK_RELATIONS_MAX = 2000 }; // ids of each list of a brick; more are left out

// Everything lives in the arena. A member that is gone or cannot be read back is passed over. `store` may be NULL where
// stored->also_in is empty. ERR_CORRUPT when the record itself cannot be read; errors of the store.
bool brick_read(struct store *store, const struct stored *stored, struct arena *a,
                struct brick *out, struct err *e);
