// Opening and closing a store in SQLite: data/store.db in WAL mode, and data/store.lock, which the only writer holds
// with flock(2) for as long as it lives, its process number inside. See sqlite.h.
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUSY_MILLISECONDS =
        5000, // for another's recovery or checkpoint: our own readers and writer never meet
    PATH_BYTES = 4096,
};

static bool system_fail(struct err *e, const char *path, const char *doing)
{
    int number = errno;
    err_set(e, ERR_IO, "cannot %s: %s", doing, strerror(number));
    return err_where(e, "%s", path);
}

// The descriptor that holds the lock, or -1.
static int take_lock(const char *path, struct err *e)
{
    char pid[24] = "";
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        system_fail(e, path, "open the lock");
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            ssize_t n = pread(fd, pid, sizeof pid - 1, 0);
            struct str holder = str_trim(str_slice(pid, n > 0 ? (size_t)n : 0));
            err_set(e, ERR_LOCKED, "process %.*s writes to this store already",
                    STR_ARG(holder.n ? holder : STR("(unknown)")));
            err_where(e, "%s", path);
            err_hint(e, "one process at a time: stop it, or let it do the work");
        } else {
            system_fail(e, path, "lock the store");
        }
        close(fd);
        return -1;
    }
    int n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n) {
        system_fail(e, path, "write the lock");
        close(fd);
        return -1;
    }
    return fd;
}

static void close_store(struct store *store)
{
    struct sqlite_store *s = sqlite_of(store);
    for (int i = 0; i < SQL_STATEMENTS; i++)
        sqlite3_finalize(s->statements[i]);
    // A reader that is still open keeps the log: it is emptied here all the same.
    if (s->db && s->lock >= 0)
        sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_close(s->db);
    if (s->lock >= 0)
        close(s->lock);
    pack_free(&s->pack);
    free(s->path);
    free(s);
}

static bool set_up(struct sqlite_store *s, const char *pragmas, struct err *e)
{
    return sqlite3_exec(s->db, pragmas, NULL, NULL, NULL) == SQLITE_OK || sqlite_fail(s, e);
}

static bool open_writer(struct sqlite_store *s, struct err *e)
{
    int version;
    return sqlite_check_version(s, &version, e) &&
           set_up(s,
                  "PRAGMA journal_mode = WAL;"
                  "PRAGMA synchronous = FULL;"
                  "PRAGMA foreign_keys = ON;"
                  "PRAGMA cache_size = -16384;"
                  "PRAGMA wal_autocheckpoint = 4000;"
                  "PRAGMA journal_size_limit = 67108864;",
                  e) &&
           sqlite_migrate(s, sqlite_migrations, SQLITE_STORE_VERSION, e) &&
           sqlite_dictionaries_load(s, e);
}

static bool open_reader(struct sqlite_store *s, struct err *e)
{
    int version;
    if (!sqlite_check_version(s, &version, e) || !set_up(s, "PRAGMA cache_size = -4096;", e))
        return false;
    if (version == SQLITE_STORE_VERSION)
        return true;
    if (version == 0) {
        err_set(e, ERR_NOT_FOUND, "the store is empty");
        err_hint(e, "harvest a source first");
    } else {
        err_set(e, ERR_CONFLICT, "the store is of version %d, and version %d is needed", version,
                SQLITE_STORE_VERSION);
        err_hint(e, "start the daemon, or harvest: whoever writes brings it up to date");
    }
    return err_where(e, "%s", s->path);
}

static const struct store_engine engine = {
    .close = close_store,
    .get = sqlite_get,
    .changes = sqlite_changes,
    .figures = sqlite_figures,
    .heads = sqlite_heads,
    .each = sqlite_each,
    .counts = sqlite_counts,
    .history = sqlite_history,
    .ids = sqlite_ids,
    .snapshot_begin = sqlite_snapshot_begin,
    .snapshot_end = sqlite_snapshot_end,
    .change_list = sqlite_change_list,
    .run_begin = sqlite_run_begin,
    .run_save = sqlite_run_save,
    .run_error = sqlite_run_error,
    .run_get = sqlite_run_get,
    .runs = sqlite_runs,
    .run_errors = sqlite_run_errors,
    .runs_orphaned = sqlite_runs_orphaned,
    .run_seen = sqlite_run_seen,
    .run_gone = sqlite_run_gone,
    .set_apart = sqlite_set_apart,
    .bonds = sqlite_bonds,
    .join_counts = sqlite_join_counts,
    .source_get = sqlite_source_get,
    .source_put = sqlite_source_put,
    .source_seen = sqlite_source_seen,
    .page_write = sqlite_page_write,
    .absences_write = sqlite_absences_write,
    .held_write = sqlite_held_write,
    .held_read = sqlite_held_read,
    .held_accept = sqlite_held_accept,
    .held_refuse = sqlite_held_refuse,
};

struct store *sqlite_store_open(const char *data, enum store_mode mode, struct err *e)
{
    char path[PATH_BYTES], lock[PATH_BYTES];
    if ((size_t)snprintf(path, sizeof path, "%s/store.db", data) >= sizeof path) {
        err_set(e, ERR_CONFIG, "the path of the data folder is too long");
        return NULL;
    }
    snprintf(lock, sizeof lock, "%s/store.lock", data);
    if (mode == STORE_WRITE && mkdir(data, 0755) != 0 && errno != EEXIST) {
        system_fail(e, data, "make the folder");
        return NULL;
    }
    if (mode == STORE_READ && access(path, F_OK) != 0) {
        err_set(e, ERR_NOT_FOUND, "there is no store yet");
        err_where(e, "%s", path);
        err_hint(e, "harvest a source first");
        return NULL;
    }

    struct sqlite_store *s = xcalloc(1, sizeof *s);
    s->base.engine = &engine;
    s->mode = mode;
    s->path = xstrdup(path);
    s->lock = mode == STORE_WRITE ? take_lock(lock, e) : -1;
    if (mode == STORE_WRITE && s->lock < 0) {
        close_store(&s->base);
        return NULL;
    }
    int flags =
        SQLITE_OPEN_NOMUTEX |
        (mode == STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    bool good = sqlite3_open_v2(path, &s->db, flags, NULL) == SQLITE_OK || sqlite_fail(s, e);
    if (good) {
        sqlite3_busy_timeout(s->db, BUSY_MILLISECONDS);
        good = mode == STORE_WRITE ? open_writer(s, e) : open_reader(s, e);
    }
    if (good)
        return &s->base;
    close_store(&s->base);
    return NULL;
}
