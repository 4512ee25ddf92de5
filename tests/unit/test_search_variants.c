// Variants in a search: how many of a series are shown, what is told of the others, how they are opened; and that every record is
// reached once, over pages and cursors, while totals and facets count records.
#include "tests/unit/search_fixture.h"

#include "indexer/index/variants.h"

enum { BUDGETS = 9, COUNTS = 4, SINGLES = 3 };

#define RANKING_OF(n)                                                                              \
    TEST_FIELDS TEST_TEXT TEST_TITLE TEST_USE                                                      \
        "status: {missing: 0.8, archived: 0.3}\nvariants: " n "\n" TEST_MATCHING

static void add_one(const char *id, enum record_kind kind, const char *title, const char *publisher,
                    int64_t views)
{
    struct record r = record_of(id, kind, title);
    r.publisher.id = str_of(publisher);
    r.publisher.name = STR("Ville");
    r.popularity.views = views;
    add(&r, STATUS_ACTIVE);
}

// Budgets of 2011 to 2019, the later the more seen; comptes of four years; three records of no series, seen in between.
static void fill(void)
{
    static const int64_t views[] = {0, 102, 173, 295, 501, 852, 1448, 2462, 4185, 7115};
    begin_generation();
    for (int i = 1; i <= BUDGETS; i++)
        add_one(arena_printf(&arena, "b%d", i).p, KIND_DATASET,
                arena_printf(&arena, "Budget 201%d", i).p, "org:1", views[i]);
    for (int i = 1; i <= COUNTS; i++)
        add_one(arena_printf(&arena, "c%d", i).p, KIND_DATASET,
                arena_printf(&arena, "Comptes budget 201%d", i).p, "org:1", views[i]);
    add_one("other", KIND_DATASET, "Budget 2019", "org:2", 5500);
    add_one("reuse", KIND_REUSE, "Budget 2019", "org:1", 3200);
    add_one("nobody", KIND_DATASET, "Budget 2019", "", 90);
    commit("16", true);
}

static struct str key;

static struct str variants_text(void)
{
    struct buf b = {0};
    for (size_t i = 0; i < answer.hit_count; i++)
        buf_addf(&b, "%s%u", i ? " " : "", answer.hits[i].variants);
    struct str s = b.n ? arena_str(&arena, buf_str(&b)) : STR("");
    buf_free(&b);
    return s;
}

static void shown(void)
{
    use_rules("", TEST_GENERIC, RANKING_OF("2"));
    // The two best of each series; the second tells how many stand behind.
    is_text(ask("q=budget"), "b9 other b8 reuse c4 c3 nobody");
    is_text(variants_text(), "0 0 7 0 0 2 0");
    is_int(answer.total, 16); // records, not series
    is_int(answer.strict_total, 16);
    ok(answer.cursor.p == NULL);
    ok(answer.hits[0].variant.p == NULL);
    is_int(answer.hits[2].variant.n, VARIANT_BYTES);
    key = arena_str(&arena, answer.hits[2].variant);
    is_int(answer.hits[5].variant.n, VARIANT_BYTES);
    ok(!str_eq(key, answer.hits[5].variant));

    use_rules("", TEST_GENERIC, RANKING_OF("1"));
    is_text(ask("q=budget"), "b9 other reuse c4 nobody");
    is_text(variants_text(), "8 0 0 3 0");
    use_rules("", TEST_GENERIC, RANKING_OF("9"));
    is_text(ask("q=budget"), "b9 other b8 reuse b7 b6 b5 b4 c4 b3 c3 b2 c2 b1 nobody c1");
    is_text(variants_text(), "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0");
    use_rules("", TEST_GENERIC, RANKING_OF("8"));
    is_text(ask("q=budget"), "b9 other b8 reuse b7 b6 b5 b4 c4 b3 c3 b2 c2 nobody c1");
    is_text(variants_text(), "0 0 0 0 0 0 0 0 0 0 0 1 0 0 0");
    use_rules("", TEST_GENERIC, RANKING_OF("0"));
    is_text(ask("q=budget"), "b9 other b8 reuse b7 b6 b5 b4 c4 b3 c3 b2 c2 b1 nobody c1");
    ok(answer.hits[0].variant.p == NULL);
    use_rules("", TEST_GENERIC, RANKING_OF("2"));
}

static void not_grouped(void)
{
    // Sorted otherwise, without words, or with filters alone: all of them.
    is_text(ask("q=budget&sort=views"),
            "b9 other b8 reuse b7 b6 b5 b4 c4 b3 c3 b2 c2 b1 c1 nobody");
    is_int((ask("q=budget&sort=title"), answer.hit_count), 16);
    is_int((ask(""), answer.hit_count), 16);
    is_int((ask("kind=dataset"), answer.hit_count), 15);
    is_int((ask("q=kind:dataset"), answer.hit_count), 15);
    // What stands behind is of the results, not of the index.
    is_text(ask("q=budget 2013"), "b3 c3");
    is_text(variants_text(), "0 0");
}

