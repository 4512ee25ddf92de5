// What the files of indexer/places share.
#pragma once

#include "indexer/places/names.h"
#include "indexer/places/places.h"

// What a word says of a place beside it; a set of them.
enum place_role {
    ROLE_COMMUNE = 1,
    ROLE_DEPARTEMENT = 2,
    ROLE_REGION = 4,
    ROLE_EPCI = 8,
    ROLE_ACADEMY = 16,
    ROLE_OTHER = 32, // makes the name that of something else
    ROLE_ORDINARY = 64,
    ROLE_NATIONAL = 128,
    ROLE_LOCAL = 256,
};

struct role_word {
    struct str word; // folded
    unsigned roles;
};

struct places {
    const struct territories *territories;
    struct names *names;
    const struct territory *france;
    struct arena arena;
    struct role_word *words; // open addressing, at most half used
    size_t word_mask;
};

unsigned places_roles(const struct places *p, struct str folded);
// Folds a name as the names are: one space between words, "st" and "ste" in full. `folded` is for its use.
void name_fold(struct str name, struct buf *folded, struct buf *out);
