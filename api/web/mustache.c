// See mustache.h. A template is one flat array of nodes; a section's children follow it, up to its `end`.
// Everything of a set lives in its arena and is never written again once parsed.
#include "api/web/mustache.h"

#include "base/arena.h"
#include "base/html.h"
#include "base/scan.h"

#include <stdlib.h>

enum node_type { NODE_TEXT, NODE_ESCAPED, NODE_RAW, NODE_SECTION, NODE_INVERTED, NODE_PARTIAL };

struct node {
    enum node_type type;
    bool starts_line; // text: it stands at the start of a line of its template
    bool standalone;  // partial: alone on its line
    unsigned line;
    size_t end;       // section: the index behind its last child
    size_t partial;   // partial: the index of its template
    struct str text;  // the text; of a partial the indentation; else the name, for messages
    struct str name;  // of a tag
    struct strs path; // a value's name cut at its dots; empty for "."
};

struct template
{
    struct str name;
    struct node *nodes;
    size_t n, room;
};

struct template_set {
    struct arena arena;
    struct template *templates;
    size_t n;
};

// ---- Parsing ----------------------------------------------------------------------------------------

struct parser {
    struct template_set *set;
    struct template *t;
    struct str text;
    size_t pos;                    // of what is not parsed yet
    unsigned line;                 // of pos, from 1
    size_t open[MUSTACHE_NESTING]; // the sections that are not closed yet
    size_t opened;
    struct err *e;
};

struct tag {
    char sigil;        // one of # ^ / > ! {, or 0 for an escaped value
    struct str name;   // trimmed
    size_t start, end; // of the whole tag in the text
    unsigned line;
};

static bool refuse(struct parser *p, unsigned line, const char *what, struct str name)
{
    err_set(p->e, ERR_PARSE, "%s%s%.*s", what, name.n ? ": " : "", (int)(name.n < 60 ? name.n : 60),
            name.n ? name.p : "");
    return err_where(p->e, "%.*s:%u", STR_ARG(p->t->name), line);
}

static struct node *add_node(struct parser *p, enum node_type type, unsigned line)
{
    struct template *t = p->t;
    if (t->n == t->room) {
        size_t room = t->room ? t->room * 2 : 32;
        struct node *nodes = ARENA_ARRAY(&p->set->arena, struct node, room);
        if (t->n)
            memcpy(nodes, t->nodes, t->n * sizeof *nodes);
        t->nodes = nodes;
        t->room = room;
    }
    struct node *node = &t->nodes[t->n++];
    *node = (struct node){.type = type, .line = line};
    return node;
}

static bool at_line_start(const struct parser *p, size_t at)
{
    return at == 0 || p->text.p[at - 1] == '\n';
}

// The text between two tags. A tag that follows in the same line, at its start, gets an empty text before
// it: the place where a partial's indentation goes.
static void add_text(struct parser *p, size_t from, size_t to, bool tag_follows)
{
    if (to > from) {
        struct node *node = add_node(p, NODE_TEXT, p->line);
        node->text = str_slice(p->text.p + from, to - from);
        node->starts_line = at_line_start(p, from);
    }
    if (tag_follows && at_line_start(p, to))
        add_node(p, NODE_TEXT, p->line)->starts_line = true;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

static bool is_name(struct str s, bool slash)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_name_char(s.p[i]) && !(slash && s.p[i] == '/'))
            return false;
    return s.n > 0;
}

static bool set_path(struct parser *p, struct node *node, const struct tag *tag)
{
    node->name = tag->name;
    if (str_eq(tag->name, STR(".")))
        return true;
    if (!is_name(tag->name, false))
        return refuse(p, tag->line, "not a name", tag->name);
    struct str rest = tag->name, part;
    while (str_next(&rest, '.', &part)) {
        if (!part.n)
            return refuse(p, tag->line, "a dotted name with an empty part", tag->name);
        arena_push(&p->set->arena, &node->path, part);
    }
    return true;
}

// Reads the tag whose "{{" is at tag->start.
static bool read_tag(struct parser *p, struct tag *tag)
{
    struct str rest = str_slice(p->text.p + tag->start, p->text.n - tag->start);
    bool raw = str_starts(rest, STR("{{{"));
    size_t braces = raw ? 3 : 2;
    struct str inside = str_slice(rest.p + braces, rest.n - braces);
    ptrdiff_t close = str_find(inside, raw ? STR("}}}") : STR("}}"));
    if (close < 0)
        return refuse(p, tag->line, "a tag that is not closed", STR_NONE);
    tag->end = tag->start + 2 * braces + (size_t)close;
    inside = str_trim(str_slice(inside.p, (size_t)close));
    tag->sigil = raw ? '{' : 0;
    if (!raw && inside.n && str_find_char(STR("#^/>!"), inside.p[0]) >= 0) {
        tag->sigil = inside.p[0];
        inside = str_trim(str_slice(inside.p + 1, inside.n - 1));
    }
    if (!raw && !tag->sigil && inside.n && str_find_char(STR("&=<$"), inside.p[0]) >= 0)
        return refuse(p, tag->line, "a kind of tag that this engine does not take", inside);
    tag->name = inside;
    return true;
}

