// The csw driver: OGC Catalogue Services 2.0.2 (07-006r1), GetRecords by POST, page after page, sorted by identifier where the server can. It
// also reads files: answers that were kept, bare metadata, collections of them.
//
// What servers say of the next page cannot be trusted alone: nextRecord is 0 at the end, or 0 always, or beyond the end, or where we
// are, or missing. The number of records that matched decides where there is one. Exceptions come with HTTP 200; one that is about
// sorting, or about the schema that was asked for, makes the sweep start again without it.
#include "harvester/drivers/csw/xml_items.h"
#include "harvester/drivers/paging.h"
#include "harvester/url.h"

#include <stddef.h>

enum csw_schema { CSW_ISO, CSW_ISO_3, CSW_DCAT, CSW_DUBLIN_CORE };
enum csw_sort { CSW_BY_IDENTIFIER, CSW_BY_APISO, CSW_UNSORTED };

struct csw_options {
    unsigned schema, sort;
    int64_t max_records;
    struct str record_url;
};

static const struct str schemas[] = {
    [CSW_ISO] = STR("http://www.isotc211.org/2005/gmd"),
    [CSW_ISO_3] = STR("http://standards.iso.org/iso/19115/-3/mdb/2.0"),
    [CSW_DCAT] = STR("http://www.w3.org/ns/dcat#"),
    [CSW_DUBLIN_CORE] = STR("http://www.opengis.net/cat/csw/2.0.2"),
};

static const struct csw_options *options_of(const struct driver_source *source)
{
    return source->config->driver_options;
}

// ---- Where a sweep stands -------------------------------------------------------------------------

struct position {
    int64_t start;        // of the page's first record, from 1
    int64_t schema, sort; // enum csw_schema, enum csw_sort
    int64_t matched;      // records in all, as a page before this one said; 0: unknown
};

static const struct paging_member members[] = {PAGING_INT(start, 1, INT64_MAX),
                                               PAGING_INT(schema, 0, CSW_DUBLIN_CORE),
                                               PAGING_INT(sort, 0, CSW_UNSORTED),
                                               PAGING_INT(matched, 0, INT64_MAX),
                                               {0}};

static bool position_read(const struct driver_source *source, struct str cursor, struct position *p,
                          struct arena *a, struct err *e)
{
    const struct csw_options *options = options_of(source);
    *p = (struct position){1, options->schema, options->sort, 0};
    return paging_read(cursor, members, p, a, e);
}

static struct str position_write(struct arena *a, const struct position *p)
{
    return paging_write(a, members, p);
}

// ---- Asking -------------------------------------------------------------------------------------------

// The service's address without what a GetCapabilities link says: some servers prefer it to the body of a POST.
static struct str service_url(const struct driver_source *source, struct arena *a)
{
    static const struct str dropped[] = {STR("service"), STR("request"), STR("version"),
                                         STR("acceptversions"), STR("outputschema")};
    struct str url = source->config->url, rest, part;
    ptrdiff_t question = str_find_char(url, '?');
    if (question < 0)
        return url;
    struct str kept = str_slice(url.p, (size_t)question);
    rest = str_slice(url.p + question + 1, url.n - (size_t)question - 1);
    char separator = '?';
    while (str_next(&rest, '&', &part)) {
        struct str whole = part, name;
        bool drop = part.n == 0;
        str_next(&part, '=', &name);
        for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
            drop = drop || str_eq_nocase(name, dropped[i]);
        if (drop)
            continue;
        kept = arena_printf(a, "%.*s%c%.*s", STR_ARG(kept), separator, STR_ARG(whole));
        separator = '&';
    }
    return arena_str(a, kept);
}

