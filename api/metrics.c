// See metrics.h.
#include "api/metrics.h"

#include "base/version.h"

#include <pthread.h>
#include <stdlib.h>

enum { ROUTES_MOST = 512, SOURCES_MOST = 256, OUTCOMES = RUN_INTERRUPTED + 1, BUCKETS = 12 };

static const double bounds[BUCKETS] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                       0.1,   0.25,   0.5,   1,    2.5,   5};

struct histogram {
    uint64_t buckets[BUCKETS + 1];
    double sum;
};

struct answers { // of one route with one status
    const char *route;
    unsigned status;
    uint64_t n;
};

struct source_runs {
    char name[65];
    uint64_t outcomes[OUTCOMES];
    int64_t last_success;
};

struct metrics {
    pthread_mutex_t lock;
    struct answers answers[ROUTES_MOST];
    size_t answer_count;
    struct source_runs sources[SOURCES_MOST];
    size_t source_count;
    struct histogram requests, searches, lag;
    double lag_max;
    uint64_t nothing, relaxed;
    struct fetch_counters fetched;
};

struct metrics *metrics_new(void)
{
    struct metrics *m = xcalloc(1, sizeof *m);
    pthread_mutex_init(&m->lock, NULL);
    return m;
}

void metrics_free(struct metrics *m)
{
    if (!m)
        return;
    pthread_mutex_destroy(&m->lock);
    free(m);
}

static void observe(struct histogram *h, double seconds)
{
    size_t i = 0;
    while (i < BUCKETS && seconds > bounds[i])
        i++;
    h->buckets[i]++;
    h->sum += seconds;
}

void metrics_http(struct metrics *m, const struct http_metric *answer)
{
    pthread_mutex_lock(&m->lock);
    size_t i = 0;
    while (i < m->answer_count && (strcmp(m->answers[i].route, answer->route) != 0 ||
                                   m->answers[i].status != answer->status))
        i++;
    if (i == m->answer_count && i < ROUTES_MOST)
        m->answers[m->answer_count++] = (struct answers){answer->route, answer->status, 0};
    if (i < ROUTES_MOST)
        m->answers[i].n++;
    observe(&m->requests, answer->seconds);
    pthread_mutex_unlock(&m->lock);
}

void metrics_search(struct metrics *m, double seconds, bool nothing, bool relaxed)
{
    pthread_mutex_lock(&m->lock);
    observe(&m->searches, seconds);
    m->nothing += nothing;
    m->relaxed += relaxed;
    pthread_mutex_unlock(&m->lock);
}

void metrics_run(struct metrics *m, const struct run *run)
{
    pthread_mutex_lock(&m->lock);
    size_t i = 0;
    while (i < m->source_count && !str_eq(str_of(m->sources[i].name), run->source))
        i++;
    if (i == m->source_count && i < SOURCES_MOST && run->source.n < sizeof m->sources[i].name) {
        memcpy(m->sources[i].name, run->source.p, run->source.n);
        m->source_count++;
    }
    if (i < m->source_count) {
        m->sources[i].outcomes[run->state]++;
        if (run->state == RUN_DONE || run->state == RUN_DONE_WITH_ERRORS)
            m->sources[i].last_success = run->ended;
    }
    pthread_mutex_unlock(&m->lock);
}

void metrics_loop_lag(struct metrics *m, double seconds)
{
    pthread_mutex_lock(&m->lock);
    observe(&m->lag, seconds);
    m->lag_max = seconds > m->lag_max ? seconds : m->lag_max;
    pthread_mutex_unlock(&m->lock);
}

void metrics_fetched(struct metrics *m, const struct fetch_counters *counters)
{
    pthread_mutex_lock(&m->lock);
    m->fetched = *counters;
    pthread_mutex_unlock(&m->lock);
}

// ---- Writing -------------------------------------------------------------------------------------

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_addf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void single(struct buf *b, const char *name, const char *type, const char *help,
                   double value)
{
    head(b, name, type, help);
    buf_addf(b, "%s %.17g\n", name, value);
}

