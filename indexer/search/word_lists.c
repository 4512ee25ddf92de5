// The lists of words, terms and phrases (indexer/lists) as a search needs them: how they are read from Xapian. A word's list tells, for
// each document that has it, how much it has of it: everything of BM25F that does not depend on the other words of a query.
//
// BM25F: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), 3.5.
#include "indexer/search/searcher.h"

#include <math.h>
#include <stdlib.h>

// ---- Terms of a word -------------------------------------------------------------------------------

enum { WORD_TERMS_MAX = 2 };

struct word_terms {
    char bytes[WORD_TERMS_MAX][TERM_BYTES];
    struct str v[WORD_TERMS_MAX];
    size_t n;
};

static void add_term(struct word_terms *t, const char *mark, struct str prefix, struct str word)
{
    t->v[t->n] = query_term(t->bytes[t->n], mark, prefix, word);
    t->n++;
}

// Those any of which a document has that has the word in the field.
static void terms_of(const struct query_word *w, enum text_field field, struct word_terms *t)
{
    struct str prefix = field == FIELD_COUNT ? STR("") : field_prefixes[field];
    bool exact =
        w->only_exact && (field == FIELD_COUNT || field == FIELD_BODY || field_has_exact(field));
    t->n = 0;
    if (w->prefix) {
        add_term(t, "", str_of(w->prefix), w->exact);
        return;
    }
    add_term(t, exact ? "" : "Z", prefix, exact || w->only_exact ? w->exact : w->stem);
    if (w->english.n && !exact)
        add_term(t, "Z", prefix, w->english);
}

// ---- Occurrences -----------------------------------------------------------------------------------

struct counting {
    struct searcher *s;
    const struct weights *w;
    const struct query_word *word;
    const uint32_t *docids;
    size_t n;
    struct err *error;
    bool good;
    const struct column *lengths;
    struct occurrences *out;
    uint32_t *stems, *exacts, *more;      // of one term
    uint32_t *other_stems, *other_exacts; // in the fields that are not the description
};

static void count(struct counting *x, const char *mark, struct str prefix, struct str word,
                  uint32_t *out)
{
    char term[TERM_BYTES];
    x->good = x->good && xap_db_counts(x->s->db, query_term(term, mark, prefix, word), x->docids,
                                       x->n, out, x->error);
}

static void count_stems(struct counting *x, struct str prefix)
{
    const struct query_word *w = x->word;
    count(x, "Z", prefix, w->only_exact ? w->exact : w->stem, x->stems);
    if (!w->english.n)
        return;
    count(x, "Z", prefix, w->english, x->more);
    for (size_t i = 0; i < x->n; i++)
        x->stems[i] += x->more[i];
}

static void add_field(struct counting *x, enum text_field field, size_t i, double occurrences)
{
    unsigned char length = column_bytes(x->lengths, x->docids[i])[field];
    x->out[i].thinned += (float)occurrences * x->w->thinning[field][length];
}

// The occurrences of a word in one field, each weighed by whether it is in its very form.
static void add_occurrences(struct counting *x, enum text_field field)
{
    const struct query_word *w = x->word;
    struct str prefix = field_prefixes[field];
    bool has_exact = field_has_exact(field);
    double exact_share = has_exact && !w->only_exact ? x->w->text.exact : 0;
    if (has_exact)
        count(x, "", prefix, w->exact, x->exacts);
    if (w->only_exact && has_exact)
        memcpy(x->stems, x->exacts, x->n * sizeof *x->stems);
    else
        count_stems(x, prefix);
    for (size_t i = 0; i < x->n; i++) {
        uint32_t stems = x->stems[i], exacts = has_exact ? x->exacts[i] : 0;
        if (!stems)
            continue;
        add_field(x, field, i, (1 - exact_share) * stems + exact_share * exacts);
        x->other_stems[i] += stems;
        x->other_exacts[i] += exacts;
        if (field == FIELD_TITLE)
            x->out[i].in_title += stems;
        if (field == FIELD_TITLE || field == FIELD_ACRONYM)
            x->out[i].in_name = true;
    }
}

// The description has what the whole has more than the other fields.
static void add_description(struct counting *x)
{
    const struct query_word *w = x->word;
    double exact_share = w->only_exact ? 0 : x->w->text.exact;
    count(x, "", STR(""), w->exact, x->exacts);
    if (w->only_exact)
        memcpy(x->stems, x->exacts, x->n * sizeof *x->stems);
    else
        count_stems(x, STR(""));
    for (size_t i = 0; i < x->n; i++) {
        if (x->stems[i] <= x->other_stems[i])
            continue;
        uint32_t stems = x->stems[i] - x->other_stems[i];
        uint32_t exacts = x->exacts[i] > x->other_exacts[i] ? x->exacts[i] - x->other_exacts[i] : 0;
        exacts = exacts < stems ? exacts : stems;
        add_field(x, FIELD_BODY, i, (1 - exact_share) * stems + exact_share * exacts);
    }
}

