// The files of ranking that operators edit: weights with each error and its line; the shipped weights, which are the defaults; the
// rules made of all files, and how they are replaced while a search holds them.
#include "config/shipped.h"
#include "indexer/search/rules.h"
#include "tests/tap.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct err e;
static struct weights got;

static bool reads(const char *text)
{
    e = (struct err){0};
    return weights_read(str_of(text), &got, &e);
}

// The error of a text, as it is shown.
static const char *error_of(const char *text)
{
    static char shown[800];
    if (reads(text))
        return "none";
    is_int(e.code, ERR_CONFIG);
    return err_text(&e, shown, sizeof shown);
}

static bool near(double a, double b)
{
    return a - b < 1e-12 && b - a < 1e-12;
}

// ---- Values ------------------------------------------------------------------------------------------

// Every number of the struct, by its name.
#define EACH_NUMBER(DO)                                                                            \
    DO(fields[FIELD_BODY].weight)                                                                  \
    DO(fields[FIELD_BODY].length)                                                                  \
    DO(fields[FIELD_TITLE].weight)                                                                 \
    DO(fields[FIELD_TITLE].length)                                                                 \
    DO(fields[FIELD_ACRONYM].weight)                                                               \
    DO(fields[FIELD_ACRONYM].length)                                                               \
    DO(fields[FIELD_PUBLISHER].weight)                                                             \
    DO(fields[FIELD_PUBLISHER].length)                                                             \
    DO(fields[FIELD_KEYWORD].weight)                                                               \
    DO(fields[FIELD_KEYWORD].length)                                                               \
    DO(fields[FIELD_ZONE].weight)                                                                  \
    DO(fields[FIELD_ZONE].length)                                                                  \
    DO(fields[FIELD_DISTRIBUTION].weight)                                                          \
    DO(fields[FIELD_DISTRIBUTION].length)                                                          \
    DO(fields[FIELD_COLUMN].weight)                                                                \
    DO(fields[FIELD_COLUMN].length)                                                                \
    DO(text.saturation)                                                                            \
    DO(text.exact)                                                                                 \
    DO(text.generic)                                                                               \
    DO(text.synonym)                                                                               \
    DO(text.correction)                                                                            \
    DO(text.format)                                                                                \
    DO(text.kind)                                                                                  \
    DO(title.exact)                                                                                \
    DO(title.coverage)                                                                             \
    DO(title.pairs)                                                                                \
    DO(title.share)                                                                                \
    DO(use.strength)                                                                               \
    DO(use.per_word)                                                                               \
    DO(use.views.weight)                                                                           \
    DO(use.views.from)                                                                             \
    DO(use.views.to)                                                                               \
    DO(use.followers.weight)                                                                       \
    DO(use.followers.from)                                                                         \
    DO(use.followers.to)                                                                           \
    DO(use.reuses.weight)                                                                          \
    DO(use.reuses.from)                                                                            \
    DO(use.reuses.to)                                                                              \
    DO(use.downloads.weight)                                                                       \
    DO(use.stars.weight)                                                                           \
    DO(use.stars.from)                                                                             \
    DO(use.stars.to)                                                                               \
    DO(use.users.weight)                                                                           \
    DO(use.users.from)                                                                             \
    DO(use.users.to)                                                                               \
    DO(use.downloads.from)                                                                         \
    DO(use.downloads.to)                                                                           \
    DO(use.unknown.weight)                                                                         \
    DO(use.public_service.weight)                                                                  \
    DO(use.certified.weight)                                                                       \
    DO(use.featured.weight)                                                                        \
    DO(use.quality.weight)                                                                         \
    DO(status.missing)                                                                             \
    DO(status.archived)                                                                            \
    DO(place.around)                                                                               \
    DO(place.step)                                                                                 \
    DO(place.inside)                                                                               \
    DO(matching.least_share)                                                                       \
    DO(matching.missing)

