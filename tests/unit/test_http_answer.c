// api/http: what becomes of a handler's answer, without a socket: entity tags, compression,
// problems, headers. The exchanges here have no connection.
#include "api/http/etag.h"
#include "api/http/exchange.h"
#include "api/http/gzip.h"
#include "api/http/zstd.h"
#include "api/http/problem.h"
#include "api/http/text.h"
#include "base/log.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

static struct http_server server;

static struct http_exchange fresh(const struct http_pair *headers, size_t n)
{
    return (struct http_exchange){.server = &server,
                                  .method = HTTP_GET,
                                  .path = STR("/a%2Fb"),
                                  .id = STR("id-1"),
                                  .route_name = "route",
                                  .headers = {headers, n}};
}

static void discard(struct http_exchange *x)
{
    response_clear(x);
    arena_free(&x->arena);
}

static void test_etags(void)
{
    ok(etag_is_opaque(STR("a!#~")));
    ok(!etag_is_opaque(STR("")));
    ok(!etag_is_opaque(STR("a\"b")));
    ok(!etag_is_opaque(STR("a b")));
    ok(!etag_is_opaque(STR("\xC3\xA9")));
    ok(!etag_is_opaque(STR("1234567890123456789012345678901234567890123456789012345678901234x")));
    ok(etag_matches(STR("\"a\""), STR("a")));
    ok(etag_matches(STR("W/\"a\""), STR("a")));
    ok(etag_matches(STR(" * "), STR("a")));
    ok(etag_matches(STR("\"b,\" ,,W/\"c\\\", \"a\""), STR("a"))); // a backslash escapes nothing
    ok(!etag_matches(STR(""), STR("a")));
    ok(!etag_matches(STR("a"), STR("a")));
    ok(!etag_matches(STR("\"b\", a"), STR("a")));
    ok(!etag_matches(STR("\"a"), STR("a")));
    ok(!etag_matches(STR("\"A\""), STR("a")));
    ok(!etag_matches(STR("w/\"a\""), STR("a")));
    ok(!etag_matches(STR("W/"), STR("a")));
    ok(!etag_matches(STR("\"b\", *"), STR("a")));
}

static void test_etag_of_an_answer(void)
{
    const struct http_pair headers[] = {{STR("if-none-match"), STR("\"x\", W/\"a\"")}};
    struct http_exchange x = fresh(headers, 1);
    ok(http_etag(&x, STR("a"), false));
    reply_finish(&x);
    is_int(x.reply.status, 304);
    discard(&x);

    x = fresh(headers, 1);
    ok(!http_etag(&x, STR("b"), true));
    is_text(x.reply.etag, "b");
    ok(x.reply.etag_weak);
    ok(!http_etag(&x, STR("a b"), true)); // left as it was
    is_text(x.reply.etag, "b");
    discard(&x);

    x = fresh(headers, 1);
    x.method = HTTP_POST;
    ok(!http_etag(&x, STR("a"), false));
    discard(&x);

    x = fresh(headers, 1);
    struct buf body = {0};
    buf_addz(&body, "{}");
    ok(http_etag(&x, STR("a"), false));
    http_json(&x, 201, &body);
    reply_finish(&x);
    is_int(x.reply.status, 201); // only a 200 becomes a 304
    discard(&x);
}

static void test_zstd(void)
{
    ok(!zstd_preferred(STR_NONE));
    ok(!zstd_preferred(STR("")));
    ok(!zstd_preferred(STR("gzip, deflate, br")));
    ok(!zstd_preferred(STR("*")));
    ok(zstd_preferred(STR("zstd")));
    ok(zstd_preferred(STR("gzip, deflate, br, ZSTD")));
    ok(zstd_preferred(STR("gzip;q=0.5, zstd;q=0.5")));
    ok(!zstd_preferred(STR("gzip;q=0.6, zstd;q=0.5")));
    ok(!zstd_preferred(STR("zstd;q=0, gzip")));
    ok(!zstd_preferred(STR("zstd;q=0")));
    struct buf b = {0};
    ok(!zstd_body(&b));
    char back[8000];
    for (int i = 0; i < 500; i++)
        buf_addf(&b, "ligne %d\n", i % 7);
    struct buf plain = {0};
    buf_add(&plain, buf_str(&b));
    ok(zstd_body(&b));
    ok(b.n < plain.n / 10);
    size_t n = ZSTD_decompress(back, sizeof back, b.p, b.n);
    ok(str_eq(str_slice(back, n), buf_str(&plain)));
    struct buf packed = {0}; // which does not shrink
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 400; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        buf_addc(&packed, (char)(state >> 40));
    }
    buf_clear(&b);
    buf_add(&b, buf_str(&packed));
    ok(!zstd_body(&b));
    ok(str_eq(buf_str(&b), buf_str(&packed)));
    buf_free(&packed);
    buf_free(&plain);
    buf_free(&b);
}

