// store/query_log.h and query_log_text.h: what is kept of a query, and for how long; a file that is damaged, shared or not ours.
#include "store/query_log.h"

#include "base/log.h"
#include "store/query_log_text.h"
#include "tests/unit/store_helpers.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum { TODAY = 20000, DAY_SECONDS = 86400 };

static const char *const texts[][2] = {
    {"Bornes de  RECHARGE ", "bornes de recharge"},
    {"\tÉcoles\xC2\xA0"
     "élémentaires\n",
     "ecoles elementaires"},
    {"E\xCC\x81"
     "cole",
     "ecole"}, // decomposed
    {"Œuvres æquo ŒUVRES", "oeuvres aequo oeuvres"},
    {"STRASSE straße", "strasse strasse"},
    {"l’eau L'EAU", "l'eau l'eau"},
    {"Loire‑Atlantique – bâti", "loire-atlantique - bati"},
    {"\"plan local\" -paris publisher:x OR y", "\"plan local\" -paris publisher:x or y"},
    {"ＦＵＬＬ ｗｉｄｔｈ", "full width"},
    {"a\xE2\x80\x8B"
     "b\x01"
     "c",
     "abc"}, // what cannot be seen
    {"x\xFFy", "x\xEF\xBF\xBDy"},
    {"", ""},
    {" \n", ""},
    {"\xCC\x81", ""}, // an accent alone
};

static void text(void)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        is_text(query_log_text(&arena, str_of(texts[i][0])), texts[i][1]);
    ok(query_log_text(&arena, STR_NONE).p == NULL);

    char longest[1000];
    memset(longest, 'a', sizeof longest);
    is_int(query_log_text(&arena, str_slice(longest, sizeof longest)).n, QUERY_LOG_TEXT_BYTES);
    memcpy(longest + QUERY_LOG_TEXT_BYTES - 1, "\xD0\xB6",
           2); // a character over the end is left out
    is_int(query_log_text(&arena, str_slice(longest, sizeof longest)).n, QUERY_LOG_TEXT_BYTES - 1);
    longest[QUERY_LOG_TEXT_BYTES - 2] = ' ';
    is_int(query_log_text(&arena, str_slice(longest, sizeof longest)).n, QUERY_LOG_TEXT_BYTES - 2);
    // One character that folds to eighteen.
    struct buf b = {0};
    for (int i = 0; i < 200; i++)
        buf_addz(&b, "\xEF\xB7\xBA");
    ok(query_log_text(&arena, buf_str(&b)).n <= QUERY_LOG_TEXT_BYTES);
    buf_free(&b);
}

static const char *const personal[] = {
    "jean.dupont@example.org",
    "mairie de jean.dupont@example.org à rennes",
    "jean.dupont @ example.org",
    "jean＠example.org", // full width
    "06 12 34 56 78",
    "0612345678",
    "tel:06.12.34.56.78",
    "téléphone 02-99-12-34-56 mairie",
    "02/99/12/34/56",
    "06\xC2\xA0"
    "12\xC2\xA0"
    "34\xC2\xA0"
    "56\xC2\xA0"
    "78",
    "06‑12‑34‑56‑78", // hyphens that do not break
    "０６１２３４５６７８",
    "12 06 12 34 56 78", // behind a house number
    "06 12 34 56 78 2024",
    "+33612345678",
    "+33 (0)6 12 34 56 78",
    "+33 6 12 34 56 78",
    "0033 6 12 34 56 78",
    "+44 20 7946 0958",
    "(02) 99 12 34 56",
    "1850578006084",
    "185057800608436",
    "1 85 05 78 006 084 36",
    "2 85 05 78 006 084",
    "nir 2 85 05 2A 006 084 36",
    "185052b006084",
    "285207800608436", // its month is not known
};

static const char *const impersonal[] = {
    "base sirene 2024",
    "2019 2020 2021",
    "13002526500013",      // SIRET
    "130 025 265 00013",   //
    "243500139",           // SIREN
    "35238",               // INSEE
    "2A004",               //
    "01/02/2020",          //
    "2020-01-01",          //
    "3.14159265358979",    // 15 digits, and no month in it
    "00013",               //
    "06 12 34 56",         // eight digits
    "06 12 34 56 7",       //
    "1700000000000",       // milliseconds: its month would be 00
    "+75001 +paris",       // signs of a query
    "+2024 velo",          //
    "0612345678901234567", // too long for anything
    "9850578006084",       // no such sex
    "etalab/schema-irve-statique",
    "https://www.data.gouv.fr/fr/datasets/",
};

