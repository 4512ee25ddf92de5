// See parse.h. The child is found beside the running program, else where it is installed; $GLANEUR_PARSE names another, for tests.
#include "harvester/sandbox/parse.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef GLANEUR_LIBEXEC
#define GLANEUR_LIBEXEC "/usr/bin"
#endif

enum { PIECE = 64 * 1024, BYTES_A_SECOND = 2 << 20, MEMORY_NEAR_KB = 400 * 1024 };

struct running {
    const struct parse_job *job;
    pid_t pid;
    int in, out;        // our ends; -1 once closed
    char piece[PIECE];  // of fd
    struct str waiting; // to be written
    struct buf got;
    double cpu_limit, deadline;
    bool ready, over, failed; // over: DONE or FAILED came
    struct err error;         // of FAILED, of a callback, or ours
};

static _Thread_local double thread_cpu_seconds;

double parse_cpu_seconds(void)
{
    return thread_cpu_seconds;
}

bool parse_take_byte(struct str *body, unsigned *v)
{
    if (body->n < 1)
        return false;
    *v = (unsigned char)body->p[0];
    *body = str_slice(body->p + 1, body->n - 1);
    return true;
}

static uint32_t int_at(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

bool parse_take_int(struct str *body, uint32_t *v)
{
    if (body->n < 4)
        return false;
    *v = int_at(body->p);
    *body = str_slice(body->p + 4, body->n - 4);
    return true;
}

bool parse_take_text(struct str *body, struct str *s)
{
    uint32_t n;
    if (!parse_take_int(body, &n) || n > body->n)
        return false;
    *s = str_slice(body->p, n);
    *body = str_slice(body->p + n, body->n - n);
    return (!n || !memchr(s->p, '\0', n)) && utf8_valid(*s);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool find_program(char path[4096])
{
    const char *given = secure_getenv("GLANEUR_PARSE");
    if (given) {
        snprintf(path, 4096, "%s", given);
        return access(path, X_OK) == 0;
    }
    char self[4000];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = '\0';
        char *slash = strrchr(self, '/');
        if (slash) {
            *slash = '\0';
            snprintf(path, 4096, "%s/glaneur-parse", self);
            if (access(path, X_OK) == 0)
                return true;
        }
    }
    snprintf(path, 4096, "%s/glaneur-parse", GLANEUR_LIBEXEC);
    return access(path, X_OK) == 0;
}

// Above the standard descriptors, which the child's take the place of.
static bool lift(int *fd)
{
    if (*fd > STDERR_FILENO)
        return true;
    int higher = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(*fd);
    *fd = higher;
    return higher >= 0;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int start_process(struct running *r, const char *path, char *const *argv, int in, int out)
{
    char *const environment[] = {NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int rc = posix_spawn(&r->pid, path, &files, &attributes, argv, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return rc;
}

static bool start(struct running *r, struct err *e)
{
    char path[4096], seconds[32];
    char *argv[8] = {path, seconds};
    // A socket rather than a pipe: writing to a child that has died is then an error, not a signal.
    int to_child[2] = {-1, -1}, from_child[2] = {-1, -1};
    snprintf(seconds, sizeof seconds, "%.0f", r->cpu_limit);
    for (size_t i = 0; i < 5 && r->job->words[i]; i++)
        argv[2 + i] = (char *)(uintptr_t)r->job->words[i];
    if (!find_program(path)) {
        err_set(e, ERR_INTERNAL, "The parser %s cannot be run: error %d.", path, errno);
        return err_hint(e, "glaneur-parse is built and installed with glaneur: put it beside it");
    }
    int rc = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, to_child) != 0 ||
        pipe2(from_child, O_CLOEXEC) != 0 || !lift(&to_child[0]) || !lift(&to_child[1]) ||
        !lift(&from_child[0]) || !lift(&from_child[1]) ||
        fcntl(to_child[0], F_SETFL, O_NONBLOCK) != 0 ||
        fcntl(from_child[0], F_SETFL, O_NONBLOCK) != 0)
        rc = errno;
    if (rc == 0)
        rc = start_process(r, path, argv, to_child[1], from_child[1]);
    close_fd(&to_child[1]);
    close_fd(&from_child[1]);
    r->in = to_child[0];
    r->out = from_child[0];
    if (rc == 0)
        return true;
    r->pid = -1;
    return err_set(e, ERR_INTERNAL, "The parser %s cannot be started: error %d.", path, rc);
}

static bool nonsense(struct running *r)
{
    return err_set(&r->error, ERR_INTERNAL, "The parser sent what it should not.");
}

// Only these come from a child in good faith.
static bool is_child_code(unsigned code)
{
    return code == ERR_PARSE || code == ERR_REFUSED || code == ERR_MEMORY || code == ERR_IO ||
           code == ERR_INTERNAL || code == ERR_ARGUMENT;
}

static bool take_failed(struct running *r, struct str body)
{
    unsigned code;
    uint32_t line;
    struct str what;
    if (!parse_take_byte(&body, &code) || !parse_take_int(&body, &line) ||
        !parse_take_text(&body, &what) || body.n || !is_child_code(code))
        return nonsense(r);
    r->over = true;
    if (code == ERR_MEMORY)
        code = ERR_REFUSED;
    if (line)
        return err_set(&r->error, (enum err_code)code, "line %u: %.*s", line, STR_ARG(what));
    return err_set(&r->error, (enum err_code)code, "%.*s", STR_ARG(what));
}

static bool take_message(struct running *r, unsigned kind, struct str body)
{
    unsigned version;
    if (kind == STREAM_FAILED && !r->over)
        return take_failed(r, body);
    if (!r->ready) {
        r->ready = kind == STREAM_READY && parse_take_byte(&body, &version) &&
                   version == STREAM_VERSION && !body.n;
        if (!r->ready)
            err_set(&r->error, ERR_INTERNAL, "The parser is not of the same version as glaneur.");
        return r->ready;
    }
    if (r->over || kind == STREAM_READY)
        return nonsense(r);
    if (kind == STREAM_DONE) {
        r->over = true;
        return !body.n || nonsense(r);
    }
    return r->job->message(r->job->arg, (enum stream_kind)kind, body, &r->error);
}

// Every whole message that is there.
static bool take_messages(struct running *r)
{
    size_t at = 0;
    bool good = true;
    while (good && r->got.n - at >= STREAM_HEAD) {
        uint32_t n = int_at(r->got.p + at + 1);
        if (n > STREAM_BODY_MAX)
            return nonsense(r);
        if (r->got.n - at - STREAM_HEAD < n)
            break;
        good =
            take_message(r, (unsigned char)r->got.p[at], str_slice(r->got.p + at + STREAM_HEAD, n));
        at += STREAM_HEAD + n;
    }
    if (at)
        memmove(r->got.p, r->got.p + at, r->got.n - at);
    r->got.n -= at;
    return good;
}

// Reads what came; *end: the child has closed its side.
static bool receive(struct running *r, bool *end)
{
    buf_reserve(&r->got, PIECE);
    ssize_t n = read(r->out, r->got.p + r->got.n, PIECE);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (n < 0)
        return err_set(&r->error, ERR_INTERNAL, "The parser cannot be read: error %d.", errno);
    *end = n == 0;
    r->got.n += (size_t)n;
    double before = now();
    bool good = take_messages(r);
    r->deadline += now() - before; // what the messages' reader takes is no time of the child's
    return good;
}

// Writes what the child takes, and closes at the document's end. A child that takes no more tells why by its messages, or its end.
static bool send_some(struct running *r)
{
    if (!r->waiting.n && r->job->fd >= 0) {
        ssize_t n;
        do
            n = read(r->job->fd, r->piece, sizeof r->piece);
        while (n < 0 && errno == EINTR);
        if (n < 0)
            return err_set(&r->error, ERR_IO, "The document cannot be read: error %d.", errno);
        r->waiting = str_slice(r->piece, (size_t)n);
    }
    if (!r->waiting.n) {
        close_fd(&r->in);
        return true;
    }
    ssize_t n = send(r->in, r->waiting.p, r->waiting.n, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EINTR)
        close_fd(&r->in);
    else if (n > 0)
        r->waiting = str_slice(r->waiting.p + n, r->waiting.n - (size_t)n);
    return true;
}

static bool converse(struct running *r)
{
    bool end = false;
    while (!end) {
        struct pollfd fds[2] = {{.fd = r->out, .events = POLLIN}, {.fd = r->in, .events = POLLOUT}};
        double left = r->deadline - now();
        if (left <= 0)
            return err_set(&r->error, ERR_REFUSED, "The parser took too long, and was stopped.");
        int n = poll(fds, 2, left > 1000 ? 1000000 : (int)(left * 1000) + 1);
        if (n < 0 && errno != EINTR)
            return err_set(&r->error, ERR_INTERNAL, "poll: error %d.", errno);
        if (n <= 0)
            continue;
        if (fds[0].revents && !receive(r, &end))
            return false;
        if (fds[1].revents && r->in >= 0 && !send_some(r))
            return false;
    }
    return true;
}

// Why a child ended that did not say so itself.
static bool tell_end(const struct running *r, int status, const struct rusage *use, struct err *e)
{
    double cpu = (double)use->ru_utime.tv_sec + (double)use->ru_stime.tv_sec + 1;
    if (!WIFSIGNALED(status))
        return err_set(e, ERR_INTERNAL, "The parser ended in the midst of its work, with code %d.",
                       WEXITSTATUS(status));
    int number = WTERMSIG(status);
    if (number == SIGXCPU || (number == SIGKILL && cpu >= r->cpu_limit))
        return err_set(e, ERR_REFUSED, "The document takes over %.0f seconds to parse.",
                       r->cpu_limit);
    if (number == SIGSYS)
        return err_set(e, ERR_INTERNAL,
                       "The parser was killed: it asked the system for what it may not.");
    if ((number == SIGSEGV || number == SIGABRT || number == SIGBUS) &&
        use->ru_maxrss > MEMORY_NEAR_KB)
        return err_set(e, ERR_REFUSED, "The document takes too much memory to parse.");
    return err_set(e, ERR_INTERNAL, "The parser died of signal %d.", number);
}

// Kills (which does nothing to one that has ended) and reaps.
static bool reap(const struct running *r, int *status, struct rusage *use)
{
    pid_t got;
    kill(r->pid, SIGKILL);
    do
        got = wait4(r->pid, status, 0, use);
    while (got < 0 && errno == EINTR);
    if (got != r->pid)
        return false;
    thread_cpu_seconds += (double)(use->ru_utime.tv_sec + use->ru_stime.tv_sec) +
                          (double)(use->ru_utime.tv_usec + use->ru_stime.tv_usec) / 1e6;
    return true;
}

static double cpu_limit(const struct parse_job *job)
{
    uint64_t size = job->bytes.n;
    struct stat st;
    if (job->cpu_seconds > 0)
        return job->cpu_seconds;
    if (job->fd >= 0)
        size = fstat(job->fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
    double limit = PARSE_CPU_SECONDS + (double)(size / BYTES_A_SECOND);
    return limit < 3600 ? limit : 3600;
}

bool parse_document(const struct parse_job *job, struct err *e)
{
    struct running *r = calloc(1, sizeof *r);
    if (!r)
        return err_set(e, ERR_MEMORY, "No memory for the parser.");
    r->job = job;
    r->in = r->out = -1;
    r->cpu_limit = cpu_limit(job);
    if (job->fd < 0)
        r->waiting = job->bytes;
    bool good = start(r, e);
    if (good) {
        int status = 0;
        struct rusage use = {0};
        r->deadline = now() + (job->wall_seconds > 0 ? job->wall_seconds : 2 * r->cpu_limit + 30);
        good = converse(r);
        bool reaped = reap(r, &status, &use);
        if (!good && e)
            *e = r->error;
        else if (good && !r->over)
            good = reaped ? tell_end(r, status, &use, e)
                          : err_set(e, ERR_INTERNAL, "The parser ended, and nobody knows how.");
    }
    close_fd(&r->in);
    close_fd(&r->out);
    buf_free(&r->got);
    free(r);
    return good;
}
