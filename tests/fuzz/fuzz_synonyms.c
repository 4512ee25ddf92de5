// Fuzzing of a file of synonyms, and behind a NUL a query. A file that is refused says where and why; what is found in the query,
// and in the names of the alternatives, keeps the promises of the header.
#include "base/utf8.h"
#include "indexer/text/synonyms.h"
#include "tests/fuzz/fuzz.h"

enum { TOKENS = 256, NAMES = 64 };

struct query {
    struct arena *arena;
    struct token v[TOKENS];
    size_t n;
};

static void keep(void *arg, const struct token *token)
{
    struct query *q = arg;
    if (q->n == TOKENS)
        return;
    struct token *t = &q->v[q->n++];
    *t = *token;
    t->exact = arena_str(q->arena, token->exact);
    t->stem = arena_str(q->arena, token->stem);
}

static void check_alternative(const struct synonym_alternative *a)
{
    size_t single = 0;
    must(a->text.n > 0 && utf8_valid(a->text) &&
         (a->kind.n ? a->n == 0 : a->n > 0 && a->span >= 1));
    for (size_t i = 0; i < a->n; i++) {
        const struct synonym_word *w = &a->words[i];
        must(w->exact.n >= 1 && w->exact.n <= TEXT_TERM_BYTES);
        must(w->stem.n >= 1 && w->stem.n <= TEXT_TERM_BYTES);
        must(w->parts <= a->n - i - 1);
        for (size_t k = 1; k <= w->parts; k++)
            must(a->words[i + k].parts == 0);
        single += w->parts == 0;
    }
    must(single >= 1 && single <= SYNONYM_WORDS_MAX && single <= a->span);
}

// Collects the alternatives found into names[].
static size_t search(const struct synonyms *s, const struct query *q, struct str *names)
{
    size_t found = 0;
    for (size_t at = 0; at < q->n; at++) {
        struct synonym_match out[SYNONYM_MATCHES_MAX];
        size_t n = synonyms_match(s, q->v, q->n, at, out);
        must(n <= SYNONYM_MATCHES_MAX && (n == 0 || !q->v[at].is_stop));
        for (size_t i = 0; i < n; i++) {
            const struct token *last = &q->v[out[i].last];
            must(out[i].last >= at && out[i].last < q->n && !last->is_stop);
            must(out[i].positions == last->position + last->span - q->v[at].position);
            must(i == 0 || out[i].positions <= out[i - 1].positions);
            must(out[i].n >= 1 && out[i].n <= SYNONYM_ENTRY_MAX);
            for (size_t j = 0; j < out[i].n; j++) {
                check_alternative(out[i].alternatives[j]);
                if (found < NAMES)
                    names[found++] = out[i].alternatives[j]->text;
            }
        }
    }
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct analyzer *analyzer;
    if (!analyzer)
        must((analyzer = analyzer_new(STR("le la les de des du un en et il aujourdhui"), NULL)));
    struct str file = str_slice((const char *)data, size), text = STR_NONE;
    ptrdiff_t nul = str_find_char(file, '\0');
    if (nul >= 0) {
        file.n = (size_t)nul;
        text = str_slice(file.p + nul + 1, size - (size_t)nul - 1);
    }
    struct err e = {0};
    struct synonyms *s = synonyms_new(file, analyzer, &e);
    must(s || (e.code == ERR_CONFIG && e.what[0] && e.hint[0] &&
               str_starts(str_of(e.where), STR("line "))));
    if (s) {
        struct arena a = {0};
        struct str names[NAMES], more[NAMES];
        struct query *q = ARENA_NEW(&a, struct query);
        q->arena = &a;
        analyze(analyzer, text.n ? text : file, keep, q);
        size_t n = search(s, q, names);
        for (size_t i = 0; i < n; i++) {
            q->n = 0;
            analyze(analyzer, names[i], keep, q);
            search(s, q, more);
        }
        arena_free(&a);
    }
    synonyms_free(s);
    return 0;
}
