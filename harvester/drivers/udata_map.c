// udata's objects as records: datasets, dataservices, reuses, organizations of its API 1 and 2.
// Which field goes where, and which are left out on purpose, is listed in tests/data/udata-fields.tsv.
#include "harvester/drivers/udata.h"

#include "harvester/normalise/contact.h"
#include "harvester/normalise/format.h"
#include "base/html.h"
#include "harvester/normalise/licence.h"
#include "harvester/normalise/vocabulary.h"
#include "harvester/normalise/zone.h"
#include "harvester/url.h"

// Caps, in bytes or items; what is over is cut and counted (design.md 2).
enum {
    TITLE_MAX = 500,
    NAME_MAX = 300,
    DESCRIPTION_MAX = 64 * 1024,
    KEYWORD_MAX = 100,
    KEYWORDS_MAX = 100,
    URL_MAX = 2048,
    RELATIONS_MAX = 1000,
    GEOMETRY_DEPTH = 8,
};

static struct str line(struct udata_mapper *m, const json_t *o, const char *key, size_t max)
{
    return text_clean(m->arena, jget(o, key), max, &m->counts);
}

// An address that a person or a program can open; anything else is dropped, "mailto:" too: it may be a person's.
static struct str web(struct udata_mapper *m, struct str s)
{
    s = str_trim(s);
    if (s.n > URL_MAX || !url_is_web(s) || str_eq_nocase(str_cut_utf8(s, 7), STR("mailto:")))
        return STR_NONE;
    return arena_str(m->arena, s);
}

static struct str web_of(struct udata_mapper *m, const json_t *o, const char *key)
{
    return web(m, jget(o, key));
}

static struct date date_of(const json_t *o, const char *key)
{
    struct date d = {0};
    struct str s = jget(o, key);
    if (s.n)
        date_parse(s, &d);
    return d;
}

static struct str description(struct udata_mapper *m, const json_t *o)
{
    struct str s = jget(o, "description");
    if (!s.n)
        return STR_NONE;
    s = text_clean_block(m->arena, s, DESCRIPTION_MAX, &m->counts);
    return text_is_html(s) ? text_from_html(m->arena, s) : s;
}

static struct strs words(struct udata_mapper *m, const json_t *array, size_t max)
{
    struct strs list = {0};
    size_t i;
    const json_t *v;
    json_array_foreach(array, i, v)
    {
        struct str s = text_clean(m->arena, jstr(v), KEYWORD_MAX, &m->counts);
        if (!s.n)
            continue;
        if (list.n == max) {
            m->counts.cut++;
            break;
        }
        arena_push(m->arena, &list, s);
    }
    return list;
}

// [{"kind": "hvd"}, ...] as ["hvd", ...]
static struct strs badges(struct udata_mapper *m, const json_t *o)
{
    struct strs list = {0};
    size_t i;
    const json_t *v;
    json_array_foreach(jget_array(o, "badges"), i, v)
    {
        struct str kind = text_code(m->arena, jget(v, "kind"), KEYWORD_MAX);
        if (kind.n && list.n < KEYWORDS_MAX)
            arena_push(m->arena, &list, kind);
    }
    return list;
}

struct str udata_id(struct udata_mapper *m, enum record_kind kind, struct str remote_id)
{
    struct str source = m->source->config->name, name = record_kind_name(kind);
    if (kind == KIND_DATASET)
        return arena_printf(m->arena, "%.*s:%.*s", STR_ARG(source), STR_ARG(remote_id));
    return arena_printf(m->arena, "%.*s:%.*s.%.*s", STR_ARG(source), STR_ARG(name),
                        STR_ARG(remote_id));
}

static void map_publisher(struct udata_mapper *m, const json_t *o, struct publisher *p)
{
    struct strs kinds = badges(m, o);
    struct str id = text_code(m->arena, jget(o, "id"), 64);
    if (id.n)
        p->id = udata_id(m, KIND_ORGANIZATION, id);
    p->name = line(m, o, "name", NAME_MAX);
    p->acronym = line(m, o, "acronym", KEYWORD_MAX);
    p->kind = publisher_kind_find(kinds);
    for (size_t i = 0; i < kinds.n; i++)
        p->certified = p->certified || str_eq(kinds.v[i], STR("certified"));
    p->siret = text_code(m->arena, jget(o, "business_number_id"), 20);
}

// The publisher is an organization, or a person: of a person nothing is kept but that it is one.
static void map_owner(struct udata_mapper *m, const json_t *o, struct record *r)
{
    const json_t *organization = jget_object(o, "organization");
    if (organization)
        map_publisher(m, organization, &r->publisher);
    else if (jget_object(o, "owner"))
        r->publisher.kind = STR("user");
}

