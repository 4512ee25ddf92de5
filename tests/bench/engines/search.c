// What a query costs us: classes of queries over the index that fill.c made, in process, one thread; the answers are checked against
// the slow and plain computation of plain.h. Run: engines_search FOLDER [CLASS]; FOLDER is that of corpus.c and has `data`, filled.
// One line of JSON for each class: CPU of the thread for one query, answer included (20 hits with their snippets, 5 facets of 20
// values), in the second of two passes; a last one for memory. With a class, that class alone, not checked: for a profiler.
//
// Checked are totals, every count of every facet, and the dates of the first page. What is wrong is told, and the exit code is 3.
#include "config/shipped.h"
#include "indexer/places/geography.h"
#include "indexer/search/rules.h"
#include "indexer/search/search.h"
#include "indexer/suggest/suggest_build.h"
#include "indexer/suggest/suggest_places.h"
#include "tests/bench/engines/plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LINE_BYTES = 1000, SHOWN_WRONG = 10, SUGGESTIONS = 10, WRONG_ANSWERS = 3 };

static struct err e;
static struct arena kept; // of the whole program

static void stop_on(bool good)
{
    char line[800];
    if (good)
        return;
    fprintf(stderr, "%s\n", err_text(&e, line, sizeof line));
    exit(1);
}

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

// ---- Queries -------------------------------------------------------------------------------------

static const struct query_class {
    const char *name;
    bool any, filters, facets, by_date;
} classes[] = {
    {"one_common", false, false, false, false},   {"one_mid", false, false, false, false},
    {"and2", false, false, false, false},         {"or3", true, false, false, false},
    {"word_facet5", false, false, true, false},   {"filter_facet5", false, true, true, false},
    {"browse_facet5", false, false, true, false}, {"sortdate", false, false, false, true}};
enum { CLASSES = sizeof classes / sizeof *classes };

static const enum facet asked_facets[PLAIN_FACETS] = {FACET_PUBLISHER, FACET_LICENSE, FACET_FORMAT,
                                                      FACET_TERRITORY, FACET_FREQUENCY};

struct one {
    const struct query_class *class;
    struct search_request request;
    struct search_answer answer; // of the first pass
    double ms;                   // of the second
};

struct queries {
    struct one *list;
    struct plain_query *plain; // the same ones
    size_t n, room;
};

static struct str in_or(struct str words)
{
    struct buf b = {0};
    struct str word;
    while (str_next(&words, ' ', &word))
        buf_addf(&b, "%s%.*s", b.n ? " OR " : "", STR_ARG(word));
    struct str q = arena_str(&kept, buf_str(&b));
    buf_free(&b);
    return q;
}

static void add_query(struct queries *all, const struct query_class *class, struct str words)
{
    if (all->n == all->room) {
        all->room = all->room ? 2 * all->room : 256;
        all->list = xrealloc(all->list, all->room * sizeof *all->list);
        all->plain = xrealloc(all->plain, all->room * sizeof *all->plain);
    }
    struct one *one = &all->list[all->n];
    struct plain_query *plain = &all->plain[all->n++];
    *one = (struct one){.class = class};
    *plain =
        (struct plain_query){.any = class->any, .facets = class->facets, .dates = class->by_date};
    search_request_init(&one->request);
    words = arena_str(&kept, words);
    one->request.q = class->any ? in_or(words) : words;
    one->request.sort = class->by_date ? SORT_MODIFIED : SORT_RELEVANCE;
    for (size_t i = 0; class->facets && i < PLAIN_FACETS; i++)
        one->request.facets |= 1u << asked_facets[i];
    if (class->filters) {
        plain->licence = STR("lov2");
        plain->format = STR("csv");
        arena_push(&kept, &one->request.filters[FACET_LICENSE], plain->licence);
        arena_push(&kept, &one->request.filters[FACET_FORMAT], plain->format);
    }
    while (words.n && plain->word_count < PLAIN_WORDS &&
           str_next(&words, ' ', &plain->words[plain->word_count]))
        plain->word_count++;
}

static FILE *open_in(const char *folder, const char *name)
{
    FILE *f = fopen(arena_printf(&kept, "%s/%s", folder, name).p, "rb");
    stop_on(f || err_set(&e, ERR_IO, "%s has no %s", folder, name));
    return f;
}

static void read_queries(const char *folder, const char *only, struct queries *all)
{
    char bytes[LINE_BYTES];
    FILE *f = open_in(folder, "queries.tsv");
    while (fgets(bytes, sizeof bytes, f)) {
        struct str rest = str_slice(bytes, strcspn(bytes, "\n")), name;
        str_next(&rest, '\t', &name);
        for (size_t i = 0; i < CLASSES; i++)
            if (str_eq(str_of(classes[i].name), name) && (!only || !strcmp(only, classes[i].name)))
                add_query(all, &classes[i], rest.p ? rest : STR(""));
    }
    fclose(f);
}

