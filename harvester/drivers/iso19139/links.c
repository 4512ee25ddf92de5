// Distributions, services and columns of ISO metadata. See parts.h.
#include "harvester/drivers/iso19139/parts.h"
#include "harvester/drivers/csw/online.h"

// ---- Links --------------------------------------------------------------------------------------------

// An address is a URL element, a text, or one by language.
static struct online read_online(struct iso *x, const struct xml_node *o)
{
    struct online online = {
        .url = iso_text_at(x, o, "linkage", NULL),
        .protocol = iso_text_at(x, o, "protocol", NULL),
        .name = iso_text_at(x, o, "name", NULL),
        .description = iso_text_at(x, o, "description", NULL),
        .function = iso_code(x->m->arena, xml_child(o, NULL, "function")),
        .media_type = xml_attribute(xml_find(o, "name/MimeFileType"), NULL, "type"),
    };
    if (!online.url.n)
        online.url = xml_text_at(o, "linkage/*/URLGroup/*", x->m->arena);
    if (!online.protocol.n)
        online.protocol = iso_text_at(x, o, "applicationProfile", NULL);
    return online;
}

// The one format of all that can be downloaded; empty when there are several.
static struct str only_format(struct iso *x)
{
    static const char *const paths[] = {
        "distributionInfo/*/distributionFormat/*/name",
        "distributionInfo/*/distributor/*/distributorFormat/*/name",
        "distributionInfo/*/distributionFormat/*/formatSpecificationCitation/*/title",
        "identificationInfo/*/resourceFormat/*/name",
        "identificationInfo/*/resourceFormat/*/formatSpecificationCitation/*/title",
    };
    struct str format = STR_NONE;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        size_t n;
        const struct xml_node **names = iso_all(x, x->root, paths[i], &n);
        for (size_t k = 0; k < n; k++) {
            struct str name = iso_text(x, names[k], NULL);
            if (format.n && name.n && !str_eq_nocase(format, name))
                return STR_NONE;
            if (name.n)
                format = name;
        }
    }
    return format;
}

void iso_distribution(struct iso *x)
{
    size_t n, more;
    const struct xml_node **links =
        xml_find_all(x->root, "distributionInfo/*/transferOptions/*/onLine/*",
                     DISTRIBUTIONS_MAX + 1, x->m->arena, &n);
    const struct xml_node **others = xml_find_all(
        x->root, "distributionInfo/*/distributor/*/distributorTransferOptions/*/onLine/*",
        DISTRIBUTIONS_MAX + 1, x->m->arena, &more);
    size_t room = map_distributions(x->m, x->r, n + more);
    struct str format = only_format(x);
    for (size_t i = 0; i < n + more; i++) {
        struct online online = read_online(x, i < n ? links[i] : others[i - n]);
        online.format = format;
        online_add(x->m, x->r, room, &online);
    }
}

// ---- Services -----------------------------------------------------------------------------------------

// "https://host/wms?" of "https://host/wms?service=WMS&request=GetCapabilities": the address that all requests start from.
static void set_endpoint(struct iso *x, struct str url)
{
    url = map_web(x->m, url);
    if (!url.n || x->r->endpoint_url.n)
        return;
    ptrdiff_t question = str_find_char(url, '?');
    if (iso_contains(url, STR("request=GetCapabilities")) && question > 0) {
        x->r->endpoint_description = url;
        url = arena_str(x->m->arena, str_slice(url.p, (size_t)question));
    }
    x->r->endpoint_url = url;
}

static struct str operation_url(struct iso *x, const struct xml_node *operation)
{
    struct str url = iso_text_at(x, operation, "connectPoint/*/linkage", NULL);
    return url.n ? url : xml_text_at(operation, "connectPoint/*/linkage/*/URLGroup/*", x->m->arena);
}

