// All harvests: which source runs now, which is next, when. On the loop's thread, but for what its worker does.
//
// Each source runs when its schedule says so (cron, in the configuration's time zone, a stable jitter), or when it is asked
// to; one run of a source at a time, HARVESTER_PARALLEL at once. A source that was never harvested, or whose time passed
// while nobody was there, is due at once; a run that was interrupted goes on at once.
#pragma once

#include "harvester/run.h"

struct harvester;

enum { HARVESTER_PARALLEL = 4 };

struct harvester_callbacks {
    // A run ended: its records are in the store. Call harvester_searchable once they are in the index too.
    void (*ended)(void *arg, int64_t ticket, const struct run *run);
    void *arg;
};

// What a request is told. `run` and its strings are valid during the call.
struct harvester_request {
    struct harvest_options options;
    void (*begun)(void *arg, const struct run *run); // it has its number; may be NULL
    void (*done)(void *arg, const struct run *run, const struct run_error *dry_errors,
                 size_t n); // searchable; may be NULL
    void *arg;
};

// Takes the configuration and the store's writer, both freed at the end. NULL when the fetcher cannot be set up.
struct harvester *harvester_new(uv_loop_t *loop, struct config *config, struct store *writer,
                                const struct harvester_callbacks *callbacks, struct err *e);
// Starts the timers. Without it, sources run only on request.
bool harvester_schedule(struct harvester *h, struct err *e);
// Takes another configuration; runs that are under way end under the old one, a source that is new is due at once. What cannot change without a restart
// (listen, admin, data, store, proxy, ca_file, contact) keeps its old value, and is logged.
bool harvester_reload(struct harvester *h, struct config *config, struct err *e);
// Borrowed until the next reload.
const struct config *harvester_config(const struct harvester *h);
// ERR_NOT_FOUND: no such source. ERR_CONFLICT: it runs, or waits to.
bool harvester_harvest(struct harvester *h, struct str source,
                       const struct harvester_request *request, struct err *e);
void harvester_searchable(struct harvester *h, int64_t ticket);
// Whoever waits for a run that has not begun is told that it will not: `begun` and `done` get a run without a number.
void harvester_drop_waiting(struct harvester *h);
// Runs `step` on the thread that owns the store's writer, then `done` on the loop: for accept and refuse.
struct harvester_task {
    struct work work; // first
    void (*step)(struct harvester_task *, struct store *);
    void (*done)(struct harvester_task *);
};
bool harvester_submit(struct harvester *h, struct harvester_task *task);

// What is going on, for the faces. Strings are copied into the arena.
struct harvester_source {
    struct str name, type, url, schedule;
    bool running, waiting;
    struct run run;         // of a running one, as it stands
    int64_t announced, met; // of a running one
    int64_t next;           // seconds; 0 when it is never due
};
struct harvester_source *harvester_sources(const struct harvester *h, struct arena *a, size_t *n);
const struct fetch_counters *harvester_fetched(const struct harvester *h);
// Interrupts every run, stops the timers, closes the store, frees itself; then calls `stopped`.
void harvester_stop(struct harvester *h, void (*stopped)(void *arg), void *arg);
