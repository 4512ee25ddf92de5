// The rules of searching that operators may edit: weights, synonyms, generic words. One immutable, counted object, made when the
// daemon starts and at each reload; every search holds the one that it began with.
#pragma once

#include "indexer/places/places.h"
#include "indexer/search/weights.h"
#include "indexer/text/synonyms.h"
#include "indexer/text/text.h"

struct rules_texts { // of the files under config/
    struct str stop_words, generic_words, synonyms, ranking;
};

struct rules {
    uint64_t number; // of these rules: others have another, for as long as the process runs
    struct weights weights;
    struct synonyms *synonyms;
    struct word_set *generic;
    const struct places *places; // borrowed; NULL: no places are known
};

// Reads the files, from the folder `share` (may be absent) where it has them. As rules_new.
struct rules *rules_load(struct str share, const struct places *places, struct err *e);
// NULL with *e: which file is wrong, where, and what to do. The texts are used during the call only. Counted once.
struct rules *rules_new(const struct rules_texts *texts, struct err *e);
void rules_release(struct rules *r); // NULL is taken; any thread

// Where the rules in force are kept. Any thread.
struct rules_holder;
struct rules_holder *rules_holder_new(struct rules *r);      // takes the count over
void rules_holder_free(struct rules_holder *h);              // NULL is taken
struct rules *rules_take(struct rules_holder *h);            // counted: rules_release
void rules_replace(struct rules_holder *h, struct rules *r); // takes the count over
