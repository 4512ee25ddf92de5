// What each weight does to a score, one at a time, with exact values: config/ranking.yaml tells them all. (All of them together:
// test_search_random.c.)
#include "tests/unit/search_fixture.h"

#include <math.h>

static struct distribution csv = {.format = STR("csv"), .byte_size = -1, .available = -1};

static struct record titled(const char *id, const char *title)
{
    return record_of(id, KIND_DATASET, title);
}

static void add_record(const char *id, const char *title, const char *description)
{
    struct record r = titled(id, title);
    r.description = str_of(description);
    add(&r, STATUS_ACTIVE);
}

// One part of the explanation of the record `id`.
static double part_of(const char *id, const char *key)
{
    for (size_t i = 0; i < answer.hit_count; i++)
        if (str_eq(member_of(answer.hits[i].members, "id"), str_of(id))) {
            struct str text = answer.hits[i].explain;
            json_t *o = json_loadb(text.p, text.n, 0, NULL);
            double value = json_number_value(json_object_get(o, key));
            json_decref(o);
            return strcmp(key, "score") == 0 ? answer.hits[i].score : value;
        }
    return -1;
}

static double part(const char *q, const char *id, const char *key)
{
    ask(arena_printf(&arena, "q=%s&explain=1&page_size=100", q).p);
    return part_of(id, key);
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-4 * (fabs(a) + fabs(b)) + 1e-7;
}

// A ranking where nothing counts but what is said here: text is rarity x tf / (tf + 1).
static void rank_by(const char *more)
{
    use_rules(
        "loup, canis lupus\n", TEST_GENERIC,
        arena_printf(&arena,
                     "variants: 0\nfields:\n"
                     "  description: {weight: 1, length: 0}\n  title: {weight: 1, length: 0}\n"
                     "  acronym: {weight: 1, length: 0}\n  publisher: {weight: 1, length: 0}\n"
                     "  keyword: {weight: 1, length: 0}\n  zone: {weight: 1, length: 0}\n"
                     "  distribution: {weight: 1, length: 0}\n  column: {weight: 1, length: 0}\n%s",
                     more)
            .p);
}
#define PLAIN_TEXT                                                                                 \
    "text: {saturation: 1, exact: 0, generic: 1, synonym: 1, correction: 1, format: 0}\n"
#define NO_TITLE "title: {exact: 0, coverage: 0, pairs: 0, share: 0}\n"
#define NO_USE "use: {strength: 0}\n"
#define NEVER "matching: {enough: 0}\n"
#define PLAIN PLAIN_TEXT NO_TITLE NO_USE NEVER

static void fill(void)
{
    begin_generation();
    add_record("title", "Renard", "rien");
    add_record("body", "Titre", "renard");
    add_record("plural", "Titre", "renards");
    add_record("twice", "Titre", "renard renard");
    add_record("long", "Renard roux des forêts", "rien");
    add_record("pair", "Blaireau et belette", "");
    add_record("apart", "Belette ou blaireau", "");
    add_record("wolf", "Canis lupus", "");
    add_record("loup", "Loup", "");
    struct record r = titled("csv", "Hermine");
    r.distributions = &csv;
    r.distribution_count = 1;
    add(&r, STATUS_ACTIVE);
    add_record("pdf", "Hermine", "en csv");
    add_record("typo", "Castor", "");
    add_record("typo2", "Castor", "");
    for (int i = 0; i < 3; i++) {
        r = titled(arena_printf(&arena, "status%d", i).p, "Loutre");
        add(&r, (enum record_status)i);
    }
    r = titled("acronym", "Autre");
    r.acronym = STR("GENETTE");
    add(&r, STATUS_ACTIVE);
    add_record("named", "Genette", "");
    commit("1", true);
}

enum { DOCUMENTS = 18 };

static double rarity(double documents)
{
    return log(1 + (DOCUMENTS - documents + 0.5) / (documents + 0.5));
}

// ---- Text ------------------------------------------------------------------------------------------------

