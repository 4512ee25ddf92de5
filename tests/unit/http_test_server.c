// A small server on api/http for tests/scenario/test_http.py: routes that show each thing that a
// handler can do.
//
// http_test_server [NAME=VALUE...]     listen=, connections=, per_address=, header_ms=,
// request_ms=, idle_ms=, send_ms=, threads=, queue=, grace_ms=, gzip=, public_url=, host=, proxy=,
// and the flags cors=1, check_host=1, pages=1
//
// Prints "listening ADDRESS on libmicrohttpd VERSION" and, for each answer, "metric ROUTE METHOD STATUS BYTES"; on SIGTERM
// it stops as the daemon does and prints "stopped". Ends by itself after two minutes.
#include "api/http/problem.h"
#include "api/http/request.h"
#include "api/http/response.h"
#include "api/http/server.h"
#include "base/log.h"

#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LIFE_MS = 120 * 1000 };

static uv_loop_t loop;
static uv_signal_t terminated;
static uv_timer_t life;
static struct http_server *server;
static struct workers *workers;
static unsigned grace_ms = 2000;

static unsigned number(struct str s, unsigned none)
{
    int64_t n;
    return str_to_int(s, 0, 1 << 30, &n) ? (unsigned)n : none;
}

static void pairs_json(struct buf *b, const char *key, struct http_pairs pairs)
{
    json_key(b, key);
    json_open(b, '[');
    for (size_t i = 0; i < pairs.n; i++) {
        json_open(b, '[');
        json_str(b, pairs.v[i].name);
        json_str(b, pairs.v[i].value);
        json_close(b, ']');
    }
    json_close(b, ']');
}

// Everything that a handler can see of its request.
static void echo(struct http_exchange *x, void *context, void *arg)
{
    struct buf b = {0};
    (void)context;
    json_open(&b, '{');
    json_key(&b, "method");
    json_int(&b, http_method(x));
    json_key(&b, "path");
    json_str(&b, http_path(x));
    json_key(&b, "query_text");
    json_str(&b, http_query_text(x));
    json_key(&b, "id");
    json_str(&b, http_path_parameter(x, "id"));
    json_key(&b, "arg");
    json_str(&b, str_of(arg));
    pairs_json(&b, "query", http_query(x));
    pairs_json(&b, "headers", http_headers(x));
    json_key(&b, "body_bytes");
    json_int(&b, (int64_t)http_body(x).n);
    json_key(&b, "body");
    json_str(&b, http_body(x).n <= 100 ? http_body(x) : STR("long"));
    json_key(&b, "address");
    json_str(&b, http_address(x));
    json_key(&b, "base_url");
    json_str(&b, http_base_url(x));
    json_close(&b, '}');
    http_json(x, 200, &b);
}

static void literal(struct http_exchange *x, void *context, void *arg)
{
    struct buf b = {0};
    (void)context, (void)arg;
    buf_addz(&b, "literal");
    http_answer(x, 200, "text/plain", &b);
}

// ?bytes=N: text that shrinks to little.
static void large(struct http_exchange *x, void *context, void *arg)
{
    struct buf b = {0};
    (void)context, (void)arg;
    for (unsigned n = number(http_query_value(x, "bytes"), 4096); b.n < n;)
        buf_addc(&b, (char)('a' + b.n % 16));
    http_answer(x, 200, http_query_value(x, "binary").p ? "image/png" : "text/plain", &b);
}

// ?weak=1; ?skip=1 returns at once when the client has it.
static void cached(struct http_exchange *x, void *context, void *arg)
{
    struct buf b = {0};
    (void)context, (void)arg;
    http_cache(x, "public, max-age=60");
    http_add_header(x, "Link", STR("</cached>; rel=\"self\""));
    if (http_etag(x, STR("rev-7"), http_query_value(x, "weak").p != NULL) &&
        http_query_value(x, "skip").p)
        return;
    if (http_query_value(x, "gone").p) {
        http_problem(x, 410, "gone", STR("it was removed"), STR_NONE);
        return;
    }
    for (int i = 0; i < 1000; i++)
        buf_addz(&b, "\"x\"\n");
    http_json(x, 200, &b);
}

static void page(struct http_exchange *x, void *context, void *arg)
{
    struct buf b = {0};
    (void)context, (void)arg;
    buf_addz(&b, "<!doctype html><title>é</title>");
    http_html(x, 200, &b);
}

