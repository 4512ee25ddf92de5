// A listening socket, TCP or unix. On the loop; opening may block for the moment that a connect to
// a local socket takes.
#pragma once

#include "base/err.h"

#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>

struct listener {
    int fd; // -1 once closed
    bool is_unix;
    char address[sizeof(struct sockaddr_un) + 8]; // "http://127.0.0.1:8080", "unix:/path"
    char host
        [INET6_ADDRSTRLEN]; // "127.0.0.1"; empty for unix and for an address that stands for all
    struct stat file;       // of a unix socket: removed at the end only if it is still ours
};

// "127.0.0.1:8080", "[::1]:8080", "unix:/path" (mode 0660). Errors as http_server_start's.
bool listener_open(struct listener *l, const char *listen_on, struct err *e);
void listener_close(struct listener *l);
