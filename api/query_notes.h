// What searches tell of queries that did not find what they asked for, on its way to the log of queries (store/query_log.h):
// kept in memory, merged by query, written every few seconds by a thread of its own, which owns the file. A search never waits
// for it, and nothing that goes wrong with it reaches a search: it is logged, and the notes wait for the next write.
#pragma once

#include "indexer/search/search.h"

struct query_notes;

enum {
    QUERY_NOTES_MAX = 256,   // different queries that wait; more are dropped, and counted
    QUERY_NOTES_SECONDS = 4, // between two writes
};

// `data` is copied. NULL, once logged, when no thread can be had: the other functions take that.
struct query_notes *query_notes_start(const char *data);
// Writes what is left and frees everything. No search may note any more.
void query_notes_stop(struct query_notes *notes);

// Whether query_notes_search would note it, if its text may be.
bool query_notes_wants(const struct search_request *request, const struct search_answer *answer);
// Any thread; `a` is for scratch. Notes the first page of a search that found nothing, was relaxed or was corrected. Not noted:
// a search with filters, which may be the cause (those written among the words are noted); and what query_log_text() does not let through.
void query_notes_search(struct query_notes *notes, const struct search_request *request,
                        const struct search_answer *answer, struct arena *a);
