// harvester/drivers/dcat.c and dcat/page.c: documents in parts, pages and where they lead, what is no catalogue.
#include "tests/unit/dcat_fixture.h"

#define SOURCE "http://cat.example/catalog"
#define PAGE2 "http://cat.example/catalog?page=2"

// ---- Links ---------------------------------------------------------------------------------------

static void add_link(void *links, const struct rdf_triple *triple)
{
    dcat_links_add(links, triple);
}

// Where a page leads: the address, "" for the end, or the error.
static const char *leads(const char *document, const char *before, const char *text)
{
    struct dcat_links links = {0};
    struct err e = {0};
    struct str next;
    dcat_triples(text, add_link, &links);
    const char *found =
        dcat_links_next(&links, STR(SOURCE), str_of(document), str_of(before), &arena, &next, &e)
            ? arena_z(&arena, next)
            : arena_z(&arena, str_of(e.what));
    dcat_links_free(&links);
    return found;
}

static void test_dialects(void)
{
    is_str(leads(SOURCE, NULL, ""), "");
    is_str(leads(SOURCE, NULL, "ex:c hydra:view ex:v\nex:v hydra:next <" PAGE2 ">"), PAGE2);
    is_str(leads(SOURCE, NULL, "ex:v hydra:next \"" PAGE2 "\""), PAGE2);
    is_str(leads(SOURCE, NULL, "ex:v a hydra:PagedCollection\n hydra:nextPage \"" PAGE2 "\""),
           PAGE2);
    is_str(leads(SOURCE, NULL, "ex:v ldp:nextPage <" PAGE2 ">"), PAGE2);
    is_str(leads(SOURCE, NULL, "ex:v ldp:nextPage rdf:nil"), "");
    is_str(leads(SOURCE, NULL, "ex:v <http://www.w3.org/1999/xhtml/vocab#next> \"?page=2\""),
           PAGE2);
    is_str(leads(SOURCE, NULL, "ex:v hydra:next \"  \""), "");
    // A page's own link before that of another view.
    is_str(leads(PAGE2, NULL,
                 "ex:v hydra:next \"" SOURCE "?page=1\"\n<" PAGE2 "> hydra:next \"" SOURCE
                 "?page=3\""),
           SOURCE "?page=3");
}

static void test_loops(void)
{
    is_str(leads(PAGE2, SOURCE, "ex:v hydra:next <" PAGE2 ">"), "");  // itself
    is_str(leads(PAGE2, SOURCE, "ex:v hydra:next <" SOURCE ">"), ""); // the source's address
    is_str(leads(SOURCE "?page=3", PAGE2, "ex:v hydra:next <" PAGE2 ">"), ""); // from where we came
    is_str(leads(PAGE2, SOURCE,
                 "ex:v hydra:next <" SOURCE "?page=1>\n hydra:first <" SOURCE "?page=1>"),
           "");
    is_str(leads(PAGE2 "#x", SOURCE, "ex:v hydra:next <" PAGE2 "#y>"), "");
}

static void test_origins(void)
{
    // The server does not know its name: the same path on another host, or with another scheme.
    is_str(leads(SOURCE, NULL, "ex:v hydra:next <https://cat.example/catalog?page=2>"), PAGE2);
    is_str(leads(SOURCE, NULL, "ex:v hydra:next <http://backend:8080/catalog?page=2>"), PAGE2);
    is_str(leads(SOURCE, NULL, "ex:v hydra:next <http://backend:8080/catalog/?page=2>"),
           "http://cat.example/catalog/?page=2");
    // Elsewhere on its own origin is well; elsewhere on another is not.
    is_str(leads(SOURCE, NULL, "ex:v hydra:next <http://cat.example/p/2>"),
           "http://cat.example/p/2");
    is_str(leads(SOURCE, NULL, "ex:v hydra:next <http://evil.example/steal?page=2>"),
           "the next page is on another server: http://evil.example/steal?page=2");
    is_str(leads(SOURCE, NULL, "ex:v hydra:next <file:///catalog>"),
           "the next page is on another server: file:///catalog");
}

static void test_totals(void)
{
    struct dcat_links links = {0};
    is_int(dcat_links_total(&links), -1);
    dcat_triples("ex:c hydra:totalItems \"12\"^^xsd:integer\nex:v hydra:totalItems \"many\"\n"
                 "ex:w hydra:totalItems \"7\"",
                 add_link, &links);
    is_int(dcat_links_total(&links), 12);
    dcat_links_free(&links);
    for (int i = 0; i < DCAT_LINKS_MAX + 5; i++) // a document of links
        dcat_triples("ex:c hydra:totalItems \"1\"", add_link, &links);
    is_int(links.n, DCAT_LINKS_MAX);
    dcat_links_free(&links);
}

