// harvester/drivers/betagouv: the three shapes of beta.gouv.fr's files and its sheets, phases, incubators, products that are no JSON.
#include "tests/unit/commons_fixture.h"

static const char v2[] =
    "{\"links\": {\"self\": \"https://beta.example/startups\"}, \"data\": ["
    "{\"id\": \"a-just\", \"type\": \"startup\", \"attributes\": {"
    "\"name\": \"A-JUST\", \"pitch\": \"Mesurer l'activité des juridictions\","
    "\"stats_url\": \"https://a-just.example/stats\", \"budget_url\": "
    "\"https://a-just.example/budget\","
    "\"link\": \"https://a-just.example\", \"repository\": \"https://github.com/betagouv/a-just\","
    "\"contact\": \"contact@a-just.example\","
    "\"content_url_encoded_markdown\": \"%23%20Probl%C3%A8me%0A%0ALes%20d%C3%A9lais%20100%\","
    "\"events\": [{\"name\": \"end\", \"date\": \"2022-01-01\", \"comment\": \"\"}],"
    "\"phases\": [{\"name\": \"investigation\", \"start\": \"2021-03-01\", \"end\": "
    "\"2021-06-01\"},"
    "             {\"name\": \"construction\", \"start\": \"2021-06-01\", \"end\": \"\"}],"
    "\"sponsors\": [\"/organisations/dsj\", {\"name\": \"Ministère de la Justice\", \"acronym\": "
    "\"MJ\","
    "  \"type\": \"administration-centrale\", \"domaine_ministeriel\": \"justice\"}],"
    "\"thematiques\": [\"Justice\"], \"technos\": [\"typescript\", \"react\"],"
    "\"dashlord_url\": \"https://dashlord.example\", \"accessibility_status\": \"non conforme\"},"
    "\"relationships\": {\"incubator\": {\"data\": {\"type\": \"incubator\", \"id\": "
    "\"justice\"}}}},"
    "{\"id\": \"old\", \"type\": \"startup\", \"attributes\": {\"name\": \"Ancien\", \"pitch\": "
    "\"Fini\","
    "\"contact\": \"jeanne.martin@beta.example\", \"phases\": [{\"name\": \"alumni\", \"start\": "
    "\"2019-01-01\"}]},"
    "\"relationships\": {\"incubators\": {\"data\": [{\"type\": \"incubator\", \"id\": "
    "\"unknown\"}]}}}"
    "], \"included\": [{\"id\": \"/incubators/justice\", \"type\": \"incubator\", \"attributes\": {"
    "\"title\": \"Fabrique de la Justice\", \"owner\": \"Secrétariat général\", \"website\": \"\", "
    "\"github\": \"\","
    "\"contact\": \"\"}}]}";

static void test_v2(void)
{
    ok(fixture_page(v2));
    is_int(fixture_page_read.item_count, 2);
    is_int(fixture_page_read.announced, -1);
    is_int(fixture_page_read.next.n, 0);
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:a-just");
    is_str(fixture_at(r, "kind"), "software");
    is_str(fixture_at(r, "title"), "A-JUST");
    is_str(fixture_at(r, "description"),
           "Mesurer l'activité des juridictions\n\n# Problème\n\nLes délais 100%");
    is_str(fixture_at(r, "language"), "fr");
    is_str(fixture_at(r, "status"), "active");
    is_str(fixture_at(r, "development_status"), "development");
    is_str(fixture_at(r, "issued"), "2021-03-01");
    is_str(fixture_at(r, "publisher.name"), "Fabrique de la Justice");
    is_str(fixture_at(r, "publisher.id"), "cat:organization.justice");
    is_str(fixture_at(r, "publisher.kind"), "public-service");
    is_str(fixture_at(r, "keywords"),
           "[\"Secrétariat général\",\"dsj\",\"Ministère de la Justice\",\"MJ\"]");
    is_str(fixture_at(r, "themes"), "[\"Justice\"]");
    is_str(fixture_at(r, "programming_languages"), "[\"typescript\",\"react\"]");
    is_str(fixture_at(r, "repository_url"), "https://github.com/betagouv/a-just");
    is_str(fixture_at(r, "landing_page"), "https://a-just.example");
    is_str(fixture_at(r, "provenance.remote_url"), "https://beta.example/startups/a-just.html");
    is_str(fixture_at(r, "contact_role"), "contact@a-just.example");
    json_decref(r);
    r = fixture_json(fixture_item(1));
    is_str(fixture_at(r, "status"), "archived");
    is_str(fixture_at(r, "development_status"), "obsolete");
    is_str(fixture_at(r, "publisher.name"), "unknown"); // not among the included: its id
    is_str(fixture_at(r, "contact_role"), "null");      // a person's
    is_str(fixture_at(r, "landing_page"), "https://beta.example/startups/old.html");
    json_decref(r);
    is_int(fields_unknown(str_of(v2)), 0);
}

