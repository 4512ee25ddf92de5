// A small HTTP/1.1 server for tests, on 127.0.0.1 and a port of its own: one thread listens, one more per connection.
// The test gives a function that writes the answer to each request. It stops with the program at the latest.
#pragma once

#include "base/buf.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SERVER_CONNECTIONS = 256, SERVER_HITS = 256 };

struct server;
struct exchange {
    struct server *server;
    int fd;
    char request[8192]; // head and body, NUL-terminated
    char path[2048];    // the request's target
    int hit;            // 1 for the first request of this path
    bool keep;          // the connection stays open
    bool counted_off;
};

struct server {
    int fd, port;
    void (*answer)(struct exchange *);
    void *(*connection)(void *exchange); // speaks on one connection
    pthread_t listener, connections[SERVER_CONNECTIONS];
    int connection_count;
    pthread_mutex_t lock; // guards what follows
    struct hit {
        char path[2048];
        int64_t ms; // when it came
    } hits[SERVER_HITS];
    int hit_count, at_once, most_at_once;
    char last_request[8192];
    bool stopping;
};

static int64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// Sends all of it; a peer that has gone is no matter.
static void send_bytes(const struct exchange *x, struct str s)
{
    for (ssize_t n; s.n && (n = send(x->fd, s.p, s.n, MSG_NOSIGNAL)) > 0;)
        s = str_slice(s.p + n, s.n - (size_t)n);
}

static void send_z(const struct exchange *x, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void send_z(const struct exchange *x, const char *format, ...)
{
    char text[8192];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    send_bytes(x, str_slice(text, (size_t)n));
}

// Counts an exchange off, once: before the end of its answer, which may bring the client's next request.
static inline void count_off(struct exchange *x)
{
    pthread_mutex_lock(&x->server->lock);
    x->server->at_once -= !x->counted_off;
    x->counted_off = true;
    pthread_mutex_unlock(&x->server->lock);
}

// A whole response: status, further header lines (each with CR LF), body.
static inline void respond(struct exchange *x, int status, const char *headers, struct str body)
{
    count_off(x);
    send_z(x, "HTTP/1.1 %d Said\r\nContent-Length: %zu\r\n%s%s\r\n", status, body.n,
           x->keep ? "" : "Connection: close\r\n", headers);
    send_bytes(x, body);
}

// Whether all of it came.
static bool is_whole(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n"), *length = strstr(request, "Content-Length: ");
    return end && (!length || strlen(end + 4) >= strtoul(length + 16, NULL, 10));
}

static bool read_request(struct exchange *x)
{
    size_t n = 0;
    x->request[0] = '\0';
    while (n + 1 < sizeof x->request && !is_whole(x->request)) {
        ssize_t got = recv(x->fd, x->request + n, sizeof x->request - 1 - n, 0);
        if (got <= 0)
            return false;
        n += (size_t)got;
        x->request[n] = '\0';
    }
    return sscanf(x->request, "%*s %2047s", x->path) == 1;
}

static void record(struct exchange *x)
{
    struct server *s = x->server;
    pthread_mutex_lock(&s->lock);
    x->hit = 1;
    for (int i = 0; i < s->hit_count; i++)
        x->hit += strcmp(s->hits[i].path, x->path) == 0;
    if (s->hit_count < SERVER_HITS) {
        struct hit *hit = &s->hits[s->hit_count++];
        snprintf(hit->path, sizeof hit->path, "%s", x->path);
        hit->ms = clock_ms();
    }
    snprintf(s->last_request, sizeof s->last_request, "%s", x->request);
    if (++s->at_once > s->most_at_once)
        s->most_at_once = s->at_once;
    pthread_mutex_unlock(&s->lock);
}

static void *serve_http(void *arg)
{
    struct exchange *x = arg;
    do {
        x->keep = x->counted_off = false;
        if (!read_request(x))
            break;
        record(x);
        x->server->answer(x);
        count_off(x);
    } while (x->keep);
    return NULL;
}

static void *serve_connection(void *arg)
{
    struct exchange *x = arg;
    x->server->connection(x);
    close(x->fd);
    free(x);
    return NULL;
}

static bool server_stopping(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    bool stopping = s->stopping;
    pthread_mutex_unlock(&s->lock);
    return stopping;
}

// Waits for the peer to close the connection, or for the server to stop.
static inline void wait_for_peer(const struct exchange *x)
{
    char byte;
    struct pollfd p = {.fd = x->fd, .events = POLLIN};
    while (!server_stopping(x->server))
        if (poll(&p, 1, 50) > 0 && recv(x->fd, &byte, 1, 0) <= 0)
            break;
}

static void *serve(void *arg)
{
    struct server *s = arg;
    struct timeval patience = {.tv_sec = 10};
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    while (!server_stopping(s) && s->connection_count < SERVER_CONNECTIONS) {
        int fd = poll(&p, 1, 50) > 0 ? accept(s->fd, NULL, NULL) : -1;
        if (fd < 0)
            continue;
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        struct exchange *x = calloc(1, sizeof *x);
        x->server = s;
        x->fd = fd;
        pthread_create(&s->connections[s->connection_count++], NULL, serve_connection, x);
    }
    return NULL;
}

// `connection` is called on a thread for each connection, with a struct exchange whose fd it uses.
static inline void server_start_raw(struct server *s, void *(*connection)(void *exchange))
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof any;
    s->connection = connection;
    pthread_mutex_init(&s->lock, NULL);
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(s->fd, (struct sockaddr *)&any, size) != 0 || listen(s->fd, 128) != 0 ||
        getsockname(s->fd, (struct sockaddr *)&any, &size) != 0)
        abort();
    s->port = ntohs(any.sin_port);
    pthread_create(&s->listener, NULL, serve, s);
}

// An HTTP server: `answer` is called on a thread for each request.
static inline void server_start(struct server *s, void (*answer)(struct exchange *))
{
    s->answer = answer;
    server_start_raw(s, serve_http);
}

// Once no client holds a connection any more.
static inline void server_stop(struct server *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->listener, NULL);
    for (int i = 0; i < s->connection_count; i++)
        pthread_join(s->connections[i], NULL);
    close(s->fd);
    pthread_mutex_destroy(&s->lock);
}

static inline int server_hits(struct server *s, const char *path)
{
    int n = 0;
    pthread_mutex_lock(&s->lock);
    for (int i = 0; i < s->hit_count; i++)
        n += strcmp(s->hits[i].path, path) == 0;
    pthread_mutex_unlock(&s->lock);
    return n;
}

// When the n-th request of a path came, in milliseconds; n from 1.
static inline int64_t server_hit_ms(struct server *s, const char *path, int n)
{
    int64_t ms = -1;
    pthread_mutex_lock(&s->lock);
    for (int i = 0; i < s->hit_count && n; i++)
        if (strcmp(s->hits[i].path, path) == 0 && --n == 0)
            ms = s->hits[i].ms;
    pthread_mutex_unlock(&s->lock);
    return ms;
}

static inline bool server_last_request_has(struct server *s, const char *text)
{
    pthread_mutex_lock(&s->lock);
    bool has = strstr(s->last_request, text) != NULL;
    pthread_mutex_unlock(&s->lock);
    return has;
}
