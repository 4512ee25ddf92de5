// Reading JSON-LD files of any size (see jsonld.h). The file is read twice: its first level for @context, @id and @type, wherever they
// stand; then part by part (base/json_stream). Elements of a top-level array or @graph are expanded each by itself; a member of a
// top-level node is expanded as a node of that member alone, so that a catalogue that holds its datasets is read one by one too.
#include "harvester/rdf/jsonld.h"

#include "base/json_stream.h"
#include "harvester/rdf/jsonld_expand.h"
#include "harvester/rdf/jsonld_triples.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { HEAD_TEXT_MAX = 64 << 10, HEAD_MEMBERS_MAX = 1000 };

struct file {
    struct rdf_reading *reading;
    int fd;      // where it can be sought
    FILE *spool; // of a pipe; NULL
    off_t start;
    struct arena whole, part;
    struct jsonld j;
    struct jsonld_triples triples;
    json_t *context, *head; // the outermost object's @context, and its members that are texts
    const struct jsonld_context *active;
    struct str id_key, type_key; // of the outermost object, as it writes them
    struct rdf_term root;
    size_t parts_read;
    struct err error; // of the part that is being read
};

static bool io_fail(struct err *e, const char *doing)
{
    return err_set(e, ERR_IO, "%s: %s", doing, strerror(errno));
}

