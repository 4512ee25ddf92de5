// Reading nodes of a DCAT graph, always in the same order: see dcat.h.
#include "harvester/drivers/dcat/dcat.h"

#include <stdlib.h>

// ---- Vocabularies' addresses as they are registered ----------------------------------------------

static const struct {
    struct str seen, registered;
} spellings[] = {
    {STR("https://schema.org/"), STR("http://schema.org/")},
    {STR("http://www.schema.org/"), STR("http://schema.org/")},
    {STR("https://www.w3.org/ns/"), STR("http://www.w3.org/ns/")},
    {STR("https://www.w3.org/2004/02/skos/core#"), STR("http://www.w3.org/2004/02/skos/core#")},
    {STR("http://purl.org/dc/terms/#"), STR("http://purl.org/dc/terms/")},
    {STR("https://purl.org/dc/terms/"), STR("http://purl.org/dc/terms/")},
    {STR("https://purl.org/dc/elements/1.1/"), STR("http://purl.org/dc/elements/1.1/")},
    {STR("https://xmlns.com/foaf/0.1/"), STR("http://xmlns.com/foaf/0.1/")},
    {STR("http://spdx.org/rdf/terms/#"), STR("http://spdx.org/rdf/terms#")},
    {STR("https://spdx.org/rdf/terms#"), STR("http://spdx.org/rdf/terms#")},
};
enum { TERM_MAX = 300 }; // of a vocabulary's, in bytes

static struct str registered(struct str iri, char room[TERM_MAX])
{
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        struct str seen = spellings[i].seen, good = spellings[i].registered;
        if (!str_starts(iri, seen) || iri.n > TERM_MAX)
            continue;
        memcpy(room, good.p, good.n); // never longer than what it stands for
        memcpy(room + good.n, iri.p + seen.n, iri.n - seen.n);
        return str_slice(room, good.n + iri.n - seen.n);
    }
    return iri;
}

struct str dcat_holds(struct str predicate)
{
    if (str_eq(predicate, DCT_("identifier")))
        return STR("x-glaneur:identifier");
    if (str_eq(predicate, DCAT_("landingPage")))
        return STR("x-glaneur:landingPage");
    return str_eq(predicate, DCT_("title")) ? STR("x-glaneur:title") : STR_NONE;
}

// Who holds a literal cannot be looked up in a graph, which finds the subjects of IRIs and blank nodes only: what may identify an item
// that has no global IRI is kept as an IRI besides, under a predicate of ours.
static bool keep_holder(struct graph *g, const struct rdf_triple *triple, struct err *e)
{
    struct str holds = dcat_holds(triple->predicate);
    if (!holds.n || triple->object.kind != RDF_LITERAL ||
        (triple->subject.kind == RDF_IRI && str_find_char(triple->subject.value, '#') < 0))
        return true;
    struct rdf_triple t = {
        .subject = triple->subject,
        .predicate = holds,
        .object = {.kind = RDF_IRI, .value = str_trim(triple->object.value)},
    };
    return graph_add(g, &t, e);
}

bool dcat_add(struct graph *g, const struct rdf_triple *triple, struct err *e)
{
    char predicate[TERM_MAX], type[TERM_MAX];
    struct rdf_triple t = *triple;
    t.predicate = registered(t.predicate, predicate);
    if (t.object.kind == RDF_IRI && str_eq(t.predicate, RDF_("type")))
        t.object.value = registered(t.object.value, type);
    return graph_add(g, &t, e) && keep_holder(g, &t, e);
}

// ---- Nodes ---------------------------------------------------------------------------------------

static int by_content(const void *x, const void *y)
{
    const struct rdf_property *a = x, *b = y;
    int order = str_cmp(a->predicate, b->predicate);
    if (order)
        return order;
    bool a_blank = a->value.kind == RDF_BLANK, b_blank = b->value.kind == RDF_BLANK;
    if (a_blank != b_blank)
        return a_blank - b_blank;
    order = str_cmp(a->value.value, b->value.value);
    if (!order)
        order = (int)a->value.kind - (int)b->value.kind;
    if (!order)
        order = str_cmp(a->value.language, b->value.language);
    return order ? order : str_cmp(a->value.datatype, b->value.datatype);
}

