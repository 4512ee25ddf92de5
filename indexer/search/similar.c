// Records like one record, by its rare terms: those of its title and keywords first, then those of its description. Which records
// have them, and how well they match, is Xapian's BM25, for no words of a person are ranked here; what the record gives itself is
// the measure of all scores. Everything is in the request's arena; see search.h.
#include "indexer/search/searcher.h"

#include <stdlib.h>

enum {
    TERMS_MAX = 24,         // looked for
    DESCRIPTION_TERMS = 10, // of them, in the description alone: it is where boilerplate is
    STEMS_MAX = 4000,       // of the record, looked at
    POSTINGS_MAX = 5000,    // of the terms that find records; the others only weigh what was found
    COMMON_SHARE = 20,      // a term of more than 1/20 of the documents finds nothing,
    COMMON_LEAST = 20,      // unless these are fewer;
    TOO_COMMON_SHARE = 5,   // one of more than 1/5 does not weigh either
    COMMON_MAX = 4,         // of those that only weigh
    LOOKED_AT_MAX = 4000,   // of the records found, the most alike; among them,
    CANDIDATES_MAX = 100,   // those that may be shown but for their series
    ONE_TITLE_MAX = 4,      // results of one title, beginning with what is best,
    ONE_SERIES_MAX = 2,     // of one title and publisher, numbers aside
};
static const double least_score = 0.2, known_worth = 0.4;
static const double title_weight = 2.5, keyword_weight = 1.5, description_weight = 0.4;
static const struct xap_bm25 bm25 = {1, 0, 1, 0.4, 0.5};

struct stem { // in one field of the record
    struct str stem;
    enum text_field field;
    uint32_t count;
};

struct term {
    struct str stem;
    uint32_t documents;
    bool in_title, in_keywords;
    bool finds;    // else it only weighs what the others find
    double worth;  // 1, but for what the publisher's name or the place says already
    double weight; // how much it tells of the record
};

struct similar {
    struct searcher *s;
    struct arena *arena;
    uint32_t docid, documents;
    bool organization;
    struct stem *stems;
    size_t stem_count;
    struct term *terms;
    size_t term_count;
};

// ---- What tells of the record --------------------------------------------------------------------

static void add_stem(struct similar *x, enum text_field field, struct str stem, uint32_t count)
{
    bool number = true;
    for (size_t i = 0; i < stem.n && number; i++)
        number = (stem.p[i] >= '0' && stem.p[i] <= '9') || stem.p[i] == '.';
    if (number || x->stem_count == STEMS_MAX) // a year is what unlike records have alike
        return;
    x->stems[x->stem_count++] = (struct stem){arena_str(x->arena, stem), field, count};
}

static bool take_stem(void *user, struct str term, uint32_t wdf)
{
    struct similar *x = user;
    struct str rest = str_slice(term.p + 1, term.n - 1); // behind the Z
    for (int f = FIELD_BODY + 1; f < FIELD_COUNT; f++) {
        struct str prefix = field_prefixes[f];
        if (!str_starts(rest, prefix))
            continue;
        add_stem(x, (enum text_field)f, str_slice(rest.p + prefix.n, rest.n - prefix.n), wdf);
        return true;
    }
    add_stem(x, FIELD_BODY, rest, wdf);
    return true;
}

static int by_stem(const void *a, const void *b)
{
    const struct stem *x = a, *y = b;
    int order = str_cmp(x->stem, y->stem);
    return order ? order : (int)x->field - (int)y->field;
}

static int most_telling_first(const void *a, const void *b)
{
    const struct term *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return str_cmp(x->stem, y->stem);
}

static bool common(const struct similar *x, const struct term *t, uint32_t share)
{
    return t->documents > COMMON_LEAST && t->documents > x->documents / share;
}

// One stem, with its counts in the fields of the record: of n fields, the body, which is all of them, first.
static bool take_term(struct similar *x, const struct stem *fields, size_t n, struct err *e)
{
    char bytes[TERM_BYTES];
    struct term t = {.stem = fields[0].stem, .worth = 1};
    uint32_t whole = 0, elsewhere = 0;
    for (size_t i = 0; i < n; i++) {
        if (fields[i].field == FIELD_BODY)
            whole = fields[i].count;
        else
            elsewhere += fields[i].count;
        if (fields[i].field == FIELD_PUBLISHER || fields[i].field == FIELD_ZONE)
            t.worth = known_worth;
        t.in_title = t.in_title || fields[i].field == FIELD_TITLE;
        t.in_keywords = t.in_keywords || fields[i].field == FIELD_KEYWORD;
    }
    double described = whole > elsewhere ? (double)(whole - elsewhere) : 0;
    if (!t.in_title && !t.in_keywords && described <= 0)
        return true;
    if (!term_count(x->s, query_term(bytes, "Z", STR(""), t.stem), &t.documents, e))
        return false;
    bool named = t.in_title || t.in_keywords;
    if (t.documents < 2 || common(x, &t, named ? TOO_COMMON_SHARE : COMMON_SHARE))
        return true;
    t.weight = t.worth * query_rarity(t.documents, x->documents) *
               (title_weight * t.in_title + keyword_weight * t.in_keywords +
                description_weight * described / (described + 1));
    x->terms[x->term_count++] = t;
    return true;
}

