// harvester/drivers/datajson: documents read part by part, identifiers that come twice, pages; and what becomes of odd values.
#include "harvester/drivers/datajson/datajson.h"

#include "tests/unit/commons_fixture.h"

static struct datajson_options options;

// All items of a document, over as many parts as it takes.
static struct driver_item items[2000];
static size_t item_count, part_count;
static struct str next_cursor;
static struct err error;

static bool read_document(const char *cursor, const char *url, struct str text)
{
    int fd = fixture_document(text);
    struct driver_document document = {.fd = fd, .url = str_of(url), .folder = "/tmp"};
    bool last = false, good = true;
    item_count = part_count = 0;
    error = (struct err){0};
    next_cursor = STR_NONE;
    void *reader = fixture_driver->open(&fixture_source, str_of(cursor), &document, &error);
    if (!reader) {
        close(fd);
        return false;
    }
    while (good && !last) {
        struct driver_page page;
        good = fixture_driver->next(reader, &arena, &page, &last, &error);
        if (!good)
            break;
        part_count++;
        if (page.kind != KIND_COUNT || page.announced != -1)
            good = false;
        for (size_t i = 0; i < page.item_count && item_count < 2000; i++)
            items[item_count++] = page.items[i];
        next_cursor = page.next;
    }
    fixture_driver->close(reader);
    close(fd);
    return good;
}

static bool read_text(const char *json)
{
    return read_document(NULL, "http://cat.example/data.json", str_of(json));
}

// The record of one dataset, as public JSON.
static json_t *dataset(const char *json)
{
    read_text(arena_printf(&arena, "{\"dataset\":[%s]}", json).p);
    return item_count == 1 ? fixture_json(&items[0]) : json_object();
}

// What one field of a dataset decides: `more` is put beside identifier and title.
static const char *field(const char *more, const char *path)
{
    json_t *r = dataset(
        arena_printf(&arena, "{\"identifier\":\"a\",\"title\":\"A\"%s%s}", *more ? "," : "", more)
            .p);
    const char *text = fixture_at(r, path);
    json_decref(r);
    return text;
}

static const char *whole =
    "{\"@type\":\"dcat:Dataset\",\"identifier\":\"DOL-1\",\"title\":\"Wages\",\"description\":"
    "\"<p>Hourly &amp; yearly</p>\",\"keyword\":[\"wages\",\"labor\"],\"modified\":\"2024-05-01\","
    "\"issued\":\"2020-01-02\",\"publisher\":{\"@type\":\"org:Organization\",\"name\":\"Office of "
    "Policy\",\"subOrganizationOf\":{\"name\":\"Bureau\",\"subOrganizationOf\":{\"name\":"
    "\"Department of Labor\",\"subOrganizationOf\":{\"name\":\"U.S. Government\"}}}},"
    "\"contactPoint\":{\"@type\":\"vcard:Contact\",\"fn\":\"Jeanne Martin\",\"hasEmail\":\"mailto:"
    "opendata@dol.example\"},\"accessLevel\":\"restricted public\",\"rights\":\"true\",\"license\":"
    "\"https://creativecommons.org/publicdomain/zero/1.0/\",\"spatial\":\"-80,40,-79,41\","
    "\"temporal\":\"2010/2015\",\"accrualPeriodicity\":\"R/P1Y\",\"language\":[\"en-US\"],"
    "\"bureauCode\":[\"012:00\"],\"programCode\":[\"012:001\"],\"dataQuality\":true,"
    "\"describedBy\":"
    "\"https://dol.example/dict.pdf\",\"describedByType\":\"application/"
    "pdf\",\"isPartOf\":\"DOL-0\","
    "\"landingPage\":\"https://dol.example/wages\",\"theme\":[\"work\"],\"conformsTo\":"
    "\"https://schema.example/wages\",\"primaryITInvestmentUII\":\"015\",\"systemOfRecords\":"
    "\"none\",\"references\":[\"https://dol.example/paper\"],\"distribution\":[{\"@type\":"
    "\"dcat:Distribution\",\"title\":\"All\",\"downloadURL\":\"https://dol.example/a.csv\","
    "\"mediaType\":\"text/csv\",\"format\":\"CSV\",\"description\":\"d\",\"byteSize\":\"1024\"},"
    "{\"accessURL\":\"https://dol.example/api\",\"format\":\"API\",\"description\":\"The API\"},"
    "null,\"https://dol.example/b.json\"]}";

