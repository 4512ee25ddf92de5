// RDF by the real child: every format, what real files get wrong and how it is mended, what is refused, and how little is lost.
#include "base/buf.h"
#include "harvester/rdf/rdf.h"
#include "tests/tap.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define RDF_NS "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define OPEN "<rdf:RDF xmlns:rdf='" RDF_NS "' xmlns:d='http://d/'>\n"
#define CLOSE "</rdf:RDF>"

struct got {
    struct buf text; // the triples, one a line
    size_t n, stop_after;
};

static void add_term(struct buf *b, const struct rdf_term *t)
{
    struct str v = t->value;
    if (str_starts(v, STR("http://d/")))
        v = str_slice(v.p + 9, v.n - 9);
    else if (str_starts(v, STR(RDF_NS)))
        v = str_slice(v.p + sizeof RDF_NS - 1, v.n - sizeof RDF_NS + 1);
    buf_addz(b, t->kind == RDF_IRI ? "<" : t->kind == RDF_BLANK ? "_:" : "\"");
    buf_add(b, v);
    buf_addz(b, t->kind == RDF_IRI ? ">" : t->kind == RDF_BLANK ? "" : "\"");
    if (t->language.n)
        buf_addf(b, "@%.*s", STR_ARG(t->language));
    if (t->datatype.n)
        buf_addf(b, "^%.*s", STR_ARG(t->datatype));
}

static bool on_triple(void *arg, const struct rdf_triple *t, struct err *e)
{
    struct got *g = arg;
    const struct rdf_term predicate = {.kind = RDF_IRI, .value = t->predicate};
    if (g->n++ < 1000) {
        add_term(&g->text, &t->subject);
        buf_addc(&g->text, ' ');
        add_term(&g->text, &predicate);
        buf_addc(&g->text, ' ');
        add_term(&g->text, &t->object);
        buf_addc(&g->text, '\n');
    }
    return g->n != g->stop_after || err_set(e, ERR_RECORD, "enough of it");
}

static bool read_rdf(enum rdf_format format, struct str text, struct got *g, struct rdf_reading *r,
                     struct err *e)
{
    FILE *f = tmpfile();
    if (fwrite(text.p ? text.p : "", 1, text.n, f) != text.n || fflush(f) != 0)
        return false;
    lseek(fileno(f), 0, SEEK_SET);
    *e = (struct err){0};
    *r = (struct rdf_reading){.fd = fileno(f),
                              .format = format,
                              .base = STR("http://d/dir/file"),
                              .triple = on_triple,
                              .arg = g,
                              .warnings = 77};
    bool good = rdf_read(r, e);
    fclose(f);
    return good;
}

// A document that is read to its end: its triples, and what was warned of.
static void gives(enum rdf_format format, const char *text, const char *triples, size_t warnings,
                  size_t lost, const char *first)
{
    struct got g = {0};
    struct rdf_reading r;
    struct err e;
    ok(read_rdf(format, str_of(text), &g, &r, &e));
    is_str(e.what, "");
    is_text(buf_str(&g.text), triples);
    is_int(r.warnings, warnings);
    is_int(r.lost, lost);
    is_str(r.first_warning.what, first);
    buf_free(&g.text);
}

static void refused(enum rdf_format format, struct str text, const char *triples,
                    enum err_code code, const char *what)
{
    struct got g = {0};
    struct rdf_reading r;
    struct err e;
    ok(!read_rdf(format, text, &g, &r, &e));
    is_int(e.code, code);
    is_str(e.what, what);
    is_text(buf_str(&g.text), triples);
    buf_free(&g.text);
}

