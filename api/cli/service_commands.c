// serve, harvest, accept, refuse, reindex: what writes. Where a daemon holds the store, they go through its admin face.
#include "api/cli/cli.h"
#include "api/json.h"
#include "api/serve.h"
#include "api/service.h"
#include "base/json.h"
#include "indexer/index/generation.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { POLL_MS = 200, PROGRESS_MS = 250 };

int command_serve(struct cli *cli, const struct options *o)
{
    (void)o;
    struct err e = {0};
    const struct places *places = cli_places(cli, &e);
    if (!places)
        return cli_fail(cli, &e);
    struct serve_settings settings = {cli->config, arena_z(&cli->arena, cli->config->file),
                                      cli->stop_words, places};
    cli->config = NULL;
    return serve(&settings, &e) ? EXIT_DONE : cli_fail(cli, &e);
}

// ---- Results, from here or from a daemon ----------------------------------------------------------

struct results {
    struct buf json; // the runs, inside {"runs":[ ... ]}
    bool failed;
};

static void begin_results(struct results *r)
{
    *r = (struct results){0};
    json_open(&r->json, '{');
    json_key(&r->json, "runs");
    json_open(&r->json, '[');
}

static int end_results(struct cli *cli, struct results *r)
{
    json_close(&r->json, ']');
    json_close(&r->json, '}');
    int code = EXIT_DONE;
    if (cli->json)
        code = cli_print(&r->json);
    else
        buf_free(&r->json);
    return r->failed ? EXIT_FAILED : code;
}

static bool went_wrong(enum run_state state)
{
    return state != RUN_DONE && state != RUN_DONE_WITH_ERRORS;
}

static void print_counts(struct cli *cli, struct str source, const char *state,
                         const struct run_counts *c, struct str message)
{
    if (cli->json)
        return;
    printf("%.*s: %s, %lld added, %lld updated, %lld unchanged, %lld missing, %lld removed, %lld "
           "restored, "
           "%lld skipped, %lld errored, %lld figures\n",
           STR_ARG(source), state, (long long)c->added, (long long)c->updated,
           (long long)c->unchanged, (long long)c->missing, (long long)c->removed,
           (long long)c->restored, (long long)c->skipped, (long long)c->errored,
           (long long)c->figures);
    if (message.n)
        printf("  %.*s\n", STR_ARG(message));
}

// ---- Harvesting here -------------------------------------------------------------------------------

struct local {
    struct cli *cli;
    uv_loop_t loop;
    struct service *service;
    struct harvester *harvester; // of a dry run, which has no service
    const struct harvest_options *options;
    const struct str *names;
    size_t name_count, asked;
    struct results results;
    struct store *reader;
    uv_signal_t sigint, sigterm;
    uv_timer_t progress;
    bool stopping, bar;
    struct err error;
};

static void ask(struct local *l);

static void forget(void *arg)
{
    (void)arg;
}

static void stop_local(struct local *l)
{
    if (l->stopping)
        return;
    l->stopping = true;
    uv_close((uv_handle_t *)&l->sigint, NULL);
    uv_close((uv_handle_t *)&l->sigterm, NULL);
    uv_close((uv_handle_t *)&l->progress, NULL);
    if (l->service)
        service_stop(l->service, forget, NULL);
    else
        harvester_stop(l->harvester, forget, NULL);
}

static void clear_bar(struct local *l)
{
    if (l->bar)
        fputs("\r\033[K", stderr);
}

static void run_over(void *arg, const struct run *run, const struct run_error *dry_errors, size_t n)
{
    struct local *l = arg;
    struct arena a = {0};
    struct run_error *stored = NULL;
    clear_bar(l);
    if (run->run && l->reader)
        store_run_errors(l->reader, run->run, STORE_RUN_ERRORS_MAX, &a, &stored, &n, NULL);
    json_run(&l->results.json, run, stored ? stored : dry_errors, n);
    print_counts(l->cli, run->source, run_state_name(run->state), &run->counts, run->message);
    l->results.failed = l->results.failed || went_wrong(run->state);
    arena_free(&a);
    if (!l->stopping)
        ask(l);
}

