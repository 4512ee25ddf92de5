// One request and its answer, from the request line to the last byte sent, as the files of this
// folder share it. Handlers see request.h and response.h only.
//
// Two sides hold an exchange: libmicrohttpd's request (`mhd`, until it says that it is done) and
// the handler (`handled`, while it works or holds the exchange). It is freed, on the loop, when
// neither is left: a handler whose server is closed under it finds its exchange whole, and its
// answer goes nowhere. While a worker's handler has it the connection is suspended, and the loop
// touches only what tells the two sides apart: `mhd`, `suspended`.
#pragma once

#include "api/http/daemon.h"
#include "api/http/kept.h"
#include "api/http/request.h"
#include "api/http/response.h"

#include <stdatomic.h>

enum exchange_state {
    EXCHANGE_NEW,     // the request line came
    EXCHANGE_READING, // the headers passed; the body is read
    EXCHANGE_HANDLED,
    EXCHANGE_READY, // the answer is to be queued
    EXCHANGE_SENDING
};

struct reply {
    unsigned status;           // 0: none yet
    const char *type;          // NULL: no Content-Type
    struct buf body;           //
    struct http_pairs headers; // in the arena
    const char *cache;         // Cache-Control, or NULL
    struct str etag;           // opaque part, or absent
    bool etag_weak, etag_matched;
    enum http_coding coding; // of the body
    struct http_kept *kept;  // instead of a body: finished already
};

struct http_kept {
    atomic_uint count;
    const char *type, *cache;
    struct str etag;
    bool etag_weak;
    enum http_coding coding;
    struct http_pairs headers;
    struct buf body;
    size_t bytes; // in all
    char *text;   // of the tag and the headers
};

struct http_exchange {
    struct http_server *server;
    struct MHD_Connection *mhd;         // NULL once libmicrohttpd is done with the request
    struct http_connection *connection; // valid while mhd is
    enum exchange_state state;
    bool handled, held, suspended;
    bool in_handler; // on the loop: http_send then leaves the rest to its caller
    bool close;      // the connection, after the answer

    struct arena arena; // of all that follows
    struct str target;  // of the request line
    const char *method_name;
    enum http_method method;
    bool is_head, is_options;
    struct str path, query_text, host; // path is absent until the gate let the request pass
    struct str client, id;
    struct http_pairs headers, query;
    struct buf body;
    size_t body_bytes; // seen; over HTTP_BODY_BYTES they are not kept
    struct router_match match;
    const char *route_name;
    struct reply reply;
    uint64_t started_ns; // uv_hrtime at the end of the headers
    struct work work;
    void *worker_context;                              // while a worker's handler runs
    void (*keep)(void *arg, struct http_kept *answer); // or NULL
    void *keep_arg;
};

// exchange.c: the life of one, driven by libmicrohttpd.
struct http_exchange *exchange_new(struct http_connection *c, struct MHD_Connection *mhd,
                                   const char *target);
// Called for the headers, for each part of the body, for its end, and again after a resume.
enum MHD_Result exchange_step(struct http_exchange *x, const char *method, const char *version,
                              const char *data, size_t *size);
void exchange_answered(struct http_exchange *x);  // the handler's side is done, the reply finished
void exchange_completed(struct http_exchange *x); // libmicrohttpd is done with the request
void exchange_resume(struct http_exchange *x);    // ends the suspension, if there is one

// dispatch.c: finds the handler of a request that is whole, and runs it or hands it to a worker.
// After it the exchange is answered and its reply finished, or it is still `handled`.
void exchange_dispatch(struct http_exchange *x);
void exchange_read_method(struct http_exchange *x, struct str method);

// reply.c: what is due to every answer once its handler is done: 304, compression. On the handler's
// thread.
void reply_finish(struct http_exchange *x);
// Hands the answer to libmicrohttpd. On the loop.
enum MHD_Result reply_queue(struct http_exchange *x);

// kept.c: makes the finished reply one that can be kept, and tells who asked for it.
void kept_make(struct http_exchange *x);

// response.c: forgets the answer given so far.
void response_clear(struct http_exchange *x);
// Adds a header without looking at it; `name` is a constant.
void response_header(struct http_exchange *x, const char *name, struct str value);
