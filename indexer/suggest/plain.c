// See plain.h.
#include "indexer/suggest/plain.h"

#include "indexer/text/fold.h"

// Reads word characters from *at; the word is empty when there is none there.
static void read_word(struct str text, size_t *at, struct plain_word *w)
{
    bool full = false;
    w->n = 0;
    w->start = w->end = *at;
    while (*at < text.n) {
        struct folded_char c;
        size_t size = fold_next(text.p + *at, text.n - *at, &c);
        if (c.class != CHAR_WORD && c.class != CHAR_MARK && c.class != CHAR_IGNORED)
            return;
        *at += size;
        w->end = *at;
        size_t before = w->n;
        if (c.class == CHAR_WORD && !full) {
            size_t n = fold_add(w->bytes, w->n, sizeof w->bytes, &c);
            full = n > sizeof w->bytes;
            w->n = full ? before : n;
        }
        for (size_t i = before; i < w->n; i++)
            w->ends[i] = *at;
        if (w->n)
            w->ends[w->n - 1] = *at; // marks belong to the letter before them
    }
}

static bool is_letter(const struct plain_word *w)
{
    return w->n == 1 && w->bytes[0] >= 'a' && w->bytes[0] <= 'z';
}

static void join_letters(struct str text, size_t *at, struct plain_word *w)
{
    while (w->n < sizeof w->bytes && *at + 1 < text.n &&
           (text.p[*at] == '.' || text.p[*at] == '&')) {
        struct plain_word next;
        size_t behind = *at + 1;
        read_word(text, &behind, &next);
        if (!is_letter(&next))
            return;
        w->bytes[w->n] = next.bytes[0];
        w->ends[w->n++] = next.end;
        w->end = *at = behind;
    }
}

bool plain_next(struct str text, size_t *at, struct plain_word *w)
{
    fold_setup();
    while (*at < text.n) {
        read_word(text, at, w);
        if (w->n) {
            if (is_letter(w))
                join_letters(text, at, w);
            return true;
        }
        if (*at < text.n) {
            struct folded_char c;
            *at += fold_next(text.p + *at, text.n - *at, &c);
        }
    }
    return false;
}

static size_t add_bytes(char *out, size_t n, size_t room, struct str s)
{
    size_t more = s.n < room - n ? s.n : room - n;
    memcpy(out + n, s.p, more);
    return n + more;
}

size_t plain_key(const struct word_set *stop_words, struct str text, char *out, size_t room)
{
    struct plain_word w;
    size_t n = 0, from = 0;
    for (size_t at = 0; plain_next(text, &at, &w);) {
        if (!word_set_has(stop_words, plain_str(&w)))
            break;
        from = at;
    }
    size_t at = from;
    if (!plain_next(text, &at, &w))
        from = 0;
    for (at = from; n < room && plain_next(text, &at, &w);) {
        if (n)
            n = add_bytes(out, n, room, STR(" "));
        n = add_bytes(out, n, room, plain_str(&w));
    }
    return n;
}

size_t plain_name(struct str text, char *out, size_t room)
{
    struct plain_word w;
    size_t n = 0;
    for (size_t at = 0; n < room && plain_next(text, &at, &w);)
        n = add_bytes(out, n, room, plain_str(&w));
    return n;
}
