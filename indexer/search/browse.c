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
    size_t n;
    if (!match_lists(t, x->query, x->request, NULL, FACET_COUNT, &all, e) ||
        !score_first(t, x->query, all.docids.v, NULL, all.docids.n, BROWSE_MOST, &first, &n, e))
        return NULL;
    struct browse *b = xcalloc(1, sizeof *b);
    b->total = (int64_t)all.docids.n;
    b->n = n;
    if (n)
        memcpy(b->first, first, n * sizeof *first);
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

// The counts of a facet, in one block.
struct browse_facet {
    size_t n;
    uint32_t first[SEARCH_FACET_VALUES]; // values, in their order
    uint32_t documents[];
};

struct counting_all {
    struct taken_lists *taken;
    enum facet facet;
};

static void *make_counts(void *arg, struct err *e)
{
    const struct counting_all *x = arg;
    struct searcher *s = x->taken->s;
    struct arena *a = x->taken->arena;
    struct xap_docids organizations;
    struct facet_counts counts;
    if (!xap_db_postings(s->db, STR(QUERY_ORGANIZATION), a, &organizations, e) ||
        !facet_count(s, x->facet, organizations.v, organizations.n, a, &counts, e))
        return NULL;
    const uint32_t *totals = column_totals(counts.column);
    size_t values = column_values(counts.column);
    for (size_t i = 0; i < values; i++)
        counts.documents[i] = totals[i] - counts.documents[i];
    facet_met(&counts, a);
    struct browse_facet *b = xcalloc(1, sizeof *b + values * sizeof *b->documents);
    b->n = facet_first(&counts, b->first);
    if (values)
        memcpy(b->documents, counts.documents, values * sizeof *b->documents);
    return b;
}

bool browse_count(struct taken_lists *t, enum facet facet, struct facet_counts *out, struct err *e)
{
    struct searcher *s = t->s;
    struct counting_all x = {t, facet};
    const struct column *column = columns_facet(s->columns, s->db, facet, e);
    struct browse_facet *b =
        column ? columns_keep(s->columns, KEPT_BROWSE_FACET, facet, make_counts, &x, e) : NULL;
    if (b)
        *out = (struct facet_counts){column, b->documents, b->first, b->n};
    return b != NULL;
}
