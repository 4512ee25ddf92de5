// harvester/drivers/udata: the walk through the lists, items that cannot be read, API 2 with its links, single
// records. (The mapping: test_udata_map.c, test_udata_fields.c.)
#include "tests/unit/udata_fixture.h"

static const struct driver *udata;
static struct err e;

// ---- The walk ------------------------------------------------------------------------------------

static struct str url_of(struct str cursor)
{
    struct driver_request r = {0};
    e = (struct err){0};
    return udata->request(&fixture_source, cursor, &arena, &r, &e) ? r.url : STR("refused");
}

static struct driver_page page;

// Reads a page of which only this is told.
static bool read_body(struct str cursor, int status, struct str body)
{
    struct driver_response response = {.status = status, .body = body, .url = url_of(cursor)};
    e = (struct err){0};
    return udata->read(&fixture_source, cursor, &response, 1, &arena, &page, &e);
}

// A page of n datasets that begins with number `first`, as udata's envelope has it.
static struct str envelope(int first, int n, int total, bool more)
{
    struct buf b = {0};
    buf_addz(&b, "{\"data\":[");
    for (int i = 0; i < n; i++)
        buf_addf(&b, "%s{\"id\":\"%024x\",\"title\":\"Jeu %d\"}", i ? "," : "", first + i,
                 first + i);
    buf_addf(&b,
             "],\"page\":1,\"page_size\":2,\"total\":%d,\"next_page\":%s,\"previous_page\":null}",
             total, more ? "\"https://elsewhere.example/?page=2\"" : "null");
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static void requests(void)
{
    is_text(url_of(STR_NONE),
            "https://www.data.gouv.fr/api/1/datasets/?page=1&page_size=2&sort=created");
    is_text(url_of(STR("{\"kind\":1,\"page\":3,\"total\":9}")),
            "https://www.data.gouv.fr/api/1/dataservices/?page=3&page_size=2&sort=created");
    is_text(url_of(STR("{\"kind\":2,\"page\":1,\"total\":-1}")),
            "https://www.data.gouv.fr/api/1/reuses/?page=1&page_size=2&sort=created");
    is_text(url_of(STR("{\"kind\":3,\"page\":1,\"total\":-1}")),
            "https://www.data.gouv.fr/api/1/organizations/?page=1&page_size=2&sort=created");
    fixture_options.api = 2; // of datasets only
    is_text(url_of(STR_NONE),
            "https://www.data.gouv.fr/api/2/datasets/?page=1&page_size=2&sort=created");
    is_text(url_of(STR("{\"kind\":2,\"page\":1}")),
            "https://www.data.gouv.fr/api/1/reuses/?page=1&page_size=2&sort=created");
    fixture_options.api = 1;
    fixture_config.url = STR("https://udata.exemple.fr/portail///");
    is_text(url_of(STR_NONE),
            "https://udata.exemple.fr/portail/api/1/datasets/?page=1&page_size=2&sort=created");
    fixture_config.url = STR("https://www.data.gouv.fr/");

    is_text(url_of(STR("{\"kind\":4,\"page\":1}")), "refused");
    is_int(e.code, ERR_CONFLICT);
    is_text(url_of(STR("{\"kind\":-1,\"page\":1}")), "refused");
    is_int(e.code, ERR_CONFLICT);
    is_text(url_of(STR("page 2")), "refused");
    is_int(e.code, ERR_PARSE);
    ok(!read_body(STR("{\"kind\":4}"), 200, envelope(1, 1, 1, false)));
    is_int(e.code, ERR_CONFLICT);
    ok(!read_body(STR("{"), 200, envelope(1, 1, 1, false)));
    is_int(e.code, ERR_PARSE);
}

// From the first dataset to the last organization. The links of the envelope are not followed: they only say "more".
static void sweep(void)
{
    static const struct {
        int n, total;
        bool more;
        enum record_kind kind;
        const char *next;
    } pages[] = {
        {2, 5, true, KIND_DATASET, "{\"kind\":0,\"page\":2,\"total\":5}"},
        {2, 5, true, KIND_DATASET, "{\"kind\":0,\"page\":3,\"total\":5}"},
        {1, 5, false, KIND_DATASET, "{\"kind\":1,\"page\":1,\"total\":-1}"},
        {0, 0, false, KIND_DATASERVICE,
         "{\"kind\":2,\"page\":1,\"total\":-1}"}, // none: 200 and empty
        {2, 2, false, KIND_REUSE, "{\"kind\":3,\"page\":1,\"total\":-1}"},
        {2, 3, true, KIND_ORGANIZATION, "{\"kind\":3,\"page\":2,\"total\":3}"},
        {1, 3, false, KIND_ORGANIZATION, ""},
    };
    struct str cursor = STR_NONE;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        ok(read_body(cursor, 200,
                     envelope((int)i * 10, pages[i].n, pages[i].total, pages[i].more)));
        is_int(page.kind, pages[i].kind);
        is_int(page.item_count, pages[i].n);
        is_int(page.announced, pages[i].total);
        is_int(page.follow.n, 0);
        is_text(page.next, pages[i].next);
        cursor = page.next;
    }
    // The total grows: newcomers are at the end, nothing is read again.
    ok(read_body(STR("{\"kind\":0,\"page\":2,\"total\":5}"), 200, envelope(3, 2, 6, true)));
    is_text(page.next, "{\"kind\":0,\"page\":3,\"total\":6}");
    // An empty page ends a list, whatever its envelope says.
    ok(read_body(STR("{\"kind\":0,\"page\":2,\"total\":5}"), 200, envelope(3, 0, 5, true)));
    is_text(page.next, "{\"kind\":1,\"page\":1,\"total\":-1}");
    // Without a total.
    ok(read_body(STR_NONE, 200,
                 STR("{\"data\":[{\"id\":\"1\",\"title\":\"t\"}],\"next_page\":\"x\"}")));
    is_int(page.announced, -1);
    is_text(page.next, "{\"kind\":0,\"page\":2,\"total\":-1}");
}

