// Expansion (sections 5.1 and 5.3 of the specification): elements and values. Members are read in the order of the file, which decides
// nothing but the order of values; members of an object are in jsonld_members.c.
#include "harvester/rdf/jsonld_expand.h"

#include "harvester/rdf/jsonld.h"

#include <stdlib.h>

json_t *jsonld_array(json_t *value)
{
    if (json_is_array(value))
        return value;
    json_t *array = json_array();
    if (value)
        json_array_append_new(array, value);
    return array;
}

void jsonld_set(json_t *object, struct str key, json_t *value)
{
    json_object_setn_new_nocheck(object, key.p, key.n, value);
}

void jsonld_append(json_t *object, struct str key, json_t *value)
{
    json_t *list = jsonld_get(object, key);
    if (!list) {
        list = json_array();
        jsonld_set(object, key, list);
    }
    if (json_is_array(value)) {
        json_array_extend(list, value);
        json_decref(value);
    } else {
        json_array_append_new(list, value);
    }
}

// ---- Values --------------------------------------------------------------------------------------

static enum jsonld_direction direction_of(const struct jsonld_context *c,
                                          const struct jsonld_term *term)
{
    return term && term->direction != DIRECTION_UNSET ? term->direction : c->direction;
}

static void set_direction(json_t *value, enum jsonld_direction d)
{
    if (d == DIRECTION_LTR || d == DIRECTION_RTL)
        jsonld_set(value, STR("@direction"), json_string(d == DIRECTION_LTR ? "ltr" : "rtl"));
}

json_t *jsonld_expand_value(struct jsonld *j, const struct jsonld_context *c, struct str property,
                            const json_t *value)
{
    const struct jsonld_term *term = jsonld_term_find(c, property);
    struct str type = term ? term->type : STR_NONE;
    json_t *out = json_object();
    bool as_id = str_eq(type, STR("@id")), as_word = str_eq(type, STR("@vocab"));
    if ((as_id || as_word) && json_is_string(value)) {
        jsonld_set(out, STR("@id"), jsonld_text(jsonld_iri(j, c, jstr(value), as_word, true)));
        return out;
    }
    if (type.n && !as_id && !as_word && !str_eq(type, STR("@none"))) {
        jsonld_set(out, STR("@type"), jsonld_text(type));
    } else if (json_is_string(value)) {
        struct str language = term && term->has_language ? term->language : c->language;
        if (language.p)
            jsonld_set(out, STR("@language"), jsonld_text(language));
        set_direction(out, direction_of(c, term));
    }
    jsonld_set(out, STR("@value"), json_incref((json_t *)value));
    return out;
}

bool jsonld_expand_languages(struct jsonld *j, const struct jsonld_context *c,
                             const struct jsonld_term *term, const json_t *map, json_t **out)
{
    const char *key;
    json_t *texts;
    *out = json_array();
    json_object_foreach((json_t *)map, key, texts)
    {
        struct str language = str_of(key);
        bool none = str_eq(jsonld_iri(j, c, language, true, false), STR("@none"));
        size_t n = json_is_array(texts) ? json_array_size(texts) : 1;
        for (size_t i = 0; i < n; i++) {
            json_t *text = json_is_array(texts) ? json_array_get(texts, i) : texts;
            if (json_is_null(text))
                continue;
            if (!json_is_string(text))
                return jsonld_fail(j, "invalid language map value", term->name);
            json_t *value = json_object();
            jsonld_set(value, STR("@value"), json_incref(text));
            if (!none)
                jsonld_set(value, STR("@language"), jsonld_text(jsonld_lower(j->arena, language)));
            set_direction(value, direction_of(c, term));
            json_array_append_new(*out, value);
        }
    }
    return true;
}

// ---- Objects -------------------------------------------------------------------------------------

// Step 7: the context of a type ends with its node, unless the element only refers, or is a value.
static const struct jsonld_context *back(struct jsonld *j, const struct jsonld_context *c,
                                         const json_t *element)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)element, key, value)
    {
        struct str iri = jsonld_iri(j, c, str_of(key), true, false);
        if (str_eq(iri, STR("@value")) ||
            (str_eq(iri, STR("@id")) && json_object_size(element) == 1))
            return c;
    }
    return c->previous;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

