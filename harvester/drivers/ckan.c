// The ckan driver: walks the packages of a CKAN portal, or of a DKAN 1 one.
//
// package_search is asked by `start` and `rows` in the order of ids, which never drifts; a server may give fewer rows than were asked
// for without a word, so the next page starts behind what came. When the count shrinks between two pages something was removed and
// the rest moved up: as many records as that are read once more. Where an address is not there (404) the next way is tried: the
// action API of old portals, then DKAN's list with resources, which tells no count and ends with an empty page, or with the same one again.
//
// `source->since` asks for what was modified from then on, with an hour of overlap: `metadata_modified` is set when a package is
// saved, and comes into the search after it. Only a full sweep (since 0) says what is absent.
#include "harvester/drivers/ckan/ckan.h"

#include "base/html.h"
#include "harvester/drivers/paging.h"
#include "harvester/normalise/item.h"
#include "harvester/normalise/raw.h"
#include "harvester/url.h"

#include <stdlib.h>

enum { OVERLAP_SECONDS = 3600, SAID_MAX = 200 };

static const struct way {
    const char *path, *start, *rows;
    bool searches; // sorts, filters and counts
} ways[] = {
    {"/api/3/action/package_search", "start", "rows", true},
    {"/api/action/package_search", "start", "rows", true},
    {"/api/3/action/current_package_list_with_resources", "offset", "limit", false},
};
enum { WAYS = sizeof ways / sizeof *ways };

// ---- Where a sweep stands -------------------------------------------------------------------------

struct position {
    int64_t way, start;
    int64_t total;    // as the page before told it; -1 when it did not
    int64_t step;     // how many came with the page before; 0 at the beginning
    struct str first; // the id that began it
    bool again;       // this page was read before, the total having shrunk
};

static const struct paging_member members[] = {PAGING_INT(way, 0, WAYS - 1),
                                               PAGING_INT(start, 0, INT64_MAX),
                                               PAGING_INT(total, -1, INT64_MAX),
                                               PAGING_INT(step, 0, INT64_MAX),
                                               PAGING_TEXT(first),
                                               PAGING_FLAG(again),
                                               {0}};

static bool position_read(struct str cursor, struct position *p, struct arena *a, struct err *e)
{
    *p = (struct position){.total = -1};
    return paging_read(cursor, members, p, a, e);
}

static struct str position_write(struct arena *a, const struct position *p)
{
    return paging_write(a, members, p);
}

// The portal's root, also where the address of its API was given.
static struct str root_of(const struct driver_source *source)
{
    static const struct str tails[] = {STR("/api/3/action"), STR("/api/action"), STR("/api/3"),
                                       STR("/api")};
    struct str root = source->config->url;
    for (size_t i = 0; i <= sizeof tails / sizeof *tails; i++) {
        while (str_ends(root, STR("/")))
            root.n--;
        if (i < sizeof tails / sizeof *tails && str_ends(root, tails[i]))
            root.n -= tails[i].n;
    }
    return root;
}

static bool request(const struct driver_source *source, struct str cursor, struct arena *a,
                    struct driver_request *out, struct err *e)
{
    struct position p;
    if (!position_read(cursor, &p, a, e))
        return false;
    const struct way *way = &ways[p.way];
    char since[DATE_TEXT_BYTES] = "";
    if (source->since && way->searches)
        date_format((struct date){source->since - OVERLAP_SECONDS, DATE_SECOND}, since);
    out->url = arena_printf(
        a, "%.*s%s?%s=%lld&%s=%lld%s%s%s%s", STR_ARG(root_of(source)), way->path, way->start,
        (long long)p.start, way->rows, (long long)source->config->page_size,
        way->searches ? "&sort=id%20asc" : "", since[0] ? "&fq=metadata_modified:%5B" : "", since,
        since[0] ? "%20TO%20*%5D" : "");
    out->accept = STR("application/json");
    return true;
}

// ---- What is no page --------------------------------------------------------------------------------

static bool refuse(struct err *e, const char *what, struct str said, struct arena *a)
{
    said = text_clean(a, said, SAID_MAX, NULL);
    err_set(e, ERR_PARSE, "%s%s%.*s", what, said.n ? ": " : "", STR_ARG(said));
    return err_hint(e, "is the address the root of a CKAN portal? Look at what it answers");
}

