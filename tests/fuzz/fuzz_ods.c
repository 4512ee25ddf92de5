// Fuzzing of the ods driver: lists and exports.
#include "tests/fuzz/driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_driver f = {
        .sources = "  - name: one\n"
                   "    type: ods\n"
                   "    url: http://127.0.0.1:1\n",
        .cursors = {"{\"start\":4,\"total\":9}", "{\"whole\":true,\"total\":12000}"},
    };
    return fuzz_driver(&f, data, size);
}
