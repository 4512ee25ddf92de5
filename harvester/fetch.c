// See fetch.h. This file is the queue: who asks which host when, what is tried again, where redirects lead. One
// exchange is transfer.h's, libcurl on the loop is curl_loop.h's.
#include "harvester/fetch.h"

#include "base/log.h"
#include "harvester/curl_loop.h"
#include "harvester/transfer.h"
#include "harvester/url.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    MAX_REDIRECTS = 5,
    MAX_RETRY_AFTER = 60, // units of settings.retry_unit_ms
    MAX_CONNECTIONS = 32,
    RETRY_UNIT_MS = 1000,
};

// A place that requests are paced for: scheme, host and port. Kept while a fetch needs it, or its pause lasts.
struct host {
    struct host *next;
    char *origin;
    unsigned fetches, running;
    uint64_t ready_ms; // no request before that
};

struct fetch {
    struct fetch *next, *previous; // in the fetcher's list, in the order of fetch_start
    struct fetcher *fetcher;
    struct arena arena; // what was copied from the request
    const struct fetch_policy *policy;
    struct strs headers;
    size_t plain_headers; // the first ones, which every origin may see
    struct str url;       // of the next or running request; NUL-terminated
    struct str body;      // of a POST
    int spool;
    struct host *host;  // of that URL; NULL when the request was wrong
    bool running, away; // away: a redirect has left the origin of the request
    unsigned redirects;
    uint64_t not_before_ms, started_ns;
    struct transfer transfer; // while running
    CURLcode code;            // how libcurl ended it
    struct fetch_result result;
    void (*done)(struct fetch_result *result, void *arg);
    void *arg;
};

struct fetcher {
    uv_loop_t *loop;
    struct curl_loop *curl;
    CURLSH *share; // names and TLS sessions
    char *user_agent, *proxy, *ca_file;
    unsigned max_connections, retry_unit_ms, running;
    uv_timer_t wake; // the next fetch may start then
    struct fetch *first, *last;
    struct host *hosts;
    struct fetch_counters counters;
    bool closing;
    unsigned open_parts; // that fetcher_close waits for
    void (*closed)(void *arg);
    void *closed_arg;
};

static void on_wake(uv_timer_t *timer);

// --- Hosts

static struct host *host_take(struct fetcher *f, struct fetch *fetch, struct str url)
{
    struct str origin = url_origin(&fetch->arena, url);
    struct host *h = f->hosts;
    while (h && !str_eq(str_of(h->origin), origin))
        h = h->next;
    if (!h) {
        h = xcalloc(1, sizeof *h);
        h->origin = xstrdup(origin.p);
        h->next = f->hosts;
        f->hosts = h;
    }
    h->fetches++;
    return h;
}

static void hosts_prune(struct fetcher *f, uint64_t now)
{
    for (struct host **at = &f->hosts; *at;) {
        struct host *h = *at;
        if (h->fetches || (h->ready_ms > now && !f->closing)) {
            at = &h->next;
            continue;
        }
        *at = h->next;
        free(h->origin);
        free(h);
    }
}

// --- The life of a fetch

static void wake_at(struct fetcher *f, uint64_t delay_ms)
{
    if (!f->closing)
        uv_timer_start(&f->wake, on_wake, delay_ms, 0);
}

static void unlink_fetch(struct fetch *fetch)
{
    struct fetcher *f = fetch->fetcher;
    *(fetch->previous ? &fetch->previous->next : &f->first) = fetch->next;
    *(fetch->next ? &fetch->next->previous : &f->last) = fetch->previous;
    if (fetch->host)
        fetch->host->fetches--;
}

static void fetch_free(struct fetch *fetch)
{
    buf_free(&fetch->result.body);
    arena_free(&fetch->arena);
    free(fetch);
}

static void stop_transfer(struct fetch *fetch)
{
    curl_loop_remove(fetch->fetcher->curl, fetch->transfer.easy);
    transfer_close(&fetch->transfer);
    fetch->running = false;
    fetch->host->running--;
    fetch->fetcher->running--;
}

// The last act: the callback may start and cancel other fetches, and close the fetcher.
static void finish(struct fetch *fetch)
{
    struct fetcher *f = fetch->fetcher;
    struct fetch_result *r = &fetch->result;
    unlink_fetch(fetch);
    r->effective_url = fetch->url;
    r->seconds = (double)(uv_hrtime() - fetch->started_ns) / 1e9;
    if (r->error.code) {
        if (r->attempts > 1) {
            size_t n = strlen(r->error.what);
            snprintf(r->error.what + n, sizeof r->error.what - n, " (%u attempts)", r->attempts);
        }
        err_where(&r->error, "%s%s%.*s", fetch->policy->source, fetch->url.n ? " " : "",
                  STR_ARG(fetch->url));
        f->counters.failures[r->error.code]++;
    }
    wake_at(f, 0);
    fetch->done(r, fetch->arg);
    fetch_free(fetch);
}

