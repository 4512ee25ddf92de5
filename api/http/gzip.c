// See gzip.h.
#include "api/http/gzip.h"

#include "api/http/text.h"

#include <limits.h>
#include <zlib.h>

bool gzip_accepted(struct str accept_encoding)
{
    int weight = http_list_weight(accept_encoding, "gzip");
    if (weight < 0)
        weight = http_list_weight(accept_encoding, "*");
    return weight > 0;
}

bool gzip_type(const char *type)
{
    static const char *const exact[] = {"application/json", "application/xml",
                                        "application/javascript", "application/x-ndjson",
                                        "application/n-triples"};
    struct str rest = str_of(type), name = STR_NONE;
    str_next(&rest, ';', &name);
    name = str_trim(name);
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        if (str_eq(name, str_of(exact[i])))
            return true;
    return str_starts(name, STR("text/")) || str_ends(name, STR("+json")) ||
           str_ends(name, STR("+xml"));
}

bool gzip_body(struct buf *body, int level)
{
    enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 }; // 16: a gzip header instead of zlib's
    z_stream z = {0};
    struct buf out = {0};
    if (body->n == 0 || body->n > UINT_MAX / 2 ||
        deflateInit2(&z, level, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    buf_reserve(&out, body->n);
    z.next_in = (unsigned char *)body->p;
    z.avail_in = (unsigned)body->n;
    z.next_out = (unsigned char *)out.p;
    z.avail_out = (unsigned)body->n;
    // Ends only if the whole fits into fewer bytes than there were.
    bool smaller = deflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out < body->n;
    out.n = z.total_out;
    deflateEnd(&z);
    if (!smaller) {
        buf_free(&out);
        return false;
    }
    buf_free(body);
    *body = out;
    return true;
}
