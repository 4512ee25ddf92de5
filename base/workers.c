// See workers.h.
#include "base/workers.h"

#include "base/arena.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct workers {
    // An eventfd that tells the loop that work is done. An uv_async_t has one too, but where the loop wakes while the sender is still
    // in its write, it spins until the sender is back: on a busy machine, longer than the rest of the way takes.
    uv_poll_t wake;
    int wake_fd;
    // One for each work in the queue; at the end, one more for each thread. A condition would cost a thread that wakes another call of
    // the kernel, to unlock what it was woken for.
    sem_t ready;
    pthread_mutex_t lock;
    struct work *queue, **queue_end;
    struct work *finished, **finished_end;
    unsigned queued, pending; // pending: submitted and not yet done; the loop's own
    bool stopping;
    struct workers_options options;
    unsigned started;
    pthread_t threads[];
};

static void tell_loop(struct workers *w)
{
    static const uint64_t one = 1;
    while (write(w->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

// Waits for work. NULL: there will be none.
static struct work *take_work(struct workers *w)
{
    while (sem_wait(&w->ready) < 0) // interrupted by a signal
        ;
    pthread_mutex_lock(&w->lock);
    struct work *work = w->queue;
    if (work) {
        w->queue = work->next;
        if (!w->queue)
            w->queue_end = &w->queue;
        w->queued--;
    }
    pthread_mutex_unlock(&w->lock);
    return work;
}

static void finish_work(struct workers *w, struct work *work)
{
    pthread_mutex_lock(&w->lock);
    bool told = w->finished; // and the loop did not come yet
    work->next = NULL;
    *w->finished_end = work;
    w->finished_end = &work->next;
    pthread_mutex_unlock(&w->lock);
    if (!told)
        tell_loop(w);
}

static void *thread_main(void *arg)
{
    struct workers *w = arg;
    void *context = w->options.open ? w->options.open(w->options.arg) : NULL;
    for (struct work *work; (work = take_work(w)) != NULL;) {
        work->run(work, context);
        finish_work(w, work);
    }
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

static void on_wake(uv_poll_t *wake, int status, int events)
{
    struct workers *w = wake->data;
    uint64_t times;
    (void)status, (void)events;
    // Read before the list is taken: what comes behind is told again.
    if (read(w->wake_fd, &times, sizeof times) > 0)
        deliver(w);
}

static bool open_wake(struct workers *w, uv_loop_t *loop)
{
    w->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (w->wake_fd < 0)
        return false;
    if (uv_poll_init(loop, &w->wake, w->wake_fd) != 0) {
        close(w->wake_fd);
        return false;
    }
    w->wake.data = w;
    uv_poll_start(&w->wake, UV_READABLE, on_wake);
    return true;
}

struct workers *workers_start(uv_loop_t *loop, const struct workers_options *options, struct err *e)
{
    struct workers *w = xcalloc(1, sizeof *w + options->threads * sizeof *w->threads);
    w->options = *options;
    w->queue_end = &w->queue;
    w->finished_end = &w->finished;
    pthread_mutex_init(&w->lock, NULL);
    sem_init(&w->ready, 0, 0);
    if (!open_wake(w, loop)) {
        err_set(e, ERR_IO, "cannot make a wake-up handle for the %s threads", options->name);
        free(w);
        return NULL;
    }
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
    }
    pthread_mutex_unlock(&w->lock);
    if (room)
        sem_post(&w->ready);
    return room;
}

unsigned workers_waiting(const struct workers *w)
{
    return w->pending;
}

static void on_closed(uv_handle_t *handle)
{
    struct workers *w = handle->data;
    close(w->wake_fd);
    sem_destroy(&w->ready);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void workers_stop(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->started; i++)
        sem_post(&w->ready);
    for (unsigned i = 0; i < w->started; i++)
        pthread_join(w->threads[i], NULL);
    deliver(w);
    uv_close((uv_handle_t *)&w->wake, on_closed);
}
