// harvester/normalise/raw: members of what is not parsed, values that are written as text.
#include "harvester/normalise/raw.h"
#include "tests/unit/udata_fixture.h"

static void raw(void)
{
    struct str o = STR(" {\"a\": {\"b\":[1,\"}\"]}, \"b\" : \"x\\\"y\", \"n\":-12.5,\"t\":tru");
    is_text(raw_member(o, "a"), "{\"b\":[1,\"}\"]}");
    is_text(raw_member(o, "b"), "\"x\\\"y\"");
    is_text(raw_word(o, "b", &arena), "x\"y");
    is_text(raw_word(o, "n", &arena), "-12.5");
    is_text(raw_word(o, "a", &arena), "");
    is_text(raw_member(o, "t"), "tru");
    is_text(raw_word(o, "t", &arena), "");
    is_text(raw_member(o, "c"), "");
    is_text(raw_member(STR("[{\"a\":1}]"), "a"), "");
    is_text(raw_member(STR("{\"a"), "a"), "");
    is_text(raw_member(STR("{\"a\":"), "a"), "");
    is_text(raw_member(STR("{\"a\":[1,{"), "a"), "[1,{");
    is_text(raw_member(STR("{\"a\":\"\\"), "a"), "\"\\");
    is_text(raw_member(STR("\xEF\xBB\xBF{\"a\":1}"), "a"), "1");
}

static bool decodes(const char *text, const char *wanted)
{
    json_t *v = json_string(text), *read = raw_decode(&arena, v);
    json_t *want = json_loads(wanted, JSON_DECODE_ANY, NULL);
    bool good = json_equal(read, want);
    json_decref(v);
    json_decref(read);
    json_decref(want);
    return good;
}

static void written(void)
{
    ok(decodes("[1, 2]", "[1,2]"));
    ok(decodes(" {\"a\":1} ", "{\"a\":1}"));
    ok(decodes("\"2010\"", "\"2010\""));
    ok(decodes("[{&quot;a&quot;: &quot;b&quot;}]", "[{\"a\":\"b\"}]"));
    ok(decodes("[pas du JSON]", "\"[pas du JSON]\""));
    ok(decodes("{", "\"{\""));
    ok(decodes("2010", "\"2010\""));
}

int main(void)
{
    fixture_begin();
    raw();
    written();
    fixture_end();
    return tap_done();
}
