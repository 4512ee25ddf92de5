// What the views of all pages are made with: members, the layout, links, labels, one result. See
// pages.h.
#include "api/pages.h"

#include "api/labels.h"
#include "api/members.h"
#include "api/search_params.h"
#include "base/json.h"
#include "base/version.h"
#include "harvester/url.h"

// ---- Members ------------------------------------------------------------------------------------

void view_text(json_t *o, const char *key, struct str s)
{
    if (s.n) // UTF-8 already: of the store, of the index, or checked with the request
        json_object_set_new_nocheck(o, key, json_stringn_nocheck(s.p, s.n));
}

void view_flag(json_t *o, const char *key, bool v)
{
    if (v)
        json_object_set_new(o, key, json_true());
}

void view_take(json_t *o, const char *key, json_t *v)
{
    if (json_is_array(v) && !json_array_size(v))
        json_decref(v);
    else
        json_object_set_new(o, key, v);
}

json_t *view_items(json_t *o, const char *key, json_t *list)
{
    if (!json_array_size(list)) {
        json_decref(list);
        return NULL;
    }
    json_t *wrapped = json_object();
    json_object_set_new(wrapped, "items", list);
    json_object_set_new(o, key, wrapped);
    return wrapped;
}

json_t *view_new(struct arena *a, const struct page_layout *layout)
{
    json_t *view = json_object(), *l = json_object(), *nav = json_object();
    json_object_set_new(view, "layout", l);
    json_object_set_new(view, "form", json_object());
    view_text(l, "title", layout->title);
    view_text(l, "description", layout->description);
    view_flag(l, "noindex", layout->noindex);
    view_text(l, "json_url", layout->json_url);
    view_flag(nav, "search", layout->nav == NAV_SEARCH);
    view_flag(nav, "sources", layout->nav == NAV_SOURCES);
    json_object_set_new(l, "nav", nav);
    if (layout->documents > 0)
        view_text(l, "records", french_number(a, layout->documents));
    view_text(l, "version", str_of(GLANEUR_VERSION));
    return view;
}

// ---- Links --------------------------------------------------------------------------------------

// One segment of a path; the colon of an id may stay as it is there (RFC 3986 3.3), and reads
// better.
static void add_segment(struct buf *b, struct str id)
{
    struct str part;
    bool first = true;
    while (str_next(&id, ':', &part)) {
        if (!first)
            buf_addc(b, ':');
        url_encode(b, part);
        first = false;
    }
}

static struct str record_path(struct arena *a, const char *before, struct str id, const char *after)
{
    struct buf b = {0};
    buf_addz(&b, before);
    add_segment(&b, id);
    buf_addz(&b, after);
    struct str url = arena_str(a, buf_str(&b));
    buf_free(&b);
    return url;
}

struct str url_of_record(struct arena *a, struct str id)
{
    return record_path(a, "/r/", id, "");
}

struct str url_of_record_json(struct arena *a, struct str id, const char *rest)
{
    return record_path(a, "/api/v1/records/", id, rest);
}

struct str url_of_filter(struct arena *a, enum facet facet, struct str value)
{
    struct search_request r;
    search_request_init(&r);
    r.filters[facet] = (struct strs){&value, 1};
    return search_page_url(a, &r, 0);
}

// Names of sources are [a-z0-9.-]+: good as they are in an id and in a fragment.
struct str anchor_of_source(struct arena *a, struct str name)
{
    return arena_printf(a, "source-%.*s", STR_ARG(name));
}

struct str source_of_id(struct str id)
{
    struct str source;
    return str_next(&id, ':', &source) ? source : STR_NONE;
}

struct str url_of_source(struct arena *a, struct str name)
{
    return arena_printf(a, "/sources#source-%.*s", STR_ARG(name));
}

struct str host_of(struct arena *a, struct str url)
{
    struct str host = url_host(a, url);
    if (!host.n)
        return url;
    if (str_starts(host, STR("www.")))
        host = str_slice(host.p + 4, host.n - 4);
    return host;
}

void view_link(json_t *o, const char *key, struct str url)
{
    bool web = str_starts(url, STR("https://")) || str_starts(url, STR("http://"));
    if (web && url_is_web(url))
        view_text(o, key, url);
}

