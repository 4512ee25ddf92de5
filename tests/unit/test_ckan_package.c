// harvester/drivers/ckan: what becomes of packages: each quirk of CKAN's and DKAN's.
#include "harvester/shape.h"
#include "tests/unit/ckan_fixture.h"
#include "tests/unit/json_paths.h"

static struct driver_item item;

static const struct record *map(const char *json)
{
    json_t *o = json_loads(json, 0, NULL);
    struct mapper m = {.source = &source, .arena = &arena};
    ok(o != NULL);
    ckan_map(&m, o, &item);
    json_decref(o);
    static struct record none;
    ok(item.record != NULL);
    return item.record ? item.record : &none;
}

static struct str public_json;

// The record's public JSON holds this.
static bool says(const char *json, const char *part)
{
    public_json = fixture_public(map(json), &arena);
    bool good = str_find(public_json, str_of(part)) >= 0;
    if (!good)
        printf("# %.*s\n", STR_ARG(public_json));
    return good;
}

static const char whole[] =
    "{\"id\":\"04be\",\"name\":\"qualite-de-l-air\",\"title\":\"Qualité de l’air\","
    "\"notes\":\"<p>Mesures &amp; <b>seuils</b></p>\",\"url\":\"https://air.exemple.fr/mesures\","
    "\"type\":\"dataset\",\"state\":\"active\",\"private\":false,\"isopen\":true,"
    "\"license_id\":\"odc-odbl\",\"license_title\":\"ODbL\",\"license_url\":\"http://x.fr\","
    "\"author\":\"Jeanne Martin\",\"author_email\":\"jeanne.martin@exemple.fr\","
    "\"maintainer_email\":\"opendata@exemple.fr\",\"metadata_created\":\"2019-02-03T04:05:06.7\","
    "\"metadata_modified\":\"2021-03-04T05:06:07.8\",\"version\":\"1\",\"num_tags\":2,"
    "\"tags\":[{\"name\":\"pm10\",\"display_name\":\"PM10\"},{\"name\":\"air\"}],"
    "\"groups\":[{\"name\":\"env\",\"title\":\"Environnement\"}],"
    "\"organization\":{\"id\":\"o1\",\"name\":\"metropole\",\"title\":\"Métropole\","
    "\"approval_status\":\"approved\"},\"tracking_summary\":{\"total\":1203,\"recent\":4},"
    "\"extras\":[{\"key\":\"spatial\",\"value\":\"{\\\"type\\\":\\\"Polygon\\\","
    "\\\"coordinates\\\":"
    "[[[1,45],[2,45],[2,46],[1,45]]]}\"},{\"key\":\"frequency\",\"value\":\"monthly\"},"
    "{\"key\":\"temporal_start\",\"value\":\"2010-01-01\"},"
    "{\"key\":\"temporal_end\",\"value\":\"2020-12-31\"},"
    "{\"key\":\"theme\",\"value\":\"[\\\"http://publications.europa.eu/resource/authority/"
    "data-theme/ENVI\\\"]\"},{\"key\":\"guid\",\"value\":\"fr-120066022-air\"},"
    "{\"key\":\"uri\",\"value\":\"https://id.exemple.fr/air\"},"
    "{\"key\":\"conforms_to\",\"value\":\"[\\\"Norme A\\\"]\"}],"
    "\"resources\":[{\"id\":\"r1\",\"name\":\"Mesures\",\"url\":\"https://x.fr/m.csv\","
    "\"format\":\"CSV\",\"mimetype\":\"text/csv\",\"size\":\"1.2 MB\","
    "\"hash\":\"d41d8cd98f00b204e9800998ecf8427e\",\"last_modified\":\"2021-03-04T05:06:07\","
    "\"schema\":{\"fields\":[{\"name\":\"pm10\",\"title\":\"PM10\",\"type\":\"number\"},"
    "{\"name\":\"jour\",\"type\":\"date\"}]}},"
    "{\"id\":\"r2\",\"state\":\"deleted\",\"name\":\"Ancien\",\"url\":\"https://x.fr/a\"},"
    "{\"id\":\"r3\",\"name\":null,\"description\":\"Notice **utile**\",\"format\":\"PDF\","
    "\"resource_type\":\"documentation\",\"url\":\"https://x.fr/n.pdf\",\"size\":null}]}";

