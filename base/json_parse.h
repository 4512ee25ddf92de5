// JSON text (RFC 8259) into jansson's values, several times quicker than jansson's own reader, which goes byte by byte. Any thread.
#pragma once

#include "base/str.h"

#include <jansson.h>

// `text` is valid UTF-8. NULL when it is not JSON, is nested deeper than `depth`, or holds what needs care: half a surrogate pair, a NUL in
// a key, a number out of range. Whoever must know why asks jansson. The value is the one that jansson gives; the caller's.
json_t *json_parse(struct str text, unsigned depth);
