// store/store.h: the same brick in several catalogues. Each test has a store of its own.
#include "tests/unit/store_helpers.h"

static struct store *s;

// "own:" before a key: the record's own. Several keys are parted by '|'.
static struct store_item keyed(const char *id, const char *keys)
{
    struct store_item i = item(id, id, 1);
    struct store_key *list = ARENA_ARRAY(&arena, struct store_key, 16);
    struct str rest = str_of(keys), key;
    while (str_next(&rest, '|', &key))
        if (key.n) {
            bool own = str_starts(key, STR("own:"));
            list[i.key_count++] =
                (struct store_key){own ? str_slice(key.p + 4, key.n - 4) : key, own};
        }
    i.keys = list;
    i.rank = 50;
    return i;
}

static struct run harvested(const char *source, struct store_item *items, size_t n)
{
    static int64_t now = 100;
    struct run run = begun(s, source, now += 10);
    ok(write_items(s, &run, items, n, now));
    return run;
}

static void harvest_one(const char *source, struct store_item i)
{
    harvested(source, &i, 1);
}

// The others of its brick, "a:1 b:1"; in brackets when it stands behind one of them.
static const char *others(const char *id)
{
    static char text[500];
    struct stored r = got(s, id);
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < r.also_in.n; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s", i ? " " : "",
                              STR_ARG(r.also_in.v[i]));
    if (r.behind)
        snprintf(text + n, sizeof text - n, " (behind)");
    return text;
}

static int64_t head(void)
{
    struct err e = {0};
    int64_t seq = -1, fseq;
    store_heads(s, &seq, &fseq, &e);
    return seq;
}

static void test_two(void)
{
    harvest_one("a", keyed("a:1", "own:id x|page p"));
    is_str(others("a:1"), "");
    harvest_one("b", keyed("b:9", "id x"));
    is_str(others("a:1"), "b:9");
    is_str(others("b:9"), "a:1 (behind)"); // its key is the other's own
    // Both have a new seq, and nothing is counted.
    is_int(got(s, "a:1").seq, 3);
    is_int(got(s, "b:9").seq, 2);
    struct store_item again = keyed("b:9", "id x");
    struct run run = harvested("b", &again, 1);
    is_int(run.counts.unchanged, 1);
    is_int(run.counts.updated, 0);
    is_int(head(), 3);
    int64_t bricks, records;
    struct err e = {0};
    ok(store_join_counts(s, &bricks, &records, &e));
    is_int(bricks, 1);
    is_int(records, 2);
    struct store_bond *bonds;
    size_t n;
    ok(store_bonds(s, STR("b:9"), &arena, &bonds, &n, &e));
    is_int(n, 1);
    is_text(bonds[0].key, "id x");
    is_text(bonds[0].id, "a:1");
    ok(store_bonds(s, STR("c:1"), &arena, &bonds, &n, &e));
    is_int(n, 0);
}

// Whatever comes first, the same bricks.
static void test_order(void)
{
    harvest_one("b", keyed("b:9", "id x"));
    harvest_one("a", keyed("a:1", "own:id x"));
    is_str(others("a:1"), "b:9");
    is_str(others("b:9"), "a:1 (behind)");
}

static void test_rank(void)
{
    struct store_item one = keyed("a:1", "page p"), two = keyed("b:1", "page p");
    two.rank = 10;
    harvest_one("a", one);
    harvest_one("b", two);
    is_str(others("a:1"), "b:1 (behind)");
    one.rank = 10; // of the same rank, the oldest
    harvest_one("a", one);
    is_str(others("b:1"), "a:1 (behind)");
}

static void test_kinds(void)
{
    struct store_item reuse = keyed("b:1", "page p");
    reuse.kind = KIND_REUSE;
    harvest_one("a", keyed("a:1", "page p"));
    harvest_one("b", reuse);
    is_str(others("a:1"), "");
    is_str(others("b:1"), "");
}

