// GET /api/v1/facets/<name>: the values of one facet over a search, those that begin with letters typed. Runs on a search thread,
// with its searcher.
#include "api/facet_values.h"

#include "api/app.h"
#include "api/at_hand.h"
#include "api/http/problem.h"
#include "api/http/request.h"
#include "api/http/response.h"
#include "api/labels.h"
#include "api/search_params.h"

#include <math.h>

// What belongs to results, which there are none of.
static bool of_results(struct str name)
{
    return str_eq(name, STR("cursor")) || str_eq(name, STR("facets")) ||
           str_eq(name, STR("explain"));
}

static bool read_param(struct search_request *r, struct facet_search *wanted, struct str name,
                       struct str value, struct arena *a, struct err *e)
{
    if (str_eq(name, STR("facet_q"))) {
        if (value.n > SEARCH_QUERY_BYTES)
            return err_set(e, ERR_QUERY, "facet_q is longer than %d bytes", SEARCH_QUERY_BYTES);
        wanted->letters = value;
        return true;
    }
    if (of_results(name))
        return err_set(e, ERR_USAGE, "unknown parameter \"%.*s\"", STR_ARG(name));
    if (!search_param(r, name, value, a, e))
        return false;
    wanted->page = r->page;
    wanted->page_size = r->page_size;
    return true;
}

static bool read_request(struct http_exchange *x, struct search_request *r,
                         struct facet_search *wanted)
{
    struct http_pairs query = http_query(x);
    struct arena *a = http_arena(x);
    struct err e = {0};
    search_request_init(r);
    *wanted =
        (struct facet_search){.page = r->page, .page_size = r->page_size, .label_of = label_of};
    struct str facet = http_path_parameter(x, "name");
    if (!facet_find(facet, &wanted->facet)) {
        err_set(&e, ERR_NOT_FOUND, "there is no facet \"%.*s\"", STR_ARG(str_cut_utf8(facet, 60)));
        http_problem_err(x, &e, STR_NONE);
        return false;
    }
    for (size_t i = 0; i < query.n; i++) {
        if (read_param(r, wanted, query.v[i].name, query.v[i].value, a, &e))
            continue;
        http_problem_parameter(x, &e, query.v[i].name);
        return false;
    }
    if (wanted->page * wanted->page_size <= SEARCH_DEPTH_MAX)
        return true;
    http_problem(x, 400, "invalid-parameter",
                 arena_printf(a, "page times page_size is over %d; type more letters in facet_q",
                              SEARCH_DEPTH_MAX),
                 STR("page"));
    return false;
}

static void write_answer(struct buf *b, const struct facet_search *wanted,
                         const struct facet_found *found, double took_ms)
{
    json_open(b, '{');
    json_key(b, "facet");
    json_str(b, facet_fields[wanted->facet].name);
    json_key(b, "facet_q");
    json_str(b, wanted->letters.n ? wanted->letters : STR(""));
    json_key(b, "total");
    json_int(b, found->total);
    json_key(b, "page");
    json_int(b, wanted->page);
    json_key(b, "page_size");
    json_int(b, wanted->page_size);
    json_key(b, "took_ms");
    json_num(b, round(took_ms * 1000) / 1000);
    json_key(b, "data");
    json_open(b, '[');
    for (size_t i = 0; i < found->n; i++) {
        json_open(b, '{');
        json_key(b, "value");
        json_str(b, found->values[i].value);
        json_key(b, "label");
        json_str(b, found->values[i].label);
        json_key(b, "count");
        json_int(b, found->values[i].count);
        json_close(b, '}');
    }
    json_close(b, ']');
    json_close(b, '}');
}

void api_facet_values(struct http_exchange *x, void *context, void *arg)
{
    struct app_worker *w = context;
    struct search_request r;
    struct facet_search wanted;
    struct facet_found found;
    struct err e = {0};
    if (!read_request(x, &r, &wanted))
        return;
    struct app_answer *at_hand = app_answer_begin(x, arg);
    double start = date_stopwatch();
    if (!searcher_facet_values(w->searcher, &r, &wanted, http_arena(x), &found, &e)) {
        if (e.code == ERR_NOT_FOUND) // there is no index yet
            e.code = ERR_BUSY;
        http_problem_err(x, &e, STR_NONE);
        return;
    }
    http_cache(x, "public, max-age=60, stale-while-revalidate=300");
    app_answer_etag(x, at_hand, found.revision);
    app_answer_keep(x, at_hand, NULL, NULL);
    struct buf body = {0};
    write_answer(&body, &wanted, &found, (date_stopwatch() - start) * 1000);
    http_json(x, 200, &body);
}
