// Which documents each of the last batches of an index touched: kept in its metadata, committed with the batch, so that whoever holds
// something made from an older state can bring it up to a newer one without reading all of it again. Every commit of an index tells, or
// none does.
#pragma once

#include "indexer/xapian/xap.h"

enum {
    TOUCHED_BATCHES = 64, // whose lists are kept
    TOUCHED_MAX = 20000,  // documents of one list: a batch of more is "all"
};

// Of a writer: takes docids as they are touched, in any order. Figures: of the document, only values that figures make and what it
// shows changed, no term and no length.
struct touched {
    uint64_t *v; // of content twice the docid; of figures one more
    size_t n, room;
};
void touched_add(struct touched *t, uint32_t docid);
void touched_add_figures(struct touched *t, uint32_t docid);
// Either way; true where so many were that not all are known. It looks at all of them.
bool touched_has(const struct touched *t, uint32_t docid);
void touched_free(struct touched *t);
// Sets the metadata of the batch that is about to be committed, and forgets the list.
bool touched_write(struct touched *t, struct xap_writer *writer, struct err *e);

// Of a reader: the number of the last batch of the state that `db` has open; 0 where it has none.
bool touched_batch(struct xap_db *db, int64_t *batch, struct err *e);
// The docids that batches (from, to] touched, in ascending order, each once, in the arena. *known is false where that is not told:
// too many batches ago, or one of them touched too much.
bool touched_since(struct xap_db *db, int64_t from, int64_t to, struct arena *a,
                   struct xap_docids *out, bool *known, struct err *e);
// The same without those of figures alone: what is made of terms, or of values that no figure makes, is as it was for these.
bool touched_content_since(struct xap_db *db, int64_t from, int64_t to, struct arena *a,
                           struct xap_docids *out, bool *known, struct err *e);
