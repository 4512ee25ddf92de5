// See synonyms.h. A file of groups fills a tree of names; the arena keeps the alternatives and their words.
#include "indexer/text/synonyms.h"

#include "base/utf8.h"
#include "indexer/text/name_tree.h"
#include "store/record.h"

#include <stdlib.h>
#include <utf8proc.h>

struct synonyms {
    struct arena arena;
    struct name_tree *tree;
    size_t groups;
};

// ---- An alternative ------------------------------------------------------------------------------

enum {
    TOKENS_MAX = 64, // of an alternative, stop words and joined forms included
    ENDS_MAX = 1 << (SYNONYM_WORDS_MAX / 2), // where pairs of words are joined or not
    SHOWN_BYTES = 80,                        // of an alternative, in a message
    EXACT_UNDER = 5,                         // letters: a shorter name of one word has no plural
};

struct alternative {
    struct synonym_alternative shown;
    // Where its name ends, its joined forms written in each way (beyond the room, in some); the last one is its words one
    // by one, and tells it from others.
    uint32_t ends[ENDS_MAX];
    size_t end_count;
};

struct reading {
    struct arena *arena;
    struct str text;
    struct token tokens[TOKENS_MAX];
    size_t n;
    bool too_many;
};

static void keep_token(void *arg, const struct token *token)
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

static size_t count_capitals(struct str s)
{
    size_t n = 0;
    uint32_t code = 0;
    for (size_t at = 0; at < s.n; at += utf8_decode(s, at, &code)) {
        utf8_decode(s, at, &code);
        n += utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_LU;
    }
    return n;
}

static bool is_exact_only(const struct reading *r, const struct token *t, bool alone)
{
    if (t->kind == TOKEN_CODE ||
        count_capitals(str_slice(r->text.p + t->start, t->end - t->start)) > 1)
        return true;
    return (alone || t->kind == TOKEN_JOINED) && utf8_count(t->exact) < EXACT_UNDER;
}

static bool wrong(struct err *e, struct str alternative, const char *what, const char *hint)
{
    err_set(e, ERR_CONFIG, "\"%.*s\" %s", STR_ARG(str_cut_utf8(alternative, SHOWN_BYTES)), what);
    return err_hint(e, "%s", hint);
}

// The words that count, joined forms before their parts, as those of a query.
static void make_words(struct reading *r, size_t count, struct synonym_alternative *out)
{
    struct synonym_word *words = ARENA_ARRAY(r->arena, struct synonym_word, r->n);
    bool is_joined[TOKENS_MAX];
    size_t n = 0, joined = 0;
    uint32_t joined_end = 0, first = 0, last = 0;
    for (size_t i = 0; i < r->n; i++) {
        const struct token *t = &r->tokens[i];
        bool within = t->position < joined_end;
        if (t->is_stop || (t->kind == TOKEN_JOINED && within))
            continue;
        if (t->kind == TOKEN_JOINED) {
            joined = n;
            joined_end = t->position + t->span;
        } else {
            words[joined].parts += within;
            first = first ? first : t->position;
            last = t->position;
        }
        is_joined[n] = t->kind == TOKEN_JOINED;
        words[n++] = (struct synonym_word){t->exact, t->stem, 0, is_exact_only(r, t, count == 1)};
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!is_joined[i] || words[i].parts) // "a-t-il" is made of stop words only
            words[kept++] = words[i];
    out->words = words;
    out->n = kept;
    out->span = last - first + 1;
}

static bool read_words(struct synonyms *s, struct analyzer *analyzer, struct str text,
                       struct synonym_alternative *out, struct err *e)
{
    struct reading r = {.arena = &s->arena, .text = text};
    uint32_t positions = analyze(analyzer, text, keep_token, &r);
    size_t single = 0, count = 0;
    for (size_t i = 0; i < r.n; i++) {
        single += r.tokens[i].kind != TOKEN_JOINED;
        count += r.tokens[i].kind != TOKEN_JOINED && !r.tokens[i].is_stop;
    }
    if (count > SYNONYM_WORDS_MAX || r.too_many) {
        err_set(e, ERR_CONFIG, "\"%.*s\" has more than %d words",
                STR_ARG(str_cut_utf8(text, SHOWN_BYTES)), SYNONYM_WORDS_MAX);
        return err_hint(e, "shorten it; words such as \"de\" and \"la\" are not counted");
    }
    if (single < positions)
        return wrong(e, text, "has a word that is too long", "words have at most 64 letters");
    if (single == 0)
        return wrong(e, text, "has no word",
                     "write at least one letter or digit between two commas");
    if (count == 0)
        return wrong(e, text, "is made of stop words only, which a search leaves out",
                     "write it otherwise, or take it out of stopwords.txt");
    make_words(&r, count, out);
    return true;
}

static uint32_t add_word(struct name_tree *t, uint32_t node, const struct synonym_word *w)
{
    return name_tree_add(t, node, w->exact_only, w->exact_only ? w->exact : w->stem);
}

