// The socrata driver: the discovery API of Socrata's portals (Tyler Data & Insights), /api/catalog/v1.
//
// Pages are asked for by offset, ordered by id, up to the 10 000 results that the API pages through so; from there on by scroll_id, the
// id of the last result that came, which takes the same order. The catalogue's own order (relevance) would move during a sweep.
// A portal answers for its own domain; the shared addresses (api.us.socrata.com, api.eu.socrata.com) answer for all of them, or those
// of `domains`.
#include "harvester/drivers/paging.h"
#include "harvester/normalise/contact.h"
#include "harvester/normalise/extent.h"
#include "harvester/normalise/item.h"
#include "harvester/normalise/period.h"
#include "harvester/url.h"

#include <stddef.h>

enum { WALL = 10000, ID_BYTES = 20, HOST_MAX = 253, MESSAGE_MAX = 200 };

struct socrata_options {
    struct strs domains;
};

// ---- Where a sweep stands --------------------------------------------------------------------------

struct position {
    int64_t offset;
    struct str scroll; // the last id; empty below the wall
};

static const struct paging_member members[] = {
    PAGING_INT(offset, 0, INT64_MAX), PAGING_TEXT(scroll), {0}};

static bool position_read(struct str cursor, struct position *p, struct arena *a, struct err *e)
{
    *p = (struct position){0};
    return paging_read(cursor, members, p, a, e);
}

static struct str position_write(struct arena *a, const struct position *p)
{
    return paging_write(a, members, p);
}

// A name that a portal is known by: not an address of numbers, nor a shared address of the API.
static bool is_portal(struct str host)
{
    struct str last = host, part;
    while (str_next(&host, '.', &part))
        last = part;
    bool letters = last.n > 1 && (last.p[0] | 0x20) >= 'a' && (last.p[0] | 0x20) <= 'z';
    return letters && !str_eq(last, STR("localhost"));
}

static struct str domains_of(const struct driver_source *source, struct arena *a)
{
    const struct socrata_options *options = source->config->driver_options;
    struct str host = url_host(a, source->config->url), list = STR_NONE;
    for (size_t i = 0; options && i < options->domains.n; i++)
        list = arena_printf(a, "%.*s%s%.*s", STR_ARG(list), i ? "," : "",
                            STR_ARG(options->domains.v[i]));
    bool shared =
        str_eq(host, STR("api.us.socrata.com")) || str_eq(host, STR("api.eu.socrata.com"));
    return list.n || shared || !is_portal(host) ? list : host;
}

static int64_t page_size(const struct driver_source *source)
{
    int64_t size = source->config->page_size;
    return size < 1 ? 100 : size > 1000 ? 1000 : size;
}

static bool request(const struct driver_source *source, struct str cursor, struct arena *a,
                    struct driver_request *out, struct err *e)
{
    struct position p;
    if (!position_read(cursor, &p, a, e))
        return false;
    struct str domains = domains_of(source, a), url = paging_root(source);
    if (!str_ends(url, STR("/api/catalog/v1")))
        url = arena_printf(a, "%.*s/api/catalog/v1", STR_ARG(url));
    url = arena_printf(a, "%.*s?limit=%lld", STR_ARG(url), (long long)page_size(source));
    if (domains.n)
        url = arena_printf(a, "%.*s&domains=%.*s", STR_ARG(url), STR_ARG(domains));
    if (domains.n && str_find_char(domains, ',') < 0)
        url = arena_printf(a, "%.*s&search_context=%.*s", STR_ARG(url), STR_ARG(domains));
    url = p.scroll.n ? arena_printf(a, "%.*s&scroll_id=%.*s", STR_ARG(url), STR_ARG(p.scroll))
                     : arena_printf(a, "%.*s&offset=%lld&order=dataset_id", STR_ARG(url),
                                    (long long)p.offset);
    out->url = url;
    out->accept = STR("application/json");
    return true;
}

// ---- A result as a record --------------------------------------------------------------------------

