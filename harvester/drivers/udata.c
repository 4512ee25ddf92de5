// The udata driver: walks the lists of udata's API 1 or 2, one kind after the other.
//
// Pages are asked by number, oldest first (sort=created), so that newcomers land at the end and the links of the
// server's envelope are never followed: `next_page` only tells whether there is more. When the total shrinks between two pages
// something was removed and the rest moved up: the page before is read once more. A page past the end is 404; where records
// were still to come, so many were removed that it is gone, and again the page before is read.
#include "harvester/drivers/udata/udata.h"

#include "harvester/drivers/paging.h"
#include "harvester/url.h"

#include <stddef.h>

// ---- Where a sweep stands -------------------------------------------------------------------------

struct position {
    size_t kind; // index into the source's kinds
    int64_t page, total;
    bool again; // this page was read before, the total having shrunk
};

static const struct paging_member members[] = {PAGING_INT(kind, 0, KIND_COUNT),
                                               PAGING_INT(page, 1, INT64_MAX),
                                               PAGING_INT(total, -1, INT64_MAX),
                                               PAGING_FLAG(again),
                                               {0}};

static bool position_read(struct str cursor, struct position *p, struct arena *a, struct err *e)
{
    *p = (struct position){.page = 1, .total = -1};
    return paging_read(cursor, members, p, a, e);
}

static struct str position_write(struct arena *a, const struct position *p)
{
    return paging_write(a, members, p);
}

static const char *const lists[KIND_COUNT] = {
    [KIND_DATASET] = "datasets",
    [KIND_DATASERVICE] = "dataservices",
    [KIND_REUSE] = "reuses",
    [KIND_ORGANIZATION] = "organizations",
};

static int64_t api_of(const struct driver_source *source, enum record_kind kind)
{
    const struct udata_options *options = source->config->driver_options;
    return kind == KIND_DATASET && options ? options->api : 1; // only datasets are lighter in API 2
}

static bool request(const struct driver_source *source, struct str cursor, struct arena *a,
                    struct driver_request *out, struct err *e)
{
    struct position p;
    if (!position_read(cursor, &p, a, e))
        return false;
    if (p.kind >= source->kind_count)
        return err_set(e, ERR_CONFLICT, "the cursor is of another configuration of the source");
    enum record_kind kind = source->kinds[p.kind];
    out->url = arena_printf(a, "%.*s/api/%d/%s/?page=%lld&page_size=%lld&sort=created",
                            STR_ARG(paging_root(source)), (int)api_of(source, kind), lists[kind],
                            (long long)p.page, (long long)source->config->page_size);
    out->accept = STR("application/json");
    return true;
}

// ---- Reading a page -------------------------------------------------------------------------------

// The id of an item that could not be parsed, so that it is not taken for absent: the first "id" at its first level.
static struct str raw_id(struct str item)
{
    unsigned depth = 0;
    for (size_t i = 0; i < item.n; i++) {
        char c = item.p[i];
        if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth -= depth > 0;
        } else if (c == '"') {
            size_t start = ++i;
            while (i < item.n && item.p[i] != '"')
                i += item.p[i] == '\\' ? 2 : 1;
            if (i >= item.n)
                break;
            if (depth != 1 || !str_eq(str_slice(item.p + start, i - start), STR("id")))
                continue;
            struct str rest = str_trim(str_slice(item.p + i + 1, item.n - i - 1));
            if (!str_starts(rest, STR(":")))
                continue;
            rest = str_trim(str_slice(rest.p + 1, rest.n - 1));
            size_t n = 1;
            while (n < rest.n && n < 65 && strchr("0123456789abcdefABCDEF-", rest.p[n]) &&
                   rest.p[n])
                n++;
            return rest.n > n && rest.p[0] == '"' && rest.p[n] == '"' ? str_slice(rest.p + 1, n - 1)
                                                                      : STR_NONE;
        }
    }
    return STR_NONE;
}

// One of udata's lists, cut into its items: an object with `data`.
static bool split_list(struct str body, struct arena *a, struct json_page *page, struct err *e)
{
    if (!json_page_split(body, "data", a, page, e))
        return false;
    return page->envelope || err_set(e, ERR_PARSE, "a list alone, not the object around it");
}

static bool answers(struct err *e, const char *what, int status)
{
    err_set(e, ERR_HTTP, "the list of %s answers %d", what, status);
    if (e)
        e->http_status = status;
    return false;
}

