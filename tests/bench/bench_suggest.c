// Completion over a real catalogue: CPU and memory of making it, CPU of each query. Not a test.
//
//     bench_suggest CATALOGUE.csv [STOPWORDS]          what it costs
//     bench_suggest CATALOGUE.csv STOPWORDS QUERY...   what it answers
//
// The file is data.gouv.fr's catalogue of datasets: `;` between fields, quotes around them, the names of the columns first.
// Titles, acronyms, organizations and keywords go in, and the territories of config/; weights are made of views. Queries are made of every title taken in
// turn: its beginnings, its words in another order, the same with one typo; and queries made to cost much.
#include "indexer/suggest/suggest_places.h"

#include "base/hash.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TITLES = 4000, COLUMNS = 64, SAMPLES_MAX = 400000 };

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool read_file(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        return false;
    }
    size_t n;
    do {
        buf_reserve(out, 1 << 20);
        n = fread(out->p + out->n, 1, 1 << 20, f);
        out->n += n;
    } while (n > 0);
    fclose(f);
    return true;
}

// ---- The catalogue -------------------------------------------------------------------------------

// The next record of the file: its fields, without quotes, in the arena.
static size_t read_fields(struct str file, size_t *at, struct arena *a, struct str *fields)
{
    size_t n = 0;
    struct buf field = {0};
    bool quoted = false;
    while (*at < file.n) {
        char c = file.p[(*at)++];
        if (c == '"') {
            if (quoted && *at < file.n && file.p[*at] == '"')
                buf_addc(&field, file.p[(*at)++]);
            else
                quoted = !quoted;
        } else if (!quoted && (c == ';' || c == '\n')) {
            if (n < COLUMNS)
                fields[n++] = arena_str(a, buf_str(&field));
            buf_clear(&field);
            if (c == '\n')
                break;
        } else if (c != '\r' || quoted) {
            buf_addc(&field, c);
        }
    }
    buf_free(&field);
    return n;
}

struct tally { // how many records name something
    struct str *names;
    uint32_t *counts;
    size_t mask;
};

static void count_one(struct tally *t, struct arena *a, struct str name)
{
    size_t at = hash64(name) & t->mask;
    while (t->names[at].n && !str_eq(t->names[at], name))
        at = (at + 1) & t->mask;
    if (!t->names[at].n)
        t->names[at] = arena_str(a, name);
    t->counts[at]++;
}

static struct tally tally_new(struct arena *a)
{
    enum { SLOTS = 1 << 18 };
    return (struct tally){ARENA_ARRAY(a, struct str, SLOTS), ARENA_ARRAY(a, uint32_t, SLOTS),
                          SLOTS - 1};
}

static void add_tally(struct suggest_builder *b, const struct tally *t, enum suggest_kind kind,
                      uint32_t least)
{
    for (size_t i = 0; i <= t->mask; i++)
        if (t->counts[i] >= least)
            suggest_builder_add(
                b, &(struct suggest_entry){.kind = kind,
                                           .text = t->names[i],
                                           .value = t->names[i],
                                           .weight = 0.6 * log1p(t->counts[i]) / log1p(20000),
                                           .count = t->counts[i]});
}

static bool add_territories(struct suggest_builder *b, struct arena *a)
{
    struct buf file = {0};
    struct err e;
    size_t n;
    if (!read_file("config/territories.tsv", &file))
        return false;
    struct territories *t = territories_new(buf_str(&file), &e);
    buf_free(&file);
    if (!t) {
        fprintf(stderr, "%s\n", e.what);
        return false;
    }
    const struct suggest_place *places = suggest_places_make(t, a, &n);
    for (size_t i = 0; i < n; i++)
        suggest_builder_add(b, &(struct suggest_entry){.kind = SUGGEST_TERRITORY,
                                                       .text = places[i].text,
                                                       .names = places[i].names,
                                                       .value = places[i].value,
                                                       .weight = places[i].weight});
    territories_free(t);
    return true;
}

struct catalogue {
    struct str *titles; // every record's
    size_t count;
    double cpu; // of adding and finishing
    struct suggester *suggester;
};

