// Fuzzing of the udata driver: pages of each kind, of both versions of the API.
#include "tests/fuzz/driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_driver f = {
        .sources = "  - name: one\n"
                   "    type: udata\n"
                   "    url: http://127.0.0.1:1\n"
                   "  - name: two\n"
                   "    type: udata\n"
                   "    url: http://127.0.0.1:1\n"
                   "    api: 2\n"
                   "  - name: three\n"
                   "    type: udata\n"
                   "    url: http://127.0.0.1:1\n"
                   "    kinds: [dataservice]\n"
                   "  - name: four\n"
                   "    type: udata\n"
                   "    url: http://127.0.0.1:1\n"
                   "    kinds: [reuse]\n"
                   "  - name: five\n"
                   "    type: udata\n"
                   "    url: http://127.0.0.1:1\n"
                   "    kinds: [organization]\n",
        .cursors = {"{\"kind\":0,\"page\":2,\"total\":40}"},
    };
    return fuzz_driver(&f, data, size);
}
