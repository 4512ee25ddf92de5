// Which documents match, from lists in memory (indexer/lists): chunk by chunk of docids, the bits of each word's documents are put
// together as the groups of the query and the filters tell. It finds what query_match.c asks Xapian for.
#include "indexer/search/searcher.h"

// Lists any of which a document must be on.
struct any_list {
    const struct list **v;
    size_t n;
    size_t documents; // at most
};

// Of a form: on all of `words`, and of `phrase` where there is one. Of some words: on any.
struct form_lists {
    struct any_list words;
    const struct list *phrase;
    bool any;
};

struct group_lists {
    struct form_lists *forms;
    size_t n;
    size_t documents; // at most
};

struct matching {
    struct taken_lists *taken;
    struct arena *arena;
    struct err *error;
    bool good;
    struct group_lists *demands; // all of them; the rarest first
    size_t demand_count;
    const struct list *one_word; // all that is asked for; else NULL
    struct group_lists some;     // any of these; where there are any
    struct group_lists *excluded;
    size_t excluded_count;
    struct any_list wanted[QUERY_FILTERS_MAX], unwanted;
    enum facet of[QUERY_FILTERS_MAX]; // the facet of each wanted one, or FACET_COUNT
    bool apart[QUERY_FILTERS_MAX];    // match_chunk leaves it out
    size_t wanted_count;
    struct {
        const struct column *column;
        uint64_t least;
    } floors[2];
    size_t floor_count;
};

// ---- Lists ---------------------------------------------------------------------------------------

static void add_list(struct matching *m, struct any_list *any, const struct list *list)
{
    if (!list) {
        m->good = false;
        return;
    }
    any->v[any->n++] = list;
    any->documents += list_documents(list);
}

static void add_form(struct matching *m, struct group_lists *g, const struct query_form *form,
                     enum text_field field, bool some_words)
{
    struct form_lists *f = &g->forms[g->n++];
    size_t least = SIZE_MAX, sum = 0;
    *f = (struct form_lists){
        .any = some_words && form->origin == FORM_WRITTEN && !form->phrase.n,
        .words = {.v = ARENA_ARRAY(m->arena, const struct list *, form->n + 1)}};
    for (size_t i = 0; i < form->n && m->good; i++) {
        add_list(m, &f->words, word_list(m->taken, &form->words[i], field, m->error));
        size_t n = m->good ? list_documents(f->words.v[i]) : 0;
        least = n < least ? n : least;
        sum += n;
    }
    if (form->phrase.n && m->good) {
        f->phrase = phrase_list(m->taken, &form->phrase, m->error);
        m->good = f->phrase != NULL;
        least = m->good && list_documents(f->phrase) < least ? list_documents(f->phrase) : least;
    }
    g->documents += f->any ? sum : least;
}

static void add_group(struct matching *m, struct group_lists *out, const struct query_group *g,
                      bool some_words)
{
    for (size_t i = 0; i < g->n && m->good; i++)
        add_form(m, out, &g->forms[i], g->field, some_words);
}

static struct group_lists room_for(struct matching *m, size_t forms)
{
    return (struct group_lists){.forms = ARENA_ARRAY(m->arena, struct form_lists, forms + 1)};
}

static void add_demand(struct matching *m, const struct query_group *g)
{
    struct group_lists demand = room_for(m, g->n);
    add_group(m, &demand, g, false);
    size_t at = m->demand_count++;
    for (; at > 0 && m->demands[at - 1].documents > demand.documents; at--)
        m->demands[at] = m->demands[at - 1];
    m->demands[at] = demand;
}

static void read_groups(struct matching *m, const struct query *q, const bool *some)
{
    size_t forms = 0;
    for (size_t i = 0; i < q->n; i++)
        forms += q->groups[i].n;
    m->demands = ARENA_ARRAY(m->arena, struct group_lists, q->n + 1);
    m->some = room_for(m, forms);
    m->excluded = ARENA_ARRAY(m->arena, struct group_lists, q->excluded_count + 1);
    for (size_t i = 0; i < q->n; i++)
        if (some && some[i])
            add_group(m, &m->some, &q->groups[i], true);
        else if (some ? q->groups[i].firm : !q->groups[i].generic)
            add_demand(m, &q->groups[i]);
    for (size_t i = 0; i < q->excluded_count; i++) {
        m->excluded[m->excluded_count] = room_for(m, q->excluded[i].n);
        add_group(m, &m->excluded[m->excluded_count++], &q->excluded[i], false);
    }
}

