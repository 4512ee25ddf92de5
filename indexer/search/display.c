// See display.h.
#include "indexer/search/display.h"

#include "base/lru.h"
#include "indexer/columns/touched.h"
#include "indexer/index/document.h"

#include <pthread.h>
#include <stdlib.h>

enum { CHAINS = 8192 };

struct kept {
    struct lru_entry lru; // first
    uint32_t docid;
    bool not_told; // too many words
    uint32_t word_count;
    uint32_t figures, members, excerpt; // bytes, one behind the other, behind the words
    struct snippet_word words[];
};

struct display {
    pthread_mutex_t lock; // of everything
    struct lru kept;
    struct columns_state at;    // of the index
    struct display_state state; // what is there, `kept` tells
};

static bool is_of(const struct lru_entry *x, const void *docid)
{
    return ((const struct kept *)x)->docid == *(const uint32_t *)docid;
}

static void free_kept(struct lru_entry *x)
{
    free(x);
}

struct display *display_new(size_t bytes)
{
    struct display *d = xcalloc(1, sizeof *d);
    pthread_mutex_init(&d->lock, NULL);
    lru_init(&d->kept, CHAINS, bytes, is_of, free_kept);
    return d;
}

void display_free(struct display *d)
{
    if (!d)
        return;
    lru_free(&d->kept);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

// ---- What is kept. With the lock held. ---------------------------------------------------------------

static char *bytes_of(struct kept *k)
{
    return (char *)(k->words + k->word_count);
}

static uint32_t hash_of(uint32_t docid)
{
    return docid * 2654435761u >> 19; // Knuth's: 13 bits
}

static struct lru_entry *find(struct display *d, uint32_t docid)
{
    return lru_find(&d->kept, hash_of(docid), &docid);
}

static void keep(struct display *d, uint32_t docid, const struct shown_document *s)
{
    size_t words = s->word_count > SNIPPET_WORDS ? 0 : s->word_count;
    size_t bytes =
        sizeof(struct kept) + words * sizeof *s->words + s->figures.n + s->members.n + s->excerpt.n;
    struct kept *k = xmalloc(bytes);
    *k = (struct kept){.lru = {.hash = hash_of(docid), .bytes = bytes},
                       .docid = docid,
                       .word_count = (uint32_t)words,
                       .not_told = s->word_count > SNIPPET_WORDS,
                       .figures = (uint32_t)s->figures.n,
                       .members = (uint32_t)s->members.n,
                       .excerpt = (uint32_t)s->excerpt.n};
    const struct str parts[] = {s->figures, s->members, s->excerpt};
    for (size_t i = 0, at = 0; i < 3; at += parts[i++].n)
        if (parts[i].n)
            memcpy(bytes_of(k) + at, parts[i].p, parts[i].n);
    if (words)
        memcpy(k->words, s->words, words * sizeof *k->words);
    lru_add(&d->kept, &k->lru);
}

static struct snippet_word *words_in(struct arena *a, const struct snippet_word *words, size_t n)
{
    struct snippet_word *copy = ARENA_ARRAY(a, struct snippet_word, n + 1);
    if (n)
        memcpy(copy, words, n * sizeof *words);
    return copy;
}

static bool take(struct display *d, uint32_t docid, struct arena *a, struct shown_document *out)
{
    struct kept *k = (struct kept *)find(d, docid);
    if (!k)
        return false;
    lru_use(&d->kept, &k->lru);
    struct str all = arena_str(a, str_slice(bytes_of(k), k->figures + k->members + k->excerpt));
    out->words = words_in(a, k->words, k->word_count);
    out->word_count = k->not_told ? SNIPPET_WORDS + 1 : k->word_count;
    out->figures = str_slice(all.p, k->figures);
    out->members = str_slice(all.p + k->figures, k->members);
    out->excerpt = str_slice(all.p + k->figures + k->members, k->excerpt);
    return true;
}

// ---- The state of the index ----------------------------------------------------------------------------

// Whether what is kept is that of the state that the searcher has open; brought up to it where that is newer.
static bool is_at(struct display *d, struct xap_db *db, const struct columns_state *state)
{
    if (d->at.generation == state->generation && d->at.revision == state->revision)
        return true;
    if (d->at.generation > state->generation ||
        (d->at.generation == state->generation && d->at.revision > state->revision))
        return false;
    struct arena a = {0};
    struct xap_docids touched;
    struct err e = {0};
    bool known = false;
    // A commit that does not count its batches tells nothing.
    if (d->at.generation != state->generation || d->at.batch == state->batch ||
        !touched_since(db, d->at.batch, state->batch, &a, &touched, &known, &e) || !known)
        lru_drop_all(&d->kept);
    for (size_t i = 0; known && i < touched.n; i++)
        lru_drop(&d->kept, find(d, touched.v[i]));
    d->at = *state;
    arena_free(&a);
    return true;
}

// ---- Reading -------------------------------------------------------------------------------------------

static bool read_index(struct xap_db *db, struct xap_doc *doc, uint32_t docid, struct arena *a,
                       struct shown_document *out, struct err *e)
{
    struct str s;
    if (!xap_db_load_known(db, docid, doc, e) || !xap_doc_value(doc, SLOT_FIGURES, &s, e))
        return false;
    out->figures = arena_str(a, s);
    if (!xap_doc_data(doc, &s, e))
        return false;
    struct document_data parts = document_data_read(arena_str(a, s));
    out->members = parts.members;
    out->excerpt = parts.excerpt;
    struct snippet_word words[SNIPPET_WORDS];
    size_t n = snippet_words(parts.excerpt, words, SNIPPET_WORDS);
    out->words = words_in(a, words, n > SNIPPET_WORDS ? 0 : n);
    out->word_count = n;
    return true;
}

bool display_read(struct display *d, struct xap_db *db, const struct columns *columns,
                  struct xap_doc *doc, uint32_t docid, struct arena *a, struct shown_document *out,
                  struct err *e)
{
    if (!d)
        return read_index(db, doc, docid, a, out, e);
    struct columns_state state = columns_state(columns);
    pthread_mutex_lock(&d->lock);
    bool found = is_at(d, db, &state) && take(d, docid, a, out);
    *(found ? &d->state.found : &d->state.read) += 1;
    pthread_mutex_unlock(&d->lock);
    if (found)
        return true;
    if (!read_index(db, doc, docid, a, out, e))
        return false;
    pthread_mutex_lock(&d->lock);
    if (d->at.generation == state.generation && d->at.revision == state.revision && !find(d, docid))
        keep(d, docid, out);
    pthread_mutex_unlock(&d->lock);
    return true;
}

void display_read_state(struct display *d, struct display_state *out)
{
    pthread_mutex_lock(&d->lock);
    *out = d->state;
    out->documents = d->kept.entries;
    out->bytes = d->kept.bytes;
    pthread_mutex_unlock(&d->lock);
}
