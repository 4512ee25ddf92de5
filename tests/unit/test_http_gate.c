// api/http/gate: what a request must be. Each case is the good request with one thing changed.
#include "api/http/gate.h"
#include "api/http/server.h"
#include "tests/tap.h"

#define FIELD(name, value)                                                                         \
    {                                                                                              \
        STR(name), STR(value)                                                                      \
    }

static struct gate_target target;

// The refusal's detail, or "passes".
static const char *checked(const char *method, struct str uri, const char *version,
                           const struct http_pair *headers, size_t n)
{
    struct gate_refusal refusal = {0};
    const struct gate_request r = {str_of(method), uri, str_of(version), {headers, n}};
    if (gate_check(&r, &target, &refusal))
        return "passes";
    if (refusal.status == 400)
        is_str(refusal.slug, "bad-request");
    return refusal.detail;
}

static const struct http_pair host[] = {FIELD("Host", "h")};

static const char *with(const char *method, const char *version, struct http_pair one,
                        struct http_pair two)
{
    const struct http_pair headers[] = {host[0], one, two};
    return checked(method, STR("/a"), version, headers, one.name.p ? two.name.p ? 3 : 2 : 1);
}
#define WITH(one) with("POST", "HTTP/1.1", (struct http_pair)one, (struct http_pair){0})
#define WITH_BOTH(one, two) with("POST", "HTTP/1.1", (struct http_pair)one, (struct http_pair)two)

static void test_line(void)
{
    const char *const version = "the version is neither HTTP/1.1 nor HTTP/1.0";
    is_str(checked("GET", STR("/a?b"), "HTTP/1.1", host, 1), "passes");
    is_text(target.path, "/a");
    is_text(target.query, "b");
    is_text(target.host, "h");
    is_str(checked("GET", STR("/a"), "HTTP/1.0", host, 1), "passes");
    ok(target.query.p == NULL);
    is_str(checked("GET", STR("/a?"), "HTTP/1.1", host, 1), "passes");
    ok(target.query.p != NULL && target.query.n == 0);
    is_str(checked("GET", STR("/a?b?c"), "HTTP/1.1", host, 1), "passes");
    is_text(target.query, "b?c");
    is_str(checked("GET", STR("/a"), "HTTP/1.2", host, 1), version);
    is_str(checked("GET", STR("/a"), "HTTP/2.0", host, 1), version);
    is_str(checked("GET", STR("/a"), "", host, 1), version);
    is_str(checked("G(T", STR("/a"), "HTTP/1.1", host, 1), "the method is not a token");
    is_str(checked("", STR("/a"), "HTTP/1.1", host, 1), "the method is not a token");
}

static void test_targets(void)
{
    const char *const encoded = "the target holds a character that must be percent-encoded";
    const char *const neither = "the target is neither a path nor an URL of this host";
    static char longest[HTTP_URL_BYTES + 1];
    memset(longest, 'x', sizeof longest);
    longest[0] = '/';
    is_str(checked("GET", str_slice(longest, HTTP_URL_BYTES), "HTTP/1.1", host, 1), "passes");
    is_str(checked("GET", str_slice(longest, HTTP_URL_BYTES + 1), "HTTP/1.1", host, 1),
           "the target is longer than 8 KB");
    is_str(checked("GET", STR("/ "), "HTTP/1.1", host, 1), encoded);
    is_str(checked("GET", STR("/#"), "HTTP/1.1", host, 1), encoded);
    is_str(checked("GET", STR("/\0"), "HTTP/1.1", host, 1), encoded);
    is_str(checked("GET", STR("/\x7F"), "HTTP/1.1", host, 1), encoded);
    is_str(checked("GET", STR("/\xC3\xA9"), "HTTP/1.1", host, 1), encoded);
    is_str(checked("GET", STR(""), "HTTP/1.1", host, 1), neither);
    is_str(checked("GET", STR("a"), "HTTP/1.1", host, 1), neither);
    is_str(checked("GET", STR("*"), "HTTP/1.1", host, 1), neither);
    is_str(checked("OPTIONS", STR("*"), "HTTP/1.1", host, 1), "passes");
    is_text(target.path, "*");
    is_str(checked("GET", STR("HTTP://H/a?b"), "HTTP/1.1", host, 1), "passes");
    is_text(target.path, "/a");
    is_text(target.query, "b");
    is_str(checked("GET", STR("https://h"), "HTTP/1.1", host, 1), "passes");
    is_text(target.path, "/");
    is_str(checked("GET", STR("http://h.example/"), "HTTP/1.1", host, 1), neither);
    is_str(checked("GET", STR("http://h:80/"), "HTTP/1.1", host, 1), neither);
    is_str(checked("GET", STR("http://g/"), "HTTP/1.1", host, 1), neither);
    is_str(checked("GET", STR("http://h?b"), "HTTP/1.1", host, 1), neither);
    is_str(checked("GET", STR("http://"), "HTTP/1.1", host, 1), neither);
    is_str(checked("GET", STR("ftp://h/"), "HTTP/1.1", host, 1), neither);
}