// The shipped file says what each weight is by default: an empty file gives the same, number by number.
static void shipped_is_default(void)
{
    struct str shipped;
    struct weights file;
    ok(shipped_file(STR_NONE, "config/ranking.yaml", &arena, &shipped, &e));
    ok(weights_read(shipped, &file, &e));
    ok(reads(""));
#define SAME(field) tap_result(near(got.field, file.field), __FILE__, __LINE__, #field);
    EACH_NUMBER(SAME)
    is_int(got.matching.enough, file.matching.enough);
    is_int(got.variants, file.variants);
    ok(memcmp(&got, &file, sizeof got) == 0); // also what is not listed above
    // And every key that there is stands in it: a file that names a section only gives the defaults too.
    static const char *const sections[] = {
        "fields: {}",         "text: {}",      "title: {}",         "use: {}",
        "use: {views: {}}",   "status: {}",    "matching: {}",      "fields: {title: {}}",
        "# nothing at all\n", "text: {}\n\n ", "use: {quality: {}}"};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        ok(reads(sections[i]) && memcmp(&got, &file, sizeof got) == 0);
}

// Each key goes where it belongs, and nowhere else.
static void each_key(void)
{
    static const struct {
        const char *text;
        size_t offset;
    } keys[] = {
#define AT(field) offsetof(struct weights, field)
        {"fields: {description: {weight: 0.125}}", AT(fields[FIELD_BODY].weight)},
        {"fields: {description: {length: 0.125}}", AT(fields[FIELD_BODY].length)},
        {"fields: {title: {weight: 0.125}}", AT(fields[FIELD_TITLE].weight)},
        {"fields: {title: {length: 0.125}}", AT(fields[FIELD_TITLE].length)},
        {"fields: {acronym: {weight: 0.125}}", AT(fields[FIELD_ACRONYM].weight)},
        {"fields: {acronym: {length: 0.125}}", AT(fields[FIELD_ACRONYM].length)},
        {"fields: {publisher: {weight: 0.125}}", AT(fields[FIELD_PUBLISHER].weight)},
        {"fields: {publisher: {length: 0.125}}", AT(fields[FIELD_PUBLISHER].length)},
        {"fields: {keyword: {weight: 0.125}}", AT(fields[FIELD_KEYWORD].weight)},
        {"fields: {keyword: {length: 0.125}}", AT(fields[FIELD_KEYWORD].length)},
        {"fields: {zone: {weight: 0.125}}", AT(fields[FIELD_ZONE].weight)},
        {"fields: {zone: {length: 0.125}}", AT(fields[FIELD_ZONE].length)},
        {"fields: {distribution: {weight: 0.125}}", AT(fields[FIELD_DISTRIBUTION].weight)},
        {"fields: {distribution: {length: 0.125}}", AT(fields[FIELD_DISTRIBUTION].length)},
        {"fields: {column: {weight: 0.125}}", AT(fields[FIELD_COLUMN].weight)},
        {"fields: {column: {length: 0.125}}", AT(fields[FIELD_COLUMN].length)},
        {"text: {saturation: 0.125}", AT(text.saturation)},
        {"text: {exact: 0.125}", AT(text.exact)},
        {"text: {generic: 0.125}", AT(text.generic)},
        {"text: {synonym: 0.125}", AT(text.synonym)},
        {"text: {correction: 0.125}", AT(text.correction)},
        {"text: {format: 0.125}", AT(text.format)},
        {"title: {exact: 0.125}", AT(title.exact)},
        {"title: {coverage: 0.125}", AT(title.coverage)},
        {"title: {pairs: 0.125}", AT(title.pairs)},
        {"title: {share: 0.125}", AT(title.share)},
        {"use: {strength: 0.125}", AT(use.strength)},
        {"use: {per_word: 0.125}", AT(use.per_word)},
        {"use: {views: {weight: 0.125}}", AT(use.views.weight)},
        {"use: {views: {from: 0.125}}", AT(use.views.from)},
        {"use: {followers: {weight: 0.125}}", AT(use.followers.weight)},
        {"use: {followers: {from: 0.125}}", AT(use.followers.from)},
        {"use: {reuses: {weight: 0.125}}", AT(use.reuses.weight)},
        {"use: {reuses: {from: 0.125}}", AT(use.reuses.from)},
        {"use: {downloads: {weight: 0.125}}", AT(use.downloads.weight)},
        {"use: {downloads: {from: 0.125}}", AT(use.downloads.from)},
        {"use: {certified_public_service: {weight: 0.125}}", AT(use.public_service.weight)},
        {"use: {certified: {weight: 0.125}}", AT(use.certified.weight)},
        {"use: {featured: {weight: 0.125}}", AT(use.featured.weight)},
        {"use: {quality: {weight: 0.125}}", AT(use.quality.weight)},
        {"status: {missing: 0.125}", AT(status.missing)},
        {"status: {archived: 0.125}", AT(status.archived)},
        {"matching: {least_share: 0.125}", AT(matching.least_share)},
        {"matching: {missing: 0.125}", AT(matching.missing)},
        {"place: {around: 0.125}", AT(place.around)},
        {"place: {step: 0.125}", AT(place.step)},
        {"place: {inside: 0.125}", AT(place.inside)},
    };
    static struct weights preset;
    ok(reads(""));
    preset = got;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        double found = 0;
        bool good = reads(keys[i].text);
        memcpy(&found, (char *)&got + keys[i].offset, sizeof found);
        good = good && near(found, 0.125);
        memcpy((char *)&got + keys[i].offset, (char *)&preset + keys[i].offset, sizeof found);
        memcpy(got.use.parts, preset.use.parts, sizeof got.use.parts); // made of the others
        got.use.all = preset.use.all;
        memcpy(got.thinning, preset.thinning, sizeof got.thinning);
        tap_result(good && memcmp(&got, &preset, sizeof got) == 0, __FILE__, __LINE__,
                   keys[i].text);
    }
    // What a packed number adds: nothing up to `from`, all of the weight from `to` on, a logarithm between.
    ok(reads(
        "use: {views: {weight: 0.5, from: 1, to: 511}, stars: {weight: 0.25, from: 1, to: 3}}"));
    char packed[USAGE_BYTES];
    usage_write(&(struct usage){.views = 31, .stars = 1000}, packed);
    const unsigned char *codes = (const unsigned char *)packed;
    ok(near(got.use.parts[USAGE_VIEWS][usage_code(codes, USAGE_VIEWS)], 0.25));
    ok(near(got.use.parts[USAGE_STARS][usage_code(codes, USAGE_STARS)], 0.25));
    ok(near(got.use.parts[USAGE_VIEWS][0], 0) && near(got.use.parts[USAGE_VIEWS][255], 0.5));
    ok(near(got.use.all - preset.use.all,
            0.5 - preset.use.views.weight + 0.25 - preset.use.stars.weight));
    ok(reads("use: {views: {from: 1, to: 2}, followers: {to: 77}}"));
    ok(near(got.use.views.to, 2) && near(got.use.followers.to, 77));
    ok(reads("matching: {enough: 0}"));
    is_int(got.matching.enough, 0);
}

