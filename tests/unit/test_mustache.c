// The template engine: each rule of Mustache that it takes, each that it refuses, and its bounds.
// The cases are our own; they follow the chapters of the Mustache specification (github.com/mustache/spec).
#include "api/web/mustache.h"

#include "tests/tap.h"

#include <pthread.h>
#include <stdlib.h>

struct sample {
    const char *what, *text, *view, *wanted;
};

// Renders `text` as the template "page", beside the partials that the cases below name.
static bool render(const char *text, const char *view, struct buf *out, struct err *e)
{
    const struct template_source sources[] = {
        {STR("page"), str_of(text)},
        {STR("word"), STR("mot")},
        {STR("greeting"), STR("Bonjour {{name}} !")},
        {STR("lines"), STR("un\n{{name}}\n\n  trois\n")},
        {STR("tree"), STR("<{{label}}{{#children}}{{> tree}}{{/children}}>")},
        {STR("outer"), STR("[\n  {{> lines}}\n]\n")},
        {STR("inline"), STR("a {{> lines}}")},
        {STR("open"), STR("{{#on}}x\ny{{/on}}\n{{^on}}n{{/on}}")},
        {STR("dir/part-1.x"), STR("rangé")},
    };
    struct template_set *set = mustache_parse(sources, sizeof sources / sizeof *sources, e);
    if (!set)
        return false;
    json_t *data = json_loads(view, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    bool done = mustache_render(set, STR("page"), data, out, e);
    json_decref(data);
    mustache_free(set);
    return done;
}

static void check(const struct sample *samples, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct buf out = {0};
        struct err e = {0};
        bool done = render(samples[i].text, samples[i].view, &out, &e);
        if (!done)
            buf_addf(&out, "error %s at %s", e.what, e.where);
        tap_mem(out.p, out.n, samples[i].wanted, strlen(samples[i].wanted), __FILE__, __LINE__,
                samples[i].what);
        buf_free(&out);
    }
}
#define CHECK(samples) check((samples), sizeof(samples) / sizeof *(samples))

static void test_interpolation(void)
{
    static const struct sample samples[] = {
        {"no tag at all", "Rien à {remplacer} }} ici\n", "{}", "Rien à {remplacer} }} ici\n"},
        {"an empty template", "", "{}", ""},
        {"a value", "le {{nom}}.", "{\"nom\":\"jeu\"}", "le jeu."},
        {"spaces inside the tag", "{{  nom\t}}|{{{ nom }}}", "{\"nom\":\"jeu\"}", "jeu|jeu"},
        {"spaces around the tag stay", " {{nom}} \n", "{\"nom\":\"jeu\"}", " jeu \n"},
        {"a value alone on its line keeps the line", "a\n  {{nom}}\nb", "{\"nom\":\"jeu\"}",
         "a\n  jeu\nb"},
        {"escaped", "{{x}}", "{\"x\":\"<b a='1'>\\\"&amp;</b>\"}",
         "&lt;b a=&#39;1&#39;&gt;&quot;&amp;amp;&lt;/b&gt;"},
        {"raw", "{{{x}}}", "{\"x\":\"<b a='1'>\\\"&amp;</b>\"}", "<b a='1'>\"&amp;</b>"},
        {"never expanded again", "{{x}}{{{x}}}", "{\"x\":\"{{y}}\",\"y\":\"non\"}", "{{y}}{{y}}"},
        {"UTF-8 as it is", "{{x}}", "{\"x\":\"été « œ » 🌾\"}", "été « œ » 🌾"},
        {"integers", "{{a}} {{b}} {{{c}}}", "{\"a\":85,\"b\":-9223372036854775808,\"c\":0}",
         "85 -9223372036854775808 0"},
        {"reals in their shortest form", "{{a}} {{b}} {{c}}", "{\"a\":1.21,\"b\":0.1,\"c\":3.0}",
         "1.21 0.1 3"},
        {"booleans", "{{a}} {{b}}", "{\"a\":true,\"b\":false}", "true false"},
        {"null is nothing", "({{a}})({{{a}}})", "{\"a\":null}", "()()"},
        {"absent is nothing", "({{a}})({{{a}}})", "{}", "()()"},
        {"lists and objects have no text", "({{a}})({{{b}}})", "{\"a\":[1],\"b\":{\"c\":1}}",
         "()()"},
        {"a view that is a string", "{{.}}", "\"<\"", "&lt;"},
        {"a view that is a number", "{{{.}}}", "12", "12"},
        {"a name in a view that is no object", "({{a}})", "[1]", "()"},
        {"dotted", "{{a.b}}={{{a.b}}}", "{\"a\":{\"b\":\"x\"}}", "x=x"},
        {"dotted, deep", "{{a.b.c.d}}", "{\"a\":{\"b\":{\"c\":{\"d\":\"fin\"}}}}", "fin"},
        {"dotted, broken off", "({{a.b.c}})", "{\"a\":{}}", "()"},
        {"dotted, through a string", "({{a.length}})", "{\"a\":\"mot\"}", "()"},
        {"dotted: the rest is not looked up outside", "({{a.b}})", "{\"a\":{},\"b\":\"non\"}",
         "()"},
        {"dotted: the first part is", "{{#a}}{{b.c}}{{/a}}", "{\"a\":{},\"b\":{\"c\":\"oui\"}}",
         "oui"},
        {"dotted: the innermost first part counts alone", "{{#a}}({{b.c}}){{/a}}",
         "{\"a\":{\"b\":{}},\"b\":{\"c\":\"non\"}}", "()"},
        {"names with digits, '-' and '_'", "{{a-1_B}}", "{\"a-1_B\":1}", "1"},
        {"three braces beside two", "{{a}}{{{a}}}{{a}}}", "{\"a\":\"<\"}", "&lt;<&lt;}"},
    };
    CHECK(samples);
}

