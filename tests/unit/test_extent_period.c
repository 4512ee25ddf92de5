// harvester/normalise/{extent,period,item}: places and times in the forms that JSON catalogues use; items that are not quite JSON.
#include "harvester/normalise/extent.h"
#include "harvester/normalise/item.h"
#include "harvester/normalise/period.h"

#include "config/config.h"
#include "tests/tap.h"

static struct arena arena;
static struct config_source config = {.name = STR("cat"), .url = STR("https://cat.example")};
static struct driver_source source = {.config = &config};

// What a JSON value makes of a record: "w s e n | label, label".
static const char *place(const char *json)
{
    static char out[400];
    struct mapper m = {.source = &source, .arena = &arena};
    struct record r;
    record_init(&r);
    json_t *v = json_loads(json, JSON_DECODE_ANY, NULL);
    map_extent(&m, &r, v);
    json_decref(v);
    int n = 0;
    out[0] = '\0';
    const double *b = r.spatial.bbox;
    if (r.spatial.has_bbox)
        n = snprintf(out, sizeof out, "%g %g %g %g", b[0], b[1], b[2], b[3]);
    for (size_t i = 0; i < r.spatial.labels.n; i++)
        n += snprintf(out + n, sizeof out - (size_t)n, "%s%.*s", i ? ", " : "|",
                      STR_ARG(r.spatial.labels.v[i]));
    for (size_t i = 0; i < r.spatial.zones.n; i++)
        n += snprintf(out + n, sizeof out - (size_t)n, "#%.*s", STR_ARG(r.spatial.zones.v[i]));
    return out;
}

static const char *period(const char *json)
{
    static char out[80];
    char start[DATE_TEXT_BYTES], end[DATE_TEXT_BYTES];
    struct record r;
    record_init(&r);
    json_t *v = json_loads(json, JSON_DECODE_ANY, NULL);
    map_period(&r, v);
    json_decref(v);
    date_format(r.temporal.start, start);
    date_format(r.temporal.end, end);
    snprintf(out, sizeof out, "%s..%s", start, end);
    return out;
}

static void texts(void)
{
    is_str(place("\"-83.7,42.2,-82.9,42.7\""), "-83.7 42.2 -82.9 42.7");
    is_str(place("\" -83.7 42.2 , -82.9; 42.7 \""), "-83.7 42.2 -82.9 42.7");
    is_str(place("\"170,-20,-170,20\""), "-180 -20 180 20"); // over the antimeridian
    is_str(place("\"-83,95,-82,96\""), "");                  // no latitudes
    is_str(place("\"-83,42,-82,41\""), "");                  // south over north
    is_str(place("\"38.9, -77.03\""), "-77.03 38.9 -77.03 38.9");
    is_str(place("\"-120.5,38\""), "-120.5 38 -120.5 38"); // no latitude is -120
    is_str(place("\"1,2,3\""), "|1,2,3");
    is_str(place("\"United States\""), "|United States");
    is_str(place("\"fr:commune:35238\""), "#fr:commune:35238");
    is_str(place("\"N/A\""), "");
    is_str(place("\"https://sws.geonames.org/6252001/\""), "");
    is_str(place("\"<gml:Point><gml:pos>45 -71</gml:pos></gml:Point>\""), "");
    is_str(place("\"  \""), "");
    is_str(place("\"Pointe-Noire (Congo)\""), "|Pointe-Noire (Congo)");
}

static void wkt(void)
{
    is_str(place("\"POINT (2.5 48)\""), "2.5 48 2.5 48");
    is_str(place("\"point z(2.5 48 120)\""), "2.5 48 2.5 48");
    is_str(place("\"POLYGON((-125 24, -66 24, -66 50, -125 50, -125 24))\""), "-125 24 -66 50");
    is_str(place("\"MULTIPOLYGON (((1 1,2 1,2 2,1 1)),((5 5,6 5,6 7,5 5)))\""), "1 1 6 7");
    is_str(place("\"SRID=4326;POINT(1 2)\""), "1 2 1 2");
    is_str(place("\"<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(1 2)\""), "1 2 1 2");
    is_str(place("\"ENVELOPE(-10, 20, 50, 40)\""), "-10 40 20 50");
    is_str(place("\"ENVELOPE(-10, 20)\""), "");
    is_str(place("\"POINT(here there)\""), "");
}

static void geojson(void)
{
    const char *polygon = "{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,2],[3,5],[1,2]]]}";
    is_str(place(polygon), "1 2 3 5");
    is_str(place("\"{\\\"type\\\":\\\"Point\\\",\\\"coordinates\\\":[2,48]}\""), "2 48 2 48");
    is_str(place("\"{not json}\""), "");
    is_str(place("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[2,48]},"
                 "\"properties\":{},\"name\":\"a file\"}"),
           "2 48 2 48");
    is_str(place("{\"type\":\"GeometryCollection\",\"geometries\":[{\"coordinates\":[1,1]},"
                 "{\"coordinates\":[2,3]}]}"),
           "1 1 2 3");
    is_str(place("[1,2,3,4]"), "1 2 3 4");
    is_str(place("[1,2,0,3,4,9]"), "1 2 3 4");
    is_str(place("[[1,2],[3,4]]"), "1 2 3 4");
    is_str(place("[\"France\",\"1,2,3,4\",null,7]"), "1 2 3 4|France");
    is_str(place("null"), "");
    is_str(place("[[[[[[[[[[[[1,2]]]]]]]]]]]]"), ""); // too deep for sense
}

