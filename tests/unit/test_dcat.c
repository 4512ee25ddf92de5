// harvester/drivers/dcat/: what is said of a dataset or a service, as a record. Each rule with its quirks, and what it refuses.
#include "tests/unit/dcat_fixture.h"

#define TITLED "ex:d a dcat:Dataset\n dct:title \"Titre\"@fr\n"

// ---- Identity ------------------------------------------------------------------------------------

static const char *id_of(const char *text, const char *subject)
{
    json_t *record = dcat_record(text, KIND_DATASET, subject);
    const char *id = fixture_at(record, "id");
    json_decref(record);
    return id;
}

static void test_identity(void)
{
    // A global IRI, whatever the identifier says.
    is_str(id_of(TITLED " dct:identifier \"17\"", "ex:d"), "cat:http://cat.example/d");
    is_str(id_of("<urn:uuid:9> a dcat:Dataset\n dct:title \"T\"", "<urn:uuid:9>"),
           "cat:urn:uuid:9");
    is_str(id_of("<http://e.org/a b> a dcat:Dataset\n dct:title \"T\"", "<http://e.org/a b>"),
           "cat:http://e.org/a b");
    // Not global: of this document, of a disk, a blank node in disguise, none at all.
    is_str(id_of("<" DOCUMENT "#d1> a dcat:Dataset\n dct:title \"T\"\n dct:identifier \" 17 \"",
                 "<" DOCUMENT "#d1>"),
           "cat:17");
    is_str(id_of("<file:///tmp/d> a dcat:Dataset\n dct:title \"T\"\n dct:identifier \"17\"",
                 "<file:///tmp/d>"),
           "cat:17");
    is_str(id_of("<http://e.org/.well-known/genid/b0> a dcat:Dataset\n dct:title \"T\"\n"
                 " dct:identifier \"17\"",
                 "<http://e.org/.well-known/genid/b0>"),
           "cat:17");
    is_str(id_of("<d1> a dcat:Dataset\n dct:title \"T\"\n dct:identifier \"17\"", "<d1>"),
           "cat:17");
    // A blank node: its identifier, as text, typed, or an IRI; of several the first.
    is_str(id_of("_:b a dcat:Dataset\n dct:title \"T\"\n dct:identifier \"z\"\n"
                 " dct:identifier \" a 1 \"^^xsd:token",
                 "_:b"),
           "cat:a 1");
    is_str(id_of("_:b a dcat:Dataset\n dct:title \"T\"\n dct:identifier <http://e.org/1>", "_:b"),
           "cat:http://e.org/1");
    // Its catalogue record's, which points to it or which it points to.
    is_str(id_of("_:b a dcat:Dataset\n dct:title \"T\"\n_:r foaf:primaryTopic _:b\n"
                 " dct:identifier \"fiche-1\"",
                 "_:b"),
           "cat:fiche-1");
    is_str(id_of("_:b a dcat:Dataset\n dct:title \"T\"\n foaf:isPrimaryTopicOf _:r\n"
                 "_:r dct:identifier \"fiche-2\"",
                 "_:b"),
           "cat:fiche-2");
}

static void test_identity_without_identifier(void)
{
    const char *one = "_:b a dcat:Dataset\n dct:title \"T\"\n dcat:landingPage <http://e.org/1>\n"
                      " dct:publisher \"P\"\n";
    const char *page = id_of(one, "_:b");
    is_int(strlen(page), strlen("cat:page~") + 16);
    ok(strncmp(page, "cat:page~", 9) == 0);
    // The label of the node does not matter, nor anything but the page.
    is_str(
        id_of("_:x a dcat:Dataset\n dct:title \"U\"\n dcat:landingPage \"http://e.org/1\"", "_:x"),
        page);
    // A page that another dataset has too is no identity: title and publisher are.
    struct str two = arena_printf(
        &arena, "%s_:c a dcat:Dataset\n dct:title \"U\"\n dcat:landingPage <http://e.org/1>\n",
        one);
    const char *title = id_of(two.p, "_:b");
    ok(strncmp(title, "cat:title~", 10) == 0);
    ok(strcmp(title, id_of(two.p, "_:c")) != 0);
    is_str(id_of("_:y a dcat:Dataset\n dct:title \"T\"\n dct:publisher \"P\"", "_:y"), title);
    ok(strcmp(id_of("_:y a dcat:Dataset\n dct:title \"T\"\n dct:publisher \"Q\"", "_:y"), title) !=
       0);
    // Nothing at all.
    struct graph *g = dcat_graph("_:b a dcat:Dataset\n dct:description \"D\"");
    is_int(dcat_read(g, KIND_DATASET, "_:b"), DCAT_ITEM);
    ok(!dcat_item_read.record);
    is_str(dcat_item_read.error.what,
           "a dataset with neither an IRI nor dct:identifier, dcat:landingPage or dct:title");
    graph_free(g);
}