// ---- Errors --------------------------------------------------------------------------------------------

static void errors(void)
{
    is_str(error_of("- a\n- b\n"), "config/ranking.yaml:1: it should be a map of weights");
    is_str(error_of("\n\nfields\n"), "config/ranking.yaml:3: it should be a map of weights");
    is_str(error_of("text:\n  exct: 0.3\n"),
           "config/ranking.yaml:2: unknown key \"exct\" of \"text\" (did you mean \"exact\"?)");
    ok(!reads("fields:\n  title: {weight: 4}\n  titre: {weight: 4}\n"));
    is_str(e.where, "config/ranking.yaml:3");
    ok(!reads("nothing: 1\n"));
    is_str(e.where, "config/ranking.yaml:1");
    ok(!reads("text:\n\n  exact: many\n"));
    is_str(e.where, "config/ranking.yaml:3");
    ok(!reads("text:\n  exact: [1, 2]\n"));
    is_str(e.where, "config/ranking.yaml:2");
    ok(!reads("fields: 3\n"));
    is_str(e.where, "config/ranking.yaml:1");
    ok(!reads("fields:\n  title: 4\n"));
    is_str(e.where, "config/ranking.yaml:2");
    ok(!reads("text:\n  exact: 0.1\n  exact: 0.2\n")); // twice
    is_str(e.where, "config/ranking.yaml:3");
    ok(!reads("text: {exact: 0.1\nuse: 3\n")); // no YAML
    is_int(strncmp(e.where, "config/ranking.yaml:", 20), 0);
    // Of several, the first line's.
    ok(!reads("text:\n  exact: a\n  exct: 0.3\nuse: {strength: -1}\n"));
    is_str(e.where, "config/ranking.yaml:2");
    ok(!reads("use:\n  quality: {from: 1}\n")); // a share has no scale
    is_str(e.where, "config/ranking.yaml:2");
}

