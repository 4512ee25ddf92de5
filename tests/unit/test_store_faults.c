// store/store.h on SQLite when things go wrong: locks, versions, damage, a full disk, and a process that is killed.
#include "tests/unit/store_helpers.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static bool refused(enum store_mode mode, struct err *e)
{
    *e = (struct err){0};
    struct store *s = store_open(folder, mode, e);
    store_close(s);
    return s == NULL;
}

static void sql(const char *text)
{
    sqlite3 *db;
    char *error = NULL;
    if (sqlite3_open(folder_file("store.db"), &db) != SQLITE_OK ||
        sqlite3_exec(db, text, NULL, NULL, &error) != SQLITE_OK)
        printf("# %s: %s\n", text, error ? error : "cannot open");
    sqlite3_free(error);
    sqlite3_close(db);
}

static void start_over(void)
{
    folder_remove();
    folder_make();
}

static void nothing_there(void)
{
    struct err e;
    ok(refused(STORE_READ, &e) && e.code == ERR_NOT_FOUND);
    is_str(e.hint, "harvest a source first");
    int fd =
        open(folder_file("store.db"), O_CREAT | O_WRONLY, 0600); // as between two steps of a writer
    close(fd);
    ok(refused(STORE_READ, &e) && e.code == ERR_NOT_FOUND);

    char missing[400];
    snprintf(missing, sizeof missing, "%s/no/folder", folder);
    ok(!store_open(missing, STORE_WRITE, &e) && e.code == ERR_IO);
    char made[400];
    snprintf(made, sizeof made, "%s/data", folder);
    struct store *s = store_open(made, STORE_WRITE, &e);
    ok(s != NULL);
    store_close(s);
    static const char *const files[] = {"data/store.db", "data/store.lock"};
    for (int i = 0; i < 2; i++)
        ok(unlink(folder_file(files[i])) == 0);
    ok(rmdir(made) == 0);
    store_close(NULL);
}

static void one_writer(void)
{
    // Another process, made before this one has a database open, and told when it has.
    int told[2];
    if (pipe(told) != 0)
        abort();
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct err e;
        char byte;
        close(told[1]);
        bool ready = read(told[0], &byte, 1) == 1;
        bool writer = refused(STORE_WRITE, &e) && e.code == ERR_LOCKED;
        struct store *reader = store_open(folder, STORE_READ, &e);
        store_close(reader);
        _exit(!ready ? 2 : !writer ? 3 : !reader ? 4 : 0);
    }
    struct err e;
    char wanted[100];
    struct store *s = opened(STORE_WRITE);
    ok(write(told[1], "", 1) == 1);
    int status;
    waitpid(child, &status, 0);
    is_int(WEXITSTATUS(status), 0);
    close(told[0]);
    close(told[1]);

    ok(refused(STORE_WRITE, &e) && e.code == ERR_LOCKED); // nor twice in one
    snprintf(wanted, sizeof wanted, "process %ld writes to this store already", (long)getpid());
    is_str(e.what, wanted);
    store_close(s);
    store_close(opened(STORE_WRITE));
}

static void readers(void)
{
    struct err e = {0};
    struct store *s = opened(STORE_WRITE), *reader = opened(STORE_READ);
    struct run run = begun(s, "a", 10);
    int64_t seq, fseq, count;
    struct store_item i = item("a:1", "x", 1);
    ok(write_one(s, &run, &i, 11));
    ok(store_heads(reader, &seq, &fseq, &e)); // at once
    is_int(seq, 1);

    // What is not committed is not seen.
    sqlite3_exec(sqlite_of(s)->db, "BEGIN; UPDATE meta SET seq = 9", NULL, NULL, NULL);
    ok(store_heads(reader, &seq, &fseq, &e));
    is_int(seq, 1);
    sqlite3_exec(sqlite_of(s)->db, "ROLLBACK", NULL, NULL, NULL);

    // It writes nothing.
    struct store_page page = {.run = &run, .items = &i, .item_count = 1, .now = 12};
    ok(!store_page_write(reader, &page, &e) && e.code == ERR_ARGUMENT);
    ok(!store_run_begin(reader, &run, &e) && e.code == ERR_ARGUMENT);
    ok(!store_run_save(reader, &run, &e) && e.code == ERR_ARGUMENT);
    ok(!store_run_error(reader, 1, &(struct run_error){0}, &e) && e.code == ERR_ARGUMENT);
    ok(!store_runs_orphaned(reader, &count, &e) && e.code == ERR_ARGUMENT);
    ok(!store_absences_write(reader, &run, NULL, 0, 12, &e) && e.code == ERR_ARGUMENT);
    ok(!store_held_write(reader, &run, NULL, 0, &e) && e.code == ERR_ARGUMENT);
    ok(!store_held_accept(reader, 1, 12, &e) && e.code == ERR_ARGUMENT);
    ok(!store_held_refuse(reader, 1, 12, &e) && e.code == ERR_ARGUMENT);

    // It goes on when the writer is gone, and opens when none is there.
    store_close(s);
    is_text(got(reader, "a:1").id, "a:1");
    store_close(reader);
    reader = opened(STORE_READ);
    is_text(got(reader, "a:1").id, "a:1");
    store_close(reader);
}

