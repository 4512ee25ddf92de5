// Making a suggester: entries come in any order; finishing numbers them by kind and weight, sorts the words, and lays out the
// postings. A builder belongs to one thread, and owns everything until it is finished.
#include "indexer/suggest/inside.h"

#include "base/hash.h"
#include "indexer/text/chunk.h"

#include <stdlib.h>
#include <time.h>

enum {
    ENTRY_WORDS_MAX = 64
}; // of a text, and of its other names together; the rest is not searched

struct made {                                          // an entry while it is being made
    uint32_t text, text_n, value, value_n, key, key_n; // in the pool
    enum suggest_kind kind;
    float weight;
    uint32_t count;
};

struct pair {
    uint32_t entry, word;
};

struct name {
    uint32_t at, n; // in the pool
    uint32_t entry;
};

struct word_made {
    uint32_t at, n; // in the pool
};

struct table { // open addressing; a slot holds a number and one, or 0
    uint32_t *slots;
    size_t mask, used;
};

struct suggest_builder {
    struct word_set *stop_words;
    struct buf pool;
    struct made *made;
    struct word_made *words;
    struct pair *pairs;
    struct name *names;
    size_t made_n, made_room, words_n, words_room, pairs_n, pairs_room, names_n, names_room;
    struct table by_word, by_key;
};

struct suggest_builder *suggest_builder_new(struct str stop_words, struct err *e)
{
    struct buf words = {0};
    fold_setup();
    buf_add(&words, stop_words);
    buf_addc(&words, '\n');
    chunk_add_elisions(&words);
    struct word_set *set = word_set_new(buf_str(&words), e);
    buf_free(&words);
    if (!set)
        return NULL;
    struct suggest_builder *b = xcalloc(1, sizeof *b);
    b->stop_words = set;
    return b;
}

static void free_parts(struct suggest_builder *b)
{
    buf_free(&b->pool);
    free(b->made);
    free(b->words);
    free(b->pairs);
    free(b->names);
    free(b->by_word.slots);
    free(b->by_key.slots);
    free(b);
}

void suggest_builder_free(struct suggest_builder *b)
{
    if (!b)
        return;
    word_set_free(b->stop_words);
    free_parts(b);
}

// ---- Adding --------------------------------------------------------------------------------------

static void *grown(void *v, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return v;
    *room = *room ? *room * 2 : 1024;
    return xrealloc(v, *room * size);
}

static uint32_t keep(struct suggest_builder *b, struct str s)
{
    uint32_t at = (uint32_t)b->pool.n;
    buf_add(&b->pool, s);
    return at;
}

static struct str word_of(const struct suggest_builder *b, uint32_t i)
{
    return str_slice(b->pool.p + b->words[i].at, b->words[i].n);
}

static struct str key_of(const struct suggest_builder *b, uint32_t i)
{
    return str_slice(b->pool.p + b->made[i].key, b->made[i].key_n);
}

static uint64_t key_hash(enum suggest_kind kind, struct str key)
{
    return hash64(key) + (uint64_t)kind * 0x9e3779b97f4a7c15u;
}

// Doubles a table that is more than half full; `hash` tells where each number belongs.
static void make_room(const struct suggest_builder *b, struct table *t,
                      uint64_t (*hash)(const struct suggest_builder *b, uint32_t i))
{
    if (t->slots && t->used * 2 <= t->mask)
        return;
    size_t mask = t->slots ? t->mask * 2 + 1 : 4095;
    uint32_t *slots = xcalloc(mask + 1, sizeof *slots);
    for (size_t i = 0; t->slots && i <= t->mask; i++) {
        if (!t->slots[i])
            continue;
        size_t at = hash(b, t->slots[i] - 1) & mask;
        while (slots[at])
            at = (at + 1) & mask;
        slots[at] = t->slots[i];
    }
    free(t->slots);
    t->slots = slots;
    t->mask = mask;
}

static uint64_t hash_of_word(const struct suggest_builder *b, uint32_t i)
{
    return hash64(word_of(b, i));
}

static uint64_t hash_of_entry(const struct suggest_builder *b, uint32_t i)
{
    return key_hash(b->made[i].kind, key_of(b, i));
}

static uint32_t word_number(struct suggest_builder *b, struct str word)
{
    make_room(b, &b->by_word, hash_of_word);
    size_t at = hash64(word) & b->by_word.mask;
    for (; b->by_word.slots[at]; at = (at + 1) & b->by_word.mask)
        if (str_eq(word_of(b, b->by_word.slots[at] - 1), word))
            return b->by_word.slots[at] - 1;
    b->words = grown(b->words, b->words_n, &b->words_room, sizeof *b->words);
    b->words[b->words_n] = (struct word_made){keep(b, word), (uint32_t)word.n};
    b->by_word.slots[at] = (uint32_t)++b->words_n;
    b->by_word.used++;
    return (uint32_t)b->words_n - 1;
}

