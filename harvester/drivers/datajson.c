// The datajson driver: DCAT-US catalogues (data.json), one document of any size, read part by part.
//
// The document is an object whose members list datasets, services, series of datasets and catalogues within it; or a bare array of
// datasets (Project Open Data 1.0, ckanext-dcat). Its fd is read from start to end; a second time when services or series hold
// datasets in full: those that are listed nowhere else are taken, once it is known what is listed.
//
// An identifier counts once. Where the second that has it is the same record, it is skipped; otherwise it is an error that names
// both. Only hashes of ids and places in the file are kept (24 bytes for each); the first is read again from there.
//
// Pages. Some servers (ckanext-dcat's) cut the list into pages, ?page=2 being the second, and announce nothing. So a page that
// holds as many datasets as pages do (100, 50, ...) is asked for its follower, until one has fewer, or begins as the one before did:
// that server does not know of pages.
#include "harvester/drivers/datajson/datajson.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/json_stream.h"
#include "harvester/drivers/paging.h"
#include "harvester/normalise/item.h"
#include "harvester/url.h"
#include "store/record_json.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PART_ITEMS = 200, PART_BYTES = 4 << 20, CATALOGS_DEPTH = 16, PAGES_MOST = 10000 };

// ---- Where a sweep stands --------------------------------------------------------------------------

struct position {
    int64_t page, size; // size: datasets on the first page
    int64_t first;      // hash of the first id on the page before, its bits
};

static const struct paging_member members[] = {PAGING_INT(page, 1, PAGES_MOST),
                                               PAGING_INT(size, 0, INT64_MAX),
                                               PAGING_INT(first, INT64_MIN, INT64_MAX),
                                               {0}};

static bool position_read(struct str cursor, struct position *p, struct arena *a, struct err *e)
{
    *p = (struct position){.page = 1};
    return paging_read(cursor, members, p, a, e);
}

static bool request(const struct driver_source *source, struct str cursor, struct arena *a,
                    struct driver_request *out, struct err *e)
{
    struct position p;
    if (!position_read(cursor, &p, a, e))
        return false;
    out->url = source->config->url;
    if (p.page > 1)
        out->url = url_query_append(a, source->config->url, STR("page"),
                                    arena_printf(a, "%lld", (long long)p.page));
    out->accept = STR("application/json");
    return out->url.n || err_set(e, ERR_CONFIG, "the url is too long for ?page=");
}

// ---- What is in a part -----------------------------------------------------------------------------

struct entry {
    const json_t *o; // borrowed from the part
    enum record_kind kind;
};

struct entries {
    struct entry *v;
    size_t n, room;
};

static void push(struct entries *list, const json_t *o, enum record_kind kind)
{
    if (list->n == list->room) {
        list->room = list->room ? 2 * list->room : 16;
        list->v = xrealloc(list->v, list->room * sizeof *list->v);
    }
    list->v[list->n++] = (struct entry){o, kind};
}

// Which list a member is. False: it lists nothing that is kept.
enum list { LIST_DATASETS, LIST_SERVICES, LIST_SERIES, LIST_CATALOGS, LIST_COUNT };
static const char *const lists[LIST_COUNT] = {
    [LIST_DATASETS] = "dataset",
    [LIST_SERVICES] = "service",
    [LIST_SERIES] = "datasetSeries",
    [LIST_CATALOGS] = "catalog",
};

static bool list_find(struct str member, enum list *out)
{
    for (unsigned i = 0; i < LIST_COUNT; i++)
        if (str_eq(member, str_of(lists[i]))) {
            *out = (enum list)i;
            return true;
        }
    return false;
}

// Members that hold datasets in full, or only name them.
static const char *const held[] = {"servesDataset", "seriesMember", "first", "last"};

static bool is_whole(const json_t *o)
{
    return json_object_get(o, "title") && json_object_get(o, "description");
}

static void push_held(struct entries *list, const json_t *o)
{
    for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
        const json_t *v = json_object_get(o, held[i]), *e;
        size_t j;
        if (is_whole(v))
            push(list, v, KIND_DATASET);
        json_array_foreach(v, j, e)
        {
            if (is_whole(e))
                push(list, e, KIND_DATASET);
        }
    }
}

