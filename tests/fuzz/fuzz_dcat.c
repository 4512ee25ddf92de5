// Fuzzing of what DCAT graphs become: the bytes choose terms of DCAT's own vocabulary, and literals out of themselves, so that any
// graph may come out: nodes that lead back to themselves, literals where nodes should be. A record that comes out can be written,
// and read back as the same bytes.
#include "harvester/drivers/dcat/dcat.h"
#include "tests/fuzz/records.h"

static const struct str predicates[] = {
    RDF_("type"),
    DCT_("title"),
    DCT_("description"),
    DCT_("identifier"),
    DCAT_("distribution"),
    DCT_("publisher"),
    FOAF_("name"),
    DCT_("spatial"),
    DCAT_("bbox"),
    LOCN_("geometry"),
    DCT_("temporal"),
    DCAT_("startDate"),
    DCAT_("endDate"),
    DCT_("license"),
    DCT_("accessRights"),
    DCAT_("landingPage"),
    DCAT_("theme"),
    DCAT_("keyword"),
    DCT_("format"),
    DCAT_("downloadURL"),
    DCAT_("byteSize"),
    SPDX_("checksum"),
    SPDX_("algorithm"),
    SPDX_("checksumValue"),
    DCAT_("accessService"),
    DCAT_("endpointURL"),
    DCAT_("servesDataset"),
    FOAF_("primaryTopic"),
    FOAF_("isPrimaryTopicOf"),
    DCT_("source"),
    OWL_("sameAs"),
    ADMS_("identifier"),
    SKOS_("notation"),
    SKOS_("prefLabel"),
    CSVW_("column"),
    RDF_("first"),
    RDF_("rest"),
    CSVW_("name"),
    CSVW_("tableSchema"),
    DCT_("accrualPeriodicity"),
    RDF_("value"),
    DCT_("conformsTo"),
    DCT_("issued"),
    DCT_("language"),
    DCAT_("contactPoint"),
    VCARD_("hasEmail"),
    HYDRA_("next"),
    HYDRA_("totalItems"),
    STR("http://www.opengis.net/ont/geosparql#asWKT"),
    DCATAP_("hvdCategory"),
};

static const struct str iris[] = {
    DCAT_("Dataset"),
    DCAT_("DatasetSeries"),
    DCAT_("DataService"),
    DCAT_("Catalog"),
    FOAF_("Person"),
    STR("http://e.org/a"),
    STR("http://e.org/b%20c"),
    STR("http://e.org/d e"),
    STR("http://fuzz/#x"),
    STR("http://publications.europa.eu/resource/authority/data-theme/ENVI"),
    STR("http://publications.europa.eu/resource/authority/file-type/CSV"),
    STR("http://id.insee.fr/geo/commune/35238"),
    STR("http://data.europa.eu/nuts/code/FRH03"),
    RDF_("nil"),
};

struct bytes {
    const uint8_t *p;
    size_t n;
};

static uint8_t take(struct bytes *b)
{
    if (!b->n)
        return 0;
    b->n--;
    return *b->p++;
}

static struct rdf_term resource(struct bytes *b, struct arena *a)
{
    uint8_t c = take(b);
    if (c & 1)
        return (struct rdf_term){.kind = RDF_BLANK, .value = arena_printf(a, "b%d", c >> 1 & 15)};
    return (struct rdf_term){.kind = RDF_IRI,
                             .value = iris[(c >> 1) % (sizeof iris / sizeof *iris)]};
}

static struct rdf_term object(struct bytes *b, struct arena *a)
{
    static const struct str languages[] = {STR(""), STR("fr"), STR("en"), STR("de")};
    uint8_t c = take(b);
    if (c < 128)
        return resource(b, a);
    size_t n = take(b);
    n = n < b->n ? n : b->n;
    struct rdf_term term = {.kind = RDF_LITERAL,
                            .value = arena_str(a, str_slice((const char *)b->p, n)),
                            .language = languages[c & 3]};
    b->p += n;
    b->n -= n;
    return term;
}

static void map_all(struct dcat *d, struct arena *a)
{
    const struct str types[] = {DCAT_("Dataset"), DCAT_("DatasetSeries"), DCAT_("DataService")};
    for (size_t i = 0; i < 3; i++) {
        struct rdf_term *terms;
        size_t n;
        int64_t after = 0;
        must(graph_of_type(d->graph, types[i], &after, 50, a, &terms, &n, d->error));
        for (size_t j = 0; j < n; j++) {
            struct driver_item item;
            enum dcat_item what =
                dcat_map(d, i == 2 ? KIND_DATASERVICE : KIND_DATASET, &terms[j], &item);
            must(!d->failed);
            if (what == DCAT_ITEM && item.record)
                check_record(item.record, a);
            else
                must(what == DCAT_NO_ITEM || item.error.code != ERR_NONE);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { TRIPLES_MAX = 300 };
    struct bytes b = {data, size};
    struct arena a = {0};
    struct err e = {0};
    struct dcat_links links = {0};
    struct str next;
    struct config_source config = {.name = STR("fuzz"), .url = STR("http://fuzz/")};
    struct driver_source source = {.config = &config, .kinds = {KIND_DATASET}, .kind_count = 1};
    struct mapper mapper = {.source = &source, .arena = &a};
    load_vocabularies();
    struct graph *g = graph_new("/tmp", &e);
    must(g != NULL);
    for (int i = 0; i < TRIPLES_MAX && b.n; i++) {
        struct rdf_triple t = {.subject = resource(&b, &a)};
        t.predicate = predicates[take(&b) % (sizeof predicates / sizeof *predicates)];
        t.object = object(&b, &a);
        dcat_links_add(&links, &t);
        must(dcat_add(g, &t, &e));
    }
    must(graph_seal(g, &e));
    struct dcat d = {.mapper = &mapper, .graph = g, .document = STR("http://fuzz/"), .error = &e};
    map_all(&d, &a);
    dcat_links_total(&links);
    dcat_links_next(&links, config.url, config.url, STR_NONE, &a, &next, &e);
    dcat_links_free(&links);
    graph_free(g);
    arena_free(&a);
    return 0;
}
