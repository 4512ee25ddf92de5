// The values of one facet for the documents of one chunk, as small as they fit: one number a document where none has more than one
// value, two bytes a number where they fit. Never changed once made. Any thread.
#pragma once

#include "indexer/columns/columns.h"

struct facet_chunk;

// Values of document i of the chunk: numbers[starts[i], starts[i + 1]).
struct facet_chunk *facet_chunk_new(const uint32_t starts[COLUMN_CHUNK + 1],
                                    const uint32_t *numbers);
void facet_chunk_free(struct facet_chunk *c);         // NULL is taken
size_t facet_chunk_size(const struct facet_chunk *c); // values of all documents, at most
// How many values document i has; the first `room` of them into `out`.
size_t facet_chunk_values(const struct facet_chunk *c, size_t i, uint32_t *out, size_t room);
// Adds one to counts[v + 1] for each value v of the documents, and one to counts[0] for one without, where each has one at most.
void facet_chunk_count(const struct facet_chunk *c, const uint32_t *docids, size_t n,
                       uint32_t *counts);
