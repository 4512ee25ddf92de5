// indexer/index/indexer: the writer of the index tails the store, builds anew aside, swaps, and gets over damage.
#include "tests/unit/index_fixture.h"

#include "base/log.h"
#include "indexer/index/generation.h"
#include "indexer/index/indexer.h"

#include <fcntl.h>
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

static void on_tick(uv_timer_t *timer)
{
    (void)timer;
}

static void on_moved(void *arg)
{
    ++*(int *)arg;
}

static void start(void)
{
    struct indexer_settings settings = {
        .data = data, .stop_words = stops, .moved = on_moved, .arg = &moved_calls};
    indexer = indexer_start(&loop, &settings, &e);
    MUST(indexer, &e);
}

static void stop(void)
{
    indexer_stop(indexer);
    uv_run(&loop, UV_RUN_NOWAIT);
    indexer = NULL;
}

// Turns the loop until the condition holds; false when patience is over.
static bool until(bool (*holds)(void))
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

static bool is_level(void) // with the store
{
    int64_t seq, fseq;
    MUST(store_heads(store, &seq, &fseq, &e), &e);
    return state.seq == seq && state.fseq == fseq && state.generation > 0;
}

static bool is_complete(void)
{
    return is_level() && state.complete && !state.rebuilding && state.error.code == ERR_NONE;
}

static bool has_begun(void)
{
    return state.indexed > 0;
}

static int64_t generation_before;

static bool is_rebuilt(void)
{
    return is_complete() && state.generation > generation_before;
}

static bool is_old_gone(void)
{
    struct stat status;
    return stat(generation_path(data, generation_before, &arena), &status) != 0;
}

static bool has_failed(void)
{
    return state.error.code != ERR_NONE;
}

static bool has_no_error(void)
{
    return state.error.code == ERR_NONE && state.generation > 0;
}

// ---- The store -----------------------------------------------------------------------------------

static struct store_item item_of(const struct record *r, enum record_status status)
{
    struct stored s = stored_of(r, status);
    struct store_item i = {
        .id = r->id, .kind = r->kind, .status = status, .body = s.body, .figures = s.figures};
    sha256(i.body, i.hash);
    return i;
}

static void put_items(struct store_item *items, size_t n)
{
    struct store_page page = {.run = &run, .items = items, .item_count = n, .now = NOW};
    MUST(store_page_write(store, &page, &e), &e);
    if (indexer)
        indexer_notify(indexer);
}

static void put(const char *id, const char *title, int64_t views)
{
    struct record r = record_of(id, KIND_DATASET, title);
    r.popularity.views = views;
    struct store_item i = item_of(&r, STATUS_ACTIVE);
    put_items(&i, 1);
}

static void put_many(int from, int to)
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

static void absent(const char *id, enum absence what)
{
    struct store_absent one = {str_of(id), what};
    MUST(store_absences_write(store, &run, &one, 1, NOW, &e), &e);
    indexer_notify(indexer);
}

static void end_run(void)
{
    run.state = RUN_DONE;
    run.ended = NOW;
    MUST(store_run_save(store, &run, &e), &e);
    indexer_notify(indexer);
}

// ---- The index, as a reader sees it --------------------------------------------------------------

static struct xap_db *reader(void)
{
    int64_t generation;
    MUST(generation_current(data, &generation, &e), &e);
    struct xap_db *db = xap_db_open(generation_path(data, generation, &arena), &e);
    MUST(db, &e);
    return db;
}

static int64_t meta(struct xap_db *db, const char *key)
{
    struct str text;
    int64_t n = -1;
    MUST(xap_db_metadata(db, str_of(key), &text, &e), &e);
    str_to_int(text, 0, INT64_MAX, &n);
    return n;
}

static uint32_t documents(void)
{
    struct xap_stats stats;
    struct xap_db *db = reader();
    MUST(xap_db_stats(db, &stats, &e), &e);
    xap_db_close(db);
    return stats.documents;
}

// What the index shows of a record: "title views status"; "none".
static struct str shown(const char *id)
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
static void is_committed(void)
{
    int64_t seq, fseq;
    MUST(store_heads(store, &seq, &fseq, &e), &e);
    struct xap_db *db = reader();
    is_int(meta(db, INDEX_META_SEQ), seq);
    is_int(meta(db, INDEX_META_FSEQ), fseq);
    xap_db_close(db);
}

// ---- Tests ---------------------------------------------------------------------------------------

