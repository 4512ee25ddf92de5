// What a query, or a part of one, gives to one document. See xap.h. The document is matched alone,
// with the statistics of the whole index: its weight is the one that a search gives.
#include "indexer/xapian/xap_internal.h"

// A posting source of the document `docid` alone, weighing nothing. Xapian clones it for each search and frees the clone.
class xap_one_document : public Xapian::PostingSource
{
    Xapian::docid docid;
    enum { BEFORE, AT, AFTER } place = BEFORE;

  public:
    explicit xap_one_document(Xapian::docid id) : docid(id)
    {
    }

#if XAPIAN_MAJOR_VERSION >= 2
    void reset(const Xapian::Database &, Xapian::doccount) override
#else
    void init(const Xapian::Database &) override
#endif
    {
        place = BEFORE;
    }

    Xapian::doccount get_termfreq_min() const override
    {
        return 1;
    }

    Xapian::doccount get_termfreq_est() const override
    {
        return 1;
    }

    Xapian::doccount get_termfreq_max() const override
    {
        return 1;
    }

    void next(double) override
    {
        place = place == BEFORE ? AT : AFTER;
    }

    void skip_to(Xapian::docid to, double) override
    {
        place = to <= docid ? AT : AFTER;
    }

    bool at_end() const override
    {
        return place == AFTER;
    }

    Xapian::docid get_docid() const override
    {
        return docid;
    }

    xap_one_document *clone() const override
    {
        return new xap_one_document(docid);
    }
};

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
