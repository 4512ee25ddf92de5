// XML in the child: what expat finds, as messages. A DOCTYPE ends it, so there are no entities but XML's own. Namespaces are
// expanded; names are sent once and then by number.
#include "harvester/sandbox/child_expat.h"

#include <stdlib.h>

enum { SLOTS = 65536 }; // over twice STREAM_NAMES_MAX: the table is never full

struct slot {
    char *name; // as expat gives it; NULL: free
    uint32_t number;
};

struct xml {
    struct child *c;
    XML_Parser parser;
    struct slot *slots;
    uint32_t names;
    unsigned depth;
    struct buf text;
};

static void stop(struct xml *x)
{
    XML_StopParser(x->parser, XML_FALSE);
}

static void send_text(struct xml *x)
{
    struct str rest = buf_str(&x->text);
    while (rest.n) {
        struct str piece = str_cut_utf8(rest, STREAM_PIECE_MAX);
        child_begin(x->c, STREAM_TEXT);
        child_add_bytes(x->c, piece);
        child_end(x->c);
        rest = str_slice(rest.p + piece.n, rest.n - piece.n);
    }
    buf_clear(&x->text);
    child_flush_some(x->c);
}

// The number of a name, "namespace\nlocal"; sent when it is new.
static bool number_of(struct xml *x, const char *name, uint32_t *number)
{
    struct str s = str_of(name);
    uint32_t hash = 2166136261u; // FNV-1a
    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.p[i]) * 16777619u;
    uint32_t at = (hash ^ hash >> 16) % SLOTS;
    for (; x->slots[at].name; at = (at + 1) % SLOTS)
        if (strcmp(x->slots[at].name, name) == 0) {
            *number = x->slots[at].number;
            return true;
        }
    unsigned line = expat_line(x->parser);
    if (s.n > STREAM_NAME_MAX)
        return child_fail(x->c, ERR_PARSE, line, "A name is over %d bytes.", STREAM_NAME_MAX);
    if (x->names == STREAM_NAMES_MAX)
        return child_fail(x->c, ERR_PARSE, line, "Over %d different names.", STREAM_NAMES_MAX);
    x->slots[at] = (struct slot){xstrdup(name), x->names};
    const char *cut = strrchr(name, '\n');
    child_begin(x->c, STREAM_NAME);
    child_add_text(x->c, cut ? str_slice(name, (size_t)(cut - name)) : STR(""));
    child_add_text(x->c, str_of(cut ? cut + 1 : name));
    child_end(x->c);
    *number = x->names++;
    return true;
}

static bool send_start(struct xml *x, const char *name, const char **attributes)
{
    unsigned line = expat_line(x->parser);
    uint32_t count = 0, number, ignored;
    size_t values = 0;
    if (++x->depth > CHILD_DEPTH_MAX)
        return child_fail(x->c, ERR_PARSE, line, "Elements are nested deeper than %d levels.",
                          CHILD_DEPTH_MAX);
    if (!number_of(x, name, &number))
        return false;
    for (; attributes[2 * count]; count++) {
        values += strlen(attributes[2 * count + 1]);
        if (count == STREAM_ATTRIBUTES_MAX || values > STREAM_VALUES_MAX)
            return child_fail(x->c, ERR_PARSE, line, "An element has too many attributes.");
        if (!number_of(x, attributes[2 * count], &ignored))
            return false;
    }
    child_begin(x->c, STREAM_START);
    child_add_int(x->c, line);
    child_add_int(x->c, number);
    child_add_int(x->c, count);
    for (uint32_t i = 0; i < count; i++) {
        number_of(x, attributes[2 * i], &number);
        child_add_int(x->c, number);
        child_add_text(x->c, str_of(attributes[2 * i + 1]));
    }
    child_end(x->c);
    child_flush_some(x->c);
    return true;
}

static void XMLCALL on_start(void *arg, const char *name, const char **attributes)
{
    struct xml *x = arg;
    send_text(x);
    if (!send_start(x, name, attributes))
        stop(x);
}

static void XMLCALL on_end(void *arg, const char *name)
{
    struct xml *x = arg;
    (void)name;
    send_text(x);
    x->depth--;
    child_begin(x->c, STREAM_END);
    child_end(x->c);
}

static void XMLCALL on_text(void *arg, const char *p, int n)
{
    struct xml *x = arg;
    buf_add(&x->text, str_slice(p, (size_t)n));
    if (x->text.n > STREAM_PIECE_MAX)
        send_text(x);
}

static void XMLCALL on_doctype(void *arg, const char *name, const char *system, const char *public,
                               int internal)
{
    struct xml *x = arg;
    (void)name, (void)system, (void)public, (void)internal;
    child_fail(
        x->c, ERR_PARSE, expat_line(x->parser),
        "The document has a DOCTYPE, which is refused: it can name files and make a document "
        "endless.");
    stop(x);
}

void child_xml(struct child *c)
{
    struct xml x = {.c = c, .slots = xcalloc(SLOTS, sizeof *x.slots)};
    struct decode decode = {.xml = true};
    x.parser = XML_ParserCreateNS("UTF-8", '\n');
    if (!x.parser) {
        child_fail(c, ERR_MEMORY, 0, "The parser takes too much memory.");
    } else {
        XML_SetUserData(x.parser, &x);
        XML_SetElementHandler(x.parser, on_start, on_end);
        XML_SetCharacterDataHandler(x.parser, on_text);
        XML_SetStartDoctypeDeclHandler(x.parser, on_doctype);
        if (expat_parse(c, x.parser, NULL, NULL, &decode))
            child_done(c);
        XML_ParserFree(x.parser);
    }
    for (size_t i = 0; i < SLOTS; i++)
        free(x.slots[i].name);
    free(x.slots);
    buf_free(&x.text);
    decode_free(&decode);
}
