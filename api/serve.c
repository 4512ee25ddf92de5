// See serve.h.
#include "api/serve.h"

#include "api/app_inside.h"
#include "api/at_hand.h"
#include "api/http/server.h"
#include "api/reload.h"
#include "api/suggest.h"
#include "api/territories.h"
#include "api/query_notes.h"
#include "api/warm.h"
#include "api/web/mustache.h"
#include "base/log.h"
#include "base/version.h"
#include "config/shipped.h"
#include "harvester/guard.h"
#include "indexer/columns/columns.h"
#include "indexer/search/display.h"
#include "indexer/search/follow.h"
#include "indexer/search/rules.h"
#include "indexer/suggest/suggest_places.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

enum {
    LAG_MS = 100,     // how often the loop measures how late it is
    REFRESH_MS = 500, // how often the handlers' copies are made anew
    GRACE_MS = 5000,  // for requests that run when the daemon stops
    HARD_STOP_MS = 9500,
    SEARCH_QUEUE = 64,
};

// ---- What handlers ask for ------------------------------------------------------------------------

struct store *app_store(struct app_worker *w, struct err *e)
{
    if (!w->store)
        w->store = store_open(w->app->data, STORE_READ, e);
    return w->store;
}

const struct template_set *app_templates(const struct app *app)
{
    return app->templates;
}

struct str app_style(const struct app *app)
{
    return app->style;
}

struct str app_script(const struct app *app)
{
    return app->script;
}

struct str app_contact(const struct app *app)
{
    return app->contact;
}

struct str app_timezone(const struct app *app)
{
    return app->timezone;
}

void app_index_state(struct app *app, struct indexer_state *out)
{
    indexer_read_state(service_indexer(app->service), out);
    pthread_mutex_lock(&app->lock);
    if (app->searches) {
        const struct indexer_state *s = &app->searched;
        out->seq = s->seq;
        out->fseq = s->fseq;
        out->complete = s->complete;
        out->generation = s->generation;
        out->documents = s->documents;
        out->commits = s->commits;
    }
    pthread_mutex_unlock(&app->lock);
}

void app_searches(struct app *app, const struct indexer_state *state)
{
    pthread_mutex_lock(&app->lock);
    app->searched = *state;
    app->searches = true;
    pthread_mutex_unlock(&app->lock);
    service_searchable(app->service, state);
}

struct service *app_service(struct app *app)
{
    return app->service;
}

struct harvester_source *app_sources(struct app *app, struct arena *a, size_t *n)
{
    pthread_mutex_lock(&app->lock);
    struct harvester_source *list = ARENA_ARRAY(a, struct harvester_source, app->source_count);
    for (size_t i = 0; i < app->source_count; i++) {
        const struct harvester_source *s = &app->sources[i];
        list[i] = *s;
        list[i].name = arena_str(a, s->name);
        list[i].type = arena_str(a, s->type);
        list[i].url = arena_str(a, s->url);
        list[i].schedule = arena_str(a, s->schedule);
        list[i].run.source = list[i].name;
        list[i].run.trigger = arena_str(a, s->run.trigger);
    }
    *n = app->source_count;
    pthread_mutex_unlock(&app->lock);
    return list;
}

static void share(struct searcher *s, struct app *app)
{
    searcher_share_columns(s, app->columns);
    searcher_share_display(s, app->display);
    searcher_follow(s, app->follow);
    searcher_set_plain(s, app->plain);
}

static void *open_worker(void *arg)
{
    struct app *app = arg;
    struct err e;
    struct app_worker *w = xcalloc(1, sizeof *w);
    w->app = app;
    w->searcher = searcher_new(app->data, app->stop_words, app->rules, &e);
    if (w->searcher)
        share(w->searcher, app);
    return w;
}

static void close_worker(void *context)
{
    struct app_worker *w = context;
    searcher_free(w->searcher);
    if (w->store)
        store_close(w->store);
    free(w);
}