// Views, charts, stories are made of data that are there on their own, mostly under parent_fxf.
static enum record_kind kind_of(const json_t *resource)
{
    static const struct str made[] = {STR("story"),         STR("chart"),    STR("calendar"),
                                      STR("visualization"), STR("datalens"), STR("data_lens"),
                                      STR("measure"),       STR("form"),     STR("filter")};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        if (str_eq(jget(resource, "type"), made[i]))
            return KIND_REUSE;
    const json_t *parents = json_object_get(resource, "parent_fxf");
    bool derived = json_is_array(parents) ? json_array_size(parents) > 0 : jstr(parents).n > 0;
    return derived ? KIND_REUSE : KIND_DATASET;
}

static void add_parents(struct mapper *m, const json_t *parents, struct record *r)
{
    size_t i;
    const json_t *v;
    if (json_is_string(parents))
        map_add_relation(m, &r->relations.uses, map_id(m, KIND_DATASET, jstr(parents)));
    json_array_foreach(parents, i, v)
        map_add_relation(m, &r->relations.uses, map_id(m, KIND_DATASET, jstr(v)));
}

static struct str element(const json_t *array, size_t i)
{
    return jstr(json_array_get(array, i));
}

static void map_fields(struct mapper *m, const json_t *resource, struct record *r)
{
    const json_t *names = jget_array(resource, "columns_field_name"), *labels, *types;
    labels = jget_array(resource, "columns_name");
    types = jget_array(resource, "columns_datatype");
    size_t n = json_array_size(names), room = map_columns(m, r, n);
    for (size_t i = 0; i < n; i++)
        if (!str_starts(element(names, i), STR(":"))) // the server's own, computed
            map_add_column(m, r, room, element(names, i), element(labels, i), element(types, i));
}

static bool is_host(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!s.p[i] ||
            !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-", s.p[i]))
            return false;
    return s.n > 0 && s.n <= HOST_MAX;
}

static bool is_id(struct str id) // a "4x4"
{
    for (size_t i = 0; i < id.n; i++)
        if (!id.p[i] || !strchr("abcdefghijklmnopqrstuvwxyz0123456789-", id.p[i]))
            return false;
    return id.n > 0 && id.n <= ID_BYTES;
}

static void add_file(struct mapper *m, struct record *r, size_t room, struct str url,
                     const char *title, const char *format, bool api)
{
    struct distribution *d = map_add_distribution(r, room);
    if (!d)
        return;
    d->title = str_of(title);
    d->url = url;
    d->type = api ? STR("api") : STR_NONE;
    map_format(m, d, str_of(format), STR_NONE);
}

// The platform's own addresses (dev.socrata.com); the list tells none but of what lies elsewhere.
static void map_distributions_of(struct mapper *m, struct str type, struct str domain,
                                 struct str id, struct record *r)
{
    struct arena *a = m->arena;
    size_t room = map_distributions(m, r, 2);
    if (!is_host(domain) || !is_id(id))
        return;
    if (str_eq(type, STR("dataset"))) {
        add_file(m, r, room,
                 arena_printf(a, "https://%.*s/api/views/%.*s/rows.csv?accessType=DOWNLOAD",
                              STR_ARG(domain), STR_ARG(id)),
                 "CSV", "csv", false);
        add_file(m, r, room,
                 arena_printf(a, "https://%.*s/resource/%.*s.json", STR_ARG(domain), STR_ARG(id)),
                 "API", "json", true);
    } else if (str_eq(type, STR("map"))) {
        add_file(m, r, room,
                 arena_printf(a, "https://%.*s/api/geospatial/%.*s?method=export&format=GeoJSON",
                              STR_ARG(domain), STR_ARG(id)),
                 "GeoJSON", "geojson", false);
    }
}

static bool ends_with_word(struct str key, const char *word)
{
    struct str w = str_of(word);
    return key.n >= w.n && str_eq_nocase(str_slice(key.p + key.n - w.n, w.n), w);
}

// The portal's own fields: [{"key": "Common-Core_Update-Frequency", "value": "Monthly"}, ...]; each portal names them as it likes.
static void map_domain_metadata(struct mapper *m, const json_t *pairs, struct record *r)
{
    size_t i;
    const json_t *pair;
    json_array_foreach(pairs, i, pair)
    {
        struct str key = jget(pair, "key"), value = jget(pair, "value");
        if (ends_with_word(key, "frequency") && !r->frequency.n)
            map_frequency(r, value);
        else if (ends_with_word(key, "temporal") || ends_with_word(key, "temporal-applicability") ||
                 ends_with_word(key, "period-of-time"))
            map_period_text(r, value);
        else if (ends_with_word(key, "spatial") || ends_with_word(key, "geographic-coverage") ||
                 ends_with_word(key, "geographic-location"))
            map_extent_text(m, r, value);
        else if ((ends_with_word(key, "publisher") || ends_with_word(key, "department")) &&
                 !r->publisher.name.n)
            map_named_publisher(m, r, value);
        else if (ends_with_word(key, "contact-email") && !r->contact_role.n)
            r->contact_role = contact_role(m->arena, value, value);
    }
}

