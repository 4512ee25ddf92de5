// Expansion of an object's members: steps 13 and 14 of section 5.1. See jsonld_expand.h.
#include "harvester/rdf/jsonld_expand.h"

// ---- Keywords ------------------------------------------------------------------------------------

// One type stays a string: it may be a value's.
static bool expand_type(struct jsonld *j, struct jsonld_object *o, const json_t *value)
{
    size_t n = json_is_array(value) ? json_array_size(value) : 1;
    json_t *types = json_array(), *before = json_object_get(o->result, "@type");
    if (json_is_array(before))
        json_array_extend(types, before);
    else if (before)
        json_array_append(types, before);
    for (size_t i = 0; i < n; i++) {
        const json_t *type = json_is_array(value) ? json_array_get(value, i) : value;
        if (!json_is_string(type)) {
            json_decref(types);
            return jsonld_fail(j, "invalid type value", o->property);
        }
        json_array_append_new(types,
                              jsonld_text(jsonld_iri(j, o->of_types, jstr(type), true, true)));
    }
    json_t *only = json_array_size(types) == 1 ? json_incref(json_array_get(types, 0)) : NULL;
    if (only)
        json_decref(types);
    jsonld_set(o->result, STR("@type"), only ? only : types);
    return true;
}

static bool is_value_or_list(const json_t *item)
{
    return json_object_get(item, "@value") || json_object_get(item, "@list");
}

static bool expand_included(struct jsonld *j, struct jsonld_object *o, const json_t *value)
{
    json_t *nodes = NULL;
    bool good = jsonld_expand_element(j, o->context, STR_NONE, value, false, &nodes);
    nodes = jsonld_array(nodes);
    size_t n = json_array_size(nodes);
    if (good && !n && !(json_is_array(value) && !json_array_size(value)))
        good = jsonld_fail(j, "invalid @included value", o->property);
    for (size_t i = 0; good && i < n; i++)
        if (is_value_or_list(json_array_get(nodes, i)))
            good = jsonld_fail(j, "invalid @included value", o->property);
    if (good)
        jsonld_append(o->result, STR("@included"), nodes);
    else
        json_decref(nodes);
    return good;
}

// Puts values under @reverse. Takes them over.
static bool add_reverse(struct jsonld *j, json_t *result, struct str property, json_t *values)
{
    json_t *map = json_object_get(result, "@reverse");
    values = jsonld_array(values);
    for (size_t i = 0; i < json_array_size(values); i++) {
        if (is_value_or_list(json_array_get(values, i))) {
            json_decref(values);
            return jsonld_fail(j, "invalid reverse property value", property);
        }
    }
    if (!map) {
        map = json_object();
        jsonld_set(result, STR("@reverse"), map);
    }
    jsonld_append(map, property, values);
    return true;
}

static bool expand_reverse(struct jsonld *j, struct jsonld_object *o, const json_t *value)
{
    json_t *map = NULL, *items;
    const char *key;
    if (!json_is_object(value))
        return jsonld_fail(j, "invalid @reverse value", o->property);
    bool good = jsonld_expand_element(j, o->context, STR("@reverse"), value, false, &map);
    json_object_foreach(json_object_get(map, "@reverse"), key, items)
    {
        jsonld_append(o->result, str_of(key), json_incref(items)); // reversed twice
    }
    json_object_foreach(map, key, items)
    {
        if (good && strcmp(key, "@reverse") != 0)
            good = add_reverse(j, o->result, str_of(key), json_incref(items));
    }
    json_decref(map);
    return good;
}

