// For the fuzz targets of the commons' drivers: a page through a driver's `read`, a document through `open` and `next`; what comes out can be
// written, and read back as the same bytes.
#pragma once

#include "base/utf8.h"
#include "config/config.h"
#include "harvester/driver.h"
#include "store/record_json.h"

#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(bool promise)
{
    if (!promise)
        abort();
}

static inline void check_page(const struct driver_page *page, struct arena *a)
{
    for (size_t i = 0; i < page->item_count; i++) {
        const struct record *r = page->items[i].record;
        must(r || page->items[i].skipped || page->items[i].error.code != ERR_NONE);
        if (!r)
            continue;
        struct buf body = {0}, figures = {0}, again = {0};
        struct record back;
        struct err e;
        record_write_body(&body, r);
        record_write_figures(&figures, r);
        must(utf8_valid(buf_str(&body)) && utf8_valid(buf_str(&figures)));
        must(record_read(&back, buf_str(&body), buf_str(&figures), a, &e));
        record_write_body(&again, &back);
        must(str_eq(buf_str(&body), buf_str(&again)));
        buf_free(&body);
        buf_free(&figures);
        buf_free(&again);
    }
}

static inline struct driver_source fuzz_source(const struct driver *driver,
                                               struct config_source *config)
{
    *config = (struct config_source){
        .name = STR("fuzz"), .url = STR("http://127.0.0.1:1/api/x"), .page_size = 10};
    return (struct driver_source){.config = config,
                                  .kinds = {driver->main_kind},
                                  .kind_count = 1,
                                  .main_kind = driver->main_kind};
}

static inline int fuzz_read(const struct driver *driver, const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct config_source config;
    struct driver_source source = fuzz_source(driver, &config);
    struct driver_response response = {
        .status = 200, .body = {(const char *)data, size}, .url = STR("file:///srv/x.md")};
    struct driver_page page;
    struct err e = {0};
    if (driver->read(&source, STR_NONE, &response, 1, &a, &page, &e))
        check_page(&page, &a);
    else
        must(e.code != ERR_NONE);
    arena_free(&a);
    return 0;
}

static inline int fuzz_document(const struct driver *driver, const uint8_t *data, size_t size)
{
    char path[] = "/tmp/glaneur-fuzz-XXXXXX";
    int fd = mkstemp(path);
    must(fd >= 0);
    unlink(path);
    must(write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    struct config_source config;
    struct driver_source source = fuzz_source(driver, &config);
    struct driver_document document = {
        .fd = fd, .url = STR("file:///srv/x.json"), .folder = "/tmp"};
    struct err e = {0};
    void *reader = driver->open(&source, STR_NONE, &document, &e);
    must(reader != NULL);
    bool last = false, good = true;
    while (!last && good) {
        struct arena a = {0};
        struct driver_page page;
        good = driver->next(reader, &a, &page, &last, &e);
        if (good)
            check_page(&page, &a);
        else
            must(e.code != ERR_NONE);
        arena_free(&a);
    }
    driver->close(reader);
    close(fd);
    return 0;
}
