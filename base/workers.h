// A bounded pool of threads with a queue. Work runs on a thread of the pool; its `done` runs later on the
// loop. Each thread may hold a context of its own (a database handle), made and freed on that thread.
#pragma once

#include "base/err.h"

#include <uv.h>

struct workers;

struct work {
    void (*run)(struct work *, void *context); // on a thread of the pool
    void (*done)(struct work *);               // on the loop; owns the struct again
    struct work *next;                         // the pool's own
};

struct workers_options {
    const char *name; // of the threads, at most 15 characters
    unsigned threads;
    unsigned queue;           // how many may wait; more are refused
    void *(*open)(void *arg); // on each thread, before its first work; may be NULL
    void (*close)(void *context);
    void *arg;
};

struct workers *workers_start(uv_loop_t *loop, const struct workers_options *options,
                              struct err *e);
// From the loop. False when the queue is full: nothing was queued.
bool workers_submit(struct workers *w, struct work *work);
unsigned workers_waiting(const struct workers *w); // queued or running
// From the loop: waits for what is queued, joins the threads, calls the `done` of all, closes the handle.
// The memory is freed in the loop's next turn.
void workers_stop(struct workers *w);
