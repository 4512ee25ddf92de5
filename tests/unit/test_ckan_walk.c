// harvester/drivers/ckan: the walk through packages, what is no page, and one package by its address: each quirk of CKAN's and DKAN's.
#include "tests/unit/ckan_fixture.h"

static struct driver_page page;

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
    is_text(page.next, "{\"way\":0,\"start\":7,\"total\":17,\"step\":2,\"again\":true}");
    ok(read_body(page.next, found(7, 2, 16))); // once more meanwhile: the page behind tells
    is_text(page.next, "{\"way\":0,\"start\":9,\"total\":17,\"step\":2}");
    ok(read_body(page.next, found(9, 2, 16)));
    is_text(page.next, "{\"way\":0,\"start\":8,\"total\":16,\"step\":2,\"again\":true}");
    ok(read_body(STR("{\"start\":2,\"total\":20}"), found(2, 2, 4))); // over the whole
    is_text(page.next, "{\"way\":0,\"start\":0,\"total\":4,\"step\":2,\"again\":true}");
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
    fixture_end();
    return tap_done();
}
