// glaneur-parse: reads one document on its standard input, which nobody vouches for, and writes what it says on its standard output
// (stream.h). Started by harvester/sandbox/parse.c, one process for one document, and of no use by hand:
//
//     glaneur-parse CPU_SECONDS xml
//     glaneur-parse CPU_SECONDS rdf FORMAT BASE
//
// It gives up every right before the first byte is read (child_sandbox.c), and reads nothing when it cannot. RDF is for the program
// beside it, which it becomes: raptor brings forty libraries, ten times what an XML document of some hundred records takes to start.
#include "harvester/sandbox/child.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static int become_rdf(struct child *c, char **v)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - sizeof "-rdf");
    if (n > 0) {
        memcpy(path + n, "-rdf", sizeof "-rdf");
        execv(path, v);
    }
    child_fail(c, ERR_INTERNAL, 0,
               "glaneur-parse-rdf cannot be run: error %d. It is installed beside glaneur-parse.",
               errno);
    return 1;
}

int main(int n, char **v)
{
    struct child c = {.in = STDIN_FILENO, .out = STDOUT_FILENO};
    if (n == 5 && strcmp(v[2], "rdf") == 0)
        return become_rdf(&c, v);
    if (n != 3 || strcmp(v[2], "xml") != 0)
        return child_misused();
    int code = child_start(&c, v[1]);
    if (code)
        return code;
    child_xml(&c);
    _exit(0); // the libraries' own endings are not worth a right
}
