// Active contexts: the Context Processing Algorithm (section 4.1) and IRI Expansion (5.2). See jsonld_context.h.
#include "harvester/rdf/jsonld_context.h"

#include "base/hash.h"

#include <stdlib.h>

bool jsonld_fail(struct jsonld *j, const char *code, struct str about)
{
    if (j->e->code == ERR_NONE)
        err_set(j->e, ERR_PARSE, "%s%s%.*s", code, about.n ? ": " : "",
                STR_ARG(str_cut_utf8(about, 200)));
    return false;
}

void jsonld_free(struct jsonld *j)
{
    json_decref(j->owned);
    for (size_t i = 0; i < j->loaded_count; i++)
        json_decref(j->loaded[i].document);
    j->owned = NULL;
    j->loaded_count = 0;
}

// ---- Tables of terms -----------------------------------------------------------------------------

static const struct jsonld_term **slot_of(const struct jsonld_context *c, struct str name)
{
    size_t at = hash64(name) & (c->room - 1);
    while (c->slots[at] && !str_eq(c->slots[at]->name, name))
        at = (at + 1) & (c->room - 1);
    return &c->slots[at];
}

const struct jsonld_term *jsonld_term_find(const struct jsonld_context *c, struct str name)
{
    const struct jsonld_term *term = c->room ? *slot_of(c, name) : NULL;
    return term && !term->absent ? term : NULL;
}

void jsonld_term_put(struct jsonld *j, struct jsonld_context *c, struct str name,
                     const struct jsonld_term *term)
{
    if (c->n * 2 >= c->room) {
        struct jsonld_context wider = *c;
        wider.room = c->room ? 2 * c->room : 32;
        wider.slots = ARENA_ARRAY(j->arena, const struct jsonld_term *, wider.room);
        j->work += wider.room;
        for (size_t i = 0; i < c->room; i++)
            if (c->slots[i])
                *slot_of(&wider, c->slots[i]->name) = c->slots[i];
        *c = wider;
    }
    const struct jsonld_term **slot = slot_of(c, name);
    c->n += !*slot;
    c->protected_terms += (size_t)term->is_protected - (*slot ? (*slot)->is_protected : 0);
    *slot = term;
}

static struct jsonld_context *copy(struct jsonld *j, const struct jsonld_context *c)
{
    struct jsonld_context *made = ARENA_NEW(j->arena, struct jsonld_context);
    *made = *c;
    made->slots = ARENA_ARRAY(j->arena, const struct jsonld_term *, c->room);
    if (c->room)
        memcpy(made->slots, c->slots, c->room * sizeof *made->slots);
    j->work += c->room + sizeof *made / sizeof *made->slots;
    return made;
}

const struct jsonld_context *jsonld_context_initial(struct jsonld *j)
{
    struct jsonld_context *c = ARENA_NEW(j->arena, struct jsonld_context);
    c->base = j->base;
    return c;
}

// ---- IRIs ----------------------------------------------------------------------------------------

bool jsonld_iri_within(struct jsonld *j, struct jsonld_making *m, struct str value, bool vocab,
                       bool document, struct str *out)
{
    const struct jsonld_context *c = m->result;
    *out = value;
    if (!value.p || jsonld_keyword(value))
        return true;
    *out = STR_NONE;
    if (jsonld_like_keyword(value))
        return true;
    if (m->local && !jsonld_term_define(j, m, value))
        return false;
    const struct jsonld_term *term = jsonld_term_find(c, value);
    if (term && (vocab || jsonld_keyword(term->iri))) {
        *out = term->iri;
        if (vocab || term->iri.p)
            return true;
    }
    ptrdiff_t colon = value.n ? str_find_char(str_slice(value.p + 1, value.n - 1), ':') + 1 : 0;
    if (colon > 0) {
        struct str prefix = str_slice(value.p, (size_t)colon);
        struct str suffix = str_slice(value.p + colon + 1, value.n - (size_t)colon - 1);
        *out = value;
        if (str_eq(prefix, STR("_")) || str_starts(suffix, STR("//")))
            return true;
        if (m->local && !jsonld_term_define(j, m, prefix))
            return false;
        term = jsonld_term_find(c, prefix);
        if (term && term->iri.p && term->prefix) {
            *out = jsonld_join(j->arena, term->iri, suffix);
            return true;
        }
        if (jsonld_absolute(value))
            return true;
    }
    if (vocab && c->vocab.p)
        *out = jsonld_join(j->arena, c->vocab, value);
    else
        *out = document ? jsonld_resolve(j->arena, c->base, value) : value;
    return true;
}

