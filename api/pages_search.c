// The search page: its parameters, its view. See pages.h and templates/search.mustache.
#include "api/pages.h"

#include "api/export.h"
#include "api/labels.h"
#include "api/search_params.h"
#include "base/json.h"

#include <stdio.h>

enum {
    PAGES_MAX = SEARCH_DEPTH_MAX / PAGE_RESULTS,
    PAGES_AROUND = 2, // numbers before and after the current one
};

// ---- Reading the address ------------------------------------------------------------------------

bool strs_have(const struct strs *list, struct str value)
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
        {STR("variants"), "la clé d’une série, comme la page de recherche la donne"},
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
    static const struct str own[] = {
        STR("q"),           STR("sort"),     STR("page"), STR("modified_since"),
        STR("min_quality"), STR("variants"), STR("uses"), STR("used_by")};
    search_request_init(r);
    *wrong = STR_NONE;
    for (size_t i = 0; i < query.n; i++) {
        struct str name = query.v[i].name, value = str_trim(query.v[i].value);
        enum facet facet;
        bool known = facet_find(name, &facet);
        if (known && strs_have(&r->filters[facet], value))
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
    bool empty = !r->q.n && !r->variants.n && !r->uses.n && !r->used_by.n && r->min_quality < 0 &&
                 r->modified_since.precision == DATE_NONE;
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

struct str search_page_address(struct arena *a, const char *path,
                               const struct search_request *request, int64_t page)
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
    return search_page_address(a, "/", r, page);
}

static struct str without_filters(struct arena *a, const struct search_request *r)
{
    struct search_request bare;
    search_request_init(&bare);
    bare.q = r->q;
    bare.sort = r->sort;
    return bare.q.n ? search_page_url(a, &bare, 0) : STR("/");
}

