// The pages in French: their routes and handlers. A handler reads what its page shows, has the view
// made (pages.h), renders it with its template and answers. On search threads; page_problem on any.
#include "api/pages.h"

#include "api/app_inside.h"
#include "api/http/problem.h"
#include "api/http/response.h"
#include "api/queries.h"
#include "api/web/mustache.h"
#include "base/hash.h"
#include "base/log.h"
#include "harvester/time_zone.h"
#include "store/record_json.h"

#include <time.h>

enum {
    RUNS_SHOWN = 10,
    LAST_ERRORS_SHOWN = 20, // of the last run
    OLD_ERRORS_SHOWN = 3,   // of each other one
};

static const char cached[] = "public, max-age=60";

// ---- Answers ------------------------------------------------------------------------------------

static int64_t documents(struct app *app)
{
    struct indexer_state state;
    app_index_state(app, &state);
    return state.documents;
}

// The configured zone; NULL, which is UTC, when it cannot be read any more.
static struct time_zone *zone_of(const struct app *app)
{
    struct err e;
    return time_zone_load(app_timezone(app), &e);
}

// By the bytes of the page: it shows more than its own record or search (counts, titles of others,
// the version).
static bool client_has(struct http_exchange *x, struct str body)
{
    unsigned char digest[SHA256_BYTES];
    char tag[17];
    sha256(body, digest);
    hex(digest, 8, tag);
    return http_etag(x, str_of(tag), true);
}

static void log_failure(struct http_exchange *x, const struct err *e)
{
    char text[sizeof e->where + sizeof e->what + sizeof e->hint + 8];
    log_event(LOG_ERROR, "page failed", F_STR("request", http_request_id(x)),
              F_Z("code", err_name(e->code)), F_Z("error", err_text(e, text, sizeof text)));
}

// Takes the view. False when the template cannot be rendered, and nothing is answered.
static bool render(struct http_exchange *x, struct app *app, unsigned status, const char *template,
                   json_t *view)
{
    struct buf body = {0};
    struct err e = {0};
    bool good = mustache_render(app_templates(app), str_of(template), view, &body, &e);
    json_decref(view);
    if (!good) {
        log_failure(x, &e);
        buf_free(&body);
        return false;
    }
    http_cache(x, status == 200 ? cached : "no-store");
    if (status == 200 && client_has(x, buf_str(&body)))
        buf_free(&body);
    else
        http_html(x, status, &body);
    return true;
}

static void answer(struct http_exchange *x, struct app *app, unsigned status, const char *template,
                   json_t *view)
{
    if (!render(x, app, status, template, view))
        http_problem(x, 500, "internal", STR("the page could not be made"), STR_NONE);
}

static void answer_error(struct http_exchange *x, struct app *app, unsigned status)
{
    struct arena *a = http_arena(x);
    struct error_page page = error_page_of(a, status, http_request_id(x));
    if (status == 503)
        http_add_header(x, "Retry-After", STR("5"));
    answer(x, app, status, "error", error_view(a, &page, documents(app)));
}

// There is nothing to show yet: what happens, and how far it is.
static void answer_waiting(struct http_exchange *x, struct app *app)
{
    struct arena *a = http_arena(x);
    size_t n;
    struct harvester_source *sources = app_sources(app, a, &n);
    struct error_page page = {0, STR("La première moisson est en cours"),
                              home_waiting(a, sources, n)};
    bool busy = false;
    for (size_t i = 0; i < n; i++)
        busy = busy || sources[i].running || sources[i].waiting;
    if (!busy)
        page.title = STR("L’index est encore vide");
    http_add_header(x, "Retry-After", STR("60"));
    answer(x, app, 503, "error", error_view(a, &page, 0));
}

static void answer_failure(struct http_exchange *x, struct app *app, const struct err *e)
{
    bool passing = e->code == ERR_BUSY || e->code == ERR_MODIFIED || e->code == ERR_LOCKED;
    log_failure(x, e);
    answer_error(x, app, passing ? 503 : 500);
}

bool page_problem(struct http_exchange *x, const struct http_problem *problem, void *app)
{
    struct arena *a = http_arena(x);
    if (str_starts(http_path(x), STR("/api/")))
        return false; // for programs, whoever looks at it
    struct error_page page = error_page_of(a, problem->status, http_request_id(x));
    return render(x, app, problem->status, "error", error_view(a, &page, documents(app)));
}

// ---- Titles -------------------------------------------------------------------------------------

// The title of a record that is there; absent when it is not. False on a failure of the store.
static bool read_title(struct store *s, struct str id, struct arena *a, struct str *title,
                       struct err *e)
{
    struct arena scratch = {0};
    struct stored stored;
    struct record r;
    *title = STR_NONE;
    bool good = store_get(s, id, &scratch, &stored, e);
    if (good && !stored.removed) {
        good = record_read(&r, stored.body, STR_NONE, &scratch, e);
        if (good)
            *title = arena_str(a, r.title);
    }
    arena_free(&scratch);
    return good || e->code == ERR_NOT_FOUND;
}

