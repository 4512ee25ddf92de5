// See dublin_core.h. Names are matched without their namespaces: dc and dcterms are mixed freely in what is met.
#include "harvester/drivers/csw/dublin_core.h"

#include "base/hash.h"
#include "harvester/drivers/csw/online.h"
#include "harvester/normalise/extent.h"
#include "harvester/normalise/licence_text.h"
#include "harvester/normalise/period.h"
#include "harvester/drivers/iso19139/parts.h"

enum { LABEL_BYTES = 100, LINKS_MAX = 200 };

bool dublin_core_is(const struct xml_node *node)
{
    static const struct str names[] = {STR("dc"), STR("qualifieddc"), STR("Record"),
                                       STR("SummaryRecord"), STR("BriefRecord")};
    for (size_t i = 0; node && i < sizeof names / sizeof *names; i++)
        if (str_eq(node->name, names[i]))
            return true;
    // Another's element around its terms: nsdl_dc, oai_qdc, olac. RDF has them too, and says more.
    bool rdf = node && (str_eq(node->ns, STR("http://www.w3.org/1999/02/22-rdf-syntax-ns#")) ||
                        str_eq(node->ns, STR("http://www.w3.org/ns/dcat#")));
    return node && !rdf &&
           (xml_child(node, "http://purl.org/dc/elements/1.1/", "title") ||
            xml_child(node, "http://purl.org/dc/terms/", "title"));
}

static const struct xml_node *next_of(const struct xml_node *record, const struct xml_node *before,
                                      const char *name)
{
    return before ? xml_sibling(before, NULL, name) : xml_child(record, NULL, name);
}
// Each element of that name below the record.
#define EACH(node, record, name)                                                                   \
    for (const struct xml_node *node = next_of(record, NULL, name); node;                          \
         node = next_of(record, node, name))

// The first text of an element, French before others; of several without a language, the first.
static struct str text_of(struct mapper *m, const struct xml_node *record, const char *name,
                          struct str *language)
{
    struct str found = STR_NONE;
    EACH(node, record, name)
    {
        struct str text = xml_text(node, m->arena), in = xml_attribute(node, NULL, "lang");
        bool french = str_starts(in, STR("fr"));
        if (!text.n || (found.n && !french))
            continue;
        found = text;
        if (language && in.n)
            *language = in;
        if (french)
            break;
    }
    return found;
}

static struct date date_of(struct mapper *m, const struct xml_node *record, const char *name)
{
    struct date first = {0};
    EACH(node, record, name)
    {
        struct date d = map_date(xml_text(node, m->arena));
        if (d.precision != DATE_NONE && (first.precision == DATE_NONE || d.seconds < first.seconds))
            first = d;
    }
    return first;
}

static bool is_any(struct str text, const struct str *of, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(text, of[i]))
            return true;
    return false;
}

static enum record_kind kind_of(struct mapper *m, const struct xml_node *record)
{
    const struct str dcmi = STR("http://purl.org/dc/dcmitype/");
    EACH(node, record, "type")
    {
        struct str type = xml_text(node, m->arena);
        if (str_starts(type, dcmi))
            type = str_slice(type.p + dcmi.n, type.n - dcmi.n);
        if (str_eq_nocase(type, STR("service")))
            return KIND_DATASERVICE;
        if (str_eq_nocase(type, STR("software")))
            return KIND_SOFTWARE;
    }
    return KIND_DATASET;
}

// ---- Identifiers and links ----------------------------------------------------------------------------

// A DOI in any of its forms as its address; else the text.
static struct str address_of(struct mapper *m, struct str identifier)
{
    const struct str doi = STR("doi:");
    if (identifier.n > doi.n && str_eq_nocase(str_slice(identifier.p, doi.n), doi))
        identifier = str_trim(str_slice(identifier.p + doi.n, identifier.n - doi.n));
    if (str_starts(identifier, STR("10.")) && str_find_char(identifier, '/') > 0)
        return arena_printf(m->arena, "https://doi.org/%.*s", STR_ARG(identifier));
    return identifier;
}

// dc:identifier: the first address is the page, and the global identifier unless a DOI is there.
static void map_identifiers(struct mapper *m, const struct xml_node *record, struct record *r)
{
    EACH(node, record, "identifier")
    {
        struct str address = map_web(m, address_of(m, xml_text(node, m->arena)));
        if (!address.n)
            continue;
        bool doi = str_find(address, STR("://doi.org/")) > 0 ||
                   str_find(address, STR("://dx.doi.org/")) > 0;
        if (!r->landing_page.n)
            r->landing_page = address;
        if (!r->provenance.origin_id.n || doi)
            r->provenance.origin_id = address;
    }
}

