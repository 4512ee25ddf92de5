// indexer/lists/lists: the lists of an index against what its documents have in each of its states: when they are found, brought up or
// read, what stays in a bounded memory, failures, and threads that ask while states move.
#include "indexer/columns/touched.h"
#include "indexer/lists/lists.h"
#include "tests/tap.h"
#include "tests/unit/xapian_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static struct err e;

static uint64_t random_state = 0x9E3779B97F4A7C15u;

static uint32_t any(uint32_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 33) % below;
}

// A document of docid d, touched for the v-th time, has key k or not, by a hash of the three: what every list holds in every state is
// known beforehand, and needs no document in the index. Batches are committed as the indexer does.

enum { STATES = 24, LAST = 9000, KEYS = 6, TOUCHED_A_BATCH = 150, THREADS = 4 };

static uint8_t versions[STATES + 1][LAST + 1]; // of each docid in the state after that batch
static struct xap_writer *writer;
static const char *path;

static uint32_t mixed(uint32_t key, uint32_t docid, uint32_t version)
{
    uint64_t x =
        ((uint64_t)key << 40 | (uint64_t)docid << 8 | version) * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
    return (uint32_t)(x >> 32);
}

static bool has(uint32_t key, uint32_t docid, int64_t batch)
{
    static const uint32_t one_of[KEYS] = {2, 1000, 9, 60, 3, 4};
    return docid && mixed(key, docid, versions[batch][docid]) % one_of[key % KEYS] == 0;
}

static uint32_t value(uint32_t key, uint32_t docid, int64_t batch)
{
    return mixed(key + 100, docid, versions[batch][docid]);
}

enum failure { NOTHING, DOCUMENTS, KEEP, VALUES };

struct asked { // of a reading
    uint32_t key;
    int64_t batch;
    enum failure fails;
};

static bool fails(const struct asked *x, enum failure where, struct err *error)
{
    return x->fails == where && !err_set(error, ERR_IO, "it cannot be read");
}

static bool keep(void *arg, struct xap_db *db, struct arena *a, struct xap_docids *documents,
                 struct err *error)
{
    const struct asked *x = arg;
    size_t n = 0;
    (void)db, (void)a;
    for (size_t i = 0; i < documents->n; i++)
        if (has(x->key, documents->v[i], x->batch))
            documents->v[n++] = documents->v[i];
    documents->n = n;
    return !fails(x, KEEP, error);
}

static bool read_all(void *arg, struct xap_db *db, struct arena *a, struct xap_docids *out,
                     struct err *error)
{
    const struct asked *x = arg;
    (void)db;
    *out = (struct xap_docids){ARENA_ARRAY(a, uint32_t, LAST + 1), 0};
    for (uint32_t docid = 1; docid <= LAST; docid++)
        if (has(x->key, docid, x->batch))
            out->v[out->n++] = docid;
    return !fails(x, DOCUMENTS, error);
}

static bool read_values(void *arg, struct xap_db *db, struct arena *a,
                        const struct xap_docids *documents, uint32_t *out, struct err *error)
{
    const struct asked *x = arg;
    (void)db, (void)a;
    for (size_t i = 0; i < documents->n; i++)
        out[i] = value(x->key, documents->v[i], x->batch);
    return !fails(x, VALUES, error);
}

// Keys of an even number have values, the last one cannot be brought up.
static struct list *ask_failing(struct lists *l, const struct list_state *s, uint32_t key,
                                enum failure where, struct err *error)
{
    struct asked x = {key, s->batch ? s->batch : (int64_t)s->revision, where};
    struct list_reading r = {&x, read_all, key == KEYS - 1 ? NULL : keep,
                             key % 2 ? NULL : read_values};
    char name[8];
    struct arena own = {0};
    snprintf(name, sizeof name, "k%u", key);
    struct list *list = lists_take(l, s, str_of(name), &r, &own, error);
    arena_free(&own);
    return list;
}

static struct list *ask(struct lists *l, const struct list_state *s, uint32_t key)
{
    e = (struct err){0};
    return ask_failing(l, s, key, NOTHING, &e);
}