static void test_twice_in_one_source(void)
{
    struct store_item pair[] = {keyed("a:1", "page p|id 1"), keyed("a:2", "page p")};
    harvested("a", pair, 2);
    harvest_one("b", keyed("b:1", "page p"));
    is_str(others("b:1"), "");
    // Another key still joins.
    harvest_one("b", keyed("b:1", "page p|id 1"));
    is_str(others("b:1"), "a:1 (behind)");
    is_str(others("a:2"), "");
    // Once only one holds it, it is a key again; then a third source comes in.
    harvest_one("a", keyed("a:1", "id 1"));
    is_str(others("a:1"), ""); // a:2 - b:1 - a:1 is a chain of two of one source: none is joined
    harvest_one("b", keyed("b:1", "page p"));
    is_str(others("a:2"), "b:1");
    harvest_one("c", keyed("c:1", "page p"));
    is_str(others("a:2"), "b:1 c:1");
    is_str(others("c:1"), "a:2 b:1 (behind)");
}

static void test_chain(void)
{
    harvest_one("a", keyed("a:1", "id 1"));
    harvest_one("c", keyed("c:1", "id 2"));
    harvest_one("b", keyed("b:1", "id 1|id 2"));
    is_str(others("c:1"), "a:1 b:1 (behind)");
    // The link goes: two stand together, one alone.
    harvest_one("b", keyed("b:1", "id 1"));
    is_str(others("c:1"), "");
    is_str(others("b:1"), "a:1 (behind)");
}

static void remove_one(const char *source, const char *id)
{
    struct err e = {0};
    struct run run = begun(s, source, 900);
    struct store_absent gone = {str_of(id), ABSENT_REMOVED};
    ok(store_absences_write(s, &run, &gone, 1, 900, &e));
}

static void test_removed(void)
{
    harvest_one("a", keyed("a:1", "own:id 1"));
    harvest_one("b", keyed("b:1", "id 1"));
    harvest_one("c", keyed("c:1", "id 1"));
    int64_t before = head();
    remove_one("a", "a:1");
    is_str(others("b:1"), "c:1");
    is_str(others("c:1"), "b:1 (behind)");
    is_str(others("a:1"), "");
    ok(got(s, "b:1").seq > before && got(s, "c:1").seq > before);
    remove_one("c", "c:1");
    is_str(others("b:1"), "");
    // Come back, it is the origin again.
    harvest_one("a", keyed("a:1", "own:id 1"));
    is_str(others("b:1"), "a:1 (behind)");
}

static void test_apart(void)
{
    struct err e = {0};
    harvest_one("a", keyed("a:1", "own:id 1"));
    harvest_one("b", keyed("b:1", "id 1"));
    int64_t before = head();
    ok(store_set_apart(s, STR("b:1"), true, &e));
    is_str(others("a:1"), "");
    is_str(others("b:1"), "");
    is_int(head(), before + 2);
    harvest_one("b", keyed("b:1", "id 1|page p")); // no harvest undoes it
    is_str(others("b:1"), "");
    ok(store_set_apart(s, STR("b:1"), false, &e));
    is_str(others("b:1"), "a:1 (behind)");
    ok(!store_set_apart(s, STR("z:1"), true, &e) && e.code == ERR_NOT_FOUND);
    is_str(e.what, "no record has the id z:1");
}

// What the origin shows of the others is made again when they change.
static void test_content(void)
{
    harvest_one("a", keyed("a:1", "own:id 1"));
    harvest_one("b", keyed("b:1", "id 1"));
    int64_t before = got(s, "a:1").seq;
    struct store_item other = item("b:1", "another title", 1);
    struct store_item with_keys = keyed("b:1", "id 1");
    with_keys.body = other.body;
    memcpy(with_keys.hash, other.hash, sizeof other.hash);
    struct run run = harvested("b", &with_keys, 1);
    is_int(run.counts.updated, 1);
    ok(got(s, "a:1").seq > before);
    is_int(run.last_seq, got(s, "a:1").seq);
    before = got(s, "b:1").seq;
    with_keys.figures = STR("{\"popularity\":{\"views\":7}}");
    run = harvested("b", &with_keys, 1);
    is_int(run.counts.figures, 1);
    is_int(got(s, "b:1").seq, before);
}

