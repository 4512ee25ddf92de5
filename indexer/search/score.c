// Scores of documents that match: BM25F over the fields of a record, bonuses for its title, and how it is used. config/ranking.yaml
// tells the formula and its weights. All of a search's candidates are scored, one word at a time, each term's postings being
// walked once: so totals are exact, and any page or cursor sees the same scores.
//
// BM25F: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), 3.5.
#include "indexer/search/searcher.h"

#include "indexer/index/usage.h"

#include <math.h>

enum { LENGTH_CODES = 256 };

struct scoring {
    struct searcher *s;
    const struct weights *w;
    const struct query *q;
    struct arena *arena;
    struct candidates *c;
    struct err *error;
    bool good;
    struct buf *explain;

    unsigned char *lengths; // LENGTHS_BYTES of each candidate
    float thinning[FIELD_COUNT]
                  [LENGTH_CODES];         // what an occurrence counts for, by the text's length
    uint32_t *stems, *exacts, *more;      // of one term, by candidate
    uint32_t *other_stems, *other_exacts; // of one word, in the fields that are not the description
    // Of one word, by candidate:
    float *tf;
    float *in_title; // its occurrences in the title
    bool *in_name;   // it is in the title or the acronym
    // Of one form, and of the best form of a group:
    float *form, *form_share, *form_title, *form_name;
    float *best, *best_share, *best_title, *best_name;
    // Of the query:
    float *text, *share, *covered, *name, *pairs, *format, *kind;
    bool *whole_name; // every group is in the title
};

static float *floats(struct scoring *x)
{
    return ARENA_ARRAY(x->arena, float, x->c->n + 1);
}

static uint32_t *numbers(struct scoring *x)
{
    return ARENA_ARRAY(x->arena, uint32_t, x->c->n + 1);
}

// ---- Occurrences -------------------------------------------------------------------------------------

static void count(struct scoring *x, const char *mark, struct str prefix, struct str word,
                  uint32_t *out)
{
    char term[TERM_BYTES];
    x->good = x->good && xap_db_counts(x->s->db, query_term(term, mark, prefix, word), x->c->docids,
                                       x->c->n, out, x->error);
}

static void count_stems(struct scoring *x, const struct query_word *w, struct str prefix)
{
    count(x, "Z", prefix, w->only_exact ? w->exact : w->stem, x->stems);
    if (!w->english.n)
        return;
    count(x, "Z", prefix, w->english, x->more);
    for (size_t i = 0; i < x->c->n; i++)
        x->stems[i] += x->more[i];
}

static void add_field(struct scoring *x, enum text_field field, size_t i, double occurrences)
{
    x->tf[i] += (float)occurrences * x->thinning[field][x->lengths[i * LENGTHS_BYTES + field]];
}

// The occurrences of a word in one field, each weighed by whether it is in its very form.
static void add_occurrences(struct scoring *x, const struct query_word *w, enum text_field field)
{
    struct str prefix = field_prefixes[field];
    bool has_exact = field_has_exact(field);
    double exact_share = has_exact && !w->only_exact ? x->w->text.exact : 0;
    if (has_exact)
        count(x, "", prefix, w->exact, x->exacts);
    if (w->only_exact && has_exact)
        memcpy(x->stems, x->exacts, x->c->n * sizeof *x->stems);
    else
        count_stems(x, w, prefix);
    for (size_t i = 0; i < x->c->n; i++) {
        uint32_t stems = x->stems[i], exacts = has_exact ? x->exacts[i] : 0;
        if (!stems)
            continue;
        add_field(x, field, i, (1 - exact_share) * stems + exact_share * exacts);
        x->other_stems[i] += stems;
        x->other_exacts[i] += exacts;
        if (field == FIELD_TITLE)
            x->in_title[i] += (float)stems;
        if (field == FIELD_TITLE || field == FIELD_ACRONYM)
            x->in_name[i] = true;
    }
}

