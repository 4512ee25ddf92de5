// api/query_notes.h: which searches are noted, how notes merge, their bound, and the way to the file.
#include "api/query_notes.h"

#include "base/log.h"
#include "store/query_log.h"
#include "tests/unit/store_helpers.h"

#include <pthread.h>
#include <time.h>

static int64_t today(void)
{
    return date_now() / 86400;
}

static struct query_entry *logged(size_t *n)
{
    struct query_entry *out = NULL;
    struct query_filter f = {.limit = 1000, .today = today()};
    int64_t total = 0;
    *n = 0;
    struct query_log *log = query_log_open(folder, STORE_READ, NULL);
    if (log && !query_log_read(log, &f, &arena, &out, n, &total, NULL))
        *n = 0;
    query_log_close(log);
    return out;
}

static struct search_request asked_for(const char *q)
{
    struct search_request r;
    search_request_init(&r);
    r.q = str_of(q);
    return r;
}

static const struct search_answer nothing = {.total = 0};
static const struct search_answer relaxed = {.total = 40, .relaxed = {"some_words", 10}};
static const struct search_answer corrected = {
    .total = 9, .strict_total = 1, .corrected = {"vélo", 5}};
static const struct search_answer both = {
    .total = 9, .relaxed = {"some_words", 10}, .corrected = {"vélo", 5}};
static const struct search_answer as_asked = {.total = 3, .strict_total = 3};

static void note(struct query_notes *notes, const char *q, const struct search_answer *answer)
{
    struct search_request r = asked_for(q);
    query_notes_search(notes, &r, answer, &arena);
}

static void expect(const struct query_entry *q, const char *query, enum query_outcome outcome,
                   int64_t count)
{
    is_text(q->query, query);
    is_int(q->outcome, outcome);
    is_int(q->count, count);
    is_int(q->first_seen, today());
    is_int(q->last_seen, today());
}

static void merged(void)
{
    size_t n;
    struct query_notes *notes = query_notes_start(folder);
    for (int i = 0; i < 3; i++)
        note(notes, "Bornes  IRVÉ", &nothing);
    note(notes, "bornes irve", &relaxed); // the same query, its newest outcome
    note(notes, "velo", &corrected);
    note(notes, "velo", &corrected);
    note(notes, "trotinette", &both);
    note(notes, "found", &as_asked);
    query_notes_stop(notes);
    struct query_entry *q = logged(&n);
    is_int(n, 3);
    expect(&q[0], "bornes irve", QUERY_RELAXED, 4);
    is_text(q[0].relaxed, "some_words");
    is_text(q[0].corrected, "");
    is_int(q[0].total, 40);
    expect(&q[1], "velo", QUERY_CORRECTED, 2);
    is_text(q[1].corrected, "vélo");
    is_int(q[1].strict_total, 1);
    is_int(q[1].total, 9);
    expect(&q[2], "trotinette", QUERY_CORRECTED, 1);
    is_text(q[2].relaxed, "some_words");

    notes = query_notes_start(folder); // the next daemon goes on
    note(notes, "Velo", &nothing);
    query_notes_stop(notes);
    q = logged(&n);
    is_int(n, 3);
    expect(&q[1], "velo", QUERY_NOTHING, 3);
    is_text(q[1].corrected, "");
}

static void chosen(void)
{
    size_t n;
    struct query_notes *notes = query_notes_start(folder);
    struct search_request r = asked_for("page 2");
    r.page = 2;
    query_notes_search(notes, &r, &nothing, &arena);
    r = asked_for("cursor");
    r.cursor = STR("x");
    query_notes_search(notes, &r, &nothing, &arena);
    for (size_t f = 0; f < FACET_COUNT; f++) {
        struct str value = STR("x");
        r = asked_for("filtered");
        r.filters[f] = (struct strs){&value, 1};
        query_notes_search(notes, &r, &nothing, &arena);
        query_notes_search(notes, &r, &relaxed, &arena);
    }
    r = asked_for("modified");
    r.modified_since = (struct date){0, DATE_YEAR};
    query_notes_search(notes, &r, &nothing, &arena);
    r = asked_for("quality");
    r.min_quality = 0;
    query_notes_search(notes, &r, &nothing, &arena);
    note(notes, "", &nothing);
    note(notes, " ", &nothing);
    note(notes, "jean.dupont@example.org", &nothing);
    note(notes, "06 12 34 56 78", &relaxed);
    note(notes, "1 85 05 78 006 084 36", &corrected);
    r = asked_for("sorted and explained");
    r.sort = SORT_VIEWS;
    r.explain = true;
    r.facets = 1;
    query_notes_search(notes, &r, &nothing, &arena);
    note(NULL, "nobody listens", &nothing);
    query_notes_stop(notes);
    query_notes_stop(NULL);
    struct query_entry *q = logged(&n);
    is_int(n, 1);
    expect(&q[0], "sorted and explained", QUERY_NOTHING, 1);
}