static void map_license(struct udata_mapper *m, const json_t *o, struct record *r)
{
    const json_t *v = json_object_get(o, "license");
    struct str raw = json_is_object(v) ? jget(v, "id") : jstr(v);
    if (!raw.n)
        return;
    const struct licence *known = licence_find(raw);
    if (known)
        r->license = (struct license){known->id, known->label, known->open};
    else
        r->license.label = text_clean(m->arena, raw, NAME_MAX, &m->counts);
}

static void map_access(struct udata_mapper *m, const json_t *o, struct record *r)
{
    r->access = record_access_find(access_find(jget(o, "access_type")));
    r->access_request_url = web_of(m, o, "authorization_request_url");
}

static void map_metrics(const json_t *o, struct record *r)
{
    const json_t *metrics = jget_object(o, "metrics");
    r->popularity.views = jget_int(metrics, "views", -1);
    r->popularity.followers = jget_int(metrics, "followers", -1);
    r->popularity.reuses = jget_int(metrics, "reuses", -1);
    r->popularity.downloads = jget_int(metrics, "resources_downloads", -1);
}

static void map_harvest(struct udata_mapper *m, const json_t *o, struct record *r)
{
    const json_t *harvest = jget_object(o, "harvest"), *extras = jget_object(o, "extras");
    struct str url = jget(harvest, "remote_url");
    if (!url.n) // before udata 3.3 these were extras
        url = jget(extras, "remote_url");
    struct str id = jget(harvest, "dct_identifier");
    if (!id.n)
        id = jget(harvest, "remote_id");
    if (!id.n)
        id = jget(extras, "harvest:remote_id");
    r->provenance.origin_url = web(m, url);
    r->provenance.origin_id = text_clean(m->arena, id, NAME_MAX, &m->counts);
}

static void map_contact(struct udata_mapper *m, const json_t *o, struct record *r)
{
    size_t i;
    const json_t *v;
    json_array_foreach(jget_array(o, "contact_points"), i, v)
    {
        r->contact_role = contact_role(m->arena, jget(v, "contact_form"), jget(v, "email"));
        if (r->contact_role.n)
            return;
    }
}

static void extend_bbox(const json_t *coordinates, unsigned depth, struct record *r)
{
    const json_t *x = json_array_get(coordinates, 0), *y = json_array_get(coordinates, 1);
    if (json_is_number(x) && json_is_number(y)) {
        double lon = json_number_value(x), lat = json_number_value(y);
        if (!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90))
            return;
        double *b = r->spatial.bbox;
        if (!r->spatial.has_bbox) {
            b[0] = b[2] = lon;
            b[1] = b[3] = lat;
            r->spatial.has_bbox = true;
        }
        b[0] = lon < b[0] ? lon : b[0];
        b[1] = lat < b[1] ? lat : b[1];
        b[2] = lon > b[2] ? lon : b[2];
        b[3] = lat > b[3] ? lat : b[3];
        return;
    }
    size_t i;
    const json_t *v;
    if (depth < GEOMETRY_DEPTH)
        json_array_foreach(coordinates, i, v) extend_bbox(v, depth + 1, r);
}

static void add_zone(struct udata_mapper *m, struct str raw, struct str label, struct record *r)
{
    struct zone zone = zone_clean(m->arena, raw);
    bool room = r->spatial.zones.n < KEYWORDS_MAX && r->spatial.labels.n < KEYWORDS_MAX;
    if (!room || zone.kind == ZONE_NONE)
        return;
    arena_push(m->arena, zone.kind == ZONE_ID ? &r->spatial.zones : &r->spatial.labels, zone.text);
    label = text_clean(m->arena, label, KEYWORD_MAX, &m->counts);
    if (label.n)
        arena_push(m->arena, &r->spatial.labels, label);
}

static void map_spatial(struct udata_mapper *m, const json_t *o, struct record *r)
{
    const json_t *spatial = jget_object(o, "spatial"), *v;
    size_t i;
    const json_t *granularity = json_object_get(spatial, "granularity");
    r->spatial.granularity = text_code(
        m->arena, json_is_object(granularity) ? jget(granularity, "id") : jstr(granularity), 40);
    json_array_foreach(jget_array(spatial, "zones"), i, v)
    {
        if (json_is_object(v)) // X-Get-Datasets-Full-Objects
            add_zone(m, jget(v, "id"), jget(v, "name"), r);
        else
            add_zone(m, jstr(v), STR_NONE, r);
    }
    extend_bbox(jget_array(jget_object(spatial, "geom"), "coordinates"), 0, r);
}

static void add_schema(struct udata_mapper *m, const json_t *schema, struct record *r)
{
    struct str name = json_is_string(schema) ? jstr(schema) : jget(schema, "name");
    if (!name.n)
        name = jget(schema, "url");
    name = text_clean(m->arena, name, NAME_MAX, &m->counts);
    if (!name.n || r->conforms_to.n >= KEYWORDS_MAX)
        return;
    for (size_t i = 0; i < r->conforms_to.n; i++)
        if (str_eq(r->conforms_to.v[i], name))
            return;
    arena_push(m->arena, &r->conforms_to, name);
}

