// See territories.h. The handler runs on the loop: an answer takes well under a millisecond.
#include "api/territories.h"

#include "api/http/problem.h"
#include "api/http/request.h"
#include "api/http/response.h"
#include "base/hash.h"
#include "config/schema.h"

#include <stdio.h>

enum { SHOWN_BYTES = 60 }; // of a wrong value, in a message

void territories_request_init(struct territories_request *r)
{
    *r =
        (struct territories_request){.level = TERRITORY_LEVELS, .page_size = TERRITORIES_PAGE_SIZE};
}

static bool wrong_level(struct str value, struct err *e)
{
    char known[sizeof e->hint] = "";
    for (size_t i = 0, at = 0; i < TERRITORY_LEVELS && at < sizeof known; i++)
        at += (size_t)snprintf(known + at, sizeof known - at, "%s%.*s", i ? ", " : "",
                               STR_ARG(territory_level_name((enum territory_level)i)));
    err_set(e, ERR_QUERY, "level is \"%.*s\"", STR_ARG(str_cut_utf8(value, SHOWN_BYTES)));
    return err_hint(e, "one of %s", known);
}

bool territories_param(struct territories_request *r, struct str name, struct str value,
                       struct err *e)
{
    static const char *const names[] = {"q", "level", "page_size", NULL};
    value = str_trim(value);
    if (str_eq(name, STR("q"))) {
        r->q = value;
        return true;
    }
    if (str_eq(name, STR("level")))
        return !value.n || territory_level_find(value, &r->level) || wrong_level(value, e);
    if (str_eq(name, STR("page_size"))) {
        if (value.n && !str_to_int(value, 1, TERRITORIES_PAGE_SIZE_MAX, &r->page_size))
            return err_set(e, ERR_QUERY,
                           "page_size is \"%.*s\": it should be a number from 1 to %d",
                           STR_ARG(str_cut_utf8(value, SHOWN_BYTES)), TERRITORIES_PAGE_SIZE_MAX);
        return true;
    }
    const char *nearest = conf_nearest(name, names);
    err_set(e, ERR_USAGE, "unknown parameter \"%.*s\"", STR_ARG(str_cut_utf8(name, SHOWN_BYTES)));
    return nearest ? err_hint(e, "did you mean \"%s\"?", nearest) : false;
}

// ---- The answer ------------------------------------------------------------------------------------

static void write_parents(struct buf *b, const struct territories *all, const struct territory *of)
{
    const struct territory *up[TERRITORY_ANCESTORS_MAX];
    size_t n = territory_ancestors(all, of, up);
    json_key(b, "parents");
    json_open(b, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(b, '{');
        json_key(b, "id");
        json_str(b, up[i]->id);
        json_key(b, "name");
        json_str(b, up[i]->name);
        json_close(b, '}');
    }
    json_close(b, ']');
}

static void write_one(struct buf *b, const struct territories *all, const struct territory *t)
{
    json_open(b, '{');
    json_key(b, "id");
    json_str(b, t->id);
    json_key(b, "code");
    json_str(b, t->code);
    json_key(b, "name");
    json_str(b, t->name);
    json_key(b, "level");
    json_str(b, territory_level_name(t->level));
    write_parents(b, all, t);
    json_key(b, "postcodes");
    json_open(b, '[');
    struct str rest = t->postcodes, one;
    while (str_next(&rest, ' ', &one))
        if (one.n)
            json_str(b, one);
    json_close(b, ']');
    json_key(b, "population");
    if (t->population)
        json_int(b, t->population);
    else
        json_nil(b);
    json_close(b, '}');
}

void json_territories(struct buf *b, const struct places *places,
                      const struct territories_request *r)
{
    struct place_suggestion found[TERRITORIES_PAGE_SIZE_MAX];
    size_t n = places_suggest(places, r->q, r->level, found, (size_t)r->page_size);
    json_open(b, '{');
    json_key(b, "q");
    json_str(b, r->q.n ? r->q : STR(""));
    json_key(b, "data");
    json_open(b, '[');
    for (size_t i = 0; i < n; i++)
        write_one(b, places_territories(places), found[i].place);
    json_close(b, ']');
    json_close(b, '}');
}

static bool read_request(struct http_exchange *x, struct territories_request *r)
{
    struct http_pairs query = http_query(x);
    territories_request_init(r);
    for (size_t i = 0; i < query.n; i++) {
        struct err e = {0};
        if (territories_param(r, query.v[i].name, query.v[i].value, &e))
            continue;
        http_problem_parameter(x, &e, query.v[i].name);
        return false;
    }
    return true;
}

static void territories(struct http_exchange *x, void *context, void *arg)
{
    struct territories_request r;
    struct buf body = {0};
    (void)context;
    if (!read_request(x, &r))
        return;
    json_territories(&body, arg, &r);
    http_cache(x, "public, max-age=3600, stale-while-revalidate=86400");
    http_etag(x, arena_printf(http_arena(x), "%llx", (unsigned long long)hash64(buf_str(&body))),
              false);
    http_json(x, 200, &body);
}

const struct http_route territories_routes[] = {
    {HTTP_GET, "/api/v1/territories", territories, 0, "territories"},
};
const size_t territories_route_count = sizeof territories_routes / sizeof *territories_routes;