static void on_stuck(void *arg);

static void start_transfer(struct fetch *fetch, uint64_t now)
{
    struct fetcher *f = fetch->fetcher;
    struct host *h = fetch->host;
    const struct fetch_policy *policy = fetch->policy;
    struct transfer_request request = {
        .url = fetch->url.p,
        .headers = {fetch->headers.v, fetch->away ? fetch->plain_headers : fetch->headers.n},
        .body = fetch->body,
        .spool = fetch->spool,
        .loop = f->loop,
        .stuck = on_stuck,
        .stuck_arg = fetch,
        .policy = policy,
        .share = f->share,
        .user_agent = f->user_agent,
        .proxy = f->proxy,
        .ca_file = f->ca_file,
    };
    if (!transfer_open(&fetch->transfer, &request, &fetch->result.error))
        return;
    curl_easy_setopt(fetch->transfer.easy, CURLOPT_PRIVATE, fetch);
    if (!curl_loop_add(f->curl, fetch->transfer.easy, &fetch->result.error)) {
        transfer_close(&fetch->transfer);
        return;
    }
    fetch->running = true;
    h->running++;
    f->running++;
    f->counters.requests++;
    if (policy->rate > 0)
        h->ready_ms = now + (uint64_t)(1000 / policy->rate + 0.5);
}

// Starts what may start now. Returns in how many milliseconds to look again, UINT64_MAX: when something ends.
static uint64_t start_due(struct fetcher *f, uint64_t now)
{
    uint64_t due = UINT64_MAX;
    for (struct fetch *fetch = f->first; fetch && f->running < f->max_connections;
         fetch = fetch->next) {
        struct host *h = fetch->host;
        if (fetch->running || fetch->result.error.code || h->running >= fetch->policy->concurrency)
            continue;
        uint64_t at = h->ready_ms > fetch->not_before_ms ? h->ready_ms : fetch->not_before_ms;
        if (at <= now)
            start_transfer(fetch, now);
        else if (at - now < due)
            due = at - now;
    }
    return due;
}

static struct fetch *find_failed(struct fetcher *f)
{
    struct fetch *fetch = f->first;
    while (fetch && (fetch->running || !fetch->result.error.code))
        fetch = fetch->next;
    return fetch;
}

static void on_wake(uv_timer_t *timer)
{
    struct fetcher *f = timer->data;
    uint64_t now = uv_now(f->loop), due = start_due(f, now);
    for (struct fetch *failed; !f->closing && (failed = find_failed(f));)
        finish(failed);
    if (f->closing)
        return;
    hosts_prune(f, now);
    if (due != UINT64_MAX && !(uv_is_active((uv_handle_t *)timer)))
        wake_at(f, due);
}

// --- After an exchange

static bool follow(struct fetch *fetch, int status, struct str location, struct err *e)
{
    struct str url;
    struct err why;
    if (!url_join(&fetch->arena, fetch->url, location, &url, &why))
        return err_set(e, ERR_REFUSED, "redirected to what is not fetched: %s", why.what);
    if (str_starts(fetch->url, STR("https:")) && !str_starts(url, STR("https:")))
        return err_set(e, ERR_REFUSED, "redirected from https to http");
    if (++fetch->redirects > MAX_REDIRECTS)
        return err_set(e, ERR_REFUSED, "more than %d redirects", MAX_REDIRECTS);
    fetch->away = fetch->away || !url_same_origin(fetch->url, url);
    fetch->host->fetches--;
    fetch->host = host_take(fetch->fetcher, fetch, url);
    fetch->url = url;
    if (status == 303) // RFC 9110 section 15.4.4
        fetch->body = STR_NONE;
    fetch->not_before_ms = 0;
    fetch->fetcher->counters.redirects++;
    return true;
}

// 1, 2, 4, ... units, a quarter more or less.
static uint64_t backoff_ms(const struct fetcher *f, unsigned attempt)
{
    uint32_t random = 0;
    uv_random(NULL, NULL, &random, sizeof random, 0, NULL);
    uint64_t wait = (uint64_t)f->retry_unit_ms << (attempt < 10 ? attempt - 1 : 9);
    return wait * 3 / 4 + (wait / 2 * random >> 32);
}

