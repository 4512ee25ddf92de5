// See names.h. Every name is one entry in an array ordered by text, with a hash table over it for whole names; a second
// array holds the places where words begin, in the order of what follows, for completion.
#include "indexer/places/inside.h"

#include "base/buf.h"
#include "base/hash.h"
#include "indexer/text/text.h"

#include <stdlib.h>

struct beginning { // of a word in a name
    uint32_t name;
    uint32_t offset;
};

enum { LONGEST = 1 << 16 };

struct names {
    struct buf text;
    struct name *v;
    size_t n, room;
    uint32_t *table; // open addressing, at most half used: 1 + the first name of each text
    size_t mask;
    struct beginning *beginnings;
    size_t beginning_count;
    uint8_t longest[LONGEST]; // by the hash of a name's first word, the most words of those names
};

static const struct str articles[] = {STR("l"), STR("la"), STR("le"),  STR("les"),
                                      STR("d"), STR("de"), STR("des"), STR("du")};
// Kinds of EPCI as the table abbreviates them and as people write them.
static const struct str kinds[] = {
    STR("communaute de communes"),
    STR("communaute d agglomeration"),
    STR("communaute urbaine"),
    STR("metropole europeenne"),
    STR("eurometropole"),
    STR("agglomeration"),
    STR("communaute"),
    STR("metropole"),
    STR("agglo"),
    STR("cc"),
    STR("ca"),
    STR("cu"),
};

struct str name_text(const struct names *names, const struct name *name)
{
    return str_slice(names->text.p + name->at, name->n);
}

struct str name_word(struct str folded)
{
    if (str_eq(folded, STR("st")))
        return STR("saint");
    return str_eq(folded, STR("ste")) ? STR("sainte") : folded;
}

// ---- Making --------------------------------------------------------------------------------------

static bool starts_with_word(struct str s, struct str word)
{
    return s.n > word.n && s.p[word.n] == ' ' && str_starts(s, word);
}

static bool ends_with_word(struct str s, struct str word)
{
    return s.n > word.n && s.p[s.n - word.n - 1] == ' ' && str_ends(s, word);
}

static struct str without_articles(struct str s)
{
    for (size_t i = 0; i < sizeof articles / sizeof *articles;) {
        bool found = starts_with_word(s, articles[i]);
        if (found)
            s = str_slice(s.p + articles[i].n + 1, s.n - articles[i].n - 1);
        i = found ? 0 : i + 1;
    }
    return s;
}

static const struct str short_kinds[] = {STR("cc"), STR("ca"), STR("cu")};

// Without the kind of EPCI that it begins with, or ends with too.
static struct str without_kind(struct str s, bool at_end)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds;) {
        size_t n = kinds[i].n, before = s.n;
        if (starts_with_word(s, kinds[i]))
            s = without_articles(str_slice(s.p + n + 1, s.n - n - 1));
        else if (at_end && ends_with_word(s, kinds[i]))
            s.n -= n + 1;
        i = s.n != before ? 0 : i + 1;
    }
    return s;
}

static bool ends_with_kind(struct str s)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (ends_with_word(s, kinds[i]))
            return true;
    return false;
}

static void add(struct names *names, struct str text, enum name_kind kind, uint32_t territory)
{
    size_t words = 1;
    for (size_t i = 0; i < text.n; i++)
        words += text.p[i] == ' ';
    if (text.n == 0 || text.n > NAME_BYTES)
        return;
    if (names->n == names->room) {
        names->room = names->room ? names->room * 2 : 1024;
        names->v = xrealloc(names->v, names->room * sizeof *names->v);
    }
    names->v[names->n++] = (struct name){.at = (uint32_t)names->text.n,
                                         .territory = territory,
                                         .n = (uint8_t)text.n,
                                         .words = (uint8_t)(words < 255 ? words : 255),
                                         .kind = (uint8_t)kind};
    buf_add(&names->text, text);
}

