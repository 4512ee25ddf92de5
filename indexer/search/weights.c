// See weights.h.
#include "indexer/search/weights.h"

#include "config/schema.h"

#include <math.h>

#define WEIGHT_MAX 1000
#define REAL(owner, field, key, most, preset_text)                                                 \
    {                                                                                              \
        .name = key, .type = CONF_REAL, .offset = offsetof(owner, field), .min = 0, .max = most,   \
        .preset = preset_text                                                                      \
    }
#define MAP(owner, field, key, tables)                                                             \
    {                                                                                              \
        .name = key, .type = CONF_MAP, .offset = offsetof(owner, field), .keys = tables            \
    }
#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }

// ---- Fields: each has a table of its own, since each has defaults of its own ------------------------

#define FIELD_KEYS(name, weight_text, length_text)                                                 \
    static const struct conf_key name##_keys[] = {                                                 \
        REAL(struct field_weight, weight, "weight", WEIGHT_MAX, weight_text),                      \
        REAL(struct field_weight, length, "length", 1, length_text), END}

FIELD_KEYS(description, "0.6", "0.6");
FIELD_KEYS(title, "4", "0.3");
FIELD_KEYS(acronym, "6", "0");
FIELD_KEYS(publisher, "1.5", "0.3");
FIELD_KEYS(keyword, "1.5", "0.5");
FIELD_KEYS(zone, "1", "0");
FIELD_KEYS(distribution, "0.5", "0.5");
FIELD_KEYS(column, "0.5", "0.5");

static const struct conf_key fields_keys[] = {
    MAP(struct weights, fields[FIELD_BODY], "description", description_keys),
    MAP(struct weights, fields[FIELD_TITLE], "title", title_keys),
    MAP(struct weights, fields[FIELD_ACRONYM], "acronym", acronym_keys),
    MAP(struct weights, fields[FIELD_PUBLISHER], "publisher", publisher_keys),
    MAP(struct weights, fields[FIELD_KEYWORD], "keyword", keyword_keys),
    MAP(struct weights, fields[FIELD_ZONE], "zone", zone_keys),
    MAP(struct weights, fields[FIELD_DISTRIBUTION], "distribution", distribution_keys),
    MAP(struct weights, fields[FIELD_COLUMN], "column", column_keys),
    END};

// ---- Use --------------------------------------------------------------------------------------------

#define COUNT_KEYS(name, weight_text, from_text, to_text)                                          \
    static const struct conf_key name##_keys[] = {                                                 \
        REAL(struct use_weight, weight, "weight", WEIGHT_MAX, weight_text),                        \
        REAL(struct use_weight, from, "from", 1e9, from_text),                                     \
        REAL(struct use_weight, to, "to", 1e9, to_text), END}
#define PLAIN_KEYS(name, weight_text)                                                              \
    static const struct conf_key name##_keys[] = {                                                 \
        REAL(struct use_weight, weight, "weight", WEIGHT_MAX, weight_text), END}

COUNT_KEYS(views, "0.4", "3000", "500000");
COUNT_KEYS(followers, "0.2", "3", "1000");
COUNT_KEYS(reuses, "0.2", "1", "100");
COUNT_KEYS(downloads, "0.1", "1000", "1000000");
COUNT_KEYS(stars, "0.15", "5", "1000");
COUNT_KEYS(users, "0.2", "1", "100");
PLAIN_KEYS(unknown, "0.6");
PLAIN_KEYS(public_service, "0.05");
PLAIN_KEYS(certified, "0.05");
PLAIN_KEYS(featured, "0.05");
PLAIN_KEYS(quality, "0");

#define WEIGHTS(field, key, most, text) REAL(struct weights, field, key, most, text)

static const struct conf_key text_keys[] = {WEIGHTS(text.saturation, "saturation", 100, "1.2"),
                                            WEIGHTS(text.exact, "exact", 1, "0.7"),
                                            WEIGHTS(text.generic, "generic", 1, "0.5"),
                                            WEIGHTS(text.synonym, "synonym", 1, "0.85"),
                                            WEIGHTS(text.correction, "correction", 1, "0.7"),
                                            WEIGHTS(text.format, "format", 10, "0.15"),
                                            WEIGHTS(text.kind, "kind", 10, "0.5"),
                                            END};
static const struct conf_key title_bonus_keys[] = {
    WEIGHTS(title.exact, "exact", 10, "0.1"), WEIGHTS(title.coverage, "coverage", 10, "0.3"),
    WEIGHTS(title.pairs, "pairs", 10, "0.2"), WEIGHTS(title.share, "share", 10, "0.3"), END};
static const struct conf_key use_keys[] = {
    WEIGHTS(use.strength, "strength", 100, "4"),
    WEIGHTS(use.per_word, "per_word", 1, "0.6"),
    MAP(struct weights, use.views, "views", views_keys),
    MAP(struct weights, use.followers, "followers", followers_keys),
    MAP(struct weights, use.reuses, "reuses", reuses_keys),
    MAP(struct weights, use.downloads, "downloads", downloads_keys),
    MAP(struct weights, use.stars, "stars", stars_keys),
    MAP(struct weights, use.users, "users", users_keys),
    MAP(struct weights, use.unknown, "unknown", unknown_keys),
    MAP(struct weights, use.public_service, "certified_public_service", public_service_keys),
    MAP(struct weights, use.certified, "certified", certified_keys),
    MAP(struct weights, use.featured, "featured", featured_keys),
    MAP(struct weights, use.quality, "quality", quality_keys),
    END};
static const struct conf_key status_keys[] = {
    WEIGHTS(status.missing, "missing", 1, "0.8"), WEIGHTS(status.archived, "archived", 1, "0.3"),
    WEIGHTS(status.fork, "fork", 1, "0.3"), WEIGHTS(status.template, "template", 1, "0.5"), END};
