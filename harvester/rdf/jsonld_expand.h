// Inside the JSON-LD reader: expansion of one element under a context. See jsonld_context.h.
#pragma once

#include "harvester/rdf/jsonld_context.h"

// Section 5.1. `property` is absent at the top. *out is NULL when nothing is left; else the caller's, also when it fails.
bool jsonld_expand_element(struct jsonld *j, const struct jsonld_context *c, struct str property,
                           const json_t *element, bool from_map, json_t **out);

// ---- Between jsonld_expand.c and jsonld_members.c ---------------------------------

// An object whose members are being expanded.
struct jsonld_object {
    const struct jsonld_context *context,
        *of_types; // with the contexts of its types, and before them
    struct str property;
    json_t *result;
    bool is_json; // its type is @json
};
// Step 13 and 14: the members of `element` into o->result.
bool jsonld_expand_members(struct jsonld *j, struct jsonld_object *o, const json_t *element);
// Steps 13.7 and 13.8: a map of languages; of indexes, ids or types. *out is an array.
bool jsonld_expand_languages(struct jsonld *j, const struct jsonld_context *c,
                             const struct jsonld_term *term, const json_t *map, json_t **out);
bool jsonld_expand_map(struct jsonld *j, const struct jsonld_context *c,
                       const struct jsonld_term *term, const json_t *map, json_t **out);
// Section 5.3, of a scalar.
json_t *jsonld_expand_value(struct jsonld *j, const struct jsonld_context *c, struct str property,
                            const json_t *value);

// Helpers. They take over what they are given.
json_t *jsonld_array(json_t *value); // in an array, unless it is one
void jsonld_append(json_t *object, struct str key,
                   json_t *value); // the value, or those of the array
void jsonld_set(json_t *object, struct str key, json_t *value);
static inline json_t *jsonld_get(const json_t *object, struct str key)
{
    return json_object_getn(object, key.p, key.n);
}
static inline json_t *jsonld_text(struct str s)
{
    return s.p ? json_stringn_nocheck(s.p, s.n) : json_null();
}
