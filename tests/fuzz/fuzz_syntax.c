// Fuzzing of what people write in the search box. Clauses lie in the text, in order, have words, and are grouped as the header says;
// something is asked for whenever there is a clause; and words alone are read as themselves.
#include "base/buf.h"
#include "indexer/search/syntax.h"
#include "indexer/text/text.h"
#include "tests/fuzz/fuzz.h"

static bool has_word(struct str s)
{
    struct buf folded = {0};
    text_fold(&folded, s);
    bool has = folded.n > 0;
    buf_free(&folded);
    return has;
}

static void check(const struct syntax *s, struct str q)
{
    size_t members[SYNTAX_CLAUSES_MAX] = {0}, asked = 0;
    const char *last = q.p;
    must(s->n <= SYNTAX_CLAUSES_MAX && s->groups <= s->n && (s->groups > 0) == (s->n > 0));
    for (size_t i = 0; i < s->n; i++) {
        const struct clause *c = &s->clauses[i];
        must(c->kind <= CLAUSE_FILTER && c->field < FIELD_COUNT && c->facet < FACET_COUNT);
        must(c->group < s->groups && has_word(c->text));
        must(!c->quoted || c->kind == CLAUSE_FIELD);
        members[c->group]++;
        asked += !c->excluded;
        if (c->kind == CLAUSE_FILTER)
            continue; // its value may be a copy
        must(c->text.p >= last && c->text.p + c->text.n <= q.p + q.n);
        last = c->text.p + c->text.n;
    }
    for (unsigned g = 0; g < s->groups; g++)
        must(members[g] > 0);
    for (size_t i = 0; i < s->n; i++)
        must(!s->clauses[i].excluded || members[s->clauses[i].group] == 1);
    must((s->n > 0) == (asked > 0));
    must(s->n > 0 || !has_word(q));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct str q = str_slice((const char *)data, size);
    struct syntax s = syntax_read(q, &a);
    check(&s, q);
    struct str words = syntax_words(&s, &a);
    must(words.n <= q.n + s.n);

    struct buf folded = {0};
    text_fold(&folded, words);
    struct syntax again = syntax_read(buf_str(&folded), &a);
    must(again.n == (folded.n > 0) && !again.plain);
    if (again.n)
        must(again.clauses[0].kind == CLAUSE_WORDS &&
             str_eq(again.clauses[0].text, buf_str(&folded)));
    buf_free(&folded);
    arena_free(&a);
    return 0;
}