static void test_turtle(void)
{
    gives(RDF_TURTLE,
          "# a comment. With <brackets> and \"quotes\n"
          "PREFIX d: <http://d/>\nbase <http://d/x/>\n"
          "d:a d:t \"\"\"two \"lines\".\nhere\"\"\" ; d:u 'it', 1.5, true .d:a.b d:p \"\"; d:q "
          "\"\\\"\"^^d:t.\n"
          "_:n d:p <../r>, [ d:q ( 'z' ) ] .",
          "<a> <t> \"two \"lines\".\nhere\"\n"
          "<a> <u> \"it\"\n"
          "<a> <u> \"1.5\"^http://www.w3.org/2001/XMLSchema#decimal\n"
          "<a> <u> \"true\"^http://www.w3.org/2001/XMLSchema#boolean\n"
          "<a.b> <p> \"\"\n"
          "<a.b> <q> \"\"\"^http://d/t\n"
          "_:!1 <first> \"z\"\n_:!1 <rest> <nil>\n_:!2 <q> _:!1\n"
          "_:n <p> <r>\n_:n <p> _:!2\n",
          0, 0, "");
    // A prefix said again, otherwise; and one that is never said.
    gives(RDF_TURTLE,
          "@prefix d: <http://d/> .\n@prefix e: <http://d/1> .\ne:x d:p 'a' .\n"
          "@prefix e: <http://d/2> .\ne:x d:p 'b' .\n@prefix e: <http://d/1> .\ne:x d:p 'c' .\n"
          "e:x f:p 'd' .\ne:x d:p 'e' .\n",
          "<1x> <p> \"a\"\n<2x> <p> \"b\"\n<1x> <p> \"c\"\n<1x> <p> \"e\"\n", 1, 1,
          "line 8: a statement was left out: The namespace prefix in \"f:p\" was not declared.");
    // Mended: what no IRI may hold, a language tag with '_'. Both are told.
    gives(RDF_TURTLE,
          "<http://d/a b|c> <http://d/{p}> <http://d/\"q\"> .\n<http://d/a> <http://d/t> "
          "\"x\"@pt_BR .\n",
          "<a b|c> <{p}> <\"q\">\n<a> <t> \"x\"@pt-br\n", 7, 0,
          "line 1: an IRI or a language tag holds what it may not");
    // One wrong statement is lost, and no other: a string, an IRI, a bracket never closed.
    gives(RDF_TURTLE,
          "@prefix d: <http://d/> .\nd:a d:p 'a' .\nd:b d:p \"b ;\n  d:q 'c' .\nd:c d:p 'd' .\n"
          "d:d d:p <http://d/x ;\n  d:q 'e' .\nd:e d:p 'f' .\nd:f d:p [ d:q 'g' .\nd:g d:p 'h' .\n",
          "<a> <p> \"a\"\n<c> <p> \"d\"\n<e> <p> \"f\"\n<g> <p> \"h\"\n", 4, 3,
          "line 6: an IRI or a language tag holds what it may not");
    refused(RDF_TURTLE, STR("<http://d/a> <http://d/p> 'a' .\n\n<http://d/b> <http://d/p>\n"),
            "<a> <p> \"a\"\n", ERR_PARSE, "line 3: The document ends inside a statement.");
    refused(RDF_TURTLE, STR("<http://d/a> <http://d/p> 'a"), "", ERR_PARSE,
            "line 1: The document ends inside a statement.");
    gives(RDF_TURTLE, "", "", 0, 0, "");
}

static void test_relatives(void)
{
    gives(RDF_TRIG,
          "@prefix d: <http://d/> .\nd:g { d:a d:p 'x. y' . d:b d:p 1.5 }\n"
          "GRAPH d:h { d:c a d:d . }\n{ d:e d:p 'z' . }\nd:f d:p 'top' .",
          "<a> <p> \"x. y\"\n<b> <p> \"1.5\"^http://www.w3.org/2001/XMLSchema#decimal\n"
          "<c> <type> <d>\n<e> <p> \"z\"\n<f> <p> \"top\"\n",
          0, 0, "");
    gives(RDF_NTRIPLES,
          "<http://d/a> <http://d/p> _:b .\n<http://d/a> <http://d/p> \"no end\"\n"
          "# <comment> .\n\n<http://d/a> <http://d/p> \"never closed .\n"
          "<http://d/a> <http://d/p> <http://d/b c> .\nwhat is this\n"
          "_:b <http://d/p> \"\\u00E9\\n\"@EN .",
          "<a> <p> _:b\n<a> <p> \"no end\"\n<a> <p> <b c>\n_:b <p> \"\xC3\xA9\n\"@en\n", 3, 2,
          "line 6: an IRI or a language tag holds what it may not");
    gives(RDF_NQUADS,
          "<http://d/a> <http://d/p> \"a\" <http://d/g> .\n_:a <http://d/p> _:b _:g .\n"
          "<http://d/a> <http://d/p> \"x\"^^<http://d/t> <http://d/g> . # <http://d/c>\n"
          "<http://d/a> <http://d/p> \"l\"@fr .\n",
          "<a> <p> \"a\"\n_:a <p> _:b\n<a> <p> \"x\"^http://d/t\n<a> <p> \"l\"@fr\n", 0, 0, "");
    refused(RDF_NTRIPLES, STR("<http://d/a> <http://d/p> 'a' .\n<http://d/b> <http://d/p> <http:"),
            "<a> <p> \"a\"\n", ERR_PARSE, "line 2: The document ends inside a statement.");
}

