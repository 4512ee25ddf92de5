// harvester/rdf/jsonld: expansion where the text of the specification decides, each error by its code, triples in stream. The
// fixtures of tests/data/jsonld are compared with an independent implementation by tests/scenario/test_jsonld.py.
#include "tests/unit/jsonld_fixture.h"
#include "tests/tap.h"

#include <dirent.h>

static struct arena a;

// The expansion as compact JSON with sorted keys; or the error's text.
static struct str expand(struct str text)
{
    struct err e = {0};
    json_t *document = json_read(text, &a, NULL, &e);
    json_t *expanded =
        document ? jsonld_expand(document, STR("http://base.example/folder/document"), &e) : NULL;
    json_decref(document);
    if (!expanded)
        return arena_printf(&a, "%s", e.what);
    char *z = json_dumps(expanded, JSON_COMPACT | JSON_SORT_KEYS);
    struct str s = arena_str(&a, str_of(z));
    free(z);
    json_decref(expanded);
    return s;
}

#define EXPAND(text) expand(STR(text))

static void expansions(void)
{
    is_text(
        EXPAND("{\"@context\":{\"dct\":\"http://purl.org/dc/terms/\",\"t\":{\"@id\":\"dct:title\","
               "\"@language\":\"FR\"}},\"@id\":\"#a\",\"@type\":\"dct:X\",\"t\":\"é\"}"),
        "[{\"@id\":\"http://base.example/folder/document#a\",\"@type\":[\"http://purl.org/dc/"
        "terms/X\"],\"http://purl.org/dc/terms/title\":[{\"@language\":\"fr\",\"@value\":\"é\"}]}"
        "]");
    // The context of a property holds for what is below it, once: the independent implementation enters it twice.
    is_text(
        EXPAND("{\"@context\":{\"@vocab\":\"http://v/\",\"p\":{\"@context\":{\"p\":{\"@context\":{"
               "\"p\":\"http://w/p\"}}}}},\"p\":{\"p\":{\"p\":1}}}"),
        "[{\"http://v/p\":[{\"http://v/p\":[{\"http://w/p\":[{\"@value\":1}]}]}]}]");
    // The context of a key in a map of types holds for that key alone: there it stays for those behind it.
    is_text(
        EXPAND("{\"@context\":{\"@vocab\":\"http://v/\",\"p\":{\"@container\":\"@type\"},\"A\":{"
               "\"@context\":{\"q\":\"http://w/q\"}}},\"p\":{\"A\":{\"q\":1},\"B\":{\"q\":2}}}"),
        "[{\"http://v/p\":[{\"@type\":[\"http://v/A\"],\"http://w/q\":[{\"@value\":1}]},{\"@type\":"
        "[\"http://v/B\"],\"http://v/q\":[{\"@value\":2}]}]}]");
    is_text(EXPAND("{\"@context\":{\"@import\":\"http://schema.org\",\"name\":\"http://v/name\"},"
                   "\"name\":\"a\",\"url\":\"http://u/\"}"),
            "[{\"http://schema.org/url\":[{\"@id\":\"http://u/\"}],\"http://v/name\":[{\"@value\":"
            "\"a\"}]}]");
    is_text(EXPAND("\"text\""), "[]");
    // A @base inside a remote context would not count; one beside it does.
    is_text(EXPAND("{\"@context\":[\"https://schema.org\",{\"@base\":\"http://b/\"}],\"@id\":\"x\","
                   "\"name\":1}"),
            "[{\"@id\":\"http://b/x\",\"http://schema.org/name\":[{\"@value\":1}]}]");
    // The vocabulary itself, taken for a context.
    is_text(EXPAND("{\"@context\":\"https://www.w3.org/ns/dcat.jsonld\",\"@id\":\"http://a/1\","
                   "\"title\":\"t\",\"hydra:next\":\"n\"}"),
            "[{\"@id\":\"http://a/1\",\"http://purl.org/dc/terms/title\":[{\"@value\":\"t\"}],"
            "\"http://www.w3.org/ns/hydra/core#next\":[{\"@value\":\"n\"}]}]");
    // udata's own address, of any server.
    is_text(EXPAND("{\"@context\":\"https://portal.example/api/1/site/context.jsonld\",\"@id\":"
                   "\"http://a/1\",\"title\":\"t\"}"),
            "[{\"@id\":\"http://a/1\",\"http://purl.org/dc/terms/title\":[{\"@value\":\"t\"}]}]");
}