// Widens *from and *to to the whole line when the tag stands alone on it; false when it does not.
static bool standalone(const struct parser *p, const struct tag *tag, size_t *from, size_t *to)
{
    size_t start = tag->start, end = tag->end;
    while (start > 0 && (p->text.p[start - 1] == ' ' || p->text.p[start - 1] == '\t'))
        start--;
    while (end < p->text.n && (p->text.p[end] == ' ' || p->text.p[end] == '\t'))
        end++;
    if (!at_line_start(p, start))
        return false;
    if (end + 1 < p->text.n && p->text.p[end] == '\r' && p->text.p[end + 1] == '\n')
        end++;
    if (end < p->text.n && p->text.p[end++] != '\n')
        return false;
    *from = start;
    *to = end;
    return true;
}

static bool close_section(struct parser *p, const struct tag *tag)
{
    if (!p->opened)
        return refuse(p, tag->line, "the end of a section that was not opened", tag->name);
    struct node *section = &p->t->nodes[p->open[p->opened - 1]];
    if (!str_eq(section->name, tag->name))
        return refuse(p, tag->line, "the end of another section than the one that is open",
                      tag->name);
    section->end = p->t->n;
    p->opened--;
    return true;
}

static bool open_section(struct parser *p, const struct tag *tag)
{
    if (p->opened == MUSTACHE_NESTING)
        return refuse(p, tag->line, "too many sections within each other", tag->name);
    p->open[p->opened++] = p->t->n;
    return set_path(p, add_node(p, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, tag->line),
                    tag);
}

static bool add_partial(struct parser *p, const struct tag *tag, bool alone, size_t from)
{
    if (!is_name(tag->name, true))
        return refuse(p, tag->line, "not the name of a template", tag->name);
    struct node *node = add_node(p, NODE_PARTIAL, tag->line);
    node->name = tag->name;
    node->standalone = alone;
    if (alone)
        node->text = str_slice(p->text.p + from, tag->start - from);
    return true;
}

static bool add_tag(struct parser *p, const struct tag *tag)
{
    size_t from = tag->start, to = tag->end;
    bool value = tag->sigil == 0 || tag->sigil == '{';
    bool alone = !value && standalone(p, tag, &from, &to);
    add_text(p, p->pos, from, !alone);
    for (size_t i = p->pos; i < to; i++)
        p->line += p->text.p[i] == '\n';
    p->pos = to;
    switch (tag->sigil) {
    case '!':
        return true;
    case '#':
    case '^':
        return open_section(p, tag);
    case '/':
        return close_section(p, tag);
    case '>':
        return add_partial(p, tag, alone, from);
    default:
        return set_path(p, add_node(p, value && tag->sigil ? NODE_RAW : NODE_ESCAPED, tag->line),
                        tag);
    }
}

static bool parse(struct template_set *set, struct template *t, struct str text, struct err *e)
{
    struct parser p = {.set = set, .t = t, .text = text, .line = 1, .e = e};
    if (!is_name(t->name, true))
        return refuse(&p, 1, "not the name of a template", t->name);
    if (text.n > MUSTACHE_TEXT_MAX)
        return refuse(&p, 1, "the template is too long", STR_NONE);
    for (;;) {
        struct str rest = str_slice(text.p + p.pos, text.n - p.pos);
        ptrdiff_t next = rest.n ? str_find(rest, STR("{{")) : -1;
        if (next < 0)
            break;
        struct tag tag = {.start = p.pos + (size_t)next, .line = p.line};
        for (size_t i = p.pos; i < tag.start; i++)
            tag.line += text.p[i] == '\n';
        if (!read_tag(&p, &tag) || !add_tag(&p, &tag))
            return false;
    }
    add_text(&p, p.pos, text.n, false);
    if (p.opened) {
        const struct node *section = &t->nodes[p.open[p.opened - 1]];
        return refuse(&p, section->line, "a section that is not closed", section->name);
    }
    return true;
}

