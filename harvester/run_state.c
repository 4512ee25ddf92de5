// What a harvest leaves to the next one of its source: when everything was read, and the validators of a catalogue that is one
// answer. Both count under the same settings only.
#include "harvester/run_steps.h"

#include "base/version.h"

enum { DAY_SECONDS = 24 * 3600, OVERLAP_SECONDS = 3600 };

// A driver's own option, by its value: the struct holds addresses.
static void add_option(struct buf *b, const struct conf_key *key, const void *options)
{
    const void *value = (const char *)options + key->offset;
    switch (key->type) {
    case CONF_INT:
        buf_addf(b, "%lld", (long long)*(const int64_t *)value);
        break;
    case CONF_REAL:
        buf_addf(b, "%.17g", *(const double *)value);
        break;
    case CONF_BOOL:
        buf_addf(b, "%d", *(const bool *)value);
        break;
    case CONF_WORD:
    case CONF_WORDS:
        buf_addf(b, "%u", *(const unsigned *)value);
        break;
    case CONF_STRINGS:
    case CONF_NETWORKS: {
        const struct strs *list = value;
        for (size_t i = 0; i < list->n; i++)
            buf_addf(b, "%zu %.*s ", list->v[i].n, STR_ARG(list->v[i]));
        break;
    }
    case CONF_STRING:
    case CONF_PATH:
    case CONF_URL:
    case CONF_PLACE:
    case CONF_CRON:
        buf_add(b, *(const struct str *)value);
        break;
    case CONF_LISTEN:
    case CONF_MAP:
    case CONF_LIST_OF_MAPS: // no driver has such
        break;
    }
    buf_addc(b, '\n');
}

struct str run_settings(const struct harvest *h, struct arena *a)
{
    const struct config_source *c = h->source.config;
    struct buf b = {0};
    buf_addf(&b, "%.*s\n%.*s\n%u\n%lld\n", STR_ARG(c->type), STR_ARG(c->url), c->kinds,
             (long long)c->page_size);
    for (const struct conf_key *key = h->driver->keys; key && key->name && c->driver_options; key++)
        add_option(&b, key, c->driver_options);
    struct str settings = arena_printf(a, "%016llx", (unsigned long long)hash64(buf_str(&b)));
    buf_free(&b);
    return settings;
}

bool run_state_load(struct harvest *h, struct store *s)
{
    // Another version of the program may make other records of the same answer.
    struct str settings = run_settings(h, &h->arena);
    h->settings = arena_printf(&h->arena, "%.*s %s", STR_ARG(settings), GLANEUR_VERSION);
    if (!store_source_get(s, h->run.source, &h->arena, &h->before, &h->error))
        return false;
    if (!str_eq(h->before.settings, h->settings))
        h->before = (struct source_state){0};
    int64_t full_every = h->source.config->full_every * DAY_SECONDS;
    bool window = h->driver->windows && !h->options.force && !h->options.limit &&
                  h->before.read_at && h->source.now - h->before.full_at < full_every;
    h->source.since = window ? h->before.read_at - OVERLAP_SECONDS : 0;
    h->conditional = !h->local && !h->options.force && !h->options.limit && !h->cursor.n &&
                     h->source.now - h->before.full_at < FULL_SECONDS &&
                     (h->before.etag.n || h->before.last_modified.n);
    return true;
}

void run_state_save(struct harvest *h, struct store *s)
{
    if (!h->complete || h->options.dry_run || h->options.limit)
        return;
    struct source_state state = h->before;
    state.settings = h->settings;
    state.read_at = h->run.started;
    if (!h->not_modified && !h->source.since) {
        bool sound = h->asked == 1 && h->run.error_count == 0;
        state.full_at = h->run.started;
        state.etag = sound ? h->etag : STR_NONE;
        state.last_modified = sound ? h->last_modified : STR_NONE;
    }
    store_source_put(s, h->run.source, &state, &h->error);
}
