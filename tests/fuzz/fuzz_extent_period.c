// Fuzzing of where data lie and of the time that they cover, as text and as JSON: boxes stay on Earth, west is not over east, a
// period does not end before it begins; all of it makes a record that can be kept.
#include "harvester/normalise/extent.h"
#include "harvester/normalise/period.h"
#include "tests/fuzz/records.h"

static void check(const struct record *r, struct arena *a)
{
    const double *box = r->spatial.bbox;
    if (r->spatial.has_bbox) {
        must(box[0] >= -180 && box[2] <= 180 && box[1] >= -90 && box[3] <= 90);
        must(box[0] <= box[2] && box[1] <= box[3]);
    }
    check_record(r, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    load_vocabularies();
    struct arena a = {0};
    struct err e = {0};
    struct config_source config = {.name = STR("fuzz"), .url = STR("http://127.0.0.1:1")};
    struct driver_source source = {.config = &config, .kinds = {KIND_DATASET}, .kind_count = 1};
    struct mapper m = {.source = &source, .arena = &a};
    struct str text = utf8_repair(&a, str_slice((const char *)data, size), NULL);
    struct record r[2];
    for (size_t i = 0; i < 2; i++) {
        record_init(&r[i]);
        r[i].id = STR("fuzz:x");
        r[i].title = STR("x");
    }
    map_extent_text(&m, &r[0], text);
    map_period_text(&r[0], text);
    check(&r[0], &a);
    json_t *value = json_read(text, &a, NULL, &e);
    if (value) {
        map_extent(&m, &r[1], value);
        map_period(&r[1], value);
        check(&r[1], &a);
    }
    json_decref(value);
    arena_free(&a);
    return 0;
}
