// Talking to a running daemon, on its admin face. Blocking: for commands only.
#include "api/cli/cli.h"

#include <curl/curl.h>
#include <stdio.h>

enum { ANSWER_MAX = 64 * 1024 * 1024, TIMEOUT_SECONDS = 60 };

static size_t on_bytes(char *bytes, size_t size, size_t n, void *arg)
{
    struct buf *b = arg;
    if (b->n + size * n > ANSWER_MAX)
        return 0;
    buf_add(b, str_slice(bytes, size * n));
    return size * n;
}

bool admin_request(const struct cli *cli, const char *method, const char *path, struct buf *body,
                   int *status, struct err *e)
{
    const struct conf_listen *admin = &cli->config->admin;
    char url[4096];
    if (admin->family == CONF_UNIX)
        snprintf(url, sizeof url, "http://localhost%s", path);
    else
        snprintf(url, sizeof url, "http://%.*s%s", STR_ARG(admin->text), path);
    CURL *curl = curl_easy_init();
    if (!curl)
        return err_set(e, ERR_MEMORY, "libcurl cannot be set up");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    if (admin->family == CONF_UNIX)
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, admin->host.p);
    buf_clear(body);
    CURLcode code = curl_easy_perform(curl);
    long http = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http);
    curl_easy_cleanup(curl);
    *status = (int)http;
    if (code == CURLE_OK)
        return true;
    err_set(e, ERR_NETWORK, "the admin face of the daemon does not answer: %s",
            curl_easy_strerror(code));
    err_where(e, "%.*s", STR_ARG(admin->text));
    return err_hint(e, "is `glaneur serve` running under this configuration?");
}
