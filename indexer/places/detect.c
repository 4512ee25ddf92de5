// Places in texts (places.h). The longest run of words that is a name is looked at first; what stands beside it, how it is
// written, how many people live there and where the text comes from decide whether it is a place, and which one of
// those with that name. The figures below were chosen on the titles and publishers of data.gouv.fr.
#include "indexer/places/inside.h"

// People of a commune that nothing in the text speaks for; names of several words are less often something else.
enum {
    PEOPLE_ONE_WORD = 8000,
    PEOPLE_WORDS = 2000,
    PEOPLE_ELSEWHERE = 15000, // the text comes from a place that does not hold it
    PEOPLE_QUERY = 2000,
    PEOPLE_SHOUTED =
        5000, // of a publisher's name that is one word in capital letters: firms are written so
    PEOPLE_SEAT = 5000, // of a commune that tells its EPCI
    MARGIN = 5,         // of the largest of several places of one name over the next
    CANDIDATES = 32,
};

struct word {
    struct str folded;
    size_t start, end;
    uint32_t position;
    unsigned roles;
    bool capital, code, article;
};

struct reading {
    const struct places *p;
    struct str text;
    enum place_text kind;
    const struct territory *near; // NULL when it is the whole country, or not known
    const struct territory *wide; // a département or région that the text names
    struct word words[PLACES_WORDS_MAX];
    size_t n;
    bool cased; // capital letters tell something
    char bytes[PLACES_WORDS_MAX * 24];
    size_t used;
};

// ---- Words ---------------------------------------------------------------------------------------

static bool is_one_of(struct str s, const char *list)
{
    struct str rest = str_of(list), one;
    while (str_next(&rest, ' ', &one))
        if (str_eq(one, s))
            return true;
    return false;
}

static bool starts_upper(struct str s)
{
    unsigned char c = (unsigned char)s.p[0], d = s.n > 1 ? (unsigned char)s.p[1] : 0;
    return (c >= 'A' && c <= 'Z') || (c == 0xc3 && d >= 0x80 && d <= 0x9e) ||
           (c == 0xc5 && d == 0x92);
}

static void read_token(void *arg, const struct token *token)
{
    struct reading *r = arg;
    struct str folded = name_word(token->exact);
    if (token->kind == TOKEN_JOINED || r->n == PLACES_WORDS_MAX ||
        r->used + folded.n > sizeof r->bytes)
        return;
    struct word *w = &r->words[r->n++];
    memcpy(r->bytes + r->used, folded.p, folded.n);
    *w = (struct word){.folded = str_slice(r->bytes + r->used, folded.n),
                       .start = token->start,
                       .end = token->end,
                       .position = token->position - 1,
                       .code = token->kind == TOKEN_CODE};
    r->used += folded.n;
    w->roles = places_roles(r->p, w->folded);
    w->article = is_one_of(w->folded, "l la le les d de des du");
    w->capital = starts_upper(str_slice(r->text.p + w->start, w->end - w->start));
}

static bool is_small(const struct word *w)
{
    return w->article || is_one_of(w->folded, "en sur sous et a au aux les");
}

// Whether the text has both words with a capital and words without, small ones left out.
static bool has_case(const struct reading *r)
{
    size_t upper = 0, lower = 0;
    for (size_t i = 0; i < r->n; i++)
        if (!is_small(&r->words[i]) && !r->words[i].code) {
            upper += r->words[i].capital;
            lower += !r->words[i].capital;
        }
    return upper > 0 && lower > 0;
}

// ---- What stands beside a name -------------------------------------------------------------------

struct beside {
    unsigned lead;           // roles of the word before it
    bool at, inside;         // "à", "en" or "dans" before it
    bool article;            // "du", "de la" ... before it
    bool apart;              // it stands between dashes, parentheses, colons or the text's ends
    bool epci;               // "métropole" or the like behind it
    bool glued;              // a hyphen joins it to a word that is no part of it
    struct str departement;  // a number behind it: "(35)"
    struct str code, code_2; // five characters, before or behind it
};

