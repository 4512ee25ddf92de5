// See term_counts.h.
#include "indexer/search/term_counts.h"

#include "base/hash.h"
#include "base/lru.h"
#include "indexer/search/searcher.h"

#include <stdlib.h>

enum { CHAINS = 1024 };

struct counted {
    struct lru_entry lru; // first
    uint32_t documents;
    struct str term;
    char text[]; // of the term
};

struct term_counts {
    struct lru kept;
    struct columns_state at; // of the index
};

static bool is_term(const struct lru_entry *x, const void *term)
{
    return str_eq(((const struct counted *)x)->term, *(const struct str *)term);
}

static void free_counted(struct lru_entry *x)
{
    free(x);
}

struct term_counts *term_counts_new(void)
{
    struct term_counts *t = xcalloc(1, sizeof *t);
    lru_init(&t->kept, CHAINS, TERM_COUNTS_BYTES, is_term, free_counted);
    return t;
}

void term_counts_free(struct term_counts *t)
{
    if (!t)
        return;
    lru_free(&t->kept);
    free(t);
}

static void forget_others(struct term_counts *t, struct columns_state now)
{
    if (t->at.generation == now.generation && t->at.revision == now.revision)
        return;
    lru_drop_all(&t->kept);
    t->at = now;
}

static void keep(struct term_counts *t, uint64_t hash, struct str term, uint32_t documents)
{
    struct counted *x = xmalloc(sizeof *x + term.n);
    *x = (struct counted){.lru = {.hash = hash, .bytes = sizeof *x + term.n},
                          .documents = documents,
                          .term = str_slice(x->text, term.n)};
    memcpy(x->text, term.p, term.n);
    lru_add(&t->kept, &x->lru);
}

bool term_count(struct searcher *s, struct str term, uint32_t *documents, struct err *e)
{
    struct term_counts *t = s->term_counts;
    uint64_t hash = hash64(term);
    forget_others(t, columns_state(s->columns));
    struct counted *x = (struct counted *)lru_find(&t->kept, hash, &term);
    if (x) {
        lru_use(&t->kept, &x->lru);
        *documents = x->documents;
        return true;
    }
    if (!xap_db_term_frequency(s->db, term, documents, e))
        return false;
    keep(t, hash, term, *documents);
    return true;
}