static bool load(struct str file, struct str stop_words, struct arena *a, struct catalogue *out)
{
    static const char *const wanted[] = {"id",           "title", "acronym",
                                         "organization", "tags",  "metric.views"};
    enum { ID, TITLE, ACRONYM, ORGANIZATION, TAGS, VIEWS, WANTED };
    struct str fields[COLUMNS];
    size_t at = 0, column[WANTED], n = read_fields(file, &at, a, fields);
    for (size_t w = 0; w < WANTED; w++) {
        for (column[w] = 0; column[w] < n && !str_eq(fields[column[w]], str_of(wanted[w]));)
            column[w]++;
        if (column[w] == n) {
            fprintf(stderr, "no column \"%s\"\n", wanted[w]);
            return false;
        }
    }
    struct err e;
    struct suggest_builder *b = suggest_builder_new(stop_words, &e);
    if (!b) {
        fprintf(stderr, "%s\n", e.what);
        return false;
    }
    struct tally organizations = tally_new(a), keywords = tally_new(a);
    out->titles = ARENA_ARRAY(a, struct str, 1000000);
    while (at < file.n && out->count < 1000000) {
        size_t got = read_fields(file, &at, a, fields);
        if (got < n)
            continue;
        double views = 0;
        str_to_real(fields[column[VIEWS]], &views);
        out->titles[out->count++] = fields[column[TITLE]];
        double start = cpu_seconds();
        suggest_builder_add(b, &(struct suggest_entry){.kind = SUGGEST_DATASET,
                                                       .text = fields[column[TITLE]],
                                                       .names = fields[column[ACRONYM]],
                                                       .value = fields[column[ID]],
                                                       .weight = log1p(views) / log1p(1e6),
                                                       .count = 1});
        out->cpu += cpu_seconds() - start;
        if (fields[column[ORGANIZATION]].n)
            count_one(&organizations, a, fields[column[ORGANIZATION]]);
        struct str rest = fields[column[TAGS]], tag;
        while (rest.n && str_next(&rest, ',', &tag))
            if (tag.n)
                count_one(&keywords, a, tag);
    }
    double start = cpu_seconds();
    add_tally(b, &organizations, SUGGEST_ORGANIZATION, 1);
    add_tally(b, &keywords, SUGGEST_KEYWORD, 2);
    if (!add_territories(b, a)) {
        suggest_builder_free(b);
        return false;
    }
    out->suggester = suggest_builder_finish(b);
    out->cpu += cpu_seconds() - start;
    return true;
}

// ---- Queries -------------------------------------------------------------------------------------

struct row {
    const char *name;
    double *seconds;
    size_t n, found;
};

static struct row new_row(const char *name)
{
    return (struct row){.name = name, .seconds = xcalloc(SAMPLES_MAX, sizeof(double))};
}

static void ask(struct row *row, const struct suggester *s, struct str q, struct str title)
{
    static struct arena a;
    struct suggestions found;
    double start = cpu_seconds();
    suggester_find(s, q, 0, 10, &a, &found);
    double seconds = cpu_seconds() - start;
    if (row->n < SAMPLES_MAX)
        row->seconds[row->n++] = seconds;
    bool there = false;
    for (size_t i = 0; i < found.n; i++)
        there = there || str_eq_nocase(found.v[i].text, title);
    row->found += there;
    arena_free(&a); // as a request does
}

static int by_value(const void *left, const void *right)
{
    double x = *(const double *)left, y = *(const double *)right;
    return x < y ? -1 : x > y;
}

static void print_row(struct row *row)
{
    qsort(row->seconds, row->n, sizeof *row->seconds, by_value);
    if (row->n)
        printf("%-34s %8zu %9.0f %9.0f %9.0f %7.1f %%\n", row->name, row->n,
               row->seconds[row->n / 2] * 1e6, row->seconds[row->n * 99 / 100] * 1e6,
               row->seconds[row->n - 1] * 1e6, 100 * (double)row->found / (double)row->n);
    free(row->seconds);
}

static unsigned long long random_state = 1;
static size_t random_below(size_t n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(random_state >> 33) % n;
}

// One slip of the fingers, in a place that is a letter.
static void mistype(struct buf *q)
{
    size_t at = 0;
    for (int tries = 0; tries < 50; tries++) {
        at = random_below(q->n);
        if ((q->p[at] | 32) >= 'a' && (q->p[at] | 32) <= 'z')
            break;
    }
    char letter = (char)('a' + random_below(26));
    switch (random_below(3)) {
    case 0:
        q->p[at] = letter;
        break;
    case 1:
        memmove(q->p + at, q->p + at + 1, q->n - at - 1);
        q->n--;
        break;
    default:
        buf_addc(q, ' ');
        memmove(q->p + at + 1, q->p + at, q->n - at - 1);
        q->p[at] = letter;
    }
}