static bool is_hyphen_between(const struct reading *r, size_t i)
{
    if (i == 0 || i >= r->n)
        return false;
    const struct word *a = &r->words[i - 1], *b = &r->words[i];
    return b->start == a->end + 1 && r->text.p[a->end] == '-' && !a->code && !b->code;
}

static unsigned lead_of(const struct reading *r, size_t i)
{
    size_t at = i;
    while (at > 0 && r->words[at - 1].article)
        at--;
    if (at == 0)
        return 0;
    const struct word *w = &r->words[at - 1];
    unsigned lead = w->roles & (ROLE_COMMUNE | ROLE_DEPARTEMENT | ROLE_REGION | ROLE_EPCI |
                                ROLE_ACADEMY | ROLE_OTHER);
    bool plural = str_eq(w->folded, STR("communes"));
    if (str_eq(w->folded, STR("mer")) && (at < 2 || !r->words[at - 2].article))
        return 0; // "Mer du Nord", but "Territoires et de la Mer du Nord"
    for (size_t j = at - 1; plural && j > 0 && j + 3 > at; j--)
        if (str_starts(r->words[j - 1].folded, STR("communaute")))
            return ROLE_EPCI;
    // In a query words stand side by side: "rue de Paris", but not "lac Annecy".
    if (r->kind == PLACE_QUERY && at == i && !is_one_of(w->folded, "saint sainte"))
        lead &= ~(unsigned)ROLE_OTHER;
    return lead;
}

static struct str code_of(const struct reading *r, size_t i, size_t shortest, size_t longest)
{
    if (i >= r->n || !r->words[i].code)
        return STR_NONE;
    struct str s = r->words[i].folded;
    return s.n >= shortest && s.n <= longest ? s : STR_NONE;
}

// Whether a name stands apart from what is around it: " - Moselle", "Vienne : ", "(Nord)".
static bool is_apart(const struct reading *r, size_t first, size_t end)
{
    size_t from = first ? r->words[first - 1].end : 0;
    size_t to = end < r->n ? r->words[end].start : r->text.n;
    struct str before = str_slice(r->text.p + from, r->words[first].start - from);
    struct str after = str_slice(r->text.p + r->words[end - 1].end, to - r->words[end - 1].end);
    bool left = first == 0, right = end == r->n;
    for (const char *sign = "(:-|,_"; *sign; sign++)
        left = left || (before.n > 1 && str_find_char(before, *sign) >= 0);
    for (const char *sign = "):-|,_"; *sign; sign++)
        right = right || (after.n > 1 && str_find_char(after, *sign) >= 0);
    return left && right && !(first == 0 && end == r->n);
}

static struct beside look_beside(const struct reading *r, size_t first, size_t count)
{
    struct beside b = {.lead = lead_of(r, first)};
    size_t end = first + count, before = first;
    while (before > 0 && r->words[before - 1].article)
        before--;
    if (before > 0) {
        const struct word *w = &r->words[before - 1];
        struct str raw = str_slice(r->text.p + w->start, w->end - w->start);
        b.at = before == first && (str_eq(raw, STR("à")) || str_eq(raw, STR("À")));
        b.inside = is_one_of(w->folded, "en dans");
        b.code_2 = code_of(r, before - 1, 5, 5);
    }
    b.article = before < first;
    b.apart = is_apart(r, first, end);
    b.epci =
        end < r->n && is_one_of(r->words[end].folded, "metropole agglomeration agglo communaute");
    b.glued = is_hyphen_between(r, first) || is_hyphen_between(r, end);
    b.departement = code_of(r, end, 2, 3);
    b.code = code_of(r, end, 5, 5);
    b.at = b.at && !code_of(r, end, 4, 4).n; // "de 2003 à mars 2014"
    return b;
}

// ---- Choosing ------------------------------------------------------------------------------------

struct candidates {
    const struct territory *v[CANDIDATES];
    enum name_kind kind[CANDIDATES];
    size_t n;
};

