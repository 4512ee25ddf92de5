// Facet counts: how many documents have each value. Filled by xap_db_search. See xap.h.
#include "indexer/xapian/xap_internal.h"

#include <algorithm>

struct xap_counts *xap_counts_new(struct err *err)
{
    return xap_guard(err, [] { return new xap_counts; });
}

void xap_counts_free(struct xap_counts *counts)
{
    if (counts)
        counts->owner.check();
    delete counts;
}

void xap_counts_clear(struct xap_counts *counts)
{
    counts->owner.check();
    counts->documents.clear();
}

size_t xap_counts_size(const struct xap_counts *counts)
{
    counts->owner.check();
    return counts->documents.size();
}

static bool before(const struct xap_count &a, const struct xap_count &b)
{
    return a.documents != b.documents ? a.documents > b.documents : str_cmp(a.value, b.value) < 0;
}

size_t xap_counts_top(const struct xap_counts *counts, size_t n, struct xap_count *top)
{
    counts->owner.check();
    // `top` is kept as a heap, its last value at the front.
    size_t got = 0;
    for (const auto &entry : counts->documents) {
        struct xap_count count = {str_slice(entry.first.data(), entry.first.size()), entry.second};
        if (got == n) {
            if (n == 0 || !before(count, top[0]))
                continue;
            std::pop_heap(top, top + got--, before);
        }
        top[got++] = count;
        std::push_heap(top, top + got, before);
    }
    std::sort_heap(top, top + got, before);
    return got;
}

bool xap_counts_get(const struct xap_counts *counts, struct str value, uint32_t *documents,
                    struct err *err)
{
    counts->owner.check();
    return xap_guard(err, [=] {
        auto found = counts->documents.find(xap_string(value));
        *documents = found == counts->documents.end() ? 0 : found->second;
        return true;
    });
}