// Step 11: the contexts of the element's types, in the order of their names; and what its type, @json or not, is.
static bool enter_types(struct jsonld *j, struct jsonld_object *o, const json_t *element)
{
    const char *key;
    json_t *value;
    struct strs keys = {0};
    json_object_foreach((json_t *)element, key, value)
    {
        if (str_eq(jsonld_iri(j, o->context, str_of(key), true, false), STR("@type")))
            arena_push(j->arena, &keys, str_of(key));
    }
    if (keys.n > 1)
        qsort(keys.v, keys.n, sizeof *keys.v, by_text);
    for (size_t i = 0; i < keys.n; i++) {
        struct strs types = {0};
        value = jsonld_get(element, keys.v[i]);
        size_t n = json_is_array(value) ? json_array_size(value) : 1;
        for (size_t k = 0; k < n; k++) {
            const json_t *type = json_is_array(value) ? json_array_get(value, k) : value;
            if (json_is_string(type))
                arena_push(j->arena, &types, jstr(type));
        }
        if (i == 0 && types.n)
            o->is_json =
                str_eq(jsonld_iri(j, o->context, types.v[types.n - 1], true, true), STR("@json"));
        if (types.n > 1)
            qsort(types.v, types.n, sizeof *types.v, by_text);
        for (size_t k = 0; k < types.n; k++) {
            const struct jsonld_term *term = jsonld_term_find(o->of_types, types.v[k]);
            if (term && term->context &&
                !(o->context = jsonld_context_scoped(j, o->context, term, false)))
                return false;
        }
    }
    return true;
}

static bool has_only(const json_t *object, const char *const *keys, size_t n)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        known += json_object_get(object, keys[i]) != NULL;
    return known == json_object_size(object);
}

// Step 15: what a value object may hold. *keep is false when its value is null.
static bool check_value(struct jsonld *j, const json_t *o, bool *keep)
{
    static const char *const keys[] = {"@value", "@type", "@language", "@direction", "@index"};
    const json_t *value = json_object_get(o, "@value"), *type = json_object_get(o, "@type");
    const json_t *language = json_object_get(o, "@language");
    *keep = true;
    if (!has_only(o, keys, 5) || (type && (language || json_object_get(o, "@direction"))))
        return jsonld_fail(j, "invalid value object", STR_NONE);
    if (str_eq(jstr(type), STR("@json")))
        return true;
    if (json_is_null(value)) {
        *keep = false;
        return true;
    }
    if (json_is_object(value) || json_is_array(value))
        return jsonld_fail(j, "invalid value object value", STR_NONE);
    if (language && !json_is_string(value))
        return jsonld_fail(j, "invalid language-tagged value", jstr(language));
    if (type && (!jsonld_absolute(jstr(type)) || str_starts(jstr(type), STR("_:"))))
        return jsonld_fail(j, "invalid typed value", jstr(type));
    return true;
}

// Steps 15 to 19: what stays of an expanded object. Takes it over.
static bool finish(struct jsonld *j, const struct jsonld_object *o, json_t *result, json_t **out)
{
    static const char *const sets[] = {"@set", "@list", "@index"};
    bool keep = true;
    json_t *type = json_object_get(result, "@type"), *set = json_object_get(result, "@set");
    *out = result;
    if (json_object_get(result, "@value")) {
        if (!check_value(j, result, &keep))
            return false;
    } else if (type && !json_is_array(type)) {
        jsonld_set(result, STR("@type"), jsonld_array(json_incref(type)));
    } else if (set || json_object_get(result, "@list")) {
        if (!has_only(result, sets, 3) || (set && json_object_get(result, "@list")))
            return jsonld_fail(j, "invalid set or list object", o->property);
        if (set) {
            *out = json_incref(set);
            json_decref(result);
            result = *out;
        }
    }
    size_t n = json_object_size(result);
    if (json_is_object(result) && n == 1 && json_object_get(result, "@language"))
        keep = false;
    const struct jsonld_term *term =
        o->property.p ? jsonld_term_find(o->context, o->property) : NULL;
    bool on_top = !o->property.p || str_eq(o->property, STR("@graph")) ||
                  (term && term->containers & CONTAINER_GRAPH);
    if (on_top && json_is_object(result) &&
        (n == 0 || json_object_get(result, "@value") || json_object_get(result, "@list") ||
         (n == 1 && json_object_get(result, "@id"))))
        keep = false;
    if (!keep) {
        json_decref(*out);
        *out = NULL;
    }
    return true;
}

