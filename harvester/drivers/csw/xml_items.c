// See xml_items.h.
#include "harvester/drivers/csw/xml_items.h"

#include "harvester/drivers/csw/datacite.h"
#include "harvester/drivers/csw/dublin_core.h"
#include "harvester/drivers/iso19139/iso19139.h"
#include "harvester/drivers/paging.h"
#include "harvester/drivers/csw/rdf_element.h"

static bool is_rdf(const struct xml_node *node)
{
    return str_eq(node->name, STR("RDF"));
}

bool xml_items_known(const struct xml_node *node)
{
    return iso19139_is(node) || dublin_core_is(node) || datacite_is(node) || is_rdf(node);
}

static void push(struct xml_items *items, struct driver_item item)
{
    if (items->n == items->room) {
        size_t room = items->room ? 2 * items->room : 32;
        struct driver_item *v = ARENA_ARRAY(items->mapper.arena, struct driver_item, room);
        if (items->n)
            memcpy(v, items->v, items->n * sizeof *v);
        items->v = v;
        items->room = room;
    }
    items->v[items->n++] = item;
}

static void push_error(struct xml_items *items, struct str remote_id, const struct xml_node *node,
                       const struct err *e)
{
    struct driver_item item = {.id = map_id(&items->mapper, KIND_DATASET, remote_id), .error = *e};
    if (!item.error.where[0])
        err_where(&item.error, "line %u", node->line);
    push(items, item);
}

// ---- RDF ----------------------------------------------------------------------------------------------

static void add_rdf_item(void *arg, const struct driver_item *item)
{
    push(arg, *item);
}

// The protocol's id, where the element is one record.
static void rename_item(struct mapper *m, struct str remote_id, struct driver_item *item)
{
    enum record_kind kind = item->record ? item->record->kind : KIND_DATASET;
    item->id = map_id(m, kind, remote_id);
    if (item->record)
        item->record->id = item->id;
}

static void add_rdf(struct xml_items *items, const struct xml_node *element, struct str remote_id)
{
    struct err e = {0};
    size_t before = items->n;
    if (!rdf_element_read(&items->mapper, element, add_rdf_item, items, &e)) {
        items->n = before;
        push_error(items, remote_id, element, &e);
    } else if (items->n == before) {
        err_set(&e, ERR_RECORD, "the RDF names no dataset and no service");
        push_error(items, remote_id, element, &e);
    } else if (remote_id.n && items->n == before + 1) {
        rename_item(&items->mapper, remote_id, &items->v[before]);
    }
}

// ---- Records ------------------------------------------------------------------------------------------

// What became of the element; an error says which record and where.
static void push_mapped(struct xml_items *items, const struct xml_node *element,
                        struct str remote_id, struct driver_item item)
{
    if (remote_id.n && item.error.code == ERR_RECORD && !item.id.n)
        item.id = map_id(&items->mapper, KIND_DATASET, remote_id);
    if (item.error.code && !item.error.where[0])
        err_where(&item.error, "line %u", element->line);
    push(items, item);
}

void xml_items_add(struct xml_items *items, const struct xml_node *element, struct str remote_id)
{
    struct driver_item item = {0};
    struct mapper *m = &items->mapper;
    if (is_rdf(element)) {
        add_rdf(items, element, remote_id);
        return;
    }
    if (iso19139_is(element))
        iso19139_map(m, element, remote_id, &item);
    else if (datacite_is(element))
        datacite_map(m, element, remote_id, &item);
    else if (dublin_core_is(element))
        dublin_core_map(m, element, remote_id, &item);
    else
        err_set(&item.error, ERR_RECORD, "a record in a form that is not read: %.*s of \"%.*s\"",
                STR_ARG(str_cut_utf8(element->name, 60)), STR_ARG(str_cut_utf8(element->ns, 100)));
    push_mapped(items, element, remote_id, item);
}

// A record that was removed may have been of any kind.
static void add_deleted(struct xml_items *items, struct str remote_id)
{
    const struct driver_source *source = items->mapper.source;
    items->deleted++;
    for (size_t i = 0; i < source->kind_count && remote_id.n; i++)
        push(items, (struct driver_item){.id = map_id(&items->mapper, source->kinds[i], remote_id),
                                         .gone = true});
}

