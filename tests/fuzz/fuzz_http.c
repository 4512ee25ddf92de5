// Fuzzing of what a request brings: its target, its headers, its query, its path. The input is a head: a request line, then header
// lines. Whatever passes the gate has a path and a host; what is decoded from it is valid UTF-8 without NUL.
#include "api/http/etag.h"
#include "api/http/gate.h"
#include "api/http/origin.h"
#include "api/http/router.h"
#include "api/http/text.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

enum { HEADERS_MOST = 64 };

static bool is_clean(struct str s)
{
    return utf8_valid(s) && (s.n == 0 || !memchr(s.p, '\0', s.n));
}

static void decode(struct arena *a, const struct gate_target *target)
{
    struct router_path path;
    struct http_pairs query;
    struct str culprit;
    struct err e;
    if (router_cut(a, target->path, &path))
        for (size_t i = 0; i < path.n && i < ROUTER_SEGMENTS; i++)
            must(is_clean(path.segments[i]));
    if (target->query.p && http_query_parse(a, target->query, 64, &query, &culprit, &e)) {
        must(query.n <= 64);
        for (size_t i = 0; i < query.n; i++)
            must(is_clean(query.v[i].name) && is_clean(query.v[i].value));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct str rest = {(const char *)data, size}, line;
    struct gate_request request = {.method = STR("GET"), .version = STR("HTTP/1.1")};
    struct http_pair *headers = ARENA_ARRAY(&a, struct http_pair, HEADERS_MOST);
    struct gate_target target;
    struct gate_refusal refusal;

    if (rest.p && str_next(&rest, '\n', &line))
        request.target = line;
    while (request.headers.n < HEADERS_MOST && str_next(&rest, '\n', &line)) {
        struct str value = line, name;
        if (str_next(&value, ':', &name))
            headers[request.headers.n++] = (struct http_pair){name, value.p ? value : STR("")};
    }
    request.headers.v = headers;
    if (gate_check(&request, &target, &refusal)) {
        must(target.path.n > 0 && target.host.n > 0);
        decode(&a, &target);
    } else {
        must(refusal.status >= 400 && refusal.detail);
    }
    http_list_weight(request.target, "gzip");
    etag_matches(request.target, STR("0123456789abcdef"));
    origin_same(request.target, STR("localhost"));
    arena_free(&a);
    return 0;
}
