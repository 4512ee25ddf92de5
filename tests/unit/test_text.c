// The French analysis: each rule with its examples, folding, sets of words, and text that means harm.
#include "indexer/text/text.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct analyzer *analyzer;

static void write_exact(void *arg, const struct token *t)
{
    struct buf *out = arg;
    const char *mark = t->kind == TOKEN_CODE ? "#" : "";
    buf_addf(out, t->kind == TOKEN_JOINED ? "%s[%s%.*s]" : "%s%s%.*s", out->n ? " " : "", mark,
             STR_ARG(t->exact));
    buf_addz(out, t->is_stop ? "!" : "");
}

static void write_stem(void *arg, const struct token *t)
{
    struct buf *out = arg;
    buf_addf(out, "%s%.*s", out->n ? " " : "", STR_ARG(t->stem));
}

static void write_place(void *arg, const struct token *t)
{
    struct buf *out = arg;
    buf_addf(out, "%s%.*s@%u+%u:%zu-%zu", out->n ? " " : "", STR_ARG(t->exact), t->position,
             t->span, t->start, t->end);
}

static void write_nothing(void *arg, const struct token *t)
{
    (void)arg;
    (void)t;
}

static const char *render(struct str text, void (*each)(void *, const struct token *))
{
    static struct buf out;
    buf_clear(&out);
    analyze(analyzer, text, each, &out);
    buf_addc(&out, '\0');
    return out.p;
}

// Exact terms, in order; joined forms in [], # before codes, ! behind stop words.
#define terms(text, want) is_str(render(STR(text), write_exact), want)
#define stems(text, want) is_str(render(STR(text), write_stem), want)
// term@position+span:start-end
#define places(text, want) is_str(render(STR(text), write_place), want)

static void folding(void)
{
    terms("École ECOLE école e\u0301cole", "ecole ecole ecole ecole");
    terms("ŒUVRE œuvre Cœur", "oeuvre oeuvre coeur");
    terms("Ærø Straße STRASSE ẞ", "aero strasse strasse ss");
    terms("Łódź Đà Øre Ħal þing ıŋ", "lodz da ore hal thing in");
    terms("À Ç ÿ Ñ ǽ Ệ", "a! c! y! n! ae e");
    terms("１２３ ＡＢＣ", "#123 abc");
    terms("m² km³ CO₂ 1ᵉʳ", "#m2 #km3 #co2 #1er");
    terms("ﬁlière ĳ ŉ ŀ", "filiere ij n! l!");
    terms("𝐁𝐨𝐥𝐝", "bold");
    terms("n° 5, nº 5, № 5", "n! #5 no! #5 #5");
}

static void elisions(void)
{
    terms("l'école", "l! ecole");
    terms("L’ÉCOLE", "l! ecole");
    terms("d’eau dʼeau d′eau d`eau d´eau d‘eau", "d! eau d! eau d! eau d! eau d! eau d! eau");
    terms("d\xc2\x92"
          "eau",
          "d! eau");
    terms("qu'il", "qu! il!");
    terms("jusqu'à lorsqu'on puisqu'on quoiqu'on", "jusqu! a! lorsqu! on! puisqu! on! quoiqu! on!");
    terms("presqu'île quelqu'un entr'acte", "presqu! ile quelqu! un! entr! acte");
    terms("j'ai m'a t'a s'il n'a c'est", "j! ai m! a! t! a! s! il! n! a! c! est");
    terms("aujourd'hui", "aujourdhui!");
    terms("d’aujourd’hui", "d! aujourdhui!");
    terms("aujourd'hier", "[aujourdhier] aujourd hier");
    terms("O'Brien", "[obrien] o brien");
    terms("prud'hommes", "[prudhommes] prud hommes");
    terms("rock'n'roll", "[rocknroll] rock n! roll");
    terms("l' eau 'mot' d''eau l'", "l! eau mot d! eau l!");
    terms("l'INSEE, d'1 km", "l! insee d! #1 km");
}