// The description has what the whole has more than the other fields.
static void add_description(struct scoring *x, const struct query_word *w)
{
    double exact_share = w->only_exact ? 0 : x->w->text.exact;
    count(x, "", STR(""), w->exact, x->exacts);
    if (w->only_exact)
        memcpy(x->stems, x->exacts, x->c->n * sizeof *x->stems);
    else
        count_stems(x, w, STR(""));
    for (size_t i = 0; i < x->c->n; i++) {
        if (x->stems[i] <= x->other_stems[i])
            continue;
        uint32_t stems = x->stems[i] - x->other_stems[i];
        uint32_t exacts = x->exacts[i] > x->other_exacts[i] ? x->exacts[i] - x->other_exacts[i] : 0;
        exacts = exacts < stems ? exacts : stems;
        add_field(x, FIELD_BODY, i, (1 - exact_share) * stems + exact_share * exacts);
    }
}

// A term that is no word: two words of a title count twice there, initials as an acronym does, a zone as its name.
static void add_special(struct scoring *x, const struct query_word *w)
{
    bool fused = strcmp(w->prefix, PREFIX_FUSED) == 0,
         initials = strcmp(w->prefix, PREFIX_INITIALS) == 0;
    enum text_field field = fused ? FIELD_TITLE : initials ? FIELD_ACRONYM : FIELD_ZONE;
    count(x, "", str_of(w->prefix), w->exact, x->stems);
    for (size_t i = 0; i < x->c->n; i++) {
        if (!x->stems[i])
            continue;
        add_field(x, field, i, x->stems[i]);
        x->in_title[i] += fused ? 2 * (float)x->stems[i] : 0;
        x->in_name[i] = field != FIELD_ZONE;
    }
}

static void read_word(struct scoring *x, const struct query_word *w, enum text_field field)
{
    size_t n = x->c->n;
    memset(x->tf, 0, n * sizeof *x->tf);
    memset(x->in_title, 0, n * sizeof *x->in_title);
    memset(x->in_name, 0, n * sizeof *x->in_name);
    memset(x->other_stems, 0, n * sizeof *x->other_stems);
    memset(x->other_exacts, 0, n * sizeof *x->other_exacts);
    if (!w->documents)
        return;
    if (w->prefix) {
        add_special(x, w);
        return;
    }
    for (int f = FIELD_TITLE; f < FIELD_COUNT; f++)
        if (field == FIELD_COUNT || field == FIELD_BODY || field == (enum text_field)f)
            add_occurrences(x, w, (enum text_field)f);
    if (field == FIELD_COUNT || field == FIELD_BODY)
        add_description(x, w);
}

// ---- Forms and groups ----------------------------------------------------------------------------------

static double worth_of(const struct scoring *x, const struct query_form *f)
{
    enum form_origin origin = f->origin;
    if (origin == FORM_AROUND)
        return x->w->place.around * pow(x->w->place.step, f->steps - 1.0);
    if (origin == FORM_INSIDE)
        return x->w->place.inside;
    return origin == FORM_SYNONYM     ? x->w->text.synonym
           : origin == FORM_CORRECTED ? x->w->text.correction
                                      : 1;
}

// What occurrences are worth, 0 to 1: the more there are, the less one more adds. Without saturation the first one is all.
static double saturated(const struct scoring *x, size_t i)
{
    double tf = (double)x->tf[i];
    return tf > 0 ? tf / (tf + x->w->text.saturation) : 0;
}

static void explain_word(struct scoring *x, const struct query_word *w, double rarity, double value)
{
    struct buf *b = x->explain;
    if (!b)
        return;
    json_open(b, '{');
    json_key(b, "word");
    json_str(b, w->exact);
    json_key(b, "documents");
    json_int(b, w->documents);
    json_key(b, "rarity");
    json_num(b, rarity);
    json_key(b, "occurrences");
    json_num(b, (double)x->tf[0]);
    json_key(b, "weight");
    json_num(b, value);
    json_close(b, '}');
}