// ---- Asking --------------------------------------------------------------------------------------

static struct str copy(struct str s)
{
    return arena_str(&kept, s);
}

// What is checked of an answer: the arena that it is in goes on to the next query.
static struct search_answer keep_answer(const struct search_answer *a)
{
    struct search_answer out = {.total = a->total,
                                .strict_total = a->strict_total,
                                .hit_count = a->hit_count,
                                .facet_count = a->facet_count};
    out.hits = ARENA_ARRAY(&kept, struct search_hit, a->hit_count + 1);
    out.facets = ARENA_ARRAY(&kept, struct facet_answer, a->facet_count + 1);
    for (size_t i = 0; i < a->hit_count; i++)
        out.hits[i].figures = copy(a->hits[i].figures);
    for (size_t i = 0; i < a->facet_count; i++) {
        struct facet_answer *f = &out.facets[i];
        *f = a->facets[i];
        f->values = ARENA_ARRAY(&kept, struct facet_value, f->n + 1);
        for (size_t j = 0; j < f->n; j++)
            f->values[j] = (struct facet_value){copy(a->facets[i].values[j].value),
                                                copy(a->facets[i].values[j].label),
                                                a->facets[i].values[j].count};
    }
    return out;
}

// Twice: what is measured is an index that has been read already, as a daemon's is.
static void ask(struct searcher *searcher, struct queries *all)
{
    struct arena a = {0};
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < all->n; i++) {
            struct one *one = &all->list[i];
            struct search_answer answer;
            double before = cpu_ms();
            arena_reset(&a);
            stop_on(searcher_search(searcher, &one->request, &a, &answer, &e));
            one->ms = cpu_ms() - before;
            if (!pass)
                one->answer = keep_answer(&answer);
        }
    arena_free(&a);
}

// ---- Checking ------------------------------------------------------------------------------------

static size_t shown_wrong;

static bool wrong(const struct one *one, const char *what, double got, double expected)
{
    if (shown_wrong++ < SHOWN_WRONG)
        fprintf(stderr, "%s \"%.*s\": %s is %.0f, should be %.0f\n", one->class->name,
                STR_ARG(one->request.q), what, got, expected);
    return false;
}

// A value as the corpus writes it.
static struct str in_corpus(enum plain_facet facet, const struct facet_value *v)
{
    struct str zone = STR("fr:commune:");
    if (facet == PLAIN_TERRITORY && str_starts(v->value, zone))
        return str_slice(v->value.p + zone.n, v->value.n - zone.n);
    return facet == PLAIN_PUBLISHER ? v->label : v->value;
}

static bool check_facet(const struct plain *p, const struct one *one, const struct plain_query *q,
                        enum plain_facet facet)
{
    uint32_t highest[PLAIN_FIRST];
    size_t n = plain_highest(p, q, facet, highest);
    const struct facet_answer *found = NULL;
    for (size_t i = 0; i < one->answer.facet_count; i++)
        if (one->answer.facets[i].facet == asked_facets[facet])
            found = &one->answer.facets[i];
    if (!found || found->n != n)
        return wrong(one, "the number of values", found ? (double)found->n : 0, (double)n);
    for (size_t i = 0; i < n; i++) {
        const struct facet_value *v = &found->values[i];
        uint32_t expected = plain_count(p, q, facet, in_corpus(facet, v));
        if (v->count != expected || v->count != highest[i])
            return wrong(one, v->value.p, v->count, v->count != expected ? expected : highest[i]);
    }
    return true;
}

static bool check_dates(const struct one *one, const struct plain_query *q)
{
    if (one->answer.hit_count != q->first_count)
        return wrong(one, "hits", (double)one->answer.hit_count, (double)q->first_count);
    for (size_t i = 0; i < q->first_count; i++) {
        char text[DATE_TEXT_BYTES];
        struct str day = date_format((struct date){q->first[i] * (int64_t)86400, DATE_DAY}, text);
        if (str_find(one->answer.hits[i].figures, day) < 0)
            return wrong(one, "the rank of a date that differs", (double)i, -1);
    }
    return true;
}

static bool check_one(const struct plain *p, const struct one *one, const struct plain_query *q)
{
    if (one->answer.strict_total != q->total)
        return wrong(one, "total", (double)one->answer.strict_total, (double)q->total);
    bool good = true;
    for (size_t i = 0; q->facets && i < PLAIN_FACETS; i++)
        good = check_facet(p, one, q, (enum plain_facet)i) && good;
    return (!q->dates || check_dates(one, q)) && good;
}

