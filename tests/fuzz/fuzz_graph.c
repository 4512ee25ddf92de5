// Fuzzing of the graph on disk, against the plain list of its triples: few terms, so that they meet. Duplicates count once; what is
// said of a term is all that was added of it, in its order; who points to it is found.
#include "harvester/rdf/graph.h"
#include "tests/fuzz/fuzz.h"

enum { TRIPLES = 60 };

static const struct str words[] = {
    STR("http://e.org/a"), STR("http://e.org/b"), STR("b"), STR(""), STR("é"), STR("fr")};
static const struct str languages[] = {STR(""), STR("fr"), STR("en")};
static const struct str types[] = {STR(""), STR("http://www.w3.org/2001/XMLSchema#date")};
static const struct str predicates[] = {STR("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
                                        STR("http://e.org/p"), STR("http://e.org/q")};

static struct rdf_term term(uint8_t c, bool literals)
{
    struct rdf_term t = {.kind = (enum rdf_kind)(c % (literals ? 3 : 2)),
                         .value = words[c / 3 % 6],
                         .language = STR(""),
                         .datatype = STR("")};
    if (t.kind == RDF_LITERAL)
        *(c & 64 ? &t.language : &t.datatype) = c & 64 ? languages[c / 18 % 3] : types[c / 18 % 2];
    return t;
}

static bool same(const struct rdf_term *a, const struct rdf_term *b)
{
    return a->kind == b->kind && str_eq(a->value, b->value) && str_eq(a->language, b->language) &&
           str_eq(a->datatype, b->datatype);
}

static bool same_triple(const struct rdf_triple *a, const struct rdf_triple *b)
{
    return same(&a->subject, &b->subject) && str_eq(a->predicate, b->predicate) &&
           same(&a->object, &b->object);
}

// Whether it is the first of its kind.
static bool is_new(const struct rdf_triple *v, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (same_triple(&v[k], &v[i]))
            return false;
    return true;
}

static void check_described(struct graph *g, const struct rdf_triple *v, size_t n,
                            const struct rdf_term *subject, struct arena *a)
{
    struct rdf_node node;
    struct err e = {0};
    size_t at = 0;
    must(graph_describe(g, subject, a, &node, &e) && node.cut == 0);
    for (size_t i = 0; i < n; i++) {
        if (!same(&v[i].subject, subject) || !is_new(v, i))
            continue;
        must(at < node.n && str_eq(node.properties[at].predicate, v[i].predicate));
        must(same(&node.properties[at].value, &v[i].object));
        at++;
    }
    must(at == node.n);
}

static void check_pointing(struct graph *g, const struct rdf_triple *v, size_t n,
                           const struct rdf_triple *one, struct arena *a)
{
    struct rdf_term *found;
    struct err e = {0};
    size_t count, expected = 0;
    must(graph_pointing(g, one->predicate, &one->object, TRIPLES, a, &found, &count, &e));
    for (size_t i = 0; i < n; i++)
        expected += str_eq(v[i].predicate, one->predicate) && same(&v[i].object, &one->object) &&
                    is_new(v, i);
    must(one->object.kind == RDF_LITERAL || count == expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct rdf_triple v[TRIPLES];
    struct graph *g = graph_new("/tmp", &e);
    size_t n = 0;
    int64_t distinct = 0;
    must(g != NULL);
    for (; n < TRIPLES && 3 * n + 2 < size; n++) {
        v[n] = (struct rdf_triple){term(data[3 * n], false), predicates[data[3 * n + 1] % 3],
                                   term(data[3 * n + 2], true)};
        must(graph_add(g, &v[n], &e));
        distinct += is_new(v, n);
    }
    must(graph_seal(g, &e) && graph_size(g) == distinct);
    for (size_t i = 0; i < n; i++) {
        check_described(g, v, n, &v[i].subject, &a);
        check_pointing(g, v, n, &v[i], &a);
    }
    graph_free(g);
    arena_free(&a);
    return 0;
}