// Asks for the next source, one after the other: their runs then are told apart, on a terminal and in CPU time.
static void ask(struct local *l)
{
    if (l->asked == l->name_count) {
        stop_local(l);
        return;
    }
    struct harvester_request request = {.options = *l->options, .done = run_over, .arg = l};
    struct str name = l->names[l->asked++];
    if (!harvester_harvest(l->harvester, name, &request, &l->error))
        stop_local(l);
}

static void show_progress(uv_timer_t *timer)
{
    struct local *l = timer->data;
    struct arena a = {0};
    size_t n;
    const struct harvester_source *list = harvester_sources(l->harvester, &a, &n);
    for (size_t i = 0; i < n; i++) {
        if (!list[i].running)
            continue;
        int64_t met = list[i].met, of = list[i].announced;
        int filled = of > 0 ? (int)(30 * (met < of ? met : of) / of) : 0;
        fprintf(stderr, "\r\033[K%.*s [%.*s%.*s] %lld", STR_ARG(list[i].name), filled,
                "##############################", 30 - filled, "                              ",
                (long long)met);
        if (of > 0)
            fprintf(stderr, " of %lld", (long long)of);
    }
    arena_free(&a);
}

static void on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    stop_local(handle->data);
}

static void dry_ended(void *arg, int64_t ticket, const struct run *run)
{
    struct local *l = arg;
    (void)run;
    harvester_searchable(l->harvester, ticket);
}

static bool start_local(struct local *l, struct err *e)
{
    struct cli *cli = l->cli;
    if (!l->options->dry_run) {
        struct service_settings settings = {
            .config = cli->config, .stop_words = cli->stop_words, .places = cli_places(cli, e)};
        l->service = settings.places ? service_start(&l->loop, &settings, e) : NULL;
        l->harvester = l->service ? service_harvester(l->service) : NULL;
    } else {
        // Nothing is written: a reader of the store will do, beside a daemon too. The very first time there is none yet.
        struct harvester_callbacks callbacks = {.ended = dry_ended, .arg = l};
        struct store *store = store_open(cli->config->data.p, STORE_READ, e);
        if (!store && e->code == ERR_NOT_FOUND)
            store = store_open(cli->config->data.p, STORE_WRITE, e);
        l->harvester = store ? harvester_new(&l->loop, cli->config, store, &callbacks, e) : NULL;
        if (store && !l->harvester)
            store_close(store);
    }
    return l->harvester != NULL;
}

static int harvest_here(struct cli *cli, const struct str *names, size_t n,
                        const struct harvest_options *options, struct err *e)
{
    struct local l = {.cli = cli, .options = options, .names = names, .name_count = n};
    uv_loop_init(&l.loop);
    if (!start_local(&l, e)) {
        uv_run(&l.loop, UV_RUN_DEFAULT);
        uv_loop_close(&l.loop);
        return -1;
    }
    l.reader = store_open(cli->config->data.p, STORE_READ, NULL);
    cli->config = NULL; // the harvester's now
    l.bar = isatty(STDERR_FILENO) && !cli->quiet && !cli->json;
    uv_signal_init(&l.loop, &l.sigint);
    uv_signal_init(&l.loop, &l.sigterm);
    uv_timer_init(&l.loop, &l.progress);
    l.sigint.data = l.sigterm.data = l.progress.data = &l;
    uv_signal_start(&l.sigint, on_signal, SIGINT);
    uv_signal_start(&l.sigterm, on_signal, SIGTERM);
    if (l.bar)
        uv_timer_start(&l.progress, show_progress, PROGRESS_MS, PROGRESS_MS);
    begin_results(&l.results);
    ask(&l);
    uv_run(&l.loop, UV_RUN_DEFAULT);
    uv_loop_close(&l.loop);
    if (l.reader)
        store_close(l.reader);
    int code = end_results(cli, &l.results);
    return l.error.code ? cli_fail(cli, &l.error) : code;
}

// ---- Harvesting through a daemon --------------------------------------------------------------------

