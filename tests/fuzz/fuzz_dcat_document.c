// Fuzzing of the dcat driver, from bytes to records: documents in each format, told by how they begin; pages that follow each other.
// By the second byte, the bytes are the whole document, or what follows the prefixes of Turtle, or stands in JSON-LD or RDF/XML.
#include "tests/fuzz/in_process.h"

#include "tests/fuzz/driver.h"

static const char *const heads[] = {
    "",
    "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
    "@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix hydra: "
    "<http://www.w3.org/ns/hydra/core#> .\n"
    "<http://u/d> a dcat:Dataset ; dct:title \"T\" .\n<http://u/d> ",
    "{\"@context\":{\"@vocab\":\"http://www.w3.org/ns/dcat#\",\"dct\":\"http://purl.org/dc/terms/"
    "\"},\"@id\":\"http://u/d\",\"@type\":\"Dataset\",\"dct:title\":\"T\",",
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
    "xmlns:dcat='http://www.w3.org/ns/dcat#' xmlns:dct='http://purl.org/dc/terms/'>"
    "<dcat:Dataset rdf:about='http://u/d'><dct:title>T</dct:title>",
};
static const char *const tails[] = {"", "", "}", "</dcat:Dataset></rdf:RDF>"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fuzz_driver f = {
        .sources = "  - name: one\n    type: dcat\n    url: http://u/x\n"
                   "  - name: two\n    type: dcat\n    url: /srv/kept\n",
        .cursors = {"{\"page\":\"http://u/x?page=2\",\"before\":\"http://u/x\"}"},
    };
    if (size < 2)
        return 0;
    struct buf document = {0};
    buf_addz(&document, heads[data[1] & 3]);
    buf_add(&document, str_slice((const char *)data + 2, size - 2));
    buf_addz(&document, tails[data[1] & 3]);
    fuzz_driver_with(&f, data[0], buf_str(&document));
    buf_free(&document);
    return 0;
}
