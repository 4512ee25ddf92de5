// Turtle, TriG, N-Triples and N-Quads cut into statements, as the bytes come (Turtle 1.1, TriG 1.1, N-Triples 1.1, N-Quads 1.1): only
// strings, IRIs, comments and brackets are understood, the rest is raptor's. Names of graphs are dropped: what is inside is a
// statement like any other. Characters that no IRI may hold are hidden (rdf_hide), and counted.
#pragma once

#include "harvester/sandbox/child_rdf.h"

enum { STATEMENT_MAX = 16 << 20 };

struct statement {
    struct str text; // without its final '.'; valid until the next call
    unsigned line;   // where it begins
    bool directive;  // @prefix, @base
    size_t mended;   // IRIs and language tags
    const char *bad; // why it must not be parsed; NULL: nothing
};

struct splitter {
    enum rdf_syntax syntax;
    // Called for each statement; false stops.
    bool (*statement)(void *arg, const struct statement *s);
    void *arg;

    // Its own.
    struct buf text;
    unsigned line, begun; // begun: the line of the statement's first byte
    int state;
    char quote;
    unsigned quotes, depth, terms;
    bool long_string, escaped, dot, keyword, too_long, too_deep, stopped;
    bool named;            // the IRI being read is a term of its own, not a datatype
    size_t mended, fourth; // fourth: where an N-Quads statement's graph begins; 0: none
    char before;           // the last byte of the statement that is not in a string, IRI or comment
};

// False when a callback stopped it.
bool splitter_add(struct splitter *s, struct str bytes);
// At the end of the document. False when it ends inside a statement: *line is where that begins.
bool splitter_end(struct splitter *s, unsigned *line);
void splitter_free(struct splitter *s);
