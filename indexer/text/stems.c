// See stems.h. The algorithms are Snowball's (snowballstem.org), through libstemmer. They are given folded words, so that é and
// e stem alike; documents and queries lose the same.
#include "indexer/text/stems.h"

#include <libstemmer.h>
#include <stdlib.h>

// The cache: sets of two ways, each set one line of the processor's cache. A word that leaves no room for
// its stem is stemmed each time; such words are rare.
enum { SET_BYTES = 64, SETS = 1 << 15, SHORTEST = 3 };

struct way {
    uint32_t tag;   // a part of the hash that does not choose the set
    uint8_t word_n; // 0 for an empty way
    uint8_t stem_n;
    uint8_t stem_at; // 0 where the stem is the start of the word
    bool is_stop;
    char bytes[24]; // the word, then the stem
};

struct set {
    struct way ways[2]; // the one used last comes first
};
_Static_assert(sizeof(struct set) == SET_BYTES, "sets must not straddle lines");

struct stems {
    enum language language;
    struct sb_stemmer *stemmer;
    const struct word_set *stop_words;
    struct set *sets;
    char result[TEXT_TERM_BYTES];
};

struct stems *stems_new(enum language language, const struct word_set *stop_words, struct err *e)
{
    static const char *const names[] = {"french", "english"};
    struct sb_stemmer *stemmer = sb_stemmer_new(names[language], "UTF_8");
    if (!stemmer) {
        err_set(e, ERR_INTERNAL, "libstemmer has no stemmer for %s", names[language]);
        err_hint(e, "install Debian's libstemmer0d");
        return NULL;
    }
    struct stems *s = xcalloc(1, sizeof *s);
    *s = (struct stems){.language = language, .stemmer = stemmer, .stop_words = stop_words};
    s->sets = aligned_alloc(SET_BYTES, SETS * sizeof *s->sets);
    if (!s->sets) {
        stems_free(s);
        err_set(e, ERR_MEMORY, "no memory for the cache of stems");
        return NULL;
    }
    memset(s->sets, 0, SETS * sizeof *s->sets);
    return s;
}

void stems_free(struct stems *s)
{
    if (!s)
        return;
    sb_stemmer_delete(s->stemmer);
    free(s->sets);
    free(s);
}

// Words of other scripts, and those with a letter that folding leaves outside ASCII, are neither French nor English.
static bool can_stem(struct str word)
{
    if (word.n < SHORTEST)
        return false;
    for (size_t i = 0; i < word.n; i++)
        if ((unsigned char)word.p[i] >= 0x80)
            return false;
    return true;
}

// What folding took from French words, and what the algorithm does not know, is mended before it: -ée is read as -é and -ière
// as -ier, with or without s, but for short words (données is not don, nor entrée entre); and the s of a plural that follows
// another vowel than e goes too (vélos, élus, agendas, taxis), which the algorithm keeps.
static size_t without_endings(struct str word)
{
    bool plural = word.p[word.n - 1] == 's';
    size_t n = word.n - plural;
    struct str singular = str_slice(word.p, n);
    if (n >= 7 && (str_ends(singular, STR("ee")) || str_ends(singular, STR("iere"))))
        return n - 1;
    char vowel = singular.p[n - 1];
    bool odd = plural && n >= 3 && (vowel == 'a' || vowel == 'i' || vowel == 'o' || vowel == 'u');
    return odd ? n : word.n;
}

static struct stem compute(struct stems *s, struct str word)
{
    if (word_set_has(s->stop_words, word))
        return (struct stem){.word = word, .is_stop = true};
    if (!can_stem(word))
        return (struct stem){.word = word};
    bool french = s->language == LANGUAGE_FRENCH;
    const sb_symbol *stem = sb_stemmer_stem(s->stemmer, (const sb_symbol *)word.p,
                                            (int)(french ? without_endings(word) : word.n));
    int n = stem ? sb_stemmer_length(s->stemmer) : 0; // NULL when its memory is exhausted
    if (n <= 0 || n >= TEXT_TERM_BYTES)
        return (struct stem){.word = word};
    memcpy(s->result, stem, (size_t)n);
    struct str result = str_slice(s->result, (size_t)n);
    if (!french) {
        s->result[result.n++] = TEXT_ENGLISH_MARK;
    } else if (str_ends(result, STR("iqu"))) { // publique, as public
        result.n--;
        s->result[result.n - 1] = 'c';
    }
    return (struct stem){.word = result};
}

static uint64_t load64(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint64_t load32(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

// For this cache only: a multiplication for each eight bytes, where hash64 has one for each byte.
static uint64_t hash(struct str word)
{
    const char *p = word.p;
    size_t n = word.n;
    uint64_t h = n;
    for (; n > 8; p += 8, n -= 8) {
        h = (h ^ load64(p)) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    uint64_t tail;
    if (n == 8)
        tail = load64(p);
    else if (n >= 4)
        tail = load32(p) | load32(p + n - 4) << 32;
    else
        tail = (uint64_t)(unsigned char)p[0] | (uint64_t)(unsigned char)p[n / 2] << 8 |
               (uint64_t)(unsigned char)p[n - 1] << 16;
    h = (h ^ tail) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

static bool holds(const struct way *way, uint32_t tag, struct str word)
{
    return way->tag == tag && way->word_n == word.n && memcmp(way->bytes, word.p, word.n) == 0;
}

static void fill(struct way *way, uint32_t tag, struct str word, struct stem stem)
{
    bool prefix = str_starts(word, stem.word);
    if (word.n + (prefix ? 0 : stem.word.n) > sizeof way->bytes)
        return;
    *way = (struct way){.tag = tag,
                        .word_n = (uint8_t)word.n,
                        .stem_n = (uint8_t)stem.word.n,
                        .stem_at = prefix ? 0 : (uint8_t)word.n,
                        .is_stop = stem.is_stop};
    memcpy(way->bytes, word.p, word.n);
    if (!prefix)
        memcpy(way->bytes + word.n, stem.word.p, stem.word.n);
}

struct stem stems_find(struct stems *s, struct str word)
{
    uint64_t h = hash(word);
    struct way *ways = s->sets[h % SETS].ways;
    uint32_t tag = (uint32_t)(h >> 32);
    if (!holds(&ways[0], tag, word)) {
        struct way older = ways[0];
        if (holds(&ways[1], tag, word)) {
            ways[0] = ways[1];
            ways[1] = older;
        } else {
            struct stem found = compute(s, word);
            ways[1] = older;
            fill(&ways[0], tag, word, found);
            return found;
        }
    }
    return (struct stem){str_slice(ways[0].bytes + ways[0].stem_at, ways[0].stem_n),
                         ways[0].is_stop};
}
