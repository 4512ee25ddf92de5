// base/workers: the order of work, `done` on the loop, a full queue, contexts, an end with work still queued.
#include "base/workers.h"
#include "tests/tap.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MOST = 5000 };

struct job {
    struct work work; // first: a work is its job
    int number;
    pthread_t ran_on;
    void *context;
    bool *done_flag;
};

static uv_loop_t loop;
static pthread_t loop_thread;
static struct job jobs[MOST];
static int done_order[MOST], done_count;
static bool done_elsewhere; // a `done` that was called off the loop's thread
static atomic_int run_count, opened, closed, contexts_in_use_twice;

// A gate that work waits at, so that a queue can be filled at leisure.
static pthread_mutex_t gate_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_moved = PTHREAD_COND_INITIALIZER;
static bool gate_open;
static int at_gate;

static void gate_set(bool open)
{
    pthread_mutex_lock(&gate_lock);
    gate_open = open;
    pthread_cond_broadcast(&gate_moved);
    pthread_mutex_unlock(&gate_lock);
}

static void gate_wait_for(int waiting)
{
    pthread_mutex_lock(&gate_lock);
    while (at_gate < waiting)
        pthread_cond_wait(&gate_moved, &gate_lock);
    pthread_mutex_unlock(&gate_lock);
}

static void run_job(struct work *work, void *context)
{
    struct job *job = (struct job *)work;
    pthread_mutex_lock(&gate_lock);
    at_gate++;
    pthread_cond_broadcast(&gate_moved);
    while (!gate_open)
        pthread_cond_wait(&gate_moved, &gate_lock);
    at_gate--;
    pthread_mutex_unlock(&gate_lock);
    job->ran_on = pthread_self();
    job->context = context;
    atomic_fetch_add(&run_count, 1);
}

static void job_done(struct work *work)
{
    struct job *job = (struct job *)work;
    done_elsewhere = done_elsewhere || !pthread_equal(pthread_self(), loop_thread);
    done_order[done_count++] = job->number;
}

// A context tells its thread, and whether another one used it.
struct context {
    pthread_t owner;
    atomic_int users;
};

static void *open_context(void *arg)
{
    struct context *c = calloc(1, sizeof *c);
    c->owner = pthread_self();
    atomic_fetch_add((atomic_int *)arg, 1);
    return c;
}

static void close_context(void *context)
{
    struct context *c = context;
    if (!pthread_equal(c->owner, pthread_self()))
        atomic_fetch_add(&contexts_in_use_twice, 1);
    atomic_fetch_add(&closed, 1);
    free(c);
}

static void run_in_context(struct work *work, void *context)
{
    struct context *c = context;
    if (!pthread_equal(c->owner, pthread_self()) || atomic_fetch_add(&c->users, 1) != 0)
        atomic_fetch_add(&contexts_in_use_twice, 1);
    run_job(work, context);
    atomic_fetch_sub(&c->users, 1);
}

static struct workers *started(unsigned threads, unsigned queue)
{
    struct err e = {0};
    struct workers_options options = {.name = "test", .threads = threads, .queue = queue};
    memset(jobs, 0, sizeof jobs);
    done_count = 0;
    atomic_store(&run_count, 0);
    struct workers *w = workers_start(&loop, &options, &e);
    if (!w) {
        printf("Bail out! %s\n", e.what);
        exit(1);
    }
    return w;
}

static bool submit(struct workers *w, int number)
{
    jobs[number] = (struct job){.work = {.run = run_job, .done = job_done}, .number = number};
    return workers_submit(w, &jobs[number].work);
}

static bool in_order(int n)
{
    for (int i = 0; i < n; i++)
        if (done_order[i] != i)
            return false;
    return done_count == n;
}

static void loop_until(const int *count, int wanted)
{
    while (*count < wanted)
        uv_run(&loop, UV_RUN_ONCE);
}

// One thread takes work in the order in which it was submitted; `done` comes in it, on the loop.
static void order(void)
{
    gate_set(true);
    struct workers *w = started(1, MOST);
    bool taken = true;
    for (int i = 0; i < 500; i++)
        taken = submit(w, i) && taken;
    ok(taken);
    is_int(workers_waiting(w), 500); // no `done` before the loop turns
    is_int(done_count, 0);
    loop_until(&done_count, 500);
    ok(in_order(500));
    is_int(workers_waiting(w), 0);
    ok(!done_elsewhere);
    ok(!pthread_equal(jobs[0].ran_on, loop_thread));
    ok(pthread_equal(jobs[0].ran_on, jobs[499].ran_on));
    ok(jobs[0].context == NULL); // nobody opens one
    workers_stop(w);
    uv_run(&loop, UV_RUN_DEFAULT);
}

