// base/lru: random operations against a plain array: what is found, the bytes, the order of use, which entries go and when, keys of one
// hash; bounds; dropping all.
#include "base/arena.h"
#include "base/lru.h"
#include "tests/tap.h"

#include <stdlib.h>

enum { KEYS = 60, LARGEST = 100, STEPS = 20000, ROOM = KEYS * LARGEST };

struct entry {
    struct lru_entry lru; // first
    uint32_t key;
    uint32_t number; // of its making
};

static uint64_t asked_hash;
static size_t asked_wrongly; // whether an entry of another hash has the key
static struct lru *memory;   // out of which entries go
static size_t still_there;   // when they were freed
static uint32_t gone[ROOM], made;
static size_t gone_count;

static bool same(const struct lru_entry *x, const void *key)
{
    asked_wrongly += x->hash != asked_hash;
    return ((const struct entry *)x)->key == *(const uint32_t *)key;
}

static void free_entry(struct lru_entry *x)
{
    struct entry *e = (struct entry *)x;
    gone[gone_count++] = e->number;
    for (const struct lru_entry *y = memory->newest; y; y = y->older)
        still_there += y == x;
    free(e);
}

static uint32_t any(uint32_t below)
{
    static uint64_t state = 0x9E3779B97F4A7C15u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

static struct entry *find(struct lru *l, uint64_t hash, uint32_t key)
{
    asked_hash = hash;
    return (struct entry *)lru_find(l, hash, &key);
}

static uint32_t add(struct lru *l, uint64_t hash, uint32_t key, size_t bytes)
{
    struct entry *x = xmalloc(sizeof *x);
    *x = (struct entry){.lru = {.hash = hash, .bytes = bytes}, .key = key, .number = made};
    lru_add(l, &x->lru);
    return made++;
}

// ---- The plain array: the longest unused first -------------------------------------------------------

static struct plain {
    uint32_t key, number;
    size_t bytes;
} plain[KEYS + 1];
static size_t plain_count, plain_bytes;
static uint32_t wanted_gone[ROOM];
static size_t wanted_gone_count;

static struct plain plain_out(size_t at)
{
    struct plain p = plain[at];
    plain_count--;
    plain_bytes -= p.bytes;
    memmove(plain + at, plain + at + 1, (plain_count - at) * sizeof *plain);
    return p;
}

static void plain_last(struct plain p)
{
    plain[plain_count++] = p;
    plain_bytes += p.bytes;
}

static void plain_drop(size_t at)
{
    wanted_gone[wanted_gone_count++] = plain_out(at).number;
}

static size_t plain_find(uint32_t key)
{
    size_t at = 0;
    while (at < plain_count && plain[at].key != key)
        at++;
    return at;
}

// Whether both hold the same, in the same order from both ends, and the same went in the same order.
static bool agree(const struct lru *l)
{
    size_t at = 0;
    const struct lru_entry *x = l->oldest;
    for (; x && at < plain_count; x = x->newer, at++)
        if (((const struct entry *)x)->number != plain[at].number)
            return false;
    if (x || at != plain_count)
        return false;
    for (x = l->newest; x && at; x = x->older)
        if (((const struct entry *)x)->number != plain[--at].number)
            return false;
    return !x && !at && l->entries == plain_count && l->bytes == plain_bytes &&
           l->bytes <= l->most_bytes && gone_count == wanted_gone_count &&
           memcmp(gone, wanted_gone, gone_count * sizeof *gone) == 0;
}

// `hashes`: how many different ones the keys have.
static size_t step(struct lru *l, uint32_t hashes)
{
    uint32_t key = any(KEYS), what = any(1000);
    size_t at = plain_find(key), wrong = 0;
    bool there = at < plain_count;
    struct entry *x = find(l, key % hashes, key);
    wrong += there ? !x || x->key != key || x->number != plain[at].number : x != NULL;
    if (what == 0) {
        lru_drop_all(l);
        while (plain_count)
            plain_drop(0);
    } else if (what < 100) {
        lru_drop(l, x ? &x->lru : NULL);
        if (there)
            plain_drop(at);
    } else if (x && there && what < 600) {
        lru_use(l, &x->lru);
        plain_last(plain_out(at));
    } else if (!there) {
        size_t bytes = any(LARGEST) + 1;
        plain_last((struct plain){key, add(l, key % hashes, key, bytes), bytes});
        while (plain_bytes > l->most_bytes)
            plain_drop(0);
    } // else: it was looked at only
    return wrong + !agree(l);
}

static void at_random(size_t chains, uint32_t hashes, size_t most_bytes)
{
    struct lru l;
    size_t wrong = 0, most_entries = 0;
    uint32_t before = made;
    lru_init(&l, chains, most_bytes, same, free_entry);
    memory = &l;
    is_int(l.entries, 0);
    is_int(l.bytes, 0);
    for (int i = 0; i < STEPS; i++) {
        gone_count = wanted_gone_count = 0;
        wrong += step(&l, hashes);
        most_entries = l.entries > most_entries ? l.entries : most_entries;
    }
    is_int(wrong, 0);
    ok(made - before > STEPS / 20);
    ok(most_bytes < 10 || most_entries > (most_bytes < ROOM ? most_bytes / LARGEST : KEYS / 2));
    gone_count = wanted_gone_count = 0;
    while (plain_count)
        plain_drop(0);
    lru_free(&l);
    is_int(gone_count, wanted_gone_count);
    ok(memcmp(gone, wanted_gone, gone_count * sizeof *gone) == 0);
}

// ---- By hand -----------------------------------------------------------------------------------------

static void bounds(void)
{
    struct lru l;
    lru_init(&l, 1, 100, same, free_entry);
    memory = &l;
    gone_count = 0;
    uint32_t a = add(&l, 7, 1, 30), b = add(&l, 7, 2, 30), c = add(&l, 8, 1, 40);
    is_int(l.bytes, 100); // to the last byte
    is_int(l.entries, 3);
    is_int(gone_count, 0);
    // Neither the hash alone nor the key alone.
    is_int(find(&l, 7, 1)->number, a);
    is_int(find(&l, 7, 2)->number, b);
    is_int(find(&l, 8, 1)->number, c);
    ok(!find(&l, 8, 2));
    ok(!find(&l, 7, 3));
    // Looking is no use, using is.
    find(&l, 7, 1);
    lru_use(&l, &find(&l, 7, 2)->lru);
    add(&l, 9, 9, 1);
    is_int(gone_count, 1);
    is_int(gone[0], a);
    is_int(l.bytes, 71);
    // As many go as it takes, the newest never before the others.
    uint32_t d = add(&l, 9, 10, 99);
    is_int(gone_count, 3);
    is_int(gone[1], c);
    is_int(gone[2], b);
    is_int(l.bytes, 100);
    is_int(l.entries, 2);
    lru_drop(&l, NULL);
    is_int(l.entries, 2);
    // One larger than all the room takes everything with it, and goes last.
    uint32_t e = add(&l, 1, 1, 101);
    is_int(gone_count, 6);
    is_int(gone[4], d);
    is_int(gone[5], e);
    is_int(l.entries, 0);
    is_int(l.bytes, 0);
    ok(!find(&l, 1, 1));
    // Empty again, it takes others; so does one whose entries were all dropped.
    add(&l, 1, 1, 100);
    is_int(l.entries, 1);
    lru_drop_all(&l);
    is_int(gone_count, 7);
    lru_drop_all(&l);
    is_int(gone_count, 7);
    uint32_t f = add(&l, UINT64_MAX, 5, 0); // of no bytes
    is_int(find(&l, UINT64_MAX, 5)->number, f);
    is_int(l.bytes, 0);
    lru_free(&l);
    is_int(gone_count, 8);
    is_int(gone[7], f);
}

int main(void)
{
    bounds();
    at_random(64, 1000, ROOM); // hardly a collision, and room for all
    at_random(64, 1000, 700);
    at_random(5, 7, 700);  // hashes in one chain, keys of one hash
    at_random(64, 1, 700); // all of one hash
    at_random(1, 1000, 700);
    at_random(1, 1, ROOM);
    at_random(5, 7, 3); // hardly any has room
    is_int(asked_wrongly, 0);
    is_int(still_there, 0);
    return tap_done();
}
