// See plain.h.
#include "tests/bench/engines/plain.h"

#include "base/arena.h"
#include "base/hash.h"
#include "tests/bench/engines/corpus.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAYS = 40000, TABLE_START = 1024 };

// Numbers for strings, in the order in which they came.
struct numbers {
    struct str *keys;
    uint32_t *values;
    size_t n, room;
};

struct plain {
    struct arena arena;
    struct analyzer *analyzer;
    const struct territories *communes;
    struct numbers stems; // of the queries
    struct numbers words; // of the corpus; `of_word` tells the number of its stem
    uint32_t *of_word;
    uint64_t *last; // record that a stem of the queries was met in
    struct numbers facets[PLAIN_FACETS];
    uint32_t (*days)[DAYS]; // records of each query by day
    struct str stem;        // the last one that was found
};

enum { NO_NUMBER = UINT32_MAX, VALUES_MAX = 65536, RECORD_VALUES = 40 };

// ---- Numbers -------------------------------------------------------------------------------------

static size_t place_of(const struct numbers *t, struct str key)
{
    size_t at = hash64(key) & (t->room - 1);
    while (t->keys[at].p && !str_eq(t->keys[at], key))
        at = (at + 1) & (t->room - 1);
    return at;
}

static uint32_t find_number(const struct numbers *t, struct str key)
{
    size_t at = t->room ? place_of(t, key) : 0;
    return t->room && t->keys[at].p ? t->values[at] : NO_NUMBER;
}

static void grow(struct numbers *t)
{
    struct numbers old = *t;
    t->room = old.room ? 2 * old.room : TABLE_START;
    t->keys = xcalloc(t->room, sizeof *t->keys);
    t->values = xcalloc(t->room, sizeof *t->values);
    for (size_t i = 0; i < old.room; i++)
        if (old.keys[i].p) {
            size_t at = place_of(t, old.keys[i]);
            t->keys[at] = old.keys[i];
            t->values[at] = old.values[i];
        }
    free(old.keys);
    free(old.values);
}

// Its number; a new one where it has none.
static uint32_t number_of(struct plain *p, struct numbers *t, struct str key)
{
    if (2 * (t->n + 1) > t->room)
        grow(t);
    size_t at = place_of(t, key);
    if (!t->keys[at].p) {
        t->keys[at] = arena_str(&p->arena, key);
        t->values[at] = (uint32_t)t->n++;
    }
    return t->values[at];
}

static void free_numbers(struct numbers *t)
{
    free(t->keys);
    free(t->values);
}

// ---- Words ---------------------------------------------------------------------------------------

static void take_stem(void *arg, const struct token *token)
{
    struct plain *p = arg;
    p->stem = arena_str(&p->arena, token->stem);
}

static struct str stem_of(struct plain *p, struct str word)
{
    p->stem = STR("");
    analyze(p->analyzer, word, take_stem, p);
    return p->stem;
}

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static uint32_t stem_number(struct plain *p, struct str word)
{
    uint32_t number = find_number(&p->words, word);
    if (number == NO_NUMBER) {
        number = number_of(p, &p->words, word);
        p->of_word = xrealloc(p->of_word, ((size_t)number + 1) * sizeof *p->of_word);
        p->of_word[number] = find_number(&p->stems, stem_of(p, word));
    }
    return p->of_word[number];
}

static void meet_words(struct plain *p, struct str text, uint64_t record)
{
    for (size_t i = 0; i < text.n;) {
        size_t start = i;
        while (i < text.n && in_word(text.p[i]))
            i++;
        uint32_t stem =
            i > start ? stem_number(p, str_slice(text.p + start, i - start)) : NO_NUMBER;
        if (stem != NO_NUMBER)
            p->last[stem] = record;
        i += i == start;
    }
}

static void meet_commune(struct plain *p, struct str code, uint64_t record)
{
    char id[64];
    int n = snprintf(id, sizeof id, "fr:commune:%.*s", STR_ARG(code));
    const struct territory *commune = territory_find(p->communes, str_slice(id, (size_t)n));
    if (commune)
        meet_words(p, commune->name, record);
}

// ---- Queries -------------------------------------------------------------------------------------

struct prepared { // stems of a query
    uint32_t stems[PLAIN_WORDS];
};

static bool has_words(const struct plain *p, const struct plain_query *q,
                      const struct prepared *prepared, uint64_t record)
{
    size_t met = 0;
    for (size_t i = 0; i < q->word_count; i++)
        met += p->last[prepared->stems[i]] == record;
    return q->any ? met > 0 : met == q->word_count;
}

struct facet_values { // of one record
    uint32_t v[RECORD_VALUES];
    size_t n;
};

static const enum corpus_field facet_fields_of[PLAIN_FACETS] = {
    CORPUS_PUBLISHER, CORPUS_LICENCE, CORPUS_FORMATS, CORPUS_COMMUNE_CODE, CORPUS_FREQUENCY};

static void read_values(struct plain *p, const struct str *f, struct facet_values out[PLAIN_FACETS])
{
    for (size_t i = 0; i < PLAIN_FACETS; i++) {
        struct str rest = f[facet_fields_of[i]], value;
        out[i].n = 0;
        while (out[i].n < RECORD_VALUES && str_next(&rest, '|', &value)) {
            uint32_t number = number_of(p, &p->facets[i], value);
            if (number >= VALUES_MAX) {
                fputs("a facet has too many values\n", stderr);
                exit(1);
            }
            out[i].v[out[i].n++] = number;
        }
    }
}

