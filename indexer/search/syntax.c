// See syntax.h. First the text is cut into items (runs of words, ORs, clauses), then items become clauses.
#include "indexer/search/syntax.h"

#include "indexer/search/syntax_names.h"
#include "indexer/text/text.h"

// More would not fit into the clauses, however they are joined.
enum { ITEMS_MAX = 2 * SYNTAX_CLAUSES_MAX, NAME_BYTES_MAX = 32 };

enum item_kind { ITEM_WORDS, ITEM_OR, ITEM_CLAUSE };

struct item {
    enum item_kind kind;
    struct clause clause;
    size_t start, end; // in the text; an item of words may go on behind others that hold no word
};

struct reader {
    struct str q;
    size_t at;
    struct arena *arena;
    struct buf scratch;
    struct item items[ITEMS_MAX];
    size_t n;
    unsigned unclosed;  // bit mask of quotes that no closing one follows any more
    bool dangling_dash; // the last thing read was a dash on its own
    bool plain;
};

// ---- Characters ----------------------------------------------------------------------------------

// Bytes of the white space at p, 0 when there is none.
static size_t space_length(struct str q, size_t at)
{
    static const struct str wide[] = {STR("\u00a0"), STR("\u202f"), STR("\u2009"), STR("\u3000")};
    struct str rest = str_slice(q.p + at, q.n - at);
    if (!rest.n)
        return 0;
    if (rest.p[0] == ' ' || (rest.p[0] >= '\t' && rest.p[0] <= '\r'))
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (str_starts(rest, wide[i]))
            return wide[i].n;
    return 0;
}

static size_t word_end(struct str q, size_t at)
{
    while (at < q.n && !space_length(q, at))
        at++;
    return at;
}

static const struct {
    struct str open, close[2];
} quotes[] = {
    {STR("\""), {STR("\""), STR("\"")}}, {STR("«"), {STR("»"), STR("»")}},
    {STR("“"), {STR("”"), STR("“")}},    {STR("”"), {STR("”"), STR("“")}},
    {STR("„"), {STR("”"), STR("“")}},
};
enum { QUOTES = sizeof quotes / sizeof *quotes };

static size_t quote_at(struct str q, size_t at)
{
    size_t i = 0;
    while (i < QUOTES && !str_starts(str_slice(q.p + at, q.n - at), quotes[i].open))
        i++;
    return i;
}

static bool has_word(struct reader *r, struct str s)
{
    buf_clear(&r->scratch);
    text_fold(&r->scratch, s);
    return r->scratch.n > 0;
}

static struct str slice(const struct reader *r, size_t start, size_t end)
{
    return str_slice(r->q.p + start, end - start);
}

// ---- Items ---------------------------------------------------------------------------------------

static void add_item(struct reader *r, enum item_kind kind, size_t start, size_t end)
{
    r->items[r->n++] = (struct item){.kind = kind, .start = start, .end = end};
}

static void add_words(struct reader *r, size_t start, size_t end)
{
    if (!has_word(r, slice(r, start, end)))
        return;
    if (r->n && r->items[r->n - 1].kind == ITEM_WORDS)
        r->items[r->n - 1].end = end;
    else
        add_item(r, ITEM_WORDS, start, end);
}

static void add_clause(struct reader *r, size_t start, struct clause c)
{
    add_item(r, ITEM_CLAUSE, start, r->at);
    r->items[r->n - 1].clause = c;
}

static struct str trim(struct str s)
{
    size_t n;
    while ((n = space_length(s, 0)) > 0)
        s = str_slice(s.p + n, s.n - n);
    for (size_t end = s.n; end > 0;) {
        size_t last = end - 1;
        while (last > 0 && ((unsigned char)s.p[last] & 0xC0) == 0x80)
            last--;
        if (!space_length(s, last) || last + space_length(s, last) != end)
            break;
        s.n = end = last;
    }
    return s;
}

enum quote_reading { QUOTE_UNCLOSED, QUOTE_EMPTY, QUOTE_READ };

// Reads the quoted text whose opening quote is at `at`; r->at is then behind it, unless it is never closed.
static enum quote_reading read_quoted(struct reader *r, size_t at, struct str *inside)
{
    size_t q = quote_at(r->q, at);
    if (r->unclosed & 1u << q)
        return QUOTE_UNCLOSED;
    size_t start = at + quotes[q].open.n;
    for (size_t i = start; i < r->q.n; i++) {
        struct str rest = str_slice(r->q.p + i, r->q.n - i);
        for (size_t c = 0; c < 2; c++) {
            if (!str_starts(rest, quotes[q].close[c]))
                continue;
            r->at = i + quotes[q].close[c].n;
            *inside = trim(slice(r, start, i));
            return has_word(r, *inside) ? QUOTE_READ : QUOTE_EMPTY;
        }
    }
    r->unclosed |= 1u << q;
    return QUOTE_UNCLOSED;
}

