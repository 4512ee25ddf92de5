// See raw.h.
#include "harvester/normalise/raw.h"

#include "base/html.h"

// Just behind the string that begins at `at`; the text's end when it is cut short.
static size_t string_end(struct str s, size_t at)
{
    for (at++; at < s.n && s.p[at] != '"'; at++)
        at += s.p[at] == '\\';
    return at < s.n ? at + 1 : s.n;
}

// Just behind the value that begins at `at`.
static size_t value_end(struct str s, size_t at)
{
    size_t depth = 0;
    while (at < s.n) {
        char c = s.p[at];
        if (c == '"') {
            at = string_end(s, at);
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            break;
        if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth--;
        at++;
    }
    return at;
}

static size_t skip_space(struct str s, size_t at)
{
    while (at < s.n && s.p[at] && strchr(" \t\r\n", s.p[at]))
        at++;
    return at;
}

struct str raw_member(struct str s, const char *key)
{
    size_t at = skip_space(s, str_starts(s, STR("\xEF\xBB\xBF")) ? 3 : 0);
    if (at >= s.n || s.p[at] != '{')
        return STR_NONE;
    for (at = skip_space(s, at + 1); at < s.n && s.p[at] == '"';) {
        size_t end = string_end(s, at), colon = skip_space(s, end);
        struct str name = str_slice(s.p + at + 1, end - at - 1);
        if (colon >= s.n || s.p[colon] != ':')
            return STR_NONE;
        size_t value = skip_space(s, colon + 1), stop = value_end(s, value);
        if (name.n == strlen(key) + 1 && str_starts(name, str_of(key)))
            return value < s.n ? str_trim(str_slice(s.p + value, stop - value)) : STR_NONE;
        at = stop < s.n && s.p[stop] == ',' ? skip_space(s, stop + 1) : s.n;
    }
    return STR_NONE;
}

struct str raw_word(struct str object, const char *key, struct arena *a)
{
    struct str raw = raw_member(object, key), word = STR_NONE;
    if (!raw.n || !strchr("\"-0123456789", raw.p[0]))
        return STR_NONE;
    json_t *v = json_read(raw, a, NULL, NULL);
    if (json_is_string(v))
        word = arena_str(a, jstr(v));
    else if (json_is_number(v))
        word = arena_str(a, raw);
    json_decref(v);
    return word;
}

static bool is_written_json(struct str s)
{
    s = str_trim(s);
    return s.n >= 2 &&
           ((s.p[0] == '[' && s.p[s.n - 1] == ']') || (s.p[0] == '{' && s.p[s.n - 1] == '}') ||
            (s.p[0] == '"' && s.p[s.n - 1] == '"'));
}

json_t *raw_decode(struct arena *a, json_t *value)
{
    struct str s = jstr(value);
    if (!is_written_json(s))
        return json_incref(value);
    json_t *read = json_read(s, a, NULL, NULL);
    if (!read && str_find(s, STR("&quot;")) >= 0)
        read = json_read(text_from_html(a, s), a, NULL, NULL);
    return read ? read : json_incref(value);
}
