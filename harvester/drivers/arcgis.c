// The arcgis driver: sites of ArcGIS Hub, by their search API (OGC API Records in its style, developers.arcgis.com/hub/services/search),
// and where a site does not have it (404), by its feed of DCAT-US 1.1.
//
// The collection "all" is asked for first; sites that have none of that name have "dataset". Pages go by startindex, from 1; the
// links of a page only tell whether there is more. Ids are the same whichever way they came: the item's, "<32 digits>" or
// "<32 digits>_<layer>", which the feed writes as "https://www.arcgis.com/home/item.html?id=<32 digits>&sublayer=<layer>".
#include "base/html.h"
#include "harvester/drivers/datajson/datajson.h"
#include "harvester/drivers/paging.h"
#include "harvester/normalise/extent.h"
#include "harvester/normalise/item.h"

#include <stddef.h>

enum { LIMIT_MAX = 100, ITEM_DIGITS = 32, COLLECTION_MAX = 60, CREDITS_MAX = 120 };

struct arcgis_options {
    struct str collection;
};

// ---- Where a sweep stands --------------------------------------------------------------------------

enum way { WAY_FIRST, WAY_DATASETS, WAY_FEED, WAY_COUNT }; // each where the one before is not there

struct position {
    int64_t way, start;
};

static const struct paging_member members[] = {
    PAGING_INT(way, 0, WAY_COUNT - 1), PAGING_INT(start, 1, INT64_MAX), {0}};

static bool position_read(struct str cursor, struct position *p, struct arena *a, struct err *e)
{
    *p = (struct position){.start = 1};
    return paging_read(cursor, members, p, a, e);
}

static struct str position_write(struct arena *a, int64_t way, int64_t start)
{
    return paging_write(a, members, &(struct position){way, start});
}

static int64_t limit_of(const struct driver_source *source)
{
    int64_t size = source->config->page_size;
    return size < 1 || size > LIMIT_MAX ? LIMIT_MAX : size;
}

static struct str collection_of(const struct driver_source *source)
{
    const struct arcgis_options *options = source->config->driver_options;
    return options && options->collection.n ? options->collection : STR("all");
}

static bool request(const struct driver_source *source, struct str cursor, struct arena *a,
                    struct driver_request *out, struct err *e)
{
    struct position p;
    if (!position_read(cursor, &p, a, e))
        return false;
    struct str root = paging_root(source);
    out->accept = STR("application/json, application/geo+json");
    if (p.way == WAY_FEED) {
        out->url = arena_printf(a, "%.*s/api/feed/dcat-us/1.1.json", STR_ARG(root));
        return true;
    }
    struct str collection = p.way == WAY_FIRST ? collection_of(source) : STR("dataset");
    out->url = arena_printf(
        a, "%.*s/api/search/v1/collections/%.*s/items?limit=%lld&startindex=%lld", STR_ARG(root),
        STR_ARG(collection), (long long)limit_of(source), (long long)p.start);
    return true;
}

// ---- An item as a record ---------------------------------------------------------------------------

static bool is_one_of(struct str word, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(word, words[i]))
            return true;
    return false;
}
#define IS_ONE_OF(word, words) is_one_of((word), (words), sizeof(words) / sizeof *(words))

// The site's own pages, which are no content of it.
static bool is_site(struct str type)
{
    static const struct str words[] = {STR("Hub Site Application"), STR("Hub Page"),
                                       STR("Site Application"),     STR("Site Page"),
                                       STR("Hub Initiative"),       STR("Hub Project")};
    return IS_ONE_OF(type, words);
}

static bool is_map(struct str type)
{
    static const struct str words[] = {STR("Web Map"), STR("Web Scene"), STR("Map Package")};
    return IS_ONE_OF(type, words);
}

static bool is_app(struct str type)
{
    static const struct str words[] = {
        STR("Web Mapping Application"), STR("Dashboard"),     STR("StoryMap"),
        STR("Web Experience"),          STR("Application"),   STR("Web Experience Template"),
        STR("Operation View"),          STR("Insights Page"), STR("Mobile Application"),
        STR("Desktop Application"),     STR("Form"),          STR("Solution"),
        STR("StoryMap Theme"),          STR("Code Sample"),   STR("Excalibur Imagery Project"),
    };
    return IS_ONE_OF(type, words);
}

static bool is_service(struct str type)
{
    return str_ends(type, STR(" Service")) || str_ends(type, STR(" Layer")) ||
           str_eq(type, STR("Table")) || str_eq(type, STR("WMS")) || str_eq(type, STR("WFS"));
}

