// See reload.h. What was read belongs to struct reload until it is in force: then to the harvester and to the holder of the rules.
#include "api/reload.h"

#include "api/app_inside.h"
#include "base/log.h"
#include "base/workers.h"
#include "harvester/hooks.h"
#include "indexer/search/rules.h"

#include <stdlib.h>

struct reload {
    struct work work; // first: what the thread and `done` get
    struct app *app;
    bool wanted, under_way;
    // What was read; the thread's while it is under way:
    struct config *config;
    struct rules *rules;
    struct conf_errors errors;
    struct err error; // of the rules
};

struct reload *reload_new(struct app *app)
{
    struct reload *r = xcalloc(1, sizeof *r);
    r->app = app;
    return r;
}

static void drop_what_was_read(struct reload *r)
{
    rules_release(r->rules);
    config_free(r->config);
    conf_errors_free(&r->errors);
    r->rules = NULL;
    r->config = NULL;
}

void reload_free(struct reload *r)
{
    if (!r)
        return;
    drop_what_was_read(r);
    free(r);
}

static void read_again(struct work *work, void *context)
{
    struct reload *r = (struct reload *)work;
    (void)context;
    r->error = (struct err){0};
    r->config = config_load(r->app->config_path, harvester_conf_hooks(), &r->errors);
    r->rules = r->config ? rules_load(r->config->share, r->app->places, &r->error) : NULL;
}

static void put_in_force(struct reload *r)
{
    struct app *app = r->app;
    for (size_t i = 0; i < r->errors.n; i++) {
        const struct err *e = &r->errors.v[i].err;
        log_event(LOG_ERROR, "configuration", F_Z("where", e->where), F_Z("what", e->what),
                  F_Z("hint", e->hint));
    }
    if (!r->rules || !harvester_reload(service_harvester(app->service), r->config, &r->error)) {
        log_event(LOG_ERROR, "configuration is wrong, the old one stays",
                  F_Z("file", app->config_path), F_Z("where", r->error.where),
                  F_Z("why", r->error.what));
        return;
    }
    rules_replace(app->rules, r->rules);
    r->config = NULL;
    r->rules = NULL;
    app_refresh(app);
    atomic_fetch_add(&app->edition, 1); // what was answered before is no answer any more
    log_event(LOG_INFO, "configuration loaded again", F_Z("file", app->config_path));
}

static void on_read(struct work *work)
{
    struct reload *r = (struct reload *)work;
    r->under_way = false;
    if (!r->app->draining)
        put_in_force(r);
    drop_what_was_read(r);
    reload_begin(r);
}

void reload_begin(struct reload *r)
{
    if (!r->wanted || r->under_way || r->app->draining)
        return;
    r->work.run = read_again;
    r->work.done = on_read;
    r->under_way = workers_submit(r->app->workers, &r->work);
    r->wanted = !r->under_way;
}

void reload_ask(struct reload *r)
{
    r->wanted = true;
    reload_begin(r);
}
