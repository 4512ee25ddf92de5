// harvester/drivers/ckan: the walk through packages, what is no page, and what becomes of packages: each quirk of CKAN's and DKAN's.
#include "tests/unit/udata_fixture.h"

#include "harvester/drivers/ckan/ckan.h"
#include "harvester/normalise/raw.h"
#include "harvester/shape.h"
#include "tests/unit/json_paths.h"

static struct config_source config = {.name = STR("cat"),
                                      .type = STR("ckan"),
                                      .url = STR("https://ckan.exemple.fr/"),
                                      .page_size = 2};
static struct driver_source source = {.config = &config,
                                      .kinds = {KIND_DATASET, KIND_REUSE},
                                      .kind_count = 2,
                                      .main_kind = KIND_DATASET,
                                      .now = 1795132800};
static const struct driver *ckan;
static struct err e;
static struct driver_page page;

// ---- The walk --------------------------------------------------------------------------------------------

static struct str url_of(struct str cursor)
{
    struct driver_request r = {0};
    e = (struct err){0};
    return ckan->request(&source, cursor, &arena, &r, &e) ? r.url : STR("refused");
}

static bool read_status(struct str cursor, int status, const char *body)
{
    struct driver_response response = {.status = status, .body = str_of(body), .url = STR("u")};
    e = (struct err){0};
    return ckan->read(&source, cursor, &response, 1, &arena, &page, &e);
}

static bool read_body(struct str cursor, const char *body)
{
    return read_status(cursor, 200, body);
}

// n packages from number `first` on, of `count`.
static const char *found(int first, int n, int count)
{
    struct buf b = {0};
    buf_addf(&b, "{\"help\":\"h\",\"success\":true,\"result\":{\"count\":%d,\"results\":[", count);
    for (int i = 0; i < n; i++)
        buf_addf(&b, "%s{\"id\":\"p%d\",\"title\":\"Jeu\"}", i ? "," : "", first + i);
    buf_addz(&b, "],\"facets\":{}}}");
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s.p;
}

static void requests(void)
{
    is_text(url_of(STR_NONE), "https://ckan.exemple.fr/api/3/action/"
                              "package_search?start=0&rows=2&sort=id%20asc");
    is_text(url_of(STR("{\"way\":1,\"start\":7}")),
            "https://ckan.exemple.fr/api/action/package_search?start=7&rows=2&sort=id%20asc");
    is_text(url_of(STR("{\"way\":2,\"start\":4}")),
            "https://ckan.exemple.fr/api/3/action/"
            "current_package_list_with_resources?offset=4&limit=2");
    source.since = 1785283200; // 2026-07-29T00:00:00Z
    is_text(url_of(STR("{\"start\":4}")),
            "https://ckan.exemple.fr/api/3/action/package_search?start=4&rows=2&sort=id%20asc"
            "&fq=metadata_modified:%5B2026-07-28T23:00:00Z%20TO%20*%5D");
    is_text(url_of(STR("{\"way\":2}")), "https://ckan.exemple.fr/api/3/action/"
                                        "current_package_list_with_resources?offset=0&limit=2");
    source.since = 0;
    static const char *const roots[] = {
        "https://ckan.exemple.fr/donnees",
        "https://ckan.exemple.fr/donnees//",
        "https://ckan.exemple.fr/donnees/api/3",
        "https://ckan.exemple.fr/donnees/api/3/action/",
        "https://ckan.exemple.fr/donnees/api/action",
        "https://ckan.exemple.fr/donnees/api/",
    };
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        config.url = str_of(roots[i]);
        is_text(url_of(STR_NONE), "https://ckan.exemple.fr/donnees/api/3/action/"
                                  "package_search?start=0&rows=2&sort=id%20asc");
    }
    config.url = STR("https://ckan.exemple.fr/3"); // no part of the API's address
    is_text(url_of(STR_NONE), "https://ckan.exemple.fr/3/api/3/action/"
                              "package_search?start=0&rows=2&sort=id%20asc");
    config.url = STR("https://ckan.exemple.fr/");
    is_text(url_of(STR("{\"way\":3}")), "refused");
    is_int(e.code, ERR_CONFLICT);
    is_text(url_of(STR("page 2")), "refused");
    is_int(e.code, ERR_PARSE);
}

