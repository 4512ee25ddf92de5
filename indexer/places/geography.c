// See geography.h.
#include "indexer/places/geography.h"

#include "config/shipped.h"

static bool in_file(const char *name, struct err *e)
{
    char where[sizeof e->where];
    memcpy(where, e->where, sizeof where);
    return err_where(e, "%s %s", name, where);
}

bool geography_load(struct str share, struct geography *out, struct err *e)
{
    struct arena a = {0};
    struct str table, words;
    *out = (struct geography){0};
    bool good = shipped_file(share, "config/territories.tsv", &a, &table, e) &&
                shipped_file(share, "config/place-words.txt", &a, &words, e);
    if (good) {
        out->territories = territories_new(table, e);
        good = out->territories || in_file("config/territories.tsv", e);
    }
    if (good) {
        out->places = places_new(out->territories, words, e);
        good = out->places || in_file("config/place-words.txt", e);
    }
    arena_free(&a);
    if (!good)
        geography_free(out);
    return good;
}

void geography_free(struct geography *g)
{
    places_free(g->places);
    territories_free(g->territories);
    *g = (struct geography){0};
}