// Step 13.4, for a keyword other than @nest.
static bool expand_keyword(struct jsonld *j, struct jsonld_object *o, struct str keyword,
                           const json_t *value)
{
    json_t *out = NULL;
    bool is_list = str_eq(keyword, STR("@list"));
    if (str_eq(o->property, STR("@reverse")))
        return jsonld_fail(j, "invalid reverse property map", keyword);
    if (str_eq(keyword, STR("@type")))
        return expand_type(j, o, value);
    if (str_eq(keyword, STR("@included")))
        return expand_included(j, o, value);
    if (str_eq(keyword, STR("@reverse")))
        return expand_reverse(j, o, value);
    if (jsonld_get(o->result, keyword))
        return jsonld_fail(j, "colliding keywords", keyword);

    if (str_eq(keyword, STR("@id"))) {
        if (!json_is_string(value))
            return jsonld_fail(j, "invalid @id value", o->property);
        out = jsonld_text(jsonld_iri(j, o->context, jstr(value), false, true));
    } else if (str_eq(keyword, STR("@graph"))) {
        if (!jsonld_expand_element(j, o->context, STR("@graph"), value, false, &out)) {
            json_decref(out);
            return false;
        }
        out = jsonld_array(out);
    } else if (str_eq(keyword, STR("@value"))) {
        out = json_incref((json_t *)value);
    } else if (str_eq(keyword, STR("@language"))) {
        if (json_is_null(value))
            return true;
        if (!json_is_string(value))
            return jsonld_fail(j, "invalid language-tagged string", o->property);
        out = jsonld_text(jsonld_lower(j->arena, jstr(value)));
    } else if (str_eq(keyword, STR("@direction"))) {
        if (!str_eq(jstr(value), STR("ltr")) && !str_eq(jstr(value), STR("rtl")))
            return jsonld_fail(j, "invalid base direction", jstr(value));
        out = json_incref((json_t *)value);
    } else if (str_eq(keyword, STR("@index"))) {
        if (!json_is_string(value))
            return jsonld_fail(j, "invalid @index value", o->property);
        out = json_incref((json_t *)value);
    } else if (is_list || str_eq(keyword, STR("@set"))) {
        if (is_list && (!o->property.p || str_eq(o->property, STR("@graph"))))
            return true; // a list that nothing refers to
        if (!jsonld_expand_element(j, o->context, o->property, value, false, &out)) {
            json_decref(out);
            return false;
        }
        out = is_list || out ? jsonld_array(out) : NULL;
    }
    if (out)
        jsonld_set(o->result, keyword, out);
    return true;
}

// ---- Properties ----------------------------------------------------------------------------------

// Step 13.12: each value in a graph of its own; those that say nothing are dropped. Takes it over.
static json_t *in_graphs(json_t *values)
{
    json_t *graphs = json_array();
    values = jsonld_array(values);
    for (size_t i = 0; i < json_array_size(values); i++) {
        json_t *graph = json_object();
        jsonld_set(graph, STR("@graph"), jsonld_array(json_incref(json_array_get(values, i))));
        json_array_append_new(graphs, graph);
    }
    json_decref(values);
    return graphs;
}

static bool expand_property(struct jsonld *j, struct jsonld_object *o, struct str key,
                            struct str iri, const json_t *value)
{
    static const struct jsonld_term plain = {0};
    const struct jsonld_term *term = jsonld_term_find(o->context, key);
    const struct jsonld_context *c = o->context;
    json_t *out = NULL;
    bool good = true;
    if (!term)
        term = &plain;
    if (str_eq(term->type, STR("@json"))) {
        out = json_object();
        jsonld_set(out, STR("@type"), json_string("@json"));
        jsonld_set(out, STR("@value"), json_incref((json_t *)value));
    } else if (term->containers & CONTAINER_LANGUAGE && json_is_object(value)) {
        good = jsonld_expand_languages(j, c, term, value, &out);
    } else if (term->containers & (CONTAINER_INDEX | CONTAINER_ID | CONTAINER_TYPE) &&
               json_is_object(value)) {
        good = jsonld_expand_map(j, c, term, value, &out);
    } else {
        good = jsonld_expand_element(j, c, key, value, false, &out);
    }
    if (!good) {
        json_decref(out);
        return false;
    }
    if (!out)
        return true;
    if (term->containers & CONTAINER_LIST && !json_object_get(out, "@list")) {
        json_t *list = json_object();
        jsonld_set(list, STR("@list"), jsonld_array(out));
        out = list;
    }
    if (term->containers & CONTAINER_GRAPH &&
        !(term->containers & (CONTAINER_ID | CONTAINER_INDEX))) {
        out = in_graphs(out);
        if (!json_array_size(out)) {
            json_decref(out);
            return true;
        }
    }
    if (term->reverse)
        return add_reverse(j, o->result, iri, out);
    jsonld_append(o->result, iri, out);
    return true;
}

// Step 14: the members of what a term only groups.
static bool expand_nested(struct jsonld *j, struct jsonld_object *o, const json_t *value)
{
    const char *key;
    json_t *member;
    if (!json_is_object(value))
        return jsonld_fail(j, "invalid @nest value", o->property);
    json_object_foreach((json_t *)value, key, member)
    {
        if (str_eq(jsonld_iri(j, o->context, str_of(key), true, false), STR("@value")))
            return jsonld_fail(j, "invalid @nest value", o->property);
    }
    if (j->depth == JSONLD_DEPTH_MAX)
        return jsonld_fail(j, "the document nests too deep", o->property);
    j->depth++;
    bool good = jsonld_expand_members(j, o, value);
    j->depth--;
    return good;
}

