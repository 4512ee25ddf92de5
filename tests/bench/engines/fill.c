// The records of a corpus (corpus.c) in a data folder of ours: through the store, then the indexer, as a harvest does. Run:
// engines_fill CORPUS.tsv DATA, where DATA is empty, or what a run that was stopped left there: it goes on from the last page that
// was stored, or from the last commit of the index. One line of JSON tells the CPU of each part, of all runs together (DATA/fill.cpu
// keeps it; what a killed run did since its last commit is done twice, and counted once). Memory does not grow with the corpus.
#include "base/hash.h"
#include "config/shipped.h"
#include "indexer/index/indexer.h"
#include "indexer/places/geography.h"
#include "store/record_json.h"
#include "store/store.h"
#include "tests/bench/engines/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { PAGE = 100, LOOK_MS = 100, NOW = 1795132800 };

static struct err e;

static void stop_on(bool good)
{
    char line[800];
    if (good)
        return;
    fprintf(stderr, "%s\n", err_text(&e, line, sizeof line));
    exit(1);
}

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// ---- Records -------------------------------------------------------------------------------------

static struct date day(struct str days)
{
    int64_t n;
    stop_on(str_to_int(days, 0, 100000, &n) ||
            err_set(&e, ERR_PARSE, "not a day: %.*s", STR_ARG(days)));
    return (struct date){n * 86400, DATE_DAY};
}

static void read_formats(struct record *r, struct str formats, struct str id, struct arena *a)
{
    struct str format;
    r->distributions = ARENA_ARRAY(a, struct distribution, formats.n + 1);
    while (str_next(&formats, '|', &format)) {
        struct distribution *d = &r->distributions[r->distribution_count];
        *d = (struct distribution){
            .type = STR("main"), .format = format, .byte_size = -1, .available = -1};
        d->url = arena_printf(a, "https://example.org/%.*s/%zu.%.*s", STR_ARG(id),
                              r->distribution_count++, STR_ARG(format));
    }
}

static void read_record(struct record *r, const struct str *f, struct arena *a)
{
    struct str rest = f[CORPUS_KEYWORDS], keyword;
    int64_t views;
    record_init(r);
    r->id = arena_printf(a, "corpus:%.*s", STR_ARG(f[CORPUS_ID]));
    r->kind = KIND_DATASET;
    r->title = f[CORPUS_TITLE];
    r->description = f[CORPUS_DESCRIPTION];
    while (str_next(&rest, '|', &keyword))
        arena_push(a, &r->keywords, keyword);
    r->publisher.id = arena_printf(a, "corpus:organization.%016llx",
                                   (unsigned long long)hash64(f[CORPUS_PUBLISHER]));
    r->publisher.name = f[CORPUS_PUBLISHER];
    r->license.id = r->license.label = f[CORPUS_LICENCE];
    r->access = ACCESS_OPEN;
    read_formats(r, f[CORPUS_FORMATS], f[CORPUS_ID], a);
    r->frequency = f[CORPUS_FREQUENCY];
    r->spatial.granularity = f[CORPUS_GRANULARITY];
    arena_push(a, &r->spatial.zones,
               arena_printf(a, "fr:commune:%.*s", STR_ARG(f[CORPUS_COMMUNE_CODE])));
    r->issued = day(f[CORPUS_ISSUED]);
    r->modified = day(f[CORPUS_MODIFIED]);
    if (str_to_int(f[CORPUS_VIEWS], 0, INT64_MAX, &views))
        r->popularity.views = views;
    r->provenance.source = STR("corpus");
}

static struct store_item item_of(const struct record *r, struct arena *a)
{
    struct buf b = {0};
    struct store_item i = {.id = r->id, .kind = r->kind, .status = STATUS_ACTIVE};
    record_write_body(&b, r);
    i.body = arena_str(a, buf_str(&b));
    buf_clear(&b);
    record_write_figures(&b, r);
    i.figures = arena_str(a, buf_str(&b));
    buf_free(&b);
    sha256(i.body, i.hash);
    return i;
}

// ---- The store, then the index -------------------------------------------------------------------

static struct run begin_run(struct store *s, struct arena *a)
{
    int64_t orphans;
    struct run run;
    stop_on(store_runs_orphaned(s, &orphans, &e));
    if (store_run_resumable(s, STR("corpus"), a, &run, &e)) {
        run.state = RUN_RUNNING;
        return run;
    }
    stop_on(e.code == ERR_NOT_FOUND);
    run = (struct run){.source = STR("corpus"), .state = RUN_RUNNING, .started = NOW};
    stop_on(store_run_begin(s, &run, &e));
    return run;
}

// The cursor is how many records of the corpus are stored. `at`: the CPU up to which the run was told.
static void write_page(struct store *s, struct run *run, struct store_item *items, size_t n,
                       int64_t records, double *at)
{
    char cursor[24];
    struct store_page page = {.run = run, .items = items, .item_count = n, .now = NOW};
    run->cpu_seconds += cpu() - *at;
    *at = cpu();
    snprintf(cursor, sizeof cursor, "%lld", (long long)records);
    run->cursor = str_of(cursor);
    run->counts.pages++;
    stop_on(store_page_write(s, &page, &e));
    run->cursor = STR_NONE;
}

static bool is_stored(struct store *s, struct arena *a, double *seconds)
{
    struct run *newest;
    size_t n;
    stop_on(store_runs(s, STR("corpus"), 1, a, &newest, &n, &e));
    *seconds = n ? newest->cpu_seconds : 0;
    return n && newest->state == RUN_DONE;
}

