// The open connections of a server: who they come from, and until when they may do what they do.
// libmicrohttpd's own timeout is one of idleness, which a byte now and then resets; these are
// absolute. A connection that is late is shut down, whatever it is at. On the loop.
#pragma once

#include "api/http/server.h"

#include <netinet/in.h>

struct http_exchange;

// Owned by the server from the accepted socket until libmicrohttpd closed it.
struct http_connection {
    struct http_server *server;
    struct http_connection *previous, *next;
    struct http_exchange *exchange; // the request at hand, or NULL
    int fd;
    uint64_t started_ms;            // when the request at hand began; 0 between two
    uint64_t deadline_ms;           // by uv_now; 0 for none
    bool counted;                   // against the cap of its address
    unsigned char network[16];      // IPv4 address (mapped) or IPv6 /64, network order
    char address[INET6_ADDRSTRLEN]; // of the peer, in text; or "unix"
};

struct connections {
    struct http_connection *first;
    unsigned count;
    struct http_limits limits; // none is 0
    uv_timer_t timer;          // fires at the first deadline, or before
};

// With the defaults in place of zeros.
struct http_limits connections_limits(const struct http_limits *given);
// `limits` is set. The caller closes the timer.
void connections_start(struct connections *all, uv_loop_t *loop);
// Describes the peer of a socket just accepted. False when its address has its fill.
bool connections_admit(const struct connections *all, const struct http_settings *settings,
                       const struct sockaddr *peer, struct http_connection *out);
void connections_add(struct connections *all, struct http_connection *c);
void connections_remove(struct connections *all, struct http_connection *c);
// What a connection is at from now on, which sets its deadline.
void connection_begins(struct connections *all, struct http_connection *c); // a request line came
void connection_reads_body(struct connections *all, struct http_connection *c);
void connection_is_handled(struct http_connection *c); // no deadline: it waits for us
void connection_sends(struct connections *all, struct http_connection *c, size_t bytes);
void connection_idles(struct connections *all, struct http_connection *c);
// Ends the connection from our side: libmicrohttpd sees that and closes it.
void connection_shut(struct http_connection *c);
