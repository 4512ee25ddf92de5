// indexer/suggest: each rule of matching and order with its examples, marks, merging, bounds.
#include "tests/unit/suggest_fixture.h"

#include "indexer/suggest/plain.h"

static struct str marked(const char *q)
{
    ask(q);
    return found.n ? found.v[0].html : STR("(nothing)");
}

static struct str words_of(const char *text)
{
    struct plain_word w;
    struct buf b = {0};
    for (size_t at = 0; plain_next(str_of(text), &at, &w);) {
        if (b.n)
            buf_addc(&b, ' ');
        buf_add(&b, plain_str(&w));
        buf_addf(&b, "[%zu,%zu)", w.start, w.end);
    }
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

static void words(void)
{
    is_text(words_of("L’Île-de-France"), "l[0,1) ile[4,8) de[9,11) france[12,18)");
    is_text(words_of("S.N.C.F. et R&D"), "sncf[0,7) et[9,11) rd[12,15)");
    is_text(words_of("a.bc"), "a[0,1) bc[2,4)");
    is_text(words_of("Œuvre e\xcc\x81t\xc2\xad\x65"), "oeuvre[0,6) ete[7,14)");
    is_text(words_of("data.gouv.fr code_insee"),
            "data[0,4) gouv[5,9) fr[10,12) code[13,17) insee[18,23)");
    is_text(words_of("COVID-19, 1,5 m²"), "covid[0,5) 19[6,8) 1[10,11) 5[12,13) m2[14,17)");
    is_text(words_of(" - \xff\xfe .."), "");
    char key[64];
    struct err e;
    struct word_set *stops = word_set_new(few_stop_words, &e);
    is_text(str_slice(key, plain_key(stops, STR("La  Base, de la BAN"), key, sizeof key)),
            "base de la ban");
    is_text(str_slice(key, plain_key(stops, STR("La de"), key, sizeof key)), "la de");
    is_text(str_slice(key, plain_key(stops, STR("Base adresse"), key, 7)), "base ad");
    is_int(plain_key(stops, STR("..."), key, sizeof key), 0);
    is_text(str_slice(key, plain_name(STR("S.N.C.F. réseau"), key, sizeof key)), "sncfreseau");
    is_text(str_slice(key, plain_name(STR("abc def"), key, 4)), "abcd");
    word_set_free(stops);
}

static void matching(void)
{
    begin();
    add("Base adresse nationale", 0.9);
    add("Plan local d'urbanisme", 0.8);
    add("L’élection présidentielle des 10 et 24 avril 2022", 0.7);
    add("Œuvres du Musée - Vie-Publique", 0.6);
    add("Arbres d'alignement", 0.5);
    finish();
    is_int(suggester_entries(suggester), 5);
    is_text(ask("base adresse"), "Base adresse nationale");
    is_text(ask("nationale adresse"), "Base adresse nationale"); // any order
    is_text(ask("NATIONALE, Bas"), "Base adresse nationale");    // the last one is being typed
    is_text(ask("bas adr nat"), "Base adresse nationale");       // so may the others be
    is_text(ask("b"), "Base adresse nationale");
    is_text(ask("a"), "Base adresse nationale | Arbres d'alignement | "
                      "L’élection présidentielle des 10 et 24 avril 2022");
    is_text(ask("base plan"), ""); // every word must match
    is_text(ask("zzz"), "");
    is_text(ask("election presidentielle 2022"),
            "L’élection présidentielle des 10 et 24 avril 2022");
    is_text(ask("ÉLECTION"), "L’élection présidentielle des 10 et 24 avril 2022");
    is_text(ask("l'elec"), "L’élection présidentielle des 10 et 24 avril 2022");
    is_text(ask("oeuvres"), "Œuvres du Musée - Vie-Publique");
    is_text(ask("œuv"), "Œuvres du Musée - Vie-Publique");
    is_text(ask("vie publique"), "Œuvres du Musée - Vie-Publique");
    is_text(ask("vie-publique"), "Œuvres du Musée - Vie-Publique");
    // Stop words do not count in a query, nor in a text.
    is_text(ask("plan de l'urbanisme"), "Plan local d'urbanisme");
    is_text(ask("plan de"), "Plan local d'urbanisme");
    is_text(ask("arbres de la des"), "Arbres d'alignement");
    is_text(ask("du"), ""); // nothing else: a word, which no text has
    is_text(ask(""), "");
    is_text(ask("  ' - ?"), "");
    is_int(found.n, 0);
    // Twice the same word is once.
    is_text(ask("base base base adresse base"), "Base adresse nationale");
}

static void stop_words_alone(void)
{
    begin();
    add("La La", 0.2);
    add("Landes", 0.9);
    add("Le lac", 0.5);
    finish();
    is_text(ask("la"), "Landes | Le lac | La La"); // as it is typed on
    is_text(ask("la "), "Landes | Le lac | La La");
    is_text(ask("la la"), "La La | Landes | Le lac"); // its text is the query
    is_text(ask("la. La."), "La La | Landes | Le lac");
    is_text(ask("le"), "");
    is_text(ask("le lac"), "Le lac");
}

static void order(void)
{
    begin();
    add("Transports en commun", 0.9);
    add("Bus et cars", 0.30);
    add("Arrêts de bus", 0.45);
    add("Bus", 0.0);
    add("Lignes de busway", 0.44);
    add("La busette", 0.20);
    finish();
    // Called so; begins so, whole (0.6); whole (0.55); open (0.44); begins so, its article aside (0.4).
    is_text(ask("bus"), "Bus | Bus et cars | Arrêts de bus | Lignes de busway | La busette");
    is_text(ask("bus "), "Bus | Bus et cars | Arrêts de bus | La busette | Lignes de busway");
    is_text(ask("arrets bus"), "Arrêts de bus");

    begin();
    add("Bus et cars", 0.3);
    add_whole(SUGGEST_TERRITORY, "Bus (62)", "Bus\n62184", "fr:commune:62184", 0.04, 0);
    add_whole(SUGGEST_TERRITORY, "Cars (33)", "Cars\n33100", "fr:commune:33100", 0.2, 0);
    finish();
    is_text(ask("bus"), "Bus et cars | Bus (62)"); // too small to be what is meant
    is_text(ask("cars"), "Cars (33) | Bus et cars");
    is_text(ask("62184"), "Bus (62)");

    begin();
    add_whole(SUGGEST_DATASET, "Base officielle des codes postaux", "BOCP", "1", 0.1, 1);
    add("Le BOCP expliqué", 0.9);
    add_whole(SUGGEST_DATASET, "Autre chose", "B.O.C.P.\nAncien nom", "2", 0.3, 1);
    add_whole(SUGGEST_DATASET, "Encore une", "bocp", "3", 0.05, 1);
    add_whole(SUGGEST_DATASET, "Et une de plus", "bocp", "4", 0.02, 1);
    finish();
    // Three called so at most, heaviest first; the others as what they are: whole words in another name.
    is_text(ask("bocp"), "Autre chose | Base officielle des codes postaux | Encore une | "
                         "Le BOCP expliqué | Et une de plus");
    is_text(ask("b o c p"), "Autre chose | Base officielle des codes postaux | Encore une");
    is_text(ask("ancien nom"), "Autre chose");
    is_text(ask("anc"), "Autre chose");
    is_text(ask("bocp officielle"), "Base officielle des codes postaux");
}

static void typos(void)
{
    begin();
    add("Base adresse nationale", 0.9);
    add("Adrese fautive", 0.1);
    add("Cartes", 0.5);
    add("Prix du gaz", 0.4);
    add("Vie publique", 0.3);
    add("Lignes opendata", 0.2);
    finish();
    is_text(ask("adrese"), "Adrese fautive | Base adresse nationale"); // behind what is exact
    is_text(ask("adressse"), "Base adresse nationale");                // one too many
    is_text(ask("naionale"), "Base adresse nationale");                // missing
    is_text(ask("adtesse"), "Base adresse nationale");                 // wrong
    is_text(ask("darese"), "Adrese fautive");                          // swapped
    is_text(ask("qdresse"), "Base adresse nationale");                 // the first one too
    is_text(ask("dresse"), "Base adresse nationale");
    is_text(ask("nationake "), "Base adresse nationale"); // whole words
    is_text(ask("natioanl"), "Base adresse nationale");   // and the beginning of one
    is_text(ask("natioanl "), "");                        // which is not whole
    is_text(ask("base adrsse natio"), "Base adresse nationale");
    is_text(ask("bqse adrsse"), ""); // one in the whole query
    is_text(ask("cartez"), "Cartes");
    is_text(ask("nationalx"), "Base adresse nationale"); // at the end of what is typed
    is_text(ask("carz"), "");                            // but not of so little
    is_text(ask("gz"), "");                              // nor in short words
    is_text(ask("pri gax"), "");
    is_text(ask("priz gaz"), "Prix du gaz");
    is_text(ask("carte5"), ""); // nor where there are digits
    // A space missing, or too many.
    is_text(ask("viepublique"), "Vie publique");
    is_text(ask("viepubl"), "Vie publique");
    is_text(ask("viepubl "), "");
    is_text(ask("lignes open data"), "Lignes opendata");
    is_text(ask("open dat"), "Lignes opendata");
    is_text(ask("open dat lignes"), "");
}

static void typos_do_not_crowd(void)
{
    begin();
    char title[32];
    for (int i = 0; i < 10; i++) {
        snprintf(title, sizeof title, "Carte numéro %d", i);
        add(title, 0.1 + 0.01 * i);
    }
    add("Caste", 1);
    finish();
    is_int(ask("carte").n > 0 ? (int)found.n : 0, 10);
    is_text(found.v[0].text, "Carte numéro 9");
    is_text(found.v[9].text, "Carte numéro 0");
    ask_str(STR("carte"), 0, 11);
    is_int(found.n, 11);
    is_text(found.v[10].text, "Caste");
}

static void marks(void)
{
    begin();
    add("L’Été <b>& l'Œuvre</b> \"d'été\" d'Étienne", 0.5);
    add("e\xcc\x81tage", 0.4);
    add("S.N.C.F. Réseau", 0.3);
    add_whole(SUGGEST_ORGANIZATION, "Institut des mines", "IMT", "1", 0.3, 0);
    finish();
    is_text(marked("ete oeu"),
            "L’<mark>Été</mark> &lt;b&gt;&amp; l&#39;<mark>Œu</mark>vre&lt;/b&gt; "
            "&quot;d&#39;<mark>été</mark>&quot; d&#39;Étienne");
    is_text(marked("o ete"), "L’<mark>Été</mark> &lt;b&gt;&amp; l&#39;<mark>Œ</mark>uvre&lt;/b&gt; "
                             "&quot;d&#39;<mark>été</mark>&quot; d&#39;Étienne");
    is_text(marked("etag"), "<mark>e\xcc\x81tag</mark>e");
    is_text(marked("etaje"), "<mark>e\xcc\x81tage</mark>");
    is_text(marked("sncf"), "<mark>S.N.C.F</mark>. Réseau");
    is_text(marked("snc"), "<mark>S.N.C</mark>.F. Réseau");
    is_text(marked("imt"), "Institut des mines"); // found by what is not shown
    is_text(marked("reseausncf"), "<mark>S.N.C.F</mark>. <mark>Réseau</mark>");
    is_text(marked("reseausnce"), "(nothing)");
}

static void merging(void)
{
    begin();
    add_whole(SUGGEST_DATASET, "Marchés publics", NULL, "a", 0.2, 1);
    add_whole(SUGGEST_DATASET, "MARCHES  PUBLICS", "MP", "b", 0.4, 1);
    add_whole(SUGGEST_DATASET, "Les marchés publics", NULL, "c", 0.1, 3);
    add_whole(SUGGEST_REUSE, "Marchés publics !", NULL, "d", 0.3, 1);
    add_whole(SUGGEST_KEYWORD, "marches-publics", NULL, "marches-publics", 0.3, 7);
    add_whole(SUGGEST_KEYWORD, "marchés publics", NULL, "marchés publics", 0.1, 2);
    add_whole(SUGGEST_TERRITORY, "Saint-Martin", NULL, "fr:commune:1", 0.2, 0);
    add_whole(SUGGEST_TERRITORY, "Saint-Martin", NULL, "fr:commune:2", 0.1, 0);
    add_whole(SUGGEST_ORGANIZATION, "Mairie", NULL, "x", 0.2, 1);
    add_whole(SUGGEST_ORGANIZATION, "Mairie", NULL, "y", 0.1, 1);
    finish();
    is_int(suggester_entries(suggester), 7);
    is_text(ask("marches publics"), "MARCHES  PUBLICS | marches-publics");
    is_text(found.v[0].value, "b");
    is_int(found.v[0].count, 5);
    ok(found.v[0].weight > 0.399 && found.v[0].weight < 0.401);
    is_text(found.v[1].value, "marches-publics");
    is_int(found.v[1].count, 9);
    is_text(ask("mp"), "MARCHES  PUBLICS");
    // The reuse is there for those who ask for reuses.
    is_text(ask_str(STR("marches"), 1u << SUGGEST_REUSE, 10), "Marchés publics !");
    is_text(found.v[0].value, "d");
    is_int(found.v[0].kind, SUGGEST_REUSE);
    is_text(ask("saint martin"), "Saint-Martin | Saint-Martin"); // two places
    is_text(found.v[0].value, "fr:commune:1");
    is_text(ask("mairie"), "Mairie | Mairie");
    is_text(ask_str(STR("ma"), 1u << SUGGEST_KEYWORD | 1u << SUGGEST_ORGANIZATION, 10),
            "marches-publics | Mairie | Mairie");
}

static void mixing(void)
{
    char text[32];
    begin();
    for (int i = 0; i < 20; i++) {
        snprintf(text, sizeof text, "eau %d", i);
        add_whole(SUGGEST_KEYWORD, text, NULL, text, 0.99 - 0.001 * i, 1);
        snprintf(text, sizeof text, "eau titre %d", i);
        add(text, 0.6 - 0.001 * i);
    }
    add_whole(SUGGEST_ORGANIZATION, "Agence de l'eau", NULL, "o", 0.1, 1);
    finish();
    unsigned counts[SUGGEST_KINDS] = {0};
    ask("eau");
    is_int(found.n, 10);
    for (size_t i = 0; i < found.n; i++)
        counts[found.v[i].kind]++;
    is_int(counts[SUGGEST_KEYWORD], 3);
    is_int(counts[SUGGEST_DATASET], 6);
    is_int(counts[SUGGEST_ORGANIZATION], 1);
    // Nothing else: keywords alone.
    ask_str(STR("eau"), 1u << SUGGEST_KEYWORD, 10);
    is_int(found.n, 10);
    is_text(found.v[9].text, "eau 9");
    ask("eau 1");
    is_text(found.v[0].text, "eau 1");
    ask_str(STR("eau"), 0, 1);
    is_int(found.n, 1);
    is_text(found.v[0].text, "eau 0");
}

static void bounds(void)
{
    begin();
    char *big = arena_bytes(&arena, 100000);
    memset(big, 'a', 100000);
    struct str huge = str_slice(big, 100000);
    ok(!suggest_builder_add(builder, &(struct suggest_entry){.text = STR(" -- ")}));
    ok(!suggest_builder_add(builder, &(struct suggest_entry){.text = STR("a"), .value = huge}));
    ok(suggest_builder_add(builder,
                           &(struct suggest_entry){.text = huge, .names = huge, .weight = 1e300}));
    ok(suggest_builder_add(
        builder, &(struct suggest_entry){.text = STR("x\xff\xc3y"), .weight = -1, .count = 7}));
    ok(suggest_builder_add(
        builder, &(struct suggest_entry){.text = STR("nan"), .weight = 0.0 / (tap_failures * 0.)}));
    finish();
    is_int(suggester_entries(suggester), 3);
    is_int(ask_str(huge, 0, 10).n, SUGGEST_TEXT_BYTES);
    ok(found.v[0].weight == 1);
    is_int(ask("aaaa").n, SUGGEST_TEXT_BYTES);
    is_text(ask("x"), "x\xff\xc3y");
    ok(found.v[0].weight == 0);
    is_text(found.v[0].html, "<mark>x</mark>\xff\xc3y");
    is_text(ask("nan"), "nan");
    ok(found.v[0].weight == 0);
    is_int(ask_str(STR("x"), 0, 0).n, 0);
    is_int(ask_str(STR("x"), 1u << SUGGEST_KEYWORD, 10).n, 0);
    // More words than are read: the first ones, and the one that is typed.
    begin();
    add("a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 b2 b3 b4 b5", 0.5);
    finish();
    ok(ask("a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 b2 non non2 non3 b5").n > 0);
    is_text(ask("a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 b2 b3 b4 zz"), "");
    // Nothing at all.
    begin();
    finish();
    is_int(suggester_entries(suggester), 0);
    is_text(ask("a"), "");
    ok(suggester_bytes(suggester) > 0);
    // More than an answer may hold.
    begin();
    char text[32];
    for (int i = 0; i < 50; i++) {
        snprintf(text, sizeof text, "eau %d", i);
        add(text, 0.5);
    }
    finish();
    ask_str(STR("eau"), 0, 1000);
    is_int(found.n, SUGGEST_ANSWER_MAX);
}

// So many that beginnings are kept ready: the answers are the same.
static void many(void)
{
    begin();
    char text[64];
    for (int i = 0; i < 60000; i++) {
        snprintf(text, sizeof text, "%s numero %d %s", i % 3 ? "Commune" : "Communauté", i,
                 i % 1000 == 7 ? "rare" : "courant");
        add(text, (double)i / 60000);
    }
    finish();
    is_text(ask_str(STR("c"), 0, 2), "Commune numero 59999 courant | Commune numero 59998 courant");
    is_text(ask_str(STR("commu numero rar"), 0, 2),
            "Communauté numero 59007 rare | Commune numero 58007 rare");
    is_text(ask_str(STR("communaute rare"), 0, 2),
            "Communauté numero 59007 rare | Communauté numero 56007 rare");
    is_text(ask_str(STR("59 com"), 0, 1), "Commune numero 59 courant");
    is_text(ask_str(STR("rare communaite"), 0, 1), "Communauté numero 59007 rare");
    is_text(ask("comnume numero 31 rare"), "");
}

static void counting(void)
{
    begin();
    add("Eau", 0.5);
    finish();
    struct suggester *s = suggester;
    ok(suggester_revision(s) > 0);
    suggester_hold(s);
    suggester_release(s);
    is_text(ask("eau"), "Eau"); // still there
    suggester_release(NULL);
    struct err e = {0};
    ok(!suggest_builder_new(STR("un deux-mots"), &e));
    is_int(e.code, ERR_CONFIG);
    suggest_builder_free(NULL);
    begin();
    add("Jamais fini", 0.5);
    suggest_builder_free(builder);
}

static void kinds(void)
{
    static const char *const names[] = {"dataset",      "dataservice", "reuse",    "software",
                                        "organization", "keyword",     "territory"};
    enum suggest_kind kind;
    for (size_t i = 0; i < SUGGEST_KINDS; i++) {
        is_text(suggest_kind_name((enum suggest_kind)i), names[i]);
        ok(suggest_kind_find(str_of(names[i]), &kind) && kind == (enum suggest_kind)i);
        is_int(suggest_kind_is_record(kind), i < 4);
    }
    ok(!suggest_kind_find(STR("datasets"), &kind));
    ok(!suggest_kind_find(STR_NONE, &kind));
}

int main(void)
{
    words();
    matching();
    stop_words_alone();
    order();
    typos();
    typos_do_not_crowd();
    marks();
    merging();
    mixing();
    bounds();
    many();
    kinds();
    counting();
    end();
    return tap_done();
}
