// See datacite.h. Creators and contributors are persons: they are not read.
#include "harvester/drivers/csw/datacite.h"

#include "harvester/drivers/iso19139/parts.h"
#include "harvester/drivers/csw/online.h"
#include "harvester/normalise/licence_text.h"

enum { PARTS_MAX = 1000 };

// Some repositories forget DataCite's namespace: what is in it tells.
bool datacite_is(const struct xml_node *node)
{
    return node &&
           (str_eq(node->name, STR("oai_datacite")) ||
            (str_eq(node->name, STR("resource")) &&
             (str_find(node->ns, STR("datacite.org")) >= 0 || xml_find(node, "titles/title"))));
}

// `node` itself, or what stands in the envelope, with its payload or without.
static const struct xml_node *resource_in(const struct xml_node *node)
{
    const struct xml_node *inside = xml_find(node, "payload/resource");
    if (str_eq(node->name, STR("resource")))
        return node;
    return inside ? inside : xml_child(node, NULL, "resource");
}

// The first of several texts that is of no special type, French first.
static struct str text_of(struct mapper *m, const struct xml_node *resource, const char *path,
                          const char *type_name, struct str type, struct str *language)
{
    size_t n;
    const struct xml_node **found = xml_find_all(resource, path, PARTS_MAX, m->arena, &n);
    struct str text = STR_NONE;
    for (size_t i = 0; i < n; i++) {
        struct str in = xml_attribute(found[i], NULL, "lang");
        bool french = str_starts(in, STR("fr")), first = !text.n;
        if (!str_eq(xml_attribute(found[i], NULL, type_name), type) || !(first || french))
            continue;
        text = xml_text(found[i], m->arena);
        if (language && in.n)
            *language = in;
        if (french)
            break;
    }
    return text;
}

static void map_dates(struct mapper *m, const struct xml_node *resource, struct record *r)
{
    size_t n;
    const struct xml_node **dates = xml_find_all(resource, "dates/date", PARTS_MAX, m->arena, &n);
    for (size_t i = 0; i < n; i++) {
        struct str type = xml_attribute(dates[i], NULL, "dateType");
        struct str text = xml_text(dates[i], m->arena), start;
        if (str_eq(type, STR("Issued")) || str_eq(type, STR("Available")))
            r->issued = map_date(text);
        else if (str_eq(type, STR("Updated")))
            r->modified = map_date(text);
        else if (str_eq(type, STR("Collected")) || str_eq(type, STR("Coverage"))) {
            str_next(&text, '/', &start);
            r->temporal.start = map_date(start);
            r->temporal.end = map_date(text);
        }
    }
    if (r->issued.precision == DATE_NONE)
        r->issued = map_date(xml_text_at(resource, "publicationYear", m->arena));
}

static void map_rights(struct mapper *m, const struct xml_node *resource, struct record *r)
{
    size_t n;
    const struct xml_node **rights =
        xml_find_all(resource, "rightsList/rights", PARTS_MAX, m->arena, &n);
    for (size_t i = 0; i < n; i++) {
        struct str texts[] = {xml_attribute(rights[i], NULL, "rightsIdentifier"),
                              xml_attribute(rights[i], NULL, "rightsURI"),
                              xml_text(rights[i], m->arena)};
        bool access = iso_contains(texts[1], STR("info:eu-repo/semantics/")) ||
                      iso_contains(texts[2], STR("info:eu-repo/semantics/"));
        if (access) {
            bool open = iso_contains(texts[1], STR("openAccess")) ||
                        iso_contains(texts[2], STR("openAccess"));
            r->access = open ? ACCESS_OPEN : ACCESS_RESTRICTED;
            continue;
        }
        for (size_t k = 0; k < 3 && !r->license.id.n; k++) {
            const struct licence *known = texts[k].n ? licence_within(texts[k]) : NULL;
            if (known)
                r->license = (struct license){known->id, known->label, known->open};
        }
        if (!r->license.label.n)
            r->license.label = map_line(m, texts[2], NAME_MAX);
    }
}