// ---- Documents -----------------------------------------------------------------------------------

static struct {
    size_t parts, items, records, failed;
    int64_t announced;
    struct str next;
    const char *first; // id
    bool opened, whole;
    struct err error;
} seen;

static void harvest(const char *cursor, const char *url, const char *type, struct str text)
{
    int fd = fixture_document(text);
    struct driver_document document = {fd, str_of(url), str_of(type), "/tmp"};
    memset(&seen, 0, sizeof seen);
    void *reader = fixture_driver->open(&fixture_source, str_of(cursor), &document, &seen.error);
    seen.opened = reader != NULL;
    for (bool last = !reader; !last;) {
        struct driver_page page;
        if (!fixture_driver->next(reader, &arena, &page, &last, &seen.error))
            break;
        seen.parts++;
        seen.items += page.item_count;
        seen.announced = page.announced;
        seen.next = arena_str(&arena, page.next);
        seen.whole = last;
        ok(page.kind == (fixture_source.kind_count == 1 ? KIND_DATASET : KIND_COUNT));
        for (size_t i = 0; i < page.item_count; i++) {
            seen.first = seen.first ? seen.first : page.items[i].id.p;
            seen.records += page.items[i].record != NULL;
            seen.failed += page.items[i].error.code != ERR_NONE;
        }
    }
    if (reader)
        fixture_driver->close(reader);
    close(fd);
}

#define PREFIXES                                                                                   \
    "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n"   \
    "@prefix hydra: <http://www.w3.org/ns/hydra/core#> .\n"

static void test_formats(void)
{
    static const struct {
        const char *type, *text;
    } documents[] = {
        {"text/turtle", PREFIXES "<d1> a dcat:Dataset ; dct:title \"Un\"@fr ."},
        {"text/plain", PREFIXES "<d1> a dcat:Dataset ; dct:title \"Un\"@fr ."},
        {"application/n-triples",
         "<http://cat.example/d1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
         "<http://www.w3.org/ns/dcat#Dataset> .\n"
         "<http://cat.example/d1> <http://purl.org/dc/terms/title> \"Un\"@fr .\n"},
        {"application/trig", PREFIXES "<g> { <d1> a dcat:Dataset ; dct:title \"Un\"@fr . }"},
        {"application/rdf+xml",
         "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
         "xmlns:dct=\"http://purl.org/dc/terms/\"><Dataset xmlns=\"http://www.w3.org/ns/dcat#\" "
         "rdf:about=\"d1\"><dct:title xml:lang=\"fr\">Un</dct:title></Dataset></rdf:RDF>"},
        // What it says that it is, it is not.
        {"application/rdf+xml", PREFIXES "<d1> a dcat:Dataset ; dct:title \"Un\"@fr ."},
    };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        harvest(NULL, SOURCE, documents[i].type, str_of(documents[i].text));
        is_int(seen.records, 1);
        is_str(seen.first ? seen.first : seen.error.what, "cat:http://cat.example/d1");
        ok(seen.whole);
        is_text(seen.next, "");
    }
}

static void test_refused(void)
{
    harvest(NULL, SOURCE, "text/html", STR("<!DOCTYPE html><html><p>Bientôt</html>"));
    ok(!seen.opened);
    is_int(seen.error.code, ERR_PARSE);
    harvest(NULL, SOURCE, "text/turtle", STR("<a> <b> <c> ."));
    ok(!seen.opened);
    is_str(seen.error.what, "RDF with no dcat:Catalog, dcat:Dataset or dcat:DataService in it");
    harvest(NULL, SOURCE, "text/turtle",
            STR(PREFIXES "<c> a dcat:Catalog ; dcat:dataset <http://other.example/d1> ."));
    ok(!seen.opened);
    is_str(seen.error.what, "the catalogue names datasets and describes none of them");
    harvest(NULL, SOURCE, "text/turtle",
            STR(PREFIXES "<d1> a dcat:Dataset ; dct:title \"Un\" .\n<d2> a dcat:Dataset ; dct:ti"));
    ok(!seen.opened); // cut short: nothing of it
    is_int(seen.error.code, ERR_PARSE);
    // An empty catalogue is one; so is an empty page behind the first.
    harvest(NULL, SOURCE, "text/turtle", STR(PREFIXES "<c> a dcat:Catalog ; dct:title \"C\" ."));
    ok(seen.opened && seen.whole);
    is_int(seen.items, 0);
    harvest("{\"page\":\"" PAGE2 "\"}", PAGE2, "text/turtle", STR("<a> <b> <c> ."));
    ok(seen.opened && seen.whole);
}

