// base: text, HTML and Markdown, exact results.
#include "base/html.h"
#include "base/markdown.h"
#include "base/text.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "tests/tap.h"

#include <time.h>

static struct arena a;

static struct str line(const char *s)
{
    return text_clean(&a, str_of(s), 1000, NULL);
}

static struct str block(const char *s)
{
    return text_clean_block(&a, str_of(s), 1000, NULL);
}

static void one_line(void)
{
    is_text(line("Budget 2021"), "Budget 2021");
    is_text(line("  Budget \t\r\n 2021  "), "Budget 2021");
    is_text(line("Pop.\xC2\xA0l\xC3\xA9gales\xE2\x80\xAF: 2021"), "Pop. légales : 2021");
    is_text(line("a\xE2\x80\x8B"
                 "b\xE2\x81\xA0"
                 "c\xEF\xBB\xBF"
                 "d"),
            "abcd");
    is_text(line("infor\xC2\xADmation"), "information");
    is_text(line("\xE2\x80\xAE"
                 "abc\xE2\x80\xAC \xE2\x81\xA6x\xE2\x81\xA9"),
            "abc x");
    is_text(line("a\x01\x02\x7F"
                 "b"),
            "ab");
    is_text(line("l\xC2\x92"
                 "eau \xC2\x80 \xC2\x81!"),
            "l’eau € !");
    is_text(line("e\xCC\x81tat"), "état");
    is_text(line("\xE2\x84\xAB"), "Å");
    is_text(line("d\xE9j\xE0"), "d\xEF\xBF\xBDj\xEF\xBF\xBD");
    is_text(line("Parc {{default.description}} naturel"), "Parc naturel");
    is_text(line("{{ name }}"), "");
    is_text(line("{x} {{}} {{a:b}} {{a}"), "{x} {{}} {{a:b}} {{a}");
    is_text(line("\xE2\x80\xA8x\xE2\x80\xA9y"), "x y");
    ok(line(" \t ").p == NULL);
    ok(text_clean(&a, STR_NONE, 10, NULL).p == NULL);
    struct str z = line("é");
    is_int(z.p[z.n], 0);
}

static void counts(void)
{
    struct text_counts c = {0};
    is_text(text_clean(&a, STR("NUL\0here \xFF\xE2\x82 \xE2\x80\x8B"), 100, &c),
            "NULhere \xEF\xBF\xBD\xEF\xBF\xBD");
    is_int(c.controls, 2);
    is_int(c.replaced, 2);
    is_int(c.cut, 0);
    is_int(c.mojibake, 0);
    is_text(text_clean(&a, STR("Ã©cole"), 100, &c), "Ã©cole");
    is_int(c.mojibake, 1);
    is_text(text_clean(&a, STR("ééé"), 5, &c), "éé");
    is_int(c.cut, 1);
    is_text(text_clean(&a, STR("ab cd"), 3, &c), "ab");
    is_int(c.cut, 2);
    is_text(text_clean(&a, STR("abc   "), 3, &c), "abc");
    is_int(c.cut, 2);
    is_text(text_clean(&a, STR("e\xCC\x81"), 2, &c), "é");
    is_int(c.cut, 2);
    is_text(text_clean(&a, STR("x"), 0, &c), "");
    is_int(c.cut, 3);
}