// What stands behind a value without being of it: "(format:csv, ...)".
static struct str trim_value(struct str s)
{
    while (s.n && memchr(",;)]", s.p[s.n - 1], 4))
        s.n--;
    return s;
}

// The colon of `name:value` at `at`; 0 when what stands there does not look like it.
static size_t find_colon(struct str q, size_t at)
{
    for (size_t i = at; i < q.n && i - at <= NAME_BYTES_MAX && !space_length(q, i); i++) {
        unsigned char c = (unsigned char)q.p[i];
        bool letter = c >= 0x80 || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        if (c == ':')
            return i > at && i + 1 < q.n && !space_length(q, i + 1) ? i : 0;
        if (!letter && (i == at || (c != '_' && c != '-')))
            return 0;
    }
    return 0;
}

enum field_reading { NO_FIELD, FIELD_READ, FIELD_BROKEN };

// r->at is behind the value, unless it is no field.
static enum field_reading read_field(struct reader *r, size_t start, size_t at, bool excluded)
{
    size_t colon = find_colon(r->q, at);
    struct field_name name;
    if (!colon)
        return NO_FIELD;
    bool known = field_name_find(slice(r, at, colon), &r->scratch, &name);
    struct clause c = {.excluded = excluded, .quoted = quote_at(r->q, colon + 1) < QUOTES};
    enum quote_reading quote = QUOTE_UNCLOSED;
    if (known && c.quoted)
        quote = read_quoted(r, colon + 1, &c.text);
    if (quote == QUOTE_UNCLOSED) {
        r->at = word_end(r->q, colon);
        c.text = trim_value(slice(r, colon + 1, r->at));
    }
    bool half = c.quoted && quote != QUOTE_READ, address = str_starts(c.text, STR("//"));
    if (!known || half || address || !has_word(r, c.text) ||
        !field_value_read(&name, &c.text, &r->scratch, r->arena))
        return FIELD_BROKEN;
    c.kind = name.is_filter ? CLAUSE_FILTER : CLAUSE_FIELD;
    c.field = name.is_filter ? FIELD_BODY : name.field;
    c.facet = name.is_filter ? name.facet : FACET_KIND;
    c.quoted = c.quoted && !name.is_filter;
    add_clause(r, start, c);
    return FIELD_READ;
}

// From `at` to r->at.
static void read_word(struct reader *r, size_t at, bool excluded)
{
    struct str word = slice(r, at, r->at);
    if (excluded && has_word(r, word))
        add_clause(r, at, (struct clause){.excluded = true, .text = word});
    else if (str_eq(word, STR("OR")) || str_eq(word, STR("OU")))
        add_item(r, ITEM_OR, at, r->at);
    else
        add_words(r, at, r->at);
}

static void read_phrase(struct reader *r, size_t start, size_t at, bool excluded)
{
    struct clause c = {.kind = CLAUSE_PHRASE, .excluded = excluded};
    enum quote_reading quote = read_quoted(r, at, &c.text);
    if (quote == QUOTE_READ) {
        add_clause(r, start, c);
        return;
    }
    if (quote == QUOTE_UNCLOSED)
        r->at = word_end(r->q, at);
    add_words(r, start, r->at);
    r->plain = true;
}

