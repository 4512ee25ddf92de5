// RDF/XML in the child. expat reads the document, and is the only one to see it: raptor gets a plain copy of what expat found, written
// anew, without DOCTYPE, entities, CDATA, comments or instructions, and no deeper than CHILD_DEPTH_MAX (raptor takes minutes for 30 000
// levels). Line ends are kept, so raptor's line numbers are right. What raptor would stumble over is mended or left out
// (child_rdfxml_rules.c), since it then passes over all that follows.
//
// RDF/XML is often written with a DOCTYPE that gives names to namespaces, <!ENTITY xsd "http://www.w3.org/2001/XMLSchema#">. Such an
// internal subset is taken when it holds nothing but a few entities of plain text: none that holds another, so none that grows; none
// of a file. Anything else in a DOCTYPE is refused.
#include "harvester/sandbox/child_rdfxml.h"

enum { ENTITIES_MAX = 200, ENTITY_MAX = 1024 };

static void refuse(struct rdfxml *x, const char *why)
{
    child_fail(x->r->c, ERR_PARSE, expat_line(x->expat), "%s", why);
    XML_StopParser(x->expat, XML_FALSE);
}

void rdfxml_escape(struct buf *b, struct str s, bool attribute)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *instead = NULL;
        switch (s.p[i]) {
        case '&':
            instead = "&amp;";
            break;
        case '<':
            instead = "&lt;";
            break;
        case '>':
            instead = "&gt;";
            break;
        case '\r':
            instead = "&#13;";
            break;
        case '"':
            instead = attribute ? "&quot;" : NULL;
            break;
        case '\t':
            instead = attribute ? "&#9;" : NULL;
            break;
        case '\n':
            instead = attribute ? "&#10;" : NULL;
            break;
        default:
            break;
        }
        if (!instead)
            continue;
        buf_add(b, str_slice(s.p + from, i - from));
        buf_addz(b, instead);
        from = i + 1;
    }
    buf_add(b, str_slice(s.p + from, s.n - from));
}

// Line ends, where white space means nothing, until the copy is on the line of the document.
static void keep_line(struct rdfxml *x)
{
    for (unsigned line = expat_line(x->expat); x->lines + 1 < line; x->lines++)
        buf_addc(&x->copy, '\n');
}

// The name as it was written.
static void add_name(struct buf *b, struct rdfxml_name name)
{
    if (name.prefix.n) {
        buf_add(b, name.prefix);
        buf_addc(b, ':');
    }
    buf_add(b, name.local);
}

static void XMLCALL on_namespace(void *arg, const char *prefix, const char *uri)
{
    struct rdfxml *x = arg;
    buf_addz(&x->namespaces, prefix ? " xmlns:" : " xmlns");
    buf_addz(&x->namespaces, prefix ? prefix : "");
    buf_addz(&x->namespaces, "=\"");
    rdfxml_escape(&x->namespaces, str_of(uri), true);
    buf_addc(&x->namespaces, '"');
}

static void XMLCALL on_start(void *arg, const char *name, const char **attributes)
{
    struct rdfxml *x = arg;
    x->depth++;
    x->text = 0;
    if (x->depth > CHILD_DEPTH_MAX) {
        refuse(x, "Elements are nested deeper than 64 levels.");
    } else if (!x->skipped && !rdfxml_place(x, rdfxml_name(name), attributes)) {
        x->skipped = x->depth;
    } else if (!x->skipped) {
        buf_addc(&x->copy, '<');
        add_name(&x->copy, rdfxml_name(name));
        keep_line(x);
        buf_add(&x->copy, buf_str(&x->namespaces));
        rdfxml_attributes(x, attributes);
        buf_addc(&x->copy, '>');
    }
    buf_clear(&x->namespaces);
}

static void XMLCALL on_end(void *arg, const char *name)
{
    struct rdfxml *x = arg;
    x->text = 0;
    if (!x->skipped) {
        buf_addz(&x->copy, "</");
        add_name(&x->copy, rdfxml_name(name));
        keep_line(x);
        buf_addc(&x->copy, '>');
    } else if (x->skipped == x->depth) {
        x->skipped = 0;
    }
    x->depth--;
}

