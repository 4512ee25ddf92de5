// See store.h: the calls, handed to the engine of the handle, and what every engine has in common.
#include "store/engine.h"

static const char *const run_states[] = {
    [RUN_QUEUED] = "queued",       [RUN_RUNNING] = "running",
    [RUN_DONE] = "done",           [RUN_DONE_WITH_ERRORS] = "done_with_errors",
    [RUN_HELD_BACK] = "held_back", [RUN_FAILED] = "failed",
    [RUN_STOPPED] = "stopped",     [RUN_INTERRUPTED] = "interrupted",
};

const char *run_state_name(enum run_state state)
{
    return run_states[state];
}

bool run_state_find(struct str name, enum run_state *out)
{
    for (size_t i = 0; i < sizeof run_states / sizeof *run_states; i++)
        if (str_eq(name, str_of(run_states[i]))) {
            *out = (enum run_state)i;
            return true;
        }
    return false;
}

struct store *store_open(const char *data, enum store_mode mode, struct err *e)
{
    return sqlite_store_open(data, mode, e);
}

void store_close(struct store *s)
{
    if (s)
        s->engine->close(s);
}

bool store_get(struct store *s, struct str id, struct arena *a, struct stored *out, struct err *e)
{
    return s->engine->get(s, id, a, out, e);
}

bool store_changes(struct store *s, int64_t seq, size_t limit, struct arena *a, struct stored **out,
                   size_t *n, struct err *e)
{
    return s->engine->changes(s, seq, limit, a, out, n, e);
}

bool store_figures(struct store *s, int64_t fseq, size_t limit, struct arena *a,
                   struct stored **out, size_t *n, struct err *e)
{
    return s->engine->figures(s, fseq, limit, a, out, n, e);
}

bool store_heads(struct store *s, int64_t *seq, int64_t *fseq, struct err *e)
{
    return s->engine->heads(s, seq, fseq, e);
}

bool store_each(struct store *s, struct str source, unsigned kinds,
                bool (*visit)(void *, const struct stored *), void *arg, struct err *e)
{
    return s->engine->each(s, source, kinds, visit, arg, e);
}

bool store_counts(struct store *s, struct arena *a, struct store_count **out, size_t *n,
                  struct err *e)
{
    return s->engine->counts(s, a, out, n, e);
}

bool store_ids(struct store *s, const struct store_selection *selection, struct str after,
               size_t limit, struct arena *a, struct strs *out, struct err *e)
{
    return s->engine->ids(s, selection, after, limit, a, out, e);
}

bool store_snapshot_begin(struct store *s, struct err *e)
{
    return s->engine->snapshot_begin(s, e);
}

void store_snapshot_end(struct store *s)
{
    s->engine->snapshot_end(s);
}

bool store_change_list(struct store *s, int64_t seq, size_t limit, struct arena *a,
                       struct store_change **out, size_t *n, struct err *e)
{
    return s->engine->change_list(s, seq, limit, a, out, n, e);
}

bool store_history(struct store *s, struct str id, struct arena *a, struct history_entry **out,
                   size_t *n, struct err *e)
{
    return s->engine->history(s, id, a, out, n, e);
}

bool store_set_apart(struct store *s, struct str id, bool apart, struct err *e)
{
    return s->engine->set_apart(s, id, apart, e);
}

bool store_bonds(struct store *s, struct str id, struct arena *a, struct store_bond **out,
                 size_t *n, struct err *e)
{
    return s->engine->bonds(s, id, a, out, n, e);
}

bool store_join_counts(struct store *s, int64_t *bricks, int64_t *records, struct err *e)
{
    return s->engine->join_counts(s, bricks, records, e);
}

bool store_run_begin(struct store *s, struct run *run, struct err *e)
{
    return s->engine->run_begin(s, run, e);
}

bool store_run_save(struct store *s, const struct run *run, struct err *e)
{
    return s->engine->run_save(s, run, e);
}

bool store_run_error(struct store *s, int64_t run, const struct run_error *error, struct err *e)
{
    return s->engine->run_error(s, run, error, e);
}

bool store_run_get(struct store *s, int64_t run, struct arena *a, struct run *out, struct err *e)
{
    return s->engine->run_get(s, run, a, out, e);
}

bool store_runs(struct store *s, struct str source, size_t limit, struct arena *a, struct run **out,
                size_t *n, struct err *e)
{
    return s->engine->runs(s, source, limit, a, out, n, e);
}

bool store_run_errors(struct store *s, int64_t run, size_t limit, struct arena *a,
                      struct run_error **out, size_t *n, struct err *e)
{
    return s->engine->run_errors(s, run, limit, a, out, n, e);
}

bool store_runs_orphaned(struct store *s, int64_t *count, struct err *e)
{
    return s->engine->runs_orphaned(s, count, e);
}

bool store_run_resumable(struct store *s, struct str source, struct arena *a, struct run *out,
                         struct err *e)
{
    struct run *newest;
    size_t n;
    if (!store_runs(s, source, 1, a, &newest, &n, e))
        return false;
    if (n == 0 || newest->state != RUN_INTERRUPTED || !newest->cursor.n)
        return err_set(e, ERR_NOT_FOUND, "no run of %.*s to go on with", STR_ARG(source));
    *out = *newest;
    return true;
}

bool store_run_seen(struct store *s, int64_t run, bool (*visit)(void *, struct str id), void *arg,
                    struct err *e)
{
    return s->engine->run_seen(s, run, visit, arg, e);
}

bool store_run_gone(struct store *s, int64_t run, bool (*visit)(void *, struct str id), void *arg,
                    struct err *e)
{
    return s->engine->run_gone(s, run, visit, arg, e);
}

bool store_source_get(struct store *s, struct str source, struct arena *a, struct source_state *out,
                      struct err *e)
{
    return s->engine->source_get(s, source, a, out, e);
}

bool store_source_put(struct store *s, struct str source, const struct source_state *state,
                      struct err *e)
{
    return s->engine->source_put(s, source, state, e);
}

bool store_source_seen(struct store *s, struct str source, int64_t run, int64_t now, struct err *e)
{
    return s->engine->source_seen(s, source, run, now, e);
}

bool store_page_write(struct store *s, struct store_page *page, struct err *e)
{
    return s->engine->page_write(s, page, e);
}

bool store_absences_write(struct store *s, struct run *run, const struct store_absent *absent,
                          size_t n, int64_t now, struct err *e)
{
    return s->engine->absences_write(s, run, absent, n, now, e);
}

bool store_held_write(struct store *s, struct run *run, const struct str *ids, size_t n,
                      struct err *e)
{
    return s->engine->held_write(s, run, ids, n, e);
}

bool store_held_read(struct store *s, int64_t run, struct arena *a, struct strs *ids, struct err *e)
{
    return s->engine->held_read(s, run, a, ids, e);
}

bool store_held_accept(struct store *s, int64_t run, int64_t now, struct err *e)
{
    return s->engine->held_accept(s, run, now, e);
}

bool store_held_refuse(struct store *s, int64_t run, int64_t now, struct err *e)
{
    return s->engine->held_refuse(s, run, now, e);
}