static bool is_document(struct str type)
{
    static const struct str words[] = {
        STR("PDF"),           STR("Microsoft Word"), STR("Microsoft Powerpoint"),
        STR("Document Link"), STR("Image"),          STR("Statistical Data Collection"),
        STR("iWork Pages")};
    return IS_ONE_OF(type, words);
}

static bool is_digits(struct str s, const char *digits)
{
    for (size_t i = 0; i < s.n; i++)
        if (!s.p[i] || !strchr(digits, s.p[i]))
            return false;
    return s.n > 0;
}

// "<32 digits>" and "<32 digits>_<layer>" cut. False for anything else.
static bool cut_id(struct str id, struct str *item, struct str *layer)
{
    if (id.n < ITEM_DIGITS)
        return false;
    *item = str_slice(id.p, ITEM_DIGITS);
    *layer = str_slice(id.p + ITEM_DIGITS, id.n - ITEM_DIGITS);
    if (!is_digits(*item, "0123456789abcdef"))
        return false;
    if (!layer->n)
        return true;
    *layer = str_slice(layer->p + 1, layer->n - 1);
    return id.p[ITEM_DIGITS] == '_' && layer->n <= 5 && is_digits(*layer, "0123456789");
}

// What the item is called everywhere: its page at ArcGIS Online, as the feeds write it.
static struct str global_id(struct arena *a, struct str id)
{
    struct str item, layer;
    if (!cut_id(id, &item, &layer))
        return STR_NONE;
    return layer.n
               ? arena_printf(a, "https://www.arcgis.com/home/item.html?id=%.*s&sublayer=%.*s",
                              STR_ARG(item), STR_ARG(layer))
               : arena_printf(a, "https://www.arcgis.com/home/item.html?id=%.*s", STR_ARG(item));
}

// And back; also from its page at a site, "<site>/datasets/<id>", as older feeds write it.
static struct str item_id(struct arena *a, struct str uri)
{
    const struct str between = STR("&sublayer=");
    struct str before = STR("/home/item.html?id=");
    ptrdiff_t at = str_find(uri, before);
    if (at < 0) {
        before = STR("/datasets/");
        at = str_find(uri, before);
    }
    if (at < 0)
        return STR_NONE;
    struct str id = str_slice(uri.p + (size_t)at + before.n, uri.n - (size_t)at - before.n);
    ptrdiff_t cut = str_find(id, between);
    if (cut >= 0)
        id = arena_printf(a, "%.*s_%.*s", (int)cut, id.p, (int)(id.n - (size_t)cut - between.n),
                          id.p + (size_t)cut + between.n);
    struct str item, layer;
    return cut_id(id, &item, &layer) ? arena_str(a, id) : STR_NONE;
}

static struct str landing_page(struct mapper *m, const json_t *properties, struct str id,
                               enum record_kind kind)
{
    struct str type = jget(properties, "type"), item, layer;
    if (!cut_id(id, &item, &layer))
        return map_web_of(m, properties, "url");
    const char *folder = is_map(type)         ? "maps"
                         : kind == KIND_REUSE ? "apps"
                         : is_document(type)  ? "documents"
                                              : "datasets";
    return arena_printf(m->arena, "%.*s/%s/%.*s", STR_ARG(paging_root(m->source)), folder,
                        STR_ARG(id));
}

// Of a licence told in HTML: the first address that it links to.
static struct str first_link(struct str html)
{
    for (size_t i = 0; i < html.n; i++) {
        struct str name;
        bool closing;
        size_t n =
            html.p[i] == '<' ? html_tag(str_slice(html.p + i, html.n - i), &name, &closing) : 0;
        if (n && !closing && str_eq_nocase(name, STR("a")))
            return html_attribute(str_slice(html.p + i, n), "href");
    }
    return STR_NONE;
}

static void map_licenses(struct mapper *m, const json_t *properties, struct record *r)
{
    static const struct str nothing[] = {STR("none"), STR("custom"), STR("null")};
    struct str info = jget(properties, "licenseInfo"), code = jget(properties, "license");
    struct str texts[] = {
        IS_ONE_OF(str_trim(code), nothing) ? STR_NONE : code,
        jget(jget_object(properties, "structuredLicense"), "url"),
        first_link(info),
        text_is_html(info) ? text_from_html(m->arena, info) : info,
    };
    map_license(m, r, texts, sizeof texts / sizeof *texts);
}

// The organization: an account's name (`owner`) may be a person's.
static void map_publisher(struct mapper *m, const json_t *properties, struct record *r)
{
    static const char *const keys[] = {"source", "orgName", "orgTitle", "organization"};
    struct str credits = jget(properties, "accessInformation");
    for (size_t i = 0; i < sizeof keys / sizeof *keys && !r->publisher.name.n; i++)
        map_named_publisher(m, r, jget(properties, keys[i]));
    if (text_is_html(credits))
        credits = text_from_html(m->arena, credits);
    if (!r->publisher.name.n && str_trim(credits).n <= CREDITS_MAX) // longer ones are sentences
        map_named_publisher(m, r, credits);
}

