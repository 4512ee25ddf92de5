// split: sets a record apart from those that other catalogues show of the same brick, or joins it again. Where a daemon holds the
// store, through its admin face.
#include "api/cli/cli.h"
#include "api/search_params.h"
#include "base/json.h"
#include "store/store.h"

#include <unistd.h>

enum { POLL_MS = 100, WAIT_SECONDS = 60 };

static bool split_here(struct cli *cli, struct str id, bool apart, struct err *e)
{
    struct store *s = store_open(cli->config->data.p, STORE_WRITE, e);
    bool good = s && store_set_apart(s, id, apart, e) && cli_index(cli, s, e);
    if (s)
        store_close(s);
    return good;
}

// A member of what the daemon answers; -1 where there is none.
static bool ask_number(struct cli *cli, const char *method, const char *path, const char *key,
                       int64_t *out, struct err *e)
{
    struct buf body = {0};
    struct arena a = {0};
    int status;
    bool good =
        admin_request(cli, method, path, &body, &status, e) && cli_answered(&body, status, e);
    json_t *o = good ? json_read(buf_str(&body), &a, NULL, e) : NULL;
    *out = jget_int(o, key, -1);
    json_decref(o);
    arena_free(&a);
    buf_free(&body);
    return good && o;
}

// Returns when searches show it.
static bool split_there(struct cli *cli, struct str id, bool apart, struct err *e)
{
    struct buf path = {0};
    int64_t wanted = 0, indexed = -1;
    buf_addz(&path, "/api/v1/records/");
    url_encode(&path, id);
    buf_addz(&path, apart ? "/split" : "/join");
    buf_addc(&path, '\0');
    bool good = ask_number(cli, "POST", path.p, "seq", &wanted, e);
    buf_free(&path);
    for (int waited = 0; good && indexed < wanted; waited += POLL_MS) {
        good = ask_number(cli, "GET", "/api/v1/index", "seq", &indexed, e);
        if (good && waited >= WAIT_SECONDS * 1000)
            return err_set(e, ERR_TIMEOUT, "done, but the index does not follow");
        if (good && indexed < wanted)
            usleep(POLL_MS * 1000);
    }
    return good;
}

int command_split(struct cli *cli, const struct options *o)
{
    struct err e = {0};
    struct str id = str_of(o->arguments[0]);
    bool apart = !o->get(o, "undo", 0), good = split_here(cli, id, apart, &e);
    if (!good && e.code == ERR_LOCKED)
        good = split_there(cli, id, apart, &e);
    if (!good)
        return cli_fail(cli, &e);
    struct buf b = {0};
    if (cli->json) {
        json_open(&b, '{');
        json_key(&b, "id");
        json_str(&b, id);
        json_key(&b, "apart");
        json_bool(&b, apart);
        json_close(&b, '}');
    } else {
        buf_addf(&b, apart ? "%.*s stands apart" : "%.*s is joined again, where keys join it",
                 STR_ARG(id));
    }
    return cli_print(&b);
}
