// The writer: batches that are committed whole or not at all. See xap.h.
//
// Xapian commits by itself every 10 000 changes, and when a database is closed or destroyed, unless
// a transaction is open. So one always is (an unflushed one: it costs nothing but a flag). When a
// change fails, Xapian drops everything since the last commit, silently: `failed` keeps the rest of
// such a batch from being committed alone.
#include "indexer/xapian/xap_internal.h"

static bool usable(const struct xap_writer *writer, struct err *err)
{
    writer->owner.check();
    if (!writer->failed)
        return true;
    err_set(err, ERR_CONFLICT, "the index writer has failed: its batch is lost");
    return err_hint(err, "close the writer and open it again");
}

// Runs a change.
template <typename Body>
static bool change(struct xap_writer *writer, struct err *err, Body body) noexcept
{
    if (!usable(writer, err))
        return false;
    try {
        body();
        return true;
    } catch (...) {
        writer->failed = true;
        return xap_caught(err);
    }
}

struct xap_writer *xap_writer_open(const char *path, enum xap_open how, struct err *err)
{
    struct xap_writer *writer = xap_guard(err, [] { return new xap_writer; });
    if (!writer)
        return nullptr;
    bool open = xap_guard(err, [=] {
        int flags = how == XAP_OPEN             ? Xapian::DB_OPEN
                    : how == XAP_OPEN_OR_CREATE ? Xapian::DB_CREATE_OR_OPEN
                                                : Xapian::DB_CREATE | Xapian::DB_NO_SYNC;
        writer->database = Xapian::WritableDatabase(path, flags);
        writer->database.begin_transaction(false);
        return true;
    });
    if (open)
        return writer;
    delete writer;
    err_where(err, "%s", path);
    return nullptr;
}

bool xap_writer_commit(struct xap_writer *writer, struct err *err)
{
    return change(writer, err, [=] {
        writer->database.commit_transaction();
        writer->database.commit();
        writer->database.begin_transaction(false);
    });
}

void xap_writer_close(struct xap_writer *writer)
{
    if (!writer)
        return;
    writer->owner.check();
    // A commit that failed has left its transaction: closing outside one would commit what remains.
    if (writer->failed)
        xap_guard(nullptr, [=] {
            writer->database.begin_transaction(false);
            return true;
        });
    xap_guard(nullptr, [=] {
        writer->database.close();
        return true;
    });
    delete writer;
}

bool xap_writer_stats(struct xap_writer *writer, struct xap_stats *stats, struct err *err)
{
    if (!usable(writer, err))
        return false;
    return xap_guard(err, [=] {
        xap_fill_stats(writer->database, stats);
        return true;
    });
}

bool xap_writer_set_metadata(struct xap_writer *writer, struct str key, struct str text,
                             struct err *err)
{
    if (!xap_check_key(key, err))
        return false;
    return change(writer, err, [=] {
        writer->database.set_metadata(xap_assign(writer->in, key), xap_string(text));
    });
}

bool xap_writer_metadata(struct xap_writer *writer, struct str key, struct str *text,
                         struct err *err)
{
    if (!usable(writer, err) || !xap_check_key(key, err))
        return false;
    return xap_guard(err, [=] {
        *text = xap_lend(writer->out, writer->database.get_metadata(xap_assign(writer->in, key)));
        return true;
    });
}

bool xap_writer_replace(struct xap_writer *writer, struct str unique, struct xap_doc *doc,
                        uint32_t *docid, struct err *err)
{
    doc->owner.check();
    if (!xap_check_term(unique, err))
        return false;
    return change(writer, err, [=] {
        doc->document.add_boolean_term(xap_assign(writer->in, unique));
        Xapian::docid at = writer->database.replace_document(writer->in, doc->document);
        if (docid)
            *docid = at;
    });
}

bool xap_writer_add(struct xap_writer *writer, uint32_t docid, struct str unique,
                    struct xap_doc *doc, struct err *err)
{
    doc->owner.check();
    if (!docid)
        return err_set(err, ERR_ARGUMENT, "0 is not a document's number");
    if (!xap_check_term(unique, err))
        return false;
    return change(writer, err, [=] {
        doc->document.add_boolean_term(xap_assign(writer->in, unique));
        writer->database.replace_document(docid, doc->document);
    });
}

bool xap_writer_has(struct xap_writer *writer, struct str unique, bool *has, struct err *err)
{
    if (!usable(writer, err) || !xap_check_term(unique, err))
        return false;
    return xap_guard(err, [=] {
        *has = xap_find(writer->database, xap_assign(writer->in, unique)) != 0;
        return true;
    });
}

bool xap_writer_load(struct xap_writer *writer, struct str unique, struct xap_doc *doc,
                     uint32_t *docid, struct err *err)
{
    doc->owner.check();
    if (!usable(writer, err) || !xap_check_term(unique, err))
        return false;
    return xap_guard(err, [=] {
        Xapian::docid at = xap_find(writer->database, xap_assign(writer->in, unique));
        if (!at)
            return xap_no_such_document(unique, err);
        doc->document = writer->database.get_document(at);
        *docid = at;
        return true;
    });
}

bool xap_writer_replace_docid(struct xap_writer *writer, uint32_t docid, struct xap_doc *doc,
                              struct err *err)
{
    doc->owner.check();
    if (!docid)
        return err_set(err, ERR_ARGUMENT, "0 is not a document's number");
    return change(writer, err, [=] { writer->database.replace_document(docid, doc->document); });
}

bool xap_writer_delete(struct xap_writer *writer, struct str unique, uint32_t *docid,
                       struct err *err)
{
    if (!xap_check_term(unique, err))
        return false;
    return change(writer, err, [=] {
        Xapian::docid at = xap_find(writer->database, xap_assign(writer->in, unique));
        if (docid)
            *docid = at;
        if (at)
            writer->database.delete_document(at);
    });
}
