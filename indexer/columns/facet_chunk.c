// See facet_chunk.h. Numbers are kept plus one: 0 stands for no value.
#include "indexer/columns/facet_chunk.h"

#include <stdlib.h>

struct facet_chunk {
    uint32_t *starts; // NULL: document i has numbers[i] alone
    uint16_t *narrow; // numbers, or
    uint32_t *wide;
    size_t n; // of numbers
};

static void keep(struct facet_chunk *c, size_t i, uint32_t number)
{
    if (c->narrow)
        c->narrow[i] = (uint16_t)number;
    else
        c->wide[i] = number;
}

struct facet_chunk *facet_chunk_new(const uint32_t starts[COLUMN_CHUNK + 1],
                                    const uint32_t *numbers)
{
    struct facet_chunk *c = xcalloc(1, sizeof *c);
    bool single = true;
    uint32_t highest = 0;
    for (size_t i = 0; i < COLUMN_CHUNK; i++)
        single = single && starts[i + 1] - starts[i] <= 1;
    for (size_t i = 0; i < starts[COLUMN_CHUNK]; i++)
        highest = numbers[i] > highest ? numbers[i] : highest;
    c->n = single ? COLUMN_CHUNK : starts[COLUMN_CHUNK];
    if (highest < UINT16_MAX)
        c->narrow = xcalloc(c->n + 1, sizeof *c->narrow);
    else
        c->wide = xcalloc(c->n + 1, sizeof *c->wide);
    if (!single) {
        c->starts = xmalloc((COLUMN_CHUNK + 1) * sizeof *starts);
        memcpy(c->starts, starts, (COLUMN_CHUNK + 1) * sizeof *starts);
    }
    for (size_t i = 0; i < COLUMN_CHUNK; i++)
        for (size_t j = starts[i]; j < starts[i + 1]; j++)
            keep(c, single ? i : j, numbers[j] + 1);
    return c;
}

void facet_chunk_free(struct facet_chunk *c)
{
    if (!c)
        return;
    free(c->starts);
    free(c->narrow);
    free(c->wide);
    free(c);
}

size_t facet_chunk_size(const struct facet_chunk *c)
{
    return c->n;
}

size_t facet_chunk_values(const struct facet_chunk *c, size_t i, uint32_t *out, size_t room)
{
    size_t from = c->starts ? c->starts[i] : i, to = c->starts ? c->starts[i + 1] : i + 1, n = 0;
    for (size_t j = from; j < to; j++) {
        uint32_t number = c->narrow ? c->narrow[j] : c->wide[j];
        if (number && n < room)
            out[n] = number - 1;
        n += number > 0;
    }
    return n;
}

void facet_chunk_count(const struct facet_chunk *c, const uint32_t *docids, size_t n,
                       uint32_t *counts)
{
    const uint32_t *starts = c->starts, *wide = c->wide;
    const uint16_t *narrow = c->narrow;
    if (!starts && narrow) {
        for (size_t i = 0; i < n; i++)
            counts[narrow[docids[i] % COLUMN_CHUNK]]++;
    } else if (!starts) {
        for (size_t i = 0; i < n; i++)
            counts[wide[docids[i] % COLUMN_CHUNK]]++;
    } else {
        for (size_t i = 0; i < n; i++) {
            size_t at = docids[i] % COLUMN_CHUNK;
            for (size_t j = starts[at]; j < starts[at + 1]; j++)
                counts[narrow ? narrow[j] : wide[j]]++;
        }
    }
}
