// Stems beyond test_text.c: the plurals that French stemming leaves, English stems and their mark, and which language a text is in.
#include "indexer/text/stems.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct analyzer *analyzer;
static struct buf out;

static void write_stem(void *arg, const struct token *t)
{
    buf_addf(arg, "%s%.*s", out.n ? " " : "", STR_ARG(t->stem));
}

static void write_exact(void *arg, const struct token *t)
{
    buf_addf(arg, "%s%.*s", out.n ? " " : "", STR_ARG(t->exact));
}

static struct str as(enum language language, const char *text,
                     void (*each)(void *, const struct token *))
{
    buf_clear(&out);
    analyze_as(analyzer, language, str_of(text), each, &out);
    return buf_str(&out);
}
#define french(text, want) is_text(as(LANGUAGE_FRENCH, text, write_stem), want)
#define english(text, want) is_text(as(LANGUAGE_ENGLISH, text, write_stem), want)

static void plurals(void)
{
    // The s behind another vowel than e goes: as many stems as there are words, not twice as many.
    french("vélo vélos", "velo velo");
    french("élu élus élue élues", "elu elu elu elu");
    french("agenda agendas", "agend agend");
    french("menu menus", "menu menu");
    french("tramway tramways", "tramway tramway");
    // Words that end so in the singular meet themselves only.
    is_text(as(LANGUAGE_FRENCH, "avis", write_stem), "avi");
    french("avis Avis AVIS", "avi avi avi");
    // Short ones stay: bus is not bu, nor gaz ga.
    french("bus jus os", "bus jus os");
    // A plural in -es was the algorithm's already.
    french("ville villes école écoles", "vill vill ecol ecol");
    // Codes are never plurals.
    french("A4os 3os", "a4os 3os");
}

static void the_same_twice(void)
{
    // From the cache as the first time, whatever was asked between.
    static const char *const words[] = {"taxis", "taxi", "élus", "publiques", "avis", "données"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct str first = as(LANGUAGE_FRENCH, words[i], write_stem);
        char kept[TEXT_TERM_BYTES + 1];
        snprintf(kept, sizeof kept, "%.*s", STR_ARG(first));
        as(LANGUAGE_ENGLISH, words[i], write_stem);
        is_text(as(LANGUAGE_FRENCH, words[i], write_stem), kept);
    }
    struct str taxi = as(LANGUAGE_FRENCH, "taxi taxis", write_stem);
    ptrdiff_t space = str_find_char(taxi, ' ');
    ok(space > 0 && str_eq(str_slice(taxi.p, (size_t)space),
                           str_slice(taxi.p + space + 1, taxi.n - (size_t)space - 1)));
}

static void english_stems(void)
{
    english("cities city", "citi+ citi+");
    english("running runs", "run+ run+");
    english("datasets dataset", "dataset+ dataset+");
    // French rules are not for them.
    english("virus", "virus+");
    // No mark where nothing is stemmed: codes, stop words (the same list for both), short words, other scripts.
    english("2016 covid19 les eu Ελλάδα", "2016 covid19 les eu ελλαδα");
    // Only stems differ.
    is_text(as(LANGUAGE_ENGLISH, "The city's open-data", write_exact),
            "the citys city s opendata open data");
    is_text(as(LANGUAGE_FRENCH, "The city's open-data", write_exact),
            "the citys city s opendata open data");
    is_text(analyzer_english(analyzer, STR("cities")), "citi+");
    is_text(analyzer_english(analyzer, STR("les")), "les");
    is_text(analyzer_english(analyzer, STR("eu")), "eu");
    // analyze is French.
    buf_clear(&out);
    analyze(analyzer, STR("cities"), write_stem, &out);
    is_text(buf_str(&out), "cit");
}

static void longest(void)
{
    // A stem with its mark is a term too: it has no more room than one.
    char word[TEXT_TERM_BYTES + 1];
    for (size_t n = TEXT_TERM_BYTES - 3; n <= TEXT_TERM_BYTES; n++) {
        memset(word, 'k', n);
        struct str stem = analyzer_english(analyzer, str_slice(word, n));
        ok(stem.n <= TEXT_TERM_BYTES);
        ok(str_starts(stem, str_slice(word, n)));
        is_int(stem.n, n < TEXT_TERM_BYTES ? n + 1 : n);
    }
}

static bool is_english(const char *text)
{
    return text_language(str_of(text)) == LANGUAGE_ENGLISH;
}

static void languages(void)
{
    ok(is_english("The quality of the water in the city"));
    ok(is_english("THE QUALITY OF WATER, and where it is measured: for all the towns"));
    ok(!is_english("La qualité de l'eau dans la ville"));
    // Three little words at least.
    ok(!is_english(""));
    ok(!is_english("Open data"));
    ok(!is_english("The water of towns"));
    ok(is_english("The water of towns is"));
    // And more than twice as many as of the others.
    ok(!is_english("The water of towns is de la"));
    ok(is_english("The water of towns is de"));
    ok(!is_english("Les données of the city and the towns : le jeu des villes par commune"));
    // Whole words.
    ok(!is_english("theatre often island area bye withe"));
    ok(!is_english("th\xC3\xA9 of\xC3\xA9 is\xC3\xA9 the"));
    ok(is_english("the/of-is"));
    // The first 2000 bytes are looked at.
    struct buf b = {0};
    for (int i = 0; i < 2000; i++)
        buf_addc(&b, 'x');
    buf_addz(&b, " the of and is are by");
    is_int(text_language(buf_str(&b)), LANGUAGE_FRENCH);
    is_int(text_language(str_slice(buf_str(&b).p + 1000, buf_str(&b).n - 1000)), LANGUAGE_ENGLISH);
    buf_free(&b);
    is_int(text_language(STR("\x80\xFF\xFE the of and")), LANGUAGE_ENGLISH);
    is_int(text_language(STR("\0the\0of\0and")), LANGUAGE_ENGLISH);
}

int main(void)
{
    struct err e = {0};
    analyzer = analyzer_new(STR("le la les de des"), &e);
    if (!analyzer)
        abort();
    plurals();
    the_same_twice();
    english_stems();
    longest();
    languages();
    analyzer_free(analyzer);
    buf_free(&out);
    return tap_done();
}
