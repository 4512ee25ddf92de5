// The udata protocol (data.gouv.fr and its kin), in rooms: ../udata.c walks the lists, map.c turns objects into
// records. Facts: udata's own API code, as gathered in its version 17.
#pragma once

#include "harvester/normalise/mapper.h"

struct udata_options {
    int64_t api; // 1, or 2: resources behind links, for catalogues whose pages would be too large
};

// The object as a record. false when it cannot be one (item->error), or must not be (item->skipped: private or deleted). item->id
// is set whenever the object has an id. `resources` holds what links of API 2 led to; NULL otherwise.
bool udata_map(struct mapper *m, enum record_kind kind, const json_t *object,
               const json_t *resources, struct driver_item *item);
