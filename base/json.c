// See json.h.
#include "base/json.h"

#include "base/buf.h"
#include "base/json_quick.h"
#include "base/utf8.h"

struct str jstr(const json_t *value)
{
    return json_is_string(value) ? str_slice(json_string_value(value), json_string_length(value))
                                 : STR_NONE;
}

struct str jget(const json_t *object, const char *key)
{
    return jstr(json_object_get(object, key));
}

json_t *jget_object(const json_t *object, const char *key)
{
    json_t *v = json_object_get(object, key);
    return json_is_object(v) ? v : NULL;
}

json_t *jget_array(const json_t *object, const char *key)
{
    json_t *v = json_object_get(object, key);
    return json_is_array(v) ? v : NULL;
}

int64_t jget_int(const json_t *object, const char *key, int64_t none)
{
    const json_t *v = json_object_get(object, key);
    if (json_is_integer(v))
        return json_integer_value(v);
    double real = json_is_real(v) ? json_real_value(v) : 1e300;
    return real > -9e15 && real < 9e15 ? (int64_t)real : none;
}

double jget_real(const json_t *object, const char *key, double none)
{
    const json_t *v = json_object_get(object, key);
    return json_is_number(v) ? json_number_value(v) : none;
}

bool jget_true(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

static size_t skip_space(struct str s, size_t at)
{
    while (at < s.n && strchr(" \t\r\n", s.p[at]) && s.p[at])
        at++;
    return at;
}

// Just behind the quote that ends the string whose text begins at `at`; 0 when it does not end.
static size_t string_end(struct str s, size_t at)
{
    const char *start = s.p + at, *quote;
    for (const char *p = start; (quote = memchr(p, '"', (size_t)(s.p + s.n - p))); p = quote + 1) {
        size_t escapes = 0;
        while (quote - escapes > start && quote[-1 - (ptrdiff_t)escapes] == '\\')
            escapes++;
        if (escapes % 2 == 0)
            return (size_t)(quote + 1 - s.p);
    }
    return 0;
}

// Where the value that begins at `at` ends (just after it); 0 when it does not end.
static size_t value_end(struct str s, size_t at)
{
    size_t depth = 0;
    while (at < s.n) {
        char c = s.p[at++];
        if (c == '"') {
            at = string_end(s, at);
            if (!at || depth == 0)
                return at;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return at - 1; // the end of a bare word
            if (--depth == 0)
                return at;
        } else if (c == ',' && depth == 0) {
            return at - 1;
        }
    }
    return 0;
}

static bool cut_short(struct err *e, size_t at)
{
    err_set(e, ERR_PARSE, "the page is not the JSON that was expected, or is cut short (byte %zu)",
            at);
    return err_hint(e, "look at what the address answers: an error page, a proxy, a changed API?");
}

// Items of the array that begins at `at`; *end is just after it.
static bool split_array(struct str s, size_t at, struct arena *a, struct strs *items, size_t *end,
                        struct err *e)
{
    at = skip_space(s, at + 1);
    if (at < s.n && s.p[at] == ']') {
        *end = at + 1;
        return true;
    }
    while (at < s.n) {
        size_t stop = value_end(s, at);
        if (stop <= at)
            return cut_short(e, at);
        if (items->n == JSON_ITEMS_MAX)
            return err_set(e, ERR_REFUSED, "the page holds more than %d items", JSON_ITEMS_MAX);
        arena_push(a, items, str_trim(str_slice(s.p + at, stop - at)));
        at = skip_space(s, stop);
        if (at < s.n && s.p[at] == ']') {
            *end = at + 1;
            return true;
        }
        if (at >= s.n || s.p[at] != ',')
            return cut_short(e, at);
        at = skip_space(s, at + 1);
    }
    return cut_short(e, at);
}

bool json_page_split(struct str s, const char *array, struct arena *a, struct json_page *out,
                     struct err *e)
{
    *out = (struct json_page){0};
    if (str_starts(s, STR("\xEF\xBB\xBF")))
        s = str_slice(s.p + 3, s.n - 3);
    size_t at = skip_space(s, 0), end;
    if (at < s.n && s.p[at] == '[')
        return split_array(s, at, a, &out->items, &end, e);
    if (at >= s.n || s.p[at] != '{')
        return cut_short(e, at);

    // The envelope is what is left once the array is taken out.
    struct buf rest = {0};
    bool found = false, whole = false;
    buf_addc(&rest, '{');
    for (at = skip_space(s, at + 1); at < s.n && s.p[at] == '"';) {
        size_t key_end = value_end(s, at);
        if (!key_end)
            break;
        struct str key = str_slice(s.p + at + 1, key_end - at - 2);
        size_t colon = skip_space(s, key_end);
        if (colon >= s.n || s.p[colon] != ':')
            break;
        size_t value = skip_space(s, colon + 1), stop;
        if (str_eq(key, str_of(array)) && value < s.n && s.p[value] == '[' && !found) {
            if (!split_array(s, value, a, &out->items, &stop, e)) {
                buf_free(&rest);
                return false;
            }
            found = true;
        } else {
            stop = value_end(s, value);
            if (stop <= value)
                break;
            if (rest.n > 1)
                buf_addc(&rest, ',');
            buf_add(&rest, str_slice(s.p + at, stop - at));
        }
        at = skip_space(s, stop);
        if (at < s.n && s.p[at] == '}') {
            whole = true;
            break;
        }
        if (at >= s.n || s.p[at] != ',')
            break;
        at = skip_space(s, at + 1);
    }
    buf_addc(&rest, '}');
    if (!whole || !found)
        cut_short(e, at);
    else
        out->envelope = json_read(buf_str(&rest), a, NULL, e);
    buf_free(&rest);
    return out->envelope != NULL;
}

static size_t deepest(struct str s)
{
    size_t depth = 0, most = 0;
    bool in_string = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else
                in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > most)
                most = depth;
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        }
    }
    return most;
}

