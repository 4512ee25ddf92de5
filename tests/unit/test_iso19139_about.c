// harvester/drivers/iso19139: metadata of ISO 19115 as records: which record it is, in which language, of whom, since when, about what
// and where. Each rule and each quirk, through the real parser.
#include "tests/unit/xml_fixture.h"

#define DATE(value, type)                                                                          \
    "<gmd:date><gmd:CI_Date><gmd:date><gco:Date>" value                                            \
    "</gco:Date></gmd:date><gmd:dateType>" CODE("CI_DateTypeCode",                                 \
                                                type) "</gmd:dateType></gmd:CI_Date></gmd:date>"
#define CITATION(inside)                                                                           \
    "<gmd:citation><gmd:CI_Citation><gmd:title>" CS(                                               \
        "Zones de bruit") "</gmd:title>" inside "</gmd:CI_Citation></gmd:citation>"
#define PARTY(name, email, role)                                                                   \
    "<gmd:CI_ResponsibleParty><gmd:individualName>" CS(                                            \
        "Jeanne Martin") "</gmd:individualName>"                                                   \
                         "<gmd:organisationName>" CS(                                              \
                             name) "</gmd:organisationName><gmd:contactInfo><gmd:CI_Contact>"      \
                                   "<gmd:address><gmd:CI_Address><gmd:electronicMailAddress>" CS(  \
                                       email) "</gmd:electronicMailAddress></gmd:CI_Address></"    \
                                              "gmd:address></gmd:CI_Contact>"                      \
                                              "</gmd:contactInfo><gmd:role>" CODE(                 \
                                                  "CI_RoleCode",                                   \
                                                  role) "</gmd:role></gmd:CI_ResponsibleParty>"
#define POINT_OF_CONTACT(name, email, role)                                                        \
    "<gmd:pointOfContact>" PARTY(name, email, role) "</gmd:pointOfContact>"

// ---- Identity, texts, dates -------------------------------------------------------------------------------

static void identity(void)
{
    struct driver_item item;
    struct record *r = xml_fixture_record(DATASET(TITLE("Zones de bruit"), ""));
    is_text(r->id, "cat:jeu-1");
    is_int(r->kind, KIND_DATASET);
    is_text(r->title, "Zones de bruit");
    is_text(r->language, "fr");
    is_text(r->provenance.origin_id, ""); // "jeu-1" may be anybody's
    // Without a fileIdentifier: the file's name, for a document that is one record.
    r = xml_fixture_record("<gmd:MD_Metadata " NAMESPACES "><gmd:identificationInfo>"
                           "<gmd:MD_DataIdentification>" TITLE(
                               "Sans nom") "</gmd:MD_DataIdentification></gmd:identificationInfo>"
                                           "</gmd:MD_Metadata>");
    is_text(r->id, "cat:fiche.xml");
    // In a collection: a hash of the title.
    r = xml_fixture_record("<all><gmd:MD_Metadata " NAMESPACES "><gmd:identificationInfo>"
                           "<gmd:MD_DataIdentification>" TITLE(
                               "Sans nom") "</gmd:MD_DataIdentification></gmd:identificationInfo>"
                                           "</gmd:MD_Metadata></all>");
    ok(str_starts(r->id, STR("cat:title~")) && r->id.n == strlen("cat:title~") + 16);
    is_text(r->provenance.origin_id, "");
    // The resource's identifier, before either.
    r = xml_fixture_record(
        "<gmd:MD_Metadata " NAMESPACES "><gmd:identificationInfo>"
        "<gmd:MD_DataIdentification>" CITATION("<gmd:identifier><gmd:MD_Identifier><gmd:code>" CS(
            "R-7") "</gmd:code></gmd:MD_Identifier></gmd:identifier>") "</"
                                                                       "gmd:MD_DataIdentification><"
                                                                       "/gmd:identificationInfo>"
                                                                       "</gmd:MD_Metadata>");
    is_text(r->id, "cat:R-7");
    is_int(xml_fixture_items(DATASET("", ""), &item), 1);
    ok(!item.record);
    is_text(item.id, "cat:jeu-1");
    is_str(item.error.what, "the metadata have no title");
    is_str(item.error.where, "line 1");
    xml_fixture_items("<gmd:MD_Metadata " NAMESPACES
                      "><gmd:fileIdentifier>" CS("v") "</gmd:fileIdentifier></gmd:MD_Metadata>",
                      &item);
    is_str(item.error.what, "the metadata do not say what they are about (no identificationInfo)");
    xml_fixture_items("<x><gmd:MD_Metadata " NAMESPACES "/></x>", &item);
    is_str(item.error.what, "the item has no id");
    // A template of GeoNetwork.
    xml_fixture_items(DATASET(TITLE("Modèle"), "<geonet:info xmlns:geonet='g'><isTemplate>y"
                                               "</isTemplate></geonet:info>"),
                      &item);
    ok(item.skipped && !item.record);
}

