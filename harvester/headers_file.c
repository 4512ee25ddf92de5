// The headers of a source that must not be in the configuration itself: keys of an API, mostly.
#include "harvester/run_steps.h"

#include <stdio.h>

enum { HEADERS_MAX = 16, HEADER_BYTES = 4096 };

bool run_read_headers(struct harvest *h)
{
    struct str file = h->source.config->headers_file;
    if (!file.n)
        return true;
    FILE *f = fopen(file.p, "re");
    if (!f) {
        err_set(&h->error, ERR_CONFIG, "headers_file cannot be read");
        return err_where(&h->error, "%s", file.p);
    }
    char line[HEADER_BYTES];
    bool good = true;
    for (unsigned n = 1; good && fgets(line, sizeof line, f); n++) {
        struct str s = str_trim(str_of(line));
        if (!s.n || s.p[0] == '#')
            continue;
        if (str_find_char(s, ':') <= 0 || h->headers.n == HEADERS_MAX) {
            err_set(&h->error, ERR_CONFIG,
                    "a line of headers_file is not \"Name: value\", or there are over %d",
                    HEADERS_MAX);
            good = err_where(&h->error, "%s:%u", file.p, n);
        } else {
            arena_push(&h->arena, &h->headers, arena_str(&h->arena, s));
        }
    }
    fclose(f);
    return good;
}
