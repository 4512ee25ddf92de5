// Text as records hold it: valid UTF-8 in NFC (UAX #15) with nothing in it that cannot be seen.
// Every text that comes from a catalogue goes through here once. Results are copies in the arena,
// NUL-terminated behind their length; an absent or empty input gives an empty result ({NULL, 0}).
// No state; any thread.
#pragma once

#include "base/arena.h"

// What was done, added up over as many calls as the caller likes.
struct text_counts {
    size_t cut;      // texts cut at their cap
    size_t controls; // control, invisible and direction characters dropped
    size_t replaced; // ill-formed UTF-8 sequences that became U+FFFD
    size_t mojibake; // texts that look like UTF-8 read as Latin-1; they are left as they are
};

// One line: title, name, keyword. Dropped: NUL, C0 and C1 controls, zero-width characters
// (U+200B-200F, U+2060, U+FEFF), soft hyphens, direction marks (U+202A-202E, U+2066-2069) and
// templates that were never filled ("{{default.description}}"). Any run of white space, line ends
// and NBSP included, is one space; none at the ends. Cut to at most max_bytes, never within a
// character. `counts` may be NULL.
struct str text_clean(struct arena *a, struct str s, size_t max_bytes, struct text_counts *counts);
// The same for text of several lines: description. Lines end with LF, have no white space at their
// end, and keep that at their start as spaces (Markdown means something by it); at most one empty
// line in a row, none at the ends.
struct str text_clean_block(struct arena *a, struct str s, size_t max_bytes,
                            struct text_counts *counts);
// Whether text looks like UTF-8 that was read as Latin-1 or CP1252 ("Ã©", "â€™", "Ã "), or lost
// characters (U+FFFD).
bool text_mojibake(struct str s);
// Codes of one word: granularity, badge, schema of a zone: trimmed, ASCII letters in lower case,
// cut to max_bytes.
struct str text_code(struct arena *a, struct str s, size_t max_bytes);
