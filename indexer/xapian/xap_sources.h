// Posting sources of ours: a document's own number as its weight, and one document alone. Xapian
// clones them for each search and frees the clones. C++ only.
#pragma once

#include "indexer/xapian/xap_internal.h"

#include <algorithm>

// Each document that has the value, weighing the number in it, held within [0, max].
class xap_value_weight : public Xapian::ValuePostingSource
{
    double most; // what the caller allows
    double bound = 0;

    // Xapian drops documents early by this bound: as low as it can be.
    void start(const Xapian::Database &database)
    {
        double stored = Xapian::sortable_unserialise(database.get_value_upper_bound(get_slot()));
        bound = stored > 0 ? std::min(stored, most) : 0;
        set_maxweight(bound);
    }

  public:
    xap_value_weight(Xapian::valueno slot_, double max) : ValuePostingSource(slot_), most(max)
    {
    }

#if XAPIAN_MAJOR_VERSION >= 2
    void reset(const Xapian::Database &database, Xapian::doccount shard) override
    {
        ValuePostingSource::reset(database, shard);
        start(database);
    }
#else
    void init(const Xapian::Database &database) override
    {
        ValuePostingSource::init(database);
        start(database);
    }
#endif

    double get_weight() const override
    {
        double number = Xapian::sortable_unserialise(get_value());
        return number > 0 ? std::min(number, bound) : 0;
    }

    xap_value_weight *clone() const override
    {
        return new xap_value_weight(get_slot(), most);
    }

    std::string get_description() const override
    {
        return "value_weight(" + std::to_string(get_slot()) + ", " + std::to_string(most) + ")";
    }
};

// The document `docid`, weighing nothing.
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
