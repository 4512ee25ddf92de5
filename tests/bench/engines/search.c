// What a query costs us: classes of queries over the index that fill.c made, in process; lines of JSON. FOLDER is that of corpus.c and
// has `data`, filled.
//
//     engines_search FOLDER            every class, cold and warm, one thread, its answers checked; completion; memory
//     engines_search FOLDER CLASS      one class, warm, not checked: for a profiler
//     engines_search FOLDER --cold [CLASS]
//     engines_search FOLDER --threads  one searcher beside two on two threads: throughput, CPU of one query
//     engines_search FOLDER --moving   right after commits: 1000 records change, are indexed, then queries; checked
//     engines_search FOLDER --memory   resident memory, part by part
//
// Measured is the CPU of the thread for one query, answer included (20 hits with their snippets, 5 facets of 20 values). Checked are
// totals, every count of every facet, and the dates of a page. What is wrong is told, and the exit code is 3.
#include "tests/bench/engines/bench.h"

#include <stdio.h>

static int run(struct bench *b, const char *mode, const char *class)
{
    if (!mode) {
        mode_cold(b, NULL);
        int code = mode_classes(b, NULL);
        mode_suggestions(b);
        return code;
    }
    if (!strcmp(mode, "--moving"))
        return mode_moving(b);
    if (!strcmp(mode, "--cold"))
        mode_cold(b, class);
    else if (!strcmp(mode, "--threads"))
        mode_threads(b);
    else if (!strcmp(mode, "--memory"))
        mode_memory(b);
    else
        return mode_classes(b, mode);
    return 0;
}

int main(int argc, char **argv)
{
    struct bench b;
    if (argc < 2) {
        fputs("usage: engines_search FOLDER [CLASS | --cold | --threads | --moving | --memory]\n",
              stderr);
        return 2;
    }
    bench_open(&b, argv[1]);
    int code = run(&b, argc > 2 ? argv[2] : NULL, argc > 3 ? argv[3] : NULL);
    bench_close(&b);
    arena_free(&bench_kept);
    return code;
}
