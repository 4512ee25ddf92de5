// See search.h.
#include "indexer/search/searcher.h"

#include "base/hash.h"
#include "indexer/index/generation.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    // How far from its place the last result of a cursor is looked for; and how far when it is not there.
    CURSOR_SLACK = 100,
    CURSOR_SLACK_WIDE = 10000,
    STRICT_ENOUGH = 1, // with fewer finds than this, any word will do
};

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

// ---- The index at hand ---------------------------------------------------------------------------

static void close_index(struct searcher *s)
{
    xap_db_close(s->db);
    s->db = NULL;
}

// Opens the generation in use, or brings the one that is open up to its last commit.
static bool open_index(struct searcher *s, struct err *e)
{
    int64_t generation;
    if (!generation_current(s->data, &generation, e))
        return false;
    if (s->db && generation == s->generation) {
        if (xap_db_reopen(s->db, NULL, e))
            return true;
        close_index(s);
    }
    close_index(s);
    if (!generation) {
        err_set(e, ERR_NOT_FOUND, "there is no index yet");
        return err_hint(e, "run a harvest, or glaneur reindex");
    }
    struct arena a = {0};
    s->db = xap_db_open(generation_path(s->data, generation, &a), e);
    arena_free(&a);
    s->generation = generation;
    return s->db != NULL;
}

struct searcher *searcher_new(const char *data, struct str stop_words, struct err *e)
{
    struct analyzer *analyzer = analyzer_new(stop_words, e);
    if (!analyzer)
        return NULL;
    struct searcher *s = xcalloc(1, sizeof *s);
    s->data = data;
    s->analyzer = analyzer;
    return s;
}

void searcher_free(struct searcher *s)
{
    if (!s)
        return;
    close_index(s);
    analyzer_free(s->analyzer);
    free(s);
}

static uint64_t revision_of(const struct searcher *s, const struct xap_stats *stats)
{
    return (uint64_t)s->generation << 40 | stats->revision;
}

bool searcher_ready(struct searcher *s, uint64_t *revision, struct err *e)
{
    struct str complete;
    struct xap_stats stats;
    if (!open_index(s, e) || !xap_db_metadata(s->db, STR(INDEX_META_COMPLETE), &complete, e))
        return false;
    bool ready = str_eq(complete, STR("1"));
    if (!xap_db_stats(s->db, &stats, e))
        return false;
    *revision = revision_of(s, &stats);
    return ready || err_set(e, ERR_BUSY, "the index is being built");
}

bool searcher_positions(struct searcher *s, int64_t *seq, int64_t *fseq, int64_t *documents,
                        struct err *e)
{
    struct str text;
    struct xap_stats stats;
    *seq = *fseq = 0;
    if (!open_index(s, e) || !xap_db_stats(s->db, &stats, e) ||
        !xap_db_metadata(s->db, STR(INDEX_META_SEQ), &text, e))
        return false;
    *documents = stats.documents;
    str_to_int(text, 0, INT64_MAX, seq);
    if (!xap_db_metadata(s->db, STR(INDEX_META_FSEQ), &text, e))
        return false;
    str_to_int(text, 0, INT64_MAX, fseq);
    return true;
}

struct each_id {
    bool (*each)(void *arg, struct str unique_term);
    void *arg;
};

static bool pass_term(void *user, struct str term, uint32_t documents)
{
    struct each_id *x = user;
    (void)documents;
    return x->each(x->arg, term);
}

bool searcher_each_id(struct searcher *s, bool (*each)(void *arg, struct str unique_term),
                      void *arg, struct err *e)
{
    struct each_id x = {each, arg};
    return open_index(s, e) && xap_db_each_term(s->db, STR("Q"), pass_term, &x, e);
}

// ---- Cursors: "<generation>.<offset>.<docid of the last result>.<hash of the request>" --------------

struct cursor {
    int64_t generation, offset, docid;
};

static uint32_t request_hash(const struct search_request *r)
{
    uint64_t h = hash64(r->q) * 31 + (uint64_t)r->sort;
    for (size_t i = 0; i < FACET_COUNT; i++)
        for (size_t j = 0; j < r->filters[i].n; j++)
            h = h * 1000003 + hash64(r->filters[i].v[j]) + i;
    h = h * 1000003 + (uint64_t)r->modified_since.seconds + (uint64_t)(r->min_quality * 1e6 + 1e6);
    return (uint32_t)(h ^ h >> 32);
}

