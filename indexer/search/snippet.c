// Snippets: the passage of a text where the words of the query stand closest, as HTML that may be shown as it is.
#include "indexer/search/searcher.h"

#include "base/html.h"
#include "base/scan.h"

#include <stdlib.h>

enum {
    SNIPPET_BYTES = 240,
    WINDOW_BYTES = SNIPPET_BYTES * 3 / 4, // from its first match on
    MATCHES_MAX = 2048,                   // as many words as an excerpt can have, almost
};

struct match {
    size_t start, end;
    size_t group; // of the query
};

struct matching {
    const struct query *query;
    size_t offset; // in the text, of what is analysed
    struct match v[MATCHES_MAX];
    size_t n;
};

static bool is_word(const struct query_word *w, const struct token *token)
{
    return !w->prefix && (str_eq(w->exact, token->exact) ||
                          (!token->is_stop && !w->only_exact && str_eq(w->stem, token->stem)));
}

static bool is_in_group(const struct query_group *g, const struct token *token)
{
    for (size_t f = 0; f < g->n; f++)
        for (size_t w = 0; w < g->forms[f].n; w++)
            if (is_word(&g->forms[f].words[w], token))
                return true;
    return false;
}

static void match_token(void *arg, const struct token *token)
{
    struct matching *m = arg;
    if (token->kind == TOKEN_JOINED)
        return;
    for (size_t g = 0; g < m->query->n && m->n < MATCHES_MAX; g++)
        if (is_in_group(&m->query->groups[g], token)) {
            m->v[m->n++] = (struct match){m->offset + token->start, m->offset + token->end, g};
            return;
        }
}

// ---- Finding the words without analysing all of the text -------------------------------------------
//
// Most words of a text begin otherwise than every word asked for. Folding is told from a few bytes; stemming changes the last two
// letters of what is left of a word at most, and never the first two. So only what may match is analysed, from the space before it to
// the space behind it, which gives the same tokens: nothing but groups of digits is joined across a space.

enum { BEGINNINGS_MAX = 128, BEGINNING_BYTES = 6 };

struct beginning { // of a word that matches: folded
    unsigned char n;
    char bytes[BEGINNING_BYTES];
    uint64_t letters, mask; // these bytes as first_letters has them, and all bits of them
};

// The first two letters of a word as one number. OTHER: a character that is folded otherwise than those below, or a word that another
// may begin within; it is always looked at. As the second: what is no letter.
enum { LETTERS = 37, OTHER = 36 };

struct beginnings {
    bool letters[LETTERS * LETTERS]; // that a word which matches may have
    struct beginning v[BEGINNINGS_MAX];
    size_t n; // BEGINNINGS_MAX + 1: too many, the two letters alone tell
};

// What was analysed already: texts that are shown together have much the same words.
enum { PIECES = 128, PIECE_BYTES = 24, PIECE_MATCHES = 2 };

struct piece {
    char bytes[PIECE_BYTES]; // zeroes behind
    uint8_t length;          // 0: none is kept here
    uint8_t n;               // matches
    struct {
        uint8_t start, end;
        uint16_t group;
    } v[PIECE_MATCHES];
};

struct snippets {
    struct analyzer *analyzer;
    const struct query *query;
    struct beginnings beginnings;
    struct piece pieces[PIECES]; // each in its one place
};

enum { LETTER_BIT = 0x40 }; // in what letters are folded to, not in digits

