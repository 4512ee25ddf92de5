// What a driver is: the knowledge of one protocol, as functions without state or side effects. It says which
// address to ask, and turns what came back into records and the next place. It opens nothing, stores nothing.
//
// Where a sweep stands is a *cursor*: a small JSON text in the driver's own words, empty at the beginning. It is kept with the
// run, so that a killed run goes on from its page.
#pragma once

#include "config/config.h"
#include "store/record.h"

struct driver_request {
    struct str url; // in the arena, NUL-terminated behind its length
    struct str accept;
    struct str body, content_type; // a POST, when there is a body
};

struct driver_response {
    int status; // 200, or 404, 410: others never reach a driver
    struct str body;
    struct str url; // after redirects
    struct str content_type;
};

// A document on our disk, of any size: what was fetched, or a file of the operator's.
struct driver_document {
    int fd; // for reading, at its start; the run's
    struct str
        url; // after redirects: where relative addresses start. Of a file: "file://" and its path
    struct str content_type; // absent for a file
    const char *folder;      // for temporary files
};

// What one item of a page became: a record, an error, or nothing (a private or deleted object).
struct driver_item {
    struct record *record; // NULL when it failed or is skipped
    struct str id;         // known even for a failed one, whenever the item tells it
    bool skipped;
    bool
        gone; // the catalogue says that it removed the record `id`: it is, at once; not among those announced
    struct err error; // of a failed one
};

struct driver_page {
    enum record_kind
        kind; // of the list that this page belongs to; KIND_COUNT: of all kinds together
    struct driver_item *items;
    size_t item_count;
    struct str next; // the cursor of the next page; empty: the sweep is at its end
    int64_t
        announced; // records of this kind that the catalogue says it has; -1 when it does not say
    size_t lost;   // parts of it that could not be read, and may be records: nothing is absent then
    struct err loss; // the first of them
    bool again;      // read before, on purpose: what it repeats does not count as shown
    bool restarted;  // of a list that was begun again: nor is it a loop
    // Addresses that must be read before this page can be: `read` is then called again with the same cursor and
    // their responses behind the page's own. items are empty meanwhile.
    struct strs follow;
    size_t mojibake, repaired,
        cut; // texts that look mis-decoded (kept), were repaired, were cut at their cap
};

// What asking for one record by its address told. One that is alive comes with its record, unless it cannot be read.
enum driver_presence { PRESENCE_GONE, PRESENCE_UNKNOWN, PRESENCE_ARCHIVED, PRESENCE_ALIVE };

struct driver_source { // what a driver may know of its source
    const struct config_source *config;
    enum record_kind kinds[KIND_COUNT]; // to harvest, in the order of the configuration
    size_t kind_count;
    enum record_kind main_kind; // of the driver: its records need no kind in their ids
    int64_t now;                // seconds
    // What the catalogue changed from then on is enough, in seconds; nothing is absent then, but what is
    // said to be gone. 0: a full sweep; always for a driver without `windows`.
    int64_t since;
};

// How a catalogue is known, for `glaneur probe`: what its answer holds near its beginning, white space left out, at a path below its
// root; "" is the very address of a document.
enum { DRIVER_SIGNS = 4 };
struct driver_clue {
    const char *path; // NULL ends a list
    const char *signs[DRIVER_SIGNS];
    bool here; // the source's url is that address, its query left out; else the root
};

struct driver {
    const char *type;
    const struct driver_clue *clues;
    // The line of the driver's own keys that a source wants which is known by that path of a clue ("api: \"2.0\""), or NULL. May be NULL.
    const char *(*entry)(const char *path);
    unsigned kinds;              // bit mask, 1 << enum record_kind
    enum record_kind main_kind;  // whose ids need no kind
    const struct conf_key *keys; // its own keys of the configuration, ended by a NULL name; or NULL
    size_t options_size;         // of the struct that they fill
    int rank; // of two drivers that show one brick, the lower is its origin, where no key says which
    // Where to ask for the page at `cursor`.
    bool (*request)(const struct driver_source *source, struct str cursor, struct arena *a,
                    struct driver_request *out, struct err *e);
    // Reads a page. False: the page as a whole cannot be read (its records are then never counted as absent). Any thread.
    // NULL when `open` is there.
    bool (*read)(const struct driver_source *source, struct str cursor,
                 const struct driver_response *responses, size_t response_count, struct arena *a,
                 struct driver_page *out, struct err *e);
    // Or, for documents of any size: a reader of one, which gives its items part by part, some hundreds at a time. NULL: it cannot
    // be read at all. The source and the document stay until it is closed. All on one worker.
    void *(*open)(const struct driver_source *source, struct str cursor,
                  const struct driver_document *document, struct err *e);
    // The next part into *out, *last on the last one; out->next of the last part is the cursor of the next document. False: the rest
    // of the document cannot be read (what was given before stays, and nothing is absent).
    bool (*next)(void *reader, struct arena *a, struct driver_page *out, bool *last, struct err *e);
    void (*close)(void *reader);
    // It asks for pages that may not be there: a 404 behind the first is the end.
    bool guesses;
    // It can ask for what changed since (driver_source.since).
    bool windows;
    // Its url may also be a path: a file, or a folder of files, each a document (or a page, for `read`).
    bool files;
    // The cursor of the page behind one that cannot be read, so that it alone is lost; empty: there is no telling. May be NULL.
    struct str (*behind)(const struct driver_source *source, struct str cursor, struct arena *a);
    // Where to ask for one record by its id; false when the protocol has no such address.
    bool (*probe)(const struct driver_source *source, struct str id, enum record_kind kind,
                  struct arena *a, struct driver_request *out);
    enum driver_presence (*probe_read)(const struct driver_source *source, enum record_kind kind,
                                       const struct driver_response *response, struct arena *a,
                                       struct driver_item *out);
};

// All drivers, ended by NULL.
extern const struct driver *const drivers[];
const struct driver *driver_find(struct str type);