// An index of nothing is there at once; it is complete once a harvest came to its end.
static void first_harvest(void)
{
    start();
    ok(until(is_level));
    is_int(state.generation, 1);
    is_int(state.documents, 0);
    ok(!state.complete);
    is_int(documents(), 0);
    put("s:a", "Un", 1);
    put("s:b", "Deux", 2);
    ok(until(is_level));
    is_int(state.documents, 2);
    is_int(state.indexed, 2);
    ok(!state.complete);
    is_committed();
    end_run();
    ok(until(is_complete));
    struct xap_db *db = reader();
    is_int(meta(db, INDEX_META_COMPLETE), 1);
    xap_db_close(db);
    ok(moved_calls > 0);
    is_text(shown("s:a"), "Un 1 active");
    is_text(shown("s:c"), "none");
}

static void tails(void)
{
    uint64_t indexed = state.indexed;
    put("s:a", "Un autre", 1); // changed
    put("s:c", "Trois", 3);    // added
    ok(until(is_complete));
    is_text(shown("s:a"), "Un autre 1 active");
    is_text(shown("s:c"), "Trois 3 active");
    is_int(state.documents, 3);
    is_int(state.indexed - indexed, 2);
    is_int(state.figures, 0);

    put("s:c", "Trois", 30); // figures alone
    ok(until(is_complete));
    is_text(shown("s:c"), "Trois 30 active");
    is_int(state.figures, 1);
    is_int(state.indexed - indexed, 2);
    is_committed();
    absent("s:b", ABSENT_MISSING);
    ok(until(is_complete));
    is_text(shown("s:b"), "Deux 2 missing");
    is_int(state.figures, 2);

    absent("s:b", ABSENT_REMOVED);
    ok(until(is_complete));
    is_text(shown("s:b"), "none");
    is_int(state.removed, 1);
    is_int(state.documents, 2);
    put("s:b", "Deux", 4); // it comes back
    ok(until(is_complete));
    is_text(shown("s:b"), "Deux 4 active");
    put("s:b", "Deux", 4); // unchanged: nothing is written
    uint64_t commits = state.commits, figures = state.figures;
    indexed = state.indexed;
    put("s:d", "Quatre", 0);
    ok(until(is_complete));
    is_int(state.commits, commits + 1);
    is_int(state.indexed, indexed + 1);
    is_int(state.figures, figures);
    is_int(state.documents, 4);
    is_committed();
}

static void restarted(void)
{
    stop();
    start();
    ok(until(is_complete));
    is_int(state.commits, 0);
    is_int(state.indexed, 0);
    is_int(state.documents, 4);
    stop();
    // What was written meanwhile is taken up from the positions.
    struct record r = record_of("s:e", KIND_DATASET, "Cinq");
    struct store_item items[2] = {item_of(&r, STATUS_ACTIVE)};
    r = record_of("s:d", KIND_DATASET, "Quatre");
    r.popularity.views = 44;
    items[1] = item_of(&r, STATUS_ACTIVE);
    struct store_page page = {.run = &run, .items = items, .item_count = 2, .now = NOW};
    MUST(store_page_write(store, &page, &e), &e);
    start();
    ok(until(is_complete));
    is_int(state.indexed, 1);
    is_int(state.figures, 1);
    is_text(shown("s:e"), "Cinq 0 active");
    is_text(shown("s:d"), "Quatre 44 active");
    is_committed();
}

// Batch after batch: a reader that opens at any moment sees a beginning of the store, as long as its position says.
static void batches(void)
{
    struct xap_stats stats;
    uint64_t commits = state.commits;
    size_t wrong = 0, seen = 0;
    int64_t offset = state.seq - state.documents;
    put_many(0, 2600);
    time_t end = time(NULL) + PATIENCE_SECONDS;
    do {
        uv_run(&loop, UV_RUN_ONCE);
        struct xap_db *db = reader();
        MUST(xap_db_stats(db, &stats, &e), &e);
        wrong += meta(db, INDEX_META_SEQ) - stats.documents != offset;
        seen++;
        xap_db_close(db);
        indexer_read_state(indexer, &state);
    } while (!is_complete() && time(NULL) < end);
    ok(is_complete());
    is_int(wrong, 0);
    ok(seen > 1);
    ok(state.commits - commits >= 3); // of at most 1000 records each
    is_int(documents(), 2605);
}

