// For the tests of the drivers that read XML: a source, a driver's walk, and metadata written short.
#pragma once

#include "harvester/drivers/csw/xml_items.h"
#include "tests/unit/udata_fixture.h"

static struct config_source xml_config = {.name = STR("cat"),
                                          .type = STR("csw"),
                                          .url = STR("https://geo.exemple.fr/csw"),
                                          .page_size = 100};
static struct driver_source xml_source = {
    .config = &xml_config,
    .kinds = {KIND_DATASET, KIND_DATASERVICE, KIND_REUSE, KIND_SOFTWARE},
    .kind_count = 4,
    .main_kind = KIND_DATASET,
    .now = 1795132800, // 2026-11-20
};

#define CS(text) "<gco:CharacterString>" text "</gco:CharacterString>"
#define CODE(name, value) "<gmd:" name " codeList=\"x\" codeListValue=\"" value "\"/>"
#define NAMESPACES                                                                                 \
    "xmlns:gmd='http://www.isotc211.org/2005/gmd' xmlns:gco='http://www.isotc211.org/2005/gco' "   \
    "xmlns:gmx='http://www.isotc211.org/2005/gmx' xmlns:srv='http://www.isotc211.org/2005/srv' "   \
    "xmlns:gml='http://www.opengis.net/gml/3.2' xmlns:xlink='http://www.w3.org/1999/xlink'"
#define GMD(name, inside) "<gmd:" name ">" inside "</gmd:" name ">"
#define CITED(title) GMD("CI_Citation", GMD("title", CS(title)))
#define FRENCH "<gmd:language><gmd:LanguageCode codeListValue='fre'/></gmd:language>"
#define TITLE(text)                                                                                \
    "<gmd:citation><gmd:CI_Citation><gmd:title>" CS(text) "</gmd:title></gmd:CI_Citation>"         \
                                                          "</gmd:citation>"
#define METADATA(about, identification, rest)                                                      \
    "<gmd:MD_Metadata " NAMESPACES                                                                 \
    "><gmd:fileIdentifier>" CS("jeu-1") "</gmd:fileIdentifier>" about                              \
                                        "<gmd:identificationInfo>" identification                  \
                                        "</gmd:identificationInfo>" rest "</gmd:MD_Metadata>"
// A dataset: what stands in its identification, and what follows it.
#define DATASET(identification, rest)                                                              \
    METADATA(FRENCH, "<gmd:MD_DataIdentification>" identification "</gmd:MD_DataIdentification>",  \
             rest)
#define SERVICE(identification, rest)                                                              \
    METADATA(FRENCH,                                                                               \
             "<srv:SV_ServiceIdentification>" identification "</srv:SV_ServiceIdentification>",    \
             rest)

// Every item of a document; the first in *first.
static inline size_t xml_fixture_items(const char *document, struct driver_item *first)
{
    struct err e = {0};
    struct xml_items items = {.mapper = {.source = &xml_source, .arena = &arena}};
    struct xml_node *root = xml_read(str_of(document), &arena, &e);
    *first = (struct driver_item){0};
    if (!root) {
        printf("# %s\n", e.what);
        return 0;
    }
    xml_items_add_all(&items, root, STR("fiche.xml"));
    if (items.n)
        *first = items.v[0];
    return items.n;
}

// The record of a document that is one; an empty record when it is none.
static inline struct record *xml_fixture_record(const char *document)
{
    static struct record none;
    struct driver_item item;
    xml_fixture_items(document, &item);
    record_init(&none);
    if (!item.record)
        printf("# no record: %s\n", item.error.what);
    return item.record ? item.record : &none;
}

// The words of a list, between bars.
static inline struct str xml_fixture_words(struct strs list)
{
    struct str s = STR("");
    for (size_t i = 0; i < list.n; i++)
        s = arena_printf(&arena, "%.*s%s%.*s", STR_ARG(s), i ? "|" : "", STR_ARG(list.v[i]));
    return s;
}

static inline struct str xml_fixture_date(struct date d)
{
    char text[DATE_TEXT_BYTES];
    return arena_str(&arena, date_format(d, text));
}

// "type format title url" of a distribution.
static inline struct str xml_fixture_distribution(const struct record *r, size_t i)
{
    if (i >= r->distribution_count)
        return STR("none");
    const struct distribution *d = &r->distributions[i];
    return arena_printf(&arena, "%.*s %.*s [%.*s] %.*s", STR_ARG(d->type), STR_ARG(d->format),
                        STR_ARG(d->title), STR_ARG(d->url));
}

// An address with its percent-encoding in lower case, as some versions of libcurl write it.
static inline struct str xml_fixture_url(struct str url)
{
    char *bytes = arena_z(&arena, url);
    for (size_t i = 0; i + 2 < url.n; i++)
        if (bytes[i] == '%') {
            bytes[i + 1] = (char)(bytes[i + 1] >= 'A' ? bytes[i + 1] | 0x20 : bytes[i + 1]);
            bytes[i + 2] = (char)(bytes[i + 2] >= 'A' ? bytes[i + 2] | 0x20 : bytes[i + 2]);
        }
    return str_slice(bytes, url.n);
}
