// Searchers that follow a leader: when they stay, when they follow, when they open the index by themselves; commits that overtake them,
// generations, an index that goes; leading and following at once, on threads.
#include "tests/unit/search_fixture.h"

#include "base/date.h"
#include "indexer/search/follow.h"
#include "indexer/search/searcher.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static struct columns_holder *holder;
static struct follow *following;
static struct searcher *leader, *first, *second;
static int records, seq = 1;

static struct searcher *new_searcher(bool follows)
{
    struct searcher *s = searcher_new(data_folder, stop_words(), rules, &e);
    MUST(s, &e);
    searcher_share_columns(s, holder);
    if (follows)
        searcher_follow(s, following);
    return s;
}

// One more record about water, committed, and told as the indexer does.
static void one_more(void)
{
    char number[24];
    struct record r = record_of(arena_printf(&arena, "eau-%d", ++records).p, KIND_DATASET, "Eau");
    add(&r, STATUS_ACTIVE);
    snprintf(number, sizeof number, "%d", ++seq);
    commit(number, true);
    follow_index_moved(following);
}

// How many records about water a searcher finds; -1 where it cannot search, why is in `e`.
static int found_by(struct searcher *s)
{
    struct search_request r;
    struct search_answer out;
    struct arena a = {0};
    search_request_init(&r);
    r.q = STR("eau");
    r.facets = 1u << FACET_KIND;
    int total = searcher_search(s, &r, &a, &out, &e) ? (int)out.total : -1;
    arena_free(&a);
    return total;
}

static bool is_at(const struct searcher *s, const struct searcher *other)
{
    return s->columns && s->columns == other->columns;
}

// As the daemon: a search of the leader's before the others follow.
static void lead(void)
{
    MUST(searcher_lead(leader, following, &e), &e);
    MUST(found_by(leader) == records, &e);
    searcher_led(leader, following, true);
}

static void the_first_opening(void)
{
    begin_generation();
    one_more();
    is_int(found_by(first), 1); // by itself: nothing was led to yet
    lead();
    ok(is_at(leader, first)); // the leader has the columns that were there
    is_int(found_by(second), 1);
    ok(is_at(leader, second));
}

static void stays_and_follows(void)
{
    struct xap_db *before = first->db;
    one_more();
    is_int(found_by(first), 1);
    ok(first->db == before);
    MUST(searcher_lead(leader, following, &e), &e);
    is_int(found_by(leader), 2); // the leader is ahead
    is_int(found_by(leader), 2);
    is_int(found_by(first), 1);
    is_int(found_by(second), 1);
    searcher_led(leader, following, true);
    is_int(found_by(first), 2); // now, with a database that was opened for it
    ok(first->db != before);
    ok(is_at(first, leader));
    is_int(found_by(second), 2);
    ok(is_at(second, leader));

    // What is committed while the leader makes a state ready comes with the next.
    one_more();
    MUST(searcher_lead(leader, following, &e), &e);
    one_more();
    is_int(found_by(leader), 3);
    searcher_led(leader, following, true);
    is_int(found_by(first), 3);
    ok(is_at(first, leader));
    lead();
    is_int(found_by(first), 4);
    is_int(found_by(second), 4); // two states at once
    ok(is_at(second, leader));
    lead(); // nothing is new
    is_int(found_by(first), 4);
    ok(is_at(first, leader));
}

// While the next state is made ready, the last one is there for a searcher that did not come before.
static void comes_late(void)
{
    one_more();
    lead();
    one_more();
    MUST(searcher_lead(leader, following, &e), &e);
    is_int(found_by(second), records - 1);
    ok(!follow_is_late(following));
    searcher_led(leader, following, true);
    is_int(found_by(second), records);
    is_int(found_by(first), records);
}

static void a_leader_that_fails(void)
{
    one_more();
    MUST(searcher_lead(leader, following, &e), &e);
    searcher_led(leader, following, false);
    ok(follow_is_late(following));
    is_int(found_by(first), records); // by itself
    one_more();
    is_int(found_by(first), records); // and each time
    is_int(found_by(second), records);
    ok(is_at(first, second));
    lead();
    ok(!follow_is_late(following));
    one_more();
    is_int(found_by(first), records - 1);
    lead();
    is_int(found_by(first), records);
}

static void a_leader_that_does_not_come(void)
{
    one_more();
    double moved = date_stopwatch();
    is_int(found_by(first), records - 1);
    one_more(); // it is the first move that counts
    while (!follow_is_late(following))
        usleep(10000);
    double waited = date_stopwatch() - moved;
    ok(waited * 1000 >= FOLLOW_LATE_MS && waited < 30);
    is_int(found_by(first), records);
    is_int(found_by(second), records);
    lead();
    ok(!follow_is_late(following));
    is_int(found_by(first), records);
}

// Xapian keeps a state until the second commit behind it.
static void overtaken(void)
{
    enum { OTHERS = 1500 };
    for (int i = 0; i < OTHERS; i++) { // so that what is shown lies in several blocks
        struct record r = record_of(arena_printf(&arena, "fond-%d", i).p, KIND_DATASET, "Fond");
        r.description = STR("Fond de plan, sans rien d'autre que des limites");
        add(&r, STATUS_ACTIVE);
    }
    one_more();
    lead();
    int before = found_by(first), opened = 0;
    is_int(before, records);
    for (int i = 0; i < 8; i++) {
        struct xap_db *db = first->db;
        int at = records + 1;
        struct record r = record_of("autre", KIND_DATASET, "Autre chose");
        add(&r, STATUS_ACTIVE);
        one_more();
        // All of one state: that of its columns, or the last, where this cannot be read any more.
        int found = found_by(first);
        ok(found == before || found == at);
        opened += first->db != db;
        before = found;
    }
    ok(opened > 0);
    lead();
    is_int(found_by(first), records);
    is_int(found_by(second), records);
}

