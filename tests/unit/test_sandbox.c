// The confinement of the parsing child holds: what it must not do is tried, each in a process of its own behind the same function that
// glaneur-parse calls, and is refused; what it must do works.
#include "harvester/sandbox/child.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

enum { WORKED = 40, NOT_CONFINED = 99 }; // else a process ends with the number of its error

static int try_read_file(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0;
}

static int try_write_file(void)
{
    return open("/tmp/glaneur-sandbox-test", O_WRONLY | O_CREAT, 0600) >= 0;
}

static int try_stat(void)
{
    struct stat st;
    return stat("/etc/passwd", &st) == 0;
}

static int try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static int try_unix_socket(void)
{
    return socket(AF_UNIX, SOCK_DGRAM, 0) >= 0;
}

static int try_fork(void)
{
    return fork() >= 0;
}

static int try_exec(void)
{
    char *const argv[] = {NULL};
    return execve("/bin/true", argv, argv) == 0;
}

static int try_kill(void)
{
    return kill(getppid(), 0) == 0;
}

static int try_ptrace(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static int try_unlink(void)
{
    return unlink("/tmp/glaneur-sandbox-test") == 0;
}

static int try_chmod(void)
{
    return fchmod(1, 0777) == 0;
}

static int try_other_descriptor(void)
{
    return write(7, "x", 1) == 1;
}

static int try_read_output(void)
{
    char c;
    return read(1, &c, 1) == 1;
}

static int try_code(void)
{
    void *p =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p != MAP_FAILED;
}

static int try_other_abi(void) // the 32-bit system calls of a 64-bit kernel
{
#if defined(__x86_64__)
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory"); // getpid
    return result > 0;
#else
    raise(SIGSYS);
    return 0;
#endif
}

static int output_file = -1; // in place of a pipe

static int try_fill_file(void)
{
    return write(1, "x", 1) == 1;
}

static int try_other_signal(void)
{
    return syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), 0) == 0;
}

static int try_its_trade(void)
{
    char *p = malloc(1 << 20), c;
    memset(p, 1, 1 << 20);
    p = realloc(p, 8 << 20);
    bool good = p != NULL && read(0, &c, 1) == 1 && c == 'x' && write(1, "y", 1) == 1;
    free(p);
    return good;
}

static int try_much_memory(void)
{
    errno = 0;
    void *volatile p = malloc(600u << 20);
    return p != NULL;
}

static int try_forever(void)
{
    for (volatile unsigned i = 0;; i++)
        if (i == 0xFFFFFFFF)
            return 1;
}

// How a process that tries this ends, as waitpid tells it.
static int outcome(int (*attempt)(void))
{
    int in[2], out[2], status = 0;
    if (pipe(in) != 0 || pipe(out) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        struct err e = {0};
        dup2(in[0], 0);
        dup2(output_file >= 0 ? output_file : out[1], 1);
        dup2(out[1], 7);
        close(in[1]);
        if (!child_confine(1, &e))
            _exit(NOT_CONFINED);
        errno = 0;
        int worked = attempt();
        _exit(worked ? WORKED : errno);
    }
    close(in[0]);
    close(out[1]);
    if (write(in[1], "x", 1) != 1)
        status = -1;
    close(in[1]);
    char c = 0;
    while (read(out[0], &c, 1) > 0)
        ;
    close(out[0]);
    waitpid(pid, &status, 0);
    return status;
}

#define is_refused(attempt)                                                                        \
    do {                                                                                           \
        int status = outcome(attempt);                                                             \
        printf("# %s\n", #attempt);                                                                \
        ok(WIFEXITED(status));                                                                     \
        is_int(WEXITSTATUS(status), EACCES);                                                       \
    } while (0)

#define is_deadly(attempt)                                                                         \
    do {                                                                                           \
        int status = outcome(attempt);                                                             \
        printf("# %s\n", #attempt);                                                                \
        ok(WIFSIGNALED(status));                                                                   \
        is_int(WTERMSIG(status), SIGSYS);                                                          \
    } while (0)

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    is_refused(try_read_file);
    is_refused(try_write_file);
    ok(access("/tmp/glaneur-sandbox-test", F_OK) != 0);
    is_refused(try_stat);
    is_deadly(try_socket);
    is_deadly(try_unix_socket);
    is_deadly(try_fork);
    is_deadly(try_exec);
    is_deadly(try_kill);
    is_deadly(try_ptrace);
    is_deadly(try_unlink);
    is_deadly(try_chmod);
    is_deadly(try_other_descriptor);
    is_deadly(try_read_output);
    is_deadly(try_code);
    is_deadly(try_other_abi);
    is_deadly(try_other_signal);

    int status = outcome(try_its_trade);
    ok(WIFEXITED(status));
    is_int(WEXITSTATUS(status), WORKED);
    output_file = memfd_create("output", 0);
    status = outcome(try_fill_file);
    ok(WIFSIGNALED(status));
    is_int(WTERMSIG(status), SIGXFSZ);
    close(output_file);
    output_file = -1;
    status = outcome(try_forever);
    ok(WIFSIGNALED(status));
    is_int(WTERMSIG(status), SIGXCPU);
    if (!SANITIZED) { // whose shadow alone is larger than the limit
        status = outcome(try_much_memory);
        ok(WIFEXITED(status));
        is_int(WEXITSTATUS(status), ENOMEM);
    }
    return tap_done();
}
