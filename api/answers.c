// See answers.h.
#include "api/answers.h"

#include "base/hash.h"
#include "base/lru.h"

#include <pthread.h>
#include <stdlib.h>

enum { CHAINS = 4096 };

struct entry {
    struct lru_entry lru; // first
    struct str key;
    struct http_kept *kept;
    struct answers_note note;
    char text[]; // of the key and the note
};

struct answers {
    pthread_mutex_t lock; // of everything
    struct lru kept;
    struct answers_stamp stamp;
    struct answers_state state; // what is there, `kept` tells
};

static bool has_key(const struct lru_entry *x, const void *key)
{
    return str_eq(((const struct entry *)x)->key, *(const struct str *)key);
}

static void free_entry(struct lru_entry *x)
{
    http_kept_release(((struct entry *)x)->kept);
    free(x);
}

struct answers *answers_new(size_t bytes)
{
    struct answers *s = xcalloc(1, sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    lru_init(&s->kept, CHAINS, bytes, has_key, free_entry);
    return s;
}

static bool same_stamp(const struct answers_stamp *a, const struct answers_stamp *b)
{
    return a->generation == b->generation && a->day == b->day && a->commits == b->commits &&
           a->edition == b->edition;
}

static struct str put(char **at, struct str s)
{
    if (!s.n)
        return s.p ? STR("") : STR_NONE;
    struct str copy = {memcpy(*at, s.p, s.n), s.n};
    *at += s.n;
    return copy;
}

static struct entry *entry_new(struct str key, struct http_kept *kept,
                               const struct answers_note *note)
{
    size_t text = key.n + note->q.n + note->relaxed.n + note->corrected.n;
    struct entry *e = xcalloc(1, sizeof *e + text);
    char *at = e->text;
    e->lru.hash = hash64(key);
    e->lru.bytes = sizeof *e + text + http_kept_bytes(kept);
    e->key = put(&at, key);
    e->note = *note;
    e->note.q = put(&at, note->q);
    e->note.relaxed = put(&at, note->relaxed);
    e->note.corrected = put(&at, note->corrected);
    e->kept = kept;
    http_kept_hold(kept);
    return e;
}

void answers_free(struct answers *s)
{
    if (!s)
        return;
    lru_free(&s->kept);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

struct http_kept *answers_find(struct answers *s, const struct answers_stamp *now, struct str key,
                               struct arena *a, struct answers_note *note)
{
    struct http_kept *kept = NULL;
    uint64_t hash = hash64(key);
    pthread_mutex_lock(&s->lock);
    if (!same_stamp(&s->stamp, now)) {
        lru_drop_all(&s->kept);
        s->stamp = *now;
    }
    struct entry *e = (struct entry *)lru_find(&s->kept, hash, &key);
    if (e) {
        lru_use(&s->kept, &e->lru);
        kept = e->kept;
        http_kept_hold(kept);
        *note = e->note;
        note->q = arena_str(a, e->note.q);
        note->relaxed = arena_str(a, e->note.relaxed);
        note->corrected = arena_str(a, e->note.corrected);
    }
    *(e ? &s->state.found : &s->state.missed) += 1;
    pthread_mutex_unlock(&s->lock);
    return kept;
}

void answers_keep(struct answers *s, const struct answers_stamp *stamp, struct str key,
                  struct http_kept *kept, const struct answers_note *note)
{
    if (http_kept_bytes(kept) > ANSWER_BYTES)
        return;
    struct entry *e = entry_new(key, kept, note);
    pthread_mutex_lock(&s->lock);
    bool wanted = same_stamp(&s->stamp, stamp) && !lru_find(&s->kept, e->lru.hash, &key);
    if (wanted)
        lru_add(&s->kept, &e->lru);
    pthread_mutex_unlock(&s->lock);
    if (!wanted)
        free_entry(&e->lru);
}

void answers_read_state(struct answers *s, struct answers_state *out)
{
    pthread_mutex_lock(&s->lock);
    *out = s->state;
    out->answers = s->kept.entries;
    out->bytes = s->kept.bytes;
    pthread_mutex_unlock(&s->lock);
}
