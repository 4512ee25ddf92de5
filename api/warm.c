// See warm.h.
#include "api/warm.h"

#include "api/app_inside.h"
#include "api/pages.h"
#include "base/log.h"
#include "base/workers.h"
#include "indexer/search/follow.h"

#include <stdlib.h>
#include <time.h>

struct warm {
    struct work work; // first: what the thread and `done` get
    struct app *app;
    struct workers *workers;
    bool wanted, under_way;
    struct indexer_state state; // where the index stood when it was begun
    _Atomic(double) cpu_seconds;
};

// ---- On its thread -----------------------------------------------------------------------------------

// Its searcher.
static void *open_searcher(void *arg)
{
    struct app *app = arg;
    struct err e = {0};
    struct searcher *s = searcher_new(app->data, app->stop_words, app->rules, &e);
    if (!s) {
        log_event(LOG_ERROR, "nobody makes the index ready, searches will", F_Z("why", e.what));
        return NULL;
    }
    searcher_share_columns(s, app->columns);
    searcher_set_plain(s, app->plain);
    return s;
}

static void close_searcher(void *context)
{
    searcher_free(context);
}

// What people ask for first: the home page, and a page of words with its filters.
static bool search(struct searcher *s, struct err *e)
{
    struct search_request r;
    struct search_answer answer;
    struct arena a = {0};
    home_request(&r, &a);
    bool good = searcher_search(s, &r, &a, &answer, e);
    search_request_init(&r);
    r.q = STR("transport logement");
    r.facets = search_page_facets(true);
    good = good && searcher_search(s, &r, &a, &answer, e);
    arena_free(&a);
    return good;
}

// A failure is for whoever really asks: they open the index by themselves then.
static void lead(struct work *work, void *context)
{
    struct warm *w = (struct warm *)work;
    struct searcher *s = context;
    struct timespec cpu;
    struct err e = {0};
    bool good = s && searcher_lead(s, w->app->follow, &e) && search(s, &e);
    if (s)
        searcher_led(s, w->app->follow, good);
    if (good) { // what results show is kept of one state: of that which all search, now
        searcher_share_display(s, w->app->display);
        good = search(s, &e);
        searcher_share_display(s, NULL);
    }
    if (!good && s)
        log_event(e.code == ERR_NOT_FOUND ? LOG_DEBUG : LOG_WARNING,
                  "not all of the index was made ready", F_Z("why", e.what));
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
    atomic_store(&w->cpu_seconds, (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9);
}

double warm_cpu_seconds(struct warm *w)
{
    return atomic_load(&w->cpu_seconds);
}

// ---- On the loop ---------------------------------------------------------------------------------------

static void begin(struct warm *w);

static void led(struct work *work)
{
    struct warm *w = (struct warm *)work;
    w->under_way = false;
    app_searches(w->app, &w->state);
    begin(w);
}

static void begin(struct warm *w)
{
    if (!w->wanted || w->under_way || w->app->draining)
        return;
    w->work = (struct work){.run = lead, .done = led};
    w->wanted = false;
    indexer_read_state(service_indexer(w->app->service), &w->state);
    w->under_way = workers_submit(w->workers, &w->work);
}

void warm_index_moved(struct warm *w)
{
    follow_index_moved(w->app->follow);
    w->wanted = true;
    begin(w);
}

struct warm *warm_new(struct app *app, struct err *e)
{
    struct workers_options pool = {.name = "lead",
                                   .threads = 1,
                                   .queue = 1,
                                   .open = open_searcher,
                                   .close = close_searcher,
                                   .arg = app};
    struct warm *w = xcalloc(1, sizeof *w);
    w->app = app;
    w->workers = workers_start(app->loop, &pool, e);
    if (w->workers)
        return w;
    free(w);
    return NULL;
}

void warm_stop(struct warm *w)
{
    workers_stop(w->workers);
}

void warm_free(struct warm *w)
{
    free(w);
}
