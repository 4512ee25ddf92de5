// store/store.h on SQLite: what a harvest leaves there, and how it is read. Faults are in test_store_faults.c.
#include "tests/unit/store_helpers.h"

static void expect_heads(struct store *s, int64_t seq, int64_t fseq, int line)
{
    struct err e = {0};
    int64_t got_seq = -1, got_fseq = -1;
    store_heads(s, &got_seq, &got_fseq, &e);
    tap_int(got_seq, seq, __FILE__, line, "seq");
    tap_int(got_fseq, fseq, __FILE__, line, "fseq");
}
#define heads(s, seq, fseq) expect_heads((s), (seq), (fseq), __LINE__)

static void empty(struct store *s)
{
    struct err e = {0};
    struct stored one, *list;
    struct history_entry *history;
    struct store_count *counts;
    struct run run, *runs;
    size_t n = 9;
    heads(s, 0, 0);
    ok(!store_get(s, STR("a:1"), &arena, &one, &e) && e.code == ERR_NOT_FOUND);
    ok(store_changes(s, 0, 10, &arena, &list, &n, &e));
    is_int(n, 0);
    ok(store_figures(s, 0, 10, &arena, &list, &n, &e));
    is_int(n, 0);
    ok(store_counts(s, &arena, &counts, &n, &e));
    is_int(n, 0);
    ok(!store_history(s, STR("a:1"), &arena, &history, &n, &e) && e.code == ERR_NOT_FOUND);
    ok(store_runs(s, STR_NONE, 10, &arena, &runs, &n, &e));
    is_int(n, 0);
    ok(!store_run_get(s, 1, &arena, &run, &e) && e.code == ERR_NOT_FOUND);
}

static struct history_entry newest(struct store *s, const char *id, size_t *n)
{
    struct err e = {0};
    struct history_entry *list = NULL;
    *n = 0;
    return store_history(s, str_of(id), &arena, &list, n, &e) && *n ? list[0]
                                                                    : (struct history_entry){0};
}

static void added(struct store *s)
{
    struct run run = begun(s, "a", 100);
    struct store_item items[] = {item("a:1", "un", 1), item("a:2", "deux", 2),
                                 item("a:3", "trois", 3)};
    items[1].kind = KIND_REUSE;
    items[2].status = STATUS_ARCHIVED;
    run.counts.pages = 1;
    run.cursor = STR("{\"page\":2}");
    ok(write_items(s, &run, items, 3, 110));
    for (int i = 0; i < 3; i++) {
        is_int(items[i].outcome, ITEM_ADDED);
        ok(!items[i].figures_moved);
    }
    is_int(run.counts.added, 3);
    is_int(run.counts.figures, 0);
    is_int(run.last_seq, 3);
    is_int(run.last_fseq, 0);
    heads(s, 3, 0);

    struct stored r = got(s, "a:2");
    is_text(r.id, "a:2");
    is_text(r.source, "a");
    is_int(r.kind, KIND_REUSE);
    is_int(r.status, STATUS_ACTIVE);
    is_int(r.seq, 2);
    is_int(r.fseq, 0);
    ok(!r.removed);
    is_text(r.body, "{\"id\":\"a:2\",\"kind\":\"dataset\",\"title\":\"deux\"}");
    is_text(r.figures, "{\"popularity\":{\"views\":2}}");
    ok(memcmp(r.hash, items[1].hash, SHA256_BYTES) == 0);
    is_int(r.first_seen, 110);
    is_int(r.last_seen, 110);
    is_int(r.last_changed, 110);
    is_int(r.removed_at, 0);
    is_int(r.missing_since, 0);
    is_int(r.missed, 0);
    is_int(got(s, "a:3").status, STATUS_ARCHIVED);

    size_t n;
    struct history_entry h = newest(s, "a:1", &n);
    is_int(n, 1);
    is_text(h.what, "added");
    is_text(h.changes, "[]");
    is_int(h.at, 110);
    is_int(h.seq, 1);

    // The run went with the page.
    struct err e = {0};
    struct run back;
    ok(store_run_get(s, run.run, &arena, &back, &e));
    is_int(back.counts.added, 3);
    is_int(back.counts.pages, 1);
    is_int(back.last_seq, 3);
    is_text(back.cursor, "{\"page\":2}");
}

