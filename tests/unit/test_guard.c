// harvester/guard: networks, refused addresses, names, budgets, loops.
#include "harvester/guard.h"
#include "tests/tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

static struct arena a;

static struct guard_networks networks(const char *first, const char *second)
{
    struct str v[] = {str_of(first), str_of(second)};
    struct guard_networks out;
    struct err e;
    ok(guard_networks_parse(&a, (struct strs){v, second ? 2 : 1}, &out, &e));
    return out;
}

// Through a sockaddr, as libcurl hands it.
static bool may(const char *ip, const struct guard_networks *allow, struct err *e)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, ip, &v4.sin_addr) == 1)
        return guard_address_allowed((struct sockaddr *)&v4, allow, e);
    if (inet_pton(AF_INET6, ip, &v6.sin6_addr) == 1)
        return guard_address_allowed((struct sockaddr *)&v6, allow, e);
    return tap_result(false, __FILE__, __LINE__, ip);
}

static void test_network(void)
{
    struct guard_network n;
    struct err e;
    ok(guard_network_parse(STR("10.1.2.0/24"), &n, &e));
    ok(n.v4);
    is_int(n.bits, 24);
    is_int(n.address[0], 10);
    is_int(n.address[2], 2);
    ok(guard_network_parse(STR("127.0.0.1"), &n, &e));
    is_int(n.bits, 32);
    ok(guard_network_parse(STR("::1/128"), &n, &e));
    ok(!n.v4);
    is_int(n.bits, 128);
    ok(guard_network_parse(STR("2001:db8::"), &n, &e));
    is_int(n.bits, 128);
    ok(guard_network_parse(STR("0.0.0.0/0"), &n, &e));
    is_int(n.bits, 0);
    ok(guard_network_parse(STR("fc00::/7"), &n, &e));
    is_int(n.bits, 7);
    ok(guard_network_parse(STR("::ffff:10.0.0.0/104"), &n, &e));
    ok(n.v4);
    is_int(n.bits, 8);
    is_int(n.address[0], 10);

    static const char *const wrong[] = {"",          "10.0.0.0/33", "10.0.0/8",   "10.0.0.0/",
                                        "::/129",    "10.0.0.0/-1", "10.0.0.0/x", "10.0.0.0/8/8",
                                        "localhost", "10.0.0.256",  " 10.0.0.0",  "/8",
                                        "fe80::1%1", "010.0.0.0/8"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        e = (struct err){0};
        tap_result(!guard_network_parse(str_of(wrong[i]), &n, &e), __FILE__, __LINE__, wrong[i]);
        is_int(e.code, ERR_ARGUMENT);
    }
    ok(!guard_network_parse(STR_NONE, &n, &e));
    ok(!guard_network_parse(str_slice("10.0.0.0\0/8", 11), &n, &e));
    ok(!guard_network_parse(STR("10.1.2.3/24"), &n, &e));
    is_str(e.what, "\"10.1.2.3/24\": the address has bits set after its prefix");
    ok(!guard_network_parse(STR("2001:db8::1/64"), &n, &e));

    struct str list[] = {STR("10.0.0.0/8"), STR("rubbish")};
    struct guard_networks out;
    ok(!guard_networks_parse(&a, (struct strs){list, 2}, &out, &e));
    is_str(e.what, "\"rubbish\" is not a network");
    is_int(out.n, 0);
    ok(guard_networks_parse(&a, (struct strs){NULL, 0}, &out, &e));
    is_int(out.n, 0);
}