static bool is_commune(const struct territory *t)
{
    return t->level <= TERRITORY_COMMUNE;
}

static bool is_epci(const struct territory *t)
{
    return t->level == TERRITORY_EPCI || t->level == TERRITORY_EPT;
}

static void keep(struct candidates *c, bool (*is)(const struct territory *t))
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        if (is(c->v[i])) {
            c->v[n] = c->v[i];
            c->kind[n++] = c->kind[i];
        }
    c->n = n;
}

static bool has(const struct candidates *c, bool (*is)(const struct territory *t))
{
    for (size_t i = 0; i < c->n; i++)
        if (is(c->v[i]))
            return true;
    return false;
}

// "Rennes" is the commune, not Rennes Métropole, unless something says so.
static void drop_cores(struct candidates *c)
{
    size_t n = 0;
    bool others = false;
    for (size_t i = 0; i < c->n; i++)
        others = others || c->kind[i] != NAME_CORE;
    for (size_t i = 0; others && i < c->n; i++)
        if (c->kind[i] != NAME_CORE) {
            c->v[n] = c->v[i];
            c->kind[n++] = c->kind[i];
        }
    if (others)
        c->n = n;
}

static bool is_departement(const struct territory *t)
{
    return t->level == TERRITORY_DEPARTEMENT || t->level == TERRITORY_COLLECTIVITE;
}

static bool is_region(const struct territory *t)
{
    return t->level == TERRITORY_REGION || t->level == TERRITORY_FORMER_REGION ||
           t->level == TERRITORY_COLLECTIVITE;
}

static bool code_is(const struct territory *t, struct str code)
{
    struct str postcodes = t->postcodes, one;
    if (code.n == 0)
        return false;
    if (str_eq_nocase(t->code, code))
        return true;
    while (str_next(&postcodes, ' ', &one))
        if (str_eq(one, code))
            return true;
    return false;
}

static bool is_related(const struct reading *r, const struct territory *around,
                       const struct territory *t)
{
    return around && (territory_contains(r->p->territories, around, t) ||
                      territory_contains(r->p->territories, t, around));
}

static const struct territory *departement_of(const struct reading *r, struct str number)
{
    const struct territory *t = number.n ? territory_find_code(r->p->territories, number) : NULL;
    return t && is_departement(t) ? t : NULL;
}

// Those related to a place when some are; else all of them.
static bool narrow(const struct reading *r, struct candidates *c, const struct territory *around)
{
    struct candidates some = {.n = 0};
    for (size_t i = 0; i < c->n; i++)
        if (is_related(r, around, c->v[i])) {
            some.v[some.n] = c->v[i];
            some.kind[some.n++] = c->kind[i];
        }
    if (some.n == 0)
        return false;
    *c = some;
    return true;
}

static const struct territory *largest(const struct candidates *c)
{
    const struct territory *best = NULL, *next = NULL;
    for (size_t i = 0; i < c->n; i++) {
        const struct territory *t = c->v[i];
        if (!best || t->population > best->population ||
            (t->population == best->population && t->level < best->level)) {
            next = best;
            best = t;
        } else if (!next || t->population > next->population) {
            next = t;
        }
    }
    if (!next || best->level != next->level)
        return best; // "Vienne": the département; "Paris": the commune
    return best->population > 0 && best->population >= next->population * MARGIN ? best : NULL;
}

static bool is_ordinary(const struct reading *r, size_t first, size_t count)
{
    size_t big = 0;
    bool ordinary = true;
    for (size_t i = first; i < first + count; i++)
        if (!is_small(&r->words[i])) {
            big++;
            ordinary = ordinary && (r->words[i].roles & ROLE_ORDINARY);
        }
    return big <= 1 && ordinary;
}

static size_t big_words(const struct reading *r, size_t first, size_t count)
{
    size_t big = 0;
    for (size_t i = first; i < first + count; i++)
        big += !is_small(&r->words[i]);
    return big;
}