// API 2 gives resources as a link. How many are behind it; 0 when there is no link, or nothing behind it.
static int64_t linked_resources(const struct driver_source *source, enum record_kind kind,
                                const json_t *object)
{
    const json_t *link = api_of(source, kind) == 2 ? jget_object(object, "resources") : NULL;
    return jget_int(link, "total", 0);
}

// As udata makes them (ObjectId, UUID): what may stand in an address as it is.
static bool is_id(struct str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] == '\0' || !strchr("0123456789abcdefABCDEF-", id.p[i]))
            return false;
    return id.n > 0 && id.n <= 64;
}

// The address of that list is made on the source's own root: a link is not a way out of it.
static bool resources_url(const struct driver_source *source, struct str id, int64_t total,
                          struct arena *a, struct str *url)
{
    if (!is_id(id))
        return false;
    *url = arena_printf(a, "%.*s/api/2/datasets/%.*s/resources/?page=1&page_size=%lld",
                        STR_ARG(paging_root(source)), STR_ARG(id),
                        (long long)(total > DISTRIBUTIONS_MAX ? DISTRIBUTIONS_MAX : total));
    return true;
}

// The resources that a follow-up brought, as one array; NULL and *e when it cannot be read. Caller's reference.
static json_t *read_resources(const struct driver_response *response, struct arena *a,
                              struct err *e)
{
    struct json_page page;
    if (response->status != 200) {
        answers(e, "its resources", response->status);
        return NULL;
    }
    if (!split_list(response->body, a, &page, e))
        return NULL;
    json_decref(page.envelope);
    json_t *list = json_array();
    for (size_t i = 0; i < page.items.n; i++) {
        json_t *o = json_read(page.items.v[i], a, NULL, e);
        if (!o) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, o);
    }
    return list;
}

static const struct driver_response *find_response(const struct driver_response *responses,
                                                   size_t n, struct str url)
{
    for (size_t i = 1; i < n; i++)
        if (str_eq(responses[i].url, url))
            return &responses[i];
    return NULL;
}

struct reading {
    struct mapper mapper;
    const struct driver_response *responses;
    size_t response_count;
    struct driver_page *page;
};

// An API 2 dataset: its resources are in another list. Without them it would be another record: then it is an error.
static void read_linked(struct reading *r, const json_t *o, int64_t total, struct driver_item *item)
{
    struct mapper *m = &r->mapper;
    struct str url;
    struct err error = {0};
    json_t *resources = NULL;
    if (!resources_url(m->source, jget(o, "id"), total, m->arena, &url)) {
        err_set(&error, ERR_RECORD, "its id is none that its resources can be asked for by");
    } else {
        const struct driver_response *followed =
            find_response(r->responses, r->response_count, url);
        if (!followed) {
            arena_push(m->arena, &r->page->follow, url);
            return;
        }
        resources = read_resources(followed, m->arena, &error);
        r->page->cut += total > DISTRIBUTIONS_MAX;
    }
    udata_map(m, r->page->kind, o, resources, item);
    if (!resources && item->record) {
        item->record = NULL;
        item->error = error;
    }
    json_decref(resources);
}

static void read_item(struct reading *r, struct str text, struct driver_item *item)
{
    struct mapper *m = &r->mapper;
    json_t *o = json_read(text, m->arena, &r->page->repaired, &item->error);
    if (!o) {
        struct str id = raw_id(text);
        item->id = id.n ? map_id(m, r->page->kind, id) : STR_NONE;
        return;
    }
    int64_t linked = linked_resources(m->source, r->page->kind, o);
    if (linked > 0)
        read_linked(r, o, linked, item);
    else
        udata_map(m, r->page->kind, o, NULL, item);
    json_decref(o);
}

// Where to go on behind a page that was not there.
static struct position past_the_end(const struct driver_source *source, const struct position *p)
{
    int64_t before = (p->page - 1) * source->config->page_size;
    if (p->again || p->total > before) // records were to be there: they moved up
        return (struct position){p->kind, p->page - 1, before, true};
    return (struct position){.kind = p->kind + 1, .page = 1, .total = -1};
}

static bool read_page(const struct driver_source *source, struct str cursor,
                      const struct driver_response *responses, size_t response_count,
                      struct arena *a, struct driver_page *out, struct err *e)
{
    struct position p;
    *out = (struct driver_page){.announced = -1};
    if (!position_read(cursor, &p, a, e))
        return false;
    if (p.kind >= source->kind_count)
        return err_set(e, ERR_CONFLICT, "the cursor is of another configuration of the source");
    out->kind = source->kinds[p.kind];
    out->again = p.again;
    struct position next = {.kind = p.kind + 1, .page = 1, .total = -1};
    bool more = false;

