// What lies at a path of this machine: a file, or the files of a folder. See probe_inside.h.
#include "harvester/probe_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILES_MAX = 20, // of a folder that are looked at
    FOLDER_DEPTH = 8,
};

bool probe_read_file(struct probing *p, const char *path, struct probe_reply *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    struct buf b = {0};
    bool good = fd >= 0 && fstat(fd, &st) == 0;
    if (!good)
        err_set(e, ERR_NOT_FOUND, "the file cannot be read: %s", strerror(errno));
    else if (!S_ISREG(st.st_mode))
        good = err_set(e, ERR_NOT_FOUND, "it is no file");
    buf_reserve(&b, 1);
    for (ssize_t n = 1; good && n > 0 && b.n < PROBE_BODY_MAX;) {
        buf_reserve(&b, b.n + (1 << 16));
        n = read(fd, b.p + b.n, 1 << 16);
        b.n += n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0)
        close(fd);
    *out = (struct probe_reply){.status = 200,
                                .body = arena_str(p->arena, buf_str(&b)),
                                .url = arena_str(p->arena, str_of(path))};
    buf_free(&b);
    return good || err_where(e, "%s", path);
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

// The first files of a folder, in the order in which a harvest reads them, as far as that can be told from the first ones.
static void list_folder(struct probing *p, struct str path, unsigned depth, struct strs *files)
{
    struct strs names = {0};
    DIR *folder = opendir(arena_z(p->arena, path));
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.')
            arena_push(p->arena, &names,
                       arena_printf(p->arena, "%.*s/%s", STR_ARG(path), entry->d_name));
    if (folder)
        closedir(folder);
    if (names.n)
        qsort(names.v, names.n, sizeof *names.v, by_name);
    for (size_t i = 0; i < names.n && files->n < FILES_MAX; i++) {
        struct stat st;
        if (lstat(names.v[i].p, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth < FOLDER_DEPTH)
            list_folder(p, names.v[i], depth + 1, files);
        else if (S_ISREG(st.st_mode))
            arena_push(p->arena, files, names.v[i]);
    }
}

bool probe_find_path(struct probing *p, struct str *root, struct err *e)
{
    char whole[PATH_MAX];
    struct strs files = {0};
    struct stat st;
    if (!realpath(arena_z(p->arena, p->request->url), whole) || stat(whole, &st) != 0) {
        err_set(e, ERR_NOT_FOUND, "the file cannot be read: %s", strerror(errno));
        return err_where(e, "%.*s", STR_ARG(p->request->url));
    }
    *root = arena_str(p->arena, str_of(whole));
    if (S_ISDIR(st.st_mode))
        list_folder(p, *root, 0, &files);
    else
        arena_push(p->arena, &files, *root);
    if (!files.n) {
        err_set(e, ERR_NOT_FOUND, "the folder holds no file");
        return err_where(e, "%s", whole);
    }
    p->file = files.v[0];
    for (size_t i = 0; i < files.n && !p->out->type.n; i++) {
        struct probe_reply reply;
        if (!probe_read_file(p, files.v[i].p, &reply, e))
            return false;
        probe_know(p, *root, "", &reply);
        if (!p->out->type.n)
            probe_know(p, *root, NULL, &reply);
        if (p->out->type.n)
            p->file = files.v[i];
        else
            arena_push(p->arena, &p->out->tried, files.v[i]);
    }
    return true;
}