static void hyphens_and_dots(void)
{
    terms("vie-publique", "[viepublique] vie publique");
    terms("data.gouv.fr", "[datagouvfr] data gouv fr");
    terms("Saint-Brieuc", "[saintbrieuc] saint brieuc");
    terms("vie\u2011publique vie\u2010publique",
          "[viepublique] vie publique [viepublique] vie publique");
    terms("Paris–Lyon vie -publique vie--publique", "paris lyon vie publique vie publique");
    terms("l'Île-de-France", "l! [iledefrance] ile de! france");
    terms("Pont-l'Abbé", "[pontlabbe] pont l! abbe");
    terms("pont-l-abbe", "[pontlabbe] pont l! abbe");
    terms("Saint-Germain-en-Laye", "[saintgermainenlaye] saint germain en! laye");
    terms("S.N.C.F. et l'A.D.E.M.E.", "sncf et! l! ademe");
    terms("R&D, P&R; T.V.A", "rd pr tva");
    terms("Culture&Patrimoine a=1&b=2", "culture patrimoine a! #1 b #2");
    terms("COVID-19", "[covid19] covid #19");
    terms("code_insee", "[codeinsee] code insee");
    terms("x_hamster_parcelles_2025_r44",
          "[xhamsterparcelles2025r44] x hamster parcelles #2025 #r44");
    terms("www.geo-ide.fr", "[wwwgeoidefr] www! [geoide] geo ide fr");
    terms("ogc.geo-ide.developpement-durable.gouv.fr",
          "ogc [geoide] geo ide [developpementdurable] developpement durable gouv fr");
    terms("fin.L'eau", "[finleau] fin l! eau");
    terms("fin.L'eau-de-vie", "[finleaudevie] fin l! [eaudevie] eau de! vie");
    terms("étudiant·e·s agent(e)s", "[etudiantes] etudiant e s! agent e s!");
    terms("eau/assainissement km/h", "eau assainissement km h");
    terms("2014/24/UE", "[201424ue] #2014 #24 ue");
    terms("https://www.data.gouv.fr/fr/", "https! [wwwdatagouvfr] www! data gouv fr fr");
    terms("jean.petit@ville.fr", "[jeanpetit] jean petit [villefr] ville fr");
    terms("openData OpenStreetMap", "opendata openstreetmap");
    terms("#hash *gras* [lien] «mot»", "hash gras lien mot");
    terms("C++ a&b;c", "c! ab c!");
}

static void nothing_joined_beyond_five(void)
{
    places("ab-cd-ef-gh-ij",
           "abcdefghij@1+5:0-14 ab@1+1:0-2 cd@2+1:3-5 ef@3+1:6-8 gh@4+1:9-11 ij@5+1:12-14");
    terms("ab-cd-ef-gh-ij-kl", "ab cd ef gh ij kl");
}

static void codes(void)
{
    terms("2A004 2a004 R44", "#2a004 #2a004 #r44");
    terms("13002526500013", "#13002526500013");
    terms("130 025 265 00013", "[13002526500013] #130 #025 #265 #00013");
    terms("130\u00a0025\u202f265", "[130025265] #130 #025 #265");
    terms("130025265 00013", "[13002526500013] #130025265 #00013");
    terms("130.025.265.00013", "[13002526500013] #130 #025 #265 #00013");
    terms("1/25 000", "#1 [25000] #25 #000");
    terms("10 000-20 000", "[10000] #10 #000 [20000] #20 #000");
    terms("1.234.567", "[1234567] #1 #234 #567");
    terms("2016 12 3456", "#2016 #12 #3456");
    terms("100 200m 300.5", "#100 #200m #300.5");
    terms("1234 567", "#1234 #567");
    terms("PM2.5 100", "[pm25] #pm2 #5 #100");
    terms("111 222 333 444 555", "[111222333444555] #111 #222 #333 #444 #555");
    terms("111 222 333 444 555 666", "#111 #222 #333 #444 #555 #666");
    terms("130 025 265 00013 00014", "[13002526500013] #130 #025 #265 #00013 #00014");
}

