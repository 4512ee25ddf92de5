// See decode.h.
#include "harvester/decode.h"

enum { CHUNK = 32 * 1024, GZIP_OR_ZLIB = 15 + 32, RAW = -15 };

bool decoder_open(struct decoder *d, struct str coding, struct err *e)
{
    *d = (struct decoder){0};
    coding = str_trim(coding);
    if (coding.n == 0 || str_eq_nocase(coding, STR("identity")))
        return true;
    if (!str_eq_nocase(coding, STR("gzip")) && !str_eq_nocase(coding, STR("x-gzip")) &&
        !str_eq_nocase(coding, STR("deflate")))
        return err_set(e, ERR_PARSE, "the body is encoded as \"%.*s\", which was not asked for",
                       (int)(coding.n < 60 ? coding.n : 60), coding.p);
    if (inflateInit2(&d->z, GZIP_OR_ZLIB) != Z_OK)
        return err_set(e, ERR_MEMORY, "no memory to decode a body");
    d->compressed = true;
    return true;
}

// Some servers leave out the zlib header of deflate (RFC 9110 section 8.4.1.2). Known by the first byte: that of
// gzip is 1F, that of zlib has 8 as its lower half.
static bool lacks_header(unsigned char first)
{
    return first != 0x1F && (first & 0x0F) != 8;
}

static bool add(struct buf *out, struct str bytes, uint64_t max, struct err *e)
{
    if (bytes.n > max - out->n) {
        err_set(e, ERR_REFUSED, "the page is larger than %llu bytes", (unsigned long long)max);
        return err_hint(e, "ask for smaller pages (page_size)");
    }
    buf_add(out, bytes);
    return true;
}

bool decoder_add(struct decoder *d, struct str bytes, struct buf *out, uint64_t max, struct err *e)
{
    if (!d->compressed || bytes.n == 0)
        return add(out, bytes, max, e);
    if (!d->started && lacks_header((unsigned char)bytes.p[0]))
        inflateReset2(&d->z, RAW);
    d->started = true;
    unsigned char chunk[CHUNK];
    d->z.next_in = (Bytef *)bytes.p; // only read
    d->z.avail_in = (unsigned)bytes.n;
    do {
        if (d->ended) { // gzip streams may follow one another (RFC 1952 section 2.2)
            inflateReset(&d->z);
            d->ended = false;
        }
        d->z.next_out = chunk;
        d->z.avail_out = CHUNK;
        int code = inflate(&d->z, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
            return err_set(e, ERR_NETWORK, "the body cannot be decoded: %s",
                           d->z.msg ? d->z.msg : "zlib");
        d->ended = code == Z_STREAM_END;
        if (!add(out, str_slice((const char *)chunk, CHUNK - d->z.avail_out), max, e))
            return false;
    } while (d->z.avail_in || (d->z.avail_out == 0 && !d->ended));
    return true;
}

bool decoder_finish(const struct decoder *d, struct err *e)
{
    if (!d->compressed || !d->started || d->ended)
        return true;
    return err_set(e, ERR_NETWORK, "the compressed body is cut short");
}

void decoder_close(struct decoder *d)
{
    if (d->compressed)
        inflateEnd(&d->z);
    *d = (struct decoder){0};
}
