// Fuzzing of the csw driver, from bytes to records: answers of GetRecords in each schema that may be asked for, files, one record
// behind its address. By the second byte, the bytes are the whole answer, or what stands in it, with its namespaces declared.
#include "tests/fuzz/in_process.h"

#include "tests/fuzz/driver.h"

static const char *const heads[] = {
    "",
    "<csw:GetRecordsResponse xmlns:csw='http://www.opengis.net/cat/csw/2.0.2' "
    "xmlns:gmd='http://www.isotc211.org/2005/gmd' xmlns:gco='http://www.isotc211.org/2005/gco' "
    "xmlns:srv='http://www.isotc211.org/2005/srv' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:dct='http://purl.org/dc/terms/' xmlns:ows='http://www.opengis.net/ows'>"
    "<csw:SearchResults numberOfRecordsMatched='9' numberOfRecordsReturned='2' nextRecord='3'>",
};
static const char *const tails[] = {"", "</csw:SearchResults></csw:GetRecordsResponse>"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_driver f = {
        .sources = "  - name: one\n    type: csw\n    url: http://127.0.0.1:1/csw\n"
                   "  - name: two\n    type: csw\n    url: http://127.0.0.1:1/csw\n"
                   "    schema: dublin-core\n    sort: none\n"
                   "  - name: three\n    type: csw\n    url: http://127.0.0.1:1/csw\n"
                   "    schema: dcat\n    sort: apiso\n"
                   "  - name: four\n    type: csw\n    url: /srv/kept\n",
        .cursors = {"{\"start\":3,\"schema\":0,\"sort\":0,\"matched\":9}"},
    };
    if (size < 2)
        return 0;
    struct buf answer = {0};
    buf_addz(&answer, heads[data[1] & 1]);
    buf_add(&answer, str_slice((const char *)data + 2, size - 2));
    buf_addz(&answer, tails[data[1] & 1]);
    fuzz_driver_with(&f, data[0], buf_str(&answer));
    buf_free(&answer);
    return 0;
}
