// See kept.h.
#include "api/http/kept.h"

#include "api/http/exchange.h"
#include "api/http/gzip.h"
#include "api/http/zstd.h"

#include <stdlib.h>

void http_kept_hold(struct http_kept *k)
{
    atomic_fetch_add(&k->count, 1);
}

void http_kept_release(struct http_kept *k)
{
    if (!k || atomic_fetch_sub(&k->count, 1) > 1)
        return;
    buf_free(&k->body);
    free((void *)(uintptr_t)k->headers.v);
    free(k->text);
    free(k);
}

size_t http_kept_bytes(const struct http_kept *k)
{
    return k->bytes;
}

enum http_coding http_coding(const struct http_exchange *x)
{
    struct str accepted = http_header(x, "Accept-Encoding");
    if (x->server->settings.gzip_level < 0)
        return HTTP_PLAIN;
    return zstd_preferred(accepted) ? HTTP_ZSTD : gzip_accepted(accepted) ? HTTP_GZIP : HTTP_PLAIN;
}

void http_keep(struct http_exchange *x, void (*keep)(void *arg, struct http_kept *answer),
               void *arg)
{
    x->keep = keep;
    x->keep_arg = arg;
}

// A copy behind *at, NUL-terminated: libmicrohttpd takes C strings.
static struct str put(char **at, struct str s)
{
    struct str copy = {*at, s.n};
    if (s.n)
        memcpy(*at, s.p, s.n);
    (*at)[s.n] = 0;
    *at += s.n + 1;
    return copy;
}

static void take_strings(struct http_kept *k, const struct reply *r)
{
    size_t text = r->etag.n + 1;
    for (size_t i = 0; i < r->headers.n; i++)
        text += r->headers.v[i].name.n + r->headers.v[i].value.n + 2;
    struct http_pair *headers = xcalloc(r->headers.n, sizeof *headers);
    char *at = k->text = xmalloc(text);
    struct str etag = put(&at, r->etag);
    k->etag = r->etag.p ? etag : STR_NONE;
    for (size_t i = 0; i < r->headers.n; i++) {
        headers[i].name = put(&at, r->headers.v[i].name);
        headers[i].value = put(&at, r->headers.v[i].value);
    }
    k->headers = (struct http_pairs){headers, r->headers.n};
    k->bytes = sizeof *k + text + r->headers.n * sizeof *headers;
}

void kept_make(struct http_exchange *x)
{
    struct reply *r = &x->reply;
    struct http_kept *k = xcalloc(1, sizeof *k);
    atomic_init(&k->count, 1);
    take_strings(k, r);
    k->type = r->type;
    k->cache = r->cache;
    k->etag_weak = r->etag_weak;
    k->coding = r->coding;
    if (r->body.room > r->body.n + r->body.n / 8) { // what stays is not much larger than it need be
        r->body.p = xrealloc(r->body.p, r->body.n);
        r->body.room = r->body.n;
    }
    k->body = r->body;
    k->bytes += r->body.room;
    r->body = (struct buf){0};
    r->kept = k;
    x->keep(x->keep_arg, k);
}

void http_answer_kept(struct http_exchange *x, struct http_kept *k)
{
    struct reply *r = &x->reply;
    response_clear(x);
    http_kept_hold(k);
    *r = (struct reply){.status = 200,
                        .type = k->type,
                        .headers = k->headers,
                        .cache = k->cache,
                        .coding = k->coding,
                        .kept = k};
    if (k->etag.p)
        http_etag(x, k->etag, k->etag_weak);
}
