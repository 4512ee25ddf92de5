// Opendatasoft's datasets as records. Which field goes where, and which are left out on purpose, is listed in fields/ods.tsv.
//
// A dataset's id is its `dataset_uid`: `dataset_id` is the word in its address, which its publisher may change; it is an alias.
#include "harvester/drivers/ods/ods.h"

#include "harvester/normalise/contact.h"
#include "harvester/normalise/extent.h"
#include "harvester/normalise/period.h"
#include "harvester/url.h"

enum { EXPORTS_MAX = 8 };

struct dataset {
    struct mapper *m;
    const json_t *o;
    const json_t *meta, *dcat, *inspire; // its metas by template; NULL when it has none
    struct str id;                       // the word in its address
    struct record *r;
};

// The first of the metas that says something.
#define FIRST(a, b) ((a).n ? (a) : (b))

// A text, or the first of a list.
static struct str text_of(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return map_localised(json_is_array(v) ? json_array_get(v, 0) : v, NULL);
}

// ---- Addresses -------------------------------------------------------------------------------------------

struct str ods_root(const struct driver_source *source)
{
    struct str root = source->config->url;
    ptrdiff_t api = str_find(root, STR("/api/"));
    if (api > 0)
        root.n = (size_t)api;
    while (str_ends(root, STR("/")))
        root.n--;
    return root;
}

// Ids are of letters, digits, '-', '_' and '@' (federated ones): they stand in an address as they are.
static bool is_plain(struct str id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') &&
            !(c && strchr("-_@.", c)))
            return false;
    }
    return id.n > 0;
}

// The address of something of the dataset: `tail` and `name` behind its own.
static struct str address(struct dataset *d, const char *tail, struct str name)
{
    if (!is_plain(d->id) || (name.n && !is_plain(name)))
        return STR_NONE;
    return map_web(
        d->m, arena_printf(d->m->arena, "%.*s/api/explore/v2.1/catalog/datasets/%.*s/%s/%.*s",
                           STR_ARG(ods_root(d->m->source)), STR_ARG(d->id), tail, STR_ARG(name)));
}

static struct str page(struct dataset *d, struct str root, struct str id)
{
    return is_plain(id) ? map_web(d->m, arena_printf(d->m->arena, "%.*s/explore/dataset/%.*s/",
                                                     STR_ARG(root), STR_ARG(id)))
                        : STR_NONE;
}

// A copy from another portal says where it was published.
static void map_origin(struct dataset *d)
{
    struct record *r = d->r;
    struct str host = str_trim(jget(d->meta, "source_domain_address")),
               id = str_trim(jget(d->meta, "source_dataset"));
    r->provenance.remote_url = page(d, ods_root(d->m->source), d->id);
    r->landing_page = r->provenance.remote_url;
    bool copy = host.n && id.n && str_find(d->m->source->config->url, host) < 0;
    if (copy) {
        if (str_find(host, STR("://")) < 0)
            host = arena_printf(d->m->arena, "https://%.*s", STR_ARG(host));
        r->provenance.origin_url = page(d, host, id);
        r->provenance.origin_id = map_line(d->m, id, NAME_MAX);
    } else {
        r->provenance.origin_id = map_line_of(d->m, d->inspire, "file_identifier", NAME_MAX);
    }
    struct str references = text_of(d->meta, "references");
    r->documentation_url = map_web(d->m, references);
}

// ---- Where and when -----------------------------------------------------------------------------------------

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

// "fr_40_53": country, level, code. Levels are told by the code's length, but for régions (40) and départements (60).
static void add_reference(struct dataset *d, struct str reference)
{
    struct str country, level, code = reference;
    const char *zone = NULL;
    if (str_eq(reference, STR("world_fr")) || str_eq(reference, STR("fr"))) {
        map_add_zone(d->m, d->r, STR("country:fr"), STR_NONE);
        return;
    }
    if (!str_next(&code, '_', &country) || !str_next(&code, '_', &level) ||
        !str_eq(country, STR("fr")))
        return;
    if (code.n == 5)
        zone = "commune";
    else if (code.n == 9 && all_digits(code))
        zone = "epci";
    else if (code.n == 2 && str_eq(level, STR("40")))
        zone = "region";
    else if ((code.n == 2 || code.n == 3) && str_eq(level, STR("60")))
        zone = "departement";
    if (zone)
        map_add_zone(d->m, d->r, arena_printf(d->m->arena, "fr:%s:%.*s", zone, STR_ARG(code)),
                     STR_NONE);
}

