// See stems.h. The algorithm is Snowball's French stemmer (snowballstem.org), through libstemmer. It is given
// folded words, so that é and e stem alike; documents and queries lose the same.
#include "indexer/text/stems.h"

#include "base/hash.h"

#include <libstemmer.h>
#include <stdlib.h>

// One line of the cache: the word, then its stem. Longer words are stemmed each time; they are rare.
enum { LINE_BYTES = 64, LINE_ROOM = LINE_BYTES - 8, LINES = 1 << 15, SHORTEST = 3 };

struct line {
    uint32_t tag; // the other half of the hash
    uint8_t word_n;
    uint8_t stem_n;
    bool is_stop;
    char bytes[LINE_ROOM + 1];
};
_Static_assert(sizeof(struct line) == LINE_BYTES, "one line of the processor's cache each");

struct stems {
    struct sb_stemmer *stemmer;
    struct word_set *stop_words;
    struct line *lines;
    char result[TEXT_TERM_BYTES];
};

struct stems *stems_new(struct word_set *stop_words, struct err *e)
{
    struct sb_stemmer *stemmer = sb_stemmer_new("french", "UTF_8");
    if (!stemmer) {
        word_set_free(stop_words);
        err_set(e, ERR_INTERNAL, "libstemmer has no French stemmer");
        err_hint(e, "install Debian's libstemmer0d");
        return NULL;
    }
    struct stems *s = xcalloc(1, sizeof *s);
    *s = (struct stems){.stemmer = stemmer, .stop_words = stop_words};
    s->lines = aligned_alloc(LINE_BYTES, LINES * sizeof *s->lines);
    if (!s->lines) {
        stems_free(s);
        err_set(e, ERR_MEMORY, "no memory for the cache of stems");
        return NULL;
    }
    memset(s->lines, 0, LINES * sizeof *s->lines);
    return s;
}

void stems_free(struct stems *s)
{
    if (!s)
        return;
    sb_stemmer_delete(s->stemmer);
    word_set_free(s->stop_words);
    free(s->lines);
    free(s);
}

// Words of other scripts, and those with a letter that folding leaves outside ASCII, are not French.
static bool can_stem(struct str word)
{
    if (word.n < SHORTEST)
        return false;
    for (size_t i = 0; i < word.n; i++)
        if ((unsigned char)word.p[i] >= 0x80)
            return false;
    return true;
}

// The algorithm knows feminine endings by accents that folding took away: -ée is read as -é here, and -ière
// as -ier, with or without s. Short words stay: données is not don, nor entrée entre.
static size_t without_feminine(struct str word)
{
    size_t n = word.n - (word.p[word.n - 1] == 's');
    struct str singular = str_slice(word.p, n);
    bool feminine = n >= 7 && (str_ends(singular, STR("ee")) || str_ends(singular, STR("iere")));
    return feminine ? n - 1 : word.n;
}

static struct stem compute(struct stems *s, struct str word)
{
    if (word_set_has(s->stop_words, word))
        return (struct stem){.word = word, .is_stop = true};
    if (!can_stem(word))
        return (struct stem){.word = word};
    const sb_symbol *stem =
        sb_stemmer_stem(s->stemmer, (const sb_symbol *)word.p, (int)without_feminine(word));
    int n = stem ? sb_stemmer_length(s->stemmer) : 0; // NULL when its memory is exhausted
    if (n <= 0 || n > TEXT_TERM_BYTES)
        return (struct stem){.word = word};
    memcpy(s->result, stem, (size_t)n);
    struct str result = str_slice(s->result, (size_t)n);
    if (str_ends(result, STR("iqu"))) { // publique, as public
        result.n--;
        s->result[result.n - 1] = 'c';
    }
    return (struct stem){.word = result};
}

struct stem stems_find(struct stems *s, struct str word)
{
    uint64_t hash = hash64(word);
    struct line *line = &s->lines[hash % LINES];
    uint32_t tag = (uint32_t)(hash >> 32);
    if (line->tag == tag && line->word_n == word.n && memcmp(line->bytes, word.p, word.n) == 0)
        return (struct stem){str_slice(line->bytes + line->word_n, line->stem_n), line->is_stop};
    struct stem found = compute(s, word);
    if (word.n + found.word.n > sizeof line->bytes)
        return found;
    line->tag = tag;
    line->word_n = (uint8_t)word.n;
    line->stem_n = (uint8_t)found.word.n;
    line->is_stop = found.is_stop;
    memcpy(line->bytes, word.p, word.n);
    memcpy(line->bytes + word.n, found.word.p, found.word.n);
    return found;
}
