// "En bref", the list of facts on a record's page. Of a brick that several catalogues show, licence, languages and state are those of the
// first that tells them. See pages.h, templates/record.mustache.
#include "api/pages.h"

#include "api/labels.h"
#include "api/search_params.h"
#include "harvester/normalise/licence.h"

#include <math.h>
#include <stddef.h>

enum {
    KEYWORDS_MAX = 40,
    SCHEMAS_MAX = 5,
    NAMES_MAX = 8, // of a list within a line
};

struct making {
    struct arena *a;
    const struct record_page *page;
    const struct record *r;
    json_t *o;
};

const struct record *record_page_teller(const struct record_page *p, size_t text)
{
    const struct shown_record *s = p->shown;
    const struct str *own = (const struct str *)(const void *)((const char *)&s->record + text);
    if (own->n)
        return &s->record;
    for (size_t i = 0; i < s->other_count; i++) {
        const char *other = (const char *)&s->others[i];
        if (((const struct str *)(const void *)(other + text))->n)
            return &s->others[i];
    }
    return NULL;
}

static struct str labels(struct arena *a, enum facet facet, struct strs values)
{
    struct strs list = {0};
    for (size_t i = 0; i < values.n; i++)
        arena_push(a, &list, label_of_value(a, facet, values.v[i]));
    return french_list(a, list, NAMES_MAX);
}

static void view_date(struct making *m, const char *key, const char *iso, struct date d)
{
    view_text(m->o, key, french_date(m->a, d, m->page->zone));
    view_text(m->o, iso, french_date_iso(m->a, d, m->page->zone));
}

// An address of the web, or an e-mail address.
static void view_contact(struct making *m)
{
    struct str contact = m->r->contact_role;
    ptrdiff_t at = str_find_char(contact, '@');
    json_t *o = json_object();
    view_link(o, "url", contact);
    if (json_object_size(o)) {
        view_text(o, "text", STR("Formulaire de contact"));
    } else if (at > 0) {
        struct buf url = {0};
        size_t n = (size_t)at;
        buf_addz(&url, "mailto:");
        url_encode(&url, str_slice(contact.p, n));
        buf_addc(&url, '@');
        url_encode(&url, str_slice(contact.p + n + 1, contact.n - n - 1));
        view_text(o, "url", buf_str(&url));
        view_text(o, "text", contact);
        buf_free(&url);
    }
    if (json_object_size(o))
        json_object_set_new(m->o, "contact", o);
    else
        json_decref(o);
}

static void view_license(struct making *m)
{
    const struct record *by = record_page_teller(m->page, offsetof(struct record, license.label));
    if (!by) {
        // What is there to be taken needs one; of an API, who may call it counts.
        view_flag(m->o, "license_missing",
                  m->r->kind == KIND_DATASET || m->r->kind == KIND_SOFTWARE);
        return;
    }
    const struct license *l = &by->license;
    json_t *o = json_object();
    const struct licence *known = l->id.n ? licence_by_id(l->id) : NULL;
    view_text(o, "label", l->label);
    view_link(o, "url", known ? known->url : l->label);
    if (by != m->r)
        view_text(o, "told_by", source_of_id(by->id));
    json_object_set_new(m->o, "license", o);
    view_flag(m->o, "license_open", l->open);
}

static struct str zones(struct making *m, struct strs values)
{
    struct strs list = {0};
    for (size_t i = 0; i < values.n; i++) {
        struct str name = place_name(m->page->places, values.v[i]);
        arena_push(m->a, &list, name.n ? name : label_of_value(m->a, FACET_TERRITORY, values.v[i]));
    }
    return french_list(m->a, list, NAMES_MAX);
}