static void global_identifiers(void)
{
#define IDENTIFIER(inside)                                                                         \
    DATASET(CITATION("<gmd:identifier><gmd:RS_Identifier>" inside                                  \
                     "</gmd:RS_Identifier></gmd:identifier>"),                                     \
            "")
    static const struct {
        const char *document, *id;
    } cases[] = {
        {IDENTIFIER("<gmd:code>" CS("https://www.exemple.fr/id/7") "</gmd:code>"),
         "https://www.exemple.fr/id/7"},
        {IDENTIFIER("<gmd:code>" CS("7") "</gmd:code><gmd:codeSpace>" CS(
             "https://www.exemple.fr") "</gmd:codeSpace>"),
         "https://www.exemple.fr/7"},
        {IDENTIFIER("<gmd:code>" CS("7") "</gmd:code><gmd:codeSpace>" CS(
             "https://www.exemple.fr/id#") "</gmd:codeSpace>"),
         "https://www.exemple.fr/id#7"},
        {IDENTIFIER("<gmd:code>" CS("doi:10.12770/4a7d") "</gmd:code>"),
         "https://doi.org/10.12770/4a7d"},
        {IDENTIFIER("<gmd:code><gmx:Anchor xlink:href='https://doi.org/10.5/x'>10.5/x</gmx:Anchor>"
                    "</gmd:code>"),
         "https://doi.org/10.5/x"},
        {IDENTIFIER(
             "<gmd:code>" CS("table_7") "</gmd:code><gmd:codeSpace>" CS("EPSG") "</gmd:codeSpace>"),
         ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        is_text(xml_fixture_record(cases[i].document)->provenance.origin_id, cases[i].id);
    struct mapper m = {.source = &xml_source, .arena = &arena};
    struct driver_item item = {0};
    ok(map_record(&m, KIND_DATASET, STR("x"), &item) != NULL);
    static const struct {
        const char *id, *origin;
    } ids[] = {
        {"{4D79726A-38A6-420A-9B79-EDF046ECEA96}", "4d79726a-38a6-420a-9b79-edf046ecea96"},
        {"urn:uuid:4d79726a-38a6-420a-9b79-edf046ecea96", "4d79726a-38a6-420a-9b79-edf046ecea96"},
        {"fr-120066022-ldd-56fce164-04b2", "fr-120066022-ldd-56fce164-04b2"},
        {"tl_2013_us_county.shp.iso.xml", ""},
        {"N_ZONAGE_PLU", ""},
        {"http://data.exemple.fr/7", "http://data.exemple.fr/7"},
    };
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct str document = arena_printf(
            &arena,
            "<gmd:MD_Metadata " NAMESPACES "><gmd:fileIdentifier>" CS(
                "%s") "</"
                      "gmd:fileIdentifier><gmd:identificationInfo><gmd:MD_"
                      "DataIdentification>" TITLE("T") "</gmd:MD_DataIdentification></"
                                                       "gmd:identificationInfo></gmd:MD_Metadata>",
            ids[i].id);
        is_text(xml_fixture_record(document.p)->provenance.origin_id, ids[i].origin);
    }
}

static void kinds(void)
{
#define LEVEL(code)                                                                                \
    METADATA("<gmd:hierarchyLevel>" CODE("MD_ScopeCode", code) "</gmd:hierarchyLevel>",            \
             "<gmd:MD_DataIdentification>" TITLE("T") "</gmd:MD_DataIdentification>", "")
    is_int(xml_fixture_record(LEVEL("dataset"))->kind, KIND_DATASET);
    is_int(xml_fixture_record(LEVEL("series"))->kind, KIND_DATASET);
    is_int(xml_fixture_record(LEVEL("nonGeographicDataset"))->kind, KIND_DATASET);
    is_int(xml_fixture_record(LEVEL("service"))->kind, KIND_DATASERVICE);
    is_text(xml_fixture_record(LEVEL("service"))->id, "cat:dataservice.jeu-1");
    is_int(xml_fixture_record(LEVEL("software"))->kind, KIND_SOFTWARE);
    is_int(xml_fixture_record(LEVEL("application"))->kind, KIND_REUSE);
    is_int(xml_fixture_record(LEVEL("fieldSession"))->kind, KIND_DATASET);
    // The text of the code, where there is no attribute.
    is_int(
        xml_fixture_record(
            METADATA("<gmd:hierarchyLevel><gmd:MD_ScopeCode> Service "
                     "</gmd:MD_ScopeCode></gmd:hierarchyLevel>",
                     "<gmd:MD_DataIdentification>" TITLE("T") "</gmd:MD_DataIdentification>", ""))
            ->kind,
        KIND_DATASERVICE);
    is_int(xml_fixture_record(SERVICE(TITLE("S"), ""))->kind, KIND_DATASERVICE);
}

static void languages(void)
{
#define FREE(locale, text)                                                                         \
    "<gmd:textGroup><gmd:LocalisedCharacterString locale='#" locale "'>" text                      \
    "</gmd:LocalisedCharacterString></gmd:textGroup>"
#define GERMAN "<gmd:language>" CS("ger") "</gmd:language>"
#define IN_LANGUAGES(plain, others)                                                                \
    METADATA(GERMAN "<gmd:locale><gmd:PT_Locale id='L1'><gmd:languageCode><gmd:LanguageCode "      \
                    "codeListValue='fra'/></gmd:languageCode></gmd:PT_Locale></gmd:locale>",       \
             "<gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation><gmd:title>" plain         \
             "<gmd:PT_FreeText>" others "</gmd:PT_FreeText></gmd:title></gmd:CI_Citation>"         \
             "</gmd:citation></gmd:MD_DataIdentification>",                                        \
             "")
    struct record *r =
        xml_fixture_record(IN_LANGUAGES(CS("Lärm"), FREE("EN", "Noise") FREE("L1", "Bruit")));
    is_text(r->title, "Bruit"); // by what the record says of its locale
    is_text(r->language, "fr");
    r = xml_fixture_record(IN_LANGUAGES(CS("Lärm"), FREE("EN", "Noise")));
    is_text(r->title, "Lärm");
    is_text(r->language, "de");
    r = xml_fixture_record(IN_LANGUAGES(CS(""), FREE("IT", "Rumore") FREE("EN", "Noise")));
    is_text(r->title, "Noise");
    is_text(r->language, "en");
    r = xml_fixture_record(IN_LANGUAGES(CS("Lärm"), FREE("locale-fre", "Bruit")));
    is_text(r->title, "Bruit"); // by the look of its name
    // Anchors in the place of texts, texts without their element, reasons for nothing, texts of a template.
    r = xml_fixture_record(DATASET(
        "<gmd:citation><gmd:CI_Citation><gmd:title><gmx:Anchor xlink:href='x'>Ancré</gmx:Anchor>"
        "</gmd:title></gmd:CI_Citation></gmd:citation><gmd:abstract gco:nilReason='missing'>" CS(
            "") "</gmd:abstract><gmd:purpose>Le but</gmd:purpose>",
        ""));
    is_text(r->title, "Ancré");
    is_text(r->description, "Le but");
    r = xml_fixture_record(
        DATASET(TITLE("T") "<gmd:abstract>" CS("-- Résumé --") "</gmd:abstract>", ""));
    is_text(r->description, "");
    // The indentation of the XML is no indentation of the text.
    r = xml_fixture_record(
        DATASET(TITLE("T") "<gmd:abstract>" CS("Première ligne\n        deuxième"
                                               "\n          - liste") "</gmd:abstract>",
                ""));
    is_text(r->description, "Première ligne\ndeuxième\n  - liste");
}

static void dates_and_status(void)
{
    struct record *r = xml_fixture_record(DATASET(
        CITATION(
            DATE("2019-03-01", "creation") DATE("2020-05-02", "publication") DATE("2020-01-02",
                                                                                  "publication")
                DATE("2021-02-03", "revision") DATE("2022-02-03", "revision") DATE(
                    "2030-01-01",
                    "expiry")) "<gmd:status>" CODE("MD_ProgressCode",
                                                   "onGoing") "</gmd:status>"
                                                              "<gmd:resourceMaintenance><gmd:MD_"
                                                              "MaintenanceInformation>"
                                                              "<gmd:"
                                                              "maintenanceAndUpdateFrequency>" CODE(
                                                                  "MD_MaintenanceFrequencyCode",
                                                                  "annually") "</"
                                                                              "gmd:"
                                                                              "maintenanceAndUpdate"
                                                                              "Frequency></"
                                                                              "gmd:MD_"
                                                                              "MaintenanceInformati"
                                                                              "on>"
                                                                              "</"
                                                                              "gmd:"
                                                                              "resourceMaintenance"
                                                                              ">",
        "<gmd:dateStamp><gco:DateTime>2026-01-01T00:00:00</gco:DateTime></gmd:dateStamp>"));
    is_text(xml_fixture_date(r->issued), "2020-01-02");
    is_text(xml_fixture_date(r->modified), "2022-02-03");
    ok(!r->modified_trusted);
    is_text(r->frequency, "ANNUAL");
    is_int(r->status, STATUS_ACTIVE);
    r = xml_fixture_record(
        DATASET(TITLE("T") "<gmd:status>" CODE(
                    "MD_ProgressCode",
                    "obsolete") "</gmd:status>"
                                "<gmd:resourceMaintenance><gmd:MD_MaintenanceInformation>"
                                "<gmd:userDefinedMaintenanceFrequency><gts:TM_PeriodDuration "
                                "xmlns:gts='g'>P1M"
                                "</gts:TM_PeriodDuration></gmd:userDefinedMaintenanceFrequency>"
                                "</gmd:MD_MaintenanceInformation></gmd:resourceMaintenance>",
                "<gmd:dateStamp><gco:Date>2026-01-01</gco:Date></gmd:dateStamp>"));
    is_int(r->status, STATUS_ARCHIVED);
    is_text(r->frequency, "MONTHLY");
    is_text(xml_fixture_date(r->modified), "2026-01-01"); // of the metadata, for want of others
    is_text(xml_fixture_date(r->issued), "");
    r = xml_fixture_record(
        DATASET(CITATION(DATE("2019", "creation") DATE("hier", "revision")), ""));
    is_text(xml_fixture_date(r->issued), "2019");
    is_text(xml_fixture_date(r->modified), "");
}

// ---- Who --------------------------------------------------------------------------------------------------

static void parties(void)
{
    struct record *r = xml_fixture_record(DATASET(
        TITLE("T") POINT_OF_CONTACT("Le relais", "jeanne.martin@relais.fr", "pointOfContact")
            POINT_OF_CONTACT("Le propriétaire", "sig@proprietaire.fr", "owner"),
        "<gmd:contact>" PARTY("Le saisisseur", "contact@saisie.fr", "owner") "</gmd:contact>"));
    is_text(r->publisher.name, "Le propriétaire");
    is_text(r->contact_role, "sig@proprietaire.fr"); // a person's is passed over
    struct str json = fixture_public(r, &arena);
    ok(str_find(json, STR("Martin")) < 0 && str_find(json, STR("martin")) < 0);
    r = xml_fixture_record(DATASET(TITLE("T") POINT_OF_CONTACT("L’éditeur", "x@y", "publisher")
                                       POINT_OF_CONTACT("Le propriétaire", "x@y", "owner"),
                                   ""));
    is_text(r->publisher.name, "L’éditeur");
    is_text(r->publisher.id, "cat:organization.L’éditeur");
    // Of the metadata, when the data name none; an address in the place of an e-mail address is a form.
    r = xml_fixture_record(
        DATASET(TITLE("T"), "<gmd:contact>" PARTY("Le catalogue", "https://exemple.fr/contact",
                                                  "user") "</gmd:contact>"));
    is_text(r->publisher.name, "Le catalogue");
    is_text(r->contact_role, "https://exemple.fr/contact");
    r = xml_fixture_record(
        DATASET(TITLE("T") POINT_OF_CONTACT("", "jeanne@exemple.fr", "owner"), ""));
    is_text(r->publisher.name, "");
    is_text(r->publisher.id, "");
    is_text(r->contact_role, "");
}

// ---- What about -------------------------------------------------------------------------------------------

#define KEYWORD_TYPE(type) GMD("type", CODE("MD_KeywordTypeCode", type))
#define KEYWORDS(type, thesaurus, words)                                                           \
    GMD("descriptiveKeywords",                                                                     \
        GMD("MD_Keywords", words KEYWORD_TYPE(type) GMD("thesaurusName", CITED(thesaurus))))
#define WORD(text) "<gmd:keyword>" CS(text) "</gmd:keyword>"
#define ANCHORED(text, href)                                                                       \
    "<gmd:keyword><gmx:Anchor xlink:href='" href "'>" text "</gmx:Anchor></gmd:keyword>"

static void keywords(void)
{
    struct record *r = xml_fixture_record(DATASET(
        TITLE("T") KEYWORDS("theme", "GEMET - INSPIRE themes, version 1.0",
                            WORD("Zones de gestion, de restriction ou de réglementation et unités"))
            KEYWORDS("theme", "GEMET", WORD("bruit") WORD("bruit") WORD("") WORD("carte ; son"))
                KEYWORDS("theme", "Liste",
                         WORD("eau potable, assainissement collectif, "
                              "assainissement non collectif, eaux pluviales"))
                    KEYWORDS("place", "Régions",
                             WORD("Bretagne")
                                 ANCHORED("Rennes", "http://id.insee.fr/geo/commune/35238"))
                        KEYWORDS("theme", "COMMISSION REGULATION (EC) No 1205/2008",
                                 WORD("infoMapAccessService"))
                            KEYWORDS(
                                "theme", "High-value dataset categories",
                                WORD("Mobilité")) "<gmd:topicCategory><gmd:MD_TopicCategoryCode>"
                                                  "planningCadastre_Planning"
                                                  "</gmd:MD_TopicCategoryCode></gmd:topicCategory>"
                                                  "<gmd:topicCategory><gmd:MD_TopicCategoryCode>"
                                                  "none</gmd:MD_TopicCategoryCode>"
                                                  "</gmd:topicCategory>",
        ""));
    is_text(xml_fixture_words(r->keywords),
            "bruit|carte|son|eau potable|assainissement collectif|assainissement non collectif|"
            "eaux pluviales|Mobilité");
    is_text(xml_fixture_words(r->themes),
            "Planification, cadastre|Zones de gestion, de restriction "
            "ou de réglementation et unités");
    is_text(xml_fixture_words(r->badges), "inspire|hvd");
    is_text(xml_fixture_words(r->spatial.labels), "Bretagne|Rennes");
    is_text(xml_fixture_words(r->spatial.zones), "fr:commune:35238");
    // A theme by its address alone.
    r = xml_fixture_record(DATASET(
        TITLE("T")
            KEYWORDS("theme", "", ANCHORED("Altitude", "http://inspire.ec.europa.eu/theme/el")),
        ""));
    is_text(xml_fixture_words(r->themes), "Altitude");
    is_text(xml_fixture_words(r->badges), "inspire");
}

static void extents(void)
{
#define BOX(w, e, s, n)                                                                            \
    "<gmd:geographicElement><gmd:EX_GeographicBoundingBox><gmd:westBoundLongitude><gco:Decimal>" w \
    "</gco:Decimal></gmd:westBoundLongitude><gmd:eastBoundLongitude><gco:Decimal>" e               \
    "</gco:Decimal></gmd:eastBoundLongitude><gmd:southBoundLatitude><gco:Decimal>" s               \
    "</gco:Decimal></gmd:southBoundLatitude><gmd:northBoundLatitude><gco:Decimal>" n               \
    "</gco:Decimal></gmd:northBoundLatitude></gmd:EX_GeographicBoundingBox>"                       \
    "</gmd:geographicElement>"
#define EXTENT(inside) "<gmd:extent><gmd:EX_Extent>" inside "</gmd:EX_Extent></gmd:extent>"
#define PERIOD(inside)                                                                             \
    "<gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent>" inside                              \
    "</gmd:extent></gmd:EX_TemporalExtent></gmd:temporalElement>"
#define DESCRIPTION(text) GMD("description", CS(text))
#define CODED(code) GMD("geographicIdentifier", GMD("MD_Identifier", GMD("code", CS(code))))
#define PLACE(code) GMD("geographicElement", GMD("EX_GeographicDescription", CODED(code)))
#define SINCE(date)                                                                                \
    "<gml:TimePeriod><gml:beginPosition>" date "</gml:beginPosition>"                              \
    "<gml:endPosition indeterminatePosition='now'/></gml:TimePeriod>"
#define EXTENTS                                                                                    \
    EXTENT(DESCRIPTION("Guadeloupe|Martinique") BOX("-1,5", "2.5", "44", "45"))                    \
    EXTENT(BOX("0", "0", "0", "0"))                                                                \
    EXTENT(BOX("3", "4", "45", "x"))                                                               \
    EXTENT(PLACE("http://id.insee.fr/geo/departement/62"))                                         \
    EXTENT(PERIOD(SINCE("2010-01-01")) DESCRIPTION("Dates de publication"))
    struct record *r = xml_fixture_record(DATASET(TITLE("T") EXTENTS, ""));
    ok(r->spatial.has_bbox);
    ok(r->spatial.bbox[0] == -1.5 && r->spatial.bbox[1] == 44 && r->spatial.bbox[2] == 2.5 &&
       r->spatial.bbox[3] == 45);
    is_text(xml_fixture_words(r->spatial.labels), "Guadeloupe|Martinique");
    is_text(xml_fixture_words(r->spatial.zones), "fr:departement:62");
    is_text(xml_fixture_date(r->temporal.start), "2010-01-01");
    is_text(xml_fixture_date(r->temporal.end), "");
    r = xml_fixture_record(DATASET(
        TITLE("T")
            EXTENT(PERIOD("<gml:TimePeriod><gml:begin><gml:TimeInstant><gml:timePosition>2001"
                          "</gml:timePosition></gml:TimeInstant></gml:begin><gml:end>"
                          "<gml:TimeInstant><gml:timePosition>2003</gml:timePosition>"
                          "</gml:TimeInstant></gml:end></gml:TimePeriod>"))
                EXTENT(PERIOD("<gml:TimeInstant><gml:timePosition>2005-06</gml:timePosition>"
                              "</gml:TimeInstant>")),
        ""));
    is_text(xml_fixture_date(r->temporal.start), "2001");
    is_text(xml_fixture_date(r->temporal.end), "2005-06");
    ok(!r->spatial.has_bbox);
}

int main(void)
{
    fixture_begin();
    identity();
    global_identifiers();
    kinds();
    languages();
    dates_and_status();
    parties();
    keywords();
    extents();
    fixture_end();
    return tap_done();
}