struct str jsonld_iri(struct jsonld *j, const struct jsonld_context *c, struct str value,
                      bool vocab, bool document)
{
    struct jsonld_making read_only = {.result = (struct jsonld_context *)c};
    struct str out;
    jsonld_iri_within(j, &read_only, value, vocab, document, &out);
    return out;
}

// ---- Processing ----------------------------------------------------------------------------------

// What an address gives: its document's @context. False when there is none.
static bool load(struct jsonld *j, struct str url, const struct jsonld_way *way,
                 const json_t **local)
{
    if (way && way->length >= JSONLD_REMOTE_MAX)
        return jsonld_fail(j, "context overflow", url);
    const json_t *document = jsonld_remote(j, url);
    if (!document)
        return false;
    *local = json_object_get(document, "@context");
    return *local || jsonld_fail(j, "invalid remote context", url);
}

static bool on_the_way(const struct jsonld_way *way, struct str url)
{
    for (; way; way = way->before)
        if (str_eq(way->url, url))
            return true;
    return false;
}

// Step 5.6: the members of the imported context under the context's own.
static bool import(struct jsonld *j, struct jsonld_making *m)
{
    const json_t *value = json_object_get(m->local, "@import"), *imported;
    if (!value)
        return true;
    if (!json_is_string(value))
        return jsonld_fail(j, "invalid @import value", STR_NONE);
    struct str url = jsonld_resolve(j->arena, m->base, jstr(value));
    if (!load(j, url, NULL, &imported))
        return false;
    if (!json_is_object(imported))
        return jsonld_fail(j, "invalid remote context", url);
    if (json_object_get(imported, "@import"))
        return jsonld_fail(j, "invalid context entry", STR("@import"));
    json_t *merged =
        json_copy((json_t *)imported); // a copy of a value is made of what is only read
    json_object_update(merged, (json_t *)m->local);
    json_object_del(merged, "@import");
    j->work += json_object_size(merged);
    if (!j->owned)
        j->owned = json_array();
    json_array_append_new(j->owned, merged);
    m->local = merged;
    return true;
}

static bool read_base(struct jsonld *j, struct jsonld_making *m)
{
    const json_t *value = json_object_get(m->local, "@base");
    if (!value || m->way)
        return true;
    struct str base = jstr(value);
    if (json_is_null(value))
        m->result->base = STR_NONE;
    else if (!json_is_string(value) || (!jsonld_absolute(base) && !m->result->base.p))
        return jsonld_fail(j, "invalid base IRI", base);
    else
        m->result->base = jsonld_resolve(j->arena, m->result->base, base);
    return true;
}

static bool read_vocab(struct jsonld *j, struct jsonld_making *m)
{
    const json_t *value = json_object_get(m->local, "@vocab");
    if (!value)
        return true;
    if (json_is_null(value)) {
        m->result->vocab = STR_NONE;
        return true;
    }
    if (!json_is_string(value))
        return jsonld_fail(j, "invalid vocab mapping", STR_NONE);
    struct str vocab = jsonld_iri(j, m->result, jstr(value), true, true);
    if (!vocab.p)
        return jsonld_fail(j, "invalid vocab mapping", jstr(value));
    m->result->vocab = vocab;
    return true;
}

static bool read_language(struct jsonld *j, struct jsonld_making *m)
{
    const json_t *value = json_object_get(m->local, "@language");
    if (value && !json_is_null(value) && !json_is_string(value))
        return jsonld_fail(j, "invalid default language", STR_NONE);
    if (value)
        m->result->language = json_is_null(value) ? STR_NONE : jsonld_lower(j->arena, jstr(value));
    return true;
}

static bool read_direction(struct jsonld *j, struct jsonld_making *m)
{
    const json_t *value = json_object_get(m->local, "@direction");
    if (!value)
        return true;
    if (json_is_null(value))
        m->result->direction = DIRECTION_UNSET;
    else if (str_eq(jstr(value), STR("ltr")))
        m->result->direction = DIRECTION_LTR;
    else if (str_eq(jstr(value), STR("rtl")))
        m->result->direction = DIRECTION_RTL;
    else
        return jsonld_fail(j, "invalid base direction", jstr(value));
    return true;
}