static void test_identifier_of_several(void)
{
    const char *text = "_:a a dcat:Dataset\n dct:title \"A\"\n dct:identifier \"1\"\n"
                       "_:b a dcat:Dataset\n dct:title \"B\"\n dct:identifier \" 1\"\n"
                       "_:c a dcat:Dataset\n dct:title \"A\"\n dct:identifier \"2\"\n"
                       "_:d a dcat:Dataset\n dct:title \"A\"\n dct:identifier \"2\"\n"
                       "_:e a dcat:Dataset\n dct:title \"E\"\n dct:identifier <urn:x:3>\n"
                       "_:f a dcat:Dataset\n dct:title \"F\"\n dct:identifier <urn:x:3>\n"
                       "_:g a dcat:Distribution\n dct:title \"G\"\n dct:identifier \"2\"\n"
                       "ex:h a dcat:Dataset\n dct:title \"H\"\n dct:identifier \"2\"\n";
    const char *a = id_of(text, "_:a"), *b = id_of(text, "_:b");
    is_int(strlen(a), strlen("cat:1~") + 16);
    ok(strncmp(a, "cat:1~", 6) == 0 && strncmp(b, "cat:1~", 6) == 0 && strcmp(a, b) != 0);
    // The same dataset twice is one; a distribution, or a dataset that has an IRI, takes nothing away.
    is_str(id_of(text, "_:c"), "cat:2");
    is_str(id_of(text, "_:d"), "cat:2");
    is_str(id_of(text, "ex:h"), "cat:http://cat.example/h");
    ok(strncmp(id_of(text, "_:e"), "cat:urn:x:3~", 12) == 0);
}

static void test_what_is_no_item(void)
{
    struct graph *g = dcat_graph("ex:named a dcat:Dataset\n"
                                 "ex:untitled a dcat:Dataset\n dct:identifier \"1\"\n"
                                 "ex:blank a dcat:Dataset\n dct:title \"  \"\n"
                                 "_:way a dcat:DataService\n dct:title \"WMS\"\n"
                                 "_:f dcat:accessService _:way\n"
                                 "_:f dcat:accessService _:known\n"
                                 "_:known a dcat:DataService\n dct:title \"WFS\"\n"
                                 " dct:identifier \"wfs\"\n"
                                 "ex:api a dcat:DataService\n dct:conformsTo ex:x\n");
    is_int(dcat_read(g, KIND_DATASET, "ex:named"), DCAT_NO_ITEM); // another page describes it
    is_int(dcat_read(g, KIND_DATASERVICE, "_:way"), DCAT_NO_ITEM);
    is_int(dcat_read(g, KIND_DATASERVICE, "ex:api"), DCAT_NO_ITEM);
    is_int(dcat_read(g, KIND_DATASERVICE, "_:known"), DCAT_ITEM);
    ok(dcat_item_read.record != NULL);
    is_int(dcat_read(g, KIND_DATASET, "ex:untitled"), DCAT_ITEM);
    ok(!dcat_item_read.record);
    is_text(dcat_item_read.id, "cat:http://cat.example/untitled");
    is_str(dcat_item_read.error.what, "it has no title (dct:title)");
    is_int(dcat_item_read.error.code, ERR_RECORD);
    is_int(dcat_read(g, KIND_DATASET, "ex:blank"), DCAT_ITEM);
    ok(!dcat_item_read.record);
    graph_free(g);
}

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
    is_str(title_of(" dct:title \"Agua\"@es\n dct:title \"Wasser\"@de"), "Wasser");
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

// ---- When and where ------------------------------------------------------------------------------

static const char *period(const char *properties)
{
    return dcat_at("temporal", arena_printf(&arena, " dct:temporal _:t\n_:t %s", properties).p);
}

