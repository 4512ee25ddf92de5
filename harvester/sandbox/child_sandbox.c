// The confinement of the parsing child (threats.md 4.2): no file, no network, no other process, bounded memory and time. What remains
// is reading descriptor 0, writing 1 and (in a sanitized build) 2, memory, and the clock. Opening is refused with EACCES, so that a
// library that looks for a file of its own goes on without; anything else kills the process (SIGSYS).
#include "harvester/sandbox/child.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { MEMORY = 512 << 20, DESCRIPTORS = 8 };

static bool limit(int what, rlim_t value)
{
    struct rlimit limit = {value, value};
    return setrlimit((__rlimit_resource_t)what, &limit) == 0;
}

static bool limits(unsigned cpu_seconds)
{
    // One second more than the soft limit: SIGXCPU first, which tells what happened.
    struct rlimit cpu = {cpu_seconds, cpu_seconds + 1};
    return setrlimit(RLIMIT_CPU, &cpu) == 0 && (SANITIZED || limit(RLIMIT_AS, MEMORY)) &&
           limit(RLIMIT_NOFILE, DESCRIPTORS) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0);
}

static const int allowed[] = {
    SCMP_SYS(close),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(getrandom),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigreturn),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(restart_syscall),
};

// What AddressSanitizer needs to start late parts of itself and to tell what it found.
static const int allowed_sanitized[] = {
    SCMP_SYS(sigaltstack), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getrlimit),   SCMP_SYS(prlimit64),   SCMP_SYS(fstat),
    SCMP_SYS(getuid),      SCMP_SYS(geteuid),     SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
};

static const int denied[] = {
    SCMP_SYS(open),       SCMP_SYS(openat),    SCMP_SYS(openat2),    SCMP_SYS(creat),
    SCMP_SYS(stat),       SCMP_SYS(lstat),     SCMP_SYS(newfstatat), SCMP_SYS(statx),
    SCMP_SYS(access),     SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
};

static int add_all(scmp_filter_ctx f, uint32_t action, const int *calls, size_t n)
{
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = seccomp_rule_add(f, action, calls[i], 0);
    return rc;
}

#define COUNT(list) (sizeof(list) / sizeof *(list))

static int rules(scmp_filter_ctx f)
{
    int rc = add_all(f, SCMP_ACT_ALLOW, allowed, COUNT(allowed));
    if (SANITIZED && rc == 0)
        rc = add_all(f, SCMP_ACT_ALLOW, allowed_sanitized, COUNT(allowed_sanitized));
    if (rc == 0)
        rc = add_all(f, SCMP_ACT_ERRNO(EACCES), denied, COUNT(denied));
    if (rc == 0)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(read), 1,
                              SCMP_A0_32(SCMP_CMP_EQ, STDIN_FILENO));
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO && rc == 0; fd++)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0_32(SCMP_CMP_EQ, fd));
    // abort(), and nothing else that sends signals.
    if (rc == 0)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                              SCMP_A2_32(SCMP_CMP_EQ, SIGABRT));
    // Memory that runs as code is refused.
    const int memory[] = {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)};
    for (size_t i = 0; i < COUNT(memory) && rc == 0; i++)
        rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, memory[i], 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // The C library asks whether its output is a terminal.
    if (rc == 0)
        rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0);
    return rc;
}

bool child_confine(unsigned cpu_seconds, struct err *e)
{
    close_range(SANITIZED ? 3 : 2, ~0u, 0);
    // Fails on kernels before 5.9; none of the parent's descriptors gets here, so it is a second lock.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return err_set(e, ERR_INTERNAL,
                       "The parser is not confined (prctl: error %d): nothing was read.", errno);
    if (!limits(cpu_seconds))
        return err_set(e, ERR_INTERNAL,
                       "The parser is not confined (setrlimit: error %d): nothing was read.",
                       errno);
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int rc = f ? rules(f) : -ENOMEM;
    if (rc == 0)
        rc = seccomp_load(f);
    if (f)
        seccomp_release(f);
    if (rc != 0)
        return err_set(
            e, ERR_INTERNAL,
            "The parser is not confined (seccomp: error %d): nothing was read. The kernel "
            "must have seccomp filters.",
            -rc);
    return true;
}
