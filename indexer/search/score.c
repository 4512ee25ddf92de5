// Scores of documents that match: BM25F over the fields of a record, bonuses for its title, and how it is used. config/ranking.yaml
// tells the formula and its weights. All of a search's candidates are scored, in blocks of one chunk of docids at a time, whose arrays
// stay in the processor's nearest memory: so totals are exact, and any page or cursor sees the same scores. What a word gives to a
// document is on the word's list (word_lists.c), or, without lists, read from Xapian's postings.
#include "indexer/search/searcher.h"

#include <math.h>
#include <stdlib.h>

// A query with what is needed of each of its words, made once for all blocks.
struct scored_word {
    const struct query_word *word;
    const struct list *list; // NULL: without lists, or no document has it
    float rarity;
};
struct scored_form {
    struct scored_word *words;
    size_t n;
    float all, worth; // what its words weigh; what the form is worth
    bool whole;       // part of it is none
};
struct scored_group {
    const struct query_group *group;
    struct scored_form *forms;
    float weight, rarity; // rarity: 0 for a wish
    bool of_words;        // each form is one word
};
// Terms that are worth a bonus: any of them once, or each.
enum bonus { BONUS_PAIRS, BONUS_FORMAT, BONUS_KIND, BONUSES };
struct scored_terms {
    struct strs terms;
    const struct list **lists; // without lists: NULL
    float worth;
    bool each;
    const char *name; // in explanations
};

// Arrays by document of a block; `dense` by offset in the chunk, all zero between words.
struct score_block {
    uint32_t dense[LIST_CHUNK], codes[LIST_CHUNK];
    uint64_t marks[LIST_WORDS];
    uint16_t offsets[LIST_CHUNK];
    // Of one form, and of the best form of a group:
    float form[LIST_CHUNK], form_share[LIST_CHUNK], form_title[LIST_CHUNK], form_name[LIST_CHUNK];
    float best[LIST_CHUNK], best_share[LIST_CHUNK], best_title[LIST_CHUNK], best_name[LIST_CHUNK];
    uint32_t best_code[LIST_CHUNK]; // of forms of one word
    // Of the query:
    float text[LIST_CHUNK], share[LIST_CHUNK], covered[LIST_CHUNK], name[LIST_CHUNK];
    float bonus[LIST_CHUNK];
    uint16_t named[LIST_CHUNK]; // groups that are in the name, whole
};

struct scoring {
    struct taken_lists *taken;
    struct searcher *s;
    const struct weights *w;
    const struct query *q;
    struct err *error;
    bool good;
    struct buf *explain; // what is told of the one document of the block; NULL: nothing
    struct scored_group *groups;
    struct scored_terms terms[BONUSES];
    float all, demanded;               // what groups weigh; what they ask for
    float strength, several, unknown;  // of use
    float statuses[16];                // by PRIOR_MARKS but PRIOR_UNKNOWN
    const struct column *use, *titles; // prior; lengths
    struct score_block *b;
    const uint32_t *docids, *codes; // of the block
    size_t n, chunk;
    const unsigned char
        *lengths; // of texts, LENGTHS_BYTES of each document of the chunk; NULL: none
    bool shares;  // they are asked for
};

// ---- Before all blocks -----------------------------------------------------------------------------

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

// How a record is used, apart from what is searched for, in 32 bits: a float of 0 to 1, of whose bits the last ones tell its status, a
// place in scoring.statuses, and whether it is a brick whose use nobody counts.
enum { PRIOR_MARKS = 31, PRIOR_UNKNOWN = 16, PRIOR_STATUSES = 12 };

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
    x->strength = (float)(x->w->use.strength * (1 - x->w->use.per_word * several));
    x->unknown =
        x->w->use.all > 0 ? (float)(x->w->use.unknown.weight * several / x->w->use.all) : 0;
    x->titles = columns_fixed(s->columns, s->db, COLUMN_LENGTHS, x->error);
    x->use = x->titles ? columns_prior(s->columns, s->db, &maker, x->error) : NULL;
    prepare_statuses(x->w, x->statuses);
    x->good = x->use != NULL;
}

// ---- What the documents of a block have of a word --------------------------------------------------

static const uint32_t *listed_codes(struct scoring *x, const struct list *list)
{
    struct score_block *b = x->b;
    struct list_part part = list_part(list, x->chunk);
    for (size_t i = 0; i < part.n; i++)
        b->dense[part.offsets[i]] = list_value(&part, i);
    for (size_t i = 0; i < x->n; i++)
        b->codes[i] = b->dense[b->offsets[i]];
    for (size_t i = 0; i < part.n; i++)
        b->dense[part.offsets[i]] = 0;
    return b->codes;
}

