// The errors of one load of the configuration: all of them, in the order of the file's lines, not
// only the first. The caller declares a zeroed struct, and frees it. One thread at a time.
#pragma once

#include "base/err.h"

enum { CONF_ERRORS_MOST = 100 }; // more are counted, not kept

struct conf_error {
    unsigned line;  // from 1; 0 when it is about no line
    struct err err; // where is "file:line"
};

struct conf_errors {
    struct conf_error *v;
    size_t n;
    size_t more; // how many were not kept
};

// Adds a copy of `e`; its `where` becomes `file:line`, the end of a long file name first.
void conf_errors_add(struct conf_errors *list, const char *file, unsigned line,
                     const struct err *e);
// The same for an ERR_CONFIG of one message; `hint` may be NULL.
void conf_errors_addf(struct conf_errors *list, const char *file, unsigned line, const char *hint,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));
void conf_errors_sort(struct conf_errors *list); // by line; equal lines keep their order
void conf_errors_free(struct conf_errors *list);

// How many bytes of a control character (C0, DEL, C1: terminals obey them) `s` begins with; 0: of none.
size_t conf_control(struct str s);
// A value as it appears in a message: cut, without control characters.
struct conf_quote {
    char z[72];
};
struct conf_quote conf_quote(struct str s);
