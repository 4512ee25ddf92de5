// indexer/lists/list: lists against plain arrays, new and changed, at random; the bytes that they take.
#include "indexer/lists/list.h"
#include "tests/tap.h"

static struct arena arena;

static uint64_t random_state = 0x9E3779B97F4A7C15u;

static uint32_t different = 1; // values of the lists at hand

static uint32_t any(uint32_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % below;
}

enum { DOCIDS = 5 * LIST_CHUNK + 77, LAPS = 60, CHANGES = 6 };

static struct plain {
    bool has[DOCIDS];
    uint32_t values[DOCIDS];
} plain, before;

// Those below `end`, in the arena.
static struct xap_docids documents_of(const struct plain *p, const bool *among, uint32_t **values)
{
    struct xap_docids d = {ARENA_ARRAY(&arena, uint32_t, DOCIDS + 1), 0};
    *values = ARENA_ARRAY(&arena, uint32_t, DOCIDS + 1);
    for (uint32_t i = 0; i < DOCIDS; i++)
        if (p->has[i] && (!among || among[i])) {
            (*values)[d.n] = p->values[i];
            d.v[d.n++] = i;
        }
    return d;
}

static size_t wrong_part(const struct list *l, const struct plain *p, size_t chunk)
{
    struct list_part part = list_part(l, chunk);
    size_t n = 0, wrong = 0;
    for (uint32_t i = (uint32_t)chunk * LIST_CHUNK; i < DOCIDS && i / LIST_CHUNK == chunk; i++)
        if (p->has[i]) {
            wrong += n >= part.n || part.offsets[n] != i % LIST_CHUNK ||
                     list_value(&part, n) != p->values[i];
            n++;
        }
    return wrong + (part.n != n);
}

// How far a list is from what it should hold.
static size_t wrong_list(const struct list *l, const struct plain *p, bool with_values)
{
    size_t wrong = 0, documents = 0, chunks = 0;
    for (size_t chunk = 0; chunk <= DOCIDS / LIST_CHUNK + 2; chunk++) {
        uint64_t bits[LIST_WORDS], expected[LIST_WORDS];
        bool touches = false;
        for (size_t i = 0; i < LIST_WORDS; i++) // what was marked stays
            bits[i] = expected[i] = any(8) ? 0 : UINT64_C(1) << any(64);
        for (size_t i = 0; i < LIST_CHUNK && chunk * LIST_CHUNK + i < DOCIDS; i++)
            if (p->has[chunk * LIST_CHUNK + i]) {
                expected[i / 64] |= UINT64_C(1) << i % 64;
                touches = true;
                chunks = chunk + 1;
                documents++;
            }
        list_mark(l, chunk, bits);
        wrong += memcmp(bits, expected, sizeof bits) != 0;
        wrong += list_touches(l, chunk) != touches;
        wrong += with_values ? wrong_part(l, p, chunk) : 0;
    }
    wrong += list_touches(l, SIZE_MAX);
    return wrong + (list_documents(l) != documents) + (list_chunks(l) != chunks);
}

// As few as none or as many as all, up to a docid that is often beside the border of a chunk.
static void fill_plain(void)
{
    static const uint32_t shares[] = {0, 1, 3, 60, 500, 999, 1000};
    uint32_t share = shares[any(7)], end = any(3) ? any(DOCIDS) : any(6) * LIST_CHUNK + any(3);
    for (uint32_t i = 0; i < DOCIDS; i++) {
        plain.has[i] = i && i < end && any(1000) < share;
        plain.values[i] = any(different);
    }
    for (uint32_t i = any(3); i; i--) // in chunks that are else empty
        plain.has[any(DOCIDS)] = true;
}

