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

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ROOTS_MAX = 4,           // of an address: itself and what is above it
    SIGNS_BYTES = 256 << 10, // of an answer, that is searched for signs
    BODY_MAX = 32 << 20,
    TIMEOUT = 120,         // of the first page, seconds
    ADDRESS_TIMEOUT = 30,  // of the address itself, which may be a large document
    QUESTION_TIMEOUT = 10, // of what is usual below it
    TIMEOUTS_MAX = 2,      // questions that were not answered in time: then nothing else is asked
    RATE = 5,
    FILES_MAX = 20, // of a folder that are looked at
    FOLDER_DEPTH = 8,
};
#define DOCUMENT_BYTES ((uint64_t)4 << 30)

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
    unsigned timeouts;
    bool here;             // the clue's address is the source's
    struct str known_root; // of the answer that is known, after redirects
    struct str file;       // what is read, of a path
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
    p->policy.max_bytes = spool ? DOCUMENT_BYTES : BODY_MAX;
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
    p->timeouts += x.error.code == ERR_TIMEOUT;
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

// A page for people: what it says of data is no catalogue.
static bool is_html(struct str text)
{
    static const char *const signs[] = {"<!doctypehtml", "<html", NULL};
    char begin[1024];
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_slice(text.p + 3, text.n - 3);
    if (!str_starts(text, STR("<")))
        return false;
    size_t n = text.n < sizeof begin ? text.n : sizeof begin;
    for (size_t i = 0; i < n; i++)
        begin[i] = (char)(text.p[i] >= 'A' && text.p[i] <= 'Z' ? text.p[i] + 32 : text.p[i]);
    for (size_t i = 0; signs[i]; i++)
        if (str_find(str_slice(begin, n), str_of(signs[i])) >= 0)
            return true;
    return false;
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

// The address that was asked, after redirects, without the path that was added to it.
static struct str root_behind(struct str asked, struct str path, struct str answered)
{
    if (str_ends(answered, path))
        return str_slice(answered.p, answered.n - path.n);
    return str_slice(asked.p, asked.n - path.n);
}

// The drivers that know an answer at that path, into the findings. A file may be an answer to any path.
static void know(struct probing *p, struct str asked, const char *path, const struct answer *answer)
{
    struct str text = squeezed(p->arena, answer->body);
    if (is_html(text))
        return;
    for (size_t i = 0; drivers[i]; i++)
        for (const struct driver_clue *c = drivers[i]->clues; c && c->path; c++) {
            struct str type = str_of(drivers[i]->type);
            bool here = path ? strcmp(c->path, path) == 0 : drivers[i]->files;
            if (!here || (p->request->type.n && !str_eq(p->request->type, type)) || !shows(text, c))
                continue;
            if (!p->out->type.n) {
                p->out->type = type;
                p->out->evidence = answer->url;
                p->here = c->here;
                p->known_root = path ? root_behind(asked, str_of(path), answer->url) : asked;
            } else if (!str_eq(p->out->type, type)) {
                arena_push(p->arena, &p->out->others, type);
            }
            break;
        }
}

static int open_spool(struct probing *p, struct err *e)
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

static struct str beginning_of(struct probing *p, int fd)
{
    char *body = arena_alloc(p->arena, SIGNS_BYTES);
    size_t n = 0;
    for (ssize_t got;
         n < SIGNS_BYTES && (got = pread(fd, body + n, SIGNS_BYTES - n, (off_t)n)) > 0;)
        n += (size_t)got;
    return str_slice(body, n);
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
    struct answer answer;
    struct driver_request request = {.url = arena_printf(p->arena, "%.*s%s", STR_ARG(root), path)};
    // The address itself may be a document of any size.
    int fd = *path ? 0 : open_spool(p, &e);
    p->policy.timeout = *path ? QUESTION_TIMEOUT : ADDRESS_TIMEOUT;
    bool good = fd >= 0 && ask(p, &request, fd, &answer, &e) && answer.status == 200;
    if (fd > 0) {
        if (good)
            answer.body = beginning_of(p, fd);
        close(fd);
    }
    note(p, request.url, &answer, &e);
    if (good)
        know(p, request.url, path, &answer);
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
    if (p->here) {
        ptrdiff_t query = str_find_char(p->out->evidence, '?');
        *root = query < 0 ? p->out->evidence : str_slice(p->out->evidence.p, (size_t)query);
    }
    return p->out->type.n > 0;
}

// ---- A file ------------------------------------------------------------------------------------------

static bool read_file(struct probing *p, const char *path, struct answer *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    struct buf b = {0};
    bool good = fd >= 0 && fstat(fd, &st) == 0;
    if (!good)
        err_set(e, ERR_NOT_FOUND, "the file cannot be read: %s", strerror(errno));
    else if (!S_ISREG(st.st_mode))
        good = err_set(e, ERR_NOT_FOUND, "it is no file");
    buf_reserve(&b, 1);
    for (ssize_t n = 1; good && n > 0 && b.n < BODY_MAX;) {
        buf_reserve(&b, b.n + (1 << 16));
        n = read(fd, b.p + b.n, 1 << 16);
        b.n += n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0)
        close(fd);
    *out = (struct answer){.status = 200,
                           .body = arena_str(p->arena, buf_str(&b)),
                           .url = arena_str(p->arena, str_of(path))};
    buf_free(&b);
    return good || err_where(e, "%s", path);
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

// The first files of a folder, in the order in which a harvest reads them, as far as that can be told from the first ones.
static void list_folder(struct probing *p, struct str path, unsigned depth, struct strs *files)
{
    struct strs names = {0};
    DIR *folder = opendir(arena_z(p->arena, path));
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.')
            arena_push(p->arena, &names,
                       arena_printf(p->arena, "%.*s/%s", STR_ARG(path), entry->d_name));
    if (folder)
        closedir(folder);
    if (names.n)
        qsort(names.v, names.n, sizeof *names.v, by_name);
    for (size_t i = 0; i < names.n && files->n < FILES_MAX; i++) {
        struct stat st;
        if (lstat(names.v[i].p, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth < FOLDER_DEPTH)
            list_folder(p, names.v[i], depth + 1, files);
        else if (S_ISREG(st.st_mode))
            arena_push(p->arena, files, names.v[i]);
    }
}

// Of a folder the first file that a driver knows; the first one where the type is told and none shows it.
static bool find_at_path(struct probing *p, struct str *root, struct err *e)
{
    char whole[PATH_MAX];
    struct strs files = {0};
    struct stat st;
    if (!realpath(arena_z(p->arena, p->request->url), whole) || stat(whole, &st) != 0) {
        err_set(e, ERR_NOT_FOUND, "the file cannot be read: %s", strerror(errno));
        return err_where(e, "%.*s", STR_ARG(p->request->url));
    }
    *root = arena_str(p->arena, str_of(whole));
    if (S_ISDIR(st.st_mode))
        list_folder(p, *root, 0, &files);
    else
        arena_push(p->arena, &files, *root);
    if (!files.n) {
        err_set(e, ERR_NOT_FOUND, "the folder holds no file");
        return err_where(e, "%s", whole);
    }
    p->file = files.v[0];
    for (size_t i = 0; i < files.n && !p->out->type.n; i++) {
        struct answer answer;
        if (!read_file(p, files.v[i].p, &answer, e))
            return false;
        know(p, *root, "", &answer);
        if (!p->out->type.n)
            know(p, *root, NULL, &answer);
        if (p->out->type.n)
            p->file = files.v[i];
        else
            arena_push(p->arena, &p->out->tried, files.v[i]);
    }
    return true;
}

// ---- The source --------------------------------------------------------------------------------------

// Whether a host is written as an address.
static bool is_number(struct str host)
{
    char text[64];
    unsigned char address[16];
    if (!host.n || host.n >= sizeof text)
        return false;
    memcpy(text, host.p, host.n);
    text[host.n] = '\0';
    return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

// "www.data.gouv.fr" is called data.gouv.fr.
static struct str name_of(struct probing *p, struct str root)
{
    struct str host = url_host(p->arena, root);
    struct buf b = {0};
    if (str_starts(host, STR("www.")))
        host = str_slice(host.p + 4, host.n - 4);
    if (!host.n || is_number(host) || str_starts(root, STR("/")))
        return p->out->type;
    for (size_t i = 0; i < host.n && b.n < 64; i++) {
        char c = host.p[i] >= 'A' && host.p[i] <= 'Z' ? (char)(host.p[i] + 32) : host.p[i];
        bool fits =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (b.n && (c == '.' || c == '-'));
        if (fits)
            buf_addc(&b, c);
    }
    struct str name = b.n ? arena_str(p->arena, buf_str(&b)) : p->out->type;
    buf_free(&b);
    return name;
}

// A string of JSON is one of YAML.
static void add_quoted(struct buf *b, const char *before, struct str text)
{
    struct buf quoted = {0};
    json_str(&quoted, text);
    buf_addz(b, before);
    buf_add(b, buf_str(&quoted));
    buf_free(&quoted);
}

static void write_entry(struct probing *p, struct str root)
{
    struct buf b = {0};
    struct str name = name_of(p, root);
    buf_addf(&b, "  - name: %.*s\n    type: %.*s", STR_ARG(name), STR_ARG(p->out->type));
    add_quoted(&b, "\n    url: ", root);
    buf_addz(&b, "\n    schedule: \"@daily\"\n");
    if (p->policy.allow_private.n) {
        for (size_t i = 0; i < p->request->allow_private.n; i++)
            add_quoted(&b, i ? ", " : "    allow_private: [", p->request->allow_private.v[i]);
        buf_addz(&b, "]\n");
    }
    if (p->request->headers_file.n) {
        add_quoted(&b, "    headers_file: ", p->request->headers_file);
        buf_addc(&b, '\n');
    }
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

// Attributes of XML Schema, XLink and GML, which may stand on any element and say nothing of the record.
static bool is_frame(struct str name)
{
    static const char *const names[] = {
        "type",      "href",    "show", "actuate", "uuidref", "schemaLocation",
        "nilReason", "isoType", "lang", "nil",     NULL};
    for (size_t i = 0; names[i]; i++)
        if (str_eq(name, str_of(names[i])))
            return true;
    return false;
}

static void see_xml(struct probing *p, struct buf *path, const struct xml_node *node,
                    unsigned depth)
{
    size_t n = path->n;
    buf_addf(path, "%s%.*s", n ? "/" : "", STR_ARG(node->name));
    shape_see(p->shape, buf_str(path), "string");
    size_t here = path->n;
    for (size_t i = 0; i < node->attribute_count; i++) {
        if (is_frame(node->attributes[i].name))
            continue;
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
        struct str path = arena_printf(p->arena, "%.*s%s", STR_ARG(part.member),
                                       part.element || !part.member.n ? "[]" : "");
        if (part.element && part.member.n)
            shape_see(p->shape, part.member, "array");
        if (v)
            shape_see_json_at(p->shape, path, v);
        json_decref(v);
    }
    json_stream_free(s);
}

// The lists of a driver: its own, and those of what it reads within it or in its place.
static struct shape *shape_of_type(struct probing *p)
{
    static const char *const besides[][2] = {{"arcgis", "datajson"}, {"oai-pmh", "csw"}};
    struct err e = {0};
    struct str list, more;
    char name[160], file[64];
    snprintf(file, sizeof file, "%.*s", STR_ARG(p->out->type));
    for (char *c = file; *c; c++)
        *c = *c == '-' ? '_' : *c;
    snprintf(name, sizeof name, "harvester/drivers/fields/%s.tsv", file);
    if (!shipped_file(p->request->share, name, p->arena, &list, &e))
        return NULL;
    for (size_t i = 0; i < sizeof besides / sizeof *besides; i++) {
        snprintf(name, sizeof name, "harvester/drivers/fields/%s.tsv", besides[i][1]);
        if (str_eq(p->out->type, str_of(besides[i][0])) &&
            shipped_file(p->request->share, name, p->arena, &more, &e))
            list = arena_printf(p->arena, "%.*s\n%.*s", STR_ARG(list), STR_ARG(more));
    }
    return shape_new(list, &e);
}

static bool is_json(struct str text)
{
    text = str_trim(text);
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_trim(str_slice(text.p + 3, text.n - 3));
    return str_starts(text, STR("{")) || str_starts(text, STR("["));
}

static void compare(struct probing *p, const struct answer *answer, int fd)
{
    struct err e = {0};
    struct str body = fd > 0 ? beginning_of(p, fd) : answer->body;
    p->shape = shape_of_type(p);
    if (!p->shape)
        return;
    bool json = shape_is_json(p->shape) && is_json(body), read = false;
    if (fd > 0)
        lseek(fd, 0, SEEK_SET);
    if (json && fd > 0) {
        see_json_stream(p, fd);
        read = true;
    } else if (json) {
        json_t *o = json_read(body, p->arena, NULL, &e);
        read = o != NULL;
        if (o)
            shape_see_json(p->shape, o);
        json_decref(o);
    } else if (shape_is_rdf(p->shape) && fd > 0) {
        enum rdf_format format = rdf_format_find(answer->content_type, body, answer->url);
        struct rdf_reading reading = {.fd = fd, .format = format, .base = answer->url};
        read = format != RDF_UNKNOWN && shape_see_rdf(p->shape, &reading);
    } else if (!shape_is_json(p->shape) && !shape_is_rdf(p->shape) && fd <= 0) {
        struct xml_node *root = xml_read(body, p->arena, &e);
        read = root != NULL;
        if (root)
            see_records(p, root, 0);
    }
    if (!read)
        return;
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

static struct str read_pages(struct probing *p, const struct driver *driver,
                             const struct driver_source *source, struct str cursor,
                             const struct answer *answer)
{
    struct driver_page page = {.announced = -1};
    struct driver_response response = {.status = answer->status,
                                       .body = answer->body,
                                       .url = answer->url,
                                       .content_type = answer->content_type};
    if (!driver->read(source, cursor, &response, 1, p->arena, &page, &p->out->page_error))
        return STR_NONE;
    p->out->more = page.next.n > 0;
    show(p, &page);
    return page.item_count ? STR_NONE : page.next;
}

static struct str read_document(struct probing *p, const struct driver *driver,
                                const struct driver_source *source, struct str cursor,
                                const struct answer *answer, int fd)
{
    struct driver_page page = {.announced = -1};
    bool last = true;
    struct driver_document document = {.fd = fd,
                                       .url = answer->url,
                                       .content_type = answer->content_type,
                                       .folder = p->request->folder};
    lseek(fd, 0, SEEK_SET);
    void *reader = driver->open(source, cursor, &document, &p->out->page_error);
    if (!reader)
        return STR_NONE;
    if (driver->next(reader, p->arena, &page, &last, &p->out->page_error)) {
        p->out->more = !last || page.next.n > 0;
        show(p, &page);
    }
    struct str next = last && !p->out->items ? arena_str(p->arena, page.next) : STR_NONE;
    driver->close(reader);
    return next;
}

// What is at a cursor, into the answer: a body, or a descriptor that is the caller's to close.
static bool get(struct probing *p, const struct driver *driver, const struct driver_source *source,
                struct str cursor, struct answer *answer, int *fd, struct err *e)
{
    struct driver_request request = {0};
    *fd = 0;
    *answer = (struct answer){0};
    if (p->file.n) {
        const char *path = arena_z(p->arena, p->file);
        p->out->evidence = p->file;
        bool good = driver->open || read_file(p, path, answer, e);
        if (driver->open && (*fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
            good = err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
        answer->url = arena_printf(p->arena, "file://%s", path);
        answer->status = 200;
        return good;
    }
    p->policy.timeout = TIMEOUT;
    *fd = driver->open ? open_spool(p, e) : 0;
    if (*fd < 0 || !driver->request(source, cursor, p->arena, &request, e))
        return false;
    p->out->evidence = arena_str(p->arena, request.url); // it may be the configuration's
    return ask(p, &request, *fd, answer, e) &&
           (!driver->open || answer->status == 200 ||
            err_set(e, ERR_HTTP, "the document answers %d", answer->status));
}

// The first page that holds something: a driver may first try another way of asking.
static void read_first(struct probing *p)
{
    enum { WAYS_MAX = 4 };
    const struct driver *driver = driver_find(p->out->type);
    const struct config_source *config = &p->config->sources[0];
    struct driver_source source = {
        .config = config, .main_kind = driver->main_kind, .now = date_now()};
    struct str cursor = STR("");
    for (unsigned k = 0; k < KIND_COUNT; k++)
        if (config->kinds & 1u << k)
            source.kinds[source.kind_count++] = (enum record_kind)k;
    for (unsigned i = 0; i < WAYS_MAX && cursor.p; i++) {
        struct answer answer;
        int fd = 0;
        bool good = get(p, driver, &source, cursor, &answer, &fd, &p->out->page_error);
        cursor = !good          ? STR_NONE
                 : driver->open ? read_document(p, driver, &source, cursor, &answer, fd)
                                : read_pages(p, driver, &source, cursor, &answer);
        if (good && !cursor.n)
            compare(p, &answer, fd);
        if (fd > 0)
            close(fd);
        if (!cursor.n)
            break;
    }
}

// ---- The whole ---------------------------------------------------------------------------------------

// A server on this machine.
static bool is_own_host(struct arena *a, struct str url)
{
    struct str host = url_host(a, url);
    return str_eq(host, STR("localhost")) || (str_starts(host, STR("127.")) && is_number(host));
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
    } else if (is_number(host) && !guard_ip_allowed(host, NULL, &e)) {
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
    if (local && !find_at_path(p, &root, e))
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
    write_entry(p, root);
    if (!load_entry(p, e))
        return false;
    read_first(p);
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
    shape_free(p.shape);
    config_free(p.config);
    return good;
}
