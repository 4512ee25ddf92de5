// Fuzzing of the betagouv driver: JSON pages of three shapes, sheets with front matter.
// libFuzzer: clang -fsanitize=fuzzer,address,undefined.
#include "tests/fuzz/commons.h"

extern const struct driver driver_betagouv;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_read(&driver_betagouv, data, size);
}
