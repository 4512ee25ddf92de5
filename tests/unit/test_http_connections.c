// api/http/connections: caps per address, and deadlines on a loop, with socket pairs in place of
// clients.
#include "api/http/connections.h"
#include "tests/tap.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static bool trust(void *arg, struct str address)
{
    return str_eq(address, str_of(arg));
}

static bool admits(const struct connections *all, const struct http_settings *settings,
                   const char *address, struct http_connection *out)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    *out = (struct http_connection){0};
    if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
        return connections_admit(all, settings, (void *)&v4, out);
    if (inet_pton(AF_INET6, address, &v6.sin6_addr) == 1)
        return connections_admit(all, settings, (void *)&v6, out);
    return connections_admit(all, settings, &(struct sockaddr){.sa_family = AF_UNIX}, out);
}

static void test_limits(void)
{
    struct http_limits all = connections_limits(&(struct http_limits){.idle_ms = 7});
    is_int(all.connections, 1000);
    is_int(all.connections_per_address, 64);
    is_int(all.header_ms, 10000);
    is_int(all.request_ms, 30000);
    is_int(all.idle_ms, 7);
    is_int(all.send_ms, 30000);
}

static void test_caps(uv_loop_t *loop)
{
    static char proxy[] = "10.0.0.1";
    struct connections all = {
        .limits = connections_limits(&(struct http_limits){.connections_per_address = 2})};
    const struct http_settings plain = {0},
                               proxied = {.trusted_proxy = trust, .trusted_proxy_arg = proxy};
    const char *const addresses[] = {
        "192.0.2.1", "192.0.2.1", "2001:db8:0:1::1", "2001:db8:0:1::2", "10.0.0.1", "10.0.0.1",
        "unix",      "unix"};
    enum { N = sizeof addresses / sizeof *addresses };
    struct http_connection c[N], next;
    connections_start(&all, loop);
    for (size_t i = 0; i < N; i++) {
        ok(admits(&all, &proxied, addresses[i], &c[i]));
        is_str(c[i].address, addresses[i]);
        c[i].fd = -1;
        connections_add(&all, &c[i]);
    }
    is_int(all.count, N);
    ok(!admits(&all, &plain, "192.0.2.1", &next));
    ok(!admits(&all, &plain, "2001:db8:0:1:ffff::", &next)); // the same /64
    ok(admits(&all, &plain, "192.0.2.2", &next));
    ok(admits(&all, &plain, "2001:db8:0:2::1", &next));
    ok(admits(&all, &proxied, "10.0.0.1", &next));
    ok(admits(&all, &plain, "10.0.0.1", &next)); // those there were not counted
    ok(admits(&all, &plain, "unix", &next));
    connections_remove(&all, &c[1]);
    ok(admits(&all, &plain, "192.0.2.1", &next));
    for (size_t i = 0; i < N; i++)
        if (i != 1)
            connections_remove(&all, &c[i]);
    is_int(all.count, 0);
    ok(all.first == NULL);
    ok(!uv_is_active((uv_handle_t *)&all.timer));
    uv_close((uv_handle_t *)&all.timer, NULL);
    uv_run(loop, UV_RUN_DEFAULT);
}

enum { PEERS = 6 };

static struct {
    struct http_connection c;
    int other; // the client's end
    uint64_t shut_ms;
} peers[PEERS];
static uint64_t began;

// Notes when each connection was shut down.
static void on_tick(uv_timer_t *tick)
{
    for (int i = 0; i < PEERS; i++) {
        struct pollfd p = {.fd = peers[i].other, .events = POLLIN};
        if (!peers[i].shut_ms && poll(&p, 1, 0) == 1 && (p.revents & POLLHUP))
            peers[i].shut_ms = uv_now(tick->loop) - began;
    }
    if (uv_now(tick->loop) - began > 700)
        uv_stop(tick->loop);
}

static bool around(uint64_t ms, uint64_t wanted)
{
    bool is = ms >= wanted && ms < wanted + 150;
    if (!is)
        printf("# %d ms, wanted %d\n", (int)ms, (int)wanted);
    return is;
}

static void test_deadlines(uv_loop_t *loop)
{
    uv_timer_t tick;
    struct connections all = {
        .limits = {.header_ms = 300, .request_ms = 450, .idle_ms = 200, .send_ms = 100}};
    connections_start(&all, loop);
    uv_update_time(loop);
    began = uv_now(loop);
    for (int i = 0; i < PEERS; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
            return;
        peers[i].c.fd = pair[0];
        peers[i].other = pair[1];
        connections_add(&all, &peers[i].c);
    }
    connection_begins(&all, &peers[0].c);      // headers: 300, from the connection
    connection_reads_body(&all, &peers[1].c);  // 450
    connection_is_handled(&peers[2].c);        // never
    connection_sends(&all, &peers[3].c, 0);    // 100
    connection_sends(&all, &peers[4].c, 8192); // and 500 for the bytes
    connection_idles(&all, &peers[5].c);       // 200
    uv_timer_init(loop, &tick);
    uv_timer_start(&tick, on_tick, 5, 5);
    uv_run(loop, UV_RUN_DEFAULT);
    ok(around(peers[0].shut_ms, 300));
    ok(around(peers[1].shut_ms, 450));
    is_int(peers[2].shut_ms, 0);
    ok(around(peers[3].shut_ms, 100));
    ok(around(peers[4].shut_ms, 600));
    ok(around(peers[5].shut_ms, 200));

    // A request line on an idle connection starts the headers' time; once, whatever follows.
    connection_idles(&all, &peers[2].c);
    connection_begins(&all, &peers[2].c);
    is_int(peers[2].c.deadline_ms, uv_now(loop) + 300);
    uint64_t first = peers[2].c.deadline_ms;
    usleep(20000);
    uv_update_time(loop);
    connection_begins(&all, &peers[2].c);
    is_int(peers[2].c.deadline_ms, first);
    connection_reads_body(&all, &peers[2].c);
    is_int(peers[2].c.deadline_ms, first + 150);

    for (int i = 0; i < PEERS; i++) {
        connections_remove(&all, &peers[i].c);
        close(peers[i].c.fd);
        close(peers[i].other);
    }
    uv_close((uv_handle_t *)&tick, NULL);
    uv_close((uv_handle_t *)&all.timer, NULL);
    uv_run(loop, UV_RUN_DEFAULT);
}

int main(void)
{
    uv_loop_t loop;
    uv_loop_init(&loop);
    test_limits();
    test_caps(&loop);
    test_deadlines(&loop);
    is_int(uv_loop_close(&loop), 0);
    return tap_done();
}
