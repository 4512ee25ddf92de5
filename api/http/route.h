// The table of routes that a face hands to the server: plain data, static, so that it can be walked
// (the OpenAPI document is made of it).
#pragma once

#include <stddef.h>

struct http_exchange; // one request and its answer; see request.h and response.h

enum http_method {
    HTTP_GET = 1, // answers HEAD too
    HTTP_POST = 2,
    HTTP_PUT = 4,
    HTTP_PATCH = 8,
    HTTP_DELETE = 16,
    HTTP_OTHER = 32 // OPTIONS, and what we do not know: answered by the server, not for routes
};

enum {                  // flags of a route
    HTTP_ON_WORKER = 1, // the handler may block
    HTTP_AT_HAND = 2,   // its answer may be at hand: http_settings.at_hand is tried first
};

// Answers with one of the functions of response.h or problem.h before it returns, or, on the loop,
// calls http_hold and answers later. One that does neither is answered 500. worker_context: what
// workers_options.open gave on this thread; NULL on the loop. arg: the face's.
typedef void http_handler(struct http_exchange *x, void *worker_context, void *arg);

struct http_route {
    unsigned methods; // enum http_method, or-ed
    // "/api/v1/records/{id}/history": each segment is a literal or a {parameter} (one segment that
    // is not empty, percent-decoded: it may hold slashes). At the first segment that differs a
    // literal wins over a parameter. Slashes are exact: "/a" and "/a/" are two paths.
    const char *pattern;
    http_handler *handler;
    unsigned flags;
    const char *name; // stable, for metrics and logs: "search", "record_history"
};

struct http_face {
    const struct http_route *routes;
    size_t count;
    void *arg; // for its handlers
};