static bool of_the_context(const char *key)
{
    static const char *const keys[] = {"@base",      "@direction", "@import",  "@language",
                                       "@propagate", "@protected", "@version", "@vocab"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

// Steps 5.5 to 5.13, of a context that is an object.
static bool read_object(struct jsonld *j, struct jsonld_making *m)
{
    const json_t *version = json_object_get(m->local, "@version");
    if (version && !(json_is_number(version) && json_number_value(version) > 1.09 &&
                     json_number_value(version) < 1.11))
        return jsonld_fail(j, "invalid @version value", jstr(version));
    if (!import(j, m))
        return false;
    const json_t *propagate = json_object_get(m->local, "@propagate");
    const json_t *is_protected = json_object_get(m->local, "@protected");
    if (propagate && !json_is_boolean(propagate))
        return jsonld_fail(j, "invalid @propagate value", jstr(propagate));
    if (is_protected && !json_is_boolean(is_protected))
        return jsonld_fail(j, "invalid @protected value", jstr(is_protected));
    m->is_protected = json_is_true(is_protected);
    if (!read_base(j, m) || !read_vocab(j, m) || !read_language(j, m) || !read_direction(j, m))
        return false;
    bool good = true;
    const char *key;
    json_t *value;
    m->defined = json_object();
    json_object_foreach((json_t *)m->local, key, value)
    {
        if (!of_the_context(key) && !jsonld_term_define(j, m, str_of(key))) {
            good = false;
            break;
        }
    }
    json_decref(m->defined);
    return good;
}

// One context of the array: *result becomes what it makes of it.
static bool read_one(struct jsonld *j, const struct jsonld_context **result, const json_t *local,
                     struct str base, const struct jsonld_way *way, bool propagate,
                     bool override_protected, bool validate_scoped)
{
    if (j->work > JSONLD_WORK_MAX) {
        jsonld_fail(j, "context overflow", STR("too many terms in the file's contexts"));
        return false;
    }
    if (json_is_null(local)) {
        if (!override_protected && (*result)->protected_terms)
            return jsonld_fail(j, "invalid context nullification", STR_NONE);
        struct jsonld_context *fresh = ARENA_NEW(j->arena, struct jsonld_context);
        fresh->base = j->base;
        fresh->previous = propagate ? NULL : *result;
        *result = fresh;
        return true;
    }
    if (json_is_string(local)) {
        struct str url = jsonld_resolve(j->arena, base, jstr(local));
        if (!validate_scoped && on_the_way(way, url))
            return true;
        struct jsonld_way here = {way, url, way ? way->length + 1 : 1};
        if (!load(j, url, way, &local))
            return false;
        *result = jsonld_context_process_within(j, *result, local, url, &here, true, false,
                                                validate_scoped);
        return *result != NULL;
    }
    if (!json_is_object(local))
        return jsonld_fail(j, "invalid local context", STR_NONE);
    struct jsonld_making m = {.result = copy(j, *result),
                              .local = local,
                              .base = base,
                              .override_protected = override_protected,
                              .way = way};
    *result = m.result;
    return read_object(j, &m);
}

const struct jsonld_context *
jsonld_context_process_within(struct jsonld *j, const struct jsonld_context *active,
                              const json_t *local, struct str base, const struct jsonld_way *way,
                              bool propagate, bool override_protected, bool validate_scoped)
{
    const struct jsonld_context *result = active;
    const json_t *first = json_is_array(local) ? json_array_get(local, 0) : local;
    const json_t *said = json_object_get(first, "@propagate");
    if (json_is_boolean(said))
        propagate = json_is_true(said);
    if (!propagate && !result->previous) {
        struct jsonld_context *back = copy(j, result);
        back->previous = active;
        result = back;
    }
    if (!json_is_array(local))
        return read_one(j, &result, local, base, way, propagate, override_protected,
                        validate_scoped)
                   ? result
                   : NULL;
    for (size_t i = 0; i < json_array_size(local); i++)
        if (!read_one(j, &result, json_array_get(local, i), base, way, propagate,
                      override_protected, validate_scoped))
            return NULL;
    return result;
}

const struct jsonld_context *jsonld_context_process(struct jsonld *j,
                                                    const struct jsonld_context *active,
                                                    const json_t *local, struct str base,
                                                    bool propagate, bool override_protected)
{
    return jsonld_context_process_within(j, active, local, base, NULL, propagate,
                                         override_protected, true);
}

const struct jsonld_context *jsonld_context_scoped(struct jsonld *j,
                                                   const struct jsonld_context *active,
                                                   const struct jsonld_term *term, bool propagate)
{
    struct jsonld_prepared want = {.from = active, .local = term->context, .propagate = propagate};
    size_t at =
        ((size_t)active / 16 + (size_t)term->context / 16 * 7 + propagate) % JSONLD_PREPARED;
    struct jsonld_prepared *kept = &j->prepared[at];
    if (kept->made && kept->from == want.from && kept->local == want.local &&
        kept->propagate == want.propagate)
        return kept->made;
    want.made =
        jsonld_context_process(j, active, term->context, term->context_base, propagate, propagate);
    if (want.made)
        *kept = want;
    return want.made;
}
