// harvester/drivers/iso19139: metadata of ISO 19115 as records, each rule and each quirk. Through the real parser.
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

#define GMD(name, inside) "<gmd:" name ">" inside "</gmd:" name ">"
#define CITED(title) GMD("CI_Citation", GMD("title", CS(title)))
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

// ---- Licence and access -----------------------------------------------------------------------------------

#define LEGAL(inside)                                                                              \
    "<gmd:resourceConstraints><gmd:MD_LegalConstraints>" inside                                    \
    "</gmd:MD_LegalConstraints></gmd:resourceConstraints>"
#define ACCESS                                                                                     \
    "<gmd:accessConstraints>" CODE("MD_RestrictionCode",                                           \
                                   "otherRestrictions") "</gmd:accessConstraints>"
#define USE(code) "<gmd:useConstraints>" CODE("MD_RestrictionCode", code) "</gmd:useConstraints>"
#define OTHER(text) "<gmd:otherConstraints>" CS(text) "</gmd:otherConstraints>"
#define OTHER_AT(text, href)                                                                       \
    "<gmd:otherConstraints><gmx:Anchor xlink:href='" href "'>" text "</gmx:Anchor>"                \
    "</gmd:otherConstraints>"
#define LIMITATION(text) "<gmd:useLimitation>" CS(text) "</gmd:useLimitation>"

