// How a handler answers. The body is moved, not copied; compression, ETag, Vary, CORS and the
// security headers are added when the handler is done. The thread is the handler's, as in
// request.h, compression included: bodies of more than some 100 KB are work for a worker.
// http_hold and http_send are for the loop only.
//
// Every answer has X-Content-Type-Options, Referrer-Policy, X-Request-Id and Date, and none has
// Server. HTML has the Content-Security-Policy of a page without scripts from elsewhere (threats.md
// 4.3 of the reference).
#pragma once

#include "api/http/route.h"
#include "base/buf.h"

// Each answers, or replaces the answer that was given before. `body` is taken (and zeroed).
// `type` is a constant: "text/csv; charset=utf-8".
void http_answer(struct http_exchange *x, unsigned status, const char *type, struct buf *body);
void http_json(struct http_exchange *x, unsigned status, struct buf *body); // application/json
void http_html(struct http_exchange *x, unsigned status, struct buf *body); // text/html, UTF-8
void http_empty(struct http_exchange *x, unsigned status);                  // 204, 202 ...
// 301, 302, 303, 307 or 308, to an absolute URL or a path. A location with a control character is
// answered 500.
void http_redirect(struct http_exchange *x, unsigned status, struct str location);

// A header more; `name` is a constant. False, and nothing is added, when the name is no token or
// the value holds CR, LF, NUL or another control character (RFC 9110 5.5). Content-Type,
// Content-Length, Content-Encoding, Connection, Date, ETag and Cache-Control are not for here.
bool http_add_header(struct http_exchange *x, const char *name, struct str value);
// Cache-Control, a constant: "public, max-age=60". Problems have "no-store", other answers nothing
// of their own.
void http_cache(struct http_exchange *x, const char *control);
// The answer's entity tag, without quotes: printable ASCII, no '"', 64 bytes at most (else it is
// left out). A strong one is sent weak when the answer is compressed. True when the client has that
// version (If-None-Match, weak comparison, RFC 9110 13.1.2): the handler may then return at once,
// and 304 is sent; it is sent in place of a 200 that comes all the same.
bool http_etag(struct http_exchange *x, struct str opaque, bool weak);

// The handler returns without an answer; http_send follows, from the loop, exactly once. Until then
// the exchange stays valid, also when the client leaves or the server stops.
void http_hold(struct http_exchange *x);
void http_send(struct http_exchange *x);
