// See text.h: from chunks to tokens, joined forms first. An analyzer owns its stems and one chunk as scratch.
#include "indexer/text/chunk.h"
#include "indexer/text/stems.h"

#include <stdlib.h>

struct analyzer {
    struct word_set *stop_words;
    struct stems *stems[2]; // by language; English is made when it is met
    struct chunk chunk;
};

struct analyzer *analyzer_new(struct str stop_words, struct err *e)
{
    fold_setup();
    struct buf words = {0};
    buf_add(&words, stop_words);
    chunk_add_elisions(&words);
    struct word_set *set = word_set_new(buf_str(&words), e);
    buf_free(&words);
    if (!set)
        return NULL;
    struct analyzer *a = xcalloc(1, sizeof *a);
    a->stop_words = set;
    a->stems[LANGUAGE_FRENCH] = stems_new(LANGUAGE_FRENCH, set, e);
    if (a->stems[LANGUAGE_FRENCH])
        return a;
    analyzer_free(a);
    return NULL;
}

void analyzer_free(struct analyzer *a)
{
    if (!a)
        return;
    stems_free(a->stems[LANGUAGE_FRENCH]);
    stems_free(a->stems[LANGUAGE_ENGLISH]);
    word_set_free(a->stop_words);
    free(a);
}

// Without an English stemmer, English is stemmed as French.
static struct stems *stems_of(struct analyzer *a, enum language language)
{
    if (!a->stems[language])
        a->stems[language] = stems_new(language, a->stop_words, &(struct err){0});
    return a->stems[language] ? a->stems[language] : a->stems[LANGUAGE_FRENCH];
}

struct str analyzer_english(struct analyzer *a, struct str exact)
{
    return stems_find(stems_of(a, LANGUAGE_ENGLISH), exact).word;
}

// Where the tokens go, and the position of the next one.
struct output {
    struct stems *stems;
    void (*each)(void *arg, const struct token *token);
    void *arg;
    uint32_t position;
};

static void emit(struct output *o, struct token *t, unsigned kinds)
{
    t->position = o->position;
    t->stem = t->exact;
    if (kinds == PART_LETTERS) {
        struct stem found = stems_find(o->stems, t->exact);
        t->stem = found.word;
        t->is_stop = found.is_stop;
    }
    o->each(o->arg, t);
}

static void emit_part(struct output *o, const struct part *p)
{
    if (p->n > 0) {
        struct token t = {.exact = part_str(p),
                          .span = 1,
                          .kind = p->kinds == PART_LETTERS ? TOKEN_WORD : TOKEN_CODE,
                          .start = p->start,
                          .end = p->end};
        emit(o, &t, p->kinds);
    }
    o->position++;
}

// S.N.C.F., R&D
static bool is_acronym(const struct chunk *c)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct part *p = &c->parts[i];
        bool joined = p->after == CHAR_DOT || p->after == CHAR_AMPERSAND;
        if (p->n != 1 || p->kinds != PART_LETTERS || (i + 1 < c->n && !joined))
            return false;
    }
    return true;
}

static void emit_acronym(struct output *o, const struct chunk *c)
{
    char bytes[CHUNK_PARTS];
    for (size_t i = 0; i < c->n; i++)
        bytes[i] = c->parts[i].bytes[0];
    struct token t = {.exact = str_slice(bytes, c->n),
                      .span = 1,
                      .kind = TOKEN_WORD,
                      .start = c->parts[0].start,
                      .end = c->parts[c->n - 1].end};
    emit(o, &t, PART_LETTERS);
    o->position++;
}

// How loosely a sign joins. A run of one level holds the runs of the levels below.
enum level { LEVEL_DIGITS = 1, LEVEL_HYPHEN, LEVEL_DOT, LEVEL_NONE };

static enum level level_of(unsigned joint)
{
    switch (joint) {
    case CHAR_SPACE:
        return LEVEL_DIGITS;
    case CHAR_APOSTROPHE:
    case CHAR_HYPHEN:
    case CHAR_AMPERSAND:
        return LEVEL_HYPHEN;
    case CHAR_SEPARATOR:
        return LEVEL_NONE;
    default:
        return LEVEL_DOT;
    }
}

static bool is_first(const struct chunk *c, size_t i, enum level level)
{
    return i == 0 || level_of(c->parts[i - 1].after) > level;
}

// An elision behind a looser sign, as in "fin.L'eau", is no part of the joined form.
static bool is_cut_off(const struct chunk *c, size_t i)
{
    const struct part *p = &c->parts[i];
    return p->after == CHAR_APOSTROPHE && is_first(c, i, LEVEL_HYPHEN) && part_is_elision(p);
}

static bool starts_run(const struct chunk *c, size_t i, enum level level)
{
    if (level != LEVEL_HYPHEN)
        return is_first(c, i, level);
    return !is_cut_off(c, i) && (is_first(c, i, level) || is_cut_off(c, i - 1));
}

