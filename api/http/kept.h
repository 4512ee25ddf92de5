// An answer that was finished once (status 200, compressed where the client took it) and may be sent many times, its bytes shared.
// Never changed once made; counted; any thread. What belongs to one request (its id, CORS, Connection) is no part of it.
#pragma once

#include "api/http/request.h"
#include "base/buf.h"

struct http_kept;

void http_kept_hold(struct http_kept *k);
void http_kept_release(struct http_kept *k);       // NULL is taken
size_t http_kept_bytes(const struct http_kept *k); // of memory

// For a handler: once the answer is finished, a 200, `keep` is called on its thread with it (borrowed: http_kept_hold). Where the client
// has that version already it is made all the same, and 304 is sent.
void http_keep(struct http_exchange *x, void (*keep)(void *arg, struct http_kept *answer),
               void *arg);
// Answers with it: 304 where the client has that version. It must have been made for the same coding.
void http_answer_kept(struct http_exchange *x, struct http_kept *k);
// How an answer to this client may be compressed.
enum http_coding { HTTP_PLAIN, HTTP_GZIP, HTTP_ZSTD };
enum http_coding http_coding(const struct http_exchange *x);
