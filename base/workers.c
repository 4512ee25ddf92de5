// See workers.h.
#include "base/workers.h"

#include "base/arena.h"

#include <pthread.h>
#include <stdlib.h>

struct workers {
    uv_async_t wake; // done work is waiting for the loop
    pthread_mutex_t lock;
    pthread_cond_t ready;
    struct work *queue, **queue_end;
    struct work *finished, **finished_end;
    unsigned queued, pending; // pending: submitted and not yet done; the loop's own
    bool stopping;
    struct workers_options options;
    unsigned started;
    pthread_t threads[];
};

static void *thread_main(void *arg)
{
    struct workers *w = arg;
    void *context = w->options.open ? w->options.open(w->options.arg) : NULL;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (!w->queue && !w->stopping)
            pthread_cond_wait(&w->ready, &w->lock);
        struct work *work = w->queue;
        if (!work)
            break;
        w->queue = work->next;
        if (!w->queue)
            w->queue_end = &w->queue;
        w->queued--;
        pthread_mutex_unlock(&w->lock);
        work->run(work, context);
        pthread_mutex_lock(&w->lock);
        work->next = NULL;
        *w->finished_end = work;
        w->finished_end = &work->next;
        uv_async_send(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    if (w->options.close && context)
        w->options.close(context);
    return NULL;
}

static void deliver(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    struct work *work = w->finished;
    w->finished = NULL;
    w->finished_end = &w->finished;
    pthread_mutex_unlock(&w->lock);
    while (work) {
        struct work *next = work->next;
        w->pending--;
        work->done(work);
        work = next;
    }
}

static void on_wake(uv_async_t *wake)
{
    deliver(wake->data);
}

struct workers *workers_start(uv_loop_t *loop, const struct workers_options *options, struct err *e)
{
    struct workers *w = xcalloc(1, sizeof *w + options->threads * sizeof *w->threads);
    w->options = *options;
    w->queue_end = &w->queue;
    w->finished_end = &w->finished;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->ready, NULL);
    if (uv_async_init(loop, &w->wake, on_wake) != 0) {
        err_set(e, ERR_IO, "cannot make a wake-up handle for the %s threads", options->name);
        free(w);
        return NULL;
    }
    w->wake.data = w;
    for (; w->started < options->threads; w->started++) {
        if (pthread_create(&w->threads[w->started], NULL, thread_main, w) != 0) {
            err_set(e, ERR_IO, "cannot start a %s thread", options->name);
            workers_stop(w);
            return NULL;
        }
        pthread_setname_np(w->threads[w->started], options->name);
    }
    return w;
}

bool workers_submit(struct workers *w, struct work *work)
{
    pthread_mutex_lock(&w->lock);
    bool room = !w->stopping && w->queued < w->options.queue;
    if (room) {
        work->next = NULL;
        *w->queue_end = work;
        w->queue_end = &work->next;
        w->queued++;
        w->pending++;
        pthread_cond_signal(&w->ready);
    }
    pthread_mutex_unlock(&w->lock);
    return room;
}

unsigned workers_waiting(const struct workers *w)
{
    return w->pending;
}

static void on_closed(uv_handle_t *handle)
{
    struct workers *w = handle->data;
    pthread_cond_destroy(&w->ready);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void workers_stop(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->ready);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->started; i++)
        pthread_join(w->threads[i], NULL);
    deliver(w);
    uv_close((uv_handle_t *)&w->wake, on_closed);
}