static void test_rdfxml(void)
{
    gives(RDF_XML,
          "<?xml version='1.0'?>\n" OPEN
          "<d:D rdf:about='http://d/a'><d:t xml:lang='FR'>t &amp; <![CDATA[<u>]]></d:t>"
          "<d:r rdf:resource='x/y'/><d:n rdf:nodeID='n'/><d:v rdf:datatype='http://d/t'>3</d:v>"
          "<d:p><d:E><d:q>in</d:q></d:E></d:p></d:D>\n" CLOSE,
          "<a> <type> <D>\n<a> <t> \"t & <u>\"@fr\n<a> <r> <dir/x/y>\n<a> <n> _:n\n<a> <v> "
          "\"3\"^http://d/t\n"
          "_:!1 <type> <E>\n_:!1 <q> \"in\"\n<a> <p> _:!1\n",
          0, 0, "");
    // A DOCTYPE that gives names to namespaces is common, and harmless.
    gives(RDF_XML,
          "<!DOCTYPE rdf:RDF [<!ENTITY x 'http://d/'><!ENTITY y 'why'>]>" OPEN
          "<rdf:Description rdf:about='&x;a'><d:p>&y;</d:p></rdf:Description>" CLOSE,
          "<a> <p> \"why\"\n", 0, 0, "");
    // What raptor would stumble over, and then pass over all that follows.
    gives(
        RDF_XML,
        OPEN
        "<d:D rdf:about='http://d/a b'><d:p rdf:nodeID='1 2'/>\n<d:p><d:E rdf:ID='9'/></d:p>"
        "<d:q id='1'>q</d:q><bare>no</bare><d:p><rdf:li/></d:p><d:r rdf:parseType='Resource' "
        "d:x='y'/>"
        "<d:s>s</d:s></d:D><rdf:Description rdf:nodeID='1 2'><d:t>t</d:t></rdf:Description>" CLOSE,
        "<a b> <type> <D>\n<a b> <p> _:_.1.202\n<dir/file#9> <type> <E>\n<a b> <p> <dir/file#9>\n"
        "<a b> <q> \"q\"\n<a b> <p> \"\"\n<a b> <r> _:!1\n<a b> <s> \"s\"\n_:_.1.202 <t> \"t\"\n",
        7, 2, "line 2: \"nodeID\" is not a valid identifier: it was made one");
    gives(RDF_XML, OPEN "<d:D rdf:about='http://d/a'><d:p>\vx\xE9&#2;</d:p></d:D>" CLOSE,
          "<a> <type> <D>\n<a> <p> \" x\xC3\xA9 \"\n", 3, 0,
          "line 2: a character that XML does not allow was replaced");
    gives(
        RDF_XML,
        OPEN
        "<d:D rdf:about='http://d/a'><d:p rdf:parseType='Literal'><b k='v'>x</b></d:p></d:D>" CLOSE,
        "<a> <type> <D>\n<a> <p> \"<b k=\"v\">x</b>\"^" RDF_NS "XMLLiteral\n", 0, 0, "");
    refused(RDF_XML, STR(OPEN "<d:D rdf:about='http://d/a'/>\n<d:D"), "", ERR_PARSE,
            "line 3: This is not XML: unclosed token.");
    refused(RDF_XML, STR("<!DOCTYPE x [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><x/>"), "", ERR_PARSE,
            "line 1: The DOCTYPE has an entity that holds another, which is refused.");
    refused(RDF_XML, STR("<!DOCTYPE x [\n<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"), "",
            ERR_PARSE,
            "line 2: The DOCTYPE has an entity that is no plain text, which is refused.");
    refused(RDF_XML, STR("<!DOCTYPE x [<!ENTITY % a 'b'>]><x/>"), "", ERR_PARSE,
            "line 1: The DOCTYPE has an entity that is no plain text, which is refused.");
    refused(RDF_XML, STR("<!DOCTYPE x SYSTEM 'http://127.0.0.1/x.dtd'><x/>"), "", ERR_PARSE,
            "line 1: The DOCTYPE names a file, which is refused.");
    refused(RDF_XML, STR("<!DOCTYPE x [<!ATTLIST x k CDATA 'v'>]><x/>"), "", ERR_PARSE,
            "line 1: The DOCTYPE declares attributes, which is refused.");
}