static void full_queue(void)
{
    gate_set(false);
    struct workers *w = started(2, 3);
    ok(submit(w, 0));
    ok(submit(w, 1));
    gate_wait_for(2); // both threads are busy
    ok(submit(w, 2));
    ok(submit(w, 3));
    ok(submit(w, 4));
    ok(!submit(w, 5)); // running ones are not in the queue
    is_int(workers_waiting(w), 5);
    gate_set(true);
    loop_until(&done_count, 5);
    is_int(atomic_load(&run_count), 5);
    ok(submit(w, 5)); // there is room again
    loop_until(&done_count, 6);
    is_int(workers_waiting(w), 0);
    workers_stop(w);
    uv_run(&loop, UV_RUN_DEFAULT);
}

// Work that is queued when the end comes is done: nothing that was taken is lost.
static void stopped_with_work(void)
{
    gate_set(false);
    struct workers *w = started(1, 100);
    for (int i = 0; i < 50; i++)
        submit(w, i);
    gate_wait_for(1);
    gate_set(true);
    workers_stop(w);
    is_int(atomic_load(&run_count), 50);
    ok(in_order(50)); // before workers_stop returns, without a turn of the loop
    ok(!done_elsewhere);
    uv_run(&loop, UV_RUN_DEFAULT); // frees it
    is_int(done_count, 50);
    is_int(uv_loop_alive(&loop), 0);

    w = started(4, 1); // nothing was ever submitted
    workers_stop(w);
    uv_run(&loop, UV_RUN_DEFAULT);
    is_int(done_count, 0);
}

static struct workers *pool; // for those that submit from `done`
static bool refused_at_end;

static void submit_next(struct work *work)
{
    struct job *job = (struct job *)work;
    done_order[done_count++] = job->number;
    if (job->number + 1 == 100)
        return;
    jobs[job->number + 1] =
        (struct job){.work = {.run = run_job, .done = submit_next}, .number = job->number + 1};
    if (!workers_submit(pool, &jobs[job->number + 1].work))
        refused_at_end = true;
}

static void chained(void)
{
    gate_set(true);
    pool = started(2, 1);
    jobs[0] = (struct job){.work = {.run = run_job, .done = submit_next}};
    ok(workers_submit(pool, &jobs[0].work));
    loop_until(&done_count, 100);
    ok(in_order(100));
    ok(!refused_at_end);

    // Once stopping it takes nothing more, and still ends.
    done_count = 0;
    jobs[0] = (struct job){.work = {.run = run_job, .done = submit_next}};
    ok(workers_submit(pool, &jobs[0].work));
    workers_stop(pool);
    is_int(done_count, 1);
    ok(refused_at_end);
    uv_run(&loop, UV_RUN_DEFAULT);
}

static void stop_within(struct work *work)
{
    struct job *job = (struct job *)work;
    done_order[done_count++] = job->number;
    if (job->number == 0)
        workers_stop(pool);
}

static void stopped_by_done(void)
{
    gate_set(true);
    pool = started(1, 100);
    for (int i = 0; i < 20; i++) {
        jobs[i] = (struct job){.work = {.run = run_job, .done = stop_within}, .number = i};
        workers_submit(pool, &jobs[i].work);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    is_int(done_count, 20);
    is_int(uv_loop_alive(&loop), 0);
}

static void contexts(void)
{
    struct err e = {0};
    struct workers_options options = {.name = "contexts",
                                      .threads = 4,
                                      .queue = MOST,
                                      .open = open_context,
                                      .close = close_context,
                                      .arg = &opened};
    gate_set(true);
    done_count = 0;
    atomic_store(&run_count, 0);
    struct workers *w = workers_start(&loop, &options, &e);
    ok(w != NULL);
    for (int i = 0; i < MOST; i++) {
        jobs[i] = (struct job){.work = {.run = run_in_context, .done = job_done}, .number = i};
        while (!workers_submit(w, &jobs[i].work))
            uv_run(&loop, UV_RUN_ONCE);
    }
    loop_until(&done_count, MOST);
    is_int(atomic_load(&run_count), MOST);
    is_int(atomic_load(&closed), 0);
    workers_stop(w);
    is_int(atomic_load(&opened), 4);
    is_int(atomic_load(&closed), 4);
    is_int(atomic_load(&contexts_in_use_twice), 0);
    bool own = true;
    for (int i = 0; i < MOST; i++)
        own = own && jobs[i].context != NULL;
    ok(own);
    uv_run(&loop, UV_RUN_DEFAULT);
}

int main(void)
{
    loop_thread = pthread_self();
    uv_loop_init(&loop);
    order();
    full_queue();
    stopped_with_work();
    chained();
    stopped_by_done();
    contexts();
    is_int(uv_loop_close(&loop), 0);
    return tap_done();
}
