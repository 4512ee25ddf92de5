// Who a request comes from and whom it means: the Host and Origin of an admin face, and the
// client's address behind a proxy. Pure but for the callback; any thread.
#pragma once

#include "api/http/request.h"

// Is a Host ("localhost:8081", "[::1]") one of the machine's own names: localhost, 127.0.0.0/8,
// ::1, with any port, or one of `hosts` (compared without a port, in any case)?
bool origin_host_allowed(struct str host, struct strs hosts);
// The host of a Host or an authority, without its port: "[::1]:80" gives "::1".
struct str origin_host_name(struct str host);
// Is an Origin ("http://localhost:8081") that of the same host and port as Host? "null" is not.
bool origin_same(struct str origin, struct str host);

// The client's address: the peer's, or when the peer is a trusted proxy, that which X-Forwarded-For
// gives, read from its end past the trusted ones. An entry that is no address ends the reading at
// the one before it.
struct str origin_client(struct http_pairs headers, struct str peer,
                         bool (*trusted)(void *arg, struct str address), void *arg);
