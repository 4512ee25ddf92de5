// Reading the document and writing messages, in the parsing child. See child.h and stream.h.
#include "harvester/sandbox/child.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { FLUSH_OVER = 64 * 1024 };

size_t child_read(struct child *c, char *p, size_t room)
{
    if (c->in_memory) {
        size_t n = c->document.n < room ? c->document.n : room;
        if (n)
            memcpy(p, c->document.p, n);
        c->document = str_slice(n ? c->document.p + n : c->document.p, c->document.n - n);
        return n;
    }
    ssize_t n;
    do
        n = read(c->in, p, room);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        child_fail(c, ERR_IO, 0, "The document cannot be read: error %d.", errno);
        _exit(1);
    }
    return (size_t)n;
}

void child_add_byte(struct child *c, unsigned v)
{
    buf_addc(&c->messages, (char)v);
}

static void put_int(char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (char)(v >> (8 * i) & 0xFF);
}

void child_add_int(struct child *c, uint32_t v)
{
    char bytes[4];
    put_int(bytes, v);
    buf_add(&c->messages, str_slice(bytes, sizeof bytes));
}

void child_add_text(struct child *c, struct str s)
{
    child_add_int(c, (uint32_t)s.n);
    buf_add(&c->messages, s);
}

void child_add_bytes(struct child *c, struct str s)
{
    buf_add(&c->messages, s);
}

void child_begin(struct child *c, enum stream_kind kind)
{
    c->message = c->messages.n;
    child_add_byte(c, kind);
    child_add_int(c, 0);
}

void child_end(struct child *c)
{
    put_int(c->messages.p + c->message + 1, (uint32_t)(c->messages.n - c->message - STREAM_HEAD));
}

void child_flush(struct child *c)
{
    if (c->in_memory)
        return;
    for (size_t at = 0; at < c->messages.n;) {
        ssize_t n = write(c->out, c->messages.p + at, c->messages.n - at);
        if (n < 0 && errno != EINTR)
            _exit(1); // nobody reads any more
        at += n > 0 ? (size_t)n : 0;
    }
    buf_clear(&c->messages);
}

void child_flush_some(struct child *c)
{
    if (c->messages.n > FLUSH_OVER)
        child_flush(c);
}

// A parser's words may quote the document, and be cut: '?' for what is not UTF-8 then.
static void add_words(struct child *c, const char *words)
{
    struct str s = str_cut_utf8(str_of(words), STREAM_WARNING_MAX);
    child_add_int(c, (uint32_t)s.n);
    for (size_t at = 0; at < s.n;) {
        uint32_t code;
        size_t n = utf8_decode(s, at, &code);
        child_add_bytes(c, n ? str_slice(s.p + at, n) : STR("?"));
        at += n ? n : 1;
    }
}

void child_warn(struct child *c, enum stream_kind kind, unsigned line, const char *what)
{
    child_begin(c, kind);
    child_add_int(c, line);
    add_words(c, what);
    child_end(c);
}

void child_done(struct child *c)
{
    if (c->ended)
        return;
    c->ended = true;
    child_begin(c, STREAM_DONE);
    child_end(c);
    child_flush(c);
}

bool child_fail(struct child *c, enum err_code code, unsigned line, const char *format, ...)
{
    if (c->ended)
        return false;
    c->ended = true;
    char what[STREAM_WARNING_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    child_begin(c, STREAM_FAILED);
    child_add_byte(c, (unsigned)code);
    child_add_int(c, line);
    add_words(c, what);
    child_end(c);
    child_flush(c);
    return false;
}
