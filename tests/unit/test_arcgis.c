// harvester/drivers/arcgis: the collections, the feed in their place, paging; what becomes of items, of odd ones too.
#include "tests/unit/commons_fixture.h"

static struct {
    struct str collection;
} options = {STR("all")};

#define ITEM "0123456789abcdef0123456789abcdef"

static const char *feature =
    "{\"id\":\"" ITEM
    "_2\",\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
    "[[[1,2],[3,2],[3,4],[1,2]]]},\"properties\":{\"id\":\"" ITEM "\",\"owner\":\"jeanne_martin\","
    "\"created\":1611934478000,\"modified\":1671554653000,\"guid\":null,\"name\":\"arbres\","
    "\"title\":"
    "\"Arbres\",\"type\":\"Feature Service\",\"typeKeywords\":[\"Data\"],\"description\":\"<p>Les "
    "arbres</p>\",\"tags\":[\"arbre\",\"parc\"],\"snippet\":\"court\",\"thumbnail\":\"t.png\","
    "\"documentation\":null,\"extent\":{\"type\":\"Polygon\",\"coordinates\":[[[-2,48],[-1,48],[-1,"
    "49],[-2,48]]]},\"categories\":[\"/Categories/Environnement/Nature\",\"/Categories\"],"
    "\"spatialReference\":\"102100\",\"accessInformation\":\"Ville de Rennes\",\"licenseInfo\":"
    "\"<div><a href='https://creativecommons.org/licenses/by/4.0/'>CC BY</a></div>\",\"culture\":"
    "\"fr-fr\",\"url\":\"https://services.example/arcgis/rest/services/arbres/FeatureServer\","
    "\"access\":\"public\",\"size\":-1,\"numViews\":12,\"license\":\"custom\",\"fields\":[{"
    "\"name\":"
    "\"essence\",\"alias\":\"Essence\",\"type\":\"esriFieldTypeString\"}]},\"time\":null,\"links\":"
    "[{\"rel\":\"self\",\"href\":\"https://hub.example/x\"}]}";

static const char *page_of(const char *features, const char *more)
{
    return arena_printf(&arena, "{\"type\":\"FeatureCollection\",\"features\":[%s]%s}", features,
                        more)
        .p;
}

static void both_kinds(bool on)
{
    fixture_source.kinds[1] = KIND_REUSE;
    fixture_source.kind_count = on ? 2 : 1;
}

static const char *asked(const char *cursor)
{
    struct driver_request request = {0};
    struct err e = {0};
    ok(fixture_driver->request(&fixture_source, str_of(cursor), &arena, &request, &e));
    return request.url.p;
}

static void addresses(void)
{
    is_str(asked(NULL),
           "https://hub.example/api/search/v1/collections/all/items?limit=100&startindex=1");
    is_str(asked("{\"way\":0,\"start\":101}"),
           "https://hub.example/api/search/v1/collections/all/items?limit=100&startindex=101");
    is_str(asked("{\"way\":1,\"start\":1}"),
           "https://hub.example/api/search/v1/collections/dataset/items?limit=100&startindex=1");
    is_str(asked("{\"way\":2,\"start\":1}"), "https://hub.example/api/feed/dcat-us/1.1.json");
    fixture_config.page_size = 500;
    options.collection = STR("document");
    is_str(asked(NULL),
           "https://hub.example/api/search/v1/collections/document/items?limit=100&startindex=1");
    fixture_config.page_size = 100;
    options.collection = STR("all");
    struct driver_request request;
    struct err e = {0};
    ok(!fixture_driver->request(&fixture_source, STR("{\"way\":3}"), &arena, &request, &e));
    ok(!fixture_driver->request(&fixture_source, STR("x"), &arena, &request, &e));
}

