// A slow, plain second opinion: scores are computed from the texts of small random records as config/ranking.yaml tells it, and
// compared with what a search finds, in which order, and for which score; for random queries and random weights.
#include "tests/unit/search_random_fixture.h"

#include "indexer/index/usage.h"
#include "indexer/search/weights.h"

#include <math.h>

enum { RECORDS = 90, ROUNDS = 8, QUERIES = 60, WORDS_MAX = 64, QUERY_MAX = 5 };

// Singulars and plurals, codes, stop words, generic words. None is made of the first letters of others, nor of two others.
static const char *const vocabulary[] = {
    "velo",    "velos",    "piste",  "pistes",    "cyclable", "cyclables",    "parking", "ville",
    "villes",  "route",    "routes", "budget",    "budgets",  "transport",    "2016",    "2017",
    "commune", "communes", "public", "publiques", "taxi",     "bibliotheque", "gare",    "gares",
    "tarif",   "donnees",  "csv",    "de",        "la",       "pour"};
enum { VOCABULARY = sizeof vocabulary / sizeof *vocabulary };

#define SYNONYMS "velo => pistes cyclables\nparking => gares\ntaxi => kind:software\n"
static const struct str software = STR("kind:software"); // stands for a stem

// ---- Records -------------------------------------------------------------------------------------------

struct word {
    struct str exact, stem;
    bool is_stop;
};
struct text {
    struct word v[WORDS_MAX];
    size_t n;
};

// What the plain side knows of a record: the words of each field, and its figures.
static struct known {
    struct text fields[FIELD_COUNT]; // FIELD_BODY: the description alone
    bool csv, software;
    struct usage usage;
} known[RECORDS];

static void keep_word(void *arg, const struct token *t)
{
    struct text *text = arg;
    MUST(text->n < WORDS_MAX && t->kind != TOKEN_JOINED, NULL);
    text->v[text->n++] =
        (struct word){arena_str(&arena, t->exact), arena_str(&arena, t->stem), t->is_stop};
}

static struct str random_text(uint32_t least, uint32_t most)
{
    return random_words(vocabulary, VOCABULARY, least, most);
}

static struct str said(struct known *k, enum text_field field, struct str text)
{
    analyze(analyzer, text, keep_word, &k->fields[field]);
    return text;
}

static void add_random(int i)
{
    struct known *k = &known[i];
    struct record r = record_of(arena_printf(&arena, "r%d", i).p, KIND_DATASET, "");
    *k = (struct known){.software = any(4) == 0};
    r.kind = k->software ? KIND_SOFTWARE : KIND_DATASET;
    r.title = said(k, FIELD_TITLE, random_text(1, 5));
    r.acronym = said(k, FIELD_ACRONYM, random_text(0, 1));
    r.publisher.id = STR("org:1");
    r.publisher.name = said(k, FIELD_PUBLISHER, random_text(0, 3));
    r.publisher.kind = any(2) ? STR("public-service") : STR("company");
    r.publisher.certified = any(2);
    for (uint32_t n = any(3); n; n--) {
        struct str keyword = random_text(1, 2);
        if (!r.keywords.n || !str_eq(r.keywords.v[0], keyword)) // a keyword is kept once
            arena_push(&arena, &r.keywords, said(k, FIELD_KEYWORD, keyword));
    }
    if (any(2))
        arena_push(&arena, &r.spatial.labels, said(k, FIELD_ZONE, random_text(1, 1)));
    struct distribution files[2] = {{.byte_size = -1, .available = -1},
                                    {.byte_size = -1, .available = -1}};
    r.distributions = files;
    r.distribution_count = any(3);
    for (size_t d = 0; d < r.distribution_count; d++) {
        files[d].title = said(k, FIELD_DISTRIBUTION, random_text(0, 3));
        files[d].format = any(2) ? STR("csv") : STR("pdf");
        k->csv = k->csv || str_eq(files[d].format, STR("csv"));
    }
    struct column columns[1] = {{.name = STR_NONE}};
    r.fields = columns;
    r.field_count = any(2);
    if (r.field_count)
        columns[0].name = said(k, FIELD_COLUMN, random_text(1, 2));
    r.description = said(k, FIELD_BODY, random_text(0, 14));
    r.featured = any(4) == 0;
    r.quality.score = any(5) / 4.0;
    r.popularity = (struct popularity){.views = (int64_t)any(20000),
                                       .followers = (int64_t)any(2000),
                                       .reuses = (int64_t)any(200),
                                       .downloads = (int64_t)any(2000000),
                                       .stars = (int64_t)any(2000)};
    if (any(3) == 0)
        r.popularity = (struct popularity){-1, -1, -1, -1, -1};
    r.status = (enum record_status)any(3);
    add(&r, r.status);
    char bytes[USAGE_BYTES]; // as near as the index keeps it
    k->usage = usage_of(&r);
    usage_write(&k->usage, bytes);
    k->usage = usage_read(str_slice(bytes, USAGE_BYTES));
}

