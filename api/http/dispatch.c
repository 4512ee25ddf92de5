// From a request that is whole to its handler. See exchange.h.
#include "api/http/exchange.h"
#include "api/http/origin.h"
#include "api/http/problem.h"
#include "api/http/text.h"

static const struct named {
    enum http_method method;
    const char *name;
} methods[] = {
    {HTTP_GET, "GET"},     {HTTP_POST, "POST"},     {HTTP_PUT, "PUT"},
    {HTTP_PATCH, "PATCH"}, {HTTP_DELETE, "DELETE"},
};
enum { METHODS = sizeof methods / sizeof *methods };

void exchange_read_method(struct http_exchange *x, struct str method)
{
    x->is_head = str_eq(method, STR("HEAD"));
    x->is_options = str_eq(method, STR("OPTIONS"));
    x->method = x->is_head ? HTTP_GET : HTTP_OTHER;
    x->method_name = x->is_head ? "HEAD" : x->is_options ? "OPTIONS" : "other";
    for (size_t i = 0; i < METHODS; i++)
        if (str_eq(method, str_of(methods[i].name))) {
            x->method = methods[i].method;
            x->method_name = methods[i].name;
        }
}

// "GET, HEAD, OPTIONS"
static struct str names_of(struct http_exchange *x, unsigned allowed)
{
    struct str list = STR("");
    for (size_t i = 0; i < METHODS; i++)
        if (allowed & (unsigned)methods[i].method)
            list = arena_printf(&x->arena, "%.*s%s, %s", STR_ARG(list), methods[i].name,
                                methods[i].method == HTTP_GET ? "HEAD, " : "");
    return arena_printf(&x->arena, "%.*sOPTIONS", STR_ARG(list));
}

static bool host_passes(struct http_exchange *x)
{
    const struct http_server *s = x->server;
    struct str origin = http_header(x, "Origin"), listened = str_of(s->listener.host);
    bool host_allowed = s->listener.is_unix || origin_host_allowed(x->host, s->settings.hosts) ||
                        (listened.n && str_eq_nocase(origin_host_name(x->host), listened));
    if (!s->settings.check_host)
        return true;
    if (!host_allowed) {
        http_problem(x, 403, "refused-host", STR("Host is none of the names of this server"),
                     STR_NONE);
        return false;
    }
    if (origin.p && !origin_same(origin, x->host)) {
        http_problem(x, 403, "refused-origin", STR("Origin is another one than Host"), STR_NONE);
        return false;
    }
    return true;
}

static void answer_options(struct http_exchange *x)
{
    struct str allowed = names_of(x, x->match.methods);
    http_empty(x, 204);
    response_header(x, "Allow", allowed);
    if (!x->server->settings.cors || !http_header(x, "Access-Control-Request-Method").p)
        return;
    response_header(x, "Access-Control-Allow-Methods", allowed);
    response_header(x, "Access-Control-Allow-Headers",
                    STR("Content-Type, If-None-Match, X-Request-Id"));
    response_header(x, "Access-Control-Max-Age", STR("86400"));
}

// Finds the route. False: answered.
static bool find_route(struct http_exchange *x)
{
    struct router_path path;
    if (!host_passes(x))
        return false;
    if (x->method == HTTP_OTHER && !x->is_options) {
        http_problem(x, 501, "unknown-method", STR("this server does not know the method"),
                     STR_NONE);
        return false;
    }
    if (str_eq(x->path, STR("*"))) {
        x->match.methods = HTTP_GET | HTTP_POST;
        answer_options(x);
        return false;
    }
    if (!router_cut(&x->arena, x->path, &path)) {
        http_problem(x, 400, "bad-request", STR("the path is not percent-encoded UTF-8"), STR_NONE);
        return false;
    }
    router_find(x->server->router, &path, x->method, &x->match);
    if (x->match.methods == 0)
        http_problem(x, 404, "not-found", STR("there is nothing under this path"), STR_NONE);
    else if (x->is_options)
        answer_options(x);
    else if (!x->match.route) {
        struct str allowed = names_of(x, x->match.methods);
        http_problem(x, 405, "method-not-allowed",
                     arena_printf(&x->arena, "this path has %.*s", STR_ARG(allowed)), STR_NONE);
        response_header(x, "Allow", allowed);
    }
    return x->match.route != NULL;
}

static void run_on_worker(struct work *work, void *context)
{
    struct http_exchange *x = (void *)((char *)work - offsetof(struct http_exchange, work));
    x->worker_context = context;
    x->match.route->handler(x, context, x->match.arg);
    reply_finish(x);
    x->worker_context = NULL;
}

static void worker_done(struct work *work)
{
    exchange_answered((void *)((char *)work - offsetof(struct http_exchange, work)));
}

static void run_on_loop(struct http_exchange *x)
{
    x->in_handler = true;
    x->match.route->handler(x, NULL, x->match.arg);
    x->in_handler = false;
    x->handled = x->held;
}

static bool is_at_hand(struct http_exchange *x)
{
    const struct http_settings *settings = &x->server->settings;
    return (x->match.route->flags & HTTP_AT_HAND) && settings->at_hand &&
           settings->at_hand(x, settings->at_hand_arg);
}

void exchange_dispatch(struct http_exchange *x)
{
    struct str culprit;
    struct err e;
    x->handled = false;
    if (x->body_bytes > HTTP_BODY_BYTES) {
        x->close = true;
        http_problem(x, 413, "body-too-large", STR("a body has at most 64 KB"), STR_NONE);
    } else if (find_route(x)) {
        x->route_name = x->match.route->name;
        if (!http_query_parse(&x->arena, x->query_text, HTTP_PARAMETERS, &x->query, &culprit, &e)) {
            http_problem(x, 400, "invalid-parameter", str_of(e.what), culprit);
        } else if (is_at_hand(x)) {
            ;
        } else if (x->match.route->flags & HTTP_ON_WORKER) {
            x->work = (struct work){.run = run_on_worker, .done = worker_done};
            x->handled = workers_submit(x->server->settings.workers, &x->work);
            if (x->handled)
                return;
            http_problem(x, 503, "busy", STR("too many requests are waiting"), STR_NONE);
        } else {
            run_on_loop(x);
        }
    }
    if (!x->handled)
        reply_finish(x);
}
