// The filters of the search page: those to choose from, those that are active, and what its form carries along. See pages.h and
// templates/search.mustache.
#include "api/pages.h"

#include "api/labels.h"
#include "base/json.h"

enum {
    FACET_VISIBLE = 5, // values of a filter before the rest is folded away
    FACET_FOLD = 3,    // and how many it takes to fold
};

// The filters of the page in their order, with the words for "14 autres producteurs". The territory has a field of its own.
static const struct {
    enum facet facet;
    const char *other, *others;
} shown[] = {
    {FACET_KIND, "autre type", "autres types"},
    {FACET_PUBLISHER, "autre producteur", "autres producteurs"},
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
    for (size_t i = 0; i < answer->hit_count && !name.n; i++)
        name = hit_publisher(a, &answer->hits[i], id);
    return name;
}

struct str filter_value_label(struct arena *a, const struct search_page *p, enum facet facet,
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
    if (!name.n && facet == FACET_TERRITORY)
        name = place_label(p->places, a, value);
    return name.n ? name : label_of_value(a, facet, value);
}

static json_t *facet_item(struct arena *a, const struct search_page *p, enum facet facet,
                          struct str value, int64_t count, bool checked)
{
    json_t *o = json_object();
    view_text(o, "value", value);
    view_text(o, "label", filter_value_label(a, p, facet, value));
    if (count >= 0)
        view_text(o, "count", french_number(a, count));
    view_flag(o, "checked", checked);
    return o;
}

// One filter with its values, those that are active always among them; NULL when there is nothing
// to choose.
static json_t *facet_view(struct arena *a, const struct search_page *p, size_t which)
{
    static const struct facet_answer none;
    enum facet facet = shown[which].facet;
    const struct facet_answer *f = facet_of(p->answer, facet);
    struct strs active = p->request->filters[facet], met = {0};
    if (!f)
        f = &none;
    if (f->n < 2 && !active.n)
        return NULL;
    size_t folded = 0;
    for (size_t i = FACET_VISIBLE; i < f->n; i++)
        folded += !strs_have(&active, f->values[i].value);
    bool fold = folded >= FACET_FOLD;
    json_t *values = json_array(), *rest = json_array(), *o = json_object();
    for (size_t i = 0; i < f->n; i++) {
        const struct facet_value *v = &f->values[i];
        bool checked = strs_have(&active, v->value);
        json_t *item = facet_item(a, p, facet, v->value, v->count, checked);
        json_array_append_new(fold && i >= FACET_VISIBLE && !checked ? rest : values, item);
        if (checked)
            arena_push(a, &met, v->value);
    }
    for (size_t i = 0; i < active.n; i++)
        if (!strs_have(&met, active.v[i]))
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
    if (f->n == SEARCH_FACET_VALUES) { // there may be others
        view_text(o, "all_url", values_page_url(a, p->request, facet));
        view_text(o, "all_label", values_page_link(facet));
    }
    return o;
}

json_t *filters_view(struct arena *a, const struct search_page *p, unsigned *mask)
{
    const struct search_request *r = p->request;
    json_t *o = json_object(), *list = json_array(), *place = json_object();
    *mask = 1u << FACET_TERRITORY;
    for (size_t i = 0; i < SHOWN; i++) {
        json_t *facet = r->facets & 1u << shown[i].facet ? facet_view(a, p, i) : NULL;
        if (!facet)
            continue;
        *mask |= 1u << shown[i].facet;
        json_array_append_new(list, facet);
    }
    if (r->filters[FACET_TERRITORY].n)
        view_text(place, "value", place_words(p->places, a, r->filters[FACET_TERRITORY].v[0]));
    json_object_set_new(o, "place", place);
    view_take(o, "items", list);
    view_text(o, "keywords_url", values_page_url(a, r, FACET_KEYWORD));
    return o;
}

static void add_active(json_t *list, struct str label, struct str value, struct str url)
{
    json_t *o = json_object();
    view_text(o, "label", label);
    view_text(o, "value", value);
    view_text(o, "remove_url", url);
    json_array_append_new(list, o);
}

json_t *active_filters_view(struct arena *a, const struct search_page *p)
{
    const struct search_request *r = p->request;
    json_t *list = json_array();
    struct search_request less;
    for (size_t f = 0; f < FACET_COUNT; f++)
        for (size_t i = 0; i < r->filters[f].n; i++)
            add_active(list, label_of_facet((enum facet)f),
                       filter_value_label(a, p, (enum facet)f, r->filters[f].v[i]),
                       search_page_without(a, r, (enum facet)f, i));
    if (r->uses.n) {
        less = *r;
        less.uses = STR_NONE;
        add_active(list, STR("Utilise"), p->uses_title.n ? p->uses_title : r->uses,
                   search_page_url(a, &less, 0));
    }
    if (r->used_by.n) {
        less = *r;
        less.used_by = STR_NONE;
        add_active(list, STR("Utilisé par"), p->used_by_title.n ? p->used_by_title : r->used_by,
                   search_page_url(a, &less, 0));
    }
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

json_t *hidden_filters_view(struct arena *a, const struct search_request *r, unsigned facets,
                            bool sorts)
{
    static const char *const names[] = {"relevance", "modified", "issued", "views", "title"};
    json_t *list = json_array();
    char text[DATE_TEXT_BYTES];
    for (size_t f = 0; f < FACET_COUNT; f++) {
        // The field for a territory has room for one.
        size_t shown_values = !(facets & 1u << f) ? 0 : f == FACET_TERRITORY ? 1 : r->filters[f].n;
        for (size_t i = shown_values; i < r->filters[f].n; i++)
            hide(list, facet_fields[f].name.p, r->filters[f].v[i]);
    }
    if (r->modified_since.precision != DATE_NONE)
        hide(list, "modified_since", date_format(r->modified_since, text));
    if (r->min_quality >= 0)
        hide(list, "min_quality", arena_printf(a, "%g", r->min_quality));
    if (r->variants.n)
        hide(list, "variants", r->variants);
    if (r->uses.n)
        hide(list, "uses", r->uses);
    if (r->used_by.n)
        hide(list, "used_by", r->used_by);
    if (!sorts && r->sort != SORT_RELEVANCE)
        hide(list, "sort", str_of(names[r->sort]));
    return list;
}
