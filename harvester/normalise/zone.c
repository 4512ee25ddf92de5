// See zone.h. The levels and the shapes of their codes are those of the geozones of data.gouv.fr
// and of INSEE's Code officiel géographique.
#include "harvester/normalise/zone.h"

#include "base/text.h"

static bool all(struct str s, bool (*is)(char c))
{
    for (size_t i = 0; i < s.n; i++)
        if (!is(s.p[i]))
            return false;
    return s.n > 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_insee(char c) // Corsica is 2A and 2B
{
    return is_digit(c) || (c | 0x20) == 'a' || (c | 0x20) == 'b';
}

static bool is_word(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' || c == '_';
}

static bool is_subset(char c)
{
    return is_word(c) || c == ':';
}

static const struct level {
    struct str prefix;
    size_t shortest, longest; // of the code, in bytes
    bool (*is)(char c);
    bool upper; // case of the code
} levels[] = {
    {STR("country:"), 2, 3, is_word, false},
    {STR("country-group:"), 2, 40, is_word, false},
    {STR("country-subset:"), 2, 40, is_subset, false},
    {STR("fr:commune:"), 5, 5, is_insee, true},
    {STR("fr:epci:"), 9, 9, is_digit, true},
    {STR("fr:departement:"), 2, 3, is_insee, true},
    {STR("fr:region:"), 2, 3, is_digit, true},
    {STR("fr:arrondissement:"), 3, 5, is_insee, true},
    {STR("fr:canton:"), 4, 5, is_insee, true},
    {STR("fr:iris:"), 9, 9, is_insee, true},
    {STR("fr:collectivite:"), 2, 9, is_insee, true},
};

static const struct level *level_of(struct str s)
{
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        size_t n = levels[i].prefix.n;
        if (s.n < n || !str_eq_nocase(str_slice(s.p, n), levels[i].prefix))
            continue;
        struct str code = str_slice(s.p + n, s.n - n);
        return code.n >= levels[i].shortest && code.n <= levels[i].longest &&
                       all(code, levels[i].is)
                   ? &levels[i]
                   : NULL;
    }
    return NULL;
}

static char in_case(char c, bool upper)
{
    if (upper)
        return c >= 'a' && c <= 'z' ? (char)(c & ~0x20) : c;
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

struct zone zone_clean(struct arena *a, struct str raw)
{
    struct str s = str_trim(raw);
    ptrdiff_t suffix = str_find_char(s, '@');
    struct str id = suffix < 0 ? s : str_slice(s.p, (size_t)suffix);
    const struct level *level = level_of(id);
    if (!level) {
        struct str label = text_clean(a, raw, ZONE_LABEL_BYTES, NULL);
        return (struct zone){label.n ? ZONE_LABEL : ZONE_NONE, label};
    }
    char *out = arena_z(a, id);
    for (size_t i = 0; i < id.n; i++)
        out[i] = in_case(out[i], level->upper && i >= level->prefix.n);
    return (struct zone){ZONE_ID, str_slice(out, id.n)};
}
