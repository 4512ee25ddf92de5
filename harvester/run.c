// See run.h. The steps of one harvest, on the loop; run_pages.c holds what the worker does with pages, run_absent.c with
// what was absent.
#include "harvester/run_steps.h"

#include "base/date.h"
#include "base/log.h"
#include "harvester/headers_file.h"

#include <stdlib.h>

static void begun(struct harvest *h);
static void ask_page(struct harvest *h);
static void page_done(struct harvest *h);
static void absent_listed(struct harvest *h);
static void ask_probe(struct harvest *h);
static void ended(struct harvest *h);

// ---- Work on the worker, then back on the loop ----------------------------------------------------

static void on_worker(struct work *work, void *context)
{
    struct harvest *h = (struct harvest *)work;
    h->step(h, context);
}

static void on_loop(struct work *work)
{
    struct harvest *h = (struct harvest *)work;
    h->working = false;
    h->shown = h->run;
    h->shown_announced = h->shown_met = 0;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        h->shown_announced += h->kinds[i].announced > 0 ? h->kinds[i].announced : 0;
        h->shown_met += h->kinds[i].met;
    }
    h->then(h);
}

static void work(struct harvest *h, void (*step)(struct harvest *, struct store *),
                 void (*then)(struct harvest *))
{
    h->step = step;
    h->then = then;
    h->work = (struct work){.run = on_worker, .done = on_loop};
    h->working = true;
    if (!workers_submit(h->tools.worker, &h->work)) {
        // The queue holds one piece of work of each run and is longer than there are sources.
        h->working = false;
        err_set(&h->error, ERR_BUSY, "the harvest worker's queue is full");
        ended(h);
    }
}

static void end(struct harvest *h)
{
    h->ending = true;
    work(h, run_step_end, ended);
}

// ---- Fetching -------------------------------------------------------------------------------------

void run_drop_responses(struct harvest *h)
{
    for (size_t i = 0; i < h->response_count; i++)
        buf_free(&h->responses[i].body);
    h->response_count = 0;
}

void run_push_response(struct harvest *h, int status, struct buf body)
{
    if (h->response_count == h->response_room) {
        h->response_room = h->response_room ? 2 * h->response_room : 4;
        h->responses = xrealloc(h->responses, h->response_room * sizeof *h->responses);
    }
    h->responses[h->response_count++] = (struct kept_response){.status = status, .body = body};
}

static bool keep_response(struct harvest *h, struct fetch_result *result)
{
    h->run.counts.bytes += (int64_t)result->bytes_decoded;
    if (result->error.code != ERR_NONE) {
        h->error = result->error;
        return false;
    }
    if (!guard_budget_page(&h->budget, result->bytes_decoded, uv_now(h->tools.loop), &h->error))
        return false;
    run_push_response(h, result->status, fetch_take_body(result));
    return true;
}

// The source's headers, and the validators of the answer that the last harvest read.
static struct strs headers_of(struct harvest *h, bool conditional)
{
    struct arena *a = &h->loop_arena;
    struct strs headers = {0};
    for (size_t i = 0; i < h->headers.n; i++)
        arena_push(a, &headers, h->headers.v[i]);
    if (conditional && h->before.etag.n)
        arena_push(a, &headers, arena_printf(a, "If-None-Match: %.*s", STR_ARG(h->before.etag)));
    if (conditional && h->before.last_modified.n)
        arena_push(a, &headers,
                   arena_printf(a, "If-Modified-Since: %.*s", STR_ARG(h->before.last_modified)));
    return headers;
}

// `page`: not a follow-up, nor a question about one record.
static void get(struct harvest *h, const struct driver_request *request, bool page,
                void (*done)(struct fetch_result *, void *))
{
    bool document = page && h->driver->open;
    struct fetch_request fetch = {
        .url = request->url,
        .accept = request->accept,
        .body = request->body,
        .content_type = request->content_type,
        .headers = headers_of(h, page && h->conditional && h->asked == 0),
        .policy = document ? &h->document_policy : &h->policy,
        .spool = document ? h->document.fd : 0,
    };
    h->fetch = fetch_start(h->tools.fetcher, &fetch, done, h);
}

