// harvester/drivers/publiccode: the pages of open-catalog-api, publiccode.yml of several versions, files alone, YAML that harms.
#include "harvester/normalise/yaml_json.h"
#include "tests/unit/commons_fixture.h"

static const char medusa[] =
    "publiccodeYmlVersion: \"0.4\"\n"
    "name: Medusa\n"
    "applicationSuite: MegaSuite\n"
    "url: https://github.com/Italia/Medusa.git\n"
    "landingURL: https://medusa.example\n"
    "isBasedOn:\n  - https://github.com/italia/otello.git\n  - otello\n"
    "softwareVersion: 1.0\nreleaseDate: 2023-04-15\nlogo: img/logo.svg\n"
    "platforms: [web, linux]\n"
    "categories:\n  - document-management\n  - \"e-mail-management\"\n"
    "usedBy:\n  - Comune di Firenze\n  - name: Ville de Rennes\n    uri: urn:x\n"
    "roadmap: https://medusa.example/roadmap\n"
    "developmentStatus: stable\nsoftwareType: standalone/web\n"
    "intendedAudience:\n  countries: [it, FR, xxx]\n  scope: [science]\n"
    "description:\n"
    "  it:\n    shortDescription: Una breve descrizione\n"
    "  en-GB:\n    localisedName: Jellyfish\n    genericName: Text editor\n"
    "    shortDescription: A short one\n    longDescription: |\n      Long **text**\n      of two "
    "lines\n"
    "    features: [Fast, Simple]\n    documentation: https://docs.example\n"
    "    apiDocumentation: https://api.example\n    screenshots: [a.png]\n"
    "legal:\n  license: AGPL-3.0-or-later OR MIT\n  mainCopyrightOwner: City A\n  repoOwner: City "
    "B\n"
    "maintenance:\n  type: internal\n  contacts:\n    - name: Jeanne Martin\n      email: "
    "jeanne@example.org\n"
    "localisation:\n  localisationReady: yes\n  availableLanguages: [it]\n"
    "dependsOn:\n  open:\n    - name: MySQL\n      versionMin: \"1.1\"\n"
    "it:\n  conforme:\n    gdpr: true\n";

// One page of the API around these files.
static struct str page_of(const char *const *files, size_t n, const char *next)
{
    json_t *page = json_object(), *data = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *entry = json_pack(
            "{s:s,s:s,s:[s],s:s,s:b,s:s,s:s}", "id", arena_printf(&arena, "0b1-%zu", i).p, "url",
            "https://github.com/italia/medusa", "aliases", "https://gitlab.com/italia/medusa",
            "publiccodeYml", files[i], "active", i != 1, "createdAt", "2020-01-01T00:00:00Z",
            "updatedAt", "2024-01-01T00:00:00Z");
        json_array_append_new(data, entry);
    }
    json_object_set_new(page, "data", data);
    json_object_set_new(page, "links", json_pack("{s:n,s:s?}", "prev", "next", next));
    char *text = json_dumps(page, 0);
    struct str s = arena_str(&arena, str_of(text));
    free(text);
    json_decref(page);
    return s;
}