// The next page starts behind what came, whatever was asked for.
static void sweep(void)
{
    ok(read_body(STR_NONE, found(0, 2, 4)));
    is_int(page.kind, KIND_COUNT);
    is_int(page.announced, 4);
    is_int(page.item_count, 2);
    is_text(page.items[0].id, "cat:p0");
    is_text(page.items[1].record->id, "cat:p1");
    is_text(page.next, "{\"way\":0,\"start\":2,\"total\":4,\"step\":2}");
    ok(read_body(page.next, found(2, 1, 4))); // the server gives fewer
    is_text(page.next, "{\"way\":0,\"start\":3,\"total\":4,\"step\":1}");
    ok(read_body(page.next, found(3, 1, 4)));
    is_text(page.next, "");
    ok(read_body(STR("{\"start\":3,\"total\":9}"), found(3, 0, 9))); // it says more, and shows none
    is_text(page.next, "");
    is_int(page.announced, 9);
    ok(read_body(STR_NONE,
                 "\xEF\xBB\xBF{\"success\":true,\"result\":{\"count\":0,\"results\":[]}}"));
    is_int(page.item_count, 0);
    is_text(page.next, "");
}

// When the count shrinks, the rest moved up by so many.
static void shrinks(void)
{
    struct str at = STR("{\"start\":10,\"total\":20,\"step\":2}");
    ok(read_body(at, found(11, 2, 17)));
    is_text(page.next,
            "{\"way\":0,\"start\":7,\"total\":17,\"step\":2,\"again\":true}");
    ok(read_body(page.next, found(7, 2, 16))); // once more meanwhile: the page behind tells
    is_text(page.next, "{\"way\":0,\"start\":9,\"total\":17,\"step\":2}");
    ok(read_body(page.next, found(9, 2, 16)));
    is_text(page.next,
            "{\"way\":0,\"start\":8,\"total\":16,\"step\":2,\"again\":true}");
    ok(read_body(STR("{\"start\":2,\"total\":20}"), found(2, 2, 4))); // over the whole
    is_text(page.next,
            "{\"way\":0,\"start\":0,\"total\":4,\"step\":2,\"again\":true}");
    ok(read_body(STR("{\"start\":0,\"total\":20}"), found(0, 2, 4))); // nothing lies before
    is_text(page.next, "{\"way\":0,\"start\":2,\"total\":4,\"step\":2}");
    ok(read_body(STR("{\"start\":2,\"total\":4}"), found(2, 2, 9))); // it may grow
    is_text(page.next, "{\"way\":0,\"start\":4,\"total\":9,\"step\":2}");
}

// Where an address is not there the next one is tried.
static void ways(void)
{
    ok(read_status(STR_NONE, 404, "<html>"));
    is_int(page.item_count, 0);
    is_text(page.next, "{\"way\":1,\"start\":0,\"total\":-1,\"step\":0}");
    ok(read_status(page.next, 404, ""));
    is_text(page.next, "{\"way\":2,\"start\":0,\"total\":-1,\"step\":0}");
    ok(!read_status(page.next, 404, ""));
    is_int(e.code, ERR_HTTP);
    is_int(e.http_status, 404);
    ok(strstr(e.hint, "/data.json") != NULL);
    ok(!read_status(STR("{\"start\":2,\"total\":4}"), 404, "")); // later: the portal went away
    is_int(e.code, ERR_HTTP);
    is_text(str_of(e.what), "/api/3/action/package_search answers 404");
}

// DKAN's list tells no count: it ends with an empty page, or where it begins again.
static void lists(void)
{
    struct str way = STR("{\"way\":2,\"start\":0}");
    ok(read_body(way, "{\"success\":true,\"result\":[[{\"id\":\"a\",\"title\":\"A\"},{\"id\":\"b\","
                      "\"title\":\"B\"}]]}"));
    is_int(page.item_count, 2);
    is_int(page.announced, -1);
    is_text(page.items[1].id, "cat:b");
    ok(str_starts(page.next, STR("{\"way\":2,\"start\":2,\"total\":-1,\"step\":2,\"first\":\"")));
    struct str next = page.next;
    ok(read_body(next, "{\"success\":true,\"result\":[[]]}"));
    is_int(page.item_count, 0);
    is_text(page.next, "");
    ok(read_body(next, "{\"success\":true,\"result\":[]}"));
    is_text(page.next, "");
    ok(read_body(next, "{\"success\":true,\"result\":[{\"id\":\"a\",\"title\":\"A\"}]}"));
    is_int(page.item_count, 0); // the same again
    is_text(page.next, "");
    ok(read_body(next, "{\"success\":true,\"result\":[{\"id\":\"c\",\"title\":\"C\"}]}"));
    is_int(page.item_count, 1);
    ok(str_starts(page.next, STR("{\"way\":2,\"start\":3,")));
}

