// See search.h. One search: the words are matched in steps, each less strict than the one before, until enough is found; all
// that matches is scored, ordered, and counted.
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

struct searching { // what one search owns until it is over
    struct searcher *s;
    const struct rules *rules;
    const struct search_request *r;
    struct arena *arena;
    struct search_answer *out;
    struct query query;
    enum step step;
    struct facet_job *only; // count this facet and nothing more; NULL for a whole search
    struct facet_job facets[FACET_COUNT];
    size_t facet_count;
    struct cursor cursor;
    struct ranked *ranked;
    size_t ranked_count;
};

static const struct {
    uint32_t slot;
    enum order order;
} sorts[] = {
    [SORT_RELEVANCE] = {XAP_NO_SLOT, ORDER_SCORE},
    [SORT_MODIFIED] = {SLOT_MODIFIED, ORDER_VALUE_DOWN},
    [SORT_ISSUED] = {SLOT_ISSUED, ORDER_VALUE_DOWN},
    [SORT_VIEWS] = {SLOT_VIEWS, ORDER_VALUE_DOWN},
    [SORT_TITLE] = {SLOT_TITLE, ORDER_VALUE_UP},
};

// ---- Matching --------------------------------------------------------------------------------------

// What is neither a wish nor demanded always.
static bool is_loose(const struct query_group *g)
{
    return !g->generic && !g->firm;
}

// Groups one of which a record must have to have `least_share` of the words: the rarest ones.
static bool *choose_groups(struct searching *x)
{
    const struct query *q = &x->query;
    bool *chosen = ARENA_ARRAY(x->arena, bool, q->n + 1);
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
        if (commonest == q->n ||
            left_out + q->groups[commonest].rarity >= x->rules->weights.matching.least_share * all)
            return chosen;
        left_out += q->groups[commonest].rarity;
        chosen[commonest] = false;
    }
}

// What matches by this step, within all filters but that of `except`.
static bool match(struct searching *x, enum step step, enum facet except, struct xap_docids *out,
                  struct err *e)
{
    struct err none = {0};
    struct xap_query *text = step == STEP_SOME_WORDS ? query_any(&x->query, choose_groups(x), &none)
                                                     : query_every(&x->query, &none);
    if (none.code != ERR_NONE) {
        *e = none;
        return false;
    }
    struct xap_query *within = query_within(&x->query, x->rules, x->r, text, except, x->arena, e);
    bool good = within && xap_db_match(x->s->db, within, x->arena, out, e);
    xap_query_free(within);
    xap_query_free(text);
    return good;
}

// Of the records that lack words, only the best stay: how many, the weights tell. `whole` marks those that lack none.
static void cut_partial(struct searching *x, struct candidates *c, uint32_t *docids,
                        const bool *whole)
{
    size_t most = (size_t)x->rules->weights.matching.partial, count = 0, n = 0;
    struct ranked *partial = ARENA_ARRAY(x->arena, struct ranked, c->n + 1);
    for (size_t i = 0; i < c->n; i++)
        if (!whole[i])
            partial[count++] = (struct ranked){.docid = docids[i], .score = c->score[i]};
    if (count <= most)
        return;
    struct ranked last = {0};
    if (ranked_first(partial, count, most, ORDER_SCORE))
        last = partial[most - 1];
    for (size_t i = 0; i < c->n; i++) {
        struct ranked this = {.docid = docids[i], .score = c->score[i]};
        if (!whole[i] && (!most || ranked_before(&last, &this, ORDER_SCORE)))
            continue;
        docids[n] = docids[i];
        c->score[n] = c->score[i];
        c->share[n] = c->share[i];
        n++;
    }
    c->n = n;
}

// Scores what was found. Of some words, what has too few of them goes, and what is missing costs; a record that matches every
// group (those are `every`) has all of them, also where parts of what was written score higher than the synonym that it has.
static bool score(struct searching *x, struct candidates *c, const struct xap_docids *every,
                  struct err *e)
{
    if (!score_all(x->s, x->rules, &x->query, x->arena, c, NULL, e))
        return false;
    if (x->step != STEP_SOME_WORDS)
        return true;
    uint32_t *docids = ARENA_ARRAY(x->arena, uint32_t, c->n + 1);
    bool *has_every = ARENA_ARRAY(x->arena, bool, c->n + 1);
    double least = x->rules->weights.matching.least_share - 1e-4;
    float power = (float)x->rules->weights.matching.missing;
    size_t n = 0;
    for (size_t i = 0, at = 0; i < c->n; i++) {
        while (at < every->n && every->v[at] < c->docids[i])
            at++;
        bool whole = at < every->n && every->v[at] == c->docids[i];
        if (!whole && (double)c->share[i] < least)
            continue;
        docids[n] = c->docids[i];
        has_every[n] = whole;
        c->share[n] = whole ? 1 : c->share[i];
        c->score[n] = c->score[i] * powf(c->share[n], power);
        n++;
    }
    c->docids = docids;
    c->n = n;
    cut_partial(x, c, docids, has_every);
    return true;
}

