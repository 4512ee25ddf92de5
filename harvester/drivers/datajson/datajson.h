// What the datajson driver is made of; the arcgis driver reads its feed by the same map.
#pragma once

#include "harvester/normalise/mapper.h"

enum datajson_pages { DATAJSON_PAGES_AUTO, DATAJSON_PAGES_ALWAYS, DATAJSON_PAGES_NEVER };

struct datajson_options {
    unsigned pages; // enum datajson_pages
};

// What an object is known by: its identifier (text, a number, or DCAT-US 3.0's object), else its @id, else its landing page. In the
// arena or borrowed from the object; {NULL, 0} when there is none.
struct str datajson_id(struct arena *a, const json_t *o);
// A dataset, a series of datasets (KIND_DATASET) or a data service (KIND_DATASERVICE) of DCAT-US 1.1 or 3.0, or of the schema 1.0
// before them, as a record. False, and item->error, when it is none.
bool datajson_map(struct mapper *m, enum record_kind kind, const json_t *o,
                  struct driver_item *item);