static void constraints(void)
{
    static const struct {
        const char *document, *id, *label;
        enum record_access access;
    } cases[] = {
        // As GeoNetwork's French template has it: everything in one block.
        {DATASET(TITLE("T") LEGAL(ACCESS USE("license") LIMITATION(
                     "Licence Ouverte / Open Licence "
                     "Version 2.0 https://www.etalab.gouv.fr/wp-content/uploads/2017/04/"
                     "ETALAB-Licence-Ouverte-v2.0.pdf") OTHER("Pas de restriction d’accès public")),
                 ""),
         "etalab-2.0", "Licence Ouverte / Open Licence version 2.0", ACCESS_OPEN},
        {DATASET(TITLE("T") LEGAL(LIMITATION("Base de données soumise aux conditions de la licence "
                                             "ODbL.")),
                 ""),
         "ODbL-1.0", "Open Data Commons Open Database License (ODbL)", ACCESS_OPEN},
        {DATASET(TITLE("T") LEGAL(USE("otherRestrictions") OTHER_AT(
                     "Voir la licence", "https://creativecommons.org/licenses/by/4.0/")),
                 ""),
         "CC-BY-4.0", "Creative Commons Attribution 4.0 (CC BY 4.0)", ACCESS_OPEN},
        // The address of the licence at the end of a sentence.
        {DATASET(TITLE("T")
                     LEGAL(LIMITATION("Licence Ouverte 1.0 "
                                      "http://www.data.gouv.fr/Licence-Ouverte-Open-Licence.")),
                 ""),
         "fr-lo", "Licence Ouverte / Open Licence version 1.0", ACCESS_OPEN},
        // A sentence that stands for one.
        {DATASET(TITLE("T") LEGAL(ACCESS USE("otherRestrictions")
                                      LIMITATION("Utilisation libre sous "
                                                 "réserve de mentionner la source")
                                          OTHER("Pas de restriction d'accès public selon "
                                                "INSPIRE")),
                 ""),
         "", "Utilisation libre sous réserve de mentionner la source", ACCESS_OPEN},
        // Remarks are no licence.
        {DATASET(TITLE("T") LEGAL(LIMITATION("Numérisé au 1/25000, ne pas superposer au cadastre")
                                      OTHER("Cite as: usage")),
                 ""),
         "", "", ACCESS_UNKNOWN},
        {DATASET(TITLE("T") LEGAL(LIMITATION("None")), ""), "", "", ACCESS_UNKNOWN},
        // INSPIRE's articles restrict; its noLimitations does not.
        {DATASET(TITLE("T") LEGAL(ACCESS OTHER_AT(
                     "Zugang beschränkt",
                     "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/"
                     "INSPIRE_Directive_Article13_1e")),
                 ""),
         "", "", ACCESS_RESTRICTED},
        {DATASET(TITLE("T") LEGAL(ACCESS OTHER("L124-4-I-1 du code de l'environnement")), ""), "",
         "", ACCESS_RESTRICTED},
        {DATASET(
             TITLE("T") LEGAL(ACCESS OTHER_AT(
                 "Keine", "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/"
                          "noLimitations")),
             ""),
         "", "", ACCESS_OPEN},
        // An article ticked beside an open licence.
        {DATASET(TITLE("T") LEGAL(ACCESS OTHER("L124-4-I-1 (Article 13.1.d)")
                                      LIMITATION("Licence Ouverte")),
                 ""),
         "etalab-2.0", "Licence Ouverte / Open Licence version 2.0", ACCESS_OPEN},
        // Codes say it whatever the texts.
        {DATASET(TITLE("T") LEGAL("<gmd:accessConstraints>" CODE(
                     "MD_RestrictionCode",
                     "restricted") "</gmd:accessConstraints>" LIMITATION("Licence Ouverte")),
                 ""),
         "etalab-2.0", "Licence Ouverte / Open Licence version 2.0", ACCESS_RESTRICTED},
        {DATASET(
             TITLE("T") "<gmd:resourceConstraints><gmd:MD_SecurityConstraints>"
                        "<gmd:classification>" CODE(
                            "MD_ClassificationCode",
                            "confidential") "</gmd:classification></gmd:MD_SecurityConstraints></"
                                            "gmd:resourceConstraints>",
             ""),
         "", "", ACCESS_RESTRICTED},
        {DATASET(
             TITLE("T") "<gmd:resourceConstraints><gmd:MD_SecurityConstraints>"
                        "<gmd:classification>" CODE(
                            "MD_ClassificationCode",
                            "unclassified") "</gmd:classification></gmd:MD_SecurityConstraints></"
                                            "gmd:resourceConstraints>",
             ""),
         "", "", ACCESS_UNKNOWN},
        // A restricted use is no restricted access; copyright and the like are neither.
        {DATASET(TITLE("T") LEGAL(USE("restricted")), ""), "", "", ACCESS_UNKNOWN},
        {DATASET(TITLE("T") LEGAL("<gmd:accessConstraints>" CODE(
                     "MD_RestrictionCode", "copyright") "</gmd:accessConstraints>"),
                 ""),
         "", "", ACCESS_UNKNOWN},
        // 19115-3 has a reference.
        {DATASET(TITLE("T") LEGAL("<gmd:reference><gmd:CI_Citation><gmd:title>" CS(
                     "CC-By 4.0") "</gmd:title></gmd:CI_Citation></gmd:reference>"),
                 ""),
         "CC-BY-4.0", "Creative Commons Attribution 4.0 (CC BY 4.0)", ACCESS_OPEN},
        // The metadata's own constraints say nothing of the data.
        {DATASET(TITLE("T"),
                 "<gmd:metadataConstraints><gmd:MD_Constraints>" LIMITATION(
                     "Metadata are CC BY 4.0") "</gmd:MD_Constraints></gmd:metadataConstraints>"),
         "", "", ACCESS_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct record *r = xml_fixture_record(cases[i].document);
        is_text(r->license.id, cases[i].id);
        is_text(r->license.label, cases[i].label);
        is_int(r->access, cases[i].access);
    }
}

// ---- Links and services -----------------------------------------------------------------------------------

#define ONLINE(url, protocol, name, description, function)                                         \
    "<gmd:onLine><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>" url "</gmd:URL></gmd:linkage>"     \
    "<gmd:protocol>" CS(protocol) "</gmd:protocol><gmd:name>" CS(                                  \
        name) "</gmd:name>"                                                                        \
              "<gmd:description>" CS(description) "</gmd:description><gmd:function>" CODE(         \
                  "CI_OnLineFunctionCode",                                                         \
                  function) "</gmd:function></gmd:CI_OnlineResource></gmd:onLine>"
#define FORMAT(name)                                                                               \
    "<gmd:distributionFormat><gmd:MD_Format><gmd:name>" CS(name) "</gmd:name></gmd:MD_Format>"     \
                                                                 "</gmd:distributionFormat>"
#define DISTRIBUTION(formats, links)                                                               \
    "<gmd:distributionInfo><gmd:MD_Distribution>" formats "<gmd:transferOptions>"                  \
    "<gmd:MD_DigitalTransferOptions>" links "</gmd:MD_DigitalTransferOptions>"                     \
    "</gmd:transferOptions></gmd:MD_Distribution></gmd:distributionInfo>"

static void links(void)
{
    struct record *r = xml_fixture_record(DATASET(
        TITLE("T"),
        DISTRIBUTION(
            FORMAT("ESRI Shapefile"),
            ONLINE("https://h.fr/wms?", "OGC:WMS-1.3.0-http-get-map", "bruit_l93", "", "") ONLINE(
                "https://h.fr/wms?", "OGC:WMS-1.3.0-http-get-map", "bruit_l93", "",
                "") ONLINE("https://h.fr/d/bruit.zip", "WWW:DOWNLOAD-1.0-http--download",
                           "bruit.zip", "Zones de bruit", "download")
                ONLINE("https://h.fr/d/notice.pdf", "WWW:LINK-1.0-http--link", "Notice", "",
                       "information") ONLINE("https://h.fr/d/liste", "WWW:DOWNLOAD:text/csv",
                                             "Liste", "", "")
                    ONLINE("https://h.fr/d/points.geojson", "", "Points", "", "") ONLINE(
                        "https://h.fr/page", "WWW:LINK", "Site", "https://h.fr/page",
                        "") ONLINE("https://h.fr/rest/services/x/MapServer", "", "", "", "")
                        ONLINE("https://h.fr/"
                               "wms?service=WMS&amp;request=GetLegendGraphic&amp;format=image/png",
                               "image/png", "Légende", "",
                               "") ONLINE("https://h.fr/csw?request=GetRecordById&amp;id=7", "",
                                          "Vue XML", "", "")
                            ONLINE("https://h.fr/geonetwork/srv/fre/catalog.search#/metadata/7", "",
                                   "Vue HTML", "", "")
                                ONLINE("https://h.fr/m.png", "image/png", "thumbnail", "", "")
                                    ONLINE("\\\\serveur\\partage\\x.shp", "NETWORK:LINK", "Interne",
                                           "", "") ONLINE("https://h.fr/meta", "", "Fiche", "",
                                                          "completeMetadata"))));
    is_int(r->distribution_count, 8);
    is_text(xml_fixture_distribution(r, 0), "api wms [bruit_l93] https://h.fr/wms?");
    is_text(xml_fixture_distribution(r, 1), "main shp [Zones de bruit] https://h.fr/d/bruit.zip");
    is_text(xml_fixture_distribution(r, 2), "documentation pdf [Notice] https://h.fr/d/notice.pdf");
    is_text(xml_fixture_distribution(r, 3), "main csv [Liste] https://h.fr/d/liste");
    is_text(xml_fixture_distribution(r, 4), "main geojson [Points] https://h.fr/d/points.geojson");
    is_text(xml_fixture_distribution(r, 5), "other  [Site] https://h.fr/page");
    is_text(xml_fixture_distribution(r, 6),
            "api arcgis-rest [] https://h.fr/rest/services/x/MapServer");
    ok(!str_eq(r->distributions[7].type, STR("api"))); // a picture that a service makes
    is_text(r->landing_page, "https://h.fr/geonetwork/srv/fre/catalog.search#/metadata/7");
    // Several formats: of which link each is cannot be told.
    r = xml_fixture_record(DATASET(
        TITLE("T"), DISTRIBUTION(FORMAT("ESRI Shapefile") FORMAT("GML"),
                                 ONLINE("https://h.fr/get?id=1", "", "x", "", "download"))));
    is_text(xml_fixture_distribution(r, 0), "main  [x] https://h.fr/get?id=1");
    // Of the distributor; the address as a text; a media type in a file's name.
    r = xml_fixture_record(
        DATASET(TITLE("T"),
                "<gmd:distributionInfo><gmd:MD_Distribution><gmd:distributor><gmd:MD_Distributor>"
                "<gmd:distributorTransferOptions><gmd:MD_DigitalTransferOptions><gmd:onLine>"
                "<gmd:CI_OnlineResource><gmd:linkage>" CS(
                    " https://h.fr/f ") "</gmd:linkage><gmd:name>"
                                        "<gmx:MimeFileType "
                                        "type='text/csv'>Fichier</gmx:MimeFileType></gmd:name>"
                                        "</gmd:CI_OnlineResource></gmd:onLine></"
                                        "gmd:MD_DigitalTransferOptions>"
                                        "</gmd:distributorTransferOptions></gmd:MD_Distributor></"
                                        "gmd:distributor>"
                                        "</gmd:MD_Distribution></gmd:distributionInfo>"));
    is_text(xml_fixture_distribution(r, 0), "main csv [Fichier] https://h.fr/f");
}

static void services(void)
{
#define OPERATION(name, url)                                                                       \
    "<srv:containsOperations><srv:SV_OperationMetadata><srv:operationName>" CS(                    \
        name) "</"                                                                                 \
              "srv:operationName><srv:connectPoint><gmd:CI_OnlineResource><gmd:linkage><gmd:"      \
              "URL>" url "</gmd:URL></gmd:linkage></gmd:CI_OnlineResource></srv:connectPoint>"     \
              "</srv:SV_OperationMetadata></srv:containsOperations>"
    struct record *r = xml_fixture_record(SERVICE(
        TITLE("Service") "<srv:serviceType><gco:LocalName>view</gco:LocalName></"
                         "srv:serviceType>" OPERATION("GetMap", "https://h.fr/wms?map")
                             OPERATION("GetCapabilities", "https://h.fr/"
                                                          "wms?service=WMS&amp;REQUEST="
                                                          "GetCapabilities") "<srv:operatesOn "
                                                                             "uuidref='jeu-1'/"
                                                                             "><srv:operatesOn "
                                                                             "uuidref='jeu-1'/>"
                                                                             "<srv:operatesOn "
                                                                             "xlink:href='https://"
                                                                             "h.fr/"
                                                                             "csw?REQUEST="
                                                                             "GetRecordById&amp;ID="
                                                                             "jeu%202#x'/>"
                                                                             "<srv:operatesOn "
                                                                             "xlink:href='#local'/"
                                                                             "><srv:operatesOn "
                                                                             "uuidref='#_x'/>",
        ""));
    is_text(r->id, "cat:dataservice.jeu-1");
    is_text(r->type, "view");
    is_text(r->endpoint_url, "https://h.fr/wms");
    is_text(r->endpoint_description, "https://h.fr/wms?service=WMS&REQUEST=GetCapabilities");
    is_text(xml_fixture_words(r->relations.serves_dataset), "cat:jeu-1|cat:jeu 2");
    // No operation: where it can be reached.
    r = xml_fixture_record(SERVICE(
        TITLE("S"), DISTRIBUTION("", ONLINE("https://h.fr/doc.pdf", "", "Doc", "", "information")
                                         ONLINE("https://h.fr/wfs", "OGC:WFS", "x", "", ""))));
    is_text(r->endpoint_url, "https://h.fr/wfs");
    is_text(r->endpoint_description, "");
    // An application uses what it operates on.
    r = xml_fixture_record(
        METADATA("<gmd:hierarchyLevel>" CODE("MD_ScopeCode", "application") "</gmd:hierarchyLevel>",
                 "<srv:SV_ServiceIdentification>" TITLE("Carte") "<srv:operatesOn uuidref='jeu-1'/>"
                                                                 "</srv:SV_ServiceIdentification>",
                 ""));
    is_text(r->id, "cat:reuse.jeu-1");
    is_text(xml_fixture_words(r->relations.uses), "cat:jeu-1");
}

// ---- What the data follow, and their columns --------------------------------------------------------------

static void schemas_and_columns(void)
{
#define CONFORMS(title, pass)                                                                      \
    "<gmd:dataQualityInfo><gmd:DQ_DataQuality><gmd:report><gmd:DQ_DomainConsistency><gmd:result>"  \
    "<gmd:DQ_ConformanceResult><gmd:specification><gmd:CI_Citation><gmd:title>" CS(                \
        title) "</gmd:title></gmd:CI_Citation></gmd:specification><gmd:pass><gco:Boolean>" pass    \
               "</gco:Boolean></gmd:pass></gmd:DQ_ConformanceResult></gmd:result></"               \
               "gmd:DQ_DomainConsistency>"                                                         \
               "</gmd:report></gmd:DQ_DataQuality></gmd:dataQualityInfo>"
#define ATTRIBUTE(name, label, type)                                                               \
    "<gfc:carrierOfCharacteristics><gfc:FC_FeatureAttribute><gfc:memberName>" name                 \
    "</gfc:memberName><gfc:definition>" CS(                                                        \
        label) "</gfc:definition><gfc:valueType><gco:TypeName>"                                    \
               "<gco:aName>" CS(                                                                   \
                   type) "</gco:aName></gco:TypeName></gfc:valueType></gfc:FC_FeatureAttribute>"   \
                         "</gfc:carrierOfCharacteristics>"
#define CATALOGUE(attributes)                                                                      \
    GMD("contentInfo",                                                                             \
        "<mrc:MD_FeatureCatalogue xmlns:mrc='m' xmlns:gfc='f'><mrc:featureCatalogue>"              \
        "<gfc:FC_FeatureCatalogue><gfc:featureType><gfc:FC_FeatureType>" attributes                \
        "</gfc:FC_FeatureType></gfc:featureType></gfc:FC_FeatureCatalogue>"                        \
        "</mrc:featureCatalogue></mrc:MD_FeatureCatalogue>")
#define CATALOGUE_OF(title)                                                                        \
    GMD("contentInfo",                                                                             \
        GMD("MD_FeatureCatalogueDescription", GMD("featureCatalogueCitation", CITED(title))))
#define MEMBER(name, type)                                                                         \
    "<gco:MemberName><gco:aName>" CS(                                                              \
        name) "</gco:aName><gco:attributeType><gco:TypeName>"                                      \
              "<gco:aName>" CS(                                                                    \
                  type) "</gco:aName></gco:TypeName></gco:attributeType></gco:MemberName>"
#define RANGE(name, type, label)                                                                   \
    GMD("MD_RangeDimension",                                                                       \
        GMD("sequenceIdentifier", MEMBER(name, type)) GMD("descriptor", CS(label)))
#define COVERAGE(range) GMD("contentInfo", GMD("MD_CoverageDescription", GMD("dimension", range)))
#define CONFORMITY                                                                                 \
    CONFORMS("CNIG PLU v2017", "true")                                                             \
    CONFORMS("COVADIS", "false")                                                                   \
    CONFORMS("Règlement (UE) n° 1089/2010", "true")
#define COLUMNS                                                                                    \
    CATALOGUE(ATTRIBUTE("insee", "Code de la commune", "CharacterString")                          \
                  ATTRIBUTE("db", "", "Real"))                                                     \
    CATALOGUE_OF("Géostandard bruit")                                                              \
    COVERAGE(RANGE("ppt", "double", "pluie"))
    struct record *r = xml_fixture_record(DATASET(TITLE("T"), CONFORMITY COLUMNS));
    is_text(xml_fixture_words(r->conforms_to), "CNIG PLU v2017|Géostandard bruit");
    is_int(r->field_count, 3);
    is_text(r->fields[0].name, "insee");
    is_text(r->fields[0].label, "Code de la commune");
    is_text(r->fields[0].type, "characterstring");
    is_text(r->fields[1].name, "db");
    is_text(r->fields[2].name, "ppt");
    is_text(r->fields[2].label, "pluie");
    is_text(r->fields[2].type, "double");
}

// ---- 19115-3 ----------------------------------------------------------------------------------------------

static void third_part(void)
{
    struct record *r = xml_fixture_record(
        "<mdb:MD_Metadata xmlns:mdb='http://standards.iso.org/iso/19115/-3/mdb/2.0' "
        "xmlns:mcc='mcc' "
        "xmlns:gco='gco' xmlns:lan='lan' xmlns:cit='cit' xmlns:mri='mri' xmlns:gex='gex'>"
        "<mdb:metadataIdentifier><mcc:MD_Identifier><mcc:code>" CS(
            "fe1c1a3d") "</mcc:code>"
                        "<mcc:codeSpace>" CS(
                            "urn:uuid") "</mcc:codeSpace></mcc:MD_Identifier></"
                                        "mdb:metadataIdentifier>"
                                        "<mdb:defaultLocale><lan:PT_Locale "
                                        "id='EN'><lan:language><lan:LanguageCode "
                                        "codeListValue='eng'/>"
                                        "</lan:language></lan:PT_Locale></mdb:defaultLocale>"
                                        "<mdb:otherLocale><lan:PT_Locale "
                                        "id='FR'><lan:language><lan:LanguageCode "
                                        "codeListValue='fre'/>"
                                        "</lan:language></lan:PT_Locale></mdb:otherLocale>"
                                        "<mdb:metadataScope><mdb:MD_MetadataScope><mdb:"
                                        "resourceScope><mcc:MD_ScopeCode "
                                        "codeListValue='dataset'/></mdb:resourceScope></"
                                        "mdb:MD_MetadataScope></mdb:metadataScope>"
                                        "<mdb:metadataLinkage><cit:CI_OnlineResource><cit:"
                                        "linkage>" CS(
                                            "https://h.fr/fe1c1a3d") "</cit:linkage></"
                                                                     "cit:CI_OnlineResource></"
                                                                     "mdb:metadataLinkage>"
                                                                     "<mdb:identificationInfo><mri:"
                                                                     "MD_DataIdentification><mri:"
                                                                     "citation><cit:CI_Citation><"
                                                                     "cit:title>" CS(
                                                                         "Roads") "<lan:PT_"
                                                                                  "FreeText><lan:"
                                                                                  "textGroup><lan:"
                                                                                  "LocalisedCharact"
                                                                                  "erString "
                                                                                  "locale='#FR'>"
                                                                                  "Routes"
                                                                                  "</"
                                                                                  "lan:"
                                                                                  "LocalisedCharact"
                                                                                  "erString></"
                                                                                  "lan:textGroup></"
                                                                                  "lan:PT_FreeText>"
                                                                                  "</cit:title>"
                                                                                  "<cit:date><cit:"
                                                                                  "CI_Date><cit:"
                                                                                  "date><gco:"
                                                                                  "DateTime>2024-"
                                                                                  "01-02T03:04:05Z<"
                                                                                  "/gco:DateTime></"
                                                                                  "cit:date>"
                                                                                  "<cit:dateType><"
                                                                                  "cit:CI_"
                                                                                  "DateTypeCode "
                                                                                  "codeListValue='"
                                                                                  "lastUpdate'/></"
                                                                                  "cit:dateType></"
                                                                                  "cit:CI_Date>"
                                                                                  "</cit:date></"
                                                                                  "cit:CI_Citation>"
                                                                                  "</"
                                                                                  "mri:citation><"
                                                                                  "mri:"
                                                                                  "pointOfContact><"
                                                                                  "cit:CI_"
                                                                                  "Responsibility>"
                                                                                  "<cit:role><cit:"
                                                                                  "CI_RoleCode "
                                                                                  "codeListValue='"
                                                                                  "owner'/></"
                                                                                  "cit:role><cit:"
                                                                                  "party><cit:CI_"
                                                                                  "Organisation>"
                                                                                  "<cit:name>" CS(
                                                                                      "Service des "
                                                                                      "routes") "</"
                                                                                                "ci"
                                                                                                "t:"
                                                                                                "na"
                                                                                                "me"
                                                                                                "><"
                                                                                                "ci"
                                                                                                "t:"
                                                                                                "co"
                                                                                                "nt"
                                                                                                "ac"
                                                                                                "tI"
                                                                                                "nf"
                                                                                                "o>"
                                                                                                "<c"
                                                                                                "it"
                                                                                                ":C"
                                                                                                "I_"
                                                                                                "Co"
                                                                                                "nt"
                                                                                                "ac"
                                                                                                "t>"
                                                                                                "<c"
                                                                                                "it"
                                                                                                ":a"
                                                                                                "dd"
                                                                                                "re"
                                                                                                "ss"
                                                                                                ">"
                                                                                                "<c"
                                                                                                "it"
                                                                                                ":C"
                                                                                                "I_"
                                                                                                "Ad"
                                                                                                "dr"
                                                                                                "es"
                                                                                                "s>"
                                                                                                "<c"
                                                                                                "it"
                                                                                                ":e"
                                                                                                "le"
                                                                                                "ct"
                                                                                                "ro"
                                                                                                "ni"
                                                                                                "cM"
                                                                                                "ai"
                                                                                                "lA"
                                                                                                "dd"
                                                                                                "re"
                                                                                                "ss"
                                                                                                ">" CS(
                                                                                                    "contact@routes.fr") "</cit:electronicMailAddress></cit:CI_Address></cit:address></cit:CI_Contact></cit:contactInfo>"
                                                                                                                         "<cit:individual><cit:CI_Individual><cit:name>" CS(
                                                                                                                             "Jean Dupont") "</cit:name>"
                                                                                                                                            "</cit:CI_Individual></cit:individual></cit:CI_Organisation></cit:party>"
                                                                                                                                            "</cit:CI_Responsibility></mri:pointOfContact></mri:MD_DataIdentification>"
                                                                                                                                            "</mdb:identificationInfo></mdb:MD_Metadata>");
    is_text(r->id, "cat:fe1c1a3d");
    is_text(r->title, "Routes");
    is_text(r->language, "fr");
    is_text(xml_fixture_date(r->modified), "2024-01-02T03:04:05Z");
    is_text(r->publisher.name, "Service des routes");
    is_text(r->contact_role, "contact@routes.fr");
    is_text(r->landing_page, "https://h.fr/fe1c1a3d");
    ok(str_find(fixture_public(r, &arena), STR("Dupont")) < 0);
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
    constraints();
    links();
    services();
    schemas_and_columns();
    third_part();
    fixture_end();
    return tap_done();
}