static void locations(void)
{
    is_str(place("{\"@type\":\"Location\",\"label\":\"USA\",\"geometry\":\"POLYGON((-125 24,-66 "
                 "50))\"}"),
           "-125 24 -66 50|USA");
    is_str(place("{\"prefLabel\":{\"en\":\"Spain\",\"fr\":\"Espagne\"},\"bbox\":\"-9,36,3,43\","
                 "\"centroid\":\"POINT(80 80)\"}"),
           "-9 36 3 43|Espagne");
    is_str(place("{\"centroid\":\"POINT(8 9)\"}"), "8 9 8 9");
    is_str(place("[{\"label\":\"A\"},{\"label\":\"B\"}]"), "|A, B");
}

static void periods(void)
{
    is_str(period("\"2010-01-01/2010-12-31\""), "2010-01-01..2010-12-31");
    is_str(period("\"1980/2013\""), "1980..2013");
    is_str(period("\"2010/P1Y\""), "2010..2010-12-31");
    is_str(period("\"2012-01-31/P1M\""), "2012-01-31..2012-02-28");
    is_str(period("\"2012-01-01/P2W\""), "2012-01-01..2012-01-14");
    is_str(period("\"2012-01-01/P1Y2M3DT4H\""), "2012-01-01..2013-03-03");
    is_str(period("\"2012-01-01/PX\""), "2012-01-01..");
    is_str(period("\"R/2010-01-01/P1Y\""), "2010-01-01..2010-12-31");
    is_str(period("\"R5/2010/2011\""), "2010..2011");
    is_str(period("\"R/P1Y\""), "..");
    is_str(period("\"2010/..\""), "2010..");
    is_str(period("\"2010-05-01/present\""), "2010-05-01..");
    is_str(period("\"/2015\""), "..2015");
    is_str(period("\"2015\""), "2015..2015");
    is_str(period("\"2001-2013\""), "2001..2013");
    is_str(period("\"2001 to 2013\""), "2001..2013");
    is_str(period("\"2001 - 2013\""), "2001..2013");
    is_str(period("\"2015/2013\""), ".."); // ends before it starts
    is_str(period("\"9999/P9Y\""), "9999..");
    is_str(period("\"the eighties\""), "..");
    is_str(period("\"\""), "..");
    is_str(period("\"2000-01-15T00:45:00Z/2010-01-15T00:06:00Z\""),
           "2000-01-15T00:45:00Z..2010-01-15T00:06:00Z");
    is_str(period("[{\"@type\":\"PeriodOfTime\",\"startDate\":\"2020\",\"endDate\":\"2021\"},"
                  "{\"startDate\":{\"@value\":\"2018-02\"}}]"),
           "2018-02..2021");
    is_str(period("7"), "..");
}

static struct driver_item item;
static size_t repaired;

static json_t *read_item(struct str text, const char *key, unsigned depth)
{
    struct mapper m = {.source = &source, .arena = &arena};
    repaired = 0;
    return map_item_json(&m, KIND_DATASET, text, key, depth, &repaired, &item);
}

static void items(void)
{
    json_t *o = read_item(STR("{\"identifier\":\"a\"}"), "identifier", 1);
    ok(o != NULL && item.error.code == ERR_NONE);
    is_int(repaired, 0);
    json_decref(o);

    o = read_item(STR("{\"identifier\":\"a\",\"title\":\"two\nlines\"}"), "identifier", 1);
    is_text(jget(o, "title"), "two lines");
    ok(item.error.code == ERR_NONE);
    is_int(repaired, 1);
    json_decref(o);

    o = read_item(STR("{\"x\":{\"identifier\":\"no\"},\"y\":\"identifier\",\"identifier\" : "
                      "\"yes\",\"z\":NaN}"),
                  "identifier", 1);
    ok(o == NULL);
    is_int(item.error.code, ERR_PARSE);
    is_text(item.id, "cat:yes");
    ok(!read_item(STR("{\"resource\":{\"id\":\"abcd-1234\"},\"z\":NaN}"), "id", 2));
    is_text(item.id, "cat:abcd-1234");
    ok(!read_item(STR("{\"resource\":{\"id\":17},\"z\":NaN}"), "id", 2));
    is_text(item.id, "");
    ok(!read_item(STR("{\"identifier\":\"no end"), "identifier", 1));
    is_text(item.id, "");
    ok(!read_item(STR("{\"identifier"), "identifier", 1));
    ok(!read_item(STR("}]{\"identifier\":\"b\",}"), "identifier", 1));
    is_text(item.id, "cat:b");
}

int main(void)
{
    texts();
    wkt();
    geojson();
    locations();
    periods();
    items();
    arena_free(&arena);
    return tap_done();
}
