// All values of many documents, read slot by slot. Xapian keeps the values of one slot beside each other, in the order of docids: asked for
// one document it looks each slot up in a table, which for a document of ours is some twenty lookups; here each slot is walked once. See xap.h.
#include "indexer/xapian/xap_internal.h"

struct xap_values {
    xap_owner owner;
    Xapian::Database database;
    struct stream {
        Xapian::valueno slot;
        Xapian::ValueIterator at;
    };
    std::vector<stream> streams;
    Xapian::docid last = 0; // the one that was read last
};

struct xap_values *xap_values_open(const char *path, uint32_t slots, struct err *err)
{
    struct xap_values *values = xap_guard(err, [] { return new xap_values; });
    if (!values)
        return nullptr;
    bool open = xap_guard(err, [=] {
        values->database = Xapian::Database(path);
        for (Xapian::valueno slot = 0; slot < slots; slot++)
            if (values->database.get_value_freq(slot))
                values->streams.push_back({slot, values->database.valuestream_begin(slot)});
        return true;
    });
    if (open)
        return values;
    delete values;
    err_where(err, "%s", path);
    return nullptr;
}

void xap_values_close(struct xap_values *values)
{
    if (values)
        values->owner.check();
    delete values;
}

bool xap_values_read(struct xap_values *values, uint32_t docid, struct xap_doc *doc,
                     struct err *err)
{
    values->owner.check();
    doc->owner.check();
    return xap_guard(err, [=] {
        doc->document.clear_values();
        for (xap_values::stream &s : values->streams) {
            if (docid < values->last)
                s.at = values->database.valuestream_begin(s.slot);
            if (s.at != Xapian::ValueIterator())
                s.at.skip_to(docid);
            if (s.at != Xapian::ValueIterator() && s.at.get_docid() == docid)
                doc->document.add_value(s.slot, *s.at);
        }
        values->last = docid;
        return true;
    });
}
