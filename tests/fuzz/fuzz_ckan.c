// Fuzzes the ckan driver: bytes as a page of packages, or as one package behind its address. Every record that comes out must be
// written, and be read back the same.
#include "harvester/driver.h"
#include "store/record_json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_record(const struct record *r, struct arena *a)
{
    struct buf body = {0}, figures = {0}, again = {0};
    struct record back;
    struct err e;
    record_write_body(&body, r);
    record_write_figures(&figures, r);
    must(record_read(&back, buf_str(&body), buf_str(&figures), a, &e));
    record_write_body(&again, &back);
    must(str_eq(buf_str(&body), buf_str(&again)));
    buf_free(&body);
    buf_free(&figures);
    buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct arena a = {0};
    struct config_source config = {
        .name = STR("fuzz"), .url = STR("http://127.0.0.1:1"), .page_size = 10};
    struct driver_source source = {.config = &config,
                                   .kinds = {KIND_DATASET, KIND_REUSE},
                                   .kind_count = 2,
                                   .main_kind = KIND_DATASET};
    static const struct str cursors[] = {STR(""), STR("{\"start\":4,\"total\":9}"),
                                         STR("{\"way\":2,\"start\":4,\"first\":\"x\"}")};
    struct str text = {(const char *)data + 1, size - 1};
    struct driver_response response = {.status = 200, .body = text, .url = STR("u")};
    const struct driver *ckan = driver_find(STR("ckan"));
    struct driver_page page;
    struct driver_item item;
    struct err e = {0};
    if (ckan->read(&source, cursors[data[0] % 3], &response, 1, &a, &page, &e)) {
        for (size_t i = 0; i < page.item_count; i++)
            if (page.items[i].record)
                check_record(page.items[i].record, &a);
    } else {
        must(e.code != ERR_NONE);
    }
    ckan->probe_read(&source, KIND_DATASET, &response, &a, &item);
    if (item.record)
        check_record(item.record, &a);
    arena_free(&a);
    return 0;
}
