// Compression of answers in Zstandard (RFC 8878; window at most 8 MB, RFC 9659), for the clients that name it: a quarter of gzip's time, and
// fewer bytes. Any thread.
#pragma once

#include "base/buf.h"

// Does a client with this Accept-Encoding want it, as much as gzip? "*" is no word for it: what does not know it may say so too.
bool zstd_preferred(struct str accept_encoding);
// Replaces the bytes of *body by their Zstandard form. False, and nothing is changed, when it is not smaller.
bool zstd_body(struct buf *body);