static struct template *find(const struct template_set *set, struct str name)
{
    for (size_t i = 0; i < set->n; i++)
        if (str_eq(set->templates[i].name, name))
            return &set->templates[i];
    return NULL;
}

static bool resolve_partials(struct template_set *set, struct err *e)
{
    for (size_t i = 0; i < set->n; i++) {
        struct parser p = {.t = &set->templates[i], .e = e};
        if (find(set, p.t->name) != p.t)
            return refuse(&p, 1, "two templates of the same name", p.t->name);
        for (size_t j = 0; j < p.t->n; j++) {
            struct node *node = &p.t->nodes[j];
            if (node->type != NODE_PARTIAL)
                continue;
            const struct template *partial = find(set, node->name);
            if (!partial)
                return refuse(&p, node->line, "no template of that name", node->name);
            node->partial = (size_t)(partial - set->templates);
        }
    }
    return true;
}

struct template_set *mustache_parse(const struct template_source *sources, size_t n, struct err *e)
{
    if (n > MUSTACHE_TEMPLATES) {
        err_set(e, ERR_PARSE, "more than %d templates", MUSTACHE_TEMPLATES);
        return NULL;
    }
    struct template_set *set = xcalloc(1, sizeof *set);
    set->templates = ARENA_ARRAY(&set->arena, struct template, n);
    set->n = n;
    bool well = true;
    for (size_t i = 0; i < n && well; i++) {
        set->templates[i].name = arena_str(&set->arena, sources[i].name);
        well = parse(set, &set->templates[i], arena_str(&set->arena, sources[i].text), e);
    }
    if (!well || !resolve_partials(set, e)) {
        mustache_free(set);
        return NULL;
    }
    return set;
}

void mustache_free(struct template_set *set)
{
    if (!set)
        return;
    arena_free(&set->arena);
    free(set);
}

bool mustache_has(const struct template_set *set, struct str name)
{
    return find(set, name) != NULL;
}

// ---- Rendering --------------------------------------------------------------------------------------

struct render {
    const struct template_set *set;
    const struct template *t; // the one being rendered
    const json_t *stack[MUSTACHE_DEPTH + 1];
    size_t depth;    // values on the stack
    unsigned nested; // sections and partials within each other
    size_t steps;
    struct buf *out;
    size_t out_start;
    struct buf indents; // the indentation of the partials we are in, one behind the other
    size_t indent_from; // where the one that holds now starts in `indents`
    struct err *e;
};

static bool render_nodes(struct render *r, size_t from, size_t to);

static bool stop(struct render *r, const struct node *node, const char *what)
{
    err_set(r->e, ERR_REFUSED, "%s", what);
    return err_where(r->e, "%.*s:%u", STR_ARG(r->t->name), node->line);
}

static bool step(struct render *r, const struct node *node)
{
    if (++r->steps > MUSTACHE_STEPS)
        return stop(r, node, "too much to render");
    if (r->out->n - r->out_start > MUSTACHE_OUTPUT_MAX)
        return stop(r, node, "the page is too long");
    return true;
}

// The innermost value of that name, or NULL.
static const json_t *lookup(const struct render *r, const struct node *node)
{
    if (!node->path.n)
        return r->stack[r->depth - 1];
    const struct str *part = node->path.v;
    const json_t *value = NULL;
    for (size_t i = r->depth; i > 0 && !value; i--)
        value = json_object_getn(r->stack[i - 1], part->p, part->n);
    for (size_t i = 1; i < node->path.n && value; i++)
        value = json_object_getn(value, part[i].p, part[i].n);
    return value;
}

static bool is_true(const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_NULL:
    case JSON_FALSE:
        return false;
    case JSON_INTEGER:
        return json_integer_value(value) != 0;
    case JSON_REAL:
        return json_real_value(value) < 0 || json_real_value(value) > 0;
    case JSON_STRING:
        return json_string_length(value) > 0;
    case JSON_ARRAY:
        return json_array_size(value) > 0;
    default:
        return true;
    }
}

void mustache_escape(struct buf *out, struct str s)
{
    const char *end = s.p + s.n;
    for (const char *p = s.p; p < end; p++) {
        const char *stop = scan_for(p, end, 0, STR("&<>\"'"));
        buf_add(out, str_slice(p, (size_t)(stop - p)));
        p = stop;
        if (p < end)
            buf_add(out, html_reference(*p));
    }
}

static void put_number(struct buf *out, const json_t *value)
{
    struct buf digits = {0};
    if (json_is_integer(value))
        json_int(&digits, json_integer_value(value));
    else
        json_num(&digits, json_real_value(value));
    buf_add(out, buf_str(&digits));
    buf_free(&digits);
}

