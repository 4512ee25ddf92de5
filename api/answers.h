// Answers of searches that were asked for lately, kept whole in memory: asked for again, they are sent without a search. One cache for
// a process. Bounded in bytes; the longest unused goes first; all of them go when the index or the rules of searching move, and at
// midnight. Any thread.
//
// A request finds an answer by everything that the answer was made of: the address that it was asked under, its parameters as they were
// written, and whether it takes compression. So nobody's request decides what another one gets.
#pragma once

#include "api/http/kept.h"

enum {
    ANSWERS_BYTES = 24 * 1024 * 1024,
    ANSWER_BYTES = 512 * 1024, // of one; a larger one is not kept
};

// Of which state of things an answer is. Never goes back to an earlier one.
struct answers_stamp {
    int64_t generation, day;
    uint64_t commits; // of the index
    uint64_t
        edition; // of the rules, vocabularies and sources: another at each start and each reload
};

// What each sending of it is to tell the log of queries and the metrics.
struct answers_note {
    bool searched; // it is that of a search
    bool noted;    // by the log of queries
    struct str q, relaxed, corrected;
    int64_t total, strict_total;
};

struct answers;

struct answers *answers_new(size_t bytes);
void answers_free(struct answers *answers); // NULL is taken

// NULL: there is none. Else counted, for the caller; the note's strings are in the arena. An answer of another stamp than `now` is
// never found, and with a stamp that is new all others go.
struct http_kept *answers_find(struct answers *answers, const struct answers_stamp *now,
                               struct str key, struct arena *a, struct answers_note *note);
// Keeps it, where the stamp is still that of the last answers_find. Everything is copied or counted.
void answers_keep(struct answers *answers, const struct answers_stamp *stamp, struct str key,
                  struct http_kept *kept, const struct answers_note *note);

struct answers_state {
    size_t answers, bytes;
    uint64_t found, missed;
};
void answers_read_state(struct answers *answers, struct answers_state *out);
