// api/http/server: what cannot start, and a server that starts and stops without a client. With clients:
// tests/scenario/test_http*.py.
#include "api/http/response.h"
#include "api/http/server.h"
#include "tests/tap.h"

#include <fcntl.h>
#include <unistd.h>

static void handler(struct http_exchange *x, void *context, void *arg)
{
    (void)context, (void)arg;
    http_empty(x, 204);
}

static const struct http_route on_loop[] = {{HTTP_GET, "/a", handler, 0, "a"}};
static const struct http_route on_worker[] = {{HTTP_GET, "/a", handler, HTTP_ON_WORKER, "a"}};
static const struct http_route wrong[] = {{HTTP_GET, "a", handler, 0, "a"}};

// The lowest descriptor that is free: the same before and after, when none is lost.
static int free_descriptor(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(fd);
    return fd;
}

static void cannot_start(uv_loop_t *loop, const struct http_settings *settings, enum err_code code,
                         const char *what)
{
    struct err e = {0};
    int before = free_descriptor();
    ok(http_server_start(loop, settings, &e) == NULL);
    is_int(e.code, code);
    is_str(e.what, what);
    is_int(free_descriptor(), before);
}

static void on_stopped(void *arg)
{
    ++*(int *)arg;
}

int main(void)
{
    uv_loop_t loop;
    struct err e = {0};
    int stopped = 0, before;
    const struct http_face faces[] = {{on_loop, 1, NULL}, {on_worker, 1, NULL}, {wrong, 1, NULL}};
    struct http_settings settings = {.name = "test", .listen = "127.0.0.1:0", .face_count = 1};
    uv_loop_init(&loop);

    settings.faces = &faces[1];
    cannot_start(&loop, &settings, ERR_CONFIG, "route a needs workers");
    settings.faces = &faces[2];
    cannot_start(&loop, &settings, ERR_CONFIG, "a pattern starts with a slash");
    settings.faces = &faces[0];
    settings.listen = "here";
    cannot_start(&loop, &settings, ERR_CONFIG, "\"here\" is no address to listen on");
    settings.listen = "unix:/no-such-folder/socket";
    cannot_start(&loop, &settings, ERR_IO, "cannot listen: No such file or directory");
    settings.listen = "192.0.2.1:0"; // not an address of this machine
    cannot_start(&loop, &settings, ERR_IO, "cannot listen: Cannot assign requested address");
    settings.listen = "127.0.0.1:0";
    settings.gzip_level = 7;
    cannot_start(&loop, &settings, ERR_CONFIG, "gzip has the levels 1 to 6");
    settings.gzip_level = 0;

    before = free_descriptor();
    struct http_server *s = http_server_start(&loop, &settings, &e);
    ok(s != NULL);
    ok(str_starts(http_server_address(s), STR("http://127.0.0.1:")));
    is_int(http_server_connections(s), 0);
    http_server_stop(s, 60000, on_stopped, &stopped);
    is_int(stopped, 0); // later, on the loop
    uv_run(&loop, UV_RUN_DEFAULT);
    is_int(stopped, 1);
    s = http_server_start(&loop, &settings, &e);
    ok(s != NULL);
    http_server_stop(s, 0, NULL, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    is_int(uv_loop_close(&loop), 0);
    ok(free_descriptor() <= before);
    return tap_done();
}
