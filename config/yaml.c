// See yaml.h. Built on libyaml's events, so that nothing is kept of what is refused.
#include "config/yaml.h"

#include <stdio.h>
#include <yaml.h>

struct reading {
    yaml_parser_t parser;
    struct arena *arena;
    struct str text; // without its byte order mark
    const char *file;
    struct conf_errors *errors;
    size_t nodes;
    bool stopped; // the rest cannot be read
};

static unsigned line_of(yaml_mark_t mark)
{
    return (unsigned)mark.line + 1;
}

// The line of a byte, for errors that libyaml finds before it counts lines.
static unsigned line_at(struct str text, size_t offset)
{
    unsigned line = 1;
    for (size_t i = 0; i < offset && i < text.n; i++)
        if (text.p[i] == '\n' || (text.p[i] == '\r' && i + 1 < text.n && text.p[i + 1] != '\n'))
            line++;
    return line;
}

// The byte that begins the character of that number.
static char char_at(struct str text, size_t index)
{
    for (size_t i = 0; i < text.n; i++)
        if (((unsigned char)text.p[i] & 0xC0) != 0x80 && index-- == 0)
            return text.p[i];
    return '\0';
}

static void report_bytes(struct reading *r)
{
    const yaml_parser_t *p = &r->parser;
    unsigned line = line_at(r->text, p->problem_offset);
    if (p->problem && strstr(p->problem, "control characters"))
        conf_errors_addf(r->errors, r->file, line, "remove it",
                         "a control character (U+%04X) is in the file", (unsigned)p->problem_value);
    else
        conf_errors_addf(r->errors, r->file, line, "save the file as UTF-8",
                         "the file is not in UTF-8 here");
}

static void report_syntax(struct reading *r)
{
    const yaml_parser_t *p = &r->parser;
    r->stopped = true;
    if (p->error == YAML_READER_ERROR) {
        report_bytes(r);
        return;
    }
    char c = char_at(r->text, p->problem_mark.index);
    bool cannot_start = p->problem && strstr(p->problem, "cannot start any token");
    unsigned line = line_of(p->problem_mark);
    if (cannot_start && c == '\t') {
        conf_errors_addf(r->errors, r->file, line, "use spaces", "a tab cannot indent YAML");
        return;
    }
    if (cannot_start) {
        conf_errors_addf(r->errors, r->file, line, "put the value in quotes",
                         "a value without quotes cannot begin with \"%c\" in YAML", c);
        return;
    }
    char context[160] = "";
    if (p->context && p->context_mark.line != p->problem_mark.line)
        snprintf(context, sizeof context, ", %s that begins at line %u", p->context,
                 line_of(p->context_mark));
    else if (p->context)
        snprintf(context, sizeof context, ", %s", p->context);
    conf_errors_addf(r->errors, r->file, line, "look at the indentation, colons and quotes",
                     "this is not YAML: %s%s", p->problem ? p->problem : "unknown error", context);
}

static bool next_event(struct reading *r, yaml_event_t *event)
{
    if (!r->stopped && yaml_parser_parse(&r->parser, event))
        return true;
    if (!r->stopped)
        report_syntax(r);
    return false;
}

static void stop(struct reading *r, yaml_mark_t mark, const char *what, int bound)
{
    r->stopped = true;
    conf_errors_addf(r->errors, r->file, line_of(mark), NULL, "%s (more than %d)", what, bound);
}

static bool is_null(struct str s)
{
    return s.n == 0 || str_eq(s, STR("~")) || str_eq(s, STR("null")) || str_eq(s, STR("Null")) ||
           str_eq(s, STR("NULL"));
}

static void refuse_anchor_and_tag(struct reading *r, const yaml_event_t *event,
                                  const yaml_char_t *anchor, const yaml_char_t *tag)
{
    unsigned line = line_of(event->start_mark);
    if (anchor)
        conf_errors_addf(r->errors, r->file, line, "write the value where it is needed",
                         "anchors (&%s) are not read", conf_quote(str_of((const char *)anchor)).z);
    if (tag)
        conf_errors_addf(r->errors, r->file, line, "remove it", "tags (%s) are not read",
                         conf_quote(str_of((const char *)tag)).z);
}

static struct yaml_node *read_node(struct reading *r, const yaml_event_t *event, unsigned depth);

static void append(struct yaml_node *parent, struct yaml_node **last, struct yaml_node *child)
{
    *(*last ? &(*last)->next : &parent->first) = child;
    *last = child;
    parent->n++;
}

static void read_list(struct reading *r, struct yaml_node *list, unsigned depth)
{
    struct yaml_node *last = NULL;
    yaml_event_t event;
    for (bool more = true; more && next_event(r, &event); yaml_event_delete(&event)) {
        more = event.type != YAML_SEQUENCE_END_EVENT;
        if (more)
            append(list, &last, read_node(r, &event, depth));
    }
}

// The key of an entry, or an absent string after an error.
static struct str read_key(struct reading *r, const yaml_event_t *event, unsigned depth)
{
    struct yaml_node *node = read_node(r, event, depth);
    if (node->kind == YAML_VALUE && !node->null)
        return node->text;
    if (node->kind != YAML_BROKEN && !r->stopped)
        conf_errors_addf(r->errors, r->file, node->line, NULL, "a key must be a word");
    return STR_NONE;
}