static void test_periods(void)
{
    const char *both = "{\"start\":\"2016-01-01\",\"end\":\"2016-12-05\"}";
    is_str(period("dcat:startDate \"2016-01-01\"\n dcat:endDate \"2016-12-05\""), both);
    is_str(period("schema:startDate \"2016-01-01\"^^xsd:date\n schema:endDate \"2016-12-05\""),
           both);
    is_str(period("dct:start \"2016-01-01\"\n dct:end \"2016-12-05\""), both);
    is_str(period("time:hasBeginning _:b\n time:hasEnd _:e\n_:b time:inXSDDate \"2016-01-01\"\n"
                  "_:e time:inXSDDate \"2016-12-05\""),
           both);
    is_str(period("rdfs:label \"2016-01-01/2016-12-05\""), both);
    is_str(dcat_at("temporal", " dct:temporal \"2016-01-01\\n / \\n 2016-12-05\""), both);
    is_str(
        dcat_at("temporal", " dct:temporal \"start=2016-01-01; end=2016-12-05; scheme=W3C-DTF;\""),
        both);
    is_str(dcat_at("temporal", " dct:temporal <http://reference.data.gov.uk/id/year/2016>"),
           "{\"start\":\"2016\",\"end\":\"2016\"}");
    is_str(dcat_at("temporal",
                   " dct:temporal _:a\n dct:temporal _:b\n_:a dcat:startDate \"2010\"\n"
                   " dcat:endDate \"2012\"\n_:b dcat:startDate \"2008\"\n dcat:endDate \"2009\""),
           "{\"start\":\"2008\",\"end\":\"2012\"}");
    is_str(dcat_at("temporal", " dct:temporal <file:///tmp/temporal-2>"),
           "{\"start\":null,\"end\":null}");
    is_str(period("dcat:startDate \"2021-13-40\""), "{\"start\":null,\"end\":null}");
}

static void test_dates(void)
{
    is_str(dcat_at("issued", " dct:issued \"2021-13-40\"\n dct:created \"2020-05\""), "2020-05");
    is_str(dcat_at("modified", " dct:modified \"2020-01-01\"\n dct:modified \"2021-01-01\""),
           "2021-01-01");
    is_str(dcat_at("issued", " foaf:isPrimaryTopicOf _:r\n_:r dct:issued \"2016-02-18T08:09:33Z\"\n"
                             " dct:modified \"2025\""),
           "2016-02-18T08:09:33Z");
    is_str(dcat_at("frequency", " dct:accrualPeriodicity eu:frequency/ANNUAL"), "ANNUAL");
    is_str(dcat_at("frequency", " dct:accrualPeriodicity \"http://purl.org/cld/freq/irregular\""),
           "IRREG");
    is_str(dcat_at("frequency", " dct:accrualPeriodicity \"mensuelle\""), "MONTHLY");
    is_str(dcat_at("frequency", " dct:accrualPeriodicity eu:frequency/null"), "null");
    is_str(dcat_at("frequency",
                   " dct:accrualPeriodicity ex:f\nex:f rdf:value ex:y\nex:y time:years \"1.0\""),
           "ANNUAL");
    is_str(dcat_at("frequency", " dct:accrualPeriodicity _:f\n_:f skos:prefLabel \"Hebdomadaire\""),
           "WEEKLY");
    // Modified is a figure: it is in no content.
    json_t *record = dcat_dataset(TITLED " dct:modified \"2020-01-01\"");
    json_decref(record);
    ok(!dcat_item_read.record->modified_trusted);
}

static const char *box(const char *properties)
{
    return dcat_at("spatial.bbox", arena_printf(&arena, " dct:spatial _:s\n_:s %s", properties).p);
}

