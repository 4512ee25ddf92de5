// Values of all documents, in memory, by docid: what ranking and facets read of each of thousands of documents is an array away, instead
// of a walk through Xapian's value streams (measured: performance of facets, tests/bench).
//
// Columns are those of one committed state of an index, and never change once handed out. A newer state shares what its batches did not
// touch. A column is loaded when it is first asked for. Counted: whoever takes them releases them. Memory: of a facet, 2
// bytes a value (4 beyond 65 534 of them) and 4 a document where any has several; of a fixed one, its width.
#pragma once

#include "indexer/index/fields.h"
#include "indexer/lists/lists.h"

enum fixed_column {
    COLUMN_USE,     // USAGE_BYTES
    COLUMN_LENGTHS, // LENGTHS_BYTES
    COLUMN_VARIANT, // the key, as a number of 8 bytes; 0: none
    // What results are sorted by and searches ask to be at least: 8 bytes, a number whose order is that of the values, higher for a
    // higher one; 0: none. Of a title only its first bytes.
    COLUMN_MODIFIED,
    COLUMN_ISSUED,
    COLUMN_VIEWS,
    COLUMN_QUALITY,
    COLUMN_TITLE,
    FIXED_COLUMNS
};
// The number that stands for a value in the columns of numbers.
uint64_t column_order_of(double value);

struct columns;
struct column;
struct columns_holder; // of one process and data folder: the newest columns. Any thread

struct columns_holder *columns_holder_new(void);
// NULL is taken; columns that are still held stay.
void columns_holder_free(struct columns_holder *h);

struct lists *columns_lists(struct columns_holder *h); // of the same index; borrowed

// Those of the state that `db` has open, which are the newest ones from then on. ERR_MODIFIED when `db` is behind these: reopen it, then
// ask again.
struct columns *columns_take(struct columns_holder *h, struct xap_db *db, int64_t generation,
                             struct err *e);
// The same, and the newest ones stay what they are, if there are any, until it is told: for whoever has more to make ready before
// others follow.
struct columns *columns_bring(struct columns_holder *h, struct xap_db *db, int64_t generation,
                              struct err *e);
// False where newer ones were told meanwhile.
bool columns_publish(struct columns_holder *h, struct columns *c);
// The newest ones; NULL where they are `have`, or where there are none yet.
struct columns *columns_newest(struct columns_holder *h, const struct columns *have);
void columns_release(struct columns *c); // NULL is taken; any thread
// Of which state of the index they are: batch as touched.h counts, 0 where the index does not tell.
struct columns_state {
    int64_t generation, batch;
    uint64_t revision;
};
struct columns_state columns_state(const struct columns *c);

// A column, loaded through `db` if it is not yet, which must have the state open that the columns are of. NULL on an error. It lives
// as long as the columns.
const struct column *columns_facet(struct columns *c, struct xap_db *db, enum facet facet,
                                   struct err *e);
const struct column *columns_fixed(struct columns *c, struct xap_db *db, enum fixed_column which,
                                   struct err *e);

// ---- What is made from columns, once for each state

// Made from COLUMN_USE by whoever ranks: `width` bytes of each document, by `make`. `number` tells the maker (rules_number): it is
// made anew for another. It lives as long as the columns.
struct column_maker {
    uint64_t number;
    size_t width;
    void (*make)(const void *arg, const unsigned char *use, unsigned char *out);
    const void *arg;
};
const struct column *columns_prior(struct columns *c, struct xap_db *db,
                                   const struct column_maker *maker, struct err *e);

// Something that is made once for a state: by the first who asks, in one block of malloc, kept and freed with the columns. `number`
// tells what it was made for; `what` tells several things of one number apart. NULL on an error of `make`, which is then called again by the next.
enum columns_kept { KEPT_BROWSE, KEPT_BROWSE_FACET, KEPT_CROWDED, KEPT_KINDS };
void *columns_keep(struct columns *c, enum columns_kept what, uint64_t number,
                   void *(*make)(void *arg, struct err *e), void *arg, struct err *e);

uint32_t columns_last(const struct columns *c); // docid

// ---- A facet: what a document has, as numbers below column_values(); what each number stands for. The text is that of the index: a
// value, or "value \x1F label". Borrowed from the column.

// How many values a document has; the numbers of the first `room` of them into `out`.
size_t column_numbers(const struct column *column, uint32_t docid, uint32_t *out, size_t room);
// Adds one to counts[v + 1] for each value v of the documents, which ascend; counts[0] is of no meaning. counts has column_values() + 1.
void column_count(const struct column *column, const uint32_t *docids, size_t n, uint32_t *counts);
// Of each value, how many documents have it, of all. Borrowed.
const uint32_t *column_totals(const struct column *column);
size_t column_values(const struct column *column);
struct str column_text(const struct column *column, uint32_t value);

// ---- A fixed column: its bytes, all zero where the document has no value. Borrowed.

const unsigned char *column_bytes(const struct column *column, uint32_t docid);
enum { COLUMN_CHUNK = 4096 }; // docids
// How many of the first of n docids, which ascend and are at least one, are in one chunk.
size_t column_run(const uint32_t *docids, size_t n);
// Those of all documents of the chunk that `docid` is in, from its first on; NULL where none has a value.
const unsigned char *column_chunk(const struct column *column, uint32_t docid);
