// The inside of a harvest, for run.c (on the loop) and the files of its steps (on the worker). While `working`, only
// the worker touches it, but for `interrupted`.
#pragma once

#include "harvester/guard.h"
#include "harvester/run.h"
#include "harvester/url.h"

#include <stdatomic.h>

enum {
    MAX_REREADS = 2,    // a page that came whole and is not one is asked for again so often
    MAX_REVISITS = 50,  // pages that are met twice, since the total shrank
    MAX_PROBES = 1000,  // absent records that one run asks for by their address
    MAX_UNANSWERED = 5, // such questions in a row that get no answer, each tried several times
    RESUME_SECONDS = 24 * 3600, // an older interrupted run is not gone on with
};

struct kept_response {
    int status;
    struct buf body;
};

struct absent {
    struct str id;
    enum record_kind kind;
    enum record_status status;
    int missed;
    int64_t missing_since;
    enum driver_presence presence;
};

struct kind_tally {
    int64_t announced; // -1 when the catalogue does not say
    int64_t met;       // different records of its lists, those that cannot be read included
    int64_t stored;    // records that we hold, once the absent are listed
    int64_t removing;
};

struct harvest {
    struct work work; // first: a piece of work is its harvest
    void (*step)(struct harvest *, struct store *);
    void (*then)(struct harvest *);
    bool working;

    struct harvest_tools tools;
    const struct driver *driver;
    struct driver_source source;
    struct harvest_options options;
    struct harvest_callbacks callbacks;

    struct run run;
    struct run shown; // a copy for the loop, made between two steps
    int64_t shown_announced, shown_met;
    struct err error;   // of the last step
    struct arena arena; // for the harvest's life
    struct strs headers;
    struct fetch_policy policy;
    struct fetch *fetch;
    struct guard_budget budget;
    struct guard_visited visited, seen; // pages asked for; ids met
    unsigned rereads, revisits;

    struct buf cursor;       // the driver's
    struct buf saved_cursor; // with what a resumed run must know besides
    struct buf page_url;
    struct arena page_arena, loop_arena, follow_arena, absent_arena;
    struct kept_response *responses;
    size_t response_count, response_room;
    struct strs follow;

    struct {
        size_t mojibake, repaired, cut; // texts, as driver_page tells them
    } texts;
    struct kind_tally kinds[KIND_COUNT];
    enum record_kind list; // that the last page was of; KIND_COUNT before the first
    bool swept;            // the last page was read
    bool complete;         // and the catalogue showed all that it announced
    bool limited, ending;
    bool settled; // what was absent is written, and with it the run's end
    atomic_bool interrupted;
    const char *why;

    struct absent *absents;
    size_t absent_count, absent_room, probe, probes, unanswered;

    struct run_error *dry_errors;
    size_t dry_error_count;
};

// On the worker.
void run_step_begin(struct harvest *h, struct store *s);
void run_step_page(struct harvest *h, struct store *s);
void run_step_absent(struct harvest *h, struct store *s);
void run_step_probe(struct harvest *h, struct store *s);
void run_step_settle(struct harvest *h, struct store *s);
void run_step_end(struct harvest *h, struct store *s);

// On the loop: reads the source's headers_file ("Name: value" a line).
bool run_read_headers(struct harvest *h);
void run_drop_responses(struct harvest *h);
// Adds a line to the run's report outside of a page. On the worker.
bool run_report(struct harvest *h, struct store *s, struct str record, const char *kind,
                const char *message);
// Writes what a killed run needs to go on into saved_cursor, and lets the run point to it.
void run_save_cursor(struct harvest *h);