static void numbers(void)
{
    terms("1,5 1.5 48.8566 1234,56", "#1.5 #1.5 #48.8566 #1234.56");
    terms("1,2,3 1.2.3", "#1 #2 #3 #1 #2 #3");
    terms("35238,35001 2017,2018", "#35238 #35001 #2017 #2018");
    terms("1.5-2,5", "#1.5 #2.5");
    terms("1,5° 1,5é 1. 1.é", "#1.5 #1 #5e #1 [1e] #1 e");
    terms("PM2,5 v1.2.3", "[pm25] #pm2 #5 [v123] #v1 #2 #3");
    terms("v-1.5", "[v15] v #1.5");
    terms("192.168.1.1", "#192 #168 #1 #1");
    terms("2017-2018 2017/2018 2023-24", "#2017 #2018 #2017 #2018 #2023 #24");
    terms("01.23.45.67.89", "#01 #23 #45 #67 #89");
}

static void dates(void)
{
    terms("2024-01-15", "[20240115] #2024 #01 #15");
    terms("15/01/2024 15.01.2024 15-1-2024", "[20240115] #15 #01 #2024 [20240115] #15 #01 #2024 "
                                             "[20240115] #15 #1 #2024");
    terms("2024_01_15", "[20240115] #2024 #01 #15");
    terms("2024-13-15 2024-00-15 2024-01-32 3024-01-15 15/01/24",
          "#2024 #13 #15 #2024 #00 #15 #2024 #01 #32 #3024 #01 #15 #15 #01 #24");
    terms("2024-01/15", "#2024 #01 #15");
    terms("2024-01-15T10:30:00Z", "[20240115] #2024 #01 #15 #10 #30 #00z");
    terms("ab-cd-ef-gh 2024-01-15T10", "[abcdefgh] ab cd ef gh [20240115] #2024 #01 #15 #10");
    terms("a-01-15T10", "[a0115t10] a! #01 #15t10");
    places("2024-01-15T10", "20240115@1+3:0-10 2024@1+1:0-4 01@2+1:5-7 15@3+1:8-10 10@4+1:11-13");
}

static void stemming(void)
{
    stems("école écoles Écoles", "ecol ecol ecol");
    stems("eau eaux communal communaux", "eau eau communal communal");
    stems("association associations", "associ associ");
    stems("localisé localisés localisée localisées localiser",
          "localis localis localis localis localis");
    stems("routier routiers routière routières", "routi routi routi routi");
    stems("public publics publique publiques", "public public public public");
    stems("données donnée dons don", "donne donne don don");
    stems("entrée contre", "entre contr");
    stems("de or ue", "de or ue");
    stems("les des leurs", "les des leurs"); // stop words
    stems("2a004 1er 19ème", "2a004 1er 19eme");
    stems("Saint-Brieuc vie-publiques", "saintbrieuc saint brieuc viepubl vi public");
    stems("Ελλάδα ƀations", "ελλαδα ƀations");
    stems("COVID-19", "covid19 covid 19");
}