static void test_phases(void)
{
    static const struct {
        const char *phase, *status;
    } all[] = {{"investigation", "concept"},  {"construction", "development"},
               {"acceleration", "stable"},    {"success", "stable"},
               {"transfer", "stable"},        {"alumni", "obsolete"},
               {"Hibernation", "hibernation"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ok(fixture_page(
            arena_printf(&arena, "[{\"id\":\"x\",\"title\":\"X\",\"phases\":[{\"name\":\"%s\"}]}]",
                         all[i].phase)
                .p));
        json_t *r = fixture_json(fixture_item(0));
        is_str(fixture_at(r, "development_status"), all[i].status);
        is_str(fixture_at(r, "status"), i == 5 ? "archived" : "active");
        json_decref(r);
    }
    // the earliest start, wherever it stands
    ok(fixture_page(
        "[{\"id\":\"x\",\"title\":\"X\",\"phases\":[{\"name\":\"construction\",\"start\":\"2021-06-"
        "01\"},"
        "{\"name\":\"acceleration\",\"start\":\"2021-04-01\"},{\"start\":\"plus tard\"}]}]"));
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "issued"), "2021-04-01");
    is_str(fixture_at(r, "development_status"), "stable");
    json_decref(r);
}

static const char v3[] =
    "[{\"id\": \"/startups/ban\", \"slug\": \"ban\", \"title\": \"Base adresse\", \"mission\": "
    "\"Une adresse pour tous\","
    "\"content\": \"<p>Les <b>adresses</b></p>\", \"incubator\": \"dinum\", \"owner\": \"DINUM\","
    "\"repository\": [\"https://github.com/BaseAdresseNationale\", "
    "\"https://github.com/BaseAdresseNationale/mes-adresses\"],"
    "\"phases\": [{\"name\": \"success\", \"start\": \"2015-01-01\"}], \"techno\": [\"nodejs\"], "
    "\"usertypes\": [\"particulier\"],"
    "\"stats\": true, \"url\": \"/startups/ban.html\", \"path\": \"_startups/ban.md\"},"
    "{\"id\": \"/startups/libre\", \"title\": \"Libre\", \"mission\": \"M\", \"incubators\": "
    "[\"anct\"],"
    "\"repository\": \"Code privé, sauf github.com/betagouv/libre.git pour l'instant\"},"
    "{\"id\": \"/startups/orga\", \"title\": \"Orga\", \"repository\": "
    "\"https://github.com/betagouv\"}]";

static void test_v3(void)
{
    ok(fixture_page(v3));
    is_int(fixture_page_read.item_count, 3);
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:ban");
    is_str(fixture_at(r, "description"), "Une adresse pour tous\n\nLes adresses");
    is_str(fixture_at(r, "publisher.name"), "DINUM");
    is_str(fixture_at(r, "publisher.id"), "cat:organization.dinum");
    is_str(fixture_at(r, "repository_url"), "https://github.com/BaseAdresseNationale/mes-adresses");
    is_str(fixture_at(r, "programming_languages"), "[\"nodejs\"]");
    is_str(fixture_at(r, "keywords"), "[\"particulier\"]");
    json_decref(r);
    r = fixture_json(fixture_item(1));
    is_str(fixture_at(r, "repository_url"), "https://github.com/betagouv/libre");
    is_str(fixture_at(r, "publisher.name"), "anct");
    json_decref(r);
    r = fixture_json(fixture_item(2));
    is_str(fixture_at(r, "repository_url"),
           "https://github.com/betagouv"); // no repository, but it opens
    is_str(fixture_at(r, "publisher.kind"), "null");
    json_decref(r);
    is_int(fields_unknown(str_of(v3)), 0);
}

static const char details[] = "{\"ban\": {\"id\": \"ban\", \"name\": \"Base adresse\", "
                              "\"repository\": \"https://github.com/etalab/ban\","
                              "\"contact\": \"contact@ban.example\", \"active_members\": "
                              "[\"jeanne.martin\"], \"previous_members\": [],"
                              "\"expired_members\": [], \"phases\": [{\"name\": \"success\", "
                              "\"start\": \"2015-01-01\", \"end\": null}]},"
                              "\"sans-id\": {\"name\": \"Sans id\", \"repository\": null, "
                              "\"contact\": null, \"phases\": null},"
                              "\"membres\": {\"active_members\": [\"jeanne.martin\"]}}";

static void test_details(void)
{
    ok(fixture_page(details));
    is_int(fixture_page_read.item_count, 2);
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:ban");
    is_str(fixture_at(r, "repository_url"), "https://github.com/etalab/ban");
    char *all = json_dumps(r, 0);
    ok(!strstr(all, "jeanne")); // no names of persons
    free(all);
    json_decref(r);
    is_text(fixture_item(1)->id, "cat:sans-id");
    is_int(fields_unknown(STR("{\"ban\": {\"id\": \"ban\", \"name\": \"B\", \"active_members\": "
                              "[\"x\"], \"phases\": []}}")),
           0);
}

