// Correcting words that no document has: the nearest word of the index, one edit away for words of four or five letters, two for
// longer ones, the first letter kept; of equally near ones, that of most documents. Or the words that it is made of, when it is
// several words of the index written as one. Only the first few of a query: the rest is left as it is written. See searcher.h.
#include "indexer/search/searcher.h"

enum {
    LEAST_LETTERS = 4,
    LONG_WORD = 6,       // letters from which two edits are forgiven
    RARE = 3,            // a word of fewer documents may be somebody's mistake
    MUCH_MORE = 50,      // times as many documents, for another word to be meant
    LEAST_DOCUMENTS = 2, // of a word that corrects
    WORDS_MAX = 4, // of a query, looked for: each is compared with all words of its first letter
};

enum { PIECES_MAX = 4, PIECE_LEAST = 3, PIECE_DOCUMENTS = 5, GLUED_MAX = 32 };

// Looking for the nearest word: the terms of a first letter, in the order of bytes, as str_distance compares them. The rows of what a
// term begins with are those of the term before, as far as both are the same; and where no word that begins so is near enough, all that
// do are passed over.
enum { LONGEST = TEXT_TERM_BYTES };

struct nearest {
    struct searcher *s;
    struct str word;
    unsigned most; // edits
    char best[LONGEST];
    size_t best_n;
    unsigned edits;
    uint32_t documents;
    char term[LONGEST + 1]; // looked at last; then: where to go on
    size_t rows;            // known, of its first letters
    unsigned char row[LONGEST + 1][LONGEST + 1];
    bool failed;
    struct err *e;
};

// The row behind the first `i` letters of `term`; returns the lowest distance in it.
static unsigned fill_row(struct nearest *x, struct str term, size_t i)
{
    unsigned char *now = x->row[i];
    const unsigned char *up = x->row[i - 1], *two_up = i > 1 ? x->row[i - 2] : NULL;
    const char *word = x->word.p, letter = term.p[i - 1];
    unsigned lowest = now[0] = (unsigned char)i;
    for (size_t j = 1; j <= x->word.n; j++) {
        unsigned best = letter == word[j - 1] ? up[j - 1] : up[j - 1] + 1u;
        if (up[j] + 1u < best)
            best = up[j] + 1u;
        if (now[j - 1] + 1u < best)
            best = now[j - 1] + 1u;
        if (i > 1 && j > 1 && letter == word[j - 2] && term.p[i - 2] == word[j - 1] &&
            two_up[j - 2] + 1u < best)
            best = two_up[j - 2] + 1u;
        now[j] = (unsigned char)best;
        lowest = best < lowest ? best : lowest;
    }
    return lowest;
}

static bool is_better(struct nearest *x, struct str term)
{
    unsigned edits = x->row[term.n][x->word.n];
    uint32_t documents;
    if (edits > x->most || edits > x->edits || str_eq(term, x->word))
        return false;
    if (!term_count(x->s, term, &documents, x->e)) {
        x->failed = true;
        return false;
    }
    if (documents < LEAST_DOCUMENTS || (edits == x->edits && documents <= x->documents))
        return false;
    x->edits = edits;
    x->documents = documents;
    return true;
}

static struct str look_at(void *user, struct str term)
{
    struct nearest *x = user;
    size_t same = 0;
    while (same < x->rows && same < term.n && x->term[same] == term.p[same])
        same++;
    x->rows = same;
    unsigned most = x->edits < x->most ? x->edits : x->most;
    size_t n = term.n < LONGEST ? term.n : LONGEST;
    while (x->rows < n) {
        x->term[x->rows] = term.p[x->rows];
        if (fill_row(x, term, ++x->rows) <= most)
            continue;
        // A swap of two letters costs one and goes back by two rows: it helps no word from here on either.
        x->term[x->rows -
                1]++; // no byte of UTF-8 is the last one; that row is not of these letters any more
        return str_slice(x->term, x->rows--);
    }
    if (!x->failed && term.n <= LONGEST && is_better(x, term)) {
        memcpy(x->best, term.p, term.n);
        x->best_n = term.n;
    }
    return STR_NONE;
}

// The groups whose word is to be corrected: of one word, in letters, that nothing else stands for.
static bool is_doubtful(const struct query_group *g)
{
    if (!g->written.n || g->generic || g->forms[0].words[0].exact.n < LEAST_LETTERS)
        return false;
    for (size_t i = 0; i < g->n; i++) {
        bool found = true;
        for (size_t j = 0; j < g->forms[i].n; j++)
            found = found && g->forms[i].words[j].documents >= (i ? 1 : RARE);
        if (found)
            return false;
    }
    return true;
}

