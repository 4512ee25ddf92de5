// GET /api/v1/territories: completes names, codes and postcodes of places, over indexer/places. Pure functions, and the route;
// see territories.c.
#pragma once

#include "api/http/route.h"
#include "base/buf.h"
#include "indexer/places/places.h"

enum { TERRITORIES_PAGE_SIZE = 10, TERRITORIES_PAGE_SIZE_MAX = 50 };

struct territories_request {
    struct str q;               // borrowed from the parameter
    enum territory_level level; // TERRITORY_LEVELS for all
    int64_t page_size;
};
void territories_request_init(struct territories_request *r); // ten of every level, no q

// Applies one parameter: q, level ("commune", "epci", "departement", ...), page_size (1 to 50). An empty one is an absent one.
// ERR_USAGE for a name that is no parameter, ERR_QUERY for a value that cannot be.
bool territories_param(struct territories_request *r, struct str name, struct str value,
                       struct err *e);

// {"q", "data": [{id, code, name, level, parents: [{id, name}], postcodes, population}]}, the parents from the nearest scale
// to the widest; population is null where it is not known.
void json_territories(struct buf *b, const struct places *places,
                      const struct territories_request *r);

// The face's argument is the struct places.
extern const struct http_route territories_routes[];
extern const size_t territories_route_count;