static void text(void)
{
    rank_by(PLAIN);
    double r = rarity(5);
    ok(near(part("renard", "body", "score"), r / 2));
    ok(near(part_of("title", "score"), r / 2));
    ok(near(part_of("twice", "score"), r * 2 / 3));
    ok(near(part_of("plural", "score"), r / 2)); // exact: 0
    rank_by("text: {saturation: 3, exact: 0, generic: 1}\n" NO_TITLE NO_USE NEVER);
    ok(near(part("renard", "body", "score"), r / 4));
    ok(near(part_of("twice", "score"), r * 2 / 5));
    // The share of an occurrence that only the very form earns.
    rank_by("text: {saturation: 1, exact: 0.4}\n" NO_TITLE NO_USE NEVER);
    ok(near(part("renard", "body", "score"), r / 2));
    ok(near(part_of("plural", "score"), r * 0.6 / 1.6));
    ok(near(part("renards", "body", "score"), r * 0.6 / 1.6));
    ok(near(part_of("plural", "score"), r / 2));
    // Without saturation one occurrence is all, and none is still none: "canis" and "lupus" are not in this record.
    rank_by("text: {saturation: 0, exact: 0, synonym: 1}\n" NO_TITLE NO_USE NEVER);
    ok(near(part("renard", "twice", "score"), r));
    ok(near(part_of("body", "score"), r));
    ok(near(part("loup", "loup", "score"), rarity(1)));
    for (size_t i = 0; i < answer.hit_count; i++) {
        struct str text = answer.hits[i].explain;
        json_t *o = json_loadb(text.p, text.n, 0, NULL), *words = json_object_get(o, "words");
        is_int(json_array_size(words), 3);
        for (size_t j = 0; j < json_array_size(words); j++) {
            const json_t *word = json_array_get(words, j);
            double occurrences = json_number_value(json_object_get(word, "occurrences"));
            ok(json_is_number(json_object_get(word, "weight")));
            ok(near(json_number_value(json_object_get(word, "weight")),
                    occurrences > 0 ? json_number_value(json_object_get(word, "rarity")) : 0));
        }
        json_decref(o);
    }
    // Several words add up.
    rank_by(PLAIN);
    ok(near(part("renard roux", "long", "score"), rarity(5) / 2 + rarity(1) / 2));
}

static void fields(void)
{
    rank_by(PLAIN);
    double r = rarity(5);
    use_rules("", TEST_GENERIC,
              "fields: {title: {weight: 3, length: 0}, description: {weight: 1, "
              "length: 0}}\n" PLAIN);
    ok(near(part("renard", "title", "score"), r * 3 / 4));
    ok(near(part_of("body", "score"), r / 2));
    // A longer text thins what is in it: 3 words where 7 are the average.
    use_rules("", TEST_GENERIC, "fields: {title: {weight: 3, length: 1}}\n" PLAIN);
    double tf = 3 * 7.0 / 3;
    ok(fabs(part("renard", "long", "score") - r * tf / (tf + 1)) < 0.01 * r);
    tf = 3 * 7.0;
    ok(fabs(part_of("title", "score") - r * tf / (tf + 1)) < 0.01 * r);
    use_rules("", TEST_GENERIC,
              "fields: {acronym: {weight: 9, length: 0}, title: {weight: 1, "
              "length: 0}}\n" PLAIN);
    ok(near(part("genette", "acronym", "score"), rarity(2) * 0.9));
    ok(near(part_of("named", "score"), rarity(2) / 2));
}

static void forms(void)
{
    // A synonym counts for its share; a group for its best form.
    rank_by("text: {saturation: 1, exact: 0, synonym: 0.5}\n" NO_TITLE NO_USE NEVER);
    ok(near(part("loup", "loup", "score"), rarity(1) / 2));
    ok(near(part_of("wolf", "score"), rarity(1) / 4));
    ok(near(part("canis lupus", "wolf", "score"), rarity(1)));
    ok(near(part_of("loup", "score"), rarity(1) / 2));
    // A corrected word too.
    rank_by("text: {saturation: 1, exact: 0, correction: 0.25}\n" NO_TITLE NO_USE
            "matching: {enough: 20}\n");
    double corrected = part("kastor", "typo", "score");
    ok(corrected < 0); // another first letter
    corrected = part("casttor", "typo", "score");
    is_text(answer.corrected, "castor");
    ok(near(corrected, rarity(0) / 8)); // as rare as it was written
    // A generic word counts for its share, where it stands.
    rank_by("text: {saturation: 1, exact: 0, generic: 0.25, format: 0}\n" NO_TITLE NO_USE NEVER);
    ok(near(part("hermine csv", "pdf", "score"), rarity(2) / 2 + rarity(1) / 8));
    ok(near(part_of("csv", "score"), rarity(2) / 2));
}

// ---- Title -------------------------------------------------------------------------------------------------

