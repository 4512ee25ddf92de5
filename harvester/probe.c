// See probe.h. Here: who is asked what, and the whole.
#include "harvester/probe_inside.h"

#include "harvester/headers_file.h"
#include "harvester/url.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    ROOTS_MAX = 4,         // of an address: itself and what is above it
    ADDRESS_TIMEOUT = 30,  // seconds, of the address itself, which may be a large document
    QUESTION_TIMEOUT = 10, // of what is usual below it
    TIMEOUTS_MAX = 2,      // questions that were not answered in time: then nothing else is asked
    RATE = 5,
};
#define DOCUMENT_BYTES ((uint64_t)4 << 30)

// ---- Asking ------------------------------------------------------------------------------------------

struct asking {
    struct probing *p;
    struct probe_reply *out;
    struct err error;
    bool done;
};

static void on_answer(struct fetch_result *result, void *arg)
{
    struct asking *x = arg;
    x->done = true;
    x->error = result->error;
    x->out->status = result->status;
    x->out->url = arena_str(x->p->arena, result->effective_url);
    x->out->content_type = arena_str(x->p->arena, result->content_type);
    x->out->body = arena_str(x->p->arena, buf_str(&result->body));
}

bool probe_ask(struct probing *p, const struct driver_request *r, int spool, unsigned timeout,
               struct probe_reply *out, struct err *e)
{
    unsigned most = p->request->timeout;
    struct asking x = {.p = p, .out = out};
    p->policy.timeout = most && most < timeout ? most : timeout;
    p->policy.max_bytes = spool ? DOCUMENT_BYTES : PROBE_BODY_MAX;
    struct fetch_request request = {.url = r->url,
                                    .accept = r->accept,
                                    .body = r->body,
                                    .content_type = r->content_type,
                                    .headers = p->headers,
                                    .policy = &p->policy,
                                    .spool = spool};
    *out = (struct probe_reply){0};
    fetch_start(p->fetcher, &request, on_answer, &x);
    while (!x.done)
        uv_run(&p->loop, UV_RUN_ONCE);
    p->answered = p->answered || out->status;
    p->timeouts += x.error.code == ERR_TIMEOUT;
    if (x.error.code == ERR_NONE)
        return true;
    if (p->network.code == ERR_NONE)
        p->network = x.error;
    *e = x.error;
    return false;
}

int probe_spool(struct probing *p, struct err *e)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/glaneur-probe-XXXXXX", p->request->folder);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        err_set(e, ERR_IO, "no file can be made in %s: %s", p->request->folder, strerror(errno));
    else
        unlink(path);
    return fd;
}

struct str probe_beginning(struct probing *p, int fd)
{
    char *body = arena_alloc(p->arena, PROBE_SIGNS_BYTES);
    size_t n = 0;
    for (ssize_t got;
         n < PROBE_SIGNS_BYTES && (got = pread(fd, body + n, PROBE_SIGNS_BYTES - n, (off_t)n)) > 0;)
        n += (size_t)got;
    return str_slice(body, n);
}

// ---- Knowing -----------------------------------------------------------------------------------------

// The beginning of a body without its white space, so that signs are the same however it is laid out.
static struct str squeezed(struct arena *a, struct str body)
{
    size_t n = 0, most = body.n < PROBE_SIGNS_BYTES ? body.n : PROBE_SIGNS_BYTES;
    char *out = arena_alloc(a, most + 1);
    for (size_t i = 0; i < most; i++)
        if (body.p[i] != ' ' && body.p[i] != '\n' && body.p[i] != '\r' && body.p[i] != '\t')
            out[n++] = body.p[i];
    return str_slice(out, n);
}

static bool shows(struct str text, const struct driver_clue *clue)
{
    for (size_t i = 0; i < DRIVER_SIGNS && clue->signs[i]; i++)
        if (str_find(text, str_of(clue->signs[i])) < 0)
            return false;
    return clue->signs[0] != NULL;
}

static void note(struct probing *p, struct str url, const struct probe_reply *reply,
                 const struct err *e)
{
    struct str how = reply->status ? arena_printf(p->arena, "%.*s: %d", STR_ARG(url), reply->status)
                                   : arena_printf(p->arena, "%.*s: %s", STR_ARG(url), e->what);
    arena_push(p->arena, &p->out->tried, how);
}

