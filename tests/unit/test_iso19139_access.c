// harvester/drivers/iso19139: what may be done with the data of ISO 19115 metadata, where they and their services are, what they follow
// and hold. Each rule and each quirk, through the real parser.
#include "tests/unit/xml_fixture.h"

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
    // Where the data are had is a page, when no link is one; a file is none.
    r = xml_fixture_record(DATASET(TITLE("T"),
                                   "<gmd:dataSetURI><gco:CharacterString>https://h.fr/"
                                   "geoportal/base</gco:CharacterString></gmd:dataSetURI>"));
    is_text(r->landing_page, "https://h.fr/geoportal/base");
    r = xml_fixture_record(DATASET(TITLE("T"), "<gmd:dataSetURI><gco:CharacterString>https://h.fr/"
                                               "base.zip</gco:CharacterString></gmd:dataSetURI>"));
    is_text(r->landing_page, "");
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

int main(void)
{
    fixture_begin();
    constraints();
    links();
    services();
    schemas_and_columns();
    fixture_end();
    return tap_done();
}
