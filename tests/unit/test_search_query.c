// How a query is read: its groups and their forms (synonyms, words as one or cut in two, initials, English), generic words, stop
// words, expressions, filters written among the words, how rare each group is, and what is refused.
#include "tests/unit/search_fixture.h"

#include "indexer/search/searcher.h"

#include <math.h>

static struct query query;

static void add_record(const char *id, const char *title, const char *description)
{
    struct record r = record_of(id, KIND_DATASET, title);
    r.description = str_of(description);
    if (str_starts(r.id, STR("en")))
        r.language = STR("en");
    add(&r, STATUS_ACTIVE);
}

static void fill(void)
{
    begin_generation();
    add_record("1", "Plan local d'urbanisme", "Le PLU de la ville.");
    add_record("2", "Open Damir", "Les dépenses, géoportail.");
    add_record("3", "Bornes de recharge", "irve");
    add_record("4", "Commission nationale du débat", "");
    add_record("en1", "The cities of the river",
               "The cities that are on the river and by the sea.");
    add_record("6", "Vie-publique", "cafe, bibliothèque, fichier csv, données");
    commit("6", true);
}

// ---- A query as text -----------------------------------------------------------------------------------

// A word: exact/stem, with the English stem behind another slash; !exact when only that counts; XFword for two words as one.
static void write_word(struct buf *b, const struct query_word *w)
{
    if (w->prefix)
        buf_addf(b, "%s%.*s", w->prefix, STR_ARG(w->exact));
    else if (w->only_exact)
        buf_addf(b, "!%.*s", STR_ARG(w->exact));
    else
        buf_addf(b, "%.*s/%.*s", STR_ARG(w->exact), STR_ARG(w->stem));
    if (w->english.n)
        buf_addf(b, "/%.*s", STR_ARG(w->english));
}

static void write_group(struct buf *b, const struct query_group *g)
{
    static const char marks[] = {
        [FORM_WRITTEN] = '.',   [FORM_OTHER_SPACES] = '~', [FORM_SYNONYM] = '=',
        [FORM_CORRECTED] = '^', [FORM_AROUND] = '>',       [FORM_INSIDE] = '<'};
    if (g->field != FIELD_COUNT)
        buf_addf(b, "%d:", (int)g->field);
    buf_addz(b, g->generic ? "?" : "");
    for (size_t i = 0; i < g->n; i++) {
        const struct query_form *f = &g->forms[i];
        buf_addf(b, "%s%s", i ? "|" : "", f->origin ? (char[]){marks[f->origin], '\0'} : "");
        for (size_t j = 0; j < f->n; j++) {
            buf_addz(b, j ? "+" : "");
            write_word(b, &f->words[j]);
        }
        for (size_t j = 0; j < f->phrase.n; j++)
            buf_addf(b, "%s%.*s%s", j ? " " : "\"", STR_ARG(f->phrase.v[j]),
                     j + 1 < f->phrase.n ? "" : "\"");
    }
}

static struct str read_query(const char *text)
{
    struct buf b = {0};
    struct rules *r = rules_take(rules);
    search_request_init(&request);
    request.q = str_of(text);
    e = (struct err){0};
    MUST(searcher_open(searcher, &e), &e);
    bool good = query_read(searcher, r, &request, &arena, &query, &e);
    rules_release(r);
    if (!good)
        return str_of(err_name(e.code));
    for (size_t i = 0; i < query.n; i++) {
        buf_addz(&b, i ? " " : "");
        write_group(&b, &query.groups[i]);
    }
    for (size_t i = 0; i < query.excluded_count; i++) {
        buf_addz(&b, b.n ? " -" : "-");
        write_group(&b, &query.excluded[i]);
    }
    for (size_t f = 0; f < FACET_COUNT; f++) {
        for (size_t i = 0; i < query.filters[f].n; i++)
            buf_addf(&b, "%s%.*s:%.*s", b.n ? " " : "", STR_ARG(facet_fields[f].name),
                     STR_ARG(query.filters[f].v[i]));
        for (size_t i = 0; i < query.without[f].n; i++)
            buf_addf(&b, "%s-%.*s:%.*s", b.n ? " " : "", STR_ARG(facet_fields[f].name),
                     STR_ARG(query.without[f].v[i]));
    }
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}
#define reads(q, want) is_text(read_query(q), want)

// ---- Words -----------------------------------------------------------------------------------------------

static void words(void)
{
    reads("", "");
    ok(!query.has_text);
    reads(" \t", "");
    ok(!query.has_text);
    reads("!!!", "");
    ok(query.has_text); // something was asked for, that nothing can match
    reads("bornes", "bornes/born");
    ok(query.has_text);
    reads("Bornes de RECHARGE", "bornes/born recharge/recharg");
    is_int(query.groups[0].forms[0].words[0].documents, 1);
    reads("xqzptl", "xqzptl/xqzptl");
    is_int(query.groups[0].forms[0].words[0].documents, 0);
    reads("2016 2a004", "2016/2016 2a004/2a004");
    // What was written of a word that may be corrected; codes never are.
    read_query("  Bornés 2016 vie-publique");
    is_text(query.groups[0].written, "Bornés");
    ok(!query.groups[1].written.n && !query.groups[2].written.n);
    ok(query.groups[0].written.p == request.q.p + 2);
}

