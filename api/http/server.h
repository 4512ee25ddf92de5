// The HTTP server of a face: libmicrohttpd driven by a libuv loop (RFC 9110, RFC 9112). One server
// is one listening socket, its routes and its limits; a daemon runs two, the public face and the
// admin face. Everything here is called on the loop's thread. Handlers see request.h, response.h
// and problem.h.
#pragma once

#include "api/http/route.h"
#include "base/err.h"
#include "base/workers.h"

#include <uv.h>

struct http_server;
struct http_problem;

enum {
    HTTP_URL_BYTES = 8 * 1024,   // of a request's target; longer: 414
    HTTP_BODY_BYTES = 64 * 1024, // of a request's body; longer: 413
    HTTP_PARAMETERS = 64         // in a query; more: 400
};

// 0 stands for the value in the comment. Times are in milliseconds.
struct http_limits {
    unsigned connections;             // 1000: more wait to be accepted
    unsigned connections_per_address; // 64: more are closed at once. An IPv6 /64 is one address;
                                      // trusted proxies and unix sockets are not counted
    unsigned header_ms;  // 10 000: from the connection, or the request line, to the headers' end
    unsigned request_ms; // 30 000: from the same moment to the body's end
    unsigned idle_ms;    // 30 000: from an answer to the next request line of the connection
    unsigned send_ms;    // 30 000, and a second for every 16 KB: for the client to take the answer
};

// What was answered, told on the loop when the answer is ready to be sent.
struct http_metric {
    const char *route;  // its stable name; "unmatched", "refused" (by the gate) when there is none
    const char *method; // "GET" ... "DELETE", "HEAD", "OPTIONS"; "other"
    unsigned status;
    double seconds; // from the end of the request's headers to the answer being ready
    size_t bytes;   // of the body as sent (0 for HEAD and 304)
};

// Copied by http_server_start; what it points to is borrowed until the server is stopped and its
// pool of workers too. A zeroed field means: none, off, the default.
struct http_settings {
    const char *name;   // "public", "admin": in logs
    const char *listen; // "127.0.0.1:8080", "[::1]:8080" (port 0: one that is free), "unix:/path"
    const struct http_face *faces;
    size_t face_count;
    struct workers *workers; // for routes that are HTTP_ON_WORKER; must outlive the server
    struct http_limits limits;
    struct str public_url; // "https://glaneur.example", no slash at its end; may be absent
    bool cors;             // Access-Control-Allow-Origin: * on GET, and preflights answered
    // For an admin face. 403 unless Host is a loopback name or address, the address listened on, or
    // one of `hosts`; and unless Origin, when there is one, is that same host (against DNS
    // rebinding). On a unix socket any Host will do: no browser gets there.
    bool check_host;
    struct strs hosts;
    int gzip_level; // 1 to 6; default 1; -1 for none
    // Is X-Forwarded-For to be believed from this address ("192.0.2.1", "2001:db8::1", "unix" for a
    // unix socket)? NULL: from none.
    bool (*trusted_proxy)(void *arg, struct str address);
    void *trusted_proxy_arg;
    // For a route that is HTTP_AT_HAND, on the loop, before its handler: answers what is at hand, and returns true, or false at once.
    bool (*at_hand)(struct http_exchange *x, void *arg);
    void *at_hand_arg;
    void (*metric)(void *arg, const struct http_metric *metric);
    void *metric_arg;
    // Shows a problem as a page, to a client whose Accept names text/html: answers with http_html
    // and returns true, or returns false for JSON. Runs on the thread that the problem arises on:
    // the loop, or a worker (problem->worker_context).
    bool (*problem_page)(struct http_exchange *x, const struct http_problem *problem, void *arg);
    void *problem_page_arg;
};

// Listens, and answers from the loop's next turn on. NULL and *e: ERR_CONFIG for an address or a
// table of routes that cannot be, ERR_CONFLICT when the address is taken, ERR_IO otherwise. A unix
// socket gets mode 0660; one that is there already is replaced only if nobody answers on it.
struct http_server *http_server_start(uv_loop_t *loop, const struct http_settings *settings,
                                      struct err *e);
// "http://127.0.0.1:8080", with the real port, or "unix:/path". Borrowed.
struct str http_server_address(const struct http_server *s);
unsigned http_server_connections(const struct http_server *s); // open now
// Stops accepting, closes what is idle, lets running requests end for at most `grace_ms`, closes
// the rest, then calls `done` (which may be NULL) on the loop and frees the server. A handler that
// is still at work then keeps its exchange, whose answer goes nowhere; the pool of workers is to be
// stopped after the server.
void http_server_stop(struct http_server *s, unsigned grace_ms, void (*done)(void *arg), void *arg);
