// Whether two search threads are worth two: the same queries by one searcher, then by two at once. See bench.h.
//
// Throughput is in wall time, which others on the machine take from. So it is told once as it was, once without the time that a thread
// could have run and another had the core (proc(5), schedstat); waiting for each other is in both. The ratio of CPU is what the
// threads cost each other in the memory that they share.
#include "tests/bench/engines/bench.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 3, ROUND_MS = 500, ASKED_LEAST = 20, ASKED_MOST = 20000 };

struct asker {
    struct bench *bench;
    struct queries queries; // its own
    size_t from, count,
        among; // so many of the first `among`, going round; 0: nothing in this round
    bool ending;
    double cpu, wall, kept; // seconds; kept: that it could have run in
};

// Rounds begin and end for both threads and the one that measures.
static pthread_barrier_t begin, end;

static double kept_seconds(void)
{
    unsigned long long ran, kept = 0;
    FILE *f = fopen("/proc/thread-self/schedstat", "r");
    if (f && fscanf(f, "%llu %llu", &ran, &kept) != 2)
        kept = 0;
    if (f)
        fclose(f);
    return (double)kept / 1e9;
}

static void ask_all(struct asker *asker, struct searcher *searcher, struct arena *a)
{
    double wall = date_stopwatch(), cpu = cpu_ms(), kept = kept_seconds();
    for (size_t i = 0; i < asker->count; i++)
        queries_ask(searcher, &asker->queries.list[(asker->from + i) % asker->among], a, false);
    asker->cpu = (cpu_ms() - cpu) / 1e3;
    asker->kept = kept_seconds() - kept;
    asker->wall = date_stopwatch() - wall;
}

// A searcher belongs to its thread.
static void *run_asker(void *arg)
{
    struct asker *asker = arg;
    struct arena a = {0};
    struct searcher *searcher = bench_searcher(asker->bench);
    pthread_barrier_wait(&begin);
    while (!asker->ending) {
        ask_all(asker, searcher, &a);
        pthread_barrier_wait(&end);
        pthread_barrier_wait(&begin);
    }
    searcher_free(searcher);
    arena_free(&a);
    return NULL;
}

struct round {
    double cpu, wall,
        alone; // ms of one query's CPU; seconds until all were done; without what was kept
};

// The first thread, the second, or both: each asks the same queries, the second beginning half-way.
enum who { FIRST = 1, SECOND = 2, BOTH = 3 };
static struct round ask_with(struct asker askers[2], unsigned who, size_t count, size_t among)
{
    struct round r = {0};
    size_t asked = who == BOTH ? 2 * count : count;
    for (unsigned i = 0; i < 2; i++) {
        askers[i].count = who & (1u << i) ? count : 0;
        askers[i].among = among;
        askers[i].from = i * among / 2;
    }
    pthread_barrier_wait(&begin);
    pthread_barrier_wait(&end);
    for (size_t i = 0; i < 2; i++) {
        double alone = askers[i].wall - askers[i].kept;
        r.wall = askers[i].wall > r.wall ? askers[i].wall : r.wall;
        r.alone = alone > r.alone ? alone : r.alone;
        r.cpu += askers[i].cpu * 1e3 / (double)asked;
    }
    return r;
}

static void measure(const char *name, struct asker *askers)
{
    double wall[ROUNDS], alone[ROUNDS], cpu[ROUNDS], one[ROUNDS];
    size_t n = askers->queries.n, some = n < ASKED_LEAST ? n : ASKED_LEAST;
    ask_with(askers, FIRST, some, some);
    size_t count = (size_t)(ROUND_MS / ask_with(askers, FIRST, some, some).cpu);
    count = count < some ? some : count > ASKED_MOST ? ASKED_MOST : count;
    size_t among = count < n ? count : n;
    ask_with(askers, FIRST, among, among); // warm
    ask_with(askers, SECOND, among, among);
    for (size_t i = 0; i < ROUNDS; i++) {
        struct round first = ask_with(askers, FIRST, count, among),
                     both = ask_with(askers, BOTH, count, among);
        wall[i] = 2 * first.wall / both.wall;
        alone[i] = 2 * first.alone / both.alone;
        cpu[i] = both.cpu / first.cpu;
        one[i] = first.cpu;
    }
    line_open("threads", name);
    line_number("queries", (double)count);
    line_number("one_cpu_ms", figures_of(one, ROUNDS).median);
    line_number("two_throughput", figures_of(wall, ROUNDS).median);
    line_number("two_alone", figures_of(alone, ROUNDS).median);
    line_number("two_cpu", figures_of(cpu, ROUNDS).median);
    line_close();
}

// So that the first ones are of all classes.
static void mix(struct queries *all)
{
    enum { STRIDE = 7919 };
    struct query *mixed = xcalloc(all->n + 1, sizeof *mixed);
    for (size_t i = 0; i < all->n; i++)
        mixed[i] = all->list[i * STRIDE % all->n];
    free(all->list);
    all->list = mixed;
}

// NULL: all classes.
static void measure_class(struct bench *b, const char *class)
{
    struct asker askers[2] = {0};
    pthread_t ids[2];
    pthread_barrier_init(&begin, NULL, 3);
    pthread_barrier_init(&end, NULL, 3);
    for (size_t i = 0; i < 2; i++) {
        askers[i].bench = b;
        queries_read(&askers[i].queries, b, class);
        if (!class)
            mix(&askers[i].queries);
        stop_on(!pthread_create(&ids[i], NULL, run_asker, &askers[i]) ||
                err_set(&bench_err, ERR_IO, "no thread"));
    }
    if (askers[0].queries.n)
        measure(class ? class : "all", askers);
    askers[0].ending = askers[1].ending = true;
    pthread_barrier_wait(&begin);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(ids[i], NULL);
        queries_free(&askers[i].queries);
    }
    pthread_barrier_destroy(&begin);
    pthread_barrier_destroy(&end);
}

void mode_threads(struct bench *b)
{
    measure_class(b, NULL);
    for (size_t k = 0; k < CLASSES; k++)
        measure_class(b, classes[k].name);
}