static bool request(const struct driver_source *source, struct str cursor, struct arena *a,
                    struct driver_request *out, struct err *e)
{
    static const char *const sorts[] = {
        [CSW_BY_IDENTIFIER] = "dc:identifier",
        [CSW_BY_APISO] = "apiso:Identifier",
    };
    struct position p;
    if (!position_read(source, cursor, &p, a, e))
        return false;
    struct str sort = STR("");
    if (p.sort != CSW_UNSORTED)
        sort = arena_printf(a,
                            "<ogc:SortBy><ogc:SortProperty><ogc:PropertyName>%s"
                            "</ogc:PropertyName><ogc:SortOrder>ASC</ogc:SortOrder>"
                            "</ogc:SortProperty></ogc:SortBy>",
                            sorts[p.sort]);
    out->url = service_url(source, a);
    out->accept = STR("application/xml, text/xml");
    out->content_type = STR("application/xml; charset=utf-8");
    out->body = arena_printf(
        a,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<csw:GetRecords xmlns:csw=\"http://www.opengis.net/cat/csw/2.0.2\""
        " xmlns:ogc=\"http://www.opengis.net/ogc\""
        " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
        " xmlns:gmd=\"http://www.isotc211.org/2005/gmd\""
        " xmlns:apiso=\"http://www.opengis.net/cat/csw/apiso/1.0\""
        " service=\"CSW\" version=\"2.0.2\" resultType=\"results\""
        " outputFormat=\"application/xml\" outputSchema=\"%.*s\""
        " startPosition=\"%lld\" maxRecords=\"%lld\">\n"
        "<csw:Query typeNames=\"csw:Record\"><csw:ElementSetName>full</csw:ElementSetName>%.*s"
        "</csw:Query>\n"
        "</csw:GetRecords>\n",
        STR_ARG(schemas[p.schema]), (long long)p.start, (long long)options_of(source)->max_records,
        STR_ARG(sort));
    return true;
}

// A record that the server stumbles over takes its page with it. Where not even the first two can be read, it is the service that fails.
static struct str behind(const struct driver_source *source, struct str cursor, struct arena *a)
{
    struct position p;
    if (!position_read(source, cursor, &p, a, NULL) || p.start > (p.matched ? p.matched : 1))
        return STR_NONE;
    p.start += options_of(source)->max_records;
    return position_write(a, &p);
}

// ---- The record's own addresses -----------------------------------------------------------------------

// What map_id put before and after it taken off; empty when the id was cut.
static struct str remote_of(const struct driver_source *source, struct str id,
                            enum record_kind kind)
{
    size_t skip = source->config->name.n + 1;
    if (kind != source->main_kind)
        skip += record_kind_name(kind).n + 1;
    struct str remote = id.n > skip ? str_slice(id.p + skip, id.n - skip) : STR_NONE;
    return remote.n < REMOTE_ID_MAX ? remote : STR_NONE;
}

static struct str by_id_url(const struct driver_source *source, struct str remote, struct arena *a)
{
    const struct csw_options *options = options_of(source);
    const struct {
        struct str name, value;
    } parameters[] = {
        {STR("service"), STR("CSW")},
        {STR("version"), STR("2.0.2")},
        {STR("request"), STR("GetRecordById")},
        {STR("elementSetName"), STR("full")},
        {STR("outputSchema"), schemas[options->schema]},
        {STR("id"), remote},
    };
    struct str url = service_url(source, a);
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        url = url_query_append(a, url, parameters[i].name, parameters[i].value);
    return url;
}

// Where people read about the record: the configuration's pattern; of GeoNetwork, its page; else the catalogue's own answer.
static struct str page_url(const struct driver_source *source, struct str remote, struct arena *a)
{
    struct str pattern = options_of(source)->record_url, url = source->config->url;
    const struct str place = STR("{id}"), geonetwork = STR("/srv/");
    ptrdiff_t at = str_find(pattern, place), srv = str_find(url, geonetwork);
    if (at >= 0)
        return arena_printf(a, "%.*s%.*s%.*s", (int)at, pattern.p, STR_ARG(remote),
                            (int)(pattern.n - (size_t)at - place.n), pattern.p + at + place.n);
    if (pattern.n)
        return arena_printf(a, "%.*s%.*s", STR_ARG(pattern), STR_ARG(remote));
    if (srv > 0)
        return arena_printf(a, "%.*s/srv/api/records/%.*s", (int)srv, url.p, STR_ARG(remote));
    return url_is_web(url) ? by_id_url(source, remote, a) : STR_NONE;
}

static void set_pages(const struct driver_source *source, struct xml_items *items)
{
    for (size_t i = 0; i < items->n; i++) {
        struct record *r = items->v[i].record;
        struct str remote = r ? remote_of(source, r->id, r->kind) : STR_NONE;
        if (!remote.n)
            continue;
        if (!r->provenance.remote_url.n)
            r->provenance.remote_url =
                map_web(&items->mapper, page_url(source, remote, items->mapper.arena));
        if (!r->landing_page.n) // of a file, what it names itself
            r->landing_page = r->provenance.remote_url.n
                                  ? r->provenance.remote_url
                                  : map_web(&items->mapper, r->provenance.origin_id);
    }
}

// ---- Reading a page -----------------------------------------------------------------------------------

