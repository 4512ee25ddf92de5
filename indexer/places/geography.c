// See geography.h.
#include "indexer/places/geography.h"

#include "config/shipped.h"

bool geography_load(struct str share, struct geography *out, struct err *e)
{
    struct arena a = {0};
    struct str table, words;
    *out = (struct geography){0};
    bool good = shipped_file(share, "config/territories.tsv", &a, &table, e) &&
                shipped_file(share, "config/place-words.txt", &a, &words, e);
    if (good) {
        out->territories = territories_new(table, e);
        good = out->territories || err_in_file(e, "config/territories.tsv");
    }
    if (good) {
        out->places = places_new(out->territories, words, e);
        good = out->places || err_in_file(e, "config/place-words.txt");
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
