// See url.h.
#include "harvester/url.h"

#include "base/buf.h"

#include <curl/curl.h>

// The parts of a URL as curl_url gives them: C strings, freed by parts_free.
struct parts {
    CURLU *url;
    char *scheme, *host, *port;
};

static void parts_free(struct parts *p)
{
    curl_free(p->scheme);
    curl_free(p->host);
    curl_free(p->port);
    curl_url_cleanup(p->url);
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return true;
    return false;
}

static struct str lower(struct arena *a, struct str s)
{
    char *p = arena_z(a, s);
    for (size_t i = 0; i < s.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] | 0x20);
    return str_slice(p, s.n);
}

// Whether the host and port are written with nothing but what they may hold. curl_url lets more through: letters
// of other alphabets, which libcurl later turns into ASCII by the process's locale, and percent-encoded ones,
// which it decodes after it has looked for an address. Either could become another host behind our back.
static bool plain_authority(struct str url)
{
    ptrdiff_t scheme_end = str_find_char(url, ':');
    if (scheme_end < 0)
        return false;
    size_t start = (size_t)scheme_end + 3, i = start;
    if (!str_starts(str_slice(url.p + scheme_end, url.n - (size_t)scheme_end), STR("://")))
        return false;
    for (; i < url.n && !strchr("/?#", url.p[i]); i++) {
        char c = url.p[i], letter = (char)(c | 0x20);
        if (!(letter >= 'a' && letter <= 'z') && !(c >= '0' && c <= '9') && !strchr(".-_:[]", c))
            return false;
    }
    return i > start;
}

static bool present(CURLU *url, CURLUPart part)
{
    char *value = NULL;
    bool there = curl_url_get(url, part, &value, 0) == CURLUE_OK;
    curl_free(value);
    return there;
}

// What every URL must be, once it is parsed. Fills the parts.
static bool judge(struct parts *p, struct err *e)
{
    if (curl_url_get(p->url, CURLUPART_SCHEME, &p->scheme, 0) != CURLUE_OK ||
        curl_url_get(p->url, CURLUPART_HOST, &p->host, 0) != CURLUE_OK ||
        curl_url_get(p->url, CURLUPART_PORT, &p->port, CURLU_DEFAULT_PORT) != CURLUE_OK)
        return err_set(e, ERR_ARGUMENT, "the URL has no scheme or no host");
    if (strcmp(p->scheme, "http") != 0 && strcmp(p->scheme, "https") != 0)
        return err_set(e, ERR_ARGUMENT, "the URL's scheme is %.20s: only http and https are taken",
                       p->scheme);
    if (present(p->url, CURLUPART_USER) || present(p->url, CURLUPART_PASSWORD)) {
        err_set(e, ERR_ARGUMENT, "the URL holds a user name or a password");
        return err_hint(e, "put credentials in the source's headers_file");
    }
    if (present(p->url, CURLUPART_ZONEID))
        return err_set(e, ERR_ARGUMENT, "the URL's IPv6 address has a zone");
    return true;
}

// Refuses what cannot be given to curl_url as a C string.
static bool check_bytes(struct str url, struct err *e)
{
    if (url.n == 0)
        return err_set(e, ERR_ARGUMENT, "the URL is empty");
    if (url.n > URL_LONGEST)
        return err_set(e, ERR_ARGUMENT, "the URL is longer than %d bytes", URL_LONGEST);
    if (has_control(url))
        return err_set(e, ERR_ARGUMENT, "the URL holds a control character");
    return true;
}

static bool set(CURLU *to, CURLUPart part, struct str value, unsigned flags, struct err *e)
{
    char z[URL_LONGEST + 1];
    memcpy(z, value.p, value.n);
    z[value.n] = '\0';
    CURLUcode code = curl_url_set(to, part, z, flags);
    if (code == CURLUE_OUT_OF_MEMORY)
        return err_set(e, ERR_MEMORY, "no memory to read a URL");
    return code == CURLUE_OK || err_set(e, ERR_ARGUMENT, "not a URL: %s", curl_url_strerror(code));
}

static bool parts_read(struct parts *p, struct str url, unsigned flags, struct err *e)
{
    *p = (struct parts){0};
    if (!check_bytes(url, e))
        return false;
    p->url = curl_url();
    if (!p->url)
        return err_set(e, ERR_MEMORY, "no memory to read a URL");
    if (set(p->url, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME | flags, e) && judge(p, e))
        return true;
    parts_free(p);
    return false;
}

