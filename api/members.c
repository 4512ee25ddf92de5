// See members.h.
#include "api/members.h"

#include "base/scan.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void skip_spaces(struct str *s)
{
    while (s->n && is_space(s->p[0]))
        *s = str_slice(s->p + 1, s->n - 1);
}

// Behind the string that begins at `at`; 0 when it does not end.
static size_t end_of_string(struct str s, size_t at)
{
    while (++at < s.n) {
        at = (size_t)(scan_for(s.p + at, s.p + s.n, 0, STR("\"\\")) - s.p);
        if (at < s.n && s.p[at] == '"')
            return at + 1;
        at++; // what is escaped
    }
    return 0;
}

// What ends or nests values; 0 for any other byte.
enum mark { MARK_QUOTE = 1, MARK_OPEN, MARK_CLOSE };
static const unsigned char marks[256] = {['"'] = MARK_QUOTE,
                                         ['{'] = MARK_OPEN,
                                         ['['] = MARK_OPEN,
                                         ['}'] = MARK_CLOSE,
                                         [']'] = MARK_CLOSE};

// Behind the object or list that begins at 0; 0 when it does not end.
static size_t end_of_nested(struct str s)
{
    size_t depth = 0;
    for (size_t at = 0; at < s.n;) {
        unsigned char mark = marks[(unsigned char)s.p[at]];
        if (mark == MARK_QUOTE) {
            at = end_of_string(s, at);
            if (!at)
                return 0;
            continue;
        }
        at++;
        depth += mark == MARK_OPEN;
        if (mark == MARK_CLOSE && --depth == 0)
            return at;
    }
    return 0;
}

// Behind the value that begins at 0; 0 when it does not end.
static size_t end_of_value(struct str s)
{
    size_t at = 0;
    switch (marks[(unsigned char)s.p[0]]) {
    case MARK_QUOTE:
        return end_of_string(s, 0);
    case MARK_OPEN:
        return end_of_nested(s);
    default:
        break;
    }
    // A number or a word: up to what follows it.
    while (at < s.n && s.p[at] != ',' && !is_space(s.p[at]) &&
           marks[(unsigned char)s.p[at]] != MARK_CLOSE)
        at++;
    return at;
}

bool members_item(struct str *rest, struct str *value)
{
    skip_spaces(rest);
    if (rest->n && rest->p[0] == ',') {
        *rest = str_slice(rest->p + 1, rest->n - 1);
        skip_spaces(rest);
    }
    if (!rest->n || rest->p[0] == '}' || rest->p[0] == ']') {
        *rest = STR_NONE;
        return false;
    }
    size_t end = end_of_value(*rest);
    if (!end)
        return false;
    *value = str_slice(rest->p, end);
    *rest = str_slice(rest->p + end, rest->n - end);
    return true;
}

bool members_next(struct str *rest, struct str *key, struct str *value)
{
    struct str name;
    if (!members_item(rest, &name))
        return false;
    skip_spaces(rest);
    bool has = name.p[0] == '"' && rest->n && rest->p[0] == ':';
    if (has) {
        *rest = str_slice(rest->p + 1, rest->n - 1);
        skip_spaces(rest);
        has = rest->n && rest->p[0] != ',' && members_item(rest, value);
    }
    if (!has) {
        *rest = name; // not empty: the rest is no JSON
        return false;
    }
    *key = str_slice(name.p + 1, name.n - 2);
    return true;
}

struct str members_inside(struct str value)
{
    bool has = value.n >= 2 && (value.p[0] == '{' || value.p[0] == '[');
    return has ? str_slice(value.p + 1, value.n - 2) : STR("");
}

int64_t members_int(struct str value, int64_t none)
{
    int64_t n;
    return str_to_int(value, INT64_MIN, INT64_MAX, &n) ? n : none;
}

static unsigned hex_digit(char c)
{
    return c >= '0' && c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
}

// The bytes of \uXXXX, which begins at `at`. We write it for characters below 0x80 alone.
static char escaped_code(struct str s, size_t at)
{
    unsigned code = 0;
    for (size_t i = at + 2; i < at + 6 && i < s.n; i++)
        code = code << 4 | (hex_digit(s.p[i]) & 15);
    return (char)(code & 0x7F);
}

struct str members_text(struct arena *a, struct str value)
{
    static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (value.n < 2 || value.p[0] != '"')
        return STR_NONE;
    struct str s = str_slice(value.p + 1, value.n - 2);
    if (!s.n || !memchr(s.p, '\\', s.n))
        return s;
    char *out = arena_bytes(a, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\\' || i + 1 == s.n) {
            out[n++] = s.p[i];
            continue;
        }
        const char *known = s.p[i + 1] ? strchr(plain, s.p[i + 1]) : NULL;
        out[n++] = known ? meant[known - plain] : escaped_code(s, i);
        i += known ? 1 : 5;
    }
    return str_slice(out, n);
}
