// Names in French for the codes that records hold: what people read in filters, on pages and in the facets of the API. They stand in
// config/vocabularies/labels.tsv, loaded once at start and then only read, by any thread. A value without a label is shown as it is.
#pragma once

#include "base/err.h"
#include "indexer/index/fields.h"

// The lists of labels.tsv, in the order of their names in labels.c.
enum label_list {
    LABELS_KIND,
    LABELS_STATUS,
    LABELS_ACCESS,
    LABELS_PUBLISHER_KIND,
    LABELS_BADGE,
    LABELS_DEVELOPMENT_STATUS,
    LABELS_TYPE,      // of a reuse, a software, a service
    LABELS_FILE_TYPE, // of a distribution
    LABELS_GRANULARITY,
    LABELS_TERRITORY,
    LABELS_PLACE, // a code among the names of places
    LABELS_THEME,
    LABELS_COUNT
};

// The text of labels.tsv; it is copied. Before any other thread runs, and once: ERR_CONFIG, with file and line, for a list that is not
// known and for a value that has two labels; nothing is loaded then.
bool labels_load(struct str text, struct err *e);
// At the very end, when no other thread runs.
void labels_free(void);

// The label of a value; the value itself when there is none, or nothing was loaded. ASCII capitals do not matter. Borrowed from what was
// loaded, or from `value`.
struct str label_in(enum label_list list, struct str value);
// The same for the value of a facet.
struct str label_of(enum facet facet, struct str value);
struct str label_of_facet(enum facet facet); // "Producteur"
struct str label_of_kinds(struct str kind);  // in the plural: "jeux de données"
