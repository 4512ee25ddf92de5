// base/json: values out of bytes that may be anything, and pages cut into their items.
#include "base/buf.h"
#include "base/json.h"
#include "base/json_quick.h"
#include "base/utf8.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>

static struct arena a;

// ---- Values --------------------------------------------------------------------------------------

// What json_read makes of a text, written again by jansson; or the name of the error.
static struct str read_again(struct str text)
{
    struct err e = {0};
    json_t *v = json_read(text, &a, NULL, &e);
    if (!v)
        return str_of(err_name(e.code));
    char *z = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
    struct str s = arena_str(&a, str_of(z));
    free(z);
    json_decref(v);
    return s;
}

#define READS(text) read_again(STR(text))

static void values(void)
{
    is_text(READS("{\"a\":[1,2.5,true,false,null,\"é\"]}"),
            "{\"a\":[1,2.5,true,false,null,\"é\"]}");
    is_text(READS(" \t\r\n 12 \n"), "12");
    is_text(READS("\"\\u00e9\\ud83c\\udf3e\""), "\"é\xF0\x9F\x8C\xBE\"");
    is_text(READS("{\"a\":1,\"a\":2}"), "{\"a\":2}"); // the last of a repeated key
    is_text(READS("9223372036854775807"), "9223372036854775807");
    is_text(READS("-9223372036854775808"), "-9223372036854775808");
    is_text(READS("1e300"), "1.0000000000000001e300");
    is_text(READS("{\"a\":\"x\\u0000y\"}"), "{\"a\":\"x\\u0000y\"}");
    struct err e = {0};
    json_t *v = json_read(STR("\"x\\u0000y\""), &a, NULL, &e);
    ok(str_eq(jstr(v), STR("x\0y")));
    json_decref(v);
}

static void broken_values(void)
{
    is_text(READS(""), "parse");
    is_text(read_again(STR_NONE), "parse");
    is_text(READS("   "), "parse");
    is_text(READS("{"), "parse");
    is_text(READS("{\"a\":}"), "parse");
    is_text(READS("{\"a\" 1}"), "parse");
    is_text(READS("{a:1}"), "parse");
    is_text(READS("{'a':1}"), "parse");
    is_text(READS("[1,]"), "parse");
    is_text(READS("[1 2]"), "parse");
    is_text(READS("[1]x"), "parse");
    is_text(READS("\"a"), "parse");
    is_text(READS("\"a\\x\""), "parse");
    is_text(READS("\"a\nb\""), "parse"); // a control character as it is
    is_text(READS("\"a\0b\""), "parse");
    is_text(READS("{\"a\0b\":1}"), "parse");
    is_text(READS("{\"a\\u0000b\":1}"), "parse"); // NUL in a key
    is_text(READS("nul"), "parse");
    is_text(READS("NaN"), "parse");
    is_text(READS("-"), "parse");
    is_text(READS("01"), "parse");
    is_text(READS("1."), "parse");
    is_text(READS("0x10"), "parse");
    is_text(READS("1e400"), "parse");
    is_text(READS("[-1e400]"), "parse");
    is_text(READS("\"\\u12g4\""), "parse");
    is_text(READS("\xEF\xBB\xBF[1]"), "parse"); // a byte order mark is a page's alone

    struct err e = {0};
    ok(json_read(STR("{\"id\":\"1\",\"a\":tru}"), &a, NULL, &e) == NULL);
    is_str(e.what, "not valid JSON: invalid token near 'tru' (byte 17)");
    ok(json_read(STR("[1"), &a, NULL, NULL) == NULL); // nobody asked why
}

static void large_integers(void)
{
    struct err e = {0};
    json_t *v = json_read(STR("{\"big\":9223372036854775808,\"n\":12,\"huge\":-1e30,\"half\":2.9}"),
                          &a, NULL, &e);
    ok(v != NULL);
    is_int(jget_int(v, "n", -1), 12);
    ok(jget_real(v, "big", 0) == 9223372036854775808.0);
    is_int(jget_int(v, "big", -1), -1);
    is_int(jget_int(v, "huge", -1), -1);
    is_int(jget_int(v, "half", -1), 2);
    json_decref(v);
}

