// raptor in the child: set up before confinement, since it loads its libraries' tables then; never given an address to fetch, nor a
// file. Statements go out as messages; what is over its bound is cut (texts) or lost (IRIs), and told.
#include "harvester/sandbox/child_rdf.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name;
    enum rdf_syntax syntax;
} syntaxes[] = {
    {"rdfxml", SYNTAX_RDFXML},     {"turtle", SYNTAX_TURTLE}, {"trig", SYNTAX_TRIG},
    {"ntriples", SYNTAX_NTRIPLES}, {"nquads", SYNTAX_NQUADS},
};

static void on_log(void *arg, raptor_log_message *m)
{
    struct child_rdf *r = arg;
    if (m->level < RAPTOR_LOG_LEVEL_ERROR || r->complaints++)
        return;
    r->complaint_line = m->locator && m->locator->line > 0 ? (unsigned)m->locator->line : 0;
    snprintf(r->complaint, sizeof r->complaint, "%s", m->text);
}

void rdf_forget_complaints(struct child_rdf *r)
{
    r->complaints = 0;
}

struct child_rdf *child_rdf_new(struct child *c, const char *format, const char *base)
{
    struct child_rdf *r = xcalloc(1, sizeof *r);
    r->c = c;
    bool known = false;
    for (size_t i = 0; i < sizeof syntaxes / sizeof *syntaxes; i++)
        if (strcmp(format, syntaxes[i].name) == 0) {
            known = true;
            r->syntax = syntaxes[i].syntax;
        }
    r->world = known ? raptor_new_world() : NULL;
    if (r->world) {
        raptor_world_set_flag(r->world, RAPTOR_WORLD_FLAG_WWW_SKIP_INIT_FINISH, 1);
        raptor_world_set_log_handler(r->world, r, on_log);
    }
    if (r->world && raptor_world_open(r->world) == 0) {
        // '!' is in no label that a document can write, so what it calls "genid1" is not what raptor does.
        raptor_world_set_generate_bnodeid_parameters(r->world, "!", 1);
        r->base = raptor_new_uri(r->world, (const unsigned char *)base);
    }
    if (r->base)
        return r;
    child_rdf_free(r);
    return NULL;
}

void child_rdf_free(struct child_rdf *r)
{
    if (!r)
        return;
    if (r->base)
        raptor_free_uri(r->base);
    if (r->world)
        raptor_free_world(r->world);
    buf_free(&r->iri);
    free(r);
}

size_t rdf_hide(unsigned char byte, char out[4])
{
    out[0] = (char)0xF4;
    out[1] = (char)0x8F;
    out[2] = (char)(0xA0 | byte >> 6);
    out[3] = (char)(0x80 | (byte & 0x3F));
    return 4;
}

// An IRI as the document has it: what rdf_hide hid comes back.
static struct str shown(struct child_rdf *r, struct str iri)
{
    if (!memchr(iri.p, 0xF4, iri.n))
        return iri;
    buf_clear(&r->iri);
    for (size_t i = 0; i < iri.n; i++) {
        const unsigned char *p = (const unsigned char *)iri.p + i;
        if (i + 4 <= iri.n && p[0] == 0xF4 && p[1] == 0x8F && (p[2] & 0xFE) == 0xA0) {
            buf_addc(&r->iri, (char)((p[2] & 1) << 6 | (p[3] & 0x3F)));
            i += 3;
        } else {
            buf_addc(&r->iri, (char)p[0]);
        }
    }
    return buf_str(&r->iri);
}

static struct str of_uri(raptor_uri *uri)
{
    size_t n;
    const unsigned char *p = raptor_uri_as_counted_string(uri, &n);
    return str_slice((const char *)p, n);
}

// The bytes that a term is sent as.
static struct str value_of(struct child_rdf *r, const raptor_term *term)
{
    switch (term->type) {
    case RAPTOR_TERM_TYPE_URI:
        return shown(r, of_uri(term->value.uri));
    case RAPTOR_TERM_TYPE_BLANK:
        return str_of((const char *)term->value.blank.string);
    case RAPTOR_TERM_TYPE_LITERAL:
        return str_slice((const char *)term->value.literal.string, term->value.literal.string_len);
    default:
        return STR_NONE;
    }
}