// What is kept of a page's answer besides its body.
static void note_answer(struct harvest *h, const struct fetch_result *result)
{
    buf_clear(&h->document.url);
    buf_add(&h->document.url, result->effective_url);
    buf_clear(&h->document.content_type);
    buf_add(&h->document.content_type, result->content_type);
    if (h->asked++ == 0) {
        h->etag = arena_str(&h->arena, result->etag);
        h->last_modified = arena_str(&h->arena, result->last_modified);
    }
    h->not_modified = result->status == 304 && h->asked == 1 && h->conditional;
    if (result->status == 304 && !h->not_modified)
        err_set(&h->error, ERR_HTTP, "the server answered 304 to a request without a condition");
    else if (h->driver->open && result->status != 200 && !h->not_modified &&
             !(h->driver->guesses && h->asked > 1)) {
        err_set(&h->error, ERR_HTTP, "the document is not there: the server answered %d",
                result->status);
        err_where(&h->error, "%.*s %.*s", STR_ARG(h->run.source), STR_ARG(result->effective_url));
        h->error.http_status = result->status;
    }
}

static void page_fetched(struct fetch_result *result, void *arg)
{
    struct harvest *h = arg;
    h->fetch = NULL;
    if (!keep_response(h, result)) {
        // A follow-up that cannot be had spoils its own record only: the driver sees its status.
        if (h->response_count == 0 || h->error.code != ERR_HTTP) {
            end(h);
            return;
        }
        run_push_response(h, h->error.http_status, (struct buf){0});
        h->error = (struct err){0};
    }
    if (h->response_count == 1)
        note_answer(h, result);
    bool over =
        h->driver->guesses && h->asked > 1 && (result->status == 404 || result->status == 410);
    if (over)
        h->swept = true;
    if (h->not_modified || over) {
        work(h, run_step_absent, absent_listed);
        return;
    }
    // A document behind the first that is not there is lost alone, where the driver knows what is behind it.
    h->unreadable = h->error.code == ERR_HTTP && h->response_count == 1 && h->asked > 1 &&
                    h->driver->behind && (result->status == 404 || result->status == 410);
    if (h->unreadable) {
        page_done(h);
        return;
    }
    if (h->error.code != ERR_NONE) {
        end(h);
        return;
    }
    if (h->response_count <= h->follow.n)
        ask_page(h);
    else
        work(h, run_step_page, page_done);
}

// Asks for the page at the cursor or, once the driver said what else it needs, for the next of these.
static void ask_page(struct harvest *h)
{
    if (h->local) {
        work(h, run_step_page, page_done);
        return;
    }
    arena_reset(&h->loop_arena);
    struct driver_request request = {0};
    if (h->response_count == 0) {
        if (!h->driver->request(&h->source, buf_str(&h->cursor), &h->loop_arena, &request,
                                &h->error)) {
            end(h);
            return;
        }
        if (h->driver->open && !run_spool_open(h)) {
            end(h);
            return;
        }
        struct str place =
            arena_printf(&h->loop_arena, "%.*s %.*s", STR_ARG(request.url), STR_ARG(request.body));
        if (!guard_visited_add(&h->visited, place) && ++h->revisits > MAX_REVISITS) {
            err_set(&h->error, ERR_REFUSED, "the catalogue leads to the same page again: %.*s",
                    STR_ARG(request.url));
            end(h);
            return;
        }
        h->page_url.n = 0;
        buf_add(&h->page_url, request.url);
    } else {
        request = (struct driver_request){.url = h->follow.v[h->response_count - 1],
                                          .accept = STR("application/json")};
        if (!url_same_origin(request.url, h->source.config->url)) {
            err_set(&h->error, ERR_REFUSED, "a link of the page leads to another origin: %.*s",
                    STR_ARG(request.url));
            end(h);
            return;
        }
    }
    get(h, &request, h->response_count == 0, page_fetched);
}

static void page_lost(struct harvest *h)
{
    run_drop_responses(h);
    h->follow.n = 0;
    h->rereads = 0;
    if (h->interrupted || h->error.code != ERR_NONE)
        end(h);
    else if (h->swept)
        work(h, run_step_absent, absent_listed);
    else
        ask_page(h);
}

