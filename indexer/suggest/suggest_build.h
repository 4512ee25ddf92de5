// A suggester of what the index holds: titles and acronyms of records, their publishers and keywords; and of places that the
// caller names. Reads the index through a handle of its own, so it may run beside searches and the writer. Blocks for a second
// or so at 120 000 records: on a thread of its own.
#pragma once

#include "indexer/suggest/suggest.h"

#include <stdatomic.h>

struct suggest_place {
    struct str text;  // "Rennes (Ille-et-Vilaine)"
    struct str names; // what else it is found by, one on each line: "Rennes\n35238\n35000"
    struct str value; // its zone: "fr:commune:35238"
    double weight;    // 0 to 1
};

struct suggest_source {
    const char *data;      // the folder of the index
    struct str stop_words; // text of the list
    const struct suggest_place *places;
    size_t place_count;
    const atomic_bool *stop; // to give up once it is true; may be NULL
};

// Everything in `source` is borrowed during the call. The caller has the only count of what comes back. NULL and *e:
// ERR_NOT_FOUND when there is no index yet, ERR_BUSY when it was stopped, or what reading the index failed with. A commit of the
// writer in the middle does no harm: what is read after it is newer.
struct suggester *suggest_build(const struct suggest_source *source, struct err *e);