static void test_boxes(void)
{
    const char *rennes = "[-1.75,48.07,-1.62,48.15]";
    is_str(
        box("dcat:bbox \"POLYGON((-1.75 48.07,-1.62 48.07,-1.62 48.15,-1.75 48.15,-1.75 48.07))\""),
        rennes);
    is_str(box("locn:geometry \"{'type':'Polygon','coordinates':[[[-1.75,48.07]]]}\""), "null");
    is_str(box("locn:geometry "
               "\"{\\\"type\\\":\\\"Polygon\\\",\\\"coordinates\\\":[[[-1.75,48.07],[-1.62,48.15]]]"
               "}\""),
           rennes);
    is_str(box("locn:geometry \"{\\\"coordinates\\\":[[[4,45],[4,NaN]]]}\""), "null");
    is_str(box("dcat:bbox \"<gml:Envelope "
               "srsName=\\\"http://www.opengis.net/def/crs/OGC/1.3/CRS84\\\">"
               "<gml:lowerCorner>-1.75 48.07</gml:lowerCorner><gml:upperCorner>-1.62 48.15"
               "</gml:upperCorner></gml:Envelope>\"^^gsp:gmlLiteral"),
           rennes);
    is_str(box("dcat:bbox \"<gml:Envelope "
               "srsName='urn:ogc:def:crs:EPSG::4326'><gml:lowerCorner>48.07 -1.75"
               "</gml:lowerCorner><gml:upperCorner>48.15 -1.62</gml:upperCorner></gml:Envelope>\""),
           rennes);
    is_str(box("gsp:asWKT \"<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON((48.07 -1.75, "
               "48.15 -1.62))\""),
           rennes);
    is_str(box("gsp:asWKT \"<http://www.opengis.net/def/crs/OGC/1.3/CRS84> Polygon((-1.75 48.07, "
               "-1.62 48.15))\""),
           rennes);
    is_str(box("gsp:asWKT \"<http://www.opengis.net/def/crs/EPSG/0/2154> POINT(352000 6789000)\""),
           "null");
    is_str(box("dcat:bbox \"ENVELOPE(-1.75, -1.62, 48.15, 48.07)\""), rennes);
    is_str(box("dcat:centroid \"POINT(-1.7 48.1)\""), "[-1.7,48.1,-1.7,48.1]");
    is_str(box("dcat:centroid \"POINT(0 0)\"\n dcat:bbox \"POLYGON((-1.75 48.07,-1.62 48.15))\""),
           rennes);
    is_str(box("geo:lat \"48.1\"\n geo:long \"-1.7\""), "[-1.7,48.1,-1.7,48.1]");
    is_str(box("locn:geometry _:g\n_:g gsp:asWKT \"POLYGON((-1.75 48.07,-1.62 48.15))\""), rennes);
    is_str(box("locn:geometry \"wrong wkt\""), "null");
    is_str(dcat_at("spatial.labels", " dct:spatial _:s\n_:s locn:geometry \"wrong wkt\""), "[]");
    is_str(dcat_at("spatial.bbox", " dct:spatial \"-1.75,48.07,-1.62,48.15\""), rennes);
}

static void test_zones(void)
{
    static const char *const zones[][2] = {
        {" dct:spatial <http://id.insee.fr/geo/departement/75>", "[\"fr:departement:75\"]"},
        {" dct:spatial <https://id.insee.fr/geo/commune/2A004/>", "[\"fr:commune:2A004\"]"},
        {" dct:spatial <http://id.insee.fr/geo/intercommunalite/243500139>",
         "[\"fr:epci:243500139\"]"},
        {" dct:spatial <http://id.insee.fr/geo/pays/france>", "[\"country:fr\"]"},
        {" dct:spatial <http://id.insee.fr/geo/commune/a3b8c1e6-0a1c>", "[]"},
        {" dct:spatial eu:country/FRA", "[\"country:fr\"]"},
        {" dct:spatial <http://data.europa.eu/nuts/code/FRH03>", "[\"fr:departement:35\"]"},
        {" dct:spatial <http://nuts.geovocab.org/id/FRH>", "[\"fr:region:53\"]"},
        {" dct:spatial <http://data.europa.eu/nuts/code/DE>", "[\"country:de\"]"},
        {" dct:spatial <http://sws.geonames.org/3017382/>", "[\"country:fr\"]"},
        {" dct:spatial <http://wuEurope.com/>", "[]"},
        {" dct:spatial ex:s\nex:s skos:exactMatch eu:country/BEL", "[\"country:be\"]"},
        {" dct:spatial \"fr:commune:35238\"", "[\"fr:commune:35238\"]"},
    };
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        is_str(dcat_at("spatial.zones", zones[i][0]), zones[i][1]);
    is_str(dcat_at("spatial.labels",
                   " dct:spatial \"Schweiz\"\n dct:spatial _:s\n_:s skos:prefLabel \"Berne\""),
           "[\"Schweiz\",\"Berne\"]");
    is_str(dcat_at("spatial.labels", " dcatde:geocodingDescription \"Rostock\""), "[\"Rostock\"]");
}

