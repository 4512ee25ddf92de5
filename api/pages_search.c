// The search page: its parameters, its view. See pages.h and templates/search.mustache.
#include "api/pages.h"

#include "api/labels.h"
#include "api/search_params.h"
#include "base/json.h"

#include <stdio.h>

enum {
    FACET_VISIBLE = 5, // values of a filter before the rest is folded away
    FACET_FOLD = 3,    // and how many it takes to fold
    PAGES_MAX = SEARCH_DEPTH_MAX / PAGE_RESULTS,
    PAGES_AROUND = 2, // numbers before and after the current one
};

// The filters of the page in their order, with the words for "14 autres producteurs".
static const struct {
    enum facet facet;
    const char *other, *others;
} shown[] = {
    {FACET_KIND, "autre type", "autres types"},
    {FACET_PUBLISHER, "autre producteur", "autres producteurs"},
    {FACET_TERRITORY, "autre territoire", "autres territoires"},
    {FACET_FORMAT, "autre format", "autres formats"},
    {FACET_LICENSE, "autre licence", "autres licences"},
    {FACET_ACCESS, "autre accès", "autres accès"},
    {FACET_PUBLISHER_KIND, "autre type", "autres types"},
    {FACET_FREQUENCY, "autre fréquence", "autres fréquences"},
    {FACET_BADGE, "autre label", "autres labels"},
    {FACET_SOURCE, "autre catalogue", "autres catalogues"},
};
enum { SHOWN = sizeof shown / sizeof *shown };

unsigned search_page_facets(bool many_sources)
{
    unsigned mask = 0;
    for (size_t i = 0; i < SHOWN; i++)
        if (shown[i].facet != FACET_SOURCE || many_sources)
            mask |= 1u << shown[i].facet;
    return mask;
}

// ---- Reading the address ------------------------------------------------------------------------

static bool has_value(const struct strs *list, struct str value)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], value))
            return true;
    return false;
}

static struct str wrong_value(struct arena *a, struct str name, struct str value)
{
    static const struct {
        struct str name;
        const char *wanted;
    } values[] = {
        {STR("page"), "un nombre, à partir de 1"},
        {STR("sort"), "relevance, modified, issued, views ou title"},
        {STR("modified_since"), "une date, comme 2026-01-31"},
        {STR("min_quality"), "un nombre de 0 à 1, comme 0.5"},
    };
    value = str_cut_utf8(value, 60);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (str_eq(values[i].name, name))
            return arena_printf(a,
                                "Dans l’adresse de cette page, «" NBSP "%.*s" NBSP "» vaut «" NBSP
                                "%.*s" NBSP "»" NBSP ": il faut %s.",
                                STR_ARG(name), STR_ARG(value), values[i].wanted);
    return arena_printf(a,
                        "Le filtre «" NBSP "%.*s" NBSP "» a trop de valeurs" NBSP ": %d au plus.",
                        STR_ARG(name), SEARCH_FILTER_VALUES_MAX);
}

bool search_page_read(struct search_request *r, struct http_pairs query, struct arena *a,
                      struct str *wrong)
{
    static const struct str own[] = {STR("q"), STR("sort"), STR("page"), STR("modified_since"),
                                     STR("min_quality")};
    search_request_init(r);
    *wrong = STR_NONE;
    for (size_t i = 0; i < query.n; i++) {
        struct str name = query.v[i].name, value = str_trim(query.v[i].value);
        enum facet facet;
        bool known = facet_find(name, &facet);
        if (known && has_value(&r->filters[facet], value))
            continue;
        for (size_t j = 0; j < sizeof own / sizeof *own && !known; j++)
            known = str_eq(own[j], name);
        struct err e = {0};
        if (known && !search_param(r, name, value, a, &e) && !wrong->n)
            *wrong = wrong_value(a, name, value);
    }
    if (!wrong->n && r->q.n > SEARCH_QUERY_BYTES)
        *wrong =
            arena_printf(a, "La recherche est trop longue" NBSP ": gardez les mots importants.");
    if (!wrong->n && r->page > PAGES_MAX)
        *wrong = arena_printf(a,
                              "Les résultats se feuillettent jusqu’à la page %d" NBSP
                              ": précisez la recherche pour voir les suivants.",
                              PAGES_MAX);
    return !wrong->n;
}

