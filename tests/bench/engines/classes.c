// What a query of each class costs, in a process that has asked it before and in one that has not; answers checked. See bench.h.
#include "tests/bench/engines/bench.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// Passes that are measured, after one that is not; less of a class that takes longer than this.
enum { PASSES = 3, CLASS_MS = 20000, WRONG_ANSWERS = 3 };

// ---- Asked before --------------------------------------------------------------------------------

struct measured { // of one class
    double *ms;
    size_t n, queries, wrong;
    double hits;
};

static void measure_class(struct searcher *s, struct queries *all, const struct query_class *class,
                          struct arena *a, struct measured *out)
{
    double spent = 0;
    for (size_t pass = 0; pass < PASSES && (!pass || spent < CLASS_MS); pass++)
        for (size_t i = 0; i < all->n; i++) {
            if (all->list[i].class != class)
                continue;
            double ms = queries_ask(s, &all->list[i], a, false);
            out->ms = xrealloc(out->ms, (out->n + 1) * sizeof *out->ms);
            out->ms[out->n++] = ms;
            spent += ms;
        }
}

static void print_class(const struct query_class *class, struct measured *m)
{
    struct figures f = figures_of(m->ms, m->n);
    if (!f.n)
        return;
    line_open("class", class->name);
    line_figures(&f);
    line_number("queries", (double)m->queries);
    line_number("mean_hits", m->hits / (double)m->queries);
    line_number("wrong", (double)m->wrong);
    line_close();
}

// One line for the kinds of queries that are checked and not measured.
static void print_checked(const struct queries *all, const bool *wrong)
{
    size_t n = 0, faults = 0;
    for (size_t i = 0; i < all->n; i++) {
        n += !all->list[i].class;
        faults += !all->list[i].class && wrong[i];
    }
    line_open("part", "checked besides");
    line_number("checked", (double)n);
    line_number("checked_wrong", (double)faults);
    line_close();
}

int mode_classes(struct bench *b, const char *only)
{
    struct queries all = {0};
    struct arena a = {0};
    struct measured measured[CLASSES] = {0};
    struct searcher *s = bench_searcher(b);
    size_t faults = 0;
    queries_read(&all, b, only);
    if (!only)
        queries_read_checked(&all, b);
    for (size_t i = 0; i < all.n; i++)
        queries_ask(s, &all.list[i], &a, !only);
    for (size_t k = 0; k < CLASSES; k++)
        measure_class(s, &all, &classes[k], &a, &measured[k]);
    malloc_trim(0);
    double resident = resident_mb();
    bool *wrong = xcalloc(all.n + 1, sizeof *wrong);
    if (!only)
        faults = queries_check(&all, b, wrong);
    for (size_t k = 0; k < CLASSES; k++) {
        for (size_t i = 0; i < all.n; i++)
            if (all.list[i].class == &classes[k]) {
                measured[k].queries++;
                measured[k].wrong += wrong[i];
                measured[k].hits += (double)all.list[i].answer.total;
            }
        print_class(&classes[k], &measured[k]);
        free(measured[k].ms);
    }
    if (!only) {
        print_checked(&all, wrong);
        line_open("part", "after all classes");
        line_number("resident_mb", resident);
        line_close();
    }
    free(wrong);
    arena_free(&a);
    searcher_free(s);
    queries_free(&all);
    return faults ? WRONG_ANSWERS : 0;
}

// ---- Never asked before ----------------------------------------------------------------------------

// In a process of its own: what a process keeps of a query serves no other class. Files were read before, by mode_classes or another
// run. Words that two queries of a class share are cold once.
static void ask_cold(struct bench *b, const struct query_class *class)
{
    struct queries all = {0};
    struct arena a = {0};
    queries_read(&all, b, class->name);
    struct searcher *s = bench_searcher(b);
    double *ms = xcalloc(all.n + 1, sizeof *ms), first = 0;
    for (size_t i = 0; i < all.n; i++)
        ms[i] = queries_ask(s, &all.list[i], &a, false);
    if (all.n) {
        first = ms[0];
        struct figures f = figures_of(ms + 1, all.n - 1);
        line_open("cold", class->name);
        line_number("first_ms", first);
        line_figures(&f);
        line_number("resident_mb", resident_mb());
        line_close();
    }
    free(ms);
    searcher_free(s);
    queries_free(&all);
    arena_free(&a);
}

void mode_cold(struct bench *b, const char *only)
{
    for (size_t k = 0; k < CLASSES; k++) {
        if (only && strcmp(only, classes[k].name))
            continue;
        fflush(stdout);
        pid_t child = fork();
        int status = 0;
        if (!child) {
            ask_cold(b, &classes[k]);
            fflush(stdout);
            _exit(0);
        }
        stop_on((child > 0 && waitpid(child, &status, 0) == child && !status) ||
                err_set(&bench_err, ERR_IO, "%s could not be asked", classes[k].name));
    }
}
