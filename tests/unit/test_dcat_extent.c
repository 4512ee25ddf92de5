// harvester/drivers/dcat/: when a dataset changed, the time and the places that it covers. Each rule with its quirks, and what it refuses.
#include "tests/unit/dcat_fixture.h"

#define TITLED "ex:d a dcat:Dataset\n dct:title \"Titre\"@fr\n"

// ---- When and where ------------------------------------------------------------------------------

static const char *period(const char *properties)
{
    return dcat_at("temporal", arena_printf(&arena, " dct:temporal _:t\n_:t %s", properties).p);
}

static void test_periods(void)
{
    const char *both = "{\"start\":\"2016-01-01\",\"end\":\"2016-12-05\"}";
    is_str(period("dcat:startDate \"2016-01-01\"\n dcat:endDate \"2016-12-05\""), both);
    is_str(period("schema:startDate \"2016-01-01\"^^xsd:date\n schema:endDate \"2016-12-05\""),
           both);
    is_str(period("dct:start \"2016-01-01\"\n dct:end \"2016-12-05\""), both);
    is_str(period("time:hasBeginning _:b\n time:hasEnd _:e\n_:b time:inXSDDate \"2016-01-01\"\n"
                  "_:e time:inXSDDate \"2016-12-05\""),
           both);
    is_str(period("rdfs:label \"2016-01-01/2016-12-05\""), both);
    is_str(dcat_at("temporal", " dct:temporal \"2016-01-01\\n / \\n 2016-12-05\""), both);
    is_str(
        dcat_at("temporal", " dct:temporal \"start=2016-01-01; end=2016-12-05; scheme=W3C-DTF;\""),
        both);
    is_str(dcat_at("temporal", " dct:temporal <http://reference.data.gov.uk/id/year/2016>"),
           "{\"start\":\"2016\",\"end\":\"2016\"}");
    is_str(dcat_at("temporal",
                   " dct:temporal _:a\n dct:temporal _:b\n_:a dcat:startDate \"2010\"\n"
                   " dcat:endDate \"2012\"\n_:b dcat:startDate \"2008\"\n dcat:endDate \"2009\""),
           "{\"start\":\"2008\",\"end\":\"2012\"}");
    is_str(dcat_at("temporal", " dct:temporal <file:///tmp/temporal-2>"),
           "{\"start\":null,\"end\":null}");
    is_str(period("dcat:startDate \"2021-13-40\""), "{\"start\":null,\"end\":null}");
}

static void test_dates(void)
{
    is_str(dcat_at("issued", " dct:issued \"2021-13-40\"\n dct:created \"2020-05\""), "2020-05");
    is_str(dcat_at("modified", " dct:modified \"2020-01-01\"\n dct:modified \"2021-01-01\""),
           "2021-01-01");
    is_str(dcat_at("issued", " foaf:isPrimaryTopicOf _:r\n_:r dct:issued \"2016-02-18T08:09:33Z\"\n"
                             " dct:modified \"2025\""),
           "2016-02-18T08:09:33Z");
    is_str(dcat_at("frequency", " dct:accrualPeriodicity eu:frequency/ANNUAL"), "ANNUAL");
    is_str(dcat_at("frequency", " dct:accrualPeriodicity \"http://purl.org/cld/freq/irregular\""),
           "IRREG");
    is_str(dcat_at("frequency", " dct:accrualPeriodicity \"mensuelle\""), "MONTHLY");
    is_str(dcat_at("frequency", " dct:accrualPeriodicity eu:frequency/null"), "null");
    is_str(dcat_at("frequency",
                   " dct:accrualPeriodicity ex:f\nex:f rdf:value ex:y\nex:y time:years \"1.0\""),
           "ANNUAL");
    is_str(dcat_at("frequency", " dct:accrualPeriodicity _:f\n_:f skos:prefLabel \"Hebdomadaire\""),
           "WEEKLY");
    // Modified is a figure: it is in no content.
    json_t *record = dcat_dataset(TITLED " dct:modified \"2020-01-01\"");
    json_decref(record);
    ok(!dcat_item_read.record->modified_trusted);
}

static const char *box(const char *properties)
{
    return dcat_at("spatial.bbox", arena_printf(&arena, " dct:spatial _:s\n_:s %s", properties).p);
}