static void a_dataset(void)
{
    json_t *r = dataset(whole);
    is_str(fixture_at(r, "id"), "cat:DOL-1");
    is_str(fixture_at(r, "kind"), "dataset");
    is_str(fixture_at(r, "title"), "Wages");
    is_str(fixture_at(r, "description"), "Hourly & yearly");
    is_str(fixture_at(r, "keywords"), "[\"wages\",\"labor\"]");
    is_str(fixture_at(r, "themes"), "[\"work\"]");
    is_str(fixture_at(r, "publisher.name"), "Office of Policy, Department of Labor");
    is_str(fixture_at(r, "contact_role"), "opendata@dol.example");
    is_str(fixture_at(r, "access"), "restricted");
    is_str(fixture_at(r, "license.id"), "CC0-1.0");
    is_str(fixture_at(r, "spatial.bbox"), "[-80,40,-79,41]");
    is_str(fixture_at(r, "temporal.start"), "2010");
    is_str(fixture_at(r, "temporal.end"), "2015");
    is_str(fixture_at(r, "frequency"), "ANNUAL");
    is_str(fixture_at(r, "issued"), "2020-01-02");
    is_str(fixture_at(r, "modified"), "2024-05-01");
    is_str(fixture_at(r, "landing_page"), "https://dol.example/wages");
    is_str(fixture_at(r, "documentation_url"), "https://dol.example/dict.pdf");
    is_str(fixture_at(r, "conforms_to"), "[\"https://schema.example/wages\"]");
    is_str(fixture_at(r, "quality.criteria.data_quality"), "true");
    is_str(fixture_at(r, "distributions.0.title"), "All");
    is_str(fixture_at(r, "distributions.0.url"), "https://dol.example/a.csv");
    is_str(fixture_at(r, "distributions.0.format"), "csv");
    is_str(fixture_at(r, "distributions.0.byte_size"), "1024");
    is_str(fixture_at(r, "distributions.1.title"), "The API");
    is_str(fixture_at(r, "distributions.1.type"), "api");
    is_str(fixture_at(r, "distributions.2.url"), "https://dol.example/b.json");
    is_str(fixture_at(r, "distributions.3"), "");
    is_str(fixture_at(r, "provenance.origin_id"), "null"); // DOL-1 names nothing elsewhere
    char *text = json_dumps(r, 0);
    is_int(str_find(str_of(text), STR("Martin")), -1); // a person
    free(text);
    json_decref(r);
    ok(!items[0].record->modified_trusted);
    is_text(items[0].record->language, "en");
    is_int(fields_unknown(arena_printf(&arena, "{\"dataset\":[%s]}", whole)), 0);
}

static struct str body_of(const char *json)
{
    struct buf b = {0};
    read_text(arena_printf(&arena, "{\"dataset\":[%s]}", json).p);
    if (item_count == 1 && items[0].record)
        record_write_body(&b, items[0].record);
    struct str body = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return body;
}

// What moves from day to day on real servers does not change the record.
static void churn(void)
{
    struct str one =
        body_of("{\"identifier\":\"a\",\"title\":\"A\",\"keyword\":[\"x\",\"y\",\"z\"],"
                "\"modified\":\"2024-01-01\"}");
    struct str two = body_of("{\"modified\":\"2024-01-02T03:04:05Z\",\"title\":\"A\",\"keyword\":"
                             "[\"z\",\"x\",\"y\"],\"identifier\":\"a\"}");
    ok(one.n > 10 && str_eq(one, two));
    ok(!str_eq(one, body_of("{\"identifier\":\"a\",\"title\":\"B\",\"keyword\":[\"x\",\"y\",\"z\"]"
                            "}")));
    // More keywords than are kept: the same ones are, in whatever order they come.
    struct buf up = {0}, down = {0};
    for (int i = 0; i < 150; i++) {
        buf_addf(&up, "%s\"k%03d\"", i ? "," : "", i);
        buf_addf(&down, "%s\"k%03d\"", i ? "," : "", 149 - i);
    }
    const char *with = "{\"identifier\":\"a\",\"title\":\"A\",\"keyword\":[%.*s]}";
    one = body_of(arena_printf(&arena, with, STR_ARG(buf_str(&up))).p);
    two = body_of(arena_printf(&arena, with, STR_ARG(buf_str(&down))).p);
    ok(str_find(one, STR("k000")) > 0 && str_eq(one, two));
    buf_free(&up);
    buf_free(&down);
}

