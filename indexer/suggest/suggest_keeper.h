// Keeps a suggester that follows the index: makes a new one aside when the index moved, on a thread of its own, and puts it in
// the place of the old one, which those who read it may keep as long as they like. A search never waits for it.
//
// The next one is not begun before 20 times the CPU time that the last one took have passed, and five seconds at least: a harvest,
// which moves the index all the time, is slowed by a twentieth at most.
#pragma once

#include "indexer/suggest/suggest_build.h"

#include <uv.h>

struct suggest_keeper;

struct suggest_keeper_settings {
    const char *data;      // the folder of the index
    struct str stop_words; // text of the list
    const struct suggest_place *places;
    size_t place_count;
    uint64_t wait_ms; // at least between two; 0: five seconds
};

// On the loop. Everything in the settings is borrowed until suggest_keeper_stop returns. The first suggester is begun at once.
// NULL and *e when there is no thread.
struct suggest_keeper *
suggest_keeper_new(uv_loop_t *loop, const struct suggest_keeper_settings *settings, struct err *e);
// The one at hand, held for the caller, who releases it; NULL while there is none. Any thread.
struct suggester *suggest_keeper_get(struct suggest_keeper *k);
// The index moved. On the loop; cheap.
void suggest_keeper_moved(struct suggest_keeper *k);
// On the loop, once no other thread asks any more. A making under way is given up: waits for it some milliseconds. The memory is
// freed in the loop's next turn.
void suggest_keeper_stop(struct suggest_keeper *k);