struct rdf_node dcat_node(struct dcat *d, const struct rdf_term *term)
{
    struct rdf_node node = {.term = *term};
    if (d->failed || term->kind == RDF_LITERAL)
        return node;
    if (!graph_describe(d->graph, term, d->mapper->arena, &node, d->error)) {
        d->failed = true;
        return (struct rdf_node){.term = *term};
    }
    if (!node.n)
        return node;
    struct rdf_property *sorted = ARENA_ARRAY(d->mapper->arena, struct rdf_property, node.n);
    memcpy(sorted, node.properties, node.n * sizeof *sorted);
    qsort(sorted, node.n, sizeof *sorted, by_content);
    node.properties = sorted;
    return node;
}

struct dcat_values dcat_values(const struct rdf_node *node, struct str predicate)
{
    size_t from = 0, to = node->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (str_cmp(node->properties[middle].predicate, predicate) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    size_t n = 0;
    while (from + n < node->n && str_eq(node->properties[from + n].predicate, predicate))
        n++;
    return (struct dcat_values){n ? node->properties + from : NULL, n};
}

bool dcat_is_a(const struct rdf_node *node, struct str type)
{
    struct dcat_values types = dcat_values(node, RDF_("type"));
    for (size_t i = 0; i < types.n; i++)
        if (types.v[i].value.kind == RDF_IRI && str_eq(types.v[i].value.value, type))
            return true;
    return false;
}

// ---- Texts ---------------------------------------------------------------------------------------

// How much a language is wished for: 0 is best. A text without one comes behind French and English; then a country's own
// language, before a region's (Catalan, Sorbian, Frisian).
static unsigned rank(struct str language)
{
    static const char *const wished[] = {"fr", "en", "", "es", "it", "de", "nl", "pt"};
    enum { WISHED = sizeof wished / sizeof *wished };
    ptrdiff_t dash = str_find_char(language, '-');
    struct str primary = dash < 0 ? language : str_slice(language.p, (size_t)dash);
    for (unsigned i = 0; i < WISHED; i++)
        if (str_eq(primary, str_of(wished[i])))
            return i;
    return WISHED;
}

struct choice {
    struct str text, language;
};

static void choose(struct choice *best, struct str text, struct str language)
{
    text = str_trim(text);
    if (!text.n)
        return;
    if (best->text.n) {
        unsigned a = rank(language), b = rank(best->language);
        int order = a != b ? (int)a - (int)b : str_cmp(language, best->language);
        if (!order)
            order = text.n == best->text.n ? str_cmp(text, best->text)
                                           : (text.n < best->text.n) - (text.n > best->text.n);
        if (order >= 0)
            return;
    }
    *best = (struct choice){text, language};
}

static void choose_literals(struct choice *best, struct dcat_values values)
{
    for (size_t i = 0; i < values.n; i++)
        if (values.v[i].value.kind == RDF_LITERAL)
            choose(best, values.v[i].value.value, values.v[i].value.language);
}

struct str dcat_node_label(struct dcat *d, const struct rdf_node *node)
{
    const struct str predicates[] = {
        SKOS_("prefLabel"),      RDFS_("label"),
        DCT_("title"),           FOAF_("name"),
        SCHEMA_("name"),         DC_("title"),
        RDF_("value"),           STR("http://www.geonames.org/ontology#name"),
        LOCN_("geographicName"), DCT_("description")};
    (void)d;
    struct choice best = {0};
    for (size_t i = 0; i < sizeof predicates / sizeof *predicates && !best.text.n; i++)
        choose_literals(&best, dcat_values(node, predicates[i]));
    return best.text;
}

struct str dcat_label(struct dcat *d, const struct rdf_term *term)
{
    if (term->kind == RDF_LITERAL)
        return str_trim(term->value);
    struct rdf_node node = dcat_node(d, term);
    return dcat_node_label(d, &node);
}

struct str dcat_text(struct dcat *d, const struct rdf_node *node, const struct str *predicates,
                     size_t n, struct str *language)
{
    struct choice best = {0};
    for (size_t i = 0; i < n && !best.text.n; i++) {
        struct dcat_values values = dcat_values(node, predicates[i]);
        choose_literals(&best, values);
        for (size_t j = 0; j < values.n && !best.text.n; j++)
            if (values.v[j].value.kind != RDF_LITERAL)
                choose(&best, dcat_label(d, &values.v[j].value), STR_NONE);
    }
    if (language)
        *language = best.language;
    return best.text;
}

struct str dcat_web(struct dcat *d, const struct rdf_node *node, struct str predicate)
{
    struct dcat_values values = dcat_values(node, predicate);
    for (size_t i = 0; i < values.n; i++) {
        if (values.v[i].value.kind == RDF_BLANK)
            continue;
        struct str address = map_web(d->mapper, values.v[i].value.value);
        if (address.n)
            return address;
    }
    return STR_NONE;
}

// ---- IRIs ----------------------------------------------------------------------------------------

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct str decoded(struct arena *a, struct str s)
{
    char *out = arena_bytes(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int high = -1, low = -1;
        if (s.p[i] == '%' && i + 2 < s.n) {
            high = hex_digit(s.p[i + 1]);
            low = hex_digit(s.p[i + 2]);
        }
        bool coded = high >= 0 && low >= 0;
        out[n++] = coded ? (char)(high * 16 + low) : s.p[i];
        i += coded ? 2 : 0;
    }
    out[n] = '\0';
    return str_slice(out, n);
}

struct str dcat_last_part(struct dcat *d, struct str iri)
{
    while (str_ends(iri, STR("/")) || str_ends(iri, STR("#")))
        iri.n--;
    const char *marks = memchr(iri.p ? iri.p : "", '/', iri.n) ? "/#" : "#:";
    size_t start = iri.n;
    while (start > 0 && !strchr(marks, iri.p[start - 1]))
        start--;
    return str_trim(decoded(d->mapper->arena, str_slice(iri.p + start, iri.n - start)));
}

bool dcat_is_global(const struct dcat *d, const struct rdf_term *term)
{
    struct str iri = term->value;
    if (term->kind != RDF_IRI || str_starts(iri, STR("file:")) || str_starts(iri, STR("_:")) ||
        str_find(iri, STR("/.well-known/genid/")) >= 0)
        return false;
    struct str here = d->document;
    ptrdiff_t fragment = str_find_char(here, '#');
    here.n = fragment < 0 ? here.n : (size_t)fragment;
    if (here.n && str_starts(iri, here) && (iri.n == here.n || iri.p[here.n] == '#'))
        return false;
    size_t scheme = 0;
    while (scheme < iri.n && iri.p[scheme] != ':' && iri.p[scheme] != '/')
        scheme++;
    return scheme > 1 && scheme + 1 < iri.n && iri.p[scheme] == ':';
}

// ---- Lists ---------------------------------------------------------------------------------------

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

void dcat_sort(struct strs *list)
{
    size_t kept = 0;
    if (list->n)
        qsort(list->v, list->n, sizeof *list->v, by_bytes);
    for (size_t i = 0; i < list->n; i++)
        if (list->v[i].n && (!kept || !str_eq(list->v[kept - 1], list->v[i])))
            list->v[kept++] = list->v[i];
    list->n = kept;
}

struct rdf_term *dcat_pointing(struct dcat *d, struct str predicate, const struct rdf_term *term,
                               size_t limit, size_t *n)
{
    struct rdf_term *found = NULL;
    *n = 0;
    if (d->failed)
        return NULL;
    if (!graph_pointing(d->graph, predicate, term, limit, d->mapper->arena, &found, n, d->error)) {
        d->failed = true;
        *n = 0;
    }
    return found;
}