static const struct conf_key place_keys[] = {WEIGHTS(place.around, "around", 1, "0.5"),
                                             WEIGHTS(place.step, "step", 1, "0.8"),
                                             WEIGHTS(place.inside, "inside", 1, "0.5"), END};
static const struct conf_key matching_keys[] = {
    {.name = "enough",
     .type = CONF_INT,
     .offset = offsetof(struct weights, matching.enough),
     .min = 0,
     .max = 10000,
     .preset = "100"},
    {.name = "partial",
     .type = CONF_INT,
     .offset = offsetof(struct weights, matching.partial),
     .min = 0,
     .max = 100000,
     .preset = "200"},
    WEIGHTS(matching.least_share, "least_share", 1, "0.15"),
    WEIGHTS(matching.missing, "missing", 10, "1"),
    END};

// Maps within the one struct: their offsets are those of `struct weights` already.
static const struct conf_key weights_keys[] = {
    {.name = "fields", .type = CONF_MAP, .keys = fields_keys},
    {.name = "text", .type = CONF_MAP, .keys = text_keys},
    {.name = "title", .type = CONF_MAP, .keys = title_bonus_keys},
    {.name = "use", .type = CONF_MAP, .keys = use_keys},
    {.name = "place", .type = CONF_MAP, .keys = place_keys},
    {.name = "status", .type = CONF_MAP, .keys = status_keys},
    {.name = "variants",
     .type = CONF_INT,
     .offset = offsetof(struct weights, variants),
     .min = 0,
     .max = 100,
     .preset = "10"},
    {.name = "matching", .type = CONF_MAP, .keys = matching_keys},
    END};

static bool scales_are_right(const struct weights *w, struct err *e)
{
    const struct {
        const char *name;
        const struct use_weight *scale;
    } counts[] = {{"views", &w->use.views},   {"followers", &w->use.followers},
                  {"reuses", &w->use.reuses}, {"downloads", &w->use.downloads},
                  {"stars", &w->use.stars},   {"users", &w->use.users}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].scale->from >= counts[i].scale->to) {
            err_set(e, ERR_CONFIG, "the scale use.%s has a \"from\" that is not below its \"to\"",
                    counts[i].name);
            err_where(e, "config/ranking.yaml");
            return err_hint(e,
                            "from is where the number begins to count, to where it counts whole");
        }
    return true;
}

static double part_of(const struct use_weight *w, double n)
{
    if (n <= w->from || w->weight <= 0)
        return 0;
    double part = (log1p(n) - log1p(w->from)) / (log1p(w->to) - log1p(w->from));
    return w->weight * (part < 1 ? part : 1);
}

static void prepare_use(struct weights *w)
{
    const struct use_weight *const numbers[USAGE_NUMBERS] = {
        [USAGE_VIEWS] = &w->use.views,   [USAGE_FOLLOWERS] = &w->use.followers,
        [USAGE_REUSES] = &w->use.reuses, [USAGE_DOWNLOADS] = &w->use.downloads,
        [USAGE_STARS] = &w->use.stars,   [USAGE_USERS] = &w->use.users};
    w->use.all = w->use.public_service.weight + w->use.certified.weight + w->use.featured.weight +
                 w->use.quality.weight;
    for (int i = 0; i < USAGE_NUMBERS; i++) {
        w->use.all += numbers[i]->weight;
        for (unsigned code = 0; code < 256; code++)
            w->use.parts[i][code] = part_of(numbers[i], usage_number_of((unsigned char)code));
    }
}

// BM25's length normalisation, as a factor for each code of a length.
static void prepare_thinning(struct weights *w)
{
    // Words of a text on average, measured on data.gouv.fr (2026-01): constants, so that a score does not move with the catalogue.
    static const double average[FIELD_COUNT] = {
        [FIELD_BODY] = 62,   [FIELD_TITLE] = 7, [FIELD_ACRONYM] = 1,      [FIELD_PUBLISHER] = 3,
        [FIELD_KEYWORD] = 9, [FIELD_ZONE] = 1,  [FIELD_DISTRIBUTION] = 4, [FIELD_COLUMN] = 20};
    for (size_t f = 0; f < FIELD_COUNT; f++)
        for (unsigned code = 0; code < 256; code++) {
            const struct field_weight *field = &w->fields[f];
            double relative = length_of((unsigned char)code) / average[f];
            w->thinning[f][code] =
                (float)(field->weight / (1 - field->length + field->length * relative + 1e-6));
        }
    for (unsigned code = 0; code < 256; code++)
        w->title_words[code] = (float)length_of((unsigned char)code);
}

bool weights_read(struct str text, struct weights *out, struct err *e)
{
    struct arena a = {0};
    struct conf_errors errors = {0};
    struct conf_reader reader = {.arena = &a, .file = "config/ranking.yaml", .errors = &errors};
    struct yaml_node *root = NULL;
    *out = (struct weights){0};
    yaml_read(&a, text, reader.file, &errors, &root);
    if (root && root->kind != YAML_MAP && root->kind != YAML_BROKEN)
        conf_errors_addf(&errors, reader.file, root->line, NULL, "it should be a map of weights");
    else if (!errors.n)
        conf_read_map(&reader, root, weights_keys, out, "");
    conf_errors_sort(&errors);
    bool good = errors.n == 0;
    if (!good)
        *e = errors.v[0].err;
    conf_errors_free(&errors);
    arena_free(&a);
    if (!good || !scales_are_right(out, e))
        return false;
    prepare_use(out);
    prepare_thinning(out);
    return true;
}
