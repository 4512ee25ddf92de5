// Synonyms: what a file may say, what is found in a query and what stands for it, and each error of the file. The file that
// is shipped loads.
#include "indexer/text/synonyms.h"
#include "tests/tap.h"

#include <stdlib.h>

static struct arena arena;
static struct analyzer *analyzer;
static struct synonyms *loaded;

struct query {
    struct token v[256];
    size_t n;
};

static void keep(void *arg, const struct token *token)
{
    struct query *q = arg;
    if (q->n == sizeof q->v / sizeof *q->v)
        return;
    struct token *t = &q->v[q->n++];
    *t = *token;
    t->exact = arena_str(&arena, token->exact);
    t->stem = arena_str(&arena, token->stem);
}

static void load(struct str text)
{
    struct err e = {0};
    synonyms_free(loaded);
    loaded = synonyms_new(text, analyzer, &e);
    if (!loaded) {
        fprintf(stderr, "%s: %s (%s)\n", e.where, e.what, e.hint);
        abort();
    }
}

// Each match, in order of the query, the longest first: "covered words: alternative, alternative; ".
static const char *render(struct str text)
{
    static struct buf out;
    struct query q = {.n = 0};
    buf_clear(&out);
    analyze(analyzer, text, keep, &q);
    for (size_t at = 0; at < q.n; at++) {
        struct synonym_match matches[SYNONYM_MATCHES_MAX];
        size_t n = synonyms_match(loaded, q.v, q.n, at, matches);
        for (size_t i = 0; i < n; i++) {
            size_t start = q.v[at].start, end = q.v[matches[i].last].end;
            buf_addf(&out, "%s%.*s:", out.n ? "; " : "", (int)(end - start), text.p + start);
            for (size_t j = 0; j < matches[i].n; j++)
                buf_addf(&out, "%s %.*s", j ? "," : "", STR_ARG(matches[i].alternatives[j]->text));
        }
    }
    buf_addc(&out, '\0');
    return out.p;
}

// The words of the first alternative of the first match: exact/stem, = before those that are taken as they are, and
// joined[parts].
static const char *render_words(struct str text)
{
    static struct buf out;
    struct query q = {.n = 0};
    struct synonym_match matches[SYNONYM_MATCHES_MAX];
    buf_clear(&out);
    analyze(analyzer, text, keep, &q);
    if (!q.n || !synonyms_match(loaded, q.v, q.n, 0, matches))
        return "";
    const struct synonym_alternative *a = matches[0].alternatives[0];
    for (size_t i = 0; i < a->n; i++) {
        const struct synonym_word *w = &a->words[i];
        buf_addf(&out, "%s%.*s/%.*s ", w->exact_only ? "=" : "", STR_ARG(w->exact),
                 STR_ARG(w->stem));
        if (w->parts)
            buf_addf(&out, "[%zu] ", w->parts);
    }
    buf_addf(&out, "over %u", a->span);
    buf_addc(&out, '\0');
    return out.p;
}

#define finds(text, want) is_str(render(STR(text)), want)
#define gives(text, want) is_str(render_words(STR(text)), want)

