// See suggest_build.h.
#include "indexer/suggest/suggest_build.h"

#include "base/hash.h"
#include "base/json.h"
#include "indexer/index/document.h"
#include "indexer/index/fields.h"
#include "indexer/index/generation.h"
#include "indexer/index/usage.h"

#include <math.h>
#include <stdlib.h>

enum {
    KEYWORD_RECORDS_MIN = 2, // a keyword on a single record helps nobody, and most are
    OVERTAKEN_MAX = 5,       // times in a row that a document is read again after a commit
};
// Weights of what has no popularity of its own: by the logarithm of its records.
static const double records_most = 20000, keyword_most = 0.6, publisher_most = 0.8;

// ---- How many records name something ---------------------------------------------------------------

struct tally_item {
    struct str key, label;
    uint32_t count;
    bool known; // an organization has a record of its own
};

struct tally { // open addressing, strings in the arena
    struct tally_item *items;
    size_t mask, used;
    struct arena *arena;
};

static struct tally_item *slot(struct tally_item *items, size_t mask, struct str key)
{
    size_t at = hash64(key) & mask;
    while (items[at].key.n && !str_eq(items[at].key, key))
        at = (at + 1) & mask;
    return &items[at];
}

// The item of that key, which is not empty; made when it is not there yet.
static struct tally_item *tally_item(struct tally *t, struct str key)
{
    if (!t->items || t->used * 2 > t->mask) {
        size_t mask = t->items ? t->mask * 2 + 1 : 4095;
        struct tally_item *items = xcalloc(mask + 1, sizeof *items);
        for (size_t i = 0; t->items && i <= t->mask; i++)
            if (t->items[i].key.n)
                *slot(items, mask, t->items[i].key) = t->items[i];
        free(t->items);
        t->items = items;
        t->mask = mask;
    }
    struct tally_item *item = slot(t->items, t->mask, key);
    if (!item->key.n) {
        item->key = arena_str(t->arena, key);
        t->used++;
    }
    return item;
}

// ---- Reading documents -----------------------------------------------------------------------------

struct organization {
    struct organization *next;
    struct str id, title, acronym;
    double prior;
};

struct building {
    const struct suggest_source *source;
    struct xap_db *db;
    struct xap_doc *doc;
    struct suggest_builder *builder;
    struct arena arena, scratch; // of the whole building; of one document
    struct tally keywords, publishers;
    struct organization *organizations;
};

struct read { // what is needed of one document, in the scratch arena
    enum suggest_kind kind;
    struct str id, title, acronym, publishers, keywords;
    double prior;
};

static bool read_value(struct building *b, uint32_t slot_number, struct str *out, struct err *e)
{
    struct str value;
    if (!xap_doc_value(b->doc, slot_number, &value, e))
        return false;
    *out = arena_str(&b->scratch, value);
    return true;
}

// The members of a result stand in a fixed order, those that are needed here before the description, which is most of it.
static json_t *read_members(struct building *b, struct str members, struct err *e)
{
    ptrdiff_t description = str_find(members, STR(",\"description\":"));
    if (description >= 0)
        members.n = (size_t)description;
    return json_read(arena_printf(&b->scratch, "%.*s}", STR_ARG(members)), &b->scratch, NULL, e);
}

static bool read_document(struct building *b, uint32_t docid, struct read *out, struct err *e)
{
    struct str kind, use, data;
    if (!xap_db_load_docid(b->db, docid, b->doc, e) ||
        !read_value(b, SLOT_FACETS + FACET_KIND, &kind, e) ||
        !read_value(b, SLOT_FACETS + FACET_PUBLISHER, &out->publishers, e) ||
        !read_value(b, SLOT_FACETS + FACET_KEYWORD, &out->keywords, e) ||
        !read_value(b, SLOT_USE, &use, e) || !xap_doc_data(b->doc, &data, e))
        return false;
    if (!suggest_kind_find(kind, &out->kind))
        return err_set(e, ERR_NOT_FOUND, "document %u is of no kind that is suggested", docid);
    struct usage usage = usage_read(use);
    out->prior = usage_prior(&usage);
    json_t *members = read_members(b, document_data_read(data).members, e);
    if (!members)
        return false;
    out->id = arena_str(&b->scratch, jget(members, "id"));
    out->title = arena_str(&b->scratch, jget(members, "title"));
    out->acronym = arena_str(&b->scratch, jget(members, "acronym"));
    json_decref(members);
    return true;
}

static void add_organization(struct building *b, const struct read *r)
{
    struct organization *o = ARENA_NEW(&b->arena, struct organization);
    *o = (struct organization){b->organizations, arena_str(&b->arena, r->id),
                               arena_str(&b->arena, r->title), arena_str(&b->arena, r->acronym),
                               r->prior};
    b->organizations = o;
    if (r->id.n)
        tally_item(&b->publishers, r->id)->known = true;
}

static void count_publisher(struct building *b, struct str publisher)
{
    struct str id;
    if (!publisher.n || !str_next(&publisher, LABEL_SEPARATOR, &id) || !id.n)
        return;
    struct tally_item *item = tally_item(&b->publishers, id);
    item->count++;
    if (!item->label.n && publisher.n)
        item->label = arena_str(&b->arena, publisher);
}

