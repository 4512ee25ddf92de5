// See child_splitter.h.
#include "harvester/sandbox/child_splitter.h"

enum state { PLAIN, COMMENT, IRI, STRING, LANGUAGE };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// A byte that a name, a number or a blank node's label may hold.
static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == ':' || c == '%' || c == '\\' || (unsigned char)c >= 0x80;
}

static bool by_lines(const struct splitter *s)
{
    return s->syntax == SYNTAX_NTRIPLES || s->syntax == SYNTAX_NQUADS;
}

static void put(struct splitter *s, char c)
{
    if (!s->text.n) {
        if (is_blank(c))
            return;
        s->begun = s->line;
    }
    if (s->text.n < STATEMENT_MAX)
        buf_addc(&s->text, c);
    else
        s->too_long = true;
}

static void put_hidden(struct splitter *s, char c)
{
    char bytes[4];
    size_t n = rdf_hide((unsigned char)c, bytes);
    for (size_t i = 0; i < n; i++)
        put(s, bytes[i]);
    s->mended++;
}

static void forget(struct splitter *s)
{
    buf_clear(&s->text);
    s->depth = s->terms = 0;
    s->mended = s->fourth = 0;
    s->too_long = s->too_deep = s->keyword = s->dot = false;
    s->before = ' ';
}

// Whether the statement begins with this word ("@prefix", or SPARQL's "PREFIX" in any case), and white space.
static bool begins(struct str text, struct str word)
{
    return text.n > word.n && is_blank(text.p[word.n]) &&
           str_eq_nocase(str_slice(text.p, word.n), word);
}

static void complete(struct splitter *s)
{
    struct str text = str_trim(str_slice(s->text.p, s->fourth ? s->fourth : s->text.n));
    if (by_lines(s) && str_ends(text, STR(".")))
        text = str_trim(str_slice(text.p, text.n - 1));
    if (text.n) {
        struct statement out = {.text = text,
                                .line = s->begun,
                                .directive = begins(text, STR("@prefix")) ||
                                             begins(text, STR("@base")) || s->keyword,
                                .mended = s->mended,
                                .bad = s->too_long   ? "a statement is over 16 MB"
                                       : s->too_deep ? "brackets are nested deeper than 64 levels"
                                                     : NULL};
        if (!s->statement(s->arg, &out))
            s->stopped = true;
    }
    forget(s);
}

static void term(struct splitter *s)
{
    if (s->syntax == SYNTAX_NQUADS && ++s->terms == 4)
        s->fourth = s->text.n;
}

// The byte behind a '.', which ends the statement unless it is inside a number or a name. Also where a bracket is still open: only
// that statement is then wrong.
static void behind_dot(struct splitter *s, char c)
{
    bool inside = (c >= '0' && c <= '9') || (is_name(s->before) && is_name(c));
    s->dot = false;
    if (inside) {
        put(s, '.');
        s->before = '.';
    } else {
        complete(s);
    }
}

static void bracket(struct splitter *s, char c)
{
    if (c == '[' || c == '(') {
        if (++s->depth > CHILD_DEPTH_MAX)
            s->too_deep = true;
    } else if (s->depth) {
        s->depth--;
    }
    put(s, c);
}

