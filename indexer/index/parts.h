// Documents on their way into an index, when there are many of them: each some hundreds are written at once into a database that holds a
// few thousand, a part, and the parts are merged, by copying whole tables, into one index. Xapian then never goes back into a large
// table to put a word among others, and the disk holds two thirds of what it would (tests/bench/README.md).
//
// Documents get ascending numbers, and keep them. Parts are in a folder of their own beside the index, and are lost with the process: whoever
// fills an index knows from where to go on. On the thread that fills it.
#pragma once

#include "indexer/xapian/xap.h"

struct parts;

enum { PART_DOCUMENTS = 2500 };

// `after`: the last document of the index that they are to be merged with, 0 when there is none. `size`: documents of a part, mostly
// PART_DOCUMENTS.
struct parts *parts_new(const char *data, int64_t generation, uint32_t after, size_t size);
// With what is in the folder. NULL is taken.
void parts_free(struct parts *p);

// Adds the document of a record of the store, by its number there; its unique term is added to it.
bool parts_add(struct parts *p, int64_t rec, struct str unique, struct xap_doc *doc, struct err *e);
// Whether a part that is not merged yet has the record's document.
bool parts_has(const struct parts *p, int64_t rec);
size_t parts_documents(const struct parts *p); // of them

// Writes an index of what `base` holds (a path; NULL: nothing) and the parts hold, into the folder `to`, which must not exist; its files
// are safe on the disk. The parts are empty behind it, and what comes is on its way into that generation. There must be a document in one
// of them.
bool parts_merge(struct parts *p, const char *base, const char *to, int64_t generation,
                 struct err *e);