static void both_ways(void)
{
    load(STR("# names\n\n"
             "PLU, plan local d'urbanisme # the old POS\r\n"
             "  PLUi = plan local d’urbanisme intercommunal\n"
             "\t\n"
             "IRVE,borne de recharge,station de charge électrique\n"
             "vélo, bicyclette"));
    is_int(synonyms_groups(loaded), 4);
    finds("plu", "plu: plan local d'urbanisme");
    finds("le PLU de Rennes", "PLU: plan local d'urbanisme");
    finds("plan local d'urbanisme", "plan local d'urbanisme: PLU");
    finds("Plans Locaux d’Urbanisme", "Plans Locaux d’Urbanisme: PLU");
    finds("plan local urbanisme", "plan local urbanisme: PLU");
    finds("plan local de l'urbanisme", "plan local de l'urbanisme: PLU");
    finds("plan-local d'urbanisme", "plan-local d'urbanisme: PLU");
    finds("plan local", "");
    finds("plan urbanisme local", "");
    finds("le plan, local: urbanisme!", "plan, local: urbanisme: PLU");
    finds("plan local d'urbanisme intercommunal",
          "plan local d'urbanisme intercommunal: PLUi; plan local d'urbanisme: PLU");
    finds("bornes de recharges", "bornes de recharges: IRVE, station de charge électrique");
    finds("irve", "irve: borne de recharge, station de charge électrique");
    finds("bicyclettes", "bicyclettes: vélo");
    finds("velo", "velo: bicyclette");
    finds("", "");
    finds("le de la", "");
    gives("plu", "plan/plan local/local urbanisme/urban over 4");
    gives("plan local d'urbanisme", "=plu/plu over 1");
    gives("plan local d'urbanisme intercommunal", "=plui/plui over 1");
}

static void one_way(void)
{
    load(STR("covoit, co-voit => covoiturage, partage de voiture\n"
             "covoiturage, autopartage\n"));
    finds("covoit", "covoit: covoiturage, partage de voiture");
    finds("covoiturage", "covoiturage: autopartage");
    finds("partage de voiture", "");
    finds("autopartage", "autopartage: covoiturage");
    is_int(synonyms_groups(loaded), 2);
    load(STR("x1=>x2"));
    finds("x1 x2", "x1: x2");
}

// Short words and acronyms have no other forms.
static void as_written(void)
{
    load(STR("BANS, base adresse\n"
             "gare, station\n"
             "SIRENE, répertoire des entreprises\n"
             "EauFrance, portail de l'eau\n"
             "Ecole, établissement scolaire\n"
             "A7, autoroute du soleil\n"
             "S.N.C.F., société des chemins de fer\n"
             "code SANDRE, référentiel eau"));
    finds("ban", "");
    finds("bans", "bans: base adresse");
    finds("gares", "");
    finds("gare", "gare: station");
    finds("stations", "stations: gare");
    finds("sirènes", "");
    finds("sirène", "sirène: répertoire des entreprises");
    finds("eaufrances", "");
    finds("eaufrance", "eaufrance: portail de l'eau");
    finds("écoles", "écoles: établissement scolaire");
    finds("a7", "a7: autoroute du soleil");
    finds("sncf", "sncf: société des chemins de fer");
    finds("codes sandre", "codes sandre: référentiel eau");
    finds("code sandres", "");
    finds("référentiels eaux", "référentiels eaux: code SANDRE");
    gives("référentiel eau", "code/cod =sandre/sandr over 2");
    gives("autoroute du soleil", "=a7/a7 over 1");
}

// Hyphens: joined or split, on either side.
static void joined_forms(void)
{
    load(STR("covoiturage, trajet partagé\n"
             "e-administration, démarche en ligne\n"
             "Pont-l'Abbé, pays bigouden\n"
             "vie-publique.fr, direction de l'information légale\n"
             "y-a-t-il du budget, finances\n"
             "co-working, coworking"));
    finds("co-voiturage", "co-voiturage: trajet partagé");
    finds("covoiturage", "covoiturage: trajet partagé");
    finds("eadministration", "eadministration: démarche en ligne");
    finds("e administration", "e administration: démarche en ligne");
    finds("e-administration",
          "e-administration: démarche en ligne; e-administration: démarche en ligne");
    finds("Pont l'Abbé", "Pont l'Abbé: pays bigouden");
    finds("pontlabbe", "pontlabbe: pays bigouden");
    finds("viepublique.fr", "viepublique.fr: direction de l'information légale");
    finds("vie publique fr", "vie publique fr: direction de l'information légale");
    finds("budget", "budget: finances");
    finds("coworking", "coworking: co-working");
    finds("co working", "co working: coworking");
    finds("co-working", "co-working: co-working; co-working: coworking");
    gives("démarche en ligne",
          "eadministration/eadministr [2] e/e administration/administr over 2");
    gives("pays bigouden", "=pontlabbe/pontlabb [2] pont/pont abbe/abbe over 3");
    gives("finances", "budget/budget over 1");
}