bool search_page_is_home(const struct search_request *r)
{
    bool empty = !r->q.n && r->min_quality < 0 && r->modified_since.precision == DATE_NONE;
    for (size_t i = 0; i < FACET_COUNT && empty; i++)
        empty = !r->filters[i].n;
    return empty;
}

int64_t search_page_count(int64_t total)
{
    int64_t pages = (total + PAGE_RESULTS - 1) / PAGE_RESULTS;
    return pages < 1 ? 1 : pages > PAGES_MAX ? PAGES_MAX : pages;
}

// ---- Addresses ----------------------------------------------------------------------------------

static struct str address(struct arena *a, const char *path, const struct search_request *request,
                          int64_t page)
{
    struct search_request r = *request;
    struct buf query = {0};
    r.facets = 0;
    r.page_size = PAGE_RESULTS;
    search_query_string(&query, &r, page > 1 ? page : 0);
    struct str url = arena_printf(a, "%s%s%.*s", path, query.n ? "?" : "", STR_ARG(query));
    buf_free(&query);
    return url;
}

struct str search_page_url(struct arena *a, const struct search_request *r, int64_t page)
{
    return address(a, "/", r, page);
}

static struct str without_filters(struct arena *a, const struct search_request *r)
{
    struct search_request bare;
    search_request_init(&bare);
    bare.q = r->q;
    bare.sort = r->sort;
    return bare.q.n ? search_page_url(a, &bare, 0) : STR("/");
}

static struct str without_value(struct arena *a, const struct search_request *r, enum facet facet,
                                size_t i)
{
    struct search_request less = *r;
    less.filters[facet] = (struct strs){0};
    for (size_t j = 0; j < r->filters[facet].n; j++)
        if (j != i)
            arena_push(a, &less.filters[facet], r->filters[facet].v[j]);
    return search_page_is_home(&less) ? STR("/") : search_page_url(a, &less, 0);
}

// ---- Filters ------------------------------------------------------------------------------------

static const struct facet_answer *facet_of(const struct search_answer *answer, enum facet facet)
{
    for (size_t i = 0; i < answer->facet_count; i++)
        if (answer->facets[i].facet == facet)
            return &answer->facets[i];
    return NULL;
}

// The name of a publisher as the first result has it, when that is the publisher asked for.
static struct str publisher_of_hits(struct arena *a, const struct search_answer *answer,
                                    struct str id)
{
    struct str name = STR_NONE;
    for (size_t i = 0; i < answer->hit_count && !name.n; i++) {
        struct str members = answer->hits[i].members;
        struct str text = arena_printf(a, "%.*s}", STR_ARG(members));
        json_t *record = json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL);
        const json_t *publisher = jget_object(record, "publisher");
        if (str_eq(jget(publisher, "id"), id))
            name = arena_str(a, jget(publisher, "name"));
        json_decref(record);
    }
    return name;
}

static struct str value_label(struct arena *a, const struct search_page *p, enum facet facet,
                              struct str value)
{
    const struct facet_answer *f = facet_of(p->answer, facet);
    for (size_t i = 0; f && i < f->n; i++)
        if (str_eq(f->values[i].value, value) && f->values[i].label.n)
            return f->values[i].label;
    struct str name = STR_NONE;
    if (facet == FACET_PUBLISHER)
        name = publisher_of_hits(a, p->answer, value);
    for (size_t i = 0; i < p->title_count && !name.n; i++)
        if (facet == FACET_PUBLISHER && str_eq(p->titles[i].id, value))
            name = p->titles[i].title;
    return name.n ? name : label_of_value(a, facet, value);
}

static json_t *facet_item(struct arena *a, const struct search_page *p, enum facet facet,
                          struct str value, int64_t count, bool checked)
{
    json_t *o = json_object();
    view_text(o, "value", value);
    view_text(o, "label", value_label(a, p, facet, value));
    if (count >= 0)
        view_text(o, "count", french_number(a, count));
    view_flag(o, "checked", checked);
    return o;
}

