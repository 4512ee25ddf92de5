// What a record is known by outside of its own catalogue: exact keys, by which the store finds the same brick in several of them
// (design.md 3). Never titles. Any thread.
//
//     id <identifier>       an identifier that is unique in the world: a URI, a DOI, a UUID, udata's 24 digits, Wikidata's Q and number
//     page <address>        of the page about it: its own, or that of the catalogue where the source itself got it
//     repository <address>  of its source code (repository.h)
//
// What could be anybody's is no key: words left in a form (TODO, "à compléter"), table names, the root of a site, example.org.
#pragma once

#include "store/record.h"

enum { RECORD_KEYS_MAX = 16 };

struct record_key {
    struct str text; // in the arena
    // The record is the one that the key was made for; the others that hold it name it.
    bool own;
};

// The keys of a record into `out`, each once; how many. An organization has none.
size_t record_keys(struct arena *a, const struct record *r, struct record_key out[RECORD_KEYS_MAX]);

// Parts of it, {NULL, 0} when the text is no key. Results live in the arena.
struct str identifier_key(struct arena *a, struct str identifier);
struct str page_key(struct arena *a, struct str address);
