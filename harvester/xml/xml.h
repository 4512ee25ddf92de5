// XML as a tree. The bytes are parsed by expat in a child process that can do nothing else (harvester/sandbox); what comes back is
// a stream of elements and texts, built into a tree here. DOCTYPEs are refused, so no entity but XML's own five exists.
//
// A tree lives in the arena that it was made in. Names are expanded: namespace and local name, prefixes are gone (XML Namespaces
// 1.0). Blocks: on workers only.
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum {
    XML_DEPTH_MAX = 64,
    XML_NODES_MAX = 2000000,  // elements of one document
    XML_TREE_MAX = 768 << 20, // bytes of its tree
};

struct xml_attribute {
    struct str ns, name, value; // ns empty: none
};

struct xml_node {
    struct str ns, name;
    struct str text; // its own text, that of its children left out; not trimmed
    const struct xml_attribute *attributes;
    size_t attribute_count;
    struct xml_node *parent, *first, *next; // next: its sibling
    unsigned line;                          // in the document, for errors
    size_t at; // where it stands in its parent's text: how much of that is before it
};

// Parses a document. NULL: ERR_PARSE with the line (not XML, DOCTYPE, too deep, too many elements), or the child's end
// (ERR_REFUSED: over its limits; ERR_INTERNAL: it died, or cannot be started). err_where is left to the caller.
struct xml_node *xml_read(struct str document, struct arena *a, struct err *e);

// The first child of that name; `ns` NULL: in any namespace. NULL when there is none, or node is NULL.
const struct xml_node *xml_child(const struct xml_node *node, const char *ns, const char *name);
// The next sibling of that name.
const struct xml_node *xml_sibling(const struct xml_node *node, const char *ns, const char *name);
// The first node down a path of local names, "identificationInfo/*/citation/CI_Citation/title", "*" being any element: every branch
// is tried. Namespaces do not matter (ISO 19139 and 19115-3 differ in little else). NULL when there is none, or node is NULL.
const struct xml_node *xml_find(const struct xml_node *node, const char *path);
// Every node down that path, in document order, at most `most`; an array in the arena.
const struct xml_node **xml_find_all(const struct xml_node *node, const char *path, size_t most,
                                     struct arena *a, size_t *n);
// An attribute's value, trimmed; `ns` NULL: in any namespace. {NULL, 0} when it is not there, or node is NULL.
struct str xml_attribute(const struct xml_node *node, const char *ns, const char *name);
// All the text in a node and below it, in the order of the document, trimmed; in the arena when it is in pieces. {NULL, 0} when there is none, or node is NULL.
struct str xml_text(const struct xml_node *node, struct arena *a);
// xml_text of xml_find.
struct str xml_text_at(const struct xml_node *node, const char *path, struct arena *a);