// ---- Timers ----------------------------------------------------------------------------------------

static void measure_lag(uv_timer_t *timer)
{
    struct app *app = timer->data;
    uint64_t now = uv_hrtime() / 1000;
    if (app->lag_due && now > app->lag_due)
        metrics_loop_lag(app->metrics, (double)(now - app->lag_due) / 1e6);
    app->lag_due = uv_hrtime() / 1000 + LAG_MS * 1000;
    uv_timer_start(timer, measure_lag, LAG_MS, 0);
}

void app_refresh(struct app *app)
{
    pthread_mutex_lock(&app->lock);
    arena_reset(&app->sources_arena);
    app->sources =
        harvester_sources(service_harvester(app->service), &app->sources_arena, &app->source_count);
    pthread_mutex_unlock(&app->lock);
    metrics_fetched(app->metrics, harvester_fetched(service_harvester(app->service)));
}

static void refresh(uv_timer_t *timer)
{
    struct app *app = timer->data;
    app_refresh(app);
    reload_begin(app->reload);
}

// ---- Stopping --------------------------------------------------------------------------------------

static void on_deadline(uv_timer_t *timer)
{
    (void)timer;
    // Store and index are whole at any moment: leaving now loses the page at hand, which is read again.
    log_event(LOG_WARNING, "stopping took too long, leaving at once");
    _exit(EXIT_FAILURE);
}

static void close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void service_stopped(void *arg)
{
    struct app *app = arg;
    close_handle((uv_handle_t *)&app->deadline);
    // Only now: a second signal while it drains (timeout(1) sends two) must not end it by the default action.
    close_handle((uv_handle_t *)&app->sigterm);
    close_handle((uv_handle_t *)&app->sigint);
    close_handle((uv_handle_t *)&app->sighup);
    log_event(LOG_INFO, "stopped");
}

static void server_stopped(void *arg)
{
    struct app *app = arg;
    if (--app->servers_open)
        return;
    workers_stop(app->workers);
    warm_stop(app->warm);
    suggest_keeper_stop(app->suggest);
    app->suggest = NULL;
    service_stop(app->service, service_stopped, app);
}

static void stop(struct app *app)
{
    if (app->draining)
        return;
    app->draining = true;
    log_event(LOG_INFO, "stopping");
    uv_timer_start(&app->deadline, on_deadline, HARD_STOP_MS, 0);
    close_handle((uv_handle_t *)&app->lag);
    close_handle((uv_handle_t *)&app->refresh);
    // Or the requests for runs that cannot begin any more would be waited for.
    harvester_drop_waiting(service_harvester(app->service));
    http_server_stop(app->public_server, GRACE_MS, server_stopped, app);
    http_server_stop(app->admin_server, GRACE_MS, server_stopped, app);
}

static void on_stop(uv_signal_t *handle, int number)
{
    (void)number;
    stop(handle->data);
}

static void on_reload(uv_signal_t *handle, int number)
{
    (void)number;
    struct app *app = handle->data;
    reload_ask(app->reload);
}

// ---- Starting --------------------------------------------------------------------------------------

static void on_metric(void *arg, const struct http_metric *metric)
{
    metrics_http(arg, metric);
}

static void on_run_ended(void *arg, const struct run *run)
{
    struct app *app = arg;
    metrics_run(app->metrics, run);
    if (!app->draining)
        app_refresh(app);
}

static void on_index_moved(void *arg)
{
    struct app *app = arg;
    warm_index_moved(app->warm);
    if (app->suggest) // the index goes on until the daemon has drained
        suggest_keeper_moved(app->suggest);
}

static bool start_suggest(struct app *app, struct err *e)
{
    struct suggest_keeper_settings settings = {.data = app->data, .stop_words = app->stop_words};
    settings.places =
        suggest_places_make(places_territories(app->places), &app->arena, &settings.place_count);
    app->suggest = suggest_keeper_new(app->loop, &settings, e);
    return app->suggest != NULL;
}