static struct any_list any_of(struct matching *m, const struct strs *terms)
{
    struct any_list any = {.v = ARENA_ARRAY(m->arena, const struct list *, terms->n + 1)};
    for (size_t i = 0; i < terms->n && m->good; i++)
        add_list(m, &any, term_list(m->taken, terms->v[i], m->error));
    return any;
}

static void add_floor(struct matching *m, enum fixed_column which, double least)
{
    struct searcher *s = m->taken->s;
    const struct column *column = columns_fixed(s->columns, s->db, which, m->error);
    m->good = m->good && column;
    m->floors[m->floor_count].column = column;
    m->floors[m->floor_count++].least = column_order_of(least);
}

static void read_filters(struct matching *m, const struct query *q, const struct search_request *r,
                         enum facet except)
{
    struct query_filters f = query_filters_of(q, m->taken->rules, r, except, m->arena);
    for (size_t i = 0; i < f.n && m->good; i++) {
        m->of[i] = f.of[i];
        m->wanted[m->wanted_count++] = any_of(m, &f.wanted[i]);
    }
    m->unwanted = any_of(m, &f.unwanted);
    if (r->modified_since.precision != DATE_NONE)
        add_floor(m, COLUMN_MODIFIED, (double)r->modified_since.seconds);
    if (r->min_quality >= 0)
        add_floor(m, COLUMN_QUALITY, r->min_quality);
}

// Every document is of a kind.
static void want_everything(struct matching *m)
{
    struct strs kinds = {0};
    for (int i = 0; i < KIND_COUNT; i++)
        arena_push(m->arena, &kinds,
                   arena_printf(m->arena, "%s%.*s", facet_fields[FACET_KIND].prefix.p,
                                STR_ARG(record_kind_name((enum record_kind)i))));
    m->of[m->wanted_count] = FACET_COUNT;
    m->wanted[m->wanted_count++] = any_of(m, &kinds);
}

// ---- Bits ----------------------------------------------------------------------------------------

typedef uint64_t chunk_bits[LIST_WORDS];

static void mark_any(const struct any_list *any, size_t chunk, uint64_t *bits)
{
    for (size_t i = 0; i < any->n; i++)
        list_mark(any->v[i], chunk, bits);
}

static bool keep_both(uint64_t *bits, const uint64_t *others)
{
    uint64_t left = 0;
    for (size_t i = 0; i < LIST_WORDS; i++)
        left |= bits[i] &= others[i];
    return left != 0;
}

static void mark_form(const struct form_lists *f, size_t chunk, uint64_t *bits)
{
    chunk_bits all = {0}, one;
    if (f->any || (f->words.n == 1 && !f->phrase)) {
        mark_any(&f->words, chunk, bits);
        return;
    }
    for (size_t i = 0; i < f->words.n; i++)
        if (!list_touches(f->words.v[i], chunk))
            return;
    if (f->phrase && !list_touches(f->phrase, chunk))
        return;
    list_mark(f->words.n ? f->words.v[0] : f->phrase, chunk, all);
    for (size_t i = 1; i < f->words.n + (f->phrase && f->words.n); i++) {
        memset(one, 0, sizeof one);
        list_mark(i < f->words.n ? f->words.v[i] : f->phrase, chunk, one);
        if (!keep_both(all, one))
            return;
    }
    for (size_t i = 0; i < LIST_WORDS; i++)
        bits[i] |= all[i];
}

static void mark_group(const struct group_lists *g, size_t chunk, uint64_t *bits)
{
    for (size_t i = 0; i < g->n; i++)
        mark_form(&g->forms[i], chunk, bits);
}

static void take_away(const uint64_t *others, uint64_t *bits)
{
    for (size_t i = 0; i < LIST_WORDS; i++)
        bits[i] &= ~others[i];
}

static bool touches_any(const struct any_list *any, size_t chunk)
{
    for (size_t i = 0; i < any->n; i++)
        if (list_touches(any->v[i], chunk))
            return true;
    return false;
}

// Keeps, of `bits`, what the marks of `one` have too: the first time all of them. False: nothing is left.
static bool demand(uint64_t *bits, const uint64_t *one, bool *begun)
{
    if (*begun)
        return keep_both(bits, one);
    memcpy(bits, one, sizeof(chunk_bits));
    *begun = true;
    return true;
}

