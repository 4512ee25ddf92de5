// Fuzzing of a page of ArcGIS Hub: its search API and its feed, by the first byte. The first byte chooses where the sweep stands. A record that comes out can be written,
// and read back as the same bytes. libFuzzer: clang -fsanitize=fuzzer,address,undefined.
#include "base/utf8.h"
#include "harvester/driver.h"
#include "store/record_json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise)
{
    if (!promise)
        abort();
}

static void check_record(const struct record *r, struct arena *a)
{
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct arena a = {0};
    struct config_source config = {
        .name = STR("fuzz"), .url = STR("http://127.0.0.1:1"), .page_size = 10};
    struct driver_source source = {
        .config = &config, .kinds = {KIND_DATASET, KIND_REUSE}, .kind_count = 2};
    struct driver_response response = {
        .status = 200, .body = {(const char *)data + 1, size - 1}, .url = STR("u")};
    struct str cursor = data[0] & 1 ? STR("{\"way\":2}") : STR_NONE;
    struct driver_page page;
    struct driver_request request;
    struct err e = {0};
    const struct driver *driver = driver_find(STR("arcgis"));
    if (driver->read(&source, cursor, &response, 1, &a, &page, &e)) {
        for (size_t i = 0; i < page.item_count; i++)
            if (page.items[i].record)
                check_record(page.items[i].record, &a);
        if (page.next.n) // a cursor that the driver made, it takes
            must(driver->request(&source, page.next, &a, &request, &e));
    } else {
        must(e.code != ERR_NONE);
    }
    arena_free(&a);
    return 0;
}
