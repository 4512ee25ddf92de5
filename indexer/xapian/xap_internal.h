// What the files of the Xapian binding share: the handles, the guard that keeps exceptions inside,
// and the check of the owning thread. C++ only; nothing outside this folder includes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <xapian.h>

#include "indexer/xapian/xap.h"

// The thread that made a handle, or took it over. A debug build aborts when another one uses it.
class xap_owner
{
#ifndef NDEBUG
    std::thread::id made_by = std::this_thread::get_id();

  public:
    void check() const noexcept;
    void take_over() noexcept
    {
        made_by = std::this_thread::get_id();
    }
#else
  public:
    void check() const noexcept
    {
    }
    void take_over() noexcept
    {
    }
#endif
};

struct xap_doc {
    xap_owner owner;
    Xapian::Document document;
    std::string in;  // one argument at a time: Xapian 1.4 takes std::string
    std::string out; // what was handed out last
};

struct xap_writer {
    xap_owner owner;
    Xapian::WritableDatabase database; // always within a transaction, until `failed`
    std::string in, out;
    bool failed = false; // the batch is lost: nothing but closing is left
};

struct xap_posting {
    uint32_t docid, wdf, length;
};

struct xap_db {
    xap_owner owner;
    Xapian::Database database;
    std::string in, out;
    // Of its committed state:
    std::vector<uint32_t> lengths; // by docid
    uint64_t lengths_asked = 0;
    // Of one call of xap_db_best, kept for their memory:
    std::vector<double> sums; // by docid: 0 between calls
    std::vector<uint32_t> found;
    std::vector<struct xap_posting> postings;
};

struct xap_query {
    xap_owner owner;
    Xapian::Query query;
};

// Fills *err from the exception being handled, and returns false. To be called within catch (...).
bool xap_caught(struct err *err) noexcept;

// Runs `body`, which returns false (or null) after it has filled *err, or throws.
template <typename Body> auto xap_guard(struct err *err, Body body) noexcept -> decltype(body())
{
    try {
        return body();
    } catch (...) {
        xap_caught(err);
        return {};
    }
}

// `query`, which is not weighed, in the form that this database can be asked without Xapian's fault (xap_everywhere.cc).
Xapian::Query xap_without_faults(const Xapian::Database &database, const Xapian::Query &query);

// The lengths of documents, by docid; NULL while reading them from the index costs less: whoever does adds how many to lengths_asked.
const uint32_t *xap_lengths_of(struct xap_db *db);
void xap_lengths_drop(struct xap_db *db);

// Refusals before Xapian is asked.
bool xap_check_term(struct str term, struct err *err) noexcept;
bool xap_check_key(struct str key, struct err *err) noexcept;
bool xap_check_slot(uint32_t slot, struct err *err) noexcept;

inline std::string xap_string(struct str s)
{
    return s.n ? std::string(s.p, s.n) : std::string();
}

// `s` in a string that keeps its memory from call to call.
inline const std::string &xap_assign(std::string &into, struct str s)
{
    if (s.n)
        into.assign(s.p, s.n);
    else
        into.clear();
    return into;
}

// Borrowed from `out`, which keeps it.
inline struct str xap_lend(std::string &out, std::string &&text)
{
    out = std::move(text);
    return str_slice(out.data(), out.size());
}

void xap_fill_stats(const Xapian::Database &database, struct xap_stats *stats);
// The lowest docid that has the term; 0 when there is none.
Xapian::docid xap_find(const Xapian::Database &database, const std::string &unique);
// *err says that no document has the term. Returns false.
bool xap_no_such_document(struct str unique, struct err *err) noexcept;
