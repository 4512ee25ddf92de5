// Unit tests of indexer/xapian: every kind of failure. A reader that is overtaken, a damaged index, a
// full disk, every exception, a handle used by another thread.
#include "tests/unit/xapian_fixture.h"

#include "indexer/xapian/xap.h"
#include "indexer/xapian/xap_fault.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct err err;

static void fill(struct xap_writer *writer, int round)
{
    struct xap_doc *doc = xap_doc_new(&err);
    for (int i = 0; i < 400; i++) {
        char unique[16], text[128];
        snprintf(unique, sizeof unique, "Q%d", i);
        snprintf(text, sizeof text, "mot%d tour%d suite%d autre%d", i, round, i * 7 + round, i % 9);
        fixture_add(writer, doc, unique, text);
    }
    MUST(xap_writer_commit(writer, &err), &err);
    xap_doc_free(doc);
}

static bool take_all(void *user, struct str term, uint32_t documents)
{
    (void)term, (void)documents;
    ++*(int *)user;
    return true;
}

static void test_overtaken(void)
{
    struct xap_writer *writer = fixture_writer("overtaken");
    fill(writer, 0);
    struct xap_db *db = fixture_reader("overtaken");
    fill(writer, 1);
    fill(writer, 2);
    fill(writer, 3);
    int terms = 0;
    ok(!xap_db_each_term(db, STR_NONE, take_all, &terms, &err));
    is_int(err.code, ERR_MODIFIED);
    ok(strstr(err.what, "DatabaseModifiedError") != NULL);
    bool changed = false;
    ok(xap_db_reopen(db, &changed, &err) && changed);
    terms = 0;
    ok(xap_db_each_term(db, STR_NONE, take_all, &terms, &err));
    is_int(terms, 400 + 400 + 1 + 400 + 9);
    xap_db_close(db);
    xap_writer_close(writer);
}

static void damage(const char *name, off_t from, off_t step)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", fixture_path("damaged"), name);
    int fd = open(path, O_RDWR);
    MUST(fd >= 0, NULL);
    off_t end = lseek(fd, 0, SEEK_END);
    for (off_t at = from; at < end; at += step) {
        unsigned char byte = 0;
        MUST(pread(fd, &byte, 1, at) == 1, NULL);
        byte ^= 0x55;
        MUST(pwrite(fd, &byte, 1, at) == 1, NULL);
    }
    close(fd);
}

static void test_damaged(void)
{
    struct xap_writer *writer = fixture_writer("damaged");
    fill(writer, 0);
    xap_writer_close(writer);
    ok(!xap_db_check(fixture_path("absent"), &err));
    is_int(err.code, ERR_NOT_FOUND);
    ok(xap_db_check(fixture_path("damaged"), &err));
    damage("docdata.glass", 100, 8192); // where an item is, in each block of 8 KiB
    ok(!xap_db_check(fixture_path("damaged"), &err));
    is_int(err.code, ERR_CORRUPT);
    ok(strstr(err.what, "the index is damaged: ") == err.what);
    struct xap_db *db = fixture_reader("damaged");
    damage("postlist.glass", 4, 8192); // the level of each block
    int terms = 0;
    ok(!xap_db_each_term(db, STR_NONE, take_all, &terms, &err));
    is_int(err.code, ERR_CORRUPT);
    is_str(err.hint, "rebuild the index");
    ok(!xap_db_check(fixture_path("damaged"), &err));
    is_int(err.code, ERR_CORRUPT);
    is_str(err.where, fixture_path("damaged"));
    xap_db_close(db);

    char path[600];
    snprintf(path, sizeof path, "%s/iamglass", fixture_path("damaged"));
    damage("iamglass", 14, 1000); // the version of the format
    ok(!xap_db_open(fixture_path("damaged"), &err));
    is_int(err.code, ERR_CORRUPT);
    MUST(truncate(path, 20) == 0, NULL);
    ok(!xap_db_open(fixture_path("damaged"), &err));
    is_int(err.code, ERR_CORRUPT);
    ok(!xap_writer_open(fixture_path("damaged"), XAP_OPEN, &err));
    is_int(err.code, ERR_CORRUPT);
    MUST(truncate(path, 0) == 0, NULL);
    ok(!xap_db_open(fixture_path("damaged"), &err));
    is_int(err.code, ERR_CORRUPT);
}

