// Where data are: dct:spatial as an IRI of a territory, a label, or a geometry in GeoJSON, in WKT (with GeoSPARQL's reference system
// before it) or in GML (envelopes and positions). Only longitudes and latitudes count: a geometry in metres is passed over. See
// dcat.h; normalise/extent.h reads what has no reference system.
#include "harvester/drivers/dcat/dcat.h"

#include "harvester/normalise/extent.h"

// ---- Numbers and axes ----------------------------------------------------------------------------

enum axes { LONGITUDE_FIRST, LATITUDE_FIRST, OTHER_AXES };

// Of a reference system: EPSG's definitions of WGS 84 and ETRS89 have the latitude first, CRS84 and the short "EPSG:4326" do not.
static enum axes axes_of(struct str crs)
{
    bool degrees = str_ends(crs, STR("4326")) || str_ends(crs, STR("4258"));
    if (!crs.n || str_find(crs, STR("CRS84")) >= 0 || str_find(crs, STR("crs84")) >= 0)
        return LONGITUDE_FIRST;
    if (!degrees)
        return OTHER_AXES;
    return str_starts(crs, STR("urn:")) || str_find(crs, STR("/def/crs/")) >= 0 ? LATITUDE_FIRST
                                                                                : LONGITUDE_FIRST;
}

static void add_point(struct record *r, enum axes axes, double first, double second)
{
    if (axes == LONGITUDE_FIRST)
        map_add_point(r, first, second);
    else if (axes == LATITUDE_FIRST)
        map_add_point(r, second, first);
}

// ---- Geometries ----------------------------------------------------------------------------------

static bool is_number(char c)
{
    return c && strchr("+-.0123456789eE", c);
}

// Every two numbers of a text, whatever stands between them.
static void add_pairs(struct record *r, enum axes axes, struct str text)
{
    double first = 0, number;
    bool second = false;
    for (size_t i = 0, end; i < text.n; i = end + 1) {
        for (end = i; end < text.n && is_number(text.p[end]);)
            end++;
        if (!str_to_real(str_slice(text.p + i, end - i), &number))
            continue;
        if (second)
            add_point(r, axes, first, number);
        first = number;
        second = !second;
    }
}

// "<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON((...))"
static bool has_crs(struct str s, struct str *crs, struct str *wkt)
{
    ptrdiff_t end = str_find_char(s, '>');
    if (!str_starts(s, STR("<http")) || end < 0)
        return false;
    *crs = str_slice(s.p + 1, (size_t)end - 1);
    *wkt = str_trim(str_slice(s.p + end + 1, s.n - (size_t)end - 1));
    return true;
}

static void add_wkt_with_crs(struct dcat *d, struct record *r, struct str crs, struct str wkt)
{
    enum axes axes = axes_of(crs);
    ptrdiff_t open = str_find_char(wkt, '(');
    if (axes == LONGITUDE_FIRST)
        map_extent_text(d->mapper, r, wkt);
    else if (open >= 0)
        add_pairs(r, axes, str_slice(wkt.p + open, wkt.n - (size_t)open));
}

// The name of the element that a part of XML begins with, without its prefix.
static struct str element_of(struct str part)
{
    size_t n = 0;
    while (n < part.n && !strchr(" \t\r\n/>", part.p[n]))
        n++;
    struct str name = str_slice(part.p, n);
    ptrdiff_t colon = str_find_char(name, ':');
    return str_slice(name.p + colon + 1, name.n - (size_t)(colon + 1));
}

static void add_gml(struct record *r, struct str s)
{
    static const struct str elements[] = {STR("lowerCorner"), STR("upperCorner"), STR("posList"),
                                          STR("pos"), STR("coordinates")};
    const struct str attribute = STR("srsName=");
    enum axes axes = LONGITUDE_FIRST;
    ptrdiff_t at = str_find(s, attribute);
    size_t name_at = (size_t)at + attribute.n + 1;
    if (at >= 0 && name_at < s.n) {
        struct str name = str_slice(s.p + name_at, s.n - name_at);
        ptrdiff_t end = str_find_char(name, s.p[name_at - 1]); // its quote
        axes = end < 0 ? OTHER_AXES : axes_of(str_slice(name.p, (size_t)end));
    }
    struct str rest = s, part;
    while (str_next(&rest, '<', &part)) {
        ptrdiff_t end = str_find_char(part, '>');
        struct str name = element_of(part);
        for (size_t i = 0; i < sizeof elements / sizeof *elements && end >= 0; i++)
            if (str_eq(name, elements[i]))
                add_pairs(r, axes, str_slice(part.p + end + 1, part.n - (size_t)end - 1));
    }
}

// A geometry, or the name of a place.
static void add_text(struct dcat *d, struct record *r, struct str s)
{
    struct str crs, wkt;
    s = str_trim(s);
    if (has_crs(s, &crs, &wkt))
        add_wkt_with_crs(d, r, crs, wkt);
    else if (str_starts(s, STR("<")))
        add_gml(r, s);
    else
        map_extent_text(d->mapper, r, s);
}