// ?ms=N: works that long.
static void slow(struct http_exchange *x, void *context, void *arg)
{
    struct buf b = {0};
    (void)arg;
    usleep(number(http_query_value(x, "ms"), 0) * 1000);
    buf_addf(&b, "worker %s", (const char *)context);
    http_answer(x, 200, "text/plain", &b);
}

struct held {
    uv_timer_t timer;
    struct http_exchange *x;
};

static void free_held(uv_handle_t *handle)
{
    free(handle->data);
}

static void answer_held(uv_timer_t *timer)
{
    struct held *held = timer->data;
    struct buf b = {0};
    buf_addz(&b, "held");
    http_answer(held->x, 200, "text/plain", &b);
    http_send(held->x);
    uv_close((uv_handle_t *)timer, free_held);
}

// ?ms=N: answers from a timer; without it, before it returns.
static void hold(struct http_exchange *x, void *context, void *arg)
{
    struct buf b = {0};
    (void)context, (void)arg;
    http_hold(x);
    if (!http_query_value(x, "ms").p) {
        buf_addz(&b, "at once");
        http_answer(x, 200, "text/plain", &b);
        http_send(x);
        return;
    }
    struct held *held = calloc(1, sizeof *held);
    if (!held)
        abort();
    held->x = x;
    held->timer.data = held;
    uv_timer_init(&loop, &held->timer);
    uv_timer_start(&held->timer, answer_held, number(http_query_value(x, "ms"), 0), 0);
}

static void nothing(struct http_exchange *x, void *context, void *arg)
{
    (void)x, (void)context, (void)arg;
}

static void deleted(struct http_exchange *x, void *context, void *arg)
{
    (void)context, (void)arg;
    http_empty(x, 204);
}

static void redirect(struct http_exchange *x, void *context, void *arg)
{
    (void)context, (void)arg;
    http_redirect(x, 303, http_query_value(x, "to"));
}

// ?value=: whether it may be a header's; sent when it may.
static void add_header(struct http_exchange *x, void *context, void *arg)
{
    struct buf b = {0};
    (void)context, (void)arg;
    bool added = http_add_header(x, "X-Value", http_query_value(x, "value"));
    buf_addz(&b, added ? "added" : "refused");
    http_answer(x, 200, "text/plain", &b);
}

// ?code=N: enum err_code.
static void fail(struct http_exchange *x, void *context, void *arg)
{
    struct err e;
    (void)context, (void)arg;
    err_set(&e, (enum err_code)number(http_query_value(x, "code"), 0), "secret \"what\"");
    err_hint(&e, "a hint");
    http_problem_err(x, &e, http_query_value(x, "parameter"));
}

static const struct http_route routes[] = {
    {HTTP_GET | HTTP_POST | HTTP_PUT, "/echo", echo, 0, "echo"},
    {HTTP_GET, "/items/{id}", echo, 0, "item"},
    {HTTP_GET, "/items/{id}/history", echo, 0, "item_history"},
    {HTTP_DELETE, "/items/{id}", deleted, 0, "item_delete"},
    {HTTP_GET, "/items/special", literal, 0, "item_special"},
    {HTTP_GET, "/export.csv", literal, 0, "export_csv"},
    {HTTP_GET, "/", page, 0, "home"},
    {HTTP_GET, "/large", large, 0, "large"},
    {HTTP_GET, "/large-on-worker", large, HTTP_ON_WORKER, "large_on_worker"},
    {HTTP_GET, "/cached", cached, 0, "cached"},
    {HTTP_GET, "/slow", slow, HTTP_ON_WORKER, "slow"},
    {HTTP_GET, "/held", hold, 0, "held"},
    {HTTP_GET, "/nothing", nothing, 0, "nothing"},
    {HTTP_GET, "/nothing-on-worker", nothing, HTTP_ON_WORKER, "nothing_on_worker"},
    {HTTP_GET, "/redirect", redirect, 0, "redirect"},
    {HTTP_GET, "/header", add_header, 0, "header"},
    {HTTP_GET, "/fail", fail, 0, "fail"},
    {HTTP_GET, "/fail-on-worker", fail, HTTP_ON_WORKER, "fail_on_worker"},
};
static char face_arg[] = "face";
static const struct http_face faces[] = {{routes, sizeof routes / sizeof *routes, face_arg}};

// ---- The program

static void *open_context(void *arg)
{
    (void)arg;
    return strdup("context");
}

