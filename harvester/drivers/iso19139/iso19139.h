// Metadata of ISO 19115 as records: gmd:MD_Metadata (ISO 19139), gmi:MI_Metadata (19115-2), mdb:MD_Metadata (19115-3), and what
// countries derive from them. Namespaces do not matter, local names do: the forms differ in little else. Shared by csw, oai-pmh and
// files. On the thread that reads the page; no state.
#pragma once

#include "harvester/normalise/mapper.h"
#include "harvester/xml/xml.h"

// Whether the element is such metadata.
bool iso19139_is(const struct xml_node *node);
// The element as a record: a dataset, or what its hierarchy level says (service: dataservice; software; application and
// interactive maps: reuse). False: item->error says why not (no title), or item->skipped (a template).
// The remote id is the fileIdentifier, else what stands for it; `otherwise` (may be empty) is the last resort before a hash of the title.
bool iso19139_map(struct mapper *m, const struct xml_node *metadata, struct str otherwise,
                  struct driver_item *item);