static void persons(void)
{
    for (size_t i = 0; i < sizeof personal / sizeof *personal; i++)
        if (!ok(query_log_text(&arena, str_of(personal[i])).n == 0))
            printf("# %s\n", personal[i]);
    for (size_t i = 0; i < sizeof impersonal / sizeof *impersonal; i++)
        if (!ok(query_log_text(&arena, str_of(impersonal[i])).n > 0))
            printf("# %s\n", impersonal[i]);
}

// ---- The file ------------------------------------------------------------------------------------

static struct query_log *log_of(enum store_mode mode)
{
    struct err e = {0};
    struct query_log *log = query_log_open(folder, mode, &e);
    if (!log) {
        char line[800];
        printf("Bail out! %s\n", err_text(&e, line, sizeof line));
        exit(1);
    }
    return log;
}

static struct query_entry entry(const char *query, int64_t count)
{
    return (struct query_entry){.query = str_of(query), .count = count};
}

static bool write_them(struct query_log *log, const struct query_entry *entries, size_t n,
                       int64_t today)
{
    struct err e = {0};
    bool good = query_log_write(log, entries, n, today, &e);
    if (!good)
        printf("# %s: %s\n", err_name(e.code), e.what);
    return good;
}

// The first rows, or those of the filter.
static struct query_entry *rows(struct query_log *log, struct query_filter f, size_t *n,
                                int64_t *total)
{
    struct query_entry *out;
    f.limit = f.limit ? f.limit : 100;
    f.today = f.today ? f.today : TODAY;
    if (!ok(query_log_read(log, &f, &arena, &out, n, total, NULL)))
        exit(1);
    return out;
}

static int64_t row_count(struct query_log *log, int64_t today)
{
    size_t n;
    int64_t total;
    rows(log, (struct query_filter){.today = today}, &n, &total);
    return total;
}

static void nothing_yet(void)
{
    struct err e = {0};
    size_t n = 9;
    int64_t total = 9;
    ok(!query_log_open(folder, STORE_READ, &e));
    is_int(e.code, ERR_NOT_FOUND);
    ok(access(folder_file("queries.sqlite"), F_OK) != 0); // a reader makes nothing
    close(
        open(folder_file("queries.sqlite"), O_CREAT | O_WRONLY, 0600)); // a writer was killed here
    ok(!query_log_open(folder, STORE_READ, &e));
    is_int(e.code, ERR_NOT_FOUND);
    unlink(folder_file("queries.sqlite"));
    struct query_log *log = log_of(STORE_WRITE);
    ok(rows(log, (struct query_filter){0}, &n, &total) == NULL);
    is_int(n, 0);
    is_int(total, 0);
    struct stat st;
    ok(stat(folder_file("queries.sqlite"), &st) == 0 && (st.st_mode & 07777) == 0640);
    query_log_close(log);
    query_log_close(NULL);
    ok(!query_log_open("/nonexistent/folder", STORE_WRITE, &e));
    is_int(e.code, ERR_IO);
    ok(!query_log_open("/nonexistent/folder", STORE_READ, &e));
    is_int(e.code, ERR_NOT_FOUND);
}

static void merged(void)
{
    size_t n;
    int64_t total;
    struct query_log *log = log_of(STORE_WRITE);
    struct query_entry first[] = {entry("plui", 2), entry("velib", 1)};
    first[1].outcome = QUERY_RELAXED;
    first[1].relaxed = STR("some_words");
    first[1].total = 7;
    ok(write_them(log, first, 2, TODAY - 3));
    struct query_entry second = entry("plui", 3);
    second.outcome = QUERY_CORRECTED;
    second.corrected = STR("plu");
    second.strict_total = 4;
    second.total = 5;
    ok(write_them(log, &second, 1, TODAY));
    struct query_entry *r = rows(log, (struct query_filter){0}, &n, &total);
    is_int(n, 2);
    is_int(total, 2);
    is_text(r[0].query, "plui");
    is_int(r[0].count, 5);
    is_int(r[0].outcome, QUERY_CORRECTED); // the newest
    is_text(r[0].corrected, "plu");
    is_text(r[0].relaxed, "");
    is_int(r[0].strict_total, 4);
    is_int(r[0].total, 5);
    is_int(r[0].first_seen, TODAY - 3);
    is_int(r[0].last_seen, TODAY);
    is_text(r[1].query, "velib");
    is_int(r[1].count, 1);
    is_int(r[1].outcome, QUERY_RELAXED);
    is_text(r[1].relaxed, "some_words");
    is_int(r[1].last_seen, TODAY - 3);
    ok(write_them(log, &second, 1, TODAY - 1)); // a clock that went back
    is_int(rows(log, (struct query_filter){0}, &n, &total)[0].last_seen, TODAY);
    query_log_close(log);
    log = log_of(STORE_READ); // and it is there the next time
    is_int(rows(log, (struct query_filter){0}, &n, &total)[0].count, 8);
    struct err e = {0};
    ok(!query_log_write(log, &second, 1, TODAY, &e));
    is_int(e.code, ERR_IO);
    query_log_close(log);
}

