// The parent's side of the parsing child: this program is also the child, and misbehaves in each way that it is told to. The document
// goes in and messages come out without a deadlock, whatever it does ends in the right error, and it is always dead and reaped.
#include "base/buf.h"
#include "harvester/sandbox/parse.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

// ---- The child

static void say(unsigned kind, struct str body)
{
    struct buf b = {0};
    buf_addc(&b, (char)kind);
    for (int i = 0; i < 4; i++)
        buf_addc(&b, (char)(body.n >> (8 * i) & 0xFF));
    buf_add(&b, body);
    for (size_t at = 0; at < b.n;) {
        ssize_t n = write(1, b.p + at, b.n - at);
        if (n < 0)
            _exit(1);
        at += (size_t)n;
    }
    buf_free(&b);
}

static void die_of(int number)
{
    signal(number, SIG_DFL);
    raise(number);
}

static void echo(void)
{
    static char bytes[60000];
    ssize_t n;
    while ((n = read(0, bytes, sizeof bytes)) > 0)
        say(STREAM_TEXT, str_slice(bytes, (size_t)n));
}

// What it was given: variables, descriptors over 2, signals blocked.
static void tell_inheritance(void)
{
    struct buf b = {0};
    sigset_t blocked;
    int variables = 0, open = 0;
    while (environ && environ[variables])
        variables++;
    for (int fd = 3; fd < 256; fd++)
        open += fcntl(fd, F_GETFD) >= 0;
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    struct sigaction pipe_action;
    sigaction(SIGPIPE, NULL, &pipe_action);
    buf_addf(&b, "%d %d %d %d", variables, open, sigismember(&blocked, SIGUSR1),
             pipe_action.sa_handler == SIG_IGN);
    say(STREAM_TEXT, buf_str(&b));
    buf_free(&b);
}

static int be_child(const char *mode)
{
    struct str m = str_of(mode);
    char version = STREAM_VERSION;
    if (str_eq(m, STR("silent")))
        return 0;
    if (str_eq(m, STR("old")))
        version = 77;
    if (!str_eq(m, STR("unready")))
        say(STREAM_READY, str_slice(&version, 1));
    if (str_eq(m, STR("cut")))
        return 3;
    if (str_eq(m, STR("half")))
        return write(1, "t\5\0\0\0ab", 7) == 7 ? 0 : 1;
    if (str_eq(m, STR("huge")))
        return write(1, "t\xff\xff\xff\xff", 5) == 5 ? (int)pause() : 1;
    if (str_eq(m, STR("fail")))
        say(STREAM_FAILED, str_slice("\16\7\0\0\0\3\0\0\0bad", 12));
    if (str_eq(m, STR("fail-memory")))
        say(STREAM_FAILED, str_slice("\21\0\0\0\0\4\0\0\0full", 13));
    if (str_eq(m, STR("fail-code")))
        say(STREAM_FAILED, str_slice("\377\7\0\0\0\3\0\0\0bad", 12));
    if (str_eq(m, STR("fail-text")))
        say(STREAM_FAILED, str_slice("\16\7\0\0\0\3\0\0\0b\377d", 12));
    if (str_eq(m, STR("fail-long")))
        say(STREAM_FAILED, str_slice("\16\7\0\0\0\377\377\0\0bad", 12));
    if (str_eq(m, STR("segv")))
        die_of(SIGSEGV);
    if (str_eq(m, STR("sys")))
        die_of(SIGSYS);
    if (str_eq(m, STR("xcpu")))
        die_of(SIGXCPU);
    if (str_eq(m, STR("hang")))
        pause();
    if (str_eq(m, STR("echo")))
        echo();
    if (str_eq(m, STR("inheritance")))
        tell_inheritance();
    while (str_eq(m, STR("flood")))
        say(STREAM_TEXT, STR("more"));
    say(STREAM_DONE, STR(""));
    if (str_eq(m, STR("after")))
        say(STREAM_TEXT, STR("x"));
    if (str_eq(m, STR("lingering")))
        pause();
    return 0;
}

// ---- The parent

struct got {
    size_t messages, bytes, stop_after;
    uint64_t sum;
    char first[100];
};