static size_t wrong_in(const struct list *l, uint32_t key, int64_t batch)
{
    size_t wrong = 0, n = 0;
    for (size_t chunk = 0; chunk <= LAST / LIST_CHUNK; chunk++) {
        struct list_part part = {0};
        uint64_t bits[LIST_WORDS] = {0};
        size_t at = 0;
        list_mark(l, chunk, bits);
        if (key % 2 == 0)
            part = list_part(l, chunk);
        for (uint32_t i = 0; i < LIST_CHUNK; i++) {
            uint32_t docid = (uint32_t)chunk * LIST_CHUNK + i;
            bool there = docid <= LAST && has(key, docid, batch);
            wrong += (bits[i / 64] >> i % 64 & 1) != there;
            n += there;
            if (!there || key % 2)
                continue;
            wrong += at >= part.n || part.offsets[at] != i ||
                     list_value(&part, at) != value(key, docid, batch);
            at++;
        }
        wrong += at != part.n;
    }
    return wrong + (list_documents(l) != n);
}

// What a taken list is: "found", "brought up", "read" (each with " wrong" where it does not hold what it should), or the error.
static const char *taken(struct lists *l, const struct list_state *s, uint32_t key)
{
    struct lists_stats a = lists_stats(l);
    struct list *list = ask(l, s, key);
    struct lists_stats b = lists_stats(l);
    if (!list)
        return e.what;
    bool wrong = wrong_in(list, key, s->batch ? s->batch : (int64_t)s->revision) > 0;
    list_release(list);
    if (b.found - a.found + b.brought_up - a.brought_up + b.read - a.read != 1)
        return "counted wrong";
    return b.found > a.found             ? (wrong ? "found wrong" : "found")
           : b.brought_up > a.brought_up ? (wrong ? "brought up wrong" : "brought up")
                                         : (wrong ? "read wrong" : "read");
}

enum { FIRST_STATES = 6 };
enum { TOLD_ALL = 17 }; // a batch that touched too much to tell

static uint32_t changed[STATES + 1][TOUCHED_A_BATCH];
static size_t changed_count[STATES + 1];

// All that will be, before any thread reads it.
static void plan_batches(void)
{
    for (int64_t batch = 1; batch <= STATES; batch++) {
        memcpy(versions[batch], versions[batch - 1], sizeof versions[batch]);
        uint32_t n = any(3) ? any(TOUCHED_A_BATCH) : 0;
        for (uint32_t i = n || batch > FIRST_STATES ? n : 1; i; i--) {
            uint32_t docid = 1 + any(LAST);
            versions[batch][docid] = (uint8_t)batch;
            changed[batch][changed_count[batch]++] = docid;
        }
    }
}

static void commit_batch(int64_t batch)
{
    struct touched t = {0};
    for (size_t i = 0; i < changed_count[batch]; i++)
        touched_add(&t, changed[batch][i]);
    for (uint32_t i = 0; batch == TOLD_ALL && i <= 2 * TOUCHED_MAX; i++)
        touched_add(&t, 1);
    struct err error = {0};
    MUST(touched_write(&t, writer, &error) && xap_writer_commit(writer, &error), &error);
    touched_free(&t);
}

static struct list_state
    states[FIRST_STATES + 1]; // after so many batches, in the order of their revisions

static void make_index(void)
{
    writer = fixture_writer("lists");
    path = xstrdup(fixture_path("lists"));
    plan_batches();
    for (int64_t batch = 1; batch <= FIRST_STATES; batch++)
        commit_batch(batch);
    struct xap_db *db = fixture_reader("lists"); // it has the lists of what all batches touched
    for (int64_t batch = 1; batch <= FIRST_STATES; batch++)
        states[batch] = (struct list_state){db, 1, batch, (uint64_t)batch};
}

static bool read_state(struct xap_db *db, struct list_state *s, struct err *error)
{
    struct xap_stats stats;
    *s = (struct list_state){.db = db, .generation = 1};
    if (!xap_db_reopen(db, NULL, error) || !xap_db_stats(db, &stats, error) ||
        !touched_batch(db, &s->batch, error))
        return false;
    s->revision = stats.revision;
    return true;
}

