// For the tests of the indexer: a store that is written, the indexer on a loop, waiting for what it comes to, and the index as readers
// see it.
#pragma once

#include "tests/unit/index_fixture.h"

#include "base/log.h"
#include "indexer/index/generation.h"
#include "indexer/index/indexer.h"

#include <jansson.h>
#include <sys/stat.h>
#include <time.h>
#include <uv.h>

enum { PATIENCE_SECONDS = 60, NOW = 1795132800 };

static struct err e;
static uv_loop_t loop;
static uv_timer_t tick;
static struct str stops;
static const char *data;
static struct store *store;
static struct run run;
static struct indexer *indexer;
static struct indexer_state state;
static int moved_calls;

static inline void on_tick(uv_timer_t *timer)
{
    (void)timer;
}

static inline void on_moved(void *arg)
{
    ++*(int *)arg;
}

static inline void start(void)
{
    struct indexer_settings settings = {
        .data = data, .stop_words = stops, .moved = on_moved, .arg = &moved_calls};
    indexer = indexer_start(&loop, &settings, &e);
    MUST(indexer, &e);
}

static inline void stop(void)
{
    indexer_stop(indexer);
    uv_run(&loop, UV_RUN_NOWAIT);
    indexer = NULL;
}

// Turns the loop until the condition holds; false when patience is over.
static inline bool until(bool (*holds)(void))
{
    time_t end = time(NULL) + PATIENCE_SECONDS;
    do {
        uv_run(&loop, UV_RUN_ONCE);
        indexer_read_state(indexer, &state);
        if (holds())
            return true;
    } while (time(NULL) < end);
    return false;
}

static inline bool is_level(void) // with the store
{
    int64_t seq, fseq;
    MUST(store_heads(store, &seq, &fseq, &e), &e);
    return state.seq == seq && state.fseq == fseq && state.generation > 0;
}

static inline bool is_complete(void)
{
    return is_level() && state.complete && !state.rebuilding && state.error.code == ERR_NONE;
}

static inline bool has_begun(void)
{
    return state.indexed > 0;
}

static int64_t generation_before;

static inline bool is_rebuilt(void)
{
    return is_complete() && state.generation > generation_before;
}

static inline bool is_old_gone(void)
{
    struct stat status;
    return stat(generation_path(data, generation_before, &arena), &status) != 0;
}

static inline bool has_failed(void)
{
    return state.error.code != ERR_NONE;
}

static inline bool has_no_error(void)
{
    return state.error.code == ERR_NONE && state.generation > 0;
}

// ---- The store -----------------------------------------------------------------------------------

static inline struct store_item item_of(const struct record *r, enum record_status status)
{
    struct stored s = stored_of(r, status);
    struct store_item i = {
        .id = r->id, .kind = r->kind, .status = status, .body = s.body, .figures = s.figures};
    sha256(i.body, i.hash);
    return i;
}

static inline void put_items(struct store_item *items, size_t n)
{
    struct store_page page = {.run = &run, .items = items, .item_count = n, .now = NOW};
    MUST(store_page_write(store, &page, &e), &e);
    if (indexer)
        indexer_notify(indexer);
}

static inline void put(const char *id, const char *title, int64_t views)
{
    struct record r = record_of(id, KIND_DATASET, title);
    r.popularity.views = views;
    struct store_item i = item_of(&r, STATUS_ACTIVE);
    put_items(&i, 1);
}

static inline void put_many(int from, int to)
{
    struct store_item items[500];
    size_t n = 0;
    for (int i = from; i < to; i++) {
        struct record r = record_of(arena_printf(&arena, "s:%d", i).p, KIND_DATASET,
                                    arena_printf(&arena, "Jeu numéro %d", i).p);
        items[n++] = item_of(&r, STATUS_ACTIVE);
        if (n == 500 || i + 1 == to) {
            put_items(items, n);
            n = 0;
        }
    }
}

