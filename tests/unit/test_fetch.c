// harvester/fetch against a scripted server: answers, codings, retries, redirects, refusals.
#include "tests/unit/fetch_fixture.h"
#include "tests/unit/scripted_server.h"

#include <zlib.h>

static struct server here, elsewhere;
static struct buf gzipped, deflated, raw_deflated, bomb, plain;

static const char *url_of(const struct server *s, const char *path)
{
    static char urls[8][2200];
    static unsigned turn;
    char *url = urls[turn++ % 8];
    snprintf(url, sizeof urls[0], "http://127.0.0.1:%d%s", s->port, path);
    return url;
}

static struct buf compress_with(struct str s, int window_bits)
{
    z_stream z = {0};
    struct buf out = {0};
    deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
    buf_reserve(&out, deflateBound(&z, s.n));
    z.next_in = (Bytef *)s.p;
    z.avail_in = (unsigned)s.n;
    z.next_out = (Bytef *)out.p;
    z.avail_out = (unsigned)out.room;
    deflate(&z, Z_FINISH);
    out.n = z.total_out;
    deflateEnd(&z);
    return out;
}

// Two hundred times the same block, which decodes to a megabyte of zeros.
static void make_bomb(void)
{
    enum { MEGABYTE = 1 << 20 };
    char *zeros = calloc(1, MEGABYTE), block[4096];
    z_stream z = {0};
    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    for (int i = 0; i < 201; i++) {
        if (i < 2) { // the first follows gzip's header; from the second on they are alike
            z.next_in = (Bytef *)zeros;
            z.avail_in = MEGABYTE;
            z.next_out = (Bytef *)block;
            z.avail_out = sizeof block;
            deflate(&z, Z_FULL_FLUSH);
        }
        buf_add(&bomb, str_slice(block, sizeof block - z.avail_out));
    }
    deflateEnd(&z);
    free(zeros);
}

static struct str part(struct buf *b, size_t n)
{
    return str_slice(b->p, n);
}

