// indexer/search/term_counts: what is told of a term is that of the state that a searcher has open, asked once or often; bounds.
#include "tests/unit/search_fixture.h"

#include "indexer/search/searcher.h"

static void add_titled(int id, const char *title)
{
    struct record r = record_of(arena_printf(&arena, "s:%d", id).p, KIND_DATASET, title);
    add(&r, STATUS_ACTIVE);
}

static uint32_t count_of(const char *term)
{
    uint32_t documents = 99;
    MUST(searcher_open(searcher, &e), &e);
    MUST(term_count(searcher, str_of(term), &documents, &e), &e);
    return documents;
}

static void follows_commits(void)
{
    begin_generation();
    add_titled(1, "Arbres");
    add_titled(2, "Arbres et bancs");
    commit("1", true);
    for (int i = 0; i < 3; i++) {
        is_int(count_of("arbres"), 2);
        is_int(count_of("bancs"), 1);
        is_int(count_of("fontaines"), 0);
    }
    add_titled(3, "Arbres, fontaines");
    add_titled(4, "Arbres");
    take_away("s:2");
    is_int(count_of("arbres"), 2); // not committed
    commit("2", true);
    for (int i = 0; i < 3; i++) {
        is_int(count_of("arbres"), 3);
        is_int(count_of("bancs"), 0);
        is_int(count_of("fontaines"), 1);
    }
}

// Two generations may be of the same revision.
static void follows_generations(void)
{
    begin_generation();
    add_titled(1, "Arbres");
    commit("1", true);
    is_int(count_of("arbres"), 1);
    begin_generation();
    add_titled(1, "Bancs");
    commit("1", true);
    is_int(count_of("arbres"), 0);
    is_int(count_of("bancs"), 1);
}

// More terms than are kept, asked for again: each is counted rightly, whether it went or stayed.
static void more_than_are_kept(void)
{
    enum { TERMS = TERM_COUNTS_BYTES / 50 };
    begin_generation();
    add_titled(1, "Arbres");
    commit("1", true);
    size_t wrong = 0;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < TERMS; i++) {
            wrong += count_of(arena_printf(&arena, "inconnu%d", i).p) != 0;
            wrong += count_of("arbres") != 1;
        }
    is_int(wrong, 0);
}

int main(void)
{
    search_begin();
    follows_commits();
    follows_generations();
    more_than_are_kept();
    search_end();
    return tap_done();
}
