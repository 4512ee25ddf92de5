// The publiccode driver: catalogues that run open-catalog-api (api.developers.italia.it), whose list carries each publiccode.yml as text;
// or such files themselves: one, or a folder of them. Facts: publiccodeyml/open-catalog-api, its OpenAPI document.
//
// Pages follow each other by a cursor: `links.next` is the end of an address ("?page[after]=..."), of which only that value is taken.
#include "harvester/drivers/publiccode/publiccode.h"

#include "harvester/drivers/commons.h"
#include "harvester/drivers/paging.h"
#include "harvester/normalise/raw.h"
#include "harvester/normalise/yaml_json.h"
#include "harvester/url.h"

enum { PAGE_SIZE_MOST = 100, CURSOR_MAX = 2000 };

// ---- Where a sweep stands -------------------------------------------------------------------------

static bool request(const struct driver_source *source, struct str cursor, struct arena *a,
                    struct driver_request *out, struct err *e)
{
    int64_t size = source->config->page_size;
    out->url = arena_str(a, source->config->url);
    out->accept = STR("application/json, application/yaml;q=0.9, */*;q=0.1");
    struct str path = source->config->url;
    if (str_ends(path, STR(".yml")) || str_ends(path, STR(".yaml"))) // one file
        return !cursor.n ||
               err_set(e, ERR_CONFLICT, "the cursor is of another configuration of the source");
    size = size < 1 || size > PAGE_SIZE_MOST ? PAGE_SIZE_MOST : size;
    out->url =
        url_query_append(a, out->url, STR("page[size]"), arena_printf(a, "%lld", (long long)size));
    if (cursor.n)
        out->url = url_query_append(a, out->url, STR("page[after]"), cursor);
    return out->url.n > 0 || err_set(e, ERR_ARGUMENT, "no address can be made for the next page");
}

// The value of page[after] in a link, percent-decoded.
static struct str after_of(struct str link, struct arena *a)
{
    struct str rest = link, part;
    ptrdiff_t query = str_find_char(rest, '?');
    if (query >= 0)
        rest = str_slice(rest.p + query + 1, rest.n - (size_t)query - 1);
    while (str_next(&rest, '&', &part)) {
        ptrdiff_t equals = str_find_char(part, '=');
        if (equals < 0)
            continue;
        struct str name = commons_percent_decode(a, str_slice(part.p, (size_t)equals));
        struct str value = str_slice(part.p + equals + 1, part.n - (size_t)equals - 1);
        if (str_eq(name, STR("page[after]")) && value.n <= CURSOR_MAX)
            return commons_percent_decode(a, value);
    }
    return STR_NONE;
}

// ---- Reading a page -------------------------------------------------------------------------------

static void read_entry(struct mapper *m, const json_t *about, struct driver_item *item)
{
    struct publiccode_entry entry = {.id = jget(about, "id"), .about = about};
    struct err why = {0};
    json_t *yml = yaml_json(m->arena, jget(about, "publiccodeYml"), &why);
    if (!yml) {
        *item = (struct driver_item){.id = map_id(m, KIND_SOFTWARE, entry.id)};
        err_set(&item->error, ERR_RECORD, "its publiccode.yml cannot be read: %s", why.what);
        return;
    }
    if (publiccode_map(m, yml, &entry, item)) {
        struct str id = commons_percent_encode(m->arena, entry.id), root = m->source->config->url;
        ptrdiff_t query = str_find_char(root, '?');
        root.n = query < 0 ? root.n : (size_t)query;
        item->record->provenance.remote_url =
            arena_printf(m->arena, "%.*s/%.*s", STR_ARG(root), STR_ARG(id));
    }
    json_decref(yml);
}

static void map_entry(struct mapper *m, const json_t *object, const json_t *envelope,
                      struct driver_item *item)
{
    (void)envelope;
    read_entry(m, object, item);
}

static const struct commons_list entries = {
    .what = "a list of software",
    .arrays = "data",
    .id = "id",
    .map = map_entry,
};

static bool read_file(const struct driver_source *source, const struct driver_response *response,
                      struct arena *a, struct driver_page *out, struct err *e)
{
    struct mapper m = {.source = source, .arena = a};
    *out = (struct driver_page){.kind = KIND_SOFTWARE, .announced = -1};
    out->items = ARENA_NEW(a, struct driver_item);
    struct publiccode_entry entry = {0};
    struct err why = {0};
    json_t *yml = yaml_json(a, response->body, &why);
    if (!yml)
        return err_set(e, ERR_PARSE, "not a publiccode.yml: %s", why.what);
    if (!commons_any(yml, "name url publiccodeYmlVersion")) {
        json_decref(yml);
        return commons_is_not("a publiccode.yml", response->body, e);
    }
    struct driver_item *item = &out->items[out->item_count++];
    if (publiccode_map(&m, yml, &entry, item))
        item->record->provenance.remote_url = map_web(&m, response->url);
    json_decref(yml);
    paging_counts(out, &m);
    return true;
}

static bool read_page(const struct driver_source *source, struct str cursor,
                      const struct driver_response *responses, size_t response_count,
                      struct arena *a, struct driver_page *out, struct err *e)
{
    (void)response_count;
    struct str body = str_trim(responses[0].body);
    bool json = str_starts(body, STR("{")) || str_starts(body, STR("["));
    if (responses[0].status == 200 && !json)
        return read_file(source, responses, a, out, e);
    if (!commons_read(&entries, source, responses, a, out, e))
        return false;
    json_t *links = json_read(raw_member(body, "links"), a, NULL, NULL);
    struct str after = after_of(jget(links, "next"), a);
    json_decref(links);
    if (after.n && out->item_count && !str_eq(after, cursor))
        out->next = after;
    return true;
}

static const struct driver_clue clues[] = {
    {"", {"publiccodeYmlVersion:"}, false},
    {"/v1/software?page%5Bsize%5D=1", {"\"publiccodeYml\":", "\"links\":"}, true},
    {NULL, {NULL}, false}};

const struct driver driver_publiccode = {
    .type = "publiccode",
    .clues = clues,
    .kinds = 1u << KIND_SOFTWARE,
    .main_kind = KIND_SOFTWARE,
    .request = request,
    .read = read_page,
    .files = true,
};