static void unchanged(struct store *s)
{
    struct run run = begun(s, "a", 200);
    struct store_item items[] = {item("a:1", "un", 1), item("a:2", "deux", 2),
                                 item("a:3", "trois", 3)};
    items[1].kind = KIND_REUSE;
    items[2].status = STATUS_ARCHIVED;
    int before = sqlite3_total_changes(sqlite_of(s)->db);
    ok(write_items(s, &run, items, 3, 210));
    // A sighting each, and the run: its count of errors, the rest of it.
    is_int(sqlite3_total_changes(sqlite_of(s)->db) - before, 3 + 2);
    is_int(items[0].outcome, ITEM_UNCHANGED);
    is_int(run.counts.unchanged, 3);
    is_int(run.counts.figures, 0);
    is_int(run.last_seq, 0);
    heads(s, 3, 0);
    struct stored r = got(s, "a:1");
    is_int(r.first_seen, 110);
    is_int(r.last_seen, 210);
    is_int(r.last_changed, 110);
    is_int(r.seq, 1);
}

static void figures(struct store *s)
{
    struct run run = begun(s, "a", 300);
    struct store_item items[] = {item("a:1", "un", 10), item("a:2", "deux", 2),
                                 item("a:3", "trois", 30)};
    items[1].kind = KIND_REUSE;
    ok(write_items(s, &run, items, 3, 310)); // a:3 is active now, too
    is_int(items[0].outcome, ITEM_UNCHANGED);
    ok(items[0].figures_moved);
    ok(!items[1].figures_moved);
    ok(items[2].figures_moved);
    is_int(run.counts.unchanged, 3);
    is_int(run.counts.figures, 2);
    is_int(run.last_fseq, 2);
    is_int(run.last_seq, 0);
    heads(s, 3, 2);

    struct err e = {0};
    struct stored *list;
    size_t n;
    ok(store_figures(s, 0, 10, &arena, &list, &n, &e));
    is_int(n, 2);
    is_text(list[0].id, "a:1");
    is_int(list[0].fseq, 1);
    is_int(list[0].seq, 1);
    is_text(list[0].figures, "{\"popularity\":{\"views\":10}}");
    is_int(list[0].body.n, 0);
    is_text(list[1].id, "a:3");
    is_int(list[1].status, STATUS_ACTIVE);
    ok(store_figures(s, 1, 1, &arena, &list, &n, &e));
    is_int(n, 1);
    is_int(list[0].fseq, 2);
    ok(store_figures(s, 2, 10, &arena, &list, &n, &e));
    is_int(n, 0);

    // The status alone moves them.
    struct store_item i = item("a:3", "trois", 30);
    i.status = STATUS_ARCHIVED;
    ok(write_one(s, &run, &i, 320));
    ok(i.figures_moved);
    heads(s, 3, 3);
    is_int(got(s, "a:3").status, STATUS_ARCHIVED);
    i.status = STATUS_ACTIVE;
    ok(write_one(s, &run, &i, 321));
    heads(s, 3, 4);
}