// NULL: none of them has it.
static const uint32_t *read_codes(struct scoring *x, const struct scored_word *w,
                                  enum text_field field)
{
    if (x->codes)
        return x->codes;
    if (w->list)
        return list_touches(w->list, x->chunk) ? listed_codes(x, w->list) : NULL;
    if (!x->s->plain || !w->word->documents)
        return NULL;
    struct arena own = {0};
    x->good = x->good && word_codes(x->s, x->taken->rules, w->word, field, x->docids, x->n, &own,
                                    x->b->codes, x->error);
    arena_free(&own);
    return x->good ? x->b->codes : NULL;
}

static float worth_of_code(uint32_t code)
{
    float worth;
    code &= ~(uint32_t)WORD_MARKS;
    memcpy(&worth, &code, sizeof worth);
    return worth;
}

static float title_of_code(uint32_t code)
{
    return (float)(code >> 1 & WORD_TITLE_MAX);
}

// ---- Explanations ----------------------------------------------------------------------------------

static void number_member(struct buf *b, const char *key, double value)
{
    json_key(b, key);
    json_num(b, value);
}

static void explain_word(struct scoring *x, const struct scored_word *w, enum text_field field,
                         float value)
{
    struct arena own = {0};
    struct occurrences o;
    struct buf *b = x->explain;
    if (!word_occurrences(x->s, x->taken->rules, w->word, field, x->docids, 1, &own, &o, x->error))
        x->good = false;
    arena_free(&own);
    json_open(b, '{');
    json_key(b, "word");
    json_str(b, w->word->exact);
    json_key(b, "documents");
    json_int(b, w->word->documents);
    number_member(b, "rarity", (double)w->rarity);
    number_member(b, "occurrences", x->good ? (double)o.thinned : 0);
    number_member(b, "weight", (double)value);
    json_close(b, '}');
}

// ---- Groups ----------------------------------------------------------------------------------------

static void clear(float *const *arrays, size_t count, size_t n)
{
    for (size_t i = 0; i < count; i++)
        memset(arrays[i], 0, n * sizeof(float));
}

static void add_word(struct scoring *x, const struct scored_word *w, enum text_field field)
{
    struct score_block *b = x->b;
    const uint32_t *codes = read_codes(x, w, field);
    for (size_t i = 0; i < x->n && codes; i++) {
        uint32_t code = codes[i];
        float worth = worth_of_code(code);
        b->form[i] += w->rarity * worth;
        b->form_share[i] += worth > 0 ? w->rarity : 0;
        b->form_title[i] += title_of_code(code);
        b->form_name[i] += code & 1 ? w->rarity : 0;
    }
    if (x->explain)
        explain_word(x, w, field, codes ? w->rarity * worth_of_code(codes[0]) : 0);
}

static void add_form(struct scoring *x, const struct scored_form *f, enum text_field field)
{
    struct score_block *b = x->b;
    clear((float *const[]){b->form, b->form_share, b->form_title, b->form_name}, 4, x->n);
    for (size_t j = 0; j < f->n; j++)
        add_word(x, &f->words[j], field);
    for (size_t i = 0; i < x->n && f->all > 0; i++) {
        float share = b->form_share[i] / f->all;
        float value = f->whole && share <= 0.999F ? 0 : f->worth * b->form[i] / f->all;
        if (value <= b->best[i])
            continue;
        b->best[i] = value;
        b->best_share[i] = share;
        b->best_title[i] = b->form_title[i];
        b->best_name[i] = b->form_name[i] / f->all;
    }
}

// What a group of one word, as most are, has of it: codes, and what the best of its forms is worth.
static void add_codes(struct scoring *x, const struct scored_group *g, const uint32_t *codes)
{
    struct score_block *b = x->b;
    for (size_t i = 0; i < x->n && x->shares; i++)
        b->share[i] += worth_of_code(codes[i]) > 0 ? g->rarity : 0;
    for (size_t i = 0; i < x->n; i++) {
        uint32_t code = codes[i];
        if (!(code & WORD_MARKS) || worth_of_code(code) <= 0)
            continue;
        b->covered[i] += title_of_code(code);
        b->name[i] += code & 1 ? g->weight : 0;
        b->named[i] = (uint16_t)(b->named[i] + (code & 1));
    }
}

