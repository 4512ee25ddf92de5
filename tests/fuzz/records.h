// For the targets that make records: what comes out can be written as UTF-8, and read back as the same bytes.
#pragma once

#include "base/utf8.h"
#include "config/shipped.h"
#include "harvester/driver.h"
#include "harvester/normalise/vocabulary.h"
#include "store/record_json.h"
#include "tests/fuzz/fuzz.h"

// Licences, formats and frequencies, as the program has them.
static inline void load_vocabularies(void)
{
    static struct arena a;
    static struct str texts[3];
    static const char *const names[] = {"config/vocabularies/licences.tsv",
                                        "config/vocabularies/formats.tsv",
                                        "config/vocabularies/frequencies.tsv"};
    if (texts[0].n)
        return;
    for (size_t i = 0; i < 3; i++)
        must(shipped_file(STR_NONE, names[i], &a, &texts[i], NULL));
    must(vocabularies_load(texts[0], texts[1], texts[2], NULL));
}

static inline void check_record(const struct record *r, struct arena *a)
{
    struct buf body = {0}, figures = {0}, again = {0}, figures_again = {0};
    struct record back;
    struct err e;
    record_write_body(&body, r);
    record_write_figures(&figures, r);
    must(utf8_valid(buf_str(&body)) && utf8_valid(buf_str(&figures)));
    must(record_read(&back, buf_str(&body), buf_str(&figures), a, &e));
    record_write_body(&again, &back);
    must(str_eq(buf_str(&body), buf_str(&again)));
    record_write_figures(&figures_again, &back);
    must(str_eq(buf_str(&figures), buf_str(&figures_again)));
    buf_free(&body);
    buf_free(&figures);
    buf_free(&again);
    buf_free(&figures_again);
}

// An item is a record, or says why it is none.
static inline void check_item(const struct driver_item *item, struct arena *a)
{
    must(item->record || item->skipped || item->gone || item->error.code != ERR_NONE);
    if (item->record)
        check_record(item->record, a);
}
