// See json_parse.h.
#include "base/json_parse.h"

#include "base/buf.h"

#include <math.h>
#include <stdlib.h>

enum { NUMBER_BYTES = 64, INTEGER_DIGITS = 18 }; // digits that fit whatever they are

struct parser {
    const char *p, *end;
    struct buf unescaped; // the string at hand, when it has escapes
    unsigned depth;       // that is left
};

static json_t *value(struct parser *s);

static void skip_space(struct parser *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r'))
        s->p++;
}

static bool next_is(struct parser *s, char c)
{
    skip_space(s);
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

// ---- Strings ---------------------------------------------------------------------------------------

static int hex_digit(char c)
{
    char lower = (char)(c | 0x20);
    return c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The four digits of \uXXXX; -1 when they are none.
static int32_t unit(struct parser *s)
{
    int32_t u = 0;
    if (s->end - s->p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(*s->p++);
        if (digit < 0)
            return -1;
        u = u << 4 | digit;
    }
    return u;
}

static bool escaped_code(struct parser *s)
{
    int32_t code = unit(s);
    if (code >= 0xD800 && code <= 0xDBFF && s->end - s->p >= 2 && s->p[0] == '\\' &&
        s->p[1] == 'u') {
        s->p += 2;
        int32_t low = unit(s);
        if (low < 0xDC00 || low > 0xDFFF)
            return false;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code < 0 || (code >= 0xD800 && code <= 0xDFFF))
        return false;
    struct buf *b = &s->unescaped;
    if (code < 0x80) {
        buf_addc(b, (char)code);
        return true;
    }
    if (code >= 0x10000) {
        buf_addc(b, (char)(0xF0 | code >> 18));
        buf_addc(b, (char)(0x80 | (code >> 12 & 0x3F)));
    } else if (code >= 0x800) {
        buf_addc(b, (char)(0xE0 | code >> 12));
    }
    if (code >= 0x800)
        buf_addc(b, (char)(0x80 | (code >> 6 & 0x3F)));
    else
        buf_addc(b, (char)(0xC0 | code >> 6));
    buf_addc(b, (char)(0x80 | (code & 0x3F)));
    return true;
}

static bool escape(struct parser *s)
{
    static const char signs[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (s->p == s->end || !*s->p)
        return false;
    char c = *s->p++;
    const char *sign = strchr(signs, c);
    if (sign)
        buf_addc(&s->unescaped, meant[sign - signs]);
    return sign || (c == 'u' && escaped_code(s));
}

// Behind its first quote. Borrowed until the next one.
static bool string(struct parser *s, struct str *out)
{
    const char *start = s->p;
    bool plain = true;
    while (s->p < s->end && *s->p != '"') {
        if ((unsigned char)*s->p < 0x20)
            return false;
        if (*s->p != '\\') {
            s->p++;
            continue;
        }
        if (plain)
            buf_clear(&s->unescaped);
        plain = false;
        buf_add(&s->unescaped, str_slice(start, (size_t)(s->p - start)));
        s->p++;
        if (!escape(s))
            return false;
        start = s->p;
    }
    if (s->p == s->end)
        return false;
    *out = str_slice(start, (size_t)(s->p - start));
    s->p++;
    if (!plain) {
        buf_add(&s->unescaped, *out);
        *out = buf_str(&s->unescaped);
    }
    return true;
}

// ---- Numbers ---------------------------------------------------------------------------------------

static size_t digits(struct parser *s)
{
    const char *start = s->p;
    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return (size_t)(s->p - start);
}

static json_t *number(struct parser *s)
{
    char text[NUMBER_BYTES + 1], *end;
    const char *start = s->p;
    bool integer = true;
    s->p += *s->p == '-';
    bool zero = s->p < s->end && *s->p == '0';
    size_t whole = digits(s);
    if (!whole || (zero && whole > 1))
        return NULL;
    if (s->p < s->end && *s->p == '.') {
        integer = false;
        s->p++;
        if (!digits(s))
            return NULL;
    }
    if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        integer = false;
        s->p++;
        if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
            s->p++;
        if (!digits(s))
            return NULL;
    }
    size_t n = (size_t)(s->p - start);
    if (n > NUMBER_BYTES || (integer && whole > INTEGER_DIGITS))
        return NULL;
    memcpy(text, start, n);
    text[n] = '\0';
    if (integer)
        return json_integer(strtoll(text, NULL, 10));
    double real = strtod(text, &end);
    return end == text + n && isfinite(real) ? json_real(real) : NULL;
}

// ---- Values ----------------------------------------------------------------------------------------

static bool member(struct parser *s, json_t *object)
{
    struct str borrowed;
    if (!next_is(s, '"') || !string(s, &borrowed) ||
        (borrowed.n && memchr(borrowed.p, '\0', borrowed.n)))
        return false;
    // The text keeps a key that has no escapes; the buffer is the next string's.
    struct buf key = {0};
    if (borrowed.n && borrowed.p == s->unescaped.p) {
        buf_add(&key, borrowed);
        borrowed = buf_str(&key);
    }
    json_t *v = next_is(s, ':') ? value(s) : NULL;
    bool good = v && json_object_setn_new_nocheck(object, borrowed.p, borrowed.n, v) == 0;
    buf_free(&key);
    return good;
}

static json_t *object(struct parser *s)
{
    json_t *o = json_object();
    bool good = o != NULL;
    if (good && next_is(s, '}'))
        return o;
    do
        good = good && member(s, o);
    while (good && next_is(s, ','));
    if (good && next_is(s, '}'))
        return o;
    json_decref(o);
    return NULL;
}

static json_t *array(struct parser *s)
{
    json_t *list = json_array();
    bool good = list != NULL;
    if (good && next_is(s, ']'))
        return list;
    do {
        json_t *v = good ? value(s) : NULL;
        good = v && json_array_append_new(list, v) == 0;
    } while (good && next_is(s, ','));
    if (good && next_is(s, ']'))
        return list;
    json_decref(list);
    return NULL;
}

static bool word(struct parser *s, struct str w)
{
    if (!str_starts(str_slice(s->p, (size_t)(s->end - s->p)), w))
        return false;
    s->p += w.n;
    return true;
}

static json_t *value(struct parser *s)
{
    struct str text;
    json_t *v = NULL;
    skip_space(s);
    if (s->p == s->end)
        return NULL;
    switch (*s->p) {
    case '{':
    case '[':
        if (!s->depth)
            return NULL;
        s->depth--;
        v = *s->p++ == '{' ? object(s) : array(s);
        s->depth++;
        return v;
    case '"':
        s->p++;
        return string(s, &text) ? json_stringn_nocheck(text.p, text.n) : NULL;
    case 't':
        return word(s, STR("true")) ? json_true() : NULL;
    case 'f':
        return word(s, STR("false")) ? json_false() : NULL;
    case 'n':
        return word(s, STR("null")) ? json_null() : NULL;
    default:
        return number(s);
    }
}

json_t *json_parse(struct str text, unsigned depth)
{
    struct parser s = {.p = text.p, .end = text.p + text.n, .depth = depth};
    if (!text.n)
        return NULL;
    json_t *v = value(&s);
    skip_space(&s);
    if (v && s.p != s.end) {
        json_decref(v);
        v = NULL;
    }
    buf_free(&s.unescaped);
    return v;
}