// Cuts the word into as few words of the index as can be, at most `most`; of equal cuts, the one whose rarest word is the
// commonest. Returns how many, 0 when there is none.
static size_t cut(struct searcher *s, struct str word, size_t most, struct str *pieces,
                  uint32_t *rarest, struct err *e)
{
    uint32_t documents;
    if (!term_count(s, word, &documents, e))
        return 0;
    if (documents >= PIECE_DOCUMENTS) {
        pieces[0] = word;
        *rarest = documents;
        return 1;
    }
    size_t best = 0;
    for (size_t n = PIECE_LEAST; most > 1 && n + PIECE_LEAST <= word.n; n++) {
        struct str rest[PIECES_MAX];
        uint32_t first, least = 0;
        if (!term_count(s, str_slice(word.p, n), &first, e))
            return 0;
        if (first < PIECE_DOCUMENTS)
            continue;
        size_t found = cut(s, str_slice(word.p + n, word.n - n),
                           best && best - 1 < most - 1 ? best - 1 : most - 1, rest, &least, e);
        least = least < first ? least : first;
        if (!found || (best && (found + 1 > best || (found + 1 == best && least <= *rarest))))
            continue;
        best = found + 1;
        *rarest = least;
        pieces[0] = str_slice(word.p, n);
        memcpy(pieces + 1, rest, found * sizeof *rest);
    }
    return best;
}

static bool cut_group(struct searcher *s, struct query_group *g, struct arena *a, struct str *found,
                      struct err *e)
{
    struct str word = g->forms[0].words[0].exact, pieces[PIECES_MAX];
    uint32_t rarest = 0;
    *e = (struct err){0};
    size_t n = word.n <= GLUED_MAX ? cut(s, word, PIECES_MAX, pieces, &rarest, e) : 0;
    if (n < 2)
        return e->code == ERR_NONE;
    struct query_form form = {.words = ARENA_ARRAY(a, struct query_word, n),
                              .origin = FORM_OTHER_SPACES};
    struct buf b = {0};
    bool good = true;
    for (size_t i = 0; i < n && good; i++) {
        buf_addf(&b, "%s%.*s", i ? " " : "", STR_ARG(pieces[i]));
        good = query_word_read(s, a, pieces[i], &form.words[form.n], e);
        form.n += !form.words[form.n].only_exact; // stop words are left out
    }
    *found = arena_str(a, buf_str(&b));
    buf_free(&b);
    if (good && form.n)
        query_add_form(g, &form, a);
    return good;
}

static bool correct_group(struct searcher *s, struct query_group *g, struct arena *a,
                          struct str *found, struct err *e)
{
    struct str word = g->forms[0].words[0].exact;
    uint32_t known = g->forms[0].words[0].documents;
    struct nearest x = {
        .s = s, .word = word, .most = word.n >= LONG_WORD ? 2 : 1, .edits = 3, .e = e};
    *found = STR_NONE;
    for (size_t j = 0; j <= word.n && word.n <= LONGEST; j++)
        x.row[0][j] = (unsigned char)j;
    if (word.n <= LONGEST &&
        (!xap_db_leap_terms(s->db, str_slice(word.p, 1), look_at, &x, e) || x.failed))
        return false;
    if (!x.best_n && !known)
        return cut_group(s, g, a, found, e);
    if (!x.best_n || (known && x.documents < known * MUCH_MORE))
        return true;
    *found = arena_str(a, str_slice(x.best, x.best_n));
    struct query_form form = {
        .words = ARENA_NEW(a, struct query_word), .n = 1, .origin = FORM_CORRECTED};
    if (!query_word_read(s, a, *found, &form.words[0], e))
        return false;
    query_add_form(g, &form, a);
    return true;
}

bool query_correct(struct searcher *s, struct query *q, struct str written, struct arena *a,
                   struct str *corrected, struct err *e)
{
    struct buf b = {0};
    size_t at = 0, looked_for = 0;
    bool good = true, any = false;
    *corrected = STR_NONE;
    for (size_t i = 0; i < q->n && good && looked_for < WORDS_MAX; i++) {
        struct query_group *g = &q->groups[i];
        struct str found = STR_NONE;
        if (!is_doubtful(g))
            continue;
        looked_for++;
        good = correct_group(s, g, a, &found, e);
        size_t start = (size_t)(g->written.p - written.p);
        if (!good || !found.n || start < at || start > written.n)
            continue;
        any = true;
        buf_add(&b, str_slice(written.p + at, start - at));
        buf_add(&b, found);
        at = start + g->written.n;
    }
    buf_add(&b, str_slice(written.p + at, written.n - at));
    if (any)
        *corrected = arena_str(a, str_trim(buf_str(&b)));
    buf_free(&b);
    return good;
}
