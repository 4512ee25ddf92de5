// harvester/drivers/sill: the members of the compiled file, of the site's API, after schema.org, and the short ones; Wikidata's items; users.
#include "tests/unit/commons_fixture.h"

static const char compiled[] =
    "[{\"id\": 42, \"name\": \"LibreOffice\", \"description\": {\"en\": \"Office suite\", \"fr\": "
    "\"Suite bureautique\"},"
    "\"referencedSinceTime\": 1514764800000, \"updateTime\": 1700000000000, "
    "\"isStillInObservation\": false, \"doRespectRgaa\": null,"
    "\"isFromFrenchPublicService\": false, \"isPresentInSupportContract\": true, \"license\": "
    "\"MPL-2.0\","
    "\"softwareType\": {\"type\": \"desktop/mobile\", \"os\": {\"windows\": true, \"linux\": true, "
    "\"mac\": false}},"
    "\"versionMin\": \"7\", \"workshopUrls\": [], \"categories\": [\"Bureautique\"], "
    "\"generalInfoMd\": \"Remplace la suite.\","
    "\"logoUrl\": \"https://x.example/l.png\", \"keywords\": [\"tableur\"], \"serviceProviders\": "
    "[{\"name\": \"X\"}],"
    "\"externalId\": \"Q10135\", \"externalDataOrigin\": \"wikidata\","
    "\"softwareExternalData\": {\"externalId\": \"Q10135\", \"label\": {\"en\": \"LibreOffice\"}, "
    "\"description\": \"Suite\","
    "  \"websiteUrl\": \"https://www.libreoffice.org\", \"sourceUrl\": "
    "\"https://git.libreoffice.org/core\","
    "  \"documentationUrl\": \"https://help.libreoffice.org\", \"license\": \"MPL\", "
    "\"developers\": [{\"name\": \"Jeanne Martin\", \"id\": \"Q1\"}],"
    "  \"programmingLanguages\": [\"C++\"]},"
    "\"similarSoftwares\": [7, {\"label\": {\"fr\": \"Microsoft Office\"}, \"externalId\": "
    "\"Q11255\", \"isLibreSoftware\": false}],"
    "\"latestVersion\": {\"semVer\": \"7.6\", \"publicationTime\": 1690000000000},"
    "\"userAndReferentCountByOrganization\": {\"DINUM\": {\"userCount\": 3, \"referentCount\": 1}, "
    "\"Ville de Rennes\": {\"userCount\": 4, \"referentCount\": 0}},"
    "\"hasExpertReferent\": true, \"instances\": [{\"id\": 1, \"organization\": \"Inria\", "
    "\"targetAudience\": \"agents\", \"publicUrl\": \"https://o.example\"}],"
    "\"comptoirDuLibreSoftware\": {\"id\": 5, \"name\": \"LibreOffice\", \"external_resources\": "
    "{\"website\": \"https://w.example\", \"repository\": \"https://github.com/x/y\"},"
    "  \"users\": [{\"name\": \"Jeanne Martin\", \"type\": \"Person\"}, {\"name\": \"Ville "
    "d'Arles\", \"type\": \"Administration\"}]}},"
    "{\"id\": 43, \"name\": \"Ancien\", \"description\": \"Un outil\", \"dereferencing\": "
    "{\"reason\": \"N'est plus maintenu\", \"time\": 1700000000000},"
    " \"isStillInObservation\": true, \"isFromFrenchPublicService\": true, \"doRespectRgaa\": "
    "true, \"externalId\": \"1234567\", \"externalDataOrigin\": \"HAL\","
    " \"license\": \"LGPL-2.1, LGPL-3.0\", \"comptoirDuLibreSoftware\": {\"external_resources\": "
    "{\"repository\": \"git@github.com:a/B.git\"}}}]";