// What a byte of ASCII is folded to; 0 for what is no letter or digit of ASCII.
static const char folded[256] = {
    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
    ['7'] = '7', ['8'] = '8', ['9'] = '9', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd',
    ['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k',
    ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r',
    ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y',
    ['Z'] = 'z', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f',
    ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm',
    ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't',
    ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z'};

// The letters of Latin-1 by the second of their bytes (the first is 0xC3), as they are folded; 0 for the others.
static const char latin_1[] =
    "aaaaaa\0ceeeeiiii\0nooooo\0\0uuuuy\0\0aaaaaa\0ceeeeiiii\0nooooo\0\0uuuuy\0y";

static char fold_byte(char c)
{
    return folded[(unsigned char)c];
}

static char latin_letter(struct str text, size_t at)
{
    bool latin =
        (unsigned char)text.p[at] == 0xC3 && at + 1 < text.n && (text.p[at + 1] & 0xC0) == 0x80;
    return latin ? latin_1[text.p[at + 1] & 0x3F] : (char)0;
}

static unsigned letter_number(char c)
{
    return c >= 'a' ? (unsigned)(c - 'a') : c >= '0' ? (unsigned)(c - '0') + 26 : OTHER;
}

// The letters that every word begins with that has this stem, or is this word.
static size_t sure_letters(const struct query_word *w)
{
    size_t same = 0, sure = w->stem.n > 3 ? w->stem.n - 2 : w->stem.n < 2 ? w->stem.n : 2;
    if (w->only_exact)
        return w->exact.n;
    while (same < w->exact.n && same < w->stem.n && w->exact.p[same] == w->stem.p[same])
        same++;
    return same < sure ? same : sure;
}

static uint64_t letter_in_place(char c, size_t i)
{
    return (uint64_t)(unsigned char)c << 8 * i;
}

static void add_beginning(struct beginnings *b, const struct query_word *w)
{
    struct beginning new = {0};
    size_t n = sure_letters(w);
    if (w->prefix || !w->exact.n || !fold_byte(w->exact.p[0])) // other letters are always looked at
        return;
    while (new.n < n &&new.n < BEGINNING_BYTES && fold_byte(w->exact.p[new.n])) {
        new.bytes[new.n] = w->exact.p[new.n];
        new.letters |= letter_in_place(new.bytes[new.n], new.n);
        new.mask |= letter_in_place('\xFF', new.n);
        new.n++;
    }
    unsigned first = letter_number(new.bytes[0]);
    b->letters[first * LETTERS + OTHER] = true;
    if (new.n > 1)
        b->letters[first * LETTERS + letter_number(new.bytes[1])] = true;
    else
        memset(b->letters + first * LETTERS, 1, LETTERS);
    for (size_t i = 0; i < b->n && b->n <= BEGINNINGS_MAX; i++)
        if (b->v[i].n == new.n && memcmp(b->v[i].bytes, new.bytes, new.n) == 0)
            return;
    if (b->n < BEGINNINGS_MAX)
        b->v[b->n] = new;
    if (b->n <= BEGINNINGS_MAX)
        b->n++;
}

static void read_beginnings(struct beginnings *b, const struct query *q)
{
    b->n = 0;
    memset(b->letters, 0, OTHER * LETTERS);
    memset(b->letters + OTHER * LETTERS, 1, LETTERS);
    for (size_t g = 0; g < q->n; g++)
        for (size_t f = 0; f < q->groups[g].n; f++)
            for (size_t w = 0; w < q->groups[g].forms[f].n; w++)
                add_beginning(b, &q->groups[g].forms[f].words[w]);
}

// In doubt it does: where a character is not one of those above, and where a word may go on behind a sign ("S.N.C.F.", "1,5").
static bool begins_so(const struct beginning *b, struct str text, size_t at)
{
    for (size_t i = 0; i < b->n && at < text.n; i++) {
        char c = fold_byte(text.p[at]), latin = latin_letter(text, at);
        if (!c && !latin)
            return (unsigned char)text.p[at] >= 0x80 || i <= 1 || b->bytes[0] <= '9';
        if ((c ? c : latin) != b->bytes[i])
            return false;
        at += c ? 1 : 2;
    }
    return true;
}

// A letter or digit that is told from its bytes, and how many these are; 0 for any other character.
static char letter_at(struct str text, size_t at, size_t *bytes)
{
    char c = fold_byte(text.p[at]);
    *bytes = 1;
    if (c)
        return c;
    c = latin_letter(text, at);
    *bytes = c ? 2 : 1;
    return c;
}

// The first letters of the word that begins at `at`, folded, one in each byte. False where begins_so would be in doubt about any.
static bool first_letters(struct str text, size_t at, uint64_t *letters)
{
    size_t bytes;
    *letters = 0;
    for (size_t i = 0; i < BEGINNING_BYTES; i++, at += bytes) {
        char c = at < text.n ? letter_at(text, at, &bytes) : (char)0;
        if (!c) // the word ends here, or in doubt
            return at < text.n && (unsigned char)text.p[at] < 0x80 && i > 1 &&
                   (*letters & 0xFF) > '9';
        *letters |= letter_in_place(c, i);
    }
    return true;
}

static bool may_match(const struct beginnings *b, struct str text, const struct snippet_word *w)
{
    uint64_t letters;
    if (b->n > BEGINNINGS_MAX || w->letters >= OTHER * LETTERS)
        return true;
    bool sure = first_letters(text, w->at, &letters);
    for (size_t i = 0; i < b->n; i++)
        if (sure ? (letters & b->v[i].mask) == b->v[i].letters : begins_so(&b->v[i], text, w->at))
            return true;
    return false;
}

// Whether what stands before the space and what stands behind it are analysed apart.
static bool is_cut(struct str text, size_t at)
{
    char c = text.p[at];
    return (c == ' ' || c == '\n') &&
           (at + 1 == text.n || text.p[at + 1] < '0' || text.p[at + 1] > '9');
}

// Where the word ends that goes on at `at`; *kinds has the bit of letters where there is one.
static size_t word_end(struct str text, size_t at, char *kinds)
{
    for (;;) {
        char c = 0;
        while (at < text.n && (c = fold_byte(text.p[at])) != 0) {
            *kinds |= c;
            at++;
        }
        if (at == text.n || !latin_letter(text, at))
            return at;
        *kinds |= LETTER_BIT;
        at += 2;
    }
}

// Reads the word that begins at *at with this letter, and goes behind it.
static unsigned word_letters(struct str text, size_t *at, char first, size_t bytes)
{
    size_t next = *at + bytes;
    char second = next < text.n ? letter_at(text, next, &bytes) : (char)0, kinds = 0;
    *at = word_end(text, next, &kinds);
    if (first <= '9' && kinds & LETTER_BIT) // "15T10" may be two
        return OTHER * LETTERS;
    return letter_number(first) * LETTERS + letter_number(second);
}

// The bytes of a sign that French texts are full of, in which no word begins; 0 for any other character.
static size_t sign_at(struct str text, size_t at)
{
    static const struct str signs[] = {STR("’"), STR("…"), STR("«"), STR("»"), STR("\xC2\xA0")};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_starts(str_slice(text.p + at, text.n - at), signs[i]))
            return signs[i].n;
    return 0;
}

size_t snippet_words(struct str text, struct snippet_word *out, size_t room)
{
    size_t n = 0, bytes;
    if (text.n > UINT16_MAX)
        return room + 1;
    for (size_t i = 0; i < text.n;) {
        size_t start = i;
        char first = letter_at(text, i, &bytes);
        unsigned letters = OTHER * LETTERS;
        size_t passed = first ? 0 : (unsigned char)text.p[i] < 0x80 ? 1 : sign_at(text, i);
        if (passed) {
            i += passed;
            continue;
        }
        if (first)
            letters = word_letters(text, &i, first, bytes);
        else
            i++;
        while (!first && i < text.n && (text.p[i] & 0xC0) == 0x80)
            i++; // of the same character
        if (n == room)
            return room + 1;
        out[n++] = (struct snippet_word){(uint16_t)start, (uint16_t)letters};
    }
    return n;
}

static struct piece *place_of(struct snippets *s, const struct piece *p)
{
    uint64_t parts[PIECE_BYTES / 8], hash = 0;
    memcpy(parts, p->bytes, sizeof parts);
    for (size_t i = 0; i < PIECE_BYTES / 8; i++)
        hash = (hash ^ parts[i]) * UINT64_C(0x9E3779B97F4A7C15);
    return &s->pieces[hash >> 57]; // of PIECES
}

static void keep_piece(struct piece *place, struct piece *p, const struct matching *m, size_t first)
{
    if (m->n - first > PIECE_MATCHES || m->n == MATCHES_MAX)
        return;
    for (size_t i = first; i < m->n; i++, p->n++) {
        p->v[p->n].start = (uint8_t)(m->v[i].start - m->offset);
        p->v[p->n].end = (uint8_t)(m->v[i].end - m->offset);
        p->v[p->n].group = (uint16_t)m->v[i].group;
    }
    *place = *p;
}

// Adds the matches of a part of the text that is analysed apart.
static void match_piece(struct snippets *s, struct matching *m, struct str part)
{
    struct piece p = {.length = (uint8_t)part.n};
    if (part.n > PIECE_BYTES) {
        analyze(s->analyzer, part, match_token, m);
        return;
    }
    memcpy(p.bytes, part.p, part.n);
    struct piece *place = place_of(s, &p);
    if (place->length != p.length || memcmp(place->bytes, p.bytes, PIECE_BYTES) != 0) {
        size_t first = m->n;
        analyze(s->analyzer, part, match_token, m);
        keep_piece(place, &p, m, first);
        return;
    }
    for (size_t i = 0; i < place->n && m->n < MATCHES_MAX; i++)
        m->v[m->n++] = (struct match){m->offset + place->v[i].start, m->offset + place->v[i].end,
                                      place->v[i].group};
}

static void find_matches(struct snippets *s, struct str text, const struct snippet_word *words,
                         size_t n, struct matching *m)
{
    const struct beginnings *b = &s->beginnings;
    size_t done = 0;
    for (size_t i = 0; i < n; i++) {
        if (!b->letters[words[i].letters] || words[i].at < done || !may_match(b, text, &words[i]))
            continue;
        size_t start = words[i].at, end = start;
        while (start > done && !is_cut(text, start - 1))
            start--;
        while (end < text.n && !is_cut(text, end))
            end++;
        done = end;
        m->offset = start;
        match_piece(s, m, str_slice(text.p + start, end - start));
    }
}

// ---- Which passage ---------------------------------------------------------------------------------

// How many bytes of s from `at` on are shown as they are.
static size_t plain(struct str s, size_t at)
{
    return (size_t)(scan_for(s.p + at, s.p + s.n, 0, STR("\n&<>\"")) - (s.p + at));
}

// On one line; an apostrophe is as it is, the text being shown between tags only.
static void add_escaped(struct buf *b, struct str s)
{
    for (size_t at = 0; at < s.n; at++) {
        size_t n = plain(s, at);
        buf_add(b, str_slice(s.p + at, n));
        at += n;
        if (at < s.n)
            buf_add(b, s.p[at] == '\n' ? STR(" ") : html_reference(s.p[at]));
    }
}

// How good the window is that begins with match i: the different things asked for that it holds, then all that it holds.
static size_t worth_of(const struct matching *m, size_t i)
{
    uint64_t groups = 0;
    size_t count = 0, different = 0;
    for (size_t j = i; j < m->n && m->v[j].end <= m->v[i].start + WINDOW_BYTES; j++) {
        uint64_t bit = 1ull << m->v[j].group % 64;
        different += !(groups & bit);
        groups |= bit;
        count++;
    }
    return different * MATCHES_MAX + count;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n';
}

// Where the best window begins, at the beginning of a word; some of what precedes the first match stands before it.
static size_t best_start(struct str text, const struct matching *m)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < m->n; i++) {
        size_t worth = worth_of(m, i);
        if (worth > most) {
            most = worth;
            best = m->v[i].start;
        }
    }
    size_t last = best; // where the matches of that window end
    for (size_t i = 0; i < m->n && m->v[i].end <= best + WINDOW_BYTES; i++)
        last = m->v[i].end;
    if (text.n <= SNIPPET_BYTES || (best < SNIPPET_BYTES / 2 && last <= SNIPPET_BYTES))
        return 0;
    size_t start = best - SNIPPET_BYTES / 4;
    while (start < best && !is_space(text.p[start]))
        start++;
    while (start < best && is_space(text.p[start]))
        start++;
    return start;
}

