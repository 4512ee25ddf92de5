// See licence_text.h.
#include "harvester/normalise/licence_text.h"

#include "harvester/normalise/table.h"

enum { SCANNED_BYTES = 2000, WORDS_MAX = 250, WINDOW_WORDS = 10, KEYS_BYTES = 8192 };

static bool contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++)
        if ((text.p[i] | 0x20) == (part.p[0] | 0x20) &&
            str_eq_nocase(str_slice(text.p + i, part.n), part))
            return true;
    return false;
}

// A word that stands in a licence's name: others alone ("Autre", "None") may mean anything.
static bool is_mark(struct str word)
{
    static const struct str marks[] = {STR("licen"),   STR("odbl"), STR("odc-"),     STR("etalab"),
                                       STR("commons"), STR("cc-"),  STR("cc0"),      STR("domai"),
                                       STR("ogl"),     STR("http"), STR("creative"), STR("lov2")};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (contains(word, marks[i]))
            return true;
    return str_eq_nocase(word, STR("cc"));
}

static struct str without_punctuation(struct str s)
{
    static const char signs[] = ".,;:()[]<>\"'";
    while (s.n && s.p[0] && strchr(signs, s.p[0]))
        s = str_slice(s.p + 1, s.n - 1);
    while (s.n && s.p[s.n - 1] && strchr(signs, s.p[s.n - 1]))
        s.n--;
    return s;
}

// The words of a text, and the keys (table.h) of all of them, one space between two: that of some words is a part of it.
struct words {
    struct str v[WORDS_MAX];
    bool marks[WORDS_MAX];
    size_t from[WORDS_MAX], to[WORDS_MAX]; // the word's in `keys`; the same where it has none
    size_t n, key_bytes;
    char keys[KEYS_BYTES];
};

static struct str key_of(const struct words *words, size_t first, size_t last)
{
    return str_slice(words->keys + words->from[first], words->to[last] - words->from[first]);
}

// "v" and "version" before a number are in no key (table_key); the word before words->n is one.
static void drop_version(struct words *words, char next)
{
    size_t before = words->n - 1;
    struct str key = key_of(words, before, before);
    if (next >= '0' && next <= '9' && (str_eq(key, STR("v")) || str_eq(key, STR("version"))))
        words->key_bytes = words->to[before] = words->from[before];
}

static void add_word(struct words *words, struct str word)
{
    char bytes[TABLE_KEY_BYTES];
    struct str key = table_key(without_punctuation(word), bytes);
    if (key.n && words->n)
        drop_version(words, key.p[0]);
    if (words->key_bytes + 1 + key.n > KEYS_BYTES)
        key.n = 0;
    if (key.n && words->key_bytes && words->keys[words->key_bytes - 1] != ' ')
        words->keys[words->key_bytes++] = ' ';
    words->from[words->n] = words->key_bytes;
    if (key.n)
        memcpy(words->keys + words->key_bytes, key.p, key.n);
    words->key_bytes += key.n;
    words->to[words->n] = words->key_bytes;
    words->marks[words->n] = is_mark(word);
    words->v[words->n++] = word;
}

static void split(struct str rest, struct words *words)
{
    words->n = words->key_bytes = 0;
    while (rest.n && words->n < WORDS_MAX) {
        size_t blank = 0, end;
        while (blank < rest.n && (unsigned char)rest.p[blank] <= ' ')
            blank++;
        for (end = blank; end < rest.n && (unsigned char)rest.p[end] > ' ';)
            end++;
        if (end > blank)
            add_word(words, str_slice(rest.p + blank, end - blank));
        rest = str_slice(rest.p + end, rest.n - end);
    }
}

static const struct licence *find_window(const struct words *words, size_t first, size_t size)
{
    bool marked = false;
    size_t last = first + size - 1;
    for (size_t i = first; i <= last && !marked; i++)
        marked = words->marks[i];
    if (!marked)
        return NULL;
    // One word may be an address of which the end is left out.
    return size == 1 ? licence_find(without_punctuation(words->v[first]))
                     : licence_of_key(key_of(words, first, last));
}

const struct licence *licence_within(struct str text)
{
    struct words words;
    split(str_cut_utf8(text, SCANNED_BYTES), &words);
    const struct licence *known = text.n && text.n <= SCANNED_BYTES ? licence_find(text) : NULL;
    for (size_t size = WINDOW_WORDS; size > 0 && !known; size--)
        for (size_t i = 0; i + size <= words.n && !known; i++)
            known = find_window(&words, i, size);
    return known;
}
