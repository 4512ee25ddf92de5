// See zstd.h.
#include "api/http/zstd.h"

#include "api/http/gzip.h"
#include "api/http/text.h"

#include <zstd.h>

enum { LEVEL = 1 }; // the next ones take up to twice its time for 3 % of the bytes

bool zstd_preferred(struct str accept_encoding)
{
    int weight = http_list_weight(accept_encoding, "zstd"),
        gzip = http_list_weight(accept_encoding, "gzip");
    return weight > 0 && weight >= gzip;
}

bool zstd_body(struct buf *body)
{
    struct buf out = {0};
    if (body->n < 2)
        return false;
    buf_reserve(&out, body->n);
    // Ends only if the whole fits into fewer bytes than there were.
    size_t n = ZSTD_compress(out.p, body->n - 1, body->p, body->n, LEVEL);
    if (ZSTD_isError(n)) {
        buf_free(&out);
        return false;
    }
    out.n = n;
    buf_free(body);
    *body = out;
    return true;
}