// "/Categories/Environnement/Eau": the last word of each.
static void add_category(struct mapper *m, struct record *r, struct str path)
{
    struct str part, last = STR_NONE;
    while (str_next(&path, '/', &part))
        last = str_trim(part).n ? part : last;
    if (!str_eq_nocase(last, STR("Categories")))
        map_add_word(m, &r->themes, last);
}

static struct date date_of(const json_t *properties, const char *key)
{
    struct date d = map_date_of(properties, key);
    int64_t milliseconds = jget_int(properties, key, -1);
    if (d.precision == DATE_NONE && milliseconds > 0)
        date_from_millis(milliseconds, &d);
    return d;
}

static void map_fields(struct mapper *m, const json_t *properties, struct record *r)
{
    const json_t *fields = jget_array(properties, "fields"), *f;
    if (!fields)
        fields = jget_array(jget_object(properties, "layer"), "fields");
    size_t i, room = map_columns(m, r, json_array_size(fields));
    json_array_foreach(fields, i, f)
        map_add_column(m, r, room, jget(f, "name"), jget(f, "alias"), jget(f, "type"));
}

static void map_data(struct mapper *m, const json_t *properties, struct str id, struct record *r)
{
    struct str type = jget(properties, "type"), item, layer, url = map_web_of(m, properties, "url");
    size_t room = map_distributions(m, r, 1);
    bool stored = cut_id(id, &item, &layer);
    struct distribution *d = url.n || stored ? map_add_distribution(r, room) : NULL;
    if (!d)
        return;
    d->title = map_line(m, type, NAME_MAX);
    d->url = url;
    if (!url.n) // a file that was put there
        d->url = arena_printf(
            m->arena, "https://www.arcgis.com/sharing/rest/content/items/%.*s/data", STR_ARG(item));
    d->type = is_service(type) ? STR("api") : STR_NONE;
    map_format(m, d, type, STR_NONE);
    d->byte_size = jget_int(properties, "size", -1);
    if (d->byte_size <= 0)
        d->byte_size = -1;
}

static struct str language_of(struct mapper *m, const json_t *properties)
{
    struct str culture = text_code(m->arena, jget(properties, "culture"), 20);
    bool good = culture.n >= 2 && (culture.n == 2 || culture.p[2] == '-' || culture.p[2] == '_');
    return good && is_digits(str_slice(culture.p, 2), "abcdefghijklmnopqrstuvwxyz")
               ? arena_str(m->arena, str_slice(culture.p, 2))
               : STR_NONE;
}

static void map_feature(struct mapper *m, const json_t *o, struct driver_item *item)
{
    const json_t *properties = jget_object(o, "properties"), *v;
    size_t i;
    struct str id = jget(o, "id"), type = jget(properties, "type");
    if (!id.n)
        id = jget(properties, "id");
    enum record_kind kind = is_map(type) || is_app(type) ? KIND_REUSE : KIND_DATASET;
    struct record *r = map_record(m, kind, id, item);
    if (!r)
        return;
    if (is_site(type)) {
        item->record = NULL;
        item->skipped = true;
        return;
    }
    r->title = map_line_of(m, properties, "title", TITLE_MAX);
    if (!r->title.n)
        r->title = map_line_of(m, properties, "name", TITLE_MAX);
    if (!r->title.n) {
        map_fail(item, "it has no title");
        return;
    }
    r->description = map_block(m, jget(properties, "description"));
    if (!r->description.n)
        r->description = map_block(m, jget(properties, "snippet"));
    r->type = kind == KIND_REUSE ? map_line(m, type, KEYWORD_MAX) : STR_NONE;
    r->language = language_of(m, properties);
    map_add_words(m, &r->keywords, json_object_get(properties, "tags"));
    json_array_foreach(jget_array(properties, "categories"), i, v) add_category(m, r, jstr(v));
    map_publisher(m, properties, r);
    map_licenses(m, properties, r);
    struct str access = jget(properties, "access");
    r->access = !access.n                       ? ACCESS_UNKNOWN
                : str_eq(access, STR("public")) ? ACCESS_OPEN
                                                : ACCESS_RESTRICTED;
    r->issued = date_of(properties, "created");
    r->modified = date_of(properties, "modified"); // moves with every republication
    r->popularity.views = jget_int(properties, "numViews", -1);
    map_extent(m, r, json_object_get(properties, "extent"));
    if (!r->spatial.has_bbox)
        map_extent(m, r, json_object_get(o, "geometry"));
    map_fields(m, properties, r);
    r->landing_page = landing_page(m, properties, id, kind);
    r->provenance.remote_url = r->landing_page;
    r->provenance.origin_id = global_id(m->arena, id);
    if (kind == KIND_DATASET)
        map_data(m, properties, id, r);
}

