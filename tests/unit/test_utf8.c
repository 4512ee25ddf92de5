// base/utf8: well-formed and ill-formed sequences, repaired one by one.
#include "base/utf8.h"
#include "tests/tap.h"

static void valid(void)
{
    ok(utf8_valid(STR_NONE));
    ok(utf8_valid(STR("abc")));
    ok(utf8_valid(STR("a long line of plain ASCII, well over eight bytes")));
    ok(utf8_valid(STR("éà€\xF0\x9F\x8C\xBE")));
    ok(utf8_valid(STR("NUL \0 inside")));
    ok(utf8_valid(STR("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF")));
    ok(utf8_valid(STR("\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF")));
    ok(!utf8_valid(STR("\x80")));
    ok(!utf8_valid(STR("12345678\xE9")));
    ok(!utf8_valid(STR("\xC0\xAF")));
    ok(!utf8_valid(STR("\xC1\xBF")));
    ok(!utf8_valid(STR("\xE0\x9F\xBF")));
    ok(!utf8_valid(STR("\xF0\x8F\xBF\xBF")));
    ok(!utf8_valid(STR("\xED\xA0\x80")));
    ok(!utf8_valid(STR("\xF4\x90\x80\x80")));
    ok(!utf8_valid(STR("\xF5\x80\x80\x80")));
    ok(!utf8_valid(STR("\xFF")));
    ok(!utf8_valid(STR("\xC3")));
    ok(!utf8_valid(STR("\xE2\x82")));
    ok(!utf8_valid(STR("\xE2\x82x")));
}

static void repair(void)
{
    struct arena a = {0};
    size_t n = 0;
    is_text(utf8_repair(&a, STR("déjà"), &n), "déjà");
    is_int(n, 0);
    is_text(utf8_repair(&a, STR("d\xE9j\xE0"), &n), "d\xEF\xBF\xBDj\xEF\xBF\xBD");
    is_int(n, 2);
    // Unicode 15, table 3-11 and its neighbours: one U+FFFD for each longest well-formed beginning.
    n = 0;
    is_text(utf8_repair(&a, STR("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), &n),
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\x41");
    is_int(n, 4);
    n = 0;
    is_text(utf8_repair(&a, STR("\xC0\xAF\xE0\x80\xBF"), &n),
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    is_int(n, 5);
    is_text(utf8_repair(&a, STR("\xED\xA0\x80"), NULL), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    struct str whole = utf8_repair(&a, STR("fin\xE2\x82"), NULL);
    is_text(whole, "fin\xEF\xBF\xBD");
    is_int(whole.p[whole.n], 0);
    ok(utf8_repair(&a, STR_NONE, NULL).p == NULL);
    arena_free(&a);
}

static void codes(void)
{
    uint32_t c = 0;
    is_int(utf8_decode(STR("a"), 0, &c), 1);
    is_int(c, 'a');
    is_int(utf8_decode(STR("aé"), 1, &c), 2);
    is_int(c, 0xE9);
    is_int(utf8_decode(STR("€"), 0, &c), 3);
    is_int(c, 0x20AC);
    is_int(utf8_decode(STR("\xF0\x9F\x8C\xBE"), 0, &c), 4);
    is_int(c, 0x1F33E);
    is_int(utf8_decode(STR("é"), 1, &c), 0);
    is_int(utf8_ill_formed(STR("\xE2\x82x"), 0), 2);
    is_int(utf8_ill_formed(STR("\xF0\x9F\x8C"), 0), 3);
    is_int(utf8_ill_formed(STR("x\xFFx"), 1), 1);
    char out[4];
    is_int(utf8_encode(0xD800, out), 0);
    is_int(utf8_encode(0xDFFF, out), 0);
    is_int(utf8_encode(0x110000, out), 0);
    int wrong = 0;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        if (code == 0xD800)
            code = 0xE000;
        size_t n = utf8_encode(code, out);
        if (n == 0 || utf8_decode(str_slice(out, n), 0, &c) != n || c != code)
            wrong++;
    }
    is_int(wrong, 0);
    is_int(utf8_count(STR("éà€\xF0\x9F\x8C\xBE!")), 5);
    is_int(utf8_count(STR_NONE), 0);
}

int main(void)
{
    valid();
    repair();
    codes();
    return tap_done();
}
