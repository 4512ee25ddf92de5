// Fuzzing of the socrata driver: pages of the discovery API.
#include "tests/fuzz/driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_driver f = {
        .sources = "  - name: one\n"
                   "    type: socrata\n"
                   "    url: http://127.0.0.1:1\n",
        .cursors = {"{\"offset\":9990}", "{\"scroll\":\"abcd-1234\"}"},
    };
    return fuzz_driver(&f, data, size);
}
