// Fuzzing of the oai-pmh driver, from bytes to records: answers of ListRecords, files. By the second byte, the bytes are the whole
// answer, or what stands in a list, or in the metadata of a record, with namespaces declared.
#include "tests/fuzz/in_process.h"

#include "tests/fuzz/driver.h"

#define ANSWER                                                                                     \
    "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/' "                                       \
    "xmlns:oai_dc='http://www.openarchives.org/OAI/2.0/oai_dc/' "                                  \
    "xmlns:dc='http://purl.org/dc/elements/1.1/' "                                                 \
    "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "                                     \
    "xmlns:dcat='http://www.w3.org/ns/dcat#' xmlns:dct='http://purl.org/dc/terms/'>"
#define HEADER "<header><identifier>oai:x:1</identifier><datestamp>2024-01-01</datestamp></header>"

static const char *const heads[] = {
    "", ANSWER "<ListRecords>", ANSWER "<ListRecords><record>" HEADER "<metadata>",
    ANSWER "<ListRecords><record>" HEADER
           "<metadata><resource xmlns='http://datacite.org/schema/kernel-4'>"};
static const char *const tails[] = {
    "", "</ListRecords></OAI-PMH>",
    "</metadata></record><resumptionToken>t</resumptionToken></ListRecords></OAI-PMH>",
    "</resource></metadata></record></ListRecords></OAI-PMH>"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_driver f = {
        .sources = "  - name: one\n    type: oai-pmh\n    url: http://127.0.0.1:1/oai\n"
                   "  - name: two\n    type: oai-pmh\n    url: http://127.0.0.1:1/oai\n"
                   "    sets: [a, b]\n    from: 2024-01-01\n"
                   "  - name: three\n    type: oai-pmh\n    url: /srv/kept\n",
        .cursors = {"{\"set\":0,\"token\":\"a\",\"deleted\":1}", "{\"set\":1,\"token\":\"t\"}"},
    };
    if (size < 2)
        return 0;
    struct buf answer = {0};
    buf_addz(&answer, heads[data[1] & 3]);
    buf_add(&answer, str_slice((const char *)data + 2, size - 2));
    buf_addz(&answer, tails[data[1] & 3]);
    fuzz_driver_with(&f, data[0], buf_str(&answer));
    buf_free(&answer);
    return 0;
}
