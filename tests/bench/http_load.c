// Requests sent when they are due, whether or not the ones before were answered: an open loop, as people are. user_view.py runs it.
//
//     http_load ADDRESS:PORT RATE SECONDS SEED CPU <requests >answers
//
// A line of `requests` is KIND, a tab, a path. They are sent once each, in that order, RATE a second in the mean, at moments decided by
// SEED (a Poisson process), until SECONDS, the last line, or SIGTERM. A line of `answers`: KIND, milliseconds from when it was due to the
// last byte of the answer, milliseconds from when it was due to when this program came to it, status, bytes of the body. Status is 0
// where there was no answer in 30 seconds, or none at all. Its CPU and how late it was itself are told on stderr.
//
// One thread, at most 60 connections, kept alive, so that the server's limit for one address is not met; a request waits for one, and the
// wait counts. Runs on the core CPU (-1: any), ahead of what else is there where it may (SCHED_FIFO).
#include "base/arena.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 60, BUFFER = 64 * 1024, HEADERS = 16 * 1024, REQUEST = 8 * 1024 };
#define ANSWER_SECONDS 30.0

struct request {
    struct str kind, path;
    double due, seen; // seconds since the start; seen: when this program came to it
};

struct connection {
    int fd;                // -1: none
    struct request *asked; // NULL: idle
    char head[HEADERS + 1];
    size_t head_bytes, body_bytes, body_left;
    bool in_body, used; // used: it has answered before, so the server may have closed it meanwhile
    unsigned status;
};

static struct connection connections[CONNECTIONS];
static struct sockaddr_in server;
static const char *host;
static volatile sig_atomic_t stopped;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static double seconds(void)
{
    static double start;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    double now = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
    start = start > 0 ? start : now;
    return now - start;
}

// ---- What is to be asked -------------------------------------------------------------------------

static double unit(uint64_t *state) // splitmix64, (0, 1]
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return ((double)((z ^ z >> 31) >> 11) + 1) / 9007199254740992.0;
}

static struct request *read_requests(double rate, double most, uint64_t seed, size_t *n,
                                     struct arena *a)
{
    char line[REQUEST];
    struct request *list = NULL;
    double due = 0;
    *n = 0;
    while (fgets(line, sizeof line, stdin)) {
        struct str path = str_slice(line, strcspn(line, "\n")), kind;
        if (!str_next(&path, '\t', &kind) || !path.n)
            continue;
        due += -log(unit(&seed)) / rate;
        if (due > most)
            break;
        if (!(*n & (*n - 1)))
            list = xrealloc(list, (2 * *n + 1) * sizeof *list);
        list[(*n)++] =
            (struct request){.kind = arena_str(a, kind), .path = arena_str(a, path), .due = due};
    }
    return list;
}

// ---- Asking --------------------------------------------------------------------------------------

static void tell(const struct request *r, unsigned status, size_t bytes, double now)
{
    printf("%.*s\t%.3f\t%.3f\t%u\t%zu\n", STR_ARG(r->kind), (now - r->due) * 1e3,
           (r->seen - r->due) * 1e3, status, bytes);
}

static void close_connection(struct connection *c)
{
    if (c->fd >= 0)
        close(c->fd);
    *c = (struct connection){.fd = -1};
}

static void give_up(struct connection *c)
{
    if (c->asked)
        tell(c->asked, 0, 0, seconds());
    close_connection(c);
}

static bool open_connection(struct connection *c)
{
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&server, sizeof server) < 0)
        return false;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return true;
}

static void send_request(struct connection *c, struct request *r)
{
    char text[REQUEST + 200];
    c->asked = r;
    c->head_bytes = c->body_bytes = c->body_left = 0;
    c->in_body = false;
    int n = snprintf(text, sizeof text,
                     "GET %.*s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: gzip\r\n\r\n",
                     STR_ARG(r->path), host);
    if (c->fd < 0 && !open_connection(c)) {
        give_up(c);
        return;
    }
    if (send(c->fd, text, (size_t)n, MSG_NOSIGNAL) != n) // so few bytes fit, or it is closed
        give_up(c);
}

static struct connection *idle_connection(void)
{
    struct connection *closed = NULL;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (connections[i].fd >= 0 && !connections[i].asked)
            return &connections[i];
        if (connections[i].fd < 0)
            closed = &connections[i];
    }
    return closed;
}

// ---- Answers -------------------------------------------------------------------------------------

static void answered(struct connection *c)
{
    tell(c->asked, c->status, c->body_bytes, seconds());
    bool closing = strcasestr(c->head, "\r\nConnection: close") != NULL;
    c->asked = NULL;
    c->used = true;
    if (closing)
        close_connection(c);
}

static void take_body(struct connection *c, size_t n)
{
    n = n < c->body_left ? n : c->body_left;
    c->body_left -= n;
    c->body_bytes += n;
    if (!c->body_left)
        answered(c);
}

