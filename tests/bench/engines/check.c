// Answers held against the slow and plain computation of plain.h: totals, every count of every facet, the dates of a page. See bench.h.
#include "tests/bench/engines/bench.h"

#include <stdio.h>

enum { SHOWN_WRONG = 10 };

static size_t shown_wrong;

static bool wrong_in(const struct query *q, const char *what, double got, double expected)
{
    if (shown_wrong++ < SHOWN_WRONG)
        fprintf(stderr, "%s \"%.*s\": %s is %.0f, should be %.0f\n", q->kind, STR_ARG(q->request.q),
                what, got, expected);
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

static bool check_facet(const struct plain *p, const struct query *q,
                        const struct plain_query *plain, enum plain_facet facet)
{
    uint32_t highest[PLAIN_FIRST];
    size_t n = plain_highest(p, plain, facet, highest);
    const struct facet_answer *found = NULL;
    for (size_t i = 0; i < q->answer.facet_count; i++)
        if (q->answer.facets[i].facet == asked_facets[facet])
            found = &q->answer.facets[i];
    if (!found || found->n != n)
        return wrong_in(q, "the number of values", found ? (double)found->n : 0, (double)n);
    for (size_t i = 0; i < n; i++) {
        const struct facet_value *v = &found->values[i];
        uint32_t expected = plain_count(p, plain, facet, in_corpus(facet, v));
        if (v->count != expected || v->count != highest[i])
            return wrong_in(q, v->value.p, v->count, v->count != expected ? expected : highest[i]);
    }
    return true;
}

static bool check_dates(const struct query *q, const struct plain_query *plain)
{
    if (q->answer.hit_count != plain->first_count)
        return wrong_in(q, "hits", (double)q->answer.hit_count, (double)plain->first_count);
    for (size_t i = 0; i < plain->first_count; i++) {
        char text[DATE_TEXT_BYTES];
        struct str day =
            date_format((struct date){plain->first[i] * (int64_t)86400, DATE_DAY}, text);
        if (str_find(q->answer.hits[i].figures, day) < 0)
            return wrong_in(q, "the rank of a date that differs", (double)i, -1);
    }
    return true;
}

static bool check_one(const struct plain *p, const struct query *q, const struct plain_query *plain)
{
    if (q->answer.strict_total != plain->total)
        return wrong_in(q, "total", (double)q->answer.strict_total, (double)plain->total);
    if (q->answer.relaxed.n) // records with some of the words are counted and listed too
        return true;
    bool good = q->answer.corrected.n || q->answer.total == plain->total ||
                wrong_in(q, "all that was found", (double)q->answer.total, (double)plain->total);
    for (size_t i = 0; plain->facets && i < PLAIN_FACETS; i++)
        good = check_facet(p, q, plain, (enum plain_facet)i) && good;
    return (!plain->dates || check_dates(q, plain)) && good;
}

size_t queries_check(struct queries *all, const struct bench *b, bool *wrong)
{
    struct analyzer *analyzer = analyzer_new(b->stop_words, &bench_err);
    stop_on(analyzer != NULL);
    struct plain *p = plain_read(bench_path(b, "corpus.tsv"), analyzer, b->geography.territories,
                                 all->plain, all->n);
    size_t count = 0;
    for (size_t i = 0; i < all->n; i++) {
        wrong[i] = !check_one(p, &all->list[i], &all->plain[i]);
        count += wrong[i];
    }
    plain_free(p, all->plain, all->n);
    analyzer_free(analyzer);
    return count;
}
