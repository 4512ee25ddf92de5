// A graph of triples of any size, kept in a temporary SQLite file that no one else sees: memory is bounded by SQLite's page cache,
// whatever the file and the order of its triples. Written once, then sealed, then read. One thread at a time.
#pragma once

#include "harvester/rdf/rdf.h"

struct graph;

// The file is made in `folder` and unlinked at once. NULL and ERR_IO when it cannot be.
struct graph *graph_new(const char *folder, struct err *e);
void graph_free(struct graph *g); // NULL is accepted
// Not after graph_seal. Duplicates are dropped when it is sealed. Texts over 256 KB are cut. ERR_REFUSED: more than 65 536 different
// predicates, languages and datatypes.
bool graph_add(struct graph *g, const struct rdf_triple *triple, struct err *e);
bool graph_seal(struct graph *g, struct err *e);
int64_t graph_size(const struct graph *g); // triples

struct rdf_property {
    struct str predicate;
    struct rdf_term value;
};

struct rdf_node {
    struct rdf_term term;
    const struct rdf_property *properties; // in the order of the file
    size_t n;
    size_t cut; // properties left out
};

enum {
    GRAPH_PROPERTIES_MAX = 5000
}; // of one node, and 32 MB; of more each predicate has its share, and `cut` counts the others

// The subjects with rdf:type `type`, in the order of the file, from the one behind `*after` (0: the first); at most `limit`. *after moves.
bool graph_of_type(struct graph *g, struct str type, int64_t *after, size_t limit, struct arena *a,
                   struct rdf_term **out, size_t *n, struct err *e);
// What is said of a term; n is 0 when nothing is (or when it is a literal).
bool graph_describe(struct graph *g, const struct rdf_term *term, struct arena *a,
                    struct rdf_node *out, struct err *e);
// The subjects that point to the term with this predicate, at most `limit`.
bool graph_pointing(struct graph *g, struct str predicate, const struct rdf_term *object,
                    size_t limit, struct arena *a, struct rdf_term **out, size_t *n, struct err *e);

// Of a node: the n-th value of a predicate, NULL when there are not so many.
const struct rdf_term *rdf_value(const struct rdf_node *node, struct str predicate, size_t n);
