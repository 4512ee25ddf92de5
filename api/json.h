// What the API and the command line print, as JSON.
#pragma once

#include "api/shown.h"
#include "harvester/harvester.h"
#include "indexer/search/search.h"
#include "store/store.h"

// The answer of a search. `base_url` (no slash at its end) begins the addresses of its pages; when empty they are null.
void json_search(struct buf *b, const struct search_request *request,
                 const struct search_answer *answer, struct str base_url, double took_ms);
// A record: every field, and used_by_total, of relations.used_by. `bonds` (may be NULL) is what joins it to others: joined_by.
void json_record(struct buf *b, const struct shown_record *r, const struct store_bond *bonds,
                 size_t bond_count);
// {"id":..., "history":[{at, seq, what, changes}]}
void json_history(struct buf *b, struct str id, const struct history_entry *entries, size_t n);
// One run, with lines of its errors when `errors` is not NULL.
void json_run(struct buf *b, const struct run *run, const struct run_error *errors, size_t n);
// An instant as ISO 8601, null when it is 0.
void json_instant(struct buf *b, const char *key, int64_t seconds);
