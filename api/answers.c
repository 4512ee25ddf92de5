// See answers.h.
#include "api/answers.h"

#include "base/hash.h"

#include <pthread.h>
#include <stdlib.h>

enum { CHAINS = 4096 };

struct entry {
    struct entry *next;          // of its chain
    struct entry *newer, *older; // by use
    uint64_t hash;
    struct str key;
    struct http_kept *kept;
    struct answers_note note;
    size_t bytes;
    char text[]; // of the key and the note
};

struct answers {
    pthread_mutex_t lock; // of everything
    size_t most;
    struct answers_stamp stamp;
    struct entry *chains[CHAINS];
    struct entry *newest, *oldest;
    struct answers_state state;
};

struct answers *answers_new(size_t bytes)
{
    struct answers *s = xcalloc(1, sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    s->most = bytes;
    return s;
}

// ---- With the lock held ------------------------------------------------------------------------------

static struct entry **place_of(struct answers *s, uint64_t hash, struct str key)
{
    struct entry **at = &s->chains[hash % CHAINS];
    while (*at && ((*at)->hash != hash || !str_eq((*at)->key, key)))
        at = &(*at)->next;
    return at;
}

static void unlist(struct answers *s, struct entry *e)
{
    *(e->newer ? &e->newer->older : &s->newest) = e->older;
    *(e->older ? &e->older->newer : &s->oldest) = e->newer;
}

static void list_first(struct answers *s, struct entry *e)
{
    e->newer = NULL;
    e->older = s->newest;
    *(s->newest ? &s->newest->newer : &s->oldest) = e;
    s->newest = e;
}

static void drop(struct answers *s, struct entry **at)
{
    struct entry *e = *at;
    *at = e->next;
    unlist(s, e);
    s->state.answers--;
    s->state.bytes -= e->bytes;
    http_kept_release(e->kept);
    free(e);
}

static void drop_until(struct answers *s, size_t most)
{
    while (s->oldest && s->state.bytes > most)
        drop(s, place_of(s, s->oldest->hash, s->oldest->key));
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
    e->hash = hash64(key);
    e->key = put(&at, key);
    e->note = *note;
    e->note.q = put(&at, note->q);
    e->note.relaxed = put(&at, note->relaxed);
    e->note.corrected = put(&at, note->corrected);
    e->kept = kept;
    e->bytes = sizeof *e + text + http_kept_bytes(kept);
    http_kept_hold(kept);
    return e;
}

// ---- Any thread ----------------------------------------------------------------------------------------

void answers_free(struct answers *s)
{
    if (!s)
        return;
    drop_until(s, 0);
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
        drop_until(s, 0);
        s->stamp = *now;
    }
    struct entry *e = *place_of(s, hash, key);
    if (e) {
        unlist(s, e);
        list_first(s, e);
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
    struct entry **at = place_of(s, e->hash, key);
    bool wanted = same_stamp(&s->stamp, stamp) && !*at;
    if (wanted) {
        *at = e;
        list_first(s, e);
        s->state.answers++;
        s->state.bytes += e->bytes;
        drop_until(s, s->most);
    }
    pthread_mutex_unlock(&s->lock);
    if (!wanted) {
        http_kept_release(kept);
        free(e);
    }
}

void answers_read_state(struct answers *s, struct answers_state *out)
{
    pthread_mutex_lock(&s->lock);
    *out = s->state;
    pthread_mutex_unlock(&s->lock);
}
