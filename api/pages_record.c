// A record's page, and the one of a record that was removed. See pages.h,
// templates/record.mustache, templates/removed.mustache.
#include "api/pages.h"

#include "api/labels.h"
#include "api/search_params.h"
#include "base/markdown.h"
#include "harvester/normalise/licence.h"

#include <math.h>

enum {
    FILES_MAX = 50,
    COLUMNS_MAX = 200,
    KEYWORDS_MAX = 40,
    SCHEMAS_MAX = 5,
    NAMES_MAX = 8,       // of a list within a line
    SUMMARY_BYTES = 200, // for search engines
    LANGUAGE_TAG_BYTES = 35,
};

struct making {
    struct arena *a;
    const struct record_page *page;
    const struct record *r;
    json_t *o;
};

// ---- Small things -------------------------------------------------------------------------------

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A language tag (RFC 5646) to mark text with, when it looks like one and is not French.
static struct str foreign_language(struct str tag)
{
    size_t letters = 0;
    while (letters < tag.n && is_letter(tag.p[letters]))
        letters++;
    bool tagged = (letters == 2 || letters == 3) && tag.n <= LANGUAGE_TAG_BYTES;
    for (size_t i = letters; i < tag.n; i++)
        if (!is_letter(tag.p[i]) && tag.p[i] != '-' && !(tag.p[i] >= '0' && tag.p[i] <= '9'))
            tagged = false;
    if (!tagged || (letters < tag.n && tag.p[letters] != '-') || str_starts(tag, STR("fr")))
        return STR_NONE;
    return tag;
}

