// Stems of folded words of one language, and whether they are stop words, through a bounded cache: stemming the same
// few thousand words again and again would be the cost of indexing. For indexer/text only. Confined to one
// thread.
#pragma once

#include "indexer/text/text.h"

struct stems;

struct stem {
    struct str word; // the stem; borrowed from the cache or from the word itself
    bool is_stop;
};

// The stop words are borrowed. ERR_MEMORY, or ERR_INTERNAL for a libstemmer without the language.
struct stems *stems_new(enum language language, const struct word_set *stop_words, struct err *e);
void stems_free(struct stems *s); // NULL is taken
// `word`: folded, letters only, 1 to TEXT_TERM_BYTES bytes. Valid until the next call.
struct stem stems_find(struct stems *s, struct str word);
