// Fuzzing of content codings: bytes that a server calls gzip or deflate, in pieces. No more than the bound comes out; and what was
// coded here comes back, byte for byte, unless it is cut short.
#include "harvester/decode.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 100000 };

static bool decode(struct str coding, struct str bytes, size_t piece, struct buf *out)
{
    struct decoder d = {0};
    struct err e = {0};
    bool good = decoder_open(&d, coding, &e);
    for (size_t at = 0; good && at < bytes.n; at += piece)
        good = decoder_add(&d, str_slice(bytes.p + at, bytes.n - at < piece ? bytes.n - at : piece),
                           out, MOST, &e);
    good = good && decoder_finish(&d, &e);
    must(good || e.code == ERR_REFUSED || e.code == ERR_NETWORK || e.code == ERR_PARSE);
    must(out->n <= MOST);
    decoder_close(&d);
    return good;
}

static void there_and_back(struct str text, size_t piece)
{
    z_stream z = {0};
    struct buf coded = {0}, out = {0};
    must(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    buf_reserve(&coded, deflateBound(&z, text.n) + 100);
    z.next_in = (unsigned char *)(uintptr_t)text.p;
    z.avail_in = (unsigned)text.n;
    z.next_out = (unsigned char *)coded.p;
    z.avail_out = (unsigned)(deflateBound(&z, text.n) + 100);
    must(deflate(&z, Z_FINISH) == Z_STREAM_END);
    coded.n = z.total_out;
    deflateEnd(&z);
    must(decode(STR("gzip"), buf_str(&coded), piece, &out) == (text.n <= MOST));
    must(text.n > MOST || str_eq(buf_str(&out), text));
    out.n = 0;
    must(!decode(STR("gzip"), str_slice(coded.p, coded.n - 1), piece, &out));
    buf_free(&coded);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct str codings[] = {STR("gzip"), STR("deflate"),  STR("x-gzip"),
                                         STR(""),     STR("identity"), STR("br")};
    if (size < 2)
        return 0;
    struct str bytes = str_slice((const char *)data + 2, size - 2);
    size_t piece = data[1] + 1u;
    struct buf out = {0};
    decode(codings[data[0] % 6], bytes, piece, &out);
    buf_free(&out);
    if (bytes.n)
        there_and_back(bytes, piece);
    return 0;
}
