// Queries: from words and filters to what Xapian runs.
//
// A word matches by its stem in any text of a record. Fields add to its weight where they have it: each word is an OR of the
// body's stem and of the fields' terms, scaled; so that all words of a query may come from different fields.
#include "indexer/search/searcher.h"

#include "indexer/xapian/xap.h"

#include <stdlib.h>

// How much a word counts in each field, beside the body; its exact form more than its stem alone.
static const struct {
    enum text_field field;
    double stem, exact;
} weights[] = {
    {FIELD_TITLE, 4, 2},     {FIELD_ACRONYM, 0, 6}, {FIELD_PUBLISHER, 1.5, 0.5},
    {FIELD_KEYWORD, 1.5, 0}, {FIELD_ZONE, 1, 0.5},  {FIELD_DISTRIBUTION, 0.5, 0},
    {FIELD_COLUMN, 0.5, 0},
};
enum { WEIGHTS = sizeof weights / sizeof *weights };
static const double body_exact = 0.25;

// What being used is worth, at most, beside a good text match (which weighs about 50 to 150 here). On the real catalogue
// known records are found better with each increase up to here, and beyond it unknown ones are lost.
static const double prior_weight = 160;

// ---- Words ---------------------------------------------------------------------------------------

struct reading {
    struct arena *arena;
    struct query_word words[SEARCH_WORDS_MAX], stops[SEARCH_WORDS_MAX];
    bool is_joined[SEARCH_WORDS_MAX];
    size_t n, stop_count;
    uint32_t joined_end; // positions before it belong to a joined form
    size_t joined;       // which one
    bool too_many;
};

static void read_token(void *arg, const struct token *token)
{
    struct reading *r = arg;
    bool stop = token->is_stop, joined = token->kind == TOKEN_JOINED;
    if (joined && (stop || token->position < r->joined_end))
        return; // a stop word in two pieces; a joined form within a joined form
    size_t *n = stop ? &r->stop_count : &r->n;
    if (*n == SEARCH_WORDS_MAX) {
        r->too_many = r->too_many || !stop;
        return;
    }
    struct query_word *word = stop ? &r->stops[(*n)++] : &r->words[(*n)++];
    *word =
        (struct query_word){arena_str(r->arena, token->exact), arena_str(r->arena, token->stem), 0};
    if (joined) {
        r->joined_end = token->position + token->span;
        r->joined = r->n - 1;
        r->is_joined[r->joined] = true;
    } else if (!stop && token->position < r->joined_end) {
        r->words[r->joined].parts++;
    }
}

// "a-t-il" is made of stop words only: it is none that counts.
static void drop_joined_stops(struct reading *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (!r->is_joined[i] || r->words[i].parts)
            r->words[n++] = r->words[i];
    r->n = n;
}

bool query_read(struct analyzer *analyzer, struct str q, struct arena *a, struct query_words *out,
                struct err *e)
{
    struct reading r = {.arena = a};
    analyze(analyzer, q, read_token, &r);
    if (r.too_many)
        return err_set(e, ERR_QUERY, "a search takes at most %d words", SEARCH_WORDS_MAX);
    drop_joined_stops(&r);
    const struct query_word *from = r.n ? r.words : r.stops;
    out->n = r.n ? r.n : r.stop_count;
    out->v = ARENA_ARRAY(a, struct query_word, out->n + 1);
    memcpy(out->v, from, out->n * sizeof *from);
    return true;
}

// ---- Building ------------------------------------------------------------------------------------

// Parts on their way into one query; they are freed with it.
struct parts {
    struct xap_query *v[SEARCH_WORDS_MAX + 2 * WEIGHTS + SEARCH_FILTER_VALUES_MAX];
    size_t n;
    bool failed;
};

static void add(struct parts *p, struct xap_query *q)
{
    if (q)
        p->v[p->n++] = q;
    else
        p->failed = true;
}

static void drop(struct parts *p)
{
    for (size_t i = 0; i < p->n; i++)
        xap_query_free(p->v[i]);
    p->n = 0;
}

static struct xap_query *join(struct parts *p, bool all, struct err *e)
{
    const struct xap_query *const *v = (const struct xap_query *const *)p->v;
    struct xap_query *q = p->failed ? NULL
                          : all     ? xap_query_and(v, p->n, e)
                                    : xap_query_or(v, p->n, e);
    drop(p);
    return q;
}

static void add_term(struct parts *p, const char *mark, struct str prefix, struct str word,
                     double scale, struct err *e)
{
    char term[8 + TEXT_TERM_BYTES];
    size_t n = strlen(mark);
    memcpy(term, mark, n);
    memcpy(term + n, prefix.p, prefix.n);
    n += prefix.n;
    memcpy(term + n, word.p, word.n);
    struct xap_query *q = xap_query_term(str_slice(term, n + word.n), 1, 0, e);
    struct xap_query *scaled = q && scale != 1 ? xap_query_scale(q, scale, e) : NULL;
    if (q && scale != 1) {
        xap_query_free(q);
        q = scaled;
    }
    add(p, q);
}

