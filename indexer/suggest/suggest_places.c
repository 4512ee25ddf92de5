// See suggest_places.h.
#include "indexer/suggest/suggest_places.h"

#include "base/buf.h"

#include <math.h>

static const double people_most = 70e6, weight_most = 0.6;

static bool is_suggested(enum territory_level level)
{
    switch (level) {
    case TERRITORY_COMMUNE:
    case TERRITORY_EPT:
    case TERRITORY_EPCI:
    case TERRITORY_DEPARTEMENT:
    case TERRITORY_REGION:
    case TERRITORY_COLLECTIVITE:
    case TERRITORY_SUBSET:
    case TERRITORY_COUNTRY:
        return true;
    default:
        return false;
    }
}

static struct str text_of(const struct territories *t, const struct territory *of, struct arena *a)
{
    struct str apart = STR_NONE;
    if (of->level == TERRITORY_COMMUNE) {
        const struct territory *departement = territory_at_level(t, of, TERRITORY_DEPARTEMENT);
        apart = departement ? departement->code : STR_NONE;
    } else if (of->level == TERRITORY_DEPARTEMENT) {
        apart = STR("département");
    } else if (of->level == TERRITORY_REGION) {
        apart = STR("région");
    }
    return apart.n ? arena_printf(a, "%.*s (%.*s)", STR_ARG(of->name), STR_ARG(apart)) : of->name;
}

static void add_lines(struct buf *names, struct str list, char separator)
{
    struct str one;
    while (list.n && str_next(&list, separator, &one)) {
        buf_addc(names, '\n');
        buf_add(names, one);
    }
}

// "Saint-Malo" is written "St-Malo" too, "Sainte-Adresse" "Ste-Adresse".
static void add_saint(struct buf *names, struct str name)
{
    static const struct {
        struct str whole, brief;
    } ways[] = {{STR("Sainte-"), STR("Ste-")}, {STR("Saint-"), STR("St-")}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        ptrdiff_t at = str_find(name, ways[i].whole);
        if (at < 0)
            continue;
        size_t behind = (size_t)at + ways[i].whole.n;
        buf_addc(names, '\n');
        buf_add(names, str_slice(name.p, (size_t)at));
        buf_add(names, ways[i].brief);
        buf_add(names, str_slice(name.p + behind, name.n - behind));
    }
}

static double weight_of(const struct territory *of)
{
    double share = of->population > 0 ? log1p((double)of->population) / log1p(people_most) : 0;
    return weight_most * (share < 1 ? share * share : 1);
}

struct suggest_place *suggest_places_make(const struct territories *t, struct arena *a, size_t *n)
{
    struct suggest_place *places = ARENA_ARRAY(a, struct suggest_place, territories_count(t));
    struct buf names = {0};
    *n = 0;
    for (size_t i = 0; i < territories_count(t); i++) {
        const struct territory *of = territories_at(t, i);
        if (!is_suggested(of->level))
            continue;
        buf_clear(&names);
        buf_add(&names, of->name);
        add_saint(&names, of->name);
        add_lines(&names, of->code, '\0');
        add_lines(&names, of->other_names, '|');
        add_lines(&names, of->postcodes, ' ');
        places[(*n)++] = (struct suggest_place){.text = text_of(t, of, a),
                                                .names = arena_str(a, buf_str(&names)),
                                                .value = of->id,
                                                .weight = weight_of(of)};
    }
    buf_free(&names);
    return places;
}