// False when the fault is final.
static bool try_again(struct fetch *fetch, const struct transfer_outcome *outcome, struct err *e)
{
    struct fetcher *f = fetch->fetcher;
    if (!outcome->try_again || fetch->result.attempts >= fetch->policy->attempts)
        return false;
    uint64_t wait = backoff_ms(f, fetch->result.attempts), now = uv_now(f->loop);
    if (outcome->error.code == ERR_HTTP && outcome->retry_after > MAX_RETRY_AFTER) {
        int status = outcome->status;
        err_set(e, ERR_REFUSED, "the server answered %d and asks to wait %lld s, more than %d",
                status, (long long)outcome->retry_after, MAX_RETRY_AFTER);
        e->http_status = status;
        return err_hint(e, "lower the source's rate, or harvest it at another time");
    }
    if (outcome->error.code == ERR_HTTP && outcome->retry_after > 0) {
        wait = (uint64_t)outcome->retry_after * f->retry_unit_ms;
        if (fetch->host->ready_ms < now + wait)
            fetch->host->ready_ms = now + wait; // it is meant for all who ask there
    }
    log_event(LOG_WARNING, "fetch tried again", F_Z("source", fetch->policy->source),
              F_STR("url", fetch->url), F_INT("attempt", fetch->result.attempts),
              F_INT("wait_ms", wait), F_Z("kind", err_name(outcome->error.code)),
              F_Z("reason", outcome->error.what));
    fetch->result.attempts++;
    fetch->not_before_ms = now + wait;
    f->counters.retries++;
    return true;
}