// ---- Counting ------------------------------------------------------------------------------------------

static size_t stems_in(const struct text *t, struct str stem)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += !t->v[i].is_stop && str_eq(t->v[i].stem, stem);
    return n;
}

static size_t exacts_in(const struct text *t, struct str exact)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += str_eq(t->v[i].exact, exact);
    return n;
}

static double length_in(const struct text *t, enum text_field field)
{
    uint32_t words[FIELD_COUNT] = {0};
    char bytes[LENGTHS_BYTES];
    for (size_t i = 0; i < t->n; i++)
        words[field] += !t->v[i].is_stop;
    lengths_write(words, bytes); // as near as the index keeps it
    return length_of((unsigned char)bytes[field]);
}

static uint32_t documents_with(struct str stem)
{
    uint32_t n = 0;
    for (int i = 0; i < RECORDS; i++) {
        bool found = false;
        for (int f = 0; f < FIELD_COUNT; f++)
            found = found || stems_in(&known[i].fields[f], stem);
        n += found || (known[i].software && str_eq(stem, software));
    }
    return n;
}

static double rarity_of(struct str stem)
{
    double n = documents_with(stem);
    return log(1 + (RECORDS - n + 0.5) / (n + 0.5));
}

// ---- The formula ---------------------------------------------------------------------------------------

static struct weights weights;

// BM25F's occurrences: over all fields, each weighed, thinned by its length, and by how many are the very form.
static double occurrences(const struct known *k, const struct word *w)
{
    static const double average[FIELD_COUNT] = {62, 7, 1, 3, 9, 1, 4, 20};
    double tf = 0;
    bool is_kind = str_eq(w->stem, software); // counts as once in the zone
    for (int f = 0; f < FIELD_COUNT; f++) {
        double stems =
            is_kind ? f == FIELD_ZONE && k->software : (double)stems_in(&k->fields[f], w->stem);
        double exacts = (double)exacts_in(&k->fields[f], w->exact), share = weights.text.exact;
        if (f == FIELD_ZONE || f == FIELD_DISTRIBUTION || f == FIELD_COLUMN)
            share = 0; // their forms are not kept,
        if (f == FIELD_BODY) {
            // so that these pass for the description's.
            exacts += (double)(exacts_in(&k->fields[FIELD_ZONE], w->exact) +
                               exacts_in(&k->fields[FIELD_DISTRIBUTION], w->exact) +
                               exacts_in(&k->fields[FIELD_COLUMN], w->exact));
            exacts = fmin(exacts, stems);
        }
        double length = length_in(&k->fields[f], (enum text_field)f) / average[f];
        tf += weights.fields[f].weight * ((1 - share) * stems + share * exacts) /
              (1 - weights.fields[f].length + weights.fields[f].length * length);
    }
    return tf;
}

struct form {
    struct word words[2];
    size_t n;
    bool synonym;
};
struct group {
    struct form forms[2];
    size_t n;
    bool generic;
    double rarity;
};
static struct group groups[QUERY_MAX];
static size_t group_count;

struct found {
    double text, share, covered, name; // of one group
    bool whole;                        // it is matched
};

