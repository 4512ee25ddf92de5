// glaneur-parse-rdf CPU_SECONDS rdf FORMAT BASE: what glaneur-parse becomes for a document of RDF. See child.c.
#include "harvester/sandbox/child.h"

#include <unistd.h>

int main(int n, char **v)
{
    struct child c = {.in = STDIN_FILENO, .out = STDOUT_FILENO};
    if (n != 5 || strcmp(v[2], "rdf") != 0)
        return child_misused();
    struct child_rdf *rdf = child_rdf_new(&c, v[3], v[4]);
    if (!rdf) {
        child_fail(&c, ERR_ARGUMENT, 0, "RDF cannot be read in the format \"%s\".", v[3]);
        return 1;
    }
    int code = child_start(&c, v[1]);
    if (code)
        return code;
    child_rdf_read(rdf);
    _exit(0); // the libraries' own endings are not worth a right
}