void name_fold(struct str name, struct buf *folded, struct buf *out)
{
    buf_clear(folded);
    buf_clear(out);
    text_fold(folded, name);
    struct str rest = buf_str(folded), word;
    while (str_next(&rest, ' ', &word)) {
        if (out->n)
            buf_addc(out, ' ');
        buf_add(out, name_word(word));
    }
}

// "CU Le Havre Seine Métropole" is "Le Havre Seine Métropole" and, where something says what it is, "Havre Seine" too.
static void add_epci(struct names *names, struct str text, uint32_t territory)
{
    struct str name = text, core = without_kind(text, true);
    for (size_t i = 0; i < sizeof short_kinds / sizeof *short_kinds; i++)
        if (starts_with_word(text, short_kinds[i]))
            name = str_slice(text.p + short_kinds[i].n + 1, text.n - short_kinds[i].n - 1);
    struct str plain = without_articles(name);
    if (plain.n < name.n && name.p[0] == 'd') // "du Grand Reims", but "Le Havre"
        name = plain;
    bool told = ends_with_kind(name) || without_kind(plain, false).n != plain.n;
    if (name.n != text.n)
        add(names, name, told ? NAME_OTHER : NAME_CORE, territory);
    if (plain.n != name.n)
        add(names, plain, told ? NAME_OTHER : NAME_CORE, territory);
    if (core.n >= 3 && core.n != plain.n)
        add(names, core, NAME_CORE, territory);
}

static void add_territory(struct names *names, const struct territory *t, struct buf *folded,
                          struct buf *name)
{
    name_fold(t->name, folded, name);
    struct str text = buf_str(name);
    add(names, text, NAME_OWN, t->index);
    if (t->level == TERRITORY_EPCI || t->level == TERRITORY_EPT) {
        add_epci(names, text, t->index);
        ptrdiff_t sign = str_find(t->name, STR(" ("));
        if (sign > 0) { // "CA du Grand Avignon (COGA)"
            name_fold(str_slice(t->name.p, (size_t)sign), folded, name);
            add_epci(names, buf_str(name), t->index);
        }
    } else if (t->level == TERRITORY_DISTRICT) {
        struct str last = STR(" arrondissement");
        if (str_ends(text, last)) // "Paris 4e"
            add(names, str_slice(text.p, text.n - last.n), NAME_OTHER, t->index);
    }
    struct str rest = t->other_names, other;
    while (str_next(&rest, '|', &other)) {
        name_fold(other, folded, name);
        add(names, buf_str(name), NAME_OTHER, t->index);
    }
}

// qsort knows no context: the arrays are sorted by keys that hold what is compared.
struct sort_key {
    uint64_t head; // the first eight bytes of the text, as a number: most comparisons need no more
    struct str text;
    uint32_t index, offset;
};

static struct sort_key key_of(struct str text, size_t index, size_t offset)
{
    struct sort_key key = {.text = text, .index = (uint32_t)index, .offset = (uint32_t)offset};
    for (size_t i = 0; i < 8; i++)
        key.head = key.head << 8 | (i < text.n ? (unsigned char)text.p[i] : 0);
    return key;
}

