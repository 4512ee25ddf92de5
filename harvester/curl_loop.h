// libcurl's multi interface on a libuv loop: one uv_poll per socket, one uv_timer, no thread. Knows nothing of
// HTTP. On the loop's thread only.
//
// A libuv handle lives until its close callback has run, so its memory does too: a socket's watch is freed there, and
// what curl_loop_new gave is freed once the last of them is closed.
#pragma once

#include "base/err.h"

#include <curl/curl.h>
#include <uv.h>

struct curl_loop;

// `done` is called for each transfer that ended, outside of any libcurl callback: it may remove, add and clean
// up easy handles, and close the curl_loop. ERR_IO when libcurl cannot be set up.
struct curl_loop *curl_loop_new(uv_loop_t *loop, unsigned connections_kept,
                                void (*done)(CURL *easy, CURLcode code, void *arg), void *arg,
                                struct err *e);
bool curl_loop_add(struct curl_loop *c, CURL *easy, struct err *e);
// Before the easy handle is cleaned up, whether its transfer has ended or not.
void curl_loop_remove(struct curl_loop *c, CURL *easy);
// Every easy handle has been removed. `closed` is called in a later turn of the loop, `c` being freed.
void curl_loop_close(struct curl_loop *c, void (*closed)(void *arg), void *arg);
