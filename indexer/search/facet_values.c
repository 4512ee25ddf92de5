// The values of one facet that begin with letters typed: to choose one among thousands. They are counted as the facets of a
// search are, then read one by one. See search.h.
#include "indexer/search/searcher.h"

#include "indexer/suggest/plain.h"

#include <stdlib.h>

enum { LETTER_WORDS_MAX = 8 }; // more are passed over: no name has so many

struct choice {
    const struct facet_search *wanted;
    struct arena *arena;
    struct plain_word *words;
    size_t word_count;
    struct xap_count *found; // that have the letters
    size_t found_count;
};

static void read_letters(struct choice *x)
{
    x->words = ARENA_ARRAY(x->arena, struct plain_word, LETTER_WORDS_MAX);
    for (size_t at = 0; x->word_count < LETTER_WORDS_MAX &&
                        plain_next(x->wanted->letters, &at, &x->words[x->word_count]);)
        x->word_count++;
}

// What people read of a value; borrowed.
static struct str label_of(const struct choice *x, struct str value)
{
    enum facet facet = x->wanted->facet;
    ptrdiff_t at = facet_fields[facet].labelled ? str_find_char(value, LABEL_SEPARATOR) : -1;
    if (at < 0)
        return x->wanted->label_of(facet, value);
    size_t n = (size_t)at + 1;
    struct str label = str_slice(value.p + n, value.n - n);
    return label.n ? label : x->wanted->label_of(facet, str_slice(value.p, n - 1));
}

static bool has_letters(const struct choice *x, struct str label)
{
    bool met[LETTER_WORDS_MAX] = {false};
    size_t count = 0;
    struct plain_word word;
    for (size_t at = 0; count < x->word_count && plain_next(label, &at, &word);)
        for (size_t i = 0; i < x->word_count; i++)
            if (!met[i] && str_starts(plain_str(&word), plain_str(&x->words[i]))) {
                met[i] = true;
                count++;
            }
    return count == x->word_count;
}

static void take(void *user, const struct xap_count *count)
{
    struct choice *x = user;
    if (has_letters(x, label_of(x, count->value)))
        x->found[x->found_count++] = *count;
}

static int most_first(const void *a, const void *b)
{
    const struct xap_count *x = a, *y = b;
    if (x->documents != y->documents)
        return x->documents < y->documents ? 1 : -1;
    return str_cmp(x->value, y->value);
}

static void read_page(struct choice *x, struct facet_found *out)
{
    size_t size = (size_t)x->wanted->page_size, skip = (size_t)(x->wanted->page - 1) * size;
    qsort(x->found, x->found_count, sizeof *x->found, most_first);
    out->total = (int64_t)x->found_count;
    out->values = ARENA_ARRAY(x->arena, struct facet_value, size + 1);
    for (size_t i = skip; i < x->found_count && out->n < size; i++) {
        struct facet_value *v = &out->values[out->n++];
        *v = facet_value_of(&x->found[i], x->wanted->facet, x->arena);
        if (!v->label.n)
            v->label = x->wanted->label_of(x->wanted->facet, v->value);
    }
}

bool searcher_facet_values(struct searcher *s, const struct search_request *request,
                           const struct facet_search *wanted, struct arena *a,
                           struct facet_found *out, struct err *e)
{
    struct search_answer answer;
    struct facet_job job = {wanted->facet, false, xap_counts_new(e)};
    *out = (struct facet_found){0};
    bool good = job.counts && search_count(s, request, &job, a, &answer, e);
    if (good) {
        struct choice x = {.wanted = wanted, .arena = a};
        read_letters(&x);
        x.found = ARENA_ARRAY(a, struct xap_count, xap_counts_size(job.counts) + 1);
        xap_counts_each(job.counts, take, &x);
        read_page(&x, out);
        out->revision = answer.revision;
    }
    xap_counts_free(job.counts);
    return good;
}
