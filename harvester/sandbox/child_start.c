// How both parsing programs begin. See child.h.
#include "harvester/sandbox/child.h"

#include <stdio.h>

#if defined(__SANITIZE_ADDRESS__)
// Its leak checker stops the process with ptrace, which is refused here.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0:handle_segv=0:handle_abort=0";
}
#endif

int child_misused(void)
{
    fputs("glaneur-parse is started by glaneur: it has no use by hand.\n", stderr);
    return 2;
}

int child_start(struct child *c, const char *cpu_seconds)
{
    struct err e = {0};
    int64_t seconds;
    if (!str_to_int(str_of(cpu_seconds), 1, 86400, &seconds))
        return child_misused();
    if (!child_confine((unsigned)seconds, &e)) {
        child_fail(c, e.code, 0, "%s", e.what);
        return 1;
    }
    child_begin(c, STREAM_READY);
    child_add_byte(c, STREAM_VERSION);
    child_end(c);
    child_flush(c);
    return 0;
}