static void read_operations(struct iso *x)
{
    size_t n;
    const struct xml_node **operations = iso_all(x, x->ident, "containsOperations/*", &n);
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(iso_text_at(x, operations[i], "operationName", NULL),
                          STR("GetCapabilities")))
            set_endpoint(x, operation_url(x, operations[i]));
    for (size_t i = 0; i < n; i++)
        set_endpoint(x, operation_url(x, operations[i]));
    for (size_t i = 0; i < x->r->distribution_count; i++) // else where it can be reached
        if (str_eq(x->r->distributions[i].type, STR("api")))
            set_endpoint(x, x->r->distributions[i].url);
    for (size_t i = 0; i < x->r->distribution_count; i++)
        if (!str_eq(x->r->distributions[i].type, STR("documentation")))
            set_endpoint(x, x->r->distributions[i].url);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct str percent_decoded(struct arena *a, struct str s)
{
    char *bytes = arena_bytes(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool coded = s.p[i] == '%' && s.n - i > 2 && hex_digit(s.p[i + 1]) >= 0 &&
                     hex_digit(s.p[i + 2]) >= 0;
        bytes[n++] = coded ? (char)(hex_digit(s.p[i + 1]) * 16 + hex_digit(s.p[i + 2])) : s.p[i];
        i += coded ? 2 : 0;
    }
    return str_slice(bytes, n);
}

// The id of the metadata behind "https://host/csw?request=GetRecordById&id=5a3f...": the parameter id or uuid.
static struct str id_of_link(struct iso *x, struct str link)
{
    ptrdiff_t question = str_find_char(link, '?'), fragment = str_find_char(link, '#');
    if (fragment > question)
        link.n = (size_t)fragment;
    struct str query = STR_NONE, part, name;
    if (question >= 0)
        query = str_slice(link.p + question + 1, link.n - (size_t)question - 1);
    while (str_next(&query, '&', &part)) {
        str_next(&part, '=', &name);
        if (part.n && (str_eq_nocase(name, STR("id")) || str_eq_nocase(name, STR("uuid"))))
            return percent_decoded(x->m->arena, part);
    }
    return STR_NONE;
}

void iso_operated(struct iso *x, struct strs *relation)
{
    size_t n;
    const struct xml_node **found =
        xml_find_all(x->ident, "operatesOn", RELATIONS_MAX + 1, x->m->arena, &n);
    for (size_t i = 0; i < n; i++) {
        struct str id = xml_attribute(found[i], NULL, "uuidref");
        if (!id.n)
            id = id_of_link(x, xml_attribute(found[i], NULL, "href"));
        if (id.n && id.p[0] != '#' && !iso_contains(id, STR("://")))
            map_add_relation(x->m, relation, map_id(x->m, KIND_DATASET, id));
    }
}

void iso_service(struct iso *x)
{
    x->r->type = map_line(x->m, iso_text_at(x, x->ident, "serviceType", NULL), KEYWORD_MAX);
    read_operations(x);
    iso_operated(x, &x->r->relations.serves_dataset);
}

// ---- Columns ------------------------------------------------------------------------------------------

static void add_columns(struct iso *x, const struct xml_node **found, size_t n, size_t room,
                        const char *name, const char *label, const char *type)
{
    for (size_t i = 0; i < n; i++)
        map_add_column(x->m, x->r, room, xml_text_at(found[i], name, x->m->arena),
                       iso_text_at(x, found[i], label, NULL),
                       xml_text_at(found[i], type, x->m->arena));
}

// Attributes of feature types (ISO 19110), or what the cells or bands of a coverage hold.
void iso_columns(struct iso *x)
{
    size_t attributes, ranges, samples;
    const struct xml_node **types = xml_find_all(x->root,
                                                 "contentInfo/*/featureCatalogue/*/featureType/*/"
                                                 "carrierOfCharacteristics/FC_FeatureAttribute",
                                                 COLUMNS_MAX, x->m->arena, &attributes);
    const struct xml_node **bands =
        xml_find_all(x->root, "contentInfo/*/dimension/*", COLUMNS_MAX, x->m->arena, &ranges);
    const struct xml_node **groups = xml_find_all(
        x->root, "contentInfo/*/attributeGroup/*/attribute/*", COLUMNS_MAX, x->m->arena, &samples);
    size_t room = map_columns(x->m, x->r, attributes + ranges + samples);
    add_columns(x, types, attributes, room, "memberName", "definition", "valueType/*/aName");
    add_columns(x, bands, ranges, room, "sequenceIdentifier/*/aName", "descriptor",
                "sequenceIdentifier/*/attributeType/*/aName");
    add_columns(x, groups, samples, room, "sequenceIdentifier/*/aName", "description",
                "sequenceIdentifier/*/attributeType/*/aName");
}