static struct str cursor_write(struct arena *a, const struct cursor *c,
                               const struct search_request *r)
{
    return arena_printf(a, "%lld.%lld.%lld.%lld", (long long)c->generation, (long long)c->offset,
                        (long long)c->docid, (long long)request_hash(r));
}

static bool cursor_read(const struct search_request *r, struct cursor *c, struct err *e)
{
    struct str rest = r->cursor, part;
    int64_t n[4];
    size_t count = 0;
    bool good = true;
    for (; good && str_next(&rest, '.', &part); count++)
        good = count < 4 && str_to_int(part, 0, INT64_MAX, &n[count]);
    if (!good || count != 4 || n[1] > UINT32_MAX)
        return err_set(e, ERR_QUERY, "cursor is not one that a search gave");
    if (n[3] != request_hash(r)) {
        err_set(e, ERR_QUERY, "cursor belongs to another search");
        return err_hint(e, "send it with the q, filters and sort of the search that gave it");
    }
    *c = (struct cursor){n[0], n[1], n[2]};
    return true;
}

// ---- One search ----------------------------------------------------------------------------------

struct searching { // what one search owns until it is over
    struct searcher *s;
    const struct search_request *r;
    struct arena *arena;
    struct search_answer *out;
    struct query_words words;
    struct xap_query *text, *filters, *query;
    struct xap_matches *matches;
    struct facet_job facets[FACET_COUNT];
    size_t facet_count;
    struct cursor cursor;
    uint32_t slack; // of the cursor
    uint32_t first; // of the matches that were asked for
};

static const struct {
    uint32_t slot;
    bool descending;
} sorts[] = {
    [SORT_RELEVANCE] = {XAP_NO_SLOT, false}, [SORT_MODIFIED] = {SLOT_MODIFIED, true},
    [SORT_ISSUED] = {SLOT_ISSUED, true},     [SORT_VIEWS] = {SLOT_VIEWS, true},
    [SORT_TITLE] = {SLOT_TITLE, false},
};

static void free_queries(struct searching *x)
{
    xap_query_free(x->query);
    xap_query_free(x->text);
    xap_query_free(x->filters);
    x->query = x->text = x->filters = NULL;
    xap_matches_free(x->matches);
    x->matches = NULL;
}

static bool build(struct searching *x, bool any, struct err *e)
{
    free_queries(x);
    struct err none = {0};
    x->text = query_text(&x->words, any, &none);
    if (!x->words.n && str_trim(x->r->q).n) // signs without a word
        x->text = xap_query_match_nothing(&none);
    if (none.code != ERR_NONE) {
        *e = none;
        return false;
    }
    x->filters = query_filters(x->r, FACET_COUNT, x->arena, e);
    x->query = x->filters ? query_ranked(x->text, x->filters, e) : NULL;
    return x->query != NULL;
}

// Beyond this a page costs too much. One past the end is another thing: it is empty.
static bool is_deep(const struct search_request *r)
{
    return !r->cursor.n && r->page * r->page_size > SEARCH_DEPTH_MAX;
}

static bool too_deep(const struct searching *x, struct err *e)
{
    if (!is_deep(x->r) || (x->r->page - 1) * x->r->page_size >= x->out->total)
        return false;
    err_set(e, ERR_QUERY, "page times page_size is over %d", SEARCH_DEPTH_MAX);
    err_hint(e, "follow `cursor` from page to page, or narrow the search");
    return true;
}

// The matches of the page, exactly counted, with the counts of the facets that need no search of their own.
static bool match(struct searching *x, struct err *e)
{
    struct xap_facet facets[FACET_COUNT];
    struct xap_search search = xap_search_of(x->query);
    for (size_t i = 0; i < x->facet_count; i++)
        if (!x->facets[i].own_search)
            facets[search.n_facets++] =
                (struct xap_facet){SLOT_FACETS + (uint32_t)x->facets[i].facet,
                                   facet_fields[x->facets[i].facet].list, x->facets[i].counts};
    search.facets = facets;
    search.check_at_least = UINT32_MAX;
    search.sort_slot = sorts[x->r->sort].slot;
    search.sort_descending = sorts[x->r->sort].descending;
    if (x->r->cursor.n) {
        int64_t from = x->cursor.offset - 1 - x->slack;
        x->first = from > 0 ? (uint32_t)from : 0;
        search.max_items = (uint32_t)x->r->page_size + 2 * x->slack + 1;
    } else if (!is_deep(x->r)) {
        x->first = (uint32_t)((x->r->page - 1) * x->r->page_size);
        search.max_items = (uint32_t)x->r->page_size;
    } else {
        search.max_items = 0;
    }
    search.first = x->first;
    x->matches = xap_db_search(x->s->db, &search, e);
    return x->matches != NULL;
}

