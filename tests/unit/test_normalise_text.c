// harvester/normalise: text, HTML and Markdown, exact results.
#include "harvester/normalise/html.h"
#include "harvester/normalise/markdown.h"
#include "harvester/normalise/text.h"

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
}

static void idempotent(void)
{
    const char *texts[] = {"a\r\n  b {{x}} c\n\n\n d", "l\xC2\x92"
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

int main(void)
{
    one_line();
    counts();
    blocks();
    idempotent();
    mojibake();
    codes();
    arena_free(&a);
    return tap_done();
}