static void add_links(struct mapper *m, const struct xml_node *record, const char *name,
                      struct record *r, size_t room, struct str format)
{
    EACH(node, record, name)
    {
        struct online online = {
            .url = xml_text(node, m->arena),
            .protocol = xml_attribute(node, NULL, "protocol"),
            .name = xml_attribute(node, NULL, "name"),
            .description = xml_attribute(node, NULL, "description"),
            .function = xml_attribute(node, NULL, "function"),
            .format = format,
        };
        if (!online.protocol.n)
            online.protocol = xml_attribute(node, NULL, "scheme");
        online_add(m, r, room, &online);
    }
}

// An identifier that is a file's address is a distribution, too.
static void add_files(struct mapper *m, const struct xml_node *record, struct record *r,
                      size_t room)
{
    EACH(node, record, "identifier")
    {
        struct distribution probe = {.url = map_web(m, xml_text(node, m->arena))};
        struct online online = {.url = probe.url};
        map_format(m, &probe, STR_NONE, STR_NONE);
        if (probe.url.n && probe.format.n && !str_eq(probe.format, STR("html")) &&
            !str_eq(probe.format_family, STR("other")))
            online_add(m, r, room, &online);
    }
}

static void map_links(struct mapper *m, const struct xml_node *record, struct record *r)
{
    struct str format = STR_NONE;
    EACH(node, record, "format")
    {
        struct str one = xml_text(node, m->arena);
        if (format.n && one.n && !str_eq_nocase(one, format)) {
            format = STR_NONE; // of which link it is cannot be told
            break;
        }
        format = one.n ? one : format;
    }
    size_t room = map_distributions(m, r, LINKS_MAX);
    add_links(m, record, "URI", r, room, format);
    add_links(m, record, "references", r, room, format);
    add_files(m, record, r, room);
    for (size_t i = 0; i < r->distribution_count && r->kind == KIND_DATASERVICE; i++)
        if (!r->endpoint_url.n && !str_eq(r->distributions[i].type, STR("documentation")))
            r->endpoint_url = r->distributions[i].url;
}

// ---- Rights -------------------------------------------------------------------------------------------

static void read_rights(struct mapper *m, const struct xml_node *record, const char *name,
                        struct record *r)
{
    static const struct str open[] = {STR("info:eu-repo/semantics/openAccess"), STR("open access"),
                                      STR("openAccess"),
                                      STR("http://purl.org/coar/access_right/c_abf2")};
    static const struct str closed[] = {STR("info:eu-repo/semantics/restrictedAccess"),
                                        STR("info:eu-repo/semantics/closedAccess"),
                                        STR("info:eu-repo/semantics/embargoedAccess"),
                                        STR("restricted access"),
                                        STR("closed access"),
                                        STR("restricted"),
                                        STR("http://purl.org/coar/access_right/c_16ec")};
    // ISO's codes, which GeoNetwork copies into dc:rights, name no licence.
    static const struct str codes[] = {STR("otherRestrictions"), STR("license"), STR("copyright"),
                                       STR("intellectualPropertyRights"), STR("restricted")};
    EACH(node, record, name)
    {
        struct str text = xml_text(node, m->arena);
        const struct licence *known = text.n ? licence_within(text) : NULL;
        bool about_access = true;
        if (is_any(text, open, sizeof open / sizeof *open))
            r->access = ACCESS_OPEN;
        else if (is_any(text, closed, sizeof closed / sizeof *closed))
            r->access = ACCESS_RESTRICTED;
        else
            about_access = is_any(text, codes, sizeof codes / sizeof *codes);
        if (known && !r->license.id.n)
            r->license = (struct license){known->id, known->label, known->open};
        else if (!about_access && !r->license.label.n)
            r->license.label = map_line(m, text, NAME_MAX);
    }
}

// ---- Where and when -----------------------------------------------------------------------------------

// The number behind a word: "North 46.3", "northlimit=46.3", "Nord: 46.3".
static bool number_behind(struct str text, struct str word, double *out)
{
    for (size_t i = 0; i + word.n <= text.n; i++) {
        if (!str_eq_nocase(str_slice(text.p + i, word.n), word))
            continue;
        size_t start = i + word.n;
        while (start < text.n && text.p[start] && !strchr("0123456789-+", text.p[start]))
            start++;
        size_t end = start;
        while (end < text.n && text.p[end] && strchr("0123456789-+.eE", text.p[end]))
            end++;
        if (str_to_real(str_slice(text.p + start, end - start), out))
            return true;
    }
    return false;
}

static bool add_box(struct str text, struct record *r)
{
    double north, south, east, west;
    if (!number_behind(text, STR("north"), &north) || !number_behind(text, STR("south"), &south) ||
        !number_behind(text, STR("east"), &east) || !number_behind(text, STR("west"), &west))
        return false;
    map_add_point(r, west, south);
    map_add_point(r, east, north);
    return true;
}

