// A record's page, and the one of a record that was removed. See pages.h,
// templates/record.mustache, templates/removed.mustache.
#include "api/pages.h"

#include "api/labels.h"
#include "base/json.h"
#include "base/markdown.h"

#include <stddef.h>

enum {
    FILES_MAX = 50,
    COLUMNS_MAX = 200,
    FILES_SHOWN = 10,    // before the rest is folded away
    FILES_FOLD = 3,      // and how many it takes to fold
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

static struct str day(struct making *m, int64_t at)
{
    return at ? french_date(m->a, (struct date){at, DATE_SECOND}, m->page->zone) : STR_NONE;
}

// ---- Links --------------------------------------------------------------------------------------

// Each address once, under its first name.
static void add_link(json_t *list, const char *label, struct str url)
{
    size_t i;
    const json_t *known;
    json_array_foreach(list, i, known)
    {
        if (str_eq(jget(known, "url"), url))
            return;
    }
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

// One of the brick's, whichever catalogue tells it.
static void add_told_link(struct making *m, json_t *list, const char *label, size_t url)
{
    const struct record *by = record_page_teller(m->page, url);
    if (by)
        add_link(list, label, *(const struct str *)(const void *)((const char *)by + url));
}

static bool is_product(const struct record *r)
{
    return str_eq(r->type, STR("startup"));
}

// Its page is that of the code.
static bool is_repository(const struct record *r)
{
    return r->kind == KIND_SOFTWARE && r->repository_url.n &&
           str_eq(r->repository_url, r->provenance.remote_url);
}

static void add_site(struct making *m, json_t *list)
{
    static const char *const sites[KIND_COUNT] = {
        [KIND_DATASET] = "Page du producteur",          [KIND_DATASERVICE] = "Page du producteur",
        [KIND_REUSE] = "Ouvrir la réutilisation",       [KIND_SOFTWARE] = "Site du logiciel",
        [KIND_ORGANIZATION] = "Site de l’organisation",
    };
    const struct record *r = m->r;
    if (!str_eq(r->landing_page, r->provenance.remote_url) &&
        !str_eq(r->landing_page, r->repository_url))
        add_link(list, is_product(r) ? "Site du produit" : sites[r->kind], r->landing_page);
}

// What people come for stands first: of an API how it is called, of the rest the thing itself.
static json_t *links(struct making *m)
{
    const struct record *r = m->r;
    json_t *list = json_array();
    bool service = r->kind == KIND_DATASERVICE;
    if (r->kind == KIND_ORGANIZATION) {
        json_t *o = json_object();
        view_text(o, "label", STR("Toutes ses fiches"));
        view_text(o, "url", url_of_filter(m->a, FACET_PUBLISHER, r->id));
        json_array_append_new(list, o);
    }
    if (!service)
        add_site(m, list);
    if (r->kind == KIND_SOFTWARE)
        add_told_link(m, list, "Code source", offsetof(struct record, repository_url));
    if (!service && !is_repository(r))
        add_link_to_host(m->a, list, "Voir sur", r->provenance.remote_url);
    add_told_link(m, list, "Documentation", offsetof(struct record, documentation_url));
    add_told_link(m, list, "Description technique (OpenAPI)",
                  offsetof(struct record, endpoint_description));
    if (service && r->access != ACCESS_OPEN)
        add_link(list, "Demander l’accès", r->access_request_url);
    if (service) {
        add_site(m, list);
        add_link_to_host(m->a, list, "Voir sur", r->provenance.remote_url);
    }
    if (r->kind != KIND_SOFTWARE)
        add_told_link(m, list, "Code source", offsetof(struct record, repository_url));
    if (!str_eq(r->provenance.origin_url, r->landing_page) &&
        !str_eq(r->provenance.origin_url, r->provenance.remote_url))
        add_link_to_host(m->a, list, "Fiche d’origine sur", r->provenance.origin_url);
    return list;
}

// What it is, more closely than its kind.
static struct str nature(const struct record *r)
{
    if (r->type.n)
        return label_in(LABELS_TYPE, r->type);
    return is_repository(r) ? STR("Dépôt de code source") : STR_NONE;
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
    if (!str_eq(d->type, STR("main")))
        view_text(o, "type", label_in(LABELS_FILE_TYPE, d->type));
    view_flag(o, "unavailable", d->available == 0);
    return o;
}

// The data first, then what gives access to them, then what tells of them.
static int file_rank(const struct distribution *d)
{
    return str_eq(d->type, STR("documentation")) ? 3
           : str_eq(d->type, STR("other"))       ? 2
           : str_eq(d->type, STR("api"))         ? 1
                                                 : 0;
}

static void view_files(struct making *m)
{
    size_t n = m->r->distribution_count, shown = n < FILES_MAX ? n : FILES_MAX, done = 0;
    size_t open = shown >= FILES_SHOWN + FILES_FOLD ? FILES_SHOWN : shown;
    json_t *list = json_array(), *folded = json_array();
    for (int rank = 0; rank <= 3; rank++)
        for (size_t i = 0; i < n && done < shown; i++)
            if (file_rank(&m->r->distributions[i]) == rank)
                json_array_append_new(done++ < open ? list : folded,
                                      file_view(m, &m->r->distributions[i]));
    size_t folded_count = json_array_size(folded);
    json_t *files = view_items(m->o, "files", list);
    if (!files) {
        json_decref(folded);
        return;
    }
    view_text(files, "count", french_count(m->a, (int64_t)n, "fichier", "fichiers"));
    json_t *rest = view_items(files, "folded", folded);
    if (rest)
        view_text(rest, "label",
                  french_count(m->a, (int64_t)folded_count, "autre fichier", "autres fichiers"));
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

// "dépôt de code source, Ruby, Licence MIT"
static struct str facts_of(struct making *m, const struct record *other)
{
    struct strs list = {0};
    struct str what = nature(other);
    if (what.n)
        arena_push(m->a, &list, french_lower_first(m->a, what));
    for (size_t i = 0; i < other->programming_languages.n; i++)
        arena_push(m->a, &list, other->programming_languages.v[i]);
    arena_push(m->a, &list, other->license.label);
    return french_list(m->a, list, NAMES_MAX);
}

static json_t *also_in(struct making *m)
{
    const struct shown_record *s = m->page->shown;
    json_t *list = json_array();
    for (size_t i = 0; i < m->r->also_in.n; i++) {
        struct str id = m->r->also_in.v[i];
        json_t *o = json_object();
        view_text(o, "source", source_of_id(id));
        view_text(o, "url", url_of_record(m->a, id));
        for (size_t j = 0; j < s->other_count; j++)
            if (str_eq(s->others[j].id, id)) {
                view_text(o, "title", s->others[j].title);
                view_text(o, "facts", facts_of(m, &s->others[j]));
            }
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

// What it means that a record is archived.
static struct str archived_words(const struct record *r)
{
    if (is_product(r))
        return STR("Ce produit n’est plus suivi par l’équipe qui l’a construit" NBSP
                   ": il est arrêté, ou confié à un autre organisme.");
    if (r->kind == KIND_SOFTWARE)
        return STR("Ce logiciel est archivé dans son catalogue" NBSP
                   ": son code n’est peut-être plus entretenu.");
    return STR("Cette fiche est archivée par son producteur" NBSP
               ": elle n’est plus tenue à jour.");
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
    view_text(o, "nature", nature(r));
    view_publisher(&m);
    if (p->shown->stored->status == STATUS_MISSING) {
        json_t *missing = json_object();
        view_text(missing, "since", day(&m, p->shown->stored->missing_since));
        json_object_set_new(o, "missing", missing);
    }
    if (p->shown->stored->status == STATUS_ARCHIVED)
        view_text(o, "archived", archived_words(r));
    if (r->description.n)
        view_text(o, "description_html", markdown_to_html(a, r->description));
    view_items(o, "links", links(&m));
    record_page_brief(a, o, p);
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
