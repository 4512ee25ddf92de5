// glaneur-parse: reads one document on its standard input, which nobody vouches for, and writes what it says on its standard output
// (stream.h). Started by harvester/sandbox/parse.c, one process for one document, and of no use by hand:
//
//     glaneur-parse CPU_SECONDS xml
//     glaneur-parse CPU_SECONDS rdf FORMAT BASE
//
// It gives up every right before the first byte is read (child_sandbox.c), and reads nothing when it cannot.
#include "harvester/sandbox/child.h"

#include <stdio.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
// Its leak checker stops the process with ptrace, which is refused here.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0:handle_segv=0:handle_abort=0";
}
#endif

int main(int n, char **v)
{
    struct child c = {.in = STDIN_FILENO, .out = STDOUT_FILENO};
    struct err e = {0};
    int64_t seconds;
    if (n < 3 || !str_to_int(str_of(v[1]), 1, 86400, &seconds) ||
        !((n == 3 && strcmp(v[2], "xml") == 0) || (n == 5 && strcmp(v[2], "rdf") == 0))) {
        fputs("glaneur-parse is started by glaneur: it has no use by hand.\n", stderr);
        return 2;
    }
    struct child_rdf *rdf = NULL;
    if (n == 5 && !(rdf = child_rdf_new(&c, v[3], v[4]))) {
        child_fail(&c, ERR_ARGUMENT, 0, "RDF cannot be read in the format \"%s\".", v[3]);
        return 1;
    }
    if (!child_confine((unsigned)seconds, &e)) {
        child_fail(&c, e.code, 0, "%s", e.what);
        return 1;
    }
    child_begin(&c, STREAM_READY);
    child_add_byte(&c, STREAM_VERSION);
    child_end(&c);
    child_flush(&c);
    if (rdf)
        child_rdf_read(rdf);
    else
        child_xml(&c);
    _exit(0); // the libraries' own endings are not worth a right
}
