// See request.h.
#include "api/http/request.h"

#include "api/http/exchange.h"
#include "api/http/text.h"

enum http_method http_method(const struct http_exchange *x)
{
    return x->method;
}

struct str http_path(const struct http_exchange *x)
{
    return x->path;
}

struct str http_query_text(const struct http_exchange *x)
{
    return x->query_text;
}

struct str http_path_parameter(const struct http_exchange *x, const char *name)
{
    for (size_t i = 0; i < x->match.parameters; i++)
        if (str_eq(x->match.names[i], str_of(name)))
            return x->match.values[i];
    return STR_NONE;
}

struct http_pairs http_query(const struct http_exchange *x)
{
    return x->query;
}

struct str http_query_value(const struct http_exchange *x, const char *name)
{
    for (size_t i = 0; i < x->query.n; i++)
        if (str_eq(x->query.v[i].name, str_of(name)))
            return x->query.v[i].value;
    return STR_NONE;
}

struct http_pairs http_headers(const struct http_exchange *x)
{
    return x->headers;
}

struct str http_header(const struct http_exchange *x, const char *name)
{
    return http_pairs_field(x->headers, name);
}

struct str http_body(const struct http_exchange *x)
{
    return x->body.n ? buf_str(&x->body) : STR_NONE;
}

struct arena *http_arena(struct http_exchange *x)
{
    return &x->arena;
}

struct str http_address(const struct http_exchange *x)
{
    return x->client;
}

struct str http_request_id(const struct http_exchange *x)
{
    return x->id;
}

struct str http_base_url(struct http_exchange *x)
{
    if (x->server->settings.public_url.n)
        return x->server->settings.public_url;
    return arena_printf(&x->arena, "http://%.*s", STR_ARG(x->host));
}
