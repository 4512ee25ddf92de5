// See column.h. A chunk is counted: it goes with the last column that has it.
#include "indexer/columns/column.h"

#include "indexer/columns/dictionary.h"
#include "indexer/columns/facet_chunk.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { CHUNK = COLUMN_CHUNK }; // documents

struct chunk {
    atomic_uint count;
    struct facet_chunk *facet; // or
    unsigned char *bytes;      // of a fixed column
};

struct column {
    size_t width;
    struct dictionary *dictionary; // of a facet
    size_t values;
    uint32_t *totals; // by value, plus one: documents that have it
    struct chunk **chunks;
    size_t n;
};

// ---- Chunks --------------------------------------------------------------------------------------

static struct chunk *chunk_new(size_t width)
{
    struct chunk *c = xcalloc(1, sizeof *c);
    atomic_init(&c->count, 1);
    if (width)
        c->bytes = xcalloc(CHUNK, width);
    return c;
}

static struct chunk *chunk_share(struct chunk *c)
{
    atomic_fetch_add(&c->count, 1);
    return c;
}

static void chunk_release(struct chunk *c)
{
    if (!c || atomic_fetch_sub(&c->count, 1) > 1)
        return;
    facet_chunk_free(c->facet);
    free(c->bytes);
    free(c);
}

// ---- Reading -------------------------------------------------------------------------------------

static const struct chunk *chunk_of(const struct column *column, uint32_t docid)
{
    return docid / CHUNK < column->n ? column->chunks[docid / CHUNK] : NULL;
}

size_t column_numbers(const struct column *column, uint32_t docid, uint32_t *out, size_t room)
{
    const struct chunk *c = chunk_of(column, docid);
    return c ? facet_chunk_values(c->facet, docid % CHUNK, out, room) : 0;
}

size_t column_run(const uint32_t *docids, size_t n)
{
    uint32_t chunk = docids[0] / CHUNK;
    size_t inside = 0, step = 1; // the first `inside` + 1 are
    while (inside + step < n && docids[inside + step] / CHUNK == chunk) {
        inside += step;
        step *= 2;
    }
    for (; step; step /= 2)
        if (inside + step < n && docids[inside + step] / CHUNK == chunk)
            inside += step;
    return inside + 1;
}

void column_count(const struct column *column, const uint32_t *docids, size_t n, uint32_t *counts)
{
    for (size_t i = 0, run; i < n; i += run) {
        const struct chunk *c = chunk_of(column, docids[i]);
        run = column_run(docids + i, n - i);
        if (c)
            facet_chunk_count(c->facet, docids + i, run, counts);
    }
}

size_t column_values(const struct column *column)
{
    return column->values;
}

struct str column_text(const struct column *column, uint32_t value)
{
    return dictionary_text(column->dictionary, value);
}

const unsigned char *column_bytes(const struct column *column, uint32_t docid)
{
    static const unsigned char nothing[64];
    const struct chunk *c = chunk_of(column, docid);
    return c ? c->bytes + docid % CHUNK * column->width : nothing;
}

// ---- Making --------------------------------------------------------------------------------------

// Values as they are read, in the order of docids: those of documents[i] begin at starts[i].
struct making {
    const struct column_source *source;
    struct column *column;
    const uint32_t *documents;
    size_t n;
    uint32_t *starts;
    size_t started; // up to which `starts` are known
    uint32_t *items;
    size_t item_count, item_room;
    unsigned char *bytes; // of a fixed column, for each document
};

static void add_item(struct making *m, struct str value)
{
    if (!value.n)
        return;
    if (m->item_count == m->item_room) {
        m->item_room = m->item_room ? 2 * m->item_room : 4096;
        m->items = xrealloc(m->items, m->item_room * sizeof *m->items);
    }
    m->items[m->item_count++] = dictionary_number(m->column->dictionary, value);
}

static void take(void *user, size_t i, struct str value)
{
    struct making *m = user;
    struct str item;
    if (m->source->width) {
        m->source->read(value, m->bytes + i * m->source->width);
        return;
    }
    while (m->started <= i)
        m->starts[m->started++] = (uint32_t)m->item_count;
    if (!m->source->list)
        add_item(m, value);
    else
        while (xap_list_next(&value, &item))
            add_item(m, item);
}

static bool read_values(struct making *m, struct xap_db *db, struct err *e)
{
    if (m->source->width)
        m->bytes = xcalloc(m->n + 1, m->source->width);
    else
        m->starts = xcalloc(m->n + 1, sizeof *m->starts);
    bool good = xap_db_values(db, m->source->slot, m->documents, m->n, take, m, e);
    while (!m->source->width && m->started <= m->n)
        m->starts[m->started++] = (uint32_t)m->item_count;
    return good;
}

static void drop_values(struct making *m)
{
    free(m->starts);
    free(m->items);
    free(m->bytes);
}

// The chunk that begins at docid `first`, as it was (NULL: empty), but for documents[from, to).
static struct chunk *chunk_changed(const struct making *m, const struct chunk *old, uint32_t first,
                                   size_t from, size_t to)
{
    size_t width = m->source->width;
    struct chunk *c = chunk_new(width);
    if (width) {
        if (old)
            memcpy(c->bytes, old->bytes, CHUNK * width);
        for (size_t i = from; i < to; i++)
            memcpy(c->bytes + (m->documents[i] - first) * width, m->bytes + i * width, width);
        return c;
    }
    size_t room = (old ? facet_chunk_size(old->facet) : 0) + m->starts[to] - m->starts[from];
    uint32_t starts[CHUNK + 1], *items = xcalloc(room + 1, sizeof *items);
    size_t n = 0;
    for (size_t i = 0, at = from; i < CHUNK; i++) {
        bool changed = at < to && m->documents[at] - first == i;
        starts[i] = (uint32_t)n;
        if (!changed) {
            n += old ? facet_chunk_values(old->facet, i, items + n, room - n) : 0;
            continue;
        }
        size_t count = m->starts[at + 1] - m->starts[at];
        if (count)
            memcpy(items + n, m->items + m->starts[at], count * sizeof *items);
        n += count;
        at++;
    }
    starts[CHUNK] = (uint32_t)n;
    c->facet = facet_chunk_new(starts, items);
    free(items);
    return c;
}

