// Territories on the pages: their names, what people mean by what they type, and the page to choose from where it may be
// several. See pages.h and templates/territory.mustache.
#include "api/pages.h"

#include "indexer/places/places.h"

enum { READ_MAX = 128 }; // among which those of one département are looked for

static const struct territory *find(const struct places *p, struct str zone)
{
    return p ? territory_find(places_territories(p), zone) : NULL;
}

static struct str level_word(enum territory_level level)
{
    static const struct str words[TERRITORY_LEVELS] = {
        [TERRITORY_DISTRICT] = STR("Arrondissement municipal"),
        [TERRITORY_PART] = STR("Commune déléguée"),
        [TERRITORY_COMMUNE] = STR("Commune"),
        [TERRITORY_EPT] = STR("Établissement public territorial"),
        [TERRITORY_EPCI] = STR("Intercommunalité"),
        [TERRITORY_ARRONDISSEMENT] = STR("Arrondissement"),
        [TERRITORY_DEPARTEMENT] = STR("Département"),
        [TERRITORY_FORMER_REGION] = STR("Ancienne région"),
        [TERRITORY_REGION] = STR("Région"),
        [TERRITORY_COLLECTIVITE] = STR("Collectivité d’outre-mer"),
        [TERRITORY_SUBSET] = STR("Partie de la France"),
        [TERRITORY_COUNTRY] = STR("Pays"),
        [TERRITORY_GROUP] = STR("Ensemble de pays"),
    };
    return words[level];
}

// Whether people take its name for that of something else: "Mayenne" is a commune and a département.
static bool wants_level(enum territory_level level)
{
    return level >= TERRITORY_PART && level <= TERRITORY_REGION;
}

struct str place_name(const struct places *p, struct str zone)
{
    const struct territory *t = find(p, zone);
    return t ? t->name : STR_NONE;
}

struct str place_label(const struct places *p, struct arena *a, struct str zone)
{
    const struct territory *t = find(p, zone);
    if (!t || !wants_level(t->level))
        return t ? t->name : STR_NONE;
    struct str level = french_lower_first(a, level_word(t->level));
    return arena_printf(a, "%.*s (%.*s)", STR_ARG(t->name), STR_ARG(level));
}

struct str place_words(const struct places *p, struct arena *a, struct str zone)
{
    const struct territory *t = find(p, zone);
    if (!t || !str_eq(t->id, zone)) // a former code, which is to stay what it is
        return zone;
    return arena_printf(a, "%.*s (%.*s)", STR_ARG(t->name), STR_ARG(t->code));
}

struct strs place_around(const struct places *p, struct arena *a, struct str zone)
{
    const struct territory *t = find(p, zone), *up[TERRITORY_ANCESTORS_MAX];
    struct strs names = {0};
    size_t n = t ? territory_ancestors(places_territories(p), t, up) : 0;
    for (size_t i = 0; i < n; i++) {
        enum territory_level level = up[i]->level;
        if (level != TERRITORY_ARRONDISSEMENT && level != TERRITORY_FORMER_REGION &&
            level != TERRITORY_SUBSET && level != TERRITORY_GROUP)
            arena_push(a, &names, up[i]->name);
    }
    return names;
}

// ---- Reading what was typed ---------------------------------------------------------------------

struct typed {
    struct str name, code; // code is absent where none stands behind the name
};

// "Saint-Denis (93)", "Saint-Denis 93"
static struct typed split(struct str text)
{
    size_t end = text.n, at;
    bool closed = end && text.p[end - 1] == ')';
    end -= closed;
    for (at = end; at > 0 && text.p[at - 1] != (closed ? '(' : ' ');)
        at--;
    struct typed t = {.name = text};
    if (at == 0)
        return t;
    struct str code = str_trim(str_slice(text.p + at, end - at));
    if (code.n && (closed || (code.p[0] >= '0' && code.p[0] <= '9')))
        t = (struct typed){str_trim(str_slice(text.p, at - 1)), code};
    return t;
}

static bool has_postcode(const struct territory *t, struct str code)
{
    struct str rest = t->postcodes, one;
    while (str_next(&rest, ' ', &one))
        if (one.n && str_eq(one, code))
            return true;
    return false;
}

static bool has_departement(const struct territories *all, const struct territory *t,
                            struct str code)
{
    const struct territory *d = territory_at_level(all, t, TERRITORY_DEPARTEMENT);
    return d && str_eq(d->code, code);
}

// How well a code goes with a place that the name before it brought: its own code or that of where it is, the whole name or the
// beginning of a word of it. 0: not at all.
static unsigned agreement(const struct territories *all, const struct place_suggestion *s,
                          struct str code)
{
    bool own = str_eq(s->place->code, code);
    if (!own && !has_postcode(s->place, code) && !has_departement(all, s->place, code))
        return 0;
    return 1u + own + 2u * s->exact;
}

// Those of `list` that the code agrees with best. Returns their number.
static size_t keep_code(const struct territories *all, struct place_suggestion *list, size_t n,
                        struct str code)
{
    unsigned best = 1;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned found = agreement(all, &list[i], code);
        best = found > best ? found : best;
    }
    for (size_t i = 0; i < n; i++)
        if (agreement(all, &list[i], code) == best)
            list[kept++] = list[i];
    return kept;
}

