// Facets: the values that most of what was found has, with their labels where the index holds them. They are counted over columns
// in memory (indexer/columns): adding one to a counter for each value of each document.
#include "indexer/search/searcher.h"

void facet_met(struct facet_counts *c, struct arena *a)
{
    size_t values = column_values(c->column);
    c->n = 0;
    for (size_t i = 0; i < values; i++)
        c->n += c->documents[i] > 0;
    c->met = ARENA_ROOM(a, uint32_t, c->n + 1);
    for (size_t i = 0, at = 0; at < c->n; i++) {
        c->met[at] = (uint32_t)i;
        at += c->documents[i] > 0;
    }
}

bool facet_count(struct searcher *s, enum facet facet, const uint32_t *docids, size_t n,
                 struct arena *a, struct facet_counts *out, struct err *e)
{
    const struct column *column = columns_facet(s->columns, s->db, facet, e);
    if (!column)
        return false;
    size_t values = column_values(column);
    uint32_t *counts = ARENA_ARRAY(a, uint32_t, values + 1);
    column_count(column, docids, n, counts);
    *out = (struct facet_counts){.column = column, .documents = counts + 1};
    facet_met(out, a);
    return true;
}

bool facet_before(const struct facet_counts *c, uint32_t a, uint32_t b)
{
    return c->documents[a] != c->documents[b]
               ? c->documents[a] > c->documents[b]
               : str_cmp(column_text(c->column, a), column_text(c->column, b)) < 0;
}

struct facet_value facet_value_of(const struct facet_counts *counts, uint32_t value,
                                  enum facet facet, struct arena *a)
{
    struct str text = column_text(counts->column, value);
    struct facet_value v = {.count = counts->documents[value]};
    ptrdiff_t at = facet_fields[facet].labelled ? str_find_char(text, LABEL_SEPARATOR) : -1;
    if (at < 0) {
        v.value = arena_str(a, text);
        return v;
    }
    size_t n = (size_t)at;
    v.value = arena_str(a, str_slice(text.p, n));
    v.label = arena_str(a, str_slice(text.p + n + 1, text.n - n - 1));
    return v;
}

size_t facet_first(const struct facet_counts *c, uint32_t top[SEARCH_FACET_VALUES])
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        size_t at = n;
        while (at > 0 && facet_before(c, c->met[i], top[at - 1]))
            at--;
        if (at == SEARCH_FACET_VALUES)
            continue;
        n += n < SEARCH_FACET_VALUES;
        memmove(top + at + 1, top + at, (n - at - 1) * sizeof *top);
        top[at] = c->met[i];
    }
    return n;
}

void facets_collect(struct facet_job *jobs, size_t n, struct arena *a, struct search_answer *out)
{
    out->facets = ARENA_ARRAY(a, struct facet_answer, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t top[SEARCH_FACET_VALUES];
        size_t got = facet_first(&jobs[i].counts, top);
        struct facet_answer *answer = &out->facets[out->facet_count++];
        answer->facet = jobs[i].facet;
        answer->values = ARENA_ARRAY(a, struct facet_value, got);
        answer->n = got;
        for (size_t j = 0; j < got; j++)
            answer->values[j] = facet_value_of(&jobs[i].counts, top[j], jobs[i].facet, a);
    }
}
