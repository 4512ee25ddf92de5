// harvester/drivers/ods: the walk through lists and the export, what is none, and what becomes of datasets.
#include "tests/unit/udata_fixture.h"

#include "harvester/drivers/ods/ods.h"
#include "harvester/shape.h"

#include <unistd.h>

static struct ods_options options = {ODS_2_1};
static struct config_source config = {.name = STR("cat"),
                                      .type = STR("ods"),
                                      .url = STR("https://data.exemple.fr/"),
                                      .page_size = 1000,
                                      .driver_options = &options};
static struct driver_source source = {.config = &config,
                                      .kinds = {KIND_DATASET},
                                      .kind_count = 1,
                                      .main_kind = KIND_DATASET,
                                      .now = 1795132800};
static const struct driver *ods;
static struct err e;

static struct str url_of(const char *cursor)
{
    struct driver_request r = {0};
    e = (struct err){0};
    return ods->request(&source, str_of(cursor), &arena, &r, &e) ? r.url : STR("refused");
}

// ---- Documents -------------------------------------------------------------------------------------------

static struct driver_page pages[5]; // the parts of the last document
static size_t part_count;

// Reads a document to its end; false where its reader says that it cannot be.
static bool read_document(const char *cursor, struct str body, const char *url)
{
    FILE *f = tmpfile();
    bool last = false, good = f && fwrite(body.p, 1, body.n, f) == body.n && fflush(f) == 0;
    struct driver_document document = {.fd = fileno(f), .url = str_of(url)};
    lseek(document.fd, 0, SEEK_SET);
    e = (struct err){0};
    part_count = 0;
    void *reader = ods->open(&source, str_of(cursor), &document, &e);
    while (good && reader && !last && part_count < 5)
        good = ods->next(reader, &arena, &pages[part_count++], &last, &e);
    if (reader)
        ods->close(reader);
    fclose(f);
    return good && last;
}

static bool read_text(const char *cursor, const char *body)
{
    return read_document(cursor, str_of(body), "https://data.exemple.fr/x");
}

static const struct driver_page *end(void)
{
    return &pages[part_count - 1];
}