static void map_resource(struct udata_mapper *m, const json_t *o, struct distribution *d)
{
    const json_t *checksum = jget_object(o, "checksum");
    const json_t *available = json_object_get(jget_object(o, "extras"), "check:available");
    struct str hash = jget(checksum, "value"), algorithm = jget(checksum, "type");
    d->title = line(m, o, "title", NAME_MAX);
    d->url = web_of(m, o, "url");
    d->type = text_code(m->arena, jget(o, "type"), 20);
    struct format format = format_find(m->arena, jget(o, "format"), jget(o, "mime"), d->url);
    d->format = format.id;
    d->format_family = format.family;
    d->media_type = format.media_type;
    d->byte_size = jget_int(o, "filesize", -1);
    if (hash.n && hash.n <= 128 && algorithm.n <= 10)
        d->checksum = arena_printf(m->arena, "%.*s:%.*s", STR_ARG(algorithm), STR_ARG(hash));
    d->modified = date_of(o, "last_modified");
    d->available = json_is_boolean(available) ? json_is_true(available) : -1;
}

static void map_resources(struct udata_mapper *m, const json_t *resources, struct record *r)
{
    size_t n = json_array_size(resources);
    if (n > UDATA_RESOURCES_MAX) {
        n = UDATA_RESOURCES_MAX;
        m->counts.cut++;
    }
    r->distributions = ARENA_ARRAY(m->arena, struct distribution, n);
    for (size_t i = 0; i < n; i++) {
        const json_t *o = json_array_get(resources, i);
        if (!json_is_object(o))
            continue;
        map_resource(m, o, &r->distributions[r->distribution_count++]);
        add_schema(m, json_object_get(o, "schema"), r);
    }
}

static void map_quality(struct udata_mapper *m, const json_t *o, struct record *r)
{
    const json_t *quality = jget_object(o, "quality"), *v;
    const char *key;
    double score = jget_real(quality, "score", -1);
    r->quality.score = score >= 0 && score <= 1 ? score : -1;
    r->quality.criteria = ARENA_ARRAY(m->arena, struct criterion, json_object_size(quality));
    json_object_foreach((json_t *)quality, key, v)
    {
        if (json_is_boolean(v))
            r->quality.criteria[r->quality.criterion_count++] =
                (struct criterion){text_code(m->arena, str_of(key), 60), json_is_true(v)};
    }
}

static void map_dataset(struct udata_mapper *m, const json_t *o, const json_t *resources,
                        struct record *r)
{
    const json_t *temporal = jget_object(o, "temporal_coverage");
    const json_t *frequency = json_object_get(o, "frequency");
    const struct frequency *known =
        frequency_find(json_is_object(frequency) ? jget(frequency, "id") : jstr(frequency));
    if (known && !str_eq(known->code, STR("UNKNOWN")))
        r->frequency = known->code;
    r->temporal.start = date_of(temporal, "start");
    r->temporal.end = date_of(temporal, "end");
    r->modified = date_of(o, "last_update");
    if (r->modified.precision == DATE_NONE)
        r->modified = date_of(o, "last_modified");
    r->landing_page = web_of(m, o, "page");
    map_spatial(m, o, r);
    add_schema(m, json_object_get(o, "schema"), r);
    map_resources(m, resources ? resources : jget_array(o, "resources"), r);
    map_quality(m, o, r);
    map_access(m, o, r);
    if (r->access == ACCESS_UNKNOWN)
        r->access = ACCESS_OPEN; // before udata 13 every dataset was
    if (jget(o, "archived").n)
        r->status = STATUS_ARCHIVED;
}

static void add_relations(struct udata_mapper *m, enum record_kind kind, const json_t *array,
                          struct strs *list)
{
    size_t i;
    const json_t *v;
    json_array_foreach(array, i, v)
    {
        struct str id = text_code(m->arena, jget(v, "id"), 64);
        if (!id.n)
            continue;
        if (list->n == RELATIONS_MAX) {
            m->counts.cut++;
            break;
        }
        arena_push(m->arena, list, udata_id(m, kind, id));
    }
}

