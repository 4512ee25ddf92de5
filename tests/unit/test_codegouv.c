// harvester/drivers/codegouv: the shapes of code.gouv.fr's files, forks, templates and archives, parts of a long file, what is no list.
#include "tests/unit/commons_fixture.h"

// Reads a whole document; its items, in the order of the parts.
static struct {
    struct driver_item items[1000];
    size_t n, parts;
    bool good;
    struct err error;
} reading;

static void read_document(struct str text)
{
    int fd = fixture_document(text);
    struct driver_document document = {
        .fd = fd, .url = STR("http://cat.example/x"), .folder = "/tmp"};
    memset(&reading, 0, sizeof reading);
    void *reader = fixture_driver->open(&fixture_source, STR_NONE, &document, &reading.error);
    ok(reader != NULL);
    bool last = false;
    reading.good = true;
    while (!last && reading.good) {
        struct driver_page page;
        reading.good = fixture_driver->next(reader, &arena, &page, &last, &reading.error);
        if (!reading.good)
            break;
        reading.parts++;
        for (size_t i = 0; i < page.item_count && reading.n < 1000; i++)
            reading.items[reading.n++] = page.items[i];
        if (last)
            is_int(page.next.n, 0);
    }
    fixture_driver->close(reader);
    close(fd);
}

static const char full[] =
    "[{\"id\": \"https://github.com/Etalab/BAN\", \"html_url\": \"https://github.com/Etalab/BAN\", "
    "\"full_name\": \"Etalab/BAN\","
    "\"repo_name\": \"BAN\", \"description\": \"Base Adresse Nationale\", \"language\": "
    "\"Python\", \"license\": \"MIT License\","
    "\"owner\": \"https://github.com/Etalab\", \"platform\": \"github.com\", \"forks_count\": 12, "
    "\"stars\": 34, \"fork\": false, \"template\": false,"
    "\"archived\": false, \"contributing\": true, \"publiccode\": true, \"awesome-score\": 2100, "
    "\"topics\": \"adresse,api\","
    "\"updated_at\": \"2021-01-19T16:45:05Z\"},"
    "{\"id\": \"https://gitlab.inria.fr/grew/SSQ\", \"full_name\": \"grew/SSQ\", \"repo_name\": "
    "\"\", \"description\": \"\", \"language\": \"\","
    "\"license\": \"other\", \"owner\": \"grew\", \"platform\": \"GitLab\", \"forks_count\": 0, "
    "\"fork\": true, \"template\": true, \"archived\": true,"
    "\"awesome-score\": -1900, \"topics\": \"\", \"updated_at\": \"\"}]";

static void test_full(void)
{
    read_document(str_of(full));
    ok(reading.good);
    is_int(reading.n, 2);
    json_t *r = fixture_json(&reading.items[0]);
    is_str(fixture_at(r, "id"), "cat:github.com/etalab/ban");
    is_str(fixture_at(r, "title"), "BAN");
    is_str(fixture_at(r, "description"), "Base Adresse Nationale");
    is_str(fixture_at(r, "repository_url"), "https://github.com/Etalab/BAN");
    is_str(fixture_at(r, "landing_page"), "https://github.com/Etalab/BAN");
    is_str(fixture_at(r, "programming_languages"), "[\"Python\"]");
    is_str(fixture_at(r, "license.id"), "MIT");
    is_str(fixture_at(r, "keywords"), "[\"adresse\",\"api\"]");
    is_str(fixture_at(r, "publisher.name"), "Etalab");
    is_str(fixture_at(r, "publisher.id"), "cat:organization.github.com/etalab");
    is_str(fixture_at(r, "popularity.stars"), "34");
    is_str(fixture_at(r, "popularity.reuses"), "12");
    is_str(fixture_at(r, "quality.score"), "0.7");
    is_str(fixture_at(r, "badges"), "[\"publiccode\",\"contributing\"]");
    is_str(fixture_at(r, "type"), "null");
    is_str(fixture_at(r, "status"), "active");
    is_str(fixture_at(r, "modified"), "2021-01-19T16:45:05Z");
    json_decref(r);
    r = fixture_json(&reading.items[1]);
    is_str(fixture_at(r, "id"), "cat:gitlab.inria.fr/grew/ssq");
    is_str(fixture_at(r, "title"), "SSQ");
    is_str(fixture_at(r, "status"), "archived");
    is_str(fixture_at(r, "type"), "fork");
    is_str(fixture_at(r, "badges"), "[\"fork\",\"template\"]");
    is_str(fixture_at(r, "license.label"), "null");
    is_str(fixture_at(r, "quality.score"), "null");
    is_str(fixture_at(r, "popularity.stars"), "null");
    is_str(fixture_at(r, "publisher.id"), "cat:organization.gitlab.inria.fr/grew");
    json_decref(r);
    is_int(fields_unknown(str_of(full)), 0);
}