static bool on_message(void *arg, enum stream_kind kind, struct str body, struct err *e)
{
    struct got *g = arg;
    if (kind != STREAM_TEXT)
        return err_set(e, ERR_CORRUPT, "another message");
    if (!g->messages++)
        snprintf(g->first, sizeof g->first, "%.*s", (int)(body.n < 90 ? body.n : 90), body.p);
    g->bytes += body.n;
    for (size_t i = 0; i < body.n; i++)
        g->sum = g->sum * 31 + (unsigned char)body.p[i];
    return !g->stop_after || g->messages < g->stop_after || err_set(e, ERR_RECORD, "enough of it");
}

static bool run(const char *mode, struct str bytes, struct got *g, struct err *e)
{
    const char *const words[] = {mode, NULL};
    struct parse_job job = {.words = words,
                            .bytes = bytes,
                            .fd = -1,
                            .message = on_message,
                            .arg = g,
                            .wall_seconds = 20};
    *e = (struct err){0};
    return parse_document(&job, e);
}

static void is_end(const char *mode, enum err_code code, const char *what)
{
    struct got g = {0};
    struct err e;
    printf("# %s\n", mode);
    ok(!run(mode, STR("<a/>"), &g, &e));
    is_int(e.code, code);
    is_str(e.what, what);
}

static void test_ends(void)
{
    const char *nonsense = "The parser sent what it should not.";
    const char *version = "The parser is not of the same version as glaneur.";
    is_end("silent", ERR_INTERNAL, "The parser ended in the midst of its work, with code 0.");
    is_end("old", ERR_INTERNAL, version);
    is_end("unready", ERR_INTERNAL, version);
    is_end("cut", ERR_INTERNAL, "The parser ended in the midst of its work, with code 3.");
    is_end("half", ERR_INTERNAL, "The parser ended in the midst of its work, with code 0.");
    is_end("huge", ERR_INTERNAL, nonsense);
    is_end("after", ERR_INTERNAL, nonsense);
    is_end("fail", ERR_PARSE, "line 7: bad");
    is_end("fail-memory", ERR_REFUSED, "full");
    is_end("fail-code", ERR_INTERNAL, nonsense);
    is_end("fail-text", ERR_INTERNAL, nonsense);
    is_end("fail-long", ERR_INTERNAL, nonsense);
    is_end("segv", ERR_INTERNAL, "The parser died of signal 11.");
    is_end("sys", ERR_INTERNAL, "The parser was killed: it asked the system for what it may not.");
    is_end("xcpu", ERR_REFUSED, "The document takes over 30 seconds to parse.");
}

static void test_time(void)
{
    static const char *const modes[] = {"hang", "lingering"};
    for (int i = 0; i < 2; i++) {
        const char *const words[] = {modes[i], NULL};
        struct got g = {0};
        struct err e = {0};
        struct parse_job job = {
            .words = words, .fd = -1, .message = on_message, .arg = &g, .wall_seconds = 0.2};
        ok(!parse_document(&job, &e));
        is_int(e.code, ERR_REFUSED);
        is_str(e.what, "The parser took too long, and was stopped.");
    }
}

static bool on_slow_message(void *arg, enum stream_kind kind, struct str body, struct err *e)
{
    struct timespec pause_for = {.tv_sec = 3, .tv_nsec = 200000000};
    nanosleep(&pause_for, NULL);
    return on_message(arg, kind, body, e);
}

// What the reader of messages takes is not the child's time.
static void test_slow_reader(void)
{
    const char *const words[] = {"echo", NULL};
    struct got g = {0};
    struct err e = {0};
    struct parse_job job = {.words = words,
                            .bytes = STR("<a/>"),
                            .fd = -1,
                            .message = on_slow_message,
                            .arg = &g,
                            .wall_seconds = 3};
    ok(parse_document(&job, &e));
    is_int(g.messages, 1);
}

static void test_callback(void)
{
    struct got g = {.stop_after = 3};
    struct err e;
    ok(!run("flood", STR(""), &g, &e));
    is_int(e.code, ERR_RECORD);
    is_str(e.what, "enough of it");
    is_int(g.messages, 3);
}