static void test_compiled(void)
{
    ok(fixture_page(compiled));
    is_int(fixture_page_read.item_count, 2);
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:42");
    is_str(fixture_at(r, "title"), "LibreOffice");
    is_str(fixture_at(r, "description"), "Suite bureautique\n\nRemplace la suite.");
    is_str(fixture_at(r, "language"), "fr");
    is_str(fixture_at(r, "license.id"), "MPL-2.0");
    is_str(fixture_at(r, "issued"), "2018-01-01T00:00:00Z");
    is_str(fixture_at(r, "modified"), "2023-11-14T22:13:20Z");
    is_str(fixture_at(r, "type"), "desktop/mobile");
    is_str(fixture_at(r, "keywords"), "[\"tableur\",\"Microsoft Office\",\"windows\",\"linux\"]");
    is_str(fixture_at(r, "themes"), "[\"Bureautique\"]");
    is_str(fixture_at(r, "badges"), "[\"support-contract\"]");
    is_str(fixture_at(r, "programming_languages"), "[\"C++\"]");
    is_str(fixture_at(r, "provenance.origin_id"), "Q10135");
    is_str(fixture_at(r, "provenance.origin_url"), "http://www.wikidata.org/entity/Q10135");
    is_str(fixture_at(r, "repository_url"), "https://git.libreoffice.org/core");
    is_str(fixture_at(r, "landing_page"), "https://www.libreoffice.org");
    is_str(fixture_at(r, "documentation_url"), "https://help.libreoffice.org");
    is_str(fixture_at(r, "users"), "[\"DINUM\",\"Ville de Rennes\",\"Inria\",\"Ville d'Arles\"]");
    is_str(fixture_at(r, "popularity.reuses"), "7");
    is_str(fixture_at(r, "popularity.followers"), "1");
    is_str(fixture_at(r, "provenance.remote_url"),
           "https://sill.example/sill/detail?name=LibreOffice");
    char *all = json_dumps(r, 0);
    ok(!strstr(all, "Jeanne")); // no names of persons
    free(all);
    json_decref(r);
    r = fixture_json(fixture_item(1));
    is_str(fixture_at(r, "status"), "archived");
    is_str(fixture_at(r, "description"), "Un outil\n\nRetiré du catalogue : N'est plus maintenu");
    is_str(fixture_at(r, "provenance.origin_id"), "null"); // HAL's own number is no key
    is_str(fixture_at(r, "badges"), "[\"french-public-service\",\"rgaa\",\"in-observation\"]");
    is_str(fixture_at(r, "license.label"), "LGPL-2.1, LGPL-3.0");
    is_str(fixture_at(r, "repository_url"), "https://github.com/a/b");
    is_str(fixture_at(r, "popularity.reuses"), "null");
    json_decref(r);
    is_int(fields_unknown(str_of(compiled)), 0);
}

static const char site[] =
    "[{\"softwareId\": 9, \"softwareName\": \"QGIS\", \"softwareDescription\": \"SIG\", "
    "\"addedTime\": 1514764800000, \"updateTime\": 1600000000000,"
    "\"applicationCategories\": [\"Cartographie\"], \"prerogatives\": "
    "{\"isPresentInSupportContract\": false, \"isFromFrenchPublicServices\": true, "
    "\"doRespectRgaa\": null},"
    "\"officialWebsiteUrl\": \"https://qgis.org\", \"codeRepositoryUrl\": "
    "\"https://github.com/qgis/QGIS\", \"license\": \"GPL-2.0-only\", \"wikidataId\": \"Q1329181\","
    "\"similarSoftwares\": [{\"isInSill\": false, \"label\": \"ArcGIS\", \"description\": {\"fr\": "
    "\"SIG\"}}], \"keywords\": [], \"authors\": [{\"authorName\": \"Jeanne\"}],"
    "\"userAndReferentCountByOrganization\": {}}]";
static const char schema_org[] =
    "[{\"id\": 9, \"variant\": \"public\", \"name\": {\"fr\": \"QGIS\"}, \"description\": {\"en\": "
    "\"GIS\"}, \"url\": \"https://qgis.org\","
    "\"softwareHelp\": \"https://docs.qgis.org\", \"codeRepositoryUrl\": "
    "\"https://github.com/qgis/QGIS\", \"addedTime\": \"2018-01-01T00:00:00.000Z\","
    "\"updateTime\": \"2024-05-06T07:08:09.000Z\", \"operatingSystems\": {\"windows\": true, "
    "\"mac\": false}, \"license\": \"GPL-2.0-only\","
    "\"identifiers\": [{\"@type\": \"PropertyValue\", \"value\": \"Q1329181\"}], \"status\": "
    "{\"type\": \"archived\"},"
    "\"similarSoftwares\": [{\"name\": {\"fr\": \"ArcGIS\"}, \"externalId\": \"Q1\", "
    "\"isInCatalogi\": false}]}]";
