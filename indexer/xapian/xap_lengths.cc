// The lengths of all documents, in memory: asking the index for one of them costs a search in a table, one pass over them all a few
// nanoseconds each. They belong to one committed state, are read once more of them were asked for than there are documents, and are
// dropped when the reader moves. See xap_internal.h.
#include "indexer/xapian/xap_internal.h"

const uint32_t *xap_lengths_of(struct xap_db *db)
{
    if (db->lengths.empty() && db->lengths_asked > db->database.get_doccount()) {
        std::vector<uint32_t> lengths(static_cast<size_t>(db->database.get_lastdocid()) + 1);
        Xapian::PostingIterator end = db->database.postlist_end(std::string());
        for (Xapian::PostingIterator it = db->database.postlist_begin(std::string()); it != end;
             ++it)
            lengths[*it] = it.get_doclength();
        db->lengths = std::move(lengths);
    }
    return db->lengths.empty() ? nullptr : db->lengths.data();
}

void xap_lengths_drop(struct xap_db *db)
{
    db->lengths.clear();
    db->lengths_asked = 0;
}
