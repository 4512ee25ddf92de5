// See list.h.
#include "indexer/lists/list.h"

#include <stdatomic.h>
#include <stdlib.h>

struct list {
    atomic_uint count;
    size_t documents, chunks;
    uint32_t *starts;  // chunks + 1, in `offsets`
    uint16_t *offsets; // of a list of bits, absent
    uint16_t *places;  // of each document's value in `values`; NULL: each has its own
    uint32_t *values;
    size_t value_count;
    uint64_t *bits; // LIST_WORDS of each chunk
};

// Different values, by their hash: where they are in the list, plus one. Open, at most half full.
enum { PLACES_MOST = UINT16_MAX + 1, TABLE_MOST = 2 * PLACES_MOST };

static size_t find_value(const struct list *l, const uint32_t *table, size_t mask, uint32_t value)
{
    size_t at = (value * UINT32_C(0x9e3779b1) >> 7) & mask;
    while (table[at] && l->values[table[at] - 1] != value)
        at = (at + 1) & mask;
    return at;
}

static void keep_values(struct list *l, const uint32_t *values, size_t n)
{
    size_t room = 64;
    while (room < 2 * n && room < TABLE_MOST)
        room *= 2;
    uint32_t *table = n > 16 ? xcalloc(room, sizeof *table) : NULL;
    l->values = xmalloc((n + 1) * sizeof *l->values);
    l->places = table ? xmalloc((n + 1) * sizeof *l->places) : NULL;
    for (size_t i = 0; i < n && table; i++) {
        size_t at = find_value(l, table, room - 1, values[i]);
        if (!table[at] && l->value_count == PLACES_MOST)
            break;
        if (!table[at]) {
            l->values[l->value_count++] = values[i];
            table[at] = (uint32_t)l->value_count;
        }
        l->places[i] = (uint16_t)(table[at] - 1);
        if (i + 1 < n)
            continue;
        l->values = xrealloc(l->values, l->value_count * sizeof *l->values);
        free(table);
        return;
    }
    free(table);
    free(l->places);
    l->places = NULL;
    l->value_count = n;
    memcpy(l->values, values, n * sizeof *values);
}

struct list *list_new(const struct xap_docids *documents, const uint32_t *values)
{
    struct list *l = xcalloc(1, sizeof *l);
    size_t n = documents->n;
    atomic_init(&l->count, 1);
    l->documents = n;
    l->chunks = n ? documents->v[n - 1] / LIST_CHUNK + 1 : 0;
    bool dense = !values && n * sizeof *l->offsets > l->chunks * LIST_CHUNK / 8;
    l->starts = xcalloc(l->chunks + 1, sizeof *l->starts);
    if (dense)
        l->bits = xcalloc(l->chunks * LIST_WORDS, sizeof *l->bits);
    else
        l->offsets = xcalloc(n + 1, sizeof *l->offsets);
    if (values)
        keep_values(l, values, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t docid = documents->v[i];
        l->starts[docid / LIST_CHUNK + 1]++;
        if (dense)
            l->bits[docid / 64] |= UINT64_C(1) << docid % 64;
        else
            l->offsets[i] = (uint16_t)(docid % LIST_CHUNK);
    }
    for (size_t i = 0; i < l->chunks; i++)
        l->starts[i + 1] += l->starts[i];
    return l;
}

struct list *list_share(struct list *l)
{
    atomic_fetch_add(&l->count, 1);
    return l;
}

void list_release(struct list *l)
{
    if (!l || atomic_fetch_sub(&l->count, 1) > 1)
        return;
    free(l->starts);
    free(l->offsets);
    free(l->places);
    free(l->values);
    free(l->bits);
    free(l);
}

size_t list_bytes(const struct list *l)
{
    size_t each = l->bits ? 0 : sizeof *l->offsets + (l->places ? sizeof *l->places : 0);
    return sizeof *l + l->chunks * sizeof *l->starts + l->documents * each +
           l->value_count * sizeof *l->values + (l->bits ? l->chunks * LIST_CHUNK / 8 : 0);
}

size_t list_documents(const struct list *l)
{
    return l->documents;
}

size_t list_chunks(const struct list *l)
{
    return l->chunks;
}

bool list_touches(const struct list *l, size_t chunk)
{
    return chunk < l->chunks && l->starts[chunk] < l->starts[chunk + 1];
}

