// The pages in French: their routes and handlers. A handler reads what its page shows, has the view
// made (pages.h), renders it with its template and answers. On search threads. Searches are in pages_find.c.
#include "api/pages_inside.h"

#include "api/app_inside.h"
#include "api/http/response.h"
#include "base/log.h"
#include "harvester/time_zone.h"
#include "store/record_json.h"

enum {
    SIMILAR_SHOWN = 5,
    RUNS_SHOWN = 10,
    LAST_ERRORS_SHOWN = 20, // of the last run
    OLD_ERRORS_SHOWN = 3,   // of each other one
};

// ---- Titles -------------------------------------------------------------------------------------

bool page_read_title(struct store *s, struct str id, struct arena *a, struct str *title,
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

// ---- Records ------------------------------------------------------------------------------------

// Without an index they have no titles, and are not shown.
static void read_titles(struct app_worker *w, struct arena *a, struct record_page *page)
{
    struct strs ids = record_page_relations(a, page->shown);
    struct related_record *found = ARENA_ARRAY(a, struct related_record, ids.n + 1);
    struct record_title *titles = ARENA_ARRAY(a, struct record_title, ids.n + 1);
    struct err e = {0};
    page->titles = titles;
    if (!searcher_records(w->searcher, ids, a, found, &e)) {
        if (e.code != ERR_NOT_FOUND)
            log_event(LOG_WARNING, "no titles of related records", F_Z("error", e.what));
        return;
    }
    page->title_count = ids.n;
    for (size_t i = 0; i < ids.n; i++)
        titles[i] = (struct record_title){ids.v[i], found[i].title, found[i].id};
}

// The records like this one; NULL when they cannot be told, which is no reason not to show it.
static const struct search_answer *read_similar(struct app_worker *w, struct str id,
                                                struct arena *a)
{
    struct search_answer *similar = ARENA_NEW(a, struct search_answer);
    struct err e = {0};
    if (searcher_similar(w->searcher, id, SIMILAR_SHOWN, a, similar, &e))
        return similar;
    if (e.code != ERR_NOT_FOUND) // it is in the store, and soon in the index
        log_event(LOG_WARNING, "no similar records", F_STR("id", id), F_Z("error", e.what));
    return NULL;
}

static void show_record(struct http_exchange *x, struct app_worker *w, struct store *s,
                        const struct stored *stored, const struct time_zone *z)
{
    struct app *app = w->app;
    struct arena *a = http_arena(x);
    struct shown_record shown;
    struct history_entry *history;
    struct err e = {0};
    struct record_page page = {
        .shown = &shown, .documents = page_documents(app), .zone = z, .places = app->places};
    if (shown_read(&shown, stored, s, w->searcher, a, &e) &&
        store_history(s, stored->id, a, &history, &page.history_count, &e)) {
        page.history = history;
        page.similar = read_similar(w, stored->behind ? stored->also_in.v[0] : stored->id, a);
        read_titles(w, a, &page);
        page_answer(x, app, 200, "record", record_page_view(a, &page));
    } else {
        page_answer_failure(x, app, &e);
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
            page_answer_waiting(x, app);
        else
            page_answer_failure(x, app, &e);
        return;
    }
    if (!store_get(s, http_path_parameter(x, "id"), a, &stored, &e)) {
        if (e.code == ERR_NOT_FOUND)
            page_answer_error(x, app, 404);
        else
            page_answer_failure(x, app, &e);
        return;
    }
    struct time_zone *z = page_zone(app);
    if (stored.removed)
        page_answer(x, app, 410, "removed", removed_view(a, &stored, page_documents(app), z));
    else
        show_record(x, w, s, &stored, z);
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
        page_answer_failure(x, app, &e);
        return;
    }
    struct time_zone *z = page_zone(app);
    page_answer(x, app, 200, "sources",
                sources_view(a, pages, n, page_documents(app), date_now(), z));
    time_zone_free(z);
}

// ---- Texts --------------------------------------------------------------------------------------

static void page_about(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    page_answer(x, arg, 200, "about",
                about_view(http_arena(x), app_contact(arg), page_documents(arg)));
}

static void page_accessibility(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    page_answer(x, arg, 200, "accessibility",
                accessibility_view(http_arena(x), app_contact(arg), page_documents(arg)));
}

static void style(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    page_answer_text(x, arg, "text/css; charset=utf-8", app_style(arg));
}

static void script(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    page_answer_text(x, arg, "text/javascript; charset=utf-8", app_script(arg));
}

static void icon(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    page_answer_text(
        x, arg, "image/svg+xml",
        STR("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
            "<rect width=\"32\" height=\"32\" rx=\"6\" fill=\"#0b5a50\"/>"
            "<path d=\"M22 11a7.5 7.5 0 1 0 1.5 6.5H17\" fill=\"none\" stroke=\"#fff\" "
            "stroke-width=\"3.5\" stroke-linecap=\"round\"/></svg>\n"));
}

// Records may be listed by search engines; searches, of which there is no end, may not.
static void robots(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    page_answer_text(x, arg, "text/plain; charset=utf-8",
                     STR("User-agent: *\nDisallow: /?\nDisallow: /valeurs/\nDisallow: /api/\n"));
}

const struct http_route page_routes[] = {
    {HTTP_GET, "/", page_search, HTTP_ON_WORKER | HTTP_AT_HAND, "page_search"},
    {HTTP_GET, "/valeurs/{facet}", page_values, HTTP_ON_WORKER | HTTP_AT_HAND, "page_values"},
    {HTTP_GET, "/r/{id}", page_record, HTTP_ON_WORKER, "page_record"},
    {HTTP_GET, "/sources", page_sources, HTTP_ON_WORKER, "page_sources"},
    {HTTP_GET, "/about", page_about, HTTP_ON_WORKER, "page_about"},
    {HTTP_GET, "/accessibilite", page_accessibility, HTTP_ON_WORKER, "page_accessibility"},
    {HTTP_GET, "/style.css", style, HTTP_ON_WORKER | HTTP_AT_HAND, "style"},
    {HTTP_GET, "/suggest.js", script, HTTP_ON_WORKER | HTTP_AT_HAND, "script"},
    {HTTP_GET, "/favicon.svg", icon, HTTP_ON_WORKER | HTTP_AT_HAND, "icon"},
    {HTTP_GET, "/robots.txt", robots, HTTP_ON_WORKER, "robots"},
};
const size_t page_route_count = sizeof page_routes / sizeof *page_routes;