// The filter's values as they stand in the index.
static struct strs filter_values(struct arena *a, const struct search_request *r, enum facet facet)
{
    struct strs values = {0};
    for (size_t i = 0; i < r->filters[facet].n; i++) {
        struct str value = r->filters[facet].v[i];
        arena_push(a, &values, facet == FACET_TERRITORY ? search_territory(a, value) : value);
    }
    return values;
}

// One filter with its values, those that are active always among them; NULL when there is nothing
// to choose.
static json_t *facet_view(struct arena *a, const struct search_page *p, size_t which)
{
    static const struct facet_answer none;
    enum facet facet = shown[which].facet;
    const struct facet_answer *f = facet_of(p->answer, facet);
    struct strs active = filter_values(a, p->request, facet), met = {0};
    if (!f)
        f = &none;
    if (f->n < 2 && !active.n)
        return NULL;
    size_t folded = 0;
    for (size_t i = FACET_VISIBLE; i < f->n; i++)
        folded += !has_value(&active, f->values[i].value);
    bool fold = folded >= FACET_FOLD;
    json_t *values = json_array(), *rest = json_array(), *o = json_object();
    for (size_t i = 0; i < f->n; i++) {
        const struct facet_value *v = &f->values[i];
        bool checked = has_value(&active, v->value);
        json_t *item = facet_item(a, p, facet, v->value, v->count, checked);
        json_array_append_new(fold && i >= FACET_VISIBLE && !checked ? rest : values, item);
        if (checked)
            arena_push(a, &met, v->value);
    }
    for (size_t i = 0; i < active.n; i++)
        if (!has_value(&met, active.v[i]))
            json_array_append_new(values, facet_item(a, p, facet, active.v[i], -1, true));
    view_text(o, "name", facet_fields[facet].name);
    view_text(o, "label", label_of_facet(facet));
    json_object_set_new(o, "values", values);
    if (fold) {
        json_t *more = json_object();
        view_text(more, "label",
                  french_count(a, (int64_t)folded, shown[which].other, shown[which].others));
        json_object_set_new(more, "values", rest);
        json_object_set_new(o, "more", more);
    } else {
        json_decref(rest);
    }
    return o;
}

// The filters to choose from, and in *mask those that are there.
static json_t *facets_view(struct arena *a, const struct search_page *p, unsigned *mask)
{
    json_t *list = json_array();
    *mask = 0;
    for (size_t i = 0; i < SHOWN; i++) {
        bool asked = p->request->facets & 1u << shown[i].facet;
        json_t *facet = asked ? facet_view(a, p, i) : NULL;
        if (!facet)
            continue;
        *mask |= 1u << shown[i].facet;
        json_array_append_new(list, facet);
    }
    return list;
}

static void add_active(json_t *list, struct str label, struct str value, struct str url)
{
    json_t *o = json_object();
    view_text(o, "label", label);
    view_text(o, "value", value);
    view_text(o, "remove_url", url);
    json_array_append_new(list, o);
}

static json_t *active_view(struct arena *a, const struct search_page *p)
{
    const struct search_request *r = p->request;
    json_t *list = json_array();
    struct search_request less;
    for (size_t f = 0; f < FACET_COUNT; f++)
        for (size_t i = 0; i < r->filters[f].n; i++)
            add_active(list, label_of_facet((enum facet)f),
                       value_label(a, p, (enum facet)f, r->filters[f].v[i]),
                       without_value(a, r, (enum facet)f, i));
    if (r->modified_since.precision != DATE_NONE) {
        less = *r;
        less.modified_since = (struct date){0};
        add_active(list, STR("Mises à jour depuis"), french_date(a, r->modified_since, p->zone),
                   search_page_url(a, &less, 0));
    }
    if (r->min_quality >= 0) {
        less = *r;
        less.min_quality = -1;
        struct str least = french_percent(a, r->min_quality * 100);
        add_active(list, STR("Qualité"), arena_printf(a, "au moins %.*s", STR_ARG(least)),
                   search_page_url(a, &less, 0));
    }
    return list;
}

