// harvester/drivers/socrata: where pages are asked for, up to the wall and past it; what becomes of results, of odd ones too.
#include "tests/unit/commons_fixture.h"

static struct {
    struct strs domains;
} options;

static const char *result =
    "{\"resource\":{\"id\":\"abcd-1234\",\"name\":\"Trees\",\"description\":\"<b>All</b> trees\","
    "\"attribution\":\"City of X\",\"attribution_link\":\"https://x.example\",\"contact_email\":"
    "\"opendata@x.example\",\"type\":\"dataset\",\"parent_fxf\":[],\"createdAt\":"
    "\"2015-03-04T05:06:07.000Z\",\"updatedAt\":\"2024-01-01T00:00:00.000Z\",\"data_updated_at\":"
    "\"2023-02-03T00:00:00.000Z\",\"metadata_updated_at\":\"2024-01-01T00:00:00.000Z\","
    "\"page_views\":{\"page_views_total\":77,\"page_views_last_week\":1,\"page_views_total_log\":"
    "6.2},\"download_count\":5,\"columns_field_name\":[\"species\",\":@computed_region_x\","
    "\"size\"],"
    "\"columns_name\":[\"Species\",\"r\",\"Size\"],\"columns_datatype\":[\"Text\",\"Number\","
    "\"Number\"],\"columns_description\":[\"\",\"\",\"\"],\"columns_format\":[{},{\"align\":\"x\"},"
    "{}],\"provenance\":\"official\",\"lens_view_type\":\"tabular\",\"lens_display_type\":"
    "\"table\","
    "\"locked\":false,\"blob_mime_type\":null},\"classification\":{\"categories\":[\"environment\"]"
    ","
    "\"tags\":[\"guessed\"],\"domain_category\":\"Parks\",\"domain_tags\":[\"tree\",\"park\"],"
    "\"domain_metadata\":[{\"key\":\"Common-Core_Update-Frequency\",\"value\":\"Monthly\"},{"
    "\"key\":"
    "\"Coverage_Temporal\",\"value\":\"2010/2012\"},{\"key\":\"Coverage_Spatial\",\"value\":\"X "
    "County\"},{\"key\":\"Other\",\"value\":\"y\"}]},\"metadata\":{\"domain\":\"data.x.example\","
    "\"license\":\"Creative Commons Attribution 4.0\"},\"permalink\":"
    "\"https://data.x.example/d/abcd-1234\",\"link\":\"https://data.x.example/Parks/Trees/"
    "abcd-1234\",\"preview_image_url\":\"\",\"owner\":{\"id\":\"o\",\"user_type\":\"interactive\","
    "\"display_name\":\"Jeanne Martin\"},\"creator\":{\"id\":\"o\",\"display_name\":\"Jeanne "
    "Martin\"}}";

static const char *page_of(const char *results, int total)
{
    return arena_printf(&arena,
                        "{\"results\":[%s],\"resultSetSize\":%d,\"timings\":{\"serviceMillis\":1},"
                        "\"warnings\":[]}",
                        results, total)
        .p;
}

static const char *asked(const char *url, const char *cursor)
{
    struct driver_request request = {0};
    struct err e = {0};
    fixture_config.url = str_of(url);
    ok(fixture_driver->request(&fixture_source, str_of(cursor), &arena, &request, &e));
    fixture_config.url = STR("https://data.x.example");
    return request.url.p;
}

static void addresses(void)
{
    is_str(asked("https://data.x.example/", NULL),
           "https://data.x.example/api/catalog/v1?limit=100&domains=data.x.example&search_context="
           "data.x.example&offset=0&order=dataset_id");
    is_str(asked("https://data.x.example", "{\"offset\":200}"),
           "https://data.x.example/api/catalog/v1?limit=100&domains=data.x.example&search_context="
           "data.x.example&offset=200&order=dataset_id");
    is_str(asked("https://data.x.example", "{\"offset\":10000,\"scroll\":\"zzzz-9999\"}"),
           "https://data.x.example/api/catalog/v1?limit=100&domains=data.x.example&search_context="
           "data.x.example&scroll_id=zzzz-9999");
    is_str(asked("https://api.us.socrata.com", NULL),
           "https://api.us.socrata.com/api/catalog/v1?limit=100&offset=0&order=dataset_id");
    is_str(asked("https://api.eu.socrata.com/api/catalog/v1", NULL),
           "https://api.eu.socrata.com/api/catalog/v1?limit=100&offset=0&order=dataset_id");
    is_str(asked("http://127.0.0.1:8000", NULL),
           "http://127.0.0.1:8000/api/catalog/v1?limit=100&offset=0&order=dataset_id");
    fixture_config.page_size = 1001; // over what the API gives
    is_str(asked("http://127.0.0.1:8000", NULL),
           "http://127.0.0.1:8000/api/catalog/v1?limit=1000&offset=0&order=dataset_id");
    fixture_config.page_size = 100;
    struct str names[] = {STR("a.example"), STR("b.example")};
    options.domains = (struct strs){names, 2};
    is_str(asked("https://api.us.socrata.com", NULL),
           "https://api.us.socrata.com/api/catalog/v1?limit=100&domains=a.example,b.example&"
           "offset=0&order=dataset_id");
    options.domains.n = 0;
    struct err e = {0};
    struct driver_request request;
    ok(!fixture_driver->request(&fixture_source, STR("{"), &arena, &request, &e));
}

