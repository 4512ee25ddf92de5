// Names as sequences of words, in a tree: each node is what is read so far, and has the alternatives of the name that ends there.
// For the synonyms (synonyms.h); not changed any more once it is filled.
#pragma once

#include "indexer/text/synonyms.h"

enum { NAME_ROOT = 0, NAME_NONE = UINT32_MAX };

struct name_tree;
struct name_node_list {
    const struct synonym_alternative *const *v;
    size_t n;
};

struct name_tree *name_tree_new(void);
void name_tree_free(struct name_tree *t); // NULL is taken
// The node behind `node` for a word, compared by its stem or as it is; made when it is missing. `word` is borrowed for good.
uint32_t name_tree_add(struct name_tree *t, uint32_t node, bool exact, struct str word);
// The same, NAME_NONE when it is missing.
uint32_t name_tree_find(const struct name_tree *t, uint32_t node, bool exact, struct str word);
// Another alternative of the name that ends at `node`; false beyond SYNONYM_ENTRY_MAX. One that says the same (whose own name
// ends at the same node, `id`) is not added again.
bool name_tree_put(struct name_tree *t, uint32_t node,
                   const struct synonym_alternative *alternative, uint32_t id);
struct name_node_list name_tree_get(const struct name_tree *t, uint32_t node);
