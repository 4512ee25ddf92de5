// Searching: one call that matches, sorts and collapses, and the reading of its
// answer. See xap.h.
#include "indexer/xapian/xap_internal.h"

namespace
{

// Sees every document that matches, before collapsing.
class counting_spy : public Xapian::MatchSpy
{
  public:
    uint32_t seen = 0;

    void operator()(const Xapian::Document &, double) override
    {
        seen++;
    }
};

} // namespace

static bool check_search(const struct xap_search *search, struct err *err)
{
    if (!search->query)
        return err_set(err, ERR_ARGUMENT, "a search without a query");
    search->query->owner.check();
    if (search->collapse_slot != XAP_NO_SLOT && search->collapse_max == 0)
        return err_set(err, ERR_ARGUMENT, "collapsing that keeps nothing");
    return true;
}

static void prepare(Xapian::Enquire &enquire, const Xapian::Database &database,
                    const struct xap_search *search)
{
    const struct xap_bm25 &bm25 = search->bm25;
    enquire.set_query(xap_without_faults(database, search->query->query, !search->boolean_only));
    if (search->boolean_only)
        enquire.set_weighting_scheme(Xapian::BoolWeight());
    else
        enquire.set_weighting_scheme(
            Xapian::BM25Weight(bm25.k1, bm25.k2, bm25.k3, bm25.b, bm25.min_normlen));
    if (search->sort_slot != XAP_NO_SLOT)
        enquire.set_sort_by_value_then_relevance(search->sort_slot, search->sort_descending);
    if (search->collapse_slot != XAP_NO_SLOT)
        enquire.set_collapse_key(search->collapse_slot, search->collapse_max);
}

// Xapian's numbers are exact once it has looked at everything, with two exceptions when it
// collapses: what it kept is then its lower bound, and how many matched is what the spy has seen.
static struct xap_totals totals_of(const Xapian::MSet &mset, const struct xap_search *search,
                                   uint32_t seen)
{
    if (search->collapse_slot == XAP_NO_SLOT)
        return {mset.get_matches_estimated(), mset.get_matches_estimated(),
                mset.get_matches_lower_bound() == mset.get_matches_upper_bound()};
    if (search->check_at_least == UINT32_MAX)
        return {seen, mset.get_matches_lower_bound(), true};
    return {mset.get_uncollapsed_matches_estimated(), mset.get_matches_estimated(), false};
}

struct xap_matches *xap_db_search(struct xap_db *db, const struct xap_search *search,
                                  struct err *err)
{
    db->owner.check();
    if (!check_search(search, err))
        return nullptr;
    return xap_guard(
        err, [=]() -> struct xap_matches * {
            Xapian::Enquire enquire(db->database);
            prepare(enquire, db->database, search);
            counting_spy spy;
            if (search->collapse_slot != XAP_NO_SLOT)
                enquire.add_matchspy(&spy);
            Xapian::doccount at_least = search->check_at_least;
            Xapian::MSet mset = enquire.get_mset(search->first, search->max_items, at_least);
            enquire.clear_matchspies(); // the answer keeps the enquire, the spy ends here
            struct xap_matches *matches = new xap_matches;
            matches->mset = std::move(mset);
            matches->totals = totals_of(matches->mset, search, spy.seen);
            return matches;
        });
}

void xap_matches_free(struct xap_matches *matches)
{
    if (matches)
        matches->owner.check();
    delete matches;
}

struct xap_totals xap_matches_totals(const struct xap_matches *matches)
{
    matches->owner.check();
    return matches->totals;
}

uint32_t xap_matches_count(const struct xap_matches *matches)
{
    matches->owner.check();
    return matches->mset.size();
}

static bool check_item(const struct xap_matches *matches, uint32_t i, struct err *err)
{
    matches->owner.check();
    if (i < matches->mset.size())
        return true;
    return err_set(err, ERR_ARGUMENT, "item %u of %u", i, matches->mset.size());
}

bool xap_matches_item(const struct xap_matches *matches, uint32_t i, struct xap_item *item,
                      struct err *err)
{
    if (!check_item(matches, i, err))
        return false;
    return xap_guard(err, [=] {
        Xapian::MSetIterator it = matches->mset[i];
        *item = {*it, it.get_weight(), it.get_collapse_count()};
        return true;
    });
}

static const Xapian::Document &document_of(struct xap_matches *matches, uint32_t i)
{
    if (matches->loaded != i) {
        matches->loaded = UINT32_MAX;
        matches->document = matches->mset[i].get_document();
        matches->loaded = i;
    }
    return matches->document;
}

bool xap_matches_data(struct xap_matches *matches, uint32_t i, struct str *data, struct err *err)
{
    if (!check_item(matches, i, err))
        return false;
    return xap_guard(err, [=] {
        *data = xap_lend(matches->data, document_of(matches, i).get_data());
        return true;
    });
}

bool xap_matches_value(struct xap_matches *matches, uint32_t i, uint32_t slot, struct str *value,
                       struct err *err)
{
    if (!check_item(matches, i, err) || !xap_check_slot(slot, err))
        return false;
    return xap_guard(err, [=] {
        *value = xap_lend(matches->value, document_of(matches, i).get_value(slot));
        return true;
    });
}
