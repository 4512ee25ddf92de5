// One column, in chunks of documents that newer columns share: the inside of columns.h.
#pragma once

#include "indexer/columns/columns.h"

// What a column is made from: a slot of values, and how to read one.
struct column_source {
    uint32_t slot;
    bool list;    // of a facet: xap_list_add
    size_t width; // of a fixed column, else 0
    // Of a fixed column: the value's bytes into `out`, `width` of them, zero until then. Absent: they are taken as they are.
    void (*read)(struct str value, unsigned char *out);
};

// Every value up to docid `last`. NULL on an error. Counted once.
struct column *column_load(struct xap_db *db, const struct column_source *source, uint32_t last,
                           struct err *e);
// The same column where the documents `touched` have other values, or none any more. Others share its chunks and its dictionary: one
// thread at a time makes columns from the same one.
struct column *column_update(const struct column *old, struct xap_db *db,
                             const struct column_source *source, uint32_t last,
                             const struct xap_docids *touched, struct err *e);
// Of a fixed column, what `maker` makes of each document; where `old_base` has the chunks of `base`, those of `old` (both may be NULL).
struct column *column_derive(const struct column *base, const struct column *old_base,
                             const struct column *old, const struct column_maker *maker);
struct column *column_copy(const struct column *fixed); // its chunks are shared
void column_free(struct column *column);                // NULL is taken
