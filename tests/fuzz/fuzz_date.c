// Fuzzing of dates and of UTF-8: what is read as a date is written so that it is read as the same date; what is repaired is valid,
// and does not change when repaired again.
#include "base/date.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = str_slice((const char *)data, size);
    struct date d, again;
    char text[DATE_TEXT_BYTES];
    if (date_parse(s, &d)) {
        struct str written = date_format(d, text);
        must(written.n >= 4 && d.precision != DATE_NONE);
        must(date_parse(written, &again));
        must(again.seconds == d.seconds && again.precision == d.precision);
    } else {
        must(d.precision == DATE_NONE && d.seconds == 0);
    }
    int64_t milliseconds;
    if (size >= sizeof milliseconds) {
        memcpy(&milliseconds, data, sizeof milliseconds);
        if (date_from_millis(milliseconds, &d))
            must(date_parse(date_format(d, text), &again) && again.seconds == d.seconds);
    }

    struct arena a = {0};
    size_t replaced = 0;
    struct str repaired = utf8_repair(&a, s, &replaced);
    must(utf8_valid(repaired));
    must(utf8_valid(s) == (replaced == 0));
    must(repaired.n <= 3 * s.n && utf8_count(repaired) <= s.n);
    must(str_eq(utf8_repair(&a, repaired, NULL), repaired));
    arena_free(&a);
    return 0;
}