    if (responses[0].status == 200) {
        struct json_page page;
        if (!split_list(responses[0].body, a, &page, e))
            return false;
        int64_t total = paging_total(page.envelope, "total");
        more = jget(page.envelope, "next_page").n > 0;
        json_decref(page.envelope);
        struct reading reading = {
            .mapper = {.source = source, .arena = a},
            .responses = responses,
            .response_count = response_count,
            .page = out,
        };
        out->items = ARENA_ARRAY(a, struct driver_item, page.items.n);
        for (size_t i = 0; i < page.items.n; i++)
            read_item(&reading, page.items.v[i], &out->items[out->item_count++]);
        paging_counts(out, &reading.mapper);
        out->announced = total;
        if (p.total >= 0 && total >= 0 && total < p.total && p.page > 1 && !p.again) {
            next = (struct position){p.kind, p.page - 1, total, true};
            more = true;
        } else if (more) {
            next = (struct position){p.kind, p.page + 1, total, false};
        }
        if (!page.items.n) // an empty page ends the list, whatever its envelope says
            next = (struct position){.kind = p.kind + 1, .page = 1, .total = -1}, more = false;
    } else if (p.page == 1) {
        return answers(e, lists[out->kind], responses[0].status);
    } else {
        out->announced = p.total;
        next = past_the_end(source, &p);
    }
    if (more || next.kind < source->kind_count)
        out->next = position_write(a, &next);
    return true;
}

// ---- One record by its id -------------------------------------------------------------------------

static bool probe(const struct driver_source *source, struct str id, enum record_kind kind,
                  struct arena *a, struct driver_request *out)
{
    struct str prefix = source->config->name, remote = id;
    remote = str_slice(id.p + prefix.n + 1, id.n - prefix.n - 1);
    if (kind != KIND_DATASET) {
        size_t skip = record_kind_name(kind).n + 1;
        remote = str_slice(remote.p + skip, remote.n - skip);
    }
    if (!is_id(remote))
        return false;
    out->url = arena_printf(a, "%.*s/api/1/%s/%.*s/", STR_ARG(paging_root(source)), lists[kind],
                            STR_ARG(remote));
    out->accept = STR("application/json");
    return true;
}

static enum driver_presence probe_read(const struct driver_source *source, enum record_kind kind,
                                       const struct driver_response *response, struct arena *a,
                                       struct driver_item *out)
{
    *out = (struct driver_item){0};
    if (response->status == 410)
        return PRESENCE_GONE;
    if (response->status != 200)
        return PRESENCE_UNKNOWN;
    json_t *o = json_read(response->body, a, NULL, NULL);
    if (!json_is_object(o)) { // an error page, mostly
        json_decref(o);
        return PRESENCE_UNKNOWN;
    }
    struct mapper m = {.source = source, .arena = a};
    bool mapped = udata_map(&m, kind, o, NULL, out);
    bool deleted = jget(o, "deleted").n || jget(o, "deleted_at").n;
    json_decref(o);
    if (deleted)
        return PRESENCE_GONE;
    if (out->skipped)
        return PRESENCE_UNKNOWN;
    return mapped && out->record->status == STATUS_ARCHIVED ? PRESENCE_ARCHIVED : PRESENCE_ALIVE;
}

static const struct conf_key keys[] = {
    {.name = "api",
     .type = CONF_INT,
     .offset = offsetof(struct udata_options, api),
     .min = 1,
     .max = 2,
     .preset = "1",
     .help =
         "version of udata's API that lists datasets; 2 brings resources apart, for heavy pages"},
    {0},
};

static const struct driver_clue clues[] = {
    {"/api/1/datasets/?page_size=1", {"\"data\":[", "\"next_page\":", "\"total\":"}, false},
    {NULL, {NULL}, false}};

const struct driver driver_udata = {
    .type = "udata",
    .clues = clues,
    .rank = 10,
    .kinds =
        1u << KIND_DATASET | 1u << KIND_DATASERVICE | 1u << KIND_REUSE | 1u << KIND_ORGANIZATION,
    .keys = keys,
    .options_size = sizeof(struct udata_options),
    .request = request,
    .read = read_page,
    .probe = probe,
    .probe_read = probe_read,
};