static void add_document(struct building *b, const struct read *r)
{
    if (r->kind == SUGGEST_ORGANIZATION) {
        add_organization(b, r);
        return;
    }
    suggest_builder_add(b->builder, &(struct suggest_entry){.kind = r->kind,
                                                            .text = r->title,
                                                            .names = r->acronym,
                                                            .value = r->id,
                                                            .weight = r->prior,
                                                            .count = 1});
    struct str rest = r->publishers, publisher, keyword;
    while (xap_list_next(&rest, &publisher))
        count_publisher(b, publisher);
    rest = r->keywords;
    while (xap_list_next(&rest, &keyword))
        if (keyword.n)
            tally_item(&b->keywords, keyword)->count++;
}

static bool add_documents(struct building *b, struct err *e)
{
    struct xap_stats stats;
    if (!xap_db_stats(b->db, &stats, e))
        return false;
    unsigned overtaken = 0;
    for (uint32_t docid = 1; docid && docid <= stats.last_docid;) {
        struct read r = {0};
        if (b->source->stop && atomic_load(b->source->stop))
            return err_set(e, ERR_BUSY, "stopped");
        arena_reset(&b->scratch);
        if (read_document(b, docid, &r, e)) {
            add_document(b, &r);
        } else if (e->code == ERR_MODIFIED && overtaken++ < OVERTAKEN_MAX) {
            if (!xap_db_reopen(b->db, NULL, e))
                return false;
            continue;
        } else if (e->code != ERR_NOT_FOUND) {
            return false;
        }
        overtaken = 0;
        docid++;
    }
    return true;
}

// ---- What the records name -------------------------------------------------------------------------

static double weight_of(uint32_t records, double most)
{
    double share = log1p(records) / log1p(records_most);
    return most * (share < 1 ? share : 1);
}

static void add_organizations(struct building *b)
{
    for (const struct organization *o = b->organizations; o; o = o->next) {
        uint32_t records = o->id.n ? tally_item(&b->publishers, o->id)->count : 0;
        double weight = weight_of(records, publisher_most);
        suggest_builder_add(b->builder,
                            &(struct suggest_entry){.kind = SUGGEST_ORGANIZATION,
                                                    .text = o->title,
                                                    .names = o->acronym,
                                                    .value = o->id,
                                                    .weight = weight > o->prior ? weight : o->prior,
                                                    .count = records});
    }
    for (size_t i = 0; b->publishers.items && i <= b->publishers.mask; i++) {
        const struct tally_item *p = &b->publishers.items[i];
        if (p->count && !p->known)
            suggest_builder_add(
                b->builder, &(struct suggest_entry){.kind = SUGGEST_ORGANIZATION,
                                                    .text = p->label,
                                                    .value = p->key,
                                                    .weight = weight_of(p->count, publisher_most),
                                                    .count = p->count});
    }
}

static void add_keywords(struct building *b)
{
    for (size_t i = 0; b->keywords.items && i <= b->keywords.mask; i++) {
        const struct tally_item *k = &b->keywords.items[i];
        if (k->count >= KEYWORD_RECORDS_MIN)
            suggest_builder_add(b->builder,
                                &(struct suggest_entry){.kind = SUGGEST_KEYWORD,
                                                        .text = k->key,
                                                        .value = k->key,
                                                        .weight = weight_of(k->count, keyword_most),
                                                        .count = k->count});
    }
}

static bool is_stopped(const struct building *b)
{
    return b->source->stop && atomic_load(b->source->stop);
}

static void add_places(struct building *b)
{
    for (size_t i = 0; i < b->source->place_count && !is_stopped(b); i++) {
        const struct suggest_place *p = &b->source->places[i];
        suggest_builder_add(b->builder, &(struct suggest_entry){.kind = SUGGEST_TERRITORY,
                                                                .text = p->text,
                                                                .names = p->names,
                                                                .value = p->value,
                                                                .weight = p->weight});
    }
}

static bool open_index(struct building *b, struct err *e)
{
    int64_t generation;
    if (!generation_current(b->source->data, &generation, e))
        return false;
    if (!generation)
        return err_set(e, ERR_NOT_FOUND, "there is no index yet");
    b->db = xap_db_open(generation_path(b->source->data, generation, &b->scratch), e);
    b->doc = b->db ? xap_doc_new(e) : NULL;
    return b->doc != NULL;
}

struct suggester *suggest_build(const struct suggest_source *source, struct err *e)
{
    struct building b = {.source = source};
    struct suggester *made = NULL;
    struct err own;
    e = e ? e : &own;
    b.keywords.arena = b.publishers.arena = &b.arena;
    b.builder = suggest_builder_new(source->stop_words, e);
    if (b.builder && open_index(&b, e) && add_documents(&b, e)) {
        add_organizations(&b);
        add_keywords(&b);
        add_places(&b);
        if (is_stopped(&b)) {
            err_set(e, ERR_BUSY, "stopped");
        } else {
            made = suggest_builder_finish(b.builder);
            b.builder = NULL;
        }
    }
    suggest_builder_free(b.builder);
    xap_doc_free(b.doc);
    xap_db_close(b.db);
    free(b.keywords.items);
    free(b.publishers.items);
    arena_free(&b.arena);
    arena_free(&b.scratch);
    return made;
}