// The disk fills up in the middle of a commit (here: a limit on the size of files).
static void test_full_disk(void)
{
    struct xap_writer *writer = fixture_writer("full");
    struct xap_doc *doc = xap_doc_new(&err);
    fixture_add(writer, doc, "Q1", "avant");
    MUST(xap_writer_set_metadata(writer, STR("position"), STR("1"), &err), &err);
    MUST(xap_writer_commit(writer, &err), &err);

    for (int i = 0; i < 3000; i++) {
        char unique[16], text[128];
        snprintf(unique, sizeof unique, "Qn%d", i);
        snprintf(text, sizeof text, "apres%d encore%d", i, i * 3);
        fixture_add(writer, doc, unique, text);
    }
    MUST(xap_writer_set_metadata(writer, STR("position"), STR("2"), &err), &err);
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 20000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    bool committed = xap_writer_commit(writer, &err);
    setrlimit(RLIMIT_FSIZE, &before);
    ok(!committed);
    is_int(err.code, ERR_IO);

    // Room again, but the batch is lost: the handle must not commit the rest of it.
    struct str text;
    struct xap_stats stats;
    uint32_t docid;
    ok(!xap_writer_commit(writer, &err));
    is_int(err.code, ERR_CONFLICT);
    ok(!xap_writer_replace(writer, STR("Q2"), doc, NULL, &err));
    is_int(err.code, ERR_CONFLICT);
    ok(!xap_writer_delete(writer, STR("Q1"), NULL, &err));
    is_int(err.code, ERR_CONFLICT);
    ok(!xap_writer_metadata(writer, STR("position"), &text, &err));
    ok(!xap_writer_load(writer, STR("Q1"), doc, &docid, &err));
    ok(!xap_writer_stats(writer, &stats, &err));
    xap_writer_close(writer);

    writer = fixture_writer("full");
    ok(xap_writer_stats(writer, &stats, &err));
    is_int(stats.documents, 1);
    ok(xap_writer_metadata(writer, STR("position"), &text, &err));
    is_text(text, "1");
    fixture_add(writer, doc, "Q2", "ensuite");
    ok(xap_writer_commit(writer, &err));
    xap_writer_close(writer);
    ok(xap_db_check(fixture_path("full"), &err));
    xap_doc_free(doc);
}

// Every exception, thrown from deep inside a search, arrives as an error with its code.
static void test_exceptions(void)
{
    static const struct {
        enum xap_fault fault;
        enum err_code code;
        const char *what;
    } cases[] = {
        {XAP_FAULT_MODIFIED, ERR_MODIFIED, "Xapian DatabaseModifiedError: fault"},
        {XAP_FAULT_LOCK, ERR_LOCKED, "Xapian DatabaseLockError: fault"},
        {XAP_FAULT_CORRUPT, ERR_CORRUPT, "Xapian DatabaseCorruptError: fault"},
        {XAP_FAULT_VERSION, ERR_CORRUPT, "Xapian DatabaseVersionError: fault"},
        {XAP_FAULT_OPENING, ERR_NOT_FOUND,
         "Xapian DatabaseOpeningError: fault (context): No such file or directory"},
        {XAP_FAULT_NOT_FOUND, ERR_NOT_FOUND, "Xapian DatabaseNotFoundError: fault"},
        {XAP_FAULT_DOC_NOT_FOUND, ERR_NOT_FOUND, "Xapian DocNotFoundError: fault"},
        {XAP_FAULT_NETWORK_TIMEOUT, ERR_TIMEOUT, "Xapian NetworkTimeoutError: fault"},
        {XAP_FAULT_NETWORK, ERR_NETWORK, "Xapian NetworkError: fault"},
        {XAP_FAULT_QUERY_PARSER, ERR_QUERY, "Xapian QueryParserError: fault"},
        {XAP_FAULT_WILDCARD, ERR_QUERY, "Xapian WildcardError: fault"},
        {XAP_FAULT_DATABASE, ERR_IO, "Xapian DatabaseError: fault"},
        {XAP_FAULT_RANGE, ERR_ARGUMENT, "Xapian RangeError: fault"},
        {XAP_FAULT_INVALID_ARGUMENT, ERR_ARGUMENT, "Xapian InvalidArgumentError: fault"},
        {XAP_FAULT_INVALID_OPERATION, ERR_ARGUMENT, "Xapian InvalidOperationError: fault"},
        {XAP_FAULT_UNIMPLEMENTED, ERR_ARGUMENT, "Xapian UnimplementedError: fault"},
        {XAP_FAULT_FEATURE, ERR_INTERNAL, "Xapian FeatureUnavailableError: fault"},
        {XAP_FAULT_MEMORY, ERR_MEMORY, "memory exhausted in Xapian"},
        {XAP_FAULT_STANDARD, ERR_INTERNAL, "unexpected C++ exception: fault"},
        {XAP_FAULT_NUMBER, ERR_INTERNAL, "unexpected C++ exception of unknown type"},
    };
    struct xap_db *db = fixture_reader("full");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err fault = {0};
        ok(!xap_fault_in_search(db, cases[i].fault, &fault));
        is_int(fault.code, cases[i].code);
        is_str(fault.what, cases[i].what);
    }
    ok(!xap_fault_in_search(db, XAP_FAULT_NUMBER, NULL));
    struct xap_stats stats; // and the reader goes on
    ok(xap_db_stats(db, &stats, &err));
    is_int(stats.documents, 2);
    xap_db_close(db);
}

#ifndef NDEBUG
static void *use_elsewhere(void *db)
{
    struct xap_stats stats;
    xap_db_stats(db, &stats, NULL);
    return NULL;
}

static void test_wrong_thread(void)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        struct xap_db *db = xap_db_open(fixture_path("full"), NULL);
        pthread_t thread;
        if (db && pthread_create(&thread, NULL, use_elsewhere, db) == 0)
            pthread_join(thread, NULL);
        _exit(0);
    }
    int status = 0;
    MUST(child > 0 && waitpid(child, &status, 0) == child, NULL);
    ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
#endif

int main(void)
{
    fixture_begin();
    test_overtaken();
    test_damaged();
    test_full_disk();
    test_exceptions();
#ifndef NDEBUG
    test_wrong_thread();
#endif
    return tap_done();
}
