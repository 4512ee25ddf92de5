// See json_stream.h. The file is read by blocks; a value is followed byte by byte with its depth and whether a string is open, and
// copied into the part while it passes, so that no value needs to lie in one block.
#include "base/json_stream.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 256 << 10, KEY_MAX = 64 << 10, BYTE_END = -1 };

enum where { AT_START, IN_ARRAY, IN_OBJECT, IN_MEMBER_ARRAY, AT_END, AT_ERROR };

struct json_stream {
    int fd;
    enum where where;
    bool first; // of the array or object that is being read: no comma is due
    char *block;
    size_t at, n;      // in the block
    uint64_t before;   // bytes of the file before the block
    struct buf part;   // the last part's text
    struct buf member; // the key as it is written, without its quotes
    struct str key;    // of `member`, escapes undone: there, or in `keys`
    struct arena keys;
    struct err error; // what every call answers once it broke off
};

struct json_stream *json_stream_new(int fd)
{
    struct json_stream *s = xcalloc(1, sizeof *s);
    s->fd = fd;
    s->block = xmalloc(BLOCK);
    return s;
}

void json_stream_free(struct json_stream *s)
{
    if (!s)
        return;
    free(s->block);
    buf_free(&s->part);
    buf_free(&s->member);
    arena_free(&s->keys);
    free(s);
}

static uint64_t place(const struct json_stream *s)
{
    return s->before + s->at;
}

static bool broken(struct json_stream *s, const char *what)
{
    if (s->error.code == ERR_NONE) { // else the file could not be read
        err_set(&s->error, ERR_PARSE, "%s (byte %llu)", what, (unsigned long long)place(s));
        err_hint(&s->error, "look at what the address answers: an error page, a cut transfer?");
    }
    s->where = AT_ERROR;
    return false;
}

// A whole block, but the last. False at the end of the file, and when it cannot be read (s->error is filled).
static bool read_block(struct json_stream *s)
{
    s->before += s->n;
    s->at = s->n = 0;
    while (s->n < BLOCK) {
        ssize_t got = read(s->fd, s->block + s->n, BLOCK - s->n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            s->n = 0;
            return err_set(&s->error, ERR_IO, "reading the file: %s", strerror(errno));
        }
        if (got == 0)
            break;
        s->n += (size_t)got;
    }
    return s->n > 0;
}

// The next byte, which stays; BYTE_END at the end.
static int peek(struct json_stream *s)
{
    if (s->at == s->n && !read_block(s))
        return BYTE_END;
    return (unsigned char)s->block[s->at];
}

static int peek_behind_space(struct json_stream *s)
{
    int c;
    while ((c = peek(s)) == ' ' || c == '\t' || c == '\r' || c == '\n')
        s->at++;
    return c;
}

static bool is_one(const bool table[256], char c)
{
    return table[(unsigned char)c];
}