static void ill_formed_text(void)
{
    struct err e = {0};
    size_t repaired = 0;
    json_t *v = json_read(STR("{\"a\":\"d\xE9j\xE0\",\"b\":\"\xED\xA0\x80\"}"), &a, &repaired, &e);
    is_text(jget(v, "a"), "d\xEF\xBF\xBDj\xEF\xBF\xBD");
    is_int(repaired, 5);
    json_decref(v);
    v = json_read(STR("\"\xC0\xAF\""), &a, NULL, &e);
    is_text(jstr(v), "\xEF\xBF\xBD\xEF\xBF\xBD");
    json_decref(v);
    v = json_read(STR("\"cut \xC3"), &a, &repaired, &e);
    ok(v == NULL);
    is_int(e.code, ERR_PARSE);
}

// A text with `mended` halves of a character, each of which becomes U+FFFD (here "?").
static void half(const char *text, const char *expected, size_t mended)
{
    struct err e = {0};
    size_t repaired = 0;
    struct buf b = {0};
    json_t *v = json_read(str_of(text), &a, &repaired, &e);
    struct str s = jstr(v);
    for (size_t i = 0; i < s.n; i++) {
        bool replaced = str_starts(str_slice(s.p + i, s.n - i), STR("\xEF\xBF\xBD"));
        buf_addc(&b, replaced ? '?' : s.p[i]);
        i += replaced ? 2 : 0;
    }
    is_text(buf_str(&b), expected);
    is_int(repaired, mended);
    buf_free(&b);
    json_decref(v);
}