static void add_entry(struct reading *r, struct yaml_node *map, struct yaml_node **last,
                      struct yaml_node *child)
{
    const struct yaml_node *before = yaml_get(map, child->key);
    if (!before) {
        append(map, last, child);
        return;
    }
    char hint[64];
    snprintf(hint, sizeof hint, "the first is at line %u", before->key_line);
    conf_errors_addf(r->errors, r->file, child->key_line, hint, "key \"%s\" is given twice",
                     conf_quote(child->key).z);
}

static void read_map(struct reading *r, struct yaml_node *map, unsigned depth)
{
    struct yaml_node *last = NULL;
    yaml_event_t event;
    while (next_event(r, &event)) {
        if (event.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&event);
            return;
        }
        if (map->n == YAML_KEYS_MOST)
            stop(r, event.start_mark, "too many keys in one map", YAML_KEYS_MOST);
        unsigned line = line_of(event.start_mark);
        struct str key = read_key(r, &event, depth);
        yaml_event_delete(&event);
        if (!next_event(r, &event))
            return;
        struct yaml_node *child = read_node(r, &event, depth);
        yaml_event_delete(&event);
        child->key = key;
        child->key_line = line;
        if (child->kind == YAML_VALUE && child->null)
            child->line = line;
        if (key.p)
            add_entry(r, map, &last, child);
    }
}

// `event` begins the node; the rest of it is read here. Never NULL.
static struct yaml_node *read_node(struct reading *r, const yaml_event_t *event, unsigned depth)
{
    struct yaml_node *node = ARENA_NEW(r->arena, struct yaml_node);
    node->line = line_of(event->start_mark);
    node->kind = YAML_BROKEN;
    if (++r->nodes > YAML_NODES_MOST)
        stop(r, event->start_mark, "too many values", YAML_NODES_MOST);
    else if (depth > YAML_DEPTH_MOST)
        stop(r, event->start_mark, "lists and maps are nested too deep", YAML_DEPTH_MOST);
    if (r->stopped)
        return node;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        refuse_anchor_and_tag(r, event, event->data.scalar.anchor, event->data.scalar.tag);
        node->kind = YAML_VALUE;
        node->text = arena_str(
            r->arena, str_slice((const char *)event->data.scalar.value, event->data.scalar.length));
        node->null = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && is_null(node->text);
        break;
    case YAML_SEQUENCE_START_EVENT:
        refuse_anchor_and_tag(r, event, event->data.sequence_start.anchor,
                              event->data.sequence_start.tag);
        node->kind = YAML_LIST;
        read_list(r, node, depth + 1);
        break;
    case YAML_MAPPING_START_EVENT:
        refuse_anchor_and_tag(r, event, event->data.mapping_start.anchor,
                              event->data.mapping_start.tag);
        node->kind = YAML_MAP;
        read_map(r, node, depth + 1);
        break;
    default: // an alias: the only other event that stands for a node
        conf_errors_addf(r->errors, r->file, node->line, "write the value where it is needed",
                         "aliases (*%s) are not read",
                         conf_quote(str_of((const char *)event->data.alias.anchor)).z);
    }
    return node;
}

static struct yaml_node *read_stream(struct reading *r)
{
    struct yaml_node *root = NULL;
    unsigned documents = 0;
    yaml_event_t event;
    for (bool more = true; more && next_event(r, &event); yaml_event_delete(&event)) {
        more = event.type != YAML_STREAM_END_EVENT;
        if (event.type == YAML_DOCUMENT_START_EVENT && ++documents == 2) {
            conf_errors_addf(r->errors, r->file, line_of(event.start_mark),
                             "remove what follows \"---\"", "only one YAML document is read");
            more = false;
        } else if (event.type == YAML_SCALAR_EVENT || event.type == YAML_ALIAS_EVENT ||
                   event.type == YAML_SEQUENCE_START_EVENT ||
                   event.type == YAML_MAPPING_START_EVENT) {
            root = read_node(r, &event, 0);
        }
    }
    return r->stopped || (root && root->kind == YAML_VALUE && root->null) ? NULL : root;
}

bool yaml_read(struct arena *a, struct str text, const char *file, struct conf_errors *errors,
               struct yaml_node **root)
{
    *root = NULL;
    size_t before = errors->n + errors->more;
    if (text.n > YAML_BYTES_MOST) {
        conf_errors_addf(errors, file, 0, NULL, "the file is too large (more than %d bytes)",
                         YAML_BYTES_MOST);
        return false;
    }
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_slice(text.p + 3, text.n - 3);
    struct reading r = {.arena = a, .text = text, .file = file, .errors = errors};
    if (!yaml_parser_initialize(&r.parser)) {
        conf_errors_addf(errors, file, 0, NULL, "memory is exhausted");
        return false;
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.p ? text.p : ""), text.n);
    *root = read_stream(&r);
    yaml_parser_delete(&r.parser);
    return errors->n + errors->more == before;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, struct str key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (const struct yaml_node *child = map->first; child; child = child->next)
        if (str_eq(child->key, key))
            return child;
    return NULL;
}
