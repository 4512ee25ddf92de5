// See exchange.h.
#include "api/http/exchange.h"

#include "api/http/gate.h"
#include "api/http/origin.h"
#include "api/http/problem.h"
#include "base/hash.h"

#include <stdlib.h>
#include <sys/random.h>

// How much of a body that is too large is read before the answer: a client that still sends when
// the connection closes would not see it. More is cut off.
enum { BODY_DRAINED = 1024 * 1024 };

struct http_exchange *exchange_new(struct http_connection *c, struct MHD_Connection *mhd,
                                   const char *target)
{
    struct http_exchange *x = xcalloc(1, sizeof *x);
    x->server = c->server;
    x->server->holders++;
    x->mhd = mhd;
    x->connection = c;
    x->target = arena_str(&x->arena, str_of(target ? target : ""));
    x->route_name = "unmatched";
    c->exchange = x;
    connection_begins(&x->server->connections, c);
    return x;
}

static void exchange_free(struct http_exchange *x)
{
    struct http_server *s = x->server;
    buf_free(&x->body);
    buf_free(&x->reply.body);
    http_kept_release(x->reply.kept);
    arena_free(&x->arena);
    free(x);
    server_release(s);
}

void exchange_completed(struct http_exchange *x)
{
    struct http_connection *c = x->connection;
    x->mhd = NULL;
    c->exchange = NULL;
    if (x->server->stopping)
        connection_shut(c);
    else
        connection_idles(&x->server->connections, c);
    if (!x->handled)
        exchange_free(x);
}

void exchange_resume(struct http_exchange *x)
{
    if (x->suspended)
        MHD_resume_connection(x->mhd);
    x->suspended = false;
}

void exchange_answered(struct http_exchange *x)
{
    x->handled = false;
    if (!x->mhd) {
        exchange_free(x);
        return;
    }
    x->state = EXCHANGE_READY;
    exchange_resume(x);
    server_wake(x->server);
}

void http_hold(struct http_exchange *x)
{
    x->held = true;
}

void http_send(struct http_exchange *x)
{
    x->held = false;
    if (x->in_handler) // exchange_dispatch goes on with it
        return;
    reply_finish(x);
    exchange_answered(x);
}

// ---- The request

static enum MHD_Result count_header(void *arg, enum MHD_ValueKind kind, const char *name,
                                    size_t name_n, const char *value, size_t value_n)
{
    (void)kind, (void)name, (void)name_n, (void)value, (void)value_n;
    ++*(size_t *)arg;
    return MHD_YES;
}

struct header_list {
    struct arena *arena;
    struct http_pair *v;
    size_t n;
};

static enum MHD_Result copy_header(void *arg, enum MHD_ValueKind kind, const char *name,
                                   size_t name_n, const char *value, size_t value_n)
{
    struct header_list *list = arg;
    (void)kind;
    list->v[list->n].name = arena_str(list->arena, str_slice(name, name_n));
    list->v[list->n++].value = arena_str(list->arena, value ? str_slice(value, value_n) : STR(""));
    return MHD_YES;
}

static void copy_headers(struct http_exchange *x)
{
    size_t n = 0;
    MHD_get_connection_values_n(x->mhd, MHD_HEADER_KIND, count_header, &n);
    struct header_list list = {&x->arena, ARENA_ARRAY(&x->arena, struct http_pair, n), 0};
    MHD_get_connection_values_n(x->mhd, MHD_HEADER_KIND, copy_header, &list);
    x->headers = (struct http_pairs){list.v, list.n};
}

static bool is_request_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            c != '-')
            return false;
    }
    return s.n >= 1 && s.n <= 64;
}

enum { ID_BYTES = 8 };

// The kernel is asked for those of many requests at once.
static void take_random(struct http_exchange *x, unsigned char bytes[ID_BYTES])
{
    struct http_server *s = x->server;
    if (s->random_left < ID_BYTES &&
        getrandom(s->random, sizeof s->random, GRND_NONBLOCK) == (ssize_t)sizeof s->random)
        s->random_left = sizeof s->random;
    if (s->random_left < ID_BYTES) { // not seeded yet, at boot
        memcpy(bytes, &x->started_ns, ID_BYTES);
        return;
    }
    memcpy(bytes, s->random + sizeof s->random - s->random_left, ID_BYTES);
    s->random_left -= ID_BYTES;
}

static struct str request_id(struct http_exchange *x)
{
    unsigned char bytes[ID_BYTES];
    char digits[2 * sizeof bytes + 1];
    struct str given = http_header(x, "X-Request-Id");
    if (is_request_id(given))
        return given;
    take_random(x, bytes);
    hex(bytes, sizeof bytes, digits);
    return arena_str(&x->arena, str_of(digits));
}

// Answers before the body is read, and closes the connection after it.
static enum MHD_Result answer_early(struct http_exchange *x)
{
    x->close = true;
    reply_finish(x);
    return reply_queue(x);
}

static enum MHD_Result headers_came(struct http_exchange *x, const char *method,
                                    const char *version)
{
    const struct http_settings *settings = &x->server->settings;
    struct gate_target target;
    struct gate_refusal refusal;
    int64_t length;
    x->started_ns = uv_hrtime();
    copy_headers(x);
    x->id = request_id(x);
    exchange_read_method(x, str_of(method));
    x->client = origin_client(x->headers, str_of(x->connection->address), settings->trusted_proxy,
                              settings->trusted_proxy_arg);
    if (!gate_check(&(struct gate_request){str_of(method), x->target, str_of(version), x->headers},
                    &target, &refusal)) {
        x->route_name = "refused";
        http_problem(x, refusal.status, refusal.slug, str_of(refusal.detail), STR_NONE);
        return answer_early(x);
    }
    x->path = target.path;
    x->query_text = target.query;
    x->host = target.host;
    struct str content_length = http_header(x, "Content-Length");
    if (content_length.p && !str_to_int(content_length, 0, BODY_DRAINED, &length)) {
        http_problem(x, 413, "body-too-large", STR("a body has at most 64 KB"), STR_NONE);
        return answer_early(x);
    }
    x->state = EXCHANGE_READING;
    connection_reads_body(&x->server->connections, x->connection);
    return MHD_YES;
}

static enum MHD_Result body_came(struct http_exchange *x, const char *data, size_t *size)
{
    x->body_bytes += *size;
    if (x->body_bytes <= HTTP_BODY_BYTES)
        buf_add(&x->body, str_slice(data, *size));
    *size = 0;
    return x->body_bytes <= BODY_DRAINED ? MHD_YES : MHD_NO;
}

static enum MHD_Result request_came(struct http_exchange *x)
{
    connection_is_handled(x->connection);
    x->state = EXCHANGE_HANDLED;
    exchange_dispatch(x);
    if (!x->handled)
        return reply_queue(x);
    x->suspended = true;
    MHD_suspend_connection(x->mhd);
    return MHD_YES;
}

enum MHD_Result exchange_step(struct http_exchange *x, const char *method, const char *version,
                              const char *data, size_t *size)
{
    switch (x->state) {
    case EXCHANGE_NEW:
        return headers_came(x, method, version);
    case EXCHANGE_READING:
        return *size ? body_came(x, data, size) : request_came(x);
    case EXCHANGE_READY:
        return reply_queue(x);
    case EXCHANGE_HANDLED:
    case EXCHANGE_SENDING:
        break;
    }
    return MHD_NO;
}
