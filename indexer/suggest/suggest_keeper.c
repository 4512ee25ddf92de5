// See suggest_keeper.h. `suggester` is shared with those who ask, under the lock; the rest belongs to the loop, but for
// `job`, which is the worker's from submitting it until it is done.
#include "indexer/suggest/suggest_keeper.h"

#include "base/log.h"
#include "base/workers.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { WAIT_MS = 5000, WAIT_FACTOR = 20 };

struct suggest_keeper {
    struct work work; // first: the job is found from it
    struct suggest_source source;
    atomic_bool stop;
    struct suggester *made; // by the job; NULL where it failed
    struct err error;
    double cpu_seconds;

    struct workers *workers;
    uv_loop_t *loop;
    uv_timer_t timer;
    uint64_t wait_ms, next_ms; // not before, in the loop's time
    bool moved, working, stopping;

    pthread_mutex_t lock;
    struct suggester *suggester;
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run(struct work *work, void *context)
{
    struct suggest_keeper *k = (struct suggest_keeper *)work;
    (void)context;
    double start = cpu_seconds();
    k->error = (struct err){0};
    k->made = suggest_build(&k->source, &k->error);
    k->cpu_seconds = cpu_seconds() - start;
}

static void on_timer(uv_timer_t *timer);

// Begins, or sets the clock for it.
static void begin_when_due(struct suggest_keeper *k)
{
    if (!k->moved || k->working || k->stopping)
        return;
    uv_update_time(k->loop);
    uint64_t now = uv_now(k->loop);
    if (now < k->next_ms) {
        uv_timer_start(&k->timer, on_timer, k->next_ms - now, 0);
        return;
    }
    k->moved = false;
    k->working = workers_submit(k->workers, &k->work); // its queue has room for the only job
}

static void on_timer(uv_timer_t *timer)
{
    begin_when_due(timer->data);
}

static void done(struct work *work)
{
    struct suggest_keeper *k = (struct suggest_keeper *)work;
    struct suggester *old = k->made;
    if (k->made) {
        pthread_mutex_lock(&k->lock);
        old = k->suggester;
        k->suggester = k->made;
        pthread_mutex_unlock(&k->lock);
        log_event(LOG_DEBUG, "suggestions made", F_INT("entries", suggester_entries(k->made)),
                  F_INT("bytes", suggester_bytes(k->made)), F_REAL("cpu_seconds", k->cpu_seconds));
    } else if (k->error.code != ERR_NOT_FOUND && !k->stopping) {
        log_event(LOG_WARNING, "suggestions could not be made", F_Z("why", k->error.what),
                  F_Z("where", k->error.where));
    }
    suggester_release(old);
    k->made = NULL;
    k->working = false;
    uint64_t wait = (uint64_t)(k->cpu_seconds * 1000 * WAIT_FACTOR);
    uv_update_time(k->loop);
    k->next_ms = uv_now(k->loop) + (wait > k->wait_ms ? wait : k->wait_ms);
    begin_when_due(k);
}

struct suggest_keeper *
suggest_keeper_new(uv_loop_t *loop, const struct suggest_keeper_settings *settings, struct err *e)
{
    struct suggest_keeper *k = xcalloc(1, sizeof *k);
    struct workers_options pool = {.name = "suggest", .threads = 1, .queue = 1};
    k->workers = workers_start(loop, &pool, e);
    if (!k->workers) {
        free(k);
        return NULL;
    }
    k->work = (struct work){.run = run, .done = done};
    k->source = (struct suggest_source){.data = settings->data,
                                        .stop_words = settings->stop_words,
                                        .places = settings->places,
                                        .place_count = settings->place_count,
                                        .stop = &k->stop};
    k->loop = loop;
    k->wait_ms = settings->wait_ms ? settings->wait_ms : WAIT_MS;
    pthread_mutex_init(&k->lock, NULL);
    uv_timer_init(loop, &k->timer);
    k->timer.data = k;
    suggest_keeper_moved(k);
    return k;
}

struct suggester *suggest_keeper_get(struct suggest_keeper *k)
{
    pthread_mutex_lock(&k->lock);
    struct suggester *s = k->suggester;
    if (s)
        suggester_hold(s);
    pthread_mutex_unlock(&k->lock);
    return s;
}

void suggest_keeper_moved(struct suggest_keeper *k)
{
    k->moved = true;
    begin_when_due(k);
}

static void on_closed(uv_handle_t *handle)
{
    struct suggest_keeper *k = handle->data;
    pthread_mutex_destroy(&k->lock);
    suggester_release(k->suggester);
    free(k);
}

void suggest_keeper_stop(struct suggest_keeper *k)
{
    k->stopping = true;
    atomic_store(&k->stop, true);
    workers_stop(k->workers);
    uv_close((uv_handle_t *)&k->timer, on_closed);
}