static void test_sections(void)
{
    static const struct sample samples[] = {
        {"true", "{{#a}}oui{{/a}}", "{\"a\":true}", "oui"},
        {"false", "{{#a}}oui{{/a}}", "{\"a\":false}", ""},
        {"null", "{{#a}}oui{{/a}}", "{\"a\":null}", ""},
        {"absent", "{{#a}}oui{{/a}}", "{}", ""},
        {"zero, no text, no items", "{{#a}}1{{/a}}{{#b}}2{{/b}}{{#c}}3{{/c}}{{#d}}4{{/d}}",
         "{\"a\":0,\"b\":\"\",\"c\":[],\"d\":0.0}", ""},
        {"numbers, text, an empty object", "{{#a}}1{{/a}}{{#b}}2{{/b}}{{#c}}3{{/c}}{{#d}}4{{/d}}",
         "{\"a\":-1,\"b\":\"0\",\"c\":{},\"d\":-0.5}", "1234"},
        {"an object becomes the context", "{{#a}}{{nom}}{{/a}}{{nom}}",
         "{\"nom\":\"dehors\",\"a\":{\"nom\":\"dedans\"}}", "dedansdehors"},
        {"outer names are seen inside", "{{#a}}{{#b}}{{x}}{{y}}{{z}}{{/b}}{{/a}}",
         "{\"x\":1,\"a\":{\"y\":2,\"b\":{\"z\":3}}}", "123"},
        {"null inside hides the name outside", "{{#a}}({{x}}){{/a}}",
         "{\"x\":1,\"a\":{\"x\":null}}", "()"},
        {"a list", "{{#a}}<{{n}}>{{/a}}", "{\"a\":[{\"n\":1},{\"n\":2},{\"n\":3}]}", "<1><2><3>"},
        {"each item has its own context", "{{#a}}{{x}}{{/a}}", "{\"x\":0,\"a\":[{\"x\":1},{}]}",
         "10"},
        {"the item itself", "{{#a}}({{.}}){{/a}}", "{\"a\":[\"<\",2,0.5,true,null]}",
         "(&lt;)(2)(0.5)(true)()"},
        {"the item itself, raw", "{{#a}}({{{.}}}){{/a}}", "{\"a\":[\"<\",\"&\"]}", "(<)(&)"},
        {"lists in lists", "{{#a}}[{{#.}}{{.}},{{/.}}]{{/a}}", "{\"a\":[[1,2],[],[3]]}",
         "[1,2,][][3,]"},
        {"a view that is a list", "{{#.}}{{n}};{{/.}}", "[{\"n\":1},{\"n\":2}]", "1;2;"},
        {"a text value is its own context", "{{#a}}{{.}} {{b}}{{/a}}", "{\"a\":\"x\",\"b\":\"y\"}",
         "x y"},
        {"dotted", "{{#a.b}}{{c}}{{/a.b}}", "{\"a\":{\"b\":{\"c\":\"x\"}}}", "x"},
        {"dotted, broken off", "{{#a.b.c}}non{{/a.b.c}}", "{\"a\":{}}", ""},
        {"the same section twice", "{{#a}}1{{/a}}-{{#a}}2{{/a}}", "{\"a\":true}", "1-2"},
        {"within itself", "{{#a}}<{{#a}}{{n}}{{/a}}>{{/a}}", "{\"a\":{\"n\":\"x\"}}", "<x>"},
        {"a false one skips what it holds", "{{#a}}{{#b}}{{> word}}{{/b}}{{/a}}.", "{\"b\":1}",
         "."},
        {"spaces inside the tags", "{{# a }}x{{/ a\n}}", "{\"a\":1}", "x"},
        {"inline: spaces stay", " {{#a}} x {{/a}} \n", "{\"a\":1}", "  x  \n"},
        {"inverted: false, null, absent, empty",
         "{{^a}}1{{/a}}{{^b}}2{{/b}}{{^c}}3{{/c}}{{^d}}4{{/d}}{{^e}}5{{/e}}",
         "{\"a\":false,\"b\":null,\"d\":[],\"e\":\"\"}", "12345"},
        {"inverted: true, an object, a list", "{{^a}}1{{/a}}{{^b}}2{{/b}}{{^c}}3{{/c}}",
         "{\"a\":true,\"b\":{},\"c\":[null]}", ""},
        {"inverted keeps the context", "{{#a}}{{^b}}{{x}}{{/b}}{{/a}}", "{\"a\":{\"x\":1}}", "1"},
        {"inverted, dotted", "{{^a.b.c}}rien{{/a.b.c}}", "{\"a\":{\"b\":{}}}", "rien"},
        {"one or the other", "{{#a}}oui{{/a}}{{^a}}non{{/a}}", "{\"a\":[]}", "non"},
    };
    CHECK(samples);
}

