// GET /api/v1/records/<id>/similar: the records most like one. Runs on a search thread, with its searcher and its reader of the
// store. See indexer/search/search.h for what is alike.
#include "api/similar.h"

#include "api/app_inside.h"
#include "api/http/problem.h"
#include "api/http/request.h"
#include "api/http/response.h"

#include <math.h>

enum { PAGE_SIZE = 5 };

// The id of the record that the path names, once it is known to be there, or of the origin that stands for it; absent when a problem
// was answered.
static struct str find_record(struct http_exchange *x, struct app_worker *w)
{
    struct err e = {0};
    struct stored stored;
    struct store *store = app_store(w, &e);
    bool found =
        store && store_get(store, http_path_parameter(x, "id"), http_arena(x), &stored, &e);
    if (found && !stored.removed)
        return stored.behind ? stored.also_in.v[0] : stored.id;
    if (found)
        err_set(&e, ERR_GONE, "the record was removed from its catalogue");
    http_problem_err(x, &e, STR_NONE);
    return STR_NONE;
}

static bool read_size(struct http_exchange *x, size_t *size)
{
    struct str text = str_trim(http_query_value(x, "page_size"));
    int64_t n = PAGE_SIZE;
    if (text.n && !str_to_int(text, 1, SEARCH_SIMILAR_MAX, &n)) {
        http_problem(x, 400, "invalid-parameter",
                     arena_printf(http_arena(x),
                                  "page_size is \"%.*s\": it should be a number from 1 to %d",
                                  STR_ARG(str_cut_utf8(text, 60)), SEARCH_SIMILAR_MAX),
                     STR("page_size"));
        return false;
    }
    *size = (size_t)n;
    return true;
}

static void write_answer(struct buf *b, const struct search_answer *answer)
{
    json_open(b, '{');
    json_key(b, "data");
    json_open(b, '[');
    for (size_t i = 0; i < answer->hit_count; i++) {
        const struct search_hit *hit = &answer->hits[i];
        json_raw(b, hit->members); // opens the object
        if (hit->figures.n) {
            buf_addc(b, ',');
            buf_add(b, hit->figures);
        }
        json_key(b, "score");
        json_num(b, round(hit->score * 1e6) / 1e6);
        json_close(b, '}');
    }
    json_close(b, ']');
    json_close(b, '}');
}

void api_similar(struct http_exchange *x, void *context, void *arg)
{
    static const char *const names[] = {"page_size", NULL};
    struct app_worker *w = context;
    struct search_answer answer;
    struct err e = {0};
    size_t size;
    (void)arg;
    if (!app_takes_only(x, names) || !read_size(x, &size))
        return;
    struct str id = find_record(x, w);
    if (!id.n)
        return;
    if (!searcher_similar(w->searcher, id, size, http_arena(x), &answer, &e)) {
        if (e.code == ERR_NOT_FOUND) // it is in the store, and soon in the index
            err_set(&e, ERR_BUSY, "the record is not in the index yet");
        http_problem_err(x, &e, STR_NONE);
        return;
    }
    http_cache(x, "public, max-age=60, stale-while-revalidate=300");
    if (http_etag(
            x, arena_printf(http_arena(x), "%llx-%zx", (unsigned long long)answer.revision, size),
            true))
        return;
    struct buf body = {0};
    write_answer(&body, &answer);
    http_json(x, 200, &body);
}