static void reset(struct exchange *x)
{
    struct linger now = {.l_onoff = 1};
    setsockopt(x->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static void answer_fault(struct exchange *x)
{
    const char *p = x->path;
    if (strcmp(p, "/500-500-200") == 0) {
        respond(x, x->hit < 3 ? 500 : 200, "", STR("hello"));
    } else if (strcmp(p, "/429") == 0) {
        respond(x, x->hit < 2 ? 429 : 200, "Retry-After: 10\r\n", STR("hello"));
    } else if (strcmp(p, "/429-date") == 0) {
        char header[100];
        time_t later = time(NULL) + 10;
        struct tm tm;
        strftime(header, sizeof header, "Retry-After: %a, %d %b %Y %H:%M:%S GMT\r\n",
                 gmtime_r(&later, &tm));
        respond(x, x->hit < 2 ? 429 : 200, header, STR("hello"));
    } else if (strcmp(p, "/503-hour") == 0) {
        respond(x, 503, "Retry-After: 3600\r\n", STR(""));
    } else if (strcmp(p, "/reset") == 0) {
        reset(x);
    } else if (strcmp(p, "/reset-once") == 0) {
        if (x->hit == 1)
            reset(x);
        else
            respond(x, 200, "", STR("hello"));
    } else if (strcmp(p, "/short") == 0) {
        send_z(x, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\nhello",
               x->hit < 2 ? 50 : 5);
    } else if (strcmp(p, "/short-chunks") == 0) {
        send_z(x,
               "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5\r\nhello\r\n%s",
               x->hit < 2 ? "" : "0\r\n\r\n");
    } else if (strcmp(p, "/short-gzip") == 0) { // no length: the stream alone tells
        send_z(x, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
        send_bytes(x, part(&gzipped, x->hit < 2 ? gzipped.n - 9 : gzipped.n));
    } else if (strcmp(p, "/bad-gzip") == 0) {
        respond(x, 200, "Content-Encoding: gzip\r\n", STR("this is no gzip"));
    } else if (strcmp(p, "/http-0.9") == 0) {
        send_z(x, "hello");
    } else {
        respond(x, atoi(p + 1), "", STR("a word about it"));
    }
}

static void answer_redirect(struct exchange *x)
{
    char to[2100];
    const char *target = strchr(x->path, '?');
    snprintf(to, sizeof to, "Location: %s\r\n", target ? target + 1 : "");
    respond(x, atoi(x->path + strlen("/to/")), target ? to : "", STR("look there"));
}

static void answer(struct exchange *x)
{
    const char *p = x->path;
    if (strcmp(p, "/ok") == 0) {
        respond(x, 200, "Content-Type: text/plain; charset=utf-8\r\nSet-Cookie: a=b\r\n",
                STR("hello"));
    } else if (strcmp(p, "/keep") == 0) {
        x->keep = true;
        respond(x, 200, "", STR("hello"));
    } else if (strcmp(p, "/empty-gzip") == 0) {
        respond(x, 200, "Content-Encoding: gzip\r\n", STR(""));
    } else if (strcmp(p, "/gzip") == 0) {
        respond(x, 200, "Content-Encoding: GZip\r\n", buf_str(&gzipped));
    } else if (strcmp(p, "/gzip-chunks") == 0) {
        send_z(x, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: "
                  "gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (size_t i = 0; i < gzipped.n; i++) {
            send_z(x, "1\r\n");
            send_bytes(x, str_slice(gzipped.p + i, 1));
            send_z(x, "\r\n");
        }
        send_z(x, "0\r\n\r\n");
    } else if (strcmp(p, "/two-gzips") == 0) {
        send_z(x, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
        send_bytes(x, buf_str(&gzipped));
        send_bytes(x, buf_str(&gzipped));
    } else if (strcmp(p, "/deflate") == 0) {
        respond(x, 200, "Content-Encoding: deflate\r\n", buf_str(&deflated));
    } else if (strcmp(p, "/raw-deflate") == 0) {
        respond(x, 200, "Content-Encoding: deflate\r\n", buf_str(&raw_deflated));
    } else if (strcmp(p, "/identity") == 0) {
        respond(x, 200, "Content-Encoding: identity\r\n", STR("hello"));
    } else if (strcmp(p, "/br") == 0) {
        respond(x, 200, "Content-Encoding: br\r\n", STR("x"));
    } else if (strcmp(p, "/stacked") == 0) {
        respond(x, 200, "Content-Encoding: gzip, gzip\r\n", buf_str(&gzipped));
    } else if (strcmp(p, "/stacked-lines") == 0) {
        respond(x, 200, "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", buf_str(&gzipped));
    } else if (strcmp(p, "/bomb") == 0) {
        respond(x, 200, "Content-Encoding: gzip\r\n", buf_str(&bomb));
    } else if (strcmp(p, "/large") == 0) {
        respond(x, 200, "", buf_str(&plain));
    } else if (strcmp(p, "/large-chunks") == 0) {
        send_z(x,
               "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n%zx\r\n",
               plain.n);
        send_bytes(x, buf_str(&plain));
        send_z(x, "\r\n0\r\n\r\n");
    } else if (strncmp(p, "/to/", 4) == 0) {
        answer_redirect(x);
    } else {
        answer_fault(x);
    }
}

static void test_page(void)
{
    struct fetch_policy policy = local_policy();
    struct seen s = {0};
    get(&s, url_of(&here, "/ok"), &policy);
    is_int(s.result.error.code, ERR_NONE);
    is_int(s.result.status, 200);
    is_text(buf_str(&s.result.body), "hello");
    is_text(s.result.content_type, "text/plain; charset=utf-8");
    is_text(s.result.effective_url, url_of(&here, "/ok"));
    is_int(s.result.attempts, 1);
    is_int(s.result.bytes_decoded, 5);
    ok(s.result.bytes_wire > 100 && s.result.bytes_wire < 200);
    ok(s.result.seconds > 0 && s.result.seconds < 5);
    ok(server_last_request_has(&here, "GET /ok HTTP/1.1\r\n"));
    ok(server_last_request_has(&here, "User-Agent: glaneur/test (+mailto:ops@example.org)\r\n"));
    ok(server_last_request_has(&here, "Accept: */*\r\n"));
    ok(server_last_request_has(&here, "Accept-Encoding: gzip, deflate\r\n"));
    get(&s, url_of(&here, "/ok"), &policy);
    ok(!server_last_request_has(&here, "Cookie"));

    struct str headers[] = {STR("Authorization: Bearer abc"), STR("X-Api-Key:\tk")};
    struct fetch_request request = {.url = str_of(url_of(&here, "/ok")),
                                    .accept = STR("application/json"),
                                    .headers = {headers, 2},
                                    .policy = &policy};
    forget(&s);
    fetch_start(fetcher, &request, keep, &s);
    run_to_end(&s);
    is_int(s.result.status, 200);
    ok(server_last_request_has(&here, "Accept: application/json\r\n"));
    ok(server_last_request_has(&here, "Authorization: Bearer abc\r\n"));
    ok(server_last_request_has(&here, "X-Api-Key:\tk\r\n"));
    forget(&s);
}

static void is_plain(const char *path, size_t bytes)
{
    struct fetch_policy policy = local_policy();
    struct seen s = {0};
    get(&s, url_of(&here, path), &policy);
    tap_result(s.result.error.code == ERR_NONE, __FILE__, __LINE__, path);
    is_int(s.result.body.n, bytes);
    is_int(s.result.bytes_decoded, bytes);
    bool same = true;
    for (size_t i = 0; i < s.result.body.n; i++)
        same = same && s.result.body.p[i] == plain.p[i % plain.n];
    ok(same);
    ok(bytes < 1000 || s.result.bytes_wire < bytes / 10);
    forget(&s);
}

static void fails(const char *path, const struct fetch_policy *policy, enum err_code code,
                  const char *what)
{
    struct seen s = {0};
    get(&s, url_of(&here, path), policy);
    tap_result(s.result.error.code == code, __FILE__, __LINE__, path);
    if (!tap_result(strstr(s.result.error.what, what), __FILE__, __LINE__, what))
        printf("#   said: %s\n", s.error);
    is_int(s.result.body.n, 0);
    forget(&s);
}

static void test_codings(void)
{
    is_plain("/gzip", plain.n);
    is_plain("/deflate", plain.n);
    is_plain("/raw-deflate", plain.n);
    is_plain("/two-gzips", 2 * plain.n);
    is_plain("/empty-gzip", 0);
    struct fetch_policy policy = local_policy();
    struct seen s = {0};
    get(&s, url_of(&here, "/gzip-chunks"), &policy);
    is_int(s.result.body.n, plain.n);
    get(&s, url_of(&here, "/identity"), &policy);
    is_text(buf_str(&s.result.body), "hello");
    forget(&s);
    fails("/br", &policy, ERR_PARSE, "encoded as \"br\", which was not asked for");
    fails("/stacked", &policy, ERR_PARSE, "encoded as \"gzip, gzip\"");
    fails("/stacked-lines", &policy, ERR_PARSE, "encoded 2 times over");
}

static void test_size(void)
{
    struct fetch_policy policy = local_policy();
    struct seen s = {0};
    policy.max_bytes = 1 << 20;
    get(&s, url_of(&here, "/bomb"), &policy);
    is_int(s.result.error.code, ERR_REFUSED);
    is_str(s.result.error.what, "the page is larger than 1048576 bytes");
    is_int(s.result.attempts, 1);
    is_int(s.result.body.n, 0);
    ok(s.result.bytes_decoded <= 1 << 20);
    ok(bomb.n > 200000);
    ok(s.result.bytes_wire < 65536);
    policy.max_bytes = plain.n - 1;
    fails("/large", &policy, ERR_REFUSED, "the page is larger than 99999 bytes");
    fails("/large-chunks", &policy, ERR_REFUSED, "the page is larger than 99999 bytes");
    fails("/gzip", &policy, ERR_REFUSED, "the page is larger than 99999 bytes");
    policy.max_bytes = plain.n;
    get(&s, url_of(&here, "/large"), &policy);
    is_int(s.result.body.n, 100000);
    get(&s, url_of(&here, "/large-chunks"), &policy);
    is_int(s.result.body.n, 100000);
    get(&s, url_of(&here, "/gzip"), &policy);
    is_int(s.result.body.n, 100000);
    forget(&s);
}

static void test_status(void)
{
    struct fetch_policy policy = local_policy();
    struct seen s = {0};
    get(&s, url_of(&here, "/404"), &policy);
    is_int(s.result.error.code, ERR_NONE);
    is_int(s.result.status, 404);
    is_text(buf_str(&s.result.body), "a word about it");
    get(&s, url_of(&here, "/410"), &policy);
    is_int(s.result.error.code, ERR_NONE);
    is_int(s.result.status, 410);
    is_int(server_hits(&here, "/410"), 1);
    static const int wrong[] = {400, 401, 403, 405, 408, 418, 451, 501, 505};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char path[16], what[64], text[900];
        snprintf(path, sizeof path, "/%d", wrong[i]);
        snprintf(what, sizeof what, "the server answered %d", wrong[i]);
        get(&s, url_of(&here, path), &policy);
        is_int(s.result.error.code, ERR_HTTP);
        is_int(s.result.error.http_status, wrong[i]);
        is_int(s.result.status, wrong[i]);
        is_str(s.result.error.what, what);
        is_int(server_hits(&here, path), 1);
        snprintf(text, sizeof text, "test %s", url_of(&here, path));
        is_str(s.result.error.where, text);
    }
    ok(strstr(s.error, "headers_file") == NULL);
    get(&s, url_of(&here, "/403"), &policy);
    ok(strstr(s.error, "headers_file") != NULL);
    forget(&s);
    fails("/http-0.9", &policy, ERR_NETWORK, "HTTP/0.9");
    is_int(server_hits(&here, "/http-0.9"), 1);
}

static void test_retries(void)
{
    struct fetch_policy policy = local_policy();
    struct seen s = {0};
    uint64_t retries = fetcher_counters(fetcher)->retries;
    get(&s, url_of(&here, "/500-500-200"), &policy);
    is_int(s.result.error.code, ERR_NONE);
    is_text(buf_str(&s.result.body), "hello");
    is_int(s.result.attempts, 3);
    is_int(server_hits(&here, "/500-500-200"), 3);
    is_int(fetcher_counters(fetcher)->retries - retries, 2);
    // Waits of one unit and two (20 ms), a quarter less at the least.
    ok(server_hit_ms(&here, "/500-500-200", 2) - server_hit_ms(&here, "/500-500-200", 1) >= 14);
    ok(server_hit_ms(&here, "/500-500-200", 3) - server_hit_ms(&here, "/500-500-200", 2) >= 29);

    uint64_t failures = fetcher_counters(fetcher)->failures[ERR_HTTP];
    static const int passing[] = {429, 500, 502, 503, 504};
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++) {
        char path[16], what[64];
        snprintf(path, sizeof path, "/%d", passing[i]);
        if (passing[i] == 429)
            snprintf(path, sizeof path, "/429x");
        snprintf(what, sizeof what, "the server answered %d (4 attempts)", passing[i]);
        get(&s, url_of(&here, path), &policy);
        is_int(s.result.error.code, ERR_HTTP);
        is_int(s.result.error.http_status, passing[i]);
        is_str(s.result.error.what, what);
        is_int(s.result.attempts, 4);
        is_int(server_hits(&here, path), 4);
    }
    is_int(fetcher_counters(fetcher)->failures[ERR_HTTP] - failures, 5);

    policy.attempts = 2;
    fails("/reset", &policy, ERR_NETWORK, "(2 attempts)");
    is_int(server_hits(&here, "/reset"), 2);
    fails("/bad-gzip", &policy, ERR_NETWORK, "cannot be decoded");
    is_int(server_hits(&here, "/bad-gzip"), 2);
    static const char *const once[] = {"/reset-once", "/short", "/short-chunks"};
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        get(&s, url_of(&here, once[i]), &policy);
        tap_result(s.result.error.code == ERR_NONE, __FILE__, __LINE__, once[i]);
        is_text(buf_str(&s.result.body), "hello");
        is_int(s.result.attempts, 2);
    }
    get(&s, url_of(&here, "/short-gzip"), &policy);
    is_int(s.result.error.code, ERR_NONE);
    is_int(s.result.body.n, plain.n);
    is_int(s.result.attempts, 2);
    forget(&s);
}

static void test_retry_after(void)
{
    struct fetch_policy policy = local_policy();
    struct seen s = {0};
    get(&s, url_of(&here, "/429"), &policy);
    is_int(s.result.error.code, ERR_NONE);
    is_int(s.result.attempts, 2);
    ok(server_hit_ms(&here, "/429", 2) - server_hit_ms(&here, "/429", 1) >= 199);
    get(&s, url_of(&here, "/429-date"), &policy);
    is_int(s.result.error.code, ERR_NONE);
    ok(server_hit_ms(&here, "/429-date", 2) - server_hit_ms(&here, "/429-date", 1) >= 159);
    get(&s, url_of(&here, "/503-hour"), &policy);
    is_int(s.result.error.code, ERR_REFUSED);
    is_int(s.result.error.http_status, 503);
    is_str(s.result.error.what, "the server answered 503 and asks to wait 3600 s, more than 60");
    is_int(server_hits(&here, "/503-hour"), 1);
    forget(&s);
}

static void refuses_redirect(const char *path, const char *what)
{
    struct fetch_policy policy = local_policy();
    fails(path, &policy, ERR_REFUSED, what);
}

static void test_redirects(void)
{
    struct fetch_policy policy = local_policy();
    struct seen s = {0};
    char path[2100];
    static const int codes[] = {301, 302, 303, 307, 308};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        uint64_t before = fetcher_counters(fetcher)->redirects;
        snprintf(path, sizeof path, "/to/%d?../ok", codes[i]);
        get(&s, url_of(&here, path), &policy);
        is_text(s.result.effective_url, url_of(&here, "/ok"));
        is_int(fetcher_counters(fetcher)->redirects - before, 1);
        snprintf(path, sizeof path, "/to/%d?/ok", codes[i]);
        get(&s, url_of(&here, path), &policy);
        is_int(s.result.error.code, ERR_NONE);
        is_int(s.result.attempts, 1);
        is_text(buf_str(&s.result.body), "hello");
        is_text(s.result.effective_url, url_of(&here, "/ok"));
    }
    get(&s, url_of(&here, "/to/302?/to/302?/to/302?/to/302?/to/302?/ok"), &policy);
    is_int(s.result.status, 200);
    refuses_redirect("/to/302?/to/302?/to/302?/to/302?/to/302?/to/302?/ok",
                     "more than 5 redirects");
    refuses_redirect("/to/302?http://169.254.169.254/latest/meta-data/",
                     "the address 169.254.169.254 is not public");
    refuses_redirect("/to/302?http://[::1]:1/", "the address ::1 is not public");
    refuses_redirect("/to/302?file:///etc/passwd", "redirected to what is not fetched");
    refuses_redirect("/to/302?gopher://127.0.0.1:1/", "redirected to what is not fetched");
    refuses_redirect("/to/302?http://user:secret@127.0.0.1:1/",
                     "redirected to what is not fetched");
    fails("/to/302", &policy, ERR_HTTP, "answered 302 without a usable Location");

    // What a source gives to its own server stays there.
    struct str headers[] = {STR("Authorization: Bearer abc"), STR("X-Api-Key: k")};
    snprintf(path, sizeof path, "/to/302?%s", url_of(&elsewhere, "/ok"));
    struct fetch_request request = {
        .url = str_of(url_of(&here, path)), .headers = {headers, 2}, .policy = &policy};
    forget(&s);
    fetch_start(fetcher, &request, keep, &s);
    run_to_end(&s);
    is_int(s.result.status, 200);
    is_int(server_hits(&elsewhere, "/ok"), 1);
    ok(!server_last_request_has(&elsewhere, "Bearer"));
    ok(!server_last_request_has(&elsewhere, "X-Api-Key"));
    ok(server_last_request_has(&elsewhere, "Accept: */*\r\n"));
    request.url = str_of(url_of(&here, "/to/302?/ok"));
    forget(&s);
    fetch_start(fetcher, &request, keep, &s);
    run_to_end(&s);
    ok(server_last_request_has(&here, "GET /ok HTTP/1.1"));
    ok(server_last_request_has(&here, "Bearer abc"));
    ok(server_last_request_has(&here, "X-Api-Key: k"));
    forget(&s);
}

