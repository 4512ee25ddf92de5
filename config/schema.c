// See schema.h. Maps and lists are read here, single values in values.c, the reference text in
// describe.c.
#include "config/schema.h"

#include "config/values.h"

#include <stdio.h>

static size_t most_entries(const struct conf_key *key)
{
    return key->max > 0 ? (size_t)key->max : CONF_ENTRIES_MOST;
}

static const char *kind_name(enum yaml_kind kind)
{
    return kind == YAML_MAP ? "a map" : kind == YAML_LIST ? "a list" : "one value";
}

static bool must_be(struct conf_reader *r, const struct conf_key *key, const struct yaml_node *node,
                    enum yaml_kind kind, const char *hint)
{
    if (node->kind == kind)
        return true;
    if (node->kind != YAML_BROKEN)
        conf_errors_addf(r->errors, r->file, node->line, hint, "\"%s\" must be %s, not %s",
                         key->name, kind_name(kind), kind_name(node->kind));
    return false;
}

// Is `node` a list with a number of entries within the key's bounds?
static bool is_bounded_list(struct conf_reader *r, const struct conf_key *key,
                            const struct yaml_node *node, const char *hint)
{
    if (!must_be(r, key, node, YAML_LIST, hint))
        return false;
    bool over = node->n > most_entries(key);
    if (!over && (double)node->n >= key->min)
        return true;
    conf_errors_addf(r->errors, r->file, node->line, NULL,
                     "\"%s\" has %zu entries, which is %s its bound (%.15g to %zu)", key->name,
                     node->n, over ? "over" : "under", key->min, most_entries(key));
    return false;
}

// Is `node`, an item of a list, a value that is not null?
static bool is_item(struct conf_reader *r, const struct conf_key *key, const struct yaml_node *node)
{
    if (node->kind == YAML_VALUE && !node->null)
        return true;
    if (node->kind != YAML_BROKEN)
        conf_errors_addf(r->errors, r->file, node->line, NULL,
                         "an entry of \"%s\" must be one value, not %s", key->name,
                         node->kind == YAML_VALUE ? "null" : kind_name(node->kind));
    return false;
}

static void read_texts(struct conf_reader *r, const struct conf_key *key,
                       const struct yaml_node *list, struct strs *field)
{
    *field = (struct strs){0};
    if (!list || !is_bounded_list(r, key, list, "write it in brackets: [a, b]"))
        return;
    for (const struct yaml_node *item = list->first; item; item = item->next)
        if (is_item(r, key, item))
            conf_read_text_item(r, key, item->text, item->line, field);
}

static void read_words(struct conf_reader *r, const struct conf_key *key,
                       const struct yaml_node *list, unsigned *field)
{
    *field = 0;
    if (!list || !is_bounded_list(r, key, list, "write it in brackets: [a, b]"))
        return;
    for (const struct yaml_node *item = list->first; item; item = item->next) {
        int word = is_item(r, key, item) ? conf_read_word(r, key, item->text, item->line) : -1;
        if (word >= 0)
            *field |= 1u << word;
    }
}

static void read_maps(struct conf_reader *r, const struct conf_key *key,
                      const struct yaml_node *list, void *into)
{
    if (list && !is_bounded_list(r, key, list, "begin each entry with a dash"))
        list = NULL;
    for (const struct yaml_node *item = list ? list->first : NULL; item; item = item->next)
        if (item->kind != YAML_MAP && item->kind != YAML_BROKEN)
            conf_errors_addf(
                r->errors, r->file, item->line, NULL, "an entry of \"%s\" must be a map, not %s",
                key->name, item->kind == YAML_VALUE && item->null ? "null" : kind_name(item->kind));
    key->read(r, list, into);
}

static void read_key(struct conf_reader *r, const struct conf_key *key,
                     const struct yaml_node *node, void *into)
{
    void *field = (char *)into + key->offset;
    char owner[96];
    switch (key->type) {
    case CONF_STRINGS:
    case CONF_NETWORKS:
        read_texts(r, key, node, field);
        break;
    case CONF_WORDS:
        read_words(r, key, node, field);
        break;
    case CONF_MAP:
        if (node && !must_be(r, key, node, YAML_MAP, NULL))
            node = NULL;
        snprintf(owner, sizeof owner, " of \"%s\"", key->name);
        conf_read_map(r, node, key->keys, field, owner);
        break;
    case CONF_LIST_OF_MAPS:
        read_maps(r, key, node, into);
        break;
    default:
        if (key->preset)
            conf_read_value(r, key, str_of(key->preset), 0, field);
        if (node && must_be(r, key, node, YAML_VALUE, NULL))
            conf_read_value(r, key, node->text, node->line, field);
    }
}

void conf_fill(struct conf_reader *r, const struct yaml_node *map, const struct conf_key *keys,
               void *into, const char *owner)
{
    for (const struct conf_key *key = keys; key && key->name; key++) {
        const struct yaml_node *node = yaml_get(map, str_of(key->name));
        if (node && node->kind == YAML_VALUE && node->null)
            node = NULL;
        if (key->required && !node)
            conf_errors_addf(r->errors, r->file, map ? map->line : 0, NULL, "\"%s\"%s is missing",
                             key->name, owner);
        else
            read_key(r, key, node, into);
    }
}

void conf_unknown(struct conf_reader *r, const struct yaml_node *entry,
                  const struct conf_key *const *tables, const char *owner)
{
    const char *nearest = NULL;
    unsigned least = UINT32_MAX;
    for (; *tables; tables++)
        for (const struct conf_key *key = *tables; key->name; key++) {
            const char *const word[] = {key->name, NULL};
            unsigned d = str_distance(entry->key, str_of(key->name));
            if (d < least && conf_nearest(entry->key, word)) {
                nearest = key->name;
                least = d;
            }
        }
    char hint[128] = "\"glaneur check --help\" lists every key";
    if (nearest)
        snprintf(hint, sizeof hint, "did you mean \"%s\"?", nearest);
    conf_errors_addf(r->errors, r->file, entry->key_line, hint, "unknown key \"%s\"%s",
                     conf_quote(entry->key).z, owner);
}

void conf_read_map(struct conf_reader *r, const struct yaml_node *map, const struct conf_key *keys,
                   void *into, const char *owner)
{
    conf_fill(r, map, keys, into, owner);
    const struct conf_key *const tables[] = {keys, NULL};
    for (const struct yaml_node *entry = map ? map->first : NULL; entry; entry = entry->next)
        if (!conf_find(keys, entry->key))
            conf_unknown(r, entry, tables, owner);
}

const struct conf_key *conf_find(const struct conf_key *keys, struct str name)
{
    for (const struct conf_key *key = keys; key && key->name; key++)
        if (str_eq(name, str_of(key->name)))
            return key;
    return NULL;
}
