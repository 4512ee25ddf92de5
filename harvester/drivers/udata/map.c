// udata's objects as records: datasets, dataservices, reuses, organizations of its API 1 and 2.
// Which field goes where, and which are left out on purpose, is listed in tests/data/udata-fields.tsv.
#include "harvester/drivers/udata/udata.h"

#include "harvester/normalise/contact.h"
#include "harvester/normalise/vocabulary.h"

// [{"kind": "hvd"}, ...] as ["hvd", ...]
static struct strs badges(struct mapper *m, const json_t *o)
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

static void map_publisher(struct mapper *m, const json_t *o, struct publisher *p)
{
    struct strs kinds = badges(m, o);
    struct str id = text_code(m->arena, jget(o, "id"), 64);
    if (id.n)
        p->id = map_id(m, KIND_ORGANIZATION, id);
    p->name = map_line_of(m, o, "name", NAME_MAX);
    p->acronym = map_line_of(m, o, "acronym", KEYWORD_MAX);
    p->kind = publisher_kind_find(kinds);
    for (size_t i = 0; i < kinds.n; i++)
        p->certified = p->certified || str_eq(kinds.v[i], STR("certified"));
    p->siret = text_code(m->arena, jget(o, "business_number_id"), 20);
}

// The publisher is an organization, or a person: of a person nothing is kept but that it is one.
static void map_owner(struct mapper *m, const json_t *o, struct record *r)
{
    const json_t *organization = jget_object(o, "organization");
    if (organization)
        map_publisher(m, organization, &r->publisher);
    else if (jget_object(o, "owner"))
        r->publisher.kind = STR("user");
}

static void map_access(struct mapper *m, const json_t *o, struct record *r)
{
    r->access = record_access_find(access_find(jget(o, "access_type")));
    r->access_request_url = map_web_of(m, o, "authorization_request_url");
}

static void map_metrics(const json_t *o, struct record *r)
{
    const json_t *metrics = jget_object(o, "metrics");
    r->popularity.views = jget_int(metrics, "views", -1);
    r->popularity.followers = jget_int(metrics, "followers", -1);
    r->popularity.reuses = jget_int(metrics, "reuses", -1);
    r->popularity.downloads = jget_int(metrics, "resources_downloads", -1);
}

static void map_harvest(struct mapper *m, const json_t *o, struct record *r)
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
    r->provenance.origin_url = map_web(m, url);
    r->provenance.origin_id = text_clean(m->arena, id, NAME_MAX, &m->counts);
}

static void map_contact(struct mapper *m, const json_t *o, struct record *r)
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

static void map_spatial(struct mapper *m, const json_t *o, struct record *r)
{
    const json_t *spatial = jget_object(o, "spatial"), *v;
    size_t i;
    const json_t *granularity = json_object_get(spatial, "granularity");
    r->spatial.granularity = text_code(
        m->arena, json_is_object(granularity) ? jget(granularity, "id") : jstr(granularity), 40);
    json_array_foreach(jget_array(spatial, "zones"), i, v)
    {
        if (json_is_object(v)) // X-Get-Datasets-Full-Objects
            map_add_zone(m, r, jget(v, "id"), jget(v, "name"));
        else
            map_add_zone(m, r, jstr(v), STR_NONE);
    }
    map_add_coordinates(r, jget_array(jget_object(spatial, "geom"), "coordinates"));
}

static void map_resource(struct mapper *m, const json_t *o, struct distribution *d)
{
    const json_t *checksum = jget_object(o, "checksum");
    const json_t *available = json_object_get(jget_object(o, "extras"), "check:available");
    struct str hash = jget(checksum, "value"), algorithm = jget(checksum, "type");
    d->title = map_line_of(m, o, "title", NAME_MAX);
    d->url = map_web_of(m, o, "url");
    d->type = text_code(m->arena, jget(o, "type"), 20);
    map_format(m, d, jget(o, "format"), jget(o, "mime"));
    d->byte_size = jget_int(o, "filesize", -1);
    if (hash.n && hash.n <= 128 && algorithm.n <= 10)
        d->checksum = arena_printf(m->arena, "%.*s:%.*s", STR_ARG(algorithm), STR_ARG(hash));
    d->modified = map_date_of(o, "last_modified");
    d->available = json_is_boolean(available) ? json_is_true(available) : -1;
}

static struct str schema_name(const json_t *schema)
{
    struct str name = json_is_string(schema) ? jstr(schema) : jget(schema, "name");
    return name.n ? name : jget(schema, "url");
}

static void map_resources(struct mapper *m, const json_t *resources, struct record *r)
{
    size_t i, room = map_distributions(m, r, json_array_size(resources));
    const json_t *o;
    json_array_foreach(resources, i, o)
    {
        struct distribution *d = json_is_object(o) ? map_add_distribution(r, room) : NULL;
        if (!d)
            continue;
        map_resource(m, o, d);
        map_add_schema(m, r, schema_name(json_object_get(o, "schema")));
    }
}

static void map_quality(struct mapper *m, const json_t *o, struct record *r)
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

