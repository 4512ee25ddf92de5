// harvester/drivers/dcat/: what is said of a dataset in words, by whom, and what may be done with it. Each rule with its quirks, and what
// it refuses.
#include "tests/unit/dcat_fixture.h"

// ---- Words ---------------------------------------------------------------------------------------

static const char *title_of(const char *properties)
{
    struct str text = arena_printf(&arena, "ex:d a dcat:Dataset\n%s", properties);
    json_t *record = dcat_dataset(text.p);
    const char *title = fixture_at(record, "title");
    json_decref(record);
    return title;
}

static void test_languages(void)
{
    is_str(title_of(" dct:title \"Wasser\"@de\n dct:title \"Water\"@en\n dct:title \"Eau\"@fr-be"),
           "Eau");
    is_str(title_of(" dct:title \"Wasser\"@de\n dct:title \"Untagged\"\n dct:title \"Water\"@en"),
           "Water");
    is_str(title_of(" dct:title \"Wasser\"@de\n dct:title \"Untagged\""), "Untagged");
    is_str(title_of(" dct:title \"Vesi\"@fi\n dct:title \"Vatten\"@sv"), "Vesi");
    is_str(title_of(" dct:title \"Aigua\"@ca\n dct:title \"Agua\"@es-ES"), "Agua");
    is_str(title_of(" dct:title \"Eau\"@fr\n dct:title \"Eau douce\"@fr"), "Eau douce");
    is_str(title_of(" dct:title \"\"@fr\n dct:title \"Water\"@en"), "Water");
    is_str(title_of(" dc:title \"Ancien\"\n dct:identifier \"1\""), "Ancien");
    is_str(title_of(" rdfs:label \"Nom\"\n schema:name \"Autre\""), "Nom");

    is_str(dcat_at("language", ""), "fr"); // the title's
    is_str(dcat_at("language", " dct:language eu:language/ENG"), "fr");
    const char *untagged = "ex:d a dcat:Dataset\n dct:title \"T\"\n";
    static const char *const told[][2] = {
        {" dct:language eu:language/FRE", "fr"},
        {" dct:language \"fr-FR\"", "fr"},
        {" dct:language \"eng\"", "en"},
        {" dct:language <http://lexvo.org/id/iso639-3/deu>", "de"},
        {" dct:language <http://id.loc.gov/vocabulary/iso639-1/it>", "it"},
        {" dc:language \"en\"", "en"},
        {" dct:language \"français\"", "null"},
        {" dct:language \"fr\"\n dct:language \"de\"", "null"}, // which one is the title's?
        {" dct:language \"fr\"\n dct:language eu:language/FRA", "fr"},
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        json_t *record = dcat_dataset(arena_printf(&arena, "%s%s", untagged, told[i][0]).p);
        is_str(fixture_at(record, "language"), told[i][1]);
        json_decref(record);
    }
}

static void test_texts(void)
{
    is_str(dcat_at("description", " dct:description \"<p>Un</p><p>deux</p>\"@fr"), "Un\n\ndeux");
    is_str(dcat_at("description", " dct:abstract \"Résumé\""), "Résumé");
    is_str(dcat_at("description", " dct:description \"Lang\"@de\n dct:description \"Langue\"@fr"),
           "Langue");
    is_str(dcat_at("description", " dct:description \"\"\n dct:abstract \"Résumé\""), "Résumé");
    is_str(dcat_at("title", " dct:title \"Long titre \\n en deux\"@fr"), "Long titre en deux");
}

static void test_keywords(void)
{
    is_str(dcat_at("keywords", " dcat:keyword \"eau\"@fr\n dcat:keyword \"water\"@en\n"
                               " dcat:keyword \"air\"\n dcat:keyword \"eau\""),
           "[\"air\",\"eau\"]");
    is_str(dcat_at("keywords", " dcat:keyword \"water\"@en\n dcat:keyword \"air\"@en"),
           "[\"air\",\"water\"]"); // none in French
    is_str(dcat_at("keywords", " dcat:keyword \"eau, air; sol,,\""), "[\"air\",\"eau\",\"sol\"]");
    is_str(dcat_at("keywords", " dcat:keyword \"Sports, loisirs\"\n dcat:keyword \"eau\""),
           "[\"Sports, loisirs\",\"eau\"]");
    is_str(dcat_at("keywords",
                   " dct:subject \"forêt\"\n dct:subject _:s\n_:s skos:prefLabel \"bois\""),
           "[\"bois\",\"forêt\"]");
    is_str(dcat_at("keywords", ""), "[]");
}