static void repeat(struct buf *b, const char *z, unsigned times)
{
    while (times--)
        buf_addz(b, z);
}

static void test_hostile(void)
{
    struct buf b = {0};
    struct got g = {0};
    struct rdf_reading r;
    struct err e;
    buf_addz(&b, OPEN);
    repeat(&b, "<d:D><d:p>", 15000);
    refused(RDF_XML, buf_str(&b), "", ERR_PARSE,
            "line 2: Elements are nested deeper than 64 levels.");

    buf_clear(&b);
    buf_addz(&b, "<http://d/a> <http://d/p> ");
    repeat(&b, "(", 50000);
    refused(RDF_TURTLE, buf_str(&b), "", ERR_PARSE,
            "line 1: The document ends inside a statement.");
    buf_addz(&b, " .\n<http://d/b> <http://d/p> 'b' .");
    gives(RDF_TURTLE, b.p ? (buf_addc(&b, '\0'), b.p) : "", "<b> <p> \"b\"\n", 1, 1,
          "line 1: a statement was left out: brackets are nested deeper than 64 levels");

    // A text over its bound is cut, an IRI over it loses its statement, a statement over it is not parsed.
    buf_clear(&b);
    buf_addz(&b, "<http://d/a> <http://d/p> \"");
    repeat(&b, "0123456789", 200000);
    buf_addz(&b, "\" .\n<http://d/");
    repeat(&b, "0123456789", 1000);
    buf_addz(&b, "> <http://d/p> 'x' .\n<http://d/b> <http://d/p> \"");
    repeat(&b, "0123456789", 2000000);
    buf_addz(&b, "\" .\n<http://d/c> <http://d/p> 'c' .\n");
    ok(read_rdf(RDF_TURTLE, buf_str(&b), &g, &r, &e));
    is_int(g.n, 2);
    is_int(g.text.n, sizeof "<a> <p> \"\"\n" - 1 + (1 << 20) + sizeof "<c> <p> \"c\"\n" - 1);
    is_int(r.warnings, 3);
    is_int(r.lost, 2);

    // What the parser quotes is cut between characters.
    for (unsigned before = 0; before < 2; before++) {
        buf_clear(&b);
        buf_addz(&b, "<http://d/a> ");
        repeat(&b, "x", before);
        repeat(&b, "é", 300);
        buf_addz(&b, ":x <http://d/b> .\n<http://d/b> <http://d/p> 'b' .\n");
        g.n = 0;
        ok(read_rdf(RDF_TURTLE, buf_str(&b), &g, &r, &e));
        is_int(g.n, 1);
        is_int(r.lost, 1);
    }

    // Reading stops when its caller has enough, at a statement in the midst of a large file.
    buf_clear(&b);
    repeat(&b, "<http://d/a> <http://d/p> <http://d/b> .\n", 200000);
    g.n = 0;
    g.stop_after = 1234;
    ok(!read_rdf(RDF_NTRIPLES, buf_str(&b), &g, &r, &e));
    is_int(e.code, ERR_RECORD);
    is_int(g.n, 1234);
    g.n = g.stop_after = 0;
    ok(read_rdf(RDF_NTRIPLES, buf_str(&b), &g, &r, &e));
    is_int(g.n, 200000);

    buf_free(&b);
    buf_free(&g.text);
}

static enum rdf_format find(const char *type, const char *beginning, const char *url)
{
    return rdf_format_find(str_of(type), str_of(beginning), str_of(url));
}

