// See listener.h.
#include "api/http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 511 };

static bool fail(struct listener *l, enum err_code code, const char *what, struct err *e)
{
    err_set(e, code, "%s: %s", what, strerror(errno));
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
    return false;
}

static bool start_listening(struct listener *l, struct err *e)
{
    return listen(l->fd, BACKLOG) == 0 || fail(l, ERR_IO, "cannot listen", e);
}

// ---- TCP

struct endpoint {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    socklen_t size;
};

static bool endpoint_read(struct str text, struct endpoint *out, char host[INET6_ADDRSTRLEN])
{
    bool v6 = text.n && text.p[0] == '[';
    ptrdiff_t end = v6 ? str_find(text, STR("]:")) : str_find_char(text, ':');
    int64_t port;
    if (end < 0)
        return false;
    size_t skip = v6 ? 1 : 0, n = (size_t)end - skip, after = (size_t)end + skip + 1;
    if (n >= INET6_ADDRSTRLEN ||
        !str_to_int(str_slice(text.p + after, text.n - after), 0, UINT16_MAX, &port))
        return false;
    memcpy(host, text.p + skip, n);
    host[n] = '\0';
    *out = (struct endpoint){.size = v6 ? sizeof out->address.v6 : sizeof out->address.v4};
    if (v6) {
        out->address.v6.sin6_family = AF_INET6;
        out->address.v6.sin6_port = htons((uint16_t)port);
        return inet_pton(AF_INET6, host, &out->address.v6.sin6_addr) == 1;
    }
    out->address.v4.sin_family = AF_INET;
    out->address.v4.sin_port = htons((uint16_t)port);
    return inet_pton(AF_INET, host, &out->address.v4.sin_addr) == 1;
}

static bool stands_for_all(const struct endpoint *at)
{
    if (at->address.any.sa_family == AF_INET)
        return at->address.v4.sin_addr.s_addr == htonl(INADDR_ANY);
    return IN6_IS_ADDR_UNSPECIFIED(&at->address.v6.sin6_addr);
}

static bool open_tcp(struct listener *l, const char *listen_on, struct err *e)
{
    struct endpoint at;
    int on = 1;
    if (!endpoint_read(str_of(listen_on), &at, l->host)) {
        err_set(e, ERR_CONFIG, "\"%.100s\" is no address to listen on", listen_on);
        return err_hint(e, "write it as 127.0.0.1:8080, [::1]:8080 or unix:/path");
    }
    bool v6 = at.address.any.sa_family == AF_INET6;
    l->fd = socket(at.address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (l->fd < 0)
        return fail(l, ERR_IO, "cannot make a socket", e);
    setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (v6)
        setsockopt(l->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(l->fd, &at.address.any, at.size) != 0) {
        fail(l, errno == EADDRINUSE ? ERR_CONFLICT : ERR_IO, "cannot listen", e);
        return err_where(e, "%.100s", listen_on);
    }
    getsockname(l->fd, &at.address.any, &at.size);
    snprintf(l->address, sizeof l->address, v6 ? "http://[%s]:%u" : "http://%s:%u", l->host,
             (unsigned)ntohs(v6 ? at.address.v6.sin6_port : at.address.v4.sin_port));
    if (stands_for_all(&at))
        l->host[0] = '\0';
    return start_listening(l, e);
}

// ---- unix

static int unix_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

// Is there a socket on which nobody answers?
static bool is_stale(const struct sockaddr_un *at)
{
    struct stat file;
    if (lstat(at->sun_path, &file) != 0 || !S_ISSOCK(file.st_mode))
        return false;
    int fd = unix_socket();
    if (fd < 0)
        return false;
    bool refused = connect(fd, (const void *)at, sizeof *at) != 0 && errno == ECONNREFUSED;
    close(fd);
    return refused;
}

static bool bind_unix(struct listener *l, const struct sockaddr_un *at)
{
    if (bind(l->fd, (const void *)at, sizeof *at) == 0)
        return true;
    if (errno != EADDRINUSE)
        return false;
    if (!is_stale(at) || unlink(at->sun_path) != 0) {
        errno = EADDRINUSE;
        return false;
    }
    return bind(l->fd, (const void *)at, sizeof *at) == 0;
}

static bool open_unix(struct listener *l, const char *path, struct err *e)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof at.sun_path)
        return err_set(e, ERR_CONFIG, "the path of a socket has 1 to %zu bytes",
                       sizeof at.sun_path - 1);
    memcpy(at.sun_path, path, n);
    l->is_unix = true;
    snprintf(l->address, sizeof l->address, "unix:%s", path);
    l->fd = unix_socket();
    if (l->fd < 0)
        return fail(l, ERR_IO, "cannot make a socket", e);
    if (!bind_unix(l, &at)) {
        fail(l, errno == EADDRINUSE ? ERR_CONFLICT : ERR_IO, "cannot listen", e);
        return err_where(e, "%.107s", path);
    }
    // Nobody can connect before listen: the mode is right from the first connection on.
    if (chmod(path, 0660) != 0 || lstat(path, &l->file) != 0)
        return fail(l, ERR_IO, "cannot set the socket's mode", e);
    return start_listening(l, e);
}

bool listener_open(struct listener *l, const char *listen_on, struct err *e)
{
    *l = (struct listener){.fd = -1};
    if (str_starts(str_of(listen_on), STR("unix:")))
        return open_unix(l, listen_on + 5, e);
    return open_tcp(l, listen_on, e);
}

void listener_close(struct listener *l)
{
    struct stat now;
    const char *path = l->address + 5;
    if (l->fd < 0)
        return;
    if (l->is_unix && lstat(path, &now) == 0 && now.st_ino == l->file.st_ino &&
        now.st_dev == l->file.st_dev)
        unlink(path);
    close(l->fd);
    l->fd = -1;
}