static void add_corner(struct dataset *d, const char *longitude, const char *latitude)
{
    double x, y;
    const json_t *lon = json_object_get(d->inspire, longitude),
                 *lat = json_object_get(d->inspire, latitude);
    x = json_number_value(lon), y = json_number_value(lat);
    if ((json_is_number(lon) || str_to_real(str_trim(jstr(lon)), &x)) &&
        (json_is_number(lat) || str_to_real(str_trim(jstr(lat)), &y)))
        map_add_point(d->r, x, y);
}

static void map_spatial(struct dataset *d)
{
    size_t i;
    const json_t *v, *references = json_object_get(d->meta, "geographic_reference");
    json_array_foreach(references, i, v) add_reference(d, jstr(v));
    add_reference(d, jstr(references));
    map_extent(d->m, d->r, json_object_get(d->meta, "territory"));
    map_extent(d->m, d->r, json_object_get(d->meta, "bbox"));
    map_extent(d->m, d->r, json_object_get(d->meta, "geographic_area"));
    map_extent(d->m, d->r, json_object_get(d->dcat, "spatial"));
    add_corner(d, "extend_bounding_box_westbound_longitude",
               "extend_bounding_box_southbound_latitude");
    add_corner(d, "extend_bounding_box_eastbound_longitude",
               "extend_bounding_box_northbound_latitude");
    d->r->spatial.granularity = text_code(d->m->arena, text_of(d->dcat, "granularity"), 40);
}

static void map_times(struct dataset *d)
{
    struct record *r = d->r;
    map_period_text(r, text_of(d->dcat, "temporal"));
    struct str from = text_of(d->dcat, "temporal_coverage_start"),
               to = text_of(d->dcat, "temporal_coverage_end");
    r->temporal.start = from.n ? map_date(from) : r->temporal.start;
    r->temporal.end = to.n ? map_date(to) : r->temporal.end;
    r->issued = map_date(FIRST(text_of(d->dcat, "issued"), text_of(d->dcat, "created")));
    r->modified = map_date(FIRST(jget(d->meta, "modified"), jget(d->meta, "data_processed")));
    map_frequency(r, text_of(d->dcat, "accrualperiodicity"));
    if (!r->frequency.n)
        map_frequency(r, text_of(d->meta, "update_frequency"));
}

// ---- Distributions ------------------------------------------------------------------------------------------

static bool has_feature(const struct dataset *d, const char *name)
{
    size_t i;
    const json_t *v;
    json_array_foreach(jget_array(d->o, "features"), i, v)
    {
        if (str_eq(jstr(v), str_of(name)))
            return true;
    }
    return false;
}

// What the portal exports of every dataset that has records.
static void add_exports(struct dataset *d, size_t room)
{
    static const struct {
        const char *format, *title;
        bool geo;
    } exports[] = {
        {"csv", "Export CSV", false},         {"json", "Export JSON", false},
        {"parquet", "Export Parquet", false}, {"geojson", "Export GeoJSON", true},
        {"shp", "Export Shapefile", true},
    };
    bool geo = has_feature(d, "geo");
    for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
        struct str format = str_of(exports[i].format);
        struct distribution *at = exports[i].geo && !geo ? NULL : map_add_distribution(d->r, room);
        if (!at)
            continue;
        at->title = str_of(exports[i].title);
        at->type = STR("main");
        at->url = address(d, "exports", format);
        map_format(d->m, at, format, STR_NONE);
    }
}

// Files that the publisher put beside the records (documentation), or in their place.
static void add_files(struct dataset *d, size_t room, const char *list, const char *type)
{
    size_t i;
    const json_t *v;
    json_array_foreach(jget_array(d->o, list), i, v)
    {
        struct str url = jget(v, "url"), own = STR("odsfile://");
        struct distribution *at = json_is_object(v) ? map_add_distribution(d->r, room) : NULL;
        if (!at)
            continue;
        at->title = map_line(d->m, FIRST(text_of(v, "title"), text_of(v, "description")), NAME_MAX);
        at->type = str_of(type);
        if (str_starts(url, own)) { // its name is there for the format alone
            at->url = str_slice(url.p + own.n, url.n - own.n);
            map_format(d->m, at, STR_NONE, jget(v, "mimetype"));
            at->url = address(d, list, jget(v, "id"));
        } else {
            at->url = map_web(d->m, url);
            map_format(d->m, at, STR_NONE, jget(v, "mimetype"));
        }
    }
}

static void map_files(struct dataset *d)
{
    bool data = jget_true(d->o, "has_records"),
         hidden = json_is_false(json_object_get(d->o, "data_visible"));
    size_t files = json_array_size(jget_array(d->o, "attachments")) +
                   json_array_size(jget_array(d->o, "alternative_exports"));
    size_t room = map_distributions(d->m, d->r, files + EXPORTS_MAX);
    if (data && !hidden)
        add_exports(d, room);
    add_files(d, room, "alternative_exports", "main");
    add_files(d, room, "attachments", "documentation");
    d->r->access = data && hidden ? ACCESS_RESTRICTED : ACCESS_OPEN;
}

