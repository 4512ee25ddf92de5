// Fuzzing of a DCAT-US document: the stream of its parts, the datajson driver, identifiers that come twice, the forms of what it makes.
// A record that comes out can be written, and read back as the same bytes. libFuzzer: clang -fsanitize=fuzzer,address,undefined.
#include "base/utf8.h"
#include "harvester/driver.h"
#include "store/record_json.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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
    struct arena a = {0};
    struct config_source config = {.name = STR("fuzz"), .url = STR("http://127.0.0.1:1/data.json")};
    struct driver_source source = {
        .config = &config, .kinds = {KIND_DATASET, KIND_DATASERVICE}, .kind_count = 2};
    const struct driver *driver = driver_find(STR("datajson"));
    int fd = memfd_create("fuzz", 0);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    struct driver_document document = {.fd = fd, .url = config.url, .folder = "/tmp"};
    struct driver_page page;
    struct err e = {0};
    bool last = false, good = true;
    void *reader = driver->open(&source, STR_NONE, &document, &e);
    must(reader != NULL);
    while (good && !last) {
        good = driver->next(reader, &a, &page, &last, &e);
        must(good || e.code != ERR_NONE);
        for (size_t i = 0; good && i < page.item_count; i++) {
            must(page.items[i].record || page.items[i].skipped ||
                 page.items[i].error.code != ERR_NONE);
            if (page.items[i].record)
                check_record(page.items[i].record, &a);
        }
        arena_reset(&a);
    }
    driver->close(reader);
    close(fd);
    arena_free(&a);
    return 0;
}
