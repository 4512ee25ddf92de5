// What a request must be before anything looks at it: one meaning, whatever stands before us.
// libmicrohttpd lets through what other servers read otherwise (two Hosts, two lengths, a length
// and chunks), which is how requests are smuggled (RFC 9112 11.2). Pure; any thread.
//
// What cannot be seen from here: before we get the request, libmicrohttpd 0.9.75 adds a folded line
// to the name of its field, takes a bare LF for the end of a line, cuts a value at a NUL, and drops
// a field without a name. A proxy in front settles those; 1.0 refuses them itself.
#pragma once

#include "api/http/request.h"

struct gate_request {
    struct str method, target, version; // as they came
    struct http_pairs headers;
};

// Why a request is refused. The connection is then closed: what follows on it cannot be trusted.
struct gate_refusal {
    unsigned status; // 400 or 414
    const char *slug, *detail;
};

struct gate_target {
    struct str path;  // starts with '/', or is "*" with OPTIONS
    struct str query; // absent when there is no '?'
    struct str host;  // of the Host field, with its port; not empty
};

// The rules: a token as method; HTTP/1.0 or 1.1; a target of visible ASCII of at most
// HTTP_URL_BYTES, without '#', in origin form, or in absolute form ("http://host/path") with the
// host of Host, or "*"; tokens as field names, no control character in a value; exactly one Host,
// that names a host; at most one Content-Length; Transfer-Encoding only "chunked", once, in
// HTTP/1.1, without a Content-Length.
bool gate_check(const struct gate_request *r, struct gate_target *out,
                struct gate_refusal *refusal);