static void title(void)
{
    rank_by(PLAIN_TEXT NO_USE NEVER
            "title: {exact: 0.5, coverage: 0.25, pairs: 0.125, share: 0.0625}\n");
    ok(near(part("renard", "title", "title_exact"), 0.5));
    ok(near(part_of("title", "title_coverage"), 0.25));
    ok(near(part_of("title", "title_share"), 0.0625));
    ok(near(part_of("title", "title_pairs"), 0));
    ok(near(part_of("title", "score"), rarity(5) / 2 * (1 + 0.5 + 0.25 + 0.0625)));
    // One word of three of the title; all of the query.
    ok(near(part_of("long", "title_exact"), 0));
    ok(fabs(part_of("long", "title_coverage") - 0.25 / 3) < 0.003);
    ok(near(part_of("long", "title_share"), 0.0625));
    // Nothing for a description.
    ok(near(part_of("body", "title_coverage"), 0) && near(part_of("body", "title_share"), 0));
    // Words that follow one another, stop words passed over, in that order.
    ok(near(part("blaireau belette", "pair", "title_pairs"), 0.125));
    ok(near(part_of("pair", "title_exact"), 0.5));
    ok(near(part_of("apart", "title_pairs"), 0));
    ok(near(part_of("apart", "title_exact"), 0.5)); // the same words
    // The share of the query, by rarity, squared.
    double known = rarity(2), other = rarity(1);
    rank_by(PLAIN_TEXT NO_USE
            "title: {exact: 0.5, coverage: 0.25, pairs: 0.125, share: 1}\n" NEVER);
    double share = known / (known + other);
    ok(near(part("hermine en csv", "pdf", "title_share"), share * share));
    ok(near(part_of("pdf", "title_exact"), 0));
    // An acronym is a name as well, no title.
    ok(near(part("genette", "acronym", "title_share"), 1));
    ok(near(part_of("acronym", "title_coverage"), 0));
}

static void formats(void)
{
    rank_by("text: {saturation: 1, exact: 0, generic: 0, format: 0.5}\n" NO_TITLE NO_USE NEVER);
    ok(near(part("hermine csv", "csv", "format"), 0.5));
    ok(near(part_of("pdf", "format"), 0)); // it only speaks of it
    ok(near(part_of("csv", "score"), rarity(2) / 2 * 1.5));
    ok(near(part_of("pdf", "score"), rarity(2) / 2));
    ok(near(part("hermine", "csv", "format"), 0)); // nobody wished
}

// ---- Use ---------------------------------------------------------------------------------------------------

static void used(const char *id, int64_t views, bool certified, bool featured, double quality)
{
    struct record r = titled(id, "Vison");
    r.popularity.views = views;
    r.publisher.certified = certified;
    r.publisher.kind = STR("public-service");
    r.featured = featured;
    r.quality.score = quality;
    add(&r, STATUS_ACTIVE);
}

static void use(void)
{
    used("none", -1, false, false, 0);
    used("least", 1, false, false, 0); // what it counts from
    used("half", 31, false, false, 0); // 2^5 of 2^1 to 2^9
    used("most", 511, false, false, 0);
    used("beyond", 1000000, false, false, 0);
    used("certified", -1, true, false, 0);
    used("featured", -1, false, true, 0);
    used("quality", -1, false, false, 0.5);
    commit("2", true);
#define SCALE                                                                                      \
    "views: {weight: 0.5, from: 1, to: 511}, followers: {weight: 0}, reuses: {weight: 0}, "        \
    "downloads: {weight: 0}, stars: {weight: 0}, users: {weight: 0}, "                             \
    "certified_public_service: {weight: 0.25}, "                                                   \
    "certified: {weight: 0.125}, featured: {weight: 0.0625}, quality: {weight: 0.0625}"
    rank_by(PLAIN_TEXT NO_TITLE NEVER "use: {strength: 2, per_word: 0.5, " SCALE "}\n");
    double plain = part("vison", "none", "score");
    ok(near(part_of("none", "use"), 0));
    ok(near(part_of("least", "use"), 0));
    ok(near(part_of("half", "use"), 0.25));
    ok(near(part_of("most", "use"), 0.5));
    ok(near(part_of("beyond", "use"), 0.5)); // bounded
    ok(near(part_of("certified", "use"), 0.375));
    ok(near(part_of("featured", "use"), 0.0625));
    ok(near(part_of("quality", "use"), 0.03125));
    ok(near(part_of("half", "use_strength"), 2)); // one word: all of it
    ok(near(part_of("half", "score"), plain * 1.5));
    ok(near(part_of("most", "score"), plain * 2));
    // A longer query says more by itself: of the strength, half is lost in the end.
    ok(near(part("vison données", "half", "use_strength"), 2 * (1 - 0.5 * 0.5)));
    ok(near(part("vison données fichier liste", "half", "use_strength"), 2 * (1 - 0.5 * 0.75)));
    // Without words, use is all there is.
    is_text(ask("page_size=3"), "most beyond certified");
    rank_by(PLAIN_TEXT NO_TITLE NEVER "use: {strength: 0, " SCALE "}\n");
    ok(near(part("vison", "most", "score"), plain));
}

