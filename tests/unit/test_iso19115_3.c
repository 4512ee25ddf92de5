// harvester/drivers/iso19139: metadata of ISO 19115-3, whose elements have other names and other places. Through the real parser.
#include "tests/unit/xml_fixture.h"

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
    third_part();
    fixture_end();
    return tap_done();
}
