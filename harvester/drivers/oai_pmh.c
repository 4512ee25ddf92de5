// The oai-pmh driver: the Open Archives Initiative's protocol for metadata harvesting, version 2.0 (2002-06-14), verb ListRecords; one set
// after the other where sets are configured. It also reads files.
//
// Behind the first request a list is walked by its resumption token alone (section 3.5). noRecordsMatch is an empty list, and no
// failure. A token that the server no longer knows makes the list start again, once. Deleted records are said to be so.
#include "harvester/drivers/csw/xml_items.h"
#include "harvester/drivers/paging.h"
#include "harvester/url.h"

#include <stddef.h>
#include <stdlib.h>

struct oai_options {
    struct str metadata_prefix, from, until;
    struct strs sets;
};

static const struct oai_options *options_of(const struct driver_source *source)
{
    return source->config->driver_options;
}

// ---- Where a sweep stands -------------------------------------------------------------------------

struct position {
    size_t set;
    struct str token; // empty: the beginning of the list
    bool again;       // it was begun a second time
    int64_t size;     // that the list is said to have, deleted records included; -1: it is not said
    int64_t deleted;  // records of this list that were said to be deleted
};

static const struct paging_member members[] = {PAGING_INT(set, 0, INT64_MAX),
                                               PAGING_TEXT(token),
                                               PAGING_FLAG(again),
                                               PAGING_INT(size, -1, INT64_MAX),
                                               PAGING_INT(deleted, 0, INT64_MAX),
                                               {0}};

static bool position_read(struct str cursor, struct position *p, struct arena *a, struct err *e)
{
    *p = (struct position){.size = -1};
    return paging_read(cursor, members, p, a, e);
}

static struct str position_write(struct arena *a, const struct position *p)
{
    return paging_write(a, members, p);
}

// ---- Asking -------------------------------------------------------------------------------------------

// The repository's address without what a request for something else says.
static struct str base_url(const struct driver_source *source, struct arena *a)
{
    struct str url = source->config->url;
    ptrdiff_t verb = str_find(url, STR("verb="));
    if (verb > 0 && (url.p[verb - 1] == '?' || url.p[verb - 1] == '&'))
        url.n = (size_t)verb - 1;
    return arena_str(a, url);
}

static struct str with(struct arena *a, struct str url, const char *name, struct str value)
{
    return value.n && url.n ? url_query_append(a, url, str_of(name), value) : url;
}

// What changed since: in days, which every repository knows, and from the day before.
static struct str since_day(const struct driver_source *source, struct arena *a)
{
    enum { DAY = 86400 };
    char text[DATE_TEXT_BYTES];
    struct date day = {source->since - DAY, DATE_DAY};
    return source->since ? arena_str(a, date_format(day, text)) : options_of(source)->from;
}

static bool request(const struct driver_source *source, struct str cursor, struct arena *a,
                    struct driver_request *out, struct err *e)
{
    const struct oai_options *options = options_of(source);
    struct position p;
    if (!position_read(cursor, &p, a, e))
        return false;
    struct str url = with(a, base_url(source, a), "verb", STR("ListRecords"));
    if (p.token.n) {
        url = with(a, url, "resumptionToken", p.token);
    } else {
        url = with(a, url, "metadataPrefix", options->metadata_prefix);
        url = with(a, url, "from", since_day(source, a));
        url = with(a, url, "until", options->until);
        if (p.set < options->sets.n)
            url = with(a, url, "set", options->sets.v[p.set]);
    }
    out->url = url;
    out->accept = STR("text/xml, application/xml");
    return url.n || err_set(e, ERR_REFUSED, "the resumption token is too long to be asked for");
}

// ---- Reading a page -----------------------------------------------------------------------------------

// The list behind this one; empty behind the last.
static struct str next_list(const struct driver_source *source, const struct position *p,
                            struct arena *a)
{
    struct position next = {.set = p->set + 1, .size = -1};
    return next.set < options_of(source)->sets.n ? position_write(a, &next) : STR_NONE;
}

// An error of the protocol (section 3.6).
static bool read_error(const struct driver_source *source, const struct position *p,
                       const struct xml_node *error, struct arena *a, struct driver_page *out,
                       struct err *e)
{
    enum { TEXT_MAX = 250 };
    struct str code = xml_attribute(error, NULL, "code");
    struct str text = text_clean(a, xml_text(error, a), TEXT_MAX, NULL);
    if (str_eq(code, STR("noRecordsMatch"))) {
        out->next = next_list(source, p, a);
        return true;
    }
    if (str_eq(code, STR("badResumptionToken")) && p->token.n && !p->again) {
        struct position first = {.set = p->set, .size = -1, .again = true};
        out->next = position_write(a, &first);
        return true;
    }
    err_set(e, ERR_PARSE, "the catalogue answers with an error: %.*s%s%.*s",
            STR_ARG(str_cut_utf8(code, 60)), text.n ? ": " : "", STR_ARG(text));
    if (str_eq(code, STR("cannotDisseminateFormat")))
        return err_hint(e, "?verb=ListMetadataFormats lists what metadata_prefix may be");
    if (str_eq(code, STR("badResumptionToken")))
        return err_hint(e, "tokens expire: a higher rate may end the list in time");
    return false;
}

