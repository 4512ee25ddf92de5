// Fuzzing of the publiccode driver: pages of open-catalog-api, YAML alone.
// libFuzzer: clang -fsanitize=fuzzer,address,undefined.
#include "tests/fuzz/commons.h"

extern const struct driver driver_publiccode;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_read(&driver_publiccode, data, size);
}
