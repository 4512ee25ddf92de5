// harvester/drivers/dcat/: files, columns, pages, standards and services of a dataset. Each rule with its quirks, and what it refuses.
#include "tests/unit/dcat_fixture.h"

// ---- Distributions -------------------------------------------------------------------------------

static const char *file(const char *path, const char *properties)
{
    return dcat_at(arena_printf(&arena, "distributions.0.%s", path).p,
                   arena_printf(&arena, " dcat:distribution _:f\n_:f %s", properties).p);
}

static void test_distributions(void)
{
    is_str(
        file("url", "dcat:accessURL <http://e.org/page>\n dcat:downloadURL <http://e.org/a.csv>"),
        "http://e.org/a.csv");
    is_str(file("url", "dcat:accessURL \"http://e.org/page\""), "http://e.org/page");
    is_str(file("url", "dcat:downloadURL \"à venir\"\n dcat:accessURL <http://e.org/page>"),
           "http://e.org/page");
    is_str(dcat_at("distributions.0.url", " dcat:distribution ex:file.csv"),
           "http://cat.example/file.csv");
    is_str(file("title", "dct:title \"Daten\"@de\n dct:title \"Données\"@fr"), "Données");
    is_str(file("title", "dct:description \"Le fichier\"\n dcat:accessURL <http://e.org/x>"),
           "Le fichier");
    is_str(file("format", "dct:format eu:file-type/CSV"), "csv");
    is_str(file("format", "dct:format eu:file-type/WMS_SRVC"), "wms");
    is_str(
        file("format",
             "dct:format \"http://publications.europa.eu/resource/authority/file-type/GEOJSON\""),
        "geojson");
    is_str(file("format", "dct:format _:x\n_:x rdf:value \"application/pdf\""), "pdf");
    is_str(file("format",
                "dct:format _:x\n_:x rdfs:label \"XLS\"\n rdf:value \"application/vnd.ms-excel\""),
           "xls");
    is_str(file("format", "dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv>"),
           "csv");
    is_str(file("media_type", "dcat:mediaType \"text/csv\""), "text/csv");
    is_str(file("format", "dct:format \"ZIP\"\n dct:format \"SHP\""), "shp");
    is_str(file("format", "dcat:accessService _:s\n dcat:accessURL <http://e.org/wms>\n"
                          "_:s dct:conformsTo <http://www.opengeospatial.org/standards/wfs>"),
           "wfs");
    is_str(
        file("url",
             "dct:title \"WMS\"\n dcat:accessService _:s\n_:s dcat:endpointURL <http://e.org/ows>"),
        "http://e.org/ows");
    is_str(
        file("type",
             "dct:title \"WMS\"\n dcat:accessService _:s\n_:s dcat:endpointURL <http://e.org/ows>"),
        "api");
    is_str(file("type", "dct:title \"x\"\n dct:type eu:distribution-type/DOCUMENTATION"),
           "documentation");
    is_str(file("byte_size",
                "dcat:accessURL <http://e.org/x>\n dcat:byteSize \"685246.0\"^^xsd:decimal"),
           "685246");
    is_str(file("byte_size", "dcat:accessURL <http://e.org/x>\n dcat:byteSize \"0\""), "null");
    is_str(file("byte_size", "dcat:accessURL <http://e.org/x>\n dcat:byteSize \"12 Ko\""), "null");
    is_str(file("checksum", "dct:title \"x\"\n spdx:checksum _:c\n_:c spdx:checksumValue \"AB12\"\n"
                            " spdx:algorithm <http://spdx.org/rdf/terms#checksumAlgorithm_sha1>"),
           "sha1:ab12");
    is_str(file("checksum", "dct:title \"x\"\n spdx:checksum _:c\n_:c spdx:checksumValue \"5b\"\n"
                            " spdx:algorithm <http://dcat-ap.de/def/hashAlgorithms/sha/256>"),
           "sha256:5b");
    is_str(file("modified", "dct:title \"x\"\n dct:modified \"2024-05-07T11:58:19\""),
           "2024-05-07T11:58:19Z");
    // The same one twice is one; one that says nothing is none.
    is_str(dcat_at("distributions.1",
                   " dcat:distribution _:a\n dcat:distribution _:b\n dcat:distribution _:c\n"
                   "_:a dcat:accessURL <http://e.org/x>\n_:b dcat:accessURL <http://e.org/x>\n"
                   "_:c dct:issued \"2020\""),
           "");
    is_str(dcat_at("distributions.0.type",
                   " adms:sample _:s\n_:s dcat:accessURL <http://e.org/s.csv>"),
           "other");
}

