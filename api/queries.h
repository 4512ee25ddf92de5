// The log of queries: what searches tell it, and how the admin face and the command line show it.
#pragma once

#include "base/buf.h"
#include "store/query_log.h"

enum { QUERIES_SHOWN = 50, QUERIES_SHOWN_MAX = QUERY_LOG_ROWS };

// Applies `outcome` or `since`; an empty value is an absent one. ERR_QUERY says what is wrong with it.
bool queries_param(struct query_filter *filter, const char *name, struct str value, struct err *e);
// What the log in the folder `data` holds. Blocks. A log that was never written is an empty one.
bool queries_read(const char *data, const struct query_filter *filter, struct arena *a,
                  struct query_entry **out, size_t *n, int64_t *total, struct err *e);
// {total, data: [{query, outcome, relaxed, corrected, count, strict_total, total, first_seen, last_seen}]}
void json_queries(struct buf *b, const struct query_entry *entries, size_t n, int64_t total);
// "2026-01-31" of a day since 1970-01-01, into `out`.
struct str queries_day(int64_t day, char out[DATE_TEXT_BYTES]);

struct app;
struct http_exchange;
struct search_answer;
struct search_request;

// What a handler calls after each search, on its worker; see query_notes_search. `a` is for scratch.
void app_note_search(struct app *app, const struct search_request *request,
                     const struct search_answer *answer, struct arena *a);
// GET /api/v1/queries?outcome=&since=&page_size= on the admin face; on a worker, with the app as `arg`.
void admin_queries(struct http_exchange *x, void *context, void *arg);