// What an element of a list brings: itself, or in a second reading what it holds; of a catalogue, what is in its lists.
static void flatten(const json_t *o, enum list list, bool again, unsigned depth,
                    struct entries *out)
{
    if (list == LIST_CATALOGS) {
        for (unsigned i = 0; i < LIST_COUNT && depth < CATALOGS_DEPTH; i++) {
            const json_t *v = json_object_get(o, lists[i]), *e;
            size_t j;
            if (json_is_object(v))
                flatten(v, (enum list)i, again, depth + 1, out);
            json_array_foreach(v, j, e) flatten(e, (enum list)i, again, depth + 1, out);
        }
    } else if (!again) {
        push(out, o, list == LIST_SERVICES ? KIND_DATASERVICE : KIND_DATASET);
    } else if (list != LIST_DATASETS) {
        push_held(out, o);
    }
}

// ---- The reader ------------------------------------------------------------------------------------

struct place { // of the first that has an id
    uint64_t id, offset;
    uint32_t length;
    unsigned char list;
};

struct reader {
    const struct driver_source *source;
    int fd;
    off_t start;
    bool local;
    struct position position;
    struct json_stream *stream;
    struct json_part part; // text: of the stream, gone with the next part
    enum list list;        // of the part
    json_t *root;          // the part's JSON, that `entries` borrow from
    struct entries entries;
    size_t at; // in entries

    struct place *places; // open addressing; an unused one has no length
    size_t place_count, place_room;

    bool again;           // the second reading
    bool holds;           // services or series hold datasets
    bool listed;          // something was there
    bool looks_right;     // what the document says of itself is DCAT-US
    bool repeats;         // the page is the one before
    uint64_t first;       // hash of the first id
    int64_t datasets;     // in its lists
    struct err broken_by; // what the next call answers
    bool broken;
};

static struct place *place_of(struct reader *r, uint64_t id)
{
    size_t i = (size_t)id & (r->place_room - 1);
    while (r->places[i].length && r->places[i].id != id)
        i = (i + 1) & (r->place_room - 1);
    return &r->places[i];
}

static struct place *find_place(struct reader *r, uint64_t id)
{
    if (2 * r->place_count >= r->place_room) {
        struct place *old = r->places;
        size_t room = r->place_room;
        r->place_room = room ? 2 * room : 1024;
        r->places = xcalloc(r->place_room, sizeof *r->places);
        for (size_t i = 0; i < room; i++)
            if (old[i].length)
                *place_of(r, old[i].id) = old[i];
        free(old);
    }
    return place_of(r, id);
}

static struct mapper mapper_of(const struct reader *r, struct arena *a)
{
    return (struct mapper){.source = r->source, .arena = a};
}

// The record that was met first under an id; NULL when it cannot be found again.
static const struct record *read_first(struct reader *r, const struct place *place, struct str id,
                                       struct arena *a)
{
    char *text = arena_bytes(a, place->length);
    size_t n = 0, repaired = 0;
    while (n < place->length) {
        ssize_t got =
            pread(r->fd, text + n, place->length - n, r->start + (off_t)(place->offset + n));
        if (got <= 0)
            return NULL;
        n += (size_t)got;
    }
    struct mapper m = mapper_of(r, a);
    struct driver_item item;
    json_t *root =
        map_item_json(&m, KIND_DATASET, str_slice(text, n), "identifier", 1, &repaired, &item);
    struct entries entries = {0};
    const struct record *found = NULL;
    if (root)
        flatten(root, (enum list)place->list, false, 0, &entries);
    for (size_t i = 0; i < entries.n && !found; i++)
        if (datajson_map(&m, entries.v[i].kind, entries.v[i].o, &item) && str_eq(item.id, id))
            found = item.record;
    free(entries.v);
    json_decref(root);
    return found;
}

static bool same_record(const struct record *a, const struct record *b)
{
    struct buf left = {0}, right = {0};
    record_write_body(&left, a);
    record_write_body(&right, b);
    bool same = str_eq(buf_str(&left), buf_str(&right));
    buf_free(&left);
    buf_free(&right);
    return same;
}

// An id that was met before in this document. The item is skipped, or becomes an error.
static void meet_again(struct reader *r, const struct place *place, struct arena *a,
                       struct driver_item *item)
{
    const struct record *first = read_first(r, place, item->id, a);
    if (first && same_record(first, item->record)) {
        item->skipped = true;
        item->record = NULL;
        return;
    }
    struct str id = str_slice(item->id.p + r->source->config->name.n + 1,
                              item->id.n - r->source->config->name.n - 1);
    struct str title = str_cut_utf8(item->record->title, 110);
    struct str other = first ? str_cut_utf8(first->title, 110) : STR("another");
    // Known by no id: the record that has it is there, and is not this one.
    *item = (struct driver_item){0};
    err_set(&item->error, ERR_RECORD,
            "the identifier \"%.*s\" is told twice: \"%.*s\" has it, \"%.*s\" is left out",
            STR_ARG(str_cut_utf8(id, 100)), STR_ARG(other), STR_ARG(title));
    err_hint(&item->error, "the publisher must give each an identifier of its own");
}

