// The documents of one word, or of one term, in memory: ascending docids in chunks, each with a value if the list has values. What a
// search reads of Xapian's postings for each query is decoded once, and then is an array away. A list never changes; it is counted.
// Memory: 2 bytes a document and 2 a value (each different one is kept once; 4 where there are too many), or, without values, one bit
// for each docid of the index where that is less.
#pragma once

#include "base/arena.h"
#include "indexer/xapian/xap.h"

enum {
    LIST_CHUNK = 4096, // docids; those from chunk * LIST_CHUNK on
    LIST_WORDS = LIST_CHUNK / 64,
};

struct list;

// Of documents in ascending order; `values` may be NULL. Counted once.
struct list *list_new(const struct xap_docids *documents, const uint32_t *values);
// The same but for the documents `touched` (ascending): of them, those that are in `documents` are on the new list, with their values.
struct list *list_changed(const struct list *old, const struct xap_docids *touched,
                          const struct xap_docids *documents, const uint32_t *values);
struct list *list_share(struct list *l);
void list_release(struct list *l); // NULL is taken; any thread
size_t list_bytes(const struct list *l);
size_t list_documents(const struct list *l);
size_t list_chunks(const struct list *l); // behind its last document

bool list_touches(const struct list *l, size_t chunk); // it has documents there
// Sets the bits of its documents in the chunk.
void list_mark(const struct list *l, size_t chunk, uint64_t bits[LIST_WORDS]);

// The documents of a chunk with their values, as offsets from the chunk's first docid. Borrowed. Of a list with values only.
struct list_part {
    const uint16_t *offsets;
    const uint16_t *places; // of values, in `values`; NULL: value i is values[i]
    const uint32_t *values;
    size_t n;
};
struct list_part list_part(const struct list *l, size_t chunk);
static inline uint32_t list_value(const struct list_part *p, size_t i)
{
    return p->values[p->places ? p->places[i] : i];
}
static inline void list_values(const struct list_part *p, uint32_t *restrict out) // all n
{
    if (!p->places)
        memcpy(out, p->values, p->n * sizeof *out);
    for (size_t i = 0; i < p->n && p->places; i++)
        out[i] = p->values[p->places[i]];
}
