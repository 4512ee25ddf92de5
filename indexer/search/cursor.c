// Cursors: "<generation>.<offset>.<docid of the last result>.<hash of the request>". See searcher.h.
#include "indexer/search/searcher.h"

#include "base/hash.h"

static uint32_t request_hash(const struct search_request *r)
{
    uint64_t h = hash64(r->q) * 31 + (uint64_t)r->sort;
    for (size_t i = 0; i < FACET_COUNT; i++)
        for (size_t j = 0; j < r->filters[i].n; j++)
            h = h * 1000003 + hash64(r->filters[i].v[j]) + i;
    h = h * 1000003 + hash64(r->variants);
    h = (h * 1000003 + hash64(r->uses)) * 1000003 + hash64(r->used_by);
    h = h * 1000003 + (uint64_t)r->modified_since.seconds + (uint64_t)(r->min_quality * 1e6 + 1e6);
    return (uint32_t)(h ^ h >> 32);
}

struct str cursor_write(struct arena *a, const struct cursor *c, const struct search_request *r)
{
    return arena_printf(a, "%lld.%lld.%lld.%lld", (long long)c->generation, (long long)c->offset,
                        (long long)c->docid, (long long)request_hash(r));
}

bool cursor_read(const struct search_request *r, struct cursor *c, struct err *e)
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
