// Fuzzing of what the log of queries keeps of what was typed: short, UTF-8, on one line, never with an @.
#include "base/utf8.h"
#include "store/query_log_text.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct str kept = query_log_text(&a, str_slice((const char *)data, size));
    must(kept.n <= QUERY_LOG_TEXT_BYTES && utf8_valid(kept));
    must(str_find_char(kept, '@') < 0 && str_find_char(kept, '\n') < 0);
    must(str_eq(str_trim(kept), kept));
    arena_free(&a);
    return 0;
}
