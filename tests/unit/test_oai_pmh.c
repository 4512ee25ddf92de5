// harvester/drivers/oai_pmh: the walk by resumption tokens, sets, windows, errors of the protocol, deleted records; Dublin Core and DataCite.
#include "tests/unit/xml_fixture.h"

// As the driver has it.
struct oai_options {
    struct str metadata_prefix, from, until;
    struct strs sets;
};
static struct oai_options options = {.metadata_prefix = STR("oai_dc")};
static const struct driver *oai;
static struct err e;
static struct driver_page page;

static struct str url_of(struct str cursor)
{
    struct driver_request r = {0};
    e = (struct err){0};
    return oai->request(&xml_source, cursor, &arena, &r, &e) ? xml_fixture_url(r.url)
                                                             : STR("refused");
}

static bool read_status(struct str cursor, int status, const char *body)
{
    struct driver_response response = {.status = status, .body = str_of(body), .url = STR("u")};
    e = (struct err){0};
    return oai->read(&xml_source, cursor, &response, 1, &arena, &page, &e);
}

#define OAI(inside)                                                                                \
    "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><responseDate>2026-01-01T00:00:00Z"     \
    "</responseDate><request>https://h.fr/oai</request>" inside "</OAI-PMH>"
#define LIST(inside) OAI("<ListRecords>" inside "</ListRecords>")
#define HEADER(id)                                                                                 \
    "<header><identifier>" id "</identifier><datestamp>2025-06-07</datestamp></header>"
#define DELETED(id)                                                                                \
    "<record><header status='deleted'><identifier>" id "</identifier></header></record>"
#define RECORD(id, metadata) "<record>" HEADER(id) "<metadata>" metadata "</metadata></record>"
#define DC(inside)                                                                                 \
    "<oai_dc:dc xmlns:oai_dc='http://www.openarchives.org/OAI/2.0/oai_dc/' "                       \
    "xmlns:dc='http://purl.org/dc/elements/1.1/'>" inside "</oai_dc:dc>"

static void walk_by_tokens(void)
{
    is_text(url_of(STR_NONE), "https://h.fr/oai?verb=ListRecords&metadataPrefix=oai_dc");
    ok(read_status(STR_NONE, 200,
                   LIST(RECORD("oai:h:1", DC("<dc:title>Un</dc:title>")) DELETED(
                       "oai:h:2") "<resumptionToken completeListSize='8' cursor='0'> a/b+c=&amp;é "
                                  "</resumptionToken>")));
    is_int(page.announced, 7); // of 8, one is deleted
    is_int(page.kind, KIND_COUNT);
    is_int(page.item_count, 5);
    is_text(page.items[0].id, "cat:oai:h:1");
    is_text(page.items[0].record->title, "Un");
    is_text(xml_fixture_date(page.items[0].record->modified), "2025-06-07");
    // It may have been of any kind.
    ok(page.items[1].gone && page.items[4].gone && !page.items[1].record);
    is_text(page.items[1].id, "cat:oai:h:2");
    is_text(page.items[2].id, "cat:dataservice.oai:h:2");
    is_text(page.items[4].id, "cat:software.oai:h:2");
    struct str second = page.next;
    is_text(url_of(second),
            "https://h.fr/oai?verb=ListRecords&resumptionToken=a%2fb%2bc%3d%26%c3%a9");
    ok(read_status(second, 200,
                   LIST(DELETED("oai:h:3") "<resumptionToken completeListSize='8'>t3"
                                           "</resumptionToken>")));
    is_int(page.announced, 6);
    // An empty token, or none, ends the list.
    ok(read_status(
        page.next, 200,
        LIST(RECORD("oai:h:4",
                    DC("<dc:title>Q</dc:title>")) "<resumptionToken completeListSize='8'/>")));
    is_text(page.next, "");
    is_int(page.announced, 6);
    ok(read_status(second, 200, LIST(RECORD("oai:h:4", DC("<dc:title>Q</dc:title>")))));
    is_text(page.next, "");
    is_int(page.announced, 7); // as was said before
    ok(!read_status(second, 200, LIST("<resumptionToken>a/b+c=&amp;é</resumptionToken>")));
    is_int(e.code, ERR_REFUSED);
    // The address of another request.
    struct str url = xml_config.url;
    xml_config.url = STR("https://h.fr/oai?verb=Identify");
    is_text(url_of(STR_NONE), "https://h.fr/oai?verb=ListRecords&metadataPrefix=oai_dc");
    xml_config.url = STR("https://h.fr/oai?base=x&verb=Identify");
    is_text(url_of(STR_NONE), "https://h.fr/oai?base=x&verb=ListRecords&metadataPrefix=oai_dc");
    xml_config.url = url;
    is_text(url_of(STR("{")), "refused");
    char longest[9000];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    is_text(url_of(arena_printf(&arena, "{\"token\":\"%s\"}", longest)), "refused");
    is_int(e.code, ERR_REFUSED);
}

