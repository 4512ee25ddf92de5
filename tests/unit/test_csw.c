// harvester/drivers/csw: the walk, every way in which servers tell the next page, exceptions, what is none; Dublin Core and RDF records; files.
#include "harvester/drivers/csw/rdf_element.h"
#include "tests/unit/xml_fixture.h"

// As the driver has it.
struct csw_options {
    unsigned schema, sort;
    int64_t max_records;
    struct str record_url;
};
static struct csw_options options = {.max_records = 2};
static const struct driver *csw;
static struct err e;
static struct driver_page page;

static struct driver_request asked(const char *cursor)
{
    struct driver_request r = {0};
    e = (struct err){0};
    if (!csw->request(&xml_source, str_of(cursor), &arena, &r, &e))
        r.url = STR("refused");
    return r;
}

static bool read_status(const char *cursor, int status, const char *body)
{
    struct driver_response response = {
        .status = status, .body = str_of(body), .url = STR("file:///d/fiche.xml")};
    e = (struct err){0};
    return csw->read(&xml_source, str_of(cursor), &response, 1, &arena, &page, &e);
}

// A page of n records, with the attributes of its results; where the next one starts, 0 at the end, -1 when it cannot be read.
static int64_t next_of(int64_t start, const char *attributes, int n)
{
    struct buf b = {0};
    buf_addf(&b,
             "<csw:GetRecordsResponse xmlns:csw='http://www.opengis.net/cat/csw/2.0.2'>"
             "<csw:SearchResults %s>",
             attributes);
    for (int i = 0; i < n; i++)
        buf_addf(&b,
                 "<csw:Record xmlns:dc='d'><dc:identifier>r%d</dc:identifier><dc:title>T"
                 "</dc:title></csw:Record>",
                 (int)start + i);
    buf_addz(&b, "</csw:SearchResults></csw:GetRecordsResponse>");
    struct str document = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    struct str cursor = arena_printf(&arena, "{\"start\":%d}", (int)start);
    if (!read_status(cursor.p, 200, document.p))
        return -1;
    if (!page.next.n)
        return 0;
    json_t *o = json_read(page.next, &arena, NULL, NULL);
    int64_t next = jget_int(o, "start", -2);
    json_decref(o);
    return next;
}

static void requests(void)
{
    struct driver_request r = asked("");
    is_text(r.url, "https://geo.exemple.fr/csw");
    is_text(r.content_type, "application/xml; charset=utf-8");
    ok(str_find(r.body, STR("outputSchema=\"http://www.isotc211.org/2005/gmd\"")) > 0);
    ok(str_find(r.body, STR("startPosition=\"1\" maxRecords=\"2\"")) > 0);
    ok(str_find(r.body, STR("resultType=\"results\"")) > 0);
    ok(str_find(r.body, STR("<ogc:PropertyName>dc:identifier</ogc:PropertyName>")) > 0);
    struct driver_item first;
    ok(xml_fixture_items(arena_z(&arena, r.body), &first) == 0 && !first.error.code); // it is XML
    r = asked("{\"start\":41,\"schema\":2,\"sort\":1}");
    ok(str_find(r.body, STR("startPosition=\"41\"")) > 0);
    ok(str_find(r.body, STR("outputSchema=\"http://www.w3.org/ns/dcat#\"")) > 0);
    ok(str_find(r.body, STR("apiso:Identifier")) > 0);
    ok(str_find(asked("{\"start\":1,\"sort\":2}").body, STR("SortBy")) < 0);
    is_text(asked("{\"start\":0}").url, "refused");
    is_text(asked("{\"sort\":9}").url, "refused");
    is_text(asked("nothing").url, "refused");
    // What a link to GetCapabilities says is left out, what the service needs stays.
    xml_config.url =
        STR("https://h.fr/cat?map=a.map&SERVICE=CSW&request=GetCapabilities&Version=2.0.2&x=1");
    is_text(asked("").url, "https://h.fr/cat?map=a.map&x=1");
    xml_config.url = STR("https://h.fr/csw?service=CSW&request=GetCapabilities");
    is_text(asked("").url, "https://h.fr/csw");
    xml_config.url = STR("https://geo.exemple.fr/csw");
    is_text(csw->behind(&xml_source, STR(""), &arena),
            "{\"start\":3,\"schema\":0,\"sort\":0,\"matched\":0}");
    is_text(csw->behind(&xml_source, STR("{\"start\":3,\"matched\":0}"), &arena), "");
    is_text(csw->behind(&xml_source, STR("{\"start\":3,\"matched\":4}"), &arena),
            "{\"start\":5,\"schema\":0,\"sort\":0,\"matched\":4}");
    is_text(csw->behind(&xml_source, STR("{\"start\":5,\"matched\":4}"), &arena), "");
    is_text(csw->behind(&xml_source, STR("{"), &arena), "");
}

