// Facets: the values that most of what was found has, with their labels where the index holds them.
#include "indexer/search/searcher.h"

struct facet_value facet_value_of(const struct xap_count *count, enum facet facet, struct arena *a)
{
    struct facet_value v = {.count = count->documents};
    ptrdiff_t at = facet_fields[facet].labelled ? str_find_char(count->value, LABEL_SEPARATOR) : -1;
    if (at < 0) {
        v.value = arena_str(a, count->value);
        return v;
    }
    size_t n = (size_t)at;
    v.value = arena_str(a, str_slice(count->value.p, n));
    v.label = arena_str(a, str_slice(count->value.p + n + 1, count->value.n - n - 1));
    return v;
}

void facets_collect(struct facet_job *jobs, size_t n, struct arena *a, struct search_answer *out)
{
    out->facets = ARENA_ARRAY(a, struct facet_answer, n);
    for (size_t i = 0; i < n; i++) {
        struct xap_count top[SEARCH_FACET_VALUES];
        size_t got = xap_counts_top(jobs[i].counts, SEARCH_FACET_VALUES, top);
        struct facet_answer *answer = &out->facets[out->facet_count++];
        answer->facet = jobs[i].facet;
        answer->values = ARENA_ARRAY(a, struct facet_value, got);
        answer->n = got;
        for (size_t j = 0; j < got; j++)
            answer->values[j] = facet_value_of(&top[j], jobs[i].facet, a);
    }
}