static void brought_up(void)
{
    struct lists *l = lists_new(LISTS_BYTES);
    is_str(taken(l, &states[3], 0), "read");
    is_str(taken(l, &states[3], 0), "found");
    is_str(taken(l, &states[3], 1), "read");
    is_str(taken(l, &states[4], 0), "brought up");
    is_str(taken(l, &states[4], 0), "found");
    is_str(taken(l, &states[6], 0), "brought up"); // over two batches
    is_str(taken(l, &states[6], 1), "brought up"); // over three
    // A list of which it is not told what it keeps.
    is_str(taken(l, &states[4], KEYS - 1), "read");
    is_str(taken(l, &states[5], KEYS - 1), "read");
    is_str(taken(l, &states[5], KEYS - 1), "found");
    // A reader that is behind gets its own, and what the others have stays.
    is_str(taken(l, &states[4], 0), "read");
    is_str(taken(l, &states[6], 0), "found");
    // Another index.
    struct list_state other = states[6];
    other.generation = 2;
    is_str(taken(l, &other, 0), "read");
    is_str(taken(l, &other, 0), "found");
    is_str(taken(l, &states[6], 0), "read");
    struct lists_stats s = lists_stats(l);
    is_int(s.lists, 3);
    lists_free(l);
    lists_free(NULL);
}

// One that does not tell its batches: what is of another revision is read.
static void silent(void)
{
    struct lists *l = lists_new(LISTS_BYTES);
    struct list_state a = states[2], b = states[3];
    a.batch = b.batch = 0;
    a.revision = 2; // taken for the batch
    b.revision = 3;
    is_str(taken(l, &a, 0), "read");
    is_str(taken(l, &a, 0), "found");
    is_str(taken(l, &b, 0), "read");
    is_str(taken(l, &states[6], 0), "read");
    lists_free(l);
}

static void bounded(void)
{
    struct lists *l = lists_new(LISTS_BYTES);
    size_t each[KEYS];
    for (uint32_t key = 0; key < KEYS; key++) {
        size_t start = lists_stats(l).bytes;
        is_str(taken(l, &states[1], key), "read");
        each[key] = lists_stats(l).bytes - start;
        ok(each[key] > 100);
    }
    is_int(lists_stats(l).lists, KEYS);
    is_str(taken(l, &states[2], 2), "brought up");
    is_int(lists_stats(l).lists, KEYS);
    lists_free(l);

    // The one that nobody asked for longest goes first.
    l = lists_new(each[1] + each[2] + each[3]);
    is_str(taken(l, &states[1], 1), "read");
    is_str(taken(l, &states[1], 2), "read");
    is_str(taken(l, &states[1], 3), "read");
    is_int(lists_stats(l).bytes, each[1] + each[2] + each[3]); // to the last byte
    is_str(taken(l, &states[1], 1), "found");
    is_str(taken(l, &states[1], 5), "read");
    is_int(lists_stats(l).lists, 3);
    is_int(lists_stats(l).bytes, each[1] + each[3] + each[5]);
    is_str(taken(l, &states[1], 3), "found");
    is_str(taken(l, &states[1], 1), "found");
    is_str(taken(l, &states[1], 2), "read");
    is_str(taken(l, &states[1], 1), "found");
    is_str(taken(l, &states[1], 5), "read");
    // One that is larger than all the room is not kept, and nothing goes for it.
    size_t lists = lists_stats(l).lists, before_it = lists_stats(l).bytes;
    ok(each[0] > each[1] + each[2] + each[3]);
    is_str(taken(l, &states[1], 0), "read");
    is_str(taken(l, &states[1], 0), "read");
    is_int(lists_stats(l).lists, lists);
    is_int(lists_stats(l).bytes, before_it);
    // A list that goes stays with whoever holds it.
    struct list *held = ask(l, &states[1], 5);
    for (uint32_t key = 1; key < 4; key++)
        is_str(taken(l, &states[1], key), key == 1 ? "found" : "read");
    is_str(taken(l, &states[1], 2), "found");
    is_int(wrong_in(held, 5, 1), 0);
    lists_free(l);
    is_int(wrong_in(held, 5, 1), 0);
    list_release(held);
}