static void map_dataservice(struct udata_mapper *m, const json_t *o, struct record *r)
{
    r->endpoint_url = web_of(m, o, "base_api_url");
    r->endpoint_description = web_of(m, o, "machine_documentation_url");
    r->documentation_url = web_of(m, o, "technical_documentation_url");
    if (!r->documentation_url.n)
        r->documentation_url = web_of(m, o, "business_documentation_url");
    r->rate_limiting = line(m, o, "rate_limiting", NAME_MAX);
    r->availability = jget_real(o, "availability", -1);
    if (!(r->availability >= 0 && r->availability <= 100))
        r->availability = -1;
    r->type = line(m, o, "format", KEYWORD_MAX);
    r->modified = date_of(o, "metadata_modified_at");
    r->landing_page = web_of(m, o, "self_web_url");
    add_relations(m, KIND_DATASET, jget_array(o, "datasets"), &r->relations.serves_dataset);
    map_access(m, o, r);
    if (jget(o, "archived_at").n)
        r->status = STATUS_ARCHIVED;
}

static void map_reuse(struct udata_mapper *m, const json_t *o, struct record *r)
{
    struct str topic = text_code(m->arena, jget(o, "topic"), KEYWORD_MAX);
    r->type = text_code(m->arena, jget(o, "type"), KEYWORD_MAX);
    if (topic.n)
        arena_push(m->arena, &r->themes, topic);
    r->landing_page = web_of(m, o, "url");
    r->modified = date_of(o, "last_modified");
    add_relations(m, KIND_DATASET, jget_array(o, "datasets"), &r->relations.uses);
    add_relations(m, KIND_DATASERVICE, jget_array(o, "dataservices"), &r->relations.uses);
    if (jget(o, "archived").n)
        r->status = STATUS_ARCHIVED;
}

static void map_organization(struct udata_mapper *m, const json_t *o, struct record *r)
{
    map_publisher(m, o, &r->publisher);
    r->landing_page = web_of(m, o, "url");
    r->modified = date_of(o, "last_modified");
    add_zone(m, jget(o, "zone"), STR_NONE, r);
}

// The page about the object, as a person sees it.
static struct str page_of(struct udata_mapper *m, enum record_kind kind, const json_t *o)
{
    static const char *const folders[KIND_COUNT] = {
        [KIND_DATASET] = "datasets",
        [KIND_DATASERVICE] = "dataservices",
        [KIND_REUSE] = "reuses",
        [KIND_ORGANIZATION] = "organizations",
    };
    struct str page = web_of(m, o, "page");
    if (!page.n)
        page = web_of(m, o, "self_web_url");
    if (page.n || !folders[kind])
        return page;
    struct str root = m->source->config->url, id = text_code(m->arena, jget(o, "id"), 64);
    while (str_ends(root, STR("/")))
        root.n--;
    return arena_printf(m->arena, "%.*s/%s/%.*s/", STR_ARG(root), folders[kind], STR_ARG(id));
}

bool udata_map(struct udata_mapper *m, enum record_kind kind, const json_t *o,
               const json_t *resources, struct driver_item *item)
{
    *item = (struct driver_item){0};
    if (!json_is_object(o))
        return err_set(&item->error, ERR_RECORD, "the item is not an object");
    struct str remote_id = text_code(m->arena, jget(o, "id"), 64);
    if (!remote_id.n)
        return err_set(&item->error, ERR_RECORD, "the item has no id");
    item->id = udata_id(m, kind, remote_id);
    if (jget_true(o, "private") || jget(o, "deleted").n || jget(o, "deleted_at").n) {
        item->skipped = true;
        return false;
    }

    struct record *r = ARENA_NEW(m->arena, struct record);
    record_init(r);
    r->id = item->id;
    r->kind = kind;
    r->title = line(m, o, kind == KIND_ORGANIZATION ? "name" : "title", TITLE_MAX);
    if (!r->title.n) // a template that was never filled ("{{name}}"), mostly
        r->title = line(m, o, "slug", TITLE_MAX);
    if (!r->title.n)
        return err_set(&item->error, ERR_RECORD, "the item has no title");
    r->acronym = line(m, o, "acronym", KEYWORD_MAX);
    r->description = description(m, o);
    r->keywords = words(m, jget_array(o, "tags"), KEYWORDS_MAX);
    r->badges = badges(m, o);
    r->featured = jget_true(o, "featured");
    r->issued = date_of(o, "created_at");
    map_license(m, o, r);
    map_metrics(o, r);
    map_harvest(m, o, r);
    map_contact(m, o, r);
    if (kind != KIND_ORGANIZATION)
        map_owner(m, o, r);

    if (kind == KIND_DATASET)
        map_dataset(m, o, resources, r);
    else if (kind == KIND_DATASERVICE)
        map_dataservice(m, o, r);
    else if (kind == KIND_REUSE)
        map_reuse(m, o, r);
    else
        map_organization(m, o, r);

    r->provenance.source = m->source->config->name;
    r->provenance.license = m->source->config->license;
    r->provenance.attribution = m->source->config->attribution;
    r->provenance.remote_url = page_of(m, kind, o);
    if (!r->landing_page.n)
        r->landing_page = r->provenance.remote_url;
    item->record = r;
    return true;
}