static void add_name(struct name_tree *t, struct alternative *a, uint32_t node, size_t i)
{
    const struct synonym_word *w = &a->shown.words[i];
    if (i == a->shown.n) {
        a->ends[a->end_count < ENDS_MAX ? a->end_count++ : ENDS_MAX - 1] = node;
        return;
    }
    if (w->parts)
        add_name(t, a, add_word(t, node, w), i + 1 + w->parts);
    i += w->parts ? 1 : 0;
    add_name(t, a, add_word(t, node, &a->shown.words[i]), i + 1);
}

// ---- A line --------------------------------------------------------------------------------------

struct side {
    struct alternative *v[SYNONYM_GROUP_MAX];
    size_t n;
};

struct file {
    struct synonyms *synonyms;
    struct analyzer *analyzer;
    struct err *e;
    size_t alternatives;
};

static const struct str kind_mark = STR("kind:");

// A kind is no name: it is written nowhere but on the right of =>, and matches nothing of a query.
static bool read_kind(struct file *f, struct str text, struct alternative *a)
{
    struct str name = str_slice(text.p + kind_mark.n, text.n - kind_mark.n);
    enum record_kind kind;
    if (!record_kind_find(name, &kind))
        return wrong(
            f->e, text, "is not a kind of record",
            "the kinds are those of the facet \"kind\": dataset, dataservice, software, reuse");
    a->shown.kind = record_kind_name(kind);
    a->ends[a->end_count++] = name_tree_add(f->synonyms->tree, NAME_ROOT, true, text);
    return true;
}

static bool read_alternative(struct file *f, struct str text, bool on_the_right, struct side *side)
{
    struct err *e = f->e;
    if (!text.n)
        return err_set(e, ERR_CONFIG, "an alternative is missing") ||
               err_hint(e, "write words on both sides of each comma and of =>");
    for (size_t i = 0; i < text.n; i++)
        if (strchr(";|<>", text.p[i]))
            return wrong(e, text, "has a sign that is not used here",
                         "separate alternatives by commas; one way is written =>");
    if (side->n == SYNONYM_GROUP_MAX)
        return err_set(e, ERR_CONFIG, "there are more than %d alternatives", SYNONYM_GROUP_MAX) ||
               err_hint(e, "split the line");
    if (++f->alternatives > SYNONYM_ALTERNATIVES_MAX)
        return err_set(e, ERR_CONFIG, "the file has more than %d alternatives",
                       SYNONYM_ALTERNATIVES_MAX) ||
               err_hint(e, "take out lines that nobody needs");
    struct synonyms *s = f->synonyms;
    struct alternative *a = ARENA_NEW(&s->arena, struct alternative);
    if (str_starts(text, kind_mark)) {
        if (!on_the_right)
            return wrong(e, text, "is a kind, which nobody searches by this name",
                         "write it on the right of =>");
        if (!read_kind(f, text, a))
            return false;
    } else {
        if (!read_words(s, f->analyzer, text, &a->shown, e))
            return false;
        add_name(s->tree, a, NAME_ROOT, 0);
    }
    a->shown.text = arena_str(&s->arena, text);
    side->v[side->n++] = a;
    return true;
}

static bool read_side(struct file *f, struct str text, bool on_the_right, struct side *side)
{
    for (size_t start = 0, i = 0; i <= text.n; i++) {
        if (i < text.n && text.p[i] != ',' && text.p[i] != '=')
            continue;
        if (!read_alternative(f, str_trim(str_slice(text.p + start, i - start)), on_the_right,
                              side))
            return false;
        start = i + 1;
    }
    return true;
}

static uint32_t own_end(const struct alternative *a)
{
    return a->ends[a->end_count - 1];
}

// Who searches `from` finds `to` too.
static bool link(struct file *f, const struct alternative *from, const struct alternative *to)
{
    for (size_t i = 0; i < from->end_count; i++)
        if (from->ends[i] != own_end(to) &&
            !name_tree_put(f->synonyms->tree, from->ends[i], &to->shown, own_end(to))) {
            err_set(f->e, ERR_CONFIG, "\"%.*s\" has more than %d alternatives over all its lines",
                    STR_ARG(str_cut_utf8(from->shown.text, SHOWN_BYTES)), SYNONYM_ENTRY_MAX);
            return err_hint(f->e, "take it out of some of them");
        }
    return true;
}

static bool link_sides(struct file *f, const struct side *from, const struct side *to)
{
    for (size_t i = 0; i < from->n; i++)
        for (size_t j = 0; j < to->n; j++)
            if (from->v[i] != to->v[j] && !link(f, from->v[i], to->v[j]))
                return false;
    return true;
}

