// Content codings of a response (RFC 9110 section 8.4.1): gzip, deflate, none; one at most. libcurl would decode
// them too, but takes a stream that is cut short for a whole one, and so for a shorter page.
#pragma once

#include "base/buf.h"
#include "base/err.h"

#include <zlib.h>

struct decoder {
    z_stream z;
    bool compressed, started, ended;
};

// The coding as the header gives it; absent: none. ERR_PARSE when it is not one of those.
bool decoder_open(struct decoder *d, struct str coding, struct err *e);
// Adds what `bytes` decode to. ERR_REFUSED once `out` would hold more than `max` bytes: it stops there, so that
// little is decoded past it. ERR_NETWORK when the bytes cannot be decoded.
bool decoder_add(struct decoder *d, struct str bytes, struct buf *out, uint64_t max, struct err *e);
// At the end of the body: ERR_NETWORK when it is cut short.
bool decoder_finish(const struct decoder *d, struct err *e);
// Also for a zeroed one.
void decoder_close(struct decoder *d);
