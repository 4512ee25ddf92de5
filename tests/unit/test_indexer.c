// indexer/index/indexer: the writer of the index tails the store, and builds anew aside, then swaps.
#include "tests/unit/indexer_fixture.h"

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
    indexer_begin();
    struct indexer_settings settings = {.data = fixture_path("nothing"), .stop_words = stops};
    ok(indexer_start(&loop, &settings, &e) == NULL); // no store
    settings = (struct indexer_settings){.data = data, .stop_words = STR("deux-mots")};
    ok(indexer_start(&loop, &settings, &e) == NULL);
    is_int(e.code, ERR_CONFIG);

    first_harvest();
    tails();
    restarted();
    batches();
    rebuilt();
    other_layout();
    far_behind();
    stop();
    store_close(store);
    const char *empty = fixture_path("empty");
    MUST(mkdir(empty, 0755) == 0, NULL);
    rebuilt_empty(empty);
    return indexer_end();
}