bool cli_answered(const struct buf *body, int status, struct err *e)
{
    if (status < 300)
        return true;
    struct arena a = {0};
    json_t *problem = json_read(buf_str(body), &a, NULL, NULL);
    struct str detail = jget(problem, "detail");
    err_set(e,
            status == 404   ? ERR_NOT_FOUND
            : status == 409 ? ERR_CONFLICT
                            : ERR_HTTP,
            "the daemon answers %d: %.*s", status, STR_ARG(detail));
    json_decref(problem);
    arena_free(&a);
    return false;
}

// The run that was started, once it ended and is searchable, as JSON into the results.
static bool wait_for_run(struct cli *cli, struct str source, int64_t run, struct results *results,
                         struct err *e)
{
    struct buf body = {0};
    struct arena a = {0};
    bool over = false, good = true;
    const char *path =
        arena_printf(&a, "/api/v1/sources/%.*s/runs?run=%lld", STR_ARG(source), (long long)run).p;
    struct arena page = {0};
    while (good && !over) {
        int status;
        arena_reset(&page);
        good = admin_request(cli, "GET", path, &body, &status, e) && cli_answered(&body, status, e);
        json_t *o = good ? json_read(buf_str(&body), &page, NULL, e) : NULL;
        json_t *r = json_array_get(jget_array(o, "runs"), 0);
        enum run_state state;
        good = good && r;
        if (good && run_state_find(jget(r, "state"), &state) && state != RUN_RUNNING &&
            state != RUN_QUEUED && (jget_true(o, "searchable") || state == RUN_INTERRUPTED)) {
            over = true;
            char *text = json_dumps(r, JSON_COMPACT | JSON_REAL_PRECISION(12));
            json_raw(&results->json, str_of(text));
            free(text);
            struct run_counts c = {
                jget_int(r, "added", 0),   jget_int(r, "updated", 0), jget_int(r, "unchanged", 0),
                jget_int(r, "missing", 0), jget_int(r, "removed", 0), jget_int(r, "restored", 0),
                jget_int(r, "skipped", 0), jget_int(r, "errored", 0), jget_int(r, "figures", 0),
                jget_int(r, "pages", 0),   jget_int(r, "bytes", 0)};
            print_counts(cli, source, run_state_name(state), &c, jget(r, "message"));
            results->failed = results->failed || went_wrong(state);
        }
        json_decref(o);
        if (!over && good)
            usleep(POLL_MS * 1000);
    }
    arena_free(&page);
    arena_free(&a);
    buf_free(&body);
    return good;
}

// The number that an answer of the admin face tells: of the run that it started, or of the newest one.
static int64_t run_of(const struct buf *body, struct err *e)
{
    struct arena a = {0};
    json_t *o = json_read(buf_str(body), &a, NULL, e);
    const json_t *newest = json_array_get(jget_array(o, "runs"), 0);
    int64_t run = jget_int(newest ? newest : o, "run", 0);
    json_decref(o);
    arena_free(&a);
    return run;
}

// Starts a run of the source, or goes on with the one that is under way already, and waits for its end.
static bool harvest_one_there(struct cli *cli, struct str source,
                              const struct harvest_options *options, struct results *results,
                              struct err *e)
{
    struct buf body = {0};
    struct arena a = {0};
    int status;
    struct str runs = arena_printf(&a, "/api/v1/sources/%.*s/runs", STR_ARG(source));
    struct str limit =
        options->limit ? arena_printf(&a, "&limit=%lld", (long long)options->limit) : STR_NONE;
    const char *post =
        arena_printf(&a, "%s?force=%d%.*s", runs.p, options->force, STR_ARG(limit)).p;
    bool good = admin_request(cli, "POST", post, &body, &status, e);
    if (good && status == 409) {
        cli_say(cli, "%.*s is being harvested already: waiting for that run\n", STR_ARG(source));
        good =
            admin_request(cli, "GET", arena_printf(&a, "%s?limit=1", runs.p).p, &body, &status, e);
    }
    good = good && cli_answered(&body, status, e);
    int64_t run = good ? run_of(&body, e) : 0;
    if (good && !run)
        good = err_set(e, ERR_CONFLICT, "the run could not begin: see the daemon's log");
    good = good && wait_for_run(cli, source, run, results, e);
    arena_free(&a);
    buf_free(&body);
    return good;
}

