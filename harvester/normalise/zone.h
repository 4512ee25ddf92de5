// Territories that records say they cover. Ids have the shape that data.gouv.fr uses: "country:fr",
// "country-group:ue", "country-subset:fr:metro", "fr:commune:35238", "fr:departement:2A"; anything
// else is a label to be read by people. No state; any thread.
#pragma once

#include "base/arena.h"

enum zone_kind { ZONE_NONE, ZONE_ID, ZONE_LABEL };

struct zone {
    enum zone_kind kind;
    struct str text; // in the arena; empty for ZONE_NONE
};

enum { ZONE_LABEL_BYTES = 200 };

// An id whose level is known and whose code has that level's shape: in lower case but for the code
// of an INSEE level, which is in upper case; its former suffix ("@1970-01-09") taken off. Or a
// label, cleaned (text_clean) and cut at ZONE_LABEL_BYTES. Or nothing, when there is nothing to
// show.
struct zone zone_clean(struct arena *a, struct str raw);