static bool count_own(struct searching *x, struct facet_job *job, struct err *e)
{
    struct xap_facet facet = {SLOT_FACETS + (uint32_t)job->facet, facet_fields[job->facet].list,
                              job->counts};
    struct xap_query *filters = query_filters(x->r, job->facet, x->arena, e);
    struct xap_query *query = filters && x->text ? xap_query_filter(x->text, filters, e) : NULL;
    struct xap_search search = xap_search_of(x->text ? query : filters);
    search.boolean_only = true;
    search.max_items = 0;
    search.check_at_least = UINT32_MAX;
    search.facets = &facet;
    search.n_facets = 1;
    struct xap_matches *m = search.query ? xap_db_search(x->s->db, &search, e) : NULL;
    xap_query_free(query);
    xap_query_free(filters);
    xap_matches_free(m);
    return m != NULL;
}

static bool prepare_facets(struct searching *x, struct err *e)
{
    for (size_t i = 0; i < FACET_COUNT; i++) {
        if (!(x->r->facets & 1u << i))
            continue;
        struct facet_job *job = &x->facets[x->facet_count];
        *job = (struct facet_job){(enum facet)i, x->r->filters[i].n > 0, xap_counts_new(e)};
        if (!job->counts)
            return false;
        x->facet_count++;
    }
    return true;
}

static bool explain_term(void *user, const struct xap_term_weight *term)
{
    struct buf *b = user;
    json_open(b, '{');
    json_key(b, "term");
    json_str(b, term->term);
    json_key(b, "documents");
    json_int(b, term->documents);
    json_key(b, "weight");
    json_num(b, term->weight);
    json_close(b, '}');
    return true;
}

// The parts of a score: the text's, the prior's, and each term's own weight before its field's scale.
static bool explain(struct searching *x, struct search_hit *hit, struct err *e)
{
    struct buf b = {0};
    struct xap_bm25 bm25 = xap_search_of(NULL).bm25;
    double text = 0;
    bool good = true;
    json_open(&b, '{');
    json_key(&b, "terms");
    json_open(&b, '[');
    if (x->text)
        good = xap_db_explain(x->s->db, x->text, bm25, hit->docid, &text, explain_term, &b, e);
    json_close(&b, ']');
    json_key(&b, "text");
    json_num(&b, text);
    json_key(&b, "prior");
    json_num(&b, hit->score - text);
    json_close(&b, '}');
    hit->explain = arena_str(x->arena, buf_str(&b));
    buf_free(&b);
    return good;
}

static bool read_hit(struct searching *x, uint32_t i, struct search_hit *hit, struct err *e)
{
    struct xap_item item;
    struct str data, figures;
    if (!xap_matches_item(x->matches, i, &item, e) || !xap_matches_data(x->matches, i, &data, e) ||
        !xap_matches_value(x->matches, i, SLOT_FIGURES, &figures, e))
        return false;
    struct document_data parts = document_data_read(data);
    hit->docid = item.docid;
    hit->score = item.weight;
    hit->members = arena_str(x->arena, parts.members);
    hit->figures = arena_str(x->arena, figures);
    hit->snippet = snippet_make(x->s->analyzer, parts.excerpt, &x->words, x->arena);
    return !x->r->explain || explain(x, hit, e);
}

// Behind the last result that the cursor names, among the matches at hand. *start is left alone when it is not there.
static bool find_last(struct searching *x, uint32_t *start, bool *found, struct err *e)
{
    struct xap_item item;
    *found = false;
    for (uint32_t i = 0; i < xap_matches_count(x->matches) && !*found; i++) {
        if (!xap_matches_item(x->matches, i, &item, e))
            return false;
        *found = item.docid == (uint64_t)x->cursor.docid;
        if (*found)
            *start = i + 1;
    }
    return true;
}

