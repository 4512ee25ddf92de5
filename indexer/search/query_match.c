// What Xapian is asked: which documents match, by words and by filters. It weighs nothing: scores are score.c's. Lists in memory find
// the same (match.c), many times faster; this is the plain way, to compare them with, and to go without them.
#include "indexer/search/searcher.h"

#include <stdlib.h>

// Parts on their way into one query; they are freed with it.
struct parts {
    struct xap_query **v;
    size_t n, room;
    bool failed;
};

static void add(struct parts *p, struct xap_query *q)
{
    if (!q) {
        p->failed = true;
        return;
    }
    if (p->n == p->room) {
        p->room = p->room ? 2 * p->room : 16;
        p->v = xrealloc(p->v, p->room * sizeof(struct xap_query *));
    }
    p->v[p->n++] = q;
}

static struct xap_query *join(struct parts *p, bool all, struct err *e)
{
    const struct xap_query *const *v = (const struct xap_query *const *)p->v;
    struct xap_query *q = p->failed ? NULL
                          : all     ? xap_query_and(v, p->n, e)
                                    : xap_query_or(v, p->n, e);
    for (size_t i = 0; i < p->n; i++)
        xap_query_free(p->v[i]);
    free(p->v);
    *p = (struct parts){0};
    return q;
}

// ---- Words -----------------------------------------------------------------------------------------

static void add_term(struct parts *p, const char *mark, struct str prefix, struct str word,
                     struct err *e)
{
    char term[TERM_BYTES];
    add(p, xap_query_term(query_term(term, mark, prefix, word), 1, 0, e));
}

static struct xap_query *word_query(const struct query_word *w, enum text_field field,
                                    struct err *e)
{
    struct parts p = {0};
    struct str prefix = field == FIELD_COUNT ? STR("") : field_prefixes[field];
    if (w->prefix) {
        add_term(&p, "", str_of(w->prefix), w->exact, e);
        return join(&p, false, e);
    }
    bool exact =
        w->only_exact && (field == FIELD_COUNT || field == FIELD_BODY || field_has_exact(field));
    add_term(&p, exact ? "" : "Z", prefix, exact || w->only_exact ? w->exact : w->stem, e);
    if (w->english.n && !exact)
        add_term(&p, "Z", prefix, w->english, e);
    return join(&p, false, e);
}

// All words of a form; any of them where some may be missing, which only written ones may.
static struct xap_query *form_query(const struct query_form *form, enum text_field field,
                                    bool some_words, struct err *e)
{
    struct parts p = {0};
    bool any = some_words && form->origin == FORM_WRITTEN && !form->phrase.n;
    for (size_t i = 0; i < form->n; i++)
        add(&p, word_query(&form->words[i], field, e));
    if (form->phrase.n > 1)
        add(&p, xap_query_phrase(form->phrase.v, form->phrase.n, 0, e));
    else if (form->phrase.n == 1)
        add_term(&p, "", STR(""), form->phrase.v[0], e);
    return join(&p, !any, e);
}

static struct xap_query *group_query(const struct query_group *g, bool some_words, struct err *e)
{
    struct parts p = {0};
    for (size_t i = 0; i < g->n; i++)
        add(&p, form_query(&g->forms[i], g->field, some_words, e));
    return join(&p, false, e);
}

static struct xap_query *query_every(const struct query *q, struct err *e)
{
    struct parts p = {0};
    for (size_t i = 0; i < q->n; i++)
        if (!q->groups[i].generic)
            add(&p, group_query(&q->groups[i], false, e));
    if (p.n || p.failed)
        return join(&p, true, e);
    return q->has_text ? xap_query_match_nothing(e) : NULL;
}

static struct xap_query *query_any(const struct query *q, const bool *of, struct err *e)
{
    struct parts some = {0}, all = {0};
    for (size_t i = 0; i < q->n; i++)
        if (of[i])
            add(&some, group_query(&q->groups[i], true, e));
        else if (q->groups[i].firm)
            add(&all, group_query(&q->groups[i], false, e));
    add(&all, join(&some, false, e));
    return join(&all, true, e);
}

// ---- Filters -----------------------------------------------------------------------------------------

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

static void add_facet_term(struct strs *terms, enum facet facet, struct str value, struct arena *a)
{
    struct str cut = str_cut_utf8(value, FACET_VALUE_MAX);
    struct buf term = {0};
    buf_add(&term, facet_fields[facet].prefix);
    if (!memchr(cut.p, '\0', cut.n)) // no document has the prefix alone
        buf_add(&term, cut);
    arena_push(a, terms, arena_str(a, buf_str(&term)));
    buf_free(&term);
}

// A zone, what lies inside it and, unless it is to be left out, what contains it.
static void add_territory(struct strs *terms, const struct places *places, struct str value,
                          bool without, struct arena *a)
{
    value = search_territory(a, value);
    if (!places) {
        add_facet_term(terms, FACET_TERRITORY, value, a);
        return;
    }
    struct strs zones = places_filter_zones(places, value, a);
    for (size_t i = 0; i < zones.n && !(without && i); i++)
        add_facet_term(terms, FACET_TERRITORY, zones.v[i], a);
    if (zones.n)
        arena_push(a, terms, arena_printf(a, PREFIX_INSIDE "%.*s", STR_ARG(zones.v[0])));
}