static void histogram(struct buf *b, const char *name, const char *help, const struct histogram *h)
{
    uint64_t sum = 0;
    head(b, name, "histogram", help);
    for (size_t i = 0; i < BUCKETS; i++) {
        sum += h->buckets[i];
        buf_addf(b, "%s_bucket{le=\"%g\"} %llu\n", name, bounds[i], (unsigned long long)sum);
    }
    sum += h->buckets[BUCKETS];
    buf_addf(b, "%s_bucket{le=\"+Inf\"} %llu\n%s_sum %.17g\n%s_count %llu\n", name,
             (unsigned long long)sum, name, h->sum, name, (unsigned long long)sum);
}

static void write_http(const struct metrics *m, struct buf *b)
{
    head(b, "glaneur_http_requests_total", "counter", "Requests answered, by route and status.");
    for (size_t i = 0; i < m->answer_count; i++)
        buf_addf(b, "glaneur_http_requests_total{route=\"%s\",code=\"%u\"} %llu\n",
                 m->answers[i].route, m->answers[i].status, (unsigned long long)m->answers[i].n);
    histogram(b, "glaneur_http_request_duration_seconds", "From a request to its answer.",
              &m->requests);
    histogram(b, "glaneur_search_duration_seconds", "Of searches, without their way to the client.",
              &m->searches);
    single(b, "glaneur_search_nothing_total", "counter", "Searches that found nothing.",
           (double)m->nothing);
    single(b, "glaneur_search_relaxed_total", "counter",
           "Searches that found something only without some words.", (double)m->relaxed);
    histogram(b, "glaneur_loop_lag_seconds", "How late the loop comes to its timers.", &m->lag);
    single(b, "glaneur_loop_lag_max_seconds", "gauge", "The latest it ever came.", m->lag_max);
}

static void write_fetches(const struct metrics *m, struct buf *b)
{
    const struct fetch_counters *f = &m->fetched;
    single(b, "glaneur_fetch_requests_total", "counter", "Requests made to catalogues.",
           (double)f->requests);
    single(b, "glaneur_fetch_retries_total", "counter", "Requests made again.", (double)f->retries);
    single(b, "glaneur_fetch_received_bytes_total", "counter", "Bytes received from catalogues.",
           (double)f->bytes_wire);
    single(b, "glaneur_fetch_decoded_bytes_total", "counter", "Bytes of pages, decoded.",
           (double)f->bytes_decoded);
    head(b, "glaneur_fetch_failures_total", "counter",
         "Pages that could not be had, by kind of failure.");
    for (unsigned i = ERR_NONE + 1; i <= ERR_INTERNAL; i++)
        if (f->failures[i])
            buf_addf(b, "glaneur_fetch_failures_total{kind=\"%s\"} %llu\n",
                     err_name((enum err_code)i), (unsigned long long)f->failures[i]);
}

static void write_runs(const struct metrics *m, struct buf *b)
{
    head(b, "glaneur_harvest_runs_total", "counter", "Runs that ended, by source and outcome.");
    for (size_t i = 0; i < m->source_count; i++)
        for (unsigned s = 0; s < OUTCOMES; s++)
            if (m->sources[i].outcomes[s])
                buf_addf(b, "glaneur_harvest_runs_total{source=\"%s\",outcome=\"%s\"} %llu\n",
                         m->sources[i].name, run_state_name((enum run_state)s),
                         (unsigned long long)m->sources[i].outcomes[s]);
    head(b, "glaneur_harvest_last_success_timestamp_seconds", "gauge",
         "End of the last run that was done, since the start.");
    for (size_t i = 0; i < m->source_count; i++)
        if (m->sources[i].last_success)
            buf_addf(b, "glaneur_harvest_last_success_timestamp_seconds{source=\"%s\"} %lld\n",
                     m->sources[i].name, (long long)m->sources[i].last_success);
}

static void write_state(struct buf *b, const struct store_count *c, const char *state, int64_t n)
{
    buf_addf(b, "glaneur_records{source=\"%.*s\",kind=\"%.*s\",state=\"%s\"} %lld\n",
             STR_ARG(c->source), STR_ARG(record_kind_name(c->kind)), state, (long long)n);
}