static void test_columns(void)
{
    is_str(dcat_at("fields",
                   " dcat:distribution _:f\n_:f csvw:tableSchema _:s\n_:s csvw:column _:l1\n"
                   "_:l1 rdf:first _:c1\n rdf:rest _:l2\n_:l2 rdf:first _:c2\n rdf:rest rdf:nil\n"
                   "_:c1 csvw:name \"z\"\n csvw:titles \"Zone\"@fr\n csvw:datatype \"string\"\n"
                   "_:c2 csvw:name \"a\"\n csvw:datatype xsd:integer"),
           "[{\"name\":\"z\",\"label\":\"Zone\",\"type\":\"string\"},"
           "{\"name\":\"a\",\"label\":null,\"type\":\"integer\"}]");
    is_str(dcat_at("fields",
                   " csvw:column _:z\n csvw:column _:a\n_:z csvw:name \"z\"\n_:a csvw:name \"a\""),
           "[{\"name\":\"a\",\"label\":null,\"type\":null},{\"name\":\"z\",\"label\":null,\"type\":"
           "null}]");
    // A list that leads back to its start ends.
    is_str(dcat_at("fields.1",
                   " csvw:column _:l\n_:l rdf:first _:c\n rdf:rest _:l\n_:c csvw:name \"c\""),
           "{\"name\":\"c\",\"label\":null,\"type\":null}");
}

// ---- The rest ------------------------------------------------------------------------------------

static void test_pages_and_provenance(void)
{
    is_str(dcat_at("landing_page", " dcat:landingPage \"http://e.org/page\""), "http://e.org/page");
    is_str(dcat_at("landing_page", ""), "http://cat.example/d");
    is_str(dcat_at("documentation_url", " foaf:page <http://e.org/doc>"), "http://e.org/doc");
    is_str(dcat_at("provenance.remote_url", " dcat:landingPage <http://e.org/page>"),
           "http://cat.example/d");
    is_str(dcat_at("provenance.origin_id",
                   " dct:identifier \"http://e.org/id/1\"\n owl:sameAs <http://x.org/2>"),
           "http://e.org/id/1");
    is_str(dcat_at("provenance.origin_id", " dct:identifier \"17\"\n owl:sameAs <http://x.org/2>"),
           "http://x.org/2");
    is_str(
        dcat_at("provenance.origin_id",
                " adms:identifier _:i\n_:i skos:notation \"https://www.data.gouv.fr/datasets/1/\""),
        "https://www.data.gouv.fr/datasets/1/");
    is_str(dcat_at("provenance.origin_id", " dct:identifier \"fr-120066022-jdd-a307d028-d9d2\""),
           "fr-120066022-jdd-a307d028-d9d2");
    is_str(dcat_at("provenance.origin_id", " dct:identifier \"10.15148/42c9bb4e\""),
           "10.15148/42c9bb4e");
    is_str(dcat_at("provenance.origin_id", " dct:identifier \"une table de la mairie 2020\""),
           "null");
    is_str(dcat_at("provenance.origin_url", " foaf:isPrimaryTopicOf ex:r\nex:r dct:title \"x\"\n"
                                            " dct:source <http://elsewhere.org/r>"),
           "http://elsewhere.org/r");
    is_str(dcat_at("provenance.origin_url", " foaf:isPrimaryTopicOf ex:r\nex:r dct:title \"x\"\n"
                                            " dct:source ex:r"),
           "null");
    is_str(dcat_at("provenance.origin_url", " dct:source <http://e.org/other-data>"), "null");
}

