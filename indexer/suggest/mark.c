// What matched, shown in the original text: <mark> around the letters of each word that the query has. See inside.h.
#include "indexer/suggest/inside.h"

#include "base/html.h"

static void add_escaped(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        struct str reference = html_reference(s.p[i]);
        if (reference.n)
            buf_add(b, reference);
        else
            buf_addc(b, s.p[i]);
    }
}

// How many bytes of a word matched: as many as the longest word of the query that it begins with; all of it where it
// is that word but for the typo.
static size_t matched(struct str word, const struct term *terms, size_t n, bool mistyped)
{
    size_t most = 0;
    for (size_t i = 0; i < n; i++)
        if (terms[i].n > most && str_starts(word, term_str(&terms[i])))
            most = terms[i].n;
    for (size_t i = 0; mistyped && !most && i < n; i++) {
        struct str t = term_str(&terms[i]);
        bool near = typos_may_be(t) && typos_near(t, word, terms[i].open);
        bool part = word.n >= 2 && word.n < t.n && (str_starts(t, word) || str_ends(t, word));
        if (near || part)
            most = word.n;
    }
    return most;
}

struct str suggest_mark(struct str text, const struct term *terms, size_t n, bool mistyped,
                        struct arena *a)
{
    struct buf b = {0};
    struct plain_word w;
    size_t shown = 0;
    for (size_t at = 0; plain_next(text, &at, &w);) {
        size_t letters = matched(plain_str(&w), terms, n, mistyped);
        if (!letters)
            continue;
        size_t end = letters == w.n ? w.end : w.ends[letters - 1];
        add_escaped(&b, str_slice(text.p + shown, w.start - shown));
        buf_add(&b, STR("<mark>"));
        add_escaped(&b, str_slice(text.p + w.start, end - w.start));
        buf_add(&b, STR("</mark>"));
        shown = end;
    }
    add_escaped(&b, str_slice(text.p + shown, text.n - shown));
    struct str html = arena_str(a, buf_str(&b));
    buf_free(&b);
    return html;
}
