// For the tests alone: every exception that Xapian and C++ can throw. See xap_fault.cc.
#pragma once

#include "indexer/xapian/xap.h"

enum xap_fault {
    XAP_FAULT_MODIFIED,
    XAP_FAULT_LOCK,
    XAP_FAULT_CORRUPT,
    XAP_FAULT_VERSION,
    XAP_FAULT_OPENING,
    XAP_FAULT_NOT_FOUND,
    XAP_FAULT_DOC_NOT_FOUND,
    XAP_FAULT_NETWORK_TIMEOUT,
    XAP_FAULT_NETWORK,
    XAP_FAULT_QUERY_PARSER,
    XAP_FAULT_WILDCARD,
    XAP_FAULT_DATABASE,
    XAP_FAULT_RANGE,
    XAP_FAULT_INVALID_ARGUMENT,
    XAP_FAULT_INVALID_OPERATION,
    XAP_FAULT_UNIMPLEMENTED,
    XAP_FAULT_FEATURE,
    XAP_FAULT_MEMORY,
    XAP_FAULT_STANDARD,
    XAP_FAULT_NUMBER, // throw 42
};

#ifdef __cplusplus
extern "C" {
#endif
// Searches for everything; the first document that matches throws. The index must not be empty.
bool xap_fault_in_search(struct xap_db *db, enum xap_fault fault, struct err *err);
#ifdef __cplusplus
}
#endif
