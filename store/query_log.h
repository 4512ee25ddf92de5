// The log of queries that did not find what they asked for, DATA/queries.sqlite: what operators read to write synonyms. It
// holds texts as query_log_text() gives them, counts and days: no address, no user, no hour. One row for each query, with its newest
// outcome.
//
// Every call blocks: never from the loop's thread. A handle belongs to one thread. One process writes, the daemon; readers are
// as many as wanted, whether it runs or not.
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

enum query_outcome { QUERY_NOTHING, QUERY_RELAXED, QUERY_CORRECTED, QUERY_OUTCOMES };
const char *query_outcome_name(enum query_outcome outcome); // "nothing", "relaxed", "corrected"
bool query_outcome_find(struct str name, enum query_outcome *out);

enum {
    QUERY_LOG_ROWS = 10000,
    QUERY_LOG_KEPT = 9000, // what is left when there are more: the rarest go first, then the oldest
    QUERY_LOG_DAYS = 90,   // a query that was not met for longer is forgotten
};

struct query_entry {
    struct str query;
    enum query_outcome outcome;
    struct str relaxed, corrected; // as the answer of the search said; may be empty
    int64_t count;                 // how often it was met
    int64_t strict_total, total;   // what it found the last time
    int64_t first_seen, last_seen; // days since 1970-01-01, in UTC
};

struct query_log;

// STORE_WRITE makes the file (readable by the owner and the group), and begins it anew when it is damaged: the old one becomes
// queries.sqlite.damaged, and the program's log says so. STORE_READ: ERR_NOT_FOUND while nothing was ever written.
struct query_log *query_log_open(const char *data, enum store_mode mode, struct err *e);
void query_log_close(struct query_log *log); // NULL is taken

// Adds the entries' counts to what is there, each with last_seen == today, then forgets what is too old or too much. In one
// transaction, which a crash of the machine in the next seconds may undo. A file found damaged is begun anew, with these.
bool query_log_write(struct query_log *log, const struct query_entry *entries, size_t n,
                     int64_t today, struct err *e);

struct query_filter {
    bool only; // one outcome
    enum query_outcome outcome;
    int64_t since; // a day; 0 for all
    int64_t today;
    size_t limit;
};
// The most frequent first, then the newest. *total: how many rows the filter leaves without its limit.
bool query_log_read(struct query_log *log, const struct query_filter *filter, struct arena *a,
                    struct query_entry **out, size_t *n, int64_t *total, struct err *e);