static void test_boxes(void)
{
    const char *rennes = "[-1.75,48.07,-1.62,48.15]";
    is_str(
        box("dcat:bbox \"POLYGON((-1.75 48.07,-1.62 48.07,-1.62 48.15,-1.75 48.15,-1.75 48.07))\""),
        rennes);
    is_str(box("locn:geometry \"{'type':'Polygon','coordinates':[[[-1.75,48.07]]]}\""), "null");
    is_str(box("locn:geometry "
               "\"{\\\"type\\\":\\\"Polygon\\\",\\\"coordinates\\\":[[[-1.75,48.07],[-1.62,48.15]]]"
               "}\""),
           rennes);
    is_str(box("locn:geometry \"{\\\"coordinates\\\":[[[4,45],[4,NaN]]]}\""), "null");
    is_str(box("dcat:bbox \"<gml:Envelope "
               "srsName=\\\"http://www.opengis.net/def/crs/OGC/1.3/CRS84\\\">"
               "<gml:lowerCorner>-1.75 48.07</gml:lowerCorner><gml:upperCorner>-1.62 48.15"
               "</gml:upperCorner></gml:Envelope>\"^^gsp:gmlLiteral"),
           rennes);
    is_str(box("dcat:bbox \"<gml:Envelope "
               "srsName='urn:ogc:def:crs:EPSG::4326'><gml:lowerCorner>48.07 -1.75"
               "</gml:lowerCorner><gml:upperCorner>48.15 -1.62</gml:upperCorner></gml:Envelope>\""),
           rennes);
    is_str(box("gsp:asWKT \"<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON((48.07 -1.75, "
               "48.15 -1.62))\""),
           rennes);
    is_str(box("gsp:asWKT \"<http://www.opengis.net/def/crs/OGC/1.3/CRS84> Polygon((-1.75 48.07, "
               "-1.62 48.15))\""),
           rennes);
    is_str(box("gsp:asWKT \"<http://www.opengis.net/def/crs/EPSG/0/2154> POINT(352000 6789000)\""),
           "null");
    is_str(box("dcat:bbox \"ENVELOPE(-1.75, -1.62, 48.15, 48.07)\""), rennes);
    is_str(box("dcat:centroid \"POINT(-1.7 48.1)\""), "[-1.7,48.1,-1.7,48.1]");
    is_str(box("dcat:centroid \"POINT(0 0)\"\n dcat:bbox \"POLYGON((-1.75 48.07,-1.62 48.15))\""),
           rennes);
    is_str(box("geo:lat \"48.1\"\n geo:long \"-1.7\""), "[-1.7,48.1,-1.7,48.1]");
    is_str(box("locn:geometry _:g\n_:g gsp:asWKT \"POLYGON((-1.75 48.07,-1.62 48.15))\""), rennes);
    is_str(box("locn:geometry \"wrong wkt\""), "null");
    is_str(dcat_at("spatial.labels", " dct:spatial _:s\n_:s locn:geometry \"wrong wkt\""), "[]");
    is_str(dcat_at("spatial.bbox", " dct:spatial \"-1.75,48.07,-1.62,48.15\""), rennes);
}

static void test_zones(void)
{
    static const char *const zones[][2] = {
        {" dct:spatial <http://id.insee.fr/geo/departement/75>", "[\"fr:departement:75\"]"},
        {" dct:spatial <https://id.insee.fr/geo/commune/2A004/>", "[\"fr:commune:2A004\"]"},
        {" dct:spatial <http://id.insee.fr/geo/intercommunalite/243500139>",
         "[\"fr:epci:243500139\"]"},
        {" dct:spatial <http://id.insee.fr/geo/pays/france>", "[\"country:fr\"]"},
        {" dct:spatial <http://id.insee.fr/geo/commune/a3b8c1e6-0a1c>", "[]"},
        {" dct:spatial eu:country/FRA", "[\"country:fr\"]"},
        {" dct:spatial <http://data.europa.eu/nuts/code/FRH03>", "[\"fr:departement:35\"]"},
        {" dct:spatial <http://nuts.geovocab.org/id/FRH>", "[\"fr:region:53\"]"},
        {" dct:spatial <http://data.europa.eu/nuts/code/DE>", "[\"country:de\"]"},
        {" dct:spatial <http://sws.geonames.org/3017382/>", "[\"country:fr\"]"},
        {" dct:spatial <http://wuEurope.com/>", "[]"},
        {" dct:spatial ex:s\nex:s skos:exactMatch eu:country/BEL", "[\"country:be\"]"},
        {" dct:spatial \"fr:commune:35238\"", "[\"fr:commune:35238\"]"},
    };
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        is_str(dcat_at("spatial.zones", zones[i][0]), zones[i][1]);
    is_str(dcat_at("spatial.labels",
                   " dct:spatial \"Schweiz\"\n dct:spatial _:s\n_:s skos:prefLabel \"Berne\""),
           "[\"Schweiz\",\"Berne\"]");
    is_str(dcat_at("spatial.labels", " dcatde:geocodingDescription \"Rostock\""), "[\"Rostock\"]");
}

int main(void)
{
    fixture_begin("dcat", "http://cat.example/catalog.ttl", NULL);
    ok(fields_load("dcat"));
    test_periods();
    test_dates();
    test_boxes();
    test_zones();
    is_int(dcat_unlisted, 0); // every property of these tests is in fields/dcat.tsv
    return fixture_end();
}
