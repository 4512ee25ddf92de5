// For tests: walking the leaves of a JSON value, and putting a value at a path ("resources[].schema.name").
#pragma once

#include "store/record.h"

#include <jansson.h>
#include <stdio.h>

// Calls `each` for every leaf: a value that is no object and no list, or an empty one.
struct walk {
    struct arena *a;
    void (*each)(struct walk *, struct str path, json_t *holder, const char *key, size_t index,
                 json_t *leaf);
    void *arg;
    enum record_kind kind; // of the object
};

static inline void walk(struct walk *w, struct str path, json_t *holder, const char *key,
                        size_t index, json_t *v)
{
    const char *k;
    size_t i;
    json_t *member;
    if (json_object_size(v) > 0) {
        json_object_foreach(v, k, member)
            walk(w, arena_printf(w->a, "%.*s%s%s", STR_ARG(path), path.n ? "." : "", k), v, k, 0,
                 member);
    } else if (json_array_size(v) > 0) {
        json_array_foreach(v, i, member)
            walk(w, arena_printf(w->a, "%.*s[]", STR_ARG(path)), v, NULL, i, member);
    } else {
        w->each(w, path, holder, key, index, v);
    }
}

// The first value at a path, made with all that leads to it. Of a list, the first element.
static inline void put(json_t *object, struct str path, json_t *value)
{
    json_t *at = object;
    struct str rest = path, step;
    while (str_next(&rest, '.', &step)) {
        size_t lists = 0;
        while (str_ends(step, STR("[]"))) {
            step.n -= 2;
            lists++;
        }
        char key[100];
        snprintf(key, sizeof key, "%.*s", STR_ARG(step));
        bool last = rest.p == NULL && lists == 0;
        json_t *next = json_object_get(at, key);
        if (last) {
            json_object_set_new(at, key, value);
            return;
        }
        if (lists ? !json_is_array(next) : !json_is_object(next)) {
            next = lists ? json_array() : json_object();
            json_object_set_new(at, key, next);
        }
        for (at = next; lists > 0; lists--) {
            last = rest.p == NULL && lists == 1;
            if (json_array_size(at) == 0)
                json_array_append_new(at, json_null());
            next = json_array_get(at, 0);
            if (last) {
                json_array_set_new(at, 0, value);
                return;
            }
            if (lists > 1 ? !json_is_array(next) : !json_is_object(next)) {
                next = lists > 1 ? json_array() : json_object();
                json_array_set_new(at, 0, next);
            }
            at = next;
        }
    }
}
