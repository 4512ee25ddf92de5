// store/store.h on SQLite: runs, the lines of their reports, and removals that were held back.
#include "tests/unit/store_helpers.h"

static void states(void)
{
    enum run_state state;
    for (int i = RUN_QUEUED; i <= RUN_INTERRUPTED; i++)
        ok(run_state_find(str_of(run_state_name((enum run_state)i)), &state) && (int)state == i);
    is_str(run_state_name(RUN_DONE_WITH_ERRORS), "done_with_errors");
    ok(!run_state_find(STR("finished"), &state));
}

static void saved(struct store *s)
{
    struct err e = {0};
    struct run run = {.source = STR("a"),
                      .state = RUN_QUEUED,
                      .trigger = STR("schedule"),
                      .force = true,
                      .started = 50,
                      .cursor = STR("not kept by begin")},
               back;
    ok(store_run_begin(s, &run, &e));
    is_int(run.run, 1);
    ok(store_run_get(s, 1, &arena, &back, &e));
    is_text(back.source, "a");
    is_int(back.state, RUN_QUEUED);
    is_text(back.trigger, "schedule");
    ok(back.force);
    is_int(back.started, 50);
    is_int(back.ended, 0);
    is_int(back.cursor.n, 0);

    run.source = STR("not written");
    run.trigger = STR("not written");
    run.started = 51;
    run.state = RUN_FAILED;
    run.force = false;
    run.counts = (struct run_counts){1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    run.ended = 60;
    run.cpu_seconds = 1.25;
    run.last_seq = 12;
    run.last_fseq = 13;
    run.cursor = STR("{}");
    run.message = STR("network: no route");
    run.error_count = 99;
    ok(store_run_save(s, &run, &e));
    ok(store_run_get(s, 1, &arena, &back, &e));
    is_text(back.source, "a");
    is_text(back.trigger, "schedule");
    is_int(back.started, 50);
    is_int(back.state, RUN_FAILED);
    ok(!back.force);
    ok(memcmp(&back.counts, &run.counts, sizeof back.counts) == 0);
    is_int(back.counts.added, 1);
    is_int(back.counts.bytes, 11);
    is_int(back.ended, 60);
    ok(back.cpu_seconds == 1.25);
    is_int(back.last_seq, 12);
    is_int(back.last_fseq, 13);
    is_text(back.cursor, "{}");
    is_text(back.message, "network: no route");
    is_int(back.error_count, 0); // no line was written

    run.run = 77;
    ok(!store_run_save(s, &run, &e) && e.code == ERR_NOT_FOUND);
    ok(!store_run_get(s, 77, &arena, &back, &e) && e.code == ERR_NOT_FOUND);
}

static void listed(struct store *s)
{
    struct err e = {0};
    begun(s, "b", 100); // 2
    begun(s, "a", 110); // 3
    struct run *list;
    size_t n;
    ok(store_runs(s, STR_NONE, 2, &arena, &list, &n, &e));
    is_int(n, 2);
    is_int(list[0].run, 3);
    is_int(list[1].run, 2);
    ok(store_runs(s, STR("a"), 10, &arena, &list, &n, &e));
    is_int(n, 2);
    is_int(list[0].run, 3);
    is_int(list[1].run, 1);
    is_text(list[1].message, "network: no route");
    ok(store_runs(s, STR("nobody"), 10, &arena, &list, &n, &e));
    is_int(n, 0);
}

static void lines(struct store *s)
{
    struct err e = {0};
    struct run run = begun(s, "a", 200), back;
    struct run_error line = {STR("a:1"), STR("https://example.org/?page=3"), STR("record"),
                             STR("no title")};
    ok(store_run_error(s, run.run, &line, &e));
    struct run_error *list;
    size_t n;
    ok(store_run_errors(s, run.run, 10, &arena, &list, &n, &e));
    is_int(n, 1);
    is_text(list[0].record, "a:1");
    is_text(list[0].page, "https://example.org/?page=3");
    is_text(list[0].kind, "record");
    is_text(list[0].message, "no title");

    // A page brings some; the run that saves after it does not lose count.
    struct run_error many[600] = {{.record = STR_NONE}};
    for (int i = 0; i < 600; i++)
        many[i].message = arena_printf(&arena, "m%d", i);
    struct store_page page = {.run = &run, .errors = many, .error_count = 600, .now = 210};
    ok(store_page_write(s, &page, &e));
    is_int(run.error_count, 601);
    ok(store_run_save(s, &run, &e));
    ok(store_page_write(s, &page, &e));
    is_int(run.error_count, 1201);
    ok(store_run_error(s, run.run, &line, &e));
    ok(store_run_get(s, run.run, &arena, &back, &e));
    is_int(back.error_count, 1202);
    ok(store_run_errors(s, run.run, 5000, &arena, &list, &n, &e));
    is_int(n, STORE_RUN_ERRORS_MAX);
    is_text(list[1].message, "m0");
    is_text(list[999].message, "m398");
    ok(store_run_errors(s, run.run, 3, &arena, &list, &n, &e));
    is_int(n, 3);

    // A text that is too long is cut, and no character with it.
    struct run other = begun(s, "a", 220);
    struct buf b = {0};
    buf_addc(&b, 'x');
    for (int i = 0; i < 1500; i++)
        buf_addz(&b, "é");
    line.message = buf_str(&b);
    ok(store_run_error(s, other.run, &line, &e));
    ok(store_run_errors(s, other.run, 10, &arena, &list, &n, &e));
    is_int(list[0].message.n, 1999);
    buf_free(&b);

    ok(!store_run_error(s, 777, &line, &e) && e.code == ERR_NOT_FOUND);
    struct run ghost = {.run = 777, .source = STR("a")};
    page = (struct store_page){.run = &ghost, .now = 230};
    ok(!store_page_write(s, &page, &e) && e.code == ERR_NOT_FOUND);
}

static bool gather(void *arg, struct str id)
{
    arena_push(&arena, arg, arena_str(&arena, id));
    return ((struct strs *)arg)->n < 3;
}

static void resumed(struct store *s)
{
    struct err e = {0};
    struct run found;
    int64_t count = -1;
    ok(store_runs_orphaned(s, &count, &e)); // 2, 3 and the two of lines()
    is_int(count, 4);
    ok(store_runs_orphaned(s, &count, &e));
    is_int(count, 0);

    ok(!store_run_resumable(s, STR("r"), &arena, &found, &e) && e.code == ERR_NOT_FOUND);
    struct run run = begun(s, "r", 300);
    struct store_item items[] = {item("r:1", "x", 1), item("r:2", "y", 1)};
    run.cursor = STR("{\"page\":7}");
    ok(write_items(s, &run, items, 2, 310));
    ok(!store_run_resumable(s, STR("r"), &arena, &found, &e)); // it runs
    ok(store_runs_orphaned(s, &count, &e));
    is_int(count, 1);
    ok(store_run_resumable(s, STR("r"), &arena, &found, &e));
    is_int(found.run, run.run);
    is_int(found.state, RUN_INTERRUPTED);
    is_int(found.ended, 0);
    is_text(found.cursor, "{\"page\":7}");
    is_int(found.counts.added, 2);

    struct strs seen = {0};
    ok(store_run_seen(s, run.run, gather, &seen, &e));
    is_int(seen.n, 2);
    is_text(seen.v[0], "r:1");
    is_text(seen.v[1], "r:2");
    seen.n = 2; // the visit says stop at the third
    ok(store_run_seen(s, run.run, gather, &seen, &e));
    is_int(seen.n, 3);
    seen = (struct strs){0};
    ok(store_run_seen(s, 1, gather, &seen, &e));
    is_int(seen.n, 0);

    // Without a cursor there is nowhere to go on; a newer run makes the older one history.
    found.cursor = STR_NONE;
    ok(store_run_save(s, &found, &e));
    ok(!store_run_resumable(s, STR("r"), &arena, &found, &e) && e.code == ERR_NOT_FOUND);
    run.state = RUN_INTERRUPTED;
    ok(store_run_save(s, &run, &e));
    ok(store_run_resumable(s, STR("r"), &arena, &found, &e));
    struct run newer = begun(s, "r", 320);
    newer.state = RUN_DONE;
    ok(store_run_save(s, &newer, &e));
    ok(!store_run_resumable(s, STR("r"), &arena, &found, &e) && e.code == ERR_NOT_FOUND);
}

// Four records of h; the run misses the last three, and is held back with them.
static struct run held_run(struct store *s, int64_t now)
{
    struct err e = {0};
    struct run run = begun(s, "h", now);
    struct store_item items[] = {item("h:1", "a", 1), item("h:2", "b", 1), item("h:3", "c", 1),
                                 item("h:4", "d", 1)};
    ok(write_items(s, &run, items, 4, now + 1));
    run = begun(s, "h", now + 2);
    ok(write_items(s, &run, items, 1, now + 3));
    const struct str ids[] = {STR("h:2"), STR("h:3"), STR("h:4"), STR("h:unknown")};
    struct store_absent absent[] = {
        {STR("h:2"), ABSENT_MISSING}, {STR("h:3"), ABSENT_MISSING}, {STR("h:4"), ABSENT_MISSING}};
    run.state = RUN_HELD_BACK;
    run.message = STR("would remove too much");
    ok(store_held_write(s, &run, ids, 4, &e));
    ok(store_absences_write(s, &run, absent, 3, now + 4, &e));
    is_int(run.counts.missing, 3);
    return run;
}

static void held(struct store *s)
{
    struct err e = {0};
    struct strs ids;
    struct run back;
    struct run run = held_run(s, 400);
    ok(store_held_read(s, run.run, &arena, &ids, &e));
    is_int(ids.n, 3);
    is_text(ids.v[0], "h:2");
    is_text(ids.v[2], "h:4");

    // Meanwhile h:3 is seen again.
    struct run later = begun(s, "h", 410);
    struct store_item again = item("h:3", "c", 1);
    ok(write_one(s, &later, &again, 411));

    int64_t seq, fseq;
    ok(store_heads(s, &seq, &fseq, &e));
    ok(store_held_accept(s, run.run, 420, &e));
    ok(got(s, "h:2").removed && got(s, "h:4").removed);
    is_int(got(s, "h:2").removed_at, 420);
    ok(!got(s, "h:3").removed);
    ok(store_run_get(s, run.run, &arena, &back, &e));
    is_int(back.state, RUN_DONE);
    is_int(back.message.n, 0);
    is_int(back.counts.removed, 2);
    is_int(back.counts.missing, 1);
    is_int(back.last_seq, seq + 2);
    ok(store_held_read(s, run.run, &arena, &ids, &e));
    is_int(ids.n, 0);
    ok(!store_held_accept(s, run.run, 421, &e) && e.code == ERR_CONFLICT);
    ok(!store_held_refuse(s, run.run, 421, &e) && e.code == ERR_CONFLICT);
    ok(!store_held_accept(s, 999, 421, &e) && e.code == ERR_NOT_FOUND);
}

static void refused(struct store *s)
{
    struct err e = {0};
    struct strs ids;
    struct run back;
    struct run run = held_run(s, 500);
    const struct run_error line = {.message = STR("one that could not be read")};
    ok(store_run_error(s, run.run, &line, &e));
    struct run other = begun(s, "h", 510);
    ok(store_absences_write(s, &other, &(struct store_absent){STR("h:4"), ABSENT_REMOVED}, 1, 511,
                            &e));
    int64_t seq, fseq, seq_after, fseq_after;
    ok(store_heads(s, &seq, &fseq, &e));
    ok(store_held_refuse(s, run.run, 520, &e));
    struct stored r = got(s, "h:2");
    is_int(r.status, STATUS_ACTIVE);
    is_int(r.missed, 0);
    is_int(r.missing_since, 0);
    is_int(got(s, "h:3").status, STATUS_ACTIVE);
    ok(got(s, "h:4").removed);
    ok(store_heads(s, &seq_after, &fseq_after, &e));
    is_int(seq_after, seq);
    is_int(fseq_after, fseq + 2);
    ok(store_run_get(s, run.run, &arena, &back, &e));
    is_int(back.state, RUN_DONE_WITH_ERRORS);
    is_int(back.counts.removed, 0);
    is_int(back.counts.missing, 3);
    is_int(back.last_fseq, fseq + 2);
    ok(store_held_read(s, run.run, &arena, &ids, &e));
    is_int(ids.n, 0);
}

static bool list_id(void *arg, struct str id)
{
    size_t n = strlen(arg);
    snprintf((char *)arg + n, 100 - n, "%.*s ", STR_ARG(id));
    return true;
}

static const char *gone_in(struct store *s, int64_t run)
{
    static char text[100];
    struct err e = {0};
    text[0] = '\0';
    ok(store_run_gone(s, run, list_id, text, &e));
    return text;
}

// What a run that is interrupted knew to be gone is known to the one that goes on with it.
static void gone(struct store *s)
{
    struct err e = {0};
    struct store_item items[] = {item("g:1", "one", 1), item("g:2", "two", 1)};
    const struct str ids[] = {STR("g:2"), STR("g:never"), STR("g:1"), STR("g:2")};
    struct run run = begun(s, "g", 600);
    ok(write_items(s, &run, items, 2, 601));
    struct store_page page = {.run = &run, .gone = ids, .gone_count = 4, .now = 602};
    ok(store_page_write(s, &page, &e));
    is_str(gone_in(s, run.run), "g:1 g:2 ");
    is_int(got(s, "g:2").status, STATUS_ACTIVE);
    struct run other = begun(s, "other", 610);
    is_str(gone_in(s, other.run), "");
    is_str(gone_in(s, run.run), "g:1 g:2 ");
    ok(store_absences_write(s, &run, &(struct store_absent){STR("g:2"), ABSENT_REMOVED}, 1, 620,
                            &e));
    is_str(gone_in(s, run.run), "");
    // A tombstone is not gone again, and the next run begins anew.
    struct run second = begun(s, "g", 630);
    page.run = &second;
    ok(store_page_write(s, &page, &e));
    is_str(gone_in(s, second.run), "g:1 ");
    begun(s, "g", 640);
    is_str(gone_in(s, second.run), "");
}

int main(void)
{
    states();
    folder_make();
    struct store *s = opened(STORE_WRITE);
    saved(s);
    listed(s);
    lines(s);
    resumed(s);
    held(s);
    refused(s);
    gone(s);
    store_close(s);
    folder_remove();
    arena_free(&arena);
    return tap_done();
}
