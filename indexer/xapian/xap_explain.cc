// What a query, or a part of one, gives to one document. See xap.h. The document is matched alone,
// with the statistics of the whole index: its weight is the one that a search gives.
#include "indexer/xapian/xap_internal.h"
#include "indexer/xapian/xap_sources.h"

static bool weigh(const Xapian::Database &database, const Xapian::Query &query,
                  const struct xap_bm25 &bm25, Xapian::docid docid, double *weight)
{
    Xapian::Enquire enquire(database);
    Xapian::Query alone((new xap_one_document(docid))->release());
    enquire.set_query(Xapian::Query(Xapian::Query::OP_FILTER, query, alone));
    enquire.set_weighting_scheme(
        Xapian::BM25Weight(bm25.k1, bm25.k2, bm25.k3, bm25.b, bm25.min_normlen));
    Xapian::MSet mset = enquire.get_mset(0, 1);
    if (mset.empty())
        return false;
    *weight = mset.begin().get_weight();
    return true;
}

bool xap_db_weigh(struct xap_db *db, const struct xap_query *query, struct xap_bm25 bm25,
                  uint32_t docid, double *weight, struct err *err)
{
    db->owner.check();
    query->owner.check();
    if (!docid)
        return err_set(err, ERR_ARGUMENT, "0 is not a document's number");
    return xap_guard(err, [=] {
        db->database.get_doclength(docid); // throws when there is no such document
        if (weigh(db->database, query->query, bm25, docid, weight))
            return true;
        return err_set(err, ERR_NOT_FOUND, "the query does not match document %u", docid);
    });
}

bool xap_db_explain(struct xap_db *db, const struct xap_query *query, struct xap_bm25 bm25,
                    uint32_t docid, double *weight,
                    bool (*each)(void *user, const struct xap_term_weight *term), void *user,
                    struct err *err)
{
    if (!xap_db_weigh(db, query, bm25, docid, weight, err))
        return false;
    return xap_guard(err, [=] {
        Xapian::Enquire enquire(db->database);
        enquire.set_query(query->query);
        Xapian::TermIterator it = enquire.get_matching_terms_begin(docid);
        for (; it != enquire.get_matching_terms_end(docid); ++it) {
            const std::string term = *it;
            struct xap_term_weight part = {str_slice(term.data(), term.size()),
                                           db->database.get_termfreq(term), 0};
            weigh(db->database, Xapian::Query(term), bm25, docid, &part.weight);
            if (!each(user, &part))
                break;
        }
        return true;
    });
}
