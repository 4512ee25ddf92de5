// The words that help to tell places (config/place-words.txt), and making a struct places.
#include "indexer/places/inside.h"

#include "base/hash.h"

#include <stdlib.h>

static const struct {
    struct str name;
    enum place_role role;
} roles[] = {
    {STR("commune"), ROLE_COMMUNE},   {STR("departement"), ROLE_DEPARTEMENT},
    {STR("region"), ROLE_REGION},     {STR("epci"), ROLE_EPCI},
    {STR("academy"), ROLE_ACADEMY},   {STR("other"), ROLE_OTHER},
    {STR("ordinary"), ROLE_ORDINARY}, {STR("national"), ROLE_NATIONAL},
    {STR("local"), ROLE_LOCAL},
};

static struct role_word *slot(const struct places *p, struct str word)
{
    size_t i = hash64(word) & p->word_mask;
    while (p->words[i].word.p && !str_eq(p->words[i].word, word))
        i = (i + 1) & p->word_mask;
    return &p->words[i];
}

unsigned places_roles(const struct places *p, struct str folded)
{
    return slot(p, folded)->roles;
}

static bool add_line(struct places *p, struct str line, struct buf *folded, struct err *e)
{
    ptrdiff_t comment = str_find_char(line, '#');
    if (comment >= 0)
        line.n = (size_t)comment;
    line = str_trim(line);
    if (line.n == 0)
        return true;
    ptrdiff_t colon = str_find_char(line, ':');
    size_t i = 0, count = sizeof roles / sizeof *roles;
    while (colon > 0 && i < count && !str_eq(roles[i].name, str_slice(line.p, (size_t)colon)))
        i++;
    if (colon <= 0 || i == count)
        return err_set(e, ERR_CONFIG, "a line is a role, a colon and words");
    struct str rest = str_slice(line.p + colon + 1, line.n - (size_t)colon - 1), word;
    while (str_next(&rest, ' ', &word)) {
        if (word.n == 0)
            continue;
        buf_clear(folded);
        text_fold(folded, word);
        struct str key = buf_str(folded);
        if (key.n == 0 || key.n > TEXT_TERM_BYTES || str_find_char(key, ' ') >= 0)
            return err_set(e, ERR_CONFIG, "\"%.*s\" is not one word", STR_ARG(word));
        struct role_word *s = slot(p, key);
        if (!s->word.p)
            s->word = arena_str(&p->arena, key);
        s->roles |= roles[i].role;
    }
    return true;
}

static bool read_words(struct places *p, struct str text, struct err *e)
{
    size_t words = 1, room = 64;
    for (size_t i = 0; i < text.n; i++)
        words += text.p[i] == ' ';
    while (room < 2 * words + 2)
        room *= 2;
    p->words = xcalloc(room, sizeof *p->words);
    p->word_mask = room - 1;
    struct buf folded = {0};
    struct str line;
    bool good = true;
    for (unsigned number = 1; good && str_next(&text, '\n', &line); number++) {
        good = add_line(p, line, &folded, e);
        if (!good)
            err_where(e, "line %u", number);
    }
    buf_free(&folded);
    return good;
}

struct places *places_new(const struct territories *t, struct str words, struct err *e)
{
    struct places *p = xcalloc(1, sizeof *p);
    p->territories = t;
    p->france = territory_find(t, STR("country:fr"));
    if (!read_words(p, words, e)) {
        places_free(p);
        return NULL;
    }
    p->names = names_new(t);
    return p;
}

void places_free(struct places *p)
{
    if (!p)
        return;
    names_free(p->names);
    arena_free(&p->arena);
    free(p->words);
    free(p);
}

const struct territories *places_territories(const struct places *p)
{
    return p->territories;
}