void list_mark(const struct list *l, size_t chunk, uint64_t bits[LIST_WORDS])
{
    if (!list_touches(l, chunk))
        return;
    if (l->bits) {
        const uint64_t *own = l->bits + chunk * LIST_WORDS;
        for (size_t i = 0; i < LIST_WORDS; i++)
            bits[i] |= own[i];
        return;
    }
    for (size_t i = l->starts[chunk]; i < l->starts[chunk + 1]; i++)
        bits[l->offsets[i] / 64] |= UINT64_C(1) << l->offsets[i] % 64;
}

struct list_part list_part(const struct list *l, size_t chunk)
{
    if (!list_touches(l, chunk))
        return (struct list_part){0};
    size_t from = l->starts[chunk];
    return (struct list_part){l->offsets + from, l->places ? l->places + from : NULL,
                              l->places ? l->values : l->values + from,
                              l->starts[chunk + 1] - from};
}

// ---- Changes -------------------------------------------------------------------------------------

// Documents on their way into a new list.
struct merging {
    struct xap_docids documents;
    uint32_t *values; // NULL: none
};

static void take(struct merging *m, uint32_t docid, uint32_t value)
{
    if (m->values)
        m->values[m->documents.n] = value;
    m->documents.v[m->documents.n++] = docid;
}

// Those of the old list below `end`, but for what was touched.
static void keep(struct merging *m, const struct list *old, size_t chunk, uint64_t *bits)
{
    struct list_part part = old->values ? list_part(old, chunk) : (struct list_part){0};
    size_t at = 0;
    for (size_t i = 0; i < LIST_WORDS; i++)
        for (uint64_t word = bits[i]; word; word &= word - 1) {
            uint16_t offset = (uint16_t)(i * 64 + (size_t)__builtin_ctzll(word));
            while (at < part.n && part.offsets[at] < offset)
                at++;
            take(m, (uint32_t)(chunk * LIST_CHUNK + offset),
                 at < part.n ? list_value(&part, at) : 0);
        }
}

static void unmark(const struct xap_docids *touched, size_t from, size_t to, uint64_t *bits)
{
    for (size_t i = from; i < to; i++)
        bits[touched->v[i] % LIST_CHUNK / 64] &= ~(UINT64_C(1) << touched->v[i] % 64);
}

// Merges two ascending lists, in place of the first: `n` of it stand before `from`.
static void merge_in(struct merging *m, const struct xap_docids *documents, const uint32_t *values,
                     size_t from, size_t to, size_t first)
{
    size_t old = m->documents.n - first, added = to - from, at = m->documents.n + added;
    m->documents.n = at;
    while (added) {
        uint32_t next = documents->v[from + added - 1];
        bool is_old = old && m->documents.v[first + old - 1] > next;
        at--;
        m->documents.v[at] = is_old ? m->documents.v[first + old - 1] : next;
        if (m->values)
            m->values[at] = is_old ? m->values[first + old - 1] : values[from + added - 1];
        old -= is_old;
        added -= !is_old;
    }
}

struct list *list_changed(const struct list *old, const struct xap_docids *touched,
                          const struct xap_docids *documents, const uint32_t *values)
{
    size_t room = old->documents + documents->n + 1, at = 0, in = 0;
    struct merging m = {.documents = {.v = xmalloc(room * sizeof(uint32_t))}};
    m.values = values ? xmalloc(room * sizeof(uint32_t)) : NULL;
    size_t last = documents->n ? documents->v[documents->n - 1] / LIST_CHUNK + 1 : 0;
    size_t chunks = old->chunks > last ? old->chunks : last;
    for (size_t chunk = 0; chunk < chunks; chunk++) {
        uint64_t bits[LIST_WORDS] = {0};
        size_t end = (chunk + 1) * LIST_CHUNK, first = m.documents.n, from = at, added = in;
        while (at < touched->n && touched->v[at] < end)
            at++;
        while (in < documents->n && documents->v[in] < end)
            in++;
        list_mark(old, chunk, bits);
        unmark(touched, from, at, bits);
        keep(&m, old, chunk, bits);
        merge_in(&m, documents, values, added, in, first);
    }
    struct list *l = list_new(&m.documents, m.values);
    free(m.documents.v);
    free(m.values);
    return l;
}
