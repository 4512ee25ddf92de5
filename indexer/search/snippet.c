// Snippets: the passage of a text where the words of the query stand closest, as HTML that may be shown as it is.
#include "indexer/search/searcher.h"

#include "base/html.h"

#include <stdlib.h>

enum {
    SNIPPET_BYTES = 240,
    WINDOW_BYTES = SNIPPET_BYTES * 3 / 4, // from its first match on
    MATCHES_MAX = 2048,                   // as many words as an excerpt can have, almost
};

struct match {
    size_t start, end;
    size_t group; // of the query
};

struct matching {
    const struct query *query;
    struct match v[MATCHES_MAX];
    size_t n;
};

static bool is_word(const struct query_word *w, const struct token *token)
{
    return !w->prefix && (str_eq(w->exact, token->exact) ||
                          (!token->is_stop && !w->only_exact && str_eq(w->stem, token->stem)));
}

static bool is_in_group(const struct query_group *g, const struct token *token)
{
    for (size_t f = 0; f < g->n; f++)
        for (size_t w = 0; w < g->forms[f].n; w++)
            if (is_word(&g->forms[f].words[w], token))
                return true;
    return false;
}

static void match_token(void *arg, const struct token *token)
{
    struct matching *m = arg;
    if (token->kind == TOKEN_JOINED)
        return;
    for (size_t g = 0; g < m->query->n && m->n < MATCHES_MAX; g++)
        if (is_in_group(&m->query->groups[g], token)) {
            m->v[m->n++] = (struct match){token->start, token->end, g};
            return;
        }
}

// On one line; an apostrophe is as it is, the text being shown between tags only.
static void add_escaped(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        struct str reference = s.p[i] == '\'' ? STR_NONE : html_reference(s.p[i]);
        if (reference.n)
            buf_add(b, reference);
        else
            buf_addc(b, s.p[i] == '\n' ? ' ' : s.p[i]);
    }
}

// How good the window is that begins with match i: the different things asked for that it holds, then all that it holds.
static size_t worth_of(const struct matching *m, size_t i)
{
    uint64_t groups = 0;
    size_t count = 0, different = 0;
    for (size_t j = i; j < m->n && m->v[j].end <= m->v[i].start + WINDOW_BYTES; j++) {
        uint64_t bit = 1ull << m->v[j].group % 64;
        different += !(groups & bit);
        groups |= bit;
        count++;
    }
    return different * MATCHES_MAX + count;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n';
}

// Where the best window begins, at the beginning of a word; some of what precedes the first match stands before it.
static size_t best_start(struct str text, const struct matching *m)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < m->n; i++) {
        size_t worth = worth_of(m, i);
        if (worth > most) {
            most = worth;
            best = m->v[i].start;
        }
    }
    size_t last = best; // where the matches of that window end
    for (size_t i = 0; i < m->n && m->v[i].end <= best + WINDOW_BYTES; i++)
        last = m->v[i].end;
    if (text.n <= SNIPPET_BYTES || (best < SNIPPET_BYTES / 2 && last <= SNIPPET_BYTES))
        return 0;
    size_t start = best - SNIPPET_BYTES / 4;
    while (start < best && !is_space(text.p[start]))
        start++;
    while (start < best && is_space(text.p[start]))
        start++;
    return start;
}

// Where it ends: between words, unless one word is all of it.
static size_t end_of(struct str text, size_t start)
{
    size_t end = start + str_cut_utf8(str_slice(text.p + start, text.n - start), SNIPPET_BYTES).n;
    if (end == text.n)
        return end;
    size_t cut = end;
    while (cut > start && !is_space(text.p[cut]))
        cut--;
    return cut > start ? cut : end;
}

struct str snippet_make(struct analyzer *analyzer, struct str text, const struct query *q,
                        struct arena *a)
{
    struct matching m = {.query = q};
    if (q->n)
        analyze(analyzer, text, match_token, &m);
    size_t start = best_start(text, &m);
    size_t end = end_of(text, start), at = start;
    struct buf b = {0};
    if (start)
        buf_add(&b, STR("…"));
    for (size_t i = 0; i < m.n; i++) {
        if (m.v[i].start < at || m.v[i].end > end)
            continue;
        add_escaped(&b, str_slice(text.p + at, m.v[i].start - at));
        buf_add(&b, STR("<mark>"));
        add_escaped(&b, str_slice(text.p + m.v[i].start, m.v[i].end - m.v[i].start));
        buf_add(&b, STR("</mark>"));
        at = m.v[i].end;
    }
    add_escaped(&b, str_slice(text.p + at, end - at));
    if (end < text.n)
        buf_add(&b, STR("…"));
    struct str out = arena_str(a, buf_str(&b));
    buf_free(&b);
    return out;
}