// A catalogue that describes nothing leads to the documents of what it names.
static void test_linked(void)
{
    harvest(NULL, SOURCE, "text/turtle",
            STR(PREFIXES "<c> a dcat:Catalog ; dcat:catalog <c1>, <catalog#x> ; dcat:dataset "
                         "<d2#it>, <d2>, <http://other.example/d3> .\n<d2> a dcat:Dataset ."));
    ok(seen.whole);
    is_int(seen.items, 0); // nothing bare is told: it will be read
    is_text(seen.next, "{\"page\":\"http://cat.example/c1\",\"rest\":\"d "
                       "http://cat.example/d2\\n\",\"linked\":true}");
    // The catalogue behind it: its datasets come first, its catalogues are left.
    const char *cursor = arena_z(&arena, seen.next);
    harvest(cursor, "http://cat.example/c1", "text/turtle",
            STR(PREFIXES "<c1> a dcat:Catalog ; dcat:catalog <c2> ; dcat:dataset <d1> ."));
    is_text(seen.next, "{\"page\":\"http://cat.example/d1\",\"rest\":\"d "
                       "http://cat.example/d2\\n\",\"linked\":true,\"leaf\":true}");
    // A dataset: its own links are not followed; one that is named beside it is left out without a word.
    cursor = arena_z(&arena, seen.next);
    harvest(cursor, "http://cat.example/d1", "text/turtle",
            STR(PREFIXES
                "<d1> a dcat:Dataset ; dct:title \"Un\" .\n<c1> dcat:dataset <d1>, <d9> .\n"
                "<d9> a dcat:Dataset ."));
    is_int(seen.records, 1);
    is_int(seen.items, 1);
    is_text(seen.next, "{\"page\":\"http://cat.example/d2\",\"linked\":true,\"leaf\":true}");
    // One that cannot be read costs only itself.
    is_text(fixture_driver->behind(&fixture_source, str_of(cursor), &arena),
            arena_z(&arena, seen.next));
    cursor = arena_z(&arena, seen.next);
    is_text(fixture_driver->behind(&fixture_source, str_of(cursor), &arena), "");
    harvest(cursor, "http://cat.example/d2", "text/turtle", STR("<a> <b> <c> ."));
    ok(seen.whole);
    is_text(seen.next, "");
    // A FAIR Data Point is no dcat:Catalog.
    harvest(NULL, SOURCE, "text/turtle",
            STR("<> <https://w3id.org/fdp/fdp-o#metadataCatalog> </catalog/7> ."));
    is_text(seen.next, "{\"page\":\"http://cat.example/catalog/7\",\"linked\":true}");
    // One description is enough: what is only named beside it is one line of the report.
    harvest(NULL, SOURCE, "text/turtle",
            STR(PREFIXES "<c> a dcat:Catalog ; dcat:dataset <d1>, <d2>, <d3> .\n"
                         "<d1> a dcat:Dataset ; dct:title \"Un\" .\n<d2> a dcat:Dataset .\n"
                         "<d3> a dcat:Dataset ."));
    is_text(seen.next, "");
    is_int(seen.records, 1);
    is_int(seen.failed, 1);
    is_int(seen.items, 2);
    // A file leads nowhere.
    harvest(NULL, "file:///srv/c.ttl", "text/turtle",
            STR(PREFIXES "<d3> a dcat:Dataset ; dcat:inSeries <s> ."));
    is_int(seen.failed, 1);
    is_text(seen.next, "");
}

static void add_linked(void *linked, const struct rdf_triple *triple)
{
    dcat_linked_add(linked, triple);
}

