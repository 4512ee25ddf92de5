// See generation.h.
#include "indexer/index/generation.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char *path_of(const char *data, const char *name, struct arena *a)
{
    return (char *)(uintptr_t)arena_printf(a, "%s/index%s%s", data, name[0] ? "/" : "", name).p;
}

static bool io(struct err *e, const char *what, const char *path)
{
    err_set(e, ERR_IO, "cannot %s: %s", what, strerror(errno));
    return err_where(e, "%s", path);
}

bool generation_current(const char *data, int64_t *number, struct err *e)
{
    char link[PATH_MAX], target[32]; // on the stack: each search looks
    bool good = true;
    *number = 0;
    int length = snprintf(link, sizeof link, "%s/index/current", data);
    errno = ENAMETOOLONG;
    ssize_t n = length < PATH_MAX ? readlink(link, target, sizeof target - 1) : -1;
    // Whatever else is in its place is no index: one is made, and takes that place.
    if (n < 0 && errno != ENOENT && errno != ENOTDIR && errno != EINVAL)
        good = io(e, "read the link to the index", link);
    else if (n > 0 && !str_to_int(str_slice(target, (size_t)n), 1, INT64_MAX, number))
        *number = 0;
    return good;
}

char *generation_path(const char *data, int64_t number, struct arena *a)
{
    char name[24];
    snprintf(name, sizeof name, "%lld", (long long)number);
    return path_of(data, name, a);
}

char *generation_parts_path(const char *data, int64_t number, struct arena *a)
{
    char name[32];
    snprintf(name, sizeof name, "%lld.parts", (long long)number);
    return path_of(data, name, a);
}

enum { DEEPEST = 2 }; // folders in a folder of parts

static void remove_folder(int parent, const char *name, int depth)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (struct dirent *d; (d = readdir(dir));)
        if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
            if (unlinkat(fd, d->d_name, 0) != 0 && depth < DEEPEST)
                remove_folder(fd, d->d_name, depth + 1);
    closedir(dir);
    unlinkat(parent, name, AT_REMOVEDIR);
}

void generation_remove_folder(const char *path)
{
    remove_folder(AT_FDCWD, path, 1);
}

void generation_remove_parts(const char *data, int64_t number)
{
    struct arena a = {0};
    generation_remove_folder(generation_parts_path(data, number, &a));
    arena_free(&a);
}

void generation_remove(const char *data, int64_t number)
{
    struct arena a = {0};
    generation_remove_parts(data, number);
    generation_remove_folder(generation_path(data, number, &a));
    arena_free(&a);
}

// "12", and "12.parts".
static bool number_of(struct str name, int64_t *number)
{
    if (str_ends(name, STR(".parts")))
        name.n -= STR(".parts").n;
    return str_to_int(name, 1, INT64_MAX, number);
}

// Visits the numbered folders; removes all but `keep` when told to. Returns the highest number.
static bool visit(const char *data, bool remove, int64_t keep, int64_t *highest, struct err *e)
{
    struct arena a = {0};
    char *folder = path_of(data, "", &a);
    DIR *dir = opendir(folder);
    bool good = dir != NULL || io(e, "open the folder of the index", folder);
    while (dir) {
        struct dirent *d = readdir(dir);
        int64_t number;
        if (!d)
            break;
        if (!number_of(str_of(d->d_name), &number))
            continue;
        *highest = number > *highest ? number : *highest;
        if (remove && number != keep)
            remove_folder(dirfd(dir), d->d_name, 0);
    }
    if (dir)
        closedir(dir);
    arena_free(&a);
    return good;
}

bool generation_clean(const char *data, struct err *e)
{
    int64_t current, highest = 0;
    return generation_current(data, &current, e) && visit(data, true, current, &highest, e);
}

static bool next(const char *data, bool remove, int64_t *number, struct err *e)
{
    struct arena a = {0};
    char *folder = path_of(data, "", &a);
    int64_t current = 0, highest = 0;
    bool good = (mkdir(folder, 0755) == 0 || errno == EEXIST || io(e, "make the folder", folder)) &&
                generation_current(data, &current, e) && visit(data, remove, current, &highest, e);
    arena_free(&a);
    *number = (highest > current ? highest : current) + 1;
    return good;
}

bool generation_next(const char *data, int64_t *number, struct err *e)
{
    struct arena a = {0};
    char *parts = NULL;
    bool good = next(data, true, number, e);
    if (good) {
        parts = generation_parts_path(data, *number, &a);
        good = mkdir(parts, 0755) == 0 || errno == EEXIST || io(e, "make the folder", parts);
    }
    arena_free(&a);
    return good;
}

bool generation_after(const char *data, int64_t *number, struct err *e)
{
    return next(data, false, number, e);
}

bool generation_publish(const char *data, int64_t number, struct err *e)
{
    struct arena a = {0};
    char *folder = path_of(data, "", &a), *link = path_of(data, "current", &a);
    char *fresh = path_of(data, "current.new", &a), target[24];
    snprintf(target, sizeof target, "%lld", (long long)number);
    unlink(fresh);
    bool good = (symlink(target, fresh) == 0 || io(e, "make the link to the index", fresh)) &&
                (rename(fresh, link) == 0 || io(e, "swap the link to the index", link));
    int fd = good ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    arena_free(&a);
    return good;
}
