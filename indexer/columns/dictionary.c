// See dictionary.h. Blocks of values stay where they are; the table of hashes is the adding thread's alone.
#include "indexer/columns/dictionary.h"

#include "base/hash.h"

#include <stdatomic.h>
#include <stdlib.h>

struct dictionary {
    atomic_uint count;
    struct str *blocks[DICTIONARY_BLOCKS];
    size_t n;
    uint32_t *table; // numbers + 1, by hash; 0: free
    size_t room;     // a power of two
    struct arena texts;
};

enum { FIRST_ROOM = 256 };

struct dictionary *dictionary_new(void)
{
    struct dictionary *d = xcalloc(1, sizeof *d);
    atomic_init(&d->count, 1);
    d->room = FIRST_ROOM;
    d->table = xcalloc(d->room, sizeof *d->table);
    return d;
}

struct dictionary *dictionary_share(struct dictionary *d)
{
    atomic_fetch_add(&d->count, 1);
    return d;
}

void dictionary_release(struct dictionary *d)
{
    if (!d || atomic_fetch_sub(&d->count, 1) > 1)
        return;
    for (size_t i = 0; i < DICTIONARY_BLOCKS && d->blocks[i]; i++)
        free(d->blocks[i]);
    free(d->table);
    arena_free(&d->texts);
    free(d);
}

struct str dictionary_text(const struct dictionary *d, uint32_t number)
{
    return d->blocks[number / DICTIONARY_BLOCK][number % DICTIONARY_BLOCK];
}

size_t dictionary_size(const struct dictionary *d)
{
    return d->n;
}

// Where the value is in the table, or the free place for it.
static uint32_t *find(const struct dictionary *d, struct str value)
{
    size_t at = hash64(value) & (d->room - 1);
    while (d->table[at] && !str_eq(dictionary_text(d, d->table[at] - 1), value))
        at = (at + 1) & (d->room - 1);
    return &d->table[at];
}

static void grow(struct dictionary *d)
{
    free(d->table);
    d->room *= 2;
    d->table = xcalloc(d->room, sizeof *d->table);
    for (uint32_t i = 0; i < d->n; i++)
        *find(d, dictionary_text(d, i)) = i + 1;
}

uint32_t dictionary_number(struct dictionary *d, struct str value)
{
    uint32_t *place = find(d, value);
    if (*place)
        return *place - 1;
    if (d->n == (size_t)DICTIONARY_BLOCK * DICTIONARY_BLOCKS)
        return (uint32_t)d->n - 1;
    uint32_t number = (uint32_t)d->n;
    struct str **block = &d->blocks[number / DICTIONARY_BLOCK];
    if (!*block)
        *block = xcalloc(DICTIONARY_BLOCK, sizeof **block);
    (*block)[number % DICTIONARY_BLOCK] = arena_str(&d->texts, value);
    *place = number + 1;
    d->n++;
    if (2 * d->n > d->room)
        grow(d);
    return number;
}
