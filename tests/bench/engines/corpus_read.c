// See corpus.h.
#include "tests/bench/engines/corpus.h"

#include "base/arena.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct corpus_reader {
    FILE *file;
    char *line;
    size_t room;
};

struct corpus_reader *corpus_open(const char *path, struct err *e)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct corpus_reader *r = xcalloc(1, sizeof *r);
    r->file = file;
    return r;
}

bool corpus_next(struct corpus_reader *r, struct str fields[CORPUS_FIELDS])
{
    ssize_t n = getline(&r->line, &r->room, r->file);
    if (n < 0)
        return false;
    struct str rest = {r->line, (size_t)n - (r->line[n - 1] == '\n')};
    size_t count = 0;
    while (count < CORPUS_FIELDS && str_next(&rest, '\t', &fields[count]))
        count++;
    if (count == CORPUS_FIELDS && !rest.p)
        return true;
    fputs("this is no corpus of engines_corpus\n", stderr);
    exit(1);
}

void corpus_close(struct corpus_reader *r)
{
    fclose(r->file);
    free(r->line);
    free(r);
}
