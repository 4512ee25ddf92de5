// Fuzzing of the comparison of an answer with the fields that are expected. By the first byte: the bytes are the list of fields; or
// an answer as JSON; or a graph as Turtle. Departures have a path, a count, and are told once.
#include "tests/fuzz/in_process.h"

#include "base/utf8.h"
#include "harvester/shape.h"

#include <sys/mman.h>

static const char json_list[] =
    "path\ttypes\n"
    "result\tobject!\nresult.list[]\tobject\nresult.list[].a\tstring,null!\n"
    "result.list[].b[]\tnumber\nresult.list[].c.**\tobject\n*.d\tboolean\n";
static const char rdf_list[] =
    "path\ttypes\n"
    "dcat:Dataset dct:title\tstring!\ndcat:Dataset dcat:distribution\tobject\n"
    "dcat:Distribution dct:format\tstring,object\n";
static const char json_answer[] = "{\"result\":{\"list\":[{\"a\":1,\"b\":[2]},{\"d\":true}]}}";
static const char prefixes[] =
    "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n";

static void check(struct shape *s)
{
    struct arena a = {0};
    size_t n;
    struct departure *d = shape_departures(s, &a, &n);
    for (size_t i = 0; i < n; i++) {
        must(d[i].path.n > 0 && d[i].count > 0);
        must(d[i].kind != FIELD_NEW || d[i].met.n > 0);
        for (size_t k = 0; k < i; k++)
            must(d[i].kind != d[k].kind || !str_eq(d[i].path, d[k].path));
    }
    arena_free(&a);
}

static void see_json(struct shape *s, struct str text)
{
    struct arena a = {0};
    struct err e = {0};
    json_t *document = json_read(text, &a, NULL, &e);
    if (document) {
        shape_see_json(s, document);
        shape_see_json_at(s, STR("result.list[]"), document);
    }
    json_decref(document);
    arena_free(&a);
}

static void see_rdf(struct shape *s, struct str text)
{
    int fd = memfd_create("fuzz", 0);
    must(fd >= 0 && write(fd, prefixes, sizeof prefixes - 1) > 0);
    must(write(fd, text.p, text.n) == (ssize_t)text.n && lseek(fd, 0, SEEK_SET) == 0);
    struct rdf_reading reading = {.fd = fd, .format = RDF_TURTLE, .base = STR("http://u/x")};
    shape_see_rdf(s, &reading);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {0};
    if (!size)
        return 0;
    struct str text = str_slice((const char *)data + 1, size - 1);
    unsigned what = data[0] % 3;
    struct shape *s = shape_new(what == 0   ? text
                                : what == 1 ? str_of(json_list)
                                            : str_of(rdf_list),
                                &e);
    must(s || (what == 0 && e.code == ERR_CONFIG && e.what[0] && e.where[0]));
    if (!s)
        return 0;
    must(!shape_is_json(s) || !shape_is_rdf(s));
    if (what == 2) {
        see_rdf(s, text);
    } else {
        see_json(s, what ? text : str_of(json_answer));
        check(s);
    }
    if (what == 2)
        check(s);
    shape_free(s);
    return 0;
}