static void print_metric(void *arg, const struct http_metric *m)
{
    (void)arg;
    printf("metric %s %s %u %zu\n", m->route, m->method, m->status, m->bytes);
    fflush(stdout);
}

static bool show_page(struct http_exchange *x, const struct http_problem *problem, void *arg)
{
    struct buf b = {0};
    (void)arg;
    buf_addf(&b, "<!doctype html><h1>%u %s</h1>%s", problem->status, problem->title,
             problem->worker_context ? "worker" : "");
    http_html(x, problem->status, &b);
    return true;
}

static bool is_proxy(void *arg, struct str address)
{
    return str_eq(address, str_of(arg));
}

static void on_stopped(void *arg)
{
    (void)arg;
    puts("stopped");
    fflush(stdout);
    workers_stop(workers);
    uv_close((uv_handle_t *)&terminated, NULL);
    uv_close((uv_handle_t *)&life, NULL);
}

static void on_signal(uv_signal_t *handle, int number_of_signal)
{
    static bool stopping;
    (void)handle, (void)number_of_signal;
    if (!stopping)
        http_server_stop(server, grace_ms, on_stopped, NULL);
    stopping = true;
}

static void on_life_over(uv_timer_t *timer)
{
    (void)timer;
    on_signal(&terminated, SIGTERM);
}

static struct workers_options pool = {
    .name = "http", .threads = 2, .queue = 8, .open = open_context, .close = free};
static struct str host_list[1];
static struct http_settings settings = {.name = "test",
                                        .listen = "127.0.0.1:0",
                                        .faces = faces,
                                        .face_count = 1,
                                        .metric = print_metric};

static bool read_option(const char *option)
{
    struct http_limits *limits = &settings.limits;
    const struct {
        const char *name;
        unsigned *into;
    } numbers[] = {
        {"connections", &limits->connections},
        {"per_address", &limits->connections_per_address},
        {"header_ms", &limits->header_ms},
        {"request_ms", &limits->request_ms},
        {"idle_ms", &limits->idle_ms},
        {"send_ms", &limits->send_ms},
        {"threads", &pool.threads},
        {"queue", &pool.queue},
        {"grace_ms", &grace_ms},
    };
    struct str value = str_of(option), name;
    str_next(&value, '=', &name);
    if (!value.p)
        return false;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (str_eq(name, str_of(numbers[i].name))) {
            *numbers[i].into = number(value, 0);
            return true;
        }
    if (str_eq(name, STR("listen")))
        settings.listen = value.p;
    else if (str_eq(name, STR("gzip")))
        settings.gzip_level = atoi(value.p);
    else if (str_eq(name, STR("public_url")))
        settings.public_url = value;
    else if (str_eq(name, STR("cors")))
        settings.cors = true;
    else if (str_eq(name, STR("check_host")))
        settings.check_host = true;
    else if (str_eq(name, STR("pages")))
        settings.problem_page = show_page;
    else if (str_eq(name, STR("debug")))
        log_setup(LOG_LOGFMT, LOG_DEBUG, false);
    else if (str_eq(name, STR("host"))) {
        host_list[0] = value;
        settings.hosts = (struct strs){host_list, 1};
    } else if (str_eq(name, STR("proxy"))) {
        settings.trusted_proxy = is_proxy;
        settings.trusted_proxy_arg = (void *)(uintptr_t)value.p;
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct err e = {0};
    char text[800];
    for (int i = 1; i < argc; i++)
        if (!read_option(argv[i])) {
            fprintf(stderr, "unknown option: %s\n", argv[i]);
            return 2;
        }
    uv_loop_init(&loop);
    workers = workers_start(&loop, &pool, &e);
    settings.workers = workers;
    server = workers ? http_server_start(&loop, &settings, &e) : NULL;
    if (!server) {
        fprintf(stderr, "%s: %s\n", err_name(e.code), err_text(&e, text, sizeof text));
        if (workers)
            workers_stop(workers);
        uv_run(&loop, UV_RUN_DEFAULT);
        uv_loop_close(&loop);
        return 1;
    }
    uv_signal_init(&loop, &terminated);
    uv_signal_start(&terminated, on_signal, SIGTERM);
    printf("listening %.*s on libmicrohttpd %s\n", STR_ARG(http_server_address(server)),
           MHD_get_version());
    fflush(stdout);
    uv_timer_init(&loop, &life);
    uv_timer_start(&life, on_life_over, LIFE_MS, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    return uv_loop_close(&loop) == 0 ? 0 : 1;
}