static size_t change_list(struct list **l, bool with_values)
{
    static bool is_touched[DOCIDS];
    struct xap_docids touched = {ARENA_ARRAY(&arena, uint32_t, DOCIDS), 0};
    uint32_t *values, share = any(4) ? any(20) : any(1001), now = any(1001);
    bool at_borders = any(4) == 0;
    before = plain;
    for (uint32_t i = 1; i < DOCIDS; i++) {
        is_touched[i] =
            any(1000) < share || (at_borders && (i % LIST_CHUNK == 0 || (i + 1) % LIST_CHUNK == 0));
        if (!is_touched[i])
            continue;
        touched.v[touched.n++] = i;
        plain.has[i] = any(1000) < now;
        plain.values[i] = any(different);
    }
    struct xap_docids documents = documents_of(&plain, is_touched, &values);
    struct list *changed = list_changed(*l, &touched, &documents, with_values ? values : NULL);
    size_t wrong = wrong_list(changed, &plain, with_values) + wrong_list(*l, &before, with_values);
    list_release(*l);
    *l = changed;
    return wrong;
}

static void random_lists(void)
{
    size_t wrong = 0, bits = 0, empty = 0;
    for (int lap = 0; lap < LAPS; lap++) {
        bool with_values = any(2);
        uint32_t *values;
        different = any(2) ? UINT32_MAX : 1 + any(300);
        fill_plain();
        struct xap_docids d = documents_of(&plain, NULL, &values);
        struct list *l = list_new(&d, with_values ? values : NULL);
        bits += !with_values && d.n > DOCIDS / 16;
        empty += !d.n;
        wrong += wrong_list(l, &plain, with_values);
        for (int i = 0; i < CHANGES; i++)
            wrong += change_list(&l, with_values);
        list_release(l);
        arena_reset(&arena);
    }
    is_int(wrong, 0);
    ok(bits > 3 && empty > 0);
}

// Of every step-th docid; value i is i % different.
static struct list *every(uint32_t step, size_t n, uint32_t different_ones)
{
    uint32_t *v = ARENA_ARRAY(&arena, uint32_t, n + 1),
             *values = ARENA_ARRAY(&arena, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        v[i] = 1 + (uint32_t)i * step;
        values[i] = different_ones ? (uint32_t)i % different_ones : 0;
    }
    return list_new(&(struct xap_docids){v, n}, different_ones ? values : NULL);
}

static size_t wrong_values(const struct list *l, uint32_t different_ones)
{
    size_t wrong = 0, n = 0;
    for (size_t chunk = 0; chunk < list_chunks(l); chunk++) {
        struct list_part part = list_part(l, chunk);
        for (size_t i = 0; i < part.n; i++)
            wrong += list_value(&part, i) != n++ % different_ones;
    }
    return wrong + (n != list_documents(l));
}

// 2 bytes a document, or a bit for each docid where that is less; 2 for its value and 4 for each different one, or 4 for its value where
// there are too many or too few; and 4 a chunk.
static void bytes(void)
{
    enum { MANY = 70000, MOST = 65536, CHUNKS = MANY / LIST_CHUNK + 1 };
    struct list *none = every(1, 0, 0), *rare = every(100, 100, 0), *dense = every(2, 4000, 0),
                *few = every(2, 16, 3), *same = every(2, 4000, 7), *most = every(1, MANY, MOST),
                *more = every(1, MANY, MOST + 1);
    size_t own = list_bytes(none);
    is_int(list_bytes(rare) - own, 3 * 4 + 200);
    is_int(list_bytes(dense) - own, 2 * 4 + 2 * LIST_CHUNK / 8);
    is_int(list_bytes(few) - own, 4 + 16 * 6);
    is_int(list_bytes(same) - own, 2 * 4 + 4000 * 4 + 7 * 4);
    is_int(list_bytes(most) - own, CHUNKS * 4 + MANY * 4 + MOST * 4);
    is_int(list_bytes(more) - own, CHUNKS * 4 + MANY * 6);
    is_int(wrong_values(few, 3), 0);
    is_int(wrong_values(same, 7), 0);
    is_int(wrong_values(most, MOST), 0);
    is_int(wrong_values(more, MOST + 1), 0);
    ok(list_share(none) == none);
    list_release(none);
    is_int(list_documents(none), 0); // still there
    is_int(list_chunks(none), 0);
    ok(!list_touches(none, 0));
    is_int(list_part(none, 0).n, 0);
    struct list *const all[] = {none, rare, dense, few, same, most, more, NULL};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        list_release(all[i]);
}

int main(void)
{
    random_lists();
    bytes();
    arena_free(&arena);
    return tap_done();
}
