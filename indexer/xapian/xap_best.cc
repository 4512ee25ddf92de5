// The documents that terms weigh most, by walking the terms' postings: each once, in the order of the terms, summing up by document.
// For many terms of which none is demanded this is several times as fast as Xapian's matcher, which goes document by document
// through a tree of lists. The weights are those of Xapian::BM25Weight, but for rounding. See xap.h.
#include "indexer/xapian/xap_internal.h"

#include <algorithm>
#include <cmath>

namespace
{

bool after(const struct xap_weighed &x, const struct xap_weighed &y)
{
    return x.weight != y.weight ? x.weight < y.weight : x.docid > y.docid;
}

class walk
{
    struct xap_db *db;
    struct xap_bm25 bm25;
    double documents, per_length;
    const uint32_t *lengths; // by docid; NULL: to be read from the index

    // What Xapian gives one occurrence in a text without length, of a term that so many documents have.
    double rarity(size_t with) const
    {
        double n = static_cast<double>(with), odds = (documents - n + 0.5) / (n + 0.5);
        return std::log(odds < 2 ? odds * 0.5 + 1 : odds);
    }

    double weight_of(uint32_t wdf, uint32_t length) const
    {
        double relative = std::max(length * per_length, bm25.min_normlen);
        return (bm25.k1 + 1) * wdf / (bm25.k1 * (relative * bm25.b + 1 - bm25.b) + wdf);
    }

  public:
    walk(struct xap_db *db_, const struct xap_bm25 &bm25_) : db(db_), bm25(bm25_)
    {
        double average = db->database.get_average_length();
        documents = db->database.get_doccount();
        per_length = average > 0 ? 1 / average : 0;
        lengths = xap_lengths_of(db);
        db->sums.resize(static_cast<size_t>(db->database.get_lastdocid()) + 1);
    }

    walk(const walk &) = delete;
    walk &operator=(const walk &) = delete;

    ~walk()
    {
        for (Xapian::docid docid : db->found)
            db->sums[docid] = 0;
        db->found.clear();
    }

    void add(const struct xap_part &part)
    {
        const std::string &term = xap_assign(db->in, part.term);
        db->postings.clear();
        Xapian::PostingIterator end = db->database.postlist_end(term);
        for (Xapian::PostingIterator it = db->database.postlist_begin(term); it != end; ++it) {
            Xapian::docid docid = *it;
            bool wanted = part.finds || db->sums[docid] > 0;
            uint32_t length = !wanted ? 0 : lengths ? lengths[docid] : it.get_doclength();
            db->postings.push_back({docid, wanted ? it.get_wdf() : 0, length});
        }
        db->lengths_asked += lengths ? 0 : db->postings.size();
        double weight = part.factor * rarity(db->postings.size());
        for (const struct xap_posting &p : db->postings) {
            if (!p.wdf)
                continue;
            double &sum = db->sums[p.docid];
            if (sum <= 0)
                db->found.push_back(p.docid);
            sum += weight * weight_of(p.wdf, p.length);
        }
    }

    double sum_of(uint32_t docid) const
    {
        return docid < db->sums.size() ? db->sums[docid] : 0;
    }

    void take(struct arena *a, struct xap_best *out) const
    {
        out->n = db->found.size();
        out->v = static_cast<struct xap_weighed *>(arena_alloc(a, (out->n + 1) * sizeof *out->v));
        for (size_t i = 0; i < out->n; i++)
            out->v[i] = {db->found[i], db->sums[db->found[i]]};
        std::make_heap(out->v, out->v + out->n, after);
    }
};

} // namespace

bool xap_db_best(struct xap_db *db, const struct xap_part *parts, size_t n, struct xap_bm25 bm25,
                 uint32_t docid, struct arena *a, struct xap_best *out, struct err *err)
{
    db->owner.check();
    for (size_t i = 0; i < n; i++) {
        if (!xap_check_term(parts[i].term, err))
            return false;
        if (!(parts[i].factor > 0))
            return err_set(err, ERR_ARGUMENT, "a factor that is not positive");
    }
    return xap_guard(err, [=] {
        walk w(db, bm25);
        for (size_t i = 0; i < n; i++)
            if (parts[i].finds)
                w.add(parts[i]);
        for (size_t i = 0; i < n; i++)
            if (!parts[i].finds)
                w.add(parts[i]);
        out->own = w.sum_of(docid);
        w.take(a, out);
        return true;
    });
}

bool xap_best_next(struct xap_best *best, struct xap_weighed *out)
{
    if (!best->n)
        return false;
    std::pop_heap(best->v, best->v + best->n, after);
    *out = best->v[--best->n];
    return true;
}
