// api/answers: what is found and what is not, bounds, order of use, stamps, and several threads at once.
#include "api/answers.h"
#include "api/http/exchange.h"
#include "tests/tap.h"

#include <pthread.h>
#include <stdlib.h>

enum { BODY = 1000, MOST = 20 * 1000 };

static struct arena arena;
static const struct answers_stamp first = {.generation = 1, .commits = 5, .edition = 9, .day = 3};

// An answer of so many bytes.
static struct http_kept *kept_of(size_t bytes)
{
    struct http_kept *k = xcalloc(1, sizeof *k);
    atomic_init(&k->count, 1);
    buf_reserve(&k->body, bytes);
    memset(k->body.p, 'x', bytes);
    k->body.n = bytes;
    k->bytes = bytes;
    return k;
}

static void keep(struct answers *s, const struct answers_stamp *stamp, const char *key,
                 size_t bytes)
{
    struct http_kept *k = kept_of(bytes);
    answers_keep(s, stamp, str_of(key), k, &(struct answers_note){.total = (int64_t)bytes});
    http_kept_release(k);
}

// The bytes of what is found; -1 when nothing is.
static int64_t find(struct answers *s, const struct answers_stamp *stamp, const char *key)
{
    struct answers_note note = {0};
    struct http_kept *k = answers_find(s, stamp, str_of(key), &arena, &note);
    int64_t n = k ? (int64_t)k->body.n : -1;
    if (k)
        ok(note.total == n);
    http_kept_release(k);
    return n;
}

static struct answers_state state_of(struct answers *s)
{
    struct answers_state state;
    answers_read_state(s, &state);
    return state;
}

static void keys(void)
{
    struct answers *s = answers_new(MOST);
    is_int(find(s, &first, "a"), -1);
    keep(s, &first, "a", 10);
    keep(s, &first, "b", 20);
    keep(s, &first, "", 30);
    is_int(find(s, &first, "a"), 10);
    is_int(find(s, &first, "b"), 20);
    is_int(find(s, &first, ""), 30);
    is_int(find(s, &first, "A"), -1);
    is_int(find(s, &first, "ab"), -1);
    keep(s, &first, "a", 40); // the one that is there stays
    is_int(find(s, &first, "a"), 10);
    is_int(state_of(s).answers, 3);
    is_int(state_of(s).found, 4);
    is_int(state_of(s).missed, 3);
    answers_free(s);
    answers_free(NULL);
}

static void notes(void)
{
    struct answers *s = answers_new(MOST);
    struct answers_note note = {.searched = true,
                                .noted = true,
                                .q = STR("velo"),
                                .relaxed = STR("some_words"),
                                .corrected = STR("vélo"),
                                .total = 3,
                                .strict_total = 2},
                        got;
    struct http_kept *k = kept_of(5);
    find(s, &first, "q");
    answers_keep(s, &first, STR("q"), k, &note);
    ok(answers_find(s, &first, STR("q"), &arena, &got) == k);
    http_kept_release(k);
    http_kept_release(k);
    answers_free(s); // the note is a copy
    ok(got.searched && got.noted);
    is_text(got.q, "velo");
    is_text(got.relaxed, "some_words");
    is_text(got.corrected, "vélo");
    is_int(got.total, 3);
    is_int(got.strict_total, 2);
}

// Each part of the stamp counts, and an answer of an older one is not taken.
static void stamps(void)
{
    struct answers_stamp others[4] = {first, first, first, first};
    others[0].generation++;
    others[1].commits++;
    others[2].edition++;
    others[3].day++;
    for (size_t i = 0; i < 4; i++) {
        struct answers *s = answers_new(MOST);
        find(s, &first, "a");
        keep(s, &first, "a", 10);
        is_int(find(s, &others[i], "a"), -1);
        is_int(state_of(s).answers, 0);
        is_int(state_of(s).bytes, 0);
        keep(s, &first, "a", 10); // a search that began before the index moved
        is_int(find(s, &others[i], "a"), -1);
        keep(s, &others[i], "a", 20);
        is_int(find(s, &others[i], "a"), 20);
        answers_free(s);
    }
}

static void bounds(void)
{
    struct answers *s = answers_new(MOST);
    char key[8];
    find(s, &first, "none");
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "k%d", i);
        keep(s, &first, key, BODY);
        if (i == 10)
            is_int(find(s, &first, "k0"), BODY);
        ok(state_of(s).bytes <= MOST);
        ok(find(s, &first, "k0") == BODY); // used every time: it stays
    }
    size_t there = 0;
    for (int i = 1; i < 100; i++) {
        snprintf(key, sizeof key, "k%d", i);
        bool found = find(s, &first, key) == BODY;
        there += found;
        ok(found == (i > 99 - (int)state_of(s).answers + 1)); // the last ones
    }
    is_int(there + 1, state_of(s).answers);
    ok(there > 10 && there < 20);
    keep(s, &first, "large", MOST + 1); // alone it is over the bound: nothing stays
    is_int(state_of(s).bytes, 0);
    is_int(find(s, &first, "large"), -1);
    answers_free(s);
    s = answers_new(4 * ANSWER_BYTES);
    find(s, &first, "none");
    keep(s, &first, "large", ANSWER_BYTES + 1);
    is_int(state_of(s).answers, 0);
    keep(s, &first, "whole", ANSWER_BYTES);
    is_int(state_of(s).answers, 1);
    answers_free(s);
}

// One that is being sent stays when it is dropped.
static void held(void)
{
    struct answers *s = answers_new(MOST);
    struct answers_note note;
    find(s, &first, "a");
    keep(s, &first, "a", 10);
    struct http_kept *k = answers_find(s, &first, STR("a"), &arena, &note);
    answers_free(s);
    ok(k->body.n == 10 && k->body.p[9] == 'x');
    http_kept_release(k);
}

static void *use(void *arg)
{
    struct answers *s = arg;
    struct arena own = {0};
    struct answers_note note;
    for (unsigned i = 0; i < 3000; i++) {
        struct answers_stamp stamp = first;
        char key[8];
        stamp.commits += i / 500;
        snprintf(key, sizeof key, "k%u", i * 7919 % 40);
        struct http_kept *k = answers_find(s, &stamp, str_of(key), &own, &note);
        if (!k) {
            k = kept_of(BODY);
            answers_keep(s, &stamp, str_of(key), k, &(struct answers_note){0});
        }
        http_kept_release(k);
        arena_reset(&own);
    }
    arena_free(&own);
    return NULL;
}

static void threads(void)
{
    enum { THREADS = 4 };
    pthread_t all[THREADS];
    struct answers *s = answers_new(MOST);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&all[i], NULL, use, s);
    for (int i = 0; i < THREADS; i++)
        pthread_join(all[i], NULL);
    struct answers_state state = state_of(s);
    is_int(state.found + state.missed, THREADS * 3000);
    ok(state.bytes <= MOST);
    answers_free(s);
}

int main(void)
{
    keys();
    notes();
    stamps();
    bounds();
    held();
    threads();
    arena_free(&arena);
    return tap_done();
}