static void test_page(void)
{
    const char *files[] = {medusa, "name: Due\nurl: https://github.com/a/b\ndescription:\n  fr:\n  "
                                   "  shortDescription: Deux\n"};
    struct str page = page_of(files, 2, "?page[after]=WyIyMDE1%3D&page[size]=2");
    ok(fixture_read(NULL, 200, "http://x", page));
    is_int(fixture_page_read.item_count, 2);
    is_text(fixture_page_read.next, "WyIyMDE1=");
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:0b1-0");
    is_str(fixture_at(r, "title"), "Jellyfish");
    is_str(fixture_at(r, "language"), "en");
    is_str(fixture_at(r, "description"),
           "A short one\n\nLong **text**\nof two lines\n\n- Fast\n- Simple");
    is_str(fixture_at(r, "documentation_url"), "https://docs.example");
    is_str(fixture_at(r, "publisher.name"), "City B");
    is_str(fixture_at(r, "license.id"), "AGPL-3.0-or-later");
    is_str(fixture_at(r, "license.label"), "AGPL-3.0-or-later OR MIT");
    is_str(fixture_at(r, "license.open"), "true");
    is_str(fixture_at(r, "type"), "standalone/web");
    is_str(fixture_at(r, "development_status"), "stable");
    is_str(fixture_at(r, "status"), "active");
    is_str(fixture_at(r, "themes"), "[\"science\",\"document-management\",\"e-mail-management\"]");
    is_str(fixture_at(r, "keywords"), "[\"Text editor\",\"MegaSuite\",\"web\",\"linux\"]");
    is_str(fixture_at(r, "users"), "[\"Comune di Firenze\",\"Ville de Rennes\"]");
    is_str(fixture_at(r, "spatial.zones"), "[\"country:it\",\"country:fr\"]");
    is_str(fixture_at(r, "spatial.granularity"), "country");
    is_str(fixture_at(r, "repository_url"), "https://github.com/Italia/Medusa.git");
    is_str(fixture_at(r, "landing_page"), "https://medusa.example");
    is_str(fixture_at(r, "relations.uses"), "[\"https://github.com/italia/otello\"]");
    is_str(fixture_at(r, "aliases"), "[\"https://gitlab.com/italia/medusa\"]");
    is_str(fixture_at(r, "modified"), "2023-04-15");
    is_str(fixture_at(r, "provenance.remote_url"), "https://api.example/v1/software/0b1-0");
    char *all = json_dumps(r, 0);
    ok(!strstr(all, "eanne") && !strstr(all, "MySQL"));
    free(all);
    json_decref(r);
    r = fixture_json(fixture_item(1));
    is_str(fixture_at(r, "status"), "archived"); // not active
    is_str(fixture_at(r, "title"), "Due");
    is_str(fixture_at(r, "language"), "fr");
    is_str(fixture_at(r, "modified"), "2024-01-01T00:00:00Z");
    json_decref(r);
    is_int(fields_unknown(page), 0);
    struct err e = {0};
    json_t *yml = yaml_json(&arena, str_of(medusa), &e);
    const char *key;
    json_t *v;
    json_object_foreach(yml, key, v)
        is_int(fields_missing(v, arena_printf(&arena, "data[].publiccodeYml.%s", key)), 0);
    json_decref(yml);
}

static void test_versions(void)
{
    // 0.1 and 0.2: tags, and one value where later versions have lists; 0.5: an organisation
    static const char first[] =
        "publiccodeYmlVersion: 0.1\nname: Un\nurl: git@github.com:a/Un.git\nisBasedOn: "
        "https://github.com/a/zero\n"
        "platforms: web\ntags: [budget]\ndevelopmentStatus: obsolete\n"
        "description:\n  de:\n    shortDescription: Eins\n  eng:\n    shortDescription: One\n";
    static const char last[] =
        "name: Deux\nurl: https://gitlab.com/a/Deux\norganisation:\n  name: Ville A\n  uri: urn:x\n"
        "fundedBy:\n  - name: État\ndescription:\n  fr_FR:\n    shortDescription: Deux\n    "
        "features:\n      -\n      - Utile\n"
        "creationDate: 2020-02-03\nlegal: {license: EUPL-1.2}\n";
    const char *files[] = {first, "x: 1", last};
    ok(fixture_read(NULL, 200, "http://x", page_of(files, 3, NULL)));
    is_int(fixture_page_read.next.n, 0);
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "status"), "archived");
    is_str(fixture_at(r, "development_status"), "obsolete");
    is_str(fixture_at(r, "language"), "de");
    is_str(fixture_at(r, "keywords"), "[\"budget\",\"web\"]");
    is_str(fixture_at(r, "relations.uses"), "[\"https://github.com/a/zero\"]");
    is_str(fixture_at(r, "repository_url"), "https://github.com/a/un");
    json_decref(r);
    is_str(fixture_item(1)->error.what, "its publiccode.yml has no name");
    is_text(fixture_item(1)->id, "cat:0b1-1");
    r = fixture_json(fixture_item(2));
    is_str(fixture_at(r, "publisher.name"), "Ville A");
    is_str(fixture_at(r, "description"), "Deux\n\n- Utile");
    is_str(fixture_at(r, "keywords"), "[\"État\"]");
    is_str(fixture_at(r, "issued"), "2020-02-03");
    is_str(fixture_at(r, "license.id"), "EUPL-1.2");
    json_decref(r);
}

