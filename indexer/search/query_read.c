// Reading a query: from what a person wrote to groups of forms (searcher.h).
#include "indexer/search/searcher.h"

#include "indexer/search/syntax.h"

#include <math.h>

enum {
    TOKENS_MAX = 4 * SEARCH_WORDS_MAX,
    FUSED_LEAST = 5, // letters of a word that may be two
    INITIALS_LEAST = 3,
    INITIALS_MOST = 10,
    ENGLISH_ODDS = 1, // logarithm of the odds from which on a query is taken for English
};

struct reading {
    struct searcher *s;
    const struct rules *rules;
    struct arena *arena;
    struct query *q;
    struct token tokens[TOKENS_MAX]; // of the clause at hand, in the arena
    size_t n;
    struct place_found places[PLACES_FOUND_MAX]; // that it names
    size_t place_count;
    bool too_many;
    bool keep_stops; // there is nothing else
    size_t words;
    struct err *error;
    bool good;
};

// ---- Words -----------------------------------------------------------------------------------------

static bool weigh(struct reading *r, struct query_word *w)
{
    r->good = r->good && query_word_weigh(r->s, r->arena, w, r->error);
    return r->good;
}

static struct query_word word_of(struct reading *r, const struct token *t)
{
    struct query_word w = {.exact = t->exact, .stem = t->stem, .only_exact = t->is_stop};
    weigh(r, &w);
    return w;
}

// ---- Forms and groups --------------------------------------------------------------------------------

static void add_one_word(struct reading *r, struct query_group *g, struct query_word word,
                         enum form_origin origin)
{
    struct query_form form = {
        .words = ARENA_NEW(r->arena, struct query_word), .n = 1, .origin = origin};
    form.words[0] = word;
    query_add_form(g, &form, r->arena);
}

// The plain words among tokens [from, to), stop words left out unless nothing else is there.
static void add_words(struct reading *r, struct query_group *g, size_t from, size_t to,
                      enum form_origin origin)
{
    struct query_form form = {
        .words = ARENA_ARRAY(r->arena, struct query_word, to - from), .n = 0, .origin = origin};
    for (size_t i = from; i < to; i++) {
        const struct token *t = &r->tokens[i];
        if (t->kind != TOKEN_JOINED && (!t->is_stop || r->keep_stops))
            form.words[form.n++] = word_of(r, t);
    }
    if (form.n)
        query_add_form(g, &form, r->arena);
}

// Records of a kind that a word tells of: "appli" stands for any software.
static void add_kind(struct reading *r, struct query_group *g, struct str kind)
{
    struct query_word w = {
        .exact = kind, .stem = kind, .prefix = facet_fields[FACET_KIND].prefix.p};
    if (!weigh(r, &w) || !w.documents)
        return;
    add_one_word(r, g, w, FORM_SYNONYM);
    g->kind = kind;
}

static void add_synonyms(struct reading *r, struct query_group *g, const struct synonym_match *m)
{
    for (size_t i = 0; i < m->n; i++) {
        const struct synonym_alternative *other = m->alternatives[i];
        if (other->kind.n) {
            if (g->field == FIELD_COUNT)
                add_kind(r, g, other->kind);
            continue;
        }
        struct query_form form = {.words = ARENA_ARRAY(r->arena, struct query_word, other->n),
                                  .origin = FORM_SYNONYM};
        bool known = true;
        for (size_t j = 0; j < other->n && known; j++) {
            const struct synonym_word *w = &other->words[j];
            if (w->parts)
                continue; // its parts follow
            struct query_word word = {
                .exact = w->exact, .stem = w->stem, .only_exact = w->exact_only};
            known = weigh(r, &word) && word.documents > 0;
            form.words[form.n++] = word;
        }
        if (form.n && known)
            query_add_form(g, &form, r->arena);
    }
}

static void push_group(struct query_group **list, size_t *n, const struct query_group *g,
                       struct arena *a)
{
    struct query_group *groups = ARENA_ARRAY(a, struct query_group, *n + 1);
    if (*n)
        memcpy(groups, *list, *n * sizeof *groups);
    groups[(*n)++] = *g;
    *list = groups;
}

