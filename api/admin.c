// The admin face: runs to start, removals that wait for a decision, records to set apart, a rebuild of the index, metrics. Handlers that touch the
// harvester run on the loop.
#include "api/app_inside.h"
#include "api/http/problem.h"
#include "api/http/request.h"
#include "api/http/response.h"
#include "api/json.h"
#include "api/queries.h"
#include "api/warm.h"

#include <stdlib.h>

// ---- Starting a run ------------------------------------------------------------------------------

static void run_begun(void *arg, const struct run *run)
{
    struct http_exchange *x = arg;
    if (!run->run) {
        http_problem(x, 503, "busy", STR("the run could not begin, the daemon's log says why"),
                     STR_NONE);
        http_send(x);
        return;
    }
    struct buf b = {0};
    json_open(&b, '{');
    json_key(&b, "source");
    json_str(&b, run->source);
    json_key(&b, "run");
    json_int(&b, run->run);
    json_key(&b, "state");
    json_str(&b, STR("running"));
    json_close(&b, '}');
    http_json(x, 202, &b);
    http_send(x);
}

// 0 or 1, as `explain` of a search.
static bool read_flag(struct http_exchange *x, const char *name, bool *out)
{
    struct str v = http_query_value(x, name);
    *out = str_eq(v, STR("1"));
    if (!v.n || *out || str_eq(v, STR("0")))
        return true;
    http_problem(x, 400, "invalid-parameter", arena_printf(http_arena(x), "%s is 0 or 1", name),
                 str_of(name));
    return false;
}

static void start_run(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    struct app *app = arg;
    static const char *const names[] = {"force", "limit", NULL};
    struct err e = {0};
    int64_t limit = 0;
    bool force;
    struct str most = http_query_value(x, "limit");
    if (!app_takes_only(x, names) || !read_flag(x, "force", &force))
        return;
    if (most.n && !str_to_int(most, 1, INT32_MAX, &limit)) {
        http_problem(x, 400, "invalid-parameter", STR("limit is a number from 1"), STR("limit"));
        return;
    }
    struct harvester_request request = {
        .options = {.trigger = "api", .force = force, .limit = limit},
        .begun = run_begun,
        .arg = x,
    };
    if (app->draining) {
        http_problem(x, 503, "busy", STR("the daemon is stopping"), STR_NONE);
        return;
    }
    http_hold(x);
    if (!harvester_harvest(service_harvester(app->service), http_path_parameter(x, "name"),
                           &request, &e)) {
        http_problem_err(x, &e, STR_NONE);
        http_send(x);
    }
}

// ---- Accepting and refusing ----------------------------------------------------------------------

struct decision {
    struct harvester_task task; // first
    struct app *app;
    struct http_exchange *x;
    int64_t run;
    struct str source;
    bool accept, good;
    struct err error;
};

static void decide_in_store(struct harvester_task *task, struct store *store)
{
    struct decision *d = (struct decision *)task;
    struct arena a = {0};
    struct run run;
    d->good = store_run_get(store, d->run, &a, &run, &d->error);
    if (d->good && !str_eq(run.source, d->source))
        d->good = err_set(&d->error, ERR_NOT_FOUND, "run %lld is of the source \"%.*s\"",
                          (long long)d->run, STR_ARG(run.source));
    if (d->good)
        d->good = d->accept ? store_held_accept(store, d->run, date_now(), &d->error)
                            : store_held_refuse(store, d->run, date_now(), &d->error);
    arena_free(&a);
}

static void decided(struct harvester_task *task)
{
    struct decision *d = (struct decision *)task;
    if (d->good) {
        struct buf b = {0};
        json_open(&b, '{');
        json_key(&b, "run");
        json_int(&b, d->run);
        json_key(&b, "decision");
        json_str(&b, d->accept ? STR("accepted") : STR("refused"));
        json_close(&b, '}');
        indexer_notify(service_indexer(d->app->service));
        http_json(d->x, 200, &b);
    } else {
        http_problem_err(d->x, &d->error, STR_NONE);
    }
    http_send(d->x);
    free(d);
}

static void decide(struct http_exchange *x, struct app *app, bool accept)
{
    int64_t run;
    if (!str_to_int(http_path_parameter(x, "run"), 1, INT64_MAX, &run)) {
        http_problem(x, 400, "invalid-parameter", STR("a run is named by its number"), STR("run"));
        return;
    }
    struct decision *d = xcalloc(1, sizeof *d);
    d->task = (struct harvester_task){.step = decide_in_store, .done = decided};
    d->app = app;
    d->x = x;
    d->run = run;
    d->accept = accept;
    d->source = http_path_parameter(x, "name");
    http_hold(x);
    if (harvester_submit(service_harvester(app->service), &d->task))
        return;
    free(d);
    http_problem(x, 503, "busy", STR("the harvest worker's queue is full"), STR_NONE);
    http_send(x);
}

static void accept_run(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    decide(x, arg, true);
}

static void refuse_run(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    decide(x, arg, false);
}

