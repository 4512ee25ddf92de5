// What a handler reads of a request. Everything is a copy that belongs to the exchange and lives
// until it is answered (a held one: until http_send). Only the thread that the handler runs on may
// use the exchange: the loop, or a worker while its handler runs.
#pragma once

#include "api/http/route.h"
#include "base/arena.h"

struct http_pair {
    struct str name, value; // value is never {NULL, 0}: "?a" and "?a=" are both ""
};

struct http_pairs {
    const struct http_pair *v;
    size_t n;
};

enum http_method http_method(const struct http_exchange *x); // HTTP_GET for HEAD too
// As in the request line, still percent-encoded; starts with '/'. Printable ASCII.
struct str http_path(const struct http_exchange *x);
// What follows the '?', still encoded; absent when there is no '?'.
struct str http_query_text(const struct http_exchange *x);
// A {parameter} of the route's pattern, percent-decoded: valid UTF-8, no NUL. Absent when the
// pattern has none of that name.
struct str http_path_parameter(const struct http_exchange *x, const char *name);
// The query's parameters in order, decoded (application/x-www-form-urlencoded: '+' is a space):
// valid UTF-8, no NUL, at most HTTP_PARAMETERS. Empty pieces ("a=1&&b=2") are left out.
struct http_pairs http_query(const struct http_exchange *x);
// The first of that name, or absent.
struct str http_query_value(const struct http_exchange *x, const char *name);
// The request's headers in order; names in the case that they came in.
struct http_pairs http_headers(const struct http_exchange *x);
// The first of that name in any case, or absent.
struct str http_header(const struct http_exchange *x, const char *name);
struct str http_body(const struct http_exchange *x); // {NULL, 0} when empty
// Freed with the exchange.
struct arena *http_arena(struct http_exchange *x);
// The client's address in text; X-Forwarded-For's last one that no trusted proxy has, when it is
// believed; "unix" for a client on a unix socket. For rate limits; not to be logged above debug.
struct str http_address(const struct http_exchange *x);
// The X-Request-Id that came ([A-Za-z0-9-]{1,64}), else one of ours (16 hexadecimal digits). Sent
// back.
struct str http_request_id(const struct http_exchange *x);
// settings.public_url, else "http://" and the request's Host. For absolute links. No slash at its
// end.
struct str http_base_url(struct http_exchange *x);