static bool contains(struct str text, const char *part)
{
    struct str p = str_of(part);
    for (size_t i = 0; i + p.n <= text.n; i++)
        if (str_eq_nocase(str_slice(text.p + i, p.n), p))
            return true;
    return false;
}

// Where to begin again after an exception. False: it is about something else.
static bool begin_again(struct position *p, struct str exception)
{
    bool sort = contains(exception, "sort") || contains(exception, "identifier") ||
                contains(exception, "PropertyName");
    if (p->sort != CSW_UNSORTED && sort) {
        p->sort++;
    } else if (p->schema == CSW_ISO && contains(exception, "schema")) {
        p->schema = CSW_DUBLIN_CORE;
    } else {
        return false;
    }
    p->start = 1;
    return true;
}

static int64_t number(const struct xml_node *node, const char *name)
{
    int64_t n;
    return str_to_int(xml_attribute(node, NULL, name), 0, INT32_MAX, &n) ? n : -1;
}

// Where the next page starts; 0 at the end. `shown`: records of this page, by count.
static int64_t next_start(const struct xml_node *results, int64_t start, int64_t shown,
                          int64_t asked)
{
    int64_t matched = number(results, "numberOfRecordsMatched");
    int64_t returned = number(results, "numberOfRecordsReturned");
    int64_t next = number(results, "nextRecord");
    if (returned > shown && returned <= asked) // some could not be shown
        shown = returned;
    if (matched <= 0 && shown > 0) { // nothing to go by but the next record, or a full page
        if (next > start || next == 0)
            return next;
        return shown >= asked ? start + shown : 0;
    }
    int64_t after = start + shown;
    if (next > after && next <= matched)
        after = next;
    return after > start && after <= matched ? after : 0;
}

static void read_results(const struct driver_source *source, const struct xml_node *results,
                         const struct position *p, struct xml_items *items, struct driver_page *out)
{
    int64_t shown = 0;
    for (const struct xml_node *child = results->first; child; child = child->next, shown++)
        xml_items_add(items, child, STR_NONE);
    struct position next = *p;
    next.start = next_start(results, p->start, shown, options_of(source)->max_records);
    out->announced = number(results, "numberOfRecordsMatched");
    next.matched = out->announced > 0 ? out->announced : p->matched;
    if (next.start)
        out->next = position_write(items->mapper.arena, &next);
}

static bool is_file(const struct driver_source *source)
{
    return !str_starts(source->config->url, STR("http"));
}

static struct str file_name(struct str url)
{
    for (size_t i = url.n; i-- > 0;)
        if (url.p[i] == '/')
            return str_slice(url.p + i + 1, url.n - i - 1);
    return url;
}

static bool read_file(const struct xml_node *root, struct str url, struct xml_items *items,
                      struct err *e)
{
    xml_items_add_all(items, root, file_name(url));
    return items->n || err_set(e, ERR_PARSE, "no record of a catalogue, but <%.*s>",
                               STR_ARG(str_cut_utf8(root->name, 100)));
}

static bool read_page(const struct driver_source *source, struct str cursor,
                      const struct driver_response *responses, size_t response_count,
                      struct arena *a, struct driver_page *out, struct err *e)
{
    (void)response_count;
    struct position p;
    struct str exception;
    *out = (struct driver_page){.kind = KIND_COUNT, .announced = -1};
    if (!position_read(source, cursor, &p, a, e))
        return false;
    if (responses[0].status != 200) {
        err_set(e, ERR_HTTP, "the catalogue answers %d", responses[0].status);
        if (e)
            e->http_status = responses[0].status;
        return err_hint(e, "the address of a CSW mostly ends with /csw");
    }
    struct xml_node *root = xml_answer(responses[0].body, a, e);
    if (!root)
        return false;
    if (xml_exception(root, a, &exception)) {
        if (!is_file(source) && begin_again(&p, exception)) {
            out->next = position_write(a, &p);
            return true;
        }
        return err_set(e, ERR_PARSE, "the catalogue answers with an exception: %.*s",
                       STR_ARG(exception));
    }
    struct xml_items items = {.mapper = {.source = source, .arena = a}};
    const struct xml_node *results = xml_child(root, NULL, "SearchResults");
    if (is_file(source)) {
        if (!read_file(root, responses[0].url, &items, e))
            return false;
    } else if (results) {
        read_results(source, results, &p, &items, out);
    } else {
        err_set(e, ERR_PARSE, "not the GetRecordsResponse that was asked for, but <%.*s>",
                STR_ARG(str_cut_utf8(root->name, 100)));
        return err_hint(e, "the address must be that of the service, mostly ending with /csw");
    }
    set_pages(source, &items);
    xml_items_page(&items, out);
    return true;
}

