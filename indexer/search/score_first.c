// The documents with the highest scores, without scoring all of them: what a document's score can be at most is quickly told from its
// words and its use. Only where that is above the lowest of the first ones so far is it scored.
#include "indexer/search/scoring.h"

enum {
    FEW = 4,          // times as many are asked for as there are: all are scored
    SIFTED_LEAST = 32 // documents of a block
};

struct sifting {
    struct scoring x;
    struct firsts first;
    float titled, untitled; // 1 + the bonuses of a document at most, with a word in its name or not
    float status;           // at most
};

// What rounding may add to a score.
static const float ROUNDED_UP = 1.0001F;

static void prepare_bounds(struct sifting *s)
{
    const struct weights *w = s->x.w;
    s->untitled = 1;
    for (size_t i = 0; i < BONUSES; i++) {
        const struct scored_terms *t = &s->x.terms[i];
        size_t times = t->each ? t->terms.n : t->terms.n > 0;
        s->untitled += t->worth * (float)times;
    }
    s->titled = s->untitled + (float)(w->title.exact + w->title.coverage + w->title.share);
    s->status = 0;
    for (int i = 0; i < PRIOR_STATUSES; i++)
        s->status = s->x.rule.statuses[i] > s->status ? s->x.rule.statuses[i] : s->status;
    s->status *= ROUNDED_UP;
}

// ---- Texts, by offset in the chunk -------------------------------------------------------------------

static void bound_word(struct scoring *x, const struct list *list, float worth, float *restrict sum)
{
    unsigned char *restrict marks = x->b->text_marks;
    if (!list || !list_touches(list, x->chunk))
        return;
    struct list_part part = list_part(list, x->chunk);
    for (size_t i = 0; i < part.n; i++) {
        uint32_t code = list_value(&part, i);
        sum[part.offsets[i]] += worth * worth_of_code(code);
        marks[part.offsets[i]] |= code & WORD_MARKS;
    }
}

// Whether some of its words may be missing does not matter: it is not more without them.
static void bound_form(struct scoring *x, const struct scored_form *f, float weight, float *sum)
{
    for (size_t k = 0; k < f->n && f->all > 0; k++)
        bound_word(x, f->words[k].list, weight * f->worth * f->words[k].rarity / f->all, sum);
}

static bool form_is_here(const struct scoring *x, const struct scored_form *f)
{
    for (size_t k = 0; k < f->n; k++)
        if (f->words[k].list && list_touches(f->words[k].list, x->chunk))
            return true;
    return false;
}

// Most chunks have one form of a group alone: that which was written.
static void bound_group(struct scoring *x, const struct scored_group *g)
{
    struct score_block *b = x->b;
    const struct scored_form *here = NULL;
    size_t n = 0;
    for (size_t j = 0; j < g->group->n; j++)
        if (form_is_here(x, &g->forms[j])) {
            here = &g->forms[j];
            n++;
        }
    if (n < 2) {
        if (here)
            bound_form(x, here, g->weight, b->text);
        return;
    }
    memset(b->best, 0, sizeof b->best);
    for (size_t j = 0; j < g->group->n; j++) {
        if (!form_is_here(x, &g->forms[j]))
            continue;
        memset(b->form, 0, sizeof b->form);
        bound_form(x, &g->forms[j], g->weight, b->form);
        for (size_t i = 0; i < LIST_CHUNK; i++)
            b->best[i] = b->form[i] > b->best[i] ? b->form[i] : b->best[i];
    }
    for (size_t i = 0; i < LIST_CHUNK; i++)
        b->text[i] += b->best[i];
}

// ---- Documents ---------------------------------------------------------------------------------------