static void several_lines(void)
{
    load(STR("CC, communauté de communes\n"
             "cc => carte communale\n"
             "CC, Creative Commons, communauté de communes\n"
             "eau, eau\n"
             "accessibilité, accessibilites, Accessibilité\n"
             "base, bases, base adresse, base adresse nationale"));
    finds("CC", "CC: communauté de communes, carte communale, Creative Commons");
    finds("communautés de communes", "communautés de communes: CC, Creative Commons");
    finds("carte communale", "");
    finds("eau", ""); // the same in each way: nothing to add
    finds("accessibilité", "");
    finds("base adresse nationale",
          "base adresse nationale: base, bases, base adresse; base adresse: base, bases, base "
          "adresse nationale; base: bases, base adresse, base adresse nationale; "
          "base: base, base adresse, base adresse nationale");
}

static void matches(void)
{
    load(STR("plan local, PL\nplan local d'urbanisme, PLU\n"));
    struct query q = {.n = 0};
    struct synonym_match out[SYNONYM_MATCHES_MAX];
    analyze(analyzer, STR("le plan local de l'urbanisme"), keep, &q);
    is_int(q.n, 6);
    is_int(synonyms_match(loaded, q.v, q.n, 0, out), 0); // a stop word
    is_int(synonyms_match(loaded, q.v, q.n, 1, out), 2);
    is_int(out[0].last, 5);
    is_int(out[0].positions, 5);
    is_int(out[0].n, 1);
    is_text(out[0].alternatives[0]->text, "PLU");
    is_int(out[1].last, 2);
    is_int(out[1].positions, 2);
    is_int(synonyms_match(loaded, q.v, 5, 1, out), 1); // only what is given is read
    is_int(synonyms_match(loaded, q.v, q.n, 5, out), 0);

    // Eight words, each with a name that goes so far; and no name is found twice.
    load(STR("aa bb cc dd ee ff gg hh, all\naa bb cc dd ee ff gg, seven\naa, one\n"));
    q.n = 0;
    analyze(analyzer, STR("aa bb cc dd ee ff gg hh ii"), keep, &q);
    is_int(synonyms_match(loaded, q.v, q.n, 0, out), 3);
    is_int(out[0].positions, 8);
    is_int(out[1].positions, 7);
    is_int(out[2].positions, 1);
    synonyms_free(loaded);
    loaded = NULL;
    synonyms_free(NULL);
}

// A kind stands for words, and is none.
static void kinds(void)
{
    load(STR("appli, application mobile => kind:software, logiciel\nAPI => kind:dataservice\n"));
    finds("appli", "appli: kind:software, logiciel");
    finds("application mobile", "application mobile: kind:software, logiciel");
    finds("api", "api: kind:dataservice");
    finds("kind software", "");
    finds("kind:software", "");
    struct query q = {.n = 0};
    struct synonym_match matches[SYNONYM_MATCHES_MAX];
    analyze(analyzer, STR("appli"), keep, &q);
    is_int(synonyms_match(loaded, q.v, q.n, 0, matches), 1);
    is_text(matches[0].alternatives[0]->kind, "software");
    is_int(matches[0].alternatives[0]->n, 0);
    ok(!matches[0].alternatives[1]->kind.n);
}

static void fails(struct str text, const char *where, const char *what, const char *hint)
{
    struct err e = {0};
    struct synonyms *s = synonyms_new(text, analyzer, &e);
    ok(!s);
    synonyms_free(s);
    is_int(e.code, ERR_CONFIG);
    is_str(e.where, where);
    is_str(e.what, what);
    is_str(e.hint, hint);
}

