// What a harvest does to readers: records change, are stored and indexed, and queries come right after the commit. See bench.h.
//
// Rounds of two kinds. Contents: 1000 records at random, each hands its content to the next: every posting, length and value of theirs
// changes, while totals, counts of facets and dates over the whole corpus stay what they are, so that answers can be checked against it,
// now and in any later run. Figures: 5000 records, whose views move and nothing else, which is most of what a night brings. The classes
// take turns at being the first that is asked after a commit.
#include "tests/bench/engines/bench.h"

#include "indexer/index/indexer.h"
#include "store/record_json.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    ROUNDS = 8, // of each kind; each class is the first one once
    TOUCHED = 1000,
    FIGURES = 5000,
    OF_EACH_CLASS = 10, // queries in a round
    LOOK_MS = 20,
    NOW = 1795132800,
    WRONG_ANSWERS = 3,
};

// ---- Touching ------------------------------------------------------------------------------------

struct mover {
    struct store *store;
    struct strs ids;
    struct run run;
    uv_loop_t loop;
    uv_timer_t tick;
    struct indexer *indexer;
};

static uint64_t chance(void) // splitmix64
{
    static uint64_t state = 42;
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

// So many ids that differ, at the front of the list.
static void draw_ids(struct strs *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t j = i + (size_t)(chance() % (ids->n - i));
        struct str kept = ids->v[i];
        ids->v[i] = ids->v[j];
        ids->v[j] = kept;
    }
}

static struct str written(struct arena *a, const struct record *r,
                          void (*write)(struct buf *, const struct record *))
{
    struct buf b = {0};
    write(&b, r);
    struct str text = arena_str(a, buf_str(&b));
    buf_free(&b);
    return text;
}

// One transaction: a run that is ended at any moment leaves each content with one record.
static void touch(struct mover *m, bool figures, size_t n)
{
    struct arena a = {0};
    struct store_item *items = ARENA_ARRAY(&a, struct store_item, n);
    draw_ids(&m->ids, n);
    for (size_t i = 0; i < n; i++) {
        struct stored stored;
        struct record r;
        stop_on(store_get(m->store, m->ids.v[i], &a, &stored, &bench_err));
        stop_on(record_read(&r, stored.body, stored.figures, &a, &bench_err));
        if (figures)
            r.popularity.views = r.popularity.views < 0 ? 1 : r.popularity.views + 1;
        else
            r.id = m->ids.v[(i + 1) % n];
        struct store_item *item = &items[i];
        *item = (struct store_item){.id = r.id, .kind = r.kind, .status = STATUS_ACTIVE};
        item->body = written(&a, &r, record_write_body);
        item->figures = written(&a, &r, record_write_figures);
        sha256(item->body, item->hash);
    }
    struct store_page page = {.run = &m->run, .items = items, .item_count = n, .now = NOW};
    stop_on(store_page_write(m->store, &page, &bench_err));
    arena_free(&a);
}

static void on_tick(uv_timer_t *timer)
{
    (void)timer; // turns the loop, nothing more
}

static void start(struct mover *m, struct bench *b)
{
    struct store_selection everything = {.kinds = STORE_ANY_KIND, .statuses = 1u << STATUS_ACTIVE};
    struct indexer_settings settings = {
        .data = b->data, .stop_words = b->stop_words, .places = b->geography.places};
    *m = (struct mover){.run = {.source = STR("corpus"), .state = RUN_RUNNING, .started = NOW}};
    m->store = store_open(b->data, STORE_WRITE, &bench_err);
    stop_on(m->store != NULL);
    stop_on(
        store_ids(m->store, &everything, STR_NONE, SIZE_MAX / 2, &bench_kept, &m->ids, &bench_err));
    stop_on(store_run_begin(m->store, &m->run, &bench_err));
    uv_loop_init(&m->loop);
    uv_timer_init(&m->loop, &m->tick);
    uv_timer_start(&m->tick, on_tick, LOOK_MS, LOOK_MS);
    m->indexer = indexer_start(&m->loop, &settings, &bench_err);
    stop_on(m->indexer != NULL);
}

// Until the index holds what the store holds. Returns the seconds of CPU of the indexer's thread, since it started.
static double wait_indexed(struct mover *m)
{
    struct indexer_state state;
    int64_t seq, fseq;
    stop_on(store_heads(m->store, &seq, &fseq, &bench_err));
    indexer_notify(m->indexer);
    do {
        uv_run(&m->loop, UV_RUN_ONCE);
        indexer_read_state(m->indexer, &state);
        bench_err = state.error;
        stop_on(state.error.code == ERR_NONE);
    } while (!state.complete || state.rebuilding || state.seq < seq || state.fseq < fseq);
    return state.cpu_seconds;
}

static void stop(struct mover *m)
{
    m->run.state = RUN_DONE;
    m->run.ended = NOW;
    stop_on(store_run_save(m->store, &m->run, &bench_err));
    indexer_stop(m->indexer);
    uv_close((uv_handle_t *)&m->tick, NULL);
    uv_run(&m->loop, UV_RUN_DEFAULT);
    uv_loop_close(&m->loop);
    store_close(m->store);
}

