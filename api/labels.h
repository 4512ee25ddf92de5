// Names in French for the values of filters, where the index holds none: what people read instead of codes.
#pragma once

#include "indexer/index/fields.h"

// The label of a facet's value; the value itself when there is none. Static, or borrowed from `value`.
struct str label_of(enum facet facet, struct str value);
struct str label_of_facet(enum facet facet); // "Producteur"
struct str label_of_kinds(struct str kind);  // in the plural: "jeux de données"