static void test_paging(void)
{
    const char *files[] = {"name: X\nurl: https://github.com/a/b\n"};
    struct driver_request request = {0};
    struct err e = {0};
    ok(fixture_driver->request(&fixture_source, STR_NONE, &arena, &request, &e));
    ok(str_eq_nocase(
        request.url,
        STR("https://api.example/v1/software?page%5Bsize%5D=100"))); // libcurl writes either case
    ok(fixture_driver->request(&fixture_source, STR("Wy=="), &arena, &request, &e));
    ok(str_eq_nocase(
        request.url,
        STR("https://api.example/v1/software?page%5Bsize%5D=100&page%5Bafter%5D=Wy%3D%3D")));
    fixture_config.page_size = 5000;
    ok(fixture_driver->request(&fixture_source, STR_NONE, &arena, &request, &e));
    ok(str_eq_nocase(request.url, STR("https://api.example/v1/software?page%5Bsize%5D=100")));
    fixture_config.page_size = 20;
    ok(fixture_driver->request(&fixture_source, STR_NONE, &arena, &request, &e));
    ok(str_eq_nocase(request.url, STR("https://api.example/v1/software?page%5Bsize%5D=20")));
    ok(fixture_read(
        NULL, 200, "http://x",
        page_of(files, 1, "https://elsewhere.example/v1/software?page%5Bafter%5D=abc")));
    is_text(fixture_page_read.next, "abc"); // of a link, that value alone
    ok(fixture_read("abc", 200, "http://x", page_of(files, 1, "?page[after]=abc")));
    is_int(fixture_page_read.next.n, 0); // the same page again
    ok(fixture_read("abc", 200, "http://x", page_of(files, 0, "?page[after]=def")));
    is_int(fixture_page_read.next.n, 0); // nothing came
    ok(fixture_read(NULL, 200, "http://x", page_of(files, 1, "?other=abc&page[before]=x")));
    is_int(fixture_page_read.next.n, 0);
    fixture_config.url = STR("https://raw.example/publiccode.yml");
    ok(fixture_driver->request(&fixture_source, STR_NONE, &arena, &request, &e));
    is_text(request.url, "https://raw.example/publiccode.yml");
    ok(!fixture_driver->request(&fixture_source, STR("abc"), &arena, &request, &e));
    fixture_config.url = STR("https://api.example/v1/software");
}

static void test_file(void)
{
    ok(fixture_read(NULL, 200, "https://raw.example/publiccode.yml", str_of(medusa)));
    is_int(fixture_page_read.item_count, 1);
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:github.com/italia/medusa");
    is_str(fixture_at(r, "title"), "Jellyfish");
    is_str(fixture_at(r, "provenance.remote_url"), "https://raw.example/publiccode.yml");
    json_decref(r);
    ok(fixture_read(NULL, 200, "file:///srv/a/publiccode.yml",
                    STR("name: Sans dépôt\nurl: TODO\n")));
    r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:Sans dépôt");
    is_str(fixture_at(r, "repository_url"), "null");
    is_str(fixture_at(r, "provenance.remote_url"), "null");
    json_decref(r);
    ok(!fixture_read(NULL, 200, "file:///srv/a/README", STR("Ceci n'en est pas un\n")));
    is_int(fixture_error.code, ERR_PARSE);
    ok(!fixture_read(NULL, 200, "file:///srv/a/x.yml", STR("on: push\n")));
    is_str(fixture_error.what, "not a publiccode.yml: the page begins with \"on: push\"");
    ok(!fixture_read(NULL, 200, "file:///srv/a/x.yml", STR("")));
}

static void test_harm(void)
{
    const char *files[] = {
        "a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\nname: Rires\nurl: "
        "https://github.com/a/b\n", // a billion laughs
        "name: [1, 2\n",
        "",
        "name: Bon\nurl: https://github.com/a/b\n",
        "name: {{ titre }}\n",
    };
    ok(fixture_read(NULL, 200, "http://x", page_of(files, 5, NULL)));
    is_int(fixture_page_read.item_count, 5);
    ok(!fixture_item(0)->record && !fixture_item(1)->record && !fixture_item(2)->record &&
       !fixture_item(4)->record);
    ok(fixture_item(3)->record != NULL);
    is_text(fixture_item(0)->id, "cat:0b1-0");
    is_int(fixture_item(0)->error.code, ERR_RECORD);
    ok(strstr(fixture_item(0)->error.what, "its publiccode.yml cannot be read: line ") != NULL);
    ok(fixture_page("{\"data\": [{\"id\": \"1\", \"publiccodeYml\": null}, {\"publiccodeYml\": "
                    "\"name: X\"}, 3, {\"id\": \"4\" \"x\": 1}], \"links\": {}}"));
    is_int(fixture_page_read.item_count, 4);
    is_text(fixture_item(0)->id, "cat:1");
    ok(!fixture_item(0)->record);
    is_text(fixture_item(1)->id, "cat:X"); // its name, where the catalogue gives no id
    is_int(fixture_item(2)->error.code, ERR_RECORD);
    is_int(fixture_item(3)->error.code, ERR_PARSE);
    ok(!fixture_page("{\"title\": \"Internal server error\", \"status\": 500}"));
    is_int(fixture_error.code, ERR_PARSE);
    ok(!fixture_page("{\"data\": [{\"id\": \"1\""));
}

int main(void)
{
    fixture_begin("publiccode", "https://api.example/v1/software", NULL);
    ok(fields_load("publiccode"));
    test_page();
    test_versions();
    test_paging();
    test_file();
    test_harm();
    return fixture_end();
}
