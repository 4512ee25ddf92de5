// See errors.h.
#include "config/errors.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_MOST = 120 }; // bytes of a file name in a message

void conf_errors_add(struct conf_errors *list, const char *file, unsigned line, const struct err *e)
{
    if (list->n == CONF_ERRORS_MOST) {
        list->more++;
        return;
    }
    if (!list->v)
        list->v = xcalloc(CONF_ERRORS_MOST, sizeof *list->v);
    struct conf_error *added = &list->v[list->n++];
    *added = (struct conf_error){.line = line, .err = *e};
    size_t n = strlen(file);
    const char *cut = n > FILE_MOST ? "..." : "";
    if (n > FILE_MOST)
        file += n - FILE_MOST;
    if (line)
        err_where(&added->err, "%s%s:%u", cut, file, line);
    else
        err_where(&added->err, "%s%s", cut, file);
}

void conf_errors_addf(struct conf_errors *list, const char *file, unsigned line, const char *hint,
                      const char *format, ...)
{
    struct err e = {.code = ERR_CONFIG};
    va_list args;
    va_start(args, format);
    vsnprintf(e.what, sizeof e.what, format, args);
    va_end(args);
    if (hint)
        err_hint(&e, "%s", hint);
    conf_errors_add(list, file, line, &e);
}

void conf_errors_sort(struct conf_errors *list)
{
    for (size_t i = 1; i < list->n; i++) {
        struct conf_error moved = list->v[i];
        size_t at = i;
        for (; at > 0 && list->v[at - 1].line > moved.line; at--)
            list->v[at] = list->v[at - 1];
        list->v[at] = moved;
    }
}

void conf_errors_free(struct conf_errors *list)
{
    free(list->v);
    *list = (struct conf_errors){0};
}

size_t conf_control(struct str s)
{
    unsigned char c = s.n ? (unsigned char)s.p[0] : ' ';
    if (c < 0x20 || c == 0x7F)
        return 1;
    return c == 0xC2 && s.n > 1 && (unsigned char)s.p[1] < 0xA0 ? 2 : 0; // U+0080 to U+009F
}

struct conf_quote conf_quote(struct str s)
{
    enum { SHOWN = 60 };
    struct conf_quote q;
    struct str cut = str_cut_utf8(s, SHOWN);
    if (cut.n)
        memcpy(q.z, cut.p, cut.n);
    for (size_t i = 0; i < cut.n; i++) {
        size_t control = conf_control(str_slice(cut.p + i, cut.n - i));
        if (control) {
            memset(q.z + i, '?', control);
            i += control - 1;
        }
    }
    strcpy(q.z + cut.n, cut.n < s.n ? "..." : "");
    return q;
}