// Whether the name is written as one: each word that is not small begins with a capital letter.
static bool is_written_big(const struct reading *r, size_t first, size_t count)
{
    for (size_t i = first; r->cased && i < first + count; i++)
        if (!is_small(&r->words[i]) && !r->words[i].capital && !r->words[i].code)
            return false;
    return true;
}

static bool is_shouted(const struct reading *r)
{
    for (size_t i = 0; i < r->text.n; i++)
        if (r->text.p[i] >= 'a' && r->text.p[i] <= 'z')
            return false;
    return true;
}

static bool takes_commune(const struct reading *r, const struct territory *t,
                          const struct beside *b, size_t first, size_t count, bool alone)
{
    const struct territories *all = r->p->territories;
    bool coded = code_is(t, b->code) || code_is(t, b->code_2);
    bool said = coded || (b->lead & (ROLE_COMMUNE | ROLE_ACADEMY));
    bool nearby = (r->near && territory_contains(all, r->near, t)) || r->near == t;
    bool told = (b->at && t->population >= 200) ||
                (r->wide && territory_contains(all, r->wide, t)) ||
                (departement_of(r, b->departement) &&
                 territory_contains(all, departement_of(r, b->departement), t));
    if (coded)
        return true;
    if (alone)
        return r->kind == PLACE_LABEL || big_words(r, first, count) > 1 || !is_shouted(r) ||
               t->population >= PEOPLE_SHOUTED;
    if (is_ordinary(r, first, count))
        return said || (b->at && t->population >= 500 && is_written_big(r, first, count));
    if (!is_written_big(r, first, count) && !said)
        return false;
    if (said || nearby)
        return true;
    if (t->level == TERRITORY_PART)
        return false;
    if (told || t->level == TERRITORY_DISTRICT)
        return true;
    bool several = big_words(r, first, count) > 1;
    if (r->kind == PLACE_QUERY)
        return t->population >= (several ? PEOPLE_QUERY / 4 : PEOPLE_QUERY);
    if (r->near)
        return t->population >= PEOPLE_ELSEWHERE;
    return t->population >= (several ? PEOPLE_WORDS : PEOPLE_ONE_WORD);
}

static bool takes_wide(const struct reading *r, const struct territory *t, bool other,
                       const struct beside *b, size_t first, size_t count, bool alone)
{
    bool said = (b->lead & ~(unsigned)ROLE_OTHER) || b->inside ||
                (t->code.n <= 3 && str_eq_nocase(t->code, b->departement));
    bool ordinary = is_ordinary(r, first, count), big = is_written_big(r, first, count);
    if (t->level == TERRITORY_ARRONDISSEMENT) // they have the names of communes
        return first > 0 && str_starts(r->words[first - 1].folded, STR("arrondissement"));
    if (alone)
        return true;
    if (t->level >= TERRITORY_COUNTRY) // "en France", "de la France": not the one of a firm's name
        return t->level == TERRITORY_COUNTRY && !r->near && r->kind != PLACE_PUBLISHER && big &&
               (b->inside || (b->article && str_eq(r->words[first - 1].folded, STR("la"))));
    if (!ordinary)
        return said || big || (big_words(r, first, count) > 1 && r->words[first].capital) ||
               (big_words(r, first, count) > 1 && r->words[first + count - 1].capital);
    if (!big && !(b->lead & ROLE_DEPARTEMENT))
        return false;
    if (said || is_related(r, r->near, t))
        return true;
    bool own = !other && t->level == TERRITORY_DEPARTEMENT;
    return own && (r->kind == PLACE_PUBLISHER ? b->article : b->apart);
}

// An EPCI by its whole name, or by its core: that needs a word that says so, or to be long.
static bool takes_epci(const struct reading *r, const struct territory *t, bool core,
                       const struct beside *b, size_t first, size_t count, bool alone)
{
    bool said = (b->lead & ROLE_EPCI) || b->epci;
    size_t big = big_words(r, first, count);
    if (alone)
        return true;
    if (!core)
        return is_written_big(r, first, count) || said;
    if (said)
        return true;
    if (!is_written_big(r, first, count) || (b->lead & ROLE_COMMUNE))
        return false;
    return r->kind == PLACE_PUBLISHER || is_related(r, r->near, t) ? big >= 2 : big >= 3;
}