static void the_whole(void)
{
    const struct record *r = map(whole);
    is_text(r->id, "cat:04be");
    is_int(r->kind, KIND_DATASET);
    is_text(r->title, "Qualité de l’air");
    is_text(r->description, "Mesures & seuils");
    is_int(r->keywords.n, 2);
    is_text(r->keywords.v[0], "PM10");
    is_text(r->keywords.v[1], "air");
    is_int(r->themes.n, 2);
    is_text(r->themes.v[0], "ENVI");
    is_text(r->themes.v[1], "Environnement");
    is_text(r->publisher.id, "cat:organization.o1");
    is_text(r->publisher.name, "Métropole");
    ok(!r->publisher.certified);
    is_text(r->license.id, "ODbL-1.0");
    is_int(r->access, ACCESS_OPEN);
    is_text(r->contact_role, "opendata@exemple.fr");
    is_text(r->landing_page, "https://air.exemple.fr/mesures");
    is_text(r->provenance.remote_url, "https://ckan.exemple.fr/dataset/qualite-de-l-air");
    is_text(r->provenance.origin_id, "fr-120066022-air");
    is_text(r->provenance.origin_url, "https://id.exemple.fr/air");
    is_text(r->frequency, "MONTHLY");
    is_int(r->popularity.views, 1203);
    ok(r->spatial.has_bbox && r->spatial.bbox[0] == 1 && r->spatial.bbox[3] == 46);
    is_int(r->issued.seconds, 1549166706);
    is_int(r->modified.seconds, 1614834367);
    ok(!r->modified_trusted);
    is_int(r->temporal.start.seconds, 1262304000);
    is_int(r->temporal.end.seconds, 1609372800);
    is_text(r->conforms_to.v[0], "Norme A");
    is_int(r->field_count, 2);
    is_text(r->fields[0].name, "pm10");
    is_text(r->fields[0].label, "PM10");
    is_text(r->fields[0].type, "number");
    is_int(r->distribution_count, 2);
    const struct distribution *d = r->distributions;
    is_text(d[0].title, "Mesures");
    is_text(d[0].url, "https://x.fr/m.csv");
    is_text(d[0].format, "csv");
    is_text(d[0].type, "main");
    is_int(d[0].byte_size, 1258291);
    is_text(d[0].checksum, "md5:d41d8cd98f00b204e9800998ecf8427e");
    is_int(d[0].modified.seconds, 1614834367);
    is_int(d[0].available, -1);
    is_text(d[1].title, "Notice **utile**");
    is_text(d[1].type, "documentation");
    is_int(d[1].byte_size, -1);
    ok(str_find(fixture_public(r, &arena), STR("artin")) < 0); // no name of a person, no address
}

static void skipped(const char *json)
{
    json_t *o = json_loads(json, 0, NULL);
    struct mapper m = {.source = &source, .arena = &arena};
    ok(!ckan_map(&m, o, &item));
    ok(item.skipped && !item.record && item.id.n > 0 && item.error.code == ERR_NONE);
    json_decref(o);
}