// A term that is no word: two words of a title count twice there, initials as an acronym does, a zone as its name.
static void add_special(struct counting *x)
{
    const struct query_word *w = x->word;
    bool fused = strcmp(w->prefix, PREFIX_FUSED) == 0,
         initials = strcmp(w->prefix, PREFIX_INITIALS) == 0;
    enum text_field field = fused ? FIELD_TITLE : initials ? FIELD_ACRONYM : FIELD_ZONE;
    count(x, "", str_of(w->prefix), w->exact, x->stems);
    for (size_t i = 0; i < x->n; i++) {
        if (!x->stems[i])
            continue;
        add_field(x, field, i, x->stems[i]);
        x->out[i].in_title += fused ? 2 * x->stems[i] : 0;
        x->out[i].in_name = field != FIELD_ZONE;
    }
}

bool word_occurrences(struct searcher *s, const struct rules *rules, const struct query_word *w,
                      enum text_field field, const uint32_t *docids, size_t n, struct arena *a,
                      struct occurrences *out, struct err *e)
{
    struct counting x = {
        .s = s, .w = &rules->weights, .word = w, .docids = docids, .n = n, .error = e, .out = out};
    memset(out, 0, n * sizeof *out);
    x.lengths = columns_fixed(s->columns, s->db, COLUMN_LENGTHS, e);
    x.good = x.lengths != NULL;
    if (!w->documents || !x.good)
        return x.good;
    uint32_t **const arrays[] = {&x.stems, &x.exacts, &x.more, &x.other_stems, &x.other_exacts};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = ARENA_ARRAY(a, uint32_t, n + 1);
    if (w->prefix) {
        add_special(&x);
        return x.good;
    }
    bool anywhere = field == FIELD_COUNT || field == FIELD_BODY;
    for (int f = FIELD_TITLE; f < FIELD_COUNT; f++)
        if (anywhere || field == (enum text_field)f)
            add_occurrences(&x, (enum text_field)f);
    if (anywhere)
        add_description(&x);
    return x.good;
}

// What occurrences are worth, 0 to 1: the more there are, the less one more adds. Without saturation the first one is all.
static uint32_t word_code(const struct weights *w, const struct occurrences *o)
{
    double tf = (double)o->thinned;
    float worth = tf > 0 ? (float)(tf / (tf + w->text.saturation)) : 0;
    uint32_t bits, title = o->in_title < WORD_TITLE_MAX ? o->in_title : WORD_TITLE_MAX;
    memcpy(&bits, &worth, sizeof bits);
    if (tf > 0 && !(bits & ~(uint32_t)WORD_MARKS))
        bits = WORD_MARKS + 1;
    return (bits & ~(uint32_t)WORD_MARKS) | title << 1 | o->in_name;
}

bool word_codes(struct searcher *s, const struct rules *rules, const struct query_word *w,
                enum text_field field, const uint32_t *docids, size_t n, struct arena *a,
                uint32_t *out, struct err *e)
{
    struct occurrences *o = ARENA_ARRAY(a, struct occurrences, n + 1);
    if (!word_occurrences(s, rules, w, field, docids, n, a, o, e))
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = word_code(&rules->weights, &o[i]);
    return true;
}

// ---- Readings --------------------------------------------------------------------------------------

struct word_reading {
    struct searcher *s;
    const struct rules *rules;
    const struct query_word *word; // or
    const struct strs *phrase;     // or the term
    enum text_field field;
    struct word_terms terms;
};

static struct xap_docids united(const struct xap_docids *x, const struct xap_docids *y,
                                struct arena *a)
{
    struct xap_docids all = {ARENA_ARRAY(a, uint32_t, x->n + y->n + 1), 0};
    for (size_t i = 0, j = 0; i < x->n || j < y->n;) {
        bool first = j == y->n || (i < x->n && x->v[i] <= y->v[j]);
        uint32_t docid = first ? x->v[i++] : y->v[j++];
        if (!all.n || all.v[all.n - 1] != docid)
            all.v[all.n++] = docid;
    }
    return all;
}

static bool read_documents(void *arg, struct xap_db *db, struct arena *a, struct xap_docids *out,
                           struct err *e)
{
    const struct word_reading *r = arg;
    struct xap_docids more;
    if (!xap_db_postings(db, r->terms.v[0], a, out, e))
        return false;
    for (size_t i = 1; i < r->terms.n; i++) {
        if (!xap_db_postings(db, r->terms.v[i], a, &more, e))
            return false;
        *out = united(out, &more, a);
    }
    return true;
}