// DCMI Period: "start=2001-01-01; end=2003-12-31; scheme=W3C-DTF"; or an interval.
static bool add_period(struct str text, struct record *r)
{
    struct str rest = text, part, name, start = STR_NONE, end = STR_NONE;
    while (str_next(&rest, ';', &part)) {
        str_next(&part, '=', &name);
        if (str_eq_nocase(str_trim(name), STR("start")))
            start = str_trim(part);
        else if (str_eq_nocase(str_trim(name), STR("end")))
            end = str_trim(part);
    }
    if (!start.n && !end.n) {
        bool had =
            r->temporal.start.precision != DATE_NONE || r->temporal.end.precision != DATE_NONE;
        if (!had)
            map_period_text(r, text);
        return !had && r->temporal.start.precision != DATE_NONE;
    }
    r->temporal.start = map_date(start);
    r->temporal.end = map_date(end);
    return true;
}

static void read_coverage(struct mapper *m, const struct xml_node *record, const char *name,
                          struct record *r)
{
    EACH(node, record, name)
    {
        struct str text = xml_text(node, m->arena);
        if (!text.n || add_period(text, r) || add_box(text, r))
            continue;
        if (text.n <= LABEL_BYTES)
            map_extent_text(m, r, text);
    }
}

static bool corner(struct mapper *m, const struct xml_node *box, const char *name, double *first,
                   double *second)
{
    struct str text = xml_text_at(box, name, m->arena), one;
    return str_next(&text, ' ', &one) && str_to_real(one, first) &&
           str_to_real(str_trim(text), second);
}

// ows:BoundingBox. Servers that write "urn:x-ogc:def:crs:EPSG:6.11:4326" (CITE's form) mean latitude first, as the reference system has
// it; GeoNetwork and the others write longitude first, whatever they name.
static void read_box(struct mapper *m, const struct xml_node *box, struct record *r)
{
    double a, b, c, d;
    if (!corner(m, box, "LowerCorner", &a, &b) || !corner(m, box, "UpperCorner", &c, &d))
        return;
    bool wgs84 = str_eq(box->name, STR("WGS84BoundingBox"));
    bool latitude_first = !wgs84 && str_starts(xml_attribute(box, NULL, "crs"), STR("urn:x-ogc"));
    if (b > 90 || b < -90 || d > 90 || d < -90)
        latitude_first = true;
    map_add_point(r, latitude_first ? b : a, latitude_first ? a : b);
    map_add_point(r, latitude_first ? d : c, latitude_first ? c : d);
}

static void map_places(struct mapper *m, const struct xml_node *record, struct record *r)
{
    read_coverage(m, record, "coverage", r);
    read_coverage(m, record, "spatial", r);
    read_coverage(m, record, "temporal", r);
    EACH(box, record, "BoundingBox")
    read_box(m, box, r);
    EACH(wgs84, record, "WGS84BoundingBox")
    read_box(m, wgs84, r);
}

// ---- The record ---------------------------------------------------------------------------------------

static struct str remote_of(struct mapper *m, const struct xml_node *record)
{
    struct str id = xml_text_at(record, "identifier", m->arena);
    struct str title = id.n ? STR_NONE : xml_text_at(record, "title", m->arena);
    if (title.n)
        id = arena_printf(m->arena, "title~%016llx", (unsigned long long)hash64(title));
    return id;
}

static void map_dates(struct mapper *m, const struct xml_node *record, struct record *r)
{
    r->modified = date_of(m, record, "modified");
    r->issued = date_of(m, record, "issued");
    if (r->issued.precision == DATE_NONE)
        r->issued = date_of(m, record, "created");
    if (r->issued.precision == DATE_NONE)
        r->issued = date_of(m, record, "date");
}

bool dublin_core_map(struct mapper *m, const struct xml_node *record, struct str remote_id,
                     struct driver_item *item)
{
    struct str language = text_of(m, record, "language", NULL);
    if (!remote_id.n)
        remote_id = remote_of(m, record);
    struct record *r = map_record(m, kind_of(m, record), remote_id, item);
    if (!r)
        return false;
    r->title = map_line(m, text_of(m, record, "title", &language), TITLE_MAX);
    if (!r->title.n)
        return map_fail(item, "the record has no title");
    r->language = iso_language_tag(m->arena, language);
    r->acronym = map_line(m, xml_text_at(record, "alternative", m->arena), KEYWORD_MAX);
    r->description = map_block(m, iso_block(m->arena, text_of(m, record, "abstract", NULL)));
    if (!r->description.n)
        r->description = map_block(m, iso_block(m->arena, text_of(m, record, "description", NULL)));
    EACH(subject, record, "subject")
    map_add_word(m, &r->keywords, xml_text(subject, m->arena));
    map_named_publisher(m, r, text_of(m, record, "publisher", NULL));
    map_dates(m, record, r);
    map_identifiers(m, record, r);
    if (!r->provenance.origin_id.n)
        r->provenance.origin_id = iso_global_id(m, remote_id);
    read_rights(m, record, "license", r);
    read_rights(m, record, "rights", r);
    read_rights(m, record, "accessRights", r);
    map_places(m, record, r);
    map_links(m, record, r);
    EACH(followed, record, "conformsTo")
    map_add_schema(m, r, xml_text(followed, m->arena));
    return true;
}
