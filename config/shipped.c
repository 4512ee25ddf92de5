// See shipped.h.
#include "config/shipped.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_whole(int fd, char *out, size_t size)
{
    size_t at = 0;
    while (at < size) {
        ssize_t n = read(fd, out + at, size - at);
        if (n <= 0 && !(n < 0 && errno == EINTR))
            return false;
        at += n > 0 ? (size_t)n : 0;
    }
    return true;
}

// True when it was read or does not exist (*out stays absent). Only a regular file is read: a pipe would be waited for.
static bool read_override(const char *path, struct arena *a, struct str *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return true;
    bool good = fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                status.st_size <= SHIPPED_BYTES_MAX;
    if (good) {
        size_t size = (size_t)status.st_size;
        char *p = arena_bytes(a, size + 1);
        good = read_whole(fd, p, size);
        p[size] = '\0';
        if (good)
            *out = str_slice(p, size);
    }
    if (fd >= 0)
        close(fd);
    if (good)
        return true;
    err_set(e, ERR_IO, "the file that overrides shipped data cannot be read, or is over %d MB",
            SHIPPED_BYTES_MAX >> 20);
    return err_where(e, "%s", path);
}

bool shipped_file(struct str share, const char *name, struct arena *a, struct str *out,
                  struct err *e)
{
    *out = STR_NONE;
    if (share.n && !read_override(arena_printf(a, "%.*s/%s", STR_ARG(share), name).p, a, out, e))
        return false;
    for (size_t i = 0; shipped_files[i].name && !out->p; i++)
        if (strcmp(shipped_files[i].name, name) == 0)
            *out = shipped_files[i].text;
    return out->p || err_set(e, ERR_NOT_FOUND, "no shipped file is called %s", name);
}