static bool refused(const char *body, const char *what)
{
    bool good = !read_body(STR_NONE, body) && e.code == ERR_PARSE && e.hint[0];
    if (!good || strcmp(e.what, what) != 0)
        printf("# %s\n", e.what);
    return good && strcmp(e.what, what) == 0;
}

static void no_pages(void)
{
    ok(refused("{\"help\":\"h\",\"success\":false,\"error\":{\"__type\":\"Search Error\","
               "\"message\":\"Solr\\u0007 est en panne\"}}",
               "the portal answers with an error: Search Error: Solr est en panne"));
    ok(refused("{\"success\":false,\"error\":{\"rows\":[\"Invalid\"]},\"result\":{\"results\":[]}}",
               "the portal answers with an error: {\"rows\":[\"Invalid\"]}"));
    ok(refused("{\"success\":false,\"error\":\"non\"}", "the portal answers with an error: non"));
    ok(refused("\"Bad request - Action name not known: package_search\"",
               "the portal answers with an error: Bad request - Action name not known: "
               "package_search"));
    ok(refused("<!doctype html><html><body><h1>Maintenance</h1><script>x()</script></body></html>",
               "a page of HTML came instead of a list of packages: Maintenance"));
    ok(refused("  ", "an empty answer came instead of a list of packages"));
    ok(refused("{\"success\":true,\"result\":{\"count\":3}}",
               "what came is no list of packages: {\"success\":true,\"result\":{\"count\":3}}"));
    ok(refused("{\"dataset\":[]}", "what came is no list of packages: {\"dataset\":[]}"));
    ok(refused("nous revenons", "what came is no list of packages: nous revenons"));
    ok(!read_body(STR_NONE, "{\"success\":true,\"result\":{\"count\":3,\"results\":[{\"id\":\"a"));
    is_int(e.code, ERR_PARSE);
    ok(strstr(e.what, "cut short") != NULL);
}

static void broken_items(void)
{
    ok(read_body(STR_NONE,
                 "{\"success\":true,\"result\":{\"count\":5,\"results\":["
                 "{\"extras\":[{\"id\":\"inner\"}],\"id\":\"a\",\"title\":nul},"
                 "{\"title\":\"sans id\"},7,{\"id\":\"c\"},{\"id\":\"d\",\"title\":\"D\"}]}}"));
    is_int(page.item_count, 5);
    is_text(page.items[0].id, "cat:a");
    ok(!page.items[0].record);
    is_int(page.items[0].error.code, ERR_PARSE);
    is_text(str_of(page.items[1].error.what), "the item has no id");
    is_text(str_of(page.items[2].error.what), "the item is not an object");
    is_text(page.items[3].id, "cat:c");
    ok(strstr(page.items[3].error.what, "no title") != NULL);
    is_text(page.items[4].record->title, "D");
}

static void behind(void)
{
    is_text(ckan->behind(&source, STR("{\"start\":4,\"total\":9,\"step\":2}"), &arena),
            "{\"way\":0,\"start\":6,\"total\":9,\"step\":2}");
    is_text(ckan->behind(&source, STR("{\"start\":4,\"total\":9}"), &arena),
            "{\"way\":0,\"start\":6,\"total\":9,\"step\":0}");
    is_text(ckan->behind(&source, STR("{\"start\":8,\"total\":9,\"step\":2}"), &arena), "");
    is_text(ckan->behind(&source, STR_NONE, &arena), ""); // nothing is known yet
}

// ---- One package -----------------------------------------------------------------------------------------

static enum driver_presence presence(int status, const char *body, struct driver_item *item)
{
    struct driver_response response = {.status = status, .body = str_of(body), .url = STR("u")};
    return ckan->probe_read(&source, KIND_DATASET, &response, &arena, item);
}

