// See service.h.
#include "api/service.h"

#include "base/log.h"

#include <stdlib.h>

struct waiting { // a run whose records are not all searchable yet
    struct waiting *next;
    int64_t ticket, seq, fseq;
    struct run run; // strings in its arena
    struct arena arena;
};

struct service {
    struct service_settings settings;
    char *data;
    struct harvester *harvester;
    struct indexer *indexer;
    struct waiting *waiting;
    int64_t seq, fseq; // with searched_later: what searches have
    bool stopping;
    void (*stopped)(void *);
    void *stopped_arg;
};

static void release(struct service *s, struct waiting *w)
{
    harvester_searchable(s->harvester, w->ticket);
    if (s->settings.run_ended)
        s->settings.run_ended(s->settings.arg, &w->run);
    arena_free(&w->arena);
    free(w);
}

// Runs that searches have all of; all runs when the index stands still, or when nobody will wait.
static void release_searchable(struct service *s)
{
    struct indexer_state state;
    indexer_read_state(s->indexer, &state);
    bool all = s->stopping || state.error.code != ERR_NONE;
    int64_t seq = s->settings.searched_later ? s->seq : state.seq,
            fseq = s->settings.searched_later ? s->fseq : state.fseq;
    for (struct waiting **at = &s->waiting; *at;) {
        struct waiting *w = *at;
        if (!all && (seq < w->seq || fseq < w->fseq)) {
            at = &w->next;
            continue;
        }
        *at = w->next;
        release(s, w);
    }
}

void service_searchable(struct service *s, const struct indexer_state *state)
{
    s->seq = state->seq;
    s->fseq = state->fseq;
    release_searchable(s);
}

static void run_ended(void *arg, int64_t ticket, const struct run *run)
{
    struct service *s = arg;
    struct waiting *w = xcalloc(1, sizeof *w);
    w->ticket = ticket;
    w->seq = run->last_seq;
    w->fseq = run->last_fseq;
    w->run = *run;
    w->run.source = arena_str(&w->arena, run->source);
    w->run.trigger = arena_str(&w->arena, run->trigger);
    w->run.cursor = STR_NONE;
    w->run.message = arena_str(&w->arena, run->message);
    w->next = s->waiting;
    s->waiting = w;
    indexer_notify(s->indexer);
    release_searchable(s);
}

static void index_moved(void *arg)
{
    struct service *s = arg;
    release_searchable(s);
    if (s->settings.index_moved)
        s->settings.index_moved(s->settings.arg);
}

struct service *service_start(uv_loop_t *loop, const struct service_settings *settings,
                              struct err *e)
{
    struct service *s = xcalloc(1, sizeof *s);
    s->settings = *settings;
    s->data = xstrdup(settings->config->data.p);
    struct indexer_settings indexer = {.data = s->data,
                                       .stop_words = settings->stop_words,
                                       .places = settings->places,
                                       .moved = index_moved,
                                       .arg = s};
    struct harvester_callbacks callbacks = {.ended = run_ended, .arg = s};
    int64_t orphans = 0;

    struct store *store = store_open(s->data, STORE_WRITE, e);
    if (store && store_runs_orphaned(store, &orphans, e))
        s->indexer = indexer_start(loop, &indexer, e);
    if (s->indexer)
        s->harvester = harvester_new(loop, settings->config, store, &callbacks, e);
    if (!s->harvester) {
        if (s->indexer)
            indexer_stop(s->indexer);
        if (store)
            store_close(store);
        free(s->data);
        free(s);
        return NULL;
    }
    if (orphans)
        log_event(LOG_WARNING, "runs were interrupted by the end of an earlier process",
                  F_INT("runs", orphans));
    struct err late = {0};
    if (settings->schedule && !harvester_schedule(s->harvester, &late))
        log_event(LOG_ERROR, "nothing is scheduled", F_Z("why", late.what));
    return s;
}

struct harvester *service_harvester(struct service *s)
{
    return s->harvester;
}

struct indexer *service_indexer(struct service *s)
{
    return s->indexer;
}

static void harvester_stopped(void *arg)
{
    struct service *s = arg;
    indexer_stop(s->indexer);
    void (*stopped)(void *) = s->stopped;
    void *stopped_arg = s->stopped_arg;
    free(s->data);
    free(s);
    if (stopped)
        stopped(stopped_arg);
}

void service_stop(struct service *s, void (*stopped)(void *), void *arg)
{
    if (s->stopping)
        return;
    s->stopping = true;
    s->stopped = stopped;
    s->stopped_arg = arg;
    release_searchable(s);
    harvester_stop(s->harvester, harvester_stopped, s);
}
