// Fuzzing of the apigouv driver: lists of sheets, one alone, sheets with front matter.
// libFuzzer: clang -fsanitize=fuzzer,address,undefined.
#include "tests/fuzz/commons.h"

extern const struct driver driver_apigouv;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_read(&driver_apigouv, data, size);
}
