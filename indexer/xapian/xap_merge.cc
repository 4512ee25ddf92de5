// Several indexes become one. See xap.h.
#include "indexer/xapian/xap_internal.h"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool io(const char *what, const std::string &path, struct err *err)
{
    return err_set(err, ERR_IO, "cannot %s %s: %s", what, path.c_str(), strerror(errno));
}

static bool sync_one(const std::string &path, struct err *err)
{
    int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (!good)
        io("sync", path, err);
    if (fd >= 0)
        close(fd);
    return good;
}

// Xapian does not say that a compacted index is on the disk when it returns: each of its files is synced, then the folder.
static bool sync_all(const std::string &folder, struct err *err)
{
    DIR *dir = opendir(folder.c_str());
    bool good = dir != nullptr || io("open", folder, err);
    while (good) {
        struct dirent *d = readdir(dir);
        if (!d)
            break;
        if (d->d_name[0] != '.')
            good = sync_one(folder + "/" + d->d_name, err);
    }
    if (dir)
        closedir(dir);
    return good && sync_one(folder, err);
}

bool xap_db_merge(const char *const *paths, size_t n, const char *to, struct err *err)
{
    struct stat there;
    if (lstat(to, &there) == 0)
        return err_set(err, ERR_CONFLICT, "%s is there already", to);
    bool done = xap_guard(err, [=] {
        Xapian::Database all;
        for (size_t i = 0; i < n; i++)
            all.add_database(Xapian::Database(paths[i]));
        all.compact(to, Xapian::DBCOMPACT_NO_RENUMBER);
        return sync_all(to, err);
    });
    return done || err_where(err, "%s", to);
}