// What no source counts the use of: the more words are asked, the less it stands behind for it.
static void unknown_use(void)
{
    begin_generation();
    used("known", 0, false, false, 0);
    used("unknown", -1, false, false, 0);
    struct record r = record_of("org", KIND_ORGANIZATION, "Vison");
    add(&r, STATUS_ACTIVE);
    commit("3", true);
    rank_by(PLAIN_TEXT NO_TITLE NEVER
            "use: {strength: 2, per_word: 0, unknown: {weight: 0.5}, " SCALE "}\n");
    ok(near(part("vison", "unknown", "use"), 0)); // a name
    ok(near(part("vison données", "unknown", "use"), 0.25));
    ok(near(part_of("known", "use"), 0));
    ok(near(part("vison données fichier liste", "unknown", "use"), 0.375));
    ok(near(part("vison données&kind=organization", "org", "use"), 0));
}

// Words that tell of a kind: a record of it need not say them, and is preferred.
static void kinds(void)
{
    begin_generation();
    struct record r = record_of("tool", KIND_SOFTWARE, "Hermine");
    add(&r, STATUS_ACTIVE);
    r = record_of("named", KIND_SOFTWARE, "Logiciel hermine");
    add(&r, STATUS_ACTIVE);
    r = record_of("about", KIND_DATASET, "Logiciel hermine");
    add(&r, STATUS_ACTIVE);
    r = record_of("other", KIND_DATASET, "Hermine");
    add(&r, STATUS_ACTIVE);
    r = record_of("second", KIND_DATASET, "Autre hermine");
    add(&r, STATUS_ACTIVE);
    commit("4", true);
    const char *ranking = PLAIN_TEXT NO_TITLE NO_USE NEVER;
    use_rules("logiciel => kind:software", TEST_GENERIC, ranking);
    ask("q=logiciel hermine");
    is_int(answer.strict_total, 3);
    double tool = part("logiciel hermine", "tool", "score"), named = part_of("named", "score"),
           about = part_of("about", "score");
    ok(near(part_of("tool", "kind"), 0.5) && near(part_of("named", "kind"), 0.5));
    ok(near(part_of("about", "kind"), 0));
    ok(near(named, 1.5 * about) && tool < named);
    is_text(ask("q=title:logiciel title:hermine"), "named about"); // a field has words
    is_int(answer.strict_total, 2);
    use_rules("logiciel => kind:reuse", TEST_GENERIC, ranking); // of which there is none
    ask("q=logiciel hermine");
    is_int(answer.strict_total, 2);
}

static void status(void)
{
    rank_by(PLAIN "status: {missing: 0.5, archived: 0.25}\n");
    double whole = part("loutre", "status0", "score");
    ok(near(part_of("status0", "status"), 1));
    ok(near(part_of(arena_printf(&arena, "status%d", STATUS_MISSING).p, "score"), whole / 2));
    ok(near(part_of(arena_printf(&arena, "status%d", STATUS_ARCHIVED).p, "score"), whole / 4));
    ok(near(part_of(arena_printf(&arena, "status%d", STATUS_ARCHIVED).p, "status"), 0.25));
}

// Weights of nothing: no division by it, and all that matches is still found.
static void zero(void)
{
    use_rules("", TEST_GENERIC,
              "fields: {title: {weight: 0}, description: {weight: 0}}\n"
              "text: {saturation: 0, exact: 0}\n" NO_TITLE
              "use: {views: {weight: 0}, followers: {weight: 0}, reuses: {weight: 0}, downloads: "
              "{weight: 0}, certified_public_service: {weight: 0}, certified: {weight: 0}, "
              "featured: {weight: 0}}\nstatus: {missing: 0, archived: 0}\n" NEVER);
    ok(near(part("renard", "body", "score"), 0));
    is_int(answer.total, 5);
    ok(near(part_of("body", "use"), 0));
    use_rules("", TEST_GENERIC, "text: {saturation: 0}\n" NO_TITLE NO_USE NEVER);
    ok(part("renard", "body", "score") > 0);
}

int main(void)
{
    search_begin();
    fill();
    text();
    fields();
    forms();
    title();
    formats();
    status();
    zero();
    use();
    unknown_use();
    kinds();
    search_end();
    return tap_done();
}