// The terms that tell most of the record, the most telling one first.
static bool choose_terms(struct similar *x, struct err *e)
{
    x->stems = ARENA_ARRAY(x->arena, struct stem, STEMS_MAX);
    if (!xap_db_document_terms(x->s->db, x->docid, STR("Z"), take_stem, x, e))
        return false;
    qsort(x->stems, x->stem_count, sizeof *x->stems, by_stem);
    x->terms = ARENA_ARRAY(x->arena, struct term, x->stem_count + 1);
    for (size_t i = 0, n; i < x->stem_count; i += n) {
        for (n = 1; i + n < x->stem_count && str_eq(x->stems[i].stem, x->stems[i + n].stem);)
            n++;
        if (!take_term(x, &x->stems[i], n, e))
            return false;
    }
    qsort(x->terms, x->term_count, sizeof *x->terms, most_telling_first);
    size_t kept = 0, described = 0, commons = 0;
    for (size_t i = 0; i < x->term_count && kept < TERMS_MAX; i++) {
        const struct term *t = &x->terms[i];
        bool too_many = common(x, t, COMMON_SHARE)
                            ? commons++ >= COMMON_MAX
                            : !t->in_title && !t->in_keywords && described++ >= DESCRIPTION_TERMS;
        if (!too_many)
            x->terms[kept++] = *t;
    }
    x->term_count = kept;
    return true;
}

// ---- What has it too -------------------------------------------------------------------------------

struct parts {
    struct xap_part v[3 * TERMS_MAX];
    size_t n;
};

static void add_part(struct similar *x, struct parts *p, const struct term *t, struct str prefix,
                     double factor)
{
    char bytes[TERM_BYTES];
    struct str term = arena_str(x->arena, query_term(bytes, "Z", prefix, t->stem));
    p->v[p->n++] = (struct xap_part){term, t->worth * factor, t->finds};
}

// A common one is only looked for where the record has it: each list of documents costs.
static void add_parts(struct similar *x, struct parts *p, const struct term *t)
{
    bool named = t->in_title || t->in_keywords;
    if (t->finds)
        add_part(x, p, t, STR(""), named ? 1 : description_weight);
    if (t->in_title || (named && t->finds))
        add_part(x, p, t, field_prefixes[FIELD_TITLE], t->in_title ? title_weight : 1);
    if (t->in_keywords)
        add_part(x, p, t, field_prefixes[FIELD_KEYWORD], keyword_weight);
}

// Marks the terms that find records: not the common ones, nor more than can be walked through. What the publisher and the place
// are called is not enough: false when the record has no term of its own, and the first of them finds if no other does.
static bool choose_finders(struct similar *x)
{
    uint64_t postings = 0;
    struct term *own = NULL;
    bool own_finds = false;
    for (size_t i = 0; i < x->term_count; i++) {
        struct term *t = &x->terms[i];
        t->finds = !common(x, t, COMMON_SHARE) && postings + t->documents <= POSTINGS_MAX;
        postings += t->finds ? t->documents : 0;
        if (t->worth < 1)
            continue;
        own = own ? own : t;
        own_finds = own_finds || t->finds;
    }
    if (own && !own_finds)
        own->finds = true;
    return own;
}

// ---- What is shown -----------------------------------------------------------------------------------

struct value {
    struct arena *arena;
    struct str text;
};

static void keep_value(void *user, size_t i, struct str value)
{
    struct value *v = user;
    (void)i;
    v->text = arena_str(v->arena, value);
}

// In the arena; empty when the document has none.
static bool value_of(struct similar *x, uint32_t docid, uint32_t slot, struct str *out,
                     struct err *e)
{
    struct value v = {.arena = x->arena, .text = STR("")};
    bool good = xap_db_values(x->s->db, slot, &docid, 1, keep_value, &v, e);
    *out = v.text;
    return good;
}

// Organizations for an organization, everything else for everything else; without archives.
static bool is_wanted(struct similar *x, uint32_t docid, bool *wanted, struct err *e)
{
    struct str kind, status;
    if (!value_of(x, docid, SLOT_FACETS + FACET_KIND, &kind, e) ||
        !value_of(x, docid, SLOT_FACETS + FACET_STATUS, &status, e))
        return false;
    *wanted =
        str_eq(kind, STR("organization")) == x->organization && !str_eq(status, STR("archived"));
    return true;
}

