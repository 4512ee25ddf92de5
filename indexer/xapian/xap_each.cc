// Walking through the terms of one document. See xap.h.
#include "indexer/xapian/xap_internal.h"

bool xap_db_document_terms(struct xap_db *db, uint32_t docid, struct str prefix,
                           bool (*each)(void *user, struct str term, uint32_t wdf), void *user,
                           struct err *err)
{
    db->owner.check();
    if (!docid)
        return err_set(err, ERR_ARGUMENT, "0 is not a document's number");
    return xap_guard(err, [=] {
        const std::string begins = xap_string(prefix);
        Xapian::TermIterator it = db->database.termlist_begin(docid);
        Xapian::TermIterator end = db->database.termlist_end(docid);
        for (it.skip_to(begins); it != end; ++it) {
            const std::string term = *it;
            if (term.compare(0, begins.size(), begins) != 0 ||
                !each(user, str_slice(term.data(), term.size()), it.get_wdf()))
                break;
        }
        return true;
    });
}