static void test_public(void)
{
    // First and last address of each refused network, then the neighbours that are public.
    static const char *const no[] = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.255",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "::ffff:169.254.169.254",
        "64:ff9b::1.1.1.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:0101:0101::1",
        "2002:7f00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fdff:ffff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ffff::1",
    };
    static const char *const yes[] = {
        "1.0.0.0",         "9.255.255.255",    "11.0.0.0",     "100.63.255.255",  "100.128.0.0",
        "126.255.255.255", "128.0.0.0",        "169.253.0.1",  "169.255.0.0",     "172.15.255.255",
        "172.32.0.0",      "192.0.1.0",        "192.0.3.0",    "192.167.255.255", "192.169.0.0",
        "198.17.255.255",  "198.20.0.0",       "198.51.101.0", "203.0.114.0",     "223.255.255.255",
        "2001:200::1",     "2a01:e0a::1",      "2003::1",      "2001:db7::1",     "2606:4700::1111",
        "::ffff:1.1.1.1",  "64:ff9a::1.1.1.1", "5eff::1",      "fbff::1",
    };
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        struct err e = {0};
        tap_result(!may(no[i], NULL, &e) && e.code == ERR_REFUSED, __FILE__, __LINE__, no[i]);
    }
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        tap_result(may(yes[i], NULL, NULL), __FILE__, __LINE__, yes[i]);

    struct err e;
    ok(!may("169.254.169.254", NULL, &e));
    is_str(e.what, "the address 169.254.169.254 is not public (link-local, 169.254.0.0/16)");
    is_str(e.hint, "if the catalogue is there, add its network to the source's allow_private");
    ok(!may("::ffff:127.0.0.1", NULL, &e));
    is_str(e.what, "the address 127.0.0.1 is not public (loopback, 127.0.0.0/8)");
    struct sockaddr local = {.sa_family = AF_UNIX};
    ok(!guard_address_allowed(&local, NULL, &e));
    is_int(e.code, ERR_REFUSED);
}

static void test_allow_private(void)
{
    struct guard_networks v4 = networks("127.0.0.0/8", "10.1.2.0/25");
    ok(may("127.0.0.1", &v4, NULL));
    ok(may("::ffff:127.0.0.1", &v4, NULL));
    ok(may("10.1.2.127", &v4, NULL));
    ok(!may("10.1.2.128", &v4, NULL));
    ok(!may("10.1.3.0", &v4, NULL));
    ok(!may("::1", &v4, NULL));
    ok(!may("64:ff9b::127.0.0.1", &v4, NULL));
    ok(!may("2002:7f00:1::1", &v4, NULL));
    ok(may("1.1.1.1", &v4, NULL));

    struct guard_networks v6 = networks("::1", "fd00::/12");
    ok(may("::1", &v6, NULL));
    ok(may("fd0f::1", &v6, NULL));
    ok(!may("fd10::1", &v6, NULL));
    ok(!may("127.0.0.1", &v6, NULL));

    // A gateway's addresses are let in, what stands behind them is still judged.
    struct guard_networks nat = networks("64:ff9b::/96", "2002::/16");
    struct err e;
    ok(may("64:ff9b::1.1.1.1", &nat, NULL));
    ok(!may("64:ff9b::10.0.0.1", &nat, &e));
    is_str(e.what, "the address 10.0.0.1 is not public (private, 10.0.0.0/8)");
    ok(may("2002:0101:0101::1", &nat, NULL));
    ok(!may("2002:a9fe:a9fe::1", &nat, &e));
    is_str(e.what, "the address 169.254.169.254 is not public (link-local, 169.254.0.0/16)");
    struct guard_networks both = networks("64:ff9b::/96", "10.0.0.0/8");
    ok(may("64:ff9b::10.0.0.1", &both, NULL));

    struct guard_networks all6 = networks("::/0", NULL);
    ok(may("::1", &all6, NULL));
    ok(!may("::ffff:127.0.0.1", &all6, NULL));
}

static void test_host(void)
{
    struct guard_networks loopback = networks("127.0.0.0/8", NULL);
    struct guard_networks loopback6 = networks("::1", NULL);
    struct guard_networks other = networks("10.0.0.0/8", NULL);
    struct err e;
    ok(guard_host_allowed(STR("www.data.gouv.fr"), NULL, &e));
    ok(guard_host_allowed(STR("8.8.8.8"), NULL, &e));
    ok(guard_host_allowed(STR("2a01:e0a::1"), NULL, &e));
    ok(guard_host_allowed(STR("localhost.fr"), NULL, &e));
    ok(guard_host_allowed(STR("mylocalhost"), NULL, &e));
    ok(guard_host_allowed(STR("10.fr"), NULL, &e));
    static const char *const no[] = {
        "127.0.0.1", "127.0.0.1.",  "::1",         "fe80::1",       "::ffff:10.0.0.1",
        "localhost", "LOCALHOST.",  "a.localhost", "printer.local", "metadata.google.internal",
        "internal",  "x.home.arpa", "1.2.3",       "0x7f.1",        "",
        ".",
    };
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        e = (struct err){0};
        tap_result(!guard_host_allowed(str_of(no[i]), NULL, &e) && e.code == ERR_REFUSED, __FILE__,
                   __LINE__, no[i]);
    }
    ok(guard_host_allowed(STR("localhost"), &loopback, &e));
    ok(guard_host_allowed(STR("localhost"), &loopback6, &e));
    ok(!guard_host_allowed(STR("localhost"), &other, &e));
    ok(guard_host_allowed(STR("catalogue.internal"), &other, &e));
    ok(guard_host_allowed(STR("10.2.3.4"), &other, &e));
    ok(!guard_host_allowed(STR("metadata.google.internal"), NULL, &e));
    is_str(e.what, "the host metadata.google.internal is in .internal, which is not public");
    ok(!guard_ip_allowed(STR("not an address"), NULL, &e));
    is_str(e.what, "\"not an address\" is not an address");
}