// Somebody else's transaction: the writer waits, then says so.
static void busy(void)
{
    struct err e = {0};
    struct store *s = opened(STORE_WRITE);
    struct run run = begun(s, "a", 20);
    sqlite3 *other;
    sqlite3_open(folder_file("store.db"), &other);
    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    sqlite3_busy_timeout(sqlite_of(s)->db, 20);
    ok(!store_run_save(s, &run, &e) && e.code == ERR_BUSY);
    is_str(e.hint, "another program holds the database: try again");
    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(other);
    ok(store_run_save(s, &run, &e));
    store_close(s);
}

static void versions(void)
{
    struct err e;
    is_int(asked("PRAGMA user_version"), SQLITE_STORE_VERSION);
    char set[60];
    snprintf(set, sizeof set, "PRAGMA user_version = %d", SQLITE_STORE_VERSION + 1);
    sql(set);
    char what[80];
    snprintf(what, sizeof what, "the store is of version %d, and this program knows up to %d",
             SQLITE_STORE_VERSION + 1, SQLITE_STORE_VERSION);
    for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        ok(refused((enum store_mode)mode, &e) && e.code == ERR_CONFLICT);
        is_str(e.what, what);
        is_str(e.where, folder_file("store.db"));
    }

    start_over();
    sql("CREATE TABLE theirs (x)");
    ok(refused(STORE_WRITE, &e) && e.code == ERR_CONFLICT);
    is_str(e.what, "this is a database of another program");
    is_int(asked("SELECT count(*) FROM sqlite_schema"), 1); // left as it was
    start_over();
    sql("PRAGMA application_id = 7");
    ok(refused(STORE_WRITE, &e) && e.code == ERR_CONFLICT);
    start_over();
    sql("CREATE TABLE t (x); PRAGMA application_id = 0x476C6E72; PRAGMA user_version = 0");
    ok(refused(STORE_READ, &e) && e.code == ERR_NOT_FOUND);
    start_over();
}

static void migrations(void)
{
    struct err e = {0};
    struct sqlite_store s = {.path = folder};
    sqlite3_open(":memory:", &s.db);
    const char *const steps[] = {"CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE a (x)",
                                 "CREATE TABLE c (x)"};
    ok(!sqlite_migrate(&s, steps, 3, &e));
    is_str(e.what, "table a already exists");
    is_str(e.hint, "the step to version 2 of the store failed; it stays at version 1");
    sqlite3_stmt *q;
    sqlite3_prepare_v2(s.db,
                       "SELECT (SELECT count(*) FROM sqlite_schema), user_version "
                       "FROM pragma_user_version",
                       -1, &q, NULL);
    is_int(sqlite3_step(q), SQLITE_ROW);
    is_int(sqlite3_column_int(q, 0), 1); // b went with its step
    is_int(sqlite3_column_int(q, 1), 1);
    sqlite3_finalize(q);

    const char *const mended[] = {steps[0], "CREATE TABLE b (x)", steps[2]};
    ok(sqlite_migrate(&s, mended, 3, &e));
    ok(sqlite_migrate(&s, mended, 3, &e)); // nothing left to do
    sqlite3_close(s.db);
}

static void no_database(void)
{
    struct err e;
    char noise[8192];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)(i * 37 + 11);
    FILE *f = fopen(folder_file("store.db"), "w");
    fwrite(noise, 1, sizeof noise, f);
    fclose(f);
    ok(refused(STORE_WRITE, &e) && e.code == ERR_CORRUPT);
    ok(refused(STORE_READ, &e) && e.code == ERR_CORRUPT);
    start_over();
}

static bool ignore(void *arg, const struct stored *r)
{
    (void)arg, (void)r;
    return true;
}