static void what_is_none(void)
{
    skipped("{\"id\":\"a\",\"title\":\"A\",\"type\":\"harvest\"}");
    skipped("{\"id\":\"a\",\"title\":\"A\",\"type\":\"info\"}");
    skipped("{\"id\":\"a\",\"title\":\"A\",\"state\":\"deleted\"}");
    skipped("{\"id\":\"a\",\"title\":\"A\",\"state\":\"draft\"}");
    skipped("{\"id\":\"a\",\"title\":\"A\",\"private\":true}");
    is_int(map("{\"id\":\"a\",\"title\":\"A\",\"type\":\"geodataset\"}")->kind, KIND_DATASET);
    is_int(map("{\"id\":\"a\",\"title\":\"A\",\"type\":null}")->kind, KIND_DATASET);
    const struct record *r = map("{\"id\":\"a\",\"name\":\"carte\",\"title\":\"La carte\",\"type\":"
                                 "\"showcase\",\"url\":\"https://carte.exemple.fr\"}");
    is_int(r->kind, KIND_REUSE);
    is_text(r->id, "cat:reuse.a");
    is_text(r->type, "showcase");
    is_text(r->landing_page, "https://carte.exemple.fr");
    is_text(r->provenance.remote_url, "https://ckan.exemple.fr/showcase/carte");
    source.kind_count = 1; // datasets alone are asked for
    skipped("{\"id\":\"a\",\"title\":\"La carte\",\"type\":\"showcase\"}");
    source.kind_count = 2;
}

// Titles by language: an object, fluent's *_translated, JSON in a text.
static void languages(void)
{
    const struct record *r =
        map("{\"id\":\"a\",\"title\":{\"de\":\"Luft\",\"fr\":\"Air\",\"en\":\"\"},"
            "\"description\":{\"de\":\"Messung\",\"fr\":\"Mesures\"},"
            "\"keywords\":{\"de\":[\"luft\"],\"fr\":[\"qualité\",\"air\"]},"
            "\"groups\":[{\"display_name\":{\"de\":\"Umwelt\",\"fr\":\"Environnement\"}}],"
            "\"organization\":{\"name\":\"kt\",\"title\":{\"de\":\"Kanton\",\"fr\":\"Canton\"}},"
            "\"resources\":[{\"title\":{\"de\":\"Datei\",\"fr\":\"Fichier\"},"
            "\"download_url\":\"https://x.ch/d\",\"media_type\":\"text/csv\"}]}");
    is_text(r->title, "Air");
    is_text(r->description, "Mesures");
    is_text(r->language, "fr");
    is_int(r->keywords.n, 2);
    is_text(r->keywords.v[0], "air");
    is_text(r->themes.v[0], "Environnement");
    is_text(r->publisher.name, "Canton");
    is_text(r->distributions[0].title, "Fichier");
    is_text(r->distributions[0].url, "https://x.ch/d");
    is_text(r->distributions[0].format, "csv");
    r = map(
        "{\"id\":\"a\",\"title\":\"Budget\",\"title_translated\":{\"en\":\"Budget\",\"fr\":\"Le "
        "budget\"},\"notes\":\"The budget\",\"notes_translated\":{\"fr\":\"Le budget voté\"},"
        "\"resources\":[{\"name\":\"File\",\"name_translated\":{\"fr\":\"Le fichier\"}}]}");
    is_text(r->title, "Le budget");
    is_text(r->description, "Le budget voté");
    is_text(r->distributions[0].title, "Le fichier");
    is_text(map("{\"id\":\"a\",\"title\":\"{\\\"fr\\\":\\\"Eau\\\"}\"}")->title, "Eau");
    is_text(map("{\"id\":\"a\",\"title\":\"L&#039;eau &amp; la ville\"}")->title,
            "L'eau & la ville");
    is_text(map("{\"id\":\"a\",\"title\":\"A\",\"language\":[\"http://publications.europa.eu/"
                "resource/authority/language/FRA\"]}")
                ->language,
            "fr");
    is_text(map("{\"id\":\"a\",\"title\":\"A\",\"language\":[\"en\",\"fr\"]}")->language, "");
}