// The rarity of a group: of the words as they are written, or of the commonest thing that stands for them where they are one
// word or unknown.
static bool rate(struct reading *r, struct query_group *g)
{
    struct xap_stats stats;
    if (!xap_db_stats(r->s->db, &stats, r->error))
        return r->good = false;
    double written = 0, commonest = INFINITY;
    for (size_t i = 0; i < g->n; i++) {
        const struct query_form *form = &g->forms[i];
        if (form->origin == FORM_AROUND || form->origin == FORM_INSIDE)
            continue;
        double rarest = 0;
        for (size_t j = 0; j < form->n; j++) {
            double rarity = query_word_rarity(r->q, &form->words[j], stats.documents);
            rarest = rarity > rarest ? rarity : rarest;
            if (i == 0 && form->words[j].documents)
                written += rarity;
        }
        commonest = rarest < commonest ? rarest : commonest;
    }
    bool one_word = g->forms[0].n == 1;
    g->rarity = written > 0 && !one_word ? written : commonest;
    return true;
}

static void finish_group(struct reading *r, struct query_group *g)
{
    if (!g->n || !r->good)
        return;
    r->words += g->forms[0].n;
    push_group(&r->q->groups, &r->q->n, g, r->arena);
}

// ---- Tokens --------------------------------------------------------------------------------------------

static void take_token(void *arg, const struct token *token)
{
    struct reading *r = arg;
    if (r->n == TOKENS_MAX) {
        r->too_many = true;
        return;
    }
    struct token *t = &r->tokens[r->n++];
    *t = *token;
    t->exact = arena_str(r->arena, token->exact);
    t->stem = arena_str(r->arena, token->stem);
}

static void read_tokens(struct reading *r, struct str text)
{
    r->n = 0;
    analyze(r->s->analyzer, text, take_token, r);
}

// Behind the last token that lies within the positions that token i covers.
static size_t behind(const struct reading *r, size_t i)
{
    uint32_t end = r->tokens[i].position + r->tokens[i].span;
    while (i < r->n && r->tokens[i].position < end)
        i++;
    return i;
}

static bool counts(const struct reading *r, const struct token *t)
{
    return !t->is_stop || r->keep_stops;
}

static size_t count_words(const struct reading *r, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        n += r->tokens[i].kind != TOKEN_JOINED && counts(r, &r->tokens[i]);
    return n;
}

// Words that the index knows as one: "geo portail" where documents have "geoportail".
static bool is_fused(struct reading *r, size_t i)
{
    if (i + 1 >= r->n)
        return false;
    const struct token *first = &r->tokens[i], *second = &r->tokens[i + 1];
    bool plain = (!first->is_stop || first->exact.n == 1) && first->kind != TOKEN_JOINED &&
                 second->kind != TOKEN_JOINED && !second->is_stop &&
                 second->position == first->position + 1 &&
                 first->exact.n + second->exact.n <= TEXT_TERM_BYTES &&
                 !(first->kind == TOKEN_CODE && second->kind == TOKEN_CODE);
    if (!plain)
        return false;
    struct query_word w = {
        .exact = arena_printf(r->arena, "%.*s%.*s", STR_ARG(first->exact), STR_ARG(second->exact)),
        .only_exact = true};
    return weigh(r, &w) && w.documents > 0;
}

static void add_fused_pair(struct reading *r, struct query_group *g, size_t i)
{
    struct query_word w = {.exact = arena_printf(r->arena, "%.*s%.*s", STR_ARG(r->tokens[i].exact),
                                                 STR_ARG(r->tokens[i + 1].exact)),
                           .only_exact = true};
    if (weigh(r, &w))
        add_one_word(r, g, w, FORM_OTHER_SPACES);
}

// Two words of a title that are written as one here: "opendamir" where a title has "Open Damir".
static void add_split(struct reading *r, struct query_group *g, const struct token *t)
{
    if (t->exact.n < FUSED_LEAST || t->kind == TOKEN_JOINED)
        return;
    struct query_word w = {.exact = t->exact, .stem = t->stem, .prefix = PREFIX_FUSED};
    if (weigh(r, &w) && w.documents)
        add_one_word(r, g, w, FORM_OTHER_SPACES);
}