static void blocks(void)
{
    is_text(block("a\r\nb\rc\n\n\n\nd  \n  \n\t\ne\n\n"), "a\nb\nc\n\nd\n\ne");
    is_text(block("\n\n  a  b\n- c\n  - d\n\te"), "a b\n- c\n  - d\n    e");
    is_text(block("a\n                                   b"), "a\n                b");
    is_text(block("a\xE2\x80\xA8"
                  "b\x0B"
                  "c"),
            "a\nb\nc");
    is_text(block("{{description}}\n{{description}}\nSubventions"), "Subventions");
    is_text(text_clean_block(&a, STR("ab\n\ncd"), 4, NULL), "ab");
    is_text(block("q \n {{x}} \n r"), "q\n\n r");
    // Far over the cap: what is read of it, and no more, is counted.
    char longest[2000];
    for (size_t i = 0; i < sizeof longest; i++)
        longest[i] = "ab \xC3\xA9 {\xE2\x80\x99"[i % 10];
    struct text_counts c = {0};
    struct str cut = text_clean(&a, str_slice(longest, sizeof longest), 100, &c);
    is_int(c.cut, 1);
    ok(cut.n <= 100 && cut.n > 90 && utf8_valid(cut));
    for (size_t most = 0; most < 60; most++) {
        cut = text_clean_block(&a, str_slice(longest, sizeof longest), most, NULL);
        ok(cut.n <= most && utf8_valid(cut));
    }
    memset(longest, 'x', sizeof longest);
    is_int(text_clean(&a, str_slice(longest, sizeof longest), 50, NULL).n, 50);
    memset(longest, '\xFF', sizeof longest);
    is_int(text_clean(&a, str_slice(longest, sizeof longest), 50, NULL).n, 48);
    memset(longest, '{', sizeof longest);
    is_int(text_clean(&a, str_slice(longest, sizeof longest), 50, NULL).n, 50);
}

static void idempotent(void)
{
    const char *texts[] = {"a\r\n  b {{x}} c\n\n\n d",
                           "l\xC2\x92"
                           "eau",
                           "e\xCC\x81\xCC\xA3 x\xE2\x80\x8B", "\xFF\xFE", "- a\n\t- b"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str once = block(texts[i]), twice = text_clean_block(&a, once, 1000, NULL);
        ok(str_eq(once, twice));
        once = line(texts[i]);
        twice = text_clean(&a, once, 1000, NULL);
        ok(str_eq(once, twice));
        ok(utf8_valid(once));
    }
}

static void mojibake(void)
{
    ok(text_mojibake(STR("Ã©cole")));
    ok(text_mojibake(STR("l\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2"
                         "eau"))); // â€™
    ok(text_mojibake(STR("Ã la carte")));
    ok(text_mojibake(STR("\xC3\x83\xC2\xA0 la carte")));
    ok(text_mojibake(STR("nÂ°12")));
    ok(text_mojibake(STR("perdu\xEF\xBF\xBD")));
    ok(text_mojibake(STR("Ã‰tat")));
    ok(!text_mojibake(STR("École à côté, château, Âge, pâté")));
    ok(!text_mojibake(STR("REGIÃ ")));
    ok(!text_mojibake(STR("SÃO PAULO")));
    ok(!text_mojibake(STR("")));
    ok(!text_mojibake(STR("â")));
}

static void codes(void)
{
    is_text(text_code(&a, STR(" FR:Commune "), 50), "fr:commune");
    is_text(text_code(&a, STR("INSPIRE"), 3), "ins");
    ok(text_code(&a, STR(" "), 50).p == NULL);
}

static struct str html(const char *s)
{
    return text_from_html(&a, str_of(s));
}

static void html_recognised(void)
{
    ok(text_is_html(STR("<p>Bonjour</p>")));
    ok(text_is_html(STR("Bonjour<br/>à tous")));
    ok(text_is_html(STR("x</A>")));
    ok(text_is_html(STR("<span class=\"a > b\">x</span>")));
    ok(text_is_html(STR("a<br>\nb")));
    ok(!text_is_html(STR("a < b et c > d")));
    ok(!text_is_html(STR("<https://example.org>")));
    ok(!text_is_html(STR("<contact@example.org>")));
    ok(!text_is_html(STR("<documentbudgetaire>x</documentbudgetaire>")));
    ok(!text_is_html(STR("**gras** <br> suite")));
    ok(!text_is_html(STR("[x](y) <p>")));
    ok(!text_is_html(STR("# Titre\n<p>")));
    ok(!text_is_html(STR("- un\n- deux <b>x</b>")));
    ok(!text_is_html(STR("```\n<b>\n```")));
    ok(!text_is_html(STR("l&#39;eau")));
    ok(!text_is_html(STR("")));
    ok(!text_is_html(STR("<")));
    ok(!text_is_html(STR("<p")));
}

