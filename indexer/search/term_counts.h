// How many documents have a term, of the terms that a searcher asked for last. Xapian keeps no block of its files: each time that it is
// asked it reads those on the way to the term again, one call of the kernel for each, and a query asks for each of its words in several
// forms. Those of one committed state of the index. A searcher's own: its thread.
#pragma once

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

enum { TERM_COUNTS_BYTES = 128 * 1024 };

struct searcher;
struct term_counts;

struct term_counts *term_counts_new(void);
void term_counts_free(struct term_counts *t); // NULL is taken

// Of the state that the searcher has open.
bool term_count(struct searcher *s, struct str term, uint32_t *documents, struct err *e);
