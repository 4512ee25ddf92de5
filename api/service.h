// The harvester and the indexer at work together, over one store: what `glaneur serve` and `glaneur harvest` both run. On the
// loop's thread. A run counts as over once all it brought is searchable.
#pragma once

#include "harvester/harvester.h"
#include "indexer/index/indexer.h"

struct service;

struct service_settings {
    struct config *config;       // taken, freed with the service
    struct str stop_words;       // borrowed
    const struct places *places; // borrowed; may be NULL
    bool schedule;               // run sources when they are due, not only on request
    bool searched_later;         // searches do not have a commit at once: service_searchable tells
    // A run ended and is searchable; strings are valid during the call. May be NULL.
    void (*run_ended)(void *arg, const struct run *run);
    // The index moved. May be NULL.
    void (*index_moved)(void *arg);
    void *arg;
};

// Opens (and makes) the store as its only writer: ERR_LOCKED when another process is. What an earlier process left running
// becomes interrupted. NULL on an error; the configuration is then still the caller's.
struct service *service_start(uv_loop_t *loop, const struct service_settings *settings,
                              struct err *e);
struct harvester *service_harvester(struct service *s);
struct indexer *service_indexer(struct service *s);
// Of one with searched_later: searches have what the index had when it stood there.
void service_searchable(struct service *s, const struct indexer_state *state);
// Interrupts what runs, lets the indexer end its batch, frees everything, then calls `stopped`.
void service_stop(struct service *s, void (*stopped)(void *arg), void *arg);