// The documents of a chunk that match, but for floors; of a query of one word all that are not kept out. False: none.
static bool match_chunk(const struct matching *m, size_t chunk, uint64_t *bits)
{
    bool begun = m->one_word != NULL;
    if (m->one_word && !list_touches(m->one_word, chunk))
        return false;
    for (size_t i = 0; i < m->wanted_count; i++)
        if (!m->apart[i] && !touches_any(&m->wanted[i], chunk))
            return false;
    memset(bits, begun ? 0xff : 0, sizeof(chunk_bits));
    for (size_t i = 0; i < m->demand_count && !m->one_word; i++) {
        chunk_bits one = {0};
        mark_group(&m->demands[i], chunk, one);
        if (!demand(bits, one, &begun))
            return false;
    }
    if (m->some.n) {
        chunk_bits one = {0};
        mark_group(&m->some, chunk, one);
        if (!demand(bits, one, &begun))
            return false;
    }
    for (size_t i = 0; i < m->wanted_count; i++) {
        chunk_bits one = {0};
        if (m->apart[i])
            continue;
        mark_any(&m->wanted[i], chunk, one);
        if (!demand(bits, one, &begun))
            return false;
    }
    for (size_t i = 0; i < m->excluded_count; i++) {
        chunk_bits one = {0};
        mark_group(&m->excluded[i], chunk, one);
        take_away(one, bits);
    }
    if (touches_any(&m->unwanted, chunk)) {
        chunk_bits one = {0};
        mark_any(&m->unwanted, chunk, one);
        take_away(one, bits);
    }
    return begun;
}

static bool is_above(const struct matching *m, uint32_t docid)
{
    for (size_t i = 0; i < m->floor_count; i++) {
        uint64_t order;
        memcpy(&order, column_bytes(m->floors[i].column, docid), sizeof order);
        if (order < m->floors[i].least)
            return false;
    }
    return true;
}