static void map_themes(struct mapper *m, const json_t *classification, struct record *r)
{
    size_t i;
    const json_t *v;
    map_add_word(m, &r->themes, jget(classification, "domain_category"));
    json_array_foreach(jget_array(classification, "categories"), i, v)
    {
        if (!jget(classification, "domain_category").n)
            map_add_word(m, &r->themes, jstr(v));
    }
}

static void map_result(struct mapper *m, const json_t *o, struct driver_item *item)
{
    const json_t *resource = jget_object(o, "resource"), *metadata = jget_object(o, "metadata"),
                 *classification = jget_object(o, "classification");
    if (!resource) {
        *item = (struct driver_item){0};
        map_fail(item, "the result has no \"resource\" that is an object");
        return;
    }
    enum record_kind kind = kind_of(resource);
    struct str id = jget(resource, "id"), domain = jget(metadata, "domain"),
               type = jget(resource, "type");
    struct record *r = map_record(m, kind, id, item);
    if (!r)
        return;
    r->title = map_line_of(m, resource, "name", TITLE_MAX);
    if (!r->title.n) {
        map_fail(item, "it has no name");
        return;
    }
    r->description = map_block(m, jget(resource, "description"));
    r->type = kind == KIND_REUSE ? text_code(m->arena, type, KEYWORD_MAX) : STR_NONE;
    map_add_words(m, &r->keywords, jget_array(classification, "domain_tags"));
    map_themes(m, classification, r);
    map_named_publisher(m, r, jget(resource, "attribution"));
    r->contact_role = contact_role(m->arena, STR_NONE, jget(resource, "contact_email"));
    map_domain_metadata(m, jget_array(classification, "domain_metadata"), r);
    if (!r->publisher.name.n)
        map_named_publisher(m, r, domain);
    struct str license = jget(metadata, "license");
    map_license(m, r, &license, 1);
    r->access = ACCESS_OPEN; // others are not listed
    r->issued = map_date_of(resource, "publication_date");
    if (r->issued.precision == DATE_NONE)
        r->issued = map_date_of(resource, "createdAt");
    r->modified = map_date_of(resource, "data_updated_at");
    if (r->modified.precision == DATE_NONE)
        r->modified = map_date_of(resource, "updatedAt");
    r->popularity.views = jget_int(jget_object(resource, "page_views"), "page_views_total", -1);
    r->popularity.downloads = jget_int(resource, "download_count", -1);
    map_fields(m, resource, r);
    r->landing_page = map_web_of(m, o, "permalink");
    if (!r->landing_page.n)
        r->landing_page = map_web_of(m, o, "link");
    r->provenance.remote_url = r->landing_page;
    struct str host = url_host(m->arena, m->source->config->url);
    if (domain.n &&
        !str_eq_nocase(domain, host)) // of another portal, or the address is a shared one
        r->provenance.origin_url = r->landing_page;
    add_parents(m, json_object_get(resource, "parent_fxf"), r);
    if (kind == KIND_DATASET)
        map_distributions_of(m, type, domain, id, r);
}

// ---- Reading a page --------------------------------------------------------------------------------

static void read_item(struct mapper *m, struct str text, struct driver_page *out)
{
    struct driver_item *item = &out->items[out->item_count++];
    json_t *o = map_item_json(m, KIND_DATASET, text, "id", 2, &out->repaired, item);
    if (!o)
        return;
    map_result(m, o, item);
    if (item->record && !paging_wants(m->source, item->record->kind)) {
        item->record = NULL;
        item->skipped = true;
    }
    json_decref(o);
}

