// Fuzzing of two URLs, cut at the first line feed. What is accepted must hold together: what a join or an appended query gives
// passes the check again, and an origin is its own.
#include "harvester/guard.h"
#include "harvester/url.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct str rest = str_slice((const char *)data, size), base = STR_NONE, out;
    str_next(&rest, '\n', &base);

    bool good = url_check(base, &e);
    must(good || (e.code == ERR_ARGUMENT && e.what[0]));
    must(url_same_origin(base, base) == good);
    must(url_same_origin(base, rest) == url_same_origin(rest, base));
    struct str origin = url_origin(&a, base), host = url_host(&a, base);
    must((origin.p != NULL) == good && (host.p != NULL) == good);
    if (good) {
        must(url_same_origin(base, origin));
        guard_host_allowed(host, NULL, &e);
        must(url_is_web(base));
    }
    if (url_join(&a, base, rest, &out, &e)) {
        must(url_check(out, NULL));
        must(str_find_char(out, '#') < 0);
    }
    out = url_query_append(&a, base, rest, rest);
    if (out.p)
        must(url_same_origin(base, out));
    url_is_web(rest);

    struct guard_network network;
    if (guard_network_parse(rest, &network, NULL))
        must(network.bits <= (network.v4 ? 32 : 128));
    arena_free(&a);
    return 0;
}