// A dataset of the feed, under the id that the search API has for it.
static void map_fed(struct mapper *m, json_t *o, struct driver_item *item)
{
    struct str uri = datajson_id(m->arena, o), id = item_id(m->arena, uri);
    if (id.n)
        json_object_set_new(o, "identifier", json_stringn(id.p, id.n));
    if (datajson_map(m, KIND_DATASET, o, item) && id.n)
        item->record->provenance.origin_id = global_id(m->arena, id);
}

// ---- Reading a page --------------------------------------------------------------------------------

static void read_item(struct mapper *m, int64_t way, struct str text, struct driver_page *out)
{
    struct driver_item *item = &out->items[out->item_count++];
    json_t *o = map_item_json(m, KIND_DATASET, text, way == WAY_FEED ? "identifier" : "id", 1,
                              &out->repaired, item);
    if (!o)
        return;
    if (way == WAY_FEED)
        map_fed(m, o, item);
    else
        map_feature(m, o, item);
    if (item->record && !paging_wants(m->source, item->record->kind)) {
        item->record = NULL;
        item->skipped = true;
    }
    json_decref(o);
}

static bool has_next_link(const json_t *envelope)
{
    size_t i;
    const json_t *link;
    json_array_foreach(jget_array(envelope, "links"), i, link)
    {
        if (str_eq(jget(link, "rel"), STR("next")))
            return true;
    }
    return false;
}

// Nothing is there: another way, while there is one and nothing was read on this one.
static bool not_there(const struct position *p, int status, struct arena *a,
                      struct driver_page *out, struct err *e)
{
    if (p->start == 1 && p->way + 1 < WAY_COUNT) {
        out->next = position_write(a, p->way + 1, 1);
        return true;
    }
    err_set(e, ERR_HTTP,
            p->way == WAY_FEED ? "neither the search API nor the DCAT-US feed is there (%d)"
                               : "the search API answers %d in the middle of the list",
            status);
    if (e)
        e->http_status = status;
    return err_hint(e, "the url must be the root of a site of ArcGIS Hub");
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
    if (responses[0].status != 200)
        return not_there(&p, responses[0].status, a, out, e);
    const char *list = p.way == WAY_FEED ? "dataset" : "features";
    if (!json_page_split(responses[0].body, list, a, &page, e)) {
        struct str said = paging_fault(responses[0].body, a);
        return said.n ? err_set(e, ERR_PARSE, "the site answers: %.*s", STR_ARG(said)) : false;
    }
    out->items = ARENA_ARRAY(a, struct driver_item, page.items.n);
    for (size_t i = 0; i < page.items.n; i++)
        read_item(&m, p.way, page.items.v[i], out);
    paging_counts(out, &m);
    int64_t next = p.start + (int64_t)page.items.n;
    if (p.way != WAY_FEED) {
        out->announced = jget_int(page.envelope, "numberMatched", -1);
        bool more = out->announced >= 0 ? next <= out->announced : has_next_link(page.envelope);
        if (page.items.n && more)
            out->next = position_write(a, p.way, next);
    }
    json_decref(page.envelope);
    return true;
}

static struct str behind(const struct driver_source *source, struct str cursor, struct arena *a)
{
    struct position p;
    if (!position_read(cursor, &p, a, NULL) || p.way == WAY_FEED)
        return STR_NONE;
    return position_write(a, p.way, p.start + limit_of(source));
}

static bool check_collection(struct str value, struct err *e)
{
    return is_digits(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ||
           err_set(e, ERR_CONFIG, "it must be letters, digits, - and _");
}

static const struct conf_key keys[] = {
    {.name = "collection",
     .type = CONF_STRING,
     .offset = offsetof(struct arcgis_options, collection),
     .max = COLLECTION_MAX,
     .preset = "all",
     .check = check_collection,
     .help = "Which collection of the site is listed: all, dataset, document, appAndMap, or one of "
             "its own."},
    {0},
};

static const struct driver_clue clues[] = {{"/api/search/v1/collections/all/items?limit=1",
                                            {"\"FeatureCollection\"", "\"features\":["},
                                            false},
                                           {NULL, {NULL}, false}};

const struct driver driver_arcgis = {
    .type = "arcgis",
    .clues = clues,
    .kinds = 1u << KIND_DATASET | 1u << KIND_REUSE,
    .main_kind = KIND_DATASET,
    .keys = keys,
    .options_size = sizeof(struct arcgis_options),
    .request = request,
    .read = read_page,
    .behind = behind,
};
