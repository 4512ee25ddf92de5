// Definitions of terms in a context: Create Term Definition (section 4.2). See jsonld_context.h.
#include "harvester/rdf/jsonld_context.h"

static bool has_colon_inside(struct str s)
{
    return s.n > 2 && str_find_char(str_slice(s.p + 1, s.n - 2), ':') >= 0;
}

static bool is_iri_or_keyword(struct str s)
{
    return jsonld_keyword(s) || jsonld_absolute(s);
}

// Step 4: @type may be given a container, and nothing else.
static bool type_may_be(const json_t *value)
{
    const char *key;
    json_t *member;
    if (!json_is_object(value) || json_object_size(value) == 0)
        return false;
    json_object_foreach((json_t *)value, key, member)
    {
        if (strcmp(key, "@container") == 0 ? !str_eq(jstr(member), STR("@set"))
                                           : strcmp(key, "@protected") != 0)
            return false;
    }
    return true;
}

static bool read_type(struct jsonld *j, struct jsonld_making *m, const json_t *value,
                      struct jsonld_term *t)
{
    const json_t *type = json_object_get(value, "@type");
    if (!type)
        return true;
    if (!json_is_string(type))
        return jsonld_fail(j, "invalid type mapping", t->name);
    if (!jsonld_iri_within(j, m, jstr(type), true, false, &t->type))
        return false;
    static const char *const keywords[] = {"@id", "@vocab", "@json", "@none"};
    for (size_t i = 0; i < 4; i++)
        if (str_eq(t->type, str_of(keywords[i])))
            return true;
    return (jsonld_absolute(t->type) && !str_starts(t->type, STR("_:"))) ||
           jsonld_fail(j, "invalid type mapping", t->name);
}

static bool read_containers(struct jsonld *j, const json_t *value, struct jsonld_term *t)
{
    static const struct {
        const char *name;
        enum jsonld_container container;
    } names[] = {{"@graph", CONTAINER_GRAPH}, {"@id", CONTAINER_ID},
                 {"@index", CONTAINER_INDEX}, {"@language", CONTAINER_LANGUAGE},
                 {"@list", CONTAINER_LIST},   {"@set", CONTAINER_SET},
                 {"@type", CONTAINER_TYPE}};
    const json_t *given = json_object_get(value, "@container");
    if (!given || json_is_null(given))
        return true;
    size_t n = json_is_array(given) ? json_array_size(given) : 1;
    bool good = n > 0;
    for (size_t i = 0; i < n && good; i++) {
        struct str name = jstr(json_is_array(given) ? json_array_get(given, i) : given);
        size_t k = 0;
        while (k < 7 && !str_eq(name, str_of(names[k].name)))
            k++;
        good = k < 7 && !(t->containers & names[k].container);
        t->containers |= good ? names[k].container : 0;
    }
    // One of them; @graph with @id or @index; @set with any of them but @list.
    unsigned rest = t->containers & ~(unsigned)CONTAINER_SET;
    bool graph_with =
        rest == (CONTAINER_GRAPH | CONTAINER_ID) || rest == (CONTAINER_GRAPH | CONTAINER_INDEX);
    if (!good || ((rest & (rest - 1)) && !graph_with) ||
        ((rest & CONTAINER_LIST) && (t->containers & CONTAINER_SET)))
        return jsonld_fail(j, "invalid container mapping", t->name);
    if (t->containers & CONTAINER_TYPE) {
        if (!t->type.p)
            t->type = STR("@id");
        if (!str_eq(t->type, STR("@id")) && !str_eq(t->type, STR("@vocab")))
            return jsonld_fail(j, "invalid type mapping", t->name);
    }
    return true;
}

