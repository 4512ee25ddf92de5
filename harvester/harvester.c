// See harvester.h.
#include "harvester/harvester.h"

#include "base/date.h"
#include "base/log.h"
#include "harvester/cron.h"
#include "base/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum {
    LOOK_AGAIN_MS = 30 * 1000, // wall clocks jump: a timer looks at it at least so often
    TASKS = 256,               // pieces of work that may wait for the worker
};

// A configuration is shared by the runs that began under it.
struct shared_config {
    struct config *config;
    unsigned users;
};

struct slot { // a source of the present configuration
    struct harvester *harvester;
    const struct config_source *source;
    struct cron cron;
    int64_t next; // seconds, CRON_NEVER
    struct active *active;
};

// A run from its request until it is searchable.
struct active {
    struct active *following;
    struct harvester *harvester;
    int64_t ticket;
    struct shared_config *config;
    const struct driver *driver;
    struct driver_source source;
    struct harvester_request request;
    struct harvest *harvest; // NULL while it waits
    bool ended;
    double cpu;
};

struct harvester {
    uv_loop_t *loop;
    struct shared_config *config;
    struct store *store;
    char *folder; // the data folder
    struct fetcher *fetcher;
    struct workers *worker;
    struct time_zone *zone;
    struct harvester_callbacks callbacks;
    uv_timer_t timer;
    struct slot *slots;
    size_t slot_count;
    struct active *actives; // oldest first
    int64_t tickets;
    double cpu_seen; // CPU seconds of the process when they were last shared out
    bool scheduled, stopping, fetcher_closed, timer_closed, worker_stopped;
    void (*stopped)(void *);
    void *stopped_arg;
};

static void start_waiting(struct harvester *h);
static void stop_when_idle(struct harvester *h);

// ---- CPU time: shared out equally among the runs of the moment --------------------------------

