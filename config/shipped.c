// See shipped.h.
#include "config/shipped.h"

#include <errno.h>
#include <stdio.h>

// True when it was read or does not exist (*out stays absent).
static bool read_override(const char *path, struct arena *a, struct str *out, struct err *e)
{
    FILE *f = fopen(path, "re");
    if (!f && (errno == ENOENT || errno == ENOTDIR))
        return true;
    long size = -1;
    if (f && fseek(f, 0, SEEK_END) == 0)
        size = ftell(f);
    bool good = size >= 0 && size <= SHIPPED_BYTES_MAX;
    if (good) {
        char *p = arena_bytes(a, (size_t)size + 1);
        rewind(f);
        good = fread(p, 1, (size_t)size, f) == (size_t)size;
        p[size] = '\0';
        *out = str_slice(p, (size_t)size);
    }
    if (f)
        fclose(f);
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
