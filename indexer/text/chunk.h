// Cutting text into chunks: words that hang together by an apostrophe, a hyphen, a dot and the like. For
// indexer/text only. A chunk owns its bytes; nothing is allocated.
#pragma once

#include "indexer/text/fold.h"
#include "indexer/text/text.h"

// A longer chain of words is cut into several chunks.
enum { CHUNK_PARTS = 64 };

enum part_kind { PART_LETTERS = 1, PART_DIGITS = 2, PART_DECIMAL = 4 }; // a set of them

struct part {
    char bytes[TEXT_TERM_BYTES];
    uint8_t n;     // 0 for a word that is too long
    uint8_t kinds; // PART_DIGITS alone, or with PART_DECIMAL: a number
    uint8_t
        after; // enum char_class of what joins it to the next part; CHAR_SEPARATOR behind the last
    size_t start, end;
};

struct chunk {
    struct part parts[CHUNK_PARTS];
    size_t n;
};

// Reads the next chunk at or behind *at and moves *at behind it; false when no word is left. An elision at
// the start ("l'" of "l'eau") is a chunk of its own. fold_setup comes first.
bool chunk_next(struct str text, size_t *at, struct chunk *c);
static inline struct str part_str(const struct part *p)
{
    return str_slice(p->bytes, p->n);
}
static inline bool part_is_number(const struct part *p)
{
    return !(p->kinds & PART_LETTERS);
}
bool part_is_elision(const struct part *p);
// Appends the elided forms, each on a line of its own, for the set of stop words.
void chunk_add_elisions(struct buf *words);