static struct str listed(int first, int n, int total, const char *before, const char *behind)
{
    struct buf b = {0};
    buf_addz(&b, before);
    if (total >= 0)
        buf_addf(&b, "\"total_count\":%d,\"results\":", total);
    buf_addz(&b, "[");
    for (int i = 0; i < n; i++)
        buf_addf(&b, "%s{\"dataset_id\":\"jeu-%d\",\"dataset_uid\":\"da_%d\"}", i ? "," : "",
                 first + i, first + i);
    buf_addf(&b, "]%s", behind);
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static struct str list(int first, int n, int total)
{
    return listed(first, n, total, "{", "}");
}

static bool read_list(const char *cursor, int first, int n, int total)
{
    return read_document(cursor, list(first, n, total), "https://data.exemple.fr/x");
}

static void requests(void)
{
    const char *asks = "&order_by=dataset_id&lang=fr&include_app_metas=true";
    is_text(url_of(""), arena_printf(&arena,
                                     "https://data.exemple.fr/api/explore/v2.1/catalog/"
                                     "datasets?offset=0&limit=100%s",
                                     asks)
                            .p);
    config.page_size = 20;
    config.url = STR("https://data.exemple.fr/api/explore/v2.1/catalog/datasets");
    is_text(url_of("{\"start\":40,\"total\":90}"),
            arena_printf(&arena,
                         "https://data.exemple.fr/api/explore/v2.1/catalog/"
                         "datasets?offset=40&limit=20%s",
                         asks)
                .p);
    config.page_size = 1000;
    config.url = STR("https://data.exemple.fr/");
    is_text(url_of("{\"whole\":true,\"total\":12000}"),
            "https://data.exemple.fr/api/explore/v2.1/catalog/exports/"
            "json?lang=fr&include_app_metas=true");
    options.api = ODS_2_0;
    ok(str_find(url_of(""), STR("/api/explore/v2.0/catalog/datasets?offset=0&limit=100")) > 0);
    options.api = ODS_1_0;
    is_text(url_of("{\"start\":10}"), "https://data.exemple.fr/api/datasets/1.0/search/"
                                      "?start=10&rows=100&sort=datasetid&interopmetas=true");
    options.api = ODS_2_1;
    is_text(url_of("page 2"), "refused");
    is_int(e.code, ERR_PARSE);
    ok(!read_text("page 2", "[]"));
    is_int(e.code, ERR_PARSE);
}

static void sweep(void)
{
    ok(read_list("", 0, 2, 3));
    is_int(part_count, 1);
    is_int(end()->kind, KIND_DATASET);
    is_int(end()->announced, 3);
    is_int(end()->item_count, 2);
    is_text(end()->items[1].id, "cat:da_1");
    is_text(end()->next, "{\"start\":2,\"total\":3,\"step\":2}");
    ok(read_list("{\"start\":2,\"total\":3,\"step\":2}", 2, 1, 3));
    is_text(end()->next, "");
    ok(read_list("", 0, 0, 0));
    is_int(end()->announced, 0);
    is_text(end()->next, "");
    ok(read_list("{\"start\":20,\"total\":30}", 0, 0, 30)); // it says more, and shows none
    is_text(end()->next, "");
    ok(read_list("{\"start\":20,\"total\":30,\"step\":10}", 21, 5, 28)); // two are gone
    is_text(end()->next, "{\"start\":18,\"total\":28,\"step\":5,\"again\":true}");
    ok(read_list("{\"start\":18,\"total\":28,\"again\":true}", 18, 5, 27));
    is_text(end()->next, "{\"start\":23,\"total\":28,\"step\":5}");
    ok(read_list("{\"start\":2,\"total\":30}", 2, 5, 7)); // over the whole
    is_text(end()->next, "{\"start\":0,\"total\":7,\"step\":5,\"again\":true}");
    // The count behind the list.
    ok(read_document("", listed(0, 2, -1, "{\"results\":", ",\"total_count\":9}"),
                     "https://data.exemple.fr/x"));
    is_int(end()->announced, 9);
    is_text(end()->next, "{\"start\":2,\"total\":9,\"step\":2}");
}

// Over 10 000, the export tells everything at once, part by part.
static void wall(void)
{
    ok(read_list("", 0, 100, 10000));
    is_text(end()->next, "{\"start\":100,\"total\":10000,\"step\":100}");
    ok(read_list("", 0, 100, 10001));
    is_int(end()->item_count, 0); // they come with the export
    is_int(end()->announced, -1);
    is_text(end()->next, "{\"start\":0,\"total\":10001,\"step\":0,\"whole\":true}");
    const char *whole = "{\"start\":0,\"total\":401,\"step\":0,\"whole\":true}";
    ok(read_document(whole, listed(0, 401, -1, "", ""), "https://data.exemple.fr/x"));
    is_int(part_count, 3);
    is_int(pages[0].item_count, 200);
    is_int(pages[0].announced, 401);
    is_int(pages[2].item_count, 1);
    is_text(pages[2].items[0].id, "cat:da_400");
    is_text(pages[2].next, "");
    // One that breaks off: what came before stays.
    ok(!read_text(whole, "[{\"dataset_uid\":\"da_1\"},{\"dataset_uid\":"));
    is_int(e.code, ERR_PARSE);
    is_int(ods->behind(&source, str_of(whole), &arena).n, 0);
}

static void files(void)
{
    ok(read_document("", list(0, 2, 30), "file:///srv/ods.json"));
    is_int(end()->item_count, 2);
    is_text(end()->next, "");
    ok(read_document("", list(0, 2, 20000), "file:///srv/ods.json"));
    is_int(end()->item_count, 2);
    is_text(end()->next, "");
    ok(read_document("", listed(0, 2, -1, "", ""), "file:///srv/ods.json"));
    is_int(end()->item_count, 2);
    is_text(end()->items[0].record->title, "jeu-0");
}

static void no_lists(void)
{
    ok(!read_text("", "{\"error_code\":\"ODSQLError\",\"message\":\"order_by clause: \\u0007?\"}"));
    is_int(e.code, ERR_PARSE);
    ok(strstr(e.what, "what came is no list of datasets: ") != NULL);
    ok(strstr(e.what, "order_by clause") != NULL);
    ok(e.hint[0] != '\0');
    ok(!read_text("", "<!doctype html><html></html>"));
    is_int(e.code, ERR_PARSE);
    ok(!read_text("", ""));
    is_int(e.code, ERR_PARSE);
    ok(!read_text("", "{\"total_count\":3,\"results\":[{\"dataset_id\":\"a"));
    is_int(e.code, ERR_PARSE);
    ok(!read_text("", "{\"links\":1}"));
    is_text(str_of(e.what), "what came is no list of datasets");
}

static void broken_items(void)
{
    ok(read_text("", "{\"total_count\":5,\"results\":[{\"dataset_uid\":\"da_1\",\"metas\":nul},7,"
                     "{\"metas\":{}},{\"dataset_id\":\"b\"},{\"dataset_uid\":\"da_3\",\"metas\":"
                     "{\"default\":{\"title\":\"C\"}}}]}"));
    is_int(end()->item_count, 5);
    is_text(end()->items[0].id, "cat:da_1");
    is_int(end()->items[0].error.code, ERR_PARSE);
    is_text(str_of(end()->items[1].error.what), "the item is not an object");
    is_text(str_of(end()->items[2].error.what), "the item has no id");
    is_text(end()->items[3].record->title, "b");
    is_text(end()->items[4].record->title, "C");
    // API 2.0 wraps them.
    ok(read_text("",
                 "{\"total_count\":2,\"links\":[{\"rel\":\"next\"}],\"datasets\":[{\"links\":[],"
                 "\"dataset\":{\"dataset_uid\":\"da_1\",\"metas\":nul}},{\"dataset\":"
                 "{\"dataset_id\":\"b\",\"dataset_uid\":\"da_2\"}}]}"));
    is_int(end()->item_count, 2);
    is_text(end()->items[0].id, "cat:da_1");
    is_text(end()->items[1].record->id, "cat:da_2");
}

static void behind(void)
{
    is_text(ods->behind(&source, STR("{\"start\":100,\"total\":900,\"step\":50}"), &arena),
            "{\"start\":150,\"total\":900,\"step\":50}");
    is_text(ods->behind(&source, STR("{\"start\":800,\"total\":900}"), &arena), "");
    is_text(ods->behind(&source, STR_NONE, &arena), "");
}

// ---- The mapping -----------------------------------------------------------------------------------------

static const struct record *map(const char *json)
{
    static struct record none;
    json_t *o = json_loads(json, 0, NULL);
    struct mapper m = {.source = &source, .arena = &arena};
    struct driver_item item;
    ok(o != NULL && ods_map(&m, o, &item));
    json_decref(o);
    return item.record ? item.record : &none;
}

static const char whole[] =
    "{\"dataset_id\":\"velos\",\"dataset_uid\":\"da_8mq2zh\",\"has_records\":true,"
    "\"data_visible\":true,\"visibility\":\"domain\",\"features\":[\"geo\",\"analyze\"],"
    "\"attachments\":[{\"id\":\"doc_pdf\",\"title\":\"Notice\",\"mimetype\":\"application/pdf\","
    "\"url\":\"odsfile://doc.pdf\"}],"
    "\"alternative_exports\":[{\"id\":\"gtfs_zip\",\"title\":\"GTFS\",\"mimetype\":\"application/"
    "zip\","
    "\"url\":\"https://x.fr/gtfs.zip\"}],"
    "\"fields\":[{\"name\":\"station\",\"label\":\"Station\",\"type\":\"text\",\"description\":"
    "null},"
    "{\"name\":\"geo\",\"type\":\"geo_point_2d\",\"description\":\"Où\"},{\"label\":\"sans nom\"}],"
    "\"metas\":{\"default\":{\"title\":\"Vélos en libre-service\","
    "\"description\":\"<p>Places &amp; <b>vélos</b></p>\",\"keyword\":[\"vélo\",\"mobilité\"],"
    "\"theme\":[\"Transports\"],\"license\":\"Licence Ouverte v2.0 (Etalab)\","
    "\"license_url\":\"https://www.etalab.gouv.fr/licence-ouverte-open-licence\","
    "\"language\":\"en\",\"metadata_languages\":[\"en\",\"fr\"],\"publisher\":\"Ville\","
    "\"modified\":\"2024-01-02T03:04:05+00:00\",\"data_processed\":\"2026-01-01T00:00:00+00:00\","
    "\"metadata_processed\":\"2026-01-01T00:00:00+00:00\",\"records_count\":12,"
    "\"references\":\"https://velos.exemple.fr\",\"territory\":[\"Rennes\"],"
    "\"geographic_reference\":[\"fr_40_53\",\"fr_60_35\",\"fr_80_35238\",\"fr_70_243500139\","
    "\"ch_40_12\",\"world_fr\"],\"update_frequency\":\"daily\","
    "\"bbox\":{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
    "[[[-1.7,48],[-1.6,48],[-1.6,48.2],[-1.7,48]]]}}},"
    "\"dcat\":{\"created\":\"2015-06-01T00:00:00+00:00\",\"issued\":\"2016-06-01T00:00:00+00:00\","
    "\"contact_name\":\"Jeanne Martin\",\"contact_email\":\"opendata@exemple.fr\","
    "\"creator\":\"Jeanne Martin\",\"granularity\":\"Commune\",\"temporal\":\"2015/2020\","
    "\"conforms_to\":\"https://schema.exemple.fr/velos\"},"
    "\"inspire\":{\"theme\":[\"Réseaux de transport\"],\"file_identifier\":\"fr-velos\"},"
    "\"explore\":{\"download_count\":345,\"reuse_count\":2,\"api_call_count\":9},"
    "\"custom\":{\"contact\":\"Jeanne Martin\"}}}";

static void the_whole(void)
{
    const struct record *r = map(whole);
    is_text(r->id, "cat:da_8mq2zh");
    is_int(r->aliases.n, 1);
    is_text(r->aliases.v[0], "cat:velos");
    is_text(r->title, "Vélos en libre-service");
    is_text(r->description, "Places & vélos");
    is_text(r->language, "fr");
    is_int(r->keywords.n, 2);
    is_text(r->keywords.v[0], "mobilité");
    is_int(r->themes.n, 2);
    is_text(r->themes.v[0], "Réseaux de transport");
    is_text(r->license.id, "etalab-2.0");
    is_int(r->access, ACCESS_OPEN);
    is_text(r->publisher.name, "Ville");
    is_text(r->publisher.id, "cat:organization.Ville");
    is_text(r->contact_role, "opendata@exemple.fr");
    is_int(r->issued.seconds, 1464739200);
    is_int(r->modified.seconds, 1704164645);
    ok(!r->modified_trusted);
    is_text(r->frequency, "DAILY");
    is_int(r->temporal.start.precision, DATE_YEAR);
    is_int(r->temporal.end.precision, DATE_YEAR);
    is_text(r->conforms_to.v[0], "https://schema.exemple.fr/velos");
    is_text(r->documentation_url, "https://velos.exemple.fr");
    is_text(r->landing_page, "https://data.exemple.fr/explore/dataset/velos/");
    is_text(r->provenance.remote_url, "https://data.exemple.fr/explore/dataset/velos/");
    is_text(r->provenance.origin_id, "fr-velos");
    is_text(r->provenance.origin_url, "");
    is_int(r->spatial.zones.n, 5);
    is_text(r->spatial.zones.v[0], "fr:region:53");
    is_text(r->spatial.zones.v[1], "fr:departement:35");
    is_text(r->spatial.zones.v[2], "fr:commune:35238");
    is_text(r->spatial.zones.v[3], "fr:epci:243500139");
    is_text(r->spatial.zones.v[4], "country:fr");
    is_text(r->spatial.labels.v[0], "Rennes");
    is_text(r->spatial.granularity, "commune");
    ok(r->spatial.has_bbox && r->spatial.bbox[0] == -1.7 && r->spatial.bbox[3] == 48.2);
    is_int(r->popularity.downloads, 345);
    is_int(r->popularity.reuses, 2);
    is_int(r->field_count, 2);
    is_text(r->fields[0].label, "Station");
    is_text(r->fields[1].label, "Où");
    is_text(r->fields[1].type, "geo_point_2d");
    is_int(r->distribution_count, 7);
    const struct distribution *d = r->distributions;
    is_text(d[0].url,
            "https://data.exemple.fr/api/explore/v2.1/catalog/datasets/velos/exports/csv");
    is_text(d[0].format, "csv");
    is_text(d[0].title, "Export CSV");
    is_text(d[2].format, "parquet");
    is_text(d[3].format, "geojson");
    is_text(d[4].format, "shp");
    is_text(d[5].url, "https://x.fr/gtfs.zip");
    is_text(d[5].title, "GTFS");
    is_text(d[5].type, "main");
    is_text(d[6].url, "https://data.exemple.fr/api/explore/v2.1/catalog/datasets/velos/attachments/"
                      "doc_pdf");
    is_text(d[6].type, "documentation");
    is_text(d[6].format, "pdf");
    ok(str_find(fixture_public(r, &arena), STR("Martin")) < 0); // no name of a person
}

// A copy of another portal's keeps where it was published.
static void copies(void)
{
    const struct record *r =
        map("{\"dataset_id\":\"velos@ville\",\"metas\":{\"default\":{\"title\":\"V\",\"federated\":"
            "true,\"source_domain\":\"ville\",\"source_domain_title\":\"Ville\","
            "\"source_domain_address\":\"data.ville.fr\",\"source_dataset\":\"velos\"}}}");
    is_text(r->id, "cat:velos@ville");
    is_int(r->aliases.n, 0);
    is_text(r->provenance.origin_url, "https://data.ville.fr/explore/dataset/velos/");
    is_text(r->provenance.origin_id, "velos");
    is_text(r->provenance.remote_url, "https://data.exemple.fr/explore/dataset/velos@ville/");
    r = map("{\"dataset_id\":\"velos\",\"metas\":{\"default\":{\"title\":\"V\","
            "\"source_domain_address\":\"data.exemple.fr\",\"source_dataset\":\"velos\"}}}");
    is_text(r->provenance.origin_url, ""); // its own
    r = map("{\"dataset_id\":\"velos\",\"metas\":{\"default\":{\"source_domain_address\":"
            "\"javascript:x\",\"source_dataset\":\"../a\"}}}");
    is_text(r->provenance.origin_url, "");
}

static void what_is_odd(void)
{
    const struct record *r =
        map("{\"dataset_id\":\"a\",\"has_records\":false,\"metas\":{\"default\":"
            "{\"title\":\"A\",\"keyword\":null,\"theme\":null}}}");
    is_int(r->distribution_count, 0);
    is_int(r->access, ACCESS_OPEN);
    is_int(r->popularity.downloads, -1);
    r = map(
        "{\"dataset_id\":\"a\",\"has_records\":true,\"data_visible\":false,\"metas\":{\"default\":"
        "{\"title\":\"A\"}}}");
    is_int(r->distribution_count, 0);
    is_int(r->access, ACCESS_RESTRICTED);
    r = map(
        "{\"dataset_id\":\"a\",\"has_records\":true,\"metas\":{\"default\":{\"title\":\"A\"}}}");
    is_int(r->distribution_count, 3);
    r = map("{\"dataset_id\":\"a b/../c\",\"has_records\":true,\"metas\":{\"default\":{}}}");
    is_text(r->title, "a b/../c");
    is_text(r->landing_page, "");
    is_text(r->distributions[0].url, "");
    r = map("{\"dataset_id\":\"a\",\"metas\":{\"default\":{\"title\":\"A\",\"language\":\"de\","
            "\"metadata_languages\":[\"de\",\"en\"],\"license\":\"Maison\"},"
            "\"dcat\":{\"accrualperiodicity\":\"http://publications.europa.eu/resource/authority/"
            "frequency/MONTHLY\",\"temporal_coverage_start\":\"2010-01-01\"}}}");
    is_text(r->language, "de");
    is_text(r->license.label, "Maison");
    is_text(r->frequency, "MONTHLY");
    is_int(r->temporal.start.seconds, 1262304000);
}

// API 1.0: metas in one list, words as one text.
static void first_version(void)
{
    const struct record *r =
        map("{\"datasetid\":\"gtfs\",\"has_records\":false,\"features\":[],\"metas\":{\"title\":"
            "\"GTFS\","
            "\"keyword\":\"bus;tram\",\"theme\":\"Spatial planning, Town "
            "planning\",\"language\":\"fr\","
            "\"modified\":\"2015-04-09T10:29:11+00:00\"},\"interop_metas\":{\"inspire\":{"
            "\"extend_bounding_box_westbound_longitude\":\"0.1568\","
            "\"extend_bounding_box_southbound_latitude\":\"46.4944\","
            "\"extend_bounding_box_eastbound_longitude\":\"0.5084\","
            "\"extend_bounding_box_northbound_latitude\":\"46.6848\",\"contact_email\":\"a@b.fr\","
            "\"file_identifier\":\"{73E--sfA386709}\"},\"dcat\":{\"created\":\"2014-01-01\"}}}");
    is_text(r->id, "cat:gtfs");
    is_int(r->keywords.n, 2);
    is_text(r->themes.v[0], "Spatial planning, Town planning");
    is_text(r->provenance.origin_id, "{73E--sfA386709}");
    ok(r->spatial.has_bbox && r->spatial.bbox[1] == 46.4944);
    is_int(r->issued.seconds, 1388534400);
    is_text(r->contact_role, "");
}

// The list of fields tells what these datasets hold, and their types.
static void fields(void)
{
    struct shape *shape = shape_new(fixture_file("harvester/drivers/fields/ods.tsv"), &e);
    struct str text = arena_printf(&arena, "{\"total_count\":1,\"results\":[%s]}", whole);
    json_t *document = json_loadb(text.p, text.n, 0, NULL);
    size_t n = 0;
    ok(shape && document);
    shape_see_json(shape, document);
    struct departure *d = shape_departures(shape, &arena, &n);
    for (size_t i = 0; i < n; i++)
        printf("# %.*s: %.*s\n", STR_ARG(d[i].path), STR_ARG(d[i].met));
    is_int(n, 0);
    json_decref(document);
    shape_free(shape);
}

int main(void)
{
    fixture_begin();
    ods = driver_find(STR("ods"));
    requests();
    sweep();
    wall();
    files();
    no_lists();
    broken_items();
    behind();
    the_whole();
    copies();
    what_is_odd();
    first_version();
    fields();
    fixture_end();
    return tap_done();
}
