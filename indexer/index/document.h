// A record as a document of the index: its terms, its values, and what a result shows. Thread-confined, as its
// analyzer.
#pragma once

#include "indexer/places/places.h"
#include "indexer/text/text.h"
#include "indexer/xapian/xap.h"
#include "store/store.h"

struct document_maker;

// Both are borrowed; without places (NULL) a record's territory is its own zones, and nothing is known of them. Never fails.
struct document_maker *document_maker_new(struct analyzer *analyzer, const struct places *places);
void document_maker_free(struct document_maker *m);

// Fills `doc` (cleared first) from a stored record that stands behind no other; its unique term is not added. The other members of
// its brick are read from `store`, which may be NULL where there are none. ERR_CORRUPT when the stored body cannot be read; errors of
// the store.
bool document_make(struct document_maker *m, struct store *store, const struct stored *stored,
                   struct xap_doc *doc, struct err *e);
// Whether a document loaded from the index stands for several records: its figures are then those of all of them.
bool document_is_joined(struct xap_doc *doc, bool *joined, struct err *e);
// Changes what figures and status decide in a document loaded from the index that stands for one record. Nothing else of it is
// touched; the stored body is not read. ERR_CORRUPT when the stored figures cannot be read.
bool document_update_figures(struct document_maker *m, const struct stored *stored,
                             struct xap_doc *doc, struct err *e);

// The data of a document: JSON members of a result ("{" and then members, not closed), and the beginning of
// the description in plain text, both borrowed.
struct document_data {
    struct str members;
    struct str excerpt;
};
struct document_data document_data_read(struct str data);
