// Fuzzing of the datajson driver: documents of DCAT-US, identifiers that come twice.
#include "tests/fuzz/driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_driver f = {
        .sources = "  - name: one\n"
                   "    type: datajson\n"
                   "    url: http://127.0.0.1:1/data.json\n",
        .cursors = {"{\"page\":2,\"size\":3}"},
    };
    return fuzz_driver(&f, data, size);
}