static void test_format(void)
{
    is_int(find("text/turtle; charset=utf-8", "", ""), RDF_TURTLE);
    is_int(find("Application/RDF+XML", "", ""), RDF_XML);
    is_int(find("application/ld+json", "{", "http://x/a.ttl"), RDF_JSONLD);
    is_int(find("application/n-triples", "<http://a>", ""), RDF_NTRIPLES);
    is_int(find("application/trig", "", ""), RDF_TRIG);
    is_int(find("application/n-quads", "", ""), RDF_NQUADS);
    // The media type is wrong, or says nothing.
    is_int(find("text/turtle", "<?xml version='1.0'?><rdf:RDF/>", ""), RDF_XML);
    is_int(find("application/rdf+xml", " {\"@context\": {}}", ""), RDF_JSONLD);
    is_int(find("application/xml", "<?xml version='1.0'?><rdf:RDF/>", "http://x/a"), RDF_XML);
    is_int(find("text/plain", "<rdf:RDF xmlns:rdf='x'>", ""), RDF_XML);
    is_int(find("text/plain", "\xEF\xBB\xBF@prefix d: <http://d/> .", ""), RDF_TURTLE);
    is_int(find("", "# comment\n\nPREFIX d: <http://d/>", ""), RDF_TURTLE);
    is_int(find("text/plain", "<http://a> <http://b> \"c\" .\n<http://a>", ""), RDF_NTRIPLES);
    is_int(find("", "<http://a> <http://b> \"c\"^^<http://t> .\n", ""), RDF_NTRIPLES);
    is_int(find("", "_:a <http://b> _:c <http://g> .\n", ""), RDF_NQUADS);
    is_int(find("", "<http://a> <http://b> \"c <d> e\"^^<http://t> .\n", ""), RDF_NTRIPLES);
    is_int(find("", "<http://a> <http://b> <http://c> <http://g> .\n", ""), RDF_NQUADS);
    is_int(find("", "<http://a> <http://b> \"c\"@fr <http://g> .\n", ""), RDF_NQUADS);
    is_int(find("", "<http://a> a <http://b> ;\n <http://c> 1 .\n", ""), RDF_TURTLE);
    is_int(find("application/json", "[{\"@id\": 1}]", ""), RDF_JSONLD);
    is_int(find("", "[ {", ""), RDF_JSONLD);
    is_int(find("", "[]", ""), RDF_JSONLD);
    is_int(find("", "{ <http://a> a <http://b> . }", ""), RDF_TRIG);
    is_int(find("", "[] a <http://b> .", "http://x/a.ttl"), RDF_TURTLE);
    // The address, where the beginning tells nothing, or as much as its relatives'.
    is_int(find("text/plain", "", "http://x/a.TTL?x=y.rdf"), RDF_TURTLE);
    is_int(find("", "@prefix d: <http://d/> .", "http://x/a.trig"), RDF_TRIG);
    is_int(find("", "", "http://x/a.jsonld"), RDF_JSONLD);
    is_int(find("", "<?xml?><a/>", "http://x/a.ttl"), RDF_XML);
    // None of them.
    is_int(find("text/html", "<!DOCTYPE html><html>", "http://x/a.rdf"), RDF_UNKNOWN);
    is_int(find("text/turtle", "\n<html><body>404", "http://x/a.ttl"), RDF_UNKNOWN);
    is_int(find("", "name;title\n", ""), RDF_UNKNOWN);
    is_int(find("", "", ""), RDF_UNKNOWN);
    is_str(rdf_format_name(RDF_NQUADS), "nquads");
    refused(RDF_UNKNOWN, STR("x"), "", ERR_ARGUMENT,
            "The RDF format of the document is not known.");
}

// glaneur-parse becomes the program beside it for RDF: alone in a folder it says what is missing.
static void test_alone(void)
{
    const char *program = getenv("GLANEUR_PARSE");
    char folder[] = "/tmp/glaneur-rdf-XXXXXX", path[64];
    ok(program && mkdtemp(folder));
    char *whole = program ? realpath(program, NULL) : NULL;
    snprintf(path, sizeof path, "%s/parse", folder);
    FILE *from = whole ? fopen(whole, "rb") : NULL, *to = fopen(path, "wb");
    char bytes[65536];
    size_t n;
    while (from && to && (n = fread(bytes, 1, sizeof bytes, from)) > 0)
        fwrite(bytes, 1, n, to);
    ok(from && to && fclose(from) == 0 && fclose(to) == 0 && chmod(path, 0755) == 0);
    setenv("GLANEUR_PARSE", path, 1);
    struct got g = {0};
    struct rdf_reading r;
    struct err e;
    ok(!read_rdf(RDF_TURTLE, STR("<a> <b> <c> ."), &g, &r, &e));
    is_int(e.code, ERR_INTERNAL);
    is_str(e.what, "glaneur-parse-rdf cannot be run: error 2. It is installed beside "
                   "glaneur-parse.");
    setenv("GLANEUR_PARSE", whole ? whole : "", 1);
    ok(read_rdf(RDF_TURTLE, STR("<a> <b> <c> ."), &g, &r, &e));
    unlink(path);
    rmdir(folder);
    free(whole);
    buf_free(&g.text);
}

int main(void)
{
    test_turtle();
    test_relatives();
    test_rdfxml();
    test_hostile();
    test_format();
    test_alone();
    return tap_done();
}
