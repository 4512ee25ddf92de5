// The apigouv driver: the API sheets of api.gouv.fr and of its kin (La Ressourcerie): /api/v1/apis, one array of short sheets; one sheet
// alone; or a folder of the whole sheets (_data/api/*.md: Markdown with front matter), which tell much more. Facts: betagouv/api.gouv.fr.
//
// datagouv_uuid names datasets of data.gouv.fr that the API gives, several for one API and one for several APIs: a relation, never the
// same brick.
#include "harvester/drivers/commons.h"

#include "harvester/normalise/contact.h"
#include "harvester/normalise/vocabulary.h"

#include <stddef.h>

#define SERVICE "https://api.gouv.fr"

struct apigouv_options {
    struct str datasets; // the source of data.gouv.fr
};

// openness of the list, or is_open of a sheet: 1, 0, -1.
static enum record_access access_of(const json_t *o)
{
    struct str openness = jget(o, "openness");
    const json_t *is_open = commons_any(o, "is_open");
    int64_t level = json_is_integer(is_open) ? json_integer_value(is_open) : -1;
    str_to_int(str_trim(jstr(is_open)), -1, 1, &level);
    if (openness.n || !is_open)
        return record_access_find(access_find(openness));
    return level == 1 ? ACCESS_OPEN : level == 0 ? ACCESS_OPEN_WITH_ACCOUNT : ACCESS_RESTRICTED;
}

static void add_dataset(struct mapper *m, struct record *r, struct str id)
{
    const struct apigouv_options *options = m->source->config->driver_options;
    id = text_code(m->arena, id, 64);
    if (id.n && options && options->datasets.n)
        map_add_relation(
            m, &r->relations.serves_dataset,
            arena_printf(m->arena, "%.*s:%.*s", STR_ARG(options->datasets), STR_ARG(id)));
}

static void map_datasets(struct mapper *m, const json_t *o, struct record *r)
{
    const json_t *ids = commons_any(o, "datagouv_uuid"), *v;
    size_t i;
    add_dataset(m, r, jstr(ids));
    json_array_foreach(ids, i, v) add_dataset(m, r, jstr(v));
}

static void map_publisher(struct mapper *m, const json_t *o, struct record *r)
{
    struct str name = commons_text(o, "owner producer");
    r->publisher.name = map_line(m, name, NAME_MAX);
    r->publisher.acronym = map_line_of(m, o, "owner_acronym", KEYWORD_MAX);
    r->publisher.id = map_id(m, KIND_ORGANIZATION, name);
}

static void map_documentation(struct mapper *m, const json_t *o, struct record *r)
{
    r->endpoint_description = commons_web(m, o, "doc_tech_link");
    r->documentation_url = commons_web(m, o, "doc_tech_external doc_tech");
    struct str contact = jget(o, "contact_link");
    r->contact_role = contact_role(m->arena, contact, contact);
    r->access_request_url = commons_web(m, o, "datapass_link account_link access_link");
    r->rate_limiting = map_line_of(m, o, "rate_limiting_resume", NAME_MAX);
    struct str uptime = str_trim(jget(o, "uptime"));
    double percent = -1;
    if (json_is_number(json_object_get(o, "uptime")))
        percent = jget_real(o, "uptime", -1);
    else if (uptime.n)
        str_to_real(uptime, &percent);
    r->availability = percent >= 0 && percent <= 100 ? percent : -1;
}

static void map_api(struct mapper *m, const json_t *o, const json_t *envelope,
                    struct driver_item *item)
{
    (void)envelope;
    struct str path = jget(o, "path"), slug = jget(o, "slug");
    if (!slug.n)
        slug = commons_last_segment(path);
    slug = text_code(m->arena, slug, NAME_MAX);
    struct record *r = map_record(m, KIND_DATASERVICE, slug, item);
    if (!r)
        return;
    r->title = map_line(m, commons_text(o, "title name"), TITLE_MAX); // "name", of the first year
    if (!r->title.n) {
        map_fail(item, "the API has no title");
        return;
    }
    r->description = commons_paragraphs(m,
                                        (struct str[]){jget(o, "tagline"), jget(o, "content_intro"),
                                                       commons_text(o, "content body")},
                                        3);
    r->language = STR("fr");
    r->access = access_of(o);
    map_add_words(m, &r->keywords, commons_any(o, "keywords"));
    map_add_words(m, &r->keywords, commons_any(o, "partners"));
    map_add_words(m, &r->themes, commons_any(o, "themes"));
    struct strs kinds = {0};
    map_add_words(m, &kinds, commons_any(o, "kind"));
    if (kinds.n)
        r->type = kinds.v[0];
    if (commons_flag(o, "is_france_connected"))
        map_add_word(m, &r->badges, STR("franceconnect"));
    r->modified = map_date_of(o, "last_update");
    map_datasets(m, o, r);
    map_publisher(m, o, r);
    map_documentation(m, o, r);
    struct str page = commons_percent_encode(m->arena, slug);
    r->provenance.remote_url =
        str_starts(path, STR("/"))
            ? map_web(m, arena_printf(m->arena, "%.*s%.*s", STR_ARG(commons_site(m, SERVICE)),
                                      STR_ARG(path)))
            : arena_printf(m->arena, "%.*s/les-api/%.*s", STR_ARG(commons_site(m, SERVICE)),
                           STR_ARG(page));
    r->landing_page = commons_web(m, o, "external_site");
    if (!r->landing_page.n)
        r->landing_page = r->provenance.remote_url;
}

static const struct commons_list apis = {
    .what = "a list of APIs",
    .arrays = "data apis",
    .id = "slug",
    .single = true,
    .map = map_api,
};

static bool read_page(const struct driver_source *source, struct str cursor,
                      const struct driver_response *responses, size_t response_count,
                      struct arena *a, struct driver_page *out, struct err *e)
{
    (void)cursor, (void)response_count;
    return commons_read(&apis, source, responses, a, out, e);
}

static const struct conf_key keys[] = {
    {.name = "datasets_source",
     .type = CONF_STRING,
     .offset = offsetof(struct apigouv_options, datasets),
     .max = 64,
     .preset = "data.gouv.fr",
     .help =
         "name of the source that harvests data.gouv.fr, to which the datasets of an API belong"},
    {0},
};

static const struct driver_clue clues[] = {
    {"", {"\"tagline\":", "\"openness\":", "\"slug\":"}, false},
    {"/api/v1/apis", {"\"tagline\":", "\"openness\":"}, true},
    {NULL, {NULL}, false}};

const struct driver driver_apigouv = {
    .type = "apigouv",
    .clues = clues,
    .kinds = 1u << KIND_DATASERVICE,
    .main_kind = KIND_DATASERVICE,
    .keys = keys,
    .options_size = sizeof(struct apigouv_options),
    .request = commons_request,
    .read = read_page,
    .files = true,
};