// ---- Labels -------------------------------------------------------------------------------------

// "fr:commune:35238" is "Commune 35238": names of places are not known here, but for parts of the
// country.
static struct str territory_label(struct arena *a, struct str value)
{
    static const struct {
        struct str value, label;
    } parts[] = {
        {STR("country-subset:fr:metro"), STR("France métropolitaine")},
        {STR("country-subset:fr:drom"), STR("Départements et régions d’outre-mer")},
        {STR("country-subset:fr:dromcom"), STR("Outre-mer")},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (str_eq(parts[i].value, value))
            return parts[i].label;
    size_t end = value.n;
    while (end && value.p[end - 1] != ':')
        end--;
    if (!end)
        return value;
    struct str level = str_slice(value.p, end - 1), code = str_slice(value.p + end, value.n - end);
    struct str word = label_of(FACET_GRANULARITY, level);
    if (str_eq(word, level) || !code.n)
        return value;
    return arena_printf(a, "%.*s %.*s", STR_ARG(word), STR_ARG(code));
}

struct str label_of_value(struct arena *a, enum facet facet, struct str value)
{
    struct str label = label_of(facet, value);
    if (facet == FACET_TERRITORY && str_eq(label, value))
        return territory_label(a, search_territory(a, value));
    return label;
}

// ---- One result ---------------------------------------------------------------------------------

// What a result shows of a record, as the index has it. Lists and objects are JSON, not read yet.
struct fields {
    struct str id, kind, title, access, status, modified, source;
    struct str publisher, license_id, license;
    bool certified;
    struct str distributions, zones, badges, also_in, popularity;
};

// The member of an object; absent where it has none.
static struct str member_of(struct str object, const char *name)
{
    struct str rest = members_inside(object), key, value;
    while (members_next(&rest, &key, &value))
        if (str_eq(key, str_of(name)))
            return value;
    return STR_NONE;
}

static void take_member(struct arena *a, struct fields *f, struct str key, struct str value)
{
    const struct {
        struct str key;
        struct str *text, *json;
    } wanted[] = {
        {STR("id"), &f->id, NULL},
        {STR("kind"), &f->kind, NULL},
        {STR("title"), &f->title, NULL},
        {STR("access"), &f->access, NULL},
        {STR("status"), &f->status, NULL},
        {STR("modified"), &f->modified, NULL},
        {STR("source"), &f->source, NULL},
        {STR("distributions"), NULL, &f->distributions},
        {STR("badges"), NULL, &f->badges},
        {STR("also_in"), NULL, &f->also_in},
        {STR("popularity"), NULL, &f->popularity},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (str_eq(key, wanted[i].key)) {
            if (wanted[i].text)
                *wanted[i].text = members_text(a, value);
            else
                *wanted[i].json = value;
            return;
        }
    if (str_eq(key, STR("publisher"))) {
        f->publisher = members_text(a, member_of(value, "name"));
        f->certified = str_eq(member_of(value, "certified"), STR("true"));
    } else if (str_eq(key, STR("license"))) {
        f->license_id = members_text(a, member_of(value, "id"));
        f->license = members_text(a, member_of(value, "label"));
    } else if (str_eq(key, STR("spatial"))) {
        f->zones = member_of(value, "zones");
    }
}

static bool read_fields(struct arena *a, const struct search_hit *hit, struct fields *f)
{
    struct str parts[] = {hit->members, hit->figures}, key, value;
    if (!hit->members.n || hit->members.p[0] != '{')
        return false;
    parts[0] = str_slice(hit->members.p + 1, hit->members.n - 1); // which is not closed
    for (size_t i = 0; i < 2; i++) {
        while (members_next(&parts[i], &key, &value))
            take_member(a, f, key, value);
        if (parts[i].n)
            return false;
    }
    return true;
}

static struct str formats_of(struct arena *a, const struct fields *f)
{
    struct strs list = {0};
    struct str rest = members_inside(f->distributions), d;
    while (members_item(&rest, &d)) {
        struct str format = members_text(a, member_of(d, "format"));
        if (format.n)
            arena_push(a, &list, label_of(FACET_FORMAT, format));
    }
    return french_list(a, list, 3);
}

static struct str popularity_of(struct arena *a, const struct fields *f)
{
    struct popularity p = {
        .views = members_int(member_of(f->popularity, "views"), -1),
        .followers = members_int(member_of(f->popularity, "followers"), -1),
        .reuses = members_int(member_of(f->popularity, "reuses"), -1),
        .downloads = members_int(member_of(f->popularity, "downloads"), -1),
        .stars = members_int(member_of(f->popularity, "stars"), -1),
    };
    return french_popularity(a, &p, 2);
}

// The places that the record covers, where they have a name.
static struct str territory_of(struct arena *a, const struct fields *f, const struct places *places)
{
    struct strs names = {0};
    struct str rest = members_inside(f->zones), zone;
    while (members_item(&rest, &zone)) {
        struct str name = place_label(places, a, members_text(a, zone));
        if (name.n)
            arena_push(a, &names, name);
    }
    return french_list(a, names, 1);
}

// The catalogues of its other records: what stands before the colon of their ids.
static struct str also_in_of(struct arena *a, const struct fields *f)
{
    struct strs names = {0};
    struct str rest = members_inside(f->also_in), id;
    while (members_item(&rest, &id))
        arena_push(a, &names, source_of_id(members_text(a, id)));
    return french_list(a, names, 3);
}

// Labels that say what people should know before they open it, the first of them.
static struct str badges_of(struct arena *a, const struct fields *f)
{
    struct strs names = {0};
    struct str rest = members_inside(f->badges), badge;
    while (members_item(&rest, &badge))
        arena_push(a, &names, label_of(FACET_BADGE, members_text(a, badge)));
    return french_list(a, names, 3);
}

struct str hit_publisher(struct arena *a, const struct search_hit *hit, struct str id)
{
    struct str rest = hit->members, key, value;
    if (rest.n)
        rest = str_slice(rest.p + 1, rest.n - 1);
    while (members_next(&rest, &key, &value))
        if (str_eq(key, STR("publisher")))
            return str_eq(members_text(a, member_of(value, "id")), id)
                       ? members_text(a, member_of(value, "name"))
                       : STR_NONE;
    return STR_NONE;
}

json_t *view_result(struct arena *a, const struct search_hit *hit, const struct places *places,
                    const struct time_zone *z)
{
    struct fields f = {0};
    struct date modified;
    if (!read_fields(a, hit, &f))
        return NULL;
    json_t *o = json_object();
    view_text(o, "url", url_of_record(a, f.id));
    view_text(o, "title", f.title);
    view_text(o, "kind", f.kind);
    view_text(o, "kind_label", label_of(FACET_KIND, f.kind));
    view_text(o, "publisher", f.publisher);
    view_flag(o, "certified", f.certified);
    view_text(o, "excerpt_html", hit->snippet);
    view_text(o, "license",
              str_eq(f.license_id, STR("notspecified")) ? STR("Licence non précisée") : f.license);
    if (f.access.n && !str_eq(f.access, STR("open")))
        view_text(o, "access", label_of(FACET_ACCESS, f.access));
    view_text(o, "formats", formats_of(a, &f));
    view_text(o, "territory", territory_of(a, &f, places));
    // "Mis à jour le" wants a day.
    if (date_parse(f.modified, &modified) && modified.precision >= DATE_DAY) {
        view_text(o, "modified", french_date(a, modified, z));
        view_text(o, "modified_iso", french_date_iso(a, modified, z));
    }
    view_text(o, "popularity", popularity_of(a, &f));
    view_text(o, "badges", badges_of(a, &f));
    // Where most come from one catalogue its name says nothing; of the commons it tells what they are.
    struct str also = also_in_of(a, &f);
    if (also.n || str_eq(f.kind, record_kind_name(KIND_SOFTWARE)) ||
        str_eq(f.kind, record_kind_name(KIND_DATASERVICE)))
        view_text(o, "source", f.source);
    view_text(o, "also_in", also);
    if (f.status.n && !str_eq(f.status, STR("active")))
        view_text(o, "status", label_of(FACET_STATUS, f.status));
    return o;
}