static void an_item(void)
{
    const char *page =
        page_of(feature, ",\"numberMatched\":1,\"numberReturned\":1,\"timestamp\":"
                         "\"2024-01-01\",\"links\":[{\"rel\":\"self\",\"href\":\"h\"}]");
    ok(fixture_page(page));
    is_int(fixture_page_read.announced, 1);
    is_text(fixture_page_read.next, "");
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:" ITEM "_2");
    is_str(fixture_at(r, "kind"), "dataset");
    is_str(fixture_at(r, "title"), "Arbres");
    is_str(fixture_at(r, "description"), "Les arbres");
    is_str(fixture_at(r, "keywords"), "[\"arbre\",\"parc\"]");
    is_str(fixture_at(r, "themes"), "[\"Nature\"]");
    is_str(fixture_at(r, "publisher.name"), "Ville de Rennes");
    is_str(fixture_at(r, "publisher.id"), "cat:organization.Ville de Rennes");
    is_str(fixture_at(r, "license.id"), "CC-BY-4.0");
    is_str(fixture_at(r, "access"), "open");
    is_str(fixture_at(r, "issued"), "2021-01-29T15:34:38Z");
    is_str(fixture_at(r, "modified"), "2022-12-20T16:44:13Z");
    is_str(fixture_at(r, "popularity.views"), "12");
    is_str(fixture_at(r, "spatial.bbox"), "[-2,48,-1,49]");
    is_str(fixture_at(r, "fields.0.label"), "Essence");
    is_str(fixture_at(r, "landing_page"), "https://hub.example/datasets/" ITEM "_2");
    is_str(fixture_at(r, "provenance.origin_id"),
           "https://www.arcgis.com/home/item.html?id=" ITEM "&sublayer=2");
    is_str(fixture_at(r, "distributions.0.format"), "arcgis-rest");
    is_str(fixture_at(r, "distributions.0.type"), "api");
    is_str(fixture_at(r, "distributions.0.byte_size"), "null");
    char *text = json_dumps(r, 0);
    is_int(str_find(str_of(text), STR("martin")), -1); // the account of a person
    free(text);
    json_decref(r);
    is_text(fixture_item(0)->record->language, "fr");
    is_int(fields_unknown(str_of(page)), 0);
}

// An item of a type, with other properties.
static json_t *item(const char *type, const char *more)
{
    struct str one =
        arena_printf(&arena,
                     "{\"id\":\"" ITEM "\",\"properties\":{\"title\":\"T\",\"type\":\"%s\""
                     "%s}}",
                     type, more);
    fixture_page(page_of(one.p, ""));
    return fixture_item(0)->record ? fixture_json(fixture_item(0)) : json_object();
}

static const char *at(const char *type, const char *more, const char *path)
{
    json_t *r = item(type, more);
    const char *text = fixture_at(r, path);
    json_decref(r);
    return text;
}

static void types(void)
{
    both_kinds(true);
    is_str(at("Web Map", "", "kind"), "reuse");
    is_str(at("Web Map", "", "landing_page"), "https://hub.example/maps/" ITEM);
    is_str(at("Dashboard", "", "id"), "cat:reuse." ITEM);
    is_str(at("Dashboard", "", "type"), "Dashboard");
    is_str(at("Dashboard", "", "landing_page"), "https://hub.example/apps/" ITEM);
    is_str(at("PDF", "", "landing_page"), "https://hub.example/documents/" ITEM);
    is_str(at("PDF", ",\"size\":77", "distributions.0.url"),
           "https://www.arcgis.com/sharing/rest/content/items/" ITEM "/data");
    is_str(at("PDF", ",\"size\":77", "distributions.0.byte_size"), "77");
    is_str(at("CSV", "", "distributions.0.format"), "csv");
    is_str(at("Hub Page", "", "id"), "");
    ok(fixture_item(0)->skipped);
    both_kinds(false);
    is_str(at("Dashboard", "", "id"), "");
    ok(fixture_item(0)->skipped);
    is_text(fixture_item(0)->id, "cat:reuse." ITEM);
}

static void odd_items(void)
{
    is_str(at("CSV", ",\"title\":\"{{name}}\",\"name\":\"real\"", "title"), "real");
    is_str(at("CSV", ",\"description\":\"{{default.description}}\",\"snippet\":\"short\"",
              "description"),
           "short");
    is_str(at("CSV", ",\"extent\":[[-2,48],[-1,49]]", "spatial.bbox"), "[-2,48,-1,49]");
    is_str(at("CSV", ",\"access\":\"org\"", "access"), "restricted");
    is_str(at("CSV", ",\"license\":\"CC-BY-4.0\"", "license.id"), "CC-BY-4.0");
    is_str(at("CSV", ",\"licenseInfo\":\"Ask us\"", "license.label"), "Ask us");
    is_str(at("CSV",
              ",\"structuredLicense\":{\"url\":\"https://creativecommons.org/licenses/by/4.0/"
              "\",\"type\":\"x\"}",
              "license.id"),
           "CC-BY-4.0");
    is_str(at("CSV", ",\"source\":\"Métropole\",\"accessInformation\":\"x\"", "publisher.name"),
           "Métropole");
    ok(fixture_page(
        page_of("{\"id\":\"x\",\"properties\":{}},7,{\"id\":\"\"},{\"id\":\"y\","
                "\"properties\":{\"title\":NaN}},{\"id\":\"z\",\"properties\":{\"title\":"
                "\"Z\",\"url\":\"https://e.example/z.csv\"}}",
                "")));
    is_str(fixture_item(0)->error.what, "it has no title");
    is_text(fixture_item(0)->id, "cat:x");
    is_str(fixture_item(1)->error.what, "the item has no id");
    is_str(fixture_item(2)->error.what, "the item has no id");
    is_text(fixture_item(3)->id, "cat:y");
    is_int(fixture_item(3)->error.code, ERR_PARSE);
    is_text(fixture_item(4)->record->landing_page, "https://e.example/z.csv");
    is_text(fixture_item(4)->record->provenance.origin_id, "");
}