static void updated(struct store *s)
{
    struct run run = begun(s, "a", 400);
    struct store_item i = item("a:1", "UN", 11); // figures move with it
    ok(write_one(s, &run, &i, 410));
    is_int(i.outcome, ITEM_UPDATED);
    ok(!i.figures_moved);
    is_int(run.counts.updated, 1);
    is_int(run.counts.figures, 0);
    heads(s, 4, 4);
    struct stored r = got(s, "a:1");
    is_int(r.seq, 4);
    is_int(r.fseq, 1);
    is_text(r.figures, "{\"popularity\":{\"views\":11}}");
    is_int(r.first_seen, 110);
    is_int(r.last_changed, 410);
    size_t n;
    struct history_entry h = newest(s, "a:1", &n);
    is_int(n, 2);
    is_text(h.what, "changed");
    is_text(h.changes, "[{\"field\":\"title\",\"from\":\"un\",\"to\":\"UN\"}]");
    is_int(h.seq, 4);

    // Forced, what is equal is written again, and its content did not change.
    run.force = true;
    i = item("a:1", "UN", 11);
    ok(write_one(s, &run, &i, 420));
    is_int(i.outcome, ITEM_UPDATED);
    heads(s, 5, 4);
    r = got(s, "a:1");
    is_int(r.seq, 5);
    is_int(r.last_changed, 410);
    newest(s, "a:1", &n);
    is_int(n, 2);
    i = item("a:1", "Un", 12);
    ok(write_one(s, &run, &i, 430));
    is_text(newest(s, "a:1", &n).changes, "[{\"field\":\"title\",\"from\":\"UN\",\"to\":\"Un\"}]");
    heads(s, 6, 4);
    is_text(got(s, "a:1").figures, "{\"popularity\":{\"views\":12}}");
}

static void changes(struct store *s)
{
    struct err e = {0};
    struct stored *list;
    size_t n;
    ok(store_changes(s, 0, 10, &arena, &list, &n, &e));
    is_int(n, 3);
    is_text(list[0].id, "a:2");
    is_text(list[1].id, "a:3");
    is_text(list[2].id, "a:1");
    is_int(list[2].seq, 6);
    is_text(list[2].body, "{\"id\":\"a:1\",\"kind\":\"dataset\",\"title\":\"Un\"}");
    is_text(list[2].figures, "{\"popularity\":{\"views\":12}}");
    ok(store_changes(s, 2, 1, &arena, &list, &n, &e));
    is_int(n, 1);
    is_int(list[0].seq, 3);
    ok(store_changes(s, 6, 10, &arena, &list, &n, &e));
    is_int(n, 0);
}

static bool absent(struct store *s, struct run *run, const char *id, enum absence what, int64_t now)
{
    struct err e = {0};
    return store_absences_write(s, run, &(struct store_absent){str_of(id), what}, 1, now, &e);
}

static void absences(struct store *s)
{
    struct run run = begun(s, "a", 500);
    ok(absent(s, &run, "a:1", ABSENT_MISSING, 510));
    struct stored r = got(s, "a:1");
    is_int(r.status, STATUS_MISSING);
    is_int(r.missed, 1);
    is_int(r.missing_since, 510);
    is_int(r.seq, 6);
    is_int(r.fseq, 5);
    is_int(run.counts.missing, 1);
    is_int(run.last_fseq, 5);

    // The second time its status does not move.
    ok(absent(s, &run, "a:1", ABSENT_MISSING, 520));
    r = got(s, "a:1");
    is_int(r.missed, 2);
    is_int(r.missing_since, 510);
    heads(s, 6, 5);

    // Back, with the same words: it is active, and its figures moved.
    struct store_item i = item("a:1", "Un", 12);
    ok(write_one(s, &run, &i, 530));
    is_int(i.outcome, ITEM_UNCHANGED);
    ok(i.figures_moved);
    r = got(s, "a:1");
    is_int(r.status, STATUS_ACTIVE);
    is_int(r.missed, 0);
    is_int(r.missing_since, 0);
    heads(s, 6, 6);

    // Back with other words: only the record moves.
    ok(absent(s, &run, "a:1", ABSENT_MISSING, 540));
    heads(s, 6, 7);
    i = item("a:1", "Uno", 12);
    ok(write_one(s, &run, &i, 550));
    is_int(i.outcome, ITEM_UPDATED);
    r = got(s, "a:1");
    is_int(r.status, STATUS_ACTIVE);
    is_int(r.missed, 0);
    heads(s, 7, 7);

    ok(absent(s, &run, "a:3", ABSENT_ARCHIVED, 560));
    r = got(s, "a:3");
    is_int(r.status, STATUS_ARCHIVED);
    is_int(r.missed, 0);
    is_int(r.last_seen, 560);
    is_int(run.counts.figures, 2);
    heads(s, 7, 8);
    ok(absent(s, &run, "a:3", ABSENT_ARCHIVED, 570)); // as it was
    is_int(got(s, "a:3").last_seen, 570);
    heads(s, 7, 8);
    is_int(run.counts.missing, 3);

    ok(absent(s, &run, "a:9", ABSENT_REMOVED, 580)); // nobody
    is_int(run.counts.removed, 0);
}