static void rebuilt(void)
{
    generation_before = state.generation;
    ok(indexer_rebuild(indexer));
    ok(!indexer_rebuild(indexer)); // there is one already
    put("s:f", "Pendant la reconstruction", 1);
    absent("s:7", ABSENT_REMOVED);
    // Meanwhile a whole index can be searched.
    size_t least = SIZE_MAX;
    time_t end = time(NULL) + PATIENCE_SECONDS;
    do {
        uv_run(&loop, UV_RUN_ONCE);
        size_t n = documents();
        least = n < least ? n : least;
        indexer_read_state(indexer, &state);
    } while (!is_rebuilt() && time(NULL) < end);
    ok(is_rebuilt());
    ok(least >= 2604);
    is_int(state.generation, generation_before + 1);
    is_int(state.documents, 2605);
    is_text(shown("s:f"), "Pendant la reconstruction 1 active");
    is_text(shown("s:7"), "none");
    is_committed();
    ok(until(is_old_gone));
    // One rebuild, not two: the second was refused.
    uint64_t indexed = state.indexed;
    put("s:f", "Après", 1);
    ok(until(is_complete));
    is_int(state.indexed, indexed + 1);
    is_int(state.generation, generation_before + 1);
    ok(indexer_rebuild(indexer)); // and now another one can begin
    generation_before = state.generation;
    ok(until(is_rebuilt));
}

static void other_layout(void)
{
    stop();
    generation_before = state.generation;
    struct xap_writer *w =
        xap_writer_open(generation_path(data, generation_before, &arena), XAP_OPEN, &e);
    MUST(w, &e);
    MUST(xap_writer_set_metadata(w, STR(INDEX_META_LAYOUT), STR("0.0"), &e), &e);
    MUST(xap_writer_commit(w, &e), &e);
    xap_writer_close(w);
    start();
    ok(until(is_rebuilt));
    is_int(state.documents, 2605);
    is_int(state.generation, generation_before + 1);
    is_committed();
}

static void overwrite(const char *file, off_t keep)
{
    struct stat status;
    char path[600], garbage[4096];
    snprintf(path, sizeof path, "%s/%s", generation_path(data, state.generation, &arena), file);
    int fd = open(path, O_WRONLY);
    MUST(fd >= 0 && fstat(fd, &status) == 0, NULL);
    memset(garbage, 0xA5, sizeof garbage);
    for (off_t at = keep; at < status.st_size; at += (off_t)sizeof garbage)
        MUST(pwrite(fd, garbage, sizeof garbage, at) == sizeof garbage, NULL);
    close(fd);
}

static void damaged(void)
{
    // It cannot be opened.
    stop();
    generation_before = state.generation;
    overwrite("iamglass", 0);
    start();
    ok(until(is_rebuilt));
    is_int(state.documents, 2605);
    stop();
    generation_before = state.generation;
    overwrite("postlist.glass", 0);
    start();
    ok(until(is_rebuilt));
    // It is open, and is found to be damaged when it is written.
    generation_before = state.generation;
    overwrite("postlist.glass", 0);
    overwrite("termlist.glass", 0);
    put("s:f", "Malgré tout", 1);
    ok(until(is_rebuilt));
    is_text(shown("s:f"), "Malgré tout 1 active");
    is_int(state.documents, 2605);
    // Its folder is gone, and only the link is left.
    stop();
    generation_before = state.generation;
    nftw(generation_path(data, generation_before, &arena), fixture_remove, 16,
         FTW_DEPTH | FTW_PHYS);
    start();
    ok(until(is_rebuilt));
    is_int(state.documents, 2605);
    // The link is gone, and only the folder is left.
    stop();
    unlink(arena_printf(&arena, "%s/index/current", data).p);
    start();
    ok(until(is_complete));
    is_int(state.documents, 2605);
    is_committed();
}

// An index that is far behind is filled in parts: readers see a beginning of the store all the same, then all of it. What changes while
// its document waits in a part comes right too.
static void far_behind(void)
{
    enum { MANY = 6000 };
    stop();
    generation_before = state.generation;
    int64_t before = state.documents;
    put_many(10000, 10000 + MANY);
    start();
    ok(until(has_begun));
    put("s:10001", "Changé depuis", 5);
    absent("s:10002", ABSENT_REMOVED);
    ok(until(is_rebuilt));
    is_int(state.documents, before + MANY - 1);
    is_int(state.indexed, MANY + 1);
    is_text(shown("s:10001"), "Changé depuis 5 active");
    is_text(shown("s:10002"), "none");
    is_text(shown("s:15999"), "Jeu numéro 15999 0 active");
    is_text(shown("s:a"), "Un autre 1 active");
    is_committed();
    is_int(documents(), before + MANY - 1);
    // From here on, what changes is written into it.
    generation_before = state.generation;
    put("s:10003", "Changé aussi", 6);
    put("s:10004", "Jeu numéro 10004", 7); // figures alone
    ok(until(is_complete));
    is_int(state.generation, generation_before);
    is_text(shown("s:10003"), "Changé aussi 6 active");
    is_text(shown("s:10004"), "Jeu numéro 10004 7 active");
}

