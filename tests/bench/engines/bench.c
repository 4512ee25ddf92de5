// See bench.h.
#include "tests/bench/engines/bench.h"

#include "config/shipped.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct err bench_err;
struct arena bench_kept;

void stop_on(bool good)
{
    char line[800];
    if (good)
        return;
    fprintf(stderr, "%s\n", err_text(&bench_err, line, sizeof line));
    exit(1);
}

const char *bench_path(const struct bench *b, const char *name)
{
    return arena_printf(&bench_kept, "%s/%s", b->folder, name).p;
}

void bench_open(struct bench *b, const char *folder)
{
    *b = (struct bench){.folder = folder};
    b->data = bench_path(b, "data");
    stop_on(
        shipped_file(STR_NONE, "config/stopwords.txt", &bench_kept, &b->stop_words, &bench_err));
    stop_on(geography_load(STR_NONE, &b->geography, &bench_err));
    struct rules *shipped = rules_load(STR_NONE, b->geography.places, &bench_err);
    stop_on(shipped != NULL);
    b->rules = rules_holder_new(shipped);
    b->columns = columns_holder_new();
    b->display = display_new(DISPLAY_BYTES);
}

void bench_close(struct bench *b)
{
    rules_holder_free(b->rules);
    columns_holder_free(b->columns);
    display_free(b->display);
    geography_free(&b->geography);
}

struct searcher *bench_searcher(struct bench *b)
{
    struct searcher *s = searcher_new(b->data, b->stop_words, b->rules, &bench_err);
    stop_on(s != NULL);
    searcher_share_columns(s, b->columns);
    searcher_share_display(s, b->display);
    return s;
}

double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

double resident_mb(void)
{
    char line[200];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        sscanf(line, "VmRSS: %ld", &kb);
    if (f)
        fclose(f);
    return (double)kb / 1024;
}

void line_open(const char *key, const char *value)
{
    printf("{\"%s\":\"%s\"", key, value);
}

void line_number(const char *key, double value)
{
    printf(",\"%s\":%.10g", key, value);
}

void line_figures(const struct figures *f)
{
    line_number("n", (double)f->n);
    line_number("mean_ms", f->mean);
    line_number("median_ms", f->median);
    line_number("p99_ms", f->p99);
    line_number("max_ms", f->max);
}

void line_close(void)
{
    puts("}");
    fflush(stdout);
}
