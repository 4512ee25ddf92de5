// For the targets of drivers: an answer of a catalogue through a driver, whichever way it reads: pages by `read`, documents by `open`
// and `next`; then, as one record behind its address, by `probe_read`. The first byte of the input chooses the source and the place
// in the sweep. A cursor that the driver makes, it takes.
#pragma once

#include "harvester/hooks.h"
#include "tests/fuzz/records.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

struct fuzz_driver {
    // Sources as the operator writes them, without the line "sources:". Which driver: their type.
    const char *sources;
    const char *cursors[5]; // besides the empty one; ended by NULL
};

static inline struct driver_source fuzz_source(const struct config_source *config,
                                               const struct driver *driver)
{
    struct driver_source source = {
        .config = config, .main_kind = driver->main_kind, .now = 1795132800};
    for (unsigned kind = 0; kind < KIND_COUNT; kind++)
        if (config->kinds & 1u << kind)
            source.kinds[source.kind_count++] = (enum record_kind)kind;
    return source;
}

static inline const struct config *fuzz_config(const char *sources)
{
    char text[4000];
    struct conf_errors errors = {0};
    must(snprintf(text, sizeof text, "sources:\n%s", sources) < (int)sizeof text);
    const struct config *c =
        config_load_text(str_of(text), "fuzz.yaml", "/", harvester_conf_hooks(), &errors);
    for (size_t i = 0; i < errors.n; i++)
        fprintf(stderr, "%s: %s\n", errors.v[i].err.where, errors.v[i].err.what);
    must(c && c->source_count > 0);
    return c;
}

static inline void fuzz_check_page(const struct driver *driver, const struct driver_source *source,
                                   const struct driver_page *page, struct arena *a)
{
    struct driver_request request = {0};
    struct err e = {0};
    for (size_t i = 0; i < page->item_count; i++)
        check_item(&page->items[i], a);
    must(page->announced >= -1);
    must(!page->lost || page->loss.code != ERR_NONE);
    if (page->next.n)
        must(driver->request(source, page->next, a, &request, &e) && request.url.n > 0);
}

static inline void fuzz_page(const struct driver *driver, const struct driver_source *source,
                             struct str cursor, struct str body)
{
    struct arena a = {0};
    struct driver_response responses[2] = {{.status = 200, .body = body, .url = STR("http://u/x")}};
    responses[1] = responses[0];
    struct driver_page page = {0};
    struct err e = {0};
    bool good = driver->read(source, cursor, responses, 1, &a, &page, &e);
    if (good && page.follow.n)
        good = driver->read(source, cursor, responses, 2, &a, &page, &e);
    if (good)
        fuzz_check_page(driver, source, &page, &a);
    else
        must(e.code != ERR_NONE && e.what[0]);
    arena_free(&a);
}

static inline void fuzz_document(const struct driver *driver, const struct driver_source *source,
                                 struct str cursor, struct str body)
{
    int fd = memfd_create("fuzz", 0);
    must(fd >= 0 && write(fd, body.p, body.n) == (ssize_t)body.n && lseek(fd, 0, SEEK_SET) == 0);
    struct driver_document document = {.fd = fd, .url = STR("http://u/x"), .folder = "/tmp"};
    struct err e = {0};
    void *reader = driver->open(source, cursor, &document, &e);
    must(reader || (e.code != ERR_NONE && e.what[0]));
    for (bool last = !reader; !last;) {
        struct arena a = {0};
        struct driver_page page = {0};
        if (driver->next(reader, &a, &page, &last, &e)) {
            fuzz_check_page(driver, source, &page, &a);
        } else {
            must(e.code != ERR_NONE && e.what[0]);
            last = true;
        }
        arena_free(&a);
    }
    if (reader)
        driver->close(reader);
    close(fd);
}

static inline void fuzz_probe(const struct driver *driver, const struct driver_source *source,
                              struct str body)
{
    struct arena a = {0};
    struct driver_response response = {.status = 200, .body = body, .url = STR("http://u/x")};
    struct driver_item item = {0};
    enum driver_presence presence =
        driver->probe_read(source, source->kinds[0], &response, &a, &item);
    must(presence <= PRESENCE_ALIVE);
    if (item.record)
        check_record(item.record, &a);
    arena_free(&a);
}

static inline int fuzz_driver_with(const struct fuzz_driver *f, unsigned choice, struct str body)
{
    static const struct config *config;
    load_vocabularies();
    if (!config)
        config = fuzz_config(f->sources);
    size_t cursors = 1;
    while (f->cursors[cursors - 1])
        cursors++;
    const struct config_source *chosen = &config->sources[choice % config->source_count];
    const struct driver *driver = driver_find(chosen->type);
    must(driver != NULL);
    struct driver_source source = fuzz_source(chosen, driver);
    size_t place = choice / config->source_count % cursors;
    struct str cursor = place ? str_of(f->cursors[place - 1]) : STR_NONE;
    if (driver->open)
        fuzz_document(driver, &source, cursor, body);
    else
        fuzz_page(driver, &source, cursor, body);
    if (driver->probe_read)
        fuzz_probe(driver, &source, body);
    return 0;
}

static inline int fuzz_driver(const struct fuzz_driver *f, const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    return fuzz_driver_with(f, data[0], (struct str){(const char *)data + 1, size - 1});
}
