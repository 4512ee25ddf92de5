// For the tests of the udata driver: a source, the vocabularies, our own objects, records as JSON.
#pragma once

#include "config/config.h"
#include "harvester/drivers/udata/udata.h"
#include "harvester/normalise/vocabulary.h"
#include "store/record_json.h"
#include "tests/tap.h"

#include <stdlib.h>

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

static struct arena arena; // of the whole program
static struct udata_options fixture_options = {.api = 1};
static struct config_source fixture_config = {
    .name = STR("data.gouv.fr"),
    .type = STR("udata"),
    .url = STR("https://www.data.gouv.fr/"),
    .page_size = 100,
    .driver_options = &fixture_options,
};
static struct driver_source fixture_source = {
    .config = &fixture_config,
    .kinds = {KIND_DATASET, KIND_DATASERVICE, KIND_REUSE, KIND_ORGANIZATION},
    .kind_count = 4,
    .now = 1795132800, // 2026-11-20
};

static inline struct str fixture_read(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        printf("Bail out! %s cannot be read\n", path);
        exit(1);
    }
    size_t size = (size_t)ftell(f);
    rewind(f);
    char *bytes = arena_bytes(&arena, size + 1);
    size_t n = fread(bytes, 1, size, f);
    fclose(f);
    bytes[n] = '\0';
    return str_slice(bytes, n);
}

static inline struct str fixture_file(const char *name)
{
    return fixture_read(arena_printf(&arena, "%s/%s", SOURCE_DIR, name).p);
}

static inline void fixture_begin(void)
{
    struct err e = {0};
    if (!vocabularies_load(fixture_file("config/vocabularies/licences.tsv"),
                           fixture_file("config/vocabularies/formats.tsv"),
                           fixture_file("config/vocabularies/frequencies.tsv"), &e)) {
        printf("Bail out! %s: %s\n", e.where, e.what);
        exit(1);
    }
}

static inline void fixture_end(void)
{
    vocabularies_free();
    arena_free(&arena);
}

// Maps an object, everything in the arena `a`.
static inline struct driver_item fixture_map(enum record_kind kind, const json_t *object,
                                             struct arena *a)
{
    struct mapper mapper = {.source = &fixture_source, .arena = a};
    struct driver_item item;
    udata_map(&mapper, kind, object, NULL, &item);
    return item;
}

// The record's public JSON, in the arena.
static inline struct str fixture_public(const struct record *r, struct arena *a)
{
    struct buf b = {0};
    record_write_public(&b, r);
    struct str s = arena_str(a, buf_str(&b));
    buf_free(&b);
    return s;
}
