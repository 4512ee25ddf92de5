// Documents: terms, positions, values, data. See xap.h. The indexer calls these some 150 times a
// document, so each is one check, one copy into memory that is kept, and Xapian's own work.
#include "indexer/xapian/xap_internal.h"

struct xap_doc *xap_doc_new(struct err *err)
{
    return xap_guard(err, [] { return new xap_doc; });
}

void xap_doc_free(struct xap_doc *doc)
{
    if (doc)
        doc->owner.check();
    delete doc;
}

bool xap_doc_clear(struct xap_doc *doc, struct err *err)
{
    doc->owner.check();
    return xap_guard(err, [=] {
        doc->document = Xapian::Document();
        return true;
    });
}

bool xap_doc_add_posting(struct xap_doc *doc, struct str term, uint32_t position, uint32_t wdf,
                         struct err *err)
{
    doc->owner.check();
    if (!xap_check_term(term, err))
        return false;
    return xap_guard(err, [=] {
        doc->document.add_posting(xap_assign(doc->in, term), position, wdf);
        return true;
    });
}

bool xap_doc_add_term(struct xap_doc *doc, struct str term, uint32_t wdf, struct err *err)
{
    doc->owner.check();
    if (!xap_check_term(term, err))
        return false;
    return xap_guard(err, [=] {
        doc->document.add_term(xap_assign(doc->in, term), wdf);
        return true;
    });
}

bool xap_doc_add_boolean_term(struct xap_doc *doc, struct str term, struct err *err)
{
    return xap_doc_add_term(doc, term, 0, err);
}

static bool has_term(const Xapian::Document &document, const std::string &term)
{
    Xapian::TermIterator it = document.termlist_begin();
    it.skip_to(term);
    return it != document.termlist_end() && *it == term;
}

bool xap_doc_has_term(const struct xap_doc *doc, struct str term, bool *has, struct err *err)
{
    doc->owner.check();
    return xap_guard(err, [=] {
        *has = term.n && has_term(doc->document, xap_string(term));
        return true;
    });
}

bool xap_doc_remove_term(struct xap_doc *doc, struct str term, struct err *err)
{
    doc->owner.check();
    if (!xap_check_term(term, err))
        return false;
    return xap_guard(err, [=] {
        if (!has_term(doc->document, xap_assign(doc->in, term)))
            return err_set(err, ERR_NOT_FOUND, "the document does not have the term %.*s",
                           STR_ARG(term));
        doc->document.remove_term(doc->in);
        return true;
    });
}

bool xap_doc_set_value(struct xap_doc *doc, uint32_t slot, struct str value, struct err *err)
{
    doc->owner.check();
    if (!xap_check_slot(slot, err))
        return false;
    return xap_guard(err, [=] {
        if (value.n)
            doc->document.add_value(slot, xap_assign(doc->in, value));
        else if (!doc->document.get_value(slot)
                      .empty()) // Xapian throws when there is nothing to remove
            doc->document.remove_value(slot);
        return true;
    });
}

bool xap_doc_value(struct xap_doc *doc, uint32_t slot, struct str *value, struct err *err)
{
    doc->owner.check();
    if (!xap_check_slot(slot, err))
        return false;
    return xap_guard(err, [=] {
        *value = xap_lend(doc->out, doc->document.get_value(slot));
        return true;
    });
}

bool xap_doc_set_data(struct xap_doc *doc, struct str data, struct err *err)
{
    doc->owner.check();
    return xap_guard(err, [=] {
        doc->document.set_data(xap_assign(doc->in, data));
        return true;
    });
}

bool xap_doc_data(struct xap_doc *doc, struct str *data, struct err *err)
{
    doc->owner.check();
    return xap_guard(err, [=] {
        *data = xap_lend(doc->out, doc->document.get_data());
        return true;
    });
}
