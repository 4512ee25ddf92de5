// See keys.h.
#include "harvester/normalise/keys.h"

#include "harvester/normalise/repository.h"
#include "harvester/url.h"

#include <ctype.h>

enum { KEY_MAX = 500, UUID_BYTES = 36, OBJECT_ID_BYTES = 24, WORLDWIDE_BYTES = 20 };

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!isxdigit((unsigned char)s.p[i]))
            return false;
    return s.n > 0;
}

// Whether a UUID (RFC 9562 section 4) begins there; the nil and the max one are no names.
static bool is_uuid(struct str s)
{
    static const struct {
        size_t at, n;
    } groups[] = {{0, 8}, {9, 4}, {14, 4}, {19, 4}, {24, 12}};
    bool varied = false;
    if (s.n < UUID_BYTES)
        return false;
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        size_t end = groups[g].at + groups[g].n;
        if (!is_hex(str_slice(s.p + groups[g].at, groups[g].n)) ||
            (end < UUID_BYTES && s.p[end] != '-'))
            return false;
    }
    for (size_t i = 1; i < UUID_BYTES; i++)
        varied = varied || (s.p[i] != '-' && s.p[i] != s.p[0]);
    return varied;
}

static bool holds_uuid(struct str s)
{
    for (size_t i = 0; i + UUID_BYTES <= s.n; i++)
        if (is_uuid(str_slice(s.p + i, s.n - i)))
            return true;
    return false;
}

static bool is_wikidata(struct str s)
{
    if (s.n < 2 || s.n > 12 || s.p[0] != 'Q')
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (!isdigit((unsigned char)s.p[i]))
            return false;
    return true;
}

// "fr-120066022-jdd-...": the SIREN of who made it, and its own name there (the rule of French geographic catalogues).
static bool is_national(struct str s)
{
    enum { PREFIX = 3, SIREN = 9 };
    if (s.n < WORLDWIDE_BYTES || !str_eq_nocase(str_slice(s.p, PREFIX), STR("fr-")) ||
        s.p[PREFIX + SIREN] != '-')
        return false;
    for (size_t i = PREFIX; i < PREFIX + SIREN; i++)
        if (!isdigit((unsigned char)s.p[i]))
            return false;
    return true;
}

static struct str lower(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        out[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 : s.p[i]);
    return str_slice(out, s.n);
}

static bool is_anybodys_host(struct str host)
{
    static const char *const names[] = {"localhost",  "example.org", "example.com", "example.net",
                                        "exemple.fr", "test",        "invalid",     "127.0.0.1"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str name = str_of(names[i]);
        bool below = host.n > name.n && str_ends(host, name) && host.p[host.n - name.n - 1] == '.';
        if (str_eq(host, name) || below)
            return true;
    }
    return false;
}

static struct str without_end(struct str s, const char *end)
{
    struct str e = str_of(end);
    return str_ends(s, e) ? str_slice(s.p, s.n - e.n) : s;
}

// The host of an origin (url_origin), and its port, ":8080"; the latter is empty for those of http and https, which are one place.
static struct str split_origin(struct str origin, struct str *port)
{
    size_t start = (size_t)str_find(origin, STR("://")) + 3, end = origin.n;
    while (origin.p[end - 1] != ':')
        end--;
    struct str host = str_slice(origin.p + start, end - 1 - start);
    *port = str_slice(origin.p + end - 1, origin.n - end + 1);
    if (str_eq(*port, STR(":443")) || str_eq(*port, STR(":80")))
        *port = STR_NONE;
    bool bracketed = str_starts(host, STR("[")); // IPv6
    return bracketed ? str_slice(host.p + 1, host.n - 2) : host;
}

// `site`: the root of a site is a key, too: a software's, which is one.
static struct str page_of(struct arena *a, struct str address, bool site)
{
    // Tabs of a dataset's page on Opendatasoft's portals.
    static const char *const tabs[] = {"/information", "/table", "/export",
                                       "/api",         "/map",   "/analyze"};
    struct str url = str_trim(address), port;
    struct str origin = url.n <= KEY_MAX ? url_origin(a, url) : STR_NONE;
    if (!origin.n)
        return STR_NONE;
    struct str host = split_origin(origin, &port);
    if (is_anybodys_host(host))
        return STR_NONE;
    if (str_starts(host, STR("www.")))
        host = str_slice(host.p + 4, host.n - 4);
    ptrdiff_t at = str_find(url, STR("://"));
    struct str rest = str_slice(url.p + at + 3, url.n - (size_t)at - 3);
    ptrdiff_t slash = str_find_char(rest, '/');
    rest = slash < 0 ? STR("") : str_slice(rest.p + slash, rest.n - (size_t)slash);
    // A fragment is a place on the page, but where the page is made of it ("#/metadata/...", "#!").
    ptrdiff_t hash = str_find_char(rest, '#');
    if (hash >= 0 && !str_starts(str_slice(rest.p + hash, rest.n - (size_t)hash), STR("#/")) &&
        !str_starts(str_slice(rest.p + hash, rest.n - (size_t)hash), STR("#!")))
        rest.n = (size_t)hash;
    while (str_ends(rest, STR("/")))
        rest.n--;
    if (str_find(rest, STR("/explore/")) >= 0)
        for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++)
            rest = without_end(rest, tabs[i]);
    if (rest.n < 2 && !site) // the root of a site is many things' page
        return STR_NONE;
    return arena_printf(a, "page %.*s%.*s%.*s", STR_ARG(host), STR_ARG(port), STR_ARG(rest));
}

