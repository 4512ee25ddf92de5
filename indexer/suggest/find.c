// A query: sets of entries, as bits, are made for each word and cut with each other; then the heaviest of each class of match
// are taken, kind by kind. All sets of a query are one allocation in the arena of the call. See suggest.h.
#include "indexer/suggest/inside.h"

#include "base/hash.h"

#include <stdlib.h>

enum {
    MIXED_MIN = 8,          // answers of this length have something of everything
    NAMED_MAX = 3,          // entries that are called as the query, shown first
    NAMED_READ_MAX = 4096,  // of them that are looked at
    TYPO_POSTINGS = 150000, // that are read to forgive a typo; then no more words are tried
};

enum class {           // how well an entry matches, and what that adds to its weight
    CLASS_NAMED,       // its text, or one of its names, is the query
    CLASS_BEGUN_WHOLE, // its text begins with the query, all words whole
    CLASS_BEGUN,       // its text begins with the query
    CLASS_WHOLE,       // all words, whole
    CLASS_WORDS,       // all words, the last one may be open
    CLASS_PARTS,       // beginnings of all words
    CLASS_TYPO,
    CLASS_FAR, // a typo at the end of the open word
    CLASS_COUNT
};
// A place lighter than this is not taken for what is meant by its name alone: Bus (Pas-de-Calais) is a village, and a bus.
static const double named_place_min = 0.15;
static const double class_bonus[CLASS_COUNT] = {2, 0.3, 0.2, 0.1, 0, -0.2, -2, -4};

struct candidate {
    uint32_t entry;
    enum suggest_kind kind;
    enum class class;
    double score;
    uint64_t title; // hash of its key, once it was needed; else 0
};

enum { CANDIDATES_MAX = NAMED_MAX + CLASS_COUNT * SUGGEST_KINDS * SUGGEST_ANSWER_MAX };

struct finding {
    const struct suggester *s;
    unsigned kinds;
    size_t most;
    char key[KEY_BYTES - 1], name[SUGGEST_NAMES_BYTES];
    struct str query_key, query_name;
    struct term terms[SUGGEST_QUERY_WORDS];
    size_t n;
    // Sets:
    size_t set_words;
    uint64_t *parts[SUGGEST_QUERY_WORDS]; // of each word: where it is begun
    uint64_t *whole, *words, *all_parts, *begun, *typo, *far;
    uint64_t *others, *scratch, *scratch_far;
    size_t budget; // postings that may still be read for typos

    struct candidate candidates[CANDIDATES_MAX];
    size_t candidate_count;
};

static bool is_open(struct str q, size_t end)
{
    return end >= q.n;
}

// The words that must match: without stop words, unless nothing is left; each once.
static void read_terms(struct finding *f, struct str q)
{
    struct plain_word w;
    for (int all = 0; all < 2 && !f->n; all++)
        for (size_t at = 0; plain_next(q, &at, &w);) {
            struct term t = {.n = w.n, .open = is_open(q, w.end)};
            memcpy(t.bytes, w.bytes, w.n);
            if (!all && word_set_has(f->s->stop_words, plain_str(&w)))
                continue;
            size_t i = 0;
            while (i < f->n && !str_eq(term_str(&f->terms[i]), plain_str(&w)))
                i++;
            if (i == SUGGEST_QUERY_WORDS)
                i--; // the last place is for what is being typed
            f->terms[i] = t;
            f->n = i < f->n ? f->n : i + 1;
        }
}

// ---- Sets ----------------------------------------------------------------------------------------

static uint64_t *new_set(struct finding *f, uint64_t **room)
{
    uint64_t *set = *room;
    *room += f->set_words;
    return set;
}

static void make_sets(struct finding *f, struct arena *a)
{
    enum { SETS = 9 };
    f->set_words = suggester_set_words(f->s);
    uint64_t *room = ARENA_ARRAY(a, uint64_t, f->set_words * (SETS + f->n));
    for (size_t i = 0; i < f->n; i++)
        f->parts[i] = new_set(f, &room);
    uint64_t **const sets[SETS] = {&f->whole, &f->words,  &f->all_parts, &f->begun,      &f->typo,
                                   &f->far,   &f->others, &f->scratch,   &f->scratch_far};
    for (size_t i = 0; i < SETS; i++)
        *sets[i] = new_set(f, &room);
}

