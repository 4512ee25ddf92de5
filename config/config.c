// See config.h. The tables of the keys are in keys.c; here they are read, and what spans several
// keys is checked.
#include "config/config.h"

#include "config/keys.h"
#include "config/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct conf_driver *find_driver(const struct conf_hooks *hooks, struct str type)
{
    for (size_t i = 0; i < hooks->driver_count; i++)
        if (str_eq(type, str_of(hooks->drivers[i].type)))
            return &hooks->drivers[i];
    return NULL;
}

static void report_type(struct conf_reader *r, const struct conf_hooks *hooks, struct str type,
                        unsigned line)
{
    const char **types = ARENA_ARRAY(r->arena, const char *, hooks->driver_count + 1);
    char hint[200] = "there is";
    size_t n = strlen(hint);
    for (size_t i = 0; i < hooks->driver_count; i++) {
        types[i] = hooks->drivers[i].type;
        if (n + strlen(types[i]) + 3 < sizeof hint)
            n += (size_t)snprintf(hint + n, sizeof hint - n, "%s %s", i ? "," : "", types[i]);
    }
    const char *nearest = conf_nearest(type, types);
    if (nearest)
        snprintf(hint, sizeof hint, "did you mean \"%s\"?", nearest);
    conf_errors_addf(r->errors, r->file, line, hint, "\"type\" is \"%s\": there is no such driver",
                     conf_quote(type).z);
}

// The keys of a source that neither the common table nor its driver's know. Without a driver, what
// any driver knows is passed over: the wrong type is the error.
static void check_source_keys(struct conf_reader *r, const struct yaml_node *map,
                              const struct conf_driver *driver, const char *owner)
{
    const struct conf_hooks *hooks = r->context;
    const struct conf_key *own = driver ? driver->keys : NULL;
    const struct conf_key *const tables[] = {config_source_keys, own, NULL};
    for (const struct yaml_node *entry = map->first; entry; entry = entry->next) {
        if (conf_find(config_source_keys, entry->key) || conf_find(own, entry->key))
            continue;
        const struct conf_driver *other = NULL;
        for (size_t i = 0; i < hooks->driver_count && !other; i++)
            if (conf_find(hooks->drivers[i].keys, entry->key))
                other = &hooks->drivers[i];
        if (!other)
            conf_unknown(r, entry, tables, owner);
        else if (driver)
            conf_errors_addf(r->errors, r->file, entry->key_line, NULL,
                             "key \"%s\"%s is for sources of type \"%s\", and this one is \"%s\"",
                             conf_quote(entry->key).z, owner, other->type, driver->type);
    }
}

static void check_kinds(struct conf_reader *r, const struct yaml_node *map,
                        const struct conf_driver *driver, struct config_source *s)
{
    if (s->kinds == 0)
        s->kinds = driver->kinds;
    char hint[200] = "they have";
    size_t n = strlen(hint);
    const char *comma = "";
    for (unsigned i = 0; config_kinds[i]; i++)
        if (driver->kinds & 1u << i) {
            n += (size_t)snprintf(hint + n, sizeof hint - n, "%s %s", comma, config_kinds[i]);
            comma = ",";
        }
    for (unsigned i = 0; config_kinds[i]; i++)
        if (s->kinds & ~driver->kinds & 1u << i)
            conf_errors_addf(r->errors, r->file, yaml_get(map, STR("kinds"))->line, hint,
                             "\"kinds\" holds \"%s\", which sources of type \"%s\" do not have",
                             config_kinds[i], driver->type);
}

static void read_source(struct conf_reader *r, const struct yaml_node *map, size_t position,
                        struct config_source *s)
{
    const struct conf_hooks *hooks = r->context;
    const struct yaml_node *name = yaml_get(map, STR("name"));
    char owner[96];
    if (name && name->kind == YAML_VALUE && !name->null)
        snprintf(owner, sizeof owner, " of source \"%s\"", conf_quote(name->text).z);
    else
        snprintf(owner, sizeof owner, " of source number %zu", position);
    s->line = map->line;
    conf_fill(r, map, config_source_keys, s, owner);
    const struct conf_driver *driver = find_driver(hooks, s->type);
    if (driver) {
        check_kinds(r, map, driver, s);
        s->local = s->url.n && !str_starts(s->url, STR("http"));
        if (s->local && !driver->files)
            conf_errors_addf(r->errors, r->file, yaml_get(map, STR("url"))->line,
                             "write its address, http:// or https://",
                             "\"url\"%s is a path, which sources of type \"%s\" cannot read", owner,
                             driver->type);
        if (driver->keys) {
            void *options = arena_alloc(r->arena, driver->options_size);
            conf_fill(r, map, driver->keys, options, owner);
            s->driver_options = options;
        }
    } else if (s->type.p) {
        report_type(r, hooks, s->type, yaml_get(map, STR("type"))->line);
    }
    check_source_keys(r, map, driver, owner);
}

static void check_names(struct conf_reader *r, const struct yaml_node *const *maps,
                        const struct config_source *sources, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (sources[i].name.p && str_eq(sources[i].name, sources[j].name)) {
                char hint[64];
                snprintf(hint, sizeof hint, "the first is at line %u", sources[j].line);
                conf_errors_addf(r->errors, r->file, yaml_get(maps[i], STR("name"))->line, hint,
                                 "two sources are named \"%s\"", sources[i].name.p);
                break;
            }
}

