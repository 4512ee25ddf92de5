// See search.h. One search: the words are matched in steps, each less strict than the one before, until enough is found; all
// that matches is counted, and the first of it put in order.
#include "indexer/search/searcher.h"

#include "base/hash.h"
#include "indexer/index/variants.h"

#include <math.h>
#include <stdlib.h>

void search_request_init(struct search_request *r)
{
    *r = (struct search_request){.min_quality = -1, .page = 1, .page_size = 20};
}

bool search_sort_find(struct str name, enum search_sort *out)
{
    static const struct str names[] = {STR("relevance"), STR("modified"), STR("issued"),
                                       STR("views"), STR("title")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(names[i], name)) {
            *out = (enum search_sort)i;
            return true;
        }
    return false;
}

enum step {
    STEP_EVERY_WORD,
    STEP_CORRECTED, // every word, once those that are unknown are corrected
    STEP_SOME_WORDS,
};

struct candidates { // ascending
    const uint32_t *docids;
    size_t n;
    const uint32_t *codes; // as of struct matched
    float *score;          // NULL: not scored
};

struct searching { // what one search owns until it is over
    struct searcher *s;
    const struct rules *rules;
    const struct search_request *r;
    struct arena *arena;
    struct search_answer *out;
    struct query query;
    struct taken_lists taken;
    enum step step;
    struct facet_job *only; // count this facet and nothing more; NULL for a whole search
    struct facet_job facets[FACET_COUNT];
    size_t facet_count;
    struct cursor cursor;
    struct ordering ordering;
    struct snippets *snippets; // of what is shown
};

// ---- Matching --------------------------------------------------------------------------------------

static const bool *chosen_groups(struct searching *x, enum step step)
{
    double least_share = x->rules->weights.matching.least_share;
    return step == STEP_SOME_WORDS ? query_choose(&x->query, least_share, x->arena) : NULL;
}

// What matches by this step, within all filters but that of `except`.
static bool match(struct searching *x, enum step step, enum facet except, struct matched *out,
                  struct err *e)
{
    const bool *some = chosen_groups(x, step);
    return (x->s->plain ? match_plain : match_lists)(&x->taken, &x->query, x->r, some, except, out,
                                                     e);
}

// Of the records that lack words, only the best stay: how many, the weights tell. `whole` marks those that lack none.
static void cut_partial(struct searching *x, struct candidates *c, uint32_t *docids,
                        const bool *whole)
{
    size_t most = (size_t)x->rules->weights.matching.partial, count = 0, n = 0;
    uint32_t *partial = ARENA_ROOM(x->arena, uint32_t, c->n + 1);
    float *score = ARENA_ROOM(x->arena, float, c->n + 1);
    struct ranked *first, last = {0};
    for (size_t i = 0; i < c->n; i++)
        if (!whole[i]) {
            partial[count] = docids[i];
            score[count++] = c->score[i];
        }
    if (count <= most)
        return;
    struct to_rank all = {.docids = partial, .n = count, .score = score};
    if (ranked_first(&all, most, x->arena, &first))
        last = first[most - 1];
    for (size_t i = 0; i < c->n; i++) {
        struct ranked this = {.order = order_of_score(c->score[i], 0), .docid = docids[i]};
        if (!whole[i] && (!most || ranked_before(&last, &this)))
            continue;
        docids[n] = docids[i];
        c->score[n++] = c->score[i];
    }
    c->n = n;
}

// Scores what was found. Of some words, what has too few of them goes, and what is missing costs; a record that matches every
// group (those are `every`) has all of them, also where parts of what was written score higher than the synonym that it has.
static bool score(struct searching *x, struct candidates *c, const struct xap_docids *every,
                  struct err *e)
{
    bool some = x->step == STEP_SOME_WORDS;
    float *shares = some ? ARENA_ROOM(x->arena, float, c->n + 1) : NULL;
    c->score = ARENA_ROOM(x->arena, float, c->n + 1);
    if (!score_all(&x->taken, &x->query, c->docids, c->codes, c->n, c->score, shares, NULL, e))
        return false;
    if (!some)
        return true;
    uint32_t *docids = ARENA_ROOM(x->arena, uint32_t, c->n + 1);
    bool *has_every = ARENA_ROOM(x->arena, bool, c->n + 1);
    double least = x->rules->weights.matching.least_share - 1e-4;
    float power = (float)x->rules->weights.matching.missing;
    size_t n = 0;
    for (size_t i = 0, at = 0; i < c->n; i++) {
        while (at < every->n && every->v[at] < c->docids[i])
            at++;
        bool whole = at < every->n && every->v[at] == c->docids[i];
        if (!whole && (double)shares[i] < least)
            continue;
        docids[n] = c->docids[i];
        has_every[n] = whole;
        c->score[n++] = c->score[i] * (whole ? 1 : powf(shares[i], power));
    }
    c->docids = docids;
    c->n = n;
    cut_partial(x, c, docids, has_every);
    return true;
}

