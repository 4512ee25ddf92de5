// The public API: search, records and their history, sources and their runs. Health, on both faces.
#include "api/app.h"
#include "api/at_hand.h"
#include "api/facet_values.h"
#include "api/http/problem.h"
#include "api/http/request.h"
#include "api/http/response.h"
#include "api/json.h"
#include "api/metrics.h"
#include "api/queries.h"
#include "api/search_params.h"
#include "api/similar.h"

#include "api/app_inside.h"

// ---- Parameters ----------------------------------------------------------------------------------

bool app_takes_only(struct http_exchange *x, const char *const *names)
{
    struct http_pairs query = http_query(x);
    for (size_t i = 0; i < query.n; i++) {
        struct str name = query.v[i].name;
        const char *nearest = NULL;
        unsigned best = 3; // as far as a slip of the fingers goes, and 0 when it is known
        for (const char *const *known = names; *known; known++) {
            unsigned distance = str_distance(name, str_of(*known));
            if (distance < best) {
                best = distance;
                nearest = *known;
            }
        }
        if (best == 0)
            continue;
        struct err e;
        err_set(&e, ERR_USAGE, "unknown parameter \"%.*s\"", (int)(name.n < 60 ? name.n : 60),
                name.p);
        if (nearest)
            err_hint(&e, "did you mean \"%s\"?", nearest);
        http_problem_parameter(x, &e, name);
        return false;
    }
    return true;
}

static const char *const no_parameters[] = {NULL};

// ---- Search --------------------------------------------------------------------------------------

static bool read_request(struct http_exchange *x, struct search_request *r)
{
    struct http_pairs query = http_query(x);
    search_request_init(r);
    for (size_t i = 0; i < query.n; i++) {
        struct err e;
        if (search_param(r, query.v[i].name, query.v[i].value, http_arena(x), &e))
            continue;
        http_problem_parameter(x, &e, query.v[i].name);
        return false;
    }
    return true;
}

static void search(struct http_exchange *x, void *context, void *arg)
{
    struct app_worker *w = context;
    struct app *app = arg;
    struct search_request r;
    struct search_answer answer;
    struct err e = {0};
    if (!read_request(x, &r))
        return;
    struct app_answer *at_hand = app_answer_begin(x, app);
    double start = date_stopwatch();
    if (!searcher_search(w->searcher, &r, http_arena(x), &answer, &e)) {
        if (e.code == ERR_NOT_FOUND) // there is no index yet
            e.code = ERR_BUSY;
        http_problem_err(x, &e, STR_NONE);
        return;
    }
    double took = date_stopwatch() - start;
    metrics_search(app->metrics, took, answer.total == 0, answer.relaxed.n > 0);
    app_note_search(app, &r, &answer, http_arena(x));

    http_cache(x, "public, max-age=60, stale-while-revalidate=300");
    if (app_answer_etag(x, at_hand, answer.revision) && r.explain)
        return;
    if (!r.explain)
        app_answer_keep(x, at_hand, &r, &answer);
    struct buf body = {0};
    struct str base = http_base_url(x);
    json_search(&body, &r, &answer, base, took * 1000);
    http_json(x, 200, &body);
    if (answer.cursor.n && (r.page + 1) * r.page_size <= SEARCH_DEPTH_MAX) {
        struct buf link = {0};
        buf_addf(&link, "<%.*s/api/v1/search?", STR_ARG(base));
        search_query_string(&link, &r, r.page + 1);
        buf_addz(&link, ">; rel=\"next\"");
        http_add_header(x, "Link", buf_str(&link));
        buf_free(&link);
    }
}

// ---- Records -------------------------------------------------------------------------------------

// The record that the path names; false when a problem was answered.
static bool find_record(struct http_exchange *x, struct app_worker *w, struct store **store,
                        struct stored *out)
{
    struct err e = {0};
    *store = app_store(w, &e);
    if (*store && store_get(*store, http_path_parameter(x, "id"), http_arena(x), out, &e))
        return true;
    http_problem_err(x, &e, STR_NONE);
    return false;
}

