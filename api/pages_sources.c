// Harvest at a glance: every source, its state, its last runs. See pages.h and
// templates/sources.mustache.
#include "api/pages.h"

enum { LATE = 3600 }; // seconds after its time that a source is late

static struct str taken(struct arena *a, struct buf *b)
{
    struct str s = arena_str(a, buf_str(b));
    buf_free(b);
    return s;
}

static bool is_over(const struct run *run)
{
    return run->state != RUN_QUEUED && run->state != RUN_RUNNING;
}

static struct str run_label(enum run_state state)
{
    static const struct str labels[] = {
        [RUN_QUEUED] = STR("en attente"), [RUN_RUNNING] = STR("en cours"),
        [RUN_DONE] = STR("terminée"),     [RUN_DONE_WITH_ERRORS] = STR("terminée avec des erreurs"),
        [RUN_HELD_BACK] = STR("retenue"), [RUN_FAILED] = STR("échouée"),
        [RUN_STOPPED] = STR("arrêtée"),   [RUN_INTERRUPTED] = STR("interrompue"),
    };
    return labels[state];
}

// ---- Runs ---------------------------------------------------------------------------------------

static struct str error_kind(struct str kind)
{
    static const struct {
        struct str kind, label;
    } labels[] = {
        {STR("network"), STR("réseau")},
        {STR("timeout"), STR("délai dépassé")},
        {STR("http"), STR("réponse du serveur")},
        {STR("refused"), STR("limite de sécurité")},
        {STR("parse"), STR("page illisible")},
        {STR("record"), STR("fiche illisible")},
        {STR("incomplete"), STR("relevé incomplet")},
        {STR("run"), STR("moisson")},
        {STR("io"), STR("disque")},
        {STR("internal"), STR("erreur interne")},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (str_eq(labels[i].kind, kind))
            return labels[i].label;
    return kind;
}

// "12" of "https://.../datasets/?page_size=100&page=12"; the address itself when it has no number.
static struct str page_number(struct str url)
{
    ptrdiff_t mark = str_find_char(url, '?');
    struct str rest = mark >= 0 ? str_slice(url.p + mark + 1, url.n - (size_t)mark - 1) : STR_NONE;
    struct str pair;
    while (str_next(&rest, '&', &pair))
        if (str_starts(pair, STR("page=")))
            return str_slice(pair.p + 5, pair.n - 5);
    return url;
}

static void view_errors(struct arena *a, json_t *o, const struct source_page_run *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->error_count; i++) {
        const struct run_error *e = &r->errors[i];
        json_t *item = json_object();
        view_text(item, "record", e->record);
        view_text(item, "page", page_number(e->page));
        view_text(item, "kind", error_kind(e->kind));
        view_text(item, "message", e->message);
        json_array_append_new(list, item);
    }
    json_t *errors = view_items(o, "errors", list);
    if (!errors)
        return;
    int64_t more = r->run.error_count - (int64_t)r->error_count;
    view_text(errors, "count", french_count(a, r->run.error_count, "erreur", "erreurs"));
    if (more > 0) {
        struct str others = french_count(a, more, "autre", "autres");
        view_text(errors, "more",
                  arena_printf(a, "Et %.*s, par «" NBSP "glaneur runs %.*s %lld" NBSP "».",
                               STR_ARG(others), STR_ARG(r->run.source), (long long)r->run.run));
    }
}

static struct str held_text(struct arena *a, const struct source_page_run *r)
{
    struct str records = french_count(a, (int64_t)r->held, "fiche", "fiches");
    long long run = r->run.run;
    return arena_printf(a,
                        "Cette moisson retirerait %.*s, plus que la part permise. Rien n’a été "
                        "retiré" NBSP ": «" NBSP "glaneur accept %.*s %lld" NBSP "» ou «" NBSP
                        "glaneur refuse %.*s %lld" NBSP "» en décide.",
                        STR_ARG(records), STR_ARG(r->run.source), run, STR_ARG(r->run.source), run);
}

static json_t *run_view(struct arena *a, const struct source_page_run *r, int64_t now,
                        const struct time_zone *z)
{
    const struct run *run = &r->run;
    const struct run_counts *c = &run->counts;
    const struct {
        const char *key;
        int64_t n;
    } counts[] = {
        {"pages", c->pages},         {"added", c->added},     {"updated", c->updated},
        {"unchanged", c->unchanged}, {"missing", c->missing}, {"removed", c->removed},
        {"restored", c->restored},   {"skipped", c->skipped}, {"errored", c->errored},
    };
    json_t *o = json_object();
    view_text(o, "started", french_moment(a, run->started, z));
    view_text(o, "iso", iso_moment(a, run->started));
    view_text(o, "outcome", str_of(run_state_name(run->state)));
    view_text(o, "label", run_label(run->state));
    view_text(o, "duration", french_duration(a, (run->ended ? run->ended : now) - run->started));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        view_text(o, counts[i].key, french_number(a, counts[i].n));
    if (run->state == RUN_HELD_BACK)
        view_text(o, "held", held_text(a, r));
    view_errors(a, o, r);
    return o;
}