// The beginning of the description, in one line.
static struct str summary(struct arena *a, struct str description)
{
    if (!description.n)
        return STR_NONE;
    struct str text = str_trim(text_from_markdown(a, description));
    struct str kept = str_cut_utf8(text, SUMMARY_BYTES);
    if (kept.n < text.n)
        while (kept.n && kept.p[kept.n - 1] != ' ' && kept.p[kept.n - 1] != '\n')
            kept.n--;
    char *copy = arena_z(a, kept);
    for (size_t i = 0; i < kept.n; i++)
        if (copy[i] == '\n')
            copy[i] = ' ';
    kept.p = copy;
    kept = str_trim(kept);
    return kept.n < text.n && kept.n ? arena_printf(a, "%.*s…", STR_ARG(kept)) : kept;
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

static struct str day(struct making *m, int64_t at)
{
    return at ? french_date(m->a, (struct date){at, DATE_SECOND}, m->page->zone) : STR_NONE;
}

// ---- Links --------------------------------------------------------------------------------------

static void add_link(json_t *list, const char *label, struct str url)
{
    json_t *o = json_object();
    view_link(o, "url", url);
    if (json_object_size(o)) {
        view_text(o, "label", str_of(label));
        json_array_append_new(list, o);
    } else {
        json_decref(o);
    }
}

static void add_link_to_host(struct arena *a, json_t *list, const char *words, struct str url)
{
    struct str host = host_of(a, url);
    add_link(list, arena_printf(a, "%s %.*s", words, STR_ARG(host)).p, url);
}

static json_t *links(struct making *m)
{
    static const char *const sites[KIND_COUNT] = {
        [KIND_DATASET] = "Page du producteur",          [KIND_DATASERVICE] = "Page du producteur",
        [KIND_REUSE] = "Ouvrir la réutilisation",       [KIND_SOFTWARE] = "Site du logiciel",
        [KIND_ORGANIZATION] = "Site de l’organisation",
    };
    const struct record *r = m->r;
    json_t *list = json_array();
    if (r->kind == KIND_ORGANIZATION) {
        json_t *o = json_object();
        view_text(o, "label", STR("Toutes ses fiches"));
        view_text(o, "url", url_of_filter(m->a, FACET_PUBLISHER, r->id));
        json_array_append_new(list, o);
    }
    if (!str_eq(r->landing_page, r->provenance.remote_url))
        add_link(list, sites[r->kind], r->landing_page);
    add_link_to_host(m->a, list, "Voir sur", r->provenance.remote_url);
    add_link(list, "Documentation", r->documentation_url);
    add_link(list, "Description technique (OpenAPI)", r->endpoint_description);
    add_link(list, "Code source", r->repository_url);
    if (!str_eq(r->provenance.origin_url, r->landing_page) &&
        !str_eq(r->provenance.origin_url, r->provenance.remote_url))
        add_link_to_host(m->a, list, "Fiche d’origine sur", r->provenance.origin_url);
    return list;
}

static void view_publisher(struct making *m)
{
    const struct publisher *p = &m->r->publisher;
    if (m->r->kind == KIND_ORGANIZATION || !p->name.n)
        return;
    json_t *o = json_object();
    view_text(o, "name", p->name);
    view_text(o, "url", url_of_filter(m->a, FACET_PUBLISHER, p->id));
    if (p->kind.n)
        view_text(o, "kind", french_lower_first(m->a, label_of(FACET_PUBLISHER_KIND, p->kind)));
    view_flag(o, "certified", p->certified);
    json_object_set_new(m->o, "publisher", o);
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

// ---- In short -----------------------------------------------------------------------------------

static void view_license(struct making *m)
{
    const struct license *l = &m->r->license;
    if (!l->label.n) {
        // An organization needs none, and a reuse is seldom meant to be reused.
        view_flag(m->o, "license_missing",
                  m->r->kind != KIND_ORGANIZATION && m->r->kind != KIND_REUSE);
        return;
    }
    json_t *o = json_object();
    const struct licence *known = l->id.n ? licence_by_id(l->id) : NULL;
    view_text(o, "label", l->label);
    view_link(o, "url", known ? known->url : l->label);
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
    struct str where = r->spatial.labels.n ? french_list(m->a, r->spatial.labels, NAMES_MAX)
                                           : zones(m, r->spatial.zones);
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

static void view_in_short(struct making *m)
{
    const struct record *r = m->r;
    struct arena *a = m->a;
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
    view_text(m->o, "programming_languages", french_list(a, r->programming_languages, NAMES_MAX));
    view_text(m->o, "development_status", r->development_status);
    view_text(m->o, "spatial", spatial(m));
    view_text(m->o, "temporal",
              french_period(a, r->temporal.start, r->temporal.end, m->page->zone));
    if (r->frequency.n)
        view_text(m->o, "frequency", label_of(FACET_FREQUENCY, r->frequency));
    view_date(m, "modified", "modified_iso", r->modified);
    view_date(m, "issued", "issued_iso", r->issued);
    view_text(m->o, "themes", labels(a, FACET_THEME, r->themes));
    view_items(m->o, "keywords", keywords(m));
    view_text(m->o, "badges", labels(a, FACET_BADGE, r->badges));
    view_take(m->o, "conforms_to", schemas(m));
    view_contact(m);
    if (r->quality.score >= 0)
        view_text(m->o, "quality", french_percent(a, round(r->quality.score * 100)));
    view_text(m->o, "popularity", french_popularity(a, &r->popularity, 5));
}

// ---- Parts --------------------------------------------------------------------------------------

// What a file is called when it has no title: the end of its address.
static struct str file_name(struct str url)
{
    ptrdiff_t mark = str_find_char(url, '?');
    struct str path = mark >= 0 ? str_slice(url.p, (size_t)mark) : url;
    size_t start = path.n;
    while (start && path.p[start - 1] != '/')
        start--;
    struct str name = str_slice(path.p + start, path.n - start);
    return name.n ? name : url.n ? url : STR("Sans titre");
}

static json_t *file_view(struct making *m, const struct distribution *d)
{
    json_t *o = json_object();
    view_text(o, "title", d->title.n ? d->title : file_name(d->url));
    view_link(o, "url", d->url);
    if (d->format.n)
        view_text(o, "format", label_of(FACET_FORMAT, d->format));
    if (d->byte_size > 0)
        view_text(o, "size", french_size(m->a, d->byte_size));
    if (d->modified.precision >= DATE_DAY) {
        view_text(o, "modified", french_date(m->a, d->modified, m->page->zone));
        view_text(o, "modified_iso", french_date_iso(m->a, d->modified, m->page->zone));
    }
    view_flag(o, "unavailable", d->available == 0);
    return o;
}

static void view_files(struct making *m)
{
    size_t n = m->r->distribution_count;
    json_t *list = json_array();
    for (size_t i = 0; i < n && i < FILES_MAX; i++)
        json_array_append_new(list, file_view(m, &m->r->distributions[i]));
    json_t *files = view_items(m->o, "files", list);
    if (!files)
        return;
    view_text(files, "count", french_count(m->a, (int64_t)n, "fichier", "fichiers"));
    if (n > FILES_MAX) {
        struct str more =
            french_count(m->a, (int64_t)n - FILES_MAX, "autre fichier", "autres fichiers");
        view_text(files, "more",
                  arena_printf(m->a, "Et %.*s, dans la fiche en JSON.", STR_ARG(more)));
    }
}

static void view_columns(struct making *m)
{
    size_t n = m->r->field_count;
    json_t *list = json_array();
    for (size_t i = 0; i < n && i < COLUMNS_MAX; i++) {
        const struct column *c = &m->r->fields[i];
        json_t *o = json_object();
        view_text(o, "name", c->name);
        view_text(o, "label", c->label);
        view_text(o, "type", c->type);
        json_array_append_new(list, o);
    }
    json_t *fields = view_items(m->o, "fields", list);
    if (!fields)
        return;
    struct str count = french_count(m->a, (int64_t)n, "colonne", "colonnes");
    if (n > COLUMNS_MAX)
        count =
            arena_printf(m->a, "%.*s, dont voici les %d premières", STR_ARG(count), COLUMNS_MAX);
    view_text(fields, "count", count);
}

struct strs record_page_relations(struct arena *a, const struct shown_record *r)
{
    struct strs ids = {0};
    for (size_t i = 0; i < r->uses.n && ids.n < RECORD_TITLES_MAX; i++)
        arena_push(a, &ids, r->uses.v[i]);
    return ids;
}

static const struct record_title *title_of(const struct record_page *p, struct str id)
{
    for (size_t i = 0; i < p->title_count; i++)
        if (str_eq(p->titles[i].id, id))
            return p->titles[i].title.n ? &p->titles[i] : NULL;
    return NULL;
}

static void add_related(struct making *m, json_t *list, struct str title, struct str id)
{
    json_t *item = json_object();
    view_text(item, "title", title);
    view_text(item, "url", url_of_record(m->a, id));
    json_array_append_new(list, item);
}

// One list of related records, of which there are `total`; the address that searches all of them when they are not all shown.
static void add_relation(json_t *relations, struct arena *a, const char *label, json_t *list,
                         int64_t total, const struct search_request *all)
{
    int64_t shown = (int64_t)json_array_size(list);
    if (!shown) {
        json_decref(list);
        return;
    }
    json_t *o = json_object();
    view_text(o, "label", str_of(label));
    json_object_set_new(o, "items", list);
    if (total > shown) {
        struct str count = french_number(a, total);
        view_text(o, "all", arena_printf(a, "Voir les %.*s", STR_ARG(count)));
        view_text(o, "url", search_page_url(a, all, 0));
    }
    json_array_append_new(relations, o);
}

// What the record says that it uses, or serves, where the index has it. Members of one brick are one.
static json_t *used(struct making *m, const struct strs *ids)
{
    json_t *list = json_array();
    struct strs met = {0};
    for (size_t i = 0; i < ids->n; i++) {
        const struct record_title *t = title_of(m->page, ids->v[i]);
        struct str at = !t ? STR_NONE : t->at.n ? t->at : t->id;
        if (!at.n || strs_have(&met, at))
            continue;
        arena_push(m->a, &met, at);
        add_related(m, list, t->title, at);
    }
    return list;
}

static json_t *relations(struct making *m)
{
    const struct shown_record *r = m->page->shown;
    bool serves = r->record.kind == KIND_DATASERVICE;
    struct search_request all;
    json_t *list = json_array(), *users = json_array();
    search_request_init(&all);
    all.used_by = r->record.id;
    json_t *using = used(m, &r->uses);
    // Of those whose titles were asked for, what is not there is not counted either.
    int64_t total = r->uses.n > RECORD_TITLES_MAX ? (int64_t)r->uses.n : 0;
    add_relation(list, m->a, serves ? "Donne accès à" : "Utilise", using, total, &all);
    search_request_init(&all);
    all.uses = r->record.id;
    for (size_t i = 0; i < r->users.n && i < RECORD_TITLES_MAX; i++)
        add_related(m, users, r->users.v[i].title, r->users.v[i].id);
    add_relation(list, m->a, "Utilisé par", users, r->users.total, &all);
    return list;
}

static json_t *similar(struct making *m)
{
    const struct search_answer *answer = m->page->similar;
    json_t *list = json_array();
    for (size_t i = 0; answer && i < answer->hit_count; i++) {
        json_t *result = view_result(m->a, &answer->hits[i], m->page->places, m->page->zone);
        if (result)
            json_array_append_new(list, result);
    }
    return list;
}

static json_t *users(struct making *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->r->users.n; i++) {
        json_t *o = json_object();
        view_text(o, "text", m->r->users.v[i]);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *also_in(struct making *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->r->also_in.n; i++) {
        struct str id = m->r->also_in.v[i], source, rest = id;
        str_next(&rest, ':', &source);
        json_t *o = json_object();
        view_text(o, "source", source);
        view_text(o, "url", url_of_record(m->a, id));
        json_array_append_new(list, o);
    }
    return list;
}

// Of a record that stands behind another: the catalogue of that one, and its page.
static void view_origin(struct making *m)
{
    const struct stored *s = m->page->shown->stored;
    json_t *list = s->behind ? also_in(m) : NULL;
    if (json_array_size(list))
        json_object_set(m->o, "behind", json_array_get(list, 0));
    json_decref(list);
}

static void view_provenance(struct making *m)
{
    const struct stored *s = m->page->shown->stored;
    json_t *o = json_object();
    view_text(o, "source", s->source);
    view_text(o, "source_url", url_of_source(m->a, s->source));
    view_link(o, "remote_url", m->r->provenance.remote_url);
    view_text(o, "harvested", day(m, s->last_seen));
    view_text(o, "first_seen", day(m, s->first_seen));
    if (s->last_changed != s->first_seen)
        view_text(o, "changed", day(m, s->last_changed));
    view_text(o, "terms", m->r->provenance.license);
    view_text(o, "attribution", m->r->provenance.attribution);
    json_object_set_new(m->o, "provenance", o);
}

// ---- Whole pages --------------------------------------------------------------------------------

json_t *record_page_view(struct arena *a, const struct record_page *p)
{
    const struct record *r = &p->shown->record;
    struct str json_url = url_of_record_json(a, r->id, "");
    struct page_layout layout = {.title = r->title,
                                 .description = summary(a, r->description),
                                 .json_url = json_url,
                                 .documents = p->documents};
    json_t *view = view_new(a, &layout), *o = json_object();
    struct making m = {a, p, r, o};
    json_object_set_new(view, "record", o);
    view_text(o, "title", r->title);
    view_text(o, "lang", foreign_language(r->language));
    if (str_find(r->title, r->acronym) < 0)
        view_text(o, "acronym", r->acronym);
    view_text(o, "kind", record_kind_name(r->kind));
    view_text(o, "kind_label", label_of(FACET_KIND, record_kind_name(r->kind)));
    view_publisher(&m);
    if (p->shown->stored->status == STATUS_MISSING) {
        json_t *missing = json_object();
        view_text(missing, "since", day(&m, p->shown->stored->missing_since));
        json_object_set_new(o, "missing", missing);
    }
    view_flag(o, "archived", p->shown->stored->status == STATUS_ARCHIVED);
    if (r->description.n)
        view_text(o, "description_html", markdown_to_html(a, r->description));
    view_items(o, "links", links(&m));
    view_in_short(&m);
    view_files(&m);
    view_columns(&m);
    view_items(o, "relations", relations(&m));
    view_items(o, "similar", similar(&m));
    view_items(o, "users", users(&m));
    view_items(o, "also_in", also_in(&m));
    view_origin(&m);
    view_provenance(&m);
    json_t *history =
        view_items(o, "history", history_items(a, p->history, p->history_count, p->zone));
    if (history)
        view_text(history, "url", url_of_record_json(a, r->id, "/history"));
    view_text(o, "json_url", json_url);
    return view;
}

json_t *removed_view(struct arena *a, const struct stored *stored, int64_t documents,
                     const struct time_zone *z)
{
    struct page_layout layout = {
        .title = STR("Fiche retirée"), .noindex = true, .documents = documents};
    json_t *view = view_new(a, &layout), *o = json_object();
    struct str kind = record_kind_name(stored->kind);
    view_text(o, "kind_label", label_of(FACET_KIND, kind));
    view_text(o, "source", stored->source);
    if (stored->removed_at)
        view_text(o, "since", french_date(a, (struct date){stored->removed_at, DATE_SECOND}, z));
    json_object_set_new(view, "removed", o);
    return view;
}