// CKAN's `error`: {"__type": ..., "message": ...}, {"field": ["..."]}, or a text.
static struct str error_text(const json_t *error, struct arena *a)
{
    struct str type = jget(error, "__type"),
               message = ckan_text(json_object_get(error, "message"), NULL);
    if (json_is_string(error))
        return arena_str(a, jstr(error));
    if (type.n || message.n)
        return arena_printf(a, "%.*s%s%.*s", STR_ARG(type), type.n && message.n ? ": " : "",
                            STR_ARG(message));
    char *dumped = json_dumps(error, JSON_ENCODE_ANY | JSON_COMPACT);
    struct str text = arena_str(a, str_of(dumped));
    free(dumped);
    return text;
}

// Says what came instead of a list of packages: an error of CKAN's with 200, a text in quotes, a page of HTML.
static bool no_list(struct str body, struct arena *a, struct err *e)
{
    body = str_trim(body);
    if (body.n && body.p[0] == '<')
        return refuse(e, "a page of HTML came instead of a list of packages",
                      text_from_html(a, str_cut_utf8(body, 4000)), a);
    json_t *o = json_read(body, a, NULL, NULL);
    bool says_error = json_object_get(o, "error") != NULL;
    struct str said = json_is_string(o) ? arena_str(a, jstr(o)) : str_cut_utf8(body, SAID_MAX);
    if (says_error)
        said = error_text(json_object_get(o, "error"), a);
    bool is_text = json_is_string(o);
    json_decref(o);
    if (!body.n)
        return refuse(e, "an empty answer came instead of a list of packages", STR_NONE, a);
    return refuse(e,
                  says_error || is_text ? "the portal answers with an error"
                                        : "what came is no list of packages",
                  said, a);
}

struct listing {
    struct strs items;
    int64_t total; // -1 when the list does not tell
};

// CKAN: {"success": true, "result": {"count": n, "results": [...]}}; DKAN: "result": [[...]], or [...].
static bool split(struct str body, struct arena *a, struct listing *out, struct err *e)
{
    struct json_page page;
    struct str result = raw_member(body, "result");
    *out = (struct listing){.total = -1};
    if (!result.n || !strchr("{[", result.p[0]) ||
        str_eq(raw_member(body, "success"), STR("false")))
        return no_list(body, a, e);
    if (result.p[0] == '{' && !raw_member(result, "results").n)
        return no_list(body, a, e);
    if (!json_page_split(result, "results", a, &page, e))
        return false;
    if (!page.envelope && page.items.n == 1 && str_starts(page.items.v[0], STR("[")) &&
        !json_page_split(page.items.v[0], "", a, &page, e))
        return false;
    out->items = page.items;
    out->total = paging_total(page.envelope, "count");
    json_decref(page.envelope);
    return true;
}

// ---- Reading a page -------------------------------------------------------------------------------

static void read_item(struct mapper *m, struct driver_page *page, struct str text,
                      struct driver_item *item)
{
    json_t *o = map_item_json(m, m->source->main_kind, text, "id", 1, &page->repaired, item);
    if (o)
        ckan_map(m, o, item);
    json_decref(o);
}

// The list is not at this address: the next way from its start, or none is left.
static bool not_there(const struct position *p, int status, struct arena *a,
                      struct driver_page *out, struct err *e)
{
    if (p->start == 0 && p->way + 1 < WAYS) {
        out->next = position_write(a, &(struct position){.way = p->way + 1, .total = -1});
        return true;
    }
    err_set(e, ERR_HTTP, "%s answers %d", ways[p->way].path, status);
    if (e)
        e->http_status = status;
    if (p->start == 0)
        err_hint(e, "no list of packages under this root; DKAN 2 has /data.json: type datajson");
    return false;
}

// Where the sweep goes on behind a page of n items; false at its end.
static bool go_on(const struct position *p, int64_t total, int64_t n, struct position *next)
{
    *next = (struct position){.way = p->way, .start = p->start + n, .total = total, .step = n};
    if (total < 0)
        return n > 0;
    if (p->again && total < p->total) // once more since then: told by the page behind
        next->total = p->total;
    if (p->total > total && p->start > 0 && !p->again) {
        int64_t gone = p->total - total;
        next->start = gone < p->start ? p->start - gone : 0;
        next->again = true;
        return true;
    }
    return n > 0 && next->start < total;
}