// Where the page begins among the matches at hand: with a cursor, behind the last result that it names, wherever that went.
static bool page_start(struct searching *x, uint32_t *start, struct err *e)
{
    bool found = false;
    *start = 0;
    if (!x->r->cursor.n)
        return true;
    bool same_docids = x->cursor.generation == x->s->generation;
    if (same_docids && !find_last(x, start, &found, e))
        return false;
    if (same_docids && !found) {
        x->slack = CURSOR_SLACK_WIDE;
        xap_matches_free(x->matches);
        if (!match(x, e) || !find_last(x, start, &found, e))
            return false;
    }
    if (found)
        return true;
    // By the count of results, then. Was the last one removed? What followed it has its place.
    int64_t expected = x->cursor.offset - x->first - same_docids;
    uint32_t n = xap_matches_count(x->matches);
    *start = expected < 0 ? 0 : expected < n ? (uint32_t)expected : n;
    return true;
}

static bool read_page(struct searching *x, struct err *e)
{
    struct search_answer *out = x->out;
    uint32_t start;
    if (!page_start(x, &start, e))
        return false;
    uint32_t n = xap_matches_count(x->matches);
    n = n > start ? n - start : 0;
    n = n < (uint32_t)x->r->page_size ? n : (uint32_t)x->r->page_size;
    out->hits = ARENA_ARRAY(x->arena, struct search_hit, n);
    for (uint32_t i = 0; i < n; i++, out->hit_count++)
        if (!read_hit(x, start + i, &out->hits[i], e))
            return false;
    int64_t reached = (int64_t)x->first + start + n;
    out->page = x->r->cursor.n ? 1 + (reached - n) / x->r->page_size : x->r->page;
    if (n && reached < out->total)
        out->cursor = cursor_write(
            x->arena, &(struct cursor){x->s->generation, reached, out->hits[n - 1].docid}, x->r);
    return true;
}

static bool run(struct searching *x, struct err *e)
{
    const struct search_request *r = x->r;
    struct xap_stats stats;
    if (!query_read(x->s->analyzer, r->q, x->arena, &x->words, e) || !prepare_facets(x, e) ||
        !build(x, false, e) || !match(x, e))
        return false;
    struct search_answer *out = x->out;
    out->strict_total = xap_matches_totals(x->matches).matches;
    if (out->strict_total < STRICT_ENOUGH && x->words.n > 1) {
        if (!build(x, true, e) || !match(x, e))
            return false;
        if (xap_matches_totals(x->matches).matches > 0)
            out->relaxed = STR("any_word");
    }
    out->total = xap_matches_totals(x->matches).matches;
    out->page_size = r->page_size;
    if (too_deep(x, e))
        return false;
    for (size_t i = 0; i < x->facet_count; i++)
        if (x->facets[i].own_search && !count_own(x, &x->facets[i], e))
            return false;
    if (!read_page(x, e) || !xap_db_stats(x->s->db, &stats, e))
        return false;
    facets_collect(x->facets, x->facet_count, x->arena, out);
    out->revision = revision_of(x->s, &stats);
    return true;
}

static bool attempt(struct searcher *s, const struct search_request *r, struct arena *a,
                    struct search_answer *out, struct err *e)
{
    *out = (struct search_answer){0};
    struct searching x = {.s = s, .r = r, .arena = a, .out = out, .slack = CURSOR_SLACK};
    bool good = (!r->cursor.n || cursor_read(r, &x.cursor, e)) && open_index(s, e) && run(&x, e);
    free_queries(&x);
    for (size_t i = 0; i < x.facet_count; i++)
        xap_counts_free(x.facets[i].counts);
    return good;
}

static bool check(const struct search_request *r, struct err *e)
{
    if (r->q.n > SEARCH_QUERY_BYTES)
        return err_set(e, ERR_QUERY, "q is longer than %d bytes", SEARCH_QUERY_BYTES);
    return true;
}

bool searcher_search(struct searcher *s, const struct search_request *r, struct arena *a,
                     struct search_answer *out, struct err *e)
{
    if (!check(r, e))
        return false;
    if (attempt(s, r, a, out, e))
        return true;
    if (e->code != ERR_MODIFIED && e->code != ERR_CORRUPT && e->code != ERR_IO)
        return false;
    // The writer went two commits ahead, or the generation was swapped while it was read.
    close_index(s);
    *e = (struct err){0};
    return attempt(s, r, a, out, e);
}
