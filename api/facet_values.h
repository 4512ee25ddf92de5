// GET /api/v1/facets/<name>?facet_q=<letters>&<search>: the values of one facet that have words beginning with the letters, with
// their counts over the search, whose words are `q` and whose other parameters are those of /api/v1/search; page and page_size
// (1 to 100) are of the values, and so is total. What belongs to results (cursor, facets, explain) is unknown here. The answer is
// {"facet", "facet_q", "total", "page", "page_size", "took_ms", "data": [{value, label, count}]}. 404 for a name that is no facet.
#pragma once

#include "api/http/route.h"

void api_facet_values(struct http_exchange *x, void *context, void *arg);