static void paging(void)
{
    ok(fixture_page(page_of(feature, ",\"numberMatched\":3")));
    is_text(fixture_page_read.next, "{\"way\":0,\"start\":2}"); // as many as came
    ok(fixture_read("{\"way\":0,\"start\":3}", 200, "u",
                    str_of(page_of(feature, ",\"numberMatched\":3"))));
    is_text(fixture_page_read.next, "");
    ok(fixture_page(
        page_of(feature, ",\"links\":[{\"rel\":\"next\",\"href\":\"http://evil.example\"}]")));
    is_text(fixture_page_read.next, "{\"way\":0,\"start\":2}");
    ok(fixture_page(page_of(feature, "")));
    is_text(fixture_page_read.next, "");
    ok(fixture_page(page_of("", ",\"numberMatched\":3")));
    is_text(fixture_page_read.next, "");
    is_text(fixture_driver->behind(&fixture_source, STR_NONE, &arena), "{\"way\":0,\"start\":101}");
    is_text(fixture_driver->behind(&fixture_source, STR("{\"way\":2}"), &arena), "");
}

static void the_feed(void)
{
    ok(fixture_read(NULL, 404, "u", STR("")));
    is_text(fixture_page_read.next, "{\"way\":1,\"start\":1}");
    ok(fixture_read("{\"way\":1,\"start\":1}", 404, "u", STR("")));
    is_text(fixture_page_read.next, "{\"way\":2,\"start\":1}");
    ok(!fixture_read("{\"way\":2,\"start\":1}", 404, "u", STR("")));
    is_str(fixture_error.what, "neither the search API nor the DCAT-US feed is there (404)");
    ok(!fixture_read("{\"way\":0,\"start\":101}", 410, "u", STR("")));
    is_str(fixture_error.what, "the search API answers 410 in the middle of the list");

    ok(fixture_read(
        "{\"way\":2,\"start\":1}", 200, "u",
        STR("{\"dataset\":[{\"identifier\":\"https://www.arcgis.com/home/item.html?id=" ITEM
            "&sublayer=2\",\"title\":\"Arbres\",\"keyword\":[\"a\"],\"description\":"
            "\"{{default.description}}\",\"landingPage\":\"https://hub.example/maps/x\"},"
            "{\"identifier\":\"https://www.arcgis.com/home/item.html?id=" ITEM
            "\",\"title\":\"All\"},{\"identifier\":\"other\",\"title\":\"O\"},"
            "{\"title\":\"Nameless\"},"
            "{\"identifier\":\"http://hub.example/datasets/" ITEM "_3\",\"title\":\"Older\"},"
            "{\"identifier\":\"http://hub.example/datasets/city::trees\",\"title\":\"Trees\"}]}")));
    is_int(fixture_page_read.item_count, 6);
    is_text(fixture_item(4)->id, "cat:" ITEM "_3");
    is_text(fixture_item(4)->record->provenance.origin_id,
            "https://www.arcgis.com/home/item.html?id=" ITEM "&sublayer=3");
    is_text(fixture_item(5)->id, "cat:http://hub.example/datasets/city::trees");
    is_text(fixture_item(0)->id, "cat:" ITEM "_2"); // as the search API has it
    is_text(fixture_item(0)->record->description, "");
    is_text(fixture_item(0)->record->provenance.origin_id,
            "https://www.arcgis.com/home/item.html?id=" ITEM "&sublayer=2");
    is_text(fixture_item(1)->id, "cat:" ITEM);
    is_text(fixture_item(2)->id, "cat:other");
    ok(!fixture_item(3)->record);
    is_text(fixture_page_read.next, "");
}

static void faults(void)
{
    ok(!fixture_page("{\"error\":{\"code\":400,\"message\":\"Invalid token\"}}"));
    is_str(fixture_error.what, "the site answers: Invalid token");
    ok(!fixture_page("<html>"));
    is_int(fixture_error.code, ERR_PARSE);
}

int main(void)
{
    fixture_begin("arcgis", "https://hub.example/", &options);
    ok(fields_load("arcgis"));
    addresses();
    an_item();
    types();
    odd_items();
    paging();
    the_feed();
    faults();
    return fixture_end();
}
