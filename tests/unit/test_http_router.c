// api/http/router: which route answers a path; tables that cannot be.
#include "api/http/router.h"
#include "tests/tap.h"

static struct arena a;

static void handler(struct http_exchange *x, void *context, void *arg)
{
    (void)x, (void)context, (void)arg;
}

#define ROUTE(methods, pattern, name)                                                              \
    {                                                                                              \
        methods, pattern, handler, 0, name                                                         \
    }
static const struct http_route search_routes[] = {
    ROUTE(HTTP_GET, "/api/v1/records/{id}", "record"),
    ROUTE(HTTP_GET, "/api/v1/records/{id}/history", "history"),
    ROUTE(HTTP_GET, "/api/v1/export.csv", "csv"),
    ROUTE(HTTP_GET, "/api/v1/records/latest", "latest"),
    ROUTE(HTTP_GET, "/", "home"),
};
static const struct http_route admin_routes[] = {
    ROUTE(HTTP_POST | HTTP_PUT, "/api/v1/records/{record}", "record_write"),
    ROUTE(HTTP_GET, "/{a}/{b}", "two"),
    ROUTE(HTTP_GET, "/{a}/{b}/", "two_and_slash"),
    ROUTE(HTTP_GET, "/x/{b}", "x_b"),
    ROUTE(HTTP_GET, "/{a}/y", "a_y"),
    ROUTE(HTTP_DELETE, "/x/y", "x_y_delete"),
    ROUTE(HTTP_GET, "/v/{a}/{b}/{c}/{d}", "four"),
};
static char search_arg[] = "search", admin_arg[] = "admin";
static const struct http_face faces[] = {
    {search_routes, sizeof search_routes / sizeof *search_routes, search_arg},
    {admin_routes, sizeof admin_routes / sizeof *admin_routes, admin_arg},
};

// "name(parameter=value ...) arg", or "none", or the methods of the path.
static const char *found(const struct router *r, enum http_method method, const char *path)
{
    struct router_path cut;
    struct router_match match;
    if (!router_cut(&a, str_of(path), &cut))
        return "malformed";
    router_find(r, &cut, method, &match);
    if (!match.route)
        return match.methods ? arena_printf(&a, "methods %u", match.methods).p : "none";
    struct str text = arena_printf(&a, "%s(", match.route->name);
    for (size_t i = 0; i < match.parameters; i++)
        text = arena_printf(&a, "%.*s%s%.*s=%.*s", STR_ARG(text), i ? " " : "",
                            STR_ARG(match.names[i]), STR_ARG(match.values[i]));
    return arena_printf(&a, "%.*s) %s", STR_ARG(text), (const char *)match.arg).p;
}

