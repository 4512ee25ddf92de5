// One HTTP exchange with libcurl: a GET or a POST and its response; no redirect followed, no second try. Sets the handle
// up, vets every connection, decodes and bounds the body, and says what came of it. On the loop's thread only.
#pragma once

#include "harvester/decode.h"
#include "harvester/fetch.h"
#include "harvester/spool.h"

#include <curl/curl.h>

struct transfer {
    CURL *easy;
    const struct fetch_policy *policy; // borrowed
    bool proxied;
    struct curl_slist *headers;
    struct buf body;
    void (*stuck)(void *arg); // as in transfer_request
    void *stuck_arg;
    struct spool *spool; // where the body goes, in the place of `body`; NULL: nowhere
    struct decoder decoder;
    bool body_started;
    struct err stopped;            // why one of our callbacks ended it
    struct err refused_address;    // by the guard
    unsigned addresses_let_in;     // by the guard
    char message[CURL_ERROR_SIZE]; // libcurl's own words
};

struct transfer_request {
    const char *url;     // passes url_check
    struct strs headers; // checked by transfer_headers_check
    struct str body;     // of a POST, borrowed until transfer_close; empty: a GET
    int spool;           // as in fetch_request
    uv_loop_t *loop;     // for a spool
    void (*stuck)(
        void *
            arg); // libcurl was let wait and cannot go on: as if it were done, with CURLE_WRITE_ERROR
    void *stuck_arg;
    const struct fetch_policy *policy;
    CURLSH *share;
    const char *user_agent, *proxy, *ca_file; // as in fetch_settings
};

struct transfer_outcome {
    struct err error; // ERR_NONE also for a redirect
    bool try_again;   // the fault may pass
    int status;
    int64_t retry_after;  // seconds; 0: none
    const char *redirect; // absolute, not vetted; NULL: none. Valid until transfer_close
    uint64_t bytes_wire;
};

// ERR_ARGUMENT (it tells the header's place, from 0, and not what it holds) for a header that is not "Name: value", holds a control character, or is one that we set.
bool transfer_headers_check(struct strs headers, struct err *e);
// `t` must stay where it is until transfer_close. ERR_REFUSED when a proxy is used and the host's name says enough.
bool transfer_open(struct transfer *t, const struct transfer_request *request, struct err *e);
// Once libcurl is done: the body is on its way to its file, `ended` is called when it is there. False when there is no need to wait.
bool transfer_end(struct transfer *t, void (*ended)(void *arg), void *arg);
// After that.
uint64_t transfer_decoded(const struct transfer *t); // bytes of the body
void transfer_judge(struct transfer *t, CURLcode code, struct transfer_outcome *out);
// After curl_loop_remove. Also for a zeroed one.
void transfer_close(struct transfer *t);