static void probes(void)
{
    struct driver_request r = {0};
    struct driver_item item;
    ok(ckan->probe(&source, STR("cat:a b/c"), KIND_DATASET, &arena, &r));
    is_text(r.url, "https://ckan.exemple.fr/api/3/action/package_show?id=a%20b%2fc");
    ok(ckan->probe(&source, STR("cat:reuse.x"), KIND_REUSE, &arena, &r));
    is_text(r.url, "https://ckan.exemple.fr/api/3/action/package_show?id=x");
    char longest[REMOTE_ID_MAX + 5];
    memset(longest, 'a', sizeof longest);
    memcpy(longest, "cat:", 4);
    ok(!ckan->probe(&source, str_slice(longest, REMOTE_ID_MAX + 4), KIND_DATASET, &arena, &r));

    is_int(presence(404, "{\"success\":false,\"error\":{\"__type\":\"Not Found Error\"}}", &item),
           PRESENCE_GONE);
    is_int(presence(404, "<html>", &item), PRESENCE_UNKNOWN);
    is_int(presence(410, "", &item), PRESENCE_GONE);
    is_int(presence(200, "<html>", &item), PRESENCE_UNKNOWN);
    is_int(presence(200, "{\"success\":false,\"result\":{\"id\":\"a\",\"title\":\"A\"}}", &item),
           PRESENCE_UNKNOWN);
    is_int(presence(200, "{\"success\":true,\"result\":{\"id\":\"a\",\"title\":\"A\"}}", &item),
           PRESENCE_ALIVE);
    is_text(item.record->title, "A");
    is_int(presence(200, "{\"success\":true,\"result\":[{\"id\":\"a\",\"title\":\"A\"}]}", &item),
           PRESENCE_ALIVE);
    is_int(
        presence(200, "{\"success\":true,\"result\":{\"id\":\"a\",\"state\":\"deleted\"}}", &item),
        PRESENCE_GONE);
    is_int(presence(200, "{\"success\":true,\"result\":{\"id\":\"a\",\"private\":true}}", &item),
           PRESENCE_UNKNOWN);
}

// ---- The mapping -----------------------------------------------------------------------------------------

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

// ---- Members of what is not parsed -----------------------------------------------------------------------

static void raw(void)
{
    struct str o = STR(" {\"a\": {\"b\":[1,\"}\"]}, \"b\" : \"x\\\"y\", \"n\":-12.5,\"t\":tru");
    is_text(raw_member(o, "a"), "{\"b\":[1,\"}\"]}");
    is_text(raw_member(o, "b"), "\"x\\\"y\"");
    is_text(raw_word(o, "b", &arena), "x\"y");
    is_text(raw_word(o, "n", &arena), "-12.5");
    is_text(raw_word(o, "a", &arena), "");
    is_text(raw_member(o, "t"), "tru");
    is_text(raw_word(o, "t", &arena), "");
    is_text(raw_member(o, "c"), "");
    is_text(raw_member(STR("[{\"a\":1}]"), "a"), "");
    is_text(raw_member(STR("{\"a"), "a"), "");
    is_text(raw_member(STR("{\"a\":"), "a"), "");
    is_text(raw_member(STR("{\"a\":[1,{"), "a"), "[1,{");
    is_text(raw_member(STR("{\"a\":\"\\"), "a"), "\"\\");
    is_text(raw_member(STR("\xEF\xBB\xBF{\"a\":1}"), "a"), "1");
}

static bool decodes(const char *text, const char *wanted)
{
    json_t *v = json_string(text), *read = raw_decode(&arena, v);
    json_t *want = json_loads(wanted, JSON_DECODE_ANY, NULL);
    bool good = json_equal(read, want);
    json_decref(v);
    json_decref(read);
    json_decref(want);
    return good;
}

static void written(void)
{
    ok(decodes("[1, 2]", "[1,2]"));
    ok(decodes(" {\"a\":1} ", "{\"a\":1}"));
    ok(decodes("\"2010\"", "\"2010\""));
    ok(decodes("[{&quot;a&quot;: &quot;b&quot;}]", "[{\"a\":\"b\"}]"));
    ok(decodes("[pas du JSON]", "\"[pas du JSON]\""));
    ok(decodes("{", "\"{\""));
    ok(decodes("2010", "\"2010\""));
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
    requests();
    sweep();
    shrinks();
    ways();
    lists();
    no_pages();
    broken_items();
    behind();
    probes();
    the_whole();
    what_is_none();
    languages();
    extras();
    publishers_and_licences();
    dkan();
    sizes();
    order();
    raw();
    written();
    fields();
    fixture_end();
    return tap_done();
}
