// See suggest.h. The handler runs on a search thread; the suggester that it asks is held while it does.
#include "api/suggest.h"

#include "api/http/problem.h"
#include "api/http/request.h"
#include "api/http/response.h"
#include "api/search_params.h"
#include "base/hash.h"
#include "config/schema.h"
#include "indexer/suggest/suggest_keeper.h"

#include <math.h>

enum { PAGE_SIZE = 10, SHOWN_BYTES = 60 }; // of a wrong value, in a message

void suggest_request_init(struct suggest_request *r)
{
    *r = (struct suggest_request){.page_size = PAGE_SIZE};
}

bool suggest_param(struct suggest_request *r, struct str name, struct str value, struct err *e)
{
    static const char *const names[] = {"q", "kind", "page_size", NULL};
    struct str shown = str_cut_utf8(value, SHOWN_BYTES);
    enum suggest_kind kind;
    if (str_eq(name, STR("q"))) {
        r->q = value;
        return true;
    }
    if (str_eq(name, STR("kind"))) {
        value = str_trim(value);
        if (!value.n)
            return true;
        if (!suggest_kind_find(value, &kind)) {
            err_set(e, ERR_QUERY, "kind is \"%.*s\"", STR_ARG(shown));
            return err_hint(e, "it is one of dataset, dataservice, reuse, software, organization, "
                               "keyword, territory");
        }
        r->kinds |= 1u << kind;
        return true;
    }
    if (str_eq(name, STR("page_size"))) {
        value = str_trim(value);
        if (value.n && !str_to_int(value, 1, SUGGEST_ANSWER_MAX, &r->page_size))
            return err_set(e, ERR_QUERY,
                           "page_size is \"%.*s\": it should be a number from 1 to %d",
                           STR_ARG(shown), SUGGEST_ANSWER_MAX);
        return true;
    }
    const char *nearest = conf_nearest(name, names);
    err_set(e, ERR_USAGE, "unknown parameter \"%.*s\"", STR_ARG(str_cut_utf8(name, SHOWN_BYTES)));
    return nearest ? err_hint(e, "did you mean \"%s\"?", nearest) : false;
}

// ---- The answer ------------------------------------------------------------------------------------

static void add_pair(struct buf *url, const char *before, struct str value)
{
    buf_addz(url, before);
    url_encode(url, value);
}

static void add_url(struct buf *url, const struct suggestion *s)
{
    bool one_record = suggest_kind_is_record(s->kind) && s->count <= 1;
    if (one_record || (s->kind == SUGGEST_ORGANIZATION && !s->count)) {
        add_pair(url, "/r/", s->value);
    } else if (suggest_kind_is_record(s->kind)) {
        add_pair(url, "/?q=", s->text);
        add_pair(url, "&kind=", suggest_kind_name(s->kind));
    } else {
        add_pair(url,
                 s->kind == SUGGEST_ORGANIZATION ? "/?publisher="
                 : s->kind == SUGGEST_KEYWORD    ? "/?keyword="
                                                 : "/?territory=",
                 s->value);
    }
}

static void write_one(struct buf *b, const struct suggestion *s, struct str base_url)
{
    bool has_id = suggest_kind_is_record(s->kind) || s->kind == SUGGEST_ORGANIZATION;
    struct buf url = {0};
    buf_add(&url, base_url);
    add_url(&url, s);
    json_open(b, '{');
    json_key(b, "kind");
    json_str(b, suggest_kind_name(s->kind));
    json_key(b, "text");
    json_str(b, s->text);
    json_key(b, "html");
    json_str(b, s->html);
    json_key(b, has_id ? "id" : "value");
    json_str(b, s->value);
    json_key(b, "count");
    if (s->kind == SUGGEST_TERRITORY)
        json_nil(b); // not known
    else
        json_int(b, s->count);
    json_key(b, "url");
    json_str(b, buf_str(&url));
    json_close(b, '}');
    buf_free(&url);
}

void json_suggest(struct buf *b, struct str q, const struct suggestions *found, struct str base_url,
                  double took_ms)
{
    json_open(b, '{');
    json_key(b, "q");
    json_str(b, q.n ? q : STR(""));
    json_key(b, "data");
    json_open(b, '[');
    for (size_t i = 0; i < found->n; i++)
        write_one(b, &found->v[i], base_url);
    json_close(b, ']');
    json_key(b, "took_ms");
    json_num(b, round(took_ms * 1000) / 1000);
    json_close(b, '}');
}

static bool read_request(struct http_exchange *x, struct suggest_request *r)
{
    struct http_pairs query = http_query(x);
    suggest_request_init(r);
    for (size_t i = 0; i < query.n; i++) {
        struct err e = {0};
        if (suggest_param(r, query.v[i].name, query.v[i].value, &e))
            continue;
        http_problem_parameter(x, &e, query.v[i].name);
        return false;
    }
    return true;
}

static void suggest(struct http_exchange *x, void *context, void *arg)
{
    struct suggest_request r;
    struct suggestions found = {0};
    (void)context;
    if (!read_request(x, &r))
        return;
    double start = date_stopwatch();
    struct suggester *s = suggest_keeper_get(arg);
    if (s) {
        suggester_find(s, r.q, r.kinds, (size_t)r.page_size, http_arena(x), &found);
        http_cache(x, "public, max-age=60, stale-while-revalidate=300");
        http_etag(x,
                  arena_printf(http_arena(x), "%llx-%llx",
                               (unsigned long long)suggester_revision(s),
                               (unsigned long long)hash64(http_query_text(x))),
                  true);
        suggester_release(s);
    } else {
        http_cache(x, "no-store"); // there is no index yet
    }
    struct buf body = {0};
    json_suggest(&body, r.q, &found, http_base_url(x), (date_stopwatch() - start) * 1000);
    http_json(x, 200, &body);
}

const struct http_route suggest_routes[] = {
    {HTTP_GET, "/api/v1/suggest", suggest, HTTP_ON_WORKER, "suggest"},
};
const size_t suggest_route_count = sizeof suggest_routes / sizeof *suggest_routes;