bool jsonld_expand_members(struct jsonld *j, struct jsonld_object *o, const json_t *element)
{
    const char *name;
    json_t *value;
    struct strs nests = {0};
    json_object_foreach((json_t *)element, name, value)
    {
        struct str key = str_of(name), iri = jsonld_iri(j, o->context, key, true, false);
        if (str_eq(key, STR("@context")))
            continue;
        if (str_eq(iri, STR("@nest"))) {
            arena_push(j->arena, &nests, key);
        } else if (jsonld_keyword(iri)) {
            if (!expand_keyword(j, o, iri, value))
                return false;
        } else if (jsonld_absolute(iri) && !expand_property(j, o, key, iri, value)) {
            return false;
        }
    }
    const json_t *type = json_object_get(o->result, "@type");
    value = json_object_get(o->result, "@value");
    if ((json_is_object(value) || json_is_array(value)) &&
        !(o->is_json && str_eq(jstr(type), STR("@json"))))
        return jsonld_fail(j, "invalid value object value", o->property);
    for (size_t i = 0; i < nests.n; i++) {
        value = jsonld_get(element, nests.v[i]);
        size_t n = json_is_array(value) ? json_array_size(value) : 1;
        for (size_t k = 0; k < n; k++)
            if (!expand_nested(j, o, json_is_array(value) ? json_array_get(value, k) : value))
                return false;
    }
    return true;
}

// ---- Maps ----------------------------------------------------------------------------------------

static bool is_graph(const json_t *item)
{
    size_t known = 0;
    static const char *const keys[] = {"@graph", "@id", "@index"};
    for (size_t i = 0; i < 3; i++)
        known += json_object_get(item, keys[i]) != NULL;
    return json_object_get(item, "@graph") && known == json_object_size(item);
}

static void put_first(json_t *object, struct str key, json_t *value)
{
    json_t *list = jsonld_array(value), *rest = jsonld_get(object, key);
    if (json_is_array(rest))
        json_array_extend(list, rest);
    else if (rest)
        json_array_append(list, rest);
    jsonld_set(object, key, list);
}

// Step 13.8.3.7: what the key says of an item under it.
static bool put_key(struct jsonld *j, const struct jsonld_context *c,
                    const struct jsonld_term *term, struct str key, json_t *item)
{
    struct str expanded = jsonld_iri(j, c, key, true, false);
    bool none = str_eq(expanded, STR("@none"));
    if (term->containers & CONTAINER_INDEX && term->index.p) {
        if (none)
            return true;
        if (json_object_get(item, "@value"))
            return jsonld_fail(j, "invalid value object", term->name);
        json_t *text = jsonld_text(key);
        put_first(item, jsonld_iri(j, c, term->index, true, false),
                  jsonld_expand_value(j, c, term->index, text));
        json_decref(text);
    } else if (term->containers & CONTAINER_INDEX) {
        if (!none && !json_object_get(item, "@index"))
            jsonld_set(item, STR("@index"), jsonld_text(key));
    } else if (term->containers & CONTAINER_ID) {
        if (json_object_get(item, "@value"))
            return jsonld_fail(j, "invalid value object", term->name);
        if (!none && !json_object_get(item, "@id"))
            jsonld_set(item, STR("@id"), jsonld_text(jsonld_iri(j, c, key, false, true)));
    } else if (!none) {
        put_first(item, STR("@type"), jsonld_text(jsonld_iri(j, c, key, true, true)));
    }
    return true;
}

bool jsonld_expand_map(struct jsonld *j, const struct jsonld_context *c,
                       const struct jsonld_term *term, const json_t *map, json_t **out)
{
    const char *name;
    json_t *value;
    *out = json_array();
    json_object_foreach((json_t *)map, name, value)
    {
        const struct jsonld_context *within = c;
        struct str key = str_of(name);
        json_t *items = NULL;
        if (term->containers & (CONTAINER_ID | CONTAINER_TYPE) && c->previous)
            within = c->previous;
        const struct jsonld_term *type =
            term->containers & CONTAINER_TYPE ? jsonld_term_find(within, key) : NULL;
        if (type && type->context) {
            within = jsonld_context_scoped(j, within, type, false);
            if (!within)
                return false;
        }
        bool good = jsonld_expand_element(j, within, term->name, value, true, &items);
        items = jsonld_array(items);
        for (size_t i = 0; good && i < json_array_size(items); i++) {
            json_t *item = json_array_get(items, i);
            if (term->containers & CONTAINER_GRAPH && !is_graph(item)) {
                json_t *graph = json_object();
                jsonld_set(graph, STR("@graph"), jsonld_array(json_incref(item)));
                json_array_set_new(items, i, graph);
                item = graph;
            }
            good = put_key(j, c, term, key, item);
        }
        if (good)
            json_array_extend(*out, items);
        json_decref(items);
        if (!good)
            return false;
    }
    return true;
}