static double process_cpu(void)
{
    double sum = 0;
    const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    for (size_t i = 0; i < 2; i++) {
        struct rusage u;
        getrusage(whose[i], &u);
        sum += (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
               (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    }
    return sum;
}

static void share_cpu(struct harvester *h)
{
    double now = process_cpu(), spent = now - h->cpu_seen;
    unsigned n = 0;
    for (struct active *a = h->actives; a; a = a->following)
        n += a->harvest != NULL;
    for (struct active *a = h->actives; a; a = a->following)
        if (a->harvest)
            a->cpu += spent / n;
    h->cpu_seen = now;
}

// ---- Configurations --------------------------------------------------------------------------

static struct shared_config *share(struct config *config)
{
    struct shared_config *s = xcalloc(1, sizeof *s);
    *s = (struct shared_config){config, 1};
    return s;
}

static void release(struct shared_config *s)
{
    if (--s->users)
        return;
    config_free(s->config);
    free(s);
}

static struct slot *find_slot(const struct harvester *h, struct str name)
{
    for (size_t i = 0; i < h->slot_count; i++)
        if (str_eq(h->slots[i].source->name, name))
            return &h->slots[i];
    return NULL;
}

static void make_slots(struct harvester *h)
{
    const struct config *c = h->config->config;
    free(h->slots);
    h->slots = xcalloc(c->source_count, sizeof *h->slots);
    h->slot_count = c->source_count;
    for (size_t i = 0; i < h->slot_count; i++) {
        struct slot *slot = &h->slots[i];
        *slot = (struct slot){.harvester = h, .source = &c->sources[i], .next = CRON_NEVER};
        cron_parse(slot->source->schedule, &slot->cron, NULL); // checked with the configuration
        for (struct active *a = h->actives; a; a = a->following)
            if (str_eq(a->source.config->name, slot->source->name))
                slot->active = a;
    }
}

// ---- Requests and runs -----------------------------------------------------------------------

static void source_of(struct driver_source *out, const struct config_source *config, int64_t now)
{
    const struct driver *driver = driver_find(config->type);
    *out = (struct driver_source){.config = config, .main_kind = driver->main_kind, .now = now};
    for (unsigned k = 0; k < KIND_COUNT; k++)
        if (config->kinds & 1u << k)
            out->kinds[out->kind_count++] = (enum record_kind)k;
}

static void remove_active(struct harvester *h, struct active *a)
{
    for (struct active **at = &h->actives; *at; at = &(*at)->following)
        if (*at == a) {
            *at = a->following;
            break;
        }
    for (size_t i = 0; i < h->slot_count; i++)
        if (h->slots[i].active == a)
            h->slots[i].active = NULL;
    if (a->harvest)
        harvest_free(a->harvest);
    release(a->config);
    free(a);
}

static void run_begun(struct harvest *harvest, void *arg)
{
    struct active *a = arg;
    if (a->request.begun)
        a->request.begun(a->request.arg, harvest_run(harvest));
}

static void run_done(struct harvest *harvest, void *arg)
{
    struct active *a = arg;
    struct harvester *h = a->harvester;
    a->ended = true;
    h->callbacks.ended(h->callbacks.arg, a->ticket, harvest_run(harvest));
    start_waiting(h);
}

static void start(struct active *a)
{
    struct harvester *h = a->harvester;
    struct harvest_tools tools = {h->loop, h->fetcher, h->worker, h->folder};
    struct harvest_callbacks callbacks = {run_begun, run_done, a};
    share_cpu(h);
    log_event(LOG_INFO, "run begins", F_STR("source", a->source.config->name),
              F_Z("trigger", a->request.options.trigger));
    a->harvest = harvest_start(&tools, a->driver, &a->source, &a->request.options, &callbacks);
}

static void start_waiting(struct harvester *h)
{
    unsigned running = 0;
    for (struct active *a = h->actives; a; a = a->following)
        running += a->harvest && !a->ended;
    for (struct active *a = h->actives; a && running < HARVESTER_PARALLEL && !h->stopping;
         a = a->following)
        if (!a->harvest) {
            start(a);
            running++;
        }
}

bool harvester_harvest(struct harvester *h, struct str source,
                       const struct harvester_request *request, struct err *e)
{
    struct slot *slot = find_slot(h, source);
    if (!slot)
        return err_set(e, ERR_NOT_FOUND, "there is no source \"%.*s\" in the configuration",
                       STR_ARG(source));
    if (slot->active || h->stopping)
        return err_set(e, ERR_CONFLICT, "the source \"%.*s\" is being harvested already",
                       STR_ARG(source));
    struct active *a = xcalloc(1, sizeof *a);
    a->harvester = h;
    a->ticket = ++h->tickets;
    a->config = h->config;
    a->config->users++;
    a->driver = driver_find(slot->source->type);
    a->request = *request;
    source_of(&a->source, slot->source, date_now());
    slot->active = a;
    struct active **at = &h->actives;
    while (*at)
        at = &(*at)->following;
    *at = a;
    start_waiting(h);
    return true;
}

struct cpu_task { // the run's CPU time is known once it is searchable
    struct harvester_task task;
    struct run run;
    struct arena arena;
};

static void save_cpu(struct harvester_task *task, struct store *store)
{
    struct cpu_task *t = (struct cpu_task *)task;
    store_run_save(store, &t->run, NULL);
}

static void cpu_saved(struct harvester_task *task)
{
    struct cpu_task *t = (struct cpu_task *)task;
    arena_free(&t->arena);
    free(t);
}

void harvester_searchable(struct harvester *h, int64_t ticket)
{
    struct active *a = h->actives;
    while (a && a->ticket != ticket)
        a = a->following;
    if (!a || !a->ended)
        return;
    share_cpu(h);
    struct run run = *harvest_run(a->harvest);
    run.cpu_seconds += a->cpu;
    if (run.run && !a->request.options.dry_run) {
        struct cpu_task *t = xcalloc(1, sizeof *t);
        t->task = (struct harvester_task){.step = save_cpu, .done = cpu_saved};
        t->run = run;
        t->run.source = arena_str(&t->arena, run.source);
        t->run.trigger = arena_str(&t->arena, run.trigger);
        t->run.cursor = arena_str(&t->arena, run.cursor);
        t->run.message = arena_str(&t->arena, run.message);
        if (!harvester_submit(h, &t->task))
            cpu_saved(&t->task);
    }
    if (a->request.done) {
        size_t n;
        const struct run_error *errors = harvest_errors(a->harvest, &n);
        a->request.done(a->request.arg, &run, errors, n);
    }
    remove_active(h, a);
    stop_when_idle(h);
}

static void task_run(struct work *work, void *context)
{
    struct harvester_task *task = (struct harvester_task *)work;
    task->step(task, context);
}

static void task_done(struct work *work)
{
    struct harvester_task *task = (struct harvester_task *)work;
    task->done(task);
}

bool harvester_submit(struct harvester *h, struct harvester_task *task)
{
    task->work = (struct work){.run = task_run, .done = task_done};
    return workers_submit(h->worker, &task->work);
}

// ---- Schedule --------------------------------------------------------------------------------

static void look_at_the_clock(uv_timer_t *timer);

static void arm(struct harvester *h)
{
    int64_t now = date_now(), wait = LOOK_AGAIN_MS;
    for (size_t i = 0; i < h->slot_count; i++)
        if (h->slots[i].next != CRON_NEVER && (h->slots[i].next - now) * 1000 < wait)
            wait = (h->slots[i].next - now) * 1000;
    uv_timer_start(&h->timer, look_at_the_clock, wait > 0 ? (uint64_t)wait : 0, 0);
}

static int64_t after(const struct harvester *h, const struct slot *slot, int64_t when)
{
    return cron_next_spread(&slot->cron, h->zone, slot->source->name, CRON_JITTER_SECONDS, when);
}

static void look_at_the_clock(uv_timer_t *timer)
{
    struct harvester *h = timer->data;
    int64_t now = date_now();
    for (size_t i = 0; i < h->slot_count; i++) {
        struct slot *slot = &h->slots[i];
        if (slot->next == CRON_NEVER || slot->next > now)
            continue;
        slot->next = after(h, slot, now);
        struct harvester_request request = {.options = {.trigger = "schedule"}};
        struct err e;
        if (!harvester_harvest(h, slot->source->name, &request, &e))
            log_event(LOG_WARNING, "scheduled run left out", F_STR("source", slot->source->name),
                      F_Z("why", e.what));
    }
    if (!h->stopping)
        arm(h);
}

// When each source is due first: at once when it never ran, was interrupted, or missed its time.
static bool first_times(struct harvester *h, struct err *e)
{
    int64_t now = date_now();
    for (size_t i = 0; i < h->slot_count; i++) {
        struct slot *slot = &h->slots[i];
        struct arena a = {0};
        struct run *runs;
        size_t n;
        bool read = store_runs(h->store, slot->source->name, 1, &a, &runs, &n, e);
        if (read && slot->cron.never)
            slot->next = n && runs[0].state == RUN_INTERRUPTED ? now : CRON_NEVER;
        else if (read &&
                 (!n || runs[0].state == RUN_INTERRUPTED || after(h, slot, runs[0].started) <= now))
            slot->next = now;
        else if (read)
            slot->next = after(h, slot, now);
        arena_free(&a);
        if (!read)
            return false;
    }
    return true;
}

bool harvester_schedule(struct harvester *h, struct err *e)
{
    h->scheduled = true;
    if (!first_times(h, e))
        return false;
    arm(h);
    return true;
}

// ---- Life ------------------------------------------------------------------------------------

static void *worker_context(void *store)
{
    return store;
}

struct harvester *harvester_new(uv_loop_t *loop, struct config *config, struct store *writer,
                                const struct harvester_callbacks *callbacks, struct err *e)
{
    char user_agent[300];
    snprintf(user_agent, sizeof user_agent, "glaneur/%s (+%.*s)", GLANEUR_VERSION,
             STR_ARG(config->contact.n ? config->contact : STR("https://glaneur.example")));
    struct fetch_settings settings = {
        .user_agent = user_agent, .proxy = config->proxy.p, .ca_file = config->ca_file.p};
    struct workers_options options = {
        .name = "harvest", .threads = 1, .queue = TASKS, .open = worker_context, .arg = writer};
    struct harvester *h = xcalloc(1, sizeof *h);
    h->loop = loop;
    h->store = writer;
    h->callbacks = *callbacks;
    h->cpu_seen = process_cpu();
    h->folder = xstrdup(config->data.p);
    setenv("SQLITE_TMPDIR", h->folder, 0); // where large graphs are sorted
    h->zone = time_zone_load(config->timezone, e);
    h->fetcher = h->zone ? fetcher_new(loop, &settings, e) : NULL;
    h->worker = h->fetcher ? workers_start(loop, &options, e) : NULL;
    if (!h->worker) {
        if (h->fetcher)
            fetcher_close(h->fetcher, NULL, NULL);
        time_zone_free(h->zone);
        free(h->folder);
        free(h);
        return NULL;
    }
    h->config = share(config);
    make_slots(h);
    uv_timer_init(loop, &h->timer);
    h->timer.data = h;
    return h;
}

static bool same_listen(const struct conf_listen *a, const struct conf_listen *b)
{
    return str_eq(a->text, b->text);
}

bool harvester_reload(struct harvester *h, struct config *config, struct err *e)
{
    const struct config *old = h->config->config;
    if (!same_listen(&old->listen, &config->listen) || !same_listen(&old->admin, &config->admin) ||
        !str_eq(old->data, config->data) || !str_eq(old->proxy, config->proxy) ||
        !str_eq(old->ca_file, config->ca_file) || !str_eq(old->contact, config->contact))
        log_event(
            LOG_WARNING,
            "listen, admin, data, proxy, ca_file and contact keep their values until a restart");
    struct time_zone *zone = time_zone_load(config->timezone, e);
    if (!zone)
        return false;
    time_zone_free(h->zone);
    h->zone = zone;
    struct shared_config *before = h->config;
    h->config = share(config);
    make_slots(h);
    int64_t now = date_now();
    for (size_t i = 0; h->scheduled && i < h->slot_count; i++) {
        struct slot *slot = &h->slots[i];
        bool added = !config_source(before->config, slot->source->name);
        slot->next = added && !slot->cron.never ? now : after(h, slot, now);
    }
    release(before);
    if (h->scheduled)
        arm(h);
    return true;
}

const struct config *harvester_config(const struct harvester *h)
{
    return h->config->config;
}

struct harvester_source *harvester_sources(const struct harvester *h, struct arena *a, size_t *n)
{
    struct harvester_source *list = ARENA_ARRAY(a, struct harvester_source, h->slot_count);
    for (size_t i = 0; i < h->slot_count; i++) {
        const struct slot *slot = &h->slots[i];
        struct harvester_source *out = &list[i];
        out->name = arena_str(a, slot->source->name);
        out->type = arena_str(a, slot->source->type);
        out->url = arena_str(a, slot->source->url);
        out->schedule = arena_str(a, slot->source->schedule);
        out->next = slot->next == CRON_NEVER ? 0 : slot->next;
        const struct active *active = slot->active;
        out->running = active && active->harvest && !active->ended;
        out->waiting = active && !active->harvest;
        if (out->running) {
            out->run = *harvest_run(active->harvest);
            out->run.source = out->name;
            out->run.trigger = arena_str(a, out->run.trigger);
            out->run.cursor = out->run.message = STR_NONE;
            out->announced = harvest_announced(active->harvest);
            out->met = harvest_met(active->harvest);
        }
    }
    *n = h->slot_count;
    return list;
}

const struct fetch_counters *harvester_fetched(const struct harvester *h)
{
    return fetcher_counters(h->fetcher);
}

static void closed(struct harvester *h)
{
    if (!h->fetcher_closed || !h->timer_closed)
        return;
    void (*stopped)(void *) = h->stopped;
    void *arg = h->stopped_arg;
    time_zone_free(h->zone);
    release(h->config);
    free(h->slots);
    free(h->folder);
    free(h);
    if (stopped)
        stopped(arg);
}

static void fetcher_gone(void *arg)
{
    struct harvester *h = arg;
    h->fetcher_closed = true;
    closed(h);
}

static void timer_gone(uv_handle_t *handle)
{
    struct harvester *h = handle->data;
    h->timer_closed = true;
    closed(h);
}

static void stop_when_idle(struct harvester *h)
{
    if (!h->stopping || h->actives || h->worker_stopped)
        return;
    h->worker_stopped = true;
    workers_stop(h->worker);
    store_close(h->store);
    fetcher_close(h->fetcher, fetcher_gone, h);
    uv_close((uv_handle_t *)&h->timer, timer_gone);
}

// Whoever asked for it is told that it will not come.
static void never_begun(struct active *a)
{
    struct run run = {.source = a->source.config->name,
                      .state = RUN_STOPPED,
                      .trigger = str_of(a->request.options.trigger)};
    if (a->request.begun)
        a->request.begun(a->request.arg, &run);
    if (a->request.done)
        a->request.done(a->request.arg, &run, NULL, 0);
    remove_active(a->harvester, a);
}

void harvester_drop_waiting(struct harvester *h)
{
    for (struct active *next, *a = h->actives; a; a = next) {
        next = a->following;
        if (!a->harvest)
            never_begun(a);
    }
}

void harvester_stop(struct harvester *h, void (*stopped)(void *), void *arg)
{
    h->stopping = true;
    h->stopped = stopped;
    h->stopped_arg = arg;
    uv_timer_stop(&h->timer);
    harvester_drop_waiting(h);
    for (struct active *next, *a = h->actives; a; a = next) {
        next = a->following;
        if (!a->ended)
            harvest_interrupt(a->harvest, "the program was stopped");
    }
    stop_when_idle(h);
}
