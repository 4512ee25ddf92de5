// What people write in the search box, and how it is read: each operator, each thing that looks like one and is none, each
// broken expression.
#include "base/buf.h"
#include "indexer/search/syntax.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct arena arena;

// Each clause: its group, - when left out, then [words], "a phrase", title[words], title"a phrase", or kind:value.
// " !" at the end when something was broken.
static const char *render(struct str q)
{
    static const char *const fields[FIELD_COUNT] = {
        [FIELD_BODY] = "body",           [FIELD_TITLE] = "title",     [FIELD_ACRONYM] = "acronym",
        [FIELD_PUBLISHER] = "publisher", [FIELD_KEYWORD] = "keyword", [FIELD_ZONE] = "zone",
        [FIELD_DISTRIBUTION] = "file",   [FIELD_COLUMN] = "column",
    };
    static struct buf out;
    struct syntax s = syntax_read(q, &arena);
    buf_clear(&out);
    for (size_t i = 0; i < s.n; i++) {
        const struct clause *c = &s.clauses[i];
        buf_addf(&out, "%s%u%s", i ? " " : "", c->group, c->excluded ? "-" : "");
        if (c->kind == CLAUSE_FILTER) {
            buf_addf(&out, "%.*s:%.*s", STR_ARG(facet_fields[c->facet].name), STR_ARG(c->text));
            continue;
        }
        bool phrase = c->kind == CLAUSE_PHRASE || (c->kind == CLAUSE_FIELD && c->quoted);
        buf_addz(&out, c->kind == CLAUSE_FIELD ? fields[c->field] : "");
        buf_addf(&out, phrase ? "\"%.*s\"" : "[%.*s]", STR_ARG(c->text));
        if (c->group >= s.groups)
            abort();
    }
    buf_addz(&out, s.plain ? (s.n ? " !" : "!") : "");
    buf_addc(&out, '\0');
    return out.p;
}

#define reads(q, want) is_str(render(STR(q)), want)
#define words(q, want)                                                                             \
    do {                                                                                           \
        struct syntax read = syntax_read(STR(q), &arena);                                          \
        is_text(syntax_words(&read, &arena), want);                                                \
    } while (0)

static void plain_words(void)
{
    reads("", "");
    reads("  \t\u00a0 ", "");
    reads("budget", "0[budget]");
    reads("  qualité de   l'eau ", "0[qualité de   l'eau]");
    reads("vie-publique", "0[vie-publique]");
    reads("plan l’eau aujourd'hui 'x'", "0[plan l’eau aujourd'hui 'x']");
    reads("élections 2017-2018", "0[élections 2017-2018]");
    reads("-5 degrés", "0[-5 degrés]");
    reads("budget -2017", "0[budget -2017]");
    reads("Lyon - Villeurbanne", "0[Lyon - Villeurbanne]");
    reads("Lyon – Villeurbanne — Bron", "0[Lyon – Villeurbanne — Bron]");
    reads("--verbose mode", "0[--verbose mode]");
    reads("eau-", "0[eau-]");
    reads("tuyau 12\" et 14\"", "0[tuyau 12\" et 14\"]");
    reads("rock\"n\"roll", "0[rock\"n\"roll]");
    reads("Titre : sous-titre", "0[Titre : sous-titre]");
    reads("Titre\u00a0: sous-titre", "0[Titre\u00a0: sous-titre]");
    reads("titre\u00a0:budget", "0[titre\u00a0:budget]");
    reads("Titre: sous-titre", "0[Titre: sous-titre]");
    reads("source:", "0[source:]");
    reads("horaires 10:30", "0[horaires 10:30]");
    reads("a:", "0[a:]");
    reads("ou or Or oU", "0[ou or Or oU]");
    reads("mines d'OR ORNE OR-ET-ARGENT", "0[mines d'OR ORNE OR-ET-ARGENT]");
    reads("Rennes (35) [2017]", "0[Rennes (35) [2017]]");
    reads("R&D & C++ + x", "0[R&D & C++ + x]");
    reads("www.data.gouv.fr/fr/datasets/", "0[www.data.gouv.fr/fr/datasets/]");
    reads("... ? !", "");
    reads("eau !", "0[eau]");
}

