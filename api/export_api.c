// GET /api/v1/export.jsonl and /api/v1/export.csv: all that a search finds, each record whole, in the search's order. Runs on a search
// thread. An answer is made in memory before it is sent: it has at most EXPORT_ROWS records, and stops before that once it holds
// EXPORT_BYTES; what follows is at its Link with rel="next". Exports leave at least one thread to searches.
//
// The index tells which records and in which order; the store tells what they are now. One that left the store since then is left out.
#include "api/app_inside.h"
#include "api/changes.h"
#include "api/export.h"
#include "api/http/problem.h"
#include "api/http/request.h"
#include "api/http/response.h"
#include "api/search_params.h"
#include "base/log.h"

#include <unistd.h>

enum {
    EXPORT_BYTES = 32 * 1024 * 1024,
    PART = 1000, // results of one search, of which the export makes several
};

struct job {
    struct http_exchange *x;
    struct app_worker *worker;
    struct store *store;
    struct search_request request; // cursor: where to go on
    struct export export;
    int64_t limit, rows; // met, those left out included
    uint64_t revision;
    bool matched; // the client has this answer already
    struct buf body;
};

// ---- The request ---------------------------------------------------------------------------------

static bool read_parameter(struct job *j, struct str name, struct str value, struct err *e)
{
    if (!str_eq(name, STR("limit")))
        return search_param(&j->request, name, value, http_arena(j->x), e);
    value = str_trim(value);
    return !value.n || str_to_int(value, 1, EXPORT_ROWS, &j->limit) ||
           err_set(e, ERR_QUERY, "limit is \"%.*s\": it should be a number from 1 to %d",
                   STR_ARG(str_cut_utf8(value, 60)), EXPORT_ROWS);
}

// A search's parameters: its pages, facets and explanations are of no effect.
static bool read_request(struct job *j)
{
    struct http_pairs query = http_query(j->x);
    search_request_init(&j->request);
    for (size_t i = 0; i < query.n; i++) {
        struct err e;
        if (read_parameter(j, query.v[i].name, query.v[i].value, &e))
            continue;
        http_problem_parameter(j->x, &e, query.v[i].name);
        return false;
    }
    j->request.page = 1;
    j->request.facets = 0;
    j->request.explain = false;
    j->request.ungrouped = true;
    return true;
}

// ---- The rows ------------------------------------------------------------------------------------

static bool add_row(struct job *j, const struct search_hit *hit, struct err *e)
{
    struct arena scratch = {0};
    struct err own = {0};
    struct str id = search_hit_id(hit, &scratch);
    enum export_outcome outcome = export_record(&j->body, &j->export, id, false, j->store,
                                                j->worker->searcher, &scratch, &own);
    if (outcome == EXPORT_DAMAGED)
        log_event(LOG_ERROR, "a record cannot be exported", F_STR("id", id),
                  F_Z("error", own.what));
    if (outcome == EXPORT_FAILED && e)
        *e = own;
    arena_free(&scratch);
    return outcome != EXPORT_FAILED;
}

// One search, and its rows. *next: the cursor of what follows, in the request's arena; absent at the end.
static bool add_part(struct job *j, struct str *next, struct err *e)
{
    struct arena part = {0};
    struct search_answer answer;
    bool first = !j->rows, good;
    int64_t left = j->limit - j->rows;
    j->request.page_size = left < PART ? left : PART;
    good = searcher_search(j->worker->searcher, &j->request, &part, &answer, e);
    if (good && first) {
        j->revision = answer.revision;
        struct str tag = arena_printf(&part, "%llx-%llx", (unsigned long long)answer.revision,
                                      (unsigned long long)hash64(http_query_text(j->x)));
        j->matched = http_etag(j->x, tag, true);
    }
    size_t n = 0;
    while (good && !j->matched && n < answer.hit_count && j->body.n < EXPORT_BYTES)
        good = add_row(j, &answer.hits[n++], e);
    if (good && !j->matched &&
        n < answer.hit_count) { // the cursor behind the row that was the last
        j->request.page_size = (int64_t)n;
        good = searcher_search(j->worker->searcher, &j->request, &part, &answer, e);
    }
    j->rows += (int64_t)n;
    *next = good ? arena_str(http_arena(j->x), answer.cursor) : STR_NONE;
    arena_free(&part);
    return good;
}