static void record(struct http_exchange *x, void *context, void *arg)
{
    (void)arg;
    struct app_worker *w = context;
    struct store *store;
    struct stored stored;
    struct shown_record shown;
    struct err e = {0};
    if (!app_takes_only(x, no_parameters) || !find_record(x, w, &store, &stored))
        return;
    if (stored.removed) {
        err_set(&e, ERR_GONE, "the record was removed from its catalogue");
        http_problem_err(x, &e, STR_NONE);
        return;
    }
    if (!shown_read(&shown, &stored, store, w->searcher, http_arena(x), &e)) {
        http_problem_err(x, &e, STR_NONE);
        return;
    }
    struct buf body = {0};
    json_record(&body, &shown, NULL, 0);
    http_cache(x, "public, max-age=60");
    // Other catalogues and other records have their part in it: its own numbers do not tell whether it is the same.
    struct str tag = arena_printf(http_arena(x), "%llx-%llx", (unsigned long long)stored.seq,
                                  (unsigned long long)hash64(buf_str(&body)));
    if (http_etag(x, tag, false))
        buf_free(&body);
    else
        http_json(x, 200, &body);
}

static void record_history(struct http_exchange *x, void *context, void *arg)
{
    (void)arg;
    struct store *store;
    struct stored stored;
    struct history_entry *entries;
    size_t n;
    struct err e = {0};
    if (!app_takes_only(x, no_parameters) ||
        !find_record(x, context, &store, &stored)) // a removed one has a history too
        return;
    if (!store_history(store, stored.id, http_arena(x), &entries, &n, &e)) {
        http_problem_err(x, &e, STR_NONE);
        return;
    }
    struct buf body = {0};
    json_history(&body, stored.id, entries, n);
    http_json(x, 200, &body);
}

// ---- Sources -------------------------------------------------------------------------------------

static void write_source(struct buf *b, const struct harvester_source *s,
                         const struct store_count *counts, size_t count, const struct run *last)
{
    int64_t active = 0, missing = 0, archived = 0, removed = 0;
    for (size_t i = 0; i < count; i++)
        if (str_eq(counts[i].source, s->name)) {
            active += counts[i].active;
            missing += counts[i].missing;
            archived += counts[i].archived;
            removed += counts[i].removed;
        }
    json_open(b, '{');
    json_key(b, "name");
    json_str(b, s->name);
    json_key(b, "type");
    json_str(b, s->type);
    json_key(b, "url");
    json_str(b, s->url);
    json_key(b, "schedule");
    json_str(b, s->schedule);
    json_key(b, "state");
    json_str(b, s->running   ? STR("running")
                : s->waiting ? STR("queued")
                : last       ? str_of(run_state_name(last->state))
                             : STR("never_run"));
    json_key(b, "records");
    json_int(b, active + missing + archived);
    json_key(b, "missing");
    json_int(b, missing);
    json_key(b, "archived");
    json_int(b, archived);
    json_key(b, "removed");
    json_int(b, removed);
    json_instant(b, "next_run", s->next);
    json_key(b, "progress");
    if (s->running) {
        json_open(b, '{');
        json_key(b, "met");
        json_int(b, s->met);
        json_key(b, "announced");
        json_int(b, s->announced);
        json_close(b, '}');
    } else {
        json_nil(b);
    }
    json_key(b, "last_run");
    if (last)
        json_run(b, last, NULL, 1);
    else
        json_nil(b);
    json_close(b, '}');
}

static void sources(struct http_exchange *x, void *context, void *arg)
{
    struct err e = {0};
    struct arena *a = http_arena(x);
    size_t n, count = 0;
    struct store_count *counts;
    if (!app_takes_only(x, no_parameters))
        return;
    struct harvester_source *list = app_sources(arg, a, &n);
    struct store *store = app_store(context, &e);
    bool good = store && store_counts(store, a, &counts, &count, &e);
    struct buf b = {0};
    json_open(&b, '{');
    json_key(&b, "sources");
    json_open(&b, '[');
    for (size_t i = 0; good && i < n; i++) {
        struct run *runs;
        size_t run_count;
        good = store_runs(store, list[i].name, 1, a, &runs, &run_count, &e);
        if (good)
            write_source(&b, &list[i], counts, count, run_count ? &runs[0] : NULL);
    }
    json_close(&b, ']');
    json_close(&b, '}');
    if (good) {
        http_json(x, 200, &b);
    } else {
        buf_free(&b);
        http_problem_err(x, &e, STR_NONE);
    }
}

static bool known_source(struct http_exchange *x, struct app *app, struct str name)
{
    size_t n;
    struct harvester_source *list = app_sources(app, http_arena(x), &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].name, name))
            return true;
    struct err e;
    err_set(&e, ERR_NOT_FOUND, "there is no source \"%.*s\"", (int)(name.n < 80 ? name.n : 80),
            name.p);
    http_problem_err(x, &e, STR_NONE);
    return false;
}