// As parts_read, for URLs that we ask for.
static bool parts_to_fetch(struct parts *p, struct str url, struct err *e)
{
    if (!parts_read(p, url, 0, e))
        return false;
    if (plain_authority(url))
        return true;
    parts_free(p);
    err_set(e, ERR_ARGUMENT,
            "the URL's host holds a character other than ASCII letters and digits");
    return err_hint(e, "write the host of an international name in its xn-- form");
}

bool url_check(struct str url, struct err *e)
{
    struct parts p;
    if (!parts_to_fetch(&p, url, e))
        return false;
    parts_free(&p);
    return true;
}

bool url_same_origin(struct str a, struct str b)
{
    struct parts p, q;
    if (!parts_to_fetch(&p, a, NULL))
        return false;
    bool same = parts_to_fetch(&q, b, NULL);
    if (same) {
        same = strcmp(p.scheme, q.scheme) == 0 && strcmp(p.port, q.port) == 0 &&
               str_eq_nocase(str_of(p.host), str_of(q.host));
        parts_free(&q);
    }
    parts_free(&p);
    return same;
}

struct str url_origin(struct arena *a, struct str url)
{
    struct parts p;
    if (!parts_to_fetch(&p, url, NULL))
        return STR_NONE;
    struct str origin =
        lower(a, arena_printf(a, "%s://%s:%s", p.scheme, p.host, p.port)); // a scheme is lower case
    parts_free(&p);
    return origin;
}

struct str url_host(struct arena *a, struct str url)
{
    struct parts p;
    if (!parts_to_fetch(&p, url, NULL))
        return STR_NONE;
    struct str host = str_of(p.host);
    if (host.p[0] == '[')
        host = str_slice(host.p + 1, host.n - 2);
    host = lower(a, host);
    parts_free(&p);
    return host;
}

// The whole URL of `url` without its fragment, into the arena, if it is one that may be fetched.
static bool finish(CURLU *url, struct arena *a, struct str *out, struct err *e)
{
    curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
    char *text = NULL;
    CURLUcode code = curl_url_get(url, CURLUPART_URL, &text, 0);
    if (code != CURLUE_OK)
        return err_set(e, ERR_ARGUMENT, "not a URL: %s", curl_url_strerror(code));
    bool good = url_check(str_of(text), e);
    if (good)
        *out = arena_str(a, str_of(text));
    curl_free(text);
    return good;
}

bool url_join(struct arena *a, struct str base, struct str link, struct str *out, struct err *e)
{
    struct parts p;
    *out = STR_NONE;
    if (!parts_to_fetch(&p, base, e))
        return false;
    // An empty link, or a fragment alone, is the base itself (RFC 3986 section 5.2.2); curl_url has other ideas.
    ptrdiff_t fragment = str_find_char(link, '#');
    if (fragment >= 0)
        link.n = (size_t)fragment;
    static const unsigned flags = CURLU_URLENCODE | CURLU_ALLOW_SPACE | CURLU_NON_SUPPORT_SCHEME;
    bool good = link.n == 0 || (check_bytes(link, e) && set(p.url, CURLUPART_URL, link, flags, e));
    good = good && finish(p.url, a, out, e);
    parts_free(&p);
    return good;
}

static void add_encoded(struct buf *b, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            (c && strchr("-._~", c))) {
            buf_addc(b, (char)c);
        } else {
            buf_addc(b, '%');
            buf_addc(b, digits[c >> 4]);
            buf_addc(b, digits[c & 15]);
        }
    }
}

struct str url_query_append(struct arena *a, struct str url, struct str name, struct str value)
{
    struct parts p;
    struct str out = STR_NONE;
    if (name.n > URL_LONGEST || value.n > URL_LONGEST || !parts_to_fetch(&p, url, NULL))
        return STR_NONE;
    struct buf pair = {0};
    add_encoded(&pair, name);
    buf_addc(&pair, '=');
    add_encoded(&pair, value);
    if (pair.n <= URL_LONGEST &&
        set(p.url, CURLUPART_QUERY, buf_str(&pair), CURLU_APPENDQUERY, NULL))
        finish(p.url, a, &out, NULL);
    buf_free(&pair);
    parts_free(&p);
    return out;
}

bool url_is_web(struct str url)
{
    const struct str mailto = STR("mailto:");
    if (url.n > mailto.n && url.n <= URL_LONGEST &&
        str_eq_nocase(str_slice(url.p, mailto.n), mailto))
        return str_find_char(url, ' ') < 0 && str_find_char(url, '@') > (ptrdiff_t)mailto.n &&
               !has_control(url);
    struct parts p;
    if (!parts_read(&p, url, CURLU_ALLOW_SPACE, NULL))
        return false;
    parts_free(&p);
    return true;
}
