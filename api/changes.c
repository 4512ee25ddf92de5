// GET /api/v1/changes?since=<seq>&limit=&record=1: each record that changed after that number, once, by its newest change, in the order
// in which the changes became visible; tombstones too. Runs on a search thread, with its reader of the store.
//
// A client keeps the answer's `seq` and asks for what came since then. Nothing is missed: numbers are visible in the order of commits
// (store/store.h), and a record that changes while pages are read comes again, later. Tombstones are never let go, so that no number is
// too old; one that the store has not reached yet is of another store (one made anew, or restored), and is 410.
#include "api/changes.h"

#include "api/app_inside.h"
#include "api/http/problem.h"
#include "api/http/request.h"
#include "api/http/response.h"
#include "api/json.h"
#include "api/shown.h"

enum {
    LIMIT = 100,       // changes in an answer, when it is not said
    LIMIT_MAX = 1000,  // without records
    RECORDS_MAX = 100, // with them
};

struct wanted {
    int64_t since, limit;
    bool records;
};

static bool read_number(struct http_exchange *x, const char *name, int64_t least, int64_t most,
                        int64_t *out)
{
    struct str text = str_trim(http_query_value(x, name));
    if (!text.n || str_to_int(text, least, most, out))
        return true;
    http_problem(x, 400, "invalid-parameter",
                 arena_printf(http_arena(x),
                              "%s is \"%.*s\": it should be a number from %lld to %lld", name,
                              STR_ARG(str_cut_utf8(text, 60)), (long long)least, (long long)most),
                 str_of(name));
    return false;
}

static bool read_wanted(struct http_exchange *x, struct wanted *w)
{
    static const char *const names[] = {"since", "limit", "record", NULL};
    int64_t records = 0;
    *w = (struct wanted){.limit = LIMIT};
    if (!app_takes_only(x, names) || !read_number(x, "since", 0, INT64_MAX, &w->since) ||
        !read_number(x, "record", 0, 1, &records) ||
        !read_number(x, "limit", 1, records ? RECORDS_MAX : LIMIT_MAX, &w->limit))
        return false;
    w->records = records;
    return true;
}

// The words that runs count with. A record that was written again, or that other catalogues have now too, was updated.
static struct str name_of(const struct store_change *c)
{
    if (c->removed)
        return STR("removed");
    return !c->what.n || str_eq(c->what, STR("changed")) ? STR("updated") : c->what;
}

static bool write_record(struct buf *b, struct store *store, struct searcher *searcher,
                         const struct store_change *c, struct arena *a, struct err *e)
{
    struct stored stored;
    struct shown_record shown;
    json_key(b, "record");
    if (c->removed) {
        json_nil(b);
        return true;
    }
    if (!store_get(store, c->id, a, &stored, e) ||
        !shown_read(&shown, &stored, store, searcher, a, e))
        return false;
    json_record(b, &shown, NULL, 0);
    return true;
}

static bool write_change(struct buf *b, struct store *store, struct searcher *searcher,
                         const struct store_change *c, bool records, struct err *e)
{
    struct arena scratch = {0};
    json_open(b, '{');
    json_key(b, "seq");
    json_int(b, c->seq);
    json_key(b, "id");
    json_str(b, c->id);
    json_key(b, "change");
    json_str(b, name_of(c));
    json_instant(b, "at", c->at);
    json_key(b, "kind");
    json_str(b, record_kind_name(c->kind));
    json_key(b, "source");
    json_str(b, c->source);
    bool good = !records || write_record(b, store, searcher, c, &scratch, e);
    json_close(b, '}');
    arena_free(&scratch);
    return good;
}

static struct str next_url(struct http_exchange *x, const struct wanted *w, int64_t reached)
{
    struct str base = http_base_url(x);
    return arena_printf(http_arena(x), "%.*s/api/v1/changes?since=%lld&limit=%lld%s", STR_ARG(base),
                        (long long)reached, (long long)w->limit, w->records ? "&record=1" : "");
}

// From one state of the store. *reached: the number to ask with the next time.
static bool write_answer(struct http_exchange *x, struct app_worker *worker, struct store *store,
                         const struct wanted *w, struct buf *b, int64_t *reached, bool *more,
                         struct err *e)
{
    struct store_change *changes;
    size_t n;
    int64_t newest, figures;
    if (!store_heads(store, &newest, &figures, e))
        return false;
    if (w->since > newest) {
        err_set(e, ERR_GONE, "this store has not reached %lld: its newest change is %lld",
                (long long)w->since, (long long)newest);
        return err_hint(e, "it is another store than the one that gave that number: begin again "
                           "from since=0");
    }
    if (!store_change_list(store, w->since, (size_t)w->limit + 1, http_arena(x), &changes, &n, e))
        return false;
    *more = n > (size_t)w->limit;
    n = *more ? (size_t)w->limit : n;
    *reached = n ? changes[n - 1].seq : w->since;
    json_open(b, '{');
    json_key(b, "since");
    json_int(b, w->since);
    json_key(b, "seq");
    json_int(b, *reached);
    json_key(b, "newest");
    json_int(b, newest);
    json_key(b, "next_page");
    json_str(b, *more ? next_url(x, w, *reached) : STR_NONE);
    json_key(b, "data");
    json_open(b, '[');
    for (size_t i = 0; i < n; i++)
        if (!write_change(b, store, worker->searcher, &changes[i], w->records, e))
            return false;
    json_close(b, ']');
    json_close(b, '}');
    return true;
}

void api_changes(struct http_exchange *x, void *context, void *arg)
{
    struct app_worker *worker = context;
    struct err e = {0};
    struct wanted w;
    struct buf b = {0};
    int64_t reached = 0;
    bool more = false;
    (void)arg;
    if (!read_wanted(x, &w))
        return;
    struct store *store = app_store(worker, &e);
    bool good = store && store_snapshot_begin(store, &e) &&
                write_answer(x, worker, store, &w, &b, &reached, &more, &e);
    if (store)
        store_snapshot_end(store);
    if (!good) {
        buf_free(&b);
        http_problem_err(x, &e, STR("since"));
        return;
    }
    http_cache(x, "public, max-age=0, must-revalidate");
    http_etag(x,
              arena_printf(http_arena(x), "%llx-%llx", (unsigned long long)reached,
                           (unsigned long long)hash64(buf_str(&b))),
              false);
    http_json(x, 200, &b);
    if (more)
        http_add_header(
            x, "Link",
            arena_printf(http_arena(x), "<%.*s>; rel=\"next\"", STR_ARG(next_url(x, &w, reached))));
}