static bool read_list(const struct driver_source *source, const struct position *p,
                      const struct xml_node *list, struct xml_items *items, struct driver_page *out,
                      struct err *e)
{
    struct arena *a = items->mapper.arena;
    for (const struct xml_node *r = xml_child(list, NULL, "record"); r;
         r = xml_sibling(r, NULL, "record"))
        xml_items_add_oai(items, r);
    const struct xml_node *token = xml_child(list, NULL, "resumptionToken");
    struct position next = *p;
    next.token = xml_text(token, a);
    next.deleted += (int64_t)items->deleted;
    if (options_of(source)->sets.n < 2) // else it is of one set of several
        str_to_int(xml_attribute(token, NULL, "completeListSize"), 0, INT32_MAX, &next.size);
    if (next.size >= 0) // the last page may not say it again
        out->announced = next.size > next.deleted ? next.size - next.deleted : 0;
    if (!next.token.n)
        out->next = next_list(source, p, a);
    else if (str_eq(next.token, p->token))
        return err_set(e, ERR_REFUSED, "the catalogue gives the same resumption token again");
    else
        out->next = position_write(a, &next);
    return true;
}

static bool is_file(const struct driver_source *source)
{
    return !str_starts(source->config->url, STR("http"));
}

static bool read_page(const struct driver_source *source, struct str cursor,
                      const struct driver_response *responses, size_t response_count,
                      struct arena *a, struct driver_page *out, struct err *e)
{
    (void)response_count;
    struct position p;
    *out = (struct driver_page){.kind = KIND_COUNT, .announced = -1};
    if (!position_read(cursor, &p, a, e))
        return false;
    out->restarted = p.again;
    if (responses[0].status != 200) {
        err_set(e, ERR_HTTP, "the catalogue answers %d", responses[0].status);
        if (e)
            e->http_status = responses[0].status;
        return false;
    }
    struct xml_node *root = xml_answer(responses[0].body, a, e);
    if (!root)
        return false;
    struct xml_items items = {.mapper = {.source = source, .arena = a}};
    const struct xml_node *error = xml_child(root, NULL, "error");
    const struct xml_node *list = xml_child(root, NULL, "ListRecords");
    if (is_file(source)) {
        xml_items_add_all(&items, root, STR_NONE);
        if (!items.n && !items.deleted)
            return err_set(e, ERR_PARSE, "no record of a catalogue, but <%.*s>",
                           STR_ARG(str_cut_utf8(root->name, 100)));
    } else if (error) {
        return read_error(source, &p, error, a, out, e);
    } else if (!list) {
        err_set(e, ERR_PARSE, "not the list of records that was asked for, but <%.*s>",
                STR_ARG(str_cut_utf8(root->name, 100)));
        return err_hint(e, "the address must be that of the repository, before the question mark");
    } else if (!read_list(source, &p, list, &items, out, e)) {
        return false;
    }
    xml_items_page(&items, out);
    return true;
}

// ---- The driver ---------------------------------------------------------------------------------------

static bool check_date(struct str value, struct err *e)
{
    struct date d;
    bool good = date_parse(value, &d) && d.precision >= DATE_DAY;
    return good || err_set(e, ERR_CONFIG,
                           "not a day (2024-01-31) or a time in UTC "
                           "(2024-01-31T00:00:00Z)");
}

static const struct conf_key keys[] = {
    {.name = "metadata_prefix",
     .type = CONF_STRING,
     .offset = offsetof(struct oai_options, metadata_prefix),
     .max = 60,
     .preset = "oai_dc",
     .help = "form in which records are asked for: oai_dc, which every repository has, or better "
             "dcat, oai_datacite, iso19139 and their kin"},
    {.name = "sets",
     .type = CONF_STRINGS,
     .offset = offsetof(struct oai_options, sets),
     .max = 100,
     .help = "sets to read, one after the other; without any, all records"},
    {.name = "from",
     .type = CONF_STRING,
     .offset = offsetof(struct oai_options, from),
     .max = 20,
     .check = check_date,
     .help = "only records that changed since that day"},
    {.name = "until",
     .type = CONF_STRING,
     .offset = offsetof(struct oai_options, until),
     .max = 20,
     .check = check_date,
     .help = "only records that changed until that day"},
    {0},
};

static const struct driver_clue clues[] = {
    {"?verb=Identify", {"<Identify>", "http://www.openarchives.org/OAI/2.0/"}, true},
    {"/oai?verb=Identify", {"<Identify>", "http://www.openarchives.org/OAI/2.0/"}, true},
    {"/oai/request?verb=Identify", {"<Identify>", "http://www.openarchives.org/OAI/2.0/"}, true},
    {NULL, {NULL}, false}};

const struct driver driver_oai_pmh = {
    .type = "oai-pmh",
    .clues = clues,
    .kinds = 1u << KIND_DATASET | 1u << KIND_DATASERVICE | 1u << KIND_REUSE | 1u << KIND_SOFTWARE,
    .keys = keys,
    .options_size = sizeof(struct oai_options),
    .request = request,
    .read = read_page,
    .windows = true,
    .files = true,
};