static void half_characters(void)
{
    half("\"\\ud800\"", "?", 1);
    half("\"a\\uD83D de\"", "a? de", 1);
    half("\"\\udc00\\ud800\"", "??", 2); // in the wrong order
    half("\"\\ud83d\\u0041\"", "?A", 1);
    half("\"\\ud83d\\ud83d\\uDE00\"", "?\xF0\x9F\x98\x80", 1);
    half("\"\\uD83D\\uDE00\\udfff\"", "\xF0\x9F\x98\x80?", 1);
    half("\"\\ud83d\\n\\udbff\"", "?\n?", 2);
    half("\"\\\\ud800 \\\\\\\\ud800\"", "\\ud800 \\\\ud800", 0); // no escapes, but a backslash
    half("\"\\\\\\ud800\"", "\\?", 1);
    half("\"\\u00e9\"", "\xC3\xA9", 0);
    // Of a key, too; and what is no escape stays an error.
    struct err e = {0};
    json_t *v = json_read(STR("{\"k\\ud800\":1}"), &a, NULL, &e);
    is_int(jget_int(v, "k\xEF\xBF\xBD", 0), 1);
    json_decref(v);
    static const char *const broken[] = {"\"\\ud80\"", "\"\\ud8g0\"", "\"\\ud800", "\"\\ud800\\"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        ok(json_read(str_of(broken[i]), &a, NULL, &e) == NULL && e.code == ERR_PARSE);
}

static struct str nested(size_t depth, const char *open, const char *close)
{
    struct buf b = {0};
    for (size_t i = 0; i < depth; i++)
        buf_addz(&b, open);
    buf_addc(&b, '1');
    for (size_t i = 0; i < depth; i++)
        buf_addz(&b, close);
    struct str s = arena_str(&a, buf_str(&b));
    buf_free(&b);
    return s;
}

static void depth(void)
{
    struct err e = {0};
    json_t *v = json_read(nested(JSON_DEPTH_MAX, "[", "]"), &a, NULL, &e);
    ok(v != NULL);
    json_decref(v);
    v = json_read(nested(JSON_DEPTH_MAX, "{\"a\":", "}"), &a, NULL, &e);
    ok(v != NULL);
    json_decref(v);
    ok(json_read(nested(JSON_DEPTH_MAX + 1, "[", "]"), &a, NULL, &e) == NULL);
    is_int(e.code, ERR_PARSE);
    is_str(e.what, "JSON nested deeper than 64 levels");
    ok(json_read(nested(1000000, "[", "]"), &a, NULL, &e) == NULL);
    ok(json_read(nested(1000000, "[", ""), &a, NULL, &e) == NULL);
    ok(json_read(nested(1000, "{\"a\":", "}"), &a, NULL, &e) == NULL);
    // Brackets in strings nest nothing.
    v = json_read(arena_printf(&a, "\"%.*s\\\"%.*s\"", STR_ARG(nested(100, "[", "")),
                               STR_ARG(nested(100, "{", ""))),
                  &a, NULL, &e);
    is_int(jstr(v).n, 203);
    json_decref(v);
}

static void members(void)
{
    struct err e = {0};
    json_t *v = json_read(STR("{\"s\":\"x\",\"n\":null,\"i\":5,\"r\":1.5,\"t\":true,\"f\":false,"
                              "\"o\":{},\"l\":[]}"),
                          &a, NULL, &e);
    is_text(jget(v, "s"), "x");
    ok(jget(v, "n").p == NULL);
    ok(jget(v, "i").p == NULL);
    ok(jget(v, "none").p == NULL);
    ok(jget(NULL, "s").p == NULL);
    ok(jstr(NULL).p == NULL);
    ok(jget_object(v, "o") != NULL);
    ok(jget_object(v, "l") == NULL);
    ok(jget_array(v, "l") != NULL);
    ok(jget_array(v, "o") == NULL);
    ok(jget_array(jget_array(v, "l"), "o") == NULL); // not an object at all
    is_int(jget_int(v, "i", -1), 5);
    is_int(jget_int(v, "r", -1), 1);
    is_int(jget_int(v, "s", -1), -1);
    is_int(jget_int(v, "n", -7), -7);
    ok(jget_real(v, "r", -1) == 1.5);
    ok(jget_real(v, "i", -1) == 5);
    ok(jget_real(v, "t", -1) == -1);
    ok(jget_true(v, "t"));
    ok(!jget_true(v, "f"));
    ok(!jget_true(v, "i"));
    json_decref(v);
}

// ---- Pages ---------------------------------------------------------------------------------------

// The items of a page and its envelope, "item|item|... envelope"; or the name of the error.
static struct str cut(struct str text, const char *array)
{
    struct err e = {0};
    struct json_page page;
    if (!json_page_split(text, array, &a, &page, &e)) {
        json_decref(page.envelope);
        return str_of(err_name(e.code));
    }
    struct buf b = {0};
    for (size_t i = 0; i < page.items.n; i++) {
        buf_add(&b, page.items.v[i]);
        buf_addc(&b, '|');
    }
    char *envelope = page.envelope ? json_dumps(page.envelope, JSON_COMPACT) : NULL;
    buf_addf(&b, " %s", envelope ? envelope : "none");
    struct str s = arena_str(&a, buf_str(&b));
    free(envelope);
    json_decref(page.envelope);
    buf_free(&b);
    return s;
}

#define CUT(text) cut(STR(text), "data")

static void pages(void)
{
    is_text(CUT("{\"data\":[{\"id\":\"1\"},{\"id\":\"2\"}],\"total\":2,\"next_page\":null}"),
            "{\"id\":\"1\"}|{\"id\":\"2\"}| {\"total\":2,\"next_page\":null}");
    is_text(CUT("{\"page\":1,\"data\":[],\"total\":0}"), " {\"page\":1,\"total\":0}");
    is_text(CUT("{ \"data\" : [ 1 , \"a,]}\" , [2,3] ] }"), "1|\"a,]}\"|[2,3]| {}");
    is_text(CUT("\xEF\xBB\xBF \n{\"data\":[1]}\n"), "1| {}");
    is_text(cut(STR("[{\"a\":1},2]"), "data"), "{\"a\":1}|2| none"); // an array as page
    is_text(cut(STR("[]"), "data"), " none");
    is_text(cut(STR(" \n[ ]"), "data"), " none");
    is_text(cut(STR("{\"results\":[1],\"data\":[2]}"), "results"), "1| {\"data\":[2]}");
    // Only at the first level, and only a key.
    is_text(CUT("{\"x\":{\"data\":[1]},\"y\":\"data\",\"data\":[2]}"),
            "2| {\"x\":{\"data\":[1]},\"y\":\"data\"}");
    // The first of two; the second is one more member.
    is_text(CUT("{\"data\":[1],\"data\":[2]}"), "1| {\"data\":[2]}");
    is_text(CUT("{\"total\":1,\"data\":[1],\"total\":2}"), "1| {\"total\":2}");
    is_text(CUT("{\"data\":[\"\\\"\",\"\\\\\",\"]\"]}"), "\"\\\"\"|\"\\\\\"|\"]\"| {}");
    is_text(CUT("{\"data\":[1]} and more"), "1| {}"); // what follows the page is not looked at
}

// An item that cannot be read does not take its neighbours with it.
static void broken_items(void)
{
    is_text(CUT("{\"data\":[{\"id\":1},{\"id\":tru},{\"id\":3}]}"),
            "{\"id\":1}|{\"id\":tru}|{\"id\":3}| {}");
    is_text(CUT("{\"data\":[{\"id\":\"\\ud800\"},nonsense,{\"id\" 3}]}"),
            "{\"id\":\"\\ud800\"}|nonsense|{\"id\" 3}| {}");
    is_int(CUT("{\"data\":[{\"id\":\"a\0b\"},2]}").n, 18);
    is_text(CUT("{\"data\":[{\"id\":\"\xFF\"},2]}"), "{\"id\":\"\xFF\"}|2| {}");

    struct str deep = nested(5000, "[", "]");
    struct str page = arena_printf(&a, "{\"data\":[%.*s,2]}", STR_ARG(deep));
    struct json_page out;
    struct err e = {0};
    ok(json_page_split(page, "data", &a, &out, &e));
    is_int(out.items.n, 2);
    ok(out.items.n == 2 && str_eq(out.items.v[0], deep));
    json_decref(out.envelope);
}

static void broken_pages(void)
{
    is_text(CUT(""), "parse");
    is_text(cut(STR_NONE, "data"), "parse");
    is_text(CUT(" \n"), "parse");
    is_text(CUT("\xEF\xBB\xBF"), "parse");
    is_text(CUT("<html><body>502 Bad Gateway</body></html>"), "parse");
    is_text(CUT("\"data\""), "parse");
    is_text(CUT("null"), "parse");
    is_text(CUT("{}"), "parse");
    is_text(CUT("{\"total\":0}"), "parse"); // no array
    is_text(CUT("{\"data\":null}"), "parse");
    is_text(CUT("{\"data\":{}}"), "parse");
    is_text(CUT("{\"data\":\"[1]\"}"), "parse");
    is_text(CUT("{\"data\" [1]}"), "parse");
    is_text(CUT("{\"data\":}"), "parse");
    is_text(CUT("{data:[1]}"), "parse");
    is_text(CUT("{\"data\":[1] \"total\":1}"), "parse");
    is_text(CUT("{\"data\":[1],}"), "parse");
    is_text(CUT("{\"data\":[1,]}"), "parse");
    is_text(CUT("{\"data\":[,1]}"), "parse");
    is_text(CUT("{\"data\":[1,,2]}"), "parse");
    is_text(CUT("{\"data\":[1],\"total\":tru}"), "parse"); // the envelope must be read
    is_text(CUT("{\"data\":[1],\"total\":1e400}"), "parse");
    // A bracket too few or too many changes where items end: the page is not believed.
    is_text(CUT("{\"data\":[{\"a\":[1},{\"b\":2}]}"), "parse");
    is_text(CUT("{\"data\":[{\"a\":1}},{\"b\":2}]}"), "parse");
    is_text(cut(STR("[1"), "data"), "parse");
    is_text(cut(STR("[1,"), "data"), "parse");
    is_text(cut(STR("["), "data"), "parse");

    struct err e = {0};
    struct json_page page;
    ok(!json_page_split(STR("  <html>"), "data", &a, &page, &e));
    is_str(e.what, "the page is not the JSON that was expected, or is cut short (byte 2)");
    ok(e.hint[0] != '\0');

    struct str deep = nested(200, "{\"a\":", "}");
    is_text(cut(arena_printf(&a, "{\"data\":[1],\"x\":%.*s}", STR_ARG(deep)), "data"), "parse");
}

// Wherever a page is cut, it is not taken for a whole one.
static void cut_pages(void)
{
    struct str whole = STR("{\"data\":[{\"id\":\"1\",\"t\":\"a\\\"b\"},[2,\"x\"],3],\"total\":2,"
                           "\"next_page\":\"http://x/?page=2\",\"o\":{\"a\":[]}}");
    is_text(cut(whole, "data"), "{\"id\":\"1\",\"t\":\"a\\\"b\"}|[2,\"x\"]|3| {\"total\":2,"
                                "\"next_page\":\"http://x/?page=2\",\"o\":{\"a\":[]}}");
    size_t taken = 0;
    for (size_t n = 0; n < whole.n; n++) {
        struct str piece = arena_str(&a, str_slice(whole.p, n));
        taken += !str_eq(cut(piece, "data"), STR("parse"));
    }
    is_int(taken, 0);
    struct str list = STR("[{\"id\":\"1\"},[2,\"x\"],3]");
    for (size_t n = 0; n < list.n; n++)
        taken += !str_eq(cut(arena_str(&a, str_slice(list.p, n)), "data"), STR("parse"));
    is_int(taken, 0);
}

static void many_items(void)
{
    struct buf b = {0};
    buf_addc(&b, '[');
    for (int i = 0; i < JSON_ITEMS_MAX; i++)
        buf_addz(&b, i ? ",1" : "1");
    buf_addc(&b, ']');
    struct json_page page;
    struct err e = {0};
    ok(json_page_split(buf_str(&b), "data", &a, &page, &e));
    is_int(page.items.n, JSON_ITEMS_MAX);
    b.n--;
    buf_addz(&b, ",1]");
    ok(!json_page_split(buf_str(&b), "data", &a, &page, &e));
    is_int(e.code, ERR_REFUSED);
    buf_free(&b);
}

// Each byte at each place of texts of up to 20 bytes: what is escaped is, and nothing else changes.
static void json_escapes(void)
{
    size_t wrong = 0;
    for (unsigned c = 0; c < 256; c++)
        for (size_t n = 1; n <= 20; n++)
            for (size_t at = 0; at < n; at++) {
                char text[20], want[40];
                memset(text, 'x', sizeof text);
                text[at] = (char)c;
                const char *one = c == '\n' ? "\\n" : c == '"' ? "\\\"" : c == '\\' ? "\\\\" : NULL;
                int width = (int)(n - at - 1);
                if (one)
                    snprintf(want, sizeof want, "\"%.*s%s%.*s\"", (int)at, text, one, width,
                             text + at + 1);
                else if (c < ' ' || c == 0x7F)
                    snprintf(want, sizeof want, "\"%.*s\\u%04x%.*s\"", (int)at, text, c, width,
                             text + at + 1);
                else
                    snprintf(want, sizeof want, "\"%.*s\"", (int)n, text);
                struct buf b = {0};
                json_str(&b, str_slice(text, n));
                wrong += !str_eq(buf_str(&b), str_of(want));
                buf_free(&b);
            }
    is_int(wrong, 0);
}

// ---- The quick reader ------------------------------------------------------------------------------

static uint64_t seed = 20261122;

static size_t any(size_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(seed >> 33) % below;
}

// Whatever it reads, jansson reads too, as the same value with its members in the same order.
static bool agrees(struct str text, size_t *read)
{
    json_t *ours = json_quick(text, JSON_DEPTH_MAX);
    if (!ours)
        return true;
    ++*read;
    json_t *theirs = json_loadb(text.p, text.n, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
    char *a_text = json_dumps(ours, JSON_ENCODE_ANY), *b_text = NULL;
    if (theirs)
        b_text = json_dumps(theirs, JSON_ENCODE_ANY);
    bool same = b_text && strcmp(a_text, b_text) == 0 && json_equal(ours, theirs);
    free(a_text);
    free(b_text);
    json_decref(ours);
    json_decref(theirs);
    return same;
}

static void quick_reader(void)
{
    static const char sample[] =
        "{\"id\":\"a1\",\"n\":[0,-1,12.5e-3,1E+2,999999999999999999,true,false,null,[],{}],"
        "\"t\":\"\\u00e9\\ud83d\\ude00 \\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000 \u00e9\u20ac\", "
        "\"cl\\u00e9\" : "
        "{\"x\":{\"y\":[{\"z\":\"\"}]},\"x\":2,\"\":-0.0}}";
    static const char signs[] = "{}[]\",:\\u0123456789eE+-. \ttrufalsn/dD8\x01";
    // What jansson refuses, or what needs care, is left to it.
    static const char *const left[] = {"",
                                       " ",
                                       "01",
                                       "-",
                                       "1.",
                                       ".5",
                                       "1e",
                                       "+1",
                                       "tru",
                                       "nul",
                                       "[1,]",
                                       "[,1]",
                                       "{\"a\"}",
                                       "{\"a\":}",
                                       "{a:1}",
                                       "{\"a\":1,}",
                                       "[1 2]",
                                       "\"\\x\"",
                                       "\"\\ud800\"",
                                       "\"\\udc00\"",
                                       "\"\\ud800\\u0041\"",
                                       "\"\\u12g4\"",
                                       "\"a\nb\"",
                                       "\"open",
                                       "[",
                                       "{",
                                       "1 1",
                                       "{\"\\u0000\":1}",
                                       "9223372036854775808",
                                       "1e400",
                                       "\"\\",
                                       "\"\\u00",
                                       "\"\xC3\"",
                                       "\"\xED\xA0\x80\"",
                                       "\xEF\xBB\xBF"
                                       "1",
                                       "[18446744073709551616]"};
    size_t read = 0, wrong = 0, refused = 0;
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        refused += json_quick(str_of(left[i]), JSON_DEPTH_MAX) == NULL;
    is_int(refused, sizeof left / sizeof *left);
    ok(agrees(str_of(sample), &read));
    is_int(read, 1);
    ok(json_quick(STR("[[]]"), 1) == NULL);
    json_t *v = json_quick(STR("[[]]"), 2);
    ok(v != NULL);
    json_decref(v);
    for (size_t turn = 0; turn < 30000; turn++) {
        char text[sizeof sample];
        size_t n = sizeof sample - 1, changes = 1 + any(3);
        memcpy(text, sample, n);
        for (size_t i = 0; i < changes; i++)
            if (any(2))
                text[any(n)] = signs[any(sizeof signs - 1)];
            else if (any(2))
                n -= any(3);
            else
                memmove(text + any(n / 2), text + n / 2, any(n / 4));
        struct str t = str_slice(text, n);
        wrong += !agrees(t, &read);
    }
    is_int(wrong, 0);
    ok(read > 500); // some of them are still JSON
}

static void quick_numbers(void)
{
    size_t read = 0, wrong = 0;
    for (size_t turn = 0; turn < 10000; turn++) {
        char text[64];
        size_t n = 0, digits = 1 + any(25), point = any(digits + 1);
        if (any(2))
            text[n++] = '-';
        for (size_t i = 0; i < digits; i++) {
            if (i && i == point)
                text[n++] = '.';
            text[n++] = (char)('0' + any(10));
        }
        if (any(2))
            n += (size_t)sprintf(text + n, "e%d", (int)any(700) - 350);
        wrong += !agrees(str_slice(text, n), &read);
    }
    is_int(wrong, 0);
    ok(read > 3000);
}

static void quick_sizes(void)
{
    struct buf b = {0};
    buf_addc(&b, '"');
    while (b.n < JSON_QUICK_BYTES - 1)
        buf_addc(&b, 'x');
    buf_addc(&b, '"');
    size_t read = 0;
    ok(agrees(buf_str(&b), &read));
    is_int(read, 1);
    buf_addc(&b, ' ');
    ok(json_quick(buf_str(&b), JSON_DEPTH_MAX) == NULL);
    struct err e = {0};
    json_t *v = json_read(buf_str(&b), &a, NULL, &e);
    is_int(json_string_length(v), JSON_QUICK_BYTES - 2);
    json_decref(v);
    buf_free(&b);
}

// Texts are looked at in blocks: what is escaped stands at each place of texts of each length, above 0x7F and below 0x20 too.
static void written_everywhere(void)
{
    enum { LONGEST = 50 };
    static const struct {
        char c;
        struct str as;
    } special[] = {{'"', STR("\\\"")},     {'\\', STR("\\\\")},      {'\n', STR("\\n")},
                   {0x1F, STR("\\u001f")}, {0, STR("\\u0000")},      {0x7F, STR("\\u007f")},
                   {' ', STR(" ")},        {(char)0xA9, STR("\xA9")}};
    char text[LONGEST];
    size_t wrong = 0;
    memset(text, 'x', sizeof text);
    for (size_t s = 0; s < sizeof special / sizeof *special; s++)
        for (size_t n = 1; n <= LONGEST; n++)
            for (size_t at = 0; at < n; at++) {
                struct buf b = {0}, wanted = {0};
                text[at] = special[s].c;
                json_str(&b, str_slice(text, n));
                text[at] = 'x';
                buf_addc(&wanted, '"');
                buf_add(&wanted, str_slice(text, at));
                buf_add(&wanted, special[s].as);
                buf_add(&wanted, str_slice(text, n - at - 1));
                buf_addc(&wanted, '"');
                wrong += !str_eq(buf_str(&b), buf_str(&wanted));
                buf_free(&b);
                buf_free(&wanted);
            }
    is_int(wrong, 0);
}

int main(void)
{
    written_everywhere();
    json_escapes();
    values();
    quick_reader();
    quick_numbers();
    quick_sizes();
    broken_values();
    large_integers();
    ill_formed_text();
    half_characters();
    depth();
    members();
    pages();
    broken_items();
    broken_pages();
    cut_pages();
    many_items();
    arena_free(&a);
    return tap_done();
}