static void errors(void)
{
    const char *both = "write words on both sides of each comma and of =>";
    const char *signs = "separate alternatives by commas; one way is written =>";
    fails(STR("x1, x2\n\nPLU\n"), "line 3", "\"PLU\" stands alone",
          "write its alternatives behind it, after a comma");
    fails(STR("x1, b,\n"), "line 1", "an alternative is missing", both);
    fails(STR("x1,, x2\n"), "line 1", "an alternative is missing", both);
    fails(STR(", x2\n"), "line 1", "an alternative is missing", both);
    fails(STR("x1 => \n"), "line 1", "an alternative is missing", both);
    fails(STR("=> a\n"), "line 1", "an alternative is missing", both);
    fails(STR("x1 == x2\n"), "line 1", "an alternative is missing", both);
    fails(STR("x1 => b => c\n"), "line 1", "there is more than one =>", "write one line for each");
    fails(STR("x1 => kind:softwares\n"), "line 1", "\"kind:softwares\" is not a kind of record",
          "the kinds are those of the facet \"kind\": dataset, dataservice, software, reuse");
    fails(STR("kind:software => x1\n"), "line 1",
          "\"kind:software\" is a kind, which nobody searches by this name",
          "write it on the right of =>");
    fails(STR("x1, kind:software\n"), "line 1",
          "\"kind:software\" is a kind, which nobody searches by this name",
          "write it on the right of =>");
    fails(STR("x1; x2\n"), "line 1", "\"x1; x2\" has a sign that is not used here", signs);
    fails(STR("x1, b -> c\n"), "line 1", "\"b -> c\" has a sign that is not used here", signs);
    fails(STR("x1, b\0c\n"), "line 1", "\"b\" has a sign that is not used here", signs);
    fails(STR("x1, &\n"), "line 1", "\"&\" has no word",
          "write at least one letter or digit between two commas");
    fails(STR("ON, organisation\n"), "line 1",
          "\"ON\" is made of stop words only, which a search leaves out",
          "write it otherwise, or take it out of stopwords.txt");
    fails(STR("x1, w1 w2 w3 w4 w5 w6 w7 w8 w9\n"), "line 1",
          "\"w1 w2 w3 w4 w5 w6 w7 w8 w9\" has more than 8 words",
          "shorten it; words such as \"de\" and \"la\" are not counted");
    fails(STR("\n\n\xe9t\xe9, saison"), "line 3", "the line is not UTF-8",
          "save the file in the encoding UTF-8");

    struct buf b = {0};
    buf_addz(&b, "x, ");
    for (int i = 0; i <= TEXT_TERM_BYTES; i++)
        buf_addc(&b, 'a');
    fails(buf_str(&b), "line 1",
          arena_printf(&arena, "\"%.*s\" has a word that is too long", (int)b.n - 3, b.p + 3).p,
          "words have at most 64 letters");
    buf_clear(&b);
    buf_addz(&b, "x, y");
    for (int i = 0; i < 70; i++)
        buf_addz(&b, " de");
    struct err e = {0};
    ok(!synonyms_new(buf_str(&b), analyzer, &e)); // too many stop words
    ok(strstr(e.what, "has more than 8 words") != NULL);
    buf_free(&b);
}