// Whether all that a run brought is in the index.
static bool searchable(struct app *app, const struct run *run)
{
    struct indexer_state state;
    app_index_state(app, &state);
    return run->ended && state.seq >= run->last_seq && state.fseq >= run->last_fseq;
}

// ?run=N: that run alone, with all the lines that are kept; else the last ?limit= (20) with 20 lines each.
static void source_runs(struct http_exchange *x, void *context, void *arg)
{
    struct err e = {0};
    struct arena *a = http_arena(x);
    struct str name = http_path_parameter(x, "name"), only = http_query_value(x, "run"),
               most = http_query_value(x, "limit");
    static const char *const names[] = {"run", "limit", NULL};
    int64_t number = 0, limit = 20;
    if (!known_source(x, arg, name) || !app_takes_only(x, names))
        return;
    bool run_is_wrong = only.n && !str_to_int(only, 1, INT64_MAX, &number);
    if (run_is_wrong || (most.n && !str_to_int(most, 1, 100, &limit))) {
        http_problem(x, 400, "invalid-parameter",
                     STR("run and limit are numbers from 1; limit is at most 100"),
                     run_is_wrong ? STR("run") : STR("limit"));
        return;
    }
    struct store *store = app_store(context, &e);
    struct run one, *runs = &one;
    size_t n = 1;
    bool good = store && (number ? store_run_get(store, number, a, &one, &e)
                                 : store_runs(store, name, (size_t)limit, a, &runs, &n, &e));
    if (good && number && !str_eq(one.source, name))
        good = err_set(&e, ERR_NOT_FOUND, "run %lld is of another source", (long long)number);
    struct buf b = {0};
    json_open(&b, '{');
    json_key(&b, "runs");
    json_open(&b, '[');
    for (size_t i = 0; good && i < n; i++) {
        struct run_error *errors;
        size_t count;
        good = store_run_errors(store, runs[i].run, number ? STORE_RUN_ERRORS_MAX : 20, a, &errors,
                                &count, &e);
        if (good)
            json_run(&b, &runs[i], errors, count);
    }
    json_close(&b, ']');
    json_key(&b, "searchable");
    json_bool(&b, good && n && searchable(arg, &runs[0]));
    json_close(&b, '}');
    if (good) {
        http_json(x, 200, &b);
    } else {
        buf_free(&b);
        http_problem_err(x, &e, STR_NONE);
    }
}

// ---- Health --------------------------------------------------------------------------------------

static void healthz(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    (void)arg;
    struct buf b = {0};
    buf_addz(&b, "{\"status\":\"ok\"}");
    http_json(x, 200, &b);
}

static void readyz(struct http_exchange *x, void *context, void *arg)
{
    struct app_worker *w = context;
    struct app *app = arg;
    struct err e = {0};
    uint64_t revision;
    bool ready = !app->draining && searcher_ready(w->searcher, &revision, &e);
    struct buf b = {0};
    json_open(&b, '{');
    json_key(&b, "ready");
    json_bool(&b, ready);
    if (!ready) {
        json_key(&b, "reason");
        json_str(&b, app->draining ? STR("the daemon is stopping") : str_of(e.what));
    }
    json_close(&b, '}');
    http_cache(x, "no-store");
    http_json(x, ready ? 200 : 503, &b);
}

const struct http_route api_routes[] = {
    {HTTP_GET, "/api/v1/search", search, HTTP_ON_WORKER | HTTP_AT_HAND, "search"},
    {HTTP_GET, "/api/v1/records/{id}", record, HTTP_ON_WORKER, "record"},
    {HTTP_GET, "/api/v1/records/{id}/history", record_history, HTTP_ON_WORKER, "record_history"},
    {HTTP_GET, "/api/v1/records/{id}/similar", api_similar, HTTP_ON_WORKER, "similar"},
    {HTTP_GET, "/api/v1/facets/{name}", api_facet_values, HTTP_ON_WORKER | HTTP_AT_HAND,
     "facet_values"},
    {HTTP_GET, "/api/v1/sources", sources, HTTP_ON_WORKER, "sources"},
    {HTTP_GET, "/api/v1/sources/{name}/runs", source_runs, HTTP_ON_WORKER, "source_runs"},
};
const size_t api_route_count = sizeof api_routes / sizeof *api_routes;

const struct http_route health_routes[] = {
    {HTTP_GET, "/healthz", healthz, 0, "healthz"},
    {HTTP_GET, "/readyz", readyz, HTTP_ON_WORKER, "readyz"},
};
const size_t health_route_count = sizeof health_routes / sizeof *health_routes;