static struct strs filter_terms(const struct strs *values, enum facet facet, bool without,
                                const struct rules *rules, struct arena *a)
{
    struct strs terms = {0};
    for (size_t i = 0; i < values->n && i < SEARCH_FILTER_VALUES_MAX; i++) {
        if (facet == FACET_TERRITORY)
            add_territory(&terms, rules->places, values->v[i], without, a);
        else
            add_facet_term(&terms, facet, values->v[i], a);
    }
    return terms;
}

struct query_filters query_filters_of(const struct query *q, const struct rules *rules,
                                      const struct search_request *r, enum facet except,
                                      struct arena *a)
{
    struct query_filters f = {0};
    for (size_t i = 0; i < FACET_COUNT; i++) {
        enum facet facet = (enum facet)i;
        if (q->filters[i].n && facet != except) {
            f.of[f.n] = facet;
            f.wanted[f.n++] = filter_terms(&q->filters[i], facet, false, rules, a);
        }
        struct strs without = filter_terms(&q->without[i], facet, true, rules, a);
        for (size_t j = 0; j < without.n; j++)
            arena_push(a, &f.unwanted, without.v[j]);
    }
    for (size_t i = 0; i < 2; i++)
        if (q->by_relation[i]) {
            f.of[f.n] = FACET_COUNT;
            f.wanted[f.n++] = q->related[i];
        }
    if (r->variants.n) {
        f.of[f.n] = FACET_COUNT;
        arena_push(a, &f.wanted[f.n++],
                   arena_printf(a, PREFIX_VARIANT "%.*s", STR_ARG(r->variants)));
    }
    // Organizations are found when they are asked for: otherwise they serve as publishers.
    if (!q->filters[FACET_KIND].n)
        arena_push(a, &f.unwanted, STR(QUERY_ORGANIZATION));
    return f;
}

static void add_floor(struct parts *p, enum value_slot slot, double least, struct err *e)
{
    char bytes[XAP_SORTABLE_MAX];
    add(p, xap_query_value_ge(slot, str_slice(bytes, xap_sortable(least, bytes)), e));
}

struct xap_query *query_any_term(const struct strs *terms, struct err *e)
{
    struct parts p = {0};
    for (size_t i = 0; i < terms->n; i++)
        add(&p, xap_query_term(terms->v[i], 1, 0, e));
    return join(&p, false, e);
}

static void add_filters(struct parts *wanted, struct parts *unwanted, const struct query *q,
                        const struct rules *rules, const struct search_request *r,
                        enum facet except, struct arena *a, struct err *e)
{
    struct query_filters f = query_filters_of(q, rules, r, except, a);
    for (size_t i = 0; i < f.n; i++)
        add(wanted, query_any_term(&f.wanted[i], e));
    if (r->modified_since.precision != DATE_NONE)
        add_floor(wanted, SLOT_MODIFIED, (double)r->modified_since.seconds, e);
    if (r->min_quality >= 0)
        add_floor(wanted, SLOT_QUALITY, r->min_quality, e);
    if (f.unwanted.n)
        add(unwanted, query_any_term(&f.unwanted, e));
}

static struct xap_query *query_within(const struct query *q, const struct rules *rules,
                                      const struct search_request *r, const struct xap_query *text,
                                      enum facet except, struct arena *a, struct err *e)
{
    struct parts wanted = {0}, unwanted = {0};
    add_filters(&wanted, &unwanted, q, rules, r, except, a, e);
    for (size_t i = 0; i < q->excluded_count; i++)
        add(&unwanted, group_query(&q->excluded[i], false, e));
    if (text)
        add(&wanted, xap_query_and(&text, 1, e));
    if (!wanted.n && !wanted.failed)
        add(&wanted, xap_query_match_all(e));
    bool any_unwanted = unwanted.n || unwanted.failed;
    struct xap_query *with = join(&wanted, true, e);
    if (!any_unwanted)
        return with;
    struct xap_query *without = join(&unwanted, false, e);
    struct xap_query *all = with && without ? xap_query_and_not(with, without, e) : NULL;
    xap_query_free(with);
    xap_query_free(without);
    return all;
}

bool match_plain(struct taken_lists *t, const struct query *q, const struct search_request *r,
                 const bool *some, enum facet except, struct matched *out, struct err *e)
{
    struct err none = {0};
    struct xap_query *text = some ? query_any(q, some, &none) : query_every(q, &none);
    if (none.code != ERR_NONE) {
        *e = none;
        return false;
    }
    struct xap_query *within = query_within(q, t->rules, r, text, except, t->arena, e);
    bool good = within && xap_db_match(t->s->db, within, t->arena, &out->docids, e);
    out->codes = NULL;
    xap_query_free(within);
    xap_query_free(text);
    return good;
}
