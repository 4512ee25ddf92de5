// See repository.h.
#include "harvester/normalise/repository.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static struct str behind(struct str s, size_t n)
{
    return str_slice(s.p + n, s.n - n);
}

static bool starts_nocase(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq_nocase(str_slice(s.p, prefix.n), prefix);
}

// ---- Host and path --------------------------------------------------------------------------------

struct address {
    struct str host, path; // the path without slashes at its ends
};

static bool is_host(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = lower(s.p[i]);
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && (!c || !strchr(".-_:", c)))
            return false;
    }
    ptrdiff_t dot = str_find_char(s, '.');
    return dot > 0 && (size_t)dot + 1 < s.n;
}

static struct str without_slashes(struct str s)
{
    while (str_starts(s, STR("/")))
        s = behind(s, 1);
    while (str_ends(s, STR("/")))
        s.n--;
    return s;
}

static bool split(struct str s, struct address *out)
{
    static const struct str schemes[] = {
        STR("https://"),    STR("http://"),    STR("git://"), STR("ssh://"), STR("git+https://"),
        STR("git+http://"), STR("git+ssh://"), STR("svn://"), STR("//"),
    };
    bool scheme = false;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes && !scheme; i++)
        if ((scheme = starts_nocase(s, schemes[i])))
            s = behind(s, schemes[i].n);
    if (!scheme && str_find(s, STR("://")) >= 0)
        return false;
    size_t end = 0;
    while (end < s.n && s.p[end] != '/')
        end++;
    struct str host = str_slice(s.p, end);
    ptrdiff_t at = str_find_char(host, '@');
    if (at >= 0)
        host = behind(host, (size_t)at + 1);
    ptrdiff_t colon = str_find_char(host, ':');
    struct str path = behind(s, end);
    if (colon >= 0) {
        struct str port = behind(host, (size_t)colon + 1);
        int64_t number;
        bool is_port = str_to_int(port, 1, 65535, &number);
        if (!is_port && at < 0)
            return false;
        if (!is_port) { // git@host:path
            path = behind(s, (size_t)(port.p - s.p));
            host.n = (size_t)colon;
        } else if (number == 443 || number == 80 || number == 22) {
            host.n = (size_t)colon;
        }
    }
    if (starts_nocase(host, STR("www.")))
        host = behind(host, 4);
    ptrdiff_t fragment = str_find_char(path, '#');
    if (fragment >= 0)
        path.n = (size_t)fragment;
    *out = (struct address){host, without_slashes(path)};
    return is_host(host);
}

// ---- What forges do -------------------------------------------------------------------------------

// Forges whose addresses are owner/name, and whose other pages lie below.
static bool owner_and_name(struct str host)
{
    static const struct str hosts[] = {STR("github.com"), STR("codeberg.org"), STR("bitbucket.org"),
                                       STR("gitee.com"),  STR("git.sr.ht"),    STR("notabug.org")};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (str_eq_nocase(host, hosts[i]))
            return true;
    return false;
}

// GitLabs: groups may nest, pages lie below "/-/".
static bool is_gitlab(struct str host)
{
    return starts_nocase(host, STR("gitlab.")) || str_eq_nocase(host, STR("framagit.org"));
}

// The first `n` segments of a path; empty when it has fewer.
static struct str segments(struct str path, size_t n)
{
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] == '/' && --n == 0)
            return str_slice(path.p, i);
    return n == 1 && path.n ? path : STR_NONE;
}

static struct str before(struct str path, struct str mark)
{
    ptrdiff_t at = str_find(path, mark);
    return at > 0 ? str_slice(path.p, (size_t)at) : path;
}

// Pages of GitHub's own, where an owner would stand.
static bool is_page(struct str path)
{
    static const struct str pages[] = {STR("orgs/"),   STR("topics/"),   STR("search/"),
                                       STR("users/"),  STR("sponsors/"), STR("marketplace/"),
                                       STR("groups/"), STR("explore/")};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (starts_nocase(path, pages[i]))
            return true;
    return false;
}

static struct str without_query(struct str path)
{
    ptrdiff_t at = str_find_char(path, '?');
    return without_slashes(at < 0 ? path : str_slice(path.p, (size_t)at));
}

// Below "/tree/", "/blob/" and such are the pages of a repository, wherever it is.
static struct str without_page(struct str path)
{
    static const struct str marks[] = {STR("/-/"),      STR("/tree/"),      STR("/blob/"),
                                       STR("/raw/"),    STR("/wikis/"),     STR("/commits/"),
                                       STR("/issues/"), STR("/src/branch/")};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        path = before(path, marks[i]);
    static const struct str last[] = {STR("/-"), STR("/releases"), STR("/issues"), STR("/wiki")};
    for (size_t i = 0; i < sizeof last / sizeof *last; i++)
        if (str_ends(path, last[i]) &&
            str_find_char(str_slice(path.p, path.n - last[i].n), '/') > 0) // else its own name
            path.n -= last[i].n;
    return path;
}

// The path that names the repository alone; empty when there is none. *folded: cases are the same to its forge.
static struct str name_of(const struct address *address, bool *folded)
{
    struct str path = address->path;
    *folded = true;
    if (owner_and_name(address->host))
        return is_page(path) ? STR_NONE : segments(without_query(path), 2);
    if (is_gitlab(address->host)) {
        path = without_page(without_query(path));
        return is_page(path) || !segments(path, 2).n ? STR_NONE : path;
    }
    if (str_eq_nocase(address->host, STR("sourceforge.net"))) {
        path = without_query(path);
        bool project = starts_nocase(path, STR("projects/")) || starts_nocase(path, STR("p/"));
        return project ? segments(path, 2) : STR_NONE;
    }
    *folded = false;
    return without_page(path);
}

struct str repository_key(struct arena *a, struct str s)
{
    struct address address;
    bool folded;
    s = str_trim(s);
    if (!s.n || s.n > REPOSITORY_KEY_MAX)
        return STR_NONE;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7F || strchr("\"'<>\\`", s.p[i]))
            return STR_NONE;
    if (!split(s, &address))
        return STR_NONE;
    struct str name = name_of(&address, &folded);
    if (name.n > 4 && str_eq_nocase(behind(name, name.n - 4), STR(".git")))
        name.n -= 4;
    name = without_slashes(name);
    if (!name.n)
        return STR_NONE;
    bool project =
        str_eq_nocase(address.host, STR("sourceforge.net")) && starts_nocase(name, STR("p/"));
    struct str key =
        arena_printf(a, "https://%.*s/%s%.*s", STR_ARG(address.host), project ? "projects/" : "",
                     STR_ARG(project ? behind(name, 2) : name));
    char *bytes = arena_z(a, key);
    size_t fold = folded ? key.n : sizeof "https://" - 1 + address.host.n;
    for (size_t i = 0; i < fold; i++)
        bytes[i] = lower(bytes[i]);
    return str_slice(bytes, key.n);
}

struct str repository_find(struct str text)
{
    struct arena a = {0};
    struct str found = STR_NONE;
    for (size_t i = 0; i < text.n && !found.n;) {
        while (i < text.n && strchr(" \t\r\n,;()<>\"'", text.p[i]))
            i++;
        size_t start = i;
        while (i < text.n && (!text.p[i] || !strchr(" \t\r\n,;()<>\"'", text.p[i])))
            i++;
        struct str word = str_slice(text.p + start, i - start);
        if (str_find_char(word, '/') > 0 && repository_key(&a, word).n)
            found = word;
        arena_reset(&a);
    }
    arena_free(&a);
    return found;
}
