// What the triples of an RDF document say, node by node, under the class of each. See shape.h.
#include "harvester/shape.h"

#include "base/buf.h"
#include "base/hash.h"

#include <stdlib.h>

struct triple {
    uint64_t subject, object; // hashes of their terms; 0: a literal
    struct str predicate,
        class; // with prefixes; the class of an rdf:type, empty: none that is known
};

struct triples {
    struct shape *shape;
    struct arena arena; // of names
    struct triple *v;
    size_t n, room;
    bool full;
};

struct node {
    uint64_t term;
    struct str class;
};

static const struct {
    const char *iri, *prefix;
} prefixes[] = {
    {"http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"},
    {"http://www.w3.org/2000/01/rdf-schema#", "rdfs"},
    {"http://www.w3.org/2002/07/owl#", "owl"},
    {"http://www.w3.org/ns/dcat#", "dcat"},
    {"http://purl.org/dc/terms/", "dct"},
    {"http://purl.org/dc/elements/1.1/", "dct"},
    {"http://xmlns.com/foaf/0.1/", "foaf"},
    {"http://www.w3.org/2004/02/skos/core#", "skos"},
    {"http://www.w3.org/ns/adms#", "adms"},
    {"http://www.w3.org/2006/vcard/ns#", "vcard"},
    {"http://schema.org/", "schema"},
    {"https://schema.org/", "schema"},
    {"http://www.w3.org/ns/prov#", "prov"},
    {"http://www.w3.org/ns/locn#", "locn"},
    {"http://www.opengis.net/ont/geosparql#", "gsp"},
    {"http://www.opengis.net/rdf#", "gsp"},
    {"http://www.w3.org/2003/01/geo/wgs84_pos#", "geo"},
    {"http://www.w3.org/2006/time#", "time"},
    {"http://www.w3.org/ns/hydra/core#", "hydra"},
    {"http://www.w3.org/ns/ldp#", "ldp"},
    {"http://spdx.org/rdf/terms#", "spdx"},
    {"http://www.w3.org/ns/csvw#", "csvw"},
    {"http://www.w3.org/ns/dqv#", "dqv"},
    {"http://www.w3.org/ns/org#", "org"},
    {"http://dcat-ap.de/def/dcatde/", "dcatde"},
    {"http://healthdataportal.eu/ns/health#", "healthdcat"},
    {"https://w3id.org/dpv#", "dpv"},
    {"http://www.w3.org/2011/content#", "cnt"},
    {"http://data.europa.eu/r5r/", "dcatap"},
    {"http://data.europa.eu/930/", "geodcat"},
};

// Classes that are read as those of the list.
static const char *const kin[][2] = {
    {"foaf:Organization", "foaf:Agent"},
    {"foaf:Person", "foaf:Agent"},
    {"org:Organization", "foaf:Agent"},
    {"schema:Organization", "foaf:Agent"},
    {"vcard:Organization", "vcard:Kind"},
    {"vcard:Individual", "vcard:Kind"},
    {"vcard:Group", "vcard:Kind"},
    {"vcard:VCard", "vcard:Kind"},
    {"schema:Dataset", "dcat:Dataset"},
    {"dcat:DatasetSeries", "dcat:Dataset"},
    {"dct:RightsStatement", "dct:LicenseDocument"},
};

// What a node is that is pointed to so and has no class that is known.
static const char *const roles[][2] = {
    {"dcat:dataset", "dcat:Dataset"},
    {"dcat:service", "dcat:DataService"},
    {"dcat:record", "dcat:CatalogRecord"},
    {"dcat:distribution", "dcat:Distribution"},
    {"dcat:accessService", "dcat:DataService"},
    {"dct:publisher", "foaf:Agent"},
    {"dct:creator", "foaf:Agent"},
    {"dct:rightsHolder", "foaf:Agent"},
    {"dcat:contactPoint", "vcard:Kind"},
    {"dct:spatial", "dct:Location"},
    {"dct:temporal", "dct:PeriodOfTime"},
    {"dct:license", "dct:LicenseDocument"},
    {"dct:conformsTo", "dct:Standard"},
    {"dct:accrualPeriodicity", "dct:Frequency"},
    {"dcat:theme", "skos:Concept"},
    {"adms:identifier", "adms:Identifier"},
    {"spdx:checksum", "spdx:Checksum"},
};

