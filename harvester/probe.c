// See probe.h.
#include "harvester/probe.h"

#include "base/date.h"
#include "base/json_stream.h"
#include "config/shipped.h"
#include "harvester/fetch.h"
#include "harvester/headers_file.h"
#include "harvester/hooks.h"
#include "harvester/rdf/rdf.h"
#include "harvester/url.h"
#include "harvester/xml/xml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ROOTS_MAX = 4,           // of an address: itself and what is above it
    SIGNS_BYTES = 256 << 10, // of an answer, that is searched for signs
    BODY_MAX = 32 << 20,
    TIMEOUT = 30,
    RATE = 5,
};

struct probing {
    const struct probe_request *request;
    struct arena *arena;
    struct probe_answer *out;
    uv_loop_t loop;
    struct fetcher *fetcher;
    struct fetch_policy policy;
    struct strs headers;
    struct err network; // the first
    bool answered;
    bool here; // the clue's address is the source's
    struct config *config;
    struct shape *shape;
};

struct answer {
    int status; // 0: none
    struct str body, url, content_type;
};

// ---- Asking ------------------------------------------------------------------------------------------

struct asking {
    struct probing *p;
    struct answer *out;
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

static bool ask(struct probing *p, const struct driver_request *r, int spool, struct answer *out,
                struct err *e)
{
    struct asking x = {.p = p, .out = out};
    struct fetch_request request = {.url = r->url,
                                    .accept = r->accept,
                                    .body = r->body,
                                    .content_type = r->content_type,
                                    .headers = p->headers,
                                    .policy = &p->policy,
                                    .spool = spool};
    *out = (struct answer){0};
    fetch_start(p->fetcher, &request, on_answer, &x);
    while (!x.done)
        uv_run(&p->loop, UV_RUN_ONCE);
    p->answered = p->answered || out->status;
    if (x.error.code == ERR_NONE)
        return true;
    if (p->network.code == ERR_NONE)
        p->network = x.error;
    *e = x.error;
    return false;
}

// ---- Knowing -----------------------------------------------------------------------------------------

// The beginning of a body without its white space, so that signs are the same however it is laid out.
static struct str squeezed(struct arena *a, struct str body)
{
    size_t n = 0, most = body.n < SIGNS_BYTES ? body.n : SIGNS_BYTES;
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

static void note(struct probing *p, struct str url, const struct answer *answer,
                 const struct err *e)
{
    struct str how = answer->status
                         ? arena_printf(p->arena, "%.*s: %d", STR_ARG(url), answer->status)
                         : arena_printf(p->arena, "%.*s: %s", STR_ARG(url), e->what);
    arena_push(p->arena, &p->out->tried, how);
}

// The drivers that know an answer at that path, into the findings.
static void know(struct probing *p, const char *path, const struct answer *answer)
{
    struct str text = squeezed(p->arena, answer->body);
    for (size_t i = 0; drivers[i]; i++)
        for (const struct driver_clue *c = drivers[i]->clues; c && c->path; c++) {
            if (strcmp(c->path, path) != 0 || !shows(text, c))
                continue;
            struct str type = str_of(drivers[i]->type);
            if (!p->out->type.n) {
                p->out->type = type;
                p->out->evidence = answer->url;
                p->here = c->here;
            } else if (!str_eq(p->out->type, type)) {
                arena_push(p->arena, &p->out->others, type);
            }
            break;
        }
}

static bool look_at(struct probing *p, struct str root, const char *path)
{
    struct err e = {0};
    struct answer answer;
    struct driver_request request = {.url = arena_printf(p->arena, "%.*s%s", STR_ARG(root), path)};
    bool good = ask(p, &request, 0, &answer, &e) && answer.status == 200;
    note(p, request.url, &answer, &e);
    if (good)
        know(p, path, &answer);
    return good;
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
        for (const struct driver_clue *c = drivers[i]->clues; c && c->path && !p->out->type.n; c++)
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
    for (size_t i = n; i-- > 0 && !p->out->type.n;) {
        *root = roots[i];
        look_below(p, roots[i], p->request->type);
    }
    if (p->here) {
        ptrdiff_t query = str_find_char(p->out->evidence, '?');
        *root = query < 0 ? p->out->evidence : str_slice(p->out->evidence.p, (size_t)query);
    }
    return p->out->type.n > 0;
}

// ---- A file ------------------------------------------------------------------------------------------

static bool read_file(struct probing *p, const char *path, struct answer *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    struct buf b = {0};
    if (fd < 0 || fstat(fd, &st) != 0) {
        err_set(e, ERR_NOT_FOUND, "the file cannot be read: %s", strerror(errno));
        return err_where(e, "%s", path);
    }
    if (S_ISREG(st.st_mode)) {
        buf_reserve(&b, BODY_MAX);
        for (ssize_t n; b.n < BODY_MAX && (n = read(fd, b.p + b.n, BODY_MAX - b.n)) > 0;)
            b.n += (size_t)n;
    }
    close(fd);
    *out = (struct answer){
        .status = 200, .body = arena_str(p->arena, buf_str(&b)), .url = str_of(path)};
    buf_free(&b);
    return b.p == NULL || S_ISREG(st.st_mode) || err_set(e, ERR_NOT_FOUND, "%s is no file", path);
}

// ---- The source --------------------------------------------------------------------------------------

// "www.data.gouv.fr" is called data.gouv.fr.
static struct str name_of(struct probing *p, struct str root)
{
    struct str host = url_host(p->arena, root);
    if (str_starts(host, STR("www.")))
        host = str_slice(host.p + 4, host.n - 4);
    if (!host.n || (host.p[0] >= '0' && host.p[0] <= '9') || str_find_char(host, ':') >= 0)
        return p->out->type;
    return str_slice(host.p, host.n < 64 ? host.n : 64);
}

static void write_entry(struct probing *p, struct str root)
{
    struct buf b = {0};
    struct str name = name_of(p, root);
    buf_addf(&b, "  - name: %.*s\n    type: %.*s\n    url: \"%.*s\"\n    schedule: \"@daily\"\n",
             STR_ARG(name), STR_ARG(p->out->type), STR_ARG(root));
    if (p->policy.allow_private.n) {
        buf_addz(&b, "    allow_private: [");
        for (size_t i = 0; i < p->request->allow_private.n; i++)
            buf_addf(&b, "%s\"%.*s\"", i ? ", " : "", STR_ARG(p->request->allow_private.v[i]));
        buf_addz(&b, "]\n");
    }
    if (p->request->headers_file.n)
        buf_addf(&b, "    headers_file: \"%.*s\"\n", STR_ARG(p->request->headers_file));
    p->out->entry = arena_str(p->arena, buf_str(&b));
    buf_free(&b);
}

static bool load_entry(struct probing *p, struct err *e)
{
    struct conf_errors errors = {0};
    struct str text = arena_printf(p->arena, "sources:\n%.*s", STR_ARG(p->out->entry));
    p->config =
        config_load_text(text, "probe", p->request->folder, harvester_conf_hooks(), &errors);
    if (!p->config && errors.n)
        *e = errors.v[0].err;
    conf_errors_free(&errors);
    return p->config != NULL;
}

// ---- What comes, beside what is expected ---------------------------------------------------------------

static void see_xml(struct probing *p, struct buf *path, const struct xml_node *node,
                    unsigned depth)
{
    size_t n = path->n;
    buf_addf(path, "%s%.*s", n ? "/" : "", STR_ARG(node->name));
    shape_see(p->shape, buf_str(path), "string");
    size_t here = path->n;
    for (size_t i = 0; i < node->attribute_count; i++) {
        buf_addf(path, "@%.*s", STR_ARG(node->attributes[i].name));
        shape_see(p->shape, buf_str(path), "string");
        path->n = here;
    }
    for (const struct xml_node *c = node->first; c && depth < 32; c = c->next)
        see_xml(p, path, c, depth + 1);
    path->n = n;
}

// From the elements that the list begins at.
static void see_records(struct probing *p, const struct xml_node *node, unsigned depth)
{
    struct buf path = {0};
    if (shape_begins(p->shape, node->name))
        see_xml(p, &path, node, 0);
    else
        for (const struct xml_node *c = node->first; c && depth < 8; c = c->next)
            see_records(p, c, depth + 1);
    buf_free(&path);
}

static void see_json_stream(struct probing *p, int fd)
{
    struct json_stream *s = json_stream_new(fd);
    struct json_part part;
    struct err e = {0};
    for (size_t i = 0; i < 2000 && json_stream_next(s, &part, &e); i++) {
        json_t *v = part.too_large ? NULL : json_read(part.text, p->arena, NULL, NULL);
        struct str path =
            arena_printf(p->arena, "%.*s%s", STR_ARG(part.member), part.element ? "[]" : "");
        if (part.element && part.member.n)
            shape_see(p->shape, part.member, "array");
        if (v)
            shape_see_json_at(p->shape, path, v);
        json_decref(v);
    }
    json_stream_free(s);
}

static void compare(struct probing *p, struct str body, int fd)
{
    struct err e = {0};
    struct str list;
    char name[160], file[64], first[64];
    snprintf(file, sizeof file, "%.*s", STR_ARG(p->out->type));
    for (char *c = file; *c; c++)
        *c = *c == '-' ? '_' : *c;
    snprintf(name, sizeof name, "harvester/drivers/fields/%s.tsv", file);
    if (!shipped_file(p->request->share, name, p->arena, &list, &e) ||
        !(p->shape = shape_new(list, &e)))
        return;
    struct str start = str_trim(body);
    if (fd > 0) {
        lseek(fd, 0, SEEK_SET);
        ssize_t n = pread(fd, first, sizeof first, 0);
        start = str_trim(str_slice(first, n > 0 ? (size_t)n : 0));
    }
    bool json = str_starts(start, STR("{")) || str_starts(start, STR("["));
    if (shape_is_json(p->shape) && json && fd > 0) {
        see_json_stream(p, fd);
    } else if (shape_is_json(p->shape) && json) {
        json_t *o = json_read(body, p->arena, NULL, &e);
        if (o)
            shape_see_json(p->shape, o);
        json_decref(o);
    } else if (!shape_is_json(p->shape) && !json && fd <= 0) {
        struct xml_node *root = xml_read(body, p->arena, &e);
        if (root)
            see_records(p, root, 0);
    } else {
        return;
    }
    p->out->compared = true;
    p->out->departures = shape_departures(p->shape, p->arena, &p->out->departure_count);
}

// ---- The first page ----------------------------------------------------------------------------------

static void show(struct probing *p, const struct driver_page *page)
{
    struct probe_answer *out = p->out;
    out->announced = page->announced;
    for (size_t i = 0; i < page->item_count; i++) {
        const struct driver_item *item = &page->items[i];
        out->items++;
        out->skipped += item->skipped || item->gone;
        bool wrong = !item->record && !item->skipped && !item->gone;
        out->errors += wrong;
        if (item->skipped || item->gone || out->shown_count == PROBE_ITEMS_MAX)
            continue;
        struct probe_item *shown = &out->shown[out->shown_count++];
        *shown = (struct probe_item){.id = arena_str(p->arena, item->id), .kind = KIND_COUNT};
        if (item->record) {
            shown->kind = item->record->kind;
            shown->title = arena_str(p->arena, item->record->title);
        }
        char text[900];
        if (wrong)
            shown->error = arena_str(p->arena, str_of(err_text(&item->error, text, sizeof text)));
    }
}

static void read_pages(struct probing *p, const struct driver *driver,
                       const struct driver_source *source, const struct answer *answer)
{
    struct driver_page page = {.announced = -1};
    struct driver_response response = {.status = answer->status,
                                       .body = answer->body,
                                       .url = answer->url,
                                       .content_type = answer->content_type};
    if (!driver->read(source, STR(""), &response, 1, p->arena, &page, &p->out->page_error))
        return;
    p->out->more = page.next.n > 0;
    show(p, &page);
}

static void read_document(struct probing *p, const struct driver *driver,
                          const struct driver_source *source, const struct answer *answer, int fd)
{
    struct driver_page page = {.announced = -1};
    bool last = true;
    struct driver_document document = {.fd = fd,
                                       .url = answer->url,
                                       .content_type = answer->content_type,
                                       .folder = p->request->folder};
    lseek(fd, 0, SEEK_SET);
    void *reader = driver->open(source, STR(""), &document, &p->out->page_error);
    if (!reader)
        return;
    if (driver->next(reader, p->arena, &page, &last, &p->out->page_error)) {
        p->out->more = !last || page.next.n > 0;
        show(p, &page);
    }
    driver->close(reader);
}

static int open_spool(struct probing *p, struct err *e)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/glaneur-probe-XXXXXX", p->request->folder);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        err_set(e, ERR_IO, "no file can be made in %s: %s", p->request->folder, strerror(errno));
    else
        unlink(path);
    return fd;
}

static bool read_first(struct probing *p, bool local, struct err *e)
{
    const struct driver *driver = driver_find(p->out->type);
    const struct config_source *config = &p->config->sources[0];
    struct driver_source source = {
        .config = config, .main_kind = driver->main_kind, .now = date_now()};
    struct driver_request request = {0};
    struct answer answer = {0};
    for (unsigned k = 0; k < KIND_COUNT; k++)
        if (config->kinds & 1u << k)
            source.kinds[source.kind_count++] = (enum record_kind)k;
    int fd = 0;
    bool good = true;
    if (local) {
        const char *path = arena_z(p->arena, config->url);
        good = driver->open ? (fd = open(path, O_RDONLY | O_CLOEXEC)) > 0
                            : read_file(p, path, &answer, e);
        answer.url = arena_printf(p->arena, "file://%s", path);
        answer.status = 200;
    } else {
        fd = driver->open ? open_spool(p, e) : 0;
        good = fd >= 0 && driver->request(&source, STR(""), p->arena, &request, e) &&
               ask(p, &request, fd, &answer, e);
        p->out->evidence = request.url;
    }
    if (good && answer.status != 200 && driver->open)
        good = err_set(e, ERR_HTTP, "the document answers %d", answer.status);
    if (good && driver->open)
        read_document(p, driver, &source, &answer, fd);
    else if (good)
        read_pages(p, driver, &source, &answer);
    else
        p->out->page_error = *e;
    if (good)
        compare(p, answer.body, fd);
    if (fd > 0)
        close(fd);
    return true;
}

// ---- The whole ---------------------------------------------------------------------------------------

// An operator who writes a private address means it.
static void allow_own(struct probing *p, struct probe_request *request)
{
    struct err e;
    struct str host = url_host(p->arena, request->url);
    bool number = host.n && (str_find_char(host, ':') >= 0 ||
                             (host.p[host.n - 1] >= '0' && host.p[host.n - 1] <= '9'));
    struct strs allowed = {0};
    for (size_t i = 0; i < request->allow_private.n; i++)
        arena_push(p->arena, &allowed, request->allow_private.v[i]);
    if (str_eq(host, STR("localhost"))) {
        arena_push(p->arena, &allowed, STR("127.0.0.0/8"));
        arena_push(p->arena, &allowed, STR("::1"));
    } else if (number && !guard_ip_allowed(host, NULL, &e)) {
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
    struct answer answer;
    if (local && !read_file(p, arena_z(p->arena, root), &answer, e))
        return false;
    if (local)
        know(p, "", &answer);
    else
        find_at_address(p, &root);
    if (!local && !p->answered) {
        *e = p->network;
        return false;
    }
    if (p->request->type.n) {
        root = p->out->type.n && str_eq(p->out->type, p->request->type) ? root : p->request->url;
        p->out->type = p->request->type;
    }
    if (!p->out->type.n)
        return true;
    write_entry(p, root);
    return load_entry(p, e) && read_first(p, local, e);
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
    p.policy.rate = RATE;
    p.policy.attempts = 1;
    p.policy.timeout = TIMEOUT;
    uv_loop_init(&p.loop);
    bool good = headers_file_read(own.headers_file, a, &p.headers, e) &&
                guard_networks_parse(a, own.allow_private, &p.policy.allow_private, e) &&
                (p.fetcher = fetcher_new(&p.loop, &settings, e)) && run(&p, local, e);
    if (p.fetcher)
        fetcher_close(p.fetcher, NULL, NULL);
    uv_run(&p.loop, UV_RUN_DEFAULT);
    uv_loop_close(&p.loop);
    shape_free(p.shape);
    config_free(p.config);
    return good;
}
