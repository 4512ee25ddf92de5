// See curl_loop.h.
#include "harvester/curl_loop.h"

#include "base/arena.h"

#include <stdlib.h>

struct curl_loop {
    CURLM *multi;
    uv_loop_t *loop;
    uv_timer_t timer;
    unsigned handles; // not closed yet: the timer and the watches
    bool closing;
    void (*done)(CURL *easy, CURLcode code, void *arg);
    void (*closed)(void *arg);
    void *done_arg, *closed_arg;
};

struct watch { // of one socket
    uv_poll_t poll;
    curl_socket_t socket;
    struct curl_loop *owner;
};

static void handle_closed(struct curl_loop *c)
{
    if (--c->handles)
        return;
    void (*closed)(void *) = c->closed;
    void *arg = c->closed_arg;
    free(c);
    if (closed)
        closed(arg);
}

static void on_timer_closed(uv_handle_t *handle)
{
    handle_closed(handle->data);
}

static void on_watch_closed(uv_handle_t *handle)
{
    struct watch *w = handle->data;
    struct curl_loop *c = w->owner;
    free(w);
    handle_closed(c);
}

// `done` may close the curl_loop, whose memory stays until a later turn.
static void report_ended(struct curl_loop *c)
{
    int left;
    CURLMsg *message;
    while (!c->closing && (message = curl_multi_info_read(c->multi, &left)))
        if (message->msg == CURLMSG_DONE)
            c->done(message->easy_handle, message->data.result, c->done_arg);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct watch *w = poll->data;
    struct curl_loop *c = w->owner;
    // On an error libcurl shall try both ways: the system then says what the error is.
    int flags = status < 0 ? CURL_CSELECT_IN | CURL_CSELECT_OUT : 0, running;
    if (events & UV_READABLE)
        flags |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE)
        flags |= CURL_CSELECT_OUT;
    curl_multi_socket_action(c->multi, w->socket, flags, &running);
    report_ended(c);
}

static void on_timeout(uv_timer_t *timer)
{
    struct curl_loop *c = timer->data;
    int running;
    curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    report_ended(c);
}

// libcurl forbids calling back into it from here, so even "now" waits for the timer.
static int on_curl_timer(CURLM *multi, long milliseconds, void *arg)
{
    (void)multi;
    struct curl_loop *c = arg;
    if (c->closing)
        return 0;
    if (milliseconds < 0)
        uv_timer_stop(&c->timer);
    else
        uv_timer_start(&c->timer, on_timeout, (uint64_t)milliseconds, 0);
    return 0;
}

static struct watch *watch_open(struct curl_loop *c, curl_socket_t socket)
{
    struct watch *w = xcalloc(1, sizeof *w);
    if (uv_poll_init_socket(c->loop, &w->poll, socket) != 0) {
        free(w);
        return NULL;
    }
    w->poll.data = w;
    w->socket = socket;
    w->owner = c;
    c->handles++;
    curl_multi_assign(c->multi, socket, w);
    return w;
}

static int on_curl_socket(CURL *easy, curl_socket_t socket, int what, void *arg, void *socket_arg)
{
    (void)easy;
    struct curl_loop *c = arg;
    struct watch *w = socket_arg;
    if (what == CURL_POLL_REMOVE) {
        if (w) {
            curl_multi_assign(c->multi, socket, NULL);
            uv_poll_stop(&w->poll);
            uv_close((uv_handle_t *)&w->poll, on_watch_closed);
        }
        return 0;
    }
    if (!w && !(w = watch_open(c, socket)))
        return -1;
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    return uv_poll_start(&w->poll, events, on_poll) == 0 ? 0 : -1;
}

struct curl_loop *curl_loop_new(uv_loop_t *loop, unsigned connections_kept,
                                void (*done)(CURL *easy, CURLcode code, void *arg), void *arg,
                                struct err *e)
{
    CURLM *multi = curl_multi_init();
    if (!multi) {
        err_set(e, ERR_IO, "libcurl cannot be set up");
        return NULL;
    }
    struct curl_loop *c = xcalloc(1, sizeof *c);
    *c = (struct curl_loop){
        .multi = multi, .loop = loop, .handles = 1, .done = done, .done_arg = arg};
    uv_timer_init(loop, &c->timer);
    c->timer.data = c;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, c);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, c);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)connections_kept);
    return c;
}

bool curl_loop_add(struct curl_loop *c, CURL *easy, struct err *e)
{
    CURLMcode code = curl_multi_add_handle(c->multi, easy);
    return code == CURLM_OK ||
           err_set(e, ERR_INTERNAL, "libcurl refused a transfer: %s", curl_multi_strerror(code));
}

void curl_loop_remove(struct curl_loop *c, CURL *easy)
{
    curl_multi_remove_handle(c->multi, easy);
}

void curl_loop_close(struct curl_loop *c, void (*closed)(void *arg), void *arg)
{
    c->closing = true;
    c->closed = closed;
    c->closed_arg = arg;
    curl_multi_cleanup(c->multi); // closes the idle connections, and with them their watches
    uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}
