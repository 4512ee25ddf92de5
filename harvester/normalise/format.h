// Formats of distributions, by the table config/vocabularies/formats.tsv (loading: vocabulary.h),
// then by rules. Any thread.
#pragma once

#include "base/arena.h"

struct format {
    // "csv", "shp", "wms"; a short word of the source's when the table has none; empty when nothing
    // is told.
    struct str id;
    struct str label;      // "CSV", "Shapefile"; the id where there is no other
    struct str family;     // tabular, machine_readable, geographical, documents or other (udata's)
    struct str media_type; // the table's, else the source's if it has the shape of one; or empty
    bool known;            // the id is one of the table
};

// From what a source says of a distribution's format, its media type, its address; each may be
// absent. The first of them that the table knows wins, a file's extension before an archive's
// (data.csv.zip is csv in a zip: csv), and a generic word ("zip", "xml", "json", "service", ...)
// gives way to a precise one of the others. Strings live in the arena or as long as the tables.
struct format format_find(struct arena *a, struct str raw_format, struct str media_type,
                          struct str url);
// The table's row for an id, as stored in records; NULL when it is not there.
const struct format *format_by_id(struct str id);
// Names of the families in French for the facets; the value itself when it is not a family.
struct str format_family_label(struct str family);
