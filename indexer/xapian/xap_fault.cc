// For the tests alone, which link it in: throws any exception from deep inside a search, so that a
// test sees it arrive as an error. Not part of the program.
#include "indexer/xapian/xap_fault.h"

#include "indexer/xapian/xap_internal.h"

#include <stdexcept>

[[noreturn]] static void raise(enum xap_fault fault)
{
    switch (fault) {
    case XAP_FAULT_MODIFIED:
        throw Xapian::DatabaseModifiedError("fault");
    case XAP_FAULT_LOCK:
        throw Xapian::DatabaseLockError("fault");
    case XAP_FAULT_CORRUPT:
        throw Xapian::DatabaseCorruptError("fault");
    case XAP_FAULT_VERSION:
        throw Xapian::DatabaseVersionError("fault");
    case XAP_FAULT_OPENING:
        throw Xapian::DatabaseOpeningError("fault", "context", ENOENT);
    case XAP_FAULT_NOT_FOUND:
        throw Xapian::DatabaseNotFoundError("fault");
    case XAP_FAULT_DOC_NOT_FOUND:
        throw Xapian::DocNotFoundError("fault");
    case XAP_FAULT_NETWORK_TIMEOUT:
        throw Xapian::NetworkTimeoutError("fault");
    case XAP_FAULT_NETWORK:
        throw Xapian::NetworkError("fault");
    case XAP_FAULT_QUERY_PARSER:
        throw Xapian::QueryParserError("fault");
    case XAP_FAULT_WILDCARD:
        throw Xapian::WildcardError("fault");
    case XAP_FAULT_DATABASE:
        throw Xapian::DatabaseError("fault");
    case XAP_FAULT_RANGE:
        throw Xapian::RangeError("fault");
    case XAP_FAULT_INVALID_ARGUMENT:
        throw Xapian::InvalidArgumentError("fault");
    case XAP_FAULT_INVALID_OPERATION:
        throw Xapian::InvalidOperationError("fault");
    case XAP_FAULT_UNIMPLEMENTED:
        throw Xapian::UnimplementedError("fault");
    case XAP_FAULT_FEATURE:
        throw Xapian::FeatureUnavailableError("fault");
    case XAP_FAULT_MEMORY:
        throw std::bad_alloc();
    case XAP_FAULT_STANDARD:
        throw std::runtime_error("fault");
    case XAP_FAULT_NUMBER:
        break;
    }
    throw 42;
}

namespace
{
class faulty_spy : public Xapian::MatchSpy
{
    enum xap_fault fault;

  public:
    explicit faulty_spy(enum xap_fault fault_) : fault(fault_)
    {
    }

    void operator()(const Xapian::Document &, double) override
    {
        raise(fault);
    }
};
} // namespace

bool xap_fault_in_search(struct xap_db *db, enum xap_fault fault, struct err *err)
{
    return xap_guard(err, [=] {
        faulty_spy spy(fault);
        Xapian::Enquire enquire(db->database);
        enquire.set_query(Xapian::Query(std::string()));
        enquire.add_matchspy(&spy);
        enquire.get_mset(0, 1);
        return true;
    });
}