static void phrases(void)
{
    reads("\"plan local\"", "0\"plan local\"");
    reads("« plan local »", "0\"plan local\"");
    reads("«\u00a0plan local\u202f»", "0\"plan local\"");
    reads("“plan local”", "0\"plan local\"");
    reads("”plan local”", "0\"plan local\"");
    reads("„plan local“", "0\"plan local\"");
    reads("\"l'eau « pure » - OR -x a:b\"", "0\"l'eau « pure » - OR -x a:b\"");
    reads("\"budget\"", "0\"budget\"");
    reads("carte \"plan local\" Rennes", "0[carte] 1\"plan local\" 2[Rennes]");
    reads("\"plan local\"d'urbanisme", "0\"plan local\" 1[d'urbanisme]");
    reads("\"a\"\"b\"", "0\"a\" 1\"b\"");
    reads("(\"plan local\")", "0\"plan local\"");
    reads("\"plan local\", carte", "0\"plan local\" 1[carte]");
}

static void exclusions(void)
{
    reads("gare -routière", "0[gare] 1-[routière]");
    reads("gare -à", "0[gare] 1-[à]");
    reads("gare -vie-publique sncf", "0[gare] 1-[vie-publique] 2[sncf]");
    reads("-routière gare", "0-[routière] 1[gare]");
    reads("gare -\"plan local\" -“a b”", "0[gare] 1-\"plan local\" 2-\"a b\"");
    reads("gare -\"2017\"", "0[gare] 1-\"2017\"");
    reads("gare -kind:reuse", "0[gare] 1-kind:reuse");
    reads("gare -titre:\"plan local\"", "0[gare] 1-title\"plan local\"");
    reads("gare (-routière)", "0[gare] 1-[routière)]");
    reads("kind:reuse -eau", "0kind:reuse 1-[eau]");
    reads("gare -… x", "0[gare -… x]");
    reads("gare -OR", "0[gare] 1-[OR]");
}

static void fields(void)
{
    reads("title:budget titre:budget", "0title[budget] 1title[budget]");
    reads("Titre:\"plan local\" TITRE:« plan local »", "0title\"plan local\" 1title\"plan local\"");
    reads("publisher:IGN producteur:IGN organisation:IGN",
          "0publisher[IGN] 1publisher[IGN] 2publisher[IGN]");
    reads("producteur:\"a: b\"", "0publisher\"a: b\"");
    reads("keyword:eau motcle:eau mot-clé:eau mots-clés:eau tag:eau",
          "0keyword[eau] 1keyword[eau] 2keyword[eau] 3keyword[eau] 4keyword[eau]");
    reads("description:vélo colonne:siret column:siret",
          "0body[vélo] 1column[siret] 2column[siret]");
    reads("sigle:PLU acronyme:PLU acronym:PLU", "0acronym[PLU] 1acronym[PLU] 2acronym[PLU]");
    reads("zone:Rennes lieu:Rennes", "0zone[Rennes] 1zone[Rennes]");
    reads("ressource:plan resource:plan fichier:plan", "0file[plan] 1file[plan] 2file[plan]");
    reads("eau titre:vie-publique, 2017", "0[eau] 1title[vie-publique] 2[2017]");
    reads("titre:l'eau", "0title[l'eau]");
    reads("(titre:eau)", "0title[eau]");
    reads("titre:\"“a” b\"", "0title\"“a” b\"");
}

