// Queries and their parts. See xap.h. A handle holds a reference to Xapian's own tree, which is
// shared and never changes.
#include "indexer/xapian/xap_internal.h"

#include <vector>

using Xapian::Query;

// A handle on what `make` returns.
template <typename Make> static struct xap_query *build(struct err *err, Make make) noexcept
{
    return xap_guard(err, [&] { return new xap_query{xap_owner(), make()}; });
}

static bool check_part(const struct xap_query *part, struct err *err)
{
    if (!part)
        return err_set(err, ERR_ARGUMENT, "a part of the query is missing");
    part->owner.check();
    return true;
}

static struct xap_query *join(Query::op op, const struct xap_query *const *parts, size_t n,
                              struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!check_part(parts[i], err))
            return nullptr;
    return build(err, [=] {
        std::vector<Query> queries;
        queries.reserve(n);
        for (size_t i = 0; i < n; i++)
            queries.push_back(parts[i]->query);
        return Query(op, queries.begin(), queries.end());
    });
}

void xap_query_free(struct xap_query *query)
{
    if (query)
        query->owner.check();
    delete query;
}

struct xap_query *xap_query_match_all(struct err *err)
{
    return build(err, [] { return Query(std::string()); });
}

struct xap_query *xap_query_match_nothing(struct err *err)
{
    return build(err, [] { return Query(); });
}

struct xap_query *xap_query_term(struct str term, uint32_t wqf, uint32_t position, struct err *err)
{
    if (!xap_check_term(term, err)) // an empty one would match every document
        return nullptr;
    return build(err, [=] { return Query(xap_string(term), wqf, position); });
}

struct xap_query *xap_query_value_ge(uint32_t slot, struct str low, struct err *err)
{
    if (!xap_check_slot(slot, err))
        return nullptr;
    return build(err, [=] { return Query(Query::OP_VALUE_GE, slot, xap_string(low)); });
}

struct xap_query *xap_query_and(const struct xap_query *const *parts, size_t n, struct err *err)
{
    return join(Query::OP_AND, parts, n, err);
}

struct xap_query *xap_query_or(const struct xap_query *const *parts, size_t n, struct err *err)
{
    return join(Query::OP_OR, parts, n, err);
}

struct xap_query *xap_query_and_not(const struct xap_query *wanted, const struct xap_query *not_,
                                    struct err *err)
{
    if (!check_part(wanted, err) || !check_part(not_, err))
        return nullptr;
    return build(err, [=] { return Query(Query::OP_AND_NOT, wanted->query, not_->query); });
}

struct xap_query *xap_query_phrase(const struct str *terms, size_t n, uint32_t window,
                                   struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!xap_check_term(terms[i], err))
            return nullptr;
    return build(err, [=] {
        std::vector<Query> queries;
        queries.reserve(n);
        for (size_t i = 0; i < n; i++)
            queries.emplace_back(xap_string(terms[i]));
        return Query(Query::OP_PHRASE, queries.begin(), queries.end(), window);
    });
}