static void filtered(void)
{
    size_t n;
    int64_t total;
    struct query_log *log = log_of(STORE_WRITE);
    struct query_entry old[] = {entry("a", 3), entry("b", 3), entry("c", 9)};
    struct query_entry new[] = {entry("d", 3), entry("e", 1)};
    old[0].outcome = new[1].outcome = QUERY_RELAXED;
    ok(write_them(log, old, 3, TODAY - 10) && write_them(log, new, 2, TODAY));
    struct query_entry *r = rows(log, (struct query_filter){.limit = 4}, &n, &total);
    is_int(n, 4);
    is_int(total, 5);
    const char *const order[] = {"c", "d", "a", "b"}; // count, then day, then text
    for (size_t i = 0; i < n; i++)
        is_text(r[i].query, order[i]);
    r = rows(log, (struct query_filter){.only = true, .outcome = QUERY_RELAXED}, &n, &total);
    is_int(total, 2);
    is_text(r[0].query, "a");
    is_text(r[1].query, "e");
    r = rows(log, (struct query_filter){.since = TODAY}, &n, &total);
    is_int(total, 2);
    is_text(r[0].query, "d");
    r = rows(log, (struct query_filter){.only = true, .since = TODAY}, &n, &total);
    is_int(total, 1);
    is_text(r[0].query, "d");
    rows(log, (struct query_filter){.only = true, .outcome = QUERY_CORRECTED}, &n, &total);
    is_int(total, 0);
    query_log_close(log);

    enum query_outcome outcome;
    for (int i = 0; i < QUERY_OUTCOMES; i++)
        ok(query_outcome_find(str_of(query_outcome_name((enum query_outcome)i)), &outcome) &&
           outcome == (enum query_outcome)i);
    ok(!query_outcome_find(STR("found"), &outcome));
}

static void retained(void)
{
    struct query_log *log = log_of(STORE_WRITE);
    struct query_entry a = entry("a", 1), b = entry("b", 50);
    ok(write_them(log, &b, 1, TODAY) && write_them(log, &a, 1, TODAY + 1));
    is_int(row_count(log, TODAY + QUERY_LOG_DAYS), 2);
    is_int(row_count(log, TODAY + QUERY_LOG_DAYS + 1), 1); // not shown, also before it is removed
    ok(write_them(log, NULL, 0, TODAY + QUERY_LOG_DAYS));
    is_int(row_count(log, TODAY), 2);
    ok(write_them(log, NULL, 0, TODAY + QUERY_LOG_DAYS + 1));
    is_int(row_count(log, TODAY), 1);
    size_t n;
    int64_t total;
    is_text(rows(log, (struct query_filter){0}, &n, &total)[0].query, "a");
    query_log_close(log);
}

static void evicted(void)
{
    struct query_log *log = log_of(STORE_WRITE);
    struct query_entry *many = ARENA_ARRAY(&arena, struct query_entry, QUERY_LOG_ROWS);
    size_t n;
    int64_t total;
    for (int i = 0; i < QUERY_LOG_ROWS; i++) {
        many[i].query = arena_printf(&arena, "q%05d", i);
        many[i].count = i < 10 ? 2 : 1;
    }
    ok(write_them(log, many, 5000, TODAY - 5)); // q00000 to q00009 are old and not rare
    ok(write_them(log, many + 5000, 5000, TODAY));
    is_int(row_count(log, TODAY), QUERY_LOG_ROWS);
    struct query_entry one = entry("new", 1);
    ok(write_them(log, &one, 1, TODAY));
    is_int(row_count(log, TODAY), QUERY_LOG_KEPT);
    struct query_entry *r = rows(log, (struct query_filter){.limit = 20000}, &n, &total);
    is_int(n, QUERY_LOG_KEPT);
    is_text(r[0].query, "q00000");
    is_text(r[9].query, "q00009");
    is_text(r[10].query, "new");
    is_text(r[11].query, "q05000");   // all of the newer ones
    is_text(r[5011].query, "q01011"); // 1001 of the older ones went
    is_text(r[n - 1].query, "q04999");
    query_log_close(log);
}