static void read_form(struct scoring *x, const struct query_group *g, const struct query_form *f,
                      uint32_t documents)
{
    size_t n = x->c->n;
    double all = 0;
    memset(x->form, 0, n * sizeof *x->form);
    memset(x->form_share, 0, n * sizeof *x->form_share);
    memset(x->form_title, 0, n * sizeof *x->form_title);
    memset(x->form_name, 0, n * sizeof *x->form_name);
    for (size_t j = 0; j < f->n; j++) {
        double rarity = query_word_rarity(x->q, &f->words[j], documents);
        read_word(x, &f->words[j], g->field);
        all += rarity;
        for (size_t i = 0; i < n; i++) {
            if (x->tf[i] <= 0)
                continue;
            x->form[i] += (float)(rarity * saturated(x, i));
            x->form_share[i] += (float)rarity;
            x->form_title[i] += x->in_title[i];
            x->form_name[i] += x->in_name[i] ? (float)rarity : 0;
        }
        explain_word(x, &f->words[j], rarity, rarity * saturated(x, 0));
    }
    double worth = worth_of(x, f);
    bool whole = f->origin != FORM_WRITTEN; // part of a synonym is none
    for (size_t i = 0; i < n && all > 0; i++) {
        double share = (double)x->form_share[i] / all;
        bool counts = x->form[i] > 0 && (!whole || share > 0.999);
        double value = counts ? worth * (double)x->form[i] / all : 0;
        if (value <= (double)x->best[i])
            continue;
        x->best[i] = (float)value;
        x->best_share[i] = (float)share;
        x->best_title[i] = x->form_title[i];
        x->best_name[i] = (float)((double)x->form_name[i] / all);
    }
}

static void add_format(struct scoring *x, const struct query_group *g)
{
    struct str prefix = facet_fields[FACET_FORMAT].prefix;
    for (size_t j = 0; j < g->n; j++) {
        if (g->forms[j].n != 1)
            continue;
        count(x, "", prefix, g->forms[j].words[0].exact, x->stems);
        for (size_t i = 0; i < x->c->n; i++)
            if (x->stems[i])
                x->format[i] = 1;
    }
}

static void add_kind(struct scoring *x, struct str kind)
{
    count(x, "", facet_fields[FACET_KIND].prefix, kind, x->stems);
    for (size_t i = 0; i < x->c->n; i++)
        if (x->stems[i])
            x->kind[i] = 1;
}

static void add_group(struct scoring *x, const struct query_group *g, uint32_t documents,
                      double *all)
{
    size_t n = x->c->n;
    memset(x->best, 0, n * sizeof *x->best);
    memset(x->best_share, 0, n * sizeof *x->best_share);
    memset(x->best_title, 0, n * sizeof *x->best_title);
    memset(x->best_name, 0, n * sizeof *x->best_name);
    for (size_t j = 0; j < g->n; j++)
        read_form(x, g, &g->forms[j], documents);
    double weight = g->rarity * (g->generic ? x->w->text.generic : 1);
    *all += weight;
    for (size_t i = 0; i < n; i++) {
        x->text[i] += (float)(weight * (double)x->best[i]);
        x->covered[i] += x->best_title[i];
        x->name[i] += (float)(weight * (double)x->best_name[i]);
        x->whole_name[i] = x->whole_name[i] && (double)x->best_name[i] > 0.999;
        if (!g->generic)
            x->share[i] += (float)(g->rarity * (double)x->best_share[i]);
    }
    if (g->format.n)
        add_format(x, g);
    if (g->kind.n)
        add_kind(x, g->kind);
}

static void add_pairs(struct scoring *x)
{
    for (size_t j = 0; j < x->q->pairs.n; j++) {
        if (x->good)
            x->good = xap_db_counts(x->s->db, x->q->pairs.v[j], x->c->docids, x->c->n, x->stems,
                                    x->error);
        for (size_t i = 0; i < x->c->n; i++)
            x->pairs[i] += x->stems[i] ? 1.0F / (float)x->q->pairs.n : 0;
    }
}

