// GET /api/v1/records/<id>/similar?page_size= (1 to 20, 5 by default): {"data": [record + score]}, the members of a search's
// results, without snippets. 404 and 410 as for the record itself; 503 while the index does not have it yet. See similar.c.
#pragma once

#include "api/http/route.h"

void api_similar(struct http_exchange *x, void *context, void *arg);