static void plain(struct splitter *s, char c)
{
    if (s->dot)
        behind_dot(s, c);
    if (s->before == '\\') { // "ex:a\#b"
        put(s, c);
        s->before = 'a';
        return;
    }
    switch (c) {
    case '.':
        if (!by_lines(s)) {
            s->dot = true;
            return;
        }
        put(s, c);
        break;
    case '\n':
        if (by_lines(s))
            complete(s);
        else
            put(s, c);
        break;
    case '#':
        s->state = COMMENT;
        return;
    case '<':
        s->named = s->before != '^';
        if (s->named)
            term(s);
        s->keyword = s->keyword || begins(buf_str(&s->text), STR("prefix")) ||
                     begins(buf_str(&s->text), STR("base"));
        put(s, c);
        s->state = IRI;
        break;
    case '"':
    case '\'':
        if (c == '"')
            term(s);
        put(s, c);
        s->state = STRING;
        s->quote = c;
        s->quotes = 1;
        s->long_string = s->escaped = false;
        break;
    case '[':
    case '(':
    case ']':
    case ')':
        bracket(s, c);
        break;
    case '{': // what stands before names a graph
        forget(s);
        return;
    case '}':
        complete(s);
        return;
    case '@':
        put(s, c);
        if (s->before == '"')
            s->state = LANGUAGE;
        break;
    default:
        if (c == '_' && !is_name(s->before))
            term(s);
        put(s, c);
        break;
    }
    s->before = c;
}

static void in_iri(struct splitter *s, char c)
{
    if (c == '>') {
        put(s, c);
        s->state = PLAIN;
        s->before = '>';
        if (s->keyword && !s->depth)
            complete(s);    // PREFIX and BASE have no '.'
    } else if (c == '\n') { // never closed: the statement is lost, and no more than that
        put(s, c);
        s->state = PLAIN;
        s->before = ' ';
        if (by_lines(s))
            complete(s);
    } else if ((unsigned char)c <= 0x20 || strchr("<\"{}|^`", c)) {
        put_hidden(s, c);
    } else {
        put(s, c);
    }
}

// `quotes` counts those at the beginning (1 to 3), then 0, then those that may be the end of a long string.
static void in_string(struct splitter *s, char c)
{
    bool opening = s->quotes && !s->long_string;
    if (s->escaped) {
        s->escaped = false;
    } else if (c == s->quote) {
        put(s, c);
        s->quotes++;
        if (opening && s->quotes == 3) {
            s->long_string = true;
            s->quotes = 0;
        } else if (s->long_string ? s->quotes == 3 : !opening) {
            s->state = PLAIN;
            s->before = '"';
        }
        return;
    } else if (opening && s->quotes == 2) { // "" is the empty string
        s->state = PLAIN;
        s->before = '"';
        plain(s, c);
        return;
    } else if (c == '\\') {
        s->escaped = true;
    } else if (c == '\n' && !s->long_string) { // never closed
        s->state = PLAIN;
        s->before = ' ';
        plain(s, c);
        return;
    }
    s->quotes = 0;
    put(s, c);
}

static void in_language(struct splitter *s, char c)
{
    if (c == '_') {
        put(s, '-');
        s->mended++;
    } else if (is_name(c) && c != ':' && c != '%' && c != '\\') {
        put(s, c);
    } else {
        s->state = PLAIN;
        s->before = '"';
        plain(s, c);
    }
}

bool splitter_add(struct splitter *s, struct str bytes)
{
    if (!s->line) {
        s->line = 1;
        forget(s);
    }
    for (size_t i = 0; i < bytes.n && !s->stopped; i++) {
        char c = bytes.p[i];
        switch ((enum state)s->state) {
        case PLAIN:
            plain(s, c);
            break;
        case COMMENT:
            if (c == '\n') {
                s->state = PLAIN;
                plain(s, c);
            }
            break;
        case IRI:
            in_iri(s, c);
            break;
        case STRING:
            in_string(s, c);
            break;
        case LANGUAGE:
            in_language(s, c);
            break;
        }
        s->line += c == '\n';
    }
    return !s->stopped;
}

bool splitter_end(struct splitter *s, unsigned *line)
{
    bool closed = s->state == PLAIN || s->state == COMMENT;
    if (s->dot)
        behind_dot(s, ' ');
    struct str rest = str_trim(buf_str(&s->text));
    if (closed && by_lines(s) && str_ends(rest, STR(".")))
        complete(s);
    *line = s->begun;
    return s->stopped || !str_trim(buf_str(&s->text)).n;
}

void splitter_free(struct splitter *s)
{
    buf_free(&s->text);
}