static void filters(void)
{
    for (size_t i = 0; i < FACET_COUNT; i++) { // each name of the API is known
        struct str name = facet_fields[i].name;
        struct syntax s = syntax_read(arena_printf(&arena, "%.*s:x:1", STR_ARG(name)), &arena);
        bool listed = i == FACET_KIND || i == FACET_STATUS || i == FACET_ACCESS;
        is_int(s.plain, listed); // these take their own words only
        if (!listed && i != FACET_KEYWORD)
            ok(s.n == 1 && s.clauses[0].kind == CLAUSE_FILTER && s.clauses[0].facet == i);
    }
    reads("kind:reuse", "0kind:reuse");
    reads("Kind:DataSet", "0kind:dataset");
    reads("type:api", "0kind:dataservice");
    reads("type:API eau", "0kind:dataservice 1[eau]");
    reads("type:Réutilisations", "0kind:reuse");
    reads("type:\"jeux de données\"", "0kind:dataset");
    reads("type:jeu type:logiciel type:organisation",
          "0kind:dataset 0kind:software 0kind:organization");
    reads("source:data.gouv.fr catalogue:SILL", "0source:data.gouv.fr 0source:sill");
    reads("format:CSV", "0format:csv");
    reads("format:csv, eau", "0format:csv 1[eau]");
    reads("famille:geographical format_family:tabular",
          "0format_family:geographical 0format_family:tabular");
    reads("licence:ODbL-1.0 license:etalab-2.0", "0license:ODbL-1.0 0license:etalab-2.0");
    reads("thème:health theme:health", "0theme:health 0theme:health");
    reads("territoire:35238 territory:fr:region:53", "0territory:35238 0territory:fr:region:53");
    reads("territoire:2A", "0territory:2A");
    reads("territoire:Bretagne territoire:\"Ille et Vilaine\"",
          "0zone[Bretagne] 1zone\"Ille et Vilaine\"");
    reads("publisher:data.gouv.fr:organization.5f", "0publisher:data.gouv.fr:organization.5f");
    reads("publisher_kind:local-authority type-producteur:association",
          "0publisher_kind:local-authority 0publisher_kind:association");
    reads("access:open accès:restricted", "0access:open 0access:restricted");
    reads("statut:missing état:active", "0status:missing 0status:active");
    reads("badge:HVD label:inspire", "0badge:hvd 0badge:inspire");
    reads("schema:etalab/schema-irve", "0schema:etalab/schema-irve");
    reads("schéma:etalab/schema-irve", "0schema:etalab/schema-irve");
    reads("maille:fr:commune granularité:fr:epci", "0granularity:fr:commune 0granularity:fr:epci");
    reads("fréquence:DAILY frequency:ANNUAL", "0frequency:DAILY 0frequency:ANNUAL");
}

static void alternatives(void)
{
    reads("PLU OR SCOT", "0[PLU] 0[SCOT]");
    reads("PLU OU SCOT", "0[PLU] 0[SCOT]");
    reads("eau potable OU eaux usées OR pluie", "0[eau potable] 0[eaux usées] 0[pluie]");
    reads("\"plan local\" OR PLU carte", "0\"plan local\" 0[PLU carte]");
    reads("Rennes \"plan local\" OR \"plan vert\" carte",
          "0[Rennes] 1\"plan local\" 1\"plan vert\" 2[carte]");
    reads("kind:reuse eau OR déchets -ordures", "0kind:reuse 1[eau] 1[déchets] 2-[ordures]");
    reads("titre:eau OR sigle:eau", "0title[eau] 0acronym[eau]");
    reads("(eau OR pluie)", "0[eau] 0[pluie)]");
    // Filters by one name are alternatives, as in an address.
    reads("format:csv eau format:json", "0format:csv 1[eau] 0format:json");
    reads("format:csv kind:reuse format:json kind:dataset x",
          "0format:csv 1kind:reuse 0format:json 1kind:dataset 2[x]");
    reads("format:csv OR format:json", "0format:csv 0format:json");
    reads("format:csv -format:json -format:xls", "0format:csv 1-format:json 2-format:xls");
    reads("format:csv OR eau format:json format:xls",
          "0format:csv 0[eau] 1format:json 1format:xls");
    reads("format:csv format:json OR kind:reuse", "0format:csv 1format:json 1kind:reuse");
}