// "Saint-Malo Agglomération": the EPCI has another name, and is told by its commune.
static const struct territory *epci_around(const struct reading *r, struct candidates c,
                                           size_t first, size_t count)
{
    keep(&c, is_commune);
    if (r->near)
        narrow(r, &c, r->near);
    const struct territory *commune = largest(&c);
    if (!commune || is_ordinary(r, first, count) || !is_written_big(r, first, count) ||
        commune->population < PEOPLE_SEAT)
        return NULL;
    return territory_at_level(r->p->territories, commune, TERRITORY_EPCI);
}

static const struct territory *choose(const struct reading *r, struct candidates c, size_t first,
                                      size_t count)
{
    struct beside b = look_beside(r, first, count);
    bool alone = r->kind == PLACE_LABEL && first + count == r->n; // "Le Grand Reims"
    for (size_t i = 0; alone && i < first; i++)
        alone = r->words[i].article;
    if (r->kind == PLACE_LABEL && !alone)
        return NULL;
    if (r->kind == PLACE_PUBLISHER && first == 0 && count == r->n)
        alone = !is_ordinary(r, first, count);
    if (!alone && (b.glued || (b.lead & ROLE_OTHER)))
        return NULL;
    for (size_t i = 0; i < c.n; i++)
        if (code_is(c.v[i], b.code) || code_is(c.v[i], b.code_2))
            return c.v[i];
    if ((b.lead & ROLE_EPCI) || b.epci) {
        if (!has(&c, is_epci))
            return epci_around(r, c, first, count);
        keep(&c, is_epci);
    } else if ((b.lead & ROLE_COMMUNE) && has(&c, is_commune)) {
        keep(&c, is_commune);
    } else if ((b.lead & ROLE_DEPARTEMENT) && has(&c, is_departement)) {
        keep(&c, is_departement);
    } else if ((b.lead & ROLE_REGION) && has(&c, is_region)) {
        keep(&c, is_region);
    }
    if (!(b.lead & ROLE_EPCI) && !b.epci)
        drop_cores(&c);
    const struct territory *number = departement_of(r, b.departement);
    if (!(number && narrow(r, &c, number)) && !(r->wide && narrow(r, &c, r->wide)) && r->near)
        narrow(r, &c, r->near);
    struct candidates good = {.n = 0};
    for (size_t i = 0; i < c.n; i++) {
        const struct territory *t = c.v[i];
        bool taken = is_epci(t) ? takes_epci(r, t, c.kind[i] == NAME_CORE, &b, first, count, alone)
                     : is_commune(t)
                         ? takes_commune(r, t, &b, first, count, alone)
                         : takes_wide(r, t, c.kind[i] == NAME_OTHER, &b, first, count, alone);
        if (taken) {
            good.v[good.n] = t;
            good.kind[good.n++] = c.kind[i];
        }
    }
    const struct territory *best = largest(&good);
    if (best && (b.lead & ROLE_ACADEMY) && is_commune(best))
        return territory_at_level(r->p->territories, best, TERRITORY_REGION);
    return best;
}

// ---- Reading -------------------------------------------------------------------------------------

// The name that `count` words write, the first of them in another form when `instead` is not absent.
static struct str write_name(const struct reading *r, size_t first, size_t count,
                             struct str instead, char out[NAME_BYTES])
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct str w = i == 0 && instead.p ? instead : r->words[first + i].folded;
        if (n + w.n + 1 > NAME_BYTES)
            return STR_NONE;
        if (i)
            out[n++] = ' ';
        memcpy(out + n, w.p, w.n);
        n += w.n;
    }
    return str_slice(out, n);
}