static void XMLCALL on_text(void *arg, const char *p, int n)
{
    struct rdfxml *x = arg;
    // A little more than a literal may have, so that it is raptor's that is cut, and at a character.
    size_t over = STREAM_LITERAL_MAX + 8;
    x->text += (size_t)n;
    if (x->text > over || x->skipped)
        return;
    struct str s = str_slice(p, (size_t)n);
    for (size_t i = 0; i < s.n; i++)
        x->lines += s.p[i] == '\n';
    rdfxml_escape(&x->copy, s, false);
}

static void XMLCALL on_doctype(void *arg, const char *name, const char *system, const char *public,
                               int internal)
{
    (void)name, (void)internal;
    if (system || public)
        refuse(arg, "The DOCTYPE names a file, which is refused.");
}

static void XMLCALL on_entity(void *arg, const char *name, int parameter, const char *value, int n,
                              const char *base, const char *system, const char *public,
                              const char *notation)
{
    struct rdfxml *x = arg;
    (void)name, (void)base;
    if (parameter || !value || system || public || notation)
        refuse(x, "The DOCTYPE has an entity that is no plain text, which is refused.");
    else if (n > ENTITY_MAX || ++x->entities > ENTITIES_MAX)
        refuse(x, "The DOCTYPE has too many entities, or too long ones.");
    else if (memchr(value, '&', (size_t)n) || memchr(value, '<', (size_t)n))
        refuse(x, "The DOCTYPE has an entity that holds another, which is refused.");
}

static void XMLCALL on_attlist(void *arg, const char *element, const char *attribute,
                               const char *type, const char *value, int required)
{
    (void)element, (void)attribute, (void)type, (void)value, (void)required;
    refuse(arg, "The DOCTYPE declares attributes, which is refused.");
}

// Tells what raptor complained of. False when it gave up.
static bool told(struct rdfxml *x, int rc)
{
    struct child_rdf *r = x->r;
    if (rc)
        return child_fail(
            r->c, ERR_PARSE, r->complaint_line ? r->complaint_line : expat_line(x->expat),
            "This is not RDF/XML: %s", r->complaints ? r->complaint : "the parser gave up");
    for (size_t i = 0; i < r->complaints; i++)
        child_warn(r->c, STREAM_LOST, r->complaint_line ? r->complaint_line : expat_line(x->expat),
                   r->complaint);
    rdf_forget_complaints(r);
    return true;
}

static bool feed(void *arg)
{
    struct rdfxml *x = arg;
    for (; x->mended < x->decode.mended; x->mended++)
        child_warn(x->r->c, STREAM_MENDED, x->decode.mended_line,
                   "a character that XML does not allow was replaced");
    if (!x->copy.n)
        return true; // nothing at all would be taken for the end
    int rc = raptor_parser_parse_chunk(x->raptor, (const unsigned char *)x->copy.p, x->copy.n, 0);
    buf_clear(&x->copy);
    return told(x, rc);
}

void rdfxml_read(struct child_rdf *r)
{
    struct rdfxml x = {.r = r, .decode = {.xml = true}};
    x.expat = XML_ParserCreateNS("UTF-8", '\n');
    x.raptor = x.expat ? rdf_parser_new(r, "rdfxml") : NULL;
    if (!x.expat)
        child_fail(r->c, ERR_MEMORY, 0, "The parser takes too much memory.");
    if (x.raptor) {
        XML_SetUserData(x.expat, &x);
        XML_SetReturnNSTriplet(x.expat, 1);
        XML_SetStartNamespaceDeclHandler(x.expat, on_namespace);
        XML_SetElementHandler(x.expat, on_start, on_end);
        XML_SetCharacterDataHandler(x.expat, on_text);
        XML_SetStartDoctypeDeclHandler(x.expat, on_doctype);
        XML_SetEntityDeclHandler(x.expat, on_entity);
        XML_SetAttlistDeclHandler(x.expat, on_attlist);
        raptor_parser_parse_start(x.raptor, r->base);
        if (expat_parse(r->c, x.expat, feed, &x, &x.decode) &&
            told(&x, raptor_parser_parse_chunk(x.raptor, NULL, 0, 1)))
            child_done(r->c);
        raptor_free_parser(x.raptor);
    }
    if (x.expat)
        XML_ParserFree(x.expat);
    buf_free(&x.copy);
    buf_free(&x.namespaces);
    decode_free(&x.decode);
}