// ---- Search -------------------------------------------------------------------------------------

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// False when the failure was answered. An index without documents is as good as none.
static bool run_search(struct http_exchange *x, struct app_worker *w,
                       const struct search_request *r, struct search_answer *out)
{
    struct err e = {0};
    bool good = searcher_search(w->searcher, r, http_arena(x), out, &e);
    if (good && (out->total || documents(w->app)))
        return true;
    if (good || e.code == ERR_NOT_FOUND) {
        answer_waiting(x, w->app);
    } else if (e.code == ERR_QUERY) {
        struct search_page page = {
            .request = r,
            .wrong = STR("Elle compte trop de mots" NBSP ": gardez les plus importants."),
            .documents = documents(w->app)};
        answer(x, w->app, 400, "search", search_page_view(http_arena(x), &page));
    } else {
        answer_failure(x, w->app, &e);
    }
    return false;
}

static void home(struct http_exchange *x, struct app_worker *w)
{
    struct search_request r;
    struct search_answer found;
    struct arena *a = http_arena(x);
    home_request(&r, a);
    if (!run_search(x, w, &r, &found))
        return;
    struct time_zone *z = zone_of(w->app);
    answer(x, w->app, 200, "home", home_view(a, &found, documents(w->app), date_now(), z));
    time_zone_free(z);
}

// The names of the publishers asked for, when no result tells them. Without a store they keep their
// ids.
static void name_publishers(struct app_worker *w, struct arena *a, struct search_page *page)
{
    struct err e;
    struct store *s = app_store(w, &e);
    struct strs ids = page->request->filters[FACET_PUBLISHER];
    struct record_title *titles = ARENA_ARRAY(a, struct record_title, ids.n + 1);
    page->titles = titles;
    for (size_t i = 0; s && i < ids.n; i++, page->title_count++) {
        titles[i].id = ids.v[i];
        read_title(s, ids.v[i], a, &titles[i].title, &e);
    }
}

static void page_search(struct http_exchange *x, void *context, void *arg)
{
    struct app_worker *w = context;
    struct app *app = arg;
    struct arena *a = http_arena(x);
    struct search_request r;
    struct search_answer found;
    struct search_page page = {.request = &r, .documents = documents(app)};
    if (!search_page_read(&r, http_query(x), a, &page.wrong)) {
        answer(x, app, 400, "search", search_page_view(a, &page));
        return;
    }
    if (search_page_is_home(&r)) {
        home(x, w);
        return;
    }
    size_t sources;
    app_sources(app, a, &sources);
    r.facets = search_page_facets(sources > 1);
    double start = seconds_now();
    if (!run_search(x, w, &r, &found))
        return;
    metrics_search(app->metrics, seconds_now() - start, found.total == 0, found.relaxed.n > 0);
    app_note_search(app, &r, &found, a);
    int64_t pages = search_page_count(found.total);
    if (r.page > pages) { // the results became fewer since that link was made
        http_redirect(x, 302, search_page_url(a, &r, pages));
        return;
    }
    struct time_zone *z = zone_of(app);
    page.answer = &found;
    page.zone = z;
    if (!found.total)
        name_publishers(w, a, &page);
    answer(x, app, 200, "search", search_page_view(a, &page));
    time_zone_free(z);
}

// ---- Records ------------------------------------------------------------------------------------

static bool read_titles(struct store *s, struct arena *a, struct record_page *page, struct err *e)
{
    struct strs ids = record_page_relations(a, page->record);
    struct record_title *titles = ARENA_ARRAY(a, struct record_title, ids.n + 1);
    page->titles = titles;
    for (size_t i = 0; i < ids.n; i++) {
        titles[i].id = ids.v[i];
        if (!read_title(s, ids.v[i], a, &titles[i].title, e))
            return false;
        page->title_count++;
    }
    return true;
}

static void show_record(struct http_exchange *x, struct app *app, struct store *s,
                        const struct stored *stored, const struct time_zone *z)
{
    struct arena *a = http_arena(x);
    struct record r;
    struct history_entry *history;
    struct err e = {0};
    struct record_page page = {
        .stored = stored, .record = &r, .documents = documents(app), .zone = z};
    if (record_read(&r, stored->body, stored->figures, a, &e) && read_titles(s, a, &page, &e) &&
        store_history(s, stored->id, a, &history, &page.history_count, &e)) {
        page.history = history;
        answer(x, app, 200, "record", record_page_view(a, &page));
    } else {
        answer_failure(x, app, &e);
    }
}

static void page_record(struct http_exchange *x, void *context, void *arg)
{
    struct app_worker *w = context;
    struct app *app = arg;
    struct arena *a = http_arena(x);
    struct stored stored;
    struct err e = {0};
    struct store *s = app_store(w, &e);
    if (!s) {
        if (e.code == ERR_NOT_FOUND)
            answer_waiting(x, app);
        else
            answer_failure(x, app, &e);
        return;
    }
    if (!store_get(s, http_path_parameter(x, "id"), a, &stored, &e)) {
        if (e.code == ERR_NOT_FOUND)
            answer_error(x, app, 404);
        else
            answer_failure(x, app, &e);
        return;
    }
    struct time_zone *z = zone_of(app);
    if (stored.removed)
        answer(x, app, 410, "removed", removed_view(a, &stored, documents(app), z));
    else
        show_record(x, app, s, &stored, z);
    time_zone_free(z);
}

