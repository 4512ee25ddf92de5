// Words with one typo: a letter too many, missing, wrong, or two neighbours swapped (Damerau's four, one of them once). The
// dictionary is walked along the word: at each place, each way to go wrong there leads to one range. See inside.h.
#include "indexer/suggest/inside.h"

enum { SHORTEST = 4, SHORTEST_FAR = 5 };

bool typos_may_be(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < 'a' || word.p[i] > 'z')
            return false;
    return word.n >= SHORTEST;
}

struct walk {
    const struct suggester *s;
    struct str word;
    bool open;
    bool (*each)(void *arg, struct range words, bool far);
    void *arg;
    bool over;
};

static struct str from(struct str word, size_t at)
{
    return str_slice(word.p + at, word.n - at);
}

// The words of `r` that go on with `more` behind `depth` bytes; `last`: it went wrong at the last letter, where the beginning of
// a word tells too little.
static void pass(struct walk *w, struct range r, size_t depth, struct str more, bool last)
{
    if (w->over)
        return;
    r = words_follow(w->s, r, depth, more);
    if (!w->open || last)
        r = words_exactly(w->s, r, depth + more.n);
    if (r.low < r.high)
        w->over = !w->each(w->arg, r, false);
}

// What may stand at `depth` in the words of `r`: a letter that should not be there in `word`, or that is missing in it.
static void pass_letters(struct walk *w, struct range r, size_t depth)
{
    bool end = depth == w->word.n, last = depth + 1 >= w->word.n;
    for (char letter = 'a'; letter <= 'z' && !w->over && r.low < r.high; letter++) {
        struct range next = words_follow(w->s, r, depth, str_slice(&letter, 1));
        if (next.low == next.high)
            continue;
        if (end) {
            pass(w, next, depth + 1, STR(""), true);
        } else if (letter != w->word.p[depth]) {
            pass(w, next, depth + 1, from(w->word, depth), false);
            pass(w, next, depth + 1, from(w->word, depth + 1), last);
        }
        r.low = next.high;
    }
}

void typos_each(const struct suggester *s, struct str word, bool open,
                bool (*each)(void *arg, struct range words, bool far), void *arg)
{
    struct walk w = {s, word, open, each, arg, false};
    struct range r = {0, s->word_count};
    for (size_t i = 0; r.low < r.high && !w.over; i++) {
        pass_letters(&w, r, i);
        if (i == word.n)
            return;
        bool last = i + 1 == word.n;
        pass(&w, r, i, from(word, i + 1), last);
        if (last && open && word.n >= SHORTEST_FAR && !w.over)
            w.over = !each(arg, r, true);
        if (!last && word.p[i] != word.p[i + 1]) {
            char swapped[TEXT_TERM_BYTES];
            struct str rest = from(word, i);
            memcpy(swapped, rest.p, rest.n);
            swapped[0] = rest.p[1];
            swapped[1] = rest.p[0];
            pass(&w, r, i, str_slice(swapped, rest.n), false);
        }
        r = words_follow(s, r, i, str_slice(word.p + i, 1));
    }
}

bool typos_near(struct str word, struct str found, bool open)
{
    size_t i = 0;
    while (i < word.n && i < found.n && word.p[i] == found.p[i])
        i++;
    if (i == word.n)
        return open || found.n <= word.n + 1;
    struct str word_rest = from(word, i), found_rest = from(found, i);
    const struct {
        struct str word, found;
    } ways[] = {
        {from(word_rest, 1), found_rest}, // one too many
        {word_rest, from(found_rest, found_rest.n > 0)},
        {from(word_rest, 1), from(found_rest, found_rest.n > 0)},
    };
    for (size_t j = 0; j < sizeof ways / sizeof *ways; j++)
        if (open ? str_starts(ways[j].found, ways[j].word) : str_eq(ways[j].found, ways[j].word))
            return true;
    if (word_rest.n < 2 || found_rest.n < 2 || word_rest.p[0] != found_rest.p[1] ||
        word_rest.p[1] != found_rest.p[0])
        return false;
    word_rest = from(word_rest, 2);
    found_rest = from(found_rest, 2);
    return open ? str_starts(found_rest, word_rest) : str_eq(found_rest, word_rest);
}