// What the word abbreviates: "cnil" where a name is "Commission nationale de l'informatique et des libertés".
static void add_initials(struct reading *r, struct query_group *g, const struct token *t)
{
    if (t->exact.n < INITIALS_LEAST || t->exact.n > INITIALS_MOST || t->kind != TOKEN_WORD)
        return;
    struct query_word w = {.exact = t->exact, .stem = t->stem, .prefix = PREFIX_INITIALS};
    if (weigh(r, &w) && w.documents)
        add_one_word(r, g, w, FORM_SYNONYM);
}

// The place whose name begins with token i.
static const struct place_found *place_at(const struct reading *r, size_t i)
{
    for (size_t j = 0; j < r->place_count; j++)
        if (r->places[j].first + 1 == r->tokens[i].position &&
            r->places[j].place->level < TERRITORY_COUNTRY)
            return &r->places[j];
    return NULL;
}

static size_t behind_place(const struct reading *r, const struct place_found *place)
{
    size_t i = 0;
    while (i < r->n && r->tokens[i].position <= place->first + place->count)
        i++;
    return i;
}

static void add_zone(struct reading *r, struct query_group *g, const char *prefix, struct str zone,
                     enum form_origin origin, unsigned steps)
{
    struct query_word w = {.exact = zone, .stem = zone, .prefix = prefix};
    if (zone.n > TEXT_TERM_BYTES || !weigh(r, &w) || !w.documents)
        return;
    add_one_word(r, g, w, origin);
    g->forms[g->n - 1].steps = steps;
}

// What covers a place, from itself outwards, and what lies in it.
static void add_place(struct reading *r, struct query_group *g, const struct territory *place)
{
    struct strs zones = places_filter_zones(r->rules->places, place->id, r->arena);
    const char *own = facet_fields[FACET_TERRITORY].prefix.p;
    for (size_t i = 0; i < zones.n; i++)
        add_zone(r, g, own, zones.v[i], i ? FORM_AROUND : FORM_SYNONYM, (unsigned)i);
    add_zone(r, g, PREFIX_INSIDE, place->id, FORM_INSIDE, 0);
}

// What one word alone may be besides: two words, initials, a wish, a mistake.
static void read_alone(struct reading *r, struct query_group *g, struct str text, size_t i)
{
    const struct token *t = &r->tokens[i];
    add_split(r, g, t);
    add_initials(r, g, t);
    g->generic = g->field == FIELD_COUNT && word_set_has(r->rules->generic, t->exact);
    g->format = g->generic ? t->exact : STR_NONE;
    if (t->kind == TOKEN_WORD)
        g->written = str_slice(text.p + t->start, t->end - t->start);
}

// One group from the tokens at i on: the longest of a place, a name with synonyms, a joined form, two words that the index knows as
// one, a word. Returns where the next one begins.
static size_t read_group(struct reading *r, struct str text, size_t i, enum text_field field)
{
    struct query_group g = {.field = field, .firm = field != FIELD_COUNT};
    const struct token *t = &r->tokens[i];
    struct synonym_match matches[SYNONYM_MATCHES_MAX];
    size_t found = synonyms_match(r->rules->synonyms, r->tokens, r->n, i, matches);
    const struct place_found *place = field == FIELD_COUNT ? place_at(r, i) : NULL;
    size_t own = t->kind == TOKEN_JOINED ? behind(r, i) : i + 1;
    size_t named = found ? behind(r, matches[0].last) : 0;
    size_t placed = place ? behind_place(r, place) : 0;
    bool is_named = named >= own, is_place = placed >= own && placed >= named;
    bool fused = !is_named && !is_place && is_fused(r, i);
    size_t end = is_place ? placed : is_named ? named : fused ? i + 2 : own;
    if (!count_words(r, i, end))
        return own;
    add_words(r, &g, i, end, FORM_WRITTEN);
    if (t->kind == TOKEN_JOINED)
        add_one_word(r, &g, word_of(r, t), FORM_OTHER_SPACES);
    if (is_named && named == end)
        add_synonyms(r, &g, &matches[0]);
    if (is_place)
        add_place(r, &g, place->place);
    if (fused)
        add_fused_pair(r, &g, i);
    if (!is_place && end == i + 1)
        read_alone(r, &g, text, i);
    finish_group(r, &g);
    return end;
}

