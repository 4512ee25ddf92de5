// See rules.h.
#include "indexer/search/rules.h"

#include "config/shipped.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct counted_rules {
    struct rules rules; // first: what is handed out
    atomic_uint count;
};

struct rules_holder {
    pthread_mutex_t lock;
    struct rules *rules;
};

struct rules *rules_new(const struct rules_texts *texts, struct err *e)
{
    static atomic_uint_fast64_t made;
    struct counted_rules *r = xcalloc(1, sizeof *r);
    atomic_init(&r->count, 1);
    r->rules.number = atomic_fetch_add(&made, 1) + 1;
    bool good = weights_read(texts->ranking, &r->rules.weights, e);
    if (good) {
        r->rules.generic = word_set_new(texts->generic_words, e);
        good = r->rules.generic || err_in_file(e, "config/generic-words.txt");
    }
    if (good) {
        struct analyzer *analyzer = analyzer_new(texts->stop_words, e);
        good = analyzer || err_in_file(e, "config/stopwords.txt");
        r->rules.synonyms = good ? synonyms_new(texts->synonyms, analyzer, e) : NULL;
        good = good && (r->rules.synonyms || err_in_file(e, "config/synonyms.txt"));
        analyzer_free(analyzer);
    }
    if (good)
        return &r->rules;
    rules_release(&r->rules);
    return NULL;
}

struct rules *rules_load(struct str share, const struct places *places, struct err *e)
{
    struct arena a = {0};
    struct rules_texts t = {0};
    struct rules *r = NULL;
    if (shipped_file(share, "config/stopwords.txt", &a, &t.stop_words, e) &&
        shipped_file(share, "config/generic-words.txt", &a, &t.generic_words, e) &&
        shipped_file(share, "config/synonyms.txt", &a, &t.synonyms, e) &&
        shipped_file(share, "config/ranking.yaml", &a, &t.ranking, e))
        r = rules_new(&t, e);
    if (r)
        r->places = places;
    arena_free(&a);
    return r;
}

void rules_release(struct rules *r)
{
    struct counted_rules *c = (struct counted_rules *)r;
    if (!c || atomic_fetch_sub(&c->count, 1) > 1)
        return;
    synonyms_free(r->synonyms);
    word_set_free(r->generic);
    free(c);
}

struct rules_holder *rules_holder_new(struct rules *r)
{
    struct rules_holder *h = xcalloc(1, sizeof *h);
    pthread_mutex_init(&h->lock, NULL);
    h->rules = r;
    return h;
}

void rules_holder_free(struct rules_holder *h)
{
    if (!h)
        return;
    rules_release(h->rules);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

struct rules *rules_take(struct rules_holder *h)
{
    pthread_mutex_lock(&h->lock);
    struct rules *r = h->rules;
    atomic_fetch_add(&((struct counted_rules *)r)->count, 1);
    pthread_mutex_unlock(&h->lock);
    return r;
}

void rules_replace(struct rules_holder *h, struct rules *r)
{
    pthread_mutex_lock(&h->lock);
    struct rules *old = h->rules;
    h->rules = r;
    pthread_mutex_unlock(&h->lock);
    rules_release(old);
}