// Every number is bounded: below 0 never, above only so far.
static void bounds(void)
{
    static const char *const outside[] = {"fields: {title: {weight: 1001}}",
                                          "fields: {title: {weight: -1}}",
                                          "fields: {title: {length: 1.01}}",
                                          "fields: {title: {length: -0.1}}",
                                          "text: {saturation: 101}",
                                          "text: {exact: 1.1}",
                                          "text: {generic: 1.1}",
                                          "text: {synonym: 1.1}",
                                          "text: {correction: 1.1}",
                                          "text: {format: 11}",
                                          "title: {exact: 11}",
                                          "title: {coverage: 11}",
                                          "title: {pairs: -1}",
                                          "title: {share: 11}",
                                          "use: {strength: 101}",
                                          "use: {per_word: 1.1}",
                                          "use: {views: {weight: 1001}}",
                                          "use: {views: {to: 1e10}}",
                                          "use: {views: {from: -1}}",
                                          "status: {missing: 1.1}",
                                          "status: {archived: -0.1}",
                                          "matching: {enough: 10001}",
                                          "matching: {enough: -1}",
                                          "matching: {enough: 2.5}",
                                          "matching: {least_share: 1.1}",
                                          "matching: {missing: 11}",
                                          "place: {around: 1.1}",
                                          "place: {step: 1.1}",
                                          "place: {inside: -1}",
                                          "variants: -1",
                                          "variants: 1.5",
                                          "text: {exact: .nan}",
                                          "text: {exact: nan}",
                                          "text: {saturation: inf}"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        bool refused = !reads(outside[i]) && e.code == ERR_CONFIG &&
                       strcmp(e.where, "config/ranking.yaml:1") == 0 && e.what[0];
        tap_result(refused, __FILE__, __LINE__, outside[i]);
        if (!refused)
            printf("# %s: %s\n", e.where, e.what);
    }
    static const char *const inside[] = {
        "fields: {title: {weight: 1000, length: 1}}", "fields: {title: {weight: 0, length: 0}}",
        "use: {views: {from: 0, to: 1e9}}", "matching: {enough: 10000, least_share: 0}"};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        tap_result(reads(inside[i]), __FILE__, __LINE__, inside[i]);
}