static void bounds(void)
{
    struct buf b = {0};
    struct err e = {0};
    for (int i = 0; i < SYNONYM_GROUP_MAX; i++)
        buf_addf(&b, "%sw%d", i ? "," : "", i);
    load(buf_str(&b));
    buf_addz(&b, ",more");
    fails(buf_str(&b), "line 1", "there are more than 20 alternatives", "split the line");

    buf_clear(&b);
    for (int i = 0; i < SYNONYM_ENTRY_MAX; i++)
        buf_addf(&b, "all, x%d\n", i);
    load(buf_str(&b));
    struct query q = {.n = 0};
    struct synonym_match out[SYNONYM_MATCHES_MAX];
    analyze(analyzer, STR("all"), keep, &q);
    is_int(synonyms_match(loaded, q.v, q.n, 0, out), 1);
    is_int(out[0].n, SYNONYM_ENTRY_MAX);
    is_text(out[0].alternatives[59]->text, "x59");
    buf_addz(&b, "x7, all\nall, more\n");
    fails(buf_str(&b), "line 62", "\"all\" has more than 60 alternatives over all its lines",
          "take it out of some of them");

    buf_clear(&b);
    for (int i = 0; i < SYNONYM_ALTERNATIVES_MAX / 2; i++)
        buf_addf(&b, "x%d, y%d\n", i, i);
    load(buf_str(&b));
    finds("y4999", "y4999: x4999");
    buf_addz(&b, "more, yet more\n");
    fails(buf_str(&b), "line 5001", "the file has more than 10000 alternatives",
          "take out lines that nobody needs");

    buf_clear(&b);
    for (int i = 0; i < SYNONYM_LINES_MAX; i++)
        buf_addz(&b, "#\n");
    load(buf_str(&b));
    buf_addz(&b, "#\n");
    ok(!synonyms_new(buf_str(&b), analyzer, &e));
    is_str(e.what, "the file has more than 20000 lines");

    buf_clear(&b);
    buf_addz(&b, "x1, x2 #");
    while (b.n < SYNONYM_LINE_BYTES_MAX)
        buf_addc(&b, 'x');
    load(buf_str(&b));
    buf_addc(&b, 'x');
    fails(buf_str(&b), "line 1", "the line is longer than 4096 bytes", "split it");

    // Joined forms of one word each: more ways to write it than are kept.
    load(STR("b1-a-c1 b2-a-c2 b3-a-c3 b4-a-c4, four\n"
             "bb-a cc-a dd-a ee-a ff-a gg-a hh-a ii-a, eight"));
    finds("b1c1 b1-a-c1 b2 c2 b3 c3 b4 c4", "b1-a-c1 b2 c2 b3 c3 b4 c4: four; b1-a-c1 b2 c2 b3 "
                                            "c3 b4 c4: four");
    finds("bb cc dd ee ff gg hh ii", "bb cc dd ee ff gg hh ii: eight");
    load(STR("\ufeff# made by an editor\nx2, b1\n"));
    load(STR("\ufeffx1, b1\n"));
    finds("x1", "x1: b1");
    load(STR(""));
    is_int(synonyms_groups(loaded), 0);
    finds("x1", "");
    buf_free(&b);
}

static struct str source_file(const char *name)
{
    struct str path = arena_printf(&arena, "%s/%s", SOURCE_DIR, name);
    FILE *f = fopen(path.p, "rb");
    if (!f)
        return STR_NONE;
    char *bytes = arena_bytes(&arena, 1 << 20);
    size_t n = fread(bytes, 1, 1 << 20, f);
    fclose(f);
    return str_slice(bytes, n);
}

static void shipped(void)
{
    struct err e = {0};
    struct str text = source_file("config/synonyms.txt");
    struct synonyms *s = text.p ? synonyms_new(text, analyzer, &e) : NULL;
    if (text.p && !ok(s))
        printf("# %s: %s (%s)\n", e.where, e.what, e.hint);
    ok(!text.p || (s && synonyms_groups(s) >= 150));
    synonyms_free(s);
}

int main(void)
{
    analyzer = analyzer_new(source_file("config/stopwords.txt"), NULL);
    if (!analyzer)
        abort();
    both_ways();
    one_way();
    as_written();
    joined_forms();
    several_lines();
    matches();
    kinds();
    errors();
    bounds();
    shipped();
    synonyms_free(loaded);
    analyzer_free(analyzer);
    arena_free(&arena);
    return tap_done();
}
