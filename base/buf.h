// A buffer of bytes that grows, and a writer of JSON on top of it. Owned by whoever declares it;
// buf_free gives the memory back. Stops the program when memory is exhausted (see arena.h).
#pragma once

#include "base/str.h"

struct buf {
    char *p;
    size_t n, room;
};

void buf_grow(struct buf *b, size_t more); // buf_reserve's, where there is no room
static inline void buf_reserve(struct buf *b, size_t more)
{
    if (b->room - b->n < more)
        buf_grow(b, more);
}
static inline void buf_add(struct buf *b, struct str s) // a literal becomes a few moves
{
    if (!s.n)
        return;
    buf_reserve(b, s.n);
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
}
static inline void buf_addc(struct buf *b, char c)
{
    buf_reserve(b, 1);
    b->p[b->n++] = c;
}
void buf_addz(struct buf *b, const char *z);
void buf_addf(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));
void buf_clear(struct buf *b); // keeps the memory
void buf_free(struct buf *b);
static inline struct str buf_str(const struct buf *b)
{
    return (struct str){b->p, b->n};
}

// JSON, written in order. Commas are set by looking at the byte before: after '{', '[' or ':' none is due.
// Strings must be valid UTF-8 (RFC 8259); control characters are escaped.
void json_open(struct buf *b, char bracket);     // '{' or '[', as a value
void json_close(struct buf *b, char bracket);    // '}' or ']'
void json_key_of(struct buf *b, struct str key); // a key of our own: not escaped
static inline void json_key(struct buf *b, const char *key)
{
    json_key_of(b, (struct str){key, strlen(key)}); // of a literal, its length is known here
}
void json_key_str(struct buf *b, struct str key); // a key from outside
void json_str(struct buf *b, struct str s);       // {NULL, 0} is null
void json_int(struct buf *b, int64_t v);
void json_num(struct buf *b,
              double v); // 15 to 17 digits, as few as read back the same; not finite is null
void json_bool(struct buf *b, bool v);
void json_nil(struct buf *b);
void json_raw(struct buf *b, struct str json); // a value that is JSON already
// Key and value, left out when the value is absent or empty (0 for integers).
void json_opt_str(struct buf *b, const char *key, struct str s);
void json_opt_int(struct buf *b, const char *key, int64_t v);
void json_opt_strs(struct buf *b, const char *key, struct strs list);
