// What a run keeps to go on after a kill: the driver's cursor, how much of each kind was announced and met, and
// a fingerprint of the source's settings, since a cursor means something only under the same ones.
#include "harvester/run_steps.h"

#include "base/date.h"
#include "base/json.h"

static struct str fingerprint(const struct harvest *h, struct arena *a)
{
    const struct config_source *c = h->source.config;
    int64_t options = 0;
    if (c->driver_options)
        options = (int64_t)hash64(str_slice(c->driver_options, h->driver->options_size));
    struct str text = arena_printf(a, "%.*s %.*s %u %lld %llx", STR_ARG(c->type), STR_ARG(c->url),
                                   c->kinds, (long long)c->page_size, (unsigned long long)options);
    return arena_printf(a, "%016llx", (unsigned long long)hash64(text));
}

void run_save_cursor(struct harvest *h)
{
    struct arena a = {0};
    struct buf *b = &h->saved_cursor;
    buf_clear(b);
    json_open(b, '{');
    json_key(b, "settings");
    json_str(b, fingerprint(h, &a));
    json_key(b, "swept");
    json_bool(b, h->swept);
    json_key(b, "at");
    json_str(b, h->cursor.n ? buf_str(&h->cursor) : STR(""));
    json_key(b, "kinds");
    json_open(b, '{');
    for (size_t k = 0; k < KIND_COUNT; k++) {
        json_key(b, record_kind_name((enum record_kind)k).p);
        json_open(b, '[');
        json_int(b, h->kinds[k].announced);
        json_int(b, h->kinds[k].met);
        json_close(b, ']');
    }
    json_close(b, '}');
    json_close(b, '}');
    h->run.cursor = buf_str(b);
    arena_free(&a);
}

static bool restore(struct harvest *h, const json_t *saved, struct arena *a)
{
    if (!str_eq(jget(saved, "settings"), fingerprint(h, a)))
        return false;
    h->swept = jget_true(saved, "swept");
    buf_add(&h->cursor, jget(saved, "at"));
    for (size_t k = 0; k < KIND_COUNT; k++) {
        const json_t *pair =
            jget_array(jget_object(saved, "kinds"), record_kind_name((enum record_kind)k).p);
        h->kinds[k].announced = json_integer_value(json_array_get(pair, 0));
        h->kinds[k].met = json_integer_value(json_array_get(pair, 1));
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
            store_run_seen(s, old.run, saw, &h->seen, &h->error)) {
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
    if (h->options.dry_run)
        return;
    if (resume(h, s)) {
        run_save_cursor(h);
        store_run_save(s, &h->run, &h->error);
    } else if (h->error.code == ERR_NONE) {
        store_run_begin(s, &h->run, &h->error);
    }
}