static bool read_page(const struct driver_source *source, struct str cursor,
                      const struct driver_response *responses, size_t response_count,
                      struct arena *a, struct driver_page *out, struct err *e)
{
    struct position p, next;
    struct listing list;
    struct mapper m = {.source = source, .arena = a};
    (void)response_count;
    *out = (struct driver_page){.kind = KIND_COUNT, .announced = -1};
    if (!position_read(cursor, &p, a, e))
        return false;
    if (responses[0].status != 200)
        return not_there(&p, responses[0].status, a, out, e);
    if (!split(responses[0].body, a, &list, e))
        return false;

    struct str first = STR_NONE;
    if (list.total < 0 && list.items.n) {
        struct str id = raw_word(list.items.v[0], "id", a);
        first = arena_printf(a, "%016llx", (unsigned long long)hash64(id));
        if (p.start > 0 &&
            str_eq(first, p.first)) // the offset is not heeded: this is the whole list
            return true;
    }
    out->announced = list.total;
    out->items = ARENA_ARRAY(a, struct driver_item, list.items.n);
    for (size_t i = 0; i < list.items.n; i++)
        read_item(&m, out, list.items.v[i], &out->items[out->item_count++]);
    paging_counts(out, &m);
    if (go_on(&p, list.total, (int64_t)list.items.n, &next)) {
        next.first = first;
        out->next = position_write(a, &next);
    }
    return true;
}

static struct str behind(const struct driver_source *source, struct str cursor, struct arena *a)
{
    struct position p;
    if (!position_read(cursor, &p, a, NULL))
        return STR_NONE;
    p.start += p.step ? p.step : source->config->page_size;
    p.again = false;
    return p.start < p.total ? position_write(a, &p) : STR_NONE;
}

// ---- One package by its id --------------------------------------------------------------------------

static bool probe(const struct driver_source *source, struct str id, enum record_kind kind,
                  struct arena *a, struct driver_request *out)
{
    size_t skip = source->config->name.n + 1;
    if (kind != source->main_kind)
        skip += record_kind_name(kind).n + 1;
    struct str remote = str_slice(id.p + skip, id.n - skip);
    if (remote.n >= REMOTE_ID_MAX) // it may be cut
        return false;
    struct str url = arena_printf(a, "%.*s/api/3/action/package_show", STR_ARG(root_of(source)));
    out->url = url_query_append(a, url, STR("id"), remote);
    out->accept = STR("application/json");
    return out->url.n > 0;
}

// A 404 says that the package is gone when it is CKAN that says it: "Not Found Error".
static enum driver_presence read_absence(struct str body, struct arena *a)
{
    json_t *o = json_read(body, a, NULL, NULL);
    bool gone = str_eq(jget(jget_object(o, "error"), "__type"), STR("Not Found Error"));
    json_decref(o);
    return gone ? PRESENCE_GONE : PRESENCE_UNKNOWN;
}

static enum driver_presence probe_read(const struct driver_source *source, enum record_kind kind,
                                       const struct driver_response *response, struct arena *a,
                                       struct driver_item *out)
{
    (void)kind; // the package tells its own
    *out = (struct driver_item){0};
    if (response->status == 410)
        return PRESENCE_GONE;
    if (response->status == 404)
        return read_absence(response->body, a);
    json_t *o = json_read(response->body, a, NULL, NULL);
    const json_t *package = json_object_get(o, "result");
    if (json_is_array(package))
        package = json_array_get(package, 0);
    enum driver_presence presence = PRESENCE_UNKNOWN;
    if (response->status == 200 && jget_true(o, "success") && json_is_object(package)) {
        struct mapper m = {.source = source, .arena = a};
        ckan_map(&m, package, out);
        bool deleted = str_eq_nocase(jget(package, "state"), STR("deleted"));
        presence = deleted ? PRESENCE_GONE : out->skipped ? PRESENCE_UNKNOWN : PRESENCE_ALIVE;
    }
    json_decref(o);
    return presence;
}

static const struct driver_clue clues[] = {
    {"/api/3/action/package_search?rows=1",
     {"\"success\":true", "\"result\":", "\"results\":"},
     false},
    {"/api/action/package_search?rows=1",
     {"\"success\":true", "\"result\":", "\"results\":"},
     false},
    {"/api/3/action/current_package_list_with_resources?limit=1",
     {"\"success\":true", "\"result\":"},
     false},
    {NULL, {NULL}, false}};

const struct driver driver_ckan = {
    .type = "ckan",
    .clues = clues,
    .kinds = 1u << KIND_DATASET | 1u << KIND_REUSE,
    .main_kind = KIND_DATASET,
    .request = request,
    .read = read_page,
    .windows = true,
    .behind = behind,
    .probe = probe,
    .probe_read = probe_read,
};
