// Where memory goes: what this process has resident after each thing that a daemon does, one after the other. See bench.h.
//
// `grew_mb` of a line is what its part added. Freed memory is given back first (malloc_trim), so that a part is what it keeps; what it
// took for a moment is `peak_mb`, above what was resident before it. `mapped_mb` are pages of files within `resident_mb`, the program's
// own included.
#include "tests/bench/engines/bench.h"

#include "indexer/suggest/suggest_build.h"
#include "indexer/suggest/suggest_places.h"

#include <malloc.h>
#include <stdio.h>

static double status_mb(const char *format)
{
    char line[200];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        sscanf(line, format, &kb);
    if (f)
        fclose(f);
    return (double)kb / 1024;
}

static void reset_peak(void)
{
    FILE *f = fopen("/proc/self/clear_refs", "w");
    if (f) {
        fputs("5", f); // proc(5): resets the peak resident set size
        fclose(f);
    }
}

static double before;

static void tell(const char *part)
{
    double peak = status_mb("VmHWM: %ld");
    malloc_trim(0);
    double now = resident_mb();
    line_open("part", part);
    line_number("grew_mb", now - before);
    line_number("resident_mb", now);
    line_number("mapped_mb", status_mb("RssFile: %ld"));
    line_number("peak_mb", peak > before ? peak - before : 0);
    line_close();
    before = now;
    reset_peak();
}

static void ask_request(struct searcher *s, struct search_request *r)
{
    struct arena a = {0};
    struct search_answer answer;
    stop_on(searcher_search(s, r, &a, &answer, &bench_err));
    arena_free(&a);
}

static void ask_class(struct bench *b, struct searcher *s, const char *class)
{
    struct queries all = {0};
    struct arena a = {0};
    queries_read(&all, b, class);
    for (size_t i = 0; i < all.n; i++)
        queries_ask(s, &all.list[i], &a, false);
    arena_free(&a);
    queries_free(&all);
}

static void ask_columns(struct bench *b, struct searcher *s)
{
    static const char *const names[PLAIN_FACETS] = {"column of publishers", "column of licences",
                                                    "column of formats", "column of territories",
                                                    "column of frequencies"};
    struct search_request r;
    struct queries all = {0};
    queries_read(&all, b, "one_mid");
    stop_on(all.n || err_set(&bench_err, ERR_NOT_FOUND, "queries.tsv has no one_mid"));
    ask_request(s, &all.list[0].request);
    tell("index opened, one word asked (use, lengths, variants)");
    for (size_t i = 0; i < PLAIN_FACETS; i++) {
        search_request_init(&r);
        r.facets = 1u << asked_facets[i];
        ask_request(s, &r);
        tell(names[i]);
    }
    search_request_init(&r);
    r.sort = SORT_MODIFIED;
    ask_request(s, &r);
    tell("by date");
    queries_free(&all);
}

static void ask_classes(struct bench *b, struct searcher *s)
{
    char part[80];
    for (size_t k = 0; k < CLASSES; k++) {
        ask_class(b, s, classes[k].name);
        snprintf(part, sizeof part, "asked: %s", classes[k].name);
        tell(part);
    }
}

void mode_memory(struct bench *b)
{
    tell("the program, stop words, places, rules");
    struct searcher *s = bench_searcher(b);
    ask_columns(b, s);
    ask_classes(b, s);
    struct searcher *second = bench_searcher(b);
    for (size_t k = 0; k < CLASSES; k++)
        ask_class(b, second, classes[k].name);
    tell("a second search thread, the same queries");
    struct suggest_source source = {.data = b->data, .stop_words = b->stop_words};
    source.places = suggest_places_make(b->geography.territories, &bench_kept, &source.place_count);
    tell("places to be completed");
    struct suggester *suggester = suggest_build(&source, &bench_err);
    stop_on(suggester != NULL);
    tell("completion");
    struct suggester *newer = suggest_build(&source, &bench_err);
    stop_on(newer != NULL);
    suggester_release(suggester);
    tell("completion made again, the old one freed");
    suggester_release(newer);
    searcher_free(second);
    searcher_free(s);
}