// The id of the last result, also of one that could not be read. {NULL, 0} when it is none that an address can hold.
static struct str last_id(const struct driver_source *source, const struct driver_page *page)
{
    if (!page->item_count)
        return STR_NONE;
    struct str id = page->items[page->item_count - 1].id;
    size_t prefix = source->config->name.n + 1;
    if (id.n <= prefix)
        return STR_NONE;
    id = str_slice(id.p + prefix, id.n - prefix);
    if (str_starts(id, STR("reuse.")))
        id = str_slice(id.p + 6, id.n - 6);
    return is_id(id) ? id : STR_NONE;
}

static bool read_page(const struct driver_source *source, struct str cursor,
                      const struct driver_response *responses, size_t response_count,
                      struct arena *a, struct driver_page *out, struct err *e)
{
    struct position p;
    struct json_page page;
    struct mapper m = {.source = source, .arena = a};
    (void)response_count;
    *out = (struct driver_page){.kind = KIND_COUNT, .announced = -1};
    if (!position_read(cursor, &p, a, e))
        return false;
    struct str said = STR_NONE;
    if (responses[0].status != 200) {
        said = paging_fault(responses[0].body, a);
        err_set(e, ERR_HTTP, "the discovery API answers %d%s%.*s", responses[0].status,
                said.n ? ": " : "", STR_ARG(said));
        if (e)
            e->http_status = responses[0].status;
        return err_hint(e, "the url must be the root of a Socrata portal, or api.us.socrata.com "
                           "or api.eu.socrata.com with the portal under `domains`");
    }
    if (!json_page_split(responses[0].body, "results", a, &page, e)) {
        said = paging_fault(responses[0].body, a);
        return said.n ? err_set(e, ERR_PARSE, "the discovery API answers: %.*s", STR_ARG(said))
                      : false;
    }
    out->announced = jget_int(page.envelope, "resultSetSize", -1);
    json_decref(page.envelope);
    out->items = ARENA_ARRAY(a, struct driver_item, page.items.n);
    for (size_t i = 0; i < page.items.n; i++)
        read_item(&m, page.items.v[i], out);
    paging_counts(out, &m);
    if (p.scroll.n) // of what is behind the scroll_id, or of all: servers differ
        out->announced = -1;

    int64_t count = (int64_t)page.items.n, next = p.offset + count;
    // A server may count no further than it pages.
    bool all =
        !p.scroll.n && out->announced >= 0 && out->announced != WALL && next >= out->announced;
    if (!count || all)
        return true;
    struct position behind = {.offset = next};
    if (p.scroll.n || next + page_size(source) > WALL) {
        behind.scroll = last_id(source, out);
        if (!behind.scroll.n)
            return err_set(e, ERR_PARSE,
                           "past %d results the list goes on behind the last id, and "
                           "the last result tells none",
                           WALL);
        if (str_eq(behind.scroll, p.scroll)) // it does not scroll
            return true;
    }
    out->next = position_write(a, &behind);
    return true;
}

static struct str behind(const struct driver_source *source, struct str cursor, struct arena *a)
{
    struct position p;
    if (!position_read(cursor, &p, a, NULL) || p.scroll.n)
        return STR_NONE;
    p.offset += page_size(source);
    return p.offset + page_size(source) > WALL ? STR_NONE : position_write(a, &p);
}

static bool check_domain(struct str value, struct err *e)
{
    return is_host(value) || err_set(e, ERR_CONFIG, "it must be the name of a host");
}

static const struct conf_key keys[] = {
    {.name = "domains",
     .type = CONF_STRINGS,
     .offset = offsetof(struct socrata_options, domains),
     .max = 100,
     .check = check_domain,
     .help = "Portals whose assets are listed, by their host name. By default the host of the url; "
             "every portal when that is api.us.socrata.com or api.eu.socrata.com."},
    {0},
};

static const struct driver_clue clues[] = {
    {"/api/catalog/v1?limit=1", {"\"resultSetSize\":", "\"results\":["}, false},
    {NULL, {NULL}, false}};

const struct driver driver_socrata = {
    .type = "socrata",
    .clues = clues,
    .kinds = 1u << KIND_DATASET | 1u << KIND_REUSE,
    .main_kind = KIND_DATASET,
    .keys = keys,
    .options_size = sizeof(struct socrata_options),
    .request = request,
    .read = read_page,
    .behind = behind,
};
