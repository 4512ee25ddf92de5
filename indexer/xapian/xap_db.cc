// The reader: one committed state of the index, its terms, documents and metadata; and the check of
// a whole index. See xap.h.
#include "indexer/xapian/xap_internal.h"

void xap_fill_stats(const Xapian::Database &database, struct xap_stats *stats)
{
    stats->documents = database.get_doccount();
    stats->last_docid = database.get_lastdocid();
    stats->revision = database.get_revision();
    stats->average_length = database.get_average_length();
}

Xapian::docid xap_find(const Xapian::Database &database, const std::string &unique)
{
    Xapian::PostingIterator it = database.postlist_begin(unique);
    return it == database.postlist_end(unique) ? 0 : *it;
}

struct xap_db *xap_db_open(const char *path, struct err *err)
{
    struct xap_db *db = xap_guard(err, [] { return new xap_db; });
    if (!db)
        return nullptr;
    bool open = xap_guard(err, [=] {
        db->database = Xapian::Database(path);
        return true;
    });
    if (open)
        return db;
    delete db;
    err_where(err, "%s", path);
    return nullptr;
}

void xap_db_close(struct xap_db *db)
{
    if (db)
        db->owner.check();
    delete db;
}

void xap_db_take_over(struct xap_db *db)
{
    if (db)
        db->owner.take_over();
}

bool xap_db_reopen(struct xap_db *db, bool *changed, struct err *err)
{
    db->owner.check();
    return xap_guard(err, [=] {
        bool moved = db->database.reopen();
        if (moved)
            xap_lengths_drop(db);
        if (changed)
            *changed = moved;
        return true;
    });
}

bool xap_db_stats(struct xap_db *db, struct xap_stats *stats, struct err *err)
{
    db->owner.check();
    return xap_guard(err, [=] {
        xap_fill_stats(db->database, stats);
        return true;
    });
}

bool xap_db_metadata(struct xap_db *db, struct str key, struct str *text, struct err *err)
{
    db->owner.check();
    if (!xap_check_key(key, err))
        return false;
    return xap_guard(err, [=] {
        *text = xap_lend(db->out, db->database.get_metadata(xap_assign(db->in, key)));
        return true;
    });
}

bool xap_db_term_frequency(struct xap_db *db, struct str term, uint32_t *documents, struct err *err)
{
    db->owner.check();
    if (!xap_check_term(term, err))
        return false;
    return xap_guard(err, [=] {
        *documents = db->database.get_termfreq(xap_assign(db->in, term));
        return true;
    });
}

bool xap_db_load_docid(struct xap_db *db, uint32_t docid, struct xap_doc *doc, struct err *err)
{
    db->owner.check();
    doc->owner.check();
    if (!docid)
        return err_set(err, ERR_ARGUMENT, "0 is not a document's number");
    return xap_guard(err, [=] {
        doc->document = db->database.get_document(docid);
        return true;
    });
}

bool xap_db_load_known(struct xap_db *db, uint32_t docid, struct xap_doc *doc, struct err *err)
{
    db->owner.check();
    doc->owner.check();
    if (!docid)
        return err_set(err, ERR_ARGUMENT, "0 is not a document's number");
    return xap_guard(err, [=] {
        doc->document = db->database.get_document(docid, Xapian::DOC_ASSUME_VALID);
        return true;
    });
}

bool xap_db_load(struct xap_db *db, struct str unique, struct xap_doc *doc, uint32_t *docid,
                 struct err *err)
{
    db->owner.check();
    doc->owner.check();
    if (!xap_check_term(unique, err))
        return false;
    return xap_guard(err, [=] {
        Xapian::docid at = xap_find(db->database, xap_assign(db->in, unique));
        if (!at)
            return xap_no_such_document(unique, err);
        doc->document = db->database.get_document(at);
        if (docid)
            *docid = at;
        return true;
    });
}

bool xap_db_each_term(struct xap_db *db, struct str prefix,
                      bool (*each)(void *user, struct str term, uint32_t documents), void *user,
                      struct err *err)
{
    db->owner.check();
    return xap_guard(err, [=] {
        const std::string &begins = xap_assign(db->in, prefix);
        Xapian::TermIterator it = db->database.allterms_begin(begins);
        for (; it != db->database.allterms_end(begins); ++it) {
            const std::string term = *it;
            if (!each(user, str_slice(term.data(), term.size()), it.get_termfreq()))
                break;
        }
        return true;
    });
}

bool xap_db_leap_terms(struct xap_db *db, struct str prefix,
                       struct str (*next)(void *user, struct str term), void *user, struct err *err)
{
    enum { STEPS = 4 }; // that cost what finding a place anew does
    db->owner.check();
    return xap_guard(err, [=] {
        const std::string begins = xap_string(prefix);
        std::string term, to;
        Xapian::TermIterator it = db->database.allterms_begin(begins);
        const Xapian::TermIterator end = db->database.allterms_end(begins);
        while (it != end) {
            term = *it;
            xap_assign(to, next(user, str_slice(term.data(), term.size())));
            int steps = 0;
            do
                ++it;
            while (it != end && *it < to && ++steps < STEPS);
            if (it != end && *it < to)
                it.skip_to(to);
        }
        return true;
    });
}

// Most damage that Xapian's checker finds it throws, as a plain DatabaseError without an errno.
static bool is_damage(const Xapian::DatabaseError &error)
{
    return strcmp(error.get_type(), "DatabaseError") == 0 && !error.get_error_string();
}

static bool damaged(struct err *err, const char *what)
{
    err_set(err, ERR_CORRUPT, "the index is damaged: %s", what);
    return err_hint(err, "rebuild the index");
}

bool xap_db_check(const char *path, struct err *err)
{
    bool sound = xap_guard(err, [=] {
        try {
            return Xapian::Database::check(path) == 0 || damaged(err, "its tables do not agree");
        } catch (const Xapian::DatabaseError &error) {
            if (!is_damage(error))
                throw;
            return damaged(err, error.get_msg().c_str());
        }
    });
    return sound || err_where(err, "%s", path);
}