// Dublin Core whose elements stand in `metadata` themselves: some repositories leave out the oai_dc:dc around them.
static bool is_bare_dublin_core(const struct xml_node *metadata)
{
    return str_starts(metadata->first->ns, STR("http://purl.org/dc/")) &&
           !xml_items_known(metadata->first);
}

static void add_bare_dublin_core(struct xml_items *items, const struct xml_node *metadata,
                                 struct str remote_id)
{
    struct driver_item item = {0};
    dublin_core_map(&items->mapper, metadata, remote_id, &item);
    push_mapped(items, metadata, remote_id, item);
}

void xml_items_add_oai(struct xml_items *items, const struct xml_node *record)
{
    struct arena *a = items->mapper.arena;
    const struct xml_node *header = xml_child(record, NULL, "header");
    const struct xml_node *metadata = xml_child(record, NULL, "metadata");
    struct str id = xml_text_at(header, "identifier", a);
    struct err e = {0};
    if (str_eq(xml_attribute(header, NULL, "status"), STR("deleted"))) {
        add_deleted(items, id);
    } else if (!metadata || !metadata->first) {
        err_set(&e, ERR_RECORD, "the record has no metadata");
        push_error(items, id, record, &e);
    } else {
        size_t before = items->n;
        if (is_bare_dublin_core(metadata))
            add_bare_dublin_core(items, metadata, id);
        else
            xml_items_add(items, metadata->first, id);
        struct driver_item *item = &items->v[before];
        if (items->n == before + 1 && id.n && (item->record || item->error.code))
            rename_item(&items->mapper, id, item);
        if (item->record && item->record->modified.precision == DATE_NONE)
            item->record->modified = map_date(xml_text_at(header, "datestamp", a));
    }
}

static bool is_oai_record(const struct xml_node *node)
{
    return str_eq(node->name, STR("record")) && xml_child(node, NULL, "header");
}

// In document order, without recursion: the tree may be deep.
void xml_items_add_all(struct xml_items *items, const struct xml_node *root, struct str name)
{
    const struct xml_node *node = root;
    while (node) {
        bool oai = is_oai_record(node), known = !oai && xml_items_known(node);
        if (oai)
            xml_items_add_oai(items, node);
        else if (known)
            xml_items_add(items, node, node == root && iso19139_is(node) ? name : STR_NONE);
        if (!oai && !known && node->first) {
            node = node->first;
            continue;
        }
        while (node != root && !node->next)
            node = node->parent;
        node = node == root ? NULL : node->next;
    }
}

void xml_items_page(const struct xml_items *items, struct driver_page *page)
{
    page->kind = KIND_COUNT;
    page->items = items->v;
    page->item_count = items->n;
    paging_counts(page, &items->mapper);
}

// ---- Answers ------------------------------------------------------------------------------------------

struct xml_node *xml_answer(struct str body, struct arena *a, struct err *e)
{
    enum { SHOWN = 80 };
    struct xml_node *root = xml_read(body, a, e);
    if (root || !e || e->code != ERR_PARSE)
        return root;
    struct str start = text_clean(a, str_cut_utf8(str_trim(body), 4 * SHOWN), SHOWN, NULL);
    char why[sizeof e->what];
    memcpy(why, e->what, sizeof why);
    err_set(e, ERR_PARSE, "not the XML that was asked for (%s): \"%.*s\"", why, STR_ARG(start));
    err_hint(e, "look at what the address answers in a browser");
    return NULL;
}

bool xml_exception(const struct xml_node *root, struct arena *a, struct str *text)
{
    enum { TEXT_MAX = 300 };
    static const char *const parts[] = {"Exception", "ServiceException"};
    if (!root || !str_ends(root->name, STR("ExceptionReport")))
        return false;
    *text = STR("an exception without a text");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct xml_node *x = xml_child(root, NULL, parts[i]);
        struct str code = xml_attribute(x, NULL, "exceptionCode");
        struct str locator = xml_attribute(x, NULL, "locator"), said = xml_text(x, a);
        if (x)
            *text =
                text_clean(a,
                           arena_printf(a, "%.*s%s%.*s%s%.*s", STR_ARG(code), locator.n ? " " : "",
                                        STR_ARG(locator), said.n ? ": " : "", STR_ARG(said)),
                           TEXT_MAX, NULL);
    }
    return true;
}