static void places_of_tokens(void)
{
    places("L'eau d’ici", "l@1+1:0-1 eau@2+1:2-5 d@3+1:6-7 ici@4+1:10-13");
    places("  École, vie-publique.", "ecole@1+1:2-8 viepublique@2+2:10-22 vie@2+1:10-13 "
                                     "publique@3+1:14-22");
    places("S.N.C.F. x", "sncf@1+1:0-7 x@2+1:9-10");
    places("aujourd'hui x", "aujourdhui@1+1:0-11 x@2+1:12-13");
    places("e\u0301t\u00ade\u0301\u200b x", "ete@1+1:0-9 x@2+1:13-14");
    places("130 025 265", "130025265@1+3:0-11 130@1+1:0-3 025@2+1:4-7 265@3+1:8-11");
    places("www.geo-ide.fr", "wwwgeoidefr@1+4:0-14 www@1+1:0-3 geoide@2+2:4-11 geo@2+1:4-7 "
                             "ide@3+1:8-11 fr@4+1:12-14");
    places("1,5 m", "1.5@1+1:0-3 m@2+1:4-5");
    is_int(analyze(analyzer, STR("un deux-trois S.N.C.F."), write_nothing, NULL), 4);
    is_int(analyze(analyzer, STR(""), write_nothing, NULL), 0);
    is_int(analyze(analyzer, STR_NONE, write_nothing, NULL), 0);
    is_int(analyze(analyzer, STR(" .-'"), write_nothing, NULL), 0);
}

static void other_scripts(void)
{
    terms("Ελλάδα Россия Й", "ελλαδα россия и");
    terms("日本語 العربية हिन्दी", "日本語 العربية हनद");
    terms("한국 \u1112\u1161\u11ab\u1100\u116e\u11a8 \u1112\u1161 \uac00\u11a8 \u1112x \u1112",
          "한국 한국 하 각 \u1112x \u1112");
    terms("ㅎㅏㄴ \u1112\u200b\u1161", "하\u1102 하");
    terms("chat😀chien ½ 1½ ™ © € ∑ \U0001f469\u200d\U0001f4bb", "chat chien #1");
    terms("co\u00ador\u200bdo\u200dn\ufeffné", "coordonne");
    terms("\u0301x \u200b \u0301", "x");
    terms("١٢٣", "١٢٣");
}

static void too_long(void)
{
    terms("avant aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg apres",
          "avant aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg apres");
    places("avant aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggh apres",
           "avant@1+1:0-5 apres@3+1:72-77");
    places("éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé x", "x@2+1:133-134");
    places("日日日日日日日日日日日日日日日日日日日日日日 x", "x@2+1:67-68");
    // No joined form with a part that is too long, nor of more than 64 bytes.
    terms("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggh-x", "x");
    terms("aaaaaaaaaabbbbbbbbbbcccccccccc-ddddddddddeeeeeeeeeeffffffffff-gggg",
          "[aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg] "
          "aaaaaaaaaabbbbbbbbbbcccccccccc ddddddddddeeeeeeeeeeffffffffff gggg");
    terms("aaaaaaaaaabbbbbbbbbbcccccccccc-ddddddddddeeeeeeeeeeffffffffff-ggggg",
          "aaaaaaaaaabbbbbbbbbbcccccccccc ddddddddddeeeeeeeeeeffffffffff ggggg");
    terms("1.1111111111222222222233333333334444444444555555555566666666667777", "");
    terms("0.1111111111222222222233333333334444444444555555555566666666667",
          "#0.1111111111222222222233333333334444444444555555555566666666667");
    terms("11111111112222222222333333333344444444445555555555666666666677777.5 x", "#5 x");
    terms("11111111112222222222333333333344444444445555555555666666666677777.345.678", "#345 #678");
}

static void not_utf8(void)
{
    terms("a\xff"
          "b\xc3 c\x80\xe2\x80",
          "a! b c!");
    terms("\xc0\xaf\xed\xa0\x80x\xf5\x80\x80\x80\xf0\x9f", "x");
    terms("l\xe9"
          "cole",
          "l! cole"); // Latin-1
    is_str(render(str_slice("a\0b", 3), write_exact), "a! b");
    is_str(render(str_slice("d\xe2\x80\x99", 3), write_exact), "d!"); // cut inside a character
}

struct checked {
    size_t tokens, bad;
    uint32_t last_position;
};

