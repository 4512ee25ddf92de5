// Results without a question: every record, those that are used most first. They are the same for everybody until the index moves, so
// the first of them are kept with the state of the index, and each facet's counts are those of all documents but the organizations.
#include "indexer/search/searcher.h"

#include <stdlib.h>

struct browse {
    int64_t total;
    size_t n;
    struct ranked first[BROWSE_MOST];
};

struct browsing {
    struct taken_lists *taken;
    const struct query *query;
    const struct search_request *request;
};

static bool has_filters(const struct query *q)
{
    for (size_t i = 0; i < FACET_COUNT; i++)
        if (q->filters[i].n || q->without[i].n)
            return true;
    return q->by_relation[0] || q->by_relation[1];
}

bool is_browse(const struct query *q, const struct search_request *r)
{
    return !q->n && !q->has_text && !q->excluded_count && !has_filters(q) && !r->variants.n &&
           !r->cursor.n && r->modified_since.precision == DATE_NONE && r->min_quality < 0 &&
           r->sort == SORT_RELEVANCE && r->page * r->page_size <= BROWSE_MOST;
}

static void *make_browse(void *arg, struct err *e)
{
    const struct browsing *x = arg;
    struct taken_lists *t = x->taken;
    struct matched all;
    struct ranked *first;
    if (!match_lists(t, x->query, x->request, NULL, FACET_COUNT, &all, e))
        return NULL;
    float *score = ARENA_ROOM(t->arena, float, all.docids.n + 1);
    if (!score_all(t, x->query, all.docids.v, NULL, all.docids.n, score, NULL, NULL, e))
        return NULL;
    struct to_rank rank = {all.docids.v, all.docids.n, NULL, score};
    struct browse *b = xcalloc(1, sizeof *b);
    b->total = (int64_t)all.docids.n;
    b->n = ranked_first(&rank, BROWSE_MOST, t->arena, &first);
    if (b->n)
        memcpy(b->first, first, b->n * sizeof *first);
    return b;
}

const struct ranked *browse_first(struct taken_lists *t, const struct query *q,
                                  const struct search_request *r, size_t *n, int64_t *total,
                                  struct err *e)
{
    struct browsing x = {t, q, r};
    const struct browse *b =
        columns_keep(t->s->columns, KEPT_BROWSE, t->rules->number, make_browse, &x, e);
    if (!b)
        return NULL;
    *n = b->n;
    *total = b->total;
    return b->first;
}

bool browse_count(struct taken_lists *t, enum facet facet, struct facet_counts *out, struct err *e)
{
    struct searcher *s = t->s;
    struct xap_docids organizations;
    const struct column *column = columns_facet(s->columns, s->db, facet, e);
    if (!column || !xap_db_postings(s->db, STR(QUERY_ORGANIZATION), t->arena, &organizations, e) ||
        !facet_count(s, facet, organizations.v, organizations.n, t->arena, out, e))
        return false;
    const uint32_t *totals = column_totals(column);
    size_t values = column_values(column);
    for (size_t i = 0; i < values; i++)
        out->documents[i] = totals[i] - out->documents[i];
    facet_met(out, t->arena);
    return true;
}
