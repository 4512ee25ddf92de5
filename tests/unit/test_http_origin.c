// api/http/origin: hosts of an admin face, origins, clients behind proxies.
#include "api/http/origin.h"
#include "tests/tap.h"

static void test_hosts(void)
{
    struct str names[] = {STR("admin.example"), STR("2001:db8::5")};
    const struct strs hosts = {names, 2}, none = {NULL, 0};
    ok(origin_host_allowed(STR("localhost"), none));
    ok(origin_host_allowed(STR("LocalHost:8081"), none));
    ok(origin_host_allowed(STR("127.0.0.1:8081"), none));
    ok(origin_host_allowed(STR("127.255.0.9"), none));
    ok(origin_host_allowed(STR("[::1]"), none));
    ok(origin_host_allowed(STR("[::1]:8081"), none));
    ok(origin_host_allowed(STR("ADMIN.example:1"), hosts));
    ok(origin_host_allowed(STR("[2001:db8::5]:1"), hosts));
    ok(!origin_host_allowed(STR("admin.example"), none));
    ok(!origin_host_allowed(STR("evil.example"), hosts));
    ok(!origin_host_allowed(STR("localhost.evil.example"), hosts));
    ok(!origin_host_allowed(STR("127.0.0.1.evil.example"), hosts));
    ok(!origin_host_allowed(STR("127.evil"), hosts));
    ok(!origin_host_allowed(STR("128.0.0.1"), hosts));
    ok(!origin_host_allowed(STR("[::1"), hosts));
    ok(!origin_host_allowed(STR(""), hosts));
    is_text(origin_host_name(STR("[fe80::1]:80")), "fe80::1");
    is_text(origin_host_name(STR("a:80")), "a");
    is_text(origin_host_name(STR("a")), "a");
}

static void test_origins(void)
{
    ok(origin_same(STR("http://a:81"), STR("a:81")));
    ok(origin_same(STR("http://A"), STR("a")));
    ok(origin_same(STR("http://a"), STR("a:80")));
    ok(origin_same(STR("https://a:443"), STR("a")));
    ok(origin_same(STR("http://[::1]:81"), STR("[::1]:81")));
    ok(!origin_same(STR("http://a:81"), STR("a:82")));
    ok(!origin_same(STR("http://b"), STR("a")));
    ok(!origin_same(STR("https://a:80"), STR("a")));
    ok(!origin_same(STR("http://a/"), STR("a")));
    ok(!origin_same(STR("a"), STR("a")));
    ok(!origin_same(STR("null"), STR("null")));
    ok(!origin_same(STR(""), STR("a")));
}

static bool is_trusted(void *arg, struct str address)
{
    (void)arg;
    return str_starts(address, STR("10.")) || str_eq(address, STR("unix"));
}

static struct str client(const char *peer, const char *first, const char *second)
{
    const struct http_pair v[] = {{STR("x-forwarded-for"), str_of(first)},
                                  {STR("X-Other"), STR("9.9.9.9")},
                                  {STR("X-Forwarded-For"), str_of(second)}};
    return origin_client((struct http_pairs){v, second  ? 3
                                                : first ? 2
                                                        : 0},
                         str_of(peer), is_trusted, NULL);
}

static void test_clients(void)
{
    is_text(client("192.0.2.1", NULL, NULL), "192.0.2.1");
    is_text(client("10.0.0.1", NULL, NULL), "10.0.0.1");
    is_text(client("192.0.2.1", "198.51.100.1", NULL), "192.0.2.1"); // not believed
    is_text(client("10.0.0.1", "198.51.100.1", NULL), "198.51.100.1");
    is_text(client("unix", "2001:db8::1", NULL), "2001:db8::1");
    is_text(client("10.0.0.1", "1.1.1.1 , 198.51.100.1 ,10.0.0.2", NULL), "198.51.100.1");
    is_text(client("10.0.0.1", "1.1.1.1, 198.51.100.1", "10.0.0.3,10.0.0.2"), "198.51.100.1");
    is_text(client("10.0.0.1", "198.51.100.1", "203.0.113.9"), "203.0.113.9");
    is_text(client("10.0.0.1", "10.0.0.3", NULL), "10.0.0.3"); // all are proxies: the farthest
    is_text(client("10.0.0.1", "evil", NULL), "10.0.0.1");
    is_text(client("10.0.0.1", "198.51.100.1, unknown, 10.0.0.2", NULL), "10.0.0.2");
    is_text(client("10.0.0.1", "", NULL), "10.0.0.1");
    is_text(client("10.0.0.1", "198.51.100.1:80", NULL), "10.0.0.1");
    const struct http_pair v[] = {{STR("X-Forwarded-For"), STR("1.1.1.1")}};
    is_text(origin_client((struct http_pairs){v, 1}, STR("10.0.0.1"), NULL, NULL), "10.0.0.1");
}

int main(void)
{
    test_hosts();
    test_origins();
    test_clients();
    return tap_done();
}