static bool load_templates(struct app *app, struct str share, struct err *e)
{
    static const struct str folder = STR("api/web/templates/"), suffix = STR(".mustache");
    struct template_source sources[MUSTACHE_TEMPLATES];
    size_t n = 0;
    for (const struct shipped *f = shipped_files; f->name && n < MUSTACHE_TEMPLATES; f++) {
        struct str name = str_of(f->name);
        if (!str_starts(name, folder) || !str_ends(name, suffix))
            continue;
        if (!shipped_file(share, f->name, &app->arena, &sources[n].text, e))
            return false;
        sources[n++].name = str_slice(name.p + folder.n, name.n - folder.n - suffix.n);
    }
    app->templates = mustache_parse(sources, n, e);
    return app->templates &&
           shipped_file(share, "api/web/style.css", &app->arena, &app->style, e) &&
           shipped_file(share, "api/web/suggest.js", &app->arena, &app->script, e);
}

static bool is_trusted(void *arg, struct str address)
{
    return guard_networks_hold(arg, address);
}

static bool listen_on(struct app *app, const struct config *c, struct err *e)
{
    struct guard_networks *trusted = ARENA_NEW(&app->arena, struct guard_networks);
    if (!guard_networks_parse(&app->arena, c->trusted_proxies, trusted, e))
        return false;
    // A face's argument is not const: the places are not changed for all that.
    const struct http_face suggest = {suggest_routes, suggest_route_count, app->suggest},
                           territories = {territories_routes, territories_route_count,
                                          (void *)(uintptr_t)app->places},
                           health = {health_routes, health_route_count, app};
    const struct http_face public_faces[] = {{api_routes, api_route_count, app},
                                             {export_routes, export_route_count, app},
                                             {page_routes, page_route_count, app},
                                             suggest,
                                             territories,
                                             health};
    const struct http_face admin_faces[] = {{api_routes, api_route_count, app},
                                            {export_routes, export_route_count, app},
                                            {admin_routes, admin_route_count, app},
                                            suggest,
                                            territories,
                                            health};
    struct http_settings settings = {
        .name = "public",
        .listen = arena_z(&app->arena, c->listen.text),
        .faces = public_faces,
        .face_count = sizeof public_faces / sizeof *public_faces,
        .workers = app->workers,
        .public_url = arena_str(&app->arena, c->public_url),
        .cors = true,
        .trusted_proxy = is_trusted,
        .trusted_proxy_arg = trusted,
        .at_hand = app_at_hand,
        .at_hand_arg = app,
        .metric = on_metric,
        .metric_arg = app->metrics,
        .problem_page = page_problem,
        .problem_page_arg = app,
    };
    app->public_server = http_server_start(app->loop, &settings, e);
    if (!app->public_server)
        return false;
    settings.name = "admin";
    settings.listen = arena_z(&app->arena, c->admin.text);
    settings.faces = admin_faces;
    settings.cors = false;
    settings.check_host = true;
    settings.problem_page = NULL;
    app->admin_server = http_server_start(app->loop, &settings, e);
    app->servers_open = 2;
    return app->admin_server != NULL;
}

static unsigned search_threads(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 2 ? 2 : cores > 16 ? 16 : (unsigned)cores;
}

// No two processes have the same: their rules may differ, and the numbers of their indexes not.
static uint64_t first_edition(void)
{
    uint64_t edition = 0;
    if (getrandom(&edition, sizeof edition, GRND_NONBLOCK) != sizeof edition)
        edition = uv_hrtime();
    return edition;
}

