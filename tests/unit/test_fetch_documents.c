// harvester/fetch: what a harvest of documents needs. A POST, a body that goes to disk, validators and 304.
#include "tests/unit/fetch_fixture.h"
#include "tests/unit/scripted_server.h"

#include <fcntl.h>

enum { LARGE = 3 << 20 };

static struct server here;
static char *large;
static int spool_fd;

static void answer(struct exchange *x)
{
    const char *p = x->path, *body = strstr(x->request, "\r\n\r\n");
    if (strcmp(p, "/echo") == 0) {
        char text[8192];
        int n = snprintf(text, sizeof text, "%.4s %s", x->request, body + 4);
        respond(x, 200, "", str_slice(text, (size_t)n));
    } else if (strncmp(p, "/to/", 4) == 0) {
        respond(x, atoi(p + 4), "Location: /echo\r\n", STR(""));
    } else if (strcmp(p, "/large") == 0) {
        respond(x, 200, "ETag: W/\"v1\"\r\nLast-Modified: Tue, 02 Jun 2026 10:00:00 GMT\r\n",
                str_slice(large, LARGE));
    } else if (strcmp(p, "/cut-once") == 0 && x->hit == 1) {
        send_z(x, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%0999d", LARGE,
               7);
    } else if (strcmp(p, "/cut-once") == 0) {
        respond(x, 200, "", STR("whole"));
    } else if (strcmp(p, "/same") == 0) {
        respond(x, strstr(x->request, "If-None-Match: \"v1\"") ? 304 : 200, "ETag: \"v1\"\r\n",
                STR(""));
    } else {
        respond(x, 404, "", STR("nothing here"));
    }
}

static void ask(struct seen *s, const char *path, struct fetch_request request,
                struct fetch_policy policy)
{
    char url[100];
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", here.port, path);
    request.url = str_of(url);
    request.policy = &policy;
    forget(s);
    fetch_start(fetcher, &request, keep, s);
    run_to_end(s);
}

static off_t spooled(void)
{
    return lseek(spool_fd, 0, SEEK_END);
}

static void test_post(void)
{
    struct seen s = {0};
    struct fetch_request post = {.body = STR("<GetRecords a=\"1\"/>"),
                                 .content_type = STR("application/xml")};
    ask(&s, "/echo", post, local_policy());
    is_text(buf_str(&s.result.body), "POST <GetRecords a=\"1\"/>");
    ok(server_last_request_has(&here, "Content-Type: application/xml\r\n"));
    ok(!server_last_request_has(&here, "Expect:"));
    // A redirect keeps the method and the body; "see other" is the one that is read by GET.
    static const int keeping[] = {301, 302, 307, 308};
    for (size_t i = 0; i < sizeof keeping / sizeof *keeping; i++) {
        char path[16];
        snprintf(path, sizeof path, "/to/%d", keeping[i]);
        ask(&s, path, post, local_policy());
        is_text(buf_str(&s.result.body), "POST <GetRecords a=\"1\"/>");
    }
    ask(&s, "/to/303", post, local_policy());
    is_text(buf_str(&s.result.body), "GET  ");
    ask(&s, "/echo", (struct fetch_request){0}, local_policy());
    is_text(buf_str(&s.result.body), "GET  ");
    forget(&s);
}

static void test_spool(void)
{
    struct seen s = {0};
    struct fetch_request request = {.spool = spool_fd};
    struct fetch_policy policy = local_policy();
    ask(&s, "/large", request, policy);
    is_int(s.result.error.code, ERR_NONE);
    is_int(s.result.body.n, 0);
    is_int(s.result.bytes_decoded, LARGE);
    is_int(spooled(), LARGE);
    char last[4] = "";
    is_int(pread(spool_fd, last, 3, LARGE - 3), 3);
    is_str(last, "end");
    // What a failed attempt left is written over.
    ask(&s, "/cut-once", request, policy);
    is_int(s.result.attempts, 2);
    is_int(spooled(), 5);
    policy.max_bytes = LARGE - 1;
    ask(&s, "/large", request, policy);
    is_int(s.result.error.code, ERR_REFUSED);
    is_str(s.result.error.what, "the document is larger than 3145727 bytes");
    policy.max_bytes = LARGE;
    ask(&s, "/large", request, policy);
    is_int(s.result.error.code, ERR_NONE);
    // A full disk is told as what it is.
    int full = open("/dev/full", O_WRONLY);
    ask(&s, "/large", (struct fetch_request){.spool = full}, policy);
    is_int(s.result.error.code, ERR_IO);
    close(full);
    forget(&s);
}

static void test_validators(void)
{
    struct seen s = {0};
    struct str condition = STR("If-None-Match: \"v1\"");
    ask(&s, "/large", (struct fetch_request){.spool = spool_fd}, local_policy());
    is_text(s.result.etag, "W/\"v1\"");
    is_text(s.result.last_modified, "Tue, 02 Jun 2026 10:00:00 GMT");
    ask(&s, "/same", (struct fetch_request){0}, local_policy());
    is_int(s.result.status, 200);
    ask(&s, "/same", (struct fetch_request){.headers = {&condition, 1}}, local_policy());
    is_int(s.result.error.code, ERR_NONE);
    is_int(s.result.status, 304);
    is_text(s.result.etag, "\"v1\"");
    ask(&s, "/echo", (struct fetch_request){0}, local_policy());
    is_int(s.result.etag.n, 0);
    forget(&s);
}

int main(void)
{
    char name[] = "/tmp/glaneur-spool-XXXXXX";
    spool_fd = mkstemp(name);
    unlink(name);
    large = malloc(LARGE);
    memset(large, 'x', LARGE);
    memcpy(large + LARGE - 3, "end", 3);
    uv_loop_init(&loop);
    server_start(&here, answer);
    open_fetcher(NULL, NULL);
    test_post();
    test_spool();
    test_validators();
    close_fetcher();
    uv_loop_close(&loop);
    server_stop(&here);
    close(spool_fd);
    free(large);
    return tap_done();
}
