// harvester/drivers/apigouv: the short sheets of the list, the whole ones on disk, access, datasets, failures.
#include "tests/unit/commons_fixture.h"

struct options {
    struct str datasets;
};
static const struct options named = {STR("data.gouv.fr")}, unnamed;

static const char list[] =
    "[{\"title\": \"API Adresse\", \"tagline\": \"Géocoder une adresse\", \"path\": "
    "\"/les-api/base-adresse\","
    "\"slug\": \"base-adresse\", \"openness\": \"open\", \"owner\": \"Direction interministérielle "
    "du Numérique\","
    "\"owner_acronym\": \"DINUM\", \"logo\": \"/images/api-logo/dinum.png\", \"datagouv_uuid\": "
    "[\"5530fbacc751df5ff937dddb\", \"53699fe4a3a729239d206227\"]},"
    "{\"title\": \"API Particulier\", \"tagline\": \"Simplifier\", \"path\": "
    "\"/les-api/api-particulier\", \"slug\": \"api-particulier\","
    "\"openness\": \"closed\", \"owner\": \"DINUM\", \"owner_acronym\": null, \"logo\": \"x.png\", "
    "\"datagouv_uuid\": null},"
    "{\"title\": \"API Légifrance\", \"tagline\": \"Le droit\", \"path\": \"/les-api/legi\", "
    "\"slug\": \"LEGI\", \"openness\": \"semi_open\","
    "\"owner\": \"DILA\", \"owner_acronym\": \"\", \"logo\": \"x.png\", \"datagouv_uuid\": "
    "\"53ae8af9a3a729709f56d50c\"}]";

static void test_list(void)
{
    ok(fixture_page(list));
    is_int(fixture_page_read.item_count, 3);
    is_int(fixture_page_read.kind, KIND_DATASERVICE);
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:base-adresse");
    is_str(fixture_at(r, "kind"), "dataservice");
    is_str(fixture_at(r, "title"), "API Adresse");
    is_str(fixture_at(r, "description"), "Géocoder une adresse");
    is_str(fixture_at(r, "access"), "open");
    is_str(fixture_at(r, "publisher.name"), "Direction interministérielle du Numérique");
    is_str(fixture_at(r, "publisher.acronym"), "DINUM");
    is_str(fixture_at(r, "relations.serves_dataset"),
           "[\"data.gouv.fr:5530fbacc751df5ff937dddb\",\"data.gouv.fr:53699fe4a3a729239d206227\"]");
    is_str(fixture_at(r, "provenance.origin_id"), "null"); // a dataset's: never the same brick
    is_str(fixture_at(r, "landing_page"), "https://api.example/les-api/base-adresse");
    is_str(fixture_at(r, "provenance.remote_url"), "https://api.example/les-api/base-adresse");
    json_decref(r);
    r = fixture_json(fixture_item(1));
    is_str(fixture_at(r, "access"), "restricted");
    is_str(fixture_at(r, "relations.serves_dataset"), "[]");
    json_decref(r);
    r = fixture_json(fixture_item(2));
    is_str(fixture_at(r, "id"), "cat:legi");
    is_str(fixture_at(r, "access"), "open_with_account");
    is_str(fixture_at(r, "relations.serves_dataset"),
           "[\"data.gouv.fr:53ae8af9a3a729709f56d50c\"]");
    json_decref(r);
    is_int(fields_unknown(str_of(list)), 0);
    fixture_config.driver_options = &unnamed;
    ok(fixture_page(list));
    r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "relations.serves_dataset"), "[]");
    json_decref(r);
    fixture_config.driver_options = &named;
}

static void test_shapes(void)
{
    ok(fixture_page(
        "{\"title\": \"Une\", \"slug\": \"une\", \"openness\": \"open\"}")); // one sheet alone
    is_int(fixture_page_read.item_count, 1);
    is_text(fixture_item(0)->id, "cat:une");
    ok(fixture_page("{\"data\": [{\"title\": \"Une\", \"slug\": \"une\"}, {\"title\": \"Deux\", "
                    "\"path\": \"/les-api/deux/\"}]}"));
    is_int(fixture_page_read.item_count, 2);
    is_text(fixture_item(1)->id, "cat:deux");
    static const char kin[] = "[{\"title\": \"Démarches\", \"slug\": \"d\", \"kind\": [\"Outil\", "
                              "\"API\"], \"is_open\": 0,"
                              "\"is_france_connected\": 1, \"themes\": [\"Social\"], \"keywords\": "
                              "[\"aide\"], \"uptime\": 99.5}]";
    ok(fixture_page(kin));
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "access"), "open_with_account");
    is_str(fixture_at(r, "type"), "Outil");
    is_str(fixture_at(r, "badges"), "[\"franceconnect\"]");
    is_str(fixture_at(r, "availability"), "99.5");
    json_decref(r);
    is_int(fields_unknown(str_of(kin)), 0);
}

