// The queries that are asked, by class; what is kept of an answer. See bench.h.
#include "tests/bench/engines/bench.h"

#include "base/hash.h"
#include "tests/bench/engines/corpus.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_BYTES = 1000, OF_EACH_KIND = 20 };

const struct query_class classes[CLASSES] = {
    {"one_common", false, false, false, false},   {"one_mid", false, false, false, false},
    {"and2", false, false, false, false},         {"or3", true, false, false, false},
    {"word_facet5", false, false, true, false},   {"filter_facet5", false, true, true, false},
    {"browse_facet5", false, false, true, false}, {"sortdate", false, false, false, true}};

const enum facet asked_facets[PLAIN_FACETS] = {FACET_PUBLISHER, FACET_LICENSE, FACET_FORMAT,
                                               FACET_TERRITORY, FACET_FREQUENCY};

// ---- Making them ---------------------------------------------------------------------------------

static struct str in_or(struct str words)
{
    struct buf b = {0};
    struct str word;
    while (str_next(&words, ' ', &word))
        buf_addf(&b, "%s%.*s", b.n ? " OR " : "", STR_ARG(word));
    struct str q = arena_str(&bench_kept, buf_str(&b));
    buf_free(&b);
    return q;
}

static void filter(struct queries *all, enum plain_facet facet, struct str value)
{
    struct query *q = &all->list[all->n - 1];
    struct plain_query *plain = &all->plain[all->n - 1];
    arena_push(&bench_kept, &plain->filters[facet], value);
    if (facet == PLAIN_PUBLISHER) // by the id that fill.c gives it
        value = arena_printf(&bench_kept, "corpus:organization.%016llx",
                             (unsigned long long)hash64(value));
    arena_push(&bench_kept, &q->request.filters[asked_facets[facet]], value);
}

static void facets(struct queries *all)
{
    all->plain[all->n - 1].facets = true;
    for (size_t i = 0; i < PLAIN_FACETS; i++)
        all->list[all->n - 1].request.facets |= 1u << asked_facets[i];
}

static void by_date(struct queries *all, int64_t page)
{
    struct search_request *r = &all->list[all->n - 1].request;
    r->sort = SORT_MODIFIED;
    r->page = page;
    all->plain[all->n - 1].dates = true;
    all->plain[all->n - 1].skip = (size_t)((page - 1) * r->page_size);
}

static void add(struct queries *all, const char *kind, struct str words, bool any)
{
    if (all->n == all->room) {
        all->room = all->room ? 2 * all->room : 256;
        all->list = xrealloc(all->list, all->room * sizeof *all->list);
        all->plain = xrealloc(all->plain, all->room * sizeof *all->plain);
    }
    struct query *q = &all->list[all->n];
    struct plain_query *plain = &all->plain[all->n++];
    *q = (struct query){.kind = kind};
    *plain = (struct plain_query){.any = any};
    search_request_init(&q->request);
    words = arena_str(&bench_kept, words);
    q->request.q = any ? in_or(words) : words;
    while (words.n && plain->word_count < PLAIN_WORDS &&
           str_next(&words, ' ', &plain->words[plain->word_count]))
        plain->word_count++;
}

static void add_of_class(struct queries *all, const struct query_class *class, struct str words)
{
    add(all, class->name, words, class->any);
    all->list[all->n - 1].class = class;
    if (class->facets)
        facets(all);
    if (class->by_date)
        by_date(all, 1);
    if (class->filters) {
        filter(all, PLAIN_LICENCE, STR("lov2"));
        filter(all, PLAIN_FORMAT, STR("csv"));
    }
}

static void each_query(const struct bench *b, void (*take)(void *, struct str, struct str),
                       void *arg)
{
    char bytes[LINE_BYTES];
    const char *path = bench_path(b, "queries.tsv");
    FILE *f = fopen(path, "rb");
    stop_on(f || err_set(&bench_err, ERR_IO, "there is no %s", path));
    while (fgets(bytes, sizeof bytes, f)) {
        struct str rest = str_slice(bytes, strcspn(bytes, "\n")), name;
        str_next(&rest, '\t', &name);
        take(arg, name, rest.p ? rest : STR(""));
    }
    fclose(f);
}

struct reading {
    struct queries *all;
    const char *only;
    struct str publishers[2];
    size_t of_kind[CLASSES];
};

static void take_query(void *arg, struct str name, struct str words)
{
    struct reading *r = arg;
    for (size_t i = 0; i < CLASSES; i++)
        if (str_eq(str_of(classes[i].name), name) &&
            (!r->only || !strcmp(r->only, classes[i].name)))
            add_of_class(r->all, &classes[i], words);
}

void queries_read(struct queries *all, const struct bench *b, const char *only)
{
    struct reading r = {.all = all, .only = only};
    each_query(b, take_query, &r);
}

// ---- Those that are checked only -----------------------------------------------------------------

static void take_filtered(struct reading *r, const char *kind, struct str words, bool any)
{
    add(r->all, kind, words, any);
    filter(r->all, PLAIN_LICENCE, STR("lov2"));
    filter(r->all, PLAIN_LICENCE, STR("odc-odbl"));
    filter(r->all, PLAIN_FORMAT, STR("geojson"));
    filter(r->all, PLAIN_FORMAT, STR("pdf"));
    facets(r->all);
}