static const char short_keys[] =
    "[{\"a\": 1100, \"a?\": false, \"c?\": true, \"d\": \"Une adresse…\", \"f\": 3, \"fn\": "
    "\"etalab/ban\", \"f?\": true, \"l\": \"Python\", \"li\": \"mit\","
    "\"n\": \"ban\", \"o\": \"https://github.com/etalab\", \"p\": \"github.com\", \"p?\": false, "
    "\"t?\": false, \"u\": \"2024-01-02T03:04:05Z\"}]";
static const char french[] =
    "[{\"nom\": \"ban\", \"organisation_nom\": \"etalab\", \"plateforme\": \"GitHub\", "
    "\"repertoire_url\": \"https://github.com/etalab/ban\","
    "\"description\": \"Adresses\", \"est_fork\": \"False\", \"est_archive\": true, "
    "\"date_creation\": \"2019-11-06T14:49:15Z\","
    "\"derniere_mise_a_jour\": \"2020-07-23T15:50:00Z\", \"derniere_modification\": "
    "\"2021-01-06T10:46:58Z\", \"page_accueil\": \"https://adresse.example\","
    "\"nombre_stars\": \"5\", \"nombre_forks\": 6, \"licence\": \"MIT License\", "
    "\"nombre_issues_ouvertes\": 7, \"langage\": \"Vue\", \"topics\": \"a,b\","
    "\"software_heritage_exists\": true, \"software_heritage_url\": \"https://archive.example\"}]";
static const char english[] =
    "[{\"name\": \"ban\", \"organization_name\": \"etalab\", \"platform\": \"GitHub\", "
    "\"repository_url\": \"https://github.com/etalab/ban\", \"description\": \"Adresses\", "
    "\"is_fork\": \"True\", \"is_archived\": \"True\", \"creation_date\": "
    "\"2019-11-06T14:49:15Z\", "
    "\"last_update\": \"2020-07-23T15:50:00Z\", \"last_modification\": \"2021-01-06T10:46:58Z\", "
    "\"homepage\": \"\", \"stars_count\": \"5\", \"forks_count\": 6, \"license\": \"MIT License\", "
    "\"open_issues_count\": 7, \"language\": \"Vue\", \"topics\": \"a,b\", "
    "\"software_heritage_exists\": true, \"software_heritage_url\": \"https://archive.example\"}]";
static const char old_short[] =
    "[{\"n\": \"ban\", \"d\": \"Adresses\", \"o\": \"etalab\", \"l\": \"Vue\", \"li\": \"MIT "
    "License (MIT)\", \"r\": \"https://github.com/etalab/ban\","
    "\"t\": \"a\", \"u\": \"2020-07-23T15:50:00Z\", \"f\": 1, \"i\": 2, \"s\": 3, \"a?\": false, "
    "\"f?\": false, \"dp\": true, \"g\": 4}]";
static const char forge[] =
    "[{\"id\": 12, \"name\": \"ban\", \"full_name\": \"etalab/ban\", \"html_url\": "
    "\"https://github.com/etalab/ban\", \"description\": null, \"homepage\": "
    "\"https://adresse.example\","
    "\"topics\": [\"a\", \"b\"], \"language\": null, \"license\": {\"key\": \"mit\", \"name\": "
    "\"MIT License\", \"spdx_id\": \"MIT\"}, \"archived\": false, \"fork\": true,"
    "\"is_template\": true, \"created_at\": \"2019-01-01T00:00:00Z\", \"updated_at\": "
    "\"2020-01-01T00:00:00Z\", \"pushed_at\": \"2020-02-01T00:00:00Z\","
    "\"stargazers_count\": 8, \"forks_count\": 9, \"subscribers_count\": 2, \"open_issues_count\": "
    "0, \"default_branch\": \"main\","
    "\"owner\": {\"login\": \"etalab\", \"type\": \"Organization\"}, \"parent\": {\"full_name\": "
    "\"addok/Addok\", \"html_url\": \"https://github.com/addok/Addok\"}},"
    "{\"html_url\": \"https://github.com/etalab/other\", \"fork\": true, \"source_name\": "
    "\"Up/Stream\", \"owner\": \"etalab\"}]";