// Extras repeat, hold JSON, are an object (CKAN 1), and spell their names as they like.
static void extras(void)
{
    const struct record *r = map(
        "{\"id\":\"a\",\"title\":\"A\",\"extras\":["
        "{\"key\":\"theme\",\"value\":\"Eau\"},{\"key\":\"theme\",\"value\":\"Air\"},"
        "{\"key\":\"Theme\",\"value\":\"\"},{\"key\":\"frequency-of-update\",\"value\":\"annual\"},"
        "{\"key\":\"frequency\",\"value\":null},{\"key\":\"guid\",\"value\":\"\"},{\"key\":7},8,"
        "{\"key\":\"identifier\",\"value\":12},{\"key\":\"temporal_coverage-from\",\"value\":"
        "\"[\\\"1995-01-01\\\"]\"},{\"key\":\"bbox-west-long\",\"value\":\"-1.5\"},"
        "{\"key\":\"bbox-south-lat\",\"value\":\"43\"},{\"key\":\"bbox-east-long\",\"value\":2},"
        "{\"key\":\"bbox-north-lat\",\"value\":\"51.25\"},"
        "{\"key\":\"geographic_coverage\",\"value\":\"100000: England\"}]}");
    is_int(r->themes.n, 2);
    is_text(r->themes.v[0], "Air");
    is_text(r->frequency, "ANNUAL");
    is_int(r->temporal.start.seconds, 788918400);
    ok(r->spatial.has_bbox && r->spatial.bbox[0] == -1.5 && r->spatial.bbox[3] == 51.25);
    is_text(r->spatial.labels.v[0], "England");
    r = map("{\"id\":\"a\",\"title\":\"A\",\"extras\":{\"update_frequency\":\"\\\"weekly\\\"\","
            "\"spatial\":\"1.5,43,2,44\"}}");
    is_text(r->frequency, "WEEKLY");
    ok(r->spatial.has_bbox && r->spatial.bbox[2] == 2);
    ok(says(
        "{\"id\":\"a\",\"title\":\"A\",\"spatial_coverage\":[{\"text\":\"Tarragona\",\"geom\":"
        "\"{\\\"type\\\":\\\"Point\\\",\\\"coordinates\\\":[1,41]}\",\"uri\":\"https://x.fr\"}],"
        "\"temporal_coverage\":[{\"start\":\"1905-03-01\",\"end\":\"2013-01-05\"}]}",
        "\"labels\":[\"Tarragona\"]"));
    ok(str_find(public_json, STR("\"bbox\":[1,41,1,41]")) >= 0);
    ok(str_find(public_json, STR("\"start\":\"1905-03-01\"")) >= 0);
    r = map("{\"id\":\"a\",\"title\":\"A\",\"spatial\":[{\"label\":\"Rennes\"},{\"label\":"
            "\"Redon\"}],\"coverage\":[\"Vitré\",\"Fougères\"]}");
    is_int(r->spatial.labels.n, 4); // each once
    is_text(r->spatial.labels.v[3], "Fougères");
    r = map("{\"id\":\"a\",\"title\":\"A\",\"territorial_coverage\":\"Country/FR/FRANCE\"}");
    is_text(r->spatial.zones.v[0], "country:fr");
    is_int(r->spatial.labels.n, 0);
    r = map(
        "{\"id\":\"a\",\"title\":\"A\",\"territorial_coverage\":\"RegionOfFrance/11/ILE DE FRANCE,"
        "DepartmentOfFrance/75/75 PARIS, CommuneOfFrance/94054/94310 ORLY,"
        "MetropoleOfCountry/FR/FRANCE METROPOLITAINE,?\"}");
    is_int(r->spatial.zones.n, 3);
    is_text(r->spatial.zones.v[0], "fr:region:11");
    is_text(r->spatial.zones.v[1], "fr:departement:75");
    is_text(r->spatial.zones.v[2], "fr:commune:94054");
    is_int(r->spatial.labels.n, 1);
    is_text(r->spatial.labels.v[0], "FRANCE METROPOLITAINE");
    ok(says("{\"id\":\"a\",\"title\":\"A\",\"applicable_legislation\":["
            "\"http://data.europa.eu/eli/reg_impl/2023/138/oj\"]}",
            "\"badges\":[\"hvd\"]"));
    ok(says(
        "{\"id\":\"a\",\"title\":\"A\",\"access_rights\":\"http://publications.europa.eu/resource/"
        "authority/access-right/RESTRICTED\"}",
        "\"access\":\"restricted\""));
    is_text(map("{\"id\":\"a\",\"title\":\"A\",\"extras\":[{\"key\":\"uri\",\"value\":"
                "\"doi:10.5281/1\"}]}")
                ->provenance.origin_id,
            "doi:10.5281/1");
}

