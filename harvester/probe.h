// What an address is: which driver reads it, how a source for it is written, and where its answer departs from what that driver
// expects. For `glaneur probe`: a loop of its own, on the caller's thread, until it is done. It stores nothing.
#pragma once

#include "base/buf.h"
#include "harvester/driver.h"
#include "harvester/shape.h"

struct probe_request {
    struct str url;  // an address, or a path that begins with / or .
    struct str type; // of the driver, when it is told; else it is found
    struct strs
        allow_private; // networks. An address that is written as a number, or localhost, is allowed by itself
    struct str headers_file;
    const char *user_agent, *proxy, *ca_file; // as in fetch_settings
    const char *folder;                       // for documents
    struct str share;                         // as in shipped_file
    unsigned timeout; // seconds that each question may take at most; 0: as is usual
};

struct probe_item {
    struct str id, title;
    enum record_kind kind;
    struct str error; // of one that cannot be read
};

enum { PROBE_ITEMS_MAX = 10 };

struct probe_answer {
    struct str type;     // empty: no driver knows it
    struct str evidence; // the address whose answer says so
    struct strs others;  // types that know it, too
    struct strs tried;   // "https://...: 404"
    // What the address itself answers, "https://... answers a page for people (HTML), \"Portail\""; of such a page the software that
    // makes it and the driver of its interfaces, where they are known, and the addresses on it that may be catalogues.
    struct str seen, maker, maker_type;
    struct strs links;
    struct str entry; // of the configuration, YAML
    // Of the first page, or of the first part of the document:
    size_t items, errors, skipped;
    int64_t announced; // -1: it does not say
    bool more;
    struct probe_item shown[PROBE_ITEMS_MAX]; // the first ones
    size_t shown_count;
    struct err page_error; // it cannot be read
    struct departure *departures;
    size_t departure_count;
    bool compared; // with a list of fields
};

// False when nothing could be asked: ERR_ARGUMENT (the address), ERR_NOT_FOUND (no such type, no such file), or the first error of the
// network when nobody answered at all. Results live in the arena.
bool probe(const struct probe_request *request, struct arena *a, struct probe_answer *out,
           struct err *e);