static void test_shapes(void)
{
    static const char *const pages[] = {short_keys, french, english, old_short, forge};
    for (size_t i = 0; i < 5; i++) {
        read_document(str_of(pages[i]));
        ok(reading.good && reading.items[0].record);
        is_text(reading.items[0].id, "cat:github.com/etalab/ban");
        is_text(reading.items[0].record ? reading.items[0].record->title : STR_NONE, "ban");
        is_text(reading.items[0].record ? reading.items[0].record->publisher.name : STR_NONE,
                "etalab");
        is_text(reading.items[0].record ? reading.items[0].record->license.id : STR_NONE, "MIT");
        is_int(fields_unknown(str_of(pages[i])), 0);
    }
    read_document(str_of(english));
    json_t *r = fixture_json(&reading.items[0]);
    is_str(fixture_at(r, "type"), "fork");
    is_str(fixture_at(r, "issued"), "2019-11-06T14:49:15Z");
    is_int(reading.items[0].record->status, STATUS_ARCHIVED);
    is_int(reading.items[0].record->popularity.stars, 5);
    json_decref(r);
    read_document(str_of(short_keys));
    r = fixture_json(&reading.items[0]);
    is_str(fixture_at(r, "repository_url"), "https://github.com/etalab/ban");
    is_str(fixture_at(r, "type"), "fork");
    json_decref(r);
    read_document(str_of(french));
    r = fixture_json(&reading.items[0]);
    is_str(fixture_at(r, "status"), "archived");
    is_str(fixture_at(r, "type"), "null");
    is_str(fixture_at(r, "landing_page"), "https://adresse.example");
    is_str(fixture_at(r, "issued"), "2019-11-06T14:49:15Z");
    is_str(fixture_at(r, "popularity.stars"), "5");
    json_decref(r);
    read_document(str_of(forge));
    r = fixture_json(&reading.items[0]);
    is_str(fixture_at(r, "keywords"), "[\"a\",\"b\"]");
    is_str(fixture_at(r, "badges"), "[\"fork\",\"template\"]");
    is_str(fixture_at(r, "relations.uses"), "[\"https://github.com/addok/addok\"]");
    is_str(fixture_at(r, "popularity.followers"), "2");
    json_decref(r);
    r = fixture_json(&reading.items[1]);
    is_str(fixture_at(r, "relations.uses"), "[\"https://github.com/up/stream\"]");
    json_decref(r);
}

static void test_parts(void)
{
    struct buf b = {0};
    buf_addc(&b, '[');
    for (int i = 0; i < 450; i++)
        buf_addf(&b, "%s{\"html_url\": \"https://github.com/a/r%d\"}", i ? "," : "", i);
    buf_addc(&b, ']');
    read_document(buf_str(&b));
    ok(reading.good);
    is_int(reading.n, 450);
    is_int(reading.parts, 3);
    is_text(reading.items[449].id, "cat:github.com/a/r449");
    b.n -= 5; // cut short: what came before stays
    read_document(buf_str(&b));
    ok(!reading.good);
    is_int(reading.error.code, ERR_PARSE);
    is_int(reading.n, 400);
    buf_free(&b);
}

static void test_failures(void)
{
    read_document(STR("[{\"html_url\": \"https://github.com/etalab\"}, 7, {\"html_url\": "
                      "\"https://github.com/a/b\", \"description\": \"x\" \"y\"},"
                      "{\"id\": \"https://github.com/A/c\", \"d\": \"x\" \"y\"}, {\"full_name\": "
                      "\"a/b\"}, {\"html_url\": "
                      "\"https://github.com/a/d\", \"description\": \"deux\nlignes\"}]"));
    ok(reading.good);
    is_int(reading.n, 6);
    is_str(reading.items[0].error.what, "its address is that of no repository");
    is_text(reading.items[0].id, "cat:https://github.com/etalab");
    is_str(reading.items[1].error.what, "the item is not an object");
    is_text(reading.items[2].id, "cat:github.com/a/b");
    is_int(reading.items[2].error.code, ERR_PARSE);
    is_text(reading.items[3].id, "cat:github.com/a/c");
    ok(!reading.items[3].record && !reading.items[4].record);
    is_text(reading.items[4].id, "");
    ok(reading.items[5].record != NULL); // a raw line end is read
    read_document(STR("{\"error\": \"maintenance\", \"code\": 3}"));
    ok(!reading.good);
    is_str(reading.error.what,
           "not a list of repositories: the page begins with \"{\"error\": \"maintenance\"\"");
    read_document(STR("<html>"));
    ok(!reading.good);
    is_int(reading.error.code, ERR_PARSE);
    read_document(STR(""));
    ok(!reading.good);
    read_document(STR("[]"));
    ok(reading.good);
    is_int(reading.n, 0);
    read_document(
        STR("{\"repositories\": [{\"html_url\": \"https://github.com/a/b\"}], \"total\": 1}"));
    ok(reading.good);
    is_int(reading.n, 1);
    struct err e = {0};
    struct driver_document document = {.fd = 0, .url = STR("x"), .folder = "/tmp"};
    ok(!fixture_driver->open(&fixture_source, STR("x"), &document, &e));
    is_int(e.code, ERR_CONFLICT);
}

int main(void)
{
    fixture_begin("codegouv", "https://code.example/data/codegouvfr-repositories.json", NULL);
    ok(fields_load("codegouv"));
    test_full();
    test_shapes();
    test_parts();
    test_failures();
    return fixture_end();
}