static void scales(void)
{
    static const struct {
        const char *text, *name;
    } cases[] = {{"use: {views: {from: 10, to: 10}}", "views"},
                 {"use: {followers: {from: 11, to: 10}}", "followers"},
                 {"use: {reuses: {from: 1000}}", "reuses"},
                 {"use: {downloads: {to: 1}}", "downloads"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ok(!reads(cases[i].text));
        is_int(e.code, ERR_CONFIG);
        is_str(e.where, "config/ranking.yaml");
        is_str(e.what,
               arena_printf(&arena, "the scale use.%s has a \"from\" that is not below its \"to\"",
                            cases[i].name)
                   .p);
        ok(e.hint[0] != '\0');
    }
}

// ---- Rules ---------------------------------------------------------------------------------------------

static const struct rules_texts good_texts = {STR("le la"), STR("données csv"),
                                              STR("PLU, plan local"), STR("text: {exact: 0.125}")};

static void rules_of_texts(void)
{
    e = (struct err){0};
    struct rules *r = rules_new(&good_texts, &e);
    ok(r != NULL);
    ok(near(r->weights.text.exact, 0.125));
    ok(word_set_has(r->generic, STR("donnees")) && !word_set_has(r->generic, STR("plan")));
    is_int(synonyms_groups(r->synonyms), 1);
    rules_release(r);
    rules_release(NULL);
    // Empty files are files: no generic word, no synonym, weights by default.
    struct rules_texts none = {STR(""), STR(""), STR(""), STR("")};
    r = rules_new(&none, &e);
    ok(r != NULL);
    is_int(synonyms_groups(r->synonyms), 0);
    ok(reads("") && memcmp(&r->weights, &got, sizeof got) == 0);
    rules_release(r);
}

static const char *refusal_of(struct rules_texts t)
{
    e = (struct err){0};
    struct rules *r = rules_new(&t, &e);
    ok(r == NULL);
    is_int(e.code, ERR_CONFIG);
    ok(e.what[0] != '\0');
    rules_release(r);
    return e.where;
}

static void wrong_files_are_named(void)
{
    struct rules_texts t = good_texts;
    t.ranking = STR("\ntext: {exact: 7}");
    is_str(refusal_of(t), "config/ranking.yaml:2");
    t = good_texts;
    t.generic_words = STR("a b\nc\ndeux-mots\n");
    is_str(refusal_of(t), "config/generic-words.txt line 3");
    t = good_texts;
    t.stop_words = STR("le\ndeux-mots\n");
    is_str(refusal_of(t), "config/stopwords.txt line 2");
    t = good_texts;
    t.synonyms = STR("plu, plan\n\nseul\n");
    is_str(refusal_of(t), "config/synonyms.txt line 3");
    // Of several wrong files, one is told.
    t.ranking = STR("x: 1");
    is_str(refusal_of(t), "config/ranking.yaml:1");
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        abort();
}

// The folder `share` overrides file by file.
static void loaded(void)
{
    static char share[] = "/tmp/test_weights.XXXXXX";
    if (!mkdtemp(share))
        abort();
    const char *folder = arena_printf(&arena, "%s/config", share).p,
               *ranking = arena_printf(&arena, "%s/ranking.yaml", folder).p,
               *synonyms = arena_printf(&arena, "%s/synonyms.txt", folder).p;
    mkdir(folder, 0755);
    e = (struct err){0};
    struct rules *shipped = rules_load(STR_NONE, NULL, &e), *own;
    ok(shipped != NULL);
    write_file(ranking, "text: {exact: 0.125}\n");
    own = rules_load(str_of(share), NULL, &e);
    ok(own != NULL);
    ok(near(own->weights.text.exact, 0.125) && !near(shipped->weights.text.exact, 0.125));
    is_int(synonyms_groups(own->synonyms), synonyms_groups(shipped->synonyms));
    rules_release(own);
    write_file(synonyms, "plu, plan local\nirve, borne\n");
    own = rules_load(str_of(share), NULL, &e);
    ok(own != NULL);
    is_int(synonyms_groups(own->synonyms), 2);
    rules_release(own);
    write_file(synonyms, "seul\n");
    ok(rules_load(str_of(share), NULL, &e) == NULL);
    is_str(e.where, "config/synonyms.txt line 1");
    unlink(synonyms);
    mkdir(synonyms, 0755); // cannot be read
    ok(rules_load(str_of(share), NULL, &e) == NULL);
    is_int(e.code, ERR_IO);
    rmdir(synonyms);
    unlink(ranking);
    rmdir(folder);
    rmdir(share);
    rules_release(shipped);
}

static void replaced_while_held(void)
{
    struct rules_texts t = good_texts;
    struct rules_holder *h = rules_holder_new(rules_new(&t, &e));
    struct rules *first = rules_take(h), *again = rules_take(h);
    ok(first == again);
    rules_release(again);
    t.ranking = STR("text: {exact: 0.25}");
    rules_replace(h, rules_new(&t, &e));
    struct rules *second = rules_take(h);
    ok(second != first);
    ok(near(second->weights.text.exact, 0.25));
    // What a search holds stays what it was, whole.
    ok(near(first->weights.text.exact, 0.125));
    ok(word_set_has(first->generic, STR("csv")));
    is_int(synonyms_groups(first->synonyms), 1);
    rules_release(first);
    rules_holder_free(h);
    ok(near(second->weights.text.exact, 0.25)); // also when the holder is gone
    rules_release(second);
    rules_holder_free(NULL);
}

int main(void)
{
    shipped_is_default();
    each_key();
    errors();
    bounds();
    scales();
    rules_of_texts();
    wrong_files_are_named();
    loaded();
    replaced_while_held();
    arena_free(&arena);
    return tap_done();
}