// An arrondissement has the name of its commune, which is meant; the same people under two levels, as in Paris, are told by
// the nearest one.
static bool is_another(const struct territories *all, const struct place_suggestion *list, size_t n,
                       size_t i)
{
    const struct territory *t = list[i].place;
    for (size_t j = 0; j < n; j++) {
        const struct territory *u = list[j].place;
        if (j != i && territory_contains(all, t, u) &&
            (t->level == TERRITORY_ARRONDISSEMENT || t->population == u->population))
            return false;
    }
    return true;
}

static size_t keep_exact(const struct territories *all, struct place_suggestion *list, size_t n)
{
    size_t exact = 0, kept = 0;
    struct place_suggestion other[READ_MAX];
    while (exact < n && list[exact].exact) // they come first
        exact++;
    if (!exact)
        return n;
    for (size_t i = 0; i < exact; i++)
        if (is_another(all, list, exact, i))
            other[kept++] = list[i];
    memcpy(list, other, kept * sizeof *list);
    return kept;
}

static size_t suggest(const struct places *p, struct str typed, struct place_suggestion *list)
{
    return places_suggest(p, typed, TERRITORY_LEVELS, list, READ_MAX);
}

void place_read(const struct places *p, struct str typed, struct arena *a,
                struct place_reading *out)
{
    struct place_suggestion list[READ_MAX];
    typed = str_trim(typed);
    struct typed t = split(typed);
    *out = (struct place_reading){0};
    if (!p || (!t.code.n && str_find_char(typed, ':') >= 0)) {
        out->zone = typed;
        return;
    }
    const struct territories *all = places_territories(p);
    size_t n = suggest(p, typed, list);
    if (t.code.n && (!n || !list[0].exact)) {
        size_t named = keep_code(all, list, suggest(p, t.name, list), t.code);
        n = named ? named : suggest(p, typed, list);
        if (!n)
            n = suggest(p, t.code, list);
    }
    n = keep_exact(all, list, n);
    if (n == 1) {
        out->zone = arena_str(a, list[0].place->id);
        return;
    }
    for (size_t i = 0; i < n && i < PLACE_CHOICES; i++)
        out->choices[out->choice_count++] = list[i].place;
    out->more = n > PLACE_CHOICES;
}

// ---- The page to choose from --------------------------------------------------------------------

// "Commune, Ille-et-Vilaine, 225 081 habitants, 35000 et 2 autres"
static struct str detail(struct arena *a, const struct places *p, const struct territory *t)
{
    const struct territories *all = places_territories(p);
    const struct territory *around = territory_at_level(all, t, TERRITORY_DEPARTEMENT);
    struct strs parts = {0}, codes = {0};
    struct str rest = t->postcodes, code;
    arena_push(a, &parts, level_word(t->level));
    if (around && around != t)
        arena_push(a, &parts, around->name);
    if (t->population)
        arena_push(a, &parts, french_count(a, t->population, "habitant", "habitants"));
    while (str_next(&rest, ' ', &code))
        arena_push(a, &codes, code);
    struct str postcodes = french_list(a, codes, 1);
    if (postcodes.n)
        arena_push(a, &parts, arena_printf(a, "code postal %.*s", STR_ARG(postcodes)));
    return french_list(a, parts, 8);
}

json_t *place_page_view(struct arena *a, const struct place_page *p)
{
    struct page_layout layout = {.title = STR("Choisir un territoire"),
                                 .noindex = true,
                                 .nav = NAV_SEARCH,
                                 .documents = p->documents};
    json_t *view = view_new(a, &layout), *o = json_object(), *list = json_array();
    struct search_request r = *p->request;
    struct str *values = ARENA_ARRAY(a, struct str, r.filters[FACET_TERRITORY].n);
    struct str without = search_page_without(a, &r, FACET_TERRITORY, p->which);
    memcpy(values, r.filters[FACET_TERRITORY].v, r.filters[FACET_TERRITORY].n * sizeof *values);
    view_text(o, "typed", str_cut_utf8(values[p->which], 200));
    r.filters[FACET_TERRITORY].v = values;
    for (size_t i = 0; i < p->reading->choice_count; i++) {
        const struct territory *t = p->reading->choices[i];
        json_t *item = json_object();
        values[p->which] = t->id;
        view_text(item, "name", t->name);
        view_text(item, "detail", detail(a, p->places, t));
        view_text(item, "url", search_page_url(a, &r, 0));
        json_array_append_new(list, item);
    }
    view_items(o, "choices", list);
    view_flag(o, "more", p->reading->more);
    view_text(o, "without_url", without);
    // The form to type it again keeps everything else.
    struct strs others = {0};
    for (size_t i = 0; i < r.filters[FACET_TERRITORY].n; i++)
        if (i != p->which)
            arena_push(a, &others, r.filters[FACET_TERRITORY].v[i]);
    r.filters[FACET_TERRITORY] = others;
    view_text(o, "query", r.q);
    view_take(o, "hidden", hidden_filters_view(a, &r, 0, false));
    json_object_set_new(view, "territory", o);
    return view;
}