static bool keep_documents(void *arg, struct xap_db *db, struct arena *a,
                           struct xap_docids *documents, struct err *e)
{
    const struct word_reading *r = arg;
    bool *has = ARENA_ARRAY(a, bool, documents->n + 1);
    uint32_t *counts = ARENA_ARRAY(a, uint32_t, documents->n + 1);
    for (size_t i = 0; i < r->terms.n; i++) {
        if (!xap_db_counts(db, r->terms.v[i], documents->v, documents->n, counts, e))
            return false;
        for (size_t j = 0; j < documents->n; j++)
            has[j] = has[j] || counts[j];
    }
    size_t n = 0;
    for (size_t j = 0; j < documents->n; j++)
        if (has[j])
            documents->v[n++] = documents->v[j];
    documents->n = n;
    return true;
}

static bool read_codes(void *arg, struct xap_db *db, struct arena *a,
                       const struct xap_docids *documents, uint32_t *out, struct err *e)
{
    const struct word_reading *r = arg;
    (void)db; // the searcher's own
    return word_codes(r->s, r->rules, r->word, r->field, documents->v, documents->n, a, out, e);
}

static bool read_phrase(void *arg, struct xap_db *db, struct arena *a, struct xap_docids *out,
                        struct err *e)
{
    const struct word_reading *r = arg;
    struct xap_query *q = xap_query_phrase(r->phrase->v, r->phrase->n, 0, e);
    bool good = q && xap_db_match(db, q, a, out, e);
    xap_query_free(q);
    return good;
}

// ---- Lists -----------------------------------------------------------------------------------------

static const struct list *take(struct taken_lists *t, struct str key,
                               const struct list_reading *reading, struct err *e)
{
    struct columns_state at = columns_state(t->s->columns);
    struct list_state state = {t->s->db, at.generation, at.batch, at.revision};
    struct arena own = {0}; // what is read on the way may be large
    struct list *list =
        lists_take(columns_lists(t->s->columns_holder), &state, key, reading, &own, e);
    arena_free(&own);
    if (!list)
        return NULL;
    if (t->n == t->room) {
        t->room = t->room ? 2 * t->room : 32;
        t->v = xrealloc(t->v, t->room * sizeof(struct list *));
    }
    return t->v[t->n++] = list;
}

void lists_give_back(struct taken_lists *t)
{
    for (size_t i = 0; i < t->n; i++)
        list_release(t->v[i]);
    free(t->v);
    t->v = NULL;
    t->n = t->room = 0;
}

// Parts behind one another, each with its length: no two lists have one key, whatever bytes are asked for.
static void add_part(struct buf *key, struct str part)
{
    buf_addf(key, "%zu ", part.n);
    buf_add(key, part);
}

static struct str key_made(struct buf *key, struct arena *a)
{
    struct str s = arena_str(a, buf_str(key));
    buf_free(key);
    return s;
}

const struct list *word_list(struct taken_lists *t, const struct query_word *w,
                             enum text_field field, struct err *e)
{
    struct word_reading r = {.s = t->s, .rules = t->rules, .word = w, .field = field};
    struct buf key = {0};
    terms_of(w, field, &r.terms);
    buf_addf(&key, "w%llu %d%d%d", (unsigned long long)t->rules->number, (int)field, w->only_exact,
             w->documents > 0);
    add_part(&key, str_of(w->prefix ? w->prefix : ""));
    add_part(&key, w->exact);
    add_part(&key, w->stem);
    add_part(&key, w->english.n ? w->english : STR(""));
    return take(t, key_made(&key, t->arena),
                &(struct list_reading){&r, read_documents, keep_documents, read_codes}, e);
}

const struct list *term_list(struct taken_lists *t, struct str term, struct err *e)
{
    struct word_reading r = {.s = t->s, .terms = {.v = {term}, .n = 1}};
    struct buf key = {0};
    buf_addc(&key, 't');
    buf_add(&key, term);
    return take(t, key_made(&key, t->arena),
                &(struct list_reading){&r, read_documents, keep_documents, NULL}, e);
}

const struct list *phrase_list(struct taken_lists *t, const struct strs *phrase, struct err *e)
{
    struct word_reading r = {.s = t->s, .phrase = phrase};
    struct buf key = {0};
    if (phrase->n == 1)
        return term_list(t, phrase->v[0], e);
    buf_addc(&key, 'p');
    for (size_t i = 0; i < phrase->n; i++)
        add_part(&key, phrase->v[i]);
    return take(t, key_made(&key, t->arena), &(struct list_reading){&r, read_phrase, NULL, NULL},
                e);
}
