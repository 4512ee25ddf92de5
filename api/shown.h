// A record as the API, its page and the command line show it: that of its brick where it is the origin (indexer/index/brick.h), its own
// where it stands behind another, with what uses it. Any thread, with a store and a searcher of its own.
#pragma once

#include "indexer/index/brick.h"
#include "indexer/search/search.h"

struct shown_record {
    const struct stored *stored;
    struct record record;  // relations.used_by: at most SEARCH_RELATED_MAX ids, the most used first
    struct strs uses;      // ids of what it uses or serves
    struct related users;  // what the index knows to use it
    int64_t used_by_total; // of relations.used_by, those left out included
    const struct record *others; // the other members of the brick, where the record is its origin
    size_t other_count;
};

// Everything lives in the arena, and `stored` is kept. Without a searcher (NULL), or an index, relations.used_by is what the record
// itself tells. ERR_CORRUPT when the record cannot be read back; errors of the store.
bool shown_read(struct shown_record *out, const struct stored *stored, struct store *store,
                struct searcher *searcher, struct arena *a, struct err *e);