static struct xap_query *word_query(const struct query_word *w, struct err *e)
{
    struct parts p = {0};
    add_term(&p, "Z", STR(""), w->stem, 1, e);
    add_term(&p, "", STR(""), w->exact, body_exact, e);
    for (size_t i = 0; i < WEIGHTS; i++) {
        struct str prefix = field_prefixes[weights[i].field];
        if (weights[i].stem > 0)
            add_term(&p, "Z", prefix, w->stem, weights[i].stem, e);
        if (weights[i].exact > 0)
            add_term(&p, "", prefix, w->exact, weights[i].exact, e);
    }
    return join(&p, false, e);
}

// A joined form, or all of its parts.
static struct xap_query *joined_query(const struct query_word *w, struct err *e)
{
    struct parts all = {0}, either = {0};
    for (size_t i = 1; i <= w->parts; i++)
        add(&all, word_query(&w[i], e));
    add(&either, word_query(w, e));
    add(&either, join(&all, true, e));
    return join(&either, false, e);
}

struct xap_query *query_text(const struct query_words *words, bool any, struct err *e)
{
    struct parts p = {0};
    for (size_t i = 0; i < words->n; i += 1 + words->v[i].parts)
        add(&p, words->v[i].parts ? joined_query(&words->v[i], e) : word_query(&words->v[i], e));
    if (!p.n && !p.failed)
        return NULL;
    return join(&p, !any, e);
}

// ---- Filters -------------------------------------------------------------------------------------

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

// INSEE codes: communes have 5 characters and départements 2 or 3, with 2A and 2B for Corsica; EPCI have a SIREN, 9 digits.
struct str search_territory(struct arena *a, struct str value)
{
    bool corsica = value.n >= 2 && value.p[0] == '2' &&
                   ((value.p[1] | 0x20) == 'a' || (value.p[1] | 0x20) == 'b');
    struct str rest = corsica ? str_slice(value.p + 2, value.n - 2) : value;
    if (!all_digits(rest))
        return value;
    const char *level = value.n == 5                                 ? "commune"
                        : value.n == 9 && !corsica                   ? "epci"
                        : value.n == 2 || (value.n == 3 && !corsica) ? "departement"
                                                                     : NULL;
    if (!level)
        return value;
    if (corsica)
        return arena_printf(a, "fr:%s:2%c%.*s", level, value.p[1] & ~0x20, STR_ARG(rest));
    return arena_printf(a, "fr:%s:%.*s", level, STR_ARG(value));
}

static struct xap_query *facet_term(enum facet facet, struct str value, struct arena *a,
                                    struct err *e)
{
    struct str cut = str_cut_utf8(value, FACET_VALUE_MAX);
    struct str term =
        arena_printf(a, "%.*s%.*s", STR_ARG(facet_fields[facet].prefix), STR_ARG(cut));
    return xap_query_term(term, 1, 0, e);
}

static struct xap_query *facet_filter(const struct search_request *r, enum facet facet,
                                      struct arena *a, struct err *e)
{
    struct parts p = {0};
    const struct strs *values = &r->filters[facet];
    for (size_t i = 0; i < values->n && i < SEARCH_FILTER_VALUES_MAX; i++) {
        struct str value = values->v[i];
        if (facet == FACET_TERRITORY)
            value = search_territory(a, value);
        add(&p, facet_term(facet, value, a, e));
    }
    return join(&p, false, e);
}

static void add_floor(struct parts *p, enum value_slot slot, double least, struct err *e)
{
    char bytes[XAP_SORTABLE_MAX];
    add(p, xap_query_value_ge(slot, str_slice(bytes, xap_sortable(least, bytes)), e));
}

struct xap_query *query_filters(const struct search_request *r, enum facet except, struct arena *a,
                                struct err *e)
{
    struct parts p = {0};
    for (size_t i = 0; i < FACET_COUNT; i++)
        if (r->filters[i].n && (enum facet)i != except)
            add(&p, facet_filter(r, (enum facet)i, a, e));
    if (r->modified_since.precision != DATE_NONE)
        add_floor(&p, SLOT_MODIFIED, (double)r->modified_since.seconds, e);
    if (r->min_quality >= 0)
        add_floor(&p, SLOT_QUALITY, r->min_quality, e);
    if (!p.n && !p.failed)
        add(&p, xap_query_match_all(e));
    struct xap_query *q = join(&p, true, e);
    // Organizations are found when they are asked for: otherwise they serve as publishers.
    if (!q || r->filters[FACET_KIND].n)
        return q;
    struct xap_query *organizations = facet_term(FACET_KIND, STR("organization"), a, e);
    struct xap_query *without = organizations ? xap_query_and_not(q, organizations, e) : NULL;
    xap_query_free(organizations);
    xap_query_free(q);
    return without;
}

struct xap_query *query_ranked(const struct xap_query *text, const struct xap_query *filters,
                               struct err *e)
{
    struct xap_query *all = text ? NULL : xap_query_match_all(e);
    struct xap_query *within = xap_query_filter(text ? text : all, filters, e);
    struct xap_query *prior = xap_query_value_weight(SLOT_PRIOR, 1, e);
    struct xap_query *bonus = prior ? xap_query_scale(prior, prior_weight, e) : NULL;
    struct xap_query *ranked = within && bonus ? xap_query_and_maybe(within, bonus, e) : NULL;
    xap_query_free(bonus);
    xap_query_free(prior);
    xap_query_free(within);
    xap_query_free(all);
    return ranked;
}