// ---- Distributions -------------------------------------------------------------------------------

static const char *file(const char *path, const char *properties)
{
    return dcat_at(arena_printf(&arena, "distributions.0.%s", path).p,
                   arena_printf(&arena, " dcat:distribution _:f\n_:f %s", properties).p);
}

static void test_distributions(void)
{
    is_str(
        file("url", "dcat:accessURL <http://e.org/page>\n dcat:downloadURL <http://e.org/a.csv>"),
        "http://e.org/a.csv");
    is_str(file("url", "dcat:accessURL \"http://e.org/page\""), "http://e.org/page");
    is_str(file("url", "dcat:downloadURL \"à venir\"\n dcat:accessURL <http://e.org/page>"),
           "http://e.org/page");
    is_str(dcat_at("distributions.0.url", " dcat:distribution ex:file.csv"),
           "http://cat.example/file.csv");
    is_str(file("title", "dct:title \"Daten\"@de\n dct:title \"Données\"@fr"), "Données");
    is_str(file("title", "dct:description \"Le fichier\"\n dcat:accessURL <http://e.org/x>"),
           "Le fichier");
    is_str(file("format", "dct:format eu:file-type/CSV"), "csv");
    is_str(file("format", "dct:format eu:file-type/WMS_SRVC"), "wms");
    is_str(
        file("format",
             "dct:format \"http://publications.europa.eu/resource/authority/file-type/GEOJSON\""),
        "geojson");
    is_str(file("format", "dct:format _:x\n_:x rdf:value \"application/pdf\""), "pdf");
    is_str(file("format",
                "dct:format _:x\n_:x rdfs:label \"XLS\"\n rdf:value \"application/vnd.ms-excel\""),
           "xls");
    is_str(file("format", "dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv>"),
           "csv");
    is_str(file("media_type", "dcat:mediaType \"text/csv\""), "text/csv");
    is_str(file("format", "dct:format \"ZIP\"\n dct:format \"SHP\""), "shp");
    is_str(file("format", "dcat:accessService _:s\n dcat:accessURL <http://e.org/wms>\n"
                          "_:s dct:conformsTo <http://www.opengeospatial.org/standards/wfs>"),
           "wfs");
    is_str(
        file("url",
             "dct:title \"WMS\"\n dcat:accessService _:s\n_:s dcat:endpointURL <http://e.org/ows>"),
        "http://e.org/ows");
    is_str(
        file("type",
             "dct:title \"WMS\"\n dcat:accessService _:s\n_:s dcat:endpointURL <http://e.org/ows>"),
        "api");
    is_str(file("type", "dct:title \"x\"\n dct:type eu:distribution-type/DOCUMENTATION"),
           "documentation");
    is_str(file("byte_size",
                "dcat:accessURL <http://e.org/x>\n dcat:byteSize \"685246.0\"^^xsd:decimal"),
           "685246");
    is_str(file("byte_size", "dcat:accessURL <http://e.org/x>\n dcat:byteSize \"0\""), "null");
    is_str(file("byte_size", "dcat:accessURL <http://e.org/x>\n dcat:byteSize \"12 Ko\""), "null");
    is_str(file("checksum", "dct:title \"x\"\n spdx:checksum _:c\n_:c spdx:checksumValue \"AB12\"\n"
                            " spdx:algorithm <http://spdx.org/rdf/terms#checksumAlgorithm_sha1>"),
           "sha1:ab12");
    is_str(file("checksum", "dct:title \"x\"\n spdx:checksum _:c\n_:c spdx:checksumValue \"5b\"\n"
                            " spdx:algorithm <http://dcat-ap.de/def/hashAlgorithms/sha/256>"),
           "sha256:5b");
    is_str(file("modified", "dct:title \"x\"\n dct:modified \"2024-05-07T11:58:19\""),
           "2024-05-07T11:58:19Z");
    // The same one twice is one; one that says nothing is none.
    is_str(dcat_at("distributions.1",
                   " dcat:distribution _:a\n dcat:distribution _:b\n dcat:distribution _:c\n"
                   "_:a dcat:accessURL <http://e.org/x>\n_:b dcat:accessURL <http://e.org/x>\n"
                   "_:c dct:issued \"2020\""),
           "");
    is_str(dcat_at("distributions.0.type",
                   " adms:sample _:s\n_:s dcat:accessURL <http://e.org/s.csv>"),
           "other");
}