static void tombstones(struct store *s)
{
    struct err e = {0};
    struct run run = begun(s, "a", 600), back;
    ok(absent(s, &run, "a:1", ABSENT_REMOVED, 610));
    is_int(run.counts.removed, 1);
    is_int(run.last_seq, 8);
    heads(s, 8, 8);
    struct stored r = got(s, "a:1"), *list;
    ok(r.removed);
    is_text(r.source, "a");
    is_int(r.removed_at, 610);
    is_int(r.body.n, 0);
    is_int(r.figures.n, 0);
    is_int(r.seq, 8);
    is_int(r.first_seen, 110);
    is_int(r.last_seen, 550);
    size_t n;
    struct history_entry h = newest(s, "a:1", &n);
    is_text(h.what, "removed");
    is_int(h.at, 610);
    ok(store_changes(s, 7, 10, &arena, &list, &n, &e));
    is_int(n, 1);
    ok(list[0].removed);
    ok(store_figures(s, 0, 10, &arena, &list, &n, &e)); // its figures are gone
    is_int(n, 1);
    is_text(list[0].id, "a:3");
    ok(absent(s, &run, "a:1", ABSENT_REMOVED, 620)); // once is enough
    is_int(run.counts.removed, 1);
    ok(store_run_get(s, run.run, &arena, &back, &e));
    is_int(back.counts.removed, 1);

    struct store_item i = item("a:1", "Uno", 12);
    ok(write_one(s, &run, &i, 630));
    is_int(i.outcome, ITEM_RESTORED);
    is_int(run.counts.restored, 1);
    struct stored again = got(s, "a:1");
    ok(!again.removed);
    is_int(again.rec, r.rec);
    is_int(again.seq, 9);
    is_int(again.fseq, 0);
    is_int(again.removed_at, 0);
    is_int(again.first_seen, 110);
    is_int(again.last_changed, 630);
    is_text(again.body, "{\"id\":\"a:1\",\"kind\":\"dataset\",\"title\":\"Uno\"}");
    is_text(newest(s, "a:1", &n).what, "restored");
    heads(s, 9, 8);
}

static bool count_visit(void *arg, const struct stored *r)
{
    int *counts = arg;
    counts[r->kind]++;
    counts[KIND_COUNT] += r->body.n || r->figures.n;
    return counts[KIND_COUNT + 1]-- != 1; // stops after so many
}

