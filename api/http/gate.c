// See gate.h.
#include "api/http/gate.h"

#include "api/http/server.h"
#include "api/http/text.h"

static bool refuse(struct gate_refusal *refusal, const char *detail)
{
    *refusal = (struct gate_refusal){400, "bad-request", detail};
    return false;
}

static size_t count_fields(struct http_pairs headers, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < headers.n; i++)
        n += str_eq_nocase(headers.v[i].name, str_of(name));
    return n;
}

// "host", "host:port", "[::1]:port": the characters that names and addresses have.
static bool names_host(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alphanumeric =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alphanumeric && (c == '\0' || !strchr("-._~:[]", c)))
            return false;
    }
    return s.n > 0 && s.p[0] != ':';
}

static bool headers_pass(const struct gate_request *r, struct gate_refusal *refusal)
{
    for (size_t i = 0; i < r->headers.n; i++) {
        if (!http_is_token(r->headers.v[i].name))
            return refuse(refusal, "a field's name is not a token");
        if (!http_is_field_value(r->headers.v[i].value))
            return refuse(refusal, "a field's value holds a control character");
    }
    if (count_fields(r->headers, "Host") != 1)
        return refuse(refusal, "a request has exactly one Host");
    if (!names_host(http_pairs_field(r->headers, "Host")))
        return refuse(refusal, "Host names no host");

    size_t lengths = count_fields(r->headers, "Content-Length");
    size_t codings = count_fields(r->headers, "Transfer-Encoding");
    if (lengths > 1)
        return refuse(refusal, "a request has at most one Content-Length");
    if (lengths && codings)
        return refuse(refusal, "a request has a Content-Length or a Transfer-Encoding, not both");
    if (codings > 1 || (codings && !str_eq_nocase(http_pairs_field(r->headers, "Transfer-Encoding"),
                                                  STR("chunked"))))
        return refuse(refusal, "the only Transfer-Encoding is chunked");
    if (codings && str_eq(r->version, STR("HTTP/1.0")))
        return refuse(refusal, "HTTP/1.0 has no Transfer-Encoding");
    return true;
}

// Takes "http://host" off a target in absolute form (RFC 9112 3.2.2).
static bool strip_authority(struct str *target, struct str host)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(schemes[i]);
        if (target->n <= n || !str_eq_nocase(str_slice(target->p, n), str_of(schemes[i])))
            continue;
        if (target->n - n < host.n || !str_eq_nocase(str_slice(target->p + n, host.n), host))
            return false;
        *target = str_slice(target->p + n + host.n, target->n - n - host.n);
        if (target->n == 0)
            *target = STR("/");
        return target->p[0] == '/';
    }
    return false;
}

static bool target_passes(const struct gate_request *r, struct gate_target *out,
                          struct gate_refusal *refusal)
{
    struct str target = r->target;
    if (target.n > HTTP_URL_BYTES) {
        *refusal = (struct gate_refusal){414, "uri-too-long", "the target is longer than 8 KB"};
        return false;
    }
    for (size_t i = 0; i < target.n; i++)
        if (target.p[i] <= ' ' || target.p[i] > '~' || target.p[i] == '#')
            return refuse(refusal, "the target holds a character that must be percent-encoded");
    out->host = http_pairs_field(r->headers, "Host");
    if (str_eq(target, STR("*")) && str_eq(r->method, STR("OPTIONS"))) {
        out->path = target;
        out->query = STR_NONE;
        return true;
    }
    if (target.n == 0 || (target.p[0] != '/' && !strip_authority(&target, out->host)))
        return refuse(refusal, "the target is neither a path nor an URL of this host");
    out->query = target;
    str_next(&out->query, '?', &out->path);
    return true;
}

bool gate_check(const struct gate_request *r, struct gate_target *out, struct gate_refusal *refusal)
{
    if (!str_eq(r->version, STR("HTTP/1.1")) && !str_eq(r->version, STR("HTTP/1.0")))
        return refuse(refusal, "the version is neither HTTP/1.1 nor HTTP/1.0");
    if (!http_is_token(r->method))
        return refuse(refusal, "the method is not a token");
    return headers_pass(r, refusal) && target_passes(r, out, refusal);
}