// The next entry of the part, as an item of the page; nothing for one that is not wanted.
static void take_entry(struct reader *r, struct mapper *m, struct driver_page *out)
{
    const struct entry *entry = &r->entries.v[r->at++];
    struct driver_item *item = &out->items[out->item_count];
    if (json_is_null(entry->o) || !paging_wants(r->source, entry->kind))
        return;
    r->listed = true;
    datajson_map(m, entry->kind, entry->o, item);
    if (!item->record) {
        out->item_count += !r->again;
        return;
    }
    uint64_t hash = hash64(item->id);
    if (!r->first) {
        r->first = hash;
        r->repeats = r->position.page > 1 && hash == (uint64_t)r->position.first;
    }
    struct place *place = find_place(r, hash);
    if (place->length && r->again)
        return; // listed already
    if (place->length)
        meet_again(r, place, m->arena, item);
    else if (++r->place_count)
        *place = (struct place){.id = hash,
                                .offset = r->part.offset,
                                .length = (uint32_t)r->part.text.n,
                                .list = (unsigned char)r->list};
    out->item_count++;
}

static void drop_part(struct reader *r)
{
    json_decref(r->root);
    r->root = NULL;
    r->entries.n = r->at = 0;
}

// What a member that is no list says of the document.
static void read_envelope(struct reader *r)
{
    static const struct str words[] = {STR("project-open-data"), STR("DCAT-US"), STR("dcat-us"),
                                       STR("Catalog")};
    struct str member = r->part.member, text = r->part.text;
    if (!str_eq(member, STR("conformsTo")) && !str_eq(member, STR("@type")) &&
        !str_eq(member, STR("@context")) && !str_eq(member, STR("describedBy")))
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        r->looks_right = r->looks_right || str_find(text, words[i]) >= 0;
}

// A part of the document: its JSON is read, and what it brings made entries.
static void take_part(struct reader *r, struct mapper *m, struct driver_page *out)
{
    const struct json_part *part = &r->part;
    struct driver_item *item = &out->items[out->item_count];
    r->list = LIST_DATASETS;
    if (part->member.p && !list_find(part->member, &r->list)) {
        if (!part->element)
            read_envelope(r);
        return;
    }
    if (r->again && r->list == LIST_DATASETS)
        return;
    r->datasets += !r->again && r->list == LIST_DATASETS;
    if (part->too_large) {
        *item = (struct driver_item){0};
        err_set(&item->error, ERR_RECORD, "the item at byte %llu is larger than %d MB",
                (unsigned long long)part->offset, JSON_PART_MAX >> 20);
    } else {
        r->root = map_item_json(m, r->list == LIST_SERVICES ? KIND_DATASERVICE : KIND_DATASET,
                                part->text, "identifier", 1, &out->repaired, item);
    }
    if (!r->root) {
        out->item_count += !r->again;
        r->listed = true;
        return;
    }
    flatten(r->root, r->list, r->again, 0, &r->entries);
    if (!r->again && r->list != LIST_DATASETS && !r->holds) {
        struct entries inside = {0};
        flatten(r->root, r->list, true, 0, &inside);
        r->holds = inside.n > 0;
        free(inside.v);
    }
}

// ---- Pages -----------------------------------------------------------------------------------------

