// Fuzzes the ods driver: bytes as a list or an export. Every record that comes out must be written, and be read back the same.
#include "harvester/driver.h"
#include "store/record_json.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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
    static const struct str cursors[] = {STR(""), STR("{\"start\":4,\"total\":9}"),
                                         STR("{\"whole\":true,\"total\":12000}")};
    struct arena a = {0};
    struct config_source config = {
        .name = STR("fuzz"), .url = STR("http://127.0.0.1:1"), .page_size = 10};
    struct driver_source source = {
        .config = &config, .kinds = {KIND_DATASET}, .kind_count = 1, .main_kind = KIND_DATASET};
    const struct driver *ods = driver_find(STR("ods"));
    int fd = memfd_create("fuzz", 0);
    if (size < 1 || fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)(size - 1))
        goto done;
    lseek(fd, 0, SEEK_SET);
    struct driver_document document = {.fd = fd, .url = STR("http://127.0.0.1:1/x")};
    struct err e = {0};
    struct driver_page page;
    bool last = false, good = true;
    void *reader = ods->open(&source, cursors[data[0] % 3], &document, &e);
    must(reader != NULL);
    while (good && !last) {
        good = ods->next(reader, &a, &page, &last, &e);
        for (size_t i = 0; good && i < page.item_count; i++)
            if (page.items[i].record)
                check_record(page.items[i].record, &a);
    }
    must(good || e.code != ERR_NONE);
    ods->close(reader);
done:
    if (fd >= 0)
        close(fd);
    arena_free(&a);
    return 0;
}