static void another_generation(void)
{
    int64_t old = first->generation;
    begin_generation();
    records = 0;
    one_more();
    one_more();
    MUST(generation_clean(data_folder, &e), &e); // its files go, what was opened stays
    ok(found_by(first) > 2);
    ok(first->generation == old);
    lead();
    is_int(found_by(first), 2);
    ok(first->generation == generation);
    ok(is_at(first, leader));
    is_int(found_by(second), 2);
    one_more();
    lead();
    is_int(found_by(second), 3);
    ok(is_at(second, leader));
}

static void an_index_that_goes(void)
{
    const char *link = fixture_path("data/index/current");
    MUST(unlink(link) == 0, NULL);
    is_int(found_by(first), -1); // at once
    is_int(e.code, ERR_NOT_FOUND);
    follow_index_moved(following);
    ok(!searcher_lead(leader, following, &e));
    is_int(e.code, ERR_NOT_FOUND);
    searcher_led(leader, following, true);
    ok(follow_is_late(following)); // there was nothing to follow
    MUST(generation_publish(data_folder, generation, &e), &e);
    is_int(found_by(first), 3);
    lead();
    is_int(found_by(second), 3);
    ok(!follow_is_late(following));
}

// One that follows nobody shares the columns, and has each commit at once.
static void beside_them(void)
{
    struct searcher *alone = new_searcher(false);
    one_more();
    is_int(found_by(alone), records);
    is_int(found_by(first), records); // what is there already is for all
    ok(is_at(first, alone));
    searcher_free(alone);
    lead();
}

static void places(void)
{
    struct follow *f = follow_new();
    size_t place = 0;
    for (size_t i = 0; i < FOLLOW_MOST; i++)
        ok(follow_join(f) == i);
    is_int(follow_join(f), FOLLOW_MOST);
    follow_leave(f, FOLLOW_MOST);
    follow_leave(f, 5);
    place = follow_join(f);
    is_int(place, 5);
    follow_free(f);
    follow_free(NULL);
}

// ---- At once ---------------------------------------------------------------------------------------

static atomic_bool over;
static atomic_int committed, wrong, searches[2];

static void *keep_leading(void *arg)
{
    struct err why;
    struct searcher *s = searcher_new(data_folder, stop_words(), rules, &why);
    (void)arg;
    searcher_share_columns(s, holder);
    while (!atomic_load(&over))
        searcher_led(s, following, searcher_lead(s, following, &why));
    searcher_free(s);
    return NULL;
}

// Each state has one record more: what is found never becomes less, and is never more than was committed.
static void *keep_searching(void *arg)
{
    struct err why;
    struct searcher *s = searcher_new(data_folder, stop_words(), rules, &why);
    atomic_int *count = arg;
    searcher_share_columns(s, holder);
    searcher_follow(s, following);
    int64_t last = 0;
    while (!atomic_load(&over)) {
        struct search_request r;
        struct search_answer out;
        struct arena a = {0};
        search_request_init(&r);
        r.q = STR("eau");
        r.facets = 1u << FACET_KIND;
        bool good = searcher_search(s, &r, &a, &out, &why);
        if (!good || out.total < last || out.total > atomic_load(&committed) + 1 ||
            out.hit_count != (out.total < 20 ? (size_t)out.total : 20) || out.facet_count != 1 ||
            out.facets[0].values[0].count != out.total)
            atomic_fetch_add(&wrong, 1);
        last = good ? out.total : last;
        atomic_fetch_add(count, 1);
        arena_free(&a);
    }
    searcher_free(s);
    return NULL;
}

static void at_once(void)
{
    enum { ROUNDS = 60 };
    pthread_t threads[3];
    atomic_store(&committed, records);
    MUST(pthread_create(&threads[0], NULL, keep_leading, NULL) == 0, NULL);
    for (int i = 0; i < 2; i++)
        MUST(pthread_create(&threads[1 + i], NULL, keep_searching, &searches[i]) == 0, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        int before[] = {atomic_load(&searches[0]), atomic_load(&searches[1])};
        one_more();
        atomic_store(&committed, records);
        // No search meets two commits.
        while (atomic_load(&searches[0]) < before[0] + 2 ||
               atomic_load(&searches[1]) < before[1] + 2)
            usleep(100);
    }
    atomic_store(&over, true);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    is_int(atomic_load(&wrong), 0);
    lead();
    is_int(found_by(first), records);
}

int main(void)
{
    search_begin();
    tells = true;
    holder = columns_holder_new();
    following = follow_new();
    leader = new_searcher(false);
    first = new_searcher(true);
    second = new_searcher(true);
    the_first_opening();
    stays_and_follows();
    comes_late();
    a_leader_that_fails();
    a_leader_that_does_not_come();
    overtaken();
    another_generation();
    an_index_that_goes();
    beside_them();
    places();
    at_once();
    searcher_free(second);
    searcher_free(first);
    searcher_free(leader);
    columns_holder_free(holder);
    follow_free(following);
    search_end();
    return tap_done();
}
