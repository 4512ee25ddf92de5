// Territories that records say they cover. Ids have the shape that data.gouv.fr uses (geozones):
// "country:fr", "country-group:ue", "fr:commune:35238", "fr:departement:35"; anything else is a
// label to be read by people. No state; any thread.
#pragma once

#include "base/arena.h"

enum zone_kind { ZONE_NONE, ZONE_ID, ZONE_LABEL };

struct zone {
    enum zone_kind kind;
    struct str text; // in the arena; empty for ZONE_NONE
};

enum { ZONE_LABEL_BYTES = 200 };

// An id in lower case (but for a country subset's own code, as 2A, in upper case), its former
// suffix "@1942-01-01" taken off, its code checked by level; or a label, cleaned (text.h) and cut
// at ZONE_LABEL_BYTES.
struct zone zone_clean(struct arena *a, struct str raw);