static void test_mentions(void)
{
    struct str mention = STR("id x");
    struct store_item naming = keyed("b:1", "");
    naming.kind = KIND_DATASERVICE;
    naming.mentions = &mention;
    naming.mention_count = 1;
    harvest_one("b", naming);
    is_int(got(s, "b:1").mentioned.n, 0);
    int64_t before = got(s, "b:1").seq;
    harvest_one("c", keyed("c:1", "id x")); // holds it, but not as its own
    is_int(got(s, "b:1").mentioned.n, 0);
    harvest_one("a", keyed("a:1", "own:id x"));
    is_int(got(s, "b:1").mentioned.n, 1);
    is_text(got(s, "b:1").mentioned.v[0], "a:1");
    ok(got(s, "b:1").seq > before);
    is_str(others("b:1"), ""); // to name is not to be
    before = got(s, "b:1").seq;
    remove_one("a", "a:1");
    is_int(got(s, "b:1").mentioned.n, 0);
    ok(got(s, "b:1").seq > before); // it is shown without it
    // A repository is nobody's own: who holds it is meant.
    mention = STR("repository https://f.fr/x");
    harvest_one("b", naming);
    harvest_one("c", keyed("c:1", "repository https://f.fr/x"));
    is_int(got(s, "b:1").mentioned.n, 1);
    is_text(got(s, "b:1").mentioned.v[0], "c:1");
}

// A dry run joins nothing.
static void test_dry_run(void)
{
    struct err e = {0};
    harvest_one("a", keyed("a:1", "id 1"));
    struct store_item i = keyed("b:1", "id 1");
    struct run run = {.source = STR("b"), .state = RUN_RUNNING};
    struct store_page page = {.run = &run, .items = &i, .item_count = 1, .dry_run = true};
    ok(store_page_write(s, &page, &e));
    is_str(others("a:1"), "");
    is_int(head(), 1);
}

static void test_too_many(void)
{
    char id[20], source[20];
    for (int i = 0; i < 33; i++) {
        snprintf(source, sizeof source, "s%d", i);
        snprintf(id, sizeof id, "s%d:1", i);
        harvest_one(source, keyed(arena_z(&arena, str_of(id)), "id 1"));
        if (i == 31)
            is_int(got(s, "s0:1").also_in.n, 31);
    }
    is_int(got(s, "s0:1").also_in.n, 0);
}

// Each shares a key with the one before it alone.
static void test_too_long(void)
{
    char id[20], source[20], keys[40];
    for (int i = 0; i < 33; i++) {
        snprintf(source, sizeof source, "s%d", i);
        snprintf(id, sizeof id, "s%d:1", i);
        snprintf(keys, sizeof keys, "id %d|id %d", i, i + 1);
        harvest_one(source, keyed(arena_z(&arena, str_of(id)), arena_z(&arena, str_of(keys))));
        if (i == 31)
            is_int(got(s, "s0:1").also_in.n, 31);
    }
    is_int(got(s, "s0:1").also_in.n, 0);
    is_int(got(s, "s32:1").also_in.n, 0);
}

static const char *numbered(const char *source, int n)
{
    return arena_printf(&arena, "%s:%d", source, n).p;
}

