// Fuzzing the reader of stored records: the input is a body, a new line, and figures. What it reads is written, read and written
// again, and must be the same bytes; the public form must be JSON; the differences of both bodies are none.
#include "store/history.h"
#include "store/record_json.h"
#include "tests/fuzz/fuzz.h"

#include <jansson.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str figures = {(const char *)data, size}, body;
    str_next(&figures, '\n', &body);
    struct arena a = {0};
    struct record r, again;
    struct err e = {0};
    if (record_read(&r, body, figures, &a, &e)) {
        struct buf b[5] = {{0}};
        record_write_body(&b[0], &r);
        record_write_figures(&b[1], &r);
        must(record_read(&again, buf_str(&b[0]), buf_str(&b[1]), &a, &e));
        record_write_body(&b[2], &again);
        record_write_figures(&b[3], &again);
        must(str_eq(buf_str(&b[0]), buf_str(&b[2])) && str_eq(buf_str(&b[1]), buf_str(&b[3])));
        must(record_read_figures(&again, buf_str(&b[1]), &a, &e));
        record_write_public(&b[4], &r);
        json_t *public = json_loadb(b[4].p, b[4].n, JSON_ALLOW_NUL, NULL);
        must(json_is_object(public));
        json_decref(public);
        buf_clear(&b[4]);
        must(history_changes(&b[4], buf_str(&b[0]), buf_str(&b[2]), &e));
        must(str_eq(buf_str(&b[4]), STR("[]")));
        for (int i = 0; i < 5; i++)
            buf_free(&b[i]);
    } else {
        must(e.code == ERR_CORRUPT);
    }
    arena_free(&a);
    return 0;
}