static void map_fields(struct dataset *d)
{
    const json_t *fields = jget_array(d->o, "fields"), *v;
    size_t i, room = map_columns(d->m, d->r, json_array_size(fields));
    json_array_foreach(fields, i, v)
    {
        struct str label = text_of(v, "label");
        map_add_column(d->m, d->r, room, jget(v, "name"),
                       label.n ? label : text_of(v, "description"), jget(v, "type"));
    }
}

// ---- The dataset ---------------------------------------------------------------------------------------------

// A word alone or a list of them; a theme may hold commas.
static void add_words(struct mapper *m, struct strs *list, const json_t *value, bool apart)
{
    if (json_is_string(value) && !apart)
        map_add_word(m, list, jstr(value));
    else
        map_add_words(m, list, value);
}

static void map_words(struct dataset *d)
{
    add_words(d->m, &d->r->keywords, json_object_get(d->meta, "keyword"), true);
    add_words(d->m, &d->r->themes, json_object_get(d->meta, "theme"), false);
    add_words(d->m, &d->r->themes, json_object_get(d->inspire, "theme"), false);
    map_sort_words(&d->r->keywords);
    map_sort_words(&d->r->themes);
}

// The one that was asked for, where the portal speaks several; `language` is the portal's own.
static struct str language_of(const struct dataset *d)
{
    size_t i;
    const json_t *v, *spoken = jget_array(d->meta, "metadata_languages");
    json_array_foreach(spoken, i, v)
    {
        if (str_eq(jstr(v), STR("fr")))
            return jstr(v);
    }
    return json_array_size(spoken) == 1 ? jstr(json_array_get(spoken, 0))
                                        : text_of(d->meta, "language");
}

static void map_figures(struct dataset *d, const json_t *metas)
{
    const json_t *use = jget_object(metas, "explore");
    d->r->popularity.downloads = jget_int(use, "download_count", -1);
    d->r->popularity.reuses = jget_int(use, "reuse_count", -1);
}

static bool map_dataset(struct dataset *d, const json_t *metas, struct driver_item *item)
{
    struct record *r = d->r;
    struct mapper *m = d->m;
    r->title = map_line(m, text_of(d->meta, "title"), TITLE_MAX);
    if (!r->title.n)
        r->title = map_line(m, d->id, TITLE_MAX);
    if (!r->title.n)
        return map_fail(item,
                        "the dataset has no title and no dataset_id: look at it in the portal");
    r->description = map_block(m, text_of(d->meta, "description"));
    r->language = text_code(m->arena, language_of(d), 10);
    map_named_publisher(m, r, text_of(d->meta, "publisher"));
    struct str licence[] = {text_of(d->meta, "license_url"), text_of(d->dcat, "license"),
                            text_of(d->meta, "license")};
    map_license(m, r, licence, sizeof licence / sizeof *licence);
    r->contact_role = contact_role(m->arena, STR_NONE, text_of(d->dcat, "contact_email"));
    if (!r->contact_role.n)
        r->contact_role = contact_role(m->arena, STR_NONE, text_of(d->inspire, "contact_email"));
    map_add_schema(m, r, text_of(d->dcat, "conforms_to"));
    map_words(d);
    map_spatial(d);
    map_times(d);
    map_files(d);
    map_fields(d);
    map_origin(d);
    map_figures(d, metas);
    return true;
}

bool ods_map(struct mapper *m, const json_t *o, struct driver_item *item)
{
    const json_t *wrapped = jget_object(o, "dataset");
    o = wrapped ? wrapped : o;
    *item = (struct driver_item){0};
    if (!json_is_object(o))
        return err_set(&item->error, ERR_RECORD, "the item is not an object");
    const json_t *metas = jget_object(o, "metas"), *interop = jget_object(o, "interop_metas");
    bool by_template = jget_object(metas, "default") != NULL;
    if (!by_template && !interop)
        interop = metas;
    struct dataset d = {
        .m = m,
        .o = o,
        .meta = by_template ? jget_object(metas, "default") : metas,
        .dcat = jget_object(by_template ? metas : interop, "dcat"),
        .inspire = jget_object(by_template ? metas : interop, "inspire"),
        .id = FIRST(jget(o, "dataset_id"), jget(o, "datasetid")),
    };
    struct str uid = jget(o, "dataset_uid");
    d.r = map_record(m, KIND_DATASET, FIRST(uid, d.id), item);
    if (!d.r)
        return false;
    if (uid.n && d.id.n && !str_eq(uid, d.id))
        map_add_relation(m, &d.r->aliases, map_id(m, KIND_DATASET, d.id));
    return map_dataset(&d, metas, item);
}