static void stop_words_alone(void)
{
    reads("de la", "!de !la");
    ok(query.has_text);
    reads("de la ville", "ville/vill");
    reads("l'", "!l");
    reads("-la de", "!de -!la");
    reads("la kind:reuse", "!la kind:reuse");
}

static void joined_forms(void)
{
    reads("vie-publique", "vie/vi+publique/public|~viepublique/viepubl");
    reads("l'île-de-france", "ile/ile+france/franc|~iledefrance/iledefr");
    // Where documents have the two as one word.
    reads("geo portail", "geo/geo+portail/portail|~!geoportail");
    reads("géo portails", "geo/geo portails/portail"); // as it is written
    reads("portail geo", "portail/portail geo/geo");
    // Where a title has them apart.
    reads("opendamir", "opendamir/opendam|~XFopendamir");
    reads("damiropen", "damiropen/damiropen");
    reads("planlocal x", "planlocal/planlocal|~XFplanlocal x/x");
    // A word and its place in the query.
    reads("carte geo portail 2016", "carte/cart geo/geo+portail/portail|~!geoportail 2016/2016");
}

static void initials(void)
{
    reads("cnd", "cnd/cnd|=XIcnd");
    reads("cn", "cn/cn");
    reads("plu", "plu/plu|=XIplu"); // the title of record 1
    reads("dnc", "dnc/dnc");
}

static void english(void)
{
    // Where the index has the English stem of a word.
    reads("cities", "cities/cit/citi+");
    is_int(query.groups[0].forms[0].words[0].documents, 1);
    reads("city", "city/city/citi+");
    reads("bornes", "bornes/born");
    reads("rivers", "rivers/river/river+");
    reads("2016", "2016/2016");
}

static void synonyms(void)
{
    use_rules("PLU, plan local d'urbanisme\nIRVE, bornes de recharge, inconnu inconnu\n"
              "velo => bicyclette\nbibliotheque, cafe\n",
              TEST_GENERIC, TEST_RANKING);
    // A form for each name that documents have; acronyms as they are.
    reads("PLU", "plu/plu|=plan/plan+local/local+urbanisme/urban|=XIplu");
    reads("plan local d'urbanisme", "plan/plan+local/local+urbanisme/urban|=!plu");
    reads("plans locaux urbanisme 2016", "plans/plan+locaux/local+urbanisme/urban|=!plu 2016/2016");
    reads("plan local", "plan/plan local/local");
    reads("borne de recharge", "borne/born+recharge/recharg|=!irve");
    reads("irve", "irve/irve|=bornes/born+recharge/recharg"); // "inconnu" stands nowhere
    reads("bibliothèque", "bibliotheque/bibliothequ|=!cafe");
    // One way, and only where it is known.
    reads("velo", "velo/velo");
    reads("bicyclette", "bicyclette/bicyclet");
    // Not in one field, nor in a phrase.
    reads("\"plu\"", "plu/plu\"plu\"");
    use_rules("", TEST_GENERIC, TEST_RANKING);
}

// ---- Wishes ----------------------------------------------------------------------------------------------

static void generic_words(void)
{
    reads("données bornes csv", "?donnees/donne bornes/born ?csv/csv");
    is_text(query.groups[0].format, "donnees");
    is_text(query.groups[2].format, "csv");
    ok(!query.groups[1].format.n);
    // Forms are compared as they are.
    reads("donnée bornes", "donnee/donne bornes/born");
    // Alone, they are what is asked for; the format is still wished for.
    reads("csv", "csv/csv");
    is_text(query.groups[0].format, "csv");
    reads("données csv", "donnees/donne csv/csv");
    reads("fichier", "fichier/fichi");
    // In a field, a phrase or a joined form they are words.
    reads("title:csv bornes", "1:csv/csv bornes/born");
    reads("\"csv\" bornes", "csv/csv\"csv\" bornes/born");
    reads("csv-données bornes", "csv/csv+donnees/donne|~csvdonnees/csvdon bornes/born");
}

// ---- Expressions -----------------------------------------------------------------------------------------

