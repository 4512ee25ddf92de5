// See guard.h.
#include "harvester/guard.h"

#include "base/hash.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

// An address without its port: 4 bytes of `bytes` are used for IPv4.
struct address {
    unsigned char bytes[16];
    bool v4;
};

// Networks that a public catalogue is never on (IANA special-purpose address registries, and multicast). The
// first that matches names the refusal, so narrow ones come before wide ones.
static const struct {
    const char *network, *name;
} refused[] = {
    {"0.0.0.0/8", "this network"},
    {"10.0.0.0/8", "private"},
    {"100.64.0.0/10", "shared by a provider"},
    {"127.0.0.0/8", "loopback"},
    {"169.254.0.0/16", "link-local"},
    {"172.16.0.0/12", "private"},
    {"192.0.0.0/24", "protocol assignments"},
    {"192.0.2.0/24", "documentation"},
    {"192.88.99.0/24", "6to4 relays"},
    {"192.168.0.0/16", "private"},
    {"198.18.0.0/15", "benchmarks"},
    {"198.51.100.0/24", "documentation"},
    {"203.0.113.0/24", "documentation"},
    {"224.0.0.0/4", "multicast"},
    {"240.0.0.0/4", "reserved"},
    {"::/128", "unspecified"},
    {"::1/128", "loopback"},
    {"::/96", "IPv4-compatible"},
    {"64:ff9b::/96", "NAT64"},
    {"64:ff9b:1::/48", "local NAT64"},
    {"100::/64", "discarded"},
    {"2001::/23", "protocol assignments"},
    {"2001:db8::/32", "documentation"},
    {"2002::/16", "6to4"},
    {"3fff::/20", "documentation"},
    {"5f00::/16", "segment routing"},
    {"fc00::/7", "unique local"},
    {"fe80::/10", "link-local"},
    {"fec0::/10", "site-local"},
    {"ff00::/8", "multicast"},
};
enum { REFUSED = sizeof refused / sizeof *refused };

static bool address_read(struct str text, struct address *out)
{
    char z[INET6_ADDRSTRLEN];
    *out = (struct address){0};
    if (text.n == 0 || text.n >= sizeof z || memchr(text.p, '\0', text.n))
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    out->v4 = inet_pton(AF_INET, z, out->bytes) == 1;
    return out->v4 || inet_pton(AF_INET6, z, out->bytes) == 1;
}

static const char *address_write(const struct address *a, char out[INET6_ADDRSTRLEN])
{
    return inet_ntop(a->v4 ? AF_INET : AF_INET6, a->bytes, out, INET6_ADDRSTRLEN);
}

// An IPv4 address inside an IPv6 one, from byte `at`.
static struct address embedded(const struct address *a, size_t at)
{
    struct address v4 = {.v4 = true};
    memcpy(v4.bytes, a->bytes + at, 4);
    return v4;
}

static bool is_mapped(const unsigned char bytes[16])
{
    static const unsigned char prefix[12] = {[10] = 0xFF, [11] = 0xFF};
    return memcmp(bytes, prefix, sizeof prefix) == 0;
}

// Whether all bits from `bits` on are 0.
static bool rest_is_zero(const unsigned char *bytes, size_t count, unsigned bits)
{
    for (size_t i = 0; i < count; i++) {
        unsigned kept = bits > i * 8 ? bits - (unsigned)i * 8 : 0;
        if (kept < 8 && (bytes[i] & (0xFF >> kept)))
            return false;
    }
    return true;
}

bool guard_network_parse(struct str text, struct guard_network *out, struct err *e)
{
    struct str rest = text, ip = STR_NONE;
    struct address a;
    *out = (struct guard_network){0};
    str_next(&rest, '/', &ip);
    if (!address_read(ip, &a)) {
        err_set(e, ERR_ARGUMENT, "\"%.*s\" is not a network", (int)(text.n < 60 ? text.n : 60),
                text.p ? text.p : "");
        return err_hint(e, "write it as 10.1.2.0/24, 2001:db8::/32, or as one address");
    }
    int64_t most = a.v4 ? 32 : 128, bits = most;
    if (rest.p && !str_to_int(rest, 0, most, &bits))
        return err_set(e, ERR_ARGUMENT,
                       "\"%.*s\": the prefix of a network is a number from 0 to %d",
                       (int)(text.n < 60 ? text.n : 60), text.p, (int)most);
    if (!a.v4 && is_mapped(a.bytes) && bits >= 96) {
        a = embedded(&a, 12);
        bits -= 96;
    }
    if (!rest_is_zero(a.bytes, a.v4 ? 4 : 16, (unsigned)bits))
        return err_set(e, ERR_ARGUMENT, "\"%.*s\": the address has bits set after its prefix",
                       (int)(text.n < 60 ? text.n : 60), text.p);
    *out = (struct guard_network){.bits = (unsigned char)bits, .v4 = a.v4};
    memcpy(out->address, a.bytes, sizeof out->address);
    return true;
}