// Each file's name is "error-" and what is wrong; its first words are the code of the specification.
static void errors(void)
{
    static const struct {
        const char *document, *error;
    } cases[] = {
        {"{\"@context\":\"https://nowhere.example/c\"}",
         "loading remote context failed: https://nowhere.example/c"},
        {"{\"@context\":\"relative\"}",
         "loading remote context failed: http://base.example/folder/relative"},
        {"{\"@context\":5}", "invalid local context"},
        {"{\"@context\":[[]]}", "invalid local context"},
        {"{\"@context\":{\"@version\":\"1.1\"}}", "invalid @version value: 1.1"},
        {"{\"@context\":{\"@import\":5}}", "invalid @import value"},
        {"{\"@context\":{\"@import\":\"https://nowhere.example/\"}}",
         "loading remote context failed: https://nowhere.example/"},
        {"{\"@context\":{\"@propagate\":1}}", "invalid @propagate value"},
        {"{\"@context\":{\"@protected\":1}}", "invalid @protected value"},
        {"{\"@context\":{\"@base\":5}}", "invalid base IRI"},
        {"{\"@context\":[{\"@base\":null},{\"@base\":\"x\"}]}", "invalid base IRI: x"},
        {"{\"@context\":{\"@vocab\":[]}}", "invalid vocab mapping"},
        {"{\"@context\":{\"@language\":5}}", "invalid default language"},
        {"{\"@context\":{\"@direction\":\"up\"}}", "invalid base direction: up"},
        {"{\"@context\":{\"\":\"http://v/\"}}", "invalid term definition: a term without a name"},
        {"{\"@context\":{\"p\":[]}}", "invalid term definition: p"},
        {"{\"@context\":{\"p\":{\"@id\":\"http://v/\",\"other\":1}}}",
         "invalid term definition: p"},
        {"{\"@context\":{\"a\":\"b:x\",\"b\":\"a:y\"}}", "cyclic IRI mapping: a"},
        {"{\"@context\":{\"@value\":\"http://v/\"}}", "keyword redefinition: @value"},
        {"{\"@context\":{\"@type\":{}}}", "keyword redefinition: @type"},
        {"{\"@context\":{\"p\":{\"@id\":\"http://v/p\",\"@protected\":1}}}",
         "invalid @protected value: p"},
        {"{\"@context\":{\"p\":{\"@id\":\"http://v/p\",\"@container\":[]}}}",
         "invalid container mapping: p"},
        {"{\"@context\":{\"p\":{\"@id\":\"http://v/p\",\"@context\":{\"q\":5}}}}",
         "invalid scoped context: p"},
        {"{\"@context\":{\"p\":{\"@id\":\"http://v/p\",\"@context\":\"https://nowhere.example/"
         "\"}}}",
         "loading remote context failed: https://nowhere.example/"},
        {"{\"@context\":{\"p\":{\"@id\":\"http://v/"
         "p\",\"@container\":\"@index\",\"@index\":\"rel\"}}}",
         "invalid term definition: p"},
        {"{\"@context\":[{\"p\":{\"@id\":\"http://v/p\",\"@protected\":true}},{\"p\":null}]}",
         "protected term redefinition: p"},
        {"{\"@context\":[{\"p\":{\"@id\":\"http://v/p\",\"@protected\":true}},null]}",
         "invalid context nullification"},
        {"{\"@graph\":[{\"@id\":5}]}", "invalid @id value: @graph"},
        {"{\"http://v/p\":{\"@type\":{}}}", "invalid type value: http://v/p"},
        {"{\"http://v/p\":{\"@value\":{}}}", "invalid value object value: http://v/p"},
        {"{\"http://v/p\":{\"@list\":[1],\"@set\":[1]}}", "invalid set or list object: http://v/p"},
        {"{\"@reverse\":{\"http://v/p\":1}}", "invalid reverse property value: http://v/p"},
        {"{\"@included\":{\"@value\":1}}", "invalid @included value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        is_text(expand(str_of(cases[i].document)), cases[i].error);
}

// Documents made to cost much: refused, or read in a bounded time.
static void hostile(void)
{
    struct buf b = {0};
    // Thousands of nodes that each copy a context of thousands of terms.
    buf_addz(&b, "{\"@context\":{");
    for (int i = 0; i < 20000; i++)
        buf_addf(&b, "%s\"t%d\":\"http://v/%d\"", i ? "," : "", i, i);
    buf_addz(&b, "},\"@graph\":[");
    for (int i = 0; i < 1000; i++)
        buf_addf(&b, "%s{\"@context\":{\"p\":\"http://v/p\"},\"p\":1}", i ? "," : "");
    buf_addz(&b, "]}");
    is_text(expand(buf_str(&b)), "context overflow: too many terms in the file's contexts");

    // The same in stream: the budget is each part's own.
    struct err e = {0};
    struct rdf_reading r;
    struct lines l = {0};
    ok(jsonld_read_text(buf_str(&b), &r, &l, &e));
    is_int(l.list.n, 1000);
    arena_free(&l.a);

    // A chain of terms that each need the next.
    buf_clear(&b);
    buf_addz(&b, "{\"@context\":{");
    for (int i = 0; i < 5000; i++)
        buf_addf(&b, "\"a%d\":\"a%d:x\",", i, i + 1);
    buf_addz(&b, "\"a5000\":\"http://v/\"},\"a0\":1}");
    ok(str_starts(expand(buf_str(&b)), STR("context overflow")));

    // Contexts scoped in one another.
    buf_clear(&b);
    buf_addz(&b, "{\"@context\":{\"@vocab\":\"http://v/\"");
    for (int i = 0; i < 30; i++)
        buf_addz(&b, ",\"p\":{\"@context\":{\"q\":\"http://v/q\"");
    for (int i = 0; i < 30; i++)
        buf_addz(&b, "}}");
    buf_addz(&b, "},\"p\":{\"p\":{\"p\":1}}}");
    is_text(expand(buf_str(&b)),
            "[{\"http://v/p\":[{\"http://v/p\":[{\"http://v/p\":[{\"@value\":1}]}]}]}]");
    buf_free(&b);
}

// ---- Triples -------------------------------------------------------------------------------------

static struct str read_lines(struct str text, bool labels)
{
    struct lines l = {.labels = labels};
    struct rdf_reading r;
    struct err e = {0};
    bool good = jsonld_read_text(text, &r, &l, &e);
    struct str s = jsonld_lines_text(&l);
    if (!good)
        s = arena_printf(&a, "%.*s%s", STR_ARG(s), e.what);
    else if (r.warnings)
        s = arena_printf(&a, "%.*s%zu of %zu lost, %s %s", STR_ARG(s), r.lost, r.warnings,
                         r.first_warning.where, r.first_warning.what);
    else
        s = arena_str(&a, s);
    arena_free(&l.a);
    return s;
}

#define LINES(text) read_lines(STR(text), true)
#define TYPE "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
#define XSD "http://www.w3.org/2001/XMLSchema#"

static void triples(void)
{
    is_text(
        LINES("{\"@context\":{\"@vocab\":\"http://v/\"},\"@id\":\"http://a/1\",\"@type\":\"T\","
              "\"p\":[\"x\",{\"@value\":\"y\",\"@language\":\"FR\"},5,1.5,true,{\"@value\":\"z\","
              "\"@type\":\"D\"},{\"@id\":\"b\"}]}"),
        "<http://a/1> http://v/p \"1.5E0\"^^" XSD "double\n"
        "<http://a/1> http://v/p \"5\"^^" XSD "integer\n"
        "<http://a/1> http://v/p \"true\"^^" XSD "boolean\n"
        "<http://a/1> http://v/p \"x\"\n"
        "<http://a/1> http://v/p \"y\"@fr\n"
        "<http://a/1> http://v/p \"z\"^^http://v/D\n"
        "<http://a/1> http://v/p <http://base.example/folder/b>\n"
        "<http://a/1> " TYPE " <http://v/T>\n");
    // Numbers of a type keep their digits; whole ones are integers however they are written.
    is_text(LINES("{\"@id\":\"http://a/1\",\"http://v/p\":[{\"@value\":1.25,\"@type\":\"" XSD
                  "decimal\"},{\"@value\":12.0,\"@type\":\"" XSD
                  "decimal\"},{\"@value\":3,\"@type\":"
                  "\"" XSD "double\"},7.0,1e30,{\"@value\":\"s\",\"@type\":\"" XSD "string\"}]}"),
            "<http://a/1> http://v/p \"1.0E30\"^^" XSD "double\n"
            "<http://a/1> http://v/p \"1.25\"^^" XSD "decimal\n"
            "<http://a/1> http://v/p \"12\"^^" XSD "decimal\n"
            "<http://a/1> http://v/p \"3.0E0\"^^" XSD "double\n"
            "<http://a/1> http://v/p \"7\"^^" XSD "integer\n"
            "<http://a/1> http://v/p \"s\"\n");
    is_text(
        LINES("{\"@id\":\"http://a/1\",\"http://v/p\":{\"@value\":{\"b\":[1],\"a\":2},\"@type\":"
              "\"@json\"}}"),
        "<http://a/1> http://v/p \"{\\\"a\\\":2,\\\"b\\\":[1]}\"^^http://www.w3.org/1999/02/"
        "22-rdf-syntax-ns#JSON\n");
    // Lists are their values; blank nodes keep apart from those without a name; their predicates are nothing.
    is_text(
        LINES(
            "[{\"@id\":\"_:g1\",\"http://v/p\":{\"@list\":[{\"http://v/q\":1},\"a\"]},\"_:x\":1}]"),
        "_:g2 http://v/q \"1\"^^" XSD "integer\n"
        "_:ng1 http://v/p \"a\"\n"
        "_:ng1 http://v/p _:g2\n");
    is_text(LINES("{\"@id\":\"http://a/1\",\"@reverse\":{\"http://v/p\":[{\"@id\":\"http://a/2\","
                  "\"http://v/q\":\"x\"}]},\"@included\":[{\"@id\":\"http://a/3\",\"http://v/"
                  "q\":\"y\"}]}"),
            "<http://a/2> http://v/p <http://a/1>\n"
            "<http://a/2> http://v/q \"x\"\n"
            "<http://a/3> http://v/q \"y\"\n");
    is_text(
        LINES("{\"@context\":{\"@base\":null},\"@graph\":[{\"@id\":\"http://a/1\",\"http://v/p\":"
              "[{\"@id\":\"rel\"},{\"@id\":\"http://with space\"}]}]}"),
        "<http://a/1> http://v/p <http://with space>\n"
        "1 of 1 lost,  a relative address was left out: rel");
}

// The outermost node part by part: its context, id and types may stand behind what needs them.
static void streams(void)
{
    static const char want[] = "<http://a/c> " TYPE " <http://v/Catalog>\n"
                               "<http://a/c> http://v/dataset <http://a/1>\n"
                               "<http://a/c> http://v/dataset <http://a/2>\n"
                               "<http://a/c> http://v/title \"C\"\n"
                               "<http://a/1> http://v/title \"one\"\n"
                               "<http://a/2> http://v/title \"two\"\n";
    struct str last =
        LINES("{\"dataset\":[{\"id\":\"http://a/1\",\"title\":\"one\"},{\"id\":\"http://a/2\","
              "\"title\":\"two\"}],\"title\":\"C\",\"type\":\"Catalog\",\"id\":\"http://a/c\","
              "\"@context\":[{\"@vocab\":\"http://v/\"},{\"id\":\"@id\",\"type\":\"@type\"}]}");
    struct lines l = {0};
    for (struct str rest = str_of(want), line; str_next(&rest, '\n', &line);)
        if (line.n)
            arena_push(&l.a, &l.list, line);
    struct str sorted = jsonld_lines_text(&l);
    ok(str_eq(last, sorted));
    arena_free(&l.a);

    // Without an id: one blank node for all its parts. Types are said once.
    is_text(LINES("{\"@type\":[\"http://v/T\"],\"http://v/p\":[\"a\",\"b\"],\"http://v/q\":\"c\"}"),
            "_:g1 http://v/p \"a\"\n_:g1 http://v/p \"b\"\n_:g1 http://v/q \"c\"\n"
            "_:g1 " TYPE " <http://v/T>\n");
    struct rdf_reading r;
    struct err e = {0};
    struct lines all = {0};
    ok(jsonld_read_text(
        STR("{\"@id\":\"http://a/1\",\"@type\":[\"http://v/T\"],\"http://v/p\":[\"a\","
            "\"b\"],\"http://v/q\":\"c\"}"),
        &r, &all, &e));
    is_int(all.list.n, 4);
    is_text(all.list.v[0], "<http://a/1> " TYPE " <http://v/T>"); // in the order of the file
    is_text(all.list.v[3], "<http://a/1> http://v/q \"c\"");
    arena_free(&all.a);

    // A broken element takes no other with it; an unknown address is the whole file's error.
    is_text(
        LINES("[{\"@id\":\"http://a/1\",\"http://v/p\":1},{\"@id\":5,\"http://v/p\":2},{nonsense},"
              "{\"@id\":\"http://a/4\",\"http://v/p\":4}]"),
        "<http://a/1> http://v/p \"1\"^^" XSD "integer\n"
        "<http://a/4> http://v/p \"4\"^^" XSD "integer\n"
        "2 of 2 lost, byte 37 a part was left out: invalid @id value");
    is_text(LINES("[{\"@id\":5,\"http://v/p\":2}]"), "a part was left out: invalid @id value");
    is_text(LINES("[{\"@context\":\"https://nowhere.example/\",\"p\":2}]"),
            "loading remote context failed: https://nowhere.example/");
    is_text(LINES("{\"@context\":\"https://nowhere.example/\",\"@graph\":[]}"),
            "loading remote context failed: https://nowhere.example/");
    is_text(LINES("{\"@context\":{\"p\":5},\"@graph\":[]}"), "invalid term definition: p");
    is_text(LINES("{\"@context\":{nonsense},\"@graph\":[]}"),
            "not valid JSON: string or '}' expected near 'nonsense' (byte 9)");
    is_text(LINES("[{\"@id\":\"http://a/1\",\"http://v/p\":1},{\"@id\""),
            "<http://a/1> http://v/p \"1\"^^" XSD "integer\nthe file is cut short (byte 43)");
    is_text(LINES("{\"@id\":\"http://a/1\",\"http://v/p\":1,\"http://v/q\""),
            "<http://a/1> http://v/p \"1\"^^" XSD "integer\nthe file is cut short (byte 47)");
    is_text(LINES("<html>"),
            "the file is no JSON object or array, it begins with \"<html>\" (byte 0)");
    is_text(LINES("{}"), "");
    is_text(LINES("[]"), "");
    is_text(LINES("\xEF\xBB\xBF[]"), "");
}

static bool stop(void *arg, const struct rdf_triple *t, struct err *e)
{
    (void)t;
    return --*(int *)arg > 0 || err_set(e, ERR_IO, "enough");
}

static void stopped_and_piped(void)
{
    int ends[2], left = 2;
    static const char text[] = "{\"@graph\":[{\"@id\":\"http://a/1\",\"p\":[1,2,3]}],\"@context\":{"
                               "\"@vocab\":\"http://v/\"}}";
    struct err e = {0};
    if (pipe(ends) != 0 || write(ends[1], text, sizeof text - 1) != (ssize_t)sizeof text - 1)
        abort();
    close(ends[1]);
    struct rdf_reading r = {.fd = ends[0],
                            .format = RDF_JSONLD,
                            .base = STR("http://base.example/"),
                            .triple = stop,
                            .arg = &left};
    ok(!jsonld_read(&r, &e)); // a pipe is read as well
    is_int(e.code, ERR_IO);
    is_str(e.what, "enough");
    is_int(left, 0);
    close(ends[0]);
}

// Every fixture: what is read in stream is what the whole document says.
static void same_in_stream(void)
{
    const char *folder = SOURCE_DIR "/tests/data/jsonld";
    DIR *d = opendir(folder);
    size_t same = 0, files = 0;
    for (struct dirent *f; d && (f = readdir(d));) {
        char path[1024], text[8192];
        if (f->d_name[0] == '.' || strncmp(f->d_name, "error-", 6) == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, f->d_name);
        FILE *file = fopen(path, "rb");
        size_t n = fread(text, 1, sizeof text, file);
        fclose(file);
        struct lines stream = {0}, whole = {0};
        struct rdf_reading r;
        struct err e = {0};
        bool read = jsonld_read_text(str_slice(text, n), &r, &stream, &e) ||
                    str_eq(str_of(f->d_name), STR("null.jsonld"));
        bool expanded = jsonld_whole_text(str_slice(text, n), &whole, &e);
        bool equal =
            read && expanded && str_eq(jsonld_lines_text(&stream), jsonld_lines_text(&whole));
        if (!equal)
            printf("# %s: %s\n# stream:\n%.*s# whole:\n%.*s", f->d_name, e.what,
                   STR_ARG(jsonld_lines_text(&stream)), STR_ARG(jsonld_lines_text(&whole)));
        same += equal;
        files++;
        arena_free(&stream.a);
        arena_free(&whole.a);
    }
    closedir(d);
    ok(files > 60);
    is_int(same, files);
}

int main(void)
{
    expansions();
    errors();
    hostile();
    triples();
    streams();
    stopped_and_piped();
    same_in_stream();
    arena_free(&a);
    return tap_done();
}
