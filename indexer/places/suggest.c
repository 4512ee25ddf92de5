// Completion of places (places.h): the best few of what the names, codes and postcodes give.
#include "indexer/places/inside.h"

struct collecting {
    const struct territories *territories;
    enum territory_level level;
    struct place_suggestion *out;
    size_t n, room;
};

// Arrondissements have the names of communes, and are seldom meant.
static int64_t people_of(const struct territory *t)
{
    return t->level == TERRITORY_ARRONDISSEMENT ? 0 : t->population;
}

static bool is_better(const struct place_suggestion *a, const struct place_suggestion *b)
{
    if (a->exact != b->exact)
        return a->exact;
    if (people_of(a->place) != people_of(b->place))
        return people_of(a->place) > people_of(b->place);
    if (a->place->level != b->place->level)
        return a->place->level < b->place->level;
    return a->place->index < b->place->index;
}

static void insert(struct collecting *c, struct place_suggestion s)
{
    if (c->level != TERRITORY_LEVELS && s.place->level != c->level)
        return;
    for (size_t i = 0; i < c->n; i++)
        if (c->out[i].place == s.place) {
            if (!s.exact || c->out[i].exact)
                return;
            memmove(&c->out[i], &c->out[i + 1], (c->n - i - 1) * sizeof *c->out);
            c->n--;
            break;
        }
    size_t at = c->n;
    while (at > 0 && is_better(&s, &c->out[at - 1]))
        at--;
    if (at == c->room)
        return;
    if (c->n < c->room)
        c->n++;
    memmove(&c->out[at + 1], &c->out[at], (c->n - at - 1) * sizeof *c->out);
    c->out[at] = s;
}

static void take_name(void *arg, const struct name *name, bool whole)
{
    struct collecting *c = arg;
    const struct territory *place = territories_at(c->territories, name->territory);
    insert(c, (struct place_suggestion){place, whole && name->kind != NAME_CORE});
}

static void take_codes(struct collecting *c, struct str typed)
{
    const struct territory *found = territory_find_code(c->territories, typed);
    const struct territory *by_postcode[64];
    if (found)
        insert(c, (struct place_suggestion){found, true});
    size_t n = territory_find_postcode(c->territories, typed, by_postcode, 64);
    for (size_t i = 0; i < n && i < 64; i++)
        insert(c, (struct place_suggestion){by_postcode[i], true});
}

size_t places_suggest(const struct places *p, struct str typed, enum territory_level level,
                      struct place_suggestion *out, size_t room)
{
    struct buf folded = {0}, name = {0};
    struct collecting c = {.territories = p->territories, .level = level, .out = out, .room = room};
    typed = str_trim(str_cut_utf8(typed, PLACES_QUERY_BYTES));
    name_fold(typed, &folded, &name);
    if (room > 0 && typed.n > 0) {
        take_codes(&c, typed);
        if (name.n > 0)
            names_complete(p->names, buf_str(&name), take_name, &c);
    }
    buf_free(&folded);
    buf_free(&name);
    return c.n;
}
