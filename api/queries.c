// See queries.h.
#include "api/queries.h"

#include "api/app_inside.h"
#include "api/http/problem.h"
#include "api/http/request.h"
#include "api/http/response.h"
#include "api/query_notes.h"

enum { DAY_SECONDS = 86400, VALUE_SHOWN_BYTES = 60 };

void app_note_search(struct app *app, const struct search_request *request,
                     const struct search_answer *answer, struct arena *a)
{
    struct indexer_state state;
    app_index_state(app, &state);
    if (state.documents) // an empty index finds nothing, whatever is asked
        query_notes_search(app->query_notes, request, answer, a);
}

static int64_t day_of(int64_t seconds)
{
    return seconds >= 0 ? seconds / DAY_SECONDS : 0;
}

bool queries_param(struct query_filter *filter, const char *name, struct str value, struct err *e)
{
    bool outcome = strcmp(name, "outcome") == 0;
    struct date since;
    value = str_trim(value);
    if (!value.n)
        return true;
    if (outcome && query_outcome_find(value, &filter->outcome)) {
        filter->only = true;
        return true;
    }
    if (!outcome && date_parse(value, &since)) {
        filter->since = day_of(since.seconds);
        return true;
    }
    return err_set(e, ERR_QUERY, "%s is \"%.*s\": it should be %s", name,
                   STR_ARG(str_cut_utf8(value, VALUE_SHOWN_BYTES)),
                   outcome ? "nothing, relaxed or corrected" : "a date such as 2026-01-31");
}

bool queries_read(const char *data, const struct query_filter *filter, struct arena *a,
                  struct query_entry **out, size_t *n, int64_t *total, struct err *e)
{
    struct err why = {0};
    struct query_filter f = *filter;
    f.today = day_of(date_now());
    *out = NULL;
    *n = 0;
    *total = 0;
    struct query_log *log = query_log_open(data, STORE_READ, &why);
    bool good = log && query_log_read(log, &f, a, out, n, total, &why);
    query_log_close(log);
    if (!good && why.code != ERR_NOT_FOUND)
        *e = why;
    return good || why.code == ERR_NOT_FOUND;
}

struct str queries_day(int64_t day, char out[DATE_TEXT_BYTES])
{
    return date_format((struct date){day * DAY_SECONDS, DATE_DAY}, out);
}

static struct str or_null(struct str s)
{
    return s.n ? s : STR_NONE;
}

static void json_entry(struct buf *b, const struct query_entry *q)
{
    char first[DATE_TEXT_BYTES], last[DATE_TEXT_BYTES];
    json_open(b, '{');
    json_key(b, "query");
    json_str(b, q->query);
    json_key(b, "outcome");
    json_str(b, str_of(query_outcome_name(q->outcome)));
    json_key(b, "relaxed");
    json_str(b, or_null(q->relaxed));
    json_key(b, "corrected");
    json_str(b, or_null(q->corrected));
    json_key(b, "count");
    json_int(b, q->count);
    json_key(b, "strict_total");
    json_int(b, q->strict_total);
    json_key(b, "total");
    json_int(b, q->total);
    json_key(b, "first_seen");
    json_str(b, queries_day(q->first_seen, first));
    json_key(b, "last_seen");
    json_str(b, queries_day(q->last_seen, last));
    json_close(b, '}');
}

void json_queries(struct buf *b, const struct query_entry *entries, size_t n, int64_t total)
{
    json_open(b, '{');
    json_key(b, "total");
    json_int(b, total);
    json_key(b, "data");
    json_open(b, '[');
    for (size_t i = 0; i < n; i++)
        json_entry(b, &entries[i]);
    json_close(b, ']');
    json_close(b, '}');
}

void admin_queries(struct http_exchange *x, void *context, void *arg)
{
    (void)context;
    static const char *const names[] = {"outcome", "since", "page_size", NULL};
    struct app *app = arg;
    struct query_filter filter = {0};
    struct query_entry *entries;
    struct err e = {0};
    struct str most = http_query_value(x, "page_size");
    int64_t limit = QUERIES_SHOWN, total;
    size_t n;
    if (!app_takes_only(x, names))
        return;
    for (int i = 0; i < 2; i++)
        if (!queries_param(&filter, names[i], http_query_value(x, names[i]), &e)) {
            http_problem(x, 400, "invalid-parameter", str_of(e.what), str_of(names[i]));
            return;
        }
    if (most.n && !str_to_int(most, 1, QUERIES_SHOWN_MAX, &limit)) {
        http_problem(
            x, 400, "invalid-parameter",
            arena_printf(http_arena(x), "page_size is a number from 1 to %d", QUERIES_SHOWN_MAX),
            STR("page_size"));
        return;
    }
    filter.limit = (size_t)limit;
    if (!queries_read(app->data, &filter, http_arena(x), &entries, &n, &total, &e)) {
        http_problem_err(x, &e, STR_NONE);
        return;
    }
    struct buf b = {0};
    json_queries(&b, entries, n, total);
    http_cache(x, "no-store");
    http_json(x, 200, &b);
}
