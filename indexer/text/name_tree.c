// See name_tree.h. The edges of all nodes are in one hash table (open addressing, at most half of it used).
#include "indexer/text/name_tree.h"

#include "base/hash.h"

#include <stdlib.h>

struct edge {
    struct str word; // p is NULL: the slot is free
    uint32_t from, to;
    bool exact;
};

struct node {
    const struct synonym_alternative **alternatives;
    uint32_t *ids;
    size_t n, room;
};

struct name_tree {
    struct edge *edges;
    size_t mask, edge_count;
    struct node *nodes;
    size_t n, room;
};

static struct edge *edge_slot(struct edge *edges, size_t mask, uint32_t from, bool exact,
                              struct str word)
{
    uint64_t hash = (hash64(word) ^ ((uint64_t)from << 1 | exact)) * 0x9E3779B97F4A7C15u;
    size_t i = (size_t)(hash >> 32) & mask;
    while (edges[i].word.p &&
           !(edges[i].from == from && edges[i].exact == exact && str_eq(edges[i].word, word)))
        i = (i + 1) & mask;
    return &edges[i];
}

static void grow_edges(struct name_tree *t)
{
    size_t mask = t->mask * 2 + 1;
    struct edge *edges = xcalloc(mask + 1, sizeof *edges);
    for (size_t i = 0; i <= t->mask; i++) {
        struct edge *e = &t->edges[i];
        if (e->word.p)
            *edge_slot(edges, mask, e->from, e->exact, e->word) = *e;
    }
    free(t->edges);
    t->edges = edges;
    t->mask = mask;
}

static uint32_t add_node(struct name_tree *t)
{
    if (t->n == t->room) {
        t->room = t->room ? t->room * 2 : 64;
        t->nodes = xrealloc(t->nodes, t->room * sizeof *t->nodes);
    }
    t->nodes[t->n] = (struct node){0};
    return (uint32_t)t->n++;
}

struct name_tree *name_tree_new(void)
{
    struct name_tree *t = xcalloc(1, sizeof *t);
    t->mask = 63;
    t->edges = xcalloc(t->mask + 1, sizeof *t->edges);
    add_node(t); // NAME_ROOT
    return t;
}

void name_tree_free(struct name_tree *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n; i++) {
        free(t->nodes[i].alternatives);
        free(t->nodes[i].ids);
    }
    free(t->nodes);
    free(t->edges);
    free(t);
}

uint32_t name_tree_add(struct name_tree *t, uint32_t node, bool exact, struct str word)
{
    struct edge *e = edge_slot(t->edges, t->mask, node, exact, word);
    if (e->word.p)
        return e->to;
    uint32_t to = add_node(t);
    *e = (struct edge){word, node, to, exact};
    if (++t->edge_count * 2 > t->mask)
        grow_edges(t);
    return to;
}

uint32_t name_tree_find(const struct name_tree *t, uint32_t node, bool exact, struct str word)
{
    const struct edge *e = edge_slot(t->edges, t->mask, node, exact, word);
    return e->word.p ? e->to : NAME_NONE;
}

bool name_tree_put(struct name_tree *t, uint32_t node,
                   const struct synonym_alternative *alternative, uint32_t id)
{
    struct node *x = &t->nodes[node];
    for (size_t i = 0; i < x->n; i++)
        if (x->ids[i] == id)
            return true;
    if (x->n == SYNONYM_ENTRY_MAX)
        return false;
    if (x->n == x->room) {
        x->room = x->room ? x->room * 2 : 2;
        x->alternatives = xrealloc(x->alternatives, x->room * sizeof *x->alternatives);
        x->ids = xrealloc(x->ids, x->room * sizeof *x->ids);
    }
    x->alternatives[x->n] = alternative;
    x->ids[x->n++] = id;
    return true;
}

struct name_node_list name_tree_get(const struct name_tree *t, uint32_t node)
{
    return (struct name_node_list){t->nodes[node].alternatives, t->nodes[node].n};
}