static void windows_and_sets(void)
{
    struct str sets[] = {STR("openaccess"), STR("a:b")};
    options.from = STR("2020-01-01");
    options.until = STR("2021-01-01");
    options.sets = (struct strs){sets, 2};
    is_text(url_of(STR_NONE), "https://h.fr/oai?verb=ListRecords&metadataPrefix=oai_dc&"
                              "from=2020-01-01&until=2021-01-01&set=openaccess");
    // The second set behind the first; what is announced is of one of them, and not told.
    ok(read_status(STR_NONE, 200, LIST("<resumptionToken completeListSize='2'/>")));
    is_int(page.announced, -1);
    is_text(url_of(page.next), "https://h.fr/oai?verb=ListRecords&metadataPrefix=oai_dc&"
                               "from=2020-01-01&until=2021-01-01&set=a%3ab");
    ok(read_status(page.next, 200, LIST("")));
    is_text(page.next, "");
    ok(read_status(STR_NONE, 200, OAI("<error code='noRecordsMatch'/>")));
    ok(page.next.n > 0); // the other set may have some
    options = (struct oai_options){.metadata_prefix = STR("oai_dc")};
    // What changed since: the day before, in days.
    xml_source.since = 1795132800 + 3600; // 2026-11-20T01:00
    is_text(url_of(STR_NONE),
            "https://h.fr/oai?verb=ListRecords&metadataPrefix=oai_dc&from=2026-11-19");
    xml_source.since = 0;
    ok(oai->windows);
}

