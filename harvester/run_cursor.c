// What a run keeps to go on after a kill: the driver's cursor, how much of each kind was announced and met, and
// a fingerprint of the source's settings, since a cursor means something only under the same ones.
#include "harvester/run_steps.h"

#include "base/date.h"
#include "base/json.h"

void run_save_cursor(struct harvest *h)
{
    struct arena a = {0};
    struct buf *b = &h->saved_cursor;
    buf_clear(b);
    json_open(b, '{');
    json_key(b, "settings");
    json_str(b, run_settings(h, &a));
    json_key(b, "swept");
    json_bool(b, h->swept);
    json_key(b, "at");
    struct str at = h->cursor.n ? buf_str(&h->cursor) : STR("");
    json_str(b, h->local && h->file < h->files.n ? h->files.v[h->file] : at);
    json_key(b, "announced");
    json_int(b, h->announced);
    json_key(b, "since");
    json_int(b, h->source.since);
    json_key(b, "lost");
    json_int(b, h->lost);
    json_key(b, "kinds");
    json_open(b, '{');
    for (size_t k = 0; k < KIND_COUNT; k++) {
        json_key(b, record_kind_name((enum record_kind)k).p);
        json_open(b, '[');
        json_int(b, h->kinds[k].announced);
        json_int(b, h->kinds[k].met);
        json_int(b, h->kinds[k].repeated);
        json_close(b, ']');
    }
    json_close(b, '}');
    json_close(b, '}');
    h->run.cursor = buf_str(b);
    arena_free(&a);
}

static bool restore(struct harvest *h, const json_t *saved, struct arena *a)
{
    if (!str_eq(jget(saved, "settings"), run_settings(h, a)))
        return false;
    h->swept = jget_true(saved, "swept");
    if (h->local)
        while (h->file < h->files.n && str_cmp(h->files.v[h->file], jget(saved, "at")) < 0)
            h->file++;
    else
        buf_add(&h->cursor, jget(saved, "at"));
    h->announced = jget_int(saved, "announced", -1);
    h->mixed = h->announced >= 0;
    h->source.since = jget_int(saved, "since", 0);
    h->lost = (unsigned)jget_int(saved, "lost", 0);
    h->rereading = h->driver->open && !h->swept;
    for (size_t k = 0; k < KIND_COUNT; k++) {
        const json_t *pair =
            jget_array(jget_object(saved, "kinds"), record_kind_name((enum record_kind)k).p);
        h->kinds[k].announced = json_integer_value(json_array_get(pair, 0));
        h->kinds[k].met = json_integer_value(json_array_get(pair, 1));
        h->kinds[k].repeated = json_integer_value(json_array_get(pair, 2));
    }
    return true;
}

static bool saw(void *arg, struct str id)
{
    guard_visited_add(arg, id);
    return true;
}

// The interrupted run that this harvest goes on with, if there is one.
static bool resume(struct harvest *h, struct store *s)
{
    struct run old;
    struct arena a = {0};
    bool resumed = false;
    if (!h->options.limit && store_run_resumable(s, h->run.source, &a, &old, NULL) &&
        h->source.now - old.started < RESUME_SECONDS) {
        json_t *saved = old.cursor.n ? json_read(old.cursor, &a, NULL, NULL) : NULL;
        if (saved && restore(h, saved, &a) &&
            store_run_seen(s, old.run, saw, &h->seen, &h->error) &&
            store_run_gone(s, old.run, saw, &h->gone, &h->error)) {
            h->run.run = old.run;
            h->run.counts = old.counts;
            h->run.started = old.started;
            h->run.cpu_seconds = old.cpu_seconds;
            h->run.error_count = old.error_count;
            h->run.force = old.force;
            resumed = true;
        }
        json_decref(saved);
    }
    arena_free(&a);
    return resumed;
}

void run_step_begin(struct harvest *h, struct store *s)
{
    for (size_t k = 0; k < KIND_COUNT; k++)
        h->kinds[k].announced = -1;
    h->announced = -1;
    // A run that cannot begin is a run all the same, and says why.
    bool ready = (!h->local || run_files_list(h)) && run_state_load(h, s);
    if (h->options.dry_run)
        return;
    struct err why = h->error;
    h->error = (struct err){0};
    if (ready && resume(h, s)) {
        h->conditional = false;
        run_save_cursor(h);
        store_run_save(s, &h->run, &h->error);
    } else if (h->error.code == ERR_NONE) {
        store_run_begin(s, &h->run, &h->error);
    }
    if (!ready && h->error.code == ERR_NONE)
        h->error = why;
}