static bool is_letter_or_quote(char c)
{
    return (unsigned char)c >= 0x80 || c == '"' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static void read_item(struct reader *r)
{
    struct str q = r->q;
    while (r->at < q.n && (q.p[r->at] == '(' || q.p[r->at] == '['))
        r->at++;
    size_t start = r->at;
    r->dangling_dash = false;
    if (start == q.n || space_length(q, start))
        return;
    bool minus = q.p[start] == '-';
    if (minus && (start + 1 == q.n || space_length(q, start + 1))) {
        r->plain = r->plain || r->n == 0;
        r->dangling_dash = true;
        r->at++;
        return;
    }
    bool excluded = minus && is_letter_or_quote(q.p[start + 1]);
    size_t at = start + (excluded ? 1 : 0);
    if (quote_at(q, at) < QUOTES) {
        read_phrase(r, start, at, excluded);
        return;
    }
    enum field_reading field = read_field(r, start, at, excluded);
    if (field == FIELD_READ)
        return;
    if (field == FIELD_BROKEN)
        r->plain = true;
    else
        r->at = word_end(q, at);
    read_word(r, at, excluded);
}

static void read_items(struct reader *r)
{
    while (r->at < r->q.n) {
        size_t space = space_length(r->q, r->at);
        if (space) {
            r->at += space;
        } else if (r->n + 1 < ITEMS_MAX) {
            read_item(r);
        } else {
            add_words(r, r->at, r->q.n);
            r->plain = true;
            r->at = r->q.n;
        }
    }
    r->plain = r->plain || r->dangling_dash;
}

static bool asks(const struct item *i)
{
    return i->kind == ITEM_WORDS || (i->kind == ITEM_CLAUSE && !i->clause.excluded);
}

// ---- Clauses -------------------------------------------------------------------------------------

// ORs that join nothing become words, and words side by side one item.
static void settle(struct reader *r)
{
    bool broken[ITEMS_MAX] = {false};
    for (size_t i = 0; i < r->n; i++)
        broken[i] = r->items[i].kind == ITEM_OR &&
                    !(i > 0 && i + 1 < r->n && asks(&r->items[i - 1]) && asks(&r->items[i + 1]));
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct item item = r->items[i];
        if (broken[i]) {
            item.kind = ITEM_WORDS;
            r->plain = true;
        }
        if (item.kind == ITEM_WORDS && n && r->items[n - 1].kind == ITEM_WORDS)
            r->items[n - 1].end = item.end;
        else
            r->items[n++] = item;
    }
    r->n = n;
}

static void add(struct syntax *s, struct clause c, bool joined)
{
    c.group = joined && s->n ? s->clauses[s->n - 1].group : s->groups++;
    s->clauses[s->n++] = c;
}

static void make_clauses(struct reader *r, struct syntax *s)
{
    bool joined = false;
    for (size_t i = 0; i < r->n; i++) {
        struct item *item = &r->items[i];
        if (item->kind == ITEM_OR) {
            joined = true;
            continue;
        }
        struct clause c = item->clause;
        if (item->kind == ITEM_WORDS)
            c = (struct clause){.text = slice(r, item->start, item->end)};
        bool last = s->n + 1 == SYNTAX_CLAUSES_MAX && i + 1 < r->n;
        if (last) {
            c = (struct clause){.text = slice(r, item->start, r->items[r->n - 1].end)};
            s->plain = true;
        }
        add(s, c, joined);
        if (last)
            return;
        joined = false;
    }
}

// The facet of a group that is made of filters by one facet; FACET_COUNT for any other group.
static enum facet group_facet(const struct syntax *s, unsigned group)
{
    enum facet facet = FACET_COUNT;
    for (size_t i = 0; i < s->n; i++) {
        const struct clause *c = &s->clauses[i];
        if (c->group != group)
            continue;
        if (c->kind != CLAUSE_FILTER || c->excluded || (facet != FACET_COUNT && facet != c->facet))
            return FACET_COUNT;
        facet = c->facet;
    }
    return facet;
}

// Filters by one name are alternatives.
static void join_filters(struct syntax *s)
{
    unsigned first[FACET_COUNT], number[SYNTAX_CLAUSES_MAX], kept = 0;
    bool seen[FACET_COUNT] = {false};
    for (unsigned g = 0; g < s->groups; g++) {
        enum facet facet = group_facet(s, g);
        if (facet != FACET_COUNT && seen[facet]) {
            number[g] = first[facet];
            continue;
        }
        number[g] = kept++;
        if (facet != FACET_COUNT) {
            seen[facet] = true;
            first[facet] = number[g];
        }
    }
    for (size_t i = 0; i < s->n; i++)
        s->clauses[i].group = number[s->clauses[i].group];
    s->groups = kept;
}

struct syntax syntax_read(struct str q, struct arena *a)
{
    struct reader r = {.q = q, .arena = a};
    read_items(&r);
    bool asked = false;
    for (size_t i = 0; i < r.n; i++)
        asked = asked || asks(&r.items[i]);
    struct syntax s = {.clauses = ARENA_ARRAY(a, struct clause, SYNTAX_CLAUSES_MAX)};
    settle(&r);
    s.plain = r.plain;
    if (asked) {
        make_clauses(&r, &s);
        join_filters(&s);
    } else if (r.n) {
        add(&s, (struct clause){.text = trim(q)}, false);
        s.plain = true;
    }
    buf_free(&r.scratch);
    return s;
}

struct str syntax_words(const struct syntax *s, struct arena *a)
{
    struct buf b = {0};
    for (size_t i = 0; i < s->n; i++) {
        const struct clause *c = &s->clauses[i];
        if (c->excluded || c->kind == CLAUSE_FILTER)
            continue;
        if (b.n)
            buf_addc(&b, ' ');
        buf_add(&b, c->text);
    }
    struct str words = arena_str(a, buf_str(&b));
    buf_free(&b);
    return words;
}