static void test_columns(void)
{
    is_str(dcat_at("fields",
                   " dcat:distribution _:f\n_:f csvw:tableSchema _:s\n_:s csvw:column _:l1\n"
                   "_:l1 rdf:first _:c1\n rdf:rest _:l2\n_:l2 rdf:first _:c2\n rdf:rest rdf:nil\n"
                   "_:c1 csvw:name \"z\"\n csvw:titles \"Zone\"@fr\n csvw:datatype \"string\"\n"
                   "_:c2 csvw:name \"a\"\n csvw:datatype xsd:integer"),
           "[{\"name\":\"z\",\"label\":\"Zone\",\"type\":\"string\"},"
           "{\"name\":\"a\",\"label\":null,\"type\":\"integer\"}]");
    is_str(dcat_at("fields",
                   " csvw:column _:z\n csvw:column _:a\n_:z csvw:name \"z\"\n_:a csvw:name \"a\""),
           "[{\"name\":\"a\",\"label\":null,\"type\":null},{\"name\":\"z\",\"label\":null,\"type\":"
           "null}]");
    // A list that leads back to its start ends.
    is_str(dcat_at("fields.1",
                   " csvw:column _:l\n_:l rdf:first _:c\n rdf:rest _:l\n_:c csvw:name \"c\""),
           "{\"name\":\"c\",\"label\":null,\"type\":null}");
}

// ---- The rest ------------------------------------------------------------------------------------

static void test_pages_and_provenance(void)
{
    is_str(dcat_at("landing_page", " dcat:landingPage \"http://e.org/page\""), "http://e.org/page");
    is_str(dcat_at("landing_page", ""), "http://cat.example/d");
    is_str(dcat_at("documentation_url", " foaf:page <http://e.org/doc>"), "http://e.org/doc");
    is_str(dcat_at("provenance.remote_url", " dcat:landingPage <http://e.org/page>"),
           "http://cat.example/d");
    is_str(dcat_at("provenance.origin_id",
                   " dct:identifier \"http://e.org/id/1\"\n owl:sameAs <http://x.org/2>"),
           "http://e.org/id/1");
    is_str(dcat_at("provenance.origin_id", " dct:identifier \"17\"\n owl:sameAs <http://x.org/2>"),
           "http://x.org/2");
    is_str(
        dcat_at("provenance.origin_id",
                " adms:identifier _:i\n_:i skos:notation \"https://www.data.gouv.fr/datasets/1/\""),
        "https://www.data.gouv.fr/datasets/1/");
    is_str(dcat_at("provenance.origin_id", " dct:identifier \"fr-120066022-jdd-a307d028-d9d2\""),
           "fr-120066022-jdd-a307d028-d9d2");
    is_str(dcat_at("provenance.origin_id", " dct:identifier \"10.15148/42c9bb4e\""),
           "10.15148/42c9bb4e");
    is_str(dcat_at("provenance.origin_id", " dct:identifier \"une table de la mairie 2020\""),
           "null");
    is_str(dcat_at("provenance.origin_url", " foaf:isPrimaryTopicOf ex:r\nex:r dct:title \"x\"\n"
                                            " dct:source <http://elsewhere.org/r>"),
           "http://elsewhere.org/r");
    is_str(dcat_at("provenance.origin_url", " foaf:isPrimaryTopicOf ex:r\nex:r dct:title \"x\"\n"
                                            " dct:source ex:r"),
           "null");
    is_str(dcat_at("provenance.origin_url", " dct:source <http://e.org/other-data>"), "null");
}