// ---- Damage --------------------------------------------------------------------------------------

static void overwrite(const char *name, off_t at, const char *bytes, size_t n)
{
    int fd = open(folder_file(name), O_WRONLY | O_CREAT, 0600);
    if (fd < 0 || pwrite(fd, bytes, n, at) != (ssize_t)n)
        abort();
    close(fd);
}

static off_t size_of(const char *name)
{
    struct stat st;
    return stat(folder_file(name), &st) == 0 ? st.st_size : -1;
}

static void fill(struct query_log *log, int n)
{
    struct query_entry *many = ARENA_ARRAY(&arena, struct query_entry, (size_t)n);
    for (int i = 0; i < n; i++)
        many[i] = entry(arena_printf(&arena, "a query of some length, number %05d", i).p, 1);
    ok(write_them(log, many, (size_t)n, TODAY));
}

// It begins anew, and the old bytes are aside.
static void expect_anew(off_t size)
{
    struct query_log *log = log_of(STORE_WRITE);
    struct query_entry one = entry("after", 1);
    is_int(row_count(log, TODAY), 0);
    is_int(size_of("queries.sqlite.damaged"), size);
    ok(write_them(log, &one, 1, TODAY));
    is_int(row_count(log, TODAY), 1);
    query_log_close(log);
}

static void damaged_before(void)
{
    struct err e = {0};
    overwrite("queries.sqlite", 0, "no database, and longer than the header of one ......", 50);
    ok(!query_log_open(folder, STORE_READ, &e));
    is_int(e.code, ERR_CORRUPT);
    is_int(size_of("queries.sqlite"), 50); // a reader touches nothing
    is_int(size_of("queries.sqlite.damaged"), -1);
    expect_anew(50);

    struct query_log *log = log_of(STORE_WRITE);
    fill(log, 2000);
    query_log_close(log);
    off_t size = size_of("queries.sqlite");
    ok(size > 65536);
    char page[4096];
    memset(page, 0x55, sizeof page);
    overwrite("queries.sqlite", size / 2 / 4096 * 4096, page, sizeof page);
    expect_anew(size); // in the place of the first one

    log = log_of(STORE_WRITE);
    fill(log, 2000);
    query_log_close(log);
    ok(truncate(folder_file("queries.sqlite"), 3 * 4096) == 0);
    expect_anew(3 * 4096);
}