static void hide(json_t *list, const char *name, struct str value)
{
    json_t *o = json_object();
    view_text(o, "name", str_of(name));
    view_text(o, "value", value);
    json_array_append_new(list, o);
}

// What the form must carry along: everything active that has no field on the page.
static json_t *hidden_view(struct arena *a, const struct search_request *r, unsigned facets,
                           bool sorts)
{
    static const char *const names[] = {"relevance", "modified", "issued", "views", "title"};
    json_t *list = json_array();
    char text[DATE_TEXT_BYTES];
    for (size_t f = 0; f < FACET_COUNT; f++)
        for (size_t i = 0; i < r->filters[f].n && !(facets & 1u << f); i++)
            hide(list, facet_fields[f].name.p, r->filters[f].v[i]);
    if (r->modified_since.precision != DATE_NONE)
        hide(list, "modified_since", date_format(r->modified_since, text));
    if (r->min_quality >= 0)
        hide(list, "min_quality", arena_printf(a, "%g", r->min_quality));
    if (!sorts && r->sort != SORT_RELEVANCE)
        hide(list, "sort", str_of(names[r->sort]));
    return list;
}

// ---- The rest of the page -----------------------------------------------------------------------

static json_t *sorts_view(enum search_sort sort)
{
    static const struct {
        enum search_sort sort;
        const char *value, *label;
    } sorts[] = {
        {SORT_RELEVANCE, "relevance", "Pertinence"},
        {SORT_MODIFIED, "modified", "Mise à jour"},
        {SORT_ISSUED, "issued", "Publication"},
        {SORT_VIEWS, "views", "Nombre de vues"},
        {SORT_TITLE, "title", "Titre"},
    };
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        json_t *o = json_object();
        view_text(o, "value", str_of(sorts[i].value));
        view_text(o, "label", str_of(sorts[i].label));
        view_flag(o, "selected", sorts[i].sort == sort);
        json_array_append_new(list, o);
    }
    return list;
}

// 1 … 5 6 [7] 8 9 … 62
static json_t *numbers_view(struct arena *a, const struct search_request *r, int64_t pages)
{
    json_t *list = json_array();
    int64_t last = 0;
    for (int64_t n = 1; n <= pages; n++) {
        int64_t away = n < r->page ? r->page - n : n - r->page;
        if (n != 1 && n != pages && away > PAGES_AROUND)
            continue;
        if (n == last + 2) // a gap of one page is that page
            n--;
        json_t *o = json_object();
        if (n > last + 1) {
            view_flag(o, "gap", true);
            json_array_append_new(list, o);
            o = json_object();
        }
        view_text(o, "number", french_number(a, n));
        view_text(o, "url", search_page_url(a, r, n));
        view_flag(o, "current", n == r->page);
        json_array_append_new(list, o);
        last = n;
    }
    return list;
}

static void pages_view(struct arena *a, json_t *search, const struct search_request *r,
                       int64_t pages)
{
    if (pages < 2)
        return;
    json_t *o = view_items(search, "pages", numbers_view(a, r, pages));
    if (r->page > 1)
        view_text(o, "previous_url", search_page_url(a, r, r->page - 1));
    if (r->page < pages)
        view_text(o, "next_url", search_page_url(a, r, r->page + 1));
}

static void relaxed_view(struct arena *a, json_t *search, const struct search_answer *answer)
{
    if (!answer->relaxed.n || !answer->total)
        return;
    json_t *o = json_object();
    int64_t n = answer->strict_total;
    if (n > 0)
        view_text(o, "some",
                  french_count(a, n, "résultat contient tous les mots",
                               "résultats contiennent tous les mots"));
    else
        view_flag(o, "none", true);
    json_object_set_new(search, "relaxed", o);
}