// Where it ends: between words, unless one word is all of it.
static size_t end_of(struct str text, size_t start)
{
    size_t end = start + str_cut_utf8(str_slice(text.p + start, text.n - start), SNIPPET_BYTES).n;
    if (end == text.n)
        return end;
    size_t cut = end;
    while (cut > start && !is_space(text.p[cut]))
        cut--;
    return cut > start ? cut : end;
}

struct snippets *snippets_begin(struct analyzer *analyzer, const struct query *q, struct arena *a)
{
    struct snippets *s = ARENA_NEW(a, struct snippets);
    s->analyzer = analyzer;
    s->query = q;
    read_beginnings(&s->beginnings, q);
    return s;
}

struct str snippet_make(struct snippets *s, struct str text, const struct snippet_word *words,
                        size_t word_count, struct arena *a)
{
    struct matching m;
    m.query = s->query;
    m.n = 0;
    m.offset = 0;
    if (m.query->n && word_count > SNIPPET_WORDS)
        analyze(s->analyzer, text, match_token, &m);
    else if (m.query->n)
        find_matches(s, text, words, word_count, &m);
    size_t start = best_start(text, &m);
    size_t end = end_of(text, start), at = start;
    struct buf b = {0};
    buf_reserve(&b, SNIPPET_BYTES * 2);
    if (start)
        buf_add(&b, STR("…"));
    for (size_t i = 0; i < m.n; i++) {
        if (m.v[i].start < at || m.v[i].end > end)
            continue;
        add_escaped(&b, str_slice(text.p + at, m.v[i].start - at));
        buf_add(&b, STR("<mark>"));
        add_escaped(&b, str_slice(text.p + m.v[i].start, m.v[i].end - m.v[i].start));
        buf_add(&b, STR("</mark>"));
        at = m.v[i].end;
    }
    add_escaped(&b, str_slice(text.p + at, end - at));
    if (end < text.n)
        buf_add(&b, STR("…"));
    struct str out = arena_str(a, buf_str(&b));
    buf_free(&b);
    return out;
}
