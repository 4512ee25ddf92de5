// Where a real answer departs from what a driver expects: fields that are new, gone, or of another type. What is expected is the
// driver's own list, harvester/drivers/fields/<type>.tsv: a path, the types it may have ("string,null"; "!" behind: always there), where
// it ends in the record. Lists may stand one behind the other, each with its header. In a path "[]" is any element of an array, "*" one name whatever it is, "**" all that lies below.
//
// JSON: "result.results[].title". XML: local names "MD_Metadata/fileIdentifier", attributes "MD_Metadata@uuid". RDF: "dcat:Dataset
// dct:title". No state but the struct's own; one thread.
#pragma once

#include "base/json.h"
#include "harvester/rdf/rdf.h"

struct shape;

// From the text of a list. NULL and ERR_CONFIG, with the line, when it is none. Borrows the text.
struct shape *shape_new(struct str list, struct err *e);
void shape_free(struct shape *s); // NULL is accepted

// Notes that something of that type was met at that path: "string", "number", "boolean", "object", "array", "null". Both are copied.
void shape_see(struct shape *s, struct str path, const char *type);
// Every value of a JSON document, at most SHAPE_VALUES_MAX of them.
enum { SHAPE_VALUES_MAX = 200000, SHAPE_PATHS_MAX = 2000 };
void shape_see_json(struct shape *s, const json_t *document);
// The same below a path: of one element of a list that is read piece by piece.
void shape_see_json_at(struct shape *s, struct str path, const json_t *value);

// The first SHAPE_TRIPLES_MAX triples of a document: what each node of a class that the list knows says. A node without such a class has
// that of nodes that are pointed to as it is. The reading's `triple` and `arg` are set here. False when it cannot be read to that point.
// Blocks: a child process parses it.
enum { SHAPE_TRIPLES_MAX = 200000 };
bool shape_see_rdf(struct shape *s, struct rdf_reading *reading);

enum departure_kind { FIELD_NEW, FIELD_GONE, FIELD_OTHER_TYPE };
struct departure {
    enum departure_kind kind;
    struct str path;
    struct str expected, met; // types
    int64_t count;            // values met so; of a field that is gone: of what it should be in
};
// Whether the list is of JSON, or of RDF; else it is of XML. Whether a path of it begins with that name.
bool shape_is_json(const struct shape *s);
bool shape_is_rdf(const struct shape *s);
bool shape_begins(const struct shape *s, struct str name);

// What departs, in the order of the paths. A field below one that is new is not told besides. The array lives in the arena.
struct departure *shape_departures(struct shape *s, struct arena *a, size_t *n);