static void opened(void)
{
    read_request("q=budget");
    request.variants = key;
    is_text(ask_request(), "b9 b8 b7 b6 b5 b4 b3 b2 b1");
    is_int(answer.total, 9);
    is_text(variants_text(), "0 0 0 0 0 0 0 0 0");
    // With pages, sorts, filters and no words.
    request.page_size = 4;
    request.page = 3;
    is_text(ask_request(), "b1");
    read_request("sort=title");
    request.variants = key;
    is_text(ask_request(), "b1 b2 b3 b4 b5 b6 b7 b8 b9");
    read_request("q=2013 budget&kind=dataset");
    request.variants = key;
    is_text(str_cut_utf8(ask_request(), 2), "b3");
    is_int(answer.strict_total, 1);
    read_request("q=budget&kind=reuse");
    request.variants = key;
    is_text(ask_request(), "");
    read_request("q=budget");
    request.variants = STR("0000000000000000");
    is_text(ask_request(), "");
    is_int(answer.total, 0);
}

static void facets(void)
{
    ask("q=budget&facets=1");
    is_text(facet_text(FACET_KIND), "dataset:15 reuse:1"); // of records
    is_text(facet_text(FACET_PUBLISHER), "org:1:14 org:2:1");
}

// Every result once, whatever the page; and with those that stand behind, every record.
static void reached(void)
{
    struct str whole = ask("q=budget");
    for (int size = 1; size <= 8; size++) {
        struct buf pages = {0}, cursors = {0};
        struct str cursor = STR("");
        size_t records = 0;
        for (int page = 1;; page++) {
            struct str ids =
                ask(arena_printf(&arena, "q=budget&page_size=%d&page=%d", size, page).p);
            is_int(answer.total, 16);
            if (!ids.n)
                break;
            buf_addf(&pages, "%s%.*s", pages.n ? " " : "", STR_ARG(ids));
            for (size_t i = 0; i < answer.hit_count; i++)
                records += 1 + answer.hits[i].variants;
            if (!answer.cursor.n)
                break;
        }
        do {
            struct str ids = ask(
                arena_printf(&arena, "q=budget&page_size=%d&cursor=%.*s", size, STR_ARG(cursor)).p);
            buf_addf(&cursors, "%s%.*s", cursors.n ? " " : "", STR_ARG(ids));
            cursor = arena_str(&arena, answer.cursor);
        } while (answer.cursor.n);
        is_text(buf_str(&pages), whole.p);
        is_text(buf_str(&cursors), whole.p);
        is_int(records, 16);
        buf_free(&pages);
        buf_free(&cursors);
    }
    // A page behind the last result is empty, though there are more records.
    is_text(ask("q=budget&page_size=4&page=3"), "");
    is_int(answer.total, 16);
    ok(answer.cursor.p == NULL);
    // A cursor is of one set of variants.
    ask("q=budget&page_size=2");
    read_request(
        arena_printf(&arena, "q=budget&page_size=2&cursor=%.*s", STR_ARG(answer.cursor)).p);
    request.variants = key;
    is_text(ask_request(), "query");
    is_str(e.what, "cursor belongs to another search");
}

// The last of the series that is shown goes away between two pages: another one takes its place, nothing else is passed over.
static void removed_under_way(void)
{
    is_text(ask("q=budget&page_size=3"), "b9 other b8");
    struct str cursor = arena_str(&arena, answer.cursor);
    take_away("b8");
    commit("17", true);
    is_text(ask(arena_printf(&arena, "q=budget&page_size=9&cursor=%.*s", STR_ARG(cursor)).p),
            "reuse b7 c4 c3 nobody");
    is_int(answer.total, 15);
    add_one("b8", KIND_DATASET, "Budget 2018", "org:1", 4185);
    commit("18", true);
}

// Similar records show two of a series.
static void similar(void)
{
    is_int(searcher_similar(searcher, STR("other"), 20, &arena, &answer, &e), true);
    size_t budgets = 0, counts = 0;
    for (size_t i = 0; i < answer.hit_count; i++) {
        struct str id = member_of(answer.hits[i].members, "id");
        budgets += id.p[0] == 'b';
        counts += id.p[0] == 'c';
    }
    is_int(budgets, 2);
    is_int(counts, 2);
    is_int(searcher_similar(searcher, STR("b1"), 20, &arena, &answer, &e), true);
    for (size_t i = 0; i < answer.hit_count; i++)
        ok(!str_eq(member_of(answer.hits[i].members, "id"), STR("b1")));
}

int main(void)
{
    search_begin();
    fill();
    shown();
    not_grouped();
    opened();
    facets();
    reached();
    removed_under_way();
    similar();
    search_end();
    return tap_done();
}
