// The territory of a record, and what a filter by territory means (places.h).
#include "indexer/places/inside.h"

// ---- Publishers ----------------------------------------------------------------------------------

struct word_roles {
    const struct places *p;
    unsigned all;
};

static void add_roles(void *arg, const struct token *token)
{
    struct word_roles *w = arg;
    w->all |= places_roles(w->p, token->exact);
}

const struct territory *places_of_publisher(const struct places *p, struct analyzer *analyzer,
                                            struct str name, struct str kind)
{
    struct place_found found[PLACES_FOUND_MAX];
    if (str_eq(kind, STR("company")) || str_eq(kind, STR("user")))
        return NULL;
    if (places_in_text(p, analyzer, name, PLACE_PUBLISHER, NULL, found) > 0)
        return found[0].place;
    if (kind.n && !str_eq(kind, STR("public-service")))
        return NULL;
    struct word_roles words = {p, 0};
    analyze(analyzer, name, add_roles, &words);
    bool national = (words.all & ROLE_NATIONAL) && !(words.all & ROLE_LOCAL);
    return national ? p->france : NULL;
}

// ---- Records -------------------------------------------------------------------------------------

static void add(struct record_places *list, struct arena *a, struct str zone,
                const struct territory *place, enum place_source source)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i].zone, zone) || (place && list->v[i].place == place))
            return;
    if ((list->n & (list->n - 1)) == 0) { // a power of two: it is full
        struct record_place *v = ARENA_ARRAY(a, struct record_place, list->n ? 2 * list->n : 1);
        if (list->n)
            memcpy(v, list->v, list->n * sizeof *v);
        list->v = v;
    }
    list->v[list->n++] = (struct record_place){zone, place, source};
}

static void add_place(struct record_places *list, struct arena *a, const struct territory *place,
                      enum place_source source)
{
    add(list, a, place->id, place, source);
}

struct record_places places_of_record(const struct places *p, struct analyzer *analyzer,
                                      const struct place_record *record, struct arena *a)
{
    struct record_places list = {NULL, 0};
    struct place_found found[PLACES_FOUND_MAX];
    for (size_t i = 0; i < record->zones.n; i++) {
        struct str zone = record->zones.v[i];
        const struct territory *place = territory_find(p->territories, zone);
        // A zone that the table knows by what contains it (an IRIS) keeps its own id.
        bool same = place && str_ends(zone, place->code);
        add(&list, a, same ? place->id : arena_str(a, zone), place, PLACE_BY_ZONE);
    }
    const struct territory *own =
        places_of_publisher(p, analyzer, record->publisher_name, record->publisher_kind);
    for (size_t i = 0; i < record->labels.n; i++)
        if (places_in_text(p, analyzer, record->labels.v[i], PLACE_LABEL, own, found) > 0)
            add_place(&list, a, found[0].place, PLACE_BY_LABEL);
    if (list.n > 0)
        return list;
    size_t n = places_in_text(p, analyzer, record->title, PLACE_TITLE, own, found);
    bool covered = n > 0 && own == p->france;
    for (size_t i = 0; i < n; i++) {
        add_place(&list, a, found[i].place, PLACE_BY_TITLE);
        covered = covered || found[i].place->level >= TERRITORY_DEPARTEMENT ||
                  (own && territory_contains(p->territories, own, found[i].place));
    }
    if (own && !covered)
        add_place(&list, a, own, PLACE_BY_PUBLISHER);
    return list;
}

// ---- Meaning of the filter -----------------------------------------------------------------------

static bool holds(struct strs list, struct str s)
{
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.v[i], s))
            return true;
    return false;
}

static bool is_country(struct str zone)
{
    return str_starts(zone, STR("country:"));
}

struct strs places_ancestors(const struct places *p, const struct record_places *record,
                             struct arena *a)
{
    struct strs list = {NULL, 0}, own = {NULL, 0};
    const struct territory *up[TERRITORY_ANCESTORS_MAX];
    for (size_t i = 0; i < record->n; i++)
        arena_push(a, &own, record->v[i].zone);
    for (size_t i = 0; i < record->n; i++) {
        const struct record_place *place = &record->v[i];
        if (!place->place && is_country(place->zone) && !holds(list, STR("country-group:world")))
            arena_push(a, &list, STR("country-group:world"));
        if (!place->place)
            continue;
        if (!str_eq(place->zone, place->place->id) && !holds(list, place->place->id))
            arena_push(a, &list, place->place->id); // of an IRIS
        size_t n = territory_ancestors(p->territories, place->place, up);
        for (size_t j = 0; j < n; j++)
            if (!holds(list, up[j]->id) && !holds(own, up[j]->id))
                arena_push(a, &list, up[j]->id);
    }
    return list;
}

struct strs places_filter_zones(const struct places *p, struct str zone, struct arena *a)
{
    struct strs list = {NULL, 0};
    const struct territory *up[TERRITORY_ANCESTORS_MAX];
    ptrdiff_t suffix = str_find_char(zone, '@');
    if (suffix >= 0)
        zone.n = (size_t)suffix;
    const struct territory *place = territory_find_code(p->territories, zone);
    bool container = place && str_find_char(zone, ':') >= 0 && !str_ends(zone, place->code);
    if (!place || container)
        arena_push(a, &list, arena_str(a, zone));
    if (place) {
        arena_push(a, &list, place->id);
        size_t n = territory_ancestors(p->territories, place, up);
        for (size_t i = 0; i < n; i++)
            arena_push(a, &list, up[i]->id);
    } else if (is_country(zone)) {
        arena_push(a, &list, STR("country-group:world"));
    }
    return list;
}
