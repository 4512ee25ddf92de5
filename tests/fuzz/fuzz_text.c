// Fuzzing of the analysis of any bytes. Tokens must be in order and inside the text; terms must be valid, short, without separators;
// and a term that is analysed again must be itself, with the same stem, since that is how a query finds a document.
#include "indexer/text/text.h"
#include "tests/fuzz/fuzz.h"

struct state {
    struct str text;
    struct token last;
    uint32_t end; // one past the last position that a token covers
    size_t tokens;
};

static struct analyzer *analyzer, *other;

// Parts of a joined form may end and begin with jamo of Hangul: they are put together as they are.
static bool may_compose(const struct token *t)
{
    return t->kind == TOKEN_JOINED && str_find_char(t->exact, '\xe1') >= 0;
}

static void must_be_term(struct str term, bool decimal)
{
    must(term.n >= 1 && term.n <= TEXT_TERM_BYTES);
    struct buf folded = {0};
    text_fold(&folded, term);
    ptrdiff_t point = str_find_char(term, '.');
    must((point >= 0) == decimal);
    if (decimal)
        folded.p[point] = '.'; // where text_fold puts a space
    must(str_eq(buf_str(&folded), term));
    buf_free(&folded);
}

static void check_again(void *arg, const struct token *t)
{
    const struct token *first = arg;
    must(str_eq(t->exact, first->exact) && str_eq(t->stem, first->stem));
    must(t->kind == first->kind || first->kind == TOKEN_JOINED);
    must(t->is_stop == first->is_stop && t->position == 1 && t->span == 1);
    must(t->start == 0 && t->end == first->exact.n);
}

static void check(void *arg, const struct token *t)
{
    struct state *s = arg;
    must(t->start < t->end && t->end <= s->text.n);
    must(t->position >= 1 && t->span >= 1);
    must(t->position >= s->last.position && t->start >= s->last.start);
    must((t->span > 1) == (t->kind == TOKEN_JOINED) && t->span <= TEXT_JOIN_PARTS);
    if (s->last.kind == TOKEN_JOINED && t->position == s->last.position)
        must(t->start == s->last.start && t->end <= s->last.end && t->span <= s->last.span);
    else if (s->tokens > 0)
        must(t->position > s->last.position && t->start >= s->last.start);
    if (t->kind != TOKEN_JOINED && s->tokens > 0 && s->last.kind != TOKEN_JOINED)
        must(t->start >= s->last.end);
    bool decimal = t->kind == TOKEN_CODE && str_find_char(t->exact, '.') >= 0;
    must(!t->is_stop || str_eq(t->exact, t->stem));
    if (!may_compose(t)) {
        must_be_term(t->exact, decimal);
        must_be_term(t->stem, decimal);
        must(analyze(other, t->exact, check_again, (void *)(uintptr_t)t) == 1);
    }
    s->last = *t;
    s->tokens++;
    if (s->end < t->position + t->span)
        s->end = t->position + t->span;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct str stop_words = STR("le la les de des du un en et il aujourdhui");
    if (!analyzer) {
        analyzer = analyzer_new(stop_words, NULL);
        other = analyzer_new(stop_words, NULL);
        must(analyzer && other);
    }
    struct state s = {.text = str_slice((const char *)data, size)};
    uint32_t positions = analyze(analyzer, s.text, check, &s);
    must(s.end <= positions + 1 && positions <= size);

    struct buf once = {0}, twice = {0};
    text_fold(&once, s.text);
    text_fold(&twice, buf_str(&once));
    must(str_eq(buf_str(&once), buf_str(&twice)));
    struct arena a = {0};
    struct str key = text_sort_key(&a, s.text);
    must(key.n <= TEXT_TERM_BYTES && str_starts(buf_str(&once), key));
    arena_free(&a);
    buf_free(&once);
    buf_free(&twice);

    struct word_set *set = word_set_new(s.text, NULL);
    word_set_free(set);
    return 0;
}
