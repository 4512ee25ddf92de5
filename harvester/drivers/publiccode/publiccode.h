// The publiccode protocol, in two files: ../publiccode.c walks the lists, map.c turns a publiccode.yml (0.1 to 0.5) into a record.
#pragma once

#include "harvester/normalise/mapper.h"

// What a catalogue says around the file, each NULL or absent where there is no catalogue.
struct publiccode_entry {
    struct str id;       // the catalogue's
    const json_t *about; // its object: url, aliases, active, createdAt, updatedAt
};

// The record of a publiccode.yml, read as JSON. Without an id of a catalogue the record is known by its repository. false: item->error says why.
bool publiccode_map(struct mapper *m, const json_t *yml, const struct publiccode_entry *entry,
                    struct driver_item *item);
