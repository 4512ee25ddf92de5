// The pages that search: the search page, the home page before a search, and the values of a filter to choose from. On search
// threads.
#include "api/pages_inside.h"

#include "api/app_inside.h"
#include "api/http/response.h"
#include "api/labels.h"
#include "api/queries.h"
#include "base/log.h"
#include "harvester/time_zone.h"

// ---- Search -------------------------------------------------------------------------------------

// False when the failure was answered. An index without documents is as good as none.
static bool run_search(struct http_exchange *x, struct app_worker *w,
                       const struct search_request *r, struct search_answer *out)
{
    struct err e = {0};
    bool good = searcher_search(w->searcher, r, http_arena(x), out, &e);
    if (good && (out->total || page_documents(w->app)))
        return true;
    if (good || e.code == ERR_NOT_FOUND) {
        page_answer_waiting(x, w->app);
    } else if (e.code == ERR_QUERY) {
        struct search_page page = {
            .request = r,
            .wrong = STR("Elle compte trop de mots" NBSP ": gardez les plus importants."),
            .documents = page_documents(w->app)};
        page_answer(x, w->app, 400, "search", search_page_view(http_arena(x), &page));
    } else {
        page_answer_failure(x, w->app, &e);
    }
    return false;
}

static void home(struct http_exchange *x, struct app_worker *w, struct app_answer *at_hand)
{
    struct search_request r;
    struct search_answer found;
    struct arena *a = http_arena(x);
    home_request(&r, a);
    if (!run_search(x, w, &r, &found))
        return;
    struct time_zone *z = page_zone(w->app);
    app_answer_keep(x, at_hand, NULL, NULL);
    page_answer_search(x, w->app, at_hand, found.revision, "home",
                       home_view(a, &found, page_documents(w->app), w->app->places, date_now(), z));
    time_zone_free(z);
}

// Turns the territories as people typed them into ids, and goes to the address that has these. False when that, or the page to
// choose from, was answered.
static bool territories_are_ids(struct http_exchange *x, struct app *app, struct search_request *r)
{
    struct arena *a = http_arena(x);
    struct strs asked = r->filters[FACET_TERRITORY], ids = {0};
    bool same = true;
    for (size_t i = 0; i < asked.n; i++) {
        struct place_reading read;
        place_read(app->places, asked.v[i], a, &read);
        if (!read.zone.n) {
            struct place_page page = {r, i, &read, app->places, page_documents(app)};
            page_answer(x, app, 200, "territory", place_page_view(a, &page));
            return false;
        }
        same = same && str_eq(read.zone, asked.v[i]);
        arena_push(a, &ids, read.zone);
    }
    if (same)
        return true;
    r->filters[FACET_TERRITORY] = ids;
    http_redirect(x, 302, search_page_url(a, r, 0));
    return false;
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
        page_read_title(s, ids.v[i], a, &titles[i].title, &e);
    }
}

// The titles of the records whose relations are asked for; without an index there are none.
static void name_related(struct app_worker *w, struct arena *a, struct search_page *page)
{
    struct str ids[] = {page->request->uses, page->request->used_by};
    struct related_record found[2];
    struct err e;
    if ((!ids[0].n && !ids[1].n) ||
        !searcher_records(w->searcher, (struct strs){ids, 2}, a, found, &e))
        return;
    page->uses_title = found[0].title;
    page->used_by_title = found[1].title;
}

void page_search(struct http_exchange *x, void *context, void *arg)
{
    struct app_worker *w = context;
    struct app *app = arg;
    struct arena *a = http_arena(x);
    struct search_request r;
    struct search_answer found;
    struct search_page page = {
        .request = &r, .documents = page_documents(app), .places = app->places};
    struct app_answer *at_hand = app_answer_begin(x, app);
    if (!search_page_read(&r, http_query(x), a, &page.wrong)) {
        page_answer(x, app, 400, "search", search_page_view(a, &page));
        return;
    }
    if (search_page_is_home(&r)) {
        home(x, w, at_hand);
        return;
    }
    if (!territories_are_ids(x, app, &r))
        return;
    size_t sources;
    app_sources(app, a, &sources);
    r.facets = search_page_facets(sources > 1);
    double start = date_stopwatch();
    if (!run_search(x, w, &r, &found))
        return;
    metrics_search(app->metrics, date_stopwatch() - start, found.total == 0, found.relaxed.n > 0);
    app_note_search(app, &r, &found, a);
    int64_t pages = search_page_count(found.listed);
    if (r.page > pages) { // the results became fewer since that link was made
        http_redirect(x, 302, search_page_url(a, &r, pages));
        return;
    }
    struct time_zone *z = page_zone(app);
    page.answer = &found;
    page.zone = z;
    if (!found.total)
        name_publishers(w, a, &page);
    name_related(w, a, &page);
    app_answer_keep(x, at_hand, &r, &found);
    page_answer_search(x, app, at_hand, found.revision, "search", search_page_view(a, &page));
    time_zone_free(z);
}

// ---- Values of a filter ----------------------------------------------------------------------------

void page_values(struct http_exchange *x, void *context, void *arg)
{
    struct app_worker *w = context;
    struct app *app = arg;
    struct arena *a = http_arena(x);
    struct search_request r;
    struct facet_found found;
    struct err e = {0};
    struct str wrong;
    struct values_page page = {.request = &r,
                               .found = &found,
                               .letters = str_trim(http_query_value(x, "lettres")),
                               .documents = page_documents(app),
                               .places = app->places};
    struct app_answer *at_hand = app_answer_begin(x, app);
    if (!facet_find(http_path_parameter(x, "facet"), &page.facet)) {
        page_answer_error(x, app, 404);
        return;
    }
    page.letters = str_cut_utf8(page.letters, SEARCH_QUERY_BYTES);
    if (!search_page_read(&r, http_query(x), a, &wrong) ||
        r.page * VALUES_SHOWN > SEARCH_DEPTH_MAX) {
        page_answer_error(x, app, 400);
        return;
    }
    struct facet_search wanted = {.facet = page.facet,
                                  .letters = page.letters,
                                  .page = r.page,
                                  .page_size = VALUES_SHOWN,
                                  .label_of = label_of};
    if (searcher_facet_values(w->searcher, &r, &wanted, a, &found, &e)) {
        app_answer_keep(x, at_hand, NULL, NULL);
        page_answer_search(x, app, at_hand, found.revision, "values", values_page_view(a, &page));
    } else if (e.code == ERR_NOT_FOUND) {
        page_answer_waiting(x, app);
    } else if (e.code == ERR_QUERY) {
        page_answer_error(x, app, 400);
    } else {
        page_answer_failure(x, app, &e);
    }
}
