// How the searchers of a daemon follow the index. After a commit, the columns must be brought up to the new state, and what is made of
// them: tens of milliseconds, that no search is to wait for. So one searcher, the leader, has a thread of its own: it makes all of that
// ready, and opens a database at the new state for each of the others, which search the state before meanwhile. Once it is told, each of
// them follows at its next search: a swap of two pointers.
//
// Whatever goes wrong, a searcher opens the last commit by itself, as one that follows nobody does at each search: when the leader
// failed, when it has not come for FOLLOW_LATE_MS since the index moved, when the state that it is at cannot be read any more (Xapian
// keeps a state until the second commit behind it), and when there is no index.
//
// Any thread, under a lock that is held for moments. A database belongs to one thread at a time: to the leader's while it opens it,
// then to that of the searcher that takes it, which gives its own back in exchange, to be opened again for the state after.
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    FOLLOW_MOST = 32, // searchers; more open the last commit by themselves
    FOLLOW_LATE_MS = 1000,
};

struct follow;
struct follow *follow_new(void);
void follow_free(struct follow *f); // NULL is taken; when no searcher has it any more

// There is another state of the index: somebody is to lead.
void follow_index_moved(struct follow *f);
// Whether that was too long ago, or leading failed.
bool follow_is_late(struct follow *f);

// ---- Of searchers ----------------------------------------------------------------------------------

struct xap_db;

// A committed state, and a database that has it open.
struct follow_state {
    struct xap_db *db;
    int64_t generation;
    uint64_t revision;
};

// A place for one more follower; FOLLOW_MOST: there is none.
size_t follow_join(struct follow *f);
void follow_leave(struct follow *f, size_t place); // closes what was opened for it
// Where a database was opened for this place at the state of *mine, puts it there, and takes that which was there (or NULL) back.
bool follow_swap(struct follow *f, size_t place, struct follow_state *mine, struct xap_db *old,
                 int64_t old_generation);

// What the leader begins will hold every move that was told by now.
void follow_begin(struct follow *f);
// Opens a database for each place, in the generation `to` at `path`. False where any of them is at another state: the index moved again.
bool follow_open(struct follow *f, const char *path, const struct follow_state *to);
void follow_end(struct follow *f, bool good);