static void send_term(struct child_rdf *r, const raptor_term *term)
{
    // As enum rdf_kind (harvester/rdf/rdf.h): IRI, blank node, literal.
    bool literal = term->type == RAPTOR_TERM_TYPE_LITERAL;
    child_add_byte(r->c, literal ? 2 : term->type == RAPTOR_TERM_TYPE_BLANK ? 1 : 0);
    child_add_text(r->c, str_cut_utf8(value_of(r, term), STREAM_LITERAL_MAX));
    if (!literal)
        return;
    struct str language = str_of((const char *)term->value.literal.language);
    child_add_text(r->c, language.n > STREAM_LANGUAGE_MAX ? STR("") : language);
    child_add_text(r->c, term->value.literal.datatype
                             ? shown(r, of_uri(term->value.literal.datatype))
                             : STR(""));
}

static bool is_datatype(raptor_uri *uri)
{
    struct str s = of_uri(uri);
    return s.n <= STREAM_IRI_MAX && utf8_valid(s) && !memchr(s.p, '\0', s.n);
}

// What keeps a statement from being sent; NULL: nothing.
static const char *trouble(struct child_rdf *r, const raptor_statement *s)
{
    const raptor_term *const terms[] = {s->subject, s->predicate, s->object};
    for (int i = 0; i < 3; i++) {
        bool literal = terms[i]->type == RAPTOR_TERM_TYPE_LITERAL;
        struct str value = value_of(r, terms[i]);
        if (!utf8_valid(value) || (value.n && memchr(value.p, '\0', value.n)))
            return "an escape stands for no character";
        if (!literal && !value.n)
            return "an IRI is empty";
        if (!literal && value_of(r, terms[i]).n > STREAM_IRI_MAX)
            return "an IRI is too long";
        if (literal && (i < 2 || (terms[i]->value.literal.datatype &&
                                  !is_datatype(terms[i]->value.literal.datatype))))
            return "a literal stands where it may not, or its datatype is no IRI";
    }
    return s->predicate->type == RAPTOR_TERM_TYPE_URI ? NULL : "a predicate is no IRI";
}

static void on_statement(void *arg, raptor_statement *s)
{
    struct child_rdf *r = arg;
    const char *why = trouble(r, s);
    if (why) {
        if (!r->complaints++)
            snprintf(r->complaint, sizeof r->complaint, "%s", why);
        return;
    }
    child_begin(r->c, STREAM_TRIPLE);
    send_term(r, s->subject);
    child_add_text(r->c, value_of(r, s->predicate));
    send_term(r, s->object);
    child_end(r->c);
    if (value_of(r, s->object).n > STREAM_LITERAL_MAX)
        child_warn(r->c, STREAM_MENDED, 0, "a text was cut: it is over 1 MB");
}

raptor_parser *rdf_parser_new(struct child_rdf *r, const char *name)
{
    raptor_parser *p = raptor_new_parser(r->world, name);
    if (!p) {
        child_fail(r->c, ERR_MEMORY, 0, "The parser takes too much memory.");
        return NULL;
    }
    raptor_parser_set_statement_handler(p, r, on_statement);
    raptor_parser_set_option(p, RAPTOR_OPTION_STRICT, NULL, 0);
    raptor_parser_set_option(p, RAPTOR_OPTION_NO_NET, NULL, 1);
    raptor_parser_set_option(p, RAPTOR_OPTION_NO_FILE, NULL, 1);
    raptor_parser_set_option(p, RAPTOR_OPTION_LOAD_EXTERNAL_ENTITIES, NULL, 0);
    // Else every rdf:ID is remembered: memory would grow with the file.
    raptor_parser_set_option(p, RAPTOR_OPTION_CHECK_RDF_ID, NULL, 0);
    return p;
}

void child_rdf_read(struct child_rdf *r)
{
    if (r->syntax == SYNTAX_RDFXML)
        rdfxml_read(r);
    else
        statements_read(r);
}
