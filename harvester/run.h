// One harvest of one source: from the first page to the last, then what was absent. It lives on the loop; reading,
// normalising and storing happen on the one worker that owns the store's writer.
//
//   begin -> (ask, fetch, read and store)* for each page -> absent -> probe* -> settle -> end
//
// A document is fetched to a file, then read and stored part by part. A source that is a path has its files in the place of pages.
// A source whose sweep is one answer is asked for it with its validators (RFC 9110 section 13): after a 304 nothing is read, and
// now and then everything is, since some of them lie.
//
// Every page is one transaction with the cursor, so that a run that was killed goes on from its page.
// Nothing is ever counted as absent unless every page of the sweep was read and the catalogue showed as many
// records as it announced; an item that cannot be read is present.
#pragma once

#include "base/workers.h"
#include "harvester/driver.h"
#include "harvester/fetch.h"
#include "store/store.h"

struct harvest;

struct harvest_tools { // borrowed, for as long as a harvest runs
    uv_loop_t *loop;
    struct fetcher *fetcher;
    struct workers *worker; // one thread; its context is the store's writer
    const char *folder;     // for documents, and for pages that cannot be read
};

struct harvest_options {
    const char *trigger; // schedule, command, api
    bool force;          // write every record, changed or not
    bool dry_run;        // write nothing at all
    int64_t limit;       // stop after so many records; 0: none. Nothing is absent then
};

struct harvest_callbacks {                      // on the loop
    void (*begun)(struct harvest *, void *arg); // the run has its number; may be NULL
    void (*done)(struct harvest *, void *arg);
    void *arg;
};

// Never fails: what goes wrong is told by the run that `done` gets. The source is copied but for its configuration, which must
// outlive the harvest.
struct harvest *harvest_start(const struct harvest_tools *tools, const struct driver *driver,
                              const struct driver_source *source,
                              const struct harvest_options *options,
                              const struct harvest_callbacks *callbacks);
// Ends it at once after the work at hand; it becomes interrupted, and the next harvest of the source resumes it.
void harvest_interrupt(struct harvest *h, const char *why);
// The run as it stands; strings belong to the harvest. On the loop.
const struct run *harvest_run(const struct harvest *h);
// Records that the catalogue announced so far, over the kinds begun; 0 when it says nothing.
int64_t harvest_announced(const struct harvest *h);
int64_t harvest_met(const struct harvest *h);
// The lines of a dry run, which are stored nowhere. Valid until harvest_free.
const struct run_error *harvest_errors(const struct harvest *h, size_t *n);
// After `done`.
void harvest_free(struct harvest *h);
