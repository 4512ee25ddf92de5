// The names of territories, folded as text is: found whole, word by word, or completed from the beginning of
// any of their words. For indexer/places only. Made once, then read by any thread; the territories are
// borrowed.
#pragma once

#include "store/territory.h"

enum {
    NAME_WORDS_MAX = 12, // of a name; a longer one is found by completion only
    NAME_BYTES = 160,
};

enum name_kind {
    NAME_OWN,
    NAME_OTHER, // of the table's last column, or the name without what it may do without
    NAME_CORE,  // of an EPCI without its kind: "Pays Voironnais", "Rennes"
};

struct name {
    uint32_t at;        // of its text
    uint32_t territory; // index
    uint8_t n;          // bytes
    uint8_t words;
    uint8_t kind;
};

struct names;

struct names *names_new(const struct territories *t);
void names_free(struct names *names); // NULL is taken
// The territories that a folded text ("saint malo") names: a run of names, in the table's order. NULL and 0
// when there is none. "st" and "ste" are to be written in full: see name_word.
const struct name *names_find(const struct names *names, struct str folded, size_t *count);
// How many words a name that begins with one of these, folded, may have at most: 0 mostly, and then no name does. `other` may be absent.
size_t names_most_words(const struct names *names, struct str word, struct str other);
struct str name_text(const struct names *names, const struct name *name);
// "saint" for "st", "sainte" for "ste"; else the word.
struct str name_word(struct str folded);
// Calls `each` for every name that has a word from which `folded` goes on ("mal" for "saint malo"); `whole` tells that
// it is the whole name, but for articles before it. One territory may come several times.
void names_complete(const struct names *names, struct str folded,
                    void (*each)(void *arg, const struct name *name, bool whole), void *arg);