// ---- The same brick in several catalogues ----------------------------------------------------------

struct parting {
    struct harvester_task task; // first
    struct app *app;
    struct http_exchange *x;
    struct str id;
    bool apart, good;
    int64_t seq; // to be indexed before searches show it
    struct err error;
};

static void part_in_store(struct harvester_task *task, struct store *store)
{
    struct parting *p = (struct parting *)task;
    int64_t fseq;
    p->good = store_set_apart(store, p->id, p->apart, &p->error) &&
              store_heads(store, &p->seq, &fseq, &p->error);
}

static void parted(struct harvester_task *task)
{
    struct parting *p = (struct parting *)task;
    if (p->good) {
        struct buf b = {0};
        json_open(&b, '{');
        json_key(&b, "id");
        json_str(&b, p->id);
        json_key(&b, "apart");
        json_bool(&b, p->apart);
        json_key(&b, "seq");
        json_int(&b, p->seq);
        json_close(&b, '}');
        indexer_notify(service_indexer(p->app->service));
        http_json(p->x, 200, &b);
    } else {
        http_problem_err(p->x, &p->error, STR_NONE);
    }
    http_send(p->x);
    free(p);
}

static void part(struct http_exchange *x, struct app *app, bool apart)
{
    struct parting *p = xcalloc(1, sizeof *p);
    p->task = (struct harvester_task){.step = part_in_store, .done = parted};
    p->app = app;
    p->x = x;
    p->apart = apart;
    p->id = http_path_parameter(x, "id");
    http_hold(x);
    if (harvester_submit(service_harvester(app->service), &p->task))
        return;
    free(p);
    http_problem(x, 503, "busy", STR("the harvest worker's queue is full"), STR_NONE);
    http_send(x);
}

static void split_record(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    part(x, arg, true);
}

static void join_record(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    part(x, arg, false);
}

// ---- Index and metrics ---------------------------------------------------------------------------

static void reindex(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    struct app *app = arg;
    struct buf b = {0};
    bool fresh = indexer_rebuild(service_indexer(app->service));
    buf_addz(&b, fresh ? "{\"rebuilding\":true}" : "{\"rebuilding\":true,\"already\":true}");
    http_json(x, 202, &b);
}

static void index_state(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    struct indexer_state s;
    struct buf b = {0};
    app_index_state(arg, &s);
    json_open(&b, '{');
    json_key(&b, "generation");
    json_int(&b, s.generation);
    json_key(&b, "seq");
    json_int(&b, s.seq);
    json_key(&b, "documents");
    json_int(&b, s.documents);
    json_key(&b, "rebuilding");
    json_bool(&b, s.rebuilding);
    json_key(&b, "rebuild_seq");
    json_int(&b, s.rebuild_seq);
    json_key(&b, "error");
    json_str(&b, s.error.code ? str_of(s.error.what) : STR_NONE);
    json_close(&b, '}');
    http_json(x, 200, &b);
}

static void metrics(struct http_exchange *x, void *context, void *arg)
{
    struct app *app = arg;
    struct err e = {0};
    struct store_count *counts = NULL;
    struct metrics_present present = {0};
    struct store *store = app_store(context, &e);
    if (store && store_counts(store, http_arena(x), &counts, &present.count, &e))
        store_heads(store, &present.store_seq, &present.store_fseq, &e);
    if (store)
        store_join_counts(store, &present.bricks_joined, &present.records_joined, &e);
    present.counts = counts;
    present.sources = app_sources(app, http_arena(x), &present.source_count);
    app_index_state(app, &present.index);
    present.lead_cpu_seconds = warm_cpu_seconds(app->warm);
    answers_read_state(app->answers, &present.answers);
    display_read_state(app->display, &present.display);
    struct buf b = {0};
    metrics_write(app->metrics, &present, &b);
    http_answer(x, 200, "text/plain; version=0.0.4; charset=utf-8", &b);
}

const struct http_route admin_routes[] = {
    {HTTP_POST, "/api/v1/sources/{name}/runs", start_run, 0, "run_start"},
    {HTTP_POST, "/api/v1/sources/{name}/runs/{run}/accept", accept_run, 0, "run_accept"},
    {HTTP_POST, "/api/v1/sources/{name}/runs/{run}/refuse", refuse_run, 0, "run_refuse"},
    {HTTP_POST, "/api/v1/records/{id}/split", split_record, 0, "record_split"},
    {HTTP_POST, "/api/v1/records/{id}/join", join_record, 0, "record_join"},
    {HTTP_POST, "/api/v1/index/rebuild", reindex, 0, "index_rebuild"},
    {HTTP_GET, "/api/v1/index", index_state, 0, "index"},
    {HTTP_GET, "/api/v1/queries", admin_queries, HTTP_ON_WORKER, "queries"},
    {HTTP_GET, "/metrics", metrics, HTTP_ON_WORKER, "metrics"},
};
const size_t admin_route_count = sizeof admin_routes / sizeof *admin_routes;