// The slot of the entry of this kind and key: empty when there is none.
static uint32_t *entry_slot(struct suggest_builder *b, enum suggest_kind kind, struct str key)
{
    make_room(b, &b->by_key, hash_of_entry);
    size_t at = key_hash(kind, key) & b->by_key.mask;
    for (; b->by_key.slots[at]; at = (at + 1) & b->by_key.mask) {
        uint32_t i = b->by_key.slots[at] - 1;
        if (b->made[i].kind == kind && str_eq(key_of(b, i), key))
            break;
    }
    return &b->by_key.slots[at];
}

static void add_pair(struct suggest_builder *b, uint32_t entry, struct str word)
{
    uint32_t number = word_number(b, word);
    b->pairs = grown(b->pairs, b->pairs_n, &b->pairs_room, sizeof *b->pairs);
    b->pairs[b->pairs_n++] = (struct pair){entry, number};
}

// `all`: stop words too. Returns how many were added.
static size_t add_words(struct suggest_builder *b, uint32_t entry, struct str text, bool all)
{
    struct plain_word w;
    size_t n = 0;
    for (size_t at = 0; n < ENTRY_WORDS_MAX && plain_next(text, &at, &w);)
        if (all || !word_set_has(b->stop_words, plain_str(&w))) {
            add_pair(b, entry, plain_str(&w));
            n++;
        }
    return n;
}

static void add_searched(struct suggest_builder *b, uint32_t entry, struct str text)
{
    if (!add_words(b, entry, text, false))
        add_words(b, entry, text, true);
}

static void add_names(struct suggest_builder *b, uint32_t entry, struct str names)
{
    struct str rest = str_cut_utf8(names, SUGGEST_NAMES_BYTES), line;
    while (rest.n && str_next(&rest, '\n', &line)) {
        char name[SUGGEST_NAMES_BYTES];
        size_t n = plain_name(line, name, sizeof name);
        if (!n)
            continue;
        add_searched(b, entry, line);
        b->names = grown(b->names, b->names_n, &b->names_room, sizeof *b->names);
        b->names[b->names_n++] = (struct name){keep(b, str_slice(name, n)), (uint32_t)n, entry};
    }
}

static bool is_merged(enum suggest_kind kind)
{
    return suggest_kind_is_record(kind) || kind == SUGGEST_KEYWORD;
}

static float bounded(double weight)
{
    return weight > 0 ? weight < 1 ? (float)weight : 1 : 0; // not a number: 0
}

static void merge(struct suggest_builder *b, uint32_t i, const struct suggest_entry *entry,
                  struct str text)
{
    struct made *m = &b->made[i];
    m->count = UINT32_MAX - m->count > entry->count ? m->count + entry->count : UINT32_MAX;
    if (bounded(entry->weight) > m->weight) {
        m->weight = bounded(entry->weight);
        m->text = keep(b, text);
        m->text_n = (uint32_t)text.n;
        m->value = keep(b, entry->value);
        m->value_n = (uint32_t)entry->value.n;
    }
}

bool suggest_builder_add(struct suggest_builder *b, const struct suggest_entry *entry)
{
    struct str text = str_cut_utf8(entry->text, SUGGEST_TEXT_BYTES);
    char key[KEY_BYTES];
    struct str k = str_slice(key, plain_key(b->stop_words, text, key, sizeof key));
    if (!k.n || entry->value.n > SUGGEST_VALUE_BYTES || b->made_n == SUGGEST_ENTRIES_MAX ||
        b->pool.n > UINT32_MAX / 2)
        return false;
    uint32_t *slot = is_merged(entry->kind) ? entry_slot(b, entry->kind, k) : NULL;
    if (slot && *slot) {
        uint32_t i = *slot - 1;
        merge(b, i, entry, text);
        add_names(b, i, entry->names);
        return true;
    }
    uint32_t i = (uint32_t)b->made_n;
    b->made = grown(b->made, b->made_n, &b->made_room, sizeof *b->made);
    b->made[b->made_n++] = (struct made){.text = keep(b, text),
                                         .text_n = (uint32_t)text.n,
                                         .value = keep(b, entry->value),
                                         .value_n = (uint32_t)entry->value.n,
                                         .key = keep(b, k),
                                         .key_n = (uint32_t)k.n,
                                         .kind = entry->kind,
                                         .weight = bounded(entry->weight),
                                         .count = entry->count};
    if (slot) {
        *slot = i + 1;
        b->by_key.used++;
    }
    add_searched(b, i, text);
    add_names(b, i, entry->names);
    return true;
}

// ---- Finishing -----------------------------------------------------------------------------------

