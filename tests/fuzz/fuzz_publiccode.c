// Fuzzing of the publiccode driver: pages of the open catalogue, YAML alone.
#include "tests/fuzz/driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_driver f = {
        .sources = "  - name: one\n"
                   "    type: publiccode\n"
                   "    url: http://127.0.0.1:1\n",
        .cursors = {"abc"},
    };
    return fuzz_driver(&f, data, size);
}