static void test_finding(void)
{
    struct err e;
    struct router *r = router_make(&a, faces, 2, &e);
    ok(r != NULL);
    is_str(found(r, HTTP_GET, "/"), "home() search");
    is_str(found(r, HTTP_GET, "/api/v1/export.csv"), "csv() search");
    is_str(found(r, HTTP_GET, "/api/v1/records/a"), "record(id=a) search");
    is_str(found(r, HTTP_GET, "/api/v1/records/a%2Fb%20c"), "record(id=a/b c) search");
    is_str(found(r, HTTP_GET, "/api/v1/records/a%2Fb/history"), "history(id=a/b) search");
    is_str(found(r, HTTP_GET, "/api/v1/records/latest"), "latest() search");
    is_str(found(r, HTTP_GET, "/api/v1/records/l%61test"), "latest() search");
    // A literal path without the method: the parameter's route has it.
    is_str(found(r, HTTP_POST, "/api/v1/records/latest"), "record_write(record=latest) admin");
    is_str(found(r, HTTP_PUT, "/api/v1/records/a"), "record_write(record=a) admin");
    is_str(found(r, HTTP_DELETE, "/api/v1/records/a"), "methods 7"); // GET, POST and PUT
    // The first segment that differs decides.
    is_str(found(r, HTTP_GET, "/x/y"), "x_b(b=y) admin");
    is_str(found(r, HTTP_GET, "/z/y"), "a_y(a=z) admin");
    is_str(found(r, HTTP_GET, "/z/z"), "two(a=z b=z) admin");
    is_str(found(r, HTTP_GET, "/z/z/"), "two_and_slash(a=z b=z) admin");
    is_str(found(r, HTTP_DELETE, "/x/y"), "x_y_delete() admin");
    is_str(found(r, HTTP_GET, "/v/1/2/3/4"), "four(a=1 b=2 c=3 d=4) admin");
    // What is not there.
    is_str(found(r, HTTP_GET, "/z"), "none");
    is_str(found(r, HTTP_GET, "/z//"), "none"); // a parameter is not empty
    is_str(found(r, HTTP_GET, "//z"), "none");
    is_str(found(r, HTTP_GET, "/api/v1/records/"), "none");
    is_str(found(r, HTTP_GET, "/api/v1/export.csv/"), "none");
    is_str(found(r, HTTP_GET, "/API/v1/export.csv"), "none");
    is_str(found(r, HTTP_GET, "/api%2Fv1%2Fexport.csv"), "none");
    is_str(found(r, HTTP_GET, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18"), "none");
    is_str(found(r, HTTP_OTHER, "/"), "methods 1");
    is_str(found(r, HTTP_GET, "/z/%zz"), "malformed");
    is_str(found(r, HTTP_GET, "/z/%ff"), "malformed");
}

static void test_cutting(void)
{
    struct router_path cut;
    ok(router_cut(&a, STR("/"), &cut));
    is_int(cut.n, 1);
    is_text(cut.segments[0], "");
    ok(router_cut(&a, STR("/a//%2F/"), &cut));
    is_int(cut.n, 4);
    is_text(cut.segments[1], "");
    is_text(cut.segments[2], "/");
    is_text(cut.segments[3], "");
    ok(router_cut(&a, STR("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16"), &cut));
    is_int(cut.n, ROUTER_SEGMENTS);
    ok(router_cut(&a, STR("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19"), &cut));
    is_int(cut.n, ROUTER_SEGMENTS + 1);
}

static void cannot_be(const struct http_route *routes, size_t n, const char *where,
                      const char *what)
{
    const struct http_face face = {routes, n, NULL};
    struct err e = {0};
    ok(router_make(&a, &face, 1, &e) == NULL);
    is_int(e.code, ERR_CONFIG);
    is_str(e.where, where);
    is_str(e.what, what);
}

static void test_tables_that_cannot_be(void)
{
    const char *const parts = "a route needs a name, a pattern and a handler";
    const char *const whole = "a parameter is a whole segment, {name}";
    cannot_be(&(struct http_route)ROUTE(HTTP_GET, "a", "r"), 1, "route r",
              "a pattern starts with a slash");
    cannot_be(&(struct http_route)ROUTE(HTTP_GET, "", "r"), 1, "route r",
              "a pattern starts with a slash");
    cannot_be(&(struct http_route)ROUTE(HTTP_GET, "/{}", "r"), 1, "route r", whole);
    cannot_be(&(struct http_route)ROUTE(HTTP_GET, "/a{b}", "r"), 1, "route r", whole);
    cannot_be(&(struct http_route)ROUTE(HTTP_GET, "/{a}.csv", "r"), 1, "route r", whole);
    cannot_be(&(struct http_route)ROUTE(HTTP_GET, "/{a}/{b}/{c}/{d}/{e}", "r"), 1, "route r",
              "the pattern has more than 4 parameters");
    cannot_be(&(struct http_route)ROUTE(HTTP_GET, "/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7", "r"), 1,
              "route r", "the pattern has more than 16 segments");
    cannot_be(&(struct http_route){HTTP_GET, "/a", NULL, 0, "r"}, 1, "route r", parts);
    cannot_be(&(struct http_route){HTTP_GET, NULL, handler, 0, "r"}, 1, "route r", parts);
    cannot_be(&(struct http_route){HTTP_GET, "/a", handler, 0, NULL}, 1, "route (no name)", parts);
    cannot_be(&(struct http_route)ROUTE(0, "/a", "r"), 1, "route r",
              "a route has one or more of the five methods");
    cannot_be(&(struct http_route)ROUTE(HTTP_OTHER, "/a", "r"), 1, "route r",
              "a route has one or more of the five methods");
}

static void test_clashes(void)
{
    const struct http_route same[] = {ROUTE(HTTP_GET | HTTP_PUT, "/a/{b}", "first"),
                                      ROUTE(HTTP_GET, "/a/c", "literal"),
                                      ROUTE(HTTP_PUT, "/a/{c}", "second")};
    const struct http_face face = {same, 3, NULL};
    struct err e = {0};
    ok(router_make(&a, &face, 1, &e) == NULL);
    is_int(e.code, ERR_CONFIG);
    ok(strstr(e.what, "the same path and method as route ") != NULL);
    ok((strstr(e.what, "first") && strcmp(e.where, "route second") == 0) ||
       (strstr(e.what, "second") && strcmp(e.where, "route first") == 0));
    const struct http_route apart[] = {ROUTE(HTTP_GET, "/a/{b}", "first"),
                                       ROUTE(HTTP_PUT, "/a/{c}", "second")};
    ok(router_make(&a, &(struct http_face){apart, 2, NULL}, 1, &e) != NULL);
    struct router *none = router_make(&a, NULL, 0, &e);
    ok(none != NULL);
    is_str(found(none, HTTP_GET, "/"), "none");
}

int main(void)
{
    test_finding();
    test_cutting();
    test_tables_that_cannot_be();
    test_clashes();
    arena_free(&a);
    return tap_done();
}
