// Characters: which ones make words, and what they fold to. For the files of indexer/text only; the rest
// of the program uses text.h. Owns constant tables, filled once by fold_setup; safe on any thread after it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum char_class {
    CHAR_SEPARATOR,
    CHAR_WORD,    // letters and digits
    CHAR_MARK,    // combining marks: nothing is left of them, the word goes on
    CHAR_IGNORED, // soft hyphen, zero-width and other format characters: the same
    // What may stand between two words that belong together:
    CHAR_SPACE, // between groups of digits
    CHAR_APOSTROPHE,
    CHAR_HYPHEN,
    CHAR_AMPERSAND,
    CHAR_COMMA,
    CHAR_DOT,
    CHAR_UNDERSCORE,
    CHAR_SLASH,
};

enum { CHAR_BYTES = 72 }; // of one folded character at most: 18 code points (utf8proc's longest)

struct folded_char {
    enum char_class class;
    uint8_t n; // bytes that it folds to; 0 unless CHAR_WORD
    char bytes[CHAR_BYTES];
};

// To be called before the other names here are used; costs nothing after the first time.
void fold_setup(void);

// For ASCII bytes that are letters or digits what they fold to, 0 for all other bytes.
extern char fold_ascii[256];
// The class of an ASCII byte; CHAR_WORD for bytes from 0x80, which need fold_next.
extern uint8_t fold_class[256];

// Reads one character from p[0..left), left > 0, into *c.
// Returns the bytes read, at least 1. A byte that is not UTF-8 is a separator of length 1.
size_t fold_next(const char *p, size_t left, struct folded_char *c);

// Writes a folded character behind out[0..n), composing it with the last one where it must be (Hangul).
// Returns the new length; what lies beyond `room` is counted and not written.
size_t fold_add(char *out, size_t n, size_t room, const struct folded_char *c);