struct str search_page_without(struct arena *a, const struct search_request *r, enum facet facet,
                               size_t i)
{
    struct search_request less = *r;
    less.filters[facet] = (struct strs){0};
    for (size_t j = 0; j < r->filters[facet].n; j++)
        if (j != i)
            arena_push(a, &less.filters[facet], r->filters[facet].v[j]);
    return search_page_is_home(&less) ? STR("/") : search_page_url(a, &less, 0);
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

// What was corrected. The words as typed were looked for as well.
static void corrected_view(struct arena *a, json_t *search, const struct search_request *r,
                           const struct search_answer *answer)
{
    if (!answer->corrected.n)
        return;
    json_t *o = json_object();
    struct search_request other = *r;
    other.q = answer->corrected;
    view_text(o, "text", answer->corrected);
    view_text(o, "url", search_page_url(a, &other, 0));
    if (answer->strict_total > 0)
        view_text(o, "some",
                  french_count(a, answer->strict_total, "résultat exact", "résultats exacts"));
    json_object_set_new(search, "corrected", o);
}

static void relaxed_view(struct arena *a, json_t *search, const struct search_answer *answer)
{
    if (!answer->relaxed.n || !answer->total)
        return;
    json_t *o = json_object();
    int64_t n = answer->strict_total;
    if (answer->corrected.n) // the corrected words may all be there
        view_flag(o, "partly", true);
    else if (n > 0)
        view_text(o, "some",
                  french_count(a, n, "résultat contient tous les mots",
                               "résultats contiennent tous les mots"));
    else
        view_flag(o, "none", true);
    json_object_set_new(search, "relaxed", o);
}

// One series alone, and the way back to all.
static void series_view(struct arena *a, json_t *search, const struct search_request *r)
{
    if (!r->variants.n)
        return;
    json_t *o = json_object();
    struct search_request all = *r;
    all.variants = STR_NONE;
    view_text(o, "url", search_page_is_home(&all) ? STR("/") : search_page_url(a, &all, 0));
    json_object_set_new(search, "series", o);
}

// What a territory asks for: its own records and those of what is around it.
static void around_view(struct arena *a, json_t *search, const struct search_page *p)
{
    const struct search_request *r = p->request;
    struct strs asked = r->filters[FACET_TERRITORY];
    struct str name = asked.n == 1 ? place_label(p->places, a, asked.v[0]) : STR_NONE;
    if (!name.n || !p->answer->total)
        return;
    json_t *o = json_object();
    view_text(o, "name", name);
    view_text(o, "wider", french_list(a, place_around(p->places, a, asked.v[0]), 8));
    view_flag(o, "nearest_first", r->sort == SORT_RELEVANCE);
    json_object_set_new(search, "around", o);
}

// "et 12 autres de la même série"
static void variants_view(struct arena *a, json_t *result, const struct search_request *r,
                          const struct search_hit *hit)
{
    if (!hit->variants)
        return;
    json_t *o = json_object();
    struct search_request series = *r;
    series.variants = hit->variant;
    view_text(o, "label", french_count(a, hit->variants, "autre", "autres"));
    view_text(o, "url", search_page_url(a, &series, 0));
    json_object_set_new(result, "variants", o);
}

// All results as a file, those of the other pages and of every series included.
static void csv_view(struct arena *a, json_t *search, const struct search_request *r, int64_t total)
{
    if (!total)
        return;
    json_t *o = json_object();
    struct str most = french_number(a, EXPORT_ROWS);
    view_text(o, "url", search_page_address(a, "/api/v1/export.csv", r, 0));
    view_text(o, "label",
              total <= EXPORT_ROWS
                  ? STR("Télécharger cette liste (CSV)")
                  : arena_printf(a, "Télécharger cette liste (CSV, les %.*s premiers résultats)",
                                 STR_ARG(most)));
    json_object_set_new(search, "csv", o);
}

static json_t *results_view(struct arena *a, const struct search_page *p)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->answer->hit_count; i++) {
        const struct search_hit *hit = &p->answer->hits[i];
        json_t *result = view_result(a, hit, p->places, p->zone);
        if (!result)
            continue;
        variants_view(a, result, p->request, hit);
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
            arena_push(a, &filters, filter_value_label(a, p, (enum facet)f, r->filters[f].v[i]));
    if (!r->q.n && r->uses.n)
        arena_push(a, &filters, p->uses_title.n ? p->uses_title : r->uses);
    if (!r->q.n && r->used_by.n)
        arena_push(a, &filters, p->used_by_title.n ? p->used_by_title : r->used_by);
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
    int64_t pages = search_page_count(answer->listed);
    struct str total = answer->total ? french_count(a, answer->total, "résultat", "résultats")
                                     : STR("Aucun résultat");
    struct page_layout layout = {.title = title_of(a, p, total, pages),
                                 .json_url = search_page_address(a, "/api/v1/search", r, r->page),
                                 .noindex = true,
                                 .nav = NAV_SEARCH,
                                 .documents = p->documents};
    json_t *view = view_new(a, &layout), *form = json_object_get(view, "form");
    json_t *search = json_object();
    json_object_set_new(view, "search", search);

    unsigned facets = 0;
    if (answer->total) {
        json_object_set_new(search, "facets", filters_view(a, p, &facets));
        view_items(search, "sorts", sorts_view(r->sort));
    }
    view_text(form, "query", r->q);
    view_take(form, "hidden", hidden_filters_view(a, r, facets, answer->total > 0));

    if (pages > 1) {
        struct str page = french_number(a, r->page), of = french_number(a, pages);
        total = arena_printf(a, "%.*s, page" NBSP "%.*s sur" NBSP "%.*s", STR_ARG(total),
                             STR_ARG(page), STR_ARG(of));
    }
    view_text(search, "query", r->q);
    view_text(search, "total", total);
    relaxed_view(a, search, answer);
    corrected_view(a, search, r, answer);
    series_view(a, search, r);
    around_view(a, search, p);
    json_t *active = view_items(search, "filters", active_filters_view(a, p));
    if (active)
        view_text(active, "clear_url", without_filters(a, r));
    if (!answer->total) {
        json_t *empty = json_object();
        view_flag(empty, "several_words", str_find_char(r->q, ' ') > 0);
        if (active) {
            json_t *filtered = json_object();
            json_object_set(filtered, "items", json_object_get(active, "items"));
            if (json_array_size(json_object_get(active, "items")) > 1)
                view_text(filtered, "clear_url", without_filters(a, r));
            json_object_set_new(empty, "filtered", filtered);
        }
        json_object_set_new(search, "empty", empty);
    }
    view_take(search, "results", results_view(a, p));
    pages_view(a, search, r, pages);
    csv_view(a, search, r, answer->total);
    return view;
}
