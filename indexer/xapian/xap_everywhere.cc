// A way around a fault of Xapian 1.4 (seen in 1.4.22): a term that every document has is matched, where nothing is weighed, through
// the list of all documents; over an index with gaps between its docids, that list then says "Unexpected end of posting
// list" behind its first block. Such terms are replaced by what they mean: everything.
#include "indexer/xapian/xap_internal.h"

#include <vector>

using Xapian::Query;

static bool is_everywhere(const Xapian::Database &database, const std::string &term)
{
    return !term.empty() && database.get_termfreq(term) == database.get_doccount();
}

static bool is_at_risk(const Xapian::Database &database, const Query &query)
{
    if (database.get_lastdocid() == database.get_doccount())
        return false; // no gap
    for (auto it = query.get_unique_terms_begin(); it != query.get_unique_terms_end(); ++it)
        if (is_everywhere(database, *it))
            return true;
    return false;
}

static Query rewrite(const Xapian::Database &database, const Query &query)
{
    switch (query.get_type()) {
    case Query::LEAF_TERM:
        return is_everywhere(database, *query.get_terms_begin()) ? Query::MatchAll : query;
    case Query::OP_AND:
    case Query::OP_OR:
    case Query::OP_AND_NOT:
        break;
    default: // phrases read the terms' own lists
        return query;
    }
    std::vector<Query> parts;
    for (size_t i = 0; i < query.get_num_subqueries(); i++)
        parts.push_back(rewrite(database, query.get_subquery(i)));
    return Query(query.get_type(), parts.begin(), parts.end());
}

Query xap_without_faults(const Xapian::Database &database, const Query &query)
{
    return is_at_risk(database, query) ? rewrite(database, query) : query;
}
