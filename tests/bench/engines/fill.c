// The records of a corpus (corpus.c) in a data folder of ours: through the store, then the indexer, as a harvest does. Run:
// engines_fill CORPUS.tsv DATA, where DATA is empty; one line of JSON tells the CPU of each part. Memory does not grow with the corpus.
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

static void write_page(struct store *s, struct run *run, struct store_item *items, size_t n)
{
    struct store_page page = {.run = run, .items = items, .item_count = n, .now = NOW};
    run->counts.pages++;
    stop_on(store_page_write(s, &page, &e));
}

static size_t fill_store(const char *corpus, struct store *s)
{
    struct str fields[CORPUS_FIELDS];
    struct store_item items[PAGE];
    struct arena a = {0};
    struct corpus_reader *reader = corpus_open(corpus, &e);
    struct run run = {.source = STR("corpus"), .state = RUN_RUNNING, .started = NOW};
    size_t records = 0, n = 0;
    stop_on(reader != NULL);
    stop_on(store_run_begin(s, &run, &e));
    while (corpus_next(reader, fields)) {
        struct record r;
        for (size_t i = 0; i < CORPUS_FIELDS; i++) // a line lives until the next one
            fields[i] = arena_str(&a, fields[i]);
        read_record(&r, fields, &a);
        items[n++] = item_of(&r, &a);
        records++;
        if (n == PAGE) {
            write_page(s, &run, items, n);
            arena_reset(&a);
            n = 0;
        }
    }
    if (n)
        write_page(s, &run, items, n);
    run.state = RUN_DONE;
    run.ended = NOW;
    stop_on(store_run_save(s, &run, &e));
    corpus_close(reader);
    arena_free(&a);
    return records;
}

static void on_tick(uv_timer_t *timer)
{
    (void)timer; // turns the loop, nothing more
}

// Until the index holds all that the store holds.
static struct indexer_state fill_index(const char *data, int64_t seq, struct str stop_words,
                                       const struct places *places)
{
    uv_loop_t loop;
    uv_timer_t tick;
    struct indexer_state state;
    struct indexer_settings settings = {.data = data, .stop_words = stop_words, .places = places};
    uv_loop_init(&loop);
    uv_timer_init(&loop, &tick);
    uv_timer_start(&tick, on_tick, LOOK_MS, LOOK_MS);
    struct indexer *indexer = indexer_start(&loop, &settings, &e);
    stop_on(indexer != NULL);
    do {
        uv_run(&loop, UV_RUN_ONCE);
        indexer_read_state(indexer, &state);
        e = state.error;
        stop_on(e.code == ERR_NONE);
    } while (!state.complete || state.rebuilding || state.seq < seq);
    indexer_stop(indexer);
    uv_close((uv_handle_t *)&tick, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    return state;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: engines_fill CORPUS.tsv DATA\n", stderr);
        return 2;
    }
    struct arena a = {0};
    struct str stop_words;
    struct geography geography = {0};
    int64_t seq, fseq;
    stop_on(shipped_file(STR_NONE, "config/stopwords.txt", &a, &stop_words, &e));
    stop_on(geography_load(STR_NONE, &geography, &e));
    double wall = date_stopwatch(), before = cpu();
    struct store *s = store_open(argv[2], STORE_WRITE, &e);
    stop_on(s != NULL);
    size_t records = fill_store(argv[1], s);
    stop_on(store_heads(s, &seq, &fseq, &e));
    store_close(s);
    double stored = cpu();
    struct indexer_state state = fill_index(argv[2], seq, stop_words, geography.places);
    double indexed = cpu();
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    struct buf b = {0};
    json_open(&b, '{');
    json_key(&b, "records");
    json_int(&b, (int64_t)records);
    json_key(&b, "documents");
    json_int(&b, state.documents);
    json_key(&b, "store_cpu_s");
    json_num(&b, stored - before);
    json_key(&b, "index_cpu_s");
    json_num(&b, indexed - stored);
    json_key(&b, "wall_s");
    json_num(&b, date_stopwatch() - wall);
    json_key(&b, "peak_memory_mb");
    json_num(&b, (double)used.ru_maxrss / 1024);
    json_close(&b, '}');
    printf("%.*s\n", STR_ARG(buf_str(&b)));
    buf_free(&b);
    geography_free(&geography);
    arena_free(&a);
    return 0;
}
