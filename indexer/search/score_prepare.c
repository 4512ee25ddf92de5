// What the score of every document of a search needs, made once: its words with their lists and weights, what use and status are worth.
// See scoring.h.
#include "indexer/search/scoring.h"

#include <math.h>
#include <stdlib.h>

static double worth_of(const struct weights *w, const struct query_form *f)
{
    enum form_origin origin = f->origin;
    if (origin == FORM_AROUND)
        return w->place.around * pow(w->place.step, f->steps - 1.0);
    if (origin == FORM_INSIDE)
        return w->place.inside;
    return origin == FORM_SYNONYM     ? w->text.synonym
           : origin == FORM_CORRECTED ? w->text.correction
                                      : 1;
}

static void prepare_form(struct scoring *x, const struct query_group *g, const struct query_form *f,
                         uint32_t documents, struct scored_form *out)
{
    double all = 0;
    *out = (struct scored_form){.words = ARENA_ARRAY(x->taken->arena, struct scored_word, f->n + 1),
                                .n = f->n,
                                .worth = (float)worth_of(x->w, f),
                                .whole = f->origin != FORM_WRITTEN};
    for (size_t i = 0; i < f->n && x->good; i++) {
        const struct query_word *w = &f->words[i];
        double rarity = query_word_rarity(x->q, w, documents);
        out->words[i] = (struct scored_word){.word = w, .rarity = (float)rarity};
        all += rarity;
        if (x->s->plain || !w->documents)
            continue;
        out->words[i].list = word_list(x->taken, w, g->field, x->error);
        x->good = out->words[i].list != NULL;
    }
    out->all = (float)all;
}

static void prepare_bonus(struct scoring *x, enum bonus which, const char *name,
                          const struct strs *terms, double worth)
{
    struct scored_terms *t = &x->terms[which];
    *t = (struct scored_terms){*terms, NULL, (float)worth, which == BONUS_PAIRS, name};
    if (x->s->plain || !x->good)
        return;
    t->lists = ARENA_ARRAY(x->taken->arena, const struct list *, terms->n + 1);
    for (size_t i = 0; i < terms->n && x->good; i++) {
        t->lists[i] = term_list(x->taken, terms->v[i], x->error);
        x->good = t->lists[i] != NULL;
    }
}

static void add_term(struct strs *terms, enum facet facet, struct str value, struct arena *a)
{
    arena_push(a, terms, arena_printf(a, "%s%.*s", facet_fields[facet].prefix.p, STR_ARG(value)));
}

// A group that is a format, or tells of a kind: records of it are preferred.
static void add_bonus_terms(const struct query_group *g, struct arena *a, struct strs *formats,
                            struct strs *kinds)
{
    for (size_t i = 0; i < g->n && g->format.n; i++)
        if (g->forms[i].n == 1)
            add_term(formats, FACET_FORMAT, g->forms[i].words[0].exact, a);
    if (g->kind.n)
        add_term(kinds, FACET_KIND, g->kind, a);
}

static void prepare_query(struct scoring *x, uint32_t documents)
{
    const struct query *q = x->q;
    struct arena *a = x->taken->arena;
    struct strs formats = {0}, kinds = {0};
    x->groups = ARENA_ARRAY(a, struct scored_group, q->n + 1);
    for (size_t i = 0; i < q->n && x->good; i++) {
        const struct query_group *g = &q->groups[i];
        struct scored_group *out = &x->groups[i];
        out->group = g;
        out->forms = ARENA_ARRAY(a, struct scored_form, g->n + 1);
        out->weight = (float)(g->rarity * (g->generic ? x->w->text.generic : 1));
        out->rarity = g->generic ? 0 : (float)g->rarity;
        out->of_words = true;
        for (size_t j = 0; j < g->n && x->good; j++) {
            prepare_form(x, g, &g->forms[j], documents, &out->forms[j]);
            out->of_words = out->of_words && g->forms[j].n == 1;
        }
        x->all += out->weight;
        x->demanded += out->rarity;
        add_bonus_terms(g, a, &formats, &kinds);
    }
    double pairs = q->pairs.n ? x->w->title.pairs / (double)q->pairs.n : 0;
    prepare_bonus(x, BONUS_PAIRS, "title_pairs", &q->pairs, pairs);
    prepare_bonus(x, BONUS_FORMAT, "format", &formats, x->w->text.format);
    prepare_bonus(x, BONUS_KIND, "kind", &kinds, x->w->text.kind);
}