static bool start(struct app *app, const struct serve_settings *settings, struct err *e)
{
    const struct config *c = settings->config;
    app->config_path = settings->config_path;
    app->data = arena_z(&app->arena, c->data);
    app->contact = arena_str(&app->arena, c->contact);
    app->timezone = arena_str(&app->arena, c->timezone);
    app->stop_words = settings->stop_words;
    app->places = settings->places;
    struct rules *rules = rules_load(c->share, app->places, e);
    if (!rules)
        return false;
    app->rules = rules_holder_new(rules);
    app->columns = columns_holder_new();
    app->follow = follow_new();
    app->display = display_new(DISPLAY_BYTES);
    app->answers = answers_new(ANSWERS_BYTES);
    atomic_init(&app->edition, first_edition());
    app->plain = c->matcher == MATCHER_XAPIAN;
    if (!load_templates(app, c->share, e))
        return false;
    struct workers_options pool = {.name = "search",
                                   .threads = search_threads(),
                                   .queue = SEARCH_QUEUE,
                                   .open = open_worker,
                                   .close = close_worker,
                                   .arg = app};
    struct service_settings service = {.config = settings->config,
                                       .stop_words = settings->stop_words,
                                       .places = settings->places,
                                       .schedule = true,
                                       .searched_later = true,
                                       .run_ended = on_run_ended,
                                       .index_moved = on_index_moved,
                                       .arg = app};
    app->workers = workers_start(app->loop, &pool, e);
    app->reload = reload_new(app);
    app->warm = app->workers ? warm_new(app, e) : NULL;
    return app->warm && start_suggest(app, e) && listen_on(app, c, e) &&
           (app->service = service_start(app->loop, &service, e)) != NULL;
}

static void start_timers(struct app *app)
{
    uv_timer_init(app->loop, &app->lag);
    uv_timer_init(app->loop, &app->refresh);
    uv_timer_init(app->loop, &app->deadline);
    uv_signal_init(app->loop, &app->sigterm);
    uv_signal_init(app->loop, &app->sigint);
    uv_signal_init(app->loop, &app->sighup);
    app->lag.data = app->refresh.data = app->sigterm.data = app->sigint.data = app->sighup.data =
        app;
    refresh(&app->refresh);
    uv_timer_start(&app->refresh, refresh, REFRESH_MS, REFRESH_MS);
    measure_lag(&app->lag);
    uv_signal_start(&app->sigterm, on_stop, SIGTERM);
    uv_signal_start(&app->sigint, on_stop, SIGINT);
    uv_signal_start(&app->sighup, on_reload, SIGHUP);
}

// Half of it started: what listens is closed first, since it leans on the workers.
static void abandon(struct app *app)
{
    if (app->public_server)
        http_server_stop(app->public_server, 0, NULL, NULL);
    if (app->admin_server)
        http_server_stop(app->admin_server, 0, NULL, NULL);
    for (int i = 0; i < 100; i++)
        uv_run(app->loop, UV_RUN_NOWAIT);
    if (app->workers)
        workers_stop(app->workers);
    if (app->warm)
        warm_stop(app->warm);
    if (app->suggest)
        suggest_keeper_stop(app->suggest);
    uv_run(app->loop, UV_RUN_NOWAIT);
}

bool serve(const struct serve_settings *settings, struct err *e)
{
    uv_loop_t loop;
    struct app app = {.loop = &loop};
    uv_loop_init(&loop);
    pthread_mutex_init(&app.lock, NULL);
    app.metrics = metrics_new();
    bool started = start(&app, settings, e);
    if (started) {
        start_timers(&app);
        app.query_notes = query_notes_start(app.data);
        log_event(LOG_INFO, "listening", F_STR("public", http_server_address(app.public_server)),
                  F_STR("admin", http_server_address(app.admin_server)),
                  F_Z("version", GLANEUR_VERSION));
    } else {
        config_free(settings->config);
        abandon(&app);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    query_notes_stop(app.query_notes);
    reload_free(app.reload);
    warm_free(app.warm);
    rules_holder_free(app.rules);
    columns_holder_free(app.columns);
    follow_free(app.follow);
    display_free(app.display);
    answers_free(app.answers);
    mustache_free(app.templates);
    metrics_free(app.metrics);
    pthread_mutex_destroy(&app.lock);
    arena_free(&app.sources_arena);
    arena_free(&app.arena);
    return started;
}