static void map_places(struct mapper *m, const struct xml_node *resource, struct record *r)
{
    size_t n;
    const struct xml_node **found = xml_find_all(
        resource, "geoLocations/geoLocation/geoLocationPlace", PARTS_MAX, m->arena, &n);
    for (size_t i = 0; i < n; i++)
        map_add_zone(m, r, xml_text(found[i], m->arena), STR_NONE);
    found = xml_find_all(resource, "geoLocations/geoLocation/*", PARTS_MAX, m->arena, &n);
    for (size_t i = 0; i < n; i++) {
        double west, east, south, north;
        struct arena *a = m->arena;
        if (str_to_real(xml_text_at(found[i], "westBoundLongitude", a), &west) &&
            str_to_real(xml_text_at(found[i], "eastBoundLongitude", a), &east) &&
            str_to_real(xml_text_at(found[i], "southBoundLatitude", a), &south) &&
            str_to_real(xml_text_at(found[i], "northBoundLatitude", a), &north)) {
            map_add_point(r, west, south);
            map_add_point(r, east, north);
        } else if (str_to_real(xml_text_at(found[i], "pointLongitude", a), &west) &&
                   str_to_real(xml_text_at(found[i], "pointLatitude", a), &south)) {
            map_add_point(r, west, south);
        }
    }
}

// The DOI's page, and the addresses of files beside it.
static void map_links(struct mapper *m, const struct xml_node *resource, struct str identifier,
                      struct record *r)
{
    size_t n, formats;
    if (str_starts(identifier, STR("10.")))
        r->provenance.origin_id =
            arena_printf(m->arena, "https://doi.org/%.*s", STR_ARG(identifier));
    else
        r->provenance.origin_id = map_web(m, identifier);
    r->landing_page = map_web(m, r->provenance.origin_id);
    const struct xml_node **found =
        xml_find_all(resource, "alternateIdentifiers/alternateIdentifier", PARTS_MAX, m->arena, &n);
    xml_find_all(resource, "formats/format", PARTS_MAX, m->arena, &formats);
    size_t room = map_distributions(m, r, n);
    for (size_t i = 0; i < n; i++) {
        struct online online = {.url = xml_text(found[i], m->arena)};
        if (formats == 1)
            online.format = xml_text_at(resource, "formats/format", m->arena);
        online_add(m, r, room, &online);
    }
}

bool datacite_map(struct mapper *m, const struct xml_node *node, struct str remote_id,
                  struct driver_item *item)
{
    const struct xml_node *resource = resource_in(node);
    struct str identifier = xml_text_at(resource, "identifier", m->arena);
    struct str type =
        xml_attribute(xml_child(resource, NULL, "resourceType"), NULL, "resourceTypeGeneral");
    struct record *r =
        map_record(m, str_eq_nocase(type, STR("software")) ? KIND_SOFTWARE : KIND_DATASET,
                   remote_id.n ? remote_id : identifier, item);
    if (!r)
        return false;
    struct str language = xml_text_at(resource, "language", m->arena);
    r->title = map_line(m, text_of(m, resource, "titles/title", "titleType", STR_NONE, &language),
                        TITLE_MAX);
    if (!r->title.n)
        return map_fail(item, "the resource has no title");
    r->language = iso_language_tag(m->arena, language);
    struct str abstract =
        text_of(m, resource, "descriptions/description", "descriptionType", STR("Abstract"), NULL);
    r->description = map_block(m, iso_block(m->arena, abstract));
    map_named_publisher(m, r, xml_text_at(resource, "publisher", m->arena));
    size_t n;
    const struct xml_node **subjects =
        xml_find_all(resource, "subjects/subject", PARTS_MAX, m->arena, &n);
    for (size_t i = 0; i < n; i++)
        map_add_word(m, &r->keywords, xml_text(subjects[i], m->arena));
    map_dates(m, resource, r);
    map_rights(m, resource, r);
    map_places(m, resource, r);
    map_links(m, resource, identifier, r);
    return true;
}
