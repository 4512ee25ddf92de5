// The comparison of an answer with the fields that a driver expects of it. See probe_inside.h.
#include "harvester/probe_inside.h"

#include "base/json_stream.h"
#include "config/shipped.h"
#include "harvester/rdf/rdf.h"
#include "harvester/xml/xml.h"

#include <unistd.h>

// Attributes of XML Schema, XLink and GML, which may stand on any element and say nothing of the record.
static bool is_frame(struct str name)
{
    static const char *const names[] = {
        "type",      "href",    "show", "actuate", "uuidref", "schemaLocation",
        "nilReason", "isoType", "lang", "nil",     NULL};
    for (size_t i = 0; names[i]; i++)
        if (str_eq(name, str_of(names[i])))
            return true;
    return false;
}

static void see_xml(struct shape *s, struct buf *path, const struct xml_node *node, unsigned depth)
{
    size_t n = path->n;
    buf_addf(path, "%s%.*s", n ? "/" : "", STR_ARG(node->name));
    shape_see(s, buf_str(path), "string");
    size_t here = path->n;
    for (size_t i = 0; i < node->attribute_count; i++) {
        if (is_frame(node->attributes[i].name))
            continue;
        buf_addf(path, "@%.*s", STR_ARG(node->attributes[i].name));
        shape_see(s, buf_str(path), "string");
        path->n = here;
    }
    for (const struct xml_node *c = node->first; c && depth < 32; c = c->next)
        see_xml(s, path, c, depth + 1);
    path->n = n;
}

// From the elements that the list begins at.
static void see_records(struct shape *s, const struct xml_node *node, unsigned depth)
{
    struct buf path = {0};
    if (shape_begins(s, node->name))
        see_xml(s, &path, node, 0);
    else
        for (const struct xml_node *c = node->first; c && depth < 8; c = c->next)
            see_records(s, c, depth + 1);
    buf_free(&path);
}

static void see_json_stream(struct shape *shape, struct arena *a, int fd)
{
    struct json_stream *s = json_stream_new(fd);
    struct json_part part;
    struct err e = {0};
    for (size_t i = 0; i < 2000 && json_stream_next(s, &part, &e); i++) {
        json_t *v = part.too_large ? NULL : json_read(part.text, a, NULL, NULL);
        struct str path = arena_printf(a, "%.*s%s", STR_ARG(part.member),
                                       part.element || !part.member.n ? "[]" : "");
        if (part.element && part.member.n)
            shape_see(shape, part.member, "array");
        if (v)
            shape_see_json_at(shape, path, v);
        json_decref(v);
    }
    json_stream_free(s);
}

// The lists of a driver: its own, and those of what it reads within it or in its place.
static struct shape *shape_of_type(struct probing *p)
{
    static const char *const besides[][2] = {{"arcgis", "datajson"}, {"oai-pmh", "csw"}};
    struct err e = {0};
    struct str list, more;
    char name[160], file[64];
    snprintf(file, sizeof file, "%.*s", STR_ARG(p->out->type));
    for (char *c = file; *c; c++)
        *c = *c == '-' ? '_' : *c;
    snprintf(name, sizeof name, "harvester/drivers/fields/%s.tsv", file);
    if (!shipped_file(p->request->share, name, p->arena, &list, &e))
        return NULL;
    for (size_t i = 0; i < sizeof besides / sizeof *besides; i++) {
        snprintf(name, sizeof name, "harvester/drivers/fields/%s.tsv", besides[i][1]);
        if (str_eq(p->out->type, str_of(besides[i][0])) &&
            shipped_file(p->request->share, name, p->arena, &more, &e))
            list = arena_printf(p->arena, "%.*s\n%.*s", STR_ARG(list), STR_ARG(more));
    }
    return shape_new(list, &e);
}

static bool is_json(struct str text)
{
    text = str_trim(text);
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_trim(str_slice(text.p + 3, text.n - 3));
    return str_starts(text, STR("{")) || str_starts(text, STR("["));
}

// Whether it could be read.
static bool see(struct probing *p, struct shape *s, const struct probe_reply *reply, int fd)
{
    struct err e = {0};
    struct str body = fd > 0 ? probe_beginning(p, fd) : reply->body;
    if (fd > 0)
        lseek(fd, 0, SEEK_SET);
    if (shape_is_json(s) && is_json(body) && fd > 0) {
        see_json_stream(s, p->arena, fd);
        return true;
    }
    if (shape_is_json(s) && is_json(body)) {
        json_t *o = json_read(body, p->arena, NULL, &e);
        if (o)
            shape_see_json(s, o);
        json_decref(o);
        return o != NULL;
    }
    if (shape_is_rdf(s) && fd > 0) {
        enum rdf_format format = rdf_format_find(reply->content_type, body, reply->url);
        struct rdf_reading reading = {.fd = fd, .format = format, .base = reply->url};
        return format != RDF_UNKNOWN && shape_see_rdf(s, &reading);
    }
    if (shape_is_json(s) || shape_is_rdf(s) || fd > 0)
        return false;
    struct xml_node *root = xml_read(body, p->arena, &e);
    if (root)
        see_records(s, root, 0);
    return root != NULL;
}

void probe_compare(struct probing *p, const struct probe_reply *reply, int fd)
{
    struct shape *s = shape_of_type(p);
    if (s && see(p, s, reply, fd)) {
        p->out->compared = true;
        p->out->departures = shape_departures(s, p->arena, &p->out->departure_count);
    }
    shape_free(s);
}
