// Documents and pages on disk: where a document is fetched to, the files of a source that is a path, and the bodies that could not be
// read, which are kept for a while.
#include "harvester/run_steps.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_DEPTH = 8, FILES_MOST = 100000, PAGE_BYTES = 32 << 20, CHUNK = 1 << 16 };

// ---- The document at hand ---------------------------------------------------------------------------

static bool fail(struct err *e, const char *what, const char *path)
{
    err_set(e, ERR_IO, "%s: %s", what, strerror(errno));
    return err_where(e, "%s", path);
}

bool run_spool_open(struct harvest *h)
{
    struct harvest_document *d = &h->document;
    if (d->fd)
        return true;
    d->fd = open(h->tools.folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (d->fd < 0 &&
        (errno == EOPNOTSUPP || errno == EISDIR)) { // a file system that has no such files
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/document-XXXXXX", h->tools.folder);
        d->fd = mkostemp(path, O_CLOEXEC);
        if (d->fd >= 0)
            unlink(path);
    }
    if (d->fd > 0)
        return true;
    d->fd = 0;
    return fail(&h->error, "no file can be made for the document", h->tools.folder);
}

void run_document_close(struct harvest *h)
{
    struct harvest_document *d = &h->document;
    if (d->reader)
        h->driver->close(d->reader);
    d->reader = NULL;
    d->met = 0;
    if (h->local && d->fd) { // a spool is used again
        close(d->fd);
        d->fd = 0;
    }
}

void run_document_drop(struct harvest *h)
{
    run_document_close(h);
    if (h->document.fd)
        close(h->document.fd);
    h->document.fd = 0;
}

// ---- The files of a path ----------------------------------------------------------------------------

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool list_folder(struct harvest *h, const char *path, unsigned depth)
{
    DIR *folder = opendir(path);
    if (!folder)
        return fail(&h->error, "the folder cannot be read", path);
    bool good = true;
    for (struct dirent *entry; good && (entry = readdir(folder));) {
        struct stat st;
        struct str name = str_of(entry->d_name);
        if (str_starts(name, STR(".")))
            continue;
        struct str below = arena_printf(&h->arena, "%s/%s", path, entry->d_name);
        if (lstat(below.p, &st) != 0)
            continue; // gone since
        if (S_ISDIR(st.st_mode) && depth < FOLDER_DEPTH)
            good = list_folder(h, below.p, depth + 1);
        else if (S_ISREG(st.st_mode))
            arena_push(&h->arena, &h->files, below);
        if (good && h->files.n > FILES_MOST)
            good = err_set(&h->error, ERR_REFUSED, "the folder holds over %d files", FILES_MOST);
    }
    closedir(folder);
    return good;
}

bool run_files_list(struct harvest *h)
{
    const char *path = arena_z(&h->arena, h->source.config->url);
    struct stat st;
    if (stat(path, &st) != 0)
        return fail(&h->error, "the source's path cannot be read", path);
    if (S_ISREG(st.st_mode)) {
        arena_push(&h->arena, &h->files, str_of(path));
        return true;
    }
    if (!S_ISDIR(st.st_mode))
        return err_set(&h->error, ERR_IO, "%s is neither a file nor a folder", path);
    if (!list_folder(h, path, 0))
        return false;
    if (h->files.n)
        qsort(h->files.v, h->files.n, sizeof *h->files.v, by_name);
    return h->files.n || err_set(&h->error, ERR_IO, "the folder %s holds no file", path);
}

static bool load_page(struct harvest *h, int fd, const struct stat *st)
{
    struct buf body = {0};
    if (st->st_size > PAGE_BYTES)
        return err_set(&h->error, ERR_REFUSED, "the file is larger than %d bytes", PAGE_BYTES);
    buf_reserve(&body, (size_t)st->st_size + 1);
    for (ssize_t n; body.n < (size_t)st->st_size &&
                    (n = read(fd, body.p + body.n, (size_t)st->st_size - body.n)) != 0;) {
        if (n < 0) {
            buf_free(&body);
            return fail(&h->error, "the file cannot be read", h->files.v[h->file].p);
        }
        body.n += (size_t)n;
    }
    run_push_response(h, 200, body);
    return true;
}

bool run_file_open(struct harvest *h)
{
    struct harvest_document *d = &h->document;
    const char *path = h->files.v[h->file].p;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ELOOP && h->files.n == 1) // the operator's own link
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail(&h->error, "the file cannot be opened", path);
    buf_clear(&h->page_url);
    buf_addf(&h->page_url, "file://%s", path);
    buf_clear(&d->url);
    buf_add(&d->url, buf_str(&h->page_url));
    buf_clear(&d->content_type);
    bool good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    if (!good)
        err_set(&h->error, ERR_IO, "%s is no file", path);
    else
        h->run.counts.bytes += st.st_size;
    if (good && !h->driver->open)
        good = load_page(h, fd, &st);
    if (good && h->driver->open)
        d->fd = fd;
    else
        close(fd);
    return good;
}

// ---- Bodies that cannot be read ---------------------------------------------------------------------

static int newest_first(const void *a, const void *b)
{
    return -by_name(a, b);
}

// Of a source's kept bodies, all but the newest go.
static void prune(struct harvest *h, const char *folder)
{
    struct strs names = {0};
    struct str prefix = arena_printf(&h->page_arena, "%.*s~", STR_ARG(h->run.source));
    DIR *d = opendir(folder);
    for (struct dirent *entry; d && (entry = readdir(d));)
        if (str_starts(str_of(entry->d_name), prefix))
            arena_push(&h->page_arena, &names,
                       arena_printf(&h->page_arena, "%s/%s", folder, entry->d_name));
    if (d)
        closedir(d);
    if (names.n)
        qsort(names.v, names.n, sizeof *names.v, newest_first);
    for (size_t i = UNREAD_KEPT; i < names.n; i++)
        unlink(names.v[i].p);
}

static bool copy(int from, int to)
{
    char chunk[CHUNK];
    off_t at = 0;
    for (ssize_t n; (n = pread(from, chunk, sizeof chunk, at)) != 0; at += n)
        if (n < 0 || at + n > UNREAD_BYTES || write(to, chunk, (size_t)n) != n)
            return false;
    return true;
}

static bool write_all(int to, struct str s)
{
    while (s.n) {
        ssize_t n = write(to, s.p, s.n);
        if (n <= 0)
            return false;
        s = str_slice(s.p + n, s.n - (size_t)n);
    }
    return true;
}

struct str run_keep_unread(struct harvest *h)
{
    if (h->local || h->options.dry_run || (!h->document.fd && !h->response_count))
        return STR_NONE;
    struct str folder = arena_printf(&h->page_arena, "%s/unread", h->tools.folder);
    struct str path = arena_printf(&h->page_arena, "%.*s/%.*s~%08lld~%02u", STR_ARG(folder),
                                   STR_ARG(h->run.source), (long long)h->run.run, h->lost);
    mkdir(folder.p, 0700);
    int fd = open(path.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return STR_NONE;
    bool good =
        h->driver->open ? copy(h->document.fd, fd) : write_all(fd, buf_str(&h->responses[0].body));
    close(fd);
    if (!good)
        unlink(path.p);
    prune(h, folder.p);
    return good ? path : STR_NONE;
}
