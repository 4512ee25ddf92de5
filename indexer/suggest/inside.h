// The inside of a suggester, for the files of this folder.
//
// Entries are numbered by kind, then from the heaviest to the lightest, so that what a kind has of a set of entries is read
// in the order of popularity. Words are sorted: those that begin with the same letters are a range of the dictionary, and
// their postings one slice of an array. Where the slice of a beginning is long, the set of its entries is kept ready.
#pragma once

#include "indexer/suggest/plain.h"
#include "indexer/suggest/suggest.h"

#include <stdatomic.h>

struct range { // of words, [low, high)
    uint32_t low, high;
};

struct ready_set { // the entries of a range of words, as bits
    struct range words;
    uint64_t *bits;
};

// A slice longer than this has its set kept ready: adding it to a set is then a matter of some microseconds.
enum { LONG_SLICE = 16384 };

enum { KEY_BYTES = 2 * SUGGEST_TEXT_BYTES }; // of a text's key; the rest does not tell texts apart

struct suggester {
    atomic_uint holders;
    uint64_t revision;
    struct word_set *stop_words;
    size_t bytes;

    // Entry i: text and value are neighbours in the pool, and the next entry's follow.
    uint32_t count, kind_start[SUGGEST_KINDS + 1];
    uint32_t *text_at, *value_at; // text_at has one more
    float *weights;
    uint32_t *counts;
    char *pool;
    uint32_t *by_key; // entries in the order of plain_key

    uint32_t word_count;
    uint32_t *word_at; // in word_pool; one more
    char *word_pool;
    uint32_t *postings_at; // of each word; one more
    uint32_t *postings;    // entries, ascending for each word

    uint32_t name_count; // names that are not shown, as plain_name, sorted
    uint32_t *name_at;   // in name_pool; one more
    uint32_t *name_entry;
    char *name_pool;

    struct ready_set *ready; // in the order of ranges
    size_t ready_count;
};

static inline struct str suggester_text(const struct suggester *s, uint32_t i)
{
    return str_slice(s->pool + s->text_at[i], s->value_at[i] - s->text_at[i]);
}

static inline struct str suggester_value(const struct suggester *s, uint32_t i)
{
    return str_slice(s->pool + s->value_at[i], s->text_at[i + 1] - s->value_at[i]);
}

static inline struct str suggester_word(const struct suggester *s, uint32_t i)
{
    return str_slice(s->word_pool + s->word_at[i], s->word_at[i + 1] - s->word_at[i]);
}

static inline size_t suggester_set_words(const struct suggester *s)
{
    return (s->count + 63) / 64;
}

static inline uint32_t suggester_slice(const struct suggester *s, struct range r)
{
    return s->postings_at[r.high] - s->postings_at[r.low];
}

// Of the words of `r`, which share their first `depth` bytes, those that go on with `more`.
struct range words_follow(const struct suggester *s, struct range r, size_t depth, struct str more);
// The first word of `r` alone where it has exactly `length` bytes, else nothing.
struct range words_exactly(const struct suggester *s, struct range r, size_t length);
// Adds the entries of these words to the set.
void words_add(const struct suggester *s, struct range r, uint64_t *set);

// Every word that is one letter away from `word` (ASCII letters only), or, when `open`, begins with what is one letter away;
// a word may come several times. `far`: only by letting the last letter of an open word go. Until `each` returns false.
void typos_each(const struct suggester *s, struct str word, bool open,
                bool (*each)(void *arg, struct range words, bool far), void *arg);
// Whether a typo may be forgiven in this word: four ASCII letters or more, nothing else.
bool typos_may_be(struct str word);
// Whether `found` is one letter away from `word`, or, when `open`, a beginning of it is.
bool typos_near(struct str word, struct str found, bool open);

// The words of a query that must match.
struct term {
    char bytes[TEXT_TERM_BYTES];
    size_t n;
    bool open; // it is being typed
};
static inline struct str term_str(const struct term *t)
{
    return str_slice(t->bytes, t->n);
}

// The text as HTML with what matched in <mark>; `mistyped`: a typo was forgiven.
struct str suggest_mark(struct str text, const struct term *terms, size_t n, bool mistyped,
                        struct arena *a);
