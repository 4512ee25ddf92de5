// Prometheus metrics, in their text exposition format 0.0.4. Names and labels are a contract with dashboards; base units; no
// text of users as a label. Any thread: one lock, held for moments.
#pragma once

#include "api/answers.h"
#include "api/http/server.h"
#include "harvester/harvester.h"
#include "indexer/index/indexer.h"
#include "indexer/search/display.h"
#include "store/store.h"

struct metrics;

struct metrics *metrics_new(void);
void metrics_free(struct metrics *m);
void metrics_http(struct metrics *m, const struct http_metric *answer);
void metrics_search(struct metrics *m, double seconds, bool nothing, bool relaxed);
void metrics_run(struct metrics *m, const struct run *run);
void metrics_loop_lag(struct metrics *m, double seconds);
void metrics_fetched(struct metrics *m, const struct fetch_counters *counters);

// Everything, with what the store, the index and the sources tell at the moment.
struct metrics_present {
    const struct store_count *counts;
    size_t count;
    int64_t store_seq, store_fseq;
    int64_t bricks_joined, records_joined;
    struct indexer_state index;
    double lead_cpu_seconds;
    struct answers_state answers; // kept in memory
    struct display_state display; // documents, of results
    const struct harvester_source *sources;
    size_t source_count;
};
void metrics_write(struct metrics *m, const struct metrics_present *present, struct buf *out);