static bool is_among(struct str list, const struct strs *wanted)
{
    struct str value;
    while (str_next(&list, '|', &value))
        for (size_t i = 0; i < wanted->n; i++)
            if (str_eq(value, wanted->v[i]))
                return true;
    return false;
}

// A bit for each facet whose filter refuses the record.
static unsigned refused_by(const struct plain_query *q, const struct str *f)
{
    unsigned refused = 0;
    for (size_t i = 0; i < PLAIN_FACETS; i++)
        if (q->filters[i].n && !is_among(f[facet_fields_of[i]], &q->filters[i]))
            refused |= 1u << i;
    return refused;
}

static void count(struct plain_query *q, const struct facet_values values[PLAIN_FACETS],
                  unsigned refused)
{
    for (size_t i = 0; i < PLAIN_FACETS; i++)
        if (!(refused & ~(1u << i)))
            for (size_t j = 0; j < values[i].n; j++)
                q->counts[i][values[i].v[j]]++;
}

static void meet_record(struct plain *p, const struct str *f, uint64_t record,
                        struct plain_query *queries, const struct prepared *prepared, size_t n)
{
    struct facet_values values[PLAIN_FACETS];
    int64_t modified = 0;
    meet_words(p, f[CORPUS_TITLE], record);
    meet_words(p, f[CORPUS_DESCRIPTION], record);
    meet_commune(p, f[CORPUS_COMMUNE_CODE], record);
    read_values(p, f, values);
    str_to_int(f[CORPUS_MODIFIED], 0, DAYS - 1, &modified);
    for (size_t i = 0; i < n; i++) {
        struct plain_query *q = &queries[i];
        if (!has_words(p, q, &prepared[i], record))
            continue;
        unsigned refused = refused_by(q, f);
        q->total += !refused;
        if (q->dates && !refused)
            p->days[i][modified]++;
        if (q->facets)
            count(q, values, refused);
    }
}

static void prepare(struct plain *p, struct plain_query *q, struct prepared *out)
{
    for (size_t i = 0; i < q->word_count; i++)
        out->stems[i] = number_of(p, &p->stems, stem_of(p, q->words[i]));
    for (size_t i = 0; q->facets && i < PLAIN_FACETS; i++)
        q->counts[i] = xcalloc(VALUES_MAX, sizeof *q->counts[i]);
}

static void take_newest(const uint32_t days[DAYS], struct plain_query *q)
{
    size_t skipped = 0;
    for (size_t day = DAYS; day-- > 0;)
        for (uint32_t i = 0; i < days[day] && q->first_count < PLAIN_FIRST; i++)
            if (skipped++ >= q->skip)
                q->first[q->first_count++] = (uint32_t)day;
}

struct plain *plain_read(const char *corpus, struct analyzer *analyzer,
                         const struct territories *communes, struct plain_query *queries, size_t n)
{
    struct plain *p = xcalloc(1, sizeof *p);
    struct prepared *prepared = xcalloc(n + 1, sizeof *prepared);
    struct str fields[CORPUS_FIELDS];
    struct err e = {0};
    char line[800];
    p->analyzer = analyzer;
    p->communes = communes;
    for (size_t i = 0; i < n; i++)
        prepare(p, &queries[i], &prepared[i]);
    p->last = xcalloc(p->stems.n + 1, sizeof *p->last);
    p->days = xcalloc(n + 1, sizeof *p->days);
    struct corpus_reader *reader = corpus_open(corpus, &e);
    if (!reader) {
        fprintf(stderr, "%s\n", err_text(&e, line, sizeof line));
        exit(1);
    }
    for (uint64_t record = 1; corpus_next(reader, fields); record++)
        meet_record(p, fields, record, queries, prepared, n);
    corpus_close(reader);
    for (size_t i = 0; i < n; i++)
        take_newest(p->days[i], &queries[i]);
    free(prepared);
    return p;
}

void plain_free(struct plain *p, struct plain_query *queries, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < PLAIN_FACETS; j++)
            free(queries[i].counts[j]);
    for (size_t i = 0; i < PLAIN_FACETS; i++)
        free_numbers(&p->facets[i]);
    free_numbers(&p->stems);
    free_numbers(&p->words);
    free(p->of_word);
    free(p->last);
    free(p->days);
    arena_free(&p->arena);
    free(p);
}

uint32_t plain_count(const struct plain *p, const struct plain_query *q, enum plain_facet facet,
                     struct str value)
{
    uint32_t number = find_number(&p->facets[facet], value);
    return number == NO_NUMBER ? 0 : q->counts[facet][number];
}

static int descending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x < y) - (x > y);
}

size_t plain_highest(const struct plain *p, const struct plain_query *q, enum plain_facet facet,
                     uint32_t out[PLAIN_FIRST])
{
    size_t n = p->facets[facet].n, kept = 0;
    uint32_t *sorted = xcalloc(n + 1, sizeof *sorted);
    memcpy(sorted, q->counts[facet], n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, descending);
    while (kept < n && kept < PLAIN_FIRST && sorted[kept]) {
        out[kept] = sorted[kept];
        kept++;
    }
    free(sorted);
    return kept;
}