static void test_themes(void)
{
    is_str(dcat_at("themes", " dcat:theme eu:data-theme/ENVI\n dcat:theme eu:data-theme/AGRI"),
           "[\"Agriculture, pêche, sylviculture et alimentation\",\"Environnement\"]");
    is_str(
        dcat_at("themes",
                " dcat:theme \"http://publications.europa.eu/resource/authority/data-theme/TRAN\""),
        "[\"Transports\"]");
    is_str(dcat_at("themes", " dcat:theme <https://inspire.ec.europa.eu/theme/hy>"),
           "[\"Hydrographie\"]");
    is_str(dcat_at("themes",
                   " geodcat:topicCategory "
                   "<http://inspire.ec.europa.eu/metadata-codelist/TopicCategory/oceans>"),
           "[\"Océans\"]");
    is_str(dcat_at("themes", " dcat:theme \"Mobilité\"\n dcat:theme _:t\n"
                             "_:t skos:prefLabel \"Noise\"@en\n skos:prefLabel \"Bruit\"@fr"),
           "[\"Bruit\",\"Mobilité\"]");
    is_str(dcat_at("themes", " dcat:theme ex:themes/bruit\n dcat:theme ex:themes/c_910\n"
                             " dcat:theme \"http://e.org/no-label\""),
           "[\"bruit\"]");
    // A known theme has one name, whatever its file calls it.
    is_str(
        dcat_at("themes",
                " dcat:theme eu:data-theme/HEAL\neu:data-theme/HEAL skos:prefLabel \"Health\"@en"),
        "[\"Santé\"]");
}

static void test_badges(void)
{
    is_str(dcat_at("badges", " dcatap:hvdCategory <http://data.europa.eu/bna/c_e1da4e07>"),
           "[\"hvd\"]");
    is_str(
        dcat_at("badges",
                " dcatap:applicableLegislation <http://data.europa.eu/eli/reg_impl/2023/138/oj>\n"
                " dcatap:applicableLegislation <http://data.europa.eu/eli/dir/2007/2/2019-06-26>"),
        "[\"hvd\",\"inspire\"]");
    is_str(dcat_at("badges",
                   " dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2016/679/oj>"),
           "[]");
}

// ---- Who -----------------------------------------------------------------------------------------

