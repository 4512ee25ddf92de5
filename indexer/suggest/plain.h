// Plain words for completion: any sign separates, so that the words of a text do not change while it is typed on. They are
// folded as indexer/text does. No state; any thread.
#pragma once

#include "indexer/text/text.h"

struct plain_word {
    char bytes[TEXT_TERM_BYTES]; // folded; longer words are cut there
    size_t n;
    size_t start;                 // in the text
    size_t ends[TEXT_TERM_BYTES]; // where in the text the character ends that gave this byte
    size_t end;
};

// The next word at or behind *at, which moves behind it; false when none is left. Single letters with a dot or & between
// them are one word: "S.N.C.F." is sncf.
bool plain_next(struct str text, size_t *at, struct plain_word *w);
static inline struct str plain_str(const struct plain_word *w)
{
    return str_slice(w->bytes, w->n);
}
// Writes the words of a text with one space between them, leading stop words left out unless there is nothing else: what
// texts are compared and sorted by. Stops at `room` bytes; returns how many were written.
size_t plain_key(const struct word_set *stop_words, struct str text, char *out, size_t room);
// The same without the spaces and with all words: "S.N.C.F.", "s n c f" and "SNCF" are one name.
size_t plain_name(struct str text, char *out, size_t room);