static void test_sheet(void)
{
    ok(fixture_read(
        NULL, 200, "file:///srv/api/API_Carto.md",
        STR("---\ntitle: API Carto\ntagline: Des cartes\nexternal_site: https://apicarto.example\n"
            "producer: ign\nis_open: 1 # ouverte\ncontact_link: contact.geoservices@ign.example\n"
            "doc_tech_link: https://apicarto.example/api.yml\ndoc_tech_external: "
            "https://apicarto.example/doc\n"
            "partners:\n  - INAO\nkeywords:\n  - nature\n  - forêt\nthemes:\n  - Environnement\n"
            "datagouv_uuid:\n  - 60a528e8b656ce01b4c0c0a6\naccount_link: "
            "https://apicarto.example/compte\n"
            "rate_limiting_resume: 10 appels / seconde\nuptime: 98.011\nlast_update: 27/10/2021\n"
            "content_intro: |\n  Les sites naturels.\n---\n\n### À quoi sert-elle ?\n")));
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:api_carto");
    is_str(fixture_at(r, "description"),
           "Des cartes\n\nLes sites naturels.\n\n### À quoi sert-elle ?");
    is_str(fixture_at(r, "access"), "open");
    is_str(fixture_at(r, "keywords"), "[\"nature\",\"forêt\",\"INAO\"]");
    is_str(fixture_at(r, "themes"), "[\"Environnement\"]");
    is_str(fixture_at(r, "publisher.name"), "ign");
    is_str(fixture_at(r, "endpoint_description"), "https://apicarto.example/api.yml");
    is_str(fixture_at(r, "documentation_url"), "https://apicarto.example/doc");
    is_str(fixture_at(r, "access_request_url"), "https://apicarto.example/compte");
    is_str(fixture_at(r, "contact_role"), "contact.geoservices@ign.example");
    is_str(fixture_at(r, "rate_limiting"), "10 appels / seconde");
    is_str(fixture_at(r, "availability"), "98.011");
    is_str(fixture_at(r, "modified"), "2021-10-27");
    is_str(fixture_at(r, "landing_page"), "https://apicarto.example");
    is_str(fixture_at(r, "provenance.remote_url"), "https://api.example/les-api/api_carto");
    is_str(fixture_at(r, "relations.serves_dataset"),
           "[\"data.gouv.fr:60a528e8b656ce01b4c0c0a6\"]");
    json_decref(r);
    ok(fixture_read(NULL, 200, "file:///srv/api/x.md",
                    STR("---\ntitle: X\nis_open: -1\ncontact_link: "
                        "jeanne.martin@ign.example\nuptime: beaucoup\n---\n")));
    r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "access"), "restricted");
    is_str(fixture_at(r, "contact_role"), "null");
    is_str(fixture_at(r, "availability"), "null");
    json_decref(r);
    fixture_config.url = STR("/srv/api"); // a folder: the pages of the service itself
    ok(fixture_read(NULL, 200, "file:///srv/api/x.md", STR("---\ntitle: X\n---\n")));
    r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "provenance.remote_url"), "https://api.gouv.fr/les-api/x");
    is_str(fixture_at(r, "access"), "null");
    json_decref(r);
    // A sheet of the site's first year.
    ok(fixture_read(NULL, 200, "file:///srv/api/x.md",
                    STR("---\nname: X\ndoc_tech: https://x.example/doc\n"
                        "access_link: https://x.example/ask\nowner: DINSIC\n---\n")));
    r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "title"), "X");
    is_str(fixture_at(r, "documentation_url"), "https://x.example/doc");
    is_str(fixture_at(r, "access_request_url"), "https://x.example/ask");
    json_decref(r);
    fixture_config.url = STR("https://api.example/api/v1/apis");
}

static void test_failures(void)
{
    ok(fixture_page("[{\"slug\": \"x\"}, {\"title\": \"Sans id\"}, {\"title\": \"A\", \"slug\": "
                    "\"a\" \"b\"}, null]"));
    is_str(fixture_item(0)->error.what, "the API has no title");
    is_str(fixture_item(1)->error.what, "the item has no id");
    is_text(fixture_item(2)->id, "cat:a");
    is_int(fixture_item(2)->error.code, ERR_PARSE);
    is_str(fixture_item(3)->error.what, "the item is not an object");
    ok(!fixture_page("Not found"));
    is_str(fixture_error.what, "not a list of APIs: the page begins with \"Not found\"");
    ok(!fixture_read(NULL, 410, "http://cat.example/page", STR("[]")));
    is_int(fixture_error.http_status, 410);
}

int main(void)
{
    fixture_begin("apigouv", "https://api.example/api/v1/apis", &named);
    ok(fields_load("apigouv"));
    test_list();
    test_shapes();
    test_sheet();
    test_failures();
    return fixture_end();
}
