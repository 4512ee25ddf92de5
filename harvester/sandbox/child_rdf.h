// RDF inside the child: raptor's world, the statements it finds, and the two ways to feed it.
#pragma once

#include "harvester/sandbox/child.h"
#include "harvester/sandbox/child_decode.h"

#include <raptor2.h>

enum rdf_syntax { SYNTAX_RDFXML, SYNTAX_TURTLE, SYNTAX_TRIG, SYNTAX_NTRIPLES, SYNTAX_NQUADS };

struct child_rdf {
    struct child *c;
    enum rdf_syntax syntax;
    raptor_world *world;
    raptor_uri *base;
    struct buf iri; // of the statement being sent
    // What raptor complained of since these were last cleared.
    size_t complaints;
    unsigned complaint_line;
    char complaint[STREAM_WARNING_MAX];
};

// A parser that sends what it finds; NULL (and FAILED written) when there is no memory.
raptor_parser *rdf_parser_new(struct child_rdf *r, const char *name);
void rdf_forget_complaints(struct child_rdf *r);

// Bytes that no IRI may hold are fed to raptor as private characters (0xF4 0x8F and these two), and come out of it as themselves: so
// a statement is not lost for them.
size_t rdf_hide(unsigned char byte, char out[4]);

// Each reads the whole document, up to DONE or FAILED.
void rdfxml_read(struct child_rdf *r);     // child_rdfxml.c
void statements_read(struct child_rdf *r); // child_statements.c
