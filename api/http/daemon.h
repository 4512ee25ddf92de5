// The server as the files of this folder share it. On the loop; a worker reads `settings` only.
#pragma once

#include "api/http/connections.h"
#include "api/http/listener.h"
#include "api/http/router.h"

#include <microhttpd.h>

enum { HTTP_RANDOM_BYTES = 256 };

struct http_server {
    struct http_settings settings;
    struct arena arena; // of the routes and the copied names
    struct router *router;
    struct listener listener;
    struct connections connections;
    struct http_connection *accepted; // on its way to libmicrohttpd
    struct MHD_Daemon *daemon;        // NULL once stopped
    uv_poll_t accepting, polling;     // the listening socket, libmicrohttpd's epoll
    uv_timer_t running;               // runs libmicrohttpd when it asks for it
    uv_timer_t later; // accepts again after a lack of resources; ends the grace of a stop
    bool accepts_paused, stopping;
    unsigned open_handles;
    unsigned holders;                        // of this struct: the open server, and each exchange
    unsigned char random[HTTP_RANDOM_BYTES]; // for ids of requests
    size_t random_left;                      // at its end
    void (*done)(void *arg);
    void *done_arg;
};

// Lets libmicrohttpd run in the loop's next turn. From anywhere on the loop, its own callbacks
// included.
void server_wake(struct http_server *s);
// A holder less; the last one frees the server.
void server_release(struct http_server *s);