// ---- Use -------------------------------------------------------------------------------------------------

// `several`: 0 for a query of one word, a name most often, which what is known by it answers; towards 1 for a need in many words,
// which what nobody counts answers as well.
static double use_of(const struct weights *weights, const unsigned char *packed,
                     const struct usage *marks, double several)
{
    double sum = 0;
    bool brick = marks->kind != KIND_ORGANIZATION;
    for (int i = 0; i < USAGE_NUMBERS; i++)
        sum += weights->use.parts[i][usage_code(packed, (enum usage_number)i)];
    sum += marks->unknown && brick ? weights->use.unknown.weight * several : 0;
    sum += marks->certified && marks->public_service ? weights->use.public_service.weight : 0;
    sum += marks->certified ? weights->use.certified.weight : 0;
    sum += marks->featured ? weights->use.featured.weight : 0;
    sum += marks->quality * weights->use.quality.weight;
    return weights->use.all > 0 ? sum / weights->use.all : 0;
}

static double status_of(const struct weights *w, const struct usage *u)
{
    double factor = u->status == STATUS_ARCHIVED  ? w->status.archived
                    : u->status == STATUS_MISSING ? w->status.missing
                                                  : 1;
    return factor * (u->fork ? w->status.fork : 1) * (u->template ? w->status.template : 1);
}

// ---- The whole -------------------------------------------------------------------------------------------

static void number_member(struct buf *b, const char *key, double value)
{
    json_key(b, key);
    json_num(b, value);
}

static double bonus_of(const struct scoring *x, size_t i, double all, struct buf *explain)
{
    double words = length_of(x->lengths[i * LENGTHS_BYTES + FIELD_TITLE]);
    double coverage = words >= 0.5 ? (double)x->covered[i] / words : 0;
    coverage = coverage < 1 ? coverage : 1;
    double share = all > 0 ? (double)x->name[i] / all : 0;
    bool exact = coverage > 0.96 && x->whole_name[i]; // lengths are rounded
    double exact_bonus = exact ? x->w->title.exact : 0,
           coverage_bonus = x->w->title.coverage * coverage,
           pairs_bonus = x->w->title.pairs * (double)x->pairs[i],
           share_bonus = x->w->title.share * share * share,
           format_bonus = x->w->text.format * (double)x->format[i],
           kind_bonus = x->w->text.kind * (double)x->kind[i];
    if (explain) {
        number_member(explain, "title_exact", exact_bonus);
        number_member(explain, "title_coverage", coverage_bonus);
        number_member(explain, "title_pairs", pairs_bonus);
        number_member(explain, "title_share", share_bonus);
        number_member(explain, "format", format_bonus);
        number_member(explain, "kind", kind_bonus);
    }
    return exact_bonus + coverage_bonus + pairs_bonus + share_bonus + format_bonus + kind_bonus;
}

struct finishing {
    struct scoring *x;
    double all, strength, several;
};

static void finish_one(const struct finishing *f, size_t i, const unsigned char *packed)
{
    struct scoring *x = f->x;
    struct usage marks = usage_marks(packed);
    double use = use_of(x->w, packed, &marks, f->several), status = status_of(x->w, &marks);
    double text = x->q->n ? (double)x->text[i] : 1;
    struct buf *explain = x->explain;
    if (explain)
        number_member(explain, "text", text);
    double bonus = x->q->n ? bonus_of(x, i, f->all, explain) : 0;
    x->c->score[i] = (float)(text * (1 + bonus) * (1 + f->strength * use) * status);
    if (explain) {
        number_member(explain, "use", use);
        number_member(explain, "use_strength", f->strength);
        number_member(explain, "status", status);
    }
}

