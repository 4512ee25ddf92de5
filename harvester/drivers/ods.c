// The ods driver: walks the catalogue of an Opendatasoft portal.
//
// Lists are asked by offset in the order of ids (in no order, their pages overlap and leave gaps), at most 100 datasets at a time.
// When the count shrinks between two pages something was removed and the rest moved up: as many as that are read once more. Lists end
// at 10 000 datasets: a larger catalogue is asked for as one export, of the same objects, which has no end and is read part by part.
#include "harvester/drivers/ods/ods.h"

#include "base/json_stream.h"
#include "harvester/drivers/paging.h"
#include "harvester/normalise/item.h"
#include "harvester/normalise/raw.h"

#include <stddef.h>
#include <stdlib.h>

enum { PART_ITEMS = 200, LIMIT_MOST = 100, WALL = 10000, SAID_MAX = 200 };

static const struct api {
    const char *list, *export, *start, *rows, *asks;
} apis[] = {
    [ODS_2_1] = {"/api/explore/v2.1/catalog/datasets", "/api/explore/v2.1/catalog/exports/json",
                 "offset", "limit", "&order_by=dataset_id&lang=fr&include_app_metas=true"},
    [ODS_2_0] = {"/api/explore/v2.0/catalog/datasets", "/api/explore/v2.0/catalog/exports/json",
                 "offset", "limit", "&order_by=dataset_id&lang=fr&include_app_metas=true"},
    [ODS_1_0] = {"/api/datasets/1.0/search/", "/api/explore/v2.1/catalog/exports/json", "start",
                 "rows", "&sort=datasetid&interopmetas=true"},
};

// ---- Where a sweep stands -------------------------------------------------------------------------

struct position {
    int64_t start;
    int64_t total; // as the page before told it; -1 when it did not
    int64_t step;  // how many came with the page before; 0 at the beginning
    bool again;    // this page was read before, the total having shrunk
    bool whole;    // the export
};