// The address that was asked, after redirects, without the path that was added to it.
static struct str root_behind(struct str asked, struct str path, struct str answered)
{
    if (str_ends(answered, path))
        return str_slice(answered.p, answered.n - path.n);
    return str_slice(asked.p, asked.n - path.n);
}

void probe_know(struct probing *p, struct str asked, const char *path,
                const struct probe_reply *reply)
{
    if (probe_is_for_people(reply->body))
        return;
    struct str text = squeezed(p->arena, reply->body);
    for (size_t i = 0; drivers[i]; i++)
        for (const struct driver_clue *c = drivers[i]->clues; c && c->path; c++) {
            struct str type = str_of(drivers[i]->type);
            bool here = path ? strcmp(c->path, path) == 0 : drivers[i]->files;
            if (!here || (p->request->type.n && !str_eq(p->request->type, type)) || !shows(text, c))
                continue;
            if (!p->out->type.n) {
                p->out->type = type;
                p->out->evidence = reply->url;
                p->clue = c;
                p->known_root = path ? root_behind(asked, str_of(path), reply->url) : asked;
            } else if (!str_eq(p->out->type, type)) {
                arena_push(p->arena, &p->out->others, type);
            }
            break;
        }
}

// Whether there is any use in asking on: a host that does not answer at all, or never in time, has no other paths.
static bool may_ask(const struct probing *p)
{
    return p->timeouts < TIMEOUTS_MAX &&
           (p->answered || p->network.code == ERR_NONE || p->network.code == ERR_TIMEOUT);
}

static void look_at(struct probing *p, struct str root, const char *path)
{
    struct err e = {0};
    struct probe_reply reply = {0};
    struct driver_request request = {.url = arena_printf(p->arena, "%.*s%s", STR_ARG(root), path)};
    // The address itself may be a document of any size.
    int fd = *path ? 0 : probe_spool(p, &e);
    bool good = fd >= 0 &&
                probe_ask(p, &request, fd, *path ? QUESTION_TIMEOUT : ADDRESS_TIMEOUT, &reply, &e);
    if (fd > 0) {
        if (good)
            reply.body = probe_beginning(p, fd);
        close(fd);
    }
    note(p, request.url, &reply, &e);
    if (good && reply.status == 200)
        probe_know(p, request.url, path, &reply);
    if (good && !*path)
        probe_see(p, &reply);
    else if (!*path)
        p->out->seen = arena_printf(p->arena, "%.*s: %s", STR_ARG(request.url), e.what);
}

// The address and what lies above it, "https://host/a/b", "https://host/a", "https://host": at most ROOTS_MAX, the host's among them.
static size_t roots_of(struct arena *a, struct str url, struct str roots[ROOTS_MAX])
{
    ptrdiff_t scheme = str_find(url, STR("://"));
    size_t start = (size_t)scheme + 3, n = 0;
    struct str rest = url;
    for (size_t i = start; i < rest.n; i++)
        if (rest.p[i] == '?' || rest.p[i] == '#')
            rest.n = i;
    while (str_ends(rest, STR("/")))
        rest.n--;
    for (;;) {
        ptrdiff_t slash = -1;
        for (size_t i = start; i < rest.n; i++)
            slash = rest.p[i] == '/' ? (ptrdiff_t)i : slash;
        if (n == ROOTS_MAX - 1 && slash >= 0) { // the last place is the host's
            size_t host = start;
            while (host < rest.n && rest.p[host] != '/')
                host++;
            rest.n = host;
            slash = -1;
        }
        roots[n++] = arena_str(a, rest);
        if (slash < 0)
            return n;
        rest.n = (size_t)slash;
    }
}

static bool is_new_path(const char *const *paths, size_t n, const char *path)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(paths[i], path) == 0)
            return false;
    return *path != '\0';
}

// Paths below a root, in the order of the drivers, until one is known. The type's own only, when it is told.
static void look_below(struct probing *p, struct str root, struct str type)
{
    enum { PATHS_MAX = 64 };
    const char *paths[PATHS_MAX];
    size_t n = 0;
    for (size_t i = 0; drivers[i] && !p->out->type.n; i++)
        for (const struct driver_clue *c = drivers[i]->clues;
             c && c->path && !p->out->type.n && may_ask(p); c++)
            if ((!type.n || str_eq(type, str_of(drivers[i]->type))) && n < PATHS_MAX &&
                is_new_path(paths, n, c->path)) {
                paths[n++] = c->path;
                look_at(p, root, c->path);
            }
}

