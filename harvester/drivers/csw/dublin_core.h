// Dublin Core as records: oai_dc:dc, and csw:Record with its brief and summary forms. On the thread that reads the page; no state.
#pragma once

#include "harvester/normalise/mapper.h"
#include "harvester/xml/xml.h"

bool dublin_core_is(const struct xml_node *node);
// A dataset, or what dc:type says (service: dataservice; software). `remote_id`: the record's id; empty: its dc:identifier. False:
// item->error says why not.
bool dublin_core_map(struct mapper *m, const struct xml_node *record, struct str remote_id,
                     struct driver_item *item);