// Parts of the run of this level that starts at i; 0 when it is not joined: too long, or no sign of this
// level is in it, so that it is a run of the level below.
static size_t run_length(const struct chunk *c, size_t i, enum level level)
{
    size_t n = 1;
    bool own = false;
    for (; level_of(c->parts[i + n - 1].after) <= level; n++) {
        own = own || level_of(c->parts[i + n - 1].after) == level;
        if (n == TEXT_JOIN_PARTS)
            return 0;
    }
    return own ? n : 0;
}

static bool same_joints(const struct part *p, size_t n, unsigned joint)
{
    for (size_t i = 0; i + 1 < n; i++)
        if (p[i].after != joint)
            return false;
    return true;
}

// Thousands, SIREN, SIRET: with spaces, or with dots from three groups on.
static bool is_grouped(const struct part *p, size_t n)
{
    if (!same_joints(p, n, CHAR_SPACE) && !(n >= 3 && same_joints(p, n, CHAR_DOT)))
        return false;
    if (n == 2 && p[0].n == 9 && p[1].n == 5)
        return true;
    if (p[0].n < 1 || p[0].n > 3)
        return false;
    for (size_t i = 1; i < n; i++) {
        bool last_of_siret = i == 3 && n == 4 && p[0].n == 3 && p[i].n == 5;
        if (p[i].n != 3 && !last_of_siret)
            return false;
    }
    return true;
}

static unsigned number_of(const struct part *p)
{
    unsigned number = 0;
    for (size_t i = 0; i < p->n; i++)
        number = number * 10 + (unsigned)(p->bytes[i] - '0');
    return number;
}

// "2024-01-15" (ISO 8601), "15/01/2024" and their like: eight digits, year first, into `out`.
static bool read_date(const struct part *p, size_t n, char *out)
{
    if (n != 3 || p[0].after == CHAR_SPACE || !same_joints(p, n, p[0].after))
        return false;
    const struct part *year = p[0].n == 4 ? &p[0] : &p[2];
    const struct part *month = &p[1];
    const struct part *day = p[0].n == 4 ? &p[2] : &p[0];
    if (year->n != 4 || month->n > 2 || day->n > 2)
        return false;
    unsigned y = number_of(year), m = number_of(month), d = number_of(day);
    if (y < 1000 || y > 2999 || m < 1 || m > 12 || d < 1 || d > 31)
        return false;
    const unsigned digits[8] = {y / 1000, y / 100 % 10, y / 10 % 10, y % 10,
                                m / 10,   m % 10,       d / 10,      d % 10};
    for (size_t i = 0; i < 8; i++)
        out[i] = (char)('0' + digits[i]);
    return true;
}

// Numbers are joined only where they are one number, or a date. Returns the length, 0 for none.
static size_t join_numbers(const struct part *p, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        if (p[i].kinds != PART_DIGITS)
            return 0;
    if (read_date(p, n, out))
        return 8;
    size_t length = 0;
    for (size_t i = 0; i < n && is_grouped(p, n); i++) {
        memcpy(out + length, p[i].bytes, p[i].n);
        length += p[i].n;
    }
    return length;
}

static size_t join_words(const struct part *p, size_t n, char *out)
{
    size_t length = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i].n == 0 || length + p[i].n > TEXT_TERM_BYTES)
            return 0;
        for (size_t j = 0; j < p[i].n; j++)
            if (p[i].bytes[j] != '.') // of a decimal
                out[length++] = p[i].bytes[j];
    }
    return length;
}

static void emit_joined(struct output *o, const struct part *p, size_t n)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < n; i++)
        kinds |= p[i].kinds;
    char bytes[TEXT_TERM_BYTES];
    size_t length = kinds & PART_LETTERS ? join_words(p, n, bytes) : join_numbers(p, n, bytes);
    if (length == 0)
        return;
    struct token t = {.exact = str_slice(bytes, length),
                      .span = (uint32_t)n,
                      .kind = TOKEN_JOINED,
                      .start = p[0].start,
                      .end = p[n - 1].end};
    emit(o, &t, kinds);
}

static void emit_chunk(struct output *o, const struct chunk *c)
{
    if (c->n > 1 && is_acronym(c)) {
        emit_acronym(o, c);
        return;
    }
    for (size_t i = 0; i < c->n; i++) {
        for (enum level level = LEVEL_DOT; level >= LEVEL_DIGITS; level--) {
            size_t n = starts_run(c, i, level) ? run_length(c, i, level) : 0;
            if (n > 1)
                emit_joined(o, &c->parts[i], n);
        }
        emit_part(o, &c->parts[i]);
    }
}

uint32_t analyze_as(struct analyzer *a, enum language language, struct str text,
                    void (*each)(void *arg, const struct token *token), void *arg)
{
    struct output o = {.stems = stems_of(a, language), .each = each, .arg = arg, .position = 1};
    for (size_t at = 0; chunk_next(text, &at, &a->chunk);) {
        if (a->chunk.n == 1)
            emit_part(&o, &a->chunk.parts[0]);
        else
            emit_chunk(&o, &a->chunk);
    }
    return o.position - 1;
}

uint32_t analyze(struct analyzer *a, struct str text,
                 void (*each)(void *arg, const struct token *token), void *arg)
{
    return analyze_as(a, LANGUAGE_FRENCH, text, each, arg);
}
