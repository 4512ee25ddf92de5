// See connections.h.
#include "api/http/connections.h"

#include <arpa/inet.h>
#include <sys/socket.h>

enum { SEND_BYTES_PER_SECOND = 16 * 1024 }; // the slowest that a client may take an answer

// Shuts what is late down, and sets the timer to the next deadline.
static void on_deadline(uv_timer_t *timer)
{
    struct connections *all = timer->data;
    uint64_t now = uv_now(timer->loop), next = 0;
    for (struct http_connection *c = all->first; c; c = c->next) {
        if (c->deadline_ms && c->deadline_ms <= now)
            connection_shut(c);
        if (c->deadline_ms && (!next || c->deadline_ms < next))
            next = c->deadline_ms;
    }
    if (next)
        uv_timer_start(timer, on_deadline, next - now, 0);
}

struct http_limits connections_limits(const struct http_limits *given)
{
    struct http_limits l = *given;
    l.connections = l.connections ? l.connections : 1000;
    l.connections_per_address = l.connections_per_address ? l.connections_per_address : 64;
    l.header_ms = l.header_ms ? l.header_ms : 10000;
    l.request_ms = l.request_ms ? l.request_ms : 30000;
    l.idle_ms = l.idle_ms ? l.idle_ms : 30000;
    l.send_ms = l.send_ms ? l.send_ms : 30000;
    return l;
}

void connections_start(struct connections *all, uv_loop_t *loop)
{
    uv_timer_init(loop, &all->timer);
    all->timer.data = all;
}

static void read_peer(const struct sockaddr *peer, struct http_connection *out)
{
    static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    if (peer->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)peer;
        memcpy(out->network, mapped, sizeof mapped);
        memcpy(out->network + sizeof mapped, &v4->sin_addr, 4);
        inet_ntop(AF_INET, &v4->sin_addr, out->address, sizeof out->address);
    } else if (peer->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)peer;
        memcpy(out->network, &v6->sin6_addr, 8);
        inet_ntop(AF_INET6, &v6->sin6_addr, out->address, sizeof out->address);
    } else {
        memcpy(out->address, "unix", sizeof "unix");
    }
}

bool connections_admit(const struct connections *all, const struct http_settings *settings,
                       const struct sockaddr *peer, struct http_connection *out)
{
    unsigned same = 0;
    read_peer(peer, out);
    out->counted = (peer->sa_family == AF_INET || peer->sa_family == AF_INET6) &&
                   !(settings->trusted_proxy &&
                     settings->trusted_proxy(settings->trusted_proxy_arg, str_of(out->address)));
    if (!out->counted)
        return true;
    for (const struct http_connection *c = all->first; c; c = c->next)
        same += c->counted && memcmp(c->network, out->network, sizeof c->network) == 0;
    return same < all->limits.connections_per_address;
}

static void set_deadline(struct connections *all, struct http_connection *c, uint64_t at)
{
    uint64_t now = uv_now(all->timer.loop);
    c->deadline_ms = at;
    if (!uv_is_active((uv_handle_t *)&all->timer) || uv_timer_get_due_in(&all->timer) + now > at)
        uv_timer_start(&all->timer, on_deadline, at > now ? at - now : 0, 0);
}

void connections_add(struct connections *all, struct http_connection *c)
{
    c->next = all->first;
    if (all->first)
        all->first->previous = c;
    all->first = c;
    all->count++;
    c->started_ms = uv_now(all->timer.loop);
    set_deadline(all, c, c->started_ms + all->limits.header_ms);
}

void connections_remove(struct connections *all, struct http_connection *c)
{
    if (c->previous)
        c->previous->next = c->next;
    else
        all->first = c->next;
    if (c->next)
        c->next->previous = c->previous;
    all->count--;
    if (!all->first)
        uv_timer_stop(&all->timer);
}

void connection_begins(struct connections *all, struct http_connection *c)
{
    if (c->started_ms) // the connection's first request began with it
        return;
    c->started_ms = uv_now(all->timer.loop);
    set_deadline(all, c, c->started_ms + all->limits.header_ms);
}

void connection_reads_body(struct connections *all, struct http_connection *c)
{
    set_deadline(all, c, c->started_ms + all->limits.request_ms);
}

void connection_is_handled(struct http_connection *c)
{
    c->deadline_ms = 0;
}

void connection_sends(struct connections *all, struct http_connection *c, size_t bytes)
{
    uint64_t allowed = all->limits.send_ms + (uint64_t)bytes * 1000 / SEND_BYTES_PER_SECOND;
    set_deadline(all, c, uv_now(all->timer.loop) + allowed);
}

void connection_idles(struct connections *all, struct http_connection *c)
{
    c->started_ms = 0;
    set_deadline(all, c, uv_now(all->timer.loop) + all->limits.idle_ms);
}

void connection_shut(struct http_connection *c)
{
    c->deadline_ms = 0;
    shutdown(c->fd, SHUT_RDWR);
}