static void test_gzip_negotiation(void)
{
    ok(!gzip_accepted(STR_NONE));
    ok(!gzip_accepted(STR("")));
    ok(gzip_accepted(STR("gzip, deflate, br")));
    ok(gzip_accepted(STR("*;q=0.5")));
    ok(!gzip_accepted(STR("gzip;q=0, *")));
    ok(!gzip_accepted(STR("br, *;q=0")));
    ok(!gzip_accepted(STR("identity;q=1")));
    ok(gzip_type("text/plain"));
    ok(gzip_type("text/html; charset=utf-8"));
    ok(gzip_type("application/json"));
    ok(gzip_type("application/problem+json"));
    ok(gzip_type("application/atom+xml;type=feed"));
    ok(!gzip_type("image/png"));
    ok(!gzip_type("application/octet-stream"));
    ok(!gzip_type("application/jsonx"));
}

static void test_gzip_bytes(void)
{
    struct buf body = {0}, noise = {0};
    static unsigned char back[10000];
    for (int i = 0; i < 1000; i++)
        buf_addz(&body, "données ");
    size_t length = body.n;
    struct str before = {NULL, 0};
    char *copy = xmalloc(length);
    memcpy(copy, body.p, length);
    before = str_slice(copy, length);
    ok(gzip_body(&body, 6));
    ok(body.n < 100);
    z_stream z = {.next_in = (unsigned char *)body.p,
                  .avail_in = (unsigned)body.n,
                  .next_out = back,
                  .avail_out = sizeof back};
    is_int(inflateInit2(&z, 15 + 16), Z_OK);
    is_int(inflate(&z, Z_FINISH), Z_STREAM_END);
    inflateEnd(&z);
    ok(str_eq(str_slice((char *)back, z.total_out), before));
    free(copy);

    uint32_t seed = 1;
    for (int i = 0; i < 3000; i++) {
        seed = seed * 1664525 + 1013904223;
        buf_addc(&noise, (char)(seed >> 24));
    }
    ok(!gzip_body(&noise, 6)); // it would grow
    is_int(noise.n, 3000);
    ok(!gzip_body(&(struct buf){0}, 6));
    buf_free(&body);
    buf_free(&noise);
}

static void test_gzip_of_an_answer(void)
{
    const struct http_pair headers[] = {{STR("Accept-Encoding"), STR("gzip")}};
    for (size_t n = GZIP_SMALLEST - 1; n <= GZIP_SMALLEST; n++) {
        struct http_exchange x = fresh(headers, 1);
        struct buf body = {0};
        while (body.n < n)
            buf_addc(&body, 'a');
        http_json(&x, 200, &body);
        ok(body.p == NULL); // taken
        reply_finish(&x);
        is_int(x.reply.coding, n == GZIP_SMALLEST ? HTTP_GZIP : HTTP_PLAIN);
        discard(&x);
    }
}

static void is_problem(struct http_exchange *x, unsigned status, const char *json)
{
    is_int(x->reply.status, status);
    is_str(x->reply.type, "application/problem+json");
    is_str(x->reply.cache, "no-store");
    is_text(buf_str(&x->reply.body), json);
    discard(x);
}

static void test_problems(void)
{
    struct http_exchange x = fresh(NULL, 0);
    http_problem(&x, 404, "not-found", STR_NONE, STR_NONE);
    is_problem(
        &x, 404,
        "{\"type\":\"/problems/not-found\",\"title\":\"There is nothing here\",\"status\":404,"
        "\"instance\":\"/a%2Fb\"}");

    x = fresh(NULL, 0);
    server.settings.public_url = STR("https://g.example");
    http_problem(&x, 400, "invalid-parameter", STR("\"x\" is\nno kind"), STR("kind"));
    is_problem(
        &x, 400,
        "{\"type\":\"https://g.example/problems/invalid-parameter\",\"title\":\"A parameter is "
        "wrong\","
        "\"status\":400,\"detail\":\"\\\"x\\\" is\\nno kind\",\"instance\":\"/a%2Fb\",\"errors\":"
        "[{\"parameter\":\"kind\",\"detail\":\"\\\"x\\\" is\\nno kind\"}]}");
    server.settings.public_url = STR_NONE;

    x = fresh(NULL, 0);
    x.path = STR_NONE;
    const struct http_problem_error errors[] = {{STR("a"), STR("one")}, {STR("b"), STR_NONE}};
    http_problem_errors(&x, 429, "of-a-face", STR("cut \xC3"), errors, 2);
    is_problem(
        &x, 429,
        "{\"type\":\"/problems/of-a-face\",\"title\":\"Too Many Requests\",\"status\":429,"
        "\"detail\":\"cut \xEF\xBF\xBD\",\"errors\":[{\"parameter\":\"a\",\"detail\":\"one\"},"
        "{\"parameter\":\"b\"}]}");
}

static void test_a_problem_replaces_an_answer(void)
{
    struct http_exchange x = fresh(NULL, 0);
    struct buf body = {0};
    buf_addz(&body, "<p>");
    http_etag(&x, STR("a"), false);
    http_cache(&x, "public");
    ok(http_add_header(&x, "Link", STR("</a>; rel=next")));
    http_html(&x, 200, &body);
    http_problem(&x, 503, "busy", STR("x"), STR_NONE);
    ok(x.reply.etag.p == NULL);
    is_int(x.reply.headers.n, 1);
    is_text(http_pairs_field(x.reply.headers, "Retry-After"), "1");
    discard(&x);
}

