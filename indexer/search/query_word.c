// Words and forms of a query: how many records have a word, how rare that makes it, and which of them must be there. See searcher.h.
#include "indexer/search/searcher.h"

#include <math.h>

struct str query_term(char *out, const char *mark, struct str prefix, struct str word)
{
    size_t n = strlen(mark);
    memcpy(out, mark, n);
    memcpy(out + n, prefix.p, prefix.n);
    n += prefix.n;
    memcpy(out + n, word.p, word.n);
    return str_slice(out, n + word.n);
}

double query_rarity(uint32_t documents_with, uint32_t documents)
{
    double n = documents_with, all = documents;
    return log(1 + (all - n + 0.5) / (n + 0.5));
}

// In an English query a word is as rare as it is in English: what French has too would look common, all else rare. Codes are told by
// the whole index, as they are in any language.
double query_word_rarity(const struct query *q, const struct query_word *w, uint32_t documents)
{
    uint32_t english = q->english_documents, with = w->in_english;
    bool is_code = w->only_exact || !w->exact.n || w->exact.p[0] <= '9';
    return !english || w->prefix || is_code
               ? query_rarity(w->documents, documents)
               : query_rarity(with < english ? with : english, english);
}

static bool frequency(struct searcher *s, const char *mark, const char *prefix, struct str word,
                      uint32_t *documents, struct err *e)
{
    char term[TERM_BYTES];
    return term_count(s, query_term(term, mark, str_of(prefix), word), documents, e);
}

bool query_is_letters(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < 'a' || word.p[i] > 'z')
            return false;
    return word.n > 2;
}

bool query_word_weigh(struct searcher *s, struct arena *a, struct query_word *w, struct err *e)
{
    uint32_t english = 0;
    if (w->prefix)
        return frequency(s, "", w->prefix, w->exact, &w->documents, e);
    if (w->only_exact)
        return frequency(s, "", "", w->exact, &w->documents, e);
    if (!frequency(s, "Z", "", w->stem, &w->documents, e))
        return false;
    w->french = w->in_english = w->documents;
    if (!query_is_letters(w->exact))
        return true;
    struct str stem = analyzer_english(s->analyzer, w->exact);
    if (!frequency(s, "Z", "", stem, &english, e))
        return false;
    if (english)
        w->english = arena_str(a, stem);
    w->in_english = english;
    w->documents = w->documents > english ? w->documents : english;
    return true;
}

static void take_stem(void *arg, const struct token *token)
{
    struct query_word *w = arg;
    if (token->kind == TOKEN_JOINED)
        return;
    w->stem = token->stem;
    w->only_exact = token->is_stop;
}

bool query_word_read(struct searcher *s, struct arena *a, struct str exact, struct query_word *w,
                     struct err *e)
{
    *w = (struct query_word){.exact = exact, .stem = exact};
    analyze(s->analyzer, exact, take_stem, w);
    w->stem = arena_str(a, w->stem);
    return query_word_weigh(s, a, w, e);
}

void query_add_form(struct query_group *g, const struct query_form *form, struct arena *a)
{
    struct query_form *forms = ARENA_ARRAY(a, struct query_form, g->n + 1);
    if (g->n)
        memcpy(forms, g->forms, g->n * sizeof *forms);
    forms[g->n++] = *form;
    g->forms = forms;
}

// What is neither a wish nor demanded always.
static bool is_loose(const struct query_group *g)
{
    return !g->generic && !g->firm;
}

size_t query_demands(const struct query *q)
{
    size_t n = 0;
    for (size_t i = 0; i < q->n; i++)
        n += is_loose(&q->groups[i]) ? q->groups[i].forms[0].n : 0;
    return n;
}

bool *query_choose(const struct query *q, double least_share, struct arena *a)
{
    bool *chosen = ARENA_ARRAY(a, bool, q->n + 1);
    double all = 0, left_out = 0;
    for (size_t i = 0; i < q->n; i++) {
        chosen[i] = is_loose(&q->groups[i]);
        all += chosen[i] ? q->groups[i].rarity : 0;
    }
    for (;;) {
        size_t commonest = q->n;
        for (size_t i = 0; i < q->n; i++)
            if (chosen[i] &&
                (commonest == q->n || q->groups[i].rarity < q->groups[commonest].rarity))
                commonest = i;
        if (commonest == q->n || left_out + q->groups[commonest].rarity >= least_share * all)
            return chosen;
        left_out += q->groups[commonest].rarity;
        chosen[commonest] = false;
    }
}
