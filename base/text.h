// Text from outside, as we keep it: valid UTF-8 in NFC (UAX #15), with nothing in it that cannot be
// seen. Results are copies in the arena, NUL-terminated behind their length; what has nothing to
// show gives {NULL, 0}. No state; any thread.
#pragma once

#include "base/arena.h"

// What was done, added up over as many calls as the caller likes.
struct text_counts {
    size_t cut;      // texts cut at their cap
    size_t controls; // control, invisible and direction characters dropped or replaced
    size_t replaced; // ill-formed UTF-8 sequences that became U+FFFD
    size_t mojibake; // texts that look like UTF-8 read as Latin-1; they are left as they are
};

// One line: title, name, keyword. Dropped: NUL and C0 controls, zero-width characters (U+200B-200F,
// U+2060-206F, U+FEFF), soft hyphens, direction marks (U+202A-202E, U+2066-2069), tag characters,
// and templates that were never filled ("{{default.description}}"). C1 controls are what CP1252 has
// in their place (U+0092 is ’), as browsers read them, or dropped. Any run of white space, line
// ends and NBSP included, is one space; none at the ends. Cut to at most max_bytes, never within a
// character. `counts` may be NULL.
struct str text_clean(struct arena *a, struct str s, size_t max_bytes, struct text_counts *counts);
// The same for text of several lines: description. Lines end with LF; a run of white space at the
// start of a line stays, as spaces, a tab as four, at most 16 (Markdown nests by it); at most one
// empty line in a row, none at the ends.
struct str text_clean_block(struct arena *a, struct str s, size_t max_bytes,
                            struct text_counts *counts);
// Whether text looks like UTF-8 that was read as Latin-1 or CP1252 ("Ã©", "â€™", "Ã "), or lost
// characters (U+FFFD).
bool text_mojibake(struct str s);
// Codes of one word (granularity, badge): as text_clean, ASCII letters in lower case.
struct str text_code(struct arena *a, struct str s, size_t max_bytes);
// Whether a code point is one of those dropped above, C1 controls included, white space not.
bool text_invisible(uint32_t code);
// What CP1252 has at 0x80 to 0x9F; 0 where it has nothing.
uint32_t text_cp1252(uint32_t code);