static json_t *results_view(struct arena *a, const struct search_answer *answer,
                            const struct time_zone *z)
{
    json_t *list = json_array();
    for (size_t i = 0; i < answer->hit_count; i++) {
        json_t *result = view_result(a, &answer->hits[i], z);
        if (result)
            json_array_append_new(list, result);
    }
    return list;
}

static struct str title_of(struct arena *a, const struct search_page *p, struct str total,
                           int64_t pages)
{
    const struct search_request *r = p->request;
    struct strs filters = {0};
    for (size_t f = 0; f < FACET_COUNT && !r->q.n; f++)
        for (size_t i = 0; i < r->filters[f].n; i++)
            arena_push(a, &filters, value_label(a, p, (enum facet)f, r->filters[f].v[i]));
    struct str what = r->q.n ? r->q : french_list(a, filters, 3);
    if (!what.n)
        what = STR("Recherche");
    if (pages < 2)
        return arena_printf(a, "%.*s – %.*s", STR_ARG(what), STR_ARG(total));
    struct str page = french_number(a, r->page), of = french_number(a, pages);
    return arena_printf(a, "%.*s – %.*s – page %.*s sur %.*s", STR_ARG(what), STR_ARG(total),
                        STR_ARG(page), STR_ARG(of));
}

static json_t *wrong_view(struct arena *a, const struct search_page *p)
{
    struct page_layout layout = {.title = STR("Recherche impossible"),
                                 .noindex = true,
                                 .nav = NAV_SEARCH,
                                 .documents = p->documents};
    json_t *view = view_new(a, &layout), *search = json_object(), *error = json_object();
    view_text(json_object_get(view, "form"), "query", str_cut_utf8(p->request->q, 512));
    view_text(search, "query", str_cut_utf8(p->request->q, 512));
    view_text(error, "title", STR("Cette recherche ne peut pas être faite"));
    view_text(error, "message", p->wrong);
    json_object_set_new(search, "error", error);
    json_object_set_new(view, "search", search);
    return view;
}

json_t *search_page_view(struct arena *a, const struct search_page *p)
{
    const struct search_request *r = p->request;
    const struct search_answer *answer = p->answer;
    if (!answer)
        return wrong_view(a, p);
    int64_t pages = search_page_count(answer->total);
    struct str total = answer->total ? french_count(a, answer->total, "résultat", "résultats")
                                     : STR("Aucun résultat");
    struct page_layout layout = {.title = title_of(a, p, total, pages),
                                 .json_url = address(a, "/api/v1/search", r, r->page),
                                 .noindex = true,
                                 .nav = NAV_SEARCH,
                                 .documents = p->documents};
    json_t *view = view_new(a, &layout), *form = json_object_get(view, "form");
    json_t *search = json_object();
    json_object_set_new(view, "search", search);

    unsigned facets = 0;
    if (answer->total) {
        view_items(search, "facets", facets_view(a, p, &facets));
        view_items(search, "sorts", sorts_view(r->sort));
    }
    view_text(form, "query", r->q);
    view_take(form, "hidden", hidden_view(a, r, facets, answer->total > 0));

    if (pages > 1) {
        struct str page = french_number(a, r->page), of = french_number(a, pages);
        total = arena_printf(a, "%.*s, page" NBSP "%.*s sur" NBSP "%.*s", STR_ARG(total),
                             STR_ARG(page), STR_ARG(of));
    }
    view_text(search, "query", r->q);
    view_text(search, "total", total);
    relaxed_view(a, search, answer);
    if (answer->corrected.n) {
        json_t *corrected = json_object();
        view_text(corrected, "text", answer->corrected);
        json_object_set_new(search, "corrected", corrected);
    }
    json_t *active = view_items(search, "filters", active_view(a, p));
    if (active)
        view_text(active, "clear_url", without_filters(a, r));
    if (!answer->total) {
        json_t *empty = json_object();
        view_flag(empty, "filtered", active != NULL);
        view_text(empty, "clear_url", without_filters(a, r));
        json_object_set_new(search, "empty", empty);
    }
    view_take(search, "results", results_view(a, answer, p->zone));
    pages_view(a, search, r, pages);
    return view;
}