static void next_pages(void)
{
#define COUNTS(matched, returned, next)                                                            \
    "numberOfRecordsMatched='" matched "' numberOfRecordsReturned='" returned                      \
    "' nextRecord='" next "'"
    is_int(next_of(1, COUNTS("5", "2", "3"), 2), 3);
    is_int(page.announced, 5);
    is_int(page.kind, KIND_COUNT);
    is_int(next_of(5, COUNTS("5", "1", "0"), 1), 0);
    is_int(next_of(5, COUNTS("5", "1", "6"), 1), 0); // beyond the end
    is_int(next_of(3, COUNTS("5", "2", "0"), 2), 5); // 0 before the end
    is_int(next_of(3, COUNTS("5", "2", "3"), 2), 5); // where we are
    is_int(next_of(3, COUNTS("5", "2", "1"), 2), 5); // before
    is_int(next_of(1, COUNTS("9", "2", "6"), 2), 6); // some were left out
    is_int(next_of(1, COUNTS("9", "2", "2"), 2), 3); // overlapping
    is_int(next_of(1, COUNTS("9", "2", "3"), 1), 3); // one of two could not be shown
    is_int(next_of(1, COUNTS("9", "2000000", "3"), 1), 3);
    is_int(next_of(1, COUNTS("9", "0", "3"), 0), 3); // none of them
    is_int(next_of(3, COUNTS("9", "0", "0"), 0), 0); // nothing any more
    is_int(next_of(3, COUNTS("9", "0", "3"), 0), 0);
    is_int(next_of(1, COUNTS("0", "0", "0"), 0), 0);
    is_int(page.announced, 0);
    is_int(next_of(1, "numberOfRecordsMatched='5'", 2), 3); // missing
    is_int(next_of(5, "numberOfRecordsMatched='5'", 1), 0);
    is_int(next_of(1, "", 2), 3); // nothing is told: a full page is not the last
    is_int(page.announced, -1);
    is_int(next_of(3, "", 1), 0);
    is_int(next_of(3, "nextRecord='5'", 2), 5);
    is_int(next_of(3, "nextRecord='0'", 2), 0);
    is_int(next_of(3, "nextRecord='x' numberOfRecordsMatched='many'", 2), 5);
}

static void exceptions(void)
{
#define EXCEPTION(code, locator, text)                                                             \
    "<ows:ExceptionReport xmlns:ows='http://www.opengis.net/ows'><ows:Exception "                  \
    "exceptionCode='" code "' locator='" locator "'><ows:ExceptionText>" text                      \
    "</ows:ExceptionText></ows:Exception>"                                                         \
    "</ows:ExceptionReport>"
    ok(!read_status("", 200, EXCEPTION("NoApplicableCode", "", "base  de\ndonnées arrêtée")));
    is_int(e.code, ERR_PARSE);
    is_str(e.what,
           "the catalogue answers with an exception: NoApplicableCode: base de données arrêtée");
    // About sorting: without it, from the beginning.
    ok(read_status("{\"start\":3}", 200, EXCEPTION("InvalidParameterValue", "SortBy", "no")));
    is_int(page.item_count, 0);
    is_text(page.next, "{\"start\":1,\"schema\":0,\"sort\":1,\"matched\":0}");
    ok(read_status("{\"start\":1,\"sort\":1}", 200,
                   EXCEPTION("NoApplicableCode", "", "unknown PropertyName apiso:Identifier")));
    is_text(page.next, "{\"start\":1,\"schema\":0,\"sort\":2,\"matched\":0}");
    ok(!read_status("{\"start\":1,\"sort\":2}", 200, EXCEPTION("NoApplicableCode", "", "sort")));
    // About the schema: Dublin Core, which every server has.
    ok(read_status("{\"start\":1,\"sort\":2}", 200,
                   EXCEPTION("InvalidParameterValue", "outputSchema", "")));
    is_text(page.next, "{\"start\":1,\"schema\":3,\"sort\":2,\"matched\":0}");
    ok(!read_status("{\"start\":1,\"schema\":3,\"sort\":2}", 200,
                    EXCEPTION("InvalidParameterValue", "outputSchema", "")));
    ok(!read_status("", 200,
                    "<ServiceExceptionReport><ServiceException>non</ServiceException>"
                    "</ServiceExceptionReport>"));
    is_str(e.what, "the catalogue answers with an exception: : non");
    ok(!read_status("", 200, "<ExceptionReport/>"));
    is_str(e.what, "the catalogue answers with an exception: an exception without a text");
}

