// The different values of a facet, numbered from 0 in the order in which they were met. One thread adds at a time (its column's
// holder sees to it); any thread reads, meanwhile too, the values that it was told of.
#pragma once

#include "base/arena.h"

enum { DICTIONARY_BLOCK = 4096, DICTIONARY_BLOCKS = 4096 }; // values, at most: their product

struct dictionary;

struct dictionary *dictionary_new(void); // counted once
struct dictionary *dictionary_share(struct dictionary *d);
void dictionary_release(struct dictionary *d);
// The number of a value, which is added if it is new. Beyond the bound every new value is that of the last number.
uint32_t dictionary_number(struct dictionary *d, struct str value);
size_t dictionary_size(const struct dictionary *d);
struct str dictionary_text(const struct dictionary *d, uint32_t number);