// Of each document of the block, what its words are worth at most, and the marks of any of them.
static void bound_texts(struct scoring *x, float *restrict most, unsigned char *restrict marks)
{
    struct score_block *b = x->b;
    if (!x->q->n) {
        for (size_t i = 0; i < x->n; i++)
            most[i] = 1;
        memset(marks, 0, x->n);
        return;
    }
    if (x->codes) {
        float factor = x->groups[0].weight * x->groups[0].forms[0].worth;
        for (size_t i = 0; i < x->n; i++) {
            most[i] = factor * worth_of_code(x->codes[i]);
            marks[i] = x->codes[i] & WORD_MARKS;
        }
        return;
    }
    memset(b->text, 0, sizeof b->text);
    memset(b->text_marks, 0, sizeof b->text_marks);
    for (size_t g = 0; g < x->q->n; g++)
        bound_group(x, &x->groups[g]);
    for (size_t i = 0; i < x->n; i++) {
        most[i] = b->text[b->offsets[i]];
        marks[i] = b->text_marks[b->offsets[i]];
    }
}

// Keeps those of the block that may be among the first. Returns how many.
static size_t sift(struct sifting *s)
{
    struct scoring *x = &s->x;
    struct score_block *b = x->b;
    float *restrict most = b->share;
    unsigned char *restrict marks = b->likely_marks;
    uint32_t *restrict priors = b->codes;
    const float titled = s->titled * s->status, untitled = s->untitled * s->status,
                strength = x->rule.strength, unknown = x->rule.unknowns[1];
    size_t n = 0;
    bound_texts(x, most, marks);
    for (size_t i = 0; i < x->n; i++)
        priors[i] = x->priors ? prior_at(x->priors, x->docids[i]) : 0;
    for (size_t i = 0; i < x->n; i++) {
        float use = prior_bare(priors[i]) + (priors[i] & PRIOR_UNKNOWN ? unknown : 0);
        most[i] *= (marks[i] ? titled : untitled) * (1 + strength * use);
    }
    for (size_t i = 0; i < x->n; i++)
        if (most[i] > s->first.least_score) {
            b->likely[n] = x->docids[i];
            b->likely_codes[n++] = x->codes ? x->codes[i] : 0;
        }
    return n;
}

static void take(struct sifting *s, const uint32_t *docids, const uint32_t *codes, size_t n)
{
    struct scoring *x = &s->x;
    struct score_block *b = x->b;
    scoring_begin(x, docids, codes, n);
    size_t block = x->n;
    bool sifted = block >= SIFTED_LEAST && s->first.full;
    if (sifted) {
        size_t likely = sift(s);
        if (!likely)
            return;
        scoring_begin(x, b->likely, codes ? b->likely_codes : NULL, likely);
    }
    scoring_run(x, b->likely_score, NULL);
    for (size_t i = 0; i < x->n; i++)
        firsts_add(&s->first, b->likely_score[i], x->docids[i]);
    x->n = block;
}

static bool score_then_order(struct taken_lists *t, const struct query *q, const uint32_t *docids,
                             const uint32_t *codes, size_t n, size_t k, struct ranked **out,
                             size_t *got, struct err *e)
{
    float *score = ARENA_ROOM(t->arena, float, n + 1);
    if (!score_all(t, q, docids, codes, n, score, NULL, NULL, e))
        return false;
    *got =
        ranked_first(&(struct to_rank){.docids = docids, .n = n, .score = score}, k, t->arena, out);
    return true;
}

bool score_first(struct taken_lists *t, const struct query *q, const uint32_t *docids,
                 const uint32_t *codes, size_t n, size_t k, struct ranked **out, size_t *got,
                 struct err *e)
{
    if (t->s->plain || n / FEW <= k)
        return score_then_order(t, q, docids, codes, n, k, out, got, e);
    struct sifting s;
    if (!scoring_prepare(&s.x, t, q, e))
        return false;
    prepare_bounds(&s);
    firsts_init(&s.first, k, t->arena);
    for (size_t i = 0; i < n && s.x.good; i += s.x.n)
        take(&s, docids + i, codes ? codes + i : NULL, n - i);
    *out = s.first.v;
    *got = firsts_end(&s.first);
    return s.x.good;
}
