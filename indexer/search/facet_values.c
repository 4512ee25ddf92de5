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
    const struct facet_counts *counts;
    uint32_t *found; // that have the letters
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

static int most_first(const void *a, const void *b, void *counts)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x == y ? 0 : facet_before(counts, x, y) ? -1 : 1;
}

static void read_page(struct choice *x, struct facet_found *out)
{
    size_t size = (size_t)x->wanted->page_size, skip = (size_t)(x->wanted->page - 1) * size;
    qsort_r(x->found, x->found_count, sizeof *x->found, most_first, (void *)x->counts);
    out->total = (int64_t)x->found_count;
    out->values = ARENA_ARRAY(x->arena, struct facet_value, size + 1);
    for (size_t i = skip; i < x->found_count && out->n < size; i++) {
        struct facet_value *v = &out->values[out->n++];
        *v = facet_value_of(x->counts, x->found[i], x->wanted->facet, x->arena);
        if (!v->label.n)
            v->label = x->wanted->label_of(x->wanted->facet, v->value);
    }
}

bool searcher_facet_values(struct searcher *s, const struct search_request *request,
                           const struct facet_search *wanted, struct arena *a,
                           struct facet_found *out, struct err *e)
{
    struct search_answer answer;
    struct facet_job job = {.facet = wanted->facet};
    *out = (struct facet_found){0};
    if (!search_count(s, request, &job, a, &answer, e))
        return false;
    const struct facet_counts *c = &job.counts;
    struct choice x = {.wanted = wanted, .arena = a, .counts = c};
    read_letters(&x);
    x.found = ARENA_ARRAY(a, uint32_t, c->n + 1);
    for (size_t i = 0; i < c->n; i++)
        if (has_letters(&x, label_of(&x, column_text(c->column, c->met[i]))))
            x.found[x.found_count++] = c->met[i];
    read_page(&x, out);
    out->revision = answer.revision;
    return true;
}