static void test_standards(void)
{
    is_str(
        dcat_at("conforms_to",
                " dct:conformsTo <https://schema.data.gouv.fr/etalab/irve/>\n dct:conformsTo _:s\n"
                "_:s dct:title \"GTFS\""),
        "[\"GTFS\",\"https://schema.data.gouv.fr/etalab/irve/\"]");
    is_str(dcat_at("conforms_to",
                   " dct:conformsTo <http://www.opengis.net/def/crs/EPSG/0/2154>\n"
                   " dct:conformsTo <http://data.europa.eu/930/>\n dct:conformsTo _:s\n"
                   "_:s dct:title \"RGF93 / Lambert-93 (EPSG:2154)\"\n"
                   " dct:type <http://inspire.ec.europa.eu/glossary/SpatialReferenceSystem>"),
           "[]");
    is_str(dcat_at("conforms_to", " dcat:distribution _:f\n_:f dct:conformsTo ex:schema\n"
                                  " dct:conformsTo <http://www.opengeospatial.org/standards/wms>"),
           "[\"http://cat.example/schema\"]");
    is_str(dcat_at("status", " adms:status <http://purl.org/adms/status/Withdrawn>"), "archived");
    is_str(dcat_at("status", " adms:status eu:dataset-status/DEPRECATED"), "archived");
    is_str(dcat_at("status", " adms:status <http://purl.org/adms/status/Completed>"), "active");
}

static void test_services(void)
{
    json_t *r =
        dcat_record("ex:api a dcat:DataService\n dct:title \"API\"\n"
                    " dcat:endpointURL <https://e.org/api/>\n"
                    " dcat:endpointDescription <https://e.org/openapi.json>\n"
                    " foaf:page <https://e.org/doc>\n dcat:servesDataset ex:d2\n"
                    " dcat:servesDataset ex:d1\n dcat:servesDataset _:b\n"
                    "_:b dct:identifier \"b1\"\n"
                    "ex:d3 dcat:distribution _:f\n_:f dcat:accessService ex:api\n"
                    "ex:api dct:conformsTo <http://www.opengis.net/def/serviceType/ogc/wms>\n"
                    " dcatap:hvdCategory <http://data.europa.eu/bna/c_b7f6a4f3>",
                    KIND_DATASERVICE, "ex:api");
    is_str(fixture_at(r, "id"), "cat:dataservice.http://cat.example/api");
    is_str(fixture_at(r, "kind"), "dataservice");
    is_str(fixture_at(r, "endpoint_url"), "https://e.org/api/");
    is_str(fixture_at(r, "endpoint_description"), "https://e.org/openapi.json");
    is_str(fixture_at(r, "documentation_url"), "https://e.org/doc");
    is_str(fixture_at(r, "type"), "wms");
    is_str(fixture_at(r, "badges"), "[\"hvd\"]");
    is_str(fixture_at(r, "relations.serves_dataset"),
           "[\"cat:b1\",\"cat:http://cat.example/d1\",\"cat:http://cat.example/d2\","
           "\"cat:http://cat.example/d3\"]");
    json_decref(r);
}

static void test_misspelt_vocabularies(void)
{
    json_t *r = dcat_dataset("ex:d a <https://www.w3.org/ns/dcat#Dataset>\n"
                             " <https://purl.org/dc/terms/title> \"T\"\n"
                             " <http://purl.org/dc/terms/#license> \"lov2\"\n dct:temporal _:t\n"
                             "_:t <https://schema.org/startDate> \"2001\"");
    is_str(fixture_at(r, "title"), "T");
    is_str(fixture_at(r, "license.id"), "etalab-2.0");
    is_str(fixture_at(r, "temporal.start"), "2001");
    json_decref(r);
}

// ---- The order of a file -------------------------------------------------------------------------

