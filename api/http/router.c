// See router.h. Patterns are sorted so that the first that matches is the most literal one.
#include "api/http/router.h"

#include "api/http/text.h"

#include <stdlib.h>

struct entry {
    const struct http_route *route;
    void *arg;
    struct {
        struct str text; // of the literal, or the parameter's name
        bool parameter;
    } segments[ROUTER_SEGMENTS];
    size_t n;
};

struct router {
    struct entry *entries;
    size_t n;
};

bool router_cut(struct arena *a, struct str path, struct router_path *out)
{
    struct str rest = str_slice(path.p + 1, path.n - 1), segment;
    out->n = 0;
    while (str_next(&rest, '/', &segment)) {
        struct str decoded = segment;
        if (str_find_char(segment, '%') >= 0 && !http_percent_decode(a, segment, &decoded))
            return false;
        if (out->n < ROUTER_SEGMENTS)
            out->segments[out->n] = decoded;
        if (out->n <= ROUTER_SEGMENTS)
            out->n++;
    }
    return true;
}

static bool entry_read(struct entry *entry, struct err *e)
{
    struct str pattern = str_of(entry->route->pattern), segment;
    size_t parameters = 0;
    if (pattern.n == 0 || pattern.p[0] != '/')
        return err_set(e, ERR_CONFIG, "a pattern starts with a slash");
    struct str rest = str_slice(pattern.p + 1, pattern.n - 1);
    while (str_next(&rest, '/', &segment)) {
        if (entry->n == ROUTER_SEGMENTS)
            return err_set(e, ERR_CONFIG, "the pattern has more than %d segments", ROUTER_SEGMENTS);
        bool parameter = segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
        if (parameter)
            segment = str_slice(segment.p + 1, segment.n - 2);
        if (str_find_char(segment, '{') >= 0 || str_find_char(segment, '}') >= 0)
            return err_set(e, ERR_CONFIG, "a parameter is a whole segment, {name}");
        if (parameter && ++parameters > ROUTER_PARAMETERS)
            return err_set(e, ERR_CONFIG, "the pattern has more than %d parameters",
                           ROUTER_PARAMETERS);
        entry->segments[entry->n].text = segment;
        entry->segments[entry->n++].parameter = parameter;
    }
    return true;
}

// Literals before parameters, at the first segment where two patterns differ in that; 0 for two
// patterns that match the same paths.
static int entry_cmp(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    for (size_t i = 0; i < a->n && i < b->n; i++) {
        int c = (int)a->segments[i].parameter - (int)b->segments[i].parameter;
        if (c == 0 && !a->segments[i].parameter)
            c = str_cmp(a->segments[i].text, b->segments[i].text);
        if (c)
            return c;
    }
    return (a->n > b->n) - (a->n < b->n);
}

static bool find_clash(const struct router *r, struct err *e)
{
    for (size_t i = 0; i < r->n; i++)
        for (size_t j = i + 1; j < r->n && entry_cmp(&r->entries[i], &r->entries[j]) == 0; j++)
            if (r->entries[i].route->methods & r->entries[j].route->methods) {
                err_set(e, ERR_CONFIG, "the same path and method as route %s",
                        r->entries[i].route->name);
                err_where(e, "route %s", r->entries[j].route->name);
                return true;
            }
    return false;
}

static bool route_is_whole(const struct http_route *route, struct err *e)
{
    const unsigned all = HTTP_GET | HTTP_POST | HTTP_PUT | HTTP_PATCH | HTTP_DELETE;
    if (!route->name || !route->pattern || !route->handler)
        return err_set(e, ERR_CONFIG, "a route needs a name, a pattern and a handler");
    if (route->methods == 0 || (route->methods & ~all))
        return err_set(e, ERR_CONFIG, "a route has one or more of the five methods");
    return true;
}

struct router *router_make(struct arena *a, const struct http_face *faces, size_t n, struct err *e)
{
    struct router *r = ARENA_NEW(a, struct router);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += faces[i].count;
    r->entries = ARENA_ARRAY(a, struct entry, count);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < faces[i].count; j++) {
            struct entry *entry = &r->entries[r->n++];
            entry->route = &faces[i].routes[j];
            entry->arg = faces[i].arg;
            if (!route_is_whole(entry->route, e) || !entry_read(entry, e)) {
                err_where(e, "route %s", entry->route->name ? entry->route->name : "(no name)");
                return NULL;
            }
        }
    if (r->n)
        qsort(r->entries, r->n, sizeof *r->entries, entry_cmp);
    return find_clash(r, e) ? NULL : r;
}

static bool entry_matches(const struct entry *entry, const struct router_path *path)
{
    if (entry->n != path->n)
        return false;
    for (size_t i = 0; i < entry->n; i++)
        if (entry->segments[i].parameter ? path->segments[i].n == 0
                                         : !str_eq(entry->segments[i].text, path->segments[i]))
            return false;
    return true;
}

void router_find(const struct router *r, const struct router_path *path, enum http_method method,
                 struct router_match *out)
{
    *out = (struct router_match){0};
    for (size_t i = 0; i < r->n; i++) {
        const struct entry *entry = &r->entries[i];
        if (!entry_matches(entry, path))
            continue;
        out->methods |= entry->route->methods;
        if (out->route || !(entry->route->methods & (unsigned)method))
            continue;
        out->route = entry->route;
        out->arg = entry->arg;
        for (size_t j = 0; j < entry->n; j++)
            if (entry->segments[j].parameter) {
                out->names[out->parameters] = entry->segments[j].text;
                out->values[out->parameters++] = path->segments[j];
            }
    }
}