static void publishers_and_licences(void)
{
    is_text(map("{\"id\":\"a\",\"title\":\"A\",\"organization\":null,\"publisher\":"
                "\"{\\\"name\\\":\\\"OFS\\\",\\\"url\\\":\\\"https://x.ch\\\"}\"}")
                ->publisher.name,
            "OFS");
    is_text(
        map("{\"id\":\"a\",\"title\":\"A\",\"publisher\":[{\"name\":\"P\",\"email\":\"x@y.z\"}]}")
            ->publisher.name,
        "P");
    is_text(
        map("{\"id\":\"a\",\"title\":\"A\",\"organization\":\"land-registry\"}")->publisher.name,
        "land-registry");
    is_text( // known by its name alone
        map("{\"id\":\"a\",\"title\":\"A\",\"organization\":\"land-registry\"}")->publisher.id,
        "cat:organization.land-registry");
    is_text(map("{\"id\":\"a\",\"title\":\"A\"}")->publisher.id, "");
    const struct record *r = map("{\"id\":\"a\",\"title\":\"A\",\"license_id\":\"maison\","
                                 "\"license_title\":\"Licence maison\",\"isopen\":true}");
    is_text(r->license.label, "Licence maison");
    ok(r->license.open && !r->license.id.n);
    ok(!map("{\"id\":\"a\",\"title\":\"A\",\"license_id\":\"maison\"}")->license.open);
    is_text(map("{\"id\":\"a\",\"title\":\"A\",\"license_id\":\"\",\"resources\":[{\"license\":"
                "\"http://creativecommons.org/licenses/by/4.0/\"}]}")
                ->license.id,
            "CC-BY-4.0");
    is_text(map("{\"id\":\"a\",\"title\":\"A\",\"extras\":[{\"key\":\"licence\",\"value\":"
                "\"Diffusé sous Licence Ouverte, sans limite\"}]}")
                ->license.id,
            "etalab-2.0");
    is_text(map("{\"id\":\"a\",\"title\":\"A\",\"license_title\":\"http://www.etalab.gouv.fr/pages/"
                "Licence_ouverte_Open_licence-5899923.html\"}")
                ->license.id,
            "fr-lo");
    is_text(map("{\"id\":\"a\",\"title\":\"A\",\"url\":\"http://https://x.fr/a\"}")->landing_page,
            "https://x.fr/a");
    is_text(map("{\"id\":\"a\",\"name\":\"n\",\"title\":\"A\",\"url\":\"aucune\"}")->landing_page,
            "https://ckan.exemple.fr/dataset/n");
}

// DKAN: groups publish, what is private is public, dates are as Drupal writes them.
static void dkan(void)
{
    const struct record *r = map(
        "{\"id\":\"a\",\"name\":\"arrets\",\"title\":\"Arrêts\",\"state\":\"Active\",\"private\":"
        "true,\"type\":\"Dataset\",\"url\":\"https://d.fr/?q=dataset/arrets\",\"license_title\":"
        "\"https://www.etalab.gouv.fr/licence-ouverte-open-licence\",\"groups\":[{\"id\":\"g\","
        "\"name\":\"group/r\",\"title\":\"Région\"}],\"metadata_created\":"
        "\"mar, 10/12/2019 - 09:23\",\"revision_timestamp\":\"jeu, 19/12/2019 - 03:00\","
        "\"extras\":[{\"key\":\"keywords\",\"value\":\"[&quot;bus&quot;]\"}],"
        "\"resources\":[{\"name\":\"a.xlsx\",\"url\":\"https://d.fr/a.xlsx\",\"size\":\"42 "
        "octets\","
        "\"format\":\"xlsx\",\"last_modified\":\"Date changed  jeu, 19/12/2019 - 03:00\"}]}");
    is_text(r->publisher.name, "Région");
    is_text(r->publisher.id, "cat:organization.g");
    is_int(r->themes.n, 0);
    is_text(r->keywords.v[0], "bus");
    is_text(r->license.id, "etalab-2.0");
    is_int(r->issued.seconds, 1575969780);
    is_int(r->modified.seconds, 1576724400);
    is_text(r->provenance.remote_url, "https://d.fr/?q=dataset/arrets");
    is_int(r->distributions[0].byte_size, 42);
    is_int(r->distributions[0].modified.seconds, 1576724400);
}

