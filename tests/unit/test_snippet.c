// indexer/search/snippet: which passage is shown, where it is cut, what is marked; and for random texts, that nothing but a passage of
// the text is shown, escaped, with the best words in it.
#include "tests/unit/search_fixture.h"

#include "indexer/search/searcher.h"

enum { SHOWN = 240, WINDOW = 180, GROUPS_MAX = 8, TEXT_MAX = 4000 };

static struct query query;
static struct query_group groups[GROUPS_MAX];
static struct query_form forms[GROUPS_MAX];
static struct query_word words[GROUPS_MAX];

static void take_word(void *arg, const struct token *t)
{
    (void)arg;
    if (t->kind == TOKEN_JOINED || query.n == GROUPS_MAX)
        return;
    size_t i = query.n++;
    words[i] = (struct query_word){.exact = arena_str(&arena, t->exact),
                                   .stem = arena_str(&arena, t->stem),
                                   .only_exact = t->is_stop};
    forms[i] = (struct query_form){.words = &words[i], .n = 1};
    groups[i] = (struct query_group){.forms = &forms[i], .n = 1, .field = FIELD_COUNT};
}

static struct str snippet_of(struct str text)
{
    static struct snippet_word word_list[SNIPPET_WORDS];
    size_t n = snippet_words(text, word_list, SNIPPET_WORDS);
    return snippet_make(snippets_begin(analyzer, &query, &arena), text, word_list, n, &arena);
}

// Each word of the query is a group.
static struct str made(struct str text, const char *asked)
{
    query = (struct query){.groups = groups, .has_text = true};
    analyze(analyzer, str_of(asked), take_word, NULL);
    return snippet_of(text);
}

#define snippet(text, asked, want) is_text(made(str_of(text), asked), want)

static void marks(void)
{
    snippet("", "velo", "");
    snippet("Des vélos.", "", "Des vélos.");
    snippet("Des vélos.", "voiture", "Des vélos.");
    snippet("Des vélos.", "velo", "Des <mark>vélos</mark>.");
    snippet("VÉLOS ET VÉLO", "Vélo", "<mark>VÉLOS</mark> ET <mark>VÉLO</mark>");
    snippet("Qualité de l'eau, de l’Eau", "eau",
            "Qualité de l'<mark>eau</mark>, de l’<mark>Eau</mark>");
    snippet("Pistes cyclables", "cyclable piste", "<mark>Pistes</mark> <mark>cyclables</mark>");
    snippet("Porte-à-porte", "porte", "<mark>Porte</mark>-à-<mark>porte</mark>");
    snippet("Le cœur, l'œuvre", "oeuvre", "Le cœur, l'<mark>œuvre</mark>");
    snippet("En 2016, 2017", "2016", "En <mark>2016</mark>, 2017");
    // A stop word that is asked for alone is marked as it is written, and no word of its stem.
    snippet("Pour le tout, les tours", "le", "Pour <mark>le</mark> tout, les tours");
    // Parts of words are not words.
    snippet("Télévision, vélomobile", "velo", "Télévision, vélomobile");
    // A zone is no word, whatever it is called.
    made(STR(""), "velo");
    words[0].prefix = PREFIX_INSIDE;
    is_text(snippet_of(STR("Des vélos.")), "Des vélos.");
}

static void escapes(void)
{
    snippet("a<b>c</b> & \"d\" 'e'", "zzz", "a&lt;b&gt;c&lt;/b&gt; &amp; &quot;d&quot; 'e'");
    snippet("<mark>vélo</mark>", "velo", "&lt;mark&gt;<mark>vélo</mark>&lt;/mark&gt;");
    snippet("<script>alert(1)</script>", "script alert",
            "&lt;<mark>script</mark>&gt;<mark>alert</mark>(1)&lt;/<mark>script</mark>&gt;");
    snippet("&lt;vélo&gt;", "lt", "&amp;<mark>lt</mark>;vélo&amp;gt;");
    snippet("une\nligne\n\nautre", "ligne", "une <mark>ligne</mark>  autre");
}

