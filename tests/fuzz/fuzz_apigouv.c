// Fuzzing of the apigouv driver: lists of sheets, one alone, sheets with front matter.
#include "tests/fuzz/driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_driver f = {
        .sources = "  - name: one\n"
                   "    type: apigouv\n"
                   "    url: http://127.0.0.1:1\n",
    };
    return fuzz_driver(&f, data, size);
}