static struct str spatial(struct making *m)
{
    const struct record *r = m->r;
    struct strs names = {0};
    for (size_t i = 0; i < r->spatial.labels.n; i++)
        arena_push(m->a, &names, label_in(LABELS_PLACE, r->spatial.labels.v[i]));
    struct str where = names.n ? french_list(m->a, names, NAMES_MAX) : zones(m, r->spatial.zones);
    struct str level = label_of(FACET_GRANULARITY, r->spatial.granularity);
    if (!level.n || str_eq(r->spatial.granularity, STR("other")))
        return where;
    level = french_lower_first(m->a, level);
    if (!where.n)
        return arena_printf(m->a, "maille" NBSP ": %.*s", STR_ARG(level));
    return arena_printf(m->a, "%.*s (maille" NBSP ": %.*s)", STR_ARG(where), STR_ARG(level));
}

static struct str formats(struct making *m)
{
    struct strs list = {0};
    for (size_t i = 0; i < m->r->distribution_count; i++) {
        const struct distribution *d = &m->r->distributions[i];
        if (d->format.n && !str_eq(d->type, STR("documentation")))
            arena_push(m->a, &list, label_of(FACET_FORMAT, d->format));
    }
    return french_list(m->a, list, NAMES_MAX);
}

static json_t *keywords(struct making *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->r->keywords.n && i < KEYWORDS_MAX; i++) {
        json_t *o = json_object();
        view_text(o, "text", m->r->keywords.v[i]);
        view_text(o, "url", url_of_filter(m->a, FACET_KEYWORD, m->r->keywords.v[i]));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *schemas(struct making *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->r->conforms_to.n && i < SCHEMAS_MAX; i++) {
        json_t *o = json_object();
        view_text(o, "label", m->r->conforms_to.v[i]);
        view_link(o, "url", m->r->conforms_to.v[i]);
        json_array_append_new(list, o);
    }
    return list;
}

static struct strs languages(struct making *m)
{
    struct strs list = m->r->programming_languages;
    for (size_t i = 0; i < m->page->shown->other_count && !list.n; i++)
        list = m->page->shown->others[i].programming_languages;
    return list;
}

// Without the one that says again what the record is.
static struct str badges(struct making *m)
{
    struct strs list = {0};
    for (size_t i = 0; i < m->r->badges.n; i++)
        if (!str_eq(m->r->badges.v[i], m->r->type))
            arena_push(m->a, &list, m->r->badges.v[i]);
    return labels(m->a, FACET_BADGE, list);
}

void record_page_brief(struct arena *a, json_t *o, const struct record_page *p)
{
    struct making making = {a, p, &p->shown->record, o}, *m = &making;
    const struct record *r = m->r;
    const struct record *state = record_page_teller(p, offsetof(struct record, development_status));
    view_license(m);
    if (r->access) {
        view_text(m->o, "access", label_of(FACET_ACCESS, record_access_name(r->access)));
        if (r->access != ACCESS_OPEN)
            view_link(m->o, "access_url", r->access_request_url);
    }
    view_text(m->o, "endpoint_url", r->endpoint_url);
    view_text(m->o, "rate_limiting", r->rate_limiting);
    if (r->availability >= 0)
        view_text(m->o, "availability", french_percent(a, r->availability));
    view_text(m->o, "formats", formats(m));
    view_text(m->o, "programming_languages", french_list(a, languages(m), NAMES_MAX));
    if (state)
        view_text(m->o, "development_status",
                  label_in(LABELS_DEVELOPMENT_STATUS, state->development_status));
    view_text(m->o, "spatial", spatial(m));
    view_text(m->o, "temporal",
              french_period(a, r->temporal.start, r->temporal.end, m->page->zone));
    if (r->frequency.n)
        view_text(m->o, "frequency", label_of(FACET_FREQUENCY, r->frequency));
    view_date(m, "modified", "modified_iso", r->modified);
    view_date(m, "issued", "issued_iso", r->issued);
    view_text(m->o, "themes", labels(a, FACET_THEME, r->themes));
    view_items(m->o, "keywords", keywords(m));
    view_text(m->o, "badges", badges(m));
    view_take(m->o, "conforms_to", schemas(m));
    view_contact(m);
    if (r->quality.score >= 0)
        view_text(m->o, "quality", french_percent(a, round(r->quality.score * 100)));
    view_text(m->o, "popularity", french_popularity(a, &r->popularity, 5));
}