static void clear(const struct finding *f, uint64_t *set)
{
    memset(set, 0, f->set_words * sizeof *set);
}

static void copy(const struct finding *f, uint64_t *set, const uint64_t *other)
{
    memcpy(set, other, f->set_words * sizeof *set);
}

static void cut(const struct finding *f, uint64_t *set, const uint64_t *other)
{
    for (size_t i = 0; i < f->set_words; i++)
        set[i] &= other[i];
}

static bool is_empty(const struct finding *f, const uint64_t *set)
{
    for (size_t i = 0; i < f->set_words; i++)
        if (set[i])
            return false;
    return true;
}

static struct range range_of(const struct finding *f, struct str word)
{
    return words_follow(f->s, (struct range){0, f->s->word_count}, 0, word);
}

static bool has_digit(const struct term *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->bytes[i] >= '0' && t->bytes[i] <= '9')
            return true;
    return false;
}

static void match_words(struct finding *f)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct term *t = &f->terms[i];
        struct range begun = range_of(f, term_str(t)), whole = words_exactly(f->s, begun, t->n);
        if (!t->open && has_digit(t))
            begun = whole;
        words_add(f->s, begun, f->parts[i]);
        clear(f, f->scratch);
        words_add(f->s, whole, f->scratch);
        if (i == 0) {
            copy(f, f->whole, f->scratch);
            copy(f, f->words, t->open ? f->parts[i] : f->scratch);
            copy(f, f->all_parts, f->parts[i]);
        } else {
            cut(f, f->whole, f->scratch);
            cut(f, f->words, t->open ? f->parts[i] : f->scratch);
            cut(f, f->all_parts, f->parts[i]);
        }
    }
}

// ---- Texts that begin with the query, and names that are it ---------------------------------------------

// The key of an entry against that of the query: 0 when it begins with it, *is_it when it is the same.
static int compare_key(const struct finding *f, uint32_t entry, bool *is_it)
{
    char key[KEY_BYTES];
    struct str k = str_slice(
        key, plain_key(f->s->stop_words, suggester_text(f->s, entry), key, f->query_key.n + 1));
    *is_it = str_eq(k, f->query_key);
    if (k.n > f->query_key.n)
        k.n = f->query_key.n;
    return str_cmp(k, f->query_key);
}

static uint32_t first_key(const struct finding *f, uint32_t low, int least)
{
    uint32_t high = f->s->count;
    bool is_it;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_key(f, f->s->by_key[middle], &is_it) < least)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum suggest_kind kind_of(const struct suggester *s, uint32_t entry)
{
    enum suggest_kind kind = SUGGEST_DATASET;
    while (entry >= s->kind_start[kind + 1])
        kind++;
    return kind;
}

static void add_candidate(struct finding *f, uint32_t entry, enum class class)
{
    f->candidates[f->candidate_count++] =
        (struct candidate){.entry = entry,
                           .kind = kind_of(f->s, entry),
                           .class = class,
                           .score = (double)f->s->weights[entry] + class_bonus[class]};
}

// Keeps the heaviest; of two that weigh the same, the one that was numbered first.
static void add_named(struct finding *f, uint32_t entry)
{
    enum suggest_kind kind = kind_of(f->s, entry);
    bool small = kind == SUGGEST_TERRITORY && (double)f->s->weights[entry] < named_place_min;
    if (!(f->kinds & 1u << kind) || small)
        return;
    size_t i = f->candidate_count, worst = 0;
    while (i > 0 && f->candidates[i - 1].entry != entry)
        i--;
    if (i > 0)
        return;
    if (f->candidate_count < NAMED_MAX) {
        add_candidate(f, entry, CLASS_NAMED);
        return;
    }
    for (i = 1; i < NAMED_MAX; i++) {
        const struct candidate *x = &f->candidates[i], *w = &f->candidates[worst];
        if (x->score < w->score || (x->score <= w->score && x->entry > w->entry))
            worst = i;
    }
    double score = (double)f->s->weights[entry] + class_bonus[CLASS_NAMED];
    struct candidate *w = &f->candidates[worst];
    if (score > w->score || (score >= w->score && entry < w->entry))
        *w = (struct candidate){
            .entry = entry, .kind = kind_of(f->s, entry), .class = CLASS_NAMED, .score = score};
}

