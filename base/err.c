// See err.h.
#include "base/err.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

// Texts of errors are shown and stored as UTF-8, whatever was put into them and wherever it was cut.
static __attribute__((nonnull(3))) void fill(char *out, size_t size, const char *format,
                                             va_list args)
{
    uint32_t code;
    vsnprintf(out, size, format, args);
    struct str s = str_of(out);
    for (size_t at = 0; at < s.n;) {
        size_t n = utf8_decode(s, at, &code);
        if (!n)
            out[at] = '?';
        at += n ? n : 1;
    }
}

bool err_set(struct err *e, enum err_code code, const char *format, ...)
{
    if (!e)
        return false;
    *e = (struct err){.code = code};
    va_list args;
    va_start(args, format);
    fill(e->what, sizeof e->what, format, args);
    va_end(args);
    return false;
}

bool err_where(struct err *e, const char *format, ...)
{
    if (!e)
        return false;
    va_list args;
    va_start(args, format);
    fill(e->where, sizeof e->where, format, args);
    va_end(args);
    return false;
}

bool err_hint(struct err *e, const char *format, ...)
{
    if (!e)
        return false;
    va_list args;
    va_start(args, format);
    fill(e->hint, sizeof e->hint, format, args);
    va_end(args);
    return false;
}

bool err_in_file(struct err *e, const char *name)
{
    if (!e)
        return false;
    char where[sizeof e->where];
    memcpy(where, e->where, sizeof where);
    return err_where(e, "%s%s%s", name, where[0] ? " " : "", where);
}

const char *err_name(enum err_code code)
{
    static const char *const names[] = {
        [ERR_NONE] = "none",
        [ERR_USAGE] = "usage",
        [ERR_CONFIG] = "config",
        [ERR_NOT_FOUND] = "not_found",
        [ERR_GONE] = "gone",
        [ERR_CONFLICT] = "conflict",
        [ERR_IO] = "io",
        [ERR_CORRUPT] = "corrupt",
        [ERR_LOCKED] = "locked",
        [ERR_MODIFIED] = "modified",
        [ERR_NETWORK] = "network",
        [ERR_TIMEOUT] = "timeout",
        [ERR_HTTP] = "http",
        [ERR_REFUSED] = "refused",
        [ERR_PARSE] = "parse",
        [ERR_RECORD] = "record",
        [ERR_QUERY] = "query",
        [ERR_BUSY] = "busy",
        [ERR_ARGUMENT] = "argument",
        [ERR_MEMORY] = "memory",
        [ERR_INTERNAL] = "internal",
    };
    return (size_t)code < sizeof names / sizeof *names ? names[code] : "internal";
}

char *err_text(const struct err *e, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s%s%s%s", e->where, e->where[0] ? ": " : "", e->what,
             e->hint[0] ? " (" : "", e->hint, e->hint[0] ? ")" : "");
    return out;
}