static void test_publisher(void)
{
    is_str(dcat_at("publisher.name", " dct:publisher _:p\n_:p a foaf:Organization\n"
                                     " foaf:name \"Stadt Rennes\"@de\n foaf:name \"Rennes\"@fr"),
           "Rennes");
    is_str(dcat_at("publisher.id", " dct:publisher \"Rennes  Métropole\""),
           "cat:organization.Rennes Métropole");
    is_str(dcat_at("publisher.name", " dct:publisher <http://e.org/orgs/UMR%20G%C3%A9osciences>"),
           "UMR Géosciences");
    is_str(dcat_at("publisher.name", " dct:publisher eu:corporate-body/JRC"), "JRC");
    is_str(dcat_at("publisher.name", " dct:publisher <https://www.bfs.admin.ch/>"), "bfs.admin.ch");
    is_str(dcat_at("publisher.name",
                   " dct:publisher <http://e.org/contacts/67b7c3b0e2714e0e9de260a4/>"),
           "null");
    is_str(dcat_at("publisher.name", " dct:publisher <http://e.org/org?id=rennes>"), "null");
    is_str(dcat_at("publisher.name", " dct:publisher \"jean@example.org\""), "null");
    is_str(dcat_at("publisher.name", " dct:publisher ex:o\nex:o skos:prefLabel \"Madrid\""),
           "Madrid");
    is_str(dcat_at("publisher.name", " dct:publisher _:a\n dct:publisher _:b\n_:a foaf:name \"B\"\n"
                                     "_:b foaf:name \"A\""),
           "A");
    is_str(dcat_at("publisher.name", " dct:creator _:a\n_:a foaf:name \"Créateur\"\n"
                                     "ex:d dct:publisher _:b\n_:b foaf:mbox <mailto:x@e.org>"),
           "Créateur");
    is_str(dcat_at("publisher.name", " prov:qualifiedAttribution _:q\n_:q prov:agent _:a\n"
                                     "_:a foaf:name \"IGN\""),
           "IGN");
    is_str(dcat_at("publisher.name",
                   " dcat:contactPoint _:c\n_:c vcard:fn \"Cordier\"\n vcard:org _:o\n"
                   "_:o vcard:organisation-name \"Ifremer\""),
           "Ifremer");
    is_str(dcat_at("publisher.name", " dcat:contactPoint _:c\n_:c a vcard:Organization\n"
                                     " vcard:fn \"DDTM 40\""),
           "DDTM 40");
    is_str(dcat_at("publisher.name", " dcat:contactPoint _:c\n_:c a vcard:Kind\n"
                                     " vcard:fn \"Jeanne Martin\""),
           "null"); // of a card that may be a person's
    is_str(dcat_at("publisher.name",
                   " dct:publisher _:c\n_:c a vcard:Kind\n vcard:fn \"DREAL Bretagne\""),
           "DREAL Bretagne");
    is_str(dcat_at("publisher.kind",
                   " dct:publisher _:p\n_:p foaf:name \"X\"\n"
                   " dct:type <http://purl.org/adms/publishertype/LocalAuthority>"),
           "local-authority");
    is_str(dcat_at("publisher.siret", " dct:publisher _:p\n_:p foaf:name \"X\"\n"
                                      " dct:identifier \"21350238800019\""),
           "21350238800019");
    is_str(dcat_at("publisher.acronym", " dct:publisher _:p\n_:p foaf:name \"Institut X\"\n"
                                        " skos:altLabel \"IX\""),
           "IX");
}

static void test_persons(void)
{
    is_str(
        dcat_at("publisher", " dct:publisher _:p\n_:p a foaf:Person\n foaf:name \"Jeanne Martin\""),
        "{\"id\":null,\"name\":null,\"acronym\":null,\"former_names\":[],\"kind\":\"user\","
        "\"certified\":false,\"siret\":null}");
    is_str(dcat_at("publisher.name",
                   " dct:publisher _:p\n_:p a foaf:Person\n foaf:name \"J. Martin\"\n"
                   " org:memberOf _:o\n_:o foaf:name \"DREAL\""),
           "DREAL");
    is_str(dcat_at("publisher.name",
                   " dct:publisher _:p\n_:p a foaf:Person\n foaf:name \"J. Martin\"\n"
                   "ex:d dct:publisher \"Rennes\""),
           "Rennes");
}

static void test_contact(void)
{
    is_str(dcat_at("contact_role",
                   " dcat:contactPoint _:c\n_:c vcard:hasEmail <mailto:opendata@rennes.fr>"),
           "opendata@rennes.fr");
    is_str(dcat_at("contact_role", " dcat:contactPoint _:c\n_:c vcard:hasEmail _:e\n"
                                   "_:e vcard:value \"MAILTO:sig@rennes.fr\""),
           "sig@rennes.fr");
    is_str(dcat_at("contact_role",
                   " dcat:contactPoint _:c\n_:c vcard:hasEmail \"jeanne.martin@rennes.fr\"\n"
                   " vcard:fn \"Jeanne Martin\"\n vcard:hasTelephone <tel:+33>"),
           "null");
    is_str(dcat_at("contact_role",
                   " dcat:contactPoint _:c\n_:c vcard:hasEmail \"jeanne.martin@rennes.fr\"\n"
                   " vcard:hasURL <https://rennes.fr/contact>"),
           "https://rennes.fr/contact");
    is_str(dcat_at("contact_role", " dcat:contactPoint _:c\n_:c a vcard:Individual\n"
                                   " vcard:hasURL <https://jeanne.example/>"),
           "null");
    is_str(dcat_at("contact_role",
                   " dct:publisher _:p\n_:p foaf:name \"X\"\n"
                   " foaf:mbox <mailto:contact@x.fr>\n foaf:homepage <http://x.fr>"),
           "contact@x.fr");
}