static size_t demands(const struct query *q)
{
    size_t n = 0;
    for (size_t i = 0; i < q->n; i++)
        n += is_loose(&q->groups[i]) ? q->groups[i].forms[0].n : 0;
    return n;
}

// Goes through the steps until enough is found. *strict: what has every word, as it was written.
static bool match_in_steps(struct searching *x, struct xap_docids *strict, struct candidates *c,
                           struct err *e)
{
    size_t enough = (size_t)x->rules->weights.matching.enough;
    struct xap_docids every, found;
    x->step = STEP_EVERY_WORD;
    if (!match(x, STEP_EVERY_WORD, FACET_COUNT, strict, e))
        return false;
    x->out->strict_total = (int64_t)strict->n;
    every = found = *strict;
    // Sorted otherwise than by relevance, what matches less would stand before what matches more.
    bool forgive = x->r->sort == SORT_RELEVANCE || !strict->n;
    if (forgive && every.n < enough && x->query.n) {
        if (!query_correct(x->s, &x->query, x->r->q, x->arena, &x->out->corrected, e))
            return false;
        if (x->out->corrected.n) {
            x->step = STEP_CORRECTED;
            if (!match(x, STEP_CORRECTED, FACET_COUNT, &every, e))
                return false;
            found = every;
        }
        forgive = x->r->sort == SORT_RELEVANCE || !every.n;
        if (forgive && every.n < enough && demands(&x->query) > 1) {
            x->step = STEP_SOME_WORDS;
            if (!match(x, STEP_SOME_WORDS, FACET_COUNT, &found, e))
                return false;
        }
    }
    *c = (struct candidates){.docids = found.v, .n = found.n};
    if ((!x->only || x->step == STEP_SOME_WORDS) && !score(x, c, &every, e))
        return false;
    if (x->step == STEP_SOME_WORDS && c->n > every.n)
        x->out->relaxed = STR("some_words");
    if (every.n == strict->n)
        x->out->corrected = c->n > strict->n ? x->out->corrected : STR_NONE;
    return true;
}

// ---- Order -------------------------------------------------------------------------------------------

static void take_value(void *user, size_t i, struct str value)
{
    struct searching *x = user;
    x->ranked[i].value = arena_str(x->arena, value);
}

// The nearest scale first: the zone that is asked for and what lies in it, then what contains it, step by step.
static bool rank_territory(struct searching *x, const struct candidates *c, struct err *e)
{
    const struct strs *asked = &x->query.filters[FACET_TERRITORY];
    if (!asked->n || !x->rules->places)
        return true;
    uint32_t *has = ARENA_ARRAY(x->arena, uint32_t, c->n + 1);
    for (size_t i = 0; i < c->n; i++)
        x->ranked[i].tier = UINT32_MAX;
    for (size_t j = 0; j < asked->n; j++) {
        struct strs zones = places_filter_zones(x->rules->places,
                                                search_territory(x->arena, asked->v[j]), x->arena);
        for (size_t k = 0; k <= zones.n; k++) {
            struct str term =
                k < zones.n
                    ? arena_printf(x->arena, "%s%.*s", facet_fields[FACET_TERRITORY].prefix.p,
                                   STR_ARG(zones.v[k]))
                    : arena_printf(x->arena, PREFIX_INSIDE "%.*s", STR_ARG(zones.v[0]));
            unsigned steps = k < zones.n ? (unsigned)k : 0;
            if (!zones.n || !xap_db_counts(x->s->db, term, c->docids, c->n, has, e))
                return !zones.n;
            for (size_t i = 0; i < c->n; i++)
                if (has[i] && steps < x->ranked[i].tier)
                    x->ranked[i].tier = steps;
        }
    }
    return true;
}