static bool read_lengths(struct scoring *x, struct err *e)
{
    const struct column *lengths = columns_fixed(x->s->columns, x->s->db, COLUMN_LENGTHS, e);
    for (size_t i = 0; i < x->c->n && lengths; i++)
        memcpy(x->lengths + i * LENGTHS_BYTES, column_bytes(lengths, x->c->docids[i]),
               LENGTHS_BYTES);
    return lengths != NULL;
}

// BM25's length normalisation, as a factor for each code of a length.
static void prepare_thinning(struct scoring *x)
{
    // Words of a text on average, measured on data.gouv.fr (2026-01): constants, so that a score does not move with the catalogue.
    static const double average[FIELD_COUNT] = {
        [FIELD_BODY] = 62,   [FIELD_TITLE] = 7, [FIELD_ACRONYM] = 1,      [FIELD_PUBLISHER] = 3,
        [FIELD_KEYWORD] = 9, [FIELD_ZONE] = 1,  [FIELD_DISTRIBUTION] = 4, [FIELD_COLUMN] = 20};
    for (size_t f = 0; f < FIELD_COUNT; f++)
        for (size_t code = 0; code < LENGTH_CODES; code++) {
            const struct field_weight *w = &x->w->fields[f];
            double relative = length_of((unsigned char)code) / average[f];
            x->thinning[f][code] =
                (float)(w->weight / (1 - w->length + w->length * relative + 1e-6));
        }
}

static void allocate(struct scoring *x)
{
    size_t n = x->c->n + 1;
    x->lengths = ARENA_ARRAY(x->arena, unsigned char, n *LENGTHS_BYTES);
    uint32_t **const counts[] = {&x->stems, &x->exacts, &x->more, &x->other_stems,
                                 &x->other_exacts};
    float **const values[] = {
        &x->tf,      &x->in_title,   &x->form,       &x->form_share, &x->form_title, &x->form_name,
        &x->best,    &x->best_share, &x->best_title, &x->best_name,  &x->text,       &x->share,
        &x->covered, &x->name,       &x->pairs,      &x->format,     &x->kind};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        *counts[i] = numbers(x);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        *values[i] = floats(x);
    x->in_name = ARENA_ARRAY(x->arena, bool, n);
    x->whole_name = ARENA_ARRAY(x->arena, bool, n);
    memset(x->whole_name, true, n);
}

bool score_all(struct searcher *s, const struct rules *rules, const struct query *q,
               struct arena *a, struct candidates *c, struct buf *explain, struct err *e)
{
    struct scoring *x = ARENA_NEW(a, struct scoring);
    *x = (struct scoring){.s = s,
                          .w = &rules->weights,
                          .q = q,
                          .arena = a,
                          .c = c,
                          .error = e,
                          .good = true,
                          .explain = explain};
    struct xap_stats stats;
    if (!xap_db_stats(s->db, &stats, e))
        return false;
    c->score = floats(x);
    c->share = floats(x);
    double all = 0, demanded = 0;
    if (explain) {
        json_key(explain, "words");
        json_open(explain, '[');
    }
    if (q->n) {
        allocate(x);
        prepare_thinning(x);
        x->good = read_lengths(x, e);
        for (size_t g = 0; g < q->n && x->good; g++) {
            add_group(x, &q->groups[g], stats.documents, &all);
            demanded += q->groups[g].generic ? 0 : q->groups[g].rarity;
        }
        add_pairs(x);
        for (size_t i = 0; i < c->n; i++)
            c->share[i] = demanded > 0 ? (float)((double)x->share[i] / demanded) : 1;
    }
    if (explain)
        json_close(explain, ']');
    double several = q->n ? 1 - 1 / (double)q->n : 0;
    struct finishing f = {x, all, x->w->use.strength * (1 - x->w->use.per_word * several), several};
    const struct column *use = x->good ? columns_fixed(s->columns, s->db, COLUMN_USE, e) : NULL;
    for (size_t i = 0; i < c->n && use; i++)
        finish_one(&f, i, column_bytes(use, c->docids[i]));
    return use != NULL;
}
