// UTF-8 (RFC 3629; Unicode 15, table 3-7): checking, repairing, decoding, encoding. Any thread.
#pragma once

#include "base/arena.h"

bool utf8_valid(struct str s);
// A copy in the arena, NUL-terminated behind its length, in which each ill-formed sequence
// (overlongs, surrogates and values over U+10FFFF included) is U+FFFD: one for each longest
// well-formed beginning, as Unicode 3.9 recommends. Adds the number of them to *replaced, which may
// be NULL. At most three times the input's length.
struct str utf8_repair(struct arena *a, struct str s, size_t *replaced);
// The code point at s.p[at], at < s.n, and its length in bytes (1 to 4); 0 when what is there is
// ill-formed.
size_t utf8_decode(struct str s, size_t at, uint32_t *code);
// How many bytes at s.p[at], where utf8_decode gives 0, one U+FFFD stands for: 1 to 3.
size_t utf8_ill_formed(struct str s, size_t at);
// Writes a code point, returns its length in bytes; 0 for surrogates and values over U+10FFFF.
size_t utf8_encode(uint32_t code, char out[4]);
// Number of code points of valid UTF-8.
size_t utf8_count(struct str s);
