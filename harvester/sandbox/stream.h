// What the parsing child writes on its standard output, and the parent reads (design.md 2, threats.md 4.2): a run of messages, each
//
//     kind (1 byte), length of the body (4 bytes), body
//
// Integers are unsigned, little-endian. A *text* is its length (4 bytes) and that many bytes of UTF-8, without NUL. Both ends are built
// together: STREAM_VERSION moves with any change here. The parent holds every number of this page to be a lie until it is checked.
//
//     READY   version (1 byte). First of all: from here on the child is confined, and has not read a byte of the document
//   of XML:
//     NAME    namespace (text, may be empty), local name (text). It gets the next number, from 0; sent once, before its first use
//     START   line (4), number of the name (4), number of attributes (4); for each: number of its name (4), value (text)
//     TEXT    bytes of the open element's text, in pieces of at most STREAM_PIECE_MAX, never cut inside a character
//     END     closes the open element
//   of RDF:
//     TRIPLE  subject (term), predicate (text), object (term). A term: enum rdf_kind (1 byte), value (text); a literal's also has
//             language (text) and datatype (text), either may be empty
//     MENDED  line (4), what was wrong (text): the statement is kept
//     LOST    line (4), what was wrong (text): a statement, or part of one, could not be kept
//   last, one of:
//     DONE    the document was read to its end
//     FAILED  enum err_code (1 byte), line (4; 0: none), what happened (text)
//
// A stream that ends without DONE or FAILED was cut: the child died.
#pragma once

enum { STREAM_VERSION = 1, STREAM_HEAD = 5 };

enum stream_kind {
    STREAM_READY = 'r',
    STREAM_NAME = 'n',
    STREAM_START = 's',
    STREAM_TEXT = 't',
    STREAM_END = 'e',
    STREAM_TRIPLE = '3',
    STREAM_MENDED = 'm',
    STREAM_LOST = 'l',
    STREAM_DONE = 'd',
    STREAM_FAILED = 'f',
};

enum {
    STREAM_PIECE_MAX = 64 * 1024,
    STREAM_NAMES_MAX = 20000,        // different names of one XML document
    STREAM_NAME_MAX = 2048,          // bytes of a name, its namespace included
    STREAM_ATTRIBUTES_MAX = 1000,    // of one element
    STREAM_VALUES_MAX = 1 << 20,     // bytes of all attributes' values of one element
    STREAM_IRI_MAX = 8 * 1024,       // bytes of an IRI or a blank node's label
    STREAM_LITERAL_MAX = 1 << 20,    // bytes of a literal
    STREAM_LANGUAGE_MAX = 64,        //
    STREAM_WARNING_MAX = 400,        // bytes of what was wrong
    STREAM_BODY_MAX = 2 * (1 << 20), // of any message
};