static struct str body_of(const struct record *r)
{
    struct buf b = {0};
    record_write_body(&b, r);
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

enum { LINES_MAX = 100 };
static struct rdf_triple lines[LINES_MAX];
static size_t line_count;

static void keep_line(void *arg, const struct rdf_triple *t)
{
    (void)arg;
    lines[line_count++] = *t;
}

// The blank node's label in another serialisation.
static void rename_blank(struct rdf_term *t, unsigned turn)
{
    if (t->kind == RDF_BLANK)
        t->value =
            arena_printf(&arena, "n%u%.*s", (turn * 7 + (unsigned char)t->value.p[0] * 31U) % 97,
                         STR_ARG(t->value));
}

static size_t coprime(size_t step, size_t n)
{
    for (;; step++) {
        size_t a = step, b = n;
        while (b) {
            size_t rest = a % b;
            a = b;
            b = rest;
        }
        if (a == 1)
            return step;
    }
}

static void test_order(void)
{
    line_count = 0;
    dcat_triples(
        "ex:d a dcat:Dataset\n dct:title \"Titre\"@fr\n dct:title \"Title\"@en\n"
        " dct:description \"Une\"\n dct:description \"Deux mots\"\n"
        " dcat:keyword \"eau\"\n dcat:keyword \"air\"\n dcat:theme _:t\n dcat:theme _:u\n"
        "_:t skos:prefLabel \"Bruit\"\n_:u skos:prefLabel \"Sol\"\n"
        "ex:d dct:publisher _:p\n dct:publisher _:q\n_:p foaf:name \"B\"\n_:q foaf:name \"A\"\n"
        "ex:d dcat:contactPoint _:c\n dcat:contactPoint _:e\n"
        "_:c vcard:hasEmail \"sig@e.org\"\n_:e vcard:hasEmail \"contact@e.org\"\n"
        "ex:d dcat:distribution _:f\n dcat:distribution _:g\n dcat:distribution _:h\n"
        "_:f dct:title \"f\"\n dcat:accessURL <http://e.org/2>\n dct:license \"lov2\"\n"
        " spdx:checksum _:s\n_:s spdx:checksumValue \"1\"\n"
        " spdx:algorithm <http://spdx.org/rdf/terms#checksumAlgorithm_md5>\n"
        "_:g dct:title \"g\"\n dcat:accessURL <http://e.org/1>\n dct:license \"cc-by\"\n"
        " dct:format \"CSV\"\n dct:format \"text/csv\"\n"
        "_:h dct:title \"e\"\n dcat:accessURL <http://e.org/1>\n"
        "ex:d dct:spatial _:x\n dct:spatial _:y\n dct:spatial <http://id.insee.fr/geo/region/53>\n"
        "_:x skos:prefLabel \"Ici\"\n dcat:bbox \"POLYGON((1 2,3 4))\"\n"
        "_:y skos:prefLabel \"Là\"\n dcat:bbox \"POLYGON((0 5,1 6))\"\n"
        "ex:d dct:temporal _:v\n dct:temporal _:w\n_:v dcat:startDate \"2001\"\n"
        "_:w dcat:endDate \"2003\"\n"
        "ex:d adms:identifier _:i\n adms:identifier _:j\n_:i skos:notation \"http://e.org/i\"\n"
        "_:j skos:notation \"http://e.org/h\"\n"
        "ex:d dct:conformsTo _:k\n dct:conformsTo _:l\n_:k dct:title \"K\"\n_:l dct:title \"J\"\n"
        "ex:d csvw:column _:m\n csvw:column _:n\n_:m csvw:name \"m\"\n_:n csvw:name \"l\"\n",
        keep_line, NULL);
    struct str first = STR_NONE;
    for (unsigned turn = 0; turn < 20; turn++) {
        struct err e = {0};
        struct graph *g = graph_new("/tmp", &e);
        size_t step = coprime(3 * turn + 1, line_count);
        for (size_t i = 0; i < line_count; i++) { // another order each time
            struct rdf_triple t = lines[(i * step + turn) % line_count];
            rename_blank(&t.subject, turn);
            rename_blank(&t.object, turn);
            ok(graph_add(g, &t, &e));
        }
        ok(graph_seal(g, &e));
        dcat_read(g, KIND_DATASET, "ex:d");
        struct str body = body_of(dcat_item_read.record);
        if (!turn)
            first = body;
        ok(graph_size(g) == (int64_t)line_count);
        is_text(body, first.p);
        graph_free(g);
    }
}

int main(void)
{
    fixture_begin("dcat", "http://cat.example/catalog.ttl", NULL);
    ok(fields_load("dcat"));
    test_identity();
    test_identity_without_identifier();
    test_identifier_of_several();
    test_what_is_no_item();
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
    test_periods();
    test_dates();
    test_boxes();
    test_zones();
    test_distributions();
    test_columns();
    test_pages_and_provenance();
    test_standards();
    test_services();
    test_misspelt_vocabularies();
    test_order();
    is_int(dcat_unlisted, 0); // every property of these tests is in fields/dcat.tsv
    return fixture_end();
}
