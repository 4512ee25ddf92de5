// The territories and their names, as the shipped files or those of `share:` have them. Made once for a process, never changed;
// any thread reads it.
#pragma once

#include "indexer/places/places.h"

struct geography {
    struct territories *territories;
    struct places *places;
};

// Reads config/territories.tsv and config/place-words.txt, from the folder `share` (may be absent) where it has them. False with
// *e: which file is wrong, where, and what to do.
bool geography_load(struct str share, struct geography *out, struct err *e);
void geography_free(struct geography *g); // all zero is taken