static bool find_at_address(struct probing *p, struct str *root)
{
    struct str url = p->request->url, roots[ROOTS_MAX];
    size_t n = roots_of(p->arena, url, roots);
    *root = url;
    look_at(p, url, "");
    // The host first: a portal's own interface says more than a document that it offers.
    for (size_t i = n; i-- > 0 && !p->out->type.n && may_ask(p);)
        look_below(p, roots[i], p->request->type);
    if (p->out->type.n)
        *root = p->known_root;
    if (p->clue && p->clue->here) {
        ptrdiff_t query = str_find_char(p->out->evidence, '?');
        *root = query < 0 ? p->out->evidence : str_slice(p->out->evidence.p, (size_t)query);
    }
    return p->out->type.n > 0;
}

// ---- The whole ---------------------------------------------------------------------------------------

// A server on this machine.
static bool is_own_host(struct arena *a, struct str url)
{
    struct str host = url_host(a, url);
    return str_eq(host, STR("localhost")) ||
           (str_starts(host, STR("127.")) && probe_is_number(host));
}

// An operator who writes a private address means it.
static void allow_own(struct probing *p, struct probe_request *request)
{
    struct err e;
    struct str host = url_host(p->arena, request->url);
    struct strs allowed = {0};
    for (size_t i = 0; i < request->allow_private.n; i++)
        arena_push(p->arena, &allowed, request->allow_private.v[i]);
    if (str_eq(host, STR("localhost"))) {
        arena_push(p->arena, &allowed, STR("127.0.0.0/8"));
        arena_push(p->arena, &allowed, STR("::1"));
    } else if (probe_is_number(host) && !guard_ip_allowed(host, NULL, &e)) {
        arena_push(p->arena, &allowed, str_starts(host, STR("127.")) ? STR("127.0.0.0/8") : host);
    }
    request->allow_private = allowed;
}

static bool known_type(struct str type, struct err *e)
{
    if (!type.n || driver_find(type))
        return true;
    struct buf b = {0};
    for (size_t i = 0; drivers[i]; i++)
        buf_addf(&b, "%s%s", i ? ", " : "", drivers[i]->type);
    err_set(e, ERR_NOT_FOUND, "there is no type \"%.*s\": there are %.*s", STR_ARG(type),
            STR_ARG(buf_str(&b)));
    buf_free(&b);
    return false;
}

static bool run(struct probing *p, bool local, struct err *e)
{
    struct str root = p->request->url;
    if (local && !probe_find_path(p, &root, e))
        return false;
    if (!local)
        find_at_address(p, &root);
    if (!local && !p->answered) {
        *e = p->network;
        return false;
    }
    if (p->request->type.n)
        p->out->type = p->request->type;
    if (!p->out->type.n)
        return true;
    if (!probe_make_entry(p, root, e))
        return false;
    probe_read_first(p);
    return true;
}

bool probe(const struct probe_request *request, struct arena *a, struct probe_answer *out,
           struct err *e)
{
    struct probe_request own = *request;
    struct probing p = {.request = &own, .arena = a, .out = out, .policy = FETCH_POLICY_DEFAULT};
    struct fetch_settings settings = {
        .user_agent = request->user_agent, .proxy = request->proxy, .ca_file = request->ca_file};
    bool local = str_starts(own.url, STR("/")) || str_starts(own.url, STR("."));
    *out = (struct probe_answer){.announced = -1};
    if (!known_type(own.type, e) || (!local && !url_check(own.url, e)))
        return false;
    if (!local)
        allow_own(&p, &own);
    p.policy.source = "probe";
    p.policy.rate = is_own_host(p.arena, own.url) ? 0 : RATE;
    p.policy.attempts = 1;
    uv_loop_init(&p.loop);
    bool good = headers_file_read(own.headers_file, a, &p.headers, e) &&
                guard_networks_parse(a, own.allow_private, &p.policy.allow_private, e) &&
                (p.fetcher = fetcher_new(&p.loop, &settings, e)) && run(&p, local, e);
    if (p.fetcher)
        fetcher_close(p.fetcher, NULL, NULL);
    uv_run(&p.loop, UV_RUN_DEFAULT);
    uv_loop_close(&p.loop);
    config_free(p.config);
    return good;
}
