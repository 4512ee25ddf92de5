// Compression of answers (RFC 9110 8.4.1.3, 12.5.3). Any thread.
#pragma once

#include "base/buf.h"

enum { GZIP_SMALLEST = 1024 }; // bytes: smaller bodies are sent as they are

// Does a client with this Accept-Encoding (absent: none was sent) take gzip?
bool gzip_accepted(struct str accept_encoding);
// Is it a type that shrinks: text, JSON, XML and what is written in them?
bool gzip_type(const char *type);
// Replaces the bytes of *body by their gzip form. False, and nothing is changed, when it is not
// smaller. Level 1 to 6.
bool gzip_body(struct buf *body, int level);
