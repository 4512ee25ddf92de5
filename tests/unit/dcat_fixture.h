// For the tests of the DCAT driver: graphs from lines of triples in the way of Turtle, and the records that their subjects become.
#pragma once

#include "harvester/drivers/dcat/dcat.h"
#include "tests/unit/commons_fixture.h"

#define DOCUMENT "http://cat.example/catalog.ttl"

static const struct {
    const char *prefix, *iri;
} dcat_prefixes[] = {
    {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
    {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
    {"owl", "http://www.w3.org/2002/07/owl#"},
    {"dcat", "http://www.w3.org/ns/dcat#"},
    {"dct", "http://purl.org/dc/terms/"},
    {"dc", "http://purl.org/dc/elements/1.1/"},
    {"foaf", "http://xmlns.com/foaf/0.1/"},
    {"skos", "http://www.w3.org/2004/02/skos/core#"},
    {"adms", "http://www.w3.org/ns/adms#"},
    {"vcard", "http://www.w3.org/2006/vcard/ns#"},
    {"schema", "http://schema.org/"},
    {"prov", "http://www.w3.org/ns/prov#"},
    {"locn", "http://www.w3.org/ns/locn#"},
    {"time", "http://www.w3.org/2006/time#"},
    {"hydra", "http://www.w3.org/ns/hydra/core#"},
    {"ldp", "http://www.w3.org/ns/ldp#"},
    {"spdx", "http://spdx.org/rdf/terms#"},
    {"csvw", "http://www.w3.org/ns/csvw#"},
    {"org", "http://www.w3.org/ns/org#"},
    {"dcatap", "http://data.europa.eu/r5r/"},
    {"geodcat", "http://data.europa.eu/930/"},
    {"gsp", "http://www.opengis.net/ont/geosparql#"},
    {"geo", "http://www.w3.org/2003/01/geo/wgs84_pos#"},
    {"dcatde", "http://dcat-ap.de/def/dcatde/"},
    {"xsd", "http://www.w3.org/2001/XMLSchema#"},
    {"eu", "http://publications.europa.eu/resource/authority/"},
    {"ex", "http://cat.example/"},
};

static inline struct str dcat_iri(struct str word)
{
    if (str_starts(word, STR("<")))
        return str_slice(word.p + 1, word.n - 2);
    if (str_eq(word, STR("a")))
        return RDF_("type");
    ptrdiff_t colon = str_find_char(word, ':');
    for (size_t i = 0; colon > 0 && i < sizeof dcat_prefixes / sizeof *dcat_prefixes; i++)
        if (str_eq(str_slice(word.p, (size_t)colon), str_of(dcat_prefixes[i].prefix)))
            return arena_printf(&arena, "%s%.*s", dcat_prefixes[i].iri,
                                (int)(word.n - (size_t)colon - 1), word.p + colon + 1);
    printf("Bail out! no such prefix: %.*s\n", STR_ARG(word));
    exit(1);
}

// One word of a line; a literal with what follows it is one.
static inline struct str dcat_word(struct str *line)
{
    *line = str_trim(*line);
    size_t n = 0;
    if (line->n && line->p[0] == '"')
        for (n = 1; n < line->n && line->p[n] != '"';)
            n += line->p[n] == '\\' ? 2 : 1;
    bool iri = line->n && line->p[0] == '<';
    while (n < line->n && (iri || line->p[n] != ' ')) {
        n++;
        iri = iri && line->p[n - 1] != '>';
    }
    struct str word = str_slice(line->p, n);
    *line = str_slice(line->p + n, line->n - n);
    return word;
}

static inline struct rdf_term dcat_term(struct str word)
{
    if (!word.n || word.p[0] != '"') {
        bool blank = str_starts(word, STR("_:"));
        return (struct rdf_term){.kind = blank ? RDF_BLANK : RDF_IRI,
                                 .value =
                                     blank ? str_slice(word.p + 2, word.n - 2) : dcat_iri(word)};
    }
    size_t end = word.n - 1;
    while (word.p[end] != '"')
        end--;
    struct rdf_term term = {.kind = RDF_LITERAL};
    char *text = arena_bytes(&arena, end);
    size_t n = 0;
    for (size_t i = 1; i < end; i++) {
        bool escape = word.p[i] == '\\';
        i += escape;
        text[n++] = escape && word.p[i] == 'n' ? '\n' : word.p[i];
    }
    term.value = str_slice(text, n);
    struct str rest = str_slice(word.p + end + 1, word.n - end - 1);
    if (str_starts(rest, STR("@")))
        term.language = str_slice(rest.p + 1, rest.n - 1);
    else if (str_starts(rest, STR("^^")))
        term.datatype = dcat_iri(str_slice(rest.p + 2, rest.n - 2));
    return term;
}

// Calls `each` with the triples of a text: one a line, "subject predicate object"; a line that begins with a space goes on with the
// subject of the line before it.
static inline void dcat_triples(const char *text, void (*each)(void *, const struct rdf_triple *),
                                void *arg)
{
    struct str rest = str_of(text), line;
    struct rdf_triple t = {0};
    while (str_next(&rest, '\n', &line)) {
        if (!str_trim(line).n)
            continue;
        if (line.p[0] != ' ')
            t.subject = dcat_term(dcat_word(&line));
        t.predicate = dcat_iri(dcat_word(&line));
        t.object = dcat_term(dcat_word(&line));
        each(arg, &t);
    }
}

static inline void dcat_put(void *graph, const struct rdf_triple *triple)
{
    struct err e = {0};
    if (!dcat_add(graph, triple, &e)) {
        printf("Bail out! %s\n", e.what);
        exit(1);
    }
}

// A sealed graph; the test's to free.
static inline struct graph *dcat_graph(const char *text)
{
    struct err e = {0};
    struct graph *g = graph_new("/tmp", &e);
    if (g)
        dcat_triples(text, dcat_put, g);
    if (!g || !graph_seal(g, &e)) {
        printf("Bail out! %s\n", e.what);
        exit(1);
    }
    return g;
}

// ---- The table of fields: what test data hold is in it ---------------------------------------------

static size_t dcat_unlisted;

// Of the node that a property leads to; NULL: a label alone, or the class of an item.
static inline const char *dcat_class_behind(struct str property)
{
    static const char *const classes[][2] = {
        {"dcat:distribution", "dcat:Distribution"},
        {"adms:sample", "dcat:Distribution"},
        {"dct:temporal", "dct:PeriodOfTime"},
        {"dct:spatial", "dct:Location"},
        {"dct:publisher", "foaf:Agent"},
        {"dct:creator", "foaf:Agent"},
        {"prov:agent", "foaf:Agent"},
        {"org:memberOf", "foaf:Agent"},
        {"dcat:contactPoint", "vcard:Kind"},
        {"vcard:hasEmail", "vcard:Kind"},
        {"vcard:org", "vcard:Kind"},
        {"spdx:checksum", "spdx:Checksum"},
        {"adms:identifier", "adms:Identifier"},
        {"prov:qualifiedAttribution", "prov:Attribution"},
        {"dct:conformsTo", "dct:Standard"},
        {"foaf:isPrimaryTopicOf", "dcat:CatalogRecord"},
        {"csvw:tableSchema", "csvw:Schema"},
        {"csvw:column", "csvw:Column"},
        {"dct:license", "dct:LicenseDocument"},
        {"dcat:accessService", "dcat:DataService"},
        {"dct:accrualPeriodicity", "dct:Frequency"},
        {"time:hasBeginning", "time:Instant"},
        {"time:hasEnd", "time:Instant"},
    };
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (str_eq(property, str_of(classes[i][0])))
            return classes[i][1];
    return NULL;
}

// "dct:title" of its IRI; {NULL, 0} for what the table names in its head: other vocabularies' forms, labels of nodes, lists.
static inline struct str dcat_listed_name(struct str iri, bool item)
{
    static const char *const labels[] = {
        "skos:prefLabel", "rdfs:label", "dct:title", "foaf:name", "rdf:value", "dct:description",
        "rdf:type",       "vcard:fn",   "rdf:first", "rdf:rest",  "dct:type"};
    for (size_t i = 0; i < sizeof dcat_prefixes / sizeof *dcat_prefixes; i++) {
        struct str prefix = str_of(dcat_prefixes[i].prefix), full = str_of(dcat_prefixes[i].iri);
        bool other = str_eq(prefix, STR("dc")) || str_eq(prefix, STR("schema"));
        if (!str_starts(iri, full) || other)
            continue;
        struct str name = arena_printf(&arena, "%.*s:%.*s", STR_ARG(prefix), (int)(iri.n - full.n),
                                       iri.p + full.n);
        for (size_t k = 0; k < sizeof labels / sizeof *labels && !item; k++)
            if (str_eq(name, str_of(labels[k])))
                return STR_NONE;
        return name;
    }
    return STR_NONE;
}

static inline void dcat_check_fields(struct graph *g, const struct rdf_term *term,
                                     const char *class, unsigned depth)
{
    struct rdf_node node;
    struct err e;
    if (!class || depth > 4 || !graph_describe(g, term, &arena, &node, &e))
        return;
    for (size_t i = 0; i < node.n; i++) {
        struct str name = dcat_listed_name(node.properties[i].predicate, depth == 0);
        if (name.n) {
            struct str path = arena_printf(&arena, "%s %.*s", class, STR_ARG(name));
            size_t row = 0;
            while (row < field_count && !str_eq(field_rows[row].path, path))
                row++;
            if (row == field_count) {
                dcat_unlisted++;
                printf("# not in the table of fields: %.*s\n", STR_ARG(path));
            }
            dcat_check_fields(g, &node.properties[i].value, dcat_class_behind(name), depth + 1);
        }
    }
}

static struct mapper dcat_mapper;
static struct driver_item dcat_item_read;

// What a subject of the graph becomes, in dcat_item_read.
static inline enum dcat_item dcat_read(struct graph *g, enum record_kind kind, const char *subject)
{
    struct err e = {0};
    dcat_mapper = (struct mapper){.source = &fixture_source, .arena = &arena};
    struct dcat d = {.mapper = &dcat_mapper, .graph = g, .document = STR(DOCUMENT), .error = &e};
    struct rdf_term term = dcat_term(str_of(subject));
    enum dcat_item what = dcat_map(&d, kind, &term, &dcat_item_read);
    if (d.failed) {
        printf("Bail out! %s\n", e.what);
        exit(1);
    }
    return what;
}

// The record of a subject as public JSON, the test's to decref.
static inline json_t *dcat_record(const char *text, enum record_kind kind, const char *subject)
{
    struct graph *g = dcat_graph(text);
    enum dcat_item what = dcat_read(g, kind, subject);
    struct rdf_term term = dcat_term(str_of(subject));
    dcat_check_fields(g, &term, kind == KIND_DATASET ? "dcat:Dataset" : "dcat:DataService", 0);
    graph_free(g);
    if (what == DCAT_NO_ITEM)
        dcat_item_read = (struct driver_item){.skipped = true};
    return fixture_json(&dcat_item_read);
}

static inline json_t *dcat_dataset(const char *text)
{
    return dcat_record(text, KIND_DATASET, "ex:d");
}

// One property of a dataset that has a title, as fixture_at gives it.
static inline const char *dcat_at(const char *path, const char *properties)
{
    struct str text =
        arena_printf(&arena, "ex:d a dcat:Dataset\n dct:title \"Titre\"@fr\n%s", properties);
    json_t *record = dcat_dataset(text.p);
    const char *found = fixture_at(record, path);
    json_decref(record);
    return found;
}
