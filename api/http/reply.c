// From the handler's answer to libmicrohttpd's response: what every answer gets, whoever made it.
// See exchange.h.
#include "api/http/exchange.h"
#include "api/http/gzip.h"
#include "api/http/problem.h"
#include "api/http/zstd.h"
#include "base/log.h"

#include <stdlib.h>

static const char page_policy[] =
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

static void compress(struct http_exchange *x)
{
    struct reply *r = &x->reply;
    int level = x->server->settings.gzip_level;
    enum http_coding coding = http_coding(x);
    if (!r->type || r->body.n < GZIP_SMALLEST || !gzip_type(r->type))
        return;
    if (coding == HTTP_ZSTD ? zstd_body(&r->body)
                            : coding == HTTP_GZIP && gzip_body(&r->body, level ? level : 1))
        r->coding = coding;
}

void reply_finish(struct http_exchange *x)
{
    struct reply *r = &x->reply;
    bool keeps = x->keep && r->status == 200 && r->body.n;
    if (r->status == 0 && !r->etag_matched) {
        struct err e;
        err_set(&e, ERR_INTERNAL, "the handler gave no answer");
        http_problem_err(x, &e, STR_NONE);
    }
    bool unchanged = r->etag_matched && (r->status == 0 || r->status == 200);
    if ((!unchanged || keeps) && !r->kept)
        compress(x);
    if (keeps)
        kept_make(x);
    if (unchanged)
        http_empty(x, 304);
}

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    MHD_add_response_header(response, name, value);
}

static void add_security(struct MHD_Response *response, const struct reply *r)
{
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Referrer-Policy", "no-referrer");
    if (r->type && str_starts(str_of(r->type), STR("text/html")))
        add(response, "Content-Security-Policy", page_policy);
}

static void add_caching(struct http_exchange *x, struct MHD_Response *response)
{
    const struct reply *r = &x->reply;
    if (r->cache)
        add(response, "Cache-Control", r->cache);
    if (r->etag.p && (r->status == 200 || r->status == 304))
        add(response, "ETag",
            arena_printf(&x->arena, "%s\"%.*s\"", r->etag_weak || r->coding ? "W/" : "",
                         STR_ARG(r->etag))
                .p);
    // A 304 repeats what the 200 says, whose type is not known here.
    if (x->server->settings.gzip_level >= 0 &&
        (r->status == 304 || (r->type && gzip_type(r->type))))
        add(response, "Vary", "Accept-Encoding");
}

static void add_cors(struct http_exchange *x, struct MHD_Response *response)
{
    if (!x->server->settings.cors || (x->method != HTTP_GET && !x->is_options))
        return;
    add(response, "Access-Control-Allow-Origin", "*");
    add(response, "Access-Control-Expose-Headers", "ETag, Link, X-Request-Id");
}

static void release_kept(void *kept)
{
    http_kept_release(kept);
}

// Its body is the response's from then on.
static struct MHD_Response *take_body(struct reply *r)
{
    struct MHD_Response *response;
    if (r->kept) {
        response = MHD_create_response_from_buffer_with_free_callback_cls(
            r->kept->body.n, r->kept->body.p, release_kept, r->kept);
        r->kept = response ? NULL : r->kept;
    } else if (r->body.n) {
        response = MHD_create_response_from_buffer_with_free_callback(r->body.n, r->body.p, free);
        if (response)
            r->body = (struct buf){0};
    } else {
        response =
            MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    }
    return response;
}

static struct MHD_Response *make_response(struct http_exchange *x)
{
    struct reply *r = &x->reply;
    struct MHD_Response *response = take_body(r);
    if (!response)
        return NULL;
#if MHD_VERSION >= 0x00097701 // before, a 304 has "Content-Length: 0", which no client heeds
    if (r->status == 304)
        MHD_set_response_options(response, MHD_RF_HEAD_ONLY_RESPONSE, MHD_RO_END);
#endif
    if (r->type)
        add(response, "Content-Type", r->type);
    if (r->coding)
        add(response, "Content-Encoding", r->coding == HTTP_ZSTD ? "zstd" : "gzip");
    add(response, "X-Request-Id", x->id.p);
    add_security(response, r);
    add_caching(x, response);
    add_cors(x, response);
    for (size_t i = 0; i < r->headers.n; i++)
        add(response, r->headers.v[i].name.p, r->headers.v[i].value.p);
    if (x->close || x->server->stopping)
        add(response, "Connection", "close");
    return response;
}

static void tell_metric(const struct http_exchange *x, size_t bytes)
{
    const struct http_settings *settings = &x->server->settings;
    const struct http_metric metric = {
        .route = x->route_name,
        .method = x->method_name,
        .status = x->reply.status,
        .seconds = (double)(uv_hrtime() - x->started_ns) / 1e9,
        .bytes = x->is_head ? 0 : bytes,
    };
    if (settings->metric)
        settings->metric(settings->metric_arg, &metric);
    log_event(LOG_DEBUG, "request", F_Z("server", settings->name), F_STR("request_id", x->id),
              F_STR("address", x->client), F_Z("method", metric.method), F_STR("path", x->path),
              F_Z("route", metric.route), F_INT("status", metric.status),
              F_REAL("seconds", metric.seconds), F_INT("bytes", metric.bytes));
}

enum MHD_Result reply_queue(struct http_exchange *x)
{
    size_t bytes = x->reply.kept ? x->reply.kept->body.n : x->reply.body.n;
    struct MHD_Response *response = make_response(x);
    if (!response)
        return MHD_NO;
    connection_sends(&x->server->connections, x->connection, bytes);
    tell_metric(x, bytes);
    x->state = EXCHANGE_SENDING;
    enum MHD_Result result = MHD_queue_response(x->mhd, x->reply.status, response);
    MHD_destroy_response(response);
    return result;
}
