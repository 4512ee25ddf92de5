// How a page is answered: rendered, with its caching; errors, and what is said while there is nothing to show. See
// pages_inside.h.
#include "api/pages_inside.h"

#include "api/app_inside.h"
#include "api/http/problem.h"
#include "api/http/response.h"
#include "api/web/mustache.h"
#include "base/hash.h"
#include "base/log.h"
#include "harvester/time_zone.h"

static const char cached[] = "public, max-age=60";

int64_t page_documents(struct app *app)
{
    struct indexer_state state;
    app_index_state(app, &state);
    return state.documents;
}

struct time_zone *page_zone(const struct app *app)
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
                   json_t *view, bool by_bytes)
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
    if (status == 200 && by_bytes && client_has(x, buf_str(&body)))
        buf_free(&body);
    else
        http_html(x, status, &body);
    return true;
}

void page_answer(struct http_exchange *x, struct app *app, unsigned status, const char *template,
                 json_t *view)
{
    if (!render(x, app, status, template, view, true))
        http_problem(x, 500, "internal", STR("the page could not be made"), STR_NONE);
}

void page_answer_search(struct http_exchange *x, struct app *app, struct app_answer *at_hand,
                        uint64_t revision, const char *template, json_t *view)
{
    app_answer_etag(x, at_hand, revision);
    if (!render(x, app, 200, template, view, false))
        http_problem(x, 500, "internal", STR("the page could not be made"), STR_NONE);
}

void page_answer_error(struct http_exchange *x, struct app *app, unsigned status)
{
    struct arena *a = http_arena(x);
    struct error_page page = error_page_of(a, status, http_request_id(x));
    if (status == 503)
        http_add_header(x, "Retry-After", STR("5"));
    page_answer(x, app, status, "error", error_view(a, &page, page_documents(app)));
}

// There is nothing to show yet: what happens, and how far it is.
void page_answer_waiting(struct http_exchange *x, struct app *app)
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
    page_answer(x, app, 503, "error", error_view(a, &page, 0));
}

void page_answer_failure(struct http_exchange *x, struct app *app, const struct err *e)
{
    bool passing = e->code == ERR_BUSY || e->code == ERR_MODIFIED || e->code == ERR_LOCKED;
    log_failure(x, e);
    page_answer_error(x, app, passing ? 503 : 500);
}

bool page_problem(struct http_exchange *x, const struct http_problem *problem, void *app)
{
    struct arena *a = http_arena(x);
    if (str_starts(http_path(x), STR("/api/")))
        return false; // for programs, whoever looks at it
    struct error_page page = error_page_of(a, problem->status, http_request_id(x));
    return render(x, app, problem->status, "error", error_view(a, &page, page_documents(app)),
                  true);
}

void page_answer_text(struct http_exchange *x, struct app *app, const char *type, struct str text)
{
    struct buf body = {0};
    app_answer_keep(x, app_answer_begin(x, app), NULL, NULL);
    http_cache(x, "public, max-age=3600, stale-while-revalidate=86400");
    client_has(x, text);
    buf_add(&body, text);
    http_answer(x, 200, type, &body);
}
