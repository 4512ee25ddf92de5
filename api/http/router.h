// Which route answers a path. Paths are cut into segments on the raw URI, each segment then
// percent-decoded, so that an id that holds "%2F" is one segment. Made once, then only read: any
// thread.
#pragma once

#include "api/http/route.h"
#include "base/arena.h"
#include "base/err.h"

enum {
    ROUTER_SEGMENTS = 16, // of a pattern; longer paths match nothing
    ROUTER_PARAMETERS = 4 // of a pattern
};

struct router;

struct router_path {
    struct str segments[ROUTER_SEGMENTS];
    size_t n; // ROUTER_SEGMENTS + 1 when there are more
};

struct router_match {
    const struct http_route *route; // NULL: no route for the path and the method
    void *arg;                      // of its face
    struct str names[ROUTER_PARAMETERS], values[ROUTER_PARAMETERS];
    size_t parameters;
    unsigned methods; // that the path has, or-ed; 0: no such path
};

// Cuts "/a/b%2Fc" into "a" and "b/c"; "/" is one empty segment. False when a segment cannot be
// decoded. The bytes live in the arena.
bool router_cut(struct arena *a, struct str path, struct router_path *out);

// The table, in the arena. NULL and ERR_CONFIG: a pattern that cannot be, a route without handler
// or name, two routes for one path and method. The error names the route.
struct router *router_make(struct arena *a, const struct http_face *faces, size_t n, struct err *e);
void router_find(const struct router *r, const struct router_path *path, enum http_method method,
                 struct router_match *out);