static void add_one_word(struct scoring *x, const struct scored_group *g)
{
    struct score_block *b = x->b;
    const struct scored_form *f = &g->forms[0];
    const uint32_t *codes = read_codes(x, &f->words[0], g->group->field);
    float factor = g->weight * f->worth;
    if (!codes || f->all <= 0)
        return;
    for (size_t i = 0; i < x->n; i++)
        b->text[i] += factor * worth_of_code(codes[i]);
    add_codes(x, g, codes);
}

// A group whose forms are one word each: synonyms, alternatives.
static void add_words(struct scoring *x, const struct scored_group *g)
{
    struct score_block *b = x->b;
    memset(b->best, 0, x->n * sizeof *b->best);
    memset(b->best_code, 0, x->n * sizeof *b->best_code);
    for (size_t j = 0; j < g->group->n; j++) {
        const struct scored_form *f = &g->forms[j];
        const uint32_t *codes = read_codes(x, &f->words[0], g->group->field);
        for (size_t i = 0; i < x->n && codes && f->all > 0; i++) {
            float value = f->worth * worth_of_code(codes[i]);
            bool better = value > b->best[i];
            b->best[i] = better ? value : b->best[i];
            b->best_code[i] = better ? codes[i] : b->best_code[i];
        }
    }
    for (size_t i = 0; i < x->n; i++)
        b->text[i] += g->weight * b->best[i];
    add_codes(x, g, b->best_code);
}

static void add_group(struct scoring *x, const struct scored_group *g)
{
    struct score_block *b = x->b;
    if (g->of_words && !x->explain) {
        if (g->group->n == 1)
            add_one_word(x, g);
        else
            add_words(x, g);
        return;
    }
    clear((float *const[]){b->best, b->best_share, b->best_title, b->best_name}, 4, x->n);
    for (size_t j = 0; j < g->group->n; j++)
        add_form(x, &g->forms[j], g->group->field);
    for (size_t i = 0; i < x->n; i++) {
        b->text[i] += g->weight * b->best[i];
        b->share[i] += g->rarity * b->best_share[i];
        b->covered[i] += b->best_title[i];
        b->name[i] += g->weight * b->best_name[i];
        b->named[i] = (uint16_t)(b->named[i] + (b->best_name[i] > 0.999F));
    }
}

// Marks the documents of the block that have a term.
static void mark_term(struct scoring *x, const struct scored_terms *t, size_t j)
{
    struct score_block *b = x->b;
    if (t->lists) {
        list_mark(t->lists[j], x->chunk, b->marks);
        return;
    }
    x->good =
        x->good && xap_db_counts(x->s->db, t->terms.v[j], x->docids, x->n, b->codes, x->error);
    for (size_t i = 0; i < x->n && x->good; i++)
        b->marks[b->offsets[i] / 64] |= (uint64_t)(b->codes[i] > 0) << b->offsets[i] % 64;
}

static void add_bonus(struct scoring *x, const struct scored_terms *t)
{
    struct score_block *b = x->b;
    float before = b->bonus[0];
    memset(b->marks, 0, sizeof b->marks);
    for (size_t j = 0; j < t->terms.n; j++) {
        mark_term(x, t, j);
        if (!t->each && j + 1 < t->terms.n)
            continue;
        for (size_t i = 0; i < x->n; i++)
            b->bonus[i] += b->marks[b->offsets[i] / 64] >> b->offsets[i] % 64 & 1 ? t->worth : 0;
        memset(b->marks, 0, sizeof b->marks);
    }
    if (x->explain)
        number_member(x->explain, t->name, (double)(b->bonus[0] - before));
}

// ---- A block -----------------------------------------------------------------------------------------

static const unsigned char *title_length(const struct scoring *x, size_t i)
{
    return x->lengths + x->docids[i] % COLUMN_CHUNK * LENGTHS_BYTES + FIELD_TITLE;
}

static float title_bonus(const struct scoring *x, size_t i)
{
    const struct score_block *b = x->b;
    float words = x->w->title_words[x->lengths ? *title_length(x, i) : 0];
    float coverage = words >= 0.5F ? b->covered[i] / words : 0;
    coverage = coverage < 1 ? coverage : 1;
    float share = x->all > 0 ? b->name[i] / x->all : 0;
    bool exact = coverage > 0.96F && b->named[i] == x->q->n; // lengths are rounded
    float exact_bonus = exact ? (float)x->w->title.exact : 0,
          coverage_bonus = (float)x->w->title.coverage * coverage,
          share_bonus = (float)x->w->title.share * share * share;
    if (x->explain) {
        number_member(x->explain, "title_exact", (double)exact_bonus);
        number_member(x->explain, "title_coverage", (double)coverage_bonus);
        number_member(x->explain, "title_share", (double)share_bonus);
    }
    return exact_bonus + coverage_bonus + share_bonus;
}

