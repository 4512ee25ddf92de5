// See rdf.h. Triples come from the child as messages (harvester/sandbox/stream.h), checked here before anybody sees them.
#include "harvester/rdf/rdf.h"

#include "base/json.h"
#include "harvester/rdf/jsonld.h"
#include "harvester/sandbox/parse.h"

#include <stdio.h>

// ---- The format

static const struct {
    const char *type;
    enum rdf_format format;
} media_types[] = {
    {"application/rdf+xml", RDF_XML},
    {"text/rdf+xml", RDF_XML},
    {"application/rdf", RDF_XML},
    {"text/turtle", RDF_TURTLE},
    {"application/turtle", RDF_TURTLE},
    {"application/x-turtle", RDF_TURTLE},
    {"text/n3", RDF_TURTLE},
    {"text/rdf+n3", RDF_TURTLE},
    {"application/n-triples", RDF_NTRIPLES},
    {"text/ntriples", RDF_NTRIPLES},
    {"application/n-quads", RDF_NQUADS},
    {"text/x-nquads", RDF_NQUADS},
    {"application/trig", RDF_TRIG},
    {"application/x-trig", RDF_TRIG},
    {"application/ld+json", RDF_JSONLD},
};

static const struct {
    const char *extension;
    enum rdf_format format;
} extensions[] = {
    {".rdf", RDF_XML},       {".xml", RDF_XML},     {".owl", RDF_XML},   {".ttl", RDF_TURTLE},
    {".n3", RDF_TURTLE},     {".nt", RDF_NTRIPLES}, {".nq", RDF_NQUADS}, {".trig", RDF_TRIG},
    {".jsonld", RDF_JSONLD}, {".json", RDF_JSONLD},
};

static const char *const format_names[] = {
    [RDF_UNKNOWN] = "unknown",   [RDF_XML] = "rdfxml",    [RDF_TURTLE] = "turtle",
    [RDF_NTRIPLES] = "ntriples", [RDF_NQUADS] = "nquads", [RDF_TRIG] = "trig",
    [RDF_JSONLD] = "jsonld",
};

const char *rdf_format_name(enum rdf_format format)
{
    return format <= RDF_JSONLD ? format_names[format] : "unknown";
}

static bool starts_nocase(struct str s, struct str word)
{
    return s.n >= word.n && str_eq_nocase(str_slice(s.p, word.n), word);
}

// Past white space and comments of Turtle.
static struct str skip_blank(struct str s)
{
    while (s.n) {
        struct str line;
        if (strchr(" \t\r\n", s.p[0]) && s.p[0])
            s = str_slice(s.p + 1, s.n - 1);
        else if (s.p[0] != '#' || !str_next(&s, '\n', &line) || !s.p)
            break;
    }
    return s;
}

// "<iri> <iri> ... ." on the first line: N-Triples, or N-Quads when another IRI stands before the '.'.
static enum rdf_format by_line(struct str s)
{
    struct str line = s, subject, predicate;
    str_next(&s, '\n', &line);
    line = str_trim(line);
    if (!str_next(&line, ' ', &subject) || !str_next(&line, ' ', &predicate) || !line.p ||
        !str_starts(predicate, STR("<")) || !str_ends(predicate, STR(">")) ||
        !str_ends(line, STR(".")))
        return RDF_TURTLE;
    struct str object = str_trim(str_slice(line.p, line.n - 1));
    size_t at = object.n;
    while (at && object.p[at - 1] != '<')
        at--;
    bool quad = at > 1 && object.p[at - 2] == ' ' && str_ends(object, STR(">"));
    return quad ? RDF_NQUADS : RDF_NTRIPLES;
}

static struct str without_mark(struct str s)
{
    return str_starts(s, STR("\xEF\xBB\xBF")) ? str_slice(s.p + 3, s.n - 3) : s;
}

static bool is_html(struct str s)
{
    s = str_trim(without_mark(s));
    return starts_nocase(s, STR("<!doctype html")) || starts_nocase(s, STR("<html")) ||
           (str_starts(s, STR("<?xml")) && str_find(s, STR("<html")) >= 0);
}

static enum rdf_format by_beginning(struct str s)
{
    if (str_starts(s, str_slice("\xFF\xFE<\0", 4)) || str_starts(s, str_slice("\xFE\xFF\0<", 4)))
        return RDF_XML;
    s = skip_blank(without_mark(s));
    if (!s.n)
        return RDF_UNKNOWN;
    if (s.p[0] == '{') // of JSON, or of a graph without a name
        return str_find_char(s, '"') >= 0 || str_find_char(s, '<') < 0 ? RDF_JSONLD : RDF_TRIG;
    if (s.p[0] == '[') {
        struct str inside = skip_blank(str_slice(s.p + 1, s.n - 1));
        bool array = !inside.n || inside.p[0] == '{' || str_eq(str_trim(inside), STR("]"));
        return array ? RDF_JSONLD : RDF_TURTLE;
    }
    if (str_starts(s, STR("<?xml")) || str_starts(s, STR("<!--")) ||
        str_starts(s, STR("<!DOCTYPE")))
        return RDF_XML;
    // "<rdf:RDF xmlns", "<RDF xmlns": an IRI has no blank in it.
    ptrdiff_t close = str_find_char(s, '>');
    struct str tag = str_slice(s.p, close < 0 ? s.n : (size_t)close);
    if (s.p[0] == '<' && str_find(tag, STR("xmlns")) >= 0)
        return RDF_XML;
    if (starts_nocase(s, STR("@prefix")) || starts_nocase(s, STR("@base")) ||
        starts_nocase(s, STR("prefix ")) || starts_nocase(s, STR("base <")))
        return RDF_TURTLE;
    return s.p[0] == '<' || str_starts(s, STR("_:")) ? by_line(s) : RDF_UNKNOWN;
}