// ---- Figures -------------------------------------------------------------------------------------

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_class(const char *name, double *ms, size_t n, double hits, size_t faults)
{
    double sum = 0;
    if (!n)
        return;
    qsort(ms, n, sizeof *ms, compare);
    for (size_t i = 0; i < n; i++)
        sum += ms[i];
    printf("{\"class\":\"%s\",\"n\":%zu,\"mean_ms\":%.4f,\"median_ms\":%.4f,\"p99_ms\":%.4f,"
           "\"mean_hits\":%.0f,\"wrong\":%zu}\n",
           name, n, sum / (double)n, ms[n / 2], ms[n * 99 / 100], hits / (double)n, faults);
}

// `p` is NULL where nothing is checked.
static size_t report(const struct queries *all, const struct plain *p)
{
    double *ms = xcalloc(all->n + 1, sizeof *ms), hits;
    size_t faults, all_faults = 0;
    for (size_t k = 0; k < CLASSES; k++) {
        size_t n = 0;
        hits = 0;
        faults = 0;
        for (size_t i = 0; i < all->n; i++) {
            if (all->list[i].class != &classes[k])
                continue;
            ms[n++] = all->list[i].ms;
            hits += (double)all->list[i].answer.total;
            faults += p && !check_one(p, &all->list[i], &all->plain[i]);
        }
        print_class(classes[k].name, ms, n, hits, faults);
        all_faults += faults;
    }
    free(ms);
    return all_faults;
}

// Megabytes of this process that are in memory now.
static double resident_mb(void)
{
    char line[200];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        sscanf(line, "VmRSS: %ld", &kb);
    if (f)
        fclose(f);
    return (double)kb / 1024;
}

// ---- Suggestions ---------------------------------------------------------------------------------

static void ask_suggestions(const char *folder, const char *data, struct str stop_words,
                            const struct territories *territories)
{
    char line[LINE_BYTES];
    struct arena a = {0};
    struct suggestions found;
    struct strs typed = {0};
    double hits = 0, before = cpu_ms();
    struct suggest_source source = {.data = data, .stop_words = stop_words};
    source.places = suggest_places_make(territories, &kept, &source.place_count);
    struct suggester *s = suggest_build(&source, &e);
    stop_on(s != NULL);
    double made = cpu_ms() - before;
    FILE *f = open_in(folder, "typed.txt");
    while (fgets(line, sizeof line, f))
        arena_push(&kept, &typed, copy(str_slice(line, strcspn(line, "\n"))));
    fclose(f);
    double *ms = xcalloc(typed.n + 1, sizeof *ms);
    for (size_t i = 0; i < typed.n; i++) {
        before = cpu_ms();
        arena_reset(&a);
        suggester_find(s, typed.v[i], 0, SUGGESTIONS, &a, &found);
        ms[i] = cpu_ms() - before;
        hits += (double)found.n;
    }
    print_class("suggest", ms, typed.n, hits, 0);
    printf("{\"suggester_mb\":%.0f,\"suggester_cpu_s\":%.2f}\n", (double)suggester_bytes(s) / 1e6,
           made / 1e3);
    suggester_release(s);
    free(ms);
    arena_free(&a);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: engines_search FOLDER [CLASS]\n", stderr);
        return 2;
    }
    const char *only = argc > 2 ? argv[2] : NULL;
    struct str stop_words;
    struct geography geography = {0};
    struct queries all = {0};
    size_t faults = 0;
    const char *data = arena_printf(&kept, "%s/data", argv[1]).p;
    stop_on(shipped_file(STR_NONE, "config/stopwords.txt", &kept, &stop_words, &e));
    stop_on(geography_load(STR_NONE, &geography, &e));
    struct rules *shipped = rules_load(STR_NONE, geography.places, &e);
    stop_on(shipped != NULL);
    struct rules_holder *rules = rules_holder_new(shipped);
    struct searcher *searcher = searcher_new(data, stop_words, rules, &e);
    struct analyzer *analyzer = analyzer_new(stop_words, &e);
    stop_on(searcher && analyzer);
    read_queries(argv[1], only, &all);
    ask(searcher, &all);
    double resident = resident_mb();
    if (only) {
        report(&all, NULL);
    } else {
        struct plain *p =
            plain_read(arena_printf(&kept, "%s/corpus.tsv", argv[1]).p, analyzer, all.plain, all.n);
        faults = report(&all, p);
        plain_free(p, all.plain, all.n);
        printf("{\"resident_mb\":%.0f}\n", resident);
        ask_suggestions(argv[1], data, stop_words, geography.territories);
    }
    searcher_free(searcher);
    rules_holder_free(rules);
    analyzer_free(analyzer);
    geography_free(&geography);
    free(all.list);
    free(all.plain);
    arena_free(&kept);
    return faults ? WRONG_ANSWERS : 0;
}
