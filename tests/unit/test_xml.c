// XML as a tree, by the real child: what is read, how it is found, and every document that is refused.
#include "base/buf.h"
#include "harvester/xml/xml.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct arena arena;

static const struct xml_node *read_xml(const char *document)
{
    struct err e = {0};
    const struct xml_node *root = xml_read(str_of(document), &arena, &e);
    if (!root)
        printf("# %s\n", e.what);
    return root;
}

static void is_refused(struct str document, enum err_code code, const char *what)
{
    struct err e = {0};
    ok(!xml_read(document, &arena, &e));
    is_int(e.code, code);
    is_str(e.what, what);
    is_str(e.where, "");
}

static void test_tree(void)
{
    const struct xml_node *a =
        read_xml("<?xml version='1.0'?>\n"
                 "<a xmlns='urn:one' xmlns:x='urn:two' k=' v ' x:k='w'>\n"
                 "  one<x:b/>two<!-- no --><c>th<![CDATA[re<]]>e</c><?no no?> &lt;&#233;\n"
                 "</a>\n");
    ok(a != NULL);
    is_text(a->ns, "urn:one");
    is_text(a->name, "a");
    is_text(a->text, "\n  onetwo <\xC3\xA9\n");
    is_int(a->line, 2);
    ok(!a->parent && !a->next);
    is_int(a->attribute_count, 2);
    is_text(a->attributes[0].value, " v ");
    const struct xml_node *b = a->first, *c = b->next;
    is_text(b->ns, "urn:two");
    is_text(b->name, "b");
    is_text(b->text, "");
    is_int(b->line, 3);
    ok(b->parent == a && !b->first && !b->attribute_count);
    is_text(c->text, "thre<e");
    ok(!c->next);
    is_text(xml_text(a, &arena), "onetwothre<e <\xC3\xA9");
    is_text(xml_attribute(a, NULL, "k"), "v");
    is_text(xml_attribute(a, "", "k"), "v");
    is_text(xml_attribute(a, "urn:two", "k"), "w");
    ok(!xml_attribute(a, "urn:one", "k").p);
    ok(!xml_attribute(a, NULL, "l").p);
    ok(!xml_attribute(NULL, NULL, "k").p);
}

static void test_finding(void)
{
    const struct xml_node *a = read_xml(
        "<a xmlns:x='u'><b><c>1</c></b><b><d>2</d><c>3</c></b><x:b><d><c> 4 </c></d></x:b><e> </e>"
        "<m>a<i>b</i>c<i>d</i></m></a>");
    is_text(xml_child(a, NULL, "b")->first->text, "1");
    is_text(xml_child(a, "u", "b")->name, "b");
    ok(xml_child(a, "u", "b") == xml_child(a, NULL, "b")->next->next);
    ok(!xml_child(a, "v", "b") && !xml_child(a, NULL, "c") && !xml_child(NULL, NULL, "b"));
    ok(xml_sibling(xml_child(a, NULL, "b"), "", "b") == a->first->next);
    ok(!xml_sibling(a, NULL, "a") && !xml_sibling(NULL, NULL, "a"));

    is_text(xml_text_at(a, "b/c", &arena), "1");
    is_text(xml_text_at(a, "b/d", &arena), "2");   // the first b has none
    is_text(xml_text_at(a, "*/d/c", &arena), "4"); // nor has the second's d a c
    is_text(xml_text_at(a, "*/*/c", &arena), "4");
    ok(!xml_find(a, "b/x") && !xml_find(a, "c") && !xml_find(NULL, "b"));
    ok(!xml_text_at(a, "b/x", &arena).p);
    ok(!xml_text_at(a, "e", &arena).p);
    is_text(xml_text_at(a, "m", &arena), "abcd");

    size_t n = 9;
    const struct xml_node **all = xml_find_all(a, "b/c", 10, &arena, &n);
    is_int(n, 2);
    is_text(all[0]->text, "1");
    is_text(all[1]->text, "3");
    xml_find_all(a, "*", 3, &arena, &n);
    is_int(n, 3);
    xml_find_all(a, "*/*", 100, &arena, &n);
    is_int(n, 6);
    xml_find_all(a, "b", 0, &arena, &n);
    is_int(n, 0);
    xml_find_all(NULL, "b", 10, &arena, &n);
    is_int(n, 0);
}

