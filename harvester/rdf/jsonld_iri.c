// IRIs of JSON-LD: keywords, what is absolute, and references as seen from a base (RFC 3986 section 5). Bytes that no IRI may hold
// are left as they are: catalogues' addresses have them.
#include "harvester/rdf/jsonld_context.h"

#include "base/buf.h"

bool jsonld_keyword(struct str s)
{
    static const char *const keywords[] = {
        "@base",     "@container", "@context",   "@default",   "@direction",  "@embed",
        "@explicit", "@graph",     "@id",        "@import",    "@included",   "@index",
        "@json",     "@language",  "@list",      "@nest",      "@none",       "@omitDefault",
        "@prefix",   "@preserve",  "@propagate", "@protected", "@requireAll", "@reverse",
        "@set",      "@type",      "@value",     "@version",   "@vocab"};
    if (s.n < 3 || s.p[0] != '@')
        return false;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (str_eq(s, str_of(keywords[i])))
            return true;
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool jsonld_like_keyword(struct str s)
{
    if (s.n < 2 || s.p[0] != '@')
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (!is_letter(s.p[i]))
            return false;
    return true;
}

bool jsonld_absolute(struct str iri)
{
    size_t i = 0;
    if (!str_starts(iri, STR("_:"))) {
        if (!iri.n || !is_letter(iri.p[0]))
            return false;
        while (i < iri.n && (is_letter(iri.p[i]) || (iri.p[i] >= '0' && iri.p[i] <= '9') ||
                             (iri.p[i] && strchr("+-.", iri.p[i]))))
            i++;
        if (i == iri.n || iri.p[i] != ':')
            return false;
    }
    for (; i < iri.n; i++)
        if (iri.p[i] == ' ' || (iri.p[i] >= '\t' && iri.p[i] <= '\r'))
            return false;
    return true;
}

struct str jsonld_lower(struct arena *a, struct str s)
{
    char *p = arena_bytes(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] - 'A' + 'a') : s.p[i];
    p[s.n] = '\0';
    return str_slice(p, s.n);
}

struct str jsonld_join(struct arena *a, struct str beginning, struct str rest)
{
    char *p = arena_bytes(a, beginning.n + rest.n + 1);
    if (beginning.n)
        memcpy(p, beginning.p, beginning.n);
    if (rest.n)
        memcpy(p + beginning.n, rest.p, rest.n);
    p[beginning.n + rest.n] = '\0';
    return str_slice(p, beginning.n + rest.n);
}

// The components of RFC 3986 appendix B; absent ones have no pointer.
struct parts {
    struct str scheme, authority, path, query, fragment;
};

static size_t until(struct str s, size_t at, const char *ends)
{
    while (at < s.n && !(s.p[at] && strchr(ends, s.p[at])))
        at++;
    return at;
}

static struct parts parts_of(struct str s)
{
    struct parts out = {0};
    size_t at = 0, end = until(s, 0, ":/?#");
    if (end > 0 && end < s.n && s.p[end] == ':') {
        out.scheme = str_slice(s.p, end);
        at = end + 1;
    }
    if (s.n - at >= 2 && s.p[at] == '/' && s.p[at + 1] == '/') {
        end = until(s, at + 2, "/?#");
        out.authority = str_slice(s.p + at + 2, end - at - 2);
        at = end;
    }
    end = until(s, at, "?#");
    out.path = str_slice(s.p + at, end - at);
    at = end;
    if (at < s.n && s.p[at] == '?') {
        end = until(s, at, "#");
        out.query = str_slice(s.p + at + 1, end - at - 1);
        at = end;
    }
    if (at < s.n)
        out.fragment = str_slice(s.p + at + 1, s.n - at - 1);
    return out;
}

// Section 5.2.4, segment by segment.
static void add_without_dots(struct buf *out, struct str path)
{
    size_t start = out->n, at = 0;
    while (at < path.n) {
        bool slash = path.p[at] == '/';
        size_t from = at + slash, end = until(path, from, "/");
        struct str segment = str_slice(path.p + from, end - from);
        bool last = end == path.n;
        if (str_eq(segment, STR("."))) {
            if (last && slash)
                buf_addc(out, '/');
        } else if (str_eq(segment, STR(".."))) {
            while (out->n > start && out->p[--out->n] != '/')
                ;
            if (last && slash)
                buf_addc(out, '/');
        } else {
            if (slash)
                buf_addc(out, '/');
            buf_add(out, segment);
        }
        at = end;
    }
}

struct str jsonld_resolve(struct arena *a, struct str base, struct str reference)
{
    if (!base.p || jsonld_absolute(reference))
        return reference;
    struct parts b = parts_of(base), r = parts_of(reference);
    struct buf out = {0}, merged = {0};
    if (b.scheme.n) {
        buf_add(&out, b.scheme);
        buf_addc(&out, ':');
    }
    struct str authority = r.authority.p ? r.authority : b.authority;
    struct str query = r.query;
    if (authority.p) {
        buf_addz(&out, "//");
        buf_add(&out, authority);
    }
    if (r.authority.p || (r.path.n && r.path.p[0] == '/')) {
        add_without_dots(&out, r.path);
    } else if (!r.path.n) {
        buf_add(&out, b.path);
        if (!query.p)
            query = b.query;
    } else {
        size_t keep = b.path.n;
        while (keep && b.path.p[keep - 1] != '/')
            keep--;
        buf_add(&merged, str_slice(b.path.p, keep));
        if (!keep && b.authority.p)
            buf_addc(&merged, '/');
        buf_add(&merged, r.path);
        add_without_dots(&out, buf_str(&merged));
    }
    if (query.p) {
        buf_addc(&out, '?');
        buf_add(&out, query);
    }
    if (r.fragment.p) {
        buf_addc(&out, '#');
        buf_add(&out, r.fragment);
    }
    struct str s = arena_str(a, buf_str(&out));
    buf_free(&out);
    buf_free(&merged);
    return s.p ? s : STR("");
}
