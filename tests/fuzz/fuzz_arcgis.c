// Fuzzing of the arcgis driver: ArcGIS Hub's search API and its feed.
#include "tests/fuzz/driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_driver f = {
        .sources = "  - name: one\n"
                   "    type: arcgis\n"
                   "    url: http://127.0.0.1:1\n",
        .cursors = {"{\"way\":1}", "{\"way\":2}"},
    };
    return fuzz_driver(&f, data, size);
}