static void errors(void)
{
    ok(read_status(STR_NONE, 200, OAI("<error code='noRecordsMatch'>none</error>")));
    is_int(page.item_count, 0);
    is_text(page.next, "");
    struct str cursor = STR("{\"set\":0,\"token\":\"old\",\"deleted\":4}");
    ok(read_status(cursor, 200, OAI("<error code='badResumptionToken'>expired</error>")));
    is_int(page.item_count, 0);
    struct str again = page.next;
    is_text(url_of(again), "https://h.fr/oai?verb=ListRecords&metadataPrefix=oai_dc");
    // Once: a token that ends a second time ends the sweep.
    ok(read_status(again, 200, LIST("<resumptionToken>newer</resumptionToken>")));
    ok(!read_status(page.next, 200, OAI("<error code='badResumptionToken'>expired</error>")));
    is_int(e.code, ERR_PARSE);
    is_str(e.what, "the catalogue answers with an error: badResumptionToken: expired");
    ok(!read_status(STR_NONE, 200, OAI("<error code='badResumptionToken'/>")));
    ok(!read_status(STR_NONE, 200, OAI("<error code='cannotDisseminateFormat'>dcat?</error>")));
    is_str(e.what, "the catalogue answers with an error: cannotDisseminateFormat: dcat?");
    is_str(e.hint, "?verb=ListMetadataFormats lists what metadata_prefix may be");
    ok(!read_status(STR_NONE, 200, OAI("<error code='badArgument'>from</error>")));
    ok(!read_status(STR_NONE, 200, OAI("<Identify/>")));
    is_str(e.what, "not the list of records that was asked for, but <OAI-PMH>");
    ok(!read_status(STR_NONE, 200, "<html></html>"));
    ok(!read_status(STR_NONE, 200, "Service unavailable"));
    is_int(e.code, ERR_PARSE);
    ok(!read_status(STR_NONE, 404, ""));
    is_int(e.http_status, 404);
    // One that cannot be read costs only itself.
    ok(read_status(
        STR_NONE, 200,
        LIST("<record>" HEADER("oai:h:1") "</record>" RECORD(
            "oai:h:2", "<mods xmlns='http://www.loc.gov/mods/v3'/>")
                 RECORD("oai:h:3", DC("")) "<record><header status='deleted'/></record>")));
    is_int(page.item_count, 3);
    is_str(page.items[0].error.what, "the record has no metadata");
    is_text(page.items[0].id, "cat:oai:h:1");
    is_str(page.items[1].error.what,
           "a record in a form that is not read: mods of \"http://www.loc.gov/mods/v3\"");
    is_text(page.items[1].id, "cat:oai:h:2");
    is_str(page.items[2].error.what, "the record has no title");
    is_text(page.items[2].id, "cat:oai:h:3");
    // The terms of Dublin Core in an element of another's.
    ok(read_status(
        STR_NONE, 200,
        LIST(RECORD("oai:h:4",
                    "<o:olac xmlns:o='urn:olac' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
                    "<dc:title>Corpus</dc:title></o:olac>")
                 RECORD("oai:h:5",
                        "<q xmlns='http://purl.org/dc/terms/'><title>Fonds</title></q>"))));
    is_int(page.item_count, 2);
    is_text(page.items[0].record->title, "Corpus");
    is_text(page.items[1].record->title, "Fonds");
}

static void dublin_core(void)
{
    ok(read_status(
        STR_NONE, 200,
        LIST(RECORD("oai:h:1",
                    DC("<dc:title>Mesures</dc:title><dc:creator>Dupont, Jean</dc:creator>"
                       "<dc:identifier>https://h.fr/notice/1</dc:identifier>"
                       "<dc:identifier>doi:10.5072/abc</dc:identifier>"
                       "<dc:identifier>https://h.fr/f/mesures.csv</dc:identifier>"
                       "<dc:rights>info:eu-repo/semantics/openAccess</dc:rights>"
                       "<dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>"
                       "<dc:date>2011</dc:date><dc:type>Software</dc:type>"
                       "<dc:language>eng</dc:language>")))));
    struct record *r = page.items[0].record;
    is_text(r->id, "cat:software.oai:h:1");
    is_int(r->kind, KIND_SOFTWARE);
    is_text(r->landing_page, "https://h.fr/notice/1");
    is_text(r->provenance.origin_id, "https://doi.org/10.5072/abc");
    is_int(r->access, ACCESS_OPEN);
    is_text(r->license.id, "CC-BY-4.0");
    is_text(r->language, "en");
    is_text(xml_fixture_date(r->issued), "2011");
    is_int(r->distribution_count, 1);
    is_text(xml_fixture_distribution(r, 0), "main csv [] https://h.fr/f/mesures.csv");
    ok(str_find(fixture_public(r, &arena), STR("Dupont")) < 0);
    ok(read_status(
        STR_NONE, 200,
        LIST(RECORD(
            "oai:h:1",
            DC("<dc:title>T</dc:title><dc:rights>info:eu-repo/semantics/embargoedAccess</dc:rights>"
               "<dc:rights>Tous droits réservés</dc:rights>")))));
    is_int(page.items[0].record->access, ACCESS_RESTRICTED);
    is_text(page.items[0].record->license.label, "Tous droits réservés");
}

