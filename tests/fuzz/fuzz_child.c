// Fuzzing of the parsing child and the readers of what it says, in one process. The first byte tells which: XML, or RDF in one of
// its formats, whose messages must then be taken by the reader to the last; or messages that no child of ours wrote, which the
// readers may refuse but must survive.
#include "harvester/rdf/rdf.c" // for what takes its messages
#define nonsense xml_nonsense
#define on_message xml_on_message
#include "harvester/xml/xml.c"
#undef on_message
#undef nonsense
#include "harvester/sandbox/child.h"
#include "tests/fuzz/fuzz.h"

// raptor loses terms where a statement is wrong; a child lives for one document.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0:malloc_context_size=1";
}

static bool on_triple(void *arg, const struct rdf_triple *t, struct err *e)
{
    (void)arg, (void)e;
    must(t->subject.kind != RDF_LITERAL && t->predicate.n > 0);
    return true;
}

// Gives the messages to a reader; `honest`: each must be taken.
static void take(struct str messages, bool xml, bool honest)
{
    struct arena arena = {0};
    struct builder b = {.arena = &arena, .names = xmalloc(STREAM_NAMES_MAX * sizeof *b.names)};
    struct rdf_reading reading = {.triple = on_triple};
    struct receiver receiver = {.reading = &reading};
    struct err e = {0};
    unsigned kind;
    uint32_t n;
    bool good = true;
    while (good && parse_take_byte(&messages, &kind) && parse_take_int(&messages, &n) &&
           n <= messages.n && kind != STREAM_DONE && kind != STREAM_FAILED) {
        struct str body = str_slice(messages.p, n);
        good = xml ? xml_on_message(&b, (enum stream_kind)kind, body, &e)
                   : on_message(&receiver, (enum stream_kind)kind, body, &e);
        messages = str_slice(messages.p + n, messages.n - n);
        must(good || !honest);
        must(good || e.code);
    }
    for (unsigned i = 0; i < XML_DEPTH_MAX; i++)
        buf_free(&b.text[i]);
    free(b.names);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const formats[] = {"rdfxml", "turtle", "trig", "ntriples", "nquads"};
    if (!size)
        return 0;
    unsigned which = data[0] % 8;
    struct str rest = str_slice((const char *)data + 1, size - 1);
    if (which > 5) {
        take(rest, which == 6, false);
        return 0;
    }
    struct child c = {.in_memory = true, .document = rest};
    if (which == 5) {
        child_xml(&c);
    } else {
        struct child_rdf *r = child_rdf_new(&c, formats[which], "http://example.org/base");
        must(r != NULL);
        child_rdf_read(r);
        child_rdf_free(r);
    }
    must(c.ended);
    take(buf_str(&c.messages), which == 5, true);
    buf_free(&c.messages);
    return 0;
}