// The code unit of the escape that begins here; -1: it is not \uXXXX.
static long escaped_unit(struct str s, size_t at)
{
    if (at + 6 > s.n || s.p[at] != '\\' || s.p[at + 1] != 'u')
        return -1;
    long unit = 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        char c = s.p[i], lower = (char)(c | 0x20);
        if (c >= '0' && c <= '9')
            unit = 16 * unit + (c - '0');
        else if (lower >= 'a' && lower <= 'f')
            unit = 16 * unit + (lower - 'a' + 10);
        else
            return -1;
    }
    return unit;
}

// Escapes of half a character (RFC 8259 section 8.2) become that of U+FFFD; the text as it is when there are none.
static struct str mend_surrogates(struct str s, struct arena *a, size_t *repaired)
{
    enum { ESCAPE = 6 };
    char *mended = NULL;
    size_t at = 0;
    while (at < s.n) {
        const char *found = memchr(s.p + at, '\\', s.n - at);
        if (!found)
            break;
        at = (size_t)(found - s.p);
        long unit = escaped_unit(s, at);
        if (unit < 0xD800 || unit > 0xDFFF) {
            at += unit < 0 ? 2 : ESCAPE;
            continue;
        }
        long second = unit < 0xDC00 ? escaped_unit(s, at + ESCAPE) : -1;
        if (second >= 0xDC00 && second <= 0xDFFF) {
            at += 2 * ESCAPE;
            continue;
        }
        if (!mended) {
            mended = arena_bytes(a, s.n);
            memcpy(mended, s.p, s.n);
        }
        memcpy(mended + at + 2, "fffd", 4);
        if (repaired)
            ++*repaired;
        at += ESCAPE;
    }
    return mended ? str_slice(mended, s.n) : s;
}

json_t *json_read(struct str text, struct arena *a, size_t *repaired, struct err *e)
{
    json_t *quick = json_quick(text, JSON_DEPTH_MAX);
    if (quick)
        return quick;
    if (deepest(text) > JSON_DEPTH_MAX) {
        err_set(e, ERR_PARSE, "JSON nested deeper than %d levels", JSON_DEPTH_MAX);
        return NULL;
    }
    if (!utf8_valid(text))
        text = utf8_repair(a, text, repaired);
    text = mend_surrogates(text, a, repaired);
    json_error_t error;
    json_t *v = json_loadb(text.p, text.n, JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
    if (!v && json_error_code(&error) == json_error_numeric_overflow)
        v = json_loadb(text.p, text.n, JSON_ALLOW_NUL | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL,
                       &error);
    if (!v)
        err_set(e, ERR_PARSE, "not valid JSON: %s (byte %d)", error.text, error.position);
    return v;
}
