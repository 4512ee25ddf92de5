// Snippets: the passage of a text where the words of the query stand closest, as HTML that may be shown as it is.
#include "indexer/search/searcher.h"

#include <stdlib.h>

enum {
    SNIPPET_BYTES = 240,
    MATCHES_MAX = 64,
};

struct match {
    size_t start, end;
};

struct matching {
    const struct query *query;
    struct match v[MATCHES_MAX];
    size_t n;
};

static bool is_word(const struct query_word *w, const struct token *token)
{
    return str_eq(w->exact, token->exact) ||
           (!token->is_stop && !w->only_exact && str_eq(w->stem, token->stem));
}

static bool is_asked_for(const struct query *q, const struct token *token)
{
    for (size_t g = 0; g < q->n; g++)
        for (size_t f = 0; f < q->groups[g].n; f++)
            for (size_t w = 0; w < q->groups[g].forms[f].n; w++)
                if (is_word(&q->groups[g].forms[f].words[w], token))
                    return true;
    return false;
}

static void match_token(void *arg, const struct token *token)
{
    struct matching *m = arg;
    if (m->n < MATCHES_MAX && token->kind != TOKEN_JOINED && is_asked_for(m->query, token))
        m->v[m->n++] = (struct match){token->start, token->end};
}

static void add_escaped(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&':
            buf_add(b, STR("&amp;"));
            break;
        case '<':
            buf_add(b, STR("&lt;"));
            break;
        case '>':
            buf_add(b, STR("&gt;"));
            break;
        case '"':
            buf_add(b, STR("&quot;"));
            break;
        case '\n':
            buf_addc(b, ' ');
            break;
        default:
            buf_addc(b, s.p[i]);
        }
    }
}

// Where the window of SNIPPET_BYTES that holds most matches begins; back to the beginning of a word.
static size_t best_start(struct str text, const struct matching *m)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < m->n; i++) {
        size_t count = 0;
        for (size_t j = i; j < m->n && m->v[j].end <= m->v[i].start + SNIPPET_BYTES; j++)
            count++;
        if (count > most) {
            most = count;
            best = m->v[i].start;
        }
    }
    if (best < SNIPPET_BYTES / 2 || text.n <= SNIPPET_BYTES)
        return 0;
    size_t start = best - SNIPPET_BYTES / 4;
    while (start < best && text.p[start] != ' ' && text.p[start] != '\n')
        start++;
    return start;
}

struct str snippet_make(struct analyzer *analyzer, struct str text, const struct query *q,
                        struct arena *a)
{
    struct matching m = {.query = q};
    if (q->n)
        analyze(analyzer, text, match_token, &m);
    size_t start = best_start(text, &m);
    struct str window = str_cut_utf8(str_slice(text.p + start, text.n - start), SNIPPET_BYTES);
    size_t end = start + window.n, at = start;
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