static void check_token(void *arg, const struct token *t)
{
    struct checked *c = arg;
    c->tokens++;
    c->bad += t->exact.n == 0 || t->exact.n > TEXT_TERM_BYTES || t->stem.n == 0 ||
              t->start >= t->end || t->position < c->last_position;
    c->last_position = t->position;
}

// A text of one piece, again and again, up to a megabyte.
static void repeated(const char *piece, size_t want_tokens, uint32_t want_positions)
{
    struct buf b = {0};
    while (b.n < 1000000)
        buf_addz(&b, piece);
    struct checked c = {0};
    uint32_t positions = analyze(analyzer, buf_str(&b), check_token, &c);
    bool good = c.bad == 0 && c.tokens == want_tokens && positions == want_positions;
    tap_result(good, __FILE__, __LINE__, piece);
    if (!good)
        printf("#   %zu bad of %zu tokens, %u positions\n", c.bad, c.tokens, positions);
    buf_free(&b);
}

static void harmful(void)
{
    repeated("a", 0, 1);
    repeated("'", 0, 0);
    repeated("a'", 500000, 500000);
    repeated("l'", 500000, 500000);
    repeated("a.", 7813, 7813); // acronyms of 64 letters
    repeated("ab-", 333334, 333334);
    repeated("1 ", 500000, 500000);
    repeated("123 ", 250000, 250000);
    repeated("1.", 500000, 500000);
    repeated("1,", 500000, 500000);
    repeated("\xcc\x81", 0, 0); // combining marks
    repeated("a\xcc\x81\xe2\x80\x8b", 0, 1);
    repeated("\xff", 0, 0);
    repeated("\xe1\x84\x80", 0, 1); // leading consonants of Hangul
}

static void fold_text(void)
{
    struct buf b = {0};
    text_fold(&b, STR("Élections  (T1), l’Île"));
    is_text(buf_str(&b), "elections t1 l ile");
    text_fold(&b, STR("!x"));
    is_text(buf_str(&b), "elections t1 l ilex"); // appended, nothing put between
    buf_clear(&b);
    text_fold(&b, STR(" ¿¡ "));
    is_int(b.n, 0);
    text_fold(&b, STR_NONE);
    is_int(b.n, 0);
    text_fold(&b, STR("1,5 % S.N.C.F. co\u00adop"));
    is_text(buf_str(&b), "1 5 s n c f coop");
    buf_free(&b);
}

// Every code point folds to letters and digits that fold to themselves.
static void fold_every_character(void)
{
    struct buf once = {0}, twice = {0};
    size_t bad = 0, words = 0;
    for (uint32_t code = 1; code < 0x110000; code++) {
        char in[4];
        size_t n;
        if (code < 0x80) {
            in[0] = (char)code;
            n = 1;
        } else if (code < 0x800) {
            in[0] = (char)(0xc0 | code >> 6);
            in[1] = (char)(0x80 | (code & 0x3f));
            n = 2;
        } else if (code < 0x10000) {
            in[0] = (char)(0xe0 | code >> 12);
            in[1] = (char)(0x80 | (code >> 6 & 0x3f));
            in[2] = (char)(0x80 | (code & 0x3f));
            n = 3;
        } else {
            in[0] = (char)(0xf0 | code >> 18);
            in[1] = (char)(0x80 | (code >> 12 & 0x3f));
            in[2] = (char)(0x80 | (code >> 6 & 0x3f));
            in[3] = (char)(0x80 | (code & 0x3f));
            n = 4;
        }
        buf_clear(&once);
        buf_clear(&twice);
        text_fold(&once, str_slice(in, n));
        text_fold(&twice, buf_str(&once));
        words += once.n > 0;
        if (!str_eq(buf_str(&once), buf_str(&twice)) || once.n > 72) {
            if (bad++ < 5)
                printf("# U+%04X folds to %.*s, then to %.*s\n", code, STR_ARG(buf_str(&once)),
                       STR_ARG(buf_str(&twice)));
        }
    }
    is_int(bad, 0);
    ok(words > 100000);
    buf_free(&once);
    buf_free(&twice);
}