static void read_words(struct reading *r, struct str text, enum text_field field)
{
    read_tokens(r, text);
    r->place_count = r->rules->places ? places_in_text(r->rules->places, r->s->analyzer, text,
                                                       PLACE_QUERY, NULL, r->places)
                                      : 0;
    for (size_t i = 0; i < r->n && r->good;)
        i = read_group(r, text, i, field);
}

// The stems of words that follow one another, for titles that have them in this order.
static void read_pairs(struct reading *r)
{
    const struct token *last = NULL;
    for (size_t i = 0; i < r->n; i++) {
        const struct token *t = &r->tokens[i];
        if (t->kind == TOKEN_JOINED || t->is_stop)
            continue;
        if (last)
            arena_push(r->arena, &r->q->pairs,
                       arena_printf(r->arena, PREFIX_PAIR "%.*s %.*s", STR_ARG(last->stem),
                                    STR_ARG(t->stem)));
        last = t;
    }
}

// ---- Clauses -------------------------------------------------------------------------------------------

// All words of a clause as one form: of a phrase, of an alternative, of what is left out.
static void add_clause_form(struct reading *r, struct query_group *g, const struct clause *c)
{
    bool phrase = c->kind == CLAUSE_PHRASE || c->quoted, all_stops = true;
    read_tokens(r, c->text);
    for (size_t i = 0; i < r->n; i++)
        all_stops = all_stops && (r->tokens[i].is_stop || r->tokens[i].kind == TOKEN_JOINED);
    bool kept = r->keep_stops;
    r->keep_stops = kept || (all_stops && phrase);
    size_t before = g->n;
    add_words(r, g, 0, r->n, FORM_WRITTEN);
    r->keep_stops = kept;
    if (!phrase || g->n == before)
        return;
    struct query_form *form = &g->forms[g->n - 1];
    for (size_t i = 0; i < r->n; i++)
        if (r->tokens[i].kind != TOKEN_JOINED)
            arena_push(r->arena, &form->phrase, r->tokens[i].exact);
}

static enum text_field field_of(const struct clause *c)
{
    return c->kind == CLAUSE_FIELD ? c->field : FIELD_COUNT;
}

static bool is_alternative(const struct syntax *x, size_t i)
{
    const struct clause *c = x->clauses;
    return (i > 0 && c[i - 1].group == c[i].group) ||
           (i + 1 < x->n && c[i + 1].group == c[i].group);
}

// Whether it is the first of its group that is no filter: filters add up with the words beside them, OR or not.
static bool is_first(const struct syntax *x, size_t i)
{
    for (size_t j = i; j > 0 && x->clauses[j - 1].group == x->clauses[i].group; j--)
        if (x->clauses[j - 1].kind != CLAUSE_FILTER)
            return false;
    return true;
}

static void read_clause(struct reading *r, const struct syntax *x, size_t i)
{
    const struct clause *c = &x->clauses[i];
    struct query *q = r->q;
    if (c->kind == CLAUSE_FILTER) {
        arena_push(r->arena, c->excluded ? &q->without[c->facet] : &q->filters[c->facet], c->text);
        return;
    }
    q->has_text = q->has_text || !c->excluded;
    bool first = is_first(x, i);
    if (c->excluded) {
        struct query_group g = {.field = field_of(c)};
        add_clause_form(r, &g, c);
        if (g.n)
            push_group(&q->excluded, &q->excluded_count, &g, r->arena);
    } else if (is_alternative(x, i)) {
        struct query_group g = {.field = field_of(c), .firm = true};
        for (size_t j = i; first && j < x->n && x->clauses[j].group == c->group; j++)
            if (x->clauses[j].kind != CLAUSE_FILTER)
                add_clause_form(r, &g, &x->clauses[j]);
        finish_group(r, &g);
    } else if (c->kind == CLAUSE_PHRASE || c->quoted) {
        struct query_group g = {.field = field_of(c), .firm = true};
        add_clause_form(r, &g, c);
        finish_group(r, &g);
    } else {
        read_words(r, c->text, field_of(c));
        read_pairs(r);
    }
}