// Step 12. *ignored when it looks like a keyword.
static bool read_reverse(struct jsonld *j, struct jsonld_making *m, const json_t *value,
                         struct jsonld_term *t, bool *ignored)
{
    const json_t *reverse = json_object_get(value, "@reverse");
    if (json_object_get(value, "@id") || json_object_get(value, "@nest"))
        return jsonld_fail(j, "invalid reverse property", t->name);
    if (!json_is_string(reverse))
        return jsonld_fail(j, "invalid IRI mapping", t->name);
    *ignored = !jsonld_keyword(jstr(reverse)) && jsonld_like_keyword(jstr(reverse));
    if (*ignored)
        return true;
    if (!jsonld_iri_within(j, m, jstr(reverse), true, false, &t->iri))
        return false;
    if (!jsonld_absolute(t->iri))
        return jsonld_fail(j, "invalid IRI mapping", t->name);
    if (!read_containers(j, value, t))
        return false;
    if (t->containers & ~(unsigned)(CONTAINER_SET | CONTAINER_INDEX))
        return jsonld_fail(j, "invalid reverse property", t->name);
    t->reverse = true;
    return true;
}

// Step 14: the IRI is said.
static bool read_id(struct jsonld *j, struct jsonld_making *m, const json_t *id, bool simple,
                    struct jsonld_term *t, bool *ignored)
{
    if (json_is_null(id))
        return true;
    if (!json_is_string(id))
        return jsonld_fail(j, "invalid IRI mapping", t->name);
    *ignored = !jsonld_keyword(jstr(id)) && jsonld_like_keyword(jstr(id));
    if (*ignored)
        return true;
    if (!jsonld_iri_within(j, m, jstr(id), true, false, &t->iri))
        return false;
    if (!is_iri_or_keyword(t->iri))
        return jsonld_fail(j, "invalid IRI mapping", t->name);
    if (str_eq(t->iri, STR("@context")) || str_eq(t->iri, STR("@preserve")))
        return jsonld_fail(j, "invalid keyword alias", t->name);
    bool slash = str_find_char(t->name, '/') >= 0, colon = has_colon_inside(t->name);
    if (colon || slash) {
        struct str own;
        json_object_setn_new(m->defined, t->name.p, t->name.n, json_true());
        if (!jsonld_iri_within(j, m, t->name, true, false, &own))
            return false;
        if (!str_eq(own, t->iri))
            return jsonld_fail(j, "invalid IRI mapping", t->name);
    }
    if (simple && str_find_char(t->name, ':') < 0 && !slash)
        t->prefix = str_starts(t->iri, STR("_:")) ||
                    (t->iri.n && strchr(":/?#[]@", t->iri.p[t->iri.n - 1]));
    return true;
}

// Steps 15 to 18: the IRI follows from the term.
static bool derive_id(struct jsonld *j, struct jsonld_making *m, struct jsonld_term *t)
{
    ptrdiff_t colon =
        t->name.n > 1 ? str_find_char(str_slice(t->name.p + 1, t->name.n - 1), ':') : -1;
    if (colon >= 0) {
        struct str prefix = str_slice(t->name.p, (size_t)colon + 1);
        struct str suffix = str_slice(prefix.p + prefix.n + 1, t->name.n - prefix.n - 1);
        if (!jsonld_term_define(j, m, prefix))
            return false;
        const struct jsonld_term *of = jsonld_term_find(m->result, prefix);
        t->iri = of && of->iri.p ? jsonld_join(j->arena, of->iri, suffix) : t->name;
    } else if (str_find_char(t->name, '/') >= 0) {
        t->iri = jsonld_iri(j, m->result, t->name, true, false);
        if (!jsonld_absolute(t->iri))
            return jsonld_fail(j, "invalid IRI mapping", t->name);
    } else if (str_eq(t->name, STR("@type"))) {
        t->iri = t->name;
    } else if (m->result->vocab.p) {
        t->iri = jsonld_join(j->arena, m->result->vocab, t->name);
    } else {
        return jsonld_fail(j, "invalid IRI mapping", t->name);
    }
    return true;
}