// Memory of the suggester, counted.
static void *room_for(struct suggester *s, size_t count, size_t size)
{
    s->bytes += count * size;
    return xcalloc(count ? count : 1, size);
}

static int by_key(const void *left, const void *right, void *arg)
{
    const struct suggest_builder *b = arg;
    uint32_t x = *(const uint32_t *)left, y = *(const uint32_t *)right;
    int order = str_cmp(key_of(b, x), key_of(b, y));
    return order ? order : x < y ? -1 : x > y;
}

struct ranked {
    uint32_t key_rank, entry;
    enum suggest_kind kind;
    float weight;
};

static int by_weight(const void *left, const void *right)
{
    const struct ranked *x = left, *y = right;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->weight < y->weight || x->weight > y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->key_rank < y->key_rank ? -1 : 1;
}

// Numbers the entries; number[i] is what entry i of the builder becomes.
static void lay_entries(struct suggester *s, const struct suggest_builder *b, uint32_t *number)
{
    size_t n = b->made_n, bytes = 0;
    s->count = (uint32_t)n;
    s->by_key = room_for(s, n, sizeof *s->by_key);
    struct ranked *ranked = xcalloc(n ? n : 1, sizeof *ranked);
    for (uint32_t i = 0; i < n; i++)
        s->by_key[i] = i;
    qsort_r(s->by_key, n, sizeof *s->by_key, by_key, (void *)(uintptr_t)b);
    for (uint32_t i = 0; i < n; i++) {
        const struct made *m = &b->made[s->by_key[i]];
        ranked[i] = (struct ranked){i, s->by_key[i], m->kind, m->weight};
        bytes += m->text_n + m->value_n;
    }
    qsort(ranked, n, sizeof *ranked, by_weight);
    s->text_at = room_for(s, n + 1, sizeof *s->text_at);
    s->value_at = room_for(s, n, sizeof *s->value_at);
    s->weights = room_for(s, n, sizeof *s->weights);
    s->counts = room_for(s, n, sizeof *s->counts);
    s->pool = room_for(s, bytes, 1);
    uint32_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct made *m = &b->made[ranked[i].entry];
        number[ranked[i].entry] = i;
        s->kind_start[m->kind + 1] = i + 1;
        s->weights[i] = m->weight;
        s->counts[i] = m->count;
        s->text_at[i] = at;
        memcpy(s->pool + at, b->pool.p + m->text, m->text_n);
        s->value_at[i] = at += m->text_n;
        if (m->value_n)
            memcpy(s->pool + at, b->pool.p + m->value, m->value_n);
        at += m->value_n;
    }
    s->text_at[n] = at;
    for (size_t k = 1; k <= SUGGEST_KINDS; k++)
        if (s->kind_start[k] < s->kind_start[k - 1])
            s->kind_start[k] = s->kind_start[k - 1];
    for (uint32_t i = 0; i < n; i++)
        s->by_key[i] = number[s->by_key[i]];
    free(ranked);
}

static int by_bytes(const void *left, const void *right, void *arg)
{
    const struct suggest_builder *b = arg;
    return str_cmp(word_of(b, *(const uint32_t *)left), word_of(b, *(const uint32_t *)right));
}

// Sorts the dictionary; rank[i] is the place of word i of the builder.
static void lay_words(struct suggester *s, const struct suggest_builder *b, uint32_t *rank)
{
    size_t n = b->words_n, bytes = 0;
    uint32_t *order = xcalloc(n ? n : 1, sizeof *order);
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
        bytes += b->words[i].n;
    }
    qsort_r(order, n, sizeof *order, by_bytes, (void *)(uintptr_t)b);
    s->word_count = (uint32_t)n;
    s->word_at = room_for(s, n + 1, sizeof *s->word_at);
    s->word_pool = room_for(s, bytes, 1);
    uint32_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct str word = word_of(b, order[i]);
        rank[order[i]] = i;
        s->word_at[i] = at;
        memcpy(s->word_pool + at, word.p, word.n);
        at += (uint32_t)word.n;
    }
    s->word_at[n] = at;
    free(order);
}

