// The copy of an RDF/XML document that raptor is given, while it is made: see child_rdfxml.c.
#pragma once

#include "harvester/sandbox/child_expat.h"
#include "harvester/sandbox/child_rdf.h"

// What stands where, by turns (RDF 1.1 XML Syntax, section 2): nodes hold properties, properties hold nodes.
enum rdfxml_place { PLACE_NODE, PLACE_PROPERTY, PLACE_LITERAL };

struct rdfxml {
    struct child_rdf *r;
    XML_Parser expat;
    raptor_parser *raptor;
    struct buf copy;       // for raptor
    struct buf namespaces; // declared on the element that comes
    unsigned lines;        // line ends written into the copy
    unsigned depth, entities;
    unsigned skipped; // the depth of the element that is left out with all in it; 0: none
    enum rdfxml_place inside[CHILD_DEPTH_MAX + 1]; // what the children of each open element are
    enum rdfxml_place place;                       // of the newest element
    bool typed;                                    // it has rdf:parseType
    size_t text;                                   // bytes of text since the last tag
    struct decode decode;
    size_t mended; // of decode.mended, those told
};

struct rdfxml_name {
    struct str ns, local, prefix;
};

// A name as expat gives it: "namespace\nlocal\nprefix", the first and the last where there are any.
struct rdfxml_name rdfxml_name(const char *name);
void rdfxml_escape(struct buf *b, struct str s, bool attribute);
// Finds the place of the element that begins. False, and a LOST message, when it may not stand there.
bool rdfxml_place(struct rdfxml *x, struct rdfxml_name name, const char **attributes);
// Adds its attributes to the copy: those that may not be there are left out, identifiers made valid; each with a MENDED message.
void rdfxml_attributes(struct rdfxml *x, const char **attributes);
