// The JSON forms of a record. Keys come in one fixed order; numbers in one form: so that equal records give
// equal bytes.
#pragma once

#include "store/record.h"

// The canonical form: content only, empty fields left out, keywords and such in a fixed order. Its SHA-256 tells
// whether a record changed.
void record_write_body(struct buf *b, const struct record *r);
// The figures, empty ones left out. "{}" when there is none.
void record_write_figures(struct buf *b, const struct record *r);
// What the API shows of a record: every field, null or [] where there is nothing.
void record_write_public(struct buf *b, const struct record *r);

// Reads back what record_write_body and record_write_figures wrote. Strings are copied into the arena.
// ERR_CORRUPT when it is not such a form. `figures` may be empty.
bool record_read(struct record *r, struct str body, struct str figures, struct arena *a,
                 struct err *e);
// The figures alone, where the body is not at hand: everything else is as record_init leaves it, and what they tell of
// distributions is left out.
bool record_read_figures(struct record *r, struct str figures, struct arena *a, struct err *e);
