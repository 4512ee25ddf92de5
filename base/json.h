// Reading JSON: small helpers over jansson, and a splitter that finds the items of an array inside a page
// without parsing them, so that one item that cannot be read does not take the page with it.
#pragma once

#include "base/arena.h"
#include "base/err.h"

#include <jansson.h>

// Each gives the absent value (NULL, {NULL, 0}, `none`) when the object has no such key of that type.
struct str jstr(const json_t *value);                   // borrowed from the value
struct str jget(const json_t *object, const char *key); // a string member
json_t *jget_object(const json_t *object, const char *key);
json_t *jget_array(const json_t *object, const char *key);
int64_t jget_int(const json_t *object, const char *key, int64_t none); // a real is truncated
double jget_real(const json_t *object, const char *key, double none);
bool jget_true(const json_t *object, const char *key);

// A page: an object with an array of items somewhere at its first level, or an array itself.
struct json_page {
    struct strs items; // bytes of each item, borrowed from the input
    json_t *
        envelope; // the object without that array; NULL when the page is an array. Caller's (json_decref)
};
// Cuts the page by its brackets and strings; items are not checked, nor what follows the page. A byte order mark before it
// is skipped. Of two arrays of that name the first counts. ERR_PARSE when the outer structure is not there or is cut short,
// or the envelope cannot be read (json_read); ERR_REFUSED over JSON_ITEMS_MAX items.
enum { JSON_DEPTH_MAX = 64, JSON_ITEMS_MAX = 100000 };
bool json_page_split(struct str page, const char *array, struct arena *a, struct json_page *out,
                     struct err *e);

// One value. Invalid UTF-8 and escapes of half a surrogate pair are repaired (*repaired, which may be NULL, counts), integers over 63 bits become reals, NUL
// characters in strings are let through, the last of a repeated key counts. NULL and ERR_PARSE, with the position,
// otherwise, and when it nests deeper than JSON_DEPTH_MAX. Caller's reference.
json_t *json_read(struct str text, struct arena *a, size_t *repaired, struct err *e);