static const struct paging_member members[] = {PAGING_INT(start, 0, INT64_MAX),
                                               PAGING_INT(total, -1, INT64_MAX),
                                               PAGING_INT(step, 0, INT64_MAX),
                                               PAGING_FLAG(again),
                                               PAGING_FLAG(whole),
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

static int64_t limit_of(const struct driver_source *source)
{
    int64_t size = source->config->page_size;
    return size > 0 && size < LIMIT_MOST ? size : LIMIT_MOST;
}

static bool request(const struct driver_source *source, struct str cursor, struct arena *a,
                    struct driver_request *out, struct err *e)
{
    struct position p;
    const struct ods_options *options = source->config->driver_options;
    const struct api *api = &apis[options ? options->api : ODS_2_1];
    struct str root = ods_root(source);
    if (!position_read(cursor, &p, a, e))
        return false;
    out->accept = STR("application/json");
    if (p.whole)
        out->url =
            arena_printf(a, "%.*s%s?lang=fr&include_app_metas=true", STR_ARG(root), api->export);
    else
        out->url =
            arena_printf(a, "%.*s%s?%s=%lld&%s=%lld%s", STR_ARG(root), api->list, api->start,
                         (long long)p.start, api->rows, (long long)limit_of(source), api->asks);
    return true;
}

// ---- Reading a list or the export -------------------------------------------------------------------

struct reader {
    const struct driver_source *source;
    struct json_stream *stream;
    struct position p;
    int64_t total, met;
    bool listed;  // the list was met
    bool members; // something else than a list was
    bool local;   // a file of the operator's: nothing comes behind it
    bool beyond;  // more than lists give: its items wait for the export
    char said[SAID_MAX];
};

static void *open_document(const struct driver_source *source, struct str cursor,
                           const struct driver_document *document, struct err *e)
{
    struct arena a = {0};
    struct reader *r = xcalloc(1, sizeof *r);
    r->source = source;
    bool good = position_read(cursor, &r->p, &a, e);
    arena_free(&a);
    if (!good) {
        free(r);
        return NULL;
    }
    r->total = r->p.whole ? r->p.total : -1;
    r->local = str_starts(document->url, STR("file:"));
    r->stream = json_stream_new(document->fd);
    return r;
}

static void close_document(void *reader)
{
    struct reader *r = reader;
    json_stream_free(r->stream);
    free(r);
}

static void read_item(struct mapper *m, struct driver_page *page, const struct json_part *part,
                      struct driver_item *item)
{
    bool wrapped = str_eq(part->member, STR("datasets")) && raw_member(part->text, "dataset").n;
    json_t *o = map_item_json(m, KIND_DATASET, part->text, "dataset_uid", wrapped ? 2 : 1,
                              &page->repaired, item);
    if (o)
        ods_map(m, o, item);
    else if (part->too_large)
        err_set(&item->error, ERR_RECORD, "the dataset is over %d bytes", JSON_PART_MAX);
    json_decref(o);
}

static bool is_list(struct str member)
{
    return !member.n || str_eq(member, STR("results")) || str_eq(member, STR("datasets"));
}

// A member beside the list: the count, or the message of an error.
static void read_member(struct reader *r, const struct json_part *part, struct arena *a)
{
    int64_t n;
    r->members = true;
    if (str_eq(part->member, STR("total_count")) || str_eq(part->member, STR("nhits"))) {
        if (str_to_int(str_trim(part->text), 0, INT64_MAX, &n) && !r->p.whole)
            r->total = n;
        r->beyond = !r->p.whole && !r->local && r->total > WALL;
    } else if (str_eq(part->member, STR("message")) || str_eq(part->member, STR("error"))) {
        struct str said = text_clean(a, part->text, sizeof r->said - 1, NULL);
        memcpy(r->said, said.p ? said.p : "", said.n);
        r->said[said.n] = '\0';
    }
}

// Where the sweep goes on behind a list; empty at its end.
static struct str go_on(const struct reader *r, struct arena *a)
{
    const struct position *p = &r->p;
    struct position next = {.start = p->start + r->met, .total = r->total, .step = r->met};
    if (r->local || p->whole || r->total < 0)
        return STR_NONE;
    if (r->beyond)
        return position_write(a, &(struct position){.total = r->total, .whole = true});
    if (p->again && r->total < p->total) // once more since then: told by the page behind
        next.total = p->total;
    if (p->total > r->total && p->start > 0 && !p->again) {
        int64_t gone = p->total - r->total;
        next.start = gone < p->start ? p->start - gone : 0;
        next.again = true;
        return position_write(a, &next);
    }
    return r->met > 0 && next.start < r->total ? position_write(a, &next) : STR_NONE;
}

static bool is_catalogue(const struct reader *r, struct err *e)
{
    if (r->listed || r->total >= 0 || !r->members) // an empty list has no elements
        return true;
    err_set(e, ERR_PARSE, "what came is no list of datasets%s%s", r->said[0] ? ": " : "", r->said);
    return err_hint(e,
                    "is the address the root of an Opendatasoft portal? Look at what it answers");
}

static bool next_part(void *reader, struct arena *a, struct driver_page *out, bool *last,
                      struct err *e)
{
    struct reader *r = reader;
    struct mapper m = {.source = r->source, .arena = a};
    struct json_part part;
    *out = (struct driver_page){.kind = KIND_DATASET};
    out->items = ARENA_ARRAY(a, struct driver_item, PART_ITEMS);
    while (out->item_count < PART_ITEMS &&
           (*last = !json_stream_next(r->stream, &part, e), !*last)) {
        if (!part.element && part.member.n) {
            read_member(r, &part, a);
        } else if (is_list(part.member)) {
            r->listed = true;
            r->met++;
            if (!r->beyond)
                read_item(&m, out, &part, &out->items[out->item_count++]);
        }
    }
    if (*last && e->code != ERR_NONE)
        return false;
    if (*last && !is_catalogue(r, e))
        return false;
    out->announced = r->beyond ? -1 : r->total;
    paging_counts(out, &m);
    if (*last)
        out->next = go_on(r, a);
    return true;
}

static struct str behind(const struct driver_source *source, struct str cursor, struct arena *a)
{
    struct position p;
    if (!position_read(cursor, &p, a, NULL) || p.whole)
        return STR_NONE;
    p.start += p.step ? p.step : limit_of(source);
    p.again = false;
    return p.start < p.total ? position_write(a, &p) : STR_NONE;
}

static const char *const versions[] = {"2.1", "2.0", "1.0", NULL};

static const struct conf_key keys[] = {
    {.name = "api",
     .type = CONF_WORD,
     .offset = offsetof(struct ods_options, api),
     .words = versions,
     .preset = "2.1",
     .help = "version of the Explore API: 2.1, which every portal of today has, 2.0 or 1.0"},
    {0},
};

#define CLUE_2_0 "/api/explore/v2.0/catalog/datasets?limit=1"
#define CLUE_1_0 "/api/datasets/1.0/search/?rows=1"
static const struct driver_clue clues[] = {
    {"/api/explore/v2.1/catalog/datasets?limit=1", {"\"total_count\":", "\"results\":["}, false},
    {CLUE_2_0, {"\"total_count\":", "\"datasets\":["}, false},
    {CLUE_1_0, {"\"nhits\":", "\"datasets\":["}, false},
    {NULL, {NULL}, false}};

static const char *entry(const char *path)
{
    return strcmp(path, CLUE_2_0) == 0   ? "api: \"2.0\""
           : strcmp(path, CLUE_1_0) == 0 ? "api: \"1.0\""
                                         : NULL;
}

const struct driver driver_ods = {
    .type = "ods",
    .clues = clues,
    .entry = entry,
    .kinds = 1u << KIND_DATASET,
    .main_kind = KIND_DATASET,
    .keys = keys,
    .options_size = sizeof(struct ods_options),
    .request = request,
    .open = open_document,
    .next = next_part,
    .close = close_document,
    .files = true,
    .behind = behind,
};
