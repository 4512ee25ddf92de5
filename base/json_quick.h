// JSON text (RFC 8259) into jansson's values by simdjson, several times quicker than jansson's own reader. Any thread.
#pragma once

#include "base/str.h"

#include <jansson.h>

#ifdef __cplusplus
extern "C" {
#endif

// NULL when the text is not JSON in UTF-8, nests deeper than `depth`, is over JSON_QUICK_BYTES, or holds what needs care: half a surrogate
// pair, a NUL in a key, a number out of range. Whoever must know why asks jansson. The value is the one that jansson gives; the caller's.
enum { JSON_QUICK_BYTES = 1 << 20 }; // simdjson takes some fifteen times that while it reads
json_t *json_quick(struct str text, unsigned depth);

#ifdef __cplusplus
}
#endif