// "12 ajoutées, 5 modifiées, 70 558 inchangées": what is not zero.
static struct str counters(struct arena *a, const struct run_counts *c)
{
    const struct {
        int64_t n;
        const char *one, *many;
    } parts[] = {
        {c->added, "ajoutée", "ajoutées"},         {c->updated, "modifiée", "modifiées"},
        {c->unchanged, "inchangée", "inchangées"}, {c->missing, "absente", "absentes"},
        {c->removed, "retirée", "retirées"},       {c->restored, "rétablie", "rétablies"},
        {c->skipped, "écartée", "écartées"},       {c->errored, "en erreur", "en erreur"},
    };
    struct buf b = {0};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].n) {
            buf_addz(&b, b.n ? ", " : "");
            buf_add(&b, french_count(a, parts[i].n, parts[i].one, parts[i].many));
        }
    return taken(a, &b);
}

// ---- Sources ------------------------------------------------------------------------------------

static const struct run *last_run(const struct source_page *p)
{
    for (size_t i = 0; i < p->run_count; i++)
        if (is_over(&p->runs[i].run))
            return &p->runs[i].run;
    return NULL;
}

static struct str progress(struct arena *a, const struct harvester_source *s)
{
    struct str met = french_count(a, s->met, "fiche lue", "fiches lues");
    if (s->announced <= 0)
        return arena_printf(a, "en cours, %.*s", STR_ARG(met));
    struct str announced = french_number(a, s->announced);
    return arena_printf(a, "en cours, %.*s sur %.*s", STR_ARG(met), STR_ARG(announced));
}

static void view_state(struct arena *a, json_t *o, const struct source_page *p, int64_t now)
{
    const struct run *last = last_run(p);
    const char *state = "ok";
    struct str label = STR("à jour");
    if (p->source->running) {
        state = "running";
        label = progress(a, p->source);
    } else if (p->source->waiting) {
        state = "idle";
        label = STR("en attente");
    } else if (!last) {
        state = "idle";
        label = STR("jamais moissonnée");
    } else if (last->state == RUN_HELD_BACK) {
        state = "held";
        label = STR("retenue, à décider");
    } else if (last->state == RUN_FAILED) {
        state = "failed";
        label = STR("en échec");
    } else if (last->state == RUN_STOPPED || last->state == RUN_INTERRUPTED) {
        state = "late";
        label = run_label(last->state);
    } else if (p->source->next && p->source->next < now - LATE) {
        state = "late";
        label = STR("en retard");
    }
    view_text(o, "state", str_of(state));
    view_text(o, "state_label", label);
}

static void view_last(struct arena *a, json_t *o, const struct run *run, const struct time_zone *z)
{
    if (!run)
        return;
    json_t *last = json_object();
    view_text(last, "started", french_moment(a, run->started, z));
    view_text(last, "iso", iso_moment(a, run->started));
    view_text(last, "outcome", str_of(run_state_name(run->state)));
    view_text(last, "label", run_label(run->state));
    view_text(last, "counters", counters(a, &run->counts));
    json_object_set_new(o, "last", last);
}

static json_t *source_view(struct arena *a, const struct source_page *p, int64_t now,
                           const struct time_zone *z)
{
    const struct harvester_source *s = p->source;
    json_t *o = json_object(), *runs = json_array();
    view_text(o, "name", s->name);
    view_text(o, "anchor", anchor_of_source(a, s->name));
    view_text(o, "type", s->type);
    view_link(o, "url", s->url);
    view_text(o, "search_url", url_of_filter(a, FACET_SOURCE, s->name));
    view_state(a, o, p, now);
    view_text(o, "records", french_number(a, p->records));
    view_last(a, o, last_run(p), z);
    if (s->next)
        view_text(o, "next", french_next(a, s->next, now, z));
    for (size_t i = 0; i < p->run_count; i++)
        json_array_append_new(runs, run_view(a, &p->runs[i], now, z));
    view_items(o, "runs", runs);
    return o;
}

json_t *sources_view(struct arena *a, const struct source_page *sources, size_t n,
                     int64_t documents, int64_t now, const struct time_zone *z)
{
    struct page_layout layout = {.title = STR("Sources et moissons"),
                                 .json_url = STR("/api/v1/sources"),
                                 .nav = NAV_SOURCES,
                                 .documents = documents};
    json_t *view = view_new(a, &layout), *o = json_object(), *items = json_array();
    int64_t records = 0;
    for (size_t i = 0; i < n; i++) {
        records += sources[i].records;
        json_array_append_new(items, source_view(a, &sources[i], now, z));
    }
    struct str count = french_count(a, (int64_t)n, "source", "sources");
    struct str total = french_count(a, records, "fiche", "fiches");
    view_text(o, "summary", arena_printf(a, "%.*s, %.*s", STR_ARG(count), STR_ARG(total)));
    view_take(o, "items", items);
    json_object_set_new(view, "sources", o);
    return view;
}
