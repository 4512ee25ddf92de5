// YAML, read through libyaml into a tree that knows its lines. A subset, on purpose: one document
// of maps, lists and plain values. Aliases, anchors, tags and further documents are errors: nothing
// in a file can grow beyond its own size. The tree and its strings live in the arena given. Any
// thread.
#pragma once

#include "base/arena.h"
#include "config/errors.h"

enum {
    YAML_BYTES_MOST = 1024 * 1024,
    YAML_DEPTH_MOST = 16,
    YAML_KEYS_MOST = 1000,   // in one map
    YAML_NODES_MOST = 100000 // in one file
};

enum yaml_kind {
    YAML_VALUE,
    YAML_LIST,
    YAML_MAP,
    YAML_BROKEN // its error is reported already: to be passed over in silence
};

struct yaml_node {
    enum yaml_kind kind;
    unsigned line;   // from 1; of a value that is left empty: its key's
    struct str text; // of YAML_VALUE: never absent, may hold any character
    bool null;       // YAML_VALUE: null, Null, NULL, ~ or nothing, without quotes
    struct str key;  // when it is in a map
    unsigned key_line;
    struct yaml_node *first; // of a list or a map
    struct yaml_node *next;  // its sibling
    size_t n;                // children
};

// Reads a document: *root is its node, NULL when it is empty. False when something was wrong: all
// is in `errors`, and *root is what could be read (NULL where the syntax is wrong). Two equal keys
// in a map are an error, and the first one stays.
bool yaml_read(struct arena *a, struct str text, const char *file, struct conf_errors *errors,
               struct yaml_node **root);
// The child of a map by its key, or NULL. `map` may be NULL.
const struct yaml_node *yaml_get(const struct yaml_node *map, struct str key);