// When something was removed, what followed moved up: the page before holds a record that no page showed yet.
static void shrinking(void)
{
    ok(read_body(STR("{\"kind\":0,\"page\":3,\"total\":9}"), 200, envelope(5, 2, 8, true)));
    is_int(page.item_count, 2);
    is_text(page.next, "{\"kind\":0,\"page\":2,\"total\":8,\"again\":true}");
    ok(read_body(page.next, 200, envelope(3, 2, 8, true)));
    is_text(page.next, "{\"kind\":0,\"page\":3,\"total\":8}");
    ok(read_body(page.next, 200, envelope(5, 2, 8, true)));
    is_text(page.next, "{\"kind\":0,\"page\":4,\"total\":8}");
    // Again on the last page: it does not end the list before the page before was read again.
    ok(read_body(page.next, 200, envelope(7, 1, 7, false)));
    is_text(page.next, "{\"kind\":0,\"page\":3,\"total\":7,\"again\":true}");
    // Shrinking further while a page is read again goes on, and ends.
    ok(read_body(page.next, 200, envelope(5, 2, 6, false)));
    is_text(page.next, "{\"kind\":1,\"page\":1,\"total\":-1}");
    // Nothing stands before the first page.
    ok(read_body(STR("{\"kind\":0,\"page\":1,\"total\":9}"), 200, envelope(1, 2, 8, true)));
    is_text(page.next, "{\"kind\":0,\"page\":2,\"total\":8}");
}