static void add_names(const struct reading *r, struct str text, struct candidates *c)
{
    size_t n;
    const struct name *v = text.p ? names_find(r->p->names, text, &n) : NULL;
    for (size_t i = 0; v && i < n && c->n < CANDIDATES; i++) {
        const struct territory *t = territories_at(r->p->territories, v[i].territory);
        size_t at = 0;
        while (at < c->n && c->v[at] != t)
            at++;
        if (at < c->n && c->kind[at] <= (enum name_kind)v[i].kind)
            continue;
        c->v[at] = t;
        c->kind[at] = (enum name_kind)v[i].kind;
        c->n += at == c->n;
    }
}

// "du Havre", "aux Abymes": the article of the name is in the word before.
static struct str article_in(struct str word)
{
    if (is_one_of(word, "du au"))
        return STR("le");
    return is_one_of(word, "des aux") ? STR("les") : STR_NONE;
}

// Returns how many words to go on by, 0 when none of the names that begin here is one.
static size_t find_at(const struct reading *r, size_t first, const struct territory **found)
{
    char bytes[NAME_BYTES];
    size_t most = r->n - first < NAME_WORDS_MAX ? r->n - first : NAME_WORDS_MAX;
    struct str written = article_in(r->words[first].folded);
    size_t longest = names_most_words(r->p->names, r->words[first].folded, written);
    for (size_t count = most < longest ? most : longest; count > 0; count--) {
        struct candidates c = {.n = 0};
        struct str article = count > 1 ? written : STR_NONE;
        add_names(r, write_name(r, first, count, STR_NONE, bytes), &c);
        if (article.p)
            add_names(r, write_name(r, first, count, article, bytes), &c);
        *found = c.n ? choose(r, c, first, count) : NULL;
        if (*found)
            return count;
        // A commune's name that is not believed all the same covers its words: no shorter one is meant, nor one within them.
        if (has(&c, is_commune))
            return !article.p && big_words(r, first, count) > 1 ? count : 0;
    }
    return 0;
}

// "DDT51", "SDIS 35": a département by its number.
static const struct territory *find_number(const struct reading *r, size_t i)
{
    struct str s = r->words[i].folded;
    size_t letters = 0;
    while (letters < s.n && s.p[letters] >= 'a' && s.p[letters] <= 'z')
        letters++;
    if (!r->words[i].code || r->kind == PLACE_LABEL)
        return NULL;
    struct str number = str_slice(s.p + letters, s.n - letters);
    bool said = letters ? places_roles(r->p, str_slice(s.p, letters)) & ROLE_DEPARTEMENT
                        : lead_of(r, i) & ROLE_DEPARTEMENT;
    return said && number.n >= 2 && number.n <= 3 ? departement_of(r, number) : NULL;
}

static size_t find_all(struct reading *r, struct place_found out[PLACES_FOUND_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < r->n && n < PLACES_FOUND_MAX;) {
        const struct territory *found = NULL;
        size_t count = find_at(r, i, &found);
        if (!count && (found = find_number(r, i)) != NULL)
            count = 1;
        bool again = !found;
        for (size_t j = 0; j < n; j++)
            again = again || out[j].place == found;
        if (!again) {
            const struct word *a = &r->words[i], *z = &r->words[i + count - 1];
            out[n++] = (struct place_found){found, a->position, z->position - a->position + 1,
                                            a->start, z->end};
        }
        i += count ? count : 1;
    }
    return n;
}

size_t places_in_text(const struct places *p, struct analyzer *analyzer, struct str text,
                      enum place_text kind, const struct territory *near,
                      struct place_found out[PLACES_FOUND_MAX])
{
    struct reading r = {.p = p, .text = text, .kind = kind};
    r.near = near && near->level < TERRITORY_SUBSET ? near : NULL;
    analyze(analyzer, text, read_token, &r);
    r.cased = kind != PLACE_QUERY && kind != PLACE_LABEL && has_case(&r);
    size_t n = find_all(&r, out);
    for (size_t i = 0; i < n && !r.wide; i++)
        if (is_departement(out[i].place) || is_region(out[i].place))
            r.wide = out[i].place;
    return r.wide ? find_all(&r, out) : n; // again, with what it says of the others
}