static const char *host_is(struct str value)
{
    return checked("GET", STR("/"), "HTTP/1.1", &(struct http_pair){STR("Host"), value}, 1);
}

static void test_hosts(void)
{
    const struct http_pair two[] = {FIELD("Host", "a"), FIELD("HOST", "a")};
    const char *const one = "a request has exactly one Host", *const none = "Host names no host";
    is_str(checked("GET", STR("/"), "HTTP/1.1", NULL, 0), one);
    is_str(checked("GET", STR("/"), "HTTP/1.0", NULL, 0), one);
    is_str(checked("GET", STR("/"), "HTTP/1.1", two, 2), one);
    is_str(host_is(STR("a.example-b_c~:8080")), "passes");
    is_str(host_is(STR("[2001:db8::1]:80")), "passes");
    is_str(host_is(STR("")), none);
    is_str(host_is(STR(":80")), none);
    is_str(host_is(STR("a/b")), none);
    is_str(host_is(STR("a@b")), none);
    is_str(host_is(STR("a b")), none);
    is_str(host_is(STR("\xC3\xA9")), none);
}

static void test_framing(void)
{
    const char *const lengths = "a request has at most one Content-Length";
    const char *const both = "a request has a Content-Length or a Transfer-Encoding, not both";
    const char *const chunked = "the only Transfer-Encoding is chunked";
    is_str(WITH(FIELD("Content-Length", "0")), "passes");
    is_str(WITH_BOTH(FIELD("Content-Length", "0"), FIELD("Content-length", "35")), lengths);
    is_str(WITH_BOTH(FIELD("Content-Length", "3"), FIELD("content-length", "3")), lengths);
    is_str(WITH_BOTH(FIELD("Content-Length", "3"), FIELD("Transfer-Encoding", "chunked")), both);
    is_str(WITH_BOTH(FIELD("transfer-encoding", "x"), FIELD("Content-Length", "3")), both);
    is_str(WITH(FIELD("Transfer-Encoding", "Chunked")), "passes");
    is_str(WITH(FIELD("Transfer-Encoding", "gzip, chunked")), chunked);
    is_str(WITH(FIELD("Transfer-Encoding", "chunked ")), chunked);
    is_str(WITH(FIELD("Transfer-Encoding", "")), chunked);
    is_str(WITH_BOTH(FIELD("Transfer-Encoding", "chunked"), FIELD("Transfer-Encoding", "chunked")),
           chunked);
    is_str(with("POST", "HTTP/1.0", (struct http_pair)FIELD("Transfer-Encoding", "chunked"),
                (struct http_pair){0}),
           "HTTP/1.0 has no Transfer-Encoding");
}

static void test_fields(void)
{
    const char *const name = "a field's name is not a token";
    const char *const value = "a field's value holds a control character";
    is_str(WITH(FIELD("X-A", "a\tb \xFF")), "passes");
    is_str(WITH(FIELD("X-A ", "b")), name);
    is_str(WITH(FIELD("", "b")), name);
    is_str(WITH(FIELD("X\xC3\xA9", "b")), name);
    is_str(WITH(FIELD("X-A", "a\nX-B: c")), value);
    is_str(WITH(FIELD("X-A", "a\0")), value);
    is_str(WITH(FIELD("X-A", "\x1B[2J")), value);
}

int main(void)
{
    test_line();
    test_targets();
    test_hosts();
    test_framing();
    test_fields();
    return tap_done();
}