static void failing(void)
{
    struct lists *l = lists_new(LISTS_BYTES);
    struct lists_stats none = lists_stats(l), s;
    for (enum failure where = DOCUMENTS; where <= VALUES; where++) {
        if (where == KEEP)
            continue;
        e = (struct err){0};
        ok(!ask_failing(l, &states[1], 0, where, &e));
        is_int(e.code, ERR_IO);
        s = lists_stats(l);
        ok(memcmp(&s, &none, sizeof s) == 0);
    }
    is_str(taken(l, &states[1], 0), "read");
    none = lists_stats(l);
    for (enum failure where = KEEP; where <= VALUES; where++) {
        e = (struct err){0};
        ok(!ask_failing(l, &states[2], 0, where, &e));
        is_int(e.code, ERR_IO);
        s = lists_stats(l);
        ok(memcmp(&s, &none, sizeof s) == 0);
    }
    is_str(taken(l, &states[1], 0), "found"); // the old one is still there
    is_str(taken(l, &states[2], 0), "brought up");
    lists_free(l);
}

// ---- While states move -----------------------------------------------------------------------------

static struct lists *shared;
static atomic_bool over;
static atomic_size_t all_wrong, all_taken;

static void *ask_on(void *arg)
{
    uint64_t random = 77 + *(const unsigned *)arg;
    struct err error = {0};
    struct xap_db *db = xap_db_open(path, &error);
    for (bool last = false; db && !last;) {
        struct list_state s;
        last = atomic_load(&over);
        error = (struct err){0};
        bool good = read_state(db, &s, &error);
        for (int i = 0; i < 12 && good; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            uint32_t key = (uint32_t)(random >> 33) % KEYS;
            struct list *list = ask_failing(shared, &s, key, NOTHING, &error);
            good = list != NULL;
            all_wrong += good && wrong_in(list, key, s.batch);
            all_taken += good;
            list_release(list);
        }
        if (!good && error.code != ERR_MODIFIED) // else: overtaken by the writer
            break;
    }
    if (error.code != ERR_NONE && error.code != ERR_MODIFIED) {
        printf("# %s: %s\n", err_name(error.code), error.what);
        all_wrong++;
    }
    xap_db_close(db);
    return NULL;
}

static void threads(void)
{
    pthread_t all[THREADS];
    unsigned numbers[THREADS];
    // Room for some of the lists only.
    shared = lists_new(40000);
    for (unsigned i = 0; i < THREADS; i++) {
        numbers[i] = i;
        MUST(pthread_create(&all[i], NULL, ask_on, &numbers[i]) == 0, NULL);
    }
    for (int64_t batch = FIRST_STATES + 1; batch <= STATES; batch++) {
        size_t so_far = atomic_load(&all_taken);
        commit_batch(batch);
        while (atomic_load(&all_taken) < so_far + 40 && !atomic_load(&all_wrong))
            sched_yield();
    }
    atomic_store(&over, true);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(all[i], NULL);
    is_int(all_wrong, 0);
    struct lists_stats s = lists_stats(shared);
    ok(s.found && s.brought_up && s.read);
    ok(s.bytes <= 40000 && s.lists);
    is_int(s.found + s.brought_up + s.read, all_taken);
    printf("# %zu taken: found %llu, brought up %llu, read %llu\n", (size_t)all_taken,
           (unsigned long long)s.found, (unsigned long long)s.brought_up,
           (unsigned long long)s.read);
    // Behind a batch that told nothing a list is read; the next ones bring it up.
    struct lists *l = lists_new(LISTS_BYTES);
    struct list_state last, old;
    struct xap_db *db = fixture_reader("lists");
    MUST(read_state(db, &last, &e), &e);
    old = last;
    old.batch = TOLD_ALL - 1;
    old.revision--;
    is_int(last.batch, STATES);
    is_str(taken(l, &old, 0), "read");
    e = (struct err){.code = ERR_IO}; // of something else
    struct list *list = ask_failing(l, &last, 0, NOTHING, &e);
    ok(list && wrong_in(list, 0, STATES) == 0);
    list_release(list);
    is_int(lists_stats(l).read, 2);
    old.batch = TOLD_ALL;
    is_str(taken(l, &old, 2), "read");
    is_str(taken(l, &last, 2), "brought up");
    xap_db_close(db);
    lists_free(l);
    lists_free(shared);
}

int main(void)
{
    fixture_begin();
    make_index();
    brought_up();
    silent();
    bounded();
    failing();
    threads();
    xap_db_close(states[1].db);
    xap_writer_close(writer);
    free((char *)path);
    return tap_done();
}