static void on_exchange_done(void *arg)
{
    struct fetch *fetch = arg;
    struct fetcher *f = fetch->fetcher;
    CURL *easy = fetch->transfer.easy;
    struct fetch_result *r = &fetch->result;
    struct transfer_outcome outcome;
    const char *type = NULL;
    struct curl_header *header;
    transfer_judge(&fetch->transfer, fetch->code, &outcome);
    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
    r->content_type = arena_str(&fetch->arena, str_of(type));
    r->etag = r->last_modified = STR_NONE;
    if (curl_easy_header(easy, "ETag", 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
        r->etag = arena_str(&fetch->arena, str_of(header->value));
    if (curl_easy_header(easy, "Last-Modified", 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
        r->last_modified = arena_str(&fetch->arena, str_of(header->value));
    r->status = outcome.status;
    struct str location = arena_str(&fetch->arena, str_of(outcome.redirect));
    uint64_t decoded = transfer_decoded(&fetch->transfer);
    struct buf body = fetch->transfer.body;
    fetch->transfer.body = (struct buf){0};
    r->bytes_wire += outcome.bytes_wire;
    r->bytes_decoded += decoded;
    f->counters.bytes_wire += outcome.bytes_wire;
    f->counters.bytes_decoded += decoded;
    stop_transfer(fetch);
    wake_at(f, 0);

    struct err final = outcome.error;
    if (location.p ? follow(fetch, outcome.status, location, &final)
                   : final.code && try_again(fetch, &outcome, &final)) {
        buf_free(&body);
        return;
    }
    if (final.code)
        buf_free(&body);
    r->body = body;
    r->error = final;
    finish(fetch);
}

static void end_exchange(struct fetch *fetch, CURLcode code)
{
    fetch->code = code;
    if (!transfer_end(&fetch->transfer, on_exchange_done, fetch))
        on_exchange_done(fetch);
}

static void on_stuck(void *arg)
{
    struct fetch *fetch = arg;
    curl_loop_remove(fetch->fetcher->curl, fetch->transfer.easy);
    end_exchange(fetch, CURLE_WRITE_ERROR);
}

static void on_transfer_done(CURL *easy, CURLcode code, void *arg)
{
    (void)arg;
    void *private = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
    end_exchange(private, code);
}

// --- Starting and ending

static bool copy_request(struct fetch *fetch, const struct fetch_request *request, struct err *e)
{
    struct arena *a = &fetch->arena;
    arena_push(
        a, &fetch->headers,
        arena_printf(a, "Accept: %.*s", STR_ARG(request->accept.n ? request->accept : STR("*/*"))));
    if (request->body.n) {
        fetch->body = arena_str(a, request->body);
        arena_push(a, &fetch->headers,
                   arena_printf(a, "Content-Type: %.*s", STR_ARG(request->content_type)));
    }
    fetch->spool = request->spool;
    fetch->plain_headers = fetch->headers.n;
    for (size_t i = 0; i < request->headers.n; i++)
        arena_push(a, &fetch->headers, arena_str(a, request->headers.v[i]));
    if (!transfer_headers_check(fetch->headers, e) || !url_check(request->url, e))
        return false;
    fetch->url = arena_str(a, request->url);
    return true;
}

struct fetch *fetch_start(struct fetcher *f, const struct fetch_request *request,
                          void (*done)(struct fetch_result *result, void *arg), void *arg)
{
    struct fetch *fetch = xcalloc(1, sizeof *fetch);
    fetch->fetcher = f;
    fetch->policy = request->policy;
    fetch->started_ns = uv_hrtime();
    fetch->result.attempts = 1;
    fetch->done = done;
    fetch->arg = arg;
    if (copy_request(fetch, request, &fetch->result.error))
        fetch->host = host_take(f, fetch, fetch->url);
    fetch->previous = f->last;
    *(f->last ? &f->last->next : &f->first) = fetch;
    f->last = fetch;
    wake_at(f, 0);
    return fetch;
}

void fetch_cancel(struct fetch *fetch)
{
    if (fetch->running)
        stop_transfer(fetch);
    unlink_fetch(fetch);
    wake_at(fetch->fetcher, 0);
    fetch_free(fetch);
}

static bool printable(const char *z)
{
    for (; *z; z++)
        if ((unsigned char)*z < 0x20 || *z == 0x7F)
            return false;
    return true;
}

static bool check_settings(const struct fetch_settings *settings, struct err *e)
{
    if (!printable(settings->user_agent))
        return err_set(e, ERR_CONFIG, "the user agent holds a control character");
    if (settings->ca_file && access(settings->ca_file, R_OK) != 0) {
        err_set(e, ERR_CONFIG, "the file of certificates cannot be read");
        return err_where(e, "ca_file %s", settings->ca_file);
    }
    if (!settings->proxy)
        return true;
    CURLU *url = curl_url();
    char *scheme = NULL;
    bool good = url && curl_url_set(url, CURLUPART_URL, settings->proxy, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    curl_free(scheme);
    curl_url_cleanup(url);
    if (good)
        return true;
    err_set(e, ERR_CONFIG, "the proxy is not an http or https URL");
    return err_where(e, "proxy");
}

// libcurl with GnuTLS reads every certificate again for each connection, on the loop: 40 ms from the folder that is its
// default, where each stands several times; 15 ms from Debian's file of them. Caller's; NULL for the default.
static char *certificates(const struct fetch_settings *settings)
{
    static const char system_file[] = "/etc/ssl/certs/ca-certificates.crt";
    if (settings->ca_file)
        return xstrdup(settings->ca_file);
    return access(system_file, R_OK) == 0 ? xstrdup(system_file) : NULL;
}

struct fetcher *fetcher_new(uv_loop_t *loop, const struct fetch_settings *settings, struct err *e)
{
    if (!check_settings(settings, e))
        return NULL;
    unsigned connections =
        settings->max_connections ? settings->max_connections : (unsigned)MAX_CONNECTIONS;
    struct fetcher *f = xcalloc(1, sizeof *f);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    f->curl = curl_loop_new(loop, connections, on_transfer_done, f, e);
    if (!f->curl) {
        curl_global_cleanup();
        free(f);
        return NULL;
    }
    f->share = curl_share_init();
    curl_share_setopt(f->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(f->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    f->loop = loop;
    f->user_agent = xstrdup(settings->user_agent);
    f->proxy = settings->proxy ? xstrdup(settings->proxy) : NULL;
    f->ca_file = certificates(settings);
    f->max_connections = connections;
    f->retry_unit_ms = settings->retry_unit_ms ? settings->retry_unit_ms : (unsigned)RETRY_UNIT_MS;
    uv_timer_init(loop, &f->wake);
    f->wake.data = f;
    return f;
}

const struct fetch_counters *fetcher_counters(const struct fetcher *f)
{
    return &f->counters;
}

static void part_closed(struct fetcher *f)
{
    if (--f->open_parts)
        return;
    void (*closed)(void *) = f->closed;
    void *arg = f->closed_arg;
    curl_share_cleanup(f->share);
    curl_global_cleanup();
    free(f->user_agent);
    free(f->proxy);
    free(f->ca_file);
    free(f);
    if (closed)
        closed(arg);
}

static void on_curl_closed(void *arg)
{
    part_closed(arg);
}

static void on_wake_closed(uv_handle_t *handle)
{
    part_closed(handle->data);
}

void fetcher_close(struct fetcher *f, void (*closed)(void *arg), void *arg)
{
    f->closing = true;
    f->closed = closed;
    f->closed_arg = arg;
    while (f->first)
        fetch_cancel(f->first);
    hosts_prune(f, 0);
    f->open_parts = 2;
    curl_loop_close(f->curl, on_curl_closed, f);
    uv_close((uv_handle_t *)&f->wake, on_wake_closed);
}