static void test_hold(void)
{
    struct str texts[] = {STR("127.0.0.0/8"), STR("2001:db8::/32")};
    struct guard_networks networks, none = {0};
    struct err e;
    ok(guard_networks_parse(&a, (struct strs){texts, 2}, &networks, &e));
    ok(guard_networks_hold(&networks, STR("127.1.2.3")));
    ok(guard_networks_hold(&networks, STR("2001:db8::7")));
    ok(guard_networks_hold(&networks, STR("::ffff:127.0.0.1")));
    ok(!guard_networks_hold(&networks, STR("8.8.8.8"))); // public, and not one of them
    ok(!guard_networks_hold(&networks, STR("10.0.0.1")));
    ok(!guard_networks_hold(&networks, STR("unix")));
    ok(!guard_networks_hold(&none, STR("127.0.0.1")));
}

static void test_budget(void)
{
    struct guard_limits limits = GUARD_LIMITS_DEFAULT;
    is_int(limits.page_bytes, 33554432);
    is_int(limits.run_pages, 20000);
    is_int(limits.run_bytes, 8589934592);
    is_int(limits.run_seconds, 21600);

    struct guard_budget b;
    struct err e;
    limits = (struct guard_limits){
        .run_pages = 3, .run_bytes = 10 << 20, .run_seconds = 60, .barren_pages = 2};
    guard_budget_start(&b, &limits, 5000);
    ok(guard_budget_page(&b, 100, 5000, &e));
    ok(guard_budget_page(&b, 100, 65000, &e));
    ok(guard_budget_page(&b, 100, 65000, &e));
    is_int(b.bytes, 300);
    ok(!guard_budget_page(&b, 100, 65000, &e));
    is_int(e.code, ERR_REFUSED);
    is_str(e.what, "the run has read more than 3 pages");

    guard_budget_start(&b, &limits, 0);
    ok(guard_budget_page(&b, 10 << 20, 0, &e));
    ok(!guard_budget_page(&b, 1, 0, &e));
    is_str(e.what, "the run has read more than 10 MB");

    guard_budget_start(&b, &limits, 5000);
    ok(!guard_budget_page(&b, 1, 65001, &e));
    is_str(e.what, "the run has taken longer than 1 minutes");

    guard_budget_start(&b, &limits, 0);
    ok(guard_budget_records(&b, 100, &e));
    ok(guard_budget_records(&b, 0, &e));
    ok(guard_budget_records(&b, 1, &e));
    ok(guard_budget_records(&b, 0, &e));
    ok(!guard_budget_records(&b, 0, &e));
    is_int(e.code, ERR_REFUSED);
    is_str(e.what, "2 pages in a row brought no new record");
}

static void test_visited(void)
{
    struct guard_visited v = {0};
    ok(guard_visited_add(&v, STR("http://a.fr/?page=1")));
    ok(guard_visited_add(&v, STR("http://a.fr/?page=2")));
    ok(!guard_visited_add(&v, STR("http://a.fr/?page=1")));
    is_int(v.n, 2);
    bool all = true, none = false;
    char url[64];
    for (int i = 0; i < 5000; i++) {
        int n = snprintf(url, sizeof url, "http://b.fr/?page=%d", i);
        all = all && guard_visited_add(&v, str_slice(url, (size_t)n));
    }
    for (int i = 0; i < 5000; i++) {
        int n = snprintf(url, sizeof url, "http://b.fr/?page=%d", i);
        none = none || guard_visited_add(&v, str_slice(url, (size_t)n));
    }
    ok(all);
    ok(!none);
    is_int(v.n, 5002);
    guard_visited_free(&v);
    is_int(v.room, 0);
}

int main(void)
{
    test_network();
    test_public();
    test_allow_private();
    test_host();
    test_hold();
    test_budget();
    test_visited();
    arena_free(&a);
    return tap_done();
}
