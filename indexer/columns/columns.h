// Values of all documents, in memory, by docid: what ranking and facets read of each of thousands of documents is an array away, instead
// of a walk through Xapian's value streams (measured: performance of facets, tests/bench).
//
// Columns are those of one committed state of an index, and never change once handed out. A newer state shares what its batches did not
// touch. A column is loaded when it is first asked for. Counted: whoever takes them releases them. Memory: 4 bytes a document and 4 a
// value for each facet, the width of a fixed one.
#pragma once

#include "indexer/index/fields.h"
#include "indexer/xapian/xap.h"

enum fixed_column {
    COLUMN_USE,     // USAGE_BYTES
    COLUMN_LENGTHS, // LENGTHS_BYTES
    COLUMN_VARIANT, // the key, as a number of 8 bytes; 0: none
    FIXED_COLUMNS
};

struct columns;
struct column;
struct columns_holder; // of one process and data folder: the newest columns. Any thread

struct columns_holder *columns_holder_new(void);
void columns_holder_free(
    struct columns_holder *h); // NULL is taken; columns that are still held stay

// Those of the state that `db` has open. ERR_MODIFIED when `db` is behind what the holder has seen: reopen it, then ask again.
struct columns *columns_take(struct columns_holder *h, struct xap_db *db, int64_t generation,
                             struct err *e);
void columns_release(struct columns *c); // NULL is taken; any thread

// A column, loaded through `db` if it is not yet, which must have the state open that the columns are of. NULL on an error. It lives
// as long as the columns.
const struct column *columns_facet(struct columns *c, struct xap_db *db, enum facet facet,
                                   struct err *e);
const struct column *columns_fixed(struct columns *c, struct xap_db *db, enum fixed_column which,
                                   struct err *e);

// ---- A facet: what a document has, as numbers below column_values(); what each number stands for. The text is that of the index: a
// value, or "value \x1F label". Borrowed from the column.

struct column_items {
    const uint32_t *v;
    size_t n;
};
struct column_items column_items(const struct column *column, uint32_t docid);
size_t column_values(const struct column *column);
struct str column_text(const struct column *column, uint32_t value);

// ---- A fixed column: its bytes, all zero where the document has no value. Borrowed.

const unsigned char *column_bytes(const struct column *column, uint32_t docid);
