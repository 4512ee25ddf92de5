// Fuzzing of licences: named within texts of constraints, and as SPDX expressions. One that is found is in the table.
#include "harvester/normalise/licence_text.h"
#include "harvester/normalise/spdx.h"
#include "tests/fuzz/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    load_vocabularies();
    struct arena a = {0};
    struct config_source config = {.name = STR("fuzz"), .url = STR("http://127.0.0.1:1")};
    struct driver_source source = {.config = &config, .kinds = {KIND_SOFTWARE}, .kind_count = 1};
    struct mapper m = {.source = &source, .arena = &a};
    struct str text = utf8_repair(&a, str_slice((const char *)data, size), NULL);
    const struct licence *licence = licence_within(text);
    if (licence)
        must(licence_find(licence->id) == licence);
    struct record r;
    record_init(&r);
    r.id = STR("fuzz:x");
    r.kind = KIND_SOFTWARE;
    r.title = STR("x");
    map_spdx(&m, &r, text);
    must(!r.license.id.n || licence_find(r.license.id));
    check_record(&r, &a);
    arena_free(&a);
    return 0;
}