static void take_chunk(const struct matching *m, size_t chunk, const uint64_t *bits,
                       struct xap_docids *out)
{
    uint32_t first = (uint32_t)(chunk * LIST_CHUNK), *v = out->v + out->n;
    for (size_t i = 0; i < LIST_WORDS; i++)
        for (uint64_t word = bits[i]; word; word &= word - 1) {
            uint32_t docid = first + (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(word);
            *v = docid;
            v += !m->floor_count || is_above(m, docid);
        }
    out->n = (size_t)(v - out->v);
}

// Nothing keeps out any document of the chunk that has the one word.
static bool is_bare(const struct matching *m, size_t chunk)
{
    return !m->wanted_count && !m->excluded_count && !m->floor_count &&
           !touches_any(&m->unwanted, chunk);
}

static void take_all_coded(const struct matching *m, size_t chunk, struct xap_docids *out,
                           uint32_t *codes)
{
    uint32_t first = (uint32_t)(chunk * LIST_CHUNK), *v = out->v + out->n;
    struct list_part part = list_part(m->one_word, chunk);
    list_values(&part, codes + out->n);
    for (size_t i = 0; i < part.n; i++)
        v[i] = first + part.offsets[i];
    out->n += part.n;
}

// Of the one word that is asked for: with what they have of it.
static void take_coded(const struct matching *m, size_t chunk, const uint64_t *bits,
                       struct xap_docids *out, uint32_t *codes)
{
    uint32_t first = (uint32_t)(chunk * LIST_CHUNK);
    struct list_part part = list_part(m->one_word, chunk);
    size_t n = out->n;
    for (size_t i = 0; i < part.n; i++) {
        uint32_t offset = part.offsets[i];
        bool has = bits[offset / 64] >> offset % 64 & 1;
        out->v[n] = first + offset;
        codes[n] = list_value(&part, i);
        n += has && (!m->floor_count || is_above(m, first + offset));
    }
    out->n = n;
}

bool mark_with_term(struct taken_lists *t, struct str term, const uint32_t *docids, size_t n,
                    bool *has, struct err *e)
{
    if (t->s->plain) {
        uint32_t *counts = ARENA_ROOM(t->arena, uint32_t, n + 1);
        bool good = xap_db_counts(t->s->db, term, docids, n, counts, e);
        for (size_t i = 0; i < n && good; i++)
            has[i] = counts[i] > 0;
        return good;
    }
    const struct list *list = term_list(t, term, e);
    chunk_bits bits;
    size_t chunk = SIZE_MAX;
    for (size_t i = 0; i < n && list; i++) {
        if (docids[i] / LIST_CHUNK != chunk) {
            chunk = docids[i] / LIST_CHUNK;
            memset(bits, 0, sizeof bits);
            list_mark(list, chunk, bits);
        }
        has[i] = bits[docids[i] % LIST_CHUNK / 64] >> docids[i] % 64 & 1;
    }
    return list != NULL;
}

// ---- The whole -----------------------------------------------------------------------------------

// How many documents may match at most, `last` being the last docid.
static size_t bound_of(const struct matching *m, size_t last)
{
    size_t most = last;
    if (m->demand_count && m->demands[0].documents < most)
        most = m->demands[0].documents;
    if (m->some.n && m->some.documents < most)
        most = m->some.documents;
    for (size_t i = 0; i < m->wanted_count; i++)
        if (!m->apart[i] && m->wanted[i].documents < most)
            most = m->wanted[i].documents;
    return most;
}

// The list of a query of one word, whose form is the only one.
static const struct list *find_one_word(const struct matching *m)
{
    const struct form_lists *f = m->demand_count == 1 && !m->some.n ? m->demands[0].forms : NULL;
    return f && m->demands[0].n == 1 && f->words.n == 1 && !f->phrase ? f->words.v[0] : NULL;
}

// False with *nothing: the query can match nothing; without: an error.
static bool prepare(struct matching *m, const struct query *q, const struct search_request *r,
                    const bool *some, enum facet except, bool *nothing)
{
    read_groups(m, q, some);
    if (m->good)
        read_filters(m, q, r, except);
    *nothing = m->good && (some ? !m->some.n : q->has_text && !m->demand_count); // only wishes
    return m->good && !*nothing;
}

static bool wants_anything(const struct matching *m)
{
    bool some = m->demand_count || m->some.n;
    for (size_t i = 0; i < m->wanted_count; i++)
        some = some || !m->apart[i];
    return some;
}

bool match_lists(struct taken_lists *t, const struct query *q, const struct search_request *r,
                 const bool *some, enum facet except, struct matched *out, struct err *e)
{
    struct matching m = {.taken = t, .arena = t->arena, .error = e, .good = true};
    size_t last = columns_last(t->s->columns);
    bool nothing;
    *out = (struct matched){0};
    if (!prepare(&m, q, r, some, except, &nothing))
        return nothing;
    if (!wants_anything(&m))
        want_everything(&m);
    if (!m.good)
        return false;
    size_t most = bound_of(&m, last);
    uint32_t *codes = NULL;
    m.one_word = q->n == 1 ? find_one_word(&m) : NULL;
    out->docids.v = ARENA_ROOM(t->arena, uint32_t, most + 1);
    if (m.one_word)
        out->codes = codes = ARENA_ROOM(t->arena, uint32_t, most + 1);
    for (size_t chunk = 0; chunk <= last / LIST_CHUNK && most; chunk++) {
        chunk_bits bits;
        if (m.one_word && is_bare(&m, chunk)) {
            if (list_touches(m.one_word, chunk))
                take_all_coded(&m, chunk, &out->docids, codes);
            continue;
        }
        if (!match_chunk(&m, chunk, bits))
            continue;
        if (m.one_word)
            take_coded(&m, chunk, bits, &out->docids, codes);
        else
            take_chunk(&m, chunk, bits, &out->docids);
    }
    return true;
}

bool match_lists_without(struct taken_lists *t, const struct query *q,
                         const struct search_request *r, const bool *some,
                         const enum facet *excepts, size_t n, struct matched *out, struct err *e)
{
    struct matching m = {.taken = t, .arena = t->arena, .error = e, .good = true};
    size_t last = columns_last(t->s->columns);
    chunk_bits *apart = ARENA_ROOM(t->arena, chunk_bits, QUERY_FILTERS_MAX);
    bool nothing;
    memset(out, 0, n * sizeof *out);
    if (!prepare(&m, q, r, some, FACET_COUNT, &nothing))
        return nothing;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m.wanted_count; j++)
            m.apart[j] = m.apart[j] || m.of[j] == excepts[i];
    if (!wants_anything(&m))
        want_everything(&m);
    if (!m.good)
        return false;
    size_t most = bound_of(&m, last);
    for (size_t i = 0; i < n; i++)
        out[i].docids.v = ARENA_ROOM(t->arena, uint32_t, most + 1);
    for (size_t chunk = 0; chunk <= last / LIST_CHUNK && most; chunk++) {
        chunk_bits bits, own;
        if (!match_chunk(&m, chunk, bits))
            continue;
        for (size_t j = 0; j < m.wanted_count; j++)
            if (m.apart[j]) {
                memset(apart[j], 0, sizeof *apart);
                mark_any(&m.wanted[j], chunk, apart[j]);
            }
        for (size_t i = 0; i < n; i++) {
            memcpy(own, bits, sizeof own);
            for (size_t j = 0; j < m.wanted_count; j++)
                if (m.apart[j] && m.of[j] != excepts[i])
                    keep_both(own, apart[j]);
            take_chunk(&m, chunk, own, &out[i].docids);
        }
    }
    return true;
}