static void no_pages(void)
{
    ok(!read_status("", 404, "x"));
    is_int(e.code, ERR_HTTP);
    is_int(e.http_status, 404);
    ok(!read_status("", 200, "<!DOCTYPE html><html><body>Bonjour</body></html>"));
    is_int(e.code, ERR_PARSE);
    ok(strstr(e.what, "<!DOCTYPE html>") != NULL);
    ok(!read_status("", 200, ""));
    is_int(e.code, ERR_PARSE);
    ok(!read_status("", 200, "<csw:GetRecordsResponse xmlns:csw='c'><csw:SearchResults>"));
    is_int(e.code, ERR_PARSE);
    ok(!read_status("", 200, "<csw:Capabilities xmlns:csw='c'/>"));
    is_str(e.what, "not the GetRecordsResponse that was asked for, but <Capabilities>");
    ok(!read_status("{", 200, "<x/>"));
}

#define RESULTS(inside)                                                                            \
    "<csw:GetRecordsResponse xmlns:csw='http://www.opengis.net/cat/csw/3.0'><csw:SearchResults "   \
    "numberOfRecordsMatched='1' numberOfRecordsReturned='1' nextRecord='0'>" inside                \
    "</csw:SearchResults></csw:GetRecordsResponse>"

static void records(void)
{
    ok(read_status("", 200, RESULTS(DATASET(TITLE("Bruit"), ""))));
    is_int(page.item_count, 1);
    is_text(page.items[0].record->title, "Bruit");
    // The catalogue's own answer, for want of a page; GeoNetwork's page; the operator's pattern.
    is_text(xml_fixture_url(page.items[0].record->landing_page),
            "https://geo.exemple.fr/csw?service=CSW&version=2.0.2&request=GetRecordById&"
            "elementSetName=full&outputSchema=http%3a%2f%2fwww.isotc211.org%2f2005%2fgmd&id=jeu-1");
    xml_config.url = STR("https://geo.exemple.fr/geonetwork/srv/fre/csw");
    ok(read_status("", 200, RESULTS(DATASET(TITLE("Bruit"), ""))));
    is_text(page.items[0].record->provenance.remote_url,
            "https://geo.exemple.fr/geonetwork/srv/api/records/jeu-1");
    is_text(page.items[0].record->landing_page,
            "https://geo.exemple.fr/geonetwork/srv/api/records/jeu-1");
    options.record_url = STR("https://geo.exemple.fr/fiche/{id}/voir");
    ok(read_status("", 200, RESULTS(SERVICE(TITLE("Bruit"), ""))));
    is_text(page.items[0].record->landing_page, "https://geo.exemple.fr/fiche/jeu-1/voir");
    options.record_url = STR("https://geo.exemple.fr/fiche?id=");
    ok(read_status("", 200, RESULTS(DATASET(TITLE("Bruit"), ""))));
    is_text(page.items[0].record->landing_page, "https://geo.exemple.fr/fiche?id=jeu-1");
    options.record_url = STR_NONE;
    xml_config.url = STR("https://geo.exemple.fr/csw");
    // One that cannot be read costs only itself.
    ok(read_status(
        "", 200,
        RESULTS(DATASET("", "") "<fc:Other xmlns:fc='urn:fc'/>" DATASET(TITLE("Bruit"), ""))));
    is_int(page.item_count, 3);
    is_text(page.items[0].id, "cat:jeu-1");
    is_str(page.items[0].error.what, "the metadata have no title");
    is_str(page.items[1].error.what, "a record in a form that is not read: Other of \"urn:fc\"");
    ok(page.items[2].record != NULL);
}

