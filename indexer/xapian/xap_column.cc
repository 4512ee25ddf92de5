// Columns: the values of one slot, or the lengths, of all documents, in memory. Reading a value from the index costs a search in a
// table and the copy of a block; a column costs one pass over its slot, so it is read once more values of it were asked for than
// there are documents: no reader ever reads much more than twice what it would without, however often the index moves. A column
// belongs to one committed state, and is dropped when the reader moves to another. See xap_internal.h.
#include "indexer/xapian/xap_internal.h"

#include <algorithm>
#include <string_view>

namespace
{

enum { SEEK_COST = 64 }; // of one question, in values read one behind the other

bool is_due(const struct xap_db *db, uint64_t *asked, size_t n)
{
    *asked += n + SEEK_COST;
    return *asked > db->database.get_doccount();
}

size_t bytes_of(const struct xap_column &column)
{
    return column.codes.size() * sizeof column.codes[0] +
           column.ends.size() * (sizeof column.ends[0] + sizeof column.seen[0]) +
           column.bytes.size();
}

// Gives each distinct value its code: a table of codes, open addressing, at most half full.
class coder
{
    struct xap_column &column;
    std::vector<uint32_t> places;

    void grow()
    {
        std::vector<uint32_t> old(std::max<size_t>(1024, places.size() * 2));
        places.swap(old);
        for (uint32_t code = 1; code < column.ends.size(); code++)
            *place_of(column.value(code)) = code;
    }

    uint32_t *place_of(struct str value)
    {
        size_t at = std::hash<std::string_view>()({value.p, value.n}) & (places.size() - 1);
        while (places[at] && !str_eq(column.value(places[at]), value))
            at = (at + 1) & (places.size() - 1);
        return &places[at];
    }

  public:
    explicit coder(struct xap_column &column_) : column(column_)
    {
        column.ends.push_back(0);
    }

    uint32_t code_of(const std::string &bytes)
    {
        if (column.ends.size() * 2 > places.size())
            grow();
        struct str value = str_slice(bytes.data(), bytes.size());
        uint32_t *place = place_of(value);
        if (!*place) {
            column.bytes += bytes;
            column.ends.push_back(static_cast<uint32_t>(column.bytes.size()));
            *place = static_cast<uint32_t>(column.ends.size() - 1);
        }
        return *place;
    }
};

// Empty when it does not fit.
struct xap_column read_column(const Xapian::Database &database, uint32_t slot, size_t room)
{
    struct xap_column column;
    coder coder(column);
    column.codes.resize(static_cast<size_t>(database.get_lastdocid()) + 1);
    Xapian::ValueIterator end = database.valuestream_end(slot);
    for (Xapian::ValueIterator it = database.valuestream_begin(slot); it != end; ++it) {
        column.codes[it.get_docid()] = coder.code_of(*it);
        if (bytes_of(column) > room)
            return {};
    }
    column.ends.shrink_to_fit();
    column.bytes.shrink_to_fit();
    column.seen.resize(column.ends.size());
    return column;
}

} // namespace

struct xap_column *xap_column_of(struct xap_db *db, uint32_t slot, size_t n)
{
    struct xap_column &column = db->columns[slot];
    if (!column.codes.empty())
        return &column;
    if (column.tried || !is_due(db, &column.asked, n))
        return nullptr;
    size_t room = XAP_COLUMNS_BYTES - db->column_bytes;
    column = read_column(db->database, slot, room);
    column.tried = true;
    db->column_bytes += bytes_of(column);
    return column.codes.empty() ? nullptr : &column;
}

const uint32_t *xap_lengths_of(struct xap_db *db)
{
    if (db->lengths.empty() && is_due(db, &db->lengths_asked, 0)) {
        std::vector<uint32_t> lengths(static_cast<size_t>(db->database.get_lastdocid()) + 1);
        Xapian::PostingIterator end = db->database.postlist_end(std::string());
        for (Xapian::PostingIterator it = db->database.postlist_begin(std::string()); it != end;
             ++it)
            lengths[*it] = it.get_doclength();
        db->lengths = std::move(lengths);
    }
    return db->lengths.empty() ? nullptr : db->lengths.data();
}

void xap_columns_drop(struct xap_db *db)
{
    db->columns.clear();
    db->column_bytes = 0;
    db->lengths.clear();
    db->lengths_asked = 0;
}
