// Contexts by address: never fetched, since whoever answers there would decide what a catalogue says. Those of config/contexts are
// compiled in and known by their addresses; config/contexts/addresses.tsv says which.
#include "harvester/rdf/jsonld_context.h"

#include "config/shipped.h"

#include <stdio.h>

// The file of an address: the whole of it, or, of a pattern "*/path", its end. Absent when there is none.
static struct str file_of(struct str addresses, struct str url)
{
    struct str line, address, file;
    while (str_next(&addresses, '\n', &line)) {
        if (!line.n || line.p[0] == '#' || !str_next(&line, '\t', &address) ||
            !str_next(&line, '\t', &file))
            continue;
        if (str_starts(address, STR("*")) ? str_ends(url, str_slice(address.p + 1, address.n - 1))
                                          : str_eq(address, url))
            return file;
    }
    return STR_NONE;
}

// http or https, a fragment or none, are one address.
static struct str plain(struct str url)
{
    ptrdiff_t hash = str_find_char(url, '#');
    if (hash >= 0)
        url.n = (size_t)hash;
    if (str_starts(url, STR("https://")))
        return str_slice(url.p + 8, url.n - 8);
    return str_starts(url, STR("http://")) ? str_slice(url.p + 7, url.n - 7) : url;
}

const json_t *jsonld_remote(struct jsonld *j, struct str url)
{
    struct arena *a = j->arena;
    struct str addresses, text;
    char name[200];
    if (!shipped_file(STR_NONE, "config/contexts/addresses.tsv", a, &addresses, j->e))
        return NULL;
    struct str file = file_of(addresses, plain(url));
    if (!file.p) {
        jsonld_fail(j, "loading remote context failed", url);
        err_hint(j->e,
                 "contexts are never fetched: this one is not of those that the program knows");
        return NULL;
    }
    for (size_t i = 0; i < j->loaded_count; i++)
        if (str_eq(j->loaded[i].file, file))
            return j->loaded[i].document;
    if (j->loaded_count == JSONLD_LOADED_MAX) {
        jsonld_fail(j, "context overflow", url);
        return NULL;
    }
    snprintf(name, sizeof name, "config/contexts/%.*s", STR_ARG(file));
    if (!shipped_file(STR_NONE, name, a, &text, j->e))
        return NULL;
    json_t *document = json_read(text, a, NULL, j->e);
    if (!document)
        return NULL;
    j->loaded[j->loaded_count++] = (struct jsonld_loaded){file, document};
    return document;
}