static void damaged_with(const char *change, const char *file, int line)
{
    struct err e = {0}, f = {0}, g = {0};
    start_over();
    struct store *s = opened(STORE_WRITE);
    struct run run = begun(s, "a", 10);
    struct store_item items[] = {item("a:1", "x", 1), item("a:2", "y", 1)};
    write_items(s, &run, items, 2, 11);
    sql(change);
    struct stored r, *list;
    size_t n;
    bool one = store_get(s, STR("a:1"), &arena, &r, &e);
    bool all = store_changes(s, 0, 10, &arena, &list, &n, &f);
    store_each(s, STR_NONE, ~0u, ignore, NULL, &g); // must only not crash
    tap_result(!one && e.code == ERR_CORRUPT && !all && f.code == ERR_CORRUPT, file, line, change);
    tap_result(strstr(e.where, "record 1") != NULL, file, line, e.where);

    // The others are well, and a forced harvest mends it.
    tap_result(got(s, "a:2").body.n > 0, file, line, "the other one");
    run.force = true;
    tap_result(write_items(s, &run, items, 2, 12), file, line, "forced");
    tap_result(str_eq(got(s, "a:1").body, items[0].body), file, line, "mended");
    store_close(s);
}
#define damaged(change) damaged_with((change), __FILE__, __LINE__)

static void damage(void)
{
    damaged("UPDATE records SET body = x'00' WHERE rec = 1");
    damaged("UPDATE records SET body = x'' WHERE rec = 1");
    damaged("UPDATE records SET body = NULL WHERE rec = 1");
    damaged("UPDATE records SET body = substr(body, 1, length(body) - 6) WHERE rec = 1");
    // A frame that says that it holds a terabyte; one that says 9 bytes and holds none.
    damaged("UPDATE records SET body = x'28b52ffde00000000000010000' WHERE rec = 1");
    damaged("UPDATE records SET body = x'28b52ffd2009010000' WHERE rec = 1");
    // One that needs a dictionary which is not there.
    damaged("UPDATE records SET body = x'28b52ffd230102030409010000' WHERE rec = 1");
    damaged("UPDATE records SET hash = x'00' WHERE rec = 1");
    damaged("UPDATE records SET kind = 17 WHERE rec = 1");

    struct err e = {0};
    struct store *s = opened(STORE_WRITE);
    struct stored r;
    struct store_count *counts;
    struct run run;
    size_t n;
    sql("UPDATE figures SET status = -1 WHERE rec = 2");
    ok(!store_get(s, STR("a:2"), &arena, &r, &e) && e.code == ERR_CORRUPT);
    sql("UPDATE records SET kind = -1 WHERE rec = 2");
    ok(!store_counts(s, &arena, &counts, &n, &e) && e.code == ERR_CORRUPT);
    sql("UPDATE runs SET state = 'lost'");
    ok(!store_run_get(s, 1, &arena, &run, &e) && e.code == ERR_CORRUPT);
    sql("DELETE FROM meta");
    int64_t seq;
    ok(!store_heads(s, &seq, &seq, &e) && e.code == ERR_CORRUPT);
    ok(!store_run_begin(s, &run, &e) && e.code == ERR_CORRUPT);
    store_close(s);

    start_over();
    store_close(opened(STORE_WRITE));
    sql("INSERT INTO dictionaries VALUES (1, 1, x'37a430ec01000000ff')");
    ok(refused(STORE_WRITE, &e) && e.code == ERR_CORRUPT);
}

