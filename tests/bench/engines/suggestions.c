// What completion costs, for what is typed on the way to titles. See bench.h.
#include "tests/bench/engines/bench.h"

#include "indexer/suggest/suggest_build.h"
#include "indexer/suggest/suggest_places.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_BYTES = 1000, SUGGESTIONS = 10 };

static struct strs read_typed(const struct bench *b)
{
    char line[LINE_BYTES];
    struct strs typed = {0};
    const char *path = bench_path(b, "typed.txt");
    FILE *f = fopen(path, "rb");
    stop_on(f || err_set(&bench_err, ERR_IO, "there is no %s", path));
    while (fgets(line, sizeof line, f))
        arena_push(&bench_kept, &typed,
                   arena_str(&bench_kept, str_slice(line, strcspn(line, "\n"))));
    fclose(f);
    return typed;
}

void mode_suggestions(struct bench *b)
{
    struct arena a = {0};
    struct suggestions found;
    struct strs typed = read_typed(b);
    double hits = 0, before = cpu_ms();
    struct suggest_source source = {.data = b->data, .stop_words = b->stop_words};
    source.places = suggest_places_make(b->geography.territories, &bench_kept, &source.place_count);
    struct suggester *s = suggest_build(&source, &bench_err);
    stop_on(s != NULL);
    double made = cpu_ms() - before, *ms = xcalloc(typed.n + 1, sizeof *ms);
    for (size_t i = 0; i < typed.n; i++) {
        before = cpu_ms();
        arena_reset(&a);
        suggester_find(s, typed.v[i], 0, SUGGESTIONS, &a, &found);
        ms[i] = cpu_ms() - before;
        hits += (double)found.n;
    }
    struct figures f = figures_of(ms, typed.n);
    line_open("class", "suggest");
    line_figures(&f);
    line_number("mean_hits", f.n ? hits / (double)f.n : 0);
    line_close();
    line_open("part", "completion");
    line_number("suggester_mb", (double)suggester_bytes(s) / 1e6);
    line_number("suggester_cpu_s", made / 1e3);
    line_close();
    suggester_release(s);
    free(ms);
    arena_free(&a);
}