static void write_kept(const struct metrics_present *p, struct buf *b)
{
    single(b, "glaneur_answers_kept_bytes", "gauge", "Memory of answers kept for the next request.",
           (double)p->answers.bytes);
    single(b, "glaneur_answers_kept", "gauge", "Answers kept.", (double)p->answers.answers);
    single(b, "glaneur_answers_found_total", "counter", "Requests answered with a kept answer.",
           (double)p->answers.found);
    single(b, "glaneur_answers_missed_total", "counter",
           "Requests that no kept answer was there for.", (double)p->answers.missed);
    single(b, "glaneur_results_kept_bytes", "gauge", "Memory of what results show, kept.",
           (double)p->display.bytes);
    single(b, "glaneur_results_found_total", "counter", "Results that were kept.",
           (double)p->display.found);
    single(b, "glaneur_results_read_total", "counter", "Results that were read from the index.",
           (double)p->display.read);
}

static void write_present(const struct metrics_present *p, struct buf *b)
{
    head(b, "glaneur_records", "gauge", "Records in the store, by source, kind and state.");
    for (size_t i = 0; i < p->count; i++) {
        write_state(b, &p->counts[i], "active", p->counts[i].active);
        write_state(b, &p->counts[i], "missing", p->counts[i].missing);
        write_state(b, &p->counts[i], "archived", p->counts[i].archived);
        write_state(b, &p->counts[i], "removed", p->counts[i].removed);
    }
    single(b, "glaneur_bricks_joined", "gauge", "Bricks that several catalogues show.",
           (double)p->bricks_joined);
    single(b, "glaneur_records_joined", "gauge", "Records of the store that are of such a brick.",
           (double)p->records_joined);
    head(b, "glaneur_harvest_running", "gauge", "1 while a run of the source is under way.");
    for (size_t i = 0; i < p->source_count; i++)
        buf_addf(b, "glaneur_harvest_running{source=\"%.*s\"} %d\n", STR_ARG(p->sources[i].name),
                 p->sources[i].running);
    head(b, "glaneur_harvest_next_timestamp_seconds", "gauge", "When the source is due next.");
    for (size_t i = 0; i < p->source_count; i++)
        if (p->sources[i].next)
            buf_addf(b, "glaneur_harvest_next_timestamp_seconds{source=\"%.*s\"} %lld\n",
                     STR_ARG(p->sources[i].name), (long long)p->sources[i].next);
    const struct indexer_state *x = &p->index;
    single(b, "glaneur_index_lag_records", "gauge",
           "Changes of the store that the index does not hold yet.",
           (double)(p->store_seq - x->seq));
    single(b, "glaneur_index_lag_figures", "gauge",
           "Moves of figures that the index does not hold yet.", (double)(p->store_fseq - x->fseq));
    single(b, "glaneur_index_documents", "gauge", "Documents in the index.", (double)x->documents);
    single(b, "glaneur_index_generation", "gauge", "Number of the index in use.",
           (double)x->generation);
    single(b, "glaneur_index_rebuilding", "gauge", "1 while an index is built aside.",
           x->rebuilding);
    single(b, "glaneur_index_failed", "gauge", "1 while the index stands still on an error.",
           x->error.code != ERR_NONE);
    single(b, "glaneur_index_records_written_total", "counter", "Records written into the index.",
           (double)x->indexed);
    single(b, "glaneur_index_figures_written_total", "counter", "Figures written into the index.",
           (double)x->figures);
    single(b, "glaneur_index_commits_total", "counter", "Commits of the index.",
           (double)x->commits);
    single(b, "glaneur_index_cpu_seconds_total", "counter", "CPU time of the index thread.",
           x->cpu_seconds);
    single(b, "glaneur_index_lead_cpu_seconds_total", "counter",
           "CPU time of making commits ready for searches.", p->lead_cpu_seconds);
}

void metrics_write(struct metrics *m, const struct metrics_present *present, struct buf *out)
{
    head(out, "glaneur_build_info", "gauge", "Always 1; the version is its label.");
    buf_addf(out, "glaneur_build_info{version=\"%s\"} 1\n", GLANEUR_VERSION);
    pthread_mutex_lock(&m->lock);
    write_http(m, out);
    write_fetches(m, out);
    write_runs(m, out);
    pthread_mutex_unlock(&m->lock);
    write_present(present, out);
    write_kept(present, out);
}
