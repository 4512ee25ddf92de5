// Pages over HTTP: libcurl's multi interface on the libuv loop. Everything here runs on the loop's thread,
// callbacks included; nothing blocks it.
//
// A fetch waits for its turn at its host (requests a second, requests at once), is tried several times, follows
// redirects, and ends with exactly one call of its callback, unless it is cancelled.
//  - Tried again: 429, 500, 502, 503, 504, network faults (truncated and badly encoded bodies too) and timeouts.
//    Waits of 1, 2, 4 s, a quarter more or less; Retry-After instead, up to 60 s; longer ends the fetch.
//  - Redirects: at most 5, http and https only, never from https to http. A POST stays one, but for 303. Each hop waits at its own host and is
//    vetted as the first was. The request's own headers are not sent to another origin.
//  - Every connection is vetted by guard.h, when it is made (the resolved address) and when it is used again.
//    With a proxy only the proxy's address is seen, and trusted: then the host of every URL is vetted by what
//    its text says (guard_host_allowed), and a name that resolves to a private address is the proxy's to refuse.
//  - Certificates are always verified. No cookies, no netrc; proxies from the environment are ignored.
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "harvester/guard.h"

#include <uv.h>

struct fetcher;
struct fetch;

struct fetch_settings {
    const char *user_agent;   // with a contact: "glaneur/0.1 (+mailto:ops@example.org)"
    const char *proxy;        // its URL, or NULL
    const char *ca_file;      // certificates in PEM, in the place of the system's; or NULL
    unsigned max_connections; // transfers at once, in all; 0: 32
    unsigned retry_unit_ms;   // a second of the waits above; 0: 1000. Tests make it short.
};

// How a source wants its host to be treated. Start from FETCH_POLICY_DEFAULT.
struct fetch_policy {
    const char *source;       // its name, for the log and for errors
    double rate;              // requests a second to one host; 0: no limit
    unsigned concurrency;     // requests at once to one host; 1 or more
    unsigned attempts;        // in all, the first included; 1 or more
    unsigned timeout;         // seconds, for each attempt
    unsigned connect_timeout; // seconds
    uint64_t max_bytes;       // of the decoded body; a longer one is refused
    struct guard_networks allow_private;
};
#define FETCH_POLICY_DEFAULT                                                                       \
    ((struct fetch_policy){.source = "",                                                           \
                           .rate = 5,                                                              \
                           .concurrency = 2,                                                       \
                           .attempts = 4,                                                          \
                           .timeout = 120,                                                         \
                           .connect_timeout = 10,                                                  \
                           .max_bytes = GUARD_LIMITS_DEFAULT.page_bytes})

struct fetch_request {
    struct str url;
    struct str accept;             // media types; absent: any
    struct str body, content_type; // of a POST; no body: a GET
    struct strs headers;           // "Name: value"; they may be secret and are never logged
    // Where the body is to go in the place of memory: a descriptor that can be written, sought and truncated, the caller's; 0: none.
    // What is there is written over, and what an attempt left that failed. A thread of the loop's pool writes, and decodes before; a
    // server waits for a disk that is slower.
    int spool;
    const struct fetch_policy *policy; // borrowed until the fetch ends
};

// Handed to the callback, and valid during it only.
struct fetch_result {
    struct err error; // ERR_NONE: the page is there, or `status` is 304, 404 or 410
    int status;       // the last HTTP status; 0 when none came
    struct buf body;  // decoded; empty after an error, or with a spool. fetch_take_body keeps it.
    struct str content_type;        // as sent, or absent
    struct str etag, last_modified; // as sent, or absent: of the last response
    struct str effective_url;       // after redirects
    unsigned attempts;              // requests made, redirects left out
    uint64_t bytes_wire;            // received, headers included, over all attempts
    uint64_t bytes_decoded;         // of bodies, over all attempts
    double seconds;                 // since fetch_start, waits included
};
// Errors: ERR_ARGUMENT (URL or header), ERR_REFUSED (guard, size, redirects, a Retry-After that is too long),
// ERR_NETWORK, ERR_TIMEOUT, ERR_HTTP (any other status from 400 on, or a redirect to nowhere), ERR_PARSE (a content coding that was
// not asked for).
// `error.where` is "source URL"; the URL is left out when it did not pass url_check.

// Since the fetcher was made.
struct fetch_counters {
    uint64_t requests, retries, redirects;
    uint64_t failures[ERR_INTERNAL + 1]; // fetches that ended so, by enum err_code
    uint64_t bytes_wire, bytes_decoded;
};

// Settings are copied. NULL when libcurl cannot be set up (ERR_IO), or a setting is not valid (ERR_CONFIG).
struct fetcher *fetcher_new(uv_loop_t *loop, const struct fetch_settings *settings, struct err *e);
const struct fetch_counters *fetcher_counters(const struct fetcher *f);
// Cancels every fetch. The loop must go on until its handles are closed; then the fetcher is freed and `closed`
// (which may be NULL) called. May be called from a fetch's callback.
void fetcher_close(struct fetcher *f, void (*closed)(void *arg), void *arg);

// Not after fetcher_close. The request is copied, but for its policy. `done` is never called before this returns;
// the pointer is valid until it is called.
struct fetch *fetch_start(struct fetcher *f, const struct fetch_request *request,
                          void (*done)(struct fetch_result *result, void *arg), void *arg);
// At any moment before the callback: the callback will not be called.
void fetch_cancel(struct fetch *fetch);
// The caller owns the body from here on, and frees it with buf_free.
static inline struct buf fetch_take_body(struct fetch_result *result)
{
    struct buf body = result->body;
    result->body = (struct buf){0};
    return body;
}