// The same for variants, and for what has one publisher and one title, numbers left out.
static bool series_of(struct similar *x, uint32_t docid, struct str title, struct str *out,
                      struct err *e)
{
    struct str publisher;
    if (!value_of(x, docid, SLOT_VARIANT, out, e))
        return false;
    if (out->n)
        return true;
    if (!value_of(x, docid, SLOT_FACETS + FACET_PUBLISHER, &publisher, e))
        return false;
    struct buf b = {0};
    buf_add(&b, publisher);
    for (size_t j = 0; j < title.n; j++)
        if (title.p[j] < '0' || title.p[j] > '9')
            buf_addc(&b, title.p[j]);
    *out = b.n ? arena_str(x->arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return true;
}

static bool read_hit(struct similar *x, struct search_hit *hit, struct err *e)
{
    struct shown_document shown;
    if (!display_read(x->s->display, x->s->db, x->s->columns, x->s->doc, hit->docid, x->arena,
                      &shown, e))
        return false;
    hit->figures = shown.figures;
    hit->members = shown.members;
    return true;
}

static size_t count_of(const struct strs *list, struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += str_eq(list->v[i], s);
    return n;
}

// Whether it may be shown: it is of the kind, and not one too many of its title or of its series.
static bool may_show(struct similar *x, uint32_t docid, struct strs *titles, struct strs *series,
                     bool *may, struct err *e)
{
    struct str title, key;
    *may = false;
    if (!value_of(x, docid, SLOT_TITLE, &title, e))
        return false;
    if (title.n && count_of(titles, title) == ONE_TITLE_MAX)
        return true;
    if (!is_wanted(x, docid, may, e))
        return false;
    if (!*may)
        return true;
    arena_push(x->arena, titles, title);
    *may = docid != x->docid;
    if (!*may)
        return true;
    if (!series_of(x, docid, title, &key, e))
        return false;
    *may = count_of(series, key) < ONE_SERIES_MAX;
    if (*may)
        arena_push(x->arena, series, key);
    return true;
}

static bool take_hits(struct similar *x, struct xap_best *best, size_t size,
                      struct search_answer *out, struct err *e)
{
    struct strs titles = {0}, series = {0};
    out->hits = ARENA_ARRAY(x->arena, struct search_hit, size + 1);
    struct xap_weighed next;
    for (size_t i = 0; i < LOOKED_AT_MAX && out->hit_count < size && titles.n < CANDIDATES_MAX &&
                       xap_best_next(best, &next);
         i++) {
        double score = next.weight < best->own ? next.weight / best->own : 1;
        bool may;
        if (score < least_score)
            return true;
        if (!may_show(x, next.docid, &titles, &series, &may, e))
            return false;
        if (!may)
            continue;
        struct search_hit *hit = &out->hits[out->hit_count++];
        *hit = (struct search_hit){.docid = next.docid, .score = score};
        if (!read_hit(x, hit, e))
            return false;
    }
    return true;
}

// ---- One question ------------------------------------------------------------------------------------

static bool find(struct similar *x, size_t size, struct search_answer *out, struct err *e)
{
    struct parts *parts = ARENA_NEW(x->arena, struct parts);
    struct xap_best best;
    for (size_t i = 0; i < x->term_count; i++)
        add_parts(x, parts, &x->terms[i]);
    return xap_db_best(x->s->db, parts->v, parts->n, bm25, x->docid, x->arena, &best, e) &&
           take_hits(x, &best, size, out, e);
}

static bool attempt(struct searcher *s, struct str id, size_t size, struct arena *a,
                    struct search_answer *out, struct err *e)
{
    char unique[UNIQUE_TERM_MAX + 1];
    struct xap_stats stats;
    struct str kind;
    struct similar x = {.s = s, .arena = a};
    *out = (struct search_answer){0};
    if (!searcher_open(s, e) || !xap_db_stats(s->db, &stats, e) ||
        !xap_db_load(s->db, index_unique_term(id, unique), s->doc, &x.docid, e) ||
        !xap_doc_value(s->doc, SLOT_FACETS + FACET_KIND, &kind, e))
        return false;
    x.documents = stats.documents;
    x.organization = str_eq(kind, STR("organization"));
    out->revision = searcher_revision(s, &stats);
    if (!choose_terms(&x, e))
        return false;
    return !choose_finders(&x) || find(&x, size, out, e);
}

bool searcher_similar(struct searcher *s, struct str id, size_t size, struct arena *a,
                      struct search_answer *out, struct err *e)
{
    if (attempt(s, id, size, a, out, e))
        return true;
    if (e->code != ERR_MODIFIED && e->code != ERR_CORRUPT && e->code != ERR_IO)
        return false;
    searcher_close(s); // overtaken by the writer: once more on what is there now
    *e = (struct err){0};
    return attempt(s, id, size, a, out, e);
}