static void test_standards(void)
{
    is_str(
        dcat_at("conforms_to",
                " dct:conformsTo <https://schema.data.gouv.fr/etalab/irve/>\n dct:conformsTo _:s\n"
                "_:s dct:title \"GTFS\""),
        "[\"GTFS\",\"https://schema.data.gouv.fr/etalab/irve/\"]");
    is_str(dcat_at("conforms_to",
                   " dct:conformsTo <http://www.opengis.net/def/crs/EPSG/0/2154>\n"
                   " dct:conformsTo <http://data.europa.eu/930/>\n dct:conformsTo _:s\n"
                   "_:s dct:title \"RGF93 / Lambert-93 (EPSG:2154)\"\n"
                   " dct:type <http://inspire.ec.europa.eu/glossary/SpatialReferenceSystem>"),
           "[]");
    is_str(dcat_at("conforms_to", " dcat:distribution _:f\n_:f dct:conformsTo ex:schema\n"
                                  " dct:conformsTo <http://www.opengeospatial.org/standards/wms>"),
           "[\"http://cat.example/schema\"]");
    is_str(dcat_at("status", " adms:status <http://purl.org/adms/status/Withdrawn>"), "archived");
    is_str(dcat_at("status", " adms:status eu:dataset-status/DEPRECATED"), "archived");
    is_str(dcat_at("status", " adms:status <http://purl.org/adms/status/Completed>"), "active");
}

static void test_services(void)
{
    json_t *r =
        dcat_record("ex:api a dcat:DataService\n dct:title \"API\"\n"
                    " dcat:endpointURL <https://e.org/api/>\n"
                    " dcat:endpointDescription <https://e.org/openapi.json>\n"
                    " foaf:page <https://e.org/doc>\n dcat:servesDataset ex:d2\n"
                    " dcat:servesDataset ex:d1\n dcat:servesDataset _:b\n"
                    "_:b dct:identifier \"b1\"\n"
                    "ex:d3 dcat:distribution _:f\n_:f dcat:accessService ex:api\n"
                    "ex:api dct:conformsTo <http://www.opengis.net/def/serviceType/ogc/wms>\n"
                    " dcatap:hvdCategory <http://data.europa.eu/bna/c_b7f6a4f3>",
                    KIND_DATASERVICE, "ex:api");
    is_str(fixture_at(r, "id"), "cat:dataservice.http://cat.example/api");
    is_str(fixture_at(r, "kind"), "dataservice");
    is_str(fixture_at(r, "endpoint_url"), "https://e.org/api/");
    is_str(fixture_at(r, "endpoint_description"), "https://e.org/openapi.json");
    is_str(fixture_at(r, "documentation_url"), "https://e.org/doc");
    is_str(fixture_at(r, "type"), "wms");
    is_str(fixture_at(r, "badges"), "[\"hvd\"]");
    is_str(fixture_at(r, "relations.serves_dataset"),
           "[\"cat:b1\",\"cat:http://cat.example/d1\",\"cat:http://cat.example/d2\","
           "\"cat:http://cat.example/d3\"]");
    json_decref(r);
}

static void test_misspelt_vocabularies(void)
{
    json_t *r = dcat_dataset("ex:d a <https://www.w3.org/ns/dcat#Dataset>\n"
                             " <https://purl.org/dc/terms/title> \"T\"\n"
                             " <http://purl.org/dc/terms/#license> \"lov2\"\n dct:temporal _:t\n"
                             "_:t <https://schema.org/startDate> \"2001\"");
    is_str(fixture_at(r, "title"), "T");
    is_str(fixture_at(r, "license.id"), "etalab-2.0");
    is_str(fixture_at(r, "temporal.start"), "2001");
    json_decref(r);
}

int main(void)
{
    fixture_begin("dcat", "http://cat.example/catalog.ttl", NULL);
    ok(fields_load("dcat"));
    test_distributions();
    test_columns();
    test_pages_and_provenance();
    test_standards();
    test_services();
    test_misspelt_vocabularies();
    is_int(dcat_unlisted, 0); // every property of these tests is in fields/dcat.tsv
    return fixture_end();
}