// Goes through the steps until enough is found. *strict: what has every word, as it was written.
static bool match_in_steps(struct searching *x, struct matched *strict, struct candidates *c,
                           struct err *e)
{
    size_t enough = (size_t)x->rules->weights.matching.enough;
    struct matched every, found;
    x->step = STEP_EVERY_WORD;
    if (!match(x, STEP_EVERY_WORD, FACET_COUNT, strict, e))
        return false;
    x->out->strict_total = (int64_t)strict->docids.n;
    every = found = *strict;
    // Sorted otherwise than by relevance, what matches less would stand before what matches more.
    bool forgive = x->r->sort == SORT_RELEVANCE || !strict->docids.n;
    if (forgive && every.docids.n < enough && x->query.n) {
        if (!query_correct(x->s, &x->query, x->r->q, x->arena, &x->out->corrected, e))
            return false;
        if (x->out->corrected.n) {
            x->step = STEP_CORRECTED;
            if (!match(x, STEP_CORRECTED, FACET_COUNT, &every, e))
                return false;
            found = every;
        }
        forgive = x->r->sort == SORT_RELEVANCE || !every.docids.n;
        if (forgive && every.docids.n < enough && query_demands(&x->query) > 1) {
            x->step = STEP_SOME_WORDS;
            if (!match(x, STEP_SOME_WORDS, FACET_COUNT, &found, e))
                return false;
        }
    }
    *c = (struct candidates){found.docids.v, found.docids.n, found.codes, NULL};
    if (x->step == STEP_SOME_WORDS && !score(x, c, &every.docids, e))
        return false;
    if (x->step == STEP_SOME_WORDS && c->n > every.docids.n)
        x->out->relaxed = STR("some_words");
    if (every.docids.n == strict->docids.n)
        x->out->corrected = c->n > strict->docids.n ? x->out->corrected : STR_NONE;
    return true;
}

// ---- Order -------------------------------------------------------------------------------------------

// How far out from the territory asked for each candidate's own is; in the arena. *tiers is NULL when none is asked for.
static bool read_tiers(struct searching *x, const struct candidates *c, unsigned **tiers,
                       struct err *e)
{
    const struct strs *asked = &x->query.filters[FACET_TERRITORY];
    *tiers = NULL;
    if (!asked->n || !x->rules->places)
        return true;
    *tiers = ARENA_ROOM(x->arena, unsigned, c->n + 1);
    bool *has = ARENA_ROOM(x->arena, bool, c->n + 1);
    for (size_t i = 0; i < c->n; i++)
        (*tiers)[i] = UINT32_MAX;
    for (size_t j = 0; j < asked->n; j++) {
        struct strs zones = places_filter_zones(x->rules->places,
                                                search_territory(x->arena, asked->v[j]), x->arena);
        for (size_t k = 0; k <= zones.n && zones.n; k++) {
            struct str term =
                k < zones.n
                    ? arena_printf(x->arena, "%s%.*s", facet_fields[FACET_TERRITORY].prefix.p,
                                   STR_ARG(zones.v[k]))
                    : arena_printf(x->arena, PREFIX_INSIDE "%.*s", STR_ARG(zones.v[0]));
            unsigned steps = k < zones.n ? (unsigned)k : 0;
            if (!mark_with_term(&x->taken, term, c->docids, c->n, has, e))
                return false;
            for (size_t i = 0; i < c->n; i++)
                if (has[i] && steps < (*tiers)[i])
                    (*tiers)[i] = steps;
        }
    }
    return true;
}

// What results are sorted by, but for their score.
static const struct column *sort_column(struct searching *x, struct err *e)
{
    static const enum fixed_column sorts[] = {[SORT_MODIFIED] = COLUMN_MODIFIED,
                                              [SORT_ISSUED] = COLUMN_ISSUED,
                                              [SORT_VIEWS] = COLUMN_VIEWS,
                                              [SORT_TITLE] = COLUMN_TITLE};
    return columns_fixed(x->s->columns, x->s->db, sorts[x->r->sort], e);
}

