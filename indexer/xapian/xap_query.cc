// Queries and their parts. See xap.h. A handle holds a reference to Xapian's own tree, which is
// shared and never changes.
#include "indexer/xapian/xap_internal.h"

#include <cmath>
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

static struct xap_query *pair(Query::op op, const struct xap_query *left,
                              const struct xap_query *right, struct err *err)
{
    if (!check_part(left, err) || !check_part(right, err))
        return nullptr;
    return build(err, [=] { return Query(op, left->query, right->query); });
}

static struct xap_query *positional(Query::op op, const struct str *terms, size_t n,
                                    uint32_t window, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!xap_check_term(terms[i], err))
            return nullptr;
    return build(err, [=] {
        std::vector<Query> queries;
        queries.reserve(n);
        for (size_t i = 0; i < n; i++)
            queries.emplace_back(xap_string(terms[i]));
        return Query(op, queries.begin(), queries.end(), window);
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

struct xap_query *xap_query_value_range(uint32_t slot, struct str low, struct str high,
                                        struct err *err)
{
    if (!xap_check_slot(slot, err))
        return nullptr;
    return build(
        err, [=] { return Query(Query::OP_VALUE_RANGE, slot, xap_string(low), xap_string(high)); });
}

struct xap_query *xap_query_value_ge(uint32_t slot, struct str low, struct err *err)
{
    if (!xap_check_slot(slot, err))
        return nullptr;
    return build(err, [=] { return Query(Query::OP_VALUE_GE, slot, xap_string(low)); });
}

struct xap_query *xap_query_value_le(uint32_t slot, struct str high, struct err *err)
{
    if (!xap_check_slot(slot, err))
        return nullptr;
    return build(err, [=] { return Query(Query::OP_VALUE_LE, slot, xap_string(high)); });
}

struct xap_query *xap_query_and(const struct xap_query *const *parts, size_t n, struct err *err)
{
    return join(Query::OP_AND, parts, n, err);
}

struct xap_query *xap_query_or(const struct xap_query *const *parts, size_t n, struct err *err)
{
    return join(Query::OP_OR, parts, n, err);
}

struct xap_query *xap_query_synonym(const struct xap_query *const *parts, size_t n, struct err *err)
{
    return join(Query::OP_SYNONYM, parts, n, err);
}

struct xap_query *xap_query_max(const struct xap_query *const *parts, size_t n, struct err *err)
{
    return join(Query::OP_MAX, parts, n, err);
}

struct xap_query *xap_query_and_not(const struct xap_query *wanted, const struct xap_query *not_,
                                    struct err *err)
{
    return pair(Query::OP_AND_NOT, wanted, not_, err);
}

struct xap_query *xap_query_and_maybe(const struct xap_query *wanted, const struct xap_query *bonus,
                                      struct err *err)
{
    return pair(Query::OP_AND_MAYBE, wanted, bonus, err);
}

struct xap_query *xap_query_filter(const struct xap_query *wanted, const struct xap_query *filter,
                                   struct err *err)
{
    return pair(Query::OP_FILTER, wanted, filter, err);
}

struct xap_query *xap_query_scale(const struct xap_query *part, double factor, struct err *err)
{
    if (!check_part(part, err))
        return nullptr;
    if (!std::isfinite(factor) || factor < 0) {
        err_set(err, ERR_ARGUMENT, "%g is not a factor of weight", factor);
        return nullptr;
    }
    return build(err, [=] { return Query(factor, part->query); });
}

struct xap_query *xap_query_phrase(const struct str *terms, size_t n, uint32_t window,
                                   struct err *err)
{
    return positional(Query::OP_PHRASE, terms, n, window, err);
}

struct xap_query *xap_query_near(const struct str *terms, size_t n, uint32_t window,
                                 struct err *err)
{
    return positional(Query::OP_NEAR, terms, n, window, err);
}

static int wildcard_limit(enum xap_wildcard how)
{
    switch (how) {
    case XAP_WILDCARD_FIRST:
        return Query::WILDCARD_LIMIT_FIRST;
    case XAP_WILDCARD_MOST_FREQUENT:
        return Query::WILDCARD_LIMIT_MOST_FREQUENT;
    case XAP_WILDCARD_EXACT:
        break;
    }
    return Query::WILDCARD_LIMIT_ERROR;
}

struct xap_query *xap_query_wildcard(struct str prefix, uint32_t max_expansion,
                                     enum xap_wildcard how, struct err *err)
{
    if (!xap_check_term(prefix, err))
        return nullptr;
    if (!max_expansion) {
        err_set(err, ERR_ARGUMENT, "a wildcard without a limit");
        return nullptr;
    }
    return build(err, [=] {
        return Query(Query::OP_WILDCARD, xap_string(prefix), max_expansion, wildcard_limit(how),
                     Query::OP_SYNONYM);
    });
}

bool xap_query_describe(const struct xap_query *query, struct buf *out, struct err *err)
{
    query->owner.check();
    return xap_guard(err, [=] {
        const std::string text = query->query.get_description();
        buf_add(out, str_slice(text.data(), text.size()));
        return true;
    });
}