static bool rank(struct searching *x, const struct candidates *c, struct err *e)
{
    x->ranked = ARENA_ARRAY(x->arena, struct ranked, c->n + 1);
    x->ranked_count = c->n;
    for (size_t i = 0; i < c->n; i++)
        x->ranked[i] = (struct ranked){.docid = c->docids[i], .score = c->score[i]};
    if (x->r->sort == SORT_RELEVANCE && !rank_territory(x, c, e))
        return false;
    uint32_t slot = sorts[x->r->sort].slot;
    return slot == XAP_NO_SLOT || xap_db_values(x->s->db, slot, c->docids, c->n, take_value, x, e);
}

static bool before_variant(const struct ranked *a, const struct ranked *b)
{
    return a->variant != b->variant ? a->variant < b->variant : ranked_before(a, b, ORDER_SCORE);
}

static int compare_variants(const void *a, const void *b)
{
    return before_variant(a, b) ? -1 : before_variant(b, a);
}

// Of variants, those that match best stay, and tell how many stand behind them.
static bool group_variants(struct searching *x, const struct candidates *c, struct err *e)
{
    size_t most = (size_t)x->rules->weights.variants, n = 0;
    struct ranked *list = x->ranked;
    if (x->r->sort != SORT_RELEVANCE || x->r->variants.n || x->r->ungrouped || !x->query.has_text ||
        !most)
        return true;
    const struct column *variants = columns_fixed(x->s->columns, x->s->db, COLUMN_VARIANT, e);
    if (!variants)
        return false;
    for (size_t i = 0; i < c->n; i++)
        memcpy(&list[i].variant, column_bytes(variants, c->docids[i]), sizeof(uint64_t));
    for (size_t i = 0; i < x->ranked_count; i++) { // first those that have none
        struct ranked other = list[i];
        if (other.variant)
            continue;
        list[i] = list[n];
        list[n++] = other;
    }
    qsort(list + n, x->ranked_count - n, sizeof *list, compare_variants);
    for (size_t i = n; i < x->ranked_count;) {
        size_t end = i + 1;
        while (end < x->ranked_count && list[end].variant == list[i].variant)
            end++;
        size_t kept = end - i < most ? end - i : most;
        uint32_t behind = (uint32_t)(end - i - kept);
        for (size_t j = i; j < i + kept; j++)
            list[n++] = list[j];
        list[n - 1].variants = behind;
        i = end;
    }
    x->ranked_count = n;
    return true;
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

// What stands behind the last result that the cursor names, wherever that went; false when it is not among the results.
static bool behind_last(struct searching *x, enum order order)
{
    struct ranked last = {0};
    bool found = false;
    for (size_t i = 0; i < x->ranked_count && !found; i++) {
        found = x->ranked[i].docid == (uint64_t)x->cursor.docid;
        last = x->ranked[i];
    }
    size_t n = 0;
    for (size_t i = 0; i < x->ranked_count && found; i++)
        if (ranked_before(&last, &x->ranked[i], order))
            x->ranked[n++] = x->ranked[i];
    if (found)
        x->ranked_count = n;
    return found;
}

// ---- Results -----------------------------------------------------------------------------------------

static bool explain(struct searching *x, struct search_hit *hit, struct err *e)
{
    struct candidates one = {.docids = &hit->docid, .n = 1};
    struct buf b = {0};
    json_open(&b, '{');
    bool good = score_all(x->s, x->rules, &x->query, x->arena, &one, &b, e);
    json_key(&b, "missing"); // what the words that it does not have leave of the score
    json_num(&b, good && one.score[0] > 0 ? hit->score / (double)one.score[0] : 1);
    json_close(&b, '}');
    hit->explain = arena_str(x->arena, buf_str(&b));
    buf_free(&b);
    return good;
}

static bool read_hit(struct searching *x, const struct ranked *ranked, struct search_hit *hit,
                     struct err *e)
{
    struct str data, figures;
    if (!xap_db_load_docid(x->s->db, ranked->docid, x->s->doc, e) ||
        !xap_doc_value(x->s->doc, SLOT_FIGURES, &figures, e))
        return false;
    hit->figures = arena_str(x->arena, figures);
    if (!xap_doc_data(x->s->doc, &data, e))
        return false;
    struct document_data parts = document_data_read(data);
    hit->docid = ranked->docid;
    hit->variants = ranked->variants;
    if (ranked->variants)
        hit->variant = variant_text(ranked->variant, arena_bytes(x->arena, VARIANT_BYTES + 1));
    hit->score = (double)ranked->score;
    hit->members = arena_str(x->arena, parts.members);
    hit->snippet = snippet_make(x->s->analyzer, parts.excerpt, &x->query, x->arena);
    return !x->r->explain || explain(x, hit, e);
}

static bool read_page(struct searching *x, struct err *e)
{
    struct search_answer *out = x->out;
    out->listed = (int64_t)x->ranked_count;
    enum order order = sorts[x->r->sort].order;
    size_t size = (size_t)x->r->page_size;
    int64_t before = (x->r->page - 1) * x->r->page_size;
    size_t skip = 0;
    if (x->r->cursor.n) {
        // Was the last one removed, or is the index another one? By the count of results, then.
        bool same = x->cursor.generation == x->s->generation;
        bool found = same && behind_last(x, order);
        before = x->cursor.offset - (same && !found);
        skip = found || before < 0 ? 0 : (size_t)before;
        before = before < 0 ? 0 : before;
    } else if ((uint64_t)before < x->ranked_count) {
        skip = (size_t)before;
    } else {
        skip = x->ranked_count;
    }
    skip = skip < x->ranked_count ? skip : x->ranked_count;
    size_t n = ranked_first(x->ranked, x->ranked_count, skip + size, order);
    n = n > skip ? n - skip : 0;
    out->hits = ARENA_ARRAY(x->arena, struct search_hit, n + 1);
    for (size_t i = 0; i < n; i++, out->hit_count++)
        if (!read_hit(x, &x->ranked[skip + i], &out->hits[i], e))
            return false;
    bool more = x->ranked_count > skip + n;
    int64_t reached = before + (int64_t)n;
    out->page = x->r->cursor.n ? 1 + before / x->r->page_size : x->r->page;
    if (n && more)
        out->cursor = cursor_write(
            x->arena, &(struct cursor){x->s->generation, reached, out->hits[n - 1].docid}, x->r);
    return true;
}

// ---- Facets ------------------------------------------------------------------------------------------

static void prepare_facets(struct searching *x)
{
    for (size_t i = 0; i < FACET_COUNT; i++)
        if (x->r->facets & 1u << i)
            x->facets[x->facet_count++] =
                (struct facet_job){.facet = (enum facet)i, .own_search = x->query.filters[i].n > 0};
}

// A facet that filters is counted over what the same step finds without its filter.
static bool count_facet(struct searching *x, const struct candidates *c, struct facet_job *job,
                        struct err *e)
{
    struct candidates own = *c;
    struct xap_docids found, every;
    if (job->own_search) {
        if (!match(x, x->step, job->facet, &found, e))
            return false;
        own = (struct candidates){.docids = found.v, .n = found.n};
        if (x->step == STEP_SOME_WORDS &&
            (!match(x, STEP_CORRECTED, job->facet, &every, e) || !score(x, &own, &every, e)))
            return false;
    }
    return facet_count(x->s, job->facet, own.docids, own.n, x->arena, &job->counts, e);
}

static bool count_facets(struct searching *x, const struct candidates *c, struct err *e)
{
    for (size_t i = 0; i < x->facet_count; i++)
        if (!count_facet(x, c, &x->facets[i], e))
            return false;
    facets_collect(x->facets, x->facet_count, x->arena, x->out);
    return true;
}

// ---- One search ----------------------------------------------------------------------------------------

static bool run(struct searching *x, struct err *e)
{
    struct xap_stats stats;
    struct xap_docids strict;
    struct candidates c;
    struct search_answer *out = x->out;
    if (!query_read(x->s, x->rules, x->r, x->arena, &x->query, e) ||
        !match_in_steps(x, &strict, &c, e))
        return false;
    prepare_facets(x);
    out->total = (int64_t)c.n;
    out->page_size = x->r->page_size;
    if (too_deep(x, e) || !count_facets(x, &c, e) || !rank(x, &c, e) || !group_variants(x, &c, e) ||
        !read_page(x, e) || !xap_db_stats(x->s->db, &stats, e))
        return false;
    out->revision = searcher_revision(x->s, &stats);
    return true;
}

// Its one facet, and the total.
static bool run_facet(struct searching *x, struct err *e)
{
    struct xap_stats stats;
    struct xap_docids strict;
    struct candidates c;
    if (!query_read(x->s, x->rules, x->r, x->arena, &x->query, e) ||
        !match_in_steps(x, &strict, &c, e))
        return false;
    x->only->own_search = x->query.filters[x->only->facet].n > 0;
    if (!count_facet(x, &c, x->only, e) || !xap_db_stats(x->s->db, &stats, e))
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
    bool good = (!r->cursor.n || cursor_read(r, &x.cursor, e)) && searcher_open(s, e) &&
                (only ? run_facet(&x, e) : run(&x, e));
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