bool guard_networks_parse(struct arena *a, struct strs texts, struct guard_networks *out,
                          struct err *e)
{
    *out = (struct guard_networks){0};
    struct guard_network *v = ARENA_ARRAY(a, struct guard_network, texts.n);
    for (size_t i = 0; i < texts.n; i++)
        if (!guard_network_parse(texts.v[i], &v[i], e))
            return false;
    *out = (struct guard_networks){v, texts.n};
    return true;
}

static bool network_holds(const struct guard_network *n, const struct address *a)
{
    if (n->v4 != a->v4)
        return false;
    size_t whole = n->bits / 8;
    unsigned part = n->bits % 8;
    return memcmp(n->address, a->bytes, whole) == 0 &&
           (part == 0 || ((n->address[whole] ^ a->bytes[whole]) >> (8 - part)) == 0);
}

static bool networks_hold(const struct guard_networks *networks, const struct address *a)
{
    for (size_t i = 0; networks && i < networks->n; i++)
        if (network_holds(&networks->v[i], a))
            return true;
    return false;
}

// The index in `refused` of the first network that holds the address, or REFUSED.
static size_t find_refused(const struct address *a)
{
    for (size_t i = 0; i < REFUSED; i++) {
        struct guard_network n;
        if (guard_network_parse(str_of(refused[i].network), &n, NULL) && network_holds(&n, a))
            return i;
    }
    return REFUSED;
}

static bool allowed(struct address a, const struct guard_networks *allow_private, struct err *e)
{
    char text[INET6_ADDRSTRLEN];
    if (!a.v4 && is_mapped(a.bytes))
        a = embedded(&a, 12);
    size_t found = find_refused(&a);
    if (found == REFUSED)
        return true;
    if (!networks_hold(allow_private, &a)) {
        err_set(e, ERR_REFUSED, "the address %s is not public (%s, %s)", address_write(&a, text),
                refused[found].name, refused[found].network);
        return err_hint(e, "if the catalogue is there, add its network to the source's "
                           "allow_private");
    }
    if (strcmp(refused[found].name, "NAT64") == 0)
        return allowed(embedded(&a, 12), allow_private, e);
    if (strcmp(refused[found].name, "6to4") == 0)
        return allowed(embedded(&a, 2), allow_private, e);
    return true;
}