static void take_common(struct reading *r, struct str word)
{
    take_filtered(r, "word, values of two filters, facets", word, false);
    add(r->all, "word, publishers, facets", word, false);
    filter(r->all, PLAIN_PUBLISHER, r->publishers[0]);
    filter(r->all, PLAIN_PUBLISHER, r->publishers[1]);
    facets(r->all);
    add(r->all, "word, three filters, facets, by date", word, false);
    filter(r->all, PLAIN_FREQUENCY, STR("annual"));
    filter(r->all, PLAIN_FREQUENCY, STR("unknown"));
    filter(r->all, PLAIN_FORMAT, STR("csv"));
    filter(r->all, PLAIN_LICENCE, STR("fr-lo"));
    facets(r->all);
    by_date(r->all, 1);
    add(r->all, "word, a filter, by date, third page", word, false);
    filter(r->all, PLAIN_FORMAT, STR("json"));
    by_date(r->all, 3);
}

static void take_browse(struct reading *r)
{
    take_filtered(r, "no word, values of two filters, facets", STR(""), false);
    add(r->all, "no word, a publisher, facets", STR(""), false);
    filter(r->all, PLAIN_PUBLISHER, r->publishers[r->of_kind[6] & 1]);
    facets(r->all);
    add(r->all, "no word, by date, further page", STR(""), false);
    by_date(r->all, 1 + (int64_t)r->of_kind[6]);
}

static void take_checked(void *arg, struct str name, struct str words)
{
    struct reading *r = arg;
    size_t i = 0;
    while (i < CLASSES && !str_eq(str_of(classes[i].name), name))
        i++;
    if (i == CLASSES || r->of_kind[i]++ >= OF_EACH_KIND)
        return;
    if (!strcmp(classes[i].name, "one_common"))
        take_common(r, words);
    if (!strcmp(classes[i].name, "browse_facet5"))
        take_browse(r);
    if (!strcmp(classes[i].name, "or3"))
        take_filtered(r, "three words, values of two filters, facets", words, true);
    if (!strcmp(classes[i].name, "and2")) {
        add(r->all, "two words, a filter, facets, by date", words, false);
        filter(r->all, PLAIN_LICENCE, STR("lov2"));
        facets(r->all);
        by_date(r->all, 1);
    }
}

// The publishers of the first records that differ: the most frequent ones come first.
static void read_publishers(const struct bench *b, struct str out[2])
{
    struct str fields[CORPUS_FIELDS];
    struct corpus_reader *reader = corpus_open(bench_path(b, "corpus.tsv"), &bench_err);
    stop_on(reader != NULL);
    for (size_t n = 0; n < 2 && corpus_next(reader, fields);)
        if (!n || !str_eq(out[0], fields[CORPUS_PUBLISHER]))
            out[n++] = arena_str(&bench_kept, fields[CORPUS_PUBLISHER]);
    corpus_close(reader);
}

void queries_read_checked(struct queries *all, const struct bench *b)
{
    struct reading r = {.all = all};
    read_publishers(b, r.publishers);
    each_query(b, take_checked, &r);
}

void queries_free(struct queries *all)
{
    free(all->list);
    free(all->plain);
    *all = (struct queries){0};
}

// ---- Asking --------------------------------------------------------------------------------------

static struct str copy(struct str s)
{
    return arena_str(&bench_kept, s);
}

// What is checked of an answer: the arena that it is in goes on to the next query.
static struct search_answer keep_answer(const struct search_answer *a)
{
    struct search_answer out = {.total = a->total,
                                .strict_total = a->strict_total,
                                .relaxed = copy(a->relaxed),
                                .corrected = copy(a->corrected),
                                .hit_count = a->hit_count,
                                .facet_count = a->facet_count};
    out.hits = ARENA_ARRAY(&bench_kept, struct search_hit, a->hit_count + 1);
    out.facets = ARENA_ARRAY(&bench_kept, struct facet_answer, a->facet_count + 1);
    for (size_t i = 0; i < a->hit_count; i++)
        out.hits[i].figures = copy(a->hits[i].figures);
    for (size_t i = 0; i < a->facet_count; i++) {
        struct facet_answer *f = &out.facets[i];
        *f = a->facets[i];
        f->values = ARENA_ARRAY(&bench_kept, struct facet_value, f->n + 1);
        for (size_t j = 0; j < f->n; j++)
            f->values[j] = (struct facet_value){copy(a->facets[i].values[j].value),
                                                copy(a->facets[i].values[j].label),
                                                a->facets[i].values[j].count};
    }
    return out;
}

double queries_ask(struct searcher *s, struct query *q, struct arena *a, bool keep)
{
    struct search_answer answer;
    struct err e = {0};
    double before = cpu_ms();
    arena_reset(a);
    bool good = searcher_search(s, &q->request, a, &answer, &e);
    double ms = cpu_ms() - before;
    if (!good)
        bench_err = e;
    stop_on(good);
    if (keep)
        q->answer = keep_answer(&answer);
    return ms;
}