// Trees made by hand may have nodes without text at all.
static void test_no_text(void)
{
    struct xml_node last = {.name = STR("c"), .text = STR("x")};
    struct xml_node first = {.name = STR("b"), .next = &last};
    struct xml_node root = {.name = STR("a"), .first = &first};
    is_text(xml_text(&root, &arena), "x");
    ok(!xml_text(&first, &arena).p);
    last.text = STR_NONE;
    ok(!xml_text(&root, &arena).p);
}

static void is_read(struct str document, const char *text)
{
    struct err e = {0};
    const struct xml_node *root = xml_read(document, &arena, &e);
    is_str(e.what, "");
    is_text(xml_text(root, &arena), text);
}

static void test_encodings(void)
{
    is_read(STR("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9\x80</a>"),
            "\xC3\xA9\xE2\x82\xAC");
    is_read(STR("<?xml version='1.0' encoding=\"windows-1252\"?><a>l\x92\xE9t\xE9</a>"),
            "l\xE2\x80\x99\xC3\xA9t\xC3\xA9");
    is_read(STR("<?xml version='1.0' encoding='iso-8859-15'?><a>\xA4\xBD</a>"),
            "\xE2\x82\xAC\xC5\x93");
    is_read(str_slice("\xFF\xFE<\0a\0>\0\xE9\0\x3D\xD8\0\xDE<\0/\0a\0>\0", 22),
            "\xC3\xA9\xF0\x9F\x98\x80");
    is_read(str_slice("\0<\0a\0>\0\xE9\0<\0/\0a\0>", 16), "\xC3\xA9");
    // Declared UTF-16 in 8-bit bytes: what was made a string first.
    is_read(STR("<?xml version='1.0' encoding='utf-16'?><a>\xC3\xA9</a>"), "\xC3\xA9");
    is_read(STR("\xEF\xBB\xBF<a>\xC3\xA9</a>"), "\xC3\xA9");
    is_read(STR(" \n<?xml version='1.1'?>\n<a>late declaration</a>"), "late declaration");
    is_refused(STR("<?xml version='1.0' encoding='koi8-r'?><a/>"), ERR_PARSE,
               "line 1: The encoding \"koi8-r\" is not known.");
    // Mended: Windows-1252 among UTF-8, a sequence cut short, control characters, written and referred to.
    is_read(STR("<a>\xC3\xA9 \xE9t\xE9</a>"), "\xC3\xA9 \xC3\xA9t\xC3\xA9");
    is_read(STR("<a>caf\xC3</a>"), "caf\xEF\xBF\xBD");
    is_read(STR("<a>l\xE2\x80</a>"), "l\xEF\xBF\xBD");
    is_read(str_slice("<a>x\0y\vz&#11;t&#x1F;u&#65;&#xFFFF;v&#x110000;w</a>", 51),
            "x y z t uA v w");
    is_read(STR("<a><![CDATA[&#11;&#233;]]></a>"), "&#233;");
}

static void test_refused(void)
{
    is_refused(STR(""), ERR_PARSE, "line 1: This is not XML: no element found.");
    is_refused(STR("{\"a\": 1}"), ERR_PARSE,
               "line 1: This is not XML: not well-formed (invalid token).");
    is_refused(STR("<a>\n<b></a>"), ERR_PARSE, "line 2: This is not XML: mismatched tag.");
    is_refused(STR("<a>\n<b>cut"), ERR_PARSE, "line 2: This is not XML: no element found.");
    is_refused(STR("<x:a/>"), ERR_PARSE, "line 1: This is not XML: unbound prefix.");
    is_refused(STR("<a>&eacute;</a>"), ERR_PARSE, "line 1: This is not XML: undefined entity.");
    is_refused(STR("<a/><b/>"), ERR_PARSE, "line 1: This is not XML: junk after document element.");
    const char *doctype =
        "line 1: The document has a DOCTYPE, which is refused: it can name files and "
        "make a document endless.";
    is_refused(STR("<!DOCTYPE a [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><a>&b;</a>"),
               ERR_PARSE, doctype);
    is_refused(STR("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"), ERR_PARSE,
               doctype);
    is_refused(STR("<!DOCTYPE html><html/>"), ERR_PARSE, doctype);
}

