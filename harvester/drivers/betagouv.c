// The betagouv driver: the products of beta.gouv.fr and of sites that publish the same files: api/v2.x/startups.json (JSON:API, the
// incubators in `included`), api/v3/startups.json (the sheets as they are), startups_details.json (an object by id), or a folder of the
// sheets themselves (Markdown with front matter). Facts: the site's templates (betagouv/beta.gouv.fr, api/).
//
// The templates of v2 do not escape what they put between quotes: a product that is no JSON is one error, and where it hides others the
// page fails as a whole, so that none of them is taken for absent.
#include "harvester/drivers/commons.h"
#include "harvester/drivers/paging.h"

#include "harvester/normalise/raw.h"
#include "harvester/normalise/contact.h"

#define SERVICE "https://beta.gouv.fr"

// ---- What a phase is, in the words of publiccode.yml ----------------------------------------------

static const struct phase {
    struct str name, status;
} phases[] = {
    {STR("investigation"), STR("concept")},    // a problem is studied, there may be no service
    {STR("construction"), STR("development")}, // tried with its first users
    {STR("acceleration"), STR("stable")},      // deployed
    {STR("success"), STR("stable")},           // a national public service
    {STR("transfer"), STR("stable")},          // handed over to the body that will last
    {STR("perennisation"), STR("stable")},
    {STR("alumni"), STR("obsolete")}, // the partnership has ended
};

static void map_phases(struct mapper *m, const json_t *o, struct record *r)
{
    const json_t *list = commons_any(o, "phases"), *v;
    struct str last = STR_NONE;
    size_t i;
    json_array_foreach(list, i, v)
    {
        struct date start = map_date_of(v, "start");
        bool earlier = start.precision != DATE_NONE &&
                       (r->issued.precision == DATE_NONE || start.seconds < r->issued.seconds);
        if (earlier)
            r->issued = start;
        if (jget(v, "name").n)
            last = text_code(m->arena, jget(v, "name"), KEYWORD_MAX);
    }
    r->development_status = last;
    for (i = 0; i < sizeof phases / sizeof *phases; i++)
        if (str_eq(last, phases[i].name))
            r->development_status = phases[i].status;
    if (str_eq(last, STR("alumni")))
        r->status = STATUS_ARCHIVED;
}

// ---- Who makes it ---------------------------------------------------------------------------------

// An incubator's id: "dinum", or "/incubators/dinum" as some versions write it.
static struct str incubator_of(const json_t *o, const json_t *attributes)
{
    const json_t *relations = jget_object(o, "relationships");
    struct str id = jget(jget_object(jget_object(relations, "incubator"), "data"), "id");
    if (!id.n)
        id =
            jget(json_array_get(jget_array(jget_object(relations, "incubators"), "data"), 0), "id");
    if (!id.n)
        id = jget(attributes, "incubator");
    if (!id.n)
        id = jstr(json_array_get(jget_array(attributes, "incubators"), 0));
    return commons_last_segment(str_trim(id));
}

static const json_t *find_incubator(const json_t *envelope, struct str id)
{
    size_t i;
    const json_t *v;
    json_array_foreach(jget_array(envelope, "included"), i, v)
    {
        if (str_eq(commons_last_segment(jget(v, "id")), id))
            return jget_object(v, "attributes");
    }
    return NULL;
}

static void map_publisher(struct mapper *m, const json_t *o, const json_t *attributes,
                          const json_t *envelope, struct record *r)
{
    struct str id = incubator_of(o, attributes), owner = jget(attributes, "owner");
    const json_t *incubator = id.n ? find_incubator(envelope, id) : NULL;
    struct str name = jget(incubator, "title");
    if (!owner.n)
        owner = jget(incubator, "owner");
    if (!name.n)
        name = owner.n ? owner : id;
    r->publisher.id = map_id(m, KIND_ORGANIZATION, id);
    r->publisher.name = map_line(m, name, NAME_MAX);
    if (r->publisher.name.n)
        r->publisher.kind = STR("public-service");
    if (!str_eq(owner, name))
        map_add_word(m, &r->keywords, owner);
}

// Names and acronyms of the administrations behind the product: ids ("/organisations/dinum") or objects.
static void map_sponsors(struct mapper *m, const json_t *attributes, struct record *r)
{
    size_t i;
    const json_t *v;
    json_array_foreach(jget_array(attributes, "sponsors"), i, v)
    {
        map_add_word(m, &r->keywords, commons_last_segment(jstr(v)));
        map_add_word(m, &r->keywords, jget(v, "name"));
        map_add_word(m, &r->keywords, jget(v, "acronym"));
    }
}

