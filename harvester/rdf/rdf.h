// RDF: terms and triples, and reading them from a file. RDF/XML, Turtle, N-Triples, N-Quads and TriG are parsed by raptor2 in a child
// process (harvester/sandbox); JSON-LD by our own expansion (jsonld.h). Triples come as a stream, in the order of the file; nothing
// here grows with its size. Blocks: on workers only.
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum rdf_kind { RDF_IRI, RDF_BLANK, RDF_LITERAL };

struct rdf_term {
    enum rdf_kind kind;
    struct str
        value; // an IRI (absolute, may be invalid as catalogues' are), a blank node's label, a literal's text
    struct str language, datatype; // of a literal; empty: none. In lower case: "fr", "pt-br"
};

struct rdf_triple {
    struct rdf_term subject;
    struct str predicate;
    struct rdf_term object;
};

enum rdf_format {
    RDF_UNKNOWN,
    RDF_XML,
    RDF_TURTLE,
    RDF_NTRIPLES,
    RDF_NQUADS,
    RDF_TRIG,
    RDF_JSONLD
};

// From the media type, else from how the file begins, else from the address's extension (servers say text/plain, or application/xml).
enum rdf_format rdf_format_find(struct str content_type, struct str beginning, struct str url);
const char *rdf_format_name(enum rdf_format format);

struct rdf_reading {
    int fd;                 // read from where it stands, to its end; the caller's
    enum rdf_format format; // not RDF_UNKNOWN
    struct str base;        // an absolute IRI
    // False (with *e filled) stops the reading. What it gets is gone when it returns.
    bool (*triple)(void *arg, const struct rdf_triple *triple, struct err *e);
    void *arg;
    size_t warnings; // set: statements that the parser mended or dropped (bad IRIs, language tags)
    size_t lost; // set: how many of the warnings are statements that were dropped, whole or in part
    struct err first_warning; // set: the first of them, with its line
};
// ERR_PARSE with the line; ERR_REFUSED: over the child's limits; ERR_INTERNAL: it died; or the callback's own error.
bool rdf_read(struct rdf_reading *r, struct err *e);