static void damaged_meanwhile(void)
{
    struct query_log *log = log_of(STORE_WRITE);
    fill(log, 2000);
    query_log_close(log);
    log = log_of(STORE_WRITE);
    struct query_entry few[] = {entry("a query of some length, number 01000", 1), entry("b", 2)};
    // Another's write makes this one read its pages anew.
    sqlite3 *db;
    ok(sqlite3_open(folder_file("queries.sqlite"), &db) == SQLITE_OK);
    ok(sqlite3_exec(db,
                    "UPDATE queries SET count = 2 WHERE query = 'a query of some length, number "
                    "00000'; PRAGMA wal_checkpoint(TRUNCATE)",
                    NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    char pages[40 * 4096];
    memset(pages, 0x55, sizeof pages);
    overwrite("queries.sqlite", 4096, pages, sizeof pages); // all but the first page
    ok(write_them(log, few, 2, TODAY));
    is_int(row_count(log, TODAY), 2); // these are not lost
    ok(size_of("queries.sqlite.damaged") > 40 * 4096);
    query_log_close(log);

    struct query_log *again = log_of(STORE_WRITE);
    is_int(row_count(again, TODAY), 2);
    // It holds queries too, and goes with them.
    struct timespec times[2] = {{.tv_sec = (time_t)TODAY * DAY_SECONDS},
                                {.tv_sec = (time_t)TODAY * DAY_SECONDS}};
    ok(utimensat(AT_FDCWD, folder_file("queries.sqlite.damaged"), times, 0) == 0);
    ok(write_them(again, NULL, 0, TODAY + QUERY_LOG_DAYS));
    ok(size_of("queries.sqlite.damaged") > 0);
    ok(write_them(again, NULL, 0, TODAY + QUERY_LOG_DAYS + 1));
    is_int(size_of("queries.sqlite.damaged"), -1);
    query_log_close(again);
}

static void not_ours(void)
{
    struct err e = {0};
    sqlite3 *db;
    for (int i = 0; i < 2; i++) {
        ok(sqlite3_open(folder_file("queries.sqlite"), &db) == SQLITE_OK);
        ok(sqlite3_exec(db,
                        i == 0 ? "CREATE TABLE theirs (x)"
                               : "PRAGMA application_id = 0x476C6E51; PRAGMA user_version = 2",
                        NULL, NULL, NULL) == SQLITE_OK);
        sqlite3_close(db);
        off_t size = size_of("queries.sqlite");
        ok(!query_log_open(folder, STORE_WRITE, &e));
        is_int(e.code, ERR_CONFLICT);
        ok(!query_log_open(folder, STORE_READ, &e));
        is_int(e.code, ERR_CONFLICT);
        is_int(size_of("queries.sqlite"), size);
        unlink(folder_file("queries.sqlite"));
    }
}

// ---- Two processes -------------------------------------------------------------------------------

enum { BATCHES = 60, BATCH = 10 };

// Reads until it has seen all; exits with 0 when every reading was of whole batches.
static void read_on(void)
{
    int64_t total = 0, readings = 0;
    bool good = true;
    for (; good && total < BATCHES * BATCH && readings < 20000; readings++) {
        struct query_filter f = {.today = TODAY, .limit = 5};
        struct query_entry *out;
        struct arena a = {0};
        size_t n;
        struct query_log *log = query_log_open(folder, STORE_READ, NULL);
        if (log) {
            int64_t before = total;
            good = query_log_read(log, &f, &a, &out, &n, &total, NULL) && total % BATCH == 0 &&
                   total >= before;
        }
        query_log_close(log);
        arena_free(&a);
        usleep(500);
    }
    _exit(good && total == BATCHES * BATCH ? 0 : 1);
}

static void two_processes(void)
{
    pid_t child = fork();
    if (child == 0)
        read_on();
    struct query_log *log = log_of(STORE_WRITE);
    bool good = true;
    for (int i = 0; i < BATCHES; i++) {
        struct query_entry batch[BATCH];
        for (int k = 0; k < BATCH; k++)
            batch[k] = entry(arena_printf(&arena, "b%d.%d", i, k).p, 1);
        good = good && write_them(log, batch, BATCH, TODAY);
        usleep(1000);
    }
    ok(good);
    int status = -1;
    waitpid(child, &status, 0);
    is_int(status, 0);

    // Another program that holds the file: an error, and the log goes on afterwards.
    struct err e = {0};
    struct query_entry one = entry("one", 1);
    sqlite3 *db;
    ok(sqlite3_open(folder_file("queries.sqlite"), &db) == SQLITE_OK);
    ok(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK);
    ok(!query_log_write(log, &one, 1, TODAY, &e));
    is_int(e.code, ERR_BUSY);
    sqlite3_close(db);
    ok(write_them(log, &one, 1, TODAY));
    is_int(row_count(log, TODAY), BATCHES * BATCH + 1);
    query_log_close(log);
}

// Reads from when there is no file until there is one with something in it. What it gets is nothing yet, or the log: no error.
static void *read_until_there(void *arg)
{
    bool *good = arg;
    for (bool there = false; *good && !there;) {
        struct err e = {0};
        struct query_log *log = query_log_open(folder, STORE_READ, &e);
        struct query_filter all = {.today = TODAY, .limit = 10};
        struct query_entry *entries;
        size_t n = 0;
        int64_t total = 0;
        struct arena memory = {0};
        *good = log ? query_log_read(log, &all, &memory, &entries, &n, &total, &e)
                    : e.code == ERR_NOT_FOUND;
        if (!*good)
            printf("# %s: %s\n", e.where, e.what);
        there = n > 0;
        query_log_close(log);
        arena_free(&memory);
    }
    return NULL;
}

static void read_while_it_begins(void)
{
    pthread_t reader;
    bool good = true;
    struct query_entry one = entry("one", 1);
    ok(pthread_create(&reader, NULL, read_until_there, &good) == 0);
    struct query_log *log = query_log_open(folder, STORE_WRITE, NULL);
    ok(log && write_them(log, &one, 1, TODAY));
    pthread_join(reader, NULL);
    ok(good);
    query_log_close(log);
}

static void in_a_folder(void (*test)(void))
{
    folder_make();
    test();
    folder_remove();
}

int main(void)
{
    log_setup(LOG_LOGFMT, LOG_ERROR, false);
    text();
    persons();
    in_a_folder(nothing_yet);
    in_a_folder(merged);
    in_a_folder(filtered);
    in_a_folder(retained);
    in_a_folder(evicted);
    in_a_folder(damaged_before);
    in_a_folder(damaged_meanwhile);
    in_a_folder(not_ours);
    in_a_folder(two_processes);
    for (int i = 0; i < 30; i++)
        in_a_folder(read_while_it_begins);
    arena_free(&arena);
    return tap_done();
}