static void page_done(struct harvest *h)
{
    if (h->interrupted) {
        end(h);
        return;
    }
    if (h->unreadable && h->error.code == ERR_PARSE && !h->local && !h->document.met &&
        h->rereads < MAX_REREADS) {
        h->unreadable = false;
        run_document_close(h);
        h->asked--;
        // The body came whole but is not a page: a proxy's error page, mostly. It is asked for again.
        h->rereads++;
        log_event(LOG_WARNING, "page cannot be read, asked for again",
                  F_STR("source", h->run.source), F_STR("url", buf_str(&h->page_url)),
                  F_Z("why", h->error.what));
        h->error = (struct err){0};
        run_drop_responses(h);
        h->follow.n = 0;
        h->revisits--; // it will be met again, on purpose
        ask_page(h);
        return;
    }
    if (h->unreadable) {
        work(h, run_step_lose, page_lost);
        return;
    }
    if (h->error.code != ERR_NONE) {
        end(h);
        return;
    }
    if (h->document.reader && !h->limited) { // the next part of it
        work(h, run_step_page, page_done);
        return;
    }
    if (h->follow.n && h->response_count == 1) { // read for the first time: it needs more
        ask_page(h);
        return;
    }
    h->rereads = 0;
    h->follow.n = 0;
    run_drop_responses(h);
    if (h->limited)
        end(h);
    else if (h->swept)
        work(h, run_step_absent, absent_listed);
    else
        ask_page(h);
}

// ---- Absences -------------------------------------------------------------------------------------

static void absent_listed(struct harvest *h)
{
    if (h->error.code != ERR_NONE || h->interrupted || !h->complete)
        end(h);
    else
        ask_probe(h);
}

static void probe_read(struct harvest *h)
{
    run_drop_responses(h);
    if (h->error.code != ERR_NONE)
        end(h);
    else
        ask_probe(h);
}

static void probed(struct fetch_result *result, void *arg)
{
    struct harvest *h = arg;
    h->fetch = NULL;
    struct absent *absent = &h->absents[h->probe];
    if (result->error.code == ERR_REFUSED || h->interrupted) {
        h->error = result->error;
        end(h);
        return;
    }
    if (!keep_response(h, result)) { // it did not answer: that says nothing
        bool over = h->error.code == ERR_REFUSED || ++h->unanswered == MAX_UNANSWERED;
        if (over)
            log_event(LOG_WARNING, "absent records are no longer asked for",
                      F_STR("source", h->run.source), F_Z("why", h->error.what));
        h->error = (struct err){0};
        absent->presence = PRESENCE_UNKNOWN;
        h->probe = over ? h->absent_count : h->probe + 1;
        ask_probe(h);
        return;
    }
    h->unanswered = 0;
    work(h, run_step_probe, probe_read);
}

// Asks for the absent records one by one, while the catalogue has an address for one and the budget lasts.
static void ask_probe(struct harvest *h)
{
    while (h->probe < h->absent_count && !h->interrupted) {
        struct absent *absent = &h->absents[h->probe];
        struct driver_request request = {0};
        arena_reset(&h->loop_arena);
        if (h->probes < MAX_PROBES && h->driver->probe &&
            h->driver->probe(&h->source, absent->id, absent->kind, &h->loop_arena, &request)) {
            h->probes++;
            get(h, &request, false, probed);
            return;
        }
        h->probe++;
    }
    if (h->interrupted)
        end(h);
    else
        work(h, run_step_settle, end);
}

// ---- Beginning and end ----------------------------------------------------------------------------

static void begun(struct harvest *h)
{
    if (h->callbacks.begun)
        h->callbacks.begun(h, h->callbacks.arg);
    if (h->error.code != ERR_NONE || h->interrupted)
        end(h);
    else if (h->swept)
        work(h, run_step_absent, absent_listed);
    else
        ask_page(h);
}

