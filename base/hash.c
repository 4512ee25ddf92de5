// See hash.h.
#include "base/hash.h"

#include <gnutls/crypto.h>
#include <stdlib.h>

void sha256(struct str data, unsigned char out[SHA256_BYTES])
{
    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, data.p, data.n, out) != 0)
        abort(); // the algorithm is always there
}

void hex(const unsigned char *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * n] = '\0';
}

uint64_t hash64(struct str s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return h;
}