// A pipe cannot be read twice.
static bool make_seekable(struct file *f, struct err *e)
{
    char block[65536];
    ssize_t n;
    f->start = lseek(f->reading->fd, 0, SEEK_CUR);
    f->fd = f->reading->fd;
    if (f->start >= 0)
        return true;
    f->start = 0;
    f->spool = tmpfile();
    if (!f->spool)
        return io_fail(e, "making a temporary file");
    while ((n = read(f->reading->fd, block, sizeof block)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_fail(e, "reading the file");
        if (fwrite(block, 1, (size_t)n, f->spool) != (size_t)n)
            return io_fail(e, "writing a temporary file");
    }
    if (fflush(f->spool) != 0)
        return io_fail(e, "writing a temporary file");
    f->fd = fileno(f->spool);
    return true;
}

static struct json_stream *from_start(struct file *f, struct err *e)
{
    if (lseek(f->fd, f->start, SEEK_SET) < 0) {
        io_fail(e, "reading the file again");
        return NULL;
    }
    return json_stream_new(f->fd);
}

// ---- The first reading ---------------------------------------------------------------------------

static void keep_head(struct file *f, const struct json_part *part)
{
    if (part->too_large || part->text.n > HEAD_TEXT_MAX || part->text.p[0] != '"' ||
        json_object_size(f->head) == HEAD_MEMBERS_MAX)
        return;
    json_t *list = jsonld_get(f->head, part->member);
    json_t *text = json_read(part->text, &f->part, NULL, &(struct err){0});
    if (!text)
        return;
    if (!part->element || !json_is_array(list))
        jsonld_set(f->head, part->member, part->element ? jsonld_array(text) : text);
    else if (json_array_size(list) < HEAD_MEMBERS_MAX)
        json_array_append_new(list, text);
    else
        json_decref(text);
}

static bool keep_context(struct file *f, const struct json_part *part, struct err *e)
{
    if (part->too_large)
        return err_set(e, ERR_PARSE, "the context of the file is over %d MB", JSON_PART_MAX >> 20);
    json_t *context = json_read(part->text, &f->part, NULL, e);
    if (!context)
        return err_where(e, "@context, byte %llu", (unsigned long long)part->offset);
    if (part->element && json_is_array(f->context)) {
        json_array_append_new(f->context, context);
    } else {
        json_decref(f->context);
        f->context = part->element ? jsonld_array(context) : context;
    }
    return true;
}

static bool read_head(struct file *f, struct err *e)
{
    struct json_part part;
    struct json_stream *s = from_start(f, e);
    if (!s)
        return false;
    bool good = true;
    f->head = json_object();
    e->code = ERR_NONE;
    while (good && json_stream_next(s, &part, e)) {
        if (!part.member.p) // an array: nothing is common to its elements
            break;
        if (str_eq(part.member, STR("@context")))
            good = keep_context(f, &part, e);
        else
            keep_head(f, &part);
        arena_reset(&f->part);
    }
    json_stream_free(s);
    return good && (e->code != ERR_IO);
}

// The context of the file, and what is said of its outermost node.
static bool enter(struct file *f, struct err *e)
{
    f->j = (struct jsonld){.arena = &f->whole, .base = f->reading->base, .e = e};
    f->active = jsonld_context_initial(&f->j);
    if (f->context)
        f->active = jsonld_context_process(&f->j, f->active, f->context, f->j.base, true, false);
    if (!f->active)
        return false;
    const char *key;
    json_t *value;
    json_object_foreach(f->head, key, value)
    {
        struct str iri = jsonld_iri(&f->j, f->active, str_of(key), true, false);
        if (str_eq(iri, STR("@id")))
            f->id_key = str_of(key);
        if (str_eq(iri, STR("@type")))
            f->type_key = str_of(key);
    }
    return true;
}

// ---- The second reading --------------------------------------------------------------------------

static void lose(struct file *f, const struct json_part *part, const char *what)
{
    if (!f->reading->warnings++) {
        err_set(&f->reading->first_warning, ERR_PARSE, "a part was left out: %s", what);
        err_where(&f->reading->first_warning, "byte %llu", (unsigned long long)part->offset);
    }
    f->reading->lost++;
}

// The part as a node: what of the outermost node decides its meaning, and the one member.
static json_t *as_node(struct file *f, const struct json_part *part, json_t *value)
{
    json_t *node = json_object();
    json_t *id = f->id_key.p ? jsonld_get(f->head, f->id_key) : NULL;
    json_t *type = f->type_key.p ? jsonld_get(f->head, f->type_key) : NULL;
    if (id)
        jsonld_set(node, f->id_key, json_incref(id));
    if (type)
        jsonld_set(node, f->type_key, json_incref(type));
    if (part->element) {
        json_t *list = json_array();
        json_array_append_new(list, value);
        value = list;
    }
    jsonld_set(node, part->member, value);
    return node;
}

// Contexts that a part brings live as long as it.
static void forget_part(struct file *f, json_t *owned)
{
    if (f->j.owned != owned) {
        json_decref(f->j.owned);
        f->j.owned = owned;
    }
    memset(f->j.prepared, 0, sizeof f->j.prepared);
    f->j.work = 0;
    f->j.depth = 0;
    arena_reset(&f->part);
}

// An address that is not known would silently cost every part: it is the file's error.
static bool is_of_the_file(const struct err *e)
{
    return e->code != ERR_PARSE || str_starts(str_of(e->what), STR("loading remote")) ||
           str_starts(str_of(e->what), STR("context overflow"));
}

static bool expand_part(struct file *f, const struct json_part *part, json_t *value, bool in_graph,
                        struct err *e)
{
    json_t *expanded = NULL;
    f->error = (struct err){0};
    f->j.e = &f->error;
    bool of_root = part->member.p && !in_graph;
    json_t *element = of_root ? as_node(f, part, value) : value;
    bool good = jsonld_expand_element(&f->j, f->active, in_graph ? STR("@graph") : STR_NONE,
                                      element, false, &expanded);
    if (!good && is_of_the_file(&f->error)) {
        *e = f->error;
    } else if (!good) {
        lose(f, part, f->error.what);
        good = true;
    } else {
        f->parts_read++;
        if (of_root && !str_eq(part->member, f->type_key))
            json_object_del(expanded, "@type"); // said once
        good = of_root ? !json_is_object(expanded) ||
                             jsonld_node_triples(&f->triples, expanded, f->root)
                       : jsonld_triples(&f->triples, expanded);
    }
    json_decref(element);
    json_decref(expanded);
    return good;
}

static bool read_part(struct file *f, const struct json_part *part, struct err *e)
{
    bool in_graph = false;
    if (part->member.p) {
        struct str iri = jsonld_iri(&f->j, f->active, part->member, true, false);
        if (str_eq(part->member, STR("@context")) || str_eq(iri, STR("@id")) ||
            (!jsonld_keyword(iri) && !jsonld_absolute(iri)))
            return true;
        in_graph = str_eq(iri, STR("@graph"));
    }
    if (part->too_large) {
        lose(f, part, "it is too large");
        return true;
    }
    json_t *value = json_read(part->text, &f->part, NULL, &f->error);
    if (!value) {
        lose(f, part, f->error.what);
        return true;
    }
    return expand_part(f, part, value, in_graph, e);
}

static bool read_parts(struct file *f, struct err *e)
{
    struct json_part part;
    struct json_stream *s = from_start(f, e);
    if (!s)
        return false;
    bool good = true;
    json_t *owned = f->j.owned;
    f->j.arena = &f->part;
    while (good && json_stream_next(s, &part, e)) {
        good = read_part(f, &part, e);
        forget_part(f, owned);
    }
    json_stream_free(s);
    return good && e->code == ERR_NONE;
}

bool jsonld_read(struct rdf_reading *r, struct err *e)
{
    struct file *f = xcalloc(1, sizeof *f);
    f->reading = r;
    r->warnings = r->lost = 0;
    r->first_warning = *e = (struct err){0};
    bool good = make_seekable(f, e) && read_head(f, e) && enter(f, e);
    if (good) {
        f->triples = (struct jsonld_triples){.reading = r, .arena = &f->whole, .e = e};
        json_t *self = json_object();
        if (f->id_key.p)
            jsonld_set(self, STR("@id"),
                       jsonld_text(jsonld_iri(&f->j, f->active,
                                              jstr(jsonld_get(f->head, f->id_key)), false, true)));
        f->root = jsonld_subject(&f->triples, self);
        f->root.value = arena_str(&f->whole, f->root.value);
        json_decref(self);
        f->triples.arena = &f->part;
        *e = (struct err){0};
        good = read_parts(f, e);
    }
    if (good && !f->parts_read && r->lost) { // nothing of it could be read
        *e = r->first_warning;
        good = false;
    }
    jsonld_free(&f->j);
    json_decref(f->context);
    json_decref(f->head);
    arena_free(&f->whole);
    arena_free(&f->part);
    if (f->spool)
        fclose(f->spool);
    free(f);
    return good;
}
