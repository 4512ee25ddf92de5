// What the files of a probe share: probe.c asks an address, probe_path.c reads files, probe_entry.c writes the source, probe_first.c
// reads its first page, probe_compare.c compares that with the driver's fields, probe_seen.c tells what no driver knows. One thread.
#pragma once

#include "harvester/fetch.h"
#include "harvester/probe.h"

enum {
    PROBE_SIGNS_BYTES = 256 << 10, // of a body, that is searched for signs
    PROBE_BODY_MAX = 32 << 20,
};

struct probing {
    const struct probe_request *request;
    struct arena *arena;
    struct probe_answer *out;
    uv_loop_t loop;
    struct fetcher *fetcher;
    struct fetch_policy policy;
    struct strs headers;
    struct err network; // the first
    bool answered;
    unsigned timeouts;
    const struct driver_clue *clue; // by which it is known
    struct str known_root;          // of the answer that is known, after redirects
    struct str file;                // what is read, of a path
    struct config *config;          // of the entry alone
};

struct probe_reply {
    int status; // 0: none
    struct str body, url, content_type;
};

// ---- probe.c -----------------------------------------------------------------------------------------

// One request, of at most so many seconds. spool: 0, or the descriptor that gets the body, of any size.
bool probe_ask(struct probing *p, const struct driver_request *r, int spool, unsigned timeout,
               struct probe_reply *out, struct err *e);
// A file without a name, for a body. -1 and *e when none can be made. The caller's to close.
int probe_spool(struct probing *p, struct err *e);
// Its first PROBE_SIGNS_BYTES.
struct str probe_beginning(struct probing *p, int fd);
// The drivers that know an answer at that path of `asked`, into the findings; path NULL: any path, of those that read files.
void probe_know(struct probing *p, struct str asked, const char *path,
                const struct probe_reply *reply);

// ---- probe_path.c ------------------------------------------------------------------------------------

// Of a folder the first file that a driver knows; the first one where the type is told and none shows it. *root is its whole path.
bool probe_find_path(struct probing *p, struct str *root, struct err *e);
// At most PROBE_BODY_MAX bytes of a file, as the answer of a server.
bool probe_read_file(struct probing *p, const char *path, struct probe_reply *out, struct err *e);

// ---- probe_entry.c -----------------------------------------------------------------------------------

// Whether a host is written as an address of the network.
bool probe_is_number(struct str host);
// Writes the entry of what was found, and loads it.
bool probe_make_entry(struct probing *p, struct str root, struct err *e);

// ---- probe_first.c -----------------------------------------------------------------------------------

// The first page that holds something: a driver may first try another way of asking. Errors go into the findings.
void probe_read_first(struct probing *p);

// ---- probe_compare.c ---------------------------------------------------------------------------------

// Of a body, or of a document's descriptor where there is one (over 0).
void probe_compare(struct probing *p, const struct probe_reply *reply, int fd);

// ---- probe_seen.c ------------------------------------------------------------------------------------

// A page for people, HTML: what it says of data is no catalogue.
bool probe_is_for_people(struct str body);
// What the address itself answered, into the findings (seen, maker, links): an operator reads it where no driver knows the address.
void probe_see(struct probing *p, const struct probe_reply *reply);
