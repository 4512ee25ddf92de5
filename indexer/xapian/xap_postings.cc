// Reading many documents at once, for a ranking of our own: which documents match, how often a term is in each of them, and
// the values of one slot. All walk their lists once, in the order of docids. See xap.h.
#include "indexer/xapian/xap_internal.h"

#include <algorithm>

namespace
{

// Boolean matching goes through the index in the order of docids: so does what it calls.
class docid_spy : public Xapian::MatchSpy
{
    uint32_t *docids;
    size_t room;

  public:
    size_t n = 0;

    docid_spy(uint32_t *docids_, size_t room_) : docids(docids_), room(room_)
    {
    }

    void operator()(const Xapian::Document &document, double) override
    {
        if (n < room)
            docids[n] = document.get_docid();
        n++;
    }
};

} // namespace

bool xap_db_match(struct xap_db *db, const struct xap_query *query, struct arena *a,
                  struct xap_docids *out, struct err *err)
{
    db->owner.check();
    query->owner.check();
    return xap_guard(err, [=] {
        Xapian::doccount room = db->database.get_doccount();
        out->v = static_cast<uint32_t *>(arena_alloc(a, (room + 1) * sizeof(uint32_t)));
        docid_spy spy(out->v, room);
        Xapian::Enquire enquire(db->database);
        enquire.set_query(xap_without_faults(db->database, query->query));
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        enquire.add_matchspy(&spy);
        enquire.get_mset(0, 0, room);
        enquire.clear_matchspies();
        out->n = spy.n < room ? spy.n : room;
        return true;
    });
}

bool xap_db_postings(struct xap_db *db, struct str term, struct arena *a, struct xap_docids *out,
                     struct err *err)
{
    db->owner.check();
    *out = {nullptr, 0};
    if (!xap_check_term(term, err))
        return false;
    return xap_guard(err, [=] {
        const std::string &name = xap_assign(db->in, term);
        size_t room = db->database.get_termfreq(name);
        out->v = static_cast<uint32_t *>(arena_alloc(a, (room + 1) * sizeof(uint32_t)));
        Xapian::PostingIterator end = db->database.postlist_end(name);
        Xapian::PostingIterator it = db->database.postlist_begin(name);
        for (; it != end && out->n < room; ++it)
            out->v[out->n++] = *it;
        return true;
    });
}

bool xap_db_counts(struct xap_db *db, struct str term, const uint32_t *docids, size_t n,
                   uint32_t *counts, struct err *err)
{
    db->owner.check();
    if (!xap_check_term(term, err))
        return false;
    return xap_guard(err, [=] {
        const std::string &name = xap_assign(db->in, term);
        Xapian::PostingIterator it = db->database.postlist_begin(name);
        Xapian::PostingIterator end = db->database.postlist_end(name);
        uint64_t at = it == end ? UINT64_MAX : *it;
        for (size_t i = 0; i < n; i++) {
            if (at < docids[i]) {
                it.skip_to(docids[i]);
                at = it == end ? UINT64_MAX : *it;
            }
            Xapian::termcount wdf = at == docids[i] ? it.get_wdf() : 0;
            counts[i] = at == docids[i] && !wdf ? 1 : wdf;
        }
        return true;
    });
}

bool xap_db_values(struct xap_db *db, uint32_t slot, const uint32_t *docids, size_t n,
                   void (*each)(void *user, size_t i, struct str value), void *user,
                   struct err *err)
{
    db->owner.check();
    if (!xap_check_slot(slot, err))
        return false;
    return xap_guard(err, [=] {
        Xapian::ValueIterator it = db->database.valuestream_begin(slot);
        Xapian::ValueIterator end = db->database.valuestream_end(slot);
        for (size_t i = 0; i < n && it != end; i++) {
            if (it.get_docid() < docids[i])
                it.skip_to(docids[i]);
            if (it == end || it.get_docid() != docids[i])
                continue;
            const std::string value = *it;
            each(user, i, str_slice(value.data(), value.size()));
        }
        return true;
    });
}
