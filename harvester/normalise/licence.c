// See licence.h.
#include "harvester/normalise/loaded.h"

bool licences_read(struct vocabularies *v, struct str text, struct err *e)
{
    enum { ID, LABEL, OPEN, URL, ALIASES };
    struct table *t = &v->licences;
    if (!table_read(t, text, "licences.tsv", "id label open url aliases", e))
        return false;
    v->licence = ARENA_ARRAY(&t->arena, struct licence, t->n);
    for (size_t i = 0; i < t->n; i++) {
        const struct str *cells = t->rows[i].cells;
        bool open = str_eq(cells[OPEN], STR("1"));
        if (!open && !str_eq(cells[OPEN], STR("0")))
            return table_wrong(t, i, e, "open must be 0 or 1");
        v->licence[i] = (struct licence){cells[ID], cells[LABEL], cells[URL], open};
        if (!table_name(t, cells[ID], i, e) || !table_name(t, cells[LABEL], i, e) ||
            !table_name(t, cells[URL], i, e) || !table_name_all(t, cells[ALIASES], i, e))
            return false;
    }
    return true;
}

// Addresses behind which an id stands.
static struct str without_registry(struct str key)
{
    static const struct str registries[] = {
        STR("publications europa eu resource authority license "),
        STR("spdx org licenses "),
        STR("opensource org licenses "),
        STR("opensource org license "),
        STR("opendefinition org licenses "),
        STR("choosealicense com licenses "),
        STR("api github com licenses "),
        STR("data europa eu licenses "),
        STR("dcat ap de def licenses ")};
    for (size_t i = 0; i < sizeof registries / sizeof *registries; i++)
        if (str_starts(key, registries[i]))
            return str_slice(key.p + registries[i].n, key.n - registries[i].n);
    return key;
}

// Without its last word, for the pages of a licence at its address ("legalcode.fr", "deed.fr",
// "summary"); empty when too few would be left for an address of a page.
static struct str without_last_word(struct str key)
{
    size_t spaces = 0;
    while (key.n > 0 && key.p[key.n - 1] != ' ')
        key.n--;
    key.n -= key.n > 0;
    for (size_t i = 0; i < key.n; i++)
        spaces += key.p[i] == ' ';
    return spaces >= 2 ? key : STR_NONE;
}

const struct licence *licence_of_key(struct str key)
{
    const struct vocabularies *v = vocabularies_in_force();
    if (!v)
        return NULL;
    struct str id = without_registry(key);
    size_t row = table_find(&v->licences, key);
    if (row == SIZE_MAX && id.n != key.n)
        row = table_find(&v->licences, id);
    return row == SIZE_MAX ? NULL : &v->licence[row];
}

const struct licence *licence_find(struct str any)
{
    enum { WORDS_OF_A_PAGE = 3 };
    char bytes[TABLE_KEY_BYTES];
    struct str key = table_key(any, bytes);
    bool address = str_find(any, STR("://")) > 0;
    const struct licence *known = NULL;
    for (int dropped = 0; key.n > 0 && !known; dropped++) {
        known = licence_of_key(key);
        key = address && dropped < WORDS_OF_A_PAGE ? without_last_word(key) : STR_NONE;
    }
    return known;
}

const struct licence *licence_by_id(struct str id)
{
    const struct vocabularies *v = vocabularies_in_force();
    size_t row = v ? table_first(&v->licences, id) : SIZE_MAX;
    return row == SIZE_MAX ? NULL : &v->licence[row];
}
