// indexer/index/indexer: it gets over an index that is damaged or that another process writes, and over records that cannot be read.
#include "tests/unit/indexer_fixture.h"

#include <fcntl.h>

static void filled(void)
{
    start();
    put_many(0, 2604);
    put("s:f", "Avant", 1);
    end_run();
    ok(until(is_complete));
    is_int(state.documents, 2605);
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

int main(void)
{
    indexer_begin();
    filled();
    damaged();
    locked();
    unreadable();
    stop();
    store_close(store);
    return indexer_end();
}