static void past_the_end(void)
{
    struct str gone = STR("{\"message\":\"Not Found\"}");
    // The server said that there was more, and its total did not.
    ok(read_body(STR("{\"kind\":0,\"page\":3,\"total\":4}"), 404, gone));
    is_int(page.item_count, 0);
    is_int(page.announced, 4);
    is_text(page.next, "{\"kind\":1,\"page\":1,\"total\":-1}");
    ok(read_body(STR("{\"kind\":3,\"page\":3,\"total\":4}"), 404, gone));
    is_text(page.next, "");
    ok(read_body(STR("{\"kind\":0,\"page\":3,\"total\":-1}"), 404, gone));
    is_text(page.next, "{\"kind\":1,\"page\":1,\"total\":-1}");
    // It was to be there: the list shrank, its last records moved up.
    ok(read_body(STR("{\"kind\":0,\"page\":3,\"total\":5}"), 404, gone));
    is_text(page.next, "{\"kind\":0,\"page\":2,\"total\":4,\"again\":true}");
    ok(read_body(page.next, 200, envelope(3, 2, 4, false)));
    is_text(page.next, "{\"kind\":1,\"page\":1,\"total\":-1}");
    ok(read_body(STR("{\"kind\":0,\"page\":2,\"total\":4,\"again\":true}"), 404, gone));
    is_text(page.next, "{\"kind\":0,\"page\":1,\"total\":2,\"again\":true}"); // by more than a page
    // A list that is not there at all is no empty list.
    ok(!read_body(STR_NONE, 404, gone));
    is_int(e.code, ERR_HTTP);
    is_int(e.http_status, 404);
    is_str(e.what, "the list of datasets answers 404");
    ok(!read_body(STR("{\"kind\":3,\"page\":1,\"total\":-1}"), 410, gone));
    is_int(e.http_status, 410);
    is_str(e.what, "the list of organizations answers 410");
}

static void broken_pages(void)
{
    ok(!read_body(STR_NONE, 200, STR("<html>")));
    is_int(e.code, ERR_PARSE);
    ok(!read_body(STR_NONE, 200, STR("")));
    ok(!read_body(STR_NONE, 200, STR("{\"message\":\"maintenance\"}")));
    ok(!read_body(STR_NONE, 200, STR("{\"data\":[{\"id\":\"1\"}],\"total\"")));
    ok(!read_body(STR_NONE, 200, STR("[]"))); // not udata's: never taken for an empty catalogue
    is_int(e.code, ERR_PARSE);
    ok(!read_body(STR_NONE, 200, STR("[{\"id\":\"1\",\"title\":\"t\"}]")));
}

// ---- Items ---------------------------------------------------------------------------------------

static void broken_items(void)
{
    ok(read_body(
        STR_NONE, 200,
        STR("{\"data\":["
            "{\"id\":\"5a01\",\"title\":\"Bon\"},"
            "{\"title\":\"\\ud800\",\"x\":\"id\",\"o\":{\"id\":\"5aff\"},\"id\" : \"5a02\"},"
            "{\"id\":\"5a03\",\"n\":1e400},"
            "{\"id\":\"not/an id\",\"title\":tru},"
            "{\"title\":tru},"
            "12,"
            "{\"title\":\"Sans id\"},"
            "{\"id\":\"5a04\"},"
            "{\"id\":\"5a05\",\"title\":\"{{name}}\",\"slug\":\"nom-de-remplacement\"},"
            "{\"id\":\"5a06\",\"title\":\"Secret\",\"private\":true},"
            "{\"id\":\"5a07\",\"title\":\"Supprim\\u00e9\",\"deleted\":\"2026-01-02\"},"
            "{\"id\":\"5a08\",\"title\":\"d\xE9j\xE0\"}"
            "],\"total\":12,\"next_page\":null}")));
    static const struct {
        const char *id, *title, *what; // of a record, of an error
        bool skipped;
    } items[] = {
        {"data.gouv.fr:5a01", "Bon", NULL, false},
        {"data.gouv.fr:5a02", "\xEF\xBF\xBD", NULL, false}, // half of a pair
        {"data.gouv.fr:5a03", NULL, "not valid JSON: real number overflow near '1e400' (byte 22)",
         false},
        {"", NULL, "not valid JSON: invalid token near 'tru' (byte 29)", false},
        {"", NULL, "not valid JSON: invalid token near 'tru' (byte 12)", false},
        {"", NULL, "the item is not an object", false},
        {"", NULL, "the item has no id", false},
        {"data.gouv.fr:5a04", NULL, "the item has no title", false},
        {"data.gouv.fr:5a05", "nom-de-remplacement", NULL, false},
        {"data.gouv.fr:5a06", NULL, NULL, true},
        {"data.gouv.fr:5a07", NULL, NULL, true},
        {"data.gouv.fr:5a08", "d\xEF\xBF\xBDj\xEF\xBF\xBD", NULL, false},
    };
    is_int(page.item_count, sizeof items / sizeof *items);
    for (size_t i = 0; i < page.item_count; i++) {
        const struct driver_item *item = &page.items[i];
        is_text(item->id, items[i].id);
        is_int(item->skipped, items[i].skipped);
        is_text(item->record ? item->record->title : STR("none"),
                items[i].title ? items[i].title : "none");
        is_str(item->error.what, items[i].what ? items[i].what : "");
    }
    is_int(page.repaired, 3);
    is_int(page.mojibake, 2);
}