// A table is taken away under the writer's feet: each call fails with an error, and no transaction is left open.
static void broken_statements(void)
{
    static const char *const tables[] = {"history",  "sightings", "figures", "run_errors",
                                         "run_held", "records",   "runs"};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        start_over();
        struct store *s = opened(STORE_WRITE);
        struct run run = begun(s, "a", 10);
        struct store_item i = item("a:1", "x", 1);
        write_one(s, &run, &i, 11);
        char drop[100];
        snprintf(drop, sizeof drop, "PRAGMA foreign_keys = OFF; ALTER TABLE %s RENAME TO gone",
                 tables[t]);
        sql(drop);

        int64_t before = asked("SELECT seq FROM meta"), count;
        const struct run_error line = {.message = STR("m")};
        struct store_item items[] = {item("a:1", "changed", 1), item("a:2", "y", 1)};
        const struct str id = STR("a:1");
        const struct store_absent absent = {id, ABSENT_REMOVED};
        struct store_page page = {
            .run = &run, .items = items, .item_count = 2, .errors = &line, .error_count = 1};
        const struct run run_before = run;
        struct err e[8] = {{0}};
        int failures = !store_page_write(s, &page, &e[0]);
        failures += !store_absences_write(s, &run, &absent, 1, 12, &e[1]);
        failures += !store_held_write(s, &run, &id, 1, &e[2]);
        failures += !store_run_error(s, run.run, &line, &e[3]);
        failures += !store_run_save(s, &run, &e[4]);
        failures += !store_held_accept(s, run.run, 12, &e[5]);
        failures += !store_runs_orphaned(s, &count, &e[6]);
        failures += !store_run_begin(s, &run, &e[7]);
        ok(failures > 0);
        size_t named = 0;
        for (int k = 0; k < 8; k++)
            named += e[k].code != ERR_NONE;
        is_int(named, failures);
        ok(sqlite3_get_autocommit(sqlite_of(s)->db));
        if (e[0].code) {
            is_int(run.counts.added, run_before.counts.added);
            is_int(run.counts.updated, 0);
        }
        if (e[0].code && e[1].code)
            is_int(asked("SELECT seq FROM meta"), before);
        store_close(s);
    }
    start_over();
}

static void full_disk(void)
{
    struct err e = {0};
    start_over();
    struct store *s = opened(STORE_WRITE);
    struct run run = begun(s, "a", 10);
    struct store_item i = item("a:1", "x", 1);
    run.counts.pages = 1;
    ok(write_one(s, &run, &i, 11));

    char limit[60];
    snprintf(limit, sizeof limit, "PRAGMA max_page_count = %lld",
             (long long)asked("PRAGMA page_count") + 2);
    sqlite3_exec(sqlite_of(s)->db, limit, NULL, NULL, NULL);
    struct store_item items[60];
    for (int k = 0; k < 60; k++) {
        unsigned char noise[1500];
        for (size_t b = 0; b < sizeof noise; b++)
            noise[b] = (unsigned char)('a' + (b * b * 31 + (size_t)k * 17 + b / 7) % 26);
        items[k] = item(arena_printf(&arena, "a:%d", 100 + k).p,
                        arena_str(&arena, str_slice((char *)noise, sizeof noise)).p, 1);
    }
    struct run before = run;
    struct store_page page = {.run = &run, .items = items, .item_count = 60, .now = 12};
    ok(!store_page_write(s, &page, &e));
    is_int(e.code, ERR_IO);
    is_str(e.what, "database or disk is full");
    is_str(e.hint, "make room on the disk");
    ok(memcmp(&run, &before, sizeof run) == 0);
    ok(!store_get(s, STR("a:100"), &arena, &(struct stored){0}, &e) && e.code == ERR_NOT_FOUND);
    int64_t seq, fseq;
    ok(store_heads(s, &seq, &fseq, &e));
    is_int(seq, 1);

    // Small writes still go, and all of it once there is room.
    i = item("a:1", "x", 2);
    ok(write_one(s, &run, &i, 13));
    sqlite3_exec(sqlite_of(s)->db, "PRAGMA max_page_count = 100000", NULL, NULL, NULL);
    ok(store_page_write(s, &page, &e));
    is_int(run.counts.added, 61);
    ok(store_heads(s, &seq, &fseq, &e));
    is_int(seq, 61);

    // A body that is too large for one record fails its page alone.
    struct store_item huge[] = {item("a:2", "y", 1), {.id = STR("a:3"), .figures = STR("{}")}};
    char *zeros = xcalloc(1, PACK_BYTES_MAX + 1);
    huge[1].body = str_slice(zeros, PACK_BYTES_MAX + 1);
    page = (struct store_page){.run = &run, .items = huge, .item_count = 2, .now = 14};
    ok(!store_page_write(s, &page, &e) && e.code == ERR_ARGUMENT);
    is_int(run.counts.added, 61);
    huge[1].body.n--;
    huge[1].hash[0] = 1;
    ok(store_page_write(s, &page, &e));
    is_int(got(s, "a:3").body.n, PACK_BYTES_MAX);
    free(zeros);
    store_close(s);
}

enum { PAGES = 300, PAGE_ITEMS = 15, KILLS = 20 };