static void test_wrong_requests(void)
{
    static const struct {
        const char *header, *what;
    } rows[] = {
        {"X: a\r\nY: b", "header 1 is not \"Name: value\", or holds a control character"},
        {"X: a\nY: b", "header 1 is not \"Name: value\", or holds a control character"},
        {"X\r: a", "header 1 is not \"Name: value\", or holds a control character"},
        {"X", "header 1 is not \"Name: value\", or holds a control character"},
        {"X:", "header 1 is not \"Name: value\", or holds a control character"},
        {": a", "header 1 is not \"Name: value\", or holds a control character"},
        {"", "header 1 is not \"Name: value\", or holds a control character"},
        {"Host: evil.fr", "the header host cannot be set"},
        {"Transfer-Encoding: chunked", "the header transfer-encoding cannot be set"},
        {"accept-encoding: br", "the header accept-encoding cannot be set"},
    };
    struct fetch_policy policy = local_policy();
    struct seen s = {0};
    uint64_t requests = fetcher_counters(fetcher)->requests;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str header = str_of(rows[i].header);
        struct fetch_request request = {
            .url = str_of(url_of(&here, "/ok")), .headers = {&header, 1}, .policy = &policy};
        forget(&s);
        fetch_start(fetcher, &request, keep, &s);
        is_int(s.calls, 0); // never before fetch_start returns
        run_to_end(&s);
        is_int(s.result.error.code, ERR_ARGUMENT);
        is_str(s.result.error.what, rows[i].what);
        is_str(s.result.error.where, "test");
    }
    struct str nul = str_slice("X: a\0b", 6);
    struct fetch_request request = {
        .url = str_of(url_of(&here, "/ok")), .headers = {&nul, 1}, .policy = &policy};
    forget(&s);
    fetch_start(fetcher, &request, keep, &s);
    run_to_end(&s);
    is_int(s.result.error.code, ERR_ARGUMENT);
    request = (struct fetch_request){
        .url = str_of(url_of(&here, "/ok")), .accept = STR("a\r\nX: b"), .policy = &policy};
    forget(&s);
    fetch_start(fetcher, &request, keep, &s);
    run_to_end(&s);
    is_int(s.result.error.code, ERR_ARGUMENT);
    get(&s, "http://127.0.0.1:1/\r\nX: y", &policy);
    is_int(s.result.error.code, ERR_ARGUMENT);
    get(&s, "file:///etc/passwd", &policy);
    is_int(s.result.error.code, ERR_ARGUMENT);
    get(&s, "http://user:secret@127.0.0.1/", &policy);
    is_int(s.result.error.code, ERR_ARGUMENT);
    ok(strstr(s.error, "secret") == NULL);
    is_int(fetcher_counters(fetcher)->requests - requests, 0);
    forget(&s);
}