static bool rank(struct searching *x, struct candidates *c, struct err *e)
{
    bool by_score = x->r->sort == SORT_RELEVANCE;
    unsigned *tiers = NULL;
    if (by_score && !read_tiers(x, c, &tiers, e))
        return false;
    uint64_t *orders = tiers ? ARENA_ROOM(x->arena, uint64_t, c->n + 1) : NULL;
    const struct column *column = by_score ? NULL : sort_column(x, e);
    if ((!by_score && !column) || (tiers && !c->score && !score(x, c, NULL, e)))
        return false;
    for (size_t i = 0; i < c->n && tiers; i++)
        orders[i] = order_of_score(c->score[i], tiers[i]);
    // Of variants, those that match best stay.
    bool folds = by_score && !x->r->variants.n && !x->r->ungrouped && x->query.has_text;
    x->ordering = (struct ordering){.taken = &x->taken,
                                    .query = &x->query,
                                    .codes = c->codes,
                                    .rank = {.docids = c->docids,
                                             .n = c->n,
                                             .orders = orders,
                                             .score = c->score,
                                             .column = column,
                                             .ascending = x->r->sort == SORT_TITLE},
                                    .by_title = x->r->sort == SORT_TITLE};
    return ordering_fold(&x->ordering, folds ? (uint32_t)x->rules->weights.variants : 0, e);
}

// Beyond this a page costs too much. One past the end is another thing: it is empty.
static bool too_deep(const struct searching *x, struct err *e)
{
    const struct search_request *r = x->r;
    if (r->cursor.n || r->page * r->page_size <= SEARCH_DEPTH_MAX ||
        (r->page - 1) * r->page_size >= x->out->total)
        return false;
    err_set(e, ERR_QUERY, "page times page_size is over %d", SEARCH_DEPTH_MAX);
    err_hint(e, "follow `cursor` from page to page, or narrow the search");
    return true;
}

static bool is_candidate(const struct searching *x, int64_t docid)
{
    const struct to_rank *all = &x->ordering.rank;
    size_t from = 0, to = all->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (all->docids[middle] < docid)
            from = middle + 1;
        else
            to = middle;
    }
    return from < all->n && all->docids[from] == docid;
}

// The first results, up to a page behind the last one that the cursor names, wherever that went; *skip: behind it. *found is false when
// it is not among them.
static bool read_behind(struct searching *x, struct ranked **first, size_t *n, size_t *skip,
                        bool *found, struct err *e)
{
    size_t size = (size_t)x->r->page_size, k = (size_t)x->cursor.offset + size;
    *found = false;
    while (is_candidate(x, x->cursor.docid)) {
        if (!ordering_first(&x->ordering, k, first, n, e))
            return false;
        for (*skip = 0; *skip < *n && !*found;)
            *found = (*first)[(*skip)++].docid == x->cursor.docid;
        if (*n < k || (*found && *skip + size <= k))
            return true;
        k = *found ? *skip + size : 2 * k;
        *found = false;
    }
    return true;
}

// ---- Results -----------------------------------------------------------------------------------------

static bool explain(struct searching *x, struct search_hit *hit, struct err *e)
{
    struct buf b = {0};
    float score = 0;
    json_open(&b, '{');
    bool good = score_all(&x->taken, &x->query, &hit->docid, NULL, 1, &score, NULL, &b, e);
    json_key(&b, "missing"); // what the words that it does not have leave of the score
    json_num(&b, good && score > 0 ? hit->score / (double)score : 1);
    json_close(&b, '}');
    hit->explain = arena_str(x->arena, buf_str(&b));
    buf_free(&b);
    return good;
}

static bool read_hit(struct searching *x, const struct ranked *ranked, struct search_hit *hit,
                     struct err *e)
{
    struct shown_document shown;
    if (!display_read(x->s->display, x->s->db, x->s->columns, x->s->doc, ranked->docid, x->arena,
                      &shown, e))
        return false;
    hit->docid = ranked->docid;
    hit->variants = ranked->variants;
    if (ranked->variants)
        hit->variant = variant_text(ranked->variant, arena_bytes(x->arena, VARIANT_BYTES + 1));
    hit->figures = shown.figures;
    hit->members = shown.members;
    hit->snippet =
        snippet_make(x->snippets, shown.excerpt, shown.words, shown.word_count, x->arena);
    return !x->r->explain || explain(x, hit, e);
}