static void dublin_core(void)
{
    ok(read_status(
        "", 200,
        RESULTS("<csw:Record xmlns:dc='dc' xmlns:dct='dct' xmlns:ows='ows'>"
                "<dc:identifier>4D79726A-38a6-420a-9b79-edf046ecea96</dc:identifier>"
                "<dc:title xml:lang='en'>Noise</dc:title><dc:title xml:lang='fr'>Bruit</dc:title>"
                "<dc:type>dataset</dc:type><dc:subject>bruit</dc:subject><dc:subject/>"
                "<dc:creator>Jeanne Martin</dc:creator><dc:publisher>La commune</dc:publisher>"
                "<dct:abstract>Les zones.</dct:abstract><dct:modified>2021-02-03</dct:modified>"
                "<dc:date>2020-01-02</dc:date><dc:language>fre</dc:language>"
                "<dc:format>ESRI Shapefile</dc:format><dc:rights>otherRestrictions</dc:rights>"
                "<dc:rights>Données sous licence ouverte Etalab</dc:rights>"
                "<dc:coverage>North 46.3, South 42.51, East 3.88, West -1.84</dc:coverage>"
                "<dc:coverage>Bassin Adour</dc:coverage><dct:temporal>start=2001; "
                "end=2003</dct:temporal>"
                "<dc:URI protocol='OGC:WMS' name='2' description='Zones'>https://h.fr/wms</dc:URI>"
                "<dc:URI protocol='WWW:DOWNLOAD-1.0-http--download' "
                "name='bruit'>https://h.fr/b.zip</dc:URI>"
                "<dc:URI protocol='image/jpeg' name='thumbnail'>https://h.fr/b.jpg</dc:URI>"
                "<dct:references scheme='WWW:LINK'>https://h.fr/page.html</dct:references>"
                "</csw:Record>")));
    is_int(page.item_count, 1);
    struct record *r = page.items[0].record;
    is_text(r->id, "cat:4D79726A-38a6-420a-9b79-edf046ecea96");
    is_text(r->provenance.origin_id, "4d79726a-38a6-420a-9b79-edf046ecea96");
    is_text(r->title, "Bruit");
    is_text(r->language, "fr");
    is_text(r->description, "Les zones.");
    is_text(r->publisher.name, "La commune");
    is_text(r->publisher.id, "cat:organization.La commune");
    is_text(xml_fixture_words(r->keywords), "bruit");
    is_text(xml_fixture_date(r->issued), "2020-01-02");
    is_text(xml_fixture_date(r->modified), "2021-02-03");
    is_text(r->license.id, "etalab-2.0");
    is_text(xml_fixture_words(r->spatial.labels), "Bassin Adour");
    ok(r->spatial.has_bbox && r->spatial.bbox[0] == -1.84 && r->spatial.bbox[1] == 42.51 &&
       r->spatial.bbox[2] == 3.88 && r->spatial.bbox[3] == 46.3);
    is_text(xml_fixture_date(r->temporal.start), "2001");
    is_text(xml_fixture_date(r->temporal.end), "2003");
    is_int(r->distribution_count, 3);
    is_text(xml_fixture_distribution(r, 0), "api wms [Zones] https://h.fr/wms");
    is_text(xml_fixture_distribution(r, 1), "main shp [bruit] https://h.fr/b.zip");
    is_text(xml_fixture_distribution(r, 2), "documentation html [] https://h.fr/page.html");
    ok(str_find(fixture_public(r, &arena), STR("Martin")) < 0);
    // Brief records; services; boxes both ways round.
    ok(read_status(
        "", 200,
        RESULTS(
            "<csw:BriefRecord xmlns:dc='dc'><dc:identifier>s1</dc:identifier><dc:title>S</dc:title>"
            "<dc:type>http://purl.org/dc/dcmitype/Service</dc:type></csw:BriefRecord>"
            "<csw:SummaryRecord xmlns:dc='dc' xmlns:ows='ows'><dc:title>Sans identifiant</dc:title>"
            "<ows:BoundingBox crs='urn:x-ogc:def:crs:EPSG:6.11:4326'><ows:LowerCorner>47.5 -4.1"
            "</ows:LowerCorner><ows:UpperCorner>51.2 0.8</ows:UpperCorner></ows:BoundingBox>"
            "</csw:SummaryRecord>"
            "<csw:Record xmlns:dc='dc' xmlns:ows='ows'><dc:identifier>b</dc:identifier><dc:title>B"
            "</dc:title><ows:BoundingBox crs='urn:ogc:def:crs:EPSG:6.6:4326'><ows:LowerCorner>5 48"
            "</ows:LowerCorner><ows:UpperCorner>4 "
            "49</ows:UpperCorner></ows:BoundingBox></csw:Record>"
            "<csw:Record xmlns:dc='dc'><dc:identifier>t</dc:identifier></csw:Record>")));
    is_int(page.item_count, 4);
    is_int(page.items[0].record->kind, KIND_DATASERVICE);
    ok(str_starts(page.items[1].id, STR("cat:title~")));
    ok(page.items[1].record->spatial.bbox[0] == -4.1 &&
       page.items[1].record->spatial.bbox[1] == 47.5);
    ok(page.items[2].record->spatial.bbox[0] == 4 && page.items[2].record->spatial.bbox[1] == 48 &&
       page.items[2].record->spatial.bbox[2] == 5);
    is_text(page.items[3].id, "cat:t");
    is_str(page.items[3].error.what, "the record has no title");
}

