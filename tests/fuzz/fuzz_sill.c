// Fuzzing of the sill driver: the catalogue, licences that are several included.
// libFuzzer: clang -fsanitize=fuzzer,address,undefined.
#include "tests/fuzz/commons.h"

extern const struct driver driver_sill;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_read(&driver_sill, data, size);
}