static int64_t bytes(const char *json)
{
    json_t *v = json_loads(json, JSON_DECODE_ANY, NULL);
    int64_t n = ckan_bytes(v);
    json_decref(v);
    return n;
}

static void sizes(void)
{
    is_int(bytes("12323"), 12323);
    is_int(bytes("12.9"), 12);
    is_int(bytes("\"12323\""), 12323);
    is_int(bytes("\"1.5 KB\""), 1536);
    is_int(bytes("\"1,5 Ko\""), 1536);
    is_int(bytes("\"2MiB\""), 2 << 20);
    is_int(bytes("\"3 G\""), (int64_t)3 << 30);
    is_int(bytes("\"1,234\""), 1234);
    is_int(bytes("\"1,234,567 bytes\""), 1234567);
    is_int(bytes("\"42 octets\""), 42);
    is_int(bytes("\"\""), -1);
    is_int(bytes("null"), -1);
    is_int(bytes("-5"), -1);
    is_int(bytes("\"environ 3 Mo\""), -1);
    is_int(bytes("\"3 pages\""), -1);
    is_int(bytes("\"1.2.3\""), -1);
    is_int(bytes("1e300"), -1);
    is_int(bytes("{}"), -1);
}

// Harvested geographic metadata have their words in one text of an extra; tags of the package's own come first.
static void words_of_an_extra(void)
{
#define TAGGED(tags)                                                                               \
    "{\"id\":\"a\",\"title\":\"A\",\"tags\":[" tags                                                \
    "],\"extras\":[{\"key\":\"tags\",\"value\":\", rivi"                                           \
    "ère, eau\"}]}"
    ok(says(TAGGED(""), "\"keywords\":[\"eau\",\"rivière\"]"));
    ok(says(TAGGED("{\"name\":\"a\"}"), "\"keywords\":[\"a\"]"));
#undef TAGGED
}

// Another order of tags, extras and groups is no change.
static void order(void)
{
    const char *const both[] = {
        "{\"id\":\"a\",\"title\":\"A\",\"tags\":[{\"name\":\"b\"},{\"name\":\"a\"}],\"groups\":["
        "\"y\","
        "\"x\"],\"extras\":[{\"key\":\"frequency\",\"value\":\"daily\"},{\"key\":\"guid\","
        "\"value\":"
        "\"g\"}]}",
        "{\"title\":\"A\",\"extras\":[{\"key\":\"guid\",\"value\":\"g\"},{\"key\":\"frequency\","
        "\"value\":\"daily\"}],\"groups\":[\"x\",\"y\"],\"tags\":[{\"name\":\"a\"},{\"name\":\"b\"}"
        "],"
        "\"id\":\"a\"}"};
    struct str one = fixture_public(map(both[0]), &arena),
               two = fixture_public(map(both[1]), &arena);
    ok(str_eq(one, two));
}

// The list of fields tells what these packages hold, and their types.
static void fields(void)
{
    struct shape *shape = shape_new(fixture_file("harvester/drivers/fields/ckan.tsv"), &e);
    struct str text = arena_printf(&arena,
                                   "{\"help\":\"h\",\"success\":true,\"result\":{\"count\":1,"
                                   "\"facets\":{},\"results\":[%s]}}",
                                   whole);
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
    ckan = driver_find(STR("ckan"));
    the_whole();
    what_is_none();
    languages();
    extras();
    publishers_and_licences();
    dkan();
    sizes();
    words_of_an_extra();
    order();
    fields();
    fixture_end();
    return tap_done();
}