static struct column *column_new(const struct column_source *source, struct dictionary *dictionary,
                                 uint32_t last)
{
    struct column *column = xcalloc(1, sizeof *column);
    column->width = source->width;
    column->dictionary = dictionary;
    column->n = last / CHUNK + 1;
    column->chunks = xcalloc(column->n, sizeof *column->chunks);
    return column;
}

void column_free(struct column *column)
{
    if (!column)
        return;
    for (size_t i = 0; i < column->n; i++)
        chunk_release(column->chunks[i]);
    free(column->chunks);
    free(column->totals);
    dictionary_release(column->dictionary);
    free(column);
}

const uint32_t *column_totals(const struct column *column)
{
    return column->totals + 1;
}

// Of one document; `by`: 1, or -1 to take it away.
static void count_one(const struct column *column, uint32_t docid, uint32_t by, uint32_t *totals)
{
    uint32_t few[32], *numbers = few;
    size_t n = column_numbers(column, docid, few, sizeof few / sizeof *few);
    if (n > sizeof few / sizeof *few) {
        numbers = xcalloc(n, sizeof *numbers);
        column_numbers(column, docid, numbers, n);
    }
    for (size_t i = 0; i < n; i++)
        totals[numbers[i] + 1] += by;
    if (numbers != few)
        free(numbers);
}

static void count_all(struct column *column, const struct column *old,
                      const struct xap_docids *documents)
{
    column->totals = xcalloc(column->values + 1, sizeof *column->totals);
    if (!old) {
        column_count(column, documents->v, documents->n, column->totals);
        return;
    }
    memcpy(column->totals, old->totals, (old->values + 1) * sizeof *old->totals);
    for (size_t i = 0; i < documents->n; i++) {
        count_one(old, documents->v[i], UINT32_MAX, column->totals);
        count_one(column, documents->v[i], 1, column->totals);
    }
}

static struct column *make(const struct column *old, struct xap_db *db,
                           const struct column_source *source, uint32_t last,
                           const struct xap_docids *documents, struct err *e)
{
    struct dictionary *dictionary = source->width ? NULL
                                    : old         ? dictionary_share(old->dictionary)
                                                  : dictionary_new();
    struct making m = {.source = source,
                       .column = column_new(source, dictionary, last),
                       .documents = documents->v,
                       .n = documents->n};
    bool good = read_values(&m, db, e);
    for (size_t i = 0, at = 0; i < m.column->n && good; i++) {
        uint32_t first = (uint32_t)(i * CHUNK);
        size_t from = at;
        struct chunk *before = old && i < old->n ? old->chunks[i] : NULL;
        while (at < m.n && m.documents[at] < first + CHUNK)
            at++;
        if (at > from)
            m.column->chunks[i] = chunk_changed(&m, before, first, from, at);
        else if (before)
            m.column->chunks[i] = chunk_share(before);
    }
    drop_values(&m);
    m.column->values = dictionary ? dictionary_size(dictionary) : 0;
    if (good && dictionary)
        count_all(m.column, old, documents);
    if (good)
        return m.column;
    column_free(m.column);
    return NULL;
}

struct column *column_load(struct xap_db *db, const struct column_source *source, uint32_t last,
                           struct err *e)
{
    struct xap_docids all = {.v = xcalloc((size_t)last + 1, sizeof *all.v), .n = last};
    for (uint32_t i = 0; i < last; i++)
        all.v[i] = i + 1;
    struct column *column = make(NULL, db, source, last, &all, e);
    free(all.v);
    return column;
}

struct column *column_update(const struct column *old, struct xap_db *db,
                             const struct column_source *source, uint32_t last,
                             const struct xap_docids *touched, struct err *e)
{
    return make(old, db, source, last, touched, e);
}

const unsigned char *column_chunk(const struct column *column, uint32_t docid)
{
    const struct chunk *c = chunk_of(column, docid);
    return c ? c->bytes : NULL;
}

static struct column *fixed_new(size_t width, size_t chunks)
{
    struct column *column = xcalloc(1, sizeof *column);
    column->width = width;
    column->n = chunks;
    column->chunks = xcalloc(chunks, sizeof(struct chunk *));
    return column;
}

struct column *column_copy(const struct column *fixed)
{
    struct column *column = fixed_new(fixed->width, fixed->n);
    for (size_t i = 0; i < fixed->n; i++)
        column->chunks[i] = fixed->chunks[i] ? chunk_share(fixed->chunks[i]) : NULL;
    return column;
}

struct column *column_derive(const struct column *base, const struct column *old_base,
                             const struct column *old, const struct column_maker *maker)
{
    struct column *column = fixed_new(maker->width, base->n);
    for (size_t i = 0; i < base->n; i++) {
        const struct chunk *from = base->chunks[i];
        if (!from)
            continue;
        if (old && i < old_base->n && old_base->chunks[i] == from) {
            column->chunks[i] = chunk_share(old->chunks[i]);
            continue;
        }
        column->chunks[i] = chunk_new(maker->width);
        for (size_t j = 0; j < CHUNK; j++)
            maker->make(maker->arg, from->bytes + j * base->width,
                        column->chunks[i]->bytes + j * maker->width);
    }
    return column;
}
