// The search page before a search, and what it says while there is no index. See pages.h and
// templates/home.mustache.
#include "api/pages.h"

#include "api/labels.h"
#include "base/json.h"

enum {
    RECENT = 5,
    RECENT_READ = 25, // among which to find them: dates in the future come first
};

void home_request(struct search_request *r, struct arena *a)
{
    search_request_init(r);
    r->sort = SORT_MODIFIED;
    r->page_size = RECENT_READ;
    r->facets = 1u << FACET_KIND;
    // Without a filter on kinds organizations are not counted, and a facet is counted without its
    // own filter.
    for (enum record_kind kind = KIND_DATASET; kind < KIND_ORGANIZATION; kind++)
        arena_push(a, &r->filters[FACET_KIND], record_kind_name(kind));
    arena_push(a, &r->filters[FACET_STATUS], STR("active"));
}

static json_t *examples(struct arena *a)
{
    // Of each kind of brick at least one: data, an API, a product, free software.
    static const char *const words[] = {
        "bornes de recharge", "cadastre",           "arbres",
        "api adresse",        "démarches en ligne", "logiciel de cartographie"};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct search_request r;
        json_t *o = json_object();
        search_request_init(&r);
        r.q = str_of(words[i]);
        view_text(o, "text", r.q);
        view_text(o, "url", search_page_url(a, &r, 0));
        json_array_append_new(list, o);
    }
    return list;
}

static int64_t count_of(const struct search_answer *answer, struct str kind)
{
    for (size_t i = 0; i < answer->facet_count; i++) {
        const struct facet_answer *f = &answer->facets[i];
        for (size_t j = 0; j < f->n && f->facet == FACET_KIND; j++)
            if (str_eq(f->values[j].value, kind))
                return f->values[j].count;
    }
    return 0;
}

static json_t *kinds(struct arena *a, const struct search_answer *answer)
{
    json_t *list = json_array();
    for (enum record_kind k = KIND_DATASET; k < KIND_COUNT; k++) {
        struct str kind = record_kind_name(k);
        int64_t count = count_of(answer, kind);
        if (!count)
            continue;
        json_t *o = json_object();
        view_text(o, "kind", kind);
        view_text(o, "label",
                  count > 1 ? label_of_kinds(kind)
                            : french_lower_first(a, label_of(FACET_KIND, kind)));
        view_text(o, "count", french_number(a, count));
        view_text(o, "url", url_of_filter(a, FACET_KIND, kind));
        json_array_append_new(list, o);
    }
    return list;
}

// The newest whose date can be true.
static json_t *recent(struct arena *a, const struct search_answer *answer,
                      const struct places *places, int64_t now, const struct time_zone *z)
{
    json_t *list = json_array();
    for (size_t i = 0; i < answer->hit_count && json_array_size(list) < RECENT; i++) {
        json_t *result = view_result(a, &answer->hits[i], places, z);
        struct date modified;
        if (date_parse(jget(result, "modified_iso"), &modified) && date_plausible(modified, now))
            json_array_append(list, result);
        json_decref(result);
    }
    return list;
}

json_t *home_view(struct arena *a, const struct search_answer *answer, int64_t documents,
                  const struct places *places, int64_t now, const struct time_zone *z)
{
    struct page_layout layout = {
        .title = STR("Trouver une donnée, une API ou un logiciel public"),
        .description = STR("Recherche dans les catalogues publics de données, d’API, de "
                           "réutilisations et de logiciels."),
        .nav = NAV_SEARCH,
        .documents = documents};
    json_t *view = view_new(a, &layout), *home = json_object();
    view_items(home, "examples", examples(a));
    view_items(home, "kinds", kinds(a, answer));
    view_items(home, "recent", recent(a, answer, places, now, z));
    json_object_set_new(view, "home", home);
    return view;
}

struct str home_waiting(struct arena *a, const struct harvester_source *sources, size_t n)
{
    struct buf b = {0};
    size_t busy = 0;
    for (size_t i = 0; i < n; i++) {
        const struct harvester_source *s = &sources[i];
        if (!s->running && !s->waiting)
            continue;
        buf_addf(&b, "%s%.*s" NBSP ": ", busy++ ? NBSP "; " : "", STR_ARG(s->name));
        if (!s->running) {
            buf_addz(&b, "en attente");
            continue;
        }
        buf_add(&b, french_count(a, s->met, "fiche lue", "fiches lues"));
        if (s->announced > 0) {
            buf_addz(&b, " sur ");
            buf_add(&b, french_number(a, s->announced));
        }
    }
    struct str progress = arena_str(a, buf_str(&b));
    buf_free(&b);
    if (busy)
        return arena_printf(a,
                            "Glaneur lit les catalogues de ses sources pour la première fois. "
                            "%.*s. La recherche s’ouvre dès que les premières fiches sont "
                            "indexées" NBSP ": rechargez cette page dans une minute.",
                            STR_ARG(progress));
    if (!n)
        return STR("Aucune source n’est configurée sur ce site" NBSP ": il n’y a rien à chercher.");
    return STR("Aucune fiche n’a encore été moissonnée. La page des sources dit quand aura lieu "
               "la prochaine moisson.");
}
