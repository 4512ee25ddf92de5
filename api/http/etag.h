// Entity tags (RFC 9110 8.8.3) and If-None-Match (13.1.2). Pure; any thread.
#pragma once

#include "base/str.h"

// Can it stand between the quotes of a tag of ours: 1 to 64 visible ASCII characters, no '"'?
bool etag_is_opaque(struct str s);
// Does a value of If-None-Match name the tag, compared weakly, or hold "*"? Malformed: false.
bool etag_matches(struct str if_none_match, struct str opaque);