static bool read_line(struct file *f, struct str line)
{
    struct err *e = f->e;
    if (line.n > SYNONYM_LINE_BYTES_MAX)
        return err_set(e, ERR_CONFIG, "the line is longer than %d bytes", SYNONYM_LINE_BYTES_MAX) ||
               err_hint(e, "split it");
    if (!utf8_valid(line))
        return err_set(e, ERR_CONFIG, "the line is not UTF-8") ||
               err_hint(e, "save the file in the encoding UTF-8");
    ptrdiff_t comment = str_find_char(line, '#');
    if (comment >= 0)
        line.n = (size_t)comment;
    line = str_trim(line);
    if (!line.n)
        return true;
    f->synonyms->groups++;
    struct side left = {.n = 0}, right = {.n = 0};
    ptrdiff_t arrow = str_find(line, STR("=>"));
    if (arrow < 0) {
        if (!read_side(f, line, false, &left))
            return false;
        if (left.n < 2)
            return wrong(e, line, "stands alone",
                         "write its alternatives behind it, after a comma");
        return link_sides(f, &left, &left);
    }
    struct str rest = str_slice(line.p + arrow + 2, line.n - (size_t)arrow - 2);
    if (str_find(rest, STR("=>")) >= 0)
        return err_set(e, ERR_CONFIG, "there is more than one =>") ||
               err_hint(e, "write one line for each");
    return read_side(f, str_slice(line.p, (size_t)arrow), false, &left) &&
           read_side(f, rest, true, &right) && link_sides(f, &left, &right);
}

static bool read_file(struct file *f, struct str text)
{
    struct str line, mark = STR("\ufeff");
    if (str_starts(text, mark)) // some editors begin files with it
        text = str_slice(text.p + mark.n, text.n - mark.n);
    for (unsigned number = 1; str_next(&text, '\n', &line); number++) {
        if (line.n && number > SYNONYM_LINES_MAX) {
            err_set(f->e, ERR_CONFIG, "the file has more than %d lines", SYNONYM_LINES_MAX);
            return err_hint(f->e, "take out lines that nobody needs");
        }
        if (!read_line(f, line))
            return err_where(f->e, "line %u", number);
    }
    return true;
}

struct synonyms *synonyms_new(struct str text, struct analyzer *analyzer, struct err *e)
{
    struct synonyms *s = xcalloc(1, sizeof *s);
    s->tree = name_tree_new();
    struct file f = {.synonyms = s, .analyzer = analyzer, .e = e};
    if (read_file(&f, text))
        return s;
    synonyms_free(s);
    return NULL;
}

void synonyms_free(struct synonyms *s)
{
    if (!s)
        return;
    name_tree_free(s->tree);
    arena_free(&s->arena);
    free(s);
}

size_t synonyms_groups(const struct synonyms *s)
{
    return s->groups;
}

// ---- Matching ------------------------------------------------------------------------------------

struct matching {
    const struct name_tree *tree;
    const struct token *tokens;
    size_t n, at;
    struct synonym_match *out;
    size_t count;
};

// Longest first; when there is no room, the shortest goes.
static void add_match(struct matching *m, uint32_t node, size_t last)
{
    struct name_node_list list = name_tree_get(m->tree, node);
    if (!list.n)
        return;
    const struct token *end = &m->tokens[last];
    uint32_t positions = end->position + end->span - m->tokens[m->at].position;
    size_t i = m->count < SYNONYM_MATCHES_MAX ? m->count++ : SYNONYM_MATCHES_MAX;
    if (i == SYNONYM_MATCHES_MAX && m->out[--i].positions >= positions)
        return;
    for (; i > 0 && m->out[i - 1].positions < positions; i--)
        m->out[i] = m->out[i - 1];
    m->out[i] = (struct synonym_match){last, positions, list.v, list.n};
}

// Reads tokens[i] behind `node`, then those that follow it.
static void walk(struct matching *m, uint32_t node, size_t i)
{
    const struct token *t = &m->tokens[i];
    const uint32_t ends[2] = {name_tree_find(m->tree, node, true, t->exact),
                              name_tree_find(m->tree, node, false, t->stem)};
    for (size_t k = 0; k < 2; k++) {
        if (ends[k] == NAME_NONE)
            continue;
        add_match(m, ends[k], i);
        uint32_t position = t->position + t->span;
        for (size_t j = i + 1; j < m->n && m->tokens[j].position <= position; j++) {
            const struct token *next = &m->tokens[j];
            if (next->position < position)
                continue;
            if (!next->is_stop)
                walk(m, ends[k], j);
            else if (next->kind != TOKEN_JOINED)
                position++;
        }
    }
}

size_t synonyms_match(const struct synonyms *s, const struct token *tokens, size_t n, size_t at,
                      struct synonym_match out[SYNONYM_MATCHES_MAX])
{
    struct matching m = {.tree = s->tree, .tokens = tokens, .n = n, .at = at, .out = out};
    if (!tokens[at].is_stop)
        walk(&m, NAME_ROOT, at);
    return m.count;
}
