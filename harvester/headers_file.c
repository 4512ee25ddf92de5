// See headers_file.h.
#include "harvester/headers_file.h"

#include <stdio.h>

enum { HEADERS_MAX = 16, HEADER_BYTES = 4096 };

bool headers_file_read(struct str file, struct arena *a, struct strs *out, struct err *e)
{
    if (!file.n)
        return true;
    FILE *f = fopen(file.p, "re");
    if (!f) {
        err_set(e, ERR_CONFIG, "headers_file cannot be read");
        return err_where(e, "%s", file.p);
    }
    char line[HEADER_BYTES];
    bool good = true;
    for (unsigned n = 1; good && fgets(line, sizeof line, f); n++) {
        struct str s = str_trim(str_of(line));
        if (!s.n || s.p[0] == '#')
            continue;
        if (str_find_char(s, ':') <= 0 || out->n == HEADERS_MAX) {
            err_set(e, ERR_CONFIG,
                    "a line of headers_file is not \"Name: value\", or there are over %d",
                    HEADERS_MAX);
            good = err_where(e, "%s:%u", file.p, n);
        } else {
            arena_push(a, out, arena_str(a, s));
        }
    }
    fclose(f);
    return good;
}