enum { AHEAD = 16 };

static void explain_end(struct scoring *x, float use, float status)
{
    number_member(x->explain, "text", x->q->n ? (double)x->b->text[0] : 1);
    number_member(x->explain, "use", (double)use);
    number_member(x->explain, "use_strength", (double)x->strength);
    number_member(x->explain, "status", (double)status);
}

// What is known of a record apart from the words, times what they are worth.
static void finish(struct scoring *x, float *restrict score)
{
    const unsigned char *priors = column_chunk(x->use, x->docids[0]);
    const uint32_t *docids = x->docids;
    const float strength = x->strength, unknowns[2] = {0, x->unknown}, *statuses = x->statuses;
    for (size_t i = 0; i < x->n; i++) {
        uint32_t prior = 0, bits;
        float use;
        if (priors) {
            memcpy(&prior, priors + docids[i] % COLUMN_CHUNK * sizeof prior, sizeof prior);
            __builtin_prefetch(priors + docids[i + AHEAD < x->n ? i + AHEAD : i] % COLUMN_CHUNK *
                                            sizeof prior);
        }
        bits = prior & ~(uint32_t)PRIOR_MARKS;
        memcpy(&use, &bits, sizeof use);
        use += unknowns[prior / PRIOR_UNKNOWN & 1];
        score[i] = (1 + strength * use) * statuses[prior % PRIOR_UNKNOWN];
        if (x->explain)
            explain_end(x, use, statuses[prior % PRIOR_UNKNOWN]);
    }
    const float *text = x->b->text, *bonus = x->b->bonus;
    for (size_t i = 0; i < x->n && x->q->n; i++)
        score[i] *= text[i] * (1 + bonus[i]);
}

static void score_words(struct scoring *x, float *share)
{
    struct score_block *b = x->b;
    for (size_t i = 0; i < x->n; i++)
        b->offsets[i] = (uint16_t)(x->docids[i] % LIST_CHUNK);
    clear((float *const[]){b->text, b->share, b->covered, b->name, b->bonus}, 5, x->n);
    memset(b->named, 0, x->n * sizeof *b->named);
    if (x->explain) {
        json_key(x->explain, "words");
        json_open(x->explain, '[');
    }
    for (size_t g = 0; g < x->q->n && x->good; g++)
        add_group(x, &x->groups[g]);
    if (x->explain)
        json_close(x->explain, ']');
    for (size_t j = 0; j < BONUSES && x->good; j++)
        if (x->terms[j].terms.n || x->explain)
            add_bonus(x, &x->terms[j]);
    // Lengths are far apart in memory: they are asked for some documents ahead.
    size_t titled = 0;
    for (size_t i = 0; i < x->n; i++) {
        b->offsets[titled] = (uint16_t)i;
        titled += b->covered[i] > 0 || b->name[i] > 0 || x->explain;
    }
    for (size_t i = 0; i < titled; i++) {
        if (i + AHEAD < titled && x->lengths)
            __builtin_prefetch(title_length(x, b->offsets[i + AHEAD]));
        b->bonus[b->offsets[i]] += title_bonus(x, b->offsets[i]);
    }
    for (size_t i = 0; i < x->n && share; i++)
        share[i] = x->demanded > 0 ? b->share[i] / x->demanded : 1;
}

bool score_all(struct taken_lists *t, const struct query *q, const uint32_t *docids,
               const uint32_t *codes, size_t n, float *score, float *share, struct buf *explain,
               struct err *e)
{
    struct searcher *s = t->s;
    struct scoring x = {.taken = t,
                        .s = s,
                        .w = &t->rules->weights,
                        .q = q,
                        .error = e,
                        .good = true,
                        .explain = explain,
                        .shares = share != NULL};
    struct xap_stats stats;
    if (!xap_db_stats(s->db, &stats, e))
        return false;
    if (!s->block)
        s->block = xcalloc(1, sizeof *s->block);
    x.b = s->block;
    prepare_use(&x);
    if (x.good)
        prepare_query(&x, stats.documents);
    for (size_t i = 0; i < n && x.good; i += x.n) {
        x.docids = docids + i;
        x.n = column_run(docids + i, n - i);
        x.chunk = docids[i] / LIST_CHUNK;
        x.codes = codes ? codes + i : NULL;
        x.lengths = column_chunk(x.titles, docids[i]);
        if (q->n)
            score_words(&x, share ? share + i : NULL);
        finish(&x, score + i);
    }
    return x.good;
}