// ---- Use -------------------------------------------------------------------------------------------

static double use_of(const struct weights *weights, const unsigned char *packed,
                     const struct usage *marks)
{
    double sum = 0;
    for (int i = 0; i < USAGE_NUMBERS; i++)
        sum += weights->use.parts[i][usage_code(packed, (enum usage_number)i)];
    sum += marks->certified && marks->public_service ? weights->use.public_service.weight : 0;
    sum += marks->certified ? weights->use.certified.weight : 0;
    sum += marks->featured ? weights->use.featured.weight : 0;
    sum += marks->quality * weights->use.quality.weight;
    return weights->use.all > 0 ? sum / weights->use.all : 0;
}

static unsigned status_place(const struct usage *u)
{
    return (unsigned)u->status + 3 * (unsigned)u->fork + 6 * (unsigned)u->template;
}

static void prepare_statuses(const struct weights *w, float statuses[PRIOR_STATUSES])
{
    for (int i = 0; i < PRIOR_STATUSES; i++) {
        struct usage u = {
            .status = (enum record_status)(i % 3), .fork = i / 3 % 2, .template = i / 6};
        double factor = u.status == STATUS_ARCHIVED  ? w->status.archived
                        : u.status == STATUS_MISSING ? w->status.missing
                                                     : 1;
        factor *= (u.fork ? w->status.fork : 1) * (u.template ? w->status.template : 1);
        statuses[status_place(&u)] = (float)factor;
    }
}

static void make_prior(const void *arg, const unsigned char *packed, unsigned char *out)
{
    struct usage marks = usage_marks(packed);
    bool unknown = marks.unknown && marks.kind != KIND_ORGANIZATION;
    float use = (float)use_of(arg, packed, &marks);
    uint32_t prior;
    memcpy(&prior, &use, sizeof prior);
    prior = (prior & ~(uint32_t)PRIOR_MARKS) | status_place(&marks) | (unknown ? PRIOR_UNKNOWN : 0);
    memcpy(out, &prior, sizeof prior);
}

static void prepare_use(struct scoring *x)
{
    struct searcher *s = x->s;
    const struct column_maker maker = {x->taken->rules->number, sizeof(uint32_t), make_prior, x->w};
    // 0 for a query of one word, a name most often, which what is known by it answers; towards 1 for a need in many words, which what
    // nobody counts answers as well.
    double several = x->q->n ? 1 - 1 / (double)x->q->n : 0;
    x->rule.strength = (float)(x->w->use.strength * (1 - x->w->use.per_word * several));
    x->rule.unknowns[1] =
        x->w->use.all > 0 ? (float)(x->w->use.unknown.weight * several / x->w->use.all) : 0;
    x->titles = columns_fixed(s->columns, s->db, COLUMN_LENGTHS, x->error);
    x->use = x->titles ? columns_prior(s->columns, s->db, &maker, x->error) : NULL;
    prepare_statuses(x->w, x->rule.statuses);
    x->good = x->use != NULL;
}

bool scoring_prepare(struct scoring *x, struct taken_lists *t, const struct query *q, struct err *e)
{
    struct searcher *s = t->s;
    struct xap_stats stats;
    *x = (struct scoring){.taken = t, .s = s, .w = &t->rules->weights, .q = q, .error = e};
    if (!xap_db_stats(s->db, &stats, e))
        return false;
    if (!s->block)
        s->block = xcalloc(1, sizeof *s->block);
    x->b = s->block;
    prepare_use(x);
    if (x->good)
        prepare_query(x, stats.documents);
    return x->good;
}