static void html_to_text(void)
{
    is_text(html("<p>Un</p><p>Deux</p>"), "Un\n\nDeux");
    is_text(html("<div>Un</div>\n<div>Deux</div>"), "Un\nDeux");
    is_text(html("Un<br>Deux<BR />Trois"), "Un\nDeux\nTrois");
    is_text(html("<ul><li>un</li><li><p>deux</p></li>\n<li>trois</ul>fin"),
            "- un\n- deux\n\n- trois\n\nfin");
    is_text(html("<p>ligne\n  coupée   ici</p>"), "ligne coupée ici");
    is_text(html("sans bloc\n<b>gras</b>\nfin"), "sans bloc\ngras\nfin");
    is_text(html("<p>a\n\nb</p>"), "a\n\nb");
    is_text(html("<pre>x\n  y</pre>"), "x\n  y");
    is_text(
        html("<table><tr><th>Nom</th><th>Type</th></tr><tr><td>id</td><td>int</td></tr></table>"),
        "Nom | Type\nid | int");
    is_text(html("a<script>alert('<p>')</script>b<style>p{}</style>c<!-- <p>non</p> -->d"), "abcd");
    is_text(html("a<script>jamais fini"), "a");
    is_text(html("a<!-- jamais fini"), "a");
    is_text(html("<!DOCTYPE html><?xml version='1.0'?>a<![endif]>b"), "ab");
    is_text(html("a < b et c > d & e"), "a < b et c > d & e");
    is_text(html("<p>a <b sans fin"), "a <b sans fin");
    is_text(html("<p>a <b class=\"sans fin"), "a");
    is_text(html("<p>a</p"), "a</p");
    is_text(html("1 <2 <p>x"), "1 <2\n\nx");
    is_text(html("<p>voir <https://example.org> et <balise></p>"),
            "voir <https://example.org> et <balise>");
    is_text(html("<a href=\"https://example.org/x\">le site</a>"), "le site");
    is_text(html("<img src=x onerror=alert(1)>"), "");
    is_text(html("<<p>b>"), "<\n\nb>");
    ok(html("").p == NULL);
}

static void html_entities(void)
{
    is_text(
        html(
            "l&#39;&eacute;t&eacute;&nbsp;: &laquo;&nbsp;oui&nbsp;&raquo; &amp;lt; &euro; &OElig;"),
        "l'été : « oui » &lt; € Œ");
    is_text(html("&#xE9;&#XE9;&#233;&apos;&quot;"), "ééé'\"");
    is_text(html("&#146;&#0;&#xD800;&#x110000;&#99999999999999999999;"),
            "’\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD&#99999999999999999999;");
    is_text(html("?a=1&region=2&copy=3 &inconnu; &; &#; &#x; &amp"),
            "?a=1&region=2&copy=3 &inconnu; &; &#; &#x; &amp");
    is_text(html("a&#8203;b&#x202E;c&shy;d"), "abcd");
    is_text(html("<p>a&#10;b</p>"), "a b");
    uint32_t code = 0;
    is_int(html_entity(STR("&zwnj;x"), &code), 6);
    is_int(code, 0x200C);
    is_int(html_entity(STR("&thetasym;"), &code), 10);
    is_int(html_entity(STR("&AElig;"), &code), 7);
    is_int(code, 0xC6);
    is_int(html_entity(STR("x"), &code), 0);
}

static void html_references(void)
{
    is_text(html_reference('&'), "&amp;");
    is_text(html_reference('<'), "&lt;");
    is_text(html_reference('>'), "&gt;");
    is_text(html_reference('"'), "&quot;");
    is_text(html_reference('\''), "&#39;");
    unsigned others = 0;
    for (int c = 0; c < 256; c++)
        others += html_reference((char)c).p == NULL;
    is_int(others, 256 - 5);
}

