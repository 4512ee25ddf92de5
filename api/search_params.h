// Parameters of a search, as the API and the command line name them, and the way back.
#pragma once

#include "base/buf.h"
#include "indexer/search/search.h"

// Applies one parameter. An empty value is an absent parameter. ERR_QUERY says what is wrong with the value; ERR_USAGE: there is no such
// parameter, with the nearest known one.
bool search_param(struct search_request *r, struct str name, struct str value, struct arena *a,
                  struct err *e);
// The same search as a query string ("q=velo&kind=dataset&page=2"), without `?`, at another page; 0 leaves the page out.
void search_query_string(struct buf *out, const struct search_request *r, int64_t page);
// Percent-encodes for one value of a query string or one segment of a path (RFC 3986 unreserved characters stay).
void url_encode(struct buf *out, struct str s);
