// Reading one item of a JSON list, so that one that is not quite JSON is still read, and one that is none is still known by its id.
// On the thread that reads the page.
#pragma once

#include "harvester/normalise/mapper.h"

// The item's JSON. What jansson refuses only for raw control characters within strings is read with spaces in their place. NULL, and
// item->error, when it cannot be read; item->id is then made of the string member `key` at `depth` (1: of the item itself; 2: of an
// object in it), if it can be made out. *repaired (of a driver_page) counts. Caller's reference.
json_t *map_item_json(struct mapper *m, enum record_kind kind, struct str text, const char *key,
                      unsigned depth, size_t *repaired, struct driver_item *item);