static struct found look(const struct known *k, const struct group *g)
{
    struct found best = {0};
    for (size_t i = 0; i < g->n; i++) {
        const struct form *f = &g->forms[i];
        double all = 0, sum = 0, share = 0, covered = 0, name = 0;
        for (size_t j = 0; j < f->n; j++) {
            double rarity = rarity_of(f->words[j].stem), tf = occurrences(k, &f->words[j]);
            size_t titled = stems_in(&k->fields[FIELD_TITLE], f->words[j].stem),
                   named = titled + stems_in(&k->fields[FIELD_ACRONYM], f->words[j].stem);
            all += rarity;
            sum += rarity * tf / (tf + weights.text.saturation);
            share += tf > 0 ? rarity : 0;
            covered += (double)titled;
            name += named ? rarity : 0;
        }
        bool whole = share > 0.999 * all;
        best.whole = best.whole || whole;
        double value = f->synonym ? (whole ? weights.text.synonym * sum / all : 0) : sum / all;
        if (value > best.text) {
            best.text = value;
            best.share = share / all;
            best.covered = covered;
            best.name = name / all;
        }
    }
    return best;
}

static double part(const struct use_weight *w, double n)
{
    if (n <= w->from)
        return 0;
    return w->weight * fmin(1, log((1 + n) / (1 + w->from)) / log((1 + w->to) / (1 + w->from)));
}

static double use_of(const struct usage *u, double several)
{
    double sum = part(&weights.use.views, u->views) + part(&weights.use.followers, u->followers) +
                 part(&weights.use.reuses, u->reuses) + part(&weights.use.downloads, u->downloads) +
                 part(&weights.use.stars, u->stars) + part(&weights.use.users, u->users) +
                 (u->certified && u->public_service ? weights.use.public_service.weight : 0) +
                 (u->certified ? weights.use.certified.weight : 0) +
                 (u->featured ? weights.use.featured.weight : 0) +
                 u->quality * weights.use.quality.weight +
                 (u->unknown ? several * weights.use.unknown.weight : 0);
    double all = weights.use.views.weight + weights.use.followers.weight +
                 weights.use.reuses.weight + weights.use.downloads.weight +
                 weights.use.stars.weight + weights.use.users.weight +
                 weights.use.public_service.weight + weights.use.certified.weight +
                 weights.use.featured.weight + weights.use.quality.weight;
    return sum / all;
}

// Pairs of the query's words that follow one another in the title, stop words passed over.
static double pairs_in(const struct text *title)
{
    double n = 0;
    for (size_t g = 0; g + 1 < group_count; g++) {
        bool found = false;
        const struct word *last = NULL;
        for (size_t i = 0; i < title->n; i++) {
            if (title->v[i].is_stop)
                continue;
            found = found || (last && str_eq(last->stem, groups[g].forms[0].words[0].stem) &&
                              str_eq(title->v[i].stem, groups[g + 1].forms[0].words[0].stem));
            last = &title->v[i];
        }
        n += found;
    }
    return group_count > 1 ? n / (double)(group_count - 1) : 0;
}

static struct expected {
    double score, share;
    bool strict;
} expected[RECORDS];

static void compute(int i)
{
    const struct known *k = &known[i];
    double text = 0, all = 0, demanded = 0, share = 0, covered = 0, name = 0, format = 0, kind = 0;
    bool strict = true, whole_name = true;
    for (size_t g = 0; g < group_count; g++) {
        struct found f = look(k, &groups[g]);
        double weight = groups[g].rarity * (groups[g].generic ? weights.text.generic : 1);
        text += weight * f.text;
        all += weight;
        covered += f.covered;
        name += weight * f.name;
        whole_name = whole_name && f.name > 0.999;
        if (k->csv && str_eq(groups[g].forms[0].words[0].exact, STR("csv")))
            format = 1;
        if (k->software && str_eq(groups[g].forms[groups[g].n - 1].words[0].stem, software))
            kind = 1;
        if (groups[g].generic)
            continue;
        demanded += groups[g].rarity;
        share += groups[g].rarity * f.share;
        strict = strict && f.whole;
    }
    double length = length_in(&k->fields[FIELD_TITLE], FIELD_TITLE);
    double coverage = length >= 0.5 ? fmin(1, covered / length) : 0;
    double bonus =
        weights.title.coverage * coverage + weights.title.share * (name / all) * (name / all) +
        weights.title.pairs * pairs_in(&k->fields[FIELD_TITLE]) + weights.text.format * format +
        weights.text.kind * kind + (coverage > 0.96 && whole_name ? weights.title.exact : 0);
    double several = 1 - 1 / (double)group_count,
           strength = weights.use.strength * (1 - weights.use.per_word * several);
    double status = k->usage.status == STATUS_ARCHIVED  ? weights.status.archived
                    : k->usage.status == STATUS_MISSING ? weights.status.missing
                                                        : 1;
    expected[i] =
        (struct expected){text * (1 + bonus) * (1 + strength * use_of(&k->usage, several)) * status,
                          strict ? 1 : share / demanded, strict};
}

