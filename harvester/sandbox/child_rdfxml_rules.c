// What of RDF/XML raptor may see. At an element or an attribute that the syntax forbids it passes over all that follows in the enclosing
// element, at worst the rest of the document; catalogues have such things (identifiers that begin with a digit, attributes of their
// own). So they are mended or left out before (RDF 1.1 XML Syntax, sections 5 and 7.2).
#include "harvester/sandbox/child_rdfxml.h"

#include <stdio.h>

#define RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define XML "http://www.w3.org/XML/1998/namespace"

struct rdfxml_name rdfxml_name(const char *name)
{
    struct str rest = str_of(name), first = rest, local = STR(""), prefix = STR("");
    str_next(&rest, '\n', &first);
    if (!rest.p)
        return (struct rdfxml_name){STR(""), first, STR("")};
    str_next(&rest, '\n', &local);
    if (rest.p)
        prefix = rest;
    return (struct rdfxml_name){first, local, prefix};
}

static bool is_one_of(struct str s, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(s, str_of(*words)))
            return true;
    return false;
}

static bool is_rdf(struct rdfxml_name name, const char *local)
{
    return str_eq(name.ns, STR(RDF)) && str_eq(name.local, str_of(local));
}

static void warn(struct rdfxml *x, enum stream_kind kind, struct rdfxml_name name, const char *why)
{
    char what[STREAM_WARNING_MAX];
    snprintf(what, sizeof what, "\"%.*s\" %s", (int)(name.local.n < 100 ? name.local.n : 100),
             name.local.p, why);
    child_warn(x->r->c, kind, expat_line(x->expat), what);
}

// Also where the attribute has no namespace, as the first RDF/XML wrote it.
static struct str attribute_of(const char **attributes, const char *local)
{
    for (; *attributes; attributes += 2) {
        struct rdfxml_name name = rdfxml_name(attributes[0]);
        if ((str_eq(name.ns, STR(RDF)) || !name.ns.n) && str_eq(name.local, str_of(local)))
            return str_of(attributes[1]);
    }
    return STR_NONE;
}

static enum rdfxml_place inside_of(enum rdfxml_place place, struct str parse_type)
{
    if (place == PLACE_LITERAL)
        return PLACE_LITERAL;
    if (place == PLACE_NODE || str_eq(parse_type, STR("Resource")))
        return PLACE_PROPERTY;
    return !parse_type.p || str_eq(parse_type, STR("Collection")) ? PLACE_NODE : PLACE_LITERAL;
}

bool rdfxml_place(struct rdfxml *x, struct rdfxml_name name, const char **attributes)
{
    static const char *const never[] = {
        "RDF",    "ID",       "about",     "bagID",           "parseType", "resource",
        "nodeID", "datatype", "aboutEach", "aboutEachPrefix", NULL};
    if (x->depth == 1 && is_rdf(name, "RDF")) {
        x->inside[1] = x->place = PLACE_NODE;
        x->typed = false;
        return true;
    }
    x->place = x->depth > 1 ? x->inside[x->depth - 1] : PLACE_NODE;
    struct str parse_type =
        x->place == PLACE_PROPERTY ? attribute_of(attributes, "parseType") : STR_NONE;
    x->typed = parse_type.p != NULL;
    x->inside[x->depth] = inside_of(x->place, parse_type);
    bool rdf = str_eq(name.ns, STR(RDF)), property = x->place == PLACE_PROPERTY;
    const char *why = NULL;
    if (x->place == PLACE_LITERAL)
        return true;
    if (!name.ns.n)
        why = "has no namespace";
    else if (rdf && (is_one_of(name.local, never) ||
                     str_eq(name.local, property ? STR("Description") : STR("li"))))
        why = property ? "is no property" : "is no node";
    if (why)
        warn(x, STREAM_LOST, name, why);
    return !why;
}

static bool is_id(struct str s) // NCName, as far as ASCII goes
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                      (unsigned char)c >= 0x80;
        if (!letter && !(i && ((c >= '0' && c <= '9') || c == '-' || c == '.')))
            return false;
    }
    return s.n > 0;
}

static void add_attribute(struct buf *b, struct str prefix, struct str local, struct str value)
{
    buf_addc(b, ' ');
    if (prefix.n) {
        buf_add(b, prefix);
        buf_addc(b, ':');
    }
    buf_add(b, local);
    buf_addz(b, "=\"");
    rdfxml_escape(b, value, true);
    buf_addc(b, '"');
}

// An identifier that is not valid. A blank node's label becomes one that is, and no other's; a node's rdf:ID becomes the IRI that it
// stands for; a property's names a statement, which nobody reads.
static void add_identifier(struct rdfxml *x, struct rdfxml_name name, struct str value)
{
    struct buf made = {0};
    bool label = str_eq(name.local, STR("nodeID"));
    buf_addz(&made, label ? "_." : "#");
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (!label || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            buf_addc(&made, c);
        else
            buf_addf(&made, ".%02x", (unsigned char)c);
    }
    if (label)
        add_attribute(&x->copy, name.prefix, name.local, buf_str(&made));
    else if (x->place == PLACE_NODE)
        add_attribute(&x->copy, name.prefix, STR("about"), buf_str(&made));
    buf_free(&made);
}

// Whether an attribute is left out; *why: as what is mended.
static bool is_left_out(const struct rdfxml *x, struct rdfxml_name name, const char **why)
{
    static const char *const bare[] = {"about", "ID",     "resource", "parseType",
                                       "type",  "nodeID", NULL};
    static const char *const never[] = {"bagID",       "aboutEach", "aboutEachPrefix", "li", "RDF",
                                        "Description", NULL};
    bool rdf = str_eq(name.ns, STR(RDF)), xml = str_eq(name.ns, STR(XML));
    if (!name.ns.n && !is_one_of(name.local, bare))
        *why = "is an attribute without namespace: it was left out";
    else if (rdf && is_one_of(name.local, never))
        *why = "is no attribute: it was left out";
    else if (x->typed && !xml && !str_eq(name.local, STR("parseType")) &&
             !str_eq(name.local, STR("ID")))
        *why = "cannot stand beside rdf:parseType: it was left out";
    return *why != NULL;
}

static void add_checked(struct rdfxml *x, struct rdfxml_name name, struct str value, bool *named)
{
    const char *why = NULL;
    bool rdf = str_eq(name.ns, STR(RDF)) || !name.ns.n;
    bool id = rdf && (str_eq(name.local, STR("ID")) || str_eq(name.local, STR("nodeID")));
    bool identifies = x->place == PLACE_NODE && (id || (rdf && str_eq(name.local, STR("about"))));
    if (is_left_out(x, name, &why)) {
        // told below
    } else if (identifies && *named) {
        why = "is a second identifier: it was left out";
    } else if (id && !is_id(value)) {
        why = "is not a valid identifier: it was made one";
        add_identifier(x, name, value);
    } else {
        add_attribute(&x->copy, name.prefix, name.local, value);
    }
    *named = *named || identifies;
    if (why)
        warn(x, STREAM_MENDED, name, why);
}

void rdfxml_attributes(struct rdfxml *x, const char **attributes)
{
    bool named = false; // a node has its identifier
    for (; *attributes; attributes += 2) {
        struct rdfxml_name name = rdfxml_name(attributes[0]);
        struct str value = str_of(attributes[1]);
        if (x->place == PLACE_LITERAL)
            add_attribute(&x->copy, name.prefix, name.local, value);
        else
            add_checked(x, name, value, &named);
    }
}
