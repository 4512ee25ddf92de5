// Links as geographic catalogues write them (CI_OnlineResource of ISO 19115, dc:URI of CSW): an address, a protocol in words that
// nobody fixed ("OGC:WMS-1.1.1-http-get-map", "WWW:DOWNLOAD:text/csv"), a name, a description, what it is for. On the thread that
// reads the page; no state.
#pragma once

#include "harvester/normalise/mapper.h"

struct online {
    struct str url, protocol, name, description;
    struct str function;   // CI_OnLineFunctionCode, or empty
    struct str media_type; // or empty
    struct str format;     // of all that is downloaded from this record, when it is one; or empty
};

// The service that a protocol names, as a format's id ("wms"); empty when it names none. A constant.
struct str online_service(struct str protocol);
// Whether an address is that of a record in a catalogue: its metadata as a page or as XML.
bool online_is_record(struct str url);
// Adds a distribution, unless the address is none, the link is about the metadata themselves, or the same was added before.
void online_add(struct mapper *m, struct record *r, size_t room, const struct online *online);
