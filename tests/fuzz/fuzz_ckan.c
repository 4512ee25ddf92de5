// Fuzzing of the ckan driver: pages of packages in each way of asking.
#include "tests/fuzz/driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_driver f = {
        .sources = "  - name: one\n"
                   "    type: ckan\n"
                   "    url: http://127.0.0.1:1\n",
        .cursors = {"{\"start\":4,\"total\":9}", "{\"way\":1,\"start\":4}",
                    "{\"way\":2,\"start\":4,\"first\":\"x\"}"},
    };
    return fuzz_driver(&f, data, size);
}
