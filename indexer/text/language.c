// Which language a text is in, by its little words: enough to tell English from the rest. See text.h.
#include "indexer/text/text.h"

enum { LOOK_AT = 2000, ENOUGH = 3 }; // bytes; little words

static bool is_one_of(const char *const *words, struct str word)
{
    for (; *words; words++)
        if (str_eq_nocase(str_of(*words), word))
            return true;
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

enum language text_language(struct str text)
{
    static const char *const english[] = {"the", "of",   "and", "is",    "are", "by",    "with",
                                          "for", "from", "to",  "which", "was", "were",  "this",
                                          "in",  "on",   "at",  "that",  "or",  "their", NULL};
    static const char *const others[] = {"le",  "la",  "les",  "des", "du",  "et",  "est", "pour",
                                         "par", "une", "dans", "sur", "aux", "de",  "der", "die",
                                         "und", "das", "los",  "las", "el",  "del", "en",  "que",
                                         "da",  "do",  "dos",  "e",   "il",  NULL};
    size_t hits = 0, misses = 0, end = text.n < LOOK_AT ? text.n : LOOK_AT;
    for (size_t i = 0; i < end;) {
        size_t start = i;
        while (i < end && is_letter(text.p[i]))
            i++;
        struct str word = str_slice(text.p + start, i - start);
        hits += word.n && is_one_of(english, word);
        misses += word.n && is_one_of(others, word);
        i += i == start;
    }
    return hits >= ENOUGH && hits > 2 * misses ? LANGUAGE_ENGLISH : LANGUAGE_FRENCH;
}