static void test_lines(void)
{
    static const struct sample samples[] = {
        {"sections take their lines", "a\n{{#x}}\nb\n{{/x}}\nc\n", "{\"x\":1}", "a\nb\nc\n"},
        {"inverted sections too", "a\n{{^x}}\nb\n{{/x}}\nc\n", "{}", "a\nb\nc\n"},
        {"with their indentation", "a\n \t{{#x}} \t\nb\n  {{/x}}  \nc\n", "{\"x\":1}", "a\nb\nc\n"},
        {"with CR LF", "a\r\n{{#x}}\r\nb\r\n{{/x}}\r\nc", "{\"x\":1}", "a\r\nb\r\nc"},
        {"a lone CR is no end of line", "{{#x}}\rb{{/x}}", "{\"x\":1}", "\rb"},
        {"on the first line", "{{#x}}\na{{/x}}\nb", "{\"x\":1}", "a\nb"},
        {"on the last line, without newline", "{{#x}}\na\n  {{/x}}", "{\"x\":1}", "a\n"},
        {"empty lines around stay", "\n\n{{#x}}\n\n{{/x}}\n\n", "{\"x\":1}", "\n\n\n\n"},
        {"two tags on a line stand alone neither", "{{#x}}{{/x}}\n|", "{\"x\":1}", "\n|"},
        {"a tag behind text is not alone", "a {{#x}}\nb\n{{/x}} c", "{\"x\":1}", "a \nb\n c"},
        {"for each item", "{{#x}}\n- {{.}}\n{{/x}}\n", "{\"x\":[1,2]}", "- 1\n- 2\n"},
        {"one behind the other", "{{#x}}\n{{#x}}\na\n{{/x}}\n{{/x}}\nb", "{\"x\":1}", "a\nb"},
        {"a comment in a line", "a{{! rien {ici} }}b", "{}", "ab"},
        {"a comment alone on its line", "a\n  {{! rien }}\nb", "{}", "a\nb"},
        {"a comment over lines", "a\n{{!\n rien\n  du tout\n}}\nb", "{}", "a\nb"},
        {"a comment over lines, not alone", "a {{!\n rien\n}}\nb", "{}", "a \nb"},
        {"a comment that is all", "{{! rien }}", "{}", ""},
        {"a comment like a tag", "{{!#x}}{{! > word }}.", "{}", "."},
    };
    CHECK(samples);
}