static void ended(struct harvest *h)
{
    const struct run_counts *c = &h->run.counts;
    bool bad = h->run.state == RUN_FAILED || h->run.state == RUN_HELD_BACK;
    log_event(
        bad ? LOG_ERROR : LOG_INFO, "run ended", F_STR("source", h->run.source),
        F_INT("run", h->run.run), F_Z("state", run_state_name(h->run.state)),
        F_INT("added", c->added), F_INT("updated", c->updated), F_INT("unchanged", c->unchanged),
        F_INT("missing", c->missing), F_INT("removed", c->removed), F_INT("restored", c->restored),
        F_INT("skipped", c->skipped), F_INT("errored", c->errored), F_INT("figures", c->figures),
        F_INT("pages", c->pages), F_INT("bytes", c->bytes), F_STR("message", h->run.message));
    if (h->texts.mojibake || h->texts.repaired || h->texts.cut)
        log_event(LOG_INFO, "texts were touched or look wrong", F_STR("source", h->run.source),
                  F_INT("run", h->run.run), F_INT("mojibake", h->texts.mojibake),
                  F_INT("repaired", h->texts.repaired), F_INT("cut", h->texts.cut));
    h->callbacks.done(h, h->callbacks.arg);
}

struct harvest *harvest_start(const struct harvest_tools *tools, const struct driver *driver,
                              const struct driver_source *source,
                              const struct harvest_options *options,
                              const struct harvest_callbacks *callbacks)
{
    struct harvest *h = xcalloc(1, sizeof *h);
    h->tools = *tools;
    h->driver = driver;
    h->source = *source;
    h->options = *options;
    h->callbacks = *callbacks;
    h->run.source = source->config->name;
    h->run.trigger = str_of(options->trigger);
    h->run.state = RUN_RUNNING;
    h->list = KIND_COUNT;
    h->run.force = options->force;
    h->run.started = source->now;

    struct guard_limits limits = GUARD_LIMITS_DEFAULT;
    guard_budget_start(&h->budget, &limits, uv_now(tools->loop));
    h->policy = FETCH_POLICY_DEFAULT;
    h->policy.source = arena_z(&h->arena, source->config->name);
    h->policy.rate = source->config->rate;
    h->policy.attempts = (unsigned)source->config->attempts;
    h->policy.timeout = (unsigned)source->config->timeout;
    h->local = source->config->local;
    if (!guard_networks_parse(&h->arena, source->config->allow_private, &h->policy.allow_private,
                              &h->error) ||
        !headers_file_read(source->config->headers_file, &h->arena, &h->headers, &h->error)) {
        work(h, run_step_end, ended);
        return h;
    }
    h->document_policy = h->policy;
    h->document_policy.max_bytes = DOCUMENT_BYTES;
    if (h->document_policy.timeout < DOCUMENT_SECONDS)
        h->document_policy.timeout = DOCUMENT_SECONDS;
    work(h, run_step_begin, begun);
    return h;
}

void harvest_interrupt(struct harvest *h, const char *why)
{
    if (h->interrupted || h->ending)
        return;
    h->interrupted = true;
    h->why = why;
    if (h->fetch) {
        fetch_cancel(h->fetch);
        h->fetch = NULL;
        end(h);
    }
}

const struct run *harvest_run(const struct harvest *h)
{
    return h->working ? &h->shown : &h->run;
}

int64_t harvest_announced(const struct harvest *h)
{
    return h->shown_announced;
}

int64_t harvest_met(const struct harvest *h)
{
    return h->shown_met;
}

const struct run_error *harvest_errors(const struct harvest *h, size_t *n)
{
    *n = h->dry_error_count;
    return h->dry_errors;
}

void harvest_free(struct harvest *h)
{
    run_document_drop(h);
    buf_free(&h->document.url);
    buf_free(&h->document.content_type);
    guard_visited_free(&h->gone);
    run_drop_responses(h);
    free(h->responses);
    free(h->absents);
    guard_visited_free(&h->visited);
    guard_visited_free(&h->seen);
    buf_free(&h->cursor);
    buf_free(&h->saved_cursor);
    buf_free(&h->page_url);
    free(h->dry_errors);
    arena_free(&h->page_arena);
    arena_free(&h->loop_arena);
    arena_free(&h->follow_arena);
    arena_free(&h->absent_arena);
    arena_free(&h->arena);
    free(h);
}
