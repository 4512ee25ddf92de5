// What a harvest may reach and how much it may take: addresses, sizes, times, loops. A catalogue, a redirect
// or a name server may be hostile. The list of refused networks is that of the IANA special-purpose
// registries (RFC 6890 and its updates). Nothing here is shared: each run owns its own state.
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <sys/socket.h>

struct guard_network {
    unsigned char address[16]; // network order; 4 bytes are used for IPv4
    unsigned char bits;        // of the prefix
    bool v4;
};

struct guard_networks {
    const struct guard_network *v;
    size_t n;
};

// "10.1.2.0/24", "::1/128", or a bare address. Bits beyond the prefix must be 0. ERR_ARGUMENT otherwise.
// "::ffff:10.0.0.0/104" is the IPv4 network 10.0.0.0/8.
bool guard_network_parse(struct str text, struct guard_network *out, struct err *e);
// All of a list; the array lives in the arena. The error names the entry.
bool guard_networks_parse(struct arena *a, struct strs texts, struct guard_networks *out,
                          struct err *e);

// May a connection be made to this address? Addresses that are not public (loopback, private, link-local,
// shared, documentation, multicast, ...) only when `allow_private` (NULL: nothing) holds them. An IPv4-mapped
// address is judged as the IPv4 address it holds. NAT64 and 6to4 addresses are refused; when
// allow_private holds them, the IPv4 address inside is judged in its turn. ERR_REFUSED otherwise.
bool guard_address_allowed(const struct sockaddr *address,
                           const struct guard_networks *allow_private, struct err *e);
// The same for an address in text ("10.0.0.1", "fe80::1"). ERR_REFUSED too when it is none.
bool guard_ip_allowed(struct str ip, const struct guard_networks *allow_private, struct err *e);
// Whether one of the networks holds the address, IPv4-mapped ones judged as the IPv4 address they hold. False when it is none.
bool guard_networks_hold(const struct guard_networks *networks, struct str ip);
// What can be known of a host without resolving it, for use with a proxy, which resolves it out of our sight:
// a literal address is judged as above; localhost (RFC 6761) needs 127.0.0.1 or ::1 in allow_private;
// .local (RFC 6762), .home.arpa (RFC 8375) and .internal need allow_private not to be empty. Other names
// pass. `host` as url_host gives it.
bool guard_host_allowed(struct str host, const struct guard_networks *allow_private, struct err *e);

// Limits of one run.
struct guard_limits {
    uint64_t page_bytes;   // of one page, decoded
    uint64_t run_pages;    //
    uint64_t run_bytes;    // of all pages, decoded
    uint64_t run_seconds;  // wall time
    unsigned barren_pages; // pages one after the other that brought no new record
};
#define GUARD_LIMITS_DEFAULT                                                                       \
    ((struct guard_limits){.page_bytes = (uint64_t)32 << 20,                                       \
                           .run_pages = 20000,                                                     \
                           .run_bytes = (uint64_t)8 << 30,                                         \
                           .run_seconds = 6 * 3600,                                                \
                           .barren_pages = 3})

// What a run has used. Times are milliseconds of any steady clock (uv_now).
struct guard_budget {
    struct guard_limits limits;
    uint64_t started_ms, pages, bytes;
    unsigned barren;
};

void guard_budget_start(struct guard_budget *b, const struct guard_limits *limits, uint64_t now_ms);
// Counts a page that came. False (ERR_REFUSED, the limit is named) once the run has gone past a limit.
bool guard_budget_page(struct guard_budget *b, uint64_t bytes_decoded, uint64_t now_ms,
                       struct err *e);
// After a page was read: how many records it held that this run had not met before. False (ERR_REFUSED) after
// `barren_pages` pages in a row without one: the catalogue repeats itself.
bool guard_budget_records(struct guard_budget *b, uint64_t new_records, struct err *e);

// The URLs that a run has asked for, kept as 64-bit hashes. A zeroed struct is a valid empty set.
struct guard_visited {
    uint64_t *slots;
    size_t n, room;
};

// False when the URL was there already.
bool guard_visited_add(struct guard_visited *v, struct str url);
bool guard_visited_has(const struct guard_visited *v, struct str url);
void guard_visited_free(struct guard_visited *v);
