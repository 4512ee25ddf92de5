// Fuzzing of the JSON-LD reader: every answer is triples or a named error, and what is given out is UTF-8.
#include "base/utf8.h"
#include "tests/unit/jsonld_fixture.h"
#include "tests/fuzz/fuzz.h"

static void expand_again(struct str text)
{
    struct arena a = {0};
    struct err e = {0};
    json_t *document = json_read(text, &a, NULL, &e);
    json_t *once = document ? jsonld_expand(document, STR("http://b/"), &e) : NULL;
    must(once || e.code != ERR_NONE);
    must(!once || (json_is_array(once) && e.code == ERR_NONE));
    json_decref(once);
    json_decref(document);
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct lines stream = {0};
    struct rdf_reading r;
    struct err e = {0};
    bool read = jsonld_read_text(text, &r, &stream, &e);
    must(read == (e.code == ERR_NONE));
    must(r.lost <= r.warnings && (!r.warnings || r.first_warning.code != ERR_NONE));
    for (size_t i = 0; i < stream.list.n; i++)
        must(utf8_valid(stream.list.v[i]));
    expand_again(text);
    arena_free(&stream.a);
    return 0;
}
