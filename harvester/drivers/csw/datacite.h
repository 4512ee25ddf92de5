// DataCite's metadata (schema 4, https://schema.datacite.org) as records, as repositories of research data give them over OAI-PMH. On
// the thread that reads the page; no state.
#pragma once

#include "harvester/normalise/mapper.h"
#include "harvester/xml/xml.h"

bool datacite_is(const struct xml_node *node); // resource, or oai_datacite around it
// A dataset, or software. `remote_id`: the record's id; empty: its DOI. False: item->error says why not.
bool datacite_map(struct mapper *m, const struct xml_node *node, struct str remote_id,
                  struct driver_item *item);
