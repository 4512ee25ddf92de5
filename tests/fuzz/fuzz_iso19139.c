// Fuzzing of what becomes of XML records: a tree is built from the bytes with the names that the mappings look for, as a parser
// would give it, then mapped. A record that comes out can be written, and read back as the same bytes.
#include "harvester/drivers/csw/datacite.h"
#include "harvester/drivers/csw/dublin_core.h"
#include "harvester/drivers/iso19139/iso19139.h"
#include "harvester/drivers/csw/rdf_element.h"
#include "tests/fuzz/records.h"

enum { DEPTH = 20 };

static const char *const names[] = {"MD_Metadata",
                                    "fileIdentifier",
                                    "CharacterString",
                                    "Anchor",
                                    "language",
                                    "LanguageCode",
                                    "locale",
                                    "PT_Locale",
                                    "languageCode",
                                    "PT_FreeText",
                                    "textGroup",
                                    "LocalisedCharacterString",
                                    "hierarchyLevel",
                                    "MD_ScopeCode",
                                    "contact",
                                    "CI_ResponsibleParty",
                                    "organisationName",
                                    "role",
                                    "contactInfo",
                                    "CI_Contact",
                                    "address",
                                    "CI_Address",
                                    "electronicMailAddress",
                                    "dateStamp",
                                    "identificationInfo",
                                    "MD_DataIdentification",
                                    "SV_ServiceIdentification",
                                    "citation",
                                    "CI_Citation",
                                    "title",
                                    "alternateTitle",
                                    "date",
                                    "CI_Date",
                                    "dateType",
                                    "identifier",
                                    "MD_Identifier",
                                    "code",
                                    "codeSpace",
                                    "abstract",
                                    "pointOfContact",
                                    "descriptiveKeywords",
                                    "MD_Keywords",
                                    "keyword",
                                    "type",
                                    "thesaurusName",
                                    "topicCategory",
                                    "resourceConstraints",
                                    "MD_LegalConstraints",
                                    "useLimitation",
                                    "accessConstraints",
                                    "useConstraints",
                                    "otherConstraints",
                                    "extent",
                                    "EX_Extent",
                                    "description",
                                    "geographicElement",
                                    "EX_GeographicBoundingBox",
                                    "westBoundLongitude",
                                    "eastBoundLongitude",
                                    "southBoundLatitude",
                                    "northBoundLatitude",
                                    "temporalElement",
                                    "EX_TemporalExtent",
                                    "TimePeriod",
                                    "beginPosition",
                                    "endPosition",
                                    "distributionInfo",
                                    "MD_Distribution",
                                    "transferOptions",
                                    "MD_DigitalTransferOptions",
                                    "onLine",
                                    "CI_OnlineResource",
                                    "linkage",
                                    "URL",
                                    "protocol",
                                    "name",
                                    "function",
                                    "distributionFormat",
                                    "MD_Format",
                                    "containsOperations",
                                    "SV_OperationMetadata",
                                    "operationName",
                                    "connectPoint",
                                    "operatesOn",
                                    "contentInfo",
                                    "dimension",
                                    "sequenceIdentifier",
                                    "aName",
                                    "dc",
                                    "subject",
                                    "coverage",
                                    "rights",
                                    "BoundingBox",
                                    "LowerCorner",
                                    "UpperCorner",
                                    "URI",
                                    "references",
                                    "format",
                                    "resource",
                                    "titles",
                                    "dates",
                                    "rightsList",
                                    "geoLocations",
                                    "geoLocation",
                                    "geoLocationBox"};
static const char *const attributes[] = {"codeListValue", "href",     "locale",  "uuidref", "id",
                                         "crs",           "protocol", "dateType"};

struct input {
    const uint8_t *p, *end;
    struct arena *a;
};

static unsigned byte(struct input *in)
{
    return in->p < in->end ? *in->p++ : 0;
}

// What a parser gives is UTF-8.
static struct str text(struct input *in)
{
    size_t n = byte(in), left = (size_t)(in->end - in->p);
    struct str s = str_slice((const char *)in->p, n < left ? n : left);
    in->p += s.n;
    return utf8_valid(s) ? s : STR("x");
}

static struct xml_node *element(struct input *in, struct xml_node *parent, unsigned depth)
{
    struct xml_node *node = ARENA_NEW(in->a, struct xml_node), *last = NULL;
    unsigned what = byte(in), children = byte(in);
    node->name = str_of(names[what % (sizeof names / sizeof *names)]);
    node->ns = children & 128 ? STR("http://datacite.org/schema/kernel-4") : STR("n");
    node->parent = parent;
    node->line = depth;
    node->text = STR("");
    if (children & 64) {
        struct xml_attribute *one = ARENA_NEW(in->a, struct xml_attribute);
        one->name = str_of(attributes[byte(in) % (sizeof attributes / sizeof *attributes)]);
        one->value = text(in);
        node->attributes = one;
        node->attribute_count = 1;
    }
    if (children & 32)
        node->text = text(in);
    for (unsigned i = 0; i < (children & 15) && depth < DEPTH && in->p < in->end; i++) {
        struct xml_node *child = element(in, node, depth + 1);
        *(last ? &last->next : &node->first) = child;
        last = child;
    }
    return node;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    load_vocabularies();
    struct arena a = {0};
    struct config_source config = {.name = STR("fuzz"), .url = STR("http://127.0.0.1:1/csw")};
    struct driver_source source = {.config = &config, .kinds = {KIND_DATASET}, .kind_count = 1};
    struct mapper m = {.source = &source, .arena = &a};
    struct input in = {data, data + size, &a};
    struct driver_item item = {0};
    struct buf written = {0};
    unsigned form = byte(&in) % 3;
    struct xml_node *root = element(&in, NULL, 0);
    if (form == 0)
        iso19139_map(&m, root, STR("otherwise"), &item);
    else if (form == 1)
        dublin_core_map(&m, root, STR_NONE, &item);
    else
        datacite_map(&m, root, STR("x"), &item);
    if (item.record)
        check_record(item.record, &a);
    else
        must(item.error.code != ERR_NONE || item.skipped);
    rdf_element_write(&written, root);
    must(utf8_valid(buf_str(&written)));
    buf_free(&written);
    arena_free(&a);
    return 0;
}