static void identifiers(void)
{
    static const struct {
        const char *json, *id;
    } cases[] = {
        {"{\"title\":\"A\",\"identifier\":\"  a b \"}", "cat:a b"},
        {"{\"title\":\"A\",\"identifier\":42}", "cat:42"},
        {"{\"title\":\"A\",\"identifier\":{\"@id\":\"https://e.gov/1\",\"notation\":\"n\"}}",
         "cat:https://e.gov/1"},
        {"{\"title\":\"A\",\"identifier\":{\"@id\":\"_:b0\",\"notation\":\"N-1\"}}", "cat:N-1"},
        {"{\"title\":\"A\",\"identifier\":[\"x\",\"y\"]}", "cat:x"},
        {"{\"title\":\"A\",\"@id\":\"https://e.gov/2\"}", "cat:https://e.gov/2"},
        {"{\"title\":\"A\",\"identifier\":\"\",\"landingPage\":\"https://e.gov/3\"}",
         "cat:https://e.gov/3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *r = dataset(cases[i].json);
        is_str(fixture_at(r, "id"), cases[i].id);
        json_decref(r);
    }
    static const char *const nameless[] = {
        "{\"title\":\"No id\"}",
        "{\"title\":\"No id\",\"identifier\":{\"@type\":\"Identifier\"}}",
        "{\"title\":\"No id\",\"identifier\":null,\"@id\":\"_:b1\"}",
    };
    for (size_t i = 0; i < 3; i++) {
        read_text(arena_printf(&arena, "{\"dataset\":[%s]}", nameless[i]).p);
        is_int(item_count, 1);
        ok(!items[0].record);
        is_int(items[0].error.code, ERR_RECORD);
        is_str(items[0].error.what,
               "the dataset \"No id\" has no identifier, nor a page to know it by");
    }
    is_str(field("\"identifier\":\"https://e.gov/9\"", "provenance.origin_id"), "https://e.gov/9");
    is_str(field("\"identifier\":\"10.5072/abc\"", "provenance.origin_id"), "10.5072/abc");
    is_str(field("\"identifier\":\"10.5\"", "provenance.origin_id"), "null");
    is_str(field("\"identifier\":\"6f1d2c3b-0000-4000-8000-00000000000a\"", "provenance.origin_id"),
           "6f1d2c3b-0000-4000-8000-00000000000a");
    is_str(field("\"identifier\":\"https://e.gov/9\"", "landing_page"), "https://e.gov/9");
}

static void odd_items(void)
{
    ok(read_text(
        "{\"dataset\":[null,\"text\",7,[],{\"identifier\":\"a\",\"title\":\"A\"},"
        "{\"identifier\":\"b\"},{\"identifier\":\"c\",\"title\":NaN},{\"identifier\":\"d\","
        "\"title\":\"two\nlines\"},{\"identifier\":\"e\",\"title\":707},"
        "{\"identifier\":\"f\",\"title\":true},{\"identifier\":\"g\",\"title\":300.21}]}"));
    is_int(item_count, 10); // null is nothing
    is_str(items[0].error.what, "it is not an object");
    is_str(items[1].error.what, "it is not an object");
    is_str(items[2].error.what, "it is not an object");
    ok(items[3].record != NULL);
    is_text(items[4].id, "cat:b");
    is_str(items[4].error.what, "it has no title");
    is_text(items[5].id, "cat:c");
    is_int(items[5].error.code, ERR_PARSE);
    ok(items[6].record && str_eq(items[6].record->title, STR("two lines")));
    ok(items[7].record && str_eq(items[7].record->title, STR("707")));
    is_str(items[8].error.what, "it has no title");
    ok(items[9].record && str_eq(items[9].record->title, STR("300.21")));
}

static void values(void)
{
    is_str(field("\"title\":[{\"@value\":\"Eau\",\"@language\":\"fr\"}]", "title"), "Eau");
    is_str(field("\"title\":[{\"@language\":\"en\",\"@value\":\"Water\"},{\"@language\":\"fr\","
                 "\"@value\":\"Eau\"}]",
                 "title"),
           "Eau");
    is_str(field("\"titleMap\":{\"es\":\"Agua\",\"fr\":\"Eau\"}", "title"), "Eau");
    is_text(items[0].record->language, "fr");
    is_str(field("\"titleMap\":{\"es\":\"Agua\"}", "title"), "A");
    is_str(field("\"keyword\":\"water, air; soil\"", "keywords"), "[\"water\",\"air\",\"soil\"]");
    is_str(field("\"keyword\":[\"b\",null,\"a\",\"b\",7,{\"prefLabel\":\"c\"}]", "keywords"),
           "[\"b\",\"a\",\"c\"]");
    is_str(field("\"theme\":[{\"prefLabel\":\"Climate\",\"notation\":[\"C\"]}]", "themes"),
           "[\"Climate\"]");
    is_str(field("\"publisher\":\"Old Agency\"", "publisher.name"), "Old Agency");
    is_str(field("\"publisher\":\"Old Agency\"", "publisher.id"), "cat:organization.Old Agency");
    is_str(field("\"publisher\":{\"name\":\"X\",\"subOrganizationOf\":{\"name\":\"X\"}}",
                 "publisher.name"),
           "X");
    is_str(field("\"publisher\":{\"name\":\"X\",\"altLabel\":\"XX\",\"subOrganizationOf\":"
                 "[{\"name\":\"Parent\"}]}",
                 "publisher.name"),
           "X, Parent");
    is_str(field("\"publisher\":{\"name\":\"X\",\"altLabel\":\"XX\"}", "publisher.acronym"), "XX");
    is_str(field("\"contactPoint\":{\"hasEmail\":\"mailto:jeanne.martin@e.gov\"}", "contact_role"),
           "null");
    is_str(field("\"contactPoint\":[{\"hasEmail\":\"x\"},{\"hasEmail\":\"data@e.gov\"}]",
                 "contact_role"),
           "data@e.gov");
    is_str(field("\"mbox\":\"opendata@e.gov\"", "contact_role"), "opendata@e.gov");
    is_str(field("\"accessLevel\":\"public\"", "access"), "open");
    is_str(field("\"accessLevel\":\"non-public\"", "access"), "restricted");
    is_str(field("\"license\":\"https://project-open-data.cio.gov/unknown-license/\"",
                 "license.label"),
           "null");
    is_str(field("\"license\":\"<p align='center'>Free to use</p>\"", "license.label"),
           "Free to use");
    is_str(field("\"license\":\"Sous licence Etalab, voir l'aide\"", "license.id"), "etalab-2.0");
    // A page of ArcGIS Hub that would tell it is none.
    is_str(field("\"license\":\"http://e.gov/datasets/12ab_3/license.json\"", "license.label"),
           "null");
    is_str(field("\"license\":\"https://hub.arcgis.com/api/v2/datasets/12ab/license\"",
                 "license.label"),
           "null");
    is_str(field("\"license\":\"https://e.gov/license\"", "license.label"),
           "https://e.gov/license");
    is_str(
        field("\"distribution\":[{\"license\":\"https://creativecommons.org/licenses/by/4.0/\"}]",
              "license.id"),
        "CC-BY-4.0");
    is_str(field("\"rights\":\"See the manual\"", "license.label"), "null");
    is_str(field("\"rights\":[\"https://creativecommons.org/licenses/by/4.0/\"]", "license.id"),
           "CC-BY-4.0");
    is_str(field("\"modified\":\"R/P1D\"", "frequency"), "DAILY");
    is_str(field("\"modified\":\"R/P1D\",\"accrualPeriodicity\":\"R/P1Y\"", "frequency"), "ANNUAL");
    is_str(field("\"language\":[\"us-EN\"]", "title"), "A");
    is_text(items[0].record->language, "en");
    is_str(field("\"dataQuality\":\"maybe\"", "quality.criteria"), "{}");
    is_str(field("\"landingPage\":{\"@type\":\"Document\",\"accessURL\":\"https://e.gov/p\"}",
                 "landing_page"),
           "https://e.gov/p");
    is_str(field("\"describedBy\":{\"downloadURL\":\"https://e.gov/d.pdf\"}", "documentation_url"),
           "https://e.gov/d.pdf");
    is_str(field("\"distribution\":{\"downloadURL\":\"https://e.gov/a.csv\"}",
                 "distributions.0.format"),
           "csv");
    is_str(field("\"distribution\":[{\"downloadURL\":\"ftp or so\",\"accessURL\":"
                 "\"https://e.gov/x\"}]",
                 "distributions.0.url"),
           "https://e.gov/x");
    is_str(
        field("\"distribution\":[{\"checksum\":{\"algorithm\":"
              "\"http://spdx.org/rdf/terms#checksumAlgorithm_sha1\",\"checksumValue\":\"ABC\"}}]",
              "distributions.0.checksum"),
        "sha1:abc");
    is_str(field("\"accessURL\":\"https://e.gov/old.csv\",\"format\":\"csv\",\"webService\":"
                 "\"https://e.gov/api\"",
                 "distributions.1.type"),
           "api");
    is_str(field("\"temporal\":[{\"startDate\":\"2020\",\"endDate\":\"2021\"}]", "temporal.end"),
           "2021");
    is_str(field("\"spatial\":\"State and County\"", "spatial.labels"), "[\"State and County\"]");
}

static const char *two(const char *first, const char *second)
{
    read_text(arena_printf(&arena, "{\"dataset\":[%s,%s]}", first, second).p);
    return item_count == 2 ? items[1].error.what : "not two items";
}

static void twice(void)
{
    const char *a = "{\"identifier\":\"a\",\"title\":\"A\",\"keyword\":[\"x\",\"y\"]}";
    // The same once more: silent.
    is_str(two(a, a), "");
    ok(items[0].record && items[1].skipped && !items[1].record);
    is_str(two(a, "{\"title\":\"A\",\"keyword\":[\"y\",\"x\"],\"modified\":\"2024-01-01\","
                  "\"identifier\":\"a\"}"),
           "");
    ok(items[1].skipped);
    // Another one: an error that names both, and the first stays.
    is_str(two(a, "{\"identifier\":\"a\",\"title\":\"B\"}"),
           "the identifier \"a\" is told twice: \"A\" has it, \"B\" is left out");
    ok(items[0].record && !items[1].skipped && !items[1].record);
    is_text(items[1].id, "");
    is_int(items[1].error.code, ERR_RECORD);
    // However many stand between them.
    enum { MANY = 700 };
    struct buf b = {0};
    buf_addz(&b, "{\"dataset\":[");
    for (int i = 0; i < MANY; i++)
        buf_addf(&b, "{\"identifier\":\"%d\",\"title\":\"A\"},", i);
    buf_addz(&b, "{\"identifier\":\"0\",\"title\":\"B\"}]}");
    ok(read_document(NULL, "http://cat.example/data.json", buf_str(&b)));
    buf_free(&b);
    is_int(item_count, MANY + 1);
    is_str(items[MANY].error.what,
           "the identifier \"0\" is told twice: \"A\" has it, \"B\" is left out");
    // A service may have the identifier of a dataset.
    fixture_source.kinds[1] = KIND_DATASERVICE;
    fixture_source.kind_count = 2;
    ok(read_text("{\"dataset\":[{\"identifier\":\"a\",\"title\":\"A\"}],\"service\":"
                 "[{\"identifier\":\"a\",\"title\":\"S\"}]}"));
    is_int(item_count, 2);
    is_text(items[1].id, "cat:dataservice.a");
    ok(items[1].record != NULL);
}

static const char *three =
    "{\"@type\":\"Catalog\",\"conformsTo\":{\"@type\":\"Standard\",\"title\":\"DCAT-US 3.0\"},"
    "\"service\":[{\"@type\":\"DataService\",\"identifier\":\"s\",\"title\":\"S\",\"endpointURL\":"
    "[\"https://api.e.gov/v1\"],\"endpointDescription\":[\"https://api.e.gov/openapi.json\"],"
    "\"servesDataset\":[{\"identifier\":\"d1\",\"title\":\"Other words\",\"description\":\"x\"},"
    "{\"identifier\":\"d2\",\"title\":\"Served\",\"description\":\"x\"},{\"@id\":\"https://e.gov/"
    "only-named\",\"title\":\"Only named\"}]}],"
    "\"datasetSeries\":[{\"@id\":\"https://e.gov/series\",\"title\":\"Series\",\"description\":"
    "\"of two\",\"seriesMember\":[{\"identifier\":\"d1\",\"title\":\"D1\",\"description\":\"x\"},"
    "{\"identifier\":\"d3\",\"title\":\"D3\",\"description\":\"x\"}],\"first\":{\"identifier\":"
    "\"d3\",\"title\":\"D3\",\"description\":\"x\"}}],"
    "\"record\":[{\"@id\":\"r\",\"title\":\"No dataset\",\"primaryTopic\":\"d1\"}],"
    "\"catalog\":[{\"title\":\"Inner\",\"dataset\":[{\"identifier\":\"d4\",\"title\":\"D4\"}],"
    "\"catalog\":[{\"dataset\":{\"identifier\":\"d5\",\"title\":\"D5\"}}]}],"
    "\"dataset\":[{\"identifier\":\"d1\",\"title\":\"D1\",\"description\":\"as listed\"}]}";

static void version_three(void)
{
    static const char *const ids[] = {"cat:dataservice.s",
                                      "cat:https://e.gov/series",
                                      "cat:d4",
                                      "cat:d5",
                                      "cat:d1",
                                      "cat:d2",
                                      "cat:d3"};
    ok(read_text(three));
    is_int(item_count, 7);
    for (size_t i = 0; i < 7 && i < item_count; i++)
        is_text(items[i].id, ids[i]);
    json_t *service = fixture_json(&items[0]), *listed = fixture_json(&items[4]);
    is_str(fixture_at(service, "kind"), "dataservice");
    is_str(fixture_at(service, "endpoint_url"), "https://api.e.gov/v1");
    is_str(fixture_at(service, "endpoint_description"), "https://api.e.gov/openapi.json");
    is_str(fixture_at(service, "relations.serves_dataset"),
           "[\"cat:d1\",\"cat:d2\",\"cat:https://e.gov/only-named\"]");
    is_str(fixture_at(listed, "description"), "as listed");
    json_decref(service);
    json_decref(listed);
    is_int(fields_unknown(str_of(three)), 0);
    fixture_source.kind_count = 1; // datasets only
    ok(read_text(three));
    is_int(item_count, 6);
    is_text(items[0].id, "cat:https://e.gov/series");
    // Two that differ within catalogues: the first is found again.
    ok(read_text(
        "{\"catalog\":[{\"dataset\":[{\"identifier\":\"x\",\"title\":\"X\"},{\"identifier\":"
        "\"a\",\"title\":\"A\"}]},{\"dataset\":[{\"identifier\":\"a\",\"title\":\"B\"}]}]}"));
    is_int(item_count, 3);
    is_str(items[2].error.what,
           "the identifier \"a\" is told twice: \"A\" has it, \"B\" is left out");
}

static void documents(void)
{
    ok(read_text("[{\"identifier\":\"a\",\"title\":\"A\"}]")); // of 1.0: a bare array
    is_int(item_count, 1);
    ok(read_text("\xEF\xBB\xBF {\"dataset\" :\n[ {\"identifier\":\"a\",\"title\":\"A\"} ]\n}\n"));
    is_int(item_count, 1);
    ok(read_text("{\"dataset\":{\"identifier\":\"a\",\"title\":\"A\"}}"));
    is_int(item_count, 1);
    ok(read_text(
        "{\"conformsTo\":\"https://project-open-data.cio.gov/v1.1/schema\",\"dataset\":[]}"));
    is_int(item_count, 0);
    ok(!read_text("{\"error\":\"maintenance\"}"));
    is_int(error.code, ERR_PARSE);
    is_str(error.what, "the document lists no dataset: it has no \"dataset\" that is a list");
    ok(!read_text("<html>Maintenance</html>"));
    is_int(error.code, ERR_PARSE);
    ok(strstr(error.what, "begins with \"<html>Maintenance") != NULL);
    ok(!read_text(""));
    ok(!read_document(NULL, "http://cat.example/", STR("\xFF\xFE{\0\"\0d\0")));
    ok(strstr(error.what, "UTF-16") != NULL);
    ok(!read_document("not a cursor", "http://cat.example/", STR("[]")));

    // Cut short: what came is given, then the error.
    ok(!read_text(
        "{\"dataset\":[{\"identifier\":\"a\",\"title\":\"A\"},{\"identifier\":\"b\",\"ti"));
    is_int(item_count, 1);
    is_int(error.code, ERR_PARSE);
    ok(strstr(error.what, "cut short") != NULL);
}

static struct str many(size_t n, size_t from)
{
    struct buf b = {0};
    buf_addz(&b, "[");
    for (size_t i = 0; i < n; i++)
        buf_addf(&b, "%s{\"identifier\":\"i%zu\",\"title\":\"T\"}", i ? "," : "", from + i);
    buf_addz(&b, "]");
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static void parts(void)
{
    ok(read_document(NULL, "http://cat.example/", many(450, 0)));
    is_int(item_count, 450);
    is_int(part_count, 3);
    is_text(items[449].id, "cat:i449");
    is_text(next_cursor, "");
}

static void pages(void)
{
    struct driver_request request;
    struct err e;
    ok(fixture_driver->request(&fixture_source, STR_NONE, &arena, &request, &e));
    is_text(request.url, "http://cat.example/data.json");

    ok(read_document(NULL, "http://cat.example/", many(99, 0)));
    is_text(next_cursor, ""); // no page has 99
    ok(read_document(NULL, "file:///tmp/x.json", many(100, 0)));
    is_text(next_cursor, ""); // a file has no pages
    ok(read_document(NULL, "http://cat.example/", many(100, 0)));
    const char *second = arena_z(&arena, next_cursor);
    ok(next_cursor.n > 0);
    ok(fixture_driver->request(&fixture_source, next_cursor, &arena, &request, &e));
    is_text(request.url, "http://cat.example/data.json?page=2");
    // A server that does not know of pages.
    ok(read_document(second, "http://cat.example/", many(100, 0)));
    is_int(item_count, 0);
    is_text(next_cursor, "");
    // One that does: until a page has fewer.
    ok(read_document(second, "http://cat.example/", many(100, 100)));
    is_int(item_count, 100);
    const char *third = arena_z(&arena, next_cursor);
    ok(fixture_driver->request(&fixture_source, next_cursor, &arena, &request, &e));
    is_text(request.url, "http://cat.example/data.json?page=3");
    ok(read_document(third, "http://cat.example/", many(5, 200)));
    is_int(item_count, 5);
    is_text(next_cursor, "");
    ok(read_document(third, "http://cat.example/", STR("[]"))); // past the end
    is_int(item_count, 0);
    is_text(next_cursor, "");

    options.pages = DATAJSON_PAGES_NEVER;
    ok(read_document(NULL, "http://cat.example/", many(100, 0)));
    is_text(next_cursor, "");
    options.pages = DATAJSON_PAGES_ALWAYS;
    ok(read_document(NULL, "http://cat.example/", many(3, 0)));
    ok(next_cursor.n > 0);
    options.pages = DATAJSON_PAGES_AUTO;
}

int main(void)
{
    fixture_begin("datajson", "http://cat.example/data.json", &options);
    ok(fields_load("datajson"));
    a_dataset();
    churn();
    identifiers();
    odd_items();
    values();
    twice();
    version_three();
    documents();
    parts();
    pages();
    return fixture_end();
}