static int compare_keys(const void *a, const void *b)
{
    const struct sort_key *x = a, *y = b;
    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    int order = str_cmp(x->text, y->text);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static size_t place_of_first(struct str word)
{
    return hash64(word) % LONGEST;
}

static void note_longest(struct names *names)
{
    for (size_t i = 0; i < names->n; i++) {
        struct str rest = name_text(names, &names->v[i]), word;
        str_next(&rest, ' ', &word);
        uint8_t *longest = &names->longest[place_of_first(word)];
        if (names->v[i].words > *longest)
            *longest = names->v[i].words;
    }
}

static void sort_names(struct names *names)
{
    struct sort_key *keys = xcalloc(names->n + 1, sizeof *keys);
    struct name *sorted = xcalloc(names->n + 1, sizeof *sorted);
    for (size_t i = 0; i < names->n; i++)
        keys[i] = key_of(name_text(names, &names->v[i]), i, 0);
    qsort(keys, names->n, sizeof *keys, compare_keys);
    size_t room = 1024;
    while (room < 2 * names->n)
        room *= 2;
    names->mask = room - 1;
    names->table = xcalloc(room, sizeof *names->table);
    for (size_t i = 0; i < names->n; i++) {
        sorted[i] = names->v[keys[i].index];
        if (i > 0 && str_eq(keys[i].text, keys[i - 1].text))
            continue;
        size_t at = hash64(keys[i].text) & names->mask;
        while (names->table[at])
            at = (at + 1) & names->mask;
        names->table[at] = (uint32_t)i + 1;
    }
    free(names->v);
    names->v = sorted;
    names->room = names->n;
    free(keys);
}

static void sort_beginnings(struct names *names)
{
    size_t most = names->n, n = 0;
    for (size_t i = 0; i < names->text.n; i++)
        most += names->text.p[i] == ' ';
    struct sort_key *keys = xcalloc(most + 1, sizeof *keys);
    for (size_t i = 0; i < names->n; i++) {
        struct str text = name_text(names, &names->v[i]);
        for (size_t at = 0; at < text.n; at++)
            if (at == 0 || text.p[at - 1] == ' ')
                keys[n++] = key_of(str_slice(text.p + at, text.n - at), i, at);
    }
    qsort(keys, n, sizeof *keys, compare_keys);
    names->beginnings = xcalloc(n + 1, sizeof *names->beginnings);
    names->beginning_count = n;
    for (size_t i = 0; i < n; i++)
        names->beginnings[i] = (struct beginning){keys[i].index, keys[i].offset};
    free(keys);
}

struct names *names_new(const struct territories *t)
{
    struct names *names = xcalloc(1, sizeof *names);
    struct buf folded = {0}, name = {0};
    for (size_t i = 0; i < territories_count(t); i++)
        add_territory(names, territories_at(t, i), &folded, &name);
    buf_free(&folded);
    buf_free(&name);
    sort_names(names);
    sort_beginnings(names);
    note_longest(names);
    return names;
}

void names_free(struct names *names)
{
    if (!names)
        return;
    buf_free(&names->text);
    free(names->v);
    free(names->table);
    free(names->beginnings);
    free(names);
}

// ---- Finding -------------------------------------------------------------------------------------

size_t names_most_words(const struct names *names, struct str word, struct str other)
{
    size_t most = names->longest[place_of_first(word)];
    size_t others = other.n ? names->longest[place_of_first(other)] : 0;
    return most > others ? most : others;
}

const struct name *names_find(const struct names *names, struct str folded, size_t *count)
{
    *count = 0;
    size_t at = hash64(folded) & names->mask;
    for (; names->table[at]; at = (at + 1) & names->mask) {
        const struct name *first = &names->v[names->table[at] - 1];
        if (!str_eq(name_text(names, first), folded))
            continue;
        const struct name *end = names->v + names->n, *next = first;
        while (next < end && str_eq(name_text(names, next), folded))
            next++;
        *count = (size_t)(next - first);
        return first;
    }
    return NULL;
}

static struct str text_from(const struct names *names, const struct beginning *b)
{
    struct str text = name_text(names, &names->v[b->name]);
    return str_slice(text.p + b->offset, text.n - b->offset);
}

static bool only_articles(struct str s)
{
    struct str word;
    while (str_next(&s, ' ', &word)) {
        size_t i = 0;
        while (i < sizeof articles / sizeof *articles && !str_eq(articles[i], word))
            i++;
        if (word.n && i == sizeof articles / sizeof *articles)
            return false;
    }
    return true;
}

void names_complete(const struct names *names, struct str folded,
                    void (*each)(void *arg, const struct name *name, bool whole), void *arg)
{
    size_t low = 0, high = names->beginning_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(text_from(names, &names->beginnings[middle]), folded) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < names->beginning_count; low++) {
        const struct beginning *b = &names->beginnings[low];
        if (!str_starts(text_from(names, b), folded))
            return;
        const struct name *name = &names->v[b->name];
        bool whole = name->n - b->offset == folded.n &&
                     only_articles(str_slice(names->text.p + name->at, b->offset));
        each(arg, name, whole);
    }
}
