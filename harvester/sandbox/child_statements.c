// Turtle, TriG, N-Triples and N-Quads in the child. raptor keeps a whole Turtle document in memory (584 MB for one of 300 MB, with
// raptor 2.0.15), and stops at its first error. So it gets the document in batches of statements, each a small document with the
// prefixes seen so far at its head: memory is bounded by the largest statement. Where a batch has an error, its statements are parsed
// again one by one, and only the wrong one is lost. All four are fed as Turtle, which they are once cut into statements.
#include "harvester/sandbox/child_splitter.h"

#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 128 * 1024, PIECE = 64 * 1024, HEAD_MAX = 256 * 1024, DIRECTIVES_MAX = 2000 };

struct place {
    size_t at, n;
    unsigned line;
};

struct feeding {
    struct child_rdf *r;
    struct buf head;  // directives, each ended by '.'
    struct buf batch; // statements, each ended by '.'
    struct place *places;
    size_t count, room;
    struct place directive[DIRECTIVES_MAX]; // in `head`
    size_t directives, since_base;
};

// One document for raptor, its triples among the messages. False when it complained.
static bool parse(struct feeding *f, struct str statements)
{
    struct child_rdf *r = f->r;
    raptor_parser *p = rdf_parser_new(r, "turtle");
    if (!p)
        return false;
    rdf_forget_complaints(r);
    int rc = raptor_parser_parse_start(p, r->base);
    if (f->head.n)
        rc |= raptor_parser_parse_chunk(p, (const unsigned char *)f->head.p, f->head.n, 0);
    rc |= raptor_parser_parse_chunk(p, (const unsigned char *)statements.p, statements.n, 1);
    raptor_free_parser(p);
    if (rc && !r->complaints++)
        snprintf(r->complaint, sizeof r->complaint, "syntax error");
    return !r->complaints;
}

static void flush_batch(struct feeding *f)
{
    struct child *c = f->r->c;
    size_t before = c->messages.n;
    if (f->count && !c->ended && !parse(f, buf_str(&f->batch)) && !c->ended) {
        c->messages.n = before;
        for (size_t i = 0; i < f->count && !c->ended; i++) {
            struct place *s = &f->places[i];
            if (!parse(f, str_slice(f->batch.p + s->at, s->n)) && !c->ended)
                child_warn(c, STREAM_LOST, s->line, f->r->complaint);
            child_flush_some(c);
        }
    }
    child_flush_some(c);
    buf_clear(&f->batch);
    f->count = 0;
}

// What a directive sets: "@prefix ex:" or "@base".
static struct str name_of(struct str directive)
{
    ptrdiff_t end = str_find_char(directive, '<');
    return end < 0 ? directive : str_trim(str_slice(directive.p, (size_t)end));
}

static bool is_known(const struct feeding *f, struct str directive)
{
    struct str name = name_of(directive);
    for (size_t i = f->directives; i-- > f->since_base;) {
        struct str other = str_slice(f->head.p + f->directive[i].at, f->directive[i].n);
        if (str_eq(name_of(other), name))
            return str_eq(other, directive);
    }
    return false;
}

// Keeps a directive for what follows, unless the last one of its name says the same.
static bool add_directive(struct feeding *f, const struct statement *s)
{
    struct child *c = f->r->c;
    struct buf one = {0};
    bool good = true;
    if (s->text.p[0] != '@')
        buf_addc(&one, '@');
    buf_add(&one, s->text);
    buf_addz(&one, " .\n");
    for (size_t i = 1; i < one.n && one.p[i] >= 'A' && one.p[i] <= 'Z'; i++)
        one.p[i] = (char)(one.p[i] + 32); // "PREFIX": "@prefix" is in lower case
    if (!is_known(f, buf_str(&one))) {
        flush_batch(f);
        if (f->directives == DIRECTIVES_MAX || f->head.n + one.n > HEAD_MAX) {
            good = child_fail(c, ERR_REFUSED, s->line, "The document sets too many prefixes.");
        } else if (!parse(f, buf_str(&one))) {
            good = !c->ended;
            child_warn(c, STREAM_LOST, s->line, f->r->complaint);
        } else {
            f->directive[f->directives++] = (struct place){f->head.n, one.n, s->line};
            buf_add(&f->head, buf_str(&one));
            // The same prefix behind another base may be another.
            if (str_starts(buf_str(&one), STR("@base")))
                f->since_base = f->directives - 1;
        }
    }
    buf_free(&one);
    return good;
}

static bool on_statement(void *arg, const struct statement *s)
{
    struct feeding *f = arg;
    struct child *c = f->r->c;
    for (size_t i = 0; i < s->mended; i++)
        child_warn(c, STREAM_MENDED, s->line, "an IRI or a language tag holds what it may not");
    if (s->bad) {
        child_warn(c, STREAM_LOST, s->line, s->bad);
        return true;
    }
    if (s->directive)
        return add_directive(f, s) && !c->ended;
    if (f->count == f->room) {
        f->room = f->room ? 2 * f->room : 256;
        f->places = xrealloc(f->places, f->room * sizeof *f->places);
    }
    f->places[f->count++] = (struct place){f->batch.n, s->text.n + 3, s->line};
    buf_add(&f->batch, s->text);
    buf_addz(&f->batch, " .\n");
    if (f->batch.n > BATCH)
        flush_batch(f);
    return !c->ended;
}

void statements_read(struct child_rdf *r)
{
    static char bytes[PIECE];
    static struct feeding f;
    f = (struct feeding){.r = r};
    struct splitter s = {.syntax = r->syntax, .statement = on_statement, .arg = &f};
    struct decode decode = {0};
    struct buf text = {0};
    struct err e = {0};
    size_t n, told = 0;
    unsigned line = 0;
    do {
        n = child_read(r->c, bytes, sizeof bytes);
        buf_clear(&text);
        if (!decode_add(&decode, str_slice(bytes, n), n == 0, &text, &e))
            child_fail(r->c, e.code, 1, "%s", e.what);
        for (; told < decode.mended; told++)
            child_warn(r->c, STREAM_MENDED, decode.mended_line,
                       "a character that text does not hold was replaced");
    } while (splitter_add(&s, buf_str(&text)) && n && !r->c->ended);
    bool whole = splitter_end(&s, &line);
    flush_batch(&f);
    if (!whole)
        child_fail(r->c, ERR_PARSE, line, "The document ends inside a statement.");
    child_done(r->c);
    splitter_free(&s);
    decode_free(&decode);
    buf_free(&f.head);
    buf_free(&f.batch);
    buf_free(&text);
    free(f.places);
}