// ---- API 2: resources behind links ---------------------------------------------------------------

static const char linked[] =
    "{\"data\":["
    "{\"id\":\"5a01\",\"title\":\"Un\",\"resources\":{\"rel\":\"subsection\",\"href\":"
    "\"https://elsewhere.example/steal\",\"type\":\"GET\",\"total\":2}},"
    "{\"id\":\"5a02\",\"title\":\"Deux\",\"resources\":{\"rel\":\"subsection\",\"total\":0}},"
    "{\"id\":\"5a03\",\"title\":\"Trois\",\"resources\":{\"total\":5000}},"
    "{\"id\":\"../5a04\",\"title\":\"Quatre\",\"resources\":{\"total\":1}}"
    "],\"total\":4,\"next_page\":null}";

static void linked_resources(void)
{
    fixture_options.api = 2;
    ok(read_body(STR_NONE, 200, str_of(linked)));
    is_int(page.follow.n, 2);
    is_text(page.follow.v[0],
            "https://www.data.gouv.fr/api/2/datasets/5a01/resources/?page=1&page_size=2");
    is_text(page.follow.v[1],
            "https://www.data.gouv.fr/api/2/datasets/5a03/resources/?page=1&page_size=2000");

    struct driver_response responses[3] = {
        {.status = 200, .body = str_of(linked), .url = url_of(STR_NONE)},
        {.status = 200,
         .url = page.follow.v[0],
         .body = STR("{\"data\":[{\"title\":\"Premier\",\"url\":\"https://exemple.org/a.csv\","
                     "\"format\":\"csv\"},{\"title\":\"Second\",\"url\":\"mailto:x@exemple.org\"}],"
                     "\"total\":2}")},
        {.status = 404, .body = STR("{}"), .url = page.follow.v[1]},
    };
    ok(udata->read(&fixture_source, STR_NONE, responses, 3, &arena, &page, &e));
    is_int(page.follow.n, 0);
    is_int(page.item_count, 4);
    const struct record *r = page.items[0].record;
    is_int(r ? r->distribution_count : 0, 2);
    if (r && r->distribution_count == 2) {
        is_text(r->distributions[0].title, "Premier");
        is_text(r->distributions[0].url, "https://exemple.org/a.csv");
        is_text(r->distributions[0].format, "csv");
        is_text(r->distributions[1].title, "Second");
        is_text(r->distributions[1].url, ""); // nobody's address of mail
    }
    ok(page.items[1].record && page.items[1].record->distribution_count == 0);
    // Without its resources it would be another record: an error, and seen.
    ok(!page.items[2].record && !page.items[2].skipped);
    is_text(page.items[2].id, "data.gouv.fr:5a03");
    is_int(page.items[2].error.code, ERR_HTTP);
    is_int(page.items[2].error.http_status, 404);
    is_int(page.cut, 1); // 3000 of them are not asked for
    ok(!page.items[3].record);
    is_text(page.items[3].id, "data.gouv.fr:../5a04");
    is_int(page.items[3].error.code, ERR_RECORD);

    static const char *const broken[] = {"<html>", "{\"data\":[{\"title\":tru}],\"total\":1}",
                                         "{\"data\":[{\"title\":\"a\"}", "[]"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        responses[1].body = str_of(broken[i]);
        ok(udata->read(&fixture_source, STR_NONE, responses, 3, &arena, &page, &e));
        ok(!page.items[0].record);
        is_text(page.items[0].id, "data.gouv.fr:5a01");
        is_int(page.items[0].error.code, ERR_PARSE);
        ok(page.items[1].record != NULL);
    }
    // A follow-up that is still missing is asked for again.
    ok(udata->read(&fixture_source, STR_NONE, responses, 1, &arena, &page, &e));
    is_int(page.follow.n, 2);
    fixture_options.api = 1;
}