static void broken(void)
{
    reads("\"plan local", "0[\"plan local] !");
    reads("plan local\"", "0[plan local\"]"); // within a word: no quote
    reads("plan \"", "0[plan] !");
    reads("« plan local", "0[plan local] !");
    reads("“plan local\"", "0[“plan local\"] !");
    reads("eau \"\" pure", "0[eau \"\" pure] !");
    reads("eau \" . \" pure", "0[eau \" . \" pure] !");
    reads("\"plan local\" \"carte", "0\"plan local\" 1[\"carte] !");
    reads("kind:reuse \"plan local", "0kind:reuse 1[\"plan local] !");
    reads("gare -\"plan local", "0[gare -\"plan local] !");
    reads("titre:\"plan local", "0[titre:\"plan local] !");
    reads("titre:\"\" eau", "0[titre:\"\" eau] !");
    reads("OR", "0[OR] !");
    reads("OR eau", "0[OR eau] !");
    reads("eau OU", "0[eau OU] !");
    reads("eau OR OR pluie", "0[eau OR OR pluie] !");
    reads("eau OR -pluie", "0[eau OR] 1-[pluie] !");
    reads("-eau OR pluie", "0-[eau] 1[OR pluie] !");
    reads("\"a\" OR", "0\"a\" 1[OR] !");
    reads("http://www.data.gouv.fr/fr/", "0[http://www.data.gouv.fr/fr/] !");
    reads("voir https://x.fr -y", "0[voir https://x.fr] 1-[y] !");
    reads("source://x.fr", "0[source://x.fr] !");
    reads("epsg:4326 eau", "0[epsg:4326 eau] !");
    reads("inconnu:\"plan local\" eau", "0[inconnu:\"plan local\" eau] !");
    reads("gare -inconnu:x", "0[gare] 1-[inconnu:x] !");
    reads("titre:, eau", "0[titre:, eau] !");
    reads("kind:abri", "0[kind:abri] !");
    reads("type:\"plan local\" eau", "0[type:\"plan local\" eau] !");
    reads("access:unknown", "0[access:unknown] !");
    reads("-", "!");
    reads("- eau", "0[eau] !");
    reads("eau -", "0[eau] !");
    reads("\"\"", "!");
    reads("-eau", "0[-eau] !");
    reads("-eau -\"plan local\" -kind:reuse ", "0[-eau -\"plan local\" -kind:reuse] !");
}

static void bounds(void)
{
    struct buf b = {0};
    struct syntax s;
    for (int i = 0; i < SYNTAX_CLAUSES_MAX; i++)
        buf_addf(&b, "\"p%d\" ", i);
    s = syntax_read(buf_str(&b), &arena);
    is_int(s.n, SYNTAX_CLAUSES_MAX);
    ok(!s.plain);
    is_int(s.groups, SYNTAX_CLAUSES_MAX);
    buf_addz(&b, "-\"q\" kind:reuse end");
    s = syntax_read(buf_str(&b), &arena);
    is_int(s.n, SYNTAX_CLAUSES_MAX);
    ok(s.plain);
    is_text(s.clauses[30].text, "p30");
    is_text(s.clauses[31].text, "\"p31\" -\"q\" kind:reuse end");
    is_int(s.clauses[31].kind, CLAUSE_WORDS);
    ok(!s.clauses[31].excluded);

    buf_clear(&b);
    for (int i = 0; i < 100; i++)
        buf_addf(&b, "%sw%d", i ? " OR " : "", i);
    s = syntax_read(buf_str(&b), &arena);
    is_int(s.n, SYNTAX_CLAUSES_MAX);
    is_int(s.groups, 1);
    ok(s.plain);
    is_text(s.clauses[30].text, "w30");
    ok(str_starts(s.clauses[31].text, STR("w31 OR w32 OR")));
    ok(str_ends(s.clauses[31].text, STR("w99")));

    // Long texts take linear time: these would take minutes otherwise.
    static const struct str units[] = {STR("\"a\""), STR("\"\""),    STR("-«a»"),
                                       STR("«a "),   STR("t:\"a\""), STR("(("),
                                       STR("- "),    STR("OR "),     STR("ab:")};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        buf_clear(&b);
        while (b.n < 1 << 18)
            buf_add(&b, units[u]);
        s = syntax_read(buf_str(&b), &arena);
        ok(s.n <= SYNTAX_CLAUSES_MAX);
    }
    reads("\xff\xfe \"\xc3\" -\x80 \xe2\x80 \xc2", "!");                    // not UTF-8
    struct syntax nul = syntax_read(str_slice("a\0b \"c\0d\"", 9), &arena); // a byte like others
    ok(nul.n == 2 && nul.clauses[0].text.n == 3 && nul.clauses[1].text.n == 3);
    buf_free(&b);
}

static void words_of_it(void)
{
    words("eau potable", "eau potable");
    words("kind:reuse eau -pluie \"plan local\" titre:vélo", "eau plan local vélo");
    words("PLU OR SCOT OU \"plan local\"", "PLU SCOT plan local");
    words("kind:reuse format:csv", "");
    words("-eau -pluie", "-eau -pluie");
    words("", "");
}

int main(void)
{
    plain_words();
    phrases();
    exclusions();
    fields();
    filters();
    alternatives();
    broken();
    bounds();
    words_of_it();
    arena_free(&arena);
    return tap_done();
}
