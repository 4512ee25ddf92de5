// What a CKAN package says, by name: see ckan.h.
#include "harvester/drivers/ckan/ckan.h"

#include "harvester/normalise/raw.h"

enum { FACT_NAME_MAX = 100, FACT_VALUES_MAX = 200 };

static bool says_something(const json_t *v)
{
    if (json_is_string(v))
        return str_trim(jstr(v)).n > 0;
    if (json_is_object(v))
        return json_object_size(v) > 0;
    return json_is_array(v) ? json_array_size(v) > 0 : v && !json_is_null(v);
}

static void add_fact(struct arena *a, json_t *facts, struct str name, json_t *value)
{
    if (!name.n || name.n > FACT_NAME_MAX || !says_something(value))
        return;
    char *key = arena_z(a, name);
    for (char *c = key; *c; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 0x20);
        else if (!(*c & 0x80) && !(*c >= 'a' && *c <= 'z') && !(*c >= '0' && *c <= '9'))
            *c = '_';
    }
    json_t *list = json_object_get(facts, key), *decoded = raw_decode(a, value);
    if (!list) {
        list = json_array();
        json_object_set_new(facts, key, list);
    }
    if (says_something(decoded) && json_array_size(list) < FACT_VALUES_MAX)
        json_array_append(list, decoded);
    json_decref(decoded);
}

// CKAN's own members, which are mapped one by one.
static bool is_own(struct str key)
{
    static const struct str own[] = {
        STR("resources"),
        STR("tags"),
        STR("groups"),
        STR("organization"),
        STR("extras"),
        STR("related"),
        STR("relationships_as_subject"),
        STR("relationships_as_object"),
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (str_eq(key, own[i]))
            return true;
    return false;
}

json_t *ckan_facts(struct arena *a, const json_t *package)
{
    json_t *facts = json_object(), *extras = json_object_get(package, "extras"), *v;
    const char *key;
    size_t i;
    json_object_foreach((json_t *)package, key, v)
    {
        if (!is_own(str_of(key)))
            add_fact(a, facts, str_of(key), v);
    }
    json_array_foreach(extras, i, v)
    {
        if (!json_is_string(json_object_get(v, "state")) ||
            !str_eq_nocase(jget(v, "state"), STR("deleted")))
            add_fact(a, facts, jget(v, "key"), json_object_get(v, "value"));
    }
    json_object_foreach(json_is_object(extras) ? extras : NULL, key, v) // CKAN 1
        add_fact(a, facts, str_of(key), v);
    return facts;
}

const json_t *ckan_fact(const json_t *facts, const char *const *names)
{
    for (; *names; names++) {
        const json_t *v = json_array_get(json_object_get(facts, *names), 0);
        if (v)
            return v;
    }
    return NULL;
}

struct str ckan_text(const json_t *value, struct str *language)
{
    static const char *const names[] = {"name", "title", "label", "display_name", "text"};
    struct str s = jstr(value);
    size_t i;
    const json_t *v;
    for (i = 0; i < sizeof names / sizeof *names && !s.n; i++)
        s = json_is_object(value) ? ckan_text(json_object_get(value, names[i]), language) : s;
    if (!s.n)
        s = map_localised(value, language);
    json_array_foreach(value, i, v)
    {
        if (s.n)
            break;
        s = ckan_text(v, language);
    }
    return s;
}

void ckan_texts(const json_t *value, void (*each)(void *arg, struct str text), void *arg)
{
    size_t i;
    const char *key;
    json_t *v;
    if (json_is_array(value)) {
        json_array_foreach(value, i, v) ckan_texts(v, each, arg);
        return;
    }
    const json_t *spoken = json_object_get(value, "fr"); // {"fr": [...], "en": [...]}
    if (!json_is_array(spoken) || !json_array_size(spoken))
        spoken = json_object_get(value, "en");
    json_object_foreach((json_t *)value, key, v)
    {
        if (!json_is_array(spoken) || !json_array_size(spoken))
            spoken = v;
    }
    if (json_is_array(spoken)) {
        ckan_texts(spoken, each, arg);
    } else {
        struct str text = ckan_text(value, NULL);
        if (text.n)
            each(arg, text);
    }
}