// ---- One record ----------------------------------------------------------------------------------

static struct str probe_url(const char *id, enum record_kind kind)
{
    struct driver_request r = {0};
    return udata->probe(&fixture_source, str_of(id), kind, &arena, &r) ? r.url : STR("none");
}

static enum driver_presence presence(int status, const char *body)
{
    struct driver_response response = {.status = status, .body = str_of(body)};
    struct driver_item item;
    return udata->probe_read(&fixture_source, KIND_DATASET, &response, &arena, &item);
}

static void probes(void)
{
    is_text(probe_url("data.gouv.fr:5a01", KIND_DATASET),
            "https://www.data.gouv.fr/api/1/datasets/5a01/");
    is_text(probe_url("data.gouv.fr:dataservice.5b01", KIND_DATASERVICE),
            "https://www.data.gouv.fr/api/1/dataservices/5b01/");
    is_text(probe_url("data.gouv.fr:reuse.5c01", KIND_REUSE),
            "https://www.data.gouv.fr/api/1/reuses/5c01/");
    is_text(probe_url("data.gouv.fr:organization.5d01", KIND_ORGANIZATION),
            "https://www.data.gouv.fr/api/1/organizations/5d01/");
    const char *alive = "{\"id\":\"5a01\",\"title\":\"Un\",\"archived\":null,\"deleted\":null}";
    is_int(presence(410, "{\"message\":\"Dataset has been deleted\"}"), PRESENCE_GONE);
    is_int(presence(404, "{\"message\":\"Not Found\"}"), PRESENCE_UNKNOWN);
    is_int(presence(200, alive), PRESENCE_ALIVE);
    is_int(
        presence(200,
                 "{\"id\":\"5a01\",\"title\":\"Un\",\"archived\":\"2026-01-02T03:04:05+00:00\"}"),
        PRESENCE_ARCHIVED);
    is_int(presence(200, "{\"id\":\"5a01\",\"title\":\"Un\",\"private\":true}"), PRESENCE_UNKNOWN);
    is_int(presence(200, "{\"id\":\"5a01\",\"title\":\"Un\",\"deleted\":\"2026-01-02\"}"),
           PRESENCE_GONE);
    is_int(presence(200, "<html>"), PRESENCE_UNKNOWN);
    is_int(presence(200, "[]"), PRESENCE_UNKNOWN);
    is_int(presence(200, "{\"id\":\"5a01\"}"), PRESENCE_ALIVE); // unreadable for us, and there
    is_int(presence(410, ""), PRESENCE_GONE);
    is_int(presence(503, alive), PRESENCE_UNKNOWN);
}

int main(void)
{
    fixture_begin();
    fixture_config.page_size = 2;
    udata = driver_find(STR("udata"));
    ok(udata != NULL);
    ok(driver_find(STR("ckanx")) == NULL);
    requests();
    sweep();
    shrinking();
    past_the_end();
    broken_pages();
    broken_items();
    linked_resources();
    probes();
    fixture_end();
    return tap_done();
}