static int harvest_there(struct cli *cli, const struct str *names, size_t n,
                         const struct harvest_options *options)
{
    struct results results;
    struct err e = {0};
    bool good = true;
    begin_results(&results);
    for (size_t i = 0; i < n && good; i++)
        good = harvest_one_there(cli, names[i], options, &results, &e);
    int code = end_results(cli, &results);
    return good ? code : cli_fail(cli, &e);
}

int command_harvest(struct cli *cli, const struct options *o)
{
    struct err e = {0};
    const char *limit = o->get(o, "limit", 0);
    struct harvest_options options = {.trigger = "command",
                                      .force = o->get(o, "force", 0) != NULL,
                                      .dry_run = o->get(o, "dry-run", 0) != NULL};
    size_t n = (size_t)o->argument_count;
    struct str *names = ARENA_ARRAY(&cli->arena, struct str, n + cli->config->source_count);
    if (limit && !cli_number(limit, &options.limit)) {
        err_set(&e, ERR_USAGE, "--limit is a number from 1");
        return cli_fail(cli, &e);
    }
    for (size_t i = 0; i < n; i++) {
        names[i] = str_of(o->arguments[i]);
        if (!config_source(cli->config, names[i])) {
            err_set(&e, ERR_USAGE, "there is no source \"%s\" in the configuration",
                    o->arguments[i]);
            return cli_fail(cli, &e);
        }
    }
    for (size_t i = 0; !o->argument_count && i < cli->config->source_count; i++)
        names[n++] = arena_str(&cli->arena, cli->config->sources[i].name);
    int code = harvest_here(cli, names, n, &options, &e);
    if (code >= 0)
        return code;
    return e.code == ERR_LOCKED ? harvest_there(cli, names, n, &options) : cli_fail(cli, &e);
}

// ---- The index, where no daemon writes it ------------------------------------------------------------

struct indexing {
    uv_loop_t loop;
    struct indexer *indexer;
    int64_t newer_than, seq, fseq; // wanted: a generation after that one, up to these changes
    bool done;
    struct indexer_state state;
};

static void index_moved(void *arg)
{
    struct indexing *x = arg;
    if (!x->indexer || x->done)
        return;
    struct indexer_state *s = &x->state;
    indexer_read_state(x->indexer, s);
    bool there =
        s->generation > x->newer_than && !s->rebuilding && s->seq >= x->seq && s->fseq >= x->fseq;
    bool mending = s->error.code == ERR_CORRUPT; // it is being built again
    if (there || (s->error.code != ERR_NONE && !mending)) {
        x->done = true;
        indexer_stop(x->indexer);
    }
}

// Brings the index up to the store, or builds it anew. The caller holds the store's writer, which keeps a daemon from
// starting meanwhile.
static bool index_here(struct cli *cli, struct store *writer, bool rebuild, struct indexing *x,
                       struct err *e)
{
    const char *data = cli->config->data.p;
    struct indexer_settings settings = {.data = data,
                                        .stop_words = cli->stop_words,
                                        .places = cli_places(cli, e),
                                        .moved = index_moved,
                                        .arg = x};
    *x = (struct indexing){.newer_than = -1};
    if (!settings.places || !store_heads(writer, &x->seq, &x->fseq, e) ||
        (rebuild && !generation_current(data, &x->newer_than, e)))
        return false;
    uv_loop_init(&x->loop);
    x->indexer = indexer_start(&x->loop, &settings, e);
    if (x->indexer && rebuild)
        indexer_rebuild(x->indexer);
    uv_run(&x->loop, UV_RUN_DEFAULT);
    uv_loop_close(&x->loop);
    if (x->indexer && x->state.error.code != ERR_NONE)
        *e = x->state.error;
    return x->indexer && x->state.error.code == ERR_NONE;
}

bool cli_index(struct cli *cli, struct store *writer, struct err *e)
{
    struct indexing x;
    return index_here(cli, writer, false, &x, e);
}

// ---- accept, refuse --------------------------------------------------------------------------------