// Follows a value to its end and puts it into `out`, as long as it is not over `max` bytes (*too_large). False when the file ends
// first, and when there is no value.
static bool take_value(struct json_stream *s, struct buf *out, size_t max, bool *too_large)
{
    static const bool in_string[256] = {['"'] = true, ['\\'] = true};
    static const bool outside[256] = {
        ['"'] = true, ['{'] = true, ['['] = true, ['}'] = true, [']'] = true, [','] = true};
    size_t depth = 0;
    bool string = false, escaped = false, whole = false;
    *too_large = false;
    buf_clear(out);
    while (!whole && peek(s) != BYTE_END) {
        size_t from = s->at, at = from;
        while (at < s->n && !whole) {
            if (escaped) {
                escaped = false;
                at++;
                continue;
            }
            const bool *table = string ? in_string : outside;
            while (at < s->n && !is_one(table, s->block[at]))
                at++;
            if (at == s->n)
                break;
            char c = s->block[at];
            if (c == '\\') {
                escaped = true;
            } else if (c == '"') {
                string = !string;
                whole = !string && depth == 0;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (depth == 0) {
                whole = true; // the end of a bare word, which is not part of it
                break;
            } else if (c != ',') {
                whole = --depth == 0;
            }
            at++;
        }
        if (!*too_large && out->n + (at - from) > max) {
            *too_large = true;
            buf_free(out);
        }
        if (!*too_large)
            buf_add(out, str_slice(s->block + from, at - from));
        s->at = at;
    }
    return whole && (*too_large || out->n > 0);
}

static bool take_key(struct json_stream *s)
{
    bool too_large;
    if (!take_value(s, &s->member, KEY_MAX, &too_large))
        return broken(s, "the file is cut short");
    if (too_large)
        return broken(s, "a key of the outermost object is too long");
    struct str raw = buf_str(&s->member);
    arena_reset(&s->keys);
    s->key = str_slice(raw.p + 1, raw.n - 2);
    if (str_find_char(raw, '\\') < 0 && utf8_valid(raw))
        return true;
    json_t *undone = json_read(raw, &s->keys, NULL, &(struct err){0});
    s->key = undone ? arena_str(&s->keys, jstr(undone)) : utf8_repair(&s->keys, s->key, NULL);
    json_decref(undone);
    return true;
}

// The value that begins here, as a part.
static bool take_part(struct json_stream *s, struct json_part *out)
{
    uint64_t offset = place(s);
    bool element = s->where != IN_OBJECT, too_large;
    if (!take_value(s, &s->part, JSON_PART_MAX, &too_large))
        return broken(s, peek(s) == BYTE_END ? "the file is cut short" : "a value is missing");
    *out = (struct json_part){.member = s->where == IN_ARRAY ? STR_NONE : s->key,
                              .element = element && s->where != IN_ARRAY,
                              .text = too_large ? STR_NONE : str_trim(buf_str(&s->part)),
                              .offset = offset,
                              .too_large = too_large};
    return true;
}

// What the file is when it is no JSON, in words.
static bool not_json(struct json_stream *s)
{
    struct str rest = str_slice(s->block + s->at, s->n - s->at);
    struct str begins = str_cut_utf8(rest, 40);
    if (rest.n >= 2 && (!rest.p[0] || !rest.p[1] || str_starts(rest, STR("\xFE\xFF")) ||
                        str_starts(rest, STR("\xFF\xFE")))) {
        broken(s, "the file is in UTF-16 (or UTF-32), JSON is UTF-8");
        return err_hint(&s->error, "save it as UTF-8");
    }
    if (peek(s) == BYTE_END)
        return broken(s, "the file is empty");
    char what[120];
    snprintf(what, sizeof what, "the file is no JSON object or array, it begins with \"%.*s\"",
             STR_ARG(begins));
    return broken(s, what);
}

static bool start(struct json_stream *s)
{
    peek(s);
    if (str_starts(str_slice(s->block, s->n), STR("\xEF\xBB\xBF")))
        s->at = 3;
    int c = peek_behind_space(s);
    if ((c != '{' && c != '[') || (s->at + 1 < s->n && !s->block[s->at + 1]))
        return not_json(s);
    s->at++;
    s->where = c == '{' ? IN_OBJECT : IN_ARRAY;
    s->first = true;
    return true;
}

// Passes the comma before the next value. *closed when the bracket `end` came instead.
static bool pass_comma(struct json_stream *s, char end, bool *closed)
{
    int c = peek_behind_space(s);
    *closed = c == end;
    if (*closed) {
        s->at++;
        return true;
    }
    if (!s->first) {
        if (c != ',')
            return broken(s, c == BYTE_END ? "the file is cut short"
                                           : "a comma or a closing bracket is missing");
        s->at++;
        c = peek_behind_space(s);
    }
    s->first = false;
    return c != BYTE_END || broken(s, "the file is cut short");
}

// Up to the value of the next member of the outermost object.
static bool pass_key(struct json_stream *s)
{
    if (peek(s) != '"')
        return broken(s, "a key of the outermost object is missing");
    if (!take_key(s))
        return false;
    int c = peek_behind_space(s);
    if (c != ':')
        return broken(s, c == BYTE_END ? "the file is cut short" : "a colon is missing");
    s->at++;
    peek_behind_space(s);
    return true;
}

static bool next_part(struct json_stream *s, struct json_part *out)
{
    bool closed;
    if (s->where == AT_START && !start(s))
        return false;
    for (;;) {
        switch (s->where) {
        case IN_OBJECT:
            if (!pass_comma(s, '}', &closed))
                return false;
            if (closed) {
                s->where = AT_END;
                break;
            }
            if (!pass_key(s))
                return false;
            if (peek(s) != '[')
                return take_part(s, out);
            s->at++;
            s->where = IN_MEMBER_ARRAY;
            s->first = true;
            break;
        case IN_ARRAY:
        case IN_MEMBER_ARRAY:
            if (!pass_comma(s, ']', &closed))
                return false;
            if (!closed)
                return take_part(s, out);
            s->first = false;
            s->where = s->where == IN_ARRAY ? AT_END : IN_OBJECT;
            break;
        default:
            return false;
        }
    }
}

bool json_stream_next(struct json_stream *s, struct json_part *out, struct err *e)
{
    if (next_part(s, out))
        return true;
    *e = s->error;
    return false;
}
