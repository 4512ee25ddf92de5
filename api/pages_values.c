// The values of one filter, found by their letters: among thousands of producers the search page shows a few. See pages.h and
// templates/values.mustache.
#include "api/pages.h"

#include "api/labels.h"
#include "api/search_params.h"

static const struct {
    enum facet facet;
    const char *title, *link;
} named[] = {
    {FACET_PUBLISHER, "Producteurs", "Chercher parmi tous les producteurs"},
    {FACET_KEYWORD, "Mots-clés", "Chercher parmi tous les mots-clés"},
    {FACET_FORMAT, "Formats", "Chercher parmi tous les formats"},
    {FACET_LICENSE, "Licences", "Chercher parmi toutes les licences"},
};
enum { NAMED = sizeof named / sizeof *named };

static struct str title_of(enum facet facet)
{
    for (size_t i = 0; i < NAMED; i++)
        if (named[i].facet == facet)
            return str_of(named[i].title);
    return label_of_facet(facet);
}

struct str values_page_link(enum facet facet)
{
    for (size_t i = 0; i < NAMED; i++)
        if (named[i].facet == facet)
            return str_of(named[i].link);
    return STR("Chercher parmi toutes les valeurs");
}

struct str values_page_url(struct arena *a, const struct search_request *r, enum facet facet)
{
    return search_page_address(a, arena_printf(a, "/valeurs/%s", facet_fields[facet].name.p).p, r,
                               0);
}

static struct str page_url(struct arena *a, const struct values_page *p, int64_t page)
{
    struct str url = search_page_address(a, "", p->request, page);
    struct buf b = {0};
    buf_addf(&b, "/valeurs/%s%.*s", facet_fields[p->facet].name.p, STR_ARG(url));
    if (p->letters.n) {
        buf_addz(&b, url.n ? "&lettres=" : "?lettres=");
        url_encode(&b, p->letters);
    }
    struct str whole = arena_str(a, buf_str(&b));
    buf_free(&b);
    return whole;
}

static json_t *value_view(struct arena *a, const struct values_page *p, const struct facet_value *v)
{
    json_t *o = json_object();
    struct search_request r = *p->request;
    const struct strs *active = &p->request->filters[p->facet];
    struct str name = p->facet == FACET_TERRITORY ? place_label(p->places, a, v->value) : STR_NONE;
    bool chosen = strs_have(active, v->value);
    r.page = 1;
    if (!chosen) {
        struct strs more = {0};
        for (size_t i = 0; i < active->n; i++)
            arena_push(a, &more, active->v[i]);
        arena_push(a, &more, v->value);
        r.filters[p->facet] = more;
    }
    view_text(o, "label", name.n ? name : v->label.n ? v->label : v->value);
    view_text(o, "count", french_count(a, v->count, "fiche", "fiches"));
    view_flag(o, "chosen", chosen);
    view_text(o, "url", search_page_url(a, &r, 0));
    return o;
}

json_t *values_page_view(struct arena *a, const struct values_page *p)
{
    const struct facet_found *found = p->found;
    struct str title = title_of(p->facet);
    struct page_layout layout = {
        .title = title, .noindex = true, .nav = NAV_SEARCH, .documents = p->documents};
    json_t *view = view_new(a, &layout), *o = json_object(), *list = json_array();
    struct search_request search = *p->request;
    search.page = 1;
    for (size_t i = 0; i < found->n; i++)
        json_array_append_new(list, value_view(a, p, &found->values[i]));
    view_text(o, "title", title);
    view_text(o, "facet", facet_fields[p->facet].name);
    view_text(o, "query", search.q);
    view_text(o, "letters", p->letters);
    view_text(o, "back_url",
              search_page_is_home(&search) ? STR("/") : search_page_url(a, &search, 0));
    view_take(o, "hidden", hidden_filters_view(a, &search, 0, false));
    view_text(o, "total",
              found->total ? french_count(a, found->total, "valeur", "valeurs")
                           : STR("Aucune valeur"));
    view_items(o, "values", list);
    if (p->request->page > 1)
        view_text(o, "previous_url", page_url(a, p, p->request->page - 1));
    if (p->request->page * VALUES_SHOWN < found->total &&
        (p->request->page + 1) * VALUES_SHOWN <= SEARCH_DEPTH_MAX)
        view_text(o, "next_url", page_url(a, p, p->request->page + 1));
    json_object_set_new(view, "values", o);
    return view;
}