static bool decide_here(struct cli *cli, int64_t number, struct str source, bool accept,
                        struct err *e)
{
    struct run run;
    struct store *s = store_open(cli->config->data.p, STORE_WRITE, e);
    bool good = s && store_run_get(s, number, &cli->arena, &run, e);
    if (good && !str_eq(run.source, source))
        good = err_set(e, ERR_NOT_FOUND, "run %lld is of the source \"%.*s\"", (long long)number,
                       STR_ARG(run.source));
    good = good && (accept ? store_held_accept(s, number, date_now(), e)
                           : store_held_refuse(s, number, date_now(), e));
    good = good && cli_index(cli, s, e);
    if (s)
        store_close(s);
    return good;
}

int command_decide(struct cli *cli, const struct options *o, bool accept)
{
    struct err e = {0};
    int64_t number;
    struct str source = str_of(o->arguments[0]);
    if (!cli_number(o->arguments[1], &number)) {
        err_set(&e, ERR_USAGE, "a run is named by its number: see glaneur runs");
        return cli_fail(cli, &e);
    }
    bool good = decide_here(cli, number, source, accept, &e);
    if (!good && e.code == ERR_LOCKED) {
        struct buf body = {0};
        int status;
        const char *path =
            arena_printf(&cli->arena, "/api/v1/sources/%.*s/runs/%lld/%s", STR_ARG(source),
                         (long long)number, accept ? "accept" : "refuse")
                .p;
        good =
            admin_request(cli, "POST", path, &body, &status, &e) && cli_answered(&body, status, &e);
        buf_free(&body);
    }
    if (!good)
        return cli_fail(cli, &e);
    struct buf b = {0};
    buf_addf(&b, cli->json ? "{\"run\":%lld,\"decision\":\"%s\"}" : "run %lld: %s",
             (long long)number, accept ? "accepted" : "refused");
    return cli_print(&b);
}

// ---- reindex ---------------------------------------------------------------------------------------

static bool reindex_here(struct cli *cli, struct indexing *x, struct err *e)
{
    struct store *writer = store_open(cli->config->data.p, STORE_WRITE, e);
    bool good = writer && index_here(cli, writer, true, x, e);
    if (writer)
        store_close(writer);
    return good;
}

static bool read_index_state(struct cli *cli, struct indexing *x, struct err *e)
{
    struct buf body = {0};
    struct arena a = {0};
    int status;
    bool good = admin_request(cli, "GET", "/api/v1/index", &body, &status, e) &&
                cli_answered(&body, status, e);
    json_t *o = good ? json_read(buf_str(&body), &a, NULL, e) : NULL;
    x->state.rebuilding = jget_true(o, "rebuilding");
    x->state.generation = jget_int(o, "generation", 0);
    x->state.documents = jget_int(o, "documents", 0);
    good = good && o;
    if (good && jget(o, "error").n)
        good = err_set(e, ERR_IO, "the index stands still: %.*s", STR_ARG(jget(o, "error")));
    json_decref(o);
    arena_free(&a);
    buf_free(&body);
    return good;
}

static bool reindex_there(struct cli *cli, struct indexing *x, struct err *e)
{
    struct buf body = {0};
    int status;
    if (!read_index_state(cli, x, e))
        return false;
    int64_t before = x->state.generation;
    bool good = admin_request(cli, "POST", "/api/v1/index/rebuild", &body, &status, e) &&
                cli_answered(&body, status, e);
    buf_free(&body);
    while (good && (x->state.generation == before || x->state.rebuilding)) {
        usleep(POLL_MS * 1000);
        good = read_index_state(cli, x, e);
    }
    return good;
}

int command_reindex(struct cli *cli, const struct options *o)
{
    (void)o;
    struct err e = {0};
    struct indexing x = {0};
    bool good = reindex_here(cli, &x, &e);
    if (!good && e.code == ERR_LOCKED)
        good = reindex_there(cli, &x, &e);
    if (!good)
        return cli_fail(cli, &e);
    struct buf b = {0};
    buf_addf(&b,
             cli->json ? "{\"generation\":%lld,\"documents\":%lld}" : "index %lld: %lld documents",
             (long long)x.state.generation, (long long)x.state.documents);
    return cli_print(&b);
}