struct str page_key(struct arena *a, struct str address)
{
    return page_of(a, address, false);
}

struct str identifier_key(struct arena *a, struct str identifier)
{
    struct str s = str_trim(identifier);
    static const char *const wikidata[] = {"http://www.wikidata.org/entity/",
                                           "https://www.wikidata.org/entity/",
                                           "https://www.wikidata.org/wiki/"};
    for (size_t i = 0; i < sizeof wikidata / sizeof *wikidata; i++)
        if (str_starts(s, str_of(wikidata[i])))
            s = str_slice(s.p + strlen(wikidata[i]), s.n - strlen(wikidata[i]));
    if (s.n > KEY_MAX || str_find_char(s, ' ') >= 0)
        return STR_NONE;
    if (is_wikidata(s))
        return arena_printf(a, "id %.*s", STR_ARG(s));
    static const char *const doi[] = {"https://doi.org/", "http://doi.org/", "http://dx.doi.org/",
                                      "https://dx.doi.org/", "doi:"};
    struct str low = lower(a, s);
    for (size_t i = 0; i < sizeof doi / sizeof *doi; i++)
        if (str_starts(low, str_of(doi[i])))
            low = str_slice(low.p + strlen(doi[i]), low.n - strlen(doi[i]));
    if (str_starts(low, STR("10.")) && str_find_char(low, '/') > 3)
        return arena_printf(a, "id doi:%.*s", STR_ARG(low));
    if (str_starts(low, STR("http://")) || str_starts(low, STR("https://"))) {
        struct str page = page_key(a, s);
        return page.n ? arena_printf(a, "id %.*s", (int)(page.n - 5), page.p + 5) : STR_NONE;
    }
    bool object_id = s.n == OBJECT_ID_BYTES && is_hex(s) && str_find(low, STR("000000000000")) < 0;
    if (object_id || holds_uuid(s) || is_national(s) ||
        (str_starts(low, STR("urn:")) && s.n >= WORLDWIDE_BYTES))
        return arena_printf(a, "id %.*s", STR_ARG(low));
    return STR_NONE;
}

static void add(struct record_key *out, size_t *n, struct str text, bool own)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(out[i].text, text)) {
            out[i].own = out[i].own || own;
            return;
        }
    if (text.n && *n < RECORD_KEYS_MAX)
        out[(*n)++] = (struct record_key){text, own};
}

// What the source calls the record: behind "<source>:" and, for kinds that need it, "<kind>.".
static struct str remote_id(const struct record *r)
{
    struct str id = str_slice(r->id.p + r->provenance.source.n, r->id.n - r->provenance.source.n);
    id = str_slice(id.p + 1, id.n - 1);
    struct str kind = record_kind_name(r->kind);
    if (str_starts(id, kind) && id.n > kind.n && id.p[kind.n] == '.')
        return str_slice(id.p + kind.n + 1, id.n - kind.n - 1);
    return id;
}

size_t record_keys(struct arena *a, const struct record *r, struct record_key out[RECORD_KEYS_MAX])
{
    size_t n = 0;
    if (r->kind == KIND_ORGANIZATION || r->id.n <= r->provenance.source.n + 1)
        return 0;
    bool federated = r->provenance.origin_url.n || r->provenance.origin_id.n;
    add(out, &n, identifier_key(a, remote_id(r)), true);
    add(out, &n, identifier_key(a, r->provenance.origin_id), false);
    add(out, &n, page_key(a, r->provenance.remote_url), true);
    struct str repository = repository_key(a, r->repository_url);
    // What a repository says is its site is often that of what it is a part of.
    bool is_repository =
        repository.n && str_eq(repository, repository_key(a, r->provenance.remote_url));
    if (!is_repository)
        add(out, &n, page_of(a, r->landing_page, r->kind == KIND_SOFTWARE), !federated);
    add(out, &n, page_key(a, r->provenance.origin_url), false);
    if (repository.n)
        add(out, &n, arena_printf(a, "repository %.*s", STR_ARG(repository)), false);
    for (size_t i = 0; i < r->aliases.n; i++)
        add(out, &n, identifier_key(a, r->aliases.v[i]), true);
    return n;
}
