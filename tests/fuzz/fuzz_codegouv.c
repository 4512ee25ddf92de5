// Fuzzing of the codegouv driver: the long list, repositories' addresses included.
// libFuzzer: clang -fsanitize=fuzzer,address,undefined.
#include "tests/fuzz/commons.h"

extern const struct driver driver_codegouv;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_document(&driver_codegouv, data, size);
}
