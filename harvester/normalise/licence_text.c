// See licence_text.h.
#include "harvester/normalise/licence_text.h"

enum { SCANNED_BYTES = 2000, WORDS_MAX = 250, WINDOW_WORDS = 10 };

static bool contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++)
        if (str_eq_nocase(str_slice(text.p + i, part.n), part))
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

struct words {
    struct str v[WORDS_MAX];
    bool marks[WORDS_MAX];
    size_t n;
};

static void split(struct str rest, struct words *words)
{
    words->n = 0;
    while (rest.n && words->n < WORDS_MAX) {
        size_t blank = 0, end;
        while (blank < rest.n && (unsigned char)rest.p[blank] <= ' ')
            blank++;
        for (end = blank; end < rest.n && (unsigned char)rest.p[end] > ' ';)
            end++;
        if (end > blank) {
            words->v[words->n] = str_slice(rest.p + blank, end - blank);
            words->marks[words->n] = is_mark(words->v[words->n]);
            words->n++;
        }
        rest = str_slice(rest.p + end, rest.n - end);
    }
}

static const struct licence *find_window(const struct words *words, size_t first, size_t size)
{
    bool marked = false;
    for (size_t i = first; i < first + size && !marked; i++)
        marked = words->marks[i];
    struct str last = words->v[first + size - 1];
    const char *start = words->v[first].p;
    if (!marked)
        return NULL;
    return licence_find(without_punctuation(str_slice(start, (size_t)(last.p + last.n - start))));
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