static void html_parts(void)
{
    struct str tag = STR("<a class=x href='https://e.org/?a=1&amp;b' title = \"t>\" vide>");
    is_text(html_attribute(tag, "href"), "https://e.org/?a=1&amp;b");
    is_text(html_attribute(tag, "title"), "t>");
    is_text(html_attribute(tag, "class"), "x");
    ok(html_attribute(tag, "vide").p == NULL);
    ok(html_attribute(tag, "id").p == NULL);
    is_text(html_attribute(STR("<a href=x>"), "href"), "x");
    struct str name;
    bool closing;
    is_int(html_tag(tag, &name, &closing), tag.n);
    is_int(html_tag(STR("</P >x"), &name, &closing), 5);
    is_text(name, "P");
    ok(closing);
    is_int(html_tag(STR("<x>"), &name, &closing), 0);
    ok(html_link_allowed(STR("https://example.org/")));
    ok(html_link_allowed(STR("HTTP://example.org")));
    ok(html_link_allowed(STR("mailto:a@b.fr")));
    ok(!html_link_allowed(STR("javascript:alert(1)")));
    ok(!html_link_allowed(STR("data:text/html,x")));
    ok(!html_link_allowed(STR("/relatif")));
    ok(!html_link_allowed(STR("http://")));
    ok(!html_link_allowed(STR("https://a b")));
    ok(!html_link_allowed(STR("https://a\nb")));
    is_text(text_from_html_with_links(
                &a, STR("<p><a href='https://e.org/?a=1&amp;b=2'>le site</a> et <a "
                        "href='https://e.org/'>e.org</a> et <a href='javascript:x'>non</a>"
                        " <a href=\"https://f.org\">f")),
            "le site (https://e.org/?a=1&b=2) et e.org et non f (https://f.org)");
}

static struct str plain(const char *s)
{
    return text_from_markdown(&a, str_of(s));
}

static void markdown_to_text(void)
{
    is_text(plain("Rien de spécial\nà dire : code_insee, a-b.\n- un"),
            "Rien de spécial\nà dire : code_insee, a-b.\n- un");
    is_text(plain("# Titre\nUn **mot** *fort* et `code`.\n\nFin"),
            "Titre\n\nUn mot fort et code.\n\nFin");
    is_text(plain("* un\n* deux\n    * trois\n\n1. x\n2. y"),
            "- un\n- deux\n  - trois\n\n1. x\n2. y");
    is_text(plain("[le site](https://e.org) ![une image](i.png) [![](i.png) Voir](u)"),
            "le site une image Voir");
    is_text(plain("_Il_ a\\_b l&#39;eau &amp; l&eacute;"), "Il a_b l'eau & lé");
    is_text(plain("**a**<br />b <a href='https://e.org'>lien</a>\n<div>\nbloc\n</div>"),
            "a\nb lien\n\nbloc");
    is_text(plain("> cité\n\nTexte"), "cité\n\nTexte");
    is_text(plain("```\nx < 1\n```\nfin"), "x < 1\n\nfin");
    is_text(plain("<p>Du HTML</p>"), "Du HTML");
    is_text(plain("<https://e.org/a_b>"), "https://e.org/a_b");
    is_text(plain("Titre\n=====\nTexte\n---\n"), "Titre\n\nTexte");
    is_text(plain("a & b\n    code"), "a & b\n    code");
    is_text(plain("*a*\nb"), "a\nb");
    is_text(plain("x\xFFy *z*"), "x\xEF\xBF\xBDy z");
    is_text(plain("&#x202E;a&#8203;b"), "ab");
    ok(plain("").p == NULL);
}

static struct str page(const char *s)
{
    return markdown_to_html(&a, str_of(s));
}

#define REL " rel=\"nofollow noopener noreferrer\""