// ---- Rights --------------------------------------------------------------------------------------

static void test_licences(void)
{
    is_str(dcat_at("license.id", " dct:license eu:licence/CC_BY_4_0"), "CC-BY-4.0");
    is_str(dcat_at("license.id", " dct:license \"Licence Ouverte Version 2.0\""), "etalab-2.0");
    is_str(dcat_at("license.id", " dct:license _:l\n_:l rdfs:label \"ODbL\""), "ODbL-1.0");
    is_str(dcat_at("license.id", " dct:license ex:free\nex:free skos:exactMatch eu:licence/CC0"),
           "CC0-1.0");
    // On the distributions; what most of them have.
    is_str(dcat_at("license.id",
                   " dcat:distribution _:a\n dcat:distribution _:b\n dcat:distribution _:c\n"
                   "_:a dct:license \"cc-by\"\n_:b dct:license \"lov2\"\n_:c dct:license \"lov2\""),
           "etalab-2.0");
    is_str(dcat_at("license.id", " dct:license \"Conditions de la ville\"\n dcat:distribution _:a\n"
                                 "_:a dct:license \"lov2\""),
           "etalab-2.0"); // known before unknown
    is_str(dcat_at("license.label", " dct:license ex:legal"), "http://cat.example/legal");
    is_str(dcat_at("license.id", " dct:license ex:legal"), "null");
    is_str(
        dcat_at("license.label", " dct:license \"copyright\"\n dct:license \"otherRestrictions\""),
        "null");
    is_str(dcat_at("license.id",
                   " dct:rights \"Données sous licence Etalab, voir le site de la ville.\""),
           "etalab-2.0");
    is_str(dcat_at("license.label", " dct:rights \"NonCommercialAllowed-ReferenceRequired\""),
           "NonCommercialAllowed-ReferenceRequired");
    is_str(dcat_at("license.label", " dct:license \"Licence maison\"\n dct:rights \"cc-by\""),
           "Licence maison");
}

static void test_access(void)
{
    is_str(dcat_at("access", " dct:accessRights eu:access-right/PUBLIC"), "open");
    is_str(dcat_at("access", " dct:accessRights eu:access-right/NON_PUBLIC"), "restricted");
    is_str(dcat_at("access", " dct:accessRights \"public\""), "open");
    is_str(dcat_at("access", " dct:accessRights _:a\n_:a rdfs:label \"restricted\""), "restricted");
    is_str(dcat_at("access", " dct:accessRights "
                             "<http://inspire.ec.europa.eu/metadata-codelist/"
                             "LimitationsOnPublicAccess/noLimitations>"),
           "open");
    is_str(dcat_at("access", " dct:accessRights "
                             "<http://inspire.ec.europa.eu/metadata-codelist/"
                             "LimitationsOnPublicAccess/INSPIRE_Directive_Article13_1e>"),
           "restricted");
    is_str(dcat_at("access", " dct:accessRights _:a\n_:a rdfs:label \"Pas de restriction d'accès "
                             "public selon INSPIRE\"@fr"),
           "open");
    is_str(dcat_at("access",
                   " dcat:distribution _:f\n_:f dct:accessRights eu:access-right/RESTRICTED"),
           "restricted");
    is_str(dcat_at("access", " dct:accessRights \"open\"\n dct:accessRights \"restricted\""),
           "restricted");
    is_str(dcat_at("access", " dct:accessRights \"selon la loi\""), "null");
}

int main(void)
{
    fixture_begin("dcat", "http://cat.example/catalog.ttl", NULL);
    ok(fields_load("dcat"));
    test_languages();
    test_texts();
    test_keywords();
    test_themes();
    test_badges();
    test_publisher();
    test_persons();
    test_contact();
    test_licences();
    test_access();
    is_int(dcat_unlisted, 0); // every property of these tests is in fields/dcat.tsv
    return fixture_end();
}
