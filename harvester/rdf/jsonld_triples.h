// Inside the JSON-LD reader: triples of expanded elements (section 7 of the specification, without its node map). A list becomes its
// values, in order: catalogues mean no more by it, and nothing here asks for rdf:first. Names of graphs are left out, their nodes not.
#pragma once

#include "harvester/rdf/rdf.h"

#include <jansson.h>

struct jsonld_triples {
    struct rdf_reading *reading;
    struct arena *arena;
    uint64_t blanks; // made so far
    struct err *e;
};

// The term of a node by its @id; a new blank node when it has none. Labels are the file's own behind an 'n', or numbers behind a 'g'.
struct rdf_term jsonld_subject(struct jsonld_triples *t, const json_t *node);
// What an expanded node says, and the nodes in it, under this subject. False when the reader of triples stops.
bool jsonld_node_triples(struct jsonld_triples *t, const json_t *node, struct rdf_term subject);
// An expanded element: a node, or an array of nodes.
bool jsonld_triples(struct jsonld_triples *t, const json_t *expanded);