// ---- One record ---------------------------------------------------------------------------------------

static bool probe(const struct driver_source *source, struct str id, enum record_kind kind,
                  struct arena *a, struct driver_request *out)
{
    struct str remote = remote_of(source, id, kind);
    if (is_file(source) || !remote.n)
        return false;
    out->url = by_id_url(source, remote, a);
    out->accept = STR("application/xml, text/xml");
    return out->url.n > 0;
}

// An answer without a record says nothing: it may be hidden while somebody edits it.
static enum driver_presence probe_read(const struct driver_source *source, enum record_kind kind,
                                       const struct driver_response *response, struct arena *a,
                                       struct driver_item *out)
{
    (void)kind;
    *out = (struct driver_item){0};
    if (response->status != 200)
        return response->status == 410 ? PRESENCE_GONE : PRESENCE_UNKNOWN;
    struct xml_items items = {.mapper = {.source = source, .arena = a}};
    struct err e = {0};
    struct xml_node *root = xml_read(response->body, a, &e);
    if (!root || !str_starts(root->name, STR("GetRecordById")))
        return PRESENCE_UNKNOWN;
    xml_items_add_all(&items, root, STR_NONE);
    if (items.n != 1 || items.v[0].skipped)
        return PRESENCE_UNKNOWN;
    set_pages(source, &items);
    *out = items.v[0];
    return out->record && out->record->status == STATUS_ARCHIVED ? PRESENCE_ARCHIVED
                                                                 : PRESENCE_ALIVE;
}

// ---- The driver ---------------------------------------------------------------------------------------

static const char *const schema_words[] = {"iso19139", "iso19115-3", "dcat", "dublin-core", NULL};
static const char *const sort_words[] = {"identifier", "apiso", "none", NULL};

static const struct conf_key keys[] = {
    {.name = "schema",
     .type = CONF_WORD,
     .offset = offsetof(struct csw_options, schema),
     .words = schema_words,
     .preset = "iso19139",
     .help = "form in which records are asked for; dublin-core says least"},
    {.name = "sort",
     .type = CONF_WORD,
     .offset = offsetof(struct csw_options, sort),
     .words = sort_words,
     .preset = "identifier",
     .help = "what pages are sorted by (dc:identifier, apiso:Identifier, nothing); a server that "
             "answers that it cannot is asked with the next"},
    {.name = "max_records",
     .type = CONF_INT,
     .offset = offsetof(struct csw_options, max_records),
     .min = 1,
     .max = 500,
     .preset = "20",
     .help = "records of a page, in place of page_size; many servers fail over 25"},
    {.name = "record_url",
     .type = CONF_STRING,
     .offset = offsetof(struct csw_options, record_url),
     .help = "address of the page about a record, {id} standing for its identifier, which is put "
             "at the end where {id} is not written; by default GeoNetwork's page, else "
             "GetRecordById"},
    {0},
};

static const struct driver_clue clues[] = {
    {"?service=CSW&request=GetCapabilities&version=2.0.2",
     {"Capabilities", "http://www.opengis.net/cat/csw"},
     true},
    {"/srv/fre/csw?service=CSW&request=GetCapabilities&version=2.0.2",
     {"Capabilities", "http://www.opengis.net/cat/csw"},
     true},
    {"/geonetwork/srv/fre/csw?service=CSW&request=GetCapabilities&version=2.0.2",
     {"Capabilities", "http://www.opengis.net/cat/csw"},
     true},
    {"/csw?service=CSW&request=GetCapabilities&version=2.0.2",
     {"Capabilities", "http://www.opengis.net/cat/csw"},
     true},
    {"", {"<", "MD_Metadata", "http://www.isotc211.org/2005/gmd"}, false},
    {"", {"GetRecordsResponse", "http://www.opengis.net/cat/csw"}, false},
    {NULL, {NULL}, false}};

const struct driver driver_csw = {
    .type = "csw",
    .clues = clues,
    .kinds = 1u << KIND_DATASET | 1u << KIND_DATASERVICE | 1u << KIND_REUSE | 1u << KIND_SOFTWARE,
    .keys = keys,
    .options_size = sizeof(struct csw_options),
    .request = request,
    .read = read_page,
    .files = true,
    .behind = behind,
    .probe = probe,
    .probe_read = probe_read,
};