static void sources_and_kinds(struct store *s)
{
    struct err e = {0};
    struct run run = begun(s, "b", 700);
    struct store_item items[] = {item("b:1", "x", 1), item("b:2", "y", 1), item("b:3", "z", 1)};
    items[0].kind = items[1].kind = KIND_ORGANIZATION;
    ok(write_items(s, &run, items, 3, 710));
    ok(absent(s, &run, "b:3", ABSENT_REMOVED, 720));
    ok(absent(s, &run, "b:1", ABSENT_MISSING, 720));

    int all[KIND_COUNT + 2] = {0};
    ok(store_each(s, STR_NONE, ~0u, count_visit, all, &e));
    is_int(all[KIND_DATASET], 2);
    is_int(all[KIND_REUSE], 1);
    is_int(all[KIND_ORGANIZATION], 2);
    is_int(all[KIND_COUNT], 0);
    int of_b[KIND_COUNT + 2] = {0};
    ok(store_each(s, STR("b"), ~0u, count_visit, of_b, &e));
    is_int(of_b[KIND_DATASET], 0);
    is_int(of_b[KIND_ORGANIZATION], 2);
    int kind[KIND_COUNT + 2] = {0};
    ok(store_each(s, STR("a"), 1u << KIND_REUSE | 1u << KIND_ORGANIZATION, count_visit, kind, &e));
    is_int(kind[KIND_DATASET], 0);
    is_int(kind[KIND_REUSE], 1);
    int stopped[KIND_COUNT + 2] = {[KIND_COUNT + 1] = 1};
    ok(store_each(s, STR("b"), ~0u, count_visit, stopped, &e));
    is_int(stopped[KIND_ORGANIZATION], 1);

    struct store_count *c;
    size_t n;
    ok(store_counts(s, &arena, &c, &n, &e));
    is_int(n, 4);
    is_text(c[0].source, "a");
    is_int(c[0].kind, KIND_DATASET);
    is_int(c[0].active, 1);
    is_int(c[0].archived, 1);
    is_int(c[1].kind, KIND_REUSE);
    is_int(c[1].active, 1);
    is_text(c[2].source, "b");
    is_int(c[2].kind, KIND_DATASET);
    is_int(c[2].active, 0);
    is_int(c[2].removed, 1);
    is_int(c[3].kind, KIND_ORGANIZATION);
    is_int(c[3].active, 1);
    is_int(c[3].missing, 1);
}

static void unread(struct store *s)
{
    struct err e = {0};
    struct run run = begun(s, "b", 800);
    const struct str ids[] = {STR("b:1"), STR("b:3"), STR("b:77"), STR("b:2")};
    struct store_page page = {.run = &run, .unread = ids, .unread_count = 4, .now = 810};
    int64_t seq, fseq;
    store_heads(s, &seq, &fseq, &e);
    ok(store_page_write(s, &page, &e));
    struct stored r = got(s, "b:1"); // was missing
    is_int(r.status, STATUS_ACTIVE);
    is_int(r.missed, 0);
    is_int(r.last_seen, 810);
    is_int(got(s, "b:2").last_seen, 810);
    ok(got(s, "b:3").removed); // a tombstone stays one
    is_int(got(s, "b:3").last_seen, 710);
    ok(!store_get(s, STR("b:77"), &arena, &r, &e));
    heads(s, seq, fseq + 1);
    is_int(run.counts.unchanged, 0);
}

static void dry_run(struct store *s)
{
    struct err e = {0};
    int64_t seq, fseq;
    store_heads(s, &seq, &fseq, &e);
    struct run run = begun(s, "a", 900), back;
    struct store_item items[] = {item("a:1", "Uno", 99), item("a:2", "autre", 2),
                                 item("a:50", "nouveau", 1), item("b:3", "z", 1)};
    const struct run_error error = {.message = STR("x")};
    struct store *reader = opened(STORE_READ);
    struct store_page page = {.run = &run,
                              .items = items,
                              .item_count = 4,
                              .errors = &error,
                              .error_count = 1,
                              .now = 910,
                              .dry_run = true};
    ok(store_page_write(reader, &page, &e));
    store_close(reader);
    is_int(items[0].outcome, ITEM_UNCHANGED);
    ok(items[0].figures_moved);
    is_int(items[1].outcome, ITEM_UPDATED);
    is_int(items[2].outcome, ITEM_ADDED);
    is_int(items[3].outcome, ITEM_RESTORED);
    is_int(run.counts.unchanged, 1);
    is_int(run.counts.figures, 1);
    is_int(run.counts.updated, 1);
    is_int(run.counts.added, 1);
    is_int(run.counts.restored, 1);
    is_int(run.error_count, 0);
    heads(s, seq, fseq);
    ok(!store_get(s, STR("a:50"), &arena, &(struct stored){0}, &e));
    is_text(got(s, "a:1").figures, "{\"popularity\":{\"views\":12}}");
    is_int(got(s, "a:1").last_seen, 630);
    ok(store_run_get(s, run.run, &arena, &back, &e));
    is_int(back.counts.added, 0);
    is_int(back.error_count, 0);
}