static void repeat(struct buf *b, const char *z, unsigned times)
{
    while (times--)
        buf_addz(b, z);
}

static void test_bounds(void)
{
    struct buf b = {0};
    repeat(&b, "<a>", 64);
    repeat(&b, "</a>", 64);
    struct err e = {0};
    ok(xml_read(buf_str(&b), &arena, &e));
    buf_clear(&b);
    repeat(&b, "<a>", 10000);
    repeat(&b, "</a>", 10000);
    is_refused(buf_str(&b), ERR_PARSE, "line 1: Elements are nested deeper than 64 levels.");

    buf_clear(&b);
    buf_addz(&b, "<a>");
    repeat(&b, "<b/>", XML_NODES_MAX);
    buf_addz(&b, "</a>");
    is_refused(buf_str(&b), ERR_PARSE, "line 1: The document has over 2000000 elements.");

    buf_clear(&b);
    buf_addz(&b, "<a>");
    for (int i = 0; i < 20000; i++)
        buf_addf(&b, "<n%d/>", i);
    buf_addz(&b, "</a>");
    is_refused(buf_str(&b), ERR_PARSE, "line 1: Over 20000 different names.");

    buf_clear(&b);
    buf_addz(&b, "<a ");
    for (int i = 0; i < 1001; i++)
        buf_addf(&b, "n%d='' ", i);
    buf_addz(&b, "/>");
    is_refused(buf_str(&b), ERR_PARSE, "line 1: An element has too many attributes.");

    // A namespace of a megabyte would come back with each element.
    buf_clear(&b);
    buf_addz(&b, "<a xmlns='");
    repeat(&b, "0123456789", 300);
    buf_addz(&b, "'/>");
    is_refused(buf_str(&b), ERR_PARSE, "line 1: A name is over 2048 bytes.");

    // Pieces of a long text end between characters, wherever those stand.
    for (unsigned before = 0; before < 2; before++) {
        buf_clear(&b);
        buf_addz(&b, "<a>");
        repeat(&b, "x", before);
        repeat(&b, "é", 50000);
        buf_addz(&b, "</a>");
        const struct xml_node *accents = xml_read(buf_str(&b), &arena, &e);
        ok(accents && accents->text.n == before + 100000);
    }

    // 100 MB of one element, which come in one piece.
    enum { HUNDRED = 100 << 20 };
    char *huge = xmalloc(HUNDRED);
    memset(huge, 'x', HUNDRED);
    memcpy(huge, "<a>", 3);
    memcpy(huge + HUNDRED - 4, "</a>", 4);
    struct arena large = {0};
    const struct xml_node *root = xml_read(str_slice(huge, HUNDRED), &large, &e);
    is_str(e.what, "");
    ok(root && root->text.n == HUNDRED - 7);
    arena_free(&large);
    free(huge);
    buf_free(&b);
}

static void test_nobody_asks_why(void)
{
    ok(!xml_read(STR("<a><b></a>"), &arena, NULL)); // refused by the child
    ok(!xml_read(STR(""), &arena, NULL));
    ok(xml_read(STR("<a/>"), &arena, NULL));
    setenv("GLANEUR_PARSE", "/nowhere/glaneur-parse", 1);
    ok(!xml_read(STR("<a/>"), &arena, NULL));
}

static void test_no_child(void)
{
    setenv("GLANEUR_PARSE", "/nowhere/glaneur-parse", 1);
    is_refused(STR("<a/>"), ERR_INTERNAL,
               "The parser /nowhere/glaneur-parse cannot be run: error 2.");
}

int main(void)
{
    test_tree();
    test_finding();
    test_no_text();
    test_encodings();
    test_refused();
    test_bounds();
    test_nobody_asks_why();
    test_no_child();
    arena_free(&arena);
    return tap_done();
}
