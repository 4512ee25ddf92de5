// api/members: walking JSON of our own without a tree, beside jansson on the same texts; what is no JSON.
#include "api/members.h"
#include "base/buf.h"
#include "tests/tap.h"

#include <jansson.h>

static struct arena arena;

static struct str member(struct str object, const char *name)
{
    struct str rest = members_inside(object), key, value;
    while (members_next(&rest, &key, &value))
        if (str_eq(key, str_of(name)))
            return value;
    return STR_NONE;
}

static void objects(void)
{
    struct str o = STR("{\"a\":1,\"b\":\"x\",\"c\":{\"d\":[1,{\"e\":\"}],\"}]},\"f\":[],\"g\":null,"
                       "\"h\":-12,\"i\":true, \"j\" : \"y\" }");
    is_text(member(o, "a"), "1");
    is_text(member(o, "b"), "\"x\"");
    is_text(member(o, "c"), "{\"d\":[1,{\"e\":\"}],\"}]}");
    is_text(member(member(o, "c"), "d"), "[1,{\"e\":\"}],\"}]");
    is_text(member(o, "f"), "[]");
    is_text(member(o, "g"), "null");
    is_int(members_int(member(o, "h"), 7), -12);
    is_text(member(o, "i"), "true");
    is_text(members_text(&arena, member(o, "j")), "y");
    ok(!member(o, "k").p);
    is_int(members_int(member(o, "b"), 7), 7);
    is_int(members_int(STR("1.5"), 7), 7);
    // Not closed, as the index keeps it.
    struct str rest = STR("\"a\":[1],\"b\":2"), key, value;
    ok(members_next(&rest, &key, &value));
    is_text(key, "a");
    is_text(value, "[1]");
    ok(members_next(&rest, &key, &value));
    is_text(value, "2");
    ok(!members_next(&rest, &key, &value));
    is_int(rest.n, 0);
}

static void lists(void)
{
    struct str rest = members_inside(STR("[\"a\",[2,3],{\"b\":[]},4]")), item;
    const char *const wanted[] = {"\"a\"", "[2,3]", "{\"b\":[]}", "4"};
    for (size_t i = 0; i < 4; i++) {
        ok(members_item(&rest, &item));
        is_text(item, wanted[i]);
    }
    ok(!members_item(&rest, &item));
    is_int(rest.n, 0);
    is_int(members_inside(STR("[]")).n, 0);
    is_int(members_inside(STR("{}")).n, 0);
    is_int(members_inside(STR("\"[1]\"")).n, 0);
    is_int(members_inside(STR_NONE).n, 0);
}

// All that our writer escapes comes back.
static void texts(void)
{
    ok(!members_text(&arena, STR("12")).p);
    ok(!members_text(&arena, STR_NONE).p);
    ok(members_text(&arena, STR("\"\"")).p != NULL);
    struct str plain = STR("\"été\"");
    ok(members_text(&arena, plain).p == plain.p + 1); // not copied
    is_text(members_text(&arena, STR("\"\\/\\b\\f\\t\\r\\n\"")), "/\b\f\t\r\n");
    for (int c = 0; c < 128; c++) {
        char bytes[4] = {'a', (char)c, '\\', '"'};
        struct buf b = {0};
        json_str(&b, str_slice(bytes, sizeof bytes));
        ok(str_eq(members_text(&arena, buf_str(&b)), str_slice(bytes, sizeof bytes)));
        buf_free(&b);
    }
}

static void wrong(void)
{
    static const char *const texts[] = {"\"a\":",         "\"a\"",    "a:1",          "\"a\":\"x",
                                        "\"a\":{\"b\":1", "\"a\":[1", "\"a\":,\"b\"", "\"a\":\"\\",
                                        "\"a\" 1",        "1:2"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str rest = str_of(texts[i]), key, value;
        bool more = true;
        for (int n = 0; more && n < 5; n++)
            more = members_next(&rest, &key, &value);
        ok(!more && rest.n > 0);
    }
}

// ---- Random values -----------------------------------------------------------------------------------

static uint64_t state = 88172645463325252u;

static uint32_t any(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

static void add_random(struct buf *b, int depth)
{
    static const char *const strings[] = {"",   "a",   "{", "]",    ",\"",
                                          "\\", "é\n", ":", "\x7f", "[{\"}]"};
    uint32_t kind = any(depth > 4 ? 3 : 5), n = any(4);
    if (kind == 0) {
        json_int(b, (int64_t)any(2000) - 1000);
    } else if (kind == 1) {
        json_str(b, str_of(strings[any(10)]));
    } else if (kind == 2) {
        json_bool(b, any(2));
    } else {
        json_open(b, kind == 3 ? '{' : '[');
        for (uint32_t i = 0; i < n; i++) {
            if (kind == 3)
                json_key_str(b, str_of(strings[1 + i * 2]));
            add_random(b, depth + 1);
        }
        json_close(b, kind == 3 ? '}' : ']');
    }
}

static size_t same(struct str text, const json_t *wanted)
{
    struct str rest = members_inside(text), key, value;
    size_t i = 0, wrong_ones = 0;
    json_t *item;
    if (json_is_object(wanted)) {
        while (members_next(&rest, &key, &value)) {
            struct str quoted = str_slice(key.p - 1, key.n + 2);
            struct str read = members_text(&arena, quoted);
            item = json_object_getn(wanted, read.p, read.n);
            wrong_ones += !item || same(value, item);
            i++;
        }
        wrong_ones += i != json_object_size(wanted) || rest.n;
    } else if (json_is_array(wanted)) {
        while (members_item(&rest, &value))
            wrong_ones += same(value, json_array_get(wanted, i++));
        wrong_ones += i != json_array_size(wanted) || rest.n;
    } else if (json_is_string(wanted)) {
        struct str s = members_text(&arena, text);
        wrong_ones = !str_eq(s, str_slice(json_string_value(wanted), json_string_length(wanted)));
    } else if (json_is_integer(wanted)) {
        wrong_ones = members_int(text, INT64_MIN) != json_integer_value(wanted);
    } else {
        wrong_ones = !str_eq(text, json_is_true(wanted) ? STR("true") : STR("false"));
    }
    return wrong_ones;
}

static void random_values(void)
{
    size_t wrong_ones = 0;
    for (int i = 0; i < 5000; i++) {
        struct buf b = {0};
        add_random(&b, 0);
        json_t *wanted = json_loadb(b.p, b.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        if (!wanted || same(buf_str(&b), wanted))
            if (!wrong_ones++)
                printf("# %.*s\n", STR_ARG(b));
        json_decref(wanted);
        buf_free(&b);
    }
    is_int(wrong_ones, 0);
}

int main(void)
{
    objects();
    lists();
    texts();
    wrong();
    random_values();
    arena_free(&arena);
    return tap_done();
}