static void put_value(struct buf *out, const json_t *value, bool raw)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING: {
        struct str s = str_slice(json_string_value(value), json_string_length(value));
        if (raw)
            buf_add(out, s);
        else
            mustache_escape(out, s);
        break;
    }
    case JSON_INTEGER:
    case JSON_REAL:
        put_number(out, value);
        break;
    case JSON_TRUE:
        buf_add(out, STR("true"));
        break;
    case JSON_FALSE:
        buf_add(out, STR("false"));
        break;
    default:
        break;
    }
}

// Text of the template itself: each line of it that is not empty gets the indentation.
static void put_text(struct render *r, const struct node *node)
{
    struct str rest = node->text, line;
    if (r->indents.n == r->indent_from) {
        buf_add(r->out, rest);
        return;
    }
    struct str indent = str_slice(r->indents.p + r->indent_from, r->indents.n - r->indent_from);
    if (!rest.n)
        buf_add(r->out, indent);
    for (bool starts = node->starts_line; rest.n; starts = true) {
        ptrdiff_t newline = str_find_char(rest, '\n');
        line = str_slice(rest.p, newline < 0 ? rest.n : (size_t)newline + 1);
        if (starts && !str_eq(line, STR("\n")) && !str_eq(line, STR("\r\n")))
            buf_add(r->out, indent);
        buf_add(r->out, line);
        rest = str_slice(rest.p + line.n, rest.n - line.n);
    }
}

static bool render_item(struct render *r, const struct node *node, size_t index,
                        const json_t *value)
{
    if (!step(r, node))
        return false;
    r->stack[r->depth++] = value;
    bool well = render_nodes(r, index + 1, node->end);
    r->depth--;
    return well;
}

static bool render_section(struct render *r, const struct node *node, size_t index)
{
    const json_t *value = lookup(r, node);
    if (node->type == NODE_INVERTED)
        return is_true(value) || render_nodes(r, index + 1, node->end);
    if (!is_true(value))
        return true;
    if (!json_is_array(value))
        return render_item(r, node, index, value);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!render_item(r, node, index, json_array_get(value, i)))
            return false;
    return true;
}

static bool render_partial(struct render *r, const struct node *node)
{
    const struct template *outer = r->t;
    size_t outer_from = r->indent_from, outer_n = r->indents.n;
    // Inside, the text's own indentation comes behind ours. In the middle of a line there is none.
    buf_reserve(&r->indents, outer_n - outer_from + node->text.n);
    r->indent_from = outer_n;
    if (node->standalone) {
        buf_add(&r->indents, str_slice(r->indents.p + outer_from, outer_n - outer_from));
        buf_add(&r->indents, node->text);
    }
    r->t = &r->set->templates[node->partial];
    bool well = render_nodes(r, 0, r->t->n);
    r->t = outer;
    r->indent_from = outer_from;
    r->indents.n = outer_n;
    return well;
}

static bool render_nested(struct render *r, const struct node *node, size_t index)
{
    if (r->nested == MUSTACHE_DEPTH)
        return stop(r, node, "sections and partials too deep within each other");
    r->nested++;
    bool well =
        node->type == NODE_PARTIAL ? render_partial(r, node) : render_section(r, node, index);
    r->nested--;
    return well;
}

static bool render_nodes(struct render *r, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct node *node = &r->t->nodes[i];
        if (!step(r, node))
            return false;
        switch (node->type) {
        case NODE_TEXT:
            put_text(r, node);
            break;
        case NODE_ESCAPED:
        case NODE_RAW:
            put_value(r->out, lookup(r, node), node->type == NODE_RAW);
            break;
        case NODE_SECTION:
        case NODE_INVERTED:
            if (!render_nested(r, node, i))
                return false;
            i = node->end - 1;
            break;
        case NODE_PARTIAL:
            if (!render_nested(r, node, i))
                return false;
            break;
        }
    }
    return true;
}

bool mustache_render(const struct template_set *set, struct str name, const json_t *view,
                     struct buf *out, struct err *e)
{
    const struct template *t = find(set, name);
    if (!t)
        return err_set(e, ERR_NOT_FOUND, "no template %.*s", STR_ARG(name));
    struct render r = {
        .set = set, .t = t, .stack = {view}, .depth = 1, .out = out, .out_start = out->n, .e = e};
    bool well = render_nodes(&r, 0, t->n);
    if (!well)
        out->n = r.out_start;
    buf_free(&r.indents);
    return well;
}