// From pairs to one ascending list for each word, by two counting sorts: by entry, then by word.
static void lay_postings(struct suggester *s, const struct suggest_builder *b,
                         const uint32_t *number, const uint32_t *rank)
{
    size_t n = b->pairs_n;
    uint32_t *at = xcalloc(s->count + 1, sizeof *at);
    struct pair *sorted = xcalloc(n ? n : 1, sizeof *sorted);
    for (size_t i = 0; i < n; i++)
        at[number[b->pairs[i].entry] + 1]++;
    for (uint32_t i = 0; i < s->count; i++)
        at[i + 1] += at[i];
    for (size_t i = 0; i < n; i++) {
        uint32_t entry = number[b->pairs[i].entry];
        sorted[at[entry]++] = (struct pair){entry, rank[b->pairs[i].word]};
    }
    free(at);

    uint32_t *last = xcalloc(s->word_count + 1, sizeof *last); // the entry last met, and one
    s->postings_at = room_for(s, s->word_count + 1, sizeof *s->postings_at);
    for (size_t i = 0; i < n; i++)
        if (last[sorted[i].word] != sorted[i].entry + 1) {
            last[sorted[i].word] = sorted[i].entry + 1;
            s->postings_at[sorted[i].word + 1]++;
        } else {
            sorted[i].word = UINT32_MAX; // the word is twice in the entry
        }
    for (uint32_t i = 0; i < s->word_count; i++)
        s->postings_at[i + 1] += s->postings_at[i];
    s->postings = room_for(s, s->postings_at[s->word_count], sizeof *s->postings);
    memcpy(last, s->postings_at, (s->word_count + 1) * sizeof *last);
    for (size_t i = 0; i < n; i++)
        if (sorted[i].word != UINT32_MAX)
            s->postings[last[sorted[i].word]++] = sorted[i].entry;
    free(last);
    free(sorted);
}

static int by_name(const void *left, const void *right, void *arg)
{
    const struct suggest_builder *b = arg;
    const struct name *x = left, *y = right;
    int order = str_cmp(str_slice(b->pool.p + x->at, x->n), str_slice(b->pool.p + y->at, y->n));
    return order ? order : x->entry < y->entry ? -1 : x->entry > y->entry;
}

static void lay_names(struct suggester *s, struct suggest_builder *b, const uint32_t *number)
{
    size_t n = b->names_n, bytes = 0;
    for (size_t i = 0; i < n; i++) {
        b->names[i].entry = number[b->names[i].entry];
        bytes += b->names[i].n;
    }
    if (n)
        qsort_r(b->names, n, sizeof *b->names, by_name, b);
    s->name_count = (uint32_t)n;
    s->name_at = room_for(s, n + 1, sizeof *s->name_at);
    s->name_entry = room_for(s, n, sizeof *s->name_entry);
    s->name_pool = room_for(s, bytes, 1);
    uint32_t at = 0;
    for (size_t i = 0; i < n; i++) {
        s->name_at[i] = at;
        s->name_entry[i] = b->names[i].entry;
        memcpy(s->name_pool + at, b->pool.p + b->names[i].at, b->names[i].n);
        at += b->names[i].n;
    }
    s->name_at[n] = at;
}

static void make_ready(struct suggester *s, struct range r)
{
    uint64_t *bits = room_for(s, suggester_set_words(s), sizeof *bits);
    words_add(s, r, bits); // it is not there yet: from the postings
    s->ready = xrealloc(s->ready, (s->ready_count + 1) * sizeof *s->ready);
    s->ready[s->ready_count++] = (struct ready_set){r, bits};
    s->bytes += sizeof *s->ready;
}

// The long beginnings in `r`, whose words share `depth` bytes; also a whole word that others go on from.
static void find_long(struct suggester *s, struct range r, size_t depth)
{
    for (uint32_t i = r.low; i < r.high;) {
        struct str word = suggester_word(s, i);
        struct range next = {i, i + 1};
        if (word.n > depth)
            next = words_follow(s, (struct range){i, r.high}, depth, str_slice(word.p + depth, 1));
        i = next.high;
        if (suggester_slice(s, next) <= LONG_SLICE)
            continue;
        if (next.high - next.low < r.high - r.low || depth == 0)
            make_ready(s, next);
        if (word.n > depth)
            find_long(s, next, depth + 1);
    }
}

static int by_range(const void *left, const void *right)
{
    const struct ready_set *x = left, *y = right;
    if (x->words.low != y->words.low)
        return x->words.low < y->words.low ? -1 : 1;
    return x->words.high < y->words.high ? -1 : 1;
}

struct suggester *suggest_builder_finish(struct suggest_builder *b)
{
    struct timespec now;
    struct suggester *s = xcalloc(1, sizeof *s);
    atomic_init(&s->holders, 1);
    clock_gettime(CLOCK_REALTIME, &now);
    s->revision = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
    s->stop_words = b->stop_words;
    s->bytes = sizeof *s;
    uint32_t *number = xcalloc(b->made_n + 1, sizeof *number);
    uint32_t *rank = xcalloc(b->words_n + 1, sizeof *rank);
    lay_entries(s, b, number);
    lay_words(s, b, rank);
    lay_postings(s, b, number, rank);
    lay_names(s, b, number);
    free(number);
    free(rank);
    free_parts(b);
    find_long(s, (struct range){0, s->word_count}, 0);
    if (s->ready_count)
        qsort(s->ready, s->ready_count, sizeof *s->ready, by_range);
    return s;
}