static int compare_docids(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

// The scores of what is shown: where results are sorted by something else, nothing was scored before.
static bool read_scores(struct searching *x, const struct ranked *shown, struct search_hit *hits,
                        size_t n, struct err *e)
{
    uint32_t *docids = ARENA_ROOM(x->arena, uint32_t, n + 1);
    float *scores = ARENA_ROOM(x->arena, float, n + 1);
    for (size_t i = 0; i < n; i++) {
        docids[i] = shown[i].docid;
        hits[i].score = (double)score_of_order(shown[i].order);
    }
    if (x->r->sort == SORT_RELEVANCE)
        return true;
    qsort(docids, n, sizeof *docids, compare_docids);
    if (!score_all(&x->taken, &x->query, docids, NULL, n, scores, NULL, NULL, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        const uint32_t *at = bsearch(&shown[i].docid, docids, n, sizeof *docids, compare_docids);
        hits[i].score = (double)scores[at - docids];
    }
    return true;
}

// The page behind `skip` of the n first results; `before` is how many came before it.
static bool show(struct searching *x, const struct ranked *first, size_t n, size_t skip,
                 int64_t before, struct err *e)
{
    struct search_answer *out = x->out;
    size_t size = (size_t)x->r->page_size;
    skip = skip < n ? skip : n;
    n = n - skip < size ? n - skip : size;
    out->hits = ARENA_ARRAY(x->arena, struct search_hit, n + 1);
    if (n && !read_scores(x, first + skip, out->hits, n, e))
        return false;
    x->snippets = n ? snippets_begin(x->s->analyzer, &x->query, x->arena) : NULL;
    for (; out->hit_count < n; out->hit_count++)
        if (!read_hit(x, &first[skip + out->hit_count], &out->hits[out->hit_count], e))
            return false;
    bool more = out->listed > (int64_t)(skip + n);
    int64_t reached = before + (int64_t)n;
    out->page = x->r->cursor.n ? 1 + before / x->r->page_size : x->r->page;
    if (n && more)
        out->cursor = cursor_write(
            x->arena, &(struct cursor){x->s->generation, reached, out->hits[n - 1].docid}, x->r);
    return true;
}

static bool read_page(struct searching *x, struct err *e)
{
    struct search_answer *out = x->out;
    size_t size = (size_t)x->r->page_size, skip = 0, n = 0;
    int64_t before = (x->r->page - 1) * x->r->page_size;
    struct ranked *first = NULL;
    bool found = false;
    out->listed = x->ordering.listed;
    if (x->r->cursor.n) {
        // Was the last one removed, or is the index another one? By the count of results, then.
        bool same = x->cursor.generation == x->s->generation;
        if (same && !read_behind(x, &first, &n, &skip, &found, e))
            return false;
        before = x->cursor.offset - (same && !found);
        before = before < 0 ? 0 : before;
    }
    if (!found) {
        skip = before < out->listed ? (size_t)before : (size_t)out->listed;
        if (!ordering_first(&x->ordering, skip + size, &first, &n, e))
            return false;
    }
    return show(x, first, n, skip, before, e);
}

// ---- Facets ------------------------------------------------------------------------------------------

static void prepare_facets(struct searching *x)
{
    for (size_t i = 0; i < FACET_COUNT; i++)
        if (x->r->facets & 1u << i)
            x->facets[x->facet_count++] =
                (struct facet_job){.facet = (enum facet)i, .own_search = x->query.filters[i].n > 0};
}

static bool match_without(struct searching *x, enum step step, const enum facet *excepts, size_t n,
                          struct matched *out, struct err *e)
{
    const bool *some = chosen_groups(x, step);
    if (!x->s->plain)
        return match_lists_without(&x->taken, &x->query, x->r, some, excepts, n, out, e);
    for (size_t i = 0; i < n; i++)
        if (!match_plain(&x->taken, &x->query, x->r, some, excepts[i], &out[i], e))
            return false;
    return true;
}

// Facets that filter are counted over what the same step finds without their filter, the others over what was found.
static bool count_jobs(struct searching *x, const struct candidates *c, struct facet_job *jobs,
                       size_t count, struct err *e)
{
    enum facet excepts[FACET_COUNT];
    struct matched found[FACET_COUNT], every[FACET_COUNT];
    bool some = x->step == STEP_SOME_WORDS;
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (jobs[i].own_search)
            excepts[n++] = jobs[i].facet;
    if (n && (!match_without(x, x->step, excepts, n, found, e) ||
              (some && !match_without(x, STEP_CORRECTED, excepts, n, every, e))))
        return false;
    for (size_t i = 0, own = 0; i < count; i++) {
        struct candidates all = *c;
        if (jobs[i].own_search) {
            const struct matched *m = &found[own];
            all = (struct candidates){m->docids.v, m->docids.n, NULL, NULL};
            if (some && !score(x, &all, &every[own].docids, e))
                return false;
            own++;
        }
        if (!facet_count(x->s, jobs[i].facet, all.docids, all.n, x->arena, &jobs[i].counts, e))
            return false;
    }
    return true;
}

static bool count_facets(struct searching *x, const struct candidates *c, struct err *e)
{
    if (!count_jobs(x, c, x->facets, x->facet_count, e))
        return false;
    facets_collect(x->facets, x->facet_count, x->arena, x->out);
    return true;
}

// ---- Without a question --------------------------------------------------------------------------------

static bool browse(struct searching *x, struct err *e)
{
    struct search_answer *out = x->out;
    size_t n;
    const struct ranked *first = browse_first(&x->taken, &x->query, x->r, &n, &out->total, e);
    if (!first)
        return false;
    for (size_t i = 0; i < x->facet_count; i++)
        if (!browse_count(&x->taken, x->facets[i].facet, &x->facets[i].counts, e))
            return false;
    facets_collect(x->facets, x->facet_count, x->arena, out);
    out->strict_total = out->listed = out->total;
    int64_t before = (x->r->page - 1) * x->r->page_size;
    return show(x, first, n, (size_t)before, before, e);
}

// ---- One search ----------------------------------------------------------------------------------------

static bool look(struct searching *x, struct err *e)
{
    struct matched strict;
    struct candidates c;
    if (!match_in_steps(x, &strict, &c, e))
        return false;
    x->out->total = (int64_t)c.n;
    return !too_deep(x, e) && count_facets(x, &c, e) && rank(x, &c, e) && read_page(x, e);
}

static bool run(struct searching *x, struct err *e)
{
    struct xap_stats stats;
    if (!query_read(x->s, x->rules, x->r, x->arena, &x->query, e))
        return false;
    prepare_facets(x);
    x->out->page_size = x->r->page_size;
    bool kept = !x->s->plain && is_browse(&x->query, x->r);
    if (!(kept ? browse(x, e) : look(x, e)) || !xap_db_stats(x->s->db, &stats, e))
        return false;
    x->out->revision = searcher_revision(x->s, &stats);
    return true;
}

// Its one facet, and the total.
static bool run_facet(struct searching *x, struct err *e)
{
    struct xap_stats stats;
    struct matched strict;
    struct candidates c;
    if (!query_read(x->s, x->rules, x->r, x->arena, &x->query, e) ||
        !match_in_steps(x, &strict, &c, e))
        return false;
    x->only->own_search = x->query.filters[x->only->facet].n > 0;
    if (!count_jobs(x, &c, x->only, 1, e) || !xap_db_stats(x->s->db, &stats, e))
        return false;
    x->out->total = (int64_t)c.n;
    x->out->revision = searcher_revision(x->s, &stats);
    return true;
}

static bool attempt(struct searcher *s, const struct search_request *r, struct facet_job *only,
                    struct arena *a, struct search_answer *out, struct err *e)
{
    *out = (struct search_answer){0};
    struct rules *rules = rules_take(s->holder);
    struct searching x = {.s = s, .rules = rules, .r = r, .arena = a, .out = out, .only = only};
    x.taken = (struct taken_lists){.s = s, .rules = rules, .arena = a};
    bool good = (!r->cursor.n || cursor_read(r, &x.cursor, e)) && searcher_open(s, e) &&
                (only ? run_facet(&x, e) : run(&x, e));
    lists_give_back(&x.taken);
    rules_release(rules);
    return good;
}

static bool check(const struct search_request *r, struct err *e)
{
    if (r->q.n > SEARCH_QUERY_BYTES)
        return err_set(e, ERR_QUERY, "q is longer than %d bytes", SEARCH_QUERY_BYTES);
    return true;
}

static bool search(struct searcher *s, const struct search_request *r, struct facet_job *only,
                   struct arena *a, struct search_answer *out, struct err *e)
{
    if (!check(r, e))
        return false;
    if (attempt(s, r, only, a, out, e))
        return true;
    if (e->code != ERR_MODIFIED && e->code != ERR_CORRUPT && e->code != ERR_IO)
        return false;
    // The writer went two commits ahead, or the generation was swapped while it was read.
    searcher_close(s);
    *e = (struct err){0};
    return attempt(s, r, only, a, out, e);
}

bool searcher_search(struct searcher *s, const struct search_request *r, struct arena *a,
                     struct search_answer *out, struct err *e)
{
    return search(s, r, NULL, a, out, e);
}

bool search_count(struct searcher *s, const struct search_request *r, struct facet_job *job,
                  struct arena *a, struct search_answer *out, struct err *e)
{
    return search(s, r, job, a, out, e);
}