// ---- Asking --------------------------------------------------------------------------------------

struct times { // of one class
    double first[ROUNDS * OF_EACH_CLASS], again[ROUNDS * OF_EACH_CLASS];
    double leading[ROUNDS]; // the first of the class in each round
    size_t n;
};

// Where the queries of each class begin.
static void find_classes(const struct queries *all, size_t from[CLASSES], size_t n[CLASSES])
{
    for (size_t k = 0; k < CLASSES; k++)
        from[k] = n[k] = 0;
    for (size_t i = 0; i < all->n; i++) {
        size_t k = (size_t)(all->list[i].class - classes);
        from[k] = n[k] ? from[k] : i;
        n[k]++;
    }
}

// Some of each class, `turn` first. The first query of all pays for what is brought up to the commit at once.
static double ask_round(struct searcher *s, struct queries *all, size_t turn, struct arena *a,
                        struct times times[CLASSES])
{
    size_t from[CLASSES], n[CLASSES];
    double first = -1;
    find_classes(all, from, n);
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t c = 0; c < CLASSES; c++) {
            size_t k = (turn + c) % CLASSES;
            struct times *t = &times[k];
            for (size_t i = 0; i < OF_EACH_CLASS && n[k]; i++) {
                struct query *q = &all->list[from[k] + (turn * OF_EACH_CLASS + i) % n[k]];
                double ms = queries_ask(s, q, a, !pass);
                first = first < 0 ? ms : first;
                if (pass)
                    t->again[t->n++] = ms;
                else
                    t->first[t->n + i] = ms;
                if (!pass && !i)
                    t->leading[turn] = ms;
            }
        }
    return first;
}

static size_t check(struct queries *all, struct bench *b)
{
    bool *wrong = xcalloc(all->n + 1, sizeof *wrong);
    size_t faults = queries_check(all, b, wrong);
    free(wrong);
    return faults;
}

static void print_round(bool figures, size_t touched, double *firsts, double *index_ms)
{
    struct figures first = figures_of(firsts, ROUNDS), index = figures_of(index_ms, ROUNDS);
    line_open("commits", figures ? "figures" : "contents");
    line_number("n", ROUNDS);
    line_number("touched", (double)touched);
    line_number("index_ms_each", index.median);
    line_number("first_query_ms", first.median);
    line_number("first_query_max_ms", first.max);
    line_number("resident_mb", resident_mb());
    line_close();
}

static void print_times(bool figures, struct times times[CLASSES])
{
    for (size_t k = 0; k < CLASSES; k++) {
        struct figures f = figures_of(times[k].first, times[k].n),
                       g = figures_of(times[k].again, times[k].n);
        if (!f.n)
            continue;
        line_open(figures ? "moving_figures" : "moving", classes[k].name);
        line_figures(&f);
        line_number("first_ms", figures_of(times[k].leading, ROUNDS).median);
        line_number("again_median_ms", g.median);
        line_number("again_p99_ms", g.p99);
        line_close();
    }
}

static void run_rounds(struct mover *m, bool figures, struct searcher *s, struct queries *all)
{
    struct arena a = {0};
    double firsts[ROUNDS], index_ms[ROUNDS];
    struct times *times = xcalloc(CLASSES, sizeof *times);
    size_t wanted = figures ? FIGURES : TOUCHED, touched = m->ids.n < wanted ? m->ids.n : wanted;
    double indexed = wait_indexed(m);
    for (size_t round = 0; round < ROUNDS; round++) {
        touch(m, figures, touched);
        double now = wait_indexed(m);
        index_ms[round] = (now - indexed) * 1e3 / (double)touched;
        indexed = now;
        firsts[round] = ask_round(s, all, round, &a, times);
    }
    print_round(figures, touched, firsts, index_ms);
    print_times(figures, times);
    free(times);
    arena_free(&a);
}

static void ask_all(struct searcher *s, struct queries *all)
{
    struct arena a = {0};
    for (size_t i = 0; i < all->n; i++)
        queries_ask(s, &all->list[i], &a, true);
    arena_free(&a);
}

int mode_moving(struct bench *b)
{
    struct mover m;
    struct queries all = {0}, again = {0};
    struct searcher *s = bench_searcher(b);
    start(&m, b);
    wait_indexed(&m);
    queries_read(&all, b, NULL);
    ask_all(s, &all); // a running daemon's searcher
    run_rounds(&m, false, s, &all);
    run_rounds(&m, true, s, &all);
    ask_all(s, &all); // on what the commits left
    queries_read_checked(&again, b);
    ask_all(s, &again);
    size_t faults = check(&all, b) + check(&again, b);
    line_open("part", "checked");
    line_number("moving_checked", (double)(all.n + again.n));
    line_number("moving_wrong", (double)faults);
    line_close();
    stop(&m);
    searcher_free(s);
    queries_free(&all);
    queries_free(&again);
    return faults ? WRONG_ANSWERS : 0;
}
