// See warm.h.
#include "api/warm.h"

#include "api/app_inside.h"
#include "api/pages.h"
#include "base/log.h"
#include "base/workers.h"

#include <stdlib.h>

struct warm {
    struct work work; // first: what the thread and `done` get
    struct app *app;
    bool wanted, under_way;
};

struct warm *warm_new(struct app *app)
{
    struct warm *w = xcalloc(1, sizeof *w);
    w->app = app;
    return w;
}

void warm_free(struct warm *w)
{
    free(w);
}

// What people ask for first: the home page, and a page of words with its filters. A failure is for whoever really asks.
static void search(struct work *work, void *context)
{
    struct app_worker *worker = context;
    struct search_request r;
    struct search_answer answer;
    struct arena a = {0};
    struct err e = {0};
    (void)work;
    home_request(&r, &a);
    bool good = searcher_search(worker->searcher, &r, &a, &answer, &e);
    search_request_init(&r);
    r.q = STR("transport logement");
    r.facets = search_page_facets(true);
    if (!good || !searcher_search(worker->searcher, &r, &a, &answer, &e))
        log_event(LOG_DEBUG, "nothing loaded for the first search", F_Z("why", e.what));
    arena_free(&a);
}

static void begin(struct warm *w);

static void searched(struct work *work)
{
    struct warm *w = (struct warm *)work;
    w->under_way = false;
    begin(w);
}

static void begin(struct warm *w)
{
    if (!w->wanted || w->under_way || w->app->draining)
        return;
    w->work = (struct work){.run = search, .done = searched};
    w->wanted = false;
    w->under_way = workers_submit(w->app->workers, &w->work);
}

void warm_index_moved(struct warm *w)
{
    w->wanted = true;
    begin(w);
}