static void test_partials(void)
{
    static const struct sample samples[] = {
        {"a partial", "\"{{> word}}\"", "{}", "\"mot\""},
        {"without space, with more", "{{>word}}{{>   word\t}}", "{}", "motmot"},
        {"a name with '/', '-', '.'", "{{> dir/part-1.x}}", "{}", "rangé"},
        {"sees the context", "{{#a}}{{> greeting}}{{/a}}", "{\"a\":{\"name\":\"<Ada>\"}}",
         "Bonjour &lt;Ada&gt; !"},
        {"for each item", "{{#a}}{{> greeting}}{{/a}}",
         "{\"a\":[{\"name\":\"A\"},{\"name\":\"B\"}]}", "Bonjour A !Bonjour B !"},
        {"calls itself", "{{> tree}}",
         "{\"label\":\"a\",\"children\":[{\"label\":\"b\",\"children\":[]},{\"label\":\"c\","
         "\"children\":[{\"label\":\"d\",\"children\":false}]}]}",
         "<a<b><c<d>>>"},
        {"inline: no line is taken, none is indented", " {{> lines}}|\n", "{\"name\":\"deux\"}",
         " un\ndeux\n\n  trois\n|\n"},
        {"alone: its line is taken", "a\n{{> word}}\nb", "{}", "a\nmotb"},
        {"alone: its lines are indented, empty ones not", "a\n \t{{> lines}}\nb\n",
         "{\"name\":\"deux\"}", "a\n \tun\n \tdeux\n\n \t  trois\nb\n"},
        {"a value's own lines are not", "  {{> lines}}", "{\"name\":\"x\\ny\"}",
         "  un\n  x\ny\n\n    trois\n"},
        {"indentations add up", "  {{> outer}}", "{\"name\":\"deux\"}",
         "  [\n    un\n    deux\n\n      trois\n  ]\n"},
        {"and stop at a partial in a line", "  {{> inline}}", "{\"name\":\"deux\"}",
         "  a un\ndeux\n\n  trois\n"},
        {"a section at the start of a line", "  {{> open}}", "{\"on\":true}", "  x\n  y\n  "},
        {"an empty one there", "  {{> open}}", "{}", "  \n  n"},
    };
    CHECK(samples);
}

static void is_refused(const char *text, const char *what, const char *where)
{
    struct buf out = {0};
    struct err e = {0};
    ok(!render(text, "{}", &out, &e));
    is_int(e.code, ERR_PARSE);
    is_str(e.what, what);
    is_str(e.where, where);
    buf_free(&out);
}

static void test_refused(void)
{
    is_refused("a\nb {{nom", "a tag that is not closed", "page:2");
    is_refused("{{{nom}}", "a tag that is not closed", "page:1");
    is_refused("{{}}", "not a name", "page:1");
    is_refused("{{a b}}", "not a name: a b", "page:1");
    is_refused("{{é}}", "not a name: é", "page:1");
    is_refused("{{#}}{{/}}", "not a name", "page:1");
    is_refused("{{a..b}}", "a dotted name with an empty part: a..b", "page:1");
    is_refused("{{.a}}", "a dotted name with an empty part: .a", "page:1");
    is_refused("\n\n{{#a}}\n{{/b}}", "the end of another section than the one that is open: b",
               "page:4");
    is_refused("{{/a}}", "the end of a section that was not opened: a", "page:1");
    is_refused("{{!\n\n}}\n{{#a}}\n{{#b}}{{/b}}\n", "a section that is not closed: a", "page:4");
    is_refused("{{> absent}}", "no template of that name: absent", "page:1");
    is_refused("{{> ../x y}}", "not the name of a template: ../x y", "page:1");
    is_refused("{{&nom}}", "a kind of tag that this engine does not take: &nom", "page:1");
    is_refused("{{=<% %>=}}", "a kind of tag that this engine does not take: =<% %>=", "page:1");
    is_refused("{{< parent}}{{/ parent}}", "a kind of tag that this engine does not take: < parent",
               "page:1");
    is_refused("{{$ block}}{{/ block}}", "a kind of tag that this engine does not take: $ block",
               "page:1");
    char deep[MUSTACHE_NESTING * 6 + 7] = "";
    for (int i = 0; i <= MUSTACHE_NESTING; i++)
        strcat(deep, "{{#a}}");
    is_refused(deep, "too many sections within each other: a", "page:1");
    char name[101];
    memset(name, '+', sizeof name);
    memcpy(name, "{{", 2);
    memcpy(name + 98, "}}", 3);
    is_refused(name, "not a name: ++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++",
               "page:1");
}