static void match_beginnings(struct finding *f)
{
    uint32_t low = first_key(f, 0, 0), high = first_key(f, low, 1);
    bool is_it = true;
    for (uint32_t i = low; i < high; i++) {
        uint32_t entry = f->s->by_key[i];
        f->begun[entry / 64] |= UINT64_C(1) << entry % 64;
        if (is_it && i - low < NAMED_READ_MAX) { // the same keys come first
            compare_key(f, entry, &is_it);
            if (is_it)
                add_named(f, entry);
        }
    }
}

static void match_names(struct finding *f)
{
    const struct suggester *s = f->s;
    uint32_t low = 0, high = s->name_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        struct str name = str_slice(s->name_pool + s->name_at[middle],
                                    s->name_at[middle + 1] - s->name_at[middle]);
        if (str_cmp(name, f->query_name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (uint32_t i = low; i < s->name_count && i - low < NAMED_READ_MAX; i++) {
        if (!str_eq(str_slice(s->name_pool + s->name_at[i], s->name_at[i + 1] - s->name_at[i]),
                    f->query_name))
            return;
        add_named(f, s->name_entry[i]);
    }
}

// ---- One typo --------------------------------------------------------------------------------------

// Pays for reading a slice; false when that is too much.
static bool pay(struct finding *f, struct range words)
{
    size_t n = suggester_slice(f->s, words);
    n = n < LONG_SLICE ? n : LONG_SLICE;
    if (n > f->budget)
        return false;
    f->budget -= n;
    return true;
}

static bool add_typo(void *arg, struct range words, bool far)
{
    struct finding *f = arg;
    if (!pay(f, words))
        return false;
    words_add(f->s, words, far ? f->scratch_far : f->scratch);
    return true;
}

// What has all words but those from `from` to `to`, and is not found yet; false when nothing does.
static bool match_others(struct finding *f, size_t from, size_t to)
{
    for (size_t i = 0; i < f->set_words; i++)
        f->others[i] = ~(f->all_parts[i] | f->begun[i]);
    for (size_t i = 0; i < f->n; i++)
        if (i < from || i > to)
            cut(f, f->others, f->parts[i]);
    return !is_empty(f, f->others);
}

static void keep_typo(const struct finding *f, uint64_t *out, const uint64_t *found)
{
    for (size_t i = 0; i < f->set_words; i++)
        out[i] |= found[i] & f->others[i];
}

// "open data" for "opendata". Both parts are words; what is open stays so.
static void try_split(struct finding *f, const struct term *t)
{
    struct range all = {0, f->s->word_count};
    for (size_t i = 2; i + 2 <= t->n; i++) {
        struct range first = words_follow(f->s, all, 0, str_slice(t->bytes, i));
        struct range second = range_of(f, str_slice(t->bytes + i, t->n - i));
        first = words_exactly(f->s, first, i);
        if (!t->open)
            second = words_exactly(f->s, second, t->n - i);
        if (first.low == first.high || second.low == second.high)
            continue;
        if (!pay(f, first) || !pay(f, second))
            return;
        clear(f, f->scratch);
        clear(f, f->scratch_far);
        words_add(f->s, first, f->scratch);
        words_add(f->s, second, f->scratch_far);
        cut(f, f->scratch, f->scratch_far);
        keep_typo(f, f->typo, f->scratch);
    }
}

// "opendata" for "open data".
static void try_join(struct finding *f, size_t i)
{
    const struct term *left = &f->terms[i], *right = &f->terms[i + 1];
    char word[2 * TEXT_TERM_BYTES];
    memcpy(word, left->bytes, left->n);
    memcpy(word + left->n, right->bytes, right->n);
    size_t n = left->n + right->n;
    struct range words = range_of(f, str_slice(word, n));
    if (!right->open)
        words = words_exactly(f->s, words, n);
    if (words.low == words.high || !pay(f, words) || !match_others(f, i, i + 1))
        return;
    clear(f, f->scratch);
    words_add(f->s, words, f->scratch);
    keep_typo(f, f->typo, f->scratch);
}

static void match_typos(struct finding *f)
{
    f->budget = TYPO_POSTINGS;
    for (size_t i = 0; i + 1 < f->n; i++)
        try_join(f, i);
    for (size_t i = 0; i < f->n; i++) {
        const struct term *t = &f->terms[i];
        if (!typos_may_be(term_str(t)) || !match_others(f, i, i))
            continue;
        clear(f, f->scratch);
        clear(f, f->scratch_far);
        typos_each(f->s, term_str(t), t->open, add_typo, f);
        keep_typo(f, f->typo, f->scratch);
        keep_typo(f, f->far, f->scratch_far);
        try_split(f, t);
    }
}

// ---- The best of each class ---------------------------------------------------------------------------

static uint64_t class_bits(const struct finding *f, enum class class, size_t i)
{
    uint64_t begun = f->begun[i], whole = f->whole[i];
    uint64_t strict = begun | whole | f->words[i] | f->all_parts[i];
    switch (class) {
    case CLASS_BEGUN_WHOLE:
        return begun & whole;
    case CLASS_BEGUN:
        return begun & ~whole;
    case CLASS_WHOLE:
        return whole & ~begun;
    case CLASS_WORDS:
        return f->words[i] & ~(begun | whole);
    case CLASS_PARTS:
        return f->all_parts[i] & ~(f->words[i] | begun | whole);
    case CLASS_TYPO:
        return f->typo[i] & ~strict;
    case CLASS_FAR:
        return f->far[i] & ~(strict | f->typo[i]);
    case CLASS_NAMED:
    case CLASS_COUNT:
        break;
    }
    return 0;
}

static bool is_named(const struct finding *f, uint32_t entry)
{
    for (size_t i = 0; i < f->candidate_count && f->candidates[i].class == CLASS_NAMED; i++)
        if (f->candidates[i].entry == entry)
            return true;
    return false;
}

static void take_class(struct finding *f, enum class class, enum suggest_kind kind)
{
    uint32_t low = f->s->kind_start[kind], high = f->s->kind_start[kind + 1];
    size_t taken = 0;
    for (size_t i = low / 64; i * 64 < high && taken < f->most; i++) {
        uint64_t bits = class_bits(f, class, i);
        if (i == low / 64)
            bits &= ~UINT64_C(0) << low % 64;
        for (; bits && taken < f->most; bits &= bits - 1) {
            uint32_t entry = (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(bits);
            if (entry >= high)
                break;
            if (is_named(f, entry))
                continue;
            add_candidate(f, entry, class);
            taken++;
        }
    }
}

static void take_classes(struct finding *f, enum class first, enum class last)
{
    for (enum class class = first; class <= last; class ++)
        for (enum suggest_kind kind = 0; kind < SUGGEST_KINDS; kind++)
            if (f->kinds & 1u << kind)
                take_class(f, class, kind);
}

// ---- The answer ----------------------------------------------------------------------------------------

static int by_score(const void *left, const void *right)
{
    const struct candidate *x = left, *y = right;
    if (x->score < y->score || x->score > y->score)
        return x->score > y->score ? -1 : 1;
    return x->entry < y->entry ? -1 : x->entry > y->entry;
}

static uint64_t title_of(const struct finding *f, struct candidate *c)
{
    char key[KEY_BYTES];
    struct str text = suggester_text(f->s, c->entry);
    if (!c->title)
        c->title = hash64(str_slice(key, plain_key(f->s->stop_words, text, key, sizeof key)));
    return c->title;
}

enum group { GROUP_RECORDS, GROUP_ORGANIZATIONS, GROUP_KEYWORDS, GROUP_TERRITORIES, GROUP_COUNT };

static enum group group_of(enum suggest_kind kind)
{
    return suggest_kind_is_record(kind)   ? GROUP_RECORDS
           : kind == SUGGEST_ORGANIZATION ? GROUP_ORGANIZATIONS
           : kind == SUGGEST_KEYWORD      ? GROUP_KEYWORDS
                                          : GROUP_TERRITORIES;
}

// Whether a record of another kind with the same title is picked.
static bool is_repeated(struct finding *f, const bool *picked, size_t i)
{
    struct candidate *c = f->candidates;
    for (size_t j = 0; j < f->candidate_count; j++)
        if (picked[j] && suggest_kind_is_record(c[j].kind) && suggest_kind_is_record(c[i].kind) &&
            c[j].kind != c[i].kind && title_of(f, &c[j]) == title_of(f, &c[i]))
            return true;
    return false;
}

// Picks the best of each group that has all words, then the best within the share of each group, then whatever is left.
static size_t pick(struct finding *f, bool *picked)
{
    const size_t records = (7 * f->most + 9) / 10, others = (3 * f->most + 9) / 10;
    const size_t shares[3][GROUP_COUNT] = {
        {1, 1, 1, 1}, {records, others, others, others}, {f->most, f->most, f->most, f->most}};
    size_t n = 0, used[GROUP_COUNT] = {0};
    qsort(f->candidates, f->candidate_count, sizeof *f->candidates, by_score);
    for (size_t round = f->most >= MIXED_MIN ? 0 : 1; round < 3; round++)
        for (size_t i = 0; i < f->candidate_count && n < f->most; i++) {
            enum group g = group_of(f->candidates[i].kind);
            bool fit = round > 0 || f->candidates[i].class <= CLASS_WORDS;
            if (picked[i] || !fit || used[g] >= shares[round][g] || is_repeated(f, picked, i))
                continue;
            picked[i] = true;
            used[g]++;
            n++;
        }
    return n;
}

static void answer(struct finding *f, const bool *picked, struct arena *a, struct suggestions *out)
{
    for (size_t i = 0; i < f->candidate_count; i++) {
        if (!picked[i])
            continue;
        const struct candidate *c = &f->candidates[i];
        struct str text = suggester_text(f->s, c->entry);
        out->v[out->n++] = (struct suggestion){
            .kind = c->kind,
            .text = arena_str(a, text),
            .html = suggest_mark(text, f->terms, f->n, c->class >= CLASS_TYPO, a),
            .value = arena_str(a, suggester_value(f->s, c->entry)),
            .weight = (double)f->s->weights[c->entry],
            .count = f->s->counts[c->entry],
        };
    }
}

void suggester_find(const struct suggester *s, struct str q, unsigned kinds, size_t most,
                    struct arena *a, struct suggestions *out)
{
    *out = (struct suggestions){0};
    most = most < SUGGEST_ANSWER_MAX ? most : SUGGEST_ANSWER_MAX;
    kinds = kinds ? kinds : (1u << SUGGEST_KINDS) - 1;
    q = str_cut_utf8(q, SUGGEST_QUERY_BYTES);
    struct finding *f = ARENA_NEW(a, struct finding);
    f->s = s;
    f->kinds = kinds;
    f->most = most;
    read_terms(f, q);
    if (!f->n || !most || !s->count)
        return;
    f->query_key = str_slice(f->key, plain_key(s->stop_words, q, f->key, sizeof f->key));
    f->query_name = str_slice(f->name, plain_name(q, f->name, sizeof f->name));
    out->v = ARENA_ARRAY(a, struct suggestion, most);
    make_sets(f, a);
    match_words(f);
    match_names(f);
    match_beginnings(f);
    take_classes(f, CLASS_BEGUN_WHOLE, CLASS_PARTS);
    bool picked[CANDIDATES_MAX] = {false};
    if (pick(f, picked) < most) {
        match_typos(f);
        take_classes(f, CLASS_TYPO, CLASS_FAR);
        memset(picked, 0, sizeof picked);
        pick(f, picked);
    }
    answer(f, picked, a, out);
}