// Some words of the title, in another order, the last one half typed.
static void scramble(struct buf *q, struct str title)
{
    struct str words[16], rest = title, word;
    size_t n = 0;
    while (n < 16 && str_next(&rest, ' ', &word))
        if (word.n > 3)
            words[n++] = word;
    for (size_t i = 0; i < 3 && n > 0; i++) {
        size_t k = random_below(n);
        struct str w = words[k];
        words[k] = words[--n];
        if (i)
            buf_addc(q, ' ');
        buf_add(q, i == 2 || !n ? str_cut_utf8(w, w.n / 2 + 1) : w);
    }
}

static void measure(const struct catalogue *c)
{
    struct row rows[] = {new_row("1 letter"),
                         new_row("2 letters"),
                         new_row("3 letters"),
                         new_row("4 to 8 bytes of the title"),
                         new_row("9 to 20"),
                         new_row("21 to 80"),
                         new_row("whole titles"),
                         new_row("three words in another order"),
                         new_row("the same with a typo"),
                         new_row("12 bytes with a typo"),
                         new_row("made to cost much")};
    static const char *const costly[] = {
        "d p",
        "d p c s",
        "de la du",
        "p pl pla plan",
        "a b c d e f g h i j k l",
        "plan plan p",
        "pla dep com",
        "plan prevention risques naturels inondation commune departement zone",
        "plen prevantion",
        "aaaa bbbb cccc dddd eeee ffff",
        "carte caret crate",
        "s",
        "c",
        "p",
        "xplan xcommune xzone",
        "donneesouvertes",
        "planlocal urbanism commun",
        "lignes pierre lieux bases cartes plans zones",
        "mare pare care dare fare tare gare bare"};
    struct buf q = {0};
    size_t step = c->count / TITLES ? c->count / TITLES : 1;
    for (size_t t = 0; t < c->count; t += step) {
        struct str title = c->titles[t];
        for (size_t n = 1; n <= 3; n++)
            ask(&rows[n - 1], c->suggester, str_cut_utf8(title, n), title);
        ask(&rows[3], c->suggester, str_cut_utf8(title, 4 + random_below(5)), title);
        ask(&rows[4], c->suggester, str_cut_utf8(title, 9 + random_below(12)), title);
        ask(&rows[5], c->suggester, str_cut_utf8(title, 21 + random_below(60)), title);
        ask(&rows[6], c->suggester, title, title);
        buf_clear(&q);
        scramble(&q, title);
        ask(&rows[7], c->suggester, buf_str(&q), title);
        if (q.n) {
            mistype(&q);
            ask(&rows[8], c->suggester, buf_str(&q), title);
        }
        buf_clear(&q);
        buf_add(&q, str_cut_utf8(title, 12));
        if (q.n) {
            mistype(&q);
            ask(&rows[9], c->suggester, buf_str(&q), title);
        }
    }
    for (size_t i = 0; i < 20 * sizeof costly / sizeof *costly; i++)
        ask(&rows[10], c->suggester, str_of(costly[i / 20]), STR("-"));
    buf_free(&q);
    printf("%-34s %8s %9s %9s %9s %9s\n", "queries, CPU in us", "number", "median", "p99", "max",
           "shows it");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        print_row(&rows[i]);
}

static void show(const struct suggester *s, const char *q)
{
    struct arena a = {0};
    struct suggestions found;
    double start = cpu_seconds();
    suggester_find(s, str_of(q), 0, 10, &a, &found);
    printf("%s  (%.0f us)\n", q, (cpu_seconds() - start) * 1e6);
    for (size_t i = 0; i < found.n; i++)
        printf("  %.2f %6u %.*s: %.*s\n", found.v[i].weight, found.v[i].count,
               STR_ARG(suggest_kind_name(found.v[i].kind)), STR_ARG(found.v[i].html));
    arena_free(&a);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: bench_suggest CATALOGUE.csv [STOPWORDS [QUERY...]]\n", stderr);
        return 2;
    }
    struct buf file = {0}, stop_words = {0};
    struct arena a = {0};
    struct catalogue c = {0};
    if (!read_file(argv[1], &file) ||
        !read_file(argc > 2 ? argv[2] : "config/stopwords.txt", &stop_words) ||
        !load(buf_str(&file), buf_str(&stop_words), &a, &c))
        return 1;
    printf("%zu records, %zu entries, %.1f MB, made in %.2f s of CPU\n", c.count,
           suggester_entries(c.suggester), (double)suggester_bytes(c.suggester) / 1e6, c.cpu);
    if (argc > 3)
        for (int i = 3; i < argc; i++)
            show(c.suggester, argv[i]);
    else
        measure(&c);
    suggester_release(c.suggester);
    buf_free(&file);
    buf_free(&stop_words);
    arena_free(&a);
    return 0;
}