static bool read_index(struct jsonld *j, struct jsonld_making *m, const json_t *value,
                       struct jsonld_term *t)
{
    const json_t *index = json_object_get(value, "@index");
    struct str iri;
    if (!index)
        return true;
    if (!(t->containers & CONTAINER_INDEX) || !json_is_string(index))
        return jsonld_fail(j, "invalid term definition", t->name);
    if (!jsonld_iri_within(j, m, jstr(index), true, false, &iri))
        return false;
    if (!jsonld_absolute(iri))
        return jsonld_fail(j, "invalid term definition", t->name);
    t->index = arena_str(j->arena, jstr(index));
    return true;
}

// A context scoped to the term: it is read once to see that it can be.
static bool read_context(struct jsonld *j, struct jsonld_making *m, const json_t *value,
                         struct jsonld_term *t)
{
    const json_t *context = json_object_get(value, "@context");
    if (!context)
        return true;
    if (!jsonld_context_process_within(j, m->result, context, m->base, m->way, true, true, false)) {
        if (str_starts(str_of(j->e->what), STR("loading remote")) ||
            str_starts(str_of(j->e->what), STR("context overflow")))
            return false;
        j->e->code = ERR_NONE;
        return jsonld_fail(j, "invalid scoped context", t->name);
    }
    t->context = context;
    t->context_base = m->base;
    return true;
}

static bool read_language(struct jsonld *j, const json_t *value, struct jsonld_term *t)
{
    const json_t *language = json_object_get(value, "@language");
    if (!language || json_object_get(value, "@type"))
        return true;
    if (!json_is_string(language) && !json_is_null(language))
        return jsonld_fail(j, "invalid language mapping", t->name);
    t->has_language = true;
    t->language = json_is_null(language) ? STR_NONE : jsonld_lower(j->arena, jstr(language));
    return true;
}

static bool read_rest(struct jsonld *j, const json_t *value, struct jsonld_term *t)
{
    const json_t *direction = json_object_get(value, "@direction");
    const json_t *nest = json_object_get(value, "@nest");
    const json_t *prefix = json_object_get(value, "@prefix");
    if (direction && !json_object_get(value, "@type")) {
        t->direction = json_is_null(direction)               ? DIRECTION_NONE
                       : str_eq(jstr(direction), STR("ltr")) ? DIRECTION_LTR
                                                             : DIRECTION_RTL;
        if (t->direction == DIRECTION_RTL && !str_eq(jstr(direction), STR("rtl")))
            return jsonld_fail(j, "invalid base direction", t->name);
    }
    if (nest) {
        if (!json_is_string(nest) ||
            (jsonld_keyword(jstr(nest)) && !str_eq(jstr(nest), STR("@nest"))))
            return jsonld_fail(j, "invalid @nest value", t->name);
        t->nest = arena_str(j->arena, jstr(nest));
    }
    if (prefix) {
        if (str_find_char(t->name, ':') >= 0 || str_find_char(t->name, '/') >= 0)
            return jsonld_fail(j, "invalid term definition", t->name);
        if (!json_is_boolean(prefix))
            return jsonld_fail(j, "invalid @prefix value", t->name);
        t->prefix = json_is_true(prefix);
        if (t->prefix && jsonld_keyword(t->iri))
            return jsonld_fail(j, "invalid term definition", t->name);
    }
    return true;
}

static bool only_known(struct jsonld *j, const json_t *value, struct str name)
{
    static const char *const known[] = {"@id",        "@reverse",   "@container", "@context",
                                        "@direction", "@index",     "@language",  "@nest",
                                        "@prefix",    "@protected", "@type"};
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)value, key, member)
    {
        size_t i = 0;
        while (i < sizeof known / sizeof *known && strcmp(key, known[i]) != 0)
            i++;
        if (i == sizeof known / sizeof *known)
            return jsonld_fail(j, "invalid term definition", name);
    }
    return true;
}