static void rdf(void)
{
#define RDF_DATASET(title)                                                                         \
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "                            \
    "xmlns:dcat='http://www.w3.org"                                                                \
    "/ns/dcat#' xmlns:dct='http://purl.org/dc/terms/'><dcat:Dataset "                              \
    "rdf:about='https://h.fr/id/7'>"                                                               \
    "<dct:title xml:lang='fr'>" title "</dct:title><dct:identifier>7</dct:identifier>"             \
    "</dcat:Dataset></rdf:RDF>"
    ok(read_status("", 200, RESULTS(RDF_DATASET("Bruit &amp; \"silence\""))));
    is_int(page.item_count, 1);
    ok(page.items[0].record != NULL);
    if (page.items[0].record)
        is_text(page.items[0].record->title, "Bruit & \"silence\"");
    ok(read_status("", 200,
                   RESULTS("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>")));
    is_int(page.item_count, 1);
    is_str(page.items[0].error.what, "the RDF names no dataset and no service");
    // An element as a document of its own.
    struct buf b = {0};
    struct xml_node *root = xml_read(STR("<a xmlns='n' xmlns:p='q' p:x='1&lt;&#10;' y='&quot;' "
                                         "xml:lang='fr'><p:b>t&amp;</p:b></a>"),
                                     &arena, &e);
    ok(root != NULL);
    if (root)
        rdf_element_write(&b, root);
    is_text(buf_str(&b), "<a xmlns=\"n\" xmlns:a0=\"q\" a0:x=\"1&lt;&#10;\" y=\"&quot;\" "
                         "xml:lang=\"fr\"><b xmlns=\"q\">t&amp;</b></a>");
    buf_free(&b);
}

static void files(void)
{
    struct str url = xml_config.url;
    xml_config.url = STR("/var/fiches");
    ok(read_status("", 200, DATASET(TITLE("Bruit"), "")));
    is_int(page.item_count, 1);
    is_text(page.next, "");
    is_int(page.announced, -1);
    is_text(page.items[0].id, "cat:jeu-1");
    ok(read_status("", 200,
                   "<all><x>" DATASET(TITLE("Bruit"), "") "</x>" SERVICE(TITLE("S"), "") "</all>"));
    is_int(page.item_count, 2);
    ok(read_status("", 200, RESULTS(DATASET(TITLE("Bruit"), ""))));
    is_int(page.item_count, 1);
    is_text(page.next, "");
    ok(!read_status("", 200, "<Capabilities/>"));
    is_str(e.what, "no record of a catalogue, but <Capabilities>");
    xml_config.url = url;
}

static void one_record(void)
{
    struct driver_request r = {0};
    struct driver_item item;
    ok(csw->probe(&xml_source, STR("cat:dataservice.a b"), KIND_DATASERVICE, &arena, &r));
    is_text(xml_fixture_url(r.url),
            "https://geo.exemple.fr/csw?service=CSW&version=2.0.2&request=GetRecordById&"
            "elementSetName=full&outputSchema=http%3a%2f%2fwww.isotc211.org%2f2005%2fgmd&"
            "id=a%20b");
    struct driver_response response = {.status = 200,
                                       .body =
                                           STR("<csw:GetRecordByIdResponse xmlns:csw='c'>" DATASET(
                                               TITLE("Bruit"), "") "</csw:GetRecordByIdResponse>")};
    is_int(csw->probe_read(&xml_source, KIND_DATASET, &response, &arena, &item), PRESENCE_ALIVE);
    is_text(item.record->title, "Bruit");
    response.body = STR("<csw:GetRecordByIdResponse xmlns:csw='c'/>");
    is_int(csw->probe_read(&xml_source, KIND_DATASET, &response, &arena, &item), PRESENCE_UNKNOWN);
    response.body = STR("<html>");
    is_int(csw->probe_read(&xml_source, KIND_DATASET, &response, &arena, &item), PRESENCE_UNKNOWN);
    response.status = 410;
    is_int(csw->probe_read(&xml_source, KIND_DATASET, &response, &arena, &item), PRESENCE_GONE);
    response.status = 404;
    is_int(csw->probe_read(&xml_source, KIND_DATASET, &response, &arena, &item), PRESENCE_UNKNOWN);
}

int main(void)
{
    fixture_begin();
    csw = driver_find(STR("csw"));
    ok(csw != NULL);
    is_int(csw->options_size, sizeof options);
    xml_config.driver_options = &options;
    requests();
    next_pages();
    exceptions();
    no_pages();
    records();
    dublin_core();
    rdf();
    files();
    one_record();
    fixture_end();
    return tap_done();
}