static void markdown_to_page(void)
{
    is_text(page("Un **mot** *fort* & `a<b`\nsuite\n\nFin"),
            "<p>Un <strong>mot</strong> <em>fort</em> &amp; <code>a&lt;b</code><br>\nsuite</p>\n"
            "<p>Fin</p>\n");
    is_text(page("# Un\n###### Six"), "<h3>Un</h3>\n<h4>Six</h4>\n");
    is_text(page("### A\n## B\n#### C\n### D\n## E\n# F"),
            "<h3>A</h3>\n<h3>B</h3>\n<h4>C</h4>\n<h4>D</h4>\n<h3>E</h3>\n<h3>F</h3>\n");
    is_text(page("# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6"),
            "<h3>1</h3>\n<h4>2</h4>\n<h5>3</h5>\n<h6>4</h6>\n<h6>5</h6>\n<h6>6</h6>\n");
    is_text(page("## A\n# <b></b>\n### **B** `c`"),
            "<h3>A</h3>\n<h4><strong>B</strong> <code>c</code></h4>\n");
    is_text(page("#\nTexte"), "<p>Texte</p>\n");
    is_text(page("- a\n- b"), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
    is_text(page("3. a\n\n4. b"),
            "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n");
    is_text(page("> a\n\n---"), "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>\n");
    is_text(page("```\n<b>\n```"), "<pre><code>&lt;b&gt;\n</code></pre>\n");
    is_text(page("[le \"site\"](https://e.org/?a=1&b='2')"),
            "<p><a href=\"https://e.org/?a=1&amp;b=&#39;2&#39;\"" REL
            ">le &quot;site&quot;</a></p>\n");
    is_text(page("[x](javascript:alert(1)) [y](data:text/html,z) [z](/relatif)"), "<p>x y z</p>\n");
    is_text(page("![un plan](https://e.org/i.png)"),
            "<p><a href=\"https://e.org/i.png\"" REL ">un plan</a></p>\n");
    is_text(page("![](https://e.org/i.png)"),
            "<p><a href=\"https://e.org/i.png\"" REL ">image</a></p>\n");
    is_text(page("[![](https://e.org/i.png)](https://e.org/)"),
            "<p><a href=\"https://e.org/\"" REL ">https://e.org/</a></p>\n");
    is_text(page("[![carte](https://e.org/i.png) Voir](https://e.org/)"),
            "<p><a href=\"https://e.org/\"" REL ">carte Voir</a></p>\n");
    is_text(page("Voir https://e.org/a_b_c?x=(1). Ou (http://f.org), fin"),
            "<p>Voir <a href=\"https://e.org/a_b_c?x=(1)\"" REL
            ">https://e.org/a_b_c?x=(1)</a>. Ou (<a "
            "href=\"http://f.org\"" REL ">http://f.org</a>), fin</p>\n");
    is_text(page("<contact@e.org>"),
            "<p><a href=\"mailto:contact@e.org\"" REL ">contact@e.org</a></p>\n");
    is_text(page("xhttps://e.org https:// http://»"), "<p>xhttps://e.org https:// http://»</p>\n");
}

static void markdown_and_tags(void)
{
    is_text(page("**x** <script>alert(1)</script> <img src=x onerror=y>"),
            "<p><strong>x</strong> alert(1) </p>\n");
    is_text(page("**x**\n\n<script>\nalert(1)\n</script>"), "<p><strong>x</strong></p>\n");
    is_text(page("**x**<br>y"), "<p><strong>x</strong><br>\ny</p>\n");
    is_text(page("**x** <a href=\"https://e.org\" target=\"_blank\">le site</a>"),
            "<p><strong>x</strong> <a href=\"https://e.org\"" REL ">le site</a></p>\n");
    is_text(page("**x <a href='https://e.org'>y** z</a>"),
            "<p><strong>x <a href=\"https://e.org\"" REL ">y</a></strong> z</p>\n");
    is_text(page("**x** <a href='https://e.org'>*y</a> z*"),
            "<p><strong>x</strong> <a href=\"https://e.org\"" REL "><em>y z</em></a></p>\n");
    is_text(page("**x** <a href='javascript:y'>z</a></a>"), "<p><strong>x</strong> z</p>\n");
    is_text(page("**x** <a href='https://e.org'>y\n\nz"),
            "<p><strong>x</strong> <a href=\"https://e.org\"" REL ">y</a></p>\n<p>z</p>\n");
    is_text(page("**x** <a href='https://e.org'>[y](https://f.org) https://g.org</a>"),
            "<p><strong>x</strong> <a href=\"https://e.org\"" REL ">y https://g.org</a></p>\n");
    is_text(page("# T\n<p>\nUn <b>bloc</b> & un <a href='https://e.org'>lien</a>\n</p>"),
            "<h3>T</h3>\n<p>Un bloc &amp; un lien (<a href=\"https://e.org\"" REL
            ">https://e.org</a>)</p>\n");
    is_text(page("<p>Du <b>HTML</b> * libre *</p><p>\"Fin\"</p>"),
            "<p>Du HTML * libre *</p>\n<p>&quot;Fin&quot;</p>\n");
    is_text(page("a&#x202E;b &lt;script&gt; &#0;"), "<p>ab &lt;script&gt; \xEF\xBF\xBD</p>\n");
    is_text(page("<p>x\xFFy</p>"), "<p>x\xEF\xBF\xBDy</p>\n");
    is_text(page("**x** <a href='https://e.org/\xFF'>y</a>"),
            "<p><strong>x</strong> <a href=\"https://e.org/\xEF\xBF\xBD\"" REL ">y</a></p>\n");
    ok(page("").p == NULL);
    ok(page(" \n ").p == NULL);
    char url[3000] = "[x]: https://e.org/";
    memset(url + 19, 'u', 2100);
    strcpy(url + 2119, "\n\n[x]");
    is_text(page(url), "<p>x</p>\n");
}

// CPU time that the four ways through a text take.
static double milliseconds_for(struct str s)
{
    struct timespec before, after;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    text_clean_block(&a, s, MARKDOWN_BYTES, NULL);
    text_from_markdown(&a, s);
    markdown_to_html(&a, s);
    text_from_html(&a, s);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    return (double)(after.tv_sec - before.tv_sec) * 1e3 +
           (double)(after.tv_nsec - before.tv_nsec) / 1e6;
}

// Texts that keep cmark-gfm 0.29.0.gfm.6 busy for seconds. The measure is ordinary Markdown of the
// same length, so that sanitizers and a busy machine weigh on both.
static void markdown_hostile(void)
{
    static const struct {
        const char *once, *unit, *end;
        size_t bytes;
    } texts[] = {
        {"", "![[]()", "", 180000},
        {"", "[a](", "", 65536},
        {"[x]: uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu\n\n", "[x] ", "", 65536},
        {"", "a <!A ", "", 65536},
        {"", "a <?", "", 65536},
        {"", "a <![CDATA[ ", "", 65536},
        {"- - - - - - - - - - - - - - - - - - - - a\n", "\n", "", 65536},
        {"", "> ", "", 32768},
        {"", "+ ", ".................................", 65536},
        {"", "* a **b ", "", 65536},
        {"", "*_", "", 65536},
        {"", "<a href=\"", "", 65536},
        {"", "<a b='c\"", "", 65536},
        {"", "<p <b ", "", 65536},
        {"<script>", "</scrip ", "", 65536},
        {"", "&amp", "", 65536},
        {"", "{{a", "", 65536},
        {"", "`a``b", "", 65536},
    };
    struct buf text = {0};
    while (text.n < MARKDOWN_BYTES)
        buf_addz(&text,
                 "# Titre\n\nUn **mot**, [un lien](https://e.org) &amp; `x`.\n\n- a\n  - b\n\n");
    double most = 20;
    for (int i = 0; i < 3; i++)
        most += 20 * milliseconds_for(buf_str(&text));
    for (size_t i = 0; i <= sizeof texts / sizeof *texts; i++) {
        buf_clear(&text);
        if (i == sizeof texts / sizeof *texts) { // a table of 20 000 columns
            for (int row = 0; row < 2; row++) {
                for (int column = 0; column < 20000; column++)
                    buf_addz(&text, row ? "-|" : "a|");
                buf_addc(&text, '\n');
            }
        } else {
            buf_addz(&text, texts[i].once);
            while (text.n < texts[i].bytes)
                buf_addz(&text, texts[i].unit);
            buf_addz(&text, texts[i].end);
        }
        double ms = milliseconds_for(buf_str(&text));
        if (!tap_result(ms < most, __FILE__, __LINE__, "in time"))
            printf("#   text %zu took %.0f ms, at most %.0f\n", i, ms, most);
        arena_reset(&a);
    }
    buf_free(&text);
    ok(!markdown_is_cheap(
        str_slice("<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!"
                  "<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!<!",
                  132)));
    ok(markdown_is_cheap(STR("# Titre\n\n- a\n  - b\n\n[x](y) <!-- z -->")));
}

int main(void)
{
    one_line();
    counts();
    blocks();
    idempotent();
    mojibake();
    codes();
    html_recognised();
    html_to_text();
    html_entities();
    html_references();
    html_parts();
    markdown_to_text();
    markdown_to_page();
    markdown_and_tags();
    markdown_hostile();
    arena_free(&a);
    return tap_done();
}
