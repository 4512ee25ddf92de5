// harvester/fetch in time: pacing, several at once, timeouts, cancelling, closing, proxies, settings.
#include "tests/unit/fetch_fixture.h"
#include "tests/unit/scripted_server.h"

static struct server here;

static const char *url_of(const char *path)
{
    static char urls[8][200];
    static unsigned turn;
    char *url = urls[turn++ % 8];
    snprintf(url, sizeof urls[0], "http://127.0.0.1:%d%s", here.port, path);
    return url;
}

static void answer(struct exchange *x)
{
    const char *p = x->path;
    if (strncmp(p, "/slow", 5) == 0) {
        usleep(50 * 1000);
        respond(x, 200, "", STR("hello"));
    } else if (strcmp(p, "/never") == 0) {
        wait_for_peer(x);
    } else if (strcmp(p, "/drip") == 0) {
        send_z(x, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        for (int i = 0; i < 100 && !server_stopping(x->server); i++) {
            send_z(x, "x");
            usleep(50 * 1000);
        }
    } else if (strcmp(p, "/503") == 0) {
        respond(x, 503, "", STR(""));
    } else if (strcmp(p, "/keep") == 0) {
        x->keep = true;
        respond(x, 200, "", STR("hello"));
    } else {
        respond(x, 200, "", STR("hello"));
    }
}

static void test_pacing(void)
{
    struct fetch_policy policy = local_policy();
    struct seen s[3] = {0};
    policy.rate = 20;
    policy.concurrency = 3;
    int64_t start = clock_ms();
    for (int i = 0; i < 3; i++)
        begin(&s[i], url_of("/paced"), &policy);
    for (int i = 0; i < 3; i++)
        run_to_end(&s[i]);
    ok(clock_ms() - start >= 99);
    ok(clock_ms() - start < 2000);
    for (int i = 0; i < 3; i++) {
        is_int(s[i].result.status, 200);
        forget(&s[i]);
    }
    // The pause lasts though nobody asks meanwhile.
    policy.rate = 10;
    start = clock_ms();
    get(&s[0], url_of("/paced-alone"), &policy);
    get(&s[0], url_of("/paced-alone"), &policy);
    ok(clock_ms() - start >= 99);
    forget(&s[0]);
}

static void test_concurrency(void)
{
    enum { COUNT = 8 };
    static const unsigned limits[] = {1, 2, COUNT};
    for (size_t l = 0; l < 3; l++) {
        struct fetch_policy policy = local_policy();
        struct seen s[COUNT] = {0};
        policy.concurrency = limits[l];
        here.most_at_once = 0;
        for (int i = 0; i < COUNT; i++)
            begin(&s[i], url_of("/slow"), &policy);
        for (int i = 0; i < COUNT; i++) {
            run_to_end(&s[i]);
            is_int(s[i].result.status, 200);
            forget(&s[i]);
        }
        ok(here.most_at_once <= (int)limits[l]);
        ok(limits[l] == 1 || here.most_at_once > 1);
    }
}

static void test_max_connections(void)
{
    struct fetch_settings settings = {.user_agent = "test", .max_connections = 2};
    struct fetcher *usual = fetcher;
    struct fetch_policy policy = local_policy();
    struct seen s[6] = {0};
    fetcher = fetcher_new(&loop, &settings, NULL);
    policy.concurrency = 6;
    here.most_at_once = 0;
    for (int i = 0; i < 6; i++)
        begin(&s[i], url_of("/slow"), &policy);
    for (int i = 0; i < 6; i++) {
        run_to_end(&s[i]);
        is_int(s[i].result.status, 200);
        forget(&s[i]);
    }
    ok(here.most_at_once <= 2);
    close_fetcher();
    fetcher = usual;
}

static void test_timeouts(void)
{
    struct fetch_policy policy = local_policy();
    struct seen s = {0};
    policy.timeout = 1;
    policy.attempts = 1;
    int64_t start = clock_ms();
    get(&s, url_of("/drip"), &policy);
    is_int(s.result.error.code, ERR_TIMEOUT);
    ok(clock_ms() - start >= 990 && clock_ms() - start < 3000);
    ok(s.result.seconds >= 0.99);
    is_int(s.result.body.n, 0);

    uint64_t failures = fetcher_counters(fetcher)->failures[ERR_TIMEOUT];
    policy.attempts = 2;
    get(&s, url_of("/never"), &policy);
    is_int(s.result.error.code, ERR_TIMEOUT);
    is_int(s.result.attempts, 2);
    is_int(server_hits(&here, "/never"), 2);
    is_int(fetcher_counters(fetcher)->failures[ERR_TIMEOUT] - failures, 1);
    forget(&s);
}

static void turn_for(int64_t ms)
{
    for (int64_t end = clock_ms() + ms; clock_ms() < end; usleep(1000))
        uv_run(&loop, UV_RUN_NOWAIT);
}

static void test_cancel(void)
{
    struct fetch_policy policy = local_policy();
    struct seen s = {0}, other = {0};
    policy.concurrency = 1;

    struct fetch *fetch = begin(&s, url_of("/cancel-1"), &policy); // before its turn
    fetch_cancel(fetch);
    turn_for(30);
    is_int(s.calls, 0);
    is_int(server_hits(&here, "/cancel-1"), 0);

    fetch = begin(&s, url_of("/drip"), &policy); // in the middle of its body
    begin(&other, url_of("/after"), &policy);
    turn_for(200);
    is_int(s.calls, 0);
    is_int(other.calls, 0); // waits for its place
    fetch_cancel(fetch);
    run_to_end(&other);
    is_int(other.result.status, 200);
    is_int(s.calls, 0);

    struct fetcher *usual = fetcher; // waiting for another try
    struct fetch_settings settings = {.user_agent = "test", .retry_unit_ms = 300};
    fetcher = fetcher_new(&loop, &settings, NULL);
    fetch = begin(&s, url_of("/503"), &policy);
    turn_for(200);
    is_int(server_hits(&here, "/503"), 1);
    is_int(fetcher_counters(fetcher)->retries, 1);
    fetch_cancel(fetch);
    turn_for(500);
    is_int(s.calls, 0);
    is_int(server_hits(&here, "/503"), 1);
    close_fetcher();
    fetcher = usual;

    struct str header = STR("wrong"); // a wrong request, before its callback
    struct fetch_request request = {
        .url = str_of(url_of("/ok")), .headers = {&header, 1}, .policy = &policy};
    fetch_cancel(fetch_start(fetcher, &request, keep, &s));
    turn_for(10);
    is_int(s.calls, 0);
    forget(&other);
}

static void test_overtaking(void)
{
    // While one waits for its next try, others may ask the same host.
    struct fetch_policy policy = local_policy();
    struct seen s = {0}, other = {0};
    policy.concurrency = 1;
    policy.attempts = 3;
    begin(&s, url_of("/503"), &policy);
    begin(&other, url_of("/meanwhile"), &policy);
    run_to_end(&other);
    is_int(s.calls, 0);
    run_to_end(&s);
    is_int(s.result.error.http_status, 503);
    is_int(s.result.attempts, 3);
    forget(&s);
    forget(&other);
}

struct chain {
    struct fetch_policy policy;
    struct fetch *other;
    int left;
};

static void start_next(struct fetch_result *result, void *arg)
{
    struct chain *c = arg;
    struct fetch_request request = {.url = str_of(url_of("/keep")), .policy = &c->policy};
    struct buf body = fetch_take_body(result);
    is_text(buf_str(&body), "hello");
    buf_free(&body);
    if (c->other)
        fetch_cancel(c->other);
    c->other = NULL;
    if (c->left--)
        fetch_start(fetcher, &request, start_next, c);
}

static void test_callbacks(void)
{
    struct seen other = {0};
    struct chain c = {.policy = local_policy(), .left = 5};
    struct fetch_request request = {.url = str_of(url_of("/keep")), .policy = &c.policy};
    fetch_start(fetcher, &request, start_next, &c);
    c.other = begin(&other, url_of("/never"), &c.policy);
    int connections = here.connection_count;
    while (c.left >= 0)
        uv_run(&loop, UV_RUN_ONCE);
    is_int(other.calls, 0);
    is_int(server_hits(&here, "/keep"), 6);
    ok(here.connection_count - connections <= 3); // the chain keeps its connection
}

static void close_now(struct fetch_result *result, void *arg)
{
    ok(result->status == 200);
    fetcher_close(fetcher, note_closed, arg);
}

static void test_close(void)
{
    struct fetcher *usual = fetcher;
    struct fetch_policy policy = local_policy();
    struct seen s[3] = {0};
    policy.concurrency = 1;
    open_fetcher(NULL, NULL); // one is running, one waits for its place, one has not begun
    begin(&s[0], url_of("/never"), &policy);
    begin(&s[1], url_of("/never"), &policy);
    turn_for(50);
    begin(&s[2], url_of("/never"), &policy);
    close_fetcher();
    is_int(s[0].calls + s[1].calls + s[2].calls, 0);

    bool closed = false;
    open_fetcher(NULL, NULL);
    struct fetch_request request = {.url = str_of(url_of("/close")), .policy = &policy};
    fetch_start(fetcher, &request, close_now, &closed);
    begin(&s[0], url_of("/never"), &policy);
    while (!closed && uv_run(&loop, UV_RUN_ONCE))
        ;
    ok(closed);
    is_int(s[0].calls, 0);

    open_fetcher(NULL, NULL);
    fetcher_close(fetcher, NULL, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    ok(!uv_loop_alive(&loop));
    fetcher = usual;
}

static void test_proxy(void)
{
    struct fetcher *usual = fetcher;
    struct fetch_policy strict = local_policy(), open = strict;
    struct seen s = {0};
    strict.allow_private = (struct guard_networks){0};
    open_fetcher(url_of(""), NULL);
    get(&s, "http://catalogue.example/list?page=2", &strict); // never resolved by us
    is_int(s.result.error.code, ERR_NONE);
    is_text(buf_str(&s.result.body), "hello");
    is_int(server_hits(&here, "http://catalogue.example/list?page=2"), 1);
    ok(server_last_request_has(&here, "Host: catalogue.example\r\n"));
    static const char *const refused[] = {
        "http://127.0.0.1/", "http://169.254.169.254/latest",    "http://[::1]/", "http://0x7f.1/",
        "http://localhost/", "http://metadata.google.internal/",
    };
    uint64_t requests = fetcher_counters(fetcher)->requests;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        get(&s, refused[i], &strict);
        tap_result(s.result.error.code == ERR_REFUSED, __FILE__, __LINE__, refused[i]);
    }
    is_int(fetcher_counters(fetcher)->requests - requests, 0);
    get(&s, "http://127.0.0.1/allowed", &open);
    is_int(s.result.status, 200);
    is_int(server_hits(&here, "http://127.0.0.1/allowed"), 1);
    close_fetcher();
    forget(&s);
    fetcher = usual;
}

// Many at once, every third cancelled at another moment: each callback is called once or, then, never.
static void test_storm(void)
{
    enum { COUNT = 60 };
    static const char *const paths[] = {"/slow", "/ok", "/503", "/keep"};
    struct fetch_policy policy = local_policy();
    struct seen s[COUNT] = {0};
    struct fetch *fetches[COUNT];
    policy.concurrency = 6;
    policy.attempts = 2;
    for (int i = 0; i < COUNT; i++)
        fetches[i] = begin(&s[i], url_of(paths[i % 4]), &policy);
    for (int i = 0; i < COUNT; i += 3) {
        if (!s[i].calls)
            fetch_cancel(fetches[i]);
        s[i].calls = s[i].calls ? 1 : -1;
        turn_for(i % 4);
    }
    for (int i = 0; i < COUNT; i++)
        if (i % 3)
            run_to_end(&s[i]);
    turn_for(20);
    for (int i = 0; i < COUNT; i++) {
        ok(i % 3 ? s[i].calls == 1 : s[i].calls == 1 || s[i].calls == -1);
        ok(s[i].calls < 0 || s[i].result.status == (i % 4 == 2 ? 503 : 200));
        forget(&s[i]);
    }
}

static void refuses_settings(struct fetch_settings settings, const char *text)
{
    struct err e;
    char got[800];
    ok(!fetcher_new(&loop, &settings, &e));
    is_int(e.code, ERR_CONFIG);
    is_str(err_text(&e, got, sizeof got), text);
}

static void test_settings(void)
{
    refuses_settings((struct fetch_settings){.user_agent = "a\r\nX: b"},
                     "the user agent holds a control character");
    refuses_settings((struct fetch_settings){.user_agent = "a", .ca_file = "/nowhere.pem"},
                     "ca_file /nowhere.pem: the file of certificates cannot be read");
    static const char *const proxies[] = {"", "proxy.example:3128", "ftp://proxy.example/",
                                          "http://"};
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++)
        refuses_settings((struct fetch_settings){.user_agent = "a", .proxy = proxies[i]},
                         "proxy: the proxy is not an http or https URL");
}

int main(void)
{
    server_start(&here, answer);
    uv_loop_init(&loop);
    open_fetcher(NULL, NULL);
    test_pacing();
    test_concurrency();
    test_max_connections();
    test_timeouts();
    test_cancel();
    test_overtaking();
    test_callbacks();
    test_close();
    test_proxy();
    test_storm();
    test_settings();
    close_fetcher();
    is_int(uv_loop_close(&loop), 0);
    server_stop(&here);
    return tap_done();
}
