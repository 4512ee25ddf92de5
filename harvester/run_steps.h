// The inside of a harvest, for run.c (on the loop) and the files of its steps (on the worker). While `working`, only
// the worker touches it, but for `interrupted`.
#pragma once

#include "harvester/guard.h"
#include "harvester/run.h"
#include "harvester/url.h"

#include <stdatomic.h>
#include <sys/types.h>

enum {
    MAX_REREADS = 2,    // a page that came whole and is not one is asked for again so often
    MAX_REVISITS = 50,  // pages that are met twice, since the total shrank
    MAX_PROBES = 1000,  // absent records that one run asks for by their address
    MAX_UNANSWERED = 5, // such questions in a row that get no answer, each tried several times
    RESUME_SECONDS = 24 * 3600,   // an older interrupted run is not gone on with
    FULL_SECONDS = 7 * 24 * 3600, // a 304 is not believed for longer
    MAX_LOST = 50,                // pages or files that cannot be read, in one run
    UNREAD_KEPT = 5,              // of a source: their bodies, for another try
    UNREAD_BYTES = 64 << 20,      // of each; a larger one is not kept
    DOCUMENT_SECONDS = 3600,      // for one document to come
    DOCUMENT_BYTES = 2000 << 20,
};

struct kept_response {
    int status;
    struct buf body;
};

struct harvest_document {         // at hand
    int fd;                       // the file that it was fetched to, or the operator's; 0: none
    void *reader;                 // the driver's; NULL before its first part and behind its last
    struct buf url, content_type; // of a page's answer, too
    int64_t met;                  // records of it that this run had not met before
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
    int64_t repeated; // met before, on pages that brought others: the catalogue announces them, too
    int64_t stored;   // records that we hold, once the absent are listed
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
    struct fetch_policy policy, document_policy;
    struct fetch *fetch;
    struct guard_budget budget;
    struct guard_visited visited, seen; // pages asked for; ids met
    unsigned rereads, revisits;
    struct guard_visited gone; // ids that the catalogue says it removed
    struct harvest_document document;
    bool local;                               // the source is a path
    struct strs files;                        // of it
    size_t file;                              // at hand
    bool unreadable;                          // the page at hand, and why is in `error`
    bool rereading;                           // the document that a resumed run had begun
    unsigned lost;                            // pages that could not be read
    struct source_state before;               // as the last harvest left it; in the harvest's arena
    struct str settings, etag, last_modified; // what this one will leave
    bool conditional, not_modified;
    unsigned asked; // answers that pages came from

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
    int64_t announced;     // of all kinds together; -1 when the catalogue does not say
    bool mixed;            // its lists hold several kinds
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
// Reads the page at hand, or the next part of the document at hand.
void run_step_page(struct harvest *h, struct store *s);
// Passes over the page at hand, which cannot be read.
void run_step_lose(struct harvest *h, struct store *s);
// run_files.c: opens the file at hand as the document, or loads it as the page.
bool run_file_open(struct harvest *h);
bool run_files_list(struct harvest *h);
// Makes the file that a document is fetched to. On the loop.
bool run_spool_open(struct harvest *h);
void run_document_close(struct harvest *h);
void run_document_drop(struct harvest *h); // and with it the file
// Keeps the body of the page at hand; its path in the arena, {NULL, 0} when it is not kept.
struct str run_keep_unread(struct harvest *h);
// run_state.c: what is known of the harvests before, and what this one leaves to the next.
bool run_state_load(struct harvest *h, struct store *s);
void run_state_save(struct harvest *h, struct store *s);
struct str run_settings(const struct harvest *h, struct arena *a);

void run_step_begin(struct harvest *h, struct store *s);
void run_step_absent(struct harvest *h, struct store *s);
void run_step_probe(struct harvest *h, struct store *s);
void run_step_settle(struct harvest *h, struct store *s);
void run_step_end(struct harvest *h, struct store *s);

void run_drop_responses(struct harvest *h);
void run_push_response(struct harvest *h, int status, struct buf body); // takes the body
// Adds a line to the run's report outside of a page. On the worker.
bool run_report(struct harvest *h, struct store *s, struct str record, const char *kind,
                const char *message);
// Writes what a killed run needs to go on into saved_cursor, and lets the run point to it.
void run_save_cursor(struct harvest *h);
