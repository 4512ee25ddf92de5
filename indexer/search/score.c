// Scores of documents that match: BM25F over the fields of a record, bonuses for its title, and how it is used. config/ranking.yaml
// tells the formula and its weights. Documents are scored in blocks of one chunk of docids at a time, whose arrays
// stay in the processor's nearest memory. What a word gives to a document is on the word's list (word_lists.c), or, without lists, read
// from Xapian's postings.
#include "indexer/search/scoring.h"

// ---- What the documents of a block have of a word --------------------------------------------------

// Where few of the chunk's documents are asked for: each is looked for behind the one before.
static const uint32_t *sought_codes(struct scoring *x, const struct list_part *part)
{
    struct score_block *b = x->b;
    size_t from = 0;
    for (size_t i = 0; i < x->n; i++) {
        uint16_t offset = b->offsets[i];
        size_t step = 1, to;
        while (from + step < part->n && part->offsets[from + step] < offset)
            step *= 2;
        to = from + step < part->n ? from + step + 1 : part->n;
        for (from += step / 2; from < to;) {
            size_t middle = from + (to - from) / 2;
            if (part->offsets[middle] < offset)
                from = middle + 1;
            else
                to = middle;
        }
        b->codes[i] = from < part->n && part->offsets[from] == offset ? list_value(part, from) : 0;
    }
    return b->codes;
}

static const uint32_t *listed_codes(struct scoring *x, const struct list *list)
{
    enum { FEW = 8 }; // times as many are on the list
    struct score_block *b = x->b;
    struct list_part part = list_part(list, x->chunk);
    if (FEW * x->n < part.n)
        return sought_codes(x, &part);
    for (size_t i = 0; i < part.n; i++)
        b->dense[part.offsets[i]] = list_value(&part, i);
    for (size_t i = 0; i < x->n; i++)
        b->codes[i] = b->dense[b->offsets[i]];
    for (size_t i = 0; i < part.n; i++)
        b->dense[part.offsets[i]] = 0;
    return b->codes;
}

const uint32_t *scoring_codes(struct scoring *x, const struct scored_word *w, enum text_field field)
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
    const uint32_t *codes = scoring_codes(x, w, field);
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
    const uint32_t *codes = scoring_codes(x, &f->words[0], g->group->field);
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
        const uint32_t *codes = scoring_codes(x, &f->words[0], g->group->field);
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
    number_member(x->explain, "use_strength", (double)x->rule.strength);
    number_member(x->explain, "status", (double)status);
}

// What is known of a record apart from the words, times what they are worth.
static void finish(struct scoring *x, float *restrict score)
{
    const uint32_t *docids = x->docids;
    for (size_t i = 0; i < x->n; i++) {
        uint32_t prior = 0;
        if (x->priors) {
            prior = prior_at(x->priors, docids[i]);
            __builtin_prefetch(x->priors + docids[i + PRIORS_AHEAD < x->n ? i + PRIORS_AHEAD : i] %
                                               COLUMN_CHUNK * sizeof prior);
        }
        score[i] = prior_factor(&x->rule, prior);
        if (x->explain)
            explain_end(x, prior_use(&x->rule, prior), prior_status(&x->rule, prior));
    }
    const float *text = x->b->text, *bonus = x->b->bonus;
    for (size_t i = 0; i < x->n && x->q->n; i++)
        score[i] *= text[i] * (1 + bonus[i]);
}

static void score_words(struct scoring *x, float *share)
{
    struct score_block *b = x->b;
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

void scoring_begin(struct scoring *x, const uint32_t *docids, const uint32_t *codes, size_t n)
{
    x->docids = docids;
    x->codes = codes;
    x->n = column_run(docids, n);
    x->chunk = docids[0] / LIST_CHUNK;
    x->lengths = column_chunk(x->titles, docids[0]);
    x->priors = column_chunk(x->use, docids[0]);
    for (size_t i = 0; i < x->n; i++)
        x->b->offsets[i] = (uint16_t)(docids[i] % LIST_CHUNK);
}

void scoring_run(struct scoring *x, float *score, float *share)
{
    if (x->q->n)
        score_words(x, share);
    finish(x, score);
}

bool score_all(struct taken_lists *t, const struct query *q, const uint32_t *docids,
               const uint32_t *codes, size_t n, float *score, float *share, struct buf *explain,
               struct err *e)
{
    struct scoring x;
    if (!scoring_prepare(&x, t, q, e))
        return false;
    x.explain = explain;
    x.shares = share != NULL;
    for (size_t i = 0; i < n && x.good; i += x.n) {
        scoring_begin(&x, docids + i, codes ? codes + i : NULL, n - i);
        scoring_run(&x, score + i, share ? share + i : NULL);
    }
    return x.good;
}