static void test_addresses(void)
{
    struct fetch_policy strict = local_policy(), open = local_policy();
    strict.allow_private = (struct guard_networks){0};
    struct seen s = {0};
    char url[200];
    static const char *const hosts[] = {"127.0.0.1", "localhost",          "127.1",
                                        "0x7f.1",    "[::ffff:127.0.0.1]", "2130706433"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        snprintf(url, sizeof url, "http://%s:%d/never", hosts[i], here.port);
        get(&s, url, &strict);
        tap_result(s.result.error.code == ERR_REFUSED, __FILE__, __LINE__, hosts[i]);
        is_int(s.result.attempts, 1);
        ok(strstr(s.error, "add its network to the source's allow_private") != NULL);
    }
    is_int(server_hits(&here, "/never"), 0);
    snprintf(url, sizeof url, "http://localhost:%d/ok", here.port);
    get(&s, url, &open);
    is_int(s.result.status, 200);
    // A connection that another source may have is not one that this source may have.
    get(&s, url_of(&here, "/keep"), &open);
    get(&s, url_of(&here, "/keep"), &open);
    is_int(s.result.status, 200);
    int connections = here.connection_count;
    get(&s, url_of(&here, "/keep"), &open);
    is_int(here.connection_count, connections); // it is used again
    int hits = server_hits(&here, "/keep");
    get(&s, url_of(&here, "/keep"), &strict);
    is_int(s.result.error.code, ERR_REFUSED);
    is_str(s.result.error.what, "the address 127.0.0.1 is not public (loopback, 127.0.0.0/8)");
    is_int(server_hits(&here, "/keep"), hits);
    forget(&s);
    open.attempts = 2;
    get(&s, "http://127.0.0.1:1/", &open); // nobody listens
    is_int(s.result.error.code, ERR_NETWORK);
    is_int(s.result.attempts, 2);
    forget(&s);
}

int main(void)
{
    // Proxies of the environment are not asked: nobody listens there.
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    for (int i = 0; i < 10000; i++)
        buf_addz(&plain, "some text\n");
    gzipped = compress_with(buf_str(&plain), 15 + 16);
    deflated = compress_with(buf_str(&plain), 15);
    raw_deflated = compress_with(buf_str(&plain), -15);
    make_bomb();
    server_start(&here, answer);
    server_start(&elsewhere, answer);
    uv_loop_init(&loop);
    open_fetcher(NULL, NULL);
    test_page();
    test_codings();
    test_size();
    test_status();
    test_retries();
    test_retry_after();
    test_redirects();
    test_wrong_requests();
    test_addresses();
    close_fetcher();
    is_int(uv_loop_close(&loop), 0);
    server_stop(&here);
    server_stop(&elsewhere);
    buf_free(&plain);
    buf_free(&gzipped);
    buf_free(&deflated);
    buf_free(&raw_deflated);
    buf_free(&bomb);
    return tap_done();
}