static bool same(const struct jsonld_term *a, const struct jsonld_term *b)
{
    return str_eq(a->iri, b->iri) && !a->iri.p == !b->iri.p && a->prefix == b->prefix &&
           a->reverse == b->reverse && a->containers == b->containers && str_eq(a->type, b->type) &&
           a->has_language == b->has_language && str_eq(a->language, b->language) &&
           a->direction == b->direction && str_eq(a->index, b->index) && str_eq(a->nest, b->nest) &&
           !a->context == !b->context && (!a->context || json_equal(a->context, b->context));
}

// Fills the definition from its object (or nothing, for a term that is only named). *ignored: it defines nothing.
static bool read_definition(struct jsonld *j, struct jsonld_making *m, const json_t *value,
                            bool simple, struct jsonld_term *t, bool *ignored)
{
    const json_t *is_protected = json_object_get(value, "@protected");
    const json_t *id = json_object_get(value, "@id");
    t->is_protected = m->is_protected;
    if (is_protected && !json_is_boolean(is_protected))
        return jsonld_fail(j, "invalid @protected value", t->name);
    if (is_protected)
        t->is_protected = json_is_true(is_protected);
    if (!read_type(j, m, value, t))
        return false;
    if (json_object_get(value, "@reverse"))
        return read_reverse(j, m, value, t, ignored) && (*ignored || read_index(j, m, value, t));
    if (id && !str_eq(jstr(id), t->name) ? !read_id(j, m, id, simple, t, ignored)
                                         : !derive_id(j, m, t))
        return false;
    return *ignored || (read_containers(j, value, t) && read_index(j, m, value, t) &&
                        read_context(j, m, value, t) && read_language(j, value, t) &&
                        read_rest(j, value, t) && only_known(j, value, t->name));
}

bool jsonld_term_define(struct jsonld *j, struct jsonld_making *m, struct str name)
{
    const json_t *value = json_object_getn(m->local, name.p, name.n);
    const json_t *before = json_object_getn(m->defined, name.p, name.n);
    if (!value || json_is_true(before) || (name.n && name.p[0] == '@' && before))
        return true;
    if (before)
        return jsonld_fail(j, "cyclic IRI mapping", name);
    if (!name.n)
        return jsonld_fail(j, "invalid term definition", STR("a term without a name"));
    if (str_eq(name, STR("@type")) ? !type_may_be(value) : jsonld_keyword(name))
        return jsonld_fail(j, "keyword redefinition", name);
    json_object_setn_new(m->defined, name.p, name.n, json_false());
    if (!jsonld_keyword(name) && jsonld_like_keyword(name))
        return true;

    struct jsonld_term *t = ARENA_NEW(j->arena, struct jsonld_term);
    t->name = arena_str(j->arena, name);
    j->work += sizeof *t / 8;
    if (!json_is_object(value) && !json_is_string(value) && !json_is_null(value))
        return jsonld_fail(j, "invalid term definition", name);
    const struct jsonld_term *previous = jsonld_term_find(m->result, name);
    json_t *object = json_is_object(value) ? json_incref((json_t *)value) : json_object();
    if (object != value)
        json_object_set(object, "@id", (json_t *)value);
    bool ignored = false, good = false;
    if (previous) { // the new definition is not made of the old one
        struct jsonld_term *absent = ARENA_NEW(j->arena, struct jsonld_term);
        *absent = (struct jsonld_term){.name = t->name, .absent = true};
        jsonld_term_put(j, m->result, t->name, absent);
    }
    if (j->depth == JSONLD_DEPTH_MAX) {
        jsonld_fail(j, "context overflow", STR("terms that need one another"));
    } else {
        j->depth++;
        good = read_definition(j, m, object, json_is_string(value), t, &ignored);
        j->depth--;
    }
    json_decref(object);
    if (!good)
        return false;
    if (previous && previous->is_protected && !m->override_protected) {
        if (ignored || !same(previous, t))
            return jsonld_fail(j, "protected term redefinition", name);
        t->is_protected = true;
    }
    if (!ignored)
        jsonld_term_put(j, m->result, t->name, t);
    json_object_setn_new(m->defined, name.p, name.n, json_true());
    return true;
}
