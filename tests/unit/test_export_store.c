// Reading all of the store in the order of ids, from one state of it; the list of changes.
#include "tests/unit/store_helpers.h"

#define A (&arena)

static struct store *writer, *reader;

static struct store_selection everything(void)
{
    return (struct store_selection){.kinds = STORE_ANY_KIND, .statuses = 0xF};
}

static struct str ids_of(struct store_selection selection, const char *after, size_t limit)
{
    struct err e = {0};
    struct strs ids;
    struct str line = STR("");
    if (!store_ids(reader, &selection, str_of(after), limit, A, &ids, &e))
        return arena_printf(A, "error: %s", e.what);
    for (size_t i = 0; i < ids.n; i++)
        line = arena_printf(A, "%.*s%s%.*s", STR_ARG(line), i ? " " : "", STR_ARG(ids.v[i]));
    return line;
}

static void fill(void)
{
    struct run run = begun(writer, "a", 100), other = begun(writer, "a.b", 100);
    struct store_item items[] = {item("a:2", "deux", 1), item("a:10", "dix", 1),
                                 item("a:1", "un", 1), item("a:é", "é", 1)};
    items[1].kind = KIND_REUSE;
    items[2].status = STATUS_ARCHIVED;
    ok(write_items(writer, &run, items, 4, 100));
    struct store_item one = item("a.b:1", "autre", 1);
    ok(write_one(writer, &other, &one, 101));
    struct store_absent absent[] = {{STR("a:2"), ABSENT_REMOVED}, {STR("a:é"), ABSENT_MISSING}};
    struct err e = {0};
    ok(store_absences_write(writer, &run, absent, 2, 102, &e));
}

static void test_ids(void)
{
    struct store_selection s = everything();
    is_text(ids_of(s, "", 100), "a.b:1 a:1 a:10 a:2 a:é"); // bytes
    is_text(ids_of(s, "", 2), "a.b:1 a:1");
    is_text(ids_of(s, "a:1", 2), "a:10 a:2");
    is_text(ids_of(s, "a:15", 2), "a:2 a:é"); // of one that is not there
    is_text(ids_of(s, "b", 2), "");
    s.statuses = 1u << STATUS_ACTIVE;
    is_text(ids_of(s, "", 100), "a.b:1 a:10");
    s.statuses = 1u << STATUS_ARCHIVED | 1u << STATUS_MISSING;
    is_text(ids_of(s, "", 100), "a:1 a:é");
    s.statuses = STORE_REMOVED;
    is_text(ids_of(s, "", 100), "a:2");
    s = everything();
    s.kinds = 1u << KIND_REUSE;
    is_text(ids_of(s, "", 100), "a:10");
    s.kinds = 0;
    is_text(ids_of(s, "", 100), "");
    s = everything();
    struct str names[] = {STR("a"), STR("a.b")};
    s.sources = (struct strs){names + 1, 1};
    is_text(ids_of(s, "", 100), "a.b:1");
    s.sources = (struct strs){names, 1}; // and not what begins so
    is_text(ids_of(s, "", 100), "a:1 a:10 a:2 a:é");
    s.sources.n = 2;
    is_text(ids_of(s, "", 100), "a.b:1 a:1 a:10 a:2 a:é");
}

// "2 a:10 added 100; ..."
static struct str changes_of(int64_t seq, size_t limit)
{
    struct err e = {0};
    struct store_change *v;
    size_t n;
    struct str line = STR("");
    if (!store_change_list(reader, seq, limit, A, &v, &n, &e))
        return arena_printf(A, "error: %s", e.what);
    for (size_t i = 0; i < n; i++)
        line = arena_printf(A, "%.*s%s%lld %.*s %s%.*s %lld", STR_ARG(line), i ? "; " : "",
                            (long long)v[i].seq, STR_ARG(v[i].id), v[i].removed ? "†" : "",
                            STR_ARG(v[i].what), (long long)v[i].at);
    return line;
}

static void test_changes(void)
{
    is_text(changes_of(0, 100), "2 a:10 added 100; 3 a:1 added 100; 4 a:é added 100; "
                                "5 a.b:1 added 101; 6 a:2 †removed 102");
    is_text(changes_of(3, 2), "4 a:é added 100; 5 a.b:1 added 101");
    is_text(changes_of(6, 100), "");
    is_text(changes_of(1000, 100), "");

    struct run run = begun(writer, "a", 200);
    struct store_item items[] = {item("a:10", "onze", 1), item("a:2", "deux", 1)};
    ok(write_items(writer, &run, items, 2, 200));
    is_text(changes_of(5, 100),
            "7 a:10 changed 200; 8 a:2 restored 200"); // each once, by its newest
    run.force = true;
    ok(write_one(writer, &run, &items[0], 300));
    is_text(changes_of(8, 100), "9 a:10  0"); // written again: no history
}

static int64_t newest(struct store *s)
{
    struct err e = {0};
    int64_t seq = -1, fseq;
    store_heads(s, &seq, &fseq, &e);
    return seq;
}

static void test_snapshot(void)
{
    struct err e = {0};
    struct stored r;
    ok(!store_snapshot_begin(writer, &e));
    is_int(e.code, ERR_ARGUMENT);
    store_snapshot_end(writer); // harmless
    int64_t before = newest(reader);
    ok(store_snapshot_begin(reader, &e));
    struct run run = begun(writer, "a", 400);
    struct store_item items[] = {item("a:0", "zéro", 1), item("a:1", "un de plus", 1)};
    ok(write_items(writer, &run, items, 2, 400)); // nobody waits
    is_int(newest(writer), before + 2);
    is_int(newest(reader), before);
    is_text(ids_of(everything(), "", 2), "a.b:1 a:1");
    ok(store_get(reader, STR("a:1"), A, &r, &e) && str_find(r.body, STR("de plus")) < 0);
    ok(!store_get(reader, STR("a:0"), A, &r, &e));
    store_snapshot_end(reader);
    store_snapshot_end(reader);
    is_int(newest(reader), before + 2);
    is_text(ids_of(everything(), "", 2), "a.b:1 a:0");
    ok(store_snapshot_begin(reader, &e)); // and again
    store_snapshot_end(reader);
}

int main(void)
{
    folder_make();
    writer = opened(STORE_WRITE);
    reader = opened(STORE_READ);
    fill();
    test_ids();
    test_changes();
    test_snapshot();
    store_close(reader);
    store_close(writer);
    folder_remove();
    arena_free(A);
    return tap_done();
}
