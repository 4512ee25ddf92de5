// See server.h. libmicrohttpd polls with an epoll of its own; we watch that, and run it when it has
// something to do (its manual's "external" polling). It gets sockets that we accepted: so the caps
// are ours, and a lack of descriptors cannot make it spin.
#include "api/http/daemon.h"

#include "api/http/exchange.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ACCEPTED_AT_ONCE = 16,        // then the loop has its turn
    ACCEPT_AGAIN_MS = 200,        // after a lack of descriptors or memory
    CONNECTION_MEMORY = 32 * 1024 // of libmicrohttpd's, for a request's line and headers
};

// ---- libmicrohttpd's callbacks

static void *on_request_line(void *arg, const char *target, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    (void)arg;
    return exchange_new(info->socket_context, mhd, target);
}

static enum MHD_Result on_step(void *arg, struct MHD_Connection *mhd, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *size, void **exchange)
{
    (void)arg, (void)mhd, (void)url;
    return exchange_step(*exchange, method, version, data, size);
}

static void on_completed(void *arg, struct MHD_Connection *mhd, void **exchange,
                         enum MHD_RequestTerminationCode how)
{
    (void)arg, (void)mhd, (void)how;
    if (*exchange)
        exchange_completed(*exchange);
    *exchange = NULL;
}

static void accept_again(struct http_server *s);

static void on_connection(void *arg, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http_server *s = arg;
    (void)mhd;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = s->accepted;
        connections_add(&s->connections, s->accepted);
        s->accepted = NULL;
        return;
    }
    connections_remove(&s->connections, *context);
    free(*context);
    accept_again(s);
}

static size_t keep_escapes(void *arg, struct MHD_Connection *mhd, char *text)
{
    (void)arg, (void)mhd;
    return strlen(text);
}

static void on_message(void *arg, const char *format, va_list args)
{
    const struct http_server *s = arg;
    char text[400];
    if (!log_enabled(LOG_DEBUG))
        return;
    vsnprintf(text, sizeof text, format, args);
    log_event(LOG_DEBUG, "libmicrohttpd", F_Z("server", s->settings.name),
              F_STR("message", str_trim(str_of(text))));
}

// ---- The loop

static void run(struct http_server *s);

static void on_running(uv_timer_t *timer)
{
    run(timer->data);
}

static void finish(struct http_server *s);

static void run(struct http_server *s)
{
    unsigned long long wait;
    MHD_run(s->daemon);
    if (s->stopping && s->connections.count == 0)
        finish(s);
    else if (MHD_get_timeout(s->daemon, &wait) == MHD_YES)
        uv_timer_start(&s->running, on_running, wait, 0);
    else
        uv_timer_stop(&s->running);
}

static void on_polled(uv_poll_t *poll, int status, int events)
{
    (void)status, (void)events;
    run(poll->data);
}

void server_wake(struct http_server *s)
{
    if (s->daemon)
        uv_timer_start(&s->running, on_running, 0, 0);
}

// ---- Accepting

static void on_acceptable(uv_poll_t *poll, int status, int events);

static void accept_again(struct http_server *s)
{
    if (!s->accepts_paused || s->stopping)
        return;
    s->accepts_paused = false;
    uv_poll_start(&s->accepting, UV_READABLE, on_acceptable);
}

static void on_accept_again(uv_timer_t *timer)
{
    accept_again(timer->data);
}

static void pause_accepting(struct http_server *s)
{
    s->accepts_paused = true;
    uv_poll_stop(&s->accepting);
}

static void admit(struct http_server *s, int fd, const struct sockaddr *peer, socklen_t size)
{
    struct http_connection *c = xcalloc(1, sizeof *c);
    c->server = s;
    c->fd = fd;
    if (!connections_admit(&s->connections, &s->settings, peer, c)) {
        log_event(LOG_DEBUG, "connection refused: its address has too many",
                  F_Z("server", s->settings.name), F_Z("address", c->address));
        close(fd);
        free(c);
        return;
    }
    s->accepted = c; // on_connection takes it, in the one call (0.9.75) or in the other (1.0)
    MHD_add_connection(s->daemon, fd, peer, size);
    run(s);
    free(s->accepted); // still there: libmicrohttpd could not, and has closed the socket
    s->accepted = NULL;
}

// False: there is nothing more to accept now.
static bool accept_one(struct http_server *s)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_un path;
    } peer = {0};
    socklen_t size = sizeof peer;
    if (s->connections.count >= s->connections.limits.connections) {
        pause_accepting(s);
        return false;
    }
    int fd = accept4(s->listener.fd, &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        // Who is at the other end of a unix socket may have a path; nobody asks for it.
        admit(s, fd, &peer.any, s->listener.is_unix ? sizeof peer.any.sa_family : size);
        return true;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        log_event(LOG_WARNING, "cannot accept a connection", F_Z("server", s->settings.name),
                  F_Z("error", strerror(errno)));
        pause_accepting(s);
        uv_timer_start(&s->later, on_accept_again, ACCEPT_AGAIN_MS, 0);
        return false;
    }
    return errno != EAGAIN && errno != EWOULDBLOCK; // else the client left already: the next one
}

static void on_acceptable(uv_poll_t *poll, int status, int events)
{
    struct http_server *s = poll->data;
    (void)status, (void)events;
    for (int i = 0; i < ACCEPTED_AT_ONCE && accept_one(s); i++)
        ;
}

