// harvester/drivers/dcat/: which record a subject of a graph is, which is none, and that the order of a file changes nothing.
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
    // A title that several have, each of its year: the address of the data tells them apart, the first by its bytes.
#define FILE_AT(blank, address) blank " dcat:downloadURL <http://e.org/" address ">\n"
    const char *years =
        "_:b a dcat:Dataset\n dct:title \"T\"\n dct:publisher \"P\"\n dcat:distribution _:f\n"
        " dcat:distribution _:g\n" FILE_AT("_:f", "2021.csv")
            FILE_AT("_:g", "2020.csv") "_:c a dcat:Dataset\n dct:title \"T\"\n"
                                       " dct:publisher \"P\"\n dcat:distribution _:h\n"
                                       "_:h dcat:accessURL <http://e.org/2022>\n";
    const char *first = arena_z(&arena, str_of(id_of(years, "_:b")));
    ok(strncmp(first, "cat:title~", 10) == 0);
    ok(strcmp(first, id_of(years, "_:c")) != 0);
    ok(strcmp(first, id_of("_:b a dcat:Dataset\n dct:title \"T\"\n dct:publisher \"P\"", "_:b")) !=
       0);
    is_str(id_of("_:x a dcat:Dataset\n dct:title \"T\"\n dct:publisher \"P\"\n dcat:distribution "
                 "_:f\n" FILE_AT("_:f", "2020.csv") "_:y a dcat:Dataset\n dct:title \"T\"",
                 "_:x"),
           first);
#undef FILE_AT
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
                                 "ex:api a dcat:DataService\n dct:conformsTo ex:x\n"
                                 "ex:listed a dcat:Dataset\nex:c dcat:dataset ex:listed\n"
                                 "ex:said a dcat:Dataset\n dcat:inSeries ex:s\n"
                                 "ex:before a dcat:Dataset\n"
                                 "ex:untitled dct:isVersionOf ex:before\n");
    is_int(dcat_read(g, KIND_DATASET, "ex:named"), DCAT_NO_ITEM); // another page describes it
    is_int(dcat_read(g, KIND_DATASET, "ex:before"), DCAT_NO_ITEM);
    is_int(dcat_read(g, KIND_DATASET, "ex:listed"), DCAT_BARE_ITEM);
    is_int(dcat_read(g, KIND_DATASET, "ex:said"), DCAT_BARE_ITEM);
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
    test_order();
    is_int(dcat_unlisted, 0); // every property of these tests is in fields/dcat.tsv
    return fixture_end();
}