// `n` times "mot " with the words given behind it.
static struct str filled(int before, const char *middle, int after)
{
    struct buf b = {0};
    for (int i = 0; i < before; i++)
        buf_addz(&b, "mot ");
    buf_addz(&b, middle);
    for (int i = 0; i < after; i++)
        buf_addz(&b, " mot");
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static size_t times(struct str text, const char *what)
{
    size_t n = 0;
    for (ptrdiff_t at; (at = str_find(text, str_of(what))) >= 0; n++)
        text = str_slice(text.p + at + 1, text.n - (size_t)at - 1);
    return n;
}

static void passages(void)
{
    // Short of the bound, or just at it: whole.
    is_text(made(filled(60, "", 0), "zzz"), filled(60, "", 0).p);
    is_int(made(filled(59, "moto", 0), "zzz").n, SHOWN);
    // One more: its beginning, cut between words.
    struct str s = made(filled(59, "motos", 0), "zzz");
    is_int(s.n, 59 * 4 - 1 + 3);
    ok(str_ends(s, STR("mot…")));
    // One word is all of it: cut between letters.
    struct buf b = {0};
    for (int i = 0; i < 200; i++)
        buf_addz(&b, "é");
    s = made(buf_str(&b), "zzz");
    is_int(s.n, SHOWN + 3);
    ok(utf8_valid(s));
    buf_addz(&b, " fin");
    s = made(buf_str(&b), "fin");
    is_text(s, "…<mark>fin</mark>");
    buf_free(&b);
    // The match, some of what precedes it, and what follows.
    s = made(filled(300, "cible", 300), "cible");
    is_text(str_cut_utf8(s, 7), "…mot ");
    ok(str_ends(s, STR("mot…")));
    is_int(str_find(s, STR("<mark>cible</mark>")), 3 + 14 * 4);
    ok(s.n > 230 && s.n < SHOWN + 6 + 13 + 1);
    // At the end of the text.
    s = made(filled(300, "cible.", 0), "cible");
    ok(str_starts(s, STR("…mot")));
    ok(str_ends(s, STR("mot <mark>cible</mark>.")));
    // Two words at one place before each of them alone, before many of one.
    s = made(filled(0,
                    arena_printf(&arena, "rouge rouge rouge rouge %s vert %s rouge et vert",
                                 filled(100, "", 0).p, filled(100, "", 0).p)
                        .p,
                    100),
             "rouge vert");
    ok(str_find(s, STR("<mark>rouge</mark> et <mark>vert</mark>")) > 0);
    // The first of equals.
    s = made(filled(0, arena_printf(&arena, "un rouge %s deux rouge", filled(100, "", 0).p).p, 50),
             "rouge");
    ok(str_starts(s, STR("un <mark>rouge</mark> mot")));
    is_int(times(s, "<mark>"), 1);
    // Where the first word stands early and the others late in its window, all are shown.
    s = made(filled(25, arena_printf(&arena, "rouge %s vert", filled(40, "", 0).p).p, 100),
             "rouge vert");
    is_int(times(s, "<mark>"), 2);
    // Many of a common word hide no passage behind them.
    s = made(filled(700, "cible", 20), "mot cible");
    ok(str_find(s, STR("<mark>cible</mark>")) > 0);
}

// ---- Random texts ----------------------------------------------------------------------------------------

static uint64_t state = 0x9E3779B97F4A7C15u;

static uint32_t any(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

static const char *const vocabulary[] = {
    "rouge", "verts", "bleue", "<b>",  "&",     "\"", "été",  "œuvre", "l'eau",
    "12",    "mot",   "mots",  "x",    "long",  "…",  "日本", "a-b",   "anticonstitutionnellement",
    "'",     ";",     "&amp;", "</i>", "1.2.3", "de", "le",   "😀",     "\xD7\xA9\xD7\x9C"};
enum { VOCABULARY = sizeof vocabulary / sizeof *vocabulary };

static struct str random_text(void)
{
    struct buf b = {0};
    uint32_t most = 1 + any(any(2) ? 300 : TEXT_MAX - 40);
    uint32_t colours = 1 + any(30); // one in so many words
    while (b.n < most) {
        uint32_t w = any(colours) == 0 ? any(3) : 3 + any(VOCABULARY - 3);
        buf_addz(&b, vocabulary[w]);
        buf_addc(&b, any(12) == 0 ? '\n' : ' ');
    }
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

// What a browser shows of it, marks aside; false when there is any other mark-up.
static bool unescape(struct str html, struct buf *out, size_t *marked)
{
    static const struct {
        const char *html;
        const char *text;
    } known[] = {{"&amp;", "&"},   {"&lt;", "<"},  {"&gt;", ">"},
                 {"&quot;", "\""}, {"<mark>", ""}, {"</mark>", ""}};
    bool open = false;
    *marked = 0;
    for (size_t i = 0; i < html.n;) {
        struct str rest = str_slice(html.p + i, html.n - i);
        size_t k = 0;
        while (k < 6 && !str_starts(rest, str_of(known[k].html)))
            k++;
        if (k == 6 && (rest.p[0] == '<' || rest.p[0] == '>' || rest.p[0] == '&' ||
                       rest.p[0] == '"' || rest.p[0] == '\n'))
            return false;
        if ((k == 4 && open) || (k == 5 && !open))
            return false;
        open = k == 4 ? true : k == 5 ? false : open;
        *marked += k == 4;
        if (k < 6)
            buf_addz(out, known[k].text);
        else
            buf_addc(out, rest.p[0]);
        i += k < 6 ? strlen(known[k].html) : 1;
    }
    return !open;
}

struct place {
    size_t start, end, colour;
};

static const char *const colours[] = {"roug", "vert", "bleu"};
static struct place places_found[2 * TEXT_MAX];
static size_t place_count;

static void take_colour(void *arg, const struct token *t)
{
    (void)arg;
    for (size_t c = 0; c < 3; c++)
        if (t->kind != TOKEN_JOINED && str_eq(t->stem, str_of(colours[c])))
            places_found[place_count++] = (struct place){t->start, t->end, c};
}

static size_t colours_within(size_t from, size_t to)
{
    bool has[3] = {false};
    for (size_t i = 0; i < place_count; i++)
        if (places_found[i].start >= from && places_found[i].end <= to)
            has[places_found[i].colour] = true;
    return (size_t)has[0] + has[1] + has[2];
}

static size_t wrong_in(struct str text)
{
    struct str s = made(text, "rouges vert bleues"), dots = STR("…");
    struct buf plain = {0}, shown = {0};
    size_t marked = 0, wrong = 0;
    wrong += !utf8_valid(s) || !unescape(s, &shown, &marked);
    for (size_t i = 0; i < text.n; i++)
        buf_addc(&plain, text.p[i] == '\n' ? ' ' : text.p[i]);
    place_count = 0;
    analyze(analyzer, text, take_colour, NULL);

    // A part of the text, between words, with dots where it goes on.
    struct str part = buf_str(&shown);
    bool right = false;
    size_t best = 0;
    for (size_t i = 0; i < place_count; i++) {
        size_t n = colours_within(places_found[i].start, places_found[i].start + WINDOW);
        best = n > best ? n : best;
    }
    for (int cut = 0; cut < 4 && !right; cut++) {
        struct str p = part;
        if ((cut & 1 && !str_starts(p, dots)) || (cut & 2 && !str_ends(p, dots)))
            continue;
        if (cut & 1)
            p = str_slice(p.p + dots.n, p.n - dots.n);
        if (cut & 2 && p.n < dots.n)
            continue;
        if (cut & 2)
            p.n -= dots.n;
        for (size_t at = 0; at + p.n <= plain.n && !right; at++) {
            size_t end = at + p.n, inside = 0;
            if ((at == 0) != !(cut & 1) || (end == plain.n) != !(cut & 2) ||
                memcmp(plain.p + at, p.p, p.n) != 0)
                continue;
            bool between =
                (at == 0 || plain.p[at - 1] == ' ') && (end == plain.n || plain.p[end] == ' ');
            for (size_t i = 0; i < place_count; i++)
                inside += places_found[i].start >= at && places_found[i].end <= end;
            right = between && p.n <= SHOWN && marked == inside && colours_within(at, end) >= best;
        }
    }
    wrong += !right;
    buf_free(&plain);
    buf_free(&shown);
    return wrong;
}

static void random_texts(void)
{
    size_t wrong = 0;
    for (int i = 0; i < 3000; i++) {
        struct str text = random_text();
        if (wrong_in(text) && !wrong++)
            printf("# text %d: \"%s\"\n# gives \"%s\"\n", i, text.p,
                   made(text, "rouges vert bleues").p);
    }
    is_int(wrong, 0);
}

// ---- Beside the analysis of all of the text ----------------------------------------------------------------

// Words whose beginnings, stems, joints and letters are easily taken for those of others.
static const char *const near_words[] = {"eau",
                                         "l'eau",
                                         "eaux",
                                         "école",
                                         "Écoles",
                                         "ecole",
                                         "éco",
                                         "S.N.C.F.",
                                         "sncf",
                                         "R&D",
                                         "rd",
                                         "œuvre",
                                         "oeuvres",
                                         "payer",
                                         "paie",
                                         "payement",
                                         "pique",
                                         "pic",
                                         "1,5",
                                         "1.5",
                                         "15",
                                         "2016",
                                         "130 025",
                                         "130",
                                         "vie-publique",
                                         "publique",
                                         "publics",
                                         "porte-à-porte",
                                         "aujourd'hui",
                                         "hui",
                                         "aujourd",
                                         "A",
                                         "a",
                                         "d",
                                         "DONNÉES",
                                         "donne\xCC\x81"
                                         "es",
                                         "donnee",
                                         "m²",
                                         "m2",
                                         "日本",
                                         "日本語",
                                         "été",
                                         "etes",
                                         "l’été",
                                         "quai",
                                         "quais",
                                         "so\xC2\xADldes",
                                         "soldes",
                                         "ﬁche",
                                         "fiche",
                                         "data.gouv.fr",
                                         "gouv",
                                         "\xC3",
                                         "\xC3\xA9",
                                         "\xFF"
                                         "eau",
                                         "x_y",
                                         "y",
                                         "Straße",
                                         "strasse",
                                         "naïf",
                                         "naïve",
                                         "COVID-19",
                                         "covid",
                                         "2024-01-15T10",
                                         "15/01/2024",
                                         "01",
                                         "ïle",
                                         "ﬀ",
                                         "À",
                                         "relative"};
enum { NEAR_WORDS = sizeof near_words / sizeof *near_words, SHORT = 200 };

struct marking {
    struct buf html;
    struct str text;
    size_t at;
};

static void escape_to(struct marking *m, size_t end)
{
    for (; m->at < end; m->at++) {
        char c = m->text.p[m->at];
        buf_addz(&m->html, c == '&' ? "&amp;" : c == '\n' ? " " : "");
        if (c != '&' && c != '\n')
            buf_addc(&m->html, c);
    }
}

static void mark_token(void *arg, const struct token *t)
{
    struct marking *m = arg;
    bool found = false;
    for (size_t i = 0; i < query.n && t->kind != TOKEN_JOINED; i++)
        found = found || str_eq(t->exact, words[i].exact) ||
                (!t->is_stop && !words[i].only_exact && str_eq(t->stem, words[i].stem));
    if (!found || t->start < m->at)
        return;
    escape_to(m, t->start);
    buf_addz(&m->html, "<mark>");
    escape_to(m, t->end);
    buf_addz(&m->html, "</mark>");
}

// A text of too many words, or bytes, is looked at as a whole.
static void long_texts(void)
{
    struct snippet_word few[3];
    is_int(snippet_words(STR("un deux trois"), few, 3), 3);
    is_int(few[1].at, 3);
    is_int(snippet_words(STR("un deux trois quatre"), few, 3), 4);
    is_int(snippet_words(STR(""), few, 3), 0);
    is_int(snippet_words(STR("... , !"), few, 3), 0);
    struct buf b = {0};
    for (int i = 0; i < SNIPPET_WORDS; i++)
        buf_addz(&b, "x ");
    buf_addz(&b, "cible");
    ok(str_find(made(buf_str(&b), "cible"), STR("<mark>cible</mark>")) > 0);
    while (b.n <= UINT16_MAX)
        buf_addz(
            &b,
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    buf_addz(&b, " fin");
    ok(str_find(made(buf_str(&b), "fin"), STR("<mark>fin</mark>")) > 0);
    buf_free(&b);
}

static void add_near_text(struct buf *text, size_t most)
{
    for (uint32_t n = any(16); n > 0; n--) {
        static const char *const between[] = {" ", "\n",       "  ", ", ",  "-", "’",
                                              "(", "\xC2\xA0", "…",  " « ", "»"};
        const char *word = near_words[any(NEAR_WORDS)], *sign = between[any(3) ? 0 : any(11)];
        if (text->n + strlen(word) + strlen(sign) > most)
            break;
        buf_addz(text, word);
        buf_addz(text, sign);
    }
}

static void add_near_words(struct buf *asked)
{
    for (uint32_t n = 1 + any(4); n > 0; n--)
        buf_addf(asked, "%s ", near_words[any(NEAR_WORDS)]);
    buf_addc(asked, '\0');
}

// What was learnt from the texts before changes nothing: as if each text were the first.
static void one_after_another(void)
{
    size_t wrong = 0, marked = 0;
    for (int i = 0; i < 300; i++) {
        struct buf asked = {0};
        add_near_words(&asked);
        made(STR(""), asked.p); // `query` is what was asked
        struct snippets *shared = snippets_begin(analyzer, &query, &arena);
        for (int j = 0; j < 60; j++) {
            struct snippet_word list[TEXT_MAX];
            struct buf text = {0};
            for (uint32_t n = any(6); n > 0; n--)
                add_near_text(&text, TEXT_MAX);
            size_t n = snippet_words(buf_str(&text), list, TEXT_MAX);
            struct str alone = snippet_of(buf_str(&text)),
                       got = snippet_make(shared, buf_str(&text), list, n, &arena);
            marked += str_find(got, STR("<mark>")) >= 0;
            if (!str_eq(got, alone) && !wrong++)
                printf("# \"%s\" in \"%.*s\"\n# gives  \"%.*s\"\n# not    \"%.*s\"\n", asked.p,
                       STR_ARG(text), STR_ARG(got), STR_ARG(alone));
            buf_free(&text);
        }
        buf_free(&asked);
        arena_reset(&arena);
    }
    is_int(wrong, 0);
    ok(marked > 1000);
}

static void whole_analysis(void)
{
    size_t wrong = 0;
    for (int i = 0; i < 20000; i++) {
        struct buf text = {0}, asked = {0};
        add_near_text(&text, SHORT);
        add_near_words(&asked);
        struct str got = made(buf_str(&text), asked.p); // `query` is what was asked
        struct marking m = {.text = buf_str(&text)};
        analyze(analyzer, m.text, mark_token, &m);
        escape_to(&m, m.text.n);
        if (!str_eq(got, buf_str(&m.html)) && !wrong++)
            printf("# \"%s\" in \"%.*s\"\n# gives  \"%.*s\"\n# not    \"%.*s\"\n", asked.p,
                   STR_ARG(text), STR_ARG(got), STR_ARG(m.html));
        buf_free(&text);
        buf_free(&asked);
        buf_free(&m.html);
    }
    is_int(wrong, 0);
}

int main(void)
{
    search_begin();
    marks();
    escapes();
    passages();
    random_texts();
    long_texts();
    whole_analysis();
    one_after_another();
    search_end();
    return tap_done();
}