static struct str with_prefix(struct arena *a, struct str iri)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        struct str start = str_of(prefixes[i].iri);
        if (str_starts(iri, start))
            return arena_printf(a, "%s:%.*s", prefixes[i].prefix, (int)(iri.n - start.n),
                                iri.p + start.n);
    }
    return arena_str(a, iri);
}

static uint64_t hash_of(const struct rdf_term *term)
{
    return term->kind == RDF_LITERAL ? 0
                                     : (hash64(term->value) << 1 | (term->kind == RDF_BLANK)) | 2;
}

static struct str class_of(struct triples *all, struct str iri)
{
    struct str name = with_prefix(&all->arena, iri);
    for (size_t i = 0; i < sizeof kin / sizeof *kin; i++)
        if (str_eq(name, str_of(kin[i][0])))
            name = str_of(kin[i][1]);
    return shape_begins(all->shape, name) ? name : STR("");
}

static bool keep_triple(void *arg, const struct rdf_triple *t, struct err *e)
{
    struct triples *all = arg;
    if (all->n == SHAPE_TRIPLES_MAX) {
        all->full = true;
        return err_set(e, ERR_REFUSED, "enough was read");
    }
    if (all->n == all->room) {
        all->room = all->room ? 2 * all->room : 1024;
        all->v = xrealloc(all->v, all->room * sizeof *all->v);
    }
    struct triple *kept = &all->v[all->n++];
    *kept = (struct triple){.subject = hash_of(&t->subject),
                            .object = hash_of(&t->object),
                            .predicate = with_prefix(&all->arena, t->predicate),
                            .class = STR("")};
    if (str_eq(kept->predicate, STR("rdf:type")) && kept->object)
        kept->class = class_of(all, t->object.value);
    return true;
}

static int by_subject(const void *a, const void *b)
{
    const struct triple *x = a, *y = b;
    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    return str_cmp(x->predicate, y->predicate);
}

static int by_term(const void *key, const void *element)
{
    const uint64_t *term = key;
    const struct node *node = element;
    return *term < node->term ? -1 : *term > node->term;
}

static struct node *node_of(struct node *nodes, size_t n, uint64_t term)
{
    return n ? bsearch(&term, nodes, n, sizeof *nodes, by_term) : NULL;
}

// Of sorted triples: a node for each subject, with its class, from its type, else from what points to it.
static size_t class_nodes(const struct triples *all, struct node *nodes)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct triple *t = &all->v[i];
        if (!n || nodes[n - 1].term != t->subject)
            nodes[n++] = (struct node){.term = t->subject, .class = STR("")};
        if (t->class.n && !nodes[n - 1].class.n)
            nodes[n - 1].class = t->class;
    }
    for (size_t i = 0; i < all->n; i++) {
        const struct triple *t = &all->v[i];
        struct node *to = t->object ? node_of(nodes, n, t->object) : NULL;
        for (size_t k = 0; to && !to->class.n && k < sizeof roles / sizeof *roles; k++)
            if (str_eq(t->predicate, str_of(roles[k][0])))
                to->class = str_of(roles[k][1]);
    }
    return n;
}

// Each property counts once for a node, by its first value.
static void see_nodes(struct triples *all)
{
    struct node *nodes = xcalloc(all->n, sizeof *nodes);
    qsort(all->v, all->n, sizeof *all->v, by_subject);
    size_t n = class_nodes(all, nodes), at = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct triple *t = &all->v[i], *before = i ? t - 1 : NULL;
        at += nodes[at].term != t->subject;
        if (!nodes[at].class.n)
            continue;
        bool first = !before || before->subject != t->subject;
        if (first)
            shape_see(all->shape, nodes[at].class, "object");
        if (!first && str_eq(before->predicate, t->predicate))
            continue;
        bool described = t->object && node_of(nodes, n, t->object);
        shape_see(
            all->shape,
            arena_printf(&all->arena, "%.*s %.*s", STR_ARG(nodes[at].class), STR_ARG(t->predicate)),
            described ? "object" : "string");
    }
    free(nodes);
}

bool shape_see_rdf(struct shape *s, struct rdf_reading *reading)
{
    struct triples all = {.shape = s};
    struct err e = {0};
    reading->triple = keep_triple;
    reading->arg = &all;
    bool good = rdf_read(reading, &e) || all.full;
    if (good && all.n)
        see_nodes(&all);
    free(all.v);
    arena_free(&all.arena);
    return good;
}