static bool expand_object(struct jsonld *j, const struct jsonld_context *c, struct str property,
                          const json_t *element, bool from_map, json_t **out)
{
    const struct jsonld_term *term = property.p ? jsonld_term_find(c, property) : NULL;
    if (c->previous && !from_map)
        c = back(j, c, element);
    if (term && term->context && !(c = jsonld_context_scoped(j, c, term, true)))
        return false;
    const json_t *local = json_object_get(element, "@context");
    if (local && !(c = jsonld_context_process(j, c, local, j->base, true, false)))
        return false;
    struct jsonld_object o = {.context = c, .of_types = c, .property = property};
    if (!enter_types(j, &o, element))
        return false;
    o.result = json_object();
    *out = o.result; // the caller's, also when it fails
    return jsonld_expand_members(j, &o, element) && finish(j, &o, o.result, out);
}

static bool expand_array(struct jsonld *j, const struct jsonld_context *c, struct str property,
                         const json_t *element, bool from_map, json_t **out)
{
    const struct jsonld_term *term = property.p ? jsonld_term_find(c, property) : NULL;
    *out = json_array();
    for (size_t i = 0; i < json_array_size(element); i++) {
        json_t *item = NULL;
        if (!jsonld_expand_element(j, c, property, json_array_get(element, i), from_map, &item)) {
            json_decref(item);
            return false;
        }
        if (json_is_array(item) && term && term->containers & CONTAINER_LIST) {
            json_t *list = json_object();
            jsonld_set(list, STR("@list"), item);
            item = list;
        }
        if (json_is_array(item)) {
            json_array_extend(*out, item);
            json_decref(item);
        } else if (item) {
            json_array_append_new(*out, item);
        }
    }
    return true;
}

bool jsonld_expand_element(struct jsonld *j, const struct jsonld_context *c, struct str property,
                           const json_t *element, bool from_map, json_t **out)
{
    *out = NULL;
    if (!element || json_is_null(element))
        return true;
    if (j->depth == JSONLD_DEPTH_MAX)
        return jsonld_fail(j, "the document nests too deep", property);
    j->depth++;
    bool good = true;
    if (json_is_array(element)) {
        good = expand_array(j, c, property, element, from_map, out);
    } else if (json_is_object(element)) {
        good = expand_object(j, c, property, element, from_map, out);
    } else if (property.p && !str_eq(property, STR("@graph"))) {
        const struct jsonld_term *term = jsonld_term_find(c, property);
        if (term && term->context)
            c = jsonld_context_scoped(j, c, term, true);
        good = c != NULL;
        if (good)
            *out = jsonld_expand_value(j, c, property, element);
    }
    j->depth--;
    return good;
}

json_t *jsonld_expand(const json_t *document, struct str base, struct err *e)
{
    struct arena a = {0};
    struct jsonld j = {.arena = &a, .base = base, .e = e};
    json_t *out = NULL, *graph;
    *e = (struct err){0};
    bool good =
        jsonld_expand_element(&j, jsonld_context_initial(&j), STR_NONE, document, false, &out);
    if (good) {
        if (json_object_size(out) == 1 && (graph = json_object_get(out, "@graph"))) {
            json_incref(graph);
            json_decref(out);
            out = graph;
        }
        out = jsonld_array(out);
    } else {
        json_decref(out);
        out = NULL;
    }
    jsonld_free(&j);
    arena_free(&a);
    return out;
}
