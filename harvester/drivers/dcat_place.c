// Where data are: dct:spatial as an IRI of a territory, a label, or a geometry in WKT (OGC 06-103r4, with GeoSPARQL's reference system
// before it), GeoJSON (RFC 7946) or GML's envelopes and positions. Only longitudes and latitudes count: a geometry in metres is
// passed over. See dcat.h.
#include "harvester/drivers/dcat.h"

enum { DEPTH = 6 };

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

// The next number of *rest, which `breaks` and white space end. False at a break, after the last one, and at what is none.
static bool next_number(struct str *rest, const char *breaks, double *out)
{
    size_t from = 0, to;
    while (from < rest->n && strchr(" \t\r\n", rest->p[from]))
        from++;
    for (to = from;
         to < rest->n && !strchr(" \t\r\n", rest->p[to]) && !strchr(breaks, rest->p[to]);)
        to++;
    bool good = to > from && str_to_real(str_slice(rest->p + from, to - from), out);
    *rest = str_slice(rest->p + to, rest->n - to);
    return good;
}

// ---- Geometries ----------------------------------------------------------------------------------

static bool starts_nocase(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq_nocase(str_slice(s.p, prefix.n), prefix);
}

static void add_envelope(struct record *r, enum axes axes, struct str rest)
{
    double v[4]; // west, east, north, south
    for (int i = 0; i < 4; i++) {
        if (!next_number(&rest, ",)", &v[i]))
            return;
        rest = rest.n ? str_slice(rest.p + 1, rest.n - 1) : rest;
    }
    add_point(r, axes, v[0], v[2]);
    add_point(r, axes, v[1], v[3]);
}

static void add_wkt(struct record *r, struct str s)
{
    enum axes axes = LONGITUDE_FIRST;
    ptrdiff_t end = str_find_char(s, '>');
    if (str_starts(s, STR("<")) && end > 0) {
        axes = axes_of(str_slice(s.p + 1, (size_t)end - 1));
        s = str_trim(str_slice(s.p + end + 1, s.n - (size_t)end - 1));
    } else if (starts_nocase(s, STR("SRID=")) && (end = str_find_char(s, ';')) > 0) {
        axes =
            str_eq(str_slice(s.p + 5, (size_t)end - 5), STR("4326")) ? LONGITUDE_FIRST : OTHER_AXES;
        s = str_trim(str_slice(s.p + end + 1, s.n - (size_t)end - 1));
    }
    ptrdiff_t open = str_find_char(s, '(');
    if (open <= 0)
        return;
    struct str rest = str_slice(s.p + open + 1, s.n - (size_t)open - 1);
    if (starts_nocase(s, STR("ENVELOPE"))) {
        add_envelope(r, axes, rest);
        return;
    }
    while (rest.n) {
        double x, y;
        if (next_number(&rest, "(),", &x) && next_number(&rest, "(),", &y))
            add_point(r, axes, x, y);
        while (rest.n && !strchr("(),", rest.p[0])) // heights and measures
            rest = str_slice(rest.p + 1, rest.n - 1);
        rest = rest.n ? str_slice(rest.p + 1, rest.n - 1) : rest;
    }
}

static void add_positions(struct record *r, enum axes axes, struct str text)
{
    double x, y;
    while (next_number(&text, ",", &x)) {
        text = str_starts(text, STR(",")) ? str_slice(text.p + 1, text.n - 1) : text;
        if (!next_number(&text, ",", &y))
            return;
        text = str_starts(text, STR(",")) ? str_slice(text.p + 1, text.n - 1) : text;
        add_point(r, axes, x, y);
    }
}

static void add_gml(struct record *r, struct str s)
{
    static const struct str elements[] = {STR("lowerCorner"), STR("upperCorner"), STR("posList"),
                                          STR("pos"), STR("coordinates")};
    enum axes axes = LONGITUDE_FIRST;
    ptrdiff_t at = str_find(s, STR("srsName="));
    if (at >= 0 && (size_t)at + 9 < s.n) {
        struct str name = str_slice(s.p + at + 9, s.n - (size_t)at - 9);
        ptrdiff_t end = str_find_char(name, s.p[at + 8]); // its quote
        axes = end < 0 ? OTHER_AXES : axes_of(str_slice(name.p, (size_t)end));
    }
    struct str rest = s, part;
    while (str_next(&rest, '<', &part)) {
        struct str name = part;
        ptrdiff_t end = str_find_char(part, '>');
        if (end < 0)
            continue;
        struct str text = str_slice(part.p + end + 1, part.n - (size_t)end - 1);
        size_t n = 0;
        for (name.n = (size_t)end; n < name.n && !strchr(" \t\r\n/", name.p[n]);)
            n++;
        name.n = n;
        ptrdiff_t colon = str_find_char(name, ':');
        name = str_slice(name.p + colon + 1, name.n - (size_t)(colon + 1));
        for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
            if (str_eq(name, elements[i]))
                add_positions(r, axes, text);
    }
}

static void add_geojson(struct record *r, const json_t *o, unsigned depth)
{
    static const char *const inside[] = {"geometry", "geometries", "features"};
    size_t i;
    const json_t *v;
    if (depth > DEPTH)
        return;
    if (json_is_array(o))
        json_array_foreach(o, i, v) add_geojson(r, v, depth + 1);
    map_add_coordinates(r, jget_array(o, "coordinates"));
    for (i = 0; i < sizeof inside / sizeof *inside; i++)
        add_geojson(r, json_object_get(o, inside[i]), depth + 1);
}

