// See buf.h.
#include "base/buf.h"

#include "base/arena.h"
#include "base/scan.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_grow(struct buf *b, size_t more)
{
    size_t room = b->room ? b->room : 256;
    while (room - b->n < more)
        room *= 2;
    b->p = xrealloc(b->p, room);
    b->room = room;
}

void buf_addz(struct buf *b, const char *z)
{
    buf_add(b, str_of(z));
}

void buf_addf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t room = b->room - b->n; // often enough: then this is the one pass
    int n = vsnprintf(room ? b->p + b->n : NULL, room, format, args);
    va_end(args);
    if (n > 0 && (size_t)n >= room) {
        buf_reserve(b, (size_t)n + 1);
        vsnprintf(b->p + b->n, (size_t)n + 1, format, again);
    }
    b->n += n > 0 ? (size_t)n : 0;
    va_end(again);
}

void buf_clear(struct buf *b)
{
    b->n = 0;
}

void buf_free(struct buf *b)
{
    free(b->p);
    *b = (struct buf){0};
}

static void comma(struct buf *b)
{
    char before = b->n ? b->p[b->n - 1] : '\n';
    if (before != '{' && before != '[' && before != ':' && before != '\n')
        buf_addc(b, ',');
}

void json_open(struct buf *b, char bracket)
{
    comma(b);
    buf_addc(b, bracket);
}

void json_close(struct buf *b, char bracket)
{
    buf_addc(b, bracket);
}

void json_key_of(struct buf *b, struct str key)
{
    comma(b);
    buf_reserve(b, key.n + 3);
    char *at = b->p + b->n;
    *at = '"';
    memcpy(at + 1, key.p, key.n);
    memcpy(at + 1 + key.n, "\":", 2);
    b->n += key.n + 3;
}

// How many bytes of s from `at` on are written as they are.
static size_t plain(struct str s, size_t at)
{
    return (size_t)(scan_for(s.p + at, s.p + s.n, ' ', STR("\"\\\x7F")) - (s.p + at));
}

static void quoted(struct buf *b, struct str s)
{
    buf_reserve(b, s.n + 2);
    buf_addc(b, '"');
    for (size_t at = 0; at < s.n; at++) {
        size_t n = plain(s, at);
        buf_add(b, str_slice(s.p + at, n));
        at += n;
        if (at == s.n)
            break;
        unsigned char c = (unsigned char)s.p[at];
        if (c != '\n' && c != '"' && c != '\\') {
            buf_addf(b, "\\u%04x", c);
            continue;
        }
        buf_addc(b, '\\');
        buf_addc(b, c == '\n' ? 'n' : s.p[at]);
    }
    buf_addc(b, '"');
}

void json_key_str(struct buf *b, struct str key)
{
    comma(b);
    quoted(b, key);
    buf_addc(b, ':');
}

void json_str(struct buf *b, struct str s)
{
    comma(b);
    if (s.p)
        quoted(b, s);
    else
        buf_add(b, STR("null"));
}

void json_int(struct buf *b, int64_t v)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        digits[--at] = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        digits[--at] = '-';
    comma(b);
    buf_add(b, str_slice(digits + at, sizeof digits - at));
}

void json_num(struct buf *b, double v)
{
    if (!isfinite(v)) {
        json_nil(b);
        return;
    }
    if (v == floor(v) && fabs(v) < 1e15) {
        json_int(b, (int64_t)v);
        return;
    }
    char text[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*g", precision, v);
        if (strtod(text, NULL) == v)
            break;
    }
    comma(b);
    buf_addz(b, text);
}

void json_bool(struct buf *b, bool v)
{
    comma(b);
    buf_addz(b, v ? "true" : "false");
}

void json_nil(struct buf *b)
{
    comma(b);
    buf_add(b, STR("null"));
}

void json_raw(struct buf *b, struct str json)
{
    comma(b);
    buf_add(b, json);
}

void json_opt_str(struct buf *b, const char *key, struct str s)
{
    if (!s.n)
        return;
    json_key(b, key);
    json_str(b, s);
}

void json_opt_int(struct buf *b, const char *key, int64_t v)
{
    if (!v)
        return;
    json_key(b, key);
    json_int(b, v);
}

void json_opt_strs(struct buf *b, const char *key, struct strs list)
{
    if (!list.n)
        return;
    json_key(b, key);
    json_open(b, '[');
    for (size_t i = 0; i < list.n; i++)
        json_str(b, list.v[i]);
    json_close(b, ']');
}