static void take_head(struct connection *c, const char *bytes, size_t n)
{
    size_t kept = n < HEADERS - c->head_bytes ? n : HEADERS - c->head_bytes;
    memcpy(c->head + c->head_bytes, bytes, kept);
    c->head[c->head_bytes += kept] = '\0';
    const char *end = strstr(c->head, "\r\n\r\n"),
               *length = strcasestr(c->head, "\r\nContent-Length:");
    if (!end && c->head_bytes < HEADERS)
        return;
    if (!end || sscanf(c->head, "HTTP/1.1 %u", &c->status) != 1 || !length || length > end) {
        give_up(c); // nothing here is answered without a length
        return;
    }
    c->in_body = true;
    c->body_left = (size_t)strtoull(length + strlen("\r\nContent-Length:"), NULL, 10);
    size_t head = (size_t)(end + 4 - c->head) - (c->head_bytes - kept);
    take_body(c, n - head);
}

static void receive(struct connection *c)
{
    static char bytes[BUFFER];
    ssize_t n = recv(c->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0 && c->asked && c->used && !c->head_bytes) { // closed as we wrote: asked anew
        struct request *again = c->asked;
        close_connection(c);
        send_request(c, again);
    } else if (n <= 0 || !c->asked) {
        give_up(c);
    } else if (c->in_body) {
        take_body(c, (size_t)n);
    } else {
        take_head(c, bytes, (size_t)n);
    }
}

// Until something comes, or `until`.
static void wait_for(double until)
{
    struct pollfd polled[CONNECTIONS];
    struct connection *of[CONNECTIONS];
    nfds_t n = 0;
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (connections[i].fd >= 0) {
            of[n] = &connections[i];
            polled[n++] = (struct pollfd){.fd = connections[i].fd, .events = POLLIN};
        }
    double left = until - seconds();
    left = left > 0 ? left : 0;
    struct timespec timeout = {(time_t)left, (long)((left - floor(left)) * 1e9)};
    if (ppoll(polled, n, &timeout, NULL) <= 0)
        return;
    for (nfds_t i = 0; i < n; i++)
        if (polled[i].revents)
            receive(of[i]);
}

static bool expire(double now)
{
    bool asked = false;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct connection *c = &connections[i];
        if (c->asked && now - c->asked->seen > ANSWER_SECONDS)
            give_up(c);
        asked = asked || c->asked;
    }
    return asked;
}

static void run(struct request *list, size_t n, double most)
{
    size_t due = 0, sent = 0;
    bool waiting = true;
    while (waiting) {
        double now = seconds();
        bool ending = stopped || now > most;
        while (!ending && due < n && list[due].due <= now)
            list[due++].seen = now;
        struct connection *c;
        while (!ending && sent < due && (c = idle_connection()) != NULL)
            send_request(c, &list[sent++]);
        waiting = expire(now) || (!ending && sent < n);
        if (waiting)
            wait_for(!ending && due < n && list[due].due < now + 1 ? list[due].due : now + 1);
    }
    for (; sent < due; sent++) // they waited for a connection until the end
        tell(&list[sent], 0, 0, seconds());
}

// ---- The program -----------------------------------------------------------------------------------

static void on_stop(int number)
{
    (void)number;
    stopped = 1;
}

static void take_place(int cpu)
{
    cpu_set_t set;
    struct sched_param first = {.sched_priority = 1};
    CPU_ZERO(&set);
    if (cpu >= 0) {
        CPU_SET((unsigned)cpu, &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    if (sched_setscheduler(0, SCHED_FIFO, &first) < 0)
        fputs("may not run ahead of others: its own lateness is in the times\n", stderr);
}

static void read_address(char *address)
{
    char *port = strrchr(address, ':');
    host = xstrdup(address);
    if (!port)
        fail("ADDRESS:PORT");
    *port = '\0';
    server =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port + 1))};
    if (inet_pton(AF_INET, address, &server.sin_addr) != 1)
        fail(address);
}

int main(int argc, char **argv)
{
    struct arena a = {0};
    size_t n;
    if (argc != 6) {
        fputs("usage: http_load ADDRESS:PORT RATE SECONDS SEED CPU\n", stderr);
        return 2;
    }
    read_address(argv[1]);
    double rate = strtod(argv[2], NULL), most = strtod(argv[3], NULL);
    struct request *list = read_requests(rate, most, strtoull(argv[4], NULL, 10), &n, &a);
    for (size_t i = 0; i < CONNECTIONS; i++)
        connections[i].fd = -1;
    struct sigaction stop = {.sa_handler = on_stop};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    take_place(atoi(argv[5]));
    double cpu = (double)clock() / CLOCKS_PER_SEC, from = seconds();
    run(list, n, most);
    fprintf(stderr, "%.2f s of CPU in %.1f s\n", (double)clock() / CLOCKS_PER_SEC - cpu,
            seconds() - from);
    free(list);
    free((char *)(uintptr_t)host);
    arena_free(&a);
    return fflush(stdout) ? 1 : 0;
}
