// GET /api/v1/suggest: completion as one types, over indexer/suggest. Pure functions, and the route; see suggest.c.
#pragma once

#include "api/http/route.h"
#include "indexer/suggest/suggest.h"

struct suggest_request {
    struct str q;   // borrowed from the parameter
    unsigned kinds; // bit mask; 0 for all
    int64_t page_size;
};
void suggest_request_init(struct suggest_request *r); // ten of every kind, no q

// Applies one parameter: q, kind (repeated: or), page_size (1 to 20). An empty one is an absent one. ERR_USAGE for a name that
// is no parameter, ERR_QUERY for a value that cannot be.
bool suggest_param(struct suggest_request *r, struct str name, struct str value, struct err *e);

// {"q", "data": [{kind, text, html, id or value, count, url}], "took_ms"}. `base_url`, without a slash at its end, begins the
// addresses: the page of a record, or the search of what it names where there are several.
void json_suggest(struct buf *b, struct str q, const struct suggestions *found, struct str base_url,
                  double took_ms);

// The face's argument is the struct suggest_keeper.
extern const struct http_route suggest_routes[];
extern const size_t suggest_route_count;