// A key that too many records of one source hold says nothing to another source, and who comes then moves nobody.
static void test_hot(void)
{
    struct str page = STR("page p");
    harvest_one("b", keyed("b:1", "own:page p"));
    harvest_one("c", keyed("c:1", "page p"));
    struct store_item naming = keyed("d:1", "");
    naming.kind = KIND_REUSE;
    naming.mentions = &page;
    naming.mention_count = 1;
    harvest_one("d", naming);
    is_str(others("b:1"), "c:1");
    is_int(got(s, "d:1").mentioned.n, 1);
    struct store_item software = keyed("e:1", "page p"); // of another kind
    software.kind = KIND_SOFTWARE;
    harvest_one("e", software);
    int64_t before = 0;
    for (int i = 0; i < 36; i++) {
        struct store_item one = keyed(numbered("a", i), "own:page p");
        one.kind = KIND_SOFTWARE;
        before = head();
        harvest_one("a", one);
        if (i == 0)
            is_str(others("a:0"), "e:1");
        if (i == 1) // two of one source, of that kind only
            is_str(others("e:1"), "");
        if (i == 28) { // with those of other kinds, as many as may be
            is_str(others("b:1"), "c:1");
            is_int(got(s, "d:1").mentioned.n, 30);
        }
        if (i == 29) { // one more
            is_str(others("b:1"), "");
            is_int(got(s, "d:1").mentioned.n, 0);
            ok(got(s, "d:1").seq > before);
        }
        if (i > 29)
            is_int(head(), before + 1);
    }
    // It is none as long as too many hold it; then it is one again.
    for (int i = 0; i < 6; i++) {
        before = head();
        remove_one("a", numbered("a", i));
        is_int(head(), before + 1);
    }
    is_str(others("b:1"), "");
    remove_one("a", "a:6");
    is_str(others("b:1"), "c:1");
    is_int(got(s, "d:1").mentioned.n, 30);
}

// What one record costs, in steps of SQLite's machine: as much with few that hold its keys as with many.
static int64_t steps;

static int count_steps(void *unused)
{
    (void)unused;
    steps++;
    return 0;
}

static int64_t cost_of(struct store_item i)
{
    steps = 0;
    sqlite3_progress_handler(sqlite_of(s)->db, 1, count_steps, NULL);
    harvest_one("a", i);
    sqlite3_progress_handler(sqlite_of(s)->db, 0, NULL, NULL);
    return steps;
}

static void test_cost(void)
{
    enum { MANY = 2000, PAGE = 200 };
    struct str page = STR("page p");
    int64_t few = 0;
    for (int i = 0; i < MANY; i += PAGE) {
        struct store_item items[2 * PAGE];
        for (int k = 0; k < PAGE; k++) {
            items[k] = keyed(numbered("a", i + k), "own:page p|repository r");
            items[PAGE + k] = keyed(numbered("a", MANY + i + k), "");
            items[PAGE + k].mentions = &page;
            items[PAGE + k].mention_count = 1;
        }
        harvested("a", items, 2 * PAGE);
        if (i == 0)
            few = cost_of(keyed("a:x", "own:page p|repository r"));
    }
    int64_t many = cost_of(keyed("a:y", "own:page p|repository r"));
    ok(few > 100 && many < few + few / 10);
    if (many >= few + few / 10)
        printf("# %lld steps, then %lld\n", (long long)few, (long long)many);
}

// A store whose keys are in their older order.
static void test_older_store(void)
{
    sqlite3 *db;
    harvest_one("a", keyed("a:1", "own:id x"));
    store_close(s);
    ok(sqlite3_open(folder_file("store.db"), &db) == SQLITE_OK);
    ok(sqlite3_exec(db,
                    "CREATE TABLE older (key TEXT NOT NULL, rec INTEGER NOT NULL REFERENCES "
                    "records, own INTEGER NOT NULL, mention INTEGER NOT NULL, PRIMARY KEY (key, "
                    "rec, mention)) STRICT, WITHOUT ROWID;"
                    "INSERT INTO older SELECT key, rec, own, mention FROM keys;"
                    "DROP TABLE keys; ALTER TABLE older RENAME TO keys;"
                    "CREATE INDEX keys_by_rec ON keys (rec);"
                    "DROP TABLE run_gone; PRAGMA user_version = 2",
                    NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    s = opened(STORE_WRITE);
    harvest_one("b", keyed("b:1", "id x"));
    is_str(others("b:1"), "a:1 (behind)");
}

int main(void)
{
    void (*const tests[])(void) = {
        test_two,     test_order,    test_rank,     test_kinds,       test_twice_in_one_source,
        test_chain,   test_removed,  test_apart,    test_content,     test_mentions,
        test_dry_run, test_too_many, test_too_long, test_older_store, test_hot,
        test_cost};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        folder_make();
        s = opened(STORE_WRITE);
        tests[i]();
        store_close(s);
        folder_remove();
    }
    arena_free(&arena);
    return tap_done();
}