static void bounded_history(struct store *s)
{
    struct err e = {0};
    struct run run = begun(s, "c", 1000);
    for (int i = 0; i < STORE_HISTORY_MAX + 5; i++) {
        char title[20];
        snprintf(title, sizeof title, "t%d", i);
        struct store_item one = item("c:1", title, 1);
        if (!write_one(s, &run, &one, 1000 + i))
            ok(false);
    }
    struct history_entry *h;
    size_t n;
    ok(store_history(s, STR("c:1"), &arena, &h, &n, &e));
    is_int(n, STORE_HISTORY_MAX);
    is_text(h[0].changes, "[{\"field\":\"title\",\"from\":\"t23\",\"to\":\"t24\"}]");
    is_text(h[STORE_HISTORY_MAX - 1].changes,
            "[{\"field\":\"title\",\"from\":\"t4\",\"to\":\"t5\"}]");
    is_int(asked("SELECT count(*) FROM history WHERE rec = "
                 "(SELECT rec FROM records WHERE id = 'c:1')"),
           STORE_HISTORY_MAX);
}

// Bodies alike, enough of them for a dictionary; the later ones are compressed with it.
static void dictionary(struct store *s)
{
    struct err e = {0};
    struct run run = begun(s, "d", 1100);
    size_t good = 0;
    char id[20], title[300];
    for (int p = 0; p < 15; p++) {
        struct store_item items[100];
        for (int i = 0; i < 100; i++) {
            snprintf(id, sizeof id, "d:%d", 100 * p + i);
            snprintf(title, sizeof title,
                     "Adresses de la commune numéro %d, mises à jour le %d, au format %d",
                     7919 * (100 * p + i), i * 31, p);
            items[i] = item(arena_z(&arena, str_of(id)), title, i);
        }
        good += write_items(s, &run, items, 100, 1110);
    }
    is_int(good, 15);
    is_int(asked("SELECT count(*) FROM dictionaries"), 1);
    ok(asked("SELECT max(length(body)) FROM records WHERE id = 'd:1400'") <
       asked("SELECT min(length(body)) FROM records WHERE id = 'd:10'"));

    struct store *reader = opened(STORE_READ);
    struct store *both[] = {s, reader};
    for (int k = 0; k < 2; k++) {
        struct stored *list;
        size_t n, same = 0;
        ok(store_changes(both[k], run.last_seq - 1500, 2000, &arena, &list, &n, &e));
        is_int(n, 1500);
        for (size_t i = 0; i < n; i++) {
            unsigned char hash[SHA256_BYTES];
            sha256(list[i].body, hash);
            same += memcmp(hash, list[i].hash, SHA256_BYTES) == 0;
        }
        is_int(same, 1500);
    }
    store_close(reader);
}

int main(void)
{
    folder_make();
    struct store *s = opened(STORE_WRITE);
    empty(s);
    added(s);
    unchanged(s);
    figures(s);
    updated(s);
    changes(s);
    absences(s);
    tombstones(s);
    sources_and_kinds(s);
    unread(s);
    dry_run(s);
    bounded_history(s);
    dictionary(s);
    store_close(s);

    // Once more, from the file.
    s = opened(STORE_WRITE);
    is_text(got(s, "a:1").body, "{\"id\":\"a:1\",\"kind\":\"dataset\",\"title\":\"Uno\"}");
    is_text(got(s, "d:1499").figures, "{\"popularity\":{\"views\":99}}");
    store_close(s);
    folder_remove();
    arena_free(&arena);
    return tap_done();
}