static void test_sets(void)
{
    struct err e = {0};
    struct template_source twice[] = {{STR("a"), STR("1")}, {STR("a"), STR("2")}};
    ok(!mustache_parse(twice, 2, &e));
    is_str(e.what, "two templates of the same name: a");
    struct template_source unnamed[] = {{STR("a b"), STR("1")}};
    ok(!mustache_parse(unnamed, 1, &e));
    is_str(e.what, "not the name of a template: a b");
    unnamed[0].name = STR("");
    ok(!mustache_parse(unnamed, 1, &e));
    is_str(e.what, "not the name of a template");
    ok(!mustache_parse(NULL, MUSTACHE_TEMPLATES + 1, &e));
    is_str(e.what, "more than 256 templates");
    struct buf big = {0};
    for (size_t i = 0; i <= MUSTACHE_TEXT_MAX; i++)
        buf_addc(&big, 'x');
    struct template_source longest[] = {{STR("a"), buf_str(&big)}};
    ok(!mustache_parse(longest, 1, &e));
    is_str(e.what, "the template is too long");
    longest[0].text.n--;
    struct template_set *set = mustache_parse(longest, 1, &e);
    ok(set != NULL);
    ok(mustache_has(set, STR("a")) && !mustache_has(set, STR("ab")) && !mustache_has(set, STR("")));
    mustache_free(set);
    buf_free(&big);
    // Nothing of the sources is kept, and no error need be asked for.
    char text[] = "{{x}}", name[] = "t";
    struct template_source mine[] = {{str_of(name), str_of(text)}};
    set = mustache_parse(mine, 1, NULL);
    memset(text, '!', sizeof text - 1);
    name[0] = '!';
    json_t *view = json_pack("{s:s}", "x", "oui");
    struct buf out = {0};
    buf_addz(&out, "avant ");
    ok(mustache_render(set, STR("t"), view, &out, NULL));
    is_text(buf_str(&out), "avant oui");
    ok(!mustache_render(set, STR("u"), view, &out, &e));
    is_int(e.code, ERR_NOT_FOUND);
    is_str(e.what, "no template u");
    is_text(buf_str(&out), "avant oui");
    ok(mustache_render(set, STR("t"), NULL, &out, &e));
    is_text(buf_str(&out), "avant oui");
    json_decref(view);
    buf_free(&out);
    mustache_free(set);
    set = mustache_parse(NULL, 0, &e);
    ok(set != NULL);
    mustache_free(set);
    mustache_free(NULL);
}

// A NUL in a value, which C strings cannot show.
static void test_nul(void)
{
    struct buf out = {0};
    struct err e = {0};
    ok(render("{{x}}", "{\"x\":\"a\\u0000<\"}", &out, &e));
    is_int(out.n, 6);
    ok(out.n == 6 && memcmp(out.p, "a\0&lt;", 6) == 0);
    buf_free(&out);
    struct template_source sources[] = {{STR("a"), STR("{{\0x}}")}};
    ok(!mustache_parse(sources, 1, &e));
    is_int(e.code, ERR_PARSE);
}

static void overrun(const struct template_source *sources, size_t n, json_t *view, const char *what,
                    const char *where)
{
    struct err e = {0};
    struct buf out = {0};
    struct template_set *set = mustache_parse(sources, n, &e);
    buf_addz(&out, "avant");
    ok(!mustache_render(set, STR("a"), view, &out, &e));
    is_int(e.code, ERR_REFUSED);
    is_str(e.what, what);
    is_str(e.where, where);
    is_text(buf_str(&out), "avant");
    buf_free(&out);
    json_decref(view);
    mustache_free(set);
}