void config_read_sources(struct conf_reader *r, const struct yaml_node *list, void *into)
{
    struct config *c = into;
    size_t n = 0, position = 0;
    if (!list)
        return;
    c->sources = ARENA_ARRAY(r->arena, struct config_source, list->n);
    const struct yaml_node **maps = ARENA_ARRAY(r->arena, const struct yaml_node *, list->n);
    for (const struct yaml_node *item = list->first; item; item = item->next) {
        position++;
        if (item->kind != YAML_MAP)
            continue;
        maps[n] = item;
        read_source(r, item, position, &c->sources[n++]);
    }
    c->source_count = n;
    check_names(r, maps, c->sources, n);
}

static unsigned line_of(const struct yaml_node *root, const char *key)
{
    const struct yaml_node *node = yaml_get(root, str_of(key));
    return node ? node->line : 0;
}

static void check_faces(struct conf_reader *r, const struct yaml_node *root, const struct config *c)
{
    unsigned line = line_of(root, "admin");
    if (!c->admin.loopback)
        conf_errors_addf(r->errors, r->file, line, "write 127.0.0.1, ::1 or a unix: path",
                         "\"admin\" is \"%s\": other machines could reach it, and it asks for no "
                         "password",
                         c->admin.text.p);
    bool free_port = c->admin.family != CONF_UNIX && c->admin.port == 0;
    if (c->admin.family == c->listen.family && str_eq(c->admin.host, c->listen.host) &&
        c->admin.port == c->listen.port && !free_port)
        conf_errors_addf(r->errors, r->file, line ? line : line_of(root, "listen"), NULL,
                         "\"listen\" and \"admin\" are both \"%s\"", c->admin.text.p);
}

struct config *config_load_text(struct str yaml, const char *name, const char *dir,
                                const struct conf_hooks *hooks, struct conf_errors *errors)
{
    struct arena scratch = {0}, arena = {0};
    struct yaml_node *root;
    bool readable = yaml_read(&scratch, yaml, name, errors, &root) || root;
    if (root && root->kind != YAML_MAP) {
        conf_errors_addf(
            errors, name, root->line, NULL,
            "the file must be a map of keys and values, as \"listen: 127.0.0.1:8080\"");
        readable = false;
    }
    struct config *c = ARENA_NEW(&arena, struct config);
    c->file = arena_str(&arena, str_of(name));
    if (readable) {
        struct conf_reader r = {&arena, c->file.p, str_of(dir), hooks->checks, errors, hooks};
        conf_read_map(&r, root, config_keys, c, "");
        check_faces(&r, root, c);
        struct str url = c->public_url;
        while (str_ends(url, STR("/")))
            url.n--;
        c->public_url = arena_str(&arena, url);
    }
    arena_free(&scratch);
    if (errors->n) {
        conf_errors_sort(errors);
        arena_free(&arena);
        return NULL;
    }
    c->arena = arena;
    return c;
}

void config_free(struct config *c)
{
    if (!c)
        return;
    struct arena arena = c->arena; // it holds *c
    arena_free(&arena);
}

struct config *config_load(const char *path, const struct conf_hooks *hooks,
                           struct conf_errors *errors)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        conf_errors_addf(errors, path, 0, NULL, "it cannot be opened: %s", strerror(errno));
        return NULL;
    }
    size_t room = YAML_BYTES_MOST + 1; // one more than allowed: yaml_read refuses it
    char *bytes = xmalloc(room);
    size_t n = fread(bytes, 1, room, f);
    bool failed = ferror(f) != 0;
    int why = errno;
    fclose(f);
    struct config *c = NULL;
    if (failed) {
        conf_errors_addf(errors, path, 0, NULL, "it cannot be read: %s", strerror(why));
    } else {
        const char *slash = strrchr(path, '/');
        size_t length = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
        struct arena scratch = {0};
        c = config_load_text(str_slice(bytes, n), path,
                             slash ? arena_z(&scratch, str_slice(path, length)) : ".", hooks,
                             errors);
        arena_free(&scratch);
    }
    free(bytes);
    return c;
}

const char *config_find_path(const char *given, struct err *e)
{
    static const char *const places[] = {"./glaneur.yaml", "/etc/glaneur/glaneur.yaml"};
    if (given)
        return given;
    const char *named = getenv("GLANEUR_CONFIG");
    if (named && *named)
        return named;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (access(places[i], F_OK) == 0)
            return places[i];
    err_set(e, ERR_CONFIG,
            "there is no configuration: neither %s nor %s exists, and "
            "$GLANEUR_CONFIG is not set",
            places[0], places[1]);
    err_hint(e,
             "name a file with -c FILE, or copy config/glaneur.yaml, the example that comes with "
             "Glaneur, to one of these places");
    return NULL;
}

const struct config_source *config_source(const struct config *c, struct str name)
{
    for (size_t i = 0; i < c->source_count; i++)
        if (str_eq(c->sources[i].name, name))
            return &c->sources[i];
    return NULL;
}

void config_describe(struct buf *out, const struct conf_hooks *hooks)
{
    conf_describe(out, config_keys, 0);
    for (size_t i = 0; i < hooks->driver_count; i++)
        if (hooks->drivers[i].keys) {
            buf_addf(out, "\nKeys of sources of type %s:\n", hooks->drivers[i].type);
            conf_describe(out, hooks->drivers[i].keys, 0);
        }
}
