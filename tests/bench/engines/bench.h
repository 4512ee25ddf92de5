// What the ways of asking (search.c) share: the engine opened on a folder of corpus.c as the daemon opens it, queries by class, clocks.
// What goes wrong ends the program, told on stderr.
#pragma once

#include "indexer/columns/columns.h"
#include "indexer/places/geography.h"
#include "indexer/search/display.h"
#include "indexer/search/rules.h"
#include "indexer/search/search.h"
#include "tests/bench/engines/figures.h"
#include "tests/bench/engines/plain.h"

extern struct err bench_err;
extern struct arena bench_kept; // of the whole program

void stop_on(bool good); // tells bench_err, unless good

// ---- The engine ----------------------------------------------------------------------------------

struct bench {
    const char *folder, *data; // data: the folder of store and index
    struct str stop_words;
    struct geography geography;
    struct rules_holder *rules;
    struct columns_holder *columns;
    struct display *display;
};

void bench_open(struct bench *b, const char *folder); // opens no index yet
void bench_close(struct bench *b);
struct searcher *
bench_searcher(struct bench *b); // of one thread, as a search thread of the daemon has it
const char *bench_path(const struct bench *b, const char *name); // FOLDER/name

// ---- Queries -------------------------------------------------------------------------------------

struct query_class {
    const char *name;
    bool any, filters, facets, by_date;
};
enum { CLASSES = 8 };
extern const struct query_class classes[CLASSES];
extern const enum facet asked_facets[PLAIN_FACETS];

struct query {
    const struct query_class *class; // NULL: of a kind that is checked only
    const char *kind;                // its name
    struct search_request request;
    struct search_answer answer; // what is checked of it, once it was kept
};

struct queries {
    struct query *list;
    struct plain_query *plain; // the same ones
    size_t n, room;
};

// Those of FOLDER/queries.tsv; of one class where `only` is not NULL.
void queries_read(struct queries *all, const struct bench *b, const char *only);
// Other kinds, to be checked: filters of several values, facets and dates with them, further pages.
void queries_read_checked(struct queries *all, const struct bench *b);
void queries_free(struct queries *all);

// Milliseconds of CPU of this thread that one query takes, its answer included, which is kept when `keep`. The arena is of the query.
double queries_ask(struct searcher *s, struct query *q, struct arena *a, bool keep);

// Reads the corpus whole, and compares what was kept. Tells some of what differs on stderr, and how many answers of each query are
// wrong in `wrong` (1 or 0). Returns how many.
size_t queries_check(struct queries *all, const struct bench *b, bool *wrong);

// ---- Clocks, memory ------------------------------------------------------------------------------

double cpu_ms(void);      // of this thread
double resident_mb(void); // of this process, now

// ---- Lines of JSON on stdout: opened by what they are of, then numbers ------------------------------

void line_open(const char *key, const char *value);
void line_number(const char *key, double value);
void line_figures(const struct figures *f); // n, mean_ms, median_ms, p99_ms, max_ms
void line_close(void);

// ---- Modes: each prints such lines ---------------------------------------------------------------

int mode_classes(struct bench *b, const char *only); // the exit code
void mode_cold(struct bench *b, const char *only);
void mode_suggestions(struct bench *b);
void mode_threads(struct bench *b);
int mode_moving(struct bench *b); // the exit code
void mode_memory(struct bench *b);
