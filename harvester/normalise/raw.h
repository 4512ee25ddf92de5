// JSON where it is not expected: the bytes of an object's member without parsing the object (what an item that is no JSON still
// tells, its id; a page inside another object), and values that are written as text. Any thread.
#pragma once

#include "base/json.h"

// The value of the first member of that name at the first level, as it is written; up to the text's end when it is cut short.
// {NULL, 0} when there is none. Keys are compared as written: with no escapes.
struct str raw_member(struct str object, const char *key);
// The same of a string or a number, unquoted, in the arena; {NULL, 0} when it is neither.
struct str raw_word(struct str object, const char *key, struct arena *a);
// A list, an object or a string that is written as JSON in a text (entities of HTML in it or not), read; else the value itself, once
// more. Caller's reference.
json_t *raw_decode(struct arena *a, json_t *value);