// Returns the seconds of CPU that it took.
static double fill_store(const char *corpus, struct store *s)
{
    struct str fields[CORPUS_FIELDS];
    struct store_item items[PAGE];
    struct arena a = {0}, kept = {0};
    double taken;
    if (is_stored(s, &kept, &taken)) {
        arena_free(&kept);
        return taken;
    }
    struct run run = begin_run(s, &kept);
    struct corpus_reader *reader = corpus_open(corpus, &e);
    int64_t stored = 0, records = 0;
    double at = cpu();
    size_t n = 0;
    stop_on(reader != NULL);
    stop_on(!run.cursor.n || str_to_int(run.cursor, 0, INT64_MAX, &stored));
    while (corpus_next(reader, fields)) {
        struct record r;
        if (records++ < stored)
            continue;
        for (size_t i = 0; i < CORPUS_FIELDS; i++) // a line lives until the next one
            fields[i] = arena_str(&a, fields[i]);
        read_record(&r, fields, &a);
        items[n++] = item_of(&r, &a);
        if (n == PAGE) {
            write_page(s, &run, items, n, records, &at);
            arena_reset(&a);
            n = 0;
        }
    }
    write_page(s, &run, items, n, records, &at);
    run.state = RUN_DONE;
    run.cpu_seconds += cpu() - at;
    run.ended = NOW;
    stop_on(store_run_save(s, &run, &e));
    taken = run.cpu_seconds;
    corpus_close(reader);
    arena_free(&a);
    arena_free(&kept);
    return taken;
}

// ---- What earlier runs took --------------------------------------------------------------------------

struct taken {
    double index_cpu, wall, peak_mb;
};

static struct taken read_taken(const char *path)
{
    struct taken t = {0};
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%lf %lf %lf", &t.index_cpu, &t.wall, &t.peak_mb) != 3)
        t = (struct taken){0};
    if (f)
        fclose(f);
    return t;
}

static void write_taken(const char *path, const struct taken *t)
{
    char aside[1100];
    snprintf(aside, sizeof aside, "%s.new", path);
    FILE *f = fopen(aside, "w");
    stop_on((f && fprintf(f, "%f %f %f\n", t->index_cpu, t->wall, t->peak_mb) > 0 && !fclose(f) &&
             !rename(aside, path)) ||
            err_set(&e, ERR_IO, "%s cannot be written", path));
}

static double peak_mb(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_maxrss / 1024;
}

// ---- The index -----------------------------------------------------------------------------------

static void on_tick(uv_timer_t *timer)
{
    (void)timer; // turns the loop, nothing more
}

// Until the index holds all that the store holds. `taken` grows, and is written at each commit.
static struct indexer_state fill_index(const struct indexer_settings *settings, int64_t seq,
                                       struct taken *taken, const char *path, double wall)
{
    uv_loop_t loop;
    uv_timer_t tick;
    struct indexer_state state;
    const struct taken before = *taken;
    uint64_t commits = 0;
    double started = cpu();
    uv_loop_init(&loop);
    uv_timer_init(&loop, &tick);
    uv_timer_start(&tick, on_tick, LOOK_MS, LOOK_MS);
    struct indexer *indexer = indexer_start(&loop, settings, &e);
    stop_on(indexer != NULL);
    do {
        uv_run(&loop, UV_RUN_ONCE);
        indexer_read_state(indexer, &state);
        e = state.error;
        stop_on(e.code == ERR_NONE);
        taken->index_cpu = before.index_cpu + cpu() - started;
        taken->wall = before.wall + date_stopwatch() - wall;
        taken->peak_mb = peak_mb() > before.peak_mb ? peak_mb() : before.peak_mb;
        if (state.commits != commits)
            write_taken(path, taken);
        commits = state.commits;
    } while (!state.complete || state.rebuilding || state.seq < seq);
    indexer_stop(indexer);
    uv_close((uv_handle_t *)&tick, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    return state;
}

static void print(const struct indexer_state *state, double stored, const struct taken *taken)
{
    printf("{\"records\":%lld,\"store_cpu_s\":%.3f,\"index_cpu_s\":%.3f,\"wall_s\":%.1f,"
           "\"peak_memory_mb\":%.1f}\n",
           (long long)state->documents, stored, taken->index_cpu, taken->wall, taken->peak_mb);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: engines_fill CORPUS.tsv DATA\n", stderr);
        return 2;
    }
    struct arena a = {0};
    struct indexer_settings settings = {.data = argv[2]};
    struct geography geography = {0};
    int64_t seq, fseq;
    double wall = date_stopwatch();
    const char *path = arena_printf(&a, "%s/fill.cpu", argv[2]).p;
    stop_on(shipped_file(STR_NONE, "config/stopwords.txt", &a, &settings.stop_words, &e));
    stop_on(geography_load(STR_NONE, &geography, &e));
    settings.places = geography.places;
    struct store *s = store_open(argv[2], STORE_WRITE, &e);
    stop_on(s != NULL);
    double stored = fill_store(argv[1], s);
    stop_on(store_heads(s, &seq, &fseq, &e));
    store_close(s);
    struct taken taken = read_taken(path);
    struct indexer_state state = fill_index(&settings, seq, &taken, path, wall);
    print(&state, stored, &taken);
    geography_free(&geography);
    arena_free(&a);
    return 0;
}