static void datacite(void)
{
    const char *resource =
        "<oai_datacite xmlns='http://schema.datacite.org/oai/oai-1.1/'><payload>"
        "<resource xmlns='http://datacite.org/schema/kernel-4'>"
        "<identifier identifierType='DOI'>10.5072/abc</identifier><creators><creator><creatorName>"
        "Dupont, Jean</creatorName></creator></creators><titles><title "
        "titleType='Subtitle'>Sous-titre"
        "</title><title xml:lang='en'>Levels</title><title "
        "xml:lang='fr-FR'>Niveaux</title></titles>"
        "<publisher>Dépôt</publisher><publicationYear>2019</publicationYear><subjects><subject>eau"
        "</subject></subjects><dates><date dateType='Updated'>2022-01-02</date><date "
        "dateType='Collected'>2015-01-01/2016-02-03</date></dates><language>en</language>"
        "<resourceType resourceTypeGeneral='Dataset'>Table</resourceType><rightsList><rights "
        "rightsURI='info:eu-repo/semantics/openAccess'/><rights rightsIdentifier='cc-by-4.0' "
        "rightsURI='https://creativecommons.org/licenses/by/4.0/legalcode'>CC</rights></rightsList>"
        "<descriptions><description descriptionType='Methods'>Comment</description><description "
        "descriptionType='Abstract'>Quoi</description></descriptions><formats><format>text/csv</"
        "format>"
        "</formats><alternateIdentifiers><alternateIdentifier alternateIdentifierType='URL'>"
        "https://h.fr/download/7</alternateIdentifier></alternateIdentifiers><geoLocations>"
        "<geoLocation><geoLocationPlace>Rennes</"
        "geoLocationPlace><geoLocationBox><westBoundLongitude>-2"
        "</westBoundLongitude><eastBoundLongitude>-1</eastBoundLongitude><southBoundLatitude>48"
        "</southBoundLatitude><northBoundLatitude>49</northBoundLatitude></geoLocationBox></"
        "geoLocation>"
        "</geoLocations></resource></payload></oai_datacite>";
    struct str document = arena_printf(&arena, LIST(RECORD("oai:h:1", "%s")), resource);
    ok(read_status(STR_NONE, 200, document.p));
    struct record *r = page.items[0].record;
    ok(r != NULL);
    if (!r)
        return;
    is_text(r->id, "cat:oai:h:1");
    is_text(r->title, "Niveaux");
    is_text(r->language, "fr");
    is_text(r->description, "Quoi");
    is_text(r->publisher.name, "Dépôt");
    is_text(r->publisher.id, "cat:organization.Dépôt");
    is_text(xml_fixture_words(r->keywords), "eau");
    is_text(xml_fixture_date(r->issued), "2019");
    is_text(xml_fixture_date(r->modified), "2022-01-02");
    is_text(xml_fixture_date(r->temporal.start), "2015-01-01");
    is_text(xml_fixture_date(r->temporal.end), "2016-02-03");
    is_text(r->license.id, "CC-BY-4.0");
    is_int(r->access, ACCESS_OPEN);
    is_text(r->provenance.origin_id, "https://doi.org/10.5072/abc");
    is_text(r->landing_page, "https://doi.org/10.5072/abc");
    is_text(xml_fixture_words(r->spatial.labels), "Rennes");
    ok(r->spatial.bbox[0] == -2 && r->spatial.bbox[3] == 49);
    ok(str_find(fixture_public(r, &arena), STR("Dupont")) < 0);
}