// ---- Queries -------------------------------------------------------------------------------------------

static struct word word_of(const char *text)
{
    struct text t = {.n = 0};
    analyze(analyzer, str_of(text), keep_word, &t);
    return t.v[0];
}

static void add_synonym(struct group *g, const char *one, const char *two)
{
    struct form *f = &g->forms[g->n++];
    *f = (struct form){.words = {word_of(one)}, .n = 1, .synonym = true};
    if (two)
        f->words[f->n++] = word_of(two);
}

// A word that enough records have: others would be corrected.
static bool add_group(const char *text)
{
    struct group *g = &groups[group_count];
    *g = (struct group){.forms = {{.words = {word_of(text)}, .n = 1}}, .n = 1};
    if (g->forms[0].words[0].is_stop || documents_with(g->forms[0].words[0].stem) < 3)
        return false;
    if (strcmp(text, "velo") == 0)
        add_synonym(g, "pistes", "cyclables");
    if (strcmp(text, "parking") == 0)
        add_synonym(g, "gares", NULL);
    if (strcmp(text, "taxi") == 0)
        g->forms[g->n++] =
            (struct form){.words = {{software, software, false}}, .n = 1, .synonym = true};
    g->generic = strcmp(text, "donnees") == 0 || strcmp(text, "csv") == 0;
    // The commonest thing that stands for it.
    g->rarity = INFINITY;
    for (size_t i = 0; i < g->n; i++) {
        double rarest = 0;
        for (size_t j = 0; j < g->forms[i].n; j++)
            rarest = fmax(rarest, rarity_of(g->forms[i].words[j].stem));
        g->rarity = fmin(g->rarity, rarest);
    }
    group_count++;
    return true;
}

static struct str random_query(void)
{
    struct buf b = {0};
    group_count = 0;
    size_t n = 1 + any(QUERY_MAX - 1);
    while (group_count < n) {
        const char *word = vocabulary[any(VOCABULARY)];
        bool twice = false;
        for (size_t g = 0; g < group_count; g++)
            twice = twice || str_eq(groups[g].forms[0].words[0].stem, word_of(word).stem);
        if (!twice && add_group(word))
            buf_addf(&b, "%s%s%s", b.n ? " " : "", b.n && any(5) == 0 ? "de la " : "", word);
    }
    bool only_wishes = true;
    for (size_t g = 0; g < group_count; g++)
        only_wishes = only_wishes && groups[g].generic;
    for (size_t g = 0; g < group_count && only_wishes; g++)
        groups[g].generic = false;
    struct str s = arena_str(&arena, buf_str(&b));
    buf_free(&b);
    return s;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 2e-4 * (fabs(a) + fabs(b));
}

// Of the records marked in `among`, unmarks all but the `most` that score best. False when equals stand on both sides.
static bool keep_best(bool *among, size_t most)
{
    size_t n = 0;
    for (int i = 0; i < RECORDS; i++)
        n += among[i];
    while (n > most) {
        int worst = -1;
        double next = INFINITY;
        for (int i = 0; i < RECORDS; i++)
            if (among[i] && (worst < 0 || expected[i].score < expected[worst].score))
                worst = i;
        among[worst] = false;
        n--;
        for (int i = 0; i < RECORDS; i++)
            if (among[i])
                next = fmin(next, expected[i].score);
        if (n == most && near(next, expected[worst].score))
            return false;
    }
    return true;
}

// Whether two titles are one series: the same words, codes and stop words aside, and not none.
static bool are_variants(const struct text *a, const struct text *b)
{
    size_t i = 0, j = 0, same = 0;
    for (;; i++, j++, same++) {
        while (i < a->n && (a->v[i].is_stop || a->v[i].exact.p[0] == '2'))
            i++;
        while (j < b->n && (b->v[j].is_stop || b->v[j].exact.p[0] == '2'))
            j++;
        if (i == a->n || j == b->n)
            return i == a->n && j == b->n && same > 0;
        if (!str_eq(a->v[i].stem, b->v[j].stem))
            return false;
    }
}