// Goes on where the newest run stands, or begins one; every page adds PAGE_ITEMS records, changes one, reports one line,
// and says so on a pipe, when there is one.
static void harvest(int progress)
{
    struct err e = {0};
    int64_t count;
    struct run run;
    int first = 0;
    struct store *s = opened(STORE_WRITE);
    if (!store_runs_orphaned(s, &count, &e))
        _exit(1);
    if (store_run_resumable(s, STR("k"), &arena, &run, &e)) {
        first = atoi(run.cursor.p);
        run.state = RUN_RUNNING;
    } else {
        run = begun(s, "k", 1);
    }
    for (int p = first; p < PAGES; p++) {
        struct store_item items[PAGE_ITEMS + 1];
        char id[30], title[30];
        for (int i = 0; i < PAGE_ITEMS; i++) {
            snprintf(id, sizeof id, "k:%d", p * PAGE_ITEMS + i);
            items[i] = item(arena_z(&arena, str_of(id)), "the same", i);
        }
        snprintf(title, sizeof title, "page %d", p);
        items[PAGE_ITEMS] = item("k:moving", title, p);
        run.counts.pages = p + 1;
        run.cursor = arena_printf(&arena, "%d", p + 1);
        struct run_error line = {.message = run.cursor};
        struct store_page page = {.run = &run,
                                  .items = items,
                                  .item_count = PAGE_ITEMS + 1,
                                  .errors = &line,
                                  .error_count = 1,
                                  .now = 1 + p};
        if (!store_page_write(s, &page, &e) || (progress >= 0 && write(progress, "", 1) != 1))
            _exit(1);
    }
    store_close(s);
}

// All that is stored says that the same pages were written.
static int64_t agreement(void)
{
    struct err e = {0};
    struct store *s = opened(STORE_READ);
    struct run *runs;
    size_t n, lines;
    struct run_error *errors;
    int64_t seq = 0, fseq = 0, pages = 0;
    ok(store_runs(s, STR("k"), 5, &arena, &runs, &n, &e));
    if (n && runs[0].cursor.n) {
        pages = atoi(runs[0].cursor.p);
        int64_t records[4];
        const char *tests[] = {"SELECT count(*) FROM records", "SELECT count(*) FROM figures",
                               "SELECT count(*) FROM sightings",
                               "SELECT count(DISTINCT rec) FROM history"};
        for (int i = 0; i < 4; i++)
            records[i] = asked(tests[i]);
        ok(store_heads(s, &seq, &fseq, &e));
        ok(store_run_errors(s, runs[0].run, 5000, &arena, &errors, &lines, &e));
        int64_t added = pages * PAGE_ITEMS + 1;
        ok(runs[0].counts.pages == pages && runs[0].counts.added == added &&
           runs[0].counts.updated == pages - 1 && runs[0].error_count == pages &&
           (int64_t)lines == pages && seq == added + pages - 1 && runs[0].last_seq == seq);
        ok(records[0] == added && records[1] == added && records[2] == added &&
           records[3] == added);
        struct stored last = got(s, "k:moving");
        char title[60];
        snprintf(title, sizeof title, "\"page %lld\"}", (long long)pages - 1);
        ok(str_ends(last.body, str_of(title)) && last.seq == seq);
        is_int(asked("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
               0);
    }
    store_close(s);
    return pages;
}

static void killed(void)
{
    start_over();
    store_close(opened(STORE_WRITE));
    unsigned noise = (unsigned)time(NULL);
    int64_t pages = 0, kills = 0;
    for (int i = 0; i < KILLS; i++) {
        int ends[2];
        fflush(stdout);
        if (pipe(ends) != 0)
            abort();
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            harvest(ends[1]);
            _exit(0);
        }
        close(ends[1]);
        // At any moment of its third page or so; every fourth time, of its opening.
        char byte;
        for (int page = 0; page < 2 && i % 4; page++)
            if (read(ends[0], &byte, 1) != 1)
                break;
        noise = noise * 1103515245 + 12345;
        nanosleep(&(struct timespec){0, (long)(noise >> 16) % 1000 * 4000}, NULL);
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        close(ends[0]);
        kills += WIFSIGNALED(status);
        int64_t now = agreement();
        ok(now >= pages); // what was written stays
        pages = now;
    }
    printf("# killed %lld times, the last at page %lld\n", (long long)kills, (long long)pages);
    ok(kills > KILLS / 4 && pages > 0);
    harvest(-1);
    is_int(agreement(), PAGES);
}

int main(void)
{
    folder_make();
    nothing_there();
    start_over();
    one_writer();
    readers();
    busy();
    versions();
    migrations();
    no_database();
    damage();
    broken_statements();
    full_disk();
    killed();
    folder_remove();
    arena_free(&arena);
    return tap_done();
}
