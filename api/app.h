// What the handlers of both faces share. Handlers run on search threads, each with a searcher and a reader of the store of its
// own (struct app_worker); what the loop knows reaches them as a copy.
#pragma once

#include "api/http/route.h"
#include "api/service.h"
#include "indexer/search/search.h"

struct app;
struct template_set;

struct app_worker { // worker_context of a handler; made once on each thread
    struct app *app;
    struct searcher *searcher;
    struct store *store; // NULL while there is no store; see app_store
};

// The thread's reader of the store, opened when it is there at last. NULL and *e otherwise.
struct store *app_store(struct app_worker *w, struct err *e);

// Any thread:
const struct template_set *app_templates(const struct app *app);
struct str app_style(const struct app *app);   // the text of style.css
struct str app_script(const struct app *app);  // of suggest.js
struct str app_contact(const struct app *app); // of the configuration; may be absent
struct str app_timezone(const struct app *app);
// The sources as the loop saw them in the last second, copied into the arena.
struct harvester_source *app_sources(struct app *app, struct arena *a, size_t *n);
// Where the index stands as searches have it: what was committed since is not told yet.
void app_index_state(struct app *app, struct indexer_state *out);

// Loop only:
struct service *app_service(struct app *app);

// The faces. Each is a table of routes with the app as argument.
extern const struct http_route api_routes[]; // search, records, sources, runs
extern const size_t api_route_count;
extern const struct http_route export_routes[]; // a search as a file, what changed
extern const size_t export_route_count;
extern const struct http_route admin_routes[]; // runs to start, decisions, rebuild, metrics
extern const size_t admin_route_count;
extern const struct http_route health_routes[];
extern const size_t health_route_count;
extern const struct http_route page_routes[]; // HTML
extern const size_t page_route_count;

struct http_problem;
struct http_exchange;
// Shows a problem as a page in French; http_settings.problem_page of the public face.
bool page_problem(struct http_exchange *x, const struct http_problem *problem, void *app);
