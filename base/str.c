// See str.h.
#include "base/str.h"

#include <stdlib.h>

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_slice(s.p, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_slice(s.p + s.n - suffix.n, suffix.n), suffix);
}

ptrdiff_t str_find(struct str s, struct str needle)
{
    if (needle.n == 0)
        return 0;
    for (size_t i = 0; i + needle.n <= s.n; i++)
        if (s.p[i] == needle.p[0] && memcmp(s.p + i, needle.p, needle.n) == 0)
            return (ptrdiff_t)i;
    return -1;
}

ptrdiff_t str_find_char(struct str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? at - s.p : -1;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.n && is_space(s.p[0]))
        s.p++, s.n--;
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool str_next(struct str *rest, char sep, struct str *part)
{
    if (!rest->p)
        return false;
    ptrdiff_t at = str_find_char(*rest, sep);
    if (at < 0) {
        *part = *rest;
        *rest = STR_NONE;
    } else {
        *part = str_slice(rest->p, (size_t)at);
        *rest = str_slice(rest->p + at + 1, rest->n - (size_t)at - 1);
    }
    return true;
}

bool str_to_int(struct str s, int64_t min, int64_t max, int64_t *out)
{
    bool negative = s.n && s.p[0] == '-';
    if (negative)
        s.p++, s.n--;
    if (s.n == 0 || s.n > 18)
        return false;
    int64_t v = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (s.p[i] - '0');
    }
    v = negative ? -v : v;
    if (v < min || v > max)
        return false;
    *out = v;
    return true;
}

bool str_to_real(struct str s, double *out)
{
    char z[64], *end;
    if (s.n == 0 || s.n >= sizeof z)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && !strchr("+-.eE", s.p[i]))
            return false;
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    double v = strtod(z, &end);
    if (end != z + s.n || v != v || v > 1e300 || v < -1e300)
        return false;
    *out = v;
    return true;
}

struct str str_cut_utf8(struct str s, size_t max)
{
    if (s.n <= max)
        return s;
    while (max > 0 && ((unsigned char)s.p[max] & 0xC0) == 0x80)
        max--;
    return str_slice(s.p, max);
}

unsigned str_distance(struct str a, struct str b)
{
    enum { LONGEST = 64 };
    if (a.n > LONGEST || b.n > LONGEST)
        return LONGEST;
    unsigned row[3][LONGEST + 1];
    for (unsigned j = 0; j <= b.n; j++)
        row[1][j] = j;
    for (unsigned i = 1; i <= a.n; i++) {
        const unsigned *two_up = row[(i - 1) % 3], *up = row[i % 3];
        unsigned *now = row[(i + 1) % 3];
        now[0] = i;
        for (unsigned j = 1; j <= b.n; j++) {
            unsigned cost = a.p[i - 1] != b.p[j - 1];
            unsigned best = up[j - 1] + cost;
            if (up[j] + 1 < best)
                best = up[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
                two_up[j - 2] + 1 < best)
                best = two_up[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[(a.n + 1) % 3][b.n];
}