static bool add_rows(struct job *j, struct err *e)
{
    struct str next;
    do {
        if (!add_part(j, &next, e))
            return false;
        j->request.cursor = next;
    } while (next.n && !j->matched && j->rows < j->limit && j->body.n < EXPORT_BYTES);
    return true;
}

// ---- The answer ----------------------------------------------------------------------------------

static void answer(struct job *j)
{
    const char *ending = j->export.format == EXPORT_CSV ? "csv" : "jsonl";
    struct arena *a = http_arena(j->x);
    http_answer(j->x, 200,
                j->export.format == EXPORT_CSV ? "text/csv; charset=utf-8; header=present"
                                               : "application/x-ndjson; charset=utf-8",
                &j->body);
    http_add_header(j->x, "Content-Disposition",
                    arena_printf(a, "attachment; filename=\"glaneur.%s\"", ending));
    if (!j->request.cursor.n)
        return;
    struct buf link = {0};
    struct str base = http_base_url(j->x);
    buf_addf(&link, "<%.*s/api/v1/export.%s?", STR_ARG(base), ending);
    j->request.page_size = 20; // the default, which is not written
    search_query_string(&link, &j->request, 0);
    buf_addf(&link, "%scursor=%.*s", link.p[link.n - 1] == '?' ? "" : "&",
             STR_ARG(j->request.cursor));
    if (j->limit != EXPORT_ROWS)
        buf_addf(&link, "&limit=%lld", (long long)j->limit);
    buf_addz(&link, ">; rel=\"next\"");
    http_add_header(j->x, "Link", buf_str(&link));
    buf_free(&link);
}

static void run(struct job *j)
{
    struct err e = {0};
    j->store = app_store(j->worker, &e);
    export_begin(&j->body, &j->export);
    bool good = j->store && add_rows(j, &e);
    if (!good && e.code == ERR_NOT_FOUND) // there is no index yet
        e.code = ERR_BUSY;
    if (!good)
        http_problem_err(j->x, &e, STR_NONE);
    else if (!j->matched)
        answer(j);
    buf_free(&j->body);
}

// ---- How many at a time --------------------------------------------------------------------------

static atomic_int under_way;

static int most_at_a_time(void)
{
    long cores =
        sysconf(_SC_NPROCESSORS_ONLN); // as many as search threads, but that there are two at least
    return cores < 4 ? 1 : (int)(cores < 16 ? cores : 16) / 2;
}

static void export(struct http_exchange *x, void *context, enum export_format format)
{
    struct job j = {.x = x, .worker = context, .export = {.format = format}, .limit = EXPORT_ROWS};
    struct err e;
    if (!read_request(&j))
        return;
    if (atomic_fetch_add(&under_way, 1) < most_at_a_time()) {
        http_cache(x, "public, max-age=60, stale-while-revalidate=300");
        run(&j);
    } else {
        err_set(&e, ERR_BUSY, "another export is being made");
        err_hint(&e, "ask again in a moment");
        http_problem_err(x, &e, STR_NONE);
    }
    atomic_fetch_sub(&under_way, 1);
}

static void export_jsonl(struct http_exchange *x, void *context, void *arg)
{
    (void)arg;
    export(x, context, EXPORT_JSONL);
}

static void export_csv(struct http_exchange *x, void *context, void *arg)
{
    (void)arg;
    export(x, context, EXPORT_CSV);
}

const struct http_route export_routes[] = {
    {HTTP_GET, "/api/v1/export.jsonl", export_jsonl, HTTP_ON_WORKER, "export_jsonl"},
    {HTTP_GET, "/api/v1/export.csv", export_csv, HTTP_ON_WORKER, "export_csv"},
    {HTTP_GET, "/api/v1/changes", api_changes, HTTP_ON_WORKER, "changes"},
};
const size_t export_route_count = sizeof export_routes / sizeof *export_routes;
