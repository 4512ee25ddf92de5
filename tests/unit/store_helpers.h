// What the tests of the store have in common: a folder of their own, items made from few words, a page of them.
#pragma once

#include "store/sqlite.h"
#include "tests/tap.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena arena; // of the whole program
static char folder[256];

static inline void folder_make(void)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/test_store-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(folder))
        abort();
}

static inline const char *folder_file(const char *name)
{
    static char path[600];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static inline void folder_remove(void)
{
    DIR *d = opendir(folder);
    for (struct dirent *f; d && (f = readdir(d));)
        if (f->d_name[0] != '.')
            unlink(folder_file(f->d_name));
    if (d)
        closedir(d);
    rmdir(folder);
}

static inline struct store *opened(enum store_mode mode)
{
    struct err e = {0};
    struct store *s = store_open(folder, mode, &e);
    if (!s) {
        char line[800];
        printf("Bail out! %s\n", err_text(&e, line, sizeof line));
        exit(1);
    }
    return s;
}

// An item whose body has this title, and whose figures are a number of views.
static inline struct store_item item(const char *id, const char *title, int views)
{
    struct store_item i = {
        .id = str_of(id),
        .body = arena_printf(&arena, "{\"id\":\"%s\",\"kind\":\"dataset\",\"title\":\"%s\"}", id,
                             title),
        .figures = arena_printf(&arena, "{\"popularity\":{\"views\":%d}}", views),
    };
    sha256(i.body, i.hash);
    return i;
}

static inline bool write_items(struct store *s, struct run *run, struct store_item *items, size_t n,
                               int64_t now)
{
    struct err e = {0};
    struct store_page page = {.run = run, .items = items, .item_count = n, .now = now};
    bool good = store_page_write(s, &page, &e);
    if (!good)
        printf("# %s: %s\n", err_name(e.code), e.what);
    return good;
}

static inline bool write_one(struct store *s, struct run *run, struct store_item *i, int64_t now)
{
    return write_items(s, run, i, 1, now);
}

static inline struct run begun(struct store *s, const char *source, int64_t now)
{
    struct err e = {0};
    struct run run = {
        .source = str_of(source), .state = RUN_RUNNING, .trigger = STR("command"), .started = now};
    if (!store_run_begin(s, &run, &e))
        abort();
    return run;
}

static inline struct stored got(struct store *s, const char *id)
{
    struct err e = {0};
    struct stored r = {0};
    store_get(s, str_of(id), &arena, &r, &e);
    return r;
}

// One number that a statement gives, through a connection of its own.
static inline int64_t asked(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    int64_t v = -1;
    if (sqlite3_open(folder_file("store.db"), &db) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK) {
        int rc = sqlite3_step(q);
        v = rc == SQLITE_ROW ? sqlite3_column_int64(q, 0) : rc == SQLITE_DONE ? 0 : -1;
        sqlite3_finalize(q);
    }
    sqlite3_close(db);
    return v;
}