// Four numbers between commas: west, south, east, north.
static bool add_box(struct record *r, struct str s)
{
    double v[4];
    for (int i = 0; i < 4; i++) {
        if (!next_number(&s, ",", &v[i]) || (i < 3 && !str_starts(s, STR(","))))
            return false;
        s = s.n ? str_slice(s.p + 1, s.n - 1) : s;
    }
    if (s.n)
        return false;
    map_add_point(r, v[0], v[1]);
    map_add_point(r, v[2], v[3]);
    return true;
}

enum geometry { GEOJSON, WKT, GML, GEOMETRIES, NO_GEOMETRY = GEOMETRIES };

static enum geometry geometry_of(struct str s)
{
    static const struct str words[] = {STR("POINT"),          STR("LINESTRING"), STR("POLYGON"),
                                       STR("MULTI"),          STR("GEOMETRY"),   STR("ENVELOPE"),
                                       STR("<http://www.op"), STR("SRID="),      STR("BOX"),
                                       STR("<https://www.op")};
    if (str_starts(s, STR("{")))
        return GEOJSON;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (starts_nocase(s, words[i]) && str_find_char(s, '(') > 0)
            return WKT;
    return str_starts(s, STR("<")) ? GML : NO_GEOMETRY;
}

static void add_geometry(struct dcat *d, struct record *r, enum geometry kind, struct str s)
{
    if (kind == GEOJSON) {
        json_t *o = json_read(s, d->mapper->arena, NULL, NULL);
        add_geojson(r, o, 0);
        json_decref(o);
    } else if (kind == WKT) {
        add_wkt(r, s);
    } else if (kind == GML) {
        add_gml(r, s);
    }
}

static void add_bbox(struct record *r, const struct record *other)
{
    const double *b = other->spatial.bbox;
    if (!other->spatial.has_bbox)
        return;
    map_add_point(r, b[0], b[1]);
    map_add_point(r, b[2], b[3]);
}

// The same place is told in several ways: the first kind of them that can be read counts.
static bool add_literals(struct dcat *d, const struct rdf_node *node, struct str predicate,
                         struct record *box)
{
    struct dcat_values values = dcat_values(node, predicate);
    for (int kind = GEOJSON; kind < GEOMETRIES && !box->spatial.has_bbox; kind++)
        for (size_t i = 0; i < values.n; i++) {
            struct str s = str_trim(values.v[i].value.value);
            if (values.v[i].value.kind == RDF_LITERAL && (int)geometry_of(s) == kind)
                add_geometry(d, box, (enum geometry)kind, s);
        }
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

// A literal: a geometry, a box, or a name.
static void add_literal(struct dcat *d, struct str s, struct record *r, struct strs *labels)
{
    s = str_trim(s);
    enum geometry kind = geometry_of(s);
    if (kind != NO_GEOMETRY)
        add_geometry(d, r, kind, s);
    else if (!add_box(r, s))
        arena_push(d->mapper->arena, labels, s);
}

static void add_place(struct dcat *d, const struct rdf_term *term, struct record *r,
                      struct strs *zones, struct strs *labels)
{
    struct arena *a = d->mapper->arena;
    struct rdf_node node = dcat_node(d, term);
    struct str zone = term->kind == RDF_IRI ? dcat_zone(d, term->value) : STR_NONE;
    struct str label = dcat_node_label(d, &node);
    if (zone.n)
        arena_push(a, zones, zone);
    if (geometry_of(label) != NO_GEOMETRY)
        add_geometry(d, r, geometry_of(label), label);
    else if (label.n)
        arena_push(a, labels, label);
    add_node_geometry(d, &node, r, 0);
    // The same place in another register.
    struct dcat_values same = dcat_values(&node, SKOS_("exactMatch"));
    for (size_t i = 0; i < same.n && !zone.n; i++)
        if (same.v[i].value.kind == RDF_IRI)
            arena_push(a, zones, dcat_zone(d, same.v[i].value.value));
}

void dcat_map_places(struct dcat *d, const struct rdf_node *node, struct record *r)
{
    const struct str predicates[] = {DCT_("spatial"), SCHEMA_("spatialCoverage"),
                                     STR("http://dcat-ap.de/def/dcatde/geocodingDescription"),
                                     STR("http://dcat-ap.de/def/dcatde/1_0/geocodingText"),
                                     STR("http://dcat-ap.de/def/dcatde/geocodingText")};
    struct strs zones = {0}, labels = {0};
    for (size_t i = 0; i < sizeof predicates / sizeof *predicates; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        for (size_t j = 0; j < values.n; j++) {
            const struct rdf_term *value = &values.v[j].value;
            if (value->kind == RDF_LITERAL)
                add_literal(d, value->value, r, &labels);
            else
                add_place(d, value, r, &zones, &labels);
        }
    }
    dcat_sort(&zones);
    dcat_sort(&labels);
    for (size_t i = 0; i < zones.n; i++)
        map_add_zone(d->mapper, r, zones.v[i], STR_NONE);
    for (size_t i = 0; i < labels.n; i++)
        map_add_zone(d->mapper, r, labels.v[i], STR_NONE);
}