// Another process writes the index: this one waits, says so, and goes on.
static void locked(void)
{
    stop();
    struct xap_writer *w =
        xap_writer_open(generation_path(data, state.generation, &arena), XAP_OPEN, &e);
    MUST(w, &e);
    start();
    ok(until(has_failed));
    is_int(state.error.code, ERR_LOCKED);
    generation_before = state.generation;
    xap_writer_close(w);
    indexer_notify(indexer);
    ok(until(has_no_error)); // although there is nothing to write
    ok(until(is_complete));
    is_int(state.documents, 2605);
}

// A record that cannot be read back is left out, and logged; the others are found.
static void unreadable(void)
{
    struct store_item items[3] = {
        {.id = STR("s:x"), .body = STR("{\"id\":7}"), .figures = STR("{}")},
        {.id = STR("s:y"),
         .body = STR("{\"id\":\"s:y\",\"kind\":\"dataset\",\"title\":\"Lisible\"}"),
         .figures = STR("{}")},
        {.id = STR("s:f"),
         .body = STR("nonsense"),
         .figures = STR("{}")}, // it could be read before
    };
    for (size_t i = 0; i < 3; i++)
        sha256(items[i].body, items[i].hash);
    log_setup(LOG_LOGFMT, LOG_ERROR, false);
    put_items(items, 3);
    ok(until(is_complete));
    is_text(shown("s:x"), "none");
    is_text(shown("s:y"), "Lisible 0 active");
    is_text(shown("s:f"), "none");
    items[0].figures = STR("{\"popularity\":{\"views\":3}}");
    items[1].figures = STR("{\"popularity\":7}");
    put_items(items, 2);
    ok(until(is_complete));
    is_text(shown("s:x"), "none");
    is_text(shown("s:y"), "Lisible 0 active");
    is_committed();
    is_int(state.documents, 2605);
}

// Of a store without anything: what is swapped in is an index all the same.
static void rebuilt_empty(const char *folder)
{
    data = folder;
    store = store_open(data, STORE_WRITE, &e);
    MUST(store, &e);
    start();
    ok(until(is_level));
    is_int(state.generation, 1);
    ok(indexer_rebuild(indexer));
    time_t end = time(NULL) + PATIENCE_SECONDS;
    while (state.generation < 2 && time(NULL) < end) {
        uv_run(&loop, UV_RUN_ONCE);
        indexer_read_state(indexer, &state);
    }
    is_int(state.generation, 2);
    stop();
    start();
    ok(until(is_level));
    is_int(state.generation, 2); // of this layout: not built again
    is_int(documents(), 0);
    stop();
    store_close(store);
}

int main(void)
{
    fixture_begin();
    stops = stop_words();
    uv_loop_init(&loop);
    uv_timer_init(&loop, &tick);
    uv_timer_start(&tick, on_tick, 5, 5);
    log_setup(LOG_LOGFMT, LOG_WARNING, false);

    data = fixture_path("data");
    struct indexer_settings settings = {.data = data, .stop_words = stops};
    ok(indexer_start(&loop, &settings, &e) == NULL); // no store
    MUST(mkdir(data, 0755) == 0, NULL);
    store = store_open(data, STORE_WRITE, &e);
    MUST(store, &e);
    run = (struct run){
        .source = STR("s"), .state = RUN_RUNNING, .trigger = STR("command"), .started = NOW};
    MUST(store_run_begin(store, &run, &e), &e);
    settings.stop_words = STR("deux-mots");
    ok(indexer_start(&loop, &settings, &e) == NULL);
    is_int(e.code, ERR_CONFIG);

    first_harvest();
    tails();
    restarted();
    batches();
    rebuilt();
    other_layout();
    damaged();
    locked();
    unreadable();
    far_behind();
    stop();
    store_close(store);
    const char *empty = fixture_path("empty");
    MUST(mkdir(empty, 0755) == 0, NULL);
    rebuilt_empty(empty);

    uv_close((uv_handle_t *)&tick, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    is_int(uv_loop_close(&loop), 0);
    arena_free(&arena);
    return tap_done();
}
