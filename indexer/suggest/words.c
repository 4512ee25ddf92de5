// The dictionary of a suggester: ranges of words, and the entries that have them. See inside.h.
#include "indexer/suggest/inside.h"

// How the word goes on behind its first `depth` bytes, compared with `more`: 0 when it goes on so.
static int compare(struct str word, size_t depth, struct str more)
{
    struct str rest = str_slice(word.p + depth, word.n - depth);
    if (rest.n > more.n)
        rest.n = more.n;
    return str_cmp(rest, more);
}

static uint32_t first_from(const struct suggester *s, struct range r, size_t depth, struct str more,
                           int least)
{
    while (r.low < r.high) {
        uint32_t middle = r.low + (r.high - r.low) / 2;
        if (compare(suggester_word(s, middle), depth, more) < least)
            r.low = middle + 1;
        else
            r.high = middle;
    }
    return r.low;
}

struct range words_follow(const struct suggester *s, struct range r, size_t depth, struct str more)
{
    uint32_t low = first_from(s, r, depth, more, 0);
    return (struct range){low, first_from(s, (struct range){low, r.high}, depth, more, 1)};
}

struct range words_exactly(const struct suggester *s, struct range r, size_t length)
{
    if (r.low < r.high && suggester_word(s, r.low).n == length)
        return (struct range){r.low, r.low + 1};
    return (struct range){r.low, r.low};
}

static const uint64_t *ready_set(const struct suggester *s, struct range r)
{
    size_t low = 0, high = s->ready_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct range at = s->ready[middle].words;
        if (at.low < r.low || (at.low == r.low && at.high < r.high))
            low = middle + 1;
        else
            high = middle;
    }
    if (low < s->ready_count && s->ready[low].words.low == r.low &&
        s->ready[low].words.high == r.high)
        return s->ready[low].bits;
    return NULL;
}

void words_add(const struct suggester *s, struct range r, uint64_t *set)
{
    const uint64_t *ready =
        r.low < r.high && suggester_slice(s, r) > LONG_SLICE ? ready_set(s, r) : NULL;
    if (ready) {
        for (size_t i = 0, n = suggester_set_words(s); i < n; i++)
            set[i] |= ready[i];
        return;
    }
    for (uint32_t i = s->postings_at[r.low], end = s->postings_at[r.high]; i < end; i++)
        set[s->postings[i] / 64] |= UINT64_C(1) << s->postings[i] % 64;
}