static bool is_page_size(int64_t n)
{
    static const int64_t sizes[] = {10, 20, 25, 50, 100, 200, 250, 500, 1000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (n == sizes[i])
            return true;
    return false;
}

// The cursor of the page behind this one, once it is read whole.
static struct str next_page(const struct reader *r, struct arena *a)
{
    const struct datajson_options *options = r->source->config->driver_options;
    unsigned pages = options ? options->pages : DATAJSON_PAGES_AUTO;
    bool first = r->position.page == 1;
    if (r->local || pages == DATAJSON_PAGES_NEVER || !r->datasets || !r->first ||
        r->position.page >= PAGES_MOST)
        return STR_NONE;
    if (pages == DATAJSON_PAGES_AUTO &&
        (first ? !is_page_size(r->datasets) : r->datasets != r->position.size))
        return STR_NONE;
    struct position next = {r->position.page + 1, first ? r->datasets : r->position.size,
                            (int64_t)r->first};
    return paging_write(a, members, &next);
}

// ---- The driver ------------------------------------------------------------------------------------

static void *open_document(const struct driver_source *source, struct str cursor,
                           const struct driver_document *document, struct err *e)
{
    struct arena a = {0};
    struct position p;
    bool good = position_read(cursor, &p, &a, e);
    arena_free(&a);
    if (!good)
        return NULL;
    struct reader *r = xcalloc(1, sizeof *r);
    r->source = source;
    r->fd = document->fd;
    r->start = lseek(document->fd, 0, SEEK_CUR);
    r->local = str_starts(document->url, STR("file:"));
    r->position = p;
    r->stream = json_stream_new(document->fd);
    return r;
}

static void close_document(void *reader)
{
    struct reader *r = reader;
    drop_part(r);
    json_stream_free(r->stream);
    free(r->entries.v);
    free(r->places);
    free(r);
}

// The end of the document was reached. True when it is read once more.
static bool ended(struct reader *r, struct err *e)
{
    if (!r->again && !r->listed && !r->looks_right && r->position.page == 1) {
        err_set(e, ERR_PARSE,
                "the document lists no dataset: it has no \"dataset\" that is a list");
        err_hint(e, "is this address a data.json? Other forms of DCAT are of type dcat");
        return false;
    }
    if (r->again || !r->holds)
        return false;
    if (lseek(r->fd, r->start, SEEK_SET) != r->start)
        return err_set(e, ERR_IO, "the document cannot be read from its start again");
    json_stream_free(r->stream);
    r->stream = json_stream_new(r->fd);
    r->again = true;
    return true;
}

static bool next_items(void *reader, struct arena *a, struct driver_page *out, bool *last,
                       struct err *e)
{
    struct reader *r = reader;
    size_t bytes = 0;
    struct mapper m = mapper_of(r, a);
    *out = (struct driver_page){.kind = KIND_COUNT, .announced = -1};
    *last = false;
    out->items = ARENA_ARRAY(a, struct driver_item, PART_ITEMS + 1);
    if (r->broken) {
        *e = r->broken_by;
        return false;
    }
    while (out->item_count < PART_ITEMS && bytes < PART_BYTES && !r->repeats) {
        if (r->at < r->entries.n) {
            take_entry(r, &m, out);
            continue;
        }
        drop_part(r);
        if (json_stream_next(r->stream, &r->part, &r->broken_by)) {
            bytes += r->part.text.n;
            take_part(r, &m, out);
            continue;
        }
        if (r->broken_by.code == ERR_NONE && ended(r, &r->broken_by))
            continue;
        if (r->broken_by.code == ERR_NONE) {
            *last = true;
            out->next = next_page(r, a);
            break;
        }
        r->broken = true; // what came before it is given first
        if (out->item_count)
            break;
        *e = r->broken_by;
        return false;
    }
    if (r->repeats) { // the server answers the same for every page
        out->item_count = 0;
        *last = true;
    }
    paging_counts(out, &m);
    return true;
}

static const char *const pages_words[] = {"auto", "always", "never", NULL};

static const struct conf_key keys[] = {
    {.name = "pages",
     .type = CONF_WORD,
     .offset = offsetof(struct datajson_options, pages),
     .words = pages_words,
     .preset = "auto",
     .help = "Whether the list goes on at ?page=2: auto asks when the first page holds as many "
             "datasets as pages do (10, 20, 25, 50, 100, 200, 250, 500, 1000)."},
    {0},
};

static const struct driver_clue clues[] = {
    {"", {"\"dataset\":[", "\"accessLevel\":"}, false},
    {"", {"project-open-data.cio.gov/v1.1/schema", "\"dataset\":"}, false},
    {"/data.json", {"\"dataset\":["}, true},
    {NULL, {NULL}, false}};

const struct driver driver_datajson = {
    .type = "datajson",
    .clues = clues,
    .guesses = true,
    .kinds = 1u << KIND_DATASET | 1u << KIND_DATASERVICE,
    .main_kind = KIND_DATASET,
    .keys = keys,
    .options_size = sizeof(struct datajson_options),
    .request = request,
    .open = open_document,
    .next = next_items,
    .close = close_document,
    .files = true,
};
