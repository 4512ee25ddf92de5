// See response.h.
#include "api/http/response.h"

#include "api/http/etag.h"
#include "api/http/exchange.h"
#include "api/http/problem.h"
#include "api/http/text.h"

void response_clear(struct http_exchange *x)
{
    buf_free(&x->reply.body);
    http_kept_release(x->reply.kept);
    x->reply = (struct reply){0};
}

void response_header(struct http_exchange *x, const char *name, struct str value)
{
    struct http_pairs *headers = &x->reply.headers;
    struct http_pair *v = ARENA_ARRAY(&x->arena, struct http_pair, headers->n + 1);
    if (headers->n)
        memcpy(v, headers->v, headers->n * sizeof *v);
    v[headers->n] = (struct http_pair){str_of(name), arena_str(&x->arena, value)};
    *headers = (struct http_pairs){v, headers->n + 1};
}

bool http_add_header(struct http_exchange *x, const char *name, struct str value)
{
    if (!http_is_token(str_of(name)) || !http_is_field_value(value))
        return false;
    response_header(x, name, value);
    return true;
}

void http_answer(struct http_exchange *x, unsigned status, const char *type, struct buf *body)
{
    buf_free(&x->reply.body);
    http_kept_release(x->reply.kept);
    x->reply.kept = NULL;
    x->reply.coding = HTTP_PLAIN;
    x->reply.status = status;
    x->reply.type = type;
    x->reply.body = *body;
    *body = (struct buf){0};
}

void http_json(struct http_exchange *x, unsigned status, struct buf *body)
{
    http_answer(x, status, "application/json", body);
}

void http_html(struct http_exchange *x, unsigned status, struct buf *body)
{
    http_answer(x, status, "text/html; charset=utf-8", body);
}

void http_empty(struct http_exchange *x, unsigned status)
{
    http_answer(x, status, NULL, &(struct buf){0});
}

void http_redirect(struct http_exchange *x, unsigned status, struct str location)
{
    for (size_t i = 0; i < location.n; i++)
        if (location.p[i] <= ' ' || location.p[i] > '~') {
            struct err e;
            err_set(&e, ERR_INTERNAL, "a redirect to a location that is not visible ASCII");
            http_problem_err(x, &e, STR_NONE);
            return;
        }
    http_empty(x, status);
    response_header(x, "Location", location);
}

void http_cache(struct http_exchange *x, const char *control)
{
    x->reply.cache = control;
}

bool http_etag(struct http_exchange *x, struct str opaque, bool weak)
{
    if (!etag_is_opaque(opaque))
        return false;
    x->reply.etag = arena_str(&x->arena, opaque);
    x->reply.etag_weak = weak;
    x->reply.etag_matched = false;
    for (size_t i = 0; i < x->headers.n && x->method == HTTP_GET; i++)
        if (str_eq_nocase(x->headers.v[i].name, STR("If-None-Match")) &&
            etag_matches(x->headers.v[i].value, opaque))
            x->reply.etag_matched = true;
    return x->reply.etag_matched;
}