static void sort_keys(void)
{
    struct arena a = {0};
    is_text(text_sort_key(&a, STR("Les Élus, l'été")), "les elus l ete");
    struct str empty = text_sort_key(&a, STR("…"));
    ok(empty.p != NULL && empty.n == 0);
    is_text(
        text_sort_key(&a, STR("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggh")),
        "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg");
    // 21 characters of three bytes are 63; the next one does not fit.
    is_int(text_sort_key(&a, STR("日日日日日日日日日日日日日日日日日日日日日日")).n, 63);
    // A last syllable that its third jamo completes: 61 + 3 bytes.
    is_text(text_sort_key(&a, STR("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffg"
                                  "\u1112\u1161\u11ab")),
            "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffg한");
    arena_free(&a);
}

static void word_sets(void)
{
    struct err e = {0};
    struct word_set *set =
        word_set_new(STR("# titre\nDonnées fichier\t csv # fin\r\n\nŒuvre\r\nl2"), &e);
    ok(set != NULL);
    ok(word_set_has(set, STR("donnees")));
    ok(word_set_has(set, STR("fichier")));
    ok(word_set_has(set, STR("csv")));
    ok(word_set_has(set, STR("oeuvre")));
    ok(word_set_has(set, STR("l2")));
    ok(!word_set_has(set, STR("Données")));
    ok(!word_set_has(set, STR("titre")));
    ok(!word_set_has(set, STR("fin")));
    ok(!word_set_has(set, STR("")));
    ok(!word_set_has(set, STR_NONE));
    word_set_free(set);
    word_set_free(NULL);

    set = word_set_new(STR_NONE, &e);
    ok(set != NULL && !word_set_has(set, STR("a")));
    word_set_free(set);

    ok(word_set_new(STR("un\ndeux vie-publique\n"), &e) == NULL);
    is_int(e.code, ERR_CONFIG);
    is_str(e.where, "line 2");
    is_str(e.what, "\"vie-publique\" is not one word");
    is_str(e.hint, "write single words of at most 64 letters and digits");
    ok(word_set_new(STR("\n\n --- "), &e) == NULL);
    is_str(e.where, "line 3");
    ok(word_set_new(STR("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggh"), &e) ==
       NULL);
    ok(word_set_new(STR("--"), NULL) == NULL);

    struct buf many = {0};
    for (int i = 0; i < 5000; i++)
        buf_addf(&many, "w%d\n", i % 4000);
    set = word_set_new(buf_str(&many), &e);
    int found = 0;
    for (int i = 0; i < 5000; i++) {
        char word[16];
        snprintf(word, sizeof word, "w%d", i);
        found += word_set_has(set, str_of(word));
    }
    is_int(found, 4000);
    word_set_free(set);
    buf_free(&many);
}

static void analyzers(void)
{
    struct err e = {0};
    ok(analyzer_new(STR("bon\nmal-dit"), &e) == NULL);
    is_int(e.code, ERR_CONFIG);
    is_str(e.where, "line 2");
    analyzer_free(NULL);

    // Without a list, the elided forms are stop words still.
    struct analyzer *mine = analyzer, *bare = analyzer_new(STR("# rien"), &e);
    ok(bare != NULL);
    analyzer = bare;
    terms("l'eau de la qu", "l! eau de la qu!");
    analyzer_free(bare);
    analyzer = mine;
}

// Words from a small generator, many more than the cache holds: what comes from the cache, or after being
// pushed out of it, is what a new analyzer says.
static void made_up_text(struct buf *out, uint32_t seed, size_t words)
{
    static const char *const pieces[] = {"ation", "ment", "eau", "tra", "coll", "ique",
                                         "ee",    "iere", "pub", "s",   "er",   "mun",
                                         "ic",    "aux",  "it",  "x"};
    for (size_t i = 0; i < words; i++) {
        size_t n = 1 + (seed >> 28);
        for (size_t j = 0; j < n; j++) {
            seed = seed * 1664525u + 1013904223u;
            if (j < 9)
                buf_addz(out, pieces[seed >> 28]);
        }
        seed = seed * 1664525u + 1013904223u;
        buf_addc(out, ' ');
    }
}

