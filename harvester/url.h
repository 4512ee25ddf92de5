// URLs of catalogues: checked, compared, joined, extended. libcurl's curl_url is the only parser, so
// what is checked here is what is asked for later. Any thread; strings handed out live in the arena given.
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum { URL_LONGEST = 8192 }; // bytes

// A URL that may be fetched: absolute, http or https, with a host in ASCII, no user or password, no zone id,
// no control character or space, at most URL_LONGEST bytes. ERR_ARGUMENT says what is wrong with it.
bool url_check(struct str url, struct err *e);
// Scheme, host (ASCII case ignored) and port (the scheme's own when none is written) are the same.
// False when one of them does not pass url_check.
bool url_same_origin(struct str a, struct str b);
// "https://www.data.gouv.fr:443": in lower case, the port always written. STR_NONE when url_check fails.
struct str url_origin(struct arena *a, struct str url);
// The host alone, in lower case; an IPv6 address without its brackets, an IPv4 address in
// any spelling ("127.1", "0x7f000001") as four decimal numbers. STR_NONE when url_check fails.
struct str url_host(struct arena *a, struct str url);
// `link` as seen from `base` (RFC 3986 section 5): absolute, or relative to it. Spaces and other bytes that
// a URL cannot hold are percent-encoded; the fragment is dropped. The result passes url_check.
bool url_join(struct arena *a, struct str base, struct str link, struct str *out, struct err *e);
// Adds `name=value` to the query, both percent-encoded (a space is %20); the fragment is dropped. STR_NONE
// when `url` does not pass url_check, or the result would be too long.
struct str url_query_append(struct arena *a, struct str url, struct str name, struct str value);
// A link that may be shown to people: http or https as for url_check, but spaces and hosts in other
// alphabets are accepted; or mailto.
bool url_is_web(struct str url);