static void bounded(void)
{
    size_t n;
    char long_text[600];
    memset(long_text, 'a', sizeof long_text);
    const struct search_answer long_answer = {.total = 1,
                                              .relaxed = {long_text, sizeof long_text},
                                              .corrected = {long_text, sizeof long_text}};
    struct query_notes *notes = query_notes_start(folder);
    while (access(folder_file("queries.sqlite"), F_OK) !=
           0) // its first turn, with nothing to write
        usleep(1000);
    for (int i = 0; i < QUERY_NOTES_MAX + 50; i++)
        note(notes, arena_printf(&arena, "query %d", i).p, i ? &nothing : &long_answer);
    note(notes, "query 0", &long_answer); // is there already: merged
    query_notes_stop(notes);
    struct query_entry *q = logged(&n);
    is_int(n, QUERY_NOTES_MAX);
    expect(&q[0], "query 0", QUERY_CORRECTED, 2);
    ok(q[0].corrected.n == 200 && q[0].relaxed.n == 40);
    for (size_t i = 1; i < n; i++)
        if (str_eq(q[i].query, STR("query 256")))
            ok(false);
}

// Whatever the thread is doing when it is told to stop, nothing is lost.
static void stopped_at_any_moment(void)
{
    size_t n;
    for (int i = 0; i < 40; i++) {
        struct query_notes *notes = query_notes_start(folder);
        usleep((useconds_t)(i * 100));
        note(notes, "the same", &nothing);
        query_notes_stop(notes);
    }
    struct query_entry *q = logged(&n);
    is_int(n, 1);
    expect(&q[0], "the same", QUERY_NOTHING, 40);
}

static void *note_many(void *arg)
{
    struct arena a = {0};
    struct search_request r = asked_for("the same");
    for (int i = 0; i < 1000; i++) {
        query_notes_search(arg, &r, &nothing, &a);
        arena_reset(&a);
    }
    arena_free(&a);
    return NULL;
}

static void many_threads(void)
{
    size_t n;
    pthread_t threads[4];
    struct query_notes *notes = query_notes_start(folder);
    for (int i = 0; i < 4; i++)
        ok(pthread_create(&threads[i], NULL, note_many, notes) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    // It is written without a stop.
    struct query_entry *q = NULL;
    time_t start = time(NULL);
    do
        usleep(100000), q = logged(&n);
    while ((n == 0 || q[0].count < 4000) && time(NULL) < start + 4 * QUERY_NOTES_SECONDS);
    is_int(n, 1);
    is_int(n ? q[0].count : 0, 4000);
    query_notes_stop(notes);
}

// A folder that comes late: what was noted before waits for it, and what it became since is what is told.
static void failing(void)
{
    size_t n;
    char aside[300];
    snprintf(aside, sizeof aside, "%s.aside", folder);
    ok(rename(folder, aside) == 0);
    struct query_notes *notes = query_notes_start(folder);
    note(notes, "early", &nothing);
    note(notes, "early", &nothing);
    note(notes, "once", &nothing);
    usleep((QUERY_NOTES_SECONDS + 1) * 1000000);
    ok(rename(aside, folder) == 0);
    note(notes, "early", &relaxed);
    note(notes, "late", &nothing);
    note(notes, "late", &nothing);
    query_notes_stop(notes);
    struct query_entry *q = logged(&n);
    is_int(n, 3);
    expect(&q[0], "early", QUERY_RELAXED, 3);
    expect(&q[1], "late", QUERY_NOTHING, 2);
    expect(&q[2], "once", QUERY_NOTHING, 1);
}

static void in_a_folder(void (*test)(void))
{
    folder_make();
    test();
    folder_remove();
}

int main(void)
{
    log_setup(LOG_LOGFMT, LOG_ERROR, false);
    in_a_folder(merged);
    in_a_folder(chosen);
    in_a_folder(bounded);
    in_a_folder(stopped_at_any_moment);
    in_a_folder(many_threads);
    in_a_folder(failing);
    arena_free(&arena);
    return tap_done();
}