static const char short_keys[] =
    "[{\"id\": \"5\", \"i\": \"Ansible\", \"f\": \"Outil de déploiement\", \"fr-desc\": \"Logiciel "
    "libre\", \"en-desc\": \"Software\", \"l\": \"GPL-3.0\","
    "\"c\": \"Système\", \"se\": \"Opérations\", \"sources\": "
    "\"https://github.com/ansible/ansible.git\", \"website\": \"https://www.ansible.com/\","
    "\"doc\": null, \"st\": \"FR\", \"su\": \"Oui\", \"a\": \"\", \"u\": \"Services\", \"v-\": "
    "\"2\", \"y\": \"2018\", \"g\": \"MIMO\", \"frama\": {\"name\": null}}]";

static void test_shapes(void)
{
    static const char *const pages[] = {site, schema_org, short_keys};
    for (size_t i = 0; i < 3; i++) {
        ok(fixture_page(pages[i]));
        is_int(fields_unknown(str_of(pages[i])), 0);
    }
    ok(fixture_page(site));
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:9");
    is_str(fixture_at(r, "title"), "QGIS");
    is_str(fixture_at(r, "keywords"), "[\"ArcGIS\"]");
    is_str(fixture_at(r, "badges"), "[\"french-public-service\"]");
    is_str(fixture_at(r, "provenance.origin_id"), "Q1329181");
    is_str(fixture_at(r, "repository_url"), "https://github.com/qgis/QGIS");
    json_decref(r);
    ok(fixture_page(schema_org));
    r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "title"), "QGIS");
    is_str(fixture_at(r, "description"), "GIS");
    is_str(fixture_at(r, "language"), "en");
    is_str(fixture_at(r, "status"), "archived");
    is_str(fixture_at(r, "issued"), "2018-01-01T00:00:00Z");
    is_str(fixture_at(r, "documentation_url"), "https://docs.qgis.org");
    is_str(fixture_at(r, "provenance.origin_id"), "Q1329181");
    is_str(fixture_at(r, "keywords"), "[\"ArcGIS\",\"windows\"]");
    json_decref(r);
    ok(fixture_page(short_keys));
    r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "title"), "Ansible");
    is_str(fixture_at(r, "description"), "Logiciel libre\n\nOutil de déploiement\n\nServices");
    is_str(fixture_at(r, "themes"), "[\"Système\",\"Opérations\"]");
    is_str(fixture_at(r, "status"), "archived");
    is_str(fixture_at(r, "badges"), "[\"support-contract\"]");
    is_str(fixture_at(r, "license.id"), "GPL-3.0-only");
    json_decref(r);
    ok(fixture_page(
        "{\"result\": {\"data\": [{\"id\": 1, \"name\": \"X\"}]}}")); // the site's own API
    is_text(fixture_item(0)->id, "cat:1");
    ok(fixture_page("{\"catalog\": [{\"id\": 1, \"name\": \"X\"}], \"services\": []}"));
    is_text(fixture_item(0)->id, "cat:1");
}

static void test_origin(void)
{
    static const char *const none[] = {
        "Q0", "Q", "Q12x", "12", "q12", "Q-1", "Q12345678901234567890"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        ok(fixture_page(
            arena_printf(&arena, "[{\"id\": 1, \"name\": \"X\", \"externalId\": \"%s\"}]", none[i])
                .p));
        ok(fixture_item(0)->record && !fixture_item(0)->record->provenance.origin_id.n);
    }
}

static void test_failures(void)
{
    ok(fixture_page("[{\"id\": 7}, {\"name\": \"Sans id\"}, {\"id\": 8, \"name\": \"A\" \"b\"}, "
                    "{\"id\": 9, \"name\": \"B\", \"softwareExternalData\": null}]"));
    is_str(fixture_item(0)->error.what, "the software has no name");
    is_str(fixture_item(1)->error.what, "the item has no id");
    is_text(fixture_item(2)->id, "cat:8"); // a number, though the item is no JSON
    is_int(fixture_item(2)->error.code, ERR_PARSE);
    ok(fixture_item(3)->record != NULL);
    ok(!fixture_page("{\"message\": \"No procedure found\"}"));
    is_str(
        fixture_error.what,
        "not a list of software: the page begins with \"{\"message\": \"No procedure found\"}\"");
    ok(!fixture_page("[{\"id\": 7, \"name\": \"X\""));
    is_int(fixture_error.code, ERR_PARSE);
}

int main(void)
{
    fixture_begin("sill", "https://sill.example/sill/api/sill.json", NULL);
    ok(fields_load("sill"));
    test_compiled();
    test_shapes();
    test_origin();
    test_failures();
    return fixture_end();
}