bool guard_address_allowed(const struct sockaddr *address,
                           const struct guard_networks *allow_private, struct err *e)
{
    struct address a = {0};
    if (address->sa_family == AF_INET) {
        a.v4 = true;
        memcpy(a.bytes, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    } else if (address->sa_family == AF_INET6) {
        memcpy(a.bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
    } else {
        return err_set(e, ERR_REFUSED, "an address of family %d is not one of the internet",
                       address->sa_family);
    }
    return allowed(a, allow_private, e);
}

bool guard_ip_allowed(struct str ip, const struct guard_networks *allow_private, struct err *e)
{
    struct address a;
    if (!address_read(ip, &a))
        return err_set(e, ERR_REFUSED, "\"%.*s\" is not an address", (int)(ip.n < 60 ? ip.n : 60),
                       ip.p ? ip.p : "");
    return allowed(a, allow_private, e);
}

bool guard_networks_hold(const struct guard_networks *networks, struct str ip)
{
    struct address a;
    if (!address_read(ip, &a))
        return false;
    if (!a.v4 && is_mapped(a.bytes))
        a = embedded(&a, 12);
    return networks_hold(networks, &a);
}

// Does `host` end with the domain, or equal it?
static bool in_domain(struct str host, struct str domain)
{
    return str_eq_nocase(host, domain) ||
           (host.n > domain.n && host.p[host.n - domain.n - 1] == '.' &&
            str_eq_nocase(str_slice(host.p + host.n - domain.n, domain.n), domain));
}

// A host whose last label starts with a digit is an address, if it is anything: no top-level domain does.
static bool looks_like_address(struct str host)
{
    size_t start = host.n;
    while (start && host.p[start - 1] != '.')
        start--;
    return start < host.n && host.p[start] >= '0' && host.p[start] <= '9';
}

bool guard_host_allowed(struct str host, const struct guard_networks *allow_private, struct err *e)
{
    static const char *const local[] = {"local", "home.arpa", "internal"};
    if (host.n && host.p[host.n - 1] == '.')
        host.n--;
    if (host.n == 0)
        return err_set(e, ERR_REFUSED, "the host has no name");
    if (looks_like_address(host) || str_find_char(host, ':') >= 0)
        return guard_ip_allowed(host, allow_private, e);
    if (in_domain(host, STR("localhost")))
        return guard_ip_allowed(STR("127.0.0.1"), allow_private, NULL) ||
               guard_ip_allowed(STR("::1"), allow_private, e);
    for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
        if (!in_domain(host, str_of(local[i])) || (allow_private && allow_private->n))
            continue;
        err_set(e, ERR_REFUSED, "the host %.*s is in .%s, which is not public",
                (int)(host.n < 253 ? host.n : 253), host.p, local[i]);
        return err_hint(e, "if the catalogue is there, add its network to the source's "
                           "allow_private");
    }
    return true;
}

void guard_budget_start(struct guard_budget *b, const struct guard_limits *limits, uint64_t now_ms)
{
    *b = (struct guard_budget){.limits = *limits, .started_ms = now_ms};
}

bool guard_budget_page(struct guard_budget *b, uint64_t bytes_decoded, uint64_t now_ms,
                       struct err *e)
{
    b->pages++;
    b->bytes += bytes_decoded;
    if (b->pages > b->limits.run_pages)
        err_set(e, ERR_REFUSED, "the run has read more than %llu pages",
                (unsigned long long)b->limits.run_pages);
    else if (b->bytes > b->limits.run_bytes)
        err_set(e, ERR_REFUSED, "the run has read more than %llu MB",
                (unsigned long long)(b->limits.run_bytes >> 20));
    else if (now_ms - b->started_ms > b->limits.run_seconds * 1000)
        err_set(e, ERR_REFUSED, "the run has taken longer than %llu minutes",
                (unsigned long long)(b->limits.run_seconds / 60));
    else
        return true;
    return err_hint(e, "if the catalogue is that large, ask for larger pages or split the source");
}

bool guard_budget_records(struct guard_budget *b, uint64_t new_records, struct err *e)
{
    b->barren = new_records ? 0 : b->barren + 1;
    if (b->barren < b->limits.barren_pages)
        return true;
    err_set(e, ERR_REFUSED, "%u pages in a row brought no new record", b->barren);
    return err_hint(e, "the catalogue repeats itself: its paging is broken");
}

static bool put(uint64_t *slots, size_t room, uint64_t key)
{
    size_t at = (size_t)key & (room - 1);
    while (slots[at]) {
        if (slots[at] == key)
            return false;
        at = (at + 1) & (room - 1);
    }
    slots[at] = key;
    return true;
}

bool guard_visited_add(struct guard_visited *v, struct str url)
{
    if (v->n * 2 >= v->room) { // at most half full: a power of two
        size_t room = v->room ? v->room * 2 : 64;
        uint64_t *slots = xcalloc(room, sizeof *slots);
        for (size_t i = 0; i < v->room; i++)
            if (v->slots[i])
                put(slots, room, v->slots[i]);
        free(v->slots);
        v->slots = slots;
        v->room = room;
    }
    uint64_t key = hash64(url);
    if (!put(v->slots, v->room, key ? key : 1)) // 0 is an empty slot
        return false;
    v->n++;
    return true;
}

bool guard_visited_has(const struct guard_visited *v, struct str url)
{
    uint64_t key = hash64(url);
    key = key ? key : 1;
    for (size_t i = key & (v->room - 1); v->room && v->slots[i]; i = (i + 1) & (v->room - 1))
        if (v->slots[i] == key)
            return true;
    return false;
}

void guard_visited_free(struct guard_visited *v)
{
    free(v->slots);
    *v = (struct guard_visited){0};
}
