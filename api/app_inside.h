// The inside of an app, for the files of the API and the daemon.
#pragma once

#include "api/answers.h"
#include "api/app.h"
#include "api/metrics.h"
#include "indexer/suggest/suggest_keeper.h"

#include <pthread.h>
#include <stdatomic.h>

struct app {
    uv_loop_t *loop;
    struct service *service;
    struct workers *workers;
    struct reload *reload;
    struct warm *warm;
    struct http_server *public_server, *admin_server;
    struct metrics *metrics;
    struct query_notes *query_notes; // NULL where they cannot be had
    struct template_set *templates;
    struct str style, script, contact, timezone, stop_words;
    char *data;
    struct rules_holder *rules;
    struct columns_holder *columns;
    struct follow *follow;
    struct display *display;
    struct answers *answers;
    atomic_ullong edition; // see answers.h
    bool plain;            // searches match through Xapian alone
    const struct places *places;
    struct suggest_keeper *suggest;
    struct arena arena; // for the app's life
    atomic_bool draining;

    pthread_mutex_t lock; // of what the loop copies for the others
    struct arena sources_arena;
    struct harvester_source *sources;
    size_t source_count;
    struct indexer_state searched; // where the index stood that searches have
    bool searches;                 // it is known

    uv_signal_t sigterm, sigint, sighup;
    uv_timer_t lag, refresh, deadline;
    uint64_t lag_due;
    const char *config_path;
    unsigned servers_open;
    int exit_code;
};

// Makes the handlers' copies of what the loop knows anew. On the loop.
void app_refresh(struct app *app);
// Searches have all that was committed when the index stood there. On the loop.
void app_searches(struct app *app, const struct indexer_state *state);
// Whether the query has no other parameters than these (NULL-ended); else a problem was answered.
bool app_takes_only(struct http_exchange *x, const char *const *names);