static bool only_wishes(const struct query *q)
{
    for (size_t i = 0; i < q->n; i++)
        if (!q->groups[i].generic)
            return false;
    return true;
}

static bool is_unknown(const struct query_group *g)
{
    for (size_t i = 0; i < g->n; i++) {
        bool known = true;
        for (size_t j = 0; j < g->forms[i].n; j++)
            known = known && g->forms[i].words[j].documents;
        if (known)
            return false;
    }
    return true;
}

// A word that no document has would be the rarest of all, and nothing found enough beside it: it is taken for an average one.
static void rate_unknown(struct query *q)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < q->n; i++)
        if (!is_unknown(&q->groups[i])) {
            sum += q->groups[i].rarity;
            n++;
        }
    for (size_t i = 0; i < q->n && n; i++)
        if (is_unknown(&q->groups[i]))
            q->groups[i].rarity = sum / (double)n;
}

// Whether the words are rather those of the records in English than of the others: the product of each word's odds. A word that few
// records have tells little, and one that none has nothing: each kind is given one more record, cut in two as all records are.
static bool read_language(struct reading *r)
{
    struct query *q = r->q;
    struct xap_stats stats;
    uint32_t n;
    if (!xap_db_stats(r->s->db, &stats, r->error) ||
        !term_count(r->s, STR(TERM_ENGLISH), &n, r->error))
        return r->good = false;
    if (n == 0 || n >= stats.documents)
        return true;
    double english = (double)n / stats.documents, others = 1 - english, odds = 0;
    for (size_t i = 0; i < q->n; i++)
        for (size_t j = 0; j < q->groups[i].forms[0].n; j++) {
            const struct query_word *w = &q->groups[i].forms[0].words[j];
            if (!w->prefix && !w->only_exact && query_is_letters(w->exact))
                odds += log(1 + w->in_english / english) - log(1 + w->french / others);
        }
    q->english_documents = odds > ENGLISH_ODDS ? n : 0;
    return true;
}

static void rate_all(struct reading *r)
{
    for (size_t i = 0; i < r->q->n && r->good; i++)
        rate(r, &r->q->groups[i]);
}

static void start(struct reading *r)
{
    struct query *q = r->q;
    *q = (struct query){0};
    r->words = 0;
}

static bool read_relation(struct searcher *s, struct str id, enum related_way way, struct arena *a,
                          struct query *out, struct err *e)
{
    out->by_relation[way] = id.n > 0;
    return !id.n || related_terms(s, id, way, a, &out->related[way], e);
}

bool query_read(struct searcher *s, const struct rules *rules, const struct search_request *request,
                struct arena *a, struct query *out, struct err *e)
{
    struct reading *r = ARENA_NEW(a, struct reading);
    *r = (struct reading){.s = s, .rules = rules, .arena = a, .q = out, .error = e, .good = true};
    struct syntax x = syntax_read(request->q, a);
    // Stop words are left out, unless there is nothing else.
    for (int turn = 0; turn < 2 && r->good; turn++) {
        start(r);
        r->keep_stops = turn == 1;
        for (size_t i = 0; i < x.n && r->good; i++)
            read_clause(r, &x, i);
        if (out->n || !out->has_text)
            break;
    }
    if (r->good && read_language(r))
        rate_all(r);
    if (!r->good)
        return false;
    if (r->too_many || r->words > SEARCH_WORDS_MAX)
        return err_set(e, ERR_QUERY, "a search takes at most %d words", SEARCH_WORDS_MAX);
    out->has_text = out->has_text || (!x.n && str_trim(request->q).n);
    rate_unknown(out);
    if (only_wishes(out))
        for (size_t i = 0; i < out->n; i++)
            out->groups[i].generic = false;
    for (size_t f = 0; f < FACET_COUNT; f++)
        for (size_t i = 0; i < request->filters[f].n; i++)
            arena_push(a, &out->filters[f], request->filters[f].v[i]);
    return read_relation(s, request->uses, RELATED_USERS, a, out, e) &&
           read_relation(s, request->used_by, RELATED_USED, a, out, e);
}