static void test_links_over(void)
{
    struct dcat_linked linked = {0};
    size_t elsewhere;
    char text[100];
    for (int i = 0; i < DCAT_LINKED_MAX + 3; i++) {
        snprintf(text, sizeof text, "ex:c dcat:dataset <http://cat.example/%d>", i % 5);
        dcat_triples(text, add_linked, &linked);
    }
    is_int(linked.over, 3);
    struct str rest = dcat_linked_text(&linked, true, STR(SOURCE), STR(SOURCE), &arena, &elsewhere),
               url;
    bool leaf = false;
    int n = 0;
    while (dcat_linked_take(&rest, &url, &leaf))
        n += leaf;
    is_int(n, 5); // each once
    is_int(elsewhere, 0);
    dcat_linked_free(&linked);
}

static void test_parts(void)
{
    struct buf b = {0};
    buf_addz(&b, PREFIXES "<c> a dcat:Catalog ; hydra:totalItems 451 ; hydra:view <v> .\n"
                          "<v> hydra:next <" PAGE2 "> ; hydra:last <" SOURCE "?page=9> .\n");
    for (int i = 0; i < 450; i++)
        buf_addf(&b, "<d%d> a dcat:Dataset, dcat:DatasetSeries ; dct:title \"%d\" .\n", i, i);
    buf_addz(&b, "<s> a dcat:DatasetSeries ; dct:title \"S\" .\n<api> a dcat:DataService ; "
                 "dct:title \"A\" .\n"
                 "<broken> a dcat:Dataset ; dct:identifier \"x\" .\n");
    harvest(NULL, SOURCE, "text/turtle", buf_str(&b));
    is_int(seen.items, 453);
    is_int(seen.records, 452);
    is_int(seen.failed, 1);
    ok(seen.parts > 3 && seen.whole);
    is_int(seen.announced, 451);
    is_text(seen.next,
            "{\"page\":\"" PAGE2 "\",\"before\":\"" SOURCE "\",\"last\":\"" SOURCE "?page=9\"}");

    fixture_source.kind_count = 1; // datasets alone: the total may count services as well
    harvest(NULL, SOURCE, "text/turtle", buf_str(&b));
    is_int(seen.records, 451);
    is_int(seen.announced, -1);
    fixture_source.kind_count = 2;
    // A file of a folder leads nowhere.
    harvest(NULL, "file:///tmp/catalog.ttl", "", buf_str(&b));
    is_int(seen.records, 452);
    is_text(seen.next, "");
    buf_free(&b);
}

static void test_next_elsewhere(void)
{
    harvest(NULL, SOURCE, "text/turtle",
            STR(PREFIXES "<d1> a dcat:Dataset ; dct:title \"Un\" .\n"
                         "<v> hydra:next <http://evil.example/x> ."));
    is_int(seen.records, 1); // this page is well; the sweep is not whole
    ok(seen.opened && !seen.whole);
    is_int(seen.error.code, ERR_REFUSED);
}

static void test_requests(void)
{
    struct driver_request request = {0};
    struct err e = {0};
    ok(fixture_driver->request(&fixture_source, STR_NONE, &arena, &request, &e));
    is_text(request.url, SOURCE);
    ok(fixture_driver->request(&fixture_source, STR("{\"page\":\"" PAGE2 "\"}"), &arena, &request,
                               &e));
    is_text(request.url, PAGE2);
    ok(!fixture_driver->request(&fixture_source, STR("{\"page\":"), &arena, &request, &e));
    is_int(e.code, ERR_PARSE);

    is_text(fixture_driver->behind(&fixture_source,
                                   STR("{\"page\":\"" PAGE2 "\",\"last\":\"" SOURCE "?page=4\"}"),
                                   &arena),
            "{\"page\":\"" SOURCE "?page=3\",\"before\":\"" PAGE2 "\",\"last\":\"" SOURCE
            "?page=4\"}");
    is_text(fixture_driver->behind(&fixture_source,
                                   STR("{\"page\":\"" PAGE2 "\",\"last\":\"" PAGE2 "\"}"), &arena),
            "");
    is_text(fixture_driver->behind(&fixture_source, STR("{\"page\":\"" PAGE2 "\"}"), &arena), "");
    is_text(fixture_driver->behind(&fixture_source, STR_NONE, &arena), "");
}

int main(void)
{
    fixture_begin("dcat", SOURCE, NULL);
    fixture_source.kinds[1] = KIND_DATASERVICE;
    fixture_source.kind_count = 2;
    test_dialects();
    test_loops();
    test_origins();
    test_totals();
    test_formats();
    test_refused();
    test_linked();
    test_links_over();
    test_parts();
    test_next_elsewhere();
    test_requests();
    return fixture_end();
}