static void test_bounds(void)
{
    const struct template_source endless[] = {{STR("a"), STR("x\n{{> a}}")}};
    overrun(endless, 1, json_object(), "sections and partials too deep within each other", "a:2");
    const struct template_source wide[] = {{STR("a"), STR("{{> b}}")},
                                           {STR("b"), STR("{{#x}}{{> b}}{{> b}}{{/x}}")}};
    json_t *view = json_object(), *x = view;
    for (int i = 0; i < 24; i++) {
        json_t *inner = json_object();
        json_object_set_new(x, "x", inner);
        x = inner;
    }
    json_object_set_new(x, "x", json_false());
    overrun(wide, 2, view, "too much to render", "b:1");
    const struct template_source empty_items[] = {{STR("a"), STR("{{#v}}{{#v}}{{/v}}{{/v}}")}};
    json_t *items = json_array();
    for (int i = 0; i < 2000; i++)
        json_array_append_new(items, json_true());
    overrun(empty_items, 1, json_pack("{s:o}", "v", items), "too much to render", "a:1");
    const struct template_source large[] = {{STR("a"), STR("{{#v}}{{{.}}}{{/v}}")}};
    char *text = calloc(1, (1 << 20) + 1);
    memset(text, 'x', 1 << 20);
    json_t *one = json_string(text);
    free(text);
    items = json_array();
    for (int i = 0; i < 20; i++)
        json_array_append(items, one);
    json_decref(one);
    overrun(large, 1, json_pack("{s:o}", "v", items), "the page is too long", "a:1");
}

struct shared {
    const struct template_set *set;
    const json_t *view;
    int wrong;
};

static void *render_often(void *p)
{
    struct shared *shared = p;
    for (int i = 0; i < 200; i++) {
        struct buf out = {0};
        if (!mustache_render(shared->set, STR("a"), shared->view, &out, NULL) ||
            !str_eq(buf_str(&out), STR("1:&lt;;2:b;")))
            shared->wrong++;
        buf_free(&out);
    }
    return NULL;
}

static void test_threads(void)
{
    const struct template_source sources[] = {{STR("a"), STR("{{#v}}{{> item}}{{/v}}")},
                                              {STR("item"), STR("{{n}}:{{t}};")}};
    struct template_set *set = mustache_parse(sources, 2, NULL);
    json_t *view = json_pack("{s:[{s:i,s:s},{s:i,s:s}]}", "v", "n", 1, "t", "<", "n", 2, "t", "b");
    struct shared shared[4];
    pthread_t threads[4];
    int wrong = 0;
    for (int i = 0; i < 4; i++) {
        shared[i] = (struct shared){set, view, 0};
        pthread_create(&threads[i], NULL, render_often, &shared[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        wrong += shared[i].wrong;
    }
    is_int(wrong, 0);
    json_decref(view);
    mustache_free(set);
}

// Texts are looked at in blocks: what is escaped stands at each place of texts of each length.
static void test_escapes_everywhere(void)
{
    enum { LONGEST = 50 };
    static const char *const references[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    static const char special[] = "&<>\"'";
    char text[LONGEST];
    size_t wrong = 0;
    memset(text, 'x', sizeof text);
    for (size_t s = 0; special[s]; s++)
        for (size_t n = 1; n <= LONGEST; n++)
            for (size_t at = 0; at < n; at++) {
                struct buf b = {0}, wanted = {0};
                text[at] = special[s];
                mustache_escape(&b, str_slice(text, n));
                text[at] = 'x';
                buf_add(&wanted, str_slice(text, at));
                buf_addz(&wanted, references[s]);
                buf_add(&wanted, str_slice(text, n - at - 1));
                wrong += !str_eq(buf_str(&b), buf_str(&wanted));
                buf_free(&b);
                buf_free(&wanted);
            }
    is_int(wrong, 0);
}

int main(void)
{
    test_escapes_everywhere();
    test_interpolation();
    test_sections();
    test_lines();
    test_partials();
    test_refused();
    test_sets();
    test_nul();
    test_bounds();
    test_threads();
    return tap_done();
}