// Takes those away that stand behind others. False when equals stand on both sides.
static bool group(bool *asked, size_t most)
{
    bool done[RECORDS] = {false};
    for (int i = 0; i < RECORDS && most; i++) {
        bool series[RECORDS] = {false}, kept[RECORDS];
        if (!asked[i] || done[i])
            continue;
        for (int j = i; j < RECORDS; j++)
            series[j] = asked[j] && known[i].software == known[j].software &&
                        (i == j || are_variants(&known[i].fields[FIELD_TITLE],
                                                &known[j].fields[FIELD_TITLE]));
        memcpy(kept, series, sizeof kept);
        if (!keep_best(kept, most))
            return false;
        for (int j = 0; j < RECORDS; j++) {
            done[j] = done[j] || series[j];
            asked[j] = asked[j] && (!series[j] || kept[j]);
        }
    }
    return true;
}

static size_t grouped; // searches that had variants

// How far a search is from what is expected: 0 when it is the same.
static size_t differences(void)
{
    size_t strict = 0, demands = 0, total = 0, wrong = 0, shown = 0, behind = 0;
    for (int i = 0; i < RECORDS; i++) {
        compute(i);
        strict += expected[i].strict;
    }
    for (size_t g = 0; g < group_count; g++)
        demands += !groups[g].generic;
    bool forgiven = strict < (size_t)weights.matching.enough && demands > 1;
    bool asked[RECORDS], partial[RECORDS];
    for (int i = 0; i < RECORDS; i++) {
        struct expected *x = &expected[i];
        if (fabs(x->share - weights.matching.least_share) < 1e-3)
            return 0; // either way
        asked[i] =
            x->strict || (forgiven && x->share > 0 && x->share >= weights.matching.least_share);
        if (forgiven)
            x->score *= pow(x->share, weights.matching.missing);
        partial[i] = asked[i] && !x->strict;
    }
    if (!keep_best(partial, (size_t)weights.matching.partial))
        return 0; // either way
    for (int i = 0; i < RECORDS; i++) {
        asked[i] = asked[i] && (expected[i].strict || partial[i]);
        total += asked[i];
    }
    if (!group(asked, (size_t)weights.variants))
        return 0; // either way
    for (int i = 0; i < RECORDS; i++)
        shown += asked[i];
    wrong += answer.strict_total != (int64_t)strict || answer.total != (int64_t)total;
    wrong += answer.hit_count != shown || answer.corrected.p;
    wrong += (answer.relaxed.n > 0) != (total > strict);
    grouped += shown < total;
    double before = INFINITY;
    for (size_t i = 0; i < answer.hit_count; i++) {
        struct str id = member_of(answer.hits[i].members, "id");
        int64_t at = 0;
        MUST(str_to_int(str_slice(id.p + 1, id.n - 1), 0, RECORDS - 1, &at), NULL);
        wrong += !asked[at] || !near(expected[at].score, answer.hits[i].score);
        wrong += answer.hits[i].score > before;
        before = answer.hits[i].score;
        asked[at] = false;
        behind += answer.hits[i].variants;
    }
    return wrong + (shown + behind != total);
}

int main(void)
{
    search_begin();
    size_t relaxed = 0, searches = 0, found = 0;
    for (int round = 0; round < ROUNDS; round++) {
        begin_generation();
        for (int i = 0; i < RECORDS; i++)
            add_random(i);
        commit("1", true);
        const char *ranking = round ? random_ranking() : TEST_RANKING;
        MUST(weights_read(str_of(ranking), &weights, &e), &e);
        use_rules(SYNONYMS, "donnees csv", ranking);
        size_t wrong = 0;
        for (int i = 0; i < QUERIES; i++) {
            struct str q = random_query();
            search_request_init(&request);
            request.q = q;
            request.page_size = SEARCH_PAGE_SIZE_MAX;
            ask_request();
            MUST(e.code == ERR_NONE, &e);
            size_t n = differences();
            if (n && !wrong)
                printf("# round %d: \"%s\": %zu differences\n", round, q.p, n);
            wrong += n > 0;
            relaxed += answer.relaxed.n > 0;
            found += answer.hit_count;
            searches++;
        }
        is_int(wrong, 0);
    }
    // It compared something.
    ok(relaxed > searches / 20);
    ok(grouped > searches / 20);
    ok(found > searches * 10);
    search_end();
    return tap_done();
}