// Far more than a pipe holds, both ways at once; from memory, and from a descriptor that stands past its start.
static void test_volume(void)
{
    enum { SIZE = 20 << 20, PAST = 1000 };
    struct got g = {0}, again = {0};
    struct err e = {0};
    char *bytes = malloc(SIZE);
    uint64_t sum = 0, rest = 0;
    for (size_t i = 0; i < SIZE; i++) {
        bytes[i] = (char)(i * 7919 >> 3);
        sum = sum * 31 + (unsigned char)bytes[i];
        rest = i < PAST ? 0 : rest * 31 + (unsigned char)bytes[i];
    }
    double before = parse_cpu_seconds();
    ok(run("echo", str_slice(bytes, SIZE), &g, &e));
    is_int(g.bytes, SIZE);
    ok(g.sum == sum);
    ok(parse_cpu_seconds() > before);

    FILE *f = tmpfile();
    ok(f && fwrite(bytes, 1, SIZE, f) == SIZE && fflush(f) == 0);
    ok(lseek(fileno(f), PAST, SEEK_SET) == PAST);
    const char *const words[] = {"echo", NULL};
    struct parse_job job = {.words = words, .fd = fileno(f), .message = on_message, .arg = &again};
    ok(parse_document(&job, &e));
    is_int(again.bytes, SIZE - PAST);
    ok(again.sum == rest);
    fclose(f);

    // A child that reads nothing and says that it is done is believed.
    ok(run("done", str_slice(bytes, SIZE), &g, &e));
    free(bytes);

    job.fd = open("/dev/null", O_WRONLY);
    ok(!parse_document(&job, &e));
    is_int(e.code, ERR_IO);
    is_str(e.what, "The document cannot be read: error 9.");
    close(job.fd);
}

static void test_inheritance(void)
{
    struct got g = {0};
    struct err e;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    int leak = dup(0), far = fcntl(0, F_DUPFD, 100);
    ok(run("inheritance", STR(""), &g, &e));
    is_str(g.first, "0 0 0 0");
    close(leak);
    close(far);
    signal(SIGPIPE, SIG_DFL);
    ok(run("done", STR("nobody reads this"), &g, &e)); // and no SIGPIPE
}

static void test_missing(void)
{
    struct got g = {0};
    struct err e;
    setenv("GLANEUR_PARSE", "/nowhere/glaneur-parse", 1);
    ok(!run("done", STR(""), &g, &e));
    is_int(e.code, ERR_INTERNAL);
    is_str(e.what, "The parser /nowhere/glaneur-parse cannot be run: error 2.");
    is_str(e.hint, "glaneur-parse is built and installed with glaneur: put it beside it");
    setenv("GLANEUR_PARSE", "/", 1);
    ok(!run("done", STR(""), &g, &e));
    is_str(e.what, "The parser / cannot be started: error 13.");
}

static void test_taking(void)
{
    struct str body = str_slice("\5\1\2\3\4\2\0\0\0ab!", 12), text;
    unsigned byte;
    uint32_t number;
    ok(parse_take_byte(&body, &byte) && byte == 5);
    ok(parse_take_int(&body, &number) && number == 0x04030201);
    ok(parse_take_text(&body, &text));
    is_text(text, "ab");
    is_text(body, "!");
    ok(!parse_take_int(&body, &number));
    body = str_slice("\3\0\0\0ab", 6);
    ok(!parse_take_text(&body, &text));
    body = str_slice("\2\0\0\0a\0", 6);
    ok(!parse_take_text(&body, &text));
    body = str_slice("\2\0\0\0a\377", 6);
    ok(!parse_take_text(&body, &text));
    body = STR("");
    ok(!parse_take_byte(&body, &byte));
}

int main(int n, char **v)
{
    if (n == 3)
        return be_child(v[2]);
    setenv("GLANEUR_PARSE", "/proc/self/exe", 1);
    test_ends();
    test_time();
    test_slow_reader();
    test_callback();
    test_volume();
    test_inheritance();
    test_missing();
    test_taking();
    ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD); // all reaped
    return tap_done();
}