static void test_sheet(void)
{
    ok(fixture_read(
        NULL, 200, "file:///srv/_startups/Part'%C3%A2ge.md",
        STR("---\ntitle: Part'âge\nmission: Vieillir ensemble\nincubator: anct\nowner: ANCT\n"
            "repository: https://github.com/betagouv/partage\ncontact: part@example.org\n"
            "phases:\n  - name: construction\n    start: 2021-01-01\n---\n## "
            "Problème\n\nSeuls.\n")));
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:Part'%C3%A2ge");
    is_str(fixture_at(r, "title"), "Part'âge");
    is_str(fixture_at(r, "description"), "Vieillir ensemble\n\n## Problème\n\nSeuls.");
    is_str(fixture_at(r, "issued"), "2021-01-01");
    json_decref(r);
    ok(fixture_read(NULL, 200, "file:///srv/_startups/faux.md", STR("---\ntitle: [a\n---\nx\n")));
    is_int(fixture_page_read.item_count, 1);
    ok(!fixture_item(0)->record);
    is_text(fixture_item(0)->id, "cat:faux");
    is_int(fixture_item(0)->error.code, ERR_PARSE);
}

#define PRODUCT(id, pitch)                                                                         \
    "{\"id\": \"" id                                                                               \
    "\", \"type\": \"startup\", \"attributes\": {\"name\": \"N\", \"pitch\": \"" pitch "\"}}"

static void test_no_json(void)
{
    // a quote inside: two of them, so that the rest of the page still stands
    ok(fixture_page("{\"data\": [" PRODUCT("un", "Le") "," PRODUCT(
        "deux", "Le \"bon\" service") "," PRODUCT("trois", "La") "], \"included\": []}"));
    is_int(fixture_page_read.item_count, 3);
    ok(fixture_item(0)->record && fixture_item(2)->record);
    ok(!fixture_item(1)->record);
    is_text(fixture_item(1)->id, "cat:deux");
    is_int(fixture_item(1)->error.code, ERR_PARSE);
    // a raw line end: read
    ok(fixture_page("{\"data\": [" PRODUCT("un", "Deux\nlignes") "]}"));
    ok(fixture_item(0)->record != NULL);
    is_int(fixture_page_read.repaired, 1);
    // quotes that hide a product between them: the whole page fails, and nothing is absent
    ok(!fixture_page("{\"data\": [" PRODUCT("un", "A \" B") "," PRODUCT("deux", "C") "," PRODUCT(
        "trois", "D \" E") "]}"));
    is_int(fixture_error.code, ERR_PARSE);
    // a lone one: the page does not end
    ok(!fixture_page("{\"data\": [" PRODUCT("un", "Un écran de 15\"") "," PRODUCT(
        "deux", "C") "], \"included\": []}"));
    is_int(fixture_error.code, ERR_PARSE);
    ok(!fixture_page("{\"data\": [" PRODUCT("un", "A"))); // cut short
    is_int(fixture_error.code, ERR_PARSE);
}

static void test_failures(void)
{
    ok(fixture_page("{\"data\": [1, {\"id\": \"x\", \"attributes\": {}}, {\"attributes\": "
                    "{\"name\": \"N\"}}]}"));
    is_str(fixture_item(0)->error.what, "the item is not an object");
    is_str(fixture_item(1)->error.what, "the product has no name");
    is_text(fixture_item(1)->id, "cat:x");
    is_str(fixture_item(2)->error.what, "the item has no id");
    ok(!fixture_page("<html>En maintenance</html>"));
    is_str(fixture_error.what,
           "not a list of products: the page begins with \"<html>En maintenance</html>\"");
    ok(!fixture_page("{\"error\": \"maintenance\"}"));
    is_int(fixture_error.code, ERR_PARSE);
    ok(!fixture_page(""));
    ok(!fixture_read(NULL, 404, "http://cat.example/page", STR("{}")));
    is_int(fixture_error.code, ERR_HTTP);
    is_int(fixture_error.http_status, 404);
    ok(fixture_page("{\"data\": [], \"included\": []}")); // an empty list is one
    is_int(fixture_page_read.item_count, 0);
}

static void test_request(void)
{
    struct driver_request request = {0};
    struct err e = {0};
    ok(fixture_driver->request(&fixture_source, STR_NONE, &arena, &request, &e));
    is_text(request.url, "https://beta.example/api/v2.6/startups.json");
    ok(!fixture_driver->request(&fixture_source, STR("x"), &arena, &request, &e));
    is_int(e.code, ERR_CONFLICT);
}

int main(void)
{
    fixture_begin("betagouv", "https://beta.example/api/v2.6/startups.json", NULL);
    ok(fields_load("betagouv"));
    test_v2();
    test_phases();
    test_v3();
    test_details();
    test_sheet();
    test_no_json();
    test_failures();
    test_request();
    return fixture_end();
}