static void a_dataset(void)
{
    ok(fixture_page(page_of(result, 1)));
    is_int(fixture_page_read.item_count, 1);
    is_int(fixture_page_read.announced, 1);
    is_text(fixture_page_read.next, "");
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:abcd-1234");
    is_str(fixture_at(r, "kind"), "dataset");
    is_str(fixture_at(r, "title"), "Trees");
    is_str(fixture_at(r, "description"), "All trees");
    is_str(fixture_at(r, "keywords"), "[\"tree\",\"park\"]");
    is_str(fixture_at(r, "themes"), "[\"Parks\"]");
    is_str(fixture_at(r, "publisher.name"), "City of X");
    is_str(fixture_at(r, "publisher.id"), "cat:organization.City of X");
    is_str(fixture_at(r, "contact_role"), "opendata@x.example");
    is_str(fixture_at(r, "license.id"), "CC-BY-4.0");
    is_str(fixture_at(r, "access"), "open");
    is_str(fixture_at(r, "frequency"), "MONTHLY");
    is_str(fixture_at(r, "temporal.end"), "2012");
    is_str(fixture_at(r, "spatial.labels"), "[\"X County\"]");
    is_str(fixture_at(r, "issued"), "2015-03-04T05:06:07Z");
    is_str(fixture_at(r, "modified"), "2023-02-03T00:00:00Z");
    is_str(fixture_at(r, "popularity.views"), "77");
    is_str(fixture_at(r, "popularity.downloads"), "5");
    is_str(fixture_at(r, "fields.0.name"), "species");
    is_str(fixture_at(r, "fields.0.label"), "Species");
    is_str(fixture_at(r, "fields.1.name"), "size");
    is_str(fixture_at(r, "fields.1.type"), "number");
    is_str(fixture_at(r, "fields.2"), "");
    is_str(fixture_at(r, "landing_page"), "https://data.x.example/d/abcd-1234");
    is_str(fixture_at(r, "provenance.origin_url"), "null");
    is_str(fixture_at(r, "distributions.0.url"),
           "https://data.x.example/api/views/abcd-1234/rows.csv?accessType=DOWNLOAD");
    is_str(fixture_at(r, "distributions.0.format"), "csv");
    is_str(fixture_at(r, "distributions.1.type"), "api");
    char *text = json_dumps(r, 0);
    is_int(str_find(str_of(text), STR("Martin")), -1);
    free(text);
    json_decref(r);
    ok(!fixture_item(0)->record->modified_trusted);
    is_int(fields_unknown(str_of(page_of(result, 1))), 0);
}

static const char *one(const char *resource, const char *rest)
{
    return arena_printf(&arena, "{\"resource\":{\"id\":\"aaaa-0001\",\"name\":\"N\"%s}%s}",
                        resource, rest)
        .p;
}

static void kinds(void)
{
    fixture_source.kinds[1] = KIND_REUSE;
    fixture_source.kind_count = 2;
    ok(fixture_page(page_of(one(",\"type\":\"chart\",\"parent_fxf\":[\"bbbb-0002\"]", ""), 1)));
    json_t *r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:reuse.aaaa-0001");
    is_str(fixture_at(r, "type"), "chart");
    is_str(fixture_at(r, "relations.uses"), "[\"cat:bbbb-0002\"]");
    is_str(fixture_at(r, "distributions"), "[]");
    json_decref(r);
    ok(fixture_page(page_of(one(",\"type\":\"map\",\"parent_fxf\":\"bbbb-0002\"", ""), 1)));
    is_text(fixture_item(0)->id, "cat:reuse.aaaa-0001");
    ok(fixture_page(page_of(one(",\"type\":\"map\"",
                                ",\"metadata\":{\"domain\":\"other.example\"},\"permalink\":"
                                "\"https://other.example/d/aaaa-0001\""),
                            1)));
    r = fixture_json(fixture_item(0));
    is_str(fixture_at(r, "id"), "cat:aaaa-0001");
    is_str(fixture_at(r, "distributions.0.format"), "geojson");
    is_str(fixture_at(r, "publisher.name"), "other.example");
    is_str(fixture_at(r, "provenance.origin_url"), "https://other.example/d/aaaa-0001");
    json_decref(r);
    ok(fixture_page(page_of(
        one(",\"type\":\"dataset\"", ",\"metadata\":{\"domain\":\"evil.example/../\"}"), 1)));
    is_int(fixture_item(0)->record->distribution_count, 0);
    fixture_source.kind_count = 1; // datasets only: others count as met
    ok(fixture_page(page_of(one(",\"type\":\"story\"", ""), 1)));
    ok(fixture_item(0)->skipped && !fixture_item(0)->record);
    is_text(fixture_item(0)->id, "cat:reuse.aaaa-0001");
}

