// See jsonld_triples.h. Depth is bounded by that of the expanded element (JSONLD_DEPTH_MAX).
#include "harvester/rdf/jsonld_triples.h"

#include "base/buf.h"
#include "base/json.h"

#include <math.h>
#include <stdlib.h>

#define RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define XSD "http://www.w3.org/2001/XMLSchema#"

static bool has_scheme(struct str iri)
{
    size_t i = 0;
    while (i < iri.n && iri.p[i] &&
           strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                  "0123456789+-.",
                  iri.p[i]))
        i++;
    return i > 0 && i < iri.n && iri.p[i] == ':';
}

static struct rdf_term blank(struct jsonld_triples *t)
{
    return (struct rdf_term){.kind = RDF_BLANK,
                             .value =
                                 arena_printf(t->arena, "g%llu", (unsigned long long)++t->blanks)};
}

// False for what is relative: nothing can be said of it.
static bool named(struct jsonld_triples *t, struct str iri, struct rdf_term *out)
{
    if (str_starts(iri, STR("_:"))) {
        char *label = arena_bytes(t->arena, iri.n);
        memcpy(label, iri.p + 1, iri.n - 1);
        label[0] = 'n';
        *out = (struct rdf_term){.kind = RDF_BLANK, .value = {label, iri.n - 1}};
        return true;
    }
    *out = (struct rdf_term){.kind = RDF_IRI, .value = iri};
    if (has_scheme(iri))
        return true;
    if (!t->reading->warnings++)
        err_set(&t->reading->first_warning, ERR_PARSE, "a relative address was left out: %.*s",
                STR_ARG(str_cut_utf8(iri, 200)));
    t->reading->lost++;
    return false;
}

static bool give(struct jsonld_triples *t, struct rdf_term subject, struct str predicate,
                 struct rdf_term object)
{
    struct rdf_triple triple = {subject, predicate, object};
    return t->reading->triple(t->reading->arg, &triple, t->e);
}

// ---- Literals ------------------------------------------------------------------------------------

// The canonical form of xsd:double: 1.5E0.
static struct str canonical_double(struct arena *a, double value)
{
    char text[40];
    int n = snprintf(text, sizeof text, "%.15E", value);
    char *power = memchr(text, 'E', (size_t)n);
    if (!power)
        return arena_printf(a, "%s", text);
    char *end = power;
    while (end[-1] == '0' && end[-2] != '.')
        end--;
    *end = '\0';
    return arena_printf(a, "%sE%ld", text, strtol(power + 1, NULL, 10));
}

static struct rdf_term number(struct jsonld_triples *t, const json_t *value, struct str datatype)
{
    struct rdf_term term = {.kind = RDF_LITERAL, .datatype = datatype};
    double real = json_number_value(value);
    bool is_double = str_eq(datatype, STR(XSD "double"));
    if (!is_double && json_is_integer(value)) {
        term.value = arena_printf(t->arena, "%lld", (long long)json_integer_value(value));
    } else if (!is_double && real == trunc(real) && fabs(real) < 1e21) {
        term.value = arena_printf(t->arena, "%.0f", real);
    } else if (datatype.n && !is_double) { // a decimal, by the fewest digits that mean the same
        struct buf b = {0};
        json_num(&b, real);
        term.value = arena_str(t->arena, buf_str(&b));
        buf_free(&b);
    } else {
        term.value = canonical_double(t->arena, real);
        term.datatype = STR(XSD "double");
    }
    if (!term.datatype.n)
        term.datatype = STR(XSD "integer");
    return term;
}

static struct rdf_term literal(struct jsonld_triples *t, const json_t *object)
{
    const json_t *value = json_object_get(object, "@value");
    struct str datatype = jget(object, "@type");
    struct rdf_term term = {.kind = RDF_LITERAL, .value = jstr(value), .datatype = datatype};
    if (str_eq(datatype, STR("@json"))) {
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
        term.value = arena_str(t->arena, str_of(text));
        term.datatype = STR(RDF "JSON");
        free(text);
    } else if (json_is_boolean(value)) {
        term.value = json_is_true(value) ? STR("true") : STR("false");
        if (!datatype.n)
            term.datatype = STR(XSD "boolean");
    } else if (json_is_number(value)) {
        term = number(t, value, datatype);
    } else {
        term.language = jget(object, "@language");
        if (str_eq(datatype, STR(XSD "string")))
            term.datatype = STR_NONE; // as RDF 1.1 has it
    }
    return term;
}

// ---- Nodes ---------------------------------------------------------------------------------------

struct rdf_term jsonld_subject(struct jsonld_triples *t, const json_t *node)
{
    struct rdf_term term;
    const json_t *id = json_object_get(node, "@id");
    return json_is_string(id) && named(t, jstr(id), &term) ? term : blank(t);
}

static bool value_triples(struct jsonld_triples *t, struct rdf_term subject, struct str predicate,
                          const json_t *value)
{
    const json_t *list = json_object_get(value, "@list");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!value_triples(t, subject, predicate, json_array_get(list, i)))
            return false;
    if (list || !json_is_object(value))
        return true;
    if (json_object_get(value, "@value"))
        return give(t, subject, predicate, literal(t, value));
    struct rdf_term object = {0};
    const json_t *id = json_object_get(value, "@id");
    if (!id)
        object = blank(t);
    else if (!json_is_string(id) || !named(t, jstr(id), &object))
        return true;
    return give(t, subject, predicate, object) && jsonld_node_triples(t, value, object);
}

static bool reverse_triples(struct jsonld_triples *t, struct rdf_term object, const json_t *map)
{
    const char *key;
    json_t *nodes;
    json_object_foreach((json_t *)map, key, nodes)
    {
        for (size_t i = 0; i < json_array_size(nodes); i++) {
            const json_t *node = json_array_get(nodes, i);
            struct rdf_term subject = jsonld_subject(t, node);
            if (!give(t, subject, str_of(key), object) || !jsonld_node_triples(t, node, subject))
                return false;
        }
    }
    return true;
}

static bool type_triples(struct jsonld_triples *t, struct rdf_term subject, const json_t *types)
{
    struct rdf_term type;
    for (size_t i = 0; i < json_array_size(types); i++) {
        const json_t *name = json_array_get(types, i);
        if (json_is_string(name) && named(t, jstr(name), &type) &&
            !give(t, subject, STR(RDF "type"), type))
            return false;
    }
    return true;
}

bool jsonld_node_triples(struct jsonld_triples *t, const json_t *node, struct rdf_term subject)
{
    const char *key;
    json_t *values;
    json_object_foreach((json_t *)node, key, values)
    {
        bool good = true;
        if (strcmp(key, "@type") == 0)
            good = type_triples(t, subject, values);
        else if (strcmp(key, "@reverse") == 0)
            good = reverse_triples(t, subject, values);
        else if (strcmp(key, "@graph") == 0 || strcmp(key, "@included") == 0)
            good = jsonld_triples(t, values);
        else if (key[0] != '@' && strncmp(key, "_:", 2) != 0)
            for (size_t i = 0; good && i < json_array_size(values); i++)
                good = value_triples(t, subject, str_of(key), json_array_get(values, i));
        if (!good)
            return false;
    }
    return true;
}

bool jsonld_triples(struct jsonld_triples *t, const json_t *expanded)
{
    for (size_t i = 0; i < json_array_size(expanded); i++)
        if (!jsonld_triples(t, json_array_get(expanded, i)))
            return false;
    if (!json_is_object(expanded) || json_object_get(expanded, "@value"))
        return true;
    return jsonld_node_triples(t, expanded, jsonld_subject(t, expanded));
}