static void cache(void)
{
    struct err e = {0};
    struct buf text = {0};
    made_up_text(&text, 7, 2000);
    struct buf first = {0}, again = {0}, noise = {0};
    struct analyzer *fresh = analyzer_new(STR(""), &e), *used = analyzer_new(STR(""), &e);
    analyze(fresh, buf_str(&text), write_stem, &first);
    made_up_text(&noise, 99, 300000);
    analyze(used, buf_str(&noise), write_nothing, NULL);
    analyze(used, buf_str(&text), write_stem, &again);
    ok(first.n > 10000 && str_eq(buf_str(&first), buf_str(&again)));
    buf_clear(&again);
    analyze(used, buf_str(&text), write_stem, &again);
    ok(str_eq(buf_str(&first), buf_str(&again)));
    analyzer_free(fresh);
    analyzer_free(used);
    buf_free(&text);
    buf_free(&first);
    buf_free(&again);
    buf_free(&noise);
}

// The shipped lists, found from this file's own path.
static bool read_config(const char *name, struct buf *out)
{
    char path[1024];
    snprintf(path, sizeof path, "%s", __FILE__);
    char *tail = strstr(path, "tests/unit/");
    if (!tail)
        return false;
    snprintf(tail, sizeof path - (size_t)(tail - path), "config/%s", name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    buf_reserve(out, 65536);
    out->n = fread(out->p, 1, 65536, f);
    fclose(f);
    return true;
}

static void shipped_lists(void)
{
    struct buf stop_words = {0}, generic_words = {0};
    struct err e = {0};
    if (!read_config("stopwords.txt", &stop_words) ||
        !read_config("generic-words.txt", &generic_words)) {
        printf("# the shipped lists were not found from %s\n", __FILE__);
    } else {
        struct word_set *stops = word_set_new(buf_str(&stop_words), &e);
        struct word_set *generic = word_set_new(buf_str(&generic_words), &e);
        ok(stops != NULL && generic != NULL);
        ok(word_set_has(stops, STR("dans")));
        ok(word_set_has(stops, STR("aujourdhui")));
        // Words with a sense of their own here: Grand Est, l'été, Pas-de-Calais, maïs, PLUS.
        ok(!word_set_has(stops, STR("est")) && !word_set_has(stops, STR("ete")) &&
           !word_set_has(stops, STR("pas")) && !word_set_has(stops, STR("mais")) &&
           !word_set_has(stops, STR("plus")));
        ok(word_set_has(generic, STR("donnees")) && word_set_has(generic, STR("csv")) &&
           word_set_has(generic, STR("fichier")) && word_set_has(generic, STR("liste")));
        word_set_free(stops);
        word_set_free(generic);
    }
    buf_free(&stop_words);
    buf_free(&generic_words);
}

int main(void)
{
    struct err e = {0};
    analyzer =
        analyzer_new(STR("# for these tests\nle la les de des du un en et il on à y sa ses leurs\n"
                         "aujourdhui no www https"),
                     &e);
    ok(analyzer != NULL);
    folding();
    elisions();
    hyphens_and_dots();
    nothing_joined_beyond_five();
    codes();
    numbers();
    dates();
    stemming();
    places_of_tokens();
    other_scripts();
    too_long();
    not_utf8();
    harmful();
    fold_text();
    fold_every_character();
    sort_keys();
    word_sets();
    analyzers();
    cache();
    shipped_lists();
    render(STR(""), write_nothing);
    analyzer_free(analyzer);
    return tap_done();
}