// ---- A product ------------------------------------------------------------------------------------

static void map_product(struct mapper *m, const json_t *o, const json_t *envelope,
                        struct driver_item *item)
{
    const json_t *inside = jget_object(o, "attributes"), *attributes = inside ? inside : o;
    struct str id = commons_last_segment(commons_text(o, "id slug"));
    struct record *r = map_record(m, KIND_SOFTWARE, id, item);
    if (!r)
        return;
    r->title = map_line(m, commons_text(attributes, "name title"), TITLE_MAX);
    if (!r->title.n) {
        map_fail(item, "the product has no name");
        return;
    }
    struct str pitch = commons_text(attributes, "pitch mission"),
               encoded = jget(attributes, "content_url_encoded_markdown"),
               content = encoded.n ? commons_percent_decode(m->arena, encoded)
                                   : jget(attributes, "content");
    r->description = commons_paragraphs(m, (struct str[]){pitch, content}, 2);
    r->language = STR("fr");
    r->type = STR("startup");
    map_phases(m, attributes, r);
    map_publisher(m, o, attributes, envelope, r);
    map_sponsors(m, attributes, r);
    map_add_words(m, &r->themes, commons_any(attributes, "thematiques"));
    map_add_words(m, &r->keywords, commons_any(attributes, "usertypes"));
    map_add_words(m, &r->programming_languages, commons_any(attributes, "technos techno"));
    commons_repository(m, r, commons_any(attributes, "repository"));
    struct str contact = jget(attributes, "contact");
    r->contact_role = contact_role(m->arena, contact, contact);
    struct str page = commons_percent_encode(m->arena, id);
    r->provenance.remote_url = arena_printf(m->arena, "%.*s/startups/%.*s.html",
                                            STR_ARG(commons_site(m, SERVICE)), STR_ARG(page));
    r->landing_page = commons_web(m, attributes, "link");
    if (!r->landing_page.n)
        r->landing_page = r->provenance.remote_url;
}

static const struct commons_list products = {
    .what = "a list of products",
    .arrays = "data",
    .id = "id",
    .once = "\"attributes\"",
    .map = map_product,
};

// startups_details.json: {"<id>": {"id", "name", ...}, ...}
static bool read_details(const struct driver_source *source, struct str body, struct arena *a,
                         struct driver_page *out, struct err *e)
{
    struct mapper m = {.source = source, .arena = a};
    *out = (struct driver_page){.kind = KIND_SOFTWARE, .announced = -1};
    json_t *all = json_read(body, a, &out->repaired, e), *v;
    const char *key;
    if (!all)
        return false;
    out->items = ARENA_ARRAY(a, struct driver_item, json_object_size(all));
    json_object_foreach(all, key, v)
    {
        if (!jget(v, "name").n)
            continue;
        if (!jget(v, "id").n)
            json_object_set_new(v, "id", json_string(key));
        map_product(&m, v, NULL, &out->items[out->item_count++]);
    }
    json_decref(all);
    paging_counts(out, &m);
    return out->item_count > 0 || commons_is_not(products.what, body, e);
}

static bool read_page(const struct driver_source *source, struct str cursor,
                      const struct driver_response *responses, size_t response_count,
                      struct arena *a, struct driver_page *out, struct err *e)
{
    (void)cursor, (void)response_count;
    struct str body = str_trim(responses[0].body);
    if (responses[0].status == 200 && str_starts(body, STR("{")) && !raw_member(body, "data").n)
        return read_details(source, body, a, out, e);
    return commons_read(&products, source, responses, a, out, e);
}

static const struct driver_clue clues[] = {
    {"", {"\"type\":\"startup\"", "\"attributes\":", "\"phases\":"}, false},
    {"/api/v2.6/startups.json", {"\"type\":\"startup\"", "\"attributes\":"}, true},
    {NULL, {NULL}, false}};

const struct driver driver_betagouv = {
    .type = "betagouv",
    .clues = clues,
    .kinds = 1u << KIND_SOFTWARE,
    .main_kind = KIND_SOFTWARE,
    .request = commons_request,
    .read = read_page,
    .files = true,
};