// ---- Sources ------------------------------------------------------------------------------------

static bool read_source(struct store *s, struct arena *a, struct source_page *p, struct err *e)
{
    struct run *runs;
    if (!store_runs(s, p->source->name, RUNS_SHOWN, a, &runs, &p->run_count, e))
        return false;
    struct source_page_run *pages = ARENA_ARRAY(a, struct source_page_run, p->run_count + 1);
    p->runs = pages;
    for (size_t i = 0; i < p->run_count; i++) {
        struct run_error *errors = NULL;
        struct strs held = {0};
        pages[i].run = runs[i];
        if (!store_run_errors(s, runs[i].run, i ? OLD_ERRORS_SHOWN : LAST_ERRORS_SHOWN, a, &errors,
                              &pages[i].error_count, e))
            return false;
        if (runs[i].state == RUN_HELD_BACK && !store_held_read(s, runs[i].run, a, &held, e))
            return false;
        pages[i].errors = errors;
        pages[i].held = held.n;
    }
    return true;
}

static bool read_sources(struct store *s, struct arena *a, struct source_page *pages, size_t n,
                         struct err *e)
{
    struct store_count *counts;
    size_t count;
    if (!store_counts(s, a, &counts, &count, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < count; j++)
            if (str_eq(counts[j].source, pages[i].source->name))
                pages[i].records += counts[j].active + counts[j].missing + counts[j].archived;
        if (!read_source(s, a, &pages[i], e))
            return false;
    }
    return true;
}

static void page_sources(struct http_exchange *x, void *context, void *arg)
{
    struct app *app = arg;
    struct arena *a = http_arena(x);
    struct err e = {0};
    size_t n;
    const struct harvester_source *sources = app_sources(app, a, &n);
    struct source_page *pages = ARENA_ARRAY(a, struct source_page, n + 1);
    for (size_t i = 0; i < n; i++)
        pages[i].source = &sources[i];
    struct store *s = app_store(context, &e);
    if (s ? !read_sources(s, a, pages, n, &e) : e.code != ERR_NOT_FOUND) {
        answer_failure(x, app, &e);
        return;
    }
    struct time_zone *z = zone_of(app);
    answer(x, app, 200, "sources", sources_view(a, pages, n, documents(app), date_now(), z));
    time_zone_free(z);
}

// ---- Texts --------------------------------------------------------------------------------------

static void page_about(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    answer(x, arg, 200, "about", about_view(http_arena(x), app_contact(arg), documents(arg)));
}

static void page_accessibility(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    answer(x, arg, 200, "accessibility",
           accessibility_view(http_arena(x), app_contact(arg), documents(arg)));
}

static void answer_text(struct http_exchange *x, const char *type, struct str text)
{
    struct buf body = {0};
    http_cache(x, "public, max-age=3600, stale-while-revalidate=86400");
    if (client_has(x, text))
        return;
    buf_add(&body, text);
    http_answer(x, 200, type, &body);
}

static void style(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    answer_text(x, "text/css; charset=utf-8", app_style(arg));
}

static void script(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    answer_text(x, "text/javascript; charset=utf-8", app_script(arg));
}

static void icon(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    (void)arg;
    answer_text(x, "image/svg+xml",
                STR("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
                    "<rect width=\"32\" height=\"32\" rx=\"6\" fill=\"#0b5a50\"/>"
                    "<path d=\"M22 11a7.5 7.5 0 1 0 1.5 6.5H17\" fill=\"none\" stroke=\"#fff\" "
                    "stroke-width=\"3.5\" stroke-linecap=\"round\"/></svg>\n"));
}

// Records may be listed by search engines; searches, of which there is no end, may not.
static void robots(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    (void)arg;
    answer_text(x, "text/plain; charset=utf-8",
                STR("User-agent: *\nDisallow: /?\nDisallow: /api/\n"));
}

const struct http_route page_routes[] = {
    {HTTP_GET, "/", page_search, HTTP_ON_WORKER, "page_search"},
    {HTTP_GET, "/r/{id}", page_record, HTTP_ON_WORKER, "page_record"},
    {HTTP_GET, "/sources", page_sources, HTTP_ON_WORKER, "page_sources"},
    {HTTP_GET, "/about", page_about, HTTP_ON_WORKER, "page_about"},
    {HTTP_GET, "/accessibilite", page_accessibility, HTTP_ON_WORKER, "page_accessibility"},
    {HTTP_GET, "/style.css", style, HTTP_ON_WORKER, "style"},
    {HTTP_GET, "/suggest.js", script, HTTP_ON_WORKER, "script"},
    {HTTP_GET, "/favicon.svg", icon, HTTP_ON_WORKER, "icon"},
    {HTTP_GET, "/robots.txt", robots, HTTP_ON_WORKER, "robots"},
};
const size_t page_route_count = sizeof page_routes / sizeof *page_routes;
