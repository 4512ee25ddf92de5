// Which language a text is in, by its little words: enough to tell English from the rest. See text.h.
#include "indexer/text/text.h"

enum { LOOK_AT = 2000, ENOUGH = 3 }; // bytes; little words

// Up to seven letters as one number, those of ASCII in lower case; 0 of a longer word, which is in no list.
static uint64_t packed(struct str word)
{
    uint64_t key = 0;
    if (word.n > 7)
        return 0;
    for (size_t i = 0; i < word.n; i++) {
        unsigned char c = (unsigned char)word.p[i];
        key = key << 8 | (c >= 'A' && c <= 'Z' ? c | 0x20u : c);
    }
    return key;
}

struct words {
    uint64_t keys[32];
    size_t n;
};

static struct words words_of(const char *const *list)
{
    struct words words = {.n = 0};
    for (; *list; list++)
        words.keys[words.n++] = packed(str_of(*list));
    return words;
}

static bool is_one_of(const struct words *words, uint64_t key)
{
    for (size_t i = 0; i < words->n; i++)
        if (words->keys[i] == key)
            return true;
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

enum language text_language(struct str text)
{
    static const char *const english_words[] = {
        "the", "of",   "and",  "is", "are", "by", "with", "for", "from",  "to", "which",
        "was", "were", "this", "in", "on",  "at", "that", "or",  "their", NULL};
    static const char *const other_words[] = {
        "le",   "la",  "les", "des", "du",  "et",  "est", "pour", "par", "une",
        "dans", "sur", "aux", "de",  "der", "die", "und", "das",  "los", "las",
        "el",   "del", "en",  "que", "da",  "do",  "dos", "e",    "il",  NULL};
    const struct words english = words_of(english_words), others = words_of(other_words);
    size_t hits = 0, misses = 0, end = text.n < LOOK_AT ? text.n : LOOK_AT;
    for (size_t i = 0; i < end;) {
        size_t start = i;
        while (i < end && is_letter(text.p[i]))
            i++;
        uint64_t key = packed(str_slice(text.p + start, i - start));
        hits += key && is_one_of(&english, key);
        misses += key && is_one_of(&others, key);
        i += i == start;
    }
    return hits >= ENOUGH && hits > 2 * misses ? LANGUAGE_ENGLISH : LANGUAGE_FRENCH;
}