static void test_errors(void)
{
    const struct {
        enum err_code code;
        unsigned status;
        const char *slug;
    } cases[] = {
        {ERR_NOT_FOUND, 404, "not-found"},
        {ERR_GONE, 410, "gone"},
        {ERR_QUERY, 400, "invalid-query"},
        {ERR_USAGE, 400, "invalid-parameter"},
        {ERR_ARGUMENT, 400, "invalid-parameter"},
        {ERR_CONFLICT, 409, "conflict"},
        {ERR_BUSY, 503, "busy"},
        {ERR_TIMEOUT, 504, "timeout"},
        {ERR_IO, 500, "internal"},
        {ERR_CORRUPT, 500, "internal"},
        {ERR_MODIFIED, 500, "internal"},
        {ERR_INTERNAL, 500, "internal"},
        {ERR_NONE, 500, "internal"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_exchange x = fresh(NULL, 0);
        struct err e;
        char type[100];
        err_set(&e, cases[i].code, "the what");
        http_problem_err(&x, &e, STR("q"));
        struct str json = buf_str(&x.reply.body);
        snprintf(type, sizeof type, "{\"type\":\"/problems/%s\"", cases[i].slug);
        is_int(x.reply.status, cases[i].status);
        ok(str_starts(json, str_of(type)));
        is_int(str_find(json, STR("the what")) >= 0, cases[i].status != 500);
        is_int(str_find(json, STR("under the request id id-1")) >= 0, cases[i].status == 500);
        discard(&x);
    }
}

static void test_refused_parameters(void)
{
    const struct {
        enum err_code code;
        const char *hint, *json;
    } cases[] = {
        {ERR_USAGE, "did you mean \"q\"?",
         "{\"type\":\"/problems/unknown-parameter\",\"title\":\"A parameter is unknown\","
         "\"status\":400,\"detail\":\"the what; did you mean \\\"q\\\"?\",\"instance\":\"/a%2Fb\","
         "\"errors\":[{\"parameter\":\"qq\",\"detail\":\"the what; did you mean \\\"q\\\"?\"}]}"},
        {ERR_QUERY, NULL,
         "{\"type\":\"/problems/invalid-parameter\",\"title\":\"A parameter is wrong\","
         "\"status\":400,\"detail\":\"the what\",\"instance\":\"/a%2Fb\","
         "\"errors\":[{\"parameter\":\"qq\",\"detail\":\"the what\"}]}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_exchange x = fresh(NULL, 0);
        struct err e;
        err_set(&e, cases[i].code, "the what");
        if (cases[i].hint)
            err_hint(&e, "%s", cases[i].hint);
        http_problem_parameter(&x, &e, STR("qq"));
        is_problem(&x, 400, cases[i].json);
    }
}

static void test_headers(void)
{
    struct http_exchange x = fresh(NULL, 0);
    ok(http_add_header(&x, "X-A", STR("1")));
    ok(http_add_header(&x, "X-A", STR("2 é\t")));
    ok(!http_add_header(&x, "X-A", STR("a\r\nX-B: b")));
    ok(!http_add_header(&x, "X-A", STR("a\0")));
    ok(!http_add_header(&x, "X A", STR("a")));
    ok(!http_add_header(&x, "", STR("a")));
    is_int(x.reply.headers.n, 2);
    is_text(x.reply.headers.v[0].value, "1");
    is_text(x.reply.headers.v[1].value, "2 é\t");
    discard(&x);
}

static void test_redirects(void)
{
    struct http_exchange x = fresh(NULL, 0);
    http_redirect(&x, 301, STR("/a?b"));
    is_int(x.reply.status, 301);
    is_text(http_pairs_field(x.reply.headers, "Location"), "/a?b");
    discard(&x);
    const struct str refused[] = {STR("/a\r\nX: y"), STR("/a b"), STR("/\xC3\xA9"), STR("/\0")};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        x = fresh(NULL, 0);
        http_redirect(&x, 301, refused[i]);
        is_int(x.reply.status, 500);
        ok(http_pairs_field(x.reply.headers, "Location").p == NULL);
        discard(&x);
    }
}

static void test_no_answer(void)
{
    struct http_exchange x = fresh(NULL, 0);
    reply_finish(&x);
    is_int(x.reply.status, 500);
    discard(&x);
}

int main(void)
{
    log_setup(LOG_LOGFMT, LOG_ERROR, false);
    test_etags();
    test_etag_of_an_answer();
    test_gzip_negotiation();
    test_zstd();
    test_gzip_bytes();
    test_gzip_of_an_answer();
    test_problems();
    test_a_problem_replaces_an_answer();
    test_errors();
    test_refused_parameters();
    test_headers();
    test_redirects();
    test_no_answer();
    return tap_done();
}