static void odd_results(void)
{
    ok(fixture_page(page_of("{\"resource\":{\"id\":\"aaaa-0001\"}},{\"resource\":7},null,"
                            "{\"resource\":{\"name\":\"N\"}},{\"resource\":{\"id\":\"aaaa-0002\","
                            "\"name\":NaN}}",
                            5)));
    is_int(fixture_page_read.item_count, 5);
    is_text(fixture_item(0)->id, "cat:aaaa-0001");
    is_str(fixture_item(0)->error.what, "it has no name");
    is_str(fixture_item(1)->error.what, "the result has no \"resource\" that is an object");
    is_str(fixture_item(2)->error.what, "the result has no \"resource\" that is an object");
    is_str(fixture_item(3)->error.what, "the item has no id");
    is_text(fixture_item(4)->id, "cat:aaaa-0002");
    is_int(fixture_item(4)->error.code, ERR_PARSE);
}

static bool page_at(const char *cursor, const char *body)
{
    return fixture_read(cursor, 200, "u", str_of(body));
}

static void paging(void)
{
    const char *a = one("", "");
    ok(page_at(NULL, page_of(a, 3)));
    is_text(fixture_page_read.next, "{\"offset\":1}"); // a server that caps limit
    ok(page_at("{\"offset\":2}", page_of(a, 3)));
    is_text(fixture_page_read.next, "");
    ok(page_at("{\"offset\":2}", page_of("", 3)));
    is_text(fixture_page_read.next, "");
    // The wall: from there on behind the last id.
    ok(page_at("{\"offset\":9899}", page_of(a, 12000)));
    is_text(fixture_page_read.next, "{\"offset\":9900}");
    ok(page_at("{\"offset\":9900}", page_of(a, 12000)));
    is_text(fixture_page_read.next, "{\"offset\":9901,\"scroll\":\"aaaa-0001\"}");
    is_int(fixture_page_read.announced, 12000);
    ok(page_at("{\"offset\":9901,\"scroll\":\"aaaa-0000\"}", page_of(a, 99)));
    is_text(fixture_page_read.next, "{\"offset\":9902,\"scroll\":\"aaaa-0001\"}");
    is_int(fixture_page_read.announced, -1);
    ok(page_at("{\"offset\":9902,\"scroll\":\"aaaa-0001\"}", page_of(a, 99))); // it does not scroll
    is_text(fixture_page_read.next, "");
    ok(page_at("{\"offset\":9902,\"scroll\":\"aaaa-0001\"}", page_of("", 99)));
    is_text(fixture_page_read.next, "");
    ok(!page_at("{\"offset\":9990}",
                page_of("{\"resource\":{\"id\":\"../x\",\"name\":\"N\"}}", 12000)));
    is_int(fixture_error.code, ERR_PARSE);
    is_text(fixture_driver->behind(&fixture_source, STR_NONE, &arena), "{\"offset\":100}");
    is_text(fixture_driver->behind(&fixture_source, STR("{\"offset\":9900}"), &arena), "");
    is_text(fixture_driver->behind(&fixture_source, STR("{\"scroll\":\"a\"}"), &arena), "");
}

static void faults(void)
{
    ok(!fixture_page("{\"error\":\"Domain not found: x\"}"));
    is_str(fixture_error.what, "the discovery API answers: Domain not found: x");
    ok(!fixture_read(NULL, 404, "u", STR("{\"message\":\"Not here\\u0007\"}")));
    is_str(fixture_error.what, "the discovery API answers 404: Not here");
    is_int(fixture_error.http_status, 404);
    ok(!fixture_page("<html></html>"));
    is_int(fixture_error.code, ERR_PARSE);
    ok(!fixture_page("{\"results\":[{}"));
}

int main(void)
{
    fixture_begin("socrata", "https://data.x.example", &options);
    ok(fields_load("socrata"));
    addresses();
    a_dataset();
    kinds();
    odd_results();
    paging();
    faults();
    return fixture_end();
}