static void map_dataset(struct mapper *m, const json_t *o, const json_t *resources,
                        struct record *r)
{
    const json_t *temporal = jget_object(o, "temporal_coverage");
    const json_t *frequency = json_object_get(o, "frequency");
    map_frequency(r, json_is_object(frequency) ? jget(frequency, "id") : jstr(frequency));
    r->temporal.start = map_date_of(temporal, "start");
    r->temporal.end = map_date_of(temporal, "end");
    r->modified = map_date_of(o, "last_update");
    if (r->modified.precision == DATE_NONE)
        r->modified = map_date_of(o, "last_modified");
    r->landing_page = map_web_of(m, o, "page");
    map_spatial(m, o, r);
    map_add_schema(m, r, schema_name(json_object_get(o, "schema")));
    map_resources(m, resources ? resources : jget_array(o, "resources"), r);
    map_quality(m, o, r);
    map_access(m, o, r);
    if (r->access == ACCESS_UNKNOWN)
        r->access = ACCESS_OPEN; // before udata 13 every dataset was
    if (jget(o, "archived").n)
        r->status = STATUS_ARCHIVED;
}

static void add_relations(struct mapper *m, enum record_kind kind, const json_t *array,
                          struct strs *list)
{
    size_t i;
    const json_t *v;
    json_array_foreach(array, i, v)
    {
        struct str id = text_code(m->arena, jget(v, "id"), 64);
        map_add_relation(m, list, map_id(m, kind, id));
    }
}

static void map_dataservice(struct mapper *m, const json_t *o, struct record *r)
{
    r->endpoint_url = map_web_of(m, o, "base_api_url");
    r->endpoint_description = map_web_of(m, o, "machine_documentation_url");
    r->documentation_url = map_web_of(m, o, "technical_documentation_url");
    if (!r->documentation_url.n)
        r->documentation_url = map_web_of(m, o, "business_documentation_url");
    r->rate_limiting = map_line_of(m, o, "rate_limiting", NAME_MAX);
    r->availability = jget_real(o, "availability", -1);
    if (!(r->availability >= 0 && r->availability <= 100))
        r->availability = -1;
    r->type = map_line_of(m, o, "format", KEYWORD_MAX);
    r->modified = map_date_of(o, "metadata_modified_at");
    r->landing_page = map_web_of(m, o, "self_web_url");
    add_relations(m, KIND_DATASET, jget_array(o, "datasets"), &r->relations.serves_dataset);
    map_access(m, o, r);
    if (jget(o, "archived_at").n)
        r->status = STATUS_ARCHIVED;
}

static void map_reuse(struct mapper *m, const json_t *o, struct record *r)
{
    struct str topic = text_code(m->arena, jget(o, "topic"), KEYWORD_MAX);
    r->type = text_code(m->arena, jget(o, "type"), KEYWORD_MAX);
    if (topic.n)
        arena_push(m->arena, &r->themes, topic);
    r->landing_page = map_web_of(m, o, "url");
    r->modified = map_date_of(o, "last_modified");
    add_relations(m, KIND_DATASET, jget_array(o, "datasets"), &r->relations.uses);
    add_relations(m, KIND_DATASERVICE, jget_array(o, "dataservices"), &r->relations.uses);
    if (jget(o, "archived").n)
        r->status = STATUS_ARCHIVED;
}

static void map_organization(struct mapper *m, const json_t *o, struct record *r)
{
    map_publisher(m, o, &r->publisher);
    r->landing_page = map_web_of(m, o, "url");
    r->modified = map_date_of(o, "last_modified");
    map_add_zone(m, r, jget(o, "zone"), STR_NONE);
}

// The page about the object, as a person sees it.
static struct str page_of(struct mapper *m, enum record_kind kind, const json_t *o)
{
    static const char *const folders[KIND_COUNT] = {
        [KIND_DATASET] = "datasets",
        [KIND_DATASERVICE] = "dataservices",
        [KIND_REUSE] = "reuses",
        [KIND_ORGANIZATION] = "organizations",
    };
    struct str page = map_web_of(m, o, "page");
    if (!page.n)
        page = map_web_of(m, o, "self_web_url");
    if (page.n || !folders[kind])
        return page;
    struct str root = m->source->config->url, id = text_code(m->arena, jget(o, "id"), 64);
    while (str_ends(root, STR("/")))
        root.n--;
    return arena_printf(m->arena, "%.*s/%s/%.*s/", STR_ARG(root), folders[kind], STR_ARG(id));
}

bool udata_map(struct mapper *m, enum record_kind kind, const json_t *o, const json_t *resources,
               struct driver_item *item)
{
    *item = (struct driver_item){0};
    if (!json_is_object(o))
        return err_set(&item->error, ERR_RECORD, "the item is not an object");
    struct record *r = map_record(m, kind, text_code(m->arena, jget(o, "id"), 64), item);
    if (!r)
        return false;
    if (jget_true(o, "private") || jget(o, "deleted").n || jget(o, "deleted_at").n) {
        item->skipped = true;
        item->record = NULL;
        return false;
    }
    r->title = map_line_of(m, o, kind == KIND_ORGANIZATION ? "name" : "title", TITLE_MAX);
    if (!r->title.n) // a template that was never filled ("{{name}}"), mostly
        r->title = map_line_of(m, o, "slug", TITLE_MAX);
    if (!r->title.n)
        return map_fail(item, "the item has no title");
    r->acronym = map_line_of(m, o, "acronym", KEYWORD_MAX);
    r->description = map_block(m, jget(o, "description"));
    map_add_words(m, &r->keywords, json_object_get(o, "tags"));
    r->badges = badges(m, o);
    r->featured = jget_true(o, "featured");
    r->issued = map_date_of(o, "created_at");
    const json_t *license = json_object_get(o, "license");
    struct str license_text = json_is_object(license) ? jget(license, "id") : jstr(license);
    map_license(m, r, &license_text, 1);
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

    r->provenance.remote_url = page_of(m, kind, o);
    if (!r->landing_page.n)
        r->landing_page = r->provenance.remote_url;
    return true;
}
