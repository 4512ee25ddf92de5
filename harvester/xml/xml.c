// See xml.h. The tree is built from the child's messages (harvester/sandbox/stream.h), which are checked as what they are: the word of
// a process that has read a stranger's document.
#include "harvester/xml/xml.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "harvester/sandbox/parse.h"

#include <stdlib.h>

struct name {
    struct str ns, local;
};

struct builder {
    struct arena *arena;
    size_t used_before; // of the arena
    struct xml_node *root;
    struct xml_node *open[XML_DEPTH_MAX], *last[XML_DEPTH_MAX]; // last: the newest child of each
    struct buf text[XML_DEPTH_MAX];
    unsigned depth;
    size_t nodes;
    struct name *names; // room for STREAM_NAMES_MAX
    size_t name_count;
};

static bool nonsense(struct err *e)
{
    return err_set(e, ERR_INTERNAL, "The XML parser sent what it should not.");
}

static bool add_name(struct builder *b, struct str body, struct err *e)
{
    struct str ns, local;
    if (b->name_count == STREAM_NAMES_MAX || !parse_take_text(&body, &ns) ||
        !parse_take_text(&body, &local) || body.n || !local.n || ns.n + local.n > STREAM_NAME_MAX)
        return nonsense(e);
    b->names[b->name_count++] = (struct name){arena_str(b->arena, ns), arena_str(b->arena, local)};
    return true;
}

static bool take_name(struct builder *b, struct str *body, struct name *name)
{
    uint32_t number;
    if (!parse_take_int(body, &number) || number >= b->name_count)
        return false;
    *name = b->names[number];
    return true;
}

// Puts a node behind its sisters.
static void attach(struct builder *b, struct xml_node *node)
{
    if (!b->depth) {
        b->root = node;
        return;
    }
    unsigned top = b->depth - 1;
    node->parent = b->open[top];
    node->at = b->text[top].n;
    if (b->last[top])
        b->last[top]->next = node;
    else
        b->open[top]->first = node;
    b->last[top] = node;
}

static bool start_node(struct builder *b, struct str body, struct err *e)
{
    uint32_t line, count;
    struct name name;
    if (!parse_take_int(&body, &line) || !take_name(b, &body, &name) ||
        !parse_take_int(&body, &count) || count > STREAM_ATTRIBUTES_MAX ||
        b->depth == XML_DEPTH_MAX || (!b->depth && b->root))
        return nonsense(e);
    if (++b->nodes > XML_NODES_MAX)
        return err_set(e, ERR_PARSE, "line %u: The document has over %d elements.", line,
                       XML_NODES_MAX);
    if (b->arena->used - b->used_before > XML_TREE_MAX)
        return err_set(e, ERR_REFUSED, "line %u: The document's tree is over %d MB.", line,
                       XML_TREE_MAX >> 20);
    struct xml_node *node = ARENA_NEW(b->arena, struct xml_node);
    struct xml_attribute *attributes =
        count ? ARENA_ARRAY(b->arena, struct xml_attribute, count) : NULL;
    for (uint32_t i = 0; i < count; i++) {
        struct name attribute;
        struct str value;
        if (!take_name(b, &body, &attribute) || !parse_take_text(&body, &value))
            return nonsense(e);
        attributes[i] =
            (struct xml_attribute){attribute.ns, attribute.local, arena_str(b->arena, value)};
    }
    if (body.n)
        return nonsense(e);
    *node = (struct xml_node){.ns = name.ns,
                              .name = name.local,
                              .text = STR(""),
                              .attributes = attributes,
                              .attribute_count = count,
                              .line = line};
    attach(b, node);
    b->open[b->depth] = node;
    b->last[b->depth] = NULL;
    buf_clear(&b->text[b->depth++]);
    return true;
}

static bool end_node(struct builder *b, struct str body, struct err *e)
{
    if (!b->depth || body.n)
        return nonsense(e);
    b->depth--;
    struct str text = buf_str(&b->text[b->depth]);
    if (text.n)
        b->open[b->depth]->text = arena_str(b->arena, text);
    return true;
}

static bool add_text(struct builder *b, struct str body, struct err *e)
{
    if (!b->depth || body.n > STREAM_PIECE_MAX || memchr(body.p, '\0', body.n) || !utf8_valid(body))
        return nonsense(e);
    struct buf *text = &b->text[b->depth - 1];
    if (text->n + body.n > XML_TREE_MAX)
        return err_set(e, ERR_REFUSED, "A text is over %d MB.", XML_TREE_MAX >> 20);
    buf_add(text, body);
    return true;
}

