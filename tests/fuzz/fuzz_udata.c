// Fuzzing of a catalogue's page: the splitter of JSON pages, the udata driver, the forms of what it makes. The first byte
// chooses the kind of the list. A record that comes out can be written, and read back as the same bytes.
// libFuzzer: clang -fsanitize=fuzzer,address,undefined.
#include "base/utf8.h"
#include "harvester/drivers/udata/udata.h"
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
    static const struct udata_options apis[] = {{1}, {2}};
    static const enum record_kind kinds[] = {KIND_DATASET, KIND_DATASERVICE, KIND_REUSE,
                                             KIND_ORGANIZATION};
    if (size < 1)
        return 0;
    struct arena a = {0};
    struct config_source config = {.name = STR("fuzz"),
                                   .url = STR("http://127.0.0.1:1"),
                                   .page_size = 10,
                                   .driver_options = &apis[data[0] >> 2 & 1]};
    struct driver_source source = {
        .config = &config, .kinds = {kinds[data[0] & 3]}, .kind_count = 1};
    struct driver_response response = {200, {(const char *)data + 1, size - 1}, STR("u")};
    struct driver_page page;
    struct err e = {0};
    if (driver_find(STR("udata"))->read(&source, STR_NONE, &response, 1, &a, &page, &e)) {
        for (size_t i = 0; i < page.item_count; i++)
            if (page.items[i].record)
                check_record(page.items[i].record, &a);
    } else {
        must(e.code != ERR_NONE);
    }
    arena_free(&a);
    return 0;
}
