// harvester/fetch: what a harvest of documents needs. A POST, a body that goes to disk, validators and 304.
#include "harvester/spool.h"
#include "tests/unit/fetch_fixture.h"
#include "tests/unit/scripted_server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <zlib.h>

enum { LARGE = 8 << 20, SMALL_FILE = 1 << 20 };

static struct server here;
static char *large, *packed; // the same as gzip
static size_t packed_size;
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
    } else if (strcmp(p, "/packed") == 0) {
        respond(x, 200, "Content-Encoding: gzip\r\n", str_slice(packed, packed_size));
    } else if (strcmp(p, "/packed-cut") == 0) {
        respond(x, 200, "Content-Encoding: gzip\r\n", str_slice(packed, packed_size / 2));
    } else if (strcmp(p, "/packed-wrong") == 0) {
        respond(x, 200, "Content-Encoding: gzip\r\n", str_slice(large, LARGE));
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
    is_str(s.result.error.what, "the document is larger than 8388607 bytes");
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

// What does not come coded as it says, or unpacks to too much.
static void test_packed(void)
{
    struct seen s = {0};
    struct fetch_request request = {.spool = spool_fd};
    struct fetch_policy policy = local_policy();
    ask(&s, "/packed", request, policy);
    is_int(s.result.error.code, ERR_NONE);
    is_int(s.result.bytes_decoded, LARGE);
    ok(s.result.bytes_wire < LARGE / 100);
    is_int(spooled(), LARGE);
    char last[4] = "";
    is_int(pread(spool_fd, last, 3, LARGE - 3), 3);
    is_str(last, "end");
    policy.max_bytes = LARGE - 1;
    ask(&s, "/packed", request, policy);
    is_int(s.result.error.code, ERR_REFUSED);
    is_str(s.result.error.what, "the document is larger than 8388607 bytes");
    ok(spooled() < LARGE);
    policy = local_policy();
    policy.attempts = 1;
    ask(&s, "/packed-cut", request, policy);
    is_int(s.result.error.code, ERR_NETWORK);
    is_str(s.result.error.what, "the compressed body is cut short");
    ask(&s, "/packed-wrong", request, policy);
    is_int(s.result.error.code, ERR_NETWORK);
    ok(strstr(s.result.error.what, "the body cannot be decoded"));
    // An answer without a body leaves nothing of the one before.
    ask(&s, "/large", request, policy);
    ask(&s, "/same", request, policy);
    is_int(s.result.error.code, ERR_NONE);
    is_int(spooled(), 0);
    forget(&s);
}

// A disk that fills up on the way, while the server is made to wait.
static void test_full_disk(void)
{
    struct seen s = {0};
    struct rlimit before, small = {SMALL_FILE, SMALL_FILE};
    getrlimit(RLIMIT_FSIZE, &before);
    small.rlim_max = before.rlim_max;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    ask(&s, "/large", (struct fetch_request){.spool = spool_fd}, local_policy());
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    is_int(s.result.error.code, ERR_IO);
    ok(strstr(s.result.error.what, "the document cannot be written to disk: "));
    is_int(s.result.attempts, 1);
    is_int(spooled(), SMALL_FILE);
    forget(&s);
}

// Cancelled while a piece is on its way to the file, which the owner closes at once.
static void test_cancelled(void)
{
    unsigned cancelled = 0;
    for (unsigned turns = 1; turns < 40; turns += 3) {
        char url[100], name[] = "/tmp/glaneur-spool-XXXXXX";
        struct seen s = {0};
        struct fetch_policy policy = local_policy();
        int fd = mkstemp(name);
        unlink(name);
        snprintf(url, sizeof url, "http://127.0.0.1:%d/large", here.port);
        struct fetch_request request = {.url = str_of(url), .spool = fd, .policy = &policy};
        struct fetch *fetch = fetch_start(fetcher, &request, keep, &s);
        for (unsigned turn = 0; turn < turns && !s.calls; turn++)
            uv_run(&loop, UV_RUN_ONCE);
        if (!s.calls)
            fetch_cancel(fetch);
        close(fd);
        cancelled += !s.calls;
        forget(&s);
    }
    ok(cancelled > 3);
}

// ---- harvester/spool itself: it takes no more than there is room for

static int resumed, ended;

static void on_resume(void *arg)
{
    (void)arg;
    resumed++;
}

static void on_end(void *arg)
{
    (void)arg;
    ended++;
}

static void test_room(void)
{
    struct err e = {0};
    struct str piece = str_slice(large, 16 << 10);
    size_t taken = 0;
    struct spool *s = spool_open(&loop, spool_fd, LARGE, on_resume, NULL, &e);
    ok(s != NULL);
    // The loop stands still meanwhile: one room goes to the thread at most, the other fills.
    enum spool_answer answer;
    while ((answer = spool_add(s, piece)) == SPOOL_TAKEN)
        taken += piece.n;
    is_int(answer, SPOOL_FULL);
    ok(taken >= SPOOL_ROOM && taken <= 2 * SPOOL_ROOM);
    is_int(spool_add(s, piece), SPOOL_FULL);
    while (!resumed)
        uv_run(&loop, UV_RUN_ONCE);
    is_int(resumed, 1);
    is_int(spool_add(s, piece), SPOOL_TAKEN);
    spool_end(s, on_end, NULL);
    is_int(ended, 0);
    while (!ended)
        uv_run(&loop, UV_RUN_ONCE);
    is_int(spool_error(s)->code, ERR_NONE);
    is_int(spool_bytes(s), taken + piece.n);
    is_int(spooled(), taken + piece.n);
    spool_close(s);
    ok(!spool_open(&loop, -1, LARGE, on_resume, NULL, &e));
    is_int(e.code, ERR_IO);
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
    packed = malloc(LARGE);
    z_stream z = {.next_in = (Bytef *)large,
                  .avail_in = LARGE,
                  .next_out = (Bytef *)packed,
                  .avail_out = LARGE};
    deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    deflate(&z, Z_FINISH);
    packed_size = z.total_out;
    deflateEnd(&z);
    uv_loop_init(&loop);
    server_start(&here, answer);
    open_fetcher(NULL, NULL);
    test_post();
    test_spool();
    test_packed();
    test_full_disk();
    test_cancelled();
    test_room();
    test_validators();
    close_fetcher();
    uv_loop_close(&loop);
    server_stop(&here);
    close(spool_fd);
    free(large);
    free(packed);
    return tap_done();
}