static bool on_message(void *arg, enum stream_kind kind, struct str body, struct err *e)
{
    struct builder *b = arg;
    switch (kind) {
    case STREAM_NAME:
        return add_name(b, body, e);
    case STREAM_START:
        return start_node(b, body, e);
    case STREAM_TEXT:
        return add_text(b, body, e);
    case STREAM_END:
        return end_node(b, body, e);
    default:
        return nonsense(e);
    }
}

struct xml_node *xml_read(struct str document, struct arena *a, struct err *e)
{
    static const char *const words[] = {"xml", NULL};
    struct builder b = {
        .arena = a, .used_before = a->used, .names = xmalloc(STREAM_NAMES_MAX * sizeof *b.names)};
    struct parse_job job = {
        .words = words, .bytes = document, .fd = -1, .message = on_message, .arg = &b};
    bool good = parse_document(&job, e);
    if (good && (!b.root || b.depth))
        good = nonsense(e);
    for (unsigned i = 0; i < XML_DEPTH_MAX; i++)
        buf_free(&b.text[i]);
    free(b.names);
    return good ? b.root : NULL;
}

// ---- Finding

static bool is_named(const struct xml_node *node, const char *ns, const char *name)
{
    return str_eq(node->name, str_of(name)) && (!ns || str_eq(node->ns, str_of(ns)));
}

static const struct xml_node *from(const struct xml_node *node, const char *ns, const char *name)
{
    while (node && !is_named(node, ns, name))
        node = node->next;
    return node;
}

const struct xml_node *xml_child(const struct xml_node *node, const char *ns, const char *name)
{
    return node ? from(node->first, ns, name) : NULL;
}

const struct xml_node *xml_sibling(const struct xml_node *node, const char *ns, const char *name)
{
    return node ? from(node->next, ns, name) : NULL;
}

struct found {
    const struct xml_node **nodes;
    size_t n, most;
    struct arena *arena;
    size_t room;
};

static void keep(struct found *f, const struct xml_node *node)
{
    if (f->n == f->room) {
        f->room = f->room ? 2 * f->room : 8;
        if (f->room > f->most)
            f->room = f->most;
        const struct xml_node **more = ARENA_ARRAY(f->arena, const struct xml_node *, f->room);
        if (f->n)
            memcpy(more, f->nodes, f->n * sizeof *more);
        f->nodes = more;
    }
    f->nodes[f->n++] = node;
}

// Depth is that of the path, at most XML_DEPTH_MAX: there are no nodes below.
static void walk(struct found *f, const struct xml_node *node, struct str path)
{
    struct str name;
    if (!str_next(&path, '/', &name))
        return;
    bool any = str_eq(name, STR("*"));
    for (const struct xml_node *c = node->first; c && f->n < f->most; c = c->next) {
        if (!any && !str_eq(c->name, name))
            continue;
        if (path.p)
            walk(f, c, path);
        else
            keep(f, c);
    }
}

const struct xml_node *xml_find(const struct xml_node *node, const char *path)
{
    const struct xml_node *first = NULL;
    struct found f = {.nodes = &first, .most = 1, .room = 1};
    if (node)
        walk(&f, node, str_of(path));
    return first;
}

const struct xml_node **xml_find_all(const struct xml_node *node, const char *path, size_t most,
                                     struct arena *a, size_t *n)
{
    struct found f = {.most = most, .arena = a};
    if (node)
        walk(&f, node, str_of(path));
    *n = f.n;
    return f.nodes;
}

struct str xml_attribute(const struct xml_node *node, const char *ns, const char *name)
{
    for (size_t i = 0; node && i < node->attribute_count; i++) {
        const struct xml_attribute *at = &node->attributes[i];
        if (str_eq(at->name, str_of(name)) && (!ns || str_eq(at->ns, str_of(ns))))
            return str_trim(at->value);
    }
    return STR_NONE;
}

// What stands in a node's own text between two places; a node without text has nowhere to point into.
static struct str text_between(const struct xml_node *node, size_t from, size_t to)
{
    return to > from ? str_slice(node->text.p + from, to - from) : STR_NONE;
}

static void gather(const struct xml_node *node, struct buf *out)
{
    size_t at = 0;
    for (const struct xml_node *c = node->first; c; c = c->next) {
        buf_add(out, text_between(node, at, c->at));
        at = c->at;
        gather(c, out);
    }
    buf_add(out, text_between(node, at, node->text.n));
}

struct str xml_text(const struct xml_node *node, struct arena *a)
{
    if (!node)
        return STR_NONE;
    struct str text = str_trim(node->text);
    if (node->first) {
        struct buf all = {0};
        gather(node, &all);
        text = str_trim(buf_str(&all));
        text = text.n ? arena_str(a, text) : STR_NONE;
        buf_free(&all);
    }
    return text.n ? text : STR_NONE;
}

struct str xml_text_at(const struct xml_node *node, const char *path, struct arena *a)
{
    return xml_text(xml_find(node, path), a);
}
