// See origin.h.
#include "api/http/origin.h"

#include <arpa/inet.h>

struct str origin_host_name(struct str host)
{
    ptrdiff_t end;
    if (host.n && host.p[0] == '[') {
        end = str_find_char(host, ']');
        return end < 0 ? host : str_slice(host.p + 1, (size_t)end - 1);
    }
    end = str_find_char(host, ':');
    return end < 0 ? host : str_slice(host.p, (size_t)end);
}

static bool is_address(struct str s)
{
    char z[INET6_ADDRSTRLEN];
    unsigned char bytes[16];
    if (s.n == 0 || s.n >= sizeof z)
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    return inet_pton(AF_INET, z, bytes) == 1 || inet_pton(AF_INET6, z, bytes) == 1;
}

static bool is_loopback(struct str name)
{
    if (str_eq_nocase(name, STR("localhost")) || str_eq(name, STR("::1")))
        return true;
    return str_starts(name, STR("127.")) && is_address(name);
}

bool origin_host_allowed(struct str host, struct strs hosts)
{
    struct str name = origin_host_name(host);
    if (is_loopback(name))
        return true;
    for (size_t i = 0; i < hosts.n; i++)
        if (str_eq_nocase(name, hosts.v[i]))
            return true;
    return false;
}

// Browsers leave the scheme's own port out of both; other clients may write it.
static struct str without_port(struct str authority, const char *port)
{
    if (str_ends(authority, str_of(port)))
        authority.n -= strlen(port);
    return authority;
}

bool origin_same(struct str origin, struct str host)
{
    static const char *const schemes[] = {"http://", "https://"}, *const ports[] = {":80", ":443"};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(schemes[i]);
        if (str_starts(origin, str_of(schemes[i])))
            return str_eq_nocase(without_port(str_slice(origin.p + n, origin.n - n), ports[i]),
                                 without_port(host, ports[i]));
    }
    return false;
}

// Takes the last element off a comma-separated list. False when the list is used up.
static bool list_last(struct str *list, struct str *element)
{
    if (!list->p)
        return false;
    size_t start = list->n;
    while (start && list->p[start - 1] != ',')
        start--;
    *element = str_trim(str_slice(list->p + start, list->n - start));
    *list = start ? str_slice(list->p, start - 1) : STR_NONE;
    return true;
}

struct str origin_client(struct http_pairs headers, struct str peer,
                         bool (*trusted)(void *arg, struct str address), void *arg)
{
    struct str client = peer;
    for (size_t i = headers.n; trusted && i-- > 0;) { // the last field is the nearest proxy's
        struct str list = headers.v[i].value, element;
        if (!str_eq_nocase(headers.v[i].name, STR("X-Forwarded-For")))
            continue;
        while (list_last(&list, &element)) {
            if (!trusted(arg, client) || !is_address(element))
                return client;
            client = element;
        }
    }
    return client;
}
