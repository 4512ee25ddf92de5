// The Explore API of Opendatasoft, in rooms: ../ods.c walks the catalogue, map.c turns datasets into records. Facts: its reference
// (help.opendatasoft.com/apis/ods-explore-v2) and what its portals answer.
#pragma once

#include "harvester/normalise/mapper.h"

enum ods_api { ODS_2_1, ODS_2_0, ODS_1_0 };

struct ods_options {
    unsigned api; // enum ods_api
};

// A dataset as a record, whatever the version of the API: 2.0 wraps it ({"dataset": ...}), 1.0 has its metas in one list. False when it
// cannot be one (item->error). item->id is set whenever it has an id.
bool ods_map(struct mapper *m, const json_t *dataset, struct driver_item *item);
// The portal's root, without a slash.
struct str ods_root(const struct driver_source *source);