// The envelope without its payload; no namespace of DataCite's; neither, and no title.
static void datacite_as_met(void)
{
#define TITLED                                                                                     \
    "<identifier "                                                                                 \
    "identifierType='DOI'>10.5072/abc</identifier><titles><title>Niveaux</title></titles>"
    ok(read_status(
        STR_NONE, 200,
        LIST(RECORD("a",
                    "<oai_datacite xmlns='http://schema.datacite.org/oai/oai-1.0/'><schemaVersion>4"
                    "</schemaVersion><resource xmlns='http://datacite.org/schema/kernel-4'>" TITLED
                    "</resource></oai_datacite>") RECORD("b", "<resource>" TITLED "</resource>")
                 RECORD("c", "<resource><name>Niveaux</name></resource>"))));
    is_int(page.item_count, 3);
    for (size_t i = 0; i < 2; i++) {
        ok(page.items[i].record && str_eq(page.items[i].record->title, STR("Niveaux")));
        ok(page.items[i].record &&
           str_eq(page.items[i].record->provenance.origin_id, STR("https://doi.org/10.5072/abc")));
    }
    ok(!page.items[2].record);
    is_text(page.items[2].id, "cat:c");
    ok(strstr(page.items[2].error.what, "in a form that is not read: resource"));
}

// Dublin Core without the element around it.
static void bare_dublin_core(void)
{
    ok(read_status(
        STR_NONE, 200,
        LIST(
            RECORD("a", "<dc:identifier "
                        "xmlns:dc='http://purl.org/dc/elements/1.1/'>https://h.fr/7</dc:identifier>"
                        "<dc:title xmlns:dc='http://purl.org/dc/elements/1.1/'>Niveaux</dc:title>"
                        "<t:abstract xmlns:t='http://purl.org/dc/terms/'>Quoi</t:abstract>")
                RECORD("b",
                       "<dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2019</dc:date>"))));
    is_int(page.item_count, 2);
    ok(page.items[0].record && str_eq(page.items[0].record->title, STR("Niveaux")));
    is_text(page.items[0].id, "cat:a");
    is_text(page.items[1].id, "cat:b");
    is_str(page.items[1].error.what, "the record has no title");
}

static void other_forms(void)
{
    ok(read_status(STR_NONE, 200, LIST(RECORD("oai:h:1", DATASET(TITLE("Bruit"), "")))));
    is_text(page.items[0].id, "cat:oai:h:1"); // the protocol's id: deletions name it
    is_text(page.items[0].record->id, "cat:oai:h:1");
    is_text(page.items[0].record->title, "Bruit");
    struct str url = xml_config.url;
    xml_config.url = STR("/var/oai.xml");
    ok(read_status(
        STR_NONE, 200,
        OAI("<GetRecord>" RECORD("oai:h:1", DC("<dc:title>T</dc:title>")) "</GetRecord>")));
    is_int(page.item_count, 1);
    is_text(page.items[0].id, "cat:oai:h:1");
    ok(read_status(STR_NONE, 200, LIST(DELETED("oai:h:1"))));
    ok(!read_status(STR_NONE, 200, OAI("<ListSets/>")));
    is_str(e.what, "no record of a catalogue, but <OAI-PMH>");
    xml_config.url = url;
}

static void keys(void)
{
    struct err why;
    for (const struct conf_key *k = oai->keys; k->name; k++) {
        if (strcmp(k->name, "from") != 0)
            continue;
        ok(k->check(STR("2024-01-31"), &why));
        ok(k->check(STR("2024-01-31T10:00:00Z"), &why));
        ok(!k->check(STR("2024"), &why));
        ok(!k->check(STR("hier"), &why));
    }
}

int main(void)
{
    fixture_begin();
    oai = driver_find(STR("oai-pmh"));
    ok(oai != NULL);
    is_int(oai->options_size, sizeof options);
    xml_config.type = STR("oai-pmh");
    xml_config.url = STR("https://h.fr/oai");
    xml_config.driver_options = &options;
    walk_by_tokens();
    windows_and_sets();
    errors();
    dublin_core();
    datacite();
    datacite_as_met();
    bare_dublin_core();
    other_forms();
    keys();
    fixture_end();
    return tap_done();
}