enum form { GEOJSON, WKT, GML, FORMS };

static enum form form_of(struct str s)
{
    struct str crs, wkt;
    s = str_trim(s);
    if (str_starts(s, STR("{")))
        return GEOJSON;
    return str_starts(s, STR("<")) && !has_crs(s, &crs, &wkt) ? GML : WKT;
}

static void add_bbox(struct record *r, const struct record *other)
{
    const double *b = other->spatial.bbox;
    if (!other->spatial.has_bbox)
        return;
    map_add_point(r, b[0], b[1]);
    map_add_point(r, b[2], b[3]);
}

// The same place is told in several forms: the first of them that can be read counts.
static bool add_literals(struct dcat *d, const struct rdf_node *node, struct str predicate,
                         struct record *box)
{
    struct dcat_values values = dcat_values(node, predicate);
    for (int form = GEOJSON; form < FORMS && !box->spatial.has_bbox; form++)
        for (size_t i = 0; i < values.n; i++)
            if (values.v[i].value.kind == RDF_LITERAL &&
                (int)form_of(values.v[i].value.value) == form)
                add_text(d, box, values.v[i].value.value);
    return box->spatial.has_bbox;
}

static bool read_number(const struct rdf_node *node, struct str predicate, double *out)
{
    struct dcat_values values = dcat_values(node, predicate);
    return values.n && str_to_real(str_trim(values.v[0].value.value), out);
}

static void add_node_geometry(struct dcat *d, const struct rdf_node *node, struct record *r,
                              unsigned depth)
{
    const struct str told[] = {DCAT_("bbox"),
                               LOCN_("geometry"),
                               STR("http://www.opengis.net/ont/geosparql#asGeoJSON"),
                               STR("http://www.opengis.net/ont/geosparql#asWKT"),
                               STR("http://www.opengis.net/ont/geosparql#asGML"),
                               STR("http://www.opengis.net/rdf#asWKT"),
                               STR("http://www.w3.org/2003/01/geo/wgs84_pos#asWKT"),
                               DCAT_("centroid")};
    const struct str nested[] = {
        LOCN_("geometry"), STR("http://www.opengis.net/ont/geosparql#hasGeometry"), SCHEMA_("geo")};
    struct record box;
    record_init(&box);
    bool found = false;
    for (size_t i = 0; i < sizeof told / sizeof *told && !found; i++)
        found = add_literals(d, node, told[i], &box);
    double latitude, longitude;
    if (!found &&
        read_number(node, STR("http://www.w3.org/2003/01/geo/wgs84_pos#lat"), &latitude) &&
        read_number(node, STR("http://www.w3.org/2003/01/geo/wgs84_pos#long"), &longitude))
        map_add_point(&box, longitude, latitude);
    for (size_t i = 0; i < sizeof nested / sizeof *nested && !found && depth < 2; i++) {
        struct dcat_values values = dcat_values(node, nested[i]);
        for (size_t j = 0; j < values.n; j++)
            if (values.v[j].value.kind != RDF_LITERAL) {
                struct rdf_node inner = dcat_node(d, &values.v[j].value);
                add_node_geometry(d, &inner, &box, depth + 1);
            }
    }
    add_bbox(r, &box);
}

// ---- Places --------------------------------------------------------------------------------------

static void add_place(struct dcat *d, const struct rdf_term *term, struct record *r)
{
    struct rdf_node node = dcat_node(d, term);
    struct str zone = term->kind == RDF_IRI ? dcat_zone(d, term->value) : STR_NONE;
    struct dcat_values same = dcat_values(&node, SKOS_("exactMatch"));
    for (size_t i = 0; i < same.n && !zone.n; i++) // the same place in another register
        zone = same.v[i].value.kind == RDF_IRI ? dcat_zone(d, same.v[i].value.value) : STR_NONE;
    map_add_zone(d->mapper, r, zone, STR_NONE);
    add_text(d, r, dcat_node_label(d, &node));
    add_node_geometry(d, &node, r, 0);
}

void dcat_map_places(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    const struct str predicates[] = {DCT_("spatial"), SCHEMA_("spatialCoverage"),
                                     STR("http://dcat-ap.de/def/dcatde/geocodingDescription"),
                                     STR("http://dcat-ap.de/def/dcatde/1_0/geocodingText"),
                                     STR("http://dcat-ap.de/def/dcatde/geocodingText")};
    for (size_t i = 0; i < sizeof predicates / sizeof *predicates; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        for (size_t j = 0; j < values.n; j++) {
            if (values.v[j].value.kind == RDF_LITERAL)
                add_text(d, r, values.v[j].value.value);
            else
                add_place(d, &values.v[j].value, r);
        }
    }
}
