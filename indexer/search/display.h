// What results show of documents, kept in memory: the records that searches bring up most are brought up again and again, and reading
// one from the index costs a walk through two of its trees and an inflation (27 microseconds, of which this is one). One for a
// process and a data folder, shared by its searchers; bounded in bytes, the longest unused goes first.
//
// What is kept is that of one committed state of the index. A searcher that has a newer one open takes out what the batches between
// touched; one that is behind reads the index.
#pragma once

#include "indexer/columns/columns.h"

enum { DISPLAY_BYTES = 32 * 1024 * 1024 };

struct display;

struct display *display_new(size_t bytes);
void display_free(struct display *d); // NULL is taken

// Where a word may begin in a text, and its first letters: what a snippet looks at first (snippet.c).
struct snippet_word {
    uint16_t at, letters;
};
enum { SNIPPET_WORDS = 2048 };
// Returns how many there are; room + 1 when there are more.
size_t snippet_words(struct str text, struct snippet_word *out, size_t room);

struct shown_document {
    struct str figures, members, excerpt; // as document.h has them
    const struct snippet_word *words;     // of the excerpt
    size_t word_count;
};
// In the arena. `db` has the state open that `columns` are of; `doc` is for reading. `d` may be NULL: then from the index always.
bool display_read(struct display *d, struct xap_db *db, const struct columns *columns,
                  struct xap_doc *doc, uint32_t docid, struct arena *a, struct shown_document *out,
                  struct err *e);

// For metrics and tests.
struct display_state {
    size_t documents, bytes;
    uint64_t found, read; // asked for, and there; not there
};
void display_read_state(struct display *d, struct display_state *out);