static struct str media_type(struct str s)
{
    struct str first = s;
    str_next(&s, ';', &first);
    return str_trim(first);
}

enum rdf_format rdf_format_find(struct str content_type, struct str beginning, struct str url)
{
    if (is_html(beginning))
        return RDF_UNKNOWN;
    enum rdf_format found = by_beginning(beginning);
    struct str type = media_type(content_type);
    bool markup = found == RDF_XML || found == RDF_JSONLD;
    for (size_t i = 0; i < sizeof media_types / sizeof *media_types; i++)
        if (str_eq_nocase(type, str_of(media_types[i].type))) {
            enum rdf_format said = media_types[i].format;
            // What begins as XML or JSON is no Turtle, whatever the server says.
            return markup && said != found && beginning.n ? found : said;
        }
    ptrdiff_t query = str_find_char(url, '?');
    struct str path = query < 0 ? url : str_slice(url.p, (size_t)query);
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
        struct str extension = str_of(extensions[i].extension);
        if (path.n <= extension.n ||
            !str_eq_nocase(str_slice(path.p + path.n - extension.n, extension.n), extension))
            continue;
        // Turtle's relatives begin alike: there the extension knows better.
        bool relatives = (found == RDF_TURTLE || found == RDF_NTRIPLES || found == RDF_NQUADS ||
                          found == RDF_TRIG || found == RDF_UNKNOWN) &&
                         extensions[i].format != RDF_XML && extensions[i].format != RDF_JSONLD;
        if (relatives || (found == RDF_UNKNOWN && !beginning.n))
            return extensions[i].format;
    }
    return found;
}

// ---- Reading

static bool nonsense(struct err *e)
{
    return err_set(e, ERR_INTERNAL, "The RDF parser sent what it should not.");
}

struct receiver {
    struct rdf_reading *reading;
    char languages[2][STREAM_LANGUAGE_MAX + 1];
};

// In lower case; {NULL, 0} for none, or for what is no language tag at all.
static struct str language(struct str s, char room[STREAM_LANGUAGE_MAX + 1])
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return STR_NONE;
        room[i] = c;
    }
    return s.n ? str_slice(room, s.n) : STR_NONE;
}

static bool take_term(struct receiver *v, struct str *body, unsigned which, struct rdf_term *term)
{
    unsigned kind;
    *term = (struct rdf_term){0};
    if (!parse_take_byte(body, &kind) || kind > RDF_LITERAL || !parse_take_text(body, &term->value))
        return false;
    term->kind = (enum rdf_kind)kind;
    if (kind != RDF_LITERAL)
        return term->value.n > 0 && term->value.n <= STREAM_IRI_MAX;
    struct str tag;
    if (term->value.n > STREAM_LITERAL_MAX || !parse_take_text(body, &tag) ||
        tag.n > STREAM_LANGUAGE_MAX || !parse_take_text(body, &term->datatype) ||
        term->datatype.n > STREAM_IRI_MAX)
        return false;
    term->language = language(tag, v->languages[which]);
    return true;
}

static bool take_triple(struct receiver *v, struct str body, struct err *e)
{
    struct rdf_triple t;
    if (!take_term(v, &body, 0, &t.subject) || t.subject.kind == RDF_LITERAL ||
        !parse_take_text(&body, &t.predicate) || !t.predicate.n || t.predicate.n > STREAM_IRI_MAX ||
        !take_term(v, &body, 1, &t.object) || body.n)
        return nonsense(e);
    return v->reading->triple(v->reading->arg, &t, e);
}

static bool take_warning(struct rdf_reading *r, bool lost, struct str body, struct err *e)
{
    uint32_t line;
    struct str what;
    if (!parse_take_int(&body, &line) || !parse_take_text(&body, &what) || body.n)
        return nonsense(e);
    r->lost += lost;
    if (r->warnings++)
        return true;
    const char *kept = lost ? "a statement was left out: " : "";
    if (line)
        err_set(&r->first_warning, ERR_PARSE, "line %u: %s%.*s", line, kept, STR_ARG(what));
    else
        err_set(&r->first_warning, ERR_PARSE, "%s%.*s", kept, STR_ARG(what));
    return true;
}

static bool on_message(void *arg, enum stream_kind kind, struct str body, struct err *e)
{
    struct receiver *v = arg;
    switch (kind) {
    case STREAM_TRIPLE:
        return take_triple(v, body, e);
    case STREAM_MENDED:
    case STREAM_LOST:
        return take_warning(v->reading, kind == STREAM_LOST, body, e);
    default:
        return nonsense(e);
    }
}

bool rdf_read(struct rdf_reading *r, struct err *e)
{
    r->warnings = r->lost = 0;
    r->first_warning = (struct err){0};
    if (r->format == RDF_JSONLD)
        return jsonld_read(r, e);
    if (r->format == RDF_UNKNOWN || r->format > RDF_JSONLD)
        return err_set(e, ERR_ARGUMENT, "The RDF format of the document is not known.");
    if (r->base.n > STREAM_IRI_MAX || memchr(r->base.p ? r->base.p : "", '\0', r->base.n))
        return err_set(e, ERR_ARGUMENT, "The document's address is too long to be its base.");
    char base[STREAM_IRI_MAX + 1];
    snprintf(base, sizeof base, "%.*s", STR_ARG(r->base));
    const char *const words[] = {"rdf", rdf_format_name(r->format), base, NULL};
    struct receiver v = {.reading = r};
    struct parse_job job = {.words = words, .fd = r->fd, .message = on_message, .arg = &v};
    return parse_document(&job, e);
}