// ---- Stopping

void server_release(struct http_server *s)
{
    if (--s->holders)
        return;
    arena_free(&s->arena);
    free(s);
}

static void on_closed(uv_handle_t *handle)
{
    struct http_server *s = handle->data;
    if (--s->open_handles)
        return;
    if (s->done) // it may stop the workers, which ends the last exchanges
        s->done(s->done_arg);
    server_release(s);
}

// Closes what is still open. Not from libmicrohttpd's callbacks.
static void finish(struct http_server *s)
{
    uv_handle_t *const handles[] = {(uv_handle_t *)&s->accepting, (uv_handle_t *)&s->polling,
                                    (uv_handle_t *)&s->running, (uv_handle_t *)&s->later,
                                    (uv_handle_t *)&s->connections.timer};
    struct MHD_Daemon *daemon = s->daemon;
    for (struct http_connection *c = s->connections.first; c; c = c->next)
        if (c->exchange)
            exchange_resume(c->exchange); // libmicrohttpd does not stop before
    uv_poll_stop(&s->polling);            // before its descriptor is gone
    s->daemon = NULL;
    MHD_stop_daemon(daemon);
    s->open_handles = sizeof handles / sizeof *handles;
    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++) {
        handles[i]->data = s;
        uv_close(handles[i], on_closed);
    }
}

static void on_grace_over(uv_timer_t *timer)
{
    struct http_server *s = timer->data;
    if (s->connections.count)
        log_event(LOG_WARNING, "closing connections whose requests are still running",
                  F_Z("server", s->settings.name), F_INT("connections", s->connections.count));
    finish(s);
}

void http_server_stop(struct http_server *s, unsigned grace_ms, void (*done)(void *arg), void *arg)
{
    s->stopping = true;
    s->done = done;
    s->done_arg = arg;
    uv_poll_stop(&s->accepting);
    listener_close(&s->listener);
    for (struct http_connection *c = s->connections.first; c; c = c->next)
        if (!c->exchange)
            connection_shut(c);
    uv_timer_start(&s->later, on_grace_over, grace_ms, 0);
    server_wake(s);
}

// ---- Starting

static bool settings_fit(const struct http_server *s, struct err *e)
{
    for (size_t i = 0; i < s->settings.face_count; i++)
        for (size_t j = 0; j < s->settings.faces[i].count; j++)
            if ((s->settings.faces[i].routes[j].flags & HTTP_ON_WORKER) && !s->settings.workers)
                return err_set(e, ERR_CONFIG, "route %s needs workers",
                               s->settings.faces[i].routes[j].name);
    return s->settings.gzip_level <= 6 || err_set(e, ERR_CONFIG, "gzip has the levels 1 to 6");
}

static bool start_daemon(struct http_server *s, struct err *e)
{
    const unsigned spare = 8; // sockets that libmicrohttpd has closed but not yet forgotten
    // 1.0 is then strict about what is hidden from the gate (see gate.h). 0.9.75 would only take
    // what the gate does better: its own answer to a request without Host has its head twice.
    const int strictness = MHD_VERSION >= 0x01000000 ? 1 : 0;
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
        NULL, NULL, on_step, s, MHD_OPTION_EXTERNAL_LOGGER, on_message, s,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        s, MHD_OPTION_URI_LOG_CALLBACK, on_request_line, s, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes, s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_LIMIT, s->connections.limits.connections + spare,
        MHD_OPTION_STRICT_FOR_CLIENT, strictness, MHD_OPTION_END);
    return s->daemon || err_set(e, ERR_IO, "libmicrohttpd does not start: %s", strerror(errno));
}

static bool start_handles(struct http_server *s, uv_loop_t *loop, struct err *e)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    s->running.data = s->later.data = s->accepting.data = s->polling.data = s;
    if (uv_poll_init(loop, &s->polling, info->epoll_fd) != 0)
        return err_set(e, ERR_IO, "the loop does not take libmicrohttpd's epoll");
    // The loop takes whatever epoll takes, and so from here on nothing fails.
    uv_poll_init(loop, &s->accepting, s->listener.fd);
    uv_timer_init(loop, &s->running);
    uv_timer_init(loop, &s->later);
    connections_start(&s->connections, loop);
    uv_poll_start(&s->accepting, UV_READABLE, on_acceptable);
    uv_poll_start(&s->polling, UV_READABLE, on_polled);
    return true;
}

struct http_server *http_server_start(uv_loop_t *loop, const struct http_settings *settings,
                                      struct err *e)
{
    struct http_server *s = xcalloc(1, sizeof *s);
    s->holders = 1;
    s->settings = *settings;
    s->listener.fd = -1;
    s->connections.limits = connections_limits(&settings->limits);
    if (settings_fit(s, e) &&
        (s->router = router_make(&s->arena, settings->faces, settings->face_count, e)) &&
        listener_open(&s->listener, settings->listen, e) && start_daemon(s, e) &&
        start_handles(s, loop, e))
        return s;
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    listener_close(&s->listener);
    server_release(s);
    return NULL;
}

struct str http_server_address(const struct http_server *s)
{
    return str_of(s->listener.address);
}

unsigned http_server_connections(const struct http_server *s)
{
    return s->connections.count;
}