static void expressions(void)
{
    reads("\"plan local\"", "plan/plan+local/local\"plan local\"");
    reads("\"plan de la ville\"", "plan/plan+ville/vill\"plan de la ville\"");
    reads("\"de la\"", "!de+!la\"de la\"");
    reads("\"vie-publique\"", "vie/vi+publique/public\"vie publique\"");
    reads("bornes OR damir", "bornes/born|damir/dam");
    reads("plan local OU \"open damir\" OR x", "plan/plan+local/local|open/open+damir/dam\"open "
                                               "damir\"|x/x");
    reads("bornes -plan -\"open damir\"",
          "bornes/born -plan/plan -open/open+damir/dam\"open damir\"");
    reads("bornes -vie-publique", "bornes/born -vie/vi+publique/public");
    reads("title:plan titre:\"plan local\" -acronym:plu",
          "1:plan/plan 1:plan/plan+local/local\"plan local\" -2:plu/plu");
    reads("title:\"plan local\"", "1:plan/plan+local/local\"plan local\"");
    // Filters, the request's own among them.
    reads("eau kind:reuse -format:csv kind:dataset", "eau/eau kind:reuse kind:dataset -format:csv");
    reads("kind:reuse", "kind:reuse");
    ok(!query.has_text);
    reads("-kind:reuse bornes", "bornes/born -kind:reuse");
    // Filters beside an alternative: the words stay asked for.
    reads("kind:reuse OR bornes", "bornes/born kind:reuse");
    reads("bornes OR kind:reuse", "bornes/born kind:reuse");
    reads("kind:reuse OR kind:dataset", "kind:reuse kind:dataset");
    // Only what is left out asks for nothing: it is words.
    reads("-plan", "plan/plan");
    // Broken ones are words.
    reads("\"plan local", "plan/plan local/local");
    reads("OR bornes", "or/or bornes/born");
    reads("inconnu:bornes", "inconnu/inconnu bornes/born");
}

static void pairs(void)
{
    const struct {
        const char *text, *pairs;
    } cases[] = {{"plan local urbanisme", "XBplan local,XBlocal urban"},
                 {"plan de la ville", "XBplan vill"},
                 {"plan", ""},
                 {"vie-publique locale", "XBvi public,XBpublic local"},
                 {"plan \"open damir\" local", ""},
                 {"bornes 2016", "XBborn 2016"},
                 {"de la", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = {0};
        read_query(cases[i].text);
        for (size_t j = 0; j < query.pairs.n; j++)
            buf_addf(&b, "%s%.*s", j ? "," : "", STR_ARG(query.pairs.v[j]));
        is_text(buf_str(&b), cases[i].pairs);
        buf_free(&b);
    }
}

// ---- Rarity ----------------------------------------------------------------------------------------------

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static void rarity(void)
{
    enum { ALL = 6 };
    ok(near(query_rarity(0, 6), log(1 + 6.5 / 0.5)));
    ok(near(query_rarity(6, 6), log(1 + 0.5 / 6.5)));
    ok(query_rarity(120000, 120000) > 0);
    double one = query_rarity(1, ALL);
    read_query("bornes");
    ok(near(query.groups[0].rarity, one));
    // Several words: all of them.
    read_query("vie-publique");
    ok(near(query.groups[0].rarity, 2 * one));
    // One word: the commonest thing that stands for it.
    use_rules("recharge, local\nrecharge, dépenses\n", TEST_GENERIC, TEST_RANKING);
    add_record("7", "Local", "");
    commit("7", true);
    read_query("recharge");
    ok(near(query.groups[0].rarity, query_rarity(2, ALL + 1)));
    take_away("7");
    use_rules("", TEST_GENERIC, TEST_RANKING);
    commit("8", true);
    // A word that no document has counts as the others do on average.
    read_query("bornes xqzptl");
    ok(near(query.groups[0].rarity, one) && near(query.groups[1].rarity, one));
    read_query("xqzptl wvbnrt");
    ok(near(query.groups[0].rarity, query_rarity(0, ALL)));
}

// ---- Refusals --------------------------------------------------------------------------------------------

static void refused(void)
{
    struct buf b = {0};
    for (int i = 0; i < 32; i++)
        buf_addf(&b, "%sm%d", i ? " " : "", i);
    buf_addc(&b, '\0');
    ok(!str_eq(read_query(b.p), STR("query")));
    is_int(query.n, 32);
    b.n--;
    buf_addz(&b, " m32");
    buf_addc(&b, '\0');
    is_text(read_query(b.p), "query");
    is_str(e.what, "a search takes at most 32 words");
    // Words of joined forms, of phrases and of alternatives count too.
    buf_clear(&b);
    for (int i = 0; i < 17; i++)
        buf_addz(&b, "a2-b2 ");
    buf_addc(&b, '\0');
    is_text(read_query(b.p), "query");
    // So many signs of other words, even stop words, are no query.
    buf_clear(&b);
    for (int i = 0; i < 140; i++)
        buf_addz(&b, "de ");
    buf_addc(&b, '\0');
    is_text(read_query(b.p), "query");
    buf_free(&b);
}

int main(void)
{
    search_begin();
    fill();
    words();
    stop_words_alone();
    joined_forms();
    initials();
    english();
    synonyms();
    generic_words();
    expressions();
    pairs();
    rarity();
    refused();
    search_end();
    return tap_done();
}
