// Fuzzing of places. First byte under 64: the rest is a table of territories; under 96: a list of words; both are loaded or refused
// with their line. Else the rest is a text: title, publisher's name, query, label, what is typed, a zone. What is found lies within
// the text and in its order. The table is the program's own.
#include "config/shipped.h"
#include "indexer/places/places.h"
#include "tests/fuzz/fuzz.h"

static struct str texts[2];
static struct territories *territories;
static struct places *places;
static struct analyzer *analyzer;

static void load(void)
{
    static struct arena a;
    must(shipped_file(STR_NONE, "config/territories.tsv", &a, &texts[0], NULL));
    must(shipped_file(STR_NONE, "config/place-words.txt", &a, &texts[1], NULL));
    territories = territories_new(texts[0], NULL);
    must(territories != NULL);
    places = places_new(territories, texts[1], NULL);
    analyzer = analyzer_new(STR("de la le les"), NULL);
    must(places && analyzer);
}

static void table(struct str s)
{
    struct err e = {0};
    struct territories *t = territories_new(s, &e);
    must(t || (e.code == ERR_CONFIG && e.where[0] && e.what[0]));
    struct places *p = t ? places_new(t, texts[1], &e) : NULL;
    for (size_t i = 0; p && i < territories_count(t); i++) {
        const struct territory *up[TERRITORY_ANCESTORS_MAX], *of = territories_at(t, i);
        struct place_suggestion found;
        territory_ancestors(t, of, up);
        must(territory_find(t, of->id) == of);
        places_suggest(p, of->name, TERRITORY_LEVELS, &found, 1);
    }
    places_free(p);
    territories_free(t);
}

static void word_list(struct str s)
{
    struct err e = {0};
    struct places *p = places_new(territories, s, &e);
    must(p || (e.code == ERR_CONFIG && e.where[0] && e.what[0]));
    places_free(p);
}

static void text(struct str s, unsigned which)
{
    struct arena a = {0};
    struct place_found found[PLACES_FOUND_MAX];
    const struct territory *near = territories_at(territories, which * 100u);
    for (int kind = PLACE_TITLE; kind <= PLACE_LABEL; kind++) {
        size_t n = places_in_text(places, analyzer, s, (enum place_text)kind,
                                  which & 1 ? near : NULL, found);
        must(n <= PLACES_FOUND_MAX);
        for (size_t i = 0; i < n; i++) {
            must(found[i].place && found[i].count > 0);
            must(found[i].start < found[i].end && found[i].end <= s.n);
            must(i == 0 || found[i].start >= found[i - 1].end);
        }
    }
    struct str list[1] = {s};
    struct place_record r = {{list, 1}, {list, 1}, s, s, STR_NONE};
    struct record_places own = places_of_record(places, analyzer, &r, &a);
    must(own.n >= 1);
    places_ancestors(places, &own, &a);
    must(places_filter_zones(places, s, &a).n >= 1);
    struct place_suggestion suggestions[10];
    must(places_suggest(places, s, TERRITORY_LEVELS, suggestions, 10) <= 10);
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!places)
        load();
    if (size == 0)
        return 0;
    struct str s = str_slice((const char *)data + 1, size - 1);
    if (data[0] < 64)
        table(s);
    else if (data[0] < 96)
        word_list(s);
    else
        text(s, data[0]);
    return 0;
}
