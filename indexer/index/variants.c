// See variants.h.
#include "indexer/index/variants.h"

#include "base/hash.h"

#include <stdio.h>

struct reading {
    const struct place_found *places;
    size_t place_count;
    uint64_t hash;
    size_t words;
};

static bool is_in_place(const struct reading *r, const struct token *t)
{
    for (size_t i = 0; i < r->place_count; i++)
        if (t->position > r->places[i].first &&
            t->position <= r->places[i].first + r->places[i].count)
            return true;
    return false;
}

static bool has_digit(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] >= '0' && word.p[i] <= '9')
            return true;
    return false;
}

static bool is_month(struct str word)
{
    static const char *const months[] = {"janvier",   "fevrier", "mars",     "avril",
                                         "mai",       "juin",    "juillet",  "aout",
                                         "septembre", "octobre", "novembre", "decembre"};
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if (str_eq(word, str_of(months[i])))
            return true;
    return false;
}

static void take_token(void *arg, const struct token *t)
{
    struct reading *r = arg;
    if (t->kind == TOKEN_JOINED || t->is_stop || has_digit(t->exact) || is_month(t->exact) ||
        is_in_place(r, t))
        return;
    r->hash = (r->hash ^ hash64(t->stem)) * 0x9e3779b97f4a7c15u;
    r->hash ^= r->hash >> 32;
    r->words++;
}

struct str variant_key(const struct record *r, const struct places *places,
                       struct analyzer *analyzer, char out[VARIANT_BYTES + 1])
{
    struct place_found found[PLACES_FOUND_MAX];
    struct reading reading = {.places = found, .hash = hash64(r->publisher.id) + r->kind};
    if (places)
        reading.place_count = places_in_text(places, analyzer, r->title, PLACE_TITLE, NULL, found);
    analyze(analyzer, r->title, take_token, &reading);
    if (!reading.words || !r->publisher.id.n)
        return STR_NONE;
    return variant_text(reading.hash, out);
}

struct str variant_text(uint64_t number, char out[VARIANT_BYTES + 1])
{
    snprintf(out, VARIANT_BYTES + 1, "%016llx", (unsigned long long)number);
    return str_slice(out, VARIANT_BYTES);
}

uint64_t variant_number(struct str key)
{
    uint64_t number = 0;
    for (size_t i = 0; i < key.n && key.n == VARIANT_BYTES; i++) {
        char c = key.p[i];
        bool digit = c >= '0' && c <= '9';
        if (!digit && (c < 'a' || c > 'f'))
            return 0;
        number = number << 4 | (uint64_t)(digit ? c - '0' : c - 'a' + 10);
    }
    return number;
}