static inline void absent(const char *id, enum absence what)
{
    struct store_absent one = {str_of(id), what};
    MUST(store_absences_write(store, &run, &one, 1, NOW, &e), &e);
    indexer_notify(indexer);
}

static inline void end_run(void)
{
    run.state = RUN_DONE;
    run.ended = NOW;
    MUST(store_run_save(store, &run, &e), &e);
    indexer_notify(indexer);
}

// ---- The index, as a reader sees it --------------------------------------------------------------

static inline struct xap_db *reader(void)
{
    int64_t generation;
    MUST(generation_current(data, &generation, &e), &e);
    struct xap_db *db = xap_db_open(generation_path(data, generation, &arena), &e);
    MUST(db, &e);
    return db;
}

static inline int64_t meta(struct xap_db *db, const char *key)
{
    struct str text;
    int64_t n = -1;
    MUST(xap_db_metadata(db, str_of(key), &text, &e), &e);
    str_to_int(text, 0, INT64_MAX, &n);
    return n;
}

static inline uint32_t documents(void)
{
    struct xap_stats stats;
    struct xap_db *db = reader();
    MUST(xap_db_stats(db, &stats, &e), &e);
    xap_db_close(db);
    return stats.documents;
}

// What the index shows of a record: "title views status"; "none".
static inline struct str shown(const char *id)
{
    char term[UNIQUE_TERM_MAX + 1];
    struct str figures, bytes, out = STR("none");
    uint32_t docid;
    struct xap_db *db = reader();
    struct xap_doc *doc = xap_doc_new(&e);
    if (xap_db_load(db, index_unique_term(str_of(id), term), doc, &docid, &e)) {
        MUST(xap_doc_data(doc, &bytes, &e), &e);
        json_t *o = json_loads(
            arena_printf(&arena, "%.*s}", STR_ARG(document_data_read(bytes).members)).p, 0, NULL);
        MUST(xap_doc_value(doc, SLOT_FIGURES, &figures, &e), &e);
        json_t *f = json_loads(arena_printf(&arena, "{%.*s}", STR_ARG(figures)).p, 0, NULL);
        out = arena_printf(&arena, "%s %lld %s", json_string_value(json_object_get(o, "title")),
                           (long long)json_integer_value(
                               json_object_get(json_object_get(f, "popularity"), "views")),
                           json_string_value(json_object_get(f, "status")));
        json_decref(o);
        json_decref(f);
    }
    xap_doc_free(doc);
    xap_db_close(db);
    return out;
}

// The index holds what the store holds, at the positions that it names.
static inline void is_committed(void)
{
    int64_t seq, fseq;
    MUST(store_heads(store, &seq, &fseq, &e), &e);
    struct xap_db *db = reader();
    is_int(meta(db, INDEX_META_SEQ), seq);
    is_int(meta(db, INDEX_META_FSEQ), fseq);
    xap_db_close(db);
}

// ---- Beginning and end ---------------------------------------------------------------------------

// An empty store, with a run that goes on.
static inline void indexer_begin(void)
{
    fixture_begin();
    stops = stop_words();
    uv_loop_init(&loop);
    uv_timer_init(&loop, &tick);
    uv_timer_start(&tick, on_tick, 5, 5);
    log_setup(LOG_LOGFMT, LOG_WARNING, false);
    data = fixture_path("data");
    MUST(mkdir(data, 0755) == 0, NULL);
    store = store_open(data, STORE_WRITE, &e);
    MUST(store, &e);
    run = (struct run){
        .source = STR("s"), .state = RUN_RUNNING, .trigger = STR("command"), .started = NOW};
    MUST(store_run_begin(store, &run, &e), &e);
}

static inline int indexer_end(void)
{
    uv_close((uv_handle_t *)&tick, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    is_int(uv_loop_close(&loop), 0);
    arena_free(&arena);
    return tap_done();
}
